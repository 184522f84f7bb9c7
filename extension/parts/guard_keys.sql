-- A labelled column cannot become part of a key: a key is sent as it is, so the stream would stop at the next change.
-- The doctor finds every other way to that state (dropping the index of a replica identity).

CREATE FUNCTION gpsync_internal.guard_keys() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad record;
BEGIN
    -- Most commands are about tables that have no label and are in no hierarchy.
    IF NOT EXISTS (SELECT FROM pg_seclabel AS l WHERE l.provider = 'gpsync' AND l.objsubid > 0)
       OR NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d
                      WHERE EXISTS (SELECT FROM pg_seclabel AS l WHERE l.provider = 'gpsync' AND l.classoid = d.classid
                          AND l.objoid = d.objid AND l.objsubid > 0)
                          OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = d.objid)
                          OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = d.objid)) THEN
        RETURN;
    END IF;
    SELECT k.* INTO bad FROM gpsync_internal.labelled_keys() AS k
        WHERE EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d
                      WHERE d.classid = 'pg_class'::regclass AND (d.objid IN (k.labelled, k.relation)
                          OR d.objid IN (SELECT a.relid FROM pg_partition_ancestors(k.relation) AS a))) LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = CASE bad.source WHEN bad.column_name
                THEN format('column "%s" cannot be part of the key of table %s and have security label "%s"',
                    bad.column_name, bad.relation, bad.rule)
                ELSE format('column "%s" cannot be part of the key of table %s and be computed from column "%s", which '
                            'has security label "%s"',
                            bad.column_name, bad.relation, bad.source, bad.rule) END,
            DETAIL = 'The key of a row is sent with each of its changes and cannot be redacted: nothing could be '
                     'booked without it.',
            HINT = format('Choose another key, or take the label away: SELECT gpsync.redact_in_stream(%L, %L, NULL)',
                bad.labelled, bad.source),
            SCHEMA = (SELECT c.relnamespace::regnamespace::text FROM pg_class AS c WHERE c.oid = bad.relation),
            TABLE = (SELECT c.relname FROM pg_class AS c WHERE c.oid = bad.relation), COLUMN = bad.column_name;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.guard_keys() IS
    'Refuses (0A000) a primary key or replica identity over a column whose security label redacts it';
REVOKE ALL ON FUNCTION gpsync_internal.guard_keys() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_keys ON ddl_command_end WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE', 'SECURITY LABEL')
    EXECUTE FUNCTION gpsync_internal.guard_keys();
ALTER EVENT TRIGGER gpsync_guard_keys ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_keys IS 'Keeps labelled columns out of keys';
