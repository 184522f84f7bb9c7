-- The change's transaction is kept in the row, since booking replaces xmin.
ALTER TABLE public.token_status ADD COLUMN changed_by xid;
CREATE SEQUENCE bench.next;

-- When each transaction, and each part of one, committed, as its commit record in the WAL says. (Commit timestamps
-- proper are of no use here: under a
-- replication origin the server gives those of a whole session the time of its first commit, unless told otherwise.)
CREATE EXTENSION pg_walinspect;
CREATE FUNCTION bench.commits(since pg_lsn) RETURNS TABLE (xid xid, committed_at timestamptz) LANGUAGE sql
    SET timezone = 'UTC' AS $$
    SELECT part, split_part(description, ';', 1)::timestamptz
    FROM pg_get_wal_records_info_till_end_of_wal(since) w,
         LATERAL (SELECT w.xid AS part
                  UNION ALL
                  SELECT subxact::xid
                      FROM regexp_split_to_table(substring(description FROM 'subxacts: ([0-9 ]+)'), ' ') subxact
                  WHERE subxact <> '') parts
    WHERE resource_manager = 'Transaction' AND record_type = 'COMMIT'
$$;

-- Milliseconds from commit to commit. The first 1,000 changes warm up.
CREATE FUNCTION bench.latencies(since pg_lsn, OUT changes bigint, OUT p50 double precision, OUT p99 double precision)
    LANGUAGE sql AS $$
    WITH commits AS MATERIALIZED (SELECT * FROM bench.commits(since))
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY ms), percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)
    FROM (SELECT extract(epoch FROM booking.committed_at - change.committed_at) * 1000 AS ms
          FROM public.token_status t
          JOIN commits change ON change.xid = t.changed_by
          JOIN commits booking ON booking.xid = t.xmin
          WHERE t.changed_by IS NOT NULL AND substr(t.token_id, 5)::integer > 1000) measured
$$;

-- Every row as it was before the round.
CREATE PROCEDURE bench.reset() LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    UPDATE public.token_status SET status = 'ACTIVE', changed_by = NULL WHERE changed_by IS NOT NULL;
END $$;
