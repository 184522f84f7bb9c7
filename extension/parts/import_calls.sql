-- Imports while they run: progress, pause, options.

CREATE FUNCTION gpsync_internal.import_backends() RETURNS TABLE (job text, backend integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
SELECT p.job, p.backend FROM gpsync.import_part AS p JOIN pg_stat_activity AS a ON a.pid = p.backend
WHERE a.backend_start < p.chunk_at AND p.chunk_at > now() - interval '1 min' $$;
COMMENT ON FUNCTION gpsync_internal.import_backends() IS
    'The sessions that wrote a chunk within the last minute and are still there';

CREATE VIEW gpsync.import_progress AS
    SELECT j.job, j.relation, j.state, j.phase, j.owner, j.echo, j.on_conflict,
           j.rows_estimated, p.read, p.written, p.skipped, p.rejected,
           r.open AS rejects_open, r.discarded AS rejects_discarded,
           round(p.read / t.seconds)::bigint AS rows_per_second,
           CASE WHEN j.state = 'running' AND p.read > 0
               THEN now() + make_interval(secs => greatest(0, j.rows_estimated - p.read) * t.seconds / p.read)
           END AS ends_at,
           j.waits_for, b.sessions, gpsync.scrub(to_jsonb(j.last_error)) #>> '{}' AS last_error, j.last_error_at,
           j.created_at, j.started_at, j.ended_at, p.last_chunk_at, gpsync.scrub(to_jsonb(j.source)) #>> '{}' AS source,
           j.chunk_time, j.max_chunk, j.rows_per_second AS most_rows_per_second, j.max_stream_lag, j.max_replica_lag,
           j.max_active_backends, gpsync.scrub(to_jsonb(j.pause_when)) #>> '{}' AS pause_when
    FROM gpsync.import_job AS j
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(i.read), 0)::bigint AS read, coalesce(sum(i.written), 0)::bigint AS written,
               coalesce(sum(i.skipped), 0)::bigint AS skipped, coalesce(sum(i.rejected), 0)::bigint AS rejected,
               max(i.chunk_at) AS last_chunk_at
        FROM gpsync.import_part AS i WHERE i.job = j.job) AS p
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(i.rows) FILTER (WHERE i.state <> 'discarded'), 0)::bigint AS open,
               coalesce(sum(i.rows) FILTER (WHERE i.state = 'discarded'), 0)::bigint AS discarded
        FROM gpsync.import_reject AS i WHERE i.job = j.job) AS r
    CROSS JOIN LATERAL (
        SELECT greatest(0.001, extract(epoch FROM coalesce(j.ended_at, p.last_chunk_at, now()) - j.started_at))
            ::double precision AS seconds) AS t
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT i.backend) AS sessions FROM gpsync_internal.import_backends() AS i WHERE i.job = j.job)
        AS b;
COMMENT ON VIEW gpsync.import_progress IS
    'Imports: state (new, running, paused, canceled, done), phase (counting, reading, nulls, finishing, done), rows '
    '(written + skipped + rejected = read), rate since the start, when it ends at that rate, what it waits for, its '
    'sessions, the last error of the source, and its options. Texts are without PII';

CREATE VIEW gpsync.import_rejects AS
    SELECT r.id, r.job, j.relation, r.key, r.rows, r.sqlstate, r.message, r.column_name, r.constraint_name, r.attempts,
           r.first_at, r.last_at, r.state, r.reason
    FROM gpsync.import_reject AS r JOIN gpsync.import_job AS j ON j.job = r.job;
COMMENT ON VIEW gpsync.import_rejects IS
    'Rows of sources that were refused: the key and why, without any value; state open, retry or discarded. rows: how '
    'many the line stands for';

CREATE FUNCTION gpsync_internal.report_progress(job text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_progress;
BEGIN
    SELECT * INTO of FROM gpsync.import_progress AS p WHERE p.job = report_progress.job;
    RAISE NOTICE 'import "%": %, % of about % rows read, % written, % skipped, % rejected%', of.job,
        CASE of.state WHEN 'running' THEN of.phase ELSE of.state END, of.read, coalesce(of.rows_estimated, 0),
        of.written, of.skipped, of.rejected, coalesce(', waits for ' || of.waits_for, '');
END $$;
COMMENT ON FUNCTION gpsync_internal.report_progress(text) IS 'A NOTICE with how far an import is';

CREATE FUNCTION gpsync_internal.set_import_state(caller oid, job text, states text[], new_state text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_job;
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = set_import_state.job FOR NO KEY UPDATE;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    IF of.state <> ALL (states) THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('import "%s" is %s', job, of.state);
    END IF;
    UPDATE gpsync.import_job AS j SET state = new_state, waits_for = NULL,
        ended_at = CASE WHEN new_state = 'canceled' THEN now() END WHERE j.job = of.job;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_import_state(oid, text, text[], text) IS
    'Takes an import from one of some states to another: 55000 it is in none of them';

CREATE FUNCTION gpsync_internal.pause_import_as(caller oid, job text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.set_import_state(caller, job, '{new,running,paused}', 'paused') $$;
COMMENT ON FUNCTION gpsync_internal.pause_import_as(oid, text) IS 'pause_import() on behalf of a role';

CREATE FUNCTION gpsync_internal.resume_import_as(caller oid, job text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.set_import_state(caller, job, '{new,running,paused}', 'running') $$;
COMMENT ON FUNCTION gpsync_internal.resume_import_as(oid, text) IS 'resume_import() on behalf of a role';

CREATE FUNCTION gpsync_internal.cancel_import_as(caller oid, job text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.set_import_state(caller, job, '{new,running,paused,canceled}', 'canceled') $$;
COMMENT ON FUNCTION gpsync_internal.cancel_import_as(oid, text) IS 'cancel_import() on behalf of a role';

CREATE FUNCTION gpsync.pause_import(job text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.pause_import(text) IS
    'Whoever works on the import ends with the chunk under way; what is written stays. Errors: 42704, 42501; 55000 it '
    'is over';
CREATE FUNCTION gpsync.resume_import(job text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resume_import(text) IS
    'Lets run_import() and workers go on with a paused import. Errors: 42704, 42501; 55000 it is over';
CREATE FUNCTION gpsync.cancel_import(job text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.cancel_import(text) IS
    'Ends an import for good; rows that are written stay. Errors: 42704, 42501; 55000 it is done';

CREATE FUNCTION gpsync_internal.is_import_value(option text, value text) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN CASE option
        WHEN 'chunk_time' THEN value::interval > '0'
        WHEN 'max_chunk' THEN value::integer BETWEEN 10 AND 1000000
        WHEN 'max_stream_lag' THEN pg_size_bytes(value) >= 0
        WHEN 'max_replica_lag' THEN value::interval >= '0'
        WHEN 'pause_when' THEN true
        ELSE value::integer > 0 END;
EXCEPTION WHEN data_exception THEN
    RETURN false;
END $$;
COMMENT ON FUNCTION gpsync_internal.is_import_value(text, text) IS 'Whether an option of an import can have a value';

CREATE FUNCTION gpsync_internal.import_option(option text, value text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    known text[] := '{chunk_time,max_chunk,rows_per_second,max_stream_lag,max_replica_lag,max_active_backends,'
        'pause_when}';
BEGIN
    IF option IS NULL OR option <> ALL (known) THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" is no option of an import', option),
            HINT = gpsync_internal.name_hint(coalesce(option, ''), 'options', known);
    ELSIF value IS NULL AND option IN ('chunk_time', 'max_chunk') THEN
        RETURN CASE option WHEN 'chunk_time' THEN '500ms' ELSE '10000' END;
    ELSIF NOT gpsync_internal.is_import_value(option, value) THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" of an import cannot be "%s"', option, value),
            HINT = CASE option WHEN 'chunk_time' THEN 'It is an interval of more than nothing, as 500ms.'
                WHEN 'max_chunk' THEN 'It is a number of rows from 10 to 1000000.'
                WHEN 'max_stream_lag' THEN 'It is an amount of bytes, as 1GB; NULL: any lag.'
                WHEN 'max_replica_lag' THEN 'It is an interval, as 5s; NULL: any lag.'
                ELSE 'It is a whole number above 0; NULL: no limit.' END;
    END IF;
    RETURN CASE WHEN option = 'max_stream_lag' THEN pg_size_bytes(value)::text ELSE value END;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_option(text, text) IS
    'The value of an option of an import, in the unit it is kept in; NULL: the default. Errors: 22023';

CREATE FUNCTION gpsync_internal.set_import_as(caller oid, job text, option text, value text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_job;
    given text := gpsync_internal.import_option(option, value);
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = set_import_as.job FOR NO KEY UPDATE;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    IF option = 'pause_when' AND given IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM gpsync_internal.describe_query(quote_ident(of.owner)::regrole, given) AS d
                       HAVING count(*) = 1 AND min(d.type::bigint) = 'bool'::regtype::oid::bigint) THEN
            RAISE invalid_parameter_value USING MESSAGE = 'pause_when must be a query that gives one boolean',
                HINT = 'SELECT count(*) > 100 FROM ...';
        END IF;
    END IF;
    UPDATE gpsync.import_job AS j
    SET chunk_time = CASE option WHEN 'chunk_time' THEN given::interval ELSE j.chunk_time END,
        max_chunk = CASE option WHEN 'max_chunk' THEN given::integer ELSE j.max_chunk END,
        rows_per_second = CASE option WHEN 'rows_per_second' THEN given::integer ELSE j.rows_per_second END,
        max_stream_lag = CASE option WHEN 'max_stream_lag' THEN given::bigint ELSE j.max_stream_lag END,
        max_replica_lag = CASE option WHEN 'max_replica_lag' THEN given::interval ELSE j.max_replica_lag END,
        max_active_backends = CASE option WHEN 'max_active_backends' THEN given::integer
            ELSE j.max_active_backends END,
        pause_when = CASE option WHEN 'pause_when' THEN given ELSE j.pause_when END,
        waits_for = CASE WHEN option <> 'pause_when' OR j.waits_for <> 'pause_when' THEN j.waits_for END,
        last_error = CASE WHEN option <> 'pause_when' OR j.waits_for IS DISTINCT FROM 'pause_when'
            THEN j.last_error END,
        paced_until = CASE option WHEN 'rows_per_second' THEN NULL ELSE j.paced_until END
    WHERE j.job = of.job;
    IF option = 'max_chunk' THEN
        UPDATE gpsync.import_part AS p SET chunk_rows = least(p.chunk_rows, given::integer)
        FROM (SELECT i.part FROM gpsync.import_part AS i WHERE i.job = of.job FOR NO KEY UPDATE SKIP LOCKED) AS free
        WHERE p.job = of.job AND p.part = free.part;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_import_as(oid, text, text, text) IS 'set_import() on behalf of a role';

CREATE FUNCTION gpsync.set_import(job text, option text, value text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.set_import(text, text, text) IS
    'Sets an option of an import, from its next chunk on: chunk_time (500ms), max_chunk (10000 rows), '
    'rows_per_second, max_stream_lag (bytes, as 1GB), max_replica_lag (an interval), max_active_backends, pause_when '
    '(a query that gives a boolean, run as the owner). NULL: the default. It waits where an option says so, and goes '
    'on by itself. Errors: 22023 option or value; 42704, 42501';

CREATE FUNCTION gpsync_internal.explain_import_as(caller oid, job text) RETURNS text
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_job;
    statements gpsync_internal.import_statements;
    cost record;
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = explain_import_as.job;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    PERFORM gpsync_internal.refuse_gone_target(of);
    statements := gpsync_internal.import_statements(of);
    SELECT * INTO cost FROM gpsync_internal.read_cost(of, statements) AS c;
    RETURN concat_ws(E'\n', 'A chunk is read by:',
        '  ' || gpsync_internal.import_read(statements, true, false, of.max_chunk),
        'and written by:', '  ' || concat_ws(' ', statements.insert, nullif(statements.on_conflict, '')),
        CASE WHEN cost.sorts THEN 'This server sorts: every chunk reads the whole source.'
            WHEN NOT cost.stops THEN 'The other side sorts and skips what was read; a chunk''s end it does not know.'
            WHEN cost.is_foreign THEN 'The other side sorts, skips what was read and stops after a chunk.'
            ELSE 'An index gives the order; a chunk reads its own rows only.' END, 'Plan:', cost.plan);
END $$;
COMMENT ON FUNCTION gpsync_internal.explain_import_as(oid, text) IS 'explain_import() on behalf of a role';

CREATE FUNCTION gpsync.explain_import(job text) RETURNS text
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.explain_import(text) IS
    'The statements of an import, the plan of the one that reads, and whether the source sorts, skips and stops by '
    'itself. Errors: 42704, 42501; those of the source';

REVOKE ALL ON FUNCTION gpsync_internal.import_backends(), gpsync_internal.report_progress(text),
    gpsync_internal.set_import_state(oid, text, text[], text), gpsync_internal.pause_import_as(oid, text),
    gpsync_internal.resume_import_as(oid, text), gpsync_internal.cancel_import_as(oid, text),
    gpsync.pause_import(text), gpsync.resume_import(text), gpsync.cancel_import(text),
    gpsync_internal.is_import_value(text, text), gpsync_internal.import_option(text, text),
    gpsync_internal.set_import_as(oid, text, text, text),
    gpsync.set_import(text, text, text), gpsync_internal.explain_import_as(oid, text), gpsync.explain_import(text)
    FROM PUBLIC;

-- Background workers (src/migration/worker.h).

CREATE FUNCTION gpsync_internal.import_step(job text) RETURNS text
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE a WHEN 'busy' THEN 'wait 20' WHEN 'wait' THEN 'wait 500' WHEN 'failed' THEN 'wait 5000'
    WHEN 'undecided' THEN 'wait 5000' WHEN 'paused' THEN 'wait 1000' WHEN 'canceled' THEN 'done' ELSE a END
FROM gpsync_internal.import_work(job) AS a $$;
COMMENT ON FUNCTION gpsync_internal.import_step(text) IS
    'import_work() for a worker: more, wait N (milliseconds), done. A source, or a pause_when, that fails is '
    'tried again';

CREATE FUNCTION gpsync_internal.import_failed_as(caller oid, job text, sqlstate text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.note_source_error(import_failed_as.job, sqlstate,
        'a step failed; CALL gpsync.run_import() shows the error') FROM gpsync.import_job AS j
    WHERE j.job = import_failed_as.job AND pg_has_role(caller, quote_ident(j.owner)::regrole, 'MEMBER');
END $$;
COMMENT ON FUNCTION gpsync_internal.import_failed_as(oid, text, text) IS 'import_failed() on behalf of a role';

CREATE FUNCTION gpsync_internal.import_failed(job text, sqlstate text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.import_failed(text, text) IS
    'Keeps that a worker has ended for an error that is not of the source and not of a row';

CREATE FUNCTION gpsync_internal.import_home() RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('%s/%s', gpsync_internal.server_home(), d.oid) FROM pg_database AS d
WHERE d.datname = current_database() $$;
COMMENT ON FUNCTION gpsync_internal.import_home() IS
    'This server and database: a copy, or what a dump is restored into, is another one';

CREATE FUNCTION gpsync_internal.start_import_as(caller oid, job text, workers integer) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_job;
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = start_import_as.job FOR NO KEY UPDATE;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    IF workers NOT BETWEEN 1 AND 64 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'workers must be between 1 and 64';
    ELSIF of.state IN ('canceled', 'done') THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('import "%s" is %s', job, of.state);
    END IF;
    UPDATE gpsync.import_job AS j SET workers = start_import_as.workers, home = gpsync_internal.import_home(),
        workers_at = now() WHERE j.job = of.job;
    PERFORM gpsync_internal.start_migration_worker('import', job, quote_ident(of.owner)::regrole)
    FROM generate_series(gpsync_internal.job_runners('import', job) + 1, workers);
END $$;
COMMENT ON FUNCTION gpsync_internal.start_import_as(oid, text, integer) IS 'start_import() on behalf of a role';

CREATE FUNCTION gpsync.start_import(job text, workers integer DEFAULT 1) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.start_import(text, integer) IS
    'Has background workers work on an import, as its owner, also when this session is gone; called again it starts '
    'those that are missing (after a restart of the server, the supervisor does that where the library is preloaded). '
    'A source that cannot be read is tried again every five seconds. A WARNING: a worker could not be started. '
    'Errors: 42704, 42501; 22023 not 1 to 64 workers; 55000 the import is over';

-- What start_import() was asked for, after a restart of the server or the end of a worker. A worker that starts takes a
-- moment; one that cannot is not tried again at once.
CREATE FUNCTION gpsync_internal.keep_import_workers() RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
WITH lacking AS (
    SELECT j.job FROM gpsync.import_job AS j
    WHERE j.workers > 0 AND j.home = gpsync_internal.import_home() AND j.state IN ('new', 'running', 'paused')
        AND (j.workers_at IS NULL OR j.workers_at < now() - interval '10 s')
        AND (j.last_error_at IS NULL OR j.last_error_at < now() - interval '30 s')
        AND gpsync_internal.job_runners('import', j.job) < j.workers
    FOR NO KEY UPDATE SKIP LOCKED),
taken AS (
    UPDATE gpsync.import_job AS j SET workers_at = now() FROM lacking AS l WHERE j.job = l.job
    RETURNING j.job, j.owner, j.workers)
SELECT gpsync_internal.start_migration_worker('import', t.job, r.oid)
FROM taken AS t JOIN pg_roles AS r ON r.rolname = t.owner AND r.rolcanlogin,
    generate_series(gpsync_internal.job_runners('import', t.job) + 1, t.workers) $$;
COMMENT ON FUNCTION gpsync_internal.keep_import_workers() IS
    'Starts the workers that imports are to have and have not; on the server they were started on, no copy of it';

REVOKE ALL ON FUNCTION gpsync_internal.import_home(), gpsync_internal.import_step(text),
    gpsync_internal.import_failed_as(oid, text, text),
    gpsync_internal.import_failed(text, text), gpsync_internal.start_import_as(oid, text, integer),
    gpsync.start_import(text, integer), gpsync_internal.keep_import_workers() FROM PUBLIC;
