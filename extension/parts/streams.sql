-- The parts of a stream: its slot's name, its lock, its settings as the relay reads them.

CREATE FUNCTION gpsync_internal.name_hint(given text, what text, names text[]) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_name_hint';
COMMENT ON FUNCTION gpsync_internal.name_hint(text, text, text[]) IS
    'The hint for an unknown name: the nearest valid one, and the list of all; what is the plural noun ("endpoints")';

CREATE FUNCTION gpsync_internal.slot_name(stream text) RETURNS name
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT ('gpsync_' || oid || '_' || stream)::name FROM pg_database WHERE datname = current_database() $$;
COMMENT ON FUNCTION gpsync_internal.slot_name(text) IS
    'The replication slot of a stream of this database, and the replication origin of its bookkeeping';

CREATE FUNCTION gpsync_internal.stream_lock_key(stream text) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT hashtextextended('gpsync.stream/' || stream, 0) $$;
COMMENT ON FUNCTION gpsync_internal.stream_lock_key(text) IS
    'The key, in pg_locks, of the lock that says who delivers a stream: the one relay at work, or drop_stream() and '
    'recreate_stream()';

CREATE FUNCTION gpsync_internal.event_source() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '/gpsync/' || (pg_control_system()).system_identifier || '/' || string_agg(
           CASE WHEN chr(byte) ~ '[A-Za-z0-9._~-]' AND byte < 128 THEN chr(byte)
                ELSE '%' || upper(lpad(to_hex(byte), 2, '0')) END, '' ORDER BY at)
FROM (SELECT at, get_byte(name, at) AS byte
      FROM (SELECT convert_to(current_database(), 'UTF8')) AS database (name),
           generate_series(0, length(name) - 1) AS at) AS bytes $$;
COMMENT ON FUNCTION gpsync_internal.event_source() IS
    'The CloudEvents source of this database: system identifier and database, percent-encoded';

-- One endpoint as the relay needs it. A role's own user mapping wins over the one for PUBLIC, as everywhere.
CREATE FUNCTION gpsync_internal.endpoint_config(endpoint text, relay_role name) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_build_object('name', s.srvname, 'options', gpsync_internal.endpoint_settings(s.srvoptions), 'user_mapping',
           coalesce((SELECT jsonb_object_agg(o.option_name, o.option_value)
                     FROM pg_options_to_table(m.umoptions) AS o), '{}'))
FROM pg_foreign_server AS s
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw AND w.fdwname = 'gpsync_http'
LEFT JOIN LATERAL (SELECT u.umoptions
                   FROM pg_user_mapping AS u LEFT JOIN pg_roles AS r ON r.oid = u.umuser
                   WHERE u.umserver = s.oid AND (u.umuser = 0 OR r.rolname = relay_role)
                   ORDER BY u.umuser = 0 LIMIT 1) AS m ON true
WHERE s.srvname = endpoint $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_config(text, name) IS
    'Name, settings and user mapping of one endpoint for one role; no row when there is no such server';

CREATE FUNCTION gpsync_internal.stream_config(stream text, relay_role name) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_build_object(
           'stream', s.stream, 'slot', gpsync_internal.slot_name(s.stream), 'source', gpsync_internal.event_source(),
           'publication', s.publication, 'partition', s.partition,
           'topics', s.topics, 'bookkeeping', s.bookkeeping, 'paused', s.paused,
           'failover', gpsync_internal.is_failover_slot(gpsync_internal.slot_name(s.stream)),
           'system_identifier', (pg_control_system()).system_identifier::text,
           'endpoints', (SELECT jsonb_agg(gpsync_internal.endpoint_config(e.name, relay_role) ORDER BY e.ordinal)
                         FROM unnest(s.endpoints) WITH ORDINALITY AS e (name, ordinal)))
FROM gpsync.stream AS s WHERE s.stream = stream_config.stream $$;
COMMENT ON FUNCTION gpsync_internal.stream_config(text, name) IS
    'What relay_config() gives, without the position and without any check: a missing endpoint is null; null when '
    'there is no such stream';

CREATE FUNCTION gpsync_internal.refuse_unknown_stream(stream text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = refuse_unknown_stream.stream) THEN
        RAISE undefined_object USING
            MESSAGE = format('stream "%s" does not exist', stream),
            HINT = coalesce(nullif(gpsync_internal.name_hint(stream, 'streams',
                array(SELECT s.stream FROM gpsync.stream AS s ORDER BY 1)), ''),
                            'There is no stream; see gpsync.create_stream().');
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unknown_stream(text) IS
    'Raises 42704 with the nearest name when there is no such stream';

REVOKE ALL ON FUNCTION gpsync_internal.slot_name(text), gpsync_internal.stream_lock_key(text),
    gpsync_internal.event_source(),
    gpsync_internal.endpoint_config(text, name), gpsync_internal.stream_config(text, name),
    gpsync_internal.refuse_unknown_stream(text) FROM PUBLIC;
