-- Streams: creating, dropping, pausing, what is refused; the slot and the stream come and go together.
CREATE DATABASE gpsync_regress_streams;
\c gpsync_regress_streams
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE VIEW pairs AS
    SELECT coalesce(s.stream, '-') AS stream, regexp_replace(r.slot_name, '\d+', 'DB') AS slot, r.plugin, r.temporary
    FROM gpsync.stream AS s FULL JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream)
    WHERE r.slot_name IS NULL OR r.database = current_database() ORDER BY 1, 2;
CREATE VIEW origins AS
    SELECT regexp_replace(roname, '\d+', 'DB') AS origin FROM pg_replication_origin
        WHERE starts_with(roname, gpsync_internal.slot_name('')) ORDER BY 1;
CREATE TABLE orders (id integer PRIMARY KEY, status text);
CREATE TABLE parts (id integer, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE parts_eu PARTITION OF parts FOR VALUES IN ('eu');
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
CREATE SERVER ods FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8081/');
CREATE FOREIGN DATA WRAPPER other;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER other;
\pset format unaligned
\pset tuples_only on

-- What is wrong with the call.
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws,ods}')$$);
CREATE PUBLICATION gpsync FOR TABLE orders;
SELECT error_of($$SELECT gpsync.create_stream('Legacy', '{nws}')$$);
SELECT error_of($$SELECT gpsync.create_stream('', '{nws}')$$);
SELECT error_of($$SELECT gpsync.create_stream('a234567890b234567890c234567890d234567890e', '{nws}')$$);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{}')$$);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws,NULL}')$$);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws,ods,nws}')$$);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws,osd}')$$);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{elsewhere}')$$);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws}', 'nothing')$$);
BEGIN;
INSERT INTO orders VALUES (1);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws}')$$);
ROLLBACK;
SELECT error_of($$SELECT gpsync.drop_stream('legacy')$$);
SELECT error_of($$SELECT gpsync.pause_stream('legacy')$$);
SELECT error_of($$SELECT gpsync.resume_stream('legacy')$$);
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
SELECT gpsync.create_stream(NULL, '{nws}') IS NULL;
TABLE pairs;

-- A name whose slot is somebody else's.
SELECT pg_create_logical_replication_slot(gpsync_internal.slot_name('legacy'), 'test_decoding') IS NOT NULL;
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws}')$$);
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));
SELECT slot_name IS NOT NULL FROM pg_create_physical_replication_slot(gpsync_internal.slot_name('legacy'));
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws}')$$);
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));

-- It works, and gives the position it starts from.
SELECT gpsync.create_stream('legacy', endpoints => '{nws,ods}') = (SELECT confirmed_flush_lsn FROM pg_replication_slots
    WHERE slot_name = gpsync_internal.slot_name('legacy'));
TABLE pairs;
TABLE origins;
SELECT publication, endpoints, bookkeeping, paused FROM gpsync.stream;
SELECT p.ordinal, p.commit_lsn = r.confirmed_flush_lsn FROM gpsync.stream_position AS p JOIN pg_replication_slots AS r
    USING (slot_name);
SELECT error_of($$SELECT gpsync.create_stream('legacy', '{nws}')$$);
SELECT error_of($$SELECT gpsync.create_stream('second', '{nws}')$$);
CREATE PUBLICATION leaf FOR TABLE parts_eu;
CREATE PUBLICATION root FOR TABLE parts WITH (publish_via_partition_root);
SELECT gpsync.create_stream('leaf', '{nws}', 'leaf') IS NOT NULL;
SELECT error_of($$SELECT gpsync.create_stream('root', '{nws}', 'root')$$);
SELECT gpsync.create_stream('root', '{nws}', 'root', bookkeeping => false) IS NOT NULL;
SELECT jsonb_pretty(gpsync_internal.relay_config('legacy') - 'fingerprint' - 'system_identifier' - 'position'
    - 'source' - 'slot'
    - 'endpoints');
SELECT jsonb_path_query_array(gpsync_internal.relay_config('legacy'), '$.endpoints[*].name');
SELECT c ->> 'source' = '/gpsync/' || (c ->> 'system_identifier') || '/gpsync_regress_streams',
    c -> 'position' ->> 'ordinal', c ->> 'slot' = gpsync_internal.slot_name('legacy')
FROM gpsync_internal.relay_config('legacy') AS c;

-- The fingerprint: everything but the position.
CREATE TEMP TABLE fingerprint AS SELECT gpsync_internal.relay_config('legacy') ->> 'fingerprint' AS was;
CREATE FUNCTION changed() RETURNS boolean LANGUAGE sql AS
    $$ WITH now AS (SELECT gpsync_internal.relay_config('legacy') ->> 'fingerprint' AS is)
       UPDATE fingerprint SET was = now.is FROM now RETURNING fingerprint.was <> (SELECT was FROM fingerprint) $$;
SELECT changed();
UPDATE gpsync.stream_position SET ordinal = 7 WHERE stream = 'legacy';
SELECT changed();
ALTER SERVER nws OPTIONS (ADD lanes '2');
SELECT changed();
CREATE USER MAPPING FOR CURRENT_USER SERVER nws OPTIONS (bearer_token 'secret');
SELECT changed();
ALTER USER MAPPING FOR CURRENT_USER SERVER nws OPTIONS (SET bearer_token 'other');
SELECT changed();
SELECT jsonb_path_query(gpsync_internal.relay_config('legacy'), '$.endpoints[*] ? (@.name == "nws").user_mapping');
CREATE USER MAPPING FOR PUBLIC SERVER ods OPTIONS (username 'all', password 'p');
SELECT jsonb_path_query(gpsync_internal.relay_config('legacy'), '$.endpoints[*] ? (@.name == "ods").user_mapping');

-- Pausing.
SELECT gpsync.pause_stream('legacy');
SELECT gpsync.pause_stream('legacy');
SELECT gpsync_internal.relay_config('legacy') -> 'paused',
    (SELECT paused FROM gpsync.stream_status WHERE stream = 'legacy');
SELECT gpsync.resume_stream('legacy');
SELECT gpsync.resume_stream('legacy');
SELECT error_of($$SELECT gpsync.pause_stream('legasy')$$);

-- Rolled back, in parts and as a whole: neither a slot without a stream nor a stream without a slot.
BEGIN;
SELECT gpsync.create_stream('third', '{nws}', bookkeeping => false) IS NOT NULL;
ROLLBACK;
BEGIN;
SAVEPOINT a;
SELECT gpsync.create_stream('third', '{nws}', bookkeeping => false) IS NOT NULL;
ROLLBACK TO a;
SELECT slot FROM pairs WHERE slot LIKE '%third';
COMMIT;
DO $$
BEGIN
    PERFORM gpsync.create_stream('third', '{nws}', bookkeeping => false);
    PERFORM 1 / 0;
EXCEPTION WHEN division_by_zero THEN
    NULL;
END $$;
BEGIN;
SELECT gpsync.create_stream('third', '{nws}', bookkeeping => false) IS NOT NULL;
SAVEPOINT a;
SELECT error_of('SELECT 1 / 0');  -- caught, so the session's temporary slots stay
COMMIT;
BEGIN;
SELECT gpsync.drop_stream('third');
ROLLBACK;
BEGIN;
SAVEPOINT a;
SELECT gpsync.drop_stream('third');
ROLLBACK TO a;
COMMIT;
TABLE pairs;
-- An error that reaches the top drops every temporary slot of the session: the transaction cannot commit then.
BEGIN;
SELECT gpsync.create_stream('fourth', '{nws}', bookkeeping => false) IS NOT NULL;
SAVEPOINT a;
SELECT 1 / 0;
ROLLBACK TO a;
\set VERBOSITY sqlstate
COMMIT;
BEGIN;
SELECT gpsync.create_stream('fourth', '{nws}', bookkeeping => false) IS NOT NULL;
PREPARE TRANSACTION 'gpsync_regress';
\set VERBOSITY default
TABLE pairs;
TABLE origins;

-- A slot that a crash left behind is replaced.
SELECT pg_create_logical_replication_slot(gpsync_internal.slot_name('fourth'), 'gpsync_decoder') IS NOT NULL;
SET client_min_messages = warning;
SELECT gpsync.create_stream('fourth', '{nws}', bookkeeping => false) IS NOT NULL;
RESET client_min_messages;

-- Dropped in the transaction that made it; dropped and made again; the last one takes the origins along.
BEGIN;
SELECT gpsync.create_stream('fifth', '{nws}', bookkeeping => false) IS NOT NULL;
SELECT gpsync.drop_stream('fifth');
COMMIT;
SELECT gpsync.drop_stream('third'), gpsync.drop_stream('fourth');
TABLE pairs;
SELECT count(*) FROM origins;
SELECT gpsync.create_stream('third', '{nws}', bookkeeping => false) IS NOT NULL;
SELECT count(*) FROM origins;
SELECT gpsync.drop_stream(stream) FROM gpsync.stream;
TABLE pairs;
TABLE origins;
SELECT count(*) FROM gpsync.stream_position;
SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL;
TABLE pairs;
TABLE origins;

-- A slot dropped by hand is an error everywhere, and never made again silently.
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
SELECT error_of($$SELECT gpsync.wait_for_sync(stream => 'legacy')$$);
SELECT error_of($$SELECT gpsync.resume_stream('legacy')$$);
SELECT slot_state, relay_state, regexp_replace(last_error, '\d+', 'DB') FROM gpsync.stream_status;
SELECT check_name, severity, regexp_replace(finding, '\d+', 'DB'), fix FROM gpsync.doctor() WHERE check_name = 'slot';
SELECT pg_create_logical_replication_slot(gpsync_internal.slot_name('legacy'), 'test_decoding') IS NOT NULL;
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
SELECT slot_state FROM gpsync.stream_status;
SELECT error_of($$SELECT gpsync.recreate_stream('legacy')$$);
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));

-- Made again: what was PENDING is sent again, what was booked is not.
SELECT gpsync.drop_stream('legacy');
ALTER PUBLICATION gpsync DROP TABLE orders;
SELECT gpsync.attach('orders', machine => NULL);
SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL;
INSERT INTO orders (id) SELECT generate_series(1, 5);
ALTER TABLE orders DISABLE TRIGGER USER;
UPDATE orders SET sync_status = CASE id WHEN 1 THEN 'COMPLETED' WHEN 2 THEN 'FAILED' WHEN 3 THEN NULL
    ELSE sync_status END;
ALTER TABLE orders ENABLE TRIGGER USER;
CREATE TEMP TABLE before AS SELECT id, sync_revision FROM orders;
SELECT error_of($$SELECT gpsync.recreate_stream('legacy')$$);
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT error_of($$SELECT gpsync.recreate_stream('legacy')$$);
ROLLBACK;
SET client_min_messages = error;
BEGIN;
SELECT gpsync.recreate_stream('legacy') IS NOT NULL;
ROLLBACK;
TABLE pairs;
SELECT gpsync.recreate_stream('legacy') IS NOT NULL;
RESET client_min_messages;
TABLE pairs;
SELECT id, o.sync_revision > b.sync_revision AS again, o.sync_status FROM orders AS o JOIN before AS b USING (id)
    ORDER BY id;
SELECT slot_state FROM gpsync.stream_status;
SELECT gpsync_internal.relay_config('legacy') IS NOT NULL;

-- Out of a dump: no position, so the stream counts as paused until it is made again.
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));
DELETE FROM gpsync.stream_position;
SELECT slot_state, relay_state, paused, last_error FROM gpsync.stream_status;
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
SELECT error_of($$SELECT gpsync.resume_stream('legacy')$$);
SET client_min_messages = error;
SELECT gpsync.recreate_stream('legacy') IS NOT NULL;
RESET client_min_messages;
-- A position of another cluster, of another slot, or ahead of the WAL.
UPDATE gpsync.stream_position SET system_identifier = 1;
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
UPDATE gpsync.stream_position SET system_identifier = (SELECT system_identifier FROM pg_control_system()),
    slot_name = 'gpsync_1_legacy';
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
UPDATE gpsync.stream_position SET slot_name = gpsync_internal.slot_name('legacy'), commit_lsn = 'FFFF/0';
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
SET client_min_messages = error;
SELECT gpsync.recreate_stream('legacy') IS NOT NULL;
RESET client_min_messages;
SELECT gpsync_internal.relay_config('legacy') IS NOT NULL;

-- Endpoints and publications that are gone (past the guards, which replica mode does not switch off).
SET client_min_messages = warning; -- the notice names the role
SET session_replication_role = replica;
SELECT error_of('DROP SERVER nws CASCADE');
RESET session_replication_role;
ALTER EVENT TRIGGER gpsync_guard_dropped DISABLE;
DROP PUBLICATION gpsync;
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
CREATE PUBLICATION gpsync FOR TABLE orders;
DROP SERVER nws CASCADE;
RESET client_min_messages;
SELECT error_of($$SELECT gpsync_internal.relay_config('legacy')$$);
SELECT endpoint, breaker FROM gpsync.endpoint_status;
ALTER EVENT TRIGGER gpsync_guard_dropped ENABLE ALWAYS;

SELECT gpsync.drop_stream('legacy');
\c postgres
DROP DATABASE gpsync_regress_streams;
