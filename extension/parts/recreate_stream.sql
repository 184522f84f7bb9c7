-- recreate_stream(): after a lost slot, or after a restore from a dump, a stream starts again from now. An UPDATE of
-- the rows that the stream may have missed sends them again.

CREATE FUNCTION gpsync_internal.touch_pending_rows(relation regclass) RETURNS bigint
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_touch_pending_rows';
COMMENT ON FUNCTION gpsync_internal.touch_pending_rows(regclass) IS
    'Updates the rows that are PENDING, so that they are streamed again, as the table''s owner; how many. Errors: '
    '55000 what it is a partition of belongs to a role that has not the rights of this one';

CREATE FUNCTION gpsync_internal.touch_missed_rows(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    relation regclass;
    touched bigint;
BEGIN
    FOR relation IN
        SELECT DISTINCT a.relation FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r,
            gpsync.attached_tables AS a
        WHERE s.stream = touch_missed_rows.stream
            AND (a.relation = r OR a.relation IN (SELECT p.relid FROM pg_partition_ancestors(r) AS p))
        ORDER BY 1
    LOOP
        touched := (SELECT coalesce(sum(gpsync_internal.touch_pending_rows(p.relid)), 0)
                    FROM gpsync_internal.partitions(relation) AS p
                    WHERE CASE WHEN gpsync_internal.partition_of_others(relation) IS NULL THEN p.relid = relation
                               ELSE p.isleaf END);
        RAISE NOTICE '% rows of table % are sent again', touched, relation;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.touch_missed_rows(text) IS
    'Touches what is PENDING in the attached tables of a stream';

-- The reader of the slot leaves a moment after the relay's other session, which seize_stream() ended.
CREATE FUNCTION gpsync_internal.empty_slot(slot name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    give_up timestamptz := clock_timestamp() + interval '10 s';
BEGIN
    WHILE EXISTS (SELECT FROM pg_replication_slots AS r WHERE r.slot_name = slot AND r.active_pid IS NOT NULL) LOOP
        IF clock_timestamp() > give_up THEN
            RAISE object_in_use USING MESSAGE = format('replication slot "%s" is still being read', slot);
        END IF;
        PERFORM pg_terminate_backend(r.active_pid) FROM pg_replication_slots AS r
        WHERE r.slot_name = slot AND r.database = current_database() AND r.plugin = 'gpsync_decoder';
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.empty_slot(name) IS
    'Makes whoever reads a slot of this database leave; 55006 when it does not within 10 s';

CREATE FUNCTION gpsync_internal.spool_is_ahead(stream text, start_lsn pg_lsn) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce((SELECT e.commit_lsn FROM gpsync_internal.spool_end(stream) AS e), '0/0') >= start_lsn $$;
COMMENT ON FUNCTION gpsync_internal.spool_is_ahead(text, pg_lsn) IS
    'Whether the spool of a stream has changes from an LSN on';

-- What is parked is still delivered. In a server that was set back in time the places of what comes next repeat
-- those of what was spooled, and the spool goes.
CREATE FUNCTION gpsync_internal.discard_spool_ahead(stream text, start_lsn pg_lsn) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    lost record;
BEGIN
    DELETE FROM gpsync.endpoint_cursor AS c WHERE c.stream = discard_spool_ahead.stream AND c.feed = 'live';
    FOR lost IN
        WITH ahead AS (DELETE FROM gpsync.held_event AS h
                       WHERE h.stream = discard_spool_ahead.stream AND h.commit_lsn >= start_lsn RETURNING h.endpoint)
        SELECT a.endpoint, count(*) AS events FROM ahead AS a GROUP BY a.endpoint ORDER BY 1
    LOOP
        RAISE WARNING '% held events are not delivered to endpoint "%"', lost.events, lost.endpoint USING
            DETAIL = 'They were held before this server was set back to an earlier time.';
    END LOOP;
    IF NOT gpsync_internal.spool_is_ahead(stream, start_lsn) THEN
        RETURN;
    END IF;
    FOR lost IN
        SELECT c.endpoint, b.events FROM gpsync.endpoint_cursor AS c,
            gpsync_internal.spool_behind(c.stream, c.commit_lsn, c.ordinal) AS b
        WHERE c.stream = discard_spool_ahead.stream AND c.feed = 'behind' AND b.events > 0 ORDER BY 1
    LOOP
        RAISE WARNING '% spooled events are not delivered to endpoint "%"', lost.events, lost.endpoint USING
            DETAIL = 'They were spooled before this server was set back to an earlier time.';
    END LOOP;
    PERFORM gpsync_internal.drop_spool(stream);
END $$;
COMMENT ON FUNCTION gpsync_internal.discard_spool_ahead(text, pg_lsn) IS
    'Drops the spool of a stream that starts again at start_lsn if the spool has later places than that, and held '
    'events from there on; a warning says what is not delivered';

-- A primary that is gone may have delivered changes that this server never got. New ones of the same rows are to come
-- behind them for receivers that order by sequence or revision, which are places in the WAL: two switches pass a
-- segment at least, since the first may happen at a segment's begin.
CREATE FUNCTION gpsync_internal.pass_lost_wal() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM pg_switch_wal();
    PERFORM pg_logical_emit_message(false, 'gpsync.recreate', '');
    PERFORM pg_switch_wal();
END $$;
COMMENT ON FUNCTION gpsync_internal.pass_lost_wal() IS
    'Moves the end of the WAL by a segment (wal_segment_size) at least; writes no transaction id';

-- The marks on rows say which rows are to be sent again. Of what has no row any more nothing is left.
CREATE FUNCTION gpsync_internal.warn_of_unknown(of gpsync.stream, before gpsync.stream_position, start_lsn pg_lsn)
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    since text := CASE WHEN before.stream IS NULL THEN 'the dump was made'
        ELSE format('%s (%s)', before.commit_lsn, coalesce(before.commit_time, before.booked_at)) END;
    elsewhere text := CASE WHEN of.home <> gpsync_internal.server_home() OR before.stream IS NULL
        THEN format(' What another server ("%s") has delivered and this one never had is not known either.', of.home)
        ELSE '' END;
    relation regclass;
BEGIN
    RAISE WARNING 'stream "%" starts again at %', of.stream, start_lsn USING ERRCODE = '01000',
        DETAIL = CASE WHEN of.bookkeeping THEN
            format('Rows that are PENDING are sent again. Not known and not sent: rows deleted, tables truncated and '
                   'keys replaced by others since %s.', since)
            ELSE format('It keeps no books: what it has missed since %s is not known and not sent again.', since) END
            || elsewhere,
        HINT = 'Compare the keys at the endpoints with the tables.';
    FOR relation IN
        SELECT r FROM gpsync_internal.publication_relations(of.publication) AS r
        WHERE of.bookkeeping AND gpsync_internal.attached_ancestor(r) IS NULL ORDER BY r::text
    LOOP
        RAISE NOTICE 'table % is not attached: which of its rows were missed is not known, and none is sent again',
            relation;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_unknown(gpsync.stream, gpsync.stream_position, pg_lsn) IS
    'For recreate_stream(): warns of what it cannot know. before is the old position, of its NULLs where there is none';

CREATE FUNCTION gpsync_internal.recreate_stream_as(caller oid, stream text, force boolean) RETURNS pg_lsn
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name(stream);
    of gpsync.stream;
    before gpsync.stream_position;
    problem record;
    synchronised boolean;
    start_lsn pg_lsn;
    oldest_open xid8;
    open_xids xid8[];
    sent_xids xid8[];
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    PERFORM gpsync_internal.refuse_writing_transaction('recreate_stream()');
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = 'recreate_stream() needs isolation level READ COMMITTED',
            DETAIL = 'An older snapshot does not see all the rows that may have been missed.';
    END IF;
    PERFORM gpsync_internal.refuse_no_logical_decoding();
    PERFORM gpsync_internal.lock_stream_creation();
    SELECT * INTO of FROM gpsync.stream AS s WHERE s.stream = recreate_stream_as.stream;
    PERFORM gpsync_internal.refuse_bad_endpoints(of.endpoints, caller);
    PERFORM gpsync_internal.refuse_bad_publication(of.publication, caller);
    SELECT * INTO problem FROM gpsync_internal.slot_problem(stream);
    IF NOT force AND coalesce(problem.state, 'moved') IN ('moved', 'upgraded') THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('the slot of stream "%s" is fine', stream),
            HINT = coalesce(problem.fix,
                format('To get past a change that stops it: gpsync.skip_change(); past everything up to now: SELECT '
                       'gpsync.recreate_stream(%L, force => true)', stream));
    END IF;

    PERFORM gpsync_internal.seize_stream(stream);
    IF force THEN
        PERFORM gpsync_internal.empty_slot(slot);
    END IF;
    synchronised := current_setting('server_version_num')::integer >= 170000
        AND (of.failover OR gpsync_internal.is_failover_slot(slot));
    -- Servers that a slot is synchronised between may have one home.
    IF synchronised OR of.home <> gpsync_internal.server_home() THEN
        PERFORM gpsync_internal.pass_lost_wal();
    END IF;
    open_xids := gpsync_internal.open_at_position(stream);
    oldest_open := pg_snapshot_xmin(pg_current_snapshot());
    start_lsn := gpsync_internal.create_slot(slot);
    IF synchronised THEN
        PERFORM gpsync_internal.synchronise_slot(slot);
    END IF;
    PERFORM gpsync_internal.refuse_bad_publication(of.publication, caller);
    -- The new slot has what commits from start_lsn on, whenever it was emitted.
    SELECT gpsync_internal.open_emitters(r.restart_lsn, start_lsn) INTO sent_xids
    FROM pg_replication_slots AS r WHERE r.slot_name = slot;
    PERFORM gpsync_internal.note_lost_events(stream, gpsync_internal.spool_is_ahead(stream, start_lsn), open_xids,
        start_lsn, coalesce(sent_xids, '{}'), 'the stream was made again');
    PERFORM gpsync_internal.discard_spool_ahead(stream, start_lsn);
    SELECT * INTO before FROM gpsync.stream_position AS p WHERE p.stream = of.stream;
    UPDATE gpsync.stream AS s SET owner = pg_get_userbyid(caller), home = gpsync_internal.server_home()
        WHERE s.stream = of.stream;
    INSERT INTO gpsync.stream_position AS p (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn,
                                             ended_before)
        VALUES (of.stream, slot, (pg_control_system()).system_identifier, start_lsn, 0, start_lsn, oldest_open)
        ON CONFLICT ON CONSTRAINT stream_position_pkey DO UPDATE
        SET slot_name = excluded.slot_name, system_identifier = excluded.system_identifier,
            commit_lsn = excluded.commit_lsn,
            ordinal = 0, confirmed_lsn = excluded.confirmed_lsn, commit_time = NULL, booked_at = now(),
            ended_before = excluded.ended_before, next_ended_before = '0', next_ended_lsn = '0/0';
    PERFORM gpsync_internal.ensure_origin(slot);
    PERFORM gpsync_internal.restart_local(stream, start_lsn);
    PERFORM gpsync_internal.warn_of_unknown(of, before, start_lsn);
    IF of.bookkeeping THEN
        PERFORM gpsync_internal.touch_missed_rows(stream);
    END IF;
    RETURN start_lsn;
END $$;
COMMENT ON FUNCTION gpsync_internal.recreate_stream_as(oid, text, boolean) IS 'recreate_stream() on behalf of a role';

CREATE FUNCTION gpsync.recreate_stream(stream text, force boolean DEFAULT false) RETURNS pg_lsn
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.recreate_stream(text, boolean) IS
    'After a lost or missing slot, or one that somebody else has consumed, and for a stream that comes from a dump: '
    'makes the slot again, and marks every row PENDING that may have been missed, which sends it again; gives the LSN '
    'it starts from. With force also where the slot is fine, to get past whatever in the WAL stops the stream. The '
    'caller becomes its owner, this server its home. A WARNING says what it cannot know: deletes, truncations and keys '
    'that were replaced. Errors: those of '
    'create_stream(); 55000 the slot is fine (without force), or another plugin''s; 0A000 not under READ COMMITTED';

REVOKE ALL ON FUNCTION gpsync_internal.pass_lost_wal(),
    gpsync_internal.warn_of_unknown(gpsync.stream, gpsync.stream_position, pg_lsn),
    gpsync_internal.touch_pending_rows(regclass), gpsync_internal.touch_missed_rows(text),
    gpsync_internal.empty_slot(name), gpsync_internal.spool_is_ahead(text, pg_lsn),
    gpsync_internal.discard_spool_ahead(text, pg_lsn),
    gpsync_internal.recreate_stream_as(oid, text, boolean), gpsync.recreate_stream(text, boolean) FROM PUBLIC;
