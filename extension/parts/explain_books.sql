-- What the books know of one row, for explain_sync(). These functions are SECURITY DEFINER, because readers cannot read
-- the tables. They show what a reader's views show (statuses, the log of dead letters): keys, never a payload.

-- A table in events: itself, the table that attach() was given, the partition that holds the row, and the distributed
-- table of a shard.
CREATE FUNCTION gpsync_internal.tables_of_row(relation oid, leaf oid) RETURNS SETOF oid
    LANGUAGE sql STABLE STRICT ROWS 3 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT relation UNION SELECT leaf UNION SELECT p.relid FROM pg_partition_ancestors(leaf) AS p
UNION SELECT gpsync_internal.tables_of_shard(leaf) $$;
COMMENT ON FUNCTION gpsync_internal.tables_of_row(oid, oid) IS
    'The tables under whose names the books may know a row of relation that is in leaf';

CREATE FUNCTION gpsync_internal.attached_to(relation oid) RETURNS regclass
    LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.attached_ancestor(relation) $$;
COMMENT ON FUNCTION gpsync_internal.attached_to(oid) IS 'attached_ancestor(), for readers';

CREATE FUNCTION gpsync_internal.row_streams(relation oid, leaf oid)
    RETURNS TABLE (stream text, bookkeeping boolean, endpoint text, at timestamptz, problem text, passed pg_lsn,
        in_flight bigint)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT s.stream, s.bookkeeping, e.name,
       CASE WHEN s.slot_state IN ('active', 'inactive') AND NOT s.paused THEN s.reported_at END,
       CASE WHEN s.slot_state NOT IN ('active', 'inactive')
                THEN format('the slot is %s: %s', s.slot_state, s.last_error)
            WHEN s.paused THEN 'the stream is paused'
            WHEN s.relay_state = 'down' THEN 'no relay runs'
            WHEN s.relay_state = 'unknown'
                THEN 'somebody reads the slot, but no relay has reported for five seconds'
            WHEN s.relay_state IN ('starting', 'standby', 'paused', 'stopped')
                THEN format('its relay is in state "%s"', s.relay_state) END,
       s.confirmed_lsn, s.in_flight_events
FROM gpsync_internal.stream_states() AS s, unnest(s.endpoints) AS e (name)
WHERE EXISTS (SELECT FROM gpsync_internal.publication_relations(s.publication) AS r,
                  gpsync_internal.partitions(row_streams.leaf) AS p WHERE r = p.relid) $$;
COMMENT ON FUNCTION gpsync_internal.row_streams(oid, oid) IS
    'The streams that a row goes to, a row an endpoint: why the stream is not delivering now, up to where its slot is '
    'confirmed, and how many events its relay holds';

CREATE FUNCTION gpsync_internal.row_streams(relation oid, leaf oid, key jsonb)
    RETURNS TABLE (stream text, bookkeeping boolean, endpoint text, at timestamptz, problem text, passed pg_lsn,
        in_flight bigint)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT s.* FROM gpsync_internal.row_streams(relation, leaf) AS s
WHERE gpsync_internal.delivers_key(gpsync_internal.stream_partition(s.stream), row_streams.leaf, row_streams.key) $$;
COMMENT ON FUNCTION gpsync_internal.row_streams(oid, oid, jsonb) IS
    'The same for a row with a key: without the streams that deliver other keys';

CREATE FUNCTION gpsync_internal.row_letters(relation oid, leaf oid, key jsonb)
    RETURNS TABLE (stream text, endpoint text, revision bigint, state text, at timestamptz, detail text)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT d.stream, d.endpoint, d.revision, d.state, d.created_at,
       format('refused %s for good after %s attempt(s): %s; event %s%s',
              coalesce('revision ' || d.revision, 'an event'), d.attempts, gpsync_internal.error_pattern(d.error),
              d.event_id, CASE WHEN d.state = 'retrying' THEN format('; sent again %s at %s',
                  CASE WHEN d.as_it_was THEN 'as it was' ELSE 'as it is now' END, d.retried_at) ELSE '' END)
FROM gpsync_internal.tables_of_row(relation, leaf) AS t JOIN pg_class AS c ON c.oid = t
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN gpsync.dead_letter AS d ON d.schema_name = n.nspname AND d.table_name = c.relname
    AND d.key = row_letters.key AND jsonb_hash_extended(d.key, 0) = jsonb_hash_extended(row_letters.key, 0) $$;
COMMENT ON FUNCTION gpsync_internal.row_letters(oid, oid, jsonb) IS 'The dead letters of a row';

CREATE FUNCTION gpsync_internal.row_log(relation oid, leaf oid, key jsonb)
    RETURNS TABLE (at timestamptz, endpoint text, detail text)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT l.logged_at, l.endpoint, format('%s by role "%s"%s; event %s, %s', l.action, l.logged_by,
           coalesce(' (' || l.detail || ')', ''), l.event_id, l.error)
FROM gpsync_internal.tables_of_row(relation, leaf) AS t JOIN pg_class AS c ON c.oid = t
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN gpsync.dead_letter_step AS l ON l.schema_name = n.nspname AND l.table_name = c.relname AND l.key = row_log.key
    AND jsonb_hash_extended(l.key, 0) = jsonb_hash_extended(row_log.key, 0) $$;
COMMENT ON FUNCTION gpsync_internal.row_log(oid, oid, jsonb) IS 'What became of the dead letters of a row';

CREATE FUNCTION gpsync_internal.row_marks(relation oid, leaf oid, key jsonb)
    RETURNS TABLE (stream text, revision bigint, at timestamptz, detail text)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT m.stream, m.revision, m.deferred_at,
       format('the answers for revision %s are there (%s), and the row cannot be marked: %s', m.revision, m.outcome,
           CASE WHEN m.error IS NULL THEN 'row or table is locked' ELSE gpsync_internal.mark_reason(left(m.error, 5))
               END)
FROM gpsync_internal.tables_of_row(relation, leaf) AS t
JOIN gpsync.deferred_mark AS m ON m.relation = t::regclass AND m.key = row_marks.key $$;
COMMENT ON FUNCTION gpsync_internal.row_marks(oid, oid, jsonb) IS 'The marks of a row that are deferred, and why';

CREATE FUNCTION gpsync_internal.row_held(relation oid, leaf oid, key jsonb)
    RETURNS TABLE (stream text, endpoint text, revision bigint, at timestamptz, detail text)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT h.stream, h.endpoint, h.revision, h.held_at, CASE
           WHEN EXISTS (SELECT FROM gpsync.relay_request AS r WHERE r.request = 'discard held'
                        AND gpsync_internal.is_asked(h, r)) THEN format('an operator discards %s; event %s',
               coalesce('revision ' || h.revision, 'an event'), h.event_id)
           WHEN h.attempts = 0 THEN format('holds %s behind an earlier event of the key; event %s',
               coalesce('revision ' || h.revision, 'an event'), h.event_id)
           ELSE format('holds %s: rejected for now after %s attempt(s), next one at %s: %s; event %s',
               coalesce('revision ' || h.revision, 'an event'), h.attempts, h.next_attempt,
               gpsync_internal.error_pattern(h.error), h.event_id) END
FROM gpsync_internal.tables_of_row(relation, leaf) AS t JOIN pg_class AS c ON c.oid = t
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN gpsync.held_event AS h ON h.schema_name = n.nspname AND h.table_name = c.relname
    AND h.key = row_held.key AND jsonb_hash_extended(h.key, 0) = jsonb_hash_extended(row_held.key, 0) $$;
COMMENT ON FUNCTION gpsync_internal.row_held(oid, oid, jsonb) IS 'The events of a row that endpoints hold';

CREATE FUNCTION gpsync_internal.row_waits(relation oid, leaf oid, key jsonb, revision bigint)
    RETURNS TABLE (rank integer, at timestamptz, endpoint text, detail text)
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH stream AS MATERIALIZED (
    SELECT * FROM gpsync_internal.row_streams(relation, leaf, row_waits.key) AS s WHERE s.bookkeeping),
mark AS MATERIALIZED (
    SELECT m.at, m.detail FROM gpsync_internal.row_marks(relation, leaf, row_waits.key) AS m
    WHERE m.revision = row_waits.revision),
found AS (
    SELECT 1, NULL::timestamptz, NULL, 'no stream with bookkeeping delivers the table; see gpsync.create_stream()'
    WHERE NOT EXISTS (SELECT FROM stream)
    UNION ALL SELECT 2, m.at, NULL, m.detail FROM mark AS m
    UNION ALL
    SELECT DISTINCT 3, s.at, NULL, format('stream "%s" is not delivered: %s', s.stream, s.problem)
    FROM stream AS s WHERE s.problem IS NOT NULL
    UNION ALL
    SELECT 4, e.last_error_at, s.endpoint, CASE e.breaker
               WHEN 'missing' THEN format('endpoint "%s" does not exist', s.endpoint)
               ELSE format('the breaker of endpoint "%s" is %s%s%s%s', s.endpoint, e.breaker,
                           coalesce(' since ' || e.breaker_since, ''),
                           coalesce(', next attempt at ' || e.waiting_until, ''), coalesce(': ' || e.last_error, ''))
               END
    FROM stream AS s JOIN gpsync.endpoint_status AS e USING (stream, endpoint)
    WHERE e.breaker IN ('open', 'half-open', 'missing') OR e.waiting_until > clock_timestamp()
    UNION ALL
    SELECT 4, h.at, h.endpoint, format('endpoint "%s" %s', h.endpoint, h.detail)
    FROM gpsync_internal.row_held(relation, leaf, row_waits.key) AS h JOIN stream AS s USING (stream, endpoint)
    WHERE h.revision = row_waits.revision
    UNION ALL
    SELECT 5, e.breaker_since, s.endpoint, format('endpoint "%s" reads the spool, with %s events to come', s.endpoint,
               e.behind_events)
    FROM stream AS s JOIN gpsync.endpoint_status AS e USING (stream, endpoint) WHERE e.feed = 'behind'
    UNION ALL
    SELECT DISTINCT 6, s.at, NULL, CASE
               WHEN s.passed < '0/0'::pg_lsn + revision THEN format('stream "%s" has %s to deliver before it', s.stream,
                   pg_size_pretty('0/0'::pg_lsn + revision - s.passed))
               WHEN s.in_flight > 0 THEN format('it is on its way in stream "%s"', s.stream)
               ELSE format('stream "%s" has passed its place, and nothing is in flight; if it stays PENDING, set it to '
                           'PENDING once more', s.stream) END
    FROM stream AS s WHERE s.problem IS NULL AND NOT EXISTS (SELECT FROM mark))
SELECT f.* FROM found AS f (rank, at, endpoint, detail) ORDER BY f.rank, f.endpoint, f.detail $$;
COMMENT ON FUNCTION gpsync_internal.row_waits(oid, oid, jsonb, bigint) IS
    'What a row that is PENDING waits for, the most important first';

REVOKE ALL ON FUNCTION gpsync_internal.tables_of_row(oid, oid), gpsync_internal.attached_to(oid),
    gpsync_internal.row_streams(oid, oid), gpsync_internal.row_streams(oid, oid, jsonb),
    gpsync_internal.row_letters(oid, oid, jsonb),
    gpsync_internal.row_log(oid, oid, jsonb), gpsync_internal.row_marks(oid, oid, jsonb),
    gpsync_internal.row_held(oid, oid, jsonb), gpsync_internal.row_waits(oid, oid, jsonb, bigint) FROM PUBLIC;
