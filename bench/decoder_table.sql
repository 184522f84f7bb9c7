-- Eight columns of the usual kinds, filled from the row's number.
CREATE SCHEMA bench;
CREATE TABLE bench.event (
    event_id   bigint PRIMARY KEY,
    token_id   varchar(64) NOT NULL,
    status     varchar(20) NOT NULL,
    attempts   integer NOT NULL,
    amount     numeric(12, 2) NOT NULL,
    active     boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    detail     jsonb NOT NULL
);
INSERT INTO bench.event
    SELECT n, 'tok_' || n, 'COMPLETED', 0, n % 100000 / 100.0, n % 3 <> 0,
        '2026-01-01Z'::timestamptz + n * interval '1 s',
           jsonb_build_object('os', (ARRAY['android', 'ios'])[1 + n % 2], 'version', n % 17, 'wallet', 'w' || n % 1000,
                              'flags', jsonb_build_array(n % 2 = 0, null, 'x'), 'note', 'device "' || n || '"')
    FROM generate_series(1, :rows) n;
CREATE PUBLICATION bench FOR TABLE bench.event;
CREATE PUBLICATION bench_filtered FOR TABLE bench.event (event_id, token_id, status) WHERE (event_id % 4 <> 0);
VACUUM ANALYZE bench.event;
