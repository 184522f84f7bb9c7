# The decoder: every kind of change, replica identities, TOAST, transactions, partitions, changes of the schema.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use GpsyncTest::Slot;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->sql('CREATE PUBLICATION gpsync FOR ALL TABLES');
my $slot = GpsyncTest::Slot->new($node, 'changes');
my $long = "repeat('0123456789', 1000)";

# Runs SQL and gives the events it made.
sub after { my ($sql) = @_; $node->sql($sql); return $slot->events; }
sub types { return join ' ', map { $_->{type} =~ s/^gpsync\.(row|table)\.//r } @_; }

# --- kinds of change
my ($e, @e);
@e = after('CREATE TABLE t (id int PRIMARY KEY, name text)');
is(@e, 0, 'a transaction without a streamed change gives nothing');

($e) = after("INSERT INTO t VALUES (1, 'a')");
is($e->{type}, 'gpsync.row.inserted', 'insert');
is($e->{specversion}, '1.0', 'specversion');
is($e->{subject}, 'public.t/1', 'subject');
is($e->{partitionkey}, 'public.t/1', 'partitionkey');
is($e->{datacontenttype}, 'application/json', 'datacontenttype');
is($e->{source}, $node->sql("SELECT '/gpsync/' || system_identifier || '/postgres' FROM pg_control_system()"), 'source');
like($e->{time}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/, 'time');
like($e->{id}, qr/^[0-9A-F]{16}-00000001-[0-9A-F]{16}$/, 'id');
is(substr($e->{id}, 0, 25), $e->{sequence}, 'sequence is the front of id');
is_deeply([ sort keys %{ $e->{data} } ], [qw(key row schema table xid)], 'an insert has no old, no revision');
is_deeply($e->{data}{key}, { id => 1 }, 'key');
is_deeply($e->{data}{row}, { id => 1, name => 'a' }, 'row');
is($e->{data}{schema} . '.' . $e->{data}{table}, 'public.t', 'schema and table');
is($e->{data}{xid}, $node->sql("SELECT xmin FROM t"), 'xid');

($e) = after("UPDATE t SET name = 'b'");
is($e->{type}, 'gpsync.row.updated', 'update');
is_deeply($e->{data}{row}, { id => 1, name => 'b' }, 'new row');
ok(!exists $e->{data}{old}, 'the key is the same: no old row');

@e = after("UPDATE t SET id = 2");
is(types(@e), 'updated', 'a change of key is one update');
is_deeply($e[0]{data}{key}, { id => 2 }, 'with the new key');
is_deeply($e[0]{data}{old}, { id => 1 }, 'and the old one');
is($e[0]{subject}, 'public.t/2', 'and the new subject');

($e) = after('DELETE FROM t');
is($e->{type}, 'gpsync.row.deleted', 'delete');
is_deeply($e->{data}{key}, { id => 2 }, 'key of the deleted row');
is_deeply([ sort keys %{ $e->{data} } ], [qw(key old schema table xid)], 'a deleted row has neither row nor revision');

@e = after('CREATE TABLE u (id int PRIMARY KEY); TRUNCATE t, u RESTART IDENTITY CASCADE');
is(types(@e), 'truncated truncated', 'truncate: an event each');
is_deeply([ map { $_->{subject} } @e ], [ 'public.t', 'public.u' ], 'their subjects are the tables');
is_deeply([ map { GpsyncTest::Slot::ordinal($_) } @e ], [ 1, 2 ], 'an ordinal each');
is_deeply($e[0]{data}{key}, {}, 'no key');
ok($e[0]{data}{cascade} && $e[0]{data}{restart_identity}, 'and what TRUNCATE was told');

# --- keys
@e = after(<<~'SQL');
    CREATE TABLE "Odd Schema.x" (a text, "b c" text, n int, PRIMARY KEY ("b c", a));
    INSERT INTO "Odd Schema.x" VALUES (E'x/y,z"\\\n', 'ż%', 1);
    SQL
is($e[0]{subject}, 'public.Odd%20Schema%2Ex/%C5%BC%25,x%2Fy%2Cz%22%5C%0A', 'parts of the key in the order of the index, percent-encoded');
is_deeply($e[0]{data}{key}, { 'b c' => "\x{17c}%", a => qq{x/y,z"\\\n} }, 'and as JSON');

@e = after(<<~'SQL');
    CREATE TABLE nokey (a int, b text);
    INSERT INTO nokey VALUES (1, 'x');
    ALTER TABLE nokey REPLICA IDENTITY FULL;
    UPDATE nokey SET a = 2;
    DELETE FROM nokey;
    SQL
is(types(@e), 'inserted updated deleted', 'a table without a key');
is_deeply([ map { [ $_->{subject}, $_->{data}{key} ] } @e ], [ ([ 'public.nokey', {} ]) x 3 ], 'has an empty one');
is_deeply($e[1]{data}{old}, { a => 1, b => 'x' }, 'its old row');

# --- replica identities
@e = after(<<~'SQL');
    CREATE TABLE ri (id int PRIMARY KEY, alt text NOT NULL UNIQUE, v int);
    INSERT INTO ri VALUES (1, 'one', 1);
    ALTER TABLE ri REPLICA IDENTITY FULL;
    UPDATE ri SET v = 2;
    DELETE FROM ri;
    SQL
is_deeply($e[1]{data}{key}, { id => 1 }, 'FULL: the key is the primary key');
is_deeply($e[1]{data}{old}, { id => 1, alt => 'one', v => 1 }, 'FULL: old is the whole row');
is_deeply($e[2]{data}{key}, { id => 1 }, 'FULL: key of a deleted row');
is_deeply($e[2]{data}{old}, { id => 1, alt => 'one', v => 2 }, 'FULL: the whole deleted row');

@e = after(<<~'SQL');
    ALTER TABLE ri REPLICA IDENTITY USING INDEX ri_alt_key;
    INSERT INTO ri VALUES (1, 'one', 1);
    UPDATE ri SET v = 2;
    UPDATE ri SET alt = 'uno';
    DELETE FROM ri;
    SQL
is_deeply([ map { $_->{data}{key} } @e ], [ map { { alt => $_ } } qw(one one uno uno) ], 'USING INDEX: its columns are the key');
is_deeply([ map { $_->{data}{old} } @e ], [ undef, undef, { alt => 'one' }, { alt => 'uno' } ], 'USING INDEX: old is the key');
is($e[0]{subject}, 'public.ri/one', 'USING INDEX: subject');

$node->sql('ALTER TABLE ri REPLICA IDENTITY NOTHING');
($e) = after("INSERT INTO ri VALUES (1, 'one', 1)");
is_deeply($e->{data}{key}, { id => 1 }, 'NOTHING: the key is the primary key');

# --- bookkeeping columns
@e = after(<<~'SQL');
    CREATE TABLE booked (junk int, sync_revision bigint NOT NULL DEFAULT 0, id int PRIMARY KEY, sync_status varchar(20),
                         last_sync_timestamp timestamptz, v text);
    ALTER TABLE booked DROP COLUMN junk;
    ALTER TABLE booked REPLICA IDENTITY FULL;
    INSERT INTO booked VALUES (42, 1, 'PENDING', now(), 'x');
    UPDATE booked SET sync_revision = 649591936, v = 'y';
    DELETE FROM booked;
    CREATE TABLE unbooked (id int PRIMARY KEY, sync_status text, sync_revision text);
    INSERT INTO unbooked VALUES (1, 'mine', 'also mine');
    SQL
is_deeply([ map { $_->{data}{revision} } @e ], [ 42, 649591936, undef, undef ], 'revision, but not of a deleted row');
is_deeply($e[1]{data}{row}, { id => 1, v => 'y' }, 'row leaves the bookkeeping columns out');
is_deeply($e[1]{data}{old}, { id => 1, v => 'x' }, 'and so does old');
is_deeply($e[3]{data}{row}, { id => 1, sync_status => 'mine', sync_revision => 'also mine' }, 'columns of that name in a table that is not attached stay');

# --- TOAST
@e = after(<<~SQL);
    CREATE TABLE toasted (id int PRIMARY KEY, v int, photo text, "more ""it""" text);
    ALTER TABLE toasted ALTER photo SET STORAGE EXTERNAL, ALTER "more ""it""" SET STORAGE EXTERNAL;
    INSERT INTO toasted VALUES (1, 1, $long, $long || 'x');
    UPDATE toasted SET v = 2;
    UPDATE toasted SET photo = $long || 'new';
    SQL
is_deeply($e[1]{data}{row}, { id => 1, v => 2 }, 'a TOASTed value that was not touched is not in the row');
is_deeply($e[1]{data}{unchanged}, [ 'photo', 'more "it"' ], 'but named as unchanged');
is($e[2]{data}{row}{photo}, ('0123456789' x 1000) . 'new', 'one that was touched is in the row');
is_deeply($e[2]{data}{unchanged}, ['more "it"'], 'the other still is not');
@e = after("ALTER TABLE toasted REPLICA IDENTITY FULL; UPDATE toasted SET v = 3;");
is_deeply([ map { length } @{ $e[0]{data}{row} }{ 'photo', 'more "it"' } ], [ 10003, 10001 ], 'FULL: the old row has it, so the row has it');
ok(!exists $e[0]{data}{unchanged}, 'FULL: nothing is unknown');
@e = after(<<~SQL);
    CREATE TABLE big_key (k text PRIMARY KEY, v int);
    ALTER TABLE big_key ALTER k SET STORAGE EXTERNAL;
    INSERT INTO big_key VALUES (repeat('k', 2500), 1);
    UPDATE big_key SET v = 2;
    SQL
is_deeply($e[1]{data}{key}, { k => 'k' x 2500 }, 'a TOASTed key is known');
@e = after("CREATE TABLE squeezed (id int PRIMARY KEY, d text, j jsonb); INSERT INTO squeezed VALUES (1, repeat('a', 1900), jsonb_build_object('k', repeat('b', 1900)))");
is($e[0]{data}{row}{d} . $e[0]{data}{row}{j}{k}, 'a' x 1900 . 'b' x 1900, 'compressed values');

# --- transactions
@e = after(<<~'SQL');
    BEGIN; INSERT INTO t VALUES (10, 'x'); SAVEPOINT a; INSERT INTO t VALUES (11, 'y'); ROLLBACK TO a;
    SAVEPOINT b; INSERT INTO t VALUES (12, 'z'); RELEASE b; UPDATE t SET name = 'q' WHERE id = 10; COMMIT;
    BEGIN; INSERT INTO t VALUES (13, 'never'); ROLLBACK;
    SQL
is(join(' ', map { $_->{data}{row}{id} } @e), '10 12 10', 'subtransactions in order, what was rolled back never');
is(join(' ', map { GpsyncTest::Slot::ordinal($_) } @e), '1 2 3', 'ordinals');
is(scalar(keys %{ { map { $_->{data}{xid} => 1 } @e } }), 1, 'one transaction id, the top one');
is($e[0]{time}, $e[2]{time}, 'one time');

@e = after("COPY t FROM PROGRAM 'seq 100 199 | sed s/\$/,c/' (FORMAT csv)");
is(@e, 100, 'COPY');
is(join(' ', map { GpsyncTest::Slot::ordinal($_) } @e), join(' ', 1 .. 100), 'an ordinal each, though many share an LSN');
is(scalar(keys %{ { map { $_->{id} => 1 } @e } }), 100, 'ids differ');

@e = after(<<~'SQL');
    INSERT INTO t VALUES (100, 'd') ON CONFLICT (id) DO UPDATE SET name = 'e';
    MERGE INTO t USING (VALUES (101), (300)) s (i) ON t.id = s.i WHEN MATCHED THEN UPDATE SET name = 'm' WHEN NOT MATCHED THEN INSERT VALUES (i, 'n');
    SQL
is(types(@e), 'updated updated inserted', 'upserts and MERGE');

$node->append_conf('postgresql.conf', 'max_prepared_transactions = 2');
$node->restart;
@e = after("BEGIN; INSERT INTO t VALUES (400); PREPARE TRANSACTION 'p'");
is(@e, 0, 'a prepared transaction is not committed yet');
@e = after("COMMIT PREPARED 'p'");
is(types(@e), 'inserted', 'it is sent at its commit');

# --- changes of the schema between changes
@e = after(<<~'SQL');
    CREATE TABLE s (id int PRIMARY KEY, a int);
    INSERT INTO s VALUES (1, 1);
    ALTER TABLE s ADD b text DEFAULT 'was added';
    INSERT INTO s VALUES (2, 2);
    UPDATE s SET a = 3 WHERE id = 1;
    ALTER TABLE s DROP COLUMN a;
    INSERT INTO s VALUES (3, 'x');
    ALTER TABLE s RENAME b TO c;
    ALTER TABLE s RENAME TO renamed;
    INSERT INTO renamed VALUES (4, 'y');
    ALTER TABLE renamed ALTER c DROP DEFAULT, ALTER c TYPE json USING to_json(c);
    INSERT INTO renamed VALUES (5, '{}');
    BEGIN; ALTER TABLE renamed ADD d int DEFAULT 1000000 * random(); INSERT INTO renamed VALUES (6, '[]', 6); ALTER TABLE renamed DROP c; INSERT INTO renamed VALUES (7, 7); COMMIT;
    ALTER TABLE renamed DROP CONSTRAINT s_pkey, ADD PRIMARY KEY (d);
    INSERT INTO renamed VALUES (8, 80);
    CREATE SCHEMA moved; ALTER TABLE renamed SET SCHEMA moved;
    INSERT INTO moved.renamed VALUES (9, 90);
    ALTER SCHEMA moved RENAME TO gone;
    INSERT INTO gone.renamed VALUES (10, 100);
    SQL
is_deeply(
    [ map { $_->{data}{row} } @e ],
    [
        { id => 1, a => 1 }, { id => 2, a => 2, b => 'was added' }, { id => 1, a => 3, b => 'was added' },
        { id => 3, b => 'x' }, { id => 4, c => 'y' }, { id => 5, c => {} }, { id => 6, c => [], d => 6 },
        { id => 7, d => 7 }, { id => 8, d => 80 }, { id => 9, d => 90 }, { id => 10, d => 100 } ],
    'each row is shown with the columns it had');
is_deeply(
    [ map { $_->{subject} } @e ],
    [
        'public.s/1', 'public.s/2', 'public.s/1', 'public.s/3', 'public.renamed/4', 'public.renamed/5', 'public.renamed/6',
        'public.renamed/7', 'public.renamed/80', 'moved.renamed/90', 'gone.renamed/100' ],
    'under the name and the key it had');

@e = after(<<~'SQL');
    CREATE TABLE g (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (2 * a) STORED);
    INSERT INTO g (a) VALUES (21);
    CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY); INSERT INTO unlogged VALUES (1);
    CREATE TEMP TABLE temporary (id int PRIMARY KEY); INSERT INTO temporary VALUES (1);
    CREATE MATERIALIZED VIEW m AS SELECT * FROM g; REFRESH MATERIALIZED VIEW m;
    VACUUM FULL g;
    SELECT FROM pg_logical_emit_message(true, 'prefix', 'content');
    SQL
is_deeply([ map { $_->{data}{row} } @e ], [ { id => 1, a => 21, twice => 42 } ], 'generated columns, nothing but tables, no rewrites');

# --- messages that are none of emit()'s
@e = after(<<~'SQL');
    BEGIN;
    SELECT pg_logical_emit_message(b, 'prefix', 'content'), pg_logical_emit_message(b, '', ''), pg_logical_emit_message(b, 'large', repeat('x', 20000000))
    FROM (VALUES (true), (false)) AS t (b);
    INSERT INTO g (a) VALUES (1);
    SELECT pg_logical_emit_message(b, prefix, content) FROM (VALUES (true), (false)) AS t (b),
        (VALUES ('gpsync.event'), ('gpsync.event2'), ('gpsync.'), ('gpsync.echo'), ('gpsync.revert')) AS p (prefix), (VALUES (''::bytea), ('\xff00'), ('{}'), ('1 ["nws"]')) AS c (content);
    INSERT INTO g (a) VALUES (2);
    COMMIT;
    SELECT FROM pg_logical_emit_message(true, 'alone', 'content');
    BEGIN; SELECT pg_logical_emit_message(true, 'gone', 'content'), pg_logical_emit_message(false, 'stays', 'content'); ROLLBACK;
    SQL
is_deeply([ map { $_->{data}{row}{a} } @e ], [ 1, 2 ], 'messages of others are no events, transactional or not, whatever prefix and content a forger gives them');
is_deeply([ map { GpsyncTest::Slot::ordinal($_) } @e ], [ 1, 2 ], '... and are not counted');

# --- partitions
my $parts = GpsyncTest::Slot->new($node, 'parts');
$node->sql(<<~'SQL');
    CREATE TABLE root (id int PRIMARY KEY, region text, v int) PARTITION BY RANGE (id);
    CREATE TABLE low PARTITION OF root FOR VALUES FROM (0) TO (100);
    CREATE TABLE high (junk int, v int, region text, id int NOT NULL);
    ALTER TABLE high DROP COLUMN junk;
    ALTER TABLE root ATTACH PARTITION high FOR VALUES FROM (100) TO (200);
    CREATE PUBLICATION leaves FOR TABLE root;
    CREATE PUBLICATION roots FOR TABLE root WITH (publish_via_partition_root);
    CREATE PUBLICATION all_roots FOR ALL TABLES WITH (publish_via_partition_root);
    INSERT INTO root VALUES (1, 'a', 1), (101, 'b', 2);
    UPDATE root SET id = 102 WHERE id = 1;
    DELETE FROM root WHERE id = 101;
    TRUNCATE root;
    TRUNCATE low;
    SQL
my @leaves = $parts->peek(publication_names => 'leaves');
is(join(' ', map { "$_->{subject}:" . ($_->{type} =~ s/.*\.//r) } @leaves),
    'public.low/1:inserted public.high/101:inserted public.low/1:deleted public.high/102:inserted public.high/101:deleted '
        . 'public.low:truncated public.high:truncated public.low:truncated',
    'partitions by their own names; a row that moves is deleted and inserted');
for my $publication ('roots', 'all_roots', 'leaves,roots')
{
    my @roots = $parts->peek(publication_names => $publication);
    is(join(' ', map { "$_->{subject}:" . ($_->{type} =~ s/.*\.//r) } @roots),
        'public.root/1:inserted public.root/101:inserted public.root/1:deleted public.root/102:inserted public.root/101:deleted '
            . 'public.root:truncated',
        "$publication: partitions as their root; TRUNCATE of one partition is not one of the root");
    is_deeply($roots[1]{data}{row}, { id => 101, region => 'b', v => 2 }, "$publication: values by name");
    is_deeply($roots[4]{data}{key}, { id => 101 }, "$publication: key by name");
}
$node->sql(<<~'SQL');
    CREATE SCHEMA deep;
    CREATE TABLE deep.mid PARTITION OF root FOR VALUES FROM (200) TO (300) PARTITION BY RANGE (id);
    CREATE TABLE deep.leaf PARTITION OF deep.mid FOR VALUES FROM (200) TO (250);
    CREATE PUBLICATION mid FOR TABLE deep.mid WITH (publish_via_partition_root);
    CREATE PUBLICATION deep FOR TABLES IN SCHEMA deep WITH (publish_via_partition_root);
    INSERT INTO root VALUES (201, 'c', 3);
    ALTER TABLE root RENAME TO trunk;
    INSERT INTO trunk VALUES (202, 'd', 4);
    SQL
my %seen = map { my $p = $_; $p => join ' ', map { $_->{subject} } grep { $_->{data}{row} && $_->{data}{row}{id} > 200 } $parts->peek(publication_names => $p) }
    ('roots', 'mid', 'mid,roots', 'deep');
is($seen{roots}, 'public.root/201 public.trunk/202', 'the name of the root at the time of the change');
is($seen{mid}, 'deep.mid/201 deep.mid/202', 'the published ancestor');
is($seen{'mid,roots'}, 'public.root/201 public.trunk/202', 'the topmost published ancestor');
is($seen{deep}, 'deep.mid/201 deep.mid/202', 'an ancestor published by its schema');

done_testing;
