-- The dead letter desk: groups of letters, retry_dead_letters(), discard_dead_letters(), and how letters are closed.
-- A letter is open, or retrying; then it is deleted, and gpsync.dead_letter_log says what became of it.

CREATE FUNCTION gpsync_internal.error_pattern(error text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT regexp_replace(regexp_replace(
           replace(coalesce(gpsync.scrub(to_jsonb(left(error, 500))) #>> '{}', ''), '[removed]', '#'),
           '[[:xdigit:]]{8}(-[[:xdigit:]]{4}){3}-[[:xdigit:]]{12}', '#', 'g'),
           '[[:alnum:]_%]*[[:digit:]][[:alnum:]_%]*([-.:/+,][[:alnum:]_%]*[[:digit:]][[:alnum:]_%]*)*', '#', 'g') $$;
COMMENT ON FUNCTION gpsync_internal.error_pattern(text) IS
    'The first 500 characters of an error, without PII, and with # instead of UUIDs and of words with digits (numbers, '
    'ids, times): the same for all letters of one cause';

CREATE FUNCTION gpsync_internal.letters_added() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.raise_ops_event('dead_letters.added', a.stream || '/' || a.endpoint,
        jsonb_build_object('stream', a.stream, 'endpoint', a.endpoint, 'letters', a.letters))
    FROM (SELECT l.stream, l.endpoint, count(*) AS letters FROM added AS l GROUP BY l.stream, l.endpoint) AS a;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION gpsync_internal.letters_added() IS 'Trigger: raises the operational event of new dead letters';
REVOKE ALL ON FUNCTION gpsync_internal.letters_added() FROM PUBLIC;

CREATE TRIGGER letters_added AFTER INSERT ON gpsync.dead_letter REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.letters_added();

CREATE VIEW gpsync.dead_letter_groups AS
SELECT d.stream, d.endpoint, d.schema_name, d.table_name, d.http_status,
       gpsync_internal.error_pattern(d.error) AS error, pg_catalog.count(*) AS letters,
       pg_catalog.count(*) FILTER (WHERE d.state OPERATOR(pg_catalog.=) 'retrying') AS retrying,
       pg_catalog.min(d.created_at) AS first_at, pg_catalog.max(d.created_at) AS last_at,
       pg_catalog.max(d.event_id) AS example
FROM gpsync.dead_letter AS d
GROUP BY d.stream, d.endpoint, d.schema_name, d.table_name, d.http_status, gpsync_internal.error_pattern(d.error);
COMMENT ON VIEW gpsync.dead_letter_groups IS
    'Dead letters by what they have in common; error has # for numbers and ids, and retry_dead_letters() and '
    'discard_dead_letters() take it as it is shown';
COMMENT ON COLUMN gpsync.dead_letter_groups.example IS 'The id of the latest event of the group';

CREATE FUNCTION gpsync_internal.key_of_letter(key jsonb) RETURNS jsonb
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN gpsync.has_pii(key) AND NOT has_table_privilege('gpsync.dead_letters'::regclass, 'SELECT')
       THEN gpsync.scrub(key) ELSE key END $$;
COMMENT ON FUNCTION gpsync_internal.key_of_letter(jsonb) IS
    'A key as the role that asks may see it: without PII, unless it may see dead letters with their payload';

CREATE VIEW gpsync.dead_letter_log AS
SELECT s.id, s.logged_at, s.logged_by, s.action, s.detail, s.stream, s.endpoint, s.event_id, s.schema_name,
       s.table_name, gpsync_internal.key_of_letter(s.key) AS key, s.http_status, s.error, s.request_id
FROM gpsync.dead_letter_step AS s;
COMMENT ON VIEW gpsync.dead_letter_log IS
    'What became of dead letters, a row for each letter and step. It outlives the letters and their streams, and '
    'holds no payload. Who may not see dead_letters sees keys without PII';
COMMENT ON COLUMN gpsync.dead_letter_log.logged_by IS 'session_user: an operator, or the relay''s role';
COMMENT ON COLUMN gpsync.dead_letter_log.action IS
    'retried (by retry_dead_letters(); the letter stays until the endpoint has answered), refused (again; the letter '
    'is open again). The letter is gone after: delivered (the endpoint took what was retried), superseded (it took, or '
    'is going to get, something newer of the same key; or the retried row was refused and has a letter of its own), '
    'resent (a stream without bookkeeping sends the row again and hears of no outcome), discarded';

-- All letters need a word for it: an argument that is NULL by mistake must not mean all of them.
CREATE FUNCTION gpsync_internal.refuse_letter_filter(endpoint text, error text, ids text[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    known text[];
BEGIN
    IF endpoint IS NULL AND error IS NULL AND ids IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the call does not say which dead letters it means',
            DETAIL = 'endpoint, error and ids are NULL.',
            HINT = 'Give at least one of them, as gpsync.dead_letter_groups shows it; endpoint => ''*'' means all '
                   'dead letters.';
    END IF;
    known := array(SELECT e.name FROM gpsync.stream AS s, unnest(s.endpoints) AS e (name)
                   UNION SELECT d.endpoint FROM gpsync.dead_letter AS d ORDER BY 1);
    IF endpoint <> '*' AND NOT endpoint = ANY (known) THEN
        RAISE undefined_object USING MESSAGE = format('no stream has an endpoint "%s"', endpoint),
            HINT = gpsync_internal.name_hint(endpoint, 'endpoints', known);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_letter_filter(text, text, text[]) IS
    'Raises 22023 when nothing says which letters are meant, 42704 for an endpoint that no stream has';

CREATE FUNCTION gpsync_internal.chosen_letters(endpoint text, error text, ids text[])
    RETURNS TABLE (stream text, endpoint_name text, event_id text)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT d.stream, d.endpoint, d.event_id FROM gpsync.dead_letter AS d
WHERE coalesce(chosen_letters.endpoint, '*') IN ('*', d.endpoint)
    AND (chosen_letters.error IS NULL OR chosen_letters.error IN (gpsync_internal.error_pattern(d.error), d.error))
    AND (ids IS NULL OR d.event_id = ANY (ids)) $$;
COMMENT ON FUNCTION gpsync_internal.chosen_letters(text, text, text[]) IS
    'The letters that all given filters match';

CREATE FUNCTION gpsync_internal.log_letters(streams text[], endpoints text[], events text[], action text, detail text,
    gone boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO gpsync.dead_letter_step (action, detail, stream, endpoint, event_id, schema_name, table_name, key,
                                        http_status, error, request_id)
        SELECT log_letters.action, log_letters.detail, d.stream, d.endpoint, d.event_id, d.schema_name, d.table_name,
               d.key, d.http_status, gpsync_internal.error_pattern(d.error),
               CASE WHEN d.schema_name = '' THEN (d.payload ->> 'requestid')::uuid END
        FROM unnest(streams, endpoints, events) AS c (stream, endpoint, event_id)
        JOIN gpsync.dead_letter AS d ON (d.stream, d.endpoint, d.event_id) = (c.stream, c.endpoint, c.event_id)
        ORDER BY d.event_id, d.endpoint;
    IF gone THEN
        DELETE FROM gpsync.dead_letter AS d USING unnest(streams, endpoints, events) AS c (stream, endpoint, event_id)
            WHERE (d.stream, d.endpoint, d.event_id) = (c.stream, c.endpoint, c.event_id);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.log_letters(text[], text[], text[], text, text, boolean) IS
    'Writes what happened to letters, given by their keys in three arrays, into gpsync.dead_letter_step, with '
    'session_user and the time; with gone it deletes them';

-- It is in the way of no retry_dead_letters(), whose transaction may have locked letters: these are left for the next
-- event of their row. Without hash and merge joins the letters are found by their index, however many there are.
CREATE FUNCTION gpsync_internal.close_taken_letters(of_stream text, tables text[], keys jsonb[], revisions bigint[],
    failed boolean[], commits bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off SET enable_hashjoin = off
        SET enable_mergejoin = off
    AS $$
DECLARE
    closing record;
BEGIN
    FOR closing IN
        WITH overtaken AS MATERIALIZED (
            SELECT d.endpoint, d.event_id, d.retry_revision, e.revision, e.failed, d.key, d.schema_name, d.table_name,
                   e.commit_lsn = 0 AS filtered
            FROM unnest(tables, keys, revisions, failed, commits) AS e (name, key, revision, failed, commit_lsn)
            JOIN gpsync.dead_letter AS d ON d.stream = of_stream
                AND jsonb_hash_extended(d.key, 0) = jsonb_hash_extended(e.key, 0) AND d.key = e.key
                AND parse_ident(e.name) = ARRAY[d.schema_name::text, d.table_name::text]
            CROSS JOIN LATERAL upper(lpad(to_hex(e.commit_lsn), 16, '0')) AS c (committed)
            WHERE left(d.event_id, 16) COLLATE "C" < c.committed
                OR left(d.event_id, 16) = c.committed AND d.revision < e.revision
                OR e.commit_lsn = 0 AND d.retry_revision = e.revision
            FOR UPDATE OF d SKIP LOCKED),
        answered AS (
            SELECT o.endpoint, o.event_id, o.filtered,
                   NOT o.filtered AND o.retry_revision IS NOT DISTINCT FROM o.revision AS retried,
                   o.failed AND EXISTS (
                       SELECT FROM gpsync.dead_letter AS n WHERE n.stream = of_stream AND n.endpoint = o.endpoint
                           AND jsonb_hash_extended(n.key, 0) = jsonb_hash_extended(o.key, 0) AND n.key = o.key
                           AND n.schema_name = o.schema_name AND n.table_name = o.table_name
                           AND n.revision = o.revision) AS refused
            FROM overtaken AS o),
        verdict AS (
            SELECT DISTINCT ON (a.endpoint, a.event_id) a.endpoint, a.event_id, a.filtered, a.retried, a.refused
            FROM answered AS a WHERE NOT a.refused OR a.retried
            ORDER BY a.endpoint, a.event_id, a.refused, a.retried DESC, a.filtered)
        SELECT v.filtered, v.retried, v.refused, array_agg(v.endpoint) AS endpoints, array_agg(v.event_id) AS events
        FROM verdict AS v GROUP BY v.filtered, v.retried, v.refused
    LOOP
        PERFORM gpsync_internal.log_letters(array_fill(of_stream, ARRAY[cardinality(closing.events)]),
            closing.endpoints, closing.events,
            CASE WHEN closing.retried AND NOT closing.refused THEN 'delivered' ELSE 'superseded' END,
            CASE WHEN closing.filtered THEN 'the publication''s row filter leaves out the row as it is now'
                 WHEN closing.refused THEN 'the endpoint refused the retried row again, which has a letter of its own'
                 WHEN NOT closing.retried THEN 'the endpoint took a newer event of the same key' END, true);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.close_taken_letters(text, text[], jsonb[], bigint[], boolean[], bigint[]) IS
    'For relay_book(): of settled events their quoted table, key, revision, whether an endpoint refused it, and commit '
    'LSN (0: no endpoint was to get it). Closes the letters of rows of which an endpoint took a newer event';

CREATE FUNCTION gpsync_internal.touch_rows(relation regclass, keys jsonb[], touch boolean,
    OUT revisions bigint[], OUT statuses text[], OUT problems text[])
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_touch_rows';
COMMENT ON FUNCTION gpsync_internal.touch_rows(regclass, jsonb[], boolean) IS
    'In: keys as events show them. With touch, sets the rows PENDING, so that they are streamed again, as the table''s '
    'owner, without waiting for a locked row. Out, one element a key: sync_revision and sync_status as they are then, '
    'or why not: missing (there is no such row), or a sentence';

-- Of shards of one distributed table, each key has its row in one at most.
CREATE FUNCTION gpsync_internal.touch_rows_named(schema_name name, table_name name, keys jsonb[], touch boolean,
    OUT revisions bigint[], OUT statuses text[], OUT problems text[])
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    relation regclass;
    found record;
BEGIN
    FOR relation IN SELECT gpsync_internal.tables_named(schema_name, table_name) LOOP
        found := gpsync_internal.touch_rows(relation, keys, touch);
        IF problems IS NULL THEN
            revisions := found.revisions;
            statuses := found.statuses;
            problems := found.problems;
            CONTINUE;
        END IF;
        FOR i IN 1 .. cardinality(keys) LOOP
            IF problems[i] = 'missing' AND found.problems[i] IS DISTINCT FROM 'missing' THEN
                revisions[i] := found.revisions[i];
                statuses[i] := found.statuses[i];
                problems[i] := found.problems[i];
            END IF;
        END LOOP;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.touch_rows_named(name, name, jsonb[], boolean) IS
    'touch_rows() for the attached table, or the shards, that events name; NULL: there is none';

-- A function of its own: its settings must not reach the owner's code. They join the arrays by hashes and find the
-- letters by their indexes, although nothing tells the planner how many there are.
CREATE FUNCTION gpsync_internal.judge_letters(of_stream text, of_schema text, of_table text, endpoints text[],
    events text[], keys jsonb[], revisions bigint[], statuses text[], problems text[])
    RETURNS TABLE (endpoint text, event_id text, verdict text)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp SET enable_nestloop = off
        SET enable_seqscan = off
    AS $$
SELECT d.endpoint, d.event_id, CASE
           WHEN d.is_skipped THEN 'a skipped change has no row to send'
           WHEN of_schema = '' THEN 'send'  -- of a topic: nothing replaces it
           WHEN d.key IS NULL THEN 'a letter about a whole table is not sent again'
           WHEN r.key IS NULL THEN 'the table is not attached'
           WHEN r.problem = 'missing' AND newest.deletes THEN 'send'
           WHEN r.problem = 'missing' THEN 'superseded'
           WHEN r.problem IS NOT NULL THEN r.problem
           -- The row is there and was deleted at the endpoint, since it does not pass the row filter. What follows
           -- outside the filter is no event.
           WHEN d.revision IS NOT NULL AND newest.event_id = d.event_id AND newest.deletes AND r.status <> 'PENDING'
               THEN 'send'
           WHEN r.revision = d.revision THEN 'send'
           WHEN r.status = 'COMPLETED' THEN 'superseded'
           WHEN newest.revision = r.revision THEN 'send'
           WHEN r.status = 'PENDING' THEN 'wait'
           ELSE 'superseded' END
FROM unnest(endpoints, events) AS c (endpoint, event_id)
CROSS JOIN LATERAL (
    SELECT l.endpoint, l.event_id, l.key, l.revision, starts_with(l.error, 'skipped by ') AS is_skipped
    FROM gpsync.dead_letter AS l
    WHERE l.stream = of_stream AND l.endpoint = c.endpoint AND l.event_id = c.event_id AND l.schema_name = of_schema
        AND l.table_name = of_table
    OFFSET 0) AS d
LEFT JOIN unnest(keys, revisions, statuses, problems) AS r (key, revision, status, problem)
    ON r.key = d.key AND problems IS NOT NULL
LEFT JOIN LATERAL (
    SELECT n.event_id, n.revision, substring(left(n.payload::text, 1000) FROM '"type" *: *"([a-z.]+)"')
               = 'gpsync.row.deleted' AS deletes
    FROM gpsync.dead_letter AS n
    WHERE n.stream = of_stream AND n.endpoint = d.endpoint
        AND jsonb_hash_extended(n.key, 0) = jsonb_hash_extended(d.key, 0) AND n.key = d.key
        AND n.schema_name = of_schema AND n.table_name = of_table
    -- By an expression: else the planner reads the primary key backwards, past all letters of the endpoint.
    ORDER BY n.event_id || '' DESC LIMIT 1) AS newest ON true $$;
COMMENT ON FUNCTION gpsync_internal.judge_letters(text, text, text, text[], text[], jsonb[], bigint[], text[], text[])
    IS 'resend_verdicts() for the letters of one table, with what touch_rows() says of its rows';

-- Whether letters may go to their endpoint as they were. An older event must not follow a newer one of its key.
CREATE FUNCTION gpsync_internal.resend_verdicts(of_stream text, endpoints text[], events text[])
    RETURNS TABLE (endpoint text, event_id text, verdict text)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of_table record;
    revisions bigint[];
    statuses text[];
    problems text[];
BEGIN
    FOR of_table IN
        SELECT -- A name's collation would become that of all arguments, and that of the indexes is the default.
               d.schema_name::text COLLATE "default" AS schema_name, d.table_name::text COLLATE "default" AS table_name,
               array_agg(DISTINCT d.key) FILTER (WHERE d.key IS NOT NULL) AS keys
        FROM unnest(endpoints, events) AS c (endpoint, event_id) JOIN gpsync.dead_letter AS d
            ON (d.stream, d.endpoint, d.event_id) = (of_stream, c.endpoint, c.event_id)
        GROUP BY d.schema_name, d.table_name
    LOOP
        -- Not of a table that is gone, detached or another one now.
        SELECT t.* INTO revisions, statuses, problems
        FROM gpsync_internal.touch_rows_named(of_table.schema_name::name, of_table.table_name::name, of_table.keys,
            false) AS t;
        RETURN QUERY SELECT * FROM gpsync_internal.judge_letters(of_stream, of_table.schema_name, of_table.table_name,
            endpoints, events, of_table.keys, revisions, statuses, problems);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.resend_verdicts(text, text[], text[]) IS
    'Of letters, by endpoint and event id: send (nothing newer of the key was taken there), superseded (something was, '
    'or the row was deleted since), wait (a newer version of the row is on its way), or a sentence that says why not';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_letter_filter(text, text, text[]),
    gpsync_internal.chosen_letters(text, text, text[]),
    gpsync_internal.log_letters(text[], text[], text[], text, text, boolean),
    gpsync_internal.close_taken_letters(text, text[], jsonb[], bigint[], boolean[], bigint[]),
    gpsync_internal.touch_rows(regclass, jsonb[], boolean),
    gpsync_internal.touch_rows_named(name, name, jsonb[], boolean),
    gpsync_internal.judge_letters(text, text, text, text[], text[], jsonb[], bigint[], text[], text[]),
    gpsync_internal.resend_verdicts(text, text[], text[]), gpsync_internal.error_pattern(text),
    gpsync_internal.key_of_letter(jsonb) FROM PUBLIC;
