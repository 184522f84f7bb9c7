-- doctor() on tracked tables and roll-backs.

CREATE FUNCTION gpsync_internal.doctor_batches()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH tracked AS MATERIALIZED (
    SELECT a.relation, s.shadow
    FROM gpsync.attached_tables AS a
    LEFT JOIN (gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow)
        ON s.relation = a.relation AND s.is_current
    WHERE EXISTS (SELECT FROM gpsync_internal.batch_triggers(a.relation) AS t))
SELECT 'batches', 'error', format('table %s has the triggers of track_batches() and nothing to keep before-images in: '
           'its changes with gpsync.batch fail', t.relation),
       format('SELECT gpsync.track_batches(%L); -- or gpsync.untrack_batches(%s)', t.relation::text,
           gpsync_internal.in_comment(quote_literal(t.relation)))
FROM tracked AS t WHERE t.shadow IS NULL
UNION ALL
SELECT 'batches', 'error', format('table %s was altered since its batches are tracked: its changes with gpsync.batch '
           'fail', t.relation),
       format('SELECT gpsync.track_batches(%L)', t.relation::text)
FROM tracked AS t WHERE t.shadow IS NOT NULL AND NOT gpsync_internal.shadow_fits(t.shadow, t.relation)
    -- What was added may leave the columns as they are.
    AND (SELECT coalesce(bool_or(a.what LIKE 'column % of another type'), true)
         FROM gpsync_internal.shadow_additions(t.shadow) AS a)
UNION ALL
SELECT 'batches', 'error', format('%s, which keeps before-images of table %s, has %s: no batch of the table can be '
           'taken back', s.shadow, coalesce(r.oid::regclass::text, s.relation::text), a.what), a.fix
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow LEFT JOIN pg_class AS r ON r.oid = s.relation
CROSS JOIN LATERAL gpsync_internal.shadow_additions(s.shadow) AS a
UNION ALL
SELECT 'batches', 'warning', format('changes made to %s directly belong to no batch', p.relid),
       format('SELECT gpsync.track_batches(%L)', t.relation::text)
FROM tracked AS t CROSS JOIN LATERAL gpsync_internal.partitions(t.relation) AS p
WHERE 4 > (SELECT count(*) FROM pg_trigger AS g WHERE g.tgrelid = p.relid AND g.tgenabled = 'A'
               AND g.tgfoid = 'gpsync_internal.capture_batch()'::regprocedure)
UNION ALL
SELECT 'batches', 'warning', format('the roll-back of batch "%s", begun at %s, has not ended', r.batch, r.started_at),
       format('CALL gpsync.emergency_rollback(%L)', r.batch)
FROM gpsync.rollback AS r WHERE r.phase <> 'done' $$;
COMMENT ON FUNCTION gpsync_internal.doctor_batches() IS
    'doctor() on tables whose batches cannot be kept, and roll-backs that have not ended';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_batches() FROM PUBLIC;
