-- Labels belong to a table, but data are copied: a command that copies labelled data to columns without their labels
-- raises a WARNING. It is not refused, because the copy may need other labels, and the stream scrubs unlabelled columns
-- by default.

CREATE FUNCTION gpsync_internal.ungenerated_columns(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_ungenerated_columns';
COMMENT ON FUNCTION gpsync_internal.ungenerated_columns(pg_ddl_command) IS
    'Of which columns an ALTER TABLE has dropped the generation expression: table, column''s number, table, '
        'column''s number, ...';

CREATE FUNCTION gpsync_internal.copied_columns(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_copied_columns';
COMMENT ON FUNCTION gpsync_internal.copied_columns(pg_ddl_command) IS
    'Where the columns of a CREATE TABLE AS come from: column''s number, table and column''s number there, ...';

CREATE FUNCTION gpsync_internal.warn_of_lost_labels(relation regclass, columns name[], rules text[], origin text)
    RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RAISE WARNING USING ERRCODE = '01000',
        MESSAGE = format('%s of table %s %s without the security label that redacts %s %s',
                         CASE cardinality(columns) WHEN 1 THEN 'column' ELSE 'columns' END
                         || (SELECT string_agg(format(' "%s"', c), ',' ORDER BY n)
                             FROM unnest(columns) WITH ORDINALITY AS u (c, n)), relation,
                         CASE cardinality(columns) WHEN 1 THEN 'is' ELSE 'are' END,
                         CASE cardinality(columns) WHEN 1 THEN 'it' ELSE 'them' END, origin),
        DETAIL = 'A label counts for its table, the partitions and tables that inherit from it, and columns '
            'generated from the column.',
        HINT = (SELECT string_agg(format('SELECT gpsync.redact_in_stream(%L, %L, %L);', relation, c, r), ' ' ORDER BY n)
                FROM unnest(columns, rules) WITH ORDINALITY AS u (c, r, n));
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_lost_labels(regclass, name[], text[], text) IS
    'Warns of columns that hold what is redacted elsewhere, with the SQL that labels them';

-- Columns that a command has left without a label: table, column, the rule it should have, and where that comes from.
CREATE FUNCTION gpsync_internal.lost_labels() RETURNS TABLE (relation oid, column_name name, rule text, origin text)
    LANGUAGE plpgsql VOLATILE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH command AS MATERIALIZED (SELECT d.objid, d.command_tag, d.command
    FROM pg_event_trigger_ddl_commands() AS d WHERE d.classid = 'pg_class'::regclass),
departed AS (
    SELECT a.pairs[n] AS child, a.pairs[n + 1] AS parent
    FROM command AS c, LATERAL (SELECT gpsync_internal.departed_tables(c.command)) AS a (pairs),
        generate_series(1, cardinality(a.pairs), 2) AS n),
copied AS (
    SELECT c.objid, a.parts[n]::integer AS attnum, a.parts[n + 1] AS origin, a.parts[n + 2]::integer AS origin_attnum
    FROM command AS c, LATERAL (SELECT gpsync_internal.copied_columns(c.command)) AS a (parts),
        generate_series(1, cardinality(a.parts), 3) AS n),
ungenerated AS (
    SELECT a.pairs[n] AS oid, a.pairs[n + 1]::integer AS attnum
    FROM command AS c, LATERAL (SELECT gpsync_internal.ungenerated_columns(c.command)) AS a (pairs),
        generate_series(1, cardinality(a.pairs), 2) AS n),
label AS MATERIALIZED (
    SELECT l.* FROM gpsync_internal.labels_of(ARRAY(
        SELECT c.objid FROM command AS c UNION SELECT d.child FROM departed AS d UNION SELECT d.parent FROM departed
            AS d
        UNION SELECT o.origin FROM copied AS o UNION SELECT u.oid FROM ungenerated AS u)) AS l),
lost (relation, column_name, rule, origin) AS (
    SELECT d.child, l.column_name, l.rule, format('in table %s', d.parent::regclass)
    FROM departed AS d JOIN label AS l ON l.relation = d.parent AND l.source = l.column_name
    JOIN pg_attribute AS a ON a.attrelid = d.child AND a.attname = l.column_name AND NOT a.attisdropped
    UNION
    SELECT c.objid, t.attname, l.rule, format('in table %s', c.origin::regclass)
    FROM copied AS c JOIN pg_attribute AS s ON s.attrelid = c.origin AND s.attnum = c.origin_attnum
    JOIN pg_attribute AS t ON t.attrelid = c.objid AND t.attnum = c.attnum
    JOIN label AS l ON l.relation = c.origin AND l.column_name = s.attname
    UNION
    SELECT u.relation, u.column_name, u.rule, format('in table %s', u.original::regclass)
    FROM gpsync_internal.unlabelled_copies(ARRAY(SELECT c.objid FROM command AS c WHERE c.command_tag = 'CREATE TABLE'))
        AS u
    UNION
    -- From which column it was computed the catalogs know no more: any that is labelled.
    SELECT u.oid, a.attname, l.rule, format('in column "%s", if it was generated from that', l.column_name)
    FROM ungenerated AS u JOIN pg_attribute AS a ON a.attrelid = u.oid AND a.attnum = u.attnum
    JOIN label AS l ON l.relation = u.oid AND l.source = l.column_name AND l.column_name <> a.attname)
SELECT DISTINCT ON (l.relation, l.column_name) l.relation, l.column_name, l.rule, l.origin FROM lost AS l
JOIN pg_class AS c ON c.oid = l.relation AND c.relpersistence <> 't'  -- temporary tables are never streamed
WHERE l.rule <> 'pass' AND NOT EXISTS (
    SELECT FROM label AS own WHERE own.relation = l.relation AND own.column_name = l.column_name
        AND (own.rule = l.rule OR gpsync_internal.rule_rank(own.rule) < gpsync_internal.rule_rank(l.rule)))
ORDER BY l.relation, l.column_name, gpsync_internal.rule_rank(l.rule), l.rule, l.origin;
END $$;
COMMENT ON FUNCTION gpsync_internal.lost_labels() IS
    'In an event trigger: columns that the command has left without the label of what they hold';

CREATE FUNCTION gpsync_internal.warn_of_labels() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_seclabel AS l WHERE l.provider = 'gpsync' AND l.objsubid > 0
        AND l.label <> 'pass') THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d JOIN pg_class AS c ON c.oid = d.objid
                   WHERE d.classid = 'pg_class'::regclass AND c.relpersistence <> 't'
                       AND (d.command_tag <> 'ALTER TABLE'
                           OR cardinality(gpsync_internal.departed_tables(d.command)) > 0
                            OR cardinality(gpsync_internal.ungenerated_columns(d.command)) > 0)) THEN
        RETURN;
    END IF;
    PERFORM gpsync_internal.warn_of_lost_labels(l.relation::regclass, array_agg(l.column_name ORDER BY a.attnum),
        array_agg(l.rule ORDER BY a.attnum), l.origin)
    FROM gpsync_internal.lost_labels() AS l JOIN pg_attribute AS a ON a.attrelid = l.relation
        AND a.attname = l.column_name
    GROUP BY l.relation, l.origin;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_labels() IS
    'Warns where a command leaves labelled data in columns without their labels: DETACH PARTITION, NO INHERIT, DROP '
        'EXPRESSION, CREATE TABLE ... LIKE and AS';

CREATE EVENT TRIGGER gpsync_warn_of_labels ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE SCHEMA')
    EXECUTE FUNCTION gpsync_internal.warn_of_labels();
ALTER EVENT TRIGGER gpsync_warn_of_labels ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_warn_of_labels IS 'Warns where labels do not follow the data';

REVOKE ALL ON FUNCTION gpsync_internal.ungenerated_columns(pg_ddl_command),
    gpsync_internal.copied_columns(pg_ddl_command),
    gpsync_internal.warn_of_lost_labels(regclass, name[], text[], text), gpsync_internal.lost_labels(),
    gpsync_internal.warn_of_labels() FROM PUBLIC;
