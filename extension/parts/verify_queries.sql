-- The queries of a verification. They run as its owner (query_as()). Rows here are t, those of the source s.

CREATE FUNCTION gpsync_internal.query_as(role oid, query text, argument jsonb DEFAULT NULL) RETURNS SETOF record
    LANGUAGE c ROWS 100 AS 'MODULE_PATHNAME', 'gpsync_query_as';
COMMENT ON FUNCTION gpsync_internal.query_as(oid, text, jsonb) IS
    'The rows of one query, whose $1 is the argument, as a role in the restricted context. It cannot write. It sees '
    'what is committed when it begins. Errors: those of the query';

CREATE FUNCTION gpsync_internal.write_as(role oid, query text, argument jsonb DEFAULT NULL) RETURNS SETOF record
    LANGUAGE c ROWS 100 AS 'MODULE_PATHNAME', 'gpsync_write_as';
COMMENT ON FUNCTION gpsync_internal.write_as(oid, text, jsonb) IS 'query_as(), for a statement that may write';

CREATE FUNCTION gpsync_internal.mapped_keys(mapping jsonb)
    RETURNS TABLE (n integer, name text, here text, there text, type oid, "collation" text)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 2 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT (c ->> 'key')::integer, c ->> 'name', c ->> 'here', c ->> 'there', (c ->> 'type')::oid, c ->> 'collation'
FROM jsonb_array_elements(mapping) AS c WHERE c ->> 'key' IS NOT NULL ORDER BY 1 $$;
COMMENT ON FUNCTION gpsync_internal.mapped_keys(jsonb) IS 'The key''s columns of verify_mapping(), in order';

CREATE FUNCTION gpsync_internal.mapped_values(mapping jsonb)
    RETURNS TABLE (n bigint, name text, here text, there text, type oid, "collation" text, equals text,
        is_not_null boolean)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT c.n, c.c ->> 'name', c.c ->> 'here', c.c ->> 'there', (c.c ->> 'type')::oid, c.c ->> 'collation',
       c.c ->> 'equals', (c.c ->> 'is_not_null')::boolean
FROM jsonb_array_elements(mapping) WITH ORDINALITY AS c (c, n) WHERE c.c ->> 'key' IS NULL ORDER BY 1 $$;
COMMENT ON FUNCTION gpsync_internal.mapped_values(jsonb) IS
    'The other columns of verify_mapping(), each with its number there';

CREATE FUNCTION gpsync_internal.mapped_columns(mapping jsonb)
    RETURNS TABLE (n bigint, name text, key integer, raw text, written text, there text, "collation" text)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT c.n, c.c ->> 'name', (c.c ->> 'key')::integer, c.c ->> 'raw', c.c ->> 'written', c.c ->> 'there',
       c.c ->> 'collation'
FROM jsonb_array_elements(mapping) WITH ORDINALITY AS c (c, n) ORDER BY 1 $$;
COMMENT ON FUNCTION gpsync_internal.mapped_columns(jsonb) IS
    'All columns of verify_mapping(), with the expression of the source and the type as they are written';

CREATE FUNCTION gpsync_internal.key_hash(mapping jsonb, side text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    part record;
    hash text := '0';
BEGIN
    FOR part IN SELECT CASE side WHEN 'here' THEN k.here ELSE k.there END AS expression, k.type
                FROM gpsync_internal.mapped_keys(mapping) AS k LOOP
        hash := gpsync_internal.hash_expression(part.type, part.expression, hash);
    END LOOP;
    RETURN hash;
END $$;
COMMENT ON FUNCTION gpsync_internal.key_hash(jsonb, text) IS
    'The hash of the key on a side (here, there): each part is hashed with the hash of those before it as its seed';

CREATE FUNCTION gpsync_internal.has_integer_key(mapping jsonb) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT count(*) = 1 AND bool_and(k.type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype))
FROM gpsync_internal.mapped_keys(mapping) AS k $$;
COMMENT ON FUNCTION gpsync_internal.has_integer_key(jsonb) IS 'Whether the key is one integer';

-- What the hash of a value starts from, so that values which rows have exchanged do not cancel each other. An integer
-- key is one as it is.
CREATE FUNCTION gpsync_internal.row_seed(mapping jsonb, side text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN gpsync_internal.has_integer_key(mapping)
    THEN (SELECT format('(%s)::bigint', CASE side WHEN 'here' THEN k.here ELSE k.there END)
          FROM gpsync_internal.mapped_keys(mapping) AS k)
    ELSE gpsync_internal.key_hash(mapping, side) END $$;
COMMENT ON FUNCTION gpsync_internal.row_seed(jsonb, text) IS 'A bigint for each key, on a side (here, there)';

-- 256 integers in a row have one bucket: rows that stand together in the table then find the sums of their bucket in
-- the processor's cache.
CREATE FUNCTION gpsync_internal.bucket_of(mapping jsonb, mask bigint, side text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(CASE WHEN gpsync_internal.has_integer_key(mapping) THEN 'hashint8extended((%s) >> 8, 0) & %s::bigint'
    ELSE '(%s) & %s::bigint' END, gpsync_internal.row_seed(mapping, side), mask) $$;
COMMENT ON FUNCTION gpsync_internal.bucket_of(jsonb, bigint, text) IS
    'The bucket of a row, on a side (here, there); NULL: a part of its key is NULL';

-- The hash of each column starts from that of the columns before it, the first one from the key. A NULL inverts the
-- hash before it, which is written twice then; so a hash takes four columns at most that may be NULL, and a row has
-- several. Each is known for every row with a key.
CREATE FUNCTION gpsync_internal.row_hashes(mapping jsonb, side text) RETURNS text[]
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    seed text := gpsync_internal.row_seed(mapping, side);
    key_alone text := gpsync_internal.hash_expression('bigint'::regtype, seed, '1');
    part record;
    hash text;
    nullable integer := 0;
    hashes text[] := '{}';
BEGIN
    FOR part IN SELECT CASE side WHEN 'here' THEN v.here ELSE v.there END AS expression, v.type, v.is_not_null
                FROM gpsync_internal.mapped_values(mapping) AS v ORDER BY v.is_not_null DESC, v.n LOOP
        IF nullable = 4 THEN
            hashes := hashes || hash;
            hash := NULL;
            nullable := 0;
        END IF;
        IF part.is_not_null THEN
            hash := gpsync_internal.hash_expression(part.type, part.expression, coalesce(hash, seed));
        ELSE
            nullable := nullable + 1;
            hash := format('CASE WHEN (%s) IS NULL THEN %s ELSE %s END', part.expression,
                coalesce('~ (' || hash || ')', key_alone),
                gpsync_internal.hash_expression(part.type, part.expression, coalesce(hash, seed)));
        END IF;
    END LOOP;
    RETURN hashes || coalesce(hash, key_alone);
END $$;
COMMENT ON FUNCTION gpsync_internal.row_hashes(jsonb, text) IS
    'Expressions for the hashes of a row on a side (here, there): all are equal if and only if key and columns are';

-- A sum is the XOR of the rows' hashes. Rows there are counted below zero: added to those here they give zero, and
-- sums that are equal cancel each other too.
CREATE FUNCTION gpsync_internal.sums(mapping jsonb, side text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT concat_ws(', ', CASE side WHEN 'here' THEN 'count(*) AS n' ELSE '-count(*) AS n' END,
    (SELECT string_agg(format('bit_xor(%s) AS x%s', h.hash, h.n), ', ' ORDER BY h.n)
     FROM unnest(gpsync_internal.row_hashes(mapping, side)) WITH ORDINALITY AS h (hash, n))) $$;
COMMENT ON FUNCTION gpsync_internal.sums(jsonb, text) IS 'The checksums of a group of rows on a side (here, there)';

-- Rows without a key are in the first slice, where they are counted.
CREATE FUNCTION gpsync_internal.key_range(of gpsync.verify_run, slice gpsync.verify_slice, side text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(CASE WHEN side = 'there' AND (slice).lower IS NULL AND (slice).upper IS NOT NULL
        THEN format('((%s) IS NULL OR %s)', min(e.expression), string_agg(c.condition, ' AND '))
    ELSE string_agg(c.condition, ' AND ') END, 'true')
FROM gpsync_internal.mapped_keys((of).mapping) AS k,
    (VALUES ('>=', (slice).lower), ('<', (slice).upper)) AS b (operator, bound),
    LATERAL (SELECT CASE side WHEN 'here' THEN k.here ELSE k.there END) AS e (expression),
    LATERAL (SELECT format('(%s) %s %L::%s', e.expression, b.operator, b.bound,
                           gpsync_internal.plain_type(k.type))) AS c (condition)
WHERE k.n = 1 AND b.bound IS NOT NULL $$;
COMMENT ON FUNCTION gpsync_internal.key_range(gpsync.verify_run, gpsync.verify_slice, text) IS
    'The condition that a row is in a slice, on a side';

-- OFFSET 0 keeps the hashes here: the source then gives its rows.
CREATE FUNCTION gpsync_internal.source_rows(of gpsync.verify_run, condition text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(CASE WHEN (of).slow_source THEN '(SELECT s.* FROM %s AS s WHERE %s OFFSET 0) AS s' ELSE '%s AS s WHERE %s'
              END, (of).source, condition) $$;
COMMENT ON FUNCTION gpsync_internal.source_rows(gpsync.verify_run, text) IS
    'What follows FROM to read the rows of the source for which a condition holds';

-- The two sides are arms of one UNION ALL, so that a foreign table with option async_capable is summed up at the same
-- time. Without buckets all rows of a side with a key are bucket 0: one sum needs no hash table, and takes about half
-- the time.
CREATE FUNCTION gpsync_internal.checksum_query(of gpsync.verify_run, slice gpsync.verify_slice, by_bucket boolean)
    RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('SELECT coalesce(sum(g.here), 0)::bigint, coalesce(-sum(g.there) - sum(g.without_key), 0)::bigint, '
              'coalesce(sum(g.without_key), 0)::bigint, '
              'coalesce(array_agg(g.b) FILTER (WHERE g.b IS NOT NULL AND g.differs), ''{}'') FROM ('
              'SELECT u.b, sum(u.n) FILTER (WHERE u.n > 0) AS here, coalesce(sum(u.n) FILTER (WHERE u.n < 0), 0) '
              'AS there, sum(u.without_key) AS without_key, sum(u.n) + sum(u.without_key) <> 0 %s AS differs FROM ('
              'SELECT %s AS b, count(*) FILTER (WHERE %s) AS without_key, %s FROM %s %s UNION ALL '
              'SELECT %s, 0, %s FROM %s AS t WHERE %s %s) AS u GROUP BY u.b) AS g',
    (SELECT string_agg(format('OR coalesce(bit_xor(u.x%s), 0) <> 0', i), ' ')
     FROM generate_series(1, cardinality(gpsync_internal.row_hashes(m.mapping, 'here'))) AS i),
    CASE WHEN by_bucket THEN gpsync_internal.bucket_of(m.mapping, (slice).mask, 'there') ELSE '0::bigint' END,
    (SELECT string_agg(format('(%s) IS NULL', k.there), ' OR ') FROM gpsync_internal.mapped_keys(m.mapping) AS k),
    gpsync_internal.sums(m.mapping, 'there'),
    gpsync_internal.source_rows(of, gpsync_internal.key_range(of, slice, 'there')), g.clause,
    CASE WHEN by_bucket THEN gpsync_internal.bucket_of(m.mapping, (slice).mask, 'here') ELSE '0::bigint' END,
    gpsync_internal.sums(m.mapping, 'here'), (of).relation, gpsync_internal.key_range(of, slice, 'here'), g.clause)
FROM (SELECT (of).mapping) AS m (mapping), (SELECT CASE WHEN by_bucket THEN 'GROUP BY 1' ELSE '' END) AS g (clause) $$;
COMMENT ON FUNCTION gpsync_internal.checksum_query(gpsync.verify_run, gpsync.verify_slice, boolean) IS
    'Compares the checksums of a slice: rows here, rows there, rows there without a key, the buckets that differ';

-- Typed columns k1, ... and x1, ... of a side.
CREATE FUNCTION gpsync_internal.typed_columns(mapping jsonb, side text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('(%s)%s AS %s', CASE side WHEN 'here' THEN c.here ELSE c.there END,
                         ' COLLATE ' || c."collation", c.alias), ', ' ORDER BY c.alias)
FROM (SELECT k.here, k.there, k."collation", 'k' || k.n AS alias FROM gpsync_internal.mapped_keys(mapping) AS k
      UNION ALL
      SELECT v.here, v.there, v."collation", 'x' || v.n FROM gpsync_internal.mapped_values(mapping) AS v) AS c $$;
COMMENT ON FUNCTION gpsync_internal.typed_columns(jsonb, text) IS 'The values of a row on a side, for a select list';

CREATE FUNCTION gpsync_internal.same_key(mapping jsonb, a text, b text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%1$s.k%2$s %3$s %4$s.k%2$s', a, k.n, gpsync_internal.ordering_operator(k.type, 3), b),
    ' AND ')
FROM gpsync_internal.mapped_keys(mapping) AS k $$;
COMMENT ON FUNCTION gpsync_internal.same_key(jsonb, text, text) IS 'The condition that two rows have one key';

-- What the queries below, and those of repair(), do with an array of items {"id", "key", "revision"}: $1.
CREATE FUNCTION gpsync_internal.item_rows(mapping jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('SELECT (e.item ->> ''id'')::bigint AS id, (e.item ->> ''revision'')::bigint AS revision, %s '
              'FROM jsonb_array_elements($1) AS e (item), jsonb_to_record(e.item -> ''key'') AS r (%s)',
              string_agg(format('r.%I%s AS k%s', k.name, ' COLLATE ' || k."collation", k.n), ', '),
              string_agg(format('%I %s', k.name, gpsync_internal.plain_type(k.type)), ', '))
FROM gpsync_internal.mapped_keys(mapping) AS k $$;
COMMENT ON FUNCTION gpsync_internal.item_rows(jsonb) IS 'The query for the items of $1 as rows: id, revision, k1, ...';

CREATE FUNCTION gpsync_internal.is_item(mapping jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%s %s k.k%s', k.here, gpsync_internal.ordering_operator(k.type, 3), k.n), ' AND ')
FROM gpsync_internal.mapped_keys(mapping) AS k $$;
COMMENT ON FUNCTION gpsync_internal.is_item(jsonb) IS 'The condition that a row here (t) has the key of item k';

CREATE FUNCTION gpsync_internal.key_list(type oid, query text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format(CASE WHEN t.typcategory = 'A' THEN '%s' ELSE 'ARRAY(%s)' END, query) FROM pg_type AS t
WHERE t.oid = type $$;
COMMENT ON FUNCTION gpsync_internal.key_list(oid, text) IS
    'What follows ANY for the values of a query: an array, but of arrays, which would be one of more dimensions';

-- By column, so that the other side gets lists of values; a row with parts of several keys is left out by same_key().
CREATE FUNCTION gpsync_internal.is_among_items(mapping jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('%s %s ANY (%s)', k.there, gpsync_internal.ordering_operator(k.type, 3),
                         gpsync_internal.key_list(k.type, format('SELECT k.k%s FROM k', k.n))), ' AND ')
FROM gpsync_internal.mapped_keys(mapping) AS k $$;
COMMENT ON FUNCTION gpsync_internal.is_among_items(jsonb) IS
    'The condition that each part of the key of a row there (s) is that of one of the items k';

CREATE FUNCTION gpsync_internal.columns_that_differ(mapping jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('array_remove(ARRAY[%s]::name[], NULL)',
    string_agg(format(CASE WHEN v.equals IS NULL THEN 'CASE WHEN t.x%1$s IS DISTINCT FROM s.x%1$s THEN %3$L END'
        ELSE 'CASE WHEN coalesce(NOT (t.x%1$s %2$s s.x%1$s), (t.x%1$s IS NULL) <> (s.x%1$s IS NULL)) THEN %3$L END' END,
        v.n, v.equals, v.name), ', ' ORDER BY v.n))
FROM gpsync_internal.mapped_values(mapping) AS v $$;
COMMENT ON FUNCTION gpsync_internal.columns_that_differ(jsonb) IS
    'The names of the columns in which rows t and s differ, by the equality of their types';

CREATE FUNCTION gpsync_internal.key_object(mapping jsonb, alias text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('jsonb_build_object(%s)', string_agg(format(CASE k.type WHEN 'bpchar'::regtype
    THEN '%L, (%s)::text' ELSE '%L, %s' END, k.name, replace(alias, '%', k.n::text)), ', ' ORDER BY k.n))
FROM gpsync_internal.mapped_keys(mapping) AS k $$;
COMMENT ON FUNCTION gpsync_internal.key_object(jsonb, text) IS
    'The key of a row as an object; % in alias is the number of the part';

-- Whatever part of the table 256 buckets are, their rows are found by one scan of the slice, on either side. A list
-- that is constant is looked up by its hash, there too.
CREATE FUNCTION gpsync_internal.in_buckets(mapping jsonb, slice gpsync.verify_slice, side text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('(%s) = ANY (%L::bigint[])', gpsync_internal.bucket_of(mapping, (slice).mask, side),
              (slice).buckets[1:256]) $$;
COMMENT ON FUNCTION gpsync_internal.in_buckets(jsonb, gpsync.verify_slice, text) IS
    'The condition that a row is in one of the first 256 buckets of a slice that differ, on a side';

CREATE FUNCTION gpsync_internal.candidate_query(of gpsync.verify_run, slice gpsync.verify_slice) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('WITH t AS MATERIALIZED (SELECT %s FROM %s AS t WHERE %s AND %s), '
              's AS MATERIALIZED (SELECT %s FROM %s), '
              'c AS MATERIALIZED (SELECT s.*, count(*) OVER (PARTITION BY %s) > 1 AS repeated FROM s) '
              'SELECT DISTINCT %s FROM t FULL JOIN c AS s ON %s '
              'WHERE t.k1 IS NULL OR s.k1 IS NULL OR s.repeated OR %s <> ''{}''',
              gpsync_internal.typed_columns(m.mapping, 'here'), (of).relation,
              gpsync_internal.key_range(of, slice, 'here'), gpsync_internal.in_buckets(m.mapping, slice, 'here'),
              gpsync_internal.typed_columns(m.mapping, 'there'),
              gpsync_internal.source_rows(of, gpsync_internal.key_range(of, slice, 'there') || ' AND '
                  || gpsync_internal.in_buckets(m.mapping, slice, 'there')),
              (SELECT string_agg('s.k' || k.n, ', ') FROM gpsync_internal.mapped_keys(m.mapping) AS k),
              gpsync_internal.key_object(m.mapping, 'coalesce(t.k%, s.k%)'),
              gpsync_internal.same_key(m.mapping, 't', 's'),
              coalesce(gpsync_internal.columns_that_differ(m.mapping), '''{}''::name[]'))
FROM (SELECT (of).mapping) AS m (mapping) $$;
COMMENT ON FUNCTION gpsync_internal.candidate_query(gpsync.verify_run, gpsync.verify_slice) IS
    'The keys of the rows in up to 256 buckets that seem to differ';

CREATE FUNCTION gpsync_internal.confirm_query(of gpsync.verify_run) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('WITH k AS MATERIALIZED (%s), '
              't AS MATERIALIZED (SELECT k.id, t.sync_revision AS revision, %s FROM k JOIN %s AS t ON %s), '
              's AS MATERIALIZED (SELECT %s FROM %s) '
              'SELECT k.id, t.revision, t.id IS NOT NULL, s.k1 IS NOT NULL, %s '
              'FROM k LEFT JOIN t ON t.id = k.id LEFT JOIN s ON %s',
              gpsync_internal.item_rows(m.mapping),
              gpsync_internal.typed_columns(m.mapping, 'here'), (of).relation, gpsync_internal.is_item(m.mapping),
              gpsync_internal.typed_columns(m.mapping, 'there'),
              gpsync_internal.source_rows(of, gpsync_internal.is_among_items(m.mapping)),
              coalesce(gpsync_internal.columns_that_differ(m.mapping), '''{}''::name[]'),
              gpsync_internal.same_key(m.mapping, 'k', 's'))
FROM (SELECT (of).mapping) AS m (mapping) $$;
COMMENT ON FUNCTION gpsync_internal.confirm_query(gpsync.verify_run) IS
    'The rows of both sides for an array of items ($1): id, revision here, whether there is a row here and there, and '
    'the columns that differ';

CREATE FUNCTION gpsync_internal.canary_query(of gpsync.verify_run) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('WITH few AS MATERIALIZED (SELECT %1$s AS k1 FROM %2$s AS s LIMIT 3), '
              'a AS MATERIALIZED (SELECT %3$s FROM %2$s AS s WHERE %4$s), '
              'b AS MATERIALIZED (SELECT %3$s FROM (SELECT * FROM %2$s AS s WHERE %4$s OFFSET 0) AS s) '
              'SELECT (SELECT a FROM a) IS NOT DISTINCT FROM (SELECT b FROM b)', k.there, (of).source,
              gpsync_internal.sums((of).mapping, 'there'),
              format('%s %s ANY (%s)', k.there, gpsync_internal.ordering_operator(k.type, 3),
                     gpsync_internal.key_list(k.type, 'SELECT few.k1 FROM few')))
FROM gpsync_internal.mapped_keys((of).mapping) AS k WHERE k.n = 1 $$;
COMMENT ON FUNCTION gpsync_internal.canary_query(gpsync.verify_run) IS
    'Whether the hashes that the other side computes of three rows are those computed here';

REVOKE ALL ON FUNCTION gpsync_internal.query_as(oid, text, jsonb), gpsync_internal.write_as(oid, text, jsonb),
    gpsync_internal.mapped_keys(jsonb), gpsync_internal.mapped_values(jsonb),
    gpsync_internal.mapped_columns(jsonb), gpsync_internal.key_hash(jsonb, text),
    gpsync_internal.has_integer_key(jsonb), gpsync_internal.row_seed(jsonb, text),
    gpsync_internal.bucket_of(jsonb, bigint, text), gpsync_internal.row_hashes(jsonb, text),
    gpsync_internal.sums(jsonb, text), gpsync_internal.key_range(gpsync.verify_run, gpsync.verify_slice, text),
    gpsync_internal.source_rows(gpsync.verify_run, text),
    gpsync_internal.checksum_query(gpsync.verify_run, gpsync.verify_slice, boolean),
    gpsync_internal.typed_columns(jsonb, text), gpsync_internal.same_key(jsonb, text, text),
    gpsync_internal.item_rows(jsonb), gpsync_internal.is_item(jsonb), gpsync_internal.key_list(oid, text),
    gpsync_internal.is_among_items(jsonb),
    gpsync_internal.columns_that_differ(jsonb), gpsync_internal.key_object(jsonb, text),
    gpsync_internal.in_buckets(jsonb, gpsync.verify_slice, text),
    gpsync_internal.candidate_query(gpsync.verify_run, gpsync.verify_slice),
    gpsync_internal.confirm_query(gpsync.verify_run), gpsync_internal.canary_query(gpsync.verify_run) FROM PUBLIC;
