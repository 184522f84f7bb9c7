-- doctor() on shards of tables that Citus distributes.

CREATE FUNCTION gpsync_internal.doctor_shards() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH attached AS MATERIALIZED (
    SELECT a AS record, a.relation, s.number, s.distributed_name, c.relnamespace
    FROM gpsync.attached_tables AS a JOIN pg_class AS c ON c.oid = a.relation,
        LATERAL gpsync_internal.attached_shard(a.relation) AS s
    WHERE s.number IS NOT NULL),
local AS MATERIALIZED (
    SELECT s.*, (SELECT x.record FROM attached AS x JOIN pg_class AS d ON d.relname = x.distributed_name
                     AND d.relnamespace = x.relnamespace
                 WHERE d.oid = s.distributed ORDER BY x.number LIMIT 1) AS sibling
    FROM gpsync_internal.local_shards() AS s),
published AS MATERIALIZED (
    SELECT r AS relation, min(s.stream) AS stream
    FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r GROUP BY r)
SELECT 'shard', 'error',
       format('shard %s of table %s is on this server and not attached: its changes are %s', l.relation, l.distributed,
              CASE WHEN p.stream IS NULL THEN 'neither stamped nor streamed'
                   ELSE format('in stream "%s" under its own name', p.stream) END),
       format('SELECT gpsync.attach_shards(%L%s)', l.distributed, CASE WHEN (l.sibling).relation IS NOT NULL THEN
           format(', machine => %L%s, publication => %L', (l.sibling).machine, CASE WHEN (l.sibling).machine IS NOT NULL
               THEN format(', status_column => %L', (l.sibling).status_column) ELSE '' END, (l.sibling).publication)
           ELSE '' END)
FROM local AS l LEFT JOIN published AS p ON p.relation = l.relation
WHERE ((l.sibling).relation IS NOT NULL OR p.relation IS NOT NULL)
    AND NOT EXISTS (SELECT FROM attached AS a WHERE a.relation = l.relation)
UNION ALL
SELECT 'shard', 'error',
       format('table %s is attached as shard %s, and its name or its owner is another: its stream stops', a.relation,
              a.number),
       format('ALTER TABLE %s RENAME TO ...', a.relation)
FROM attached AS a WHERE a.distributed_name IS NULL
UNION ALL
SELECT 'shard', 'error', format('table %s was attached before Citus distributed it: its rows are in its shards',
                                a.relation),
       format('SELECT gpsync.detach(%L); SELECT gpsync.attach_shards(%1$L, machine => %L, publication => %L)',
              a.relation, a.machine, a.publication)
FROM gpsync.attached_tables AS a WHERE gpsync_internal.is_distributed(a.relation)
UNION ALL
SELECT DISTINCT 'publication', 'error',
       format('publication "%s" has shards and publishes TRUNCATE, at which their stream stops', b.pubname),
       gpsync_internal.publish_fix(b.pubname, true)
FROM attached AS a JOIN published AS p ON p.relation = a.relation JOIN gpsync.stream AS s ON s.stream = p.stream
JOIN pg_publication AS b ON b.pubname = s.publication AND b.pubtruncate
UNION ALL
SELECT 'setting', 'error', 'Citus hides its shards from queries: gpsync does not find them',
       format('ALTER DATABASE %I SET citus.override_table_visibility = off', current_database())
WHERE gpsync_internal.has_citus() AND gpsync_internal.shards_are_hidden()
    AND EXISTS (SELECT FROM pg_seclabel AS l WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass
                    AND l.objsubid = 0 AND l.label::jsonb ? 'shard') $$;
COMMENT ON FUNCTION gpsync_internal.doctor_shards() IS 'doctor() on shards of distributed tables';

REVOKE ALL ON FUNCTION gpsync_internal.doctor_shards() FROM PUBLIC;
