-- How rows of a source (a relation, or a query) become rows of an attached table: for imports and verifications.

CREATE FUNCTION gpsync_internal.migration_source(source text) RETURNS text
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_migration_source';
COMMENT ON FUNCTION gpsync_internal.migration_source(text) IS
    'What follows FROM to read a source: a relation with its schema, as the caller''s search_path finds it, or a '
    'query in parentheses as it is. Errors: 42P01 no such relation; 42602 no name';

CREATE FUNCTION gpsync_internal.describe_query(role oid, query text)
    RETURNS TABLE (name name, type oid, modifier integer)
    LANGUAGE c STRICT ROWS 20 AS 'MODULE_PATHNAME', 'gpsync_describe_query';
COMMENT ON FUNCTION gpsync_internal.describe_query(oid, text) IS
    'The columns that a query would give, as a role in the restricted context; nothing is run, and nothing is '
    'returned for a statement that gives no rows. Errors: those of the query; 22023 more than one statement';

CREATE FUNCTION gpsync_internal.source_columns_read(role oid, query text) RETURNS integer[]
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_source_columns_read';
COMMENT ON FUNCTION gpsync_internal.source_columns_read(oid, text) IS
    'Which columns of its source a query "SELECT ... FROM source AS s" reads, by their places in "SELECT * FROM '
    'source"';

CREATE FUNCTION gpsync_internal.owner_query(role oid, query text, arguments text[] DEFAULT '{}',
        types oid[] DEFAULT '{}', max_rows bigint DEFAULT 0) RETURNS SETOF text[]
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_owner_query';
COMMENT ON FUNCTION gpsync_internal.owner_query(oid, text, text[], oid[], bigint) IS
    'Runs one statement as a role, in the restricted context, and gives its rows as text; max_rows 0: all. arguments '
    'are the values of $1 ..., of these types';

-- In PL/pgSQL, which keeps the plan.
CREATE FUNCTION gpsync_internal.default_order(type oid, OUT family oid, OUT input_type oid)
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    SELECT c.opcfamily, c.opcintype INTO family, input_type
    FROM pg_type AS t JOIN pg_opclass AS c ON c.opcdefault AND (c.opcintype = t.oid
        OR c.opcintype = CASE t.typtype WHEN 'e' THEN 'anyenum'::regtype WHEN 'r' THEN 'anyrange'::regtype
            WHEN 'm' THEN 'anymultirange'::regtype WHEN 'c' THEN 'record'::regtype
            ELSE CASE WHEN t.typcategory = 'A' THEN 'anyarray'::regtype END END
        -- A type without an order of its own has that of a type that it is as it is: varchar, cidr.
        OR c.opcintype IN (SELECT k.casttarget FROM pg_cast AS k WHERE k.castsource = t.oid AND k.castmethod = 'b'
            AND k.castcontext = 'i'))
    JOIN pg_am AS m ON m.oid = c.opcmethod AND m.amname = 'btree' JOIN pg_type AS i ON i.oid = c.opcintype
    WHERE t.oid = gpsync_internal.base_type(type) AND (t.oid = type OR t.typtype <> 'e')
    ORDER BY i.oid = t.oid DESC, i.typispreferred DESC LIMIT 1;
END $$;
COMMENT ON FUNCTION gpsync_internal.default_order(oid) IS
    'The operator family of a type''s default B-tree order, and the type that it is for; NULL: the type has no order, '
    'as a domain over an enumeration';

CREATE FUNCTION gpsync_internal.ordering_operator(type oid, strategy integer) RETURNS text
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN (
SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname)
FROM gpsync_internal.default_order(type) AS d
JOIN pg_amop AS p ON p.amopfamily = d.family AND p.amoplefttype = d.input_type AND p.amoprighttype = d.input_type
    AND p.amopstrategy = strategy
JOIN pg_operator AS o ON o.oid = p.amopopr JOIN pg_namespace AS n ON n.oid = o.oprnamespace);
END $$;
COMMENT ON FUNCTION gpsync_internal.ordering_operator(oid, integer) IS
    'The comparison of a type''s default B-tree order (strategy 1 <, 2 <=, 3 =, 4 >=, 5 >), with its schema; NULL: '
    'default_order() is';

CREATE FUNCTION gpsync_internal.ordering_operators(type oid, OUT less text, OUT equal text, OUT greater text)
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    SELECT max(c.operator) FILTER (WHERE c.strategy = 1), max(c.operator) FILTER (WHERE c.strategy = 3),
           max(c.operator) FILTER (WHERE c.strategy = 5) INTO less, equal, greater
    FROM (SELECT p.amopstrategy AS strategy, format('OPERATOR(%I.%s)', n.nspname, o.oprname) AS operator
          FROM gpsync_internal.default_order(type) AS d
          JOIN pg_amop AS p ON p.amopfamily = d.family AND p.amoplefttype = d.input_type
              AND p.amoprighttype = d.input_type
          JOIN pg_operator AS o ON o.oid = p.amopopr JOIN pg_namespace AS n ON n.oid = o.oprnamespace) AS c;
END $$;
COMMENT ON FUNCTION gpsync_internal.ordering_operators(oid) IS
    'Three of the comparisons that ordering_operator() gives, found at once';

CREATE FUNCTION gpsync_internal.equal_is_same(type oid, "collation" oid) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM gpsync_internal.default_order(type) AS d
    JOIN pg_amproc AS p ON p.amprocfamily = d.family AND p.amproclefttype = d.input_type
        AND p.amprocrighttype = d.input_type AND p.amprocnum = 4
        AND p.amproc IN ('btequalimage'::regproc, 'btvarstrequalimage'::regproc))
    AND NOT EXISTS (SELECT FROM pg_collation AS c WHERE c.oid = "collation" AND NOT c.collisdeterministic) $$;
COMMENT ON FUNCTION gpsync_internal.equal_is_same(oid, oid) IS
    'Whether values of a type that are equal are written the same, unlike 1.0 and 1.00: what B-tree indexes ask before '
    'they keep equal values once (support function 4), of the server''s own functions';

CREATE FUNCTION gpsync_internal.order_condition(names text[], types oid[], first_argument integer, is_after boolean)
    RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    -- Nested, not (a, b) > ($1, $2), which postgres_fdw does not send to the other side.
    condition text;
    beyond text;
    or_equal text;
BEGIN
    FOR i IN REVERSE cardinality(names) .. 1 LOOP
        beyond := format('%s %s $%s', names[i], gpsync_internal.ordering_operator(types[i], CASE WHEN is_after THEN 5
            ELSE 1 END), first_argument + i - 1);
        or_equal := format('%s %s $%s', names[i], gpsync_internal.ordering_operator(types[i], CASE WHEN is_after THEN 4
            ELSE 2 END), first_argument + i - 1);
        condition := CASE WHEN condition IS NOT NULL THEN format('%s AND (%s OR (%s))', or_equal, beyond, condition)
            WHEN is_after THEN beyond ELSE or_equal END;
    END LOOP;
    RETURN condition;
END $$;
COMMENT ON FUNCTION gpsync_internal.order_condition(text[], oid[], integer, boolean) IS
    'A condition for rows whose key comes after (or else is at most) the values $first_argument ...';

-- One column of the mapping: a name of the source's, or an expression over it.
CREATE FUNCTION gpsync_internal.mapped_expression(given jsonb, source_columns name[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    text_given text := CASE jsonb_typeof(given) WHEN 'string' THEN given #>> '{}'
        WHEN 'object' THEN given ->> 'source' END;
BEGIN
    IF text_given IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN text_given = ANY (source_columns::text[]) THEN format('s.%I', text_given)
        ELSE format('(%s)', text_given) END;
END $$;
COMMENT ON FUNCTION gpsync_internal.mapped_expression(jsonb, name[]) IS
    'The expression over s that a value of "columns" means: {"source": expression} or the expression alone; NULL: none';

CREATE FUNCTION gpsync_internal.status_expression(expression text, status_map jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN status_map IS NULL OR status_map = '{}' THEN expression
    ELSE (SELECT format('CASE (%s)::pg_catalog.text %s ELSE (%1$s)::pg_catalog.text END', expression,
                        string_agg(format('WHEN %L THEN %L', m.key, m.value), ' ' ORDER BY m.key COLLATE "C"))
          FROM jsonb_each_text(status_map) AS m) END $$;
COMMENT ON FUNCTION gpsync_internal.status_expression(text, jsonb) IS
    'A legacy status as a state: a code of status_map by its state, any other text as it is';

CREATE FUNCTION gpsync_internal.refuse_bad_columns(relation regclass, columns jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    problem record;
    known text[] := array(SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0
        AND NOT a.attisdropped);
BEGIN
    IF jsonb_typeof(columns) <> 'object' THEN
        RAISE invalid_parameter_value USING MESSAGE = '"columns" must be a JSON object',
            HINT = '{"target column": "source column or expression", ...}';
    END IF;
    FOR problem IN SELECT c.key, c.value, a.attgenerated FROM jsonb_each(columns) AS c
                   LEFT JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = c.key AND a.attnum > 0
                       AND NOT a.attisdropped ORDER BY c.key LOOP
        IF problem.attgenerated IS NULL THEN
            RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', problem.key,
                relation),
                HINT = gpsync_internal.name_hint(problem.key, 'columns', known);
        ELSIF problem.key IN ('sync_status', 'sync_revision', 'last_sync_timestamp') OR problem.attgenerated <> '' THEN
            RAISE invalid_parameter_value USING MESSAGE = format('column "%s" of table %s cannot be brought over',
                problem.key, relation), DETAIL = 'It is generated, or written by gpsync.';
        ELSIF jsonb_typeof(problem.value) NOT IN ('string', 'null', 'object')
            OR jsonb_typeof(problem.value) = 'object' AND coalesce(jsonb_typeof(problem.value -> 'source'),
                '') <> 'string'
        THEN
            RAISE invalid_parameter_value USING MESSAGE = format('"columns" has no expression for column "%s"',
                problem.key),
                HINT = 'A value is text (a column or an expression of the source), or {"source": text, ...}.';
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_columns(regclass, jsonb) IS
    'Raises unless "columns" has names of columns that can be written and texts: 42703, 22023';

CREATE FUNCTION gpsync_internal.refuse_bad_status_map(machine text, status_map jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    code record;
BEGIN
    IF jsonb_typeof(status_map) <> 'object' THEN
        RAISE invalid_parameter_value USING MESSAGE = '"status_map" must be a JSON object',
            HINT = '{"legacy code": "STATE", ...}';
    ELSIF machine IS NULL AND status_map <> '{}' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the table has no status that a status_map could be for';
    END IF;
    FOR code IN SELECT m.key, m.value FROM jsonb_each_text(status_map) AS m ORDER BY 1 LOOP
        IF code.value IS NULL OR code.value <> ALL (gpsync.machine_states(machine)) THEN
            RAISE undefined_object USING
                MESSAGE = format('"%s" is not a state of machine "%s"', code.value, machine),
                HINT = gpsync_internal.name_hint(coalesce(code.value, ''), 'states', gpsync.machine_states(machine));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_status_map(text, jsonb) IS
    'Raises unless a status_map leads to states of the machine: 22023, 42704';

CREATE FUNCTION gpsync_internal.source_key_columns(relation regclass, mapping jsonb, source_key name[],
        source_columns name[]) RETURNS name[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key name[] := gpsync_internal.key_columns(relation);
    result name[] := '{}';
    part name;
    found name;
BEGIN
    IF source_key IS NOT NULL THEN
        IF cardinality(source_key) <> cardinality(key) THEN
            RAISE invalid_parameter_value
                USING MESSAGE = format('source_key has %s columns, the key of table %s has %s',
                cardinality(source_key), relation, cardinality(key)), DETAIL = format('The key is (%s).',
                array_to_string(key, ', '));
        END IF;
        FOREACH part IN ARRAY source_key LOOP
            IF part IS NULL OR part <> ALL (source_columns) THEN
                RAISE undefined_column USING MESSAGE = format('the source has no column "%s"', part),
                    HINT = gpsync_internal.name_hint(coalesce(part, ''), 'columns', source_columns::text[]);
            END IF;
        END LOOP;
        RETURN source_key;
    END IF;
    FOREACH part IN ARRAY key LOOP
        SELECT c INTO found FROM unnest(source_columns) AS c WHERE mapping ->> part = format('s.%I', c);
        IF found IS NULL THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('key column "%s" of table %s is not a column of the source as it is', part, relation),
                DETAIL = 'Rows are read in the order of the source''s own key.',
                HINT = 'Map it to a column of the source, or name the source''s key with source_key.';
        END IF;
        result := result || found;
    END LOOP;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.source_key_columns(regclass, jsonb, name[], name[]) IS
    'The columns of the source that are its key, in the order of the table''s; mapping is target column to expression. '
    'Errors: 22023, 42703';

CREATE FUNCTION gpsync_internal.map_columns(relation regclass, source text, columns jsonb, source_key name[],
        status_map jsonb, role oid DEFAULT NULL)
    RETURNS TABLE (attnum integer, attname name, expression text, key_position integer, source_column name, type oid)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    caller oid := coalesce(role, (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = current_user));
    attached record;
    described record;
    source_columns name[] := '{}';
    mapping jsonb := '{}';
    keys name[];
BEGIN
    SELECT * INTO attached FROM gpsync.attached_tables AS t WHERE t.relation = map_columns.relation;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is not attached', relation),
            HINT = format('SELECT gpsync.attach(%L)', relation);
    END IF;
    FOR described IN SELECT d.name FROM gpsync_internal.describe_query(caller, format('SELECT * FROM %s AS s',
        source)) AS d
    LOOP
        source_columns := source_columns || described.name;
    END LOOP;
    IF columns IS NULL THEN
        columns := (SELECT coalesce(jsonb_object_agg(a.attname, a.attname), '{}') FROM pg_attribute AS a
                    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                        AND a.attname = ANY (source_columns)
                        AND a.attname NOT IN ('sync_status', 'sync_revision', 'last_sync_timestamp'));
    END IF;
    PERFORM gpsync_internal.refuse_bad_columns(relation, columns);
    PERFORM gpsync_internal.refuse_bad_status_map(attached.machine, coalesce(status_map, '{}'));
    mapping := (SELECT coalesce(jsonb_object_agg(c.key, CASE WHEN c.key = attached.status_column
                    THEN gpsync_internal.status_expression(gpsync_internal.mapped_expression(c.value, source_columns),
                                                           status_map)
                    ELSE gpsync_internal.mapped_expression(c.value, source_columns) END), '{}')
                FROM jsonb_each(columns) AS c WHERE gpsync_internal.mapped_expression(c.value,
                    source_columns) IS NOT NULL);
    IF attached.machine IS NOT NULL AND NOT mapping ? attached.status_column::text THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('the status column "%s" of table %s gets no value', attached.status_column, relation),
            HINT = 'Map it in "columns": a column of the source, or an expression such as ''''''RECEIVED''''''.';
    END IF;
    keys := gpsync_internal.source_key_columns(relation, mapping, source_key, source_columns);
    RETURN QUERY
        SELECT a.attnum::integer, a.attname, m.value, k.ordinal::integer, keys[k.ordinal], a.atttypid
        FROM jsonb_each_text(mapping) AS m
        JOIN pg_attribute AS a ON a.attrelid = map_columns.relation AND a.attname = m.key AND NOT a.attisdropped
        LEFT JOIN unnest(attached.key_columns) WITH ORDINALITY AS k (name, ordinal) ON k.name = a.attname
        ORDER BY a.attnum;
END $$;
COMMENT ON FUNCTION gpsync_internal.map_columns(regclass, text, jsonb, name[], jsonb, oid) IS
    'How each column of an attached table that gets a value is made from a row s of the source, read as role (default: '
    'the caller); key_position counts the key''s columns, source_column is the key in the source. Errors: 55000 not '
    'attached; 42703, 22023, 42704 columns, key or states that do not fit; those of the source';

CREATE FUNCTION gpsync_internal.free_name(base text, taken text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT n.name FROM generate_series(1, cardinality(taken) + 1) AS i,
    LATERAL (SELECT base || CASE WHEN i > 1 THEN '_' || i ELSE '' END) AS n (name)
WHERE n.name <> ALL (taken) ORDER BY i LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.free_name(text, text[]) IS
    'The name of a job or run that was given none: base, base_2, ...';

REVOKE ALL ON FUNCTION gpsync_internal.free_name(text, text[]), gpsync_internal.migration_source(text),
    gpsync_internal.describe_query(oid, text),
    gpsync_internal.source_columns_read(oid, text), gpsync_internal.owner_query(oid, text, text[], oid[], bigint),
    gpsync_internal.default_order(oid), gpsync_internal.ordering_operator(oid, integer),
    gpsync_internal.ordering_operators(oid),
    gpsync_internal.equal_is_same(oid, oid),
    gpsync_internal.order_condition(text[], oid[], integer, boolean),
    gpsync_internal.mapped_expression(jsonb, name[]),
    gpsync_internal.status_expression(text, jsonb), gpsync_internal.refuse_bad_columns(regclass, jsonb),
    gpsync_internal.refuse_bad_status_map(text, jsonb),
    gpsync_internal.source_key_columns(regclass, jsonb, name[], name[]),
    gpsync_internal.map_columns(regclass, text, jsonb, name[], jsonb, oid) FROM PUBLIC;
