-- What is to be seen of look-ups. SECURITY DEFINER, because the functions a view calls run with the rights of who reads
-- the view.

CREATE FUNCTION gpsync_internal.lookup_reports() RETURNS SETOF gpsync.lookup_report
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    -- A standby cannot even plan a query of an unlogged table.
    IF NOT pg_is_in_recovery() THEN
        RETURN QUERY SELECT * FROM gpsync.lookup_report;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_reports() IS 'The last reports of look-ups; none on a standby';

CREATE FUNCTION gpsync_internal.lookup_states() RETURNS TABLE (
        lookup text, relation regclass, endpoint text, columns jsonb, every interval, on_illegal text, stream text,
        state text, breaker text, breaker_since timestamptz, next_probe_at timestamptz, pass bigint,
        pass_began_at timestamptz, pass_ended_at timestamptz, next_due_at timestamptz, waiting bigint,
        in_flight bigint, asked bigint, answered bigint, written bigint, changed bigint, unknown bigint,
        conflicts bigint, answered_at timestamptz, last_error text, last_error_at timestamptz, owner name)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT l.lookup, l.relation, l.endpoint, l.columns, l.every, l.on_illegal, b.stream,
       CASE WHEN l.paused THEN 'paused' WHEN NOT fresh.report OR r.stream IS DISTINCT FROM b.stream THEN 'not run'
            WHEN r.breaker <> 'closed' THEN 'waiting'
            WHEN s.began_at IS NOT NULL AND s.ended_at IS NULL OR r.in_flight > 0 THEN 'asking' ELSE 'idle' END,
       CASE WHEN fresh.report THEN r.breaker END, CASE WHEN fresh.report THEN r.breaker_since END,
       CASE WHEN fresh.report THEN r.next_probe_at END, s.pass, s.began_at, s.ended_at,
       CASE WHEN l.every IS NULL THEN NULL WHEN s.began_at IS NULL THEN l.created_at ELSE s.began_at + l.every END,
       (SELECT count(*) FROM gpsync.lookup_request AS q WHERE q.lookup = l.lookup),
       CASE WHEN fresh.report THEN r.in_flight ELSE 0 END,
       coalesce(s.asked, 0), coalesce(s.answered, 0), coalesce(s.written, 0), coalesce(s.changed, 0), c.unknown,
       c.conflicts, s.answered_at, r.last_error, r.last_error_at, l.owner
FROM gpsync.lookup AS l LEFT JOIN gpsync.lookup_state AS s ON s.lookup = l.lookup
LEFT JOIN gpsync_internal.lookup_reports() AS r ON r.lookup = l.lookup
CROSS JOIN LATERAL (SELECT gpsync_internal.lookup_stream(l.relation)) AS b (stream)
CROSS JOIN gpsync_internal.is_fresh_report(r.reported_at) AS fresh (report)
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE c.kind = 'unknown token') AS unknown, count(*) AS conflicts
    FROM gpsync.lookup_conflict AS c WHERE c.lookup = l.lookup) AS c $$;
COMMENT ON FUNCTION gpsync_internal.lookup_states() IS 'The rows of view lookup_status';

CREATE VIEW gpsync.lookup_status AS SELECT * FROM gpsync_internal.lookup_states();
COMMENT ON VIEW gpsync.lookup_status IS 'Every look-up: where it is in its period, what it has counted, and its '
    'endpoint';
COMMENT ON COLUMN gpsync.lookup_status.stream IS
    'The stream that books the table: its relay runs the look-up. NULL: none does';
COMMENT ON COLUMN gpsync.lookup_status.state IS
    'asking, idle (until next_due_at, or a call of lookup_now()), waiting (the breaker is open), paused, not run (no '
    'relay has reported it for five seconds)';
COMMENT ON COLUMN gpsync.lookup_status.pass IS 'Counts the periods';
COMMENT ON COLUMN gpsync.lookup_status.next_due_at IS
    'When the next pass begins, once the present one has ended; NULL: on demand alone';
COMMENT ON COLUMN gpsync.lookup_status.waiting IS 'Requests on demand that are not answered';
COMMENT ON COLUMN gpsync.lookup_status.in_flight IS 'Tokens that are asked for now';
COMMENT ON COLUMN gpsync.lookup_status.asked IS 'Tokens that were asked for, repeats counted';
COMMENT ON COLUMN gpsync.lookup_status.answered IS 'Of these, answered';
COMMENT ON COLUMN gpsync.lookup_status.written IS 'Rows that an answer has changed';
COMMENT ON COLUMN gpsync.lookup_status.changed IS 'Answers that were refused, since the row had changed since it was '
    'asked for';
COMMENT ON COLUMN gpsync.lookup_status.unknown IS 'Tokens that the token system does not know; among the conflicts';
COMMENT ON COLUMN gpsync.lookup_status.conflicts IS 'Rows of lookup_conflicts';

CREATE VIEW gpsync.lookup_conflicts AS
    SELECT c.lookup, l.relation,
           CASE WHEN gpsync.has_pii(pg_catalog.to_jsonb(c.token_id))
                    AND NOT (coalesce(pg_catalog.has_table_privilege(l.relation, 'SELECT'), false)
                             AND NOT pg_catalog.row_security_active(l.relation))
                THEN coalesce(gpsync.scrub(pg_catalog.to_jsonb(c.token_id)) OPERATOR(pg_catalog.#>>) '{}', '[removed]')
                ELSE c.token_id END AS token_id,
           c.kind, c.status_here, c.status_there, c.detail, c.times, c.first_at, c.last_at
    FROM gpsync.lookup_conflict AS c JOIN gpsync.lookup AS l ON l.lookup OPERATOR(pg_catalog.=) c.lookup;
COMMENT ON VIEW gpsync.lookup_conflicts IS
    'Tokens whose last answer was not taken over, or that have none. The next answer that is taken over removes the '
    'row: lookup_now() asks for one. Who may not read all rows of the table sees tokens without PII';
COMMENT ON COLUMN gpsync.lookup_conflicts.kind IS
    'illegal (the machine forbids the move), unknown status (no state of the machine), unknown token, error (the token '
    'system says so), malformed (the answer), unanswered (the token is missing in the answers), failing (the token '
    'system fails on it), refused (by the table: a constraint, a trigger), changed (the row changed again and again '
    'while it was asked for)';
COMMENT ON COLUMN gpsync.lookup_conflicts.detail IS 'What the token system or the table says, without PII';
COMMENT ON COLUMN gpsync.lookup_conflicts.times IS 'How often in a row it was the same';

REVOKE ALL ON FUNCTION gpsync_internal.lookup_reports(), gpsync_internal.lookup_states() FROM PUBLIC;
