-- track_duplicates(): rows that agree in some columns are accepted, and a view shows them. Nothing is written when rows
-- are, so writers pay nothing.

CREATE FUNCTION gpsync_internal.refuse_ungrouped(relation regclass, of_column name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    type text := (SELECT format_type(gpsync_internal.base_type(t.atttypid), NULL) FROM pg_attribute AS t
                  WHERE t.attrelid = relation AND t.attname = of_column AND NOT t.attisdropped);
BEGIN
    -- The server alone knows of arrays and rows; nothing is evaluated. Aggregates with ORDER BY have groups sorted.
    EXECUTE format('SELECT FROM (SELECT NULL::%s WHERE false) AS s (x) ORDER BY s.x', type);
EXCEPTION WHEN undefined_function THEN
    RAISE undefined_function USING
        MESSAGE = format('rows cannot be grouped by column "%s" of table %s', of_column, relation),
        DETAIL = format('Type %s has no ordering operator.', type),
        HINT = CASE WHEN type = 'json' THEN format('ALTER TABLE %s ALTER COLUMN %I TYPE jsonb', relation, of_column)
            ELSE 'Name columns of other types, or a generated column that has the value as text or jsonb.' END;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_ungrouped(regclass, name) IS
    'Raises 42883 where rows cannot be grouped by a column: its type, or one that this is made of, has no order';

CREATE FUNCTION gpsync.track_duplicates(relation regclass, columns name[], view name) RETURNS regclass
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of name;
    key name[] := gpsync_internal.key_columns(relation);
    status name := (SELECT a.status_column FROM gpsync.attached_tables AS a
                    WHERE a.relation = gpsync_internal.attached_to(track_duplicates.relation));
    seen name := (SELECT t.attname FROM pg_attribute AS t
                  WHERE t.attrelid = relation AND NOT t.attisdropped
                      AND t.attname IN ('last_updated', 'last_sync_timestamp')
                      AND t.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) ORDER BY t.attname DESC LIMIT 1);
    created regclass;
BEGIN
    IF relation IS NULL OR coalesce(view, '') = '' OR coalesce(cardinality(columns), 0) = 0
        OR array_ndims(columns) > 1 OR array_position(columns, NULL) IS NOT NULL THEN
        RAISE null_value_not_allowed
            USING MESSAGE = 'relation and view cannot be NULL or empty, and columns must be a list of names';
    ELSIF (SELECT c.relkind FROM pg_class AS c WHERE c.oid = relation) NOT IN ('r', 'p') THEN
        RAISE wrong_object_type USING MESSAGE = format('%s is not a table', relation);
    ELSIF key IS NULL THEN
        RAISE undefined_object USING MESSAGE = format('table %s has no key', relation),
            HINT = format('ALTER TABLE %s ADD PRIMARY KEY (...)', relation);
    END IF;
    FOREACH of IN ARRAY columns LOOP
        IF NOT EXISTS (SELECT FROM pg_attribute AS t WHERE t.attrelid = relation AND t.attname = of AND t.attnum > 0
                       AND NOT t.attisdropped) THEN
            RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', of, relation),
                HINT = gpsync_internal.name_hint(of::text, 'columns', array(SELECT t.attname::text
                    FROM pg_attribute AS t WHERE t.attrelid = relation AND t.attnum > 0 AND NOT t.attisdropped));
        END IF;
        PERFORM gpsync_internal.refuse_ungrouped(relation, of);
    END LOOP;
    EXECUTE format('CREATE VIEW %I.%I AS SELECT jsonb_build_object(%s) AS "group", count(*) AS count, '
                   'jsonb_agg(jsonb_build_object(%s) ORDER BY %s) AS keys, %s AS states, %s AS first_seen, '
                   '%s AS last_seen FROM %s AS r WHERE %s GROUP BY %s HAVING count(*) > 1',
        (SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation),
        view,
        (SELECT string_agg(format('%L, r.%I', c, c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY AS u (c, n)),
        (SELECT string_agg(format('%L, r.%I', k, k), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY AS u (k, n)),
        (SELECT string_agg(format('r.%I', k), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY AS u (k, n)),
        coalesce('array_agg(DISTINCT r.' || quote_ident(status) || '::text)', '''{}''::text[]'),
        coalesce('min(r.' || quote_ident(seen) || ')', 'NULL::timestamptz'),
        coalesce('max(r.' || quote_ident(seen) || ')', 'NULL::timestamptz'),
        relation,
        (SELECT string_agg(format('r.%I IS NOT NULL', c), ' AND ') FROM unnest(columns) AS c),
        (SELECT string_agg(format('r.%I', c), ', ') FROM unnest(columns) AS c));
    SELECT c.oid INTO created FROM pg_class AS c
    WHERE c.relname = view AND c.relnamespace = (SELECT r.relnamespace FROM pg_class AS r WHERE r.oid = relation);
    EXECUTE format('COMMENT ON VIEW %s IS %L', created, format('Rows of %s that agree in (%s), none of them NULL: the '
        'group, how many there are, their keys and states, and %s', relation, array_to_string(columns, ', '),
        coalesce('the first and the last ' || seen || ' of them', 'no times: the table has none that gpsync knows')));
    RETURN created;
END $$;
COMMENT ON FUNCTION gpsync.track_duplicates(regclass, name[], name) IS
    'Makes a view, in the table''s schema and the caller''s, of rows that agree in all of these columns: "group", '
    'count, keys, states, first_seen, last_seen. It is read from the table when it is queried: nothing is refused, and '
    'writers pay nothing; an index over the columns makes it fast. DROP VIEW ends it. Errors: 42703 no such column; '
    '42883 a column '
    'whose values cannot be compared; 42704 the table has no key; 42809 not a table; 42P07 the view exists; 42501';
REVOKE ALL ON FUNCTION gpsync_internal.refuse_ungrouped(regclass, name),
    gpsync.track_duplicates(regclass, name[], name) FROM PUBLIC;
