-- One row is sent again: sync_row() in the caller's transaction, the procedures ..._now() with a COMMIT and a wait for
-- the row's mark. The row is found and updated as the caller, whose privileges and row-level security decide.

CREATE FUNCTION gpsync.sync_row(relation regclass, INOUT key jsonb, OUT revision bigint, OUT sync_status text)
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_sync_row';
COMMENT ON FUNCTION gpsync.sync_row(regclass, jsonb) IS
    'Sends one row of an attached table again, with the COMMIT of the calling transaction: an UPDATE of the caller''s, '
    'who needs SELECT and UPDATE on the table. Waits for nobody. Gives the row''s key, its new revision and status. '
    'Errors: 55000 not attached; 22023 the key does not fit; P0002 no such row; 55P03 the row is locked; those of '
    'UPDATE';

CREATE FUNCTION gpsync.sync_provision_status(provision_id text, OUT key jsonb, OUT revision bigint,
    OUT sync_status text)
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_sync_provision_status';
COMMENT ON FUNCTION gpsync.sync_provision_status(text) IS
    'sync_row() for the attached table provision_status, in whatever schema it is. Errors: also 21000, several tables '
    'of that name are attached';

CREATE FUNCTION gpsync.sync_token_status(token_id text, OUT key jsonb, OUT revision bigint, OUT sync_status text)
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_sync_token_status';
COMMENT ON FUNCTION gpsync.sync_token_status(text) IS
    'sync_row() for the attached table token_status, in whatever schema it is. Errors: also 21000, several tables of '
    'that name are attached';

CREATE PROCEDURE gpsync.sync_row_now(relation regclass, key jsonb, timeout interval DEFAULT '5s',
    INOUT outcome text DEFAULT NULL, INOUT revision bigint DEFAULT NULL)
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_sync_row_now';
COMMENT ON PROCEDURE gpsync.sync_row_now(regclass, jsonb, interval, text, bigint) IS
    'sync_row(), COMMIT, and a wait for the row. outcome: COMPLETED (every endpoint took this revision), FAILED (one '
    'refused it for good), PENDING (time is up; it is delivered later), SUPERSEDED (the row was changed or deleted '
    'meanwhile, and that is sent), BUSY (another session does the same with this row; nothing was done). Errors: those '
    'of sync_row(), 55P03 when the row is still locked after the timeout; 25001 in a transaction block';

CREATE PROCEDURE gpsync.sync_provision_status_now(provision_id text, timeout interval DEFAULT '5s',
    INOUT outcome text DEFAULT NULL, INOUT revision bigint DEFAULT NULL)
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_sync_provision_status_now';
COMMENT ON PROCEDURE gpsync.sync_provision_status_now(text, interval, text, bigint) IS
    'sync_row_now() for the attached table provision_status';

CREATE PROCEDURE gpsync.sync_token_status_now(token_id text, timeout interval DEFAULT '5s',
    INOUT outcome text DEFAULT NULL, INOUT revision bigint DEFAULT NULL)
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_sync_token_status_now';
COMMENT ON PROCEDURE gpsync.sync_token_status_now(text, interval, text, bigint) IS
    'sync_row_now() for the attached table token_status';

REVOKE ALL ON FUNCTION gpsync.sync_row(regclass, jsonb), gpsync.sync_provision_status(text),
    gpsync.sync_token_status(text) FROM PUBLIC;
REVOKE ALL ON PROCEDURE gpsync.sync_row_now(regclass, jsonb, interval, text, bigint),
    gpsync.sync_provision_status_now(text, interval, text, bigint),
    gpsync.sync_token_status_now(text, interval, text, bigint) FROM PUBLIC;
