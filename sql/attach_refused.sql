-- What attach and detach refuse, and how they say it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA refused_test;
SET search_path = refused_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE FUNCTION refusal(relation regclass, machine text DEFAULT 'provision', status_column name DEFAULT 'status',
    publication name DEFAULT 'refused_test')
    RETURNS text LANGUAGE sql
        AS $$ SELECT error_of(format('SELECT gpsync.attach(%L, %L, %L, %L)', relation, machine, status_column,
        publication)) $$;
RESET client_min_messages;

-- Not a table.
CREATE TABLE t (id integer PRIMARY KEY, status varchar(20), note text);
CREATE VIEW a_view AS SELECT * FROM t;
CREATE MATERIALIZED VIEW a_matview AS SELECT * FROM t;
CREATE SEQUENCE a_sequence;
CREATE TYPE a_type AS (id integer, status text);
CREATE FOREIGN DATA WRAPPER refused_test_wrapper;
CREATE SERVER refused_test_server FOREIGN DATA WRAPPER refused_test_wrapper;
CREATE FOREIGN TABLE a_foreign_table (id integer, status text) SERVER refused_test_server;
SELECT refusal('a_view');
SELECT refusal('a_matview');
SELECT refusal('a_sequence');
SELECT refusal('t_pkey');
SELECT refusal('a_type');
SELECT refusal('a_foreign_table');
SELECT error_of($$SELECT gpsync.attach(4294967295::oid::regclass)$$);
SELECT error_of($$SELECT gpsync.attach('no_such_table')$$);
SELECT error_of($$SELECT gpsync.attach(NULL)$$);
SELECT error_of($$SELECT gpsync.attach('t', status_column => NULL)$$);
SELECT error_of($$SELECT gpsync.attach('t', publication => NULL)$$);

-- Not for streaming.
CREATE TEMP TABLE temporary_table (id integer PRIMARY KEY, status text);
CREATE UNLOGGED TABLE unlogged_table (id integer PRIMARY KEY, status text);
SELECT regexp_replace(refusal('temporary_table'), 'pg_temp_\d+', 'pg_temp_N');
SELECT refusal('unlogged_table');
SELECT refusal('gpsync.machine');
SELECT refusal('pg_catalog.pg_class');
SELECT refusal('information_schema.sql_features');

-- Keys and identities.
CREATE TABLE no_key (id integer NOT NULL UNIQUE, status text);
CREATE TABLE deferrable_key (id integer PRIMARY KEY DEFERRABLE, status text);
CREATE TABLE no_identity (id integer PRIMARY KEY, status text);
ALTER TABLE no_identity REPLICA IDENTITY NOTHING;
CREATE TABLE index_gone (id integer PRIMARY KEY, other integer NOT NULL, status text);
CREATE UNIQUE INDEX index_gone_other ON index_gone (other);
ALTER TABLE index_gone REPLICA IDENTITY USING INDEX index_gone_other;
DROP INDEX index_gone_other;
SELECT refusal('no_key');
SELECT refusal('deferrable_key');
SELECT refusal('no_identity');
SELECT refusal('index_gone');
ALTER TABLE no_key REPLICA IDENTITY USING INDEX no_key_id_key;
ALTER TABLE no_identity REPLICA IDENTITY FULL;
SELECT refusal('no_key');
SELECT refusal('no_identity');
SELECT gpsync_internal.key_columns('no_key'), gpsync_internal.key_columns('no_identity'),
    gpsync_internal.key_columns('deferrable_key'),
    gpsync_internal.key_columns('a_view'), gpsync_internal.key_columns(4294967295::oid::regclass);

-- The status column.
CREATE TABLE of_integer (id integer PRIMARY KEY, status integer, "Status" text);
SELECT refusal('t', status_column => 'statsu');
SELECT refusal('t', status_column => 'nothing_like_it');
SELECT refusal('t', status_column => 'ctid');
SELECT refusal('of_integer');
SELECT refusal('of_integer', status_column => 'STATUS');
CREATE TABLE own (id integer PRIMARY KEY, sync_status varchar(20));
SELECT refusal('own', status_column => 'sync_status');

-- The machine, and what rows there are.
SELECT refusal('t', 'provisionn');
SELECT refusal('t', '');
INSERT INTO t (id, status) SELECT n, (ARRAY['OLD', 'OLDER', 'RECEIVED', NULL, 'OLD'])[n % 5 + 1]
    FROM generate_series(1, 9) AS n;
SELECT refusal('t');
INSERT INTO t (id, status) VALUES (20, 'a'), (21, 'b'), (22, 'c'), (23, ''), (24, 'received');
SELECT refusal('t');

-- Columns of ours that are theirs.
CREATE TABLE short_status (id integer PRIMARY KEY, status text, sync_status varchar(8));
CREATE TABLE integer_revision (id integer PRIMARY KEY, status text, sync_revision integer);
CREATE TABLE text_timestamp (id integer PRIMARY KEY, status text, last_sync_timestamp text);
CREATE TABLE generated_status (id integer PRIMARY KEY, status text, sync_status text GENERATED ALWAYS AS ('x') STORED);
CREATE TABLE identity_revision (id integer PRIMARY KEY, status text, sync_revision bigint GENERATED ALWAYS AS IDENTITY);
SELECT refusal('short_status');
SELECT refusal('integer_revision');
SELECT refusal('text_timestamp');
SELECT refusal('generated_status');
SELECT refusal('identity_revision');

-- Partitions.
CREATE TABLE root (id integer PRIMARY KEY, status text) PARTITION BY RANGE (id);
CREATE TABLE low PARTITION OF root FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);
CREATE TABLE lowest PARTITION OF low FOR VALUES FROM (0) TO (5);
CREATE TABLE high PARTITION OF root FOR VALUES FROM (10) TO (20);
SELECT refusal('high');
CREATE UNLOGGED TABLE middle PARTITION OF root FOR VALUES FROM (20) TO (30);
SELECT refusal('root');
DROP TABLE middle;
ALTER TABLE lowest REPLICA IDENTITY NOTHING;
SELECT refusal('root');
ALTER TABLE lowest REPLICA IDENTITY DEFAULT;
ALTER TABLE root ADD COLUMN other integer NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX high_other ON high (other);
ALTER TABLE high REPLICA IDENTITY USING INDEX high_other;
SELECT refusal('root');
ALTER TABLE high REPLICA IDENTITY DEFAULT;
ALTER TABLE root ADD COLUMN sync_status varchar(20), ADD COLUMN last_sync_timestamp timestamptz,
    ADD COLUMN sync_revision bigint NOT NULL DEFAULT 0;
SELECT gpsync.attach('high', publication => 'refused_test');
SELECT refusal('root');
SELECT gpsync.detach('high');
SELECT gpsync.attach('root', publication => 'refused_test');
SELECT refusal('root');
SELECT refusal('low');
SELECT refusal('lowest');
SELECT error_of($$SELECT gpsync.detach('lowest')$$);
SELECT gpsync.detach('root');

-- PII in the key.
CREATE TABLE accounts ("Card_Number" text, email text, companion text, status text,
    PRIMARY KEY ("Card_Number", companion, email));
SELECT gpsync.attach('accounts', publication => 'refused_test');

-- detach.
SELECT error_of($$SELECT gpsync.detach('t')$$);
SELECT error_of($$SELECT gpsync.detach('a_view')$$);
SELECT error_of($$SELECT gpsync.detach(NULL)$$);

-- Rights: the table, the publication, the database.
CREATE ROLE gpsync_refused_owner;
CREATE ROLE gpsync_refused_other;
CREATE ROLE gpsync_refused_boss;
GRANT CREATE ON DATABASE gpsync_regress TO gpsync_refused_boss;
ALTER PUBLICATION refused_test OWNER TO gpsync_refused_boss;
SELECT gpsync.grant_operator('gpsync_refused_owner'), gpsync.grant_operator('gpsync_refused_other');
GRANT ALL ON SCHEMA refused_test TO gpsync_refused_owner, gpsync_refused_other;
CREATE TABLE theirs (id integer PRIMARY KEY, status text);
ALTER TABLE theirs OWNER TO gpsync_refused_owner;
SET ROLE gpsync_refused_other;
SELECT refusal('theirs');
SET ROLE gpsync_refused_owner;
SELECT refusal('theirs');
SELECT refusal('theirs', publication => 'refused_test_2');
RESET ROLE;
GRANT CREATE ON DATABASE gpsync_regress TO gpsync_refused_owner;
SET ROLE gpsync_refused_owner;
SELECT refusal('theirs', publication => 'refused_test_2');
SELECT relation, machine, publication FROM gpsync.attached_tables WHERE relation = 'theirs'::regclass;
SELECT gpsync.generate_test_data('theirs', 2);
SELECT gpsync.define_machine('theirs', '{"A":[]}', '{A}'), gpsync.drop_machine('theirs');
-- Who writes needs no right but on the table.
GRANT SELECT, INSERT, UPDATE (status) ON theirs TO gpsync_refused_other;
SET ROLE gpsync_refused_other;
INSERT INTO theirs VALUES (3, 'RECEIVED') RETURNING sync_status;
UPDATE theirs SET status = 'FAILED' WHERE id = 3 RETURNING sync_status;
SELECT error_of($$UPDATE theirs SET status = 'ELIGIBLE' WHERE id = 3$$);
SELECT error_of($$SELECT gpsync.detach('theirs')$$);
-- Who may not see the key is not told it.
RESET ROLE;
REVOKE SELECT ON theirs FROM gpsync_refused_other;
SET ROLE gpsync_refused_other;
SELECT error_of($$UPDATE theirs SET status = 'ELIGIBLE'$$);
RESET ROLE;
ALTER PUBLICATION refused_test_2 OWNER TO gpsync_refused_boss;
SET ROLE gpsync_refused_owner;
SELECT error_of($$SELECT gpsync.detach('theirs')$$);
RESET ROLE;
ALTER PUBLICATION refused_test_2 DROP TABLE theirs;
SET ROLE gpsync_refused_owner;
SELECT gpsync.detach('theirs');
RESET ROLE;

SET client_min_messages = warning;
DROP PUBLICATION refused_test, refused_test_2;
DROP SCHEMA refused_test CASCADE;
DROP FOREIGN DATA WRAPPER refused_test_wrapper CASCADE;
DROP OWNED BY gpsync_refused_owner, gpsync_refused_other, gpsync_refused_boss;
DROP ROLE gpsync_refused_owner, gpsync_refused_other, gpsync_refused_boss;
