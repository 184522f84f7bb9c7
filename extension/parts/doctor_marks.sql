-- doctor() on marks that wait: what was delivered and could not be booked.

-- gpsync.deferred_mark.error begins with a SQLSTATE. Its message can show a row, so it stays where it is.
CREATE FUNCTION gpsync_internal.waiting_marks()
    RETURNS TABLE (stream text, relation regclass, name text, state text, marks bigint)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT m.stream, m.relation, coalesce(c.oid::regclass::text, min(m.table_name), m.relation::text), left(m.error, 5),
    count(*)
FROM gpsync.deferred_mark AS m LEFT JOIN pg_class AS c ON c.oid = m.relation
-- A row that another session is just committing is locked for a moment.
WHERE m.error IS NOT NULL OR m.deferred_at < clock_timestamp() - interval '10 s'
GROUP BY m.stream, m.relation, c.oid, left(m.error, 5) $$;
COMMENT ON FUNCTION gpsync_internal.waiting_marks() IS
    'Marks that wait, by stream, table and SQLSTATE of the reason (NULL: a lock); locks only after ten seconds';

CREATE FUNCTION gpsync_internal.mark_reason(state text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN state IS NULL THEN 'rows or table are locked'
            WHEN state IN ('42703', '42804') THEN 'a bookkeeping column is missing or of another type'
            WHEN state = '21000'
                THEN 'the key of the table was changed, and several rows may be the one that was delivered'
            WHEN state = '42P17' THEN 'a trigger of what the table is a partition of belongs to another role, and '
                'may not run as either'
            WHEN state = '55000' THEN 'PostgreSQL refuses to update a published table without a replica identity'
            WHEN state = '55006' THEN 'the key of the table was changed, and the table is being read for its rows'
            WHEN state LIKE '23%' THEN 'a constraint of the table refuses them'
            WHEN state IN ('22001', '22P02') THEN 'a value does not fit its column'
            WHEN state IN ('57014', '55P03') THEN 'code of the table''s owner takes too long'
            ELSE 'an error of the table or of its owner''s code' END || coalesce(' (SQLSTATE ' || state || ')', '') $$;
COMMENT ON FUNCTION gpsync_internal.mark_reason(text) IS 'Why marks wait, by the SQLSTATE of their error';

CREATE FUNCTION gpsync_internal.one_owner(relation regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('ALTER TABLE %s OWNER TO %s -- or %s to the owner of this one: each runs code of the other', p.relid,
    gpsync_internal.owner_of(a.relid)::regrole, a.relid)
FROM gpsync_internal.partitions(relation) AS p CROSS JOIN LATERAL pg_partition_ancestors(p.relid) AS a
WHERE p.isleaf AND gpsync_internal.owner_of(p.relid) <> gpsync_internal.owner_of(a.relid) ORDER BY p.relid LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.one_owner(regclass) IS
    'The SQL that gives a partition the owner of what it is a partition of; NULL: it has it';

CREATE FUNCTION gpsync_internal.doctor_marks() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'deferred marks', 'warning',
    format('stream "%s" has %s mark(s) waiting for rows of %s: %s', w.stream, w.marks, w.name,
    gpsync_internal.mark_reason(w.state)),
       CASE WHEN w.state IS NULL THEN
                format('SELECT l.pid, a.state, a.xact_start, a.query FROM pg_locks AS l JOIN pg_stat_activity AS a '
                       'USING (pid) WHERE l.relation = %L::regclass AND l.granted',
                       w.relation)
            WHEN w.state = '55000' THEN format('ALTER TABLE %s REPLICA IDENTITY FULL', w.relation)
            WHEN w.state = '42P17' THEN coalesce(gpsync_internal.one_owner(w.relation),
                '-- once one role owns the table and what it is a partition of, the marks are made')
            WHEN w.state = '21000'
                THEN format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status = ''PENDING'' -- sends these '
                            'rows again', w.relation)
            WHEN w.state IN ('42703', '42804') AND a.relation IS NOT NULL THEN gpsync_internal.attach_again(a)
            ELSE format('SELECT key, error FROM gpsync.deferred_mark WHERE stream = %L AND relation = %L::regclass AND '
                        'error LIKE %L',
                        w.stream, w.relation, w.state || '%') END
FROM gpsync_internal.waiting_marks() AS w LEFT JOIN gpsync.attached_tables AS a ON a.relation = w.relation $$;
COMMENT ON FUNCTION gpsync_internal.doctor_marks() IS 'doctor() on marks that wait, by table and reason';

REVOKE ALL ON FUNCTION gpsync_internal.waiting_marks(), gpsync_internal.mark_reason(text),
    gpsync_internal.one_owner(regclass),
    gpsync_internal.doctor_marks() FROM PUBLIC;
