-- scrub_on_write(): a trigger that lets only the scrubbed document into the table.

CREATE FUNCTION gpsync.scrub_on_write(relation regclass, column_name name, policy text DEFAULT 'payments@1',
        metadata_column name DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    triggers record;
BEGIN
    IF relation IS NULL OR column_name IS NULL OR policy IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation, column_name and policy cannot be NULL',
            HINT = 'gpsync.stop_scrub_on_write() takes the triggers away.';
    END IF;
    PERFORM gpsync_internal.refuse_scrub_table(relation);
    PERFORM gpsync_internal.refuse_document_column(relation, column_name, CASE WHEN metadata_column IS NULL
        THEN '{jsonb,json,text,varchar}'::regtype[]::oid[] ELSE '{jsonb,json}'::regtype[]::oid[] END);
    IF metadata_column IS NOT NULL THEN
        PERFORM gpsync_internal.refuse_document_column(relation, metadata_column, '{jsonb}'::regtype[]::oid[]);
        IF metadata_column = column_name THEN
            RAISE invalid_parameter_value USING MESSAGE = 'the metadata of a document need a column of their own';
        END IF;
    END IF;
    PERFORM gpsync_internal.require_policy(policy);
    PERFORM gpsync_internal.refuse_scrubbed_partition(relation, column_name);
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
    SELECT coalesce(t.scrubber, n.scrubber) AS scrubber, coalesce(t.checker, n.checker) AS checker INTO triggers
        FROM gpsync_internal.scrub_triggers(relation, column_name) AS t,
            gpsync_internal.new_scrub_triggers(relation, column_name) AS n;
    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION '
                   'gpsync_internal.scrub_row(%s)',
        triggers.scrubber, relation,
            concat_ws(', ', quote_literal(column_name), quote_literal(policy), quote_literal(metadata_column)));
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT OR UPDATE ON %s FOR EACH ROW
                    WHEN (gpsync_internal.not_scrubbed(NEW.%I, %L, %L, NEW.tableoid))
                    EXECUTE FUNCTION gpsync_internal.refuse_unscrubbed(%3$L, %5$L)',
        triggers.checker, relation, column_name, policy, triggers.scrubber);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I, ENABLE ALWAYS TRIGGER %I', relation, triggers.scrubber,
        triggers.checker);
    PERFORM gpsync_internal.note_unscrubbed_rows(relation, column_name);
END $$;
COMMENT ON FUNCTION gpsync.scrub_on_write(regclass, name, text, name) IS
    'From now on a column of type jsonb, json or text takes only documents scrubbed by the policy, and metadata_column '
    'what extract_metadata() says of them; rows that are there stay until they are written. Whatever other BEFORE '
    'triggers do, what is not scrubbed is refused with 23514. Called again, it changes the policy or the metadata '
    'column. Errors: 42501 the caller does not own the table; 42703 and 42804 the columns; 42704 no such policy; 55000 '
    'a partition of a table that is scrubbed';

CREATE FUNCTION gpsync.stop_scrub_on_write(relation regclass, column_name name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    own_trigger name;
    triggers record;
BEGIN
    IF relation IS NULL OR column_name IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation and column_name cannot be NULL';
    END IF;
    PERFORM gpsync_internal.refuse_scrub_table(relation),
        gpsync_internal.refuse_scrubbed_partition(relation, column_name);
    SELECT * INTO triggers FROM gpsync_internal.scrub_triggers(relation, column_name);
    IF coalesce(triggers.scrubber, triggers.checker) IS NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('column "%s" of table %s is not scrubbed on write', column_name, relation),
            HINT = 'View gpsync.redacted_columns lists those that are.';
    END IF;
    FOREACH own_trigger IN ARRAY ARRAY[triggers.scrubber, triggers.checker] LOOP
        CONTINUE WHEN own_trigger IS NULL;
        EXECUTE format('DROP TRIGGER %I ON %s', own_trigger, relation);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.stop_scrub_on_write(regclass, name) IS
    'Takes back scrub_on_write(): from now on the column takes documents as they come. For a column that was dropped: '
    'by the name it had. Errors: 55000 it is not scrubbed, or a partition; 42501 the caller does not own the table';

REVOKE ALL ON FUNCTION gpsync.scrub_on_write(regclass, name, text, name),
    gpsync.stop_scrub_on_write(regclass, name) FROM PUBLIC;
