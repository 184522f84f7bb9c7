-- verify_query(): for a legacy side that is not PostgreSQL and has no foreign table here. Both sides compute, of each
-- row, md5 of a canonical text, and of each bucket the sum of the md5's first 60 bits; what is compared is the two
-- results.

-- A column as the text that all dialects agree on; an unknown type as it prints itself.
CREATE FUNCTION gpsync_internal.canonical_text(name text, type oid, dialect text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(CASE
    WHEN type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN
        CASE dialect WHEN 'oracle' THEN 'TO_CHAR(%1$s, ''TM9'')' WHEN 'mysql'
            THEN 'CAST(%1$s AS CHAR)' ELSE '%1$s::text' END
    WHEN type = 'numeric'::regtype THEN
        CASE dialect WHEN 'oracle' THEN 'TO_CHAR(%1$s, ''FM99999999999999999999990.000000'')'
             WHEN 'mysql' THEN 'CAST(CAST(%1$s AS DECIMAL(38, 6)) AS CHAR)'
             ELSE 'round(%1$s, 6)::text' END
    WHEN type = 'bool'::regtype THEN
        CASE dialect WHEN 'postgresql'
            THEN '%1$s::int::text' ELSE 'CASE WHEN %1$s = 1 THEN ''1'' WHEN %1$s = 0 THEN ''0'' END'
        END
    WHEN type = 'date'::regtype THEN
        CASE dialect WHEN 'mysql' THEN 'DATE_FORMAT(%1$s, ''%%Y-%%m-%%d'')' ELSE 'TO_CHAR(%1$s, ''YYYY-MM-DD'')' END
    WHEN type = 'timestamptz'::regtype THEN
        CASE dialect WHEN 'oracle' THEN 'TO_CHAR(SYS_EXTRACT_UTC(%1$s), ''YYYY-MM-DD HH24:MI:SS'')'
             WHEN 'mysql' THEN 'DATE_FORMAT(CONVERT_TZ(%1$s, @@session.time_zone, ''+00:00''), '
                 '''%%Y-%%m-%%d %%H:%%i:%%s'')'
             ELSE 'to_char(date_trunc(''second'', %1$s AT TIME ZONE ''UTC''), ''YYYY-MM-DD HH24:MI:SS'')' END
    WHEN type = 'timestamp'::regtype THEN
        CASE dialect WHEN 'mysql' THEN 'DATE_FORMAT(%1$s, ''%%Y-%%m-%%d %%H:%%i:%%s'')'
             ELSE 'TO_CHAR(%1$s, ''YYYY-MM-DD HH24:MI:SS'')' END
    WHEN type = 'uuid'::regtype THEN
        CASE dialect WHEN 'postgresql' THEN 'lower(%1$s::text)' ELSE 'LOWER(%1$s)' END
    WHEN type = 'bytea'::regtype THEN
        CASE dialect WHEN 'oracle' THEN 'LOWER(RAWTOHEX(%1$s))' WHEN 'mysql' THEN 'LOWER(HEX(%1$s))'
             ELSE 'encode(%1$s, ''hex'')' END
    WHEN dialect = 'postgresql' THEN 'rtrim(%1$s::text)'
    ELSE 'RTRIM(%1$s)' END, name) $$;
COMMENT ON FUNCTION gpsync_internal.canonical_text(text, oid, text) IS
    'An expression for a column''s value as text: numbers with 6 decimals, times in UTC by the second, text without '
    'trailing blanks';

CREATE FUNCTION gpsync_internal.dialect_name(column_name name, dialect text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE dialect WHEN 'mysql' THEN format('`%s`', replace(column_name, '`', '``'))
    WHEN 'oracle' THEN CASE WHEN column_name ~ '^[a-z][a-z0-9_]*$' THEN column_name::text ELSE format('"%s"',
        column_name) END
    ELSE format('%I', column_name) END $$;
COMMENT ON FUNCTION gpsync_internal.dialect_name(name, text) IS 'A column''s name in a dialect of SQL';

-- Parts are joined by "|". A NULL is "~", which an empty text is too in Oracle: there both are NULL.
CREATE FUNCTION gpsync_internal.canonical_row(relation regclass, columns name[], dialect text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE dialect WHEN 'mysql' THEN format('CONCAT_WS(''|'', %s)', string_agg(p.part, ', ' ORDER BY p.n))
    ELSE string_agg(p.part, ' || ''|'' || ' ORDER BY p.n) END
FROM (SELECT c.n, format(CASE dialect WHEN 'oracle' THEN 'NVL(%s, ''~'')' ELSE 'COALESCE(NULLIF(%s, ''''), ''~'')' END,
             gpsync_internal.canonical_text(gpsync_internal.dialect_name(c.name, dialect),
                 gpsync_internal.compared_type(a.atttypid), dialect)) AS part
      FROM unnest(columns) WITH ORDINALITY AS c (name, n)
      JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = c.name) AS p $$;
COMMENT ON FUNCTION gpsync_internal.canonical_row(regclass, name[], text) IS
    'An expression for the canonical text of columns of a row';

CREATE FUNCTION gpsync_internal.first_bits(row_text text, dialect text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(CASE dialect
    WHEN 'oracle' THEN 'TO_NUMBER(SUBSTR(RAWTOHEX(STANDARD_HASH(%s, ''MD5'')), 1, 15), ''XXXXXXXXXXXXXXX'')'
    WHEN 'mysql' THEN 'CAST(CONV(SUBSTR(MD5(%s), 1, 15), 16, 10) AS DECIMAL(20, 0))'
    ELSE '(''x'' || substr(md5(%s), 1, 15))::bit(60)::bigint::numeric' END, row_text) $$;
COMMENT ON FUNCTION gpsync_internal.first_bits(text, text) IS 'The first 60 bits of the md5 of a text, as a number';

CREATE FUNCTION gpsync_internal.bucket_query(relation regclass, columns name[], key name[], dialect text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(E'SELECT MOD(%s, 1024) AS bucket, COUNT(*) AS row_count,\n       SUM(%s) AS checksum\n'
              'FROM %s\nGROUP BY %s\n'
              'ORDER BY 1', k.hash, gpsync_internal.first_bits(gpsync_internal.canonical_row(relation, columns,
                  dialect), dialect),
              CASE dialect WHEN 'postgresql' THEN relation::text
                  ELSE gpsync_internal.dialect_name((SELECT c.relname FROM pg_class AS c WHERE c.oid = relation),
                      dialect) END,
              CASE dialect WHEN 'oracle' THEN format('MOD(%s, 1024)', k.hash) ELSE '1' END)
FROM (SELECT gpsync_internal.first_bits(gpsync_internal.canonical_row(relation, key, dialect),
    dialect) AS hash) AS k $$;
COMMENT ON FUNCTION gpsync_internal.bucket_query(regclass, name[], name[], text) IS
    'A query for row counts and checksums of 1,024 buckets of rows';

CREATE FUNCTION gpsync.verify_query(relation regclass, dialect text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key name[] := (SELECT t.key_columns FROM gpsync.attached_tables AS t WHERE t.relation = verify_query.relation);
    columns name[] := array(SELECT a.attname FROM pg_attribute AS a
        WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname NOT IN ('sync_status', 'last_sync_timestamp', 'sync_revision')
            AND gpsync_internal.compared_type(a.atttypid) NOT IN ('jsonb'::regtype, 'float4'::regtype,
                'float8'::regtype)
        ORDER BY a.attnum);
BEGIN
    IF key IS NULL THEN
        RAISE wrong_object_type USING MESSAGE = format('%s is not an attached table', coalesce(relation::text, 'null')),
            HINT = 'gpsync.attached_tables lists them; gpsync.attach() puts a table under control.';
    ELSIF dialect IS NULL OR dialect NOT IN ('oracle', 'mysql', 'postgresql') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('there is no dialect "%s"', dialect),
            HINT = gpsync_internal.name_hint(coalesce(dialect, ''), 'dialects', '{oracle,mysql,postgresql}'::text[]);
    END IF;
    RETURN format(E'-- There (%s). Columns have the names that they have here; documents and floating-point '
                  'numbers are left out.\n%s;\n\n-- Here: the same buckets.\n%s;\n', dialect,
                  gpsync_internal.bucket_query(relation, columns, key, dialect),
                  gpsync_internal.bucket_query(relation, columns, key, 'postgresql'));
END $$;
COMMENT ON FUNCTION gpsync.verify_query(regclass, text) IS
    'The query to run on a legacy side of a dialect (oracle, mysql, postgresql), and the one to run here: row count '
    'and checksum of 1,024 buckets, which are equal where the rows are. Stop the writes, or compare again what '
    'differs: it does not know what is on its way. Errors: 42809 not attached; 22023 no such dialect';

REVOKE ALL ON FUNCTION gpsync_internal.canonical_text(text, oid, text), gpsync_internal.dialect_name(name, text),
    gpsync_internal.canonical_row(regclass, name[], text), gpsync_internal.first_bits(text, text),
    gpsync_internal.bucket_query(regclass, name[], name[], text), gpsync.verify_query(regclass, text) FROM PUBLIC;
