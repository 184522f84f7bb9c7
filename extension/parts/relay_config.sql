-- relay_config(): the settings of a stream for its relay, after checking that the stream can be delivered.

CREATE FUNCTION gpsync_internal.overtaking_lsn(stream text) RETURNS pg_lsn
    LANGUAGE c STABLE STRICT SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'gpsync_overtaking_lsn';
COMMENT ON FUNCTION gpsync_internal.overtaking_lsn(text) IS
    'Where the slot of a stream is confirmed, if that is beyond what the relay has booked; null when it is not, when '
    'there is no slot or position, and during recovery. It looks at the slot first and then at the present books, so a '
    'relay at work does not deceive it';

-- A transaction id of the last 2^31, with its epoch.
CREATE FUNCTION gpsync_internal.full_xid(id xid) RETURNS xid8
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT (next.id - mod(next.id - id::text::bigint + 4294967296, 4294967296))::text::xid8
FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint) AS next (id) $$;
COMMENT ON FUNCTION gpsync_internal.full_xid(xid) IS 'A transaction id that is not in the future, with its epoch';

-- What tells a cluster that pg_upgrade has made from a copy and from a dump. A copy of the files keeps the system
-- identifier, and a dump has no positions; pg_upgrade takes positions along, makes a new identifier, and goes on with
-- the WAL behind the old end. From 17 on it brings the slots, unless something that commits in their database is behind
-- them. So nothing is lost if everything was delivered when the slot was last moved: prepare_upgrade() has noted it,
-- and nothing was booked since.
CREATE FUNCTION gpsync_internal.is_upgraded(stream text) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM gpsync.stream_position AS p
    JOIN gpsync.stream_end AS e USING (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn,
        booked_at)
    JOIN pg_replication_slots AS r ON r.slot_name = p.slot_name
    WHERE p.stream = is_upgraded.stream AND NOT pg_is_in_recovery() AND e.server_version >= 170000
        AND p.system_identifier <> (pg_control_system()).system_identifier
        AND p.slot_name = gpsync_internal.slot_name(p.stream)
        AND r.plugin = 'gpsync_decoder' AND r.database = current_database() AND NOT r.temporary
        AND r.wal_status <> 'lost' AND r.confirmed_flush_lsn > e.slot_bound) $$;
COMMENT ON FUNCTION gpsync_internal.is_upgraded(text) IS
    'Whether pg_upgrade has brought a stream here with its slot, and everything was delivered before: resume_stream() '
    'goes on with it';

-- Why a stream's slot cannot be read from its position, as a state for stream_status and as words; no row
-- when all is well. In order of what makes the others meaningless.
CREATE FUNCTION gpsync_internal.slot_problem(stream text, OUT state text, OUT problem text, OUT fix text)
    RETURNS SETOF record
    LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
WITH of_stream AS (
    SELECT gpsync_internal.slot_name(slot_problem.stream) AS name, s.stream, p.slot_name AS booked_slot,
        p.system_identifier,
        p.commit_lsn, p.confirmed_lsn,
           r.slot_name, r.plugin, r.database, r.wal_status, r.temporary,
           -- From PostgreSQL 17 on; where it is not known there is one reason.
           coalesce(to_jsonb(r) ->> 'invalidation_reason', 'wal_removed') AS invalidation,
           s.home, gpsync_internal.server_home() AS here, s.failover,
           -- By prepare_upgrade(), past what nobody is to get.
           coalesce((SELECT e.slot_bound FROM gpsync.stream_end AS e
                     WHERE e.stream = s.stream AND e.system_identifier = p.system_identifier), '0/0') AS moved_up_to
    FROM gpsync.stream AS s
    LEFT JOIN gpsync.stream_position AS p ON p.stream = s.stream
    LEFT JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream)
    WHERE s.stream = slot_problem.stream)
SELECT found.state, found.problem,
       -- A copy of production must not deliver to production, whatever else is missing in it.
       CASE WHEN home <> here OR found.state = 'upgraded'
           THEN E'-- check the servers'' URLs first: SELECT * FROM gpsync.endpoint_status\n' ELSE '' END
           || CASE found.state WHEN 'other plugin' THEN format('SELECT pg_drop_replication_slot(%L); ', name)
               ELSE '' END
           || format(CASE WHEN found.state IN ('moved', 'upgraded') THEN 'SELECT gpsync.resume_stream(%L)'
               ELSE 'SELECT gpsync.recreate_stream(%L)' END, of_stream.stream)
FROM of_stream, LATERAL (VALUES
    (1, booked_slot IS NULL, 'restored',
        format('stream "%s" has no position: it comes from a dump', stream)),
    (2, gpsync_internal.is_upgraded(stream), 'upgraded',
        format('pg_upgrade has brought stream "%s" here, with its slot and with everything delivered; it waits for '
               'resume_stream()', stream)),
    (3, system_identifier <> (pg_control_system()).system_identifier, 'restored',
        format('the position of stream "%s" belongs to another cluster (system identifier %s)', stream,
            system_identifier)
        || CASE WHEN slot_name IS NULL THEN ''
                ELSE '; there is a slot, but what was delivered before it is not known: prepare_upgrade() was not '
                    'called last before pg_upgrade' END),
    (4, booked_slot <> name, 'restored',
        format('the position of stream "%s" belongs to another slot ("%s")', stream, booked_slot)),
    (5, slot_name IS NULL, 'missing', format('replication slot "%s" does not exist', name)
        || CASE WHEN pg_is_in_recovery() THEN ' here: this server is a standby, and its primary delivers the stream'
                WHEN home <> here
                    THEN format('; this server is a promoted standby, a copy or a restored backup of "%s"', home)
                WHEN failover THEN '; a standby that is promoted before it has taken the slot over never gets it'
                ELSE '' END),
    (6, plugin IS DISTINCT FROM 'gpsync_decoder', 'other plugin',
        format('replication slot "%s" belongs to %s', name,
               coalesce('plugin "' || plugin || '"', 'physical replication'))),
    (7, database <> current_database(), 'other plugin',
        format('replication slot "%s" belongs to database "%s"', name, database)),
    (8, wal_status = 'lost', 'lost',
        format('replication slot "%s" is lost: %s', name, CASE invalidation
            WHEN 'wal_removed' THEN 'the server has removed WAL that it needs (max_slot_wal_keep_size)'
            WHEN 'rows_removed' THEN 'rows of the catalog that it needs were removed (rows_removed)'
            WHEN 'wal_level_insufficient' THEN 'wal_level was not "logical" (wal_level_insufficient)'
            WHEN 'idle_timeout' THEN 'nobody read it for longer than idle_replication_slot_timeout allows'
            ELSE invalidation END)),
    (9, NOT pg_is_in_recovery() AND commit_lsn > pg_current_wal_insert_lsn(), 'restored',
        format('the position of stream "%s" (%s) is ahead of the server''s WAL', stream, commit_lsn)),
    (10, gpsync_internal.overtaking_lsn(stream) > moved_up_to, 'consumed',
        format('replication slot "%s" is ahead of the books: it is confirmed up to %s, and stream "%s" has booked up '
               'to %s; '
            'somebody else has read or moved it, or it is a copy', name, gpsync_internal.overtaking_lsn(stream), stream,
                confirmed_lsn)),
    -- Last: whatever else is wrong takes recreate_stream(), which makes this server the home. A standby that was
    -- promoted is another server too, whether its slot was synchronised or not: so is a copy of a standby's files.
    -- Servers that are to go on for each other have one gpsync.home.
    (11, home <> here, 'moved',
        format('stream "%s" belongs to another server: its home is "%s", and this server''s is "%s"', stream, home,
            here))
) AS found (rank, applies, state, problem)
WHERE found.applies ORDER BY found.rank LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.slot_problem(text) IS
    'Why a stream cannot be read from its slot (restored, upgraded, missing, other plugin, lost, consumed, moved), in '
    'words, and the SQL that mends it; no row when it can';

CREATE FUNCTION gpsync_internal.refuse_missing_parts(stream text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    publication name;
    endpoint text;
BEGIN
    SELECT s.publication INTO publication FROM gpsync.stream AS s
    WHERE s.stream = refuse_missing_parts.stream AND s.publication IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = s.publication);
    IF FOUND THEN
        RAISE undefined_object USING
            MESSAGE = format('publication "%s" of stream "%s" does not exist', publication, stream),
            HINT = format('CREATE PUBLICATION %I, or attach the tables again.', publication);
    END IF;
    SELECT e.name INTO endpoint FROM gpsync.stream AS s, unnest(s.endpoints) AS e (name)
    WHERE s.stream = refuse_missing_parts.stream AND gpsync_internal.endpoint_config(e.name, NULL) IS NULL;
    IF FOUND THEN
        RAISE undefined_object USING
            MESSAGE = format('endpoint "%s" of stream "%s" does not exist', endpoint, stream),
            HINT = format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'').', endpoint);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_missing_parts(text) IS
    'Raises 42704 when the publication or an endpoint of a stream is gone';

CREATE FUNCTION gpsync_internal.refuse_owner_code() RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_refuse_owner_code';
COMMENT ON FUNCTION gpsync_internal.refuse_owner_code() IS
    'Raises 42501 where code of a table''s owner calls, in the session of a relay: what it may see is the session''s '
    'user''s';

CREATE FUNCTION gpsync_internal.relay_config(stream text) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot record;
BEGIN
    PERFORM gpsync_internal.refuse_owner_code();
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    PERFORM gpsync_internal.refuse_missing_parts(stream);
    SELECT * INTO slot FROM gpsync_internal.slot_problem(stream);
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = slot.problem, HINT = slot.fix;
    END IF;
    -- A slot that is synchronised here has no problem, and cannot be read before the promotion. Not an error that
    -- ends a relay: the promotion may be under way.
    IF pg_is_in_recovery() THEN
        RAISE read_only_sql_transaction USING
            MESSAGE = format('this server is a standby, and its primary delivers stream "%s"', stream),
            HINT = 'Name all servers in the relay''s connection string, with target_session_attrs=read-write.';
    END IF;
    RETURN (SELECT gpsync_internal.stream_config(p.stream, session_user) || jsonb_build_object(
                       'position', jsonb_build_object('commit_lsn', p.commit_lsn, 'ordinal', p.ordinal),
                       'spool', gpsync_internal.relay_spool(p.stream),
                       'skip_changes',
                           (SELECT coalesce(string_agg(gpsync_internal.event_sequence(k.commit_lsn, k.ordinal), ','
                           ORDER BY k.commit_lsn, k.ordinal), '')
                                        FROM gpsync.skipped_change AS k
                                        WHERE k.stream = p.stream
                                            AND (k.commit_lsn, k.ordinal) > (low.commit_lsn, low.ordinal)),
                       'fingerprint', gpsync_internal.relay_fingerprint(p.stream))
            FROM gpsync.stream_position AS p, gpsync_internal.settled_everywhere(p.stream) AS low
            WHERE p.stream = relay_config.stream);
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_config(text) IS
    'For gpsync-relay: everything it needs to deliver a stream, with the user mappings of the session''s user. Errors, '
    'all of which need a DBA: 42704 no such stream, publication or endpoint; 55000 slot missing, lost, consumed by '
    'somebody else, or of another plugin or database, position of another cluster, stream restored from a dump or of '
    'another home';

REVOKE ALL ON FUNCTION gpsync_internal.overtaking_lsn(text), gpsync_internal.full_xid(xid),
    gpsync_internal.is_upgraded(text), gpsync_internal.slot_problem(text),
    gpsync_internal.refuse_missing_parts(text), gpsync_internal.refuse_owner_code(),
    gpsync_internal.relay_config(text) FROM PUBLIC;
