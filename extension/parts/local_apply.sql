-- What the relay calls for endpoints of protocol local. A batch is applied, with the position, in one transaction; what
-- comes again is skipped.

CREATE TYPE gpsync_internal.local_event AS (
    kind     text,          -- inserted, updated, deleted, truncated
    data     jsonb,
    at       timestamptz,   -- commit
    lsn      pg_lsn,
    ordinal  bigint,
    xid      bigint,        -- the lower 32 bits
    revision bigint,
    late     boolean);      -- it comes out of its order: a dead letter that is sent again
COMMENT ON TYPE gpsync_internal.local_event IS 'What histories read of an event';

-- [OID of the table, late, event, ...]
CREATE FUNCTION gpsync_internal.read_local_event(item jsonb) RETURNS gpsync_internal.local_event
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT split_part(item -> 2 ->> 'type', '.', 3), item -> 2 -> 'data', (item -> 2 ->> 'time')::timestamptz,
       (substr(s, 1, 8) || '/' || substr(s, 9, 8))::pg_lsn, ('x' || substr(s, 18, 8))::bit(32)::bigint,
       (item -> 2 -> 'data' ->> 'xid')::bigint, (item -> 2 -> 'data' ->> 'revision')::bigint, (item -> 1)::boolean
FROM (SELECT item -> 2 ->> 'sequence') AS i (s) $$;
COMMENT ON FUNCTION gpsync_internal.read_local_event(jsonb) IS 'An event as the relay passes it';
REVOKE ALL ON FUNCTION gpsync_internal.read_local_event(jsonb) FROM PUBLIC;

-- The history that an event belongs to: by the OID of the table that was changed, which renames do not change; the name
-- is for TRUNCATE, dead letters, and partitions that are gone.
CREATE FUNCTION gpsync_internal.history_of_event(stream text, endpoint text, table_oid oid, table_name text,
    OUT h gpsync.history, OUT status name, OUT keys name[])
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    WITH RECURSIVE line (oid, level) AS (
        SELECT table_oid, 0 UNION ALL SELECT i.inhparent, l.level + 1 FROM line AS l JOIN pg_inherits AS i
            ON i.inhrelid = l.oid)
    SELECT x.* INTO h FROM gpsync.history AS x JOIN line AS l ON l.oid = x.relation
    WHERE x.stream = history_of_event.stream AND x.endpoint = history_of_event.endpoint ORDER BY l.level LIMIT 1;
    IF h.history IS NULL AND (table_oid = 0 OR NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = table_oid
                                                               AND NOT c.relispartition AND c.relkind = 'r')) THEN
        SELECT x.* INTO h FROM gpsync.history AS x
        LEFT JOIN pg_class AS c ON c.oid = x.relation LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE x.stream = history_of_event.stream AND x.endpoint = history_of_event.endpoint
            AND history_of_event.table_name IN (x.table_name, format('%I.%I', n.nspname, c.relname))
        ORDER BY x.table_name = history_of_event.table_name DESC LIMIT 1;
    END IF;
    IF h.history IS NOT NULL THEN
        status := (gpsync_internal.column_names(h.relation, ARRAY[h.status_number]))[1];
        keys := gpsync_internal.column_names(h.relation, h.key_numbers);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.history_of_event(text, text, oid, text) IS
    'The history that a table''s events go into, and the present names of its columns; NULL: none';

CREATE FUNCTION gpsync_internal.find_state(of integer, key jsonb) RETURNS gpsync.history_state
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s.* FROM gpsync.history_state AS s
WHERE s.history = of AND jsonb_hash_extended(s.key, 0) = jsonb_hash_extended(find_state.key, 0)
    AND s.key = find_state.key $$;
COMMENT ON FUNCTION gpsync_internal.find_state(integer, jsonb) IS 'The state in which a history has a row';

CREATE FUNCTION gpsync_internal.put_entry(of integer, key jsonb, s gpsync.history_state, to_state text, event text,
    e gpsync_internal.local_event) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
INSERT INTO gpsync.history_entry (history, at, key, from_state, to_state, event, since, observed, revision, commit_lsn,
    ordinal)
VALUES (of, e.at, key, s.state, to_state, event, CASE WHEN s.state IS NOT NULL THEN s.since END,
    coalesce(s.observed, false), e.revision, e.lsn, e.ordinal) $$;
COMMENT ON FUNCTION gpsync_internal.put_entry(integer, jsonb, gpsync.history_state, text, text,
    gpsync_internal.local_event) IS 'An entry of a history: from the state that the row was in (NULLs: none)';

-- A row is gone: its state stays until the next transaction, which a move between partitions goes on from.
CREATE FUNCTION gpsync_internal.leave_state(h gpsync.history, s gpsync.history_state, event text,
    e gpsync_internal.local_event) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.put_entry(h.history, s.key, s, NULL, event, e);
    UPDATE gpsync.history_state AS x SET state = NULL, since = e.at, commit_lsn = e.lsn, ordinal = e.ordinal,
        before_state = s.state, before_since = s.since, before_observed = s.observed, chunk = NULL
    WHERE x.history = h.history AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(s.key, 0) AND x.key = s.key;
END $$;
COMMENT ON FUNCTION gpsync_internal.leave_state(gpsync.history, gpsync.history_state, text,
    gpsync_internal.local_event) IS 'An entry for a row that is gone';

-- s: as the history has the key. origin: the row's state under the key that it had before.
CREATE FUNCTION gpsync_internal.enter_state(h gpsync.history, s gpsync.history_state, new_key jsonb, new_state text,
    origin gpsync.history_state, e gpsync_internal.local_event) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    known boolean := s.history IS NOT NULL;
    event text := e.kind;
BEGIN
    IF known AND s.state IS NULL AND s.commit_lsn = e.lsn THEN
        -- Deleted by the same transaction: that was no end.
        DELETE FROM gpsync.history_entry AS x
        WHERE x.history = h.history AND x.at = s.since AND x.commit_lsn = s.commit_lsn AND x.ordinal = s.ordinal
            AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(s.key, 0) AND x.key = s.key;
        s.state := s.before_state;
        s.since := s.before_since;
        s.observed := s.before_observed;
        event := 'updated';
    ELSIF s.state = new_state THEN
        RETURN;
    ELSIF s.state IS NULL AND origin.state IS NOT NULL THEN
        s.state := origin.state;
        s.since := NULL;  -- the time in it counts under the other key
        s.observed := origin.observed;
        event := 'rekeyed';
    END IF;
    IF event = 'rekeyed' OR s.state IS DISTINCT FROM new_state THEN
        PERFORM gpsync_internal.put_entry(h.history, new_key, s, new_state, event, e);
        s.since := e.at;
        s.observed := false;
    END IF;
    IF known THEN
        UPDATE gpsync.history_state AS x
        SET state = new_state, since = s.since, observed = s.observed, commit_lsn = e.lsn, ordinal = e.ordinal,
            pass = h.pass, before_state = NULL, before_since = NULL, before_observed = NULL
        WHERE x.history = h.history AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(new_key, 0)
            AND x.key = new_key;
    ELSE
        INSERT INTO gpsync.history_state (history, key, state, since, observed, commit_lsn, ordinal, pass)
            VALUES (h.history, new_key, new_state, s.since, s.observed, e.lsn, e.ordinal, h.pass);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.enter_state(gpsync.history, gpsync.history_state, jsonb, text,
    gpsync.history_state, gpsync_internal.local_event) IS
    'An entry for a row that is in another state than before, and its state';

CREATE FUNCTION gpsync_internal.apply_truncate(h gpsync.history, e gpsync_internal.local_event) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
WITH gone AS (
    DELETE FROM gpsync.history_state AS s WHERE s.history = h.history
        AND NOT gpsync_internal.was_seen(s.history, s.chunk, e.lsn, e.xid) RETURNING s.*)
INSERT INTO gpsync.history_entry (history, at, key, from_state, event, since, observed, commit_lsn, ordinal)
SELECT h.history, e.at, g.key, g.state, 'truncated', g.since, g.observed, e.lsn, e.ordinal
FROM gone AS g WHERE g.state IS NOT NULL $$;
COMMENT ON FUNCTION gpsync_internal.apply_truncate(gpsync.history, gpsync_internal.local_event) IS
    'A TRUNCATE: an entry for every row';

-- The key that the row had before a change of key; NULL: the same.
CREATE FUNCTION gpsync_internal.key_before(data jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT nullif(jsonb_object_agg(k.name, data -> 'old' -> k.name), data -> 'key')
FROM jsonb_object_keys(data -> 'key') AS k (name)
WHERE data -> 'old' ?& array(SELECT jsonb_object_keys(data -> 'key')) $$;
COMMENT ON FUNCTION gpsync_internal.key_before(jsonb) IS
    'The key that an update''s row had before; NULL: the one it has, or the event does not show it';

CREATE FUNCTION gpsync_internal.apply_to_history(h gpsync.history, status name, keys name[],
    e gpsync_internal.local_event) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key jsonb := gpsync_internal.kept_key(e.data -> 'key', keys, h.key_names);
    old_key jsonb;
    new_state text;
    s gpsync.history_state;
    origin gpsync.history_state;
BEGIN
    IF e.kind = 'truncated' THEN
        PERFORM gpsync_internal.apply_truncate(h, e);
        RETURN;
    END IF;
    SELECT * INTO s FROM gpsync_internal.find_state(h.history, key);
    IF s.chunk IS NOT NULL AND gpsync_internal.was_seen(h.history, s.chunk, e.lsn, e.xid)
        OR e.late AND (s.commit_lsn, s.ordinal) >= (e.lsn, e.ordinal) THEN
        RETURN;
    ELSIF e.kind = 'deleted' THEN
        IF s.state IS NOT NULL THEN
            PERFORM gpsync_internal.leave_state(h, s, 'deleted', e);
        END IF;
        RETURN;
    END IF;
    -- A change from before a rename has the column under its name of then.
    new_state := CASE WHEN e.data -> 'row' ? status::text THEN e.data -> 'row' ->> status::text
                      ELSE e.data -> 'row' ->> h.status_column::text END;
    IF new_state IS NULL THEN
        RAISE undefined_column USING MESSAGE = 'the event has no status', COLUMN = h.status_column;
    ELSIF e.data ? 'old' AND e.kind = 'updated' THEN
        old_key := gpsync_internal.kept_key(gpsync_internal.key_before(e.data), keys, h.key_names);
        SELECT * INTO origin FROM gpsync_internal.find_state(h.history, old_key) AS f WHERE f.state IS NOT NULL;
        IF FOUND THEN
            PERFORM gpsync_internal.leave_state(h, origin, 'rekeyed', e);
        END IF;
    END IF;
    PERFORM gpsync_internal.enter_state(h, s, key, new_state, origin, e);
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_history(gpsync.history, name, name[], gpsync_internal.local_event) IS
    'One event into a history. Errors: 42703 it has no status';

CREATE FUNCTION gpsync_internal.apply_local_events(stream text, endpoint text, events jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    item record;
    e gpsync_internal.local_event;
    last text;
    o record;
BEGIN
    FOR item IN
        SELECT x.e, x.e ->> 0 || ' ' || (x.d ->> 'schema') || '.' || (x.d ->> 'table') AS place, x.d
        FROM (SELECT j.e, j.e -> 2 -> 'data' AS d, j.n FROM jsonb_array_elements(events) WITH ORDINALITY AS j (e, n)) AS x
        WHERE x.e -> 2 ->> 'type' IN ('gpsync.row.inserted', 'gpsync.row.updated', 'gpsync.row.deleted',
            'gpsync.table.truncated') ORDER BY x.n
    LOOP
        IF item.place IS DISTINCT FROM last THEN
            SELECT * INTO o FROM gpsync_internal.history_of_event(stream, endpoint, (item.e ->> 0)::oid,
                format('%I.%I', item.d ->> 'schema', item.d ->> 'table'));
            last := item.place;
        END IF;
        CONTINUE WHEN (o.h).history IS NULL;
        e := gpsync_internal.read_local_event(item.e);
        PERFORM gpsync_internal.apply_to_history(o.h, o.status, o.keys, e);
    END LOOP;
    PERFORM gpsync_internal.apply_to_analytics(stream, endpoint, events);
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_local_events(text, text, jsonb) IS
    'Events into the histories and analytical copies of an endpoint. Errors: those of the events';

CREATE FUNCTION gpsync_internal.prepare_months(stream text, endpoint text, events jsonb) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.make_history_month(h.history, m.month)
FROM gpsync.history AS h,
    (SELECT DISTINCT gpsync_internal.month_of((e -> 2 ->> 'time')::timestamptz) FROM jsonb_array_elements(events) AS e)
        AS m (month)
WHERE h.stream = prepare_months.stream AND h.endpoint = prepare_months.endpoint
    AND to_regclass(format('gpsync.history_%s_%s', h.history, to_char(m.month, 'YYYYMM'))) IS NULL $$;
COMMENT ON FUNCTION gpsync_internal.prepare_months(text, text, jsonb) IS
    'Makes the partitions of histories that events will go into, however late they come';

-- Classes of errors that lie in an event, or in what its table has become: the event becomes a dead letter. Any other
-- (a lock, memory, a full disk, a cancel) goes to the relay, which tries the batch again.
CREATE FUNCTION gpsync_internal.try_local_events(stream text, endpoint text, events jsonb) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    state text;
    of_table text;
    of_column text;
    of_constraint text;
BEGIN
    PERFORM gpsync_internal.apply_local_events(stream, endpoint, events);
    RETURN NULL;
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR syntax_error_or_access_rule_violation
    OR plpgsql_error OR with_check_option_violation OR feature_not_supported OR cardinality_violation
    OR triggered_action_exception OR program_limit_exceeded OR external_routine_exception
    OR external_routine_invocation_exception OR invalid_transaction_termination THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, of_table = TABLE_NAME, of_column = COLUMN_NAME,
        of_constraint = CONSTRAINT_NAME;
    -- No message: it may show the row.
    RETURN concat_ws(', ', 'SQLSTATE ' || state, 'table ' || nullif(of_table, ''), 'column ' || nullif(of_column, ''),
        'constraint ' || nullif(of_constraint, ''));
END $$;
COMMENT ON FUNCTION gpsync_internal.try_local_events(text, text, jsonb) IS
    'Applies events, all of them or none; the error that lies in one of them: NULL, or its SQLSTATE and the names it '
    'has, without values';

CREATE FUNCTION gpsync_internal.note_refusals(stream text, endpoint text, refused jsonb) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
INSERT INTO gpsync.local_refusal (stream, endpoint, commit_lsn, ordinal, error)
SELECT stream, endpoint, (r ->> 'lsn')::pg_lsn, (r ->> 'ordinal')::bigint, r ->> 'error'
FROM jsonb_array_elements(refused) AS r ON CONFLICT DO NOTHING $$;
COMMENT ON FUNCTION gpsync_internal.note_refusals(text, text, jsonb) IS 'Keeps what could not be applied';

-- One by one, after a batch has failed.
CREATE FUNCTION gpsync_internal.apply_one_by_one(stream text, endpoint text, events jsonb) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    item jsonb;
    e gpsync_internal.local_event;
    error text;
    refused jsonb := '[]';
BEGIN
    FOR item IN SELECT * FROM jsonb_array_elements(events) LOOP
        error := gpsync_internal.try_local_events(stream, endpoint, jsonb_build_array(item));
        CONTINUE WHEN error IS NULL;
        e := gpsync_internal.read_local_event(item);
        refused := refused || jsonb_build_object('lsn', e.lsn, 'ordinal', e.ordinal, 'error', error, 'late', e.late,
            'n', item -> 3);
    END LOOP;
    PERFORM gpsync_internal.note_refusals(stream, endpoint,
        jsonb_path_query_array(refused, '$[*] ? (@.late == false)'));
    RETURN refused;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_one_by_one(text, text, jsonb) IS
    'Applies events one by one; those that could not be applied, with the error';

CREATE FUNCTION gpsync_internal.relay_apply_local(stream text, endpoint text, events jsonb) RETURNS jsonb
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET jit = off SET timezone = 'UTC'
    AS $$
DECLARE
    at gpsync.local_position;
    fresh jsonb;
    first_event gpsync_internal.local_event;
    last_event gpsync_internal.local_event;
    refused jsonb;
BEGIN
    INSERT INTO gpsync.local_position AS p (stream, endpoint) VALUES (stream, endpoint) ON CONFLICT DO NOTHING;
    SELECT * INTO at FROM gpsync.local_position AS p
    WHERE p.stream = relay_apply_local.stream AND p.endpoint = relay_apply_local.endpoint FOR UPDATE;
    IF EXISTS (SELECT FROM gpsync.history AS h WHERE h.stream = at.stream AND h.endpoint = at.endpoint
               AND NOT h.copied) THEN
        RETURN '{"first": true}';
    END IF;
    -- Refused before; of the others what is new, or comes out of its order. Behind the event, its place in the batch.
    SELECT coalesce(jsonb_agg(jsonb_build_object('n', x.n, 'error', r.error)) FILTER (WHERE r.error IS NOT NULL), '[]'),
           jsonb_agg(x.e || to_jsonb(x.n) ORDER BY x.n) FILTER (WHERE (x.e -> 1)::boolean
               OR ((x.v).lsn, (x.v).ordinal) > (at.commit_lsn, at.ordinal))
    INTO refused, fresh
    FROM (SELECT e, n, gpsync_internal.read_local_event(e) AS v
          FROM jsonb_array_elements(events) WITH ORDINALITY AS j (e, n)) AS x
    LEFT JOIN gpsync.local_refusal AS r ON r.stream = at.stream AND r.endpoint = at.endpoint
        AND r.commit_lsn = (x.v).lsn AND r.ordinal = (x.v).ordinal AND NOT (x.e -> 1)::boolean;
    IF fresh IS NOT NULL THEN
        first_event := gpsync_internal.read_local_event(fresh -> 0);
        last_event := gpsync_internal.read_local_event(fresh -> -1);
        PERFORM gpsync_internal.prepare_months(stream, endpoint, fresh);
        DELETE FROM gpsync.history_state AS s USING gpsync.history AS h
        WHERE h.stream = at.stream AND h.endpoint = at.endpoint AND s.history = h.history AND s.state IS NULL
            AND s.commit_lsn < first_event.lsn;
        IF gpsync_internal.try_local_events(stream, endpoint, fresh) IS NOT NULL THEN
            refused := refused || gpsync_internal.apply_one_by_one(stream, endpoint, fresh);
        END IF;
        UPDATE gpsync.local_position AS p SET commit_lsn = last_event.lsn, ordinal = last_event.ordinal,
            commit_time = last_event.at
        WHERE p.stream = at.stream AND p.endpoint = at.endpoint
            AND (last_event.lsn, last_event.ordinal) > (p.commit_lsn, p.ordinal);
    END IF;
    RETURN jsonb_build_object('refused', refused);
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_apply_local(text, text, jsonb) IS
    'For gpsync-relay: applies events ([OID of the table or 0, whether it comes out of its order, event], in the order '
    'of the stream) to histories and analytical copies, each once however often it comes. Out: {"refused": [{"n", '
    '"error"}]}, n counted from 1, of those that cannot be applied; {"first": true}: relay_keep_local() has to look at '
    'rows first. Errors, after which nothing is applied: 55P03 something is locked; any of the server''s';

CREATE FUNCTION gpsync_internal.drop_old_months(h gpsync.history) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    limit_month date := gpsync_internal.month_of(now() - coalesce(h.retention, gpsync_internal.history_retention()));
    part regclass;
BEGIN
    FOR part IN
        SELECT i.inhrelid FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass(format('gpsync.history_%s', h.history))
            AND c.relname ~ format('^history_%s_[0-9]{6}$', h.history)
            AND to_date(right(c.relname, 6), 'YYYYMM') < limit_month
    LOOP
        EXECUTE format('DROP TABLE %s', part);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_old_months(gpsync.history) IS
    'Drops the months of a history that its retention has passed. Errors: 55P03 somebody reads it';

CREATE FUNCTION gpsync_internal.relay_keep_local(stream text, endpoint text) RETURNS boolean
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' SET jit = off SET timezone = 'UTC'
    AS $$
DECLARE
    h gpsync.history;
    at record;
BEGIN
    SELECT * INTO h FROM gpsync.history AS x WHERE x.stream = relay_keep_local.stream
        AND x.endpoint = relay_keep_local.endpoint AND NOT x.copied ORDER BY x.history LIMIT 1 FOR UPDATE;
    IF FOUND THEN
        PERFORM gpsync_internal.look_further(h);
        RETURN true;
    END IF;
    SELECT p.commit_lsn, s.commit_lsn AS booked_lsn, s.ordinal AS booked_ordinal INTO at
    FROM gpsync.local_position AS p, gpsync_internal.settled_everywhere(p.stream) AS s
    WHERE p.stream = relay_keep_local.stream AND p.endpoint = relay_keep_local.endpoint;
    DELETE FROM gpsync.local_refusal AS r WHERE r.stream = relay_keep_local.stream
        AND r.endpoint = relay_keep_local.endpoint AND (r.commit_lsn, r.ordinal) <= (at.booked_lsn, at.booked_ordinal);
    DELETE FROM gpsync.history_chunk AS c USING gpsync.history AS x WHERE x.stream = relay_keep_local.stream
        AND x.endpoint = relay_keep_local.endpoint AND c.history = x.history AND c.wal_end < at.commit_lsn;
    FOR h IN SELECT * FROM gpsync.history AS x WHERE x.stream = relay_keep_local.stream
        AND x.endpoint = relay_keep_local.endpoint ORDER BY x.history
    LOOP
        PERFORM gpsync_internal.make_history_month(h.history, gpsync_internal.month_of(now() + interval '7 days'));
        PERFORM gpsync_internal.drop_old_months(h);
    END LOOP;
    RETURN false;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_keep_local(text, text) IS
    'For gpsync-relay: looks after histories. Looks at some rows of one that begins (true: call it again at once), makes '
    'the next month''s partition, drops what retention has passed. Errors: 55P03 something is locked';

REVOKE ALL ON FUNCTION gpsync_internal.history_of_event(text, text, oid, text),
    gpsync_internal.find_state(integer, jsonb),
    gpsync_internal.put_entry(integer, jsonb, gpsync.history_state, text, text, gpsync_internal.local_event),
    gpsync_internal.leave_state(gpsync.history, gpsync.history_state, text, gpsync_internal.local_event),
    gpsync_internal.enter_state(gpsync.history, gpsync.history_state, jsonb, text, gpsync.history_state,
        gpsync_internal.local_event),
    gpsync_internal.apply_truncate(gpsync.history, gpsync_internal.local_event), gpsync_internal.key_before(jsonb),
    gpsync_internal.apply_to_history(gpsync.history, name, name[], gpsync_internal.local_event),
    gpsync_internal.apply_local_events(text, text, jsonb), gpsync_internal.prepare_months(text, text, jsonb),
    gpsync_internal.try_local_events(text, text, jsonb), gpsync_internal.note_refusals(text, text, jsonb),
    gpsync_internal.apply_one_by_one(text, text, jsonb), gpsync_internal.relay_apply_local(text, text, jsonb),
    gpsync_internal.drop_old_months(gpsync.history), gpsync_internal.relay_keep_local(text, text) FROM PUBLIC;
