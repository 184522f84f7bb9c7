-- create_ramp() and its like. Operators may call them; what they do takes the extension owner's rights.

CREATE FUNCTION gpsync_internal.ramp_buckets(argument text, percent numeric) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF percent IS NULL OR NOT (percent > 0 AND percent <= 100) OR percent * 100 <> trunc(percent * 100) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('%s is no share in percent: %s', argument, coalesce(percent::text, 'null')),
            DETAIL = 'A share is more than 0, at most 100, and a multiple of 0.01.';
    END IF;
    RETURN (percent * 100)::integer;
END $$;
COMMENT ON FUNCTION gpsync_internal.ramp_buckets(text, numeric) IS 'A share in buckets. Errors: 22023';

CREATE FUNCTION gpsync_internal.refuse_ramp(ramp text, every interval, max_error_rate numeric, rule text,
        min_requests bigint, stream text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF ramp IS NULL OR ramp !~ '^[a-z0-9_]{1,40}$' THEN
        RAISE invalid_parameter_value USING MESSAGE = format('invalid name of a ramp: %s', coalesce(ramp, 'null')),
            DETAIL = 'A name is 1 to 40 lower-case letters, digits and underscores.';
    ELSIF EXISTS (SELECT FROM gpsync.ramp AS r WHERE r.ramp = refuse_ramp.ramp) THEN
        RAISE duplicate_object USING MESSAGE = format('ramp "%s" already exists', ramp);
    ELSIF every IS NULL OR every < interval '1 second' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'every must be an interval of a second or more';
    ELSIF max_error_rate IS NULL OR max_error_rate <= 0 OR max_error_rate > 0.1 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'max_error_rate must be more than 0 and at most 0.1',
            DETAIL = 'It is a part of the requests: 0.001 is 0.1 %.';
    ELSIF rule IS NULL OR rule NOT IN ('sequential', 'literal') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('there is no rule "%s"', coalesce(rule, 'null')),
            HINT = gpsync_internal.name_hint(coalesce(rule, ''), 'rules', '{sequential,literal}');
    ELSIF min_requests IS NULL OR min_requests < 0 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'min_requests must be 0 or more';
    ELSIF stream IS NOT NULL AND NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = refuse_ramp.stream) THEN
        RAISE undefined_object USING MESSAGE = format('stream "%s" does not exist', stream),
            HINT = coalesce(nullif(gpsync_internal.name_hint(stream, 'streams', array(SELECT s.stream
                FROM gpsync.stream AS s ORDER BY 1)), ''), 'gpsync.create_stream() makes one.');
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_ramp(text, interval, numeric, text, bigint, text) IS
    'Raises unless a ramp can be made like this: 22023, 42710, 42704';

CREATE FUNCTION gpsync_internal.create_ramp_as(caller oid, ramp text, first numeric, step numeric, every interval,
        max_error_rate numeric, rule text, min_requests bigint, gates jsonb, stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    made gpsync.ramp;
BEGIN
    PERFORM gpsync_internal.refuse_ramp(ramp, every, max_error_rate, rule, min_requests, stream);
    PERFORM gpsync_internal.refuse_gates(gates);
    made.width := gpsync_internal.ramp_buckets('first', first);
    INSERT INTO gpsync.ramp (ramp, width, state, first, step, every, max_error_rate, rule, min_requests, gates, stream,
                             next_step_at, reason, owner)
    VALUES (ramp, made.width, CASE WHEN made.width = 10000 THEN 'complete' ELSE 'running' END, made.width,
            gpsync_internal.ramp_buckets('step', step), every, max_error_rate, rule, min_requests, gates, stream,
            CASE WHEN made.width < 10000 THEN clock_timestamp() + every END, 'created', pg_get_userbyid(caller))
    RETURNING * INTO made;
    PERFORM gpsync_internal.watch_ramp(made);
    made.width := 0;
    PERFORM gpsync_internal.note_ramp(made, 'create', made.first, NULL, pg_get_userbyid(caller));
END $$;
COMMENT ON FUNCTION gpsync_internal.create_ramp_as(oid, text, numeric, numeric, interval, numeric, text, bigint, jsonb,
    text) IS 'create_ramp() on behalf of a role';

CREATE FUNCTION gpsync.create_ramp(ramp text, first numeric DEFAULT 1, step numeric DEFAULT 5,
        every interval DEFAULT '7 days', max_error_rate numeric DEFAULT 0.001, rule text DEFAULT 'sequential',
        min_requests bigint DEFAULT 3000, gates jsonb DEFAULT '{"verify":0,"lag":"60s","dead_letters":0}',
        stream text DEFAULT NULL) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.create_ramp(text, numeric, numeric, interval, numeric, text, bigint, jsonb, text) IS
    'In: a name; the share of keys that go to the modern platform from now on, percent; by how much it grows, percent, '
    'and how often; the rate of errors above which it goes back to 0; by which rule (sequential: a CUSUM and an '
    'e-value, which may be looked at each minute; literal: errors by requests of the step, once there are '
    'min_requests); how many requests a step needs before the next one; gates, which must be open for it (verify, lag, '
    'latency, backlog, dead_letters, breaker, each with its limit); the stream that the gates are about (NULL: all). '
    'Errors: 22023, 42710 it exists, 42704 no such stream';

-- Also what a session does that steps, holds or rolls back at the same moment waits here.
CREATE FUNCTION gpsync_internal.locked_ramp(ramp text) RETURNS gpsync.ramp
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.ramp;
BEGIN
    SELECT * INTO of FROM gpsync.ramp AS r WHERE r.ramp = locked_ramp.ramp FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('ramp "%s" does not exist', coalesce(ramp, 'null')),
            HINT = gpsync_internal.ramp_hint(ramp);
    END IF;
    RETURN gpsync_internal.take_over_ramp(of);
END $$;
COMMENT ON FUNCTION gpsync_internal.locked_ramp(text) IS 'A ramp, locked until the transaction ends. Errors: 42704';

CREATE FUNCTION gpsync_internal.lock_ramp_at_zero_by(ramp text, reason text, decided_by name) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.ramp := gpsync_internal.locked_ramp(ramp);
BEGIN
    IF of.state = 'rolled_back' THEN
        RETURN false;
    END IF;
    PERFORM gpsync_internal.move_ramp(of, 'roll_back', 0, reason, decided_by);
    RETURN true;
END $$;
COMMENT ON FUNCTION gpsync_internal.lock_ramp_at_zero_by(text, text, name) IS
    'lock_ramp_at_zero(), with the role that ramp_log names';

CREATE FUNCTION gpsync_internal.lock_ramp_at_zero(ramp text, reason text) RETURNS boolean
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.lock_ramp_at_zero_by(ramp, reason, session_user) $$;
COMMENT ON FUNCTION gpsync_internal.lock_ramp_at_zero(text, text) IS
    'Rolls a ramp back: every key goes to legacy, and nothing but resume_ramp() changes that. Out: false where it was '
    'rolled back already. Errors: 42704 no such ramp';

CREATE FUNCTION gpsync_internal.roll_back_ramp_as(caller oid, ramp text, reason text) RETURNS boolean
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.lock_ramp_at_zero_by(ramp, reason, pg_get_userbyid(caller)) $$;
COMMENT ON FUNCTION gpsync_internal.roll_back_ramp_as(oid, text, text) IS 'roll_back_ramp() on behalf of a role';

CREATE FUNCTION gpsync.roll_back_ramp(ramp text, reason text DEFAULT NULL) RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.roll_back_ramp(text, text) IS
    'In: a ramp, and why. Every key goes to legacy, from the next call of route() after the commit, and nothing but '
    'resume_ramp() changes that. Out: false where it was rolled back already. Errors: 42704 no such ramp';

CREATE FUNCTION gpsync_internal.hold_ramp_as(caller oid, ramp text, reason text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.ramp := gpsync_internal.locked_ramp(ramp);
BEGIN
    IF of.state IN ('rolled_back', 'complete') THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('ramp "%s" has no step to hold: it is %s', ramp, replace(of.state, '_', ' '));
    ELSIF of.state = 'running' THEN
        PERFORM gpsync_internal.note_ramp(of, 'hold', of.width, hold_ramp_as.reason, pg_get_userbyid(caller));
        UPDATE gpsync.ramp AS r SET state = 'held', since = clock_timestamp(), reason = hold_ramp_as.reason
        WHERE r.ramp = hold_ramp_as.ramp;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.hold_ramp_as(oid, text, text) IS 'hold_ramp() on behalf of a role';

CREATE FUNCTION gpsync.hold_ramp(ramp text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.hold_ramp(text, text) IS
    'In: a ramp, and why. Its share stays until resume_ramp(); errors still roll it back. Held already: nothing. '
    'Errors: 42704 no such ramp; 55000 it is complete or rolled back';

CREATE FUNCTION gpsync_internal.resume_ramp_as(caller oid, ramp text, reason text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.ramp := gpsync_internal.locked_ramp(ramp);
BEGIN
    IF of.state = 'rolled_back' THEN
        -- What came while it was rolled back says nothing of what begins.
        PERFORM gpsync_internal.count_outcomes(of);
        PERFORM gpsync_internal.move_ramp(of, 'resume', of.first, resume_ramp_as.reason, pg_get_userbyid(caller));
    ELSIF of.state = 'held' THEN
        PERFORM gpsync_internal.note_ramp(of, 'resume', of.width, resume_ramp_as.reason, pg_get_userbyid(caller));
        UPDATE gpsync.ramp AS r SET state = 'running', since = clock_timestamp(), reason = resume_ramp_as.reason,
            next_step_at = coalesce(r.next_step_at, clock_timestamp() + r.every)
        WHERE r.ramp = resume_ramp_as.ramp;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.resume_ramp_as(oid, text, text) IS 'resume_ramp() on behalf of a role';

CREATE FUNCTION gpsync.resume_ramp(ramp text, reason text DEFAULT NULL) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resume_ramp(text, text) IS
    'In: a ramp, and why. One that is held goes on: its next step comes when it would have come, or at once if that is '
    'past. One that is rolled back begins again at its first share, and its outcomes are counted from 0. Others: '
    'nothing. Errors: 42704 no such ramp';

CREATE FUNCTION gpsync_internal.advance_ramp_as(caller oid, ramp text, reason text, force boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.ramp := gpsync_internal.locked_ramp(ramp);
    look gpsync.ramp_look;
BEGIN
    IF of.state IN ('rolled_back', 'complete') THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('ramp "%s" has no next step: it is %s', ramp, replace(of.state, '_', ' ')),
            HINT = CASE WHEN of.state = 'rolled_back' THEN format('SELECT gpsync.resume_ramp(%L)', ramp)
                ELSE 'All keys go to the modern platform.' END;
    END IF;
    look := gpsync_internal.look_at_ramp(of);
    IF gpsync_internal.shut_gates(look.gates) <> '{}' AND NOT coalesce(force, false) THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('ramp "%s" has gates that are shut', ramp),
            DETAIL = gpsync_internal.shut_reasons(look.gates),
            HINT = format('To step all the same: SELECT gpsync.advance_ramp(%L, reason, force => true)', ramp);
    END IF;
    PERFORM gpsync_internal.move_ramp(of, 'advance', least(10000, of.width + of.step), advance_ramp_as.reason,
        pg_get_userbyid(caller));
END $$;
COMMENT ON FUNCTION gpsync_internal.advance_ramp_as(oid, text, text, boolean) IS 'advance_ramp() on behalf of a role';

CREATE FUNCTION gpsync.advance_ramp(ramp text, reason text DEFAULT NULL, force boolean DEFAULT false) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.advance_ramp(text, text, boolean) IS
    'In: a ramp, and why; whether to step although a gate is shut. Makes the next step now; one that is held stays '
    'held. Errors: 42704 no such ramp; 55000 a gate is shut, or it is complete or rolled back';

CREATE FUNCTION gpsync_internal.drop_ramp_as(caller oid, ramp text, force boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.ramp := gpsync_internal.locked_ramp(ramp);
BEGIN
    IF of.width > 0 AND NOT coalesce(force, false) THEN
        RAISE object_in_use USING
            MESSAGE = format('ramp "%s" sends %s %% of the keys to the modern platform', ramp,
                round(of.width / 100.0, 2)),
            DETAIL = 'Without the ramp, all keys go to legacy.',
            HINT = format('Roll it back first, or: SELECT gpsync.drop_ramp(%L, force => true)', ramp);
    END IF;
    PERFORM gpsync_internal.note_ramp(of, 'drop', 0, NULL, pg_get_userbyid(caller));
    DELETE FROM gpsync.ramp AS r WHERE r.ramp = drop_ramp_as.ramp;
    DELETE FROM gpsync.ramp_outcome AS o WHERE o.ramp = drop_ramp_as.ramp;
    PERFORM gpsync_internal.drop_ramp_counters(ramp);
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_ramp_as(oid, text, boolean) IS 'drop_ramp() on behalf of a role';

CREATE FUNCTION gpsync.drop_ramp(ramp text, force boolean DEFAULT false) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_ramp(text, boolean) IS
    'In: a ramp; whether to drop it although keys go to the modern platform, all of which go to legacy then. Its log '
    'stays. Errors: 42704 no such ramp; 55006 its share is not 0';

REVOKE ALL ON FUNCTION gpsync_internal.ramp_buckets(text, numeric),
    gpsync_internal.refuse_ramp(text, interval, numeric, text, bigint, text),
    gpsync_internal.create_ramp_as(oid, text, numeric, numeric, interval, numeric, text, bigint, jsonb, text),
    gpsync.create_ramp(text, numeric, numeric, interval, numeric, text, bigint, jsonb, text),
    gpsync_internal.locked_ramp(text), gpsync_internal.lock_ramp_at_zero_by(text, text, name),
    gpsync_internal.lock_ramp_at_zero(text, text), gpsync_internal.roll_back_ramp_as(oid, text, text),
    gpsync.roll_back_ramp(text, text), gpsync_internal.hold_ramp_as(oid, text, text), gpsync.hold_ramp(text, text),
    gpsync_internal.resume_ramp_as(oid, text, text), gpsync.resume_ramp(text, text),
    gpsync_internal.advance_ramp_as(oid, text, text, boolean), gpsync.advance_ramp(text, text, boolean),
    gpsync_internal.drop_ramp_as(oid, text, boolean), gpsync.drop_ramp(text, boolean) FROM PUBLIC;
