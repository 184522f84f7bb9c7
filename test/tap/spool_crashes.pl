# The relay is killed (-9) at random moments under load while endpoints fail, reject some keys for now, and come back, so
# that the spool fills and drains, and keys are held and let go; now and then the server crashes instead, stopped at
# once or by a process of it that is killed. The workload writes what it does to each key into a table of its own, in
# the same transactions: in the end each
# endpoint has seen exactly that, in that order, and every row says so. GPSYNC_KILLS: how many kills.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Time::HiRes qw(sleep);
use Test::More;

my $kills = $ENV{GPSYNC_KILLS} // 200;
my $node  = GpsyncTest->new_node('main');
my @endpoints = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_, batch_size => 20, linger => '2ms', retry_base => '10ms', retry_attempts => 2) for @endpoints;
$node->create_stream('legacy', qw(nws ods));
$node->sql('CREATE TABLE story (at bigserial, provision_id text, status text)');

my $script = $node->basedir . '/busy.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set n random(1, 400)
\set many random(1, 15)
BEGIN;
WITH written AS (
    INSERT INTO provision_status AS t (provision_id, status)
    SELECT 'p' || n, 'RECEIVED' FROM generate_series(:n, :n + :many) n
    ON CONFLICT (provision_id) DO UPDATE SET status = coalesce((gpsync.next_states('provision', t.status))[1], t.status)
    RETURNING provision_id, status)
INSERT INTO story (provision_id, status) SELECT provision_id, status FROM written;
WITH gone AS (DELETE FROM provision_status WHERE provision_id = 'p' || (:n + 3) RETURNING provision_id)
INSERT INTO story (provision_id, status) SELECT provision_id, 'gone' FROM gone;
\if :n % 5 = 0
ROLLBACK;
\else
COMMIT;
\endif
SQL

sub start_writing
{
    return GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-R', 30, '-T', 3600, '--max-tries=20', '-f', $script, $node->connstr('postgres') ]);
}

# Full crash recovery under load. The workload ends with the server, and begins anew.
my $writer = start_writing();
my %crashes;

sub crash_server
{
    ok($writer->is_running, 'the workload met no error');
    my $kind = (keys %crashes < 2 ? keys %crashes : int rand 2) ? 'a process killed' : 'stopped at once';
    ++$crashes{$kind};
    if ($kind eq 'stopped at once')
    {
        $node->stop('immediate');
        $writer->wait_exit;
        $node->start;
    }
    else
    {
        my @pids = split /\n/, $node->sql(q{SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()
            AND backend_type IN ('client backend', 'walsender', 'checkpointer', 'walwriter')});
        kill 'KILL', $pids[ rand @pids ];
        $writer->wait_exit;
        $node->wait_for_sql('SELECT true');
    }
    $writer = start_writing();
    return;
}

my $seed = $ENV{GPSYNC_TEST_SEED} // time;
srand $seed;
note("GPSYNC_TEST_SEED=$seed");
my %state = map { $_->name => 'well' } @endpoints;
my %faults = (
    well    => undef,
    fails   => { kind => 'status', status => 503 },
    # p3, p30 and so on: a quarter of the keys.
    rejects => { kind => 'results', retryable => JSON::PP::true, match => '/p3' },
    chokes  => { kind => 'status', status => 500, match => '/p39' });
my $relay = $node->start_relay('legacy');
my ($behind, $held) = (0, 0);
my @troubles = qw(rejects fails chokes fails);    # one after the other
for my $kill (1 .. $kills)
{
    if (rand() < 0.3)
    {
        my $endpoint = $endpoints[ rand @endpoints ];
        my $next = 'well';
        push @troubles, $next = shift @troubles if $state{ $endpoint->name } eq 'well';
        $endpoint->clear_faults;
        $endpoint->faults(%{ $faults{$next} }) if $faults{$next};
        $state{ $endpoint->name } = $next;
    }
    sleep rand 0.5;
    $behind += $node->sql("SELECT count(*) > 0 FROM gpsync.endpoint_cursor WHERE feed = 'behind'") eq 't';
    $held += $node->sql('SELECT count(*) > 0 FROM gpsync.held_event') eq 't';
    if ($kill % 20 == 0)
    {
        crash_server();
        next if $relay->is_running;
    }
    $relay->kill9;
    $relay = $node->start_relay('legacy');
}
note("crashes of the server: $_: $crashes{$_}") for sort keys %crashes;
note("at $behind of $kills kills an endpoint was behind, at $held one held events");
cmp_ok($behind, '>', $kills / 10, 'the spool was in use at many of them');
cmp_ok($held, '>', $kills / 20, '... and so were held keys');
ok($writer->is_running, 'the workload met no error');
$writer->stop;
$node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'}, 0);
$_->clear_faults for @endpoints;
$node->sql("SELECT gpsync.retry_held('legacy', '$_')") for map { $_->name } @endpoints;
ok($node->wait_for_sql('SELECT gpsync.wait_for_sync()'), 'everything committed is booked');
$node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', 0);
$node->ledger_agrees($_, 'provision_status') for @endpoints;
is($node->sql(q{SELECT count(*) FROM provision_status WHERE sync_status <> 'COMPLETED'}), 0, 'every row is marked');

my %expected;
push @{ $expected{ $_->[0] } }, $_->[1] for map { [ split /\|/ ] } split /\n/, $node->sql('SELECT provision_id, status FROM story ORDER BY at');
for my $endpoint (@endpoints)
{
    my (%seen, %bytes, %ids, @changed);
    for my $event ($endpoint->events('provision_status'))
    {
        my $text = join ' ', map { "$_=" . ($event->{data}{row}{$_} // '') } sort keys %{ $event->{data}{row} // {} };
        push @changed, $event->{id} if defined $bytes{ $event->{id} } && $bytes{ $event->{id} } ne $text;
        $bytes{ $event->{id} } = $text;
        next if $ids{ $event->{id} }++;
        push @{ $seen{ $event->{data}{key}{provision_id} } }, $event->{data}{row} ? $event->{data}{row}{status} : 'gone';
    }
    my @wrong = grep { join(' ', @{ $seen{$_} // [] }) ne join(' ', @{ $expected{$_} }) } sort keys %expected;
    is("@wrong[0 .. ($#wrong > 4 ? 4 : $#wrong)]", '', $endpoint->name . ' saw each key\'s story, in order');
    is(scalar(keys %seen), scalar(keys %expected), '... and no other key');
    is(scalar(@changed), 0, 'repeats are the same');
    is($endpoint->stats->{refused}, 0, 'nothing came out of order');
    note($endpoint->name . ': ' . keys(%ids) . ' events, ' . $endpoint->stats->{duplicates} . ' repeated');
}
ok($node->wait_for_sql("SELECT bool_and(feed = 'live') FROM gpsync.endpoint_status"), 'every endpoint is live');
ok($node->wait_for_sql('SELECT sum(events) = 0 FROM gpsync.spool_segment'), 'the spool is empty');
is($relay->stop, 0, 'the relay ends cleanly');
done_testing;
