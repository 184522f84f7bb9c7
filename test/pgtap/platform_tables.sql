-- D1, D2 and D5 of the requirements: tables that exist already, spelt exactly as there, are attached and get what is
-- missing.
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION gpsync;
SELECT plan(47);

-- D2, to the letter.
CREATE TABLE token_status(token_id VARCHAR(64) PRIMARY KEY, status VARCHAR(20), last_updated TIMESTAMP,
    sync_status VARCHAR(20));
-- D1: an existing, legacy-shaped table gains sync_status VARCHAR(20) and last_sync_timestamp.
CREATE TABLE provision_status(
    prov_no INTEGER NOT NULL, device CHAR(8) NOT NULL, status VARCHAR(20) DEFAULT 'RECEIVED', created DATE,
        "lastModBy" TEXT,
    CONSTRAINT provision_status_pk PRIMARY KEY (prov_no, device));
CREATE INDEX ON provision_status (status);
ALTER TABLE provision_status ADD COLUMN sync_status VARCHAR(20), ADD COLUMN last_sync_timestamp TIMESTAMP;
-- D3 has no status.
CREATE TABLE partner_data(partner_id VARCHAR(64) PRIMARY KEY, data JSONB, metadata JSONB);

INSERT INTO token_status VALUES ('t1', 'RECEIVED', '2020-01-01', NULL), ('t2', 'ELIGIBLE', NULL, 'COMPLETED');
INSERT INTO provision_status VALUES (1, 'a', 'PROCESSING'), (2, 'b', 'FAILED');
INSERT INTO partner_data VALUES ('p', '{"a": 1}');

SELECT lives_ok($$SELECT gpsync.attach('token_status')$$, 'D2 is attached');
SELECT lives_ok($$SELECT gpsync.attach('provision_status')$$, 'D1 is attached');
SELECT lives_ok($$SELECT gpsync.attach('partner_data', NULL)$$, 'D3 is attached without a machine');

SELECT columns_are('public', 'token_status',
    '{token_id,status,last_updated,sync_status,last_sync_timestamp,sync_revision}'::name[]);
SELECT col_type_is('token_status', 'token_id', 'character varying(64)', 'token_id is as it was');
SELECT col_type_is('token_status', 'status', 'character varying(20)', 'status is as it was');
SELECT col_type_is('token_status', 'last_updated', 'timestamp without time zone', 'last_updated is as it was');
SELECT col_type_is('token_status', 'sync_status', 'character varying(20)', 'sync_status is as it was');
SELECT col_type_is('token_status', 'last_sync_timestamp', 'timestamp with time zone', 'last_sync_timestamp was added');
SELECT col_type_is('token_status', 'sync_revision', 'bigint', 'sync_revision was added');
SELECT col_not_null('token_status', 'sync_revision');
SELECT col_default_is('token_status', 'sync_revision', '0');
SELECT columns_are('public', 'provision_status',
    '{prov_no,device,status,created,lastModBy,sync_status,last_sync_timestamp,sync_revision}'::name[]);
SELECT col_type_is('provision_status', 'last_sync_timestamp', 'timestamp without time zone',
    'last_sync_timestamp is as it was');
SELECT col_type_is('provision_status', 'sync_status', 'character varying(20)', 'sync_status is as it was');
SELECT columns_are('public', 'partner_data',
    '{partner_id,data,metadata,sync_status,last_sync_timestamp,sync_revision}'::name[]);
SELECT col_type_is('partner_data', 'data', 'jsonb', 'data is JSONB');

SELECT triggers_are('token_status', '{gpsync_stamp,gpsync_check_insert,gpsync_check_update}'::name[]);
SELECT triggers_are('provision_status', '{gpsync_stamp,gpsync_check_insert,gpsync_check_update}'::name[]);
SELECT triggers_are('partner_data', '{gpsync_stamp}'::name[]);
SELECT set_eq($$SELECT tablename FROM pg_publication_tables WHERE pubname = 'gpsync'$$,
    '{token_status,provision_status,partner_data}'::name[], 'all are published');
SELECT results_eq($$SELECT relation, machine, status_column, key_columns, publication FROM gpsync.attached_tables
    ORDER BY relation::text$$,
    $$VALUES ('partner_data'::regclass, NULL, NULL::name, '{partner_id}'::name[], 'gpsync'::name),
             ('provision_status', 'provision', 'status', '{prov_no,device}', 'gpsync'),
             ('token_status', 'provision', 'status', '{token_id}', 'gpsync')$$, 'attached_tables shows them');
-- D5: they belong to the user, and DROP EXTENSION would leave them alone.
SELECT is_empty($$SELECT objid::regclass FROM pg_depend WHERE deptype = 'e' AND classid = 'pg_class'::regclass
                  AND objid IN ('token_status'::regclass, 'provision_status'::regclass, 'partner_data'::regclass)$$,
    'none is a member of the extension');
SELECT throws_ok('DROP EXTENSION gpsync', '2BP01', NULL, 'the extension is not dropped from under them');

SELECT results_eq('SELECT status, last_updated, sync_status, sync_revision FROM token_status ORDER BY 1 DESC',
    $$VALUES ('RECEIVED'::varchar(20), '2020-01-01'::timestamp, NULL::varchar(20), 0::bigint),
        ('ELIGIBLE', NULL, 'COMPLETED', 0)$$,
    'rows that were there are as they were');

-- T1 and T3 on both, every transition that is listed and every one that is not.
CREATE FUNCTION outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RAISE EXCEPTION 'passed' USING ERRCODE = 'YY000';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
CREATE VIEW state AS SELECT unnest('{RECEIVED,PROCESSING,COMPLETED,FAILED,VERIFIED,ELIGIBLE}'::text[]) AS name;
ALTER TABLE token_status DISABLE TRIGGER USER;
INSERT INTO token_status SELECT name, name FROM state;
ALTER TABLE token_status ENABLE TRIGGER USER;
SELECT set_eq($$SELECT f.name AS old, t.name AS new FROM state f, state t WHERE f.name <> t.name
                AND outcome(format('UPDATE token_status SET status = %L WHERE token_id = %L', t.name,
                    f.name)) = 'YY000'$$,
    $$VALUES ('RECEIVED', 'PROCESSING'), ('RECEIVED', 'FAILED'), ('PROCESSING', 'COMPLETED'), ('PROCESSING', 'FAILED'),
             ('COMPLETED', 'VERIFIED'), ('FAILED', 'RECEIVED'), ('VERIFIED', 'ELIGIBLE')$$,
                 'T1: the transitions that pass');
SELECT is((SELECT count(*) FROM state f, state t WHERE f.name <> t.name
           AND outcome(format('UPDATE token_status SET status = %L WHERE token_id = %L', t.name, f.name)) = '23514'),
               23::bigint,
    'T1: all others raise 23514');
SELECT is((SELECT count(*) FROM state f, state t WHERE gpsync.is_valid_transition('provision', f.name, t.name)),
    7::bigint,
    'T2: is_valid_transition agrees');
SELECT set_eq($$SELECT name FROM state
    WHERE outcome(format('INSERT INTO token_status VALUES (''new'', %L)', name)) = 'YY000'$$,
    ARRAY['RECEIVED'], 'T3: a new row starts in RECEIVED');
SELECT set_eq($$SELECT name FROM state
    WHERE outcome(format('UPDATE token_status SET status = status WHERE token_id = %L', name)) = 'YY000'$$,
    'SELECT name FROM state', 'T2: an UPDATE that leaves the status is not checked');
SELECT is(outcome($$INSERT INTO token_status VALUES ('new', 'INACTIVE')$$), '23514',
    'a state of another machine is none of this one');
SELECT throws_ok($$UPDATE token_status SET status = 'VERIFIED' WHERE token_id = 'RECEIVED'$$, '23514',
    'invalid status transition from "RECEIVED" to "VERIFIED" in table "token_status"',
        'the message is the documented one');

-- The stamp.
INSERT INTO token_status (token_id, status, sync_status, last_updated)
    VALUES ('s', 'RECEIVED', 'COMPLETED', '2020-01-01');
SELECT is(sync_status, 'PENDING', 'a new row is PENDING, whatever was written') FROM token_status WHERE token_id = 's';
SELECT is(last_updated, now()::timestamp, 'last_updated is now') FROM token_status WHERE token_id = 's';
SELECT cmp_ok(sync_revision, '>', 0::bigint, 'it has a revision') FROM token_status WHERE token_id = 's';
CREATE TEMP TABLE before AS SELECT sync_revision FROM token_status WHERE token_id = 's';
UPDATE token_status SET status = status WHERE token_id = 's';
SELECT cmp_ok(sync_revision, '>', (SELECT sync_revision FROM before), 'an UPDATE that changes nothing has a new one')
    FROM token_status WHERE token_id = 's';
UPDATE before SET sync_revision = t.sync_revision FROM token_status AS t WHERE token_id = 's';
DELETE FROM token_status WHERE token_id = 's';
INSERT INTO token_status (token_id, status) VALUES ('s', 'RECEIVED');
SELECT cmp_ok(sync_revision, '>', (SELECT sync_revision FROM before), 'deleted and inserted again: a new one')
    FROM token_status WHERE token_id = 's';
UPDATE provision_status SET "lastModBy" = 'me' WHERE prov_no = 1;
SELECT is(sync_status, 'PENDING', 'the legacy-shaped table is stamped') FROM provision_status WHERE prov_no = 1;
UPDATE partner_data SET data = '{}';
SELECT is(sync_status, 'PENDING', 'the table without a status is stamped') FROM partner_data;
UPDATE token_status SET sync_status = 'PENDING' WHERE token_id = 't2';
SELECT cmp_ok(sync_revision, '>', 0::bigint, 'PENDING by hand sends the row again') FROM token_status
    WHERE token_id = 't2';

-- O7: test data in tables that one did not make oneself.
SELECT is(gpsync.generate_test_data('token_status', 10), 10::bigint, 'test data for D2');
SELECT is(gpsync.generate_test_data('provision_status', 10), 10::bigint, 'test data for D1');
SELECT is((SELECT count(*) FROM token_status WHERE token_id LIKE 'test\_%' AND status = 'RECEIVED'), 10::bigint,
    'all in RECEIVED');

-- detach gives them back.
SELECT lives_ok('SELECT gpsync.detach(relation) FROM gpsync.attached_tables', 'all are detached');
SELECT is_empty('SELECT * FROM gpsync.attached_tables', 'nothing is attached');
SELECT is_empty($$SELECT * FROM pg_publication_tables WHERE pubname = 'gpsync'$$, 'nothing is published');
SELECT is(outcome($$UPDATE token_status SET status = 'ANY' WHERE token_id = 't1'$$), 'YY000', 'nothing is checked');

SELECT * FROM finish();
ROLLBACK;
