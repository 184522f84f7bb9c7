-- Notifications and operational events: what is refused, which events go to which endpoint, how they are summed up, and
-- that they never fail or hold up who raises them. Delivery is tested in test/tap/notifications.pl.
CREATE DATABASE gpsync_regress_notifications;
\c gpsync_regress_notifications
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
\pset format unaligned
\pset tuples_only on
CREATE SERVER pager FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://pager.example/events');
CREATE SERVER wiki FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://wiki.example/events');
CREATE SERVER tokens FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://tokens.example/', protocol 'token-lookup');
CREATE SERVER own FOREIGN DATA WRAPPER gpsync_http OPTIONS (protocol 'local');
CREATE FOREIGN DATA WRAPPER other;
CREATE SERVER foreign_one FOREIGN DATA WRAPPER other;

-- What create_notification() refuses.
SELECT error_of($$ SELECT gpsync.create_notification(NULL, 'pager', '{*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', NULL, '{*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pager', NULL) $$);
SELECT error_of($$ SELECT gpsync.create_notification('On call', 'pager', '{*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification(repeat('n', 37), 'pager', '{*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pager', '{}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pager', '{*,NULL}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pager', '{ramp.*,braker.opened}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pager', '{gpsync.ops.ramp.step}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pager', '{ram*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pagr', '{*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'foreign_one', '{*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'tokens', '{*}') $$);
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'own', '{*}') $$);
SELECT error_of($$ SELECT gpsync.drop_notification('on_call') $$);
BEGIN;
CREATE TABLE written ();
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'pager', '{*}') $$);
ROLLBACK;
SELECT count(*) FROM gpsync.notifications;
SELECT count(*) FROM pg_replication_slots;

-- Two for one endpoint share a stream.
SELECT gpsync.create_notification('on_call', 'pager', '{breaker.*,ramp.roll_back}');
SELECT gpsync.create_notification('migration', 'pager', '{import.done,ramp.*}');
SELECT gpsync.create_notification('everything', 'wiki', '{*}');
SELECT error_of($$ SELECT gpsync.create_notification('on_call', 'wiki', '{*}') $$);
SELECT notification, endpoint, events, stream FROM gpsync.notifications ORDER BY created_at;
SELECT stream, publication IS NULL AS alone, topics, endpoints, bookkeeping FROM gpsync.stream_status ORDER BY 1;

-- Who gets what, as the WAL has it.
CREATE FUNCTION sent() RETURNS TABLE (topic text, type text, subject text, data jsonb)
LANGUAGE sql AS $$
    SELECT e ->> 'topic', e ->> 'type', e ->> 'subject', (e -> 'data') - 'first_at' - 'last_at'
    FROM unnest(ARRAY['ops_on_call', 'ops_everything']) AS s (stream),
        pg_logical_slot_get_changes(gpsync_internal.slot_name(s.stream), NULL, NULL,
            'topics', (SELECT array_to_string(t.topics, ',') FROM gpsync.stream AS t WHERE t.stream = s.stream))
            AS c (lsn, xid, line), LATERAL (SELECT c.line::jsonb) AS j (e)
    ORDER BY 1, c.lsn, e ->> 'sequence'
$$;
SELECT gpsync_internal.raise_ops_event('ramp.step', 'checkout', '{"from": 1, "to": 6}'),
    gpsync_internal.raise_ops_event('ramp.roll_back', 'checkout', '{"statistic": 7.1, "bound": 6.9}'),
    gpsync_internal.raise_ops_event('traffic.stopped', 'public.orders', '{}');
SELECT * FROM sent();
-- What is named gets it also unasked; names that there are not do no harm.
SELECT gpsync_internal.raise_ops_event_to('{on_call,nobody}', 'rollback.started', 'batch 7', '{"rows": 10}');
SELECT * FROM sent();
SELECT error_of($$ SELECT gpsync_internal.refuse_unknown_notifications('{on_call,migratoin}') $$);
SELECT gpsync_internal.refuse_unknown_notifications('{on_call,migration}');

-- The rest of a window is one message, with the count, when it is over.
SELECT gpsync_internal.raise_ops_event('dead_letters.added', 's/e', '{"letters": 2}');
SELECT gpsync_internal.raise_ops_event('dead_letters.added', 's/e', '{"letters": 3}');
SELECT gpsync_internal.raise_ops_event('dead_letters.added', 's/e', '{"letters": 5}');
SELECT gpsync_internal.raise_ops_event('dead_letters.added', 's/other', '{"letters": 1}');
SELECT * FROM sent();
SELECT event, subject, occurrences, details FROM gpsync.ops_event;
SELECT gpsync_internal.send_ops_events();
SELECT count(*) FROM sent();
UPDATE gpsync.ops_window SET ends_at = clock_timestamp();
SELECT gpsync_internal.send_ops_events();
SELECT * FROM sent();
SELECT count(*) FROM gpsync.ops_event;
SELECT event, subject FROM gpsync.ops_window;
-- Nothing happens any more: nothing is kept.
UPDATE gpsync.ops_window SET ends_at = clock_timestamp();
SELECT gpsync_internal.send_ops_events();
SELECT count(*) FROM gpsync.ops_window;
SELECT count(*) FROM sent();

-- Of its own stream an endpoint hears nothing through it.
SELECT gpsync_internal.raise_ops_event('breaker.closed', 'ops_on_call/pager', '{"stream": "ops_on_call"}');
SELECT topic, type FROM sent();

-- With the transaction, or not at all.
BEGIN;
SELECT gpsync_internal.raise_ops_event('import.done', 'i1', '{}');
ROLLBACK;
SELECT count(*) FROM sent();
-- Where a transaction cannot send, somebody else does.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT gpsync_internal.raise_ops_event('import.done', 'i2', '{"written": 1}');
SELECT gpsync_internal.raise_ops_event('import.done', 'i2', '{"written": 2}');
COMMIT;
SELECT count(*) FROM sent();
SELECT gpsync_internal.send_ops_events();
SELECT * FROM sent();
-- What cannot be noted is in the log, and fails nobody.
BEGIN READ ONLY;
SELECT gpsync_internal.raise_ops_event('import.done', 'i3', '{}');
SELECT 'goes on';
COMMIT;
SELECT gpsync_internal.raise_ops_event(NULL, NULL, NULL);
SELECT count(*) FROM gpsync.ops_event;

-- Nothing of a person, whatever a caller gives.
SELECT gpsync_internal.raise_ops_event('import.done', 'card 4111111111111111', '{"note": "alice.miller@example.com"}');
SELECT subject, data -> 'details' FROM sent();
SELECT subject FROM gpsync.ops_window WHERE subject LIKE 'card%';

-- Larger than a payload of NOTIFY, and each member longer than one may be.
SELECT gpsync_internal.raise_ops_event('breaker.opened', 'legacy/nws', jsonb_object_agg('long' || n, repeat('x', 9000)))
FROM generate_series(1, 9) AS n;
SELECT (SELECT sum(length(d.value)) FROM jsonb_each_text(data -> 'details') AS d WHERE d.key LIKE 'long%') FROM sent();

-- The stream belongs to its notifications.
SELECT error_of($$ SELECT gpsync.drop_stream('ops_on_call') $$);
SELECT error_of($$ DROP SERVER wiki $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', topic => 'gpsync.ops.on_call') $$);
SELECT gpsync.drop_notification('on_call');
SELECT stream FROM gpsync.stream_status ORDER BY 1;
SELECT gpsync.drop_notification('migration');
SELECT stream FROM gpsync.stream_status ORDER BY 1;
SELECT error_of($$ SELECT gpsync.drop_notification('everythin') $$);
SELECT gpsync.drop_notification('everything');
SELECT count(*) FROM pg_replication_slots;
-- Without any, raising is for the log and who listens.
SELECT gpsync_internal.raise_ops_event('breaker.closed', 'legacy/nws', '{}');
DROP EXTENSION gpsync CASCADE;
\c postgres
DROP DATABASE gpsync_regress_notifications;
