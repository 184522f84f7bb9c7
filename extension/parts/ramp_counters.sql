-- What record_outcome() counts. A row would be gone with the transaction that rolls back, so there are two sequences a
-- ramp, whose last value is the count. They are members of the extension, so that no dump has them, and are advanced by
-- gpsync_record_outcome alone: nextval() would change what lastval() gives to the application.

CREATE FUNCTION gpsync_internal.ramp_counter(ramp text, ok boolean) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE WHEN ok THEN 'ramp_ok_' ELSE 'ramp_failed_' END || ramp $$;
COMMENT ON FUNCTION gpsync_internal.ramp_counter(text, boolean) IS
    'The sequence, in schema gpsync, that counts the outcomes of a ramp that succeeded or failed';

CREATE FUNCTION gpsync_internal.create_ramp_counters(ramp text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[gpsync_internal.ramp_counter(ramp, true), gpsync_internal.ramp_counter(ramp, false)]
    LOOP
        CONTINUE WHEN to_regclass(format('gpsync.%I', name)) IS NOT NULL;
        EXECUTE format('CREATE SEQUENCE gpsync.%I MINVALUE 0', name);
        EXECUTE format('COMMENT ON SEQUENCE gpsync.%I IS %L', name, 'Outcomes of ramp ' || ramp);
        EXECUTE format('REVOKE ALL ON SEQUENCE gpsync.%I FROM PUBLIC', name);
        EXECUTE format('ALTER EXTENSION gpsync ADD SEQUENCE gpsync.%I', name);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_ramp_counters(text) IS
    'Makes the counters of a ramp where they are missing: when it is created, or comes from a dump';

CREATE FUNCTION gpsync_internal.drop_ramp_counters(ramp text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[gpsync_internal.ramp_counter(ramp, true), gpsync_internal.ramp_counter(ramp, false)]
    LOOP
        CONTINUE WHEN to_regclass(format('gpsync.%I', name)) IS NULL;
        EXECUTE format('ALTER EXTENSION gpsync DROP SEQUENCE gpsync.%I', name);
        EXECUTE format('DROP SEQUENCE gpsync.%I', name);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_ramp_counters(text) IS 'Drops the counters of a ramp';

CREATE FUNCTION gpsync_internal.ramp_count(ramp text, ok boolean) RETURNS bigint
    LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(pg_sequence_last_value(to_regclass(format('gpsync.%I', gpsync_internal.ramp_counter(ramp, ok)))), 0) $$;
COMMENT ON FUNCTION gpsync_internal.ramp_count(text, boolean) IS
    'How many outcomes record_outcome() has counted since the counter was made';

-- Streams of notifications say nothing of the modern platform, and deliver what the ramp itself raises.
CREATE FUNCTION gpsync_internal.is_stream_of_ramp(ramp_stream text, stream text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN ramp_stream IS NOT NULL THEN stream = ramp_stream
            ELSE NOT EXISTS (SELECT FROM gpsync.notification AS n WHERE n.stream = is_stream_of_ramp.stream) END $$;
COMMENT ON FUNCTION gpsync_internal.is_stream_of_ramp(text, text) IS
    'Whether outcomes and gates of a ramp of this stream (NULL: all but those of notifications) are about a stream';

-- The relay counts from 0 when it starts. A counter that was not there at the last look counts whole; at the first look
-- there is nothing to compare with.
CREATE FUNCTION gpsync_internal.relay_outcomes(stream text, before jsonb, OUT counts jsonb, OUT requests bigint,
        OUT errors bigint)
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
WITH report AS (
    SELECT e.stream || '/' || e.endpoint AS name, r.started_at, e.delivered, e.rejected
    FROM gpsync_internal.endpoint_reports() AS e JOIN gpsync_internal.relay_reports() AS r ON r.stream = e.stream
    WHERE gpsync_internal.is_stream_of_ramp(relay_outcomes.stream, e.stream)),
change AS (
    SELECT n.name, n.started_at, n.delivered, n.rejected,
           n.delivered - coalesce((b.same ->> 'delivered')::bigint, 0) AS taken,
           n.rejected - coalesce((b.same ->> 'rejected')::bigint, 0) AS refused
    FROM report AS n CROSS JOIN LATERAL (
        SELECT CASE WHEN (before -> n.name ->> 'started_at')::timestamptz IS NOT DISTINCT FROM n.started_at
                    THEN before -> n.name END AS same) AS b)
SELECT coalesce(before, '{}') || coalesce(jsonb_object_agg(c.name, jsonb_build_object('started_at', c.started_at,
           'delivered', c.delivered, 'rejected', c.rejected)), '{}'),
       CASE WHEN before IS NULL THEN 0 ELSE coalesce(sum(greatest(0, c.taken) + greatest(0, c.refused)), 0) END,
       CASE WHEN before IS NULL THEN 0 ELSE coalesce(sum(greatest(0, c.refused)), 0) END
FROM change AS c $$;
COMMENT ON FUNCTION gpsync_internal.relay_outcomes(text, jsonb) IS
    'In: a stream (NULL: all but those of notifications), and what this function gave before as counts (NULL: never). '
    'Out: the same now; events that endpoints have taken or refused for good since then, and how many they refused';

CREATE FUNCTION gpsync_internal.count_outcomes(of gpsync.ramp, OUT requests bigint, OUT errors bigint,
        OUT relay_requests bigint, OUT relay_errors bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    before gpsync.ramp_look;
    ok bigint := gpsync_internal.ramp_count((of).ramp, true);
    failed bigint := gpsync_internal.ramp_count((of).ramp, false);
    counts jsonb;
BEGIN
    SELECT * INTO STRICT before FROM gpsync.ramp_look AS l WHERE l.ramp = (of).ramp;
    WITH given AS (DELETE FROM gpsync.ramp_outcome AS o WHERE o.ramp = (of).ramp RETURNING o.requests, o.errors)
    SELECT coalesce(sum(g.requests), 0), coalesce(sum(g.errors), 0) INTO requests, errors FROM given AS g;
    requests := requests + greatest(0, ok - before.counted_ok) + greatest(0, failed - before.counted_failed);
    errors := errors + greatest(0, failed - before.counted_failed);
    SELECT o.counts, o.requests, o.errors INTO counts, relay_requests, relay_errors
    FROM gpsync_internal.relay_outcomes((of).stream, before.relay_counts) AS o;
    UPDATE gpsync.ramp_look AS l SET counted_ok = ok, counted_failed = failed, relay_counts = counts,
        outcome_at = CASE WHEN count_outcomes.requests + relay_requests > 0 THEN clock_timestamp()
                          ELSE l.outcome_at END
    WHERE l.ramp = (of).ramp;
END $$;
COMMENT ON FUNCTION gpsync_internal.count_outcomes(gpsync.ramp) IS
    'The outcomes of a ramp since the last call: what applications have reported, and what the relay has delivered. '
    'Each is counted by one call. REQUIRES: the ramp''s row is locked';

REVOKE ALL ON FUNCTION gpsync_internal.ramp_counter(text, boolean), gpsync_internal.create_ramp_counters(text),
    gpsync_internal.drop_ramp_counters(text), gpsync_internal.ramp_count(text, boolean),
    gpsync_internal.is_stream_of_ramp(text, text),
    gpsync_internal.relay_outcomes(text, jsonb), gpsync_internal.count_outcomes(gpsync.ramp) FROM PUBLIC;
