-- The publication of an attached table. With the rights of the caller.

-- Whether a publication has the table already: by name, by its schema, by a partitioned ancestor, or with all tables.
CREATE FUNCTION gpsync_internal.publication_covers(publication name, relation regclass) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM pg_publication AS p
    WHERE p.pubname = publication
      AND (p.puballtables
           OR EXISTS (SELECT FROM pg_publication_rel AS r
                      WHERE r.prpubid = p.oid
                        AND r.prrelid IN (SELECT relation UNION SELECT a.relid FROM pg_partition_ancestors(relation)
                            AS a))
           OR EXISTS (SELECT FROM pg_publication_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.pnnspid
                      WHERE n.pnpubid = p.oid
                        AND c.oid IN (SELECT relation UNION SELECT a.relid FROM pg_partition_ancestors(relation)
                            AS a)))) $$;
COMMENT ON FUNCTION gpsync_internal.publication_covers(name, regclass) IS
    'Whether a publication has a table: by name, by its schema, by an ancestor, or with all tables';

CREATE FUNCTION gpsync_internal.refuse_publication_owner(publication name, relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := (SELECT pubowner FROM pg_publication WHERE pubname = publication);
BEGIN
    IF NOT pg_has_role(owner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of publication %s', publication),
            DETAIL = format('Table %s is added to or taken from the publication.', relation),
            HINT = format('Its owner "%s" or a superuser can use ALTER PUBLICATION %I ADD (or DROP) TABLE %s first.',
                          owner::regrole, publication, relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_publication_owner(name, regclass) IS
    'Raises 42501 when the caller may not change the publication';

CREATE FUNCTION gpsync_internal.publish(relation regclass, publication name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF gpsync_internal.publication_covers(publication, relation) THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM pg_publication WHERE pubname = publication) THEN
        PERFORM gpsync_internal.refuse_publication_owner(publication, relation);
        EXECUTE format('ALTER PUBLICATION %I ADD TABLE ONLY %s', publication, relation);
    ELSIF NOT has_database_privilege(current_database(), 'CREATE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied to create publication "%s"', publication),
            DETAIL = format('Role "%s" lacks CREATE on database "%s".', current_user, current_database()),
            HINT = format('Use GRANT CREATE ON DATABASE %I TO %I, or let a superuser create the publication with this '
                          'table.',
                          current_database(), current_user);
    ELSE
        -- TRUNCATE of a shard cannot be delivered.
        EXECUTE format('CREATE PUBLICATION %I FOR TABLE ONLY %s WITH (publish_via_partition_root = true%s)',
            publication, relation, CASE WHEN EXISTS (
                SELECT FROM gpsync_internal.shard_of(relation) AS s WHERE s.number IS NOT NULL)
                THEN ', publish = ''insert, update, delete''' ELSE '' END);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.publish(regclass, name) IS
    'Adds a table to a publication that does not have it, and creates the publication where it is missing. Errors: '
    '42501';

CREATE FUNCTION gpsync_internal.unpublish(relation regclass, publication name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
               WHERE p.pubname = publication AND r.prrelid = relation) THEN
        PERFORM gpsync_internal.refuse_publication_owner(publication, relation);
        EXECUTE format('ALTER PUBLICATION %I DROP TABLE %s', publication, relation);
    END IF;
    IF gpsync_internal.publication_covers(publication, relation) THEN
        RAISE NOTICE USING MESSAGE = format('publication "%s" still has table %s', publication, relation),
            DETAIL = 'It publishes all tables, those of its schema, or a table it is a partition of: its changes are '
                     'still streamed.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.unpublish(regclass, name) IS
    'Takes a table out of a publication that lists it, and says so where the publication has it all the same. Errors: '
    '42501';

REVOKE ALL ON FUNCTION gpsync_internal.publication_covers(name, regclass),
    gpsync_internal.refuse_publication_owner(name, regclass),
    gpsync_internal.publish(regclass, name), gpsync_internal.unpublish(regclass, name) FROM PUBLIC;
