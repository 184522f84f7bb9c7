# Endpoints that fail in every way, side by side, under load: nothing is lost or out of order, and the endpoint that does
# its work gets its events as ever, in bounded memory and WAL. (How long that takes is shown, not tested.)
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;
use Time::HiRes qw(sleep);

my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, retry_base => '20ms', retry_attempts => 2, timeout => '500ms', linger => '2ms') for @endpoints;
$node->create_stream('legacy', qw(nws ods));
my $relay  = $node->start_relay('legacy');
my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set n random(1, 2000)
INSERT INTO provision_status AS t (provision_id, status) SELECT 'p' || i || '_', 'RECEIVED' FROM generate_series(:n, :n + 2) i
ON CONFLICT (provision_id) DO UPDATE SET status = coalesce((gpsync.next_states('provision', t.status))[1], t.status);
SQL
my $seed = $ENV{GPSYNC_TEST_SEED} // time;
srand $seed;
note("GPSYNC_TEST_SEED=$seed");

sub start_writing
{
    return GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-R', 100, '-T', 3, '--max-tries=20', '-f', $script, $node->connstr('postgres') ]);
}

# What the slot keeps, MB.
sub wal { return $node->sql('SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn) / 1048576.0 FROM pg_replication_slots') }

# Whatever was refused is sent again; in the end the books, the ledgers and the tables agree.
sub agree
{
    my ($what) = @_;
    $_->process_running || $_->start for @endpoints;
    $_->clear_faults for @endpoints;
    $node->sql("SELECT gpsync.reset_breaker('legacy', '" . $_->name . "')") for @endpoints;
    ok($node->wait_for_sql('SELECT gpsync.wait_for_sync()'), "$what: everything is booked");
    my $lost = $node->sql("SELECT d.endpoint, d.key, d.http_status, d.error, t.sync_status FROM gpsync.dead_letter d JOIN provision_status t ON t.provision_id = d.key->>'provision_id' AND (d.payload->'data'->>'revision')::bigint = t.sync_revision WHERE t.sync_status <> 'FAILED'");
    is($lost, '', '... the row of a refused event is FAILED');
    my $failed = $node->sql("SELECT count(*) FROM provision_status WHERE sync_status = 'FAILED'");
    note("$failed rows are FAILED, " . $node->sql('SELECT count(*) FROM gpsync.dead_letter') . ' dead letters') if $failed;
    $node->sql(q{DELETE FROM gpsync.dead_letter; UPDATE provision_status SET sync_status = 'PENDING' WHERE sync_status = 'FAILED'});
    $node->wait_for_sync;
    $node->ledger_agrees($_, 'provision_status') for @endpoints;
    is($_->stats->{refused}, 0, '... nothing out of order at ' . $_->name) for @endpoints;
    ok($node->wait_for_sql("SELECT bool_and(feed = 'live') FROM gpsync.endpoint_status"), '... every endpoint is live');
    return;
}

# Calls what happens again and again while the load runs.
sub under_load
{
    my ($name, $happens, $healthy) = @_;
    $_->latency for @endpoints;
    my $writer = start_writing();
    while ($writer->is_running)
    {
        $happens->();
        sleep 0.1 + rand 0.2;
    }
    is($writer->wait_exit, 0, "$name: the workload met no error");
    if ($healthy)
    {
        my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
        ok($node->wait_for_sql("SELECT confirmed_lsn >= '$now' FROM gpsync.stream_status"), '... the slot moves on');
        note(sprintf '%-40s p99 of %s %5.0f ms', $name, $healthy->name, $healthy->latency // 'NaN');
    }
    cmp_ok($relay->peak_memory, '<=', 100, sprintf '... memory is bounded (%.0f MB)', $relay->peak_memory);
    $node->sql('CHECKPOINT');
    cmp_ok(wal(), '<=', 64, sprintf '... so is the WAL that the slot keeps (%.0f MB)', wal());
    agree($name);
    return;
}

sub fault { my ($endpoint, %fault) = @_; $endpoint->clear_faults; $endpoint->faults(%fault); return }
my ($true, $false) = (JSON::PP::true(), JSON::PP::false());

under_load('warm', sub { });
under_load('undisturbed', sub { }, $ods);
under_load('one answers 503', sub { fault($nws, kind => 'status', status => 503) }, $ods);
under_load('one answers 401', sub { fault($nws, kind => 'status', status => 401) }, $ods);
under_load('one does not answer', sub { fault($nws, kind => 'delay', ms => 5000) }, $ods);
under_load('one flaps', sub { rand() < 0.5 ? $nws->clear_faults : fault($nws, kind => 'status', status => 503) }, $ods);
under_load('one process is killed and begins again', sub { $nws->process_running ? $nws->kill9 : $nws->start }, $ods);
under_load('one breaks its connections', sub {
    my ($kind, $take) = ((qw(reset half))[ rand 2 ], rand() < 0.5 ? $true : $false);
    fault($nws, kind => $kind, take => $take, times => 3);
}, $ods);
under_load('one says things that nobody understands', sub {
    # None of these means that the events are taken, or refused.
    my @said = ([ 200, '{"results":[{"id":' ], [ 200, '{"results":7}' ], [ 599, 'x' ], [ 100 + int rand 500, '' ]);
    my ($status, $body) = @{ $said[ rand @said ] };
    fault($nws, kind => 'status', status => $status < 200 || ($status =~ /^2/ && $body eq '') || $status =~ /^(400|409|413|422)$/ ? 503 : $status, body => $body, times => 3);
}, $ods);
under_load('one refuses events at random', sub {
    my $digits = int rand 10;
    $nws->clear_faults if rand() < 0.3;
    $nws->faults(kind => 'results', match => "${digits}_", retryable => (rand() < 0.5 ? $true : $false), times => 5);
}, $ods);
under_load('one refuses batches at random', sub {
    my $digits = int rand 100;
    fault($nws, kind => 'status', status => (400, 409, 413, 422)[ rand 4 ], match => "${digits}_");
}, $ods);
under_load('both are down', sub { fault($_, kind => 'status', status => 503) for @endpoints });
under_load('both flap', sub { for (@endpoints) { rand() < 0.5 ? $_->clear_faults : fault($_, kind => 'status', status => 503) } });
my $turn = 0;
under_load('one is down while the other begins again', sub {
    fault($nws, kind => 'status', status => 503);
    $turn++ % 3 == 1 ? $ods->kill9 : $ods->process_running || $ods->start;
    if ($turn % 5 == 2) { $relay->kill9; $relay = $node->start_relay('legacy') }
    $ods->start unless $turn % 3 == 2 || $ods->process_running;
});

is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
