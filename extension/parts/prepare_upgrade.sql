-- prepare_upgrade(): the last call before pg_upgrade. pg_upgrade takes slots along, from PostgreSQL 17 on, only if
-- nothing that commits in their database is behind them; but the relay's own bookkeeping always is. And in the new
-- cluster nothing shows any more where a slot was. So both are settled here: what was delivered is written down, and
-- the slots are moved behind that.

-- Without a relay's own options, so that each message is one event.
CREATE FUNCTION gpsync_internal.reader_options(stream text) RETURNS text[]
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT ARRAY['pack_bytes', '0']
    || CASE WHEN s.publication IS NULL THEN '{}' ELSE ARRAY['publication_names', quote_ident(s.publication)] END
    || CASE WHEN s.partition IS NULL THEN '{}' ELSE ARRAY['partition', s.partition] END
    || CASE WHEN s.topics = '{}' THEN '{}' ELSE ARRAY['topics', array_to_string(s.topics, ',')] END
    || (SELECT coalesce(ARRAY['skip_changes', string_agg(gpsync_internal.event_sequence(k.commit_lsn, k.ordinal), ',')],
                        '{}')
        FROM gpsync.skipped_change AS k WHERE k.stream = s.stream HAVING count(*) > 0)
FROM gpsync.stream AS s WHERE s.stream = reader_options.stream $$;
COMMENT ON FUNCTION gpsync_internal.reader_options(text) IS
    'The options of gpsync_decoder for reading what the relay of a stream reads, an event a message';

CREATE FUNCTION gpsync_internal.refuse_undelivered(stream text, up_to pg_lsn) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    behind bigint;
BEGIN
    SELECT count(*) INTO behind FROM gpsync.stream_position AS p,
        pg_logical_slot_peek_changes(p.slot_name, up_to, NULL,
            VARIADIC gpsync_internal.reader_options(p.stream)) AS c
    WHERE p.stream = refuse_undelivered.stream AND c.data::json ->> 'sequence' COLLATE "C"
        > gpsync_internal.event_sequence(p.commit_lsn, p.ordinal) COLLATE "C";
    IF behind > 0 THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('%s events of stream "%s" are not delivered', behind, stream),
            HINT = 'Start its gpsync-relay, keep the applications away, and stop the relay when '
                || 'gpsync.wait_for_sync() has given true.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_undelivered(text, pg_lsn) IS
    'Raises 55000 when a stream has events that committed before an LSN and are neither delivered nor spooled';

-- A relay that waits, paused, writes its reports too.
CREATE FUNCTION gpsync_internal.refuse_running_relay(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT gpsync_internal.try_lock_stream(stream)
        OR EXISTS (SELECT FROM pg_replication_slots AS r
                   WHERE r.slot_name = gpsync_internal.slot_name(stream) AND r.active_pid IS NOT NULL)
        OR EXISTS (SELECT FROM gpsync_internal.relay_reports() AS r
                   WHERE r.stream = refuse_running_relay.stream AND r.state <> 'stopped'
                       AND gpsync_internal.is_fresh_report(r.reported_at)) THEN
        RAISE object_in_use USING MESSAGE = format('a relay is at work on stream "%s"', stream),
            HINT = 'Stop every gpsync-relay; those of the server stop with gpsync.databases = '''' and a restart.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_running_relay(text) IS
    'Raises 55006 when a relay delivers a stream, reads its slot or has reported in the last seconds';

CREATE FUNCTION gpsync_internal.refuse_unready_streams() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of text;
    slot record;
BEGIN
    FOR of IN SELECT s.stream FROM gpsync.stream AS s ORDER BY 1 LOOP
        SELECT * INTO slot FROM gpsync_internal.slot_problem(of);
        IF FOUND THEN
            RAISE object_not_in_prerequisite_state USING MESSAGE = slot.problem, HINT = slot.fix;
        END IF;
        PERFORM gpsync_internal.refuse_running_relay(of);
        PERFORM gpsync_internal.refuse_undelivered(of, NULL);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unready_streams() IS
    'Raises 55000 or 55006 unless all streams are in order, delivered, and without a relay';

-- 256 kB: this transaction's own WAL, with full pages of two small tables, and some of others. The slots are moved that
-- far at most. The positions stay, because what the books call confirmed has been delivered.
CREATE FUNCTION gpsync_internal.end_streams() RETURNS pg_lsn
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bound pg_lsn := pg_current_wal_insert_lsn() + 262144;
BEGIN
    -- What is not durable yet the slots cannot pass. A standby that is away must not keep the call waiting.
    PERFORM set_config('synchronous_commit', 'local', true);
    DELETE FROM gpsync.stream_end;
    INSERT INTO gpsync.stream_end (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn, booked_at,
                                   slot_bound, server_version)
        SELECT p.stream, p.slot_name, p.system_identifier, p.commit_lsn, p.ordinal, p.confirmed_lsn, p.booked_at,
            bound, current_setting('server_version_num')::integer
        FROM gpsync.stream_position AS p;
    RETURN bound;
END $$;
COMMENT ON FUNCTION gpsync_internal.end_streams() IS
    'Writes down that all streams are delivered, and that their slots may be confirmed up to the LSN that it gives';

-- Writes no transaction id: a commit would be behind the slots again.
CREATE FUNCTION gpsync_internal.advance_ended_slots(bound pg_lsn) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    target pg_lsn := pg_current_wal_flush_lsn();
BEGIN
    IF target > bound THEN
        RETURN false;
    END IF;
    -- Of all streams first: what committed since the first look is not to be passed, by any slot.
    PERFORM gpsync_internal.refuse_undelivered(p.stream, target) FROM gpsync.stream_position AS p ORDER BY p.stream;
    PERFORM pg_replication_slot_advance(p.slot_name, target) FROM gpsync.stream_position AS p ORDER BY p.stream;
    RETURN true;
END $$;
COMMENT ON FUNCTION gpsync_internal.advance_ended_slots(pg_lsn) IS
    'Confirms the slots of all streams up to the end of the WAL, having seen that nothing undelivered is before it; '
    'false when the end is past the bound that end_streams() has given';

CREATE PROCEDURE gpsync.prepare_upgrade()
    LANGUAGE plpgsql
    AS $$
DECLARE
    bound pg_lsn;
BEGIN
    PERFORM gpsync_internal.refuse_unready_streams();
    FOR attempt IN 1 .. 10 LOOP
        bound := gpsync_internal.end_streams();
        COMMIT;
        IF gpsync_internal.advance_ended_slots(bound) THEN
            RAISE NOTICE 'all streams of this database are delivered' USING
                HINT = 'Stop the server now. What commits in this database before that has to be delivered, and '
                    'prepare_upgrade() called, again.';
            RETURN;
        END IF;
    END LOOP;
    RAISE object_in_use USING MESSAGE = 'other sessions write too much',
        HINT = 'Stop what writes in this server, and call prepare_upgrade() again.';
END $$;
COMMENT ON PROCEDURE gpsync.prepare_upgrade() IS
    'For superusers, before pg_upgrade, in each database with streams, when the applications and all relays are '
    'stopped: checks that every stream is delivered (what is spooled or held comes along), notes it, and moves the '
    'slots to the end of the WAL, where pg_upgrade wants them from PostgreSQL 17 on. In the new cluster '
    'resume_stream() goes on with a slot that has arrived. Not inside a transaction block. Errors: 55000 a stream is '
    'not delivered, or its slot has a problem; 55006 a relay is at work, or others write too much; 2D000 in a '
    'transaction block';

-- After pg_upgrade. What is behind the slot was made in this cluster: pg_upgrade makes it before it lets anybody in.
CREATE FUNCTION gpsync_internal.adopt_slot(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name(stream);
    here bigint := (SELECT c.system_identifier FROM pg_control_system() AS c);
BEGIN
    UPDATE gpsync.stream_position AS p
    SET system_identifier = here, commit_lsn = r.confirmed_flush_lsn, ordinal = 0,
        confirmed_lsn = r.confirmed_flush_lsn, booked_at = clock_timestamp(),
        ended_before = greatest(p.ended_before, gpsync_internal.full_xid(r.catalog_xmin)), next_ended_before = '0',
        next_ended_lsn = '0/0'
    FROM pg_replication_slots AS r WHERE p.stream = adopt_slot.stream AND r.slot_name = slot;
    DELETE FROM gpsync.stream_end AS e WHERE e.stream = adopt_slot.stream;
    PERFORM gpsync_internal.ensure_origin(slot);
    RAISE NOTICE 'stream "%" goes on with the slot that pg_upgrade has brought', stream;
END $$;
COMMENT ON FUNCTION gpsync_internal.adopt_slot(text) IS
    'Makes the slot that pg_upgrade has brought the one of the stream: its position is where the slot is';

REVOKE ALL ON FUNCTION gpsync_internal.reader_options(text), gpsync_internal.refuse_undelivered(text, pg_lsn),
    gpsync_internal.refuse_running_relay(text), gpsync_internal.refuse_unready_streams(), gpsync_internal.end_streams(),
    gpsync_internal.advance_ended_slots(pg_lsn), gpsync_internal.adopt_slot(text) FROM PUBLIC;
REVOKE ALL ON PROCEDURE gpsync.prepare_upgrade() FROM PUBLIC;
