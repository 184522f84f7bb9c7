# Tables that are not what they were: renamed, dropped, retyped or widened columns, another key, detached or dropped, with
# rules, between what was registered or written and what is done with it. Nothing is left out unnoticed, an error says
# what to do, and no state is without a way out.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql('CREATE EXTENSION gpsync; CREATE SCHEMA old');

# An attached and tracked table with rows of its own.
sub tracked
{
    my ($name, $columns, $rows) = @_;
    $node->sql("CREATE TABLE $name ($columns); SELECT gpsync.attach('$name', NULL), gpsync.track_batches('$name'); INSERT INTO $name VALUES $rows");
    return;
}

sub in_batch { my ($batch, $sql) = @_; $node->sql("SET gpsync.batch = '$batch'; $sql"); return }
sub roll_back { my ($batch, $more) = @_; return "CALL gpsync.emergency_rollback('$batch', fence => " . ($more // 'false') . ')' }

# What a verification of a table with its source finds: "key kind columns".
sub differences
{
    my ($table) = @_;
    my $run = $node->sql("SELECT gpsync.verify('$table', 'old.$table')");
    $node->sql("CALL gpsync.run_verify('$run')");
    return $node->sql("SELECT concat_ws(' ', key ->> 'id', kind, columns) FROM gpsync.verify_differences WHERE run = '$run' ORDER BY 1");
}

# ------------------------------------------------------------------------------------------- types of the two sides
# An import assigns, which rounds; equal is what has the same value, not what becomes the same.
$node->sql(<<~'SQL');
    CREATE TABLE rounded (id int PRIMARY KEY, n int, b bigint, d date, i time, r real, m numeric(6,2));
    SELECT gpsync.attach('rounded', NULL);
    CREATE TABLE old.rounded (id numeric PRIMARY KEY, n numeric, b float8, d timestamp, i interval, r float8, m float8);
    INSERT INTO old.rounded VALUES (1, 10.6, 2.5, '2026-01-01 12:00', '25:00', 0.1, 0.251),
        (2, 10, 2, '2026-01-01', '01:00', 0.1, 0.25), (3, NULL, NULL, NULL, NULL, NULL, NULL);
    SELECT gpsync.import('rounded', 'old.rounded', job => 'rounded');
    CALL gpsync.run_import('rounded');
    SQL
is($node->sql('SELECT n, b, d, i, m FROM rounded WHERE id = 1'), '11|2|2026-01-01|01:00:00|0.25', 'an import assigns');
is(differences('rounded'), '1 differs {n,b,d,i,m}', 'what it has rounded differs; what real holds, and whole values, do not');

# ------------------------------------------------------------------------------------------------ altered: verify, repair
tracked('noted', 'id int PRIMARY KEY, v text, n int', q{(1, 'a', 1)});
$node->sql(q{CREATE TABLE old.noted AS SELECT 1 AS id, 'a' AS v, 1 AS n; SELECT gpsync.verify('noted', 'old.noted', run => 'noted')});
for my $alter ('RENAME v TO w', 'ALTER n TYPE text', 'DROP COLUMN v', 'DROP CONSTRAINT noted_pkey, ADD PRIMARY KEY (id, n)', 'DROP CONSTRAINT noted_pkey', 'RENAME id TO ident')
{
    my ($state, $error) = $node->sql_error("BEGIN; ALTER TABLE noted $alter; SELECT gpsync_internal.verify_step('noted')");
    is($state, '55000', "$alter: a verification ends with an error");
    like($error, qr/table public.noted was altered since verification "noted" was registered.*drop_verify/s, '... that says why and what to do');
}
$node->sql("CALL gpsync.run_verify('noted')");
$node->sql("SELECT gpsync.detach('noted')");
like($node->sql_error("SELECT * FROM gpsync.repair('noted', 'to_legacy')"), qr/55000: table public.noted of verification "noted" is not attached any more/, 'a table that was detached is not repaired');
$node->sql('DROP TABLE noted');
like($node->sql_error("SELECT * FROM gpsync.repair('noted', 'to_legacy')"), qr/55000: table \d+ of verification "noted" is not attached any more/, '... nor is one that was dropped');
$node->sql("SELECT gpsync.drop_verify('noted')");

# --------------------------------------------------------------------------------------------------------------- imports
# Without "columns", those that both sides have when the import is registered.
$node->sql(<<~'SQL');
    CREATE TABLE taken (id int PRIMARY KEY, v text, w text);
    SELECT gpsync.attach('taken', NULL);
    CREATE TABLE old.taken (gone int, w text, also_gone int, id int PRIMARY KEY, v text);
    ALTER TABLE old.taken DROP gone, DROP also_gone;
    INSERT INTO old.taken SELECT 'w' || i, i, 'v' || i FROM generate_series(1, 3000) AS i;
    SELECT gpsync.import('taken', 'old.taken', job => 'taken');
    ALTER TABLE taken RENAME v TO x;
    SQL
like($node->sql_error("CALL gpsync.run_import('taken')"), qr/42703: column "v" of table public.taken does not exist/, 'a column that was renamed is not left out');
$node->sql('ALTER TABLE taken RENAME x TO v; ALTER TABLE old.taken RENAME v TO x');
is(($node->sql_error("CALL gpsync.run_import('taken')"))[0], '42703', '... nor is one of the source');
$node->sql("ALTER TABLE old.taken RENAME x TO v; CALL gpsync.run_import('taken')");
is($node->sql('SELECT count(*) FROM taken AS t JOIN old.taken AS s USING (id, v, w)'), 3000, 'a source with dropped columns is brought over');

# A rule makes something else of an INSERT, which then has written nothing.
for my $rule ('ON INSERT TO ruled WHERE new.id > 1 DO INSTEAD NOTHING', 'ON INSERT TO ruled DO INSTEAD NOTHING', 'ON UPDATE TO ruled DO ALSO NOTHING')
{
    $node->sql("CREATE TABLE ruled (id int PRIMARY KEY, v text); SELECT gpsync.attach('ruled', NULL); CREATE RULE r AS $rule");
    my ($state, $error) = $node->sql_error("SELECT gpsync.import('ruled', 'old.taken', job => 'ruled')");
    is($state, '0A000', "$rule: no import");
    like($error, qr/it has rule "r".*DROP RULE r ON public.ruled/s, '... and why');
    $node->sql('DROP TABLE ruled');
}

# ------------------------------------------------------------------------------------------ a batch: detached, dropped
tracked('one', 'id int PRIMARY KEY, v text', q{(1, 'before')});
tracked('two', 'id int PRIMARY KEY, v text', q{(1, 'before')});
in_batch('both', q{UPDATE one SET v = 'batch'; UPDATE two SET v = 'batch'});
$node->sql("SELECT gpsync.detach('two')");
my ($out, $warning) = ('', '');
$node->psql('postgres', roll_back('both'), stdout => \$out, stderr => \$warning);
like($warning, qr/changes of batch "both" in table public.two cannot be taken back now.*It is not attached.*1 rows reverted/s, 'a table that is detached is left out, with a warning');
is($node->sql("SELECT one.v, two.v, state FROM one, two, gpsync.batches WHERE batch = 'both'"), 'before|batch|kept', '... and what it has is kept');
is(($node->sql_error(roll_back('both')))[0], '55000', '... alone, that is an error');
$node->sql("SELECT gpsync.attach('two', NULL)");
$node->sql(roll_back('both'));
is($node->sql("SELECT one.v, two.v, state FROM one, two, gpsync.batches WHERE batch = 'both'"), 'before|before|taken back', 'attached again, it is taken back');

# A roll-back that has begun, and was interrupted.
$node->sql("SELECT gpsync.track_batches('two')");
in_batch('begun', q{UPDATE one SET v = 'batch'; UPDATE two SET v = 'batch'});
$node->sql("SELECT gpsync_internal.begin_rollback('begun', NULL, '{}', true, NULL)");
$node->sql('DROP TABLE one');
$node->sql(roll_back('begun'));
is($node->sql("SELECT v, phase, relations::text FROM two, gpsync.rollback_status WHERE batch = 'begun'"), 'before|done|{two}', 'a table that is dropped meanwhile does not stop it');
$node->sql(q{SELECT gpsync.resume_traffic('{two}'); SELECT gpsync.drop_batch('begun')});

# --------------------------------------------------------------------------------------------------- a batch: other types
tracked('wide', 'id int PRIMARY KEY, n int, t varchar(10), m numeric(6,2), c char(4)', q{(1, 1, 'one', 1.5, 'x'), (2, 2, 'two', 2.5, 'y')});
in_batch('wide', q{UPDATE wide SET n = 10, t = 'ten', m = 10, c = 'z'; DELETE FROM wide WHERE id = 2});
$node->sql('ALTER TABLE wide ALTER id TYPE bigint, ALTER n TYPE numeric, ALTER t TYPE text, ALTER m TYPE numeric(12,4), ALTER c TYPE char(9)');
is($node->sql("SELECT key, action, reason FROM gpsync.preview_rollback('wide') ORDER BY 1"), qq({"id": 1}|revert|\n{"id": 2}|insert again|), 'columns that were widened: the preview');
$node->sql(roll_back('wide'));
is($node->sql('SELECT id, n, t, m, c FROM wide ORDER BY id'), "1|1|one|1.5000|x        \n2|2|two|2.5000|y        ", '... and the rows as they were');

for my $alter ('ALTER n TYPE text', 'ALTER at TYPE timestamptz', 'ALTER id TYPE text', 'DROP CONSTRAINT other_pkey, ADD PRIMARY KEY (k)', 'DROP CONSTRAINT other_pkey, ADD PRIMARY KEY (id, k)')
{
    tracked('other', 'id int PRIMARY KEY, k int NOT NULL, n int, at timestamp, v text', q{(1, 11, 1, '2026-01-01', 'before')});
    in_batch('other', q{UPDATE other SET v = 'batch'});
    $node->sql("BEGIN; ALTER TABLE other $alter; SELECT gpsync.track_batches('other'); COMMIT");
    for my $call ("SELECT * FROM gpsync.preview_rollback('other')", roll_back('other'))
    {
        my ($state, $error) = $node->sql_error($call);
        is($state, '55000', "$alter: what was kept does not fit any more");
        like($error, qr/changes of batch "other" in table public.other cannot be taken back now.*Column "(n|at|id|k)" has/s, '... and why');
    }
    is($node->sql("SELECT v, state, phase FROM other, gpsync.batches AS b LEFT JOIN gpsync.rollback_status AS r USING (batch) WHERE batch = 'other'"), 'batch|kept|', '... nothing has begun');
    $node->sql("SELECT gpsync.drop_batch('other'); DROP TABLE other");
}

# Altered between two steps: what does not fit any more is left out, and taken back when the table is as it was.
tracked('other', 'id int PRIMARY KEY, v text', q{(1, 'before')});
in_batch('step', q{UPDATE other SET v = 'batch'; UPDATE two SET v = 'batch'});
$node->sql("SELECT gpsync_internal.rollback_step(r), gpsync_internal.rollback_step(r), gpsync_internal.rollback_step(r) FROM gpsync_internal.begin_rollback('step', NULL, '{}', false, NULL) AS r");
is($node->sql("SELECT phase FROM gpsync.rollback_status WHERE batch = 'step'"), 'revert', 'a roll-back that is to take back rows');
$node->sql('ALTER TABLE other ALTER id TYPE text');
$node->sql(roll_back('step'));
is($node->sql('SELECT other.v, two.v FROM other, two'), 'batch|before', '... leaves a table out that was altered');
$node->sql('ALTER TABLE other ALTER id TYPE int USING id::int');
$node->sql(roll_back('step'));
is($node->sql("SELECT v, state FROM other, gpsync.batches WHERE batch = 'step'"), 'before|taken back', '... until it is as it was');

# ------------------------------------------------------------------------------------------------------ names of schemas
$node->sql(q{CREATE SCHEMA "Odd s"; CREATE COLLATION "Odd s"."c c" (provider = libc, locale = 'C')});
tracked('collated', 'id text COLLATE "Odd s"."c c" PRIMARY KEY, v text', q{('a', 'before')});
$node->sql(q{CREATE TABLE quoted (id text PRIMARY KEY); SELECT gpsync.attach('quoted', NULL); SET quote_all_identifiers = on; SELECT gpsync.track_batches('quoted')});
in_batch('collated', q{UPDATE collated SET v = 'batch'});
$node->sql(roll_back('collated'));
is($node->sql('SELECT v FROM collated'), 'before', 'a collation in a schema whose name is quoted');

done_testing;
