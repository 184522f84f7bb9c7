-- reset_breaker(): an endpoint that was mended is tried at once. The relay reads of it in the answer to its next
-- report (relay_report()).

CREATE FUNCTION gpsync_internal.refuse_unknown_endpoint(stream text, endpoint text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    endpoints text[];
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    SELECT s.endpoints INTO endpoints FROM gpsync.stream AS s WHERE s.stream = refuse_unknown_endpoint.stream;
    IF refuse_unknown_endpoint.endpoint = ANY (endpoints) THEN
        RETURN;
    END IF;
    RAISE undefined_object USING
        MESSAGE = format('stream "%s" has no endpoint "%s"', refuse_unknown_endpoint.stream,
            refuse_unknown_endpoint.endpoint),
        HINT = gpsync_internal.name_hint(refuse_unknown_endpoint.endpoint, 'endpoints', endpoints);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unknown_endpoint(text, text) IS
    'Raises 42704 when there is no such stream, or it has no such endpoint';

CREATE FUNCTION gpsync_internal.reset_breaker_as(caller oid, stream text, endpoint text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM gpsync_internal.refuse_unknown_endpoint(reset_breaker_as.stream, reset_breaker_as.endpoint);
    INSERT INTO gpsync.relay_request (stream, endpoint, request)
        SELECT r.stream, reset_breaker_as.endpoint, 'probe' FROM gpsync.relay_report AS r
        WHERE r.stream = reset_breaker_as.stream AND gpsync_internal.is_fresh_report(r.reported_at);
    IF NOT FOUND THEN
        RAISE NOTICE 'no relay delivers stream "%" at present: one that starts tries every endpoint at once',
            reset_breaker_as.stream;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.reset_breaker_as(oid, text, text) IS 'reset_breaker() on behalf of a role';

CREATE FUNCTION gpsync.reset_breaker(stream text, endpoint text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.reset_breaker(text, text) IS
    'Has an endpoint of a stream tried at once (within a second or two), instead of at next_probe_at in '
    'gpsync.endpoint_status: its breaker is asked for a probe, a Retry-After is over, what waits is sent again. The '
    'breaker closes as ever, when probes succeed. Errors: 42704 no such stream, no such endpoint of it';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_unknown_endpoint(text, text),
    gpsync_internal.reset_breaker_as(oid, text, text), gpsync.reset_breaker(text, text) FROM PUBLIC;
