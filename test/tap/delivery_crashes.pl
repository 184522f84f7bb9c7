# Crashes in the middle of the work: the server (immediate), the relay (kill -9), an endpoint (kill -9). Whatever the
# moment, in the end the ledgers and the tables agree, and nothing was taken out of order.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

$GpsyncTest::Relay::SANITIZED = 1;
my $node = GpsyncTest->new_node('main');
my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, batch_size => 20, linger => '2ms', timeout => '2s') for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay = $node->start_relay('legacy');

# Writes for a while, in transactions of all sizes, a quarter of them rolled back. Ends by itself, also when the
# server goes.
my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set n random(1, 300)
\set many random(1, 30)
BEGIN;
INSERT INTO provision_status AS t (provision_id, status) SELECT 'p' || n, 'RECEIVED' FROM generate_series(:n, :n + :many) n
ON CONFLICT (provision_id) DO UPDATE SET status = coalesce((gpsync.next_states('provision', t.status))[1], t.status);
DELETE FROM provision_status WHERE provision_id = 'p' || (:n + 3);
\if :n % 4 = 0
ROLLBACK;
\else
COMMIT;
\endif
SQL

# Writes until it is stopped, or the server is, so that there always are events to wait for.
sub start_writing
{
    # Deadlocks between the batches are tried again, as an application would.
    return GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 3, '-T', 600, '--max-tries=20', '-f', $script, $node->connstr('postgres') ]);
}

sub stop_writing
{
    my ($writer) = @_;
    ok($writer->is_running, 'the workload met no error');
    $writer->stop;
    $node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'}, 0);
    return;
}

sub agree
{
    my ($what) = @_;
    note($what);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($node->wait_for_sql('SELECT gpsync.wait_for_sync()'), "$what: everything committed is booked");
    $node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 0);
    $node->ledger_agrees($_, 'provision_status') for @endpoints;
    is($_->stats->{refused}, 0, $_->name . ' got nothing out of order') for @endpoints;
    return;
}

# Waits until an endpoint has taken so many events more.
sub progress
{
    my ($count, $endpoint) = @_;
    my $end = ($endpoint //= $endpoints[0])->stats->{accepted} + $count;
    return ok(GpsyncTest::wait_until(sub { $endpoint->stats->{accepted} >= $end }, $endpoint->name . " takes $count events more"), "$count events more");
}

my $writer = start_writing();
for (1 .. 6)
{
    progress(50);
    $relay->kill9;
    $relay = $node->start_relay('legacy');
}
stop_writing($writer);
agree('the relay killed six times');

for my $round (1 .. 3)
{
    $writer = start_writing();
    progress(100 * $round);
    $node->stop('immediate');
    $writer->wait_exit;
    $node->start;
    ok($relay->is_running, 'the relay waits for the server to come back');
    agree("the server stopped at once, round $round");
}

$writer = start_writing();
for my $case ([ 0, 1 ], [ 1, 0 ], [ 0, 1 ], [ 1, 0 ])
{
    my ($endpoint, $other) = @endpoints[@$case];
    progress(50, $endpoint);
    $endpoint->kill9;
    progress(20, $other);
    $endpoint->start;
}
stop_writing($writer);
agree('endpoints killed');

# All at once.
$writer = start_writing();
progress(100);
$relay->kill9;
$node->stop('immediate');
$_->kill9 for @endpoints;
$writer->wait_exit;
$_->start for @endpoints;
$node->start;
$relay = $node->start_relay('legacy');
agree('everything killed');

is($relay->stop, 0, 'the relay ends cleanly');
is($node->sql('SELECT count(*) FROM gpsync.dead_letters'), '0', 'there are no dead letters');
done_testing;
