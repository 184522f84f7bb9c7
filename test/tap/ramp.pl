# Routing while the share changes: in eight sessions no key goes back while it grows, and after a roll-back every
# session routes to legacy with its next statement, also under REPEATABLE READ and with prepared plans; on a standby, too.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->backup('base');
my $standby = GpsyncTest->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->sql(<<~'SQL');
    CREATE EXTENSION gpsync;
    SELECT gpsync.create_ramp('cutover');
    CREATE TABLE seen (id bigint GENERATED ALWAYS AS IDENTITY, pid int, began timestamptz, ended timestamptz, key text, modern boolean);
    CREATE TABLE share_log (share numeric, done_at timestamptz DEFAULT clock_timestamp());
    CREATE FUNCTION in_plpgsql(key text) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        IF gpsync.route('cutover', key) THEN RETURN true; END IF;
        RETURN false;
    END $$;
    SQL

note('eight sessions');
my $script = $node->basedir . '/route.pgbench';
PostgreSQL::Test::Utils::append_to_file($script, <<'SQL');
\set first random(1, 500)
\set second random(1, 500)
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM share_log;
SELECT clock_timestamp() AS began \gset
SELECT gpsync.route('cutover', 'k' || :first) AS modern \gset
INSERT INTO seen (pid, began, ended, key, modern) VALUES (pg_backend_pid(), :began, clock_timestamp(), 'k' || :first, :modern);
SELECT clock_timestamp() AS began \gset
SELECT in_plpgsql('k' || :second) AS modern \gset
INSERT INTO seen (pid, began, ended, key, modern) VALUES (pg_backend_pid(), :began, clock_timestamp(), 'k' || :second, :modern);
COMMIT;
SQL
my $routers = GpsyncTest::Process->spawn('pgbench', [ 'pgbench', '-n', '-M', 'prepared', '-c', 8, '-j', 2, '-T', 600, '-f', $script, $node->connstr('postgres') ]);
sub all_eight
{
    my ($what) = @_;
    my $since = $node->sql('SELECT clock_timestamp()');
    return ok($node->wait_for_sql("SELECT count(*) FROM (SELECT pid FROM seen WHERE began > '$since' GROUP BY pid HAVING count(*) >= 4) AS s", 8), "eight sessions route: $what");
}
all_eight('1 %');
for my $step (1 .. 20)
{
    $node->sql("SELECT gpsync.advance_ramp('cutover', 'test', force => true)");
    $node->sql("INSERT INTO share_log SELECT share FROM gpsync.ramp_status");
    all_eight($node->sql('SELECT share FROM gpsync.ramp_status') . ' %') if $step % 5 == 0;
}
is($node->sql('SELECT share, state FROM gpsync.ramp_status'), '100.00|complete', 'the ramp is complete');
all_eight('100 %');
$node->sql("SELECT gpsync.roll_back_ramp('cutover', 'test')");
$node->sql('INSERT INTO share_log VALUES (0)');
all_eight('rolled back');
$routers->stop;
cmp_ok($node->sql('SELECT count(*) FROM seen'), '>', 1000, 'there is something to look at');

my $back    = '(SELECT done_at FROM share_log WHERE share = 0)';
my $rolling = "(SELECT decided_at FROM gpsync.ramp_log WHERE decision = 'roll_back')";
is($node->sql(<<~SQL), 0, 'in no session a key went back while the share grew');
    SELECT count(*) FROM (SELECT modern, lag(modern) OVER (PARTITION BY pid, key ORDER BY id) AS before FROM seen WHERE ended < $rolling) AS s
    WHERE before AND NOT modern
    SQL
is($node->sql(<<~SQL), 0, 'a share counts from when its change was committed');
    SELECT count(*) FROM seen AS s WHERE NOT s.modern AND s.ended < $rolling
      AND gpsync_internal.ramp_bucket('cutover', s.key) < (SELECT max(l.share) * 100 FROM share_log AS l WHERE l.done_at < s.began)
    SQL
is($node->sql("SELECT count(*) FROM seen WHERE modern AND began > $back"), 0, 'after the roll-back no session routed to the modern platform');

note('one transaction');
$node->sql("SELECT gpsync.resume_ramp('cutover', 'test'); SELECT gpsync.advance_ramp('cutover', 'test', force => true) FROM generate_series(1, 20)");
my $session = $node->background_psql('postgres');
$session->query("SET plan_cache_mode = force_generic_plan; PREPARE routed AS SELECT gpsync.route('cutover', 'any'); BEGIN ISOLATION LEVEL SERIALIZABLE");
is($session->query('EXECUTE routed'), 't', 'a prepared statement in a serializable transaction');
is($session->query("SELECT in_plpgsql('any')"), 't', '... and a function');
$session->query('DECLARE lazily CURSOR FOR SELECT gpsync.route(\'cutover\', n::text) FROM generate_series(1, 10) AS n');
is($session->query('FETCH lazily'), 't', '... and a cursor');
$node->sql("SELECT gpsync.roll_back_ramp('cutover', 'now')");
is($session->query('EXECUTE routed'),          'f', 'the next statement');
is($session->query("SELECT in_plpgsql('any')"), 'f', '... the function');
is($session->query('FETCH lazily'),             'f', '... and the next row of the cursor');
$session->query('COMMIT');
$session->quit;

note('parallel workers');
$node->sql("SELECT gpsync.resume_ramp('cutover', 'test'); SELECT gpsync.advance_ramp('cutover', 'test', force => true) FROM generate_series(1, 10)");
$node->sql("CREATE TABLE many AS SELECT 'm' || n AS key FROM generate_series(1, 20000) AS n; ANALYZE many; ALTER TABLE many SET (parallel_workers = 4)");
my $parallel = "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 4;";
like($node->sql("$parallel EXPLAIN SELECT count(*) FROM many WHERE gpsync.route('cutover', key)"), qr/Parallel Seq Scan/, 'a parallel plan');
is($node->sql("$parallel SELECT count(*) FROM many WHERE gpsync.route('cutover', key)"),
    $node->sql("SELECT count(*) FROM many WHERE gpsync_internal.ramp_bucket('cutover', key) < 5100"), '... gives what one process does');

note('a standby');
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->safe_psql('postgres', "SELECT count(*) FROM many WHERE gpsync.route('cutover', key)"), $node->sql("SELECT count(*) FROM many WHERE gpsync.route('cutover', key)"), 'a standby routes alike');
my $reader = $standby->background_psql('postgres');
$reader->query('BEGIN ISOLATION LEVEL REPEATABLE READ');
cmp_ok($reader->query("SELECT count(*) FROM many WHERE gpsync.route('cutover', key)"), '>', 0, '... in an open transaction');
$node->sql("SELECT gpsync.roll_back_ramp('cutover', 'now')");
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($reader->query("SELECT count(*) FROM many WHERE gpsync.route('cutover', key)"), 0, '... and rolls back when it has replayed that');
$reader->quit;
my ($rc, $out, $err) = $standby->psql('postgres', "SELECT gpsync.record_outcome('cutover', true)");
like($err, qr/cannot execute record_outcome\(\) during recovery/, 'outcomes are for the primary');

note('the published hash');
my @vectors = PostgreSQL::Test::Utils::slurp_file("$ENV{GPSYNC_TEST_ROOT}/docs/ramp.md") =~ /^\| `([^`]*)` \| `([^`]*)` \| (\d+) \|$/mg;
is(scalar @vectors, 60, 'docs/ramp.md has twenty vectors');
my ($python) = PostgreSQL::Test::Utils::slurp_file("$ENV{GPSYNC_TEST_ROOT}/docs/ramp.md") =~ /^```python\n(.*?)^```/ms;
$ENV{PYTHONUTF8} = 1;
my $program = $node->basedir . '/bucket.py';
PostgreSQL::Test::Utils::append_to_file($program, "$python\nimport sys\nprint(bucket(sys.argv[1], sys.argv[2]))\n");
while (my ($ramp, $key, $bucket) = splice @vectors, 0, 3)
{
    my $quoted = $key =~ s/'/''/gr;
    is($node->sql("SELECT gpsync_internal.ramp_bucket('$ramp', '$quoted')"), $bucket, "bucket of $ramp, $key");
    my ($bucket_there) = PostgreSQL::Test::Utils::run_command([ 'python3', $program, $ramp, $key ]);
    is($bucket_there, $bucket, '... in Python');
}

done_testing;
