-- track_batches(): changes made with gpsync.batch set keep their before-images. src/batch/shadow.h says what a shadow
-- looks like.

CREATE FUNCTION gpsync_internal.capture_batch() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_capture_batch';
COMMENT ON FUNCTION gpsync_internal.capture_batch() IS
    'Triggers gpsync_batch_...: where gpsync.batch is set, write what a statement has changed into the table''s shadow';

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

CREATE FUNCTION gpsync_internal.attribute_texts(relation regclass) RETURNS jsonb
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_object_agg(a.attname, concat_ws(' ', a.atttypid, a.atttypmod, a.attcollation))
FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped $$;
COMMENT ON FUNCTION gpsync_internal.attribute_texts(regclass) IS
    'Type, modifier and collation of each column of a table, by its name';

-- Its owner may have altered it. Code there would run as who reads it, once table and shadow belong to another role;
-- and rows go into it without indexes, so that a scan of one would not find them.
CREATE FUNCTION gpsync_internal.shadow_additions(shadow regclass) RETURNS TABLE (what text, fix text)
    LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('index %s', i.indexrelid::regclass), format('DROP INDEX %s', i.indexrelid::regclass)
FROM pg_index AS i WHERE i.indrelid = shadow AND NOT EXISTS (SELECT FROM pg_constraint AS c
    WHERE c.conindid = i.indexrelid AND c.conrelid = shadow)
UNION ALL
SELECT format('constraint "%s"%s', c.conname, CASE WHEN c.conrelid <> shadow THEN ' of ' || c.conrelid::regclass ELSE ''
           END), format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname)
FROM pg_constraint AS c WHERE c.conrelid = shadow AND c.contype NOT IN ('n', 't') OR c.confrelid = shadow
UNION ALL
SELECT format('trigger "%s"', t.tgname), format('DROP TRIGGER %I ON %s', t.tgname, shadow)
FROM pg_trigger AS t WHERE t.tgrelid = shadow AND NOT t.tgisinternal
UNION ALL
SELECT format('rule "%s"', r.rulename), format('DROP RULE %I ON %s', r.rulename, shadow)
FROM pg_rewrite AS r WHERE r.ev_class = shadow
UNION ALL
SELECT format('policy "%s"', p.polname), format('DROP POLICY %I ON %s', p.polname, shadow)
FROM pg_policy AS p WHERE p.polrelid = shadow
UNION ALL
SELECT 'row-level security', format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', shadow)
FROM pg_class AS c WHERE c.oid = shadow AND (c.relrowsecurity OR c.relforcerowsecurity)
UNION ALL
SELECT format('statistics %I', x.stxname), format('DROP STATISTICS %I.%I', n.nspname, x.stxname)
FROM pg_statistic_ext AS x JOIN pg_namespace AS n ON n.oid = x.stxnamespace WHERE x.stxrelid = shadow
UNION ALL
SELECT format(CASE WHEN i.inhparent = shadow THEN 'child %s' ELSE 'parent %2$s' END, i.inhrelid::regclass,
           i.inhparent::regclass),
       CASE WHEN p.relkind = 'p' THEN format('ALTER TABLE %s DETACH PARTITION %s', p.oid::regclass, shadow)
            ELSE format('ALTER TABLE %s NO INHERIT %s', i.inhrelid::regclass, p.oid::regclass) END
FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent WHERE shadow IN (i.inhparent, i.inhrelid)
UNION ALL
SELECT format('view %s', v.ev_class::regclass), format('DROP VIEW %s', v.ev_class::regclass)
FROM (SELECT DISTINCT r.ev_class FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = shadow
          AND r.ev_class <> shadow) AS v
UNION ALL
SELECT format('column "%s"%s', a.attname, CASE WHEN m.made <> t.now THEN ' of another type'
           WHEN m.made IS NOT NULL THEN ' with a default' ELSE '' END),
       format(CASE WHEN m.made IS NULL OR a.attgenerated <> '' THEN 'ALTER TABLE %s DROP COLUMN %I'
                  WHEN m.made <> t.now THEN 'SET ROLE %4$I; ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s '
                      'USING %2$I::%3$s; RESET ROLE'
                  WHEN a.attidentity <> '' THEN 'ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY'
                  ELSE 'ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT' END, shadow, a.attname,
              format_type(split_part(m.made, ' ', 1)::oid, split_part(m.made, ' ', 2)::integer),
              pg_get_userbyid(gpsync_internal.owner_of(shadow)))
FROM gpsync.batch_shadow AS s JOIN pg_attribute AS a ON a.attrelid = s.shadow AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (SELECT s.made_columns ->> a.attname) AS m (made)
CROSS JOIN LATERAL (SELECT gpsync_internal.attribute_texts(s.shadow) ->> a.attname) AS t (now)
WHERE s.shadow = shadow_additions.shadow
    AND (m.made IS DISTINCT FROM t.now OR a.atthasdef OR a.attidentity <> '') $$;
COMMENT ON FUNCTION gpsync_internal.shadow_additions(regclass) IS
    'What somebody has added to a shadow, and the SQL that takes it away';

CREATE FUNCTION gpsync_internal.shadow_is_whole(shadow regclass) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT NOT EXISTS (
    SELECT FROM unnest('{gpsync_batch,gpsync_at,gpsync_op,gpsync_old,gpsync_new}'::name[]) WITH ORDINALITY
        AS own (name, attnum)
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = shadow AND a.attnum = own.attnum
                          AND a.attname = own.name AND NOT a.attisdropped))
    AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = shadow AND c.relkind = 'r' AND c.reloftype = 0)
    AND NOT EXISTS (SELECT FROM gpsync_internal.shadow_additions(shadow)) $$;
COMMENT ON FUNCTION gpsync_internal.shadow_is_whole(regclass) IS
    'Whether a shadow has the columns that every shadow has, and nothing that was added to it';

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
    INSERT INTO gpsync.batch_shadow (shadow, relation, is_current, first_revision, made_columns)
    SELECT format('gpsync_internal.%I', name)::regclass, relation, true,
           least(pg_current_wal_insert_lsn() - '0/0',
                 (SELECT min(k.revision) FROM gpsync.import_job AS j JOIN gpsync.import_chunk AS k ON k.job = j.job
                  WHERE j.relation = create_shadow.relation)),
           gpsync_internal.attribute_texts(format('gpsync_internal.%I', name)::regclass);
END $$;
COMMENT ON FUNCTION gpsync_internal.create_shadow(regclass) IS
    'Makes a shadow for the changes of a table from now on';

-- The former owner may alter a shadow until it is locked, and has privileges on it that the table's owner does not see.
CREATE FUNCTION gpsync_internal.take_over_shadow(shadow regclass, owner oid) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    other oid;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING
            MESSAGE = format('the before-images in %s have to get another owner', shadow),
            DETAIL = 'An older snapshot does not show what their present owner has added to them.',
            HINT = 'Make the call in a transaction of isolation level READ COMMITTED.';
    END IF;
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', shadow);
    IF NOT gpsync_internal.shadow_is_whole(shadow) THEN
        RETURN;
    END IF;
    EXECUTE format('ALTER TABLE %s OWNER TO %I', shadow, pg_get_userbyid(owner));
    FOR other IN SELECT DISTINCT a.grantee FROM pg_class AS c, aclexplode(c.relacl) AS a
                 WHERE c.oid = shadow AND a.grantee <> owner LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM %s CASCADE', shadow,
            CASE other WHEN 0 THEN 'PUBLIC' ELSE other::regrole::text END);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.take_over_shadow(regclass, oid) IS
    'Gives a shadow to a role, unless it is not as it was made';

CREATE FUNCTION gpsync_internal.own_shadows(relation regclass) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := gpsync_internal.owner_of(relation);
BEGIN
    PERFORM gpsync_internal.take_over_shadow(s.shadow, owner)
    FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
    WHERE s.relation = own_shadows.relation AND c.relowner <> owner;
    RETURN NOT EXISTS (SELECT FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
        WHERE s.relation = own_shadows.relation
            AND (c.relowner <> owner OR NOT gpsync_internal.shadow_is_whole(s.shadow)));
END $$;
COMMENT ON FUNCTION gpsync_internal.own_shadows(regclass) IS
    'Gives the shadows of a table to its owner, who may be another one now. False: one is not as it was made, so that '
    'nobody reads it as that owner';

CREATE FUNCTION gpsync_internal.altered_shadow(of_table regclass) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('What keeps its before-images was altered: %s %s.', s.shadow, coalesce(
    (SELECT format('has %s', string_agg(a.what, ', ' ORDER BY a.what))
     FROM gpsync_internal.shadow_additions(s.shadow) AS a), 'has not its own columns any more'))
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
WHERE s.relation = of_table AND NOT gpsync_internal.shadow_is_whole(s.shadow) ORDER BY s.shadow LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.altered_shadow(regclass) IS
    'Why the shadows of a table cannot be read; NULL: they can';

CREATE FUNCTION gpsync_internal.require_shadows(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT gpsync_internal.own_shadows(relation) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('the before-images of table %s cannot be used', relation),
            DETAIL = gpsync_internal.altered_shadow(relation),
            HINT = 'gpsync.doctor() has the SQL that takes away what was added.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.require_shadows(regclass) IS 'own_shadows(). Raises 55000 where that is false';

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
    gpsync_internal.shadow_columns(regclass), gpsync_internal.attribute_texts(regclass),
    gpsync_internal.shadow_additions(regclass),
    gpsync_internal.shadow_is_whole(regclass), gpsync_internal.take_over_shadow(regclass, oid),
    gpsync_internal.altered_shadow(regclass), gpsync_internal.require_shadows(regclass),
    gpsync_internal.shadow_fits(regclass, regclass), gpsync_internal.create_shadow(regclass),
    gpsync_internal.own_shadows(regclass),
    gpsync_internal.drop_shadow(regclass),
    gpsync_internal.batch_triggers(regclass), gpsync_internal.create_batch_triggers(regclass),
    gpsync_internal.refuse_tracked(oid, regclass), gpsync_internal.fitting_shadow(regclass),
    gpsync_internal.track_batches_as(oid, regclass),
    gpsync.track_batches(regclass), gpsync_internal.untrack_batches_as(oid, regclass),
    gpsync.untrack_batches(regclass) FROM PUBLIC;
