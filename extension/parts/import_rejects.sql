-- Rows that an import refused: they are read again by their keys.

CREATE FUNCTION gpsync_internal.reject_condition(key_names text[], key_types oid[], count integer) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg('(' || (SELECT string_agg(format('%s %s $%s', n.name,
                                            gpsync_internal.ordering_operator(key_types[n.ordinal], 3),
                                            (i - 1) * cardinality(key_names) + n.ordinal), ' AND ' ORDER BY n.ordinal)
                          FROM unnest(key_names) WITH ORDINALITY AS n (name, ordinal)) || ')', ' OR ')
FROM generate_series(1, count) AS i $$;
COMMENT ON FUNCTION gpsync_internal.reject_condition(text[], oid[], integer) IS
    'A condition for rows with one of some keys, whose values are $1 ...';

-- What became of rejects that were read again. Several of one key are refused again as often as the source still has
-- too many of it.
CREATE FUNCTION gpsync_internal.settle_retried(of_job text, ids bigint[],
        chunk gpsync_internal.chunk_outcome) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    refused bigint := cardinality(chunk.reject_keys);
    reopened bigint;
    gone bigint;
BEGIN
    WITH again AS (
        SELECT r.*, row_number() OVER (PARTITION BY r.key) AS number
        FROM unnest(chunk.reject_keys, chunk.reject_states, chunk.reject_messages, chunk.reject_columns,
                    chunk.reject_constraints) AS r (key, state, message, column_name, constraint_name)),
    retried AS (
        SELECT j.id, j.key, row_number() OVER (PARTITION BY j.key ORDER BY j.id) AS number
        FROM gpsync.import_reject AS j WHERE j.id = ANY (ids))
    UPDATE gpsync.import_reject AS j
    SET state = 'open', attempts = j.attempts + 1, last_at = now(), sqlstate = a.state, message = a.message,
        column_name = a.column_name, constraint_name = a.constraint_name
    FROM again AS a JOIN retried AS t USING (key, number) WHERE j.id = t.id;
    GET DIAGNOSTICS reopened = ROW_COUNT;
    DELETE FROM gpsync.import_reject AS j WHERE j.id = ANY (ids) AND j.state = 'retry';
    -- A key that another row of the source has got meanwhile.
    IF refused > reopened THEN
        PERFORM gpsync_internal.note_rejects(of_job, 1, chunk.reject_keys[reopened + 1:],
            chunk.reject_states[reopened + 1:], chunk.reject_messages[reopened + 1:],
            chunk.reject_columns[reopened + 1:], chunk.reject_constraints[reopened + 1:]);
    END IF;
    -- What the source had of these rows before, against what it has now.
    gone := cardinality(ids) - chunk.usable;
    UPDATE gpsync.import_part AS p
    SET rejected = p.rejected - cardinality(ids) + refused, written = p.written + chunk.written,
        skipped = p.skipped + chunk.skipped, read = p.read - gone
    WHERE p.job = of_job AND p.part = 1;
END $$;
COMMENT ON FUNCTION gpsync_internal.settle_retried(text, bigint[], gpsync_internal.chunk_outcome) IS
    'Keeps the outcome of a retry: written, refused again, or no longer in the source';

CREATE FUNCTION gpsync_internal.import_retry_step(of gpsync.import_job) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    most integer := 50;
    statements gpsync_internal.import_statements := gpsync_internal.current_statements(of);
    ids bigint[];
    keys jsonb[];
    chunk gpsync_internal.chunk_outcome;
BEGIN
    PERFORM FROM gpsync.import_part AS p WHERE p.job = of.job AND p.part = 1 FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 'busy';
    END IF;
    SELECT array_agg(r.id), array_agg(DISTINCT r.key) INTO ids, keys
    FROM (SELECT i.id, i.key FROM gpsync.import_reject AS i WHERE i.job = of.job AND i.state = 'retry'
          ORDER BY i.key, i.id LIMIT most FOR UPDATE) AS r;
    IF keys IS NULL THEN
        RETURN 'more';
    END IF;
    chunk := gpsync_internal.run_chunk(of, statements,
        format('SELECT %s FROM %s WHERE %s ORDER BY %s', statements.read_columns, statements.source,
               gpsync_internal.reject_condition(statements.key_names, statements.key_types, cardinality(keys)),
               array_to_string(statements.key_names, ', ')),
        (SELECT array_agg(k.key ->> n.name ORDER BY k.ordinal, n.ordinal)
         FROM unnest(keys) WITH ORDINALITY AS k (key, ordinal),
             unnest(statements.table_key) WITH ORDINALITY AS n (name, ordinal)),
        (SELECT array_agg(t ORDER BY i, n) FROM generate_series(1, cardinality(keys)) AS i,
             unnest(statements.key_types) WITH ORDINALITY AS u (t, n)), 1000000);
    IF chunk.error_state IS NOT NULL THEN
        RETURN gpsync_internal.note_source_error(of.job, chunk.error_state, chunk.error_message);
    END IF;
    IF chunk.written > 0 THEN
        INSERT INTO gpsync.import_chunk (job, revision, part, written, seconds)
            VALUES (of.job, chunk.revision, 1, chunk.written, 0);
    END IF;
    PERFORM gpsync_internal.settle_retried(of.job, ids, chunk);
    RETURN 'more';
END $$;
COMMENT ON FUNCTION gpsync_internal.import_retry_step(gpsync.import_job) IS 'Reads some refused rows again';

CREATE FUNCTION gpsync_internal.retry_rejects_as(caller oid, job text, sqlstate text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_job;
    retried bigint;
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = retry_rejects_as.job FOR NO KEY UPDATE;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    IF of.state = 'canceled' THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('import "%s" is canceled', job);
    END IF;
    -- One whose key is not known any more: PII in it was scrubbed.
    UPDATE gpsync.import_reject AS r SET state = 'retry'
    WHERE r.job = of.job AND r.state = 'open' AND r.part <> 0
        AND (retry_rejects_as.sqlstate IS NULL OR r.sqlstate = retry_rejects_as.sqlstate)
        AND r.key ?& gpsync_internal.key_columns(of.relation)::text[];
    GET DIAGNOSTICS retried = ROW_COUNT;
    UPDATE gpsync.import_job AS j SET state = 'running' WHERE j.job = of.job AND j.state = 'done'
        AND EXISTS (SELECT FROM gpsync.import_reject AS r WHERE r.job = of.job AND r.state = 'retry');
    IF EXISTS (SELECT FROM gpsync.import_reject AS r WHERE r.job = of.job AND r.state = 'open' AND r.part = 0)
        AND coalesce(retry_rejects_as.sqlstate, '23502') = '23502' THEN
        PERFORM gpsync_internal.import_nulls(of);
    END IF;
    IF retried > 0 THEN
        RAISE NOTICE 'the rows are read again by whoever runs import "%"', job USING
            HINT = format('CALL gpsync.run_import(%L)', job);
    END IF;
    RETURN retried;
END $$;
COMMENT ON FUNCTION gpsync_internal.retry_rejects_as(oid, text, text) IS 'retry_rejects() on behalf of a role';

CREATE FUNCTION gpsync.retry_rejects(job text, sqlstate text DEFAULT NULL) RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.retry_rejects(text, text) IS
    'Has the refused rows of an import (all, or those with an SQLSTATE) read from the source again, by run_import() '
    'or a worker, after their cause was mended; how many. A row whose key holds PII is not: its key is not kept. '
    'Errors: 42704 no such import; 42501 not a member of its owner';

CREATE FUNCTION gpsync_internal.discard_rejects_as(caller oid, job text, sqlstate text, reason text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_job;
    discarded bigint;
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = discard_rejects_as.job;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    UPDATE gpsync.import_reject AS r SET state = 'discarded', reason = discard_rejects_as.reason, last_at = now()
    WHERE r.job = of.job AND r.state IN ('open', 'retry')
        AND (discard_rejects_as.sqlstate IS NULL OR r.sqlstate = discard_rejects_as.sqlstate);
    GET DIAGNOSTICS discarded = ROW_COUNT;
    RETURN discarded;
END $$;
COMMENT ON FUNCTION gpsync_internal.discard_rejects_as(oid, text, text,
    text) IS 'discard_rejects() on behalf of a role';

CREATE FUNCTION gpsync.discard_rejects(job text, sqlstate text DEFAULT NULL, reason text DEFAULT NULL) RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.discard_rejects(text, text, text) IS
    'Gives refused rows of an import up (all, or those with an SQLSTATE): they stay in gpsync.import_rejects, with the '
    'reason, and doctor() does not ask for them; how many. Errors: as retry_rejects()';

REVOKE ALL ON FUNCTION gpsync_internal.reject_condition(text[], oid[], integer),
    gpsync_internal.settle_retried(text, bigint[], gpsync_internal.chunk_outcome),
        gpsync_internal.import_retry_step(gpsync.import_job),
    gpsync_internal.retry_rejects_as(oid, text, text), gpsync.retry_rejects(text, text),
    gpsync_internal.discard_rejects_as(oid, text, text, text), gpsync.discard_rejects(text, text, text) FROM PUBLIC;
