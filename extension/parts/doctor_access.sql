-- doctor() on who may read what is streamed, who could redirect secrets, and data that their labels have not followed.

-- Streams whose owner may not read what they show any more. Delivery goes on: privileges are lost by accident, too,
-- and then the owner of one table would stop all the others; docs/operating.md, Roles.
CREATE FUNCTION gpsync_internal.doctor_readers() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH owned AS MATERIALIZED (
    SELECT s.stream, s.publication, s.owner, o.oid, o.rolsuper, p.stream IS NOT NULL AS at_work
    FROM gpsync.stream AS s LEFT JOIN gpsync.stream_position AS p ON p.stream = s.stream
        LEFT JOIN pg_roles AS o ON o.rolname = s.owner)
SELECT 'stream owner', 'error', format('role "%s", which owns stream "%s", does not exist', s.owner, s.stream),
       format(CASE WHEN s.at_work THEN 'SELECT gpsync.take_ownership(%L)'
           ELSE 'SELECT gpsync.recreate_stream(%L)' END || '; -- as a role that may read its tables', s.stream)
FROM owned AS s WHERE s.oid IS NULL
UNION ALL
SELECT DISTINCT 'stream owner', 'error',
       format('stream "%s" shows table %s, and its owner "%s" %s', s.stream, t.root, s.owner,
              CASE WHEN t.selects THEN 'may not read all its rows: row-level security' ELSE 'may not read it' END),
       CASE WHEN t.selects THEN format('SELECT gpsync.take_ownership(%L); -- as a role with BYPASSRLS, or the '
           'table''s owner', s.stream)
            ELSE format('GRANT SELECT ON %s TO %I; -- or take the table out of publication %s', t.root, s.owner,
                gpsync_internal.in_comment(quote_ident(s.publication))) END
FROM owned AS s, gpsync_internal.publication_relations(s.publication) AS r,
LATERAL (SELECT coalesce(pg_partition_root(r), r)) AS p (root),
LATERAL (SELECT p.root, has_table_privilege(s.oid, r, 'SELECT')
    OR has_table_privilege(s.oid, p.root, 'SELECT')) AS t (root, selects)
WHERE s.oid IS NOT NULL AND s.at_work AND NOT s.rolsuper AND NOT gpsync_internal.may_read_rows(s.oid, r) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_readers() IS
    'doctor() on whether the owners of streams may read what these show';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_readers() FROM PUBLIC;

-- Owners of servers whose secrets are another role's. The guard protects these, unless somebody has disabled it.
CREATE FUNCTION gpsync_internal.doctor_secrets() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'secret', CASE WHEN g.enabled THEN 'info' ELSE 'warning' END,
       format('role "%s" owns server "%s", for which %s has a user mapping with secrets: the owner can change %s',
           o.rolname, s.srvname,
              CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE format('role "%s"', r.rolname) END,
              CASE WHEN g.enabled THEN 'the path of its url, not its scheme, host or port'
                   ELSE 'where they are sent to, since event trigger "gpsync_guard_endpoint" is disabled' END),
       CASE WHEN g.enabled THEN format('ALTER SERVER %I OWNER TO ...; -- a role that may read server files', s.srvname)
            ELSE 'ALTER EVENT TRIGGER gpsync_guard_endpoint ENABLE ALWAYS' END
FROM pg_user_mapping AS u
JOIN pg_foreign_server AS s ON s.oid = u.umserver
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw AND w.fdwname = 'gpsync_http'
JOIN pg_roles AS o ON o.oid = s.srvowner
LEFT JOIN pg_roles AS r ON r.oid = u.umuser,
LATERAL (SELECT coalesce(bool_or(e.evtenabled = 'A'), false) FROM pg_event_trigger AS e
    WHERE e.evtname = 'gpsync_guard_endpoint') AS g (enabled)
WHERE cardinality(u.umoptions) > 0 AND NOT pg_has_role(s.srvowner, 'pg_read_server_files', 'USAGE')
    AND (u.umuser = 0 OR NOT pg_has_role(s.srvowner, u.umuser, 'USAGE')) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_secrets() IS 'doctor() on who could redirect which secret';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_secrets() FROM PUBLIC;

-- By their columns' names and types alone, so the finding may be wrong: a label "pass" removes it.
CREATE FUNCTION gpsync_internal.doctor_label_copies()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH shown AS (
    SELECT coalesce(pg_partition_root(r), r)::oid AS oid FROM pg_publication AS p,
        gpsync_internal.publication_relations(p.pubname) AS r
    UNION SELECT a.relation FROM gpsync.attached_tables AS a)
SELECT 'label', 'warning',
       format('column "%s" of table %s has no label, and table %s, all of whose columns it has, redacts its own '
           '("%s")', u.column_name, u.relation::regclass,
              u.original::regclass, u.rule),
       format('SELECT gpsync.redact_in_stream(%L, %L, %L); -- or ''pass'', if it holds something else',
           u.relation::regclass, u.column_name, u.rule)
FROM gpsync_internal.unlabelled_copies(ARRAY(SELECT s.oid FROM shown AS s WHERE EXISTS (SELECT FROM pg_seclabel AS l
    WHERE l.provider = 'gpsync' AND l.objsubid > 0))) AS u $$;
COMMENT ON FUNCTION gpsync_internal.doctor_label_copies() IS
    'doctor() on tables that look like copies of labelled ones';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_label_copies() FROM PUBLIC;
