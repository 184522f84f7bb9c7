-- A look at a ramp, and what it decides. The supervisor looks once a minute; without one, cron calls tick_ramps().

CREATE FUNCTION gpsync_internal.add_outcomes(scores double precision[], requests bigint, errors bigint,
        max_error_rate double precision) RETURNS double precision[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_add_outcomes';
COMMENT ON FUNCTION gpsync_internal.add_outcomes(double precision[], bigint, bigint, double precision) IS
    'The scores of the CUSUM after more outcomes (src/core/ramp/error_rate.hpp). Errors: 22023';

CREATE FUNCTION gpsync_internal.judge_errors(rule text, scores double precision[], requests bigint, errors bigint,
        max_error_rate double precision, min_requests bigint, OUT statistic text, OUT value double precision,
        OUT bound double precision, OUT exceeded boolean, OUT suspicious boolean)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_judge_errors';
COMMENT ON FUNCTION gpsync_internal.judge_errors(text, double precision[], bigint, bigint, double precision, bigint) IS
    'In: a rule, the scores, and the outcomes of the step. Out: the statistic that is nearest to its bound; whether '
    'the rule says roll back; whether the rate is suspicious, so that no step is made. Errors: 22023';

CREATE FUNCTION gpsync_internal.decide_ramp(state text, width integer, step integer, exceeded boolean, due boolean,
        gates_open boolean, OUT action text, OUT new_width integer)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_decide_ramp';
COMMENT ON FUNCTION gpsync_internal.decide_ramp(text, integer, integer, boolean, boolean, boolean) IS
    'What a look ends with: none, step, complete, wait (it is due, and a gate is shut), roll_back (src/core/ramp/'
    'decision.hpp). Errors: 22023';

CREATE FUNCTION gpsync_internal.ramp_event(decision text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'ramp.' || CASE decision WHEN 'create' THEN 'created' WHEN 'drop' THEN 'dropped' WHEN 'hold' THEN 'held'
    WHEN 'resume' THEN 'resumed' WHEN 'advance' THEN 'step' WHEN 'wait' THEN 'gate' ELSE decision END $$;
COMMENT ON FUNCTION gpsync_internal.ramp_event(text) IS 'The operational event of a decision in ramp_decision';

CREATE FUNCTION gpsync_internal.note_ramp(before gpsync.ramp, decision text, width integer, reason text,
        decided_by name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    look gpsync.ramp_look;
BEGIN
    SELECT * INTO look FROM gpsync.ramp_look AS l WHERE l.ramp = (before).ramp;
    INSERT INTO gpsync.ramp_decision (ramp, decision, width_before, width_after, reason, statistic, value, bound,
                                      requests, errors, gates, decided_by)
    VALUES ((before).ramp, decision, (before).width, width, reason, look.statistic, look.value, look.bound,
            look.requests, look.errors, look.gates, decided_by);
    PERFORM gpsync_internal.raise_ops_event(gpsync_internal.ramp_event(decision), (before).ramp, jsonb_build_object(
        'share_before', round((before).width / 100.0, 2), 'share', round(width / 100.0, 2), 'reason', reason,
        'statistic', look.statistic, 'value', look.value, 'bound', look.bound, 'requests', look.requests,
        'errors', look.errors, 'by', decided_by));
END $$;
COMMENT ON FUNCTION gpsync_internal.note_ramp(gpsync.ramp, text, integer, text, name) IS
    'Writes a decision about a ramp, as it was before, with the numbers of the last look; and reports it';

CREATE FUNCTION gpsync_internal.watch_ramp(of gpsync.ramp) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.create_ramp_counters((of).ramp);
    INSERT INTO gpsync.ramp_look (ramp, counted_ok, counted_failed, relay_counts)
    SELECT (of).ramp, gpsync_internal.ramp_count((of).ramp, true), gpsync_internal.ramp_count((of).ramp, false),
           o.counts FROM gpsync_internal.relay_outcomes((of).stream, NULL) AS o;
    INSERT INTO gpsync.ramp_evidence (ramp, source) VALUES ((of).ramp, 'application'), ((of).ramp, 'relay');
END $$;
COMMENT ON FUNCTION gpsync_internal.watch_ramp(gpsync.ramp) IS 'Begins to count the outcomes of a ramp';

-- What a dump has is the share. What was known of it is not known here, so nothing steps until an operator says so.
CREATE FUNCTION gpsync_internal.take_over_ramp(of gpsync.ramp) RETURNS gpsync.ramp
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    taken gpsync.ramp := of;
    restored text := 'the ramp comes from a dump';
BEGIN
    IF EXISTS (SELECT FROM gpsync.ramp_look AS l WHERE l.ramp = (of).ramp) THEN
        RETURN of;
    END IF;
    PERFORM gpsync_internal.watch_ramp(of);
    IF (of).state = 'running' THEN
        taken.state := 'held';
        taken.since := clock_timestamp();
        taken.reason := restored;
        PERFORM gpsync_internal.note_ramp(of, 'hold', (of).width, restored, 'gpsync');
    END IF;
    -- Also where nothing changes: sessions that have read the ramp do not know its counters.
    UPDATE gpsync.ramp AS r SET state = taken.state, since = taken.since, reason = taken.reason
    WHERE r.ramp = (of).ramp;
    RETURN taken;
END $$;
COMMENT ON FUNCTION gpsync_internal.take_over_ramp(gpsync.ramp) IS
    'A ramp that comes from a dump is held at its share, and watched from now on. Any other: as it is. REQUIRES: its '
    'row is locked';

CREATE FUNCTION gpsync_internal.add_evidence(of gpsync.ramp, source text, requests bigint, errors bigint) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
UPDATE gpsync.ramp_evidence AS e
SET scores = gpsync_internal.add_outcomes(e.scores, add_evidence.requests, add_evidence.errors, (of).max_error_rate),
    requests = e.requests + add_evidence.requests, errors = e.errors + add_evidence.errors,
    total = e.total + add_evidence.requests
WHERE e.ramp = (of).ramp AND e.source = add_evidence.source AND add_evidence.requests > 0 $$;
COMMENT ON FUNCTION gpsync_internal.add_evidence(gpsync.ramp, text, bigint, bigint) IS
    'Adds outcomes of a source to what is known of a ramp';

CREATE FUNCTION gpsync_internal.begin_ramp_step(ramp text, anew boolean) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
UPDATE gpsync.ramp_evidence AS e
SET requests = 0, errors = 0, scores = CASE WHEN anew THEN '{0,0,0,0,0,0,0,0}' ELSE e.scores END,
    total = CASE WHEN anew THEN 0 ELSE e.total END
WHERE e.ramp = begin_ramp_step.ramp;
UPDATE gpsync.ramp_look AS l
SET exceeded = false, suspicious = l.suspicious AND NOT anew, shut = '{}', requests = 0, errors = 0, outcome_at = NULL,
    value = CASE WHEN anew THEN 0 ELSE l.value END
WHERE l.ramp = begin_ramp_step.ramp $$;
COMMENT ON FUNCTION gpsync_internal.begin_ramp_step(text, boolean) IS
    'What is counted by the step begins at 0; anew: everything does';

-- The errors that decide are those of the source that is nearest to its bound. The gate counts the requests of
-- applications, where any report; else the relay's.
CREATE FUNCTION gpsync_internal.judge_ramp(of gpsync.ramp, OUT source text, OUT statistic text,
        OUT value double precision, OUT bound double precision, OUT exceeded boolean, OUT suspicious boolean,
        OUT requests bigint, OUT errors bigint)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH judged AS (
    SELECT e.source, e.requests, e.errors, e.total, j.*
    FROM gpsync.ramp_evidence AS e CROSS JOIN LATERAL gpsync_internal.judge_errors((of).rule, e.scores, e.requests,
        e.errors, (of).max_error_rate, (of).min_requests) AS j
    WHERE e.ramp = (of).ramp),
worst AS (SELECT * FROM judged AS j
          ORDER BY j.exceeded DESC, j.value / j.bound DESC, j.total > 0 DESC, j.source LIMIT 1),
counted AS (SELECT * FROM judged AS j WHERE j.total > 0 OR j.source = 'relay' ORDER BY j.source LIMIT 1)
SELECT w.source, w.statistic, w.value, w.bound, w.exceeded, (SELECT bool_or(j.suspicious) FROM judged AS j),
       CASE WHEN w.exceeded THEN w.requests ELSE c.requests END, CASE WHEN w.exceeded THEN w.errors ELSE c.errors END
FROM worst AS w, counted AS c $$;
COMMENT ON FUNCTION gpsync_internal.judge_ramp(gpsync.ramp) IS
    'What the outcomes of a ramp say: the statistic that is nearest to its bound, and whose it is; whether to roll '
    'back; whether it is suspicious; requests and errors of the step';

CREATE FUNCTION gpsync_internal.ramp_numbers(look gpsync.ramp_look) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('%s of %s %s, bound %s; %s error(s) in %s request(s) of the step', (look).statistic, (look).source,
    round((look).value::numeric, 4)::double precision, (look).bound, (look).errors, (look).requests) $$;
COMMENT ON FUNCTION gpsync_internal.ramp_numbers(gpsync.ramp_look) IS
    'The numbers of a look, as the reason of a decision';

CREATE FUNCTION gpsync_internal.move_ramp(of gpsync.ramp, decision text, new_width integer, why text, decided_by name)
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    new_state text := CASE WHEN new_width = 0 THEN 'rolled_back' WHEN new_width = 10000 THEN 'complete'
        WHEN (of).state = 'held' THEN 'held' ELSE 'running' END;
    now timestamptz := clock_timestamp();
BEGIN
    PERFORM gpsync_internal.note_ramp(of, decision, new_width, why, decided_by);
    UPDATE gpsync.ramp AS r SET width = new_width, state = new_state, since = now, step_began_at = now, reason = why,
        next_step_at = CASE WHEN new_state IN ('running', 'held') THEN now + r.every END
    WHERE r.ramp = (of).ramp;
    -- What has rolled it back stays to be seen.
    IF new_width > 0 THEN
        PERFORM gpsync_internal.begin_ramp_step((of).ramp, (of).width = 0);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.move_ramp(gpsync.ramp, text, integer, text, name) IS
    'Changes the width of a ramp, to 0 at a roll-back, and writes why. REQUIRES: its row is locked, and is as given';

CREATE FUNCTION gpsync_internal.look_at_ramp(of gpsync.ramp) RETURNS gpsync.ramp_look
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    look gpsync.ramp_look;
    judged record;
    found jsonb;
BEGIN
    SELECT * INTO judged FROM gpsync_internal.judge_ramp(of);
    found := gpsync_internal.judge_gates(of);
    UPDATE gpsync.ramp_look AS l SET looked_at = clock_timestamp(), source = judged.source,
        statistic = judged.statistic, value = judged.value, bound = judged.bound, requests = judged.requests,
        errors = judged.errors, exceeded = judged.exceeded, suspicious = judged.suspicious, error = NULL,
        gates = found || jsonb_build_object('errors', gpsync_internal.judge_error_gate(of, judged.requests,
            judged.errors, l.outcome_at, judged.suspicious))
    WHERE l.ramp = (of).ramp RETURNING * INTO STRICT look;
    RETURN look;
END $$;
COMMENT ON FUNCTION gpsync_internal.look_at_ramp(gpsync.ramp) IS
    'Judges outcomes and gates of a ramp, and keeps what it finds. REQUIRES: its row is locked';

-- That something is in the way is written when it begins, and again when it is something else.
CREATE FUNCTION gpsync_internal.note_waiting(of gpsync.ramp, look gpsync.ramp_look, action text, was_suspicious boolean)
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    -- Of this wait: a gate that opens and shuts again is written once.
    named text[] := CASE WHEN action = 'wait' THEN array(
        SELECT g FROM unnest((look).shut || gpsync_internal.shut_gates((look).gates)) AS g GROUP BY g ORDER BY g)
        ELSE '{}' END;
BEGIN
    IF action = 'wait' AND named <> (look).shut THEN
        PERFORM gpsync_internal.note_ramp(of, 'wait', (of).width, gpsync_internal.shut_reasons((look).gates),
            'gpsync');
    END IF;
    IF (look).suspicious AND NOT was_suspicious THEN
        PERFORM gpsync_internal.note_ramp(of, 'suspicious', (of).width, gpsync_internal.ramp_numbers(look),
            'gpsync');
    END IF;
    UPDATE gpsync.ramp_look AS l SET shut = named WHERE l.ramp = (of).ramp AND l.shut <> named;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_waiting(gpsync.ramp, gpsync.ramp_look, text, boolean) IS
    'Writes that a ramp waits at gates, or that its errors are suspicious, once each time';

CREATE FUNCTION gpsync_internal.tick_ramp(ramp text) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.ramp;
    counted record;
    look gpsync.ramp_look;
    decision record;
    was_suspicious boolean;
BEGIN
    SELECT * INTO of FROM gpsync.ramp AS r WHERE r.ramp = tick_ramp.ramp FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    of := gpsync_internal.take_over_ramp(of);
    SELECT * INTO counted FROM gpsync_internal.count_outcomes(of);
    IF of.state = 'rolled_back' THEN
        UPDATE gpsync.ramp_look AS l SET looked_at = clock_timestamp(), error = NULL WHERE l.ramp = tick_ramp.ramp;
        RETURN 'none';
    END IF;
    PERFORM gpsync_internal.add_evidence(of, 'application', counted.requests, counted.errors);
    PERFORM gpsync_internal.add_evidence(of, 'relay', counted.relay_requests, counted.relay_errors);
    was_suspicious := (SELECT l.suspicious FROM gpsync.ramp_look AS l WHERE l.ramp = tick_ramp.ramp);
    look := gpsync_internal.look_at_ramp(of);
    SELECT * INTO decision FROM gpsync_internal.decide_ramp(of.state, of.width, of.step,
        look.exceeded, coalesce(of.next_step_at <= clock_timestamp(), false),
        gpsync_internal.shut_gates(look.gates) = '{}');
    IF decision.action IN ('roll_back', 'step', 'complete') THEN
        PERFORM gpsync_internal.move_ramp(of, decision.action, decision.new_width,
            gpsync_internal.ramp_numbers(look), 'gpsync');
    ELSE
        PERFORM gpsync_internal.note_waiting(of, look, decision.action, was_suspicious);
    END IF;
    RETURN decision.action;
END $$;
COMMENT ON FUNCTION gpsync_internal.tick_ramp(text) IS
    'One look at a ramp: counts outcomes, judges, decides, and writes it, all in the caller''s transaction. Out: what '
    'decide_ramp() says; NULL where another session is at it, or there is no such ramp';

-- Before the minute is over, so that a cron job that runs each minute is never too early.
CREATE FUNCTION gpsync_internal.ramp_interval(every interval) RETURNS interval
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT least(interval '55 s', every / 10) $$;
COMMENT ON FUNCTION gpsync_internal.ramp_interval(interval) IS
    'How long after a look the next one is due, for a ramp that steps so often';

CREATE FUNCTION gpsync_internal.ramp_log_retention() RETURNS interval
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_ramp_log_retention';
COMMENT ON FUNCTION gpsync_internal.ramp_log_retention() IS 'Setting gpsync.ramp_log_retention; NULL: for ever';

-- What a ramp is at has its reason in its last decision, however old that is.
CREATE FUNCTION gpsync_internal.trim_ramp_log() RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
DELETE FROM gpsync.ramp_decision AS d
WHERE d.decided_at < now() - gpsync_internal.ramp_log_retention()
    AND (EXISTS (SELECT FROM gpsync.ramp_decision AS l WHERE l.ramp = d.ramp AND l.id > d.id)
         OR NOT EXISTS (SELECT FROM gpsync.ramp AS r WHERE r.ramp = d.ramp)) $$;
COMMENT ON FUNCTION gpsync_internal.trim_ramp_log() IS
    'Deletes decisions that are older than gpsync.ramp_log_retention, but for the last one of each ramp that exists';

CREATE FUNCTION gpsync_internal.tick_ramps() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    due text;
    looks integer := 0;
BEGIN
    FOR due IN
        SELECT r.ramp FROM gpsync.ramp AS r LEFT JOIN gpsync.ramp_look AS l ON l.ramp = r.ramp
        WHERE l.looked_at IS NULL OR l.looked_at <= clock_timestamp() - gpsync_internal.ramp_interval(r.every)
        ORDER BY r.ramp
    LOOP
        BEGIN
            looks := looks + (gpsync_internal.tick_ramp(due) IS NOT NULL)::integer;
        EXCEPTION WHEN OTHERS THEN
            UPDATE gpsync.ramp_look AS l
            SET looked_at = clock_timestamp(), error = format('SQLSTATE %s: %s', SQLSTATE, SQLERRM)
            WHERE l.ramp = due;
        END;
    END LOOP;
    -- Reported while the ramp was dropped.
    IF looks > 0 OR NOT EXISTS (SELECT FROM gpsync.ramp) THEN
        DELETE FROM gpsync.ramp_outcome AS o WHERE NOT EXISTS (SELECT FROM gpsync.ramp AS r WHERE r.ramp = o.ramp);
        PERFORM gpsync_internal.trim_ramp_log();
    END IF;
    RETURN looks;
END $$;
COMMENT ON FUNCTION gpsync_internal.tick_ramps() IS
    'Looks at every ramp that is due, one a minute at most (more often where it steps more often than every ten '
    'minutes). The supervisor calls it each second; without one, call it each minute by cron. Called by several '
    'sessions at once, each ramp is looked at by one. A ramp whose look fails makes no step. Out: the number of looks';

REVOKE ALL ON FUNCTION gpsync_internal.add_outcomes(double precision[], bigint, bigint, double precision),
    gpsync_internal.judge_errors(text, double precision[], bigint, bigint, double precision, bigint),
    gpsync_internal.decide_ramp(text, integer, integer, boolean, boolean, boolean), gpsync_internal.ramp_event(text),
    gpsync_internal.note_ramp(gpsync.ramp, text, integer, text, name), gpsync_internal.watch_ramp(gpsync.ramp),
    gpsync_internal.take_over_ramp(gpsync.ramp), gpsync_internal.add_evidence(gpsync.ramp, text, bigint, bigint),
    gpsync_internal.begin_ramp_step(text, boolean), gpsync_internal.judge_ramp(gpsync.ramp),
    gpsync_internal.ramp_numbers(gpsync.ramp_look),
    gpsync_internal.move_ramp(gpsync.ramp, text, integer, text, name), gpsync_internal.look_at_ramp(gpsync.ramp),
    gpsync_internal.note_waiting(gpsync.ramp, gpsync.ramp_look, text, boolean), gpsync_internal.tick_ramp(text),
    gpsync_internal.ramp_interval(interval), gpsync_internal.ramp_log_retention(), gpsync_internal.trim_ramp_log(),
    gpsync_internal.tick_ramps() FROM PUBLIC;
