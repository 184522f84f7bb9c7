-- doctor() on attached tables: what ALTER TABLE can break after attach().

CREATE FUNCTION gpsync.attach_again(attached gpsync.attached_tables, with_status boolean DEFAULT true) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
-- One statement: nothing is written in between, unstamped and unpublished.
SELECT format('SELECT gpsync.detach(%L), gpsync.attach(%1$L, machine => %L%s, publication => %L%s)', (attached).relation,
              CASE WHEN with_status THEN (attached).machine END,
              CASE WHEN with_status AND (attached).machine IS NOT NULL THEN format(', status_column => %L', gpsync.attached_status((attached).relation)) END,
              (attached).publication, CASE WHEN (attached).check_replicated THEN '' ELSE ', check_replicated => false' END) $$;
COMMENT ON FUNCTION gpsync.attach_again(gpsync.attached_tables, boolean) IS 'The SQL that gives a table back what attach() made, or without a status';

CREATE FUNCTION gpsync.attached_status(relation regclass) RETURNS name
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce((SELECT a.status_column FROM gpsync.attached_tables AS a WHERE a.relation = attached_status.relation),
                (SELECT (l.label::jsonb ->> 'status_column')::name FROM pg_seclabel AS l
                 WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objoid = attached_status.relation AND l.objsubid = 0)) $$;
COMMENT ON FUNCTION gpsync.attached_status(regclass) IS 'The status column of an attached table, where its triggers are gone the one it was attached with';

CREATE FUNCTION gpsync.doctor_triggers() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'trigger', 'error', format('trigger "%s" of table %s is disabled', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE %sTRIGGER %I', t.tgrelid::regclass, CASE WHEN p.proname LIKE 'check%' AND EXISTS (
                  SELECT FROM gpsync.attached_tables AS a WHERE NOT a.check_replicated
                      AND (a.relation = t.tgrelid OR a.relation IN (SELECT n.relid FROM pg_partition_ancestors(t.tgrelid) AS n))) THEN '' ELSE 'ALWAYS ' END, t.tgname)
FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE p.pronamespace = 'gpsync'::regnamespace AND t.tgenabled IN ('D', 'R') AND p.proname NOT IN ('scrub_row', 'refuse_unscrubbed')
UNION ALL
SELECT 'trigger', 'warning', format('trigger "%s" of table %s does not fire in every session_replication_role', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname)
FROM pg_trigger AS t WHERE t.tgenabled = 'O' AND t.tgfoid IN ('gpsync.policy_changed()'::regprocedure, 'gpsync.machine_changed()'::regprocedure)
UNION ALL
-- Those of partitions that a dump restored, for example.
SELECT 'trigger', 'warning', format('trigger "%s" of table %s does not fire for replicated rows', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname)
FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync.partitions(a.relation) AS p
JOIN pg_trigger AS t ON t.tgrelid = p.relid AND t.tgenabled = 'O'
WHERE t.tgfoid IN ('gpsync.stamp()'::regprocedure, 'gpsync.note_delete()'::regprocedure)
    OR a.check_replicated AND t.tgfoid IN ('gpsync.check_update()'::regprocedure, 'gpsync.check_insert()'::regprocedure)
UNION ALL
SELECT 'trigger', 'warning', format('event trigger "%s" does not fire: %s', e.evtname, obj_description(e.oid, 'pg_event_trigger')), format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', e.evtname)
FROM pg_event_trigger AS e JOIN pg_proc AS p ON p.oid = e.evtfoid WHERE p.pronamespace = 'gpsync'::regnamespace AND e.evtenabled IN ('D', 'R')
UNION ALL
SELECT 'trigger', 'error', format('trigger "%s" of table %s is missing, or not as attach() makes it', m.name, a.relation), gpsync.attach_again(a)
FROM gpsync.attached_tables AS a
CROSS JOIN (VALUES ('gpsync_stamp', 'gpsync.stamp()'::regprocedure, 23, false, false), ('gpsync_check_update', 'gpsync.check_update()'::regprocedure, 17, true, true),
                   ('gpsync_check_insert', 'gpsync.check_insert()'::regprocedure, 5, true, true),
                   ('gpsync_note_delete', 'gpsync.note_delete()'::regprocedure, 11, true, false)) AS m (name, function, type, of_status, conditional)
WHERE NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = a.relation AND t.tgname = m.name AND t.tgfoid = m.function AND t.tgtype = m.type
        AND t.tgattr = '' AND (t.tgqual IS NOT NULL) = m.conditional AND t.tgconstraint = 0)
    AND (m.name <> 'gpsync_note_delete' OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.relation AND (c.relkind = 'p' OR c.relispartition)))
    AND (NOT m.of_status OR EXISTS (SELECT FROM pg_attribute AS c WHERE c.attrelid = a.relation AND c.attname = gpsync.attached_status(a.relation)
                                        AND NOT c.attisdropped AND a.machine IS NOT NULL))
UNION ALL
SELECT 'trigger', 'warning', format('table %s has trigger "%s", which attach() has not made', a.relation, t.tgname),
       format('DROP TRIGGER %I ON %s', t.tgname, a.relation)
FROM gpsync.attached_tables AS a JOIN pg_trigger AS t ON t.tgrelid = a.relation
JOIN pg_class AS c ON c.oid = a.relation
WHERE (t.tgfoid = 'gpsync.stamp()'::regprocedure AND t.tgname <> 'gpsync_stamp' OR t.tgfoid = 'gpsync.check_update()'::regprocedure AND t.tgname <> 'gpsync_check_update'
    OR t.tgfoid = 'gpsync.check_insert()'::regprocedure AND t.tgname <> 'gpsync_check_insert'
    OR t.tgfoid = 'gpsync.note_delete()'::regprocedure AND (t.tgname <> 'gpsync_note_delete' OR c.relkind <> 'p' AND NOT c.relispartition))
UNION ALL
-- Restored without its label, or made by hand. Not those of temporary tables, which are their session's own.
SELECT 'trigger', 'info', format('table %s has trigger "gpsync_stamp" and is not attached', t.tgrelid::regclass),
       format('SELECT gpsync.attach(%L, machine => %L, status_column => %L, publication => %L)', t.tgrelid::regclass,
              nullif(r.arguments[1], ''), coalesce(nullif(r.arguments[2], ''), 'status'), r.arguments[3])
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relpersistence = 'p'
CROSS JOIN LATERAL gpsync.trigger_arguments(t.tgargs) AS r (arguments)
WHERE t.tgfoid = 'gpsync.stamp()'::regprocedure AND t.tgname = 'gpsync_stamp' AND t.tgparentid = 0 AND cardinality(r.arguments) = 3
    AND t.tgrelid NOT IN (SELECT a.relation FROM gpsync.attached_tables AS a)
UNION ALL
SELECT 'machine', 'error', format('machine "%s" of table %s does not exist', a.machine, a.relation),
       format('SELECT gpsync.define_machine(%L, %s)', a.machine, CASE a.machine
           WHEN 'provision' THEN quote_literal('{"RECEIVED": ["PROCESSING", "FAILED"], "PROCESSING": ["COMPLETED", "FAILED"], "COMPLETED": ["VERIFIED"], '
               '"FAILED": ["RECEIVED"], "VERIFIED": ["ELIGIBLE"], "ELIGIBLE": []}') || ', ''{RECEIVED}'''
           WHEN 'token_lifecycle' THEN quote_literal('{"INACTIVE": ["ACTIVE", "DEACTIVATED"], "ACTIVE": ["SUSPENDED", "DEACTIVATED"], '
               '"SUSPENDED": ["ACTIVE", "DEACTIVATED"], "DEACTIVATED": []}') || ', ''{INACTIVE,ACTIVE}'''
           ELSE '''{"...": ["..."]}'', ''{...}''' END)
FROM gpsync.attached_tables AS a WHERE a.machine NOT IN (SELECT m.machine FROM gpsync.machine AS m)
UNION ALL
SELECT 'status column', 'error', format('the status column of table %s is gone: nothing checks its transitions', a.relation), gpsync.attach_again(a, false)
FROM gpsync.attached_tables AS a WHERE a.machine IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute AS c WHERE c.attrelid = a.relation AND c.attname = gpsync.attached_status(a.relation) AND NOT c.attisdropped) $$;
COMMENT ON FUNCTION gpsync.doctor_triggers() IS 'doctor() on the triggers of attached tables and what they check';

CREATE FUNCTION gpsync.doctor_tables() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'bookkeeping column', 'error', format('table %s has no column "%s"', a.relation, c.name),
       gpsync.attach_again(a)
FROM gpsync.attached_tables AS a, unnest('{sync_status,last_sync_timestamp,sync_revision}'::name[]) AS c (name)
WHERE NOT EXISTS (SELECT FROM pg_attribute AS t WHERE t.attrelid = a.relation AND t.attname = c.name AND NOT t.attisdropped)
UNION ALL
SELECT 'key', 'error', format('table %s has no key any more: its rows cannot be booked', a.relation),
       format('ALTER TABLE %s ADD PRIMARY KEY (...)', a.relation)
FROM gpsync.attached_tables AS a WHERE a.key_columns IS NULL
UNION ALL
SELECT 'key', 'warning', format('key column "%s" of table %s looks like PII (%s), and keys are sent as they are', k, a.relation, gpsync.pii_of_name(k)),
       format('ALTER TABLE %s ADD COLUMN ... -- identify rows by a token or a surrogate key', a.relation)
FROM gpsync.attached_tables AS a, unnest(a.key_columns) AS k WHERE gpsync.pii_of_name(k) IS NOT NULL
UNION ALL
SELECT 'replica identity', 'error', format('table %s has no replica identity: PostgreSQL refuses UPDATE and DELETE', c.oid::regclass),
       format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', c.oid::regclass)
FROM gpsync.attached_tables AS a, LATERAL (SELECT t.relid FROM gpsync.partitions(a.relation) AS t) AS part (oid)
JOIN pg_class AS c ON c.oid = part.oid
WHERE c.relkind <> 'p' AND (c.relreplident = 'n' OR c.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident))
UNION ALL
SELECT 'persistence', 'error', format('table %s is unlogged: its changes are not in the WAL', c.oid::regclass),
       format('ALTER TABLE %s SET LOGGED', c.oid::regclass)
FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync.partitions(a.relation) AS p JOIN pg_class AS c ON c.oid = p.relid
WHERE c.relpersistence = 'u' AND c.relkind <> 'p'
UNION ALL
SELECT 'inheritance', 'warning', format('table %s inherits from attached table %s and is not attached: its rows are neither stamped nor sent', h, a.relation),
       format('%sSELECT gpsync.attach(%L, machine => %L%s, publication => %L)',
              CASE WHEN gpsync.key_columns(h) IS NULL THEN format('ALTER TABLE %s ADD PRIMARY KEY (%s); ', h,
                  (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(a.key_columns) WITH ORDINALITY AS u (k, n))) ELSE '' END,
              h, a.machine, CASE WHEN a.machine IS NOT NULL THEN format(', status_column => %L', gpsync.attached_status(a.relation)) END, a.publication)
FROM gpsync.attached_tables AS a, gpsync.inheriting_tables(a.relation) AS h
WHERE h NOT IN (SELECT b.relation FROM gpsync.attached_tables AS b)
UNION ALL
-- Another table under the name of an attached one, for example; and what detach() has left.
SELECT 'table', 'info', format('table %s has the columns that attach() adds, and is not attached', c.oid::regclass),
       format('SELECT gpsync.attach(%L%s)', c.oid::regclass, CASE WHEN EXISTS (
           SELECT FROM pg_attribute AS t WHERE t.attrelid = c.oid AND t.attname = 'status' AND NOT t.attisdropped) THEN '' ELSE ', machine => NULL' END)
FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition AND c.relnamespace <> 'gpsync'::regnamespace
    AND 3 = (SELECT count(*) FROM pg_attribute AS t WHERE t.attrelid = c.oid AND NOT t.attisdropped
                 AND t.attname IN ('sync_status', 'last_sync_timestamp', 'sync_revision'))
    AND gpsync.attached_ancestor(c.oid) IS NULL
    AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgfoid = 'gpsync.stamp()'::regprocedure)
UNION ALL
SELECT 'row security', 'info', format('table %s has FORCE ROW LEVEL SECURITY: recreate_stream() cannot touch its rows', a.relation),
       format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', a.relation)
FROM gpsync.attached_tables AS a JOIN pg_class AS c ON c.oid = a.relation WHERE c.relrowsecurity AND c.relforcerowsecurity $$;
COMMENT ON FUNCTION gpsync.doctor_tables() IS 'doctor() on the columns, keys and properties of attached tables';

-- What attach() refuses in columns that are there already, and ALTER TABLE can bring about later.
CREATE FUNCTION gpsync.doctor_own_columns() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'bookkeeping column', 'error', format('column "%s" of table %s cannot be used by gpsync: it is %s, and should be %s', c.attname, a.relation,
              CASE WHEN c.attgenerated <> '' OR c.attidentity <> '' THEN 'computed' ELSE 'of type ' || format_type(c.atttypid, c.atttypmod) END, w.wanted),
       CASE WHEN c.attgenerated <> '' THEN format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION', a.relation, c.attname)
            WHEN c.attidentity <> '' THEN format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', a.relation, c.attname)
            ELSE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %2$I::text::%3$s', a.relation, c.attname, w.wanted) END
FROM gpsync.attached_tables AS a
CROSS JOIN (VALUES ('sync_status', 'varchar(20)'), ('last_sync_timestamp', 'timestamptz'), ('sync_revision', 'bigint')) AS w (name, wanted)
JOIN pg_attribute AS c ON c.attrelid = a.relation AND c.attname = w.name AND NOT c.attisdropped
WHERE c.attgenerated <> '' OR c.attidentity <> '' OR NOT CASE c.attname
    WHEN 'sync_status' THEN c.atttypid = 'text'::regtype OR c.atttypid = 'varchar'::regtype AND (c.atttypmod = -1 OR c.atttypmod - 4 >= length('COMPLETED'))
    WHEN 'last_sync_timestamp' THEN c.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
    ELSE c.atttypid = 'bigint'::regtype END $$;
COMMENT ON FUNCTION gpsync.doctor_own_columns() IS 'doctor() on the types of the columns that gpsync writes';

CREATE FUNCTION gpsync.unbooked_rows(relation regclass, settled_xid xid, until timestamptz, OUT unstamped bigint, OUT passed bigint)
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_unbooked_rows';
COMMENT ON FUNCTION gpsync.unbooked_rows(regclass, xid, timestamptz) IS
    'How many rows of a table were never stamped, and how many are PENDING although their transaction ended before settled_xid. At most 8 MB of the table are read, spread over it, and nothing after the given time, of a table that is locked, or without the columns: then null';

-- A slot's catalog_xmin moves behind what is booked: a transaction before it has been passed, and a row of it that is still PENDING will stay so.
CREATE FUNCTION gpsync.doctor_rows() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH clock AS MATERIALIZED (SELECT clock_timestamp() + interval '1 s' AS until),
booked AS MATERIALIZED (
    SELECT r AS oid, s.stream, slot.catalog_xmin FROM gpsync.stream AS s, gpsync.publication_relations(s.publication) AS r, pg_replication_slots AS slot
    WHERE s.bookkeeping AND slot.slot_name = gpsync.slot_name(s.stream) AND NOT EXISTS (SELECT FROM gpsync.slot_problem(s.stream))),
found AS MATERIALIZED (
    SELECT a.relation, b.stream, u.unstamped, u.passed
    FROM clock, gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync.partitions(a.relation) AS p LEFT JOIN booked AS b ON b.oid = p.relid,
        LATERAL gpsync.unbooked_rows(p.relid, b.catalog_xmin, clock.until) AS u WHERE p.isleaf)
SELECT 'rows', 'warning', format('table %s has rows that are PENDING although stream "%s" has passed them', f.relation, f.stream),
       format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status = ''PENDING''', f.relation)
FROM found AS f WHERE f.passed > 0
    AND NOT EXISTS (SELECT FROM gpsync.deferred_mark AS m
                    WHERE m.stream = f.stream AND m.relation IN (SELECT p.relid FROM gpsync.partitions(f.relation) AS p))
GROUP BY f.relation, f.stream
UNION ALL
SELECT 'rows', 'info', format('table %s has rows that were never stamped: they are from before it was attached, and are sent when they change', f.relation),
       format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status IS NULL', f.relation)
FROM found AS f WHERE f.unstamped > 0 GROUP BY f.relation $$;
COMMENT ON FUNCTION gpsync.doctor_rows() IS 'doctor() on rows that nothing will deliver, as far as a short look finds them';

CREATE FUNCTION gpsync.doctor_membership() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH leaf AS MATERIALIZED (
    SELECT a.relation, a.publication, p.relid AS oid
    FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync.partitions(a.relation) AS p WHERE p.isleaf),
published AS MATERIALIZED (
    SELECT p.publication, r AS oid FROM (SELECT DISTINCT l.publication FROM leaf AS l) AS p, gpsync.publication_relations(p.publication) AS r),
booked AS MATERIALIZED (SELECT r AS oid FROM gpsync.stream AS s, gpsync.publication_relations(s.publication) AS r WHERE s.bookkeeping)
SELECT 'publication', 'error', format('attached table %s is not in its publication "%s"', l.relation, l.publication),
       CASE WHEN EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = l.publication)
            THEN format('ALTER PUBLICATION %I ADD TABLE ONLY %s', l.publication, l.relation)
            ELSE gpsync.create_publication_fix(l.publication) END
FROM leaf AS l WHERE NOT EXISTS (SELECT FROM published AS p WHERE p.publication = l.publication AND p.oid = l.oid) GROUP BY l.relation, l.publication
UNION ALL
SELECT 'stream', 'warning', format('no stream books table %s: its rows stay PENDING', l.relation),
       format('SELECT gpsync.create_stream(''...'', endpoints => ''{...}'', publication => %L)', l.publication)
FROM leaf AS l JOIN published AS p ON p.publication = l.publication AND p.oid = l.oid
WHERE NOT EXISTS (SELECT FROM booked AS b WHERE b.oid = l.oid)
GROUP BY l.relation, l.publication $$;
COMMENT ON FUNCTION gpsync.doctor_membership() IS 'doctor() on whether attached tables are published and booked';

REVOKE ALL ON FUNCTION gpsync.attach_again(gpsync.attached_tables, boolean), gpsync.attached_status(regclass), gpsync.doctor_triggers(), gpsync.doctor_tables(), gpsync.doctor_own_columns(),
    gpsync.unbooked_rows(regclass, xid, timestamptz), gpsync.doctor_rows(), gpsync.doctor_membership() FROM PUBLIC;
