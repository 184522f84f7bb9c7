# format 'wal2json': line by line what wal2json writes with format-version 2.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main');
my $wal2json = eval { GpsyncTest::Slot->new($node, 'model', plugin => 'wal2json') };
plan skip_all => 'wal2json is not installed' if !$wal2json;

my $ours = GpsyncTest::Slot->new($node, 'ours');
$node->sql(<<~'SQL');
    CREATE PUBLICATION gpsync FOR ALL TABLES;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN positive AS int;
    CREATE TYPE pair AS (x int, y text);
    CREATE SCHEMA other; CREATE TYPE other.mood AS ENUM ('fine');
    CREATE TABLE w (junk int, id int PRIMARY KEY, a varchar(20), b numeric(10, 2), c float8, d bool, e bytea, f jsonb, g json, h int[], i mood,
        j timestamptz, k positive, l text, m pair, n char(5), o "char", p name, q oid, r int2, s int8, t real, u uuid, v date, x time,
        "Y ""y""" text, z bit(3), aa money, ab text[], ac interval(3), ad other.mood, ae timestamp(0), sync_revision bigint DEFAULT 7);
    ALTER TABLE w DROP COLUMN junk;
    INSERT INTO w VALUES (1, E'a"b\\c\n', 1.50, 1.5e-7, true, '\x00ff', '{"a": 1}', '{"b" : 2}', '{1,2}', 'ok', '2026-01-01Z', 5, 'abc', '(1,"x y")', 'ab', 'c', 'nm',
        7, 1, 2, 1.1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2026-02-02', '10:00', 'q', '101', '12.5', '{"a b","c,d"}', '1 day', 'fine', 'now');
    INSERT INTO w (id, b, c, t, d) VALUES (2, 'NaN', 'Infinity', '-Infinity', false);
    UPDATE w SET a = 'z' WHERE id = 1;
    UPDATE w SET id = 3 WHERE id = 1;
    DELETE FROM w WHERE id = 3;
    ALTER TABLE w REPLICA IDENTITY FULL;
    UPDATE w SET a = 'zz' WHERE id = 2;
    DELETE FROM w WHERE id = 2;
    CREATE TABLE alt (id int PRIMARY KEY, other text UNIQUE NOT NULL, v int);
    ALTER TABLE alt REPLICA IDENTITY USING INDEX alt_other_key;
    INSERT INTO alt VALUES (1, 'one', 1); UPDATE alt SET v = 2; UPDATE alt SET other = 'uno'; DELETE FROM alt;
    CREATE TABLE toasted (id int PRIMARY KEY, v int, big text); ALTER TABLE toasted ALTER big SET STORAGE EXTERNAL;
    INSERT INTO toasted VALUES (1, 1, repeat('x', 3000) || 'end');
    UPDATE toasted SET v = 2;
    BEGIN; INSERT INTO toasted VALUES (2, 1, repeat('y', 3000)); SAVEPOINT a; DELETE FROM toasted; ROLLBACK TO a; UPDATE toasted SET big = 'q' || big WHERE id = 2; COMMIT;
    BEGIN; TRUNCATE toasted, alt; INSERT INTO toasted SELECT i FROM generate_series(1, 3) i; COMMIT;
    CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
    INSERT INTO part VALUES (1);
    SQL

sub settings { my ($zone) = @_; return $node->sql("ALTER ROLE CURRENT_USER SET timezone = '$zone'; ALTER ROLE CURRENT_USER SET lc_monetary = 'C'"); }
settings('UTC');
my @expected;
for my $line ($wal2json->lines('format-version' => 2))
{
    # A transaction without a change: wal2json writes its lines, we do not.
    if ($line eq '{"action":"C"}' && @expected && $expected[-1] eq '{"action":"B"}') { pop @expected; }
    else                                                                             { push @expected, $line; }
}
settings('Asia/Tokyo');
my $copy = $ours->copy('copy');
is_deeply([ $ours->lines(format => 'wal2json') ], \@expected, 'the same lines, whatever the time zone');
is_deeply([ map { @{ $_->{lines} } } $copy->messages(format => 'wal2json', pack_bytes => 500) ], \@expected, 'the same lines, packed');
cmp_ok(scalar @expected, '>', 40, 'and there were some');

done_testing;
