-- create_history(), drop_history(), and what shows a history.

-- Months are UTC's. A new table that is attached then locks no reader of the others, as PARTITION OF would.
CREATE FUNCTION gpsync_internal.make_history_month(history integer, month date) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    parent text := format('gpsync.history_%s', history);
    part text := format('gpsync.history_%s_%s', history, to_char(month, 'YYYYMM'));
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', part, parent);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, part,
        month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    PERFORM gpsync_internal.grant_history_readers(h) FROM gpsync.history AS h
    WHERE h.history = make_history_month.history;
END $$;
COMMENT ON FUNCTION gpsync_internal.make_history_month(integer, date) IS
    'Makes the partition of a history for the month that begins with a day, where it is missing';

CREATE FUNCTION gpsync_internal.make_history_state(history integer) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    EXECUTE format('CREATE TABLE gpsync.history_state_%s (LIKE gpsync.history_state INCLUDING ALL) '
                   'WITH (fillfactor = 70)', history);
    -- A hash, because a key may be larger than an index's row.
    EXECUTE format('CREATE INDEX ON gpsync.history_state_%s (history, (jsonb_hash_extended(key, 0)))', history);
    EXECUTE format('CREATE INDEX ON gpsync.history_state_%s (history) WHERE state IS NULL', history);
    EXECUTE format('ALTER TABLE gpsync.history_state ATTACH PARTITION gpsync.history_state_%s FOR VALUES IN (%1$s)',
        history);
END $$;
COMMENT ON FUNCTION gpsync_internal.make_history_state(integer) IS 'Makes the partition with the states of a history';

CREATE FUNCTION gpsync_internal.month_of(at timestamptz) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date $$;
COMMENT ON FUNCTION gpsync_internal.month_of(timestamptz) IS 'The first day of a time''s month, in UTC';

CREATE FUNCTION gpsync_internal.refuse_local_source(caller oid, relation regclass, call text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    root regclass := gpsync_internal.attached_ancestor(relation);
BEGIN
    IF root IS NULL THEN
        PERFORM gpsync_internal.refuse_not_attached(relation);
    ELSIF root <> relation THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('%s is a part of attached table %s', relation, root),
            HINT = format('SELECT gpsync.%s for %s: it covers its partitions.', call, root);
    ELSIF NOT pg_has_role(caller, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = relation), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_local_source(oid, regclass, text) IS
    'Raises 55000 where a table is not attached itself, 42501 where the caller does not own it';

CREATE FUNCTION gpsync_internal.refuse_history(caller oid, relation regclass, retention interval) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    status record;
BEGIN
    PERFORM gpsync_internal.refuse_local_source(caller, relation, 'create_history()');
    SELECT a.status_column AS name, c.in_stream AS rule INTO status FROM gpsync.attached_tables AS a
    LEFT JOIN gpsync.redacted_columns AS c ON c.relation = a.relation AND c.column_name = a.status_column
    WHERE a.relation = refuse_history.relation;
    IF status.name IS NULL THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s has no status', relation),
            DETAIL = 'It is attached without a machine.';
    ELSIF status.rule <> 'pass' THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('column "%s" of table %s is redacted in the stream ("%s")', status.name, relation,
                status.rule),
            DETAIL = 'A history has what the stream shows.';
    ELSIF EXISTS (SELECT FROM gpsync.history AS h WHERE h.relation = refuse_history.relation) THEN
        RAISE duplicate_object USING MESSAGE = format('table %s already has a history', relation),
            HINT = 'gpsync.set_history_retention() changes its retention.';
    END IF;
    PERFORM gpsync_internal.refuse_retention(retention);
    PERFORM gpsync_internal.resend_key(relation);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_history(oid, regclass, interval) IS
    'The errors of create_history() but those of the stream';

CREATE FUNCTION gpsync_internal.refuse_retention(retention interval) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF retention <= '0' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'retention must be more than nothing',
            HINT = 'NULL: as the setting gpsync.history_retention says.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_retention(interval) IS 'Raises 22023 where nothing would be kept';

CREATE FUNCTION gpsync_internal.create_history_as(caller oid, relation regclass, retention interval) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.history;
BEGIN
    PERFORM gpsync_internal.lock_local_feed();
    PERFORM gpsync_internal.refuse_history(caller, relation, retention);
    PERFORM gpsync_internal.feed_local(relation, 'create_history()');
    INSERT INTO gpsync.history AS h (relation, table_name, stream, endpoint, retention, status_number, status_column,
        key_numbers, key_names, owner)
    SELECT a.relation, format('%I.%I', n.nspname, c.relname), 'gpsync_local', 'gpsync_local',
           create_history_as.retention, s.attnum,
           s.attname, k.numbers, a.key_columns, pg_get_userbyid(caller)
    FROM gpsync.attached_tables AS a
    JOIN pg_class AS c ON c.oid = a.relation JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS s ON s.attrelid = a.relation AND s.attname = a.status_column,
        gpsync_internal.column_numbers(a.relation, a.key_columns) AS k (numbers)
    WHERE a.relation = create_history_as.relation RETURNING h.* INTO of;
    EXECUTE format('CREATE TABLE gpsync.%I (LIKE gpsync.history_entry INCLUDING ALL) PARTITION BY RANGE (at)',
        'history_' || of.history);
    -- Not on gpsync.history_entry: a restored dump, which has this table but not that one, would make it twice.
    EXECUTE format('CREATE INDEX ON gpsync.%I ((jsonb_hash_extended(key, 0)))', 'history_' || of.history);
    EXECUTE format('ALTER TABLE gpsync.history_entry ATTACH PARTITION gpsync.%I FOR VALUES IN (%s)',
        'history_' || of.history, of.history);
    PERFORM gpsync_internal.make_history_state(of.history);
    PERFORM gpsync_internal.make_history_month(of.history, gpsync_internal.month_of(now()));
END $$;
COMMENT ON FUNCTION gpsync_internal.create_history_as(oid, regclass, interval) IS
    'create_history() on behalf of a role';

CREATE FUNCTION gpsync_internal.column_numbers(relation regclass, columns name[]) RETURNS smallint[]
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT array(SELECT a.attnum FROM unnest(columns) WITH ORDINALITY AS c (name, n)
             JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = c.name AND a.attnum > 0
                 AND NOT a.attisdropped ORDER BY c.n) $$;
COMMENT ON FUNCTION gpsync_internal.column_numbers(regclass, name[]) IS 'The numbers of columns, in their order';

CREATE FUNCTION gpsync.create_history(relation regclass, retention interval DEFAULT NULL) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.create_history(regclass, interval) IS
    'Keeps every change of status of an attached table, off the hot path: the relay of stream gpsync_local, which '
    'is made with the first history, writes it. It begins with the rows as they are, which the relay scans. '
    'Months older than retention are dropped; NULL: than gpsync.history_retention. For the table''s owner. It waits '
    'for the transactions that write the table. Errors: 55000 not attached, without a status, its status is '
    'redacted, wal_level and the like; 42710 it has a history; 42501; 22023 retention; 0A000 a key without order; '
    '25001 the transaction has written (the first time)';

CREATE FUNCTION gpsync_internal.own_history(caller oid, relation regclass) RETURNS gpsync.history
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result gpsync.history;
    table_owner oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = relation);
BEGIN
    SELECT * INTO result FROM gpsync.history AS h WHERE h.relation = own_history.relation FOR UPDATE;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('table %s has no history', coalesce(relation::text, 'null')),
            HINT = 'gpsync.history_status lists the tables that have one.';
    ELSIF NOT pg_has_role(caller, coalesce(table_owner, (SELECT r.oid FROM pg_roles AS r
        WHERE r.rolname = result.owner), 10::oid), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', relation);
    END IF;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.own_history(oid, regclass) IS
    'Locks the history of a table that the caller owns, or of one that was dropped and for which it made the history. '
    'Errors: 42704; 42501';

CREATE FUNCTION gpsync_internal.drop_history_as(caller oid, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.history;
BEGIN
    PERFORM gpsync_internal.lock_local_feed();
    of := gpsync_internal.own_history(caller, relation);
    DELETE FROM gpsync.history AS h WHERE h.history = of.history;
    PERFORM gpsync_internal.forget_target('history', of.history);
    EXECUTE format('DROP TABLE IF EXISTS gpsync.%I, gpsync.%I', 'history_state_' || of.history,
        'history_' || of.history);
    PERFORM gpsync_internal.release_local(relation);
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_history_as(oid, regclass) IS 'drop_history() on behalf of a role';

CREATE FUNCTION gpsync.drop_history(relation regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_history(regclass) IS
    'Ends the history of a table, and drops what it has. With the last use of stream gpsync_local that goes too. For '
    'the table''s owner; the history of a table that was dropped goes by its number: drop_history(''16423''). Errors: '
    '42704 no history; 42501';

CREATE FUNCTION gpsync_internal.set_history_retention_as(caller oid, relation regclass, retention interval)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.history := gpsync_internal.own_history(caller, relation);
BEGIN
    PERFORM gpsync_internal.refuse_retention(retention);
    UPDATE gpsync.history AS h SET retention = set_history_retention_as.retention WHERE h.history = of.history;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_history_retention_as(oid, regclass, interval) IS
    'set_history_retention() on behalf of a role';

CREATE FUNCTION gpsync.set_history_retention(relation regclass, retention interval) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.set_history_retention(regclass, interval) IS
    'How long the history of a table is kept; NULL: as long as gpsync.history_retention says. Errors: 42704 no '
    'history; 42501; 22023';

-- What came in without the stream: an import whose rows no endpoint was to get.
CREATE FUNCTION gpsync_internal.refresh_history_as(caller oid, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.history;
BEGIN
    -- A stream that has to be made is made first: locking a row is writing.
    IF EXISTS (SELECT FROM gpsync.history AS h JOIN pg_class AS c ON c.oid = h.relation
               WHERE h.relation = refresh_history_as.relation AND pg_has_role(caller, c.relowner, 'USAGE')) THEN
        PERFORM gpsync_internal.feed_local(relation, 'refresh_history()');
    END IF;
    of := gpsync_internal.own_history(caller, relation);
    UPDATE gpsync.history AS h SET pass = h.pass + 1, scanned = false, last_key = NULL WHERE h.history = of.history;
END $$;
COMMENT ON FUNCTION gpsync_internal.refresh_history_as(oid, regclass) IS 'refresh_history() on behalf of a role';

CREATE FUNCTION gpsync.refresh_history(relation regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.refresh_history(regclass) IS
    'Has the relay scan a table again: rows that the stream did not show (an import, replication past a '
    'lost slot) become entries with event observed. Where stream gpsync_local does not exist any more, or does not '
    'have the table, that is mended first. Errors: 42704 no history; 42501; those of the stream, as '
    'create_history()';

-- An entry cannot be matched with the rows that a policy shows: its row may have changed, or be gone. So a history is
-- shown as a whole, or not at all. It is called as the reader.
CREATE FUNCTION gpsync_internal.may_read_history(relation oid, owner name) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(has_table_privilege(relation, 'SELECT') AND NOT row_security_active(relation),
    EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = owner AND pg_has_role(r.oid, 'USAGE'))) $$;
COMMENT ON FUNCTION gpsync_internal.may_read_history(oid, name) IS
    'Whether the current role may read all rows of a table, and so its history; of a table that was dropped, whether '
    'it is the one that made the history';

CREATE VIEW gpsync.status_history WITH (security_barrier) AS
    SELECT h.relation, e.key, e.from_state, e.to_state, e.at, e.event, e.revision, e.commit_lsn, e.ordinal,
           e.since, h.table_name,
           pg_catalog.jsonb_hash_extended(e.key, 0) AS key_hash, e.pass
    FROM gpsync.history AS h JOIN gpsync.history_entry AS e ON e.history = h.history
    WHERE gpsync_internal.may_read_history(h.relation, h.owner);
COMMENT ON VIEW gpsync.status_history IS
    'Changes of status, of the tables that create_history() was called for and whose rows the reader may all read: '
    'SELECT, and no row-level security that applies to the reader. Order: pass, commit_lsn, ordinal, at';
COMMENT ON COLUMN gpsync.status_history.from_state IS
    'NULL: the row is new, or was not known before (an observed one; an import)';
COMMENT ON COLUMN gpsync.status_history.to_state IS 'NULL: the row is gone';
COMMENT ON COLUMN gpsync.status_history.at IS 'When the change was committed; when the scan read the row (observed)';
COMMENT ON COLUMN gpsync.status_history.event IS
    'inserted, updated, deleted, truncated; rekeyed: the row got another key, an entry for each of both; observed: the '
    'row was found so when the history began or was refreshed';
COMMENT ON COLUMN gpsync.status_history.pass IS
    'The number of the last scan of all rows: LSNs of one pass can be compared';
COMMENT ON COLUMN gpsync.status_history.key_hash IS
    'jsonb_hash_extended(key, 0), by which the index finds the entries of a key: history_of()';
COMMENT ON COLUMN gpsync.status_history.since IS 'When the row came into from_state, or was found in it';

CREATE VIEW gpsync.status_durations WITH (security_barrier) AS
    WITH seen AS (
        SELECT h.history, h.relation, h.table_name FROM gpsync.history AS h
        WHERE gpsync_internal.may_read_history(h.relation, h.owner))
    SELECT s.relation, e.key, e.from_state AS state, e.since AS entered_at, e.at AS left_at,
           greatest(e.at - e.since, '0') AS duration, e.to_state AS next_state,
           e.observed OR e.event = 'observed' AS at_least, s.table_name
    FROM seen AS s JOIN gpsync.history_entry AS e ON e.history = s.history
    WHERE e.from_state IS NOT NULL AND e.since IS NOT NULL
    UNION ALL
    SELECT s.relation, t.key, t.state, t.since, NULL, greatest(pg_catalog.now() - t.since, '0'), NULL, t.observed,
           s.table_name
    FROM seen AS s JOIN gpsync.history_state AS t ON t.history = s.history WHERE t.state IS NOT NULL;
COMMENT ON VIEW gpsync.status_durations IS
    'How long each row stayed in each state. left_at NULL: it is still in it';
COMMENT ON COLUMN gpsync.status_durations.at_least IS
    'It was found in the state at entered_at, and may have come into it before; or it was found in the next one at '
    'left_at';

CREATE FUNCTION gpsync_internal.column_names(relation oid, numbers smallint[]) RETURNS name[]
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT array_agg(a.attname ORDER BY n.n) FROM unnest(numbers) WITH ORDINALITY AS n (number, n)
LEFT JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = n.number AND NOT a.attisdropped $$;
COMMENT ON FUNCTION gpsync_internal.column_names(oid, smallint[]) IS
    'The present names of columns, in their order; NULL for one that is gone';

-- Columns of a key may be renamed. A history keeps keys under the names that they had when it began.
CREATE FUNCTION gpsync_internal.kept_key(key jsonb, names name[], kept name[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN names IS NULL OR names = kept OR NOT key ?& names::text[] THEN key
    ELSE (SELECT jsonb_object_agg(kept[i], key -> names[i]::text) FROM generate_subscripts(kept, 1) AS i) END $$;
COMMENT ON FUNCTION gpsync_internal.kept_key(jsonb, name[], name[]) IS
    'A key whose columns have these names, under those that a history keeps it by';

CREATE FUNCTION gpsync_internal.history_states()
    RETURNS TABLE (relation regclass, table_name text, retention interval, key_columns name[],
        present_key_columns name[], stream text, endpoint text, state text, applied_until timestamptz,
        created_at timestamptz, owner name, problem text, waiting_events bigint, next_attempt_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT h.relation, h.table_name, h.retention, h.key_names, gpsync_internal.column_names(h.relation, h.key_numbers),
       h.stream, h.endpoint,
       CASE WHEN s.stream IS NULL THEN 'no stream' WHEN f.sqlstate <> '00000' THEN 'stopped'
            WHEN NOT h.scanned THEN 'scanning rows' WHEN f.kind IS NOT NULL THEN 'catching up' ELSE 'following' END,
       p.commit_time, h.created_at, h.owner, nullif(f.error, ''), f.backlog_events, f.next_attempt_at
FROM gpsync.history AS h LEFT JOIN gpsync.stream AS s ON s.stream = h.stream AND h.endpoint = ANY (s.endpoints)
LEFT JOIN gpsync.local_position AS p ON p.stream = h.stream AND p.endpoint = h.endpoint
LEFT JOIN gpsync.local_failure AS f ON f.kind = 'history' AND f.number = h.history $$;
COMMENT ON FUNCTION gpsync_internal.history_states() IS 'The rows of view history_status';

CREATE VIEW gpsync.history_status AS SELECT * FROM gpsync_internal.history_states();
COMMENT ON VIEW gpsync.history_status IS
    'The tables that have a history. state: scanning rows (those that were there before; the history''s events wait '
    'meanwhile), catching up (with the events that have waited), following, stopped (it cannot be written: problem '
    'says why, its events wait, the others go on), no stream (it was dropped, nothing is written). applied_until: the '
    'commit of the last change of the stream that was applied or is waiting';
COMMENT ON COLUMN gpsync.history_status.problem IS 'While it is stopped: SQLSTATE and names of the last error';
COMMENT ON COLUMN gpsync.history_status.waiting_events IS 'The events that wait for it; NULL: none waits';
COMMENT ON COLUMN gpsync.history_status.next_attempt_at IS 'While it is stopped: when it is tried again';

CREATE FUNCTION gpsync.history_of(relation regclass, key jsonb)
    RETURNS TABLE (at timestamptz, from_state text, to_state text, event text, since timestamptz, revision bigint,
        commit_lsn pg_lsn, ordinal bigint)
    LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    kept jsonb;
    owner name;
BEGIN
    SELECT gpsync_internal.kept_key(key, s.present_key_columns, s.key_columns), s.owner INTO kept, owner
    FROM gpsync.history_status AS s WHERE s.relation = history_of.relation;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('table %s has no history', coalesce(relation::text, 'null')),
            HINT = 'gpsync.history_status lists the tables that have one.';
    ELSIF NOT gpsync_internal.may_read_history(relation, owner) THEN
        RAISE insufficient_privilege USING MESSAGE = format('permission denied for the history of table %s', relation),
            DETAIL = 'It needs SELECT on the table, and no row-level security that applies to the role.';
    END IF;
    RETURN QUERY SELECT h.at, h.from_state, h.to_state, h.event, h.since, h.revision, h.commit_lsn, h.ordinal
    FROM gpsync.status_history AS h
    WHERE h.relation = history_of.relation AND h.key_hash = jsonb_hash_extended(kept, 0) AND h.key = kept
    ORDER BY h.pass, h.commit_lsn, h.ordinal, h.at;
END $$;
COMMENT ON FUNCTION gpsync.history_of(regclass, jsonb) IS
    'The changes of status of one row, oldest first: history_of(''provision_status'', ''{"provision_id": "p1"}''). '
    'Errors: 42704 no history; 42501 the caller may not read all rows of the table';

REVOKE ALL ON FUNCTION gpsync_internal.make_history_month(integer, date),
    gpsync_internal.make_history_state(integer), gpsync_internal.month_of(timestamptz),
    gpsync_internal.refuse_local_source(oid, regclass, text), gpsync_internal.refuse_history(oid, regclass, interval),
    gpsync_internal.refuse_retention(interval), gpsync_internal.create_history_as(oid, regclass, interval),
    gpsync_internal.column_numbers(regclass, name[]), gpsync.create_history(regclass, interval),
    gpsync_internal.own_history(oid, regclass), gpsync_internal.drop_history_as(oid, regclass),
    gpsync.drop_history(regclass), gpsync_internal.set_history_retention_as(oid, regclass, interval),
    gpsync.set_history_retention(regclass, interval), gpsync_internal.refresh_history_as(oid, regclass),
    gpsync.refresh_history(regclass), gpsync_internal.column_names(oid, smallint[]),
    gpsync_internal.kept_key(jsonb, name[], name[]), gpsync_internal.may_read_history(oid, name),
    gpsync_internal.history_states(), gpsync.history_of(regclass, jsonb) FROM PUBLIC;
