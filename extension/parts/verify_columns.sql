-- How a column is compared and hashed. The hash functions are built into PostgreSQL, so postgres_fdw has the other side
-- compute them. Equality is that of the type: 1.0 and 1.00 are equal and have the same hash.

CREATE FUNCTION gpsync_internal.is_hashable(type oid) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM pg_type AS t LEFT JOIN pg_range AS r ON r.rngtypid = t.oid
    JOIN pg_opclass AS c ON c.opcintype IN (nullif(t.typelem, 0), r.rngsubtype, t.oid)
        OR c.opcintype = 'text'::regtype AND 'varchar'::regtype IN (nullif(t.typelem, 0), t.oid)
    JOIN pg_am AS m ON m.oid = c.opcmethod AND m.amname = 'hash'
    JOIN pg_amproc AS p ON p.amprocfamily = c.opcfamily AND p.amproclefttype = c.opcintype AND p.amprocnum = 2
    WHERE t.oid = type AND c.opcdefault AND t.typtype IN ('b', 'r')
        AND (t.typcategory = 'A') = (c.opcintype = t.typelem OR 'varchar'::regtype = t.typelem)) $$;
COMMENT ON FUNCTION gpsync_internal.is_hashable(oid) IS
    'Whether values of a type, or its elements, have a 64-bit hash that agrees with their equality';

CREATE FUNCTION gpsync_internal.compared_type(type oid) RETURNS oid
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN b.oid = 'json'::regtype THEN 'jsonb'::regtype
            WHEN b.oid = 'varchar'::regtype OR NOT gpsync_internal.is_hashable(b.oid) THEN 'text'::regtype
            ELSE b.oid END::oid
FROM (SELECT gpsync_internal.base_type(type)) AS b (oid) $$;
COMMENT ON FUNCTION gpsync_internal.compared_type(oid) IS
    'The type as which values of a type are compared: under any domain; json as jsonb; enumerations, and whatever has '
    'no hash, as text';

-- Without a length: a cast to varchar(3) would hide what is too long. format_type(bpchar, NULL) is "character", which
-- means one character.
CREATE FUNCTION gpsync_internal.plain_type(type oid) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE type WHEN 'bpchar'::regtype THEN 'pg_catalog.bpchar' ELSE format_type(type, -1) END $$;
COMMENT ON FUNCTION gpsync_internal.plain_type(oid) IS 'A type for a cast that changes no value';

-- hashint8extended() folds a bigint to 32 bits first, so 1 and 4294967296 would have the same hash. Timestamps with a
-- time zone, and dates, have no hash function of their own that can be called; the zone is an interval, since one with
-- a name is looked up for each row.
CREATE FUNCTION gpsync_internal.hash_expression(type oid, expression text, seed text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(CASE type
    WHEN 'text'::regtype THEN 'hashtextextended(%1$s, %2$s)'
    WHEN 'bpchar'::regtype THEN 'hashbpcharextended(%1$s, %2$s)'
    WHEN 'int2'::regtype THEN 'hashint2extended(%1$s, %2$s)'
    WHEN 'int4'::regtype THEN 'hashint4extended(%1$s, %2$s)'
    WHEN 'int8'::regtype THEN 'hashint8extended((%1$s) >> 32, hashint8extended(%1$s, %2$s))'
    WHEN 'bool'::regtype THEN 'hashint4extended((%1$s)::int4, %2$s)'
    WHEN 'float4'::regtype THEN 'hashfloat4extended(%1$s, %2$s)'
    WHEN 'float8'::regtype THEN 'hashfloat8extended(%1$s, %2$s)'
    WHEN 'numeric'::regtype THEN 'hash_numeric_extended(%1$s, %2$s)'
    WHEN 'uuid'::regtype THEN 'uuid_hash_extended(%1$s, %2$s)'
    WHEN 'time'::regtype THEN 'time_hash_extended(%1$s, %2$s)'
    WHEN 'interval'::regtype THEN 'interval_hash_extended(%1$s, %2$s)'
    WHEN 'inet'::regtype THEN 'hashinetextended(%1$s, %2$s)'
    WHEN 'jsonb'::regtype THEN 'jsonb_hash_extended(%1$s, %2$s)'
    WHEN 'timestamp'::regtype THEN 'timestamp_hash_extended(%1$s, %2$s)'
    WHEN 'timestamptz'::regtype THEN 'timestamp_hash_extended((%1$s) AT TIME ZONE interval ''0'', %2$s)'
    WHEN 'date'::regtype THEN 'timestamp_hash_extended((%1$s)::timestamp, %2$s)'
    ELSE CASE WHEN (SELECT t.typcategory = 'A' FROM pg_type AS t WHERE t.oid = type)
        THEN 'hash_array_extended(%1$s, %2$s)'
        ELSE 'CASE WHEN (%1$s) IS NOT NULL THEN hash_array_extended(ARRAY[%1$s], %2$s) END' END
    END, expression, seed) $$;
COMMENT ON FUNCTION gpsync_internal.hash_expression(oid, text, text) IS
    'The 64-bit hash of an expression of a compared type (bigint; NULL of NULL), from a seed';

CREATE FUNCTION gpsync_internal.refuse_bad_rule(column_name name, rule text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF rule IS NULL OR rule !~ '^(scale:[0-9]{1,3}|empty_is_null|trim|lower|second|utc|zone:.+)$' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('column "%s" has no such rule of comparison: "%s"', column_name, rule),
            HINT = gpsync_internal.name_hint(coalesce(split_part(rule, ':', 1), ''), 'rules',
                '{scale,empty_is_null,trim,lower,second,utc,zone}'::text[]);
    ELSIF rule LIKE 'zone:%' AND NOT EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = substr(rule, 6)) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('rule "%s" of column "%s" names no time zone', rule, column_name),
            HINT = 'pg_timezone_names lists them.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_rule(name, text) IS
    'Raises 22023 unless a rule of "compare" is one that there is';

-- What two products hold differently. A rule of time zones is about the legacy side alone.
CREATE FUNCTION gpsync_internal.apply_rule(rule text, expression text, type oid, OUT ruled text, OUT ruled_type oid)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN rule LIKE 'scale:%' THEN format('round((%s)::numeric, %s)', expression, substr(rule, 7)::integer)
            WHEN rule = 'empty_is_null'
                THEN format('CASE WHEN (%s)::text <> '''' THEN (%1$s)::text END', expression)
            WHEN rule = 'trim' THEN format('rtrim((%s)::text)', expression)
            WHEN rule = 'lower' THEN format('lower((%s)::text)', expression)
            WHEN rule = 'second' AND type = 'timestamptz'::regtype
                THEN format('date_trunc(''second'', (%s) AT TIME ZONE ''UTC'')', expression)
            WHEN rule = 'second' THEN format('date_trunc(''second'', %s)', expression)
            ELSE expression END,
       CASE WHEN rule LIKE 'scale:%' THEN 'numeric'::regtype
            WHEN rule IN ('empty_is_null', 'trim', 'lower') THEN 'text'::regtype
            WHEN rule = 'second' AND type = 'timestamptz'::regtype THEN 'timestamp'::regtype
            ELSE type END $$;
COMMENT ON FUNCTION gpsync_internal.apply_rule(text, text, oid) IS
    'An expression, and its type, under a rule of "compare" that both sides have';

CREATE FUNCTION gpsync_internal.compare_rules(column_name name, given jsonb) RETURNS text[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    rules text[] := CASE jsonb_typeof(given -> 'compare') WHEN 'string' THEN ARRAY[given ->> 'compare']
        WHEN 'array' THEN array(SELECT jsonb_array_elements_text(given -> 'compare')) ELSE '{}' END;
BEGIN
    IF jsonb_typeof(given) = 'object' AND given ? 'compare' AND rules = '{}' THEN
        PERFORM gpsync_internal.refuse_bad_rule(column_name, given ->> 'compare');
    END IF;
    PERFORM gpsync_internal.refuse_bad_rule(column_name, r) FROM unnest(rules) AS r;
    RETURN rules;
END $$;
COMMENT ON FUNCTION gpsync_internal.compare_rules(name, jsonb) IS
    'The rules of a value of "columns": its member "compare", a text or an array of them. Errors: 22023';

-- A source's 10.6 must not be 11 because the column here is an integer: an import has rounded it. What real holds is
-- rounded by its nature. Casts that depend on the session's time zone decide nothing.
CREATE FUNCTION gpsync_internal.wider_type(here oid, there oid) RETURNS oid
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN h.type <> 'float4'::regtype AND EXISTS (
        SELECT FROM pg_cast AS k JOIN pg_proc AS p ON p.oid = k.castfunc
        WHERE k.castsource = h.type AND k.casttarget = t.type AND k.castcontext = 'i' AND p.provolatile = 'i')
    AND NOT EXISTS (SELECT FROM pg_cast AS k WHERE k.castsource = t.type AND k.casttarget = h.type
                        AND k.castcontext = 'i') THEN t.type ELSE here END
FROM (SELECT gpsync_internal.base_type(here)) AS h (type), (SELECT gpsync_internal.base_type(there)) AS t (type) $$;
COMMENT ON FUNCTION gpsync_internal.wider_type(oid, oid) IS
    'The type as which a column here and a value there are compared: that there, if every value of the type here has '
    'one of it, but not the other way round (integer and numeric, date and timestamp); else that here';

CREATE FUNCTION gpsync_internal.compared_column(relation regclass, name name, expression text,
        key_position integer, column_type oid, source_type oid, rules text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    type oid := gpsync_internal.compared_type(CASE WHEN key_position IS NULL
        AND NOT EXISTS (SELECT FROM unnest(rules) AS r WHERE r = 'utc' OR r LIKE 'zone:%')
        THEN gpsync_internal.wider_type(column_type, source_type) ELSE column_type END);
    here text := format(CASE WHEN type = column_type THEN 't.%I' ELSE '(t.%I)::%s' END, name,
        gpsync_internal.plain_type(type));
    there text := expression;
    there_type oid := type;
    raw text;
    rule text;
BEGIN
    FOREACH rule IN ARRAY rules LOOP
        IF rule = 'utc' OR rule LIKE 'zone:%' THEN
            there := format('((%s) AT TIME ZONE %L)', there, coalesce(nullif(substr(rule, 6), ''), 'UTC'));
        END IF;
    END LOOP;
    raw := there;
    there := format('(%s)::%s', there, gpsync_internal.plain_type(type));
    FOREACH rule IN ARRAY rules LOOP
        SELECT r.ruled INTO here FROM gpsync_internal.apply_rule(rule, here, type) AS r;
        SELECT r.ruled, r.ruled_type INTO there, there_type FROM gpsync_internal.apply_rule(rule, there, type) AS r;
        type := there_type;
    END LOOP;
    type := gpsync_internal.compared_type(type);
    RETURN jsonb_build_object('name', name, 'key', key_position, 'here', here, 'there', there,
        'raw', raw, 'written', gpsync_internal.plain_type(column_type),
        'type', type, 'is_not_null', (SELECT a.attnotnull FROM pg_attribute AS a
            WHERE a.attrelid = relation AND a.attname = compared_column.name) AND rules = '{}', 'equals',
                gpsync_internal.ordering_operator(type, 3),
        'collation', (SELECT format('%I.%I', n.nspname, c.collname) FROM pg_attribute AS a
                      JOIN pg_collation AS c ON c.oid = a.attcollation JOIN pg_namespace AS n ON n.oid = c.collnamespace
                      JOIN pg_type AS t ON t.oid = type AND t.typcollation <> 0
                      WHERE a.attrelid = relation AND a.attname = compared_column.name));
END $$;
COMMENT ON FUNCTION gpsync_internal.compared_column(regclass, name, text, integer, oid, oid, text[]) IS
    'One column of a comparison: its expressions here (over t) and there (over s), of one type';

CREATE FUNCTION gpsync_internal.verify_mapping(relation regclass, source text, columns jsonb, source_key name[],
        status_map jsonb, role oid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    mapped record;
    rules text[];
    result jsonb := '[]';
BEGIN
    FOR mapped IN WITH m AS MATERIALIZED (
            SELECT m.*, row_number() OVER (ORDER BY m.attnum) AS n
            FROM gpsync_internal.map_columns(relation, source, columns, source_key, status_map, role) AS m)
        SELECT m.*, d.type AS source_type FROM m JOIN gpsync_internal.describe_query(
            coalesce(role, (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = current_user)),
            format('SELECT %s FROM %s AS s', (SELECT string_agg(x.expression, ', ' ORDER BY x.n) FROM m AS x), source))
            WITH ORDINALITY AS d (name, type, modifier, n) USING (n) ORDER BY m.n LOOP
        rules := gpsync_internal.compare_rules(mapped.attname, columns -> mapped.attname::text);
        IF mapped.key_position IS NOT NULL AND rules <> '{}' THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('column "%s" is part of the key, and has a rule of comparison', mapped.attname),
                DETAIL = 'Rows are found by their key, which must be the same on both sides.',
                HINT = 'Map it to an expression that gives the key as it is here.';
        END IF;
        result := result || gpsync_internal.compared_column(relation, mapped.attname, mapped.expression,
            mapped.key_position, mapped.type, mapped.source_type, rules);
    END LOOP;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.verify_mapping(regclass, text, jsonb, name[], jsonb, oid) IS
    'The columns of a verification, as an array of objects (compared_column()). Errors: those of map_columns(); 22023 '
    'a rule that there is not';

REVOKE ALL ON FUNCTION gpsync_internal.is_hashable(oid), gpsync_internal.compared_type(oid),
    gpsync_internal.plain_type(oid), gpsync_internal.hash_expression(oid, text, text),
    gpsync_internal.refuse_bad_rule(name, text), gpsync_internal.apply_rule(text, text, oid),
    gpsync_internal.compare_rules(name, jsonb), gpsync_internal.wider_type(oid, oid),
    gpsync_internal.compared_column(regclass, name, text, integer, oid, oid, text[]),
    gpsync_internal.verify_mapping(regclass, text, jsonb, name[], jsonb, oid) FROM PUBLIC;
