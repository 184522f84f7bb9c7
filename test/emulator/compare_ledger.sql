-- How an emulator's ledger differs from the tables. Fill the table ledger_line with the lines of its GET /ledger
-- (csv with a quote and a delimiter that JSON does not hold, since text would take backslashes for escapes), then ask
-- pg_temp.ledger_differences(table): no row when the ledger holds exactly the table's rows, and each row is marked
-- with the revision the ledger holds.
SET TimeZone = 'UTC';
CREATE TEMP TABLE ledger_line (line jsonb);

-- The columns of the row's key: the replica identity index where one is chosen, else the primary key.
CREATE FUNCTION pg_temp.key_columns(relation regclass) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(a.attname::text ORDER BY k.n)
    FROM (SELECT indrelid, indkey FROM pg_catalog.pg_index
          WHERE indrelid = relation AND (indisreplident OR indisprimary)
          ORDER BY indisreplident DESC LIMIT 1) i,
         unnest(i.indkey) WITH ORDINALITY k(attnum, n)
         JOIN pg_catalog.pg_attribute a ON a.attrelid = relation AND a.attnum = k.attnum
$$;

CREATE FUNCTION pg_temp.ledger_differences(relation regclass)
RETURNS TABLE (key jsonb, difference text, in_table jsonb, in_ledger jsonb) LANGUAGE plpgsql AS $$
DECLARE
    key_expression text;
BEGIN
    SELECT string_agg(format('%L, to_jsonb(table_row) -> %L', c, c), ', ') INTO key_expression
    FROM unnest(pg_temp.key_columns(relation)) c;
    RETURN QUERY EXECUTE format($query$
        WITH in_table AS (
            SELECT jsonb_build_object(%s) AS key,
                   to_jsonb(table_row) - '{sync_status,last_sync_timestamp,sync_revision}'::text[] AS content,
                   table_row.sync_status::text AS status, table_row.sync_revision AS revision
            FROM %s AS table_row
        ), in_ledger AS (
            SELECT line #> '{data,key}' AS key, line #> '{data,row}' AS content,
                   (line #>> '{data,revision}')::bigint AS revision
            FROM ledger_line, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = %L::regclass AND NOT (line ->> 'deleted')::boolean
                  AND line #>> '{data,schema}' = n.nspname AND line #>> '{data,table}' = c.relname
        ), compared AS (
            SELECT coalesce(t.key, l.key) AS key,
                   CASE WHEN l.key IS NULL THEN 'missing in the ledger'
                        WHEN t.key IS NULL THEN 'not in the table'
                        WHEN t.content IS DISTINCT FROM l.content THEN 'content differs'
                        WHEN t.revision IS DISTINCT FROM l.revision
                            THEN format('revision %%s in the table, %%s in the ledger', t.revision, l.revision)
                        WHEN t.status IS DISTINCT FROM 'COMPLETED' THEN format('sync_status is %%s', t.status)
                   END AS difference, t.content AS in_table, l.content AS in_ledger
            FROM in_table t FULL JOIN in_ledger l ON t.key = l.key
        )
        SELECT c.key, c.difference, c.in_table, c.in_ledger FROM compared c WHERE c.difference IS NOT NULL
    $query$, key_expression, relation, relation);
END
$$;
