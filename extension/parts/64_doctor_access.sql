-- doctor() on who may read what is streamed, and redirect secrets.

-- Who owns a server whose secrets are another role's. The guard stands before it, unless somebody has disabled it.
CREATE FUNCTION gpsync.doctor_secrets() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'secret', CASE WHEN g.enabled THEN 'info' ELSE 'warning' END,
       format('role "%s" owns server "%s", for which %s has a user mapping with secrets: the owner can change %s', o.rolname, s.srvname,
              CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE format('role "%s"', r.rolname) END,
              CASE WHEN g.enabled THEN 'the path of its url, not its scheme, host or port'
                   ELSE 'where they are sent to, since event trigger "gpsync_guard_endpoint" is disabled' END),
       CASE WHEN g.enabled THEN format('ALTER SERVER %I OWNER TO ...; -- a role that may read server files', s.srvname)
            ELSE 'ALTER EVENT TRIGGER gpsync_guard_endpoint ENABLE ALWAYS' END
FROM pg_user_mapping AS u
JOIN pg_foreign_server AS s ON s.oid = u.umserver
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw AND w.fdwname = 'gpsync_http'
JOIN pg_roles AS o ON o.oid = s.srvowner
LEFT JOIN pg_roles AS r ON r.oid = u.umuser,
LATERAL (SELECT coalesce(bool_or(e.evtenabled = 'A'), false) FROM pg_event_trigger AS e WHERE e.evtname = 'gpsync_guard_endpoint') AS g (enabled)
WHERE cardinality(u.umoptions) > 0 AND NOT pg_has_role(s.srvowner, 'pg_read_server_files', 'USAGE')
    AND (u.umuser = 0 OR NOT pg_has_role(s.srvowner, u.umuser, 'USAGE')) $$;
COMMENT ON FUNCTION gpsync.doctor_secrets() IS 'doctor() on who could redirect which secret';
REVOKE ALL ON FUNCTION gpsync.doctor_secrets() FROM PUBLIC;
