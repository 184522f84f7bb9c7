-- The tables of row "decoder_shapes", and what fills them.
CREATE SCHEMA bench;
CREATE TABLE bench.narrow (id bigint PRIMARY KEY, token_id varchar(64) NOT NULL, active boolean NOT NULL);
CREATE TABLE bench.large (id bigint PRIMARY KEY, detail jsonb NOT NULL);
CREATE TABLE bench.huge (id bigint PRIMARY KEY, detail jsonb NOT NULL);
CREATE TABLE bench.huge_array (id bigint PRIMARY KEY, tags text[] NOT NULL);

-- 60 columns: the key, and five types in turn.
DO $$
BEGIN
    EXECUTE (
        SELECT 'CREATE TABLE bench.wide (c1 bigint PRIMARY KEY, ' || string_agg(format('c%s %s', n,
            (ARRAY['integer', 'text', 'numeric(12, 2)', 'timestamptz', 'boolean'])[1 + n % 5]), ', ' ORDER BY n) || ')'
        FROM generate_series(2, 60) n);
END $$;
CREATE PROCEDURE bench.insert_wide(rows integer) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE (
        SELECT 'INSERT INTO bench.wide SELECT n, ' || string_agg((ARRAY['n', '''value '' || n', 'n % 10000 / 100.0',
            '''2026-01-01Z''::timestamptz + n * interval ''1 s''', 'n % 2 = 0'])[1 + c % 5], ', ' ORDER BY c)
            || ' FROM generate_series(1, $1) n'
        FROM generate_series(2, 60) c) USING rows;
END $$;

-- About 10 kB of JSON: 40 objects.
CREATE FUNCTION bench.document(n bigint) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('items', jsonb_agg(jsonb_build_object('position', i, 'state', 'ACTIVE',
        'amount', i * 1.25, 'os', 'android',
        'description', 'item "' || i || '" of document ' || n || repeat(' and so on', 12),
        'flags', jsonb_build_array(true, null, 'x'))))
    FROM generate_series(1, 40) i
$$;

SELECT format('CREATE TABLE bench.t%s (id bigint PRIMARY KEY, status text, updated_at timestamptz)', n)
    FROM generate_series(1, :tables) n
\gexec
CREATE PROCEDURE bench.insert_tables(tables integer, rows integer) LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 1..tables LOOP
        EXECUTE format('INSERT INTO bench.t%s SELECT i, ''ACTIVE'', now() FROM generate_series(1, $1) i', n) USING rows;
    END LOOP;
END $$;
CREATE PUBLICATION bench FOR TABLES IN SCHEMA bench;
