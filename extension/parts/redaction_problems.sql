-- Why a rule of redaction cannot be followed; view redacted_columns and doctor() read it.

CREATE FUNCTION gpsync_internal.redaction_state(rule text, OUT problem text, OUT needs_keys boolean) RETURNS record
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_redaction_state';
COMMENT ON FUNCTION gpsync_internal.redaction_state(text) IS
    'Of a rule for a column in the stream: why it cannot be followed (no such rule, no such policy, a policy that '
    'cannot be read), NULL if it can, and whether it needs the key ring';

CREATE FUNCTION gpsync_internal.key_ring_state(OUT is_set boolean, OUT problem text, OUT fix text) RETURNS record
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_key_ring_state';
COMMENT ON FUNCTION gpsync_internal.key_ring_state() IS
    'Whether gpsync.key_file is set, and why the file cannot be used, NULL if it can; never a part of a key';

-- Labels of a table also apply to its partitions and to tables that inherit from it, by the column's name; and, unless
-- they are pass, to generated columns that are computed from the column.
-- PL/pgSQL, since a function in SQL is planned at every call, which takes longer than to run it.
CREATE FUNCTION gpsync_internal.labels_of(relations oid[])
    RETURNS TABLE (labelled oid, relation oid, column_name name, rule text, source name)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH RECURSIVE above (oid, ancestor) AS (
    SELECT r.oid, r.oid FROM unnest(relations) AS r (oid)
    UNION
    SELECT u.oid, i.inhparent FROM above AS u JOIN pg_inherits AS i ON i.inhrelid = u.ancestor),
counted (labelled, oid, attname, label) AS MATERIALIZED (
    SELECT u.ancestor, u.oid, a.attname, l.label
    FROM above AS u JOIN pg_seclabel AS l ON l.objoid = u.ancestor AND l.classoid = 'pg_class'::regclass
    JOIN pg_attribute AS a ON a.attrelid = l.objoid AND a.attnum = l.objsubid AND NOT a.attisdropped
    WHERE l.provider = 'gpsync' AND l.objsubid > 0)
SELECT c.labelled, c.oid, c.attname, c.label, c.attname FROM counted AS c
UNION ALL
SELECT c.labelled, c.oid, g.attname, c.label, c.attname
FROM counted AS c JOIN pg_attribute AS s ON s.attrelid = c.oid AND s.attname = c.attname AND NOT s.attisdropped
JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = s.attrelid AND d.refobjsubid = s.attnum
    AND d.classid = 'pg_attrdef'::regclass
JOIN pg_attrdef AS e ON e.oid = d.objid AND e.adrelid = s.attrelid
JOIN pg_attribute AS g ON g.attrelid = e.adrelid AND g.attnum = e.adnum AND g.attgenerated <> ''
WHERE c.label <> 'pass' AND g.attnum <> s.attnum;
END $$;
COMMENT ON FUNCTION gpsync_internal.labels_of(oid[]) IS
    'The security labels that count for the columns of tables: their own and those of the tables (labelled) that they '
    'are partitions of or inherit from; source is the column that has the label, another one than column_name where '
    'that is generated from it';

CREATE FUNCTION gpsync_internal.column_labels()
    RETURNS TABLE (labelled oid, relation oid, column_name name, rule text, source name)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE heir (oid) AS (
    SELECT DISTINCT l.objoid FROM pg_seclabel AS l
    WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objsubid > 0
    UNION
    SELECT i.inhrelid FROM heir AS h JOIN pg_inherits AS i ON i.inhparent = h.oid)
SELECT l.* FROM gpsync_internal.labels_of(ARRAY(SELECT h.oid FROM heir AS h)) AS l $$;
COMMENT ON FUNCTION gpsync_internal.column_labels() IS 'labels_of() all the tables that there are any for';

CREATE FUNCTION gpsync_internal.labelled_keys()
    RETURNS TABLE (labelled regclass, relation regclass, column_name name, rule text, source name)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT l.labelled, l.relation, l.column_name, l.rule, l.source FROM gpsync_internal.column_labels() AS l
WHERE l.rule <> 'pass' AND l.column_name = ANY (gpsync_internal.key_columns(l.relation)) $$;
COMMENT ON FUNCTION gpsync_internal.labelled_keys() IS
    'Columns of a key with a label that would redact them; the stream stops at their changes';

CREATE FUNCTION gpsync_internal.scrubbing_triggers()
    RETURNS TABLE (relation oid, trigger_name name, column_name name, policy text, metadata_column name,
        enabled "char", checker name, checker_enabled "char", inherited boolean)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT t.tgrelid, t.tgname, a.arguments[1], a.arguments[2], a.arguments[3], t.tgenabled, c.tgname, c.tgenabled,
    t.tgparentid <> 0
FROM pg_trigger AS t CROSS JOIN LATERAL gpsync_internal.trigger_arguments(t.tgargs) AS a (arguments)
LEFT JOIN pg_trigger AS c ON c.tgrelid = t.tgrelid AND c.tgfoid = 'gpsync_internal.refuse_unscrubbed()'::regprocedure
    AND (gpsync_internal.trigger_arguments(c.tgargs))[2] = t.tgname
WHERE t.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure $$;
COMMENT ON FUNCTION gpsync_internal.scrubbing_triggers() IS
    'What scrub_on_write() made, also in partitions, with the trigger that checks afterwards';

-- A finding for each reason; error: changes are not delivered, warning: they would not be, or PII could get in.
CREATE FUNCTION gpsync_internal.redaction_problems()
    RETURNS TABLE (relation oid, column_name name, severity text, check_name text, problem text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH ring AS MATERIALIZED (SELECT * FROM gpsync_internal.key_ring_state()),
label AS MATERIALIZED (
    SELECT l.labelled, l.column_name, l.rule, s.problem, s.needs_keys,
           bool_or(l.relation IN (SELECT r FROM gpsync.stream AS t, gpsync_internal.publication_relations(t.publication)
               AS r))
               AS streamed
    FROM gpsync_internal.column_labels() AS l, LATERAL gpsync_internal.redaction_state(l.rule) AS s
        WHERE l.source = l.column_name
    GROUP BY l.labelled, l.column_name, l.rule, s.problem, s.needs_keys),
scrubbed AS MATERIALIZED (
    SELECT t.*, s.problem, s.needs_keys FROM gpsync_internal.scrubbing_triggers() AS t,
        LATERAL gpsync_internal.redaction_state('scrub ' || t.policy) AS s),
missing_key (relation, column_name, severity, check_name, who) AS (
    SELECT l.labelled, l.column_name, CASE WHEN l.streamed THEN 'error' ELSE 'warning' END, 'label',
           format('the label "%s" of column "%s" of table %s', l.rule, l.column_name, l.labelled::regclass) FROM label
               AS l WHERE l.needs_keys
    UNION ALL
    SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
        format('policy "%s", by which column "%s" of table %s is scrubbed,', t.policy, t.column_name,
        t.relation::regclass)
    FROM scrubbed AS t WHERE t.needs_keys AND NOT t.inherited)
SELECT m.relation, m.column_name, m.severity, m.check_name,
    format('%s needs a key, and gpsync.key_file is not set', m.who),
       'LOAD ''gpsync''; ALTER SYSTEM SET gpsync.key_file = ''/...''; SELECT pg_reload_conf(); -- docs/pii.md, Keys'
FROM missing_key AS m, ring WHERE NOT ring.is_set
UNION ALL
SELECT l.labelled, l.column_name, CASE WHEN l.streamed THEN 'error' ELSE 'warning' END, 'label',
       format('the label "%s" of column "%s" of table %s cannot be followed: %s', l.rule, l.column_name,
           l.labelled::regclass, l.problem),
       coalesce('SELECT gpsync.define_policy(' || quote_literal(substring(l.rule FROM '^scrub +(.*[^ ])'))
           || ', ''[...]'')',
           format('SELECT gpsync.redact_in_stream(%L, %L, ''...'')', l.labelled::regclass, l.column_name))
FROM label AS l WHERE l.problem IS NOT NULL
UNION ALL
SELECT k.labelled, k.column_name, CASE WHEN bool_or(l.streamed) THEN 'error' ELSE 'warning' END, 'label',
       format('column "%s" is part of the key of table %s and %s "%s": a key cannot be redacted', k.column_name,
           min(k.relation::text),
              CASE k.source WHEN k.column_name THEN 'labelled'
                  ELSE format('computed from column "%s", which is labelled', k.source) END, k.rule),
       format('SELECT gpsync.redact_in_stream(%L, %L, NULL) -- or another key', k.labelled, k.source)
FROM gpsync_internal.labelled_keys() AS k JOIN label AS l ON l.labelled = k.labelled AND l.column_name = k.source
GROUP BY k.labelled, k.column_name, k.rule, k.source
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
    format('table %s cannot be written: column "%s" is scrubbed by policy "%s": %s', t.relation::regclass,
    t.column_name, t.policy, t.problem),
       format('SELECT gpsync.define_policy(%L, ''[...]'')', t.policy)
FROM scrubbed AS t WHERE t.problem IS NOT NULL AND NOT t.inherited
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
    format('table %s cannot be written: it has no column "%s", which scrub_on_write() needs',
    t.relation::regclass, gone.name),
       format('SELECT gpsync.scrub_on_write(%L, ''...'') -- or gpsync.stop_scrub_on_write(%1$L, %L)',
           t.relation::regclass, t.column_name)
FROM scrubbed AS t, unnest(ARRAY[t.column_name, t.metadata_column]) AS gone (name)
WHERE gone.name IS NOT NULL AND NOT t.inherited
    AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = t.relation AND a.attname = gone.name
        AND NOT a.attisdropped)
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
       CASE WHEN s.enabled = 'D' THEN format('trigger "%s" of table %s is disabled', s.name, t.relation::regclass)
            ELSE format('trigger "%s" of table %s does not fire in every session_replication_role', s.name,
                t.relation::regclass) END,
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.relation::regclass, s.name)
FROM scrubbed AS t, LATERAL (VALUES (t.trigger_name, t.enabled), (t.checker, t.checker_enabled)) AS s (name, enabled)
    WHERE s.enabled <> 'A'
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
    format('nothing checks what is stored in column "%s" of table %s after it was scrubbed', t.column_name,
    t.relation::regclass),
       format('SELECT gpsync.scrub_on_write(%L, %L, %L%s)', t.relation::regclass, t.column_name, t.policy, ', '
           || quote_literal(t.metadata_column))
FROM scrubbed AS t WHERE t.checker IS NULL AND NOT t.inherited
UNION ALL
-- Triggers of a table are not those of tables that inherit from it, except for partitions.
SELECT i.inhrelid, t.column_name, 'warning', 'scrub_on_write',
    format('table %s inherits from %s, where column "%s" is scrubbed on write, and takes PII', i.inhrelid::regclass,
    t.relation::regclass, t.column_name),
       format('SELECT gpsync.scrub_on_write(%L, %L, %L)', i.inhrelid::regclass, t.column_name, t.policy)
FROM scrubbed AS t JOIN pg_inherits AS i ON i.inhparent = t.relation JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE NOT c.relispartition
    AND NOT EXISTS (SELECT FROM scrubbed AS own WHERE own.relation = i.inhrelid AND own.column_name = t.column_name) $$;
COMMENT ON FUNCTION gpsync_internal.redaction_problems() IS
    'Why what labels and scrub_on_write() ask for cannot be done, or is not done; a problem of the key file itself is '
    'the doctor''s';

REVOKE ALL ON FUNCTION gpsync_internal.redaction_state(text), gpsync_internal.key_ring_state(),
    gpsync_internal.labels_of(oid[]),
    gpsync_internal.column_labels(), gpsync_internal.labelled_keys(), gpsync_internal.scrubbing_triggers(),
    gpsync_internal.redaction_problems() FROM PUBLIC;
