-- PII in documents: scrub(), has_pii(), find_pii(), extract_metadata(), policies.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA pii_test;
SET search_path = pii_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
RESET client_min_messages;

-- What is PII goes, what is not comes back as it was: members go, elements become null, numbers keep their scale.
SELECT gpsync.scrub('{"email": "joe@example.com", "a": {"card": "4111111111111111", "n": 1.50,
    "x": [1, "joe@example.com", {"k": "v"}]},
    "zz": 4111111111111111, "keep": [true, null, "hi", -0.000, 1e3, 12345678901234567890.1]}');
SELECT gpsync.scrub(d)
    FROM unnest('{"\"joe@example.com\"","\"hello\"","[]","{}","4111111111111111","null","[[],{},[[]]]"}'::jsonb[]) AS d;
SELECT gpsync.scrub('{"note": "write to joe@example.com or to 4111 1111 1111 1111, ref 12"}');
SELECT gpsync.scrub(NULL) IS NULL, gpsync.has_pii(NULL) IS NULL;
-- PII in a key.
SELECT gpsync.scrub('{"joe@example.com": 1, "ann@example.com": 2, "b": 3, "zzzzzzzzzzzzzzzzzzzzzzzzz": 4}');
SELECT gpsync.scrub('{"joe@example.com": 1}') ? '[removed]',
    gpsync.scrub('{"zzz": "joe@example.com", "a": 1, "bb": 2}') -> 'bb';
-- Nothing found: the same document, and an operator class that compares bytes agrees.
SELECT count(*) FILTER (WHERE gpsync.scrub(d) = d AND gpsync.scrub(d)::text = d::text)
FROM (SELECT jsonb_build_object('id', i, 'state', 'OK', 'list',
    jsonb_build_array(i, i + 0.5, 'x' || i, jsonb_build_object('y', repeat('z', i)))) AS d
      FROM generate_series(1, 200) AS i) AS documents;
-- Larger containers, whose entries hold offsets now and then: what is left equals what building it says.
SELECT count(*) FILTER (WHERE gpsync.scrub(whole) = clean AND gpsync.scrub(whole)::text = clean::text)
    FROM generate_series(1, 120) AS n,
LATERAL (SELECT jsonb_object_agg('k' || i, CASE WHEN i % 7 = 0 THEN to_jsonb('joe' || i || '@example.com')
    ELSE jsonb_build_array(i * 1.10, 'v' || i) END) AS whole,
                jsonb_object_agg('k' || i, jsonb_build_array(i * 1.10, 'v' || i)) FILTER (WHERE i % 7 <> 0) AS clean
         FROM generate_series(1, n) AS i) AS d;
SELECT count(*) FILTER (WHERE gpsync.scrub(whole) = clean AND gpsync.scrub(whole)::text = clean::text)
    FROM generate_series(1, 120) AS n,
LATERAL (SELECT jsonb_agg(CASE WHEN i % 5 = 0 THEN to_jsonb('joe' || i || '@example.com')
    ELSE jsonb_build_object('v', i) END ORDER BY i) AS whole,
                jsonb_agg(CASE WHEN i % 5 = 0 THEN 'null' ELSE jsonb_build_object('v', i) END ORDER BY i) AS clean
         FROM generate_series(1, n) AS i) AS d;
-- Deep nesting, and twice the same.
WITH d AS (SELECT (repeat('{"a":[', 2000) || '{"email":"joe@example.com"}' || repeat(']}', 2000))::jsonb AS d)
SELECT gpsync.has_pii(d), length(gpsync.scrub(d)::text), gpsync.has_pii(gpsync.scrub(d)),
    gpsync.scrub(gpsync.scrub(d)) = gpsync.scrub(d) FROM d;
SELECT error_of($$SELECT gpsync.scrub((repeat('[', 100000) || repeat(']', 100000))::jsonb)$$);

-- What is found, never the value.
SELECT * FROM gpsync.find_pii('{"email": "joe@example.com", "a": {"card": "4111111111111111", "x": [1, '
                              '"joe@example.com"]}, "zz": 4111111111111111}');
SELECT count(*)
    FROM gpsync.find_pii('{"tokenUniqueReference": "DWSPMC000000000132d72d4fcb2f4136", "last4": "1111", "created": '
                         '1763790677, "id": "0b6ad4a4-6a3c-4d12-9d8f-55bbbb2f1c11"}');
SELECT gpsync.has_pii('{"a": 1}'), gpsync.has_pii('{"a": ["joe@example.com"]}');

-- In a constraint.
CREATE TABLE clean (id int PRIMARY KEY, data jsonb CHECK (NOT gpsync.has_pii(data)));
INSERT INTO clean VALUES (1, '{"a": 1}');
SELECT error_of($$INSERT INTO clean VALUES (2, '{"email": "joe@example.com"}')$$) LIKE '23514:%';
-- TOASTed, compressed and short documents.
CREATE TABLE stored (id int, data jsonb);
INSERT INTO stored SELECT i, jsonb_build_object('email', 'joe@example.com', 'pad', repeat('ab', i * i * 10))
    FROM generate_series(1, 60) AS i;
SELECT count(*) FROM stored WHERE gpsync.scrub(data) = data - 'email' AND gpsync.has_pii(data)
    AND NOT gpsync.has_pii(data - 'email');

-- Policies.
SELECT gpsync.define_policy('notes@1', '[{"key": "note", "action": "mask"}]');
SELECT gpsync.define_policy('pattern@1',
    '{"extends": "notes@1", "rules": [{"pattern": "ORD-[0-9]+", "action": "remove", "name": "order"}]}');
SELECT gpsync.scrub('{"note": "secret words", "email": "joe@example.com", "text": "see ORD-123"}', 'pattern@1');
SELECT * FROM gpsync.find_pii('{"note": "secret words", "email": "joe@example.com", "text": "see ORD-123"}',
    'pattern@1');
SELECT gpsync.define_policy('nothing@1', '{"extends": null, "rules": []}');
SELECT gpsync.scrub('{"email": "joe@example.com"}', 'nothing@1'),
    gpsync.has_pii('{"email": "joe@example.com"}', 'nothing@1');
SELECT error_of($$SELECT gpsync.define_policy('notes@1', '[]')$$);
SELECT gpsync.define_policy('notes@1', '[{"action": "mask", "key": "note"}]');
SELECT error_of($$SELECT gpsync.define_policy('payments@1', '[]')$$);
SELECT error_of($$SELECT gpsync.define_policy('bad', '[]')$$);
SELECT error_of($$SELECT gpsync.define_policy('bad@1', '[{"key": "note", "action": "maks"}]')$$);
SELECT error_of($$SELECT gpsync.define_policy('bad@1', '[{"pattern": "a(", "action": "mask"}]')$$);
SELECT error_of($$SELECT gpsync.define_policy('bad@1', '[{"detector": "emial", "action": "mask"}]')$$);
SELECT error_of($$SELECT gpsync.define_policy('bad@1', '{"extends": "notes@2"}')$$);
-- Verification data is only removed: a rule that names it is refused, one that meets it overruled.
SELECT error_of($$SELECT gpsync.define_policy('bad@1', '[{"key": "cvv", "action": "hash"}]')$$);
SELECT error_of($$SELECT gpsync.define_policy('bad@1', '[{"path": "$.card.pinBlock", "action": "pass"}]')$$);
SELECT gpsync.define_policy('cards@1', '{"extends": null, "rules": [{"key": "card", "action": "mask"}]}');
SELECT gpsync.scrub('{"card": {"cvv": "123", "note": "seen by Joe"}, "ref": "12345678"}', 'cards@1');
SELECT * FROM gpsync.find_pii('{"card": {"pin": 4821, "ref": "12345678"}}', 'cards@1');
SELECT error_of($$SELECT gpsync.define_policy(NULL, '[]')$$);
SELECT error_of($$SELECT gpsync.scrub('{}', 'note@1')$$);
SELECT error_of($$UPDATE gpsync.policy SET rules = '[]'$$);
SELECT error_of($$DELETE FROM gpsync.policy$$);
SELECT error_of($$TRUNCATE gpsync.policy$$);
-- A policy that is rolled back is gone.
BEGIN;
SELECT gpsync.define_policy('gone@1', '[]');
SELECT gpsync.scrub('{"email": "joe@example.com"}', 'gone@1');
ROLLBACK;
SELECT error_of($$SELECT gpsync.scrub('{}', 'gone@1')$$);

-- Without keys.
SELECT gpsync.define_policy('hashed@1', '[{"detector": "email", "action": "hash"}]');
SELECT gpsync.scrub('{"a": 1}', 'hashed@1');
SELECT error_of($$SELECT gpsync.scrub('{"email": "joe@example.com"}', 'hashed@1')$$);
SELECT error_of($$SELECT gpsync.encrypt('a', 'b')$$);
SELECT error_of($$SELECT gpsync.decrypt('a', 'b')$$);
SELECT error_of($$SELECT gpsync.tokenize('4111111111111111')$$);
SELECT error_of($$SELECT gpsync.detokenize('4111111111111111')$$);

-- Metadata.
SELECT gpsync.extract_metadata('{"email": "joe@example.com", "tokenUniqueReference": '
                               '"DWSPMC000000000132d72d4fcb2f4136", "a": [1, {"b": null}, true]}');
SELECT gpsync.extract_metadata('{"a": 1, "b": "x"}') -> 'schema_hash'
           = gpsync.extract_metadata('{"b": "yy", "a": 22}') -> 'schema_hash',
       gpsync.extract_metadata('{"a": 1}') -> 'schema_hash' = gpsync.extract_metadata('{"a": "1"}') -> 'schema_hash';
SELECT gpsync.extract_metadata((SELECT jsonb_object_agg('k' || i, i) FROM generate_series(1, 2000)
    AS i)) ->> 'schema_truncated';
SELECT gpsync.extract_metadata('3'), gpsync.extract_metadata('[]') -> 'schema';

-- In parallel.
CREATE TABLE many AS SELECT i, jsonb_build_object('note', 'n' || i, 'email', 'joe@example.com') AS data
    FROM generate_series(1, 5000) AS i;
ALTER TABLE many SET (parallel_workers = 2);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT count(*) FROM many WHERE gpsync.scrub(data, 'notes@1') ? 'note' AND gpsync.has_pii(data);

-- Who may.
SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace)
    AND has_function_privilege('public', p.oid, 'EXECUTE')
    AND p.proname IN ('scrub', 'has_pii', 'find_pii', 'extract_metadata', 'define_policy', 'encrypt', 'decrypt',
        'tokenize', 'detokenize', 'scrub_on_write', 'redact_in_stream') ORDER BY 1;
SET client_min_messages = warning;
DROP SCHEMA pii_test CASCADE;
