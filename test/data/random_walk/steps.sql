-- The steps of the walk. Each world has schemas and types of its own (w1_…), so that sessions in different worlds never
-- wait for each other, none sees what the other alters, and a walk is repeated by its seed. A step that the server
-- refuses is rolled back, as a subtransaction.
CREATE SEQUENCE walk.w1_names;
CREATE SEQUENCE walk.w2_names;
CREATE TABLE walk.refused (world int, statement text, error text);
CREATE TYPE walk.w1_mood AS ENUM ('calm', 'glad', 'sad');
CREATE TYPE walk.w2_mood AS ENUM ('calm', 'glad', 'sad');
CREATE TYPE walk.w1_pair AS (first int, second text);
CREATE TYPE walk.w2_pair AS (first int, second text);

CREATE FUNCTION walk.below(n bigint) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT floor(random() * n)::int';
CREATE FUNCTION walk.chance(p float8) RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT random() < p';
CREATE FUNCTION walk.one_of(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE
    AS 'SELECT choices[1 + walk.below(cardinality(choices))]';
CREATE FUNCTION walk.new_name(world int, prefix text) RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT prefix || nextval('walk.w' || world || '_names') $$;
-- Some letters, which no detector takes for anything.
CREATE FUNCTION walk.letters(most int) RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT string_agg(chr(97 + walk.below(8)), '') FROM generate_series(0, walk.below(most)) $$;

CREATE FUNCTION walk.schemas(world int) RETURNS SETOF oid LANGUAGE sql STABLE AS
    $$ SELECT oid FROM pg_namespace WHERE nspname LIKE format('w%s\_%%', world) ORDER BY oid $$;
-- A table of the world of one of the kinds, or NULL.
CREATE FUNCTION walk.any_table(world int, kinds "char"[] DEFAULT '{r}',
    partitions boolean DEFAULT NULL) RETURNS regclass LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    tables oid[] := ARRAY(SELECT c.oid FROM pg_class c WHERE c.relnamespace IN (SELECT walk.schemas(world))
        AND c.relkind = ANY (kinds)
        AND c.relispartition = coalesce(partitions, c.relispartition) ORDER BY c.oid);
BEGIN
    RETURN tables[1 + walk.below(cardinality(tables))];
END
$$;
CREATE FUNCTION walk.any_column(relation regclass, pattern text DEFAULT '') RETURNS name LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    names name[] := ARRAY(SELECT attname FROM walk.columns(relation) WHERE attname ~ pattern ORDER BY attnum);
BEGIN
    RETURN names[1 + walk.below(cardinality(names))];
END
$$;

CREATE FUNCTION walk.any_type(world int) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT walk.one_of('int', 'bigint', 'text', 'text', 'varchar(60)', 'numeric', 'boolean', 'date', 'jsonb', 'int[]',
        format('walk.w%s_mood', world), format('walk.w%s_pair', world), 'timestamp')
$$;
-- An expression of the type that is no PII.
CREATE FUNCTION walk.literal(type oid, name text, is_nullable boolean) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF walk.chance(0.1) AND is_nullable THEN RETURN 'NULL'; END IF;
    IF name ~ '^big' AND type = 'text'::regtype THEN
        RETURN CASE walk.below(5) WHEN 0 THEN quote_literal(walk.letters(20)) WHEN 1 THEN format('repeat(%L, %s)',
            walk.letters(6), 4000)
            ELSE format('(SELECT string_agg(md5(i::text), %L) FROM generate_series(1, %s) i)', walk.letters(4),
                100 + walk.below(200)) END;
    END IF;
    RETURN CASE type
        WHEN 'int'::regtype THEN walk.below(60)::text
        WHEN 'bigint'::regtype THEN walk.below(60)::text
        WHEN 'numeric'::regtype THEN (walk.below(600) / 10.0)::numeric(5, 1)::text
        WHEN 'boolean'::regtype THEN walk.chance(0.5)::text
        WHEN 'date'::regtype THEN format('date ''2026-01-01'' + %s', walk.below(300))
        WHEN 'timestamp'::regtype THEN format('timestamp ''2026-01-01'' + interval ''%s minutes''', walk.below(9999))
        WHEN 'jsonb'::regtype THEN format('jsonb_build_object(%L, %s, ''n'', NULL)', walk.letters(3), walk.below(100))
        WHEN 'int[]'::regtype THEN format('ARRAY[%s, NULL, %s]', walk.below(9), walk.below(9))
        ELSE CASE
            WHEN type::regtype::text ~ 'mood$' THEN
                format('(enum_range(NULL::%s))[%s]', type::regtype, 1 + walk.below(3))
            WHEN type::regtype::text ~ 'pair$' THEN format('jsonb_populate_record(NULL::%s, %L)', type::regtype,
                jsonb_build_object('first', walk.below(50), 'one', walk.below(50), 'second', walk.letters(5),
                    'third', 3))
            ELSE quote_literal(walk.letters(12)) END
        END;
END
$$;
CREATE FUNCTION walk.settable(relation regclass) RETURNS SETOF pg_attribute LANGUAGE sql STABLE AS
    $$ SELECT * FROM walk.columns(relation) WHERE attgenerated = '' $$;

-- --- DML
CREATE FUNCTION walk.row_values(relation regclass) RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT string_agg(walk.literal(atttypid, attname, NOT attnotnull), ', ') FROM walk.settable(relation) $$;
CREATE FUNCTION walk.assignments(relation regclass) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT string_agg(format('%I = %s', attname, walk.literal(atttypid, attname, NOT attnotnull)), ', ')
    FROM (SELECT a FROM walk.settable(relation) a WHERE attname <> 'id' OR walk.chance(0.15)
        ORDER BY random() LIMIT 1 + walk.below(3)) s,
        LATERAL (SELECT (a).*) c
$$;

CREATE FUNCTION walk.write(world int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    -- Rows for a partition go to its root most of the time, which knows where they belong.
    relation regclass := CASE WHEN walk.chance(0.4) THEN walk.any_table(world, '{p}') WHEN walk.chance(0.2)
        THEN walk.any_table(world)
        ELSE walk.any_table(world, '{r}', false) END;
    columns text := (SELECT string_agg(quote_ident(attname), ', ') FROM walk.settable(relation));
    file text := current_setting('walk.directory') || '/world' || world;
    key text := (SELECT string_agg(quote_ident(c), ', ') FROM unnest(walk.key_columns(relation)) c);
BEGIN
    CASE walk.one_of('insert', 'insert', 'insert', 'copy', 'upsert', 'merge', 'update', 'update', 'update', 'update',
        'key', 'key', 'same', 'delete', 'delete', 'truncate')
    WHEN 'insert' THEN
        RETURN format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES %s ON CONFLICT DO NOTHING', relation, columns,
            (SELECT string_agg('(' || walk.row_values(relation) || ')', ', ') FROM generate_series(0, walk.below(9))));
    WHEN 'copy' THEN
        EXECUTE format('COPY (VALUES %s) TO %L',
            (SELECT string_agg('(' || walk.row_values(relation) || ')', ', ') FROM generate_series(0, walk.below(9))),
                file);
        RETURN format('COPY %s (%s) FROM %L', relation, columns, file);
    WHEN 'upsert' THEN
        RETURN format('INSERT INTO %s (%s) VALUES (%s), (%s) ON CONFLICT (%s) DO UPDATE SET %s', relation, columns,
            walk.row_values(relation), walk.row_values(relation), coalesce(key, 'id'), walk.assignments(relation));
    WHEN 'merge' THEN
        RETURN format('MERGE INTO %s t USING generate_series(%s, %s) s (id) ON t.id = s.id WHEN '
            'MATCHED AND s.id %% 3 = 0 THEN DELETE '
            'WHEN MATCHED THEN UPDATE SET %s WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)', relation, walk.below(50),
                walk.below(60),
            walk.assignments(relation), columns, walk.row_values(relation));
    WHEN 'update' THEN
        RETURN format('UPDATE %s SET %s WHERE random() < %s', relation, walk.assignments(relation), walk.one_of('0.1',
            '0.2', '0.6'));
    WHEN 'key' THEN
        RETURN format('UPDATE %s SET id = id + %s WHERE id = (SELECT max(id) FROM %1$s)', relation, 1 + walk.below(20));
    WHEN 'same' THEN
        RETURN format('UPDATE %s SET %I = %2$I WHERE random() < 0.3', relation, walk.any_column(relation));
    WHEN 'delete' THEN
        RETURN format('DELETE FROM %s WHERE random() < 0.15', relation);
    ELSE
        -- The server writes its record without a transaction id if there is nothing to do, and no plugin is shown it.
        IF (SELECT relkind FROM pg_class WHERE oid = relation) = 'p' AND NOT EXISTS (SELECT
            FROM pg_partition_tree(relation) WHERE isleaf) THEN
            RETURN NULL;
        END IF;
        RETURN format('TRUNCATE %s%s%s', relation, CASE WHEN walk.chance(0.3) THEN ', ' || walk.any_table(world,
            '{r,p}') END,
            walk.one_of('', '', ' RESTART IDENTITY', ' CASCADE'));
    END CASE;
END
$$;

-- --- DDL
CREATE FUNCTION walk.any_schema(world int) RETURNS name LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    names name[] := ARRAY(SELECT nspname FROM pg_namespace WHERE oid IN (SELECT walk.schemas(world)) ORDER BY oid);
BEGIN
    RETURN names[1 + walk.below(cardinality(names))];
END
$$;

CREATE FUNCTION walk.create_table(world int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    name text := format('%I.%I', walk.any_schema(world), walk.new_name(world, walk.one_of('t', 'T x.')));
BEGIN
    EXECUTE format('CREATE TABLE %s (%s big%s text, %s int%s)', name, walk.one_of('gone int, id int, ',
        'id int NOT NULL, ', 'id int, v text, h0 text, '),
        walk.below(3), walk.new_name(world, 'c'), walk.one_of('', ' NOT NULL DEFAULT 7'));
    EXECUTE format('ALTER TABLE %s DROP COLUMN IF EXISTS gone%s', name, walk.one_of('', ', ADD PRIMARY KEY (id)',
        ', ADD PRIMARY KEY (id)'));
    PERFORM walk.watch(name::regclass);
    RETURN NULL;
END
$$;

CREATE FUNCTION walk.create_partitioned(world int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    schema name := walk.any_schema(world);
    name text := walk.new_name(world, 'p');
    part text := walk.new_name(world, 'part');
BEGIN
    EXECUTE format('CREATE TABLE %I.%I (id int NOT NULL, %s text, big1 text, h1 text, PRIMARY KEY '
            '(id)) PARTITION BY RANGE (id)', schema, name, walk.new_name(world, 'c'));
    EXECUTE format('CREATE TABLE %I.%I PARTITION OF %1$I.%3$I FOR VALUES FROM (0) TO (30)', schema, part || 'a', name);
    EXECUTE format('CREATE TABLE %I.%I PARTITION OF %1$I.%3$I DEFAULT', schema, part || 'd', name);
    PERFORM walk.watch(format('%I.%I', schema, n)::regclass) FROM unnest(ARRAY[name, part || 'a', part || 'd']) n;
    RETURN NULL;
END
$$;

-- A partition between others, sometimes with other column numbers, sometimes with partitions of its own.
CREATE FUNCTION walk.add_partition(world int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    root regclass := walk.any_table(world, '{p}');
    name text := format('%I.%I', walk.any_schema(world), walk.new_name(world, 'part'));
    low int := 10 * walk.below(6);
    bounds text := format('FOR VALUES FROM (%s) TO (%s)', low, low + 10);
BEGIN
    IF walk.chance(0.5) THEN
        EXECUTE format('CREATE TABLE %s (unused int, LIKE %s INCLUDING ALL)', name, root);
        EXECUTE format('ALTER TABLE %s DROP unused', name);
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s %s', root, name, bounds);
    ELSIF walk.chance(0.2) THEN
        EXECUTE format('CREATE TABLE %s PARTITION OF %s %s PARTITION BY LIST (id)', name, root, bounds);
    ELSE
        EXECUTE format('CREATE TABLE %s PARTITION OF %s %s', name, root, bounds);
    END IF;
    PERFORM walk.watch(name::regclass);
    RETURN NULL;
END
$$;

CREATE FUNCTION walk.alter_column(world int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    relation regclass := walk.any_table(world, '{r,p}', false);
    name name := walk.any_column(relation, '^(?!id$|sync)');
    type oid := (SELECT atttypid FROM pg_attribute WHERE attrelid = relation AND attname = name);
    new_type text := walk.any_type(world);
BEGIN
    RETURN format('ALTER TABLE %s ', relation) || CASE walk.one_of('add', 'add', 'add', 'drop', 'drop', 'rename',
        'type', 'type', 'null', 'default', 'storage', 'generated', 'books', 'label', 'label')
        WHEN 'add' THEN format('ADD %I %s%s', walk.new_name(world, walk.one_of('c', 'c', 'big', 'h', 'Ü "')), new_type,
            walk.one_of('', ' DEFAULT ' || walk.literal(new_type::regtype, 'c', true),
            CASE WHEN new_type ~ 'int|numeric' THEN ' NOT NULL DEFAULT 100 * random()' ELSE '' END))
        WHEN 'drop' THEN format('DROP %I', name)
        WHEN 'rename' THEN format('RENAME %I TO %I', name, walk.new_name(world, regexp_replace(name, '[0-9"].*', '')))
        WHEN 'type' THEN format('ALTER %I DROP DEFAULT, ALTER %1$I TYPE %s USING %1$I::text::%2$s', name,
            CASE WHEN type IN ('int'::regtype, 'bigint'::regtype) THEN walk.one_of('bigint', 'int', 'text', 'numeric')
                ELSE 'text' END)
        WHEN 'null' THEN format('ALTER %I %s NOT NULL', name, walk.one_of('SET', 'DROP'))
        WHEN 'default' THEN format('ALTER %I SET DEFAULT %s', name, walk.literal(type, name, false))
        WHEN 'storage' THEN format('ALTER %I SET STORAGE %s', walk.any_column(relation, '^big'),
            walk.one_of('EXTERNAL', 'EXTENDED', 'MAIN'))
        WHEN 'generated' THEN format('ADD %I text GENERATED ALWAYS AS (id::text || %L) STORED', walk.new_name(world,
            'c'), walk.letters(3))
        WHEN 'books' THEN walk.one_of('ADD sync_revision bigint', 'ADD sync_status text', 'DROP sync_revision',
            'ALTER sync_revision TYPE text')
        ELSE format('ALTER id SET STATISTICS 100; SECURITY LABEL FOR gpsync ON COLUMN %s.%I IS %s', relation,
            walk.any_column(relation, '^h'), walk.one_of('''drop''', '''pass''', 'NULL'))
    END;
END
$$;

CREATE FUNCTION walk.alter_key(world int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    relation regclass := walk.any_table(world);
    index regclass := (SELECT indexrelid FROM pg_index WHERE indrelid = relation AND indisunique
        ORDER BY random() LIMIT 1);
BEGIN
    RETURN format('ALTER TABLE %s ', relation) || CASE walk.one_of('full', 'full', 'full', 'default', 'default',
        'nothing', 'index', 'index', 'unique', 'drop', 'add', 'add2')
        WHEN 'full' THEN 'REPLICA IDENTITY FULL'
        WHEN 'default' THEN 'REPLICA IDENTITY DEFAULT'
        WHEN 'nothing' THEN 'REPLICA IDENTITY NOTHING'
        WHEN 'index' THEN format('REPLICA IDENTITY USING INDEX %I', (SELECT relname FROM pg_class WHERE oid = index))
        WHEN 'unique' THEN format('ALTER %I SET NOT NULL, ADD UNIQUE (%1$I, id)', walk.any_column(relation, '^c'))
        WHEN 'drop' THEN format('DROP CONSTRAINT %I', (SELECT conname FROM pg_constraint WHERE conrelid = relation
            AND contype = 'p'))
        WHEN 'add' THEN 'ADD PRIMARY KEY (id)'
        ELSE format('ADD PRIMARY KEY (%I, id)', walk.any_column(relation, '^c')) END;
END
$$;

CREATE FUNCTION walk.alter_relation(world int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    relation regclass := walk.any_table(world, '{r,p}');
    root regclass := walk.any_table(world, '{p}');
    leaf regclass := (SELECT inhrelid FROM pg_inherits WHERE inhparent = root ORDER BY random() LIMIT 1);
BEGIN
    CASE walk.one_of('rename', 'schema', 'move', 'create', 'create', 'partitioned', 'partition', 'partition', 'detach',
        'attach', 'drop', 'cluster', 'index', 'pair', 'enum', 'owner')
    WHEN 'rename' THEN RETURN format('ALTER TABLE %s RENAME TO %I', relation, walk.new_name(world, 't'));
    WHEN 'schema' THEN RETURN format('ALTER SCHEMA %I RENAME TO %I', walk.any_schema(world), walk.new_name(world, 'w'
        || world || '_'));
    WHEN 'move' THEN RETURN format('ALTER TABLE %s SET SCHEMA %I', relation, walk.any_schema(world));
    WHEN 'create' THEN RETURN walk.create_table(world);
    WHEN 'partitioned' THEN RETURN walk.create_partitioned(world);
    WHEN 'partition' THEN RETURN walk.add_partition(world);
    WHEN 'detach' THEN RETURN format('ALTER TABLE %s DETACH PARTITION %s', root, leaf);
    WHEN 'attach' THEN RETURN format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (30) TO (60)', root,
        walk.any_table(world, '{r}', false));
    WHEN 'drop' THEN RETURN format('DROP TABLE %s', CASE WHEN (SELECT count(*) FROM pg_class
        WHERE relnamespace IN (SELECT walk.schemas(world)) AND relkind = 'r') > 8 THEN relation END);
    WHEN 'cluster' THEN RETURN format('CLUSTER %s USING %I', relation, (SELECT relname FROM pg_class JOIN pg_index
        ON oid = indexrelid WHERE indrelid = relation ORDER BY random() LIMIT 1));
    WHEN 'index' THEN RETURN format('CREATE INDEX ON %s (%I)', relation, walk.any_column(relation));
    WHEN 'pair' THEN RETURN format('ALTER TYPE walk.w%s_pair %s', world, walk.one_of('RENAME ATTRIBUTE first TO one',
        'RENAME ATTRIBUTE one TO first', 'ADD ATTRIBUTE third int', 'DROP ATTRIBUTE third'));
    WHEN 'enum' THEN RETURN format('ALTER TYPE walk.w%s_mood RENAME VALUE %s', world,
        walk.one_of('''glad'' TO ''happy''',
        '''happy'' TO ''glad'''));
    ELSE RETURN format('ALTER TABLE %s SET (fillfactor = %s)', relation, 50 + walk.below(50));
    END CASE;
END
$$;

-- One step; what fails leaves nothing.
CREATE FUNCTION walk.step(world int) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    statement text;
BEGIN
    statement := CASE WHEN walk.chance(0.75) THEN walk.write(world)
        ELSE CASE walk.below(5) WHEN 0 THEN walk.alter_key(world) WHEN 1 THEN walk.alter_relation(world) WHEN 2
            THEN walk.alter_relation(world)
            WHEN 3 THEN walk.alter_column(world) ELSE walk.alter_column(world) END END;
    IF statement IS NOT NULL THEN EXECUTE statement; END IF;
EXCEPTION WHEN OTHERS THEN
    -- So that most tables can be updated most of the time.
    IF SQLERRM ~ 'replica identity and publishes' AND walk.chance(0.7) THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', substring(statement
            FROM '^(?:UPDATE|DELETE FROM|MERGE INTO|INSERT INTO) ((?:"[^"]*"|[^" ])+)'), walk.one_of('FULL', 'FULL',
            'DEFAULT'));
    END IF;
    INSERT INTO walk.refused VALUES (world, statement, SQLERRM);
END
$$;

-- Several steps in a subtransaction, of which a third is rolled back.
CREATE FUNCTION walk.nested(world int, depth int) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    FOR i IN 1 .. 1 + walk.below(4) LOOP
        IF depth > 0 AND walk.chance(0.3) THEN PERFORM walk.nested(world, depth - 1);
            ELSE PERFORM walk.step(world); END IF;
    END LOOP;
    IF walk.chance(0.3) THEN RAISE EXCEPTION 'rolled back' USING ERRCODE = 'P0009'; END IF;
EXCEPTION WHEN SQLSTATE 'P0009' THEN
    NULL;
END
$$;
