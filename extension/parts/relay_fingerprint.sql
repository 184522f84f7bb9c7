-- The fingerprint by which a relay and the supervisor recognise that a stream's configuration has changed. (sha256,
-- because OpenSSL in FIPS mode has no md5.)

CREATE FUNCTION gpsync_internal.key_ring_identity() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_key_ring_identity';
COMMENT ON FUNCTION gpsync_internal.key_ring_identity() IS
    'Tells one key ring from another without saying anything of the keys: their names, a check value of each (a MAC '
    'under a key derived from it, 64 bits), which are current; "none" where gpsync.key_file is not set, "unusable" '
    'where it is and cannot be used';
REVOKE ALL ON FUNCTION gpsync_internal.key_ring_identity() FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_fingerprint(stream text) RETURNS text
    LANGUAGE sql STABLE STRICT SECURITY DEFINER PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
        pg_catalog.to_jsonb(s), pg_catalog.current_database(), gpsync_internal.server_home(),
        (SELECT pg_catalog.count(*) FROM gpsync.skipped_change k WHERE k.stream = s.stream),
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(f.srvname, f.srvoptions, w.fdwname,
                    (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(m.umuser::pg_catalog.int8, m.umoptions)
                        ORDER BY m.umuser)
                     FROM pg_catalog.pg_user_mapping m WHERE m.umserver = f.oid))
                ORDER BY f.srvname)
         FROM pg_catalog.pg_foreign_server f JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = f.srvfdw
         WHERE f.srvname = ANY (s.endpoints)),
        -- What the decoder redacts: it reads labels, policies and keys when streaming begins, so a relay has to begin
        -- again.
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(l.objoid::pg_catalog.int8, l.objsubid, l.label)
                ORDER BY l.objoid, l.objsubid)
         FROM pg_catalog.pg_seclabel l
         WHERE l.provider = 'gpsync' AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objsubid > 0),
        -- For which other tables those labels count: a partition's changes from before it was attached obey them, too.
        (WITH RECURSIVE heir (oid) AS (
             SELECT l.objoid FROM pg_catalog.pg_seclabel l
             WHERE l.provider = 'gpsync' AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objsubid > 0
             UNION
             SELECT i.inhrelid FROM heir h JOIN pg_catalog.pg_inherits i ON i.inhparent = h.oid)
         SELECT pg_catalog.string_agg(h.oid::pg_catalog.text, ' ' ORDER BY h.oid) FROM heir h),
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(p.policy, p.rules) ORDER BY p.policy)
         FROM gpsync.policy p),
        gpsync_internal.key_ring_identity(),
        (SELECT e.extversion FROM pg_catalog.pg_extension e WHERE e.extname = 'gpsync'))::text, 'UTF8')), 'hex')
    FROM gpsync.stream s WHERE s.stream = relay_fingerprint.stream;
END;
COMMENT ON FUNCTION gpsync_internal.relay_fingerprint(text) IS
    'In: a stream''s name. Out: a digest of everything a relay is configured with (stream, home of this server, '
    'servers, user mappings, what is redacted, the extension''s version), without '
    'the position; NULL when there is no such stream';
REVOKE ALL ON FUNCTION gpsync_internal.relay_fingerprint(text) FROM PUBLIC;
