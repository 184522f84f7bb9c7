# What verify() compares with: the rules for what two products hold differently, a side that computes other hashes, files,
# imports, sources with rows without a key; and a key that comes and goes while it is being confirmed.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Legacy;
use Test::More;

my $node   = GpsyncTest->new_node('modern', autovacuum => 'off');
my $legacy = GpsyncTest::Legacy->new($node,
    'ruled (id int PRIMARY KEY, status text NOT NULL, n numeric, e text, t text, l text, u timestamptz, z timestamptz, s timestamptz)',
    'imported (id text PRIMARY KEY, status text NOT NULL, doc text)',
    map { "$_ (id int PRIMARY KEY, status text NOT NULL, v text)" } 'races', 'streets', 'late');
my ($host, $port) = ($node->host, $node->port);
my $relay = $node->start_relay('legacy');
$node->sql(<<~'SQL');
    INSERT INTO ruled SELECT i, 'RECEIVED', i + 0.04, CASE WHEN i % 2 = 0 THEN '' ELSE 'e' || i END, 't  ', 'Name ' || i, at, at, at + interval '0.7 s'
    FROM generate_series(1, 180) AS i, LATERAL (SELECT '2024-01-01 12:00Z'::timestamptz + i * interval '2 days') AS a (at);
    INSERT INTO races SELECT i, 'RECEIVED', 'v' FROM generate_series(1, 20) AS i;
    ANALYZE;
    CREATE EXTENSION file_fdw;
    SQL
ok($node->wait_for_sync, 'delivered');

my $run = 0;

# What a run finds: "id kind columns"; $more: further arguments of verify(); $options: of set_verify(). Registered in a
# zone that is not that of the test.
sub verify
{
    my ($table, $source, $more, $options) = @_;
    my $name = 'v' . ++$run;
    $node->sql("SET TimeZone = 'America/New_York'; SELECT gpsync.verify('public.$table', \$\$$source\$\$, run => '$name'" . ($more ? ", $more" : '') . ')');
    $node->sql("SELECT gpsync.set_verify('$name', '$_', '$options->{$_}')") for sort keys %{ $options // {} };
    $node->sql("CALL gpsync.run_verify('$name')");
    return found($name);
}

sub found
{
    my ($name) = @_;
    return $node->sql("SELECT string_agg(concat_ws(' ', key ->> 'id', kind, array_to_string(columns, ',')), E'\\n' ORDER BY (key ->> 'id')::int)
        FROM gpsync.verify_differences WHERE run = '$name'");
}
sub progress { my ($columns) = @_; return $node->sql("SELECT concat_ws(' ', $columns) FROM gpsync.verify_progress WHERE run = 'v$run'") }

# --------------------------------------------------------------------------------------------------------------- rules
$legacy->sql(<<~'SQL');
    CREATE TABLE old (id int, status text, n numeric, e text, t char(8), l text, u timestamp, z timestamp, s timestamptz);
    INSERT INTO old SELECT id, status, round(n, 1), nullif(e, ''), rtrim(t), upper(l), u AT TIME ZONE 'UTC', z AT TIME ZONE 'Europe/Berlin',
        date_trunc('second', s) FROM ruled;
    GRANT SELECT ON old TO verifier;
    SQL
$node->sql('IMPORT FOREIGN SCHEMA public LIMIT TO (old) FROM SERVER legacy_server INTO legacy');
my %rules = (n => 'scale:1', e => 'empty_is_null', t => 'trim', l => 'lower', u => 'utc', z => 'zone:Europe/Berlin', s => 'second');

# The mapping, without the rules of some columns.
sub ruled
{
    my (@without) = @_;
    my %left = %rules;
    delete @left{@without};
    return q(columns => '{"id": "id", "status": "status", )
      . join(', ', map { $left{$_} ? qq("$_": {"source": "$_", "compare": "$left{$_}"}) : qq("$_": "$_") } sort keys %rules) . q(}');
}
is(verify('ruled', 'legacy.old', ruled()), '', 'by their rules all rows are equal');
$node->sql("SET TimeZone = 'UTC'; SELECT gpsync.verify('ruled', 'legacy.old', run => 'zoned', " . ruled('u') . ')');
$node->sql("SET TimeZone = 'Asia/Tokyo'; CALL gpsync.run_verify('zoned')");
is(found('zoned'), '', 'times without a zone are of the zone of who registered the run, whoever runs it');
for my $column (sort keys %rules)
{
    my $found = verify('ruled', 'legacy.old', ruled($column));
    my $rows  = () = $found =~ /^\d+ differs $column$/mg;
    is($rows, $column eq 'e' ? 90 : 180, "without rule $rules{$column} column $column differs");
    is(scalar(() = $found =~ /\n/g), $rows - 1, '... and no other');
}
$legacy->sql(q(UPDATE old SET n = n + 0.1 WHERE id = 1; UPDATE old SET e = 'x' WHERE id = 2; UPDATE old SET t = 'u' WHERE id = 3; UPDATE old SET l = 'x' WHERE id = 4;
    UPDATE old SET u = u + interval '1 h' WHERE id = 5; UPDATE old SET z = z + interval '1 h' WHERE id = 6; UPDATE old SET s = s + interval '1 s' WHERE id = 7;
    UPDATE old SET e = 'y', n = NULL WHERE id = 8));
is(verify('ruled', 'legacy.old', ruled()), "1 differs n\n2 differs e\n3 differs t\n4 differs l\n5 differs u\n6 differs z\n7 differs s\n8 differs n,e",
    'what differs in spite of the rules is found');
my ($state) = $node->sql_error(q{SELECT gpsync.verify('ruled', 'legacy.old', columns => '{"id": "id", "n": {"source": "n", "compare": "scales:1"}}')});
is($state, '22023', 'a rule that there is not');

# ------------------------------------------------------------------------------------------- other hashes on that side
$node->sql(q(CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0));
sub streets { return "SELECT i AS id, 'RECEIVED'::text AS status, CASE WHEN i > $_[0] THEN 'Straße ' ELSE 'Strasse ' END || i AS v FROM generate_series(1, 2000) AS i" }
$node->sql('INSERT INTO streets ' . streets(0) . '; INSERT INTO late ' . streets(1000) . '; ANALYZE');
$node->safe_psql('latin', "SET client_encoding = 'UTF8'; CREATE TABLE streets AS " . streets(0) . '; CREATE TABLE late AS ' . streets(1000));
$node->sql(<<~"SQL");
    CREATE SERVER latin FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'latin');
    CREATE USER MAPPING FOR CURRENT_USER SERVER latin;
    CREATE SCHEMA latin;
    IMPORT FOREIGN SCHEMA public FROM SERVER latin INTO latin;
    SQL
ok($node->wait_for_sync, 'delivered');
is(verify('streets', 'latin.streets'), '', 'another encoding: all rows are equal');
is(progress('hashed_here, modern_rows, legacy_rows'), 't 2000 2000', '... their hashes are computed here');
is(verify('late', 'latin.late'), '', 'characters that the first rows do not have: all rows are equal');
is(progress('hashed_here, modern_rows, legacy_rows'), 'f 2000 2000', '... though the hashes of many are not');
$node->safe_psql('latin', q(SET client_encoding = 'UTF8'; UPDATE streets SET v = 'Straße' WHERE id = 7; DELETE FROM streets WHERE id = 8;
    UPDATE late SET v = 'Straße' WHERE id = 1007; DELETE FROM late WHERE id = 8));
for my $case ([ 'streets', "7 differs v\n8 missing " ], [ 'late', "8 missing \n1007 differs v" ])
{
    is(verify($case->[0], "latin.$case->[0]"), $case->[1], "$case->[0]: what differs is found");
}

$legacy->sql(q(CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE nocase (id int, status text, v text COLLATE nocase); INSERT INTO nocase SELECT id, status, v FROM races; GRANT SELECT ON nocase TO verifier));
$node->sql(q(IMPORT FOREIGN SCHEMA public LIMIT TO (nocase) FROM SERVER legacy_server INTO legacy OPTIONS (import_collate 'false')));
is(verify('races', 'legacy.nocase'), '', 'a collation there that ignores case: equal');
is(progress('hashed_here'), 't', '... hashed here');
$legacy->sql(q(UPDATE nocase SET v = 'V' WHERE id = 3));
is(verify('races', 'legacy.nocase'), '3 differs v', '... and case counts, as it does here');

# -------------------------------------------------------------------------------------------------------------- sources
$node->sql("COPY (SELECT id, status, v FROM races) TO '$host/races.csv' WITH (FORMAT csv)");
$node->sql("CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE race_file (id int, status text, v text) SERVER files OPTIONS (filename '$host/races.csv', format 'csv')");
is(verify('races', 'public.race_file'), '', 'a file');
$node->sql("COPY (SELECT id, status, CASE WHEN id = 4 THEN 'w' ELSE v END FROM races WHERE id <> 5 UNION ALL SELECT 6, 'RECEIVED', 'v') TO '$host/races.csv' WITH (FORMAT csv)");
is(verify('races', 'public.race_file'), "4 differs v\n5 missing \n6 differs id", '... a value, a row that is not there, one that is there twice');
is(verify('races', '(SELECT id, status, v FROM public.race_file WHERE id < 4 OR id > 6)'), "4 missing \n5 missing \n6 missing ", 'a query');

$node->sql(q(CREATE TABLE keyless AS SELECT id, status, v FROM races UNION ALL SELECT NULL, 'RECEIVED', 'v' FROM generate_series(1, 3)));
is(verify('races', 'public.keyless'), '', 'rows without a key are not compared');
is(progress('modern_rows, legacy_rows, without_key'), '20 20 3', '... they are counted');
is(verify('races', 'public.keyless', '', { slice_rows => 4 }), '', '... in slices');
is(progress('slices > 2, modern_rows, legacy_rows, without_key'), 't 20 20 3', '... too');

$node->sql(q(CREATE TABLE codes AS SELECT 'k' || i AS legacy_id, CASE WHEN i % 2 = 0 THEN 'A' ELSE 'R' END AS st, 'd' || i AS doc FROM generate_series(1, 500) AS i;
    CREATE UNIQUE INDEX ON codes (legacy_id)));
$node->sql(q(SET client_min_messages = error; SELECT gpsync.import('imported', 'codes', job => 'brought', columns => '{"id": "legacy_id", "status": "st", "doc": "doc"}',
    status_map => '{"A": "VERIFIED", "R": "RECEIVED"}')));
$node->sql("CALL gpsync.run_import('brought')");

sub verify_import
{
    my $name = $node->sql("SELECT gpsync.verify('brought')");
    $node->sql("CALL gpsync.run_verify('$name')");
    return $node->sql("SELECT string_agg(concat_ws(' ', key ->> 'id', kind, array_to_string(columns, ',')), E'\\n' ORDER BY key)
        FROM gpsync.verify_differences WHERE run = '$name'") . '|' . $node->sql("SELECT state || modern_rows FROM gpsync.verify_progress WHERE run = '$name'");
}
is(verify_import(), '|finished500', 'an import, just after it has run: 500 equal rows');
$node->sql(q(UPDATE codes SET st = 'R' WHERE legacy_id = 'k2'; UPDATE codes SET st = '?' WHERE legacy_id = 'k4'; DELETE FROM codes WHERE legacy_id = 'k6';
    INSERT INTO codes VALUES ('k900', 'A', 'd')));
is(verify_import(), "k2 differs status\nk4 differs status\nk6 missing \nk900 extra |finished500", 'what has changed there since, an unknown code too');
($state) = $node->sql_error("SELECT gpsync.verify('nothing')");
is($state, '42704', 'an import that there is not');
($state) = $node->sql_error("SELECT gpsync.grant_operator('verifier'); SET ROLE verifier; SELECT gpsync.verify('brought')");
is($state, '42501', '... and one of another role');

# ------------------------------------------------------------------------- a key that comes and goes in one round
# Only the legacy side has key 100. While a round waits for the stream, it is inserted and deleted here; the legacy side
# gets neither before its row is read. Key 1, whose delivery is held until then, makes the round wait.
sub hold
{
    my ($id) = @_;
    my $session = $node->background_psql('legacy');
    $session->query("BEGIN; INSERT INTO seen VALUES ('public.races/$id', '') ON CONFLICT (subject) DO UPDATE SET sequence = seen.sequence");
    return $session;
}
$legacy->sql("INSERT INTO races VALUES (100, 'RECEIVED', 'there alone')");
my ($of_one, $of_hundred) = (hold(1), hold(100));
$node->sql("UPDATE races SET v = 'w' WHERE id = 1");
$node->sql("SELECT gpsync.verify('public.races', 'legacy.races', run => 'race'), gpsync.set_verify('race', 'sync_timeout', '100s')");
my $session = GpsyncTest::Process->spawn('verify', [ 'psql', '-X', '-c', "CALL gpsync.run_verify('race')", '-d', $node->connstr('postgres') ]);
ok($node->wait_for_sql("SELECT wait_event FROM pg_stat_activity WHERE query LIKE 'CALL gpsync.run_verify%'", 'Extension'), 'a round waits for the stream');
is($node->sql("SELECT candidates FROM gpsync.verify_progress WHERE run = 'race'"), 2, '... with both keys');
$node->sql("INSERT INTO races VALUES (100, 'RECEIVED', 'here')");
$node->sql("DELETE FROM races WHERE id = 100");
$of_one->query('ROLLBACK');
ok($node->wait_for_sql("SELECT rounds FROM gpsync.verify_candidate WHERE run = 'race'", 1), 'after one round there is no verdict on the key');
is($legacy->sql('SELECT v FROM races WHERE id = 100'), 'there alone', '... whose row the legacy side still had');
$of_hundred->query('ROLLBACK');
$node->sql("SELECT gpsync.reset_breaker('legacy', 'nws')");
is($session->wait_exit, 0, 'the run ends');
is(found('race'), '', '... without a difference');
is($legacy->sql('SELECT count(*) FROM races WHERE id = 100'), 0, '... since the deletion was on its way');
$_->quit for $of_one, $of_hundred;
done_testing;
