-- Batches: what is refused, what a tracked table keeps, what preview and roll-back make of it.
\set SHOW_CONTEXT never
CREATE DATABASE gpsync_regress_batch;
\c gpsync_regress_batch
SET client_min_messages = warning;
CREATE EXTENSION gpsync;
CREATE ROLE gpsync_regress_batch_owner;
CREATE ROLE gpsync_regress_batch_app;
CREATE ROLE gpsync_regress_batch_ops;
SELECT gpsync.grant_operator('gpsync_regress_batch_owner'), gpsync.grant_operator('gpsync_regress_batch_ops');
GRANT ALL ON SCHEMA public TO gpsync_regress_batch_owner;
GRANT CREATE ON DATABASE gpsync_regress_batch TO gpsync_regress_batch_owner;
SET ROLE gpsync_regress_batch_owner;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE things (junk int, id int PRIMARY KEY, status text NOT NULL, note text, n positive,
    twice int GENERATED ALWAYS AS (id * 2) STORED, serial int GENERATED ALWAYS AS IDENTITY, last_updated timestamptz);
ALTER TABLE things DROP COLUMN junk;
CREATE TABLE parent (id int PRIMARY KEY, email text UNIQUE, status text NOT NULL);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON UPDATE CASCADE ON DELETE CASCADE,
    status text NOT NULL);
CREATE TABLE other (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE SET NULL);
CREATE TABLE parts (id int, at date, status text NOT NULL, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parts_2025 (v text, at date NOT NULL, id int NOT NULL, status text NOT NULL);
ALTER TABLE parts ATTACH PARTITION parts_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE loose (id int PRIMARY KEY);
SELECT gpsync.attach(t, publication => 'regress') FROM unnest('{things,parent,child,parts}'::regclass[]) AS t;
GRANT ALL ON ALL TABLES IN SCHEMA public TO gpsync_regress_batch_app;

-- Who may track what.
SELECT gpsync.track_batches('loose');
SELECT gpsync.track_batches('parts_2024');
SELECT gpsync.track_batches(NULL);
SET ROLE gpsync_regress_batch_ops;
SELECT gpsync.track_batches('things');
SET ROLE gpsync_regress_batch_app;
SELECT gpsync.track_batches('things');
SET ROLE gpsync_regress_batch_owner;
SELECT gpsync.track_batches(t) FROM unnest('{things,parent,child,parts}'::regclass[]) AS t;
SELECT gpsync.track_batches('things');
RESET ROLE;
SELECT s.relation, s.is_current, pg_get_userbyid(c.relowner),
    (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
    FROM pg_attribute AS a WHERE a.attrelid = s.shadow AND a.attnum > 5) AS columns
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow ORDER BY s.relation::text;
SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger
WHERE tgfoid = 'gpsync_internal.capture_batch()'::regprocedure AND tgrelid IN ('parts'::regclass,
    'parts_2025'::regclass) ORDER BY tgrelid::regclass::text, tgname;

-- Names of batches.
SET gpsync.batch = 'a:b';
SET gpsync.batch = 'import:x';
\set long `printf '%064d' 0`
SET gpsync.batch = :'long';
SET gpsync.batch = 'ok.1_A-';
RESET gpsync.batch;
\c
SET client_min_messages = warning;
SET gpsync.batch = 'set before the library is loaded';
INSERT INTO things (id, status) VALUES (1, 'RECEIVED');
RESET gpsync.batch;

-- The application has no right on what is kept.
SET ROLE gpsync_regress_batch_app;
INSERT INTO things (id, status, note, n) SELECT i, 'RECEIVED', 'n' || i, i FROM generate_series(1, 10) AS i;
INSERT INTO parent SELECT i, 'e' || i, 'RECEIVED' FROM generate_series(1, 6) AS i;
INSERT INTO child SELECT i, i, 'RECEIVED' FROM generate_series(1, 6) AS i;
INSERT INTO parts SELECT i, '2024-03-04', 'RECEIVED', 'v' || i FROM generate_series(1, 6) AS i;
SELECT count(*) FROM gpsync.batches;
RESET ROLE;
SELECT count(*) FROM gpsync.batches;
CREATE FUNCTION contents() RETURNS TABLE (relation text, row_as_text text) LANGUAGE sql AS $$
    SELECT 'things', (to_jsonb(t) - '{sync_status,sync_revision,last_sync_timestamp,last_updated,serial}'::text[])::text
        FROM public.things AS t
    UNION ALL SELECT 'parent', (to_jsonb(t) - '{sync_status,sync_revision,last_sync_timestamp}'::text[])::text FROM
        public.parent AS t
    UNION ALL SELECT 'child', (to_jsonb(t) - '{sync_status,sync_revision,last_sync_timestamp}'::text[])::text FROM
        public.child AS t
    UNION ALL SELECT tableoid::regclass::text,
        (to_jsonb(t) - '{sync_status,sync_revision,last_sync_timestamp}'::text[])::text FROM public.parts AS t $$;
CREATE TABLE before AS SELECT * FROM contents();
SET ROLE gpsync_regress_batch_app;
BEGIN;
SET LOCAL gpsync.batch = 'b1';
UPDATE things SET note = 'changed', status = 'PROCESSING' WHERE id <= 4;
UPDATE things SET note = 'again', n = NULL WHERE id = 1;
DELETE FROM things WHERE id = 5;
INSERT INTO things (id, status) VALUES (11, 'RECEIVED'), (12, 'RECEIVED');
UPDATE things SET id = 106 WHERE id = 6;
DELETE FROM things WHERE id = 7;
INSERT INTO things (id, status, note) VALUES (7, 'RECEIVED', 'another');
DELETE FROM parent WHERE id = 1;
UPDATE parent SET id = 102 WHERE id = 2;
INSERT INTO parent VALUES (20, 'e20', 'RECEIVED');
INSERT INTO child VALUES (20, 20, 'RECEIVED');
UPDATE parent SET email = 'x' || id WHERE id = 3;
UPDATE parts SET at = '2025-03-04', v = 'moved' WHERE id = 1;
UPDATE parts_2024 SET v = 'directly' WHERE id = 2;
DELETE FROM parts WHERE id = 3;
INSERT INTO parts_2025 (id, at, status, v) VALUES (9, '2025-01-01', 'RECEIVED', 'directly');
INSERT INTO parts (id, at, status, v) VALUES (4, '2024-03-04', 'RECEIVED', 'x') ON CONFLICT (id,
    at) DO UPDATE SET v = excluded.v;
MERGE INTO parts AS t USING (VALUES (5), (31)) AS s (id) ON t.id = s.id
WHEN MATCHED THEN UPDATE SET v = 'merged' WHEN NOT MATCHED THEN INSERT (id, at, status, v) VALUES (s.id, '2025-02-03',
    'RECEIVED', 'm');
COPY parts (id, at, status, v) FROM stdin WITH (DELIMITER ' ');
30 2024-01-01 RECEIVED copied
\.
SAVEPOINT s;
UPDATE things SET note = 'not to be kept';
ROLLBACK TO s;
TRUNCATE things;
ROLLBACK TO s;
COMMIT;
RESET ROLE;
SELECT batch, state, relations, inserts, updates, deletes FROM gpsync.batches;
SET ROLE gpsync_regress_batch_app;
SELECT * FROM gpsync.preview_rollback('b1');
SET ROLE gpsync_regress_batch_ops;
SELECT * FROM gpsync.preview_rollback('b1') ORDER BY relation::text, key::text COLLATE "C";
SELECT * FROM gpsync.preview_rollback('b');
SELECT * FROM gpsync.preview_rollback(NULL);
CALL gpsync.emergency_rollback('b1', ramp => 'no such ramp');
CALL gpsync.emergency_rollback('b1', fence => NULL);
CALL gpsync.emergency_rollback('b1', fence => false);
SELECT phase, items, reverted, deleted, inserted, changed_since, conflicts, started_by,
    reason FROM gpsync.rollback_status;
SELECT * FROM gpsync.rollback_left_rows;
SELECT batch, state FROM gpsync.batches;
RESET ROLE;
(TABLE before EXCEPT SELECT * FROM contents()) UNION ALL (SELECT * FROM contents() EXCEPT TABLE before);
SELECT DISTINCT sync_status, sync_revision % 8 AS remainder FROM things WHERE id < 7 ORDER BY 2;
-- What took it back belongs to no batch, and no other path may make such a transition.
SET ROLE gpsync_regress_batch_app;
UPDATE things SET status = 'PROCESSING' WHERE id = 2;
UPDATE things SET status = 'RECEIVED' WHERE id = 2;
RESET ROLE;

-- What others changed, refer to or need stays.
SET ROLE gpsync_regress_batch_app;
SET gpsync.batch = 'b2';
UPDATE things SET note = 'b2' WHERE id < 4;
DELETE FROM things WHERE id = 9;
INSERT INTO parent VALUES (30, 'e30', 'RECEIVED'), (31, 'e31', 'RECEIVED'), (32, 'e32', 'RECEIVED');
UPDATE parent SET email = 'free' WHERE id = 5;
DELETE FROM child WHERE id = 6;
DELETE FROM parent WHERE id = 6;
RESET gpsync.batch;
UPDATE things SET note = 'mine' WHERE id = 1;
DELETE FROM things WHERE id = 3;
INSERT INTO things (id, status) VALUES (9, 'RECEIVED');
INSERT INTO other VALUES (1, 30);
INSERT INTO child VALUES (32, 32, 'RECEIVED');
INSERT INTO parent VALUES (50, 'e5', 'RECEIVED'), (60, 'e6', 'RECEIVED');
RESET ROLE;
SELECT * FROM gpsync.preview_rollback('b2') ORDER BY relation::text, key::text COLLATE "C";
CALL gpsync.emergency_rollback('b2', fence => false);
SELECT relation, key, action, reason FROM gpsync.rollback_left_rows WHERE batch = 'b2' ORDER BY relation::text,
    key::text COLLATE "C";
SELECT id, parent FROM other;

-- A table that is altered.
ALTER TABLE things RENAME note TO remark;
ALTER TABLE things ADD COLUMN more int DEFAULT 3;
SET gpsync.batch = 'b3';
UPDATE things SET more = 4 WHERE id = 2;
RESET gpsync.batch;
UPDATE things SET more = 4 WHERE id = 2;
SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'batches';
SET ROLE gpsync_regress_batch_owner;
SELECT gpsync.track_batches('things');
RESET ROLE;
SET gpsync.batch = 'b3';
UPDATE things SET more = 5, remark = 'b3' WHERE id = 2;
RESET gpsync.batch;
ALTER TABLE things DROP COLUMN last_updated;
CALL gpsync.emergency_rollback('b3', fence => false);
SELECT id, remark, more FROM things WHERE id = 2;

-- Dropped, untracked, expired.
SELECT gpsync.drop_batch('b3');
SELECT gpsync.drop_batch('b3');
SELECT gpsync.drop_batch('b1');
SELECT batch FROM gpsync.batches ORDER BY 1;
SET ROLE gpsync_regress_batch_owner;
SELECT gpsync.untrack_batches('things');
RESET ROLE;
SET gpsync.batch = 'b4';
UPDATE things SET more = 5;
TRUNCATE things;
RESET gpsync.batch;
SELECT batch FROM gpsync.batches ORDER BY 1;
UPDATE gpsync.batch_shadow SET made_at = made_at - interval '40 days', closed_at = closed_at - interval '40 days';
SELECT gpsync_internal.expire_batches();
SELECT relation, is_current, made_at > now() - interval '1 day' AS new FROM gpsync.batch_shadow ORDER BY
    relation::text, is_current;
DROP TABLE child;
SELECT gpsync.detach('parts');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'parts'::regclass AND NOT tgisinternal;
SELECT gpsync_internal.expire_batches();
SELECT count(*) FROM gpsync.batch_shadow AS s WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = s.relation);

-- Keys whose type has the order of another one, or of all arrays, rows, ranges: brought over, compared, taken back.
RESET ROLE;
CREATE TYPE pair AS (x int, y text);
CREATE TYPE letter AS ENUM ('b', 'a');
CREATE DOMAIN letter_domain AS letter;
CREATE TABLE arrays (k int[] PRIMARY KEY, status text, v text);
CREATE TABLE pairs (k pair PRIMARY KEY, status text, v text);
CREATE TABLE mixed (e letter_domain, r int4range, c cidr, j jsonb, status text, v text, PRIMARY KEY (e, r, c, j));
SELECT gpsync.attach(t), gpsync.track_batches(t) FROM unnest('{arrays,pairs,mixed}'::regclass[]) AS t;
CREATE SCHEMA legacy;
CREATE TABLE legacy.arrays AS SELECT k::int[], 'RECEIVED' AS status, 'legacy' AS v
FROM unnest(ARRAY['{1,2}', '{1,NULL}', '{}', '{{1,2},{3,4}}']) AS k;
CREATE TABLE legacy.pairs AS SELECT k::pair, 'RECEIVED' AS status, 'legacy' AS v
FROM unnest(ARRAY['(1,a)', '(,b)', '(3,)', '(,)', NULL]) AS k;
CREATE INDEX ON legacy.arrays (k);
CREATE INDEX ON legacy.pairs (k);
SELECT gpsync.import('arrays', 'legacy.arrays', job => 'arrays');
SELECT gpsync.import('pairs', 'legacy.pairs', job => 'pairs');
CALL gpsync.run_import('arrays');
CALL gpsync.run_import('pairs');
SELECT job, read, written, rejected FROM gpsync.import_progress ORDER BY job;
INSERT INTO mixed VALUES ('a', '[1,5)', '10.0.0.0/8', '"x"', 'RECEIVED', 'before'),
    ('b', 'empty', '::1', '[1]', 'RECEIVED', 'before');
SET gpsync.batch = 'keys';
UPDATE arrays SET v = 'changed' WHERE k = '{1,2}';
DELETE FROM arrays WHERE k = '{1,NULL}';
UPDATE arrays SET k = '{9}' WHERE k = '{}';
UPDATE pairs SET v = 'changed' WHERE k = '(,b)'::pair;
UPDATE pairs SET k = '(4,)'::pair WHERE k = '(3,)'::pair;
DELETE FROM pairs WHERE k = '(,)'::pair;
UPDATE mixed SET v = 'changed' WHERE r = '[1,5)';
UPDATE mixed SET e = 'a' WHERE r = 'empty';
RESET gpsync.batch;
SELECT relation, key, action, reason FROM gpsync.preview_rollback('keys') ORDER BY relation::text, key::text;
CALL gpsync.emergency_rollback('keys', fence => false);
SELECT key, reason FROM gpsync.rollback_left_rows WHERE batch = 'keys';
SELECT * FROM arrays AS t FULL JOIN legacy.arrays AS s USING (k) WHERE s.v IS DISTINCT FROM t.v;
SELECT * FROM pairs AS t FULL JOIN legacy.pairs AS s ON s.k = t.k WHERE s.v IS DISTINCT FROM t.v;
SELECT e, r, c, j, v FROM mixed ORDER BY e;
DELETE FROM arrays WHERE k = '{{1,2},{3,4}}';
DELETE FROM legacy.pairs WHERE k = '(,)'::pair;
UPDATE legacy.arrays SET v = 'later' WHERE k = '{1,2}';
SELECT gpsync.verify('arrays', 'legacy.arrays', run => 'arrays');
SELECT gpsync.verify('pairs', 'legacy.pairs', run => 'pairs');
SELECT gpsync.set_verify('arrays', 'rounds', '1'), gpsync.set_verify('pairs', 'rounds', '1');
CALL gpsync.run_verify('arrays');
CALL gpsync.run_verify('pairs');
SELECT run, key, kind, columns FROM gpsync.verify_differences ORDER BY run, key::text;
SELECT * FROM gpsync.repair('arrays', 'to_modern', kinds => '{extra}', apply => true);

-- A key that was only written otherwise, a table that has nothing but its key, a key that is generated, odd names.
CREATE TABLE numbers (k numeric PRIMARY KEY, status text);
CREATE TABLE only_key (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE "odd s." ("the s. key" int PRIMARY KEY, status text);
CREATE TABLE doubled (a int, k int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY, status text);
SELECT gpsync.attach('numbers'), gpsync.attach('only_key', machine => NULL), gpsync.attach('doubled'),
    gpsync.attach('"odd s."');
SELECT gpsync.track_batches(t) FROM unnest('{numbers,only_key,doubled,"\"odd s.\""}'::regclass[]) AS t;
INSERT INTO numbers VALUES (1.0, 'RECEIVED'), (2.0, 'RECEIVED');
INSERT INTO only_key VALUES (1, 2);
INSERT INTO "odd s." VALUES (1, 'RECEIVED');
INSERT INTO doubled (a, status) VALUES (1, 'RECEIVED');
SET gpsync.batch = 'written_otherwise';
UPDATE numbers SET k = 1.00 WHERE k = 1;
DELETE FROM numbers WHERE k = 2;
INSERT INTO numbers VALUES (2.00, 'RECEIVED');
UPDATE only_key SET b = 5;
UPDATE "odd s." SET "the s. key" = 2;
UPDATE doubled SET a = 7;
RESET gpsync.batch;
CALL gpsync.emergency_rollback('written_otherwise', fence => false);
SELECT k FROM numbers ORDER BY k;
SELECT a, b FROM only_key;
SELECT a, k FROM doubled;
SELECT "the s. key" FROM "odd s.";

-- GENERATED ALWAYS AS IDENTITY: a value can be inserted, and not updated.
CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, status text, v text);
CREATE TABLE legacy.numbered AS SELECT i AS id, 'RECEIVED' AS status, 'old' AS v FROM generate_series(1, 3) AS i;
CREATE INDEX ON legacy.numbered (id);
SELECT gpsync.attach('numbered'), gpsync.track_batches('numbered');
SELECT gpsync.import('numbered', 'legacy.numbered', job => 'first', on_conflict => 'update');
CALL gpsync.run_import('first');
UPDATE legacy.numbered SET v = 'new';
SELECT gpsync.import('numbered', 'legacy.numbered', job => 'second', on_conflict => 'update');
CALL gpsync.run_import('second');
UPDATE legacy.numbered SET v = 'newer' WHERE id < 3;
SELECT gpsync.verify('numbered', 'legacy.numbered', run => 'numbered');
CALL gpsync.run_verify('numbered');
SELECT * FROM gpsync.repair('numbered', 'to_modern', apply => true) ORDER BY key::text;
SELECT id, v FROM numbered ORDER BY id;

\c postgres
SET client_min_messages = warning;
DROP DATABASE gpsync_regress_batch;
DROP ROLE gpsync_regress_batch_owner, gpsync_regress_batch_app, gpsync_regress_batch_ops;
