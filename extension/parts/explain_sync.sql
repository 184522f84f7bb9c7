-- explain_sync(): what happened to one row. The caller's privileges and row-level security decide whether there is one.

CREATE FUNCTION gpsync_internal.row_by_key(relation regclass, key jsonb, OUT is_there boolean, OUT leaf regclass,
    OUT row_key jsonb, OUT revision bigint, OUT status text, OUT written_by xid, OUT synced_at timestamptz)
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_row_by_key';
COMMENT ON FUNCTION gpsync_internal.row_by_key(regclass, jsonb) IS
    'The row of a key, if the caller may see it, read as the table''s owner: its table or partition, its key as events '
    'show it, its bookkeeping columns and the transaction that wrote it. Errors: 22023 the key does not have the '
    'columns of a unique index; 42501 the caller may not read the table';

CREATE FUNCTION gpsync_internal.row_to_explain(relation regclass, key jsonb, OUT is_there boolean, OUT leaf regclass,
    OUT row_key jsonb, OUT revision bigint, OUT status text, OUT written_by xid, OUT synced_at timestamptz)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of_key name[];
BEGIN
    IF gpsync_internal.attached_to(relation) IS NULL THEN
        RAISE wrong_object_type USING MESSAGE = format('%s is not an attached table', coalesce(relation::text, 'null')),
            DETAIL = 'Only of attached tables, and of their partitions, it is known what was delivered.',
            HINT = 'gpsync.attached_tables lists them; gpsync.attach() puts a table under control.';
    END IF;
    of_key := (SELECT t.key_columns FROM gpsync.attached_tables AS t
               WHERE t.relation = gpsync_internal.attached_to(row_to_explain.relation));
    BEGIN
        IF key IS NULL THEN
            RAISE invalid_parameter_value USING DETAIL = 'It is null.';
        END IF;
        SELECT r.* INTO is_there, leaf, row_key, revision, status, written_by, synced_at
        FROM gpsync_internal.row_by_key(relation, key) AS r;
    EXCEPTION WHEN data_exception OR cannot_coerce THEN
        RAISE invalid_parameter_value USING MESSAGE = format('the key does not fit table %s', relation),
            DETAIL = format('Its key columns are: %s.', array_to_string(of_key, ', ')),
            HINT = format('For example: SELECT * FROM gpsync.explain_sync(%L, ''{%s}'')', relation,
                (SELECT string_agg(format('"%s": ...', c), ', ') FROM unnest(of_key) AS c));
    END;
    leaf := coalesce(leaf, relation);
    row_key := coalesce(row_key, key);
END $$;
COMMENT ON FUNCTION gpsync_internal.row_to_explain(regclass, jsonb) IS
    'row_by_key(), with the errors of explain_sync()';

CREATE FUNCTION gpsync_internal.commit_time(written_by xid) RETURNS timestamptz
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN current_setting('track_commit_timestamp')::boolean THEN pg_xact_commit_timestamp(written_by) END $$;
COMMENT ON FUNCTION gpsync_internal.commit_time(xid) IS
    'When a transaction committed; NULL where the server does not know (track_commit_timestamp)';

CREATE FUNCTION gpsync_internal.endpoint_answers(relation oid, leaf oid, key jsonb, revision bigint, status text)
    RETURNS TABLE (endpoint text, detail text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s.endpoint, format('in stream "%s": ', s.stream) || CASE
           WHEN EXISTS (SELECT FROM gpsync_internal.row_letters(relation, leaf, endpoint_answers.key) AS l
                        WHERE l.stream = s.stream AND l.endpoint = s.endpoint
                            AND l.revision = endpoint_answers.revision) THEN 'it refused this revision for good'
           WHEN EXISTS (SELECT FROM gpsync_internal.row_held(relation, leaf, endpoint_answers.key) AS h
                        WHERE h.stream = s.stream AND h.endpoint = s.endpoint
                            AND h.revision = endpoint_answers.revision) THEN 'it rejects this revision for now'
           WHEN NOT s.bookkeeping THEN 'not known, the stream keeps no books'
           WHEN status = 'COMPLETED' THEN 'it took this revision'
           WHEN status = 'FAILED' THEN 'it took this revision, or its dead letter is closed'
           ELSE 'its answer for this revision is not booked' END
FROM gpsync_internal.row_streams(relation, leaf, endpoint_answers.key) AS s ORDER BY s.stream, s.endpoint $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_answers(oid, oid, jsonb, bigint, text) IS
    'What each endpoint said to a revision of a row, as far as the books know';

CREATE FUNCTION gpsync_internal.sync_summary(relation oid, leaf oid, key jsonb, revision bigint, status text,
    synced_at timestamptz) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    refused text := (SELECT string_agg(DISTINCT l.endpoint, ', ')
                     FROM gpsync_internal.row_letters(relation, leaf, sync_summary.key) AS l
                     WHERE l.revision = sync_summary.revision);
BEGIN
    RETURN CASE
        WHEN status = 'COMPLETED' THEN format('Every endpoint has taken revision %s; this was booked at %s.', revision,
            synced_at)
        WHEN status = 'FAILED' AND refused IS NOT NULL THEN format('Revision %s was refused for good by %s. Correct '
            'the cause, then gpsync.retry_dead_letters().', revision, refused)
        WHEN status = 'FAILED' THEN format('Revision %s was refused for good, and its dead letter is closed: the row '
            'is sent when it changes or is set to PENDING.', revision)
        WHEN status = 'PENDING' THEN format('Revision %s waits: %s.', revision,
            (SELECT w.detail FROM gpsync_internal.row_waits(relation, leaf, sync_summary.key, sync_summary.revision)
                AS w LIMIT 1))
        ELSE 'The row was never stamped: it is older than attach(), and is sent when it changes or is set to PENDING.'
        END;
END $$;
COMMENT ON FUNCTION gpsync_internal.sync_summary(oid, oid, jsonb, bigint, text, timestamptz) IS
    'The state of a row in one sentence';

CREATE FUNCTION gpsync.explain_sync(relation regclass, key jsonb)
    RETURNS TABLE (what text, at timestamptz, endpoint text, detail text)
    LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    r record;
BEGIN
    SELECT t.* INTO r FROM gpsync_internal.row_to_explain(explain_sync.relation, explain_sync.key) AS t;
    IF r.is_there THEN
        RETURN QUERY SELECT 'row', NULL::timestamptz, NULL, format('sync_status %s, revision %s, in table %s',
            coalesce(r.status, 'NULL'), r.revision, r.leaf);
        -- The mark of a row that is booked is a version of its own.
        RETURN QUERY SELECT 'committed', c.at, NULL, coalesce(
            CASE WHEN c.at IS NOT NULL THEN 'this revision was committed' END,
            'when is not known: the server runs without track_commit_timestamp, or has forgotten it')
        FROM gpsync_internal.commit_time(r.written_by) AS c (at) WHERE r.status = 'PENDING';
        RETURN QUERY SELECT 'booked', r.synced_at, NULL, 'the row was marked ' || r.status
        WHERE r.status IN ('COMPLETED', 'FAILED');
        RETURN QUERY SELECT 'endpoint', NULL::timestamptz, a.endpoint, a.detail
        FROM gpsync_internal.endpoint_answers(explain_sync.relation, r.leaf, r.row_key, r.revision, r.status) AS a;
    ELSE
        RETURN QUERY SELECT 'row', NULL::timestamptz, NULL, 'there is no row of this key that you may see';
    END IF;
    -- What the books know of a row that row-level security may hide is hidden, too.
    IF r.is_there OR NOT row_security_active(explain_sync.relation) THEN
        RETURN QUERY SELECT 'dead letter', l.at, l.endpoint, l.detail
        FROM gpsync_internal.row_letters(explain_sync.relation, r.leaf, r.row_key) AS l
        ORDER BY l.at, l.endpoint, l.detail;
        RETURN QUERY SELECT 'held', h.at, h.endpoint, format('stream "%s": %s', h.stream, h.detail)
        FROM gpsync_internal.row_held(explain_sync.relation, r.leaf, r.row_key) AS h
        ORDER BY h.endpoint, h.detail;
        RETURN QUERY SELECT 'desk', l.at, l.endpoint, l.detail
        FROM gpsync_internal.row_log(explain_sync.relation, r.leaf, r.row_key) AS l ORDER BY l.at;
        RETURN QUERY SELECT 'deferred mark', m.at, NULL, format('stream "%s": %s', m.stream, m.detail)
        FROM gpsync_internal.row_marks(explain_sync.relation, r.leaf, r.row_key) AS m ORDER BY m.at;
    END IF;
    RETURN QUERY SELECT 'waits', w.at, w.endpoint, w.detail
    FROM gpsync_internal.row_waits(explain_sync.relation, r.leaf, r.row_key, r.revision) AS w
    WHERE r.status = 'PENDING';
    RETURN QUERY SELECT 'summary', NULL::timestamptz, NULL, CASE WHEN r.is_there THEN
        gpsync_internal.sync_summary(explain_sync.relation, r.leaf, r.row_key, r.revision, r.status, r.synced_at)
        ELSE 'There is no row of this key that you may see; a delete has no mark, and its dead letter would be shown '
             'here.' END;
END $$;
COMMENT ON FUNCTION gpsync.explain_sync(regclass, jsonb) IS
    'What happened to one row of an attached table: what is (row, committed, booked, endpoint, dead letter, held, '
    'desk, deferred mark, waits), and as its last row the summary. For readers; it needs SELECT on the table, and '
    'sees what the caller sees. It shows no value but those of the key. Errors: 42809 the table is not attached; '
    '22023 the key does not fit; 42501 the caller may not read the table';

REVOKE ALL ON FUNCTION gpsync_internal.row_by_key(regclass, jsonb), gpsync_internal.row_to_explain(regclass, jsonb),
    gpsync_internal.commit_time(xid), gpsync_internal.endpoint_answers(oid, oid, jsonb, bigint, text),
    gpsync_internal.sync_summary(oid, oid, jsonb, bigint, text, timestamptz), gpsync.explain_sync(regclass, jsonb)
    FROM PUBLIC;
