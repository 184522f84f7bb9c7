# An import waits for what its options name: a stream or a replica that is behind, a server that is busy. It pauses, says
# why, and goes on by itself.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->create_endpoint(my $nws = GpsyncTest::Emulator->new('nws'));
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay');

$node->sql(<<'SQL');
CREATE TABLE rows_old (id bigint PRIMARY KEY, status text);
INSERT INTO rows_old SELECT i, 'RECEIVED' FROM generate_series(1, 2000) AS i;
CREATE TABLE filler (t text);
SQL

# An import of the table's rows into a table of its own, with an option, that a worker begins to work on.
sub begin_import
{
    my ($job, $option, $value) = @_;
    $node->sql(<<"SQL");
CREATE TABLE $job (id bigint PRIMARY KEY, status text);
SELECT gpsync.attach('$job');
SELECT gpsync.import('$job', 'rows_old', job => '$job');
SELECT gpsync.set_import('$job', '$option', '$value'), gpsync.set_import('$job', 'max_chunk', '100');
SELECT gpsync.start_import('$job');
SQL
    return;
}

# It waits for what like is, reads nothing, and is done once end has mended that.
sub waits_for
{
    my ($job, $like, $end) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($node->wait_for_sql("SELECT waits_for LIKE '$like' FROM gpsync.import_progress WHERE job = '$job'", 't'), "$job: the view says why");
    is($node->sql("SELECT read, state FROM gpsync.import_progress WHERE job = '$job'"), '0|running', "$job: nothing is read meanwhile");
    $end->();
    ok($node->wait_for_sql("SELECT state, read, written FROM gpsync.import_progress WHERE job = '$job'", 'done|2000|2000'), "$job: it goes on by itself");
    return;
}

# --- active backends ------------------------------------------------------------------------------------------------
my @busy = map { $node->background_psql('postgres') } 1 .. 3;
for my $session (@busy)
{
    $session->{stdin} .= "SELECT pg_sleep(3600);\n";
    $session->{run}->pump_nb;
}
ok($node->wait_for_sql(q{SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(3600)%' AND state = 'active'}, 3), 'three sessions are busy');
begin_import('busy_server', 'max_active_backends', 2);
waits_for('busy_server', 'active backends: %', sub {
    $node->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(3600)%'});
});
for my $session (@busy)
{
    eval { $session->quit };
}

# --- a stream that is behind ----------------------------------------------------------------------------------------
$node->sql(q{SELECT gpsync.pause_stream('legacy')});
ok($node->wait_for_sql(q{SELECT slot_state, relay_state FROM gpsync.stream_status}, 'inactive|paused'), 'the stream is paused');
$node->sql(q{INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 3000)});
begin_import('slow_stream', 'max_stream_lag', '2MB');
waits_for('slow_stream', 'stream lag: slot gpsync%', sub { $node->sql(q{SELECT gpsync.resume_stream('legacy')}) });

# --- a replica that is behind -----------------------------------------------------------------------------------------
$standby->safe_psql('postgres', 'SELECT pg_wal_replay_pause()');
ok($standby->poll_query_until('postgres', q{SELECT pg_get_wal_replay_pause_state() = 'paused'}), 'the replica stops replaying');
# The server learns of the lag by what the replica reports.
ok($node->wait_for_sql(q{INSERT INTO filler VALUES (1); SELECT replay_lag > '1 s' FROM pg_stat_replication WHERE application_name = 'standby'}, 't'),
    'the replica is behind');
begin_import('slow_replica', 'max_replica_lag', '1 s');
waits_for('slow_replica', 'replica lag: standby %', sub { $standby->safe_psql('postgres', 'SELECT pg_wal_replay_resume()') });

$relay->stop;
$standby->stop;
$node->stop;
done_testing();
