-- Held events: what the relay writes and reads of them. An endpoint rejects an event for now, again and again; it waits
-- here with the later ones of its key, and other keys go on (docs/design.md, "Held keys").

CREATE FUNCTION gpsync_internal.is_asked(event gpsync.held_event, request gpsync.relay_request) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT event.stream = request.stream AND event.endpoint = request.endpoint
    AND (request.key IS NULL OR event.key = request.key)
    AND (request.table_name IS NULL OR gpsync_internal.shown_table(event.schema_name,
        event.table_name) = request.table_name)
    AND (request.request = 'retry held'
        OR request.request = 'discard held' AND event.held_at <= request.requested_at) $$;
COMMENT ON FUNCTION gpsync_internal.is_asked(gpsync.held_event, gpsync.relay_request) IS
    'Whether an operator''s request is about a held event';

CREATE FUNCTION gpsync_internal.relay_keep_held(stream text, changes jsonb, lines bytea[]) RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    SET enable_seqscan = off
    AS $$
#variable_conflict use_column
DECLARE
    change record;
    line integer := 0;
BEGIN
    PERFORM gpsync_internal.require_acquired(relay_keep_held.stream);
    FOR change IN
        SELECT c.* FROM jsonb_array_elements(changes) AS e (change),
            jsonb_to_record(e.change) AS c (change text, endpoint text, commit_lsn pg_lsn, ordinal bigint,
                event_id text, schema_name name, table_name name, key jsonb, revision bigint, committed_at timestamptz,
                attempts integer, next_attempt timestamptz, http_status integer, error text, partition_key text,
                old_partition_key text)
    LOOP
        IF change.change = 'added' THEN
            line := line + 1;
            INSERT INTO gpsync.held_event (stream, commit_lsn, ordinal, endpoint, event_id, schema_name, table_name,
                    key, revision, committed_at, attempts, next_attempt, http_status, error, partition_key,
                    old_partition_key, line)
                VALUES (relay_keep_held.stream, change.commit_lsn, change.ordinal, change.endpoint, change.event_id,
                    change.schema_name, change.table_name, change.key, change.revision, change.committed_at,
                    change.attempts, change.next_attempt, change.http_status, change.error, change.partition_key,
                    change.old_partition_key, lines[line])
                ON CONFLICT ON CONSTRAINT held_event_pkey DO NOTHING;
        ELSIF change.change = 'tried' THEN
            UPDATE gpsync.held_event AS h SET attempts = change.attempts, next_attempt = change.next_attempt,
                http_status = change.http_status, error = change.error
            WHERE (h.stream, h.endpoint, h.commit_lsn, h.ordinal)
                = (relay_keep_held.stream, change.endpoint, change.commit_lsn, change.ordinal);
        ELSE
            DELETE FROM gpsync.held_event AS h
            WHERE (h.stream, h.endpoint, h.commit_lsn, h.ordinal)
                = (relay_keep_held.stream, change.endpoint, change.commit_lsn, change.ordinal);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_keep_held(text, jsonb, bytea[]) IS
    'In: a stream this session has acquired; an array of objects with columns of gpsync.held_event and "change": '
    'added (it is held; repeats are ignored), tried (once more, and not taken), gone (it is through); the lines of '
    'those that are added, in their order. Errors: 55000 the stream is not acquired';

CREATE FUNCTION gpsync_internal.relay_held(stream text)
    RETURNS TABLE (endpoint text, sequence text, partition_key text, old_partition_key text, attempts integer,
        due_us bigint, bytes integer)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
BEGIN
    PERFORM gpsync_internal.require_acquired(relay_held.stream);
    RETURN QUERY
        SELECT h.endpoint, gpsync_internal.event_sequence(h.commit_lsn, h.ordinal), h.partition_key,
               h.old_partition_key, h.attempts, coalesce((extract(epoch FROM h.next_attempt) * 1000000)::bigint, 0),
               octet_length(h.line)
        FROM gpsync.held_event AS h WHERE h.stream = relay_held.stream
        UNION ALL
        SELECT DISTINCT l.endpoint, left(l.event_id, 25), NULL, NULL, 0, 0::bigint, 0
        FROM gpsync_internal.settled_everywhere(relay_held.stream) AS low
        JOIN gpsync.dead_letter_step AS l ON l.stream = relay_held.stream AND l.action = 'discarded'
            AND l.event_id > gpsync_internal.event_sequence(low.commit_lsn, low.ordinal) || '-FFFFFFFFFFFFFFFF';
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_held(text) IS
    'In: a stream this session has acquired. Out, for the relay when it begins: every held event, by endpoint and '
    'sequence, its partitionkeys, how often it was tried, when it is due (microseconds since 1970; 0: once it is the '
    'first of its key), the bytes of its line; and, without a key, what operators have discarded at an endpoint behind '
    'the place up to which everything is settled. Errors: 55000 the stream is not acquired';

CREATE FUNCTION gpsync_internal.relay_held_next(stream text, wanted jsonb, max_bytes bigint)
    RETURNS TABLE (endpoint text, commit_lsn pg_lsn, ordinal bigint, refused boolean, discarded boolean, line bytea)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
BEGIN
    PERFORM gpsync_internal.require_acquired(relay_held_next.stream);
    RETURN QUERY
        SELECT f.endpoint, f.commit_lsn, f.ordinal,
               EXISTS (SELECT FROM gpsync.stream AS s, unnest(s.endpoints) AS e (name), gpsync.dead_letter AS d
                       WHERE s.stream = relay_held_next.stream AND d.stream = s.stream AND d.endpoint = e.name
                           AND d.event_id = f.event_id)
                   OR EXISTS (SELECT FROM gpsync.dead_letter_step AS l
                              WHERE l.event_id = f.event_id AND l.stream = relay_held_next.stream
                                  AND l.action = 'discarded'),
               f.discarded, f.line
        FROM (SELECT h.*, row_number() OVER w AS place, sum(octet_length(h.line)) OVER w AS bytes,
                     EXISTS (SELECT FROM gpsync.relay_request AS r WHERE r.request = 'discard held'
                                 AND gpsync_internal.is_asked(h, r)) AS discarded
              FROM jsonb_to_recordset(wanted) AS w (endpoint text, commit_lsn pg_lsn, ordinal bigint)
              JOIN gpsync.held_event AS h ON (h.stream, h.endpoint, h.commit_lsn, h.ordinal)
                  = (relay_held_next.stream, w.endpoint, w.commit_lsn, w.ordinal)
              WINDOW w AS (ORDER BY h.commit_lsn, h.ordinal, h.endpoint)) AS f
        WHERE f.place = 1 OR f.bytes <= max_bytes
        ORDER BY f.place;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_held_next(text, jsonb, bigint) IS
    'In: a stream this session has acquired; the places of events that endpoints hold, an array of objects (endpoint, '
    'commit_lsn, ordinal); how much to read, bytes. Out: those that are still held, in the order of the stream, at '
    'least one: whether an endpoint has refused it for good, or an operator has given it up there; whether it is to '
    'be discarded at this endpoint; the decoder''s line. Errors: 55000 the stream is not acquired';

CREATE FUNCTION gpsync_internal.relay_held_requests(stream text)
    RETURNS TABLE (endpoint text, commit_lsn pg_lsn, ordinal bigint)
    LANGUAGE plpgsql STRICT SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM gpsync_internal.require_acquired(relay_held_requests.stream);
    DELETE FROM gpsync.relay_request AS r
    WHERE r.stream = relay_held_requests.stream AND r.request = 'discard held'
        AND NOT EXISTS (SELECT FROM gpsync.held_event AS h
                        WHERE h.stream = r.stream AND gpsync_internal.is_asked(h, r));
    RETURN QUERY
        WITH retried AS (
            DELETE FROM gpsync.relay_request AS r
            WHERE r.stream = relay_held_requests.stream AND r.request = 'retry held' RETURNING r)
        SELECT h.endpoint, h.commit_lsn, h.ordinal
        FROM (SELECT t.r FROM retried AS t
              UNION ALL
              SELECT d FROM gpsync.relay_request AS d
              WHERE d.stream = relay_held_requests.stream AND d.request = 'discard held') AS asked (request)
        JOIN gpsync.held_event AS h ON h.stream = relay_held_requests.stream
            AND gpsync_internal.is_asked(h, asked.request);
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_held_requests(text) IS
    'In: a stream this session has acquired. Out: the events that retry_held() was called for since the last call, and '
    'those that discard_held() was called for, until they are gone: each is due now, and relay_held_next() says '
    'whether it is discarded. Errors: 55000 the stream is not acquired';

CREATE FUNCTION gpsync_internal.count_held(stream text) RETURNS bigint
    LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$ SELECT count(*) FROM gpsync.held_event AS h WHERE h.stream = count_held.stream $$;
COMMENT ON FUNCTION gpsync_internal.count_held(text) IS 'How many events of a stream are held, all endpoints together';

REVOKE ALL ON FUNCTION gpsync_internal.is_asked(gpsync.held_event, gpsync.relay_request),
    gpsync_internal.relay_keep_held(text, jsonb, bytea[]), gpsync_internal.relay_held(text),
    gpsync_internal.relay_held_next(text, jsonb, bigint), gpsync_internal.relay_held_requests(text),
    gpsync_internal.count_held(text) FROM PUBLIC;
