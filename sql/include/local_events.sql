\set ECHO none
-- Events as the relay passes them, of a table orders, and what the history makes of them.
CREATE FUNCTION event(kind text, key text, status text, lsn text, ordinal int DEFAULT 1, old_key text DEFAULT NULL,
    late boolean DEFAULT false,
    xid bigint DEFAULT 7) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_build_array('orders'::regclass::oid::bigint, late, jsonb_build_object('type', kind, 'id',
    lpad(lsn, 16, '0') || '-' || upper(lpad(to_hex(ordinal), 8, '0')) || '-0000000000000000',
    'sequence', lpad(lsn, 16, '0') || '-' || upper(lpad(to_hex(ordinal), 8, '0')),
    'time', '2026-11-22T06:00:00Z'::timestamptz + ('x' || lpad(lsn, 8, '0'))::bit(32)::int * interval '1 minute',
    'data', jsonb_strip_nulls(jsonb_build_object('schema', 'public', 'table', 'orders', 'key',
        jsonb_build_object('id', key),
        'xid', xid, 'revision', 8, 'row', CASE WHEN status IS NOT NULL THEN jsonb_build_object('id', key, 'status',
            status) END,
        'old', CASE WHEN old_key IS NOT NULL THEN jsonb_build_object('id', old_key) END)))) $$;
CREATE FUNCTION apply(VARIADIC events jsonb[]) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT gpsync_internal.relay_apply_local('gpsync_local', 'gpsync_local', to_jsonb(events)) $$;
CREATE VIEW entries AS SELECT key ->> 'id', event, from_state, to_state,
    to_char(at AT TIME ZONE 'UTC', 'HH24:MI') AS at,
    to_char(at - since, 'HH24:MI') AS lasted, revision, commit_lsn, ordinal FROM gpsync.status_history
    ORDER BY commit_lsn, ordinal, event;
\set ECHO all
