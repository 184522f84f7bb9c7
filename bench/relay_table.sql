-- token_status as D2 has it, with a JSON document beside it, under gpsync's control; every row booked.
CREATE SCHEMA bench;
CREATE TABLE public.token_status (
    token_id     varchar(64) PRIMARY KEY,
    status       varchar(20),
    last_updated timestamp,
    detail       jsonb
) WITH (fillfactor = 40);
INSERT INTO public.token_status
    SELECT 'tok_' || n, 'ACTIVE', now(),
        jsonb_build_object('os', 'android', 'wallet', 'w' || n % 1000, 'attempt', n % 7)
    FROM generate_series(1, :rows) n;
SELECT gpsync.attach('public.token_status', 'token_lifecycle') \g /dev/null
-- attach makes them ENABLE ALWAYS. Here what is written with session_replication_role = replica is neither checked nor
-- stamped: the rows as they are to begin with, and what the peers book.
SELECT format('ALTER TABLE public.token_status ENABLE TRIGGER %I', tgname)
    FROM pg_trigger WHERE tgrelid = 'public.token_status'::regclass AND tgenabled = 'A' \gexec
SET session_replication_role = replica;
UPDATE public.token_status SET sync_status = 'COMPLETED', sync_revision = 1, last_sync_timestamp = now();
RESET session_replication_role;
VACUUM FREEZE ANALYZE public.token_status;

-- Changes the first so many rows, so many a transaction.
CREATE PROCEDURE bench.make_backlog(changes integer, per_transaction integer) LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL synchronous_commit = off;
    FOR start IN 1..changes BY per_transaction LOOP
        UPDATE public.token_status SET status = CASE status WHEN 'ACTIVE' THEN 'SUSPENDED' ELSE 'ACTIVE' END
        FROM generate_series(start, least(start + per_transaction - 1, changes)) n
        WHERE token_id = 'tok_' || n;
        COMMIT;
        SET LOCAL synchronous_commit = off;
    END LOOP;
END $$;

-- Every row as a change leaves it, for the limit, which reads no changes.
CREATE PROCEDURE bench.make_pending() LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    UPDATE public.token_status SET sync_status = 'PENDING';
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

-- Where the limit (peers/limit.py) keeps its position, as gpsync does in gpsync.stream_position.
CREATE TABLE bench.position (stream text PRIMARY KEY, ordinal bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO bench.position VALUES ('bench', 0);

-- Every row as booking leaves it, where a peer does not book.
CREATE PROCEDURE bench.make_completed() LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    UPDATE public.token_status SET sync_status = 'COMPLETED' WHERE sync_status <> 'COMPLETED';
END $$;
