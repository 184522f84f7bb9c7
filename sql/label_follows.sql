-- Labels that follow the data, or say that they do not: generated columns, departed tables, copies.
CREATE DATABASE gpsync_regress_follows;
\c gpsync_regress_follows
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
\pset null -
\set SHOW_CONTEXT never
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE VIEW findings AS SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'label' ORDER BY finding;
SELECT gpsync.define_policy('plain@1', '[{"key": "note", "action": "mask"}]');

-- Generated columns obey the labels of what they are computed from.
CREATE TABLE person (id integer PRIMARY KEY, email text, card text, note text, free text,
    g_email text GENERATED ALWAYS AS (lower(email)) STORED, g_pass text GENERATED ALWAYS AS (upper(email)) STORED,
    g_both text GENERATED ALWAYS AS (email || card) STORED, g_note text GENERATED ALWAYS AS (note || '!') STORED,
    g_free text GENERATED ALWAYS AS (free || '!') STORED, g_own text GENERATED ALWAYS AS (card || '!') STORED,
        g_id integer GENERATED ALWAYS AS (id + 1) STORED);
SELECT gpsync.redact_in_stream('person', 'email', 'hash'), gpsync.redact_in_stream('person', 'g_pass', 'pass'),
    gpsync.redact_in_stream('person', 'card', 'mask'),
    gpsync.redact_in_stream('person', 'note', 'scrub plain@1'), gpsync.redact_in_stream('person', 'free', 'pass'),
        gpsync.redact_in_stream('person', 'g_own', 'drop');
SELECT column_name, in_stream, label FROM gpsync.redacted_columns WHERE relation = 'person'::regclass;
CREATE TABLE heir () INHERITS (person);
SELECT column_name, in_stream, label FROM gpsync.redacted_columns WHERE relation = 'heir'::regclass;
ALTER TABLE heir ADD PRIMARY KEY (id);
SELECT gpsync.attach('heir', machine => NULL);
SELECT column_name, in_stream, label FROM gpsync.redacted_columns WHERE relation = 'heir'::regclass;
-- They are no keys either.
SELECT error_of('ALTER TABLE person DROP CONSTRAINT person_pkey, ADD PRIMARY KEY (g_email)');
CREATE TABLE keyed (a text, b text GENERATED ALWAYS AS (lower(a)) STORED PRIMARY KEY);
SELECT error_of($$SELECT gpsync.redact_in_stream('keyed', 'a', 'drop')$$);
ALTER EVENT TRIGGER gpsync_guard_keys DISABLE;
SELECT gpsync.redact_in_stream('keyed', 'a', 'drop');
SELECT * FROM findings;
SELECT gpsync.redact_in_stream('keyed', 'a', NULL);
ALTER EVENT TRIGGER gpsync_guard_keys ENABLE ALWAYS;
-- Values that stay behind when the expression goes.
ALTER TABLE ONLY heir ALTER g_email DROP EXPRESSION;
DROP TABLE heir;
ALTER TABLE person ALTER g_email DROP EXPRESSION, ALTER g_own DROP EXPRESSION;
CREATE TABLE plain (id integer PRIMARY KEY, a text, b text GENERATED ALWAYS AS (lower(a)) STORED);
ALTER TABLE plain ALTER b DROP EXPRESSION;

-- Tables that leave.
CREATE TABLE tree (id integer, email text, card text, note text) PARTITION BY LIST (id);
CREATE TABLE tree_1 PARTITION OF tree FOR VALUES IN (1);
CREATE TABLE tree_2 PARTITION OF tree FOR VALUES IN (2);
CREATE SCHEMA "Other";
CREATE TABLE "Other".tree_2 (unlike integer);
SELECT gpsync.redact_in_stream('tree', 'email', 'drop'), gpsync.redact_in_stream('tree', 'card', 'mask'),
    gpsync.redact_in_stream('tree_1', 'card', 'hash'), gpsync.redact_in_stream('tree', 'note', 'pass');
ALTER TABLE tree DETACH PARTITION tree_1;
ALTER TABLE tree DETACH PARTITION tree_2 CONCURRENTLY;
SELECT gpsync.redact_in_stream('tree_1', 'email', 'drop');
ALTER TABLE tree ATTACH PARTITION tree_1 FOR VALUES IN (1);
ALTER TABLE tree DETACH PARTITION tree_1;
CREATE TABLE child () INHERITS (person);
ALTER TABLE child NO INHERIT person;

-- Copies.
CREATE TABLE like_tree (LIKE tree);
CREATE TABLE like_more (extra integer, LIKE tree INCLUDING ALL, PRIMARY KEY (id));
CREATE TABLE like_less (id integer, email text, card text);
CREATE TABLE other_type (id integer, email integer, card text, note text);
CREATE TABLE as_tree AS TABLE tree;
CREATE TABLE as_some (mail) AS SELECT lower(t.card) AS no, u.email FROM tree AS t JOIN (SELECT email FROM person) AS u
    ON true;
CREATE TABLE as_computed AS SELECT upper(max(t.card)) AS x, count(*) AS y, t.* FROM tree AS t GROUP BY t.id, t.email,
    t.card, t.note;
CREATE TABLE as_union AS SELECT email FROM tree UNION ALL SELECT card FROM tree;
CREATE TABLE as_some_2 (mail, n) AS SELECT u.email, u.g_email FROM (SELECT email, g_email FROM person ORDER BY note)
    AS u WITH NO DATA;
SELECT id, card INTO into_tree FROM tree;
CREATE TABLE of_pass AS SELECT id, note FROM tree;
CREATE TEMP TABLE temporary AS SELECT email FROM tree;
CREATE TABLE as_key (LIKE tree, PRIMARY KEY (email));
CREATE MATERIALIZED VIEW viewed AS SELECT email FROM tree;
CREATE TABLE nothing AS EXECUTE nosuch;
CREATE SCHEMA made CREATE TABLE like_tree (LIKE public.tree);
-- The doctor looks at what is published or attached, and takes a label for an answer.
SELECT * FROM findings;
SELECT gpsync.attach('like_more', machine => NULL);
CREATE PUBLICATION p FOR TABLE as_tree, as_some, like_less;
SELECT * FROM findings;
SELECT gpsync.redact_in_stream('as_tree', 'email', 'pass'), gpsync.redact_in_stream('as_tree', 'card', 'mask');
SELECT fix FROM findings WHERE finding LIKE '%like_more%' \gexec
SELECT * FROM findings;

-- Nothing is said, and next to nothing asked, where there is no label.
CREATE DATABASE gpsync_regress_no_labels;
\c gpsync_regress_no_labels
CREATE EXTENSION gpsync;
CREATE TABLE t (id integer, email text);
CREATE TABLE u AS TABLE t;
CREATE TABLE v (LIKE t);

\c postgres
DROP DATABASE gpsync_regress_follows;
DROP DATABASE gpsync_regress_no_labels;
