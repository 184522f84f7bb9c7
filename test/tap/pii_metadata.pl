# extract_metadata() has two ways: a quick one that remembers structures (jsonb in a database with UTF-8), and the other
# one, which a database with another encoding uses. Both give the same for every document.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql('CREATE EXTENSION gpsync; CREATE TABLE document (d jsonb)');
$node->sql(<<~'SQL');
    INSERT INTO document VALUES ('1'), ('"x"'), ('null'), ('[]'), ('{}'), ('{"a":{}}'), ('{"a.b":1,"a":{"b":"x"}}'), ('{"":{"":[{"":1}]}}'),
        ('{"a":[1,"x",null,true,[],{},[[1]],[{"b":1},{"b":"x"}]]}'), ('{"é":"ü","big":1e300,"neg":-0.10}'), ('{"a[]":1,"a":[1]}'),
        ('{"email":"joe@example.com","joe@example.com":1,"card":"4111111111111111","n":4111111111111111,"x":{"pan":"4111111111111111"}}'),
        ('{"tokenRequestorId":40012345678,"par":"V0010013018036776997406844229","tokenId":"550e8400-e29b-41d4-a716-446655440000","list":[{"tokenId":"550e8400-e29b-41d4-a716-446655440001"},"550e8400-e29b-41d4-a716-446655440002"]}'),
        ('{"tokenUniqueReference":"DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45","vProvisionedTokenID":"0123456789abcdef0123456789abcdef"}');
    INSERT INTO document SELECT jsonb_object_agg('k' || i, i) FROM generate_series(1, 1100) AS i;
    INSERT INTO document SELECT jsonb_object_agg('k' || i, i) FROM generate_series(1, 999) AS i;
    INSERT INTO document SELECT (repeat(o, n) || '1' || repeat(c, n))::jsonb FROM generate_series(28, 40) AS n, (VALUES ('{"a":', '}'), ('[', ']'), ('{"b":[', ']}')) AS k (o, c);
    INSERT INTO document SELECT jsonb_build_object(repeat('x', 200), jsonb_build_object(repeat('y', n), 1)) FROM generate_series(815, 830) AS n;
    SELECT setseed(0.5);
    INSERT INTO document SELECT jsonb_build_object(chr(97 + (random() * 5)::int), CASE (random() * 5)::int WHEN 0 THEN '1'::jsonb WHEN 1 THEN '"t"' WHEN 2 THEN 'null'
            WHEN 3 THEN to_jsonb(gen_random_uuid()) WHEN 4 THEN '[true, {"z": [1]}, "joe@example.com"]' ELSE '{"requestId": "x", "provisionId": null, "q": {"r": 1.5}}' END,
        'provisionId', gen_random_uuid(), 'walletId', CASE WHEN random() < 0.5 THEN to_jsonb(n) ELSE to_jsonb(gen_random_uuid()) END, 'note' || (n % 7), md5(n::text),
        'items', (SELECT jsonb_agg(jsonb_build_object('sku', 'SKU-' || i, 'quantity', i, 'tags', '["new", "sale"]'::jsonb)) FROM generate_series(1, n % 5) AS i)) FROM generate_series(1, 2000) AS n;
    CREATE TABLE answer AS SELECT d, gpsync.extract_metadata(d) AS m FROM document;
    SQL
my $file = PostgreSQL::Test::Utils::tempdir() . '/answers';
$node->sql("\\copy answer TO '$file'");
$node->sql(q{CREATE DATABASE plain ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0});
$node->safe_psql('plain', "CREATE EXTENSION gpsync; CREATE TABLE answer (d jsonb, m jsonb);\n\\copy answer FROM '$file'\n");
cmp_ok($node->safe_psql('plain', 'SELECT count(*) FROM answer'), '>', 2000, 'documents');
is($node->safe_psql('plain', 'SELECT d, m, gpsync.extract_metadata(d) FROM answer WHERE m IS DISTINCT FROM gpsync.extract_metadata(d) LIMIT 2'), '', 'the same of each');
is($node->sql('SELECT count(*) FROM answer WHERE m IS DISTINCT FROM gpsync.extract_metadata(d)'), '0', 'and again, of what is remembered');
done_testing;
