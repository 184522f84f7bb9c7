-- The differences of two tables by a FULL JOIN with the rows that postgres_fdw fetches: the keys that differ.
SELECT count(*) FROM provisioning AS t FULL JOIN legacy.provisioning AS s USING (id)
WHERE t.id IS NULL OR s.id IS NULL OR (t.status, t.partner, t.device, t.amount, t.created_at, t.attempts, t.active)
    IS DISTINCT FROM (s.status, s.partner, s.device, s.amount, s.created_at, s.attempts, s.active);
