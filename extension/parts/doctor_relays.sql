-- doctor() on relays: nothing is delivered, or a relay runs without progress.

-- Who holds the lock of a stream: src/stream/lock.h.
CREATE FUNCTION gpsync_internal.lock_holder(stream text) RETURNS integer
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT l.pid FROM pg_locks AS l
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 3 AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND (l.classid::bigint << 32 | l.objid::bigint) = gpsync_internal.stream_lock_key(lock_holder.stream) LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.lock_holder(text) IS
    'The process that holds the lock of a stream: its relay, or who acts as one';

-- The position in a stream at which the decoder's error stopped its relay, as arguments of skip_change(); NULL: there
-- is no such error, or the stream is past it.
CREATE FUNCTION gpsync_internal.stopping_change(stream text, error text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('%L, %L, %s', p.stream, m.place[1], m.place[2])
FROM gpsync.stream_position AS p,
     regexp_match(error, 'gpsync[.]skip_change[(]stream, ''([0-9A-F]{1,8}/[0-9A-F]{1,8})'', ([0-9]{1,10}), reason[)]')
         AS m (place)
WHERE p.stream = stopping_change.stream AND error NOT LIKE 'endpoint %' AND m.place IS NOT NULL
    AND (m.place[1]::pg_lsn, m.place[2]::bigint) > (p.commit_lsn, p.ordinal)
        AND m.place[1]::pg_lsn <= gpsync_internal.wal_end() $$;
COMMENT ON FUNCTION gpsync_internal.stopping_change(text, text) IS
    'The change that an error of a stream names, as the first arguments of skip_change()';

-- Why nothing is delivered, or why there is no progress. In the second case a relay runs, or ran two minutes ago and
-- starts again with the same error: another relay would only stand by.
CREATE FUNCTION gpsync_internal.doctor_relays() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH relay AS MATERIALIZED (
    SELECT s.stream, s.last_error, s.last_error_at, s.relay_state = 'down' AS down,
           s.relay_state = 'unknown' AS hangs, gpsync_internal.lock_holder(s.stream) AS holder,
           (SELECT l.active_pid FROM pg_replication_slots AS l WHERE l.slot_name = s.slot_name) AS walsender,
           s.slot_state = 'active' OR s.relay_state <> 'down' AS at_work, s.lag_bytes, p.booked_at, s.reported_at,
           gpsync_internal.stopping_change(s.stream, s.last_error) AS stopped_by,
           s.reported_at > clock_timestamp() - interval '2 min' AND r.state <> 'stopped' AS comes_back,
           EXISTS (SELECT FROM gpsync.endpoint_status AS e WHERE e.stream = s.stream
               AND e.breaker IN ('open', 'half-open')) AS waits
    FROM gpsync_internal.stream_states() AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
        LEFT JOIN gpsync_internal.relay_reports() AS r ON r.stream = s.stream
    WHERE s.slot_state IN ('active', 'inactive') AND NOT s.paused)
SELECT 'relay', 'error', format('process %s holds the lock of stream "%s" and does not deliver it', r.holder, r.stream),
       format('SELECT pg_terminate_backend(%s)', r.holder)
FROM relay AS r WHERE r.down AND r.holder IS NOT NULL
UNION ALL
SELECT 'relay', 'error', format('process %s holds the lock of stream "%s" and has not reported for %s s', r.holder,
        r.stream, extract(epoch FROM clock_timestamp() - r.reported_at)::bigint),
       format('SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[%s]) AS p (pid) -- its relay hangs, or cannot be '
           'reached; or start another relay, which takes over', concat_ws(', ', r.holder, r.walsender))
FROM relay AS r WHERE r.hangs AND r.holder IS NOT NULL
UNION ALL
SELECT 'relay', 'error',
    format('no relay delivers stream "%s"%s', r.stream, coalesce('; the last one said: ' || r.last_error, '')),
       format('gpsync-relay --dbname %s --stream %s  # or let the server start it: shared_preload_libraries, '
              'gpsync.databases',
              gpsync_internal.shell_word('dbname=' || gpsync_internal.conninfo_value(current_database())), r.stream)
FROM relay AS r WHERE r.down AND r.holder IS NULL AND NOT coalesce(r.comes_back AND r.last_error IS NOT NULL, false)
UNION ALL
SELECT 'relay', CASE WHEN r.last_error_at > r.booked_at OR r.down THEN 'error' ELSE 'warning' END,
    format('the relay of stream "%s" gets nowhere%s%s', r.stream,
              CASE WHEN r.at_work
                  THEN format(': nothing was booked for %s s',
                  extract(epoch FROM clock_timestamp() - r.booked_at)::bigint)
                   ELSE format(': it has not reported for %s s',
                       extract(epoch FROM clock_timestamp() - r.reported_at)::bigint) END,
              coalesce('; its last error: ' || r.last_error, '')),
       CASE WHEN r.stopped_by IS NULL
            THEN format('SELECT last_error_at, last_error FROM gpsync.stream_status WHERE stream = %L; -- and the '
                        'server log', r.stream)
            ELSE format('SELECT gpsync.skip_change(%s, ''cannot be delivered'') -- unless its cause can be mended',
                r.stopped_by) END
FROM relay AS r
WHERE NOT r.waits AND (r.down AND r.holder IS NULL AND r.comes_back AND r.last_error IS NOT NULL
                       OR r.at_work AND r.lag_bytes > 0
                           AND (r.stopped_by IS NOT NULL OR r.booked_at < clock_timestamp() - interval '30 s')) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_relays() IS 'doctor() on whether relays deliver and get on';

REVOKE ALL ON FUNCTION gpsync_internal.lock_holder(text),
    gpsync_internal.stopping_change(text, text), gpsync_internal.doctor_relays() FROM PUBLIC;
