# A batch is taken back: the tables are as before, the endpoint's ledger agrees with them, and every event of the
# roll-back says so. An import that was not echoed goes without an event; a row that somebody changed since stays.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
my ($nws, $ods) = map { GpsyncTest::Emulator->new($_) } qw(nws ods);
$node->create_platform;
$node->create_endpoint($_) for $nws, $ods;
$node->sql(<<~'SQL');
    CREATE ROLE app; CREATE ROLE ops; CREATE ROLE tables_owner;
    SELECT gpsync.grant_operator('ops'), gpsync.grant_operator('tables_owner');
    GRANT CREATE ON DATABASE postgres TO tables_owner;
    GRANT ALL ON SCHEMA public TO tables_owner;
    SET ROLE tables_owner;
    CREATE TABLE parent (id int PRIMARY KEY, status text NOT NULL, email text UNIQUE, document jsonb);
    CREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL REFERENCES parent, status text NOT NULL, amount numeric);
    CREATE TABLE parts (id int, at date, status text NOT NULL, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    SELECT gpsync.attach(t, publication => 'owned') FROM unnest('{parent,child,parts}'::regclass[]) t;
    SELECT gpsync.track_batches(t) FROM unnest('{parent,child,parts}'::regclass[]) t;
    GRANT ALL ON parent, child, parts, parts_2024, parts_2025 TO app;
    RESET ROLE;
    ALTER PUBLICATION owned SET (publish_via_partition_root = true);
    SQL
$node->create_stream('legacy', qw(nws ods), { publication => "'owned'" });
my $relay = $node->start_relay('legacy');
my @tables = qw(public.parent public.child public.parts);

sub contents
{
    return $node->sql(join ';', map {
            "SELECT '$_', string_agg((to_jsonb(t) - '{sync_status,sync_revision,last_sync_timestamp}'::text[])::text, E'\\n' ORDER BY id) FROM $_ t" } qw(parent child parts));
}

$node->sql(<<~'SQL');
    SET ROLE app;
    INSERT INTO parent SELECT i, 'RECEIVED', 'mail-' || i, jsonb_build_object('n', i, 'pad', repeat('x', i * 300)) FROM generate_series(1, 20) i;
    INSERT INTO child SELECT i, i % 10 + 1, 'RECEIVED', i FROM generate_series(1, 20) i;
    INSERT INTO parts SELECT i, '2024-03-04', 'RECEIVED', 'v' FROM generate_series(1, 20) i;
    SQL
$node->wait_for_sync;
my $before = contents();

# ------------------------------------------------------------------------------------------------- all kinds of changes
$node->sql(<<~'SQL');
    SET ROLE app;
    BEGIN;
    SET LOCAL gpsync.batch = 'b1';
    UPDATE parent SET status = 'PROCESSING', document = NULL WHERE id <= 5;
    DELETE FROM child WHERE parent = 10;
    DELETE FROM parent WHERE id = 10;
    INSERT INTO parent VALUES (100, 'RECEIVED', 'new');
    INSERT INTO child VALUES (100, 100, 'RECEIVED', 1);
    UPDATE parent SET id = 120 WHERE id = 20;
    UPDATE parts SET at = '2025-03-04' WHERE id <= 3;
    DELETE FROM parts WHERE id = 4;
    COMMIT;
    -- In several transactions, the same rows again, and there and back.
    SET gpsync.batch = 'b1';
    UPDATE parent SET status = (gpsync.next_states('provision', status))[1] WHERE id <= 2;
    INSERT INTO parts VALUES (4, '2024-03-04', 'RECEIVED', 'came again');
    INSERT INTO parent VALUES (101, 'RECEIVED', 'gone again');
    DELETE FROM parent WHERE id = 101;
    BEGIN;
    UPDATE parts SET v = 'rolled back';
    ROLLBACK;
    RESET gpsync.batch;
    SQL
$node->wait_for_sync;
isnt(contents(), $before, 'the batch has changed the tables');
is($node->sql("SELECT array_to_string(relations, ' '), inserts, updates, deletes, state FROM gpsync.batches"), 'parent child parts|4|11|5|kept',
    'view batches');
is($node->sql("SET ROLE ops; SELECT count(*), count(*) FILTER (WHERE reason IS NOT NULL) FROM gpsync.preview_rollback('b1')"), '15|0', 'the preview');
like($node->sql_error("SET ROLE app; SELECT gpsync.preview_rollback('b1')"), qr/permission denied/, 'is for operators');
my $earlier = () = $nws->events;
$node->sql("SET ROLE ops; CALL gpsync.emergency_rollback('b1', reason => 'a test')");
is(contents(), $before, 'all rows are as before');
is($node->sql("SELECT phase, items, reverted, deleted, inserted, changed_since, conflicts FROM gpsync.rollback_status"), 'done|15|10|2|3|0|0',
    'what was done');
is($node->sql('SELECT string_agg(relation::text, \' \' ORDER BY relation::text) FROM gpsync.traffic_stops'), 'child parent parts', 'traffic is stopped');
like($node->sql_error('SET ROLE app; UPDATE parent SET email = NULL'), qr/traffic to table "parent" is stopped.*Role "ops" stopped it.*roll-back of batch "b1": a test/s,
    'the application cannot write');
$node->sql("SET ROLE ops; CALL gpsync.emergency_rollback('b1')");
is($node->sql('SELECT count(*) FROM gpsync.rollback_status'), 1, 'twice is once');
$node->wait_for_sync;
$node->ledger_agrees($_, @tables) for $nws, $ods;
my @events = $nws->events;
my @of_rollback = @events[ $earlier .. $#events ];
is(scalar(grep { ($_->{data}{reverts} // '') eq 'b1' } @of_rollback), scalar @of_rollback, 'every event of the roll-back names the batch');
is(scalar(grep { exists $_->{data}{reverts} } @events[ 0 .. $earlier - 1 ]), 0, 'and no other does');
$node->sql("SET ROLE ops; SELECT gpsync.resume_traffic('{parent,child,parts}')");
$node->sql("SET ROLE app; UPDATE parent SET email = 'after' WHERE id = 1");
$node->wait_for_sync;
@events = $nws->events;
ok(!exists $events[-1]{data}{reverts}, 'what comes later does not');

# ------------------------------------------------------------------------------------------------------- changed since
$node->sql(<<~'SQL');
    SET ROLE app;
    SET gpsync.batch = 'b2';
    UPDATE parent SET email = 'b2-' || id;
    DELETE FROM child WHERE id = 1;
    INSERT INTO child VALUES (200, 3, 'RECEIVED'), (201, 3, 'RECEIVED');
    RESET gpsync.batch;
    UPDATE parent SET email = 'mine' WHERE id = 2;
    DELETE FROM child WHERE id = 201;
    DELETE FROM child WHERE parent = 4;
    DELETE FROM parent WHERE id = 4;
    INSERT INTO child VALUES (1, 2, 'RECEIVED', 77);
    -- In between: the batch changes once more what another has changed.
    UPDATE parent SET email = 'mine too' WHERE id = 3;
    SET gpsync.batch = 'b2';
    UPDATE parent SET email = 'b2 again' WHERE id = 3;
    SQL
$node->sql("CALL gpsync.emergency_rollback('b2', fence => false)");
is($node->sql("SELECT string_agg(concat_ws(' ', relation, key, action, reason), E'\\n' ORDER BY relation::text, key::text) FROM gpsync.rollback_left_rows WHERE batch = 'b2'"),
    <<~'TEXT' =~ s/\n\z//r, 'rows that were changed since are left and listed');
    child {"id": 1} insert again changed since (inserted)
    parent {"id": 2} revert changed since
    parent {"id": 3} none changed since, by others, in between
    parent {"id": 4} revert changed since (deleted)
    TEXT
is($node->sql('SELECT email FROM parent WHERE id IN (1, 2, 3) ORDER BY id'), "after\nmine\nmine too", 'their values are the others\'');
is($node->sql('SELECT count(*) FROM gpsync.traffic_stops'), 0, 'without a fence traffic is not stopped');
$node->wait_for_sync;
$node->ledger_agrees($_, @tables) for $nws, $ods;

# -------------------------------------------------------------------------------------------------------------- imports
$node->sql(<<~'SQL');
    CREATE TABLE source (id int PRIMARY KEY, status text, email text);
    INSERT INTO source SELECT i, CASE WHEN i % 2 = 0 THEN 'VERIFIED' ELSE 'RECEIVED' END, 'source-' || i FROM generate_series(1000, 1999) i;
    SELECT gpsync.import('parent', 'source', job => 'moved');
    CALL gpsync.run_import('moved');
    UPDATE parent SET email = 'used' WHERE id = 1500;
    INSERT INTO child VALUES (300, 1600, 'RECEIVED');
    SELECT gpsync.import('parent', '(SELECT id + 5000 AS id, status, ''more-'' || id AS email FROM public.source)', job => 'half', echo => '{ods}');
    CALL gpsync.run_import('half');
    SQL
$node->wait_for_sync;
$earlier = () = $nws->events;
my $earlier_ods = () = $ods->events;
is($node->sql("SELECT action, coalesce(reason, ''), count(*) FROM gpsync.preview_rollback('import:moved') GROUP BY 1, 2 ORDER BY 1"),
    "delete||998\nnone|conflict (foreign key)|1", 'preview of an import');
$node->sql("CALL gpsync.emergency_rollback('import:moved', fence => false)");
is($node->sql('SELECT count(*), min(id), max(id) FROM parent WHERE id BETWEEN 1000 AND 1999'), '2|1500|1600', 'an import is deleted, but for what is used');
$node->sql("CALL gpsync.emergency_rollback('import:half', fence => false)");
is($node->sql('SELECT count(*) FROM parent WHERE id >= 6000'), 0, 'and one that one endpoint got');
$node->wait_for_sync;
is(scalar(my @nws = $nws->events), $earlier, 'who had the rows from elsewhere does not hear of it');
my @ods = $ods->events;
is(scalar(grep { $_->{type} eq 'gpsync.row.deleted' && $_->{data}{reverts} eq 'import:half' } @ods[ $earlier_ods .. $#ods ]), 1000,
    'who got them by the import gets their deletions');

# An import that updates rows needs their images; it has them where the table is tracked.
$node->sql(<<~'SQL');
    SELECT gpsync.import('parent', '(SELECT id, status, email FROM public.source WHERE id < 1010)', job => 'first');
    CALL gpsync.run_import('first');
    UPDATE source SET email = 'second-' || id WHERE id < 1010;
    INSERT INTO source VALUES (2000, 'RECEIVED', 'second');
    SELECT gpsync.import('parent', '(SELECT id, status, email FROM public.source WHERE id < 1010 OR id = 2000)', job => 'second', on_conflict => 'update');
    CALL gpsync.run_import('second');
    SQL
is($node->sql("SELECT count(*) FROM parent WHERE email LIKE 'second%'"), 11, 'a second import has updated rows');
$node->sql("CALL gpsync.emergency_rollback('import:second', fence => false)");
is($node->sql("SELECT count(*) FILTER (WHERE email LIKE 'source-%'), count(*) FILTER (WHERE email LIKE 'second%') FROM parent WHERE id BETWEEN 1000 AND 1009 OR id = 2000"),
    '10|0', 'they are as the first one brought them');

# ------------------------------------------------------------------------------------------------------- odds and ends
like($node->sql_error("CALL gpsync.emergency_rollback('b3')"), qr/batch "b3" does not exist.*Perhaps you meant "b[12]"/s, 'a batch that is not there');
like($node->sql_error("BEGIN; CALL gpsync.emergency_rollback('b2')"), qr/invalid transaction termination/, 'not in a transaction block');
$node->sql("SELECT gpsync.drop_batch('b1')");
is($node->sql("SELECT count(*) FROM gpsync.batches WHERE batch = 'b1'"), 0, 'a batch is dropped');
is($node->sql('SELECT count(*) FROM gpsync.doctor() WHERE check_name IN (\'batches\', \'traffic\')'), 0, 'doctor finds nothing');

# The owner of a table may alter what keeps its before-images, or lock it: nobody else's batches are kept from being
# taken back.
$node->sql(<<~'SQL');
    CREATE ROLE mallory; GRANT CREATE ON SCHEMA public TO mallory;
    CREATE TABLE hers (id int PRIMARY KEY, v text);
    SELECT gpsync.attach('hers', machine => NULL, publication => 'hers');
    ALTER TABLE hers OWNER TO mallory;
    SELECT gpsync.track_batches('hers');
    BEGIN; SET LOCAL gpsync.batch = 'hers'; INSERT INTO hers VALUES (1, 'a'); COMMIT;
    BEGIN; SET LOCAL gpsync.batch = 'other'; INSERT INTO parent (id, status) VALUES (7000, 'RECEIVED'), (7001, 'RECEIVED'); COMMIT;
    SQL
my $shadow = $node->sql("SELECT shadow FROM gpsync.batch_shadow WHERE relation = 'hers'::regclass");
my $holder = $node->background_psql('postgres', extra_params => [ '-U', 'postgres' ]);
$holder->query_safe("SET ROLE mallory; BEGIN; LOCK TABLE $shadow");
is($node->sql("SET ROLE ops; SELECT batch FROM gpsync.batches WHERE batch IN ('hers', 'other')"), 'other', 'a lock keeps nobody from other batches');
$holder->query_safe('COMMIT');
$holder->quit;
is($node->sql("SET ROLE ops; SELECT count(*) FROM gpsync.batches WHERE batch IN ('hers', 'other')"), 2, '... and both are there without it');
$node->sql("SET ROLE mallory; ALTER TABLE $shadow ALTER gpsync_new TYPE text");
my ($seen, $said) = ('', '');
$node->psql('postgres', "SET ROLE ops; SELECT count(*) FROM gpsync.preview_rollback('other'); CALL gpsync.emergency_rollback('other', fence => false)",
    stdout => \$seen, stderr => \$said);
is($seen, 2, 'a batch is previewed beside what somebody has altered');
like($said, qr/WARNING:  the before-images of table public.hers cannot be read/, '... which is said');
is($node->sql('SELECT count(*) FROM parent WHERE id >= 7000'), 0, '... and taken back');
like($node->sql('SELECT finding FROM gpsync.doctor() WHERE check_name = \'batches\' ORDER BY 1 DESC'), qr/^table public.hers was altered since its batches are tracked/, 'doctor finds it');
$node->sql("SELECT gpsync.track_batches('hers'); BEGIN; SET LOCAL gpsync.batch = 'both'; INSERT INTO hers VALUES (2, 'b'); INSERT INTO parent (id, status) VALUES (7002, 'RECEIVED'); COMMIT");
is($node->sql("SELECT replace(finding, '$shadow', 'SHADOW') FROM gpsync.doctor() WHERE check_name = 'batches'"),
    'SHADOW, which keeps before-images of table public.hers, has column "gpsync_new" of another type: no batch of the table can be taken back',
    '... and track_batches() mends it for later changes');
like(($node->psql('postgres', "CALL gpsync.emergency_rollback('both', fence => false)", stderr => \$said), $said)[-1],
    qr/WARNING:  changes of batch "both" in table public\.hers cannot be taken back now\nDETAIL:  What keeps its before-images was altered/, 'a table whose owner has done that is left out');
is($node->sql('SELECT count(*) FROM parent WHERE id >= 7000'), 0, '... and the others of the batch are taken back');
$node->sql("SET ROLE mallory; ALTER TABLE $shadow ALTER gpsync_new TYPE bigint USING gpsync_new::bigint");
$node->sql("CALL gpsync.emergency_rollback('both', fence => false)");
is($node->sql('SELECT id FROM hers'), 1, '... that one when it is whole again');

$relay->stop;
done_testing();
