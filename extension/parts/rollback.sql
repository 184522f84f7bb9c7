-- emergency_rollback(): ramp, traffic, changes, notification. One step is one transaction; how far a roll-back is
-- stands in gpsync.rollback, written by the transaction that does it.

CREATE FUNCTION gpsync_internal.revert_rows(role oid, relation regclass, batch text, query text, rows tid[],
        key_rows tid[], revisions bigint[], items bigint[], unseen boolean, echo text) RETURNS SETOF bigint
    LANGUAGE c ROWS 1000 AS 'MODULE_PATHNAME', 'gpsync_revert_rows';
COMMENT ON FUNCTION gpsync_internal.revert_rows(oid, regclass, text, text, tid[], tid[], bigint[], bigint[], boolean,
    text) IS
    'Runs a statement of revert_query() as a role, in the restricted context: its rows may make transitions that the '
    'machine does not list, and are streamed with the batch''s name. unseen: no endpoint gets them; echo: the '
    'endpoints '
    'that get deletions, as JSON. The numbers of the items that were taken back';

CREATE FUNCTION gpsync_internal.report_rollback(of gpsync.rollback, event text, data jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.raise_ops_event_to(of.notify, event, of.batch,
        data || jsonb_build_object('reason', of.reason));
END $$;
COMMENT ON FUNCTION gpsync_internal.report_rollback(gpsync.rollback, text, jsonb) IS
    'Reports an operational event of a roll-back, also to the notifications that it names';

CREATE FUNCTION gpsync_internal.refuse_bad_rollback(batch text, ramp text, notify text[], fence boolean) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF batch IS NULL OR notify IS NULL OR fence IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'batch, notify and fence cannot be NULL';
    ELSIF ramp IS NOT NULL AND NOT EXISTS (SELECT FROM gpsync.ramp AS r WHERE r.ramp = refuse_bad_rollback.ramp) THEN
        RAISE undefined_object USING MESSAGE = format('ramp "%s" does not exist', ramp),
            HINT = gpsync_internal.ramp_hint(ramp);
    END IF;
    PERFORM gpsync_internal.refuse_unknown_notifications(notify);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_rollback(text, text, text[], boolean) IS
    'Raises for what emergency_rollback() cannot be called with: 22004, 42704';

CREATE FUNCTION gpsync_internal.begin_rollback_as(caller oid, batch text, ramp text, notify text[], fence boolean,
        reason text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    id bigint;
    tables regclass[];
BEGIN
    PERFORM gpsync_internal.refuse_bad_rollback(batch, ramp, notify, fence);
    PERFORM gpsync_internal.lock_work('rollback ' || batch);
    SELECT r.rollback INTO id FROM gpsync.rollback AS r WHERE r.batch = begin_rollback_as.batch AND r.phase <> 'done';
    IF FOUND THEN
        -- The first call may have named a ramp that does not exist.
        UPDATE gpsync.rollback AS r SET ramp = coalesce(begin_rollback_as.ramp, r.ramp)
        WHERE r.rollback = id AND r.phase = 'ramp';
        RETURN id;
    END IF;
    tables := gpsync_internal.batch_tables(batch);
    IF coalesce(tables, '{}') = '{}' THEN
        RAISE NOTICE 'batch "%" has been taken back already', batch;
        RETURN NULL;
    END IF;
    INSERT INTO gpsync.rollback AS r (batch, ramp, notify, fence, reason, started_by, relations)
        VALUES (batch, ramp, notify, fence, coalesce(nullif(btrim(reason), ''), format('batch "%s" is taken back',
            batch)),
                pg_get_userbyid(caller), tables) RETURNING r.rollback INTO id;
    PERFORM gpsync_internal.report_rollback(r, 'rollback.started', jsonb_build_object('by', r.started_by,
        'tables', r.relations::text[])) FROM gpsync.rollback AS r WHERE r.rollback = id;
    RETURN id;
END $$;
COMMENT ON FUNCTION gpsync_internal.begin_rollback_as(oid, text, text, text[], boolean, text) IS
    'begin_rollback() on behalf of a role';

CREATE FUNCTION gpsync_internal.begin_rollback(batch text, ramp text, notify text[], fence boolean, reason text)
    RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.begin_rollback(text, text, text[], boolean, text) IS
    'The number of the roll-back of a batch that has not ended, or of a new one. NULL, with a NOTICE: it was taken '
    'back, '
    'and has no later changes';

CREATE FUNCTION gpsync_internal.rollback_ramp(of gpsync.rollback) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF of.ramp IS NOT NULL THEN
        PERFORM gpsync_internal.lock_ramp_at_zero(of.ramp, of.reason);
    END IF;
    UPDATE gpsync.rollback AS r SET phase = 'traffic' WHERE r.rollback = of.rollback;
END $$;
COMMENT ON FUNCTION gpsync_internal.rollback_ramp(gpsync.rollback) IS 'The first step: every key goes to legacy';

CREATE FUNCTION gpsync_internal.leave_obstacles(of gpsync.rollback) RETURNS regclass[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    part regclass;
    obstacle text;
BEGIN
    FOREACH part IN ARRAY of.relations LOOP
        obstacle := gpsync_internal.batch_obstacle(of.batch, part);
        IF obstacle IS NOT NULL THEN
            of.relations := array_remove(of.relations, part);
            PERFORM gpsync_internal.report_obstacle(of.batch, part, obstacle, false);
        END IF;
    END LOOP;
    UPDATE gpsync.rollback AS r SET relations = of.relations WHERE r.rollback = of.rollback;
    RETURN of.relations;
END $$;
COMMENT ON FUNCTION gpsync_internal.leave_obstacles(gpsync.rollback) IS
    'Leaves tables out of a roll-back that were detached, dropped or altered since it began; those that remain';

CREATE FUNCTION gpsync_internal.rollback_traffic(of gpsync.rollback) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    of.relations := gpsync_internal.leave_obstacles(of);
    IF of.fence AND of.relations <> '{}' THEN
        PERFORM gpsync_internal.stop_traffic_as(to_regrole(quote_ident(of.started_by))::oid, of.relations,
            format('roll-back of batch "%s": %s', of.batch, of.reason), NULL, '30 s');
    END IF;
    UPDATE gpsync.rollback AS r SET phase = 'plan' WHERE r.rollback = of.rollback;
END $$;
COMMENT ON FUNCTION gpsync_internal.rollback_traffic(gpsync.rollback) IS 'The second step: writers are out';

-- Items are numbered in the order in which they are taken back: keys changed back, and rows inserted again, parents
-- first; rows changed back; rows deleted, children first. So foreign keys hold. A statement has 20,000 at most.
-- A plan has no statistics of its own: its joins must not compare every row with every other.
CREATE FUNCTION gpsync_internal.plan_table(of gpsync.rollback, relation regclass, place integer) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = off
    AS $$
DECLARE
    is_import boolean := (gpsync_internal.import_of_batch(of.batch)).job IS NOT NULL;
    tables integer := cardinality(of.relations);
    plan text;
BEGIN
    IF NOT is_import AND gpsync_internal.plan_ranges(of, relation, 2 * tables + place::bigint << 40) THEN
        RETURN;
    END IF;
    plan := CASE WHEN is_import THEN gpsync_internal.import_plan(relation, of.batch)
        ELSE gpsync_internal.batch_plan(relation, of.batch, gpsync_internal.last_rollback(of.batch, relation)) END;
    IF plan IS NULL THEN
        RETURN;
    END IF;
    WITH planned AS MATERIALIZED (
        SELECT q.* FROM gpsync_internal.query_as(gpsync_internal.owner_of(relation),
            gpsync_internal.plan_in_statements(plan), gpsync_internal.batch_revisions(of.batch))
            AS q (action "char", image oid, key oid, key_is_new boolean, rows tid[], key_rows tid[],
                revisions bigint[], broken jsonb[])),
    lost AS (
        INSERT INTO gpsync.rollback_left (rollback, item, relation, key, action, reason)
        SELECT of.rollback, -((place::bigint << 40) + row_number() OVER ()), plan_table.relation,
            gpsync_internal.key_to_show(k), 'none', 'changed since, by others, in between'
        FROM planned AS p, unnest(p.broken) AS k)
    INSERT INTO gpsync.rollback_item (rollback, item, relation, action, image, key, key_is_new, count, rows, key_rows,
        revisions)
    SELECT of.rollback,
        (CASE p.action WHEN 'k' THEN place WHEN 'i' THEN tables + place WHEN 'u' THEN 2 * tables + place
            ELSE 4 * tables - place + 1 END::bigint << 40)
            + 20000 * row_number() OVER (PARTITION BY p.action ORDER BY p.image, p.key, p.key_is_new, p.rows[1]),
        plan_table.relation, p.action, p.image, p.key, p.key_is_new, cardinality(p.rows), p.rows, p.key_rows,
        p.revisions
    FROM planned AS p;
END $$;
COMMENT ON FUNCTION gpsync_internal.plan_table(gpsync.rollback, regclass, integer) IS
    'Writes down what is to be done in a table, the place-th of the roll-back';

CREATE FUNCTION gpsync_internal.key_to_show(key jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE WHEN gpsync.has_pii(key) THEN gpsync.scrub(key) ELSE key END $$;
COMMENT ON FUNCTION gpsync_internal.key_to_show(jsonb) IS 'A row''s key without PII';

CREATE FUNCTION gpsync_internal.shadow_files(relations regclass[]) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(jsonb_object_agg(s.shadow::oid, pg_relation_filenode(s.shadow)), '{}')
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow WHERE s.relation = ANY (relations) $$;
COMMENT ON FUNCTION gpsync_internal.shadow_files(regclass[]) IS 'The files of the shadows of tables, by OID';

CREATE FUNCTION gpsync_internal.rollback_plan(of gpsync.rollback) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    place integer := 0;
    part regclass;
    link bigint;
    changes record;
BEGIN
    of.relations := gpsync_internal.leave_obstacles(of);
    link := gpsync_internal.last_link(of.relations);
    DELETE FROM gpsync.rollback_item AS i WHERE i.rollback = of.rollback;
    DELETE FROM gpsync.rollback_left AS l WHERE l.rollback = of.rollback;
    FOREACH part IN ARRAY of.relations LOOP
        place := place + 1;
        PERFORM gpsync_internal.require_shadows(part), gpsync_internal.plan_table(of, part, place);
    END LOOP;
    -- Which reads all shadows.
    SELECT max(c.last_revision) AS last, array_agg(c.relation::oid) FILTER (WHERE c.by_others) AS by_others
    INTO changes FROM gpsync_internal.batch_ends(of.batch) AS c WHERE c.relation = ANY (of.relations);
    UPDATE gpsync.rollback AS r SET phase = 'revert', next_item = 1, pass = 1, pass_done = 0, moved = 0,
        plans = r.plans + 1, last_link = link, files = gpsync_internal.shadow_files(of.relations),
        linked = coalesce(changes.by_others, '{}')::regclass[],
        -- A plan of an import has the rows that are still there, others also those that are as before already.
        items = CASE WHEN (gpsync_internal.import_of_batch(of.batch)).job IS NOT NULL
                     THEN r.reverted + r.deleted + r.inserted ELSE 0 END
            + (SELECT coalesce(sum(i.count), 0) FROM gpsync.rollback_item AS i
               WHERE i.rollback = of.rollback),
        upto_revision = changes.last
    WHERE r.rollback = of.rollback RETURNING * INTO of;
    PERFORM gpsync_internal.keep_range_statements(of);
END $$;
COMMENT ON FUNCTION gpsync_internal.rollback_plan(gpsync.rollback) IS 'The third step: what is to be taken back';

-- Items of one statement.
CREATE TYPE gpsync_internal.rollback_chunk AS (
    relation   regclass,
    action     "char",
    image      regclass,
    key        regclass,
    key_is_new boolean,
    rows       tid[],
    key_rows   tid[],
    revisions  bigint[],
    items      bigint[]);
COMMENT ON TYPE gpsync_internal.rollback_chunk IS
    'Items of a roll-back that one statement takes back: rows of the shadow, revisions of the table''s rows';

CREATE FUNCTION gpsync_internal.next_chunk(of gpsync.rollback) RETURNS gpsync_internal.rollback_chunk
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT ROW(i.relation, i.action, i.image, i.key, i.key_is_new, i.rows, i.key_rows, i.revisions,
           array(SELECT n FROM generate_series(i.item, i.item + cardinality(i.rows) - 1) AS n)
           )::gpsync_internal.rollback_chunk
FROM gpsync.rollback_item AS i
WHERE i.rollback = (of).rollback AND i.item >= (of).next_item
ORDER BY i.item LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.next_chunk(gpsync.rollback) IS
    'The next items of a roll-back that one statement can take back';

CREATE FUNCTION gpsync_internal.next_conflicts(of gpsync.rollback) RETURNS gpsync_internal.rollback_chunk
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH left_over AS MATERIALIZED (
    SELECT l.item FROM gpsync.rollback_left AS l
    WHERE l.rollback = (of).rollback AND l.item >= (of).next_item AND l.reason ~ '^(conflict|failed)'),
part AS MATERIALIZED (
    SELECT i.* FROM gpsync.rollback_item AS i
    WHERE i.rollback = (of).rollback AND i.item <= (SELECT min(l.item) FROM left_over AS l)
    ORDER BY i.item DESC LIMIT 1)
SELECT ROW(p.relation, p.action, p.image, p.key, p.key_is_new, c.rows, CASE p.action WHEN 'k' THEN c.key_rows
           ELSE '{}' END, c.revisions, c.items)::gpsync_internal.rollback_chunk
FROM part AS p CROSS JOIN LATERAL (
    SELECT array_agg(u.row ORDER BY u.n) AS rows, array_agg(u.key_row ORDER BY u.n) AS key_rows,
           array_agg(u.revision ORDER BY u.n) AS revisions, array_agg(l.item ORDER BY u.n) AS items
    FROM unnest(p.rows, p.key_rows, p.revisions) WITH ORDINALITY AS u (row, key_row, revision, n)
    JOIN left_over AS l ON l.item = p.item + u.n - 1) AS c $$;
COMMENT ON FUNCTION gpsync_internal.next_conflicts(gpsync.rollback) IS
    'The same of the items that were in conflict when they were tried before';

CREATE FUNCTION gpsync_internal.cut_chunk(chunk gpsync_internal.rollback_chunk, first integer, last integer)
    RETURNS gpsync_internal.rollback_chunk
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT ROW((chunk).relation, (chunk).action, (chunk).image, (chunk).key, (chunk).key_is_new, (chunk).rows[first:last],
           (chunk).key_rows[first:last], (chunk).revisions[first:last],
               (chunk).items[first:last])::gpsync_internal.rollback_chunk $$;
COMMENT ON FUNCTION gpsync_internal.cut_chunk(gpsync_internal.rollback_chunk, integer, integer) IS
    'The items from first to last of a chunk';

CREATE FUNCTION gpsync_internal.revert_chunk(of gpsync.rollback, chunk gpsync_internal.rollback_chunk, query text,
        OUT done bigint[], OUT failed jsonb)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    job gpsync.import_job := gpsync_internal.import_of_batch(of.batch);
    count integer := cardinality(chunk.items);
    half record;
BEGIN
    done := array(SELECT d FROM gpsync_internal.revert_rows(gpsync_internal.owner_of(chunk.relation), chunk.relation,
        of.batch, query, chunk.rows, chunk.key_rows, chunk.revisions, chunk.items,
            job.job IS NOT NULL AND job.echo = '{}',
        CASE WHEN job.job IS NOT NULL THEN gpsync_internal.import_echo(job) END) AS d);
    failed := '{}';
EXCEPTION WHEN lock_not_available OR transaction_rollback OR insufficient_resources OR operator_intervention THEN
    RAISE;
WHEN OTHERS THEN
    IF count = 1 THEN
        done := '{}';
        failed := jsonb_build_object(chunk.items[1], CASE SQLSTATE WHEN '23503' THEN 'conflict (foreign key)'
            WHEN '23505' THEN 'conflict (unique)' WHEN '23P01' THEN 'conflict (exclusion)'
            ELSE 'failed with SQLSTATE ' || SQLSTATE END);
        RETURN;
    END IF;
    SELECT * INTO half FROM gpsync_internal.revert_chunk(of, gpsync_internal.cut_chunk(chunk, 1, count / 2), query);
    SELECT half.done || h.done, half.failed || h.failed INTO done, failed
    FROM gpsync_internal.revert_chunk(of, gpsync_internal.cut_chunk(chunk, count / 2 + 1, count), query) AS h;
END $$;
COMMENT ON FUNCTION gpsync_internal.revert_chunk(gpsync.rollback, gpsync_internal.rollback_chunk, text) IS
    'Takes items back; where one fails, it is found by halving. done: those that were; failed: why, by number';

-- What the owner of a table has put there, and fails, is no reason to stop: the other tables are taken back.
CREATE FUNCTION gpsync_internal.missed_items(relation regclass, query text, missed jsonb)
    RETURNS TABLE (item bigint, key jsonb, reason text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT q.* FROM gpsync_internal.query_as(gpsync_internal.owner_of(relation), query, missed)
        AS q (item bigint, key jsonb, reason text);
EXCEPTION WHEN lock_not_available OR transaction_rollback OR insufficient_resources OR operator_intervention THEN
    RAISE;
WHEN OTHERS THEN
    RETURN QUERY SELECT m.item, '{}'::jsonb, 'failed with SQLSTATE ' || SQLSTATE
        FROM jsonb_to_recordset(missed) AS m (item bigint);
END $$;
COMMENT ON FUNCTION gpsync_internal.missed_items(regclass, text, jsonb) IS
    'Items that were not taken back, their keys and why, by a check_query(); without keys where the table cannot be '
    'read';

-- A row that is as before, or as far back as it can go, is not left over.
CREATE FUNCTION gpsync_internal.note_left(of gpsync.rollback, chunk gpsync_internal.rollback_chunk, done bigint[],
        failed jsonb) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    missed jsonb;
    moved bigint;
BEGIN
    IF cardinality(done) = cardinality(chunk.items) THEN
        RETURN 0;
    END IF;
    SELECT jsonb_agg(jsonb_build_object('item', m.item, 'row', m.row::text, 'key_row', m.key_row::text,
        'revision', m.revision)) INTO missed
    FROM unnest(chunk.items, chunk.rows, chunk.key_rows, chunk.revisions) AS m (item, row, key_row, revision)
    WHERE m.item NOT IN (SELECT d FROM unnest(done) AS d);
    IF missed IS NULL THEN
        RETURN 0;
    END IF;
    WITH found AS MATERIALIZED (
        SELECT q.* FROM gpsync_internal.missed_items(chunk.relation,
            gpsync_internal.check_query(chunk.relation, chunk.action, chunk.image, chunk.key, chunk.key_is_new,
                'jsonb_to_recordset($1) AS u (item bigint, row tid, key_row tid, revision bigint)', NULL, 0),
            missed) AS q),
    left_over AS (
        INSERT INTO gpsync.rollback_left AS l (rollback, item, relation, key, action, reason)
        SELECT of.rollback, f.item, chunk.relation, gpsync_internal.key_to_show(f.key),
            gpsync_internal.action_name(chunk.action),
            coalesce(failed ->> f.item::text, f.reason, 'failed: a trigger of the table keeps the row as it is')
        FROM found AS f WHERE coalesce(f.reason, '') NOT IN ('as before', 'moved')
        ON CONFLICT ON CONSTRAINT rollback_left_pkey DO UPDATE SET reason = excluded.reason)
    SELECT count(*) FILTER (WHERE f.reason = 'moved') INTO moved FROM found AS f;
    RETURN moved;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_left(gpsync.rollback, gpsync_internal.rollback_chunk, bigint[], jsonb) IS
    'Keeps which items were not taken back, and why. How many rows of an import have another version now';

CREATE FUNCTION gpsync_internal.rollback_end_pass(of gpsync.rollback) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
UPDATE gpsync.rollback AS r SET next_item = 1, pass = r.pass + 1, pass_done = 0,
    phase = CASE
        WHEN r.plans < 20 AND (r.moved > 0
            -- Rows that were sent again since the plan was made.
            OR EXISTS (SELECT FROM gpsync.rollback_left AS l WHERE l.rollback = r.rollback
                           AND l.reason = 'changed since') AND gpsync_internal.last_link(r.relations) > r.last_link)
            THEN 'plan'
        -- What was in the way may be gone: another row had the value, or referred to the row.
        WHEN r.pass_done > 0 AND EXISTS (SELECT FROM gpsync.rollback_left AS l WHERE l.rollback = r.rollback
                                             AND l.reason ~ '^(conflict|failed)') THEN 'revert'
        ELSE 'notify' END
WHERE r.rollback = (of).rollback $$;
COMMENT ON FUNCTION gpsync_internal.rollback_end_pass(gpsync.rollback) IS
    'All items have been tried: again, those that were in conflict, as long as one succeeds';

CREATE FUNCTION gpsync_internal.advance_rollback(of gpsync.rollback, action "char", next_item bigint, done bigint,
        moved_rows bigint) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
UPDATE gpsync.rollback AS r SET next_item = advance_rollback.next_item, pass_done = r.pass_done + done,
    moved = r.moved + moved_rows, reverted = r.reverted + CASE WHEN action IN ('u', 'k') THEN done ELSE 0 END,
    deleted = r.deleted + CASE WHEN action = 'd' THEN done ELSE 0 END,
    inserted = r.inserted + CASE WHEN action = 'i' THEN done ELSE 0 END
WHERE r.rollback = (of).rollback $$;
COMMENT ON FUNCTION gpsync_internal.advance_rollback(gpsync.rollback, "char", bigint, bigint, bigint) IS
    'Keeps that the items before next_item have been tried, and how many of them were taken back or have moved';

-- A plan has numbers of rows of the shadows, and is for tables as they are.
CREATE FUNCTION gpsync_internal.needs_new_plan(of gpsync.rollback) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT NOT gpsync_internal.shadow_files((of).relations) @> (of).files OR EXISTS (
    SELECT FROM unnest((of).relations) AS t WHERE gpsync_internal.batch_obstacle((of).batch, t) IS NOT NULL) $$;
COMMENT ON FUNCTION gpsync_internal.needs_new_plan(gpsync.rollback) IS
    'Whether shadows were rewritten, or tables altered, since the plan was made';

CREATE FUNCTION gpsync_internal.rollback_range(of gpsync.rollback, OUT range gpsync.rollback_item, OUT done tid[])
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    SELECT * INTO range FROM gpsync.rollback_item AS i
    WHERE i.rollback = of.rollback AND i.item >= of.next_item AND of.pass = 1 ORDER BY i.item LIMIT 1;
    IF range.rows IS NULL AND range.item IS NOT NULL THEN
        done := gpsync_internal.take_range_back(of, range);
        IF cardinality(done) < range.count THEN
            PERFORM gpsync_internal.expand_range(of, range);
        END IF;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.rollback_range(gpsync.rollback) IS
    'Takes the next items back if they are a range. done: the rows of the shadow that were, NULL where they are a list '
    'already; with less than all it is one now';

CREATE FUNCTION gpsync_internal.rollback_revert(of gpsync.rollback) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    next record;
    chunk gpsync_internal.rollback_chunk;
    result record;
BEGIN
    -- A table may have got another owner since the plan was made.
    IF EXISTS (SELECT FROM unnest(of.relations) AS t WHERE NOT gpsync_internal.own_shadows(t))
        OR gpsync_internal.needs_new_plan(of) THEN
        UPDATE gpsync.rollback AS r SET phase = 'plan' WHERE r.rollback = of.rollback;
        RETURN;
    END IF;
    -- Rows and progress are lost together, or not at all; the last step waits for all of them.
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT r.range, r.done INTO next FROM gpsync_internal.rollback_range(of) AS r;
    IF cardinality(next.done) = (next.range).count THEN
        PERFORM gpsync_internal.advance_rollback(of, (next.range).action, (next.range).item + (next.range).count,
            (next.range).count, 0);
        RETURN;
    END IF;
    chunk := CASE WHEN of.pass = 1 THEN gpsync_internal.next_chunk(of) ELSE gpsync_internal.next_conflicts(of) END;
    IF chunk.items IS NULL THEN
        PERFORM gpsync_internal.rollback_end_pass(of);
        RETURN;
    END IF;
    IF next.done <> '{}' THEN
        SELECT array_agg(c.item) AS done, '{}'::jsonb AS failed INTO result
        FROM unnest(chunk.items, chunk.rows) AS c (item, row) WHERE c.row = ANY (next.done);
    ELSE
        SELECT * INTO result FROM gpsync_internal.revert_chunk(of, chunk, gpsync_internal.revert_query(chunk.relation,
            chunk.action, chunk.image, chunk.key, chunk.key_is_new, chunk.relation = ANY (of.linked), of.files,
            chunk.rows, chunk.key_rows));
    END IF;
    IF of.pass > 1 THEN
        DELETE FROM gpsync.rollback_left AS l WHERE l.rollback = of.rollback AND l.item = ANY (chunk.items);
    END IF;
    PERFORM gpsync_internal.advance_rollback(of, chunk.action, chunk.items[cardinality(chunk.items)] + 1,
        cardinality(result.done), gpsync_internal.note_left(of, chunk, result.done, result.failed));
END $$;
COMMENT ON FUNCTION gpsync_internal.rollback_revert(gpsync.rollback) IS 'The fourth step, many times: a chunk of rows';

CREATE FUNCTION gpsync_internal.rollback_notify(of gpsync.rollback) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    rows_left bigint := (SELECT count(*) FROM gpsync.rollback_left AS l WHERE l.rollback = of.rollback);
    data jsonb := jsonb_build_object('reverted', of.reverted, 'deleted', of.deleted, 'inserted', of.inserted,
        'left', rows_left, 'traffic_stopped', of.fence);
BEGIN
    PERFORM gpsync_internal.report_rollback(of, 'rollback.finished', data);
    IF rows_left > 0 THEN
        PERFORM gpsync_internal.report_rollback(of, 'rollback.rows_left', data);
    END IF;
    DELETE FROM gpsync.rollback_item AS i WHERE i.rollback = of.rollback;
    UPDATE gpsync.rollback AS r SET phase = 'done', ended_at = clock_timestamp() WHERE r.rollback = of.rollback;
END $$;
COMMENT ON FUNCTION gpsync_internal.rollback_notify(gpsync.rollback) IS 'The last step: it is reported';

CREATE FUNCTION gpsync_internal.rollback_step_as(caller oid, rollback bigint) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
    AS $$
DECLARE
    of gpsync.rollback;
BEGIN
    SELECT * INTO of FROM gpsync.rollback AS r WHERE r.rollback = rollback_step_as.rollback FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('roll-back %s does not exist', rollback);
    END IF;
    CASE of.phase
        WHEN 'ramp' THEN PERFORM gpsync_internal.rollback_ramp(of);
        WHEN 'traffic' THEN PERFORM gpsync_internal.rollback_traffic(of);
        WHEN 'plan' THEN PERFORM gpsync_internal.rollback_plan(of);
        WHEN 'revert' THEN PERFORM gpsync_internal.rollback_revert(of);
        WHEN 'notify' THEN PERFORM gpsync_internal.rollback_notify(of);
        ELSE NULL;
    END CASE;
    RETURN (SELECT r.phase FROM gpsync.rollback AS r WHERE r.rollback = of.rollback);
END $$;
COMMENT ON FUNCTION gpsync_internal.rollback_step_as(oid, bigint) IS 'rollback_step() on behalf of a role';

CREATE FUNCTION gpsync_internal.rollback_step(rollback bigint) RETURNS text
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.rollback_step(bigint) IS
    'One transaction''s worth of a roll-back; the phase it is in then. A second session waits for the first';

CREATE VIEW gpsync.rollback_status AS
    SELECT r.rollback, r.batch, r.phase, r.items, r.reverted, r.deleted, r.inserted,
           l.changed_since, l.conflicts, r.relations, r.ramp, r.fence, r.notify, r.reason, r.started_by, r.started_at,
           r.ended_at
    FROM gpsync.rollback AS r CROSS JOIN LATERAL (
        SELECT pg_catalog.count(*) FILTER (WHERE l.reason LIKE 'changed since%'),
               pg_catalog.count(*) FILTER (WHERE l.reason NOT LIKE 'changed since%')
        FROM gpsync.rollback_left AS l WHERE l.rollback = r.rollback) AS l (changed_since, conflicts);
COMMENT ON VIEW gpsync.rollback_status IS
    'Roll-backs of batches: phase (ramp, traffic, plan, revert, notify, done), rows to take back and taken back, '
    'rows left '
    'because somebody has changed them since, or another row is in the way (view rollback_left names them)';

CREATE VIEW gpsync.rollback_left_rows AS
    SELECT r.batch, l.rollback, l.relation, l.key, l.action, l.reason
    FROM gpsync.rollback_left AS l JOIN gpsync.rollback AS r ON r.rollback = l.rollback;
COMMENT ON VIEW gpsync.rollback_left_rows IS
    'Rows that emergency_rollback() left as they are: key, what would have been done, and why it was not';
REVOKE ALL ON TABLE gpsync.rollback_status, gpsync.rollback_left_rows FROM PUBLIC;

CREATE FUNCTION gpsync_internal.report_ended_rollback(of_rollback bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.rollback_status;
BEGIN
    SELECT * INTO of FROM gpsync.rollback_status AS s WHERE s.rollback = of_rollback;
    RAISE NOTICE 'batch "%" is taken back: % rows reverted, % deleted, % inserted again, % left', of.batch,
        of.reverted, of.deleted, of.inserted, of.changed_since + of.conflicts;
    IF of.changed_since + of.conflicts > 0 THEN
        RAISE NOTICE 'rows were left as they are' USING
            HINT = format('SELECT * FROM gpsync.rollback_left_rows WHERE rollback = %s;%s', of_rollback,
                CASE WHEN of.changed_since > 0
                    THEN ' If a later batch changed them: take that one back, and this one again.' ELSE '' END);
    END IF;
    IF of.fence THEN
        RAISE NOTICE 'traffic is stopped' USING
            HINT = format('SELECT gpsync.resume_traffic(%L) when it may flow again.', of.relations);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.report_ended_rollback(bigint) IS 'What a roll-back has done, as a NOTICE';

CREATE PROCEDURE gpsync.emergency_rollback(batch text, ramp text DEFAULT NULL, notify text[] DEFAULT '{}',
        fence boolean DEFAULT true, reason text DEFAULT NULL)
    LANGUAGE plpgsql
    AS $$
DECLARE
    id bigint := gpsync_internal.begin_rollback(batch, ramp, notify, fence, reason);
    phase text := '';
BEGIN
    COMMIT;
    IF id IS NULL THEN
        RETURN;
    END IF;
    WHILE phase OPERATOR(pg_catalog.<>) 'done' LOOP
        phase := gpsync_internal.rollback_step(id);
        COMMIT;
    END LOOP;
    PERFORM gpsync_internal.report_ended_rollback(id);
END $$;
COMMENT ON PROCEDURE gpsync.emergency_rollback(text, text, text[], boolean, text) IS
    'Takes a batch back, in steps that are committed one by one: the ramp is set to 0 and locked; traffic to the '
    'tables '
    'is stopped (fence); rows become what they were before the batch, newest changes first, and legacy gets that as '
    'any '
    'change, with the batch in data.reverts; it is reported, also to the notifications that notify names. Rows that '
    'somebody changed since are left and listed. Called again after an error or a crash it goes on; once it has '
    'ended it '
    'does nothing. Traffic stays stopped until resume_traffic(). Not inside a transaction block. Errors: 42704 no such '
    'batch, ramp or notification; 55000 its tables are detached, or were altered since; 55P03 transactions that have '
    'written do not end; 2D000 in a transaction block';

REVOKE ALL ON FUNCTION
    gpsync_internal.revert_rows(oid, regclass, text, text, tid[], tid[], bigint[], bigint[], boolean, text),
    gpsync_internal.report_rollback(gpsync.rollback, text, jsonb),
    gpsync_internal.refuse_bad_rollback(text, text, text[], boolean),
    gpsync_internal.begin_rollback_as(oid, text, text, text[], boolean, text),
    gpsync_internal.begin_rollback(text, text, text[], boolean, text), gpsync_internal.rollback_ramp(gpsync.rollback),
    gpsync_internal.leave_obstacles(gpsync.rollback),
    gpsync_internal.rollback_traffic(gpsync.rollback), gpsync_internal.plan_table(gpsync.rollback, regclass, integer),
    gpsync_internal.key_to_show(jsonb), gpsync_internal.shadow_files(regclass[]),
    gpsync_internal.rollback_plan(gpsync.rollback),
    gpsync_internal.next_chunk(gpsync.rollback), gpsync_internal.next_conflicts(gpsync.rollback),
    gpsync_internal.cut_chunk(gpsync_internal.rollback_chunk, integer, integer),
    gpsync_internal.revert_chunk(gpsync.rollback, gpsync_internal.rollback_chunk, text),
    gpsync_internal.missed_items(regclass, text, jsonb),
    gpsync_internal.note_left(gpsync.rollback, gpsync_internal.rollback_chunk, bigint[], jsonb),
    gpsync_internal.rollback_end_pass(gpsync.rollback), gpsync_internal.needs_new_plan(gpsync.rollback),
    gpsync_internal.advance_rollback(gpsync.rollback, "char", bigint, bigint, bigint),
    gpsync_internal.rollback_range(gpsync.rollback), gpsync_internal.rollback_revert(gpsync.rollback),
    gpsync_internal.rollback_notify(gpsync.rollback), gpsync_internal.rollback_step_as(oid, bigint),
    gpsync_internal.rollback_step(bigint), gpsync_internal.report_ended_rollback(bigint) FROM PUBLIC;
REVOKE ALL ON PROCEDURE gpsync.emergency_rollback(text, text, text[], boolean, text) FROM PUBLIC;
