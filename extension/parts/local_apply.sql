-- What the relay calls for endpoints of protocol local. A batch is applied, with the position, in one transaction; what
-- comes again is skipped.

CREATE TYPE gpsync_internal.local_event AS (
    n          integer,        -- its place in the batch, from 1
    table_oid  oid,            -- of the table that was changed; 0: not known
    late       boolean,        -- it comes out of its order: a dead letter that is sent again
    kind       text,           -- inserted, updated, deleted, truncated; others are for nobody here
    table_name text,           -- as the event has it, quoted
    data       jsonb,
    at         timestamptz,    -- commit
    lsn        pg_lsn,
    ordinal    bigint,
    xid        bigint,         -- the lower 32 bits
    revision   bigint,
    sequence   text);          -- lsn and ordinal as the event has them
COMMENT ON TYPE gpsync_internal.local_event IS 'What histories and analytical copies read of an event';

-- One function for the whole batch: a call for each event costs more than what is done with it.
CREATE FUNCTION gpsync_internal.read_local_events(events jsonb) RETURNS gpsync_internal.local_event[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT array_agg(ROW(x.n, (x.e ->> 0)::oid, (x.e -> 1)::boolean,
           CASE WHEN x.v ->> 'type' IN ('gpsync.row.inserted', 'gpsync.row.updated', 'gpsync.row.deleted',
               'gpsync.table.truncated') THEN split_part(x.v ->> 'type', '.', 3) END,
           format('%I.%I', x.d ->> 'schema', x.d ->> 'table'), x.d, (x.v ->> 'time')::timestamptz,
           (substr(x.s, 1, 8) || '/' || substr(x.s, 9, 8))::pg_lsn, ('x' || substr(x.s, 18, 8))::bit(32)::bigint,
           (x.d ->> 'xid')::bigint, (x.d ->> 'revision')::bigint, x.s)::gpsync_internal.local_event ORDER BY x.n)
FROM (SELECT j.n::integer, j.e, j.e -> 2 AS v, j.e -> 2 -> 'data' AS d, j.e -> 2 ->> 'sequence' AS s
      FROM jsonb_array_elements(events) WITH ORDINALITY AS j (e, n)) AS x $$;
COMMENT ON FUNCTION gpsync_internal.read_local_events(jsonb) IS 'A batch as the relay passes it';
REVOKE ALL ON FUNCTION gpsync_internal.read_local_events(jsonb) FROM PUBLIC;

-- By the OID of the table that was changed, which renames do not change. The name is for TRUNCATE, dead letters, and
-- partitions that are gone or have left.
CREATE FUNCTION gpsync_internal.is_event_of(relation oid, kept_name text, table_oid oid, table_name text)
    RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE line (oid) AS (
    SELECT is_event_of.table_oid
    UNION SELECT i.inhparent FROM line AS l JOIN pg_inherits AS i ON i.inhrelid = l.oid)
SELECT EXISTS (SELECT FROM line AS l WHERE l.oid = is_event_of.relation)
    OR (table_name = kept_name OR table_name = (SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = is_event_of.relation))
       AND (table_oid = 0 OR (SELECT c.relkind FROM pg_class AS c WHERE c.oid = is_event_of.relation) = 'p') $$;
COMMENT ON FUNCTION gpsync_internal.is_event_of(oid, text, oid, text) IS
    'Whether an event''s table is a table that is followed, or a partition of it; kept_name: as it was called once';

CREATE FUNCTION gpsync_internal.history_of_event(stream text, endpoint text, table_oid oid, table_name text,
    OUT h gpsync.history, OUT status name, OUT keys name[])
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    SELECT x.* INTO h FROM gpsync.history AS x
    WHERE x.stream = history_of_event.stream AND x.endpoint = history_of_event.endpoint
        AND gpsync_internal.is_event_of(x.relation, x.table_name, history_of_event.table_oid,
            history_of_event.table_name)
    ORDER BY x.relation = history_of_event.table_oid DESC LIMIT 1;
    IF h.history IS NOT NULL THEN
        status := (gpsync_internal.column_names(h.relation, ARRAY[h.status_number]))[1];
        keys := gpsync_internal.column_names(h.relation, h.key_numbers);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.history_of_event(text, text, oid, text) IS
    'The history that a table''s events go into, and the present names of its columns; NULL: none';

-- A row is gone: its state stays until the next transaction, which a move between partitions goes on from.
CREATE FUNCTION gpsync_internal.leave_state(h gpsync.history, s gpsync.history_state, event text,
    e gpsync_internal.local_event) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO gpsync.history_entry (history, at, key, from_state, event, since, observed, pass, commit_lsn,
            ordinal)
        VALUES (h.history, e.at, s.key, s.state, leave_state.event, s.since, s.observed, h.pass, e.lsn, e.ordinal);
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
        INSERT INTO gpsync.history_entry (history, at, key, from_state, to_state, event, since, observed, revision,
            pass, commit_lsn, ordinal)
        VALUES (h.history, e.at, new_key, s.state, new_state, event, CASE WHEN s.state IS NOT NULL THEN s.since END,
            coalesce(s.observed, false), e.revision, h.pass, e.lsn, e.ordinal);
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
INSERT INTO gpsync.history_entry (history, at, key, from_state, event, since, observed, pass, commit_lsn,
    ordinal)
SELECT h.history, e.at, g.key, g.state, 'truncated', g.since, g.observed, h.pass, e.lsn, e.ordinal
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
    this_key jsonb := e.data -> 'key';
    old_key jsonb;
    new_state text;
    s gpsync.history_state;
    origin gpsync.history_state;
BEGIN
    IF e.kind = 'truncated' THEN
        PERFORM gpsync_internal.apply_truncate(h, e);
        RETURN;
    END IF;
    IF keys <> h.key_names THEN
        this_key := gpsync_internal.kept_key(this_key, keys, h.key_names);
    END IF;
    SELECT * INTO s FROM gpsync.history_state AS x
    WHERE x.history = h.history AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(this_key, 0)
        AND x.key = this_key;
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
    ELSIF e.kind = 'updated' AND e.data ? 'old' AND NOT e.data -> 'old' @> (e.data -> 'key') THEN
        old_key := gpsync_internal.kept_key(gpsync_internal.key_before(e.data), keys, h.key_names);
        SELECT * INTO origin FROM gpsync.history_state AS x
        WHERE x.history = h.history AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(old_key, 0)
            AND x.key = old_key AND x.state IS NOT NULL;
        IF FOUND THEN
            PERFORM gpsync_internal.leave_state(h, origin, 'rekeyed', e);
        END IF;
    END IF;
    PERFORM gpsync_internal.enter_state(h, s, this_key, new_state, origin, e);
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_history(gpsync.history, name, name[], gpsync_internal.local_event) IS
    'One event into a history. Errors: 42703 it has no status';

CREATE FUNCTION gpsync_internal.apply_local_events(stream text, endpoint text, events gpsync_internal.local_event[])
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    e gpsync_internal.local_event;
    last record;
    o record;
BEGIN
    SELECT NULL::oid AS table_oid, NULL::text AS table_name INTO last;
    FOREACH e IN ARRAY events LOOP
        CONTINUE WHEN e.kind IS NULL;
        IF e.table_oid IS DISTINCT FROM last.table_oid OR e.table_name IS DISTINCT FROM last.table_name THEN
            SELECT * INTO o FROM gpsync_internal.history_of_event(stream, endpoint, e.table_oid, e.table_name);
            last.table_oid := e.table_oid;
            last.table_name := e.table_name;
        END IF;
        IF (o.h).history IS NOT NULL THEN
            PERFORM gpsync_internal.apply_to_history(o.h, o.status, o.keys, e);
        END IF;
    END LOOP;
    PERFORM gpsync_internal.apply_to_analytics(stream, endpoint, events);
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_local_events(text, text, gpsync_internal.local_event[]) IS
    'Events into the histories and analytical copies of an endpoint. Errors: those of the events';

CREATE FUNCTION gpsync_internal.prepare_months(stream text, endpoint text, events gpsync_internal.local_event[])
    RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.make_history_month(h.history, m.month)
FROM gpsync.history AS h,
    (SELECT DISTINCT date_trunc('month', e.at AT TIME ZONE 'UTC')::date FROM unnest(events) AS e) AS m (month)
WHERE h.stream = prepare_months.stream AND h.endpoint = prepare_months.endpoint
    AND to_regclass(format('gpsync.history_%s_%s', h.history, to_char(m.month, 'YYYYMM'))) IS NULL $$;
COMMENT ON FUNCTION gpsync_internal.prepare_months(text, text, gpsync_internal.local_event[]) IS
    'Makes the partitions of histories that events will go into, however late they come';

-- Classes of errors that lie in an event, or in what its table has become: the event becomes a dead letter. Any other
-- (a lock, memory, a full disk, a cancel) goes to the relay, which tries the batch again.
CREATE FUNCTION gpsync_internal.try_local_events(stream text, endpoint text, events gpsync_internal.local_event[])
    RETURNS text
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
COMMENT ON FUNCTION gpsync_internal.try_local_events(text, text, gpsync_internal.local_event[]) IS
    'Applies events, all of them or none; the error that lies in one of them: NULL, or its SQLSTATE and the names it '
    'has, without values';

-- One by one, after a batch has failed. What is refused is kept: the relay may be killed before it books that.
CREATE FUNCTION gpsync_internal.apply_one_by_one(stream text, endpoint text, events gpsync_internal.local_event[])
    RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    e gpsync_internal.local_event;
    error text;
    refused jsonb := '[]';
BEGIN
    FOREACH e IN ARRAY events LOOP
        error := gpsync_internal.try_local_events(stream, endpoint, ARRAY[e]);
        CONTINUE WHEN error IS NULL;
        refused := refused || jsonb_build_object('n', e.n, 'error', error);
        IF NOT e.late THEN
            INSERT INTO gpsync.local_refusal (stream, endpoint, commit_lsn, ordinal, error)
                VALUES (stream, endpoint, e.lsn, e.ordinal, error);
        END IF;
    END LOOP;
    RETURN refused;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_one_by_one(text, text, gpsync_internal.local_event[]) IS
    'Applies events one by one; those that could not be applied, with the error';

CREATE FUNCTION gpsync_internal.lock_local_position(stream text, endpoint text) RETURNS gpsync.local_position
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result gpsync.local_position;
BEGIN
    SELECT * INTO result FROM gpsync.local_position AS p
    WHERE p.stream = lock_local_position.stream AND p.endpoint = lock_local_position.endpoint FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO gpsync.local_position AS p (stream, endpoint) VALUES (stream, endpoint) RETURNING p.* INTO result;
    END IF;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.lock_local_position(text, text) IS
    'Up to where an endpoint has applied its stream; nobody else applies until the transaction ends. Errors: 23503 no '
    'such stream; 23505 two at once, the first time';

CREATE FUNCTION gpsync_internal.relay_apply_local(stream text, endpoint text, events jsonb) RETURNS jsonb
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET jit = off SET timezone = 'UTC'
    AS $$
DECLARE
    at gpsync.local_position := gpsync_internal.lock_local_position(stream, endpoint);
    all_events gpsync_internal.local_event[];
    fresh gpsync_internal.local_event[];
    last_event gpsync_internal.local_event;
    refused jsonb := '[]';
BEGIN
    IF EXISTS (SELECT FROM gpsync.history AS h WHERE h.stream = at.stream AND h.endpoint = at.endpoint
               AND NOT h.copied) THEN
        RETURN '{"first": true}';
    END IF;
    all_events := gpsync_internal.read_local_events(events);
    SELECT array_agg(e ORDER BY e.n) FILTER (WHERE e.late OR (e.lsn, e.ordinal) > (at.commit_lsn, at.ordinal))
    INTO fresh FROM unnest(all_events) AS e;
    -- What was refused before is refused again.
    IF cardinality(fresh) IS DISTINCT FROM cardinality(all_events) THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object('n', e.n, 'error', r.error)), '[]') INTO refused
        FROM unnest(all_events) AS e JOIN gpsync.local_refusal AS r ON r.stream = at.stream
            AND r.endpoint = at.endpoint AND r.commit_lsn = e.lsn AND r.ordinal = e.ordinal WHERE NOT e.late;
    END IF;
    IF fresh IS NOT NULL THEN
        PERFORM gpsync_internal.prepare_months(stream, endpoint, fresh);
        DELETE FROM gpsync.history_state AS s
        WHERE s.history IN (SELECT h.history FROM gpsync.history AS h WHERE h.stream = at.stream
                            AND h.endpoint = at.endpoint) AND s.state IS NULL AND s.commit_lsn < (fresh[1]).lsn;
        IF gpsync_internal.try_local_events(stream, endpoint, fresh) IS NOT NULL THEN
            refused := refused || gpsync_internal.apply_one_by_one(stream, endpoint, fresh);
        END IF;
        last_event := fresh[cardinality(fresh)];
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
    at gpsync.local_position := gpsync_internal.lock_local_position(stream, endpoint);
    booked record;
BEGIN
    SELECT * INTO h FROM gpsync.history AS x WHERE x.stream = relay_keep_local.stream
        AND x.endpoint = relay_keep_local.endpoint AND NOT x.copied ORDER BY x.history LIMIT 1 FOR UPDATE;
    IF FOUND THEN
        PERFORM gpsync_internal.look_further(h, at);
        RETURN true;
    END IF;
    SELECT s.commit_lsn, s.ordinal INTO booked FROM gpsync_internal.settled_everywhere(stream) AS s;
    DELETE FROM gpsync.local_refusal AS r WHERE r.stream = relay_keep_local.stream
        AND r.endpoint = relay_keep_local.endpoint AND (r.commit_lsn, r.ordinal) <= (booked.commit_lsn, booked.ordinal);
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
    'For gpsync-relay: looks after histories. Looks at some rows of one that begins (true: call it again at once), '
    'makes the next month''s partition, drops what retention has passed. Errors: 55P03 something is locked';

REVOKE ALL ON FUNCTION gpsync_internal.is_event_of(oid, text, oid, text),
    gpsync_internal.history_of_event(text, text, oid, text),
    gpsync_internal.leave_state(gpsync.history, gpsync.history_state, text, gpsync_internal.local_event),
    gpsync_internal.enter_state(gpsync.history, gpsync.history_state, jsonb, text, gpsync.history_state,
        gpsync_internal.local_event),
    gpsync_internal.apply_truncate(gpsync.history, gpsync_internal.local_event), gpsync_internal.key_before(jsonb),
    gpsync_internal.apply_to_history(gpsync.history, name, name[], gpsync_internal.local_event),
    gpsync_internal.apply_local_events(text, text, gpsync_internal.local_event[]),
    gpsync_internal.prepare_months(text, text, gpsync_internal.local_event[]),
    gpsync_internal.try_local_events(text, text, gpsync_internal.local_event[]),
    gpsync_internal.apply_one_by_one(text, text, gpsync_internal.local_event[]),
    gpsync_internal.lock_local_position(text, text), gpsync_internal.relay_apply_local(text, text, jsonb),
    gpsync_internal.drop_old_months(gpsync.history), gpsync_internal.relay_keep_local(text, text) FROM PUBLIC;
