-- import(): what it refuses, what it brings over, the rows it refuses, and what becomes of them.
\set VERBOSITY default
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA s;
CREATE TABLE s.src (id text, st text, det jsonb, n text);
INSERT INTO s.src SELECT 'k'||lpad(i::text,5,'0'), 'R', '{"a":1}', i::text FROM generate_series(1,5000) i;
UPDATE s.src SET st='X' WHERE id IN ('k00010','k04000');
UPDATE s.src SET n='abc' WHERE id IN ('k00011','k03000');
UPDATE s.src SET n='12345678901' WHERE id IN ('k00012');
INSERT INTO s.src VALUES
    (NULL,'R','{}','1'),(NULL,'R','{}','1'),('k00500','R','{}','2'),('k00500','R','{}','3'),
    ('4111111111111111','R','{}','5'),('zz5500005555555559','R','{}','6');
INSERT INTO s.src VALUES ('toolong','R','{}', NULL);
CREATE INDEX ON s.src (id);
CREATE TABLE tgt (id varchar(20) primary key, status text, det jsonb, n int not null check (n < 100000));
SELECT gpsync.attach('tgt');
INSERT INTO tgt VALUES ('k00001','RECEIVED','{"modern":true}',1);
SELECT gpsync.import('tgt','s.src','{"id":"id","status":"st","det":"det","n":"n::int"}',
    status_map=>'{"R":"VERIFIED"}', job=>'t');
SELECT gpsync.set_import('t','max_chunk','700');
CALL gpsync.run_import('t');
SELECT key, rows, sqlstate, message, column_name, constraint_name, state FROM gpsync.import_rejects
ORDER BY key, id;
SELECT read, written, skipped, rejected FROM gpsync.import_progress WHERE job='t';
SELECT count(*), count(*) FILTER (WHERE sync_status='PENDING') FROM tgt;
UPDATE s.src SET n='7' WHERE id IN ('k00011','k03000'); DELETE FROM s.src WHERE id='k00012';
SELECT gpsync.retry_rejects('t');
CALL gpsync.run_import('t');
SELECT key, rows, sqlstate, message, column_name, constraint_name, state, attempts
FROM gpsync.import_rejects ORDER BY key, id;
SELECT read, written, skipped, rejected FROM gpsync.import_progress WHERE job='t';
SELECT gpsync.discard_rejects('t', reason=>'known');
-- update mode
SELECT gpsync.import('tgt','(SELECT * FROM s.src WHERE id < ''k00100'')',
    '{"id":"id","status":"st","det":"det","n":"99"}',
    status_map=>'{"R":"RECEIVED","X":"FAILED"}', job=>'u', on_conflict=>'update', source_key=>'{id}');
CALL gpsync.run_import('u');
SELECT read, written, skipped, rejected FROM gpsync.import_progress WHERE job='u';
SELECT id, status, det, n, sync_status, sync_revision % 8 AS kind FROM tgt ORDER BY id LIMIT 3;
-- error mode
SELECT gpsync.import('tgt','(SELECT * FROM s.src WHERE id < ''k00100'')',
    '{"id":"id","status":"st","det":"det","n":"98"}',
    status_map=>'{"R":"RECEIVED","X":"FAILED"}', job=>'e', on_conflict=>'error', source_key=>'{id}');
CALL gpsync.run_import('e');
SELECT read, written, skipped, rejected FROM gpsync.import_progress WHERE job='e';
SELECT sqlstate, message, constraint_name, count(*) FROM gpsync.import_rejects WHERE job='e' GROUP BY 1,2,3;
-- a source whose first row has no key to plan with: none, NULL, one that is PII
CREATE TABLE s.none (LIKE s.src);
CREATE TABLE s.null_first (LIKE s.src);
INSERT INTO s.null_first VALUES (NULL,'R','{}','1'),('nf1','R','{}','1');
CREATE TABLE s.pan_first (LIKE s.src);
INSERT INTO s.pan_first VALUES ('5500005555555559','R','{}','1'),('pf1','R','{}','1');
SELECT gpsync.import('tgt', 's.' || source, '{"id":"id","status":"st","n":"n::int"}', status_map=>'{"R":"VERIFIED"}',
    job=>source) FROM unnest(ARRAY['none','null_first','pan_first']) AS source;
CALL gpsync.run_import('none');
CALL gpsync.run_import('null_first');
CALL gpsync.run_import('pan_first');
SELECT job, state, read, written, rejected FROM gpsync.import_progress
WHERE job IN ('none','null_first','pan_first') ORDER BY job;
-- names that look like a parameter
CREATE TABLE s."price in $1" ("id $1" text, st text, n int);
CREATE INDEX ON s."price in $1" ("id $1");
INSERT INTO s."price in $1" VALUES ('odd1', 'R', 1);
SELECT gpsync.import('tgt', 's."price in $1"', '{"id":"id $1","status":"st","n":"n"}', status_map=>'{"R":"VERIFIED"}',
    job=>'odd');
CALL gpsync.run_import('odd');
SELECT read, written FROM gpsync.import_progress WHERE job = 'odd';
-- errors
SELECT gpsync.import('tgt','s.nope');
SELECT gpsync.import('tgt','s.src','{"idd":"id"}');
SELECT gpsync.import('tgt','s.src','{"id":"id","status":"st","n":"n"}');
SELECT gpsync.import('tgt','s.src','{"id":"lower(id)","status":"st","n":"n::int"}');
SELECT gpsync.import('tgt','s.src','{"id":"id","status":"st","n":"nofunc(n)"}');
SELECT gpsync.import('tgt','s.src','{"id":"id","n":"n::int"}');
SELECT gpsync.import('tgt','s.src','{"id":"id","status":"st","n":"n::int"}', status_map=>'{"R":"RECIEVED"}');
SELECT gpsync.import('tgt','s.src','{"id":"id","status":"st","n":"n::int"}', echo=>'{nws}');
SELECT gpsync.import('tgt','s.src','{"id":"id","status":"st","n":"n::int"}', on_conflict=>'skipp');
SELECT gpsync.import('tgt','(SELECT 1','{"id":"id","status":"st","n":"n::int"}');
SELECT gpsync.import('tgt','(SELECT * FROM src)','{"id":"id","status":"st"}');
SELECT gpsync.import('s.src','s.src');
BEGIN; CALL gpsync.run_import('t'); ROLLBACK;
RESET client_min_messages;
\pset format unaligned
SELECT * FROM gpsync.explain_import('t');
\pset format aligned
SELECT finding, fix FROM gpsync.doctor() WHERE check_name = 'import';
-- options
SELECT gpsync.set_import('t', 'max_chunk', '5');
SELECT gpsync.set_import('t', 'chunk_time', 'soon');
SELECT gpsync.set_import('t', 'max_stream_lag', 'much');
SELECT gpsync.set_import('t', 'max_replica_lag', '-1 s');
SELECT gpsync.set_import('t', 'rows_per_second', '99999999999');
SELECT gpsync.set_import('t', 'max_stream_lag', '1GB'), gpsync.set_import('t', 'max_replica_lag', '5s'),
    gpsync.set_import('t', 'rows_per_second', NULL);
-- a table that is gone
DELETE FROM gpsync.import_job;
CREATE TABLE gone (id int PRIMARY KEY, status text);
SELECT gpsync.attach('gone'), gpsync.import('gone', '(SELECT 1 AS id, ''RECEIVED'' AS status)', job => 'gone'),
    gpsync.import('gone', '(SELECT 1 AS id, ''RECEIVED'' AS status)', on_conflict => 'update', job => 'gone_too');
DROP TABLE gone;
CALL gpsync.run_import('gone');
CALL gpsync.run_import('gone_too');
SELECT gpsync.explain_import('gone');
SELECT finding, fix FROM gpsync.doctor() WHERE check_name = 'import' ORDER BY 1;
SELECT gpsync.cancel_import('gone'), gpsync.cancel_import('gone_too');
CALL gpsync.run_import('gone');
DELETE FROM gpsync.import_job;
DROP TABLE tgt;
DROP SCHEMA s CASCADE;
