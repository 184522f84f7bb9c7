-- The slots and replication origins of streams: they come and go with the transaction (src/stream/slot.cpp).

-- REQUIRES: nothing written yet in this transaction (the server makes no logical slot otherwise).
CREATE FUNCTION gpsync_internal.make_slot(slot_name name) RETURNS pg_lsn
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_make_slot';
COMMENT ON FUNCTION gpsync_internal.make_slot(name) IS
    'Makes a temporary slot of plugin gpsync_decoder that becomes a permanent one at COMMIT and is dropped at '
    'ROLLBACK, also of a savepoint; gives its consistent point. It waits for the transactions that are writing';

-- A temporary slot cannot be synchronised; it becomes so at COMMIT.
CREATE FUNCTION gpsync_internal.synchronise_slot(slot_name name) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_synchronise_slot';
COMMENT ON FUNCTION gpsync_internal.synchronise_slot(name) IS
    'Of a slot that make_slot() has made in this transaction: standbys take it over (failover), from PostgreSQL 17 on';

CREATE FUNCTION gpsync_internal.drop_slot_on_commit(slot_name name) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_drop_slot_on_commit';
COMMENT ON FUNCTION gpsync_internal.drop_slot_on_commit(name) IS
    'Drops a slot of plugin gpsync_decoder at COMMIT, making whoever reads it leave; nothing happens at ROLLBACK';

CREATE FUNCTION gpsync_internal.slot_goes_on_commit(slot_name name) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_slot_goes_on_commit';
COMMENT ON FUNCTION gpsync_internal.slot_goes_on_commit(name) IS
    'Whether this transaction has dropped the stream of that slot';

-- A slot of that name that no stream owns: left by a crash in the middle of a COMMIT, or not ours at all.
CREATE FUNCTION gpsync_internal.clear_slot(slot name) RETURNS void
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
        RAISE object_in_use USING
            MESSAGE = format('replication slot "%s" is in use by PID %s', slot, present.active_pid);
    END IF;
    RAISE NOTICE 'replication slot "%" was left without a stream and is replaced', slot;
    PERFORM pg_drop_replication_slot(slot);
END $$;
COMMENT ON FUNCTION gpsync_internal.clear_slot(name) IS
    'Drops a slot of plugin gpsync_decoder that belongs to no stream; raises 42710 when the name is taken by another '
    'kind of slot';

-- Settings of the same name on both servers are the usual case, and those of the standby are not known here.
CREATE FUNCTION gpsync_internal.wants_failover(failover boolean) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF current_setting('server_version_num')::integer >= 170000 THEN
        RETURN coalesce(failover, current_setting('sync_replication_slots')::boolean
            OR current_setting('synchronized_standby_slots') <> '');
    ELSIF failover THEN
        RAISE feature_not_supported USING
            MESSAGE = 'failover => true needs PostgreSQL 17 or later',
            DETAIL = format('This server is PostgreSQL %s, whose logical slots stay on the primary.',
                current_setting('server_version')),
            HINT = 'Create the stream without it; after a promotion call gpsync.recreate_stream() on the new primary.';
    END IF;
    RETURN false;
END $$;
COMMENT ON FUNCTION gpsync_internal.wants_failover(boolean) IS
    'Whether a new slot is to be synchronised to standbys: what create_stream() was called with, NULL: where this '
    'server''s own settings ask for it. Errors: 0A000 true before PostgreSQL 17';

-- Before PostgreSQL 17 the view has no such column.
CREATE FUNCTION gpsync_internal.is_failover_slot(slot name) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce((SELECT (to_jsonb(r) ->> 'failover')::boolean FROM pg_replication_slots AS r
                 WHERE r.slot_name = slot), false) $$;
COMMENT ON FUNCTION gpsync_internal.is_failover_slot(name) IS
    'Whether a slot is synchronised to standbys; false where there is none';

-- REQUIRES: nothing written yet in this transaction (the server makes no logical slot otherwise).
CREATE FUNCTION gpsync_internal.create_slot(slot name) RETURNS pg_lsn
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.clear_slot(slot);
    RETURN gpsync_internal.make_slot(slot);
END $$;
COMMENT ON FUNCTION gpsync_internal.create_slot(name) IS
    'Makes a slot that is there after COMMIT and gone after ROLLBACK; gives its consistent point. It waits for the '
    'transactions that are writing';

-- An origin outlives every slot that may still see it, so a stream made again under its name finds it there.
CREATE FUNCTION gpsync_internal.ensure_origin(origin text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT pg_replication_origin_create(origin)
WHERE NOT EXISTS (SELECT FROM pg_replication_origin AS o WHERE o.roname = origin) $$;
COMMENT ON FUNCTION gpsync_internal.ensure_origin(text) IS 'Creates a replication origin unless it exists';

-- Drops the origins of this database once all its slots are gone, or go with this transaction.
CREATE FUNCTION gpsync_internal.drop_unseen_origins() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    prefix text := gpsync_internal.slot_name('');
    origin text;
BEGIN
    IF EXISTS (SELECT FROM pg_replication_slots AS r
               WHERE r.database = current_database() AND starts_with(r.slot_name, prefix)
                   AND NOT gpsync_internal.slot_goes_on_commit(r.slot_name)) THEN
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
COMMENT ON FUNCTION gpsync_internal.drop_unseen_origins() IS
    'Drops the replication origins of this database''s streams when no slot may see them any more';

REVOKE ALL ON FUNCTION gpsync_internal.make_slot(name), gpsync_internal.drop_slot_on_commit(name),
    gpsync_internal.slot_goes_on_commit(name), gpsync_internal.synchronise_slot(name),
    gpsync_internal.wants_failover(boolean), gpsync_internal.is_failover_slot(name),
    gpsync_internal.clear_slot(name), gpsync_internal.create_slot(name), gpsync_internal.ensure_origin(text),
    gpsync_internal.drop_unseen_origins() FROM PUBLIC;
