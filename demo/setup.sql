-- What a DBA types once. nws_url and ods_url come from the command line.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION gpsync;

-- The platform's three tables, with their status machine, the trigger and the publication "gpsync".
SELECT gpsync.create_platform_tables();

-- Where changes go. A publication says what is streamed, a foreign server where to.
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url :'nws_url');
CREATE SERVER ods FOREIGN DATA WRAPPER gpsync_http OPTIONS (url :'ods_url');

-- The role the relay connects as: it sees no table.
CREATE ROLE gpsync_relay LOGIN REPLICATION;
SELECT gpsync.grant_relay('gpsync_relay');

-- From here on every committed change is delivered; the supervisor starts the relay.
SELECT gpsync.create_stream('legacy', endpoints => '{nws,ods}');
