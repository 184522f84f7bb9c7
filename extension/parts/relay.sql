-- The relay calls these functions to take a stream and to book its events. docs/design.md has the contracts.

CREATE FUNCTION gpsync_internal.relay_acquire(stream text) RETURNS boolean
    LANGUAGE c STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_acquire';
COMMENT ON FUNCTION gpsync_internal.relay_acquire(text) IS
    'In: a stream''s name. Makes this session the one that books the stream, until it ends: takes the stream''s lock '
    '(in pg_locks: advisory, objsubid 3) and sets the session''s replication origin. Out: false when another session '
    'has it (ask again), true otherwise, also when called twice. Errors: 42704 no such stream; 55000 its replication '
    'origin is missing, or the session has acquired another stream';
REVOKE ALL ON FUNCTION gpsync_internal.relay_acquire(text) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.require_acquired(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_require_acquired';
COMMENT ON FUNCTION gpsync_internal.require_acquired(text) IS
    'Makes the transaction one of bookkeeping: it has the replication origin of the stream until it ends. Errors: '
    '55000 this session has not acquired the stream';

REVOKE ALL ON FUNCTION gpsync_internal.require_acquired(text) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_book(stream text, tables text[], table_index integer[], keys jsonb[],
    revisions bigint[],
        failed boolean[], commit_lsn pg_lsn, ordinal bigint, commit_time timestamptz, dead_letters jsonb,
        relations oid[] DEFAULT '{}', key_columns jsonb[] DEFAULT '{}', commits bigint[] DEFAULT '{}',
            confirmed_lsn pg_lsn DEFAULT NULL,
        OUT marked bigint, OUT deferred bigint, OUT superseded bigint)
    LANGUAGE c SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_book';
COMMENT ON FUNCTION gpsync_internal.relay_book(text, text[], integer[], jsonb[], bigint[], boolean[], pg_lsn, bigint,
    timestamptz, jsonb, oid[], jsonb[], bigint[], pg_lsn) IS
    'In: a stream this session has acquired; distinct quoted "schema"."table" names; for every mark the table (counted '
    'from 1), the key and revision of the event, and whether an endpoint refused it; the position up to which the '
    'stream is settled, NULL to leave it; with a position, up to where the slot will be confirmed; dead letters, an '
    'array of objects with the columns of gpsync.dead_letter, repeats ignored; for every table, where the decoder said '
    'it (book_lines), the OID of the table that was changed (0: only its name is known) and its key columns; for every '
    'mark the commit LSN of its event. Marks the rows that still have the revision and are PENDING, COMPLETED or '
    'FAILED; never waits: what is locked is kept in gpsync.deferred_mark. Out: how many were marked, deferred, and '
    'superseded (changed or deleted since, marked before, table gone). Errors: 55000 the stream is not acquired, books '
    'no rows, or the position is behind the present one or of another slot or system; 22023 arrays that do not fit '
    'together';
REVOKE ALL ON FUNCTION gpsync_internal.relay_book(text, text[], integer[], jsonb[], bigint[], boolean[], pg_lsn, bigint,
        timestamptz, jsonb, oid[], jsonb[], bigint[], pg_lsn) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_confirm(stream text, lsn pg_lsn, OUT began pg_lsn, OUT ended pg_lsn)
    LANGUAGE c STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_confirm';
COMMENT ON FUNCTION gpsync_internal.relay_confirm(text, pg_lsn) IS
    'In: a stream this session has acquired, and up to where its slot is going to be confirmed, since nothing before '
    'is unsettled. Writes that into the books. Out: where the WAL ended before and after it. Errors: 55000 the stream '
    'is not acquired, or its position is of another slot or system';
REVOKE ALL ON FUNCTION gpsync_internal.relay_confirm(text, pg_lsn) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_retry_deferred(stream text, max_rows integer DEFAULT 1000) RETURNS bigint
    LANGUAGE c SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_retry_deferred';
COMMENT ON FUNCTION gpsync_internal.relay_retry_deferred(text, integer) IS
    'In: a stream this session has acquired, and how many deferred marks to try. Tries them oldest first, going on '
    'where the last call stopped. Out: how many are left. Errors: 55000 the stream is not acquired; 22023 max_rows '
    'below 1';
REVOKE ALL ON FUNCTION gpsync_internal.relay_retry_deferred(text, integer) FROM PUBLIC;

-- A slot that keeps more than this does harm: it fills the disk, or comes near to being lost. 1 GB: more than any burst
-- that a relay reads in one go.
CREATE FUNCTION gpsync_internal.most_retained_bytes() RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN s.setting::bigint >= 0 THEN least(s.setting::bigint * 1048576 / 2, 1073741824) ELSE 1073741824 END
FROM pg_settings AS s WHERE s.name = 'max_slot_wal_keep_size' $$;
COMMENT ON FUNCTION gpsync_internal.most_retained_bytes() IS
    'How much WAL a slot may keep for an endpoint that is slow before what it misses is spooled, bytes: 1 GB, or half '
    'of max_slot_wal_keep_size if that is less';
REVOKE ALL ON FUNCTION gpsync_internal.most_retained_bytes() FROM PUBLIC;

-- A relay that begins reports its breakers as closed: only events that were taken say so.
CREATE FUNCTION gpsync_internal.endpoint_changes(of_stream text, endpoints jsonb)
    RETURNS TABLE (endpoint text, failing boolean, at_limit boolean, was_failing boolean, was_at_limit boolean,
        details jsonb)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT n.endpoint,
       CASE WHEN n.breaker IN ('open', 'half-open') THEN true WHEN n.delivered > 0 THEN false
            ELSE coalesce(r.failing, false) END,
       coalesce(n.at_limit, false), coalesce(r.failing, false), coalesce(r.at_limit, false),
       jsonb_build_object('stream', of_stream, 'endpoint', n.endpoint)
FROM jsonb_populate_recordset(NULL::gpsync.endpoint_report, coalesce(endpoints, '[]')) AS n
LEFT JOIN gpsync.endpoint_report AS r ON r.stream = of_stream AND r.endpoint = n.endpoint $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_changes(text, jsonb) IS
    'Of the endpoints in a relay''s report: whether each fails, and has reached a limit of the spool, now and in the '
    'report before';

CREATE FUNCTION gpsync_internal.raise_endpoint_changes(of_stream text, endpoints jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    change record;
BEGIN
    FOR change IN SELECT * FROM gpsync_internal.endpoint_changes(of_stream, endpoints) AS c
                  WHERE c.failing <> c.was_failing OR c.at_limit <> c.was_at_limit LOOP
        IF change.failing <> change.was_failing THEN
            PERFORM gpsync_internal.raise_ops_event(
                CASE WHEN change.failing THEN 'breaker.opened' ELSE 'breaker.closed' END,
                of_stream || '/' || change.endpoint, change.details);
        END IF;
        IF change.at_limit AND NOT change.was_at_limit THEN
            PERFORM gpsync_internal.raise_ops_event('spool.limit', of_stream || '/' || change.endpoint,
                change.details);
        END IF;
        UPDATE gpsync.endpoint_report AS r SET failing = change.failing, at_limit = change.at_limit
        WHERE r.stream = of_stream AND r.endpoint = change.endpoint;
        IF NOT FOUND THEN
            INSERT INTO gpsync.endpoint_report (stream, endpoint, failing, at_limit)
                VALUES (of_stream, change.endpoint, change.failing, change.at_limit);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.raise_endpoint_changes(text, jsonb) IS
    'Raises the operational events of what has changed at endpoints since the last report: breakers, limits of the '
    'spool';
REVOKE ALL ON FUNCTION gpsync_internal.endpoint_changes(text, jsonb),
    gpsync_internal.raise_endpoint_changes(text, jsonb) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_report(stream text, report jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    paused boolean := (SELECT s.paused FROM gpsync.stream s WHERE s.stream = relay_report.stream);
    probe jsonb;
    slot record;
BEGIN
    IF paused IS NULL THEN
        RETURN jsonb_build_object('paused', false, 'fingerprint', NULL, 'exists', false);
    END IF;
    INSERT INTO gpsync.relay_report AS r (stream, state, relay_pid, started_at, reported_at, in_flight_events,
                                          in_flight_bytes, oldest_unsettled, last_error, last_error_at)
        SELECT relay_report.stream, coalesce(n.state, 'starting'), n.relay_pid, n.started_at, clock_timestamp(),
               coalesce(n.in_flight_events, 0), coalesce(n.in_flight_bytes, 0), n.oldest_unsettled, n.last_error,
                   n.last_error_at
          FROM jsonb_populate_record(NULL::gpsync.relay_report, report) n
        ON CONFLICT (stream) DO UPDATE
            SET (state, relay_pid, started_at, reported_at, in_flight_events, in_flight_bytes,
                                            oldest_unsettled, last_error, last_error_at)
            = ROW (excluded.state, excluded.relay_pid, excluded.started_at, excluded.reported_at,
                excluded.in_flight_events,
                   excluded.in_flight_bytes, excluded.oldest_unsettled, excluded.last_error, excluded.last_error_at);
    PERFORM gpsync_internal.raise_endpoint_changes(relay_report.stream, report -> 'endpoints'),
        gpsync_internal.send_ops_events();
    INSERT INTO gpsync.endpoint_report AS r (stream, endpoint, breaker, delivered, rejected, errors, latency_ms,
                                             waiting_until, last_error, last_error_at, breaker_since, next_probe_at,
                                             lanes_in_use)
        SELECT relay_report.stream, n.endpoint, coalesce(n.breaker, 'closed'), coalesce(n.delivered, 0),
            coalesce(n.rejected, 0),
               coalesce(n.errors, 0), n.latency_ms, n.waiting_until, n.last_error, n.last_error_at,
               n.breaker_since, n.next_probe_at, n.lanes_in_use
          FROM jsonb_populate_recordset(NULL::gpsync.endpoint_report, coalesce(report -> 'endpoints', '[]')) n
        ON CONFLICT (stream, endpoint) DO UPDATE SET (breaker, delivered, rejected, errors, latency_ms, waiting_until,
                                                      last_error, last_error_at, breaker_since, next_probe_at,
                                                      lanes_in_use)
            = ROW (excluded.breaker, excluded.delivered, excluded.rejected, excluded.errors, excluded.latency_ms,
                   excluded.waiting_until, excluded.last_error, excluded.last_error_at, excluded.breaker_since,
                   excluded.next_probe_at, excluded.lanes_in_use);
    WITH asked AS (
        DELETE FROM gpsync.relay_request AS r
        WHERE r.stream = relay_report.stream AND r.request = 'probe' RETURNING r.endpoint)
    SELECT coalesce(jsonb_agg(DISTINCT endpoint), '[]') INTO probe FROM asked;
    SELECT s.confirmed_flush_lsn, s.restart_lsn INTO slot FROM pg_replication_slots AS s
    WHERE s.slot_name = gpsync_internal.slot_name(relay_report.stream);
    RETURN jsonb_build_object('paused', paused, 'fingerprint', gpsync_internal.relay_fingerprint(relay_report.stream),
        'exists', true, 'probe', probe,
        'lag_bytes', greatest(0, gpsync_internal.wal_end() - slot.confirmed_flush_lsn)::bigint,
        'retained_bytes', greatest(0, gpsync_internal.wal_end() - slot.restart_lsn)::bigint, 'resend', EXISTS (
            SELECT FROM gpsync.dead_letter AS d WHERE d.stream = relay_report.stream AND d.as_it_was),
        'retains_much', coalesce(gpsync_internal.wal_end() - slot.confirmed_flush_lsn
            > gpsync_internal.most_retained_bytes(), false),
        'held', EXISTS (
            SELECT FROM gpsync.relay_request AS h WHERE h.stream = relay_report.stream),
        'lookups', EXISTS (
            SELECT FROM gpsync.lookup AS l WHERE NOT l.paused
                AND gpsync_internal.lookup_stream(l.relation) = relay_report.stream));
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_report(text, jsonb) IS
    'In: a stream''s name and what its relay says of itself: the columns of gpsync.relay_report, and an array '
    '"endpoints" of the columns of gpsync.endpoint_report. Out: {"paused", "fingerprint", "exists"}: what the relay '
    'must know of the stream''s configuration; "probe", the endpoints that reset_breaker() was called for since the '
    'last report; "resend" and "held", whether relay_resend_next() and relay_held_requests() have something for it; '
    '"retains_much", whether what is not confirmed is more than most_retained_bytes(); "lag_bytes" and '
    '"retained_bytes", the WAL behind what the slot''s reader has confirmed, and all that the slot keeps';
REVOKE ALL ON FUNCTION gpsync_internal.relay_report(text, jsonb) FROM PUBLIC;
