-- The triggers of scrub_on_write() and what it refuses.

CREATE FUNCTION gpsync_internal.scrub_row() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_scrub_row';
COMMENT ON FUNCTION gpsync_internal.scrub_row() IS
    'Trigger zz_gpsync_scrub_N of scrub_on_write(); arguments: the column, the policy, the metadata column if there is '
    'one. Errors: those of scrub(); 42703 a column was renamed or dropped';

-- Takes any type, since the column may be of several; evaluated with the rights of whoever writes the row.
CREATE FUNCTION gpsync_internal.not_scrubbed(document "any", policy text, scrubber text, relation oid) RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_not_scrubbed';
COMMENT ON FUNCTION gpsync_internal.not_scrubbed("any", text, text, oid) IS
    'WHEN clause of gpsync_scrubbed_N: the document holds what the policy finds. False at once where the trigger named '
    'scrubber is the last one that can write it';

CREATE FUNCTION gpsync_internal.refuse_unscrubbed() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_refuse_unscrubbed';
COMMENT ON FUNCTION gpsync_internal.refuse_unscrubbed() IS
    'Trigger gpsync_scrubbed_N of scrub_on_write(): raises 23514 for the row its WHEN clause refused; arguments: the '
    'column, the trigger that scrubs it';

-- PUBLIC may execute not_scrubbed() and refuse_unscrubbed(), as the triggers of attach() (triggers.sql), but not
-- scrub_row(): on a table of its own a role could hash and tokenize with it, under secret keys that the role may not
-- use. So a role that adds partitions to a scrubbed table must be an operator.
REVOKE ALL ON FUNCTION gpsync_internal.scrub_row() FROM PUBLIC;

CREATE FUNCTION gpsync_internal.refuse_document_column(relation regclass, column_name name, wanted oid[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    c pg_class;
    a pg_attribute;
BEGIN
    SELECT * INTO STRICT c FROM pg_class WHERE oid = relation;
    SELECT * INTO a FROM pg_attribute AS t WHERE t.attrelid = relation AND t.attname = column_name AND t.attnum > 0
        AND NOT t.attisdropped;
    IF a.attnum IS NULL THEN
        RAISE undefined_column USING
            MESSAGE = format('column "%s" of relation "%s" does not exist', column_name, c.relname),
            HINT = gpsync_internal.name_hint(column_name, 'columns', array(SELECT t.attname::text FROM pg_attribute AS t
                WHERE t.attrelid = relation AND t.attnum > 0 AND NOT t.attisdropped AND t.atttypid = ANY (wanted)
                    ORDER BY t.attnum)),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    END IF;
    IF a.attgenerated <> ''
        OR NOT coalesce((SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END = ANY (wanted)
                                             FROM pg_type AS t WHERE t.oid = a.atttypid), false) THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of relation "%s" cannot be used for this', column_name, c.relname),
            DETAIL = CASE WHEN a.attgenerated <> '' THEN 'It is a generated column.'
                ELSE format('It is of type %s; this needs %s.', format_type(a.atttypid, a.atttypmod),
                            (SELECT string_agg(format_type(w, NULL), ', ') FROM unnest(wanted) AS w)) END,
            HINT = CASE WHEN a.attgenerated <> '' THEN 'Scrub the columns it is computed from.'
                WHEN 'text'::regtype = ANY (wanted)
                THEN 'What the stream shows of a column of any type is what gpsync.redact_in_stream() says.'
                    ELSE '' END,
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname, COLUMN = column_name;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_document_column(regclass, name, oid[]) IS
    'Raises 42703 for a column that is not there, 42804 for one of another type and for a generated one';

CREATE FUNCTION gpsync_internal.refuse_scrub_table(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    c pg_class;
BEGIN
    SELECT * INTO c FROM pg_class WHERE oid = relation;
    IF NOT FOUND THEN
        RAISE undefined_table USING MESSAGE = format('relation with OID %s does not exist', relation::oid);
    ELSIF c.relkind NOT IN ('r', 'p') THEN
        RAISE wrong_object_type USING MESSAGE = format('"%s" is not a table', c.relname);
    ELSIF NOT pg_has_role(c.relowner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', c.relname),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_scrub_table(regclass) IS
    'Raises 42809 for what is no table, 42501 for one that the caller does not own';

-- The trigger that checks a column depends on the column, so a rename does not matter, and names the scrubbing trigger.
CREATE FUNCTION gpsync_internal.scrub_triggers(relation regclass, column_name name, OUT scrubber name, OUT checker name)
    RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH own AS (
    SELECT t.oid, t.tgname, t.tgfoid, gpsync_internal.trigger_arguments(t.tgargs) AS arguments FROM pg_trigger AS t
    WHERE t.tgrelid = relation AND t.tgparentid = 0
        AND t.tgfoid IN ('gpsync_internal.scrub_row()'::regprocedure,
            'gpsync_internal.refuse_unscrubbed()'::regprocedure)),
checking AS (
    SELECT o.tgname, o.arguments FROM own AS o
    WHERE EXISTS (SELECT FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.refobjid
        AND a.attnum = d.refobjsubid
                  WHERE d.classid = 'pg_trigger'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_class'::regclass
                      AND d.refobjid = relation AND a.attname = column_name AND NOT a.attisdropped) LIMIT 1)
SELECT coalesce((SELECT o.tgname FROM own AS o JOIN checking AS c ON o.tgname = c.arguments[2]
    AND o.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure),
                (SELECT o.tgname FROM own AS o WHERE o.arguments[1] = column_name
                    AND o.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure
                     AND NOT EXISTS (SELECT FROM checking) ORDER BY 1 LIMIT 1)),
       (SELECT c.tgname FROM checking AS c) $$;
COMMENT ON FUNCTION gpsync_internal.scrub_triggers(regclass, name) IS
    'The triggers of scrub_on_write() for a column: the one that scrubs it and the one that checks it afterwards, NULL '
    'where there is none of the table''s own';

-- Names of which neither is taken, also in a partition.
CREATE FUNCTION gpsync_internal.new_scrub_triggers(relation regclass, column_name name, OUT scrubber name,
    OUT checker name)
    RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'zz_gpsync_scrub_' || n, 'gpsync_scrubbed_' || n
FROM pg_attribute AS a, generate_series(a.attnum, a.attnum + 2000) AS n
WHERE a.attrelid = relation AND a.attname = column_name AND NOT a.attisdropped AND NOT EXISTS (
    SELECT FROM pg_trigger AS t WHERE t.tgname IN ('zz_gpsync_scrub_' || n, 'gpsync_scrubbed_' || n)
        AND t.tgrelid IN (SELECT p.relid FROM gpsync_internal.partitions(relation) AS p))
ORDER BY n LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.new_scrub_triggers(regclass, name) IS
    'Names for the triggers of scrub_on_write(). The one that scrubs sorts behind others, since triggers fire in the '
    'order of their names';

CREATE FUNCTION gpsync_internal.refuse_scrubbed_partition(relation regclass, column_name name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    root regclass;
BEGIN
    IF EXISTS (SELECT FROM gpsync_internal.scrub_triggers(relation, column_name) AS t
        WHERE coalesce(t.scrubber, t.checker) IS NOT NULL) THEN
        RETURN;
    END IF;
    SELECT p.relid INTO root FROM pg_partition_ancestors(relation) AS p,
        LATERAL gpsync_internal.scrub_triggers(p.relid, column_name) AS t
        WHERE p.relid <> relation AND coalesce(t.scrubber, t.checker) IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('column "%s" of partition %s is scrubbed with all of table %s', column_name, relation,
                root),
            HINT = format('Call the function for %s.', root);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_scrubbed_partition(regclass, name) IS
    'Raises 55000 for a partition without triggers of its own of a table for which scrub_on_write() was called';

-- By the size, since the owner of a table need not have the right to read it.
CREATE FUNCTION gpsync_internal.note_unscrubbed_rows(relation regclass, column_name name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT p.relid FROM gpsync_internal.partitions(relation) AS p) AS part (oid)
        WHERE pg_relation_size(part.oid) > 0) THEN
        RAISE NOTICE USING
            MESSAGE = format('rows that are in table %s already stay as they are until they are written', relation),
            HINT = format('To scrub them: UPDATE %s SET %I = %2$I', relation, column_name);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_unscrubbed_rows(regclass, name) IS
    'Says that scrub_on_write() leaves the rows of a table alone, if there are any';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_document_column(regclass, name, oid[]),
    gpsync_internal.refuse_scrub_table(regclass),
    gpsync_internal.scrub_triggers(regclass, name), gpsync_internal.new_scrub_triggers(regclass, name),
    gpsync_internal.refuse_scrubbed_partition(regclass, name), gpsync_internal.note_unscrubbed_rows(regclass, name)
        FROM PUBLIC;
