-- Look-ups: statuses of tokens that a token system is asked for. docs/lookup.md has the whole.

CREATE TABLE gpsync.lookup (
    lookup     text PRIMARY KEY CHECK (lookup ~ '^[a-z0-9_]{1,40}$'),
    relation   regclass NOT NULL,
    endpoint   text NOT NULL,
    columns    jsonb NOT NULL,                   -- member of an answer -> column
    every      interval CHECK (every >= '1 second'),  -- NULL: on demand alone
    on_illegal text NOT NULL CHECK (on_illegal IN ('report', 'walk')),
    paused     boolean NOT NULL DEFAULT false,
    owner      name NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE gpsync.lookup IS 'Look-ups, as create_lookup() made them';
SELECT pg_catalog.pg_extension_config_dump('gpsync.lookup', '');

-- One row a look-up, however many tokens it has: they are asked in the order of their keys. Not dumped: after a restore
-- the first pass begins.
CREATE TABLE gpsync.lookup_state (
    lookup     text PRIMARY KEY REFERENCES gpsync.lookup ON DELETE CASCADE,
    pass       bigint NOT NULL DEFAULT 0,
    began_at   timestamptz,                      -- the pass
    ended_at   timestamptz,                      -- NULL: it has not
    cursor     text,                             -- every token up to this one is asked; NULL: none
    passed     bigint NOT NULL DEFAULT 0,        -- tokens of the pass up to the cursor
    expected   bigint NOT NULL DEFAULT 0,        -- about so many the pass has; 0: unknown
    asked      bigint NOT NULL DEFAULT 0,        -- tokens in requests that were answered, or given up
    answered   bigint NOT NULL DEFAULT 0,        -- tokens whose state an answer had
    written    bigint NOT NULL DEFAULT 0,        -- rows that an answer changed
    changed    bigint NOT NULL DEFAULT 0,        -- answers refused, since the row had changed
    answered_at timestamptz
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.lookup_state IS
    'How far each look-up is in its period, and what it has counted. It is written in the transaction that writes the '
    'rows';

-- No unique constraint: whoever asks for a token waits for nobody who asks for the same one.
CREATE TABLE gpsync.lookup_request (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lookup       text NOT NULL REFERENCES gpsync.lookup ON DELETE CASCADE,
    token_id     text NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,     -- answers refused since the row had changed
    not_before   timestamptz NOT NULL DEFAULT '-infinity',
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON gpsync.lookup_request (lookup, id);
COMMENT ON TABLE gpsync.lookup_request IS
    'Tokens that are asked for before those of the period: by lookup_now(), or again, until they are answered';

CREATE TABLE gpsync.lookup_conflict (
    lookup       text NOT NULL REFERENCES gpsync.lookup ON DELETE CASCADE,
    token_id     text NOT NULL,
    kind         text NOT NULL,
    status_here  text,
    status_there text,
    detail       text,
    times        bigint NOT NULL DEFAULT 1,
    first_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (lookup, token_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE gpsync.lookup_conflict IS
    'Tokens whose last answer was not taken over, or that have none; an answer that is taken over removes them';

-- The relay's report, once a second. It is unlogged: its loss does no harm.
CREATE UNLOGGED TABLE gpsync.lookup_report (
    lookup        text PRIMARY KEY,
    stream        text,
    reported_at   timestamptz NOT NULL DEFAULT now(),
    breaker       text,
    breaker_since timestamptz,
    next_probe_at timestamptz,
    in_flight     bigint,                         -- tokens asked for and not settled
    requests      bigint,                         -- since the relay began with the look-up
    failures      bigint,                         -- of these
    last_error    text,
    last_error_at timestamptz
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.lookup_report IS 'The last report of each look-up''s relay; shown by lookup_status';
