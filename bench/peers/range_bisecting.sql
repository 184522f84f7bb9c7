-- The differences of two tables by bisecting ranges of the key, as data-diff does it, with its defaults: a range whose
-- checksums differ is cut into 32, and one of less than 16,384 rows is fetched and compared. A checksum is the sum of
-- 60 bits of the md5 of each row's text. Each database computes its own; here they are asked one after the other.
CREATE SCHEMA bisecting;
CREATE FUNCTION bisecting.row_text() RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT 'concat_ws(''|'', id::text, status, partner, device, amount::text, created_at::text, attempts::text, '
    'active::text)' $$;

CREATE FUNCTION bisecting.checksum(remote boolean, low bigint, high bigint, OUT rows bigint, OUT checksum numeric)
    LANGUAGE plpgsql AS $$
DECLARE
    query text := format('SELECT count(*), sum((''x'' || substr(md5(%s), 18))::bit(60)::bigint) FROM provisioning '
        'WHERE id >= %s AND id < %s', bisecting.row_text(), low, high);
BEGIN
    IF remote THEN
        SELECT r.* INTO rows, checksum FROM dblink('legacy', query) AS r (a bigint, b numeric);
    ELSE
        EXECUTE query INTO rows, checksum;
    END IF;
END $$;

CREATE FUNCTION bisecting.differences(low bigint, high bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    here record;
    there record;
    query text := format('SELECT id, %s FROM provisioning WHERE id >= %s AND id < %s', bisecting.row_text(), low, high);
    step bigint := (high - low) / 32 + 1;
    found bigint := 0;
BEGIN
    SELECT * INTO here FROM bisecting.checksum(false, low, high);
    SELECT * INTO there FROM bisecting.checksum(true, low, high);
    IF here IS NOT DISTINCT FROM there THEN
        RETURN 0;
    ELSIF greatest(here.rows, there.rows) < 16384 THEN
        EXECUTE format('SELECT count(*) FROM (%s) AS t (id, t) FULL JOIN dblink(''legacy'', %L) '
            'AS s (id bigint, t text) USING (id) '
            'WHERE t.t IS DISTINCT FROM s.t', query, query) INTO found;
        RETURN found;
    END IF;
    FOR i IN 0 .. 31 LOOP
        found := found + bisecting.differences(low + i * step, least(high, low + (i + 1) * step));
    END LOOP;
    RETURN found;
END $$;
