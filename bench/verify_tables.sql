-- A table and its legacy copy in another database: 1,000,000 equal rows of a provisioning, delivered and booked.
-- psql variables: rows; host, port of this server.
\c bench
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION dblink;
CREATE TABLE provisioning (id bigint PRIMARY KEY, status text NOT NULL, partner text, device text, amount numeric(12,2),
    created_at timestamptz, attempts integer, active boolean);
INSERT INTO provisioning SELECT n, 'RECEIVED', 'partner_' || n % 100, md5(n::text), n / 100.0,
    '2024-01-01Z'::timestamptz + n * interval '1 s', n % 7, n % 2 = 0 FROM generate_series(1, :rows) AS n;
SELECT gpsync.attach('provisioning');
ALTER TABLE provisioning DISABLE TRIGGER gpsync_stamp;
UPDATE provisioning SET sync_status = 'COMPLETED', sync_revision = 8;
ALTER TABLE provisioning ENABLE TRIGGER gpsync_stamp;
VACUUM FULL ANALYZE provisioning;
VACUUM provisioning;
CREATE DATABASE legacy;
\c legacy
CREATE TABLE provisioning (id bigint PRIMARY KEY, status text NOT NULL, partner text, device text, amount numeric(12,2),
    created_at timestamptz, attempts integer, active boolean);
INSERT INTO provisioning SELECT n, 'RECEIVED', 'partner_' || n % 100, md5(n::text), n / 100.0,
    '2024-01-01Z'::timestamptz + n * interval '1 s', n % 7, n % 2 = 0 FROM generate_series(1, :rows) AS n;
VACUUM ANALYZE provisioning;
\c bench
CREATE SERVER legacy FOREIGN DATA WRAPPER postgres_fdw
    OPTIONS (host :'host', port :'port', dbname 'legacy', fetch_size '10000', async_capable 'true',
        options '-c cursor_tuple_fraction=1 -c jit=off');
CREATE USER MAPPING FOR CURRENT_USER SERVER legacy;
CREATE SCHEMA legacy;
IMPORT FOREIGN SCHEMA public FROM SERVER legacy INTO legacy;
