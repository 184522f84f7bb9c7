-- Who makes a stream reads what it shows: checked when it is made, whenever its publication changes, and by the doctor.
CREATE DATABASE gpsync_regress_readers;
\c gpsync_regress_readers
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE gpsync_regress_reader_ops;
CREATE ROLE gpsync_regress_reader_app;
CREATE ROLE gpsync_regress_reader_all BYPASSRLS IN ROLE pg_read_all_data;
SELECT gpsync.grant_operator(r::regrole) FROM unnest('{gpsync_regress_reader_ops,gpsync_regress_reader_all}'::text[])
    AS r;
GRANT CREATE ON DATABASE gpsync_regress_readers TO gpsync_regress_reader_app;
GRANT CREATE ON SCHEMA public TO gpsync_regress_reader_app;
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
GRANT USAGE ON FOREIGN SERVER nws TO gpsync_regress_reader_ops, gpsync_regress_reader_all;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
-- Does it, and takes it back: whether it would have worked.
CREATE FUNCTION would(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN RETURN 'it would';
    WHEN OTHERS THEN RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
CREATE VIEW findings AS SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'stream owner';
-- May the reader read these rows? As PostgreSQL itself says.
CREATE TABLE rls (id integer PRIMARY KEY, secret text);
CREATE TABLE rls_part (id integer PRIMARY KEY, secret text) PARTITION BY RANGE (id);
CREATE TABLE rls_part_1 PARTITION OF rls_part FOR VALUES FROM (0) TO (10);
GRANT SELECT ON rls, rls_part TO gpsync_regress_reader_ops;
GRANT SELECT ON rls TO gpsync_regress_reader_app;
SET SESSION AUTHORIZATION gpsync_regress_reader_app;
CREATE TABLE app_rls (id integer PRIMARY KEY);
ALTER TABLE app_rls ENABLE ROW LEVEL SECURITY;
CREATE TABLE app_force (id integer PRIMARY KEY);
ALTER TABLE app_force ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
RESET SESSION AUTHORIZATION;
GRANT SELECT ON app_rls, app_force TO gpsync_regress_reader_ops;
CREATE FUNCTION server_says(reader name, relation regclass) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', reader);
    SET LOCAL row_security = off;
    EXECUTE format('SELECT FROM %s LIMIT 0', relation);
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN RETURN true;
    WHEN insufficient_privilege THEN RETURN false;
END $$;
CREATE VIEW differences AS
SELECT r.rolname, c.oid::regclass AS relation FROM pg_roles AS r, pg_class AS c
WHERE r.rolname ~ '^gpsync_regress_reader|^postgres$'
    AND c.oid IN ('rls'::regclass, 'rls_part'::regclass, 'app_rls'::regclass, 'app_force'::regclass)
    AND server_says(r.rolname, c.oid) IS DISTINCT FROM gpsync_internal.may_read_rows(r.oid, c.oid);
TABLE differences;
ALTER TABLE rls ENABLE ROW LEVEL SECURITY;
ALTER TABLE rls_part ENABLE ROW LEVEL SECURITY;
TABLE differences;
GRANT gpsync_regress_reader_app TO gpsync_regress_reader_ops;
TABLE differences;
REVOKE gpsync_regress_reader_app FROM gpsync_regress_reader_ops;
SELECT r, t, gpsync_internal.may_read_rows(r::regrole, t::regclass)
    FROM unnest('{gpsync_regress_reader_ops,gpsync_regress_reader_all,gpsync_regress_reader_app}'::text[]) AS r,
    unnest('{rls,rls_part_1,app_rls,app_force}'::text[]) AS t;

-- create_stream().
CREATE PUBLICATION gpsync FOR TABLE rls;
SET ROLE gpsync_regress_reader_ops;
SELECT error_of($$SELECT gpsync.create_stream('s', '{nws}')$$);
RESET ROLE;
ALTER TABLE rls DISABLE ROW LEVEL SECURITY;
SET ROLE gpsync_regress_reader_ops;
SELECT gpsync.create_stream('s', '{nws}') IS NOT NULL;
SELECT stream, owner FROM gpsync.stream_status;
RESET ROLE;
SELECT * FROM findings;

-- What would bring a table in that the owner may not read, by whomever.
CREATE TABLE hidden (id integer PRIMARY KEY, status text);
CREATE TABLE hidden_part (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE hidden_part_1 PARTITION OF hidden_part FOR VALUES FROM (0) TO (10);
SELECT error_of('ALTER PUBLICATION gpsync ADD TABLE hidden');
SELECT error_of('ALTER PUBLICATION gpsync ADD TABLE hidden_part');
SELECT error_of('ALTER PUBLICATION gpsync SET TABLE rls, hidden');
SELECT error_of($$SELECT gpsync.attach('hidden')$$);
SELECT error_of('ALTER PUBLICATION gpsync ADD TABLE app_force');
SELECT error_of('ALTER TABLE rls ENABLE ROW LEVEL SECURITY');
GRANT SELECT ON hidden TO gpsync_regress_reader_ops;
SELECT gpsync.attach('hidden');
GRANT SELECT ON hidden_part TO gpsync_regress_reader_ops;
ALTER PUBLICATION gpsync ADD TABLE hidden_part;
-- Through the partitioned table it may read them: partitions come without a grant, unless the whole is restricted, and
-- go if it is not theirs.
CREATE TABLE hidden_part_2 PARTITION OF hidden_part FOR VALUES FROM (10) TO (20);
CREATE TABLE hidden_part_3 (id integer PRIMARY KEY);
ALTER TABLE hidden_part ATTACH PARTITION hidden_part_3 FOR VALUES FROM (20) TO (30);
SELECT would('ALTER TABLE hidden_part DETACH PARTITION hidden_part_3');
SELECT error_of('ALTER TABLE hidden_part ENABLE ROW LEVEL SECURITY');
ALTER TABLE hidden_part_1 ENABLE ROW LEVEL SECURITY;
ALTER PUBLICATION gpsync ADD TABLE hidden_part_1;
SELECT error_of('ALTER TABLE hidden_part DETACH PARTITION hidden_part_1');
ALTER PUBLICATION gpsync DROP TABLE hidden_part_1;
-- Unlogged and temporary tables are not published; what is not streamed is free.
CREATE PUBLICATION unused FOR TABLE app_force;
ALTER TABLE app_force NO FORCE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT would('ALTER PUBLICATION gpsync SET (publish = ''insert'')');

-- Publications that grow by themselves take a role that may read everything; what BYPASSRLS is missing for is refused.
CREATE SCHEMA app AUTHORIZATION gpsync_regress_reader_app;
CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA app;
SET ROLE gpsync_regress_reader_all;
SELECT gpsync.create_stream('t', '{nws}', publication => 'of_schema', bookkeeping => false) IS NOT NULL;
RESET ROLE;
SET ROLE gpsync_regress_reader_app;
CREATE TABLE app.a (id integer PRIMARY KEY);
ALTER TABLE app.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
RESET ROLE;
ALTER ROLE gpsync_regress_reader_all NOBYPASSRLS;
SELECT * FROM findings;
SET ROLE gpsync_regress_reader_app;
CREATE TABLE app.b (id integer PRIMARY KEY);
SELECT error_of('ALTER TABLE app.b ENABLE ROW LEVEL SECURITY');
SELECT error_of('ALTER TABLE app_force SET SCHEMA app');
CREATE TEMP TABLE temporary (id integer PRIMARY KEY);
ALTER TABLE temporary ENABLE ROW LEVEL SECURITY;
RESET ROLE;
REVOKE pg_read_all_data FROM gpsync_regress_reader_all;
SET ROLE gpsync_regress_reader_app;
SELECT error_of('CREATE TABLE app.c (id integer)');
SELECT would('CREATE TABLE app.c AS SELECT 1 AS id'), would('SELECT 1 AS id INTO app.c'),
    would('ALTER TABLE app_rls SET SCHEMA app'), would('CREATE UNLOGGED TABLE app.u (id integer)');
CREATE UNLOGGED TABLE app.u (id integer PRIMARY KEY);
SELECT would('ALTER TABLE app.u SET LOGGED'), would('CREATE TABLE app.p (id integer) PARTITION BY LIST (id)'),
    would('CREATE TABLE elsewhere (id integer)');
RESET ROLE;
SELECT would('CREATE SCHEMA app_2 CREATE TABLE t (id integer)'),
    would('ALTER PUBLICATION of_schema ADD TABLES IN SCHEMA public'),
    would('ALTER PUBLICATION of_schema ADD TABLE hidden');
SET session_replication_role = replica;
SELECT would('CREATE TABLE app.c (id integer)');
RESET session_replication_role;
-- What has nothing to do with the publication is nobody's business, whatever its owner has lost.
SELECT would('ALTER TABLE hidden ADD COLUMN note text'), would('CREATE TABLE public.d (id integer)'),
    would('ALTER PUBLICATION of_schema SET (publish = ''insert'')');
SELECT * FROM findings ORDER BY finding;

-- Privileges that are revoked, roles that are renamed or dropped: the doctor says so, and somebody else takes the
-- stream over.
REVOKE SELECT ON hidden, hidden_part FROM gpsync_regress_reader_ops;
ALTER ROLE gpsync_regress_reader_all RENAME TO gpsync_regress_reader_new;
SELECT * FROM findings ORDER BY finding;
SELECT would('CREATE TABLE app.c (id integer)');
SET ROLE gpsync_regress_reader_ops;
SELECT error_of($$SELECT gpsync.take_ownership('t')$$);
SELECT error_of($$SELECT gpsync.take_ownership('s')$$);
SELECT error_of($$SELECT gpsync.take_ownership('nosuch')$$);
RESET ROLE;
SELECT gpsync.take_ownership('t'), gpsync.take_ownership('s');
SELECT stream, owner = session_user FROM gpsync.stream ORDER BY 1;
SELECT * FROM findings;
CREATE TABLE app.c (id integer);

-- Who owns the server of a stream does not get its rows by redirecting it.
CREATE ROLE gpsync_regress_reader_web;
GRANT USAGE ON FOREIGN DATA WRAPPER gpsync_http TO gpsync_regress_reader_web;
ALTER SERVER nws OWNER TO gpsync_regress_reader_web;
SET ROLE gpsync_regress_reader_web;
SELECT error_of('ALTER SERVER nws OPTIONS (SET url ''http://127.0.0.2:8080/'')');
ALTER SERVER nws OPTIONS (SET url 'http://127.0.0.1:8080/other');
RESET ROLE;
GRANT pg_read_all_data TO gpsync_regress_reader_web;
ALTER ROLE gpsync_regress_reader_web BYPASSRLS;
SET ROLE gpsync_regress_reader_web;
ALTER SERVER nws OPTIONS (SET url 'http://127.0.0.2:8080/');
RESET ROLE;
ALTER SERVER nws OWNER TO CURRENT_USER;

-- A stream out of a dump has an owner that may be nobody here, no position, and delivers nothing.
UPDATE gpsync.stream SET owner = 'nobody' WHERE stream = 's';
DELETE FROM gpsync.stream_position WHERE stream = 's';
SELECT would('ALTER PUBLICATION gpsync ADD TABLE app_force');
SELECT * FROM findings;
SET ROLE gpsync_regress_reader_ops;
SELECT error_of($$SELECT gpsync.recreate_stream('s')$$);
RESET ROLE;
GRANT SELECT ON hidden, hidden_part TO gpsync_regress_reader_ops;
SET ROLE gpsync_regress_reader_ops;
SET client_min_messages = error;
SELECT gpsync.recreate_stream('s') IS NOT NULL;
RESET ROLE;
SELECT stream, owner FROM gpsync.stream WHERE stream = 's';
SELECT * FROM findings;
SELECT gpsync.drop_stream('s'), gpsync.drop_stream('t');

\c postgres
DROP DATABASE gpsync_regress_readers;
DROP ROLE gpsync_regress_reader_ops, gpsync_regress_reader_app, gpsync_regress_reader_new, gpsync_regress_reader_web;
