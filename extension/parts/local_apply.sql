-- What the relay calls for endpoints of protocol local. A batch is applied, with the position, in one transaction; what
-- comes again is skipped.

CREATE FUNCTION gpsync_internal.lock_local_position(stream text, endpoint text) RETURNS gpsync.local_position
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result gpsync.local_position;
BEGIN
    SELECT * INTO result FROM gpsync.local_position AS p
    WHERE p.stream = lock_local_position.stream AND p.endpoint = lock_local_position.endpoint FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO gpsync.local_position AS p (stream, endpoint) VALUES (stream, endpoint) RETURNING p.* INTO result;
    END IF;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.lock_local_position(text, text) IS
    'Up to where an endpoint has applied its stream; nobody else applies until the transaction ends. Errors: 23503 no '
    'such stream; 23505 two at once, the first time';

CREATE FUNCTION gpsync_internal.relay_apply_local(stream text, endpoint text, events jsonb) RETURNS jsonb
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET jit = off SET timezone = 'UTC'
    AS $$
DECLARE
    at gpsync.local_position := gpsync_internal.lock_local_position(stream, endpoint);
    all_events gpsync_internal.local_event[];
    fresh gpsync_internal.local_event[];
    last_event gpsync_internal.local_event;
    refused jsonb := '[]';
    target record;
BEGIN
    all_events := gpsync_internal.read_local_events(events);
    SELECT array_agg(e ORDER BY e.n) FILTER (WHERE e.late OR (e.lsn, e.ordinal) > (at.commit_lsn, at.ordinal))
    INTO fresh FROM unnest(all_events) AS e;
    -- What was refused before is refused again.
    IF cardinality(fresh) IS DISTINCT FROM cardinality(all_events) THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object('n', e.n, 'error', r.error)), '[]') INTO refused
        FROM unnest(all_events) AS e JOIN gpsync.local_refusal AS r ON r.stream = at.stream
            AND r.endpoint = at.endpoint AND r.commit_lsn = e.lsn AND r.ordinal = e.ordinal
        WHERE NOT e.late AND (e.lsn, e.ordinal) <= (at.commit_lsn, at.ordinal);
    END IF;
    IF fresh IS NOT NULL THEN
        FOR target IN SELECT * FROM gpsync_internal.events_by_target(stream, endpoint, fresh) LOOP
            refused := refused || gpsync_internal.apply_to_target(stream, endpoint, target.kind, target.number,
                target.events, events);
        END LOOP;
        last_event := fresh[cardinality(fresh)];
        UPDATE gpsync.local_position AS p SET commit_lsn = last_event.lsn, ordinal = last_event.ordinal,
            commit_time = last_event.at
        WHERE p.stream = at.stream AND p.endpoint = at.endpoint
            AND (last_event.lsn, last_event.ordinal) > (p.commit_lsn, p.ordinal);
    END IF;
    RETURN jsonb_build_object('refused', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('n', r.n, 'error', r.error) ORDER BY r.n), '[]')
        FROM (SELECT (x -> 'n')::integer AS n, string_agg(DISTINCT x ->> 'error', '; ') AS error
              FROM jsonb_array_elements(refused) AS x GROUP BY 1) AS r));
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_apply_local(text, text, jsonb) IS
    'For gpsync-relay: applies events ([OID of the table or 0, whether it comes out of its order, event], in the order '
    'of the stream) to histories and analytical copies, each once however often it comes. One that cannot be written '
    'stops no other. Out: {"refused": [{"n", "error"}]}, n counted from 1, of those that cannot be applied. Errors, '
    'after which nothing is applied: 55P03 the position is locked; 53400 too much waits for what cannot be written; '
    'any of the server''s';

CREATE FUNCTION gpsync_internal.drop_old_months(h gpsync.history) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    limit_month date := gpsync_internal.month_of(now() - coalesce(h.retention, gpsync_internal.history_retention()));
    part regclass;
BEGIN
    FOR part IN
        SELECT i.inhrelid FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass(format('gpsync.history_%s', h.history))
            AND c.relname ~ format('^history_%s_[0-9]{6}$', h.history)
            AND to_date(right(c.relname, 6), 'YYYYMM') < limit_month
    LOOP
        EXECUTE format('DROP TABLE %s', part);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_old_months(gpsync.history) IS
    'Drops the months of a history that its retention has passed. Errors: 55P03 somebody reads it';

-- Somebody who reads an old month must not keep the other histories from theirs.
CREATE FUNCTION gpsync_internal.keep_months(h gpsync.history) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    state text;
BEGIN
    PERFORM gpsync_internal.make_history_month(h.history, gpsync_internal.month_of(now() + interval '7 days'));
    PERFORM gpsync_internal.drop_old_months(h);
    PERFORM gpsync_internal.grant_history_readers(h);
EXCEPTION WHEN OTHERS OR query_canceled THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
    RAISE WARNING 'the tables of the history of % could not be maintained: SQLSTATE %', h.relation, state;
END $$;
COMMENT ON FUNCTION gpsync_internal.keep_months(gpsync.history) IS
    'Makes the next month of a history, drops what its retention has passed, and sets privileges; a WARNING where that '
    'fails';

CREATE FUNCTION gpsync_internal.tidy_local(at gpsync.local_position) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    booked record;
BEGIN
    SELECT s.commit_lsn, s.ordinal INTO booked FROM gpsync_internal.settled_everywhere(at.stream) AS s;
    DELETE FROM gpsync.local_refusal AS r
    WHERE r.stream = at.stream AND r.endpoint = at.endpoint
        AND (r.commit_lsn, r.ordinal) <= (booked.commit_lsn, booked.ordinal)
        AND NOT EXISTS (SELECT FROM gpsync.dead_letter AS d
                        WHERE d.stream = r.stream AND d.endpoint = r.endpoint AND d.event_id = r.event_id);
    DELETE FROM gpsync.history_chunk AS c USING gpsync.history AS h
    WHERE h.stream = at.stream AND h.endpoint = at.endpoint AND c.history = h.history AND c.wal_end < at.commit_lsn
        AND NOT EXISTS (SELECT FROM gpsync.local_failure AS f WHERE f.kind = 'history' AND f.number = h.history);
END $$;
COMMENT ON FUNCTION gpsync_internal.tidy_local(gpsync.local_position) IS
    'Deletes what an endpoint''s position has passed: refusals that are booked and whose dead letters are gone, '
    'snapshots of scans';

CREATE FUNCTION gpsync_internal.relay_keep_local(stream text, endpoint text) RETURNS boolean
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' SET jit = off SET timezone = 'UTC'
    AS $$
DECLARE
    at gpsync.local_position := gpsync_internal.lock_local_position(stream, endpoint);
    target record;
    more boolean := false;
BEGIN
    FOR target IN
        SELECT t.kind, t.number FROM gpsync_internal.local_targets(stream, endpoint) AS t
        LEFT JOIN gpsync.local_failure AS f ON f.kind = t.kind AND f.number = t.number
        WHERE gpsync_internal.is_waiting(t.kind, t.number) AND coalesce(f.next_attempt_at <= clock_timestamp(), true)
        ORDER BY f.next_attempt_at
    LOOP
        more := gpsync_internal.retry_target(target.kind, target.number, at) OR more;
    END LOOP;
    IF NOT more THEN
        PERFORM gpsync_internal.tidy_local(at);
        PERFORM gpsync_internal.keep_months(h) FROM gpsync.history AS h
        WHERE h.stream = relay_keep_local.stream AND h.endpoint = relay_keep_local.endpoint;
    END IF;
    RETURN more;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_keep_local(text, text) IS
    'For gpsync-relay: maintains histories and copies. Scans some rows of a table whose history begins, applies some '
    'events that have waited (true: call it again soon); makes the next month''s partitions, drops what retention has '
    'passed. Errors: 55P03 the position is locked';

REVOKE ALL ON FUNCTION gpsync_internal.lock_local_position(text, text),
    gpsync_internal.relay_apply_local(text, text, jsonb), gpsync_internal.drop_old_months(gpsync.history),
    gpsync_internal.keep_months(gpsync.history), gpsync_internal.tidy_local(gpsync.local_position),
    gpsync_internal.relay_keep_local(text, text) FROM PUBLIC;
