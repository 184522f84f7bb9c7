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
\set local_events :sources /sql/include/local_events.sql
\i :local_events
-- They wait until the rows are scanned.
SELECT apply(event('gpsync.row.inserted', 'a', 'RECEIVED', '10'));
SELECT state, waiting_events FROM gpsync.history_status;
SELECT gpsync_internal.relay_keep_local('gpsync_local', 'gpsync_local');
SELECT state, waiting_events FROM gpsync.history_status;
SELECT gpsync_internal.relay_keep_local('gpsync_local', 'gpsync_local');
SELECT gpsync_internal.relay_keep_local('gpsync_local', 'gpsync_local');
SELECT state, waiting_events FROM gpsync.history_status;
SELECT apply(event('gpsync.row.inserted', 'a', 'RECEIVED', '10'), event('gpsync.row.inserted', 'b', 'RECEIVED', '10',
    2),
    event('gpsync.row.updated', 'a', 'PROCESSING', '11'), event('gpsync.row.updated', 'a', 'PROCESSING', '12'),
    event('gpsync.something.else', 'a', 'x', '13'));
-- Again, and with more.
SELECT apply(event('gpsync.row.updated', 'a', 'PROCESSING', '11'), event('gpsync.row.updated', 'a', 'PROCESSING', '12'),
    event('gpsync.row.updated', 'a', 'FAILED', '14'));
SELECT * FROM entries;
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
SELECT * FROM entries WHERE commit_lsn > '0/14';
SELECT key, state FROM gpsync.history_state WHERE state IS NOT NULL ORDER BY 1;
-- No status: refused, whenever it comes; the rest goes on. A late one is no repeat.
SELECT apply(event('gpsync.row.updated', 'b', 'PROCESSING', '1B'), event('gpsync.row.updated', 'b', NULL, '1B', 2),
    event('gpsync.row.updated', 'b', 'COMPLETED', '1C'));
SELECT apply(event('gpsync.row.updated', 'b', NULL, '1B', 2), event('gpsync.row.updated', 'b', 'COMPLETED', '1C'));
SELECT apply(event('gpsync.row.updated', 'b', 'PROCESSING', '1B', 2, NULL, true),
    event('gpsync.row.inserted', 'late', 'RECEIVED', '1B', 3, NULL, true));
SELECT apply(event('gpsync.row.inserted', 'late', 'RECEIVED', '1B', 3, NULL, true));
SELECT * FROM entries WHERE commit_lsn > '0/1A';
SELECT commit_lsn, ordinal FROM gpsync.local_position;
-- Not known before.
SELECT apply(event('gpsync.row.updated', 'new', 'PROCESSING', '1D'), event('gpsync.row.deleted', 'never', NULL, '1D',
    2));
SELECT apply(event('gpsync.table.truncated', NULL, NULL, '1E'));
SELECT * FROM entries WHERE commit_lsn > '0/1C';
SELECT relation, key, state, left_at IS NULL, to_char(duration, 'HH24:MI'), next_state, at_least
    FROM gpsync.status_durations
WHERE key ->> 'id' = 'a' ORDER BY entered_at;
SELECT event, from_state, to_state FROM gpsync.history_of('orders', '{"id": "b"}');

-- Who sees what: rows of tables that one may read.
SET ROLE gpsync_regress_history_reader;
SELECT count(*) FROM gpsync.status_history;
SELECT count(*) FROM gpsync.status_durations;
SELECT error_of($$SELECT * FROM gpsync.history_of('orders', '{"id": "b"}')$$);
RESET ROLE;
GRANT SELECT ON orders TO gpsync_regress_history_reader;
SET ROLE gpsync_regress_history_reader;
SELECT count(*) > 10 FROM gpsync.status_history;
SELECT count(*) > 0 FROM gpsync.history_of('orders', '{"id": "b"}');
SELECT error_of($$SELECT gpsync.drop_history('orders')$$);
RESET ROLE;
-- Not where a policy hides rows, and never past the views: the history's tables have the privileges of its table.
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON orders USING (id = 'b');
SET ROLE gpsync_regress_history_reader;
SELECT count(*) FROM gpsync.status_history;
SELECT count(*) FROM gpsync.status_durations;
SELECT error_of($$SELECT * FROM gpsync.history_of('orders', '{"id": "b"}')$$);
SELECT error_of($$SELECT * FROM gpsync.history_state$$), error_of($$SELECT * FROM gpsync.history_state_1$$);
RESET ROLE;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
SELECT grantee, table_name FROM information_schema.table_privileges WHERE table_schema = 'gpsync'
    AND table_name LIKE 'history\_%' AND privilege_type = 'SELECT' AND grantee <> current_user
    AND table_name !~ '[0-9]{6}' ORDER BY 1, 2;
REVOKE SELECT ON orders FROM gpsync_regress_history_reader;
SELECT count(*) FROM information_schema.table_privileges WHERE table_schema = 'gpsync'
    AND table_name ~ '^history_(state_)?1' AND grantee <> current_user;
SELECT has_table_privilege('gpsync_regress_history_ops', 'gpsync.history_state_1', 'SELECT');

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
