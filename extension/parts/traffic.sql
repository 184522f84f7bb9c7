-- stop_traffic(): attached tables refuse writes, but those of operators and of the bookkeeping. What refuses them are
-- triggers that exist only while traffic is stopped (src/batch/traffic_stop.cpp).

CREATE FUNCTION gpsync_internal.refuse_traffic() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_refuse_traffic';
COMMENT ON FUNCTION gpsync_internal.refuse_traffic() IS
    'Triggers gpsync_stopped and gpsync_stopped_truncate: raise 25006 for all but operators. Arguments: the reason, '
    'the '
    'role that stopped traffic, when, until when (empty: not known)';

CREATE FUNCTION gpsync_internal.ddl_as(role oid, command text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_ddl_as';
COMMENT ON FUNCTION gpsync_internal.ddl_as(oid, text) IS
    'Runs one command without a result as a role, in a restricted context, with search_path pg_catalog';

CREATE VIEW gpsync.traffic_stops AS
    SELECT t.tgrelid::pg_catalog.regclass AS relation, a[1] AS reason, a[2] AS stopped_by,
           a[3]::pg_catalog.timestamptz AS stopped_at, nullif(a[4], '')::pg_catalog.timestamptz AS until
    FROM pg_catalog.pg_trigger AS t
    CROSS JOIN LATERAL gpsync_internal.trigger_arguments(t.tgargs) AS a
    WHERE t.tgfoid = 'gpsync_internal.refuse_traffic()'::pg_catalog.regprocedure AND t.tgname = 'gpsync_stopped'
        AND t.tgparentid = 0 AND t.tgenabled = 'A';
COMMENT ON VIEW gpsync.traffic_stops IS
    'The tables whose traffic is stopped: why, by which role, since when, and when it is to be resumed (NULL: not '
    'known)';
REVOKE ALL ON TABLE gpsync.traffic_stops FROM PUBLIC;

CREATE FUNCTION gpsync_internal.lock_holders(relation regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT string_agg(h.holder, '; ' ORDER BY h.holder)
FROM (
    SELECT DISTINCT CASE WHEN l.pid IS NULL
        THEN coalesce((SELECT format('prepared transaction %L', p.gid)
                       FROM pg_locks AS x JOIN pg_prepared_xacts AS p ON p.transaction = x.transactionid
                       WHERE x.pid IS NULL AND x.virtualtransaction = l.virtualtransaction LIMIT 1),
                      'a prepared transaction')
        ELSE coalesce((SELECT format('process %s (role %s, %s, in a transaction for %s s)', a.pid, a.usename, a.state,
                                     extract(epoch FROM clock_timestamp() - a.xact_start)::integer)
                       FROM pg_stat_activity AS a WHERE a.pid = l.pid), format('process %s', l.pid)) END AS holder
    FROM pg_locks AS l
    WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
        AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
        AND l.relation IN (SELECT p.relid FROM gpsync_internal.partitions(lock_holders.relation) AS p)
        AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')) AS h $$;
COMMENT ON FUNCTION gpsync_internal.lock_holders(regclass) IS
    'Who holds a lock on a table or a partition of it that keeps writers or definitions out, for an error''s DETAIL';

-- A lock request that waits keeps later writers waiting, too: so it waits for a moment only, then they go first.
CREATE FUNCTION gpsync_internal.lock_against_writers(relation regclass, wait interval) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
    AS $$
DECLARE
    deadline timestamptz := clock_timestamp() + least(wait, interval '1000 years');
BEGIN
    LOOP
        BEGIN
            PERFORM gpsync_internal.ddl_as(gpsync_internal.owner_of(relation),
                format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation));
            RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            IF clock_timestamp() > deadline THEN
                RAISE lock_not_available USING
                    MESSAGE = format('transactions that have written to table %s do not end', relation),
                    DETAIL = format('Locks are held by %s.', coalesce(gpsync_internal.lock_holders(relation),
                                    'nobody any more')),
                    HINT = 'End them (SELECT pg_terminate_backend(process); ROLLBACK PREPARED), or wait longer.';
            END IF;
        END;
        PERFORM pg_sleep(0.1);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.lock_against_writers(regclass, interval) IS
    'Locks a table until the end of the transaction, so that those who have written to it have ended and nobody begins '
    'to. Errors: 55P03 they have not ended after so long';

CREATE FUNCTION gpsync_internal.refuse_unattached(relations regclass[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad oid;
BEGIN
    IF relations IS NULL OR relations = '{}' OR array_ndims(relations) > 1
        OR array_position(relations, NULL) IS NOT NULL THEN
        RAISE null_value_not_allowed
            USING MESSAGE = 'relations must be a list of at least one table, none of them NULL';
    END IF;
    SELECT r INTO bad FROM unnest(relations) AS r
    WHERE NOT EXISTS (SELECT FROM gpsync.attached_tables AS a WHERE a.relation = r) LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is not attached', bad::regclass),
            HINT = coalesce((SELECT format('It is a partition of %s: name that one.',
                                           gpsync_internal.attached_ancestor(bad))
                             WHERE gpsync_internal.attached_ancestor(bad) IS NOT NULL),
                            'View gpsync.attached_tables lists those that are.');
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unattached(regclass[]) IS
    'Raises unless all are attached tables: 22004, 55000';

CREATE FUNCTION gpsync_internal.create_stop(relation regclass, arguments text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := gpsync_internal.owner_of(relation);
    part regclass;
BEGIN
    PERFORM gpsync_internal.drop_stop(relation, true);
    PERFORM gpsync_internal.ddl_as(owner,
        format('CREATE OR REPLACE TRIGGER gpsync_stopped BEFORE INSERT OR UPDATE OR DELETE ON %s '
                'FOR EACH ROW EXECUTE FUNCTION gpsync_internal.refuse_traffic(%s)', relation, arguments)),
        gpsync_internal.ddl_as(owner, format('ALTER TABLE %s ENABLE ALWAYS TRIGGER gpsync_stopped', relation));
    FOR part IN SELECT p.relid FROM gpsync_internal.partitions(relation) AS p LOOP
        owner := gpsync_internal.owner_of(part);
        PERFORM gpsync_internal.ddl_as(owner, format('CREATE OR REPLACE TRIGGER gpsync_stopped_truncate BEFORE '
                    'TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.refuse_traffic(%s)', part,
                    arguments)),
            gpsync_internal.ddl_as(owner, format('ALTER TABLE %s ENABLE ALWAYS TRIGGER gpsync_stopped_truncate', part));
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_stop(regclass, text) IS
    'Makes the triggers of a stop, in the place of those there are, also of such as a reader keeps from being dropped. '
    'The row trigger of a partitioned table is its partitions'', also later ones''; a trigger on TRUNCATE is '
    'made for each. Logical replication fires both, too';

CREATE FUNCTION gpsync_internal.stop_triggers(relation regclass) RETURNS TABLE (part regclass, name name)
    LANGUAGE sql STABLE STRICT ROWS 2 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT t.tgrelid::regclass, t.tgname FROM gpsync_internal.partitions(relation) AS p
JOIN pg_trigger AS t ON t.tgrelid = p.relid
WHERE t.tgfoid = 'gpsync_internal.refuse_traffic()'::regprocedure AND t.tgparentid = 0 $$;
COMMENT ON FUNCTION gpsync_internal.stop_triggers(regclass) IS
    'The triggers of a stop that a table and its partitions have';

-- DROP TRIGGER waits for readers, too, and pg_dump reads for hours. So a trigger that cannot be dropped is disabled:
-- that waits for writers only, and while traffic is stopped there are hardly any.
CREATE FUNCTION gpsync_internal.drop_stop(relation regclass, may_disable boolean) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms'
    AS $$
DECLARE
    own record;
    dropped boolean := true;
BEGIN
    FOR own IN SELECT s.*, gpsync_internal.owner_of(s.part) AS owner
               FROM gpsync_internal.stop_triggers(relation) AS s ORDER BY s.part, s.name LOOP
        BEGIN
            PERFORM gpsync_internal.ddl_as(own.owner, format('DROP TRIGGER %I ON %s', own.name, own.part));
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            dropped := false;
            IF may_disable THEN
                PERFORM gpsync_internal.lock_against_writers(own.part, '30 s');
                PERFORM gpsync_internal.ddl_as(own.owner, format('ALTER TABLE %s DISABLE TRIGGER %I', own.part,
                    own.name));
            END IF;
        END;
    END LOOP;
    RETURN dropped;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_stop(regclass, boolean) IS
    'Drops the triggers of a stop. False: somebody reads the table, and they are disabled, if that was allowed';

-- The same for every session that reads it, or fails.
CREATE FUNCTION gpsync_internal.time_to_show(at timestamptz) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS"+00"') $$;
COMMENT ON FUNCTION gpsync_internal.time_to_show(timestamptz) IS 'A time in UTC, to the second';

CREATE FUNCTION gpsync_internal.stop_traffic_as(caller oid, relations regclass[], reason text, until timestamptz,
        wait interval) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    relation regclass;
BEGIN
    PERFORM gpsync_internal.refuse_unattached(relations);
    IF coalesce(btrim(reason), '') = '' OR wait IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'reason and wait cannot be NULL, and reason not be empty',
            HINT = 'The reason is what every refused write shows.';
    END IF;
    FOR relation IN SELECT DISTINCT r::oid FROM unnest(relations) AS r ORDER BY 1 LOOP
        PERFORM gpsync_internal.lock_against_writers(relation, wait);
        PERFORM gpsync_internal.create_stop(relation, format('%L, %L, %L, %L', reason, pg_get_userbyid(caller),
            gpsync_internal.time_to_show(clock_timestamp()), coalesce(gpsync_internal.time_to_show(until), '')));
        PERFORM gpsync_internal.raise_ops_event('traffic.stopped', relation::text, jsonb_build_object(
            'reason', reason, 'by', pg_get_userbyid(caller), 'until', until));
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.stop_traffic_as(oid, regclass[], text, timestamptz, interval) IS
    'stop_traffic() on behalf of a role';

CREATE FUNCTION gpsync.stop_traffic(relations regclass[], reason text, until timestamptz DEFAULT NULL,
        wait interval DEFAULT '30 s') RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.stop_traffic(regclass[], text, timestamptz, interval) IS
    'Has attached tables refuse INSERT, UPDATE, DELETE and TRUNCATE (25006), also directly to a partition and by '
    'logical '
    'replication, with this reason, until resume_traffic(). Operators (roles that may call resume_traffic(), as SET '
    'ROLE '
    'has left it) and the bookkeeping still write. When it returns and the transaction has committed, no transaction '
    'that wrote before is open any more. until: for the message alone. wait: how long transactions that have written '
    'may take to end, a table. Errors: 55000 not attached; 22004; 55P03 transactions that have written do not end';

CREATE FUNCTION gpsync_internal.resume_traffic_as(caller oid, relations regclass[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of regclass;
    was_stopped boolean;
BEGIN
    PERFORM gpsync_internal.refuse_unattached(relations);
    FOR of IN SELECT DISTINCT r::oid FROM unnest(relations) AS r ORDER BY 1 LOOP
        was_stopped := EXISTS (SELECT FROM gpsync.traffic_stops AS s WHERE s.relation = of);
        PERFORM gpsync_internal.drop_stop(of, true);
        IF was_stopped THEN
            PERFORM gpsync_internal.raise_ops_event('traffic.resumed', of::text,
                jsonb_build_object('by', pg_get_userbyid(caller)));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.resume_traffic_as(oid, regclass[]) IS 'resume_traffic() on behalf of a role';

CREATE FUNCTION gpsync.resume_traffic(relations regclass[]) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resume_traffic(regclass[]) IS
    'Ends stop_traffic(), from the next statement of every session on; nothing where traffic is not stopped. Who may '
    'call this is an operator, and writes while traffic is stopped. Where a session reads a table for long, triggers '
    'of the stop stay, disabled, until they can be dropped. Errors: 55000 not attached; 22004';

CREATE FUNCTION gpsync_internal.drop_resumed_stops() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of regclass;
BEGIN
    FOR of IN SELECT DISTINCT t.tgrelid FROM pg_trigger AS t
                    WHERE t.tgfoid = 'gpsync_internal.refuse_traffic()'::regprocedure AND t.tgenabled = 'D'
                        AND t.tgparentid = 0 LOOP
        IF NOT EXISTS (SELECT FROM gpsync.traffic_stops AS s
                       WHERE s.relation = gpsync_internal.attached_ancestor(of)) THEN
            PERFORM gpsync_internal.drop_stop(of, false);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_resumed_stops() IS
    'Drops triggers of past stops that resume_traffic() could only disable';

CREATE FUNCTION gpsync_internal.doctor_traffic()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'traffic', 'warning', format('traffic to table %s is stopped since %s by role "%s": %s', s.relation,
           s.stopped_at, s.stopped_by, s.reason),
       format('SELECT gpsync.resume_traffic(%L)', array[s.relation])
FROM gpsync.traffic_stops AS s
UNION ALL
SELECT 'traffic', 'error', format('traffic to table %s is stopped, and partition %s can be truncated', s.relation,
           p.relid),
       format('SELECT gpsync.stop_traffic(%L, %L)', array[s.relation], s.reason)
FROM gpsync.traffic_stops AS s CROSS JOIN LATERAL gpsync_internal.partitions(s.relation) AS p
WHERE NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = p.relid AND t.tgname = 'gpsync_stopped_truncate'
                      AND t.tgenabled = 'A')
UNION ALL
SELECT 'traffic', 'info', format('table %s has disabled triggers of a stop of traffic that is over, which make its '
           'updates slower', a.relation),
       format('SELECT gpsync.resume_traffic(%L)', array[a.relation])
FROM gpsync.attached_tables AS a
WHERE EXISTS (SELECT FROM gpsync_internal.stop_triggers(a.relation) AS s)
    AND NOT EXISTS (SELECT FROM gpsync.traffic_stops AS s WHERE s.relation = a.relation) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_traffic() IS 'doctor() on tables whose traffic is, or was, stopped';

-- refuse_traffic() stays executable by PUBLIC, as the other functions of triggers (extension/parts/triggers.sql).
REVOKE ALL ON FUNCTION gpsync_internal.ddl_as(oid, text), gpsync_internal.lock_holders(regclass),
    gpsync_internal.lock_against_writers(regclass, interval),
    gpsync_internal.refuse_unattached(regclass[]), gpsync_internal.create_stop(regclass, text),
    gpsync_internal.stop_triggers(regclass), gpsync_internal.drop_stop(regclass, boolean),
    gpsync_internal.time_to_show(timestamptz),
    gpsync_internal.stop_traffic_as(oid, regclass[], text, timestamptz, interval),
    gpsync.stop_traffic(regclass[], text, timestamptz, interval),
    gpsync_internal.resume_traffic_as(oid, regclass[]), gpsync.resume_traffic(regclass[]),
    gpsync_internal.drop_resumed_stops(), gpsync_internal.doctor_traffic() FROM PUBLIC;
