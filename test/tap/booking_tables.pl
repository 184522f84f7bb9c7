# Bookkeeping in tables of all kinds: keys of any type, odd names, partitions, row security, constraints that fail.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Booking;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;
$node->sql("CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/')");
$node->create_stream('legacy', 'nws');
my $relay = GpsyncTest::Booking->new($node, 'legacy');

sub attach { return $node->sql("SELECT gpsync.attach('$_[0]', machine => NULL)") }
sub pending { return $node->sql("SELECT count(*) FROM $_[0] WHERE sync_status = 'PENDING'") }

# Books a table's rows in two calls; every one must be marked once.
sub books_all
{
    my ($table, $what, %options) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @marks = $relay->marks($table, undef, %options);
    my $result = $relay->book(@marks);
    is($result . $relay->errors, @marks . '|0|0', "$what: marked");
    is(pending($table), '0', '... in the table');
    is($relay->book(@marks), '0|0|' . @marks, '... once');
    return;
}

# --- keys of every type ----------------------------------------------------------------------------------
$node->sql(<<~'SQL');
    CREATE TYPE colour AS ENUM ('red', 'odd "one, with {}');
    CREATE TYPE pair AS (a int, b text);
    CREATE DOMAIN code AS text CHECK (VALUE <> '');
    CREATE DOMAIN code_of_code AS code;
    CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    SQL
my %values = (
    'text'              => [ q{'a'}, q{''}, q{'it''s "quoted" \\ {},()'}, q{'ümläut ☃'}, q{E'tab\tnew\nline'} ],
    'varchar(64)'       => [ q{'a'}, q{'trailing '} ],
    'char(5)'           => [ q{'a'}, q{'abcde'} ],
    'smallint'          => [ '-32768', '0', '32767' ],
    'int'               => [ '-2147483648', '0', '2147483647' ],
    'bigint'            => [ '-9223372036854775808', '0', '9223372036854775807' ],
    'numeric'           => [ '0', '1.50', '-123456789012345678901234567890.123456789' ],
    'numeric(10,2)'     => [ '1.50', '-2' ],
    'float8'            => [ '0.1', '1e300', q{'-Infinity'}, q{'NaN'} ],
    'real'              => [ '0.1', '3.4e38' ],
    'bool'              => [ 'true', 'false' ],
    'uuid'              => [ q{'7f2c8e3a-0b6d-4c8e-9b1a-2d3e4f5a6b7c'} ],
    'timestamptz'       => [ q{'2026-11-22 06:11:37.917466+02'}, q{'infinity'}, q{'0044-03-15 12:00:00+00 BC'} ],
    'timestamp'         => [ q{'2026-11-22 06:11:37.917466'}, q{'-infinity'} ],
    'date'              => [ q{'2026-11-22'}, q{'0044-03-15 BC'} ],
    'time'              => [ q{'06:11:37.5'} ],
    'interval'          => [ q{'1 year -2 days 03:04:05.6'}, q{'-1 day'} ],
    'bytea'             => [ q{'\\x00ff10'}, q{''} ],
    'inet'              => [ q{'10.0.0.1/8'}, q{'::1'} ],
    'jsonb'             => [ q{'{"a": [1, null]}'}, q{'"text"'}, q{'null'}, q{'1'} ],
    'int4range'         => [ q{'[1,5)'}, q{'empty'} ],
    'int[]'             => [ q{'{1,2,NULL}'}, q{'{}'} ],
    'text[]'            => [ q{ARRAY['a', 'b "c" {d}', NULL]} ],
    'pair'              => [ q{(1, 'x')}, q{ROW(NULL, 'it''s')} ],
    'pair[]'            => [ q{ARRAY[(1, 'x')::pair]} ],
    'colour'            => [ q{'red'}, q{'odd "one, with {}'} ],
    'code'              => [ q{'c'} ],
    'code_of_code'      => [ q{'c'} ],
    'name'              => [ q{'n'} ],
    'text COLLATE nocase' => [ q{'Ab'}, q{'ac'} ],
    'oid'               => [ '4294967295' ]);
for my $type (sort keys %values)
{
    $node->sql("DROP TABLE IF EXISTS k; CREATE TABLE k (before text, id $type PRIMARY KEY, v int)");
    attach('k');
    $node->sql(join ';', map { "INSERT INTO k (id) VALUES ($_)" } @{ $values{$type} });
    books_all('k', "key of type $type");
}
# Nothing of the session may matter.
$relay->query("SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo'; SET IntervalStyle = 'iso_8601'; SET bytea_output = 'escape'; SET search_path = ''");
for my $type ('timestamptz', 'timestamp', 'date', 'bytea')
{
    $node->sql("DROP TABLE k; CREATE TABLE k (id $type PRIMARY KEY)");
    attach('k');
    $node->sql(join ';', map { "INSERT INTO k (id) VALUES ($_)" } @{ $values{$type} });
    books_all('k', "$type in a session with other settings");
}

# --- columns in any order, names of any kind -------------------------------------------------------------
$node->sql(<<~'SQL');
    CREATE SCHEMA "odd ""schema"", Ü";
    CREATE TABLE "odd ""schema"", Ü"."the.table" (gone1 int, "the ""key""" text, sync_revision bigint NOT NULL DEFAULT 0, gone2 jsonb,
        "B" int, sync_status varchar(20), "select" text, last_sync_timestamp timestamp, PRIMARY KEY ("B", "the ""key"""));
    ALTER TABLE "odd ""schema"", Ü"."the.table" DROP COLUMN gone1, DROP COLUMN gone2, ADD COLUMN late text DEFAULT 'x';
    SELECT gpsync.attach('"odd ""schema"", Ü"."the.table"', machine => NULL);
    INSERT INTO "odd ""schema"", Ü"."the.table" ("the ""key""", "B", "select") VALUES ('a,b', 1, 's'), ('a', 2, NULL), ('a', 1, repeat('toast', 5000));
    SQL
books_all('"odd ""schema"", Ü"."the.table"', 'odd names, dropped columns, composite key');
is($node->sql(q{SELECT sum(length("select")), count(late), pg_typeof(max(last_sync_timestamp)), max(last_sync_timestamp) > now()::timestamp - interval '1 hour'
    FROM "odd ""schema"", Ü"."the.table"}), '25001|3|timestamp without time zone|t', '... nothing else changed');

$node->sql(<<~'SQL');
    CREATE TABLE ri (id int PRIMARY KEY, code text NOT NULL UNIQUE);
    ALTER TABLE ri REPLICA IDENTITY USING INDEX ri_code_key;
    SELECT gpsync.attach('ri', machine => NULL);
    INSERT INTO ri VALUES (1, 'one'), (2, 'two');
    SQL
my @by_code = $relay->marks('ri');
like($by_code[0]{key}, qr/code/, 'a replica identity index is the key');
$node->sql('ALTER TABLE ri REPLICA IDENTITY DEFAULT');
is($relay->book($by_code[0]), '1|0|0', 'a key that is the key no more is found by its own index');
is($relay->book({ %{ $by_code[1] }, key => '{"id": 2}' }), '1|0|0', '... the new one by its own');
is($relay->book({ %{ $by_code[1] }, key => '{"nonesuch": 2}' }), '0|0|1', 'one that nothing has is superseded');
like($relay->errors, qr/WARNING:  rows of table "ri" are not marked: it has no unique index on the key of its events/, '... with a warning');
$node->sql("ALTER TABLE ri REPLICA IDENTITY FULL; UPDATE ri SET code = code");
books_all('ri', 'REPLICA IDENTITY FULL');

# --- partitions ------------------------------------------------------------------------------------------
$node->sql(<<~'SQL');
    CREATE TABLE root (region text, id int, day date, note text, PRIMARY KEY (id, region, day)) PARTITION BY LIST (region);
    CREATE TABLE root_eu PARTITION OF root FOR VALUES IN ('de', 'fr') PARTITION BY RANGE (day, id);
    CREATE TABLE root_eu_old PARTITION OF root_eu FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2026-01-01', 0);
    CREATE TABLE root_eu_new PARTITION OF root_eu FOR VALUES FROM ('2026-01-01', 0) TO (MAXVALUE, MAXVALUE);
    CREATE TABLE root_us (gone int, note text, day date NOT NULL, id int NOT NULL, region text NOT NULL);
    ALTER TABLE root_us DROP COLUMN gone;
    ALTER TABLE root ATTACH PARTITION root_us FOR VALUES IN ('us');
    CREATE TABLE root_other PARTITION OF root DEFAULT PARTITION BY HASH (id);
    CREATE TABLE root_other_0 PARTITION OF root_other FOR VALUES WITH (MODULUS 2, REMAINDER 0);
    CREATE TABLE root_other_1 PARTITION OF root_other FOR VALUES WITH (MODULUS 2, REMAINDER 1);
    SELECT gpsync.attach('root', machine => NULL);
    INSERT INTO root SELECT (ARRAY['de', 'fr', 'us', 'xx'])[i % 4 + 1], i, '2025-12-01'::date + i, 'n' FROM generate_series(1, 60) i;
    SQL
is($node->sql('SELECT count(DISTINCT tableoid) FROM root'), '5', 'rows in five partitions');
books_all('root', 'a partitioned table, by its root');
$node->sql('UPDATE root SET note = note');
books_all($_, "a partition, by its own name: $_") for 'root_eu_old', 'root_eu_new', 'root_us', 'root_other_0', 'root_other_1';
$node->sql('UPDATE root SET note = note');
my @root_marks = $relay->marks('root');
$node->sql("DROP TABLE root_us; ALTER TABLE root_eu DETACH PARTITION root_eu_old");
my $left = $node->sql('SELECT count(*) FROM root');
is($relay->book(@root_marks), "$left|0|" . (@root_marks - $left), 'rows of partitions that are gone are superseded');
$node->sql('UPDATE root SET note = note');
@root_marks = $relay->marks('root');
my $other = $node->background_psql('postgres', on_error_stop => 0);
$other->query_safe('BEGIN; LOCK TABLE root_eu_new');
my $result = $relay->book(@root_marks);
$other->query_safe('COMMIT');
my ($new) = split /\|/, $node->sql('SELECT count(*) FROM root_eu_new');
is($result, ($left - $new) . "|$new|0", 'a locked partition defers its rows alone');
is($relay->retry, 0, '... which are marked later');
is(pending('root'), '0', '... all of them');
$node->sql('UPDATE root SET note = note');
@root_marks = $relay->marks('root');
$other->query_safe('BEGIN; LOCK TABLE ONLY root_eu');
is($relay->book(@root_marks), '0|' . @root_marks . '|0', 'a locked table on the way to the partitions defers all');
$other->query_safe('COMMIT');
is($relay->retry, 0, '... for a while');
is(pending('root'), '0', '... indeed');

# --- row security, rules, generated columns, indexes, constraints ----------------------------------------
$node->sql(<<~'SQL');
    CREATE ROLE owner;
    CREATE TABLE secret (id int PRIMARY KEY, v int, done boolean GENERATED ALWAYS AS (sync_status = 'COMPLETED') STORED, sync_status varchar(20));
    CREATE FUNCTION upper_status(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN upper($1); END $$;
    CREATE INDEX ON secret (upper_status(sync_status)) WHERE sync_status <> 'FAILED';
    ALTER TABLE secret OWNER TO owner;
    SELECT gpsync.attach('secret', machine => NULL);
    INSERT INTO secret (id) SELECT generate_series(1, 3);
    ALTER TABLE secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE RULE nothing AS ON UPDATE TO secret DO INSTEAD NOTHING;
    SQL
books_all('secret', 'forced row security, a rule, a generated column');
is($node->sql("SELECT count(*) FROM secret WHERE done"), '3', 'generated columns follow');
is($node->sql("SET enable_seqscan = off; SELECT count(*) FROM secret WHERE upper_status(sync_status) = 'COMPLETED' AND sync_status <> 'FAILED'"), '3', 'indexes too');

$node->sql(<<~'SQL');
    CREATE TABLE strict (id int PRIMARY KEY, v int);
    SELECT gpsync.attach('strict', machine => NULL);
    INSERT INTO strict SELECT i, i FROM generate_series(1, 100) i;
    ALTER TABLE strict ADD CONSTRAINT not_13 CHECK (v NOT IN (13, 77)) NOT VALID;
    SQL
is($relay->book($relay->marks('strict')), '98|2|0', 'rows that a constraint refuses are deferred, alone');
is($node->sql("SELECT key, error FROM gpsync.deferred_mark ORDER BY id"),
    qq({"id": 13}|23514: new row for relation "strict" violates check constraint "not_13"\n{"id": 77}|23514: new row for relation "strict" violates check constraint "not_13"),
    '... with the error');
is($relay->retry, 2, '... and tried again in vain');
my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
my @lines = $log =~ /LOG:  could not mark rows of table "strict": (.*)/g;
is("@lines", 'SQLSTATE 23514, constraint not_13', '... which the log says once, with the name of the constraint');
unlike($log, qr/Failing row contains|\(77, 77/, '... and without the row');
$node->sql('ALTER TABLE strict DROP CONSTRAINT not_13');
ok($relay->retry_all, '... until the cause is gone');
is(pending('strict'), '0', '... and they are marked');

$node->sql("DELETE FROM gpsync.deferred_mark; CREATE TABLE typed (id text PRIMARY KEY); SELECT gpsync.attach('typed', machine => NULL);"
    . "INSERT INTO typed VALUES ('1'), ('2')");
my @typed = $relay->marks('typed');
$node->sql('ALTER TABLE typed ALTER id TYPE int USING id::int');
is($relay->book(@typed), '2|0|0', 'a key whose type has changed is converted');
is($relay->book({ %{ $typed[0] }, key => '{"id": "x"}' }), '0|1|0', '... one that cannot be is deferred');
like($node->sql('SELECT error FROM gpsync.deferred_mark'), qr/^22P02: invalid input syntax for type integer/, '... with the error');

$other->quit;
$relay->quit;
$node->stop;
done_testing;
