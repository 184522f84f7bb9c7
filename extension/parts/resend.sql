-- resend(): marks the rows of a table PENDING, chunk by chunk in key order, so that its streams send them: a stream's
-- first copy, or a back-fill. Each chunk is one transaction, with its checkpoint. Rows are read and updated as the
-- role that made the job, in the restricted context, whoever runs it.

CREATE TABLE gpsync.resend_job (
    number          bigint GENERATED ALWAYS AS IDENTITY,
    job             text PRIMARY KEY,
    relation        regclass NOT NULL,
    filter          text,
    rows_per_second integer,
    owner           regrole NOT NULL,
    state           text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'failed', 'done', 'cancelled')),
    last_key        text[],                          -- up to it the rows are sent; NULL: none yet
    chunk           integer NOT NULL DEFAULT 1000,   -- rows to read in the next transaction
    rows_estimated  bigint,
    rows_read       bigint NOT NULL DEFAULT 0,
    rows_sent       bigint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    stepped_at      timestamptz,                     -- the last chunk
    finished_at     timestamptz,
    not_before      timestamptz,                     -- rows_per_second lets the next chunk begin
    waits_for       text,
    error           text                             -- SQLSTATE; a message may show a row
);
COMMENT ON TABLE gpsync.resend_job IS 'What resend() was called for, and how far each job is';
REVOKE ALL ON TABLE gpsync.resend_job FROM PUBLIC;

CREATE FUNCTION gpsync_internal.resend_key(relation regclass, OUT columns name[], OUT types oid[])
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    columns := gpsync_internal.key_columns(relation);
    types := array(SELECT a.atttypid FROM unnest(columns) WITH ORDINALITY AS k (name, n)
                   JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = k.name ORDER BY k.n);
    IF columns IS NULL OR EXISTS (SELECT FROM unnest(types) AS t
                                  WHERE gpsync_internal.ordering_operator(t, 1) IS NULL) THEN
        RAISE feature_not_supported USING MESSAGE = format('table %s cannot be sent again in the order of its key',
            relation), DETAIL = 'It has no key, or a key column whose type has no B-tree order of its own.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.resend_key(regclass) IS
    'The key columns of a table and their types. Errors: 0A000 they have no order';

CREATE FUNCTION gpsync_internal.refuse_resend(caller oid, relation regclass, filter text, rows_per_second integer)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF gpsync_internal.attached_ancestor(relation) IS NULL THEN
        PERFORM gpsync_internal.refuse_not_attached(relation);
    END IF;
    IF NOT (has_any_column_privilege(caller, relation, 'SELECT')
            AND has_any_column_privilege(caller, relation, 'UPDATE')) THEN
        RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %s', relation),
            HINT = 'resend() needs SELECT and UPDATE.';
    END IF;
    IF rows_per_second < 1 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'rows_per_second must be at least 1',
            HINT = 'NULL: as fast as the streams take it.';
    END IF;
    PERFORM gpsync_internal.resend_key(relation);
    IF filter IS NOT NULL THEN
        PERFORM gpsync_internal.owner_query(caller, format(E'SELECT 1 FROM %s AS t WHERE (%s\n) LIMIT 0', relation,
            filter));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_resend(oid, regclass, text, integer) IS
    'The errors of resend(): 55000 not attached; 42501; 22023; 0A000 a key without order; those of the filter';

CREATE FUNCTION gpsync_internal.resend_as(caller oid, relation regclass, filter text, rows_per_second integer)
    RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result text;
BEGIN
    PERFORM gpsync_internal.refuse_resend(caller, relation, filter, rows_per_second);
    -- One call at a time decides whether there is a job already. No lock of the table: a step has its job's row, and
    -- would wait for it.
    PERFORM gpsync_internal.lock_stream_creation();
    UPDATE gpsync.resend_job AS j SET state = 'running', error = NULL,
        rows_per_second = coalesce(resend_as.rows_per_second, j.rows_per_second)
    WHERE j.relation = resend_as.relation AND j.filter IS NOT DISTINCT FROM resend_as.filter
        AND j.owner = caller::regrole AND j.state IN ('running', 'failed') RETURNING j.job INTO result;
    IF FOUND THEN
        RAISE NOTICE 'job "%" goes on', result;
    ELSE
        DELETE FROM gpsync.resend_job AS j WHERE j.finished_at < now() - interval '30 days';
        INSERT INTO gpsync.resend_job AS j (job, relation, filter, rows_per_second, owner, rows_estimated)
        SELECT gen_random_uuid()::text, relation, filter, rows_per_second, caller::regrole,
               (SELECT sum(greatest(c.reltuples, 0)) FROM gpsync_internal.partitions(relation) AS p
                JOIN pg_class AS c ON c.oid = p.relid WHERE p.isleaf)
        RETURNING j.job INTO result;
        UPDATE gpsync.resend_job AS j
        SET job = format('%s_%s', (SELECT c.relname FROM pg_class AS c WHERE c.oid = j.relation), j.number)
        WHERE j.job = result RETURNING j.job INTO result;
    END IF;
    IF gpsync_internal.job_runners('resend', result) = 0 THEN
        PERFORM gpsync_internal.start_migration_worker('resend', result, caller);
    END IF;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.resend_as(oid, regclass, text, integer) IS 'resend() on behalf of a role';

CREATE FUNCTION gpsync.resend(relation regclass, filter text DEFAULT NULL, rows_per_second integer DEFAULT NULL)
    RETURNS text LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resend(regclass, text, integer) IS
    'Sends the rows of an attached table again, those for which filter (an SQL condition on its columns) is true: a '
    'stream''s first copy, or a back-fill. A background worker sets them PENDING chunk by chunk in key order, as the '
    'caller, at most rows_per_second, and waits where a stream is 64 MB behind. Gives the job''s name. Called again '
    'with the same table and filter while that is not done, it goes on with it. The caller needs SELECT and UPDATE. '
    'Errors: 55000 not attached; 42501; 22023; 0A000 a key without order; those of the filter';

CREATE FUNCTION gpsync_internal.own_resend(caller oid, job text) RETURNS gpsync.resend_job
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result gpsync.resend_job;
BEGIN
    SELECT * INTO result FROM gpsync.resend_job AS j WHERE j.job = own_resend.job FOR UPDATE;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('resend job "%s" does not exist', coalesce(job, 'null')),
            HINT = 'gpsync.resend_progress lists them.';
    END IF;
    IF NOT pg_has_role(caller, result.owner::oid, 'MEMBER') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be a member of role %s to run resend job "%s"',
            result.owner, job);
    END IF;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.own_resend(oid, text) IS
    'Locks a job that the caller may run. Errors: 42704 no such job; 42501 it is another role''s';

CREATE FUNCTION gpsync_internal.resend_delay(relation regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT format('stream "%s", which is more than 64 MB behind', s.stream)
FROM gpsync.stream AS s JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream)
WHERE gpsync_internal.wal_end() - r.confirmed_flush_lsn > 64 * 1024 * 1024
    AND EXISTS (SELECT FROM gpsync_internal.publication_relations(s.publication) AS t,
                    gpsync_internal.partitions(relation) AS p WHERE t = p.relid)
ORDER BY s.stream LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.resend_delay(regclass) IS
    'What a resend of the table has to wait for: a stream of it that is behind; NULL: nothing';

-- Locks are waited for shorter than deadlock_timeout, so that no session of an application fails in a deadlock. The
-- table's statistics may not be there yet; the key's index always is.
CREATE FUNCTION gpsync_internal.resend_chunk(owner oid, relation regclass, filter text, last_key text[],
    most integer, OUT read bigint, OUT sent bigint, OUT end_key text[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' SET enable_seqscan = off
    AS $$
DECLARE
    key record := gpsync_internal.resend_key(relation);
    names text[] := array(SELECT format('t.%I', c) FROM unnest(key.columns) WITH ORDINALITY AS u (c, n) ORDER BY n);
    range text := CASE WHEN last_key IS NULL THEN 'true'
        ELSE gpsync_internal.order_condition(names, key.types, 1, true) END;
    arguments text[] := coalesce(last_key, '{}');
    types oid[] := CASE WHEN last_key IS NOT NULL THEN key.types ELSE '{}' END;
    counted text[];
BEGIN
    SELECT q INTO end_key FROM gpsync_internal.owner_query(owner, format(
        'SELECT %s FROM %s AS t WHERE %s ORDER BY %s OFFSET %s LIMIT 1',
        array_to_string(names, ', '), relation, range,
        (SELECT string_agg(format('%s USING %s', c, gpsync_internal.ordering_operator(key.types[n], 1)), ', '
             ORDER BY n) FROM unnest(names) WITH ORDINALITY AS u (c, n)),
        most - 1), arguments, types) AS q;
    IF end_key IS NOT NULL THEN
        range := format('%s AND (%s)', range, gpsync_internal.order_condition(names, key.types,
            cardinality(arguments) + 1, false));
        arguments := arguments || end_key;
        types := types || key.types;
    END IF;
    SELECT q INTO counted FROM gpsync_internal.owner_query(owner, format(
        E'WITH sent AS (UPDATE %1$s AS t SET sync_status = ''PENDING'' WHERE (%2$s) AND (%3$s\n) RETURNING 1) '
        'SELECT (SELECT pg_catalog.count(*) FROM sent), %4$s', relation, range, coalesce(filter, 'true'),
        CASE WHEN end_key IS NULL THEN format('(SELECT pg_catalog.count(*) FROM %s AS t WHERE %s)', relation, range)
             ELSE most::text END), arguments, types) AS q;
    sent := counted[1];
    read := counted[2];
END $$;
COMMENT ON FUNCTION gpsync_internal.resend_chunk(oid, regclass, text, text[], integer) IS
    'Sets the rows behind last_key PENDING, at most so many, and of these the ones that filter chooses, as owner. '
    'end_key: the last of these; NULL: there are no more. Errors: 55P03 a row is locked';

CREATE FUNCTION gpsync_internal.resend_step_as(caller oid, job text) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    j gpsync.resend_job := gpsync_internal.own_resend(caller, job);
    began timestamptz := clock_timestamp();
    delay text := gpsync_internal.resend_delay(j.relation);
    done record;
BEGIN
    IF j.state IN ('done', 'cancelled') THEN
        RETURN 'done';
    ELSIF j.not_before > began THEN
        RETURN format('wait %s', ceil(extract(epoch FROM j.not_before - began) * 1000));
    ELSIF delay IS NOT NULL THEN
        UPDATE gpsync.resend_job AS r SET waits_for = delay WHERE r.job = j.job AND r.waits_for IS DISTINCT FROM delay;
        RETURN 'wait';
    END IF;
    -- A filter may choose few: what it reads is not what it sends.
    j.chunk := least(j.chunk, CASE WHEN j.filter IS NULL THEN j.rows_per_second
                                   ELSE greatest(j.rows_per_second, 1000) END);
    BEGIN
        SELECT * INTO done FROM gpsync_internal.resend_chunk(j.owner, j.relation, j.filter, j.last_key, j.chunk);
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
        UPDATE gpsync.resend_job AS r SET waits_for = 'a row that another transaction has locked',
            chunk = greatest(j.chunk / 4, 1) WHERE r.job = j.job;
        RETURN CASE WHEN j.chunk > 1 THEN 'more' ELSE 'wait 500' END;
    END;
    UPDATE gpsync.resend_job AS r
    SET state = CASE WHEN done.end_key IS NULL THEN 'done' ELSE 'running' END, error = NULL, waits_for = NULL,
        last_key = coalesce(done.end_key, r.last_key), rows_read = r.rows_read + done.read,
        rows_sent = r.rows_sent + done.sent, stepped_at = clock_timestamp(),
        finished_at = CASE WHEN done.end_key IS NULL THEN clock_timestamp() END,
        not_before = greatest(began, r.not_before) + done.sent * interval '1 second' / r.rows_per_second,
        -- Half a second each.
        chunk = CASE WHEN clock_timestamp() - began > interval '500 ms' THEN greatest(j.chunk / 2, 1)
                     ELSE least(j.chunk * 2, 10000) END
    WHERE r.job = j.job;
    RETURN CASE WHEN done.end_key IS NULL THEN 'done' ELSE 'more' END;
END $$;
COMMENT ON FUNCTION gpsync_internal.resend_step_as(oid, text) IS 'resend_step() on behalf of a role';

CREATE FUNCTION gpsync_internal.resend_step(job text) RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.resend_step(text) IS
    'One chunk of a resend, as its owner. Out: more, wait (with milliseconds), done. For members of the job''s owner';

CREATE FUNCTION gpsync_internal.resend_failed_as(caller oid, job text, error text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    j gpsync.resend_job := gpsync_internal.own_resend(caller, job);
BEGIN
    UPDATE gpsync.resend_job AS r SET state = 'failed', error = resend_failed_as.error
    WHERE r.job = j.job AND r.state = 'running';
END $$;
COMMENT ON FUNCTION gpsync_internal.resend_failed_as(oid, text, text) IS 'resend_failed() on behalf of a role';

CREATE FUNCTION gpsync_internal.resend_failed(job text, error text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.resend_failed(text, text) IS
    'Notes that a worker gave up, with the SQLSTATE that a step failed with';

CREATE PROCEDURE gpsync.run_resend(job text, for_at_most interval DEFAULT NULL)
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_run_steps';
COMMENT ON PROCEDURE gpsync.run_resend(text, interval) IS
    'Runs a job of resend() in this session, a COMMIT after each chunk, from where it is: where no background worker '
    'does, or beside one. For members of the role that made it. Errors: 42704 no such job; 42501; 25001 in a '
    'transaction block; those of the UPDATE';

CREATE FUNCTION gpsync_internal.cancel_resend_as(caller oid, job text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    j gpsync.resend_job := gpsync_internal.own_resend(caller, job);
BEGIN
    UPDATE gpsync.resend_job AS r SET state = 'cancelled', finished_at = clock_timestamp(), waits_for = NULL
    WHERE r.job = j.job AND r.state IN ('running', 'failed');
END $$;
COMMENT ON FUNCTION gpsync_internal.cancel_resend_as(oid, text) IS 'cancel_resend() on behalf of a role';

CREATE FUNCTION gpsync.cancel_resend(job text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.cancel_resend(text) IS
    'Ends a job of resend() after the chunk under way; rows that were marked PENDING are sent. Errors: 42704 no such '
    'job; 42501 it is another role''s';

CREATE VIEW gpsync.resend_progress AS
    SELECT j.job, j.relation, j.owner,
           CASE WHEN j.state = 'running' AND r.runners = 0 THEN 'interrupted' ELSE j.state END AS state,
           j.rows_estimated, j.rows_read, j.rows_sent, j.rows_per_second, j.created_at, j.stepped_at, j.finished_at,
           j.waits_for, j.error, r.runners
    FROM gpsync.resend_job AS j,
        LATERAL (SELECT gpsync_internal.job_runners('resend', j.job)) AS r (runners);
COMMENT ON VIEW gpsync.resend_progress IS
    'Jobs of resend(). rows_sent of rows_read, since a filter may leave some out. state: running, done, cancelled; '
    'failed (error has the SQLSTATE), interrupted (nobody runs it): CALL gpsync.run_resend(job)';

CREATE FUNCTION gpsync_internal.doctor_resends()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'resend', 'warning', format('job "%s", which sends rows of %s again, %s after %s rows', p.job, p.relation,
           CASE p.state WHEN 'failed' THEN format('failed with SQLSTATE %s', p.error)
               ELSE 'is run by nobody' END, p.rows_read),
       format('CALL gpsync.run_resend(%L) -- or: SELECT gpsync.cancel_resend(%1$L)', p.job)
FROM gpsync.resend_progress AS p
-- A worker that starts takes a moment.
WHERE p.state = 'failed'
    OR p.state = 'interrupted' AND greatest(p.created_at, p.stepped_at) < now() - interval '5 seconds' $$;
COMMENT ON FUNCTION gpsync_internal.doctor_resends() IS 'doctor() on jobs of resend() that nobody runs';

REVOKE ALL ON FUNCTION gpsync_internal.resend_key(regclass),
    gpsync_internal.refuse_resend(oid, regclass, text, integer),
    gpsync_internal.resend_as(oid, regclass, text, integer), gpsync.resend(regclass, text, integer),
    gpsync_internal.own_resend(oid, text), gpsync_internal.resend_delay(regclass),
    gpsync_internal.resend_chunk(oid, regclass, text, text[], integer), gpsync_internal.resend_step_as(oid, text),
    gpsync_internal.resend_step(text), gpsync_internal.resend_failed_as(oid, text, text),
    gpsync_internal.resend_failed(text, text), gpsync_internal.cancel_resend_as(oid, text), gpsync.cancel_resend(text),
    gpsync_internal.doctor_resends() FROM PUBLIC;
REVOKE ALL ON PROCEDURE gpsync.run_resend(text, interval) FROM PUBLIC;
