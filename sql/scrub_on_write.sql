-- scrub_on_write(): whatever else a table has, however a row is written, what is stored is scrubbed.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA scrub_test;
SET search_path = scrub_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE FUNCTION spoil_data() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.data := '{"email": "joe@example.com"}'; RETURN NEW; END $$;
CREATE FUNCTION harmless() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.n := coalesce(NEW.n, 0) + 1; RETURN NEW; END $$;
SELECT gpsync.define_policy('masked_notes@1', '[{"key": "note", "action": "mask"}]');
RESET client_min_messages;

-- The two triggers, as psql shows them.
CREATE TABLE partner (id int PRIMARY KEY, n int, data jsonb, about jsonb);
SELECT gpsync.scrub_on_write('partner', 'data', metadata_column => 'about');
SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE tgrelid = 'partner'::regclass ORDER BY tgname;
INSERT INTO partner VALUES (1, 0, '{"email": "joe@example.com", "a": 1}') RETURNING data, about -> 'schema';

-- A trigger that fires before is scrubbed after; one that fires later is caught, on every path.
CREATE TRIGGER a_spoil BEFORE INSERT OR UPDATE ON partner FOR EACH ROW EXECUTE FUNCTION spoil_data();
UPDATE partner SET n = 2 RETURNING data;
DROP TRIGGER a_spoil ON partner;
CREATE TRIGGER zzz_spoil BEFORE INSERT OR UPDATE ON partner FOR EACH ROW EXECUTE FUNCTION spoil_data();
SELECT error_of($$INSERT INTO partner VALUES (2, 0, '{"a": 1}')$$);
SELECT error_of($$UPDATE partner SET n = 3$$) LIKE '23514:%' AS update,
    error_of($$INSERT INTO partner VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 4$$) LIKE '23514:%' AS upsert,
       error_of($$MERGE INTO partner AS p USING (VALUES (1), (3)) AS v (id) ON p.id = v.id WHEN MATCHED THEN UPDATE
           SET n = 5 WHEN NOT MATCHED THEN INSERT (id) VALUES (v.id)$$) LIKE '23514:%' AS merge;
COPY partner (id, data) FROM stdin;
4	{"a": 1}
\.
-- The message has no value in it.
SELECT error_of($$INSERT INTO partner VALUES (2, 0, '{"a": 1}')$$) !~ 'joe|example' AS no_value;
SET session_replication_role = replica;
INSERT INTO partner VALUES (5, 0, '{"email": "joe@example.com", "a": 5}') RETURNING data;
RESET session_replication_role;
ALTER TABLE partner ENABLE ALWAYS TRIGGER zzz_spoil;
SET session_replication_role = replica;
SELECT error_of($$INSERT INTO partner VALUES (6, 0, '{"a": 1}')$$) LIKE '23514:%' AS replica_too;
RESET session_replication_role;
DROP TRIGGER zzz_spoil ON partner;
-- One that fires later and does no harm.
CREATE TRIGGER zzz_harmless BEFORE INSERT OR UPDATE ON partner FOR EACH ROW EXECUTE FUNCTION harmless();
INSERT INTO partner VALUES (7, 0, '{"email": "joe@example.com", "a": 7}') RETURNING n, data;
DROP TRIGGER zzz_harmless ON partner;
-- Disabled, dropped, renamed: nothing unscrubbed gets in.
ALTER TABLE partner DISABLE TRIGGER zz_gpsync_scrub_3;
SELECT error_of($$INSERT INTO partner VALUES (8, 0, '{"email": "joe@example.com"}')$$);
INSERT INTO partner VALUES (8, 0, '{"a": 8}') RETURNING data;
ALTER TABLE partner ENABLE ALWAYS TRIGGER zz_gpsync_scrub_3;
ALTER TRIGGER zz_gpsync_scrub_3 ON partner RENAME TO a_first;
INSERT INTO partner VALUES (9, 0, '{"email": "joe@example.com", "a": 9}') RETURNING data;
CREATE TRIGGER b_spoil BEFORE INSERT OR UPDATE ON partner FOR EACH ROW EXECUTE FUNCTION spoil_data();
SELECT error_of($$INSERT INTO partner VALUES (10)$$) LIKE '23514:%' AS renamed;
DROP TRIGGER b_spoil ON partner;
DROP TRIGGER a_first ON partner;
SELECT error_of($$INSERT INTO partner VALUES (10, 0, '{"email": "joe@example.com"}')$$) LIKE '23514:%' AS dropped;
-- Called again, it mends that.
SELECT gpsync.scrub_on_write('partner', 'data', 'masked_notes@1', 'about');
INSERT INTO partner VALUES (10, 0, '{"email": "joe@example.com", "note": "secret"}') RETURNING data;
SELECT tgname, gpsync_internal.trigger_arguments(tgargs) FROM pg_trigger WHERE tgrelid = 'partner'::regclass
    ORDER BY tgname;
-- Again with less: the metadata column is the user's own again.
SELECT gpsync.scrub_on_write('partner', 'data');
UPDATE partner SET about = '{"mine": 1}' WHERE id = 10 RETURNING about, data;

-- Renamed columns: the old name raises, and two that change names are not mistaken for each other.
ALTER TABLE partner RENAME data TO document;
SELECT error_of($$INSERT INTO partner VALUES (11, 0, '{"email": "joe@example.com"}')$$);
ALTER TABLE partner RENAME about TO data;
SELECT error_of($$INSERT INTO partner VALUES (11, 0, '{"email": "joe@example.com"}')$$);
SELECT gpsync.scrub_on_write('partner', 'document');
INSERT INTO partner
    VALUES (11, 0, '{"email": "joe@example.com", "a": 11}', '{"email": "joe@example.com"}') RETURNING document, data;
SELECT gpsync.scrub_on_write('partner', 'data');
INSERT INTO partner
    VALUES (12, 0, '{"email": "joe@example.com", "a": 12}', '{"email": "joe@example.com"}') RETURNING document, data;
SELECT tgname, gpsync_internal.trigger_arguments(tgargs) FROM pg_trigger WHERE tgrelid = 'partner'::regclass
    ORDER BY tgname;
-- A column under it is not dropped by the way, and its name takes the rest away.
SELECT error_of('ALTER TABLE partner DROP COLUMN data');
SET client_min_messages = warning;
ALTER TABLE partner DROP COLUMN data CASCADE;
RESET client_min_messages;
SELECT error_of($$INSERT INTO partner VALUES (13, 0, '{}')$$);
SELECT gpsync.stop_scrub_on_write('partner', 'data');
SELECT gpsync.stop_scrub_on_write('partner', 'document');
INSERT INTO partner VALUES (13, 0, '{"email": "joe@example.com"}') RETURNING document;
SELECT error_of($$SELECT gpsync.stop_scrub_on_write('partner', 'document')$$);
SELECT error_of($$SELECT gpsync.stop_scrub_on_write('partner', NULL)$$);

-- Column numbers that are not those of the triggers' names, as after a dump of a table with dropped columns.
CREATE TABLE moved (id int PRIMARY KEY, a jsonb, b jsonb);
SELECT gpsync.scrub_on_write('moved', 'a');
ALTER TRIGGER zz_gpsync_scrub_2 ON moved RENAME TO zz_gpsync_scrub_3;
SELECT gpsync.scrub_on_write('moved', 'b'), gpsync.scrub_on_write('moved', 'a');
INSERT INTO moved
    VALUES (1, '{"email": "joe@example.com", "x": 1}', '{"email": "joe@example.com", "y": 1}') RETURNING a, b;

-- NULL, SQL's and JSON's; scalars; types.
CREATE DOMAIN document AS jsonb CHECK (VALUE IS NULL OR jsonb_typeof(VALUE) <> 'array');
CREATE TABLE typed (id int PRIMARY KEY, b jsonb, j json, t text, v varchar(40), d document, m jsonb, md document);
SELECT gpsync.scrub_on_write('typed', 'b', metadata_column => 'm'),
    gpsync.scrub_on_write('typed', 'j', metadata_column => 'md'),
       gpsync.scrub_on_write('typed', 't'), gpsync.scrub_on_write('typed', 'v'), gpsync.scrub_on_write('typed', 'd');
INSERT INTO typed (id) VALUES (1) RETURNING b, j, t, v, d, m, md;
INSERT INTO typed (id, b, j, t, v, d) VALUES (2, 'null', 'null', '', '', 'null') RETURNING b, j, t, v, d, m -> 'schema'
    AS m;
INSERT INTO typed (id, b, j, t, v, d)
    VALUES (3, '"joe@example.com"', '"joe@example.com"', 'joe@example.com', 'to joe@example.com',
    '"joe@example.com"') RETURNING b, j, t, v, d, m -> 'schema' AS m;
-- The name of a column of type text is a key, as in the stream; that of a document is not.
CREATE TABLE named (id int PRIMARY KEY, last_name text, phone varchar(20), note text, address jsonb,
    cvv text NOT NULL DEFAULT '');
SELECT gpsync.scrub_on_write('named', c) FROM unnest('{last_name,phone,address,cvv}'::name[]) AS c;
SELECT gpsync.scrub_on_write('named', 'note', 'masked_notes@1');
INSERT INTO named VALUES (1, 'Smith', '4155552671', 'the text', '{"zone": "b"}') RETURNING last_name, phone, note,
    address;
SELECT error_of($$INSERT INTO named VALUES (2, NULL, NULL, NULL, NULL, '123')$$);
ALTER TABLE named DISABLE TRIGGER zz_gpsync_scrub_2, DISABLE TRIGGER zz_gpsync_scrub_4;
SELECT split_part(error_of($$INSERT INTO named (id, last_name) VALUES (3, 'Smith')$$), E'\n', 1),
    split_part(error_of($$INSERT INTO named (id, note) VALUES (4, 'the text')$$), E'\n', 1);
INSERT INTO named (id, last_name, note) VALUES (5, NULL, '*** ****') RETURNING last_name, note;
CREATE FUNCTION spoil_typed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_ARGV[0] = 'j' THEN NEW.j := '{"email": "joe@example.com"}'; ELSIF TG_ARGV[0] = 't'
        THEN NEW.t := 'joe@example.com';
    ELSIF TG_ARGV[0] = 'v' THEN NEW.v := 'joe@example.com';
        ELSE NEW.d := '{"email": "joe@example.com"}'; END IF; RETURN NEW; END $$;
SELECT format('CREATE TRIGGER zzz BEFORE INSERT ON typed FOR EACH ROW EXECUTE FUNCTION spoil_typed(%L)', c),
       format('SELECT split_part(error_of(%L), E''\n'', 1)', 'INSERT INTO typed (id) VALUES (4)'),
           'DROP TRIGGER zzz ON typed' FROM unnest('{j,t,v,d}'::text[]) AS c \gexec

-- Partitions: the root, deeper ones, those added later, and a trigger of one of them.
CREATE TABLE tree (region text, id int, data jsonb, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE tree_eu PARTITION OF tree FOR VALUES IN ('eu') PARTITION BY RANGE (id);
CREATE TABLE tree_eu_1 PARTITION OF tree_eu FOR VALUES FROM (0) TO (100);
SELECT gpsync.scrub_on_write('tree', 'data');
CREATE TABLE tree_eu_2 PARTITION OF tree_eu FOR VALUES FROM (100) TO (200);
CREATE TABLE tree_us (data jsonb, id int NOT NULL, region text NOT NULL, x int);
ALTER TABLE tree_us DROP COLUMN x;
ALTER TABLE tree ATTACH PARTITION tree_us FOR VALUES IN ('us');
INSERT INTO tree VALUES ('eu', 1, '{"email": "joe@example.com", "a": 1}'),
    ('eu', 101, '{"email": "joe@example.com", "a": 2}'), ('us', 1, '{"email": "joe@example.com", "a": 3}');
INSERT INTO tree_us VALUES ('{"email": "joe@example.com", "a": 4}', 2, 'us');
UPDATE tree SET region = 'us', id = 7, data = '{"email": "joe@example.com", "moved": true}' WHERE id = 101;
SELECT tableoid::regclass, region, id, data FROM tree ORDER BY 1, 2, 3;
SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger
    WHERE tgrelid IN (SELECT relid FROM pg_partition_tree('tree')) AND tgfoid::regproc::text LIKE 'gpsync%.%'
    ORDER BY tgrelid, tgname;
CREATE TRIGGER zzz BEFORE INSERT OR UPDATE ON tree_us FOR EACH ROW EXECUTE FUNCTION spoil_data();
SELECT error_of($$INSERT INTO tree VALUES ('us', 3, '{}')$$);
SELECT split_part(error_of($$UPDATE tree SET region = 'us', id = 9 WHERE region = 'eu'$$), E'\n', 1);
INSERT INTO tree VALUES ('eu', 3, '{"email": "joe@example.com", "a": 5}') RETURNING data;
SELECT error_of($$SELECT gpsync.scrub_on_write('tree_us', 'data')$$),
    error_of($$SELECT gpsync.stop_scrub_on_write('tree_us', 'data')$$);
DROP TRIGGER zzz ON tree_us;
-- A partition had it first.
CREATE TABLE twice (id int, data jsonb) PARTITION BY LIST (id);
CREATE TABLE twice_1 PARTITION OF twice FOR VALUES IN (1);
SELECT gpsync.scrub_on_write('twice_1', 'data', 'masked_notes@1');
SELECT gpsync.scrub_on_write('twice', 'data');
INSERT INTO twice VALUES (1, '{"email": "joe@example.com", "note": "secret", "a": 1}') RETURNING data;
-- Its own triggers stay its own to change; another policy for the root reaches all partitions.
SELECT gpsync.scrub_on_write('twice_1', 'data'), gpsync.scrub_on_write('twice', 'data', 'masked_notes@1');
SELECT tgrelid::regclass, tgname, gpsync_internal.trigger_arguments(tgargs), tgparentid <> 0 AS of_root FROM pg_trigger
    WHERE tgrelid IN ('twice'::regclass, 'twice_1'::regclass) ORDER BY 1, 2;
SELECT gpsync.stop_scrub_on_write('twice_1', 'data');
SELECT error_of($$SELECT gpsync.stop_scrub_on_write('twice_1', 'data')$$);
SELECT gpsync.stop_scrub_on_write('twice', 'data');
SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('twice'::regclass, 'twice_1'::regclass);
-- Tables that inherit have no part in it, and the doctor says so.
CREATE TABLE parent (id int, data jsonb);
CREATE TABLE child () INHERITS (parent);
SELECT gpsync.scrub_on_write('parent', 'data');
SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'scrub_on_write' AND finding LIKE '%.child %';
SELECT fix FROM gpsync.doctor() WHERE check_name = 'scrub_on_write' AND finding LIKE '%.child %' \gexec
INSERT INTO child VALUES (1, '{"email": "joe@example.com", "a": 1}') RETURNING data;
SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'scrub_on_write' AND finding LIKE '%.child %';

-- Who may; what is refused.
SELECT error_of($$SELECT gpsync.scrub_on_write('partner', 'documnet')$$);
SELECT error_of($$SELECT gpsync.scrub_on_write('pg_class', 'relname')$$);
CREATE VIEW of_partner AS SELECT * FROM partner;
SELECT error_of($$SELECT gpsync.scrub_on_write('of_partner', 'document')$$);
SELECT error_of($$SELECT gpsync.scrub_on_write(4242424, 'document')$$);
SELECT error_of('SELECT gpsync_internal.refuse_unscrubbed()'),
    error_of($$SELECT gpsync_internal.not_scrubbed(5, 'payments@1', '', 0)$$),
    error_of($$SELECT gpsync_internal.not_scrubbed('x', 'payments@1', '', 0)$$);
SELECT gpsync_internal.not_scrubbed(NULL::jsonb, 'payments@1', '', 0),
    gpsync_internal.not_scrubbed('{"a": 1}'::jsonb, 'payments@1', '', 0),
    gpsync_internal.not_scrubbed('joe@example.com'::text, 'payments@1', 'x', 'partner'::regclass),
       gpsync_internal.not_scrubbed('{"a": 1}'::jsonb, NULL, '', 0);
-- A trigger written by hand, and a column whose type was changed behind it.
CREATE TABLE by_hand (note text, data jsonb, about jsonb);
CREATE TRIGGER by_hand BEFORE INSERT ON by_hand FOR EACH ROW
    EXECUTE FUNCTION gpsync_internal.scrub_row('note', 'payments@1', 'about');
SELECT error_of($$INSERT INTO by_hand VALUES ('joe@example.com')$$),
    error_of($$INSERT INTO by_hand VALUES ('mail to joe@example.com')$$);
DROP TRIGGER by_hand ON by_hand;
SELECT gpsync.scrub_on_write('by_hand', 'data', metadata_column => 'about');
ALTER TABLE by_hand ALTER about TYPE text;
SELECT error_of($$INSERT INTO by_hand (data) VALUES ('{"a": 1}')$$), error_of('INSERT INTO by_hand (note) VALUES (1)');
ALTER TABLE by_hand ALTER about TYPE int USING NULL;
SELECT error_of($$INSERT INTO by_hand (data) VALUES ('{"a": 1}')$$);
CREATE ROLE scrub_test_owner;
CREATE ROLE scrub_test_writer;
GRANT ALL ON SCHEMA scrub_test TO scrub_test_owner, scrub_test_writer;
SET ROLE scrub_test_owner;
CREATE TABLE theirs (id int, data jsonb) PARTITION BY LIST (id);
SELECT error_of($$SELECT gpsync.scrub_on_write('theirs', 'data')$$);
RESET ROLE;
SELECT gpsync.scrub_on_write('theirs', 'data');
-- An owner who is no operator cannot have gpsync's keys used, by the trigger no more than by a function; adding a
-- partition takes that right too.
SET ROLE scrub_test_owner;
SELECT error_of('CREATE TABLE theirs_1 PARTITION OF theirs FOR VALUES IN (1)');
CREATE TABLE plain (data jsonb);
SELECT error_of($$CREATE TRIGGER oracle BEFORE INSERT ON plain FOR EACH ROW
    EXECUTE FUNCTION gpsync_internal.scrub_row('data', 'masked_notes@1')$$);
RESET ROLE;
SELECT gpsync.grant_operator('scrub_test_owner');
-- Who writes the table needs no right in schema gpsync but what PUBLIC has.
SET ROLE scrub_test_owner;
CREATE TABLE theirs_1 PARTITION OF theirs FOR VALUES IN (1);
GRANT INSERT, SELECT ON theirs TO scrub_test_writer;
SET ROLE scrub_test_writer;
INSERT INTO theirs VALUES (1, '{"email": "joe@example.com", "a": 1}') RETURNING data;
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA scrub_test CASCADE;
DROP OWNED BY scrub_test_owner;
DROP ROLE scrub_test_owner, scrub_test_writer;
