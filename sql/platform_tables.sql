-- create_platform_tables() and generate_test_data().
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA platform_test;
SET search_path = platform_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
DROP PUBLICATION IF EXISTS gpsync;
RESET client_min_messages;

-- One of the tables is there already, and one of those is attached already.
CREATE TABLE token_status (token_id VARCHAR(64) PRIMARY KEY, status VARCHAR(20), last_updated TIMESTAMP,
    sync_status VARCHAR(20));
SELECT gpsync.create_platform_tables('platform_test');
SELECT gpsync.create_platform_tables(target_schema => 'platform_test');
SELECT * FROM gpsync.attached_tables WHERE relation::text IN ('provision_status', 'token_status', 'partner_data')
    ORDER BY 1;
SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
WHERE attrelid IN ('provision_status'::regclass, 'token_status'::regclass, 'partner_data'::regclass) AND attnum > 0
    ORDER BY attrelid, attnum;
CREATE SCHEMA "Odd ""schema";
SELECT gpsync.create_platform_tables('Odd "schema');
SELECT count(*) FROM gpsync.attached_tables WHERE relation::text LIKE '%Odd%';
SELECT error_of($$SELECT gpsync.create_platform_tables('no_such_schema')$$);
SELECT error_of($$SELECT gpsync.create_platform_tables(NULL)$$);
-- One that does not do.
CREATE SCHEMA platform_test_2;
CREATE TABLE platform_test_2.token_status (token_id text PRIMARY KEY, state text);
SELECT error_of($$SELECT gpsync.create_platform_tables('platform_test_2')$$);
SELECT to_regclass('platform_test_2.provision_status');

-- O7: N provisions in RECEIVED.
SELECT gpsync.generate_test_data('provision_status', 1000);
SELECT count(*), min(provision_id), max(length(provision_id)),
    bool_and(status = 'RECEIVED' AND sync_status = 'PENDING' AND last_updated IS NOT NULL) AS as_should_be
FROM provision_status;
SELECT gpsync.generate_test_data('provision_status', 2, key_prefix => 'prov_');
SELECT gpsync.generate_test_data(relation => 'provision_status', count => 1);
SELECT provision_id FROM provision_status WHERE provision_id LIKE 'prov%' OR provision_id ~ '00[1-9]$'
    AND length(provision_id) = 9 ORDER BY 1;
SELECT gpsync.generate_test_data('token_status', 0);
SELECT gpsync.generate_test_data('partner_data', 2);
SELECT partner_id, data, sync_status FROM partner_data ORDER BY 1;
-- The prefix is no pattern.
SELECT gpsync.generate_test_data('token_status', 1, '%_\'), gpsync.generate_test_data('token_status', 1, ''),
    gpsync.generate_test_data('token_status', 1, '%_\');
SELECT token_id, status FROM token_status ORDER BY token_id COLLATE "C";

-- Columns of all types that must be given.
CREATE TYPE mood AS ENUM ('fine', 'bad');
CREATE DOMAIN mood_domain AS mood NOT NULL;
CREATE TABLE demanding (
    a uuid NOT NULL, b numeric(4, 2) NOT NULL, c char(3) NOT NULL, status text NOT NULL, d date NOT NULL,
        e integer[] NOT NULL,
    f smallint NOT NULL, g interval NOT NULL, "h H" jsonb NOT NULL, i mood_domain NOT NULL, j boolean NOT NULL,
        k inet NOT NULL,
    l bytea NOT NULL, m int4range NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY, o text NOT NULL DEFAULT 'o',
        p varchar(4) NOT NULL,
    q numeric NOT NULL, r double precision NOT NULL, s text GENERATED ALWAYS AS ('s') STORED, t timestamptz NOT NULL,
        u time NOT NULL,
    v money NOT NULL, id1 integer, id2 text, PRIMARY KEY (id1, id2));
SELECT gpsync.attach('demanding', 'token_lifecycle');
SELECT gpsync.generate_test_data('demanding', 3);
SELECT gpsync.generate_test_data('demanding', 2);
SELECT b, c, status, e, f, g, "h H", i, j, k, l, m, n, o, p, q, r, s, id1, id2 FROM demanding ORDER BY id1;
ALTER TABLE demanding ADD COLUMN w point NOT NULL DEFAULT '(0,0)';
ALTER TABLE demanding ALTER w DROP DEFAULT;
SELECT error_of($$SELECT gpsync.generate_test_data('demanding', 1)$$);

SELECT error_of($$SELECT gpsync.generate_test_data('demanding', -1)$$);
SELECT error_of($$SELECT gpsync.generate_test_data('demanding', NULL)$$);
SELECT error_of($$SELECT gpsync.generate_test_data('provision_status', 1, NULL)$$);
SELECT gpsync.detach('token_status');
SELECT error_of($$SELECT gpsync.generate_test_data('token_status', 1)$$);
SELECT error_of($$SELECT gpsync.generate_test_data('provision_status', 1, repeat('x', 64))$$);

SET client_min_messages = warning;
DROP PUBLICATION gpsync;
DROP SCHEMA platform_test, platform_test_2, "Odd ""schema" CASCADE;
