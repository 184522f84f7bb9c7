-- Batches: which there are, what taking one back would do, and when they are dropped.

CREATE FUNCTION gpsync_internal.batch_retention() RETURNS interval
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_batch_retention';
COMMENT ON FUNCTION gpsync_internal.batch_retention() IS 'Setting gpsync.batch_retention; NULL: for ever';

CREATE FUNCTION gpsync_internal.warn_of_shadow(of gpsync.batch_shadow, state text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RAISE WARNING 'the before-images of table % cannot be read', of.relation USING ERRCODE = state,
        DETAIL = format('They are in %s, which the owner of the table may alter%s. Batches are shown, and taken back, '
            'without that table.', of.shadow, (SELECT '; it has ' || string_agg(a.what, ', ' ORDER BY a.what)
                FROM gpsync_internal.shadow_additions(of.shadow) AS a)),
        HINT = 'gpsync.doctor() says how to mend it, if somebody has altered it.';
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_shadow(gpsync.batch_shadow, text) IS
    'Says that a shadow could not be read, with the SQLSTATE why';

CREATE FUNCTION gpsync_internal.refuse_temporary_objects(role oid) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_refuse_temporary_objects';
COMMENT ON FUNCTION gpsync_internal.refuse_temporary_objects(oid) IS
    'Raises 55000 where code of the role could find a temporary object that somebody else made in this session';

-- A shadow belongs to the owner of its table, who may have altered it: it is read as that role. One that cannot be
-- read, or is locked, keeps nobody from the batches of other tables. What is wrong with the session is its caller's
-- to mend: that is an error.
CREATE FUNCTION gpsync_internal.shadow_batches(of gpsync.batch_shadow)
    RETURNS TABLE (batch text, inserts bigint, updates bigint, deletes bigint, first_at timestamptz,
        last_at timestamptz, last_revision bigint)
    LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s'
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_temporary_objects(c.relowner) FROM pg_class AS c WHERE c.oid = of.shadow;
    IF NOT gpsync_internal.shadow_is_whole(of.shadow) THEN
        PERFORM gpsync_internal.warn_of_shadow(of, '55000');
        RETURN;
    END IF;
    BEGIN
        RETURN QUERY SELECT q.* FROM pg_class AS c CROSS JOIN gpsync_internal.query_as(c.relowner, format(
            'SELECT s.gpsync_batch::text, count(*) FILTER (WHERE s.gpsync_op = ''i''), '
            'count(*) FILTER (WHERE s.gpsync_op = ''u''), count(*) FILTER (WHERE s.gpsync_op = ''d''), '
            'min(s.gpsync_at)::timestamptz, max(s.gpsync_at)::timestamptz, '
            'max(coalesce(s.gpsync_new, s.gpsync_old))::bigint FROM %s AS s WHERE s.gpsync_batch <> '''' '
            'GROUP BY s.gpsync_batch', c.oid::regclass))
            AS q (batch text, inserts bigint, updates bigint, deletes bigint, first_at timestamptz, last_at timestamptz,
                last_revision bigint)
        WHERE c.oid = of.shadow;
    EXCEPTION WHEN OTHERS THEN
        PERFORM gpsync_internal.warn_of_shadow(of, SQLSTATE);
    END;
END $$;
COMMENT ON FUNCTION gpsync_internal.shadow_batches(gpsync.batch_shadow) IS
    'The batches that have changes in a shadow; none, with a WARNING, if it cannot be read';

CREATE FUNCTION gpsync_internal.last_link(relations regclass[]) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(max(q.revision), 0) FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
CROSS JOIN gpsync_internal.query_as(c.relowner, format(
    'SELECT max(l.gpsync_new)::bigint FROM %s AS l WHERE l.gpsync_op = ''s''', s.shadow)) AS q (revision bigint)
WHERE s.relation = ANY (relations) $$;
COMMENT ON FUNCTION gpsync_internal.last_link(regclass[]) IS
    'The last revision that a row of these tables got without a change of its content, as far as shadows know. 0: none';

CREATE FUNCTION gpsync_internal.batch_changes()
    RETURNS TABLE (batch text, relation regclass, inserts bigint, updates bigint, deletes bigint, first_at timestamptz,
        last_at timestamptz, last_revision bigint)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT b.batch, s.relation, b.inserts, b.updates, b.deletes, b.first_at, b.last_at, b.last_revision
FROM gpsync.batch_shadow AS s CROSS JOIN LATERAL gpsync_internal.shadow_batches(s) AS b
WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.oid = s.relation)
UNION ALL
SELECT 'import:' || j.job, j.relation, sum(k.written)::bigint, 0, 0, min(k.at), max(k.at), max(k.revision)
FROM gpsync.import_job AS j JOIN gpsync.import_chunk AS k ON k.job = j.job
LEFT JOIN gpsync_internal.unproven_rows AS u ON u.relation = j.relation
WHERE j.on_conflict <> 'update' AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = j.relation)
GROUP BY j.job HAVING bool_and(k.revision > u.upto) IS NOT false $$;
COMMENT ON FUNCTION gpsync_internal.batch_changes() IS
    'What each batch has changed, a row for each shadow. An import needs none: its rows have the revisions of its '
    'chunks';

-- Reads less than batch_changes(), which counts.
CREATE FUNCTION gpsync_internal.shadow_ends(of gpsync.batch_shadow, of_batch text, OUT last_revision bigint,
        OUT by_others boolean)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s'
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_temporary_objects(c.relowner) FROM pg_class AS c WHERE c.oid = of.shadow;
    IF NOT gpsync_internal.shadow_is_whole(of.shadow) THEN
        PERFORM gpsync_internal.warn_of_shadow(of, '55000');
        RETURN;
    END IF;
    BEGIN
        SELECT q.last_revision, q.by_others INTO last_revision, by_others
        FROM pg_class AS c CROSS JOIN gpsync_internal.query_as(c.relowner, format(
            'SELECT max(coalesce(s.gpsync_new, s.gpsync_old)) FILTER (WHERE s.gpsync_batch = %1$L)::bigint, '
            'coalesce(bool_or(s.gpsync_batch <> %1$L AND s.gpsync_batch <> ''''), false)::boolean FROM %2$s AS s',
            of_batch, c.oid::regclass)) AS q (last_revision bigint, by_others boolean)
        WHERE c.oid = of.shadow;
    EXCEPTION WHEN OTHERS THEN
        PERFORM gpsync_internal.warn_of_shadow(of, SQLSTATE);
    END;
END $$;
COMMENT ON FUNCTION gpsync_internal.shadow_ends(gpsync.batch_shadow, text) IS
    'The last revision of a batch in a shadow, NULL if it has none, and whether other batches are in it, too';

CREATE FUNCTION gpsync_internal.batch_ends(of_batch text)
    RETURNS TABLE (relation regclass, last_revision bigint, by_others boolean)
    LANGUAGE sql STABLE STRICT ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s.relation::oid, max(e.last_revision), bool_or(e.by_others)
FROM gpsync.batch_shadow AS s CROSS JOIN LATERAL gpsync_internal.shadow_ends(s, of_batch) AS e
WHERE (gpsync_internal.import_of_batch(of_batch)).job IS NULL
    AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = s.relation)
GROUP BY s.relation::oid HAVING max(e.last_revision) IS NOT NULL
UNION ALL
SELECT c.relation, c.last_revision, EXISTS (
    SELECT FROM gpsync.batch_shadow AS s CROSS JOIN LATERAL gpsync_internal.shadow_ends(s, of_batch) AS e
    WHERE s.relation = c.relation AND e.by_others)
FROM gpsync_internal.batch_changes() AS c
WHERE (gpsync_internal.import_of_batch(of_batch)).job IS NOT NULL AND c.batch = of_batch $$;
COMMENT ON FUNCTION gpsync_internal.batch_ends(text) IS
    'The tables that a batch has changed: its last revision there, and whether other batches have changed the table, '
    'too';

-- Of each table, since a table that was not attached then, or has been altered, is left for another roll-back. Rows
-- that a later batch had changed are taken back by another one, once that batch has been taken back, too.
CREATE FUNCTION gpsync_internal.last_rollback(of_batch text, of_table regclass) RETURNS bigint
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(max(r.upto_revision), 0) FROM gpsync.rollback AS r
WHERE r.batch = of_batch AND r.phase = 'done' AND of_table = ANY (r.relations)
    AND NOT (EXISTS (SELECT FROM gpsync.rollback_left AS l WHERE l.rollback = r.rollback AND l.relation = of_table)
        AND EXISTS (SELECT FROM gpsync.rollback AS o
                    WHERE o.batch <> of_batch AND o.phase = 'done' AND o.ended_at > r.started_at
                        AND of_table = ANY (o.relations))) $$;
COMMENT ON FUNCTION gpsync_internal.last_rollback(text, regclass) IS
    'The revision up to which changes of a batch in a table have been taken back';

CREATE FUNCTION gpsync_internal.batch_states()
    RETURNS TABLE (batch text, state text, relations regclass[], inserts bigint, updates bigint, deletes bigint,
        first_at timestamptz, last_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT c.batch, CASE WHEN EXISTS (SELECT FROM gpsync.rollback AS r WHERE r.batch = c.batch AND r.phase <> 'done')
           THEN 'being taken back'
           WHEN bool_and(c.last_revision <= gpsync_internal.last_rollback(c.batch, c.relation)) THEN 'taken back'
           ELSE 'kept' END,
       array_agg(DISTINCT c.relation::oid ORDER BY c.relation::oid)::regclass[], sum(c.inserts)::bigint,
       sum(c.updates)::bigint, sum(c.deletes)::bigint, min(c.first_at), max(c.last_at)
FROM gpsync_internal.batch_changes() AS c GROUP BY c.batch $$;
COMMENT ON FUNCTION gpsync_internal.batch_states() IS 'What view batches shows';

CREATE VIEW gpsync.batches AS SELECT * FROM gpsync_internal.batch_states();
COMMENT ON VIEW gpsync.batches IS
    'Batches that can be taken back: what they changed, in which tables, when. state: kept, being taken back, taken '
    'back. '
    'import:JOB are the rows an import has brought, repair:NUMBER what a repair has written. It reads all '
    'before-images';
REVOKE ALL ON TABLE gpsync.batches FROM PUBLIC;

-- Parents come first; tables that refer to each other in a circle, by their OIDs.
CREATE FUNCTION gpsync_internal.parents_first(relations regclass[]) RETURNS regclass[]
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE refers (child, parent) AS (
    SELECT DISTINCT c.root, p.root
    FROM unnest(relations) AS a (root) CROSS JOIN LATERAL gpsync_internal.partitions(a.root) AS x
    JOIN pg_constraint AS f ON f.conrelid = x.relid AND f.contype = 'f'
    JOIN (SELECT b.root, y.relid FROM unnest(relations) AS b (root)
          CROSS JOIN LATERAL gpsync_internal.partitions(b.root) AS y) AS p ON p.relid = f.confrelid
    CROSS JOIN LATERAL (SELECT a.root) AS c (root)
    WHERE c.root <> p.root),
depth (relation, level) AS (
    SELECT r, 0 FROM unnest(relations) AS r
    UNION SELECT f.child, d.level + 1 FROM depth AS d JOIN refers AS f ON f.parent = d.relation
    WHERE d.level < cardinality(relations))
SELECT array_agg(o.relation::regclass ORDER BY o.level, o.relation)
FROM (SELECT d.relation::oid, max(d.level) FROM depth AS d GROUP BY 1) AS o (relation, level) $$;
COMMENT ON FUNCTION gpsync_internal.parents_first(regclass[]) IS 'Tables in the order of their foreign keys';

CREATE FUNCTION gpsync_internal.import_of_batch(batch text) RETURNS gpsync.import_job
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT j FROM gpsync.import_job AS j WHERE batch = 'import:' || j.job AND j.on_conflict <> 'update' $$;
COMMENT ON FUNCTION gpsync_internal.import_of_batch(text) IS
    'The import whose rows a batch is, if they are known by their revisions';

CREATE FUNCTION gpsync_internal.refuse_unknown_batch(batch text) RETURNS void
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    known text[] := array(SELECT DISTINCT c.batch FROM gpsync_internal.batch_changes() AS c);
    unread text;
BEGIN
    IF batch = ANY (known) THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM gpsync.import_job AS j
                  WHERE batch = 'import:' || j.job AND j.on_conflict = 'update') THEN
        RAISE undefined_object USING MESSAGE = format('batch "%s" has no before-images', batch),
            HINT = 'An import that updates rows keeps them if the table is tracked: gpsync.track_batches().';
    ELSIF EXISTS (SELECT FROM gpsync.import_job AS j JOIN gpsync_internal.unproven_rows AS u ON u.relation = j.relation
                  JOIN gpsync.import_chunk AS k ON k.job = j.job AND k.revision <= u.upto
                  WHERE batch = 'import:' || j.job) THEN
        RAISE undefined_object USING MESSAGE = format('batch "%s" cannot be taken back', batch),
            DETAIL = 'Its table, or a partition of it, was detached since: nobody knows which rows have been '
                     'changed meanwhile.';
    END IF;
    SELECT min(s.relation::text) INTO unread
    FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
    WHERE NOT gpsync_internal.shadow_is_whole(s.shadow);
    IF unread IS NOT NULL THEN
        RAISE undefined_object USING MESSAGE = format('batch "%s" does not exist, or cannot be read', batch),
            DETAIL = format('The before-images of table %s cannot be read: they were altered.', unread),
            HINT = 'gpsync.doctor() says how to mend it.';
    END IF;
    RAISE undefined_object USING MESSAGE = format('batch "%s" does not exist', batch),
        HINT = coalesce(nullif(gpsync_internal.name_hint(batch, 'batches', known), ''), 'There is no batch.');
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unknown_batch(text) IS 'Raises 42704 unless there is such a batch';

-- What its owner has done to a table keeps nobody from taking the changes of others back.
CREATE FUNCTION gpsync_internal.owner_obstacle(of_table regclass) RETURNS text
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner regrole := gpsync_internal.owner_of(of_table);
    partition regclass := gpsync_internal.partition_of_others(of_table);
BEGIN
    IF partition IS NOT NULL THEN
        RETURN format('Its partition %s belongs to another role than %s, with whose rights code of the partition would '
            'run.', partition, owner);
    END IF;
    RETURN (
        SELECT CASE WHEN r.rolsuper THEN NULL
            WHEN c.relrowsecurity AND c.relforcerowsecurity AND NOT r.rolbypassrls
                THEN 'Row-level security is forced on its owner.'
            WHEN NOT has_schema_privilege(owner, c.relnamespace, 'USAGE')
                THEN format('Its owner has no USAGE on schema %s.', c.relnamespace::regnamespace)
            WHEN NOT (has_table_privilege(owner, c.oid, 'SELECT') AND has_table_privilege(owner, c.oid, 'INSERT')
                    AND has_table_privilege(owner, c.oid, 'UPDATE') AND has_table_privilege(owner, c.oid, 'DELETE'))
                THEN 'Its owner may not SELECT, INSERT, UPDATE and DELETE its rows.' END
        FROM pg_roles AS r, pg_class AS c WHERE r.oid = owner AND c.oid = of_table);
END $$;
COMMENT ON FUNCTION gpsync_internal.owner_obstacle(regclass) IS
    'Why rows of a table cannot be taken back as its owner; NULL: they can';

CREATE FUNCTION gpsync_internal.batch_obstacle(of_batch text, of_table regclass) RETURNS text
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    altered record;
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.attached_tables AS a WHERE a.relation = of_table) THEN
        RETURN 'It is not attached.';
    ELSIF gpsync_internal.owner_obstacle(of_table) IS NOT NULL THEN
        RETURN gpsync_internal.owner_obstacle(of_table);
    ELSIF (gpsync_internal.import_of_batch(of_batch)).job IS NOT NULL THEN
        RETURN NULL;
    ELSIF gpsync_internal.altered_shadow(of_table) IS NOT NULL THEN
        RETURN gpsync_internal.altered_shadow(of_table);
    END IF;
    FOR altered IN SELECT s AS shadow, u.reason FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
                   CROSS JOIN LATERAL gpsync_internal.unfit_column(of_table, s.shadow) AS u (reason)
                   WHERE s.relation = of_table AND u.reason IS NOT NULL LOOP
        IF EXISTS (SELECT FROM gpsync_internal.shadow_batches(altered.shadow) AS b WHERE b.batch = of_batch) THEN
            RETURN altered.reason;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION gpsync_internal.batch_obstacle(text, regclass) IS
    'Why the changes of a batch in a table cannot be taken back as the table is now; NULL: they can';

CREATE FUNCTION gpsync_internal.report_obstacle(batch text, relation regclass, obstacle text, is_error boolean)
    RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    message text := format('changes of batch "%s" in table %s cannot be taken back now', batch, relation);
    hint text := format('CALL gpsync.emergency_rollback(%L) takes them back once the table is again as it was.', batch);
BEGIN
    IF is_error THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = message, DETAIL = obstacle, HINT = hint;
    END IF;
    RAISE WARNING USING ERRCODE = '01000', MESSAGE = message, DETAIL = obstacle, HINT = hint;
END $$;
COMMENT ON FUNCTION gpsync_internal.report_obstacle(text, regclass, text, boolean) IS
    'Says that a table is left out of a roll-back, as a WARNING or as an error (55000)';

CREATE FUNCTION gpsync_internal.batch_tables(batch text) RETURNS regclass[]
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    relations regclass[] := '{}';
    changed record;
BEGIN
    FOR changed IN SELECT c.relation::oid::regclass AS relation,
                          gpsync_internal.batch_obstacle(batch_tables.batch, c.relation::oid) AS obstacle,
                          max(c.last_revision) > gpsync_internal.last_rollback(batch_tables.batch, c.relation::oid)
                              AS is_new
                   FROM gpsync_internal.batch_ends(batch_tables.batch) AS c GROUP BY c.relation::oid
                   ORDER BY 2 NULLS FIRST LOOP
        IF NOT changed.is_new THEN
            NULL;
        ELSIF changed.obstacle IS NULL THEN
            relations := relations || changed.relation;
        ELSE
            PERFORM gpsync_internal.report_obstacle(batch, changed.relation, changed.obstacle, relations = '{}');
        END IF;
    END LOOP;
    IF NOT FOUND AND NOT EXISTS (SELECT FROM gpsync.rollback AS r WHERE r.batch = batch_tables.batch) THEN
        PERFORM gpsync_internal.refuse_unknown_batch(batch);
    END IF;
    RETURN gpsync_internal.parents_first(relations);
END $$;
COMMENT ON FUNCTION gpsync_internal.batch_tables(text) IS
    'The tables whose changes by a batch are to be taken back, parents first; a WARNING for each where that cannot be. '
    'Errors: 42704 no such batch; 55000 it can be in none';

-- One query for all items of a table, whatever shadows they are in.
CREATE FUNCTION gpsync_internal.preview_query(relation regclass, batch text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH shadow AS (
    SELECT s.shadow FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
    WHERE s.relation = preview_query.relation AND (gpsync_internal.import_of_batch(batch)).job IS NULL),
part (action, image, key, is_new) AS (
    SELECT a.action, s.shadow, NULL::regclass, NULL::boolean
    FROM (VALUES ('i'::"char"), ('u')) AS a (action), shadow AS s
    UNION ALL SELECT 'd', NULL, s.shadow, k.is_new FROM shadow AS s, (VALUES (false), (true)) AS k (is_new)
    UNION ALL SELECT 'k', s.shadow, o.shadow, k.is_new
    FROM shadow AS s, shadow AS o, (VALUES (false), (true)) AS k (is_new)
    UNION ALL SELECT 'd', NULL, p.relid, NULL FROM gpsync_internal.partitions(relation) AS p
    WHERE p.isleaf AND (gpsync_internal.import_of_batch(batch)).job IS NOT NULL),
-- Once: it may be another one a moment later, when rows were sent again.
q (text) AS MATERIALIZED (SELECT CASE WHEN (gpsync_internal.import_of_batch(batch)).job IS NULL
    THEN gpsync_internal.batch_plan(relation, batch, after)
    ELSE gpsync_internal.import_plan(relation, (gpsync_internal.import_of_batch(batch)).job) END)
SELECT format('WITH p AS MATERIALIZED (%s) SELECT p.broken, ''none''::text, ''changed since, by others, in '
    'between''::text '
              'FROM p WHERE p.broken IS NOT NULL', q.text)
    || string_agg(format(' UNION ALL SELECT x.key, CASE WHEN x.reason IS NULL THEN %L ELSE ''none'' END, x.reason '
        'FROM (%s) AS x (item, key, reason)', gpsync_internal.action_name(part.action),
        gpsync_internal.check_query(relation, part.action, part.image, part.key, part.is_new, format(
            '(SELECT 0, p.%s, p.key_row, p.revision FROM p WHERE p.action = %L%s%s%s) '
            'AS u (item, row, key_row, revision)',
            CASE part.action WHEN 'd' THEN 'key_row' ELSE 'image_row' END, part.action,
            ' AND p.image = ' || part.image::oid, ' AND p.key = ' || part.key::oid,
            ' AND p.key_is_new = ' || quote_literal(part.is_new)), batch, after)), '')
FROM part, q
WHERE q.text IS NOT NULL GROUP BY q.text $$;
COMMENT ON FUNCTION gpsync_internal.preview_query(regclass, text, bigint) IS
    'The query for what taking a batch back would do in a table: key, action, reason. $1: the revisions of an import';

CREATE FUNCTION gpsync_internal.batch_revisions(batch text) RETURNS jsonb
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(jsonb_agg(c.revision), '[]') FROM gpsync.import_chunk AS c WHERE batch = 'import:' || c.job $$;
COMMENT ON FUNCTION gpsync_internal.batch_revisions(text) IS 'The revisions of the chunks of an import';

CREATE FUNCTION gpsync.preview_rollback(batch text)
    RETURNS TABLE (relation regclass, key jsonb, action text, reason text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
DECLARE
    relations regclass[] := coalesce(gpsync_internal.batch_tables(preview_rollback.batch), '{}');
    of regclass;
BEGIN
    IF preview_rollback.batch IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'batch cannot be NULL';
    END IF;
    PERFORM gpsync_internal.require_shadows(r) FROM unnest(relations) AS r;
    FOREACH of IN ARRAY relations LOOP
        RETURN QUERY SELECT of, q.key, q.action, q.reason
            FROM gpsync_internal.query_as(gpsync_internal.owner_of(of),
                gpsync_internal.preview_query(of, preview_rollback.batch,
                    gpsync_internal.last_rollback(preview_rollback.batch, of)),
                gpsync_internal.batch_revisions(preview_rollback.batch))
                AS q (key jsonb, action text, reason text);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.preview_rollback(text) IS
    'What emergency_rollback() would do with a batch now, a row of a table each; changes none. action: revert (to '
    'the '
    'row before the batch), delete, insert again, or none, with the reason: as before (nothing is to be done), changed '
    'since (somebody else wrote the row), conflict (foreign key) or (unique). Conflicts over indexes of expressions or '
    'of a part of the rows, and rows missing in another role''s table, are seen by emergency_rollback() only. Errors: '
    '42704 no such batch; 55000 its tables are detached, or were altered since';

CREATE FUNCTION gpsync_internal.drop_batch_as(caller oid, batch text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '10 s'
    AS $$
DECLARE
    of gpsync.batch_shadow;
BEGIN
    IF batch IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'batch cannot be NULL';
    ELSIF EXISTS (SELECT FROM gpsync.rollback AS r WHERE r.batch = drop_batch_as.batch AND r.phase <> 'done') THEN
        RAISE object_in_use USING MESSAGE = format('batch "%s" is being taken back', batch),
            HINT = format('CALL gpsync.emergency_rollback(%L) goes on.', batch);
    ELSIF (gpsync_internal.import_of_batch(batch)).job IS NOT NULL THEN
        RAISE feature_not_supported USING MESSAGE = format('batch "%s" has no before-images to drop', batch),
            DETAIL = 'The rows of an import are known by their revisions.';
    END IF;
    PERFORM gpsync_internal.refuse_unknown_batch(batch);
    FOR of IN SELECT s.* FROM gpsync.batch_shadow AS s
              WHERE EXISTS (SELECT FROM gpsync_internal.shadow_batches(s) AS b WHERE b.batch = drop_batch_as.batch) LOOP
        -- Links serve the batches in all shadows of the table.
        IF EXISTS (SELECT FROM gpsync_internal.shadow_batches(of) AS b WHERE b.batch <> drop_batch_as.batch)
            OR EXISTS (SELECT FROM gpsync.batch_shadow AS s WHERE s.relation = of.relation AND s.shadow <> of.shadow)
        THEN
            PERFORM FROM gpsync_internal.write_as((SELECT c.relowner FROM pg_class AS c WHERE c.oid = of.shadow),
                format(
                'DELETE FROM %s AS s WHERE s.gpsync_batch = %L RETURNING 1', of.shadow, batch)) AS q (one integer);
        ELSE
            IF of.is_current AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = of.relation) THEN
                PERFORM gpsync_internal.create_shadow(of.relation);
            END IF;
            PERFORM gpsync_internal.drop_shadow(of.shadow);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_batch_as(oid, text) IS 'drop_batch() on behalf of a role';

CREATE FUNCTION gpsync.drop_batch(batch text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_batch(text) IS
    'Drops the before-images of a batch, which cannot be taken back any more. Errors: 42704 no such batch; 55006 it is '
    'being taken back; 0A000 an import, which has none; 55P03 the batch is still written';

-- Images are dropped with their shadow, not one by one: so a shadow is replaced before it is too old.
CREATE FUNCTION gpsync_internal.expire_batches() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
    AS $$
DECLARE
    retention interval := gpsync_internal.batch_retention();
    of gpsync.batch_shadow;
BEGIN
    PERFORM gpsync_internal.drop_resumed_stops();
    FOR of IN SELECT s.* FROM gpsync.batch_shadow AS s
              WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = s.relation)
                  OR s.closed_at < now() - retention OR s.is_current AND s.made_at < now() - retention / 7
                      AND s.made_at < now() - interval '1 hour' LOOP
        CONTINUE WHEN EXISTS (SELECT FROM gpsync.rollback_item AS i WHERE of.shadow::oid IN (i.image, i.key));
        BEGIN
            IF of.is_current AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = of.relation) THEN
                PERFORM gpsync_internal.create_shadow(of.relation);
            ELSE
                PERFORM gpsync_internal.drop_shadow(of.shadow);
            END IF;
        EXCEPTION WHEN lock_not_available OR deadlock_detected OR dependent_objects_still_exist THEN
            NULL;  -- the next time; doctor() says what depends on it
        END;
    END LOOP;
    DELETE FROM gpsync.rollback AS r WHERE r.phase = 'done' AND r.ended_at < now() - 2 * retention;
END $$;
COMMENT ON FUNCTION gpsync_internal.expire_batches() IS
    'Drops before-images that are older than gpsync.batch_retention, those of tables that are gone, and triggers of '
    'past '
    'stops of traffic. To be called from time to time';

REVOKE ALL ON FUNCTION gpsync_internal.batch_retention(), gpsync_internal.refuse_temporary_objects(oid),
    gpsync_internal.shadow_batches(gpsync.batch_shadow),
    gpsync_internal.warn_of_shadow(gpsync.batch_shadow, text), gpsync_internal.shadow_ends(gpsync.batch_shadow, text),
    gpsync_internal.batch_ends(text),
    gpsync_internal.last_link(regclass[]),
    gpsync_internal.batch_changes(), gpsync_internal.batch_states(), gpsync_internal.parents_first(regclass[]),
    gpsync_internal.import_of_batch(text), gpsync_internal.refuse_unknown_batch(text),
    gpsync_internal.owner_obstacle(regclass), gpsync_internal.batch_obstacle(text, regclass),
    gpsync_internal.report_obstacle(text, regclass, text, boolean), gpsync_internal.batch_tables(text),
    gpsync_internal.preview_query(regclass, text, bigint), gpsync_internal.batch_revisions(text),
    gpsync_internal.last_rollback(text, regclass), gpsync.preview_rollback(text),
    gpsync_internal.drop_batch_as(oid, text), gpsync.drop_batch(text), gpsync_internal.expire_batches() FROM PUBLIC;
