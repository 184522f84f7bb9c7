-- Gates: what has to be in order before a ramp makes its next step. A gate that cannot be judged is shut.

CREATE FUNCTION gpsync_internal.gate_names() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT '{verify,lag,latency,backlog,dead_letters,breaker}'::text[] $$;
COMMENT ON FUNCTION gpsync_internal.gate_names() IS 'The gates that create_ramp() knows, besides that of the errors';

CREATE FUNCTION gpsync_internal.refuse_gate(gate text, max_value jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    kind text := jsonb_typeof(max_value);
BEGIN
    IF gate <> ALL (gpsync_internal.gate_names()) THEN
        RAISE invalid_parameter_value USING MESSAGE = format('there is no gate "%s"', gate),
            HINT = gpsync_internal.name_hint(gate, 'gates', gpsync_internal.gate_names());
    ELSIF gate = 'breaker' THEN
        IF max_value IS DISTINCT FROM '"closed"' THEN
            RAISE invalid_parameter_value USING MESSAGE = 'gate "breaker" must be "closed"';
        END IF;
    ELSIF gate IN ('lag', 'latency') THEN
        IF kind <> 'string' OR (max_value #>> '{}')::interval <= interval '0' THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('gate "%s" must be an interval, such as "60s"', gate);
        END IF;
    ELSIF kind <> 'number' OR max_value::numeric < 0 THEN
        RAISE invalid_parameter_value USING MESSAGE = format('gate "%s" must be a number, 0 or more', gate);
    END IF;
EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow OR interval_field_overflow THEN
    RAISE invalid_parameter_value USING MESSAGE = format('gate "%s" must be an interval, such as "60s"', gate);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_gate(text, jsonb) IS 'Raises 22023 unless it is a gate with its limit';

CREATE FUNCTION gpsync_internal.refuse_gates(gates jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF coalesce(jsonb_typeof(gates), '') <> 'object' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'gates must be an object: gate to its limit',
            HINT = 'For example: gates => ''{"verify": 0, "lag": "60s", "dead_letters": 0}''';
    END IF;
    PERFORM gpsync_internal.refuse_gate(g.key, g.value) FROM jsonb_each(gates) AS g;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_gates(jsonb) IS 'Raises 22023 unless all are gates with their limits';

-- Without a relay that delivers, lag and dead letters say nothing of the present.
CREATE FUNCTION gpsync_internal.gate_stream_problem(stream text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN count(*) = 0 THEN CASE WHEN gate_stream_problem.stream IS NULL THEN 'there is no stream'
                                        ELSE format('stream "%s" does not exist', gate_stream_problem.stream) END
            ELSE 'no relay delivers stream ' || string_agg(format('"%s"', s.stream), ', ' ORDER BY s.stream)
                FILTER (WHERE s.paused OR s.relay_state NOT IN ('streaming', 'waiting')) END
FROM gpsync_internal.stream_states() AS s
WHERE gpsync_internal.is_stream_of_ramp(gate_stream_problem.stream, s.stream) $$;
COMMENT ON FUNCTION gpsync_internal.gate_stream_problem(text) IS
    'Why gates that are about a stream (NULL: all but those of notifications) cannot be judged; NULL: they can';

CREATE FUNCTION gpsync_internal.gate_lag(of gpsync.ramp, max_value jsonb, OUT value double precision, OUT reason text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT round(max(s.lag_seconds)::numeric, 3)::double precision,
       CASE WHEN max(s.lag_seconds) > extract(epoch FROM (max_value #>> '{}')::interval)
            THEN format('the oldest change that is not settled is %s s old', round(max(s.lag_seconds)::numeric, 1))
       END
FROM gpsync_internal.stream_states() AS s WHERE gpsync_internal.is_stream_of_ramp((of).stream, s.stream) $$;
COMMENT ON FUNCTION gpsync_internal.gate_lag(gpsync.ramp, jsonb) IS
    'Gate lag: seconds since the oldest change that is not settled was committed';

CREATE FUNCTION gpsync_internal.gate_latency(of gpsync.ramp, max_value jsonb, OUT value double precision,
        OUT reason text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT max(e.latency_ms) / 1000,
       CASE WHEN max(e.latency_ms) IS NULL THEN 'nothing was delivered in the last second'
            WHEN max(e.latency_ms) / 1000 > extract(epoch FROM (max_value #>> '{}')::interval)
            THEN format('the median from commit to acknowledgement is %s s',
                round(max(e.latency_ms)::numeric / 1000, 3))
       END
FROM gpsync_internal.endpoint_reports() AS e WHERE gpsync_internal.is_stream_of_ramp((of).stream, e.stream) $$;
COMMENT ON FUNCTION gpsync_internal.gate_latency(gpsync.ramp, jsonb) IS
    'Gate latency: seconds from commit to acknowledgement, the median of the slowest endpoint';

CREATE FUNCTION gpsync_internal.gate_backlog(of gpsync.ramp, max_value jsonb, OUT value double precision,
        OUT reason text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT w.events, CASE WHEN w.events > max_value::numeric THEN format('%s events wait', w.events) END
FROM (SELECT sum(s.in_flight_events + s.parked + gpsync_internal.count_held(s.stream)) AS events
      FROM gpsync_internal.stream_states() AS s WHERE gpsync_internal.is_stream_of_ramp((of).stream, s.stream)) AS w $$;
COMMENT ON FUNCTION gpsync_internal.gate_backlog(gpsync.ramp, jsonb) IS
    'Gate backlog: events that are in memory, spooled or held';

CREATE FUNCTION gpsync_internal.gate_dead_letters(of gpsync.ramp, max_value jsonb, OUT value double precision,
        OUT reason text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT w.letters, CASE WHEN w.letters > max_value::numeric THEN format('%s dead letter(s)', w.letters) END
FROM (SELECT coalesce(sum(s.letters), 0) AS letters
      FROM (SELECT d.stream, count(*) AS letters FROM gpsync.dead_letter AS d GROUP BY d.stream) AS s
      WHERE gpsync_internal.is_stream_of_ramp((of).stream, s.stream)) AS w $$;
COMMENT ON FUNCTION gpsync_internal.gate_dead_letters(gpsync.ramp, jsonb) IS
    'Gate dead_letters: those that nobody has retried or discarded';

CREATE FUNCTION gpsync_internal.gate_breaker(of gpsync.ramp, max_value jsonb, OUT value double precision,
        OUT reason text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT count(*) FILTER (WHERE e.breaker <> 'closed'),
       'the breaker is not closed: ' || string_agg(format('%s/%s', e.stream, e.endpoint), ', '
           ORDER BY e.stream, e.endpoint) FILTER (WHERE e.breaker <> 'closed')
FROM gpsync_internal.endpoint_reports() AS e WHERE gpsync_internal.is_stream_of_ramp((of).stream, e.stream) $$;
COMMENT ON FUNCTION gpsync_internal.gate_breaker(gpsync.ramp, jsonb) IS
    'Gate breaker: endpoints whose breaker is not closed';

-- The last run of each table. One that began before the time of a step ago says little of the present share.
CREATE FUNCTION gpsync_internal.gate_verify(of gpsync.ramp, max_value jsonb, OUT value double precision,
        OUT reason text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH last AS (
    SELECT DISTINCT ON (v.relation) v.relation, v.run, v.state, v.started_at,
           (SELECT count(*) FROM gpsync.verify_difference AS d WHERE d.run = v.run) AS differences
    FROM gpsync.verify_run AS v WHERE v.finished_at IS NOT NULL
    ORDER BY v.relation, v.finished_at DESC),
found AS (
    SELECT count(*) AS runs, sum(l.differences) AS differences,
           string_agg(l.run, ', ' ORDER BY l.run) FILTER (
               WHERE l.started_at < clock_timestamp() - greatest((of).every, interval '1 day')) AS old,
           string_agg(l.run, ', ' ORDER BY l.run) FILTER (WHERE l.differences > 0) AS different
    FROM last AS l)
SELECT f.differences,
       CASE WHEN f.runs = 0 THEN 'no verification has finished'
            WHEN f.differences > max_value::numeric
            THEN format('%s difference(s) in verification %s', f.differences, f.different)
            WHEN f.old IS NOT NULL THEN format('verification %s is older than a step', f.old) END
FROM found AS f $$;
COMMENT ON FUNCTION gpsync_internal.gate_verify(gpsync.ramp, jsonb) IS
    'Gate verify: differences that the last finished verification of each table has found';

-- What a gate gives as reason shuts it; so does an error.
CREATE FUNCTION gpsync_internal.judge_gate(of gpsync.ramp, gate text, max_value jsonb) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    value double precision;
    reason text := CASE WHEN gate <> 'verify' THEN gpsync_internal.gate_stream_problem((of).stream) END;
BEGIN
    IF reason IS NULL THEN
        EXECUTE format('SELECT g.value, g.reason FROM gpsync_internal.%I($1, $2) AS g', 'gate_' || gate)
            INTO value, reason USING of, max_value;
    END IF;
    RETURN jsonb_build_object('value', value, 'limit', max_value, 'open', reason IS NULL, 'reason', reason);
EXCEPTION WHEN OTHERS THEN
    RETURN jsonb_build_object('value', NULL, 'limit', max_value, 'open', false, 'sqlstate', SQLSTATE,
        'reason', format('it could not be judged, SQLSTATE %s: %s', SQLSTATE, SQLERRM));
END $$;
COMMENT ON FUNCTION gpsync_internal.judge_gate(gpsync.ramp, text, jsonb) IS
    'A gate as {"value", "limit", "open", "reason"}, and "sqlstate" where judging it failed';

-- The last gate is that of the errors: enough outcomes, recent ones, and a rate that is neither too high nor
-- suspicious.
CREATE FUNCTION gpsync_internal.judge_error_gate(of gpsync.ramp, requests bigint, errors bigint, outcome_at timestamptz,
        suspicious boolean) RETURNS jsonb
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
WITH rate AS (SELECT CASE WHEN requests > 0 THEN errors::double precision / requests END AS value),
judged AS (
    SELECT r.value, CASE
        WHEN requests = 0 THEN 'no outcome of this step is known'
        WHEN requests < (of).min_requests THEN format('%s of %s requests', requests, (of).min_requests)
        WHEN outcome_at < clock_timestamp() - greatest((of).every / 7, interval '1 minute')
            THEN format('no outcome since %s', date_trunc('second', outcome_at))
        WHEN suspicious THEN 'the rate of errors is suspicious'
        WHEN r.value > (of).max_error_rate THEN 'the rate of errors is above the limit' END AS reason
    FROM rate AS r)
SELECT jsonb_build_object('value', j.value, 'limit', (of).max_error_rate, 'open', j.reason IS NULL,
    'reason', j.reason) FROM judged AS j $$;
COMMENT ON FUNCTION gpsync_internal.judge_error_gate(gpsync.ramp, bigint, bigint, timestamptz, boolean) IS
    'Gate errors, as judge_gate() gives one: value and limit are rates';

CREATE FUNCTION gpsync_internal.judge_gates(of gpsync.ramp) RETURNS jsonb
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(jsonb_object_agg(g.key, gpsync_internal.judge_gate(of, g.key, g.value)), '{}')
FROM jsonb_each((of).gates) AS g $$;
COMMENT ON FUNCTION gpsync_internal.judge_gates(gpsync.ramp) IS
    'The gates of a ramp without that of the errors, as an object of what judge_gate() gives';

CREATE FUNCTION gpsync_internal.shut_gates(gates jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(array_agg(g.key ORDER BY g.key), '{}') FROM jsonb_each(gates) AS g
WHERE NOT coalesce((g.value ->> 'open')::boolean, false) $$;
COMMENT ON FUNCTION gpsync_internal.shut_gates(jsonb) IS 'The names of the gates that are not open, in order';

CREATE FUNCTION gpsync_internal.shut_reasons(gates jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%s: %s', g.key, g.value ->> 'reason'), '; ' ORDER BY g.key) FROM jsonb_each(gates) AS g
WHERE NOT coalesce((g.value ->> 'open')::boolean, false) $$;
COMMENT ON FUNCTION gpsync_internal.shut_reasons(jsonb) IS 'Why gates are shut, as text; NULL: all are open';

REVOKE ALL ON FUNCTION gpsync_internal.gate_names(), gpsync_internal.refuse_gate(text, jsonb),
    gpsync_internal.refuse_gates(jsonb), gpsync_internal.gate_stream_problem(text),
    gpsync_internal.gate_lag(gpsync.ramp, jsonb), gpsync_internal.gate_latency(gpsync.ramp, jsonb),
    gpsync_internal.gate_backlog(gpsync.ramp, jsonb), gpsync_internal.gate_dead_letters(gpsync.ramp, jsonb),
    gpsync_internal.gate_breaker(gpsync.ramp, jsonb), gpsync_internal.gate_verify(gpsync.ramp, jsonb),
    gpsync_internal.judge_gate(gpsync.ramp, text, jsonb),
    gpsync_internal.judge_error_gate(gpsync.ramp, bigint, bigint, timestamptz, boolean),
    gpsync_internal.judge_gates(gpsync.ramp), gpsync_internal.shut_gates(jsonb),
    gpsync_internal.shut_reasons(jsonb) FROM PUBLIC;
