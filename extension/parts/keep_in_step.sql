-- keep_in_step(): two tables hold the same columns of the same rows (the OB indicator); whichever side is written, the
-- other follows in the same transaction (src/in_step/).

CREATE TABLE gpsync.step_pair (
    pair integer PRIMARY KEY,                      -- the triggers name it
    a    regclass NOT NULL,
    b    regclass NOT NULL,
    UNIQUE (a, b)
);
COMMENT ON TABLE gpsync.step_pair IS
    'Pairs of tables that keep_in_step() has bound. The columns are those of their triggers gpsync_step_lock_N';
REVOKE ALL ON TABLE gpsync.step_pair FROM PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('gpsync.step_pair', '');

CREATE FUNCTION gpsync_internal.step_lock() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_step_lock';
COMMENT ON FUNCTION gpsync_internal.step_lock() IS
    'BEFORE UPDATE OF the columns, each statement: takes the lock of the pair until the transaction ends. Arguments: '
    'pair, side (a or b), number of key columns';

CREATE FUNCTION gpsync_internal.step_follow() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_step_follow';
COMMENT ON FUNCTION gpsync_internal.step_follow() IS
    'AFTER INSERT or UPDATE, each statement: the rows of the other side follow, as the owner of both tables. Errors: '
    '55000 a table has lost its triggers, or the two belong to two roles; 27000 triggers of both sides change each '
    'other''s values without end';

CREATE FUNCTION gpsync_internal.step_columns(relation regclass, pair integer, OUT key name[], OUT columns name[])
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT array_agg(a.attname ORDER BY u.n) FILTER (WHERE u.n <= p.keys),
       array_agg(a.attname ORDER BY u.n) FILTER (WHERE u.n > p.keys)
FROM pg_trigger AS t
CROSS JOIN LATERAL (SELECT string_to_array(encode(t.tgargs, 'escape'), E'\\000') AS texts) AS s
CROSS JOIN LATERAL (SELECT s.texts[3]::integer AS keys) AS p
CROSS JOIN LATERAL unnest(t.tgattr::smallint[]) WITH ORDINALITY AS u (number, n)
JOIN pg_attribute AS a ON a.attrelid = t.tgrelid AND a.attnum = u.number
WHERE t.tgrelid = relation AND t.tgfoid = 'gpsync_internal.step_lock()'::regprocedure
    AND s.texts[1] = pair::text $$;
COMMENT ON FUNCTION gpsync_internal.step_columns(regclass, integer) IS
    'The key and the columns of a table in a pair, by their present names; NULL: it has no trigger of the pair';

CREATE FUNCTION gpsync_internal.refuse_step_table(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    class pg_class := (SELECT c FROM pg_class AS c WHERE c.oid = relation);
BEGIN
    IF class.oid IS NULL THEN
        RAISE undefined_table USING MESSAGE = format('there is no table with OID %s', relation::oid);
    ELSIF class.relkind NOT IN ('r', 'p') OR class.relpersistence = 't' OR class.relispartition
        OR class.relnamespace IN ('pg_catalog'::regnamespace, 'gpsync'::regnamespace) THEN
        RAISE wrong_object_type USING MESSAGE = format('%s cannot be kept in step', relation),
            HINT = 'Name an ordinary or partitioned table; not a partition, a temporary table, or one of a system.';
    ELSIF EXISTS (SELECT FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent
                  WHERE relation IN (i.inhrelid, i.inhparent) AND p.relkind <> 'p') THEN
        RAISE feature_not_supported USING MESSAGE = format('table %s inherits, or is inherited from', relation),
            HINT = 'Partitioned tables can be kept in step.';
    ELSIF EXISTS (SELECT FROM pg_rewrite AS r WHERE r.ev_class = relation) THEN
        RAISE feature_not_supported USING MESSAGE = format('table %s has rules', relation),
            HINT = 'A rule can make something else of the statement by which the table follows. A trigger can be kept.';
    ELSIF NOT pg_has_role(class.relowner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', relation);
    ELSIF has_schema_privilege('public', class.relnamespace, 'CREATE') THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('everybody may create objects in schema %s of table %s', class.relnamespace::regnamespace,
                relation),
            DETAIL = 'Code of the table''s owner would find them there, and run them as its owner.',
            HINT = format('REVOKE CREATE ON SCHEMA %s FROM PUBLIC', class.relnamespace::regnamespace);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_step_table(regclass) IS
    'Raises what is against keeping a table in step: 42P01, 42809, 0A000, 42501 (of the calling role), 55000';

-- One list: the key first, then the columns that follow.
CREATE FUNCTION gpsync_internal.refuse_step_columns(a regclass, b regclass, key name[], columns name[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of record;
BEGIN
    IF array_ndims(key) > 1 OR array_ndims(columns) > 1 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'key and columns must be lists of names',
            DETAIL = 'One of them is an array of arrays.';
    ELSIF coalesce(cardinality(key), 0) = 0 OR coalesce(cardinality(columns), 0) = 0
        OR array_position(key || columns, NULL) IS NOT NULL OR cardinality(key || columns) > 64
        OR (SELECT count(DISTINCT c) FROM unnest(key || columns) AS c) < cardinality(key || columns) THEN
        RAISE invalid_parameter_value USING MESSAGE = 'key and columns need a name each, and no name twice',
            HINT = 'At most 64 together.';
    END IF;
    FOR of IN SELECT c.name, c.n <= cardinality(key) AS is_key, r AS relation, x AS x, y AS y
              FROM unnest(key || columns) WITH ORDINALITY AS c (name, n) CROSS JOIN unnest(ARRAY[a, b]) AS r
              LEFT JOIN pg_attribute AS x ON x.attrelid = r AND x.attname = c.name AND x.attnum > 0
                  AND NOT x.attisdropped
              LEFT JOIN pg_attribute AS y ON y.attrelid = a AND y.attname = c.name AND y.attnum > 0
                  AND NOT y.attisdropped
              ORDER BY c.n LOOP
        IF (of.x).attnum IS NULL THEN
            RAISE undefined_column USING
                MESSAGE = format('column "%s" of table %s does not exist', of.name, of.relation),
                HINT = gpsync_internal.name_hint(of.name::text, 'columns', array(SELECT t.attname::text
                    FROM pg_attribute AS t WHERE t.attrelid = of.relation AND t.attnum > 0 AND NOT t.attisdropped));
        ELSIF ROW((of.x).atttypid, (of.x).atttypmod, (of.x).attcollation)
            <> ROW((of.y).atttypid, (of.y).atttypmod, (of.y).attcollation) THEN
            RAISE datatype_mismatch USING
                MESSAGE = format('column "%s" is not the same in both tables', of.name),
                DETAIL = format('It is %s in %s and %s in %s%s.', format_type((of.y).atttypid, (of.y).atttypmod), a,
                    format_type((of.x).atttypid, (of.x).atttypmod), b,
                    CASE WHEN (of.x).attcollation <> (of.y).attcollation THEN ', with another collation' ELSE '' END);
        ELSIF NOT of.is_key AND ((of.x).attgenerated <> '' OR (of.x).attidentity = 'a'
            OR of.name IN ('sync_status', 'last_sync_timestamp', 'sync_revision', 'last_updated')) THEN
            RAISE invalid_column_reference USING
                MESSAGE = format('column "%s" of table %s cannot follow', of.name, of.relation),
                DETAIL = 'It is generated, or written by gpsync.';
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_step_columns(regclass, regclass, name[], name[]) IS
    'Raises what is against the columns of a pair: 22023, 42703, 42804 types, modifiers or collations differ, 42P10';

CREATE FUNCTION gpsync_internal.refuse_step_key(relation regclass, key name[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_index AS i
        WHERE i.indrelid = relation AND i.indisunique AND NOT i.indisexclusion AND i.indisvalid AND i.indimmediate
            AND i.indpred IS NULL AND i.indexprs IS NULL
            AND (SELECT array_agg(t.attname ORDER BY t.attname) FROM unnest(i.indkey::smallint[]) WITH ORDINALITY
                     AS k (number, n) JOIN pg_attribute AS t ON t.attrelid = relation AND t.attnum = k.number
                 WHERE k.n <= i.indnkeyatts) = (SELECT array_agg(k ORDER BY k) FROM unnest(key) AS k)
            AND NOT EXISTS (SELECT FROM unnest(i.indclass::oid[]) AS c JOIN pg_opclass AS o ON o.oid = c
                            WHERE NOT o.opcdefault)
            AND NOT EXISTS (SELECT FROM unnest(i.indkey::smallint[], i.indcollation::oid[]) WITH ORDINALITY
                                AS k (number, collated, n)
                            JOIN pg_attribute AS t ON t.attrelid = relation AND t.attnum = k.number
                            WHERE k.n <= i.indnkeyatts AND k.collated <> t.attcollation)) THEN
        RAISE invalid_column_reference USING
            MESSAGE = format('no unique index of table %s is over exactly (%s)', relation, array_to_string(key, ', ')),
            HINT = format('CREATE UNIQUE INDEX ON %s (%s)', relation,
                (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY AS u (k, n)));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_step_key(regclass, name[]) IS
    'Raises 42P10 where no unique index, whole and checked at once, with the types'' own order and the columns'' own '
    'collations, is over a key';

CREATE FUNCTION gpsync_internal.step_owners(a regclass, b regclass) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT count(DISTINCT c.relowner) FROM unnest(ARRAY[a, b]) AS r CROSS JOIN LATERAL gpsync_internal.partitions(r) AS p
JOIN pg_class AS c ON c.oid = p.relid $$;
COMMENT ON FUNCTION gpsync_internal.step_owners(regclass, regclass) IS
    'How many roles own two tables and their partitions';

CREATE FUNCTION gpsync_internal.step_owner(a regclass, b regclass) RETURNS oid
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF gpsync_internal.step_owners(a, b) > 1 THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('tables %s and %s, or partitions of them, belong to several roles', a, b),
            DETAIL = 'Code of the one would run with the rights of the other.',
            HINT = 'ALTER TABLE ... OWNER TO gives them one owner.';
    END IF;
    RETURN gpsync_internal.owner_of(a);
END $$;
COMMENT ON FUNCTION gpsync_internal.step_owner(regclass, regclass) IS
    'The role that owns two tables and their partitions. Errors: 55000 several do';

CREATE FUNCTION gpsync_internal.register_step_as(caller oid, a regclass, b regclass, columns name[]) RETURNS integer
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    registered integer;
    other record;
BEGIN
    IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid IN (a, b) AND NOT pg_has_role(caller, c.relowner, 'USAGE')) THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of tables %s and %s', a, b);
    ELSIF gpsync_internal.step_owners(a, b) > 1 THEN
        -- Triggers of the one would run with the rights of the other's owner.
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('tables %s and %s belong to two roles', a, b), HINT = format(
                'ALTER TABLE %s OWNER TO %s', b, (SELECT c.relowner::regrole FROM pg_class AS c WHERE c.oid = a));
    END IF;
    LOCK TABLE gpsync.step_pair IN SHARE ROW EXCLUSIVE MODE;
    SELECT p.pair INTO registered FROM gpsync.step_pair AS p
    WHERE (p.a, p.b) IN ((register_step_as.a, register_step_as.b), (register_step_as.b, register_step_as.a));
    SELECT r, c INTO other
    FROM gpsync.step_pair AS p CROSS JOIN unnest(ARRAY[p.a, p.b]) AS r
    CROSS JOIN LATERAL unnest((gpsync_internal.step_columns(r, p.pair)).columns) AS c
    WHERE p.pair IS DISTINCT FROM registered AND r IN (register_step_as.a, register_step_as.b)
        AND c = ANY (register_step_as.columns) LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of table %s is kept in step with another table already', other.c, other.r),
            HINT = 'Two tables can be kept in step, not three. gpsync.drop_step() ends it.';
    END IF;
    IF registered IS NOT NULL THEN
        RETURN registered;
    END IF;
    INSERT INTO gpsync.step_pair (pair, a, b)
        SELECT coalesce(max(p.pair), 0) + 1, register_step_as.a, register_step_as.b FROM gpsync.step_pair AS p
        RETURNING pair INTO registered;
    RETURN registered;
END $$;
COMMENT ON FUNCTION gpsync_internal.register_step_as(oid, regclass, regclass, name[]) IS
    'The number of a pair, a new one where it has none. Errors: 42501 the role does not own both tables; 55000 they '
    'belong to two roles; 0A000 a column is in another pair';

CREATE FUNCTION gpsync_internal.register_step(a regclass, b regclass, columns name[]) RETURNS integer
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.register_step(regclass, regclass, name[]) IS 'register_step_as() for the caller';

CREATE FUNCTION gpsync_internal.unregister_step_as(caller oid, a regclass, b regclass) RETURNS integer
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    dropped integer;
BEGIN
    IF (SELECT NOT bool_or(pg_has_role(caller, c.relowner, 'USAGE')) FROM pg_class AS c WHERE c.oid IN (a, b)) THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s or %s', a, b);
    END IF;
    DELETE FROM gpsync.step_pair AS p
    WHERE (p.a, p.b) IN ((unregister_step_as.a, unregister_step_as.b), (unregister_step_as.b, unregister_step_as.a))
    RETURNING p.pair INTO dropped;
    RETURN dropped;
END $$;
COMMENT ON FUNCTION gpsync_internal.unregister_step_as(oid, regclass, regclass) IS
    'Forgets a pair and gives its number; NULL: there is none. Errors: 42501 the role owns neither table';

CREATE FUNCTION gpsync_internal.unregister_step(a regclass, b regclass) RETURNS integer
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.unregister_step(regclass, regclass) IS 'unregister_step_as() for the caller';

CREATE FUNCTION gpsync_internal.step_sides(pair integer) RETURNS TABLE (relation regclass, side "char")
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s.relation, s.side FROM gpsync.step_pair AS p
CROSS JOIN LATERAL (VALUES (p.a, 'a'::"char"), (p.b, 'b')) AS s (relation, side)
WHERE p.pair = step_sides.pair AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = s.relation) $$;
COMMENT ON FUNCTION gpsync_internal.step_sides(integer) IS 'The tables of a pair that are there';

CREATE FUNCTION gpsync_internal.create_step_triggers(relation regclass, pair integer, side "char", key name[],
    columns name[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    listed text := (SELECT string_agg(quote_ident(c), ', ' ORDER BY n)
                    FROM unnest(key || columns) WITH ORDINALITY AS u (c, n));
    arguments text := format('%L, %L, %L', pair, side, cardinality(key));
    event text;
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER gpsync_step_lock_%s BEFORE UPDATE OF %s ON %s FOR EACH STATEMENT '
                   'EXECUTE FUNCTION gpsync_internal.step_lock(%s)', pair, listed, relation, arguments);
    FOREACH event IN ARRAY '{insert,update}'::text[] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER gpsync_step_%1$s_%2$s AFTER %1$s ON %3$s REFERENCING NEW '
                       'TABLE AS gpsync_written FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.step_follow(%4$s)',
                       event, pair, relation, arguments);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_step_triggers(regclass, integer, "char", name[], name[]) IS
    'The triggers of one table, or of one partition of it, on its side of a pair';

CREATE FUNCTION gpsync_internal.own_rows(relation regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation AND c.relkind = 'p') THEN '' ELSE 'ONLY ' END
    || relation $$;
COMMENT ON FUNCTION gpsync_internal.own_rows(regclass) IS
    'A table in a statement that is about its own rows (src/pg/relation_name.h, rows_of())';

-- Values are compared as they are stored, as the triggers do.
CREATE FUNCTION gpsync_internal.step_query(of gpsync.step_pair, sample text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('SELECT pg_catalog.jsonb_build_object(%s)::text, ARRAY[%s]::text FROM %s AS x %s JOIN %s AS y ON %s '
              'WHERE ROW(%s)::record OPERATOR(pg_catalog.*<>) ROW(%s)::record',
    string_agg(format('%L, x.%I', u.x, u.x), ', ' ORDER BY u.n) FILTER (WHERE u.n <= cardinality(x.key)),
    string_agg(format('CASE WHEN ROW(x.%I)::record OPERATOR(pg_catalog.*<>) ROW(y.%I)::record THEN %L END', u.x, u.y,
                      u.x), ', ' ORDER BY u.n) FILTER (WHERE u.n > cardinality(x.key)),
    gpsync_internal.own_rows(of.a), sample, gpsync_internal.own_rows(of.b),
    string_agg(format('x.%I %s y.%I', u.x, gpsync_internal.ordering_operator(t.atttypid, 3), u.y), ' AND '
        ORDER BY u.n) FILTER (WHERE u.n <= cardinality(x.key)),
    string_agg(format('x.%I', u.x), ', ' ORDER BY u.n) FILTER (WHERE u.n > cardinality(x.key)),
    string_agg(format('y.%I', u.y), ', ' ORDER BY u.n) FILTER (WHERE u.n > cardinality(x.key)))
FROM gpsync_internal.step_columns(of.a, of.pair) AS x, gpsync_internal.step_columns(of.b, of.pair) AS y,
    unnest(x.key || x.columns, y.key || y.columns) WITH ORDINALITY AS u (x, y, n)
JOIN pg_attribute AS t ON t.attrelid = of.a AND t.attname = u.x
HAVING count(*) > 0 $$;
COMMENT ON FUNCTION gpsync_internal.step_query(gpsync.step_pair, text) IS
    'The query for the rows of a pair that differ: key and columns, as text. sample: a TABLESAMPLE clause, or empty. '
    'NULL: a table, or its triggers, are not there';

CREATE FUNCTION gpsync_internal.step_differing_rows(of gpsync.step_pair, max_rows bigint, sample text DEFAULT '')
    RETURNS TABLE (key jsonb, columns name[])
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT q[1]::jsonb, array_remove(q[2]::name[], NULL)
FROM gpsync_internal.owner_query(gpsync_internal.step_owner(of.a, of.b), gpsync_internal.step_query(of, sample),
    max_rows => max_rows) AS q $$;
COMMENT ON FUNCTION gpsync_internal.step_differing_rows(gpsync.step_pair, bigint, text) IS
    'The rows of a pair that differ, found as the owner of both tables; max_rows 0: all. Errors: 55000 two roles own '
    'them by now';

CREATE FUNCTION gpsync_internal.step_differences() RETURNS TABLE (a regclass, b regclass, key jsonb, columns name[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.step_pair;
BEGIN
    FOR of IN SELECT * FROM gpsync.step_pair AS p ORDER BY p.pair LOOP
        BEGIN
            RETURN QUERY SELECT of.a, of.b, gpsync_internal.key_to_show(d.key), d.columns
                FROM gpsync_internal.step_differing_rows(of, 0) AS d;
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING 'tables % and % cannot be compared', of.a, of.b USING ERRCODE = SQLSTATE;
        END;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.step_differences() IS
    'What view step_differences shows. A pair that cannot be compared as the owner of its first table: a WARNING';

CREATE VIEW gpsync.step_differences AS SELECT * FROM gpsync_internal.step_differences();
COMMENT ON VIEW gpsync.step_differences IS
    'Rows of tables under keep_in_step() whose columns differ (such as differed before it, or were written with '
    'triggers off): both tables, the key without PII, the columns. It reads both tables whole';
REVOKE ALL ON TABLE gpsync.step_differences FROM PUBLIC;

CREATE FUNCTION gpsync_internal.warn_of_step_differences(pair integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM FROM gpsync.step_pair AS p CROSS JOIN LATERAL gpsync_internal.step_differing_rows(p, 1) AS d
    WHERE p.pair = warn_of_step_differences.pair;
    IF FOUND THEN
        RAISE WARNING 'the two tables differ now' USING
            HINT = 'View gpsync.step_differences shows where. An UPDATE of one side has the other follow.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_step_differences(integer) IS 'A WARNING where rows of a pair differ';

-- Before gpsync.step_pair, always in this order. Who writes one side goes on to the other, whichever is the first: so
-- nothing is held while this waits for long, and neither ends in a deadlock.
CREATE FUNCTION gpsync_internal.lock_sides(a regclass, b regclass, mode text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
    AS $$
DECLARE
    deadline timestamptz := clock_timestamp() + interval '30 s';
    side regclass;
BEGIN
    LOOP
        BEGIN
            FOR side IN SELECT c.oid FROM pg_class AS c WHERE c.oid IN (a, b) AND c.relkind IN ('r', 'p')
                            AND pg_has_role(c.relowner, 'USAGE') ORDER BY c.oid LOOP
                EXECUTE format('LOCK TABLE %s IN %s MODE', side, mode);
            END LOOP;
            RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            IF clock_timestamp() > deadline THEN
                RAISE lock_not_available USING
                    MESSAGE = format('transactions that use table %s do not end', side),
                    DETAIL = format('Locks are held by process(es) %s.', coalesce(
                        (SELECT string_agg(DISTINCT l.pid::text, ', ') FROM pg_locks AS l WHERE l.relation = side
                             AND l.granted AND l.pid <> pg_backend_pid()), 'that have ended')),
                    HINT = 'End them, or wait longer.';
            END IF;
        END;
        PERFORM pg_sleep(0.1);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.lock_sides(regclass, regclass, text) IS
    'Locks two tables, as far as they are there and belong to the caller, until the transaction ends. Errors: 55P03 '
    'those who use them have not ended after 30 s';

CREATE FUNCTION gpsync.keep_in_step(a regclass, b regclass, key name[], columns name[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    pair integer;
    part record;
BEGIN
    IF a IS NULL OR b IS NULL OR key IS NULL OR columns IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'a, b, key and columns cannot be NULL';
    ELSIF a = b THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a table cannot be kept in step with itself';
    END IF;
    PERFORM gpsync_internal.refuse_step_table(a), gpsync_internal.refuse_step_table(b);
    PERFORM gpsync_internal.lock_sides(a, b, 'SHARE ROW EXCLUSIVE');
    PERFORM gpsync_internal.refuse_step_columns(a, b, key, columns);
    PERFORM gpsync_internal.refuse_step_key(a, key), gpsync_internal.refuse_step_key(b, key);
    pair := gpsync_internal.register_step(a, b, columns);
    PERFORM gpsync_internal.drop_step_triggers(a, pair, true), gpsync_internal.drop_step_triggers(b, pair, true);
    FOR part IN SELECT p.relid AS relation, s.side FROM gpsync_internal.step_sides(pair) AS s
                CROSS JOIN LATERAL gpsync_internal.partitions(s.relation) AS p LOOP
        PERFORM gpsync_internal.create_step_triggers(part.relation, pair, part.side, key, columns);
    END LOOP;
    PERFORM gpsync_internal.warn_of_step_differences(pair);
END $$;
COMMENT ON FUNCTION gpsync.keep_in_step(regclass, regclass, name[], name[]) IS
    'From now on, whichever of two tables is written, the columns of the row with the same key in the other one follow '
    'in the same transaction. A row that is inserted with NULL takes over what the other one has. DELETE and TRUNCATE '
    'are not followed. Statements that update the columns run one after the other, each until its transaction ends. '
    'Called again, it changes key and columns, and covers new partitions. Errors: 42501 the caller does not own both '
    'tables; 55000 they belong to two roles, or everybody may create objects in the schema of one; 42809 and 0A000 '
    'the kind of table; 42703, 42804 columns that differ; 42P10 a column that cannot follow, no unique index over the '
    'key; 0A000 a column is in another pair; 55P03 transactions that have written do not end';

-- A trigger that is replaced waits for writers alone, one that is dropped for readers, too.
CREATE FUNCTION gpsync_internal.drop_step_triggers(relation regclass, pair integer, only_renamed boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    own record;
BEGIN
    FOR own IN SELECT t.tgrelid::regclass AS relation, t.tgname
               FROM gpsync_internal.partitions(drop_step_triggers.relation) AS p
               JOIN pg_trigger AS t ON t.tgrelid = p.relid
               WHERE t.tgfoid IN ('gpsync_internal.step_lock()'::regprocedure,
                                  'gpsync_internal.step_follow()'::regprocedure)
                   AND (string_to_array(encode(t.tgargs, 'escape'), E'\\000'))[1] = pair::text
                   AND NOT (only_renamed AND t.tgname ~ ('^gpsync_step_(lock|insert|update)_' || pair || '$')) LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', own.tgname, own.relation);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_step_triggers(regclass, integer, boolean) IS
    'Takes the triggers of a pair off a table and its partitions: all, or those that create_step_triggers() does not '
    'replace, since somebody has given them other names';

CREATE FUNCTION gpsync.drop_step(a regclass, b regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    pair integer;
    side record;
BEGIN
    IF a IS NULL OR b IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'a and b cannot be NULL';
    END IF;
    PERFORM gpsync_internal.lock_sides(a, b, 'ACCESS EXCLUSIVE');
    pair := gpsync_internal.unregister_step(a, b);
    IF pair IS NULL THEN
        RAISE undefined_object USING MESSAGE = format('tables %s and %s are not kept in step', a, b);
    END IF;
    FOR side IN SELECT c.oid::regclass AS relation, c.relowner FROM pg_class AS c WHERE c.oid IN (a, b) LOOP
        IF pg_has_role(side.relowner, 'USAGE') THEN
            PERFORM gpsync_internal.drop_step_triggers(side.relation, pair, false);
        ELSE
            RAISE WARNING 'triggers of the pair are left on table %, which belongs to another role', side.relation
                USING DETAIL = 'They do nothing any more.', HINT = 'gpsync.doctor() says how its owner drops them.';
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.drop_step(regclass, regclass) IS
    'Ends keep_in_step() of two tables; also where one of them was dropped, by the number that gpsync.doctor() shows. '
    'The owner of either may. Errors: 42704 they are not kept in step; 42501 the caller owns neither; 55P03 '
    'transactions that use them do not end';

REVOKE ALL ON FUNCTION gpsync_internal.step_lock(), gpsync_internal.step_follow(),
    gpsync_internal.step_columns(regclass, integer), gpsync_internal.refuse_step_table(regclass),
    gpsync_internal.refuse_step_columns(regclass, regclass, name[], name[]),
    gpsync_internal.refuse_step_key(regclass, name[]), gpsync_internal.step_owners(regclass, regclass),
    gpsync_internal.step_owner(regclass, regclass),
    gpsync_internal.register_step_as(oid, regclass, regclass, name[]),
    gpsync_internal.register_step(regclass, regclass, name[]),
    gpsync_internal.unregister_step_as(oid, regclass, regclass), gpsync_internal.unregister_step(regclass, regclass),
    gpsync_internal.step_sides(integer),
    gpsync_internal.create_step_triggers(regclass, integer, "char", name[], name[]),
    gpsync_internal.drop_step_triggers(regclass, integer, boolean), gpsync_internal.step_query(gpsync.step_pair, text),
    gpsync_internal.own_rows(regclass),
    gpsync_internal.step_differing_rows(gpsync.step_pair, bigint, text), gpsync_internal.step_differences(),
    gpsync_internal.warn_of_step_differences(integer), gpsync_internal.lock_sides(regclass, regclass, text),
    gpsync.keep_in_step(regclass, regclass, name[], name[]), gpsync.drop_step(regclass, regclass) FROM PUBLIC;
