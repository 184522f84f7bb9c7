-- What the relay passes for endpoints of protocol local, and which history or copy each event goes to.

CREATE TYPE gpsync_internal.local_event AS (
    n          integer,        -- its place in the batch, from 1
    table_oid  oid,            -- of the table that was changed; 0: not known
    late       boolean,        -- it comes out of its order: a dead letter that is sent again
    kind       text,           -- inserted, updated, deleted, truncated; others are for nobody here
    table_name text,           -- as the event has it, quoted
    data       jsonb,
    at         timestamptz,    -- commit
    lsn        pg_lsn,
    ordinal    bigint,
    xid        bigint,         -- the lower 32 bits
    revision   bigint,
    sequence   text,           -- lsn and ordinal as the event has them
    event_id   text,
    rekeys     boolean);       -- it gives its row another key
COMMENT ON TYPE gpsync_internal.local_event IS 'What histories and analytical copies read of an event';

-- One function for the whole batch: a call for each event costs more than what is done with it.
CREATE FUNCTION gpsync_internal.read_local_events(events jsonb) RETURNS gpsync_internal.local_event[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT array_agg(ROW(x.n, (x.e ->> 0)::oid, (x.e -> 1)::boolean,
           CASE WHEN x.v ->> 'type' IN ('gpsync.row.inserted', 'gpsync.row.updated', 'gpsync.row.deleted',
               'gpsync.table.truncated') THEN split_part(x.v ->> 'type', '.', 3) END,
           format('%I.%I', coalesce(x.d ->> 'schema', ''), coalesce(x.d ->> 'table', '')), x.d,
           (x.v ->> 'time')::timestamptz,
           (substr(x.s, 1, 8) || '/' || substr(x.s, 9, 8))::pg_lsn, ('x' || substr(x.s, 18, 8))::bit(32)::bigint,
           (x.d ->> 'xid')::bigint, (x.d ->> 'revision')::bigint, x.s, x.v ->> 'id',
           x.v ->> 'type' = 'gpsync.row.updated' AND x.d ? 'old' AND NOT x.d -> 'old' @> (x.d -> 'key')
           )::gpsync_internal.local_event ORDER BY x.n)
FROM (SELECT j.n::integer, j.e, j.e -> 2 AS v, j.e -> 2 -> 'data' AS d, j.e -> 2 ->> 'sequence' AS s
      FROM jsonb_array_elements(events) WITH ORDINALITY AS j (e, n)) AS x $$;
COMMENT ON FUNCTION gpsync_internal.read_local_events(jsonb) IS 'A batch as the relay passes it';

CREATE FUNCTION gpsync_internal.local_targets(stream text, endpoint text)
    RETURNS TABLE (kind text, number integer, relation oid, kept_name text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'history', h.history, h.relation::oid, h.table_name FROM gpsync.history AS h
WHERE h.stream = local_targets.stream AND h.endpoint = local_targets.endpoint
UNION ALL
SELECT 'copy', a.analytics, a.relation::oid, a.table_name FROM gpsync.analytics AS a
WHERE a.stream = local_targets.stream AND a.endpoint = local_targets.endpoint
    AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.target) $$;
COMMENT ON FUNCTION gpsync_internal.local_targets(text, text) IS
    'The histories and copies that an endpoint writes, and the tables that they follow; kept_name: as events named the '
    'table once';

-- Where nothing is known of a refusal the event goes to all: they leave alone what is newer.
CREATE FUNCTION gpsync_internal.takes_late(of_stream text, of_endpoint text, of_kind text, of_number integer,
    e gpsync_internal.local_event) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(bool_or(r.kind = of_kind AND r.number = of_number), true) FROM gpsync.local_refusal AS r
WHERE r.stream = of_stream AND r.endpoint = of_endpoint AND r.commit_lsn = e.lsn AND r.ordinal = e.ordinal $$;
COMMENT ON FUNCTION gpsync_internal.takes_late(text, text, text, integer, gpsync_internal.local_event) IS
    'Whether a dead letter that is sent again is for a history or copy: for those that have refused it';

-- By the OID of the table that was changed, or of what it is a partition of: renames do not change that. The name is
-- for TRUNCATE, dead letters, and partitions that are gone or have left. Tables are matched once a batch, whatever the
-- number of events.
CREATE FUNCTION gpsync_internal.events_by_target(stream text, endpoint text, events gpsync_internal.local_event[])
    RETURNS TABLE (kind text, number integer, events gpsync_internal.local_event[])
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE changed AS MATERIALIZED (
    SELECT DISTINCT e.table_oid, e.table_name FROM unnest(events_by_target.events) AS e WHERE e.kind IS NOT NULL),
line (table_oid, oid) AS (
    SELECT c.table_oid, c.table_oid FROM changed AS c
    UNION SELECT l.table_oid, i.inhparent FROM line AS l JOIN pg_inherits AS i ON i.inhrelid = l.oid),
target AS MATERIALIZED (
    SELECT t.*, c.relkind, format('%I.%I', s.nspname, c.relname) AS present_name
    FROM gpsync_internal.local_targets(stream, endpoint) AS t
    LEFT JOIN pg_class AS c ON c.oid = t.relation LEFT JOIN pg_namespace AS s ON s.oid = c.relnamespace),
found AS (
    SELECT c.table_oid, c.table_name, t.kind, t.number, 0 AS rank
    FROM changed AS c JOIN line AS l ON l.table_oid = c.table_oid JOIN target AS t ON t.relation = l.oid
    UNION ALL
    SELECT c.table_oid, c.table_name, t.kind, t.number, CASE WHEN t.present_name = c.table_name THEN 1 ELSE 2 END
    FROM changed AS c JOIN target AS t ON c.table_name IN (t.present_name, t.kept_name)
    WHERE c.table_oid = 0 OR t.relkind = 'p'),
best AS (
    SELECT DISTINCT f.table_oid, f.table_name, f.kind, f.number
    FROM (SELECT f.*, min(f.rank) OVER (PARTITION BY f.table_oid, f.table_name) AS first FROM found AS f) AS f
    WHERE f.rank = f.first)
SELECT b.kind, b.number, array_agg(e ORDER BY e.n)
FROM unnest(events_by_target.events) AS e
JOIN best AS b ON b.table_oid = e.table_oid AND b.table_name = e.table_name
WHERE e.kind IS NOT NULL AND (NOT e.late OR gpsync_internal.takes_late(stream, endpoint, b.kind, b.number, e))
GROUP BY b.kind, b.number ORDER BY 1 DESC, 2 $$;
COMMENT ON FUNCTION gpsync_internal.events_by_target(text, text, gpsync_internal.local_event[]) IS
    'The events that each history and each copy of an endpoint is to take, in their order';

REVOKE ALL ON FUNCTION gpsync_internal.read_local_events(jsonb), gpsync_internal.local_targets(text, text),
    gpsync_internal.events_by_target(text, text, gpsync_internal.local_event[]),
    gpsync_internal.takes_late(text, text, text, integer, gpsync_internal.local_event) FROM PUBLIC;
