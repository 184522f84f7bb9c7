# What a relay reported some time ago says nothing of the present: not its state, not what an endpoint waits for.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '30s');
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

sub status { return $node->sql("SELECT $_[0] FROM gpsync.stream_status") }
sub endpoint { return $node->sql("SELECT $_[0] FROM gpsync.endpoint_status") }
sub finds { my ($regex) = @_; return scalar grep { /$regex/ } split /\n/, $node->sql('SELECT finding FROM gpsync.doctor()') }

$nws->faults(kind => 'status', status => 401);
$node->sql("SELECT gpsync.generate_test_data('provision_status', 3)");
ok($node->wait_for_sql('SELECT breaker FROM gpsync.endpoint_status', 'open'), 'an endpoint refuses the credentials');
is(status('relay_state'), 'waiting', 'its lane waits');
ok(finds(qr/waits for endpoint "nws"/), 'the doctor says so');
$node->sql("UPDATE gpsync.stream_position SET booked_at = now() - interval '1 h'");
ok(!finds(qr/gets nowhere/), '... and does not blame the relay');
$node->sql("CREATE ROLE watcher; SELECT gpsync.grant_reader('watcher')");

# A relay that hangs, with the slot.
$relay->signal('STOP');
$node->sql("SELECT gpsync.generate_test_data('provision_status', 1, 'later_')");
$node->sql("UPDATE gpsync.stream_position SET booked_at = now() - interval '1 h'");
ok($node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'unknown'), 'of a relay that hangs the state is not known');
is(status('slot_state'), 'active', '... although the slot is being read');
is(status("concat_ws('|', relay_pid, in_flight_events, in_flight_bytes)"), '0|0', '... and nothing of what it had in flight');
is($node->sql("SET ROLE watcher; SELECT concat_ws('|', breaker, waiting_until, latency_ms) FROM gpsync.endpoint_status"), 'unknown', '... nor the endpoint');
like(endpoint('last_error'), qr/401/, 'the last error stays, with its time');
ok(!finds(qr/waits for endpoint "nws"/), 'the doctor does not say what it does not know');
ok(finds(qr/the relay of stream "legacy" gets nowhere/), '... but what it sees');
$relay->signal('CONT');
ok($node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'waiting'), 'it reports again');
is(endpoint('breaker'), 'open', '... and of the endpoint');

# One that is gone.
$relay->kill9;
ok($node->wait_for_sql('SELECT relay_state FROM gpsync.stream_status', 'down'), 'a relay that was killed is down');
is(endpoint('breaker'), 'unknown', '... and nothing is known of the endpoint');
ok(finds(qr/gets nowhere: it has not reported for \d+ s; its last error: .*401/), 'the doctor says since when, since a supervisor would start it again');
$node->sql("UPDATE gpsync.relay_report SET reported_at = reported_at - interval '2 min'");
ok(finds(qr/no relay delivers stream "legacy"; the last one said/), '... but not for long');
$nws->clear_faults;
$relay = $node->start_relay('legacy');
$node->wait_for_sync;
ok($node->wait_for_sql('SELECT breaker FROM gpsync.endpoint_status', 'closed'), 'another relay delivers');
$relay->stop;
done_testing;
