-- Whoever reads an endpoint of a stream reads the stream. So the role that creates a stream must be able to read every
-- row of every table that the stream shows, and remains its owner: gpsync.stream.owner, as a name.

-- As PostgreSQL decides it for a query (check_enable_rls()), from the catalogs alone: the table itself, or a table
-- that it is a partition of, grants SELECT, and no row-level security of that table applies to the role.
CREATE FUNCTION gpsync_internal.may_read_rows(reader oid, relation oid) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM (SELECT may_read_rows.relation
                 UNION SELECT a.relid FROM pg_partition_ancestors(may_read_rows.relation) AS a) AS way (oid)
    JOIN pg_class AS c ON c.oid = way.oid, pg_roles AS r
    WHERE r.oid = reader AND has_table_privilege(r.oid, c.oid, 'SELECT')
        AND (NOT c.relrowsecurity OR r.rolsuper OR r.rolbypassrls
             OR pg_has_role(r.oid, c.relowner, 'USAGE') AND NOT c.relforcerowsecurity)) $$;
COMMENT ON FUNCTION gpsync_internal.may_read_rows(oid, oid) IS
    'Whether a role may read all rows of a table, by itself or through a table it is a partition of: SELECT, and no '
        'row-level security that applies to the role';

CREATE FUNCTION gpsync_internal.refuse_unreadable(publication name, reader oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad regclass;
BEGIN
    SELECT r INTO bad FROM gpsync_internal.publication_relations(publication) AS r
        WHERE NOT gpsync_internal.may_read_rows(reader, r) ORDER BY r::text LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    ELSIF has_table_privilege(reader, bad, 'SELECT') THEN
        RAISE insufficient_privilege USING MESSAGE = format('row-level security of table %s applies to role "%s"',
            bad, pg_get_userbyid(reader)),
            DETAIL = format('Publication "%s" publishes it, and only who may read all rows of a table may stream '
                'it.', publication),
            HINT = 'Let a role with BYPASSRLS, or the table''s owner, create the stream.';
    END IF;
    RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %s', bad),
        DETAIL = format('Publication "%s" publishes it, and only who may read a table may stream it.', publication);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unreadable(name, oid) IS
    'Raises 42501 when a publication publishes rows that a role may not read';

CREATE FUNCTION gpsync_internal.take_ownership_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.stream;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    SELECT * INTO of FROM gpsync.stream AS s WHERE s.stream = take_ownership_as.stream;
    PERFORM gpsync_internal.refuse_bad_endpoints(of.endpoints, caller),
        gpsync_internal.refuse_bad_publication(of.publication, caller);
    UPDATE gpsync.stream AS s SET owner = pg_get_userbyid(caller)
        WHERE s.stream = of.stream AND s.owner <> pg_get_userbyid(caller);
END $$;
COMMENT ON FUNCTION gpsync_internal.take_ownership_as(oid, text) IS 'take_ownership() on behalf of a role';

CREATE FUNCTION gpsync.take_ownership(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.take_ownership(text) IS
    'Makes the caller the owner of a stream, where the present one is gone or may not read all that it shows any '
        'more. Delivery goes on. Errors: 42704 no such stream, or a part of it is missing; 42501 a table the caller '
        'may not read, a server it may not use; 0A000 a publication with filters';

REVOKE ALL ON FUNCTION gpsync_internal.may_read_rows(oid, oid), gpsync_internal.refuse_unreadable(name, oid),
    gpsync_internal.take_ownership_as(oid, text), gpsync.take_ownership(text) FROM PUBLIC;
