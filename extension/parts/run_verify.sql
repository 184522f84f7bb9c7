-- run_verify(): step by step, a COMMIT each, so that it can be killed at any time and called again.

CREATE FUNCTION gpsync_internal.row_estimate(relation regclass) RETURNS bigint
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT greatest(1, coalesce(sum(CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE pg_relation_size(c.oid) / 100.0 END),
    0))
    ::bigint
FROM gpsync_internal.partitions(relation) AS p JOIN pg_class AS c ON c.oid = p.relid WHERE p.isleaf $$;
COMMENT ON FUNCTION gpsync_internal.row_estimate(regclass) IS 'About how many rows a table has, partitions included';

-- The bounds that ANALYZE has found. A type is cut into slices only if its order is the same everywhere, which that of
-- text is not.
CREATE FUNCTION gpsync_internal.slice_bounds(of gpsync.verify_run, slices bigint) RETURNS text[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    first record;
    bounds text[];
BEGIN
    SELECT k.name, k.type INTO first FROM gpsync_internal.mapped_keys(of.mapping) AS k WHERE k.n = 1;
    IF slices < 2 OR first.type <> ALL ('{int2,int4,int8,uuid,date,timestamp,timestamptz}'::regtype[]) THEN
        RETURN '{}';
    END IF;
    SELECT CASE WHEN s.histogram_bounds IS NOT NULL THEN s.histogram_bounds::text::text[] ELSE '{}' END INTO bounds
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_stats AS s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = first.name
    WHERE c.oid = of.relation ORDER BY s.inherited DESC LIMIT 1;
    RETURN array(SELECT bounds[i] FROM generate_series(1, slices - 1) AS k (k),
                 LATERAL (SELECT 1 + k.k * cardinality(bounds) / slices) AS p (i)
                 WHERE cardinality(bounds) > 2 GROUP BY i HAVING i BETWEEN 2 AND cardinality(bounds) ORDER BY i);
END $$;
COMMENT ON FUNCTION gpsync_internal.slice_bounds(gpsync.verify_run, bigint) IS
    'Where a table is cut, by the first column of its key; empty: not at all';

CREATE FUNCTION gpsync_internal.cut_slices(of gpsync.verify_run) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    rows bigint := gpsync_internal.row_estimate(of.relation);
    bounds text[] := gpsync_internal.slice_bounds(of,
        ceil(rows::numeric / gpsync_internal.verify_option(of.options, 'slice_rows')::bigint)::bigint);
    slices integer := cardinality(bounds) + 1;
BEGIN
    INSERT INTO gpsync.verify_slice (run, slice, lower, upper, mask)
        SELECT of.run, i, bounds[i - 1], bounds[i],
               (2 ^ least(20, greatest(0, ceil(log(2.0, greatest(1, rows / slices / 250.0))))))::bigint - 1
        FROM generate_series(1, slices) AS i;
END $$;
COMMENT ON FUNCTION gpsync_internal.cut_slices(gpsync.verify_run) IS
    'Makes the slices of a verification, with a power of two of buckets, of about 250 rows each';

-- A later incremental run takes what was written from here on. A transaction that is open now may have stamped rows
-- with earlier revisions, and may commit only after they were compared.
CREATE FUNCTION gpsync_internal.settled_lsn(timeout interval) RETURNS pg_lsn
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    lsn pg_lsn := pg_current_wal_insert_lsn();
    next_xid xid8 := pg_snapshot_xmax(pg_current_snapshot());
    give_up timestamptz := clock_timestamp() + timeout;
BEGIN
    WHILE pg_snapshot_xmin(pg_current_snapshot()) < next_xid LOOP
        IF clock_timestamp() > give_up THEN
            RETURN NULL;
        END IF;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN lsn;
END $$;
COMMENT ON FUNCTION gpsync_internal.settled_lsn(interval) IS
    'An LSN such that all that was written before it is visible now; NULL: open transactions did not end in time';

CREATE FUNCTION gpsync_internal.owner_oid(of gpsync.verify_run) RETURNS oid
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    found oid := (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = of.owner);
BEGIN
    IF found IS NULL OR NOT gpsync_internal.may_read_rows(found, of.relation) THEN
        RAISE insufficient_privilege
            USING MESSAGE = format('role "%s", which owns verification "%s", may not read all rows '
            'of table %s', of.owner, of.run, of.relation);
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION gpsync_internal.owner_oid(gpsync.verify_run) IS
    'The role that a verification runs as. Errors: 42501 it may not read the table any more';

CREATE FUNCTION gpsync_internal.refuse_altered(of gpsync.verify_run) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    altered text;
BEGIN
    IF gpsync_internal.attached_to(of.relation) IS DISTINCT FROM of.relation THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('table %s of verification "%s" is not attached any more', of.relation, of.run),
            DETAIL = 'Only of attached tables it is known which rows are on their way.',
            HINT = format('Attach it and register another verification; SELECT gpsync.drop_verify(%L)', of.run);
    END IF;
    SELECT m.name INTO altered FROM gpsync_internal.mapped_columns(of.mapping) AS m
    LEFT JOIN pg_attribute AS a ON a.attrelid = of.relation AND a.attname = m.name AND NOT a.attisdropped
    WHERE gpsync_internal.plain_type(a.atttypid) IS DISTINCT FROM m.written
        OR (m.key IS NOT NULL) <> (m.name = ANY (gpsync_internal.key_columns(of.relation)))
    ORDER BY m.n LIMIT 1;
    IF FOUND OR (SELECT count(*) FROM gpsync_internal.mapped_keys(of.mapping))
            IS DISTINCT FROM cardinality(gpsync_internal.key_columns(of.relation)) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('table %s was altered since verification "%s" was registered', of.relation, of.run),
            DETAIL = CASE WHEN altered IS NULL THEN 'Its key is another one.'
                ELSE format('Column "%s" was renamed, dropped, or has another type, or the key is another one.',
                            altered) END,
            HINT = format('Register another verification; SELECT gpsync.drop_verify(%L)', of.run);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_altered(gpsync.verify_run) IS
    'Raises 55000 unless the table of a verification is attached, with the columns and the key that it was registered '
    'with';

CREATE FUNCTION gpsync_internal.begin_checksums(of gpsync.verify_run) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := gpsync_internal.owner_oid(of);
    lsn pg_lsn := gpsync_internal.settled_lsn('2 s');
    agrees boolean;
BEGIN
    IF gpsync_internal.verify_option(of.options, 'incremental')::boolean THEN
        PERFORM gpsync_internal.refuse_incremental(of);
        INSERT INTO gpsync.verify_candidate (run, key)
            SELECT of.run, q.key FROM gpsync_internal.query_as(owner,
                format('SELECT %s FROM %s AS t WHERE t.sync_revision >= %s',
                    (SELECT gpsync_internal.key_object(of.mapping, 'k%')),
                        format('(SELECT %s, t.sync_revision FROM %s AS t)',
                        gpsync_internal.typed_columns(of.mapping, 'here'), of.relation),
                    gpsync_internal.earlier_lsn(of) - '0/0'::pg_lsn)) AS q (key jsonb);
    ELSE
        SELECT q.agrees INTO agrees FROM gpsync_internal.query_as(owner, gpsync_internal.canary_query(of))
            AS q (agrees boolean);
        PERFORM gpsync_internal.cut_slices(of);
    END IF;
    UPDATE gpsync.verify_run AS r SET state = 'checksums', start_lsn = lsn, slow_source = NOT coalesce(agrees, true),
        started_at = clock_timestamp() WHERE r.run = of.run;
END $$;
COMMENT ON FUNCTION gpsync_internal.begin_checksums(gpsync.verify_run) IS 'The first step of a verification';

-- A slice that was not equal as a whole is summed up by bucket in the next step: in this transaction postgres_fdw would
-- show what was there when it began. Then the next slice is expected to differ too.
CREATE FUNCTION gpsync_internal.sum_slice(of gpsync.verify_run, slice gpsync.verify_slice) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    by_bucket boolean := of.slow_source OR NOT of.whole_first;
    sums record;
BEGIN
    SELECT * INTO sums FROM gpsync_internal.query_as(gpsync_internal.owner_oid(of),
        gpsync_internal.checksum_query(of, slice, by_bucket))
        AS q (modern_rows bigint, legacy_rows bigint, without_key bigint, buckets bigint[]);
    IF NOT by_bucket AND sums.buckets <> '{}' THEN
        UPDATE gpsync.verify_run AS r SET whole_first = false WHERE r.run = of.run;
        RETURN;
    END IF;
    UPDATE gpsync.verify_slice AS s SET buckets = sums.buckets WHERE s.run = of.run AND s.slice = sum_slice.slice.slice;
    UPDATE gpsync.verify_run AS r SET modern_rows = r.modern_rows + sums.modern_rows,
        legacy_rows = r.legacy_rows + sums.legacy_rows, without_key = r.without_key + sums.without_key,
        whole_first = sums.buckets = '{}'
    WHERE r.run = of.run;
END $$;
COMMENT ON FUNCTION gpsync_internal.sum_slice(gpsync.verify_run, gpsync.verify_slice) IS
    'Compares the checksums of a slice, first without buckets if the slice before was equal';

CREATE FUNCTION gpsync_internal.read_buckets(of gpsync.verify_run, slice gpsync.verify_slice) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO gpsync.verify_candidate (run, key)
        SELECT of.run, q.key FROM gpsync_internal.query_as(gpsync_internal.owner_oid(of),
            gpsync_internal.candidate_query(of, slice)) AS q (key jsonb);
    UPDATE gpsync.verify_slice AS s SET buckets = s.buckets[257:]
        WHERE s.run = of.run AND s.slice = read_buckets.slice.slice;
END $$;
COMMENT ON FUNCTION gpsync_internal.read_buckets(gpsync.verify_run, gpsync.verify_slice) IS
    'Finds the candidates in up to 256 buckets that differ';

CREATE FUNCTION gpsync_internal.is_unreadable(role oid, expression text, rows text) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM FROM gpsync_internal.query_as(role, format('SELECT count(%s) FROM %s', expression, rows)) AS q (n bigint);
    RETURN false;
EXCEPTION WHEN data_exception THEN
    RETURN true;
END $$;
COMMENT ON FUNCTION gpsync_internal.is_unreadable(oid, text, text) IS
    'Whether an expression fails for one of the rows (what follows FROM), with an error of class 22';

CREATE FUNCTION gpsync_internal.side_rows(of gpsync.verify_run, side text, condition text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE side WHEN 'here' THEN format('%s AS t WHERE %s', (of).relation, condition)
    ELSE gpsync_internal.source_rows(of, condition) END $$;
COMMENT ON FUNCTION gpsync_internal.side_rows(gpsync.verify_run, text, text) IS
    'What follows FROM to read the rows of a side for which a condition holds';

-- By halves of the keys' hashes, until one row is left.
CREATE FUNCTION gpsync_internal.unreadable_key(of gpsync.verify_run, side text, expression text, condition text,
        deadline timestamptz) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := gpsync_internal.owner_oid(of);
    hash text := gpsync_internal.key_hash(of.mapping, side);
    bits bigint := 0;
    rows text;
    key jsonb;
BEGIN
    FOR bit IN 0 .. 40 LOOP
        rows := gpsync_internal.side_rows(of, side, format('%s AND (%s) & %s::bigint = %s', condition, hash,
            (2::bigint << bit) - 1, bits));
        IF NOT gpsync_internal.is_unreadable(owner, expression, rows) THEN
            bits := bits | (1::bigint << bit);
            rows := gpsync_internal.side_rows(of, side, format('%s AND (%s) & %s::bigint = %s', condition, hash,
                (2::bigint << bit) - 1, bits));
        END IF;
        EXIT WHEN (SELECT q.n FROM gpsync_internal.query_as(owner, format('SELECT count(*) FROM %s', rows))
                   AS q (n bigint)) <= 1;
        IF clock_timestamp() > deadline THEN
            RETURN NULL;
        END IF;
    END LOOP;
    -- One without a key is in no half.
    IF NOT gpsync_internal.is_unreadable(owner, expression, rows) THEN
        RETURN NULL;
    END IF;
    SELECT q.key INTO key FROM gpsync_internal.query_as(owner, format('SELECT %s FROM (SELECT %s FROM %s) AS k',
        gpsync_internal.key_object(of.mapping, 'k%'), gpsync_internal.typed_columns(of.mapping, side), rows))
        AS q (key jsonb) LIMIT 1;
    RETURN gpsync_internal.key_to_show(key);
END $$;
COMMENT ON FUNCTION gpsync_internal.unreadable_key(gpsync.verify_run, text, text, text, timestamptz) IS
    'The key, without PII, of a row of a side for which an expression fails, which is known of the rows with the '
    'condition; NULL: it was not found in time';

-- A column here that is compared as it is stored cannot fail.
CREATE FUNCTION gpsync_internal.unreadable_value(of gpsync.verify_run, OUT side text, OUT column_name text,
        OUT key jsonb)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := gpsync_internal.owner_oid(of);
    deadline timestamptz := clock_timestamp() + interval '20 s';
    slice gpsync.verify_slice;
    part record;
    condition text;
BEGIN
    SELECT * INTO slice FROM gpsync.verify_slice AS s WHERE s.run = of.run AND coalesce(s.buckets <> '{}', true)
    ORDER BY s.slice LIMIT 1;
    FOR part IN SELECT s.side, c.c ->> 'name' AS name, c.c ->> s.side AS expression, c.c ->> 'key' IS NOT NULL AS is_key
                FROM jsonb_array_elements(of.mapping) WITH ORDINALITY AS c (c, n)
                CROSS JOIN unnest('{here,there}'::text[]) AS s (side)
                WHERE c.c ->> s.side <> format('t.%I', c.c ->> 'name') ORDER BY c.c ->> 'key', s.side, c.n LOOP
        EXIT WHEN clock_timestamp() > deadline;
        condition := CASE WHEN part.is_key THEN 'true' ELSE gpsync_internal.key_range(of, slice, part.side) END;
        IF gpsync_internal.is_unreadable(owner, part.expression, gpsync_internal.side_rows(of, part.side, condition))
        THEN
            side := part.side;
            column_name := part.name;
            IF NOT part.is_key THEN
                key := gpsync_internal.unreadable_key(of, side, part.expression, condition, deadline);
            END IF;
            RETURN;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.unreadable_value(gpsync.verify_run) IS
    'After an error of class 22: the side (here, there) and the column that have a value which cannot be compared, and '
    'the key of its row, if these are found within some 20 s';

-- The message of an error there may show a value.
CREATE FUNCTION gpsync_internal.raise_unread(of gpsync.verify_run, state text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    found record;
BEGIN
    SELECT * INTO found FROM gpsync_internal.unreadable_value(of);
    RAISE EXCEPTION USING ERRCODE = state,
        MESSAGE = CASE WHEN found.side = 'here' THEN format('a value of column "%s" of table %s cannot be compared in '
                           'verification "%s"', found.column_name, of.relation, of.run)
                       WHEN found.side = 'there' THEN format('a value of the source of verification "%s" does not fit '
                           'column "%s" of table %s', of.run, found.column_name, of.relation)
                       ELSE format('a value of the source of verification "%s" does not fit its column of table %s',
                           of.run, of.relation) END,
        DETAIL = format('SQLSTATE %s', state) || coalesce('; the key of its row is ' || found.key::text, ''),
        HINT = CASE found.side WHEN 'here' THEN format('Correct the value, or register a verification whose "columns" '
                   'leave out "%s".', found.column_name)
               ELSE 'Map the column to an expression that gives NULL, or another value, for what does not fit.' END;
END $$;
COMMENT ON FUNCTION gpsync_internal.raise_unread(gpsync.verify_run, text) IS
    'Raises an error of class 22 again, without its message';

CREATE FUNCTION gpsync_internal.finish_verify(of gpsync.verify_run) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    UPDATE gpsync.verify_run AS r SET finished_at = clock_timestamp(), waits_for = NULL,
        state = CASE WHEN gpsync_internal.has_enough(of) THEN 'stopped' ELSE 'finished' END
    WHERE r.run = of.run;
    DELETE FROM gpsync.verify_candidate AS c WHERE c.run = of.run;
    PERFORM gpsync_internal.raise_ops_event('verify.differences', of.run, jsonb_build_object('relation', of.relation,
        'differences', d.differences, 'kinds', d.kinds))
    FROM (SELECT sum(k.differences) AS differences, jsonb_object_agg(k.kind, k.differences) AS kinds
          FROM (SELECT v.kind, count(*) AS differences FROM gpsync.verify_difference AS v WHERE v.run = of.run
                GROUP BY v.kind) AS k) AS d
    WHERE d.differences > 0;
END $$;
COMMENT ON FUNCTION gpsync_internal.finish_verify(gpsync.verify_run) IS 'Ends a verification';

CREATE FUNCTION gpsync_internal.has_enough(of gpsync.verify_run) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT count(*) >= (of).max_differences FROM gpsync.verify_difference AS d WHERE d.run = (of).run $$;
COMMENT ON FUNCTION gpsync_internal.has_enough(gpsync.verify_run) IS
    'Whether a verification has found as many differences as it may';

-- First what shortens the list of candidates, so that this never has to hold all of a table.
CREATE FUNCTION gpsync_internal.verify_work(of gpsync.verify_run) RETURNS interval
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    slice gpsync.verify_slice;
    due bigint := (SELECT count(*) FROM (SELECT FROM gpsync.verify_candidate AS c WHERE c.run = of.run
                       AND c.next_at <= clock_timestamp() LIMIT 500) AS c);
    next_at timestamptz;
    problem text;
BEGIN
    SELECT * INTO slice FROM gpsync.verify_slice AS s WHERE s.run = of.run AND coalesce(s.buckets <> '{}', true)
    ORDER BY s.slice LIMIT 1;
    IF gpsync_internal.has_enough(of) THEN
        PERFORM gpsync_internal.finish_verify(of);
        RETURN NULL;
    ELSIF due = 500 OR due > 0 AND slice IS NULL THEN
        problem := gpsync_internal.confirm_candidates(of);
        UPDATE gpsync.verify_run AS r SET waits_for = problem WHERE r.run = of.run;
    ELSIF slice.buckets IS NULL AND slice.slice IS NOT NULL THEN
        PERFORM gpsync_internal.sum_slice(of, slice);
    ELSIF slice.slice IS NOT NULL THEN
        PERFORM gpsync_internal.read_buckets(of, slice);
    ELSE
        SELECT min(c.next_at) INTO next_at FROM gpsync.verify_candidate AS c WHERE c.run = of.run;
        IF next_at IS NULL THEN
            PERFORM gpsync_internal.finish_verify(of);
            RETURN NULL;
        END IF;
        RETURN greatest(least(next_at - clock_timestamp(), interval '1 s'), interval '10 ms');
    END IF;
    UPDATE gpsync.verify_run AS r SET worked_at = clock_timestamp() WHERE r.run = of.run;
    RETURN interval '0';
END $$;
COMMENT ON FUNCTION gpsync_internal.verify_work(gpsync.verify_run) IS 'The next step of a verification that has begun';

CREATE FUNCTION gpsync_internal.lagging_stream(relation regclass, most interval) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('stream "%s" is %s s behind', s.stream, round(s.lag_seconds)) FROM gpsync_internal.stream_states() AS s
WHERE NOT s.paused AND s.slot_state IN ('active', 'inactive') AND s.relay_state NOT IN ('down', 'unknown')
    AND s.lag_seconds > extract(epoch FROM most)
    AND s.stream IN (SELECT r.stream FROM gpsync_internal.row_streams(relation, relation) AS r) LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.lagging_stream(regclass, interval) IS
    'Why a verification pauses: a stream of its table that is delivered, and is too far behind; NULL: none';

CREATE FUNCTION gpsync_internal.verify_step_as(caller oid, run text) RETURNS interval
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.verify_run;
    lag text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = 'run_verify() needs isolation level READ COMMITTED',
            DETAIL = 'An older snapshot does not show what was delivered meanwhile.';
    END IF;
    of := gpsync_internal.verify_of(run, caller);
    PERFORM gpsync_internal.lock_run(run);
    of := gpsync_internal.verify_of(run, caller);
    -- Until the transaction ends: every session reads times alike.
    PERFORM set_config('TimeZone', of.time_zone, true);
    lag := gpsync_internal.lagging_stream(of.relation, gpsync_internal.verify_option(of.options,
        'max_stream_lag')::interval);
    IF of.state IN ('finished', 'stopped') THEN
        RETURN NULL;
    ELSIF lag IS NOT NULL THEN
        UPDATE gpsync.verify_run AS r SET waits_for = lag WHERE r.run = of.run;
        RETURN interval '500 ms';
    END IF;
    PERFORM gpsync_internal.refuse_altered(of);
    IF of.state = 'registered' THEN
        PERFORM gpsync_internal.begin_checksums(of);
        RETURN interval '0';
    END IF;
    RETURN gpsync_internal.verify_work(of);
EXCEPTION WHEN data_exception THEN
    PERFORM gpsync_internal.raise_unread(of, SQLSTATE);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION gpsync_internal.verify_step_as(oid, text) IS 'verify_step() on behalf of a role';

CREATE FUNCTION gpsync_internal.verify_step(run text) RETURNS interval
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.verify_step(text) IS
    'One step of a verification: how long to pause before the next; NULL: there is none';

-- A procedure with a SET clause could not COMMIT, so all in it has its schema.
CREATE PROCEDURE gpsync.run_verify(run text, for_at_most interval DEFAULT NULL)
    LANGUAGE plpgsql
    AS $$
DECLARE
    give_up timestamptz := pg_catalog.clock_timestamp()
        OPERATOR(pg_catalog.+) least(for_at_most, interval '1000 years');
    pause interval;
BEGIN
    IF run IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'run must not be null';
    END IF;
    LOOP
        pause := gpsync_internal.verify_step(run);
        COMMIT;
        EXIT WHEN pause IS NULL OR pg_catalog.clock_timestamp() OPERATOR(pg_catalog.>=) give_up;
        IF pause OPERATOR(pg_catalog.>) interval '0' THEN
            PERFORM pg_catalog.pg_sleep_for(pause);
        END IF;
    END LOOP;
END $$;
COMMENT ON PROCEDURE gpsync.run_verify(text, interval) IS
    'Runs a verification, or goes on with it, until it has finished or for_at_most has passed, a COMMIT each step. '
    'Several sessions take turns. Whatever ends it, calling it again goes on. Errors: 42704 no such run; 42501 not a '
    'member of its owner; 2D000 inside a transaction; those of the source';

CREATE FUNCTION gpsync_internal.verify_states() RETURNS TABLE (run text, relation regclass, source text, owner name,
        state text, slices bigint, slices_done bigint, modern_rows bigint, legacy_rows bigint, without_key bigint,
        hashed_here boolean, candidates bigint, missing bigint, extra bigint, differs bigint, refused bigint,
        unsettled bigint, waits_for text, registered_at timestamptz, started_at timestamptz, worked_at timestamptz,
        finished_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT r.run, r.relation, gpsync.scrub(to_jsonb(r.source)) #>> '{}', r.owner, r.state, s.slices, s.done,
       r.modern_rows, r.legacy_rows, r.without_key, r.slow_source, c.candidates, d.missing, d.extra, d.differs,
       d.refused, d.unsettled, r.waits_for, r.registered_at, r.started_at, r.worked_at, r.finished_at
FROM gpsync.verify_run AS r,
LATERAL (SELECT count(*), count(*) FILTER (WHERE v.buckets = '{}') FROM gpsync.verify_slice AS v WHERE v.run = r.run)
    AS s (slices, done),
LATERAL (SELECT count(*) FROM gpsync.verify_candidate AS v WHERE v.run = r.run) AS c (candidates),
LATERAL (SELECT count(*) FILTER (WHERE v.kind = 'missing'), count(*) FILTER (WHERE v.kind = 'extra'),
                count(*) FILTER (WHERE v.kind = 'differs'), count(*) FILTER (WHERE v.kind = 'refused'),
                count(*) FILTER (WHERE v.kind = 'unsettled') FROM gpsync.verify_difference AS v WHERE v.run = r.run)
    AS d (missing, extra, differs, refused, unsettled) $$;
COMMENT ON FUNCTION gpsync_internal.verify_states() IS 'The rows of view verify_progress';

CREATE VIEW gpsync.verify_progress AS SELECT * FROM gpsync_internal.verify_states();
COMMENT ON VIEW gpsync.verify_progress IS
    'Verifications: how far each is, and how many differences of each kind it has found';
COMMENT ON COLUMN gpsync.verify_progress.state IS
    'registered, checksums (it runs, or was ended and can be called again), finished, stopped (at max_differences: '
    'there may be more)';
COMMENT ON COLUMN gpsync.verify_progress.without_key IS 'Rows of the source with a NULL in their key: never compared';
COMMENT ON COLUMN gpsync.verify_progress.hashed_here IS
    'The other side computes other hashes (byte order, encoding, collation), so its rows are fetched';
COMMENT ON COLUMN gpsync.verify_progress.candidates IS 'Keys that seem to differ, not confirmed yet';
COMMENT ON COLUMN gpsync.verify_progress.waits_for IS 'Why nothing can be confirmed now';

CREATE VIEW gpsync.verify_differences AS
SELECT d.run, r.relation,
       CASE WHEN gpsync.has_pii(d.key) AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_roles AS a
                WHERE a.rolname OPERATOR(pg_catalog.=) r.owner AND pg_catalog.pg_has_role(a.oid, 'MEMBER'))
            THEN gpsync.scrub(d.key) ELSE d.key END AS key,
       d.kind, d.columns, d.revision, d.lsn, d.found_at, d.repair, d.outcome, d.repaired_at
FROM gpsync.verify_difference AS d JOIN gpsync.verify_run AS r ON r.run OPERATOR(pg_catalog.=) d.run;
COMMENT ON VIEW gpsync.verify_differences IS
    'What verifications have found: keys and the names of columns, never values. Who is not a member of a run''s owner '
    'sees keys without PII';
COMMENT ON COLUMN gpsync.verify_differences.kind IS
    'missing: the legacy side has no such row. extra: only it has one. differs: in these columns (the key''s own: the '
    'source has several rows of it). refused: an open dead letter explains it. unsettled: it changed, or was not '
    'delivered, whenever it was compared';
COMMENT ON COLUMN gpsync.verify_differences.revision IS 'Of the row here when the difference was confirmed';
COMMENT ON COLUMN gpsync.verify_differences.lsn IS 'The end of the WAL when the difference was confirmed';
COMMENT ON COLUMN gpsync.verify_differences.outcome IS 'What the last gpsync.repair() of it did';

REVOKE ALL ON FUNCTION gpsync_internal.row_estimate(regclass), gpsync_internal.slice_bounds(gpsync.verify_run, bigint),
    gpsync_internal.cut_slices(gpsync.verify_run), gpsync_internal.settled_lsn(interval),
    gpsync_internal.owner_oid(gpsync.verify_run), gpsync_internal.refuse_altered(gpsync.verify_run),
    gpsync_internal.begin_checksums(gpsync.verify_run),
    gpsync_internal.sum_slice(gpsync.verify_run, gpsync.verify_slice),
    gpsync_internal.read_buckets(gpsync.verify_run, gpsync.verify_slice),
    gpsync_internal.is_unreadable(oid, text, text), gpsync_internal.side_rows(gpsync.verify_run, text, text),
    gpsync_internal.unreadable_key(gpsync.verify_run, text, text, text, timestamptz),
    gpsync_internal.unreadable_value(gpsync.verify_run),
    gpsync_internal.raise_unread(gpsync.verify_run, text), gpsync_internal.finish_verify(gpsync.verify_run),
    gpsync_internal.has_enough(gpsync.verify_run), gpsync_internal.verify_work(gpsync.verify_run),
    gpsync_internal.lagging_stream(regclass, interval), gpsync_internal.verify_step_as(oid, text),
    gpsync_internal.verify_step(text), gpsync_internal.verify_states() FROM PUBLIC;
REVOKE ALL ON PROCEDURE gpsync.run_verify(text, interval) FROM PUBLIC;
