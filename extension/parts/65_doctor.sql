-- doctor(): all areas, worst first. Compiling its queries (jit) would take seconds, running them milliseconds.

CREATE FUNCTION gpsync.doctor() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH found AS MATERIALIZED (
    SELECT * FROM gpsync.doctor_settings() UNION ALL SELECT * FROM gpsync.doctor_supervisor()
    UNION ALL SELECT * FROM gpsync.doctor_leftovers() UNION ALL SELECT * FROM gpsync.doctor_slots()
    UNION ALL SELECT * FROM gpsync.doctor_publications() UNION ALL SELECT * FROM gpsync.doctor_endpoints()
    UNION ALL SELECT * FROM gpsync.doctor_delivery() UNION ALL SELECT * FROM gpsync.doctor_triggers()
    UNION ALL SELECT * FROM gpsync.doctor_tables() UNION ALL SELECT * FROM gpsync.doctor_membership()
    UNION ALL SELECT * FROM gpsync.doctor_redaction())
SELECT d.* FROM (
    SELECT * FROM found
    UNION ALL SELECT 'all', 'ok', 'nothing found', NULL WHERE NOT EXISTS (SELECT FROM found)
) AS d (check_name, severity, finding, fix)
ORDER BY array_position('{error,warning,info,ok}', d.severity), d.check_name, d.finding $$;
COMMENT ON FUNCTION gpsync.doctor() IS
    'Checks set-up and health: settings, slots, publications, endpoints, roles, delivery, attached tables, redaction, leftovers. Severity error: changes are not delivered, a table cannot be written, or PII can get in; warning: look soon; info: worth knowing; ok: nothing found. Each finding with the SQL, setting or command that mends it';
REVOKE ALL ON FUNCTION gpsync.doctor() FROM PUBLIC;
