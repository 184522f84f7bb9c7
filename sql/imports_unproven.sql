-- Rows that imports have written, of tables and partitions that were out of control for a while: nobody knows whether
-- they have been changed, so no import overwrites them and no roll-back deletes them.
\set SHOW_CONTEXT never
CREATE DATABASE gpsync_regress_unproven;
\c gpsync_regress_unproven
SET client_min_messages = error;
CREATE EXTENSION gpsync;
CREATE TABLE source (id int PRIMARY KEY, at date, status text, note text);
INSERT INTO source SELECT n, '2024-03-04', 'RECEIVED', 'legacy' FROM generate_series(1, 4) AS n;
CREATE TABLE things (id int PRIMARY KEY, status text NOT NULL, note text, at date);
CREATE TABLE parts (id int, at date, status text NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
SELECT gpsync.attach(t) FROM unnest('{things,parts}'::regclass[]) AS t;
SELECT gpsync.import('things', 'public.source', job => 'things');
CALL gpsync.run_import('things');
SELECT gpsync.import('parts', 'public.source', source_key => '{id,at}', job => 'parts');
CALL gpsync.run_import('parts');

-- A later import takes what is new, while nobody else has written.
UPDATE source SET note = 'legacy 2';
UPDATE things SET note = 'modern' WHERE id = 1;
SELECT gpsync.import('things', 'public.source', on_conflict => 'update', job => 'things_2');
CALL gpsync.run_import('things_2');
SELECT id, note FROM things ORDER BY 1;

-- Detached, written, and attached.
SELECT gpsync.detach('things');
UPDATE things SET note = 'modern, detached' WHERE id = 2;
SELECT gpsync.attach('things');
UPDATE source SET note = 'legacy 3';
INSERT INTO source VALUES (5, '2024-03-04', 'RECEIVED', 'legacy 3');
SELECT gpsync.import('things', 'public.source', on_conflict => 'update', job => 'things_3');
CALL gpsync.run_import('things_3');
SELECT job, written, skipped FROM gpsync.import_progress WHERE job = 'things_3';
SELECT id, note FROM things ORDER BY 1;
-- What an import has written since is known again.
UPDATE source SET note = 'legacy 4';
SELECT gpsync.import('things', 'public.source', on_conflict => 'update', job => 'things_4');
CALL gpsync.run_import('things_4');
SELECT id, note FROM things ORDER BY 1;
SELECT FROM gpsync.preview_rollback('import:things');

-- Also where nothing of the import is kept any more.
DELETE FROM gpsync.import_job WHERE relation = 'things'::regclass;
SELECT gpsync.detach('things');
UPDATE things SET note = 'modern, later' WHERE id = 5;
SELECT gpsync.attach('things');
SELECT gpsync.import('things', 'public.source', on_conflict => 'update', job => 'things_5');
CALL gpsync.run_import('things_5');
SELECT id, note FROM things WHERE id = 5;

-- A partition: an empty one changes nothing, one without rows of an import neither.
ALTER TABLE parts DETACH PARTITION parts_2025;
ALTER TABLE parts ATTACH PARTITION parts_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE parts_2026 (LIKE parts);
INSERT INTO parts_2026 VALUES (7, '2026-03-04', 'RECEIVED', 'modern', 'PENDING', now(), 8);
ALTER TABLE parts ATTACH PARTITION parts_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
SELECT action, count(*) FROM gpsync.preview_rollback('import:parts') GROUP BY 1;
ALTER TABLE parts DETACH PARTITION parts_2024;
UPDATE parts_2024 SET note = 'modern, apart' WHERE id = 1;
ALTER TABLE parts ATTACH PARTITION parts_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
SELECT FROM gpsync.preview_rollback('import:parts');
SELECT gpsync.import('parts', 'public.source', source_key => '{id,at}', on_conflict => 'update', job => 'parts_2');
CALL gpsync.run_import('parts_2');
SELECT id, note FROM parts ORDER BY 1;

\c postgres
SET client_min_messages = warning;
DROP DATABASE gpsync_regress_unproven;
