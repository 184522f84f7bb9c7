-- The stream behind history and analytics: publication, server and stream, all named gpsync_local. It is one of its
-- own: sync_status says what legacy has, and neither an outage here nor an event that cannot be applied may change it.

CREATE FUNCTION gpsync_internal.is_local_endpoint(endpoint text) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (SELECT FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
               WHERE s.srvname = endpoint AND w.fdwname = 'gpsync_http' AND 'protocol=local' = ANY (s.srvoptions)) $$;
COMMENT ON FUNCTION gpsync_internal.is_local_endpoint(text) IS 'Whether a server is an endpoint of protocol local';

-- A comment, because a dump carries it: publications and servers cannot be members of an extension.
CREATE FUNCTION gpsync_internal.local_feed_comment() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT 'Made by gpsync for history and analytics' $$;
COMMENT ON FUNCTION gpsync_internal.local_feed_comment() IS
    'The comment by which gpsync knows the publication and the server that it has made';

CREATE FUNCTION gpsync_internal.own_local_object(catalog regclass) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT o.owner = (SELECT e.extowner FROM pg_extension AS e WHERE e.extname = 'gpsync')
    AND coalesce(obj_description(o.oid, catalog::text) = gpsync_internal.local_feed_comment(), false)
FROM (SELECT p.oid, p.pubowner FROM pg_publication AS p
      WHERE catalog = 'pg_publication'::regclass AND p.pubname = 'gpsync_local'
      UNION ALL SELECT s.oid, s.srvowner FROM pg_foreign_server AS s
      WHERE catalog = 'pg_foreign_server'::regclass AND s.srvname = 'gpsync_local') AS o (oid, owner) $$;
COMMENT ON FUNCTION gpsync_internal.own_local_object(regclass) IS
    'Whether publication (or server) gpsync_local is the one that gpsync has made: it belongs to the extension''s '
    'owner and has its comment. NULL: there is none. catalog: pg_publication or pg_foreign_server';

CREATE FUNCTION gpsync_internal.refuse_foreign_feed() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    foreign_kind text := CASE WHEN NOT gpsync_internal.own_local_object('pg_publication') THEN 'publication'
                              WHEN NOT gpsync_internal.own_local_object('pg_foreign_server') THEN 'server' END;
BEGIN
    IF foreign_kind IS NOT NULL THEN
        RAISE duplicate_object USING
            MESSAGE = format('%s "gpsync_local" exists, and gpsync has not made it', foreign_kind),
            DETAIL = 'History and analytics need that name.',
            HINT = format('ALTER %s gpsync_local RENAME TO ...', upper(foreign_kind));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_foreign_feed() IS
    'Raises 42710 where somebody else made publication or server gpsync_local';

CREATE FUNCTION gpsync_internal.create_local_publication() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    EXECUTE format('CREATE PUBLICATION gpsync_local WITH (%s)', gpsync_internal.publication_options());
    EXECUTE format('COMMENT ON PUBLICATION gpsync_local IS %L', gpsync_internal.local_feed_comment());
    RAISE NOTICE 'publication "gpsync_local" was created';
END $$;
COMMENT ON FUNCTION gpsync_internal.create_local_publication() IS 'Makes the publication of history and analytics';

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
    PERFORM gpsync_internal.refuse_foreign_feed();
    PERFORM gpsync_internal.lock_stream_creation();
    start_lsn := gpsync_internal.create_slot(slot);
    IF gpsync_internal.own_local_object('pg_foreign_server') IS NULL THEN
        CREATE SERVER gpsync_local FOREIGN DATA WRAPPER gpsync_http
            OPTIONS (protocol 'local', timeout '5min', batch_size '1000');
        EXECUTE format('COMMENT ON SERVER gpsync_local IS %L', gpsync_internal.local_feed_comment());
        RAISE NOTICE 'server "gpsync_local", an endpoint of protocol local, was created';
    END IF;
    IF gpsync_internal.own_local_object('pg_publication') IS NULL THEN
        PERFORM gpsync_internal.create_local_publication();
    END IF;
    INSERT INTO gpsync.stream (stream, publication, endpoints, bookkeeping, home)
        VALUES ('gpsync_local', 'gpsync_local', '{gpsync_local}', false, gpsync_internal.server_home());
    INSERT INTO gpsync.stream_position (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn)
        VALUES ('gpsync_local', slot, (pg_control_system()).system_identifier, start_lsn, 0, start_lsn);
    PERFORM gpsync_internal.ensure_origin(slot);
    -- Of an earlier stream of that name, which somebody dropped: what happened meanwhile is missing.
    PERFORM gpsync_internal.restart_local('gpsync_local', start_lsn);
    RAISE NOTICE 'stream "gpsync_local" was created' USING
        HINT = 'The supervisor starts its relay; where there is none: gpsync-relay --stream gpsync_local';
END $$;
COMMENT ON FUNCTION gpsync_internal.create_local_feed(text) IS
    'Makes the stream of history and analytics with its server and publication. Errors: 25001 the transaction has '
    'written; 55000 wal_level, output_plugin_libraries; 42710 a server or publication of '
    'that name that gpsync has not made; 53400 no free slot';

-- Who begins to use the stream, and who ends the last use, must not miss each other: its slot goes at once, and does
-- not come back with a ROLLBACK. Taken first, before any row or table.
CREATE FUNCTION gpsync_internal.lock_local_feed() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.lock_work('local feed');
END $$;
COMMENT ON FUNCTION gpsync_internal.lock_local_feed() IS
    'Waits for other transactions that begin or end a use of the stream of history and analytics';

-- The lock lets the writers of the table out, and no later one in before COMMIT: the decoder shows a change only where
-- the publication had the table when the change was made.
CREATE FUNCTION gpsync_internal.feed_local(relation regclass, call text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.lock_local_feed();
    IF NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = 'gpsync_local') THEN
        PERFORM gpsync_internal.create_local_feed(call);
    END IF;
    IF gpsync_internal.own_local_object('pg_publication') IS NULL THEN
        PERFORM gpsync_internal.create_local_publication();
    END IF;
    PERFORM gpsync_internal.refuse_foreign_feed();
    IF NOT gpsync_internal.publication_covers('gpsync_local', relation) THEN
        EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
        EXECUTE format('ALTER PUBLICATION gpsync_local ADD TABLE ONLY %s', relation);
        PERFORM gpsync_internal.refuse_unpublished_identity(relation);
        PERFORM gpsync_internal.note_unseen_rows(relation);
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
    IF gpsync_internal.own_local_object('pg_publication') THEN
        DROP PUBLICATION gpsync_local;
    END IF;
    IF gpsync_internal.own_local_object('pg_foreign_server') THEN
        DROP SERVER gpsync_local;
    END IF;
    RAISE NOTICE 'stream, publication and server "gpsync_local" were dropped: nothing uses them any more';
END $$;
COMMENT ON FUNCTION gpsync_internal.release_local(regclass) IS
    'Takes a table out of the stream of history and analytics where neither is left of it, and drops the stream with '
    'the last one';

-- Changes may be missing. A history scans the rows, and what differs becomes an entry. A copy cannot be brought up to
-- date from the table, which has more than the stream shows: refresh_analytics() and resend() do it.
CREATE FUNCTION gpsync_internal.note_gap(of_history integer, of_analytics integer) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
DELETE FROM gpsync.history_chunk AS c WHERE c.history = of_history;
UPDATE gpsync.history AS h SET pass = h.pass + 1, scanned = false, last_key = NULL WHERE h.history = of_history;
UPDATE gpsync.analytics AS a SET gap_since = coalesce(a.gap_since, p.commit_time, a.created_at)
FROM gpsync.analytics AS x LEFT JOIN gpsync.local_position AS p ON p.stream = x.stream AND p.endpoint = x.endpoint
WHERE x.analytics = a.analytics AND a.analytics = of_analytics $$;
COMMENT ON FUNCTION gpsync_internal.note_gap(integer, integer) IS
    'A history or a copy may lack changes since the last one that was applied: the history scans its table, the copy '
    'shows gap_since';

CREATE FUNCTION gpsync_internal.note_unseen_rows(of_relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.note_gap(h.history, NULL) FROM gpsync.history AS h WHERE h.relation = of_relation;
    PERFORM gpsync_internal.note_gap(NULL, a.analytics) FROM gpsync.analytics AS a WHERE a.relation = of_relation;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_unseen_rows(regclass) IS
    'Rows of a table were written that the stream of history and analytics does not show: an import, a repair';

CREATE FUNCTION gpsync_internal.restart_local(stream text, start_lsn pg_lsn) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.note_gap(h.history, NULL), gpsync_internal.forget_target('history', h.history)
    FROM gpsync.history AS h WHERE h.stream = restart_local.stream;
    PERFORM gpsync_internal.note_gap(NULL, a.analytics), gpsync_internal.forget_target('copy', a.analytics)
    FROM gpsync.analytics AS a WHERE a.stream = restart_local.stream;
    UPDATE gpsync.local_position AS p SET commit_lsn = start_lsn, ordinal = 0, commit_time = NULL
    WHERE p.stream = restart_local.stream;
END $$;
COMMENT ON FUNCTION gpsync_internal.restart_local(text, pg_lsn) IS
    'For a stream that begins again: what endpoints of protocol local have applied is of before, and changes may be '
    'missing';

REVOKE ALL ON FUNCTION gpsync_internal.is_local_endpoint(text), gpsync_internal.local_feed_comment(),
    gpsync_internal.own_local_object(regclass), gpsync_internal.refuse_foreign_feed(),
    gpsync_internal.create_local_publication(), gpsync_internal.create_local_feed(text),
    gpsync_internal.lock_local_feed(),
    gpsync_internal.feed_local(regclass, text), gpsync_internal.release_local(regclass),
    gpsync_internal.note_gap(integer, integer), gpsync_internal.note_unseen_rows(regclass),
    gpsync_internal.restart_local(text, pg_lsn) FROM PUBLIC;
