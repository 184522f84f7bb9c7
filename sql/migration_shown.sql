-- What readers see of the sources of imports and verifications: no PII of a query's text or of an error's message.
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
SET ROLE regress_shown_reader;
SELECT source, pause_when, last_error FROM gpsync.import_progress;
SELECT source FROM gpsync.verify_progress;
SELECT fix FROM gpsync.doctor() WHERE check_name = 'verify';
\c postgres
DROP DATABASE gpsync_regress_migration_shown;
DROP ROLE regress_shown_reader;
