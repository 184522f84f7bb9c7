# History: every change of status of a table, once, off the hot path, through an endpoint of protocol local.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib "$FindBin::RealBin/lib";
use GpsyncTest;
use Test::More;

my $node = GpsyncTest->new_node('main');
$node->create_platform;

sub entries { return $node->sql(<<~SQL) }
    SELECT string_agg(concat_ws(' ', event, coalesce(from_state, '-'), coalesce(to_state, '-')), ', ')
    FROM gpsync.history_of('$_[0]', '$_[1]')
    SQL

sub wait_for_history
{
    my $now = $node->sql('SELECT pg_current_wal_insert_lsn()');
    return ok($node->wait_for_sql("SELECT gpsync.wait_for_sync('$now', 'gpsync_local')"), 'the history has come so far');
}

# ---- It begins with the rows as they are ----
$node->sql("INSERT INTO provision_status (provision_id, status) SELECT 'old_' || i, 'RECEIVED' FROM generate_series(1, 5000) AS i");
$node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'old_1'");
$node->sql("SELECT gpsync.create_history('provision_status')");
is($node->sql("SELECT publication, endpoints, bookkeeping FROM gpsync.stream WHERE stream = 'gpsync_local'"), 'gpsync_local|{gpsync_local}|f',
    'one call makes stream, publication and server');
is($node->sql("SELECT state FROM gpsync.history_status"), 'scanning rows', 'the rows are still to be scanned');
# Changed before the scan: the scan finds the last state, or the stream shows the change, never both.
$node->sql("UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'old_2'");
my $relay = $node->start_relay('gpsync_local');
ok($node->wait_for_sql('SELECT state FROM gpsync.history_status', 'following'), 'the relay scans them');
wait_for_history();
is($node->sql("SELECT count(*), count(DISTINCT key), count(*) FILTER (WHERE event = 'observed') FROM gpsync.status_history"), '5000|5000|5000',
    'each row has one entry');
is(entries('provision_status', '{"provision_id": "old_1"}'), 'observed - PROCESSING', 'in the state that it has');
is(entries('provision_status', '{"provision_id": "old_2"}'), 'observed - PROCESSING', 'a change that the scan has seen is not applied again');

# ---- Changes ----
$node->sql("UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'old_1'");
$node->sql(<<~'SQL');
    INSERT INTO provision_status (provision_id, status) VALUES ('p1', 'RECEIVED');
    UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'p1';
    UPDATE provision_status SET sync_status = 'PENDING' WHERE provision_id = 'p1';
    DELETE FROM provision_status WHERE provision_id = 'p1';
    INSERT INTO provision_status (provision_id, status) VALUES ('p1', 'RECEIVED');
    SQL
$node->sql(<<~'SQL');
    BEGIN;
    INSERT INTO provision_status (provision_id, status) VALUES ('gone', 'RECEIVED');
    ROLLBACK;
    BEGIN;
    INSERT INTO provision_status (provision_id, status) VALUES ('p2', 'RECEIVED');
    UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id = 'p2';
    UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'p2';
    COMMIT;
    SQL
wait_for_history();
is(entries('provision_status', '{"provision_id": "old_1"}'), 'observed - PROCESSING, updated PROCESSING COMPLETED', 'from the state that was found');
is(entries('provision_status', '{"provision_id": "p1"}'),
    'inserted - RECEIVED, updated RECEIVED PROCESSING, deleted PROCESSING -, inserted - RECEIVED',
    'insert, update, delete and insert again; an update that changes no status is none');
is(entries('provision_status', '{"provision_id": "gone"}'), '', 'what is rolled back never was');
is(entries('provision_status', '{"provision_id": "p2"}'), 'inserted - RECEIVED, updated RECEIVED PROCESSING, updated PROCESSING COMPLETED',
    'each change of one transaction');
is($node->sql(q(SELECT count(DISTINCT commit_lsn), count(DISTINCT at), bool_and(revision IS NOT NULL) FROM gpsync.status_history WHERE key ->> 'provision_id' = 'p2')),
    '1|1|t', 'with its commit and its revisions');

# ---- Durations ----
is($node->sql(q(SELECT string_agg(concat_ws(' ', state, next_state, left_at IS NULL, at_least), ', ' ORDER BY entered_at, left_at)
    FROM gpsync.status_durations WHERE key ->> 'provision_id' = 'old_1')), 'PROCESSING COMPLETED f t, COMPLETED t f',
    'how long it was in each state; of the first that is a lower bound');
is($node->sql(q(SELECT bool_and(duration >= '0' AND duration < '10 min') FROM gpsync.status_durations)), 't', '... is a time');

# ---- Changes of key ----
$node->sql("UPDATE provision_status SET provision_id = 'q2' WHERE provision_id = 'p2'");
$node->sql("UPDATE provision_status SET provision_id = 'q1', status = 'PROCESSING' WHERE provision_id = 'p1'");
wait_for_history();
like(entries('provision_status', '{"provision_id": "p2"}'), qr/, rekeyed COMPLETED -$/, 'a change of key ends the entries of the old key');
is(entries('provision_status', '{"provision_id": "q2"}'), 'rekeyed COMPLETED COMPLETED', '... and begins those of the new one');
is(entries('provision_status', '{"provision_id": "q1"}'), 'rekeyed RECEIVED PROCESSING', '... also where the status changes with it');

# ---- Renames, of the table, the status, the key ----
$relay->stop;
$node->sql(<<~'SQL');
    UPDATE provision_status SET status = 'COMPLETED' WHERE provision_id = 'old_2';
    ALTER TABLE provision_status RENAME status TO "the State";
    ALTER TABLE provision_status RENAME provision_id TO "the Id";
    ALTER TABLE provision_status RENAME TO "Renamed";
    INSERT INTO "Renamed" ("the Id", "the State") VALUES ('r1', 'RECEIVED');
    SQL
$node->sql(q(UPDATE "Renamed" SET "the State" = 'PROCESSING' WHERE "the Id" IN ('r1', 'old_3')));
$relay = $node->start_relay('gpsync_local');
wait_for_history();
is(entries('"Renamed"', '{"the Id": "old_2"}'), 'observed - PROCESSING, updated PROCESSING COMPLETED', 'a change from before a rename');
is(entries('"Renamed"', '{"the Id": "old_3"}'), 'observed - RECEIVED, updated RECEIVED PROCESSING', '... and one from after it');
is(entries('"Renamed"', '{"the Id": "r1"}'), 'inserted - RECEIVED, updated RECEIVED PROCESSING', '... of a new row');
is($node->sql(q(SELECT count(*) FROM gpsync.dead_letter)), 0, 'none of that is a dead letter');
$node->sql(q(ALTER TABLE "Renamed" RENAME TO provision_status; ALTER TABLE provision_status RENAME "the State" TO status;
    ALTER TABLE provision_status RENAME "the Id" TO provision_id));

# ---- TRUNCATE ----
my $rows = $node->sql('SELECT count(*) FROM provision_status');
$node->sql("BEGIN; TRUNCATE provision_status; INSERT INTO provision_status (provision_id, status) VALUES ('t1', 'RECEIVED'); COMMIT");
wait_for_history();
is($node->sql("SELECT count(*) FROM gpsync.status_history WHERE event = 'truncated' AND to_state IS NULL"), $rows, 'TRUNCATE: an entry for every row');
is($node->sql('SELECT count(*) FROM gpsync.history_state'), 1, 'only what was inserted since is left');

# ---- Partitioned tables ----
$node->sql(<<~'SQL');
    CREATE TABLE parts (id int, region text, status text NOT NULL, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
    CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a');
    CREATE TABLE parts_b PARTITION OF parts FOR VALUES IN ('b', 'c');
    SELECT gpsync.attach('parts');
    SQL
$node->sql("SELECT gpsync.create_history('parts', '1 year')");
$node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status");
$node->sql("INSERT INTO parts VALUES (1, 'a', 'RECEIVED'), (2, 'b', 'RECEIVED')");
$node->sql("UPDATE parts SET status = 'PROCESSING' WHERE id = 2");
$node->sql("UPDATE parts SET region = 'c' WHERE id = 2");
$node->sql("UPDATE parts SET region = 'b' WHERE id = 1");
$node->sql("BEGIN; DELETE FROM parts WHERE id = 1; INSERT INTO parts VALUES (1, 'b', 'RECEIVED'); COMMIT");
wait_for_history();
is(entries('parts', '{"id": 2, "region": "c"}'), 'rekeyed PROCESSING PROCESSING', 'a change of key within a partition');
is(entries('parts', '{"id": 1, "region": "b"}'), 'inserted - RECEIVED', 'deleted and inserted by one transaction, in the same state: nothing has changed');
is(entries('parts', '{"id": 1, "region": "a"}'), 'inserted - RECEIVED, deleted RECEIVED -', 'a move that changes the key is a deletion and an insertion');

# ---- Months, retention ----
# Seven days before: on most days that month is this one.
is($node->sql(<<~'SQL'), 't', 'the next month is made before it comes');
    SELECT bool_and(to_regclass(format('gpsync.history_2_%s', to_char(at AT TIME ZONE 'UTC', 'YYYYMM'))) IS NOT NULL)
    FROM unnest(ARRAY[now(), now() + interval '7 days']) AS at
    SQL
$node->sql(q(SELECT gpsync_internal.make_history_month(2, '2001-01-01');
    INSERT INTO gpsync.history_entry SELECT 2, '2001-01-15', '{"id": 9}', 'RECEIVED', NULL, 'deleted', NULL, false, NULL, 1, '0/0', 0));
ok($node->wait_for_sql("SELECT to_regclass('gpsync.history_2_200101') IS NULL"), 'a month that retention has passed is dropped');
$node->sql("SELECT gpsync.set_history_retention('parts', NULL)");
$node->sql(q(SELECT gpsync_internal.make_history_month(2, '2001-01-01')));
$node->append_conf('postgresql.conf', "gpsync.history_retention = '400d'");
$node->reload;
ok($node->wait_for_sql("SELECT to_regclass('gpsync.history_2_200101') IS NULL"), '... also by the setting');

# ---- What the stream does not show ----
$node->sql(<<~'SQL');
    SET session_replication_role = replica;
    ALTER PUBLICATION gpsync_local DROP TABLE parts;
    UPDATE parts SET status = 'PROCESSING' WHERE id = 1;
    DELETE FROM parts WHERE id = 2;
    INSERT INTO parts VALUES (3, 'a', 'RECEIVED');
    ALTER PUBLICATION gpsync_local ADD TABLE ONLY parts;
    SQL
$node->sql("SELECT gpsync.refresh_history('parts')");
ok($node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status"), 'refresh_history() scans the rows again');
is(entries('parts', '{"id": 1, "region": "b"}'), 'inserted - RECEIVED, observed RECEIVED PROCESSING', 'it finds what has changed');
is(entries('parts', '{"id": 3, "region": "a"}'), 'observed - RECEIVED', '... what has come');
is(entries('parts', '{"id": 2, "region": "c"}'), 'rekeyed PROCESSING PROCESSING, observed PROCESSING -', '... and what has gone');

# ---- The stream made anew ----
$relay->stop;
$node->sql("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE '%gpsync_local'");
$node->sql("UPDATE parts SET status = 'COMPLETED' WHERE id = 1");
$node->sql("SELECT gpsync.recreate_stream('gpsync_local')");
$relay = $node->start_relay('gpsync_local');
ok($node->wait_for_sql("SELECT bool_and(state = 'following') FROM gpsync.history_status"), 'after a lost slot it scans the rows again');
like(entries('parts', '{"id": 1, "region": "b"}'), qr/observed PROCESSING COMPLETED$/, '... and has what it missed');
$node->sql("UPDATE parts SET status = 'PROCESSING' WHERE id = 3");
wait_for_history();
is(entries('parts', '{"id": 3, "region": "a"}'), 'observed - RECEIVED, updated RECEIVED PROCESSING', '... and goes on');

# ---- Ends ----
$node->sql("SELECT gpsync.drop_history('parts')");
is($node->sql("SELECT to_regclass('gpsync.history_2') IS NULL AND NOT EXISTS (SELECT FROM gpsync.history_state WHERE history = 2)"), 't', 'drop_history() leaves nothing');
is($node->sql("SELECT count(*) FROM gpsync.stream WHERE stream = 'gpsync_local'"), 1, 'the stream stays while there is another');
$node->sql("SELECT gpsync.drop_history('provision_status')");
is($node->sql("SELECT (SELECT count(*) FROM gpsync.stream) + (SELECT count(*) FROM pg_publication WHERE pubname = 'gpsync_local')
    + (SELECT count(*) FROM pg_foreign_server) + (SELECT count(*) FROM pg_replication_slots)"), 0, 'with the last one they all go');
done_testing;
