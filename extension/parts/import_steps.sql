-- One step of an import: one transaction's worth. import_work() is called in a loop by run_import() and by workers.

CREATE FUNCTION gpsync_internal.refuse_foreign_job(job text, owner name, caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF owner IS NULL THEN
        RAISE undefined_object USING MESSAGE = format('import "%s" does not exist', job),
            HINT = 'View gpsync.import_progress lists those that do.';
    ELSIF to_regrole(quote_ident(owner)) IS NULL THEN
        RAISE undefined_object USING MESSAGE = format('role "%s", which owns import "%s", does not exist', owner, job),
            HINT = 'Register the import again.';
    ELSIF NOT pg_has_role(caller, quote_ident(owner)::regrole, 'MEMBER') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be a member of role "%s" to work on import "%s"',
            owner, job);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_foreign_job(text, name, oid) IS
    'Raises unless the job exists (owner not NULL), its owner does, and caller is a member of that role: 42704, 42501';

CREATE FUNCTION gpsync_internal.refuse_gone_target(of gpsync.import_job) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = of.relation) THEN
        RAISE undefined_table USING MESSAGE = format('the table of import "%s" was dropped', of.job),
            HINT = format('SELECT gpsync.cancel_import(%L)', of.job);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_gone_target(gpsync.import_job) IS
    'Raises 42P01 where the table that an import writes is gone';

CREATE FUNCTION gpsync_internal.import_waits_for(of gpsync.import_job) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    found text;
BEGIN
    IF of.paced_until > clock_timestamp() THEN
        RETURN 'rows_per_second';
    END IF;
    IF of.max_stream_lag IS NOT NULL THEN
        SELECT format('stream lag: slot %s is %s behind', r.slot_name, pg_size_pretty(l.bytes)) INTO found
        FROM pg_replication_slots AS r, pg_wal_lsn_diff(pg_current_wal_lsn(), r.confirmed_flush_lsn) AS l (bytes)
        WHERE r.database = current_database() AND r.plugin = 'gpsync_decoder' AND l.bytes > of.max_stream_lag LIMIT 1;
    END IF;
    IF found IS NULL AND of.max_replica_lag IS NOT NULL THEN
        SELECT format('replica lag: %s is %s behind', r.application_name, r.replay_lag) INTO found
        FROM pg_stat_replication AS r
        WHERE r.replay_lag > of.max_replica_lag
            AND NOT EXISTS (SELECT FROM pg_replication_slots AS s WHERE s.active_pid = r.pid
                AND s.slot_type = 'logical')
        LIMIT 1;
    END IF;
    IF found IS NULL AND of.max_active_backends IS NOT NULL THEN
        SELECT format('active backends: %s', count(*)) INTO found FROM pg_stat_activity AS a
        WHERE a.state = 'active' AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
        HAVING count(*) > of.max_active_backends;
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_waits_for(gpsync.import_job) IS
    'What an import has to wait for, by its options without pause_when; NULL: nothing';

-- A query that fails says nothing of whether to go on, so nothing is written.
CREATE FUNCTION gpsync_internal.import_pauses(of gpsync.import_job) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    pauses text[];
    problem text;
BEGIN
    SELECT q INTO pauses
    FROM gpsync_internal.owner_query(quote_ident(of.owner)::regrole, of.pause_when, max_rows => 1) AS q;
    RETURN CASE WHEN pauses[1] IN ('t', 'true') THEN 'wait' END;
EXCEPTION WHEN OTHERS THEN
    problem := format('%s: %s', SQLSTATE, SQLERRM);
    IF (of.waits_for, of.last_error) IS DISTINCT FROM ('pause_when', problem) THEN
        RAISE LOG 'import "%" waits: its pause_when failed with %', of.job, problem;
    END IF;
    UPDATE gpsync.import_job AS j SET waits_for = 'pause_when', last_error = problem, last_error_at = now()
    WHERE j.job = of.job;
    RETURN 'undecided';
END $$;
COMMENT ON FUNCTION gpsync_internal.import_pauses(gpsync.import_job) IS
    'wait: pause_when of an import says so; undecided: it failed, as is kept; NULL: go on';

CREATE FUNCTION gpsync_internal.table_endpoints(relation regclass) RETURNS SETOF text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT DISTINCT e FROM gpsync.stream AS s, unnest(s.endpoints) AS e
WHERE EXISTS (SELECT FROM gpsync_internal.publication_relations(s.publication) AS r
              WHERE r = relation OR r IN (SELECT p.relid FROM gpsync_internal.partitions(relation) AS p)
                  OR relation IN (SELECT p.relid FROM gpsync_internal.partitions(r) AS p)) $$;
COMMENT ON FUNCTION gpsync_internal.table_endpoints(regclass) IS 'The endpoints of the streams that publish a table';

CREATE FUNCTION gpsync_internal.import_echo(of gpsync.import_job) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF of.echo <> '{}' AND EXISTS (SELECT FROM gpsync_internal.table_endpoints(of.relation) AS e
                                   WHERE e <> ALL (of.echo)) THEN
        RETURN to_jsonb(of.echo)::text;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_echo(gpsync.import_job) IS
    'The endpoints that get the rows of a chunk, as JSON; NULL: all of them, or none';

CREATE FUNCTION gpsync_internal.note_rejects(of_job text, of_part integer, keys jsonb[], states text[],
        messages text[], columns text[], constraints text[]) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
INSERT INTO gpsync.import_reject (job, part, key, sqlstate, message, column_name, constraint_name)
SELECT of_job, of_part, r.* FROM unnest(keys, states, messages, columns, constraints) AS r $$;
COMMENT ON FUNCTION gpsync_internal.note_rejects(text, integer, jsonb[], text[], text[], text[], text[]) IS
    'Keeps the rows that a chunk refused';

CREATE FUNCTION gpsync_internal.run_chunk(of gpsync.import_job, statements gpsync_internal.import_statements,
        read text, arguments text[], types oid[], most_rows integer) RETURNS gpsync_internal.chunk_outcome
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    outcome gpsync_internal.chunk_outcome;
BEGIN
    -- Rows that it inserts are known by their revisions; those that it updates need their images.
    PERFORM gpsync_internal.begin_own_batch(CASE of.on_conflict WHEN 'update' THEN 'import:' || of.job ELSE '' END);
    outcome := gpsync_internal.import_chunk(quote_ident(of.owner)::regrole, of.relation, read, statements.insert,
        statements.on_conflict, arguments, types, statements.key_columns, statements.table_key,
        statements.column_names, statements.column_checks, most_rows, gpsync_internal.import_echo(of),
        of.echo = '{}');
    PERFORM gpsync_internal.end_own_batch();
    RETURN outcome;
END $$;
COMMENT ON FUNCTION gpsync_internal.run_chunk(gpsync.import_job, gpsync_internal.import_statements, text, text[],
    oid[], integer) IS 'import_chunk() for a job';

CREATE FUNCTION gpsync_internal.note_source_error(of_job text, state text, message text) RETURNS text
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
UPDATE gpsync.import_job AS j SET last_error = format('%s: %s', note_source_error.state, message),
    last_error_at = now(), waits_for = NULL, statements_at = NULL WHERE j.job = of_job
RETURNING 'failed'::text $$;
COMMENT ON FUNCTION gpsync_internal.note_source_error(text, text, text) IS
    'Keeps why a source could not be read; the answer of the step';

CREATE FUNCTION gpsync_internal.next_chunk_rows(rows integer, most integer, wanted interval, took double precision)
    RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN greatest(10, least(most, rows * greatest(0.25, least(4.0,
        extract(epoch FROM wanted)::double precision / greatest(took, 0.001)))))::integer;
END $$;
COMMENT ON FUNCTION gpsync_internal.next_chunk_rows(integer, integer, interval, double precision) IS
    'The size of the next chunk, if one of this many rows took so many seconds';

CREATE FUNCTION gpsync_internal.keep_chunk(of gpsync.import_job, part gpsync.import_part,
        chunk gpsync_internal.chunk_outcome,
        took double precision) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    refused bigint := cardinality(chunk.reject_keys);
    wanted integer := CASE WHEN chunk.usable = 0 AND NOT chunk.at_end THEN part.chunk_rows * 2
        WHEN chunk.at_end THEN part.chunk_rows
        ELSE gpsync_internal.next_chunk_rows(part.chunk_rows, of.max_chunk, of.chunk_time, took) END;
BEGIN
    UPDATE gpsync.import_part AS p
    SET after = coalesce(chunk.last_key, p.after), done = chunk.at_end, read = p.read + chunk.usable,
        written = p.written + chunk.written, skipped = p.skipped + chunk.skipped, rejected = p.rejected + refused,
        rows_left = greatest(0, p.rows_left - chunk.usable), chunk_rows = wanted, backend = pg_backend_pid(),
        chunk_at = clock_timestamp()
    WHERE p.job = of.job AND p.part = part.part;
    IF chunk.written > 0 THEN
        INSERT INTO gpsync.import_chunk (job, revision, part, written, seconds)
        VALUES (of.job, chunk.revision, part.part, chunk.written, took);
    END IF;
    IF refused > 0 THEN
        PERFORM gpsync_internal.note_rejects(of.job, part.part, chunk.reject_keys, chunk.reject_states,
            chunk.reject_messages, chunk.reject_columns, chunk.reject_constraints);
    END IF;
    IF of.rows_per_second IS NOT NULL THEN
        UPDATE gpsync.import_job AS j
        SET paced_until = greatest(j.paced_until, clock_timestamp()) + make_interval(
            secs => chunk.usable::double precision / of.rows_per_second) WHERE j.job = of.job;
    END IF;
    IF of.waits_for IS NOT NULL OR of.last_error IS NOT NULL THEN
        UPDATE gpsync.import_job AS j SET waits_for = NULL, last_error = NULL, last_error_at = NULL
        WHERE j.job = of.job;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.keep_chunk(gpsync.import_job, gpsync.import_part,
    gpsync_internal.chunk_outcome, double precision) IS
    'Keeps how far a part is, in the transaction that wrote the rows';

CREATE FUNCTION gpsync_internal.split_part(of gpsync.import_job, part gpsync.import_part,
        statements gpsync_internal.import_statements) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    width integer := cardinality(of.source_key);
    arguments text[] := coalesce(part.after, '{}') || coalesce(part.upto, '{}');
    types oid[] := CASE WHEN part.after IS NULL THEN '{}' ELSE statements.key_types END
        || CASE WHEN part.upto IS NULL THEN '{}' ELSE statements.key_types END;
    half bigint := part.rows_left / 2;
    middle text[];
BEGIN
    statements.read_columns := array_to_string(statements.key_names, ', ');
    SELECT q INTO middle FROM gpsync_internal.owner_query(quote_ident(of.owner)::regrole, format('%s OFFSET %s',
        gpsync_internal.import_read(statements, part.after IS NOT NULL, part.upto IS NOT NULL, 1), half),
        arguments, types) AS q;
    IF middle IS NULL OR gpsync.has_pii((SELECT jsonb_object_agg(k, v) FROM unnest(statements.table_key, middle)
        AS u (k, v))) THEN
        UPDATE gpsync.import_part AS p SET rows_left = half WHERE p.job = of.job AND p.part = split_part.part.part;
        RETURN;
    END IF;
    INSERT INTO gpsync.import_part (job, part, after, upto, rows_left, chunk_rows)
    SELECT of.job, max(p.part) + 1, middle, part.upto, part.rows_left - half, part.chunk_rows
    FROM gpsync.import_part AS p WHERE p.job = of.job;
    UPDATE gpsync.import_part AS p SET upto = middle, rows_left = half
    WHERE p.job = of.job AND p.part = split_part.part.part;
END $$;
COMMENT ON FUNCTION gpsync_internal.split_part(gpsync.import_job, gpsync.import_part,
    gpsync_internal.import_statements) IS
    'Divides what is left of a part, for a session that has none: at the key of the row in its middle, in the order of '
    'the source';

CREATE FUNCTION gpsync_internal.current_statements(of gpsync.import_job) RETURNS gpsync_internal.import_statements
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result gpsync_internal.import_statements;
BEGIN
    -- Whether a row is as an import has written it: detach() and ATTACH PARTITION are not to come in between.
    IF of.on_conflict = 'update' THEN
        EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', of.relation);
        PERFORM gpsync_internal.lock_work(gpsync_internal.proof_lock(of.relation), shared => true);
        SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = of.job;
    END IF;
    IF of.statements_at > clock_timestamp() - interval '10 s' THEN
        RETURN of.statements;
    END IF;
    result := gpsync_internal.import_statements(of);
    IF (of.statements).key_types <> result.key_types AND EXISTS (
            SELECT FROM gpsync.import_part AS p
            WHERE p.job = of.job AND (p.after IS NOT NULL OR p.upto IS NOT NULL)) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('the key of the source of import "%s" has another type than when it began', of.job),
            DETAIL = 'Its rows come in another order now.', HINT = 'Cancel it, and register another import.';
    END IF;
    UPDATE gpsync.import_job AS j SET statements = result, statements_at = clock_timestamp()
    FROM (SELECT i.job FROM gpsync.import_job AS i WHERE i.job = of.job FOR NO KEY UPDATE SKIP LOCKED) AS mine
    WHERE j.job = mine.job;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.current_statements(gpsync.import_job) IS
    'import_statements(), made anew every ten seconds and after an error: the source may change';

-- Parts get their numbers one after the other.
CREATE FUNCTION gpsync_internal.take_split(of_job text) RETURNS boolean
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
WITH taken AS (
    UPDATE gpsync.import_job AS j SET split_wanted = false
    FROM (SELECT i.job FROM gpsync.import_job AS i WHERE i.job = of_job AND i.split_wanted
          FOR NO KEY UPDATE SKIP LOCKED) AS mine
    WHERE j.job = mine.job
    RETURNING 1)
SELECT EXISTS (SELECT FROM taken) $$;
COMMENT ON FUNCTION gpsync_internal.take_split(text) IS
    'Whether this transaction, and until it ends no other, divides a part of an import for a session that has none';

CREATE FUNCTION gpsync_internal.import_part_step(of gpsync.import_job, part gpsync.import_part) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    statements gpsync_internal.import_statements := gpsync_internal.current_statements(of);
    chunk gpsync_internal.chunk_outcome;
    began timestamptz := clock_timestamp();
BEGIN
    -- Rows and position are lost together, or not at all; the last step of the import waits for all of them.
    PERFORM set_config('synchronous_commit', 'off', true);
    chunk := gpsync_internal.run_chunk(of, statements,
        gpsync_internal.import_read(statements, part.after IS NOT NULL, part.upto IS NOT NULL, part.chunk_rows),
        coalesce(part.after, '{}') || coalesce(part.upto, '{}'),
        CASE WHEN part.after IS NULL THEN '{}' ELSE statements.key_types END
            || CASE WHEN part.upto IS NULL THEN '{}' ELSE statements.key_types END, part.chunk_rows);
    IF chunk.error_state IS NOT NULL THEN
        RETURN gpsync_internal.note_source_error(of.job, chunk.error_state, chunk.error_message);
    END IF;
    PERFORM gpsync_internal.keep_chunk(of, part, chunk, extract(epoch FROM clock_timestamp() - began)::float8);
    IF of.split_wanted AND NOT chunk.at_end AND gpsync_internal.take_split(of.job) THEN
        SELECT * INTO part FROM gpsync.import_part AS p WHERE p.job = of.job AND p.part = import_part_step.part.part;
        IF part.rows_left > part.chunk_rows THEN
            PERFORM gpsync_internal.split_part(of, part, statements);
        END IF;
    END IF;
    RETURN 'more';
END $$;
COMMENT ON FUNCTION gpsync_internal.import_part_step(gpsync.import_job, gpsync.import_part) IS
    'One chunk of a part that this transaction has locked';

CREATE FUNCTION gpsync_internal.import_reading_step(of gpsync.import_job) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    part gpsync.import_part;
BEGIN
    SELECT * INTO part FROM gpsync.import_part AS p WHERE p.job = of.job AND NOT p.done
    ORDER BY p.rows_left DESC NULLS FIRST, p.part LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
        RETURN gpsync_internal.import_part_step(of, part);
    ELSIF EXISTS (SELECT FROM gpsync.import_part AS p WHERE p.job = of.job AND NOT p.done) THEN
        UPDATE gpsync.import_job AS j SET split_wanted = true
        FROM (SELECT i.job FROM gpsync.import_job AS i WHERE i.job = of.job AND NOT i.split_wanted
              FOR NO KEY UPDATE SKIP LOCKED) AS mine WHERE j.job = mine.job;
        RETURN 'busy';
    END IF;
    IF NOT EXISTS (SELECT FROM gpsync.import_part AS p WHERE p.job = of.job) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('nothing says how far import "%s" is', of.job);
    END IF;
    UPDATE gpsync.import_job AS j SET phase = 'nulls' WHERE j.job = of.job AND j.phase = 'reading';
    RETURN 'more';
END $$;
COMMENT ON FUNCTION gpsync_internal.import_reading_step(gpsync.import_job) IS
    'A chunk of a part that nobody else works on; busy: there is none';

CREATE FUNCTION gpsync_internal.count_source(of gpsync.import_job) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT q[1]::bigint FROM gpsync_internal.owner_query(quote_ident(of.owner)::regrole,
    format('SELECT pg_catalog.count(*) FROM %s AS s', of.source)) AS q $$;
COMMENT ON FUNCTION gpsync_internal.count_source(gpsync.import_job) IS 'The rows of a source';

CREATE FUNCTION gpsync_internal.import_nulls(of gpsync.import_job) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    rows bigint;
    table_key name[] := gpsync_internal.key_columns(of.relation);
BEGIN
    SELECT q[1]::bigint INTO rows FROM gpsync_internal.owner_query(quote_ident(of.owner)::regrole, format(
        'SELECT pg_catalog.count(*) FROM %s AS s WHERE NOT (%s)', of.source,
        (gpsync_internal.current_statements(of)).present)) AS q;
    DELETE FROM gpsync.import_reject AS r WHERE r.job = of.job AND r.part = 0;
    INSERT INTO gpsync.import_part AS p (job, part, done, read, rejected) VALUES (of.job, 0, true, rows, rows)
        ON CONFLICT ON CONSTRAINT import_part_pkey DO UPDATE SET read = excluded.read, rejected = excluded.rejected;
    IF rows > 0 THEN
        INSERT INTO gpsync.import_reject (job, part, key, rows, sqlstate, message, column_name)
        SELECT of.job, 0, (SELECT jsonb_object_agg(k, NULL) FROM unnest(table_key) AS k), rows, '23502',
            'a column of the key is NULL', table_key[1];
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_nulls(gpsync.import_job) IS
    'Rows of the source whose key has a NULL: they cannot be distinguished, so one reject stands for all of them';

CREATE FUNCTION gpsync_internal.import_finish(of gpsync.import_job) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    moved record;
    role oid := quote_ident(of.owner)::regrole;
BEGIN
    FOR moved IN SELECT a.attname, s.name FROM pg_attribute AS a,
                     pg_get_serial_sequence(of.relation::text, a.attname) AS s (name)
                 WHERE a.attrelid = of.relation AND a.attnum > 0 AND NOT a.attisdropped AND s.name IS NOT NULL
                     AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) LOOP
        IF has_sequence_privilege(role, moved.name, 'UPDATE') AND has_sequence_privilege(role, moved.name,
            'SELECT') THEN
            PERFORM gpsync_internal.owner_query(role, format(
                'SELECT pg_catalog.setval(%L, m.most) FROM (SELECT pg_catalog.max(t.%I)::pg_catalog.int8 AS most '
                'FROM %s '
                'AS t) AS m, %s AS q WHERE m.most OPERATOR(pg_catalog.>) q.last_value '
                'OR m.most OPERATOR(pg_catalog.=) q.last_value AND NOT q.is_called', moved.name, moved.attname,
                of.relation, moved.name));
        ELSE
            RAISE WARNING 'sequence % is not moved on: role "%" may not update it', moved.name, of.owner USING
                HINT = format('SELECT setval(%L, (SELECT max(%I) FROM %s))', moved.name, moved.attname, of.relation);
        END IF;
    END LOOP;
    IF pg_has_role(role, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = of.relation), 'USAGE') THEN
        PERFORM gpsync_internal.owner_query(role, format('ANALYZE %s', of.relation));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_finish(gpsync.import_job) IS
    'Moves the sequences of the table''s columns on behind the values that were brought over, and analyzes the table';

-- The job's row is locked when the work is done: who pauses or cancels the import does not wait for it.
CREATE FUNCTION gpsync_internal.import_phase_step(of gpsync.import_job) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    rows bigint;
BEGIN
    IF NOT gpsync_internal.lock_work('import ' || of.job, waits => false) THEN
        RETURN 'busy';
    ELSIF of.phase = 'counting' THEN
        rows := gpsync_internal.count_source(of);
    ELSIF of.phase = 'nulls' THEN
        PERFORM gpsync_internal.import_nulls(of);
    ELSE
        PERFORM gpsync_internal.import_finish(of);
    END IF;
    PERFORM FROM gpsync.import_job AS j WHERE j.job = of.job AND j.phase = of.phase AND j.state = 'running'
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'more';
    ELSIF of.phase = 'counting' THEN
        INSERT INTO gpsync.import_part (job, part, rows_left, chunk_rows)
            VALUES (of.job, 1, rows, least(1000, of.max_chunk));
        UPDATE gpsync.import_job AS j SET phase = 'reading', rows_estimated = rows,
            started_at = coalesce(j.started_at, now()), waits_for = NULL WHERE j.job = of.job;
    ELSIF of.phase = 'nulls' THEN
        UPDATE gpsync.import_job AS j SET phase = 'finishing' WHERE j.job = of.job;
    ELSE
        UPDATE gpsync.import_job AS j SET phase = 'done', workers = 0, waits_for = NULL WHERE j.job = of.job;
        IF NOT 'gpsync_local' = ANY (of.echo) THEN
            PERFORM gpsync_internal.note_unseen_rows(of.relation);
        END IF;
    END IF;
    RETURN 'more';
END $$;
COMMENT ON FUNCTION gpsync_internal.import_phase_step(gpsync.import_job) IS
    'What one session alone does: counting, rows without a key, the end';

-- retry_rejects() locks the row before it marks rejects: what it has marked is seen once the row is locked here.
CREATE FUNCTION gpsync_internal.end_import(of gpsync.import_job) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM FROM gpsync.import_job AS j WHERE j.job = of.job AND j.state = 'running' FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM gpsync.import_reject AS r WHERE r.job = of.job AND r.state = 'retry') THEN
        RETURN 'more';
    END IF;
    UPDATE gpsync.import_job AS j SET state = 'done', ended_at = now() WHERE j.job = of.job;
    PERFORM gpsync_internal.raise_ops_event('import.done', of.job, jsonb_build_object('relation', of.relation,
        'written', sum(p.written), 'skipped', sum(p.skipped), 'rejected', sum(p.rejected)))
    FROM gpsync.import_part AS p WHERE p.job = of.job;
    RETURN 'done';
END $$;
COMMENT ON FUNCTION gpsync_internal.end_import(gpsync.import_job) IS
    'Ends an import that has nothing left to do; more: it has';

CREATE FUNCTION gpsync_internal.import_work_as(caller oid, job text) RETURNS text
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.import_job;
    reason text;
    pause text;
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = import_work_as.job;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    PERFORM gpsync_internal.refuse_writing_transaction('import_work()');
    IF of.state IN ('new', 'running') THEN
        PERFORM gpsync_internal.refuse_gone_target(of);
    END IF;
    -- Until the transaction ends: sessions and workers read times alike.
    PERFORM set_config('TimeZone', of.time_zone, true);
    IF of.state IN ('paused', 'canceled', 'done') THEN
        RETURN of.state;
    ELSIF of.state = 'new' THEN
        UPDATE gpsync.import_job AS j SET state = 'running' WHERE j.job = of.job AND j.state = 'new';
        RETURN 'more';
    END IF;
    reason := gpsync_internal.import_waits_for(of);
    IF reason IS NULL AND of.pause_when IS NOT NULL THEN
        pause := gpsync_internal.import_pauses(of);
        IF pause = 'undecided' THEN
            RETURN pause;
        END IF;
        reason := CASE pause WHEN 'wait' THEN 'pause_when' END;
    END IF;
    IF reason IS NOT NULL THEN
        IF reason IS DISTINCT FROM of.waits_for OR of.waits_for = 'pause_when' AND of.last_error IS NOT NULL THEN
            UPDATE gpsync.import_job AS j SET waits_for = reason,
                last_error = CASE WHEN j.waits_for = 'pause_when' THEN NULL ELSE j.last_error END
            FROM (SELECT i.job FROM gpsync.import_job AS i WHERE i.job = of.job FOR NO KEY UPDATE SKIP LOCKED) AS mine
            WHERE j.job = mine.job;
        END IF;
        RETURN CASE reason WHEN 'rows_per_second' THEN 'busy' ELSE 'wait' END;
    ELSIF EXISTS (SELECT FROM gpsync.import_reject AS r WHERE r.job = of.job AND r.state = 'retry') THEN
        RETURN gpsync_internal.import_retry_step(of);
    ELSIF of.phase = 'done' THEN
        RETURN gpsync_internal.end_import(of);
    ELSIF of.phase = 'reading' THEN
        RETURN gpsync_internal.import_reading_step(of);
    END IF;
    RETURN gpsync_internal.import_phase_step(of);
END $$;
COMMENT ON FUNCTION gpsync_internal.import_work_as(oid, text) IS 'import_work() on behalf of a role';

CREATE FUNCTION gpsync_internal.import_work(job text) RETURNS text
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.import_work(text) IS
    'One transaction''s worth of an import: more (call it again), busy (others work on what is left), wait (an option '
    'says so), failed (the source; gpsync.import_progress has the error), undecided (the same of pause_when), or the '
    'state that ends it: paused, canceled, done. Errors: 25001 the transaction has written; 42704, 42501; what is not '
    'the fault of one row';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_foreign_job(text, name, oid),
    gpsync_internal.refuse_gone_target(gpsync.import_job),
    gpsync_internal.import_waits_for(gpsync.import_job), gpsync_internal.import_pauses(gpsync.import_job),
    gpsync_internal.table_endpoints(regclass), gpsync_internal.import_echo(gpsync.import_job),
    gpsync_internal.note_rejects(text, integer, jsonb[], text[], text[], text[], text[]),
    gpsync_internal.run_chunk(gpsync.import_job, gpsync_internal.import_statements, text, text[], oid[], integer),
    gpsync_internal.note_source_error(text, text, text),
    gpsync_internal.next_chunk_rows(integer, integer, interval, double precision),
    gpsync_internal.keep_chunk(gpsync.import_job, gpsync.import_part, gpsync_internal.chunk_outcome,
        double precision),
    gpsync_internal.split_part(gpsync.import_job, gpsync.import_part, gpsync_internal.import_statements),
    gpsync_internal.current_statements(gpsync.import_job), gpsync_internal.take_split(text),
    gpsync_internal.import_part_step(gpsync.import_job, gpsync.import_part),
    gpsync_internal.import_reading_step(gpsync.import_job), gpsync_internal.count_source(gpsync.import_job),
    gpsync_internal.import_nulls(gpsync.import_job), gpsync_internal.import_finish(gpsync.import_job),
    gpsync_internal.import_phase_step(gpsync.import_job), gpsync_internal.end_import(gpsync.import_job),
    gpsync_internal.import_work_as(oid, text),
    gpsync_internal.import_work(text) FROM PUBLIC;
