-- doctor() on imports, and on rows that nothing has stamped.

CREATE FUNCTION gpsync_internal.doctor_import() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
-- last_error begins with a SQLSTATE. Its message can show a row, so it stays in import_progress.
SELECT 'import', 'warning',
       format(CASE p.waits_for WHEN 'pause_when' THEN 'pause_when of import "%s" fails, so that it waits: SQLSTATE %s'
              ELSE 'the source of import "%s" cannot be read: SQLSTATE %s' END, p.job, left(p.last_error, 5)),
       format(CASE p.waits_for
              WHEN 'pause_when' THEN 'SELECT gpsync.set_import(%L, ''pause_when'', NULL); -- or a query that works; '
                  'CALL gpsync.run_import(%1$L) goes on. import_progress.last_error has the message'
              ELSE 'CALL gpsync.run_import(%L); -- once the source is mended; it goes on from there. '
                  'import_progress.last_error has the message' END, p.job)
FROM gpsync.import_progress AS p WHERE p.state = 'running' AND p.last_error IS NOT NULL
UNION ALL
SELECT 'import', 'warning', format('the table of import "%s" was dropped', j.job),
       format('SELECT gpsync.cancel_import(%L)', j.job)
FROM gpsync.import_job AS j
WHERE j.state IN ('new', 'running', 'paused') AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = j.relation)
UNION ALL
SELECT 'import', 'info', format('nobody works on import "%s" into table %s, %s of about %s rows read', p.job,
           p.relation, p.read, coalesce(p.rows_estimated::text, '?')),
       format('SELECT gpsync.start_import(%L); -- or: CALL gpsync.run_import(%1$L)', p.job)
FROM gpsync.import_progress AS p
WHERE p.state = 'running' AND p.last_error IS NULL AND p.sessions = 0 AND p.waits_for IS NULL
    AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = p.relation)
    AND gpsync_internal.job_runners('import', p.job) = 0
UNION ALL
SELECT 'import', 'warning', format('import "%s" into table %s has refused %s row(s), which are open: %s', p.job,
           p.relation, p.rejects_open, r.reasons),
       format('SELECT gpsync.retry_rejects(%L); CALL gpsync.run_import(%1$L); -- once their cause is mended; or '
              'SELECT gpsync.discard_rejects(%1$L, reason => ...)', p.job)
FROM gpsync.import_progress AS p CROSS JOIN LATERAL (
    SELECT string_agg(format('%s %s', s.rows, s.sqlstate), ', ' ORDER BY s.rows DESC, s.sqlstate) AS reasons
    FROM (SELECT i.sqlstate, sum(i.rows) AS rows FROM gpsync.import_reject AS i
          WHERE i.job = p.job AND i.state <> 'discarded' GROUP BY i.sqlstate) AS s) AS r
WHERE p.rejects_open > 0 AND p.state IN ('done', 'paused')
UNION ALL
-- What ANALYZE has seen: doctor() opens no table of a user.
SELECT 'import', 'warning', format('about %s row(s) of table %s were never stamped: they were there before attach(), '
           'and no endpoint has heard of them', round(s.stanullfrac * greatest(c.reltuples, 0)), a.relation),
       format('SELECT gpsync.resend(%L, ''sync_status IS NULL''); -- a first copy; or gpsync.verify(), if the legacy '
              'side has them', a.relation)
FROM gpsync.attached_tables AS a JOIN pg_class AS c ON c.oid = a.relation
JOIN pg_attribute AS t ON t.attrelid = a.relation AND t.attname = 'sync_status' AND NOT t.attisdropped
JOIN pg_statistic AS s ON s.starelid = a.relation AND s.staattnum = t.attnum AND s.stainherit = (c.relkind = 'p')
WHERE s.stanullfrac > 0 $$;
COMMENT ON FUNCTION gpsync_internal.doctor_import() IS
    'Imports that nobody works on, whose table is gone or whose source fails, or that have refused rows; rows that '
    'were never stamped';

REVOKE ALL ON FUNCTION gpsync_internal.doctor_import() FROM PUBLIC;
