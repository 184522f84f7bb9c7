-- The legacy side of row "import": provisionings in legacy's codes; the same with one row in a thousand broken; and the
-- rows as the modern table wants them, since pgloader maps no values.
CREATE TABLE provision (
    id      varchar(64) PRIMARY KEY,
    code    char(1) NOT NULL,
    device  varchar(64),
    created timestamptz NOT NULL,
    detail  jsonb
);
INSERT INTO provision
    SELECT 'prov_' || lpad(n::text, 9, '0'), (ARRAY['R', 'P', 'C', 'V', 'E'])[1 + n % 5], 'device ' || n % 1000,
           timestamptz '2024-01-01' + n * interval '1 second',
           jsonb_build_object('os', 'android', 'wallet', 'w' || n % 1000, 'attempt', n % 7)
    FROM generate_series(1, :rows) AS n;
CREATE TABLE broken (LIKE provision INCLUDING ALL);
INSERT INTO broken SELECT id, CASE WHEN right(id, 3) = '500' THEN '?' ELSE code END, device, created, detail
    FROM provision;
CREATE TABLE provision_mapped AS
    SELECT id AS provision_id, CASE code WHEN 'R' THEN 'RECEIVED' WHEN 'P' THEN 'PROCESSING' WHEN 'C' THEN 'COMPLETED'
                               WHEN 'V' THEN 'VERIFIED' ELSE 'ELIGIBLE' END AS status, device, created, detail
    FROM provision;
-- The processor time of the session that reads it.
CREATE VIEW cpu AS SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint AS ns;
VACUUM ANALYZE;
