-- Events into analytical copies: as the copy's owner, in the restricted context. Of several changes of one row in a
-- batch the copy gets what they lead to; rows that get the same columns go together, in one statement. Changes of key,
-- TRUNCATE, and dead letters that are sent again are applied one by one.

CREATE FUNCTION gpsync_internal.copy_types(target regclass, columns name[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%I %s', c.name, coalesce(format_type(a.atttypid, a.atttypmod), 'text')), ', ' ORDER BY c.n)
FROM unnest(columns) WITH ORDINALITY AS c (name, n)
LEFT JOIN pg_attribute AS a ON a.attrelid = target AND a.attname = c.name AND NOT a.attisdropped $$;
COMMENT ON FUNCTION gpsync_internal.copy_types(regclass, name[]) IS 'Columns of a copy with their types';

CREATE FUNCTION gpsync_internal.copy_key_condition(a gpsync.analytics, prefix text DEFAULT '') RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('t.%I %s r.%I', k.name, coalesce(gpsync_internal.ordering_operator(c.atttypid, 3), '='),
    prefix || k.name), ' AND ' ORDER BY k.n)
FROM unnest(a.key_names) WITH ORDINALITY AS k (name, n)
LEFT JOIN pg_attribute AS c ON c.attrelid = a.target AND c.attname = k.name AND NOT c.attisdropped $$;
COMMENT ON FUNCTION gpsync_internal.copy_key_condition(gpsync.analytics, text) IS
    'That row t of a copy has the key of r, whose columns'' names begin with a prefix';

CREATE FUNCTION gpsync_internal.write_copy(a gpsync.analytics, statement text, rows jsonb) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT w.n FROM gpsync_internal.write_as((SELECT c.relowner FROM pg_class AS c WHERE c.oid = a.target),
    format('WITH w AS (%s RETURNING 1) SELECT pg_catalog.count(*) FROM w', statement), rows) AS w (n bigint) $$;
COMMENT ON FUNCTION gpsync_internal.write_copy(gpsync.analytics, text, jsonb) IS
    'Runs a statement on a copy, whose $1 are rows, as the copy''s owner; how many it wrote';

-- late: what is newer stays.
CREATE FUNCTION gpsync_internal.put_rows(a gpsync.analytics, columns name[], rows jsonb, late boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    every name[] := columns || '{gpsync_at,gpsync_sequence}'::name[];
BEGIN
    PERFORM gpsync_internal.write_copy(a, format(
        'INSERT INTO %s AS t (%s) SELECT %s FROM pg_catalog.jsonb_to_recordset($1) AS r (%s) '
        'ON CONFLICT (%s) DO UPDATE SET %s%s', a.target,
        (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(every) WITH ORDINALITY AS u (c, n)),
        (SELECT string_agg(format('r.%I', c), ', ' ORDER BY n) FROM unnest(every) WITH ORDINALITY AS u (c, n)),
        gpsync_internal.copy_types(a.target, every),
        (SELECT string_agg(format('%I', c), ', ') FROM unnest(a.key_names) AS c),
        (SELECT string_agg(format('%I = excluded.%1$I', c), ', ') FROM unnest(every) AS c
         WHERE NOT c = ANY (a.key_names)),
        CASE WHEN late THEN ' WHERE t.gpsync_sequence OPERATOR(pg_catalog.<) excluded.gpsync_sequence'
             ELSE '' END), rows);
END $$;
COMMENT ON FUNCTION gpsync_internal.put_rows(gpsync.analytics, name[], jsonb, boolean) IS
    'Inserts rows into a copy, or sets these columns of those that are there. Errors: those of the copy';

CREATE FUNCTION gpsync_internal.delete_rows(a gpsync.analytics, rows jsonb, late boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.write_copy(a, format(
        'DELETE FROM %s AS t USING pg_catalog.jsonb_to_recordset($1) AS r (%s) WHERE %s%s', a.target,
        gpsync_internal.copy_types(a.target, a.key_names || '{gpsync_sequence}'::name[]),
        gpsync_internal.copy_key_condition(a),
        CASE WHEN late THEN ' AND t.gpsync_sequence OPERATOR(pg_catalog.<) r.gpsync_sequence' ELSE '' END), rows);
END $$;
COMMENT ON FUNCTION gpsync_internal.delete_rows(gpsync.analytics, jsonb, boolean) IS 'Deletes rows of a copy';

-- r: the row's new key, its old one with prefix old_, and the event's sequence. older: that what it concerns is older,
-- for an event that comes out of its order.
CREATE FUNCTION gpsync_internal.write_rekeyed(a gpsync.analytics, statement text, change jsonb) RETURNS bigint
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.write_copy(a, format(statement, a.target,
    gpsync_internal.copy_types(a.target, a.key_names || '{gpsync_sequence}'::name[]) || ', '
        || (SELECT string_agg(format('%I %s', 'old_' || k.name, format_type(c.atttypid, c.atttypmod)), ', '
                ORDER BY k.n)
            FROM unnest(a.key_names) WITH ORDINALITY AS k (name, n)
            JOIN pg_attribute AS c ON c.attrelid = a.target AND c.attname = k.name AND NOT c.attisdropped),
    gpsync_internal.copy_key_condition(a), gpsync_internal.copy_key_condition(a, 'old_'),
    't.gpsync_sequence OPERATOR(pg_catalog.<) r.gpsync_sequence'), jsonb_build_array(change)) $$;
COMMENT ON FUNCTION gpsync_internal.write_rekeyed(gpsync.analytics, text, jsonb) IS
    'Runs a statement for a change of key: %1$s is the copy, %2$s the columns of r, %3$s that t has the new key, %4$s '
    'the old one, %5$s that t is older';

-- The event of a changed key may leave out large values: they are in the row under its old key. What a gap has left
-- under the new key is in the way. late: what is newer stays, under either key.
CREATE FUNCTION gpsync_internal.rekey_row(a gpsync.analytics, key jsonb, old_key jsonb, sequence text, late boolean)
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    older text := CASE WHEN late THEN ' AND %5$s' ELSE '' END;
    change jsonb := key || jsonb_build_object('gpsync_sequence', sequence)
        || (SELECT jsonb_object_agg('old_' || o.key, o.value) FROM jsonb_each(old_key) AS o);
    r_is text := ' pg_catalog.jsonb_to_recordset($1) AS r (%2$s) ';
BEGIN
    PERFORM gpsync_internal.write_rekeyed(a, 'DELETE FROM %1$s AS t USING' || r_is || 'WHERE %3$s' || older, change);
    PERFORM gpsync_internal.write_rekeyed(a, 'UPDATE %1$s AS t SET '
        || (SELECT string_agg(replace(format('%I = r.%1$I', k), '%', '%%'), ', ') FROM unnest(a.key_names) AS k)
        || ' FROM' || r_is || 'WHERE %4$s' || older
        || CASE WHEN late THEN ' AND NOT EXISTS (SELECT FROM %1$s AS t WHERE %3$s)' ELSE '' END, change);
    IF late THEN
        PERFORM gpsync_internal.write_rekeyed(a, 'DELETE FROM %1$s AS t USING' || r_is || 'WHERE %4$s' || older,
            change);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.rekey_row(gpsync.analytics, jsonb, jsonb, text, boolean) IS
    'Gives a row of a copy another key';

-- Columns of the event under the names of the copy: the present name of the column in the table, or, in a change from
-- before it was renamed, the one that it had when the copy was made. What the event does not show is left out.
CREATE FUNCTION gpsync_internal.copied_members(shown jsonb, present name[], names name[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(jsonb_object_agg(n.name, CASE WHEN shown ? n.now::text THEN shown -> n.now::text
                                              ELSE shown -> n.name::text END), '{}')
FROM unnest(present, names) AS n (now, name) WHERE shown ? n.now::text OR shown ? n.name::text $$;
COMMENT ON FUNCTION gpsync_internal.copied_members(jsonb, name[], name[]) IS
    'The members of a row or a key that a copy has, under its names';

CREATE AGGREGATE gpsync_internal.jsonb_merge(jsonb) (
    SFUNC = pg_catalog.jsonb_concat, STYPE = jsonb, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE gpsync_internal.jsonb_merge(jsonb) IS 'The members of objects; of those of one name the last';

-- The usual event costs no call: its members have the copy's names, and what the copy does not have is not read.
CREATE FUNCTION gpsync_internal.copy_changes(a gpsync.analytics, events gpsync_internal.local_event[])
    RETURNS TABLE (n integer, kind text, key jsonb, shown jsonb, is_part boolean)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
WITH names AS MATERIALIZED (
    SELECT gpsync_internal.column_names(a.relation, a.column_numbers) AS columns,
           gpsync_internal.column_names(a.relation, a.key_numbers) AS keys)
SELECT e.n, CASE WHEN e.kind = 'deleted' THEN 'delete' ELSE 'put' END, k.key,
       CASE WHEN m.columns = a.column_names THEN coalesce(e.data -> 'row', '{}')
            ELSE gpsync_internal.copied_members(coalesce(e.data -> 'row', '{}'), m.columns, a.column_names) END
       || k.key || jsonb_build_object('gpsync_at', e.at, 'gpsync_sequence', e.sequence),
       e.data ? 'unchanged' OR m.columns IS DISTINCT FROM a.column_names
FROM names AS m CROSS JOIN unnest(events) AS e
CROSS JOIN LATERAL (SELECT CASE WHEN m.keys = a.key_names THEN e.data -> 'key'
    ELSE gpsync_internal.copied_members(e.data -> 'key', m.keys, a.key_names) END) AS k (key) $$;
COMMENT ON FUNCTION gpsync_internal.copy_changes(gpsync.analytics, gpsync_internal.local_event[]) IS
    'What events mean for a copy, under its names: put or delete; shown: the row; is_part: it may lack columns, whose '
    'values are to stay';

-- One row a key. What an event leaves out is in the earlier ones of its key since it was inserted, or in the copy.
CREATE FUNCTION gpsync_internal.final_changes(a gpsync.analytics, events gpsync_internal.local_event[])
    RETURNS TABLE (kind text, columns name[], rows jsonb)
    LANGUAGE sql STABLE ROWS 3 SET search_path = pg_catalog, pg_temp
    AS $$
WITH change AS (
    SELECT c.*, bool_or(c.is_part) OVER w AS merge, max(c.n) FILTER (WHERE c.kind = 'delete') OVER w AS deleted
    FROM gpsync_internal.copy_changes(a, events) AS c WINDOW w AS (PARTITION BY c.key)),
last AS (
    SELECT max(c.n) AS n, (array_agg(c.kind ORDER BY c.n DESC))[1] AS kind, bool_or(c.merge) AS merge, c.key,
           CASE WHEN bool_or(c.merge)
                THEN gpsync_internal.jsonb_merge(c.shown ORDER BY c.n)
                    FILTER (WHERE c.merge AND (c.deleted IS NULL OR c.n > c.deleted))
                ELSE (array_agg(c.shown ORDER BY c.n DESC))[1] END AS shown
    FROM change AS c GROUP BY c.key)
SELECT l.kind, f.columns, jsonb_agg(CASE l.kind WHEN 'put' THEN l.shown ELSE l.key END ORDER BY l.n)
FROM last AS l CROSS JOIN LATERAL (SELECT CASE WHEN l.kind = 'delete' THEN a.key_names
    WHEN l.merge THEN array(SELECT n.name FROM unnest(a.column_names) AS n (name) WHERE l.shown ? n.name::text)
    ELSE a.column_names END) AS f (columns)
GROUP BY l.kind, f.columns ORDER BY l.kind, min(l.n) $$;
COMMENT ON FUNCTION gpsync_internal.final_changes(gpsync.analytics, gpsync_internal.local_event[]) IS
    'What events lead to: keys to delete first, then rows to put, by the columns that they have';

CREATE FUNCTION gpsync_internal.copy_run(a gpsync.analytics, events gpsync_internal.local_event[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    part record;
BEGIN
    FOR part IN SELECT * FROM gpsync_internal.final_changes(a, events) LOOP
        IF part.kind = 'put' THEN
            PERFORM gpsync_internal.put_rows(a, part.columns, part.rows, false);
        ELSE
            PERFORM gpsync_internal.delete_rows(a, part.rows, false);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.copy_run(gpsync.analytics, gpsync_internal.local_event[]) IS
    'Events into a copy that concern their own key alone. Errors: those of the copy';

CREATE FUNCTION gpsync_internal.copy_alone(a gpsync.analytics, e gpsync_internal.local_event) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    change record;
    old_key jsonb;
BEGIN
    IF e.kind = 'truncated' THEN
        PERFORM gpsync_internal.write_copy(a, format('DELETE FROM %s%s', a.target,
            CASE WHEN e.late THEN format(' WHERE gpsync_sequence OPERATOR(pg_catalog.<) %L', e.sequence) ELSE '' END),
            '[]');
        RETURN;
    END IF;
    SELECT * INTO change FROM gpsync_internal.copy_changes(a, ARRAY[e]);
    IF e.rekeys THEN
        old_key := gpsync_internal.copied_members(gpsync_internal.key_before(e.data),
            gpsync_internal.column_names(a.relation, a.key_numbers), a.key_names);
        IF old_key <> '{}' THEN
            PERFORM gpsync_internal.rekey_row(a, change.key, old_key, e.sequence, e.late);
        END IF;
    END IF;
    IF change.kind = 'put' THEN
        PERFORM gpsync_internal.put_rows(a, array(SELECT n.name FROM unnest(a.column_names) AS n (name)
            WHERE NOT change.is_part OR change.shown ? n.name::text), jsonb_build_array(change.shown), e.late);
    ELSE
        PERFORM gpsync_internal.delete_rows(a,
            jsonb_build_array(change.key || jsonb_build_object('gpsync_sequence', e.sequence)), e.late);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.copy_alone(gpsync.analytics, gpsync_internal.local_event) IS
    'One event into a copy. Errors: those of the copy';

CREATE FUNCTION gpsync_internal.apply_to_copy(a gpsync.analytics, events gpsync_internal.local_event[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    e gpsync_internal.local_event;
    run gpsync_internal.local_event[] := '{}';
BEGIN
    FOREACH e IN ARRAY events LOOP
        IF e.kind = 'truncated' OR e.late OR e.rekeys THEN
            IF cardinality(run) > 0 THEN
                PERFORM gpsync_internal.copy_run(a, run);
                run := '{}';
            END IF;
            PERFORM gpsync_internal.copy_alone(a, e);
        ELSE
            run := run || e;
        END IF;
    END LOOP;
    IF cardinality(run) > 0 THEN
        PERFORM gpsync_internal.copy_run(a, run);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_copy(gpsync.analytics, gpsync_internal.local_event[]) IS
    'Events of its table into an analytical copy. Errors: those of the copy';

REVOKE ALL ON FUNCTION gpsync_internal.copy_types(regclass, name[]),
    gpsync_internal.copy_key_condition(gpsync.analytics, text),
    gpsync_internal.write_copy(gpsync.analytics, text, jsonb),
    gpsync_internal.put_rows(gpsync.analytics, name[], jsonb, boolean),
    gpsync_internal.delete_rows(gpsync.analytics, jsonb, boolean),
    gpsync_internal.write_rekeyed(gpsync.analytics, text, jsonb),
    gpsync_internal.rekey_row(gpsync.analytics, jsonb, jsonb, text, boolean),
    gpsync_internal.copied_members(jsonb, name[], name[]), gpsync_internal.jsonb_merge(jsonb),
    gpsync_internal.copy_changes(gpsync.analytics, gpsync_internal.local_event[]),
    gpsync_internal.final_changes(gpsync.analytics, gpsync_internal.local_event[]),
    gpsync_internal.copy_run(gpsync.analytics, gpsync_internal.local_event[]),
    gpsync_internal.copy_alone(gpsync.analytics, gpsync_internal.local_event),
    gpsync_internal.apply_to_copy(gpsync.analytics, gpsync_internal.local_event[]) FROM PUBLIC;
