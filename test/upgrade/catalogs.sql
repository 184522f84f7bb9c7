-- What the catalogs say of the extension gpsync and of everything that belongs to it, a line each, in an order of its
-- own, without OIDs and without what GRANTs to named roles add. Two databases that show the same hold the same extension.
SET search_path = pg_catalog;

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS name
FROM pg_depend AS d
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
    AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'gpsync');

-- Privileges of PUBLIC and of owners: grantee, privilege, grant option. Kinds are those of acldefault().
CREATE FUNCTION pg_temp.privileges(kind "char", acl aclitem[], owner oid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE 'owner' END || ' ' || a.privilege_type
                      || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ',' ORDER BY a.grantee, a.privilege_type)
    FROM aclexplode(coalesce(acl, acldefault(kind, owner))) AS a WHERE a.grantee IN (0, owner)
$$;

CREATE TEMP VIEW relation AS
SELECT c.* FROM pg_class AS c JOIN member AS m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid;

WITH line (subject, what, says) AS (
    SELECT 'extension', 'itself', concat_ws(' ', e.extversion, e.extrelocatable, e.extnamespace::regnamespace)
    FROM pg_extension AS e WHERE e.extname = 'gpsync'
    UNION ALL
    SELECT 'extension', 'dumps ' || c.oid::regclass, c.condition
    FROM pg_extension AS e, unnest(e.extconfig, e.extcondition) AS c (oid, condition) WHERE e.extname = 'gpsync'
    UNION ALL
    SELECT m.name, 'member', coalesce(obj_description(m.objid, m.classid::regclass::name), '(no comment)') FROM member AS m
    UNION ALL
    SELECT m.name, 'initial privileges', pg_temp.privileges('r', i.initprivs, 10)
    FROM member AS m JOIN pg_init_privs AS i ON i.classoid = m.classid AND i.objoid = m.objid AND i.objsubid = 0
    UNION ALL
    SELECT p.oid::regprocedure::text, 'function', concat(CASE p.prokind WHEN 'a' THEN (SELECT to_jsonb(a)::text FROM pg_aggregate AS a WHERE a.aggfnoid = p.oid)
            ELSE pg_get_functiondef(p.oid) END, pg_temp.privileges('f', p.proacl, p.proowner))
    FROM pg_proc AS p JOIN member AS m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
    UNION ALL
    SELECT c.oid::regclass::text, 'relation', concat_ws(' ', c.relkind, c.relpersistence, c.reloptions, c.relreplident,
           c.relrowsecurity, c.relforcerowsecurity,
           pg_temp.privileges(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relacl, c.relowner))
    FROM relation AS c
    UNION ALL
    SELECT c.oid::regclass::text, 'view', pg_get_viewdef(c.oid) FROM relation AS c WHERE c.relkind = 'v'
    UNION ALL
    SELECT c.oid::regclass::text, format('column %s %s', a.attnum, a.attname),
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                     a.attstorage, a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid),
                     pg_temp.privileges('c', a.attacl, c.relowner), col_description(c.oid, a.attnum))
    FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT c.oid::regclass::text, 'constraint ' || k.conname, concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
    FROM relation AS c JOIN pg_constraint AS k ON k.conrelid = c.oid
    UNION ALL
    SELECT c.oid::regclass::text, 'index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
    FROM relation AS c JOIN pg_index AS i ON i.indrelid = c.oid
    UNION ALL
    SELECT c.oid::regclass::text, 'trigger ' || t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM relation AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT c.oid::regclass::text, 'policy ' || p.polname,
           concat_ws(' ', p.polcmd, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid))
    FROM relation AS c JOIN pg_policy AS p ON p.polrelid = c.oid
    UNION ALL
    SELECT e.evtname, 'event trigger', concat_ws(' ', e.evtevent, e.evttags, e.evtenabled, e.evtfoid::regprocedure)
    FROM pg_event_trigger AS e JOIN member AS m ON m.classid = 'pg_event_trigger'::regclass AND m.objid = e.oid
    UNION ALL
    SELECT w.fdwname, 'wrapper', concat_ws(' ', w.fdwhandler::regproc, w.fdwvalidator::regproc, w.fdwoptions,
           pg_temp.privileges('F', w.fdwacl, w.fdwowner))
    FROM pg_foreign_data_wrapper AS w
    JOIN member AS m ON m.classid = 'pg_foreign_data_wrapper'::regclass AND m.objid = w.oid
    UNION ALL
    SELECT format_type(t.oid, NULL), 'type', concat_ws(' ', t.typtype, pg_temp.privileges('T', t.typacl, t.typowner),
           (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid),
           (SELECT string_agg(pg_get_constraintdef(k.oid), ',' ORDER BY k.conname)
            FROM pg_constraint AS k WHERE k.contypid = t.oid))
    FROM pg_type AS t JOIN member AS m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid)
SELECT json_build_array(subject, what, says) FROM line ORDER BY subject COLLATE "C", what COLLATE "C";
