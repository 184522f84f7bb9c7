-- Documents as partners send them (0.5 to 4 kB, nested; about 5 % of the members are PII), the same without PII, and
-- what gpsync.scrub() is measured against.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS bench;
CREATE FUNCTION bench.document(i int, pii boolean) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_build_object(
    'requestId', md5(i::text)::uuid, 'tokenUniqueReference', 'DWSPMC' || lpad(md5('t' || i), 42, '0'), 'status',
        'ACTIVE',
    'createdAt', '2026-11-22T06:11:' || lpad((i % 60)::text, 2, '0') || 'Z', 'version', 3, 'amount',
        (i % 10000) / 100.0,
    'merchant', jsonb_build_object('id', 'M' || i, 'category', 5411, 'name', 'Shop number ' || i, 'country', 'DE'),
    'device', jsonb_build_object('os', 'android', 'osVersion', '14.0.1', 'model', 'SM-G' || i % 1000, 'rooted', false,
        'score', 0.97),
    'items', (SELECT jsonb_agg(jsonb_build_object('sku', 'SKU-' || n * 37 + i, 'quantity', n, 'price', n * 1.99,
        'currency', 'EUR',
                                                  'description', 'A plain description of thing ' || n, 'tags',
                                                      '["new","sale"]'::jsonb))
              FROM generate_series(1, 2 + i % 12) AS n),
    'history', (SELECT jsonb_agg(jsonb_build_object('at', 1763790677 + n, 'from', 'RECEIVED', 'to', 'PROCESSING', 'by',
        'svc-' || n))
                FROM generate_series(1, 2 + i % 10) AS n))
    || CASE WHEN pii
        THEN jsonb_build_object('customer',
        jsonb_build_object('email', 'joe' || i || '@example.com', 'phone', '+49 30 901820' || i % 100,
        'firstName', 'Joe', 'lastName', 'Example', 'segment', 'gold'), 'card', '4111111111111111', 'note', 'paid by joe'
            || i || '@example.com today')
       ELSE '{}' END $$;
CREATE UNLOGGED TABLE bench.documents AS SELECT i, bench.document(i, true) AS d FROM generate_series(1, :documents)
    AS i;
CREATE UNLOGGED TABLE bench.clean AS SELECT i, bench.document(i, false) AS d FROM generate_series(1, :documents) AS i;

VACUUM ANALYZE bench.documents;
VACUUM ANALYZE bench.clean;

-- The same key rules and regular expressions as one would write them in PL/pgSQL.
CREATE FUNCTION bench.plpgsql_scrub(document jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    result jsonb; k text; v jsonb; t text;
BEGIN
    CASE jsonb_typeof(document)
    WHEN 'object' THEN
        result := '{}';
        FOR k, v IN SELECT * FROM jsonb_each(document) LOOP
            CONTINUE WHEN k ~* '^(email|e_?mail|phone|mobile|first_?name|last_?name|full_?name|'
                'address|street|birth_?date|dob|card|pan|card_?number|cvv|cvc|pin|iban|account_?number|ssn|passport|'
                'licen[cs]e|device_?owner)$';
            result := result || jsonb_build_object(k, bench.plpgsql_scrub(v));
        END LOOP;
        RETURN result;
    WHEN 'array' THEN
        result := '[]';
        FOR v IN SELECT * FROM jsonb_array_elements(document) LOOP
            result := result || jsonb_build_array(bench.plpgsql_scrub(v));
        END LOOP;
        RETURN result;
    WHEN 'string' THEN
        t := document #>> '{}';
        t := regexp_replace(t, '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}', '[removed]', 'g');
        t := regexp_replace(t, '\m(?:\d[ -]?){13,19}\M', '[removed]', 'g');
        t := regexp_replace(t, '\+\d[\d ()-]{7,16}\d', '[removed]', 'g');
        t := regexp_replace(t, '\m[A-Z]{2}\d{2}[A-Z0-9]{11,30}\M', '[removed]', 'g');
        t := regexp_replace(t, '\m\d{3}-\d{2}-\d{4}\M', '[removed]', 'g');
        t := regexp_replace(t, '\m\d{1,3}(?:\.\d{1,3}){3}\M', '[removed]', 'g');
        RETURN to_jsonb(t);
    ELSE
        RETURN document;
    END CASE;
END $$;
CREATE FUNCTION bench.text_scrub(document jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    document::text,
    '"(email|e_?mail|phone|mobile|first_?name|last_?name|full_?name|address|card|pan|cvv|pin|iban|ssn)": *"[^"]*"',
        '"\1": null', 'gi'),
    '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}', '[removed]', 'g'),
    '"(?:\d[ -]?){13,19}"', '"[removed]"', 'g'),
    '\+\d[\d ()-]{7,16}\d', '[removed]', 'g'),
    '\m[A-Z]{2}\d{2}[A-Z0-9]{11,30}\M', '[removed]', 'g'),
    '\m\d{3}-\d{2}-\d{4}\M', '[removed]', 'g'),
    '\m\d{1,3}(?:\.\d{1,3}){3}\M', '[removed]', 'g')::jsonb $$;
-- Microseconds of processor time a document; every document once, the whole of the table, and small tables again and
-- again: the kernel counts in steps of a few milliseconds.
CREATE FUNCTION bench.timed(call text, source text, most int) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    started bigint; n bigint; used bigint; passes int := 0;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s WHERE i <= %s', source, most) INTO n;
    started := bench.cpu_time();
    LOOP
        EXECUTE format('SELECT count(%s) FROM %s WHERE i <= %s', call, source, most);
        passes := passes + 1;
        used := bench.cpu_time() - started;
        EXIT WHEN used > 1e8;
    END LOOP;
    RETURN used / 1e3 / n / passes;
END $$;
