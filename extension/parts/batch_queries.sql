-- The statements of a roll-back. They run as the owner of the table (query_as(), revert_rows()). Rows of the table are
-- t, those of a shadow s, items u.

CREATE FUNCTION gpsync_internal.action_name(action "char") RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE action WHEN 'i' THEN 'insert again' WHEN 'd' THEN 'delete' ELSE 'revert' END $$;
COMMENT ON FUNCTION gpsync_internal.action_name("char") IS 'The action of an item as preview_rollback() names it';

CREATE FUNCTION gpsync_internal.batch_keys(relation regclass)
    RETURNS TABLE (n bigint, name name, attnum smallint, equals text)
    LANGUAGE sql STABLE STRICT ROWS 2 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT k.n, k.name, a.attnum, CASE WHEN a.atttypid <> c.type THEN '::' || format_type(c.type, -1) || ' ' ELSE '' END
           || gpsync_internal.ordering_operator(c.type, 3)
FROM unnest(gpsync_internal.key_columns(relation)) WITH ORDINALITY AS k (name, n)
JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = k.name
JOIN gpsync_internal.shadow_columns(relation) AS c ON c.name = 'c' || a.attnum $$;
COMMENT ON FUNCTION gpsync_internal.batch_keys(regclass) IS
    'The key of a table: name, number and equality operator of each column, for what follows the column; that of a '
    'domain begins with the cast to its base type';

CREATE FUNCTION gpsync_internal.batch_same_key(relation regclass, kind text, shadow text DEFAULT 's') RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('t.%I %s %I.%s%s', k.name, k.equals, shadow, kind, k.attnum), ' AND ' ORDER BY k.n)
FROM gpsync_internal.batch_keys(relation) AS k $$;
COMMENT ON FUNCTION gpsync_internal.batch_same_key(regclass, text, text) IS
    'The condition that t is the row whose key the columns c... or k... of a row of a shadow have';

-- ALTER TABLE makes the same of a value as an assignment does, unless the cast depends on the session's time zone.
CREATE FUNCTION gpsync_internal.takes_image(type oid, image_type oid) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT type = image_type OR EXISTS (
    SELECT FROM pg_cast AS k LEFT JOIN pg_proc AS p ON p.oid = k.castfunc
    WHERE k.castsource = image_type AND k.casttarget = type AND k.castcontext = 'i'
        AND coalesce(p.provolatile, 'i') = 'i') $$;
COMMENT ON FUNCTION gpsync_internal.takes_image(oid, oid) IS
    'Whether a column of a type can be given what an image keeps in a column of the same or a narrower type, such as '
    'integer for bigint';

-- Columns that were added since the image was made are left out, and so are generated ones. format_type(bpchar, NULL)
-- is "character", which means one character.
CREATE FUNCTION gpsync_internal.image_columns(relation regclass, image regclass)
    RETURNS TABLE (n smallint, name name, always boolean, in_key boolean, as_base text, as_wide text, is_exact boolean)
    LANGUAGE sql STABLE STRICT ROWS 20 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT a.attnum, a.attname, a.attidentity = 'a', a.attname = ANY (gpsync_internal.key_columns(relation)),
       CASE WHEN a.atttypid <> c.type THEN t.plain ELSE '' END, CASE WHEN s.atttypid <> c.type THEN t.plain ELSE '' END,
       gpsync_internal.equal_is_same(c.type, a.attcollation)
FROM pg_attribute AS a
JOIN gpsync_internal.shadow_columns(relation) AS c ON c.name = 'c' || a.attnum
JOIN pg_attribute AS s ON s.attrelid = image AND s.attname = c.name AND NOT s.attisdropped
    AND gpsync_internal.takes_image(c.type, s.atttypid)
CROSS JOIN LATERAL (SELECT '::' || CASE c.type WHEN 'bpchar'::regtype THEN 'pg_catalog.bpchar'
    ELSE format_type(c.type, NULL) END) AS t (plain)
WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' $$;
COMMENT ON FUNCTION gpsync_internal.image_columns(regclass, regclass) IS
    'The columns of a table that an image can bring back. always: GENERATED ALWAYS AS IDENTITY; as_base: the cast of a '
    'domain to its base type; as_wide: that of the image to this type, where it is narrower; is_exact: equal_is_same()';

CREATE FUNCTION gpsync_internal.unfit_column(relation regclass, image regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(CASE WHEN s.attname IS NULL THEN 'Column "%s" has become a part of its key since.'
    ELSE 'Column "%s" has got another type since, which need not be what the old values were made into.' END, a.attname)
FROM pg_attribute AS a
JOIN gpsync_internal.shadow_columns(relation) AS c ON c.name IN ('c' || a.attnum, 'k' || a.attnum)
LEFT JOIN pg_attribute AS s ON s.attrelid = image AND s.attname = c.name AND NOT s.attisdropped
WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
    AND (s.attname IS NULL AND a.attname = ANY (gpsync_internal.key_columns(relation))
         OR NOT gpsync_internal.takes_image(c.type, s.atttypid))
ORDER BY a.attnum LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.unfit_column(regclass, regclass) IS
    'Why an image cannot bring rows of a table back as they were: a column was altered since. NULL: it can';

CREATE FUNCTION gpsync_internal.sets_last_updated(relation regclass) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = 'last_updated'
    AND NOT a.attisdropped AND a.attgenerated = '' AND a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype)) $$;
COMMENT ON FUNCTION gpsync_internal.sets_last_updated(regclass) IS
    'Whether a stamp writes column last_updated (src/trigger/row_stamp.cpp)';

CREATE FUNCTION gpsync_internal.same_content(relation regclass, image regclass) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('ROW(%s)::record OPERATOR(pg_catalog.*=) ROW(%s)::record',
              string_agg(format('t.%I%s', c.name, c.as_base), ', ' ORDER BY c.n),
              string_agg(format('s.c%s%s', c.n, c.as_wide), ', ' ORDER BY c.n))
FROM gpsync_internal.image_columns(relation, image) AS c
WHERE NOT (c.name = 'last_updated' AND gpsync_internal.sets_last_updated(relation)) $$;
COMMENT ON FUNCTION gpsync_internal.same_content(regclass, regclass) IS
    'The condition that the row t is, but for what gpsync writes, what the image s says';

-- A change is an event of a key: the row was there before it or not, and is there behind it or not. A change of the key
-- is two: the old key's row goes, the new key's comes. Revisions of a key only grow, so they are the order.
CREATE FUNCTION gpsync_internal.batch_events(relation regclass, batch text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format(
    'SELECT %1$s::oid AS shadow, s.ctid AS row, true AS had, s.gpsync_old AS old, '
    'CASE WHEN s.gpsync_op = ''u'' AND s.k%2$s IS NOT DISTINCT FROM NULL THEN s.gpsync_new END AS new, '
    'false AS key_is_new, %3$s FROM %4$s AS s WHERE s.gpsync_batch = %5$L AND s.gpsync_op <> ''i'' '
    'AND coalesce(s.gpsync_new, s.gpsync_old) > %6$s '
    'UNION ALL SELECT %1$s::oid, s.ctid, false, NULL, s.gpsync_new, true, %7$s '
    'FROM %4$s AS s WHERE s.gpsync_batch = %5$L AND s.k%2$s IS DISTINCT FROM NULL AND s.gpsync_new > %6$s',
    s.shadow::oid, k.first, k.old, s.shadow, batch, after, k.new), ' UNION ALL ')
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow, LATERAL (
    SELECT (array_agg(k.attnum ORDER BY k.n))[1], string_agg(format('s.c%s AS k%s', k.attnum, k.n), ', ' ORDER BY k.n),
           string_agg(format('s.k%s', k.attnum), ', ' ORDER BY k.n),
           bool_and(EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = s.shadow AND a.attname = 'k' || k.attnum))
    FROM gpsync_internal.batch_keys(batch_events.relation) AS k) AS k (first, old, new, has_key)
WHERE s.relation = batch_events.relation AND k.has_key $$;
COMMENT ON FUNCTION gpsync_internal.batch_events(regclass, text, bigint) IS
    'The query for the events of a batch in a table, behind a revision. NULL: it has none';

-- Links that follow each other are one: the row with revision root is the row with revision last.
CREATE FUNCTION gpsync_internal.batch_links(relation regclass) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('SELECT %1$s, min(l.old) AS root, max(l.new) AS last FROM ('
    'SELECT l.*, count(*) FILTER (WHERE l.starts) OVER (PARTITION BY %1$s ORDER BY l.new) AS part FROM ('
    'SELECT l.*, l.old IS DISTINCT FROM lag(l.new) OVER (PARTITION BY %1$s ORDER BY l.new) AS starts FROM (%2$s) AS l'
    ') AS l) AS l GROUP BY %1$s, l.part', k.list, string_agg(format(
    'SELECT %s, s.gpsync_old AS old, s.gpsync_new AS new FROM %s AS s WHERE s.gpsync_op = ''s''', k.of_shadow,
    s.shadow), ' UNION ALL '))
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow,
    (SELECT string_agg(format('l.k%s', k.n), ', ' ORDER BY k.n), string_agg(format('s.c%s AS k%s', k.attnum, k.n), ', '
         ORDER BY k.n), array_agg('c' || k.attnum)
     FROM gpsync_internal.batch_keys(batch_links.relation) AS k) AS k (list, of_shadow, columns)
WHERE s.relation = batch_links.relation AND gpsync_internal.last_link(array[relation]) > 0
    AND NOT EXISTS (SELECT FROM unnest(k.columns) AS n WHERE NOT EXISTS (
        SELECT FROM pg_attribute AS a WHERE a.attrelid = s.shadow AND a.attname = n AND NOT a.attisdropped))
GROUP BY k.list $$;
COMMENT ON FUNCTION gpsync_internal.batch_links(regclass) IS
    'The query for rows that have got other revisions without a change of their content: key (k1, ...), root, last. '
    'NULL: there are none';

CREATE FUNCTION gpsync_internal.is_as_batch_left_it(relation regclass) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '(q.gpsync_new = r.sync_revision' || coalesce(' OR (q.gpsync_new, r.sync_revision) IN (SELECT i.root, i.last '
    'FROM (' || gpsync_internal.batch_links(relation) || ') AS i)', '') || ')' $$;
COMMENT ON FUNCTION gpsync_internal.is_as_batch_left_it(regclass) IS
    'The condition that the row r is what the change q of a shadow made of it';

CREATE FUNCTION gpsync_internal.linked_events(relation regclass, batch text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN l IS NULL THEN format('SELECT a.*, a.new AS now FROM (%s) AS a', e)
    ELSE format('SELECT a.shadow, a.row, a.had, coalesce(o.root, a.old) AS old, a.new, coalesce(n.last, a.new) AS now, '
        'a.key_is_new, %s FROM (%s) AS a LEFT JOIN l AS o ON o.last = a.old AND %s LEFT JOIN l AS n ON n.root = a.new '
        'AND %s', k.list, e, k.same_old, k.same_new) END
FROM gpsync_internal.batch_events(relation, batch, after) AS e, gpsync_internal.batch_links(relation) AS l,
    (SELECT string_agg('a.k' || k.n, ', ' ORDER BY k.n),
            string_agg(format('o.k%s %s a.k%1$s', k.n, k.equals), ' AND ' ORDER BY k.n),
            string_agg(format('n.k%s %s a.k%1$s', k.n, k.equals), ' AND ' ORDER BY k.n)
     FROM gpsync_internal.batch_keys(relation) AS k) AS k (list, same_old, same_new)
WHERE e IS NOT NULL $$;
COMMENT ON FUNCTION gpsync_internal.linked_events(regclass, text, bigint) IS
    'batch_events() with old as if there were no links (l, batch_links()), and now, the revision that the row behind '
    'the event has by them. NULL: none';

-- Of each key, the last run of events without somebody else's change in between is taken back as a whole: the row
-- becomes what it was before the first of them, if it still is what the last one made of it. Most keys have one event:
-- these need none of the windows. All windows have one order, of columns and not of expressions: one sort is enough.
CREATE FUNCTION gpsync_internal.plan_of_runs(relation regclass, batch text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('WITH %5$s e AS (SELECT a.*, coalesce(a.new, a.old) AS at, a.had AND a.new IS NULL AS gone '
    'FROM (%1$s) AS a), '
    'j AS MATERIALIZED (SELECT e.*, lead(true) OVER w IS NULL OR e.had AND e.old = lead(e.new) OVER w '
    'OR NOT e.had AND lead(e.new) OVER w IS NULL AS joined, lead(true) OVER w IS NULL AND lag(true) OVER w IS NULL '
    'AS alone FROM e WINDOW w AS (%2$s)), '
    'b AS (SELECT j.*, count(*) FILTER (WHERE NOT coalesce(j.joined, false)) OVER (%2$s ROWS BETWEEN UNBOUNDED '
    'PRECEDING AND 1 PRECEDING) AS breaks, bool_or(NOT coalesce(j.joined, false)) OVER (PARTITION BY %3$s) AS broken '
    'FROM j WHERE NOT j.alone), '
    'r AS (SELECT b.*, row_number() OVER w AS n, last_value(b.had) OVER f AS was, last_value(b.shadow) OVER f AS '
    'image, last_value(b.row) OVER f AS image_row FROM b WHERE b.breaks = 0 WINDOW w AS (%2$s), '
    'f AS (%2$s ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)), '
    'n AS MATERIALIZED (SELECT r.was, r.new, r.now, r.image, r.image_row, r.shadow, r.row, r.key_is_new, r.broken, '
    'CASE WHEN r.broken THEN jsonb_build_object(%4$s) END AS broken_key '
    'FROM r WHERE r.n = 1 AND (r.was OR r.new IS NOT NULL) '
    'UNION ALL SELECT j.had, j.new, j.now, j.shadow, j.row, j.shadow, j.row, j.key_is_new, false, NULL FROM j '
    'WHERE j.alone AND (j.had OR j.new IS NOT NULL)), '
    -- The key was changed once: the old one's row went and the new one's came by the same change.
    'c AS MATERIALIZED (SELECT o.image AS old_image, o.image_row AS old_row, d.shadow, d.row FROM n AS o JOIN n AS d '
    'ON o.shadow = d.image AND o.row = d.image_row WHERE o.was AND o.new IS NULL AND NOT d.was AND d.new IS NOT NULL '
    'AND NOT o.broken AND NOT d.broken) '
    'SELECT (CASE WHEN c.row IS NOT NULL THEN ''k'' WHEN n.was AND n.new IS NULL THEN ''i'' WHEN n.was THEN ''u'' '
    'ELSE ''d'' END)::"char" AS action, coalesce(c.old_image, n.image) AS image, coalesce(c.old_row, n.image_row) '
    'AS image_row, n.shadow AS key, n.row AS key_row, n.key_is_new, n.now AS revision, n.broken_key AS broken '
    'FROM n LEFT JOIN c ON c.shadow = n.shadow AND c.row = n.row AND NOT n.was '
    'WHERE NOT EXISTS (SELECT FROM c AS x WHERE n.was AND n.new IS NULL AND x.old_image = n.image '
    'AND x.old_row = n.image_row) ORDER BY 2, 3',
    e, format('PARTITION BY %s ORDER BY at DESC, gone DESC', k.list), k.list, k.json,
    'l AS MATERIALIZED (' || gpsync_internal.batch_links(relation) || '), ')
FROM gpsync_internal.linked_events(relation, batch, after) AS e,
    (SELECT string_agg('k' || k.n, ', ' ORDER BY k.n), string_agg(format('%L, r.k%s', k.name, k.n), ', ' ORDER BY k.n)
     FROM gpsync_internal.batch_keys(relation) AS k) AS k (list, json)
WHERE e IS NOT NULL $$;
COMMENT ON FUNCTION gpsync_internal.plan_of_runs(regclass, text, bigint) IS 'batch_plan() of any batch';

-- Links of before the batch say nothing of its rows.
CREATE FUNCTION gpsync_internal.changes_keys_once(relation regclass, batch text, after bigint) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT q.once AND l.last < coalesce(q.first, 1)
FROM gpsync_internal.query_as(gpsync_internal.owner_of(relation), format(
    'SELECT bool_and(e.had AND e.n = 1), min(e.first) FROM (SELECT bool_and(e.had) AS had, count(*) AS n, '
    'min(e.new) AS first FROM (%s) AS e GROUP BY %s) AS e', gpsync_internal.batch_events(relation, batch, after),
    (SELECT string_agg('e.k' || k.n, ', ' ORDER BY k.n) FROM gpsync_internal.batch_keys(relation) AS k)))
    AS q (once boolean, first bigint), gpsync_internal.last_link(array[relation]) AS l (last)
WHERE gpsync_internal.batch_events(relation, batch, after) IS NOT NULL $$;
COMMENT ON FUNCTION gpsync_internal.changes_keys_once(regclass, text, bigint) IS
    'Whether a batch has changed or deleted rows, each once, and done nothing else; and no row has got another '
    'revision since without a change. NULL or false: not';

-- Then there are no runs to be found, which costs three times as much.
CREATE FUNCTION gpsync_internal.batch_plan(relation regclass, batch text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN gpsync_internal.changes_keys_once(relation, batch, after) THEN format(
    'SELECT CASE WHEN e.new IS NULL THEN ''i'' ELSE ''u'' END::"char" AS action, e.shadow AS image, '
    'e.row AS image_row, e.shadow AS key, e.row AS key_row, false AS key_is_new, e.new AS revision, '
    'NULL::jsonb AS broken FROM (%s) AS e',
    gpsync_internal.batch_events(relation, batch, after))
    ELSE gpsync_internal.plan_of_runs(relation, batch, after) END $$;
COMMENT ON FUNCTION gpsync_internal.batch_plan(regclass, text, bigint) IS
    'The query for what is to be done to take a batch back in a table: a row each. broken: the key, where an earlier '
    'change of the batch stays because somebody has changed the row since. NULL: nothing';

CREATE FUNCTION gpsync_internal.import_plan(relation regclass, job text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('SELECT ''d''::"char" AS action, NULL::oid AS image, NULL::tid AS image_row, t.tableoid AS key, '
    't.ctid AS key_row, NULL::boolean AS key_is_new, t.sync_revision AS revision, NULL::jsonb AS broken FROM %s AS t '
    '%s WHERE %s IN (SELECT e::bigint FROM jsonb_array_elements_text($1) AS e)', relation,
    'LEFT JOIN (' || gpsync_internal.batch_links(relation) || ') AS l ON l.last = t.sync_revision AND ' || (
        SELECT string_agg(format('t.%I %s l.k%s', k.name, k.equals, k.n), ' AND ' ORDER BY k.n)
        FROM gpsync_internal.batch_keys(relation) AS k),
    CASE WHEN gpsync_internal.batch_links(relation) IS NULL THEN 't.sync_revision'
         ELSE 'coalesce(l.root, t.sync_revision)' END) $$;
COMMENT ON FUNCTION gpsync_internal.import_plan(regclass, text) IS
    'The query for the rows of an import that nobody has written since. $1: the revisions of its chunks';

CREATE FUNCTION gpsync_internal.plan_in_statements(plan text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('SELECT p.action, k.image, k.key, k.key_is_new, array_agg(k.row) AS rows, '
    'coalesce(array_agg(p.key_row) FILTER (WHERE p.action = ''k''), ''{}'') AS key_rows, '
    'array_agg(p.revision) AS revisions, array_agg(p.broken) FILTER (WHERE p.broken IS NOT NULL) AS broken '
    'FROM (SELECT q.*, (row_number() OVER () - 1) / 20000 AS part FROM (%s) AS q) AS p CROSS JOIN LATERAL (SELECT '
    'CASE WHEN p.action <> ''d'' THEN p.image END AS image, '
    'CASE WHEN p.action IN (''d'', ''k'') THEN p.key END AS key, '
    'CASE WHEN p.action IN (''d'', ''k'') THEN p.key_is_new END AS key_is_new, '
    'CASE p.action WHEN ''d'' THEN p.key_row ELSE p.image_row END AS row) AS k '
    'GROUP BY p.action, k.image, k.key, k.key_is_new, p.part', plan) $$;
COMMENT ON FUNCTION gpsync_internal.plan_in_statements(text) IS
    'A plan''s query, with what one statement can take back, 20,000 rows at most, in one row, as rollback_item has it';

-- Deletions that would change others' rows are left to nobody: what refers to the row is in the way.
CREATE FUNCTION gpsync_internal.references_to(relation regclass, taken_back_with text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(CASE WHEN gpsync_internal.step_owners(relation, c.conrelid) = 1
    THEN format('(%s) IN (%s)', k.referenced, gpsync_internal.referring_rows(c.oid, taken_back_with, after))
    ELSE format('gpsync_internal.is_referred_to(%s, %L, %s, jsonb_build_object(%s))', c.oid, taken_back_with, after,
        k.values) END, ' OR ')
FROM pg_constraint AS c, LATERAL (
    SELECT string_agg(format('t.%I', b.attname), ', ' ORDER BY u.n),
           string_agg(format('%L, t.%I', 'f' || u.n, b.attname), ', ' ORDER BY u.n)
    FROM unnest(c.confkey) WITH ORDINALITY AS u (referenced, n)
    JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = u.referenced) AS k (referenced, values)
WHERE c.contype = 'f' AND c.confrelid = relation AND c.conparentid = 0
    AND (taken_back_with IS NOT NULL OR c.confdeltype IN ('c', 'n', 'd')) $$;
COMMENT ON FUNCTION gpsync_internal.references_to(regclass, text, bigint) IS
    'The condition that another row refers to t: any row by a foreign key whose ON DELETE changes it, or, with a '
    'batch, by any foreign key a row that the batch''s roll-back leaves. NULL: none can';

CREATE FUNCTION gpsync_internal.referring_rows(of_constraint oid, taken_back_with text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('SELECT %s FROM %s AS r WHERE true%s', k.referring, c.conrelid::regclass,
    CASE WHEN taken_back_with IS NOT NULL THEN (
        SELECT ' AND ' || string_agg(format('NOT EXISTS (SELECT FROM %s AS q WHERE q.gpsync_batch = %L '
            'AND %s AND q.gpsync_new > %s AND %s)', s.shadow, taken_back_with,
            gpsync_internal.is_as_batch_left_it(s.relation), after, o.same),
            ' AND ')
        FROM gpsync.batch_shadow AS s JOIN pg_class AS x ON x.oid = s.shadow, LATERAL (
            SELECT string_agg(format('r.%I %s coalesce(q.k%s, q.c%3$s)', b.name, b.equals, b.attnum), ' AND ')
            FROM gpsync_internal.batch_keys(s.relation) AS b) AS o (same)
        WHERE s.relation = coalesce(gpsync_internal.attached_ancestor(c.conrelid), c.conrelid)) END)
FROM pg_constraint AS c, LATERAL (
    SELECT string_agg(format('r.%I', a.attname), ', ' ORDER BY u.n)
    FROM unnest(c.conkey) WITH ORDINALITY AS u (referring, n)
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = u.referring) AS k (referring)
WHERE c.oid = of_constraint $$;
COMMENT ON FUNCTION gpsync_internal.referring_rows(oid, text, bigint) IS
    'The query for what the rows of a foreign key''s table refer to; with a batch, but for the rows that its roll-back '
    'takes back';

CREATE FUNCTION gpsync_internal.reference_query(caller oid, of_constraint oid, taken_back_with text, after bigint,
        OUT role oid, OUT query text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of pg_constraint;
BEGIN
    SELECT * INTO of FROM pg_constraint AS c WHERE c.oid = of_constraint AND c.contype = 'f';
    IF of.oid IS NULL THEN
        RETURN;
    ELSIF NOT pg_has_role(caller, gpsync_internal.owner_of(of.confrelid), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', of.confrelid::regclass);
    END IF;
    role := gpsync_internal.owner_of(of.conrelid);
    SELECT format('SELECT 1 FROM jsonb_to_record($1) AS k (%s), (%s) AS r (%s) WHERE %s',
        string_agg(format('f%s %s', u.n, gpsync_internal.plain_type(gpsync_internal.base_type(a.atttypid))), ', '
            ORDER BY u.n),
        gpsync_internal.referring_rows(of.oid, taken_back_with, coalesce(after, 0)),
        string_agg('f' || u.n, ', ' ORDER BY u.n),
        string_agg(format('r.f%s OPERATOR(%I.%s) k.f%1$s', u.n, s.nspname, o.oprname), ' AND '))
    INTO query
    FROM unnest(of.conkey, of.conffeqop) WITH ORDINALITY AS u (referring, equals, n)
    JOIN pg_attribute AS a ON a.attrelid = of.conrelid AND a.attnum = u.referring
    JOIN pg_operator AS o ON o.oid = u.equals JOIN pg_namespace AS s ON s.oid = o.oprnamespace;
END $$;
COMMENT ON FUNCTION gpsync_internal.reference_query(oid, oid, text, bigint) IS
    'The query by which is_referred_to() asks, for a caller, and the role that it runs as. NULL: there is no such '
    'foreign key. Errors: 42501 the caller has not the rights of the owner of the table that is referred to';

CREATE FUNCTION gpsync_internal.is_referred_to(of_constraint oid, taken_back_with text, after bigint, key jsonb)
    RETURNS boolean
    LANGUAGE c STABLE COST 100 AS 'MODULE_PATHNAME', 'gpsync_is_referred_to';
COMMENT ON FUNCTION gpsync_internal.is_referred_to(oid, text, bigint, jsonb) IS
    'Whether a row of a foreign key''s table, which belongs to another role, refers to the row whose columns f1, ... '
    'are given: read as that table''s owner. With a batch, a row that its roll-back leaves. For the owner of the table '
    'that is referred to. True, too, where that table cannot be read. Errors: 42501';

CREATE FUNCTION gpsync_internal.missing_parents(relation regclass, image regclass, batch text,
    after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%s AND (%s) NOT IN (SELECT %s FROM %s AS r)%s', k.present, k.referring, k.referenced,
    c.confrelid::regclass, (
        SELECT string_agg(format(' AND (%s) NOT IN (SELECT %s FROM %s AS q WHERE q.gpsync_batch = %L '
                                 'AND q.gpsync_op <> ''i'')', k.referring, k.kept, s.shadow, batch), '')
        FROM gpsync.batch_shadow AS s JOIN pg_class AS x ON x.oid = s.shadow
        WHERE s.relation = coalesce(gpsync_internal.attached_ancestor(c.confrelid), c.confrelid))), ' OR ')
FROM pg_constraint AS c, LATERAL (
    SELECT string_agg(format('s.c%s', u.referring), ', ' ORDER BY u.n),
           string_agg(format('r.%I', b.attname), ', ' ORDER BY u.n), string_agg(format('q.c%s', u.referenced), ', '
               ORDER BY u.n),
           string_agg(format('s.c%s IS NOT NULL', u.referring), ' AND ' ORDER BY u.n),
           bool_and(EXISTS (SELECT FROM gpsync_internal.image_columns(relation, image) AS i WHERE i.n = u.referring))
    FROM unnest(c.conkey, c.confkey) WITH ORDINALITY AS u (referring, referenced, n)
    JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = u.referenced)
        AS k (referring, referenced, kept, present, known)
WHERE c.contype = 'f' AND c.conrelid = relation AND c.conparentid = 0 AND k.known
    -- Another role's rows are not read: the foreign key itself will tell.
    AND gpsync_internal.step_owners(relation, c.confrelid) = 1 $$;
COMMENT ON FUNCTION gpsync_internal.missing_parents(regclass, regclass, text, bigint) IS
    'The condition that the image s refers to a row of the same role''s that is not there, and that the roll-back does '
    'not bring back. NULL: it refers to none';

CREATE FUNCTION gpsync_internal.taken_values(relation regclass, image regclass, batch text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('EXISTS (SELECT FROM %s AS r WHERE %s AND (%s)%s)', relation, k.same, o.other,
    (SELECT string_agg(format(' AND NOT EXISTS (SELECT FROM %s AS q WHERE q.gpsync_batch = %L '
                              'AND %s AND %s)', s.shadow, batch, gpsync_internal.is_as_batch_left_it(s.relation),
                (SELECT string_agg(format('r.%I %s coalesce(q.k%s, q.c%3$s)', b.name, b.equals, b.attnum), ' AND ')
                 FROM gpsync_internal.batch_keys(relation) AS b)), '')
     FROM gpsync.batch_shadow AS s JOIN pg_class AS x ON x.oid = s.shadow
     WHERE s.relation = taken_values.relation)), ' OR ')
FROM pg_index AS i, LATERAL (
    SELECT string_agg(format('r.%I%s %s s.c%s', a.attname, CASE WHEN a.atttypid <> c.type
               THEN '::' || format_type(c.type, -1) END, gpsync_internal.ordering_operator(c.type, 3), a.attnum),
               ' AND '),
           bool_and(c.type IS NOT NULL AND gpsync_internal.ordering_operator(c.type, 3) IS NOT NULL
               AND EXISTS (SELECT FROM gpsync_internal.image_columns(relation, image) AS n WHERE n.n = a.attnum)),
           bool_and(a.attname = ANY (gpsync_internal.key_columns(relation)))
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u (attnum, n)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
    LEFT JOIN gpsync_internal.shadow_columns(relation) AS c ON c.name = 'c' || a.attnum
    WHERE u.n <= i.indnkeyatts) AS k (same, known, is_key), LATERAL (
    SELECT string_agg(format('r.%I %s s.c%s IS NOT TRUE', b.name, b.equals, b.attnum), ' OR ')
    FROM gpsync_internal.batch_keys(relation) AS b) AS o (other)
WHERE i.indrelid = relation AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    AND k.known AND NOT k.is_key $$;
COMMENT ON FUNCTION gpsync_internal.taken_values(regclass, regclass, text) IS
    'The condition that another row, which the roll-back leaves, has values of the image s that must be unique. NULL: '
    'no unique index but the key''s, or over an expression or a part of the rows';

-- The rows of a statement are near each other in the shadow: only that part of it is read.
CREATE FUNCTION gpsync_internal.shadow_row(shadow regclass, alias text, number text, rows tid[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('JOIN %1$s AS %2$I ON %2$I.ctid = u.%3$I AND %2$I.ctid BETWEEN %4$L::tid AND %5$L::tid', shadow, alias,
    number, min(r), max(r)) FROM unnest(rows) AS r $$;
COMMENT ON FUNCTION gpsync_internal.shadow_row(regclass, text, text, tid[]) IS
    'The join of a shadow''s row, under a name, to the column of u that has its number, one of rows';

-- What is written becomes what an earlier change has left, so that the batch of that can be taken back, too.
CREATE FUNCTION gpsync_internal.link_insert(relation regclass, image regclass, source text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('INSERT INTO %s (gpsync_batch, gpsync_at, gpsync_op, gpsync_old, gpsync_new, %s) '
    'SELECT '''', now(), ''s'', l.gpsync_old, $4, %s FROM %s AS l WHERE l.gpsync_old IS NOT NULL', image,
    string_agg('c' || k.attnum, ', ' ORDER BY k.n), string_agg('l.c' || k.attnum, ', ' ORDER BY k.n), source)
FROM gpsync_internal.batch_keys(relation) AS k $$;
COMMENT ON FUNCTION gpsync_internal.link_insert(regclass, regclass, text) IS
    'The statement that links rows taken back, with revision $4, to the images that source has';

CREATE FUNCTION gpsync_internal.revert_update(relation regclass, image regclass, links boolean, item text,
        statement text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN links THEN format('WITH w AS (%s RETURNING %s AS item, s.gpsync_old%s), l AS (%s) SELECT w.item '
        'FROM w', statement, item, string_agg(', s.c' || k.attnum, '' ORDER BY k.n),
        gpsync_internal.link_insert(relation, image, 'w'))
    ELSE format('%s RETURNING %s', statement, item) END
FROM gpsync_internal.batch_keys(relation) AS k $$;
COMMENT ON FUNCTION gpsync_internal.revert_update(regclass, regclass, boolean, text, text) IS
    'The statement of an UPDATE from the image s: it gives the items that it has taken back; with links, it links them';

-- A shadow that was rewritten since the plan was made (VACUUM FULL) has its rows elsewhere.
CREATE FUNCTION gpsync_internal.shadow_as_planned(shadow regclass, files jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('pg_catalog.pg_relation_filenode(%s) = %s', shadow::oid, files ->> shadow::oid::text) $$;
COMMENT ON FUNCTION gpsync_internal.shadow_as_planned(regclass, jsonb) IS
    'The condition, for a statement that reads the shadow, that it has the file that it had when the plan was made';

CREATE FUNCTION gpsync_internal.revert_sets(relation regclass, image regclass, OUT names text, OUT given text,
        OUT sets text, OUT key_sets text, OUT same_key_sets text, OUT timed boolean)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%I', c.name), ', ' ORDER BY c.n), string_agg(format('s.c%s', c.n), ', ' ORDER BY c.n),
       string_agg(format('%I = s.c%s', c.name, c.n), ', ' ORDER BY c.n) FILTER (WHERE NOT c.in_key AND NOT c.always),
       string_agg(format('%I = s.c%s', c.name, c.n), ', ' ORDER BY c.n) FILTER (WHERE c.in_key AND NOT c.always),
       string_agg(format('%I = s.c%s', c.name, c.n), ', ' ORDER BY c.n) FILTER (WHERE c.in_key AND NOT c.always
           AND NOT c.is_exact),
       gpsync_internal.sets_last_updated(relation)
FROM gpsync_internal.image_columns(relation, image) AS c
WHERE NOT (c.name = 'last_updated' AND gpsync_internal.sets_last_updated(relation)) $$;
COMMENT ON FUNCTION gpsync_internal.revert_sets(regclass, regclass) IS
    'The columns that an image s brings back: their names, its values, and the assignments of an UPDATE; '
    'same_key_sets: those of the key where it is equal, and may be written otherwise';

CREATE FUNCTION gpsync_internal.revert_delete(relation regclass, key regclass, key_is_new boolean, files jsonb,
        rows tid[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('DELETE FROM %s AS t USING unnest($1, $2, $3) AS u (row, revision, item) %s WHERE %s '
    'AND t.sync_revision = u.revision AND (%s) IS NOT TRUE AND $4 > 0 RETURNING u.item',
    CASE WHEN key_is_new IS NULL THEN key ELSE relation END,
    CASE WHEN key_is_new IS NOT NULL THEN gpsync_internal.shadow_row(key, 's', 'row', rows) END,
    CASE WHEN key_is_new IS NULL THEN 't.ctid = u.row'
         ELSE concat_ws(' AND ', gpsync_internal.batch_same_key(relation, CASE WHEN key_is_new THEN 'k' ELSE 'c' END),
                        gpsync_internal.shadow_as_planned(key, files)) END,
    coalesce(gpsync_internal.references_to(relation, NULL, 0), 'false')) $$;
COMMENT ON FUNCTION gpsync_internal.revert_delete(regclass, regclass, boolean, jsonb, tid[]) IS
    'revert_query() for rows that are deleted: those of a shadow''s keys, or, of an import, rows of a partition';

CREATE FUNCTION gpsync_internal.revert_query(relation regclass, action "char", image regclass, key regclass,
        key_is_new boolean, links boolean, files jsonb, rows tid[], key_rows tid[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE action
    WHEN 'd' THEN gpsync_internal.revert_delete(relation, key, key_is_new, files, rows)
    WHEN 'i' THEN format('WITH w AS (SELECT u.item, s.* FROM unnest($1, $2, $3) AS u (row, revision, item) %s '
        'WHERE u.revision IS NULL AND %s AND NOT EXISTS (SELECT FROM %s AS t WHERE %s)), '
        'n AS (INSERT INTO %3$s (%5$s, sync_status, sync_revision%6$s) OVERRIDING SYSTEM VALUE '
        'SELECT %7$s, ''PENDING'', $4%8$s FROM w AS s)%9$s SELECT w.item FROM w', gpsync_internal.shadow_row(image, 's',
            'row', rows), gpsync_internal.shadow_as_planned(image, files), relation,
        gpsync_internal.batch_same_key(relation, 'c'), c.names, CASE WHEN c.timed THEN ', last_updated' END, c.given,
        CASE WHEN c.timed THEN ', now()' END,
        CASE WHEN links THEN format(', l AS (%s)', gpsync_internal.link_insert(relation, image, 'w')) END)
    ELSE gpsync_internal.revert_update(relation, image, links, 'u.item', format(
            'UPDATE %s AS t SET %s sync_status = ''PENDING'', sync_revision = $4%s '
            'FROM unnest($1, $5, $2, $3) AS u (row, key_row, revision, item) %s %s '
            'WHERE %s AND t.sync_revision = u.revision AND %s', relation,
            concat(c.sets || ', ', CASE WHEN action = 'k' THEN c.key_sets ELSE c.same_key_sets END || ', '),
            CASE WHEN c.timed THEN ', last_updated = now()' END, gpsync_internal.shadow_row(image, 's', 'row', rows),
            CASE WHEN action = 'k' THEN gpsync_internal.shadow_row(key, 'k', 'key_row', key_rows) END,
            CASE WHEN action = 'k' THEN gpsync_internal.batch_same_key(relation,
                CASE WHEN key_is_new THEN 'k' ELSE 'c' END, 'k')
                ELSE gpsync_internal.batch_same_key(relation, 'c') END,
            concat_ws(' AND ', gpsync_internal.shadow_as_planned(image, files),
                      CASE WHEN action = 'k' THEN gpsync_internal.shadow_as_planned(key, files) END))) END
FROM gpsync_internal.revert_sets(relation, image) AS c $$;
COMMENT ON FUNCTION gpsync_internal.revert_query(regclass, "char", regclass, regclass, boolean, boolean, jsonb, tid[],
    tid[]) IS
    'The statement that takes items back: of rows $1 of the shadow, revisions $2 that the table''s rows must have, '
    'numbers $3, revision $4 for what is written, rows $5 of the shadow with the keys they have now. links: other '
    'batches may have left what the rows become; files: of the shadows when the plan was made; rows and key_rows: $1 '
    'and $5, or more. The numbers of those that were';

-- items: what u is, with item, row, key_row and revision.
CREATE FUNCTION gpsync_internal.check_query(relation regclass, action "char", image regclass, key regclass,
        key_is_new boolean, items text, batch text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH part AS (
    SELECT CASE WHEN action = 'd' AND key_is_new THEN 'k' ELSE 'c' END AS kind,
           CASE WHEN action = 'd' THEN key ELSE image END AS shadow),
same AS (SELECT gpsync_internal.same_content(relation, image) AS text)
SELECT CASE WHEN key_is_new IS NULL AND action = 'd' THEN format(
    'SELECT u.item, jsonb_build_object(%s), CASE WHEN t.ctid IS NULL THEN ''moved'' WHEN %s THEN '
    '''conflict (foreign key)'' END FROM %s LEFT JOIN %s AS t ON t.ctid = u.row AND t.sync_revision = u.revision',
    (SELECT string_agg(format('%L, t.%I', k.name, k.name), ', ' ORDER BY k.n)
     FROM gpsync_internal.batch_keys(relation) AS k),
    coalesce(gpsync_internal.references_to(relation, batch, after), 'false'), items, key)
WHEN action = 'k' THEN format('SELECT u.item, jsonb_build_object(%s), CASE '
    'WHEN t.sync_revision IS NULL AND EXISTS (SELECT FROM %s AS t WHERE %s AND %s) THEN ''as before'' '
    'WHEN t.sync_revision IS NULL THEN ''changed since (deleted)'' WHEN t.sync_revision <> u.revision '
    'THEN ''changed since'' WHEN EXISTS (SELECT FROM %s AS t WHERE %s) THEN ''conflict (unique)'' WHEN %s THEN '
    '''conflict (foreign key)'' WHEN %s THEN ''conflict (unique)'' END FROM %s JOIN %s AS s ON s.ctid = u.row '
    'JOIN %s AS k ON k.ctid = u.key_row LEFT JOIN %s AS t ON %s',
    (SELECT string_agg(format('%L, k.%s%s', k.name, CASE WHEN key_is_new THEN 'k' ELSE 'c' END, k.attnum), ', '
         ORDER BY k.n) FROM gpsync_internal.batch_keys(relation) AS k),
    relation, gpsync_internal.batch_same_key(relation, 'c'), same.text,
    relation, gpsync_internal.batch_same_key(relation, 'c'),
    coalesce(gpsync_internal.missing_parents(relation, image, batch, after), 'false'),
    coalesce(gpsync_internal.taken_values(relation, image, batch), 'false'), items, image, key, relation,
    gpsync_internal.batch_same_key(relation, CASE WHEN key_is_new THEN 'k' ELSE 'c' END, 'k'))
ELSE format('SELECT u.item, jsonb_build_object(%s), CASE %s END FROM %s JOIN %s AS s ON s.ctid = u.row '
    'LEFT JOIN %s AS t ON %s',
    (SELECT string_agg(format('%L, s.%s%s', k.name, part.kind, k.attnum), ', ' ORDER BY k.n)
     FROM gpsync_internal.batch_keys(relation) AS k),
    CASE action
        WHEN 'd' THEN format('WHEN t.sync_revision IS NULL THEN ''as before'' WHEN t.sync_revision <> u.revision '
            'THEN ''changed since'' WHEN %s THEN ''conflict (foreign key)''',
            coalesce(gpsync_internal.references_to(relation, batch, after), 'false'))
        WHEN 'u' THEN format('WHEN t.sync_revision IS NULL THEN ''changed since (deleted)'' '
            'WHEN t.sync_revision <> u.revision AND %s THEN ''as before'' WHEN t.sync_revision <> u.revision '
            'THEN ''changed since'' WHEN %s THEN ''conflict (foreign key)'' WHEN %s THEN ''conflict (unique)''',
            same.text, coalesce(gpsync_internal.missing_parents(relation, image, batch, after), 'false'),
            coalesce(gpsync_internal.taken_values(relation, image, batch), 'false'))
        ELSE format('WHEN t.sync_revision IS NOT NULL AND %s THEN ''as before'' WHEN t.sync_revision IS NOT NULL '
            'THEN ''changed since (inserted)'' WHEN %s THEN ''conflict (foreign key)'' WHEN %s THEN '
            '''conflict (unique)''', same.text,
            coalesce(gpsync_internal.missing_parents(relation, image, batch, after), 'false'),
            coalesce(gpsync_internal.taken_values(relation, image, batch), 'false')) END,
    items, part.shadow, relation, gpsync_internal.batch_same_key(relation, part.kind)) END
FROM part, same $$;
COMMENT ON FUNCTION gpsync_internal.check_query(regclass, "char", regclass, regclass, boolean, text, text, bigint) IS
    'The query for items: number, key, and why it cannot be taken back: "as before": it need not be. NULL: it can';

REVOKE ALL ON FUNCTION gpsync_internal.action_name("char"), gpsync_internal.batch_keys(regclass),
    gpsync_internal.batch_same_key(regclass, text, text),
    gpsync_internal.takes_image(oid, oid), gpsync_internal.image_columns(regclass, regclass),
    gpsync_internal.unfit_column(regclass, regclass), gpsync_internal.sets_last_updated(regclass),
    gpsync_internal.same_content(regclass, regclass), gpsync_internal.batch_links(regclass),
    gpsync_internal.is_as_batch_left_it(regclass),
    gpsync_internal.linked_events(regclass, text, bigint),
    gpsync_internal.batch_events(regclass, text, bigint), gpsync_internal.plan_of_runs(regclass, text, bigint),
    gpsync_internal.changes_keys_once(regclass, text, bigint), gpsync_internal.batch_plan(regclass, text, bigint),
    gpsync_internal.import_plan(regclass, text), gpsync_internal.plan_in_statements(text),
    gpsync_internal.shadow_row(regclass, text, text, tid[]), gpsync_internal.references_to(regclass, text, bigint),
    gpsync_internal.referring_rows(oid, text, bigint),
    gpsync_internal.reference_query(oid, oid, text, bigint),
    gpsync_internal.missing_parents(regclass, regclass, text, bigint),
    gpsync_internal.taken_values(regclass, regclass, text),
    gpsync_internal.link_insert(regclass, regclass, text),
    gpsync_internal.revert_update(regclass, regclass, boolean, text, text),
    gpsync_internal.shadow_as_planned(regclass, jsonb), gpsync_internal.revert_sets(regclass, regclass),
    gpsync_internal.revert_delete(regclass, regclass, boolean, jsonb, tid[]),
    gpsync_internal.revert_query(regclass, "char", regclass, regclass, boolean, boolean, jsonb, tid[], tid[]),
    gpsync_internal.check_query(regclass, "char", regclass, regclass, boolean, text, text, bigint) FROM PUBLIC;
