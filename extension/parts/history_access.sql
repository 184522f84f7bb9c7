-- Who may read the tables of a history: whoever may read all rows of the table that it is of. So a role that can dump
-- the one can dump the other, and nobody reads here what a policy or a missing privilege hides there.

CREATE FUNCTION gpsync_internal.history_readers(relation oid) RETURNS SETOF oid
    LANGUAGE sql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT DISTINCT a.grantee FROM pg_class AS c
CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS a
LEFT JOIN pg_roles AS r ON r.oid = a.grantee
WHERE c.oid = relation AND a.privilege_type = 'SELECT'
    AND (NOT c.relrowsecurity OR r.rolsuper OR r.rolbypassrls
         OR a.grantee = c.relowner AND NOT c.relforcerowsecurity) $$;
COMMENT ON FUNCTION gpsync_internal.history_readers(oid) IS
    'The roles that a table''s privileges let read all its rows; 0: PUBLIC';

CREATE FUNCTION gpsync_internal.grant_history_readers(h gpsync.history) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    change record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = h.relation) THEN
        RETURN;
    END IF;
    FOR change IN
        WITH part AS (
            SELECT c.oid, c.relowner, c.relacl FROM pg_class AS c
            WHERE c.oid IN (SELECT t.relid FROM pg_partition_tree(to_regclass('gpsync.history_' || h.history)) AS t
                            UNION ALL SELECT to_regclass('gpsync.history_state_' || h.history))),
        wanted AS (SELECT p.oid, r.role FROM part AS p, gpsync_internal.history_readers(h.relation) AS r (role)
                   WHERE r.role <> p.relowner),
        present AS (SELECT p.oid, a.grantee AS role FROM part AS p, aclexplode(p.relacl) AS a
                    WHERE a.privilege_type = 'SELECT' AND a.grantee <> p.relowner)
        SELECT w.role IS NOT NULL AS wanted, role, string_agg(oid::regclass::text, ', ') AS parts
        FROM wanted AS w FULL JOIN present AS p USING (oid, role)
        WHERE w.role IS NULL OR p.role IS NULL GROUP BY 1, 2
    LOOP
        EXECUTE format(CASE WHEN change.wanted THEN 'GRANT SELECT ON %s TO %s' ELSE 'REVOKE SELECT ON %s FROM %s' END,
            change.parts, CASE change.role WHEN 0 THEN 'PUBLIC' ELSE change.role::regrole::text END);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.grant_history_readers(gpsync.history) IS
    'Makes the privileges of a history''s tables those of the table that it is of';

-- The relay does the same every two seconds, for what no event trigger sees (ALTER ROLE), and where two do it at once.
CREATE FUNCTION gpsync_internal.follow_history_grants() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.grant_history_readers(h) FROM gpsync.history AS h;
-- A month that is being dropped, a lock_timeout: no reason to refuse a GRANT of another table.
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'the privileges of histories could not be set, the relay tries it again: SQLSTATE %', SQLSTATE;
END $$;
COMMENT ON FUNCTION gpsync_internal.follow_history_grants() IS
    'After GRANT, REVOKE and ALTER TABLE: who may read a table may read its history';

REVOKE ALL ON FUNCTION gpsync_internal.history_readers(oid), gpsync_internal.grant_history_readers(gpsync.history),
    gpsync_internal.follow_history_grants() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_follow_history_grants ON ddl_command_end WHEN TAG IN ('GRANT', 'REVOKE', 'ALTER TABLE')
    EXECUTE FUNCTION gpsync_internal.follow_history_grants();
ALTER EVENT TRIGGER gpsync_follow_history_grants ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_follow_history_grants IS 'Who may read a table may read its history';
