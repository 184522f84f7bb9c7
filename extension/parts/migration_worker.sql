-- Background workers that run jobs step by step. src/migration/worker.h has the contract.

CREATE FUNCTION gpsync_internal.start_migration_worker(kind text, job text, owner oid) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_start_migration_worker';
COMMENT ON FUNCTION gpsync_internal.start_migration_worker(text, text, oid) IS
    'Starts a background worker that connects as owner and calls gpsync_internal.KIND_step(job), a transaction each, '
    'until it answers done; after the calling transaction has ended. False, with a WARNING: none could be started';

CREATE FUNCTION gpsync_internal.job_runners(kind text, job text) RETURNS bigint
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT count(*) FROM pg_locks AS l, hashtextextended(kind || '/' || job, 0) AS h (key)
WHERE l.locktype = 'advisory' AND l.objsubid = 5 AND l.granted
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND (l.classid::bigint << 32 | l.objid::bigint) = h.key $$;
COMMENT ON FUNCTION gpsync_internal.job_runners(text, text) IS 'How many sessions and workers run a job';

REVOKE ALL ON FUNCTION gpsync_internal.start_migration_worker(text, text, oid), gpsync_internal.job_runners(text, text)
    FROM PUBLIC;
