# The decoder's values are what to_jsonb(row) gives, whatever the settings of the session that reads.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql(<<~'SQL');
    CREATE EXTENSION gpsync;
    CREATE EXTENSION hstore;
    CREATE EXTENSION citext;
    CREATE TYPE mood AS ENUM ('sad', 'so "so"', 'happy');
    CREATE TYPE pair AS (x int, "y ""y""" text, at timestamptz);
    CREATE TYPE nested AS (p pair, ps pair[], m mood, n numeric);
    CREATE DOMAIN positive AS int CHECK (VALUE > 0);
    CREATE DOMAIN short AS varchar(10);
    CREATE DOMAIN shorts AS short[];
    CREATE DOMAIN pair_domain AS pair;
    CREATE DOMAIN doc AS jsonb;
    CREATE TYPE float_range AS RANGE (subtype = float8);
    CREATE TABLE wide (
        id int PRIMARY KEY,
        b bool, i2 int2, i4 int4, i8 int8, r real, d double precision, n numeric, n2 numeric(12, 3),
        t text, vc varchar(50), c char(6), ch "char", nm name, ba bytea, u uuid,
        dt date, tm time, tmtz timetz, ts timestamp, tstz timestamptz, ts0 timestamptz(0), iv interval,
        j json, jb jsonb, ia int[], ta text[], na numeric[], tsa timestamptz[], ba2 bytea[], ja jsonb[], ba3 bool[], ca char(3)[],
        m mood, ma mood[], p pair, pa pair[], ne nested, dom positive, doms positive[], sh short, shs shorts, pd pair_domain, docd doc,
        ir int4range, tr tstzrange, fr float_range, mr int8multirange, ira int4range[],
        net inet, cidr cidr, mac macaddr, bits bit(5), vbits varbit, money money, pt point, box box, path path, circle circle,
        tsv tsvector, tsq tsquery, lsn pg_lsn, o oid, x xml, tid tid, x8 xid8, iv2 int2vector, rc regclass, rt regtype,
        hs hstore, ci citext, cia citext[], jp jsonpath);
    CREATE PUBLICATION gpsync FOR TABLE wide;
    -- Network addresses are PII.
    SELECT gpsync.redact_in_stream('wide', c, 'pass') FROM unnest('{net,cidr,mac}'::name[]) c;
    CREATE TABLE seen (e jsonb);
    SQL
my $slot = GpsyncTest::Slot->new($node, 'types');

$node->sql(<<~'SQL');
    SET timezone = 'Europe/Berlin';
    INSERT INTO wide (id) VALUES (0);
    INSERT INTO wide VALUES (1,
        true, -32768, 2147483647, -9223372036854775808, 1.1, 0.1, 12345678901234567890.0123456789, 5,
        E'quote " back \\ slash / tab \t line \n feed \f \r \b bell \x07 del \x7f żółw 日本', 'v', 'ab', 'c', 'a name', '\xdeadbeef00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        '2026-11-22', '23:59:59.123', '01:02:03+05:30', '2026-11-22 06:11:37.9174', '2026-07-22 06:11:37.917466', '2026-11-22 06:11:37', '1 year 2 mons -3 days 04:05:06.7',
        '{ "b" : 1,  "a":[1 , null, "x y"] }', '{"b": 1.50, "a": [1, null, true, {"deep": ["x \" y", {}, []]}], "": -0.0000001}',
        '{1,NULL,3}', '{"a b",NULL,"q\"",""}', '{1.0,NaN,-2.50}', '{"2026-01-01 00:00:00+00","2026-07-01 12:00:00+00"}', '{"\\x00","\\x0aff"}', ARRAY['{"a": 1}'::jsonb, '2'], '{t,f,NULL}', '{a,b}',
        'so "so"', '{sad,happy}', ROW(1, 'y', '2026-07-01Z'), ARRAY[ROW(1, 'y', '2026-07-01Z'), NULL, ROW(NULL, NULL, NULL)]::pair[],
        ROW(ROW(1, E'a\n', NULL), ARRAY[ROW(2, 'b', '2026-07-01Z')]::pair[], 'sad', 1.0), 5, '{1,2}', 'short', '{a,b}', ROW(7, 'z', NULL), '[1, "d"]',
        '[1,5)', '[2026-01-01 00:00:00+00,2026-07-01 00:00:00+00)', '[1.1,1e30)', '{[1,3),[5,7)}', ARRAY['[1,2)'::int4range],
        '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '10101', '101', 1234.5, '(1,2.5)', '((0,0),(1,1))', '[(0,0),(1,1)]', '<(0,0),1>',
        'a fat cat', 'fat & rat', '16/B374D848', 4294967295, '<a b="c">d</a>', '(1,2)', '123', '1 2 3', 'pg_class', 'int4',
        'a=>1,b=>NULL', 'CiText', '{A,b}', '$.a[*]');
    INSERT INTO wide (id, r, d, n, n2, t, dt, ts, tstz, ia, ta, jb, j, iv) VALUES
        (2, 'NaN', 'Infinity', 'NaN', 0, '', 'infinity', '-infinity', 'infinity', '{}', '{{a,b},{c,NULL}}', '"scalar"', '"scalar"', '0'),
        (3, '-Infinity', '-0', '-Infinity', -0.5, ' ', '0044-03-15 BC', '0044-03-15 12:00 BC', '0044-03-15 12:00 BC', '[-1:1]={7,8,9}', '{{{1},{2}},{{3},{4}}}', 'null', 'null', '-1 day'),
        (4, 1e10, 1e300, 1e-20, 999999999.999, repeat('x', 5000), '9999-12-31', '9999-12-31 23:59:59.999999', '10000-01-01', NULL, NULL, '1e100', '1e5', '178000000 years'),
        (5, 1e-10, 1.5e-7, 10000, 10000, repeat(E'"\\', 3000), '5874897-12-31', '294276-12-31 23:59:59', '0001-01-01 00:00:00+00', NULL, NULL, '[]', '[]', NULL),
        (6, 16777216, 123456789012345680, 1e40, -99999.001, NULL, '0001-01-01', '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00+00', NULL, NULL, '{}', '{}', NULL),
        (7, 3.4e38, 1e15, 0.00010001, 1000000.01, NULL, '0001-12-31 BC', '2000-01-01', '2000-01-01 00:00:00.000001+00', NULL, NULL, 'true', E'{"a":\n\t[1,\r\n 2], "s": "x \\n \\" y" }\n', NULL),
        (8, 0, 100000, 1e130, 0.001, NULL, '1582-10-04', '1582-10-04', '9999-12-31 23:59:59.999999+00', NULL, NULL, '[[[[1]]]]', '7', NULL);
    INSERT INTO wide (id, n) SELECT 100 + i, (CASE WHEN i % 2 = 0 THEN -1 ELSE 1 END * (0.123456789 * power(10::numeric, i - 40))) FROM generate_series(1, 80) i;
    INSERT INTO wide (id, n) SELECT 200 + i, (i * 10000::numeric ^ (i / 4 - 4))::numeric(60, 18) FROM generate_series(1, 40) i;
    INSERT INTO wide (id, d, r) SELECT 300 + i, 1.234567 * 10 ^ (i - 20), 9.87 * 10 ^ (i - 20) FROM generate_series(1, 40) i;
    INSERT INTO wide (id, jb) SELECT 400 + i, (SELECT jsonb_object_agg('key' || k, repeat('v', k * i)) FROM generate_series(1, 5 * i) k) FROM generate_series(1, 20) i;
    INSERT INTO wide (id, tstz, ts, dt) SELECT 500 + i, t, t, t FROM generate_series(1, 60) i, LATERAL (SELECT '0001-06-01 BC'::timestamptz + i * interval '199 years 3 months 1 day 1:23:45.678901') x (t);
    INSERT INTO wide (id, jb, t) SELECT 600, jsonb_build_object('big', string_agg(md5(i::text), '')), string_agg(md5(i::text), '') FROM generate_series(1, 1000) i;
    SQL

# What the table has in session settings that are those of the stream, against what the stream has.
sub differences
{
    return $node->sql(<<~'SQL');
        SET timezone = 'UTC';
        SET lc_monetary = 'C';
        SET search_path = pg_catalog;
        SELECT id, key, value, of_stream
        FROM public.wide, LATERAL (SELECT e #> '{data,row}' shown FROM public.seen WHERE e #> '{data,key,id}' = pg_catalog.to_jsonb(id)) s,
             LATERAL (SELECT key, value::text, (s.shown -> key)::text of_stream FROM jsonb_each(to_jsonb(wide) || '{"hs": null}')) f
        WHERE value IS DISTINCT FROM of_stream AND key <> 'hs'
        UNION ALL SELECT id, 'missing', NULL, NULL FROM public.wide WHERE NOT EXISTS (SELECT FROM public.seen WHERE e #> '{data,key,id}' = to_jsonb(id))
        SQL
}

my $odd_settings = <<~'SQL';
    SET timezone = 'Asia/Kolkata'; SET datestyle = 'SQL, DMY'; SET intervalstyle = 'iso_8601'; SET extra_float_digits = -5;
    SET bytea_output = 'escape'; SET lc_monetary = 'C.UTF-8'; SET search_path = public; SET quote_all_identifiers = on;
    SQL
my @names = qw(TimeZone DateStyle IntervalStyle extra_float_digits bytea_output lc_monetary search_path quote_all_identifiers);
my $show  = 'SELECT ' . join(" || '|' || ", map { "pg_catalog.current_setting('$_')" } @names);
my $peek  = $slot->call('pg_logical_slot_peek_changes');

$node->sql("INSERT INTO seen SELECT data::jsonb FROM $peek");
is(differences(), '', 'every value is what to_jsonb gives');
is($node->sql("SELECT e #>> '{data,row,hs}' FROM seen WHERE e #>> '{data,key,id}' = '1'"), '"a"=>"1", "b"=>NULL', 'no cast to json is called');

my $plain = $node->sql("SELECT md5(string_agg(data, '|')) FROM $peek");
is($node->sql("$odd_settings SELECT md5(string_agg(data, '|')) FROM $peek"), $plain, 'not a byte depends on the settings of the session');

is($node->sql("SELECT count(*) FROM $peek WHERE data ~ E'[\\n\\r]'"), '0', 'an event is a line');
like($node->sql("SELECT data FROM $peek WHERE data LIKE '%\"key\":{\"id\":7}%'"), qr/"j":\{"a":\[1,2\],"s":"x \\n \\" y"\}/, 'json with line breaks is compacted');
like($node->sql("SELECT data FROM $peek WHERE data LIKE '%\"key\":{\"id\":1}%'"), qr/"j":\{ "b" : 1,  "a":\[1 , null, "x y"\] \}/, 'json without is as it was written');

# --- the reader's session
my $before = $node->sql("$odd_settings $show");
is($node->sql("$odd_settings SELECT count(*) > 0 FROM $peek; $show"), "t\n$before", 'the settings of the session come out unchanged');
is($node->sql("$odd_settings BEGIN; SAVEPOINT a; SELECT count(*) > 0 FROM $peek; $show; COMMIT; $show"), "t\n$before\n$before", '... in a transaction');
is($node->sql("$odd_settings BEGIN; SET LOCAL timezone = 'Asia/Tokyo'; SELECT count(*) > 0 FROM $peek; SHOW timezone; COMMIT; $show"),
    "t\nAsia/Tokyo\n$before", '... SET LOCAL too');

# An error in the middle of a transaction, after the settings were pinned for its first change.
$node->sql('CREATE TABLE filtered (id int PRIMARY KEY, a int); CREATE PUBLICATION with_list FOR TABLE filtered, wide');
$node->sql(<<~'SQL');
    BEGIN;
    INSERT INTO wide (id, money) VALUES (1000, 1);
    ALTER PUBLICATION with_list SET TABLE filtered (id), wide;
    CREATE PUBLICATION with_another FOR TABLE filtered (a);
    INSERT INTO filtered VALUES (1, 1);
    COMMIT;
    SQL
my ($out, $err) = ('', '');
$node->psql('postgres', "$odd_settings\nBEGIN; SAVEPOINT a;\nSELECT count(*) FROM "
        . $slot->call('pg_logical_slot_peek_changes', publication_names => 'with_list, with_another') . ";\nROLLBACK TO a; $show; COMMIT; $show;\n"
        . 'SELECT count(*) FROM ' . $slot->call('pg_logical_slot_peek_changes', publication_names => 'with_list, with_another') . "; $show; SELECT count(*) > 0 FROM $peek",
    stdout => \$out, stderr => \$err, on_error_stop => 0);
like($err, qr/cannot use different column lists for table "public.filtered" in different publications/, 'reading fails in the middle');
is($out, "$before\n$before\n$before\nt", 'the settings of the session come out unchanged all the same, and it can go on');

# --- a composite type that changes while the decoder keeps what it knows
$node->sql(<<~'SQL');
    SELECT FROM pg_logical_slot_get_changes('types', NULL, NULL);
    UPDATE wide SET p = ROW(2, 'before', NULL) WHERE id = 1;
    ALTER TYPE pair ADD ATTRIBUTE z int;
    UPDATE wide SET p = ROW(3, 'after', NULL, 4) WHERE id = 1;
    ALTER TYPE pair DROP ATTRIBUTE x;
    UPDATE wide SET i4 = 0 WHERE id = 1;
    ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
    UPDATE wide SET m = 'blue' WHERE id = 1;
    SQL
my @events = $slot->events;
is_deeply([ map { $_->{data}{row}{p} } @events[ 0 .. 2 ] ],
    [ { x => 2, 'y "y"' => 'before', at => undef }, { x => 3, 'y "y"' => 'after', at => undef, z => 4 }, { 'y "y"' => 'after', at => undef, z => 4 } ],
    'a composite type is shown as it was at each change');
is($events[3]{data}{row}{m}, 'blue', 'and so is an enum');

# --- other encodings
$node->sql(q(CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0));
$node->safe_psql('latin', <<~'SQL');
    SET client_encoding = 'UTF8';
    CREATE TABLE "café" (k text PRIMARY KEY, v jsonb);
    CREATE PUBLICATION gpsync FOR ALL TABLES;
    SQL
my $latin = GpsyncTest::Slot->new($node, 'latin', db => 'latin');
$node->safe_psql('latin', qq(SET client_encoding = 'UTF8'; INSERT INTO "café" VALUES ('né\n', '"ü"')));
$node->psql('latin', q(SET client_encoding = 'UTF8'; SELECT data FROM ) . $latin->call('pg_logical_slot_peek_changes'), stdout => \$out);
like($out, qr{"subject":"public\.caf%C3%A9/n%C3%A9%0A".*"table":"café".*"row":\{"k":"né\\n","v":"ü"\}}, 'SQL: converted to the encoding of the client');
my $received = $node->basedir . '/latin';
PostgreSQL::Test::Utils::command_ok([ 'pg_recvlogical', '-d', $node->connstr('latin'), '--slot', 'latin', '--start', '--no-loop', '--endpos',
        $node->safe_psql('latin', 'SELECT pg_current_wal_lsn()'), '-f', $received, '-o', 'pack_bytes=8kB' ], 'pg_recvlogical');
like(PostgreSQL::Test::Utils::slurp_file($received), qr{"subject":"public\.caf%C3%A9/n%C3%A9%0A".*"table":"café".*"row":\{"k":"né\\n","v":"ü"\}}, 'the stream is UTF-8');

done_testing;
