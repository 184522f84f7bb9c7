-- attach, detach and what they leave, on tables of every kind.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA attach_test;
SET search_path = attach_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE VIEW attached AS SELECT * FROM gpsync.attached_tables
    WHERE relation IN (SELECT oid FROM pg_class WHERE relnamespace = 'attach_test'::regnamespace);
RESET client_min_messages;

-- A table that has none of the columns; the publication is created.
CREATE TABLE plain (id integer PRIMARY KEY, status text);
INSERT INTO plain VALUES (1, 'RECEIVED'), (2, 'VERIFIED');
SELECT gpsync.attach('plain', publication => 'attach_test');
\d plain
SELECT pubviaroot, puballtables FROM pg_publication WHERE pubname = 'attach_test';
SELECT pubname, schemaname, tablename FROM pg_publication_tables WHERE pubname = 'attach_test';
SELECT * FROM attached;
-- Rows that were there are not stamped: nothing has happened to them.
SELECT * FROM plain ORDER BY id;

-- What is written is stamped, whatever was written there.
INSERT INTO plain VALUES (3, 'RECEIVED', 'COMPLETED', now(), -1) RETURNING id, sync_status, sync_revision > 0
    AS stamped;
CREATE TEMP TABLE seen AS SELECT sync_revision FROM plain WHERE id = 3;
UPDATE plain SET sync_status = 'FAILED', sync_revision = 0 WHERE id = 3;
UPDATE plain SET status = status WHERE id = 3;
SELECT sync_status, p.sync_revision > s.sync_revision AS higher FROM plain AS p, seen AS s WHERE id = 3;
-- A key that is deleted and inserted again has a new revision, in one transaction too.
BEGIN;
UPDATE seen SET sync_revision = (SELECT sync_revision FROM plain WHERE id = 3);
DELETE FROM plain WHERE id = 3;
INSERT INTO plain VALUES (3, 'RECEIVED');
SELECT p.sync_revision > s.sync_revision AS higher FROM plain AS p, seen AS s WHERE id = 3;
COMMIT;
-- A revision from a cluster whose WAL was further on only grows.
ALTER TABLE plain DISABLE TRIGGER gpsync_stamp;
UPDATE plain SET sync_revision = 8000000000000000000 WHERE id = 3;
ALTER TABLE plain ENABLE ALWAYS TRIGGER gpsync_stamp;
UPDATE plain SET status = 'FAILED' WHERE id = 3 RETURNING sync_revision;
UPDATE plain SET status = 'RECEIVED' WHERE id = 3 RETURNING sync_revision;
ALTER TABLE plain DISABLE TRIGGER gpsync_stamp;
UPDATE plain SET sync_revision = 9223372036854775807 WHERE id = 3;
ALTER TABLE plain ENABLE ALWAYS TRIGGER gpsync_stamp;
UPDATE plain SET status = 'FAILED' WHERE id = 3 RETURNING sync_revision BETWEEN 1 AND 8000000000000000000
    AS starts_again;

-- Transitions.
UPDATE plain SET status = 'PROCESSING' WHERE id = 1;
UPDATE plain SET status = 'PROCESSING' WHERE id = 1;
UPDATE plain SET id = 11 WHERE id = 1;
SELECT error_of($$UPDATE plain SET status = 'VERIFIED' WHERE id = 11$$);
SELECT error_of($$UPDATE plain SET status = 'NOWHERE' WHERE id = 11$$);
SELECT error_of($$UPDATE plain SET status = NULL WHERE id = 11$$);
SELECT error_of($$UPDATE plain SET status = 'ELIGIBLE'$$);
UPDATE plain SET status = 'ELIGIBLE' WHERE id = 2;
SELECT error_of($$UPDATE plain SET status = 'RECEIVED' WHERE id = 2$$);
SELECT error_of($$INSERT INTO plain VALUES (4, 'PROCESSING')$$);
SELECT error_of($$INSERT INTO plain VALUES (4, NULL)$$);
SELECT error_of($$INSERT INTO plain (id) VALUES (4)$$);
SELECT id, status FROM plain ORDER BY id;

-- Upserts, MERGE, COPY.
INSERT INTO plain VALUES (11, 'COMPLETED') ON CONFLICT (id) DO UPDATE SET status = excluded.status;
INSERT INTO plain VALUES (11, 'ELIGIBLE') ON CONFLICT DO NOTHING;
SELECT error_of($$INSERT INTO plain VALUES (11, 'ELIGIBLE') ON CONFLICT (id) DO UPDATE SET status = excluded.status$$);
SELECT error_of($$INSERT INTO plain VALUES (12, 'COMPLETED') ON CONFLICT (id) DO UPDATE SET status = excluded.status$$);
MERGE INTO plain AS p USING (VALUES (11, 'VERIFIED'), (13, 'RECEIVED')) AS v (id, status) ON p.id = v.id
    WHEN MATCHED THEN UPDATE SET status = v.status WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.status);
SELECT error_of($$MERGE INTO plain AS p USING (VALUES (13, 'VERIFIED')) AS v (id, status) ON p.id = v.id WHEN MATCHED
    THEN UPDATE SET status = v.status$$);
SELECT error_of($$MERGE INTO plain AS p USING (VALUES (14, 'VERIFIED')) AS v (id, status) ON p.id = v.id
    WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.status)$$);
COPY plain (id, status) FROM stdin;
15	RECEIVED
16	RECEIVED
\.
\set VERBOSITY terse
COPY plain (id, status) FROM stdin;
17	RECEIVED
18	COMPLETED
\.
\set VERBOSITY default
SELECT id, status, sync_status FROM plain ORDER BY id;

-- Triggers of the user's, before and after ours in the order of names: what is final counts.
CREATE FUNCTION set_status() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.status := TG_ARGV[0]; RETURN NEW; END $$;
CREATE TRIGGER zz_after BEFORE INSERT OR UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION set_status('ELIGIBLE');
SELECT error_of($$INSERT INTO plain VALUES (20, 'RECEIVED')$$);
SELECT error_of($$UPDATE plain SET status = 'PROCESSING' WHERE id = 13$$);
UPDATE plain SET status = 'RECEIVED' WHERE id = 11 RETURNING status, sync_status;
DROP TRIGGER zz_after ON plain;
CREATE TRIGGER aa_before BEFORE INSERT OR UPDATE ON plain FOR EACH ROW WHEN (NEW.id > 0)
    EXECUTE FUNCTION set_status('RECEIVED');
INSERT INTO plain VALUES (20, 'NOWHERE') RETURNING status, sync_status;
SELECT error_of($$UPDATE plain SET status = 'ELIGIBLE' WHERE id = 11$$);
DROP TRIGGER aa_before ON plain;
-- A WHEN clause of theirs that has looked at the row before it was stamped.
CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER aa_looks BEFORE UPDATE ON plain FOR EACH ROW WHEN (NEW.sync_revision >= 0 AND NEW.sync_status <> '')
    EXECUTE FUNCTION pass();
CREATE TRIGGER zz_looks BEFORE UPDATE ON plain FOR EACH ROW WHEN (NEW.sync_revision > OLD.sync_revision)
    EXECUTE FUNCTION set_status('PROCESSING');
UPDATE plain SET status = status WHERE id IN (13, 15) RETURNING id, status;
DROP TRIGGER aa_looks ON plain;
DROP TRIGGER zz_looks ON plain;
-- One that suppresses the row.
CREATE FUNCTION suppress() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER zz_no BEFORE INSERT OR UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION suppress();
UPDATE plain SET status = 'NOWHERE';
INSERT INTO plain VALUES (99, 'NOWHERE');
DROP TRIGGER zz_no ON plain;

-- Odd names, any column order, dropped columns, an enum, a domain, char(n), columns that are there already.
CREATE TYPE "State" AS ENUM ('VERIFIED', 'RECEIVED', 'PROCESSING', 'FAILED');
CREATE DOMAIN state_domain AS "State" DEFAULT 'RECEIVED';
CREATE TABLE "Odd ""Table""" (
    gone1 text, sync_revision bigint, "the \state's" state_domain, last_sync_timestamp timestamp(0), gone2 bigint,
    "Key A" text, last_updated timestamptz(0), sync_status varchar, "Key,B" integer, note text,
        PRIMARY KEY ("Key,B", "Key A"));
ALTER TABLE "Odd ""Table""" DROP COLUMN gone1, DROP COLUMN gone2;
SELECT gpsync.attach('"Odd ""Table"""', status_column => 'the \state''s', publication => 'odd "pub"');
\d "Odd ""Table"""
SELECT * FROM attached WHERE relation = '"Odd ""Table"""'::regclass;
INSERT INTO "Odd ""Table""" ("Key A", "Key,B") VALUES ('a', 1), ('b', 2)
    RETURNING "the \state's", sync_status, sync_revision > 0 AS stamped,
    last_updated = date_trunc('second', last_updated) AS rounded;
SELECT error_of($$INSERT INTO "Odd ""Table""" ("Key A", "Key,B", "the \state's") VALUES ('a', 1, 'VERIFIED')
    ON CONFLICT ("Key A", "Key,B") DO UPDATE SET "the \state's" = excluded."the \state's"$$);
ALTER TABLE "Odd ""Table""" RENAME "the \state's" TO "another 'name'";
UPDATE "Odd ""Table""" SET "another 'name'" = 'PROCESSING' WHERE "Key,B" = 1 RETURNING sync_status;
SELECT error_of($$UPDATE "Odd ""Table""" SET "another 'name'" = 'VERIFIED'$$);
SELECT relation, status_column FROM attached WHERE relation = '"Odd ""Table"""'::regclass;
ALTER TABLE "Odd ""Table""" ADD COLUMN more numeric DEFAULT 1.5, ADD COLUMN last text;
UPDATE "Odd ""Table""" SET note = 'n', last = 'l' RETURNING "Key A", "another 'name'", note, more, last, sync_status;
UPDATE "Odd ""Table""" SET note = NULL RETURNING "Key A", note, more, last, sync_status;
SELECT gpsync.detach('"Odd ""Table"""');
\d "Odd ""Table"""

CREATE TABLE blank_padded (id integer PRIMARY KEY, status char(12), sync_status text);
INSERT INTO blank_padded VALUES (1, 'RECEIVED');
SELECT gpsync.attach('blank_padded', publication => 'attach_test');
UPDATE blank_padded SET status = 'PROCESSING' RETURNING sync_status;
SELECT error_of($$UPDATE blank_padded SET status = 'ELIGIBLE'$$);

-- last_updated: set where it is a timestamp, left alone otherwise.
CREATE TABLE with_zone (id integer PRIMARY KEY, status text, last_updated timestamptz);
CREATE TABLE without_zone (id integer PRIMARY KEY, status text, last_updated timestamp);
CREATE TABLE no_time (id integer PRIMARY KEY, status text, last_updated text);
SELECT gpsync.attach(t, publication => 'attach_test') FROM unnest('{with_zone,without_zone,no_time}'::regclass[]) AS t;
BEGIN;
SET LOCAL TimeZone = 'Asia/Tokyo';
INSERT INTO with_zone VALUES (1, 'RECEIVED', '2000-01-01') RETURNING last_updated = now() AS now;
INSERT INTO without_zone VALUES (1, 'RECEIVED', '2000-01-01') RETURNING last_updated = now()::timestamp AS now;
SET LOCAL TimeZone = 'UTC';
UPDATE without_zone SET last_updated = '2000-01-01' RETURNING last_updated = now()::timestamp AS now;
INSERT INTO no_time VALUES (1, 'RECEIVED', 'mine') RETURNING last_updated;
COMMIT;

-- A table without a status.
CREATE TABLE documents (id text PRIMARY KEY, data jsonb);
SELECT gpsync.attach('documents', machine => NULL, publication => 'attach_test');
\d documents
INSERT INTO documents VALUES ('a', '{}') RETURNING sync_status, sync_revision > 0 AS stamped;
SELECT * FROM attached WHERE machine IS NULL;

-- Rows of tables that inherit would be under no control.
CREATE TABLE parent (id integer PRIMARY KEY, status text);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child VALUES (1, 'NOWHERE');
SELECT gpsync.attach('parent', publication => 'attach_test');
UPDATE parent SET status = 'ELSEWHERE';
SELECT tablename FROM pg_publication_tables WHERE pubname = 'attach_test' AND tablename IN ('parent', 'child');

-- Publications that have the table already.
CREATE PUBLICATION attach_test_schema FOR TABLES IN SCHEMA attach_test;
CREATE TABLE by_schema (id integer PRIMARY KEY, status text);
SELECT gpsync.attach('by_schema', publication => 'attach_test_schema');
SELECT count(*) FROM pg_publication_rel
    WHERE prpubid = (SELECT oid FROM pg_publication WHERE pubname = 'attach_test_schema');
SELECT gpsync.detach('by_schema');
DROP PUBLICATION attach_test_schema;
CREATE PUBLICATION attach_test_named FOR TABLE by_schema (id, status) WHERE (id > 0);
SELECT gpsync.attach('by_schema', publication => 'attach_test_named');
SELECT gpsync.detach('by_schema');
SELECT count(*) FROM pg_publication_tables WHERE pubname = 'attach_test_named';
-- A publication that is gone, or has another name, is no hindrance to detach.
SELECT gpsync.attach('by_schema', publication => 'attach_test_named');
ALTER PUBLICATION attach_test_named RENAME TO attach_test_renamed;
SELECT gpsync.detach('by_schema');
DROP PUBLICATION attach_test_renamed;

-- Detached: nothing is checked or stamped; attached again: what is there counts.
SELECT gpsync.detach('plain');
\d plain
UPDATE plain SET status = 'NOWHERE', sync_status = 'mine' WHERE id = 11 RETURNING sync_status;
SELECT count(*) FROM attached WHERE relation = 'plain'::regclass;
UPDATE plain SET status = 'COMPLETED' WHERE id = 11;
SELECT gpsync.attach('plain', 'provision', 'status', 'attach_test');
UPDATE plain SET status = 'VERIFIED' WHERE id = 11 RETURNING sync_status;

-- A dropped table is forgotten, the extension is not dropped from under one.
DROP TABLE plain;
SELECT count(*) FROM attached WHERE relation::text = 'plain';
\set VERBOSITY terse
DROP FUNCTION gpsync_internal.stamp();
\set VERBOSITY default

SET client_min_messages = warning;
DROP PUBLICATION attach_test, "odd ""pub""";
DROP SCHEMA attach_test CASCADE;
