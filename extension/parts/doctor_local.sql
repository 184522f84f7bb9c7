-- doctor() on histories and analytical copies.

CREATE FUNCTION gpsync_internal.history_problems()
    RETURNS TABLE (h gpsync.history, severity text, problem text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT x.h, found.severity, found.problem, found.fix
FROM (SELECT h, h.relation::oid AS oid, h.relation::text AS name,
             EXISTS (SELECT FROM pg_class AS c WHERE c.oid = h.relation) AS there,
             (gpsync_internal.column_names(h.relation, ARRAY[h.status_number]))[1] AS status
      FROM gpsync.history AS h) AS x, LATERAL (VALUES
    (NOT x.there, 'info', format('the table with the history of %s was dropped', (x.h).table_name),
        format('SELECT gpsync.drop_history(%L)', x.oid::text)),
    (x.there AND NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = (x.h).stream
        AND (x.h).endpoint = ANY (s.endpoints)), 'error',
        format('the history of %s is not written: stream "%s" does not exist', x.name, (x.h).stream),
        format('SELECT gpsync.refresh_history(%L)', x.name)),
    (x.there AND x.status IS NULL, 'error', format('the status column of %s was dropped: its history ends', x.name),
        format('SELECT gpsync.drop_history(%L)', x.name)),
    (x.there AND EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = 'gpsync_local')
        AND NOT gpsync_internal.publication_covers('gpsync_local', x.oid), 'error',
        format('the history of %s is not written: publication "gpsync_local" does not have the table', x.name),
        format('SELECT gpsync.refresh_history(%L)', x.name)),
    (x.there AND EXISTS (SELECT FROM gpsync.redacted_columns AS r WHERE r.relation = x.oid
        AND r.column_name = x.status AND r.in_stream <> 'pass'), 'error',
        format('the history of %s cannot be written: its status is redacted in the stream', x.name),
        format('LOAD ''gpsync''; SECURITY LABEL FOR gpsync ON COLUMN %s.%I IS NULL', x.name, coalesce(x.status, '')))
    ) AS found (applies, severity, problem, fix)
WHERE found.applies $$;
COMMENT ON FUNCTION gpsync_internal.history_problems() IS 'What keeps histories from being written';

CREATE FUNCTION gpsync_internal.old_months()
    RETURNS TABLE (relation regclass, part regclass)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT h.relation, i.inhrelid::regclass
FROM gpsync.history AS h
JOIN pg_inherits AS i ON i.inhparent = to_regclass(format('gpsync.history_%s', h.history))
JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relname ~ format('^history_%s_[0-9]{6}$', h.history)
WHERE to_date(right(c.relname, 6), 'YYYYMM')
    < gpsync_internal.month_of(now() - coalesce(h.retention, gpsync_internal.history_retention())) $$;
COMMENT ON FUNCTION gpsync_internal.old_months() IS 'The months of histories that their retention has passed';

CREATE FUNCTION gpsync_internal.copy_fix(a gpsync.analytics, problem text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE
    WHEN problem LIKE 'the copy has no column %' THEN
        (SELECT format('ALTER TABLE %s %s', a.target, string_agg(format('ADD COLUMN %I %s', n.name,
                    CASE n.name WHEN 'gpsync_at' THEN 'timestamptz' WHEN 'gpsync_sequence' THEN 'text'
                        ELSE coalesce(format_type(c.atttypid, c.atttypmod), 'text') END), ', '))
         FROM unnest(a.column_names || '{gpsync_at,gpsync_sequence}'::name[], a.column_numbers) AS n (name, number)
         LEFT JOIN pg_attribute AS c ON c.attrelid = a.relation AND c.attnum = n.number AND NOT c.attisdropped
         WHERE NOT EXISTS (SELECT FROM pg_attribute AS t WHERE t.attrelid = a.target AND t.attname = n.name
                               AND NOT t.attisdropped))
    WHEN problem LIKE 'the copy has no unique index %' THEN
        format('ALTER TABLE %s ADD UNIQUE (%s)', a.target,
            (SELECT string_agg(format('%I', k), ', ') FROM unnest(a.key_names) AS k))
    ELSE format('SELECT gpsync.drop_analytics(%L) -- and, to have another one: gpsync.create_analytics()',
        CASE WHEN problem = 'the copy was dropped' THEN a.target::oid::text ELSE a.target::text END) END $$;
COMMENT ON FUNCTION gpsync_internal.copy_fix(gpsync.analytics, text) IS 'What mends a problem of an analytical copy';

-- What has stopped is tried again by itself; the fix is what lets it succeed, or gives it up.
CREATE FUNCTION gpsync_internal.stopped_fix(of_kind text, of_number integer, sqlstate text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE
    WHEN sqlstate IN ('55P03', '57014', '40P01') THEN format(
        'SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l WHERE l.granted AND l.mode LIKE ''%%Exclusive%%'' '
        'AND l.pid <> pg_backend_pid() AND l.relation::regclass::text IN (%s) -- who has locked it; or wait: it is '
        'tried again', CASE of_kind WHEN 'copy' THEN quote_literal(t.name)
            ELSE format('%L, ''gpsync.history_state_%s'', ''gpsync.history_%s''', t.name, of_number, of_number) END)
    WHEN of_kind = 'copy' THEN format('SELECT gpsync.drop_analytics(%L) -- or mend what its owner has changed: it is '
        'tried again every minute, and continues where it stopped', t.name)
    ELSE format('SELECT gpsync.drop_history(%L) -- or mend the cause: it is tried again every minute, and continues '
        'where it stopped', t.name) END
FROM gpsync_internal.target_name(of_kind, of_number) AS t (name) $$;
COMMENT ON FUNCTION gpsync_internal.stopped_fix(text, integer, text) IS
    'What lets a history or copy continue that has stopped with this SQLSTATE';

CREATE FUNCTION gpsync_internal.doctor_stopped()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'history', 'error', format('the history of %s has stopped: %s; %s events wait',
           gpsync_internal.target_name(f.kind, f.number), f.error, f.backlog_events),
       gpsync_internal.stopped_fix(f.kind, f.number, f.sqlstate)
FROM gpsync.local_failure AS f WHERE f.kind = 'history' AND f.sqlstate <> '00000'
UNION ALL
SELECT 'analytics', 'error', format('analytical copy %s has stopped: %s; %s events wait', a.target, f.error,
           f.backlog_events),
       gpsync_internal.stopped_fix(f.kind, f.number, f.sqlstate)
FROM gpsync.local_failure AS f JOIN gpsync.analytics AS a ON a.analytics = f.number
WHERE f.kind = 'copy' AND f.sqlstate <> '00000' AND gpsync_internal.analytics_problem(a) IS NULL
UNION ALL
SELECT 'analytics', 'warning',
       format('analytical copy %s may lack changes of %s since %s', a.target, a.relation, a.gap_since),
       format('SELECT gpsync.refresh_analytics(%L); SELECT gpsync.resend(%L)', a.target, a.relation)
FROM gpsync.analytics AS a
WHERE a.gap_since IS NOT NULL AND gpsync_internal.analytics_problem(a) IS NULL
UNION ALL
SELECT 'analytics', 'warning',
       format('not all rows of %s may be read by %s, who owns its analytical copy %s with all rows', a.relation,
           c.relowner::regrole, a.target),
       format('ALTER TABLE %s OWNER TO %s', a.target, s.relowner::regrole)
FROM gpsync.analytics AS a JOIN pg_class AS c ON c.oid = a.target JOIN pg_class AS s ON s.oid = a.relation
WHERE NOT gpsync_internal.may_read_rows(c.relowner, a.relation) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_stopped() IS
    'doctor() on histories and copies that have stopped, may lack changes, or show what a policy hides';

CREATE FUNCTION gpsync_internal.doctor_local()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'history', p.severity, p.problem, p.fix FROM gpsync_internal.history_problems() AS p
UNION ALL
SELECT 'history', 'warning',
       format('the history of %s still has %s, which its retention has passed', m.relation, m.part),
       format('DROP TABLE %s -- the relay drops it, unless somebody reads it', m.part)
FROM gpsync_internal.old_months() AS m
UNION ALL
SELECT 'analytics', CASE WHEN p.problem LIKE '%dropped' THEN 'warning' ELSE 'error' END,
       format('analytical copy %s: %s', a.target, p.problem), gpsync_internal.copy_fix(a, p.problem)
FROM gpsync.analytics AS a, gpsync_internal.analytics_problem(a) AS p (problem) WHERE p.problem IS NOT NULL
UNION ALL
SELECT 'analytics', 'error',
       format('analytical copy %s is not written: stream "%s" does not exist, or does not have %s', a.target, a.stream,
           a.relation),
       format('SELECT gpsync.refresh_analytics(%L)', a.target)
FROM gpsync.analytics AS a
WHERE gpsync_internal.analytics_problem(a) IS NULL
    AND NOT (EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = a.stream AND a.endpoint = ANY (s.endpoints))
        AND gpsync_internal.publication_covers('gpsync_local', a.relation))
UNION ALL SELECT * FROM gpsync_internal.doctor_stopped() $$;
COMMENT ON FUNCTION gpsync_internal.doctor_local() IS 'doctor() on histories and analytical copies';

REVOKE ALL ON FUNCTION gpsync_internal.history_problems(), gpsync_internal.old_months(),
    gpsync_internal.copy_fix(gpsync.analytics, text), gpsync_internal.stopped_fix(text, integer, text),
    gpsync_internal.doctor_stopped(), gpsync_internal.doctor_local() FROM PUBLIC;
