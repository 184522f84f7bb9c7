-- Events into analytical copies: as the copy's owner, in the restricted context. Changes of different keys that set the
-- same columns go together, in one statement.

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

-- The event of a changed key may leave out large values: they are in the row under its old key.
CREATE FUNCTION gpsync_internal.rekey_row(a gpsync.analytics, key jsonb, old_key jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    old_names name[] := array(SELECT 'old_' || k FROM unnest(a.key_names) AS k);
    types text := gpsync_internal.copy_types(a.target, a.key_names);
    row jsonb := key || (SELECT jsonb_object_agg('old_' || o.key, o.value) FROM jsonb_each(old_key) AS o);
BEGIN
    PERFORM gpsync_internal.write_copy(a, format(
        'UPDATE %s AS t SET %s FROM pg_catalog.jsonb_to_recordset($1) AS r (%s, %s) WHERE %s', a.target,
        (SELECT string_agg(format('%I = r.%1$I', k), ', ') FROM unnest(a.key_names) AS k), types,
        (SELECT string_agg(format('%I %s', 'old_' || k.name, format_type(c.atttypid, c.atttypmod)), ', ')
         FROM unnest(a.key_names) AS k (name) JOIN pg_attribute AS c ON c.attrelid = a.target AND c.attname = k.name),
        gpsync_internal.copy_key_condition(a, 'old_')), jsonb_build_array(row));
END $$;
COMMENT ON FUNCTION gpsync_internal.rekey_row(gpsync.analytics, jsonb, jsonb) IS 'Gives a row of a copy another key';

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

CREATE FUNCTION gpsync_internal.flush_copy(a gpsync.analytics, kind text, columns name[], rows jsonb, late boolean)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF rows = '[]' THEN
        RETURN;
    ELSIF kind = 'put' THEN
        PERFORM gpsync_internal.put_rows(a, columns, rows, late);
    ELSE
        PERFORM gpsync_internal.delete_rows(a, rows, late);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.flush_copy(gpsync.analytics, text, name[], jsonb, boolean) IS
    'Writes what has been collected for a copy';

-- The usual event costs no call: its members have the copy's names, and what the copy does not have is not read.
CREATE FUNCTION gpsync_internal.apply_to_copy(a gpsync.analytics, events gpsync_internal.local_event[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    present name[] := gpsync_internal.column_names(a.relation, a.column_numbers);
    present_key name[] := gpsync_internal.column_names(a.relation, a.key_numbers);
    renamed boolean := present IS DISTINCT FROM a.column_names;
    e gpsync_internal.local_event;
    kind text;
    key jsonb;
    old_key jsonb;
    row jsonb;
    columns name[];
    -- Collected: of one kind, of different keys, with the same columns.
    of_kind text;
    of_columns name[];
    of_late boolean := false;
    rows jsonb[] := '{}';
    keys jsonb[] := '{}';
BEGIN
    FOREACH e IN ARRAY events LOOP
        IF e.kind = 'truncated' THEN
            PERFORM gpsync_internal.flush_copy(a, of_kind, of_columns, to_jsonb(rows), of_late);
            PERFORM gpsync_internal.write_copy(a, format('DELETE FROM %s', a.target), '[]');
            rows := '{}';
            keys := '{}';
            CONTINUE;
        END IF;
        kind := CASE WHEN e.kind = 'deleted' THEN 'delete' ELSE 'put' END;
        key := e.data -> 'key';
        row := coalesce(e.data -> 'row', '{}');
        old_key := NULL;
        IF renamed THEN
            key := gpsync_internal.copied_members(key, present_key, a.key_names);
            row := gpsync_internal.copied_members(row, present, a.column_names);
        END IF;
        IF kind = 'delete' THEN
            row := key;
            columns := a.key_names;
        ELSIF e.data ? 'unchanged' OR renamed THEN
            row := row || key;
            columns := array(SELECT c FROM unnest(a.column_names) AS c WHERE row ? c::text);
        ELSE
            columns := a.column_names;
        END IF;
        IF e.kind = 'updated' AND e.data ? 'old' AND NOT e.data -> 'old' @> (e.data -> 'key') THEN
            old_key := gpsync_internal.copied_members(gpsync_internal.key_before(e.data), present_key, a.key_names);
        END IF;
        IF kind IS DISTINCT FROM of_kind OR columns IS DISTINCT FROM of_columns OR e.late <> of_late
            OR key = ANY (keys) OR old_key <> '{}' THEN
            PERFORM gpsync_internal.flush_copy(a, of_kind, of_columns, to_jsonb(rows), of_late);
            rows := '{}';
            keys := '{}';
        END IF;
        IF old_key <> '{}' THEN
            PERFORM gpsync_internal.rekey_row(a, key, old_key);
        END IF;
        of_kind := kind;
        of_columns := columns;
        of_late := e.late;
        rows := rows || (row || jsonb_build_object('gpsync_at', e.at, 'gpsync_sequence', e.sequence));
        keys := keys || key;
    END LOOP;
    PERFORM gpsync_internal.flush_copy(a, of_kind, of_columns, to_jsonb(rows), of_late);
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_copy(gpsync.analytics, gpsync_internal.local_event[]) IS
    'Events of its table into an analytical copy. Errors: those of the copy';

CREATE FUNCTION gpsync_internal.apply_to_analytics(stream text, endpoint text, events gpsync_internal.local_event[])
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    a gpsync.analytics;
    its gpsync_internal.local_event[];
BEGIN
    FOR a IN SELECT * FROM gpsync.analytics AS x
             WHERE x.stream = apply_to_analytics.stream AND x.endpoint = apply_to_analytics.endpoint
                 AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = x.target) ORDER BY x.analytics
    LOOP
        WITH places AS MATERIALIZED (
            SELECT p.table_oid, p.table_name
            -- OFFSET: once for each table, not for each event.
            FROM (SELECT DISTINCT e.table_oid, e.table_name FROM unnest(events) AS e WHERE e.kind IS NOT NULL
                  OFFSET 0) AS p
            WHERE gpsync_internal.is_event_of(a.relation, a.table_name, p.table_oid, p.table_name))
        SELECT array_agg(e ORDER BY e.n) INTO its FROM unnest(events) AS e JOIN places AS p
            ON p.table_oid = e.table_oid AND p.table_name = e.table_name WHERE e.kind IS NOT NULL;
        IF its IS NOT NULL THEN
            -- The server refuses to put off what a restricted operation has to check.
            SET CONSTRAINTS ALL IMMEDIATE;
            PERFORM gpsync_internal.apply_to_copy(a, its);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.apply_to_analytics(text, text, gpsync_internal.local_event[]) IS
    'Events into the analytical copies of an endpoint. Errors: those of the copies';

REVOKE ALL ON FUNCTION gpsync_internal.copy_types(regclass, name[]),
    gpsync_internal.copy_key_condition(gpsync.analytics, text),
    gpsync_internal.write_copy(gpsync.analytics, text, jsonb),
    gpsync_internal.put_rows(gpsync.analytics, name[], jsonb, boolean),
    gpsync_internal.delete_rows(gpsync.analytics, jsonb, boolean),
    gpsync_internal.rekey_row(gpsync.analytics, jsonb, jsonb),
    gpsync_internal.copied_members(jsonb, name[], name[]),
    gpsync_internal.flush_copy(gpsync.analytics, text, name[], jsonb, boolean),
    gpsync_internal.apply_to_copy(gpsync.analytics, gpsync_internal.local_event[]),
    gpsync_internal.apply_to_analytics(text, text, gpsync_internal.local_event[]) FROM PUBLIC;
