-- What streams need cannot be dropped or renamed under them; the error says which stream.

-- Not SECURITY DEFINER: it fires before the server has checked the caller's rights, so it checks them itself.
CREATE FUNCTION gpsync_internal.guard_command() RETURNS event_trigger
    LANGUAGE c SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_guard_command';
COMMENT ON FUNCTION gpsync_internal.guard_command() IS
    'Refuses to drop the extension while a stream or a slot of it exists, by whatever command, to rename a server or '
    'publication that a stream uses, and to rename schema gpsync; says nothing to who may not do so anyway';

CREATE EVENT TRIGGER gpsync_guard ON ddl_command_start
    WHEN TAG IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED', 'DROP LANGUAGE', 'ALTER SERVER', 'ALTER PUBLICATION',
        'ALTER SCHEMA')
    EXECUTE FUNCTION gpsync_internal.guard_command();
ALTER EVENT TRIGGER gpsync_guard ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard IS 'Keeps extension gpsync, and the names its streams use, while streams exist';

CREATE FUNCTION gpsync_internal.guard_dropped() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    used record;
BEGIN
    SELECT d.object_type, d.object_name, s.stream INTO used
    FROM pg_event_trigger_dropped_objects() AS d
    JOIN gpsync.stream AS s ON d.object_type = 'server' AND d.object_name = ANY (s.endpoints)
        OR d.object_type = 'publication' AND d.object_name = s.publication
    ORDER BY 1, 2, 3 LIMIT 1;
    IF FOUND THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('cannot drop %s "%s" because stream "%s" uses it', used.object_type, used.object_name,
                used.stream),
            HINT = coalesce((SELECT format('Drop the notification first: SELECT gpsync.drop_notification(%L)',
                                 min(n.notification))
                             FROM gpsync.notification AS n WHERE n.stream = used.stream HAVING count(*) > 0),
                            format('Drop the stream first: SELECT gpsync.drop_stream(%L)', used.stream));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.guard_dropped() IS 'Refuses to drop a server or publication that a stream uses';

CREATE EVENT TRIGGER gpsync_guard_dropped ON sql_drop
    WHEN TAG IN ('DROP SERVER', 'DROP PUBLICATION', 'DROP OWNED')
    EXECUTE FUNCTION gpsync_internal.guard_dropped();
ALTER EVENT TRIGGER gpsync_guard_dropped ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_dropped IS 'Keeps the servers and publications that streams use';

REVOKE ALL ON FUNCTION gpsync_internal.guard_command(), gpsync_internal.guard_dropped() FROM PUBLIC;
