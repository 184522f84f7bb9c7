-- doctor() on attached tables: what ALTER TABLE can break after attach().

CREATE FUNCTION gpsync_internal.doctor_tables() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'bookkeeping column', 'error', format('table %s has no column "%s"', a.relation, c.name),
       gpsync_internal.attach_again(a)
FROM gpsync.attached_tables AS a, unnest('{sync_status,last_sync_timestamp,sync_revision}'::name[]) AS c (name)
WHERE NOT EXISTS (SELECT FROM pg_attribute AS t WHERE t.attrelid = a.relation AND t.attname = c.name
    AND NOT t.attisdropped)
UNION ALL
SELECT 'key', 'error', format('table %s has no key any more: its rows cannot be booked', a.relation),
       format('ALTER TABLE %s ADD PRIMARY KEY (...)', a.relation)
FROM gpsync.attached_tables AS a WHERE a.key_columns IS NULL
UNION ALL
SELECT 'key', 'warning',
    format('key column "%s" of table %s looks like PII (%s), and keys are sent as they are', k, a.relation,
    gpsync_internal.pii_of_name(k)),
       format('ALTER TABLE %s ADD COLUMN ... -- identify rows by a token or a surrogate key', a.relation)
FROM gpsync.attached_tables AS a, unnest(a.key_columns) AS k WHERE gpsync_internal.pii_of_name(k) IS NOT NULL
UNION ALL
SELECT 'replica identity', 'error',
    format('table %s has no replica identity: PostgreSQL refuses UPDATE and DELETE', c.oid::regclass),
       format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', c.oid::regclass)
FROM gpsync.attached_tables AS a, LATERAL (SELECT t.relid FROM gpsync_internal.partitions(a.relation) AS t)
    AS part (oid)
JOIN pg_class AS c ON c.oid = part.oid
WHERE c.relkind <> 'p'
    AND (c.relreplident = 'n' OR c.relreplident = 'i'
    AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident))
UNION ALL
SELECT 'replica identity', 'error',
    format('column "%s" in the replica identity of table %s is generated, and publication "%s" does not publish it: '
           'PostgreSQL refuses UPDATE and DELETE', u.column_name, u.part, u.publication), u.fix
FROM gpsync.attached_tables AS a, gpsync_internal.unpublished_identity(a.relation) AS u
UNION ALL
SELECT 'persistence', 'error', format('table %s is unlogged: its changes are not in the WAL', c.oid::regclass),
       format('ALTER TABLE %s SET LOGGED', c.oid::regclass)
FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p JOIN pg_class AS c
    ON c.oid = p.relid
WHERE c.relpersistence = 'u' AND c.relkind <> 'p'
UNION ALL
SELECT 'inheritance', 'warning',
    format('table %s inherits from attached table %s and is not attached: its rows are neither stamped nor sent', h,
    a.relation),
       format('%sSELECT gpsync.attach(%L, machine => %L%s, publication => %L)',
              CASE WHEN gpsync_internal.key_columns(h) IS NULL THEN format('ALTER TABLE %s ADD PRIMARY KEY (%s); ', h,
                  (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(a.key_columns) WITH ORDINALITY
                      AS u (k, n))) ELSE '' END,
              h, a.machine, CASE WHEN a.machine IS NOT NULL
                  THEN format(', status_column => %L', gpsync_internal.attached_status(a.relation)) END, a.publication)
FROM gpsync.attached_tables AS a, gpsync_internal.inheriting_tables(a.relation) AS h
WHERE h NOT IN (SELECT b.relation FROM gpsync.attached_tables AS b)
UNION ALL
-- Another table under the name of an attached one, for example; and what detach() has left.
SELECT 'table', 'info', format('table %s has the columns that attach() adds, and is not attached', c.oid::regclass),
       format('SELECT gpsync.attach(%L%s)', c.oid::regclass, CASE WHEN EXISTS (
           SELECT FROM pg_attribute AS t WHERE t.attrelid = c.oid AND t.attname = 'status' AND NOT t.attisdropped)
               THEN '' ELSE ', machine => NULL' END)
FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
    AND c.relnamespace <> 'gpsync'::regnamespace
    AND 3 = (SELECT count(*) FROM pg_attribute AS t WHERE t.attrelid = c.oid AND NOT t.attisdropped
                 AND t.attname IN ('sync_status', 'last_sync_timestamp', 'sync_revision'))
    AND gpsync_internal.attached_ancestor(c.oid) IS NULL AND NOT gpsync_internal.is_distributed(c.oid)
    AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid
        AND t.tgfoid = 'gpsync_internal.stamp()'::regprocedure)
UNION ALL
SELECT 'row security', 'info',
    format('table %s has FORCE ROW LEVEL SECURITY: recreate_stream() cannot touch its rows', a.relation),
       format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', a.relation)
FROM gpsync.attached_tables AS a JOIN pg_class AS c ON c.oid = a.relation WHERE c.relrowsecurity
    AND c.relforcerowsecurity $$;
COMMENT ON FUNCTION gpsync_internal.doctor_tables() IS
    'doctor() on the columns, keys and properties of attached tables';

-- What attach() refuses in columns that are there already, and ALTER TABLE can bring about later.
CREATE FUNCTION gpsync_internal.doctor_own_columns()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'bookkeeping column', 'error',
    format('column "%s" of table %s cannot be used by gpsync: it is %s, and should be %s', c.attname, a.relation,
              CASE WHEN c.attgenerated <> '' OR c.attidentity <> '' THEN 'computed' ELSE 'of type '
                  || format_type(c.atttypid, c.atttypmod) END, w.wanted),
       CASE WHEN c.attgenerated <> ''
           THEN format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION', a.relation, c.attname)
            WHEN c.attidentity <> '' THEN format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', a.relation, c.attname)
            ELSE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %2$I::text::%3$s', a.relation, c.attname,
                w.wanted) END
FROM gpsync.attached_tables AS a
CROSS JOIN (VALUES ('sync_status', 'varchar(20)'), ('last_sync_timestamp', 'timestamptz'), ('sync_revision', 'bigint'))
    AS w (name, wanted)
JOIN pg_attribute AS c ON c.attrelid = a.relation AND c.attname = w.name AND NOT c.attisdropped
WHERE c.attgenerated <> '' OR c.attidentity <> '' OR NOT CASE c.attname
    WHEN 'sync_status' THEN c.atttypid = 'text'::regtype OR c.atttypid = 'varchar'::regtype
        AND (c.atttypmod = -1 OR c.atttypmod - 4 >= length('COMPLETED'))
    WHEN 'last_sync_timestamp' THEN c.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
    ELSE c.atttypid = 'bigint'::regtype END $$;
COMMENT ON FUNCTION gpsync_internal.doctor_own_columns() IS 'doctor() on the types of the columns that gpsync writes';

REVOKE ALL ON FUNCTION gpsync_internal.doctor_tables(), gpsync_internal.doctor_own_columns() FROM PUBLIC;
