# What makes a row of a batch count as changed since: another content, written by somebody else, and not that it was
# sent again, booked, written as it is, or stored elsewhere. Each row below has one story; a roll-back must take back
# those that nobody changed, and leave the others.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main', max_worker_processes => 12);
my $nws  = GpsyncTest::Emulator->new('nws');
$node->create_platform;
$node->create_endpoint($nws);
$node->sql(<<~'SQL');
    CREATE TABLE things (id int PRIMARY KEY, status text NOT NULL, note text, document text, last_updated timestamptz);
    CREATE TABLE parts (id int, at date, status text NOT NULL, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE TABLE parts_2025 (v text, status text NOT NULL, at date NOT NULL, id int NOT NULL);
    ALTER TABLE parts ATTACH PARTITION parts_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    ALTER TABLE things ALTER COLUMN document SET STORAGE EXTERNAL;
    SELECT gpsync.attach(t, publication => 'gpsync') FROM unnest('{things,parts}'::regclass[]) t;
    SELECT gpsync.track_batches(t) FROM unnest('{things,parts}'::regclass[]) t;
    INSERT INTO things SELECT i, 'RECEIVED', 'before', repeat('x', 5000 * (i % 2)) FROM generate_series(1, 60) i;
    INSERT INTO parts SELECT i, '2024-03-04', 'RECEIVED', 'before' FROM generate_series(1, 10) i;
    SQL
$node->create_stream('legacy', 'nws');
my $relay = $node->start_relay('legacy');
$node->wait_for_sync;

sub note_of  { return $node->sql("SELECT string_agg(note, ' ' ORDER BY id) FROM things WHERE id IN ($_[0])") }
sub left_of  { return $node->sql("SELECT coalesce(string_agg(key ->> 'id' || ' ' || reason, ', ' ORDER BY (key ->> 'id')::int), '') FROM gpsync.rollback_left_rows WHERE batch = '$_[0]'") }
sub preview  { return $node->sql("SELECT coalesce(string_agg(key ->> 'id' || ' ' || reason, ', ' ORDER BY (key ->> 'id')::int), '') FROM gpsync.preview_rollback('$_[0]') WHERE reason IS NOT NULL AND reason <> 'as before'") }
sub in_batch { my ($batch, $sql) = @_; return $node->sql("SET gpsync.batch = '$batch'; $sql; RESET gpsync.batch") }

sub is_taken_back
{
    my ($batch, $ids, $left) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $asked = (() = $ids =~ /\d+/g);
    is(preview($batch), $left, 'the preview names what is left');
    $node->sql("CALL gpsync.emergency_rollback('$batch', fence => false)");
    is(left_of($batch), $left, '... and so does the roll-back');
    is(note_of($ids), join(' ', ('before') x $asked), 'rows that nobody changed are as before');
    is($node->sql("SELECT reverted + deleted + inserted + changed_since + conflicts = items FROM gpsync.rollback_status WHERE batch = '$batch' ORDER BY rollback DESC LIMIT 1"), 't', 'every item is accounted for');
    $node->wait_for_sync;
    $node->ledger_agrees($nws, 'public.things');
    return;
}

subtest 'rows that are sent again' => sub {
    in_batch('sent', "UPDATE things SET note = 'batch' WHERE id <= 10; INSERT INTO things VALUES (100, 'RECEIVED', 'batch')");
    in_batch('sent', 'UPDATE things SET id = 110 WHERE id = 10');
    $node->wait_for_sync;
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 1}')});
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 2}')}) for 1 .. 3;
    $node->sql(q{UPDATE things SET sync_status = 'PENDING' WHERE id IN (3, 4)});
    $node->sql(q{UPDATE things SET note = note, document = document || '', status = status WHERE id = 5});
    $node->sql(q{INSERT INTO things VALUES (6, 'RECEIVED', 'x') ON CONFLICT (id) DO UPDATE SET note = things.note});
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 100}'), gpsync.sync_row('things', '{"id": 110}')});
    my $job = $node->sql(q{SELECT gpsync.resend('things', 'id IN (7, 8)')});
    $node->wait_for_sql("SELECT state = 'done' FROM gpsync.resend_progress WHERE job = '$job'");
    in_batch('sent', "UPDATE things SET note = 'batch again' WHERE id IN (1, 7)");
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 7}')});
    is_taken_back('sent', join(',', 1 .. 10), '');
    is($node->sql('SELECT count(*) FROM things WHERE id >= 100'), 0, 'a row that the batch inserted is gone');
};

subtest 'rows that somebody changed' => sub {
    in_batch('changed', "UPDATE things SET note = 'batch' WHERE id BETWEEN 11 AND 18");
    $node->sql(q{UPDATE things SET note = 'mine' WHERE id IN (11, 12, 13)});
    $node->sql(q{UPDATE things SET note = 'batch' WHERE id = 12});
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 13}'), gpsync.sync_row('things', '{"id": 14}'), gpsync.sync_row('things', '{"id": 15}')});
    $node->sql(q{UPDATE things SET note = 'mine' WHERE id = 14});
    $node->sql(q{UPDATE things SET document = document || 'y' WHERE id = 15});
    $node->sql(q{DELETE FROM things WHERE id = 16; INSERT INTO things VALUES (16, 'RECEIVED', 'batch')});
    $node->sql(q{BEGIN; UPDATE things SET note = 'rolled back' WHERE id = 17; SELECT gpsync.sync_row('things', '{"id": 17}'); ROLLBACK});
    is_taken_back('changed', '17,18', '11 changed since, 12 changed since, 13 changed since, 14 changed since, 15 changed since, 16 changed since');
    is(note_of('11,12,13,14,15,16'), 'mine batch mine mine batch batch', 'their values are the others\'');
};

subtest 'a stream that is recreated' => sub {
    $relay->stop;
    in_batch('recreated', "UPDATE things SET note = 'batch' WHERE id IN (19, 20)");
    $node->sql("SELECT gpsync.recreate_stream('legacy', force => true)");
    $relay = $node->start_relay('legacy');
    $node->wait_for_sync;
    is_taken_back('recreated', '19,20', '');
};

subtest 'two batches, the later one first' => sub {
    in_batch('one', "UPDATE things SET note = 'one' WHERE id BETWEEN 21 AND 25");
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 21}')});
    in_batch('two', "UPDATE things SET note = 'two' WHERE id IN (21, 22); DELETE FROM things WHERE id = 23; UPDATE things SET id = 124 WHERE id = 24");
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 22}')});
    is(preview('one'), '21 changed since, 22 changed since, 23 changed since (deleted), 24 changed since (deleted)', 'what the later one changed would be left');
    $node->sql("CALL gpsync.emergency_rollback('two', fence => false)");
    is(note_of('21,22,23,24,25'), 'one one one one one', 'the later one is taken back');
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 22}')});
    is_taken_back('one', '21,22,23,24,25', '');
};

subtest 'tables that are rewritten or altered' => sub {
    in_batch('moved', "UPDATE things SET note = 'batch' WHERE id BETWEEN 31 AND 36");
    $node->sql('VACUUM FULL things');
    $node->sql('CLUSTER things USING things_pkey');
    $node->sql('ALTER TABLE things ADD COLUMN more int DEFAULT 3, ALTER COLUMN note SET STORAGE EXTERNAL');
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 31}')});
    $node->sql(q{UPDATE things SET more = 4 WHERE id = 32});
    $node->sql("SELECT gpsync.track_batches('things')");
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 31}'), gpsync.sync_row('things', '{"id": 33}')});
    $node->sql('ALTER TABLE things ALTER COLUMN more TYPE bigint');
    is_taken_back('moved', '31,33,34,35,36', '32 changed since');
    is($node->sql('SELECT string_agg(more::text, $$ $$ ORDER BY id) FROM things WHERE id BETWEEN 31 AND 33'), '3 4 3', 'a column that came later keeps its values');
    $node->sql("SELECT gpsync.track_batches('things')");
};

subtest 'rewritten, or sent again, while the batch is taken back' => sub {
    in_batch('meanwhile', "UPDATE things SET note = 'batch' WHERE id BETWEEN 41 AND 45");
    # Room before the images: VACUUM FULL moves them.
    in_batch('dropped', "UPDATE things SET note = 'other' WHERE id = 50");
    $node->sql("CALL gpsync.emergency_rollback('dropped', fence => false)");
    my $shadow = $node->sql("SELECT shadow FROM gpsync.batch_shadow WHERE relation = 'things'::regclass AND is_current");
    $node->sql("DELETE FROM $shadow WHERE gpsync_batch IN ('sent', 'dropped')");
    my $id = $node->sql("SELECT gpsync_internal.begin_rollback('meanwhile', NULL, '{}', false, 'a test')");
    is($node->sql("SELECT gpsync_internal.rollback_step($id)"), $_, "step to $_") for qw(traffic plan revert);
    $node->sql("VACUUM FULL $shadow");
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 41}')});
    $node->sql(q{UPDATE things SET note = 'mine' WHERE id = 42});
    is($node->sql("SELECT gpsync_internal.rollback_step($id)"), 'plan', 'the plan is made again where the images have moved');
    is($node->sql("SELECT gpsync_internal.rollback_step($id)"), 'revert', 'step to revert');
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 43}')});
    $node->sql("CALL gpsync.emergency_rollback('meanwhile')");
    is(left_of('meanwhile'), '42 changed since', 'what was changed is left');
    is(note_of('41,42,43,44,45'), 'before mine before before before', 'rows that are sent again after the plan are taken back');
    is($node->sql("SELECT reverted, changed_since, items FROM gpsync.rollback_status WHERE batch = 'meanwhile'"), '4|1|5', 'counted once');
};

subtest 'partitions' => sub {
    in_batch('parts', "UPDATE parts SET v = 'batch' WHERE id <= 5; UPDATE parts SET at = '2025-03-04' WHERE id BETWEEN 4 AND 6");
    $node->sql(qq{SELECT gpsync.sync_row('parts', '{"id": $_->[0], "at": "$_->[1]"}')}) for [ 1, '2024-03-04' ], [ 4, '2025-03-04' ];
    $node->sql(q{UPDATE parts_2024 SET sync_status = 'PENDING' WHERE id = 2});
    $node->sql(q{UPDATE parts_2025 SET v = 'mine' WHERE id = 5});
    $node->sql(q{UPDATE parts SET at = '2025-01-01' WHERE id = 3});
    is(preview('parts'), '3 changed since (deleted), 5 changed since', 'the preview');
    $node->sql("CALL gpsync.emergency_rollback('parts', fence => false)");
    is($node->sql("SELECT string_agg(concat_ws(' ', id, at, v), ', ' ORDER BY id) FROM parts WHERE id <= 6"),
        '1 2024-03-04 before, 2 2024-03-04 before, 3 2025-01-01 batch, 4 2024-03-04 before, 5 2025-03-04 mine, 6 2024-03-04 before', 'and the roll-back');
};

subtest 'a partition that was away' => sub {
    in_batch('away', "UPDATE parts SET v = 'batch' WHERE id BETWEEN 7 AND 10; UPDATE parts SET at = '2025-02-02' WHERE id = 10");
    $node->sql('ALTER TABLE parts DETACH PARTITION parts_2024');
    $node->sql("UPDATE parts_2024 SET v = 'mine' WHERE id = 7");
    $node->sql("ALTER TABLE parts ATTACH PARTITION parts_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')");
    $node->sql("CALL gpsync.emergency_rollback('away', fence => false)");
    is($node->sql("SELECT string_agg(concat_ws(' ', id, at, v), ', ' ORDER BY id) FROM parts WHERE id > 6"),
        '7 2024-03-04 mine, 8 2024-03-04 batch, 9 2024-03-04 batch, 10 2024-03-04 before', 'its rows are left: nobody knows which were changed');
    is($node->sql("SELECT count(*) FROM gpsync.rollback_left_rows WHERE batch = 'away'"), 3, '... and listed');
};

subtest 'a table that was detached' => sub {
    in_batch('detached', "UPDATE things SET note = 'batch' WHERE id BETWEEN 51 AND 56");
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 51}')});
    $node->sql("SELECT gpsync.detach('things')");
    $node->sql("UPDATE things SET note = 'mine' WHERE id = 52; UPDATE things SET status = 'PROCESSING' WHERE id = 53; UPDATE things SET more = 9 WHERE id = 54; DELETE FROM things WHERE id = 55");
    $node->sql("SELECT gpsync.attach('things'), gpsync.track_batches('things')");
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 56}')});
    $node->sql("CALL gpsync.emergency_rollback('detached', fence => false)");
    is(left_of('detached'), '52 changed since, 53 changed since, 54 changed since, 55 changed since (deleted)', 'what was changed meanwhile is left');
    is(note_of('51,52,53,54,56'), 'before mine batch batch before', 'the rest is taken back');
    is($node->sql("SELECT count(*) FROM things WHERE sync_status IS NULL"), 0, 'every row is stamped');
};

subtest 'the rows of an import' => sub {
    $node->sql(q{CREATE TABLE source AS SELECT i AS id, 'RECEIVED' AS status, 'imported' AS note FROM generate_series(201, 210) i});
    $node->sql(q{SELECT gpsync.import('things', 'source', job => 'moved', source_key => '{id}'); CALL gpsync.run_import('moved')});
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 201}')}) for 1 .. 2;
    $node->sql(q{UPDATE things SET note = 'mine' WHERE id = 202});
    $node->sql(q{SELECT gpsync.sync_row('things', '{"id": 202}')});
    $node->sql("CALL gpsync.emergency_rollback('import:moved', fence => false)");
    is($node->sql("SELECT string_agg(id::text || ' ' || note, ', ') FROM things WHERE id BETWEEN 201 AND 210"), '202 mine', 'are deleted, but for what was changed');
    $node->sql(q{DELETE FROM things WHERE id = 202; SELECT gpsync.import('things', 'source', job => 'again', source_key => '{id}'); CALL gpsync.run_import('again')});
    $node->sql("SELECT gpsync.detach('things'), gpsync.attach('things')");
    like($node->sql_error("CALL gpsync.emergency_rollback('import:again', fence => false)"), qr/cannot be taken back.*was detached since/s, 'and not at all if the table was detached since');
};

$relay->stop;
done_testing();
