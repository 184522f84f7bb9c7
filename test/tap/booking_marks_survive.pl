# Marks whose table or key is another one by the time they are made: renamed, moved, detached, given another key, or not
# visible yet. Each row ends COMPLETED, or its mark is void for a reason; until then wait_for_sync() and doctor() say so.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');

sub marks_are { return $node->wait_for_sql('SELECT sum(deferred_marks) FROM gpsync.stream_status', $_[0]) }
sub finding { return $node->sql("SELECT finding FROM gpsync.doctor() WHERE check_name = 'deferred marks' ORDER BY 1") }
# A mark that came a moment after a table was read for others waits for the next time.
sub finds { my ($regex, $what) = @_; local $Test::Builder::Level = $Test::Builder::Level + 1; return ok(GpsyncTest::wait_until(sub { finding() =~ $regex }, "doctor says $regex"), $what) }
sub synced { return $node->sql("SELECT gpsync.wait_for_sync(timeout => '$_[0]')") }

sub make { my ($name, $columns, $more) = @_; return $node->sql("CREATE TABLE $name ($columns) " . ($more // '') . "; SELECT gpsync.attach('$name', machine => NULL)") }

sub hold_all { return $nws->faults(kind => 'delay', ms => 600_000, times => 100, match => $_[0]) }

# --- With a backlog: name => [ columns, rows, DDL while they wait, the table they are in then, more of CREATE TABLE, partitions ].
my @cases = (
    [ 'renamed', 'id int PRIMARY KEY', 'VALUES (1), (2)', 'ALTER TABLE renamed RENAME TO other_name', 'other_name' ],
    [ 'away.renamed_schema', 'id int PRIMARY KEY', 'VALUES (1)', 'ALTER SCHEMA away RENAME TO far_away', 'far_away.renamed_schema' ],
    [ 'renamed_column', 'id int PRIMARY KEY', 'VALUES (1)', 'ALTER TABLE renamed_column RENAME id TO identifier', 'renamed_column' ],
    [ 'swapped_columns', 'id int PRIMARY KEY, v int', 'VALUES (1, 2), (2, 1)',
        'ALTER TABLE swapped_columns RENAME id TO old_id; ALTER TABLE swapped_columns RENAME v TO id', 'swapped_columns' ],
    [ 'moved', 'id int PRIMARY KEY', 'VALUES (1)',
        "ALTER TABLE moved SET SCHEMA archive; CREATE TABLE moved (id int PRIMARY KEY); SELECT gpsync.attach('moved', machine => NULL)", 'archive.moved' ],
    [ 'other_key', 'id int PRIMARY KEY, code text NOT NULL UNIQUE', "VALUES (1, 'a'), (2, 'b')",
        'ALTER TABLE other_key DROP CONSTRAINT other_key_pkey, ADD PRIMARY KEY (code)', 'other_key' ],
    [ 'key_gone', 'id int PRIMARY KEY, code text NOT NULL UNIQUE', "VALUES (1, 'a'), (2, 'b')",
        'ALTER TABLE key_gone DROP COLUMN id, ADD PRIMARY KEY (code)', 'key_gone' ],
    [ 'other_identity', 'id int PRIMARY KEY, code text NOT NULL UNIQUE', "VALUES (1, 'a')",
        'ALTER TABLE other_identity DROP CONSTRAINT other_identity_pkey; ALTER TABLE other_identity REPLICA IDENTITY USING INDEX other_identity_code_key', 'other_identity' ],
    [ 'wider', 'id int PRIMARY KEY', 'VALUES (1)', 'ALTER TABLE wider ALTER id TYPE bigint', 'wider' ],
    [ 'converted', 'id int PRIMARY KEY', 'VALUES (1), (2)', "ALTER TABLE converted ALTER id TYPE text USING 'p' || id", 'converted' ],
    [ 'narrower', 'id text PRIMARY KEY', "VALUES ('1'), ('2')", 'ALTER TABLE narrower ALTER id TYPE int USING id::int', 'narrower' ],
    [ 'released', 'id int PRIMARY KEY', 'VALUES (1)', "SELECT gpsync.detach('released')", 'released' ],
    [ 'split', 'region text, id int, PRIMARY KEY (region, id)', "VALUES ('de', 1), ('us', 2), ('fr', 3)",
        "ALTER TABLE split DETACH PARTITION split_de; ALTER TABLE split DETACH PARTITION split_us; ALTER TABLE elsewhere ATTACH PARTITION split_us FOR VALUES IN ('us');"
          . 'ALTER TABLE split_fr RENAME TO split_france', [ 'split', 'split_de', 'elsewhere' ], 'PARTITION BY LIST (region)', 'de us fr' ],
    [ 'merged', 'region text, id int, PRIMARY KEY (region, id)', "VALUES ('de', 1), ('us', 2)",
        'CREATE TABLE merged_all (LIKE merged_de INCLUDING ALL); INSERT INTO merged_all SELECT * FROM merged_de UNION ALL SELECT * FROM merged_us;'
          . "DROP TABLE merged_de, merged_us; ALTER TABLE merged ATTACH PARTITION merged_all FOR VALUES IN ('de', 'us')",
        'merged', 'PARTITION BY LIST (region)', 'de us' ],
    [ 'replaced', 'id int PRIMARY KEY', 'VALUES (1)',
        "CREATE TABLE replacement (LIKE replaced INCLUDING ALL); INSERT INTO replacement SELECT * FROM replaced; DROP TABLE replaced;"
          . "ALTER TABLE replacement RENAME TO replaced; SELECT gpsync.attach('replaced', machine => NULL)", 'replaced' ],
    # Keys whose JSON does not lead back to the value.
    [ 'bounds', 'id int[] PRIMARY KEY', q{VALUES ('[2:3]={1,2}'), ('{1,2}'), ('[0:0]={7}'), ('{}')}, 'SELECT', 'bounds' ],
    [ 'nested', 'id pair PRIMARY KEY', q{VALUES (ROW(1, 'null')), (ROW(1, NULL)), (ROW(NULL, '[1]'))}, 'SELECT', 'nested' ],
    [ 'vectors', 'id oidvector PRIMARY KEY', q{VALUES (''), ('1 2')}, 'SELECT', 'vectors' ]);

$node->sql("CREATE SCHEMA away; CREATE SCHEMA archive; CREATE TYPE pair AS (a int, b jsonb)");
for my $case (@cases)
{
    make(@$case[ 0, 1, 5 ]);
    $node->sql("CREATE TABLE $case->[0]_$_ PARTITION OF $case->[0] FOR VALUES IN ('$_')") for split / /, $case->[6] // '';
}
make('elsewhere', 'region text, id int, PRIMARY KEY (region, id)', 'PARTITION BY LIST (region)');
make('doomed', 'id int PRIMARY KEY');
$node->sql("SELECT gpsync.pause_stream('legacy')");
ok($node->wait_for_sql("SELECT relay_state FROM gpsync.stream_status", 'paused'), 'the stream is paused');
for my $case (@cases) { $node->sql("INSERT INTO $case->[0] $case->[2]") }
$node->sql("INSERT INTO doomed SELECT generate_series(1, 10)");
$node->sql($_->[3]) for @cases;
$node->sql('DROP TABLE doomed');
$node->sql("SELECT gpsync.resume_stream('legacy')");
ok($node->wait_for_sync(60), 'a backlog over changes of tables is booked') or diag($node->sql('TABLE gpsync.deferred_mark'));
for my $case (@cases)
{
    for my $table (ref $case->[4] ? @{ $case->[4] } : $case->[4])
    {
        is($node->sql("SELECT DISTINCT sync_status FROM $table"), 'COMPLETED', "$case->[0]: the rows of $table are marked");
    }
}
is($node->sql('SELECT count(*) FROM moved'), '0', 'a new table of a moved one\'s name is not touched');
is(finding(), '', 'doctor finds no mark that waits');

# --- A table that is created, attached and filled in one transaction.
for my $i (1 .. 30)
{
    $node->sql("BEGIN; CREATE TABLE born_$i (id int PRIMARY KEY); SELECT gpsync.attach('born_$i', machine => NULL); INSERT INTO born_$i VALUES (1); COMMIT");
}
ok($node->wait_for_sync, '30 tables born with their rows');
is($node->sql(join ' UNION ', map { "SELECT sync_status FROM born_$_" } 1 .. 30), 'COMPLETED', '... which are all marked');

# --- While a mark waits.
$node->sql('CREATE TABLE waits (id int PRIMARY KEY, code text, sync_status varchar(20), last_sync_timestamp timestamptz, sync_revision bigint NOT NULL); SELECT gpsync.attach(\'waits\', machine => NULL)');
my $hold = hold_all('public.waits');
# Two sessions can stamp rows at one position of the WAL.
$node->sql("ALTER TABLE waits DISABLE TRIGGER gpsync_stamp; INSERT INTO waits VALUES (1, 'a', 'PENDING', NULL, 77), (2, 'b', 'PENDING', NULL, 77);"
    . 'ALTER TABLE waits ENABLE ALWAYS TRIGGER gpsync_stamp');
ok($nws->wait_holding, 'events of two rows with one revision are in flight');
$node->sql('ALTER TABLE waits DROP COLUMN id, ADD PRIMARY KEY (code)');
$nws->clear_faults($hold);
ok(marks_are(2), 'rows that cannot be told apart any more keep their marks waiting');
is(synced('500ms'), 'f', '... wait_for_sync() is not true meanwhile');
finds(qr/^stream "legacy" has 2 mark\(s\) waiting for rows of public.waits: the key of the table was changed, and several rows may be/, '... and doctor says why');
my $fix = $node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'deferred marks'");
$node->sql($fix);
ok(marks_are(0), 'after the fix no mark waits');
is(synced('30s'), 't', '... wait_for_sync() is true');
is(finding(), '', '... and doctor content');

$node->sql("CREATE TABLE strict (id int PRIMARY KEY); SELECT gpsync.attach('strict', machine => NULL); ALTER TABLE strict ADD CHECK (sync_status <> 'COMPLETED')");
my $before = $node->sql('SELECT pg_current_wal_insert_lsn()');
$node->sql('INSERT INTO strict VALUES (1)');
ok(marks_are(1), 'a mark that a constraint refuses waits');
is(synced('500ms'), 'f', '... wait_for_sync() is not true');
is($node->sql("SELECT gpsync.wait_for_sync('$before', timeout => '500ms')"), 't', '... but for what came before it');
like(finding(), qr/waiting for rows of public.strict: a constraint of the table refuses them \(SQLSTATE 23514\)/, '... and doctor says why');
$node->sql('ALTER TABLE strict RENAME TO stricter');
like(finding(), qr/rows of public.stricter/, '... also when the table is renamed');
$node->sql('ALTER TABLE stricter DROP CONSTRAINT strict_sync_status_check');
is(synced('30s'), 't', 'when it is gone, the row is marked');
is($node->sql('SELECT sync_status FROM stricter'), 'COMPLETED', '... indeed');

$hold = hold_all('public.no_key');
make('no_key', 'id int PRIMARY KEY');
$node->sql('INSERT INTO no_key VALUES (1), (2)');
$node->sql('ALTER TABLE no_key DROP CONSTRAINT no_key_pkey');
ok($nws->wait_holding, 'its events are in flight');
$nws->clear_faults($hold);
ok(marks_are(2), 'marks of a table without a replica identity wait');
finds(qr/^stream "legacy" has 2 mark\(s\) waiting for rows of public.no_key: PostgreSQL refuses to update a published table without a replica identity/,
    '... doctor says why');
$node->sql($node->sql("SELECT fix FROM gpsync.doctor() WHERE check_name = 'deferred marks'"));
is(synced('30s'), 't', 'after the fix they are made');
is($node->sql('SELECT DISTINCT sync_status FROM no_key'), 'COMPLETED', '... although no index leads to the rows');

my $other = $node->background_psql('postgres', on_error_stop => 0);
$hold = $nws->hold('stricter');
$node->sql('INSERT INTO stricter VALUES (2)');
$other->query_safe('BEGIN; LOCK TABLE stricter');
$nws->clear_faults($hold);
ok(marks_are(1), 'the mark of a locked table waits');
is(synced('500ms'), 'f', '... wait_for_sync() is not true');
$other->query_safe('DROP TABLE stricter; COMMIT');
is(synced('30s'), 't', 'when the table is dropped, the mark is void');
ok(marks_are(0), '... and forgotten');
$other->quit;

$relay->stop;
$node->stop;
done_testing;
