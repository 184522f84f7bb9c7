-- create_stream(), drop_stream(), pause_stream(), resume_stream(). An operator may call them; what they do
-- takes the extension owner's rights, what they name is checked against the caller's (src/stream/call_as_owner.cpp).

CREATE FUNCTION gpsync_internal.lock_stream_creation() RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_lock_stream_creation';
COMMENT ON FUNCTION gpsync_internal.lock_stream_creation() IS
    'Waits for other transactions that create streams: two may want one name, or to book one table. Not a table lock, '
    'since making a slot may wait long, and streams must be paused meanwhile';

CREATE FUNCTION gpsync_internal.lock_work(name text, shared boolean DEFAULT false, waits boolean DEFAULT true)
    RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_lock_work';
COMMENT ON FUNCTION gpsync_internal.lock_work(text, boolean, boolean) IS
    'Takes a lock of a name until the transaction ends; false: another one has it, and waits is false. Everybody can '
    'take SQL''s own advisory locks, this one nobody else';

CREATE FUNCTION gpsync_internal.create_stream_as(caller oid, stream text, endpoints text[], publication text,
    bookkeeping boolean, topics text[], partition text, failover boolean) RETURNS pg_lsn
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name(stream);
    synchronised boolean := gpsync_internal.wants_failover(failover);
    oldest_open xid8;
    start_lsn pg_lsn;
BEGIN
    IF stream IS NULL OR endpoints IS NULL OR bookkeeping IS NULL OR topics IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'stream, endpoints, bookkeeping and topics cannot be NULL',
            HINT = 'A NULL publication makes a stream of topics alone.';
    END IF;
    IF stream !~ '^[a-z0-9_]{1,40}$' THEN
        RAISE invalid_name USING MESSAGE = format('invalid stream name: "%s"', stream),
            HINT = 'A stream''s name has 1 to 40 lower-case letters, digits and underscores.';
    END IF;
    PERFORM gpsync_internal.refuse_bad_topics(topics, publication);
    PERFORM gpsync_internal.refuse_writing_transaction('create_stream()');
    PERFORM gpsync_internal.refuse_no_logical_decoding();
    PERFORM gpsync_internal.lock_stream_creation();
    IF EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = create_stream_as.stream) THEN
        RAISE duplicate_object USING MESSAGE = format('stream "%s" already exists', stream);
    END IF;
    PERFORM gpsync_internal.refuse_bad_endpoints(endpoints, caller);
    PERFORM gpsync_internal.refuse_bad_publication(publication, caller);
    PERFORM gpsync_internal.refuse_bad_partition(partition, publication, topics);
    IF bookkeeping THEN
        PERFORM gpsync_internal.refuse_second_booking(stream, publication, partition);
    END IF;

    oldest_open := pg_snapshot_xmin(pg_current_snapshot());
    start_lsn := gpsync_internal.create_slot(slot);
    IF synchronised THEN
        PERFORM gpsync_internal.synchronise_slot(slot);
    END IF;
    -- Again: what joined the publication while the slot was waited for was not checked against a stream.
    PERFORM gpsync_internal.refuse_bad_publication(publication, caller);
    INSERT INTO gpsync.stream (stream, publication, endpoints, bookkeeping, owner, home, topics, partition, failover)
        VALUES (stream, publication, endpoints, bookkeeping, pg_get_userbyid(caller), gpsync_internal.server_home(),
            topics, partition, synchronised);
    INSERT INTO gpsync.stream_position (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn,
                                        ended_before)
        VALUES (stream, slot, (pg_control_system()).system_identifier, start_lsn, 0, start_lsn, oldest_open);
    PERFORM gpsync_internal.ensure_origin(slot);
    RETURN start_lsn;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_stream_as(oid, text, text[], text, boolean, text[], text, boolean) IS
    'create_stream() on behalf of a role';

CREATE FUNCTION gpsync.create_stream(stream text, endpoints text[], publication text DEFAULT 'gpsync',
    bookkeeping boolean DEFAULT true, topics text[] DEFAULT '{}', partition text DEFAULT NULL,
    failover boolean DEFAULT NULL)
    RETURNS pg_lsn LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.create_stream(text, text[], text, boolean, text[], text, boolean) IS
    'Delivers what a publication publishes, and the events of topics (emit(), stream_history()), from here on, to '
    'endpoints (servers of wrapper gpsync_http); gives the LSN it starts from. publication NULL: topics alone. With '
    'bookkeeping it writes sync_status, which one stream per table can. Partition "1/2": the rows of one of two parts '
    'of the keys; another stream delivers the rest. With failover its slot is synchronised to standbys, and a promoted '
    'one goes on with it; NULL: where sync_replication_slots or synchronized_standby_slots is set here. It waits for '
    'the transactions that are writing. Errors: 42602 bad name of it or of a topic; 42710 stream or another plugin''s '
    'slot exists; 42704 no '
    'such publication or endpoint; 22023 no endpoint, or one twice, no publication and no topic, no partition; 42809 a '
    'server of another wrapper; 0A000 failover before PostgreSQL 17; 42501 a table of which the caller may not read '
    'all rows, a server it may not use; 25001 the transaction has written; '
    '55000 wal_level, output_plugin_libraries, table booked by another stream, a '
    'partition whose publication publishes TRUNCATE; 53400 no '
    'free replication slot';

CREATE FUNCTION gpsync_internal.try_lock_stream(stream text) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_try_lock_stream';
COMMENT ON FUNCTION gpsync_internal.try_lock_stream(text) IS
    'Takes the lock of a stream until the transaction ends; false when its relay has it. SQL''s own advisory locks are '
    'others';

-- Takes the stream away from its relay until the transaction ends: a relay that comes back stands by.
CREATE FUNCTION gpsync_internal.seize_stream(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key bigint := gpsync_internal.stream_lock_key(stream);
    give_up timestamptz := clock_timestamp() + interval '10 s';
BEGIN
    WHILE NOT gpsync_internal.try_lock_stream(stream) LOOP
        IF clock_timestamp() > give_up THEN
            RAISE object_in_use USING MESSAGE = format('stream "%s" is still being delivered', stream),
                HINT = 'Stop its gpsync-relay.';
        END IF;
        PERFORM pg_terminate_backend(l.pid) FROM pg_locks AS l
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 3 AND l.pid <> pg_backend_pid()
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND (l.classid::bigint << 32 | l.objid::bigint) = key;
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.seize_stream(text) IS
    'Makes the relay of a stream leave and keeps others away until the transaction ends; 55006 when it does not within '
    '10 s';

CREATE FUNCTION gpsync_internal.drop_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name(stream);
    present record;
    open_xids xid8[];
BEGIN
    -- A second session that drops the stream waits here, and then finds it gone.
    PERFORM FROM gpsync.stream AS s WHERE s.stream = drop_stream_as.stream FOR UPDATE;
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    PERFORM gpsync_internal.refuse_stream_of_notifications(stream);
    -- First what may take seconds, then what keeps others from emitting.
    PERFORM gpsync_internal.seize_stream(stream);
    open_xids := gpsync_internal.open_at_position(stream);
    PERFORM gpsync_internal.wait_for_emitters(stream);
    -- All that have emitted before have ended, but this transaction, whose events nobody delivers either.
    PERFORM gpsync_internal.note_lost_events(stream, true, open_xids, pg_current_wal_insert_lsn(), '{}',
        'the stream was dropped');
    SELECT r.plugin, r.database INTO present FROM pg_replication_slots AS r WHERE r.slot_name = slot;
    IF FOUND AND (present.plugin IS DISTINCT FROM 'gpsync_decoder' OR present.database <> current_database()) THEN
        RAISE NOTICE 'replication slot "%" is not one of gpsync and stays', slot;
    ELSIF FOUND THEN
        PERFORM gpsync_internal.drop_slot_on_commit(slot);
    END IF;
    PERFORM gpsync_internal.log_dropped_requests(stream), gpsync_internal.drop_spool(stream);
    DELETE FROM gpsync.stream AS s WHERE s.stream = drop_stream_as.stream;
    DELETE FROM gpsync.relay_report AS r WHERE r.stream = drop_stream_as.stream;
    DELETE FROM gpsync.endpoint_report AS r WHERE r.stream = drop_stream_as.stream;
    PERFORM gpsync_internal.drop_unseen_origins();
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_stream_as(oid, text) IS 'drop_stream() on behalf of a role';

CREATE FUNCTION gpsync.drop_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_stream(text) IS
    'Ends a stream: its relay is made to leave, its dead letters, deferred marks and spool are deleted, its slot is '
    'dropped at COMMIT. Rows that are PENDING stay so; events of topics that are not delivered yet never are. Errors: '
    '42704 no such stream; 2BP01 a notification uses it; 55006 its reader does not leave, or transactions that emit do '
    'not end';

CREATE FUNCTION gpsync_internal.set_paused(stream text, paused boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    UPDATE gpsync.stream AS s SET paused = set_paused.paused
    WHERE s.stream = set_paused.stream AND s.paused <> set_paused.paused;
    IF NOT FOUND THEN
        RAISE NOTICE 'stream "%" is % already', stream, CASE WHEN paused THEN 'paused' ELSE 'running' END;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_paused(text, boolean) IS 'Pauses a stream or lets it go on';

CREATE FUNCTION gpsync_internal.pause_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp AS $$ SELECT gpsync_internal.set_paused(stream, true) $$;
COMMENT ON FUNCTION gpsync_internal.pause_stream_as(oid, text) IS 'pause_stream() on behalf of a role';

CREATE FUNCTION gpsync.pause_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.pause_stream(text) IS
    'Stops delivering a stream within about a second, until resume_stream(). Its slot keeps the WAL meanwhile. Errors: '
    '42704 no such stream';

CREATE FUNCTION gpsync_internal.resume_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot record;
    moved boolean;
BEGIN
    UPDATE gpsync.stream AS s SET home = gpsync_internal.server_home()
    WHERE s.stream = resume_stream_as.stream AND s.home <> gpsync_internal.server_home();
    moved := FOUND;
    IF gpsync_internal.is_upgraded(stream) THEN
        PERFORM gpsync_internal.adopt_slot(stream);
        moved := true;
    END IF;
    SELECT * INTO slot FROM gpsync_internal.slot_problem(stream);
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = slot.problem, HINT = slot.fix;
    END IF;
    IF moved THEN
        RAISE NOTICE 'the home of stream "%" is now "%"', stream, gpsync_internal.server_home();
    END IF;
    IF NOT moved OR (SELECT s.paused FROM gpsync.stream AS s WHERE s.stream = resume_stream_as.stream) THEN
        PERFORM gpsync_internal.set_paused(stream, false);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.resume_stream_as(oid, text) IS 'resume_stream() on behalf of a role';

CREATE FUNCTION gpsync.resume_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resume_stream(text) IS
    'Delivers a paused stream again, from where it stopped, and one whose home was another server from now on here; '
    'one that pg_upgrade has brought, after prepare_upgrade(), from its slot on. '
    'Errors: 42704 no such stream; 55000 its slot is missing, lost, another plugin''s or consumed by somebody else, or '
    'the stream comes from a dump';

REVOKE ALL ON FUNCTION gpsync_internal.lock_stream_creation(), gpsync_internal.lock_work(text, boolean, boolean),
    gpsync_internal.try_lock_stream(text),
    gpsync_internal.seize_stream(text),
    gpsync_internal.set_paused(text, boolean), gpsync_internal.create_stream_as(oid, text, text[], text, boolean,
        text[], text, boolean),
    gpsync.create_stream(text, text[], text, boolean, text[], text, boolean), gpsync_internal.drop_stream_as(oid, text),
        gpsync.drop_stream(text),
    gpsync_internal.pause_stream_as(oid, text), gpsync.pause_stream(text), gpsync_internal.resume_stream_as(oid, text),
    gpsync.resume_stream(text) FROM PUBLIC;
