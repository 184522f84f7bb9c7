CREATE FUNCTION gpsync_internal.apply_to_analytics(stream text, endpoint text, events jsonb) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_analytics(text, text, jsonb) IS 'x';
REVOKE ALL ON FUNCTION gpsync_internal.apply_to_analytics(text, text, jsonb) FROM PUBLIC;
