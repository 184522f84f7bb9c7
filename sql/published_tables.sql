-- What a publication publishes, as the server says it, but without a lock on the tables.
CREATE DATABASE gpsync_regress_published;
\c gpsync_regress_published
SET client_min_messages = error;
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
CREATE SCHEMA s;
CREATE TABLE plain (id int PRIMARY KEY);
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE heir () INHERITS (parent);
CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY);
CREATE TABLE s.plain (id int PRIMARY KEY);
CREATE TABLE tree (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (0) TO (10);
CREATE TABLE s.tree_2 PARTITION OF tree FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE tree_2a PARTITION OF s.tree_2 FOR VALUES FROM (10) TO (15);
CREATE TABLE s.tree_2b PARTITION OF s.tree_2 FOR VALUES FROM (15) TO (20);
CREATE TABLE empty (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE VIEW shown AS SELECT * FROM plain;
SELECT format('CREATE PUBLICATION %I %s', coalesce(nullif(what, ''), 'nothing') || root,
              what || CASE WHEN root = '' THEN '' ELSE ' WITH (publish_via_partition_root)' END)
FROM unnest(ARRAY['', 'FOR ALL TABLES', 'FOR TABLES IN SCHEMA s', 'FOR TABLE plain, ONLY parent', 'FOR TABLE parent',
    'FOR TABLE tree', 'FOR TABLE tree_1', 'FOR TABLE s.tree_2', 'FOR TABLE tree, tree_1', 'FOR TABLE s.tree_2, tree_2a',
    'FOR TABLE tree_1, TABLES IN SCHEMA s', 'FOR TABLE tree, TABLES IN SCHEMA s', 'FOR TABLE empty']) AS what,
    unnest('{"", " root"}'::text[]) AS root
\gexec
SELECT p.pubname, (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM gpsync_internal.published_tables(p.oid) AS t
                   WHERE t::text !~ '^gpsync')
FROM pg_publication AS p ORDER BY p.pubname COLLATE "C";
-- Where the two differ.
SELECT p.pubname, t.relid::regclass
FROM pg_publication AS p, LATERAL (
    (SELECT g.relid FROM pg_get_publication_tables(p.pubname) AS g
     EXCEPT SELECT t FROM gpsync_internal.published_tables(p.oid) AS t)
    UNION ALL
    (SELECT t FROM gpsync_internal.published_tables(p.oid) AS t
     EXCEPT SELECT g.relid FROM pg_get_publication_tables(p.pubname) AS g)) AS t (relid);
\c postgres
DROP DATABASE gpsync_regress_published;
