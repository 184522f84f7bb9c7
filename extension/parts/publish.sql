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

-- From PostgreSQL 18 on a publication says whether it has stored generated columns, and the server refuses UPDATE and
-- DELETE where it lacks one of the replica identity. The decoder sends them in any case.
CREATE FUNCTION gpsync_internal.publication_options() RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'publish_via_partition_root = true'
    || CASE WHEN current_setting('server_version_num')::integer >= 180000
            THEN ', publish_generated_columns = stored' ELSE '' END $$;
COMMENT ON FUNCTION gpsync_internal.publication_options() IS 'The options of the publications that gpsync makes';

-- Before PostgreSQL 18 pg_publication has no pubgencols, and nothing is found. A column list that has the column
-- publishes it.
CREATE FUNCTION gpsync_internal.unpublished_identity(relation regclass)
    RETURNS TABLE (part regclass, column_name name, publication name, fix text)
    LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT DISTINCT ON (p.relid, q.pubname) p.relid, a.attname, q.pubname,
       CASE WHEN a.attgenerated = 's' THEN format('ALTER PUBLICATION %I SET (publish_generated_columns = stored)',
                q.pubname)
            ELSE format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', p.relid) END
FROM gpsync_internal.partitions(relation) AS p JOIN pg_class AS c ON c.oid = p.relid
JOIN pg_attribute AS a ON a.attrelid = p.relid AND NOT a.attisdropped AND a.attgenerated <> ''
JOIN pg_publication AS q ON (q.pubupdate OR q.pubdelete)
    AND (to_jsonb(q) ->> 'pubgencols' = 'n' OR a.attgenerated = 'v')
WHERE p.isleaf AND gpsync_internal.publication_covers(q.pubname, p.relid)
    AND (c.relreplident = 'f'
         OR c.relreplident IN ('d', 'i') AND a.attname = ANY (gpsync_internal.key_columns(p.relid))
             AND NOT EXISTS (SELECT FROM pg_publication_rel AS r WHERE r.prpubid = q.oid AND r.prattrs IS NOT NULL
                 AND r.prrelid IN (SELECT p.relid UNION SELECT t.relid FROM pg_partition_ancestors(p.relid) AS t)))
ORDER BY p.relid, q.pubname, a.attgenerated DESC, a.attnum $$;
COMMENT ON FUNCTION gpsync_internal.unpublished_identity(regclass) IS
    'The publications for which PostgreSQL refuses to update or delete rows of a table or its partition: the replica '
    'identity has a generated column that they do not publish. With the SQL that mends it';

CREATE FUNCTION gpsync_internal.refuse_unpublished_identity(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad record;
BEGIN
    SELECT u.* INTO bad FROM gpsync_internal.unpublished_identity(relation) AS u LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('column "%s" in the replica identity of table %s is generated, and publication "%s" does '
                             'not publish it', bad.column_name, bad.part, bad.publication),
            DETAIL = 'PostgreSQL refuses to update or delete rows of such a table.',
            HINT = format('Use %s.', bad.fix);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unpublished_identity(regclass) IS
    'Raises 55000 for a published table whose rows PostgreSQL 18 does not let anybody update or delete';

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
        EXECUTE format('CREATE PUBLICATION %I FOR TABLE ONLY %s WITH (%s%s)',
            publication, relation, gpsync_internal.publication_options(), CASE WHEN EXISTS (
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
    gpsync_internal.refuse_publication_owner(name, regclass), gpsync_internal.publication_options(),
    gpsync_internal.unpublished_identity(regclass), gpsync_internal.refuse_unpublished_identity(regclass),
    gpsync_internal.publish(regclass, name), gpsync_internal.unpublish(regclass, name) FROM PUBLIC;
