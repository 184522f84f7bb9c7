-- The states of streams and endpoints. A relay reports once a second (gpsync.relay_report). A report that is
-- older than relay_report_age() does not describe the present: only its counts and its last error are shown.

CREATE FUNCTION gpsync_internal.relay_report_age() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT interval '5 s' $$;
COMMENT ON FUNCTION gpsync_internal.relay_report_age() IS
    'How old a relay''s last report may be before it says nothing of the present';

CREATE FUNCTION gpsync_internal.is_fresh_report(reported_at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT coalesce(reported_at > clock_timestamp() - gpsync_internal.relay_report_age(), false) $$;
COMMENT ON FUNCTION gpsync_internal.is_fresh_report(timestamptz) IS
    'Whether a report of that time says what is; false without one';

CREATE FUNCTION gpsync_internal.wal_end() RETURNS pg_lsn
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END $$;
COMMENT ON FUNCTION gpsync_internal.wal_end() IS 'The end of the WAL that can be streamed';

-- The reports are unlogged, and a standby cannot even plan a query of such a table: PL/pgSQL plans it where it is run.
-- SECURITY DEFINER (all three), because the functions a view calls run with the rights of who reads the view.
CREATE FUNCTION gpsync_internal.relay_reports() RETURNS SETOF gpsync.relay_report
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT pg_is_in_recovery() THEN
        RETURN QUERY SELECT * FROM gpsync.relay_report;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_reports() IS 'The relays'' last reports; none on a standby';

CREATE FUNCTION gpsync_internal.endpoint_reports() RETURNS SETOF gpsync.endpoint_report
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT pg_is_in_recovery() THEN
        RETURN QUERY SELECT * FROM gpsync.endpoint_report;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_reports() IS 'The last reports per stream and endpoint; none on a standby';

CREATE FUNCTION gpsync_internal.endpoint_feeds() RETURNS TABLE (stream text, endpoint text, feed text,
        since timestamptz, events bigint, bytes bigint, oldest timestamptz, spool_limit bigint,
        limit_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT c.stream, c.endpoint, c.feed, c.since, b.events, b.bytes, b.oldest, o.spool_limit,
       least(CASE WHEN b.bytes > 0 THEN
                 c.since + least(o.spool_limit::float8 / b.bytes, 1e5)
                           * (greatest(now(), c.since) - c.since) END,
             CASE WHEN o.spool_time > interval '0' THEN c.since + o.spool_time END)
FROM gpsync.endpoint_cursor AS c
CROSS JOIN LATERAL gpsync_internal.spool_behind(c.stream, c.commit_lsn, c.ordinal) AS b
LEFT JOIN LATERAL (SELECT (s.settings ->> 'spool_limit_bytes')::bigint AS spool_limit,
                          (s.settings ->> 'spool_time_ms')::bigint * interval '1 ms' AS spool_time
                   FROM (SELECT gpsync_internal.endpoint_settings(f.srvoptions) AS settings
                         FROM pg_foreign_server AS f JOIN pg_foreign_data_wrapper AS w ON w.oid = f.srvfdw
                         WHERE f.srvname = c.endpoint AND w.fdwname = 'gpsync_http') AS s) AS o ON true
WHERE c.feed = 'behind' $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_feeds() IS
    'The endpoints that are behind: since when, what waits for them in the spool, and when it reaches their limits if '
    'it goes on to grow as it has';

CREATE FUNCTION gpsync_internal.stream_spools() RETURNS TABLE (stream text, spool_bytes bigint,
        spool_limit_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT s.stream, coalesce((SELECT sum(pg_total_relation_size(format('gpsync.%I', g.table_name)::regclass))
                           FROM gpsync.spool_segment AS g WHERE g.stream = s.stream), 0)::bigint,
       (SELECT min(f.limit_at) FROM gpsync_internal.endpoint_feeds() AS f WHERE f.stream = s.stream)
FROM gpsync.stream AS s $$;
COMMENT ON FUNCTION gpsync_internal.stream_spools() IS
    'What each stream''s spool takes on disk, bytes, and when the first endpoint reaches a limit';

CREATE FUNCTION gpsync_internal.stream_states() RETURNS TABLE (
        stream text, publication name, endpoints text[], bookkeeping boolean, paused boolean, slot_name name,
            slot_state text,
        relay_state text, relay_pid integer, reported_at timestamptz, position_lsn pg_lsn, confirmed_lsn pg_lsn,
            retained_bytes bigint,
        lag_bytes bigint, lag_seconds double precision, in_flight_events bigint, in_flight_bytes bigint,
        parked bigint, deferred_marks bigint, dead_letters bigint, last_error text, last_error_at timestamptz,
            owner name)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT s.stream, s.publication, s.endpoints, s.bookkeeping,
       s.paused OR coalesce(problem.state IN ('restored', 'upgraded', 'moved'), false),
       gpsync_internal.slot_name(s.stream),
       coalesce(problem.state, CASE WHEN slot.active THEN 'active' ELSE 'inactive' END),
       CASE WHEN fresh.report THEN r.state
            WHEN slot.active THEN CASE WHEN r.stream IS NULL THEN 'starting' ELSE 'unknown' END
            WHEN s.paused OR problem.state IN ('restored', 'upgraded', 'moved') THEN 'paused' ELSE 'down' END,
       CASE WHEN fresh.report THEN r.relay_pid END, r.reported_at, p.commit_lsn, slot.confirmed_flush_lsn,
       greatest(0, gpsync_internal.wal_end() - slot.restart_lsn)::bigint,
       greatest(0, gpsync_internal.wal_end() - slot.confirmed_flush_lsn)::bigint,
       CASE WHEN fresh.report THEN coalesce(extract(epoch FROM clock_timestamp() - r.oldest_unsettled), 0)
            ELSE extract(epoch FROM clock_timestamp() - coalesce(p.commit_time, p.booked_at)) END::double precision,
       CASE WHEN fresh.report THEN r.in_flight_events ELSE 0 END, CASE WHEN fresh.report THEN r.in_flight_bytes
           ELSE 0 END,
       (SELECT coalesce(sum(f.events), 0)::bigint FROM gpsync_internal.endpoint_feeds() AS f
        WHERE f.stream = s.stream), (SELECT count(*) FROM gpsync.deferred_mark AS m WHERE m.stream = s.stream),
       (SELECT count(*) FROM gpsync.dead_letter AS d WHERE d.stream = s.stream),
       coalesce(problem.problem, r.last_error), CASE WHEN problem.problem IS NULL THEN r.last_error_at END, s.owner
FROM gpsync.stream AS s
LEFT JOIN gpsync.stream_position AS p ON p.stream = s.stream
LEFT JOIN gpsync_internal.relay_reports() AS r ON r.stream = s.stream
LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = gpsync_internal.slot_name(s.stream)
LEFT JOIN LATERAL gpsync_internal.slot_problem(s.stream) AS problem ON true
CROSS JOIN gpsync_internal.is_fresh_report(r.reported_at) AS fresh (report) $$;
COMMENT ON FUNCTION gpsync_internal.stream_states() IS 'The rows of view stream_status';

CREATE VIEW gpsync.stream_status AS
SELECT s.*, p.spool_bytes, p.spool_limit_at, gpsync_internal.count_held(s.stream) AS held_events,
       gpsync_internal.stream_topics(s.stream) AS topics, gpsync_internal.stream_partition(s.stream) AS partition,
       gpsync_internal.is_failover_slot(s.slot_name) AS failover
FROM gpsync_internal.stream_states() AS s
JOIN gpsync_internal.stream_spools() AS p ON p.stream OPERATOR(pg_catalog.=) s.stream;
COMMENT ON VIEW gpsync.stream_status IS 'Every stream with its slot, relay, lag and what waits';
COMMENT ON COLUMN gpsync.stream_status.paused IS
    'By pause_stream(), or because the stream comes from a dump or belongs to another server';
COMMENT ON COLUMN gpsync.stream_status.slot_state IS
    'active (read by a relay), inactive, restored (stream from a dump: recreate it), upgraded (by pg_upgrade, with its '
    'slot: resume it), missing, lost (WAL it needs is removed), consumed (ahead of the books: somebody else has read '
    'or moved it; recreate the stream), other plugin, moved (the stream''s home is another server: resume it here)';
COMMENT ON COLUMN gpsync.stream_status.relay_state IS
    'As the relay reports it: starting, streaming, standby, waiting (a lane tries again), paused, stopped. Without a '
    'report for five seconds: unknown (somebody reads the slot), or down';
COMMENT ON COLUMN gpsync.stream_status.position_lsn IS
    'Commit LSN up to which everything is settled at every endpoint, or spooled for those that are behind';
COMMENT ON COLUMN gpsync.stream_status.retained_bytes IS 'WAL the server keeps for the slot';
COMMENT ON COLUMN gpsync.stream_status.lag_bytes IS 'WAL the relay has not confirmed yet';
COMMENT ON COLUMN gpsync.stream_status.lag_seconds IS
    'Age of the oldest committed change that is not settled; while the relay is down, the time since the last settled '
    'one';
COMMENT ON COLUMN gpsync.stream_status.parked IS
    'Events that wait in the spool, one for each endpoint that is to get it; gpsync.parked_events says more';
COMMENT ON COLUMN gpsync.stream_status.spool_bytes IS 'What the spool takes on disk';
COMMENT ON COLUMN gpsync.stream_status.spool_limit_at IS
    'When an endpoint reaches its spool_limit or spool_time, if its spool goes on to grow as it has since the endpoint '
    'fell behind; then the stream waits for it. NULL when none is behind';
COMMENT ON COLUMN gpsync.stream_status.held_events IS
    'Events that an endpoint rejects for now, and later ones of their keys; gpsync.parked_events has them key by key';
COMMENT ON COLUMN gpsync.stream_status.publication IS 'NULL: the stream has topics alone';
COMMENT ON COLUMN gpsync.stream_status.topics IS 'Whose events, of emit() and stream_history(), the stream delivers';
COMMENT ON COLUMN gpsync.stream_status.partition IS '"1/2": the rows of one of two parts of the keys; NULL: of all';
COMMENT ON COLUMN gpsync.stream_status.failover IS
    'Whether the slot is synchronised to standbys, so that a promoted one goes on with it (PostgreSQL 17)';
COMMENT ON COLUMN gpsync.stream_status.owner IS 'The role that must be able to read all that the stream shows';
COMMENT ON COLUMN gpsync.stream_status.last_error IS
    'What keeps the slot from being read, else the relay''s last error';

CREATE VIEW gpsync.endpoint_status AS
SELECT s.stream, e.endpoint,
       (SELECT o.option_value FROM pg_catalog.pg_options_to_table(f.srvoptions) AS o WHERE o.option_name = 'url')
           AS url,
       CASE WHEN f.oid IS NULL THEN 'missing' WHEN fresh.report THEN coalesce(r.breaker, 'unknown') ELSE 'unknown' END
           AS breaker,
       coalesce(r.delivered, 0) AS delivered, coalesce(r.rejected, 0) AS rejected, coalesce(r.errors, 0) AS errors,
       CASE WHEN fresh.report THEN r.latency_ms END AS latency_ms, CASE WHEN fresh.report THEN r.waiting_until END
           AS waiting_until,
       (SELECT pg_catalog.count(*) FROM gpsync.dead_letter AS d
        WHERE d.stream OPERATOR(pg_catalog.=) s.stream AND d.endpoint OPERATOR(pg_catalog.=) e.endpoint)
            AS dead_letters,
       r.last_error, r.last_error_at, report.reported_at,
       coalesce(feed.feed, 'live') AS feed, coalesce(feed.events, 0) AS behind_events,
       coalesce(feed.bytes, 0) AS behind_bytes,
       CASE WHEN feed.events > 0
           THEN extract(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) feed.oldest)
           ELSE 0 END::double precision AS behind_seconds,
       CASE WHEN fresh.report THEN r.breaker_since END AS breaker_since,
       CASE WHEN fresh.report THEN r.next_probe_at END AS next_probe_at,
       CASE WHEN fresh.report THEN r.lanes_in_use END AS lanes_in_use
FROM gpsync.stream AS s
CROSS JOIN LATERAL pg_catalog.unnest(s.endpoints) AS e (endpoint)
LEFT JOIN (pg_catalog.pg_foreign_server AS f
           JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid OPERATOR(pg_catalog.=) f.srvfdw
               AND w.fdwname OPERATOR(pg_catalog.=) 'gpsync_http')
    ON f.srvname OPERATOR(pg_catalog.=) e.endpoint
LEFT JOIN gpsync_internal.endpoint_reports() AS r ON r.stream OPERATOR(pg_catalog.=) s.stream
    AND r.endpoint OPERATOR(pg_catalog.=) e.endpoint
LEFT JOIN gpsync_internal.endpoint_feeds() AS feed ON feed.stream OPERATOR(pg_catalog.=) s.stream
    AND feed.endpoint OPERATOR(pg_catalog.=) e.endpoint
LEFT JOIN gpsync_internal.relay_reports() AS report ON report.stream OPERATOR(pg_catalog.=) s.stream
CROSS JOIN gpsync_internal.is_fresh_report(report.reported_at) AS fresh (report);
COMMENT ON VIEW gpsync.endpoint_status IS
    'Every stream and endpoint, as the relay last reported it (reported_at); counts and last_error are as of then, '
    'counts since the relay started';
COMMENT ON COLUMN gpsync.endpoint_status.breaker IS
    'closed (delivering), open (nothing is sent before next_probe_at), half-open (one request at a time, until '
    'breaker_successes of them succeed); unknown: no relay has reported for five seconds; missing: the foreign server '
    'is gone';
COMMENT ON COLUMN gpsync.endpoint_status.breaker_since IS 'Since when the breaker is in this state';
COMMENT ON COLUMN gpsync.endpoint_status.next_probe_at IS
    'When the next probe is sent; NULL unless the breaker is open. reset_breaker() sends it at once';
COMMENT ON COLUMN gpsync.endpoint_status.lanes_in_use IS
    'How many of its lanes may send side by side: fewer than option "lanes" while it is overloaded';
COMMENT ON COLUMN gpsync.endpoint_status.latency_ms IS
    'Median of the last reporting interval, commit to acknowledgement';

COMMENT ON COLUMN gpsync.endpoint_status.feed IS
    'live (fed from the stream) or behind (fed from the spool, since it failed or could not keep up)';
COMMENT ON COLUMN gpsync.endpoint_status.behind_events IS
    'Events that wait for it in the spool, as the books say; a pack of 64 kB that is begun counts as a whole';
COMMENT ON COLUMN gpsync.endpoint_status.behind_bytes IS 'Their size before compression';
COMMENT ON COLUMN gpsync.endpoint_status.behind_seconds IS 'Since the oldest of them was committed';

CREATE VIEW gpsync.dead_letters AS
SELECT d.event_id, d.stream, d.endpoint, d.schema_name, d.table_name, d.key, d.revision, d.attempts, d.http_status,
       d.error AS last_error, d.payload, d.created_at, d.state, d.retried_at
FROM gpsync.dead_letter AS d;
COMMENT ON VIEW gpsync.dead_letters IS 'Events that an endpoint refused for good, with payload and reason';
COMMENT ON COLUMN gpsync.dead_letters.state IS
    'open, or retrying: retry_dead_letters() has sent it again, and the endpoint has not answered yet';

REVOKE ALL ON FUNCTION gpsync_internal.relay_report_age(), gpsync_internal.is_fresh_report(timestamptz),
    gpsync_internal.wal_end(),
    gpsync_internal.relay_reports(), gpsync_internal.endpoint_reports(), gpsync_internal.endpoint_feeds(),
    gpsync_internal.stream_spools(), gpsync_internal.stream_states() FROM PUBLIC;
