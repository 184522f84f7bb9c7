-- attach() and detach(). They run with the caller's rights: who attaches owns the table.

CREATE FUNCTION gpsync_internal.add_own_columns(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    additions text;
BEGIN
    SELECT string_agg('ADD COLUMN ' || w.definition, ', ' ORDER BY w.ordinal) INTO additions
        FROM (VALUES (1, 'sync_status', 'sync_status varchar(20)'),
                     (2, 'last_sync_timestamp', 'last_sync_timestamp timestamptz'),
                     (3, 'sync_revision', 'sync_revision bigint NOT NULL DEFAULT 0')) AS w (ordinal, name, definition)
        WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = w.name
            AND NOT a.attisdropped);
    IF additions IS NULL THEN
        RETURN;
    ELSIF (SELECT relispartition FROM pg_class WHERE oid = relation) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('partition %s lacks columns that gpsync writes', relation),
            HINT = format('Attach %s with all its partitions; a column is added to all of them or none.',
                          (SELECT relid::regclass FROM pg_partition_ancestors(relation) AS a
                              WHERE a.relid <> relation LIMIT 1));
    ELSE
        EXECUTE format('ALTER TABLE %s %s', relation, additions);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.add_own_columns(regclass) IS
    'Adds the columns that gpsync writes, where they are missing, with one ALTER TABLE';

CREATE FUNCTION gpsync_internal.drop_triggers(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    own_trigger name;
BEGIN
    FOR own_trigger IN SELECT tgname FROM pg_trigger
                       WHERE tgrelid = relation
                           AND tgfoid IN ('gpsync_internal.stamp()'::regprocedure,
                               'gpsync_internal.check_update()'::regprocedure,
                           'gpsync_internal.check_insert()'::regprocedure,
                               'gpsync_internal.note_delete()'::regprocedure,
                           'gpsync_internal.status_event()'::regprocedure) ORDER BY 1 LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', own_trigger, relation);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_triggers(regclass) IS
    'Takes the triggers off a table that attach() made, or that somebody made by hand with its functions';

-- Also for what a subscription, a restore or another tool writes under session_replication_role = replica.
CREATE FUNCTION gpsync_internal.fire_always(relation regclass, own_trigger name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', relation, own_trigger);
END $$;
COMMENT ON FUNCTION gpsync_internal.fire_always(regclass, name) IS
    'Has a trigger fire whatever session_replication_role is';

CREATE FUNCTION gpsync_internal.create_triggers(relation regclass, machine text, status_column name, publication name,
    check_replicated boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    arguments text := format('(%L, %L, %L)', coalesce(machine, ''), CASE WHEN machine IS NULL THEN ''
        ELSE status_column END, publication);
    partitioned boolean := (SELECT relkind = 'p' OR relispartition FROM pg_class WHERE oid = relation);
BEGIN
    PERFORM gpsync_internal.drop_triggers(relation);
    EXECUTE format('CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION '
                   'gpsync_internal.stamp%s',
                   relation, arguments);
    PERFORM gpsync_internal.fire_always(relation, 'gpsync_stamp');
    IF machine IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TRIGGER gpsync_check_update AFTER UPDATE ON %s FOR EACH ROW
                    WHEN (gpsync_internal.transition_refused(%L, OLD.%I::text, NEW.%3$I::text))
                    EXECUTE FUNCTION gpsync_internal.check_update%s',
                   relation, machine, status_column, arguments);
    EXECUTE format(CASE WHEN partitioned
                   THEN 'CREATE TRIGGER gpsync_check_insert AFTER INSERT ON %s FOR EACH ROW
                         WHEN (gpsync_internal.arrival_refused(%L, NEW.%I::text, NEW.sync_revision))
                         EXECUTE FUNCTION gpsync_internal.check_insert%s'
                   ELSE 'CREATE TRIGGER gpsync_check_insert AFTER INSERT ON %s FOR EACH ROW
                         WHEN (gpsync_internal.initial_state_refused(%L, NEW.%I::text))
                         EXECUTE FUNCTION gpsync_internal.check_insert%s' END,
                   relation, machine, status_column, arguments);
    IF partitioned THEN
        EXECUTE format('CREATE TRIGGER gpsync_note_delete BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION '
                       'gpsync_internal.note_delete%s',
                       relation, arguments);
        PERFORM gpsync_internal.fire_always(relation, 'gpsync_note_delete');
    END IF;
    IF check_replicated THEN
        PERFORM gpsync_internal.fire_always(relation, 'gpsync_check_update'),
            gpsync_internal.fire_always(relation, 'gpsync_check_insert');
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_triggers(regclass, text, name, name, boolean) IS
    'The triggers of an attached table, in the place of any that call the same functions';

CREATE FUNCTION gpsync.attach(relation regclass, machine text DEFAULT 'provision', status_column name DEFAULT 'status',
        publication name DEFAULT 'gpsync', check_replicated boolean DEFAULT true) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    states text[];
    shard bigint;
    before text[];
BEGIN
    IF relation IS NULL OR publication IS NULL OR check_replicated IS NULL OR machine IS NOT NULL
        AND status_column IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'relation, status_column, publication and check_replicated cannot be NULL',
            HINT = 'A NULL machine attaches a table that has no status.';
    END IF;
    PERFORM gpsync_internal.refuse_relation(relation);
    shard := (SELECT s.number FROM gpsync_internal.shard_of(relation) AS s);
    IF shard IS NOT NULL THEN
        before := gpsync_internal.set_for_shards('on', 'off');
    END IF;
    PERFORM gpsync_internal.lock_machines();
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
    PERFORM gpsync_internal.refuse_attached(relation), gpsync_internal.refuse_partitions(relation),
        gpsync_internal.refuse_key(relation),
            gpsync_internal.refuse_own_columns(relation), gpsync_internal.refuse_shard(relation, publication);
    IF machine IS NOT NULL THEN
        states := gpsync.machine_states(machine);
        PERFORM gpsync_internal.refuse_status_column(relation, status_column);
        PERFORM gpsync_internal.refuse_unknown_states(relation, status_column, machine, states);
    END IF;
    PERFORM gpsync_internal.add_own_columns(relation);
    PERFORM gpsync_internal.create_triggers(relation, machine, status_column, publication, check_replicated);
    PERFORM gpsync_internal.record_attachment(relation,
        jsonb_build_object('machine', machine, 'status_column', CASE WHEN machine IS NOT NULL THEN status_column END,
                           'publication', publication, 'check_replicated', check_replicated)
        || CASE WHEN shard IS NULL THEN '{}' ELSE jsonb_build_object('shard', shard) END);
    PERFORM gpsync_internal.publish(relation, publication);
    PERFORM gpsync_internal.refuse_unpublished_identity(relation);
    PERFORM gpsync_internal.compare_contents(relation);
    PERFORM gpsync_internal.warn_of_pii_in_key(relation);
    PERFORM gpsync_internal.set_for_shards(before[1], before[2]);
END $$;
COMMENT ON FUNCTION gpsync.attach(regclass, text, name, name, boolean) IS
    'Puts a table under control: adds sync_status, last_sync_timestamp and sync_revision where missing, the triggers '
    'that check its status and stamp its rows, and the publication (created if missing). machine NULL: a table without '
    'a status, only stamped and published. A partitioned table is attached with all its partitions, also future ones. '
    'Rows that come by replication (a subscription, session_replication_role = replica) are stamped like any; '
    'check_replicated says whether their transitions are checked as well: if they are, an illegal one stops the '
    'subscription. The caller owns the table. Errors: 42809 no permanent table; 42501 not the owner, or not of the '
    'publication, or may not create it; 42710 attached already; 42704 no such machine; 42703 and 42804 a column '
    'missing or of the wrong type; 55000 no key, no replica identity, or a partition of an attached table; 23514 rows '
    'in unknown states; of tables of Citus those of attach_shards()';

CREATE FUNCTION gpsync.detach(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    attached record;
    own record;
    before text[];
BEGIN
    IF relation IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation cannot be NULL';
    END IF;
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = detach.relation;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is not attached', relation),
            HINT = coalesce((SELECT format('It is a partition of %s: detach that one, with all its partitions.',
                a.relation)
                             FROM pg_partition_ancestors(relation) AS p JOIN gpsync.attached_tables AS a
                                 ON a.relation = p.relid LIMIT 1),
                            'View gpsync.attached_tables lists those that are.');
    END IF;
    PERFORM gpsync_internal.refuse_relation(relation);
    IF EXISTS (SELECT FROM gpsync.traffic_stops AS s WHERE s.relation = detach.relation) THEN
        RAISE object_in_use USING MESSAGE = format('traffic to table %s is stopped', relation),
            HINT = format('SELECT gpsync.resume_traffic(%L) comes first.', array[relation]);
    END IF;
    IF EXISTS (SELECT FROM gpsync_internal.attached_shard(relation) AS s WHERE s.number IS NOT NULL) THEN
        before := gpsync_internal.set_for_shards('on', 'off');
    END IF;
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
    PERFORM gpsync_internal.keep_contents(relation);
    PERFORM gpsync_internal.drop_triggers(relation);
    FOR own IN SELECT s.part, s.name FROM gpsync_internal.stop_triggers(relation) AS s
               UNION SELECT b.part, b.name FROM gpsync_internal.batch_triggers(relation) AS b LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', own.name, own.part);
    END LOOP;
    PERFORM gpsync_internal.record_attachment(relation, NULL);
    PERFORM gpsync_internal.unpublish(relation, attached.publication);
    PERFORM gpsync_internal.set_for_shards(before[1], before[2]);
END $$;
COMMENT ON FUNCTION gpsync.detach(regclass) IS
    'Takes gpsync''s triggers off a table and the table out of its publication; columns and data stay. The caller owns '
    'the table. Errors: 55000 not attached; 55006 its traffic is stopped; 42501 not the owner of the table or the '
    'publication';

REVOKE ALL ON FUNCTION gpsync_internal.add_own_columns(regclass), gpsync_internal.drop_triggers(regclass),
    gpsync_internal.fire_always(regclass, name), gpsync_internal.create_triggers(regclass, text, name, name, boolean),
    gpsync.attach(regclass, text, name, name, boolean), gpsync.detach(regclass) FROM PUBLIC;
