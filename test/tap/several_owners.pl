# Tables, partitions and foreign keys of several owners: what gpsync does with a table as its owner runs nothing of
# another role's with that owner's rights, and what an owner has done to one table keeps nobody from taking back what a
# batch has done to others.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<'SQL');
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/');
CREATE SERVER tokens FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/', protocol 'token-lookup');
CREATE ROLE mallory LOGIN;
CREATE ROLE parents;
CREATE ROLE children;
CREATE ROLE ops LOGIN;
SELECT gpsync.grant_operator('ops');
CREATE SCHEMA m AUTHORIZATION mallory;
CREATE SCHEMA s;
GRANT USAGE ON SCHEMA m, s TO PUBLIC;

-- Notes who it runs as, and takes what it can get.
SET ROLE mallory;
CREATE TABLE m.diary (who text, place text);
GRANT INSERT ON m.diary TO PUBLIC;
CREATE FUNCTION m.note(place text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE WARNING '% as %', place, current_user;
    BEGIN
        INSERT INTO m.diary VALUES (current_user, place);
        ALTER ROLE mallory SUPERUSER;
    EXCEPTION WHEN OTHERS THEN
    END;
    RETURN true;
END $$;
CREATE FUNCTION m.in_index(place text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN m.note(place); END $$;
CREATE FUNCTION m.in_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM m.note(TG_OP); RETURN NEW; END $$;
SQL

# Statements, all of which may fail; what they say.
sub said
{
    my ($sql) = @_;
    my ($out, $err) = ('', '');
    $node->psql('postgres', $sql, stdout => \$out, stderr => \$err, on_error_stop => 0);
    return "$out\n$err";
}

# A test: mallory's code has run in these statements, as nobody else.
sub is_mallorys
{
    my ($sql, $name) = @_;
    $node->sql('TRUNCATE m.diary; ALTER ROLE mallory NOSUPERUSER');
    my $said = said($sql);
    my %users = map { $_ => 1 } $said =~ /(?:UPDATE|DELETE|INSERT|index) as (\w+)/g;
    delete $users{mallory};
    is_deeply([ sort keys %users ], [], "$name: code of another owner runs as nobody else") or diag($said);
    is($node->sql(q(SELECT count(*) FROM m.diary WHERE who <> 'mallory')), 0, '... nor does it say so');
    is($node->sql(q(SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory')), 'f', '... who gains nothing');
    return $said;
}

# --- a partition of mallory's in a superuser's table ---------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE s.parts (id text PRIMARY KEY, status text, note text) PARTITION BY LIST (id);
CREATE TABLE m.leaf PARTITION OF s.parts DEFAULT;
SELECT gpsync.attach('s.parts', 'token_lifecycle'), gpsync.track_batches('s.parts');
SELECT gpsync.create_history('s.parts');
SELECT gpsync.create_lookup('parts', 's.parts', 'tokens', '{"status": "status"}', every => NULL);
INSERT INTO s.parts VALUES ('a', 'INACTIVE'), ('b', 'INACTIVE');
BEGIN;
SET LOCAL gpsync.batch = 'parts';
UPDATE s.parts SET note = 'x';
COMMIT;
ALTER TABLE m.leaf OWNER TO mallory;
SET ROLE mallory;
CREATE TRIGGER in_trigger BEFORE INSERT OR UPDATE OR DELETE ON m.leaf FOR EACH ROW EXECUTE FUNCTION m.in_trigger();
CREATE INDEX ON m.leaf (note) WHERE m.in_index('index');
SQL
$node->create_stream('legacy', 'nws');
my $said = is_mallorys(q(SET ROLE ops; SELECT * FROM gpsync.preview_rollback('parts'); CALL gpsync.emergency_rollback('parts', fence => false)), 'roll-back');
like($said, qr/DETAIL:  Its partition m\.leaf belongs to another role than postgres/, '... and the error says why');
is($node->sql('SET ROLE mallory; SELECT string_agg(DISTINCT note, $$,$$) FROM m.leaf'), 'x', '... and nothing is taken back');
$said = is_mallorys(q(SELECT gpsync.lookup_now('parts', '{a}')), 'look-up');
like($said, qr/partition m\.leaf of table s\.parts belongs to another role.*HINT:  ALTER TABLE m\.leaf OWNER TO postgres/s, '... with a hint');
like($node->sql(q(SELECT finding FROM gpsync.doctor() WHERE check_name = 'lookup' AND severity = 'error')), qr/belongs to another role/, '... doctor() finds it');
is_mallorys(q(SELECT * FROM gpsync.doctor(); SELECT * FROM gpsync.batches; SELECT * FROM gpsync.explain_sync('s.parts', '{"id": "a"}')), 'explain_sync(), doctor()');
like($node->sql(q(SELECT detail FROM gpsync.explain_sync('s.parts', '{"id": "a"}') WHERE what = 'row')), qr/^sync_status PENDING, revision \d+, in table m\.leaf$/, '... which shows the row');
is($node->sql(q(SELECT detail FROM gpsync.explain_sync('s.parts', '{"id": "none"}') WHERE what = 'row')), 'there is no row of this key that you may see', '... or that there is none');
is(($node->sql_error(q(SELECT * FROM gpsync.explain_sync('s.parts', '{"note": "x"}'))))[0], '22023', '... or that the key does not fit');

$node->sql(q(INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts, error, payload)
    VALUES ('legacy', 'nws', 'x', 's.parts/a', 's', 'parts', '{"id": "a"}', 1, 1, 'no', '{}')));
$said = is_mallorys(q(SELECT gpsync.retry_dead_letters(endpoint => '*')), 'retry_dead_letters()');
like($said, qr/^1$/m, '... which sends the row again');
like($said, qr/UPDATE as mallory/, '... and fires the trigger');
$said = is_mallorys(q(SELECT gpsync.recreate_stream('legacy', force => true)), 'recreate_stream()');
like($said, qr/2 rows of table s\.parts are sent again/, '... which sends the rows again');
like($said, qr/UPDATE as mallory/, '... and fires the trigger');

# --- a superuser's partition in a table of mallory's, whose triggers it gets -----------------------------------------
$node->sql(<<'SQL');
GRANT CREATE ON DATABASE postgres TO mallory;
SELECT gpsync.grant_operator('mallory');
SET ROLE mallory;
CREATE TABLE m.parts (id text PRIMARY KEY, status text) PARTITION BY LIST (id);
CREATE TRIGGER in_trigger AFTER UPDATE ON m.parts FOR EACH ROW EXECUTE FUNCTION m.in_trigger();
ALTER TABLE m.parts ENABLE ALWAYS TRIGGER in_trigger;
SELECT gpsync.attach('m.parts', machine => NULL, publication => 'mallorys');
RESET ROLE;
CREATE TABLE s.leaf PARTITION OF m.parts DEFAULT;
SELECT gpsync.create_stream('mallorys', '{nws}', publication => 'mallorys');
INSERT INTO m.parts VALUES ('a', 'x'), ('b', 'x');
INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts, error, payload)
    VALUES ('mallorys', 'nws', 'y', 's.leaf/a', 's', 'leaf', '{"id": "a"}', 1, 1, 'no', '{}');
SQL
my $relay = GpsyncTest::Booking->new($node, 'mallorys');
my @marks = $relay->marks('m.parts');
is($relay->book($marks[0]), '1|0|0', 'a row of it is marked');
like($relay->errors, qr/UPDATE as mallory/, '... and the trigger fires, as its owner');
$said = is_mallorys(q(SELECT gpsync.retry_dead_letters(ids => '{y}'); SELECT * FROM gpsync.explain_sync('s.leaf', '{"id": "a"}')), 'its dead letter');
like($said, qr/^1\nrow\|\|\|sync_status PENDING/m, '... is retried, and its row shown');
$said = is_mallorys(q(SELECT gpsync.recreate_stream('mallorys', force => true)), 'recreate_stream()');
like($said, qr/2 rows of table m\.parts are sent again/, '... sends its rows again');
$relay->quit;
# Two roles of which neither has the other's rights.
$node->sql(q(ALTER TABLE s.leaf OWNER TO children));
$relay = GpsyncTest::Booking->new($node, 'mallorys');
@marks = $relay->marks('m.parts');
is($relay->book(@marks), '0|2|0', 'a trigger that could run as nobody: the marks are deferred');
like($node->sql('SELECT DISTINCT error FROM gpsync.deferred_mark'), qr/^42P17: trigger "in_trigger" of the parent of partition "leaf" would run as another owner$/, '... with the reason');
my ($finding, $mends) = split /\|/, $node->sql("SELECT finding, fix FROM gpsync.doctor() WHERE check_name = 'deferred marks'");
is($finding, 'stream "mallorys" has 2 mark(s) waiting for rows of m.parts: a trigger of what the table is a partition of belongs to another role, and may not run as either (SQLSTATE 42P17)', '... as doctor() says');
like($mends, qr/^ALTER TABLE s\.leaf OWNER TO mallory/, '... with what mends it');
like($node->sql(q(SET ROLE mallory; SELECT detail FROM gpsync_internal.row_marks('m.parts'::regclass, 's.leaf'::regclass, '{"id": "a"}'))), qr/belongs to another role/, '... and explain_sync(), too');
my ($state, $error) = $node->sql_error(q(SELECT * FROM gpsync.explain_sync('m.parts', '{"id": "a"}')));
is($state, '55000', '... and nobody is asked for the row');
like($error, qr/HINT:  ALTER TABLE/, '... with a hint');
$node->sql($mends);
ok($relay->retry_all, 'with one owner they are marked');
$relay->quit;

# --- a table of mallory's that inherits from a superuser's -----------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE s.base (id int PRIMARY KEY, status text, note text);
CREATE TABLE m.heir (PRIMARY KEY (id)) INHERITS (s.base);
SELECT gpsync.attach(t), gpsync.track_batches(t) FROM unnest('{m.heir,s.base}'::regclass[]) WITH ORDINALITY AS u (t, n) ORDER BY n;
INSERT INTO s.base VALUES (1, 'RECEIVED');
BEGIN;
SET LOCAL gpsync.batch = 'base';
UPDATE ONLY s.base SET note = 'x';
COMMIT;
ALTER TABLE m.heir OWNER TO mallory;
SET ROLE mallory;
CREATE INDEX ON m.heir (note) WHERE m.in_index('index');
CREATE TRIGGER in_trigger BEFORE INSERT OR UPDATE OR DELETE ON m.heir FOR EACH ROW EXECUTE FUNCTION m.in_trigger();
INSERT INTO m.heir VALUES (1, 'RECEIVED', 'heir'), (2, 'RECEIVED', 'heir');
SQL
$said = is_mallorys(q(SET ROLE ops; SELECT * FROM gpsync.preview_rollback('base'); CALL gpsync.emergency_rollback('base', fence => false)), 'roll-back');
like($said, qr/DETAIL:  Its partition m\.heir belongs to another role than postgres/, '... and the error says why');
# Rows of the heir are its own, also those of the same key.
sub heirs_revisions { return $node->sql('SET ROLE mallory; SELECT string_agg(sync_revision::text, $$,$$ ORDER BY id) FROM m.heir') }
my $revisions = heirs_revisions();
$said = is_mallorys(q(SELECT * FROM gpsync.explain_sync('s.base', '{"id": 1}'); SELECT * FROM gpsync.explain_sync('s.base', '{"id": 2}')), 'explain_sync()');
like($said, qr/^row\|\|\|sync_status PENDING, revision \d+, in table s\.base\n.*^row\|\|\|there is no row of this key/ms, '... shows rows of the table alone');
$node->sql(q(INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts, error, payload)
    VALUES ('legacy', 'nws', 'z', 's.base/1', 's', 'base', '{"id": 1}', 1, 1, 'no', '{}')));
$said = is_mallorys(q(SELECT gpsync.retry_dead_letters(ids => '{z}')), 'retry_dead_letters()');
like($said, qr/^1$/m, '... sends the row of the table again');
$said = is_mallorys(q(SELECT gpsync.recreate_stream('legacy', force => true)), 'recreate_stream()');
like($said, qr/1 rows of table s\.base are sent again/, '... sends the rows of the table again');
like($said, qr/2 rows of table m\.heir are sent again/, '... and those of the heir');
like($said, qr/UPDATE as mallory/, '... and fires its trigger');
my $later = heirs_revisions();
isnt($later, $revisions, '... once');
$node->sql(q(SELECT gpsync.sync_row('s.base', '{"id": 1}')));
is(heirs_revisions(), $later, 'sync_row() sends the row of the table alone');

# --- foreign keys --------------------------------------------------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE s.parent (id int PRIMARY KEY, status text, UNIQUE (id, status));
SELECT gpsync.attach('s.parent'), gpsync.track_batches('s.parent');
GRANT REFERENCES ON s.parent TO mallory;
SET ROLE mallory;
CREATE TABLE m.child (id int PRIMARY KEY, parent int REFERENCES s.parent ON DELETE CASCADE);
CREATE INDEX ON m.child (parent) WHERE m.in_index('index');
RESET ROLE;
BEGIN;
SET LOCAL gpsync.batch = 'parent';
INSERT INTO s.parent SELECT n, 'RECEIVED' FROM generate_series(1, 3) AS n;
COMMIT;
SET ROLE mallory;
INSERT INTO m.child VALUES (1, 1);
SQL
$said = is_mallorys(q(SET ROLE ops; SELECT key, action, reason FROM gpsync.preview_rollback('parent') ORDER BY key), 'preview');
like($said, qr/^\{"id": 1\}\|none\|conflict \(foreign key\)\n\{"id": 2\}\|delete\|\n/m, '... which knows what is referred to');
is_mallorys(q(SET ROLE ops; CALL gpsync.emergency_rollback('parent', fence => false)), 'roll-back');
is($node->sql('SELECT string_agg(id::text, $$,$$) FROM s.parent'), '1', '... and what is referred to stays');
is($node->sql('SET ROLE mallory; SELECT count(*) FROM m.child'), '1', '... and so does the row that refers to it');
$node->sql(<<'SQL');
BEGIN;
SET LOCAL gpsync.batch = 'blocked';
INSERT INTO s.parent VALUES (4, 'RECEIVED');
COMMIT;
ALTER TABLE m.child ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SQL
like(said(q(SET ROLE ops; CALL gpsync.emergency_rollback('blocked', fence => false))), qr/0 deleted, 0 inserted again, 1 left/, 'what cannot be asked is left');

# Neither owner may read the other's table.
$node->sql(<<'SQL');
CREATE TABLE s.orders (id int PRIMARY KEY, status text);
CREATE TABLE s.items (id int PRIMARY KEY, "order" int REFERENCES s.orders, status text);
SELECT gpsync.attach(t), gpsync.track_batches(t) FROM unnest('{s.orders,s.items}'::regclass[]) AS t;
ALTER TABLE s.orders OWNER TO parents;
ALTER TABLE s.items OWNER TO children;
GRANT REFERENCES ON s.orders TO children;
BEGIN;
SET LOCAL gpsync.batch = 'both';
INSERT INTO s.orders VALUES (1, 'RECEIVED'), (2, 'RECEIVED');
INSERT INTO s.items VALUES (1, 1, 'RECEIVED');
COMMIT;
INSERT INTO s.items VALUES (2, 2, 'RECEIVED');
SQL
is($node->sql(q(SET ROLE ops; SELECT relation, key ->> 'id', action, reason FROM gpsync.preview_rollback('both') ORDER BY 1, 2)),
    "s.orders|1|delete|\ns.orders|2|none|conflict (foreign key)\ns.items|1|delete|", 'the preview of tables of two owners');
$node->sql(q(SET ROLE ops; CALL gpsync.emergency_rollback('both', fence => false)));
is($node->sql('SELECT string_agg(id::text, $$,$$) FROM s.orders') . $node->sql('SELECT string_agg(id::text, $$,$$) FROM s.items'), '22', '... and their roll-back');
$node->sql(q(BEGIN; SET LOCAL gpsync.batch = 'gone'; DELETE FROM s.items; DELETE FROM s.orders; COMMIT));
$node->sql(q(SET ROLE ops; CALL gpsync.emergency_rollback('gone', fence => false)));
is($node->sql('SELECT string_agg(id::text, $$,$$) FROM s.orders') . $node->sql('SELECT string_agg(id::text, $$,$$) FROM s.items'), '22', '... of deletions, too');
is(($node->sql_error(q(SET ROLE ops; SELECT gpsync_internal.is_referred_to((SELECT oid FROM pg_constraint WHERE conrelid = 's.items'::regclass AND contype = 'f'), NULL, NULL, '{"f1": 2}'))))[0],
    '42501', 'what refers to a row is told its owner alone');
is($node->sql(q(SET ROLE parents; SELECT gpsync_internal.is_referred_to((SELECT oid FROM pg_constraint WHERE conrelid = 's.items'::regclass AND contype = 'f'), NULL, NULL, k::jsonb) FROM unnest('{"{\"f1\": 2}", "{\"f1\": 1}", "[]"}'::text[]) AS k)),
    "t\nf\nt", '... as the foreign key tells');

# The owner changes between two steps of a roll-back.
$node->sql(q(BEGIN; SET LOCAL gpsync.batch = 'sold'; INSERT INTO s.orders VALUES (5, 'RECEIVED'); COMMIT));
$node->sql(<<'SQL');
SELECT gpsync_internal.begin_rollback('sold', NULL, '{}', false, NULL) AS id \gset
SELECT gpsync_internal.rollback_step(:id);
SELECT gpsync_internal.rollback_step(:id);
SELECT gpsync_internal.rollback_step(:id) = 'revert';
ALTER TABLE s.orders OWNER TO children;
CALL gpsync.emergency_rollback('sold', fence => false);
ALTER TABLE s.orders OWNER TO parents;
SQL
is($node->sql('SELECT string_agg(id::text, $$,$$) FROM s.orders'), '2', 'a table that gets another owner meanwhile');

# --- what an earlier owner of a table has added to its before-images -------------------------------------------------
sub in_mallorys
{
    my ($batch, @before) = @_;
    $node->sql(<<~SQL);
        CREATE TABLE s.sold_$batch (id int PRIMARY KEY, note text);
        SELECT gpsync.attach('s.sold_$batch', NULL);
        ALTER TABLE s.sold_$batch OWNER TO mallory;
        SELECT gpsync.track_batches('s.sold_$batch');
        BEGIN; SET LOCAL gpsync.batch = '$batch'; INSERT INTO s.sold_$batch VALUES (1, 'x'), (2, 'y'); COMMIT;
        BEGIN; SET LOCAL gpsync.batch = '$batch'; UPDATE s.sold_$batch SET note = 'z'; COMMIT;
        SQL
    my $shadow = $node->sql("SELECT shadow FROM gpsync.batch_shadow WHERE relation = 's.sold_$batch'::regclass");
    $node->sql("SET ROLE mallory; SET client_min_messages = error; " . s/SHADOW/$shadow/gr) for @before;
    $node->sql("ALTER TABLE s.sold_$batch OWNER TO postgres");
    return $shadow;
}
$node->sql(<<'SQL');
SET ROLE mallory;
CREATE DOMAIN m.checked AS text CHECK (m.in_index('index'));
CREATE FUNCTION m.made(text) RETURNS m.diary LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, $1)::m.diary';
CREATE FUNCTION m.as_text(m.diary) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note('index'); RETURN ($1).who; END $$;
CREATE CAST (m.diary AS text) WITH FUNCTION m.as_text(m.diary) AS IMPLICIT;
SQL
my %additions = (
    trigger => [ 'trigger "t"', 'CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON SHADOW FOR EACH ROW EXECUTE FUNCTION m.in_trigger()' ],
    check => [ 'constraint "c"', q(ALTER TABLE SHADOW ADD CONSTRAINT c CHECK (m.in_index('index'))) ],
    domain => [ 'column "c2" of another type', 'ALTER TABLE SHADOW ALTER c2 TYPE m.checked' ],
    cast => [ 'column "c2" of another type', 'ALTER TABLE SHADOW ALTER c2 TYPE m.diary USING m.made(c2)' ],
    rule => [ 'rule "r"', q(CREATE RULE r AS ON DELETE TO SHADOW DO ALSO SELECT m.note('index')) ],
    generated => [ 'column "g"', q(ALTER TABLE SHADOW ADD g boolean GENERATED ALWAYS AS (m.in_index('index')) STORED) ],
    statistics => [ 'statistics "Of"', q(CREATE STATISTICS m."Of" ON (m.in_index(gpsync_batch)), gpsync_op FROM SHADOW) ],
    heir => [ 'child m."He""ir"', q(CREATE TABLE m."He""ir" () INHERITS (SHADOW); CREATE INDEX ON m."He""ir" (gpsync_batch) WHERE m.in_index('index')) ],
    policy => [ 'policy "p", row-level security', q(CREATE POLICY p ON SHADOW USING (m.in_index('index')); ALTER TABLE SHADOW ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY) ]);
for my $kind (sort keys %additions)
{
    my ($what, $do) = @{ $additions{$kind} };
    my $shadow = in_mallorys($kind, $do);
    # It holds rows that are read with it.
    $node->sql("SET ROLE mallory; SET client_min_messages = error; INSERT INTO m.\"He\"\"ir\" SELECT * FROM $shadow") if $kind eq 'heir';
    $said = is_mallorys("SET ROLE ops; SELECT * FROM gpsync.batches; SELECT * FROM gpsync.preview_rollback('$kind'); CALL gpsync.emergency_rollback('$kind', fence => false); SELECT gpsync.drop_batch('$kind')", "$kind on before-images");
    like($said, qr/WARNING:  the before-images of table s\.sold_$kind cannot be read\nDETAIL:  .* it has \Q$what\E/, '... which is named');
    is_mallorys("SELECT gpsync.detach('s.sold_$kind')", 'detach()');
    $node->sql("SET client_min_messages = error; $_") for split /\n/, $node->sql("SELECT fix FROM gpsync.doctor() WHERE finding LIKE '%$shadow%'");
    $said = is_mallorys("SET ROLE ops; SELECT action FROM gpsync.preview_rollback('$kind'); CALL gpsync.emergency_rollback('$kind', fence => false)", 'what doctor() says takes it away');
    like($said, qr/^delete\ndelete\n/m, '... the batch is previewed');
    is($node->sql("SELECT count(*) FROM s.sold_$kind"), 0, '... and taken back');
}
# Privileges that it has given go, too, and a session that would not see what it adds takes nothing over.
my $shadow = in_mallorys('granted', 'GRANT ALL ON SHADOW TO children, PUBLIC');
($state) = $node->sql_error("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM gpsync.preview_rollback('granted')");
is($state, '0A000', 'not with an old snapshot');
$node->sql("SELECT * FROM gpsync.preview_rollback('granted')");
is($node->sql("SELECT relowner::regrole, (SELECT count(*) FROM aclexplode(relacl) WHERE grantee <> relowner) FROM pg_class WHERE oid = '$shadow'::regclass"), 'postgres|0', 'before-images come to the new owner without grants');
# Nor does what depends on them keep others from being dropped when they are old.
$shadow = in_mallorys('depends', 'CREATE VIEW m.kept AS SELECT * FROM SHADOW');
$node->sql("DROP TABLE s.sold_depends; SELECT gpsync_internal.expire_batches()");
is($node->sql(qq(SELECT fix FROM gpsync.doctor() WHERE finding LIKE '%$shadow%')), 'DROP VIEW m.kept', 'before-images that a view keeps from being dropped');
$node->sql('DROP VIEW m.kept; SELECT gpsync_internal.expire_batches()');
is($node->sql("SELECT to_regclass('$shadow')"), '', '... are dropped without it');

# --- what an owner does to a table ---------------------------------------------------------------------------------
my %hindrances = (
    'forced' => [ 'ALTER TABLE s.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', 'ALTER TABLE s.items NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY' ],
    'SELECT' => [ 'REVOKE DELETE ON s.items FROM children', 'GRANT DELETE ON s.items TO children' ]);
for my $reason (sort keys %hindrances)
{
    my ($do, $undo) = @{ $hindrances{$reason} };
    $node->sql("$undo; BEGIN; SET LOCAL gpsync.batch = '$reason'; INSERT INTO s.items VALUES (7, 2, 'RECEIVED'); INSERT INTO s.orders VALUES (7, 'RECEIVED'); COMMIT; $do");
    like(said("SET ROLE ops; CALL gpsync.emergency_rollback('$reason', fence => false)"), qr/WARNING:  changes of batch.* in table s\.items cannot be taken back now\nDETAIL:  .*$reason/, "$reason: the table is left out");
    is($node->sql('SELECT string_agg(id::text, $$,$$) FROM s.orders'), '2', '... and the other is taken back');
    $node->sql("$undo; SET ROLE ops; CALL gpsync.emergency_rollback('$reason', fence => false)");
    is($node->sql('SELECT string_agg(id::text, $$,$$) FROM s.items'), '2', '... later it is, too');
}

# --- tables kept in step of which one gets another owner -----------------------------------------------------------
$node->sql(<<'SQL');
CREATE TABLE s.a (id int PRIMARY KEY, v text);
CREATE TABLE s.b (id int PRIMARY KEY, v text);
SELECT gpsync.keep_in_step('s.a', 's.b', '{id}', '{v}');
GRANT CREATE ON SCHEMA s TO mallory;
ALTER TABLE s.b OWNER TO mallory;
SET ROLE mallory;
CREATE INDEX ON s.b (v) WHERE m.in_index('index');
SQL
$said = is_mallorys(q(SELECT * FROM gpsync.step_differences; SELECT * FROM gpsync.doctor()), 'step_differences');
like($said, qr/WARNING:  tables s\.a and s\.b cannot be compared/, '... which says that they are not compared');

# A table that inherits from one of them is not kept in step.
$node->sql(<<'SQL');
CREATE TABLE s.c (id int PRIMARY KEY, v text);
CREATE TABLE s.d (id int PRIMARY KEY, v text);
SELECT gpsync.keep_in_step('s.c', 's.d', '{id}', '{v}');
INSERT INTO s.c VALUES (1, 'x'), (2, 'x');
INSERT INTO s.d VALUES (1, 'x'), (2, 'x');
CREATE TABLE m.of_c () INHERITS (s.c);
ALTER TABLE m.of_c OWNER TO mallory;
SET ROLE mallory;
INSERT INTO m.of_c VALUES (1, 'heir');
CREATE INDEX ON m.of_c (v) WHERE m.in_index('index');
CREATE TRIGGER in_trigger BEFORE INSERT OR UPDATE OR DELETE ON m.of_c FOR EACH ROW EXECUTE FUNCTION m.in_trigger();
SQL
is_mallorys(q(UPDATE s.d SET v = 'y' WHERE id = 1; INSERT INTO s.d VALUES (3, NULL); UPDATE ONLY s.c SET v = 'z' WHERE id = 2; SELECT * FROM gpsync.step_differences), 'a table that inherits from one kept in step');
is($node->sql(q(SELECT string_agg(v, ',' ORDER BY id) FROM ONLY s.c)) . $node->sql('SET ROLE mallory; SELECT v FROM m.of_c'), 'y,zheir', '... and is left as it is');

done_testing;
