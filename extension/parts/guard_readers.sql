-- The streams of a publication show a new table at once. So a command that adds a table, or that restricts its readers
-- (row-level security), is refused if the owner of a stream may not read the whole table then. The doctor finds revoked
-- privileges and dropped roles.

-- The parse trees have facts that are no longer in the catalogs when the command ends.
CREATE FUNCTION gpsync_internal.departed_tables(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_departed_tables';
COMMENT ON FUNCTION gpsync_internal.departed_tables(pg_ddl_command) IS
    'Which tables an ALTER TABLE has taken from a partitioned table or a parent: child, parent, child, parent, ...; '
        'all of the name, where the server gives no more';

CREATE FUNCTION gpsync_internal.guard_readers() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    leaves oid[];
    bad record;
BEGIN
    -- A stream out of a dump has no position and delivers nothing: recreate_stream() checks it. Superusers may read
    -- all.
    IF NOT EXISTS (SELECT FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
                   LEFT JOIN pg_roles AS o ON o.rolname = s.owner WHERE o.rolsuper IS NOT TRUE) THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d LEFT JOIN pg_class AS c ON c.oid = d.objid
                   WHERE d.classid <> 'pg_class'::regclass OR c.relkind IN ('r', 'p') AND c.relpersistence = 'p') THEN
        RETURN;
    END IF;
    leaves := ARRAY(
        WITH command AS MATERIALIZED (SELECT d.classid, d.objid, d.command FROM pg_event_trigger_ddl_commands() AS d),
        changed (oid) AS (
            SELECT c.objid FROM command AS c WHERE c.classid = 'pg_class'::regclass
            UNION SELECT unnest(gpsync_internal.departed_tables(c.command)) FROM command AS c
                WHERE c.classid = 'pg_class'::regclass
            UNION SELECT r.prrelid FROM command AS c
                JOIN pg_publication_rel AS r ON c.classid = 'pg_publication_rel'::regclass AND r.oid = c.objid
            UNION SELECT t.oid FROM command AS c
                JOIN pg_publication_namespace AS n
                    ON c.classid = 'pg_publication_namespace'::regclass AND n.oid = c.objid
                JOIN pg_class AS t ON t.relnamespace = n.pnnspid AND t.relkind IN ('r', 'p'))
        SELECT DISTINCT l.relid::oid FROM changed AS c CROSS JOIN LATERAL gpsync_internal.partitions(c.oid) AS l
        JOIN pg_class AS t ON t.oid = l.relid
        WHERE l.isleaf AND t.relkind = 'r' AND t.relpersistence = 'p'
            AND t.relnamespace NOT IN ('gpsync'::regnamespace, 'pg_catalog'::regnamespace));
    WITH live AS MATERIALIZED (
        SELECT s.publication, s.owner FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream),
    created AS MATERIALIZED (
        SELECT l.* FROM live AS l JOIN pg_publication AS n ON n.pubname = l.publication
        JOIN pg_event_trigger_ddl_commands() AS c ON c.classid = 'pg_publication'::regclass AND c.objid = n.oid
            AND c.command_tag = 'CREATE PUBLICATION'),
    shown (publication, owner, relation) AS (
        SELECT s.publication, s.owner, l.oid FROM live AS s, unnest(leaves) AS l (oid)
        WHERE gpsync_internal.publication_covers(s.publication, l.oid)
        UNION
        SELECT s.publication, s.owner, r FROM created AS s, gpsync_internal.publication_relations(s.publication) AS r)
    SELECT s.publication, s.owner, t.root AS relation, o.oid IS NULL AS gone,
           has_table_privilege(o.oid, t.root, 'SELECT')
           OR has_table_privilege(o.oid, s.relation, 'SELECT') AS restricted
    INTO bad FROM shown AS s
    CROSS JOIN LATERAL (SELECT coalesce(pg_partition_root(s.relation), s.relation::regclass)) AS t (root)
    LEFT JOIN pg_roles AS o ON o.rolname = s.owner
    WHERE o.oid IS NULL OR NOT o.rolsuper AND NOT gpsync_internal.may_read_rows(o.oid, s.relation)
    ORDER BY s.relation::regclass::text LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Roles, publications and tables are no secrets; which streams there are is for readers of stream_status.
    RAISE insufficient_privilege USING
        MESSAGE = format('table %s cannot be published by publication "%s"', bad.relation, bad.publication),
        DETAIL = format('The publication is streamed by role "%s", which %s.', bad.owner,
                        CASE WHEN bad.gone THEN 'does not exist'
                             WHEN bad.restricted THEN 'row-level security of the table applies to'
                             ELSE 'may not read the table' END),
        HINT = CASE WHEN bad.gone OR bad.restricted
            THEN 'Let a role that may read all its rows (BYPASSRLS, the owner) take the stream over with '
                'gpsync.take_ownership() first.'
            ELSE format('GRANT SELECT ON %s TO %I first (for a table to come: ALTER DEFAULT PRIVILEGES), or let a role '
                'that may read it take the stream over with gpsync.take_ownership().', bad.relation, bad.owner) END;
END $$;
COMMENT ON FUNCTION gpsync_internal.guard_readers() IS
    'Refuses (42501) what brings a table into the publication of a stream whose owner may not read all its rows';
REVOKE ALL ON FUNCTION gpsync_internal.departed_tables(pg_ddl_command), gpsync_internal.guard_readers() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_readers ON ddl_command_end
    WHEN TAG IN ('CREATE PUBLICATION', 'ALTER PUBLICATION', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO',
        'ALTER TABLE', 'CREATE SCHEMA',
                 'CREATE EXTENSION', 'ALTER EXTENSION')
    EXECUTE FUNCTION gpsync_internal.guard_readers();
ALTER EVENT TRIGGER gpsync_guard_readers ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_readers
    IS 'Keeps tables that the owner of a stream may not read out of its publication';
