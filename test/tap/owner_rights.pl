# What an owner of tables or an operator can have run: each of it with that role's own rights. And what counts as
# attached: only what attach() has attached.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use Test::More;
use Time::HiRes qw(time);

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql(<<'SQL');
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/');
CREATE ROLE mallory LOGIN;
CREATE ROLE eve LOGIN;
SELECT gpsync.grant_operator('eve');
CREATE SCHEMA m AUTHORIZATION mallory;
CREATE SCHEMA e AUTHORIZATION eve;
GRANT CREATE ON DATABASE postgres TO eve;

SET ROLE mallory;
CREATE TABLE m.diary (who text, place text);
-- Notes who it runs as, and takes what it can get.
CREATE FUNCTION m.trap(place text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO m.diary VALUES (current_user, place);
    BEGIN
        ALTER ROLE mallory SUPERUSER;
    EXCEPTION WHEN OTHERS THEN
    END;
    RETURN true;
END $$;
CREATE DOMAIN m.word AS text CHECK (m.trap('domain ' || VALUE));
CREATE DOMAIN m.number AS int CHECK (m.trap('domain ' || VALUE));
CREATE TYPE m.pair AS (a m.word, b m.number);
RESET ROLE;
CREATE SCHEMA other AUTHORIZATION eve;
GRANT USAGE ON SCHEMA m TO eve;
SQL

# --- marks of partitioned tables -----------------------------------------------------------------------------
# The key of each holds a domain whose CHECK is the owner's function; partitions are found by that key.
my %tables = (
    'm.by_list'  => [ 'k m.word[]', 'LIST',  "FOR VALUES IN ('{a,b}')", q('{a,b}') ],
    'm.by_range' => [ 'k m.pair', 'RANGE', 'FOR VALUES FROM (MINVALUE) TO (MAXVALUE)', q(ROW('a', 1)::m.pair) ],
    'm.by_hash'  => [ 'k m.word[]', 'HASH',  'FOR VALUES WITH (MODULUS 1, REMAINDER 0)', q('{a,b}') ]);
for my $table (sort keys %tables)
{
    my ($column, $strategy, $bound) = @{ $tables{$table} };
    $node->sql(<<~SQL);
        CREATE TABLE $table ($column PRIMARY KEY, status text) PARTITION BY $strategy (k);
        CREATE TABLE ${table}_part PARTITION OF $table $bound PARTITION BY $strategy (k);
        CREATE TABLE ${table}_leaf PARTITION OF ${table}_part $bound;
        SELECT gpsync.attach('$table', machine => NULL);
        ALTER TABLE $table OWNER TO mallory;
        ALTER TABLE ${table}_part OWNER TO mallory;
        ALTER TABLE ${table}_leaf OWNER TO mallory;
        SQL
}
$node->create_stream('legacy', 'nws');
my $relay = GpsyncTest::Booking->new($node, 'legacy');
for my $table (sort keys %tables)
{
    $node->sql("SET ROLE mallory; INSERT INTO $table VALUES ($tables{$table}[3], 'x')");
    my @marks = $relay->marks($table);
    $node->sql('TRUNCATE m.diary; ALTER ROLE mallory NOSUPERUSER');
    is($relay->book(@marks), '1|0|0', "a row of $table is marked");
    is($node->sql('SELECT DISTINCT who FROM m.diary'), 'mallory', '... what its key brings along runs as its owner');
    is($node->sql("SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'"), 'f', '... who gains nothing');
}

# Levels that belong to several owners: each is read as its own.
$node->sql("SET ROLE mallory; UPDATE m.by_list SET status = 'y'; RESET ROLE; ALTER TABLE m.by_list OWNER TO eve");
my @marks = $relay->marks('m.by_list');
$node->sql('GRANT ALL ON m.diary TO PUBLIC; TRUNCATE m.diary');
is($relay->book(@marks), '1|0|0', 'a table whose partitions belong to somebody else');
is($node->sql('SELECT string_agg(DISTINCT who, \',\' ORDER BY who) FROM m.diary'), 'eve,mallory', '... each level runs as its owner');

# A type that takes for ever keeps nobody else from being booked.
$node->sql(<<'SQL');
SET ROLE mallory;
CREATE FUNCTION m.slow(text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF session_user = 'relay' THEN PERFORM pg_sleep(3600); END IF;
    RETURN true;
END $$;
CREATE DOMAIN m.slow_word AS text CHECK (m.slow(VALUE));
RESET ROLE;
CREATE TABLE m.slow_table (k m.slow_word[] PRIMARY KEY) PARTITION BY HASH (k);
CREATE TABLE m.slow_leaf PARTITION OF m.slow_table FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT gpsync.attach('m.slow_table', machine => NULL);
ALTER TABLE m.slow_table OWNER TO mallory;
ALTER TABLE m.slow_leaf OWNER TO mallory;
INSERT INTO m.slow_table VALUES ('{a}');
INSERT INTO token_status VALUES ('t', 'RECEIVED');
SQL
is($relay->book($relay->marks('m.slow_table'), $relay->marks('token_status')), '1|1|0', 'a type that does not end is cancelled');
like($node->sql('SELECT error FROM gpsync.deferred_mark'), qr/^57014: code of the table's owner/, '... and its mark deferred with the reason');
$node->sql('DELETE FROM gpsync.deferred_mark');

# --- what counts as attached --------------------------------------------------------------------------------
# Everyone may create triggers that call gpsync's functions: it makes no attached table.
$node->sql(<<'SQL');
CREATE EXTENSION postgres_fdw;
SET ROLE eve;
SELECT gpsync.define_machine('eves', '{"A": ["B"], "B": []}', '{A}');
CREATE TABLE e.planted (id int, status text, sync_status varchar(20), sync_revision bigint) PARTITION BY LIST (id);
CREATE TABLE e.planted_1 PARTITION OF e.planted FOR VALUES IN (1);
CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE ON e.planted FOR EACH ROW
    EXECUTE FUNCTION gpsync_internal.stamp('eves', 'status', 'gpsync');
CREATE TRIGGER gpsync_check_update AFTER UPDATE ON e.planted FOR EACH ROW
    WHEN (gpsync_internal.transition_refused('eves', OLD.status, NEW.status)) EXECUTE FUNCTION gpsync_internal.check_update('eves', 'status', 'gpsync');
RESET ROLE;
CREATE SERVER loopback FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere');
GRANT USAGE ON FOREIGN SERVER loopback TO eve;
SET ROLE eve;
CREATE FOREIGN TABLE e.planted_2 PARTITION OF e.planted FOR VALUES IN (2) SERVER loopback;
INSERT INTO e.planted VALUES (1, 'X');
SQL
is($node->sql("SELECT count(*) FROM gpsync.attached_tables WHERE relation::text LIKE 'e.%'"), '0', 'a trigger made by hand attaches nothing');
is($node->sql(q(SET ROLE eve; SELECT gpsync.define_machine('eves', '{"A": ["B", "C"], "B": [], "C": []}', '{A}'))), '',
    '... its rows are not read by define_machine()');
is($node->sql(q(SET ROLE eve; SELECT gpsync.drop_machine('eves'))), '', '... and it keeps no machine from being dropped');

my ($state, $error) = $node->sql_error(q(SET ROLE eve; SELECT gpsync.next_states('provision', 'FAILED'); SECURITY LABEL FOR gpsync ON TABLE e.planted IS '{"machine": "provision", "status_column": "status", "publication": "gpsync", "check_replicated": true}'));
is($state, '42501', 'the label that says so is attach()\'s');
($state, $error) = $node->sql_error(q(SET ROLE eve; SELECT gpsync_internal.record_attachment('e.planted_1', '{"machine": "eves", "status_column": "status", "publication": "gpsync", "check_replicated": true}')));
is($state, undef, 'the function behind attach() takes a table with its triggers');
$node->sql("SET ROLE eve; SELECT gpsync_internal.record_attachment('e.planted_1', NULL)");
for my $refused ([ 'SET ROLE eve;', 'm.by_hash', '42501' ], [ '', 'gpsync.attached_tables', '42809' ], [ '', 'e.planted_2', '42809' ], [ '', 'm.diary', '39P01' ])
{
    my ($role, $relation, $expected) = @$refused;
    ($state, $error) = $node->sql_error(qq($role SELECT gpsync_internal.record_attachment('$relation', '{"machine": null, "status_column": null, "publication": "p", "check_replicated": true}')));
    is($state, $expected, "... but not $relation");
}
($state, $error) = $node->sql_error(q(LOAD 'gpsync'; SECURITY LABEL FOR gpsync ON TABLE m.diary IS '{"machine": 1}'));
is($state, '42809', 'nonsense is no label');

# attach() replaces what it finds, and refuses foreign partitions.
($state, $error) = $node->sql_error(q(SET ROLE eve; SELECT gpsync.attach('e.planted')));
is($state, '42809', 'a table with a foreign partition is not attached');
like($error, qr/its partition e\.planted_2 is a foreign table/, '... and the error says which');
$node->sql(<<'SQL');
SET ROLE eve;
CREATE TABLE e.restored (id int PRIMARY KEY, status text);
CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE ON e.restored FOR EACH ROW EXECUTE FUNCTION gpsync_internal.stamp('eves', 'status', 'x');
SELECT gpsync.attach('e.restored', publication => 'eves');
SQL
is($node->sql("SELECT machine, status_column, key_columns, publication FROM gpsync.attached_tables WHERE relation = 'e.restored'::regclass"),
    'provision|status|{id}|eves', 'attach() replaces a trigger made by hand');

# A foreign partition that came later: its rows are not read.
$node->sql(<<'SQL');
SET ROLE eve;
SELECT gpsync.define_machine('eves', '{"A": ["B"], "B": []}', '{A}');
CREATE TABLE e.parts (id int PRIMARY KEY, status text) PARTITION BY LIST (id);
CREATE TABLE e.parts_1 PARTITION OF e.parts FOR VALUES IN (1);
SELECT gpsync.attach('e.parts', 'eves', publication => 'eves');
ALTER TABLE e.parts DROP CONSTRAINT parts_pkey;
CREATE FOREIGN TABLE e.parts_2 (id int NOT NULL, status text, sync_status varchar(20), last_sync_timestamp timestamptz,
    sync_revision bigint NOT NULL) SERVER loopback;
ALTER TABLE e.parts ATTACH PARTITION e.parts_2 FOR VALUES IN (2);
SQL
($state, $error) = $node->sql_error(q(SET ROLE eve; SELECT gpsync.define_machine('eves', '{"A": ["B", "C"], "B": [], "C": []}', '{A}')));
is($state, '42809', 'a foreign partition that came later is not read');
$node->sql('DROP FOREIGN TABLE e.parts_2');

# The rows of others are read as their owner: a policy, a view or a cast of his is not called, and rows count that he hides.
$node->sql(<<'SQL');
CREATE TYPE m.state AS ENUM ('A', 'B', 'Z');
CREATE FUNCTION m.to_text(m.state) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM m.trap('cast'); RETURN 'A'; END $$;
CREATE FUNCTION m.hide(m.state) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM m.trap('policy'); RETURN false; END $$;
CREATE TABLE m.states (id int PRIMARY KEY, status m.state);
SELECT gpsync.attach('m.states', 'eves', publication => 'eves');
ALTER TYPE m.state OWNER TO mallory;
CREATE CAST (m.state AS text) WITH FUNCTION m.to_text(m.state) AS ASSIGNMENT;
ALTER TABLE m.states ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY hide ON m.states USING (m.hide(status)) WITH CHECK (true);
INSERT INTO m.states VALUES (1, 'A');
ALTER TABLE m.states DISABLE TRIGGER USER;
UPDATE m.states SET status = 'Z';
ALTER TABLE m.states ENABLE TRIGGER USER;
ALTER TABLE m.states OWNER TO mallory;
TRUNCATE m.diary;
SQL
($state, $error) = $node->sql_error(q(SET ROLE eve; SELECT gpsync.define_machine('eves', '{"A": ["B", "C"], "B": [], "C": []}', '{A}')));
is($state, '23514', 'rows that a policy hides count');
like($error, qr/Found: "Z" \(1 row\)/, '... as what they are');
is($node->sql('SELECT count(*) FROM m.diary'), '0', '... and nothing of the owner\'s has run');

# --- nobody holds up or fakes the views ------------------------------------------------------------------------
my $holder = $node->background_psql('postgres', on_error_stop => 0, extra_params => [ '-U', 'mallory' ]);
$holder->query(<<'SQL');
CREATE TEMP TABLE fake (id int PRIMARY KEY, status text, sync_status varchar(20), sync_revision bigint);
CREATE TRIGGER gpsync_stamp BEFORE INSERT ON fake FOR EACH ROW EXECUTE FUNCTION gpsync_internal.stamp();
BEGIN;
LOCK TABLE fake;
LOCK TABLE m.states;
LOCK TABLE m.by_hash;
SQL
for my $query ('TABLE gpsync.attached_tables', 'TABLE gpsync.redacted_columns', 'TABLE gpsync.stream_status',
    'TABLE gpsync.endpoint_status', 'SELECT * FROM gpsync.doctor()')
{
    my $rows = eval { $node->sql("SET statement_timeout = '20s'; $query") };
    ok(defined $rows, "$query does not wait for locks of tables");
    unlike($rows // '', qr/fake/, '... and a temporary table is not in it');
}
$holder->query('ROLLBACK');
$holder->quit;

# --- names of policies in hints, and duplicates in a table of an operator ----------------------------------------
$node->sql(<<'SQL');
SELECT gpsync.define_policy('orion@1', '[{"key": "note", "action": "mask"}]');
SQL
my ($unknown, $hint) = $node->sql_error(q{SET ROLE mallory; SELECT gpsync_internal.not_scrubbed('{"note": 1}'::jsonb, 'orient@1', 'x', 0)});
is($unknown, '42704', 'a policy that does not exist');
unlike($hint, qr/orion/, '... and nobody learns the names of others');
like(($node->sql_error(q{SET ROLE eve; SELECT gpsync.scrub('{}', 'orient@1')}))[1], qr/orion\@1/, '... but for those who may read them');
$node->sql(<<'SQL');
SET ROLE eve;
CREATE TABLE e.twice (id integer PRIMARY KEY, status text, serial text);
SELECT gpsync.attach('e.twice', publication => 'eve');
INSERT INTO e.twice VALUES (1, 'RECEIVED', 's'), (2, 'RECEIVED', 's');
SELECT gpsync.track_duplicates('e.twice', '{serial}', 'twins');
SQL
is($node->sql('SELECT count, states FROM e.twins'), '2|{RECEIVED}', 'an operator tracks duplicates in a table of its own');

# --- explain_sync() of a row whose owner has put code around it ----------------------------------------------------
$node->sql(<<'SQL');
SET ROLE mallory;
CREATE FUNCTION m.to_json(m.state) RETURNS json LANGUAGE plpgsql AS $$ BEGIN PERFORM m.trap('cast'); RETURN '"A"'; END $$;
CREATE CAST (m.state AS json) WITH FUNCTION m.to_json(m.state);
CREATE FUNCTION m.indexed() RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN m.trap('index'); END $$;
CREATE FUNCTION m.seen() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN current_user <> 'nobody'; END $$;
RESET ROLE;
CREATE TABLE m.watched (k m.word[], s m.state, c m.pair, n integer, PRIMARY KEY (k, s, c));
SELECT gpsync.attach('m.watched', machine => NULL);
ALTER TABLE m.watched OWNER TO mallory;
ALTER ROLE mallory NOSUPERUSER;
SELECT gpsync.grant_reader('mallory');
SET ROLE mallory;
INSERT INTO m.watched VALUES ('{a}', 'A', ROW('b', 1), 1);
CREATE INDEX ON m.watched (n) WHERE m.indexed();
ALTER TABLE m.watched FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON m.watched USING (m.seen());
GRANT SELECT ON m.watched TO eve;
SQL
my $watched = q(SELECT detail FROM gpsync.explain_sync('m.watched', '{"k": ["a"], "s": "A", "c": {"a": "b", "b": 1}}') WHERE what = 'row');
for my $role ('postgres', 'eve')
{
    $node->sql('TRUNCATE m.diary');
    like($node->sql("SET ROLE $role; $watched"), qr/^sync_status PENDING, revision \d+, in table m\.watched$/, "explain_sync() by $role");
    is($node->sql("SELECT string_agg(DISTINCT who, ',') FROM m.diary"), 'mallory',
        '... types, casts and indexes of the owner run as the owner');
}
$node->sql('ALTER TABLE m.watched ENABLE ROW LEVEL SECURITY; TRUNCATE m.diary');
like($node->sql("SET ROLE eve; $watched"), qr/^sync_status PENDING/, 'a row that a policy shows');
is($node->sql("SELECT count(*) FROM m.diary WHERE who = 'eve' AND place <> 'index'"), '0', '... and no more runs as the caller than its SELECT');
is($node->sql("SET ROLE mallory; $watched") =~ /PENDING/, 1, '... to the owner, too, where it is forced');
$node->sql(q(CREATE OR REPLACE FUNCTION m.seen() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false'));
is($node->sql("$watched; SET ROLE mallory; $watched; SET ROLE eve; $watched") =~ s/revision \d+/revision R/r,
    join("\n", 'sync_status PENDING, revision R, in table m.watched', ('there is no row of this key that you may see') x 2),
    'one that it hides, in the session of who sees all');
$node->sql('REVOKE USAGE ON SCHEMA m FROM eve');
is(($node->sql_error("SET ROLE eve; $watched"))[0], '42501', 'explain_sync() needs the schema');
is($node->sql("SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'"), 'f', '... and the owner has gained nothing');
$node->sql('GRANT USAGE ON SCHEMA m TO eve');

# --- a relay's secrets, and an owner who is the role of another relay --------------------------------------------
$node->sql(<<'SQL');
CREATE USER MAPPING FOR relay SERVER nws OPTIONS (bearer_token 'of-the-relay');
ALTER ROLE mallory REPLICATION;
SELECT gpsync.grant_relay('mallory');
CREATE TABLE m.plain (id int PRIMARY KEY);
SELECT gpsync.attach('m.plain', machine => NULL);
ALTER TABLE m.plain OWNER TO mallory;
INSERT INTO m.plain VALUES (1);
SET ROLE mallory;
CREATE TABLE m.said (what text);
CREATE FUNCTION m.ask(question text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE question INTO answer;
    INSERT INTO m.said VALUES (answer);
EXCEPTION WHEN insufficient_privilege THEN
    INSERT INTO m.said VALUES (SQLSTATE);
END $$;
CREATE FUNCTION m.steal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM m.ask('SELECT gpsync_internal.relay_config(''legacy'')'), m.ask('SELECT gpsync_internal.relay_lookups(''legacy'', ''[]'')'),
        m.ask('SELECT gpsync_internal.relay_confirm(''legacy'', ''0/1'')');
    RETURN NULL;
END $$;
CREATE TRIGGER steal AFTER UPDATE ON m.plain FOR EACH ROW EXECUTE FUNCTION m.steal();
ALTER TABLE m.plain ENABLE ALWAYS TRIGGER steal;
SQL
is($relay->book($relay->marks('m.plain')), '1|0|0', 'a mark fires a trigger of the owner, in the session of the relay');
is($node->sql(q(SELECT string_agg(what, ',') FROM m.said)), '42501,42501,42501', '... which gets nothing that is the relay\'s');
like($relay->query("SELECT gpsync_internal.relay_config('legacy')"), qr/of-the-relay/, '... that the relay gets itself');

# An area of doctor() that fails is a finding, the others go on.
$node->sql('ALTER TABLE gpsync.endpoint_report RENAME TO elsewhere; ALTER TABLE gpsync.machine RENAME TO elsewhere_too');
my $findings = $node->sql('SELECT check_name, severity, finding, fix FROM gpsync.doctor()');
like($findings, qr/^doctor\|error\|doctor_triggers\(\) failed with SQLSTATE 42P01/m, 'an area that fails is a finding');
like($findings, qr/^max_slot_wal_keep_size\|/m, '... and the others are there');
$node->sql('ALTER TABLE gpsync.elsewhere RENAME TO endpoint_report; ALTER TABLE gpsync.elsewhere_too RENAME TO machine');

# What a dropped extension leaves on tables says nothing to a new one.
$relay->quit;
$node->wait_for_sql("SELECT count(*) FROM pg_replication_slots WHERE active", '0');
$node->sql("SELECT gpsync.drop_stream('legacy')");
$node->sql('DROP EXTENSION gpsync CASCADE; CREATE EXTENSION gpsync');
is($node->sql('SELECT count(*) FROM gpsync.attached_tables'), '0', 'tables attached before the extension was dropped are so no more');
is($node->sql("SELECT gpsync.attach('token_status')"), '', '... and can be attached again');

$node->stop;
done_testing;
