-- Histories and copies fail one by one. What lies in an event makes that event a dead letter. Whatever else goes wrong
-- stops the history or the copy, and no other: its events wait in gpsync.local_backlog, it is tried again, and then
-- it continues where it stopped. The transaction that books an event also applies it or keeps it, so there is no gap
-- and no repeat. No error is passed over: one that is not known to lie in an event stops. While the rows of a table are
-- scanned, the events of its history wait in the same way: with SQLSTATE 00000.

CREATE FUNCTION gpsync_internal.is_event_error(kind text, sqlstate text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE kind WHEN 'history' THEN sqlstate = '22004'
    -- Cardinality, data, constraints, triggered data change, WITH CHECK OPTION, what a trigger raises in PL/pgSQL; a
    -- value that is too large for an index.
    ELSE left(sqlstate, 2) IN ('21', '22', '23', '27', '44', 'P0') OR sqlstate IN ('09000', '54000') END $$;
COMMENT ON FUNCTION gpsync_internal.is_event_error(text, text) IS
    'Whether an error lies in the event that was applied: it would come again, and other events may be fine';

-- A cancel, also by statement_timeout, hits what is applied at that moment: it is tried again later.
CREATE FUNCTION gpsync_internal.try_target(of_kind text, of_number integer, events gpsync_internal.local_event[],
    at gpsync.local_position DEFAULT NULL, OUT state text, OUT error text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    h gpsync.history;
    a gpsync.analytics;
    of_table text;
    of_column text;
    of_constraint text;
BEGIN
    IF of_kind = 'copy' THEN
        SELECT * INTO a FROM gpsync.analytics AS x WHERE x.analytics = of_number;
        PERFORM gpsync_internal.apply_to_copy(a, events);
        RETURN;
    END IF;
    SELECT * INTO h FROM gpsync.history AS x WHERE x.history = of_number;
    IF events IS NULL THEN
        PERFORM gpsync_internal.scan_chunk(h, at);
    ELSE
        PERFORM gpsync_internal.apply_to_history(h, events);
    END IF;
EXCEPTION WHEN OTHERS OR query_canceled OR assert_failure THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, of_table = TABLE_NAME, of_column = COLUMN_NAME,
        of_constraint = CONSTRAINT_NAME;
    -- The message only where it is about the server's state: another may show the row.
    error := concat_ws(', ', 'SQLSTATE ' || state, 'table ' || nullif(of_table, ''),
        'column ' || nullif(of_column, ''), 'constraint ' || nullif(of_constraint, ''),
        CASE WHEN left(state, 2) IN ('25', '28', '3D', '40', '53', '55', '57', '58') THEN SQLERRM END);
END $$;
COMMENT ON FUNCTION gpsync_internal.try_target(text, integer, gpsync_internal.local_event[], gpsync.local_position) IS
    'Applies events to a history or copy, all of them or none; events NULL: scans a chunk of the history''s table. '
    'state: NULL, or the SQLSTATE of the error; error: that and the names it has, without values';

CREATE FUNCTION gpsync_internal.target_name(of_kind text, of_number integer) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE of_kind WHEN 'copy' THEN (SELECT a.target::text FROM gpsync.analytics AS a WHERE a.analytics = of_number)
    ELSE (SELECT h.relation::text FROM gpsync.history AS h WHERE h.history = of_number) END $$;
COMMENT ON FUNCTION gpsync_internal.target_name(text, integer) IS 'A copy''s table, or the table that a history is of';

CREATE FUNCTION gpsync_internal.stop_target(of_kind text, of_number integer, state text, error text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    attempt integer;
BEGIN
    INSERT INTO gpsync.local_failure AS f (kind, number, sqlstate, error, next_attempt_at)
        VALUES (of_kind, of_number, state, error, clock_timestamp() + interval '1 s')
    ON CONFLICT ON CONSTRAINT local_failure_pkey DO UPDATE
    SET sqlstate = excluded.sqlstate, error = excluded.error, attempts = f.attempts + 1,
        next_attempt_at = clock_timestamp() + least(power(2, least(f.attempts, 6)), 60) * interval '1 s'
    RETURNING f.attempts INTO attempt;
    IF attempt = 1 THEN
        PERFORM gpsync_internal.raise_ops_event(of_kind || '.stopped', gpsync_internal.target_name(of_kind, of_number),
            jsonb_build_object('sqlstate', state));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.stop_target(text, integer, text, text) IS
    'Notes that a history or copy cannot be written, and when it is tried again: after 1 s to 60 s';

CREATE FUNCTION gpsync_internal.is_waiting(of_kind text, of_number integer) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF of_kind = 'history' THEN
        INSERT INTO gpsync.local_failure (kind, number, sqlstate, error, attempts, next_attempt_at)
        SELECT 'history', h.history, '00000', '', 0, clock_timestamp() FROM gpsync.history AS h
        WHERE h.history = of_number AND NOT h.scanned
        ON CONFLICT ON CONSTRAINT local_failure_pkey DO NOTHING;
    END IF;
    RETURN EXISTS (SELECT FROM gpsync.local_failure AS f WHERE f.kind = of_kind AND f.number = of_number);
END $$;
COMMENT ON FUNCTION gpsync_internal.is_waiting(text, integer) IS
    'Whether the events of a history or copy wait: it has failed, or its scan is under way, which begins here';

CREATE FUNCTION gpsync_internal.refuse_full_backlog(stream text, endpoint text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    most bigint;
    waiting bigint;
BEGIN
    SELECT (gpsync_internal.endpoint_settings(s.srvoptions) ->> 'spool_limit_bytes')::bigint INTO most
    FROM pg_foreign_server AS s WHERE s.srvname = endpoint;
    SELECT sum(f.backlog_bytes) INTO waiting
    FROM gpsync_internal.local_targets(stream, endpoint) AS t JOIN gpsync.local_failure AS f
        ON f.kind = t.kind AND f.number = t.number;
    IF waiting > most THEN
        RAISE configuration_limit_exceeded USING
            MESSAGE = format('%s wait for histories and copies that cannot be written', pg_size_pretty(waiting)),
            DETAIL = format('That is more than spool_limit of server "%s".', endpoint),
            HINT = 'gpsync.doctor() says which, and what mends them.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_full_backlog(text, text) IS
    'Raises 53400 where more waits than the endpoint''s spool_limit: from then on events stay in the stream''s spool';

-- raw: the batch as the relay passed it. A dead letter stays one.
CREATE FUNCTION gpsync_internal.keep_for_later(stream text, endpoint text, of_kind text, of_number integer,
    events gpsync_internal.local_event[], raw jsonb) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    why text;
    kept record;
BEGIN
    WITH added AS (
        INSERT INTO gpsync.local_backlog AS b (kind, number, commit_lsn, ordinal, event)
        SELECT of_kind, of_number, e.lsn, e.ordinal, raw -> (e.n - 1) FROM unnest(events) AS e WHERE NOT e.late
        RETURNING b.event)
    SELECT count(*) AS events, coalesce(sum(pg_column_size(a.event)), 0) AS bytes INTO kept FROM added AS a;
    UPDATE gpsync.local_failure AS f
    SET backlog_events = f.backlog_events + kept.events, backlog_bytes = f.backlog_bytes + kept.bytes
    WHERE f.kind = of_kind AND f.number = of_number RETURNING f.error INTO why;
    PERFORM gpsync_internal.refuse_full_backlog(stream, endpoint);
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('n', e.n, 'error', why)), '[]')
            FROM unnest(events) AS e WHERE e.late);
END $$;
COMMENT ON FUNCTION gpsync_internal.keep_for_later(text, text, text, integer, gpsync_internal.local_event[], jsonb) IS
    'Keeps events of a history or copy that is stopped; gives the dead letters among them, which stay what they are. '
    'Errors: 53400 too much waits';

CREATE FUNCTION gpsync_internal.note_refusal(stream text, endpoint text, of_kind text, of_number integer,
    e gpsync_internal.local_event, error text) RETURNS jsonb
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
INSERT INTO gpsync.local_refusal AS r (stream, endpoint, commit_lsn, ordinal, kind, number, event_id, error)
VALUES (stream, endpoint, e.lsn, e.ordinal, of_kind, of_number, e.event_id, error)
ON CONFLICT ON CONSTRAINT local_refusal_pkey DO UPDATE SET error = excluded.error;
SELECT jsonb_build_object('n', e.n, 'error', error) $$;
COMMENT ON FUNCTION gpsync_internal.note_refusal(text, text, text, integer, gpsync_internal.local_event, text) IS
    'Notes that a history or copy cannot take an event, for ever; the answer to the relay';

-- done: how many events have their outcome. The rest waits, where the history or copy has stopped.
CREATE FUNCTION gpsync_internal.apply_one_by_one(stream text, endpoint text, of_kind text, of_number integer,
    events gpsync_internal.local_event[], OUT done integer, OUT refused jsonb, OUT state text, OUT error text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    e gpsync_internal.local_event;
    tried record;
BEGIN
    done := 0;
    refused := '[]';
    FOREACH e IN ARRAY events LOOP
        SELECT * INTO tried FROM gpsync_internal.try_target(of_kind, of_number, ARRAY[e]);
        IF gpsync_internal.is_event_error(of_kind, tried.state) THEN
            refused := refused
                || gpsync_internal.note_refusal(stream, endpoint, of_kind, of_number, e, tried.error);
        ELSIF tried.state IS NOT NULL THEN
            state := tried.state;
            error := tried.error;
            EXIT;
        ELSIF e.late THEN
            DELETE FROM gpsync.local_refusal AS r
            WHERE (r.stream, r.endpoint, r.commit_lsn, r.ordinal, r.kind, r.number)
                = (apply_one_by_one.stream, apply_one_by_one.endpoint, e.lsn, e.ordinal, of_kind, of_number);
        END IF;
        done := done + 1;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_one_by_one(text, text, text, integer, gpsync_internal.local_event[]) IS
    'Applies events to a history or copy one by one, up to one that stops it, with state and error. done: how many it '
    'has taken or refused; refused: those, with the error';

CREATE FUNCTION gpsync_internal.apply_to_target(stream text, endpoint text, of_kind text, of_number integer,
    events gpsync_internal.local_event[], raw jsonb) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    tried record;
    single record;
BEGIN
    IF gpsync_internal.is_waiting(of_kind, of_number) THEN
        RETURN gpsync_internal.keep_for_later(stream, endpoint, of_kind, of_number, events, raw);
    END IF;
    -- Of dead letters that are sent again each has its own outcome.
    IF NOT (events[1]).late THEN
        SELECT * INTO tried FROM gpsync_internal.try_target(of_kind, of_number, events);
        IF tried.state IS NULL THEN
            RETURN '[]';
        ELSIF NOT gpsync_internal.is_event_error(of_kind, tried.state) THEN
            PERFORM gpsync_internal.stop_target(of_kind, of_number, tried.state, tried.error);
            RETURN gpsync_internal.keep_for_later(stream, endpoint, of_kind, of_number, events, raw);
        END IF;
    END IF;
    SELECT * INTO single FROM gpsync_internal.apply_one_by_one(stream, endpoint, of_kind, of_number, events);
    IF single.done = cardinality(events) THEN
        RETURN single.refused;
    END IF;
    PERFORM gpsync_internal.stop_target(of_kind, of_number, single.state, single.error);
    RETURN single.refused || gpsync_internal.keep_for_later(stream, endpoint, of_kind, of_number,
        events[single.done + 1:], raw);
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_target(text, text, text, integer, gpsync_internal.local_event[], jsonb) IS
    'Events into one history or copy, or into its backlog; those that it has refused. Errors: 53400 too much waits';

-- What is refused now was booked as taken: its dead letter is written here.
CREATE FUNCTION gpsync_internal.refuse_from_backlog(stream text, endpoint text, event jsonb, error text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
INSERT INTO gpsync.dead_letter AS d (stream, endpoint, event_id, subject, schema_name, table_name, key, revision,
    attempts, error, payload)
SELECT stream, endpoint, v ->> 'id', coalesce(v ->> 'subject', ''), v -> 'data' ->> 'schema', v -> 'data' ->> 'table',
       v -> 'data' -> 'key', (v -> 'data' ->> 'revision')::bigint, 1, 'rejected: ' || error, v::json
FROM (SELECT event -> 2) AS x (v)
ON CONFLICT ON CONSTRAINT dead_letter_pkey DO UPDATE SET error = excluded.error, state = 'open' $$;
COMMENT ON FUNCTION gpsync_internal.refuse_from_backlog(text, text, jsonb, text) IS
    'Makes an event of a backlog that cannot be applied a dead letter';

CREATE FUNCTION gpsync_internal.take_from_backlog(of_kind text, of_number integer, events gpsync_internal.local_event[])
    RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
WITH gone AS (
    DELETE FROM gpsync.local_backlog AS b USING unnest(events) AS e
    WHERE b.kind = of_kind AND b.number = of_number AND b.commit_lsn = e.lsn AND b.ordinal = e.ordinal
    RETURNING b.event)
UPDATE gpsync.local_failure AS f
SET backlog_events = f.backlog_events - g.events, backlog_bytes = f.backlog_bytes - g.bytes, sqlstate = '00000',
    error = '', attempts = 0, next_attempt_at = clock_timestamp()
FROM (SELECT count(*) AS events, coalesce(sum(pg_column_size(gone.event)), 0) AS bytes FROM gone) AS g
WHERE f.kind = of_kind AND f.number = of_number AND g.events > 0 $$;
COMMENT ON FUNCTION gpsync_internal.take_from_backlog(text, integer, gpsync_internal.local_event[]) IS
    'Deletes events from a backlog that have their outcome; more are tried at once';

CREATE FUNCTION gpsync_internal.drain_backlog(stream text, endpoint text, of_kind text, of_number integer)
    RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    most CONSTANT integer := 500;
    raw jsonb;
    events gpsync_internal.local_event[];
    tried record;
    single record;
BEGIN
    SELECT jsonb_agg(b.event ORDER BY b.commit_lsn, b.ordinal) INTO raw
    FROM (SELECT * FROM gpsync.local_backlog AS x WHERE x.kind = of_kind AND x.number = of_number
          ORDER BY x.commit_lsn, x.ordinal LIMIT most) AS b;
    IF raw IS NULL THEN
        DELETE FROM gpsync.local_failure AS f WHERE f.kind = of_kind AND f.number = of_number;
        RETURN false;
    END IF;
    events := gpsync_internal.read_local_events(raw);
    SELECT * INTO tried FROM gpsync_internal.try_target(of_kind, of_number, events);
    IF tried.state IS NULL THEN
        PERFORM gpsync_internal.take_from_backlog(of_kind, of_number, events);
        RETURN true;
    ELSIF NOT gpsync_internal.is_event_error(of_kind, tried.state) THEN
        PERFORM gpsync_internal.stop_target(of_kind, of_number, tried.state, tried.error);
        RETURN false;
    END IF;
    SELECT * INTO single FROM gpsync_internal.apply_one_by_one(stream, endpoint, of_kind, of_number, events);
    PERFORM gpsync_internal.refuse_from_backlog(stream, endpoint, raw -> ((r ->> 'n')::integer - 1), r ->> 'error')
    FROM jsonb_array_elements(single.refused) AS r;
    PERFORM gpsync_internal.take_from_backlog(of_kind, of_number, events[:single.done]);
    IF single.done < cardinality(events) THEN
        PERFORM gpsync_internal.stop_target(of_kind, of_number, single.state, single.error);
    END IF;
    RETURN single.done = cardinality(events);
END $$;
COMMENT ON FUNCTION gpsync_internal.drain_backlog(text, text, text, integer) IS
    'Applies the first events that wait for a history or copy, and ends its failure where none waits any more. Whether '
    'it can be called again at once';

-- A scan is behind what the history has applied, and before the first event that waits.
CREATE FUNCTION gpsync_internal.retry_target(of_kind text, of_number integer, at gpsync.local_position)
    RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    first record;
    tried record;
BEGIN
    IF of_kind = 'copy' OR (SELECT h.scanned FROM gpsync.history AS h WHERE h.history = of_number) THEN
        RETURN gpsync_internal.drain_backlog(at.stream, at.endpoint, of_kind, of_number);
    END IF;
    SELECT b.commit_lsn, b.ordinal INTO first FROM gpsync.local_backlog AS b
    WHERE b.kind = of_kind AND b.number = of_number ORDER BY 1, 2 LIMIT 1;
    IF FOUND THEN
        at.commit_lsn := first.commit_lsn;
        at.ordinal := first.ordinal - 1;
    END IF;
    SELECT * INTO tried FROM gpsync_internal.try_target(of_kind, of_number, NULL, at);
    IF tried.state IS NOT NULL THEN
        PERFORM gpsync_internal.stop_target(of_kind, of_number, tried.state, tried.error);
        RETURN false;
    END IF;
    UPDATE gpsync.local_failure AS f SET sqlstate = '00000', error = '', attempts = 0,
        next_attempt_at = clock_timestamp()
    WHERE f.kind = of_kind AND f.number = of_number AND f.sqlstate <> '00000';
    RETURN true;
EXCEPTION WHEN OTHERS OR query_canceled THEN
    PERFORM gpsync_internal.stop_target(of_kind, of_number, SQLSTATE, 'SQLSTATE ' || SQLSTATE);
    RETURN false;
END $$;
COMMENT ON FUNCTION gpsync_internal.retry_target(text, integer, gpsync.local_position) IS
    'Continues a history or copy whose events wait: with its scan, or with them. Whether it can be called again at '
    'once';

CREATE FUNCTION gpsync_internal.forget_target(of_kind text, of_number integer) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
DELETE FROM gpsync.local_backlog AS b WHERE b.kind = of_kind AND b.number = of_number;
DELETE FROM gpsync.local_failure AS f WHERE f.kind = of_kind AND f.number = of_number;
DELETE FROM gpsync.local_refusal AS r WHERE r.kind = of_kind AND r.number = of_number $$;
COMMENT ON FUNCTION gpsync_internal.forget_target(text, integer) IS
    'What a history or copy has failed at, and what waits for it, goes with it';

REVOKE ALL ON FUNCTION gpsync_internal.is_event_error(text, text),
    gpsync_internal.try_target(text, integer, gpsync_internal.local_event[], gpsync.local_position),
    gpsync_internal.target_name(text, integer), gpsync_internal.stop_target(text, integer, text, text),
    gpsync_internal.is_waiting(text, integer),
    gpsync_internal.refuse_full_backlog(text, text),
    gpsync_internal.keep_for_later(text, text, text, integer, gpsync_internal.local_event[], jsonb),
    gpsync_internal.note_refusal(text, text, text, integer, gpsync_internal.local_event, text),
    gpsync_internal.apply_one_by_one(text, text, text, integer, gpsync_internal.local_event[]),
    gpsync_internal.apply_to_target(text, text, text, integer, gpsync_internal.local_event[], jsonb),
    gpsync_internal.refuse_from_backlog(text, text, jsonb, text),
    gpsync_internal.take_from_backlog(text, integer, gpsync_internal.local_event[]),
    gpsync_internal.drain_backlog(text, text, text, integer),
    gpsync_internal.retry_target(text, integer, gpsync.local_position),
    gpsync_internal.forget_target(text, integer) FROM PUBLIC;
