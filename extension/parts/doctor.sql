-- doctor(): all areas, worst first. An area that fails is a finding; the others are there all the same.

CREATE FUNCTION gpsync_internal.doctor_areas() RETURNS name[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '{doctor_settings, doctor_supervisor, doctor_leftovers, doctor_slots,
    doctor_standbys, doctor_failover, doctor_relays, doctor_publications,
    doctor_partitions, doctor_shards,
    doctor_endpoints, doctor_delivery, doctor_marks, doctor_triggers, doctor_tables, doctor_own_columns,
    doctor_rows, doctor_membership, doctor_redaction, doctor_readers, doctor_secrets, doctor_label_copies,
    doctor_resends, doctor_verify, doctor_import, doctor_steps,
    doctor_lookup, doctor_ramp, doctor_status_events, doctor_notifications, doctor_local,
    doctor_traffic, doctor_batches}'::name[] $$;
COMMENT ON FUNCTION gpsync_internal.doctor_areas() IS
    'The functions that doctor() is made of, each of which checks one area';

CREATE FUNCTION gpsync_internal.doctor_area(area name)
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT * FROM gpsync_internal.%I()', area);
EXCEPTION WHEN OTHERS THEN
    RETURN QUERY SELECT 'doctor', 'error', format('%s() failed with SQLSTATE %s: %s', area, SQLSTATE, SQLERRM),
                        format('SELECT * FROM gpsync_internal.%I() -- as a superuser', area);
END $$;
COMMENT ON FUNCTION gpsync_internal.doctor_area(name) IS
    'The findings of one area; where it fails, that is the finding';

-- Compiling its queries (jit) would take seconds, running them milliseconds.
CREATE FUNCTION gpsync.doctor() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH found AS MATERIALIZED (
    SELECT f.* FROM unnest(gpsync_internal.doctor_areas()) AS a (area) CROSS
        JOIN LATERAL gpsync_internal.doctor_area(a.area) AS f)
SELECT d.* FROM (
    SELECT * FROM found
    UNION ALL SELECT 'all', 'ok', 'nothing found', NULL WHERE NOT EXISTS (SELECT FROM found)
) AS d (check_name, severity, finding, fix)
ORDER BY array_position('{error,warning,info,ok}', d.severity), d.check_name, d.finding $$;
COMMENT ON FUNCTION gpsync.doctor() IS
    'Checks set-up and health: settings, slots, publications, endpoints, roles, delivery, attached tables, redaction, '
    'leftovers. Severity error: changes are not delivered, a table cannot be written, or PII can get in; warning: look '
    'soon; info: worth knowing; ok: nothing found. Each finding with the SQL, setting or command that mends it';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_areas(), gpsync_internal.doctor_area(name), gpsync.doctor() FROM PUBLIC;
