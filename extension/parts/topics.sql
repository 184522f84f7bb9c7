-- The topics of streams: who takes them, and events of them that are lost. docs/emit.md.

CREATE FUNCTION gpsync_internal.streams_changed() RETURNS trigger LANGUAGE c
    AS 'MODULE_PATHNAME', 'gpsync_streams_changed';
COMMENT ON FUNCTION gpsync_internal.streams_changed() IS
    'Trigger: lets all sessions read anew which topics the streams take';

CREATE TRIGGER streams_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.stream
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.streams_changed();

-- The rule of a topic's name, and what a request's id has of it, are C's (src/core).
CREATE FUNCTION gpsync_internal.is_topic(topic text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_is_topic';
COMMENT ON FUNCTION gpsync_internal.is_topic(text) IS 'Whether a text is the name of a topic';

CREATE FUNCTION gpsync_internal.topic_hash(topic text) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_topic_hash';
COMMENT ON FUNCTION gpsync_internal.topic_hash(text) IS 'The 16 bits of a topic that a request''s id has';

CREATE FUNCTION gpsync_internal.has_topic(topics text[], hash integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM unnest(topics) AS t WHERE gpsync_internal.topic_hash(t) = hash) $$;
COMMENT ON FUNCTION gpsync_internal.has_topic(text[], integer) IS 'Whether one of the topics has the hash';

-- emit() holds a lock of mode ROW EXCLUSIVE on the table until its transaction ends (src/pg/stream_topics.cpp). So what
-- is accepted is in the WAL, committed or not, before the stream is gone. Others that emit wait behind this, so it
-- waits briefly only. The mode excludes itself, and is as strong as what the caller does to the table afterwards: two
-- sessions that drop streams wait for each other here, one after the other.
CREATE FUNCTION gpsync_internal.wait_for_emitters(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM gpsync.stream AS s
               WHERE s.stream = wait_for_emitters.stream AND cardinality(s.topics) > 0) THEN
        LOCK TABLE gpsync.stream IN SHARE ROW EXCLUSIVE MODE;
    END IF;
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    RAISE object_in_use USING
        MESSAGE = format('transactions that have emitted events to topics of stream "%s" are still open', stream),
        HINT = 'Try again when they have ended; pg_locks shows who has a lock on gpsync.stream.';
END $$;
COMMENT ON FUNCTION gpsync_internal.wait_for_emitters(text) IS
    'Waits, for at most two seconds, for transactions that have emitted, and keeps others from it until the '
    'transaction ends; not for a stream without topics. 55006 when they do not end';

CREATE FUNCTION gpsync_internal.request_xid(request uuid) RETURNS xid8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_request_xid';
COMMENT ON FUNCTION gpsync_internal.request_xid(uuid) IS 'The (sub)transaction of a request; NULL where it is none';

CREATE FUNCTION gpsync_internal.open_emitters(from_lsn pg_lsn, at_lsn pg_lsn) RETURNS xid8[]
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_open_emitters';
COMMENT ON FUNCTION gpsync_internal.open_emitters(pg_lsn, pg_lsn) IS
    'The (sub)transactions of this database that have emitted between two LSNs and have not ended at the second; NULL '
    'where that WAL is not there';

-- In the envelope, which ends where the data begins. The text is what encode(..., 'escape') makes of bytes without an
-- encoding: names and ids are of letters that it leaves as they are, and in strings quotes have a backslash.
CREATE FUNCTION gpsync_internal.request_in_line(line text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT substring(split_part(line, '"data":', 1) FROM '"requestid":"([0-9a-f-]{36})"')::uuid $$;
COMMENT ON FUNCTION gpsync_internal.request_in_line(text) IS
    'The request id of an event of a topic, in the decoder''s line of it; NULL in a line of a row';

-- Packs say between which LSNs their events were emitted, so few are unpacked: those of the time, and those that have
-- an event of a transaction that was open then.
CREATE FUNCTION gpsync_internal.spooled_requests(of_stream text, after_lsn pg_lsn, after_ordinal bigint,
    first_lsn pg_lsn, last_lsn pg_lsn) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    segment name;
BEGIN
    FOR segment IN SELECT s.table_name FROM gpsync.spool_segment AS s
                   WHERE s.stream = of_stream AND s.events > 0
                       AND (s.last_lsn, s.last_ordinal) > (after_lsn, after_ordinal) LOOP
        RETURN QUERY EXECUTE format($query$
            SELECT e.request
            FROM gpsync.%I AS p, LATERAL string_to_table(encode(p.content, 'escape'), E'\n') AS l (line),
                gpsync_internal.request_in_line(l.line) AS e (request)
            WHERE (p.last_lsn, p.last_ordinal) > ($1, $2) AND p.first_emitted <= $4 AND p.last_emitted >= $3
                AND e.request IS NOT NULL
                AND substring(l.line FROM '"id":"([0-9A-F]{16}-[0-9A-F]{8})-') COLLATE "C"
                    > gpsync_internal.event_sequence($1, $2)$query$, segment)
            USING after_lsn, after_ordinal, first_lsn, last_lsn;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.spooled_requests(text, pg_lsn, bigint, pg_lsn, pg_lsn) IS
    'The requests of events in a stream''s spool behind (after_lsn, after_ordinal), of all that were emitted between '
    'first_lsn and last_lsn; others may be among them';

-- Of a stream that nobody delivers any more. Where the slot is lost, or was moved by somebody else, the WAL does not
-- say it.
CREATE FUNCTION gpsync_internal.open_at_position(of_stream text) RETURNS xid8[]
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.open_emitters(r.restart_lsn, p.confirmed_lsn)
FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
JOIN pg_replication_slots AS r ON r.slot_name = p.slot_name AND r.plugin = 'gpsync_decoder'
    AND r.database = current_database() AND r.confirmed_flush_lsn <= p.confirmed_lsn
WHERE s.stream = of_stream AND cardinality(s.topics) > 0 $$;
COMMENT ON FUNCTION gpsync_internal.open_at_position(text) IS
    'The (sub)transactions that emitted before the position of a stream with topics and ended behind it; NULL: not '
    'known';

CREATE FUNCTION gpsync_internal.note_lost_events(of_stream text, with_spool boolean, open_xids xid8[], up_to pg_lsn,
    sent_xids xid8[], reason text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    behind record;
BEGIN
    SELECT c.commit_lsn, c.ordinal INTO behind FROM gpsync.endpoint_cursor AS c
    WHERE c.stream = of_stream AND c.feed = 'behind' AND with_spool ORDER BY 1, 2 LIMIT 1;
    INSERT INTO gpsync.lost_events (stream, topics, after_lsn, up_to_lsn, reason, lost_xids, unknown_from_xid,
                                    sent_xids)
        SELECT s.stream, s.topics, least(p.confirmed_lsn, behind.commit_lsn), up_to, note_lost_events.reason,
               coalesce(open_xids, '{}') || ARRAY(
                   SELECT DISTINCT gpsync_internal.request_xid(r)
                   FROM gpsync_internal.spooled_requests(of_stream, behind.commit_lsn, behind.ordinal, '0/0',
                                                         behind.commit_lsn) AS r),
               CASE WHEN open_xids IS NULL THEN p.ended_before END, note_lost_events.sent_xids
        FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
        WHERE s.stream = of_stream AND cardinality(s.topics) > 0;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_lost_events(text, boolean, xid8[], pg_lsn, xid8[], text) IS
    'Notes that a stream has not delivered, and never will, what is between its position (or, with its spool, the '
    'cursor of the endpoint that is behind most) and an LSN. open_xids: open_at_position(); sent_xids: transactions '
    'that emitted before the LSN and are delivered all the same';

-- What a stream's letters and held events say goes with the stream; of requests the log keeps it.
CREATE FUNCTION gpsync_internal.log_dropped_requests(of_stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO gpsync.dead_letter_step (action, detail, stream, endpoint, event_id, schema_name, table_name, key,
                                        http_status, error, request_id)
        SELECT 'discarded', 'the stream was dropped', d.stream, d.endpoint, d.event_id, d.schema_name, d.table_name,
               d.key, d.http_status, gpsync_internal.error_pattern(d.error), (d.payload ->> 'requestid')::uuid
        FROM gpsync.dead_letter AS d WHERE d.stream = of_stream AND d.schema_name = ''
        UNION ALL
        SELECT 'discarded', 'the stream was dropped', h.stream, h.endpoint, h.event_id, h.schema_name, h.table_name,
               h.key, h.http_status,
               coalesce(gpsync_internal.error_pattern(h.error), 'behind a held event of its key'),
               gpsync_internal.request_in_line(encode(h.line, 'escape'))
        FROM gpsync.held_event AS h WHERE h.stream = of_stream AND h.schema_name = '';
END $$;
COMMENT ON FUNCTION gpsync_internal.log_dropped_requests(text) IS
    'For drop_stream(): logs the dead letters and held events of topics that go with a stream';

CREATE FUNCTION gpsync_internal.stream_topics(stream text) RETURNS text[]
    LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT s.topics FROM gpsync.stream AS s WHERE s.stream = stream_topics.stream $$;
COMMENT ON FUNCTION gpsync_internal.stream_topics(text) IS 'The topics of a stream, for stream_status';

REVOKE ALL ON FUNCTION gpsync_internal.streams_changed(), gpsync_internal.is_topic(text),
    gpsync_internal.topic_hash(text), gpsync_internal.has_topic(text[], integer),
    gpsync_internal.wait_for_emitters(text), gpsync_internal.request_xid(uuid),
    gpsync_internal.open_emitters(pg_lsn, pg_lsn), gpsync_internal.request_in_line(text),
    gpsync_internal.spooled_requests(text, pg_lsn, bigint, pg_lsn, pg_lsn), gpsync_internal.open_at_position(text),
    gpsync_internal.note_lost_events(text, boolean, xid8[], pg_lsn, xid8[], text),
    gpsync_internal.log_dropped_requests(text), gpsync_internal.stream_topics(text) FROM PUBLIC;
