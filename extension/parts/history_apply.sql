-- Events into a history. Events that concern their own key alone are applied a run at a time: one query reads the
-- states of the run's keys, and two write entries and states. TRUNCATE, changes of key, and dead letters that are sent
-- again are applied one by one.

-- A row is gone: its state stays until the next transaction, which a move between partitions continues from.
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

-- Deleted and inserted again by one transaction: that was no end.
CREATE FUNCTION gpsync_internal.forget_deletion(s gpsync.history_state) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
DELETE FROM gpsync.history_entry AS x
WHERE x.history = s.history AND x.at = s.since AND x.commit_lsn = s.commit_lsn AND x.ordinal = s.ordinal
    AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(s.key, 0) AND x.key = s.key $$;
COMMENT ON FUNCTION gpsync_internal.forget_deletion(gpsync.history_state) IS
    'Takes back the entry of the deletion that left this state';

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
        PERFORM gpsync_internal.forget_deletion(s);
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
        AND NOT gpsync_internal.scan_has_seen(s.history, s.chunk, e.lsn, e.xid) RETURNING s.*)
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

CREATE FUNCTION gpsync_internal.state_of(h gpsync.history, of_key jsonb) RETURNS gpsync.history_state
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT x FROM gpsync.history_state AS x
WHERE x.history = h.history AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(of_key, 0) AND x.key = of_key $$;
COMMENT ON FUNCTION gpsync_internal.state_of(gpsync.history, jsonb) IS 'The state that a history has of a key; or NULL';

-- A change from before a rename has the column under its name of then.
CREATE FUNCTION gpsync_internal.status_in(h gpsync.history, status text, e gpsync_internal.local_event) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result text := CASE WHEN e.data -> 'row' ? status THEN e.data -> 'row' ->> status
                        ELSE e.data -> 'row' ->> h.status_column::text END;
BEGIN
    IF result IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'the event has no status', COLUMN = h.status_column;
    END IF;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.status_in(gpsync.history, text, gpsync_internal.local_event) IS
    'The status that an event shows. Errors: 22004 none';

-- A deleted row leaves no state behind: what is newer than a dead letter is then in the entries.
CREATE FUNCTION gpsync_internal.is_outdated(h gpsync.history, of_key jsonb, s gpsync.history_state,
    e gpsync_internal.local_event) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT e.late AND (coalesce((s.commit_lsn, s.ordinal) >= (e.lsn, e.ordinal), false)
    OR s.history IS NULL AND EXISTS (
        SELECT FROM gpsync.history_entry AS x
        WHERE x.history = h.history AND jsonb_hash_extended(x.key, 0) = jsonb_hash_extended(of_key, 0)
            AND x.key = of_key AND x.pass = h.pass AND (x.commit_lsn, x.ordinal) >= (e.lsn, e.ordinal))) $$;
COMMENT ON FUNCTION gpsync_internal.is_outdated(gpsync.history, jsonb, gpsync.history_state,
    gpsync_internal.local_event) IS 'Whether the history has something newer of a key than a dead letter';

-- The old key of a change of key is judged by the scan of its own chunk: the chunk of the new key may have seen the
-- change where that of the old one, which was scanned before, has not.
CREATE FUNCTION gpsync_internal.leave_old_key(h gpsync.history, keys name[], e gpsync_internal.local_event)
    RETURNS gpsync.history_state
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    old_key jsonb := gpsync_internal.kept_key(gpsync_internal.key_before(e.data), keys, h.key_names);
    origin gpsync.history_state := gpsync_internal.state_of(h, old_key);
BEGIN
    IF origin.state IS NULL OR gpsync_internal.scan_has_seen(h.history, origin.chunk, e.lsn, e.xid)
        OR gpsync_internal.is_outdated(h, old_key, origin, e) THEN
        RETURN NULL;
    END IF;
    PERFORM gpsync_internal.leave_state(h, origin, 'rekeyed', e);
    RETURN origin;
END $$;
COMMENT ON FUNCTION gpsync_internal.leave_old_key(gpsync.history, name[], gpsync_internal.local_event) IS
    'Of a change of key: the row is gone under its old key. The state that it had there; NULL: none, or what is there '
    'is newer';

CREATE FUNCTION gpsync_internal.apply_alone(h gpsync.history, status text, keys name[],
    e gpsync_internal.local_event) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    this_key jsonb := gpsync_internal.kept_key(e.data -> 'key', keys, h.key_names);
    s gpsync.history_state;
    origin gpsync.history_state;
BEGIN
    IF e.kind = 'truncated' THEN
        PERFORM gpsync_internal.apply_truncate(h, e);
        RETURN;
    ELSIF e.rekeys THEN
        origin := gpsync_internal.leave_old_key(h, keys, e);
    END IF;
    s := gpsync_internal.state_of(h, this_key);
    IF gpsync_internal.scan_has_seen(h.history, s.chunk, e.lsn, e.xid)
        OR gpsync_internal.is_outdated(h, this_key, s, e) THEN
        RETURN;
    ELSIF e.kind <> 'deleted' THEN
        PERFORM gpsync_internal.enter_state(h, s, this_key, gpsync_internal.status_in(h, status, e), origin, e);
    ELSIF s.state IS NOT NULL THEN
        PERFORM gpsync_internal.leave_state(h, s, 'deleted', e);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_alone(gpsync.history, text, name[], gpsync_internal.local_event) IS
    'One event into a history. Errors: 22004 it has no status';

-- Without seq scans and hash or merge joins the states are found by their index, however many there are.
CREATE FUNCTION gpsync_internal.run_of_events(h gpsync.history, status text, keys name[],
    events gpsync_internal.local_event[])
    RETURNS TABLE (key jsonb, e gpsync_internal.local_event, new_state text, s gpsync.history_state, place tid)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
    AS $$
SELECT k.key, e, CASE WHEN e.kind <> 'deleted' THEN
           coalesce(e.data -> 'row' ->> status, e.data -> 'row' ->> h.status_column::text,
               gpsync_internal.status_in(h, status, e)) END, s, s.ctid
FROM unnest(events) AS e
CROSS JOIN LATERAL (SELECT CASE WHEN keys = h.key_names THEN e.data -> 'key'
    ELSE gpsync_internal.kept_key(e.data -> 'key', keys, h.key_names) END) AS k (key)
LEFT JOIN gpsync.history_state AS s ON s.history = h.history
    AND jsonb_hash_extended(s.key, 0) = jsonb_hash_extended(k.key, 0) AND s.key = k.key
WHERE s.chunk IS NULL OR NOT gpsync_internal.scan_has_seen(h.history, s.chunk, e.lsn, e.xid)
ORDER BY jsonb_hash_extended(k.key, 0), k.key, e.n $$;
COMMENT ON FUNCTION gpsync_internal.run_of_events(gpsync.history, text, name[], gpsync_internal.local_event[]) IS
    'Events by key, those of one key in their order, each with the state that the history had of the key before all of '
    'them; without those that a scan has seen. Errors: 22004 an event has no status';

CREATE FUNCTION gpsync_internal.write_run(entries gpsync.history_entry[], known gpsync.history_state[], places tid[],
    added gpsync.history_state[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off
    AS $$
BEGIN
    INSERT INTO gpsync.history_entry SELECT x.* FROM unnest(entries) AS x ORDER BY x.commit_lsn, x.ordinal;
    IF cardinality(known) > 0 THEN
        UPDATE gpsync.history_state AS s
        SET state = x.state, since = x.since, observed = x.observed, commit_lsn = x.commit_lsn, ordinal = x.ordinal,
            pass = x.pass, chunk = x.chunk, before_state = x.before_state, before_since = x.before_since,
            before_observed = x.before_observed
        FROM unnest(places, known) AS x (place, history, key, state, since, observed, commit_lsn, ordinal, pass, chunk,
            before_state, before_since, before_observed)
        WHERE s.ctid = x.place AND s.history = (known[1]).history;
    END IF;
    INSERT INTO gpsync.history_state SELECT x.* FROM unnest(added) AS x;
END $$;
COMMENT ON FUNCTION gpsync_internal.write_run(gpsync.history_entry[], gpsync.history_state[], tid[],
    gpsync.history_state[]) IS 'Writes what apply_run() has made of a run of events of one history';

-- c: the state of the key at hand. gone: the entry of its deletion, until the next event says that it was an end.
CREATE FUNCTION gpsync_internal.apply_run(h gpsync.history, status text, keys name[],
    events gpsync_internal.local_event[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    r record;
    e gpsync_internal.local_event;
    c gpsync.history_state;
    this_key jsonb;
    place tid;
    changed boolean := false;
    event text;
    gone gpsync.history_entry;
    entries gpsync.history_entry[] := '{}';
    known gpsync.history_state[] := '{}';
    places tid[] := '{}';
    added gpsync.history_state[] := '{}';
BEGIN
    FOR r IN
        SELECT x.* FROM gpsync_internal.run_of_events(h, status, keys, events) AS x
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL  -- the end of the last key
    LOOP
        IF r.key IS DISTINCT FROM this_key OR r.key IS NULL THEN
            IF gone.history IS NOT NULL THEN
                entries := entries || gone;
            END IF;
            IF changed AND place IS NOT NULL THEN
                known := known || c;
                places := places || place;
            ELSIF changed THEN
                added := added || c;
            END IF;
            EXIT WHEN r.key IS NULL;
            this_key := r.key;
            c := r.s;
            place := r.place;
            changed := false;
            gone := NULL;
        END IF;
        e := r.e;
        IF e.kind = 'deleted' THEN
            CONTINUE WHEN c.state IS NULL;
            gone := ROW(h.history, e.at, this_key, c.state, NULL, 'deleted', c.since, c.observed, NULL, h.pass, e.lsn,
                e.ordinal);
            c := ROW(h.history, this_key, NULL, e.at, false, e.lsn, e.ordinal, h.pass, NULL, c.state, c.since,
                c.observed);
            changed := true;
            CONTINUE;
        END IF;
        event := e.kind;
        IF c.state IS NULL AND c.commit_lsn = e.lsn THEN
            -- Deleted by the same transaction: that was no end.
            IF gone.history IS NULL THEN
                PERFORM gpsync_internal.forget_deletion(c);
            END IF;
            gone := NULL;
            c.state := c.before_state;
            c.since := c.before_since;
            c.observed := c.before_observed;
            event := 'updated';
        ELSIF c.state = r.new_state THEN
            CONTINUE;
        END IF;
        IF c.state IS DISTINCT FROM r.new_state THEN
            IF gone.history IS NOT NULL THEN
                entries := entries || gone;
                gone := NULL;
            END IF;
            entries := entries || ROW(h.history, e.at, this_key, c.state, r.new_state, event,
                CASE WHEN c.state IS NOT NULL THEN c.since END, coalesce(c.state IS NOT NULL AND c.observed, false),
                e.revision, h.pass, e.lsn, e.ordinal)::gpsync.history_entry;
            c.since := e.at;
            c.observed := false;
        END IF;
        c := ROW(h.history, this_key, r.new_state, c.since, c.observed, e.lsn, e.ordinal, h.pass, c.chunk, NULL, NULL,
            NULL);
        changed := true;
    END LOOP;
    PERFORM gpsync_internal.write_run(entries, known, places, added);
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_run(gpsync.history, text, name[], gpsync_internal.local_event[]) IS
    'Events into a history that concern their own key alone. Errors: 22004 one has no status';

CREATE FUNCTION gpsync_internal.apply_to_history(h gpsync.history, events gpsync_internal.local_event[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    status text := coalesce((gpsync_internal.column_names(h.relation, ARRAY[h.status_number]))[1], h.status_column);
    keys name[] := gpsync_internal.column_names(h.relation, h.key_numbers);
    e gpsync_internal.local_event;
    run gpsync_internal.local_event[] := '{}';
BEGIN
    IF array_position(keys, NULL) IS NOT NULL THEN
        keys := h.key_names;  -- the table was dropped, or is about to be
    END IF;
    PERFORM gpsync_internal.prepare_months(h, events);
    DELETE FROM gpsync.history_state AS s
    WHERE s.history = h.history AND s.state IS NULL AND s.commit_lsn < (events[1]).lsn AND NOT (events[1]).late;
    FOREACH e IN ARRAY events LOOP
        IF e.kind = 'truncated' OR e.late OR e.rekeys THEN
            IF cardinality(run) > 0 THEN
                PERFORM gpsync_internal.apply_run(h, status, keys, run);
                run := '{}';
            END IF;
            PERFORM gpsync_internal.apply_alone(h, status, keys, e);
        ELSE
            run := run || e;
        END IF;
    END LOOP;
    IF cardinality(run) > 0 THEN
        PERFORM gpsync_internal.apply_run(h, status, keys, run);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_history(gpsync.history, gpsync_internal.local_event[]) IS
    'Events of its table into a history. Errors: 22004 one has no status';

CREATE FUNCTION gpsync_internal.prepare_months(h gpsync.history, events gpsync_internal.local_event[])
    RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.make_history_month(h.history, m.month)
FROM (SELECT DISTINCT date_trunc('month', e.at AT TIME ZONE 'UTC')::date FROM unnest(events) AS e) AS m (month)
WHERE to_regclass(format('gpsync.history_%s_%s', h.history, to_char(m.month, 'YYYYMM'))) IS NULL $$;
COMMENT ON FUNCTION gpsync_internal.prepare_months(gpsync.history, gpsync_internal.local_event[]) IS
    'Makes the partitions of a history that events will go into, however late they come';

REVOKE ALL ON FUNCTION
    gpsync_internal.leave_state(gpsync.history, gpsync.history_state, text, gpsync_internal.local_event),
    gpsync_internal.forget_deletion(gpsync.history_state),
    gpsync_internal.enter_state(gpsync.history, gpsync.history_state, jsonb, text, gpsync.history_state,
        gpsync_internal.local_event),
    gpsync_internal.apply_truncate(gpsync.history, gpsync_internal.local_event), gpsync_internal.key_before(jsonb),
    gpsync_internal.state_of(gpsync.history, jsonb),
    gpsync_internal.status_in(gpsync.history, text, gpsync_internal.local_event),
    gpsync_internal.is_outdated(gpsync.history, jsonb, gpsync.history_state, gpsync_internal.local_event),
    gpsync_internal.leave_old_key(gpsync.history, name[], gpsync_internal.local_event),
    gpsync_internal.apply_alone(gpsync.history, text, name[], gpsync_internal.local_event),
    gpsync_internal.run_of_events(gpsync.history, text, name[], gpsync_internal.local_event[]),
    gpsync_internal.write_run(gpsync.history_entry[], gpsync.history_state[], tid[], gpsync.history_state[]),
    gpsync_internal.apply_run(gpsync.history, text, name[], gpsync_internal.local_event[]),
    gpsync_internal.apply_to_history(gpsync.history, gpsync_internal.local_event[]),
    gpsync_internal.prepare_months(gpsync.history, gpsync_internal.local_event[]) FROM PUBLIC;
