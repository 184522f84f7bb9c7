-- token_status as D2 has it, with a JSON document beside it, under gpsync's control; every row booked.
CREATE SCHEMA bench;
CREATE TABLE public.token_status (
    token_id     varchar(64) PRIMARY KEY,
    status       varchar(20),
    last_updated timestamp,
    detail       jsonb
) WITH (fillfactor = 40);
INSERT INTO public.token_status
    SELECT 'tok_' || n, 'ACTIVE', now(), jsonb_build_object('os', 'android', 'wallet', 'w' || n % 1000, 'attempt', n % 7)
    FROM generate_series(1, :rows) n;
SELECT gpsync.attach('public.token_status', 'token_lifecycle') \g /dev/null
SET session_replication_role = replica;
UPDATE public.token_status SET sync_status = 'COMPLETED', sync_revision = 1, last_sync_timestamp = now();
RESET session_replication_role;
VACUUM FREEZE ANALYZE public.token_status;

-- Changes the first so many rows, so many a transaction.
CREATE PROCEDURE bench.make_backlog(changes integer, per_transaction integer) LANGUAGE plpgsql AS $$
DECLARE
    new_state text := (SELECT CASE status WHEN 'ACTIVE' THEN 'SUSPENDED' ELSE 'ACTIVE' END
                       FROM public.token_status WHERE token_id = 'tok_1');
BEGIN
    SET LOCAL synchronous_commit = off;
    FOR first IN 1..changes BY per_transaction LOOP
        UPDATE public.token_status SET status = new_state
        FROM generate_series(first, least(first + per_transaction - 1, changes)) n
        WHERE token_id = 'tok_' || n;
        COMMIT;
        SET LOCAL synchronous_commit = off;
    END LOOP;
END $$;

-- Looks at one row, which costs the measured nothing, until it is booked; then at all.
CREATE PROCEDURE bench.wait_booked(last_key text) LANGUAGE plpgsql AS $$
BEGIN
    WHILE EXISTS (SELECT FROM public.token_status WHERE token_id = last_key AND sync_status <> 'COMPLETED') LOOP
        COMMIT;
        PERFORM pg_sleep(0.01);
    END LOOP;
    WHILE EXISTS (SELECT FROM public.token_status WHERE sync_status <> 'COMPLETED') LOOP
        COMMIT;
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$;

-- The limit: the bookkeeping alone, in one session. Batches are cut beforehand, in the order of the changes.
CREATE TABLE bench.batch (batch integer PRIMARY KEY, keys varchar[] NOT NULL, revisions bigint[] NOT NULL);
CREATE TABLE bench.position (stream text PRIMARY KEY, ordinal bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO bench.position VALUES ('bench', 0);

CREATE PROCEDURE bench.cut_batches(changes integer, batch_rows numeric) LANGUAGE sql AS $$
    TRUNCATE bench.batch;
    INSERT INTO bench.batch
        SELECT floor((n - 1) / batch_rows), array_agg(token_id ORDER BY n), array_agg(sync_revision ORDER BY n)
        FROM generate_series(1, changes) n JOIN public.token_status ON token_id = 'tok_' || n
        GROUP BY 1;
    ANALYZE bench.batch;
$$;

-- Prints the seconds it took.
CREATE PROCEDURE bench.book_batches(INOUT seconds double precision DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
    one     bench.batch;
BEGIN
    FOR number IN 0..(SELECT max(batch) FROM bench.batch) LOOP
        SELECT * INTO one FROM bench.batch WHERE batch = number;
        WITH free AS (
            SELECT t.ctid FROM unnest(one.keys, one.revisions) b(key, revision)
            JOIN public.token_status t ON t.token_id = b.key AND t.sync_revision = b.revision
            FOR UPDATE OF t SKIP LOCKED
        )
        UPDATE public.token_status t SET sync_status = 'COMPLETED', last_sync_timestamp = clock_timestamp()
        FROM free WHERE t.ctid = free.ctid;
        UPDATE bench.position SET ordinal = ordinal + 1 WHERE stream = 'bench';
        COMMIT;
    END LOOP;
    seconds := extract(epoch FROM clock_timestamp() - started);
END $$;
