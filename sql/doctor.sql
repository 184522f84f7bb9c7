-- stream_status, endpoint_status and doctor(): what they say of health and of each thing that can be wrong.
CREATE DATABASE gpsync_regress_doctor;
\c gpsync_regress_doctor
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
-- Without what depends on the server's settings and version, and on other databases.
CREATE FUNCTION findings() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' | ', severity, check_name,
        regexp_replace(regexp_replace(finding, 'gpsync_\d+_', 'gpsync_DB_', 'g'), 'for \d+ s', 'for N s'),
        regexp_replace(replace(fix, ', publish_generated_columns = stored', ''), 'gpsync_\d+_', 'gpsync_DB_', 'g'))
    FROM gpsync.doctor()
        WHERE check_name NOT IN ('max_slot_wal_keep_size', 'supervisor', 'max_replication_slots', 'max_wal_senders')
        AND finding NOT LIKE '%origin%' OR finding LIKE '%origin "' || gpsync_internal.slot_name('') || '%' $$;
-- A relay's report, as relay_report() stores it; a fresh one stays so for the length of the test.
CREATE FUNCTION report(state text, age interval DEFAULT '0', lag interval DEFAULT NULL, error text DEFAULT NULL,
    breaker text DEFAULT 'closed')
    RETURNS void LANGUAGE sql AS $$
    DELETE FROM gpsync.relay_report; DELETE FROM gpsync.endpoint_report;
    INSERT INTO gpsync.relay_report (stream, state, relay_pid, reported_at, in_flight_events, in_flight_bytes,
        oldest_unsettled, last_error)
        VALUES ('legacy', state, 42, CASE WHEN age = '0' THEN now() + '1 h' ELSE now() - age END, 3, 999, now() - lag,
            error);
    INSERT INTO gpsync.endpoint_report (stream, endpoint, breaker, delivered, rejected, errors, latency_ms,
        waiting_until, last_error)
        VALUES ('legacy', 'nws', breaker, 100, 1, 2, 1.5, CASE WHEN breaker = 'open' THEN now() + interval '4 s' END,
            error) $$;
CREATE VIEW status AS SELECT slot_state, relay_state, relay_pid, in_flight_events, in_flight_bytes, CASE
    WHEN lag_seconds >= 90 THEN 'a minute and a half' ELSE 'none' END AS lag, parked, deferred_marks, dead_letters,
    last_error
    FROM gpsync.stream_status;

SELECT findings();
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://nws.example/');
CREATE TABLE orders (id integer PRIMARY KEY, status text);
SELECT gpsync.attach('orders');
SELECT findings();
SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL;

-- No relay yet; one that is well; one that has stopped reporting.
SELECT findings();
SELECT slot_state, relay_state, lag_bytes >= 0, lag_seconds < 60 FROM gpsync.stream_status;
SELECT stream, endpoint, url, breaker, delivered FROM gpsync.endpoint_status;
SELECT report('streaming');
TABLE status;
SELECT findings();
SELECT report('streaming', lag => '90 s');
TABLE status;
SELECT report('streaming', age => '1 min', error => 'connection refused');
SELECT slot_state, relay_state, relay_pid, in_flight_events, last_error FROM gpsync.stream_status;
SELECT findings();
-- One that stopped reporting while a lane waited.
SELECT report('waiting', age => '1 min', error => 'HTTP 503', breaker => 'open');
SELECT relay_state, last_error FROM gpsync.stream_status;
SELECT breaker, delivered, latency_ms, waiting_until, last_error FROM gpsync.endpoint_status;
SELECT findings();
-- A lane that waits.
SELECT report('waiting', error => 'HTTP 503', breaker => 'open');
SELECT relay_state FROM gpsync.stream_status;
SELECT stream, endpoint, breaker, delivered, rejected, errors, latency_ms, waiting_until > now(), last_error
    FROM gpsync.endpoint_status;
SELECT findings();
SELECT report('streaming');
-- Dead letters and old marks.
INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts,
    http_status, error, payload)
    VALUES ('legacy', 'nws', 'E1', 'public.orders/1', 'public', 'orders', '{"id": 1}', 5, 1, 422, 'no such token',
        '{"id": "E1"}');
INSERT INTO gpsync.deferred_mark (stream, relation, key, revision, outcome, deferred_at) VALUES
    ('legacy', 'orders', '{"id": 1}', 5, 'FAILED', now() - interval '2 min'),
        ('legacy', 'orders', '{"id": 2}', 6, 'COMPLETED', now());
TABLE status;
SELECT event_id, endpoint, table_name, key, attempts, http_status, last_error, payload FROM gpsync.dead_letters;
SELECT endpoint, dead_letters FROM gpsync.endpoint_status;
SELECT findings();
DELETE FROM gpsync.dead_letter;
DELETE FROM gpsync.deferred_mark;

-- Paused.
SELECT gpsync.pause_stream('legacy');
SELECT regexp_replace(findings(), '[0-9]+ (bytes|kB)', 'N bytes', 'g');
SELECT gpsync.resume_stream('legacy');

-- Roles and endpoints.
CREATE ROLE gpsync_regress_relay;
SET client_min_messages = warning;
SELECT gpsync.grant_relay('gpsync_regress_relay');
RESET client_min_messages;
SELECT findings();
CREATE USER MAPPING FOR gpsync_regress_relay SERVER nws OPTIONS (bearer_token 'x');
SELECT findings();
ALTER ROLE gpsync_regress_relay NOLOGIN NOREPLICATION;
ALTER SERVER nws OPTIONS (SET url 'http://nws.example/');
SELECT findings();
ALTER SERVER nws OPTIONS (SET url 'http://localhost/');
DROP OWNED BY gpsync_regress_relay;
DROP ROLE gpsync_regress_relay;
SELECT findings();

-- Publications.
ALTER PUBLICATION gpsync SET (publish = 'insert, update');
SELECT findings();
ALTER PUBLICATION gpsync SET (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION gpsync SET TABLE orders (status) WHERE (id > 0);
SELECT findings();
ALTER PUBLICATION gpsync DROP TABLE orders;
SELECT findings();
ALTER EVENT TRIGGER gpsync_guard_dropped DISABLE;
DROP PUBLICATION gpsync;
SELECT findings();
CREATE PUBLICATION gpsync FOR TABLE orders;
DROP SERVER nws;
SELECT findings();
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://localhost/');
ALTER EVENT TRIGGER gpsync_guard_dropped ENABLE ALWAYS;
CREATE PUBLICATION again FOR TABLE orders;
SELECT gpsync.create_stream('again', '{nws}', 'again', bookkeeping => false) IS NOT NULL;
UPDATE gpsync.stream SET bookkeeping = true WHERE stream = 'again';
SELECT findings();
SELECT gpsync.drop_stream('again');

-- Tables.
ALTER TABLE orders DISABLE TRIGGER gpsync_stamp;
ALTER TABLE orders REPLICA IDENTITY NOTHING;
SELECT findings();
ALTER TABLE orders ENABLE ALWAYS TRIGGER gpsync_stamp;
ALTER TABLE orders REPLICA IDENTITY DEFAULT;
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE orders DROP COLUMN sync_status;
ALTER TABLE orders FORCE ROW LEVEL SECURITY, ENABLE ROW LEVEL SECURITY;
SELECT findings();
ALTER TABLE orders DISABLE ROW LEVEL SECURITY, ADD COLUMN sync_status varchar(20), ADD PRIMARY KEY (id);
ALTER TABLE orders RENAME COLUMN id TO card_number;
SELECT findings();
ALTER TABLE orders RENAME COLUMN card_number TO id;
SELECT findings();

BEGIN;
DELETE FROM gpsync.machine WHERE machine = 'provision';
SELECT findings();
ROLLBACK;

-- Slots and origins: gone, and left over.
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));
SELECT pg_create_logical_replication_slot(gpsync_internal.slot_name('left'), 'gpsync_decoder') IS NOT NULL;
SELECT regexp_replace(findings(), '[0-9]+ (bytes|kB)', 'N bytes', 'g');
SELECT gpsync.drop_stream('legacy');
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('left'));
SELECT pg_replication_origin_create(gpsync_internal.slot_name('left')) IS NOT NULL;
SELECT findings();
SELECT pg_replication_origin_drop(gpsync_internal.slot_name('left'));

SELECT gpsync.detach('orders');
SELECT count(pg_replication_origin_drop(roname)) FROM pg_replication_origin
    WHERE starts_with(roname, gpsync_internal.slot_name(''));
SELECT findings();
\c postgres
DROP DATABASE gpsync_regress_doctor;
