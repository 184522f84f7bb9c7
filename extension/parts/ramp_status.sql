-- What is to be seen of ramps. SECURITY DEFINER, because the functions a view calls run with the rights of who reads
-- the view.

CREATE FUNCTION gpsync_internal.ramp_states() RETURNS TABLE (
        ramp text, share numeric, state text, statistic text, value double precision, bound double precision,
        gates jsonb, next_step_at timestamptz, next_share numeric, requests bigint, errors bigint,
        error_rate double precision, since timestamptz, reason text, suspicious boolean, looked_at timestamptz,
        last_error text, rule text, max_error_rate double precision, min_requests bigint, first numeric, step numeric,
        every interval, stream text, width integer, step_began_at timestamptz, sources jsonb, owner name,
        created_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT r.ramp, round(r.width / 100.0, 2),
       CASE WHEN r.state <> 'running' THEN r.state WHEN l.ramp IS NULL THEN 'held'
            WHEN l.error IS NOT NULL THEN 'failing'
            WHEN r.next_step_at <= clock_timestamp() AND gpsync_internal.shut_gates(l.gates) <> '{}' THEN 'waiting'
            ELSE 'running' END,
       l.statistic, l.value, l.bound, coalesce(l.gates, '{}'), r.next_step_at,
       CASE WHEN r.state IN ('running', 'held') THEN round(least(10000, r.width + r.step) / 100.0, 2) END,
       coalesce(l.requests, 0), coalesce(l.errors, 0),
       CASE WHEN l.requests > 0 THEN l.errors::double precision / l.requests END, r.since,
       CASE WHEN l.ramp IS NULL THEN 'the ramp comes from a dump' ELSE r.reason END, coalesce(l.suspicious, false),
       l.looked_at, l.error, r.rule, r.max_error_rate, r.min_requests, round(r.first / 100.0, 2),
       round(r.step / 100.0, 2), r.every, r.stream, r.width, r.step_began_at,
       (SELECT jsonb_object_agg(e.source, jsonb_build_object('requests', e.requests, 'errors', e.errors,
            'total_requests', e.total)) FROM gpsync.ramp_evidence AS e WHERE e.ramp = r.ramp), r.owner, r.created_at
FROM gpsync.ramp AS r LEFT JOIN gpsync.ramp_look AS l ON l.ramp = r.ramp $$;
COMMENT ON FUNCTION gpsync_internal.ramp_states() IS 'The rows of view ramp_status';

CREATE VIEW gpsync.ramp_status AS SELECT * FROM gpsync_internal.ramp_states();
COMMENT ON VIEW gpsync.ramp_status IS
    'Every ramp: its share, what its outcomes and gates say, as of the last look (looked_at), and its next step';
COMMENT ON COLUMN gpsync.ramp_status.share IS 'Percent of the keys that go to the modern platform';
COMMENT ON COLUMN gpsync.ramp_status.state IS
    'running, waiting (the step is due, and a gate is shut), failing (the last look ended with last_error), held (by '
    'an operator, or since it comes from a dump), complete (at 100 %, watched on), rolled_back (until resume_ramp())';
COMMENT ON COLUMN gpsync.ramp_status.statistic IS
    'What decides about a roll-back: cusum, e_value, or error_rate (rule literal)';
COMMENT ON COLUMN gpsync.ramp_status.value IS 'What the statistic is at; beyond bound the ramp is rolled back';
COMMENT ON COLUMN gpsync.ramp_status.gates IS
    'Gate to {"value", "limit", "open", "reason"}: what was found, the most that is allowed, whether it lets the next '
    'step pass, and why not. lag and latency in seconds; errors is the rate of errors';
COMMENT ON COLUMN gpsync.ramp_status.requests IS
    'Outcomes of the present step: those that applications report, if they ever have, else the relay''s';
COMMENT ON COLUMN gpsync.ramp_status.errors IS 'How many of them failed';
COMMENT ON COLUMN gpsync.ramp_status.since IS 'Since when share and state are what they are';
COMMENT ON COLUMN gpsync.ramp_status.reason IS 'Why they are';
COMMENT ON COLUMN gpsync.ramp_status.suspicious IS
    'More errors than the limit explains well, and not enough for a roll-back: no step is made';
COMMENT ON COLUMN gpsync.ramp_status.width IS 'Buckets of 10,000 that are modern: share times 100';
COMMENT ON COLUMN gpsync.ramp_status.sources IS
    'Requests and errors of the step, and requests since the ramp began, of "application" and of "relay"';

CREATE VIEW gpsync.ramp_log AS
SELECT d.id, d.decided_at, d.ramp, d.decision,
       pg_catalog.round(d.width_before OPERATOR(pg_catalog./) 100.0, 2) AS share_before,
       pg_catalog.round(d.width_after OPERATOR(pg_catalog./) 100.0, 2) AS share_after, d.reason, d.statistic,
       d.value, d.bound, d.requests, d.errors, d.gates, d.decided_by
FROM gpsync.ramp_decision AS d;
COMMENT ON VIEW gpsync.ramp_log IS
    'Every decision about a ramp, with the numbers of the look that it was made on. Rows are kept for '
    'gpsync.ramp_log_retention';
COMMENT ON COLUMN gpsync.ramp_log.decision IS
    'create, step, advance (by an operator), complete, wait (a step is due, and gates are shut: reason has them), '
    'suspicious (too many errors for a step, too few for a roll-back), roll_back, hold, resume, drop';
COMMENT ON COLUMN gpsync.ramp_log.decided_by IS 'The role that called; gpsync: a look';

REVOKE ALL ON FUNCTION gpsync_internal.ramp_states() FROM PUBLIC;
