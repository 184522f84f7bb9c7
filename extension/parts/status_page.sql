-- The document behind report_html() and the relay's status page: what the views of statuses show, as one JSON document.
-- A section is a function page_NAME() that gives a row of JSON each, the most important first. There are no payloads,
-- keys, values of rows, headers, texts of queries or secrets in it: of a URL the origin, of a source's error the
-- SQLSTATE, and other errors are scrubbed.

CREATE FUNCTION gpsync_internal.page_text(error text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync.scrub(to_jsonb(left(error, 500))) #>> '{}' $$;
COMMENT ON FUNCTION gpsync_internal.page_text(text) IS
    'The first 500 characters of an error without PII, as the status page shows it';

CREATE FUNCTION gpsync_internal.page_origin(url text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT m[1] || m[3] FROM regexp_match(url, '^([a-z][a-z0-9+.-]*://)([^/?#@]*@)?([^/?#@]*)', 'i') AS m $$;
COMMENT ON FUNCTION gpsync_internal.page_origin(text) IS
    'Scheme, host and port of a URL: a path or a query may hold a secret';

-- -------------------------------------------------------------------------------------------------------- sections

CREATE FUNCTION gpsync_internal.page_streams() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('stream', s.stream, 'publication', s.publication, 'topics', s.topics, 'paused', s.paused,
    'slot_state', s.slot_state, 'relay_state', s.relay_state, 'reported_at', s.reported_at,
    'lag_seconds', round(s.lag_seconds::numeric, 3), 'lag_bytes', s.lag_bytes, 'retained_bytes', s.retained_bytes,
    'in_flight_events', s.in_flight_events, 'spooled_events', s.parked, 'spool_bytes', s.spool_bytes,
    'spool_limit_at', s.spool_limit_at, 'held_events', s.held_events, 'deferred_marks', s.deferred_marks,
    'dead_letters', s.dead_letters, 'last_error', gpsync_internal.page_text(s.last_error),
    'last_error_at', s.last_error_at)
FROM gpsync.stream_status AS s ORDER BY s.stream $$;
COMMENT ON FUNCTION gpsync_internal.page_streams() IS 'Of stream_status, for the status page';

CREATE FUNCTION gpsync_internal.page_endpoints() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('stream', e.stream, 'endpoint', e.endpoint, 'origin', gpsync_internal.page_origin(e.url),
    'breaker', e.breaker, 'breaker_since', e.breaker_since, 'next_probe_at', e.next_probe_at, 'feed', e.feed,
    'behind_events', e.behind_events, 'behind_bytes', e.behind_bytes,
    'behind_seconds', round(e.behind_seconds::numeric, 3), 'lanes_in_use', e.lanes_in_use,
    'delivered', e.delivered, 'rejected', e.rejected, 'errors', e.errors,
    'latency_ms', round(e.latency_ms::numeric, 3), 'dead_letters', e.dead_letters,
    'last_error', gpsync_internal.page_text(e.last_error), 'last_error_at', e.last_error_at)
FROM gpsync.endpoint_status AS e
ORDER BY array_position('{missing,open,half-open}', e.breaker), e.stream, e.endpoint $$;
COMMENT ON FUNCTION gpsync_internal.page_endpoints() IS
    'Of endpoint_status, for the status page; those that fail first';

CREATE FUNCTION gpsync_internal.page_held() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('stream', h.stream, 'endpoint', h.endpoint, 'table', h."table", 'keys', count(*),
    'events', sum(h.events), 'oldest', min(h.oldest), 'next_attempt', min(h.next_attempt))
FROM gpsync.parked_events AS h WHERE h.state = 'held'
GROUP BY h.stream, h.endpoint, h."table" ORDER BY count(*) DESC $$;
COMMENT ON FUNCTION gpsync_internal.page_held() IS
    'Keys that an endpoint rejects for now, by table: their number, for the status page';

-- Letters may be millions, and the page is read every few seconds: the latest ones show what is wrong now. How many
-- there are is in the sections of streams and endpoints; dead_letter_groups groups all of them.
CREATE FUNCTION gpsync_internal.page_dead_letters() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH latest AS MATERIALIZED (
    SELECT d.stream, d.endpoint, d.schema_name, d.table_name, d.http_status, d.error, d.state, d.created_at
    FROM gpsync.dead_letter AS d ORDER BY d.created_at DESC LIMIT 10000),
causes AS (
    SELECT d.stream, d.endpoint, concat_ws('.', d.schema_name, d.table_name) AS "table", d.http_status,
           gpsync_internal.error_pattern(d.error) AS error, count(*) AS letters,
           count(*) FILTER (WHERE d.state = 'retrying') AS retrying, min(d.created_at) AS first_at,
           max(d.created_at) AS last_at
    FROM latest AS d GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 9 DESC LIMIT 1000)
SELECT jsonb_build_object('stream', c.stream, 'endpoint', c.endpoint, 'table', c."table", 'http_status', c.http_status,
    'error', gpsync_internal.page_text(c.error), 'letters', c.letters, 'retrying', c.retrying, 'first_at', c.first_at,
    'last_at', c.last_at)
FROM causes AS c ORDER BY c.letters DESC, c.last_at DESC $$;
COMMENT ON FUNCTION gpsync_internal.page_dead_letters() IS
    'The latest 10,000 dead letters by what they have in common, as dead_letter_groups has it, for the status page; '
    '1,000 groups at most';

CREATE FUNCTION gpsync_internal.page_imports() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('job', i.job, 'relation', i.relation, 'state', i.state, 'phase', i.phase,
    'rows_estimated', i.rows_estimated, 'read', i.read, 'written', i.written, 'skipped', i.skipped,
    'rejected', i.rejected, 'rejects_open', i.rejects_open, 'rows_per_second', i.rows_per_second,
    'ends_at', i.ends_at, 'waits_for', gpsync_internal.page_text(i.waits_for), 'sessions', i.sessions,
    'sqlstate', substring(i.last_error FROM '^[0-9A-Z]{5}'), 'last_error_at', i.last_error_at,
    'started_at', i.started_at, 'ended_at', i.ended_at)
FROM gpsync.import_progress AS i ORDER BY i.ended_at DESC NULLS FIRST, i.created_at DESC $$;
COMMENT ON FUNCTION gpsync_internal.page_imports() IS
    'Of import_progress, for the status page; those that are not done first';

CREATE FUNCTION gpsync_internal.page_verifications() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('run', v.run, 'relation', v.relation, 'state', v.state, 'slices', v.slices,
    'slices_done', v.slices_done, 'modern_rows', v.modern_rows, 'legacy_rows', v.legacy_rows,
    'candidates', v.candidates, 'missing', v.missing, 'extra', v.extra, 'differs', v.differs, 'refused', v.refused,
    'unsettled', v.unsettled, 'waits_for', gpsync_internal.page_text(v.waits_for), 'started_at', v.started_at,
    'worked_at', v.worked_at, 'finished_at', v.finished_at)
FROM gpsync.verify_progress AS v ORDER BY v.finished_at DESC NULLS FIRST, v.registered_at DESC $$;
COMMENT ON FUNCTION gpsync_internal.page_verifications() IS
    'Of verify_progress, for the status page; those that are not done first';

CREATE FUNCTION gpsync_internal.page_resends() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('job', r.job, 'relation', r.relation, 'state', r.state, 'rows_estimated', r.rows_estimated,
    'rows_read', r.rows_read, 'rows_sent', r.rows_sent, 'waits_for', gpsync_internal.page_text(r.waits_for),
    'sqlstate', substring(r.error FROM '^[0-9A-Z]{5}'), 'created_at', r.created_at, 'finished_at', r.finished_at)
FROM gpsync.resend_progress AS r ORDER BY r.finished_at DESC NULLS FIRST, r.created_at DESC $$;
COMMENT ON FUNCTION gpsync_internal.page_resends() IS 'Of resend_progress, for the status page';

CREATE FUNCTION gpsync_internal.page_lookups() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('lookup', l.lookup, 'relation', l.relation, 'endpoint', l.endpoint, 'stream', l.stream,
    'state', l.state, 'breaker', l.breaker, 'next_due_at', l.next_due_at, 'waiting', l.waiting, 'asked', l.asked,
    'answered', l.answered, 'written', l.written, 'unknown', l.unknown, 'conflicts', l.conflicts,
    'last_error', gpsync_internal.page_text(l.last_error), 'last_error_at', l.last_error_at)
FROM gpsync.lookup_status AS l ORDER BY l.lookup $$;
COMMENT ON FUNCTION gpsync_internal.page_lookups() IS 'Of lookup_status, for the status page';

CREATE FUNCTION gpsync_internal.page_machines() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH used AS MATERIALIZED (SELECT a.machine, jsonb_agg(a.relation::text ORDER BY a.relation::text) AS tables
                           FROM gpsync.attached_tables AS a GROUP BY a.machine)
SELECT jsonb_build_object('machine', m.machine, 'tables', coalesce(u.tables, '[]'),
    'states', (SELECT jsonb_agg(s.state ORDER BY s.ordinal) FROM gpsync.machine_state AS s
               WHERE s.machine = m.machine),
    'initial', (SELECT jsonb_agg(s.state ORDER BY s.ordinal) FROM gpsync.machine_state AS s
                WHERE s.machine = m.machine AND s.initial),
    'transitions', coalesce((SELECT jsonb_agg(jsonb_build_array(t.from_state, t.to_state) ORDER BY t.ordinal)
                             FROM gpsync.machine_transition AS t WHERE t.machine = m.machine), '[]'))
FROM gpsync.machine AS m LEFT JOIN used AS u ON u.machine = m.machine
ORDER BY u.machine IS NULL, m.machine $$;
COMMENT ON FUNCTION gpsync_internal.page_machines() IS
    'Status machines with their states, transitions and tables, for the status page; those in use first';

CREATE FUNCTION gpsync_internal.page_traffic_stops() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('relation', t.relation, 'reason', gpsync_internal.page_text(t.reason),
        'stopped_by', t.stopped_by, 'stopped_at', t.stopped_at, 'until', t.until)
    FROM gpsync.traffic_stops AS t ORDER BY t.relation::text $$;
COMMENT ON FUNCTION gpsync_internal.page_traffic_stops() IS 'Of traffic_stops, for the status page';

CREATE FUNCTION gpsync_internal.page_ramps() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('ramp', r.ramp, 'share', r.share, 'state', r.state,
        'statistic', r.statistic, 'value', r.value, 'bound', r.bound, 'suspicious', r.suspicious,
        'requests', r.requests, 'errors', r.errors, 'error_rate', r.error_rate,
        'max_error_rate', r.max_error_rate, 'next_step_at', r.next_step_at, 'next_share', r.next_share,
        'since', r.since, 'looked_at', r.looked_at, 'reason', gpsync_internal.page_text(r.reason),
        'gates', (SELECT jsonb_agg(jsonb_build_object('gate', g.key, 'value', g.value -> 'value',
                                                      'limit', g.value -> 'limit', 'open', g.value -> 'open',
                                                      'reason', gpsync_internal.page_text(g.value ->> 'reason'))
                                   ORDER BY g.key) FROM jsonb_each(r.gates) AS g))
    FROM gpsync.ramp_status AS r ORDER BY r.ramp $$;
COMMENT ON FUNCTION gpsync_internal.page_ramps() IS 'Of ramp_status, for the status page';

CREATE FUNCTION gpsync_internal.page_ramp_log() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('ramp', l.ramp, 'decided_at', l.decided_at, 'decision', l.decision,
        'share_before', l.share_before, 'share_after', l.share_after, 'value', l.value, 'bound', l.bound,
        'requests', l.requests, 'errors', l.errors, 'reason', gpsync_internal.page_text(l.reason))
    FROM gpsync.ramp_log AS l ORDER BY l.decided_at DESC, l.id DESC LIMIT 20 $$;
COMMENT ON FUNCTION gpsync_internal.page_ramp_log() IS 'The latest 20 decisions of ramp_log, for the status page';

CREATE FUNCTION gpsync_internal.page_rollbacks() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('batch', r.batch, 'phase', r.phase, 'items', r.items,
        'reverted', r.reverted, 'deleted', r.deleted, 'inserted', r.inserted,
        'left', r.changed_since + r.conflicts, 'ramp', r.ramp, 'started_at', r.started_at,
        'ended_at', r.ended_at, 'reason', gpsync_internal.page_text(r.reason))
    FROM gpsync.rollback_status AS r ORDER BY r.ended_at DESC NULLS FIRST, r.started_at DESC $$;
COMMENT ON FUNCTION gpsync_internal.page_rollbacks() IS
    'Of rollback_status, for the status page; those that are not done first';

CREATE FUNCTION gpsync_internal.page_batches() RETURNS SETOF jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('batch', b.batch, 'state', b.state, 'inserts', b.inserts,
        'updates', b.updates, 'deletes', b.deletes, 'first_at', b.first_at, 'last_at', b.last_at)
    FROM gpsync.batches AS b ORDER BY b.last_at DESC $$;
COMMENT ON FUNCTION gpsync_internal.page_batches() IS
    'Of batches, for the status page; it reads all before-images, so it is asked for seldom';

-- -------------------------------------------------------------------------------------------------------- document

CREATE FUNCTION gpsync_internal.page_sections() RETURNS name[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '{streams, endpoints, held, dead_letters, traffic_stops, ramps, ramp_log, rollbacks, imports, verifications,
    resends, lookups, machines}'::name[] $$;
COMMENT ON FUNCTION gpsync_internal.page_sections() IS
    'The sections of the status page: of each, page_NAME() gives the rows';

-- A section that fails says so; the others are there all the same. The message could quote a value, so it is left out.
CREATE FUNCTION gpsync_internal.page_section(section name, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result jsonb;
BEGIN
    EXECUTE format('SELECT jsonb_build_object(''rows'', coalesce(jsonb_agg(s.row ORDER BY s.number) '
                   'FILTER (WHERE s.number <= $1), ''[]''), ''total'', count(*)) '
                   'FROM gpsync_internal.%I() WITH ORDINALITY AS s (row, number)', 'page_' || section)
        INTO result USING most;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN jsonb_build_object('rows', '[]'::jsonb, 'total', 0, 'sqlstate', SQLSTATE);
END $$;
COMMENT ON FUNCTION gpsync_internal.page_section(name, integer) IS
    'The first rows of a section, and how many there are; where it fails, its SQLSTATE';

CREATE FUNCTION gpsync_internal.page_findings() RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT jsonb_build_object('checked_at', clock_timestamp(), 'total', count(*),
    'findings', coalesce(jsonb_agg(jsonb_build_object('check_name', d.check_name, 'severity', d.severity,
        'finding', gpsync.scrub(to_jsonb(d.finding)) #>> '{}', 'fix', d.fix) ORDER BY d.number)
        FILTER (WHERE d.number <= 100), '[]'))
FROM gpsync.doctor() WITH ORDINALITY AS d (check_name, severity, finding, fix, number) $$;
COMMENT ON FUNCTION gpsync_internal.page_findings() IS
    'What doctor() finds now, the worst 100 first, and when it was asked';

CREATE FUNCTION gpsync_internal.status_details() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET TimeZone = 'UTC'
    AS $$
SELECT jsonb_build_object('doctor', gpsync_internal.page_findings(),
                          'batches', gpsync_internal.page_section('batches', 50)) $$;
COMMENT ON FUNCTION gpsync_internal.status_details() IS
    'Further members of the status page''s document, which cost more: {"doctor": {"checked_at", "findings", "total"}, '
    '"batches": {"rows", "total"}}. The relay asks for them seldom';

CREATE FUNCTION gpsync_internal.status_document() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET TimeZone = 'UTC'
    AS $$
SELECT jsonb_build_object('format', 1, 'database', current_database(), 'taken_at', clock_timestamp(),
           'version', (SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'gpsync'),
           'standby', pg_is_in_recovery())
       || (SELECT jsonb_object_agg(s.section, gpsync_internal.page_section(s.section, 50))
           FROM unnest(gpsync_internal.page_sections()) AS s (section)) $$;
COMMENT ON FUNCTION gpsync_internal.status_document() IS
    'What the status page shows, but for status_details(): {"format": 1, "database", "version", "taken_at", '
    '"standby", and by section {"rows", "total"}}. At most 50 rows a section. No payload, key, value of '
    'a row or secret';

CREATE FUNCTION gpsync_internal.page_html(document text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_page_html';
COMMENT ON FUNCTION gpsync_internal.page_html(text) IS
    'A document of status_document(), with or without status_details(), as one HTML page that needs nothing else. Text '
    'that is no JSON gives an empty page';

CREATE FUNCTION gpsync.report_html() RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.page_html((gpsync_internal.status_document() || gpsync_internal.status_details())::text) $$;
COMMENT ON FUNCTION gpsync.report_html() IS
    'The status page as one self-contained HTML file: streams, endpoints, migration, cut-over, machines, and what '
    'doctor() finds now. It holds no payload, key, value of a row or secret. The relay serves the same page live';

REVOKE ALL ON FUNCTION gpsync_internal.page_text(text), gpsync_internal.page_origin(text),
    gpsync_internal.page_streams(), gpsync_internal.page_endpoints(), gpsync_internal.page_held(),
    gpsync_internal.page_dead_letters(), gpsync_internal.page_imports(), gpsync_internal.page_verifications(),
    gpsync_internal.page_resends(), gpsync_internal.page_lookups(), gpsync_internal.page_machines(),
    gpsync_internal.page_traffic_stops(), gpsync_internal.page_ramps(), gpsync_internal.page_ramp_log(),
    gpsync_internal.page_rollbacks(), gpsync_internal.page_batches(),
    gpsync_internal.page_sections(), gpsync_internal.page_section(name, integer), gpsync_internal.page_findings(),
    gpsync_internal.status_details(),
    gpsync_internal.status_document(), gpsync_internal.page_html(text), gpsync.report_html() FROM PUBLIC;
