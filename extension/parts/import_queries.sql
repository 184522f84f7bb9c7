-- The statements of an import, as text: what reads a chunk and what writes it. They run as the job's owner, in the
-- restricted context (src/migration/import_chunk.cpp).

CREATE FUNCTION gpsync_internal.import_revision() RETURNS bigint
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_import_revision';
COMMENT ON FUNCTION gpsync_internal.import_revision() IS
    'The revision of the chunk that is being written, once a row. Errors: 55000 outside an import';

CREATE FUNCTION gpsync_internal.import_state(machine text, state text, status_column text) RETURNS text
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_import_state';
COMMENT ON FUNCTION gpsync_internal.import_state(text, text, text) IS
    'The state as it is. Errors: 23514, with the column: it is no state of the machine, or NULL';

CREATE TYPE gpsync_internal.chunk_outcome AS (
    usable bigint, at_end boolean, last_key text[], revision bigint, written bigint, skipped bigint,
    reject_keys jsonb[], reject_states text[], reject_messages text[], reject_columns text[],
    reject_constraints text[], error_state text, error_message text);
COMMENT ON TYPE gpsync_internal.chunk_outcome IS 'What import_chunk() did';

CREATE FUNCTION gpsync_internal.import_chunk(owner oid, relation regclass, read text, insert text, on_conflict text,
        arguments text[], types oid[], key_columns integer[], key_names text[], column_names text[],
            column_checks text[],
        most_rows integer, echo text, unseen boolean) RETURNS gpsync_internal.chunk_outcome
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_import_chunk';
COMMENT ON FUNCTION gpsync_internal.import_chunk(oid, regclass, text, text, text, text[], oid[], integer[], text[],
    text[], text[], integer, text, boolean) IS
    'Reads a chunk of a source and writes its rows as owner. usable: the rows of it that belong to the chunk (0 and '
    'not at_end: it has to be larger), last_key: the key of the last one, revision: of the rows written. An error of '
    'the source is returned in error_state and error_message; so are rows that were refused, none with a value. echo: '
    'the endpoints that get the rows, as JSON (NULL: not said); unseen: no decoder sees them';

CREATE FUNCTION gpsync_internal.fitting_check(attname name, expression text, type oid, modifier integer) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN type IN ('varchar'::regtype, 'bpchar'::regtype) AND modifier > 4
    THEN format('SELECT pg_catalog.char_length((%s)::pg_catalog.text) > %s FROM gpsync_import_chunk AS s', expression,
                modifier - 4)
    ELSE format('SELECT pg_catalog.num_nulls((%s)::%s) > 1 FROM gpsync_import_chunk AS s', expression,
                format_type(type, modifier)) END $$;
COMMENT ON FUNCTION gpsync_internal.fitting_check(name, text, oid, integer) IS
    'A query that is true, or fails, for a row whose value does not fit a column';

CREATE FUNCTION gpsync_internal.source_key_types(role oid, source text, source_key name[]) RETURNS oid[]
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT array_agg(d.type ORDER BY k.ordinal)
FROM unnest(source_key) WITH ORDINALITY AS k (name, ordinal)
JOIN gpsync_internal.describe_query(role, format('SELECT * FROM %s AS s', source)) AS d ON d.name = k.name $$;
COMMENT ON FUNCTION gpsync_internal.source_key_types(oid, text,
    name[]) IS 'The types of the columns of a source''s key';

CREATE FUNCTION gpsync_internal.import_insert(of gpsync.import_job, columns name[], expressions text[],
        sync_status text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('INSERT INTO %s AS t (sync_revision, sync_status, last_sync_timestamp, %s) OVERRIDING SYSTEM VALUE '
              'SELECT gpsync_internal.import_revision(), %L, %s, %s FROM gpsync_import_chunk AS s',
    gpsync_internal.qualified_name(of.relation),
    (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY AS u (c, n)),
    sync_status, CASE sync_status WHEN 'COMPLETED' THEN 'pg_catalog.now()' ELSE 'NULL' END,
    array_to_string(expressions, ', ')) $$;
COMMENT ON FUNCTION gpsync_internal.import_insert(gpsync.import_job, name[], text[], text) IS
    'The statement that writes the rows of a chunk';

CREATE FUNCTION gpsync_internal.is_always_identity(relation regclass, column_name name) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = column_name
    AND a.attidentity = 'a') $$;
COMMENT ON FUNCTION gpsync_internal.is_always_identity(regclass, name) IS
    'Whether a column is GENERATED ALWAYS AS IDENTITY: an INSERT may give it a value, an UPDATE may not';

CREATE FUNCTION gpsync_internal.import_conflict(of gpsync.import_job, columns name[], table_key name[]) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE of.on_conflict WHEN 'error' THEN ''
    WHEN 'skip' THEN format('ON CONFLICT (%s) DO NOTHING', k.list)
    ELSE format('ON CONFLICT (%s) DO UPDATE SET %s WHERE t.sync_revision OPERATOR(pg_catalog.%%) 8 '
                'OPERATOR(pg_catalog.=) 1%s', k.list,
                (SELECT string_agg(format('%I = excluded.%1$I', c), ', ')
                 FROM unnest(columns || '{sync_revision,sync_status,last_sync_timestamp}'::name[]) AS c
                 WHERE NOT gpsync_internal.is_always_identity(of.relation, c)),
                (SELECT format(' AND t.sync_revision OPERATOR(pg_catalog.>) %s', u.upto)
                 FROM gpsync_internal.unproven_rows AS u WHERE u.relation = of.relation)) END
FROM (SELECT string_agg(format('%I', c), ', ' ORDER BY n) AS list FROM unnest(table_key) WITH ORDINALITY AS u (c, n))
    AS k $$;
COMMENT ON FUNCTION gpsync_internal.import_conflict(gpsync.import_job, name[], name[]) IS
    'What an import does where a row of the key is there: nothing, or an update of what an import has written since '
    'the table, with all its partitions, is under control';

CREATE FUNCTION gpsync_internal.qualified_name(relation regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid = relation $$;
COMMENT ON FUNCTION gpsync_internal.qualified_name(regclass) IS 'The name of a relation with its schema';

CREATE FUNCTION gpsync_internal.refuse_rules(of gpsync.import_job) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad name := (SELECT r.rulename FROM pg_rewrite AS r
                 WHERE r.ev_class = of.relation AND r.ev_enabled <> 'D'
                     AND (r.ev_type = '3' OR r.ev_type = '2' AND of.on_conflict <> 'error') ORDER BY 1 LIMIT 1);
BEGIN
    IF bad IS NOT NULL THEN
        RAISE feature_not_supported USING MESSAGE = format('rows cannot be imported into table %s: it has rule "%s"',
            of.relation, bad),
            DETAIL = 'A rule can make something else of the statement that writes the rows, and they count as written.',
            HINT = format('DROP RULE %I ON %s. A trigger can be kept.', bad, of.relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_rules(gpsync.import_job) IS
    'Raises 0A000 where a rule could rewrite what an import writes';

CREATE FUNCTION gpsync_internal.import_statements(of gpsync.import_job) RETURNS gpsync_internal.import_statements
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    role oid := quote_ident(of.owner)::regrole;
    attached gpsync.attached_tables;
    result gpsync_internal.import_statements;
    columns name[] := '{}';
    plain text[] := '{}';
    expressions text[] := '{}';
    mapped record;
    read integer[];
BEGIN
    PERFORM gpsync_internal.refuse_rules(of);
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = of.relation;
    FOR mapped IN SELECT m.*, a.atttypmod FROM gpsync_internal.map_columns(of.relation, of.source, of.columns,
                          of.source_key, of.status_map, role) AS m
                  JOIN pg_attribute AS a ON a.attrelid = of.relation AND a.attnum = m.attnum LOOP
        columns := columns || mapped.attname;
        plain := plain || mapped.expression;
        expressions := expressions || CASE WHEN mapped.attname = attached.status_column
            THEN format('(gpsync_internal.import_state(%L, (%s)::pg_catalog.text, %L))::%s', attached.machine,
                        mapped.expression, mapped.attname, format_type(mapped.type, NULL))
            ELSE mapped.expression END;
        result.column_names := result.column_names || mapped.attname::text;
        result.column_checks := result.column_checks
            || gpsync_internal.fitting_check(mapped.attname, mapped.expression, mapped.type, mapped.atttypmod);
    END LOOP;
    read := gpsync_internal.source_columns_read(role, format('SELECT %s FROM %s AS s',
        array_to_string(plain || array(SELECT format('s.%I', k) FROM unnest(of.source_key) AS k), ', '), of.source));
    SELECT string_agg(format('s.%I', d.name), ', ' ORDER BY d.number) INTO result.read_columns
    FROM gpsync_internal.describe_query(role, format('SELECT * FROM %s AS s', of.source)) WITH ORDINALITY
        AS d (name, type, modifier, number) WHERE d.number = ANY (read);
    result.source := of.source || ' AS s';
    result.key_names := array(SELECT format('s.%I', k) FROM unnest(of.source_key) AS k);
    result.key_types := gpsync_internal.source_key_types(role, of.source, of.source_key);
    result.key_columns := array(SELECT array_position(array(
            SELECT d.name FROM gpsync_internal.describe_query(role, format('SELECT * FROM %s AS s', of.source))
                WITH ORDINALITY AS d (name, type, modifier, number) WHERE d.number = ANY (read) ORDER BY d.number), k)
        FROM unnest(of.source_key) AS k);
    result.table_key := attached.key_columns::text[];
    -- Of a composite value IS NOT NULL says more; what is not composite the other side can filter by it.
    result.present := (SELECT string_agg(k.name || CASE t.typtype WHEN 'c' THEN ' IS DISTINCT FROM NULL'
                               ELSE ' IS NOT NULL' END, ' AND ' ORDER BY k.n)
        FROM unnest(result.key_names, result.key_types) WITH ORDINALITY AS k (name, type, n)
        JOIN pg_type AS t ON t.oid = gpsync_internal.base_type(k.type));
    result.after := gpsync_internal.order_condition(result.key_names, result.key_types, 1, true);
    result.upto := array(SELECT format('(%s)', gpsync_internal.order_condition(result.key_names, result.key_types, f,
        false)) FROM unnest(ARRAY[1, cardinality(result.key_names) + 1]) AS f);
    result.insert := gpsync_internal.import_insert(of, columns, expressions,
        CASE WHEN of.echo = '{}' THEN 'COMPLETED' ELSE 'PENDING' END);
    result.on_conflict := gpsync_internal.import_conflict(of, columns, attached.key_columns);
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_statements(gpsync.import_job) IS
    'The parts of an import''s statements, with the source as it is now. Errors: those of map_columns()';

-- In PL/pgSQL, as whatever a step calls: a session keeps its plans; a function in SQL would be planned for each chunk.
CREATE FUNCTION gpsync_internal.import_read(statements gpsync_internal.import_statements, has_after boolean,
        has_upto boolean, most_rows integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN format('SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %s', statements.read_columns, statements.source,
        concat_ws(' AND ', statements.present, CASE WHEN has_after THEN statements.after END,
                  CASE WHEN has_upto THEN statements.upto[CASE WHEN has_after THEN 2 ELSE 1 END] END),
        array_to_string(statements.key_names, ', '), most_rows);
END $$;
COMMENT ON FUNCTION gpsync_internal.import_read(gpsync_internal.import_statements, boolean, boolean, integer) IS
    'The query that reads a chunk: its rows come in the order of the source, which is asked to sort, to skip and to '
    'end';

REVOKE ALL ON FUNCTION gpsync_internal.import_chunk(oid, regclass, text, text, text, text[], oid[], integer[], text[],
    text[], text[], integer, text, boolean),
    gpsync_internal.fitting_check(name, text, oid, integer), gpsync_internal.source_key_types(oid, text, name[]),
    gpsync_internal.import_insert(gpsync.import_job, name[], text[], text),
    gpsync_internal.is_always_identity(regclass, name),
    gpsync_internal.import_conflict(gpsync.import_job, name[], name[]), gpsync_internal.qualified_name(regclass),
    gpsync_internal.refuse_rules(gpsync.import_job), gpsync_internal.import_statements(gpsync.import_job),
    gpsync_internal.import_read(gpsync_internal.import_statements, boolean, boolean, integer) FROM PUBLIC;
