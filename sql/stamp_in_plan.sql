-- Simple updates are stamped and checked in their plan, everything else by the triggers; the outcome is the same.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA in_plan_test;
SET search_path = in_plan_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
-- How an UPDATE is planned: what the plan does in the place of the triggers.
CREATE FUNCTION planned(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || statement LOOP
        plan := plan || line;
    END LOOP;
    RETURN concat_ws(', ', CASE WHEN plan LIKE '%next_revision%' THEN 'stamps' END, CASE
        WHEN plan LIKE '%checked_state%' THEN 'checks' END);
END $$;
RESET client_min_messages;
CREATE TABLE t (note text, id integer PRIMARY KEY, status varchar(20), last_updated timestamp(3),
    CHECK (note <> 'bad'));
SELECT gpsync.attach('t', publication => 'in_plan_test');
INSERT INTO t SELECT 'note', n, 'RECEIVED' FROM generate_series(1, 10) AS n;
SHOW gpsync.stamp_in_plan;
EXPLAIN (VERBOSE, COSTS OFF) UPDATE t SET status = 'PROCESSING', sync_status = 'mine' WHERE id = 1;

-- The same statements both ways, with what came of each and which triggers ran; every one is rolled back.
CREATE TABLE outcome (n integer, statement text, in_plan boolean, result text, rows text);
CREATE FUNCTION run(n integer, statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    way boolean; result text; rows text;
BEGIN
    FOREACH way IN ARRAY '{on,off}'::boolean[] LOOP
        PERFORM set_config('gpsync.stamp_in_plan', way::text, true);
        BEGIN
            CREATE TEMP TABLE was ON COMMIT DROP AS SELECT id, sync_revision FROM t;
            result := regexp_replace(error_of(statement), 'Failing row contains [^\n]*', '...');
            SELECT string_agg(format('%s %s %s %s %s', t.id, status, sync_status,
                       CASE WHEN t.sync_revision > was.sync_revision THEN 'newer' END, CASE
                           WHEN last_updated >= now()::timestamp(3) THEN 'now' END), '; ' ORDER BY t.id)
                INTO rows FROM t LEFT JOIN was USING (id) WHERE t.sync_revision IS DISTINCT FROM was.sync_revision
                    OR note <> 'note';
            RAISE EXCEPTION USING ERRCODE = 'YY000';
        EXCEPTION WHEN SQLSTATE 'YY000' THEN
            INSERT INTO outcome VALUES (n, statement, way, result, rows);
        END;
    END LOOP;
END $$;
-- A function that updates another row, for statements within statements.
CREATE FUNCTION also(an_id integer, a_status text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE t SET status = a_status WHERE id = an_id;
    RETURN 'also';
END $$;
CREATE VIEW a_part AS SELECT id, status, note FROM t WHERE id < 5 WITH CHECK OPTION;
CREATE TABLE other (id integer, status text);
INSERT INTO other VALUES (1, 'PROCESSING'), (2, 'FAILED'), (2, 'VERIFIED'), (3, NULL);
SELECT run(n::integer, statement) FROM unnest(ARRAY[
    'UPDATE t SET status = ''PROCESSING''',
    'UPDATE t SET status = ''PROCESSING'', sync_status = ''COMPLETED'', sync_revision = -1, last_updated '
    '= ''2000-01-01'' WHERE id < 3',
    'UPDATE t SET sync_status = ''PENDING'' WHERE id = 1',
    'UPDATE t SET status = status WHERE id = 1',
    'UPDATE t SET note = ''x'' WHERE id = 1',
    'UPDATE t SET note = ''bad'' WHERE id = 1',
    'UPDATE t SET id = 11 WHERE id = 1',
    'UPDATE t SET id = 2 WHERE id = 1',
    'UPDATE t SET status = ''VERIFIED'' WHERE id = 3',
    'UPDATE t SET status = CASE id WHEN 10 THEN ''ELIGIBLE'' ELSE ''PROCESSING'' END',
    'UPDATE t SET status = NULL WHERE id = 3',
    'UPDATE t SET status = DEFAULT WHERE id = 3',
    'UPDATE t SET status = '''' WHERE id = 3',
    'UPDATE t SET status = repeat(''x'', 21) WHERE id = 3',
    'UPDATE t SET status = ''PROCESSING'' WHERE false',
    'UPDATE t SET (status, note) = (SELECT status, ''x'' FROM other WHERE other.id = t.id AND status = ''PROCESSING'') '
    'WHERE id = 1',
    'UPDATE t SET (sync_status, note, status) = (SELECT ''mine'', ''x'', status FROM other WHERE other.id = 1) WHERE '
    'id = 4',
    'UPDATE t SET (status, note) = (SELECT status, ''x'' FROM other WHERE other.id = 3) WHERE id = 3',
    'UPDATE t SET status = o.status, note = ''x'' FROM other AS o WHERE o.id = t.id AND o.id = 1',
    'UPDATE t SET status = o.status, note = ''x'' FROM other AS o WHERE o.id = t.id AND o.id = 3',
    'UPDATE t SET note = a.note || ''x'' FROM t AS a JOIN t AS b USING (note) WHERE t.id = a.id + 1 AND a.id = b.id '
    'AND a.id = 3',
    'UPDATE t SET note = also(2, ''PROCESSING'') WHERE id = 1',
    'UPDATE t SET note = also(2, ''ELIGIBLE'') WHERE id = 1',
    'UPDATE t SET status = ''ELIGIBLE'', note = also(2, ''PROCESSING'') WHERE id = 1',
    'UPDATE t SET note = also(1, ''PROCESSING'') WHERE id = 1',
    'UPDATE a_part SET status = ''PROCESSING'' WHERE id > 3',
    'UPDATE a_part SET status = ''VERIFIED'' WHERE id > 3',
    'UPDATE a_part SET id = 20 WHERE id = 4',
    'WITH u AS (UPDATE t SET status = ''PROCESSING'' WHERE id = 1 RETURNING id) UPDATE t SET note = ''x'' FROM u WHERE '
    't.id = u.id + 1',
    'WITH u AS (UPDATE t SET status = ''VERIFIED'' WHERE id = 1 RETURNING id) UPDATE t SET note = ''x'' FROM u WHERE '
    't.id = u.id + 1',
    'WITH u AS (UPDATE t SET note = ''x'' WHERE id = 1 RETURNING id) UPDATE t SET status = ''VERIFIED'' FROM u WHERE '
    't.id = u.id + 1',
    'DO $d$ DECLARE c CURSOR FOR SELECT * FROM t WHERE id < 3 FOR UPDATE; BEGIN FOR r IN c LOOP UPDATE t SET status '
    '= ''FAILED'' WHERE CURRENT OF c; END LOOP; END $d$',
    'DO $d$ BEGIN FOR i IN 1 .. 8 LOOP UPDATE t SET status = CASE i WHEN 8 THEN ''ELIGIBLE'' ELSE ''FAILED'' END WHERE '
    'id = i; END LOOP; END $d$',
    'INSERT INTO t VALUES (''x'', 1, ''FAILED'') ON CONFLICT (id) DO UPDATE SET status = excluded.status',
    'MERGE INTO t USING other AS o ON o.id = t.id AND o.id = 1 WHEN MATCHED THEN UPDATE SET status = o.status'
]) WITH ORDINALITY AS s (statement, n) \g /dev/null
\pset format unaligned
\pset tuples_only on
SELECT n || '. ' || statement, E'\n   ' || result, E'\n   ' || rows FROM outcome WHERE in_plan ORDER BY n;
\pset format aligned
\pset tuples_only off
SELECT a.n, a.statement, a.result, b.result AS by_triggers, a.rows, b.rows AS rows_by_triggers FROM outcome AS a
    JOIN outcome AS b USING (n)
WHERE a.in_plan AND NOT b.in_plan AND (a.result, a.rows) IS DISTINCT FROM (b.result, b.rows);

-- A statement that fails does not spoil the next, nor a prepared one.
PREPARE move AS UPDATE t SET status = $2 WHERE id = $1 RETURNING status, sync_status;
EXECUTE move (1, 'PROCESSING');
SELECT error_of('EXECUTE move (1, ''ELIGIBLE'')');
EXECUTE move (2, 'FAILED');
EXECUTE move (2, 'RECEIVED');
EXECUTE move (3, 'FAILED');
EXECUTE move (4, 'FAILED');
EXECUTE move (5, 'FAILED');
SELECT error_of('EXECUTE move (1, ''ELIGIBLE'')');
SELECT planned($$UPDATE t SET status = 'FAILED'$$) AS status, planned($$UPDATE t SET note = 'x'$$) AS another_column;

-- Where the triggers do it: any other trigger that wants to see the row before,
CREATE FUNCTION to_verified() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.status := 'VERIFIED'; RETURN NEW; END $$;
CREATE TRIGGER zz BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION to_verified();
SELECT planned($$UPDATE t SET status = 'FAILED'$$);
SELECT error_of('EXECUTE move (6, ''FAILED'')');
DROP TRIGGER zz ON t;
-- ... or after (that one sees the stamps; the check is not left out),
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% % %', NEW.id, NEW.sync_status,
    NEW.sync_revision > OLD.sync_revision; RETURN NULL; END $$;
CREATE TRIGGER zz AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION look();
SELECT planned($$UPDATE t SET status = 'FAILED'$$);
EXECUTE move (6, 'FAILED');
SELECT error_of('EXECUTE move (7, ''ELIGIBLE'')');
DROP TRIGGER zz ON t;
CREATE TRIGGER zz AFTER UPDATE ON t REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION to_verified();
SELECT planned($$UPDATE t SET status = 'FAILED'$$);
EXECUTE move (7, 'FAILED');
SELECT error_of('EXECUTE move (8, ''ELIGIBLE'')');
DROP TRIGGER zz ON t;
-- a trigger of ours that is disabled, or fires in replicas only,
ALTER TABLE t DISABLE TRIGGER gpsync_stamp;
SELECT planned($$UPDATE t SET status = 'FAILED'$$);
ALTER TABLE t ENABLE REPLICA TRIGGER gpsync_stamp;
SELECT planned($$UPDATE t SET status = 'FAILED'$$);
ALTER TABLE t ENABLE TRIGGER gpsync_stamp;
ALTER TABLE t DISABLE TRIGGER gpsync_check_update;
SELECT planned($$UPDATE t SET status = 'FAILED'$$);
EXECUTE move (8, 'ELIGIBLE');
ALTER TABLE t ENABLE TRIGGER gpsync_check_update;
SELECT error_of('EXECUTE move (8, ''FAILED'')');
SET session_replication_role = replica;
SELECT planned($$UPDATE t SET status = 'FAILED'$$);
UPDATE t SET sync_status = 'COMPLETED' WHERE id = 9 RETURNING sync_status;
RESET session_replication_role;
-- generated columns, children, partitions, a status of another type than text (which is stamped),
CREATE TABLE generated (id integer PRIMARY KEY, status text, sync_status varchar(20), doubled text GENERATED ALWAYS
    AS (sync_status || sync_status) STORED);
CREATE TABLE parent (id integer PRIMARY KEY, status text);
CREATE TYPE state AS ENUM ('RECEIVED', 'FAILED', 'ELIGIBLE');
CREATE TABLE of_enum (id integer PRIMARY KEY, status state);
CREATE TABLE of_text (id integer PRIMARY KEY, status text, last_updated timestamptz);
CREATE TABLE without (id integer PRIMARY KEY, status integer);
SELECT gpsync.attach(r, publication => 'in_plan_test') FROM unnest('{generated,parent,of_enum,of_text}'::regclass[])
    AS r;
CREATE TABLE child () INHERITS (parent);
SELECT gpsync.attach('without', NULL, publication => 'in_plan_test');
SELECT r, planned(format('UPDATE %s SET status = NULL', r))
    FROM unnest('{generated,parent,child,of_enum,of_text,without}'::regclass[]) AS r;
INSERT INTO generated VALUES (1, 'RECEIVED');
UPDATE generated SET status = 'FAILED' RETURNING doubled;
INSERT INTO of_enum VALUES (1, 'RECEIVED');
UPDATE of_enum SET status = 'FAILED' RETURNING sync_status;
SELECT error_of($$UPDATE of_enum SET status = 'ELIGIBLE'$$);
INSERT INTO of_text VALUES (1, 'RECEIVED');
UPDATE of_text SET status = 'FAILED' RETURNING sync_status, last_updated = now() AS now;
SELECT error_of($$UPDATE of_text SET status = 'ELIGIBLE'$$);
INSERT INTO without VALUES (1, 1);
UPDATE without SET status = 2 RETURNING sync_status;
-- a plan that is older than the attachment, or outlives it.
CREATE TABLE later (id integer PRIMARY KEY, status text);
INSERT INTO later VALUES (1, 'RECEIVED');
PREPARE later_on AS UPDATE later SET status = $1 RETURNING *;
EXECUTE later_on ('RECEIVED');
SELECT gpsync.attach('later', publication => 'in_plan_test');
DEALLOCATE later_on;
PREPARE later_on AS UPDATE later SET status = $1 RETURNING status, sync_status;
EXECUTE later_on ('FAILED');
SELECT error_of('EXECUTE later_on (''ELIGIBLE'')');
SELECT gpsync.detach('later');
UPDATE later SET sync_status = 'mine';
EXECUTE later_on ('ELIGIBLE');
-- A trigger of that name that is not ours.
CREATE TRIGGER gpsync_stamp BEFORE UPDATE ON later FOR EACH ROW EXECUTE FUNCTION to_verified();
SELECT planned($$UPDATE later SET status = 'FAILED'$$);
UPDATE later SET status = 'x' RETURNING status, sync_status;

-- Who may not call the functions writes through the triggers.
CREATE ROLE in_plan_writer;
GRANT USAGE ON SCHEMA in_plan_test TO in_plan_writer;
GRANT SELECT, UPDATE ON t TO in_plan_writer;
REVOKE EXECUTE ON FUNCTION gpsync_internal.next_revision(bigint) FROM PUBLIC;
SET ROLE in_plan_writer;
UPDATE t SET status = status WHERE id = 10 RETURNING sync_status;
SELECT error_of($$UPDATE t SET status = 'ELIGIBLE' WHERE id = 10$$);
RESET ROLE;
GRANT EXECUTE ON FUNCTION gpsync_internal.next_revision(bigint) TO PUBLIC;
DROP OWNED BY in_plan_writer;
DROP ROLE in_plan_writer;

-- The functions by themselves do no harm.
SELECT gpsync_internal.checked_state('provision', 'RECEIVED', 'ELIGIBLE'),
    gpsync_internal.checked_state('provision', NULL, NULL),
    gpsync_internal.next_revision(NULL) > 0 AS revision,
    gpsync_internal.next_revision(8000000000000000000);
SELECT error_of($$UPDATE t SET status = gpsync_internal.checked_state('provision', 'VERIFIED', 'ELIGIBLE')
    WHERE id = 10$$);
SELECT error_of($$SELECT gpsync_internal.checked_state(NULL, 'a', 'b')$$);
SELECT error_of($$SELECT gpsync_internal.checked_state('none', 'a', 'b')$$);

SET client_min_messages = warning;
DROP PUBLICATION in_plan_test;
DROP SCHEMA in_plan_test CASCADE;
