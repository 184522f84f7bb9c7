-- Shards of tables that Citus distributes. On a server that has them (a worker, or a coordinator that takes shards),
-- each shard is a table of its own, and is attached, stamped, published and booked as one; the label of its attachment
-- has its number, and the decoder streams it under the name of the distributed table (src/pg/shown_name.h).
-- Citus' catalogs are asked here, in transactions of the server, and never while WAL is decoded.

-- A table called pg_dist_shard that does not belong to the extension says nothing.
CREATE FUNCTION gpsync_internal.has_citus() RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT count(*) = 4
FROM pg_class AS c
JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
    AND d.refclassid = 'pg_extension'::regclass
JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'citus'
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
    AND c.relname IN ('pg_dist_shard', 'pg_dist_placement', 'pg_dist_partition', 'pg_dist_local_group') $$;
COMMENT ON FUNCTION gpsync_internal.has_citus() IS
    'Whether this database has the extension citus, and with it the catalogs of distributed tables';

-- A long name is cut, and has eight hexadecimal digits of a hash before the number. Such a name does not say what the
-- distributed table is called.
CREATE FUNCTION gpsync_internal.is_shard_name(shard name, distributed name, number bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT shard::text = distributed::text || '_' || number
    OR octet_length(distributed::text || '_' || number) > 63
        AND shard ~ ('_[0-9a-f]{8}_' || number || '$')
        AND starts_with(distributed::text, regexp_replace(shard::text, E'_[0-9a-f]{8}_\\d+$', '')) $$;
COMMENT ON FUNCTION gpsync_internal.is_shard_name(name, name, bigint) IS
    'Whether a table''s name is that of a shard, as Citus names it';

CREATE FUNCTION gpsync_internal.shard_of(relation oid, OUT number bigint, OUT distributed regclass,
    OUT placements bigint)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF gpsync_internal.has_citus() THEN
        SELECT s.shardid, s.logicalrelid,
               (SELECT count(*) FROM pg_catalog.pg_dist_placement AS p WHERE p.shardid = s.shardid AND p.shardstate = 1)
        INTO number, distributed, placements
        FROM pg_class AS c JOIN pg_catalog.pg_dist_shard AS s
            ON s.shardid = substring(c.relname::text FROM E'_([1-9]\\d{0,17})$')::bigint
        JOIN pg_class AS d ON d.oid = s.logicalrelid AND d.relnamespace = c.relnamespace AND d.oid <> c.oid
        WHERE c.oid = relation AND gpsync_internal.is_shard_name(c.relname, d.relname, s.shardid);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.shard_of(oid) IS
    'Which shard of which distributed table a table is, and on how many servers it is; NULL: it is no shard';

CREATE FUNCTION gpsync_internal.is_shard(relation oid, number bigint) RETURNS boolean
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce((SELECT s.number = is_shard.number FROM gpsync_internal.shard_of(relation) AS s), false) $$;
COMMENT ON FUNCTION gpsync_internal.is_shard(oid, bigint) IS
    'Whether a table is a shard with this number; record_attachment() asks, whoever calls it';

CREATE FUNCTION gpsync_internal.is_distributed(relation oid) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT gpsync_internal.has_citus() THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM pg_catalog.pg_dist_partition AS p WHERE p.logicalrelid = relation);
END $$;
COMMENT ON FUNCTION gpsync_internal.is_distributed(oid) IS 'Whether Citus keeps the rows of a table in shards';

CREATE FUNCTION gpsync_internal.local_shards()
    RETURNS TABLE (distributed regclass, number bigint, relation regclass)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF gpsync_internal.has_citus() THEN
        RETURN QUERY
        SELECT s.logicalrelid, s.shardid, c.oid::regclass
        FROM pg_catalog.pg_dist_local_group AS l
        JOIN pg_catalog.pg_dist_placement AS p ON p.groupid = l.groupid AND p.shardstate = 1
        JOIN pg_catalog.pg_dist_shard AS s ON s.shardid = p.shardid
        JOIN pg_class AS d ON d.oid = s.logicalrelid
        JOIN pg_class AS c ON c.relnamespace = d.relnamespace AND c.oid <> d.oid AND c.relkind IN ('r', 'p')
            AND gpsync_internal.is_shard_name(c.relname, d.relname, s.shardid);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.local_shards() IS 'The shards that Citus keeps on this server';

-- The number that the label of a shard has, whatever Citus says by now.
CREATE FUNCTION gpsync_internal.attached_shard(relation oid, OUT number bigint, OUT distributed_name name)
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s.number, CASE WHEN c.relname::text LIKE E'%\\_' || s.number AND NOT EXISTS (
    SELECT FROM pg_class AS d WHERE d.relname = s.name AND d.relnamespace = c.relnamespace AND d.relowner <> c.relowner)
    THEN s.name END
FROM pg_class AS c
JOIN pg_seclabel AS l ON l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objoid = c.oid
    AND l.objsubid = 0
CROSS JOIN LATERAL (SELECT (l.label::jsonb ->> 'shard')::bigint,
    left(c.relname::text, -1 - length(l.label::jsonb ->> 'shard'))::name) AS s (number, name)
WHERE c.oid = relation $$;
COMMENT ON FUNCTION gpsync_internal.attached_shard(oid) IS
    'Of a table that is attached as a shard: its number, and under which table''s name it is streamed, NULL where its '
    'name does not end with the number, or the table of the name before it is somebody else''s';

CREATE FUNCTION gpsync_internal.tables_named(schema_name name, table_name name) RETURNS SETOF regclass
    LANGUAGE sql STABLE STRICT ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
WITH named AS (
    SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = tables_named.schema_name AND c.relname = tables_named.table_name
        AND gpsync_internal.attached_ancestor(c.oid) IS NOT NULL)
SELECT n.oid::regclass FROM named AS n
UNION ALL
SELECT c.oid::regclass
FROM pg_seclabel AS l JOIN pg_class AS c ON c.oid = l.objoid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT EXISTS (SELECT FROM named) AND l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objsubid = 0
    AND n.nspname = tables_named.schema_name AND l.label::jsonb ? 'shard'
    AND c.relname::text = tables_named.table_name::text || '_' || (l.label::jsonb ->> 'shard') $$;
COMMENT ON FUNCTION gpsync_internal.tables_named(name, name) IS
    'The attached tables that are streamed under a name: the table itself, or shards of it';

CREATE FUNCTION gpsync_internal.tables_of_shard(relation oid) RETURNS SETOF oid
    LANGUAGE sql STABLE STRICT ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT d.oid
FROM pg_class AS c, LATERAL gpsync_internal.attached_shard(c.oid) AS s
JOIN pg_class AS d ON d.relname = s.distributed_name
WHERE c.oid = relation AND d.relnamespace = c.relnamespace $$;
COMMENT ON FUNCTION gpsync_internal.tables_of_shard(oid) IS
    'The distributed table of a table that is attached as a shard: under its name the books know the rows';

-- What attach() refuses of tables of Citus. publication may not exist yet.
CREATE FUNCTION gpsync_internal.refuse_shard(relation regclass, publication name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    shard record;
    missing text;
BEGIN
    IF gpsync_internal.is_distributed(relation) THEN
        RAISE wrong_object_type USING MESSAGE = format('table %s is distributed: its rows are in its shards', relation),
            HINT = format('On each server that has shards of it: SELECT gpsync.attach_shards(%L)', relation);
    END IF;
    SELECT * INTO shard FROM gpsync_internal.shard_of(relation);
    IF shard.number IS NULL THEN
        RETURN;
    END IF;
    SELECT string_agg(w.definition, ', ' ORDER BY w.n) INTO missing
    FROM (VALUES (1, 'sync_status', 'ADD COLUMN sync_status varchar(20)'),
                 (2, 'last_sync_timestamp', 'ADD COLUMN last_sync_timestamp timestamptz'),
                 (3, 'sync_revision', 'ADD COLUMN sync_revision bigint NOT NULL DEFAULT 0')) AS w (n, name, definition)
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = w.name
        AND NOT a.attisdropped);
    IF missing IS NOT NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('shard %s lacks columns that gpsync writes', relation),
            DETAIL = 'A column belongs to the distributed table and all its shards, or to none.',
            HINT = format('On the coordinator: ALTER TABLE %s %s', shard.distributed, missing);
    ELSIF (SELECT c.relkind = 'p' OR c.relispartition FROM pg_class AS c WHERE c.oid = relation) THEN
        RAISE feature_not_supported USING
            MESSAGE = format('shard %s is partitioned or a partition', relation),
            HINT = 'Distribute a table that is not partitioned.';
    ELSIF shard.placements > 1 THEN
        RAISE feature_not_supported USING
            MESSAGE = format('shard %s is on %s servers', relation, shard.placements),
            DETAIL = 'Each would deliver its changes, and mark its own copy only: a reference table, or a replication '
                     'factor above 1.',
            HINT = 'Keep such a table in a database that is not distributed.';
    ELSIF octet_length(format('%s_%s', (SELECT c.relname FROM pg_class AS c WHERE c.oid = shard.distributed),
                              shard.number)) > 63 THEN
        RAISE feature_not_supported USING
            MESSAGE = format('the name of table %s is too long', shard.distributed),
            DETAIL = 'Citus cuts the names of its shards, and they do not show it any more.',
            HINT = format('Rename it: %s bytes do.', 62 - length(shard.number::text));
    ELSIF EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = publication AND p.pubtruncate) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('publication "%s" publishes TRUNCATE', publication),
            DETAIL = 'TRUNCATE of a shard cannot be delivered, while others deliver rows of the distributed table.',
            HINT = gpsync_internal.publish_fix(publication, true);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_shard(regclass, name) IS
    'Raises 42809 for a distributed table; for a shard 55000 where it lacks gpsync''s columns or the publication '
    'publishes TRUNCATE, 0A000 where it is partitioned, on several servers, or has a name that was cut';

CREATE FUNCTION gpsync_internal.shards_are_hidden() RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT coalesce(current_setting('citus.override_table_visibility', true) IN ('on', 'true'), false) $$;
COMMENT ON FUNCTION gpsync_internal.shards_are_hidden() IS
    'Whether Citus leaves its shards out of what queries of this session find in pg_class';

-- What Citus would refuse, or do on all servers.
CREATE FUNCTION gpsync_internal.set_for_shards(manual_changes text, propagation text) RETURNS text[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    before text[] := array[current_setting('citus.enable_manual_changes_to_shards', true),
                           current_setting('citus.enable_ddl_propagation', true)];
BEGIN
    PERFORM set_config('citus.enable_manual_changes_to_shards', manual_changes, true)
        WHERE before[1] IS NOT NULL AND manual_changes IS NOT NULL;
    PERFORM set_config('citus.enable_ddl_propagation', propagation, true)
        WHERE before[2] IS NOT NULL AND propagation IS NOT NULL;
    RETURN before;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_for_shards(text, text) IS
    'Sets, for the transaction, whether Citus lets this session change shards, and whether it has other servers do '
    'what is done here; gives the values before, NULL for a setting that is not there';

CREATE FUNCTION gpsync.attach_shards(distributed regclass, machine text DEFAULT 'provision',
    status_column name DEFAULT 'status', publication name DEFAULT 'gpsync', check_replicated boolean DEFAULT true)
    RETURNS SETOF regclass
    LANGUAGE plpgsql ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    shard regclass;
BEGIN
    IF distributed IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'distributed cannot be NULL';
    ELSIF NOT gpsync_internal.is_distributed(distributed) THEN
        RAISE wrong_object_type USING MESSAGE = format('table %s is not distributed by Citus', distributed),
            HINT = format('SELECT gpsync.attach(%L)', distributed);
    ELSIF gpsync_internal.shards_are_hidden() THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'Citus hides its shards from queries of this session',
            DETAIL = 'Who looks into pg_class does not find them; gpsync''s views and its relays look there.',
            HINT = format('ALTER DATABASE %I SET citus.override_table_visibility = off; then connect again, the relays '
                          'too.', current_database());
    END IF;
    FOR shard IN SELECT s.relation FROM gpsync_internal.local_shards() AS s
                 WHERE s.distributed = attach_shards.distributed
                     AND NOT EXISTS (SELECT FROM gpsync.attached_tables AS a WHERE a.relation = s.relation)
                 ORDER BY s.number LOOP
        PERFORM gpsync.attach(shard, machine, status_column, publication, check_replicated);
        RETURN NEXT shard;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.attach_shards(regclass, text, name, name, boolean) IS
    'Attaches the shards of a table distributed by Citus that are on this server and are not attached yet, and gives '
    'them: their changes are streamed under the name of the distributed table. To be called on each server that has '
    'shards, and again when shards have been moved or split. Arguments as of attach(). Errors: those of attach(); '
    '42809 not a distributed table; 55000 Citus hides shards from queries of the session';

REVOKE ALL ON FUNCTION gpsync_internal.has_citus(), gpsync_internal.is_shard_name(name, name, bigint),
    gpsync_internal.shard_of(oid), gpsync_internal.is_shard(oid, bigint), gpsync_internal.is_distributed(oid),
    gpsync_internal.local_shards(),
    gpsync_internal.attached_shard(oid), gpsync_internal.tables_named(name, name),
    gpsync_internal.refuse_shard(regclass, name), gpsync_internal.shards_are_hidden(),
    gpsync_internal.set_for_shards(text, text), gpsync_internal.tables_of_shard(oid),
    gpsync.attach_shards(regclass, text, name, name, boolean) FROM PUBLIC;
