-- Batches: before-images of what was changed with gpsync.batch set, and roll-backs of batches.

-- src/batch/shadow.cpp reads the first three columns.
CREATE TABLE gpsync.batch_shadow (
    shadow     regclass PRIMARY KEY,
    relation   regclass NOT NULL,
    is_current boolean NOT NULL,      -- changes are written here; the others are kept until they are old
    made_at    timestamptz NOT NULL DEFAULT now(),
    closed_at  timestamptz            -- when it was no longer the current one
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
    after_revision bigint NOT NULL,   -- earlier changes of the batch were taken back by another roll-back
    upto_revision bigint,             -- the last change of the plan
    items      bigint,
    next_item  bigint NOT NULL DEFAULT 1,
    pass       integer NOT NULL DEFAULT 1,
    pass_done  bigint NOT NULL DEFAULT 0,
    plans      integer NOT NULL DEFAULT 0,
    moved      bigint NOT NULL DEFAULT 0,  -- rows of an import that another transaction has marked meanwhile
    reverted   bigint NOT NULL DEFAULT 0,
    deleted    bigint NOT NULL DEFAULT 0,
    inserted   bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at   timestamptz
) WITH (fillfactor = 30);
COMMENT ON TABLE gpsync.rollback IS 'Roll-backs of batches: how far each is. Written in the transaction that does it';
CREATE UNIQUE INDEX rollback_running ON gpsync.rollback (batch) WHERE phase <> 'done';

-- Without a foreign key, which would cost more than all else of the plan: the last step deletes the items.
CREATE TABLE gpsync.rollback_item (
    rollback   bigint NOT NULL,
    item       bigint NOT NULL,       -- in the order in which they are taken back
    relation   oid NOT NULL,
    action     "char" NOT NULL,       -- i: insert again, u: update, k: update with the key, d: delete
    image      oid,                   -- the shadow and row that has the row as it was
    image_row  tid,
    key        oid,                   -- the shadow and row that has the key of a row (k, d)
    key_row    tid,
    key_is_new boolean,               -- in its columns k<n>, not c<n>
    revision   bigint,                -- that the row must have
    PRIMARY KEY (rollback, item)
);
COMMENT ON TABLE gpsync.rollback_item IS 'What a roll-back that has not ended is to do, a row of a table each';

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
