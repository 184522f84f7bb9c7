-- Who owns a server cannot redirect it to get the secrets that others have mapped.
CREATE DATABASE gpsync_regress_endpoints;
\c gpsync_regress_endpoints
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
CREATE ROLE gpsync_regress_relay;
CREATE ROLE gpsync_regress_ops;
CREATE ROLE gpsync_regress_files IN ROLE pg_read_server_files;
GRANT USAGE ON FOREIGN DATA WRAPPER gpsync_http TO gpsync_regress_ops;
GRANT CREATE ON SCHEMA public TO gpsync_regress_ops;
CREATE VIEW findings AS SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'secret';
SET ROLE gpsync_regress_ops;
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://nws.example/events');
-- Nobody's secrets, and one's own.
ALTER SERVER nws OPTIONS (SET url 'https://nws2.example/events');
CREATE USER MAPPING FOR gpsync_regress_ops SERVER nws OPTIONS (bearer_token 'mine');
ALTER SERVER nws OPTIONS (SET url 'https://nws.example/events');
RESET ROLE;
CREATE USER MAPPING FOR gpsync_regress_relay SERVER nws;
SET ROLE gpsync_regress_ops;
ALTER SERVER nws OPTIONS (SET url 'https://nws2.example/events');
ALTER SERVER nws OPTIONS (SET url 'https://nws.example/events');
RESET ROLE;
SELECT * FROM findings;

-- Another role's.
ALTER USER MAPPING FOR gpsync_regress_relay SERVER nws OPTIONS (ADD bearer_token_file '/etc/gpsync/nws.token');
SELECT * FROM findings;
SET ROLE gpsync_regress_ops;
ALTER SERVER nws OPTIONS (SET url 'https://evil.example/events');
\set VERBOSITY terse
ALTER SERVER nws OPTIONS (SET url 'http://nws.example/events');
ALTER SERVER nws OPTIONS (SET url 'https://nws.example:8443/events');
ALTER SERVER nws OPTIONS (SET url 'https://nws.example.evil.example/events');
ALTER SERVER nws OPTIONS (ADD lanes '2', SET url 'https://evil.example/nws.example');
ALTER SERVER nws VERSION '2' OPTIONS (SET url 'https://evil.example/');
ALTER SERVER nws OPTIONS (SET url 'https://nws.example/', SET url 'https://evil.example/');
ALTER SERVER nws OPTIONS (DROP url, ADD url 'https://evil.example/');
SELECT srvoptions FROM pg_foreign_server;
-- Not in a function, a DO block, a trigger-less session, or under another name.
DO $$ BEGIN ALTER SERVER nws OPTIONS (SET url 'https://evil.example/'); END $$;
DO $$ BEGIN EXECUTE 'ALTER SERVER nws OPTIONS (SET url ''https://evil.example/'')'; END $$;
SET session_replication_role = replica;
ALTER SERVER nws RENAME TO other;
ALTER SERVER other OPTIONS (SET url 'https://evil.example/');
ALTER SERVER other RENAME TO nws;
ALTER EVENT TRIGGER gpsync_guard_endpoint DISABLE;
-- The secrets do not outlive the server, nor can they be read.
DROP SERVER nws;
SELECT count(*) FROM pg_user_mappings WHERE umoptions IS NOT NULL AND usename = 'gpsync_regress_relay';
-- What stays with the origin is free.
ALTER SERVER nws OPTIONS (SET url 'HTTPS://NWS.example:443/other', ADD batch_size '10');
ALTER SERVER nws OPTIONS (SET url 'nonsense');
ALTER SERVER nws OPTIONS (DROP url);
-- By a function of somebody who may, it is that one's command.
RESET ROLE;
CREATE FUNCTION move_server(url text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    EXECUTE format('ALTER SERVER nws OPTIONS (SET url %L)', url); END $$;
SET ROLE gpsync_regress_ops;
SELECT move_server('https://nws.example/events');
CREATE FUNCTION move_server_as_ops(url text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    EXECUTE format('ALTER SERVER nws OPTIONS (SET url %L)', url); END $$;
RESET ROLE;
SELECT move_server_as_ops('https://evil.example/');
-- Who does not own the server learns nothing of mappings.
SET ROLE gpsync_regress_relay;
ALTER SERVER nws OPTIONS (SET url 'https://evil.example/');
RESET ROLE;
-- Who may read server files, or has the other role's privileges.
ALTER SERVER nws OPTIONS (SET url 'https://nws2.example/events');
GRANT gpsync_regress_files TO gpsync_regress_ops;
SELECT * FROM findings;
SET ROLE gpsync_regress_ops;
ALTER SERVER nws OPTIONS (SET url 'https://nws.example/events', ADD ca_file '/etc/gpsync/ca.pem');
RESET ROLE;
REVOKE gpsync_regress_files FROM gpsync_regress_ops;
SET ROLE gpsync_regress_ops;
-- Without its CA any public one would do.
ALTER SERVER nws OPTIONS (DROP ca_file);
RESET ROLE;
ALTER SERVER nws OPTIONS (DROP ca_file);
GRANT gpsync_regress_relay TO gpsync_regress_ops;
SET ROLE gpsync_regress_ops;
ALTER SERVER nws OPTIONS (SET url 'https://nws2.example/events');
RESET ROLE;
REVOKE gpsync_regress_relay FROM gpsync_regress_ops;
-- Secrets for everybody are nobody's own.
ALTER USER MAPPING FOR gpsync_regress_relay SERVER nws OPTIONS (DROP bearer_token_file);
CREATE USER MAPPING FOR PUBLIC SERVER nws OPTIONS (username 'u', password 'p');
SET ROLE gpsync_regress_ops;
ALTER SERVER nws OPTIONS (SET url 'https://evil.example/events');
RESET ROLE;
SELECT * FROM findings;
ALTER EVENT TRIGGER gpsync_guard_endpoint DISABLE;
SELECT * FROM findings;
SELECT fix FROM findings \gexec
SELECT severity FROM findings;
-- Other wrappers are none of ours.
CREATE FOREIGN DATA WRAPPER other;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER other OPTIONS (url 'https://a.example');
ALTER SERVER elsewhere OWNER TO gpsync_regress_ops;
CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (password 'p');
GRANT USAGE ON FOREIGN DATA WRAPPER other TO gpsync_regress_ops;
SET ROLE gpsync_regress_ops;
ALTER SERVER elsewhere OPTIONS (SET url 'https://b.example');
RESET ROLE;
-- A relay sees its own mappings and those for everybody, never another role's.
CREATE TABLE t (id integer PRIMARY KEY);
CREATE PUBLICATION gpsync FOR TABLE t;
CREATE ROLE gpsync_regress_other LOGIN;
ALTER USER MAPPING FOR gpsync_regress_relay SERVER nws OPTIONS (ADD bearer_token 'of_relay');
SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL;
SET client_min_messages = warning;
SELECT gpsync.grant_relay('gpsync_regress_relay'), gpsync.grant_relay('gpsync_regress_other');
SET SESSION AUTHORIZATION gpsync_regress_relay;
SELECT gpsync_internal.relay_config('legacy') #> '{endpoints,0,user_mapping}';
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION gpsync_regress_other;
SELECT gpsync_internal.relay_config('legacy') #> '{endpoints,0,user_mapping}';
SELECT gpsync_internal.endpoint_config('nws', 'gpsync_regress_relay');
RESET SESSION AUTHORIZATION;
SELECT gpsync.drop_stream('legacy');

\c postgres
DROP DATABASE gpsync_regress_endpoints;
DROP ROLE gpsync_regress_relay, gpsync_regress_ops, gpsync_regress_files, gpsync_regress_other;
