-- Home: which server a stream belongs to. A copy of a cluster's files has the same system identifier, slots and
-- streams; started beside the original it must not deliver.

CREATE FUNCTION gpsync_internal.server_home() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_server_home';
COMMENT ON FUNCTION gpsync_internal.server_home() IS
    'This server''s home: the setting gpsync.home, or, where it is empty, the host''s name and the data directory, '
        'as HOST:PATH with symbolic links resolved; bytes that are not printable ASCII are percent-encoded';
REVOKE ALL ON FUNCTION gpsync_internal.server_home() FROM PUBLIC;
