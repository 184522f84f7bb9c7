-- A role that can create objects in schema gpsync can get them called with the extension's rights. So a schema that
-- exists already must belong to a superuser, be closed to others, and be empty.
DO $$
DECLARE
    schema record;
    planted text;
BEGIN
    SELECT n.oid, n.nspowner, r.rolname, r.rolsuper,
           EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) AS a
                   WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner) AS open
    INTO schema
    FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
    WHERE n.nspname = 'gpsync';
    IF NOT schema.rolsuper THEN
        RAISE insufficient_privilege USING
            MESSAGE = 'schema "gpsync" exists already and does not belong to a superuser',
            DETAIL = pg_catalog.format('It belongs to role "%s", who could change what the extension does.',
                schema.rolname),
            HINT = 'DROP SCHEMA gpsync, or ALTER SCHEMA gpsync OWNER TO CURRENT_USER.';
    ELSIF schema.open THEN
        RAISE insufficient_privilege USING MESSAGE = 'others may create objects in schema "gpsync"',
            HINT = 'REVOKE CREATE ON SCHEMA gpsync FROM those that \dn+ gpsync shows.';
    END IF;
    SELECT pg_catalog.pg_describe_object(d.classid, d.objid, 0) INTO planted
    FROM pg_catalog.pg_depend AS d
    WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.refobjid = schema.oid
        AND d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
    LIMIT 1;
    IF FOUND THEN
        RAISE duplicate_object USING MESSAGE = 'schema "gpsync" exists already and is not empty',
            DETAIL = pg_catalog.format('It contains %s.', planted), HINT = 'Move or drop what is in it first.';
    END IF;
END $$;

-- Functions that nobody calls by hand: what the API, triggers, views, relays and supervisors are made of.
CREATE SCHEMA gpsync_internal;
COMMENT ON SCHEMA gpsync_internal IS 'What gpsync is made of; what is there to be called is in schema gpsync';
