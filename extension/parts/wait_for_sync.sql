-- Waiting for delivery, for applications that must not continue before the endpoints have the change.

CREATE FUNCTION gpsync.wait_for_sync(lsn pg_lsn DEFAULT NULL, stream text DEFAULT NULL, timeout interval DEFAULT '30s')
    RETURNS boolean LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_wait_for_sync';
COMMENT ON FUNCTION gpsync.wait_for_sync(pg_lsn, text, interval) IS
    'True once everything committed before lsn (default: now) is booked, that is taken by every endpoint of the stream '
    'or in its dead letters, and its row is marked (no mark of it waits in gpsync.deferred_mark); false when the '
    'timeout ends first. Without a stream: all streams of the database with bookkeeping, paused ones included; a '
    'stream without bookkeeping is waited for by name, until it is delivered. Errors: 25001 the transaction has '
    'written; 42704 no such stream, or none that keeps books; 22023 an LSN that is not written yet, a negative '
    'timeout; 55000 the slot is gone or lost, recovery in progress';
REVOKE ALL ON FUNCTION gpsync.wait_for_sync(pg_lsn, text, interval) FROM PUBLIC;
