-- doctor() by area, first the server and what streams have left behind in it. A check is a row with a
-- severity (error: changes are not delivered; warning: they soon may not be; info: worth knowing) and the fix.

CREATE FUNCTION gpsync.library_version() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_library_version';
COMMENT ON FUNCTION gpsync.library_version() IS
    'The version of the library gpsync that this session has loaded; the extension''s own is in pg_extension';

CREATE FUNCTION gpsync_internal.doctor_settings() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'version', 'warning',
       format('the extension in this database is of version %s, and the library that the server has loaded of '
              'version %s', e.extversion, l.version),
       CASE WHEN string_to_array(e.extversion, '.')::integer[] < string_to_array(l.version, '.')::integer[]
            THEN 'ALTER EXTENSION gpsync UPDATE' ELSE 'restart the server' END
FROM pg_extension AS e, gpsync.library_version() AS l (version)
WHERE e.extname = 'gpsync' AND e.extversion <> l.version
UNION ALL
SELECT 'wal_level', 'error',
    format('wal_level is "%s"; logical decoding needs "logical"', current_setting('wal_level')),
       'ALTER SYSTEM SET wal_level = logical; -- and restart the server'
WHERE current_setting('wal_level') <> 'logical'
UNION ALL
SELECT 'output_plugin_libraries', 'error',
    format('output plugin "gpsync_decoder" is not in output_plugin_libraries (%s)', plugins),
       gpsync_internal.output_plugins_fix(plugins)
FROM current_setting('output_plugin_libraries', true) AS plugins
WHERE NOT 'gpsync_decoder' = ANY (gpsync_internal.setting_list(plugins))
UNION ALL
SELECT 'max_replication_slots', 'warning',
    format('all %s replication slots are in use: no stream can be created', slots.most),
       format('ALTER SYSTEM SET max_replication_slots = %s; -- and restart the server', slots.most + 10)
FROM (SELECT current_setting('max_replication_slots')::integer, (SELECT count(*) FROM pg_replication_slots))
    AS slots (most, used)
WHERE slots.used >= slots.most
UNION ALL
SELECT 'max_wal_senders', 'warning',
    format('%s slots want a WAL sender each, and max_wal_senders is %s', senders.wanted, senders.most),
       format('ALTER SYSTEM SET max_wal_senders = %s; -- and restart the server', senders.wanted + 10)
FROM (SELECT current_setting('max_wal_senders')::integer,
    (SELECT count(*) FROM pg_replication_slots WHERE NOT temporary)) AS senders (most, wanted)
WHERE senders.wanted > senders.most
UNION ALL
-- From PostgreSQL 18 on. Before that, origins are limited by max_replication_slots.
SELECT 'max_active_replication_origins', 'warning',
    format('%s replication origins may be in use at a time, and there are %s streams', origins.most, origins.wanted),
       format('ALTER SYSTEM SET max_active_replication_origins = %s; -- and restart the server', origins.wanted + 10)
FROM (SELECT current_setting('max_active_replication_origins', true)::integer, (SELECT count(*) FROM gpsync.stream))
    AS origins (most, wanted)
WHERE origins.wanted > origins.most
UNION ALL
-- From PostgreSQL 18 on.
SELECT 'idle_replication_slot_timeout', 'warning',
    format('a stream whose relay is away for %s loses its slot (idle_replication_slot_timeout)',
        current_setting('idle_replication_slot_timeout')),
       'ALTER SYSTEM SET idle_replication_slot_timeout = 0; SELECT pg_reload_conf();'
WHERE current_setting('idle_replication_slot_timeout', true) <> '0' AND EXISTS (SELECT FROM gpsync.stream)
UNION ALL
SELECT 'max_slot_wal_keep_size', 'info',
    'max_slot_wal_keep_size is unlimited: a stream that stands still keeps WAL until the disk is full',
       'ALTER SYSTEM SET max_slot_wal_keep_size = ''50GB''; SELECT pg_reload_conf();'
WHERE current_setting('max_slot_wal_keep_size') = '-1' AND EXISTS (SELECT FROM gpsync.stream) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_settings() IS 'doctor() on the server''s settings and limits';

CREATE FUNCTION gpsync_internal.file_exists(path text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN (pg_stat_file(path, true)).size IS NOT NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;  -- a folder that the server may not enter, or an owner of the extension who may not ask
END $$;
COMMENT ON FUNCTION gpsync_internal.file_exists(text) IS 'Whether the server sees a file; null where it cannot say';

-- The program that the supervisor starts, and where one is beside the server's own.
CREATE FUNCTION gpsync_internal.relay_program(OUT path text, OUT beside text) RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(nullif(current_setting('gpsync.relay_path', true), ''), c.setting || '/gpsync-relay'), c.setting
    || '/gpsync-relay'
FROM pg_config AS c WHERE c.name = 'BINDIR' $$;
COMMENT ON FUNCTION gpsync_internal.relay_program() IS
    'The path of gpsync-relay as the supervisor has it, and the default';

-- Only when no relay is at work: then it matters who should have started one.
CREATE FUNCTION gpsync_internal.doctor_supervisor()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH supervised AS (
    SELECT gpsync_internal.setting_list(current_setting('shared_preload_libraries')) AS libraries,
           gpsync_internal.setting_list(coalesce(current_setting('gpsync.databases', true), '')) AS databases
    WHERE EXISTS (SELECT FROM gpsync_internal.stream_states() AS s WHERE s.relay_state = 'down'))
SELECT 'supervisor', 'info',
    'gpsync is not in shared_preload_libraries: every gpsync-relay has to be started by itself',
       -- LOAD, since ALTER SYSTEM only takes settings that are known.
       format('LOAD ''gpsync''; ALTER SYSTEM SET gpsync.databases = %L; ALTER SYSTEM SET shared_preload_libraries = '
              '%s; -- and restart the server',
              quote_ident(current_database()),
                  (SELECT string_agg(quote_ident(l), ', ') FROM unnest(libraries || 'gpsync'::text) AS l))
FROM supervised WHERE NOT 'gpsync' = ANY (libraries)
UNION ALL
SELECT 'supervisor', 'info',
    format('database "%s" is not in gpsync.databases: every gpsync-relay has to be started by itself',
    current_database()),
       format('ALTER SYSTEM SET gpsync.databases = %L; -- and restart the server',
              (SELECT string_agg(quote_ident(d), ', ') FROM unnest(databases || current_database()::text) AS d))
FROM supervised WHERE 'gpsync' = ANY (libraries) AND NOT current_database() = ANY (databases)
UNION ALL
SELECT 'supervisor', 'error',
    format('no supervisor runs for database "%s", although gpsync.databases has it: no worker slot was free, or the '
           'server '
              'log says why it fails', current_database()),
       format('ALTER SYSTEM SET max_worker_processes = %s; -- and restart the server',
              current_setting('max_worker_processes')::integer + cardinality(databases))
FROM supervised WHERE 'gpsync' = ANY (libraries) AND current_database() = ANY (databases)
    AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.backend_type = 'gpsync supervisor'
        AND a.datname = current_database())
UNION ALL
SELECT 'supervisor', 'error',
    format('there is no program "%s", which the supervisor starts (gpsync.relay_path)', p.path),
       format('LOAD ''gpsync''; ALTER SYSTEM SET gpsync.relay_path = %L; SELECT pg_reload_conf();',
              CASE WHEN gpsync_internal.file_exists(p.beside) THEN p.beside ELSE '/.../gpsync-relay' END)
FROM supervised, gpsync_internal.relay_program() AS p
WHERE 'gpsync' = ANY (libraries) AND current_database() = ANY (databases)
    AND NOT gpsync_internal.file_exists(p.path) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_supervisor() IS 'doctor() on who starts the relays';

CREATE FUNCTION gpsync_internal.doctor_leftovers()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'slot without stream', 'error',
       format('replication slot "%s" belongs to no stream and holds back %s of WAL', r.slot_name,
           pg_size_pretty(gpsync_internal.wal_end() - r.restart_lsn)),
       format('SELECT pg_drop_replication_slot(%L)', r.slot_name)
FROM pg_replication_slots AS r
WHERE r.database = current_database() AND r.plugin = 'gpsync_decoder' AND NOT r.temporary
    AND starts_with(r.slot_name, gpsync_internal.slot_name(''))
    AND NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE gpsync_internal.slot_name(s.stream) = r.slot_name)
UNION ALL
-- Of this database once no slot of it may see them any more, and of databases that are gone.
SELECT 'origin without stream', 'info', format('replication origin "%s" belongs to no stream', o.roname),
       format('SELECT pg_replication_origin_drop(%L)', o.roname)
-- No backslash: it would depend on standard_conforming_strings. Not what a session or a subscription has in use.
FROM pg_replication_origin AS o, LATERAL (SELECT substring(o.roname FROM '^gpsync_([0-9]+)_[a-z0-9_]{1,40}$'))
    AS of (database)
WHERE of.database IS NOT NULL
    AND NOT EXISTS (SELECT FROM pg_replication_slots AS r
        WHERE starts_with(r.slot_name, 'gpsync_' || of.database || '_'))
    AND CASE WHEN of.database = (SELECT d.oid::text FROM pg_database AS d WHERE d.datname = current_database())
             THEN NOT EXISTS (SELECT FROM gpsync.stream)
             ELSE NOT EXISTS (SELECT FROM pg_database AS d WHERE d.oid::text = of.database) END $$;
COMMENT ON FUNCTION gpsync_internal.doctor_leftovers() IS 'doctor() on slots and origins that no stream owns';

REVOKE ALL ON FUNCTION gpsync_internal.doctor_settings(), gpsync_internal.file_exists(text),
    gpsync_internal.relay_program(),
    gpsync_internal.doctor_supervisor(), gpsync_internal.doctor_leftovers() FROM PUBLIC;
