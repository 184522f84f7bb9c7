-- repair(): makes both sides equal again where a verification has confirmed that they are not. A row that has changed
-- since then is left alone: what was found says nothing about it.

CREATE FUNCTION gpsync_internal.send_deletion(relation regclass, key jsonb) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_send_deletion';
COMMENT ON FUNCTION gpsync_internal.send_deletion(regclass, jsonb) IS
    'Sends the deletion of a key that has no row here, and waits for a transaction that is about to insert it; false: '
    'no partition takes the key. No trigger fires and no row changes. Errors: 23505 there is a row; 22023 the key '
    'does not fit';

CREATE FUNCTION gpsync_internal.refuse_repair(of gpsync.verify_run, direction text, kinds text[], keys jsonb)
    RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad text := (SELECT k FROM unnest(kinds) AS k WHERE k IS NULL OR k NOT IN ('missing', 'extra', 'differs', 'refused')
        LIMIT 1);
BEGIN
    IF coalesce(direction, '') NOT IN ('to_legacy', 'to_modern') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" is not a direction of repair', direction),
            HINT = gpsync_internal.name_hint(coalesce(direction, ''), 'directions', '{to_legacy,to_modern}'::text[]);
    ELSIF kinds IS NULL OR bad IS NOT NULL OR array_position(kinds, NULL) IS NOT NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('differences of kind "%s" cannot be repaired', bad),
            HINT = CASE bad WHEN 'unsettled' THEN 'It is not known whether these differ: verify again.'
                ELSE gpsync_internal.name_hint(coalesce(bad, ''), 'kinds',
                    '{missing,extra,differs,refused}'::text[]) END;
    ELSIF keys IS NOT NULL AND jsonb_typeof(keys) NOT IN ('array', 'object') THEN
        RAISE invalid_parameter_value USING MESSAGE = 'keys must be a key, or an array of keys',
            HINT = 'As gpsync.verify_differences shows them: [{"provision_id": "prov_5"}]';
    ELSIF of.state NOT IN ('finished', 'stopped') THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('verification "%s" has not finished', of.run),
            HINT = format('CALL gpsync.run_verify(%L)', of.run);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_repair(gpsync.verify_run, text, text[], jsonb) IS
    'Raises what forbids a repair: 22023; 55000 the run has not finished';

CREATE FUNCTION gpsync_internal.repair_action(direction text, kind text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN direction = 'to_legacy' THEN CASE kind WHEN 'extra' THEN 'send a deletion' ELSE 'send again' END
            ELSE CASE kind WHEN 'extra' THEN 'insert from the source' WHEN 'missing' THEN 'none'
                 ELSE 'update from the source' END END $$;
COMMENT ON FUNCTION gpsync_internal.repair_action(text, text) IS 'What repair() does about a kind of difference';

-- Items: {"id", "key", "kind", "revision", "action", "outcome"}; outcome "to do" is what apply goes on with.
CREATE FUNCTION gpsync_internal.repair_items(of gpsync.verify_run, direction text, kinds text[], keys jsonb)
    RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH chosen AS MATERIALIZED (
    SELECT d.id, d.key, d.kind, d.revision, row_number() OVER (ORDER BY d.id) AS n FROM gpsync.verify_difference AS d
    WHERE d.run = (of).run AND d.kind = ANY (kinds) AND d.repaired_at IS NULL
        AND (repair_items.keys IS NULL OR d.key IN (
            SELECT k FROM jsonb_array_elements(CASE jsonb_typeof(repair_items.keys) WHEN 'object'
                THEN jsonb_build_array(repair_items.keys) ELSE repair_items.keys END) AS k)))
SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'key', c.key, 'kind', c.kind, 'revision', c.revision,
           'action', gpsync_internal.repair_action(direction, c.kind),
           'outcome', CASE WHEN p.state <> CASE c.kind WHEN 'extra' THEN 'absent' WHEN 'refused'
                               THEN CASE WHEN c.revision IS NULL THEN 'absent' ELSE 'settled' END ELSE 'settled' END
                               OR p.revision IS DISTINCT FROM c.revision THEN 'changed since'
                           WHEN gpsync_internal.repair_action(direction, c.kind) = 'none'
                               THEN 'not done: only the table here has the row'
                           ELSE 'to do' END) ORDER BY c.n), '[]')
FROM chosen AS c JOIN gpsync_internal.peek_rows((of).relation, array(SELECT c.key FROM chosen AS c ORDER BY c.n)) AS p
    ON p.n = c.n $$;
COMMENT ON FUNCTION gpsync_internal.repair_items(gpsync.verify_run, text, text[], jsonb) IS
    'The differences that a repair is about, each with its action, and whether that can be done';

-- The revision is in the condition: a row that somebody changes meanwhile is not touched.
CREATE FUNCTION gpsync_internal.touch_query(of gpsync.verify_run) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('UPDATE %s AS t SET sync_status = ''PENDING'' FROM (%s) AS k '
              'WHERE %s AND t.sync_revision = k.revision RETURNING k.id', (of).relation,
              gpsync_internal.item_rows((of).mapping), gpsync_internal.is_item((of).mapping)) $$;
COMMENT ON FUNCTION gpsync_internal.touch_query(gpsync.verify_run) IS
    'Marks the rows of an array of items ($1) PENDING that still have the item''s revision';

CREATE FUNCTION gpsync_internal.send_rows(of gpsync.verify_run, items jsonb) RETURNS TABLE (id bigint, outcome text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    item jsonb;
    touched bigint[];
BEGIN
    touched := array(SELECT q.id FROM gpsync_internal.write_as(gpsync_internal.owner_oid(of),
        gpsync_internal.touch_query(of), items) AS q (id bigint));
    RETURN QUERY SELECT (i ->> 'id')::bigint,
                        CASE WHEN (i ->> 'id')::bigint = ANY (touched) THEN 'sent again' ELSE 'changed since' END
                 FROM jsonb_array_elements(items) AS i;
EXCEPTION WHEN OTHERS THEN
    -- Its message may show the row.
    IF jsonb_array_length(items) = 1 THEN
        RETURN QUERY SELECT (items -> 0 ->> 'id')::bigint, format('failed with SQLSTATE %s', SQLSTATE);
        RETURN;
    END IF;
    FOR item IN SELECT i FROM jsonb_array_elements(items) AS i LOOP
        RETURN QUERY SELECT s.id, s.outcome FROM gpsync_internal.send_rows(of, jsonb_build_array(item)) AS s;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.send_rows(gpsync.verify_run, jsonb) IS
    'Sends rows again, as the run''s owner; a row that fails, fails alone';

CREATE FUNCTION gpsync_internal.send_deletions(of gpsync.verify_run, items jsonb) RETURNS TABLE (id bigint,
    outcome text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    item record;
BEGIN
    IF NOT has_table_privilege(gpsync_internal.owner_oid(of), of.relation, 'DELETE') THEN
        RETURN QUERY SELECT (i ->> 'id')::bigint, format('failed: role "%s" may not DELETE from %s', of.owner,
            of.relation)
                     FROM jsonb_array_elements(items) AS i;
        RETURN;
    END IF;
    FOR item IN SELECT i.id, i.key FROM jsonb_to_recordset(items) AS i (id bigint, key jsonb) LOOP
        id := item.id;
        BEGIN
            outcome := CASE WHEN gpsync_internal.send_deletion(of.relation, item.key) THEN 'deletion sent'
                ELSE 'failed: no partition takes the key' END;
        EXCEPTION WHEN unique_violation THEN
            outcome := 'changed since';
        WHEN OTHERS THEN
            outcome := format('failed with SQLSTATE %s', SQLSTATE);
        END;
        RETURN NEXT;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.send_deletions(gpsync.verify_run, jsonb) IS
    'Sends the deletions of keys that have no row here';

CREATE FUNCTION gpsync_internal.write_imported(role oid, relation regclass, query text, argument jsonb)
    RETURNS SETOF bigint
    LANGUAGE c STRICT ROWS 100 AS 'MODULE_PATHNAME', 'gpsync_write_imported';
COMMENT ON FUNCTION gpsync_internal.write_imported(oid, regclass, text, jsonb) IS
    'write_as(), for a statement that writes rows of a table as an import does: their revision is import_revision(), '
    'and any state of the machine is let in. No endpoint gets them';

-- One statement inserts what is missing and updates what has the revision that was verified.
CREATE FUNCTION gpsync_internal.import_query(of gpsync.verify_run) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('WITH k AS MATERIALIZED (%1$s), s AS MATERIALIZED (SELECT %2$s FROM %3$s AS s WHERE %4$s), '
              'w AS (INSERT INTO %5$s AS t (%6$s, sync_status, last_sync_timestamp, sync_revision) '
              'OVERRIDING SYSTEM VALUE SELECT %7$s, ''COMPLETED'', now(), gpsync_internal.import_revision() '
              'FROM s JOIN k ON %8$s ON CONFLICT (%9$s) DO UPDATE SET %10$s sync_status = excluded.sync_status, '
              'last_sync_timestamp = excluded.last_sync_timestamp, sync_revision = excluded.sync_revision '
              'WHERE t.sync_revision = (SELECT k.revision FROM k WHERE %11$s) RETURNING %12$s) '
              'SELECT k.id FROM k JOIN w ON %13$s',
    gpsync_internal.item_rows(m.mapping), c.read, (of).source, gpsync_internal.is_among_items(m.mapping),
    (of).relation, c.names, c.selected, gpsync_internal.same_key(m.mapping, 's', 'k'), k.names, c.sets || ', ',
    gpsync_internal.is_item(m.mapping), k.returned, gpsync_internal.same_key(m.mapping, 'k', 'w'))
FROM (SELECT (of).mapping) AS m (mapping),
LATERAL (
    SELECT string_agg(CASE WHEN c.key IS NULL THEN format('(%s)::%s AS x%s', c.raw, c.written, c.n)
                ELSE format('(%s)%s AS k%s', c.there, ' COLLATE ' || c."collation", c.key) END, ', '),
           string_agg(format('%I', c.name), ', ' ORDER BY c.n),
           string_agg(CASE WHEN c.key IS NULL THEN 's.x' || c.n ELSE format('s.k%s::%s', c.key, c.written) END, ', '
                ORDER BY c.n),
           string_agg(format('%I = excluded.%1$I', c.name), ', ' ORDER BY c.n)
               FILTER (WHERE NOT gpsync_internal.is_always_identity((of).relation, c.name))
    FROM gpsync_internal.mapped_columns(m.mapping) AS c) AS c (read, names, selected, sets),
LATERAL (
    SELECT string_agg(format('%I', k.name), ', ' ORDER BY k.n),
           string_agg(format('%s%s AS k%s', k.here, ' COLLATE ' || k."collation", k.n), ', ')
    FROM gpsync_internal.mapped_keys(m.mapping) AS k) AS k (names, returned) $$;
COMMENT ON FUNCTION gpsync_internal.import_query(gpsync.verify_run) IS
    'Imports the rows of an array of items ($1) from the source: those that are not here, and those that still have '
    'the item''s revision; the ids of these items';

-- The state that each row would get, for those whose machine does not let them.
CREATE FUNCTION gpsync_internal.illegal_items(of gpsync.verify_run, items jsonb) RETURNS bigint[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    attached record;
    status record;
BEGIN
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = of.relation;
    SELECT m.* INTO status FROM gpsync_internal.mapped_columns(of.mapping) AS m
        WHERE m.name = attached.status_column::text;
    IF attached.machine IS NULL OR status IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN array(SELECT q.id FROM gpsync_internal.query_as(gpsync_internal.owner_oid(of), format(
        'WITH k AS MATERIALIZED (%s), s AS MATERIALIZED (SELECT %s, (%s)::text AS state FROM %s AS s WHERE %s) '
        'SELECT k.id, t.%I::text, s.state FROM k JOIN s ON %s JOIN %s AS t ON %s',
        gpsync_internal.item_rows(of.mapping),
        (SELECT string_agg(format('(%s)%s AS k%s', m.there, ' COLLATE ' || m."collation", m.n), ', ')
         FROM gpsync_internal.mapped_keys(of.mapping) AS m), status.raw, of.source,
        gpsync_internal.is_among_items(of.mapping), attached.status_column,
        gpsync_internal.same_key(of.mapping, 's', 'k'), of.relation, gpsync_internal.is_item(of.mapping)), items)
            AS q (id bigint, here text, there text)
        WHERE q.here IS DISTINCT FROM q.there
            AND NOT coalesce(gpsync.is_valid_transition(attached.machine, q.here, q.there), false));
END $$;
COMMENT ON FUNCTION gpsync_internal.illegal_items(gpsync.verify_run, jsonb) IS
    'The ids of items whose state here may not become the source''s';

CREATE FUNCTION gpsync_internal.import_rows(of gpsync.verify_run, items jsonb) RETURNS TABLE (id bigint, outcome text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    illegal bigint[] := gpsync_internal.illegal_items(of, items);
    pii bigint[] := array(SELECT (i ->> 'id')::bigint FROM jsonb_array_elements(items) AS i
                          WHERE i ->> 'kind' = 'extra' AND gpsync.has_pii(i -> 'key'));
    legal jsonb := (SELECT coalesce(jsonb_agg(i), '[]') FROM jsonb_array_elements(items) AS i
                    WHERE (i ->> 'id')::bigint <> ALL (illegal || pii));
    written bigint[];
    item jsonb;
BEGIN
    written := CASE WHEN legal = '[]' THEN '{}' ELSE array(SELECT q FROM gpsync_internal.write_imported(
        gpsync_internal.owner_oid(of), of.relation, gpsync_internal.import_query(of), legal) AS q) END;
    IF cardinality(written) > 0 THEN
        PERFORM gpsync_internal.note_unseen_rows(of.relation);
    END IF;
    RETURN QUERY SELECT (i ->> 'id')::bigint,
                        CASE WHEN (i ->> 'id')::bigint = ANY (illegal) THEN 'not done: illegal transition'
                             WHEN (i ->> 'id')::bigint = ANY (pii) THEN 'not done: the key holds PII'
                             WHEN (i ->> 'id')::bigint <> ALL (written) THEN 'changed since'
                             WHEN i ->> 'kind' = 'extra' THEN 'inserted' ELSE 'updated' END
                 FROM jsonb_array_elements(items) AS i;
EXCEPTION WHEN OTHERS THEN
    -- Its message may show the row.
    IF jsonb_array_length(items) = 1 THEN
        RETURN QUERY SELECT (items -> 0 ->> 'id')::bigint, format('failed with SQLSTATE %s', SQLSTATE);
        RETURN;
    END IF;
    FOR item IN SELECT i FROM jsonb_array_elements(items) AS i LOOP
        RETURN QUERY SELECT s.id, s.outcome FROM gpsync_internal.import_rows(of, jsonb_build_array(item)) AS s;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_rows(gpsync.verify_run, jsonb) IS
    'Reads rows again from the source and imports them, as the run''s owner; a row that fails, fails alone';

CREATE FUNCTION gpsync_internal.apply_repair(of gpsync.verify_run, direction text, items jsonb)
    RETURNS TABLE (id bigint, outcome text)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s'
    AS $$
#variable_conflict use_column
DECLARE
    rows jsonb := (SELECT coalesce(jsonb_agg(i), '[]') FROM jsonb_array_elements(items) AS i
                   WHERE i ->> 'action' IN ('send again', 'update from the source', 'insert from the source'));
    deletions jsonb := (SELECT coalesce(jsonb_agg(i), '[]') FROM jsonb_array_elements(items) AS i
                        WHERE i ->> 'action' = 'send a deletion');
BEGIN
    IF rows <> '[]' AND direction = 'to_legacy' THEN
        RETURN QUERY SELECT s.id, s.outcome FROM gpsync_internal.send_rows(of, rows) AS s;
    ELSIF rows <> '[]' THEN
        PERFORM gpsync_internal.begin_own_batch('repair:' || nextval('gpsync.repair_batch_number'));
        RETURN QUERY SELECT s.id, s.outcome FROM gpsync_internal.import_rows(of, rows) AS s;
        PERFORM gpsync_internal.end_own_batch();
    END IF;
    IF deletions <> '[]' THEN
        RETURN QUERY SELECT s.id, s.outcome FROM gpsync_internal.send_deletions(of, deletions) AS s;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_repair(gpsync.verify_run, text, jsonb) IS
    'Carries out the items of a repair that can be done';

CREATE FUNCTION gpsync_internal.repair_run_as(caller oid, run text, direction text, kinds text[], keys jsonb,
        apply boolean) RETURNS jsonb
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.verify_run := gpsync_internal.verify_of(run, caller);
    items jsonb;
    done jsonb;
BEGIN
    PERFORM gpsync_internal.lock_run(run);
    of := gpsync_internal.verify_of(run, caller);
    PERFORM set_config('TimeZone', of.time_zone, true);
    PERFORM gpsync_internal.refuse_altered(of);
    PERFORM gpsync_internal.refuse_repair(of, direction, kinds, keys);
    items := gpsync_internal.repair_items(of, direction, kinds, keys);
    IF coalesce(apply, false) THEN
        done := (SELECT coalesce(jsonb_object_agg(a.id, a.outcome), '{}') FROM gpsync_internal.apply_repair(of,
            direction,
            (SELECT coalesce(jsonb_agg(i), '[]') FROM jsonb_array_elements(items) AS i
                WHERE i ->> 'outcome' = 'to do')) AS a);
        items := (SELECT coalesce(jsonb_agg(i || jsonb_build_object('outcome', coalesce(done ->> (i ->> 'id'),
            i ->> 'outcome'))
                      ORDER BY n), '[]') FROM jsonb_array_elements(items) WITH ORDINALITY AS i (i, n));
        UPDATE gpsync.verify_difference AS d SET repair = direction, outcome = i.outcome,
            repaired_at = CASE WHEN i.outcome IN ('sent again', 'deletion sent', 'inserted', 'updated')
                THEN clock_timestamp() END
        FROM jsonb_to_recordset(items) AS i (id bigint, outcome text) WHERE d.id = i.id;
    END IF;
    RETURN items;
END $$;
COMMENT ON FUNCTION gpsync_internal.repair_run_as(oid, text, text, text[], jsonb, boolean) IS
    'repair() on behalf of a role, as an array of items';

CREATE FUNCTION gpsync_internal.repair_run(run text, direction text, kinds text[], keys jsonb, apply boolean)
    RETURNS jsonb
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.repair_run(text, text, text[], jsonb, boolean) IS 'repair(), as an array of items';

CREATE FUNCTION gpsync.repair(run text, direction text, kinds text[] DEFAULT '{missing,extra,differs}',
        keys jsonb DEFAULT NULL, apply boolean DEFAULT false)
    RETURNS TABLE (key jsonb, kind text, action text, outcome text)
    LANGUAGE sql VOLATILE ROWS 1000 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT i.key, i.kind, i.action, i.outcome
FROM jsonb_to_recordset(gpsync_internal.repair_run(run, direction, kinds, keys, apply))
    AS i (key jsonb, kind text, action text, outcome text) $$;
COMMENT ON FUNCTION gpsync.repair(text, text, text[], jsonb, boolean) IS
    'Makes both sides equal where a verification has found that they differ; without apply a preview. to_legacy: the '
    'row is sent again, for an extra row a deletion. to_modern: the row is read again from the source and imported; a '
    'row that the legacy side does not have is left, and so is one whose state may not change in that way. A row that '
    'has changed since it was verified is "changed since" and left alone. The run''s owner needs UPDATE, INSERT or '
    'DELETE on the table. Errors: 42704 no such run; 42501; 22023 direction, kinds or keys; 55000 the run has not '
    'finished';

REVOKE ALL ON FUNCTION gpsync_internal.send_deletion(regclass, jsonb),
    gpsync_internal.refuse_repair(gpsync.verify_run, text, text[], jsonb),
    gpsync_internal.repair_items(gpsync.verify_run, text, text[], jsonb),
    gpsync_internal.repair_action(text, text),
    gpsync_internal.touch_query(gpsync.verify_run), gpsync_internal.send_rows(gpsync.verify_run, jsonb),
    gpsync_internal.send_deletions(gpsync.verify_run, jsonb),
    gpsync_internal.write_imported(oid, regclass, text, jsonb), gpsync_internal.import_query(gpsync.verify_run),
    gpsync_internal.illegal_items(gpsync.verify_run, jsonb), gpsync_internal.import_rows(gpsync.verify_run, jsonb),
    gpsync_internal.apply_repair(gpsync.verify_run, text, jsonb),
    gpsync_internal.repair_run_as(oid, text, text, text[], jsonb, boolean),
    gpsync_internal.repair_run(text, text, text[], jsonb, boolean),
    gpsync.repair(text, text, text[], jsonb, boolean) FROM PUBLIC;
