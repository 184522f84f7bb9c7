-- What attach() refuses in the column of the status and in the rows that are there already.

CREATE FUNCTION gpsync_internal.refuse_status_column(relation regclass, status_column name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    a pg_attribute;
BEGIN
    SELECT * INTO a FROM pg_attribute WHERE attrelid = relation AND attname = status_column AND attnum > 0
        AND NOT attisdropped;
    IF NOT FOUND THEN
        RAISE undefined_column USING
            MESSAGE = format('column "%s" of table %s does not exist', status_column, relation),
            HINT = gpsync_internal.name_hint(status_column, 'columns', array(SELECT attname::text FROM pg_attribute
                WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped ORDER BY attnum));
    ELSIF status_column IN ('sync_status', 'sync_revision', 'last_sync_timestamp', 'last_updated') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('column "%s" cannot be the status column', status_column),
            DETAIL = 'gpsync writes it itself.';
    ELSIF a.attgenerated = 'v' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('column "%s" of table %s cannot be the status column', status_column, relation),
            DETAIL = 'It is a virtual generated column: rows and the WAL hold no value of it.',
            HINT = 'Use an ordinary column, or one that is GENERATED ... STORED.';
    END IF;
    IF NOT gpsync_internal.is_state_type(a.atttypid) THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of table %s cannot be the status column', status_column, relation),
            DETAIL = format('It is of type %s; a status is text, character varying, character, an enum, or a domain '
                            'over one of these.',
                            format_type(a.atttypid, a.atttypmod));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_status_column(regclass, name) IS
    'Raises 42703 for a missing column, 42804 for one of a type that is no status, 22023 for one that gpsync writes '
    'itself or that is a virtual generated column';

-- In PL/pgSQL, which keeps the plan.
CREATE FUNCTION gpsync_internal.base_type(type oid) RETURNS oid
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    below pg_type;
BEGIN
    LOOP
        SELECT * INTO below FROM pg_type AS t WHERE t.oid = type;
        EXIT WHEN below.typtype IS DISTINCT FROM 'd';
        type := below.typbasetype;
    END LOOP;
    RETURN below.oid;
END $$;
COMMENT ON FUNCTION gpsync_internal.base_type(oid) IS 'The type below a domain; any other type itself';

CREATE FUNCTION gpsync_internal.is_state_type(type_oid oid) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT t.typtype = 'e' OR t.oid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
FROM pg_type AS t WHERE t.oid = gpsync_internal.base_type(type_oid) $$;
COMMENT ON FUNCTION gpsync_internal.is_state_type(oid) IS 'Whether a column of this type can hold a status';

CREATE FUNCTION gpsync_internal.unknown_states(relation regclass, status_column name, states text[]) RETURNS SETOF text
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_unknown_states';
COMMENT ON FUNCTION gpsync_internal.unknown_states(regclass, name, text[]) IS
    'The status of every row that is in none of the states, NULL included. Locks the table and its partitions against '
    'writing. Rows are read as the owner of their table, without SQL: nothing that the owner could have defined is '
    'called. Errors: 42809 no table, or a partition is a foreign table; 42804 the column is of a type that is '
    'no status';

CREATE FUNCTION gpsync_internal.refuse_unknown_states(relation regclass, status_column name, machine text,
    states text[])
    RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    found text[];
BEGIN
    SELECT array_agg(CASE WHEN s.state IS NULL THEN 'NULL' ELSE '"' || s.state || '"' END || ' ('
                     || s.rows || CASE WHEN s.rows = 1 THEN ' row)' ELSE ' rows)' END ORDER BY s.rows DESC, s.state)
        INTO found
        FROM (SELECT u AS state, count(*) AS rows FROM gpsync_internal.unknown_states(relation, status_column, states)
            AS u GROUP BY 1) AS s;
    IF found IS NOT NULL THEN
        RAISE check_violation USING
            MESSAGE = format('column "%s" of table %s holds values that are no states of machine "%s"', status_column,
                relation, machine),
            DETAIL = format('Found: %s%s.', array_to_string(found[1:5], ', '),
                            CASE WHEN cardinality(found) > 5 THEN format(' and %s more', cardinality(found) - 5)
                                ELSE '' END),
            HINT = format('The machine''s states are: %s.', array_to_string(states, ', ')),
            SCHEMA = (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = relation),
            TABLE = (SELECT relname FROM pg_class WHERE oid = relation), COLUMN = status_column;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unknown_states(regclass, name, text, text[]) IS
    'Raises 23514 when rows are in a state that is not among states, with up to five of them and their counts in the '
    'DETAIL';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_status_column(regclass, name), gpsync_internal.base_type(oid),
    gpsync_internal.is_state_type(oid),
    gpsync_internal.refuse_unknown_states(regclass, name, text, text[]),
    gpsync_internal.unknown_states(regclass, name, text[]) FROM PUBLIC;
