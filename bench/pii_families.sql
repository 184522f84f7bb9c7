-- Families of documents, as different partners and systems send them: bench.family (family, clean, i, d), where clean
-- ones hold no PII, and bench.hostile (i, t), texts that are made to be slow. Needs -v documents=N (of each family and
-- kind). The same on every run: random() starts from a seed.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS bench;
SELECT setseed(0.10) \g /dev/null

CREATE FUNCTION bench.one_of(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT choices[1 + floor(random() * cardinality(choices))::int]
$$;
CREATE FUNCTION bench.between(lowest int, highest int) RETURNS int LANGUAGE sql VOLATILE AS $$
    SELECT lowest + floor(random() * (highest - lowest + 1))::int
$$;
CREATE FUNCTION bench.hex(n int) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT left(md5(random()::text) || md5(random()::text), n)
$$;

-- Words as the name of a member, in one of seven styles.
CREATE FUNCTION bench.styled(words text, style int) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT CASE style
        WHEN 0 THEN lower(left(words, 1)) || substr(replace(initcap(words), ' ', ''), 2)
        WHEN 1 THEN replace(words, ' ', '_')
        WHEN 2 THEN replace(words, ' ', '-')
        WHEN 3 THEN replace(initcap(words), ' ', '')
        WHEN 4 THEN replace(words, ' ', '')
        WHEN 5 THEN upper(replace(words, ' ', '_'))
        ELSE replace(words, ' ', '.') END
$$;

-- Some two thousand names that are not about people.
CREATE FUNCTION bench.plain_words() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT concat_ws(' ',
        bench.one_of('order', 'token', 'device', 'wallet', 'batch', 'risk', 'terminal', 'settlement', 'scheme',
            'shipment', 'request',
            'session', 'gateway', 'ledger', 'invoice', 'campaign', 'retry', 'cache', 'route', 'region'),
        bench.one_of('state', 'count', 'level', 'kind', 'score', 'amount', 'currency', 'limit', 'created', 'updated',
            'version',
            'reference', 'flag', 'channel', 'reason', 'source', 'target', 'priority', 'rule', 'group', 'label',
                'size', 'hash', 'unit', 'mode'),
        CASE WHEN random() < 0.25 THEN bench.one_of('code', 'at', 'ms', 'type', 'list', 'old', 'new', 'x') END)
$$;

CREATE FUNCTION bench.plain_sentence() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT format(bench.one_of(
        'Token %s was suspended after %s attempts, next check in %s s', 'batch %s of %s closed, %s left open',
        'Delivery window moved by the carrier; parcel %s weighs %s.%s kg',
            'release notes %s: faster start, %s fixes in %s modules',
        'The terminal reported status %s, battery at %s %%, uptime %s h',
            'kept for audit as agreed (%s/%s), case %s'),
        bench.between(1, 99999), bench.between(1, 500), bench.between(1, 99))
$$;

CREATE FUNCTION bench.plain_value() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN CASE bench.between(0, 13)
        WHEN 0 THEN to_jsonb(bench.between(0, 100000))
        WHEN 1 THEN to_jsonb(round((random() * 10000)::numeric, 2))
        WHEN 2 THEN to_jsonb(random() < 0.5)
        WHEN 3 THEN to_jsonb(gen_random_uuid())
        WHEN 4 THEN to_jsonb(to_char(timestamptz '2026-01-01 UTC' + random() * interval '300 days',
            'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        WHEN 5 THEN to_jsonb(bench.one_of('ACTIVE', 'pending', 'Declined', 'IN_REVIEW', 'EUR', 'de-DE', 'ios', 'visa',
            'SE', 'gold'))
        WHEN 6 THEN to_jsonb(bench.plain_sentence())
        WHEN 7 THEN to_jsonb('https://api.partner.example/v2/orders/' || bench.between(10000,
            99999) || '?page=2&sort=asc')
        WHEN 8 THEN to_jsonb(bench.hex(64))
        WHEN 9 THEN 'null'
        WHEN 10 THEN jsonb_build_array(bench.between(1, 9), bench.one_of('new', 'sale', 'nfc'), random() < 0.5)
        WHEN 11 THEN to_jsonb(1763790677000 + bench.between(0, 90000000))
        WHEN 12 THEN to_jsonb('ORD-2026-' || bench.between(100000, 999999))
        ELSE to_jsonb(bench.between(1, 9) || '.' || bench.between(0, 30) || '.' || bench.between(0, 9)) END;
END $$;

-- A member that is PII: its words and its value.
CREATE FUNCTION bench.pii_member(OUT words text, OUT value jsonb) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    CASE bench.between(0, 8)
        WHEN 0 THEN words := 'email address'; value := to_jsonb('joe' || bench.between(1, 9999) || '@example.com');
        WHEN 1 THEN words := 'mobile phone'; value := to_jsonb('+49 30 9018' || bench.between(1000, 9999));
        WHEN 2 THEN words := 'last name'; value := to_jsonb(bench.one_of('Example', 'García', 'Nowak', '田中'));
        WHEN 3 THEN words := 'card number'; value := to_jsonb(bench.one_of('4111111111111111', '5555 5555 5555 4444',
            '378282246310005'));
        WHEN 4 THEN words := 'street address'; value := to_jsonb(bench.between(1, 200) || ' Main Street');
        WHEN 5 THEN words := 'client ip'; value := to_jsonb('198.51.100.' || bench.between(1, 254));
        WHEN 6 THEN words := 'payout iban'; value := to_jsonb(bench.one_of('DE89370400440532013000',
            'FR14 2004 1010 0505 0001 3M02 606'));
        WHEN 7 THEN words := 'note'; value := to_jsonb('paid by joe' || bench.between(1,
            9999) || '@example.com today');
        ELSE words := 'date of birth'; value := to_jsonb('198' || bench.between(0, 9) || '-04-1' || bench.between(0,
            9)); END CASE;
END $$;

-- An object of n plain members and some that are PII, its names in one style.
CREATE FUNCTION bench.plain_object(n int, pii int, style int) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result jsonb; member record;
BEGIN
    SELECT jsonb_object_agg(bench.styled(bench.plain_words(), style), bench.plain_value()) FROM generate_series(1,
        n) INTO result;
    FOR i IN 1..pii LOOP
        SELECT * FROM bench.pii_member() INTO member;
        result := result || jsonb_build_object(bench.styled(member.words, style), member.value);
    END LOOP;
    RETURN result;
END $$;

-- Each document has a shape and a style of names of its own.
CREATE FUNCTION bench.many_shapes(pii boolean) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    style int := bench.between(0, 6); result jsonb;
BEGIN
    result := bench.plain_object(bench.between(5, 15), pii::int * bench.between(0, 2), style);
    FOR i IN 1..bench.between(1, 4) LOOP
        result := result || jsonb_build_object(bench.styled(bench.plain_words(), style), CASE
            WHEN random() < 0.6 THEN bench.plain_object(bench.between(3, 10), pii::int, style)
            ELSE (SELECT jsonb_agg(bench.plain_object(bench.between(2, 6), 0, style)) FROM generate_series(1,
                bench.between(1, 4))) END);
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION bench.log_line(pii boolean) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT format('2026-11-%s 0%s:%s:17.%s %s [http-nio-8443-exec-%s] c.e.pay.TokenService - %s%s (%s ms, trace %s)',
        bench.between(10, 28), bench.between(0, 9), bench.between(10, 59), bench.between(100, 999),
        bench.one_of('INFO', 'WARN', 'DEBUG', 'ERROR'), bench.between(1, 40), bench.plain_sentence(),
        CASE WHEN pii THEN bench.one_of(' for joe@example.com', ' card 4111 1111 1111 1111', ' from 198.51.100.7',
            ' call +49 30 901820') END,
        bench.between(1, 3000), bench.hex(32))
$$;
CREATE FUNCTION bench.logs(pii boolean) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('service', 'token-service', 'host', 'node-' || bench.between(1, 40), 'level', 'INFO',
        'lines', (SELECT jsonb_agg(bench.log_line(pii AND random() < 0.2)) FROM generate_series(1, bench.between(3,
            12))),
        'summary', (SELECT string_agg(bench.plain_sentence(), '. ') FROM generate_series(1, bench.between(1, 6))),
        'comments', (SELECT jsonb_agg(jsonb_build_object('at', 1763790677 + n, 'text', bench.plain_sentence() || '. '
            || bench.plain_sentence())) FROM generate_series(1, bench.between(1, 5)) AS n),
        'tail', bench.log_line(pii))
$$;

CREATE FUNCTION bench.base64_of(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(encode(convert_to(t, 'UTF8'), 'base64'), E'\n', '')
$$;
-- An event in its envelope: what happened is a string, as JSON, as JSON in JSON, in base64 or in a JWT.
CREATE FUNCTION bench.embedded(pii boolean) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('topic', 'wallet.events', 'partition', bench.between(0, 31), 'offset',
        bench.between(1, 1000000), 'headers', bench.plain_object(8, 0, 2), 'envelope', bench.plain_object(12, 0, 0),
        'value', CASE bench.between(1, 4)
            WHEN 1 THEN bench.plain_object(8, pii::int, 0)::text
            WHEN 2 THEN jsonb_build_object('body', bench.plain_object(5, pii::int, 3)::text, 'seq', 1)::text
            WHEN 3 THEN bench.base64_of(bench.plain_object(8, pii::int, 1)::text)
            -- A JWT is a secret: one in a document without PII has a payload that is none.
            ELSE CASE WHEN pii THEN bench.base64_of('{"alg":"RS256","typ":"JWT"}') ELSE 'v1' END || '.'
                || rtrim(translate(bench.base64_of(bench.plain_object(4, pii::int, 1)::text), '+/', '-_'), '=') || '.'
                || bench.hex(43) END)
$$;

-- A bundle as of FHIR: deep, the same few names again and again, mostly short strings.
CREATE FUNCTION bench.coding(system text, code text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('coding', jsonb_build_array(jsonb_build_object('system',
        'http://terminology.hl7.org/CodeSystem/' || system,
        'code', code, 'display', initcap(code))), 'text', code)
$$;
CREATE FUNCTION bench.fhir(pii boolean) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('resourceType', 'Bundle', 'type', 'collection', 'entry', (
        SELECT jsonb_agg(jsonb_build_object('fullUrl', 'urn:uuid:' || gen_random_uuid(), 'resource',
            jsonb_build_object(
            'resourceType', 'Observation', 'id', 'obs-' || n, 'status', 'final', 'category',
                jsonb_build_array(bench.coding(
            'observation-category', 'vital-signs')), 'code', bench.coding('v3-ObservationValue', 'score'),
                'effectiveDateTime',
            '2026-11-22T06:11:37Z', 'valueQuantity', jsonb_build_object('value', bench.between(1, 300), 'unit',
                'mmHg', 'system',
            'http://unitsofmeasure.org', 'code', 'mm[Hg]'), 'component', (SELECT jsonb_agg(jsonb_build_object('code',
                bench.coding('loinc',
            'systolic'), 'valueQuantity', jsonb_build_object('value', bench.between(60, 200), 'unit', 'mmHg'),
                'extension', jsonb_build_array(
            jsonb_build_object('url', 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', 'valueCode',
                'unknown'))))
            FROM generate_series(1, bench.between(1, 3))))))
        FROM generate_series(1, bench.between(1, 4)) AS n)
        || CASE WHEN pii THEN jsonb_build_array(jsonb_build_object('resource', jsonb_build_object('resourceType',
            'Patient', 'active', true,
            'name', jsonb_build_array(jsonb_build_object('use', 'official', 'family', 'Example', 'given',
                jsonb_build_array('Joe', 'B'))),
            'telecom', jsonb_build_array(jsonb_build_object('system', 'phone', 'value', '+49 30 901820', 'use',
                'home')),
            'birthDate', '1980-02-03'))) ELSE '[]' END)
$$;

-- Two hundred members at one level.
CREATE FUNCTION bench.flat(pii boolean) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT (SELECT jsonb_object_agg(bench.styled(bench.plain_words(), style) || '_' || n, bench.plain_value())
            FROM generate_series(1, CASE WHEN pii THEN 192 ELSE 200 END) AS n)
        || CASE WHEN pii THEN bench.plain_object(1, 8, style) ELSE '{}' END
    FROM bench.between(0, 6) AS style
$$;

CREATE UNLOGGED TABLE bench.family (family text, clean boolean, i int, d jsonb);
INSERT INTO bench.family
SELECT family, clean, i, CASE family
    WHEN 'one shape' THEN bench.document(i, NOT clean)
    WHEN 'many shapes' THEN bench.many_shapes(NOT clean)
    WHEN 'logs and text' THEN bench.logs(NOT clean)
    WHEN 'embedded' THEN bench.embedded(NOT clean)
    WHEN 'deep' THEN bench.fhir(NOT clean)
    WHEN '200 names' THEN bench.flat(NOT clean) END
FROM unnest('{one shape,many shapes,logs and text,embedded,deep,200 names}'::text[]) WITH ORDINALITY AS f (family,
    at),
    unnest('{true,false}'::boolean[]) AS c (clean),
    -- About the same number of bytes of each.
    generate_series(1, CASE family WHEN '200 names' THEN :documents / 5 ELSE :documents END) AS i
ORDER BY clean, CASE family WHEN '200 names' THEN i * 5 ELSE i END, at;

-- What scanners begin at, what separates, and what needs decoding; two hundred texts that repeat one to three of them.
CREATE UNLOGGED TABLE bench.hostile (i int, t text);
INSERT INTO bench.hostile
SELECT i, repeat(fragment, 200000 / octet_length(fragment)) || ending
FROM (SELECT i, (SELECT string_agg(bench.one_of(VARIADIC ARRAY['eyJ-', 'eyJ', 'sk-', 'xoxb-', 'pypi-a.', 'glpat-',
    'ghp_', 'AKIA',
    'AIza', 'Bearer ', 'Basic ',
        '-----BEGIN ', '-----', '5 ', '4111', '4111 ', '4-', '3', '1.', '1.1.1.', '10.0.', '::', 'ff:', 'fe80:', '+',
            '+4', '(4', '00', '0', ') ',
        'a@', '@', 'a@b.', 'a.', 'x', 'A', 'DE', 'DE89', 'GB29 NWBK ', 'bc1', '1A1zP1', '0x', '0xab', 'http://',
            'http://a:', 'u:p@', '//', '%',
        '%25', '%2', '%7B%22', '\', '\\"', '\u00', '{', '{"a":', '["', '[{', '"', '":"', ',', ';', '\t', ' ', '  ',
            E'\n', '&a=', '=', '==', '<a>',
        '</', '<cvv>', ':', 'card ', 'ssn ', 'tel ', 'call ', 'cvv ', 'pin:', 'password=', 'iban ', 'ip ', 'order ',
            'version ', 'v1.', 'name: ',
        ';4111=', '%B4111^', '12-', '12/', '123-45-', '078-05-', '1,', '1;', 'AB12', '4４', '４', '٤', '१', U&'\200B',
            '名', 'é', 'ß', 'ＡＢ', '。',
        'YWJj', 'YWJj+', 'eyJhIjoi', 'QUJD/', '_', '-', '--', '.', '..', 'A1', '1A', 'T', 'Z', '9F26', '5A08', '57',
            'e', 'E4']), '')
        FROM generate_series(1, 1 + i % 3)) AS fragment, bench.one_of('', '', '', '"', '}', '4', 'a@b.io',
            ' x') AS ending
      FROM generate_series(1, 200) AS i) AS texts;

-- MB of text scrubbed in a second of processor time.
CREATE FUNCTION bench.rate(document jsonb, bytes int) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    started bigint := bench.cpu_time(); used bigint; passes int := 0;
BEGIN
    LOOP
        PERFORM gpsync.scrub(document);
        passes := passes + 1;
        used := bench.cpu_time() - started;
        EXIT WHEN used > 2e7;
    END LOOP;
    RETURN bytes::double precision * passes / used * 1e3;
END $$;
-- The ten slowest.
CREATE UNLOGGED TABLE bench.slowest (t text, rate double precision);
CREATE FUNCTION bench.find_slowest() RETURNS void LANGUAGE sql AS $$
    INSERT INTO bench.slowest
    SELECT t, bench.rate(to_jsonb(t), octet_length(t)) AS rate FROM bench.hostile ORDER BY rate LIMIT 10
$$;
-- Five times as long, unless that would take minutes: what grows faster than the text is seen here.
CREATE FUNCTION bench.slowest_rate() RETURNS double precision LANGUAGE sql AS $$
    SELECT min(bench.rate(to_jsonb(repeat(t, times)), octet_length(t) * times))
    FROM bench.slowest, LATERAL (SELECT CASE WHEN rate < 1 THEN 1 ELSE 5 END AS times) AS longer
$$;
