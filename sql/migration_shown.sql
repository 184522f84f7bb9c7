-- What readers see of imports, verifications, tables kept in step and errors: no PII of a query's text, of an
-- error's message or of a key.
CREATE DATABASE gpsync_regress_migration_shown;
\c gpsync_regress_migration_shown
CREATE EXTENSION gpsync;
\pset format unaligned
CREATE ROLE regress_shown_reader;
SELECT gpsync.grant_reader('regress_shown_reader');
CREATE TABLE token (id integer PRIMARY KEY, status text NOT NULL, code integer);
SELECT gpsync.attach('token');
CREATE TABLE legacy_token (id integer, status text, code text);
INSERT INTO legacy_token VALUES (1, 'ACTIVE', '4111 1111 1111 1111');
SELECT gpsync.import('token', '(SELECT id, status, code::integer FROM public.legacy_token
    WHERE code <> ''5555555555554444'')', job => 'shown', echo => '{}');
SELECT gpsync.set_import('shown', 'pause_when', 'SELECT current_user = ''somebody@example.com''');
CALL gpsync.run_import('shown');
SELECT gpsync.verify('token', '(SELECT id, status, code::integer FROM public.legacy_token
    WHERE code <> ''5555555555554444'')', run => 'shown');
SELECT source, pause_when, last_error FROM gpsync.import_progress;
SELECT source FROM gpsync.verify_progress;
UPDATE gpsync.verify_run SET worked_at = now() - interval '9 days', finished_at = now() - interval '9 days';
-- keys
CREATE TABLE customer (email text PRIMARY KEY, status text);
CREATE TABLE old_customer (email text PRIMARY KEY, status text);
INSERT INTO customer VALUES ('jane.doe@example.com', 'RECEIVED'), ('k-1', 'RECEIVED');
INSERT INTO old_customer VALUES ('jane.doe@example.com', 'FAILED'), ('k-1', 'FAILED'),
    ('DE89370400440532013000', 'FAILED');
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SET client_min_messages = error;
SELECT gpsync.keep_in_step('customer', 'old_customer', '{email}', '{status}');
SELECT gpsync.attach('customer');
SELECT gpsync.verify('customer', 'old_customer', run => 'keys');
CALL gpsync.run_verify('keys');
RESET client_min_messages;
SELECT key, kind FROM gpsync.verify_differences WHERE run = 'keys' ORDER BY key::text COLLATE "C";
SET ROLE regress_shown_reader;
SELECT key, kind FROM gpsync.verify_differences WHERE run = 'keys' ORDER BY key::text COLLATE "C";
SELECT key, columns FROM gpsync.step_differences ORDER BY key::text COLLATE "C";
-- as dead_letter_groups and the like show errors of receivers
SELECT gpsync_internal.error_pattern('jane.doe@example.com, card 4111 1111 1111 1111: no customer 17') AS error;
SELECT source, pause_when, last_error FROM gpsync.import_progress;
SELECT source FROM gpsync.verify_progress;
SELECT fix FROM gpsync.doctor() WHERE check_name = 'verify';
\c postgres
DROP DATABASE gpsync_regress_migration_shown;
DROP ROLE regress_shown_reader;
