-- Batches: before-images of what was changed with gpsync.batch set, and roll-backs of batches.

-- src/batch/shadow.cpp reads the first four columns.
CREATE TABLE gpsync.batch_shadow (
    shadow     regclass PRIMARY KEY,
    relation   regclass NOT NULL,
    is_current boolean NOT NULL,      -- changes are written here; the others are kept until they are old
    first_revision bigint NOT NULL,   -- rows that a batch has written have later revisions
    made_at    timestamptz NOT NULL DEFAULT now(),
    closed_at  timestamptz,           -- when it was no longer the current one
    made_columns jsonb NOT NULL       -- attribute_texts() of it when it was made
);
COMMENT ON TABLE gpsync.batch_shadow IS
    'The tables of before-images (gpsync_internal.batch_OID_NUMBER) of tracked tables. A dump has neither: revisions '
    'are of this server';
CREATE UNIQUE INDEX batch_shadow_current ON gpsync.batch_shadow (relation) WHERE is_current;
CREATE SEQUENCE gpsync.batch_shadow_number;
COMMENT ON SEQUENCE gpsync.batch_shadow_number IS 'Numbers in the names of shadows';
CREATE SEQUENCE gpsync.repair_batch_number;
COMMENT ON SEQUENCE gpsync.repair_batch_number IS 'Numbers of the batches that repairs are';

CREATE TABLE gpsync.rollback (
    rollback   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch      text NOT NULL,
    ramp       text,
    notify     text[] NOT NULL,
    fence      boolean NOT NULL,
    reason     text NOT NULL,
    started_by name NOT NULL,
    phase      text NOT NULL DEFAULT 'ramp' CHECK (phase IN ('ramp', 'traffic', 'plan', 'revert', 'notify', 'done')),
    relations  regclass[] NOT NULL,
    upto_revision bigint,             -- the last change of the plan
    items      bigint,
    next_item  bigint NOT NULL DEFAULT 1,
    pass       integer NOT NULL DEFAULT 1,
    pass_done  bigint NOT NULL DEFAULT 0,
    plans      integer NOT NULL DEFAULT 0,
    moved      bigint NOT NULL DEFAULT 0,  -- rows of an import that another transaction has marked meanwhile
    -- When the plan was made: the tables' last link, those that other batches have changed, too, and files of shadows.
    last_link  bigint,
    linked     regclass[] NOT NULL DEFAULT '{}',
    files      jsonb NOT NULL DEFAULT '{}',
    reverted   bigint NOT NULL DEFAULT 0,
    deleted    bigint NOT NULL DEFAULT 0,
    inserted   bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at   timestamptz
) WITH (fillfactor = 30);
COMMENT ON TABLE gpsync.rollback IS 'Roll-backs of batches: how far each is. Written in the transaction that does it';
CREATE UNIQUE INDEX rollback_running ON gpsync.rollback (batch) WHERE phase <> 'done';

-- A row for each statement, not for each row of a table, which would cost more than the roll-back itself. Without a
-- foreign key: the last step deletes them. rollback_step() takes one in a transaction.
CREATE TABLE gpsync.rollback_item (
    rollback   bigint NOT NULL,
    item       bigint NOT NULL,       -- the number of the first item, in the order in which they are taken back
    relation   oid NOT NULL,
    action     "char" NOT NULL,       -- i: insert again, u: update, k: update with the key, d: delete
    image      oid,                   -- the shadow that has the rows as they were (i, u, k)
    key        oid,                   -- the shadow that has the keys of the rows (k, d)
    key_is_new boolean,               -- in its columns k<n>, not c<n> (k, d)
    count      integer NOT NULL,      -- items
    rows       tid[],                 -- of each item its row in image; of d, in key
    key_rows   tid[] NOT NULL DEFAULT '{}',  -- of k: its row in key
    revisions  bigint[],              -- that the table's row must have
    -- Where rows is NULL (u): all rows of the batch in this part of image, with revisions between these two.
    first_row  tid,
    last_row   tid,
    above      bigint,
    below      bigint,
    statement  text,                  -- revert_range_query() of it
    PRIMARY KEY (rollback, item),
    CHECK (rows IS NOT NULL AND revisions IS NOT NULL
        OR action = 'u' AND first_row IS NOT NULL AND last_row IS NOT NULL AND above IS NOT NULL AND below IS NOT NULL)
);
COMMENT ON TABLE gpsync.rollback_item IS
    'What a roll-back that has not ended is to do: rows of a table that one statement takes back, an item each';

CREATE TABLE gpsync.rollback_left (
    rollback   bigint NOT NULL REFERENCES gpsync.rollback ON DELETE CASCADE,
    item       bigint NOT NULL,
    relation   regclass NOT NULL,
    key        jsonb NOT NULL,        -- PII in it is scrubbed
    action     text NOT NULL,
    reason     text NOT NULL,
    PRIMARY KEY (rollback, item)
);
COMMENT ON TABLE gpsync.rollback_left IS 'Rows of a batch that were left as they are, and why';

REVOKE ALL ON TABLE gpsync.batch_shadow, gpsync.rollback, gpsync.rollback_item, gpsync.rollback_left FROM PUBLIC;
