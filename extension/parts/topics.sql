-- The topics of streams: who takes them, and events of them that are lost. docs/emit.md.

CREATE FUNCTION gpsync_internal.streams_changed() RETURNS trigger LANGUAGE c
    AS 'MODULE_PATHNAME', 'gpsync_streams_changed';
COMMENT ON FUNCTION gpsync_internal.streams_changed() IS
    'Trigger: lets all sessions read anew which topics the streams take';

CREATE TRIGGER streams_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.stream
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.streams_changed();

-- emit() holds a lock of mode ROW EXCLUSIVE on the table until its transaction ends (src/pg/stream_topics.cpp). So what
-- is accepted is in the WAL, committed or not, before the stream is gone. Others that emit wait behind this, so it
-- waits
-- briefly only.
CREATE FUNCTION gpsync_internal.wait_for_emitters(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM gpsync.stream AS s
               WHERE s.stream = wait_for_emitters.stream AND cardinality(s.topics) > 0) THEN
        LOCK TABLE gpsync.stream IN SHARE MODE;
    END IF;
EXCEPTION WHEN lock_not_available THEN
    RAISE object_in_use USING
        MESSAGE = format('transactions that have emitted events to topics of stream "%s" are still open', stream),
        HINT = 'Try again when they have ended; pg_locks shows who has a lock on gpsync.stream.';
END $$;
COMMENT ON FUNCTION gpsync_internal.wait_for_emitters(text) IS
    'Waits, for at most two seconds, for transactions that have emitted, and keeps others from it until the '
    'transaction ends; not for a stream without topics. 55006 when they do not end';

CREATE FUNCTION gpsync_internal.note_lost_events(of_stream text, up_to pg_lsn, reason text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO gpsync.lost_events (stream, topics, after_lsn, up_to_lsn, reason)
        SELECT s.stream, s.topics, least(p.confirmed_lsn, (SELECT min(c.commit_lsn) FROM gpsync.endpoint_cursor AS c
                   WHERE c.stream = s.stream AND c.feed = 'behind')), up_to, note_lost_events.reason
        FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
        WHERE s.stream = of_stream AND cardinality(s.topics) > 0;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_lost_events(text, pg_lsn, text) IS
    'Notes that a stream has not delivered, and never will, what is between its position and a place in the WAL';

-- What a stream's letters and held events say goes with the stream; of requests the log keeps it.
CREATE FUNCTION gpsync_internal.log_dropped_requests(of_stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO gpsync.dead_letter_log (action, detail, stream, endpoint, event_id, schema_name, table_name, key,
                                        http_status, error, request_id)
        SELECT 'discarded', 'the stream was dropped', d.stream, d.endpoint, d.event_id, d.schema_name, d.table_name,
               d.key, d.http_status, gpsync_internal.error_pattern(d.error), (d.payload ->> 'requestid')::uuid
        FROM gpsync.dead_letter AS d WHERE d.stream = of_stream AND d.schema_name = ''
        UNION ALL
        SELECT 'discarded', 'the stream was dropped', h.stream, h.endpoint, h.event_id, h.schema_name, h.table_name,
               h.key, h.http_status,
               coalesce(gpsync_internal.error_pattern(h.error), 'behind a held event of its key'),
               gpsync_internal.request_in_line(h.line)
        FROM gpsync.held_event AS h WHERE h.stream = of_stream AND h.schema_name = '';
END $$;
COMMENT ON FUNCTION gpsync_internal.log_dropped_requests(text) IS
    'For drop_stream(): logs the dead letters and held events of topics that go with a stream';

-- Bytes without an encoding: an id is of letters that every one has.
CREATE FUNCTION gpsync_internal.request_in_line(line bytea) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT substring(encode(line, 'escape') FROM '"requestid":"([0-9a-f-]{36})"')::uuid $$;
COMMENT ON FUNCTION gpsync_internal.request_in_line(bytea) IS
    'The request id of an event of a topic, in the decoder''s line of it';

CREATE FUNCTION gpsync_internal.stream_topics(stream text) RETURNS text[]
    LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT s.topics FROM gpsync.stream AS s WHERE s.stream = stream_topics.stream $$;
COMMENT ON FUNCTION gpsync_internal.stream_topics(text) IS 'The topics of a stream, for stream_status';

REVOKE ALL ON FUNCTION gpsync_internal.streams_changed(), gpsync_internal.wait_for_emitters(text),
    gpsync_internal.note_lost_events(text, pg_lsn, text), gpsync_internal.log_dropped_requests(text),
    gpsync_internal.request_in_line(bytea), gpsync_internal.stream_topics(text) FROM PUBLIC;
