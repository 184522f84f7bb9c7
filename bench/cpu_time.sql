CREATE SCHEMA IF NOT EXISTS bench;
-- Nanoseconds this backend has spent on a processor. Other processes of a busy machine do not add to it.
CREATE FUNCTION bench.cpu_time() RETURNS bigint LANGUAGE sql AS $$
    SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint
$$;

-- The same of statements.
CREATE FUNCTION bench.timed(statements text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    start bigint := bench.cpu_time();
BEGIN
    EXECUTE statements;
    RETURN bench.cpu_time() - start;
END $$;
