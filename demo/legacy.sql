-- The second act's legacy database: provisionings as legacy keeps them, in its codes, without a key that is enforced.
-- Some cannot be brought over: a code that nobody knows any more, a device name that is too long, a key that is there
-- twice.
CREATE TABLE prov (
    prov_id  text,
    stat     char(1),
    dev_name text,
    enrolled timestamptz,
    partner  jsonb
);
INSERT INTO prov
SELECT 'leg_' || lpad(n::text, 6, '0'), CASE WHEN n % 10000 = 4711 THEN 'Z' ELSE (ARRAY['1', '2', '3', '4',
    '5'])[1 + n % 5] END,
       CASE WHEN n % 20000 = 815 THEN repeat('Very Large Phone ', 5) ELSE 'Phone ' || n % 997 END,
       timestamptz '2023-01-01 00:00+00' + n * interval '5 minutes',
       CASE WHEN n % 50 = 0 THEN jsonb_build_object('wallet', 'w' || n, 'holder', jsonb_build_object('email',
           'user' || n || '@example.com', 'pan', '4111111111111111'))
            ELSE jsonb_build_object('wallet', 'w' || n) END
FROM generate_series(1, :rows) AS n;
INSERT INTO prov SELECT prov_id, '1', 'Phone, again', enrolled, partner FROM prov WHERE prov_id IN ('leg_000100',
    'leg_000200', 'leg_000300');
CREATE INDEX ON prov (prov_id);
ANALYZE prov;
