-- What makes a row of a batch count as changed since: another content, written by somebody else.
\set SHOW_CONTEXT never
CREATE DATABASE gpsync_regress_since;
\c gpsync_regress_since
SET client_min_messages = error;
CREATE EXTENSION gpsync;
CREATE TABLE things (id int PRIMARY KEY, status text NOT NULL, note text, document text, last_updated timestamptz);
ALTER TABLE things ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE TABLE parts (id int, at date, status text NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parts_2025 (note text, status text NOT NULL, at date NOT NULL, id int NOT NULL);
ALTER TABLE parts ATTACH PARTITION parts_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
SELECT gpsync.attach(t) FROM unnest('{things,parts}'::regclass[]) AS t;
SELECT gpsync.track_batches(t) FROM unnest('{things,parts}'::regclass[]) AS t;
INSERT INTO things SELECT n, 'RECEIVED', 'before', repeat('x', 5000 * (n % 2)) FROM generate_series(1, 60) AS n;
INSERT INTO parts SELECT n, '2024-03-04', 'RECEIVED', 'before' FROM generate_series(1, 10) AS n;
CREATE VIEW left_over AS SELECT batch, relation, key, action, reason FROM gpsync.rollback_left_rows
    ORDER BY batch, relation::text, (key ->> 'id')::int;
CREATE FUNCTION preview(batch text) RETURNS TABLE (key jsonb, action text, reason text) LANGUAGE sql AS $$
    SELECT key, action, reason FROM gpsync.preview_rollback(batch) ORDER BY (key ->> 'id')::int $$;

-- Rows that are sent again, or written as they are.
SET gpsync.batch = 'sent';
UPDATE things SET note = 'batch' WHERE id <= 10;
INSERT INTO things VALUES (100, 'RECEIVED', 'batch');
UPDATE things SET id = 110 WHERE id = 10;
RESET gpsync.batch;
SELECT FROM gpsync.sync_row('things', '{"id": 1}');
SELECT FROM gpsync.sync_row('things', '{"id": 2}');
SELECT FROM gpsync.sync_row('things', '{"id": 2}');
UPDATE things SET sync_status = 'PENDING' WHERE id IN (3, 4);
UPDATE things SET note = note, document = document || '', status = status WHERE id = 5;
INSERT INTO things VALUES (6, 'RECEIVED', 'x') ON CONFLICT (id) DO UPDATE SET note = things.note;
SELECT FROM gpsync.sync_row('things', '{"id": 100}');
SELECT FROM gpsync.sync_row('things', '{"id": 110}');
-- A batch may do so itself.
SET gpsync.batch = 'sent';
UPDATE things SET note = 'batch again' WHERE id IN (1, 7);
UPDATE things SET sync_status = 'PENDING' WHERE id = 8;
RESET gpsync.batch;
SELECT FROM gpsync.sync_row('things', '{"id": 7}');
SELECT * FROM preview('sent');
CALL gpsync.emergency_rollback('sent', fence => false);
SELECT note, count(*), min(id), max(id) FROM things WHERE id < 11 OR id > 60 GROUP BY note;

-- Rows that somebody changed, also there and back, before or behind being sent again.
SET gpsync.batch = 'changed';
UPDATE things SET note = 'batch' WHERE id BETWEEN 11 AND 18;
RESET gpsync.batch;
UPDATE things SET note = 'mine' WHERE id IN (11, 12, 13);
UPDATE things SET note = 'batch' WHERE id = 12;
SELECT FROM gpsync.sync_row('things', '{"id": 13}');
SELECT FROM gpsync.sync_row('things', '{"id": 14}');
UPDATE things SET note = 'mine' WHERE id = 14;
SELECT FROM gpsync.sync_row('things', '{"id": 15}');
UPDATE things SET document = document || 'y' WHERE id = 15;
DELETE FROM things WHERE id = 16;
INSERT INTO things VALUES (16, 'RECEIVED', 'batch');
BEGIN;
UPDATE things SET note = 'rolled back' WHERE id = 17;
SELECT FROM gpsync.sync_row('things', '{"id": 17}');
ROLLBACK;
SELECT * FROM preview('changed');
CALL gpsync.emergency_rollback('changed', fence => false);
SELECT id, note FROM things WHERE id BETWEEN 11 AND 18 ORDER BY id;

-- Two batches, the later one first.
SET gpsync.batch = 'one';
UPDATE things SET note = 'one' WHERE id BETWEEN 21 AND 25;
RESET gpsync.batch;
SELECT FROM gpsync.sync_row('things', '{"id": 21}');
SET gpsync.batch = 'two';
UPDATE things SET note = 'two' WHERE id IN (21, 22);
DELETE FROM things WHERE id = 23;
UPDATE things SET id = 124 WHERE id = 24;
RESET gpsync.batch;
SELECT FROM gpsync.sync_row('things', '{"id": 22}');
SELECT * FROM preview('one');
CALL gpsync.emergency_rollback('two', fence => false);
SELECT FROM gpsync.sync_row('things', '{"id": 22}');
SELECT id, note FROM things WHERE id BETWEEN 21 AND 25 ORDER BY id;
SELECT * FROM preview('one');
CALL gpsync.emergency_rollback('one', fence => false);
SELECT note, count(*) FROM things WHERE id BETWEEN 21 AND 25 GROUP BY note;

-- The table is rewritten and altered.
SET gpsync.batch = 'altered';
UPDATE things SET note = 'batch' WHERE id BETWEEN 31 AND 36;
RESET gpsync.batch;
VACUUM FULL things;
CLUSTER things USING things_pkey;
ALTER TABLE things ADD COLUMN more int DEFAULT 3, ALTER COLUMN note SET STORAGE EXTERNAL;
SELECT FROM gpsync.sync_row('things', '{"id": 31}');
UPDATE things SET more = 4 WHERE id = 32;
SELECT gpsync.track_batches('things');
SELECT FROM gpsync.sync_row('things', '{"id": 31}');
SELECT FROM gpsync.sync_row('things', '{"id": 33}');
ALTER TABLE things ALTER COLUMN more TYPE bigint;
CALL gpsync.emergency_rollback('altered', fence => false);
SELECT id, note, more FROM things WHERE id BETWEEN 31 AND 36 ORDER BY id;
SELECT gpsync.track_batches('things');

-- Before-images move, and rows are sent again, behind the plan.
SET gpsync.batch = 'dropped';
UPDATE things SET note = 'dropped' WHERE id BETWEEN 51 AND 52;
SET gpsync.batch = 'meanwhile';
UPDATE things SET note = 'batch' WHERE id BETWEEN 41 AND 45;
RESET gpsync.batch;
SELECT gpsync.drop_batch('dropped');
SELECT gpsync_internal.begin_rollback('meanwhile', NULL, '{}', false, 'a test') AS id,
    (SELECT shadow FROM gpsync.batch_shadow WHERE is_current AND relation = 'things'::regclass) AS shadow \gset
SELECT gpsync_internal.rollback_step(:id);
SELECT gpsync_internal.rollback_step(:id);
SELECT gpsync_internal.rollback_step(:id);
VACUUM FULL :shadow;
SELECT FROM gpsync.sync_row('things', '{"id": 41}');
UPDATE things SET note = 'mine' WHERE id = 42;
SELECT gpsync_internal.rollback_step(:id);
SELECT gpsync_internal.rollback_step(:id);
SELECT FROM gpsync.sync_row('things', '{"id": 43}');
CALL gpsync.emergency_rollback('meanwhile');
SELECT id, note FROM things WHERE id BETWEEN 41 AND 45 ORDER BY id;
SELECT reverted, changed_since, items FROM gpsync.rollback_status WHERE batch = 'meanwhile';

-- Partitions: rows that others moved, and a partition that was away.
SET gpsync.batch = 'parts';
UPDATE parts SET note = 'batch' WHERE id <= 5;
UPDATE parts SET at = '2025-03-04' WHERE id BETWEEN 4 AND 6;
RESET gpsync.batch;
SELECT FROM gpsync.sync_row('parts', '{"id": 1, "at": "2024-03-04"}');
SELECT FROM gpsync.sync_row('parts', '{"id": 4, "at": "2025-03-04"}');
UPDATE parts_2024 SET sync_status = 'PENDING' WHERE id = 2;
UPDATE parts_2025 SET note = 'mine' WHERE id = 5;
UPDATE parts SET at = '2025-01-01' WHERE id = 3;
SELECT * FROM preview('parts');
CALL gpsync.emergency_rollback('parts', fence => false);
SELECT id, at, note FROM parts WHERE id <= 6 ORDER BY id;
SET gpsync.batch = 'away';
UPDATE parts SET note = 'batch' WHERE id BETWEEN 7 AND 10;
UPDATE parts SET at = '2025-02-02' WHERE id = 10;
RESET gpsync.batch;
ALTER TABLE parts DETACH PARTITION parts_2024;
UPDATE parts_2024 SET note = 'mine' WHERE id = 7;
-- Where its rows cannot be told from those of the batch any more, it does not come back.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this row'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON parts_2024 FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE parts ATTACH PARTITION parts_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
DROP TRIGGER refuse ON parts_2024;
ALTER TABLE parts ATTACH PARTITION parts_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CALL gpsync.emergency_rollback('away', fence => false);
SELECT id, at, note FROM parts WHERE id > 6 ORDER BY id;

-- The table is detached, and attached again.
SET gpsync.batch = 'detached';
UPDATE things SET note = 'batch' WHERE id BETWEEN 53 AND 58;
RESET gpsync.batch;
SELECT FROM gpsync.sync_row('things', '{"id": 53}');
SELECT gpsync.detach('things');
UPDATE things SET note = 'mine' WHERE id = 54;
UPDATE things SET status = 'PROCESSING' WHERE id = 55;
UPDATE things SET more = 9 WHERE id = 56;
DELETE FROM things WHERE id = 57;
SELECT gpsync.attach('things'), gpsync.track_batches('things');
SELECT FROM gpsync.sync_row('things', '{"id": 58}');
CALL gpsync.emergency_rollback('detached', fence => false);
SELECT id, note, status, more FROM things WHERE id BETWEEN 53 AND 58 ORDER BY id;

-- Rows of an import.
CREATE TABLE source AS SELECT n AS id, 'RECEIVED' AS status, 'imported' AS note FROM generate_series(201, 210) AS n;
SELECT gpsync.import('things', 'public.source', job => 'moved', source_key => '{id}');
CALL gpsync.run_import('moved');
SELECT FROM gpsync.sync_row('things', '{"id": 201}');
SELECT FROM gpsync.sync_row('things', '{"id": 201}');
UPDATE things SET note = 'mine' WHERE id = 202;
SELECT FROM gpsync.sync_row('things', '{"id": 202}');
SELECT action, reason, count(*) FROM gpsync.preview_rollback('import:moved') GROUP BY 1, 2;
CALL gpsync.emergency_rollback('import:moved', fence => false);
SELECT id, note FROM things WHERE id > 200;
DELETE FROM things WHERE id = 202;
SELECT gpsync.import('things', 'public.source', job => 'again', source_key => '{id}');
CALL gpsync.run_import('again');
SELECT gpsync.detach('things');
SELECT gpsync.attach('things');
CALL gpsync.emergency_rollback('import:again', fence => false);

SELECT * FROM left_over;
\c postgres
SET client_min_messages = warning;
DROP DATABASE gpsync_regress_since;
