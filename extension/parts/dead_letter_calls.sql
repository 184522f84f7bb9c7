-- What operators call at the dead letter desk, and what the relay calls for letters that go as they were.

-- The letters of one call have its time in retried_at.
CREATE FUNCTION gpsync_internal.reopen_letters(called_at timestamptz, streams text[], endpoints text[], events text[],
    why text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    reopened bigint;
BEGIN
    UPDATE gpsync.dead_letter AS d SET state = 'open', as_it_was = false, retried_at = NULL
    FROM unnest(streams, endpoints, events) AS c (stream, endpoint, event_id)
    WHERE (d.stream, d.endpoint, d.event_id) = (c.stream, c.endpoint, c.event_id) AND d.retried_at = called_at;
    GET DIAGNOSTICS reopened = ROW_COUNT;
    IF reopened > 0 THEN
        RAISE NOTICE '% dead letter(s) stay open: %', reopened, why;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.reopen_letters(timestamptz, text[], text[], text[], text) IS
    'Makes letters of a call of retry_dead_letters() that cannot be retried open again, and says why';

-- A function of its own: the setting must not reach the owner's triggers. With nested loops 10,000 letters would take a
-- minute, since nothing tells the planner how many they are.
CREATE FUNCTION gpsync_internal.note_touched(called_at timestamptz, of_schema name, of_table name, keys jsonb[],
    revisions bigint[], problems text[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = off
    AS $$
DECLARE
    failed record;
BEGIN
    UPDATE gpsync.dead_letter AS d SET retry_revision = t.revision, as_it_was = t.problem IS NOT NULL
    FROM unnest(keys, revisions, problems) AS t (key, revision, problem)
    WHERE d.retried_at = called_at AND d.schema_name = of_schema AND d.table_name = of_table AND NOT d.as_it_was
        AND d.key = t.key AND (t.problem IS NULL OR t.problem = 'missing');
    FOR failed IN
        SELECT t.problem, array_agg(d.stream) AS streams, array_agg(d.endpoint) AS endpoints,
               array_agg(d.event_id) AS events
        FROM unnest(keys, problems) AS t (key, problem) JOIN gpsync.dead_letter AS d ON d.key = t.key
            AND d.retried_at = called_at AND d.schema_name = of_schema AND d.table_name = of_table
            AND NOT d.as_it_was AND d.retry_revision IS NULL
        GROUP BY t.problem ORDER BY t.problem
    LOOP
        PERFORM gpsync_internal.reopen_letters(called_at, failed.streams, failed.endpoints, failed.events,
            failed.problem);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_touched(timestamptz, name, name, jsonb[], bigint[], text[]) IS
    'Notes what touch_rows() made of a call''s letters: the revision to wait for; or that there is no row, and the '
    'letter goes as it was; or why the letter stays open';

CREATE FUNCTION gpsync_internal.retry_rows(called_at timestamptz, of_schema name, of_table name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    chosen jsonb[] := array(
        SELECT DISTINCT d.key FROM gpsync.dead_letter AS d
        WHERE d.retried_at = called_at AND d.schema_name = of_schema AND d.table_name = of_table AND NOT d.as_it_was
            AND d.key IS NOT NULL
            -- Not the deletion of a row that left the row filter and is still there (it has a revision): the row is
            -- not sent as it is now.
            AND (d.revision IS NULL OR left(d.payload::text, 1000) !~ E'"type"\\s*:\\s*"gpsync.row.deleted"'));
BEGIN
    IF cardinality(chosen) > 0 THEN
        PERFORM gpsync_internal.note_touched(called_at, of_schema, of_table, chosen, t.revisions, t.problems)
        FROM gpsync_internal.touch_rows_named(of_schema, of_table, chosen, true) AS t WHERE t.problems IS NOT NULL;
    END IF;
    -- What is left has no row to be sent.
    UPDATE gpsync.dead_letter AS d SET as_it_was = true
    WHERE d.retried_at = called_at AND d.schema_name = of_schema AND d.table_name = of_table
        AND d.retry_revision IS NULL AND NOT d.as_it_was;
END $$;
COMMENT ON FUNCTION gpsync_internal.retry_rows(timestamptz, name, name) IS
    'Sends the rows of a call''s letters of one table again, as they are now; letters without a row are to go as they '
    'were';

CREATE FUNCTION gpsync_internal.retry_as_they_were(called_at timestamptz, of_stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    judged record;
BEGIN
    FOR judged IN
        SELECT v.verdict, array_fill(of_stream, ARRAY[count(*)::integer]) AS streams,
               array_agg(v.endpoint) AS endpoints, array_agg(v.event_id) AS events
        FROM (SELECT array_agg(d.endpoint), array_agg(d.event_id) FROM gpsync.dead_letter AS d
              WHERE d.retried_at = called_at AND d.stream = of_stream AND d.as_it_was) AS l (endpoints, events),
            gpsync_internal.resend_verdicts(of_stream, l.endpoints, l.events) AS v
        WHERE v.verdict <> 'send' GROUP BY v.verdict ORDER BY v.verdict
    LOOP
        IF judged.verdict = 'superseded' THEN
            PERFORM gpsync_internal.log_letters(judged.streams, judged.endpoints, judged.events, 'superseded',
                'the endpoint took, or is going to get, something newer of the same key', true);
            RAISE NOTICE '% dead letter(s) are superseded: the endpoint took, or is going to get, something newer of '
                'the same key', cardinality(judged.events);
        ELSE
            PERFORM gpsync_internal.reopen_letters(called_at, judged.streams, judged.endpoints, judged.events,
                CASE judged.verdict WHEN 'wait' THEN 'a newer version of the row is on its way'
                    ELSE judged.verdict END);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.retry_as_they_were(timestamptz, text) IS
    'Of a call''s letters that are to go as they were: closes or reopens those that may not';

CREATE FUNCTION gpsync_internal.retry_dead_letters_as(caller oid, endpoint text, error text, ids text[],
    as_it_was boolean) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    called_at timestamptz := clock_timestamp();
    target record;
    done record;
    result bigint := 0;
BEGIN
    PERFORM gpsync_internal.refuse_letter_filter(endpoint, error, ids);
    UPDATE gpsync.dead_letter AS d SET state = 'retrying', as_it_was = coalesce(retry_dead_letters_as.as_it_was, false),
        retry_revision = NULL, retried_at = called_at
    FROM gpsync_internal.chosen_letters(retry_dead_letters_as.endpoint, retry_dead_letters_as.error, ids) AS c
    WHERE (d.stream, d.endpoint, d.event_id) = (c.stream, c.endpoint_name, c.event_id);
    FOR target IN SELECT DISTINCT d.schema_name, d.table_name FROM gpsync.dead_letter AS d
                  WHERE d.retried_at = called_at ORDER BY 1, 2 LOOP
        PERFORM gpsync_internal.retry_rows(called_at, target.schema_name, target.table_name);
    END LOOP;
    FOR target IN SELECT DISTINCT d.stream FROM gpsync.dead_letter AS d WHERE d.retried_at = called_at ORDER BY 1 LOOP
        PERFORM gpsync_internal.retry_as_they_were(called_at, target.stream);
    END LOOP;
    FOR done IN
        SELECT d.as_it_was, s.bookkeeping OR d.as_it_was AS answered, count(*) AS letters,
               array_agg(d.stream) AS streams, array_agg(d.endpoint) AS endpoints, array_agg(d.event_id) AS events
        FROM gpsync.dead_letter AS d JOIN gpsync.stream AS s ON s.stream = d.stream
        WHERE d.retried_at = called_at GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        PERFORM gpsync_internal.log_letters(done.streams, done.endpoints, done.events,
            CASE WHEN done.answered THEN 'retried' ELSE 'resent' END,
            CASE WHEN done.as_it_was THEN 'as it was' WHEN done.answered THEN 'as it is now'
                ELSE 'the stream keeps no books: no outcome will be known' END, NOT done.answered);
        result := result + done.letters;
    END LOOP;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.retry_dead_letters_as(oid, text, text, text[], boolean) IS
    'retry_dead_letters() on behalf of a role';

CREATE FUNCTION gpsync.retry_dead_letters(endpoint text DEFAULT NULL, error text DEFAULT NULL,
    ids text[] DEFAULT NULL, as_it_was boolean DEFAULT false) RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.retry_dead_letters(text, text, text[], boolean) IS
    'Sends dead letters again that match all of: endpoint (''*'': any), error (as dead_letter_groups or dead_letters '
    'shows it), ids of events. Their rows are sent as they are now, with COMMIT; a letter is closed when its endpoint '
    'has taken that. The letter of a deleted row, and with as_it_was any, goes as it was, unless its endpoint took '
    'something newer of the key: then it is closed as superseded. Gives how many are being retried; a NOTICE says why '
    'others are not. Each is logged in dead_letter_log. Errors: 22023 no filter; 42704 no such endpoint';

CREATE FUNCTION gpsync_internal.discard_dead_letters_as(caller oid, endpoint text, error text, ids text[], reason text)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    chosen record;
BEGIN
    PERFORM gpsync_internal.refuse_letter_filter(endpoint, error, ids);
    IF btrim(coalesce(reason, '')) = '' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'discarding dead letters needs a reason',
            HINT = 'SELECT gpsync.discard_dead_letters(..., reason => ''...''); it goes into gpsync.dead_letter_log.';
    END IF;
    -- The locks first: what relay_book() closes meanwhile is not discarded.
    WITH locked AS (
        SELECT d.stream, d.endpoint, d.event_id
        FROM gpsync.dead_letter AS d
        JOIN gpsync_internal.chosen_letters(discard_dead_letters_as.endpoint, discard_dead_letters_as.error, ids) AS c
            ON (d.stream, d.endpoint, d.event_id) = (c.stream, c.endpoint_name, c.event_id)
        FOR UPDATE OF d)
    SELECT array_agg(l.stream) AS streams, array_agg(l.endpoint) AS endpoints, array_agg(l.event_id) AS events,
           count(*) AS letters
    INTO chosen FROM locked AS l;
    PERFORM gpsync_internal.log_letters(chosen.streams, chosen.endpoints, chosen.events, 'discarded',
        discard_dead_letters_as.reason, true);
    RETURN chosen.letters;
END $$;
COMMENT ON FUNCTION gpsync_internal.discard_dead_letters_as(oid, text, text, text[], text) IS
    'discard_dead_letters() on behalf of a role';

CREATE FUNCTION gpsync.discard_dead_letters(endpoint text DEFAULT NULL, error text DEFAULT NULL,
    ids text[] DEFAULT NULL, reason text DEFAULT NULL) RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.discard_dead_letters(text, text, text[], text) IS
    'Deletes the dead letters that retry_dead_letters() would choose with the same arguments, for a reason that goes '
    'into dead_letter_log with the role and the time. Rows that are FAILED stay so until they change. Gives how many. '
    'Errors: 22023 no filter, no reason; 42704 no such endpoint';

CREATE FUNCTION gpsync_internal.relay_resend_next(stream text, max_events integer DEFAULT 100,
    max_bytes bigint DEFAULT 8388608, left_out text[] DEFAULT '{}')
    RETURNS TABLE (endpoint text, event_id text, subject text, payload json)
    LANGUAGE plpgsql STRICT SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
DECLARE
    of_stream text := relay_resend_next.stream;
    endpoints text[];
    events text[];
    verdicts text[];
BEGIN
    PERFORM gpsync_internal.require_acquired(of_stream);
    SELECT array_agg(v.endpoint ORDER BY v.event_id), array_agg(v.event_id ORDER BY v.event_id),
           array_agg(v.verdict ORDER BY v.event_id)
    INTO endpoints, events, verdicts
    FROM (SELECT array_agg(w.endpoint), array_agg(w.event_id)
          FROM (SELECT d.endpoint, d.event_id FROM gpsync.dead_letter AS d
                WHERE d.stream = of_stream AND d.as_it_was AND d.endpoint <> ALL (left_out) ORDER BY d.event_id
                -- More than are asked for: some may have to wait.
                LIMIT relay_resend_next.max_events::bigint * 10) AS w) AS l (endpoints, events),
        gpsync_internal.resend_verdicts(of_stream, l.endpoints, l.events) AS v;
    PERFORM gpsync_internal.log_letters(array_fill(of_stream, ARRAY[cardinality(c.events)]), c.endpoints, c.events,
        'superseded', 'the endpoint took, or is going to get, something newer of the same key', true)
    FROM (SELECT array_agg(f.endpoint), array_agg(f.event_id)
          FROM (SELECT d.endpoint, d.event_id
                FROM unnest(endpoints, events, verdicts) AS v (endpoint, event_id, verdict)
                JOIN gpsync.dead_letter AS d ON (d.stream, d.endpoint, d.event_id) = (of_stream, v.endpoint, v.event_id)
                WHERE v.verdict = 'superseded' FOR UPDATE OF d SKIP LOCKED) AS f) AS c (endpoints, events)
    WHERE c.events IS NOT NULL;
    RETURN QUERY
        SELECT r.endpoint, r.event_id, r.subject, r.payload
        FROM (SELECT d.endpoint, d.event_id, d.subject, d.payload, row_number() OVER w AS place,
                     sum(octet_length(d.payload::text)) OVER w AS bytes
              FROM unnest(endpoints, events, verdicts) AS v (endpoint, event_id, verdict)
              JOIN gpsync.dead_letter AS d ON (d.stream, d.endpoint, d.event_id) = (of_stream, v.endpoint, v.event_id)
              WHERE v.verdict = 'send' WINDOW w AS (ORDER BY d.event_id, d.endpoint)) AS r
        WHERE r.place = 1 OR r.place <= relay_resend_next.max_events AND r.bytes <= relay_resend_next.max_bytes
        ORDER BY r.place;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_resend_next(text, integer, bigint, text[]) IS
    'In: a stream this session has acquired. Out: the dead letters that are to go as they were, each to its endpoint '
    'alone, in the order of the stream, at most max_events and max_bytes of payload, but at least one; none to the '
    'endpoints in left_out, which have some, or take none. Those of which '
    'the endpoint has something newer are closed; those whose row is on its way are left out. They come again until '
    'relay_resend_settle() has settled them. The caller sends them down the lanes of their keys, and leaves out those '
    'of which it has an unsettled event itself. Errors: 55000 the stream is not acquired';

CREATE FUNCTION gpsync_internal.relay_resend_settle(stream text, results jsonb) RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of_stream text := relay_resend_settle.stream;
    result record;
BEGIN
    PERFORM gpsync_internal.require_acquired(of_stream);
    FOR result IN
        SELECT r.* FROM jsonb_to_recordset(results) AS r (endpoint text, event_id text, outcome text, attempts integer,
            http_status integer, error text)
    LOOP
        IF coalesce(result.outcome, '') NOT IN ('delivered', 'superseded', 'refused') THEN
            RAISE invalid_parameter_value USING MESSAGE = format('unknown outcome "%s" of a dead letter',
                result.outcome), HINT = 'It is delivered, superseded or refused.';
        END IF;
        -- The desk may have closed it meanwhile, or be about to: a letter that an operator's transaction has locked is
        -- left, and comes again when that is over.
        PERFORM FROM gpsync.dead_letter AS d
        WHERE (d.stream, d.endpoint, d.event_id) = (of_stream, result.endpoint, result.event_id) AND d.as_it_was
        FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
        UPDATE gpsync.dead_letter AS d
        SET state = 'open', as_it_was = false, retried_at = NULL, attempts = d.attempts + coalesce(result.attempts, 1),
            http_status = coalesce(result.http_status, d.http_status), error = coalesce(result.error, d.error)
        WHERE (d.stream, d.endpoint, d.event_id) = (of_stream, result.endpoint, result.event_id);
        PERFORM gpsync_internal.log_letters(ARRAY[of_stream], ARRAY[result.endpoint], ARRAY[result.event_id],
            result.outcome, CASE result.outcome WHEN 'superseded'
                THEN 'the endpoint took a newer event of the same key' ELSE 'as it was' END,
            result.outcome <> 'refused');
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_resend_settle(text, jsonb) IS
    'In: a stream this session has acquired; what became of letters of relay_resend_next(), an array of {"endpoint", '
    '"event_id", "outcome", "attempts", "http_status", "error"}, the outcome delivered, superseded or refused (the '
    'letter is open again then, with the new error). Errors: 55000 the stream is not acquired; 22023 unknown outcome';

REVOKE ALL ON FUNCTION gpsync_internal.reopen_letters(timestamptz, text[], text[], text[], text),
    gpsync_internal.note_touched(timestamptz, name, name, jsonb[], bigint[], text[]),
    gpsync_internal.retry_rows(timestamptz, name, name),
    gpsync_internal.retry_as_they_were(timestamptz, text),
    gpsync_internal.retry_dead_letters_as(oid, text, text, text[], boolean),
    gpsync.retry_dead_letters(text, text, text[], boolean),
    gpsync_internal.discard_dead_letters_as(oid, text, text, text[], text),
    gpsync.discard_dead_letters(text, text, text[], text),
    gpsync_internal.relay_resend_next(text, integer, bigint, text[]),
    gpsync_internal.relay_resend_settle(text, jsonb) FROM PUBLIC;
