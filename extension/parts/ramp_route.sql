-- route(), and what applications say of their requests.

CREATE FUNCTION gpsync.route(ramp text, key text) RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_route';
COMMENT ON FUNCTION gpsync.route(text, text) IS
    'In: a ramp, and the key of what is to be done. Out: true where it goes to the modern platform: its bucket, '
    'MurmurHash3_x86_32 of ramp, '':'' and key in UTF-8, modulo 10000, is below the ramp''s width. False for a ramp '
    'that does not exist, a NULL, and while recovery has no consistent table; never an error of the ramp''s. A change '
    'of the share is seen by each call that begins after it was committed, whatever the isolation level';

CREATE FUNCTION gpsync_internal.ramp_bucket(ramp text, key text) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_ramp_bucket';
COMMENT ON FUNCTION gpsync_internal.ramp_bucket(text, text) IS
    'The bucket that route() compares with the ramp''s width, 0 to 9999';

CREATE FUNCTION gpsync.record_outcome(ramp text, ok boolean) RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_record_outcome';
COMMENT ON FUNCTION gpsync.record_outcome(text, boolean) IS
    'In: a ramp, and whether a request that it routed succeeded. Counted at once, also when the transaction rolls '
    'back, and in read-only ones. Out: whether it was counted; false for a NULL and a ramp that does not exist. '
    'Errors: 25006 recovery in progress';

CREATE FUNCTION gpsync_internal.ramp_hint(ramp text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(nullif(gpsync_internal.name_hint(coalesce(ramp, ''), 'ramps', array(SELECT r.ramp
    FROM gpsync.ramp AS r ORDER BY 1)), ''), 'gpsync.create_ramp() makes one.') $$;
COMMENT ON FUNCTION gpsync_internal.ramp_hint(text) IS 'The hint of an error about a ramp that does not exist';

CREATE FUNCTION gpsync.ramp_report(ramp text, requests bigint, errors bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF requests IS NULL OR errors IS NULL OR errors < 0 OR requests < errors THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('invalid outcomes: %s requests, %s errors', coalesce(requests::text, 'null'),
                coalesce(errors::text, 'null')),
            DETAIL = 'errors must be between 0 and requests.';
    ELSIF NOT EXISTS (SELECT FROM gpsync.ramp AS r WHERE r.ramp = ramp_report.ramp) THEN
        RAISE undefined_object USING MESSAGE = format('ramp "%s" does not exist', coalesce(ramp, 'null')),
            HINT = gpsync_internal.ramp_hint(ramp);
    ELSIF requests > 0 THEN
        INSERT INTO gpsync.ramp_outcome (ramp, requests, errors) VALUES (ramp, requests, errors);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.ramp_report(text, bigint, bigint) IS
    'In: a ramp, how many requests that it routed to the modern platform have ended since the last report, and how '
    'many of these failed. Counted if the transaction commits. Waits for nobody. Errors: 22023 errors not between 0 '
    'and requests; 42704 no such ramp';

REVOKE ALL ON FUNCTION gpsync.route(text, text), gpsync_internal.ramp_bucket(text, text),
    gpsync.record_outcome(text, boolean), gpsync_internal.ramp_hint(text),
    gpsync.ramp_report(text, bigint, bigint) FROM PUBLIC;
