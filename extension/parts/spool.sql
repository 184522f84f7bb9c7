-- The spool of a stream: the log that endpoints read which cannot keep up with it (docs/design.md). It has eight
-- segments, tables that are filled one after the other and emptied by TRUNCATE once every endpoint has passed them. A
-- row of one is a pack: changes as the decoder sent them, a line each, compressed by TOAST.

CREATE FUNCTION gpsync_internal.create_spool(stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    name text;
    has_lz4 boolean := (SELECT 'lz4' = ANY (s.enumvals) FROM pg_settings AS s
                        WHERE s.name = 'default_toast_compression');
BEGIN
    IF EXISTS (SELECT FROM gpsync.spool_segment AS s WHERE s.stream = create_spool.stream) THEN
        RETURN;
    END IF;
    FOR number IN 1..8 LOOP
        name := 'spool_' || stream || '_' || number;
        EXECUTE format($ddl$
            CREATE TABLE gpsync.%I (
                first_lsn     pg_lsn NOT NULL,
                first_ordinal bigint NOT NULL,
                last_lsn      pg_lsn NOT NULL,
                last_ordinal  bigint NOT NULL,
                first_commit  timestamptz NOT NULL,
                events        integer NOT NULL,
                bytes         integer NOT NULL,
                tables        jsonb NOT NULL,
                content       bytea%s NOT NULL,
                first_emitted pg_lsn,   -- of the messages of its events of topics; NULL: it has none
                last_emitted  pg_lsn,
                PRIMARY KEY (last_lsn, last_ordinal))$ddl$, name,
            CASE WHEN has_lz4 THEN ' COMPRESSION lz4' ELSE '' END);
        EXECUTE format('COMMENT ON TABLE gpsync.%I IS %L', name, 'A segment of the spool of stream ' || stream);
        EXECUTE format('REVOKE ALL ON TABLE gpsync.%I FROM PUBLIC', name);
        EXECUTE format('ALTER EXTENSION gpsync ADD TABLE gpsync.%I', name);
        INSERT INTO gpsync.spool_segment (stream, segment, table_name) VALUES (stream, number, name);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_spool(text) IS
    'Makes the segments of a stream''s spool, members of the extension, where they are missing: with the first '
    'endpoint that falls behind';

CREATE FUNCTION gpsync_internal.drop_spool(stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    name name;
BEGIN
    FOR name IN SELECT s.table_name FROM gpsync.spool_segment AS s WHERE s.stream = drop_spool.stream ORDER BY 1 LOOP
        EXECUTE format('ALTER EXTENSION gpsync DROP TABLE gpsync.%I', name);
        EXECUTE format('DROP TABLE gpsync.%I', name);
    END LOOP;
    DELETE FROM gpsync.spool_segment AS s WHERE s.stream = drop_spool.stream;
    DELETE FROM gpsync.endpoint_cursor AS c WHERE c.stream = drop_spool.stream;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_spool(text) IS
    'Drops a stream''s spool with what is in it; every endpoint is live then';

CREATE FUNCTION gpsync_internal.relay_keep_cursors(stream text, cursors jsonb) RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM gpsync_internal.require_acquired(relay_keep_cursors.stream);
    INSERT INTO gpsync.endpoint_cursor AS c (stream, endpoint, feed, commit_lsn, ordinal, since)
        SELECT relay_keep_cursors.stream, n.endpoint, n.feed, n.commit_lsn, n.ordinal, clock_timestamp()
        FROM jsonb_populate_recordset(NULL::gpsync.endpoint_cursor, cursors) AS n
        ON CONFLICT ON CONSTRAINT endpoint_cursor_pkey DO UPDATE
        SET feed = excluded.feed, commit_lsn = excluded.commit_lsn, ordinal = excluded.ordinal,
            since = CASE WHEN c.feed = excluded.feed THEN c.since ELSE excluded.since END;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_keep_cursors(text, jsonb) IS
    'In: a stream this session has acquired; an array of objects with the columns endpoint, feed, commit_lsn and '
    'ordinal of gpsync.endpoint_cursor. Errors: 55000 the stream is not acquired';

-- Where the next pack goes: into the segment that was written last until it is full, then into an empty one. Where
-- there is none, the last one grows.
CREATE FUNCTION gpsync_internal.spool_target(stream text, segment_bytes bigint) RETURNS gpsync.spool_segment
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s FROM gpsync.spool_segment AS s WHERE s.stream = spool_target.stream
ORDER BY CASE WHEN s.events > 0 AND s.bytes < segment_bytes
                   AND NOT EXISTS (SELECT FROM gpsync.spool_segment AS o
                                   WHERE o.stream = s.stream
                                       AND (o.last_lsn, o.last_ordinal) > (s.last_lsn, s.last_ordinal)) THEN 1
              WHEN s.events = 0 THEN 2 ELSE 3 END,
         s.last_lsn DESC, s.last_ordinal DESC, s.segment LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.spool_target(text, bigint) IS
    'The segment of a stream''s spool that the next pack goes to, given the size at which one is full';

CREATE FUNCTION gpsync_internal.spool_end(stream text, OUT commit_lsn pg_lsn, OUT ordinal bigint)
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT s.last_lsn, s.last_ordinal FROM gpsync.spool_segment AS s WHERE s.stream = spool_end.stream
ORDER BY 1 DESC, 2 DESC LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.spool_end(text) IS
    'The place of the last change that was ever spooled, also where it is gone since; NULL when there was none';

CREATE FUNCTION gpsync_internal.relay_spool_write(stream text, heads jsonb, contents bytea[], segment_bytes bigint)
    RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    target gpsync.spool_segment;
    spooled record;
    first record;
BEGIN
    PERFORM gpsync_internal.require_acquired(stream);
    IF heads = '[]' THEN
        RETURN;
    END IF;
    PERFORM gpsync_internal.create_spool(stream);
    SELECT * INTO spooled FROM gpsync_internal.spool_end(stream);
    SELECT * INTO first FROM jsonb_to_record(heads -> 0) AS h (first_lsn pg_lsn, first_ordinal bigint);
    IF (first.first_lsn, first.first_ordinal) <= (spooled.commit_lsn, spooled.ordinal) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('the spool of stream "%s" must be written in the order of the stream', stream),
            DETAIL = format('It ends at %s, event %s; the new pack begins at %s, event %s.', spooled.commit_lsn,
                            spooled.ordinal, first.first_lsn, first.first_ordinal);
    END IF;
    target := gpsync_internal.spool_target(stream, segment_bytes);
    EXECUTE format($dml$
        WITH pack AS (
            INSERT INTO gpsync.%I
            SELECT h.first_lsn, h.first_ordinal, h.last_lsn, h.last_ordinal, h.first_commit, h.events, h.bytes,
                   h.tables, h.content, h.first_emitted, h.last_emitted
            FROM ROWS FROM (jsonb_to_recordset($1) AS (first_lsn pg_lsn, first_ordinal bigint, last_lsn pg_lsn,
                                last_ordinal bigint, first_commit timestamptz, events integer, bytes integer,
                                tables jsonb, first_emitted pg_lsn, last_emitted pg_lsn),
                            unnest($2)) AS h (first_lsn, first_ordinal, last_lsn, last_ordinal, first_commit, events,
                                              bytes, tables, first_emitted, last_emitted, content)
            RETURNING last_lsn, last_ordinal, events, bytes)
        UPDATE gpsync.spool_segment AS s
        SET events = s.events + n.events, bytes = s.bytes + n.bytes, last_lsn = n.last_lsn,
            last_ordinal = n.last_ordinal
        FROM (SELECT sum(p.events) AS events, sum(p.bytes) AS bytes,
                     (array_agg(p.last_lsn ORDER BY p.last_lsn DESC, p.last_ordinal DESC))[1] AS last_lsn,
                     (array_agg(p.last_ordinal ORDER BY p.last_lsn DESC, p.last_ordinal DESC))[1] AS last_ordinal
              FROM pack AS p) AS n
        WHERE s.stream = $3 AND s.segment = $4$dml$, target.table_name)
        USING heads, contents, stream, target.segment;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_spool_write(text, jsonb, bytea[], bigint) IS
    'In: a stream this session has acquired; packs in stream order, of each an object (first_lsn, first_ordinal, '
    'last_lsn, last_ordinal, first_commit, events, bytes, tables: {"schema.table": events}, first_emitted and '
    'last_emitted: between which LSNs its events of topics were emitted) and its content; the size at '
    'which a segment is full, bytes. Appends them to the spool. Errors: 55000 the stream is not acquired, or its spool '
    'has what a pack begins with';

CREATE FUNCTION gpsync_internal.relay_spool_read(stream text, after_lsn pg_lsn, after_ordinal bigint, max_bytes bigint)
    RETURNS TABLE (last_lsn pg_lsn, last_ordinal bigint, bytes integer, refused text, content bytea)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    segment name;
    pack record;
    total bigint := 0;
BEGIN
    FOR segment IN
        SELECT s.table_name FROM gpsync.spool_segment AS s
        WHERE s.stream = relay_spool_read.stream AND s.events > 0
            AND (s.last_lsn, s.last_ordinal) > (after_lsn, after_ordinal)
        ORDER BY s.last_lsn, s.last_ordinal
    LOOP
        FOR pack IN EXECUTE format('SELECT * FROM gpsync.%I AS p WHERE (p.last_lsn, p.last_ordinal) > ($1, $2) '
                                   'ORDER BY p.last_lsn, p.last_ordinal LIMIT 1000', segment)
            USING after_lsn, after_ordinal
        LOOP
            last_lsn := pack.last_lsn;
            last_ordinal := pack.last_ordinal;
            bytes := pack.bytes;
            content := pack.content;
            refused := gpsync_internal.refused_sequences(stream, pack.first_lsn, pack.first_ordinal, pack.last_lsn,
                                                         pack.last_ordinal);
            RETURN NEXT;
            total := total + pack.bytes;
            IF total >= max_bytes THEN
                RETURN;
            END IF;
        END LOOP;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_spool_read(text, pg_lsn, bigint, bigint) IS
    'In: a stream; a place in it; how much to read, bytes. Out: the packs of its spool that have a change behind that '
    'place, in stream order, at least one where there is one: the place of its last change, its size, the sequences of '
    'its changes that are dead letters of an endpoint (separated by commas), its lines';

CREATE FUNCTION gpsync_internal.refused_sequences(stream text, first_lsn pg_lsn, first_ordinal bigint, last_lsn pg_lsn,
    last_ordinal bigint) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
-- Event ids are of one length and hexadecimal: every collation sorts them alike.
SELECT coalesce(string_agg(DISTINCT left(d.event_id, 25), ','), '')
FROM gpsync.stream AS s, unnest(s.endpoints) AS e (endpoint), LATERAL (
    SELECT l.event_id FROM gpsync.dead_letter AS l WHERE l.stream = s.stream AND l.endpoint = e.endpoint
    UNION ALL
    SELECT l.event_id FROM gpsync.dead_letter_step AS l
    WHERE l.stream = s.stream AND l.endpoint = e.endpoint AND l.action = 'discarded') AS d
WHERE s.stream = refused_sequences.stream
    AND d.event_id >= gpsync_internal.event_sequence(first_lsn, first_ordinal)
    AND d.event_id <= gpsync_internal.event_sequence(last_lsn, last_ordinal) || '-FFFFFFFFFFFFFFFF' $$;
COMMENT ON FUNCTION gpsync_internal.refused_sequences(text, pg_lsn, bigint, pg_lsn, bigint) IS
    'The sequences of the dead letters of a stream, and of what operators have discarded, between two places, both '
    'included, separated by commas';

-- A segment is emptied once everybody has passed it, live endpoints too: one that falls behind later begins at what it
-- has settled.
CREATE FUNCTION gpsync_internal.relay_spool_trim(stream text) RETURNS integer
    LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms'
    AS $$
DECLARE
    low record;
    passed gpsync.spool_segment;
BEGIN
    PERFORM gpsync_internal.require_acquired(stream);
    SELECT * INTO low FROM gpsync_internal.settled_everywhere(stream);
    FOR passed IN
        SELECT s.* FROM gpsync.spool_segment AS s
        WHERE s.stream = relay_spool_trim.stream AND s.events > 0
            AND (s.last_lsn, s.last_ordinal) <= (low.commit_lsn, low.ordinal)
        ORDER BY s.last_lsn, s.last_ordinal
    LOOP
        BEGIN
            EXECUTE format('TRUNCATE gpsync.%I', passed.table_name);
            UPDATE gpsync.spool_segment AS s SET events = 0, bytes = 0
            WHERE s.stream = passed.stream AND s.segment = passed.segment;
        EXCEPTION WHEN lock_not_available THEN
            NULL;  -- somebody reads it
        END;
    END LOOP;
    RETURN (SELECT count(*) FROM gpsync.spool_segment AS s WHERE s.stream = relay_spool_trim.stream AND s.events > 0);
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_spool_trim(text) IS
    'In: a stream this session has acquired. Empties the segments of its spool that every endpoint has passed and '
    'nobody else has locked. Out: how many are left that are not empty. Errors: 55000 the stream is not acquired';

CREATE FUNCTION gpsync_internal.relay_spool(stream text) RETURNS jsonb
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_build_object(
    'end', (SELECT jsonb_build_object('commit_lsn', e.commit_lsn, 'ordinal', e.ordinal)
            FROM gpsync_internal.spool_end(relay_spool.stream) AS e WHERE e.commit_lsn IS NOT NULL),
    'cursors', (SELECT coalesce(jsonb_object_agg(c.endpoint, jsonb_build_object('feed', c.feed, 'commit_lsn',
                    c.commit_lsn, 'ordinal', c.ordinal, 'since', extract(epoch FROM c.since), 'bytes', b.bytes,
                    'events', b.events)), '{}')
                FROM gpsync.endpoint_cursor AS c,
                     gpsync_internal.spool_behind(c.stream, c.commit_lsn, c.ordinal) AS b
                WHERE c.stream = relay_spool.stream),
    'refused', (SELECT gpsync_internal.refused_sequences(relay_spool.stream, p.commit_lsn, p.ordinal,
                                                         '7FFFFFFF/FFFFFFFF', 4294967295)
                FROM gpsync.stream_position AS p WHERE p.stream = relay_spool.stream)) $$;
COMMENT ON FUNCTION gpsync_internal.relay_spool(text) IS
    'What the relay has to know of a stream''s spool when it begins: where it ends, each endpoint''s cursor, and '
    'which changes behind the position somebody has refused';

CREATE FUNCTION gpsync_internal.spool_behind(stream text, commit_lsn pg_lsn, ordinal bigint, OUT events bigint,
    OUT bytes bigint, OUT oldest timestamptz)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    segment gpsync.spool_segment;
    part record;
BEGIN
    events := 0;
    bytes := 0;
    FOR segment IN
        SELECT s.* FROM gpsync.spool_segment AS s
        WHERE s.stream = spool_behind.stream AND s.events > 0
            AND (s.last_lsn, s.last_ordinal) > (spool_behind.commit_lsn, spool_behind.ordinal)
        ORDER BY s.last_lsn, s.last_ordinal
    LOOP
        IF oldest IS NULL THEN  -- the cursor may be in the middle of this one
            EXECUTE format('SELECT coalesce(sum(p.events), 0)::bigint AS events, coalesce(sum(p.bytes), 0)::bigint '
                           'AS bytes, min(p.first_commit) AS oldest FROM gpsync.%I AS p '
                           'WHERE (p.last_lsn, p.last_ordinal) > ($1, $2)', segment.table_name)
                INTO part USING spool_behind.commit_lsn, spool_behind.ordinal;
            oldest := part.oldest;
            events := part.events;
            bytes := part.bytes;
        ELSE
            events := events + segment.events;
            bytes := bytes + segment.bytes;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.spool_behind(text, pg_lsn, bigint) IS
    'What a stream''s spool has behind a place: events, bytes before compression, and the commit time of the oldest; a '
    'pack that is begun counts as a whole';

CREATE FUNCTION gpsync_internal.spooled_events() RETURNS TABLE (stream text, endpoint text, schema_table text,
    events bigint, oldest timestamptz, bytes bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    waiting record;
BEGIN
    FOR waiting IN
        SELECT c.stream, c.endpoint, c.commit_lsn, c.ordinal, s.table_name
        FROM gpsync.endpoint_cursor AS c JOIN gpsync.spool_segment AS s ON s.stream = c.stream
        WHERE c.feed = 'behind' AND s.events > 0 AND (s.last_lsn, s.last_ordinal) > (c.commit_lsn, c.ordinal)
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT $3, $4, t.key, sum(t.value::bigint)::bigint, min(p.first_commit), '
            'sum(p.bytes * t.value::bigint / p.events)::bigint '
            'FROM gpsync.%I AS p, LATERAL jsonb_each_text(p.tables) AS t '
            'WHERE (p.last_lsn, p.last_ordinal) > ($1, $2) GROUP BY t.key', waiting.table_name)
            USING waiting.commit_lsn, waiting.ordinal, waiting.stream, waiting.endpoint;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.spooled_events() IS
    'What waits in the spools, by endpoint, segment and table; a pack that is begun counts as a whole, and its bytes '
    'are shared out by events';

REVOKE ALL ON FUNCTION gpsync_internal.create_spool(text),
    gpsync_internal.drop_spool(text), gpsync_internal.relay_keep_cursors(text, jsonb),
    gpsync_internal.spool_target(text, bigint), gpsync_internal.spool_end(text),
    gpsync_internal.relay_spool_write(text, jsonb, bytea[], bigint),
    gpsync_internal.relay_spool_read(text, pg_lsn, bigint, bigint),
    gpsync_internal.refused_sequences(text, pg_lsn, bigint, pg_lsn, bigint), gpsync_internal.relay_spool_trim(text),
    gpsync_internal.relay_spool(text), gpsync_internal.spool_behind(text, pg_lsn, bigint),
    gpsync_internal.spooled_events() FROM PUBLIC;
