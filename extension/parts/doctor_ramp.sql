-- doctor() on ramps.

CREATE FUNCTION gpsync_internal.doctor_ramp() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH ramp AS MATERIALIZED (
    SELECT s.*, format('SELECT * FROM gpsync.ramp_status WHERE ramp = %L', s.ramp) AS look,
           s.looked_at IS NULL OR s.looked_at < clock_timestamp() - interval '5 minutes' AS unseen
    FROM gpsync_internal.ramp_states() AS s)
SELECT 'ramp', 'error', format('ramp "%s" belongs to stream "%s", which does not exist: its gates stay shut', r.ramp,
           r.stream), format('SELECT gpsync.drop_ramp(%L, force => true); -- and create it anew with another stream; '
           'all keys go to legacy meanwhile', r.ramp)
FROM ramp AS r WHERE r.stream IS NOT NULL AND NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = r.stream)
UNION ALL
SELECT 'ramp', 'error', format('the look at ramp "%s" fails, so it neither steps nor rolls back: %s', r.ramp,
           r.last_error), r.look
FROM ramp AS r WHERE r.last_error IS NOT NULL
UNION ALL
SELECT 'ramp', 'error', format('nobody looks at ramp "%s"%s: it neither steps nor rolls back', r.ramp,
           coalesce(' since ' || date_trunc('second', r.looked_at), '')),
       'SELECT gpsync_internal.tick_ramps() -- each minute, by cron; the supervisor does it by itself: '
           'shared_preload_libraries = ''gpsync'', gpsync.databases'
FROM ramp AS r WHERE r.unseen AND r.state <> 'rolled_back'
UNION ALL
SELECT 'ramp', 'warning', format('ramp "%s" was rolled back at %s%s', r.ramp, date_trunc('second', r.since),
           coalesce(': ' || r.reason, '')),
       format('SELECT gpsync.resume_ramp(%L, ''reason'') -- once the cause is mended: it begins again at %s %%', r.ramp,
           r.first)
FROM ramp AS r WHERE r.state = 'rolled_back'
UNION ALL
SELECT 'ramp', 'info', format('ramp "%s" is held at %s %% since %s%s', r.ramp, r.share, date_trunc('second', r.since),
           coalesce(': ' || r.reason, '')), format('SELECT gpsync.resume_ramp(%L, ''reason'')', r.ramp)
FROM ramp AS r WHERE r.state = 'held'
UNION ALL
SELECT 'ramp', 'warning', format('ramp "%s" is at %s %%, and no outcome has been reported since %s', r.ramp, r.share,
           date_trunc('second', r.step_began_at)),
       format('SELECT gpsync.record_outcome(%L, true) -- the application, after each request; or in bulk: '
           'gpsync.ramp_report()', r.ramp)
FROM ramp AS r
WHERE r.state <> 'rolled_back' AND NOT r.unseen AND r.requests = 0
    AND r.step_began_at < clock_timestamp() - interval '1 hour'
UNION ALL
SELECT 'ramp', 'warning', format('ramp "%s" waits for its step since %s: %s', r.ramp,
           date_trunc('second', r.next_step_at), gpsync_internal.shut_reasons(r.gates)), r.look
FROM ramp AS r WHERE r.state = 'waiting'
UNION ALL
SELECT 'ramp', 'error', format('gate "%s" of ramp "%s" cannot be judged: %s', g.key, r.ramp, g.value ->> 'reason'),
       format('SELECT gpsync_internal.%I(r, r.gates -> %L) FROM gpsync.ramp AS r WHERE r.ramp = %L -- as a superuser',
           'gate_' || g.key, g.key, r.ramp)
FROM ramp AS r, jsonb_each(r.gates) AS g WHERE g.value ? 'sqlstate'
UNION ALL
SELECT 'ramp', 'warning', format('the errors of ramp "%s" are suspicious: %s %s, bound %s', r.ramp, r.statistic,
           round(r.value::numeric, 2), r.bound), r.look
FROM ramp AS r WHERE r.suspicious AND r.state NOT IN ('rolled_back') $$;
COMMENT ON FUNCTION gpsync_internal.doctor_ramp() IS
    'doctor() on ramps that nobody looks at, have no outcomes, wait, were rolled back, or cannot be judged';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_ramp() FROM PUBLIC;
