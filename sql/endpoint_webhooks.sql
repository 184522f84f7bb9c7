-- Options of webhooks: headers, signing, modes of events.
CREATE DATABASE gpsync_regress_webhooks;
\c gpsync_regress_webhooks
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE FUNCTION option_error(options text) RETURNS text LANGUAGE sql
    AS $$ SELECT error_of(format('CREATE SERVER bad FOREIGN DATA WRAPPER gpsync_http
        OPTIONS (url ''https://nws.example/'', %s)', options)) $$;
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://nws.example/');
CREATE FUNCTION mapping_error(options text) RETURNS text LANGUAGE sql
    AS $$ SELECT error_of(format('CREATE USER MAPPING FOR CURRENT_USER SERVER nws OPTIONS (%s)', options)) $$;
\pset format unaligned
\pset tuples_only on

-- Headers: lines of "Name: value".
SELECT option_error('headers ''''');
SELECT option_error('headers ''X-Tenant''');
SELECT option_error('headers ''X Tenant: acme''');
SELECT option_error('headers '': acme''');
SELECT option_error('headers ''X-Tenant:  ''');
SELECT option_error('headers ''X-Tenant: ümlaut''');
SELECT option_error(E'headers E''X-Tenant: a\\rX-Other: b''');
SELECT option_error(E'headers E''X-Tenant: a\\nx-tenant: b''');
SELECT option_error('headers ' || quote_literal('X-Long: ' || repeat('x', 9000)));
SELECT option_error('headers ' || quote_literal((SELECT string_agg(format('X-%s: 1', n), E'\n')
    FROM generate_series(1, 65) AS n)));

-- Those that gpsync and HTTP set.
SELECT name, option_error(format('headers ''%s: x''', name)) ~ 'is one that gpsync or HTTP sets' AS refused
FROM unnest('{Content-Type,content-length,CONTENT-ENCODING,Host,Idempotency-Key,Accept,Accept-Encoding,
    Connection,Transfer-Encoding,User-Agent,
    Expect,TE,Trailer,Upgrade,Keep-Alive,webhook-id,Webhook-Signature,ce-id,CE-Type,ibm-mq-md-expiry}'::text[]) AS name;

-- What looks like a secret is not for a server's options, which everybody can read.
SELECT option_error('headers ''X-Api-Key: k1''');
SELECT name, option_error(format('headers ''%s: x''', name)) ~ 'looks like a secret' AS refused
FROM unnest('{Authorization,Proxy-Authorization,Cookie,X-Auth,X-Access-Token,
    Client-Secret,X-Password,X-Signature,Ocp-Apim-Subscription-Key}'::text[]) AS name;

-- In a user mapping they are secret: no value in an error.
SELECT mapping_error('secret_headers ''X-Api-Key k1''');
SELECT mapping_error('secret_headers ''Content-Type: text/plain''');
SELECT mapping_error('secret_headers ''Authorization: ApiKey k1'', bearer_token ''t''');
SELECT mapping_error('secret_headers ''authorization: ApiKey k1'', username ''u''');
SELECT mapping_error('headers ''X-Tenant: acme''');
SELECT option_error('secret_headers ''X-Api-Key: k1''');

-- Secrets of signatures.
SELECT mapping_error('signing_secret ''abc''');
SELECT mapping_error('signing_secret ''whsec_!!!!''');
SELECT mapping_error('signing_secret ' || quote_literal('whsec_' || encode(repeat('x', 23)::bytea, 'base64')));
SELECT mapping_error('signing_secret ' || quote_literal('whsec_' || encode(repeat('x', 24)::bytea, 'base64')
    || ' second'));
SELECT mapping_error('signing_secret ' || quote_literal(repeat('whsec_'
    || encode(repeat('x', 24)::bytea, 'base64') || ' ', 9)));
SELECT mapping_error('signing_secret ' || quote_literal('whsec_'
    || encode(repeat('x', 24)::bytea, 'base64')) || ', signing_secret_file ''/etc/secret''');
SELECT mapping_error('signing_secret_file ''secret''');

-- Choices.
SELECT option_error('signing ''jws''');
SELECT option_error('event_mode ''stream''');

-- What is fine.
CREATE SERVER hook FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://hook.example/',
    signing 'standard-webhooks', event_mode 'binary',
    headers E'X-Tenant: acme\r\n\nX-Colour: light blue');
SELECT gpsync_internal.endpoint_settings(srvoptions) ->> key
    FROM pg_foreign_server, unnest('{signing,event_mode,headers}'::text[]) AS key WHERE srvname = 'hook';
SELECT format('CREATE USER MAPPING FOR CURRENT_USER SERVER hook
    OPTIONS (secret_headers E''X-Api-Key: k1\nCookie: a=b'', signing_secret %L)',
    string_agg('whsec_' || encode(repeat(c, 24)::bytea, 'base64'), E'\n')) FROM unnest('{a,b}'::text[]) AS c \gexec
-- A header that stands in both.
ALTER USER MAPPING FOR CURRENT_USER SERVER hook OPTIONS (SET secret_headers E'X-Api-Key: k1\nX-Zone: z');
SELECT error_of($$ ALTER SERVER hook OPTIONS (SET headers E'X-Tenant: acme\nx-ZONE: a') $$);
SELECT error_of($$ ALTER USER MAPPING FOR CURRENT_USER SERVER hook OPTIONS (SET secret_headers 'x-tenant: b') $$);
CREATE SERVER hook2 FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://hook.example/', headers 'X-Tenant: acme');
SELECT error_of($$ CREATE USER MAPPING FOR PUBLIC SERVER hook2 OPTIONS (secret_headers 'X-TENANT: b') $$);
CREATE USER MAPPING FOR PUBLIC SERVER hook2 OPTIONS (secret_headers 'X-Tenant-Key: b');
-- Protocol ibm-mq-rest: its options, and those that mean nothing with it.
SELECT option_error('protocol ''ibm-mq-rest''');
SELECT option_error('protocol ''ibm-mq-rest'', qmgr ''QM1''');
SELECT option_error('protocol ''ibm-mq-rest'', queue ''Q1''');
SELECT option_error('protocol ''ibm-mq-rest'', qmgr ''QM1'', queue ''Q1'', topic ''status''');
SELECT option_error('protocol ''ibm-mq-rest'', qmgr ''QM1'', topic ''status'', api ''v1''');
SELECT option_error('protocol ''ibm-mq-rest'', qmgr ''QM1'', queue ''Q1'', api ''v4''');
SELECT option_error('protocol ''ibm-mq-rest'', qmgr ''QM1'', queue ''Q1'', expiry ''-1''');
SELECT option_error('protocol ''ibm-mq-rest'', qmgr ''QM1'', queue ''Q1'', expiry ''2000d''');
SELECT option_error('protocol ''ibm-mq-rest'', qmgr '''', queue ''Q1''');
SELECT option, option_error(format('protocol ''ibm-mq-rest'', qmgr ''QM1'', queue ''Q1'', %s',
    option)) ~ 'means nothing with' AS refused
FROM unnest('{event_mode ''binary'',signing ''standard-webhooks'',compression ''gzip'',batch_size ''10''}'::text[])
    AS option;
SELECT option, option_error(option) ~ 'requires option "protocol"' AS refused
FROM unnest('{qmgr ''QM1'',queue ''Q1'',topic ''t'',api ''v2'',expiry ''1h''}'::text[]) AS option;
SELECT error_of($$ALTER SERVER nws OPTIONS (ADD protocol 'ibm-mq-rest', ADD qmgr 'QM1',
    ADD queue 'Q1', SET url 'https://mq.example:9443/?x=1')$$);
ALTER SERVER nws OPTIONS (ADD protocol 'ibm-mq-rest', ADD qmgr 'QM/1', ADD queue 'A.B%', ADD expiry '1d',
    ADD api 'v3', SET url 'https://mq.example:9443');
SELECT gpsync_internal.endpoint_settings(srvoptions) ->> key
    FROM pg_foreign_server, unnest('{protocol,qmgr,queue,topic,api,expiry_ms}'::text[]) AS key WHERE srvname = 'nws';
SELECT error_of('ALTER SERVER nws OPTIONS (DROP queue)');
ALTER SERVER nws OPTIONS (DROP queue, ADD topic 'status/prod');
\c postgres
DROP DATABASE gpsync_regress_webhooks;
