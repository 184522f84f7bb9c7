# An emergency roll-back under write load, killed again and again: its session's server process, the server as a whole.
# In the end every row of the batch is as before it, but for bookkeeping, or is listed as changed since; the endpoint's
# ledger equals the table; and between stop and resume the application has written nothing.
# GPSYNC_ROLLBACK_ROWS (default 20000) and GPSYNC_KILLS (default 5) make it larger.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;
use Time::HiRes qw(usleep);

my $rows  = $ENV{GPSYNC_ROLLBACK_ROWS} // 20_000;
my $kills = $ENV{GPSYNC_KILLS}         // 5;
my $seed  = $ENV{GPSYNC_SEED}          // time;
srand $seed;
note("$rows rows, $kills kills, seed $seed");

my $node = GpsyncTest->new_node('main');
$node->configure(max_wal_size => '2GB', checkpoint_timeout => '30min');
$node->restart;
my $nws = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->sql(<<~"SQL");
    CREATE ROLE app LOGIN; CREATE ROLE ops LOGIN;
    SELECT gpsync.grant_operator('ops');
    CREATE TABLE things (id int PRIMARY KEY, status text NOT NULL, n bigint, note text);
    SELECT gpsync.attach('things');
    SELECT gpsync.track_batches('things');
    GRANT ALL ON things TO app;
    INSERT INTO things SELECT i, 'RECEIVED', i, 'as before' FROM generate_series(1, $rows) i;
    -- What the application has written, by its own account, in the transaction that wrote it.
    CREATE TABLE written (id int PRIMARY KEY, n bigint);
    GRANT ALL ON written TO app;
    SQL
$node->create_stream('legacy', 'nws');
$node->sql("CREATE TABLE before AS SELECT id, status, n, note FROM things");

# The batch: most rows are changed, one in ten is deleted, as many are new; some are changed twice.
$node->sql(<<~"SQL");
    SET ROLE app;
    SET gpsync.batch = 'big';
    UPDATE things SET status = 'PROCESSING', note = 'batch' WHERE id % 10 <> 0;
    DELETE FROM things WHERE id % 10 = 0;
    INSERT INTO things SELECT i, 'RECEIVED', i, 'batch' FROM generate_series($rows + 1, $rows + $rows / 10) i;
    UPDATE things SET note = 'batch again' WHERE id % 7 = 0;
    SQL

# The application goes on, on some of these rows and on new ones.
my $script = $node->basedir . '/application.pgbench';
$node->sql(<<~'SQL');
    CREATE PROCEDURE write_something() LANGUAGE plpgsql AS $$
    DECLARE
        k int := (1 + floor(random() * 100)) * 11;
        written_n bigint := floor(random() * 1000000000);
    BEGIN
        INSERT INTO things AS t (id, status, n, note) VALUES (k, 'RECEIVED', written_n, 'application')
            ON CONFLICT (id) DO UPDATE SET n = excluded.n, note = excluded.note;
        INSERT INTO written VALUES (k, written_n) ON CONFLICT (id) DO UPDATE SET n = excluded.n;
    EXCEPTION WHEN read_only_sql_transaction THEN
        PERFORM pg_sleep(0.01);
    END $$;
    SQL
PostgreSQL::Test::Utils::append_to_file($script, "CALL write_something();\n");
my $application;

sub start_application
{
    $application->kill9 if $application;
    $application = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-c', 2, '-T', 900, '--max-tries=10', '-f', $script, '-U', 'app', $node->connstr('postgres') ]);
    return;
}
start_application();
$node->wait_for_sql('SELECT count(*) > 20 FROM written');
my $relay = $node->start_relay('legacy');

my $roll_back;

sub start_rollback
{
    $roll_back = GpsyncTest::Process->spawn('psql', [ 'psql', '-qX', '-U', 'ops', '-d', $node->connstr('postgres'), '-c', "CALL gpsync.emergency_rollback('big', reason => 'a test')" ]);
    return;
}

sub phase { return eval { $node->sql("SELECT phase FROM gpsync.rollback WHERE batch = 'big'") } // '' }
my ($killed, $restarts, $stopped_at) = (0, 0, undef);

# What the application has written when traffic is known to be stopped.
sub account { return $node->sql('SELECT md5(string_agg(w::text, \',\' ORDER BY id)) FROM written w') }

while ($killed < $kills && phase() ne 'done')
{
    start_rollback();
    usleep(rand 600_000);
    if (phase() =~ /^(?:plan|revert)$/ && !defined $stopped_at) { $stopped_at = account() }
    if (rand() < 0.4)
    {
        $node->stop('immediate');
        $node->start;
        ++$restarts;
        $relay->kill9;
        $relay = $node->start_relay('legacy');
        start_application();
    }
    else
    {
        # Not every attempt has a server process yet, or still.
        my $pid = $node->sql("SELECT min(pid) FROM pg_stat_activity WHERE usename = 'ops'");
        if ($node->crash_backend($pid))
        {
            $relay->kill9;
            $relay = $node->start_relay('legacy');
            start_application();
        }
    }
    $roll_back->wait_exit;
    ++$killed;
}
note("killed $killed times, $restarts of them the server");
$node->sql("CALL gpsync.emergency_rollback('big')");
is(phase(), 'done', 'in the end it is done');
$stopped_at //= account();
is(account(), $stopped_at, 'the application has written nothing since traffic was stopped');
$node->sql("SELECT pg_sleep(0.3)");
is(account(), $stopped_at, 'and still does not');
is($node->sql("SELECT count(*) FROM gpsync.rollback_status"), 1, 'one roll-back');

# Rows that are not as before are listed as changed since, and the application has written them.
is($node->sql(<<~'SQL'), '0|0', 'every other row is as before');
    SELECT count(*) FILTER (WHERE l.key IS NULL AND w.id IS NULL), count(*) FILTER (WHERE l.key IS NOT NULL AND w.id IS NULL)
    FROM (SELECT id, status, n, note FROM things) t FULL JOIN before b USING (id)
    LEFT JOIN written w USING (id)
    LEFT JOIN gpsync.rollback_left_rows l ON (l.key ->> 'id')::int = id
    WHERE (t.status, t.n, t.note) IS DISTINCT FROM (b.status, b.n, b.note) OR l.key IS NOT NULL
    SQL
is($node->sql("SELECT count(*) FROM written w JOIN things t USING (id) WHERE t.n <> w.n OR t.note <> 'application'"), 0, 'no write of the application is lost');
is($node->sql("SELECT count(*) FROM written w LEFT JOIN gpsync.rollback_left_rows l ON (l.key ->> 'id')::int = w.id JOIN gpsync_internal.batch_changes() ON true WHERE l.key IS NULL AND w.id <= $rows"),
    0, 'and each on a row of the batch is listed');
is($node->sql("SELECT reverted + deleted + inserted + changed_since + conflicts = items FROM gpsync.rollback_status"), 't', 'every item is accounted for');

$node->sql("SELECT gpsync.resume_traffic('{things}')");
$node->wait_for_sql("SELECT md5(string_agg(w::text, ',' ORDER BY id)) <> '$stopped_at' FROM written w") if $application->is_running;
$application->kill9;
$node->wait_for_sync;
$node->ledger_agrees($nws, 'public.things');
$relay->stop;
done_testing();
