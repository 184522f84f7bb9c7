-- Single values under the secret keys of gpsync.key_file. No part includes these functions: a plain GRANT EXECUTE
-- decides which roles may make tokens, and which may read the values behind them.

CREATE FUNCTION gpsync.encrypt(plaintext text, context text) RETURNS text
    LANGUAGE c VOLATILE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_encrypt';
COMMENT ON FUNCTION gpsync.encrypt(text, text) IS
    'AES-256-GCM with the current key and a fresh nonce; context (for example the table and the row''s key) is '
    'authenticated with it and needed to decrypt. Errors: 55000 no key; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.decrypt(ciphertext text, context text) RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_decrypt';
COMMENT ON FUNCTION gpsync.decrypt(text, text) IS
    'What encrypt() was given, by whichever key of the ring it was. Comes with no part: GRANT EXECUTE ON FUNCTION '
    'gpsync.decrypt(text, text) TO the roles that may read such values. Errors: 22023 it is no such value, was '
    'changed, or has another context; 55000 its key is not in the ring; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.tokenize(value text, domain text DEFAULT 'pan', luhn_valid boolean DEFAULT false) RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_tokenize';
COMMENT ON FUNCTION gpsync.tokenize(text, text, boolean) IS
    'A token of the same format (FF1), the same one for the same value. Domain pan: a card number, whose last four and '
    'up to six first digits stay; the token fails Luhn unless luhn_valid. Any other domain: letters and digits are '
    'replaced, everything else stays. Errors: 22023 the value is no card number, or has too little to replace, or the '
    'domain is no name in lower case; 55000 no key; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.detokenize(token text, domain text DEFAULT 'pan', key_name text DEFAULT '') RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_detokenize';
COMMENT ON FUNCTION gpsync.detokenize(text, text, text) IS
    'What tokenize() was given; key_name names the key it was made with, if that is no longer the current one. Also '
    'takes the tokens that scrub() makes of other values (gpsync:t1:...), with the detector''s name as the domain. A '
    'token by itself proves nothing: with another domain or key, or from what is no token, comes another value. Comes '
    'with no part: GRANT EXECUTE ON FUNCTION gpsync.detokenize(text, text, text) TO the roles that may read such '
    'values. Errors: 22023 it is no such token; 55000 no such key; F0000 the key file cannot be used';

REVOKE ALL ON FUNCTION gpsync.encrypt(text, text), gpsync.decrypt(text, text), gpsync.tokenize(text, text, boolean),
    gpsync.detokenize(text, text, text) FROM PUBLIC;
