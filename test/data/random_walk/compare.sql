-- Compares what a slot gives (walk.event: n, e) with the oracle.
CREATE TABLE walk.event (n bigint, e jsonb);
-- Labels "drop" when streaming began, as "OID.attnum"; those of ancestors count for the columns of the same name.
CREATE FUNCTION walk.labels_now() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT format('%s.%s', a.attrelid, a.attnum)), '{}')
    FROM pg_seclabel l
    JOIN pg_attribute labelled ON labelled.attrelid = l.objoid AND labelled.attnum = l.objsubid
    CROSS JOIN LATERAL (SELECT l.objoid UNION SELECT relid FROM pg_partition_tree(l.objoid)) tree (relid)
    JOIN pg_attribute a ON a.attrelid = tree.relid AND a.attname = labelled.attname
    WHERE l.classoid = 'pg_class'::regclass AND l.provider = 'gpsync' AND l.label = 'drop'
$$;

-- RFC 3986, of text in ASCII.
CREATE FUNCTION walk.percent(part text, dots boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(CASE WHEN c ~ '[A-Za-z0-9_~-]' OR dots AND c = '.' THEN c ELSE '%'
        || upper(to_hex(ascii(c))) END, '' ORDER BY i), '')
    FROM regexp_split_to_table(part, '') WITH ORDINALITY s (c, i)
$$;

-- The text of a value in the key, of an object as it was written; documents have no blanks in this walk.
CREATE FUNCTION walk.key_part(part jsonb, written json) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE jsonb_typeof(part) WHEN 'object' THEN replace(written::text, ' ', '')
        WHEN 'array' THEN replace(part::text, ' ', '') ELSE part #>> '{}' END $$;

CREATE FUNCTION walk.pick_columns(document jsonb, columns text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((SELECT jsonb_object_agg(c, document -> c) FROM unnest(columns) c), '{}')
$$;

-- What must be in "data" but for xid and unchanged, and the subject. began: labels when streaming began.
CREATE FUNCTION walk.expected(entry walk.log, via_root boolean, began text[]) RETURNS jsonb LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    shown jsonb := CASE WHEN via_root THEN entry.root ELSE entry.leaf END;
    hidden text[];
    key_columns text[] := ARRAY(SELECT jsonb_array_elements_text(shown -> 'key'));
    identity_columns text[] := ARRAY(SELECT jsonb_array_elements_text(shown -> 'identity_columns'));
    is_full boolean := shown ->> 'identity' = 'f';
    key jsonb := '{}';
    old_row jsonb;
    data jsonb := jsonb_build_object('schema', shown -> 'schema', 'table', shown -> 'table');
    subject text := walk.percent(shown ->> 'schema', false) || '.' || walk.percent(shown ->> 'table', false);
BEGIN
    SELECT coalesce(array_agg(column_name), '{}') INTO hidden FROM jsonb_each(coalesce(shown -> 'labelled',
        '{}')) l (column_name, places)
        WHERE shown -> 'hidden' ? column_name OR places ?| began;
    IF (shown ->> 'books')::boolean THEN
        IF entry.new_row ->> 'sync_revision' IS NOT NULL THEN
            data := data || jsonb_build_object('revision', entry.new_row -> 'sync_revision');
        END IF;
        hidden := hidden || '{sync_status,last_sync_timestamp,sync_revision}';
    END IF;
    IF entry.operation = 'TRUNCATE' THEN
        RETURN jsonb_build_object('type', 'gpsync.table.truncated', 'subject', subject, 'data', data || '{"key": {}}');
    END IF;
    IF entry.new_row IS NOT NULL THEN
        key := walk.pick_columns(entry.new_row, key_columns);
        data := data || jsonb_build_object('row', entry.new_row - hidden);
    END IF;
    IF entry.old_row IS NOT NULL THEN
        old_row := CASE WHEN is_full THEN entry.old_row ELSE walk.pick_columns(entry.old_row, identity_columns) END;
        IF entry.new_row IS NULL THEN
            SELECT coalesce(jsonb_object_agg(c, coalesce(old_row -> c, 'null')), '{}') INTO key
                FROM unnest(key_columns) c;
        END IF;
        IF entry.new_row IS NULL OR is_full OR old_row <> walk.pick_columns(entry.new_row, identity_columns) THEN
            data := data || jsonb_build_object('old', old_row - hidden);
        END IF;
    END IF;
    IF key <> '{}' THEN
        subject := subject || '/' || (
            SELECT string_agg(walk.percent(walk.key_part(key -> c, entry.written -> c), true), ',' ORDER BY i)
            FROM unnest(key_columns) WITH ORDINALITY k (c, i));
    END IF;
    RETURN jsonb_build_object('type', 'gpsync.row.' || CASE entry.operation WHEN 'INSERT' THEN 'inserted' WHEN 'UPDATE'
        THEN 'updated' ELSE 'deleted' END,
        'subject', subject, 'data', data || jsonb_build_object('key', key));
END
$$;

-- Columns in unchanged are those whose value is the one before; they are not in the row. With STORAGE MAIN beside them
-- even values of some 30 bytes are stored outside of the row; an array of a few numbers has as many.
CREATE FUNCTION walk.agrees(entry walk.log, expected jsonb, e jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (e -> 'data') - '{xid,unchanged,cascade,restart_identity}'::text[]
            = CASE WHEN expected #> '{data,row}' IS NULL THEN expected -> 'data'
                   ELSE jsonb_set(expected -> 'data', '{row}', (expected #> '{data,row}') - unchanged) END
        AND e -> 'type' = expected -> 'type' AND e -> 'subject' = expected -> 'subject'
            AND e -> 'partitionkey' = expected -> 'subject'
        AND NOT EXISTS (
            SELECT FROM unnest(unchanged) c
            WHERE entry.operation <> 'UPDATE' OR expected #>> '{data,old}' IS NOT NULL
                AND expected -> 'data' -> 'old' ? c
                OR NOT expected -> 'data' -> 'row' ? c OR entry.new_row -> c IS DISTINCT FROM entry.old_row -> c
                OR length(entry.new_row ->> c) < CASE jsonb_typeof(entry.new_row -> c) WHEN 'array' THEN 8 ELSE 16 END)
    FROM (SELECT ARRAY(SELECT jsonb_array_elements_text(e #> '{data,unchanged}'))) u (unchanged)
$$;

-- Large values cut short.
CREATE FUNCTION walk.brief(document jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT regexp_replace(document::text, '(\w{20})\w{60,}', '\1…', 'g') $$;

-- The first differences. Of a TRUNCATE of partitions either the root or the partitions are shown.
CREATE FUNCTION walk.differences(via_root boolean, began text[]) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH oracle AS (
        SELECT l, l.xid::text AS xid, row_number() OVER (PARTITION BY l.xid::text ORDER BY l.id) AS number
        FROM walk.log l
        WHERE NOT (l.operation = 'TRUNCATE' AND CASE WHEN via_root THEN l.root <> l.leaf
            ELSE l.leaf ->> 'kind' = 'p' END)
    ), stream AS (
        SELECT n, e, xid, row_number() OVER (PARTITION BY xid ORDER BY n) AS number
        FROM (SELECT n, e, e #>> '{data,xid}' AS xid FROM walk.event) w
    ), compared AS (
        SELECT number, xid, s.n, s.e, (o.l).operation, (o.l).id, walk.expected(o.l, via_root, began) AS expected, o.l
        FROM oracle o FULL JOIN stream s USING (xid, number)
    )
    SELECT format(E'change %s of transaction %s\n  stream %s\n  oracle %s %s', number, xid, walk.brief(e), operation,
        walk.brief(expected))
    FROM compared
    WHERE id IS NULL OR n IS NULL OR NOT walk.agrees(l, expected, e)
    ORDER BY coalesce(id, 0), n LIMIT 6
$$;
