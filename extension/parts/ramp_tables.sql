-- Ramps: which share of the keys goes to the modern platform, and what is known of it. docs/ramp.md has the whole.

-- What route() reads, and every session keeps. So nothing is here that changes with each look.
CREATE TABLE gpsync.ramp (
    ramp           text PRIMARY KEY CHECK (ramp ~ '^[a-z0-9_]{1,40}$'),
    width          integer NOT NULL CHECK (width BETWEEN 0 AND 10000),  -- buckets that are modern
    state          text NOT NULL CHECK (state IN ('running', 'held', 'complete', 'rolled_back')),
    first          integer NOT NULL CHECK (first BETWEEN 1 AND 10000),  -- buckets
    step           integer NOT NULL CHECK (step BETWEEN 1 AND 10000),   -- buckets
    every          interval NOT NULL CHECK (every >= '1 second'),
    max_error_rate double precision NOT NULL CHECK (max_error_rate > 0 AND max_error_rate <= 0.1),
    rule           text NOT NULL CHECK (rule IN ('sequential', 'literal')),
    min_requests   bigint NOT NULL CHECK (min_requests >= 0),
    gates          jsonb NOT NULL,
    stream         text,                                    -- NULL: all streams
    step_began_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_step_at   timestamptz,                             -- NULL: none is to come
    since          timestamptz NOT NULL DEFAULT clock_timestamp(),  -- state and share are what they are
    reason         text,                                    -- of that
    owner          name NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (state <> 'rolled_back' OR width = 0)
);
COMMENT ON TABLE gpsync.ramp IS 'Ramps, as create_ramp() made them, with the share they are at';
SELECT pg_catalog.pg_extension_config_dump('gpsync.ramp', '');

-- Not dumped: a ramp without this row comes from a dump.
CREATE TABLE gpsync.ramp_look (
    ramp           text PRIMARY KEY REFERENCES gpsync.ramp ON DELETE CASCADE,
    looked_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    counted_ok     bigint NOT NULL DEFAULT 0,    -- of record_outcome(): what the ramp's counters were at
    counted_failed bigint NOT NULL DEFAULT 0,
    relay_counts   jsonb NOT NULL DEFAULT '{}',  -- "stream/endpoint" -> counters of the relay's report
    outcome_at     timestamptz,                  -- the last look that found outcomes
    source         text,                         -- of the statistic: application or relay
    statistic      text,
    value          double precision,
    bound          double precision,
    requests       bigint NOT NULL DEFAULT 0,    -- of the step
    errors         bigint NOT NULL DEFAULT 0,
    exceeded       boolean NOT NULL DEFAULT false,
    suspicious     boolean NOT NULL DEFAULT false,
    gates          jsonb NOT NULL DEFAULT '{}',  -- gate -> value, limit, open, reason
    shut           text[] NOT NULL DEFAULT '{}', -- the gates that rows of this wait have named
    error          text                          -- of the look itself: SQLSTATE and message
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.ramp_look IS
    'What the last look at each ramp found. It is written in the transaction that decides';

CREATE TABLE gpsync.ramp_evidence (
    ramp     text NOT NULL REFERENCES gpsync.ramp ON DELETE CASCADE,
    source   text NOT NULL CHECK (source IN ('application', 'relay')),
    scores   double precision[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0}',
    requests bigint NOT NULL DEFAULT 0,          -- of the present step
    errors   bigint NOT NULL DEFAULT 0,
    total    bigint NOT NULL DEFAULT 0,          -- requests since the ramp began
    PRIMARY KEY (ramp, source)
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.ramp_evidence IS
    'Outcomes of each ramp, and the scores of its CUSUM (src/core/ramp/error_rate.hpp). What applications report and '
    'what the relay delivers is judged apart: many deliveries would hide few requests that fail';

-- No constraint: whoever reports waits for nobody.
CREATE TABLE gpsync.ramp_outcome (
    ramp        text NOT NULL,
    requests    bigint NOT NULL,
    errors      bigint NOT NULL
);
COMMENT ON TABLE gpsync.ramp_outcome IS 'What ramp_report() was given, until the next look counts it';

CREATE TABLE gpsync.ramp_decision (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decided_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    ramp         text NOT NULL,
    decision     text NOT NULL,
    width_before integer NOT NULL,
    width_after  integer NOT NULL,
    reason       text,
    statistic    text,
    value        double precision,
    bound        double precision,
    requests     bigint,
    errors       bigint,
    gates        jsonb,
    decided_by   name NOT NULL
);
CREATE INDEX ON gpsync.ramp_decision (ramp, id);
CREATE INDEX ON gpsync.ramp_decision (decided_at);
COMMENT ON TABLE gpsync.ramp_decision IS
    'Each decision about a ramp with the numbers that decided, shown by ramp_log. Rows outlive their ramps, and are '
    'deleted once they are older than gpsync.ramp_log_retention';

-- Every session that has routed reads the ramps anew.
CREATE FUNCTION gpsync_internal.ramps_changed() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME',
    'gpsync_ramps_changed';
COMMENT ON FUNCTION gpsync_internal.ramps_changed() IS
    'Trigger: lets every session read gpsync.ramp anew once the transaction has committed';
REVOKE ALL ON FUNCTION gpsync_internal.ramps_changed() FROM PUBLIC;

CREATE TRIGGER ramps_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.ramp
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.ramps_changed();
