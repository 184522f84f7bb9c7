-- The supervisor of this database, if there is one, reads the streams as soon as they have changed.

CREATE FUNCTION gpsync_internal.wake_supervisor() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME',
    'gpsync_wake_supervisor';
COMMENT ON FUNCTION gpsync_internal.wake_supervisor() IS
    'Trigger: lets the supervisor read gpsync.stream when the transaction has committed';
REVOKE ALL ON FUNCTION gpsync_internal.wake_supervisor() FROM PUBLIC;

CREATE TRIGGER wake_supervisor AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.stream
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.wake_supervisor();
