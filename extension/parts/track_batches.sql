-- track_batches(): changes made with gpsync.batch set keep their before-images. src/batch/shadow.h says what a shadow
-- looks like.

CREATE FUNCTION gpsync_internal.capture_batch() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_capture_batch';
COMMENT ON FUNCTION gpsync_internal.capture_batch() IS
    'Triggers gpsync_batch_…: where gpsync.batch is set, write what a statement has changed into the table''s shadow';

CREATE FUNCTION gpsync_internal.begin_own_batch(name text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_begin_own_batch';
COMMENT ON FUNCTION gpsync_internal.begin_own_batch(text) IS
    'What is written belongs to this batch, whatever gpsync.batch is, until end_own_batch() or the end of the '
    '(sub)transaction; empty: to none';

CREATE FUNCTION gpsync_internal.end_own_batch() RETURNS void LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_end_own_batch';
COMMENT ON FUNCTION gpsync_internal.end_own_batch() IS 'Ends begin_own_batch()';

-- The columns of a domain's base type: its constraints are of the table, not of what the table was.
CREATE FUNCTION gpsync_internal.shadow_columns(relation regclass)
    RETURNS TABLE (name text, type oid, modifier integer, "collation" oid)
    LANGUAGE sql STABLE STRICT ROWS 20 SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE part (attnum, name, generated, type, modifier, "collation", in_key) AS (
    SELECT a.attnum, a.attname, a.attgenerated <> '', a.atttypid, a.atttypmod, a.attcollation,
           a.attname = ANY (gpsync_internal.key_columns(relation))
    FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT p.attnum, p.name, p.generated, t.typbasetype, CASE WHEN p.modifier < 0 THEN t.typtypmod ELSE p.modifier END,
           p."collation", p.in_key
    FROM part AS p JOIN pg_type AS t ON t.oid = p.type AND t.typtype = 'd')
SELECT k.kind || p.attnum, p.type, p.modifier, p."collation"
FROM part AS p JOIN pg_type AS t ON t.oid = p.type AND t.typtype <> 'd'
JOIN (VALUES ('k'), ('c')) AS k (kind) ON k.kind = 'c' OR p.in_key
WHERE p.name NOT IN ('sync_status', 'last_sync_timestamp', 'sync_revision') AND (NOT p.generated OR p.in_key)
ORDER BY k.kind DESC, p.attnum $$;
COMMENT ON FUNCTION gpsync_internal.shadow_columns(regclass) IS
    'The columns that the shadow of a table has behind those that every shadow has';

-- Its owner may have altered it.
CREATE FUNCTION gpsync_internal.shadow_is_whole(shadow regclass) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT NOT EXISTS (
    SELECT FROM (VALUES (1, 'text'::regtype), (2, 'timestamptz'), (3, '"char"'), (4, 'bigint'), (5, 'bigint'))
        AS own (attnum, type)
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = shadow AND a.attnum = own.attnum
                          AND NOT a.attisdropped AND a.atttypid = own.type)) $$;
COMMENT ON FUNCTION gpsync_internal.shadow_is_whole(regclass) IS
    'Whether a shadow has the columns that every shadow has';

CREATE FUNCTION gpsync_internal.shadow_fits(shadow regclass, relation regclass) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT NOT EXISTS (
    SELECT FROM gpsync_internal.shadow_columns(relation) AS c
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = shadow AND a.attname = c.name
                          AND NOT a.attisdropped AND a.atttypid = c.type AND a.atttypmod = c.modifier
                          AND a.attcollation = c."collation"))
    AND (SELECT count(*) FROM pg_attribute AS a WHERE a.attrelid = shadow AND a.attname ~ '^k[0-9]+$'
             AND NOT a.attisdropped)
        = (SELECT count(*) FROM gpsync_internal.shadow_columns(relation) AS c WHERE c.name ~ '^k')
    AND gpsync_internal.shadow_is_whole(shadow) $$;
COMMENT ON FUNCTION gpsync_internal.shadow_fits(regclass, regclass) IS
    'Whether a shadow keeps the values of a table as it is now, and is as it was made';

CREATE FUNCTION gpsync_internal.create_shadow(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    name text := format('batch_%s_%s', relation::oid, nextval('gpsync.batch_shadow_number'));
BEGIN
    EXECUTE format('CREATE TABLE gpsync_internal.%I (gpsync_batch text NOT NULL, gpsync_at timestamptz NOT NULL, '
        'gpsync_op "char" NOT NULL, gpsync_old bigint, gpsync_new bigint%s)', name,
        (SELECT string_agg(format(', %I %s%s', c.name, format_type(c.type, c.modifier),
                    (SELECT format(' COLLATE %I.%I', s.nspname, o.collname) FROM pg_collation AS o
                     JOIN pg_namespace AS s ON s.oid = o.collnamespace WHERE o.oid = c."collation")), '')
         FROM gpsync_internal.shadow_columns(relation) AS c));
    EXECUTE format('ALTER TABLE gpsync_internal.%I OWNER TO %I', name,
                   pg_get_userbyid(gpsync_internal.owner_of(relation)));
    EXECUTE format('ALTER EXTENSION gpsync ADD TABLE gpsync_internal.%I', name);
    UPDATE gpsync.batch_shadow AS s SET is_current = false, closed_at = now()
    WHERE s.relation = create_shadow.relation AND s.is_current;
    -- The rows of earlier imports are batches, too.
    INSERT INTO gpsync.batch_shadow (shadow, relation, is_current, first_revision)
    SELECT format('gpsync_internal.%I', name)::regclass, relation, true,
           least(pg_current_wal_insert_lsn() - '0/0',
                 (SELECT min(k.revision) FROM gpsync.import_job AS j JOIN gpsync.import_chunk AS k ON k.job = j.job
                  WHERE j.relation = create_shadow.relation));
END $$;
COMMENT ON FUNCTION gpsync_internal.create_shadow(regclass) IS
    'Makes a shadow for the changes of a table from now on';

CREATE FUNCTION gpsync_internal.own_shadows(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := gpsync_internal.owner_of(relation);
    of regclass;
BEGIN
    FOR of IN SELECT s.shadow FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
              WHERE s.relation = own_shadows.relation AND c.relowner <> owner LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO %I', of, pg_get_userbyid(owner));
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.own_shadows(regclass) IS
    'Gives the shadows of a table to its owner, who may be another one now';

CREATE FUNCTION gpsync_internal.drop_shadow(of regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    DELETE FROM gpsync.batch_shadow AS s WHERE s.shadow = of;
    IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = of) THEN
        EXECUTE format('ALTER EXTENSION gpsync DROP TABLE %s', of);
        EXECUTE format('DROP TABLE %s', of);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_shadow(regclass) IS 'Drops a shadow with all that it keeps';

CREATE FUNCTION gpsync_internal.batch_triggers(relation regclass) RETURNS TABLE (part regclass, name name)
    LANGUAGE sql STABLE STRICT ROWS 4 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT t.tgrelid::regclass, t.tgname FROM gpsync_internal.partitions(relation) AS p
JOIN pg_trigger AS t ON t.tgrelid = p.relid
WHERE t.tgfoid = 'gpsync_internal.capture_batch()'::regprocedure $$;
COMMENT ON FUNCTION gpsync_internal.batch_triggers(regclass) IS
    'The triggers by which a table and its partitions are tracked';

CREATE FUNCTION gpsync_internal.create_batch_triggers(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    made record;
BEGIN
    FOR made IN
        SELECT p.relid AS part, gpsync_internal.owner_of(p.relid) AS owner, e.*
        FROM gpsync_internal.partitions(relation) AS p
        CROSS JOIN (VALUES ('insert', 'AFTER INSERT', 'REFERENCING NEW TABLE AS gpsync_new'),
                           ('update', 'AFTER UPDATE', 'REFERENCING OLD TABLE AS gpsync_old NEW TABLE AS gpsync_new'),
                           ('delete', 'AFTER DELETE', 'REFERENCING OLD TABLE AS gpsync_old'),
                           ('truncate', 'BEFORE TRUNCATE', '')) AS e (event, timing, tables) LOOP
        CONTINUE WHEN EXISTS (SELECT FROM gpsync_internal.batch_triggers(made.part) AS t
                              WHERE t.part = made.part AND t.name = 'gpsync_batch_' || made.event);
        PERFORM gpsync_internal.ddl_as(made.owner, format('CREATE TRIGGER gpsync_batch_%s %s ON %s %s FOR EACH '
                    'STATEMENT EXECUTE FUNCTION gpsync_internal.capture_batch()', made.event, made.timing, made.part,
                    made.tables)),
            gpsync_internal.ddl_as(made.owner, format('ALTER TABLE %s ENABLE ALWAYS TRIGGER gpsync_batch_%s', made.part,
                    made.event));
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_batch_triggers(regclass) IS
    'The triggers by which a table and its partitions are tracked, where they are missing';

CREATE FUNCTION gpsync_internal.refuse_tracked(caller oid, relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_unattached(array[relation]);
    IF NOT pg_has_role(caller, gpsync_internal.owner_of(relation), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_tracked(oid, regclass) IS
    'Raises unless the table is attached (55000, 22004) and belongs to the role (42501)';

CREATE FUNCTION gpsync_internal.fitting_shadow(relation regclass) RETURNS regclass
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    current regclass;
BEGIN
    PERFORM gpsync_internal.own_shadows(relation);
    FOR attempt IN 1 .. 2 LOOP
        SELECT s.shadow INTO current FROM gpsync.batch_shadow AS s
        WHERE s.relation = fitting_shadow.relation AND s.is_current
            AND gpsync_internal.shadow_fits(s.shadow, s.relation);
        EXIT WHEN FOUND;
        PERFORM gpsync_internal.create_shadow(relation);
    END LOOP;
    RETURN current;
END $$;
COMMENT ON FUNCTION gpsync_internal.fitting_shadow(regclass) IS
    'The shadow that changes of a table go into now; a new one where it has none, or has been altered since';

CREATE FUNCTION gpsync_internal.track_batches_as(caller oid, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_tracked(caller, relation);
    PERFORM gpsync_internal.lock_against_writers(relation, '30 s');
    PERFORM gpsync_internal.create_batch_triggers(relation), gpsync_internal.fitting_shadow(relation);
END $$;
COMMENT ON FUNCTION gpsync_internal.track_batches_as(oid, regclass) IS 'track_batches() on behalf of a role';

CREATE FUNCTION gpsync.track_batches(relation regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.track_batches(regclass) IS
    'From now on, changes of an attached table that are made with gpsync.batch set keep their before-images, so that '
    'the '
    'batch can be taken back. Called again, it follows a table that was altered, and covers new partitions. TRUNCATE '
    'with a batch set is refused. The caller owns the table. Errors: 55000 not attached; 42501; 55P03 transactions '
    'that '
    'have written do not end';

CREATE FUNCTION gpsync_internal.untrack_batches_as(caller oid, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    own record;
BEGIN
    PERFORM gpsync_internal.refuse_tracked(caller, relation);
    FOR own IN SELECT t.*, gpsync_internal.owner_of(t.part) AS owner FROM gpsync_internal.batch_triggers(relation) AS t
               ORDER BY t.part, t.name LOOP
        PERFORM gpsync_internal.ddl_as(own.owner, format('DROP TRIGGER %I ON %s', own.name, own.part));
    END LOOP;
    UPDATE gpsync.batch_shadow AS s SET is_current = false, closed_at = now()
    WHERE s.relation = untrack_batches_as.relation AND s.is_current;
END $$;
COMMENT ON FUNCTION gpsync_internal.untrack_batches_as(oid, regclass) IS 'untrack_batches() on behalf of a role';

CREATE FUNCTION gpsync.untrack_batches(relation regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.untrack_batches(regclass) IS
    'Ends track_batches(). Batches that were made can be taken back until they are dropped, or are older than '
    'gpsync.batch_retention. The caller owns the table. Errors: 55000 not attached; 42501';

-- capture_batch() stays executable by PUBLIC, as the other functions of triggers (extension/parts/triggers.sql).
REVOKE ALL ON FUNCTION gpsync_internal.begin_own_batch(text), gpsync_internal.end_own_batch(),
    gpsync_internal.shadow_columns(regclass), gpsync_internal.shadow_is_whole(regclass),
    gpsync_internal.shadow_fits(regclass, regclass), gpsync_internal.create_shadow(regclass),
    gpsync_internal.own_shadows(regclass),
    gpsync_internal.drop_shadow(regclass),
    gpsync_internal.batch_triggers(regclass), gpsync_internal.create_batch_triggers(regclass),
    gpsync_internal.refuse_tracked(oid, regclass), gpsync_internal.fitting_shadow(regclass),
    gpsync_internal.track_batches_as(oid, regclass),
    gpsync.track_batches(regclass), gpsync_internal.untrack_batches_as(oid, regclass),
    gpsync.untrack_batches(regclass) FROM PUBLIC;
