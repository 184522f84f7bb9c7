-- create_stream(), drop_stream(), pause_stream(), resume_stream(). An operator may call them; what they do
-- takes the extension owner's rights, what they name is checked against the caller's (src/stream/call_as_owner.cpp).

-- REQUIRES: nothing written yet in this transaction (the server makes no logical slot otherwise).
CREATE FUNCTION gpsync.make_slot(slot_name name) RETURNS pg_lsn
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_make_slot';
COMMENT ON FUNCTION gpsync.make_slot(name) IS
    'Makes a temporary slot of plugin gpsync_decoder that becomes a permanent one at COMMIT and is dropped at ROLLBACK, also of a savepoint; gives its consistent point. It waits for the transactions that are writing';

CREATE FUNCTION gpsync.drop_slot_on_commit(slot_name name) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_drop_slot_on_commit';
COMMENT ON FUNCTION gpsync.drop_slot_on_commit(name) IS
    'Drops a slot of plugin gpsync_decoder at COMMIT, making whoever reads it leave; nothing happens at ROLLBACK';

CREATE FUNCTION gpsync.slot_goes_on_commit(slot_name name) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_slot_goes_on_commit';
COMMENT ON FUNCTION gpsync.slot_goes_on_commit(name) IS 'Whether this transaction has dropped the stream of that slot';

-- The server's side: everything that is wrong for every stream.
CREATE FUNCTION gpsync.refuse_no_logical_decoding() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    plugins text := current_setting('output_plugin_libraries', true);  -- NULL: an older minor release
BEGIN
    IF pg_is_in_recovery() THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = 'recovery is in progress',
            HINT = 'Create the stream on the primary.';
    END IF;
    IF current_setting('wal_level') <> 'logical' THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('streams need wal_level "logical", and it is "%s"', current_setting('wal_level')),
            HINT = 'ALTER SYSTEM SET wal_level = logical; then restart the server.';
    END IF;
    IF NOT 'gpsync_decoder' = ANY (gpsync.setting_list(plugins)) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'output plugin "gpsync_decoder" is not in output_plugin_libraries',
            DETAIL = format('output_plugin_libraries is "%s".', plugins),
            HINT = gpsync.output_plugins_fix(plugins);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.refuse_no_logical_decoding() IS
    'Raises 55000 when the server cannot decode with gpsync_decoder: recovery, wal_level, output_plugin_libraries';

CREATE FUNCTION gpsync.setting_list(setting text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT array(SELECT btrim(btrim(entry), '"') FROM regexp_split_to_table(setting, ',') AS entry WHERE btrim(entry) <> '') $$;
COMMENT ON FUNCTION gpsync.setting_list(text) IS 'The entries of a setting that is a list of names, as output_plugin_libraries is; null for null';

CREATE FUNCTION gpsync.output_plugins_fix(setting text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'ALTER SYSTEM SET output_plugin_libraries = '
       || (SELECT string_agg(quote_ident(entry), ', ') FROM unnest(gpsync.setting_list(setting) || 'gpsync_decoder'::text) AS entry)
       || '; SELECT pg_reload_conf();' $$;
COMMENT ON FUNCTION gpsync.output_plugins_fix(text) IS
    'The SQL that adds gpsync_decoder to output_plugin_libraries; a list, since one quoted string would be one name';

CREATE FUNCTION gpsync.publication_relations(publication name) RETURNS SETOF regclass
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT DISTINCT part.relid
FROM pg_publication AS p, LATERAL pg_get_publication_tables(p.pubname) AS t
JOIN pg_class AS c ON c.oid = t.relid
CROSS JOIN LATERAL gpsync.partitions(t.relid) AS part
WHERE p.pubname = publication AND part.isleaf AND c.relnamespace <> 'gpsync'::regnamespace $$;
COMMENT ON FUNCTION gpsync.publication_relations(name) IS
    'The tables a publication publishes, partitioned ones as their leaves, gpsync''s own never; nothing when there is no such publication';

CREATE FUNCTION gpsync.refuse_bad_publication(publication name, caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of record;
BEGIN
    SELECT p.oid, p.puballtables OR EXISTS (SELECT FROM pg_publication_namespace AS n WHERE n.pnpubid = p.oid) AS open_ended
    INTO of FROM pg_publication AS p WHERE p.pubname = publication;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('publication "%s" does not exist', publication),
            HINT = format('Attach a table to it first: SELECT gpsync.attach(''TABLE'', publication => %L); or CREATE PUBLICATION %I FOR TABLE ...',
                          publication, publication);
    END IF;
    PERFORM gpsync.refuse_filtered_publication(publication);
    IF of.open_ended AND NOT pg_has_role(caller, 'pg_read_all_data', 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('permission denied to stream publication "%s"', publication),
            DETAIL = 'A publication FOR ALL TABLES or FOR TABLES IN SCHEMA takes the privileges of pg_read_all_data.';
    END IF;
    PERFORM gpsync.refuse_unreadable(publication, caller);
END $$;
COMMENT ON FUNCTION gpsync.refuse_bad_publication(name, oid) IS
    'Raises when a publication does not exist, has filters, or publishes rows that the caller may not read';

CREATE FUNCTION gpsync.refuse_filtered_publication(publication name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    filtered record;
BEGIN
    SELECT r.prrelid::regclass AS relation,
           CASE WHEN r.prattrs IS NOT NULL THEN 'column list' ELSE 'row filter' END AS what
    INTO filtered
    FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
    WHERE p.pubname = publication AND (r.prattrs IS NOT NULL OR r.prqual IS NOT NULL)
    ORDER BY r.prrelid::regclass::text LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('publication "%s" has a %s for table %s', publication, filtered.what, filtered.relation),
            DETAIL = 'Column lists and row filters are not honoured yet.',
            HINT = format('ALTER PUBLICATION %I DROP TABLE %s; ALTER PUBLICATION %1$I ADD TABLE %2$s;', publication, filtered.relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.refuse_filtered_publication(name) IS
    'Raises 0A000 when a publication has column lists or row filters';

CREATE FUNCTION gpsync.refuse_bad_endpoints(endpoints text[], caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    endpoint text;
    server record;
BEGIN
    IF cardinality(endpoints) = 0 OR array_ndims(endpoints) > 1 OR array_position(endpoints, NULL) IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a stream needs at least one endpoint, as a list of names',
            HINT = 'SELECT gpsync.create_stream(''legacy'', endpoints => ''{nws,ods}'')';
    END IF;
    SELECT e INTO endpoint FROM unnest(endpoints) AS e GROUP BY e HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = format('endpoint "%s" is given more than once', endpoint);
    END IF;
    FOREACH endpoint IN ARRAY endpoints LOOP
        SELECT s.oid, w.fdwname INTO server
        FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw WHERE s.srvname = endpoint;
        IF NOT FOUND THEN
            RAISE undefined_object USING MESSAGE = format('endpoint "%s" does not exist', endpoint),
                HINT = coalesce(nullif(gpsync.name_hint(endpoint, 'endpoints', array(
                    SELECT s.srvname FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
                    WHERE w.fdwname = 'gpsync_http' ORDER BY 1)), ''),
                    format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')', endpoint));
        ELSIF server.fdwname <> 'gpsync_http' THEN
            RAISE wrong_object_type USING MESSAGE = format('server "%s" is not an endpoint', endpoint),
                DETAIL = format('It is a server of foreign data wrapper "%s", and endpoints are of wrapper "gpsync_http".', server.fdwname);
        ELSIF NOT has_server_privilege(caller, server.oid, 'USAGE') THEN
            RAISE insufficient_privilege USING MESSAGE = format('permission denied for foreign server %s', endpoint),
                HINT = format('GRANT USAGE ON FOREIGN SERVER %I TO %I', endpoint, pg_get_userbyid(caller));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.refuse_bad_endpoints(text[], oid) IS
    'Raises unless every endpoint is named once and is a server of wrapper gpsync_http that the caller may use';

CREATE FUNCTION gpsync.refuse_second_booking(stream text, publication name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    booked record;
BEGIN
    SELECT r AS relation, s.stream INTO booked
    FROM gpsync.stream AS s, gpsync.publication_relations(s.publication) AS r
    WHERE s.bookkeeping AND s.stream <> refuse_second_booking.stream
        AND r IN (SELECT gpsync.publication_relations(refuse_second_booking.publication))
    ORDER BY r::text LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('table %s is booked by stream "%s" already', booked.relation, booked.stream),
            DETAIL = 'Its sync_status can say what became of one stream only.',
            HINT = 'Create this stream with bookkeeping => false.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.refuse_second_booking(text, name) IS
    'Raises 55000 when a table of the publication is booked by another stream';

-- A slot of that name that no stream owns: left by a crash in the middle of a COMMIT, or not ours at all.
CREATE FUNCTION gpsync.clear_slot(slot name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    present record;
BEGIN
    SELECT r.* INTO present FROM pg_replication_slots AS r WHERE r.slot_name = slot;
    IF NOT FOUND THEN
        RETURN;
    ELSIF present.plugin IS DISTINCT FROM 'gpsync_decoder' OR present.database <> current_database() THEN
        RAISE duplicate_object USING MESSAGE = format('replication slot "%s" exists already', slot),
            DETAIL = format('It belongs to %s.', CASE
                WHEN present.plugin IS NULL THEN 'physical replication'
                WHEN present.plugin <> 'gpsync_decoder' THEN format('output plugin "%s"', present.plugin)
                ELSE format('database "%s"', present.database) END),
            HINT = format('If nothing needs it: SELECT pg_drop_replication_slot(%L)', slot);
    ELSIF present.active_pid IS NOT NULL THEN
        RAISE object_in_use USING MESSAGE = format('replication slot "%s" is in use by PID %s', slot, present.active_pid);
    END IF;
    RAISE NOTICE 'replication slot "%" was left without a stream and is replaced', slot;
    PERFORM pg_drop_replication_slot(slot);
END $$;
COMMENT ON FUNCTION gpsync.clear_slot(name) IS
    'Drops a slot of plugin gpsync_decoder that belongs to no stream; raises 42710 when the name is taken by another kind of slot';

-- REQUIRES: nothing written yet in this transaction (the server makes no logical slot otherwise).
CREATE FUNCTION gpsync.create_slot(slot name) RETURNS pg_lsn
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync.clear_slot(slot);
    RETURN gpsync.make_slot(slot);
END $$;
COMMENT ON FUNCTION gpsync.create_slot(name) IS
    'Makes a slot that is there after COMMIT and gone after ROLLBACK; gives its consistent point. It waits for the transactions that are writing';

CREATE FUNCTION gpsync.refuse_writing_transaction(call text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE active_sql_transaction USING
            MESSAGE = format('%s must not run in a transaction that has written', call),
            HINT = 'Call it in a transaction of its own.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.refuse_writing_transaction(text) IS 'Raises 25001 when the transaction has written';

CREATE FUNCTION gpsync.lock_stream_creation() RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_lock_stream_creation';
COMMENT ON FUNCTION gpsync.lock_stream_creation() IS
    'Waits for other transactions that create streams: two may want one name, or to book one table. Not a table lock, since making a slot may wait long, and streams must be paused meanwhile';

CREATE FUNCTION gpsync.create_stream_as(caller oid, stream text, endpoints text[], publication text, bookkeeping boolean) RETURNS pg_lsn
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync.slot_name(stream);
    start_lsn pg_lsn;
BEGIN
    IF stream !~ '^[a-z0-9_]{1,40}$' THEN
        RAISE invalid_name USING MESSAGE = format('invalid stream name: "%s"', stream),
            HINT = 'A stream''s name has 1 to 40 lower-case letters, digits and underscores.';
    END IF;
    PERFORM gpsync.refuse_writing_transaction('create_stream()');
    PERFORM gpsync.refuse_no_logical_decoding();
    PERFORM gpsync.lock_stream_creation();
    IF EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = create_stream_as.stream) THEN
        RAISE duplicate_object USING MESSAGE = format('stream "%s" already exists', stream);
    END IF;
    PERFORM gpsync.refuse_bad_endpoints(endpoints, caller);
    PERFORM gpsync.refuse_bad_publication(publication, caller);
    IF bookkeeping THEN
        PERFORM gpsync.refuse_second_booking(stream, publication);
    END IF;

    start_lsn := gpsync.create_slot(slot);
    -- Again: what joined the publication while the slot was waited for was not checked against a stream.
    PERFORM gpsync.refuse_bad_publication(publication, caller);
    INSERT INTO gpsync.stream (stream, publication, endpoints, bookkeeping, owner, home)
        VALUES (stream, publication, endpoints, bookkeeping, pg_get_userbyid(caller), gpsync.server_home());
    INSERT INTO gpsync.stream_position (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn)
        VALUES (stream, slot, (pg_control_system()).system_identifier, start_lsn, 0, start_lsn);
    PERFORM gpsync.ensure_origin(slot);
    RETURN start_lsn;
END $$;
COMMENT ON FUNCTION gpsync.create_stream_as(oid, text, text[], text, boolean) IS 'create_stream() on behalf of a role';

CREATE FUNCTION gpsync.create_stream(stream text, endpoints text[], publication text DEFAULT 'gpsync', bookkeeping boolean DEFAULT true)
    RETURNS pg_lsn LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.create_stream(text, text[], text, boolean) IS
    'Delivers what a publication publishes, from here on, to endpoints (servers of wrapper gpsync_http); gives the LSN it starts from. With bookkeeping it writes sync_status, which one stream per table can. It waits for the transactions that are writing. Errors: 42602 bad name; 42710 stream or another plugin''s slot exists; 42704 no such publication or endpoint; 22023 no endpoint, or one twice; 42809 a server of another wrapper; 0A000 a publication with filters; 42501 a table of which the caller may not read all rows, a server it may not use; 25001 the transaction has written; 55000 wal_level, output_plugin_libraries, table booked by another stream; 53400 no free replication slot';

-- An origin outlives every slot that may still see it, so a stream made again under its name finds it there.
CREATE FUNCTION gpsync.ensure_origin(origin text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT pg_replication_origin_create(origin)
WHERE NOT EXISTS (SELECT FROM pg_replication_origin AS o WHERE o.roname = origin) $$;
COMMENT ON FUNCTION gpsync.ensure_origin(text) IS 'Creates a replication origin unless it exists';

-- Drops the origins of this database once all its slots are gone, or go with this transaction.
CREATE FUNCTION gpsync.drop_unseen_origins() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    prefix text := gpsync.slot_name('');
    origin text;
BEGIN
    IF EXISTS (SELECT FROM pg_replication_slots AS r
               WHERE r.database = current_database() AND starts_with(r.slot_name, prefix) AND NOT gpsync.slot_goes_on_commit(r.slot_name)) THEN
        RETURN;
    END IF;
    FOR origin IN SELECT o.roname FROM pg_replication_origin AS o WHERE starts_with(o.roname, prefix) ORDER BY 1 LOOP
        BEGIN
            PERFORM pg_replication_origin_drop(origin);
        EXCEPTION WHEN object_in_use THEN
            RAISE NOTICE 'replication origin "%" is still in use and stays', origin
                USING HINT = 'gpsync.doctor() tells how to drop it.';
        END;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.drop_unseen_origins() IS
    'Drops the replication origins of this database''s streams when no slot may see them any more';

CREATE FUNCTION gpsync.try_lock_stream(stream text) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_try_lock_stream';
COMMENT ON FUNCTION gpsync.try_lock_stream(text) IS
    'Takes the lock of a stream until the transaction ends; false when its relay has it. SQL''s own advisory locks are others';

-- Takes the stream away from its relay until the transaction ends: a relay that comes back stands by.
CREATE FUNCTION gpsync.seize_stream(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key bigint := gpsync.stream_lock_key(stream);
    give_up timestamptz := clock_timestamp() + interval '10 s';
BEGIN
    WHILE NOT gpsync.try_lock_stream(stream) LOOP
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
COMMENT ON FUNCTION gpsync.seize_stream(text) IS
    'Makes the relay of a stream leave and keeps others away until the transaction ends; 55006 when it does not within 10 s';

CREATE FUNCTION gpsync.drop_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync.slot_name(stream);
    present record;
BEGIN
    PERFORM gpsync.refuse_unknown_stream(stream);
    PERFORM gpsync.seize_stream(stream);
    SELECT r.plugin, r.database INTO present FROM pg_replication_slots AS r WHERE r.slot_name = slot;
    IF FOUND AND (present.plugin IS DISTINCT FROM 'gpsync_decoder' OR present.database <> current_database()) THEN
        RAISE NOTICE 'replication slot "%" is not one of gpsync and stays', slot;
    ELSIF FOUND THEN
        PERFORM gpsync.drop_slot_on_commit(slot);
    END IF;
    DELETE FROM gpsync.stream AS s WHERE s.stream = drop_stream_as.stream;
    DELETE FROM gpsync.relay_report AS r WHERE r.stream = drop_stream_as.stream;
    DELETE FROM gpsync.endpoint_report AS r WHERE r.stream = drop_stream_as.stream;
    PERFORM gpsync.drop_unseen_origins();
END $$;
COMMENT ON FUNCTION gpsync.drop_stream_as(oid, text) IS 'drop_stream() on behalf of a role';

CREATE FUNCTION gpsync.drop_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_stream(text) IS
    'Ends a stream: its relay is made to leave, its dead letters and deferred marks are deleted, its slot is dropped at COMMIT. Rows that are PENDING stay so. Errors: 42704 no such stream; 55006 its reader does not leave';

CREATE FUNCTION gpsync.set_paused(stream text, paused boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync.refuse_unknown_stream(stream);
    UPDATE gpsync.stream AS s SET paused = set_paused.paused
    WHERE s.stream = set_paused.stream AND s.paused <> set_paused.paused;
    IF NOT FOUND THEN
        RAISE NOTICE 'stream "%" is % already', stream, CASE WHEN paused THEN 'paused' ELSE 'running' END;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.set_paused(text, boolean) IS 'Pauses a stream or lets it go on';

CREATE FUNCTION gpsync.pause_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp AS $$ SELECT gpsync.set_paused(stream, true) $$;
COMMENT ON FUNCTION gpsync.pause_stream_as(oid, text) IS 'pause_stream() on behalf of a role';

CREATE FUNCTION gpsync.pause_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.pause_stream(text) IS
    'Stops delivering a stream within about a second, until resume_stream(). Its slot keeps the WAL meanwhile. Errors: 42704 no such stream';

CREATE FUNCTION gpsync.resume_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot record;
    moved boolean;
BEGIN
    UPDATE gpsync.stream AS s SET home = gpsync.server_home()
    WHERE s.stream = resume_stream_as.stream AND s.home <> gpsync.server_home();
    moved := FOUND;
    SELECT * INTO slot FROM gpsync.slot_problem(stream);
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = slot.problem, HINT = slot.fix;
    END IF;
    IF moved THEN
        RAISE NOTICE 'the home of stream "%" is now "%"', stream, gpsync.server_home();
    END IF;
    IF NOT moved OR (SELECT s.paused FROM gpsync.stream AS s WHERE s.stream = resume_stream_as.stream) THEN
        PERFORM gpsync.set_paused(stream, false);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.resume_stream_as(oid, text) IS 'resume_stream() on behalf of a role';

CREATE FUNCTION gpsync.resume_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resume_stream(text) IS
    'Delivers a paused stream again, from where it stopped, and one whose home was another server from now on here. Errors: 42704 no such stream; 55000 its slot is missing, lost, another plugin''s or consumed by somebody else, or the stream comes from a dump';

REVOKE ALL ON FUNCTION gpsync.make_slot(name), gpsync.drop_slot_on_commit(name), gpsync.slot_goes_on_commit(name),
    gpsync.refuse_no_logical_decoding(),
    gpsync.setting_list(text), gpsync.output_plugins_fix(text), gpsync.publication_relations(name), gpsync.refuse_bad_publication(name, oid), gpsync.refuse_filtered_publication(name),
    gpsync.refuse_bad_endpoints(text[], oid), gpsync.refuse_second_booking(text, name), gpsync.clear_slot(name),
    gpsync.create_slot(name), gpsync.refuse_writing_transaction(text), gpsync.ensure_origin(text), gpsync.lock_stream_creation(),
    gpsync.drop_unseen_origins(), gpsync.try_lock_stream(text), gpsync.seize_stream(text),
    gpsync.set_paused(text, boolean),
    gpsync.create_stream_as(oid, text, text[], text, boolean), gpsync.create_stream(text, text[], text, boolean),
    gpsync.drop_stream_as(oid, text), gpsync.drop_stream(text), gpsync.pause_stream_as(oid, text), gpsync.pause_stream(text),
    gpsync.resume_stream_as(oid, text), gpsync.resume_stream(text) FROM PUBLIC;
