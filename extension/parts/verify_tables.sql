-- Verifications: what each compares, how far it is, and what it has found. Never dumped: what two sides held is no
-- part of a copy.

CREATE TABLE gpsync.verify_run (
    run             text PRIMARY KEY CHECK (run ~ '^[A-Za-z0-9_.-]{1,63}$'),
    relation        regclass NOT NULL,
    source          text NOT NULL,
    mapping         jsonb NOT NULL,     -- the columns, as gpsync_internal.verify_mapping() gives them
    given           jsonb NOT NULL,     -- columns, source_key and status_map of the call
    max_differences integer NOT NULL CHECK (max_differences > 0),
    owner           name NOT NULL,
    options         jsonb NOT NULL DEFAULT '{}',
    state           text NOT NULL DEFAULT 'registered'
                    CHECK (state IN ('registered', 'checksums', 'finished', 'stopped')),
    slow_source     boolean NOT NULL DEFAULT false,  -- its hashes are not ours: rows are fetched and hashed here
    whole_first     boolean NOT NULL DEFAULT true,   -- the next slice is summed up without buckets first
    start_lsn       pg_lsn,             -- what committed later may not have been compared; NULL: not known
    modern_rows     bigint NOT NULL DEFAULT 0,
    legacy_rows     bigint NOT NULL DEFAULT 0,
    without_key     bigint NOT NULL DEFAULT 0,       -- rows of the source
    waits_for       text,
    time_zone       text NOT NULL DEFAULT current_setting('TimeZone'),  -- of who registered it
    registered_at   timestamptz NOT NULL DEFAULT now(),
    started_at      timestamptz,
    worked_at       timestamptz,
    finished_at     timestamptz
);
COMMENT ON TABLE gpsync.verify_run IS 'Verifications, as gpsync.verify() registered them';

CREATE TABLE gpsync.verify_slice (
    run         text NOT NULL REFERENCES gpsync.verify_run ON DELETE CASCADE,
    slice       integer NOT NULL,
    lower       text,                   -- of the key's first column; NULL: no bound
    upper       text,
    mask        bigint NOT NULL,        -- buckets - 1
    buckets     bigint[],               -- that differ and have not been read yet; NULL: no checksums yet
    PRIMARY KEY (run, slice)
);
COMMENT ON TABLE gpsync.verify_slice IS
    'Ranges of the key, each with the buckets of rows whose checksums differ between both sides';

CREATE TABLE gpsync.verify_candidate (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run         text NOT NULL REFERENCES gpsync.verify_run ON DELETE CASCADE,
    key         jsonb NOT NULL,
    rounds      integer NOT NULL DEFAULT 0,          -- without a verdict
    next_at     timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX ON gpsync.verify_candidate (run, next_at);
COMMENT ON TABLE gpsync.verify_candidate IS 'Keys whose rows seemed to differ, until that is confirmed or explained';

CREATE TABLE gpsync.verify_difference (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run         text NOT NULL REFERENCES gpsync.verify_run ON DELETE CASCADE,
    key         jsonb NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('missing', 'extra', 'differs', 'refused', 'unsettled')),
    columns     name[] NOT NULL DEFAULT '{}',
    revision    bigint,                 -- of the row here; NULL: there is none
    lsn         pg_lsn NOT NULL DEFAULT pg_catalog.pg_current_wal_insert_lsn(),
    found_at    timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    repair      text CHECK (repair IN ('to_legacy', 'to_modern')),
    outcome     text,                   -- of the last repair
    repaired_at timestamptz
);
CREATE INDEX ON gpsync.verify_difference (run, kind);
COMMENT ON TABLE gpsync.verify_difference IS
    'What differs between both sides: keys, never values; and what repair() did about it';
