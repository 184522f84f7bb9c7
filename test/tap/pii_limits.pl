# Large and hostile documents: looking into one can be cancelled, and what it needed is given back.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use PostgreSQL::Test::Utils ();
use Test::More;
use Time::HiRes ();

my $node = GpsyncTest->new_node('main');
$node->sql('CREATE EXTENSION gpsync');

# --- cancelled in one long text, in many short ones, in a text column
$node->sql(<<~'SQL');
    CREATE TABLE long_text AS SELECT to_jsonb(repeat('5 ', 1500000)) AS document;
    CREATE TABLE many_texts AS SELECT jsonb_agg(repeat('5 ', 100)) AS document FROM generate_series(1, 15000);
    CREATE TABLE many_addresses AS SELECT to_jsonb(repeat('a@', 3000000)) AS document;
    CREATE TABLE texts AS SELECT document::text AS many, (SELECT document #>> '{}' FROM long_text) AS long FROM many_texts;
    CREATE TABLE written (id int PRIMARY KEY, document text);
    SELECT gpsync.scrub_on_write('written', 'document');
    SQL
for my $query (
    'SELECT gpsync.has_pii(document) FROM long_text',
    'SELECT gpsync.scrub(document) FROM many_texts',
    'SELECT count(*) FROM many_texts, gpsync.find_pii(document)',
    'SELECT gpsync.extract_metadata(document) FROM many_texts',
    'SELECT gpsync.has_pii(document) FROM many_addresses',
    'INSERT INTO written SELECT 1, many FROM texts',
    'INSERT INTO written SELECT 1, long FROM texts')
{
    # Cancelled after a quarter of the time that it takes, on whatever machine this is.
    my $start = Time::HiRes::time();
    $node->sql("BEGIN; $query; ROLLBACK");
    my $timeout = int((Time::HiRes::time() - $start) * 250) + 1;
    my ($sqlstate) = $node->sql_error("SET statement_timeout = '${timeout}ms'; BEGIN; $query");
    is($sqlstate, '57014', "cancelled: $query");
}

# --- in the stream
$node->sql(<<~'SQL');
    CREATE PUBLICATION gpsync FOR TABLE many_texts;
    SELECT FROM pg_create_logical_replication_slot('many', 'gpsync_decoder');
    INSERT INTO many_texts SELECT document FROM many_texts;
    SQL
my $start = Time::HiRes::time();
$node->sql(q(SELECT count(*) FROM pg_logical_slot_peek_changes('many', NULL, NULL)));
my $timeout = int((Time::HiRes::time() - $start) * 250) + 1;
my ($sqlstate) = $node->sql_error("SET statement_timeout = '${timeout}ms'; SELECT count(*) FROM pg_logical_slot_peek_changes('many', NULL, NULL)");
is($sqlstate, '57014', 'cancelled: decoding');

# --- in the stream, as deep as the server lets in, under the default max_stack_depth
$node->sql(<<~'SQL');
    CREATE TABLE deep (id int PRIMARY KEY, d jsonb, j json, p jsonb);
    SELECT gpsync.redact_in_stream('deep', 'p', 'pass');
    CREATE PUBLICATION deep FOR TABLE deep;
    SELECT FROM pg_create_logical_replication_slot('deep', 'gpsync_decoder');
    INSERT INTO deep SELECT n, (repeat('[1,', n) || '{"email":"joe@example.com","k":[1.50,null,true,"x"]}' || repeat(',{"z":2}]', n))::jsonb, NULL FROM (VALUES (199), (200), (201), (5000)) v (n);
    INSERT INTO deep SELECT n + 10000, NULL, (repeat('{"a":', n) || '{"email":"joe@example.com","k":[1.50,null,true,"x"]}' || repeat('}', n))::json FROM (VALUES (199), (200), (201), (5000)) v (n);
    INSERT INTO deep SELECT -n, (repeat('{"a":', n) || '{"email":"joe@example.com","k":[1.50,null,true,"x"]}' || repeat('}', n))::jsonb, NULL FROM (VALUES (199), (200), (201), (4000)) v (n);
    INSERT INTO deep (id, p) SELECT n + 20000, (repeat('[1,', n) || '{"email":"joe@example.com","k":[1.50,null,true,"x"],"e":{},"f":[]}' || repeat(',{"z":2}]', n))::jsonb FROM (VALUES (199), (200), (201), (5000)) v (n);
    SQL
for my $format (qw(cloudevents wal2json))
{
    my $text = $node->sql("SELECT data FROM pg_logical_slot_peek_changes('deep', NULL, NULL, 'publication_names', 'deep', 'format', '$format')");
    is(() = $text =~ /joe/g, 4, "$format: a deep document is looked into, but for what passes");
}
is($node->sql(<<~'SQL'), '16|12|4', '... and is what scrub() leaves of it');
    SELECT count(*), count(*) FILTER (WHERE (data::jsonb #> '{data,row,d}') IS NOT DISTINCT FROM gpsync.scrub(d) OR (data::jsonb #> '{data,row,j}')::text = gpsync.scrub(j::jsonb)::text), count(*) FILTER (WHERE data::jsonb #> '{data,row,p}' = p)
    FROM pg_logical_slot_peek_changes('deep', NULL, NULL, 'publication_names', 'deep') JOIN deep ON id = (data::jsonb #>> '{data,key,id}')::int
    SQL
is($node->sql(q(SELECT gpsync.extract_metadata(d) ->> 'depth' FROM deep WHERE id = 5000)), '5002', '... and the functions of SQL go as deep');

# --- what a large document needed is given back, but for what malloc holds for the next time
sub resident { my ($pid) = @_; my ($kb) = PostgreSQL::Test::Utils::slurp_file("/proc/$pid/status") =~ /^VmRSS:\s+(\d+)/m; return $kb / 1024 }
my $session = $node->background_psql('postgres');
my $pid = $session->query('SELECT pg_backend_pid()');
for my $document (
    q(to_jsonb(repeat('5 ', 6000000) || repeat('joe@example.com ', 2000000))),
    q((SELECT jsonb_agg('joe' || i || '@example.com') FROM generate_series(1, 500000) AS i)),
    q((SELECT jsonb_object_agg('joe' || i || '@example.com', i) FROM generate_series(1, 300000) AS i)))
{
    $session->query("SELECT $_ FROM (SELECT $document AS d OFFSET 0) AS x") for 'gpsync.scrub(d) IS NULL', 'EXISTS (SELECT FROM gpsync.find_pii(d))';
}
cmp_ok(resident($pid), '<', 220, 'memory is given back');
$session->quit;

# --- millions of findings under long paths
$session = $node->background_psql('postgres');
$pid = $session->query('SELECT pg_backend_pid()');
is($session->query(q(SELECT count(*), min(length(path)) FROM (SELECT (repeat('{"key":', 2000) || jsonb_agg('joe' || i || '@example.com') || repeat('}', 2000))::jsonb AS d FROM generate_series(1, 40000) AS i) AS x,
    gpsync.find_pii(d))), '40000|8004', 'every finding is reported');
my ($most) = PostgreSQL::Test::Utils::slurp_file("/proc/$pid/status") =~ /^VmHWM:\s+(\d+)/m;
cmp_ok($most / 1024, '<', 200, '... without holding them all');
$session->quit;

# --- keys so long that listing their paths would take gigabytes
is($node->sql(q(SELECT gpsync.extract_metadata(jsonb_build_object(repeat('k', 4000000), (SELECT jsonb_object_agg('k' || i, i) FROM generate_series(1, 900) AS i))) ->> 'schema_truncated')),
    'true', 'paths of enormous length are not listed');

done_testing;
