-- stop_traffic() and resume_traffic(): what they refuse, and what is refused while traffic is stopped.
\set SHOW_CONTEXT never
CREATE DATABASE gpsync_regress_traffic;
\c gpsync_regress_traffic
SET client_min_messages = warning;
CREATE EXTENSION gpsync;
CREATE ROLE gpsync_regress_app;
CREATE ROLE gpsync_regress_ops;
SELECT gpsync.grant_operator('gpsync_regress_ops');
CREATE TABLE things (id int PRIMARY KEY, status text NOT NULL);
CREATE TABLE parts (id int, at date, status text NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, thing int REFERENCES things ON DELETE CASCADE, status text NOT NULL);
CREATE FUNCTION trusted() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM public.things $$;
GRANT ALL ON ALL TABLES IN SCHEMA public TO gpsync_regress_app, gpsync_regress_ops;
SELECT gpsync.attach('things');
SELECT gpsync.attach('parts');
SELECT gpsync.attach('child');
INSERT INTO things VALUES (1, 'RECEIVED'), (2, 'RECEIVED');
INSERT INTO child VALUES (1, 1, 'RECEIVED');
INSERT INTO parts VALUES (1, '2024-02-03', 'RECEIVED');

-- What is refused.
SELECT gpsync.stop_traffic('{}', 'x');
SELECT gpsync.stop_traffic(NULL, 'x');
SELECT gpsync.stop_traffic('{things,NULL}', 'x');
SELECT gpsync.stop_traffic('{other}', 'x');
SELECT gpsync.stop_traffic('{parts_2024}', 'x');
SELECT gpsync.stop_traffic('{things}', NULL);
SELECT gpsync.stop_traffic('{things}', ' ');
SELECT gpsync.resume_traffic('{other}');
SET ROLE gpsync_regress_app;
SELECT gpsync.stop_traffic('{things}', 'x');
SELECT gpsync.resume_traffic('{things}');
RESET ROLE;
SELECT count(*) FROM gpsync.traffic_stops;

-- An operator stops traffic: nobody else writes, by whatever way.
SET ROLE gpsync_regress_ops;
SELECT gpsync.stop_traffic('{things,parts}', 'cut-over', '2030-01-02 03:04:05+00');
RESET ROLE;
SELECT relation, reason, stopped_by, stopped_at <= now() + interval '1 s', until = '2030-01-02 03:04:05+00'
FROM gpsync.traffic_stops ORDER BY relation::text;
SELECT check_name, severity, regexp_replace(finding, 'since .* by', 'since … by'), fix FROM gpsync.doctor()
WHERE check_name = 'traffic' ORDER BY 3;
SET ROLE gpsync_regress_app;
\set VERBOSITY sqlstate
INSERT INTO things VALUES (3, 'RECEIVED');
INSERT INTO things VALUES (1, 'RECEIVED') ON CONFLICT (id) DO UPDATE SET status = 'ACTIVE';
UPDATE things SET status = status;
DELETE FROM things WHERE id = 1;
MERGE INTO things AS t USING (VALUES (1)) AS v (id) ON t.id = v.id WHEN MATCHED THEN DELETE;
COPY things (id, status) FROM stdin;
7	RECEIVED
\.
WITH d AS (DELETE FROM things RETURNING id) SELECT count(*) FROM d;
TRUNCATE things CASCADE;
INSERT INTO parts VALUES (2, '2024-02-03', 'RECEIVED');
UPDATE parts SET status = status;
DELETE FROM parts_2024;
INSERT INTO parts_2024 VALUES (2, '2024-02-03', 'RECEIVED');
TRUNCATE parts;
TRUNCATE parts_2024;
SELECT trusted();
-- What changes no row is no write; a table that is not named takes writes.
UPDATE things SET status = status WHERE id = 99;
INSERT INTO child VALUES (2, 2, 'RECEIVED');
\set VERBOSITY default
SELECT count(*) FROM things;
RESET ROLE;
SELECT regexp_replace(pg_get_triggerdef(oid), '''20..-[^'']*''', '''…''', 'g'), tgenabled FROM pg_trigger
WHERE tgname LIKE 'gpsync_stopped%' ORDER BY tgrelid::regclass::text, tgname;
-- A partition that comes later refuses, too, and so does what is written as a replica.
CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
GRANT ALL ON parts_2025 TO gpsync_regress_app;
SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'traffic' AND severity = 'error';
GRANT SET ON PARAMETER session_replication_role TO gpsync_regress_app;
SET ROLE gpsync_regress_app;
SET session_replication_role = replica;
\set VERBOSITY sqlstate
INSERT INTO parts_2025 VALUES (2, '2025-02-03', 'RECEIVED');
DELETE FROM things;
\set VERBOSITY default
RESET session_replication_role;
RESET ROLE;

-- Again: another reason. A cascade into a table that is stopped is a write of who deletes.
SELECT gpsync.resume_traffic('{things}');
SELECT gpsync.stop_traffic('{parts,child}', 'second thoughts');
SELECT relation, reason, until FROM gpsync.traffic_stops ORDER BY relation::text;
SET ROLE gpsync_regress_app;
\set VERBOSITY terse
DELETE FROM things WHERE id = 1;
TRUNCATE parts_2025;
\set VERBOSITY default
RESET ROLE;

-- Operators write.
SET ROLE gpsync_regress_ops;
UPDATE child SET status = status;
TRUNCATE parts;
RESET ROLE;
SELECT gpsync.detach('child');

-- resume_traffic() leaves nothing; twice is once.
SELECT gpsync.resume_traffic('{parts,child}');
SELECT gpsync.resume_traffic('{parts,child}');
SELECT count(*) FROM gpsync.traffic_stops;
SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'gpsync_stopped%';
SET ROLE gpsync_regress_app;
DELETE FROM things WHERE id = 1;
TRUNCATE parts;
RESET ROLE;
SELECT gpsync.detach('child');

\c postgres
SET client_min_messages = warning;
DROP DATABASE gpsync_regress_traffic;
REVOKE SET ON PARAMETER session_replication_role FROM gpsync_regress_app;
DROP ROLE gpsync_regress_app, gpsync_regress_ops;
