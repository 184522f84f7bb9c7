-- Who may do what: PUBLIC, the relay's role, readers, operators. Roles are made and dropped here.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION gpsync;
CREATE ROLE privileges_relay;
CREATE ROLE privileges_reader LOGIN;
CREATE ROLE privileges_operator LOGIN;
CREATE ROLE privileges_nobody LOGIN;
CREATE ROLE privileges_owner LOGIN;
CREATE SCHEMA own AUTHORIZATION privileges_owner;
CREATE TABLE own.orders (id integer PRIMARY KEY, status text);
ALTER TABLE own.orders OWNER TO privileges_owner;
CREATE TABLE own.secrets (id integer PRIMARY KEY);
ALTER TABLE own.secrets OWNER TO privileges_owner;
CREATE PUBLICATION gpsync FOR TABLE own.orders;
CREATE PUBLICATION secrets FOR TABLE own.secrets;
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
CREATE SERVER ods FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8081/');

-- Each test is a transaction of its own, and pgTAP writes its result last: slots can be made in it.
SELECT gpsync.create_stream('made', '{nws}') IS NOT NULL AS created \gset
SELECT plan(86);

-- PUBLIC: functions that only compute, and those that PostgreSQL runs in the name of whoever writes a row.
SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.relnamespace = 'gpsync'::regnamespace
        AND a.grantee = 0
$$, 'PUBLIC has no privilege on any table or view');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace)
        AND has_function_privilege('privileges_nobody', p.oid, 'EXECUTE')
        AND p.prosecdef
$$, 'PUBLIC may execute no SECURITY DEFINER function');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace) AND p.prosecdef
        AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c = 'search_path=pg_catalog, pg_temp')
$$, 'every SECURITY DEFINER function has a fixed search_path');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace) AND l.lanname = 'plpgsql'
        -- One that ends transactions can have no setting; scripts/check-sql sees that it qualifies names.
        AND p.prokind <> 'p'
        AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c = 'search_path=pg_catalog, pg_temp')
$$, 'and so has every PL/pgSQL function');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace)
        AND has_function_privilege('privileges_nobody', p.oid, 'EXECUTE')
        AND p.proname ~ ('^(relay_|create_|drop_|pause_|resume_|recreate_|attach|detach|define_|grant_|touch_|'
            'seize_|scrub_on|scrub_row|stop_|redact_|redaction|key_ring|encrypt|decrypt|tokenize|detokenize|doctor|'
            'wait_|stream_|slot_|keep_|clear_)')
$$, 'PUBLIC may execute nothing that does something');
SELECT is_empty($$
    SELECT d.classid::regclass, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
        AND e.extname = 'gpsync'
    WHERE d.deptype = 'e' AND obj_description(d.objid, d.classid::regclass::name) IS NULL
        AND d.classid IN ('pg_proc'::regclass, 'pg_foreign_data_wrapper'::regclass, 'pg_event_trigger'::regclass)
$$, 'every function, the wrapper and every event trigger has a comment');
SET ROLE privileges_nobody;
SELECT throws_ok('SELECT gpsync.doctor()', '42501', NULL, 'nobody calls doctor()');
SELECT throws_ok('TABLE gpsync.stream_status', '42501', NULL, 'nobody reads stream_status');
SELECT throws_ok('SELECT gpsync.report_html()', '42501', NULL, 'nobody calls report_html()');
SELECT throws_ok('SELECT gpsync_internal.status_document()', '42501', NULL, 'nor what it is made from');
SELECT throws_ok('TABLE gpsync.stream', '42501', NULL, 'nobody reads gpsync.stream');
SELECT throws_ok($$SELECT gpsync.create_stream('s', '{nws}')$$, '42501', NULL, 'nobody creates a stream');
SELECT throws_ok($$SELECT gpsync_internal.relay_config('made')$$, '42501', NULL,
    'nobody reads the relay''s configuration');
SELECT throws_ok($$SELECT gpsync.create_notification('n', 'nws', '{*}')$$, '42501', NULL,
    'nobody creates a notification');
SELECT throws_ok($$SELECT gpsync_internal.raise_ops_event('ramp.step', 'r', '{}')$$, '42501', NULL,
    'nobody raises an operational event');
SELECT throws_ok($$SELECT gpsync.grant_operator('privileges_nobody')$$, '42501', NULL,
    'nobody grants themselves a part');
SELECT lives_ok($$SELECT gpsync.is_valid_transition('provision', 'RECEIVED', 'PROCESSING')$$,
    'everybody asks about transitions');
RESET ROLE;

-- The relay.
SELECT lives_ok($$SELECT gpsync.grant_relay('privileges_relay')$$, 'grant_relay()');
SELECT lives_ok($$SELECT gpsync.grant_relay('privileges_relay')$$, 'grant_relay() again');
SELECT results_eq($$SELECT rolcanlogin, rolreplication, rolsuper, rolbypassrls FROM pg_roles
    WHERE rolname = 'privileges_relay'$$,
    'VALUES (true, true, false, false)', 'the relay may log in and replicate, no more');
SELECT set_eq($$SELECT p.proname::text FROM pg_proc AS p, aclexplode(p.proacl) AS a
    WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace)
        AND a.grantee = 'privileges_relay'::regrole$$,
    '{relay_config,relay_acquire,relay_book,relay_retry_deferred,relay_confirm,relay_report,relay_keep_cursors,'
        'relay_spool_write,relay_spool_read,relay_spool_trim,relay_resend_next,relay_resend_settle,'
        'relay_keep_held,relay_held,relay_held_next,relay_held_requests,'
        'relay_seize,relay_lookups,relay_lookup_next,relay_lookup_apply,relay_apply_local,relay_keep_local,'
        'status_document,status_details}'::text[],
        'the relay executes its functions');
SELECT is_empty($$SELECT c.relname FROM pg_class AS c, aclexplode(c.relacl) AS a
    WHERE a.grantee = 'privileges_relay'::regrole$$, 'the relay has no privilege on any table');
SELECT ok(has_server_privilege('privileges_relay', 'nws', 'USAGE')
    AND has_server_privilege('privileges_relay', 'ods', 'USAGE'), 'the relay may use the endpoints');
CREATE SERVER later FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8082/');
CREATE USER MAPPING FOR privileges_relay SERVER nws OPTIONS (bearer_token 'relays-token');
CREATE USER MAPPING FOR privileges_operator SERVER nws OPTIONS (bearer_token 'operators-token');
UPDATE gpsync.stream SET endpoints = '{nws,later}' WHERE stream = 'made';
SET SESSION AUTHORIZATION privileges_relay;
SELECT is(gpsync_internal.relay_config('made') #>> '{endpoints,0,user_mapping,bearer_token}', 'relays-token',
    'the relay gets its own secrets');
SELECT is(gpsync_internal.relay_config('made') #>> '{endpoints,1,name}', 'later',
    'servers added later need no further grant');
SELECT throws_ok('TABLE own.orders', '42501', NULL, 'the relay reads no table');
SELECT throws_ok('TABLE gpsync.stream_position', '42501', NULL, 'nor gpsync''s own');
SELECT throws_ok($$SELECT gpsync_internal.stream_config('made', 'privileges_operator')$$, '42501', NULL,
    'the relay gets nobody else''s secrets');
SELECT throws_ok($$SELECT gpsync.drop_stream('made')$$, '42501', NULL, 'the relay drops no stream');
RESET SESSION AUTHORIZATION;

-- Who may call grant_relay() but not alter the role is told what to ask for.
CREATE ROLE privileges_plain;
GRANT EXECUTE ON FUNCTION gpsync.grant_relay(regrole),
    gpsync_internal.ensure_relay_attributes(regrole) TO privileges_owner;
SET ROLE privileges_owner;
SELECT throws_ok($$SELECT gpsync.grant_relay('privileges_plain')$$, '42501',
    'role privileges_plain lacks LOGIN REPLICATION, which the relay needs', 'grant_relay() by who may not');
RESET ROLE;

-- Readers.
SELECT lives_ok($$SELECT gpsync.grant_reader('privileges_reader')$$, 'grant_reader()');
SELECT lives_ok($$SELECT gpsync.grant_reader('privileges_reader')$$, 'grant_reader() again');
SET ROLE privileges_reader;
SELECT lives_ok('TABLE gpsync.stream_status', 'a reader reads stream_status');
SELECT lives_ok('TABLE gpsync.endpoint_status', 'and endpoint_status');
SELECT lives_ok('TABLE gpsync.attached_tables', 'and attached_tables');
SELECT lives_ok('SELECT * FROM gpsync.doctor()', 'and calls doctor()');
SELECT lives_ok('SELECT gpsync.report_html()', 'and report_html()');
SELECT lives_ok($$SELECT gpsync.wait_for_sync(timeout => '0')$$, 'and wait_for_sync()');
SELECT lives_ok('TABLE gpsync.resend_progress', 'and reads resend_progress');
SELECT throws_ok($$SELECT gpsync.sync_row('pg_class', '{"oid": 1}')$$, '55000', NULL, 'and calls sync_row()');
SELECT throws_ok($$SELECT gpsync.resend('own.orders')$$, '42501', NULL, 'a reader does not call resend()');
SELECT lives_ok('TABLE gpsync.notifications', 'and notifications');
SELECT throws_ok($$SELECT gpsync.create_notification('n', 'nws', '{*}')$$, '42501', NULL,
    'a reader creates no notification');
SELECT throws_ok('TABLE gpsync.ops_event', '42501', NULL, 'and sees no event that waits');
SELECT lives_ok('TABLE gpsync.lookup_status', 'and reads lookup_status');
SELECT lives_ok('TABLE gpsync.lookup_conflicts', 'and lookup_conflicts');
SELECT throws_ok($$SELECT gpsync.lookup_now('none', '{}')$$, '42704', NULL, 'and calls lookup_now()');
SELECT throws_ok($$SELECT gpsync.drop_lookup('none')$$, '42501', NULL, 'a reader drops no look-up');
SELECT throws_ok('TABLE gpsync.lookup_request', '42501', NULL, 'and sees no request');
SELECT throws_ok('TABLE gpsync.dead_letters', '42501', NULL, 'a reader sees no payload');
SELECT throws_ok($$SELECT gpsync.pause_stream('made')$$, '42501', NULL, 'and pauses nothing');
RESET ROLE;

-- Operators: what they name is checked against their own rights.
SELECT lives_ok($$SELECT gpsync.grant_operator('privileges_operator')$$, 'grant_operator()');
SET ROLE privileges_operator;
SELECT throws_ok($$SELECT gpsync.create_notification('n', 'ods', '{*}')$$, '42501',
    'permission denied for foreign server ods', 'an operator creates notifications for servers that he may use');
SELECT throws_ok($$SELECT gpsync_internal.raise_ops_event('ramp.step', 'r', '{}')$$, '42501', NULL,
    'and raises no operational event');
RESET ROLE;
SELECT lives_ok($$SELECT gpsync.grant_operator('privileges_operator')$$, 'grant_operator() again');
SET ROLE privileges_operator;
SELECT is_empty($$
    SELECT c.relation::regclass FROM pg_extension AS e, unnest(e.extconfig) AS c (relation)
    WHERE e.extname = 'gpsync' AND NOT has_table_privilege(c.relation, 'SELECT')
$$, 'an operator that owns the database reads all that pg_dump reads');
SELECT lives_ok('TABLE gpsync.dead_letters', 'an operator reads dead letters');
SELECT throws_ok($$SELECT gpsync.resend('pg_class')$$, '55000', NULL, 'calls resend()');
SELECT throws_ok($$SELECT gpsync.create_lookup('l', 'pg_class', 'nws', '{"status": "status"}')$$, '55000', NULL,
    'calls create_lookup()');
SELECT throws_ok($$SELECT gpsync.drop_lookup('none')$$, '42704', NULL, 'and drop_lookup()');
SELECT throws_ok($$SELECT gpsync_internal.relay_lookup_next('none', 0, NULL, '{}', 1, 1)$$, '42501', NULL,
    'but not what is the relay''s');
SELECT throws_ok($$SELECT gpsync_internal.resend_step('none')$$, '42704', NULL, 'and its steps');
SELECT throws_ok($$SELECT gpsync_internal.resend_step_as(10, 'none')$$, '42501', NULL, '... as itself');
SELECT throws_ok($$SELECT gpsync_internal.start_migration_worker('resend', 'none', 10)$$, '42501', NULL,
    'and starts no worker');
SELECT throws_ok($$TABLE gpsync.resend_job$$, '42501', NULL, 'nor sees filters of others');
SELECT lives_ok($$SELECT gpsync.pause_stream('made')$$, 'pauses');
SELECT lives_ok($$SELECT gpsync.resume_stream('made')$$, 'and resumes');
SELECT throws_ok(
    $$SELECT gpsync_internal.create_stream_as(10, 's', '{nws}', 'gpsync', true, '{}', NULL, NULL)$$, '42501', NULL,
    'cannot pass for somebody else');
SELECT throws_ok($$SELECT gpsync_internal.stream_config('made', 'privileges_relay')$$, '42501', NULL,
    'gets nobody else''s secrets');
SELECT throws_ok($$SELECT gpsync_internal.relay_config('made')$$, '42501', NULL, 'does not pass for a relay');
SELECT throws_ok($$UPDATE gpsync.stream SET paused = true$$, '42501', NULL, 'and does not write gpsync''s tables');
RESET ROLE;

-- What an operator's streams may name.
SET ROLE privileges_operator;
SELECT throws_ok($$SELECT gpsync.create_stream('mine', '{ods}', 'secrets')$$, '42501',
    'permission denied for foreign server ods', 'no stream to a server without USAGE');
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER ods TO privileges_operator;
SET ROLE privileges_operator;
SELECT throws_ok($$SELECT gpsync.create_stream('mine', '{ods}', 'secrets')$$, '42501',
    'permission denied for table own.secrets', 'none of a table without SELECT');
SELECT throws_ok($$SELECT gpsync.create_stream('mine', '{ods}', 'everything', false)$$, '42501',
    'permission denied to stream publication "everything"', 'none of all tables');
RESET ROLE;
-- Under another SECURITY DEFINER function it is that function's owner who asks, not the superuser who calls it.
CREATE FUNCTION own.trap() RETURNS pg_lsn LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT gpsync.create_stream('mine', '{ods}', 'secrets', false) $$;
ALTER FUNCTION own.trap() OWNER TO privileges_operator;
GRANT USAGE ON SCHEMA own TO privileges_operator;
SELECT throws_ok('SELECT own.trap()', '42501', 'permission denied for table own.secrets',
    'nor by way of a function that a superuser calls');
GRANT SELECT ON own.secrets TO privileges_operator;
SET ROLE privileges_operator;
SELECT lives_ok($$SELECT gpsync.create_stream('mine', '{ods}', 'secrets')$$,
    'a stream of a table with SELECT, to a server with USAGE');
SELECT is(current_user, 'privileges_operator', 'after which the operator is who he was');
SELECT throws_ok($$SELECT gpsync.create_stream('mine', '{ods}', 'secrets')$$, '42710', NULL, 'an error');
SELECT is(current_user, 'privileges_operator', 'leaves him who he was, too');
SELECT lives_ok($$SELECT gpsync.drop_stream('mine')$$, 'and dropped');
SELECT lives_ok($$SELECT gpsync.drop_stream('made')$$, 'as any other');
RESET ROLE;

-- recreate_stream() touches rows with their owner's rights: a trigger of the owner gets no others.
CREATE TABLE own.seen (by_whom name);
ALTER TABLE own.seen OWNER TO privileges_owner;
CREATE FUNCTION own.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO own.seen
    VALUES (current_user); RETURN NEW; END $$;
CREATE TRIGGER note BEFORE UPDATE ON own.orders FOR EACH ROW EXECUTE FUNCTION own.note();
ALTER PUBLICATION gpsync OWNER TO privileges_owner;
ALTER PUBLICATION gpsync DROP TABLE own.orders;
SELECT lives_ok($$SELECT gpsync.attach('own.orders')$$, 'the table is attached');
SELECT lives_ok($$SELECT gpsync.create_stream('made', '{ods}')$$, 'and streamed');
INSERT INTO own.orders (id, status) VALUES (1, 'RECEIVED');
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('made')) \g /dev/null
GRANT SELECT ON own.orders TO privileges_operator;
SET ROLE privileges_operator;
SELECT lives_ok($$SELECT gpsync.recreate_stream('made')$$, 'an operator recreates a stream');
RESET ROLE;
SELECT results_eq('TABLE own.seen', $$VALUES ('privileges_owner'::name)$$, 'the owner''s trigger ran as the owner');
SELECT lives_ok($$SELECT gpsync.drop_stream('made')$$, 'the stream is dropped');

SELECT * FROM finish();
DROP OWNED BY privileges_relay, privileges_reader, privileges_operator, privileges_owner, privileges_nobody,
    privileges_plain CASCADE;
DROP ROLE privileges_relay, privileges_reader, privileges_operator, privileges_owner, privileges_nobody,
    privileges_plain;
