-- Copies of labelled data without the labels; the warnings of commands and doctor() both use this.

-- Ordered from the strictest rule on. Of two policies neither is stricter.
CREATE FUNCTION gpsync_internal.rule_rank(rule text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT array_position('{drop,hash,tokenize,mask,scrub,pass}', split_part(rule, ' ', 1)) $$;
COMMENT ON FUNCTION gpsync_internal.rule_rank(text)
    IS 'The place of a rule for a column in the stream among the kinds of rules, 1 for the strictest';

-- Columns without a label, in tables that have all the columns of a labelled table: made with LIKE or AS, restored,
-- or once its partition.
-- PL/pgSQL, since a function in SQL is planned at every call, which takes longer than to run it.
CREATE FUNCTION gpsync_internal.unlabelled_copies(candidates oid[])
    RETURNS TABLE (relation oid, column_name name, rule text,
    original oid)
    LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH label (labelled, column_name, rule) AS MATERIALIZED (
    SELECT l.objoid, a.attname, l.label
    FROM pg_seclabel AS l JOIN pg_attribute AS a ON a.attrelid = l.objoid AND a.attnum = l.objsubid
    WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objsubid > 0 AND l.label <> 'pass'
        AND NOT a.attisdropped),
original AS MATERIALIZED (SELECT DISTINCT l.labelled AS oid FROM label AS l),
shape AS MATERIALIZED (
    SELECT o.oid, a.attname, a.atttypid, count(*) OVER (PARTITION BY o.oid) AS columns
    FROM original AS o JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE a.attname NOT IN ('sync_status', 'last_sync_timestamp', 'sync_revision')),
copy AS MATERIALIZED (
    SELECT c.oid, s.oid AS original FROM unnest(candidates) AS c (oid)
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN shape AS s ON s.attname = a.attname AND s.atttypid = a.atttypid AND s.oid <> c.oid
    GROUP BY c.oid, s.oid, s.columns HAVING count(*) = s.columns),
own AS MATERIALIZED (SELECT o.* FROM gpsync_internal.labels_of(ARRAY(SELECT DISTINCT c.oid FROM copy AS c)) AS o)
SELECT DISTINCT ON (c.oid, l.column_name) c.oid, l.column_name, l.rule, c.original
FROM copy AS c JOIN label AS l ON l.labelled = c.original
WHERE NOT EXISTS (SELECT FROM own WHERE own.relation = c.oid AND own.column_name = l.column_name)
    AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.original AND i.inhparent = c.oid)
    -- A key takes no label.
    AND NOT EXISTS (SELECT FROM pg_index AS i
                    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = c.oid AND (i.indisprimary OR i.indisreplident) AND a.attname = l.column_name)
ORDER BY c.oid, l.column_name, gpsync_internal.rule_rank(l.rule), l.rule, c.original;
END $$;
COMMENT ON FUNCTION gpsync_internal.unlabelled_copies(oid[]) IS
    'Columns without a label in tables that have all the columns, by name and type, of a table where the column has '
        'one';

REVOKE ALL ON FUNCTION gpsync_internal.rule_rank(text), gpsync_internal.unlabelled_copies(oid[]) FROM PUBLIC;
