-- Ranges: where a batch has changed each row of a table once, and done nothing else, a statement of its roll-back needs
-- no list of rows. It takes a part of the shadow as it is, which costs half as much. A row that it does not find as the
-- batch left it makes the range a list after all (expand_range()), which is then as any.

CREATE FUNCTION gpsync_internal.revert_range(role oid, relation regclass, batch text, query text, first_row tid,
        last_row tid) RETURNS SETOF tid
    LANGUAGE c ROWS 1000 AS 'MODULE_PATHNAME', 'gpsync_revert_range';
COMMENT ON FUNCTION gpsync_internal.revert_range(oid, regclass, text, text, tid, tid) IS
    'Runs a statement of revert_range_query(), as revert_rows() does with one of revert_query(). The rows of the '
    'shadow that were taken back';

-- A writer that begins after the first look gets a revision behind it. One that does not end makes no ranges: its rows
-- would come into them. Nobody waits for this: lock_against_writers() would keep writers out while the plan is made.
CREATE FUNCTION gpsync_internal.settled_revision(relation regclass) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    revision bigint := pg_current_wal_insert_lsn() - '0/0'::pg_lsn;
    parts oid[] := array(SELECT p.relid FROM gpsync_internal.partitions(relation) AS p);
    writers text[] := array(SELECT gpsync_internal.writers_of(parts));
    attempts integer := 0;
BEGIN
    WHILE EXISTS (SELECT FROM gpsync_internal.writers_of(parts) AS w WHERE w = ANY (writers)) LOOP
        attempts := attempts + 1;
        IF attempts > 50 THEN
            RETURN NULL;
        END IF;
        PERFORM pg_sleep(0.02);
    END LOOP;
    RETURN revision;
END $$;
COMMENT ON FUNCTION gpsync_internal.settled_revision(regclass) IS
    'A revision below which no row of a table can be written any more: whoever was writing it has ended. Waits up to a '
    'second for that. NULL: they do not end';

CREATE FUNCTION gpsync_internal.writers_of(relations oid[]) RETURNS SETOF text
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT l.virtualtransaction FROM pg_locks AS l
WHERE l.locktype = 'relation' AND l.relation = ANY (relations) AND l.mode = 'RowExclusiveLock' AND l.granted
    AND l.pid IS DISTINCT FROM pg_backend_pid()
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()) $$;
COMMENT ON FUNCTION gpsync_internal.writers_of(oid[]) IS
    'The transactions of others that have written, or may write, one of some tables; prepared ones, too';

-- Numbered as the scan finds them; plan_ranges() sees to it that this is their order in the shadow.
CREATE FUNCTION gpsync_internal.range_plan(relation regclass, batch text, after bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('SELECT %s::oid, min(s.ctid), max(s.ctid), count(*)::integer, bool_and(s.is_change), '
    'min(s.gpsync_new), max(s.gpsync_new), max(s.gpsync_old) FROM (SELECT s.ctid, s.gpsync_old, s.gpsync_new, '
    's.gpsync_op = ''u'' AND s.k%s IS NOT DISTINCT FROM NULL AS is_change, (row_number() OVER () - 1) / 40000 AS part '
    'FROM %s AS s WHERE s.gpsync_batch = %L AND coalesce(s.gpsync_new, s.gpsync_old) > %s) AS s GROUP BY s.part',
    s.shadow::oid, k.numbers[1], s.shadow, batch, after), ' UNION ALL ')
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow, (
    SELECT array_agg(a.attnum) FROM pg_attribute AS a
    WHERE a.attrelid = range_plan.relation AND a.attname = ANY (gpsync_internal.key_columns(range_plan.relation)))
    AS k (numbers)
WHERE s.relation = range_plan.relation AND NOT EXISTS (
    SELECT FROM unnest(k.numbers) AS n WHERE NOT EXISTS (
        SELECT FROM pg_attribute AS a WHERE a.attrelid = s.shadow AND a.attname = 'k' || n)) $$;
COMMENT ON FUNCTION gpsync_internal.range_plan(regclass, text, bigint) IS
    'The query for parts of a table''s shadows that have changes of a batch behind a revision, 40,000 each at most: '
    'shadow, first and last row, how many, whether all are updates that leave the key, the first and last revision '
    'that they made and the last that they found. NULL: there is no shadow';

CREATE FUNCTION gpsync_internal.is_in_range(batch text, range gpsync.rollback_item, first_row text, last_row text)
    RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('s.ctid BETWEEN %s AND %s AND s.gpsync_batch = %L AND s.gpsync_op = ''u'' '
    'AND s.gpsync_new > %s AND s.gpsync_new < %s', first_row, last_row, batch, (range).above, (range).below) $$;
COMMENT ON FUNCTION gpsync_internal.is_in_range(text, gpsync.rollback_item, text, text) IS
    'The condition that the row s of a shadow is of a range, whose first and last rows are given as they stand in a '
    'statement';

CREATE FUNCTION gpsync_internal.revert_range_query(batch text, range gpsync.rollback_item, links boolean, files jsonb)
    RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.revert_update(r.relation, r.image, links, 's.ctid', format(
    'UPDATE %s AS t SET %s sync_status = ''PENDING'', sync_revision = $4%s FROM %s AS s '
    'WHERE %s AND %s AND t.sync_revision = s.gpsync_new AND %s', r.relation,
    concat(c.sets || ', ', c.same_key_sets || ', '), CASE WHEN c.timed THEN ', last_updated = now()' END, r.image,
    gpsync_internal.is_in_range(batch, range, '$1', '$2'), gpsync_internal.batch_same_key(r.relation, 'c'),
    gpsync_internal.shadow_as_planned(r.image, files)))
FROM (SELECT (range).relation::regclass, (range).image::regclass) AS r,
    gpsync_internal.revert_sets(r.relation, r.image) AS c $$;
COMMENT ON FUNCTION gpsync_internal.revert_range_query(text, gpsync.rollback_item, boolean, jsonb) IS
    'The statement that takes a range back: from $1 to $2, with revision $4 for what is written; links and files as '
    'revert_query() has them. The rows of the shadow that were';

-- If no row had a revision of the batch before it was changed, none was changed twice; else the keys tell. Where rows
-- have got other revisions since without a change (links), only a list of them knows which they have now.
CREATE FUNCTION gpsync_internal.plan_ranges(of gpsync.rollback, relation regclass, first_item bigint) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
        SET synchronize_seqscans = off SET max_parallel_workers_per_gather = 0
    AS $$
DECLARE
    above bigint := gpsync_internal.last_rollback(of.batch, relation);
    below bigint := gpsync_internal.settled_revision(relation);
    plan text := CASE WHEN below IS NOT NULL THEN gpsync_internal.range_plan(relation, of.batch, above) END;
    last_link bigint := gpsync_internal.last_link(array[relation]);
    found record;
BEGIN
    WITH planned AS (
        SELECT q.* FROM gpsync_internal.query_as(gpsync_internal.owner_of(relation), plan) AS q (image oid,
            first_row tid, last_row tid, count integer, is_change boolean, first bigint, last bigint, previous bigint)
        WHERE plan IS NOT NULL),
    placed AS (
        INSERT INTO gpsync.rollback_item (rollback, item, relation, action, image, count, first_row, last_row, above,
            below)
        SELECT of.rollback, first_item + 40000 * row_number() OVER (ORDER BY p.image, p.first_row),
            plan_ranges.relation, 'u', p.image, p.count, p.first_row, p.last_row, above, below
        FROM planned AS p)
    SELECT bool_and(p.is_change) AND max(p.last) < below AND last_link < min(p.first) AS usable,
        max(p.previous) >= min(p.first) AS may_repeat, bool_or(p.overlaps) AS overlap INTO found
    FROM (SELECT p.*, p.last_row >= lead(p.first_row) OVER (PARTITION BY p.image ORDER BY p.first_row) AS overlaps
          FROM planned AS p) AS p;
    IF found.usable AND NOT coalesce(found.overlap, false) AND (found.may_repeat IS NOT TRUE
        OR gpsync_internal.changes_keys_once(relation, of.batch, above)) THEN
        RETURN true;
    END IF;
    DELETE FROM gpsync.rollback_item AS i WHERE i.rollback = of.rollback AND i.relation = plan_ranges.relation;
    RETURN false;
END $$;
COMMENT ON FUNCTION gpsync_internal.plan_ranges(gpsync.rollback, regclass, bigint) IS
    'Writes down the ranges of a table, if that is all there is to do in it. Whether it is';

CREATE FUNCTION gpsync_internal.keep_range_statements(of gpsync.rollback) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
WITH made AS MATERIALIZED (
    SELECT r.relation, r.image, gpsync_internal.revert_range_query((of).batch, r, r.relation::regclass = ANY (
        (of).linked), (of).files) AS statement
    FROM (SELECT DISTINCT ON (i.relation, i.image) i.* FROM gpsync.rollback_item AS i
          WHERE i.rollback = (of).rollback AND i.rows IS NULL ORDER BY i.relation, i.image) AS r)
UPDATE gpsync.rollback_item AS i SET statement = m.statement FROM made AS m
WHERE i.rollback = (of).rollback AND i.rows IS NULL AND i.relation = m.relation AND i.image = m.image $$;
COMMENT ON FUNCTION gpsync_internal.keep_range_statements(gpsync.rollback) IS
    'Keeps the statements that take ranges back with them: they are the same for all ranges of a shadow';

CREATE FUNCTION gpsync_internal.take_range_back(of gpsync.rollback, range gpsync.rollback_item) RETURNS tid[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN array(SELECT r FROM gpsync_internal.revert_range(gpsync_internal.owner_of(range.relation), range.relation,
        of.batch, range.statement, range.first_row, range.last_row) AS r);
EXCEPTION WHEN lock_not_available OR transaction_rollback OR insufficient_resources OR operator_intervention THEN
    RAISE;
WHEN OTHERS THEN
    RETURN '{}';
END $$;
COMMENT ON FUNCTION gpsync_internal.take_range_back(gpsync.rollback, gpsync.rollback_item) IS
    'Takes a range back: the rows of the shadow that were; none where the statement fails';

CREATE FUNCTION gpsync_internal.expand_range(of gpsync.rollback, range gpsync.rollback_item) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    UPDATE gpsync.rollback_item AS i SET rows = q.rows, revisions = q.revisions, count = cardinality(q.rows)
    FROM gpsync_internal.query_as(gpsync_internal.owner_of(range.relation), format(
        'SELECT coalesce(array_agg(s.ctid ORDER BY s.ctid), ''{}''), '
        'coalesce(array_agg(s.gpsync_new ORDER BY s.ctid), ''{}'') FROM %s AS s WHERE %s', range.image::regclass,
        gpsync_internal.is_in_range(of.batch, range, quote_literal(range.first_row) || '::tid',
            quote_literal(range.last_row) || '::tid'))) AS q (rows tid[], revisions bigint[])
    WHERE i.rollback = range.rollback AND i.item = range.item;
END $$;
COMMENT ON FUNCTION gpsync_internal.expand_range(gpsync.rollback, gpsync.rollback_item) IS
    'Makes a range a list of its rows, with which those that could not be taken back have numbers';

REVOKE ALL ON FUNCTION gpsync_internal.revert_range(oid, regclass, text, text, tid, tid),
    gpsync_internal.settled_revision(regclass), gpsync_internal.writers_of(oid[]),
    gpsync_internal.range_plan(regclass, text, bigint),
    gpsync_internal.is_in_range(text, gpsync.rollback_item, text, text),
    gpsync_internal.revert_range_query(text, gpsync.rollback_item, boolean, jsonb),
    gpsync_internal.plan_ranges(gpsync.rollback, regclass, bigint),
    gpsync_internal.keep_range_statements(gpsync.rollback),
    gpsync_internal.take_range_back(gpsync.rollback, gpsync.rollback_item),
    gpsync_internal.expand_range(gpsync.rollback, gpsync.rollback_item) FROM PUBLIC;
