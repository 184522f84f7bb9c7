-- verify() and repair(): what they refuse, and the queries for other products. What they find: test/tap/verify.pl.
\set VERBOSITY default
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE TABLE things (id bigint PRIMARY KEY, status text NOT NULL, amount numeric(10,2), note varchar(10),
    at timestamptz,
    day date, active boolean, photo bytea, document jsonb);
CREATE TABLE plain (id bigint PRIMARY KEY, status text);
CREATE TABLE source (id bigint, status text, amount numeric, note text);
SELECT gpsync.attach('things');

-- Refused before anything is registered.
SELECT gpsync.verify('plain', 'source');
SELECT gpsync.verify('things', 'nowhere');
SELECT gpsync.verify('things', 'source', columns => '{"id": "id", "status": "status", "nothing": "note"}');
SELECT gpsync.verify('things', 'source',
    columns => '{"id": "id", "status": "status", "note": {"source": "note", "compare": "emty_is_null"}}');
SELECT gpsync.verify('things', 'source',
    columns => '{"id": "id", "status": "status", "note": {"source": "note", "compare": 1}}');
SELECT gpsync.verify('things', 'source',
    columns => '{"id": "id", "status": "status", "at": {"source": "now()", "compare": "zone:Nowhere"}}');
SELECT gpsync.verify('things', 'source', columns => '{"id": {"source": "id", "compare": "trim"}, "status": "status"}');
SELECT gpsync.verify('things', 'source', max_differences => 0);
SELECT gpsync.verify('things', 'source', run => 'not a name');
SELECT gpsync.verify('things');
CALL gpsync.run_verify('nothing');
SELECT gpsync.verify('things', 'source', run => 'first');
SELECT gpsync.verify('things', 'source', run => 'first');
SELECT gpsync.set_verify('first', 'round', '1');
SELECT gpsync.set_verify('first', 'rounds', '0');
SELECT gpsync.set_verify('first', 'rounds', 'many');
SELECT gpsync.set_verify('first', 'sync_timeout', 'long');
SELECT gpsync.set_verify('first', 'incremental', 'true');
SELECT * FROM gpsync.repair('first', 'to_legacy');

-- A transaction of the caller's, another role.
BEGIN;
CALL gpsync.run_verify('first');
ROLLBACK;
CREATE ROLE regress_verify_other;
SELECT gpsync.grant_operator('regress_verify_other');
SET ROLE regress_verify_other;
-- The message names the role that runs the tests.
\set VERBOSITY sqlstate
CALL gpsync.run_verify('first');
\set VERBOSITY default
SELECT gpsync.verify('things', 'source');
\set VERBOSITY sqlstate
SELECT gpsync.drop_verify('first');
\set VERBOSITY default
RESET ROLE;

-- Rows that no stream delivers are PENDING for ever: nothing is said of them. Rows without a key are counted.
INSERT INTO things (id, status) VALUES (1, 'RECEIVED'), (2, 'RECEIVED');
INSERT INTO source VALUES (1, 'RECEIVED'), (3, 'RECEIVED'), (NULL, 'x'), (4, 'RECEIVED'), (4, 'RECEIVED');
SELECT gpsync.set_verify('first', 'rounds', '1');
CALL gpsync.run_verify('first');
SELECT state, modern_rows, legacy_rows, without_key, extra, unsettled FROM gpsync.verify_progress;
SELECT key, kind, columns FROM gpsync.verify_differences ORDER BY key;
SELECT * FROM gpsync.repair('first', 'sideways');
SELECT * FROM gpsync.repair('first', 'to_legacy', '{unsettled}');
SELECT * FROM gpsync.repair('first', 'to_legacy', keys => '5');
SELECT * FROM gpsync.repair('first', 'to_modern') ORDER BY key;
SELECT gpsync.verify('things', 'source', max_differences => 1, run => 'short');
SELECT gpsync.set_verify('short', 'rounds', '1');
CALL gpsync.run_verify('short');
SELECT state FROM gpsync.verify_progress WHERE run = 'short';

-- A value that does not fit is an error that does not show it.
SELECT gpsync.verify('things', '(SELECT id, status, ''4111 1111 1111 1111'' AS amount FROM public.source)',
    run => 'unfit',
    columns => '{"id": "id", "status": "status", "amount": "amount"}');
CALL gpsync.run_verify('unfit');
SELECT gpsync.drop_verify('unfit');
-- The side, the column and the row are named. \u0000 is no jsonb.
CREATE TABLE papers (bank text, no integer, "A ""doc""" json, PRIMARY KEY (bank, no));
CREATE TABLE other_papers (bank text, no integer, doc text);
SELECT gpsync.attach('papers', NULL);
INSERT INTO papers SELECT 'b', i, '{"a": 1}' FROM generate_series(1, 300) AS i;
INSERT INTO other_papers SELECT 'b', i, '{"a":1}' FROM generate_series(1, 300) AS i;
SELECT gpsync.verify('papers', 'other_papers', run => 'papers',
    columns => '{"bank": "bank", "no": "no", "A \"doc\"": "doc::json"}');
UPDATE papers SET "A ""doc""" = '{"a": "\u0000"}' WHERE no = 77;
CALL gpsync.run_verify('papers');
UPDATE papers SET "A ""doc""" = '{"a": 1}' WHERE no = 77;
UPDATE other_papers SET doc = '{"a": "\u0000"}' WHERE no = 78;
CALL gpsync.run_verify('papers');
UPDATE other_papers SET doc = 'no document' WHERE no = 78;
CALL gpsync.run_verify('papers');
UPDATE other_papers SET doc = '{"a": 1}', no = NULL WHERE no = 78;
INSERT INTO other_papers VALUES ('jane.roe@example.com', 1, '{"a": "\u0000"}');
CALL gpsync.run_verify('papers');
UPDATE other_papers SET doc = '{"a": 1}' WHERE bank <> 'b';
UPDATE other_papers SET doc = '{"a": "\u0000"}' WHERE no IS NULL;
CALL gpsync.run_verify('papers');
DELETE FROM other_papers WHERE no IS NULL;
SELECT gpsync.set_verify('papers', 'rounds', '1');
CALL gpsync.run_verify('papers');
SELECT kind, key FROM gpsync.verify_differences WHERE run = 'papers' ORDER BY kind;
SELECT gpsync.drop_verify('papers'), gpsync.detach('papers');
DROP TABLE papers, other_papers;

-- Incremental runs: an index, and a clean run before.
DELETE FROM source;
DELETE FROM things;
SELECT gpsync.verify('things', 'source', run => 'clean');
CALL gpsync.run_verify('clean');
SELECT gpsync.verify('things', 'source', run => 'next');
CREATE INDEX ON things USING brin (sync_revision);
SELECT gpsync.set_verify('next', 'incremental', 'true');
INSERT INTO source VALUES (9, 'RECEIVED');
CALL gpsync.run_verify('next');
SELECT state, slices, differs + extra + missing AS found FROM gpsync.verify_progress WHERE run = 'next';
DELETE FROM source;

-- For other products.
SELECT gpsync.verify_query('things', 'oracle');
SELECT gpsync.verify_query('things', 'mysql');
SELECT gpsync.verify_query('things', 'db2');
SELECT gpsync.verify_query('plain', 'mysql');
INSERT INTO things (id, status, amount, note, at, day, active, photo) VALUES (1, 'RECEIVED', 1.5, ' a ', '2024-01-01Z',
    '2024-01-01', true, '\x00'), (2, 'RECEIVED', NULL, '', NULL, NULL, NULL, NULL);
SELECT (regexp_match(gpsync.verify_query('things', 'postgresql'),
        '^-- There[^\n]*\n(.*?);\n\n-- Here[^\n]*\n(.*);'))[1] =
    (regexp_match(gpsync.verify_query('things', 'postgresql'),
        '^-- There[^\n]*\n(.*?);\n\n-- Here[^\n]*\n(.*);'))[2] AS twins;
SELECT split_part(split_part(gpsync.verify_query('things', 'oracle'), E'same buckets.\n', 2), ';', 1) AS here \gset
:here;

DROP TABLE things, plain, source CASCADE;
DROP OWNED BY regress_verify_other;
DROP ROLE regress_verify_other;
