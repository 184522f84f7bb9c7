# The embedded default over the whole path: the supervisor brings up the real relay, outlives its crashes, and takes it
# down with the server, however the server goes.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->configure(
    shared_preload_libraries => 'gpsync',
    'gpsync.databases'       => 'postgres',
    'gpsync.relay_conninfo'  => 'host=' . $node->host . ' port=' . $node->port . ' user=relay');
$node->restart;
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');

# The relay's process, as it reports itself; '' without one.
sub relay_pid { return $node->sql("SELECT coalesce(relay_pid::text, '') FROM gpsync.stream_status") }
sub lives { my ($pid) = @_; return kill(0, $pid) && PostgreSQL::Test::Utils::slurp_file("/proc/$pid/stat") !~ /\) Z / }
sub goes { my ($pid, $what) = @_; return ok(GpsyncTest::wait_until(sub { !eval { lives($pid) } }, "$pid ends"), $what) }

# Waits for a relay other than $not, and gives its PID.
sub wait_relay
{
    my ($not, $what) = @_;
    my $pid;
    my $up = sub { ($pid = eval { relay_pid() } // '') ne '' && $pid ne $not && lives($pid) };
    ok(GpsyncTest::wait_until($up, $what), $what);
    return $pid;
}

sub agree
{
    my ($what) = @_;
    note($what);
    ok($node->wait_for_sql("SELECT gpsync.wait_for_sync(timeout => '120 s')"), "$what: everything is booked");
    $node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 0);
    $node->ledger_agrees($nws, 'provision_status');
    return;
}

my $pid = wait_relay('', 'the supervisor brings up a relay');
$node->sql("SELECT gpsync.generate_test_data('provision_status', 1000)");
agree('delivered by the supervised relay');

my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set n random(1, 1000)
UPDATE provision_status SET status = coalesce((gpsync.next_states('provision', status))[1], status) WHERE provision_id = 'test_' || :n;
SQL
my $writer = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-T', 30, '-R', 400, '-f', $script, $node->connstr('postgres') ]);
for (1 .. 3)
{
    my $accepted = $nws->stats->{accepted};
    ok(GpsyncTest::wait_until(sub { $nws->stats->{accepted} > $accepted + 50 }, 'the relay is at work'), 'a relay at work');
    kill 'KILL', $pid;
    $pid = wait_relay($pid, 'a killed relay is started again');
}
is($writer->wait_exit, 0, 'the workload did not notice');
agree('after three crashes of the relay');
like(PostgreSQL::Test::Utils::slurp_file($node->logfile), qr/gpsync-relay.*signal 9|signal 9.*relay/, 'the crashes are in the server\'s log');

$node->sql("SELECT gpsync.pause_stream('legacy')");
goes($pid, 'a paused stream has no relay');
$node->sql("SELECT gpsync.resume_stream('legacy')");
$pid = wait_relay($pid, '... and gets one again');

# A backend that crashes takes every session of the server with it; the relay comes back with the server.
my $victim = $node->background_psql('postgres', on_error_stop => 0);
my $backend = $victim->query('SELECT pg_backend_pid()');
ok($node->crash_backend($backend), 'the server recovers from the crash of a backend');
eval { $victim->quit };
my $after_crash = wait_relay('', '... and a relay delivers');
$node->sql("UPDATE provision_status SET status = 'FAILED' WHERE status = 'RECEIVED'");
agree('after the crash of a backend');

for my $mode (qw(fast immediate))
{
    $pid = relay_pid();
    $node->stop($mode);
    goes($pid, "the relay goes down with the server ($mode)");
    $node->start;
    $pid = wait_relay($pid, '... and comes up with it');
}

my ($postmaster) = PostgreSQL::Test::Utils::slurp_file($node->data_dir . '/postmaster.pid') =~ /^(\d+)/;
$node->kill9;
goes($pid, 'the relay goes down when the postmaster is killed');
ok(GpsyncTest::wait_until(sub { !kill 0, $postmaster }, 'the postmaster is gone'), 'the postmaster is gone');
# Sessions notice the postmaster's death and leave shared memory, without which it cannot start anew.
ok(GpsyncTest::wait_until(sub { $node->start(fail_ok => 1) }, 'the server starts'), 'the server starts again');
wait_relay($pid, '... with a relay');
$node->sql("UPDATE provision_status SET status = 'RECEIVED' WHERE status = 'FAILED'");
agree('after everything');
is($nws->stats->{refused}, 0, 'nothing came out of order in all this');

# Nothing is left when the stream goes.
$pid = relay_pid();
$node->sql("SELECT gpsync.drop_stream('legacy')");
goes($pid, 'a dropped stream has no relay');
is($node->sql('SELECT count(*) FROM pg_replication_slots'), '0', '... and no slot');
done_testing;
