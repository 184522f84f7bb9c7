-- What streams need cannot be dropped or renamed under them, and a schema gpsync that is not ours is refused.
CREATE DATABASE gpsync_regress_guard;
\c gpsync_regress_guard
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
CREATE ROLE gpsync_regress_boss;
CREATE ROLE gpsync_regress_mallory;

-- The schema.
CREATE SCHEMA gpsync AUTHORIZATION gpsync_regress_mallory;
CREATE EXTENSION gpsync;
DROP SCHEMA gpsync;
CREATE SCHEMA gpsync;
GRANT CREATE ON SCHEMA gpsync TO gpsync_regress_mallory;
CREATE EXTENSION gpsync;
REVOKE CREATE ON SCHEMA gpsync FROM gpsync_regress_mallory;
CREATE FUNCTION gpsync.name_hint(given text, what text, names name[]) RETURNS text LANGUAGE sql AS $$ SELECT 'mine' $$;
CREATE EXTENSION gpsync;
DROP FUNCTION gpsync.name_hint(text, text, name[]);
CREATE EXTENSION gpsync;
DROP EXTENSION gpsync;
CREATE EXTENSION gpsync;

-- A stream.
CREATE TABLE orders (id integer PRIMARY KEY);
CREATE PUBLICATION gpsync FOR TABLE orders;
CREATE PUBLICATION unused;
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
CREATE SERVER unused FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8081/');
SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL;

-- Every way to drop the extension.
DROP EXTENSION gpsync;
SET client_min_messages = warning;
DROP EXTENSION gpsync CASCADE;
DROP EXTENSION IF EXISTS gpsync CASCADE;
DROP SCHEMA gpsync CASCADE;
DROP EXTENSION plpgsql CASCADE;
DO $$ BEGIN EXECUTE 'DROP EXTENSION gpsync CASCADE'; END $$;
SET session_replication_role = replica;
DROP EXTENSION gpsync CASCADE;
RESET session_replication_role;
-- In a session that has not loaded the module yet.
\c -
\set SHOW_CONTEXT never
SET client_min_messages = warning;
DROP SCHEMA gpsync CASCADE;
RESET client_min_messages;
SELECT count(*) FROM pg_extension WHERE extname = 'gpsync';

-- What the stream names.
DROP SERVER nws;
DROP SERVER nws, unused CASCADE;
DROP PUBLICATION gpsync;
ALTER SERVER nws RENAME TO old_nws;
ALTER PUBLICATION gpsync RENAME TO old;
GRANT USAGE ON FOREIGN DATA WRAPPER gpsync_http TO gpsync_regress_boss;
ALTER SERVER nws OWNER TO gpsync_regress_boss;
DROP OWNED BY gpsync_regress_boss;
ALTER SERVER nws OPTIONS (ADD lanes '2');
ALTER PUBLICATION gpsync SET (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION unused RENAME TO spare;
ALTER SERVER unused RENAME TO spare;
DROP PUBLICATION spare;
DROP SERVER spare;
ALTER TABLE orders RENAME TO all_orders;
-- The schema keeps its name, stream or not.
ALTER SCHEMA gpsync RENAME TO other;

-- Who may not do so anyway hears what the server says, and no stream's name.
SET ROLE gpsync_regress_mallory;
DROP EXTENSION gpsync;
DROP EXTENSION gpsync CASCADE;
DROP SCHEMA gpsync;
DROP SCHEMA IF EXISTS nothing, gpsync CASCADE;
ALTER SCHEMA gpsync RENAME TO mine;
ALTER SERVER nws RENAME TO mine;
ALTER SERVER nothing RENAME TO mine;
ALTER PUBLICATION gpsync RENAME TO mine;
ALTER PUBLICATION nothing RENAME TO mine;
RESET ROLE;
DROP EXTENSION nothing;
DROP SCHEMA nothing;

-- Whose right counts: who runs the command, in a SECURITY DEFINER function its owner.
CREATE FUNCTION run(command text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ BEGIN EXECUTE command; END $$;
ALTER FUNCTION run(text) OWNER TO gpsync_regress_mallory;
SELECT run('DROP SCHEMA gpsync CASCADE');
ALTER FUNCTION run(text) OWNER TO CURRENT_USER;
SET ROLE gpsync_regress_mallory;
SELECT run('DROP SCHEMA gpsync CASCADE');
RESET ROLE;
DROP FUNCTION run(text);

-- Also for roles that see none of gpsync's tables.
GRANT USAGE ON FOREIGN DATA WRAPPER gpsync_http TO gpsync_regress_mallory;
SET ROLE gpsync_regress_mallory;
CREATE SERVER own FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8082/');
ALTER SERVER own RENAME TO mine;
DROP SERVER mine;
RESET ROLE;
ALTER SERVER nws OWNER TO gpsync_regress_mallory;
SET ROLE gpsync_regress_mallory;
ALTER SERVER nws RENAME TO mine;
DROP SERVER nws;
RESET ROLE;
ALTER SERVER nws OWNER TO gpsync_regress_boss;
REVOKE USAGE ON FOREIGN DATA WRAPPER gpsync_http FROM gpsync_regress_mallory;

-- With the stream goes the hindrance, in the same transaction too.
BEGIN;
SELECT gpsync.drop_stream('legacy');
DROP SERVER nws;
DROP PUBLICATION gpsync;
DROP EXTENSION gpsync;
ROLLBACK;
SELECT count(*) FROM pg_replication_slots WHERE database = current_database();
DROP EXTENSION gpsync;
BEGIN;
SELECT gpsync.drop_stream('legacy');
DROP SERVER nws;
DROP PUBLICATION gpsync;
DROP EXTENSION gpsync;
COMMIT;
SELECT count(*) FROM pg_replication_slots WHERE database = current_database();

-- A slot that a crash left behind holds WAL as well; one that somebody else made is theirs.
CREATE EXTENSION gpsync;
SELECT pg_create_logical_replication_slot('gpsync_regress_own', 'gpsync_decoder') IS NOT NULL;
SELECT pg_create_logical_replication_slot(gpsync_internal.slot_name('left'), 'gpsync_decoder') IS NOT NULL;
\set VERBOSITY sqlstate
DROP EXTENSION gpsync;
\set VERBOSITY default
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('left'));
DROP EXTENSION gpsync;
SELECT pg_drop_replication_slot('gpsync_regress_own');

DROP ROLE gpsync_regress_boss, gpsync_regress_mallory;
\c postgres
DROP DATABASE gpsync_regress_guard;
