-- History and analytical copies: what is refused, what one call makes, and what the relay's function makes of events,
-- given to it by hand.
CREATE DATABASE gpsync_regress_history;
\c gpsync_regress_history
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE ROLE gpsync_regress_history_ops;
CREATE ROLE gpsync_regress_history_reader;
SELECT gpsync.grant_operator('gpsync_regress_history_ops'), gpsync.grant_reader('gpsync_regress_history_reader');
CREATE TABLE orders (id text PRIMARY KEY, status text NOT NULL, amount numeric);
CREATE TABLE plain (id text PRIMARY KEY);
CREATE TABLE no_status (id text PRIMARY KEY);
CREATE TABLE hidden (id text PRIMARY KEY, status text NOT NULL);
CREATE TABLE root (id int PRIMARY KEY, status text NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE leaf PARTITION OF root FOR VALUES FROM (0) TO (10);
SELECT gpsync.attach('orders'), gpsync.attach('no_status', machine => NULL), gpsync.attach('hidden'),
    gpsync.attach('root');
SECURITY LABEL FOR gpsync ON COLUMN hidden.status IS 'mask';

-- Refused.
SELECT error_of($$SELECT gpsync.create_history('plain')$$);
SELECT error_of($$SELECT gpsync.create_history(NULL)$$);
SELECT error_of($$SELECT gpsync.create_history('no_status')$$);
SELECT error_of($$SELECT gpsync.create_history('hidden')$$);
SELECT error_of($$SELECT gpsync.create_history('leaf')$$);
SELECT error_of($$SELECT gpsync.create_history('orders', '0')$$);
SELECT error_of($$SELECT gpsync.create_history('orders', '-1 day')$$);
SELECT error_of($$SELECT gpsync.drop_history('orders')$$);
SELECT error_of($$SELECT gpsync.refresh_history('orders')$$);
SELECT error_of($$SELECT gpsync.set_history_retention(NULL, '1 day')$$);
SELECT error_of($$SELECT * FROM gpsync.history_of('orders', '{}')$$);
SELECT error_of($$SELECT gpsync.drop_analytics('orders')$$);
SELECT error_of($$SELECT gpsync.refresh_analytics(NULL)$$);
SELECT error_of($$SELECT gpsync.create_analytics('plain', 'public', '{id}')$$);
SELECT error_of($$SELECT gpsync.create_analytics('orders', NULL, '{status}')$$);
SET ROLE gpsync_regress_history_ops;
SELECT error_of($$SELECT gpsync.create_history('orders')$$);
RESET ROLE;
BEGIN;
CREATE TABLE written ();
SELECT error_of($$SELECT gpsync.create_history('orders')$$);
ROLLBACK;
SELECT count(*) FROM gpsync.stream;

-- One call makes it all.
SELECT gpsync.create_history('orders', '1 year');
SELECT stream, publication, endpoints, bookkeeping FROM gpsync.stream;
SELECT relation, table_name, retention, key_columns, state FROM gpsync.history_status;
SELECT error_of($$SELECT gpsync.create_history('orders')$$);
-- Another one uses the same stream, also in a transaction that has written.
BEGIN;
CREATE TABLE written ();
SELECT gpsync.create_history('root');
ROLLBACK;

-- Events, as the relay passes them.
CREATE FUNCTION event(kind text, key text, status text, lsn text, ordinal int DEFAULT 1, old_key text DEFAULT NULL,
    late boolean DEFAULT false) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_build_array('orders'::regclass::oid::bigint, late, jsonb_build_object('type', kind,
    'sequence', lpad(lsn, 16, '0') || '-' || upper(lpad(to_hex(ordinal), 8, '0')),
    'time', '2026-11-22T06:00:00Z'::timestamptz + ('x' || lpad(lsn, 8, '0'))::bit(32)::int * interval '1 minute',
    'data', jsonb_strip_nulls(jsonb_build_object('schema', 'public', 'table', 'orders', 'key',
        jsonb_build_object('id', key),
        'xid', 7, 'revision', 8, 'row', CASE WHEN status IS NOT NULL THEN jsonb_build_object('id', key, 'status',
            status) END,
        'old', CASE WHEN old_key IS NOT NULL THEN jsonb_build_object('id', old_key) END)))) $$;
CREATE FUNCTION apply(VARIADIC events jsonb[]) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT gpsync_internal.relay_apply_local('gpsync_local', 'gpsync_local', to_jsonb(events)) $$;
CREATE VIEW story AS SELECT key ->> 'id', event, from_state, to_state, to_char(at AT TIME ZONE 'UTC', 'HH24:MI') AS at,
    to_char(at - since, 'HH24:MI') AS lasted, revision, commit_lsn, ordinal FROM gpsync.status_history
    ORDER BY commit_lsn, ordinal, event;
SELECT apply(event('gpsync.row.inserted', 'a', 'RECEIVED', '10'));
SELECT gpsync_internal.relay_keep_local('gpsync_local', 'gpsync_local');
SELECT gpsync_internal.relay_keep_local('gpsync_local', 'gpsync_local');
SELECT apply(event('gpsync.row.inserted', 'a', 'RECEIVED', '10'), event('gpsync.row.inserted', 'b', 'RECEIVED', '10',
    2),
    event('gpsync.row.updated', 'a', 'PROCESSING', '11'), event('gpsync.row.updated', 'a', 'PROCESSING', '12'),
    event('gpsync.something.else', 'a', 'x', '13'));
-- Again, and with more.
SELECT apply(event('gpsync.row.updated', 'a', 'PROCESSING', '11'), event('gpsync.row.updated', 'a', 'PROCESSING', '12'),
    event('gpsync.row.updated', 'a', 'FAILED', '14'));
SELECT * FROM story;
-- Deleted and inserted by one transaction, in one batch and in two; by two transactions.
SELECT apply(event('gpsync.row.deleted', 'b', NULL, '15'), event('gpsync.row.inserted', 'b', 'PROCESSING', '15', 2),
    event('gpsync.row.deleted', 'b', NULL, '16'));
SELECT apply(event('gpsync.row.inserted', 'b', 'PROCESSING', '16', 2));
SELECT apply(event('gpsync.row.deleted', 'b', NULL, '17'), event('gpsync.row.inserted', 'b', 'RECEIVED', '18'));
-- Changes of key; a chain of them; two rows that change places.
SELECT apply(event('gpsync.row.updated', 'c', 'FAILED', '19', 1, 'a'), event('gpsync.row.updated', 'd', 'RECEIVED',
    '19', 2, 'c'));
SELECT apply(event('gpsync.row.updated', 'x', 'RECEIVED', '1A', 1, 'b'), event('gpsync.row.updated', 'b', 'RECEIVED',
    '1A', 2, 'd'),
    event('gpsync.row.updated', 'd', 'RECEIVED', '1A', 3, 'x'));
SELECT * FROM story WHERE commit_lsn > '0/14';
SELECT key, state FROM gpsync.history_state WHERE state IS NOT NULL ORDER BY 1;
-- No status: refused, whenever it comes; the rest goes on. A late one is no repeat.
SELECT apply(event('gpsync.row.updated', 'b', 'PROCESSING', '1B'), event('gpsync.row.updated', 'b', NULL, '1B', 2),
    event('gpsync.row.updated', 'b', 'COMPLETED', '1C'));
SELECT apply(event('gpsync.row.updated', 'b', NULL, '1B', 2), event('gpsync.row.updated', 'b', 'COMPLETED', '1C'));
SELECT apply(event('gpsync.row.updated', 'b', 'PROCESSING', '1B', 2, NULL, true),
    event('gpsync.row.inserted', 'late', 'RECEIVED', '1B', 3, NULL, true));
SELECT apply(event('gpsync.row.inserted', 'late', 'RECEIVED', '1B', 3, NULL, true));
SELECT * FROM story WHERE commit_lsn > '0/1A';
SELECT commit_lsn, ordinal FROM gpsync.local_position;
-- Not known before.
SELECT apply(event('gpsync.row.updated', 'new', 'PROCESSING', '1D'), event('gpsync.row.deleted', 'never', NULL, '1D',
    2));
SELECT apply(event('gpsync.table.truncated', NULL, NULL, '1E'));
SELECT * FROM story WHERE commit_lsn > '0/1C';
SELECT relation, key, state, left_at IS NULL, to_char(duration, 'HH24:MI'), next_state, at_least
    FROM gpsync.status_durations
WHERE key ->> 'id' = 'a' ORDER BY entered_at;
SELECT event, from_state, to_state FROM gpsync.history_of('orders', '{"id": "b"}');

-- Who sees what: rows of tables that one may read.
SET ROLE gpsync_regress_history_reader;
SELECT count(*) FROM gpsync.status_history;
SELECT count(*) FROM gpsync.status_durations;
SELECT count(*) FROM gpsync.history_of('orders', '{"id": "b"}');
RESET ROLE;
GRANT SELECT ON orders TO gpsync_regress_history_reader;
SET ROLE gpsync_regress_history_reader;
SELECT count(*) > 10 FROM gpsync.status_history;
SELECT count(*) > 0 FROM gpsync.history_of('orders', '{"id": "b"}');
SELECT error_of($$SELECT gpsync.drop_history('orders')$$);
RESET ROLE;

-- A table that was dropped: its history stays until somebody ends it.
SELECT 'orders'::regclass::oid AS dropped \gset
DROP TABLE orders;
SELECT count(*) > 10 FROM gpsync.status_history WHERE table_name = 'public.orders';
SELECT check_name, severity, finding FROM gpsync.doctor() WHERE check_name = 'history';
SELECT gpsync.drop_history(:'dropped');
SELECT (SELECT count(*) FROM gpsync.stream), (SELECT count(*) FROM pg_publication WHERE pubname = 'gpsync_local'),
    (SELECT count(*) FROM pg_foreign_server), (SELECT count(*) FROM gpsync.history_entry);
\c postgres
DROP DATABASE gpsync_regress_history;
DROP ROLE gpsync_regress_history_ops, gpsync_regress_history_reader;
