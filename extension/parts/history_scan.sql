-- A scan of the rows of a table as they are, chunk by chunk in key order: it begins a history, and brings it up to date
-- where the stream did not show changes. Each chunk has one statement's snapshot. The history's events wait until the
-- scan is complete; then a change that a chunk's snapshot shows is not applied to the rows of that chunk: nothing is
-- missing and nothing comes twice.

CREATE FUNCTION gpsync_internal.scan_rows(h gpsync.history, most integer) RETURNS TABLE (found text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET enable_seqscan = off
    AS $$
DECLARE
    names name[] := gpsync_internal.column_names(h.relation, h.key_numbers);
    status name := (gpsync_internal.column_names(h.relation, ARRAY[h.status_number]))[1];
    types oid[] := array(SELECT a.atttypid FROM unnest(h.key_numbers) WITH ORDINALITY AS k (number, n)
                         JOIN pg_attribute AS a ON a.attrelid = h.relation AND a.attnum = k.number ORDER BY k.n);
    keys text[] := array(SELECT format('t.%I', k) FROM unnest(names) WITH ORDINALITY AS u (k, n) ORDER BY n);
BEGIN
    RETURN QUERY SELECT q FROM gpsync_internal.owner_query(
        gpsync_internal.owner_for_statements(h.relation),
        format('SELECT pg_catalog.pg_current_snapshot(), pg_catalog.jsonb_build_object(%s), t.%I%s, %s FROM %s AS t '
               'WHERE %s ORDER BY %s LIMIT %s',
               (SELECT string_agg(format('%L, %s', h.key_names[i], keys[i]), ', ')
                FROM generate_subscripts(keys, 1) AS i),
               status,
               CASE WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = h.relation
                                     AND a.attname = 'sync_revision' AND a.atttypid = 'bigint'::regtype
                                     AND NOT a.attisdropped) THEN ', t.sync_revision' ELSE ', NULL' END,
               array_to_string(keys, ', '), h.relation,
               CASE WHEN h.last_key IS NULL THEN 'true'
                    ELSE gpsync_internal.order_condition(keys, types, 1, true) END,
               (SELECT string_agg(format('%s USING %s', k, gpsync_internal.ordering_operator(types[n], 1)), ', '
                    ORDER BY n) FROM unnest(keys) WITH ORDINALITY AS u (k, n)), most),
        coalesce(h.last_key, '{}'), CASE WHEN h.last_key IS NULL THEN '{}' ELSE types END) AS q;
END $$;
COMMENT ON FUNCTION gpsync_internal.scan_rows(gpsync.history, integer) IS
    'The next rows of a scan, as the table''s owner: snapshot, key, status, revision, columns of the key';

-- What this scan has not found is there no more.
CREATE FUNCTION gpsync_internal.end_scan(h gpsync.history, at gpsync.local_position) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF h.pass > 1 THEN
        INSERT INTO gpsync.history_entry (history, at, key, from_state, event, since, observed, pass, commit_lsn,
            ordinal)
        SELECT h.history, now(), s.key, s.state, 'observed', s.since, s.observed, h.pass, at.commit_lsn, at.ordinal
        FROM gpsync.history_state AS s WHERE s.history = h.history AND s.pass < h.pass AND s.state IS NOT NULL;
        DELETE FROM gpsync.history_state AS s WHERE s.history = h.history AND s.pass < h.pass;
    END IF;
    UPDATE gpsync.history AS x SET scanned = true, last_key = NULL WHERE x.history = h.history;
END $$;
COMMENT ON FUNCTION gpsync_internal.end_scan(gpsync.history, gpsync.local_position) IS 'After the last chunk of a scan';

-- rows: an array for each, as scan_rows() gives them. at, the entries' position in the stream: behind what the history
-- has applied, before all that it has not.
CREATE FUNCTION gpsync_internal.record_rows(h gpsync.history, rows jsonb, this integer, at gpsync.local_position)
    RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
WITH seen AS MATERIALIZED (
    SELECT (r ->> 1)::jsonb AS key, r ->> 2 AS state, (r ->> 3)::bigint AS revision FROM jsonb_array_elements(rows) AS r
    WHERE r ->> 2 IS NOT NULL),
known AS MATERIALIZED (
    SELECT n.*, s.ctid AS place, s.state AS before, s.since, coalesce(s.observed, false) AS observed
    FROM seen AS n LEFT JOIN gpsync.history_state AS s ON s.history = h.history AND s.key = n.key
        AND jsonb_hash_extended(s.key, 0) = jsonb_hash_extended(n.key, 0)),
entered AS (
    INSERT INTO gpsync.history_entry (history, at, key, from_state, to_state, event, since, observed, revision,
        pass, commit_lsn, ordinal)
    SELECT h.history, now(), k.key, k.before, k.state, 'observed', CASE WHEN k.before IS NOT NULL THEN k.since END,
           k.observed, k.revision, h.pass, at.commit_lsn, at.ordinal
    FROM known AS k WHERE k.before IS DISTINCT FROM k.state),
found AS (
    UPDATE gpsync.history_state AS s
    SET state = k.state, since = CASE WHEN k.before = k.state THEN s.since ELSE now() END,
        observed = s.observed OR k.before IS DISTINCT FROM k.state, commit_lsn = at.commit_lsn,
        ordinal = at.ordinal,
        pass = h.pass, chunk = this, before_state = NULL, before_since = NULL, before_observed = NULL
    FROM known AS k WHERE s.ctid = k.place AND s.history = h.history)
INSERT INTO gpsync.history_state (history, key, state, since, observed, commit_lsn, ordinal, pass, chunk)
SELECT h.history, k.key, k.state, now(), true, at.commit_lsn, at.ordinal, h.pass, this FROM known AS k
WHERE k.place IS NULL $$;
COMMENT ON FUNCTION gpsync_internal.record_rows(gpsync.history, jsonb, integer, gpsync.local_position) IS
    'Takes rows of a scan into a history: entries for those in another state than it has them in';

CREATE FUNCTION gpsync_internal.scan_chunk(h gpsync.history, at gpsync.local_position) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    most CONSTANT integer := 2000;
    this integer := h.chunks + 1;
    rows jsonb;
    wal_end pg_lsn;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = h.relation) THEN
        UPDATE gpsync.history AS x SET scanned = true WHERE x.history = h.history;
        RETURN;
    END IF;
    PERFORM gpsync_internal.make_history_month(h.history, gpsync_internal.month_of(now()));
    SELECT jsonb_agg(to_jsonb(f.found)) INTO rows FROM gpsync_internal.scan_rows(h, most) AS f;
    wal_end := pg_current_wal_insert_lsn();
    IF rows IS NOT NULL THEN
        INSERT INTO gpsync.history_chunk (history, chunk, snapshot, wal_end)
            VALUES (h.history, this, (rows -> 0 ->> 0)::pg_snapshot, wal_end);
        PERFORM gpsync_internal.record_rows(h, rows, this, at);
        UPDATE gpsync.history AS x SET chunks = this,
            last_key = (SELECT array_agg(k.value ORDER BY k.n)
                        FROM jsonb_array_elements_text(rows -> -1) WITH ORDINALITY AS k (value, n) WHERE k.n > 4)
        WHERE x.history = h.history;
    END IF;
    IF coalesce(jsonb_array_length(rows), 0) < most THEN
        PERFORM gpsync_internal.end_scan(h, at);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.scan_chunk(gpsync.history, gpsync.local_position) IS
    'One chunk of a scan. Errors: 55P03 locked; those of reading the table';

-- Event ids show 32 bits of a transaction.
CREATE FUNCTION gpsync_internal.snapshot_has(snapshot pg_snapshot, xid bigint) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    next bigint := pg_snapshot_xmax(snapshot)::text::bigint;
    full_xid bigint := (next & ~4294967295) | xid;
BEGIN
    IF full_xid - next > 2147483648 THEN
        full_xid := full_xid - 4294967296;
    ELSIF next - full_xid > 2147483648 THEN
        full_xid := full_xid + 4294967296;
    END IF;
    RETURN full_xid >= 0 AND pg_visible_in_snapshot(full_xid::text::xid8, snapshot);
END $$;
COMMENT ON FUNCTION gpsync_internal.snapshot_has(pg_snapshot, bigint) IS
    'Whether a transaction, by the lower 32 bits of its number, is visible in a snapshot of about its time';

CREATE FUNCTION gpsync_internal.scan_has_seen(of integer, in_chunk integer, lsn pg_lsn, xid bigint) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT in_chunk IS NOT NULL AND EXISTS (SELECT FROM gpsync.history_chunk AS c
    WHERE c.history = of AND c.chunk = in_chunk AND lsn < c.wal_end
        AND gpsync_internal.snapshot_has(c.snapshot, xid)) $$;
COMMENT ON FUNCTION gpsync_internal.scan_has_seen(integer, integer, pg_lsn, bigint) IS
    'Whether the scan that found a row has seen a transaction: its commit''s LSN, its number';

REVOKE ALL ON FUNCTION gpsync_internal.scan_rows(gpsync.history, integer),
    gpsync_internal.end_scan(gpsync.history, gpsync.local_position),
    gpsync_internal.record_rows(gpsync.history, jsonb, integer, gpsync.local_position),
    gpsync_internal.scan_chunk(gpsync.history, gpsync.local_position),
    gpsync_internal.snapshot_has(pg_snapshot, bigint),
    gpsync_internal.scan_has_seen(integer, integer, pg_lsn, bigint) FROM PUBLIC;
