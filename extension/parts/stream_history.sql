-- stream_history(): events of statuses that change. docs/emit.md.

CREATE FUNCTION gpsync_internal.drop_history_triggers(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    own_trigger name;
BEGIN
    FOR own_trigger IN SELECT t.tgname FROM pg_trigger AS t
                       WHERE t.tgrelid = relation AND t.tgparentid = 0
                           AND t.tgfoid = 'gpsync_internal.status_event()'::regprocedure ORDER BY 1 LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', own_trigger, relation);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_history_triggers(regclass) IS
    'Takes the triggers off a table that stream_history() made';

CREATE FUNCTION gpsync_internal.create_history_triggers(relation regclass, status_column name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER gpsync_status_update AFTER UPDATE ON %s FOR EACH ROW
                    WHEN (OLD.%I::text IS DISTINCT FROM NEW.%2$I::text)
                    EXECUTE FUNCTION gpsync_internal.status_event()', relation, status_column);
    EXECUTE format('CREATE TRIGGER gpsync_status_row AFTER INSERT OR DELETE ON %s FOR EACH ROW
                    EXECUTE FUNCTION gpsync_internal.status_event()', relation);
    PERFORM gpsync_internal.fire_always(relation, 'gpsync_status_update'),
        gpsync_internal.fire_always(relation, 'gpsync_status_row');
END $$;
COMMENT ON FUNCTION gpsync_internal.create_history_triggers(regclass, name) IS
    'The triggers of a table whose statuses are streamed';

CREATE FUNCTION gpsync.stream_history(relation regclass, topic text DEFAULT 'odi') RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    attached record;
    label jsonb;
BEGIN
    IF relation IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation cannot be NULL';
    END IF;
    PERFORM gpsync_internal.refuse_relation(relation);
    IF topic IS NOT NULL THEN
        PERFORM gpsync_internal.refuse_bad_topics(ARRAY[topic], NULL);
        IF starts_with(topic, 'gpsync.') THEN
            RAISE invalid_name USING MESSAGE = format('invalid topic: "%s"', topic),
                DETAIL = 'Topics that begin with "gpsync." are gpsync''s own.';
        END IF;
    END IF;
    -- Before anything is read that detach() or another call may be changing.
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = stream_history.relation;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is not attached', relation),
            HINT = coalesce((SELECT format('It is a partition of %s: call it for that one.', a.relation)
                             FROM pg_partition_ancestors(relation) AS p JOIN gpsync.attached_tables AS a
                                 ON a.relation = p.relid LIMIT 1), 'SELECT gpsync.attach(...) comes first.');
    ELSIF attached.status_column IS NULL THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s has no status', relation),
            DETAIL = 'It was attached without a machine.';
    END IF;
    PERFORM gpsync_internal.drop_history_triggers(relation);
    SELECT l.label::jsonb - 'history_topic' INTO label FROM pg_seclabel AS l
    WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objoid = relation AND l.objsubid = 0;
    IF topic IS NOT NULL THEN
        label := label || jsonb_build_object('history_topic', topic);
        PERFORM gpsync_internal.create_history_triggers(relation, attached.status_column);
    END IF;
    PERFORM gpsync_internal.record_attachment(relation, label);
END $$;
COMMENT ON FUNCTION gpsync.stream_history(regclass, text) IS
    'Sends an event gpsync.status.changed {key, from, to, at, revision} to the streams that take the topic for every '
    'row of an attached table whose status changes: also a new row (from is null) and a deleted one (to is null), also '
    'by COPY, MERGE, a move to another partition and replication; never for marks, or for what an import brings. '
    'Nothing is sent, and no write is refused, while no stream takes the topic. topic NULL: no such events any more. '
    'The caller owns the table. Errors: 55000 not attached, or without a status; 42501 not the owner; 42602 bad topic';

REVOKE ALL ON FUNCTION gpsync_internal.drop_history_triggers(regclass),
    gpsync_internal.create_history_triggers(regclass, name), gpsync.stream_history(regclass, text) FROM PUBLIC;
