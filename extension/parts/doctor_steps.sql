-- doctor() on tables that are kept in step.

-- Of large tables a sample is compared, of some 100,000 rows: doctor() is called often.
CREATE FUNCTION gpsync_internal.step_sample(relation regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN n.rows > 1000000
    THEN format('TABLESAMPLE pg_catalog.system (%s)', (100000 * 100 / n.rows)::numeric(9, 6)) ELSE '' END
FROM (SELECT sum(c.reltuples) AS rows FROM gpsync_internal.partitions(relation) AS p
      JOIN pg_class AS c ON c.oid = p.relid WHERE p.isleaf) AS n $$;
COMMENT ON FUNCTION gpsync_internal.step_sample(regclass) IS
    'The TABLESAMPLE clause for a table with more than a million rows, else empty';

-- A lock that somebody holds on a table must not hold the doctor up.
CREATE FUNCTION gpsync_internal.step_state(of gpsync.step_pair) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms'
    AS $$
BEGIN
    RETURN CASE WHEN EXISTS (SELECT FROM gpsync_internal.step_differing_rows(of, 1, gpsync_internal.step_sample(of.a)))
        THEN 'differs' ELSE 'equal' END;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
COMMENT ON FUNCTION gpsync_internal.step_state(gpsync.step_pair) IS
    'Whether the tables of a pair are equal or a row differs; else the SQLSTATE of what keeps them from being compared';

CREATE FUNCTION gpsync_internal.doctor_steps() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH side AS MATERIALIZED (
    SELECT p.pair, s.side, s.relation, s.other, c.oid IS NOT NULL AS is_there, k.key, k.columns
    FROM gpsync.step_pair AS p
    CROSS JOIN LATERAL (VALUES ('a', p.a, p.b), ('b', p.b, p.a)) AS s (side, relation, other)
    LEFT JOIN pg_class AS c ON c.oid = s.relation
    LEFT JOIN LATERAL gpsync_internal.step_columns(s.relation, p.pair) AS k ON true),
whole AS MATERIALIZED (
    SELECT p AS pair, x.key, x.columns, y.key AS y_key, y.columns AS y_columns, gpsync_internal.step_state(p) AS state
    FROM gpsync.step_pair AS p JOIN side AS x ON x.pair = p.pair AND x.side = 'a' AND x.key IS NOT NULL
    JOIN side AS y ON y.pair = p.pair AND y.side = 'b' AND y.key IS NOT NULL)
SELECT 'in step', 'warning', format('table %s is kept in step with one that was dropped', s.other),
       format('SELECT gpsync.drop_step(%L, %L)', s.other, s.relation::oid)
FROM side AS s WHERE NOT s.is_there
UNION ALL
SELECT 'in step', 'error', format('table %s has lost triggers that keep it in step with %s', s.relation, s.other),
       format('SELECT gpsync.keep_in_step(%L, %L, key => ''{...}'', columns => ''{...}''); -- or '
              'gpsync.drop_step(%s, %s)', s.relation, s.other, gpsync_internal.in_comment(quote_literal(s.relation)),
               gpsync_internal.in_comment(quote_literal(s.other)))
FROM side AS s
WHERE s.is_there AND s.key IS NULL AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = s.other)
UNION ALL
SELECT 'in step', 'error', format('rows written to %s directly are not kept in step with %s', p.relid, s.other),
       format('SELECT gpsync.keep_in_step(%L, %L, key => %L, columns => %L)', s.relation, s.other, s.key, s.columns)
FROM side AS s CROSS JOIN LATERAL gpsync_internal.partitions(s.relation) AS p
WHERE s.key IS NOT NULL AND 3 > (
    SELECT count(*) FROM pg_trigger AS t WHERE t.tgrelid = p.relid AND t.tgenabled IN ('O', 'A')
        AND t.tgname IN (format('gpsync_step_lock_%s', s.pair), format('gpsync_step_insert_%s', s.pair),
                         format('gpsync_step_update_%s', s.pair)))
UNION ALL
SELECT 'in step', 'error', format('tables %s and %s are kept in step, and belong to two roles', p.a, p.b),
       string_agg(DISTINCT format('ALTER TABLE %s OWNER TO %s', t.relid, x.relowner::regrole), '; ')
FROM gpsync.step_pair AS p JOIN pg_class AS x ON x.oid = p.a
CROSS JOIN LATERAL unnest(ARRAY[p.a, p.b]) AS r CROSS JOIN LATERAL gpsync_internal.partitions(r) AS t
JOIN pg_class AS y ON y.oid = t.relid AND y.relowner <> x.relowner
GROUP BY p.pair, p.a, p.b
UNION ALL
SELECT 'in step', 'warning', format('table %s has triggers of a table that it is not kept in step with any more',
           t.tgrelid::regclass),
       string_agg(format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass), '; ')
FROM pg_trigger AS t CROSS JOIN LATERAL (SELECT string_to_array(encode(t.tgargs, 'escape'), E'\\000') AS texts) AS s
WHERE t.tgfoid IN ('gpsync_internal.step_lock()'::regprocedure, 'gpsync_internal.step_follow()'::regprocedure)
    AND NOT EXISTS (SELECT FROM gpsync.step_pair AS p CROSS JOIN LATERAL
                        gpsync_internal.partitions(CASE s.texts[2] WHEN 'a' THEN p.a ELSE p.b END) AS r
                    WHERE p.pair::text = s.texts[1] AND r.relid = t.tgrelid)
GROUP BY t.tgrelid
UNION ALL
SELECT 'in step', 'error', format('tables %s and %s are kept in step, and differ in a row at least', (w.pair).a,
           (w.pair).b),
       format('UPDATE %s AS x SET %s FROM %s AS y WHERE %s AND (%s); -- or the other way round; view '
              'gpsync.step_differences shows the rows', (w.pair).a,
           (SELECT string_agg(format('%I = x.%1$I', c), ', ' ORDER BY n) FROM unnest(w.columns) WITH ORDINALITY
               AS u (c, n)), (w.pair).b,
           (SELECT string_agg(format('x.%I = y.%I', c, d), ' AND ' ORDER BY n)
            FROM unnest(w.key, w.y_key) WITH ORDINALITY AS u (c, d, n)),
           (SELECT format('ROW(%s)::record *<> ROW(%s)::record', string_agg(format('x.%I', c), ', ' ORDER BY n),
                          string_agg(format('y.%I', d), ', ' ORDER BY n))
            FROM unnest(w.columns, w.y_columns) WITH ORDINALITY AS u (c, d, n)))
FROM whole AS w WHERE w.state = 'differs'
UNION ALL
SELECT 'in step', 'warning', format('tables %s and %s cannot be compared: SQLSTATE %s', (w.pair).a, (w.pair).b,
           w.state),
       format('SELECT FROM %s AS x JOIN %s AS y ON %s -- as %s, with row_security off', (w.pair).a, (w.pair).b,
           (SELECT string_agg(format('x.%I = y.%I', c, d), ' AND ' ORDER BY n)
            FROM unnest(w.key, w.y_key) WITH ORDINALITY AS u (c, d, n)),
           (SELECT gpsync_internal.in_comment(c.relowner::regrole::text) FROM pg_class AS c WHERE c.oid = (w.pair).a))
FROM whole AS w WHERE w.state NOT IN ('equal', 'differs') $$;
COMMENT ON FUNCTION gpsync_internal.doctor_steps() IS
    'doctor() on pairs of keep_in_step() of which a table or a trigger is missing, which belong to two roles, or of '
    'which rows differ, and on triggers that are left of a pair';
REVOKE ALL ON FUNCTION gpsync_internal.step_sample(regclass), gpsync_internal.step_state(gpsync.step_pair),
    gpsync_internal.doctor_steps() FROM PUBLIC;
