-- Two tables with the same rows and the columns that attach() adds, so many rows for each session, half empty pages so
-- that updates find room.
CREATE SCHEMA bench;
CREATE TABLE bench.plain (
    session             integer,
    n                   integer,
    status              varchar(20),
    last_updated        timestamp,
    sync_status         varchar(20),
    last_sync_timestamp timestamptz,
    sync_revision       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (session, n)
) WITH (fillfactor = 30);
CREATE TABLE bench.gpsync (LIKE bench.plain INCLUDING ALL) WITH (fillfactor = 30);
INSERT INTO bench.plain
    SELECT session, n, 'ACTIVE', '2000-01-01', 'PENDING', now(), 1
    FROM generate_series(0, :sessions - 1) session, generate_series(1, :rows) n;
INSERT INTO bench.gpsync SELECT * FROM bench.plain;
SELECT gpsync.attach('bench.gpsync', 'token_lifecycle') \g /dev/null
VACUUM ANALYZE bench.plain, bench.gpsync;

-- The WAL insert position as the bigint that it is.
CREATE FUNCTION bench.wal_position() RETURNS bigint LANGUAGE internal VOLATILE STRICT AS 'pg_current_wal_insert_lsn';
