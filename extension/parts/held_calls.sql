-- What operators call for held events. The relay reads of it in the answer to its next report (relay_report()).

-- Events of one key follow each other; one that changes its row's key counts with the key it has then.
CREATE VIEW gpsync.parked_events AS
SELECT s.stream, s.endpoint, s.schema_table AS "table", 'spooled'::pg_catalog.text AS state,
       pg_catalog.sum(s.events)::bigint AS events, pg_catalog.min(s.oldest) AS oldest,
       pg_catalog.sum(s.bytes)::bigint AS bytes, NULL::jsonb AS key, NULL::integer AS attempts,
       NULL::timestamptz AS next_attempt, NULL::text AS last_error
FROM gpsync_internal.spooled_events() AS s GROUP BY s.stream, s.endpoint, s.schema_table
UNION ALL
SELECT h.stream, h.endpoint, gpsync_internal.shown_table(h.schema_name, h.table_name), 'held', pg_catalog.count(*),
       pg_catalog.min(h.committed_at), pg_catalog.sum(pg_catalog.octet_length(h.line))::bigint,
       gpsync_internal.key_of_letter(h.key),
       (pg_catalog.array_agg(h.attempts ORDER BY h.commit_lsn, h.ordinal))[1],
       (pg_catalog.array_agg(h.next_attempt ORDER BY h.commit_lsn, h.ordinal))[1],
       gpsync_internal.error_pattern((pg_catalog.array_agg(h.error ORDER BY h.commit_lsn, h.ordinal))[1])
FROM gpsync.held_event AS h GROUP BY h.stream, h.endpoint, h.schema_name, h.table_name, h.key;
COMMENT ON VIEW gpsync.parked_events IS
    'What waits in the database for an endpoint. spooled: what an endpoint that is behind is to get, by table (a pack '
    'of 64 kB that is begun counts as a whole). held: each key that an endpoint rejects for now. events, the commit '
    'time of the oldest, bytes before compression; of a held key also how often its first event was tried, when it is '
    'tried next, and what the endpoint said, with # for numbers and ids. Who may not see dead_letters sees keys '
    'without PII';

CREATE FUNCTION gpsync_internal.ask_of_held(stream text, endpoint text, key jsonb, "table" text, request text)
    RETURNS gpsync.relay_request
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
DECLARE
    asked gpsync.relay_request;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_endpoint(ask_of_held.stream, ask_of_held.endpoint);
    IF NOT EXISTS (SELECT FROM gpsync.relay_report AS r
                   WHERE r.stream = ask_of_held.stream AND gpsync_internal.is_fresh_report(r.reported_at)) THEN
        RAISE NOTICE 'no relay delivers stream "%" at present: the next one does it', ask_of_held.stream;
    END IF;
    INSERT INTO gpsync.relay_request (stream, endpoint, key, table_name, request)
        VALUES (ask_of_held.stream, ask_of_held.endpoint, ask_of_held.key, ask_of_held."table", ask_of_held.request)
        RETURNING * INTO asked;
    RETURN asked;
END $$;
COMMENT ON FUNCTION gpsync_internal.ask_of_held(text, text, jsonb, text, text) IS
    'Writes a request for the relay: about the events that an endpoint holds, of a key and of a table where they are '
    'given. Errors: 42704 no such stream or endpoint';

CREATE FUNCTION gpsync_internal.retry_held_as(caller oid, stream text, endpoint text, key jsonb, "table" text)
    RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT count(*) FROM gpsync_internal.ask_of_held(stream, endpoint, key, "table", 'retry held') AS r
JOIN gpsync.held_event AS h ON gpsync_internal.is_asked(h, r) $$;
COMMENT ON FUNCTION gpsync_internal.retry_held_as(oid, text, text, jsonb, text) IS 'retry_held() on behalf of a role';

CREATE FUNCTION gpsync.retry_held(stream text, endpoint text, key jsonb DEFAULT NULL, "table" text DEFAULT NULL)
    RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.retry_held(text, text, jsonb, text) IS
    'Has the events that an endpoint holds (state held in gpsync.parked_events) tried at once, instead of at '
    'next_attempt: those of a key and a table as the view shows them; without key, or without table, of all. In order, '
    'as ever. Gives how many. Errors: 42704 no such stream, no such endpoint of it';

CREATE FUNCTION gpsync_internal.discard_held_as(caller oid, stream text, endpoint text, key jsonb, reason text,
    "table" text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
DECLARE
    discarded bigint;
BEGIN
    IF discard_held_as.key IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the call does not say which held events it means',
            DETAIL = 'key is NULL.', HINT = 'gpsync.parked_events shows the keys that are held.';
    ELSIF btrim(coalesce(discard_held_as.reason, '')) = '' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'discarding held events needs a reason',
            HINT = 'SELECT gpsync.discard_held(..., reason => ''...''); it goes into gpsync.dead_letter_log.';
    END IF;
    INSERT INTO gpsync.dead_letter_step (action, detail, stream, endpoint, event_id, schema_name, table_name, key,
                                        http_status, error, request_id)
        SELECT 'discarded', discard_held_as.reason, a.stream, a.endpoint, a.event_id, a.schema_name, a.table_name,
               a.key, a.http_status, coalesce(gpsync_internal.error_pattern(a.error), 'behind a held event of its key'),
               CASE WHEN a.schema_name = '' THEN gpsync_internal.request_in_line(encode(a.line, 'escape')) END
        FROM gpsync_internal.ask_of_held(discard_held_as.stream, discard_held_as.endpoint, discard_held_as.key,
                 discard_held_as."table", 'discard held') AS r
        JOIN gpsync.held_event AS a ON gpsync_internal.is_asked(a, r)
        ORDER BY a.commit_lsn, a.ordinal;
    GET DIAGNOSTICS discarded = ROW_COUNT;
    RETURN discarded;
END $$;
COMMENT ON FUNCTION gpsync_internal.discard_held_as(oid, text, text, jsonb, text, text) IS
    'discard_held() on behalf of a role';

CREATE FUNCTION gpsync.discard_held(stream text, endpoint text, key jsonb, reason text, "table" text DEFAULT NULL)
    RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.discard_held(text, text, jsonb, text, text) IS
    'Gives up the events of a key that an endpoint holds (within a second or two; one that is on its way is taken if '
    'the endpoint takes it), for a reason that goes into gpsync.dead_letter_log with the role and the time. Their row '
    'is marked FAILED, unless it has changed since. Gives how many. Errors: 42704 no such stream, no such endpoint of '
    'it; 22023 no key, no reason';

REVOKE ALL ON FUNCTION gpsync_internal.ask_of_held(text, text, jsonb, text, text),
    gpsync_internal.retry_held_as(oid, text, text, jsonb, text), gpsync.retry_held(text, text, jsonb, text),
    gpsync_internal.discard_held_as(oid, text, text, jsonb, text, text),
    gpsync.discard_held(text, text, jsonb, text, text) FROM PUBLIC;
