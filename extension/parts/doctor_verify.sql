-- doctor() on verifications: what they have found, and how long ago.

-- The latest run of each comparison alone: an earlier one says nothing of the present.
CREATE FUNCTION gpsync_internal.doctor_verify() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (r.relation, r.source, r.given) r.run, r.relation, r.source, r.state, r.registered_at,
           coalesce(r.worked_at, r.started_at, r.registered_at) AS worked_at, r.finished_at,
           format('SELECT gpsync.verify(%L, %L); -- with the same columns; then CALL gpsync.run_verify(...)',
                  r.relation, CASE WHEN gpsync.has_pii(to_jsonb(r.source)) THEN '...' ELSE r.source END) AS again
    FROM gpsync.verify_run AS r JOIN pg_class AS c ON c.oid = r.relation
    ORDER BY r.relation, r.source, r.given, r.registered_at DESC),
open AS MATERIALIZED (
    SELECT l.run, count(*) FILTER (WHERE d.kind IN ('missing', 'extra', 'differs')) AS differences,
           count(*) FILTER (WHERE d.kind = 'unsettled') AS unsettled
    FROM latest AS l JOIN gpsync.verify_difference AS d ON d.run = l.run AND d.repaired_at IS NULL
    WHERE l.state IN ('finished', 'stopped') GROUP BY l.run)
SELECT 'verify', 'warning', format('verification "%s" of table %s found %s difference(s) that nobody has repaired',
           l.run, l.relation, o.differences),
       format('SELECT * FROM gpsync.repair(%L, ''to_legacy''); -- a preview; or ''to_modern''; then with apply => true',
           l.run)
FROM latest AS l JOIN open AS o ON o.run = l.run WHERE o.differences > 0
UNION ALL
SELECT 'verify', 'info', format('verification "%s" of table %s could not tell whether %s key(s) differ', l.run,
           l.relation, o.unsettled), l.again
FROM latest AS l JOIN open AS o ON o.run = l.run WHERE o.unsettled > 0 AND o.differences = 0
UNION ALL
SELECT 'verify', 'info', format('the last verification of table %s against %s ended %s days ago', l.relation,
           CASE WHEN l.source LIKE '(%' THEN 'a query' ELSE l.source END,
           extract(day FROM clock_timestamp() - l.finished_at)), l.again
FROM latest AS l WHERE l.finished_at < clock_timestamp() - interval '7 days'
UNION ALL
SELECT 'verify', 'info', format('nobody works on verification "%s" of table %s, which has not finished', l.run,
           l.relation), format('CALL gpsync.run_verify(%L)', l.run)
FROM latest AS l WHERE l.finished_at IS NULL AND l.worked_at < clock_timestamp() - interval '10 min' $$;
COMMENT ON FUNCTION gpsync_internal.doctor_verify() IS
    'doctor() on differences that are open, verifications older than a week, and such as nobody runs';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_verify() FROM PUBLIC;
