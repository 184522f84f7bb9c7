-- While a table is detached, nobody stamps its rows: a revision says nothing of what was written meanwhile. So detach()
-- keeps the contents of the rows that batches have written, in the shadow, as operation 'w'; and attach() gives those
-- that are other ones now a new revision, which sends them, too.

CREATE FUNCTION gpsync_internal.kept_revisions(relation regclass) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(format('SELECT s.gpsync_new FROM %s AS s WHERE s.gpsync_new IS NOT NULL', s.shadow), ' UNION ALL ')
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow WHERE s.relation = kept_revisions.relation $$;
COMMENT ON FUNCTION gpsync_internal.kept_revisions(regclass) IS
    'The query for the revisions that a table''s batches have given to rows, also by links. NULL: it has no shadow';

CREATE FUNCTION gpsync_internal.contents_insert(relation regclass, shadow regclass) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('WITH w AS (INSERT INTO %s (gpsync_batch, gpsync_at, gpsync_op, gpsync_new, %s) '
    'SELECT '''', now(), ''w'', t.sync_revision, %s FROM %s AS t WHERE t.sync_revision IN (%s) RETURNING 1) '
    'SELECT count(*) FROM w', shadow, string_agg('c' || c.n, ', ' ORDER BY c.n),
    string_agg(format('t.%I', c.name), ', ' ORDER BY c.n), relation, gpsync_internal.kept_revisions(relation))
FROM gpsync_internal.image_columns(relation, shadow) AS c $$;
COMMENT ON FUNCTION gpsync_internal.contents_insert(regclass, regclass) IS
    'The statement that keeps the rows of a table''s batches, as they are, in a shadow';

CREATE FUNCTION gpsync_internal.unknown_contents_update(of_table regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('WITH w AS (UPDATE %s AS t SET sync_status = ''PENDING'' WHERE t.sync_revision IN (%s)%s RETURNING 1) '
    'SELECT count(*) FROM w', of_table, gpsync_internal.kept_revisions(of_table), string_agg(format(
        ' AND NOT EXISTS (SELECT FROM %s AS s WHERE s.gpsync_op = ''w'' AND s.gpsync_new = t.sync_revision '
        'AND %s AND %s)', s.shadow, gpsync_internal.batch_same_key(of_table, 'c'),
        gpsync_internal.same_content(of_table, s.shadow)), ''))
FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
WHERE s.relation = of_table $$;
COMMENT ON FUNCTION gpsync_internal.unknown_contents_update(regclass) IS
    'The statement that gives rows of a table''s batches another revision, where no shadow says that they are still '
    'the same';

-- The revisions of a dump may be ahead of this server's WAL.
CREATE FUNCTION gpsync_internal.distrust_imports(relation regclass) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.lock_work(gpsync_internal.proof_lock(relation));
INSERT INTO gpsync_internal.unproven_rows AS u
SELECT distrust_imports.relation, greatest(pg_current_wal_insert_lsn() - '0/0', max(c.revision))
FROM gpsync.import_job AS j JOIN gpsync.import_chunk AS c ON c.job = j.job
WHERE j.relation = distrust_imports.relation
ON CONFLICT ON CONSTRAINT unproven_rows_pkey DO UPDATE SET upto = greatest(u.upto, excluded.upto);
UPDATE gpsync.import_job AS j SET statements_at = NULL WHERE j.relation = distrust_imports.relation $$;
COMMENT ON FUNCTION gpsync_internal.distrust_imports(regclass) IS
    'From now on the revisions that imports have given to rows of a table do not prove that nobody has written them';

CREATE FUNCTION gpsync_internal.keep_contents_as(caller oid, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    current regclass;
BEGIN
    PERFORM gpsync_internal.refuse_tracked(caller, relation);
    PERFORM gpsync_internal.distrust_imports(relation);
    IF gpsync_internal.kept_revisions(relation) IS NULL THEN
        RETURN;
    END IF;
    current := gpsync_internal.fitting_shadow(relation);
    PERFORM gpsync_internal.require_shadows(relation);
    PERFORM FROM gpsync_internal.write_as(gpsync_internal.owner_for_statements(relation),
        gpsync_internal.contents_insert(relation, current)) AS q (n bigint);
END $$;
COMMENT ON FUNCTION gpsync_internal.keep_contents_as(oid, regclass) IS 'keep_contents() on behalf of a role';

CREATE FUNCTION gpsync_internal.keep_contents(relation regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.keep_contents(regclass) IS
    'For detach(), before the triggers go: keeps what the rows are that the table''s batches have written';

CREATE FUNCTION gpsync_internal.compare_contents_as(caller oid, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid;
    of regclass;
BEGIN
    PERFORM gpsync_internal.refuse_tracked(caller, relation);
    IF gpsync_internal.kept_revisions(relation) IS NULL THEN
        RETURN;
    END IF;
    owner := gpsync_internal.owner_for_statements(relation);
    PERFORM gpsync_internal.require_shadows(relation), gpsync_internal.begin_own_batch('');
    PERFORM FROM gpsync_internal.write_as(owner, gpsync_internal.unknown_contents_update(relation)) AS q (n bigint);
    PERFORM gpsync_internal.end_own_batch();
    FOR of IN SELECT s.shadow FROM gpsync.batch_shadow AS s JOIN pg_class AS c ON c.oid = s.shadow
              WHERE s.relation = compare_contents_as.relation LOOP
        PERFORM FROM gpsync_internal.write_as(owner, format(
            'WITH w AS (DELETE FROM %s AS s WHERE s.gpsync_op = ''w'' RETURNING 1) SELECT count(*) FROM w', of))
            AS q (n bigint);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.compare_contents_as(oid, regclass) IS 'compare_contents() on behalf of a role';

CREATE FUNCTION gpsync_internal.compare_contents(relation regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.compare_contents(regclass) IS
    'For attach(), when the triggers are there: rows of the table''s batches that were changed while it was detached, '
    'or of which nobody knows, are PENDING and have a revision that is no batch''s';

CREATE FUNCTION gpsync_internal.distrust_partition(partition regclass, relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    kept text := gpsync_internal.kept_revisions(relation);
    leaf regclass;
    is_imported boolean := false;
BEGIN
    PERFORM gpsync_internal.begin_own_batch('');
    -- Rows of foreign tables are nobody's: no import overwrites them, and no batch has them.
    FOR leaf IN SELECT p.relid FROM gpsync_internal.partitions(partition) AS p
                JOIN pg_class AS c ON c.oid = p.relid AND c.relkind = 'r' LOOP
        is_imported := is_imported OR EXISTS (SELECT FROM gpsync_internal.query_as(gpsync_internal.owner_of(leaf),
            format('SELECT 1 FROM %s AS t WHERE t.sync_revision %% 8 = 1 LIMIT 1', leaf)) AS q (n int));
        IF kept IS NOT NULL THEN
            PERFORM gpsync_internal.require_shadows(relation);
            PERFORM FROM gpsync_internal.write_as(gpsync_internal.owner_for_statements(relation), format(
                'WITH w AS (UPDATE %s AS t SET sync_status = ''PENDING'' WHERE t.sync_revision IN (%s) RETURNING 1) '
                'SELECT count(*) FROM w', leaf, kept)) AS q (n bigint);
        END IF;
    END LOOP;
    PERFORM gpsync_internal.end_own_batch();
    IF is_imported THEN
        PERFORM gpsync_internal.distrust_imports(relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.distrust_partition(regclass, regclass) IS
    'For a partition that has come to an attached table: nobody has stamped its rows while it was no partition. Those '
    'of batches are PENDING and have a revision that is no batch''s; of imports, revisions prove nothing any more';

REVOKE ALL ON FUNCTION gpsync_internal.kept_revisions(regclass), gpsync_internal.distrust_imports(regclass),
    gpsync_internal.distrust_partition(regclass, regclass),
    gpsync_internal.contents_insert(regclass, regclass), gpsync_internal.unknown_contents_update(regclass),
    gpsync_internal.keep_contents_as(oid, regclass), gpsync_internal.keep_contents(regclass),
    gpsync_internal.compare_contents_as(oid, regclass), gpsync_internal.compare_contents(regclass) FROM PUBLIC;
