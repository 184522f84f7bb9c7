-- Attached partitioned tables: a row that an UPDATE moves to another partition makes a transition, whatever it looks
-- like.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA partitions_test;
SET search_path = partitions_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
RESET client_min_messages;

-- Partitioned by the status itself, with columns at other places in each partition.
CREATE TABLE tokens (id text, status varchar(20), note text, PRIMARY KEY (id, status)) PARTITION BY LIST (status);
CREATE TABLE tokens_new (gone integer, note text, status varchar(20) NOT NULL, id text NOT NULL);
ALTER TABLE tokens_new DROP COLUMN gone;
ALTER TABLE tokens ATTACH PARTITION tokens_new FOR VALUES IN ('RECEIVED', 'PROCESSING');
CREATE TABLE tokens_done PARTITION OF tokens FOR VALUES IN ('COMPLETED', 'VERIFIED');
SELECT gpsync.attach('tokens', publication => 'partitions_test');
\d tokens
-- Partitions that come later are attached with it.
CREATE TABLE tokens_rest PARTITION OF tokens DEFAULT PARTITION BY HASH (id);
CREATE TABLE tokens_rest_0 PARTITION OF tokens_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE tokens_rest_1 PARTITION OF tokens_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1);
SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE 'gpsync%' AND tgrelid = 'tokens_rest_1'::regclass
    ORDER BY 1, 2;
SELECT * FROM gpsync.attached_tables WHERE relation::text LIKE '%tokens%';

INSERT INTO tokens SELECT n, 'RECEIVED' FROM generate_series(1, 6) AS n;
UPDATE tokens SET status = 'PROCESSING';
CREATE TEMP TABLE revisions AS SELECT id, sync_revision FROM tokens;
UPDATE tokens SET status = 'COMPLETED' WHERE id IN ('1', '2', '3');
SELECT t.tableoid::regclass, id, status, sync_status, t.sync_revision > r.sync_revision AS higher FROM tokens AS t
    JOIN revisions AS r USING (id) ORDER BY id;
UPDATE tokens SET status = CASE status WHEN 'COMPLETED' THEN 'VERIFIED' ELSE 'FAILED' END;
UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '1';
UPDATE tokens SET status = 'RECEIVED' WHERE id = '4';
SELECT tableoid::regclass, id, status FROM tokens ORDER BY id;
-- A revision that is ahead of the WAL is not lost on the way.
ALTER TABLE tokens_new DISABLE TRIGGER gpsync_stamp;
UPDATE tokens SET sync_revision = 8000000000000000000 WHERE id = '4';
ALTER TABLE tokens_new ENABLE ALWAYS TRIGGER gpsync_stamp;
UPDATE tokens SET status = 'FAILED' WHERE id = '4' RETURNING sync_revision;

-- Illegal moves, also to a state that a new row may start in.
SELECT error_of($$UPDATE tokens SET status = 'RECEIVED' WHERE id = '2'$$);
SELECT error_of($$UPDATE tokens SET status = 'RECEIVED' WHERE id = '1'$$);
SELECT error_of($$UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '5'$$);
SELECT error_of($$UPDATE tokens SET status = 'NOWHERE' WHERE id = '2'$$);
SELECT error_of($$UPDATE tokens SET status = 'RECEIVED'$$);
SELECT split_part(error_of($$UPDATE tokens_done SET status = 'RECEIVED' WHERE id = '2'$$), E'\n', 1);
-- New rows, in whatever partition, and in the place of an old one.
SELECT error_of($$INSERT INTO tokens VALUES ('7', 'COMPLETED')$$);
SELECT error_of($$INSERT INTO tokens_done VALUES ('7', 'COMPLETED')$$);
SELECT error_of($$WITH d AS (DELETE FROM tokens WHERE id = '2' RETURNING *) INSERT INTO tokens SELECT id, 'ELIGIBLE',
    note, sync_status, last_sync_timestamp, sync_revision FROM d$$);
SELECT error_of($$WITH u AS (UPDATE tokens SET note = 'x' WHERE id = '2' RETURNING *) INSERT INTO tokens SELECT 'new',
    'ELIGIBLE', note, sync_status, last_sync_timestamp, sync_revision FROM u$$);
SELECT error_of($$WITH u
    AS (UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2' RETURNING *) INSERT INTO tokens SELECT 'new', 'VERIFIED',
    note, sync_status, last_sync_timestamp, sync_revision FROM u$$);
SELECT error_of($$WITH u
    AS (UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2' RETURNING *) INSERT INTO tokens SELECT 'new', 'ELIGIBLE',
    note, sync_status, last_sync_timestamp, sync_revision FROM u$$);
-- Deleted and inserted in one statement is no move, and may start anew.
WITH d AS (DELETE FROM tokens WHERE id = '1' RETURNING *) INSERT INTO tokens SELECT id, 'RECEIVED'
    FROM d RETURNING tableoid::regclass, status;
SELECT id, status FROM tokens ORDER BY id, status;
-- MERGE, and an upsert that stays in its partition.
MERGE INTO tokens AS t USING (VALUES ('1'), ('9')) AS v (id) ON t.id = v.id
    WHEN MATCHED THEN UPDATE SET status = 'FAILED' WHEN NOT MATCHED THEN INSERT (id, status) VALUES (v.id, 'RECEIVED');
SELECT error_of($$MERGE INTO tokens AS t USING (VALUES ('3')) AS v (id) ON t.id = v.id WHEN MATCHED THEN UPDATE
    SET status = 'FAILED'$$);
SELECT tableoid::regclass, id, status FROM tokens WHERE id IN ('1', '3', '9') ORDER BY id;

-- Triggers of the user's in the middle of a move. One that inserts rows of its own, which look as the moving one does:
CREATE FUNCTION insert_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        INSERT INTO tokens VALUES ('forged', 'ELIGIBLE', NULL, OLD.sync_status, NULL, OLD.sync_revision);
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION insert_as_stamped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        INSERT INTO tokens VALUES ('forged', 'ELIGIBLE', NULL, NEW.sync_status, NULL, NEW.sync_revision);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER zz_delete BEFORE DELETE ON tokens FOR EACH ROW EXECUTE FUNCTION insert_another();
SELECT error_of($$UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2'$$);
DROP TRIGGER zz_delete ON tokens;
CREATE TRIGGER zz_delete AFTER DELETE ON tokens FOR EACH ROW EXECUTE FUNCTION insert_another();
SELECT error_of($$UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2'$$);
DROP TRIGGER zz_delete ON tokens;
CREATE TRIGGER zz_update BEFORE UPDATE ON tokens FOR EACH ROW EXECUTE FUNCTION insert_as_stamped();
SELECT error_of($$UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2'$$);
DROP TRIGGER zz_update ON tokens;
CREATE TRIGGER zz_insert BEFORE INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION insert_as_stamped();
SELECT error_of($$UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2'$$);
DROP TRIGGER zz_insert ON tokens;
-- ... in a WHEN clause, which runs at the same depth:
CREATE FUNCTION insert_in_when(revision bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('partitions_test.once', true) = 'yes' THEN
        PERFORM set_config('partitions_test.once', 'no', true);
        INSERT INTO tokens VALUES ('forged', 'ELIGIBLE', NULL, 'PENDING', NULL, revision);
    END IF;
    RETURN false;
END $$;
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER zz_when AFTER DELETE ON tokens FOR EACH ROW WHEN (insert_in_when(OLD.sync_revision))
    EXECUTE FUNCTION nothing();
BEGIN;
SET LOCAL partitions_test.once = 'yes';
SELECT error_of($$UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2'$$);
ROLLBACK;
DROP TRIGGER zz_when ON tokens;
CREATE TRIGGER zz_when BEFORE INSERT ON tokens FOR EACH ROW WHEN (insert_in_when(NEW.sync_revision))
    EXECUTE FUNCTION nothing();
BEGIN;
SET LOCAL partitions_test.once = 'yes';
SELECT error_of($$UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2'$$);
ROLLBACK;
DROP TRIGGER zz_when ON tokens;
-- One that inserts a legal row: the move goes on.
CREATE FUNCTION insert_legal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        INSERT INTO tokens VALUES (OLD.id || TG_OP, 'RECEIVED');
        UPDATE tokens SET status = 'FAILED' WHERE id = OLD.id || TG_OP;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER zz_delete BEFORE DELETE ON tokens FOR EACH ROW EXECUTE FUNCTION insert_legal();
CREATE TRIGGER zz_update BEFORE UPDATE ON tokens FOR EACH ROW EXECUTE FUNCTION insert_legal();
UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '2';
DROP TRIGGER zz_delete ON tokens;
DROP TRIGGER zz_update ON tokens;
SELECT tableoid::regclass, id, status FROM tokens WHERE id LIKE '2%' ORDER BY id;
-- One that changes the status of the row that arrives, or its revision: what is final counts.
CREATE FUNCTION change_arrival() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.note := TG_ARGV[0]; NEW.sync_revision := TG_ARGV[1]; RETURN NEW; END $$;
CREATE TRIGGER zz_insert BEFORE INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION change_arrival('changed', '5');
SELECT error_of($$UPDATE tokens SET status = 'RECEIVED' WHERE id = '3'$$);
UPDATE tokens SET status = 'ELIGIBLE' WHERE id = '3' RETURNING status, note, sync_revision;
DROP TRIGGER zz_insert ON tokens;
CREATE FUNCTION change_status() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.status := TG_ARGV[0]; RETURN NEW; END $$;
INSERT INTO tokens VALUES ('20', 'RECEIVED'), ('21', 'RECEIVED');
CREATE TRIGGER zz_update BEFORE UPDATE ON tokens_new FOR EACH ROW EXECUTE FUNCTION change_status('FAILED');
UPDATE tokens SET note = 'moved by a trigger' WHERE id = '20' RETURNING tableoid::regclass, status;
DROP TRIGGER zz_update ON tokens_new;
CREATE TRIGGER zz_update BEFORE UPDATE ON tokens_new FOR EACH ROW EXECUTE FUNCTION change_status('VERIFIED');
SELECT error_of($$UPDATE tokens SET note = 'moved by a trigger' WHERE id = '21'$$);
DROP TRIGGER zz_update ON tokens_new;
-- One that swallows the row on arrival; the next statement starts anew.
CREATE TRIGGER zz_insert BEFORE INSERT ON tokens_rest_0 FOR EACH ROW EXECUTE FUNCTION change_status('FAILED');
CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER zz_swallow BEFORE INSERT ON tokens FOR EACH ROW EXECUTE FUNCTION swallow();
UPDATE tokens SET status = 'FAILED' WHERE id = '21';
DROP TRIGGER zz_swallow ON tokens;
SELECT count(*) FROM tokens WHERE id = '21';
SELECT error_of($$INSERT INTO tokens VALUES ('21', 'FAILED')$$);

-- A foreign key that refers to the whole follows the row.
CREATE TABLE referrer (id text, status varchar(20), FOREIGN KEY (id, status) REFERENCES tokens ON UPDATE CASCADE);
INSERT INTO tokens VALUES ('30', 'RECEIVED');
INSERT INTO referrer VALUES ('30', 'RECEIVED');
UPDATE tokens SET status = 'FAILED' WHERE id = '30' RETURNING tableoid::regclass;
SELECT error_of($$UPDATE tokens SET status = 'COMPLETED' WHERE id = '30'$$);
SELECT * FROM referrer;
DROP TABLE referrer;

-- A partition of its own, detached and attached as tables are; the triggers go and come with it.
ALTER TABLE tokens DETACH PARTITION tokens_done;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tokens_done'::regclass AND tgname LIKE 'gpsync%';
UPDATE tokens_done SET status = 'COMPLETED';
ALTER TABLE tokens ATTACH PARTITION tokens_done FOR VALUES IN ('COMPLETED', 'VERIFIED');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tokens_done'::regclass AND tgname LIKE 'gpsync%';
SELECT gpsync.detach('tokens');
SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'gpsync%'
    AND tgrelid IN (SELECT relid FROM pg_partition_tree('tokens'));
UPDATE tokens SET status = 'VERIFIED' WHERE id = '1' RETURNING status;

SET client_min_messages = warning;
DROP PUBLICATION partitions_test;
DROP SCHEMA partitions_test CASCADE;
