-- scrub_on_write(): a trigger that lets only the scrubbed document into the table.

CREATE FUNCTION gpsync.scrub_row() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_scrub_row';
COMMENT ON FUNCTION gpsync.scrub_row() IS
    'The trigger of scrub_on_write(); arguments: the column, the policy, the metadata column if there is one. Errors: those of scrub(); 42703 a column was renamed or dropped';
REVOKE ALL ON FUNCTION gpsync.scrub_row() FROM PUBLIC;

CREATE FUNCTION gpsync.refuse_document_column(relation regclass, column_name name, wanted oid[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    c pg_class;
    a pg_attribute;
BEGIN
    SELECT * INTO STRICT c FROM pg_class WHERE oid = relation;
    SELECT * INTO a FROM pg_attribute AS t WHERE t.attrelid = relation AND t.attname = column_name AND t.attnum > 0 AND NOT t.attisdropped;
    IF a.attnum IS NULL THEN
        RAISE undefined_column USING MESSAGE = format('column "%s" of relation "%s" does not exist', column_name, c.relname),
            HINT = gpsync.name_hint(column_name, 'columns', array(SELECT t.attname::text FROM pg_attribute AS t
                WHERE t.attrelid = relation AND t.attnum > 0 AND NOT t.attisdropped AND t.atttypid = ANY (wanted) ORDER BY t.attnum)),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    END IF;
    IF a.attgenerated <> '' OR NOT coalesce((SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END = ANY (wanted)
                                             FROM pg_type AS t WHERE t.oid = a.atttypid), false) THEN
        RAISE datatype_mismatch USING MESSAGE = format('column "%s" of relation "%s" cannot be used for this', column_name, c.relname),
            DETAIL = CASE WHEN a.attgenerated <> '' THEN 'It is a generated column.'
                ELSE format('It is of type %s; this needs %s.', format_type(a.atttypid, a.atttypmod),
                            (SELECT string_agg(format_type(w, NULL), ', ') FROM unnest(wanted) AS w)) END,
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname, COLUMN = column_name;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.refuse_document_column(regclass, name, oid[]) IS
    'Raises 42703 for a column that is not there, 42804 for one of another type and for a generated one';

CREATE FUNCTION gpsync.refuse_scrub_table(relation regclass) RETURNS void
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
COMMENT ON FUNCTION gpsync.refuse_scrub_table(regclass) IS
    'Raises 42809 for what is no table, 42501 for one that the caller does not own';

CREATE FUNCTION gpsync.scrub_on_write(relation regclass, column_name name, policy text DEFAULT 'payments@1',
        metadata_column name DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    trigger_name name;
BEGIN
    IF relation IS NULL OR column_name IS NULL OR policy IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation, column_name and policy cannot be NULL';
    END IF;
    PERFORM gpsync.refuse_scrub_table(relation);
    PERFORM gpsync.refuse_document_column(relation, column_name, CASE WHEN metadata_column IS NULL
        THEN '{jsonb,json,text,varchar}'::regtype[]::oid[] ELSE '{jsonb,json}'::regtype[]::oid[] END);
    IF metadata_column IS NOT NULL THEN
        PERFORM gpsync.refuse_document_column(relation, metadata_column, '{jsonb}'::regtype[]::oid[]);
        IF metadata_column = column_name THEN
            RAISE invalid_parameter_value USING MESSAGE = 'the metadata of a document need a column of their own';
        END IF;
    END IF;
    PERFORM gpsync.require_policy(policy);
    -- Triggers fire in the order of their names, and nothing may change the document after this one.
    trigger_name := 'zz_gpsync_scrub_' || (SELECT a.attnum FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = column_name);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION gpsync.scrub_row(%s)',
        trigger_name, relation, concat_ws(', ', quote_literal(column_name), quote_literal(policy), quote_literal(metadata_column)));
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', relation, trigger_name);
END $$;
COMMENT ON FUNCTION gpsync.scrub_on_write(regclass, name, text, name) IS
    'From now on a column of type jsonb, json or text takes only documents scrubbed by the policy, and metadata_column what extract_metadata() says of them; rows that are there stay until they are written. Called again, it changes the policy or the metadata column. Errors: 42501 the caller does not own the table; 42703 and 42804 the columns; 42704 no such policy';

REVOKE ALL ON FUNCTION gpsync.refuse_document_column(regclass, name, oid[]), gpsync.refuse_scrub_table(regclass),
    gpsync.scrub_on_write(regclass, name, text, name) FROM PUBLIC;
