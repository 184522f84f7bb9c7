-- doctor() on look-ups.

CREATE FUNCTION gpsync_internal.doctor_lookup() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH lookup AS MATERIALIZED (
    SELECT s.*, gpsync_internal.lookup_problem(s.relation, s.columns) AS problem, s.state <> 'paused' AS on
    FROM gpsync_internal.lookup_states() AS s)
SELECT 'lookup', 'error', format('look-up "%s" cannot find its table and columns: %s', l.lookup, l.problem),
       format('SELECT gpsync.drop_lookup(%L); -- and create it anew for the table as it is', l.lookup)
FROM lookup AS l WHERE l.problem IS NOT NULL
UNION ALL
SELECT 'lookup', 'error', format('look-up "%s" has no token system: server "%s" %s', l.lookup, l.endpoint,
           CASE WHEN p.protocol IS NULL THEN 'does not exist' ELSE format('has protocol "%s"', p.protocol) END),
       CASE WHEN p.protocol IS NULL THEN format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url '
                '''https://...'', protocol ''token-lookup'')', l.endpoint)
            ELSE format('ALTER SERVER %I OPTIONS (SET protocol ''token-lookup'')', l.endpoint) END
FROM lookup AS l, LATERAL (SELECT gpsync_internal.endpoint_protocol(l.endpoint)) AS p (protocol)
WHERE p.protocol IS DISTINCT FROM 'token-lookup'
UNION ALL
SELECT 'lookup', 'warning', format('nobody runs look-up "%s": no stream books table %s', l.lookup, l.relation),
       format('SELECT gpsync.create_stream(''...'', endpoints => ''{...}''%s) -- the relay of a stream that books the '
              'table asks', coalesce((SELECT format(', publication => %L', a.publication)
                  FROM gpsync.attached_tables AS a WHERE a.relation = l.relation AND a.publication <> 'gpsync'), ''))
FROM lookup AS l WHERE l.on AND l.problem IS NULL AND l.stream IS NULL
UNION ALL
-- A relay that begins, or has just read of the look-up, takes a moment; that no relay runs is a finding of its own.
SELECT 'lookup', 'warning', format('the relay of stream "%s" does not run look-up "%s"', l.stream, l.lookup),
       format('SELECT last_error_at, last_error FROM gpsync.stream_status WHERE stream = %L -- and the relay''s log: '
           'it cannot connect a third time, or is of an earlier version', l.stream)
FROM lookup AS l JOIN gpsync.lookup AS c ON c.lookup = l.lookup JOIN gpsync_internal.relay_reports() AS r
    ON r.stream = l.stream AND gpsync_internal.is_fresh_report(r.reported_at) AND r.state IN ('streaming', 'waiting')
WHERE l.state = 'not run' AND l.problem IS NULL AND c.created_at < clock_timestamp() - interval '15 s'
    AND r.started_at < clock_timestamp() - interval '15 s' AND gpsync_internal.endpoint_protocol(l.endpoint) =
        'token-lookup'
UNION ALL
SELECT 'lookup', 'warning', format('the token system of look-up "%s" (server "%s") fails since %s%s', l.lookup,
           l.endpoint, date_trunc('second', l.breaker_since), coalesce(': ' || l.last_error, '')),
       format('SELECT * FROM gpsync.lookup_status WHERE lookup = %L -- it is tried again by itself', l.lookup)
FROM lookup AS l WHERE l.on AND l.breaker <> 'closed'
UNION ALL
SELECT 'lookup', 'warning', format('look-up "%s" is behind: the period that began at %s has not been asked through',
           l.lookup, date_trunc('second', l.pass_began_at)),
       format('SELECT * FROM gpsync.lookup_status WHERE lookup = %L -- more lanes for server "%s", a longer period, or '
              'what the other findings say', l.lookup, gpsync_internal.in_comment(l.endpoint))
FROM lookup AS l WHERE l.on AND l.pass_began_at IS NOT NULL AND l.pass_ended_at IS NULL
    AND l.next_due_at < clock_timestamp()
UNION ALL
SELECT 'lookup', 'warning', format('look-up "%s" has %s conflict(s): %s', l.lookup, l.conflicts,
           (SELECT string_agg(format('%s %s', k.tokens, k.kind), ', ' ORDER BY k.tokens DESC, k.kind)
            FROM (SELECT c.kind, count(*) AS tokens FROM gpsync.lookup_conflict AS c WHERE c.lookup = l.lookup
                  GROUP BY c.kind) AS k)),
       format('SELECT gpsync.lookup_now(%L, array(SELECT token_id FROM gpsync.lookup_conflicts WHERE lookup = %1$L)) '
              '-- once their cause is mended', l.lookup)
FROM lookup AS l WHERE l.on AND l.conflicts > 0 $$;
COMMENT ON FUNCTION gpsync_internal.doctor_lookup() IS
    'doctor() on look-ups that nobody runs, whose token system fails, that are late, or have conflicts';

CREATE FUNCTION gpsync_internal.lookup_problem(relation regclass, columns jsonb) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.lookup_target(relation, columns);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_problem(regclass, jsonb) IS
    'Why the statements of a look-up cannot be made, as its table is now; NULL: they can';

REVOKE ALL ON FUNCTION gpsync_internal.doctor_lookup(), gpsync_internal.lookup_problem(regclass, jsonb) FROM PUBLIC;
