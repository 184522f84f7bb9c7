-- redact_in_stream(): the security label of a column.

CREATE FUNCTION gpsync_internal.check_redaction(rule text) RETURNS void
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_check_redaction';
COMMENT ON FUNCTION gpsync_internal.check_redaction(text) IS
    'Checks a rule for a column in the stream. Errors: 22023 it is none; 42704 its policy does not exist';

CREATE FUNCTION gpsync.redact_in_stream(relation regclass, column_name name, rule text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF relation IS NULL OR column_name IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation and column_name cannot be NULL';
    ELSIF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation) THEN
        RAISE undefined_table USING MESSAGE = format('there is no table with OID %s', relation::oid);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = column_name
        AND NOT a.attisdropped) THEN
        RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', column_name, relation),
            HINT = gpsync_internal.name_hint(column_name, 'columns', array(SELECT a.attname::text FROM pg_attribute AS a
                WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum));
    END IF;
    -- Being written in C, it also loads the label provider.
    PERFORM gpsync_internal.check_redaction(coalesce(rule, 'pass'));
    EXECUTE format('SECURITY LABEL FOR gpsync ON COLUMN %s.%I IS %L', relation, column_name, rule);
END $$;
COMMENT ON FUNCTION gpsync.redact_in_stream(regclass, name, text) IS
    'What the stream shows of a column, as its security label: pass, drop, scrub POLICY, mask, hash, tokenize; NULL '
    'takes the label away. Errors: 22023 no such rule; 42704 no such policy; 0A000 the column is of the key, gpsync''s '
    'own, or the system''s; 42703 no such column; 42501 the caller does not own the table';

REVOKE ALL ON FUNCTION gpsync_internal.check_redaction(text), gpsync.redact_in_stream(regclass, name, text) FROM PUBLIC;
