-- skip_change(): skips a change that stops a stream. The stream's relay begins again, and the decoder replaces the
-- change by an event that names it and has nothing of its row. Each endpoint gets this event as a dead letter.

CREATE FUNCTION gpsync_internal.event_sequence(commit_lsn pg_lsn, ordinal bigint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT upper(lpad(to_hex((commit_lsn - '0/0')::bigint), 16, '0') || '-' || lpad(to_hex(ordinal), 8, '0')) $$;
COMMENT ON FUNCTION gpsync_internal.event_sequence(pg_lsn, bigint) IS
    'The sequence of an event: its place in the stream, as text that sorts in stream order';

CREATE FUNCTION gpsync_internal.settled_everywhere(stream text, OUT commit_lsn pg_lsn, OUT ordinal bigint)
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT low.commit_lsn, low.ordinal FROM (
    SELECT p.commit_lsn, p.ordinal FROM gpsync.stream_position AS p WHERE p.stream = settled_everywhere.stream
    UNION ALL
    SELECT c.commit_lsn, c.ordinal FROM gpsync.endpoint_cursor AS c
    WHERE c.stream = settled_everywhere.stream AND c.feed = 'behind') AS low
ORDER BY 1, 2 LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.settled_everywhere(text) IS
    'The place up to which a stream is settled at every endpoint, those that are behind included';

CREATE FUNCTION gpsync_internal.skip_change_as(caller oid, stream text, commit_lsn pg_lsn, ordinal bigint, reason text)
    RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
DECLARE
    booked record;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    IF skip_change_as.ordinal NOT BETWEEN 1 AND 4294967295 OR btrim(skip_change_as.reason) = '' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a change to skip needs an ordinal of 1 or more, and a reason',
            HINT = 'last_error in gpsync.stream_status says which change stops a stream.';
    ELSIF skip_change_as.commit_lsn > pg_current_wal_insert_lsn() THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('LSN %s has not been written yet', skip_change_as.commit_lsn);
    END IF;
    SELECT * INTO booked FROM gpsync_internal.settled_everywhere(skip_change_as.stream);
    IF (skip_change_as.commit_lsn, skip_change_as.ordinal) <= (booked.commit_lsn, booked.ordinal) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('stream "%s" is past that change', skip_change_as.stream),
            DETAIL = format('Everything up to %s, event %s, is settled.', booked.commit_lsn, booked.ordinal);
    END IF;
    INSERT INTO gpsync.skipped_change AS k (stream, commit_lsn, ordinal, reason, skipped_by)
        VALUES (skip_change_as.stream, skip_change_as.commit_lsn, skip_change_as.ordinal, skip_change_as.reason,
            pg_get_userbyid(caller))
        ON CONFLICT ON CONSTRAINT skipped_change_pkey DO NOTHING;
    IF NOT FOUND THEN
        RAISE NOTICE 'that change is skipped already';
    END IF;
    -- The supervisor looks at once.
    UPDATE gpsync.stream AS s SET paused = s.paused WHERE s.stream = skip_change_as.stream;
END $$;
COMMENT ON FUNCTION gpsync_internal.skip_change_as(oid, text, pg_lsn, bigint, text) IS
    'skip_change() on behalf of a role';

CREATE FUNCTION gpsync.skip_change(stream text, commit_lsn pg_lsn, ordinal bigint, reason text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.skip_change(text, pg_lsn, bigint, text) IS
    'Leaves one change out of a stream, that cannot be decoded or delivered: its place is in the error that stops the '
    'stream. Each endpoint gets a dead letter that says what was skipped, by whom and why; the row is marked FAILED '
    'where its key can be shown. Errors: 42704 no such stream; 55000 the stream is past it; 22023 no such place in the '
    'WAL, no reason';

REVOKE ALL ON FUNCTION gpsync_internal.event_sequence(pg_lsn, bigint), gpsync_internal.settled_everywhere(text),
    gpsync_internal.skip_change_as(oid, text, pg_lsn, bigint, text),
    gpsync.skip_change(text, pg_lsn, bigint, text) FROM PUBLIC;
