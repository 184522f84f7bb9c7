-- generate_test_data(): rows on demand, made by one INSERT ... SELECT with an expression for each column.

-- The value of a required column, as an SQL expression over n, the number of the row; NULL: there is none.
CREATE FUNCTION gpsync_internal.test_value(type_oid oid, type_modifier integer, prefix text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    t pg_type;
BEGIN
    SELECT * INTO t FROM pg_type WHERE oid = type_oid;
    RETURN CASE
        WHEN t.typtype = 'd' THEN gpsync_internal.test_value(t.typbasetype, t.typtypmod, prefix)
        WHEN t.typtype = 'e'
            THEN (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder LIMIT 1)
        WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN '''{}'''
        WHEN t.oid IN ('varchar'::regtype, 'bpchar'::regtype) AND type_modifier > 0
            THEN format('left(%L || n, %s)', prefix, type_modifier - 4)
        WHEN t.typcategory = 'S' THEN format('%L || n', prefix)
        WHEN t.oid = 'smallint'::regtype THEN 'n % 32768'
        WHEN t.oid = 'integer'::regtype THEN 'n % 2147483648'
        WHEN t.oid IN ('bigint'::regtype, 'real'::regtype, 'double precision'::regtype, 'oid'::regtype) THEN 'n'
        -- numeric(p,s): stays below 10^(p-s)
        WHEN t.oid = 'numeric'::regtype AND type_modifier > 0
            THEN format('n %% 10::numeric ^ greatest(%s, 0)',
                ((type_modifier - 4) >> 16) - ((type_modifier - 4) & 65535))
        WHEN t.oid IN ('numeric'::regtype, 'money'::regtype) THEN 'n::numeric'
        WHEN t.oid = 'boolean'::regtype THEN 'false'
        WHEN t.oid = 'uuid'::regtype THEN 'gen_random_uuid()'
        WHEN t.oid IN ('json'::regtype, 'jsonb'::regtype) THEN '''{}'''
        WHEN t.oid = 'bytea'::regtype THEN ''''''
        WHEN t.oid = 'interval'::regtype THEN '''0'''
        WHEN t.oid IN ('inet'::regtype, 'cidr'::regtype) THEN '''127.0.0.1'''
        WHEN t.typcategory = 'D' THEN 'now()'
        WHEN t.typcategory = 'R' THEN '''empty'''
    END;
END $$;
COMMENT ON FUNCTION gpsync_internal.test_value(oid, integer, text) IS
    'An SQL expression over n, the number of a row, that gives a value of a type; NULL when it knows none';

-- Where to go on counting, so that a second call adds rows: after the largest number behind the prefix.
CREATE FUNCTION gpsync_internal.last_test_number(relation regclass, key_columns name[], key_prefix text) RETURNS bigint
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key_column name;
    largest    bigint;
    last       bigint := 0;
BEGIN
    FOR key_column IN SELECT a.attname FROM pg_attribute AS a
                      WHERE a.attrelid = relation AND a.attname = ANY (key_columns)
                          AND gpsync_internal.is_state_type(a.atttypid) LOOP
        EXECUTE format($q$SELECT max(substr(k, length($1) + 1)::bigint) FROM (SELECT %I::text AS k FROM %s) AS t
                          WHERE starts_with(k, $1) AND substr(k, length($1) + 1) ~ '^[0-9]{1,18}$'$q$, key_column,
                              relation)
            INTO largest USING key_prefix;
        last := greatest(last, coalesce(largest, 0));
    END LOOP;
    FOR key_column IN SELECT a.attname FROM pg_attribute AS a
                      WHERE a.attrelid = relation AND a.attname = ANY (key_columns)
                        AND a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype,
                            'numeric'::regtype) LOOP
        EXECUTE format('SELECT max(%I)::bigint FROM %s', key_column, relation) INTO largest;
        last := greatest(last, coalesce(largest, 0));
    END LOOP;
    RETURN last;
END $$;
COMMENT ON FUNCTION gpsync_internal.last_test_number(regclass, name[], text) IS
    'The largest number that a key column of the table holds, behind the prefix where it is text; 0 when there is none';

-- The columns that get a value: the key, the status, and what is NOT NULL without a default.
CREATE FUNCTION gpsync_internal.test_columns(attached gpsync.attached_tables, key_prefix text)
    RETURNS TABLE (column_name name, type text, expression text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
-- Without the type's modifier: a key that is too long is an error, and not cut short.
SELECT a.attname, format_type(a.atttypid, -1),
       CASE WHEN a.attname = (attached).status_column
            THEN quote_literal((gpsync.machine_states((attached).machine, true))[1])
            WHEN a.attname = ANY ((attached).key_columns) THEN gpsync_internal.test_value(a.atttypid, NULL, key_prefix)
            ELSE gpsync_internal.test_value(a.atttypid, a.atttypmod, a.attname || '_') END
FROM pg_attribute AS a
WHERE a.attrelid = (attached).relation AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' AND a.attidentity = ''
  AND (a.attname = (attached).status_column OR NOT a.atthasdef
      AND (a.attnotnull OR a.attname = ANY ((attached).key_columns)))
  AND a.attname NOT IN ('sync_status', 'sync_revision', 'last_sync_timestamp', 'last_updated')
ORDER BY a.attnum $$;
COMMENT ON FUNCTION gpsync_internal.test_columns(gpsync.attached_tables, text) IS
    'The columns of a table that test data must give, with an SQL expression for each; NULL where there is none for '
    'its type';

CREATE FUNCTION gpsync.generate_test_data(relation regclass, count bigint, key_prefix text DEFAULT 'test_')
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    attached  gpsync.attached_tables;
    bad       record;
    names     text;
    selection text;
    made      bigint;
BEGIN
    IF count IS NULL OR count < 0 OR key_prefix IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'count must be 0 or more, key_prefix must not be NULL';
    END IF;
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = generate_test_data.relation;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is not attached', relation),
            HINT = 'Call gpsync.attach() first: the machine says which state a row starts in.';
    END IF;
    SELECT * INTO bad FROM gpsync_internal.test_columns(attached, key_prefix) AS c WHERE c.expression IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('cannot make up a value of type %s for column "%s" of table %s', bad.type, bad.column_name,
                relation),
            HINT = 'Give the column a default.', COLUMN = bad.column_name;
    END IF;
    SELECT string_agg(quote_ident(c.column_name), ', '), string_agg(format('(%s)::%s', c.expression, c.type), ', ')
        INTO names, selection FROM gpsync_internal.test_columns(attached, key_prefix) AS c;
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM generate_series($1 + 1, $1 + $2) AS n', relation, names,
        selection)
        USING gpsync_internal.last_test_number(relation, attached.key_columns, key_prefix), count;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
COMMENT ON FUNCTION gpsync.generate_test_data(regclass, bigint, text) IS
    'Inserts so many rows into an attached table, in the first initial state of its machine; text key columns get '
    'key_prefix and a number that goes on where the last call ended; other columns that are NOT NULL without a default '
    'get a value of their type. Out: how many rows. Errors: 22023 a negative count; 55000 not attached; 0A000 a column '
    'of a type it knows no value for';

REVOKE ALL ON FUNCTION gpsync_internal.test_value(oid, integer, text),
    gpsync_internal.last_test_number(regclass, name[], text),
    gpsync_internal.test_columns(gpsync.attached_tables, text), gpsync.generate_test_data(regclass, bigint, text)
        FROM PUBLIC;
