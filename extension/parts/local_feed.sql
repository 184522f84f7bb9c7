-- The stream behind history and analytics: publication, server and stream, all named gpsync_local. It is one of its
-- own: sync_status says what legacy has, and neither an outage here nor an event that cannot be applied may change it.

CREATE FUNCTION gpsync_internal.is_local_endpoint(endpoint text) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (SELECT FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
               WHERE s.srvname = endpoint AND w.fdwname = 'gpsync_http' AND 'protocol=local' = ANY (s.srvoptions)) $$;
COMMENT ON FUNCTION gpsync_internal.is_local_endpoint(text) IS 'Whether a server is an endpoint of protocol local';

-- The slot comes first: the server makes none in a transaction that has written.
CREATE FUNCTION gpsync_internal.create_local_feed(call text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name('gpsync_local');
    start_lsn pg_lsn;
BEGIN
    PERFORM gpsync_internal.refuse_writing_transaction(call);
    PERFORM gpsync_internal.refuse_no_logical_decoding();
    PERFORM gpsync_internal.lock_stream_creation();
    start_lsn := gpsync_internal.create_slot(slot);
    IF NOT EXISTS (SELECT FROM pg_foreign_server AS s WHERE s.srvname = 'gpsync_local') THEN
        CREATE SERVER gpsync_local FOREIGN DATA WRAPPER gpsync_http OPTIONS (protocol 'local', timeout '5min');
        RAISE NOTICE 'server "gpsync_local", an endpoint of protocol local, was created';
    ELSIF NOT gpsync_internal.is_local_endpoint('gpsync_local') THEN
        RAISE duplicate_object USING MESSAGE = 'server "gpsync_local" exists, and is no endpoint of protocol local',
            HINT = 'ALTER SERVER gpsync_local RENAME TO ...';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = 'gpsync_local') THEN
        CREATE PUBLICATION gpsync_local WITH (publish_via_partition_root = true);
        RAISE NOTICE 'publication "gpsync_local" was created';
    END IF;
    INSERT INTO gpsync.stream (stream, publication, endpoints, bookkeeping, home)
        VALUES ('gpsync_local', 'gpsync_local', '{gpsync_local}', false, gpsync_internal.server_home());
    INSERT INTO gpsync.stream_position (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn)
        VALUES ('gpsync_local', slot, (pg_control_system()).system_identifier, start_lsn, 0, start_lsn);
    PERFORM gpsync_internal.ensure_origin(slot);
    RAISE NOTICE 'stream "gpsync_local" was created' USING
        HINT = 'The supervisor starts its relay; where there is none: gpsync-relay --stream gpsync_local';
END $$;
COMMENT ON FUNCTION gpsync_internal.create_local_feed(text) IS
    'Makes the stream of history and analytics with its server and publication. Errors: 25001 the transaction has '
    'written; 55000 wal_level, output_plugin_libraries; 42710 a server of that name; 53400 no free slot';

-- The lock lets the writers of the table out, and no later one in before COMMIT: the decoder shows a change only where
-- the publication had the table when the change was made.
CREATE FUNCTION gpsync_internal.feed_local(relation regclass, call text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = 'gpsync_local') THEN
        PERFORM gpsync_internal.create_local_feed(call);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = 'gpsync_local') THEN
        CREATE PUBLICATION gpsync_local WITH (publish_via_partition_root = true);
    END IF;
    IF NOT gpsync_internal.publication_covers('gpsync_local', relation) THEN
        EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
        EXECUTE format('ALTER PUBLICATION gpsync_local ADD TABLE ONLY %s', relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.feed_local(regclass, text) IS
    'Has a table streamed to history and analytics. It waits for the transactions that write the table';

-- What nothing is kept of any more holds no WAL back.
CREATE FUNCTION gpsync_internal.release_local(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.history AS h WHERE h.relation = release_local.relation
                   UNION ALL SELECT FROM gpsync.analytics AS a WHERE a.relation = release_local.relation)
        AND EXISTS (SELECT FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
                    WHERE p.pubname = 'gpsync_local' AND r.prrelid = release_local.relation) THEN
        EXECUTE format('ALTER PUBLICATION gpsync_local DROP TABLE %s', relation);
    END IF;
    IF EXISTS (SELECT FROM gpsync.history UNION ALL SELECT FROM gpsync.analytics)
        OR NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = 'gpsync_local') THEN
        RETURN;
    END IF;
    PERFORM gpsync_internal.drop_stream_as(0, 'gpsync_local');
    DROP PUBLICATION IF EXISTS gpsync_local;
    DROP SERVER IF EXISTS gpsync_local;
    RAISE NOTICE 'stream, publication and server "gpsync_local" were dropped: nothing uses them any more';
END $$;
COMMENT ON FUNCTION gpsync_internal.release_local(regclass) IS
    'Takes a table out of the stream of history and analytics where neither is left of it, and drops the stream with '
    'the last one';

-- A stream that begins again may have missed changes: the rows are looked through, and what differs becomes an entry.
CREATE FUNCTION gpsync_internal.restart_local(stream text, start_lsn pg_lsn) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    UPDATE gpsync.local_position AS p SET commit_lsn = start_lsn, ordinal = 0, commit_time = NULL
    WHERE p.stream = restart_local.stream;
    DELETE FROM gpsync.local_refusal AS r WHERE r.stream = restart_local.stream;
    DELETE FROM gpsync.history_chunk AS c USING gpsync.history AS h
    WHERE c.history = h.history AND h.stream = restart_local.stream;
    UPDATE gpsync.history AS h SET pass = h.pass + 1, copied = false, last_key = NULL
    WHERE h.stream = restart_local.stream;
END $$;
COMMENT ON FUNCTION gpsync_internal.restart_local(text, pg_lsn) IS
    'For recreate_stream(): what endpoints of protocol local have applied is of before, and histories look at all rows';

REVOKE ALL ON FUNCTION gpsync_internal.is_local_endpoint(text), gpsync_internal.create_local_feed(text),
    gpsync_internal.feed_local(regclass, text), gpsync_internal.release_local(regclass),
    gpsync_internal.restart_local(text, pg_lsn) FROM PUBLIC;
