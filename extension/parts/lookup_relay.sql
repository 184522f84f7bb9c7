-- What the relay calls for look-ups, on a connection of its own that has no replication origin: what is written here
-- is streamed like any other change.

CREATE FUNCTION gpsync_internal.machine_path(machine text, from_state text, to_state text) RETURNS text[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_machine_path';
COMMENT ON FUNCTION gpsync_internal.machine_path(text, text, text) IS
    'The states of the shortest legal path, without the first; of several the one whose states were defined first. '
    'NULL: there is none. Errors: 42704 no such machine';

CREATE FUNCTION gpsync_internal.answer_as(role oid, query text, argument jsonb) RETURNS SETOF record
    LANGUAGE c ROWS 50 AS 'MODULE_PATHNAME', 'gpsync_answer_as';
COMMENT ON FUNCTION gpsync_internal.answer_as(oid, text, jsonb) IS
    'write_as() that checks constraints at once, also deferred ones, and lets the role''s code wait a second for a '
    'lock at most';

CREATE FUNCTION gpsync_internal.relay_lookups(stream text, reports jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM gpsync_internal.refuse_owner_code();
    INSERT INTO gpsync.lookup_report AS r (lookup, stream, reported_at, breaker, breaker_since, next_probe_at,
                                           in_flight, requests, failures, last_error, last_error_at)
        SELECT n.lookup, relay_lookups.stream, clock_timestamp(), n.breaker, n.breaker_since, n.next_probe_at,
               n.in_flight, n.requests, n.failures, n.last_error, n.last_error_at
        FROM jsonb_populate_recordset(NULL::gpsync.lookup_report, coalesce(reports, '[]')) AS n
        JOIN gpsync.lookup AS l ON l.lookup = n.lookup
        ON CONFLICT (lookup) DO UPDATE SET (stream, reported_at, breaker, breaker_since, next_probe_at, in_flight,
                                            requests, failures, last_error, last_error_at)
            = ROW (excluded.stream, excluded.reported_at, excluded.breaker, excluded.breaker_since,
                   excluded.next_probe_at, excluded.in_flight, excluded.requests, excluded.failures,
                   excluded.last_error, excluded.last_error_at);
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('lookup', l.lookup, 'created_at', l.created_at,
                'definition', jsonb_build_array(l.relation::oid::bigint, l.columns, l.every, l.on_illegal),
                'endpoint', gpsync_internal.endpoint_config(l.endpoint, session_user),
                'failing', coalesce(r.breaker, 'closed') <> 'closed') ORDER BY l.lookup), '[]')
            FROM gpsync.lookup AS l LEFT JOIN gpsync.lookup_report AS r ON r.lookup = l.lookup
            WHERE NOT l.paused AND gpsync_internal.lookup_stream(l.relation) = relay_lookups.stream
                AND gpsync_internal.endpoint_protocol(l.endpoint) = 'token-lookup');
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_lookups(text, jsonb) IS
    'For the relay of a stream: takes what it says of the look-ups it runs, an array of the columns of '
    'gpsync.lookup_report, and gives those it is to run, with their endpoints and user mappings of the session''s '
    'user. "failing": by the last report the endpoint does not answer';

-- The pass that the look-up is in; a new one begins when it is due.
CREATE FUNCTION gpsync_internal.lookup_pass(of gpsync.lookup) RETURNS gpsync.lookup_state
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    state gpsync.lookup_state;
BEGIN
    SELECT * INTO state FROM gpsync.lookup_state AS s WHERE s.lookup = of.lookup;
    IF NOT FOUND THEN
        INSERT INTO gpsync.lookup_state (lookup) VALUES (of.lookup) ON CONFLICT DO NOTHING;
    END IF;
    -- Counted from when the pass began: the next one is not later because this one took long.
    IF of.every IS NOT NULL AND (state.began_at IS NULL
        OR state.ended_at IS NOT NULL AND state.began_at + of.every <= clock_timestamp()) THEN
        UPDATE gpsync.lookup_state AS s SET pass = s.pass + 1, began_at = clock_timestamp(), ended_at = NULL,
            cursor = NULL, passed = 0, expected = greatest(s.passed, gpsync_internal.row_estimate(of.relation))
        WHERE s.lookup = of.lookup RETURNING * INTO state;
    END IF;
    RETURN state;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_pass(gpsync.lookup) IS
    'Where a look-up is in its period; begins the next pass when it is due';

CREATE FUNCTION gpsync_internal.lookup_wanted(of gpsync.lookup, target gpsync_internal.lookup_target, busy bigint[],
    most integer) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    wanted jsonb := (SELECT jsonb_agg(jsonb_build_object('t', w.token_id, 'q', w.ids, 'a', w.attempts) ORDER BY w.first)
        FROM (SELECT r.token_id, array_agg(r.id) AS ids, max(r.attempts) AS attempts, min(r.id) AS first
              FROM (SELECT * FROM gpsync.lookup_request AS r WHERE r.lookup = of.lookup AND r.id <> ALL (busy)
                    AND r.not_before <= clock_timestamp() ORDER BY r.id LIMIT most) AS r GROUP BY r.token_id) AS w);
    found jsonb;
BEGIN
    IF wanted IS NULL THEN
        RETURN '[]';
    END IF;
    SELECT coalesce(jsonb_agg(w || jsonb_build_object('r', q.revision)), '[]') INTO found
    FROM gpsync_internal.query_as(target.owner, format(
        'SELECT k.n, t.sync_revision FROM ROWS FROM (pg_catalog.jsonb_to_recordset($1) AS (t text)) WITH ORDINALITY '
        'AS k (t, n) JOIN %s AS t ON %s', target.relation, target.is_key), wanted) AS q (n bigint, revision bigint)
    JOIN LATERAL (SELECT wanted -> (q.n - 1)::integer) AS e (w) ON true;
    -- The row is gone: there is nothing to ask for.
    IF jsonb_array_length(found) < jsonb_array_length(wanted) THEN
        DELETE FROM gpsync.lookup_request AS r USING (
            SELECT w FROM jsonb_array_elements(wanted) AS w
            WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(found) AS f WHERE f ->> 't' = w ->> 't')) AS gone (w),
            jsonb_array_elements(gone.w -> 'q') AS q (id)
        WHERE r.id = q.id::bigint;
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_wanted(gpsync.lookup, gpsync_internal.lookup_target, bigint[], integer) IS
    'The tokens that are asked for on demand, those of these requests apart, with their rows'' revisions';

-- The tokens of a pass behind a position, in the order of the column.
CREATE FUNCTION gpsync_internal.lookup_due(target gpsync_internal.lookup_target, behind text, most bigint) RETURNS jsonb
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(jsonb_agg(jsonb_build_object('t', q.t, 'r', q.r) ORDER BY q.n), '[]')
FROM gpsync_internal.query_as((target).owner, format(
    'SELECT pg_catalog.row_number() OVER (), s.* FROM (SELECT t.%1$I::pg_catalog.text, t.sync_revision '
    'FROM %2$s AS t WHERE t.%1$I IS NOT NULL AND %3$s ORDER BY t.%1$I USING %4$s LIMIT %5$s) AS s', (target).key,
    (target).relation, CASE WHEN behind IS NULL THEN 'true' ELSE (target).after_key END, (target).less, most),
    jsonb_build_array(behind)) AS q (n bigint, t text, r bigint) $$;
COMMENT ON FUNCTION gpsync_internal.lookup_due(gpsync_internal.lookup_target, text, bigint) IS
    'The first tokens behind one (NULL: of all), as the table''s owner, with their rows'' revisions: [{"t", "r"}]';

CREATE FUNCTION gpsync_internal.relay_lookup_next(lookup text, pass bigint, after text, busy bigint[], most integer,
    most_due integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET enable_sort = off
    AS $$
#variable_conflict use_variable
DECLARE
    of gpsync.lookup;
    state gpsync.lookup_state;
    target gpsync_internal.lookup_target;
    is_open boolean;
    tokens jsonb;
    due jsonb := '[]';
    room integer;
BEGIN
    SELECT * INTO of FROM gpsync.lookup AS l WHERE l.lookup = relay_lookup_next.lookup AND NOT l.paused;
    IF NOT FOUND THEN
        RETURN '{"open": false, "tokens": []}';
    END IF;
    state := gpsync_internal.lookup_pass(of);
    is_open := state.began_at IS NOT NULL AND state.ended_at IS NULL;
    -- The usual case of a look-up that has nothing to do.
    IF NOT is_open AND NOT EXISTS (SELECT FROM gpsync.lookup_request AS r WHERE r.lookup = of.lookup
            AND r.not_before <= clock_timestamp() AND r.id <> ALL (coalesce(busy, '{}'))) THEN
        RETURN '{"open": false, "tokens": []}';
    END IF;
    target := gpsync_internal.lookup_target(of.relation, of.columns);
    most := least(greatest(most, 1), 5000);
    tokens := gpsync_internal.lookup_wanted(of, target, coalesce(busy, '{}'), most);
    -- A relay that does not know the pass yet does not know its pace either.
    room := CASE WHEN is_open AND pass = state.pass THEN least(most_due, most - jsonb_array_length(tokens)) ELSE 0 END;
    IF room > 0 THEN
        due := gpsync_internal.lookup_due(target, coalesce(after, state.cursor), room);
    END IF;
    RETURN jsonb_build_object('created_at', of.created_at, 'open', is_open, 'pass', state.pass,
            'cursor', state.cursor, 'tokens', tokens || due, 'after', due -> -1 ->> 't', 'passed', state.passed,
            'expected', state.expected,
            'every', (extract(epoch FROM of.every) * 1000)::bigint,
            'elapsed', (extract(epoch FROM clock_timestamp() - state.began_at) * 1000)::bigint)
        || CASE WHEN room > 0 THEN jsonb_build_object('ended', jsonb_array_length(due) < room) ELSE '{}' END;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_lookup_next(text, bigint, text, bigint[], integer, integer) IS
    'The tokens to be asked for next, at most so many, and at most most_due that the period asks for: {"open": a pass '
    'is under way, "pass", "cursor": its durable position, "tokens": [{"t": token, "r": revision of its row, "q": '
    'requests on demand, "a": how often it was asked}], "after": the last one in the order of keys, "ended": the pass '
    'has no more (missing where none of the period were asked for), "every": the period, "elapsed": since the pass '
    'began (both ms), "expected": about so many tokens it has, "passed": so many are up to the cursor}. On demand '
    'first, those of busy requests apart, then those of the period behind after (NULL: behind the cursor); of another '
    'pass none';

CREATE FUNCTION gpsync_internal.lookup_suspenders(here text[], given jsonb, status text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE jsonb_typeof(given)
           WHEN 'array' THEN array(SELECT DISTINCT s FROM jsonb_array_elements_text(given) AS s ORDER BY s)
           WHEN 'string' THEN CASE status
               WHEN 'SUSPENDED' THEN array(SELECT DISTINCT s FROM unnest(here || (given #>> '{}')) AS s ORDER BY s)
               WHEN 'ACTIVE' THEN array(SELECT DISTINCT s FROM unnest(here) AS s WHERE s <> given #>> '{}' ORDER BY s)
               ELSE here END
           ELSE here END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_suspenders(text[], jsonb, text) IS
    'Who has a token suspended, after an answer: a list is all of them; one name adds itself with SUSPENDED and takes '
    'itself away with ACTIVE';

CREATE FUNCTION gpsync_internal.lookup_move(machine text, here text, there text, walks boolean, OUT refused text,
    OUT path text[])
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF there IS NULL OR there = here THEN
        RETURN;
    ELSIF gpsync.is_valid_transition(machine, here, there) THEN
        path := ARRAY[there];
    ELSIF there <> ALL (gpsync.machine_states(machine)) THEN
        refused := 'unknown status';
    ELSE
        path := CASE WHEN walks THEN gpsync_internal.machine_path(machine, here, there) END;
        refused := CASE WHEN path IS NULL THEN 'illegal' END;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_move(text, text, text, boolean) IS
    'How a row gets from its state to an answer''s: the states to go through, or why it cannot';

-- What the token system wrote is kept without what may be PII, and short.
CREATE FUNCTION gpsync_internal.received_text(received text, most integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT left(gpsync.scrub(jsonb_build_object('message', left(received, 1000))) ->> 'message', most) $$;
COMMENT ON FUNCTION gpsync_internal.received_text(text, integer) IS 'A text of a token system, scrubbed and shortened';

-- Of each answer: the row as it is, and what is to become of it.
CREATE FUNCTION gpsync_internal.lookup_items(of gpsync.lookup, target gpsync_internal.lookup_target, answers jsonb)
    RETURNS TABLE (n bigint, answer jsonb, revision bigint, here text, there text, refused text, path text[],
        suspenders text[], writes boolean)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN QUERY
    SELECT a.n, a.answer, q.revision, q.here, w.there, m.refused, m.path,
           -- A move that is refused leaves the list of who suspended as it was.
           CASE WHEN m.refused IS NOT NULL THEN q.suspenders ELSE w.suspenders END,
           q.differs OR cardinality(m.path) > 0 OR target.suspended_by IS NOT NULL
               AND w.suspenders IS DISTINCT FROM q.suspenders
    FROM jsonb_array_elements(answers) WITH ORDINALITY AS a (answer, n)
    LEFT JOIN gpsync_internal.query_as(target.owner, format(
        'SELECT k.n, t.sync_revision, %s, %s, %s FROM ROWS FROM (pg_catalog.jsonb_to_recordset($1) AS (t text, '
        '"panStatus" text, "panExpiry" text)) WITH ORDINALITY AS k (t, ps, pe, n) JOIN %s AS t ON %s',
        -- NULL for a column that is not mapped.
        coalesce('t.' || quote_ident(target.status), 'NULL') || '::pg_catalog.text',
        coalesce('t.' || quote_ident(target.suspended_by), 'NULL') || '::pg_catalog.text[]',
        concat_ws(' OR ', 'k.ps IS NOT NULL AND k.ps IS DISTINCT FROM t.' || quote_ident(target.pan_status)
            || '::pg_catalog.text', 'k.pe IS NOT NULL AND k.pe IS DISTINCT FROM t.' || quote_ident(target.pan_expiry)
            || '::pg_catalog.text', 'false'),
        target.relation, target.is_key), answers)
        AS q (n bigint, revision bigint, here text, suspenders text[], differs boolean) ON q.n = a.n
    CROSS JOIN LATERAL (
        SELECT CASE WHEN s.suspenders <> '{}' OR q.suspenders IS NOT NULL THEN s.suspenders END,
            CASE WHEN target.status IS NULL THEN NULL
            WHEN a.answer ->> 'status' = 'ACTIVE' AND cardinality(s.suspenders) > 0 THEN 'SUSPENDED'
            ELSE a.answer ->> 'status' END
        FROM (SELECT CASE WHEN target.suspended_by IS NOT NULL AND q.n IS NOT NULL THEN
                  gpsync_internal.lookup_suspenders(coalesce(q.suspenders, '{}'), a.answer -> 'suspendedBy',
                      a.answer ->> 'status') END) AS s (suspenders)) AS w (suspenders, there)
    -- Most answers say nothing new.
    LEFT JOIN LATERAL gpsync_internal.lookup_move(target.machine, q.here, w.there, of.on_illegal = 'walk') AS m
        ON w.there IS DISTINCT FROM q.here AND q.n IS NOT NULL;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_items(gpsync.lookup, gpsync_internal.lookup_target, jsonb) IS
    'The rows of a list of answers, and where each answer leads; revision NULL: there is no row';

CREATE FUNCTION gpsync_internal.lookup_sets(target gpsync_internal.lookup_target, OUT sets text, OUT differs text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%I = COALESCE(%s, t.%1$I)', c.name, c.value), ', '),
       string_agg(format('t.%I::pg_catalog.text IS DISTINCT FROM COALESCE(%s, t.%1$I)::pg_catalog.text',
           c.name, c.value), ' OR ')
FROM (VALUES ((target).status, 'k.s::' || (target).status_type),
             ((target).pan_status, 'k."panStatus"::' || (target).pan_status_type),
             ((target).pan_expiry, 'k."panExpiry"::' || (target).pan_expiry_type),
             ((target).suspended_by, 'k.sb')) AS c (name, value)
WHERE c.name IS NOT NULL $$;
COMMENT ON FUNCTION gpsync_internal.lookup_sets(gpsync_internal.lookup_target) IS
    'The SET list of an answer''s UPDATE, and the condition that it changes something';

-- One subtransaction for all; one that fails is written item by item.
CREATE FUNCTION gpsync_internal.lookup_write(target gpsync_internal.lookup_target, items jsonb)
    RETURNS TABLE (n bigint, outcome text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    locked bigint[];
    written bigint[];
    item jsonb;
    parts record;
    columns text := 'k (n bigint, t text, r bigint, s text, "panStatus" text, "panExpiry" text, sb text[])';
BEGIN
    -- What another transaction has locked is not waited for.
    locked := array(SELECT q.n FROM gpsync_internal.answer_as(target.owner, format(
        'SELECT k.n FROM pg_catalog.jsonb_to_recordset($1) AS %s JOIN %s AS t ON %s WHERE t.sync_revision '
        'OPERATOR(pg_catalog.=) k.r FOR NO KEY UPDATE OF t SKIP LOCKED', columns, target.relation, target.is_key),
        items) AS q (n bigint));
    -- Each state on the way is an UPDATE of its own, and a change of its own in the stream.
    FOR step IN 1 .. (SELECT coalesce(max(jsonb_array_length(i -> 'path')), 0) - 1
                      FROM jsonb_array_elements(items) AS i) LOOP
        PERFORM FROM gpsync_internal.answer_as(target.owner, format(
            'UPDATE %s AS t SET %I = k.s::%s FROM pg_catalog.jsonb_to_recordset($1) AS %s WHERE %s RETURNING k.n',
            target.relation, target.status, target.status_type, columns, target.is_key),
            (SELECT jsonb_agg(i || jsonb_build_object('s', i -> 'path' -> (step - 1)))
             FROM jsonb_array_elements(items) AS i
             WHERE (i ->> 'n')::bigint = ANY (locked) AND jsonb_array_length(i -> 'path') > step)) AS q (n bigint);
    END LOOP;
    SELECT * INTO parts FROM gpsync_internal.lookup_sets(target);
    written := array(SELECT q.n FROM gpsync_internal.answer_as(target.owner, format(
        'UPDATE %s AS t SET %s FROM pg_catalog.jsonb_to_recordset($1) AS %s WHERE %s AND (%s) RETURNING k.n',
        target.relation, parts.sets, columns, target.is_key, parts.differs),
        (SELECT jsonb_agg(i || jsonb_build_object('s', i -> 'path' -> -1)) FROM jsonb_array_elements(items) AS i
         WHERE (i ->> 'n')::bigint = ANY (locked))) AS q (n bigint));
    RETURN QUERY SELECT (i ->> 'n')::bigint, CASE WHEN (i ->> 'n')::bigint <> ALL (locked) THEN 'changed'
            WHEN (i ->> 'n')::bigint = ANY (written) THEN 'written'
            WHEN jsonb_array_length(i -> 'path') > 0 THEN 'a trigger of the table suppresses the update'
            ELSE 'as it was' END
        FROM jsonb_array_elements(items) AS i;
EXCEPTION
    WHEN lock_not_available OR serialization_failure OR deadlock_detected THEN
        RETURN QUERY SELECT (i ->> 'n')::bigint, 'changed' FROM jsonb_array_elements(items) AS i;
    WHEN OTHERS THEN
        -- Its message may show the row.
        IF jsonb_array_length(items) = 1 THEN
            RETURN QUERY SELECT (items -> 0 ->> 'n')::bigint,
                format('the table or its owner''s code refuses the update with SQLSTATE %s', SQLSTATE);
            RETURN;
        END IF;
        FOR item IN SELECT i FROM jsonb_array_elements(items) AS i LOOP
            RETURN QUERY SELECT w.n, w.outcome FROM gpsync_internal.lookup_write(target, jsonb_build_array(item)) AS w;
        END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_write(gpsync_internal.lookup_target, jsonb) IS
    'Writes answers into their rows, as the table''s owner: written, as it was, changed (the row has another revision, '
    'or is locked), or what refuses them. An answer that fails, fails alone';

-- How often a token whose row changes under its answer is asked again before it is listed.
CREATE FUNCTION gpsync_internal.most_lookup_attempts() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT 5 $$;
CREATE FUNCTION gpsync_internal.lookup_pause(attempts integer) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT interval '200 ms' * 2 ^ (attempts - 1) $$;
COMMENT ON FUNCTION gpsync_internal.lookup_pause(integer) IS
    'After so many answers of a token that were refused because its row had changed, it is asked for again after this';
COMMENT ON FUNCTION gpsync_internal.most_lookup_attempts() IS
    'So many answers of one token are refused because its row has changed before that is a conflict';

-- Every answer with its outcome: taken, gone, again, or the kind of a conflict.
CREATE FUNCTION gpsync_internal.lookup_outcomes(of gpsync.lookup, target gpsync_internal.lookup_target, answers jsonb)
    RETURNS TABLE (answer jsonb, outcome text, here text, there text, detail text, written boolean)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    items jsonb;
BEGIN
    items := (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.n), '[]')
              FROM gpsync_internal.lookup_items(of, target, answers) AS i);
    RETURN QUERY
    WITH item AS MATERIALIZED (
        SELECT i.*, i.answer ->> 'error' AS error, i.answer ->> 'problem' AS problem,
               i.revision IS NOT NULL AND i.revision = (i.answer ->> 'r')::bigint AS current
        FROM jsonb_to_recordset(items) AS i (n bigint, answer jsonb, revision bigint, here text, there text,
            refused text, path text[], suspenders text[], writes boolean)),
    to_write AS MATERIALIZED (
        SELECT jsonb_agg(jsonb_build_object('n', i.n, 't', i.answer -> 't', 'r', i.revision,
                   'path', coalesce(to_jsonb(i.path), '[]'), 'panStatus', i.answer -> 'panStatus',
                   'panExpiry', i.answer -> 'panExpiry', 'sb', i.suspenders) ORDER BY i.n) AS items
        FROM item AS i WHERE i.current AND i.writes AND i.error IS NULL AND i.problem IS NULL
            -- What is said of the PAN is taken over all the same.
            AND (i.refused IS NULL OR i.answer ? 'panStatus' OR i.answer ? 'panExpiry')),
    write AS MATERIALIZED (
        SELECT w.* FROM to_write AS t, LATERAL gpsync_internal.lookup_write(target, t.items) AS w
        WHERE t.items IS NOT NULL)
    SELECT i.answer,
           CASE WHEN i.revision IS NULL THEN 'gone'
                WHEN i.problem IS NOT NULL THEN i.problem
                WHEN i.error IS NOT NULL THEN CASE WHEN gpsync_internal.means_unknown(i.error) THEN 'unknown token'
                    ELSE 'error' END
                WHEN NOT i.current OR w.outcome = 'changed' THEN 'again'
                WHEN w.outcome NOT IN ('written', 'as it was') THEN 'refused'
                WHEN i.refused IS NOT NULL THEN i.refused
                ELSE 'taken' END,
           i.here,
           CASE WHEN i.refused = 'unknown status' THEN gpsync_internal.received_text(i.there, 64) ELSE i.there END,
           CASE WHEN i.error IS NOT NULL THEN gpsync_internal.received_text(i.error, 200)
                WHEN i.problem IS NOT NULL THEN i.answer ->> 'detail'
                WHEN w.outcome NOT IN ('written', 'as it was', 'changed') THEN w.outcome END,
           coalesce(w.outcome = 'written', false)
    FROM item AS i LEFT JOIN write AS w ON w.n = i.n;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_outcomes(gpsync.lookup, gpsync_internal.lookup_target, jsonb) IS
    'Takes answers over into their rows, and says what became of each';

CREATE FUNCTION gpsync_internal.means_unknown(error text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT regexp_replace(lower(left(error, 200)), '[^a-z]', '', 'g')
    ~ '^(the)?(unknown(token|tokenid)?|(token|tokenid)?(is)?(unknown|notfound|notknown|doesnotexist)|nosuchtoken)$' $$;
COMMENT ON FUNCTION gpsync_internal.means_unknown(text) IS
    'Whether an error of a token system says that it does not know the token ("NOT_FOUND", "unknown token")';

CREATE FUNCTION gpsync_internal.relay_lookup_apply(lookup text, answers jsonb, asked bigint, pass bigint,
    old_cursor text, new_cursor text, passed bigint, ended boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
    AS $$
#variable_conflict use_variable
DECLARE
    of gpsync.lookup;
    counted record;
    moved boolean;
BEGIN
    -- Not paused meanwhile, or it is taken over all the same: the question was asked. Gone: so is the answer.
    SELECT * INTO of FROM gpsync.lookup AS l WHERE l.lookup = relay_lookup_apply.lookup;
    IF NOT FOUND THEN
        RETURN '{"moved": false}';
    END IF;
    SELECT 0::bigint AS answered, 0::bigint AS written, 0::bigint AS again INTO counted;
    IF jsonb_array_length(answers) > 0 THEN
        counted := gpsync_internal.lookup_settle(of, answers);
    END IF;
    -- Another relay may have gone on with the pass, or the next one has begun.
    UPDATE gpsync.lookup_state AS s
    SET asked = s.asked + relay_lookup_apply.asked, answered = s.answered + counted.answered,
        written = s.written + counted.written, changed = s.changed + counted.again,
        answered_at = CASE WHEN counted.answered > 0 THEN clock_timestamp() ELSE s.answered_at END,
        cursor = CASE WHEN m.moved THEN new_cursor ELSE s.cursor END,
        passed = s.passed + CASE WHEN m.moved THEN relay_lookup_apply.passed ELSE 0 END,
        ended_at = CASE WHEN m.moved AND relay_lookup_apply.ended THEN clock_timestamp() ELSE s.ended_at END
    FROM (SELECT c.lookup, c.pass = relay_lookup_apply.pass AND c.ended_at IS NULL
              AND c.cursor IS NOT DISTINCT FROM old_cursor AS moved
          FROM gpsync.lookup_state AS c WHERE c.lookup = of.lookup FOR NO KEY UPDATE) AS m
    WHERE s.lookup = m.lookup RETURNING m.moved INTO moved;
    RETURN jsonb_build_object('moved', coalesce(moved, false), 'written', counted.written, 'again', counted.again);
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_lookup_apply(text, jsonb, bigint, bigint, text, text, bigint, boolean) IS
    'Takes a list of answers over: [{"t", "r", "q" and "a" as relay_lookup_next() gave them, and "status", '
    '"panStatus", "panExpiry", "suspendedBy", or "error", or "problem" and "detail"}]; counts so many tokens as asked; '
    'moves the cursor of the pass from the old to the new one, past so many tokens, and ends the pass. Out: "moved", '
    'whether the pass and the old cursor were the present ones; "written", "again"';

-- A request whose token is to be asked for again stays: who waits for it goes on waiting.
CREATE FUNCTION gpsync_internal.end_lookup_requests(lookup text, outcomes jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    repeated jsonb := (
        SELECT jsonb_agg(jsonb_build_object('t', o.answer -> 't', 'q', o.answer -> 'q', 'a', n.attempts,
                   'at', clock_timestamp() + gpsync_internal.lookup_pause(n.attempts)))
        FROM jsonb_to_recordset(outcomes) AS o (answer jsonb, outcome text),
            LATERAL (SELECT coalesce((o.answer ->> 'a')::integer, 0) + 1) AS n (attempts)
        WHERE o.outcome = 'again' AND n.attempts < gpsync_internal.most_lookup_attempts());
BEGIN
    DELETE FROM gpsync.lookup_request AS r
    USING jsonb_to_recordset(outcomes) AS o (answer jsonb), jsonb_array_elements(o.answer -> 'q') AS e (id)
    WHERE r.id = e.id::bigint AND NOT EXISTS (SELECT FROM jsonb_to_recordset(repeated) AS a (t text)
                                           WHERE a.t = o.answer ->> 't');
    IF repeated IS NOT NULL THEN
        UPDATE gpsync.lookup_request AS r SET attempts = a.a, not_before = a.at
        FROM jsonb_to_recordset(repeated) AS a (q jsonb, a integer, at timestamptz),
            jsonb_array_elements(a.q) AS e (id)
        WHERE r.id = e.id::bigint;
        INSERT INTO gpsync.lookup_request (lookup, token_id, attempts, not_before)
        SELECT end_lookup_requests.lookup, a.t, a.a, a.at
        FROM jsonb_to_recordset(repeated) AS a (t text, q jsonb, a integer, at timestamptz)
        WHERE jsonb_array_length(a.q) = 0;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.end_lookup_requests(text, jsonb) IS
    'Ends the requests of outcomes; a token whose row has changed meanwhile is asked for again, after a pause';

-- Most answers of a period are what the rows have: one query for all of those.
CREATE FUNCTION gpsync_internal.telling_answers(target gpsync_internal.lookup_target, answers jsonb, of_lookup text)
    RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    telling bigint[] := array(SELECT q.n FROM gpsync_internal.query_as(target.owner, format(
        'SELECT k.n FROM ROWS FROM (pg_catalog.jsonb_to_recordset($1) AS (t text, r bigint, q jsonb, error text, '
        'problem text, status text, "panStatus" text, "panExpiry" text, "suspendedBy" jsonb)) WITH ORDINALITY AS '
        'k (t, r, q, error, problem, st, ps, pe, sb, n) LEFT JOIN %s AS t ON %s '
        'WHERE (k.error IS NULL AND k.problem IS NULL AND k.q = ''[]'' AND t.sync_revision = k.r%s) IS NOT TRUE',
        target.relation, target.is_key, gpsync_internal.lookup_agrees(target)), answers) AS q (n bigint));
BEGIN
    IF EXISTS (SELECT FROM gpsync.lookup_conflict AS c WHERE c.lookup = of_lookup) THEN
        telling := telling || array(SELECT a.n FROM jsonb_array_elements(answers) WITH ORDINALITY AS a (answer, n)
            JOIN gpsync.lookup_conflict AS c ON c.lookup = of_lookup AND c.token_id = a.answer ->> 't');
    END IF;
    RETURN (SELECT coalesce(jsonb_agg(answers -> (a.n - 1)::integer ORDER BY a.n), '[]')
            FROM (SELECT DISTINCT n FROM unnest(telling) AS n) AS a);
END $$;
COMMENT ON FUNCTION gpsync_internal.telling_answers(gpsync_internal.lookup_target, jsonb, text) IS
    'The answers that are not just what their rows have: those of other revisions and of no row, errors, answers that '
    'somebody waits for, and those of tokens with a conflict';

CREATE FUNCTION gpsync_internal.lookup_agrees(target gpsync_internal.lookup_target) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(string_agg(format(' AND (k.%s IS NULL OR k.%1$s = t.%I::pg_catalog.text)', c.answer, c.name), ''), '')
    || coalesce(' AND (k.sb IS NULL OR k.sb = ''[]'') AND COALESCE(pg_catalog.cardinality(t.'
        || quote_ident((target).suspended_by) || '), 0) = 0', '')
FROM (VALUES ('st', (target).status), ('ps', (target).pan_status), ('pe', (target).pan_expiry)) AS c (answer, name)
WHERE c.name IS NOT NULL $$;
COMMENT ON FUNCTION gpsync_internal.lookup_agrees(gpsync_internal.lookup_target) IS
    'The condition, to be added with AND, that an answer (k) says what its row (t) has';

CREATE FUNCTION gpsync_internal.lookup_settle(of gpsync.lookup, answers jsonb, OUT answered bigint, OUT written bigint,
    OUT again bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    target gpsync_internal.lookup_target := gpsync_internal.lookup_target(of.relation, of.columns);
    telling jsonb := gpsync_internal.telling_answers(target, answers, of.lookup);
    outcomes jsonb;
BEGIN
    answered := jsonb_array_length(answers) - jsonb_array_length(telling);
    written := 0;
    again := 0;
    IF jsonb_array_length(telling) = 0 THEN
        RETURN;
    END IF;
    outcomes := (SELECT jsonb_agg(to_jsonb(o)) FROM gpsync_internal.lookup_outcomes(of, target, telling) AS o);
    SELECT answered + count(*) FILTER (WHERE o.answer ->> 'problem' IS NULL), count(*) FILTER (WHERE o.written),
           count(*) FILTER (WHERE o.outcome = 'again')
    INTO answered, written, again
    FROM jsonb_to_recordset(outcomes) AS o (answer jsonb, outcome text, written boolean);
    PERFORM gpsync_internal.end_lookup_requests(of.lookup, outcomes);
    PERFORM gpsync_internal.keep_lookup_conflicts(of.lookup, outcomes);
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_settle(gpsync.lookup, jsonb) IS
    'Takes answers over, ends their requests, has those asked again whose row has changed, and keeps conflicts';

CREATE FUNCTION gpsync_internal.keep_lookup_conflicts(lookup text, outcomes jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM gpsync.lookup_conflict AS c
    USING jsonb_to_recordset(outcomes) AS o (answer jsonb, outcome text)
    WHERE c.lookup = keep_lookup_conflicts.lookup AND c.token_id = o.answer ->> 't'
        AND o.outcome IN ('taken', 'gone');
    INSERT INTO gpsync.lookup_conflict AS c (lookup, token_id, kind, status_here, status_there, detail)
    SELECT DISTINCT ON (o.answer ->> 't') keep_lookup_conflicts.lookup, o.answer ->> 't',
           CASE o.outcome WHEN 'again' THEN 'changed' ELSE o.outcome END, o.here, o.there, o.detail
    FROM jsonb_to_recordset(outcomes) AS o (answer jsonb, outcome text, here text, there text, detail text)
    WHERE o.outcome NOT IN ('taken', 'gone') AND (o.outcome <> 'again'
        OR coalesce((o.answer ->> 'a')::integer, 0) + 1 >= gpsync_internal.most_lookup_attempts())
    ORDER BY o.answer ->> 't'
    ON CONFLICT (lookup, token_id) DO UPDATE SET kind = excluded.kind, status_here = excluded.status_here,
        status_there = excluded.status_there, detail = excluded.detail, last_at = excluded.last_at,
        times = CASE WHEN c.kind = excluded.kind THEN c.times + 1 ELSE 1 END,
        first_at = CASE WHEN c.kind = excluded.kind THEN c.first_at ELSE excluded.first_at END;
END $$;
COMMENT ON FUNCTION gpsync_internal.keep_lookup_conflicts(text, jsonb) IS
    'Keeps the conflicts among outcomes, and removes those that an answer has resolved';

REVOKE ALL ON FUNCTION gpsync_internal.machine_path(text, text, text), gpsync_internal.answer_as(oid, text, jsonb),
    gpsync_internal.relay_lookups(text, jsonb), gpsync_internal.lookup_pass(gpsync.lookup),
    gpsync_internal.lookup_wanted(gpsync.lookup, gpsync_internal.lookup_target, bigint[], integer),
    gpsync_internal.relay_lookup_next(text, bigint, text, bigint[], integer, integer),
    gpsync_internal.lookup_due(gpsync_internal.lookup_target, text, bigint),
    gpsync_internal.lookup_suspenders(text[], jsonb, text),
    gpsync_internal.lookup_move(text, text, text, boolean), gpsync_internal.received_text(text, integer),
    gpsync_internal.lookup_items(gpsync.lookup, gpsync_internal.lookup_target, jsonb),
    gpsync_internal.lookup_sets(gpsync_internal.lookup_target),
    gpsync_internal.lookup_write(gpsync_internal.lookup_target, jsonb),
    gpsync_internal.most_lookup_attempts(), gpsync_internal.lookup_pause(integer),
    gpsync_internal.end_lookup_requests(text, jsonb),
    gpsync_internal.lookup_outcomes(gpsync.lookup, gpsync_internal.lookup_target, jsonb),
    gpsync_internal.means_unknown(text),
    gpsync_internal.relay_lookup_apply(text, jsonb, bigint, bigint, text, text, bigint, boolean),
    gpsync_internal.lookup_settle(gpsync.lookup, jsonb),
    gpsync_internal.telling_answers(gpsync_internal.lookup_target, jsonb, text),
    gpsync_internal.lookup_agrees(gpsync_internal.lookup_target),
    gpsync_internal.keep_lookup_conflicts(text, jsonb) FROM PUBLIC;
