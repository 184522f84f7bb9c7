-- A WARNING for commands that take rows out of control, or that bring in rows which were never stamped.

CREATE FUNCTION gpsync_internal.arrived_partitions(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_arrived_partitions';
COMMENT ON FUNCTION gpsync_internal.arrived_partitions(pg_ddl_command) IS
    'The tables that an ALTER TABLE has attached as partitions';

CREATE FUNCTION gpsync_internal.warn_of_tables() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    altered record;
    partition regclass;
    distrusting boolean := false;
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.attached_tables) THEN
        RETURN;
    END IF;
    FOR altered IN
        SELECT c.oid::regclass AS relation, c.relispartition, c.relpersistence, c.relkind, a.attached,
               CASE WHEN a.attached IS NOT NULL THEN gpsync_internal.arrived_partitions(d.command) END AS arrived
        FROM pg_event_trigger_ddl_commands() AS d JOIN pg_class AS c ON c.oid = d.objid
        CROSS JOIN LATERAL (SELECT gpsync_internal.attached_ancestor(c.oid)) AS a (attached)
        WHERE d.classid = 'pg_class'::regclass AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    LOOP
        CONTINUE WHEN altered.attached IS NULL;
        IF NOT altered.relispartition AND altered.attached <> altered.relation THEN
            RAISE WARNING USING ERRCODE = '01000',
                MESSAGE = format('table %s inherits from attached table %s and is not under its control',
                    altered.relation, altered.attached),
                DETAIL = 'Triggers, keys and publications are not inherited: its rows are neither stamped nor sent.',
                HINT = format('Give it a key and SELECT gpsync.attach(%L), or use ALTER TABLE %s NO INHERIT %s.',
                    altered.relation, altered.relation, altered.attached);
        ELSIF altered.relpersistence = 'u' AND altered.relkind = 'r' THEN
            RAISE WARNING USING ERRCODE = '01000',
                MESSAGE = format('table %s is unlogged now: its changes are not sent', altered.relation),
                DETAIL = 'They are not in the WAL.', HINT = format('ALTER TABLE %s SET LOGGED;', altered.relation);
        END IF;
        FOREACH partition IN ARRAY altered.arrived::regclass[] LOOP
            distrusting := true;
            PERFORM gpsync_internal.distrust_partition(partition, altered.attached);
            distrusting := false;
            IF EXISTS (SELECT FROM gpsync_internal.partitions(partition) AS p,
                           LATERAL gpsync_internal.unbooked_rows(p.relid, NULL, clock_timestamp() + interval '1 s') AS u
                               WHERE p.isleaf AND u.unstamped > 0) THEN
                RAISE WARNING USING ERRCODE = '01000',
                    MESSAGE = format('partition %s brings rows into attached table %s that were never stamped',
                    partition, altered.attached),
                    DETAIL = 'Nothing has checked their states, and they are sent when they change.',
                    HINT = format(
                        'To send them now: UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status IS NULL;',
                    partition);
            END IF;
        END LOOP;
    END LOOP;
EXCEPTION WHEN OTHERS THEN
    -- Else a batch that is taken back would overwrite what others have written.
    IF distrusting THEN
        RAISE;
    END IF;
    -- A warning that cannot be given is no reason to refuse the command.
    RAISE WARNING 'gpsync could not look at the tables of this command: %', SQLERRM USING ERRCODE = SQLSTATE;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_tables() IS
    'Warns of tables that inherit from an attached one, of attached tables that become unlogged, and of partitions '
    'attached with rows that were never stamped';

CREATE EVENT TRIGGER gpsync_warn_of_tables ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE SCHEMA')
    EXECUTE FUNCTION gpsync_internal.warn_of_tables();
ALTER EVENT TRIGGER gpsync_warn_of_tables ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_warn_of_tables IS 'Warns where rows slip out of control';

REVOKE ALL ON FUNCTION gpsync_internal.arrived_partitions(pg_ddl_command), gpsync_internal.warn_of_tables() FROM PUBLIC;
