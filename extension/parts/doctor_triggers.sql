-- doctor() on the triggers of attached tables.

CREATE FUNCTION gpsync_internal.attach_again(attached gpsync.attached_tables, with_status boolean DEFAULT true)
    RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
-- One statement: nothing is written in between, unstamped and unpublished.
SELECT format('SELECT gpsync.detach(%L), gpsync.attach(%1$L, machine => %L%s, publication => %L%s)',
    (attached).relation,
              CASE WHEN with_status THEN (attached).machine END,
              CASE WHEN with_status AND (attached).machine IS NOT NULL
                  THEN format(', status_column => %L', gpsync_internal.attached_status((attached).relation)) END,
              (attached).publication, CASE WHEN (attached).check_replicated THEN ''
                  ELSE ', check_replicated => false' END) $$;
COMMENT ON FUNCTION gpsync_internal.attach_again(gpsync.attached_tables, boolean) IS
    'The SQL that gives a table back what attach() made, or without a status';

CREATE FUNCTION gpsync_internal.attached_status(relation regclass) RETURNS name
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce((SELECT a.status_column FROM gpsync.attached_tables AS a WHERE a.relation = attached_status.relation),
                (SELECT (l.label::jsonb ->> 'status_column')::name FROM pg_seclabel AS l
                 WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass
                     AND l.objoid = attached_status.relation AND l.objsubid = 0)) $$;
COMMENT ON FUNCTION gpsync_internal.attached_status(regclass) IS
    'The status column of an attached table, where its triggers are gone the one it was attached with';

CREATE FUNCTION gpsync_internal.doctor_triggers() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'trigger', 'error', format('trigger "%s" of table %s is disabled', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE %sTRIGGER %I', t.tgrelid::regclass, CASE WHEN p.proname LIKE 'check%' AND EXISTS (
                  SELECT FROM gpsync.attached_tables AS a WHERE NOT a.check_replicated
                      AND (a.relation = t.tgrelid
                          OR a.relation IN (SELECT n.relid FROM pg_partition_ancestors(t.tgrelid) AS n))) THEN ''
                          ELSE 'ALWAYS ' END, t.tgname)
FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace) AND t.tgenabled IN ('D', 'R')
    AND p.proname NOT IN ('scrub_row', 'refuse_unscrubbed')
UNION ALL
SELECT 'trigger', 'warning',
    format('trigger "%s" of table %s does not fire in every session_replication_role', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname)
FROM pg_trigger AS t WHERE t.tgenabled = 'O'
    AND t.tgfoid IN ('gpsync_internal.policy_changed()'::regprocedure,
        'gpsync_internal.machine_changed()'::regprocedure)
UNION ALL
-- Those of partitions that a dump restored, for example.
SELECT 'trigger', 'warning',
    format('trigger "%s" of table %s does not fire for replicated rows', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname)
FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p
JOIN pg_trigger AS t ON t.tgrelid = p.relid AND t.tgenabled = 'O'
WHERE t.tgfoid IN ('gpsync_internal.stamp()'::regprocedure, 'gpsync_internal.note_delete()'::regprocedure)
    OR a.check_replicated
        AND t.tgfoid IN ('gpsync_internal.check_update()'::regprocedure, 'gpsync_internal.check_insert()'::regprocedure)
UNION ALL
SELECT 'trigger', 'warning',
    format('event trigger "%s" does not fire: %s', e.evtname, obj_description(e.oid, 'pg_event_trigger')),
    format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', e.evtname)
FROM pg_event_trigger AS e JOIN pg_proc AS p ON p.oid = e.evtfoid
    WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace)
    AND e.evtenabled IN ('D', 'R')
UNION ALL
SELECT 'trigger', 'error',
    format('trigger "%s" of table %s is missing, or not as attach() makes it', m.name, a.relation),
    gpsync_internal.attach_again(a)
FROM gpsync.attached_tables AS a
CROSS JOIN (VALUES ('gpsync_stamp', 'gpsync_internal.stamp()'::regprocedure, 23, false, false),
    ('gpsync_check_update', 'gpsync_internal.check_update()'::regprocedure, 17, true, true),
                   ('gpsync_check_insert', 'gpsync_internal.check_insert()'::regprocedure, 5, true, true),
                   ('gpsync_note_delete', 'gpsync_internal.note_delete()'::regprocedure, 11, true, false))
                       AS m (name, function, type, of_status, conditional)
WHERE NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = a.relation AND t.tgname = m.name
    AND t.tgfoid = m.function AND t.tgtype = m.type
        AND t.tgattr = '' AND (t.tgqual IS NOT NULL) = m.conditional AND t.tgconstraint = 0)
    AND (m.name <> 'gpsync_note_delete'
        OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.relation AND (c.relkind = 'p' OR c.relispartition)))
    AND (NOT m.of_status
        OR EXISTS (SELECT FROM pg_attribute AS c WHERE c.attrelid = a.relation
        AND c.attname = gpsync_internal.attached_status(a.relation)
                                        AND NOT c.attisdropped AND a.machine IS NOT NULL))
UNION ALL
SELECT 'trigger', 'warning', format('table %s has trigger "%s", which attach() has not made', a.relation, t.tgname),
       format('DROP TRIGGER %I ON %s', t.tgname, a.relation)
FROM gpsync.attached_tables AS a JOIN pg_trigger AS t ON t.tgrelid = a.relation
JOIN pg_class AS c ON c.oid = a.relation
WHERE (t.tgfoid = 'gpsync_internal.stamp()'::regprocedure AND t.tgname <> 'gpsync_stamp'
    OR t.tgfoid = 'gpsync_internal.check_update()'::regprocedure AND t.tgname <> 'gpsync_check_update'
    OR t.tgfoid = 'gpsync_internal.check_insert()'::regprocedure AND t.tgname <> 'gpsync_check_insert'
    OR t.tgfoid = 'gpsync_internal.note_delete()'::regprocedure
        AND (t.tgname <> 'gpsync_note_delete' OR c.relkind <> 'p' AND NOT c.relispartition))
UNION ALL
-- Restored without its label, or made by hand. Not those of temporary tables, which are their session's own.
SELECT 'trigger', 'info', format('table %s has trigger "gpsync_stamp" and is not attached', t.tgrelid::regclass),
       format('SELECT gpsync.attach(%L, machine => %L, status_column => %L, publication => %L)', t.tgrelid::regclass,
              nullif(r.arguments[1], ''), coalesce(nullif(r.arguments[2], ''), 'status'), r.arguments[3])
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relpersistence = 'p'
CROSS JOIN LATERAL gpsync_internal.trigger_arguments(t.tgargs) AS r (arguments)
WHERE t.tgfoid = 'gpsync_internal.stamp()'::regprocedure AND t.tgname = 'gpsync_stamp' AND t.tgparentid = 0
    AND cardinality(r.arguments) = 3
    AND t.tgrelid NOT IN (SELECT a.relation FROM gpsync.attached_tables AS a)
UNION ALL
SELECT 'machine', 'error', format('machine "%s" of table %s does not exist', a.machine, a.relation),
       format('SELECT gpsync.define_machine(%L, %s)', a.machine, CASE a.machine
           WHEN 'provision'
               THEN quote_literal('{"RECEIVED": ["PROCESSING", "FAILED"], "PROCESSING": ["COMPLETED", "FAILED"], '
                                  '"COMPLETED": ["VERIFIED"], '
               '"FAILED": ["RECEIVED"], "VERIFIED": ["ELIGIBLE"], "ELIGIBLE": []}') || ', ''{RECEIVED}'''
           WHEN 'token_lifecycle'
               THEN quote_literal('{"INACTIVE": ["ACTIVE", "DEACTIVATED"], "ACTIVE": ["SUSPENDED", "DEACTIVATED"], '
               '"SUSPENDED": ["ACTIVE", "DEACTIVATED"], "DEACTIVATED": []}') || ', ''{INACTIVE,ACTIVE}'''
           ELSE '''{"...": ["..."]}'', ''{...}''' END)
FROM gpsync.attached_tables AS a WHERE a.machine NOT IN (SELECT m.machine FROM gpsync.machine AS m)
UNION ALL
SELECT 'status column', 'error',
    format('the status column of table %s is gone: nothing checks its transitions', a.relation),
    gpsync_internal.attach_again(a, false)
FROM gpsync.attached_tables AS a WHERE a.machine IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute AS c WHERE c.attrelid = a.relation
        AND c.attname = gpsync_internal.attached_status(a.relation)
        AND NOT c.attisdropped) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_triggers() IS
    'doctor() on the triggers of attached tables and what they check';

REVOKE ALL ON FUNCTION gpsync_internal.attach_again(gpsync.attached_tables, boolean),
    gpsync_internal.attached_status(regclass),
    gpsync_internal.doctor_triggers() FROM PUBLIC;
