-- The modern side of row "import": one attached table, the same without gpsync for INSERT ... SELECT and for pgloader.
-- The options of the server are those that docs/migration.md recommends.
CREATE EXTENSION postgres_fdw;
CREATE SERVER legacy FOREIGN DATA WRAPPER postgres_fdw
    OPTIONS (host :'dir', port :'port', dbname 'legacy', fetch_size '10000',
        options '-c cursor_tuple_fraction=1');
CREATE USER MAPPING FOR CURRENT_USER SERVER legacy OPTIONS (user 'postgres');
CREATE FOREIGN TABLE bench.provision_wire (
    id varchar(64) NOT NULL, code char(1) NOT NULL, device varchar(64), created timestamptz NOT NULL, detail jsonb
) SERVER legacy OPTIONS (schema_name 'public', table_name 'provision');
CREATE FOREIGN TABLE bench.broken_wire (
    id varchar(64) NOT NULL, code char(1) NOT NULL, device varchar(64), created timestamptz NOT NULL, detail jsonb
) SERVER legacy OPTIONS (schema_name 'public', table_name 'broken');
ANALYZE bench.provision_wire, bench.broken_wire;
CREATE FOREIGN TABLE bench.wire_cpu (ns bigint) SERVER legacy OPTIONS (schema_name 'public', table_name 'cpu');

CREATE TABLE bench.attached (
    provision_id varchar(64) PRIMARY KEY,
    status       varchar(20) NOT NULL,
    device       varchar(64),
    created      timestamptz NOT NULL,
    detail       jsonb
);
SELECT gpsync.attach('bench.attached') \g /dev/null
CREATE TABLE bench.plain (LIKE bench.attached INCLUDING ALL);
CREATE TABLE bench.loaded (LIKE bench.attached INCLUDING ALL);

-- Of this session and of its session in the legacy database, ns.
CREATE FUNCTION bench.both_cpu_times() RETURNS bigint LANGUAGE sql AS $$
    SELECT bench.cpu_time() + (SELECT ns FROM bench.wire_cpu)
$$;
