-- Streams that share their tables: each delivers the rows of some keys, option partition 'i/n' of create_stream() and
-- of the decoder. Streams of one publication and one n are a set; together they deliver what one stream would.

CREATE FUNCTION gpsync_internal.partition_number(partition text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT split_part(partition, '/', 1)::integer $$;
COMMENT ON FUNCTION gpsync_internal.partition_number(text) IS 'The 1 of partition "1/2"';

CREATE FUNCTION gpsync_internal.partition_count(partition text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT split_part(partition, '/', 2)::integer $$;
COMMENT ON FUNCTION gpsync_internal.partition_count(text) IS 'The 2 of partition "1/2"';

CREATE FUNCTION gpsync_internal.key_partition(parts text[], count integer) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_key_partition';
COMMENT ON FUNCTION gpsync_internal.key_partition(text[], integer) IS
    'Which of count partitions delivers the row with a key; parts are the values of the key''s columns as JSON, in '
    'their order: MurmurHash3_x86_32, seed 0, of the key''s text in an event''s subject, modulo count, plus 1';

CREATE FUNCTION gpsync_internal.delivers_key(partition text, relation regclass, key jsonb) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT partition IS NULL OR key IS NULL OR gpsync_internal.partition_number(partition) = gpsync_internal.key_partition(
    array(SELECT (delivers_key.key -> k.name::text)::text
          FROM unnest(gpsync_internal.key_columns(relation)) WITH ORDINALITY AS k (name, n) ORDER BY k.n),
    gpsync_internal.partition_count(partition)) $$;
COMMENT ON FUNCTION gpsync_internal.delivers_key(text, regclass, jsonb) IS
    'Whether a stream with this partition, NULL for all keys, delivers a row of a table';

CREATE FUNCTION gpsync_internal.stream_partition(stream text) RETURNS text
    LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT s.partition FROM gpsync.stream AS s WHERE s.stream = stream_partition.stream $$;
COMMENT ON FUNCTION gpsync_internal.stream_partition(text) IS 'The partition of a stream, for stream_status';

CREATE FUNCTION gpsync_internal.publish_fix(publication name, partitioned boolean) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('ALTER PUBLICATION %I SET (publish = ''insert, update, delete%s'')', publication,
              CASE WHEN partitioned THEN '' ELSE ', truncate' END) $$;
COMMENT ON FUNCTION gpsync_internal.publish_fix(name, boolean) IS
    'The SQL that makes a publication publish the kinds of change that a stream delivers';

-- TRUNCATE concerns all keys, and a partition does not know how far the others are: what they have delivered since
-- would be removed, or what is older would come back.
CREATE FUNCTION gpsync_internal.refuse_bad_partition(partition text, publication name, topics text[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF partition IS NULL THEN
        RETURN;
    ELSIF partition !~ '^[1-9][0-9]?/[1-9][0-9]?$'
        OR gpsync_internal.partition_number(partition) > gpsync_internal.partition_count(partition)
        OR gpsync_internal.partition_count(partition) NOT BETWEEN 2 AND 64 THEN
        RAISE invalid_parameter_value USING MESSAGE = format('invalid partition: "%s"', partition),
            HINT = 'Give number and count, as in partition => ''1/2''; the count is at most 64.';
    ELSIF publication IS NULL OR cardinality(topics) > 0 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a stream that is a partition delivers rows alone',
            HINT = 'Create another stream for the topics, with publication => NULL.';
    ELSIF EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = publication
                  AND NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND NOT p.pubtruncate)) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('publication "%s" does not publish insert, update and delete alone', publication),
            DETAIL = 'A partition cannot deliver TRUNCATE, while others deliver rows of the same table.',
            HINT = gpsync_internal.publish_fix(publication, true);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_partition(text, name, text[]) IS
    'Raises 22023 for what is no partition, or for one with topics; 55000 when the publication publishes TRUNCATE';

CREATE FUNCTION gpsync_internal.doctor_partitions()
    RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH part AS (
    SELECT s.publication, gpsync_internal.partition_count(s.partition) AS count,
           array_agg(gpsync_internal.partition_number(s.partition)) AS numbers,
           (array_agg(s ORDER BY s.stream))[1] AS example
    FROM gpsync.stream AS s WHERE s.partition IS NOT NULL GROUP BY 1, 2)
SELECT 'publication', 'error',
       format('no stream delivers partition %s/%s of publication "%s"', n, p.count, p.publication),
       format('SELECT gpsync.create_stream(%L, endpoints => %L, publication => %L, bookkeeping => %s, partition => '
              '''%s/%s'')', left(regexp_replace((p.example).stream, E'_?\\d+$', ''), 37) || '_' || n,
              (p.example).endpoints, p.publication,
              (p.example).bookkeeping::text, n, p.count)
FROM part AS p, generate_series(1, p.count) AS n WHERE n <> ALL (p.numbers)
UNION ALL
SELECT 'publication', 'error',
       format('publication "%s" publishes TRUNCATE, at which the partitions of its stream stop', p.publication),
       gpsync_internal.publish_fix(p.publication, true)
FROM part AS p JOIN pg_publication AS b ON b.pubname = p.publication AND b.pubtruncate $$;
COMMENT ON FUNCTION gpsync_internal.doctor_partitions() IS 'doctor() on streams that share their tables';

REVOKE ALL ON FUNCTION gpsync_internal.partition_number(text), gpsync_internal.partition_count(text),
    gpsync_internal.key_partition(text[], integer), gpsync_internal.delivers_key(text, regclass, jsonb),
    gpsync_internal.stream_partition(text), gpsync_internal.publish_fix(name, boolean),
    gpsync_internal.refuse_bad_partition(text, name, text[]),
    gpsync_internal.doctor_partitions() FROM PUBLIC;
