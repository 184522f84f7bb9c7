-- doctor() on redaction: keys, policies, labels, and what scrub_on_write() made.

CREATE FUNCTION gpsync_internal.doctor_redaction()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'key file', 'error',
    format('the key file %s: no stream can begin, and nothing can be scrubbed by a policy', r.problem), r.fix
FROM gpsync_internal.key_ring_state() AS r WHERE r.problem IS NOT NULL
UNION ALL
SELECT p.check_name, p.severity, p.problem, p.fix FROM gpsync_internal.redaction_problems() AS p $$;
COMMENT ON FUNCTION gpsync_internal.doctor_redaction() IS
    'doctor() on the key file, policies, labels and scrub_on_write()';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_redaction() FROM PUBLIC;
