-- PII on the way into a table and out of it: scrub_on_write(), redact_in_stream() and security labels.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA pii_tables;
SET search_path = pii_tables, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
SELECT gpsync.define_policy('ids@1', '[{"key": "internal", "action": "remove"}]');
CREATE DOMAIN short_note AS varchar(12) CHECK (VALUE IS NULL OR VALUE <> '[removed]!');
CREATE TABLE documents (id int PRIMARY KEY, b jsonb, j json, t text, v varchar(10), d short_note, m jsonb, n int,
    g jsonb GENERATED ALWAYS AS (b) STORED);
RESET client_min_messages;

SELECT gpsync.scrub_on_write('documents', 'b', metadata_column => 'm'), gpsync.scrub_on_write('documents', 'j'),
    gpsync.scrub_on_write('documents', 't'),
       gpsync.scrub_on_write('documents', 'v'), gpsync.scrub_on_write('documents', 'd');
INSERT INTO documents (id, b, j, t, v, d)
    VALUES (1, '{"email": "joe@example.com", "a": 1.0}', '{"a" : 1.0, "email":"joe@example.com", "k":[ 1 ,2]}',
    'call joe@example.com now', 'x', 'ok') RETURNING b, j, t, v, g, m -> 'schema' AS schema;
INSERT INTO documents (id, b, t) VALUES (2, '{"a": 1}', '{"email":"joe@example.com","a":"b"}') RETURNING b, t;
UPDATE documents SET b = '{"b": ["4111111111111111"], "internal": 7}', t = 'joe@example.com' WHERE id = 2 RETURNING b,
    t, m -> 'members' AS members;
UPDATE documents SET b = NULL WHERE id = 2 RETURNING b, m;
INSERT INTO documents (id, b) VALUES (2, '{}') ON CONFLICT (id) DO UPDATE
    SET b = '{"email": "joe@example.com", "c": 3}' RETURNING b;
COPY documents (id, b) FROM stdin;
3	{"email": "joe@example.com", "d": 4}
\.
SELECT b FROM documents WHERE id = 3;
-- What comes out is held against the type like anything else.
SELECT error_of($$INSERT INTO documents (id, v) VALUES (9, 'x a@b.co')$$);
SELECT error_of($$INSERT INTO documents (id, d) VALUES (9, 'a@b.co!')$$);
-- Another policy for the same column takes the place of the first.
SELECT gpsync.scrub_on_write('documents', 'b', 'ids@1');
UPDATE documents SET b = '{"b": 1, "internal": 7}' WHERE id = 2 RETURNING b;
SELECT tgname, tgenabled, tgnargs FROM pg_trigger WHERE tgrelid = 'documents'::regclass ORDER BY 1;
-- A BEFORE trigger of the table's own comes first.
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.b := '{"email": "joe@example.com", "late": true}'; RETURN NEW; END $$;
CREATE TRIGGER zspoil BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION spoil();
UPDATE documents SET n = 1 WHERE id = 2 RETURNING b;
DROP TRIGGER zspoil ON documents;
-- A renamed column: nothing is written unscrubbed.
ALTER TABLE documents RENAME b TO bb;
SELECT error_of($$INSERT INTO documents (id, bb) VALUES (4, '{"email": "joe@example.com"}')$$);
ALTER TABLE documents RENAME bb TO b;
-- Partitions.
CREATE TABLE parts (id int, data jsonb) PARTITION BY LIST (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE parts_2 (data jsonb, id int);
SELECT gpsync.scrub_on_write('parts', 'data');
ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES IN (2);
INSERT INTO parts VALUES (1, '{"email": "joe@example.com"}'), (2, '{"email": "joe@example.com"}');
UPDATE parts SET id = 2, data = '{"email": "joe@example.com", "moved": true}' WHERE id = 1;
SELECT tableoid::regclass, * FROM parts ORDER BY 1, 3;

SELECT error_of($$SELECT gpsync.scrub_on_write('documents', 'bx')$$);
SELECT error_of($$SELECT gpsync.scrub_on_write('documents', 'n')$$);
SELECT error_of($$SELECT gpsync.scrub_on_write('documents', 'g')$$);
SELECT error_of($$SELECT gpsync.scrub_on_write('documents', 't', metadata_column => 'm')$$);
SELECT error_of($$SELECT gpsync.scrub_on_write('documents', 'b', metadata_column => 't')$$);
SELECT error_of($$SELECT gpsync.scrub_on_write('documents', 'b', metadata_column => 'b')$$);
SELECT split_part(error_of($$SELECT gpsync.scrub_on_write('documents', 'b', 'payment@1')$$), E'\n', 1);
SELECT error_of($$SELECT gpsync.scrub_on_write('documents', NULL)$$);
SELECT error_of($$SELECT gpsync.scrub_on_write('documents_pkey', 'id')$$);
SELECT error_of($$SELECT gpsync_internal.scrub_row()$$);

-- Labels.
SELECT gpsync.redact_in_stream('documents', 't', 'mask'), gpsync.redact_in_stream('documents', 'b', 'scrub ids@1');
SECURITY LABEL FOR gpsync ON COLUMN documents.n IS 'drop';
SECURITY LABEL FOR gpsync ON COLUMN documents.j IS 'hash';
SELECT objname, label FROM pg_seclabels WHERE provider = 'gpsync' AND objname LIKE '%documents%' ORDER BY objname;
SELECT gpsync.redact_in_stream('documents', 't', NULL);
SELECT count(*) FROM pg_seclabels WHERE objname LIKE '%documents.t';
SELECT error_of($$SELECT gpsync.redact_in_stream('documents', 't', 'maskk')$$);
SELECT error_of($$SELECT gpsync.redact_in_stream('documents', 't', '')$$);
SELECT split_part(error_of($$SELECT gpsync.redact_in_stream('documents', 't', 'scrub id@1')$$), E'\n', 1);
SELECT error_of($$SELECT gpsync.redact_in_stream('documents', 'id', 'drop')$$);
SELECT error_of($$SELECT gpsync.redact_in_stream('documents', 'nix', 'drop')$$);
-- A column of verification data is neither shown nor kept in another form.
CREATE TABLE card_data (id integer PRIMARY KEY, cvv2 text, track_2 text, pin boolean, cvv_result text);
SELECT rule, error_of(format($$SELECT gpsync.redact_in_stream('card_data', 'cvv2', %L)$$, rule))
    FROM unnest('{pass,mask,hash,tokenize}'::text[]) rule;
SELECT error_of($$SECURITY LABEL FOR gpsync ON COLUMN card_data.track_2 IS 'mask'$$);
SELECT gpsync.redact_in_stream('card_data', 'cvv2', 'drop'), gpsync.redact_in_stream('card_data', 'pin', 'pass'),
    gpsync.redact_in_stream('card_data', 'track_2', 'scrub payments@1'),
    gpsync.redact_in_stream('card_data', 'cvv_result', 'pass');
DROP TABLE card_data;
SELECT error_of($$SELECT gpsync.redact_in_stream('documents', 'ctid', 'drop')$$),
    error_of($$SELECT gpsync.redact_in_stream('pg_class', 'relname', 'drop')$$),
    error_of($$SELECT gpsync.redact_in_stream('gpsync.policy', 'rules', 'drop')$$);
SELECT error_of($$SECURITY LABEL FOR gpsync ON TABLE documents IS 'drop'$$);
SELECT error_of($$SECURITY LABEL FOR gpsync ON COLUMN documents.t IS 'hide'$$);
CREATE VIEW of_documents AS SELECT t FROM documents;
SELECT error_of($$SECURITY LABEL FOR gpsync ON COLUMN of_documents.t IS 'drop'$$);
-- A policy that is not there yet is only warned of: a dump has labels before policies.
SECURITY LABEL FOR gpsync ON COLUMN documents.t IS 'scrub later@1';

-- The platform's own table.
SET client_min_messages = warning;
DROP PUBLICATION IF EXISTS gpsync;
SELECT gpsync.create_platform_tables('pii_tables');
INSERT INTO partner_data (partner_id, data) VALUES ('p1', '{"email": "joe@example.com", "tier": "gold"}');
SELECT data, metadata -> 'schema' AS schema, sync_status FROM partner_data;
SELECT error_of($$SELECT gpsync.redact_in_stream('partner_data', 'sync_status', 'drop')$$);
SELECT error_of($$SELECT gpsync.redact_in_stream('partner_data', 'partner_id', 'drop')$$);
-- pass, which redacts nothing, is for a key too, but for data that may not be kept.
SELECT gpsync.redact_in_stream('partner_data', 'partner_id', 'pass');
SELECT column_name, in_stream, problem FROM gpsync.redacted_columns
WHERE relation = 'partner_data'::regclass AND column_name = 'partner_id';
SELECT gpsync.redact_in_stream('partner_data', 'partner_id', NULL);
CREATE TABLE pii_test_odd (cvv text PRIMARY KEY);
SELECT error_of($$SELECT gpsync.redact_in_stream('pii_test_odd', 'cvv', 'pass')$$);
DROP TABLE pii_test_odd;

-- An ordinary role: its own tables, and those of others not.
CREATE ROLE pii_test_operator;
SELECT gpsync.grant_operator('pii_test_operator');
GRANT ALL ON SCHEMA pii_tables TO pii_test_operator;
SET ROLE pii_test_operator;
CREATE TABLE own (id int PRIMARY KEY, data jsonb);
SELECT gpsync.scrub_on_write('own', 'data'), gpsync.redact_in_stream('own', 'data', 'drop');
INSERT INTO own VALUES (1, '{"email": "joe@example.com", "a": 1}') RETURNING data;
SELECT error_of($$SELECT gpsync.scrub_on_write('documents', 'b')$$);
SELECT error_of($$SELECT gpsync.redact_in_stream('documents', 't', 'pass')$$);
SELECT error_of($$SELECT gpsync.decrypt('a', 'b')$$), error_of($$SELECT gpsync.detokenize('4111111111111111')$$);
RESET ROLE;
DROP SCHEMA pii_tables CASCADE;
DROP OWNED BY pii_test_operator;
DROP ROLE pii_test_operator;
DROP PUBLICATION IF EXISTS gpsync;
