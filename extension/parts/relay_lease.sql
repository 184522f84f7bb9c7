-- The lease of the relay that delivers. Its session for bookkeeping calls the extension several times a second; a
-- session that has called nothing for a while belongs to a relay that hangs, or cannot be reached.

CREATE FUNCTION gpsync_internal.relay_seize(stream text, lease interval) RETURNS integer
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    suspect integer := gpsync_internal.lock_holder(relay_seize.stream);
    walsender integer := (SELECT s.active_pid FROM pg_replication_slots AS s
        WHERE s.slot_name = gpsync_internal.slot_name(relay_seize.stream) AND s.database = current_database());
    holder record;
BEGIN
    IF lease < interval '1.2 s' THEN
        RAISE invalid_parameter_value USING MESSAGE = format('a lease of %s is too short', lease),
            DETAIL = 'The relay that has the stream goes on sending for 1 s after its last call.';
    END IF;
    -- A holder in a transaction drops or recreates the stream, or is booking. A call whose answer nobody reads is over.
    SELECT a.pid, a.state_change INTO holder
    FROM pg_stat_activity AS a
    WHERE a.pid = suspect AND (a.state = 'idle' OR a.state = 'active' AND a.wait_event = 'ClientWrite')
        AND a.state_change < clock_timestamp() - lease;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RAISE LOG 'gpsync: process % has the lock of stream "%" and called nothing since %: it is ended, another relay '
        'takes over', holder.pid, stream, holder.state_change;
    -- More than once: a walsender whose client reads nothing waits to send its last message, until it is asked again.
    FOR attempt IN 1 .. 50 LOOP
        PERFORM pg_terminate_backend(p.pid) FROM (
            SELECT s.active_pid FROM pg_replication_slots AS s
            WHERE s.slot_name = gpsync_internal.slot_name(relay_seize.stream) AND s.active_pid = walsender
            UNION ALL SELECT holder.pid WHERE gpsync_internal.lock_holder(relay_seize.stream) = holder.pid) AS p (pid);
        EXIT WHEN NOT FOUND;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN holder.pid;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_seize(text, interval) IS
    'In: a stream''s name, and for how long the relay that has it may be without a sign of life (at least 1.2 s). Ends '
    'the session that has the stream''s lock, and the walsender of its slot, when that session is idle, or cannot get '
    'rid of an answer, for longer. Out: the process it ended, NULL when there was nothing to end; the lock is free a '
    'moment later. Needs track_activities, without which nobody is ended. Errors: 22023 the lease is too short';
REVOKE ALL ON FUNCTION gpsync_internal.relay_seize(text, interval) FROM PUBLIC;
