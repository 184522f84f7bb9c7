-- Imports: jobs, the parts of their source, chunks, and rows that were refused.

CREATE TYPE gpsync_internal.import_statements AS (
    source       text,      -- FROM item and alias
    read_columns text,      -- of the source, for SELECT
    key_names    text[],    -- of the source's key, with alias
    key_types    oid[],
    key_columns  integer[], -- their numbers among read_columns
    present      text,      -- the condition that no column of the key is NULL
    after        text,      -- that a row comes after $1 ...
    upto         text[],    -- that it is at most $1 ..., or at most the values behind these
    table_key    text[],
    insert       text,
    on_conflict  text,      -- what follows it where a row is there already
    column_names text[],
    column_checks text[]);
COMMENT ON TYPE gpsync_internal.import_statements IS 'What the statements of an import are made of';

CREATE TABLE gpsync.import_job (
    job           text PRIMARY KEY CHECK (job ~ '^[a-z0-9_]{1,60}$'),
    relation      regclass NOT NULL,
    source        text NOT NULL,                 -- what follows FROM
    columns       jsonb,
    source_key    name[] NOT NULL,
    status_map    jsonb,
    echo          text[] NOT NULL,
    on_conflict   text NOT NULL CHECK (on_conflict IN ('skip', 'update', 'error')),
    owner         name NOT NULL,
    state         text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'running', 'paused', 'canceled', 'done')),
    phase         text NOT NULL DEFAULT 'counting' CHECK (phase IN ('counting', 'reading', 'nulls', 'finishing',
        'done')),
    rows_estimated bigint,
    split_wanted  boolean NOT NULL DEFAULT false,
    workers       integer NOT NULL DEFAULT 0,    -- that start_import() was asked for
    home          text,                          -- the server and database that start_import() was called in
    workers_at    timestamptz,                   -- they were last looked after
    time_zone     text NOT NULL DEFAULT current_setting('TimeZone'),  -- of who registered it
    waits_for     text,
    last_error    text,
    last_error_at timestamptz,
    paced_until   timestamptz,                   -- rows_per_second: no chunk begins earlier
    created_at    timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    ended_at      timestamptz,
    chunk_time    interval NOT NULL DEFAULT '500ms' CHECK (chunk_time > '0'),
    max_chunk     integer NOT NULL DEFAULT 10000 CHECK (max_chunk BETWEEN 10 AND 1000000),
    rows_per_second integer CHECK (rows_per_second > 0),
    max_stream_lag bigint CHECK (max_stream_lag >= 0),     -- bytes
    max_replica_lag interval CHECK (max_replica_lag >= '0'),
    max_active_backends integer CHECK (max_active_backends > 0),
    pause_when    text,
    statements    gpsync_internal.import_statements,  -- as of statements_at
    statements_at timestamptz
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.import_job IS
    'Imports: rows of a source into an attached table, as import() registered them. A name for owner, so that a dump '
    'can be restored where there is no such role';

-- A part is a range of the source's key: behind "after" and up to "upto", as text in the order of source_key.
CREATE TABLE gpsync.import_part (
    job        text NOT NULL REFERENCES gpsync.import_job ON DELETE CASCADE,
    part       integer NOT NULL,
    after      text[],                            -- NULL: from the first row on
    upto       text[],                            -- NULL: to the last row
    done       boolean NOT NULL DEFAULT false,
    rows_left  bigint,                            -- estimated
    chunk_rows integer NOT NULL DEFAULT 1000,     -- of the next chunk
    read       bigint NOT NULL DEFAULT 0,
    written    bigint NOT NULL DEFAULT 0,
    skipped    bigint NOT NULL DEFAULT 0,
    rejected   bigint NOT NULL DEFAULT 0,
    backend    integer,                           -- that had the last chunk
    chunk_at   timestamptz,
    PRIMARY KEY (job, part)
) WITH (fillfactor = 30);
COMMENT ON TABLE gpsync.import_part IS
    'How far each part of an import is: what is behind "after" is still to be read. It is written in the transaction '
    'that writes the rows';

CREATE TABLE gpsync.import_chunk (
    job        text NOT NULL REFERENCES gpsync.import_job ON DELETE CASCADE,
    revision   bigint NOT NULL,
    part       integer NOT NULL,
    written    bigint NOT NULL,
    seconds    double precision NOT NULL,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (job, revision)
);
COMMENT ON TABLE gpsync.import_chunk IS
    'Chunks that wrote rows. A row is imported by one and untouched since if and only if its sync_revision is the '
    'chunk''s: such a revision is 1 modulo 8, and all others are multiples of 8';

CREATE TABLE gpsync.import_reject (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job        text NOT NULL REFERENCES gpsync.import_job ON DELETE CASCADE,
    key        jsonb NOT NULL,                    -- by the names of the table's key; PII in it is scrubbed
    rows       bigint NOT NULL DEFAULT 1,
    sqlstate   text NOT NULL,
    message    text NOT NULL,
    column_name text,
    constraint_name text,
    part       integer,
    attempts   integer NOT NULL DEFAULT 1,
    first_at   timestamptz NOT NULL DEFAULT now(),
    last_at    timestamptz NOT NULL DEFAULT now(),
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retry', 'discarded')),
    reason     text
) WITH (fillfactor = 70);
COMMENT ON TABLE gpsync.import_reject IS
    'Rows of a source that were refused: their keys and the reason, never a value. A retry reads the row again';
CREATE INDEX import_reject_job ON gpsync.import_reject (job, state);

-- Also for rows that a repair has brought, and behind the end of a job.
CREATE TABLE gpsync_internal.unproven_rows (
    relation regclass PRIMARY KEY,
    upto     bigint NOT NULL
);
COMMENT ON TABLE gpsync_internal.unproven_rows IS
    'Tables that were not under control for a while, or got partitions that were not: revisions of imports up to upto '
    'do not prove that nobody has written a row since';

CREATE FUNCTION gpsync_internal.proof_lock(relation oid) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT 'proof ' || relation $$;
COMMENT ON FUNCTION gpsync_internal.proof_lock(oid) IS
    'The name for lock_work() of who relies on unproven_rows (shared) or adds to it';
REVOKE ALL ON FUNCTION gpsync_internal.proof_lock(oid) FROM PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('gpsync_internal.unproven_rows', '');
SELECT pg_catalog.pg_extension_config_dump('gpsync.import_job', '');
SELECT pg_catalog.pg_extension_config_dump('gpsync.import_part', '');
SELECT pg_catalog.pg_extension_config_dump('gpsync.import_chunk', '');
SELECT pg_catalog.pg_extension_config_dump('gpsync.import_reject', '');
SELECT pg_catalog.pg_extension_config_dump('gpsync.import_reject_id_seq', '');
