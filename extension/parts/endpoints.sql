-- Endpoints are foreign servers of wrapper gpsync_http, their secrets are user mappings. The wrapper has no
-- handler: nothing is read through it, the relay delivers.

CREATE FUNCTION gpsync_internal.http_validator(options text[], catalog oid) RETURNS boolean
    LANGUAGE c STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_http_validator';
COMMENT ON FUNCTION gpsync_internal.http_validator(text[], oid) IS
    'Checks the options of wrapper gpsync_http; called by CREATE and ALTER SERVER and USER MAPPING';

CREATE FOREIGN DATA WRAPPER gpsync_http VALIDATOR gpsync_internal.http_validator;
COMMENT ON FOREIGN DATA WRAPPER gpsync_http IS
    'HTTP endpoints that gpsync delivers changes to: a foreign server is one, its user mapping for the relay''s role '
    'holds its secrets';

CREATE FUNCTION gpsync_internal.endpoint_settings(server_options text[]) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_endpoint_settings';
COMMENT ON FUNCTION gpsync_internal.endpoint_settings(text[]) IS
    'The options of a foreign server (pg_foreign_server.srvoptions) as the relay reads them: defaults filled in, '
    'durations in ms, sizes in bytes';

CREATE FUNCTION gpsync_internal.is_local_url(url text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_is_local_url';
COMMENT ON FUNCTION gpsync_internal.is_local_url(text) IS
    'Whether an endpoint''s url stays on the relay''s machine (a loopback host)';

CREATE FUNCTION gpsync_internal.is_exposed_url(url text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_is_exposed_url';
COMMENT ON FUNCTION gpsync_internal.is_exposed_url(text) IS 'Whether an endpoint''s url leaves the machine without TLS';

REVOKE ALL ON FUNCTION gpsync_internal.http_validator(text[], oid), gpsync_internal.endpoint_settings(text[]),
    gpsync_internal.is_local_url(text), gpsync_internal.is_exposed_url(text) FROM PUBLIC;
