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

-- A request with one header twice means what its receiver makes of it. Who changes the server does not see the user
-- mappings, so nobody notices it by looking; names of headers are no secrets.
CREATE FUNCTION gpsync_internal.header_names(lines text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT lower(btrim(split_part(l, ':', 1), E' \t\r')) FROM unnest(string_to_array(lines, E'\n')) AS l
WHERE position(':' IN l) > 0 $$;
COMMENT ON FUNCTION gpsync_internal.header_names(text) IS
    'The names, in lower case, of headers that are given as lines "Name: value"';

CREATE FUNCTION gpsync_internal.guard_headers() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    twice record;
BEGIN
    SELECT s.srvname, n.name INTO twice
    FROM pg_event_trigger_ddl_commands() AS c
    JOIN pg_user_mapping AS u ON c.classid = 'pg_user_mapping'::regclass AND u.oid = c.objid
        OR c.classid = 'pg_foreign_server'::regclass AND u.umserver = c.objid
    JOIN pg_foreign_server AS s ON s.oid = u.umserver
    JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw AND w.fdwname = 'gpsync_http'
    JOIN pg_options_to_table(s.srvoptions) AS o ON o.option_name = 'headers'
    JOIN pg_options_to_table(u.umoptions) AS m ON m.option_name = 'secret_headers'
    CROSS JOIN LATERAL (SELECT gpsync_internal.header_names(o.option_value)
                        INTERSECT SELECT gpsync_internal.header_names(m.option_value)) AS n (name)
    ORDER BY 1, 2 LIMIT 1;
    IF FOUND THEN
        RAISE fdw_invalid_attribute_value USING
            MESSAGE = format('header "%s" of endpoint "%s" is given twice', twice.name, twice.srvname),
            DETAIL = 'It stands in option "headers" of the server, and in option "secret_headers" of a user mapping.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.guard_headers() IS
    'Refuses (HV024) a header in option headers of an endpoint and in secret_headers of a user mapping for it';
REVOKE ALL ON FUNCTION gpsync_internal.header_names(text), gpsync_internal.guard_headers() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_headers ON ddl_command_end
    WHEN TAG IN ('CREATE SERVER', 'ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING')
    EXECUTE FUNCTION gpsync_internal.guard_headers();
ALTER EVENT TRIGGER gpsync_guard_headers ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_headers IS 'Keeps a header from being given twice for one endpoint';
