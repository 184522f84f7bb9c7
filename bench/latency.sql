-- The change's transaction is kept in the row, since booking replaces xmin.
ALTER TABLE public.token_status ADD COLUMN changed_by xid;
CREATE SEQUENCE bench.next;

-- Milliseconds from commit to commit. The first 1,000 changes warm up.
CREATE FUNCTION bench.latencies(OUT p50 double precision, OUT p99 double precision) LANGUAGE sql AS $$
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms), percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)
    FROM (SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - pg_xact_commit_timestamp(changed_by)) * 1000 AS ms
          FROM public.token_status
          WHERE changed_by IS NOT NULL AND substr(token_id, 5)::integer > 1000) measured
$$;

-- Every row as it was before the round.
CREATE PROCEDURE bench.reset() LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    UPDATE public.token_status SET status = 'ACTIVE', changed_by = NULL WHERE changed_by IS NOT NULL;
END $$;
