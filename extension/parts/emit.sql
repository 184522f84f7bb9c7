-- emit() and request_status(): events of topics that are in the WAL only. docs/emit.md.

CREATE FUNCTION gpsync.emit(type text, data jsonb, key text DEFAULT NULL, topic text DEFAULT 'audit') RETURNS jsonb
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_emit';
COMMENT ON FUNCTION gpsync.emit(text, jsonb, text, text) IS
    'Sends an event to the streams that take the topic, when the transaction commits: a CloudEvent of that type whose '
    'data is the document, scrubbed with policy payments@1 before it gets into the WAL. It is stored nowhere else. '
    'Events of one key are delivered in order. Gives {"requestId": UUID, "status": "ACCEPTED"} at once; '
    'request_status() says what became of it. Errors: 22004 NULL; 22023 bad type or key, or personal data in one; '
    '42704 no stream takes the topic; 54000 more than 1 MB of data; 25006 a read-only transaction, recovery; 55000 '
    'wal_level is not logical';

CREATE FUNCTION gpsync_internal.request_state(request uuid, OUT state text, OUT message_lsn pg_lsn, OUT xid xid8,
    OUT topic_hash integer, OUT commit_lsn pg_lsn, OUT commit_end pg_lsn)
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_request_state';
COMMENT ON FUNCTION gpsync_internal.request_state(uuid) IS
    'What a request''s id says, with the WAL: UNKNOWN, IN PROGRESS, ABORTED or COMMITTED; where its message ends, its '
    '(sub)transaction, the hash of its topic; while the WAL is there, where the commit record begins and ends. Errors: '
    '55000 recovery in progress';

-- The books, not the slot, say what is settled where they can: they outlive it. In this order, with a snapshot each:
-- what the position covers was spooled or held before, and what an endpoint that is behind, or holds it, has got then
-- is settled.
CREATE FUNCTION gpsync_internal.request_is_settled(of_stream text, request uuid, message pg_lsn, xid xid8,
    commit_lsn pg_lsn, commit_end pg_lsn) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_variable
DECLARE
    -- The slot is as it is now, and the tables are as the snapshot is.
    is_now boolean := current_setting('transaction_isolation') = 'read committed';
BEGIN
    IF NOT EXISTS (
        SELECT FROM gpsync.stream_position AS p LEFT JOIN pg_replication_slots AS r ON r.slot_name = p.slot_name
            AND r.plugin = 'gpsync_decoder' AND r.database = current_database()
        WHERE p.stream = of_stream AND p.system_identifier = (pg_control_system()).system_identifier
            AND (p.confirmed_lsn >= commit_end OR p.ended_before > xid
                -- A transaction that began before the slot''s restart_lsn has ended before what is confirmed.
                OR is_now AND r.restart_lsn > message)) THEN
        RETURN false;
    END IF;
    IF EXISTS (
        SELECT FROM gpsync.endpoint_cursor AS c WHERE c.stream = of_stream AND c.feed = 'behind'
            AND CASE WHEN commit_lsn IS NOT NULL THEN c.commit_lsn <= commit_lsn
                ELSE c.commit_lsn < message
                    OR request IN (SELECT gpsync_internal.spooled_requests(of_stream, c.commit_lsn, c.ordinal, message,
                                                                           message)) END) THEN
        RETURN false;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM gpsync.held_event AS h WHERE h.stream = of_stream AND h.schema_name = ''
            AND (commit_lsn IS NULL OR h.commit_lsn = commit_lsn)
            AND gpsync_internal.request_in_line(encode(h.line, 'escape')) = request);
END $$;
COMMENT ON FUNCTION gpsync_internal.request_is_settled(text, uuid, pg_lsn, xid8, pg_lsn, pg_lsn) IS
    'Whether a stream has settled the event of a request at every endpoint: it was taken, or is a dead letter';

CREATE FUNCTION gpsync_internal.request_letters(request uuid, topic_hash integer, message pg_lsn, xid xid8)
    RETURNS jsonb
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('stream', l.stream, 'endpoint', l.endpoint, 'eventId', l.event_id,
           'state', l.state, 'httpStatus', l.http_status, 'error', l.error)) ORDER BY l.stream, l.endpoint)
FROM (SELECT d.stream, d.endpoint, d.event_id, d.state, d.http_status, gpsync_internal.error_pattern(d.error) AS error
      FROM gpsync.dead_letter AS d WHERE d.schema_name = '' AND d.payload ->> 'requestid' = request::text
      UNION ALL
      SELECT g.stream, g.endpoint, g.event_id, 'discarded', g.http_status, g.error
      FROM gpsync.dead_letter_step AS g WHERE g.request_id = request AND g.action = 'discarded'
      UNION ALL
      SELECT e.stream, NULL, NULL, 'lost', NULL, e.reason || CASE
                 WHEN message > e.after_lsn OR xid = ANY (e.lost_xids) THEN ''
                 ELSE '; whether it had delivered the event is not known' END
      FROM gpsync.lost_events AS e
      WHERE gpsync_internal.has_topic(e.topics, topic_hash) AND message <= e.up_to_lsn AND xid <> ALL (e.sent_xids)
          AND (message > e.after_lsn OR xid = ANY (e.lost_xids) OR xid >= e.unknown_from_xid)) AS l $$;
COMMENT ON FUNCTION gpsync_internal.request_letters(uuid, integer, pg_lsn, xid8) IS
    'Why the event of a request was not delivered somewhere: its dead letters, open or discarded, and streams that '
    'lost it; NULL when there is nothing';

CREATE FUNCTION gpsync.request_status(request_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    request record;
    settled boolean;
    letters jsonb;
BEGIN
    SELECT * INTO request FROM gpsync_internal.request_state(request_id);
    IF request.state <> 'COMMITTED' THEN
        RETURN jsonb_build_object('requestId', request_id, 'status', request.state);
    END IF;
    -- By the hash alone, also while the WAL is there that has the topic: the answer must not depend on that.
    SELECT coalesce(bool_and(gpsync_internal.request_is_settled(s.stream, request_id, request.message_lsn,
                                 request.xid, request.commit_lsn, request.commit_end)), true)
    INTO settled
    FROM gpsync.stream AS s WHERE gpsync_internal.has_topic(s.topics, request.topic_hash);
    letters := gpsync_internal.request_letters(request_id, request.topic_hash, request.message_lsn, request.xid);
    RETURN jsonb_strip_nulls(jsonb_build_object('requestId', request_id, 'status', CASE
        WHEN NOT settled THEN 'ACCEPTED' WHEN letters IS NULL THEN 'DELIVERED' ELSE 'FAILED' END,
        'deadLetters', letters));
END $$;
COMMENT ON FUNCTION gpsync.request_status(uuid) IS
    'What became of an event that emit() accepted, as {"requestId", "status"}: IN PROGRESS (its transaction is), '
    'ABORTED, ACCEPTED (committed; some endpoint has not settled it), DELIVERED (every endpoint of every stream that '
    'takes the topic has it), FAILED (none waits for it, and not all have it: "deadLetters" says where and why), '
    'UNKNOWN (no request of this database, or so old that the server does not know its transaction any more). It '
    'never goes back; a dead letter that is retried turns FAILED to DELIVERED. Errors: 55000 recovery in progress';

REVOKE ALL ON FUNCTION gpsync.emit(text, jsonb, text, text), gpsync_internal.request_state(uuid),
    gpsync_internal.request_is_settled(text, uuid, pg_lsn, xid8, pg_lsn, pg_lsn),
    gpsync_internal.request_letters(uuid, integer, pg_lsn, xid8), gpsync.request_status(uuid) FROM PUBLIC;
