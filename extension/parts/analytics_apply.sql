CREATE FUNCTION gpsync_internal.apply_to_analytics(stream text, endpoint text, events gpsync_internal.local_event[]) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_analytics(text, text, gpsync_internal.local_event[]) IS 'x';
REVOKE ALL ON FUNCTION gpsync_internal.apply_to_analytics(text, text, gpsync_internal.local_event[]) FROM PUBLIC;
