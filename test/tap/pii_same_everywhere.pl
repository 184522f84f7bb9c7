# What scrubs a document reads it as jsonb (scrub(), a column of type jsonb), as JSON text (a column of type json), and
# inside of what is streamed: the labelled documents of test/data/pii come out of all of them the same, and so does what
# find_pii() says of them.
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
    CREATE PUBLICATION gpsync FOR ALL TABLES;
    CREATE TABLE line (set text, line text);
    CREATE TABLE stored (id int PRIMARY KEY, set text, b jsonb, t json);
    SELECT gpsync.scrub_on_write('stored', 'b'), gpsync.scrub_on_write('stored', 't');
    CREATE TABLE streamed (id int PRIMARY KEY, b jsonb, t json);
    CREATE TABLE result (id int PRIMARY KEY, b jsonb, t jsonb);
    SQL
my @sets = map { m{([^/]+)\.jsonl$} } glob "$ENV{GPSYNC_TEST_ROOT}/test/data/pii/*.jsonl";
cmp_ok(scalar @sets, '>=', 11, 'labelled sets');
for my $set (@sets)
{
    open my $file, '<:raw', "$ENV{GPSYNC_TEST_ROOT}/test/data/pii/$set.jsonl" or die "$set: $!";
    my @values = map { chomp; s/'/''/g; "('$set', '$_')" } <$file>;
    while (my @some = splice @values, 0, 200) { $node->sql('INSERT INTO line VALUES ' . join(', ', @some)); }
}
# A document that is a number or text is none of an object's members: nothing to compare.
$node->sql(<<~'SQL');
    CREATE TABLE labelled AS SELECT row_number() OVER ()::int AS id, set, line::jsonb -> 'document' AS d FROM line;
    INSERT INTO stored SELECT id, set, d, d::text::json FROM labelled;
    SQL
is($node->sql('SELECT count(*) > 6000 FROM labelled'), 't', 'thousands of documents');
is($node->sql('SELECT l.d, s.b FROM labelled l JOIN stored s USING (id) WHERE gpsync.scrub(l.d) IS DISTINCT FROM s.b LIMIT 3'),
    '', 'scrub() and a column of type jsonb');
is($node->sql('SELECT l.set, l.d, s.b, s.t FROM labelled l JOIN stored s USING (id) WHERE s.b::text IS DISTINCT FROM s.t::jsonb::text LIMIT 3'),
    '', 'a column of type json');
is($node->sql('SELECT l.d, s.b FROM labelled l JOIN stored s USING (id) WHERE gpsync.has_pii(l.d) <> (l.d::text IS DISTINCT FROM s.b::text) LIMIT 3'),
    '', 'has_pii() says whether something goes');
is($node->sql(<<~'SQL'), '', 'find_pii() finds something where something goes');
    SELECT l.d, s.b FROM labelled l JOIN stored s USING (id)
    WHERE EXISTS (SELECT FROM gpsync.find_pii(l.d)) <> (l.d::text IS DISTINCT FROM s.b::text) LIMIT 3
    SQL
is($node->sql('SELECT d FROM stored, LATERAL (SELECT b AS d UNION ALL SELECT t::jsonb) AS both_columns WHERE gpsync.has_pii(d) LIMIT 3'),
    '', 'nothing is found in what stays');

my $slot = GpsyncTest::Slot->new($node, 'sets');
$node->sql('INSERT INTO streamed SELECT id, d, d::text::json FROM labelled');
$node->sql('INSERT INTO result SELECT (e -> \'data\' -> \'row\' ->> \'id\')::int, e -> \'data\' -> \'row\' -> \'b\', e -> \'data\' -> \'row\' -> \'t\''
    . ' FROM (SELECT data::jsonb AS e FROM ' . $slot->call('pg_logical_slot_get_changes') . ') AS event');
is($node->sql('SELECT count(*) FROM result'), $node->sql('SELECT count(*) FROM labelled'), 'all are streamed');
is($node->sql('SELECT s.b, r.b FROM result r JOIN stored s USING (id) WHERE r.b::text IS DISTINCT FROM s.b::text LIMIT 3'),
    '', 'jsonb in the stream');
is($node->sql('SELECT s.b, r.t FROM result r JOIN stored s USING (id) WHERE r.t::text IS DISTINCT FROM s.b::text LIMIT 3'),
    '', 'json in the stream');
done_testing;
