-- Histories and analytical copies that cannot be written: each stops by itself and continues where it stopped. Events
-- are given to the relay's function by hand.
CREATE DATABASE gpsync_regress_stops;
\c gpsync_regress_stops
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
\set local_events :sources /sql/include/local_events.sql
CREATE SCHEMA reports;
CREATE TABLE orders (id text PRIMARY KEY, status text NOT NULL, amount numeric);
CREATE TABLE other (id text PRIMARY KEY, status text NOT NULL);
SELECT gpsync.attach('orders'), gpsync.attach('other');

-- A publication or server of that name that somebody else made is left alone.
CREATE PUBLICATION gpsync_local FOR TABLE other;
SELECT error_of($$SELECT gpsync.create_analytics('orders', 'reports', '{status}')$$);
SELECT error_of($$SELECT gpsync.create_history('orders')$$);
DROP PUBLICATION gpsync_local;
CREATE SERVER gpsync_local FOREIGN DATA WRAPPER gpsync_http OPTIONS (protocol 'local');
SELECT error_of($$SELECT gpsync.create_history('orders')$$);
DROP SERVER gpsync_local;
SELECT gpsync.create_history('orders');
SELECT gpsync.create_history('other');
SELECT gpsync.create_analytics('orders', 'reports', '{status,amount}');
-- Its own it knows again.
SELECT gpsync.drop_stream('gpsync_local');
SELECT gpsync.refresh_history('orders');
SELECT count(*) FROM gpsync.stream;

\i :local_events
CREATE PROCEDURE keep() LANGUAGE plpgsql AS $$
BEGIN
    UPDATE gpsync.local_failure SET next_attempt_at = now();
    WHILE gpsync_internal.relay_keep_local('gpsync_local', 'gpsync_local') LOOP
    END LOOP;
END $$;
CREATE VIEW failures AS SELECT kind, number, error, attempts, backlog_events FROM gpsync.local_failure
    ORDER BY kind, number;
CREATE VIEW findings AS SELECT severity, finding, fix FROM gpsync.doctor()
    WHERE check_name IN ('history', 'analytics') ORDER BY finding;
CALL keep();
SELECT relation, state, waiting_events FROM gpsync.history_status ORDER BY 1;
-- Made again, the stream may have missed changes: the copy says so.
SELECT state, gap_since IS NOT NULL FROM gpsync.analytics_status;
SELECT regexp_replace(finding, 'since .*', 'since'), fix FROM findings;
SELECT gpsync.refresh_analytics('reports.orders');
SELECT state, gap_since FROM gpsync.analytics_status;

-- A column of a copy is dropped: the copy stops, the history goes on.
ALTER TABLE reports.orders DROP amount;
SELECT apply(event('gpsync.row.inserted', 'a', 'RECEIVED', '10'), event('gpsync.row.inserted', 'b', 'RECEIVED', '11'));
SELECT apply(event('gpsync.row.updated', 'a', 'PROCESSING', '12'), event('gpsync.row.deleted', 'b', NULL, '13'));
SELECT * FROM entries;
SELECT * FROM failures;
SELECT state, problem, waiting_events FROM gpsync.analytics_status;
SELECT * FROM findings;
CALL keep();
SELECT * FROM failures;
-- Mended, it continues where it stopped; what comes meanwhile waits its turn.
ALTER TABLE reports.orders ADD amount numeric;
SELECT apply(event('gpsync.row.inserted', 'c', 'RECEIVED', '14'));
SELECT count(*) FROM reports.orders;
CALL keep();
SELECT * FROM failures;
SELECT id, status, gpsync_sequence FROM reports.orders ORDER BY 1;
SELECT state, problem FROM gpsync.analytics_status;
SELECT count(*) FROM findings;

-- A constraint refuses one event: the history and the other events go on. Sent again, the event goes to the copy alone.
ALTER TABLE reports.orders ADD CONSTRAINT few CHECK (status <> 'FAILED');
SELECT apply(event('gpsync.row.updated', 'a', 'FAILED', '15'), event('gpsync.row.updated', 'c', 'PROCESSING', '16'));
SELECT apply(event('gpsync.row.updated', 'a', 'FAILED', '15'), event('gpsync.row.updated', 'c', 'PROCESSING', '16'));
SELECT kind, number, commit_lsn, error FROM gpsync.local_refusal;
SELECT * FROM entries WHERE commit_lsn > '0/14';
SELECT * FROM failures;
ALTER TABLE reports.orders DROP CONSTRAINT few;
SELECT apply(event('gpsync.row.deleted', 'never', NULL, '17'));
SELECT apply(event('gpsync.row.updated', 'a', 'FAILED', '15', 1, NULL, true));
SELECT id, status FROM reports.orders ORDER BY 1;
SELECT count(*) FROM entries WHERE commit_lsn > '0/14';
SELECT count(*) FROM gpsync.local_refusal;
-- What is refused when it has waited becomes a dead letter, too.
ALTER TABLE reports.orders DROP status;
SELECT apply(event('gpsync.row.inserted', 'e', 'RECEIVED', '18'), event('gpsync.row.inserted', 'f', 'RECEIVED', '19'));
ALTER TABLE reports.orders ADD status text CHECK (id <> 'e');
CALL keep();
SELECT endpoint, key, error FROM gpsync.dead_letter;
SELECT id FROM reports.orders WHERE id IN ('e', 'f');
SELECT * FROM failures;
ALTER TABLE reports.orders DROP CONSTRAINT orders_id_check;
DELETE FROM gpsync.dead_letter;

-- A history that cannot be written.
ALTER TABLE gpsync.history_1 ADD CONSTRAINT never CHECK (to_state IS DISTINCT FROM 'COMPLETED') NOT VALID;
SELECT apply(event('gpsync.row.updated', 'c', 'COMPLETED', '20'), event('gpsync.row.updated', 'c', 'VERIFIED', '21'));
SELECT * FROM failures;
SELECT id, status FROM reports.orders WHERE id = 'c';
SELECT * FROM findings;
ALTER TABLE gpsync.history_1 DROP CONSTRAINT never;
CALL keep();
SELECT * FROM entries WHERE commit_lsn > '0/1A';
-- Unknown errors stop, too, and nothing is passed over: here one of a trigger on the copy.
CREATE FUNCTION reports.odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE 'XY123'; END $$;
CREATE TRIGGER odd BEFORE INSERT ON reports.orders FOR EACH ROW EXECUTE FUNCTION reports.odd();
SELECT apply(event('gpsync.row.inserted', 'g', 'RECEIVED', '22'));
SELECT * FROM failures;
-- More waits than the endpoint may spool: then the stream waits.
ALTER SERVER gpsync_local OPTIONS (ADD spool_limit '1kB');
SELECT error_of($$SELECT apply(event('gpsync.row.inserted', 'h' || i, 'RECEIVED', '23'),
    event('gpsync.row.inserted', repeat('x', 2000), 'RECEIVED', '23', 2)) FROM generate_series(1, 1) AS i$$);
ALTER SERVER gpsync_local OPTIONS (DROP spool_limit);
DROP TRIGGER odd ON reports.orders;
CALL keep();
SELECT id FROM reports.orders WHERE id = 'g';
SELECT * FROM failures;

-- The rows of one table cannot be scanned: the others go on.
CREATE ROLE gpsync_regress_stops_owner;
GRANT CREATE ON SCHEMA public TO gpsync_regress_stops_owner;
ALTER TABLE other OWNER TO gpsync_regress_stops_owner;
ALTER TABLE other ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT gpsync.refresh_history('other');
CALL keep();
SELECT relation, state, problem FROM gpsync.history_status ORDER BY 1;
SELECT apply(event('gpsync.row.inserted', 'i', 'RECEIVED', '24'));
SELECT count(*) FROM entries WHERE commit_lsn = '0/24';
ALTER TABLE other NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
CALL keep();
SELECT relation, state, problem FROM gpsync.history_status ORDER BY 1;

-- A change of key between two chunks of a scan leaves nothing under the old key.
INSERT INTO orders SELECT 'k' || to_char(i, 'FM0000'), 'RECEIVED' FROM generate_series(1, 2001) AS i;
SELECT gpsync.refresh_history('orders');
SELECT gpsync_internal.relay_keep_local('gpsync_local', 'gpsync_local');
UPDATE orders SET id = 'z' WHERE id = 'k0001' RETURNING pg_current_xact_id()::text::bigint AS xid \gset
SELECT string_agg(lpad(x, 8, '0'), '' ORDER BY n) AS lsn
FROM regexp_split_to_table(pg_current_wal_lsn()::text, '/') WITH ORDINALITY AS u (x, n) \gset
SELECT apply(event('gpsync.row.updated', 'z', 'RECEIVED', :'lsn', 1, 'k0001', false, :xid));
CALL keep();
SELECT key, state FROM gpsync.history_state WHERE history = 1 AND state IS NOT NULL
    AND NOT EXISTS (SELECT FROM orders AS o WHERE o.id = key ->> 'id');
SELECT event, from_state, to_state FROM gpsync.history_of('orders', '{"id": "k0001"}');
SELECT event, from_state, to_state FROM gpsync.history_of('orders', '{"id": "z"}');

-- Whatever the batches, the entries, the states and the copy are the same.
SELECT setseed(0.4);
CREATE TABLE work AS SELECT n, event(CASE WHEN r < 0.2 THEN 'gpsync.row.deleted' WHEN r < 0.4 THEN 'gpsync.row.inserted'
        ELSE 'gpsync.row.updated' END, 'w' || (random() * 6)::int,
        CASE WHEN r >= 0.2 THEN (ARRAY['RECEIVED', 'PROCESSING', 'FAILED'])[1 + (random() * 2)::int] END,
        'F' || to_char(n / 4, 'FM0000'), n % 4, CASE WHEN r > 0.9 THEN 'w' || (random() * 6)::int END) AS event
    FROM (SELECT n, random() AS r FROM generate_series(4, 300) AS n) AS s;
CREATE PROCEDURE apply_in(size int) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM apply(VARIADIC array_agg(w.event ORDER BY w.n)) FROM work AS w GROUP BY w.n / size ORDER BY w.n / size;
END $$;
CREATE FUNCTION outcome() RETURNS text LANGUAGE sql AS $$
SELECT md5((SELECT string_agg(x::text, ' ' ORDER BY x.key, x.commit_lsn, x.ordinal, x.event)
        FROM gpsync.history_entry AS x
        WHERE x.key ->> 'id' ~ '^w')
    || (SELECT string_agg(concat_ws(' ', s.key, s.state, s.since), ' ' ORDER BY s.key) FROM gpsync.history_state AS s
        WHERE s.key ->> 'id' ~ '^w' AND s.state IS NOT NULL)
    || (SELECT string_agg(c::text, ' ' ORDER BY c.id) FROM reports.orders AS c WHERE c.id ~ '^w')) $$;
UPDATE gpsync.local_position SET commit_lsn = '0/1';
BEGIN;
CALL apply_in(1);
SELECT outcome() AS single, count(*) AS entries FROM gpsync.history_entry WHERE key ->> 'id' ~ '^w' \gset
ROLLBACK;
BEGIN;
CALL apply_in(7);
SELECT outcome() = :'single';
ROLLBACK;
BEGIN;
CALL apply_in(100000);
SELECT outcome() = :'single', :entries > 100;
ROLLBACK;

SELECT gpsync.drop_history('orders'), gpsync.drop_history('other'), gpsync.drop_analytics('reports.orders');
SELECT (SELECT count(*) FROM gpsync.stream), (SELECT count(*) FROM pg_publication WHERE pubname = 'gpsync_local'),
    (SELECT count(*) FROM pg_foreign_server), (SELECT count(*) FROM gpsync.local_backlog);
\c postgres
DROP DATABASE gpsync_regress_stops;
DROP ROLE gpsync_regress_stops_owner;
