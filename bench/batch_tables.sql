-- Tables of row "batch": one that is tracked, one that is attached only.
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE TABLE bench.tracked (id bigint PRIMARY KEY, status text NOT NULL, detail text, at timestamptz);
CREATE TABLE bench.plain (LIKE bench.tracked INCLUDING ALL);
SELECT gpsync.attach('bench.tracked'), gpsync.attach('bench.plain'), gpsync.track_batches('bench.tracked');
INSERT INTO bench.tracked SELECT n, 'RECEIVED', 'detail of row ' || n, now() FROM generate_series(1, :rows) AS n;
INSERT INTO bench.plain SELECT * FROM bench.tracked;
CREATE TABLE bench.image AS SELECT id, status, detail, at FROM bench.plain;
CREATE FUNCTION bench.roll_back(batch text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    id bigint := gpsync_internal.begin_rollback(batch, NULL, '{}', false, 'bench');
BEGIN
    WHILE gpsync_internal.rollback_step(id) <> 'done' LOOP
    END LOOP;
END $$;
VACUUM ANALYZE;
