-- What a DBA types to bring legacy's provisionings over. dir and port come from the command line.
SET client_min_messages = warning;
CREATE TABLE provisioning (
    provision_id varchar(64) PRIMARY KEY,
    status       varchar(20) NOT NULL,
    device       varchar(40),
    enrolled     timestamptz,
    partner      jsonb
);
SELECT gpsync.attach('provisioning');
SELECT gpsync.scrub_on_write('provisioning', 'partner');

CREATE EXTENSION postgres_fdw;
CREATE SERVER old_platform FOREIGN DATA WRAPPER postgres_fdw
    OPTIONS (host :'dir', port :'port', dbname 'legacy', fetch_size '10000',
        options '-c cursor_tuple_fraction=1');
CREATE USER MAPPING FOR CURRENT_USER SERVER old_platform OPTIONS (user 'postgres');
CREATE FOREIGN TABLE legacy_prov (prov_id text, stat char(1), dev_name text, enrolled timestamptz, partner jsonb)
    SERVER old_platform OPTIONS (schema_name 'public', table_name 'prov');
ANALYZE legacy_prov;

-- Registers and checks; no row moves yet. The endpoints have these rows, so none is to get them (echo '{}', the
-- default).
SELECT gpsync.import('provisioning', 'legacy_prov',
    columns => '{"provision_id": "prov_id", "status": "stat", "device": "dev_name", "enrolled": "enrolled",
                 "partner": "gpsync.scrub(s.partner)"}',
    status_map => '{"1": "RECEIVED", "2": "PROCESSING", "3": "COMPLETED", "4": "VERIFIED", "5": "ELIGIBLE"}',
    source_key => '{prov_id}', job => 'old_platform');
