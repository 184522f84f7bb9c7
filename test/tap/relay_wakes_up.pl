# A relay that was stopped (SIGSTOP; a suspended machine is the same) and lost the stream meanwhile sends nothing when it
# wakes up: first it asks whether the stream is still its own.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws, retry_base => '50ms', lanes => 4);
$node->create_stream('legacy', 'nws');
my $first = $node->start_relay('legacy');
$node->sql("INSERT INTO provision_status (provision_id, status) SELECT 'k' || n, 'RECEIVED' FROM generate_series(1, 20) n");
$node->wait_for_sync;

note('a short sleep, and the stream is still its own');
$first->signal('STOP');
$node->sql("UPDATE provision_status SET last_updated = now()");
sleep 2;    # what it sleeps through
$first->signal('CONT');
$node->wait_for_sync;
ok($first->is_running, 'it goes on');
unlike($first->log, qr/lost the connection/, '... with the connection it had');

note('a sleep during which another relay takes the stream over');
my $second = $node->start_relay('legacy');
ok(GpsyncTest::wait_until(sub { $second->log =~ /standing by/ }, 'the second stands by'), 'a second relay stands by');
$nws->faults(kind => 'status', status => 503);
$node->sql("UPDATE provision_status SET status = 'PROCESSING'");
ok($node->wait_for_sql("SELECT breaker = 'open' FROM gpsync.endpoint_status"), 'the first holds events that wait to be sent again');
$first->signal('STOP');
sleep 1;    # no wait for a state: it is this second that it sleeps through
$node->sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 3 AND granted");
$node->sql("SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots WHERE active");
$nws->clear_faults;
$node->sql("UPDATE provision_status SET status = 'COMPLETED'");
$node->wait_for_sync;
is($nws->entry('public.provision_status/k7')->{data}{row}{status}, 'COMPLETED', 'the second has delivered newer versions');
my @before = $nws->requests;

$first->signal('CONT');
ok(GpsyncTest::wait_until(sub { $first->log =~ /lost the connection.*standing by/s }, 'the first notices'), 'the first wakes up, and stands by');
is(scalar($nws->requests), scalar(@before), 'without a request to the endpoint');
is($nws->entry('public.provision_status/k7')->{data}{row}{status}, 'COMPLETED', 'which has what it had');

is($_->stop, 0, 'ends cleanly') for $first, $second;
$node->ledger_agrees($nws, 'provision_status');
done_testing;
