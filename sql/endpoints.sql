-- Endpoints: the option validator of wrapper gpsync_http, and the settings the relay gets.
CREATE DATABASE gpsync_regress_endpoints;
\c gpsync_regress_endpoints
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE FUNCTION server_error(options text) RETURNS text LANGUAGE sql
    AS $$ SELECT error_of(format('CREATE SERVER bad FOREIGN DATA WRAPPER gpsync_http OPTIONS (%s)', options)) $$;
CREATE FUNCTION url_error(url text) RETURNS text LANGUAGE sql AS $$ SELECT server_error(format('url %L', url)) $$;
CREATE FUNCTION option_error(options text) RETURNS text LANGUAGE sql
    AS $$ SELECT server_error('url ''https://nws.example/'', ' || options) $$;
\pset format unaligned
\pset tuples_only on

-- Names.
SELECT option_error('timout ''5s''');
SELECT option_error('verify ''off''');
SELECT option_error('bearer_token ''x''');
SELECT option_error('url ''https://nws.example/''');
SELECT error_of('CREATE SERVER bad FOREIGN DATA WRAPPER gpsync_http');
SELECT error_of('ALTER FOREIGN DATA WRAPPER gpsync_http OPTIONS (ADD url ''x'')');

-- URLs.
SELECT url_error('ftp://nws.example/');
SELECT url_error('nws.example/events');
SELECT url_error('https://');
SELECT url_error('https://user:secret@nws.example/');
SELECT url_error('https://nws.example/#top');
SELECT url_error('https://nws.example/a b');
SELECT url_error(E'https://nws.example/\nX-Header: y');
SELECT url_error('https://nws.example:0/');
SELECT url_error('https://nws.example:70000/');
SELECT url_error('https://nws..example/');

-- Values and ranges.
SELECT option_error('batch_size ''0''');
SELECT option_error('batch_size ''10001''');
SELECT option_error('batch_size ''many''');
SELECT option_error('batch_bytes ''100B''');
SELECT option_error('batch_bytes ''1GB''');
SELECT option_error('batch_bytes ''1MiB''');
SELECT option_error('linger ''2min''');
SELECT option_error('linger ''-1''');
SELECT option_error('lanes ''65''');
SELECT option_error('timeout ''0''');
SELECT option_error('timeout ''5 parsecs''');
SELECT option_error('max_connection_age ''999ms''');
SELECT option_error('max_connection_age ''2d''');
SELECT option_error('max_connection_age ''0''');
SELECT option_error('retry_attempts ''101''');
SELECT option_error('retry_base ''2h''');
SELECT option_error('compression ''zstd''');
SELECT option_error('protocol ''soap''');
SELECT option_error('ca_file ''nws.pem''');
SELECT option_error('ca_file ''''');

-- What is fine, and what the relay makes of it.
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/events');
CREATE SERVER ods FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://ods.example/events?v=1', batch_size '10',
    batch_bytes '64kB',
    linger '0', lanes '1', timeout '1min', connect_timeout '500', max_connection_age '1d', retry_attempts '1',
        retry_base '1.5s', compression 'gzip',
    ca_file '/etc/ssl/ods.pem', protocol 'cloudevents-batch');
SELECT jsonb_pretty(gpsync_internal.endpoint_settings(srvoptions)) FROM pg_foreign_server
    WHERE srvname IN ('nws', 'ods')
    ORDER BY srvname;
SELECT jsonb_pretty(gpsync_internal.endpoint_settings(NULL));
SELECT error_of('ALTER SERVER nws OPTIONS (DROP url)');
SELECT error_of('ALTER SERVER nws OPTIONS (ADD timeout ''1d'')');
ALTER SERVER nws OPTIONS (ADD timeout '9s', ADD max_connection_age '90s');
ALTER SERVER nws OPTIONS (SET max_connection_age '1min');
SELECT gpsync_internal.endpoint_settings(srvoptions)->'max_connection_age_ms' FROM pg_foreign_server
    WHERE srvname = 'nws';
SELECT url, gpsync_internal.is_local_url(url), gpsync_internal.is_exposed_url(url)
FROM (VALUES ('http://localhost/'), ('http://[::1]:1/'), ('http://nws.example/'), ('https://nws.example/')) AS u (url);

-- User mappings: secrets never show in an error.
CREATE FUNCTION mapping_error(options text) RETURNS text LANGUAGE sql
    AS $$ SELECT error_of(format('CREATE USER MAPPING FOR CURRENT_USER SERVER nws OPTIONS (%s)', options)) $$;
SELECT mapping_error('bearer_tokn ''x''');
SELECT mapping_error('timeout ''5s''');
SELECT mapping_error(E'bearer_token E''a\\r\\nX-Header: y''');
SELECT mapping_error('bearer_token ''two words''');
SELECT mapping_error('bearer_token ''''');
SELECT mapping_error('username ''a:b''');
SELECT mapping_error('bearer_token ''x'', bearer_token_file ''/etc/token''');
SELECT mapping_error('bearer_token ''x'', username ''u''');
SELECT mapping_error('password ''p''');
SELECT mapping_error('client_key_file ''/etc/key.pem''');
SELECT mapping_error('bearer_token_file ''token''');
CREATE USER MAPPING FOR CURRENT_USER SERVER nws OPTIONS (username 'u', password 'p');
SELECT error_of('ALTER USER MAPPING FOR CURRENT_USER SERVER nws OPTIONS (ADD bearer_token ''x'')');
ALTER USER MAPPING FOR CURRENT_USER SERVER nws OPTIONS (DROP username, DROP password, ADD bearer_token 'x');

-- Protocol local delivers to the server itself.
CREATE SERVER here FOREIGN DATA WRAPPER gpsync_http OPTIONS (protocol 'local');
CREATE SERVER there FOREIGN DATA WRAPPER gpsync_http OPTIONS (protocol 'local', url 'http://127.0.0.1:8080/');
ALTER SERVER here OPTIONS (ADD url 'http://127.0.0.1:8080/');
ALTER SERVER here OPTIONS (SET protocol 'cloudevents-batch');
DROP SERVER here;

-- Who names a file makes it be read.
CREATE ROLE gpsync_regress_owner;
GRANT USAGE ON FOREIGN DATA WRAPPER gpsync_http TO gpsync_regress_owner;
SET ROLE gpsync_regress_owner;
CREATE SERVER own FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://own.example/');
\set VERBOSITY terse
ALTER SERVER own OPTIONS (ADD ca_file '/etc/shadow');
CREATE USER MAPPING FOR CURRENT_USER SERVER own OPTIONS (bearer_token_file '/etc/shadow');
\set VERBOSITY default
RESET ROLE;
GRANT pg_read_server_files TO gpsync_regress_owner;
SET ROLE gpsync_regress_owner;
ALTER SERVER own OPTIONS (ADD ca_file '/etc/ssl/own.pem');
CREATE USER MAPPING FOR CURRENT_USER SERVER own OPTIONS (bearer_token_file '/etc/own.token');
RESET ROLE;

DROP OWNED BY gpsync_regress_owner CASCADE;
DROP ROLE gpsync_regress_owner;
\c postgres
DROP DATABASE gpsync_regress_endpoints;
