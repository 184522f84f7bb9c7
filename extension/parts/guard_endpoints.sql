-- The owner of a server must not get the secrets that others mapped for it by redirecting its requests.

CREATE FUNCTION gpsync_internal.refuse_redirected_rows(caller oid, server name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF EXISTS (SELECT FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream,
        gpsync_internal.publication_relations(s.publication) AS r
               WHERE server = ANY (s.endpoints) AND NOT gpsync_internal.may_read_rows(caller, r)) THEN
        RAISE insufficient_privilege USING MESSAGE = format('permission denied to redirect endpoint "%s"', server),
            DETAIL = format('Rows are sent there that role "%s" may not read.', pg_get_userbyid(caller)),
            HINT = 'Let a superuser, or a role that may read what is streamed, change the server.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_redirected_rows(oid, name) IS
    'Raises 42501 when a stream sends rows to a server that a role may not read';
REVOKE ALL ON FUNCTION gpsync_internal.refuse_redirected_rows(oid, name) FROM PUBLIC;

-- Not SECURITY DEFINER: what counts is who runs the command.
CREATE FUNCTION gpsync_internal.guard_endpoint() RETURNS event_trigger
    LANGUAGE c SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_guard_endpoint';
COMMENT ON FUNCTION gpsync_internal.guard_endpoint() IS
    'Refuses (42501) to change scheme, host or port of an endpoint''s url, or its ca_file, to who may not read '
        'server files, while another role''s user mapping for it holds secrets; and to who may not read what streams '
        'send there';
REVOKE ALL ON FUNCTION gpsync_internal.guard_endpoint() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_endpoint ON ddl_command_start
    WHEN TAG IN ('ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING')
    EXECUTE FUNCTION gpsync_internal.guard_endpoint();
ALTER EVENT TRIGGER gpsync_guard_endpoint ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_endpoint IS 'Keeps secrets of user mappings from being sent to another origin';
