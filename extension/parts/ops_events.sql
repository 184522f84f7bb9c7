-- Operational events: what an operator wants to hear of without asking (breaker, dead letters, ramp, roll-back ...).
-- docs/notifications.md. raise_ops_event() notes an occurrence; what was noted of one event and subject is sent as one
-- message, at most once a window (gpsync.notify_interval). Nobody waits for anybody here: the caller may be the relay,
-- or have locks that the application waits for.

CREATE TABLE gpsync.ops_event (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event         text NOT NULL,
    subject       text NOT NULL,
    notifications text[] NOT NULL,      -- that get it whatever events they ask for
    occurrences   bigint NOT NULL,
    first_at      timestamptz NOT NULL,
    last_at       timestamptz NOT NULL,
    details       jsonb NOT NULL        -- of the last one
);
COMMENT ON TABLE gpsync.ops_event IS
    'Operational events that were not sent yet: their window is open, or their transaction could not send them. Empty '
    'most of the time';

CREATE TABLE gpsync.ops_window (
    event   text NOT NULL,
    subject text NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (event, subject)
);
COMMENT ON TABLE gpsync.ops_window IS
    'Until when further operational events of a name and subject are summed up, since one was sent';
REVOKE ALL ON TABLE gpsync.ops_event, gpsync.ops_window FROM PUBLIC;

CREATE FUNCTION gpsync_internal.known_ops_events() RETURNS TABLE (event text, meaning text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20 SET search_path = pg_catalog, pg_temp
    AS $$
VALUES ('breaker.opened', 'an endpoint fails: nothing is sent there but probes'),
       ('breaker.closed', 'the endpoint takes events again'),
       ('dead_letters.added', 'an endpoint has refused events for good'),
       ('spool.limit', 'an endpoint has reached spool_limit or spool_time: its stream waits'),
       ('ramp.created', 'there is a new ramp'),
       ('ramp.step', 'the share of a ramp has grown'),
       ('ramp.gate', 'a ramp waits at gates that are shut'),
       ('ramp.suspicious', 'the errors of a ramp are too many for a step, and too few for a roll-back'),
       ('ramp.roll_back', 'a ramp was rolled back'),
       ('ramp.held', 'a ramp is held at its share'),
       ('ramp.resumed', 'a ramp goes on, or begins again'),
       ('ramp.complete', 'a ramp has reached 100 %'),
       ('ramp.dropped', 'a ramp was dropped'),
       ('rollback.started', 'an emergency roll-back takes a batch back'),
       ('rollback.finished', 'it has ended'),
       ('rollback.rows_left', 'it has left rows as they were, because others had changed them since'),
       ('traffic.stopped', 'tables refuse the application''s writes'),
       ('traffic.resumed', 'they take them again'),
       ('import.done', 'an import has ended'),
       ('verify.differences', 'a verification has found differences'),
       ('history.stopped', 'the history of a table cannot be written'),
       ('copy.stopped', 'an analytical copy cannot be written') $$;
COMMENT ON FUNCTION gpsync_internal.known_ops_events() IS
    'The operational events there are, without gpsync.ops., and what each says';

CREATE FUNCTION gpsync_internal.may_send_ops_events() RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_may_send_ops_events';
COMMENT ON FUNCTION gpsync_internal.may_send_ops_events() IS
    'Whether this transaction can send operational events: not one that books (streams leave it out), that is '
    'read-only, or that is not read committed. It must not wait for one that drops a stream either';

CREATE FUNCTION gpsync_internal.try_lock_ops_event(event text, subject text) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_try_lock_ops_event';
COMMENT ON FUNCTION gpsync_internal.try_lock_ops_event(text, text) IS
    'Makes this transaction the one, until it ends, that sums up and sends the operational events of a name and '
    'subject; false when another one is that';

CREATE FUNCTION gpsync_internal.emit_ops_event(topic text, type text, key text, data jsonb) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_emit_ops_event';
COMMENT ON FUNCTION gpsync_internal.emit_ops_event(text, text, text, jsonb) IS
    'emit() for types of gpsync''s own and data that is scrubbed already; false when no stream takes the topic';

CREATE FUNCTION gpsync_internal.notify_interval() RETURNS interval
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT coalesce(current_setting('gpsync.notify_interval', true)::interval, interval '5 minutes') $$;
COMMENT ON FUNCTION gpsync_internal.notify_interval() IS
    'For how long, after an operational event was sent, further ones of its name and subject are summed up';

-- Counts are added up; of the rest the later one says how it is now.
CREATE FUNCTION gpsync_internal.sum_ops_details(earlier jsonb, later jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN jsonb_typeof(earlier -> 'letters') = 'number' AND jsonb_typeof(later -> 'letters') = 'number'
    THEN later || jsonb_build_object('letters', (earlier ->> 'letters')::numeric + (later ->> 'letters')::numeric)
    ELSE later END $$;
COMMENT ON FUNCTION gpsync_internal.sum_ops_details(jsonb, jsonb) IS
    'What two occurrences of an operational event say together';

CREATE FUNCTION gpsync_internal.ops_message(event text, subject text, occurrences bigint, first_at timestamptz,
    last_at timestamptz, details jsonb) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_build_object('event', event, 'subject', subject, 'count', occurrences, 'first_at', shown.first_at,
           'last_at', shown.last_at, 'details', details)
FROM (SELECT to_char(first_at AT TIME ZONE 'UTC', format) AS first_at,
             to_char(last_at AT TIME ZONE 'UTC', format) AS last_at
      FROM (VALUES ('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) AS f (format)) AS shown $$;
COMMENT ON FUNCTION gpsync_internal.ops_message(text, text, bigint, timestamptz, timestamptz, jsonb) IS
    'The data of an operational event, as endpoints, NOTIFY and the log show it';

-- A full queue would fail the caller's COMMIT.
CREATE FUNCTION gpsync_internal.notify_ops_event(message jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF pg_notification_queue_usage() < 0.5 THEN
        PERFORM pg_notify('gpsync_ops', CASE WHEN octet_length(message::text) < 8000 THEN message::text
            ELSE (message - 'details' || '{"details": null}')::text END);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.notify_ops_event(jsonb) IS
    'NOTIFY gpsync_ops with an operational event; without its details where these are too long for a payload, and not '
    'at all while listeners have left half of the queue unread';

-- Several notifications for one endpoint have one stream, which gets the event once. What happens to that stream itself
-- is not for its endpoint: each message that it refuses would be followed by another about it, for ever.
CREATE FUNCTION gpsync_internal.emit_to_notifications(event text, subject text, names text[], message jsonb)
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    receiver record;
BEGIN
    FOR receiver IN
        SELECT n.topic, jsonb_agg(n.notification ORDER BY n.notification) AS notifications
        FROM gpsync.notification AS n
        WHERE (n.notification = ANY (names) OR gpsync_internal.event_is_asked_for(event, n.events))
            AND n.stream IS DISTINCT FROM message #>> '{details,stream}'
        GROUP BY n.topic ORDER BY 1
    LOOP
        IF NOT gpsync_internal.emit_ops_event(receiver.topic, 'gpsync.ops.' || event, subject,
                message || jsonb_build_object('notifications', receiver.notifications)) THEN
            RAISE LOG 'gpsync: no stream takes topic "%" of notifications %', receiver.topic, receiver.notifications;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.emit_to_notifications(text, text, text[], jsonb) IS
    'Sends an operational event to the endpoints of the notifications that ask for it, and of those named';

-- REQUIRES: may_send_ops_events(), and this transaction has try_lock_ops_event().
CREATE FUNCTION gpsync_internal.send_noted_ops_event(of_event text, of_subject text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    part gpsync.ops_event;
    total gpsync.ops_event;
    ids bigint[] := '{}';
    message jsonb;
BEGIN
    IF EXISTS (SELECT FROM gpsync.ops_window AS w
               WHERE w.event = of_event AND w.subject = of_subject AND w.ends_at > clock_timestamp()) THEN
        RETURN;
    END IF;
    FOR part IN SELECT * FROM gpsync.ops_event AS e WHERE e.event = of_event AND e.subject = of_subject
                ORDER BY e.last_at, e.id LOOP
        ids := ids || part.id;
        IF total.id IS NULL THEN
            total := part;
        ELSE
            total.occurrences := total.occurrences + part.occurrences;
            total.first_at := least(total.first_at, part.first_at);
            total.last_at := part.last_at;
            total.details := gpsync_internal.sum_ops_details(total.details, part.details);
            total.notifications := total.notifications || part.notifications;
        END IF;
    END LOOP;
    IF total.id IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM gpsync.ops_event AS e WHERE e.id = ANY (ids);
    INSERT INTO gpsync.ops_window AS w (event, subject, ends_at)
        VALUES (of_event, of_subject, clock_timestamp() + gpsync_internal.notify_interval())
        ON CONFLICT ON CONSTRAINT ops_window_pkey DO UPDATE SET ends_at = excluded.ends_at;
    message := gpsync_internal.ops_message(of_event, of_subject, total.occurrences, total.first_at, total.last_at,
                                           total.details);
    PERFORM gpsync_internal.emit_to_notifications(of_event, of_subject, total.notifications, message),
        gpsync_internal.notify_ops_event(message);
    RAISE LOG 'gpsync: % of %', of_event, of_subject USING DETAIL = message::text;
END $$;
COMMENT ON FUNCTION gpsync_internal.send_noted_ops_event(text, text) IS
    'Sends what was noted of an operational event and subject, as one message, unless its window is open';

-- Where another transaction sums up this event at the moment, or under a snapshot of the transaction, in which an
-- UPDATE may fail, the occurrence is a row of its own.
CREATE FUNCTION gpsync_internal.note_ops_event(names text[], of_event text, of_subject text, of_details jsonb)
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    happened timestamptz := clock_timestamp();
    locked boolean := current_setting('transaction_isolation') = 'read committed'
        AND gpsync_internal.try_lock_ops_event(of_event, of_subject);
BEGIN
    IF locked THEN
        UPDATE gpsync.ops_event AS e SET occurrences = e.occurrences + 1, last_at = happened,
            details = gpsync_internal.sum_ops_details(e.details, of_details),
            notifications = array(SELECT DISTINCT n FROM unnest(e.notifications || names) AS n ORDER BY 1)
        WHERE e.id = (SELECT max(l.id) FROM gpsync.ops_event AS l
                      WHERE l.event = of_event AND l.subject = of_subject);
    END IF;
    IF NOT locked OR NOT FOUND THEN
        INSERT INTO gpsync.ops_event (event, subject, notifications, occurrences, first_at, last_at, details)
            VALUES (of_event, of_subject, names, 1, happened, happened, of_details);
    END IF;
    IF locked AND gpsync_internal.may_send_ops_events() THEN
        PERFORM gpsync_internal.send_noted_ops_event(of_event, of_subject);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_ops_event(text[], text, text, jsonb) IS
    'Notes an operational event, and sends it where nothing is against it';

CREATE FUNCTION gpsync_internal.raise_ops_event_to(notifications text[], event text, subject text, data jsonb)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.note_ops_event(coalesce(notifications, '{}'), event,
        left(regexp_replace(gpsync.scrub(to_jsonb(coalesce(subject, ''))) #>> '{}', '[[:cntrl:]]', ' ', 'g'), 120),
        coalesce((SELECT jsonb_object_agg(d.key, CASE jsonb_typeof(d.value) WHEN 'string'
                      THEN to_jsonb(left(d.value #>> '{}', 1000)) ELSE d.value END)
                  FROM jsonb_each(gpsync.scrub(coalesce(data, '{}'))) AS d), '{}'));
EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'gpsync: % of % was not noted: SQLSTATE %', event, subject, SQLSTATE;
END $$;
COMMENT ON FUNCTION gpsync_internal.raise_ops_event_to(text[], text, text, jsonb) IS
    'raise_ops_event(), and the notifications of these names get the event also if they do not ask for it; names that '
    'there are not are left out';

CREATE FUNCTION gpsync_internal.raise_ops_event(event text, subject text, data jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.raise_ops_event_to('{}', event, subject, data) $$;
COMMENT ON FUNCTION gpsync_internal.raise_ops_event(text, text, jsonb) IS
    'Reports an operational event, when the transaction commits. event: its name without gpsync.ops., such as '
    'ramp.step (known_ops_events()); subject: the ramp, stream, endpoint or batch it is about; data: numbers and '
    'names, never a payload or a value of a row. It never fails, and never waits: the first of an event and subject '
    'goes out at once, those of the next minutes (gpsync.notify_interval) as one message with their count';

CREATE FUNCTION gpsync_internal.send_ops_events() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    due record;
    -- Another session sends an earlier one of theirs: the later ones must not come before it.
    busy text[] := '{}';
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.ops_event)
        AND NOT EXISTS (SELECT FROM gpsync.ops_window AS w WHERE w.ends_at <= clock_timestamp()) THEN
        RETURN;
    END IF;
    FOR due IN
        SELECT e.event, e.subject
        FROM gpsync.ops_event AS e LEFT JOIN gpsync.ops_window AS w ON w.event = e.event AND w.subject = e.subject
        WHERE w.ends_at IS NULL OR w.ends_at <= clock_timestamp()
        GROUP BY e.event, e.subject ORDER BY max(e.last_at), 1, 2
    LOOP
        EXIT WHEN NOT gpsync_internal.may_send_ops_events();
        CONTINUE WHEN due.subject = ANY (busy);
        IF NOT gpsync_internal.try_lock_ops_event(due.event, due.subject) THEN
            busy := busy || due.subject;
        ELSE
            BEGIN
                PERFORM gpsync_internal.send_noted_ops_event(due.event, due.subject);
            EXCEPTION WHEN OTHERS THEN
                RAISE LOG 'gpsync: % of % could not be sent: SQLSTATE %', due.event, due.subject, SQLSTATE;
            END;
        END IF;
    END LOOP;
    DELETE FROM gpsync.ops_window AS w
    WHERE CASE WHEN w.ends_at <= clock_timestamp()
               THEN gpsync_internal.try_lock_ops_event(w.event, w.subject) END;
EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'gpsync: operational events could not be sent: SQLSTATE %', SQLSTATE;
END $$;
COMMENT ON FUNCTION gpsync_internal.send_ops_events() IS
    'Sends the operational events whose window is over, or that could not be sent when they happened. The supervisor '
    'calls it, and relay_report(). It never fails, and waits for nobody';

REVOKE ALL ON FUNCTION gpsync_internal.known_ops_events(), gpsync_internal.may_send_ops_events(),
    gpsync_internal.try_lock_ops_event(text, text), gpsync_internal.emit_ops_event(text, text, text, jsonb),
    gpsync_internal.notify_interval(), gpsync_internal.sum_ops_details(jsonb, jsonb),
    gpsync_internal.ops_message(text, text, bigint, timestamptz, timestamptz, jsonb),
    gpsync_internal.notify_ops_event(jsonb),
    gpsync_internal.emit_to_notifications(text, text, text[], jsonb),
    gpsync_internal.send_noted_ops_event(text, text),
    gpsync_internal.note_ops_event(text[], text, text, jsonb),
    gpsync_internal.raise_ops_event_to(text[], text, text, jsonb),
    gpsync_internal.raise_ops_event(text, text, jsonb), gpsync_internal.send_ops_events() FROM PUBLIC;
