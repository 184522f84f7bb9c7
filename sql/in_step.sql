-- keep_in_step() and track_duplicates(): what they refuse, and what they make.
\set SHOW_CONTEXT never
CREATE DATABASE gpsync_regress_in_step;
\c gpsync_regress_in_step
CREATE EXTENSION gpsync;
CREATE TABLE device_temp (id text PRIMARY KEY, ob boolean, amount numeric(10, 2), note text,
    twice int GENERATED ALWAYS AS (1) STORED);
CREATE TABLE device (id text, ob boolean, amount numeric(12, 2), note text COLLATE "C", twice int, part int);
CREATE VIEW a_view AS SELECT * FROM device;

-- Tables.
SELECT gpsync.keep_in_step('device_temp', 'device_temp', '{id}', '{ob}');
SELECT gpsync.keep_in_step('device_temp', 'a_view', '{id}', '{ob}');
SELECT gpsync.keep_in_step('device_temp', 'pg_class', '{id}', '{ob}');
SELECT gpsync.keep_in_step('device_temp', 'gpsync.machine', '{id}', '{ob}');
SELECT gpsync.keep_in_step('device_temp', NULL, '{id}', '{ob}');
CREATE TEMP TABLE temporary (id text PRIMARY KEY, ob boolean);
SELECT gpsync.keep_in_step('device_temp', 'temporary', '{id}', '{ob}');
GRANT CREATE ON SCHEMA public TO PUBLIC;
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{ob}');
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE TABLE heir () INHERITS (device);
SELECT gpsync.keep_in_step('device_temp', 'heir', '{id}', '{ob}');
DROP TABLE heir;
-- Columns.
SELECT gpsync.keep_in_step('device_temp', 'device', '{}', '{ob}');
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{id}');
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{obb}');
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{amount}');
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{note}');
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{twice}');
CREATE TABLE stamped (id text PRIMARY KEY, last_updated timestamptz);
CREATE TABLE stamped_2 (LIKE stamped INCLUDING ALL);
SELECT gpsync.keep_in_step('stamped', 'stamped_2', '{id}', '{last_updated}');
CREATE RULE ruled AS ON UPDATE TO stamped DO INSTEAD NOTHING;
SELECT gpsync.keep_in_step('stamped_2', 'stamped', '{id}', '{last_updated}');
-- The key.
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{ob}');
CREATE UNIQUE INDEX partial ON device (id) WHERE ob;
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{ob}');
ALTER TABLE device ADD CONSTRAINT deferred UNIQUE (id) DEFERRABLE;
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{ob}');
CREATE UNIQUE INDEX another_collation ON device (id COLLATE "C");
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{ob}');
DROP INDEX partial, another_collation;
ALTER TABLE device DROP CONSTRAINT deferred, ADD UNIQUE (id);
-- Owners.
CREATE ROLE gpsync_regress_step;
ALTER TABLE device_temp OWNER TO gpsync_regress_step;
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{ob}');
ALTER TABLE device_temp OWNER TO CURRENT_USER;
DROP ROLE gpsync_regress_step;
-- Rows that differ, and a second pair over the same column.
INSERT INTO device_temp (id, ob) VALUES ('d1', true);
INSERT INTO device (id, ob) VALUES ('d1', false);
SELECT gpsync.keep_in_step('device_temp', 'device', '{id}', '{ob}');
SELECT * FROM gpsync.step_differences;
CREATE TABLE third (id text PRIMARY KEY, ob boolean, note text);
SELECT gpsync.keep_in_step('third', 'device_temp', '{id}', '{ob}');
SELECT gpsync.keep_in_step('third', 'device_temp', '{id}', '{note}');
SELECT gpsync.keep_in_step('third', 'device_temp', '{id}', '{note,ob}');
UPDATE device SET ob = ob;
SELECT d.ob, t.ob FROM device AS d JOIN device_temp AS t USING (id);
-- Once a pair is dropped, the sides are tables like any other.
SELECT gpsync.drop_step('device', 'third');
SELECT gpsync.drop_step('device', 'device_temp');
UPDATE device SET ob = true;
SELECT d.ob, t.ob FROM device AS d JOIN device_temp AS t USING (id);

-- Duplicates.
SELECT gpsync.create_platform_tables();
ALTER TABLE provision_status ADD COLUMN device text, ADD COLUMN card text;
SELECT gpsync.track_duplicates('provision_status', '{device,crad}', 'duplicates');
SELECT gpsync.track_duplicates('device_temp', '{}', 'duplicates');
SELECT gpsync.track_duplicates('device_temp', '{id}', '');
SELECT gpsync.keep_in_step('device_temp', 'provision_status', '{{id,id},{id,id}}', '{id}');
SELECT gpsync.redact_in_stream(0, 'id', 'drop');
SELECT gpsync.load_row(0, '{"id": 1}');
SELECT gpsync.grant_reader(0);
SELECT gpsync.track_duplicates('a_view', '{id}', 'duplicates');
CREATE TYPE a_pair AS (n integer, document json);
CREATE DOMAIN a_document AS json;
CREATE TABLE not_alike (id integer PRIMARY KEY, document json, "The ""Document""" a_document, place point,
    many json[], pair a_pair, pairs a_pair[], letter xml, code xid, mood jsonb, span int4range, area box);
SELECT gpsync.track_duplicates('not_alike', '{document}', 'alike');
SELECT gpsync.track_duplicates('not_alike', ARRAY['The "Document"']::name[], 'alike');
SELECT gpsync.track_duplicates('not_alike', '{place}', 'alike');
SELECT gpsync.track_duplicates('not_alike', '{many}', 'alike');
SELECT gpsync.track_duplicates('not_alike', '{pair}', 'alike');
SELECT gpsync.track_duplicates('not_alike', '{pairs}', 'alike');
SELECT gpsync.track_duplicates('not_alike', '{letter}', 'alike');
SELECT gpsync.track_duplicates('not_alike', '{code,mood,span}', 'alike');
SELECT gpsync.track_duplicates('not_alike', '{mood,span}', 'alike');
SELECT obj_description('alike'::regclass);
INSERT INTO not_alike (id, mood, span) VALUES (1, '1', '[1,2]'), (2, '1.0', '[1,3)'), (3, '2', '[1,2]');
TABLE alike;
SELECT gpsync.track_duplicates('not_alike', '{id,area}', 'alike too');
DROP TABLE not_alike CASCADE;
DROP DOMAIN a_document;
DROP TYPE a_pair;
SELECT gpsync.track_duplicates('provision_status', '{device,card}', 'duplicates');
SELECT gpsync.track_duplicates('provision_status', '{device,card}', 'duplicates');
INSERT INTO provision_status (provision_id, status, device, card) VALUES ('p1', 'RECEIVED', 'd', 'c'),
    ('p2', 'RECEIVED', 'd', 'c'), ('p3', 'RECEIVED', 'd', 'c2'), ('p4', 'RECEIVED', NULL, 'c'),
    ('p5', 'RECEIVED', NULL, 'c');
UPDATE provision_status SET status = 'FAILED' WHERE provision_id = 'p2';
SELECT "group", count, keys, states, first_seen <= last_seen AS seen FROM duplicates;
SELECT obj_description('duplicates'::regclass);
\c postgres
DROP DATABASE gpsync_regress_in_step;
