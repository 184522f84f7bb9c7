-- ALTER EXTENSION gpsync UPDATE: a new version has functions and views that roles of each part need and were not
-- granted. An event trigger grants them after the update's script: what a script grants counts as the extension's own
-- privileges, which pg_dump leaves out.

CREATE FUNCTION gpsync_internal.roles_by_part() RETURNS TABLE (role regrole, part text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT r, 'relay' FROM gpsync_internal.relay_roles() AS r
UNION ALL
SELECT a.grantee::regrole,
       CASE WHEN EXISTS (SELECT FROM pg_proc AS p, aclexplode(p.proacl) AS o
                         WHERE p.oid = 'gpsync.drop_stream(text)'::regprocedure
                             AND o.grantee = a.grantee) THEN 'operator' ELSE 'reader' END
FROM pg_class AS c, aclexplode(c.relacl) AS a
WHERE c.oid = 'gpsync.stream_status'::regclass AND a.grantee NOT IN (0, c.relowner) AND a.privilege_type = 'SELECT'
UNION ALL
SELECT a.grantee::regrole, 'emitter' FROM pg_proc AS p, aclexplode(p.proacl) AS a
WHERE p.oid = 'gpsync.emit(text, jsonb, text, text)'::regprocedure AND a.grantee NOT IN (0, p.proowner) $$;
COMMENT ON FUNCTION gpsync_internal.roles_by_part() IS
    'The roles that grant_relay(), grant_operator(), grant_reader() and grant_emitter() were called for, by a '
    'privilege '
    'that each needs';

CREATE FUNCTION gpsync_internal.renew_grants() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension AS e
               WHERE e.extname = 'gpsync' AND e.xmin = pg_current_xact_id()::xid) THEN
        PERFORM gpsync_internal.grant_part(r.role, r.part) FROM gpsync_internal.roles_by_part() AS r;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.renew_grants() IS
    'After an update of the extension grants each role what its part needs now';

REVOKE ALL ON FUNCTION gpsync_internal.roles_by_part(), gpsync_internal.renew_grants() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_renew_grants ON ddl_command_end WHEN TAG IN ('ALTER EXTENSION')
    EXECUTE FUNCTION gpsync_internal.renew_grants();
ALTER EVENT TRIGGER gpsync_renew_grants ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_renew_grants IS 'Grants roles what a new version of the extension needs';
