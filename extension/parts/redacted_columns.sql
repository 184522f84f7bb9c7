-- redacted_columns: what is redacted where, and why a rule cannot be followed; doctor() reads the same.

-- The rule in force as the decoder has it for a stream that begins now: the strictest of the labels that count.
CREATE FUNCTION gpsync_internal.stream_rule(labels text[], is_key boolean, is_status boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN labels IS NULL THEN CASE WHEN is_key OR is_status THEN 'pass' ELSE 'scrub payments@1' END
       ELSE (SELECT string_agg(DISTINCT l, ' and ') FROM unnest(labels) AS l
             WHERE split_part(l, ' ', 1) = (SELECT split_part(m, ' ', 1) FROM unnest(labels) AS m
                 ORDER BY array_position('{drop,hash,tokenize,mask,scrub,pass}',
                     split_part(m, ' ', 1)) LIMIT 1)) END $$;
COMMENT ON FUNCTION gpsync_internal.stream_rule(text[], boolean, boolean) IS
    'What the stream does with a column: the strictest of its labels (of two policies both), without one the default';

-- SECURITY DEFINER, because the functions a view calls run with the rights of who reads the view.
CREATE FUNCTION gpsync_internal.redacted_column_states()
    RETURNS TABLE (relation regclass, column_name name, data_type text, in_stream text, label text,
        streams text[], scrubbed_on_write text, metadata_column name, problem text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH label AS MATERIALIZED (SELECT * FROM gpsync_internal.column_labels()),
scrubbed AS MATERIALIZED (SELECT * FROM gpsync_internal.scrubbing_triggers()),
problem AS MATERIALIZED (SELECT p.relation, p.column_name, string_agg(p.problem, '; ' ORDER BY p.problem) AS problem
    FROM gpsync_internal.redaction_problems() AS p GROUP BY 1, 2),
published AS MATERIALIZED (
    SELECT t AS oid, array_agg(s.stream ORDER BY s.stream) FILTER (WHERE s.stream IS NOT NULL) AS streams
    FROM pg_publication AS p CROSS JOIN LATERAL gpsync_internal.published_tables(p.oid) AS t
    LEFT JOIN gpsync.stream AS s ON s.publication = p.pubname
    GROUP BY t),
attached AS MATERIALIZED (SELECT * FROM gpsync.attached_tables),
shown (oid) AS (
    SELECT p.oid FROM published AS p UNION SELECT a.relation FROM attached AS a UNION SELECT l.labelled FROM label AS l
    UNION SELECT t.relation FROM scrubbed AS t WHERE NOT t.inherited UNION SELECT p.relation FROM problem AS p),
of_table AS MATERIALIZED (
    SELECT c.oid, gpsync_internal.key_columns(c.oid) AS key, p.streams,
           (SELECT a.status_column FROM attached AS a WHERE a.relation = c.oid OR c.relispartition
               AND a.relation IN (SELECT n.relid FROM pg_partition_ancestors(c.oid) AS n) LIMIT 1) AS status,
           EXISTS (SELECT FROM pg_attribute AS r WHERE r.attrelid = c.oid AND r.attname = 'sync_revision'
               AND r.atttypid = 'bigint'::regtype AND NOT r.attisdropped) AS booked
    FROM shown AS s JOIN pg_class AS c ON c.oid = s.oid LEFT JOIN published AS p ON p.oid = c.oid
    WHERE c.relnamespace <> 'gpsync'::regnamespace)
SELECT t.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
       CASE WHEN a.attgenerated = 'v'
                OR t.booked AND a.attname IN ('sync_status', 'last_sync_timestamp', 'sync_revision') THEN NULL
            ELSE gpsync_internal.stream_rule(l.rules, a.attname = ANY (coalesce(t.key, '{}')),
                coalesce(a.attname = t.status, false)) END,
       array_to_string(l.labels, ' and '), t.streams, w.policy, w.metadata_column, p.problem
FROM of_table AS t
JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN LATERAL (
    -- A generated column without a label of its own obeys the default and the labels of what it is computed from.
    SELECT array_agg(DISTINCT l.rule) AS labels,
           array_agg(DISTINCT l.rule) || CASE WHEN bool_or(l.source = l.column_name) THEN '{}'::text[]
               ELSE ARRAY[gpsync_internal.stream_rule(NULL, a.attname = ANY (coalesce(t.key, '{}')),
                   coalesce(a.attname = t.status, false))] END AS rules
    FROM label AS l WHERE l.relation = t.oid AND l.column_name = a.attname) AS l ON true
LEFT JOIN scrubbed AS w ON w.relation = t.oid AND w.column_name = a.attname
LEFT JOIN problem AS p ON p.relation = t.oid AND p.column_name = a.attname
ORDER BY t.oid::regclass::text, a.attnum $$;
COMMENT ON FUNCTION gpsync_internal.redacted_column_states() IS 'The rows of view redacted_columns';

CREATE VIEW gpsync.redacted_columns AS SELECT * FROM gpsync_internal.redacted_column_states();
COMMENT ON VIEW gpsync.redacted_columns IS
    'What is redacted where: every column of every table that is published, attached, labelled or scrubbed on write. A '
    'partitioned table stands for its partitions, where these are not published themselves';
COMMENT ON COLUMN gpsync.redacted_columns.in_stream IS
    'What the stream does with the values: pass, drop, mask, hash, tokenize or scrub POLICY; NULL: gpsync''s own '
    'column or a virtual generated one, which are not shown. Keys and the status pass';
COMMENT ON COLUMN gpsync.redacted_columns.label IS
    'The security labels it comes from, of the table and of those it is a partition of or inherits from, and for a '
    'generated column of the columns it is computed from; NULL: it is the default';
COMMENT ON COLUMN gpsync.redacted_columns.streams IS
    'The streams whose publication has the table; NULL: no stream shows it. A consumer of another slot gets the same '
    'redaction';
COMMENT ON COLUMN gpsync.redacted_columns.scrubbed_on_write IS
    'The policy by which scrub_on_write() scrubs what is stored; NULL: it is stored as it comes';
COMMENT ON COLUMN gpsync.redacted_columns.metadata_column IS 'The column that gets the metadata of the document';
COMMENT ON COLUMN gpsync.redacted_columns.problem IS
    'Why the rule or the policy cannot be followed; doctor() says what to do';

REVOKE ALL ON FUNCTION gpsync_internal.stream_rule(text[], boolean, boolean), gpsync_internal.redacted_column_states()
    FROM PUBLIC;
