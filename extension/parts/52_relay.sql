-- What the relay calls to take a stream and to write back what became of its events. docs/design.md has the contracts.

CREATE FUNCTION gpsync.relay_acquire(stream text) RETURNS boolean
    LANGUAGE c STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_acquire';
COMMENT ON FUNCTION gpsync.relay_acquire(text) IS
    'In: a stream''s name. Makes this session the one that books the stream, until it ends: takes the advisory lock hashtextextended(''gpsync.stream/'' || stream, 0) and sets the session''s replication origin. Out: false when another session has it (ask again), true otherwise, also when called twice. Errors: 42704 no such stream; 55000 its replication origin is missing, or the session has acquired another stream';
REVOKE ALL ON FUNCTION gpsync.relay_acquire(text) FROM PUBLIC;

CREATE FUNCTION gpsync.relay_book(stream text, tables text[], table_index integer[], keys jsonb[], revisions bigint[],
        failed boolean[], commit_lsn pg_lsn, ordinal bigint, commit_time timestamptz, dead_letters jsonb,
        OUT marked bigint, OUT deferred bigint, OUT superseded bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    i int; rel regclass; cols text; hit bigint; left_pending bigint;
BEGIN
    marked := 0; deferred := 0; superseded := 0;
    FOR i IN 1 .. coalesce(cardinality(keys), 0) LOOP
        rel := to_regclass(tables[table_index[i]]);
        SELECT string_agg(format('t.%I = ($1 ->> %L)::%s', a.attname, a.attname, format_type(a.atttypid, a.atttypmod)), ' AND ')
          INTO cols FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)
         WHERE x.indrelid = rel AND x.indisprimary;
        CONTINUE WHEN rel IS NULL;
        EXECUTE format('UPDATE %s u SET sync_status = $3, last_sync_timestamp = now() FROM (SELECT ctid, tableoid FROM %s t WHERE %s AND t.sync_revision = $2 AND t.sync_status = ''PENDING'' FOR NO KEY UPDATE SKIP LOCKED) l WHERE u.ctid = l.ctid AND u.tableoid = l.tableoid', rel, rel, cols)
            USING keys[i], revisions[i], CASE WHEN failed[i] THEN 'FAILED' ELSE 'COMPLETED' END;
        GET DIAGNOSTICS hit = ROW_COUNT;
        marked := marked + hit;
        IF hit = 0 THEN
            EXECUTE format('SELECT count(*) FROM %s t WHERE %s AND t.sync_revision = $2 AND t.sync_status = ''PENDING''', rel, cols) INTO left_pending USING keys[i], revisions[i];
            IF left_pending > 0 THEN
                INSERT INTO gpsync.deferred_mark (stream, relation, key, revision, outcome)
                    VALUES (relay_book.stream, rel, keys[i], revisions[i], CASE WHEN failed[i] THEN 'FAILED' ELSE 'COMPLETED' END);
                deferred := deferred + 1;
            ELSE
                superseded := superseded + 1;
            END IF;
        END IF;
    END LOOP;
    IF commit_lsn IS NOT NULL THEN
        UPDATE gpsync.stream_position p SET commit_lsn = relay_book.commit_lsn, ordinal = relay_book.ordinal,
               commit_time = relay_book.commit_time, booked_at = now()
         WHERE p.stream = relay_book.stream AND (p.commit_lsn, p.ordinal) <= (relay_book.commit_lsn, relay_book.ordinal);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'position of stream "%" must not move backwards', stream USING ERRCODE = '55000';
        END IF;
    END IF;
    INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision, attempts, http_status, error, payload)
        SELECT relay_book.stream, d.endpoint, d.event_id, d.subject, d.schema_name, d.table_name, d.key, d.revision, coalesce(d.attempts, 0), d.http_status, d.error, d.payload
          FROM jsonb_populate_recordset(NULL::gpsync.dead_letter, coalesce(dead_letters, '[]')) d
        ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION gpsync.relay_book(text, text[], integer[], jsonb[], bigint[], boolean[], pg_lsn, bigint, timestamptz, jsonb) FROM PUBLIC;

CREATE FUNCTION gpsync.relay_retry_deferred(stream text, max_rows integer DEFAULT 1000) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    d gpsync.deferred_mark;
BEGIN
    FOR d IN DELETE FROM gpsync.deferred_mark m WHERE m.id IN
            (SELECT id FROM gpsync.deferred_mark o WHERE o.stream = relay_retry_deferred.stream ORDER BY id LIMIT max_rows) RETURNING * LOOP
        PERFORM gpsync.relay_book(stream, ARRAY[d.relation::text], '{1}', ARRAY[d.key], ARRAY[d.revision], ARRAY[d.outcome = 'FAILED'], NULL, NULL, NULL, NULL);
    END LOOP;
    RETURN (SELECT count(*) FROM gpsync.deferred_mark m WHERE m.stream = relay_retry_deferred.stream);
END $$;
REVOKE ALL ON FUNCTION gpsync.relay_retry_deferred(text, integer) FROM PUBLIC;

CREATE FUNCTION gpsync.relay_report(stream text, report jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    paused boolean := (SELECT s.paused FROM gpsync.stream s WHERE s.stream = relay_report.stream);
BEGIN
    IF paused IS NULL THEN
        RETURN jsonb_build_object('paused', false, 'fingerprint', NULL, 'exists', false);
    END IF;
    INSERT INTO gpsync.relay_report AS r (stream, state, relay_pid, started_at, reported_at, in_flight_events,
                                          in_flight_bytes, oldest_unsettled, last_error, last_error_at)
        SELECT relay_report.stream, coalesce(n.state, 'starting'), n.relay_pid, n.started_at, clock_timestamp(),
               coalesce(n.in_flight_events, 0), coalesce(n.in_flight_bytes, 0), n.oldest_unsettled, n.last_error, n.last_error_at
          FROM jsonb_populate_record(NULL::gpsync.relay_report, report) n
        ON CONFLICT (stream) DO UPDATE SET (state, relay_pid, started_at, reported_at, in_flight_events, in_flight_bytes,
                                            oldest_unsettled, last_error, last_error_at)
            = ROW (excluded.state, excluded.relay_pid, excluded.started_at, excluded.reported_at, excluded.in_flight_events,
                   excluded.in_flight_bytes, excluded.oldest_unsettled, excluded.last_error, excluded.last_error_at);
    INSERT INTO gpsync.endpoint_report AS r (stream, endpoint, breaker, delivered, rejected, errors, latency_ms,
                                             waiting_until, last_error, last_error_at)
        SELECT relay_report.stream, n.endpoint, coalesce(n.breaker, 'closed'), coalesce(n.delivered, 0), coalesce(n.rejected, 0),
               coalesce(n.errors, 0), n.latency_ms, n.waiting_until, n.last_error, n.last_error_at
          FROM jsonb_populate_recordset(NULL::gpsync.endpoint_report, coalesce(report -> 'endpoints', '[]')) n
        ON CONFLICT (stream, endpoint) DO UPDATE SET (breaker, delivered, rejected, errors, latency_ms, waiting_until,
                                                      last_error, last_error_at)
            = ROW (excluded.breaker, excluded.delivered, excluded.rejected, excluded.errors, excluded.latency_ms,
                   excluded.waiting_until, excluded.last_error, excluded.last_error_at);
    RETURN jsonb_build_object('paused', paused, 'fingerprint', gpsync.relay_fingerprint(relay_report.stream), 'exists', true);
END $$;
COMMENT ON FUNCTION gpsync.relay_report(text, jsonb) IS
    'In: a stream''s name and what its relay says of itself: the columns of gpsync.relay_report, and an array "endpoints" of the columns of gpsync.endpoint_report. Out: {"paused", "fingerprint", "exists"}: what the relay must know of the stream''s configuration';
REVOKE ALL ON FUNCTION gpsync.relay_report(text, jsonb) FROM PUBLIC;
