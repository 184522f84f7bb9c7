-- explain_sync(): what happened to one row, in each state that it can be in; who may ask; keys that do not fit.
CREATE DATABASE gpsync_regress_explain;
\c gpsync_regress_explain
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
CREATE SERVER ods FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8081/');
CREATE TABLE orders (id integer, "Bank" text, note text, PRIMARY KEY (id, "Bank")) PARTITION BY LIST ("Bank");
CREATE SCHEMA "Odd parts";
CREATE TABLE "Odd parts".orders_a PARTITION OF orders FOR VALUES IN ('a');
CREATE TABLE old (id integer PRIMARY KEY);
CREATE TABLE plain (id integer PRIMARY KEY);
INSERT INTO old VALUES (1);
SET client_min_messages = warning;
SELECT gpsync.attach('orders', machine => NULL), gpsync.attach('old', machine => NULL);
RESET client_min_messages;
SET DateStyle = ISO;
\pset format unaligned
\pset tuples_only on

-- A row's story without what differs from run to run; revision R is the row's.
CREATE FUNCTION story(id integer, relation regclass DEFAULT 'orders') RETURNS SETOF text LANGUAGE sql AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        concat_ws(' | ', e.what, CASE WHEN e.at IS NOT NULL THEN 'at' END, e.endpoint,
            replace(e.detail, format('role "%s"', session_user), 'role "postgres"')),
        '(revision) [1-9]\d*', '\1 R', 'gi'), '\d{4}-\d\d-\d\d [0-9:.+-]+', 'TIME', 'g'), 'gpsync_\d+_',
        'gpsync_DB_', 'g'), '\d+ (bytes|kB)', 'N bytes', 'g')
    FROM gpsync.explain_sync(relation, jsonb_build_object('Bank', 'a', 'id', id)) AS e $$;
-- What the relay reports, valid for the length of the test.
CREATE FUNCTION report(state text, in_flight bigint DEFAULT 0, breaker text DEFAULT 'closed', error text DEFAULT NULL)
    RETURNS void LANGUAGE sql AS $$
    DELETE FROM gpsync.relay_report; DELETE FROM gpsync.endpoint_report;
    INSERT INTO gpsync.relay_report (stream, state, relay_pid, reported_at, in_flight_events)
        VALUES ('legacy', state, 42, now() + interval '1 h', in_flight);
    INSERT INTO gpsync.endpoint_report (stream, endpoint, breaker, waiting_until, last_error, last_error_at)
        VALUES ('legacy', 'nws', breaker, CASE breaker WHEN 'open' THEN now() + interval '1 h' END, error, now()),
               ('legacy', 'ods', 'closed', NULL, NULL, NULL) $$;
CREATE FUNCTION book(id integer, failed boolean DEFAULT false) RETURNS bigint LANGUAGE sql AS $$
    SELECT marked FROM gpsync_internal.relay_book('legacy', '{public.orders}', '{1}',
        ARRAY[jsonb_build_object('id', id, 'Bank', 'a')],
        ARRAY[(SELECT sync_revision FROM orders AS o WHERE o.id = book.id)], ARRAY[failed], NULL, NULL, NULL, NULL) $$;

-- Who asks for what.
SELECT error_of($$SELECT * FROM gpsync.explain_sync('plain', '{"id": 1}')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('pg_class', '{"oid": 1}')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync(NULL, '{"oid": 1}')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', NULL)$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '7')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '[]')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '{"id": 1}')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '{"id": 1, "Bank": null}')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '{"id": 1, "Bank": "a", "note": "n"}')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '{"id": "one", "Bank": "a"}')$$);
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '{"id": {"a": 1}, "Bank": "a"}')$$);

-- No stream; a row older than attach(); no row.
INSERT INTO orders SELECT i, 'a', 'secret' FROM generate_series(1, 9) AS i;
SELECT story(1);
SELECT story(99);
SELECT regexp_replace(detail, '\d{4}-\S+ \S+', 'TIME') FROM gpsync.explain_sync('old', '{"id": 1}');

-- The slot, the relay, the pause.
SET client_min_messages = warning;
SELECT gpsync.create_stream('legacy', '{nws,ods}') IS NOT NULL;
SELECT gpsync.create_stream('quiet', '{ods}', bookkeeping => false) IS NOT NULL;
RESET client_min_messages;
SELECT gpsync_internal.relay_acquire('legacy');
UPDATE orders SET note = 'other';
SELECT story(1);
SELECT gpsync.pause_stream('legacy');
SELECT story(1) OFFSET 5;
SELECT gpsync.resume_stream('legacy');
SELECT report('standby');
SELECT story(1) OFFSET 5;
SELECT report('streaming', 5);
SELECT story(1) OFFSET 5;
-- By its partition, and with values as text.
SELECT story(1, '"Odd parts".orders_a') LIMIT 1;
SELECT detail ~ '^sync_status PENDING' FROM gpsync.explain_sync('orders', '{"id": "1", "Bank": "a"}') LIMIT 1;
-- A breaker, an endpoint that is gone.
SELECT report('streaming', 5, 'open', 'HTTP 503');
SELECT story(1) OFFSET 5;
SELECT report('streaming', 5, 'half-open');
SELECT story(1) OFFSET 5;
SELECT report('streaming');

-- A mark that cannot be written: a lock, an error.
INSERT INTO gpsync.deferred_mark (stream, relation, key, revision, outcome, error)
    SELECT 'legacy', 'orders', '{"id": 2, "Bank": "a"}', sync_revision, 'COMPLETED', e
    FROM orders, unnest(ARRAY[NULL, '23514 secret']) AS e WHERE id = 2;
SELECT story(2);
DELETE FROM gpsync.deferred_mark;

-- Taken.
SELECT book(3);
SELECT story(3);
-- Refused, retried, taken; the letter's error is shown as the desk shows it.
INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts,
    http_status, error, payload)
    SELECT 'legacy', 'nws', 'E' || id, 's', 'public', 'orders', jsonb_build_object('id', id, 'Bank', 'a'),
           sync_revision, 2, 422, 'HTTP 422: bad secret77', '{"n": "secret"}'
    FROM orders WHERE id IN (4, 5);
SELECT book(4, true), book(5, true);
SELECT story(4);
SELECT gpsync.retry_dead_letters(ids => '{E4}'), gpsync.discard_dead_letters(ids => '{E5}', reason => 'no need');
SELECT story(4);
SELECT story(5);
-- A letter of a row that is gone.
DELETE FROM orders WHERE id = 4;
SELECT story(4);

-- The slot is past its place; then it is gone.
UPDATE gpsync.stream_position SET confirmed_lsn = pg_current_wal_insert_lsn() WHERE stream = 'legacy';
SELECT count(*) FROM gpsync.stream_position AS p,
    pg_replication_slot_advance(gpsync_internal.slot_name('legacy'), p.confirmed_lsn) WHERE p.stream = 'legacy';
SELECT story(1) OFFSET 5;
SELECT report('streaming', 5);
SELECT story(1) OFFSET 5;
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));
SELECT story(1) OFFSET 5;

-- Readers see what they may read.
CREATE ROLE gpsync_regress_explain_reader;
CREATE ROLE gpsync_regress_explain_nobody;
SELECT gpsync.grant_reader('gpsync_regress_explain_reader');
GRANT SELECT ON orders TO gpsync_regress_explain_nobody;
SET ROLE gpsync_regress_explain_nobody;
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '{"id": 1, "Bank": "a"}')$$);
SET ROLE gpsync_regress_explain_reader;
SELECT error_of($$SELECT * FROM gpsync.explain_sync('orders', '{"id": 1, "Bank": "a"}')$$);
RESET ROLE;
GRANT SELECT ON orders TO gpsync_regress_explain_reader;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON orders TO gpsync_regress_explain_reader USING (id > 4);
SET ROLE gpsync_regress_explain_reader;
SELECT what, endpoint, regexp_replace(
    replace(detail, format('role "%s"', session_user), 'role "postgres"'), '(revision |at )\S+', '\1..', 'gi')
    FROM gpsync.explain_sync('orders', '{"id": 1, "Bank": "a"}');
SELECT what, endpoint, regexp_replace(
    replace(detail, format('role "%s"', session_user), 'role "postgres"'), '(revision |at )\S+', '\1..', 'gi')
    FROM gpsync.explain_sync('orders', '{"id": 5, "Bank": "a"}');
RESET ROLE;
-- Nothing but the key is ever shown.
SELECT count(*) FROM generate_series(1, 9) AS i, story(i) AS s WHERE s ~ 'secret|other';
\c
SET client_min_messages = warning;
SELECT gpsync.drop_stream('legacy'), gpsync.drop_stream('quiet');
DROP OWNED BY gpsync_regress_explain_reader, gpsync_regress_explain_nobody;
DROP ROLE gpsync_regress_explain_reader, gpsync_regress_explain_nobody;
\c postgres
DROP DATABASE gpsync_regress_explain;
