-- The key ring: gpsync.key_file, encrypt(), tokenize() and policies that need keys.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
LOAD 'gpsync';
CREATE SCHEMA pii_keys;
SET search_path = pii_keys, public;
CREATE FUNCTION error_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text; state text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, state = RETURNED_SQLSTATE;
    RETURN state || ': ' || replace(message, current_setting('data_directory'), '…');
END $$;
-- In the data directory, which is where the server's programs run.
CREATE PROCEDURE write_keys(lines text[], mode text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (SELECT unnest(%L::text[])) TO PROGRAM %L', lines, 'cat > gpsync_regress_keys && chmod ' || mode || ' gpsync_regress_keys');
END $$;
SELECT encode(sha256('one'), 'base64') AS one, encode(sha256('two'), 'base64') AS two, current_setting('data_directory') || '/gpsync_regress_keys' AS file \gset
CALL write_keys(ARRAY['gpsync-keys 1', 'key one ' || :'one'], '644');
ALTER SYSTEM SET gpsync.key_file = :'file';
SELECT pg_reload_conf();
SELECT pg_sleep(0.5);
SELECT error_of($$SELECT gpsync.encrypt('a', 'b')$$);
SELECT error_of($$SELECT gpsync.scrub('{}', 'payments@1')$$), gpsync.scrub('{"email": "joe@example.com"}');
CALL write_keys(ARRAY['gpsync-keys 1', 'key one ' || left(:'one', 20)], '600');
SELECT error_of($$SELECT gpsync.encrypt('a', 'b')$$) !~ left(:'one', 8) AS no_key_in_message;
CALL write_keys(ARRAY['gpsync-keys 1', 'key one ' || :'one'], '600');
SELECT gpsync.decrypt(gpsync.encrypt('sécret', 't/1'), 't/1'), gpsync.encrypt('a', 'b') <> gpsync.encrypt('a', 'b') AS fresh_nonce;
SELECT error_of($$SELECT gpsync.decrypt(gpsync.encrypt('a', 't/1'), 't/2')$$);
SELECT gpsync.encrypt('kept', 'c') AS old, gpsync.tokenize('4111111111111111') AS old_token \gset
SELECT :'old_token' <> '4111111111111111', left(:'old_token', 6), right(:'old_token', 4), gpsync.detokenize(:'old_token');
SELECT gpsync.detokenize(gpsync.tokenize('4111111111111111', luhn_valid => true)), gpsync.detokenize(gpsync.tokenize('AB-123456', 'order'), 'order');
SELECT error_of($$SELECT gpsync.tokenize('123')$$);
SELECT error_of($$SELECT gpsync.tokenize('4111111111111111', 'PAN')$$), error_of($$SELECT gpsync.tokenize('4111111111111111', '')$$), error_of($$SELECT gpsync.detokenize('4111111111111111', 'pan ')$$);
-- A policy with keys: scrubbing again changes nothing, and a forged envelope is a string like any other.
SELECT gpsync.define_policy('keyed@1', '[{"detector": "email", "action": "hash"}, {"detector": "iban", "action": "encrypt"}, {"detector": "pan", "action": "tokenize"}]');
SELECT gpsync.scrub('{"email": "joe@example.com", "iban": "DE89370400440532013000", "card": "4111111111111111"}', 'keyed@1') AS once \gset
SELECT gpsync.scrub(:'once', 'keyed@1') = :'once' AS again, gpsync.has_pii(:'once', 'keyed@1'), :'once'::jsonb ->> 'email' LIKE 'gpsync:h1:one:%' AS hashed,
       gpsync.decrypt(:'once'::jsonb ->> 'iban', 'keyed@1'), gpsync.detokenize(:'once'::jsonb ->> 'card');
SELECT gpsync.scrub('{"email": "gpsync:h1:one:forged:joe@example.com"}', 'keyed@1') ->> 'email' LIKE '%joe@example.com%' AS forged_kept;
-- Rotation: the new key is current at once, the old one still opens; without it nothing does.
CALL write_keys(ARRAY['gpsync-keys 1', 'key one ' || :'one', 'key two ' || :'two'], '600');
SELECT gpsync.encrypt('a', 'b') LIKE 'gpsync:e1:two:%', gpsync.decrypt(:'old', 'c'), gpsync.detokenize(:'old_token', key_name => 'one');
CALL write_keys(ARRAY['gpsync-keys 1', 'key two ' || :'two'], '600');
SELECT error_of(format('SELECT gpsync.decrypt(%L, %L)', :'old', 'c')), error_of(format('SELECT gpsync.detokenize(%L, key_name => %L)', :'old_token', 'one'));
ALTER SYSTEM RESET gpsync.key_file;
SELECT pg_reload_conf();
SELECT pg_sleep(0.5);
SELECT error_of($$SELECT gpsync.encrypt('a', 'b')$$);
COPY (SELECT) TO PROGRAM 'cat >/dev/null; rm gpsync_regress_keys';
DROP SCHEMA pii_keys CASCADE;
