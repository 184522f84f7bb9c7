-- PII in documents. Functions with one argument depend on the document alone, so CHECK constraints and indexes may use
-- them. Functions with a policy use its rules and, if gpsync.key_file is set, the key ring.

CREATE FUNCTION gpsync.scrub(document jsonb) RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_scrub';
COMMENT ON FUNCTION gpsync.scrub(jsonb) IS
    'The document without what the policy payments@1 finds in it; everything else as it was. In an array a value that '
    'is removed leaves null';

CREATE FUNCTION gpsync.scrub(document jsonb, policy text) RETURNS jsonb
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_scrub_by_policy';
COMMENT ON FUNCTION gpsync.scrub(jsonb, text) IS
    'The document with the actions of a policy done to what it finds. What gpsync itself put there (hashes, tokens, '
    'encrypted values that are authentic) stays. Errors: 42704 no such policy; 55000 an action needs a key and there '
    'is none; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.has_pii(document jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_has_pii';
COMMENT ON FUNCTION gpsync.has_pii(jsonb) IS
    'Whether the policy payments@1 finds anything in the document; for CHECK constraints';

CREATE FUNCTION gpsync.has_pii(document jsonb, policy text) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_has_pii_by_policy';
COMMENT ON FUNCTION gpsync.has_pii(jsonb, text) IS
    'Whether a policy finds anything in the document. Errors: 42704 no such policy; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.find_pii(document jsonb, OUT path text, OUT detector text, OUT action text) RETURNS SETOF record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200 ROWS 10 AS 'MODULE_PATHNAME', 'gpsync_find_pii';
COMMENT ON FUNCTION gpsync.find_pii(jsonb) IS
    'What the policy payments@1 finds in the document: where, by which detector, and what scrub() does; never the '
    'value';

CREATE FUNCTION gpsync.find_pii(document jsonb, policy text, OUT path text, OUT detector text, OUT action text)
    RETURNS SETOF record
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 200 ROWS 10 AS 'MODULE_PATHNAME', 'gpsync_find_pii_by_policy';
COMMENT ON FUNCTION gpsync.find_pii(jsonb, text) IS
    'What a policy finds in the document: where, by which detector, and what scrub() would do; never the value. '
    'Errors: 42704 no such policy; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.extract_metadata(document jsonb) RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'gpsync_extract_metadata';
COMMENT ON FUNCTION gpsync.extract_metadata(jsonb) IS
    'What is safe to keep about a document, after scrub(): its schema (path to types, array elements as []; at most '
    '1,000 paths, 32 levels), a SHA-256 of it, depth, numbers of members and elements, bytes of its strings, and '
    'identifiers that are not PII (token unique reference, payment account reference, token requestor id)';

REVOKE ALL ON FUNCTION gpsync.scrub(jsonb, text), gpsync.has_pii(jsonb, text),
    gpsync.find_pii(jsonb, text) FROM PUBLIC;
