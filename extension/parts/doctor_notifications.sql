-- doctor() on notifications. That their endpoint is gone, or fails, the findings on its stream say.

CREATE FUNCTION gpsync_internal.doctor_notifications()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'notification', 'warning',
       format('notification "%s" reaches nobody: there is no stream "%s" any more', n.notification, n.stream),
       format('SELECT gpsync.drop_notification(%L); SELECT gpsync.create_notification(%1$L, %L, %L)', n.notification,
              n.endpoint, n.events)
FROM gpsync.notification AS n
WHERE NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = n.stream AND n.topic = ANY (s.topics))
UNION ALL
-- Supervisor and relays look every second; somebody else may have the event's lock for a moment.
SELECT 'notification', 'warning',
       format('%s operational event(s) were not sent in time, the oldest of %s: no supervisor and no relay runs',
              count(*), min(e.first_at)),
       'SELECT gpsync_internal.send_ops_events() -- as a superuser; and what the other findings say'
FROM gpsync.ops_event AS e LEFT JOIN gpsync.ops_window AS w ON w.event = e.event AND w.subject = e.subject
WHERE greatest(e.first_at, w.ends_at) < clock_timestamp() - interval '1 minute' HAVING count(*) > 0 $$;
COMMENT ON FUNCTION gpsync_internal.doctor_notifications() IS
    'doctor() on notifications that reach nobody, and operational events that wait';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_notifications() FROM PUBLIC;
