-- doctor() on what a promotion would lose: slots that are to be synchronised to standbys, from PostgreSQL 17 on. The
-- columns and settings of that version are asked for in ways that older ones understand.

CREATE FUNCTION gpsync_internal.failover_slots() RETURNS TABLE (stream text, home text, slot_name name,
        wanted boolean, failover boolean, synced boolean, own boolean, waits boolean)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s.stream, s.home, gpsync_internal.slot_name(s.stream), s.failover,
       coalesce((to_jsonb(r) ->> 'failover')::boolean, false),
       coalesce((to_jsonb(r) ->> 'synced')::boolean, false) AND NOT r.temporary,
       coalesce(NOT (to_jsonb(r) ->> 'synced')::boolean, false),
       coalesce(a.wait_event = 'WaitForStandbyConfirmation', false)
FROM gpsync.stream AS s
LEFT JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream)
LEFT JOIN pg_stat_activity AS a ON a.pid = r.active_pid
WHERE current_setting('server_version_num')::integer >= 170000 $$;
COMMENT ON FUNCTION gpsync_internal.failover_slots() IS
    'The streams'' slots: whether create_stream() was to make them for failover, whether they are, whether this server '
    'has them from its primary, ready to be used, whether they are its own, and whether their WAL sender waits for a '
    'standby; none before PostgreSQL 17';

CREATE FUNCTION gpsync_internal.doctor_standbys()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH listed AS (
    SELECT l.name, l.name IS NOT DISTINCT FROM r.slot_name::text AS there, r.active, r.wal_status, n.names
    FROM (SELECT gpsync_internal.setting_list(current_setting('synchronized_standby_slots', true))) AS n (names),
        unnest(n.names) AS l (name)
    LEFT JOIN pg_replication_slots AS r ON r.slot_name = l.name AND r.slot_type = 'physical')
SELECT 'failover', 'error',
    format('standby slot "%s" of synchronized_standby_slots %s: streams %s wait for it%s', l.name,
        CASE WHEN NOT l.there THEN 'does not exist' WHEN l.wal_status = 'lost' THEN 'is lost' ELSE 'is not in use' END,
        f.streams, CASE WHEN f.waits THEN ' (WaitForStandbyConfirmation)' ELSE '' END),
    format(E'-- start its standby, or leave it out:\nALTER SYSTEM SET synchronized_standby_slots = %s; '
           'SELECT pg_reload_conf();',
        coalesce((SELECT string_agg(quote_ident(n), ', ') FROM unnest(l.names) AS n WHERE n <> l.name),
            quote_literal('')))
FROM listed AS l, (SELECT string_agg(quote_ident(s.stream), ', ' ORDER BY s.stream), bool_or(s.waits)
                   FROM gpsync_internal.failover_slots() AS s WHERE s.failover) AS f (streams, waits)
WHERE NOT pg_is_in_recovery() AND f.streams IS NOT NULL AND (NOT l.there OR NOT l.active OR l.wal_status = 'lost')
UNION ALL
SELECT 'failover', 'warning',
    format('streams %s are synchronised to standbys, and synchronized_standby_slots is empty: after a promotion a slot '
           'may be ahead of the books', string_agg(quote_ident(s.stream), ', ' ORDER BY s.stream)),
    format('ALTER SYSTEM SET synchronized_standby_slots = %s; SELECT pg_reload_conf();',
        coalesce((SELECT string_agg(quote_ident(r.slot_name), ', ' ORDER BY r.slot_name) FROM pg_replication_slots AS r
                  WHERE r.slot_type = 'physical' AND r.active AND NOT r.temporary), '...'))
FROM gpsync_internal.failover_slots() AS s
WHERE s.failover AND NOT pg_is_in_recovery() AND current_setting('synchronized_standby_slots', true) = ''
HAVING count(*) > 0 $$;
COMMENT ON FUNCTION gpsync_internal.doctor_standbys() IS
    'doctor() on the standbys that the streams'' slots are synchronised to';

CREATE FUNCTION gpsync_internal.doctor_failover()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'failover', 'warning',
    format('replication slot "%s" is not synchronised to standbys, others are: a promotion loses it', s.slot_name),
    format(E'SELECT gpsync.pause_stream(%L);\n'
           '-- psql %s -c ''ALTER_REPLICATION_SLOT "%s" (FAILOVER true)''\n'
           'SELECT gpsync.resume_stream(%1$L);', s.stream, gpsync_internal.in_comment(gpsync_internal.shell_word(
               'dbname=' || gpsync_internal.conninfo_value(current_database()) || ' replication=database')),
           s.slot_name)
FROM gpsync_internal.failover_slots() AS s JOIN pg_replication_slots AS r ON r.slot_name = s.slot_name
WHERE NOT s.failover AND NOT pg_is_in_recovery()
    AND (current_setting('sync_replication_slots', true) = 'on'
         OR current_setting('synchronized_standby_slots', true) <> ''
         OR EXISTS (SELECT FROM pg_replication_slots AS o WHERE (to_jsonb(o) ->> 'failover')::boolean))
UNION ALL
SELECT 'failover', 'warning',
    format('this standby does not have the slot of stream "%s", or not ready yet: promoted now it would lose it',
        s.stream),
    CASE WHEN current_setting('sync_replication_slots', true) = 'on'
        THEN 'SELECT * FROM pg_stat_activity WHERE backend_type = ''slotsync worker''; -- and the server log'
        ELSE 'ALTER SYSTEM SET hot_standby_feedback = on; ALTER SYSTEM SET sync_replication_slots = on; '
             'SELECT pg_reload_conf();' END
FROM gpsync_internal.failover_slots() AS s WHERE pg_is_in_recovery() AND s.wanted AND NOT s.synced AND NOT s.own
UNION ALL
-- The server synchronises no slot at all as long as there is one of the same name.
SELECT 'failover', 'warning',
    format('this standby has a slot of its own for stream "%s", made while it was a primary: it holds back WAL, and '
           'the primary''s slot is not synchronised', s.stream),
    format('SELECT pg_drop_replication_slot(%L);', s.slot_name)
FROM gpsync_internal.failover_slots() AS s WHERE pg_is_in_recovery() AND s.own
UNION ALL
SELECT 'failover', 'warning',
    format('this standby''s home is not that of stream "%s": promoted, it does not go on with it by itself', s.stream),
    format('LOAD ''gpsync''; ALTER SYSTEM SET gpsync.home = %L; SELECT pg_reload_conf();', s.home)
FROM gpsync_internal.failover_slots() AS s
WHERE pg_is_in_recovery() AND (s.wanted OR s.synced) AND s.home <> gpsync_internal.server_home() $$;
COMMENT ON FUNCTION gpsync_internal.doctor_failover() IS 'doctor() on slots that a promotion would lose';

REVOKE ALL ON FUNCTION gpsync_internal.failover_slots(), gpsync_internal.doctor_standbys(),
    gpsync_internal.doctor_failover() FROM PUBLIC;
