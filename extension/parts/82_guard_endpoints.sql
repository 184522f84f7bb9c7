-- The owner of a server does not get the secrets that others mapped for it by redirecting it.

-- Not SECURITY DEFINER: what counts is who runs the command.
CREATE FUNCTION gpsync.guard_endpoint() RETURNS event_trigger
    LANGUAGE c SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_guard_endpoint';
COMMENT ON FUNCTION gpsync.guard_endpoint() IS
    'Refuses (42501) to change scheme, host or port of an endpoint''s url, or its ca_file, to who may not read server files, while another role''s user mapping for it holds secrets';
REVOKE ALL ON FUNCTION gpsync.guard_endpoint() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_endpoint ON ddl_command_start
    WHEN TAG IN ('ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING')
    EXECUTE FUNCTION gpsync.guard_endpoint();
ALTER EVENT TRIGGER gpsync_guard_endpoint ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_endpoint IS 'Keeps secrets of user mappings from being sent to another origin';

