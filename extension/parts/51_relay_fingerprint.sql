-- What tells a relay, and the supervisor, that a stream's configuration is another one than before. (sha256: md5 is
-- switched off where OpenSSL runs in FIPS mode.)

CREATE FUNCTION gpsync.relay_fingerprint(stream text) RETURNS text
    LANGUAGE sql STABLE STRICT SECURITY DEFINER PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
        pg_catalog.to_jsonb(s), pg_catalog.current_database(),
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(f.srvname, f.srvoptions, w.fdwname,
                    (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(m.umuser::pg_catalog.int8, m.umoptions) ORDER BY m.umuser)
                     FROM pg_catalog.pg_user_mapping m WHERE m.umserver = f.oid))
                ORDER BY f.srvname)
         FROM pg_catalog.pg_foreign_server f JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = f.srvfdw
         WHERE f.srvname = ANY (s.endpoints)),
        -- What the decoder redacts: it reads labels and policies when streaming begins, so a relay has to begin again.
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(l.objoid::pg_catalog.int8, l.objsubid, l.label)
                ORDER BY l.objoid, l.objsubid)
         FROM pg_catalog.pg_seclabel l
         WHERE l.provider = 'gpsync' AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass),
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(p.policy, p.rules) ORDER BY p.policy)
         FROM gpsync.policy p))::text, 'UTF8')), 'hex')
    FROM gpsync.stream s WHERE s.stream = relay_fingerprint.stream;
END;
COMMENT ON FUNCTION gpsync.relay_fingerprint(text) IS
    'In: a stream''s name. Out: a digest of everything a relay is configured with (stream, servers, user mappings, what is redacted), without the position; NULL when there is no such stream';
REVOKE ALL ON FUNCTION gpsync.relay_fingerprint(text) FROM PUBLIC;
