-- create_notification(), drop_notification(): endpoints that operational events (ops_events.sql) go to.
-- docs/notifications.md. An endpoint of notifications has a stream of its own, of one topic: what it waits for, or
-- refuses, then holds up no rows; and what holds up rows does not hold up the message that says so.

CREATE TABLE gpsync.notification (
    notification text PRIMARY KEY CHECK (notification ~ '^[a-z0-9_]{1,36}$'),
    endpoint     text NOT NULL,
    events       text[] NOT NULL CHECK (cardinality(events) > 0),
    stream       text NOT NULL,         -- may be another notification's for the same endpoint
    topic        text NOT NULL,
    owner        name NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE gpsync.notification IS
    'Notifications, as create_notification() made them: which operational events go to which endpoint';
COMMENT ON COLUMN gpsync.notification.stream IS 'The stream that delivers to the endpoint, and nothing else';
COMMENT ON COLUMN gpsync.notification.topic IS 'The topic of that stream';
SELECT pg_catalog.pg_extension_config_dump('gpsync.notification', '');
REVOKE ALL ON TABLE gpsync.notification FROM PUBLIC;

CREATE FUNCTION gpsync_internal.event_is_asked_for(event text, patterns text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(bool_or(p = event OR p = '*' OR right(p, 2) = '.*' AND starts_with(event, left(p, -1))), false)
FROM unnest(patterns) AS p $$;
COMMENT ON FUNCTION gpsync_internal.event_is_asked_for(text, text[]) IS
    'Whether one of the patterns (a name, "ramp.*", "*") matches an operational event';

CREATE FUNCTION gpsync_internal.refuse_bad_event_patterns(events text[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    pattern text;
BEGIN
    IF events IS NULL OR cardinality(events) = 0 OR array_ndims(events) > 1 OR array_position(events, NULL) IS NOT NULL
    THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a notification needs at least one event, as a list of names',
            HINT = 'SELECT gpsync.create_notification(''on_call'', ''pager'', ''{breaker.*,ramp.roll_back}''); ''{*}'' '
                   'means all events.';
    END IF;
    FOREACH pattern IN ARRAY events LOOP
        IF NOT EXISTS (SELECT FROM gpsync_internal.known_ops_events() AS k
                       WHERE gpsync_internal.event_is_asked_for(k.event, ARRAY[pattern])) THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('there is no operational event "%s"', pattern),
                HINT = gpsync_internal.name_hint(pattern, 'events', array(
                    SELECT k.event FROM gpsync_internal.known_ops_events() AS k
                    UNION SELECT split_part(k.event, '.', 1) || '.*' FROM gpsync_internal.known_ops_events() AS k
                    UNION SELECT '*' ORDER BY 1));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_event_patterns(text[]) IS
    'Raises 22023 for an empty list, and with the nearest name for a pattern that no event matches';

CREATE FUNCTION gpsync_internal.refuse_unknown_notifications(names text[]) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    unknown text;
BEGIN
    SELECT n INTO unknown FROM unnest(names) AS n
    WHERE n IS NULL OR NOT EXISTS (SELECT FROM gpsync.notification AS o WHERE o.notification = n) LIMIT 1;
    IF FOUND THEN
        RAISE undefined_object USING
            MESSAGE = CASE WHEN unknown IS NULL THEN 'the name of a notification cannot be NULL'
                ELSE format('notification "%s" does not exist', unknown) END,
            HINT = coalesce(nullif(gpsync_internal.name_hint(coalesce(unknown, ''), 'notifications',
                array(SELECT o.notification FROM gpsync.notification AS o ORDER BY 1)), ''),
                'There is no notification; see gpsync.create_notification().');
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unknown_notifications(text[]) IS
    'Raises 42704 with the nearest name when one of them does not exist';

-- The stream of an earlier notification for the endpoint, or one made for this.
CREATE FUNCTION gpsync_internal.notification_stream(caller oid, notification text, endpoint text, OUT stream text,
    OUT topic text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_bad_endpoints(ARRAY[endpoint], caller);
    IF gpsync_internal.endpoint_protocol(endpoint) = 'local' THEN
        RAISE wrong_object_type USING MESSAGE = format('endpoint "%s" takes no notifications', endpoint),
            DETAIL = 'Its protocol is "local": it keeps history and analytical copies in this database.',
            HINT = 'LISTEN gpsync_ops gets operational events in the database.';
    END IF;
    SELECT n.stream, n.topic INTO stream, topic
    FROM gpsync.notification AS n JOIN gpsync.stream AS s ON s.stream = n.stream
    WHERE n.endpoint = notification_stream.endpoint ORDER BY n.created_at, n.notification LIMIT 1;
    IF NOT FOUND THEN
        PERFORM gpsync_internal.refuse_writing_transaction('create_notification()');
        stream := 'ops_' || notification;
        topic := 'gpsync.ops.' || notification;
        PERFORM gpsync_internal.create_stream_as(caller, stream, ARRAY[endpoint], NULL, false, ARRAY[topic], NULL,
            NULL);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.notification_stream(oid, text, text) IS
    'The stream and topic that a role''s notification for an endpoint has, made if there is none for the endpoint yet';

CREATE FUNCTION gpsync_internal.create_notification_as(caller oid, name text, endpoint text, events text[])
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    sender record;
BEGIN
    IF name IS NULL OR endpoint IS NULL OR events IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'name, endpoint and events of a notification cannot be NULL',
            HINT = 'Without a notification, operational events are in the server log and come by LISTEN gpsync_ops.';
    ELSIF name !~ '^[a-z0-9_]{1,36}$' THEN
        RAISE invalid_name USING MESSAGE = format('invalid notification name: "%s"', name),
            HINT = 'A notification''s name has 1 to 36 lower-case letters, digits and underscores.';
    END IF;
    PERFORM gpsync_internal.refuse_bad_event_patterns(events);
    PERFORM gpsync_internal.lock_stream_creation();
    IF EXISTS (SELECT FROM gpsync.notification AS n WHERE n.notification = name) THEN
        RAISE duplicate_object USING MESSAGE = format('notification "%s" already exists', name),
            HINT = format('SELECT gpsync.drop_notification(%L) comes first.', name);
    END IF;
    SELECT * INTO sender FROM gpsync_internal.notification_stream(caller, name, endpoint);
    INSERT INTO gpsync.notification (notification, endpoint, events, stream, topic, owner)
        VALUES (name, endpoint, events, sender.stream, sender.topic, pg_get_userbyid(caller));
END $$;
COMMENT ON FUNCTION gpsync_internal.create_notification_as(oid, text, text, text[]) IS
    'create_notification() on behalf of a role';

CREATE FUNCTION gpsync.create_notification(name text, endpoint text, events text[]) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.create_notification(text, text, text[]) IS
    'From here on, operational events go to an endpoint (a server of wrapper gpsync_http that the caller may use), as '
    'CloudEvents of type gpsync.ops.EVENT. events: names, such as ramp.roll_back, "ramp.*", or "*" for all. The first '
    'notification for an endpoint makes a stream for it, ops_NAME, which takes a replication slot. Errors: 22004 NULL; '
    '42602 bad name; 22023 no events, or one that there is not; 42710 it exists; and those of create_stream(), 25001 '
    'among them: the transaction has written';

CREATE FUNCTION gpsync_internal.drop_notification_as(caller oid, name text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    sender text;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_notifications(ARRAY[name]);
    DELETE FROM gpsync.notification AS n WHERE n.notification = name RETURNING n.stream INTO sender;
    IF EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = sender)
        AND NOT EXISTS (SELECT FROM gpsync.notification AS n WHERE n.stream = sender) THEN
        PERFORM gpsync_internal.drop_stream_as(caller, sender);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_notification_as(oid, text) IS 'drop_notification() on behalf of a role';

CREATE FUNCTION gpsync.drop_notification(name text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_notification(text) IS
    'Ends a notification; with the last one for its endpoint the stream goes that delivers there, and what it has not '
    'delivered. Errors: 42704 no such notification; those of drop_stream()';

CREATE FUNCTION gpsync_internal.refuse_stream_of_notifications(stream text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    notification text;
BEGIN
    SELECT n.notification INTO notification FROM gpsync.notification AS n
    WHERE n.stream = refuse_stream_of_notifications.stream ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('cannot drop stream "%s" because notification "%s" uses it', stream, notification),
            HINT = format('Drop the notification: SELECT gpsync.drop_notification(%L)', notification);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_stream_of_notifications(text) IS
    'Raises 2BP01 when notifications go through a stream';

CREATE VIEW gpsync.notifications AS
SELECT n.notification, n.endpoint, n.events, n.stream, n.owner, n.created_at FROM gpsync.notification AS n;
COMMENT ON VIEW gpsync.notifications IS
    'Which operational events go to which endpoint; stream_status and endpoint_status say of the stream whether they '
    'arrive';

REVOKE ALL ON FUNCTION gpsync_internal.event_is_asked_for(text, text[]),
    gpsync_internal.refuse_bad_event_patterns(text[]), gpsync_internal.refuse_unknown_notifications(text[]),
    gpsync_internal.notification_stream(oid, text, text),
    gpsync_internal.create_notification_as(oid, text, text, text[]),
    gpsync.create_notification(text, text, text[]), gpsync_internal.drop_notification_as(oid, text),
    gpsync.drop_notification(text), gpsync_internal.refuse_stream_of_notifications(text) FROM PUBLIC;
