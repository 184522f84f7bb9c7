-- What is redacted where, and what keeps it from being so: redacted_columns, doctor(), the guard of keys.
CREATE DATABASE gpsync_regress_redacted;
\c gpsync_regress_redacted
CREATE EXTENSION gpsync;
\pset format unaligned
\pset null -
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE VIEW findings AS SELECT severity, check_name, finding, fix FROM gpsync.doctor()
    WHERE check_name IN ('label', 'scrub_on_write', 'key file', 'trigger');
SELECT count(*) FROM gpsync.redacted_columns;

CREATE TABLE pay (id integer PRIMARY KEY, status text, email text, card text, note text, data jsonb, about jsonb);
SELECT gpsync.attach('pay');
SELECT gpsync.define_policy('plain@1', '[{"key": "note", "action": "mask"}]'),
    gpsync.define_policy('keyed@1', '[{"key": "note", "action": "hash"}]');
SELECT gpsync.scrub_on_write('pay', 'data', 'plain@1', 'about');
SELECT gpsync.redact_in_stream('pay', 'card', 'mask'), gpsync.redact_in_stream('pay', 'email', 'drop'),
    gpsync.redact_in_stream('pay', 'note', 'scrub plain@1');
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://nws.example/');
SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL;
TABLE gpsync.redacted_columns;
SELECT * FROM findings;

-- Labels of several levels of a partitioned table.
CREATE TABLE tree (id integer, a text, b text, c text, d jsonb) PARTITION BY LIST (id);
CREATE TABLE tree_1 PARTITION OF tree FOR VALUES IN (1);
SELECT gpsync.scrub_on_write('tree', 'd');
SELECT gpsync.redact_in_stream('tree', 'a', 'mask'), gpsync.redact_in_stream('tree_1', 'a', 'hash'),
    gpsync.redact_in_stream('tree', 'b', 'drop'), gpsync.redact_in_stream('tree_1', 'b', 'pass'),
       gpsync.redact_in_stream('tree', 'c', 'scrub plain@1'), gpsync.redact_in_stream('tree_1', 'c', 'scrub keyed@1');
SELECT column_name, in_stream, label, scrubbed_on_write FROM gpsync.redacted_columns
    WHERE relation IN ('tree'::regclass, 'tree_1'::regclass);
SELECT * FROM findings;
DROP TABLE tree;
CREATE TABLE parent (id integer, a text, b text);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE grandchild (c text PRIMARY KEY) INHERITS (child);
SELECT gpsync.redact_in_stream('parent', 'a', 'mask'), gpsync.redact_in_stream('grandchild', 'b', 'drop');
SELECT relation, column_name, in_stream, label FROM gpsync.redacted_columns
    WHERE relation IN ('parent'::regclass, 'grandchild'::regclass);
SELECT error_of('ALTER TABLE grandchild DROP CONSTRAINT grandchild_pkey, ADD PRIMARY KEY (a)');
DROP TABLE parent CASCADE;

-- Keys, policies and columns that are not there.
SELECT gpsync.redact_in_stream('pay', 'note', 'scrub keyed@1'),
    gpsync.scrub_on_write('pay', 'data', 'keyed@1', 'about');
SECURITY LABEL FOR gpsync ON COLUMN pay.card IS 'scrub later@1';
SELECT * FROM findings;
SELECT column_name, problem FROM gpsync.redacted_columns WHERE problem IS NOT NULL;
SELECT gpsync.define_policy('later@1', '[]');
SELECT gpsync.redact_in_stream('pay', 'note', NULL), gpsync.scrub_on_write('pay', 'data', metadata_column => 'about');
SELECT * FROM findings;
-- Triggers that somebody disabled, dropped, or that do not fire for replicated rows (pg_restore --disable-triggers
-- leaves them so).
ALTER TABLE pay DISABLE TRIGGER zz_gpsync_scrub_6, DROP COLUMN about;
SELECT * FROM findings;
ALTER TABLE pay ENABLE TRIGGER zz_gpsync_scrub_6, ENABLE TRIGGER gpsync_scrubbed_6, ADD COLUMN about jsonb;
SELECT * FROM findings;
DROP TRIGGER gpsync_scrubbed_6 ON pay;
SELECT fix FROM findings WHERE finding LIKE 'nothing checks%' \gexec
SELECT * FROM findings;

-- A labelled column does not become a key, however that is tried; without a label, or with pass, it does.
SELECT error_of('ALTER TABLE pay DROP CONSTRAINT pay_pkey, ADD PRIMARY KEY (email)');
CREATE UNIQUE INDEX by_email ON pay (email);
ALTER TABLE pay ALTER email SET NOT NULL;
SELECT error_of('ALTER TABLE pay REPLICA IDENTITY USING INDEX by_email');
SELECT gpsync.redact_in_stream('pay', 'email', 'pass');
ALTER TABLE pay REPLICA IDENTITY USING INDEX by_email;
SELECT error_of($$SELECT gpsync.redact_in_stream('pay', 'email', 'drop')$$);
ALTER TABLE pay REPLICA IDENTITY DEFAULT;
CREATE TABLE root (id integer, a text NOT NULL) PARTITION BY LIST (id);
SELECT gpsync.redact_in_stream('root', 'a', 'drop');
SELECT error_of('CREATE TABLE leaf PARTITION OF root (PRIMARY KEY (a)) FOR VALUES IN (1)');
CREATE TABLE leaf (id integer, a text PRIMARY KEY);
SELECT error_of('ALTER TABLE root ATTACH PARTITION leaf FOR VALUES IN (1)');
SELECT gpsync.redact_in_stream('root', 'a', NULL);
ALTER TABLE root ATTACH PARTITION leaf FOR VALUES IN (1);
SELECT error_of($$SELECT gpsync.redact_in_stream('root', 'a', 'drop')$$);
ALTER TABLE leaf DROP CONSTRAINT leaf_pkey;
SELECT gpsync.redact_in_stream('leaf', 'a', 'drop');
SELECT error_of('ALTER TABLE root ADD PRIMARY KEY (id, a)');
-- What no command of a table does, the doctor finds.
ALTER TABLE pay REPLICA IDENTITY USING INDEX by_email;
SELECT gpsync.redact_in_stream('pay', 'email', NULL);
ALTER EVENT TRIGGER gpsync_guard_keys DISABLE;
ALTER TABLE pay REPLICA IDENTITY DEFAULT;
SELECT gpsync.redact_in_stream('pay', 'email', 'drop');
ALTER TABLE pay REPLICA IDENTITY USING INDEX by_email;
ALTER EVENT TRIGGER gpsync_guard_keys ENABLE ALWAYS;
SELECT * FROM findings;
SELECT column_name, in_stream, problem FROM gpsync.redacted_columns WHERE problem IS NOT NULL;
ALTER TABLE pay REPLICA IDENTITY DEFAULT;
SELECT * FROM findings;

-- Who sees it.
CREATE ROLE gpsync_regress_reader;
SELECT error_of('SET ROLE gpsync_regress_reader; TABLE gpsync.redacted_columns');
SELECT gpsync.grant_reader('gpsync_regress_reader');
SET ROLE gpsync_regress_reader;
SELECT count(*) FROM gpsync.redacted_columns WHERE relation = 'pay'::regclass;
RESET ROLE;
DROP OWNED BY gpsync_regress_reader;
DROP ROLE gpsync_regress_reader;

-- What a name says, by the key words that scrub() goes by.
SELECT n, gpsync_internal.pii_of_name(n)
    FROM unnest('{email,CardNumber,dpan,user_name,msisdn,tax_id,partner_id,token_id,
                  wallet_id,id,name,token_unique_reference,email_hash,masked_pan}'::name[]) AS n;

SELECT gpsync.drop_stream('legacy');
\c postgres
DROP DATABASE gpsync_regress_redacted;
