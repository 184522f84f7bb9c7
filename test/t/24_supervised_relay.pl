# The whole path with the relay under the supervisor: what is committed arrives and is booked, whatever is killed.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/../perl";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', shared_preload_libraries => 'gpsync', 'gpsync.databases' => 'postgres',
    'gpsync.relay_conninfo' => 'user=relay');
my $nws = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');

sub relay_pid { return $node->sql("SELECT relay_pid FROM gpsync.relay_report WHERE stream = 'legacy'") }

my $made = 0;
sub provisions
{
    my ($count) = @_;
    my $prefix = 'p' . ++$made . '_';
    return $node->sql("SELECT gpsync.generate_test_data('provision_status', $count, '$prefix')");
}

provisions(500);
$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');
my $pid = relay_pid();
is($node->sql("SELECT usename FROM pg_stat_activity WHERE application_name = 'gpsync-relay legacy' LIMIT 1"), 'relay', 'the relay connects as it is told');
ok(PostgreSQL::Test::Utils::slurp_file($node->logfile) =~ /LOG:  gpsync-relay of stream "legacy": \{.*migration-service/, 'its log lines are in the server log');

provisions(2000);
kill 'KILL', $pid;
provisions(500);
$node->wait_for_sync;
isnt(relay_pid(), $pid, 'a killed relay is followed by another');
$node->ledger_agrees($nws, 'provision_status');

$pid = relay_pid();
$node->sql("SELECT gpsync.pause_stream('legacy')");
ok(GpsyncTest::wait_until(sub { !kill 0, $pid }, 'the relay is gone'), 'pausing ends the relay');
provisions(100);
is($node->sql("SELECT count(*) FROM provision_status WHERE sync_status = 'PENDING'"), '100', 'what is committed meanwhile waits');
$node->sql("SELECT gpsync.resume_stream('legacy')");
$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');

provisions(2000);
$pid = relay_pid();
$node->stop('immediate');
ok(GpsyncTest::wait_until(sub { !kill 0, $pid }, 'the relay is gone'), 'a crash of the server takes the relay along');
$node->start;
provisions(100);
$node->wait_for_sync;
$node->ledger_agrees($nws, 'provision_status');

$pid = relay_pid();
$node->restart;
isnt(($node->wait_for_sync, relay_pid())[1], $pid, 'a restarted server has a new relay');
$pid = relay_pid();
$node->sql("SELECT gpsync.drop_stream('legacy')");
ok(GpsyncTest::wait_until(sub { !kill 0, $pid }, 'the relay is gone'), 'dropping the stream ends the relay');
$node->stop;
done_testing;
