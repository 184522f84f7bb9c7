-- What attach() refuses, a function for each subject. All of them run with the caller's rights.

CREATE FUNCTION gpsync_internal.refuse_relation(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    c pg_class;
    kind text;
BEGIN
    SELECT * INTO c FROM pg_class WHERE oid = relation;
    IF NOT FOUND THEN
        RAISE undefined_table USING MESSAGE = format('relation with OID %s does not exist', relation::oid);
    END IF;
    kind := CASE c.relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table'
        WHEN 'S' THEN 'a sequence' WHEN 'i' THEN 'an index' WHEN 'I' THEN 'an index' WHEN 'c' THEN 'a composite type'
        WHEN 't' THEN 'a TOAST table' END;
    IF kind IS NOT NULL THEN
        RAISE wrong_object_type USING MESSAGE = format('"%s" is not a table', c.relname),
            DETAIL = format('It is %s; only tables and partitioned tables can be attached.', kind),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    ELSIF c.relnamespace IN ('pg_catalog'::regnamespace, 'gpsync'::regnamespace)
          OR c.relnamespace = to_regnamespace('information_schema') THEN
        RAISE insufficient_privilege USING MESSAGE = format('cannot attach system table "%s"', c.relname),
            DETAIL = 'Tables of PostgreSQL and of gpsync itself are never streamed.',
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    ELSIF c.relpersistence <> 'p' THEN
        RAISE wrong_object_type USING
            MESSAGE = format('cannot attach %s table "%s"', CASE c.relpersistence WHEN 'u' THEN 'unlogged'
                ELSE 'temporary' END, c.relname),
            DETAIL = 'Its changes are not in the WAL, so they cannot be streamed.',
            HINT = CASE c.relpersistence WHEN 'u' THEN format('Use ALTER TABLE %s SET LOGGED.', relation)
                ELSE 'Use a permanent table.' END,
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    ELSIF NOT pg_has_role(c.relowner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', c.relname),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_relation(regclass) IS
    'Raises 42809 for what is no permanent table, 42501 for a system table or one the caller does not own';

CREATE FUNCTION gpsync_internal.refuse_not_attached(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RAISE object_not_in_prerequisite_state USING
        MESSAGE = format('%s is not an attached table', coalesce(relation::text, 'null')),
        HINT = 'gpsync.attached_tables lists them; gpsync.attach() puts a table under control.';
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_not_attached(regclass) IS 'Raises 55000: this is none of attached_tables';

CREATE FUNCTION gpsync_internal.refuse_attached(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    other regclass;
BEGIN
    IF EXISTS (SELECT FROM gpsync.attached_tables AS a WHERE a.relation = refuse_attached.relation) THEN
        RAISE duplicate_object USING MESSAGE = format('table %s is already attached', relation),
            HINT = 'To change its machine, status column or publication, call gpsync.detach() first.';
    END IF;
    SELECT a.relation INTO other FROM pg_partition_ancestors(relation) AS p
        JOIN gpsync.attached_tables AS a ON a.relation = p.relid LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is already attached', relation),
            DETAIL = format('It is a partition of %s, which is attached with all its partitions.', other);
    END IF;
    SELECT a.relation INTO other FROM gpsync_internal.partitions(relation) AS p
        JOIN gpsync.attached_tables AS a ON a.relation = p.relid ORDER BY a.relation::text LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('partition %s of table %s is already attached', other, relation),
            HINT = format('Call gpsync.detach(%L) first; attaching %s attaches all its partitions.', other, relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_attached(regclass) IS
    'Raises 42710 for an attached table, 55000 for a partition of one and for a table with an attached partition';

CREATE FUNCTION gpsync_internal.inheriting_tables(relation regclass) RETURNS SETOF regclass
    LANGUAGE sql STABLE STRICT ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE heir (oid) AS (
    SELECT i.inhrelid FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhparent WHERE i.inhparent = relation
        AND c.relkind = 'r'
    UNION
    SELECT i.inhrelid FROM heir AS h JOIN pg_inherits AS i ON i.inhparent = h.oid)
SELECT h.oid::regclass FROM heir AS h $$;
COMMENT ON FUNCTION gpsync_internal.inheriting_tables(regclass) IS
    'The tables that inherit from one, of every level, partitions excepted';

-- A foreign table can be a partition as long as no unique index covers the whole.
CREATE FUNCTION gpsync_internal.refuse_partitions(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad regclass;
BEGIN
    SELECT p.relid INTO bad FROM gpsync_internal.partitions(relation) AS p JOIN pg_class AS c ON c.oid = p.relid
        WHERE c.relkind = 'f' ORDER BY p.relid::text LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING
            MESSAGE = format('cannot attach table %s because its partition %s is a foreign table', relation, bad),
            DETAIL = 'Its rows are on another server, where no trigger of this one stamps them.';
    END IF;
    SELECT p.relid INTO bad FROM gpsync_internal.partitions(relation) AS p JOIN pg_class AS c ON c.oid = p.relid
        WHERE p.isleaf AND c.relpersistence <> 'p' ORDER BY p.relid::text LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING
            MESSAGE = format('cannot attach table %s because its partition %s is unlogged', relation, bad),
            DETAIL = 'The changes of that one are not in the WAL, so they cannot be streamed.',
            HINT = format('Use ALTER TABLE %s SET LOGGED.', bad);
    END IF;
    SELECT i.relation INTO bad FROM gpsync_internal.inheriting_tables(relation) AS i (relation)
        WHERE NOT EXISTS (SELECT FROM gpsync.attached_tables AS a WHERE a.relation = i.relation) ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('cannot attach table %s because table %s inherits from it', relation, bad),
            DETAIL = 'Rows of that one are rows of both, and triggers, keys and publications are not inherited: they '
                     'would be neither stamped nor sent.',
            HINT = format('Attach %s first, with a key of its own, or use ALTER TABLE %1$s NO INHERIT %s.', bad,
                relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_partitions(regclass) IS
    'Raises 42809 for partitions that cannot be streamed, 55000 for tables that inherit and are not attached';

CREATE FUNCTION gpsync_internal.refuse_key(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key name[] := gpsync_internal.key_columns(relation);
    bad regclass;
BEGIN
    IF key IS NULL THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s has no key', relation),
            DETAIL = 'A change is delivered and booked by the key of its row.',
            HINT = 'Add a primary key that is neither deferrable nor WITHOUT OVERLAPS, or choose a unique index with '
                   'ALTER TABLE ... REPLICA IDENTITY USING INDEX.';
    END IF;
    SELECT c.oid INTO bad FROM (SELECT p.relid FROM gpsync_internal.partitions(relation) AS p WHERE p.isleaf
                                UNION SELECT relation) AS l JOIN pg_class AS c ON c.oid = l.relid
        WHERE c.relkind <> 'p' AND (c.relreplident = 'n' OR c.relreplident = 'i' AND NOT EXISTS (
            SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident)) LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s has no replica identity', bad),
            DETAIL = 'PostgreSQL refuses to update or delete rows of a published table without one.',
            HINT = format('Use ALTER TABLE %s REPLICA IDENTITY DEFAULT.', bad);
    END IF;
    SELECT p.relid INTO bad FROM gpsync_internal.partitions(relation) AS p
        WHERE p.isleaf AND gpsync_internal.key_columns(p.relid) IS DISTINCT FROM key LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('partition %s has another key than table %s', bad, relation),
            HINT = 'Give them the same primary key, or choose the same columns with ALTER TABLE ... REPLICA IDENTITY '
                   'USING INDEX, for each partition.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_key(regclass) IS
    'Raises 55000 for a table without a key, without a replica identity, or with partitions that have another key';

CREATE FUNCTION gpsync_internal.refuse_own_columns(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad record;
BEGIN
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, w.wanted, a.attgenerated <> ''
        OR a.attidentity <> '' AS generated INTO bad
        FROM pg_attribute AS a
        JOIN (VALUES ('sync_status', 'character varying(20)'), ('last_sync_timestamp', 'timestamp with time zone'),
                     ('sync_revision', 'bigint')) AS w (name, wanted) ON w.name = a.attname
        WHERE a.attrelid = relation AND NOT a.attisdropped AND (a.attgenerated <> '' OR a.attidentity <> '' OR NOT
            CASE a.attname
                WHEN 'sync_status' THEN a.atttypid = 'text'::regtype
                    OR a.atttypid = 'varchar'::regtype AND (a.atttypmod = -1 OR a.atttypmod - 4 >= length('COMPLETED'))
                WHEN 'last_sync_timestamp' THEN a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
                ELSE a.atttypid = 'bigint'::regtype END)
        ORDER BY a.attnum LIMIT 1;
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of table %s cannot be used by gpsync', bad.attname, relation),
            DETAIL = CASE WHEN bad.generated THEN 'It is a generated or identity column.'
                          ELSE format('It is of type %s; gpsync needs %s.', bad.type, bad.wanted) END,
            HINT = format('Change its type, or rename it: gpsync adds a column "%s" of its own.', bad.attname);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_own_columns(regclass) IS
    'Raises 42804 when a column that attach() would add is there already with a type that does not do';

CREATE FUNCTION gpsync_internal.pii_of_name(column_name name) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_pii_of_name';
COMMENT ON FUNCTION gpsync_internal.pii_of_name(name) IS
    'What the name of a column says its values are, by the key words of payments@1, as the name of a detector; NULL: '
    'no PII';

CREATE FUNCTION gpsync_internal.warn_of_pii_in_key(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    column_name name;
BEGIN
    FOREACH column_name IN ARRAY gpsync_internal.key_columns(relation) LOOP
        IF gpsync_internal.pii_of_name(column_name) IS NOT NULL THEN
            RAISE WARNING USING ERRCODE = '01000',
                MESSAGE = format('key column "%s" of table %s looks like PII (%s)', column_name, relation,
                    gpsync_internal.pii_of_name(column_name)),
                DETAIL = 'The key of a row is sent with each of its changes and cannot be redacted: nothing could be '
                         'booked without it.',
                HINT = 'Identify rows by a token or a surrogate key.';
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_pii_in_key(regclass) IS
    'Warns where the name of a key column says that it holds PII';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_relation(regclass), gpsync_internal.refuse_not_attached(regclass),
    gpsync_internal.refuse_attached(regclass),
    gpsync_internal.inheriting_tables(regclass), gpsync_internal.refuse_partitions(regclass),
        gpsync_internal.refuse_key(regclass),
    gpsync_internal.refuse_own_columns(regclass), gpsync_internal.warn_of_pii_in_key(regclass) FROM PUBLIC;
