-- Whether a candidate really differs. A change may be on its way to the legacy side, so what both sides hold can
-- differ and be right. A difference is real if the row here had one revision, delivered and booked, from before the
-- legacy row was read until after.

CREATE FUNCTION gpsync_internal.peek_rows(relation regclass, keys jsonb[])
    RETURNS TABLE (n integer, state text, revision bigint, status text, inserted xid8)
    LANGUAGE c STRICT ROWS 500 AS 'MODULE_PATHNAME', 'gpsync_peek_rows';
COMMENT ON FUNCTION gpsync_internal.peek_rows(regclass, jsonb[]) IS
    'What is known of the rows of keys at this moment, as the table''s owner: state absent, settled, or busy (a '
    'transaction that has not ended writes it); of an absent one the transaction that last inserted a version of it, '
    'as long as that is not vacuumed';

-- Writes nothing, so that wait_for_sync() can be called.
CREATE FUNCTION gpsync_internal.await_streams(relation regclass, timeout interval) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    waited record;
    give_up timestamptz := clock_timestamp() + timeout;
BEGIN
    FOR waited IN SELECT DISTINCT s.stream, s.problem FROM gpsync_internal.row_streams(relation, relation) AS s
                  ORDER BY s.problem NULLS LAST LOOP
        IF waited.problem IS NOT NULL THEN
            RETURN format('stream "%s" is not delivered: %s', waited.stream, waited.problem);
        END IF;
        BEGIN
            IF NOT gpsync.wait_for_sync(stream => waited.stream,
                                        timeout => greatest(give_up - clock_timestamp(), interval '0')) THEN
                RETURN format('stream "%s" has not delivered what was committed', waited.stream);
            END IF;
        EXCEPTION WHEN object_not_in_prerequisite_state OR undefined_object THEN
            RETURN format('stream "%s": %s', waited.stream, SQLERRM);
        END;
    END LOOP;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION gpsync_internal.await_streams(regclass, interval) IS
    'Waits until the streams that publish a table, with bookkeeping or without, have delivered what is committed; '
    'else why they have not. NULL too if there is no such stream';

CREATE FUNCTION gpsync_internal.has_letter(relation regclass, key jsonb, revision bigint) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM (SELECT p.relid::oid FROM gpsync_internal.partitions(relation) AS p
                 UNION SELECT gpsync_internal.tables_of_shard(relation)) AS p (relid) JOIN pg_class AS c
        ON c.oid = p.relid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN gpsync.dead_letter AS d ON d.schema_name = n.nspname AND d.table_name = c.relname
        AND d.key = has_letter.key AND jsonb_hash_extended(d.key, 0) = jsonb_hash_extended(has_letter.key, 0)
    WHERE d.revision IS NOT DISTINCT FROM has_letter.revision) $$;
COMMENT ON FUNCTION gpsync_internal.has_letter(regclass, jsonb, bigint) IS
    'Whether a revision of a row, or its deletion (NULL), is an open dead letter';

-- NULL: no verdict, another round. A row without a status was never stamped, so nothing of it is on its way.
CREATE FUNCTION gpsync_internal.verdict(before pg_snapshot, s1 jsonb, s2 jsonb, compared jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE
    WHEN (compared ->> 'here')::boolean = (compared ->> 'there')::boolean
        AND NOT (compared ->> 'repeated')::boolean AND compared -> 'columns' = '[]' THEN 'equal'
    WHEN s1 ->> 'state' = 'settled' AND s2 ->> 'state' = 'settled' AND (compared ->> 'here')::boolean
        AND s1 -> 'revision' = s2 -> 'revision' AND s1 -> 'revision' = compared -> 'revision'
        AND s1 -> 'status' = s2 -> 'status' AND coalesce(s1 ->> 'status', 'COMPLETED') IN ('COMPLETED', 'FAILED')
        THEN CASE WHEN (compared ->> 'there')::boolean THEN 'differs' ELSE 'missing' END
    WHEN s1 ->> 'state' = 'absent' AND s2 ->> 'state' = 'absent' AND NOT (compared ->> 'here')::boolean
        AND coalesce(pg_visible_in_snapshot((s2 ->> 'inserted')::xid8, before), true) THEN 'extra' END $$;
COMMENT ON FUNCTION gpsync_internal.verdict(pg_snapshot, jsonb, jsonb, jsonb) IS
    'What is known of a candidate: equal, differs, missing, extra; NULL: it may be on its way. s1, s2: the row before '
    'and after the legacy side was read; before: a snapshot older than s1';

CREATE FUNCTION gpsync_internal.compare_candidates(of gpsync.verify_run, keys jsonb[]) RETURNS TABLE (n bigint,
    compared jsonb)
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT r.n, jsonb_build_object('revision', max(r.revision), 'here', bool_or(r.here), 'there', bool_or(r.there),
           'repeated', count(*) > 1,
           'columns', CASE WHEN count(*) > 1 THEN (SELECT jsonb_agg(k.name)
               FROM gpsync_internal.mapped_keys((of).mapping) AS k)
                      WHEN bool_and(r.here AND r.there) THEN max(to_jsonb(r.columns)::text)::jsonb ELSE '[]' END)
FROM gpsync_internal.query_as((SELECT a.oid FROM pg_roles AS a WHERE a.rolname = (of).owner),
                              gpsync_internal.confirm_query(of),
        (SELECT jsonb_agg(jsonb_build_object('id', k.n, 'key', k.key))
         FROM unnest(keys) WITH ORDINALITY AS k (key, n)))
    AS r (n bigint, revision bigint, here boolean, there boolean, columns name[])
GROUP BY r.n $$;
COMMENT ON FUNCTION gpsync_internal.compare_candidates(gpsync.verify_run, jsonb[]) IS
    'The rows of both sides, compared, by the numbers of their keys; "repeated": the source has several of a key';

CREATE FUNCTION gpsync_internal.another_round(of gpsync.verify_run, ids bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    last integer := gpsync_internal.verify_option(of.options, 'rounds');
BEGIN
    WITH given_up AS (
        DELETE FROM gpsync.verify_candidate AS c
        WHERE c.run = of.run AND c.rounds + 1 >= last AND (c.id = ANY (ids) OR ids IS NULL
            AND c.next_at <= clock_timestamp())
        RETURNING c.key)
    INSERT INTO gpsync.verify_difference (run, key, kind)
        SELECT of.run, g.key, 'unsettled' FROM given_up AS g;
    UPDATE gpsync.verify_candidate AS c SET rounds = c.rounds + 1,
        next_at = clock_timestamp() + least(0.1 * 2 ^ least(c.rounds, 10), 2) * interval '1 s'
    WHERE c.run = of.run AND (c.id = ANY (ids) OR ids IS NULL AND c.next_at <= clock_timestamp());
END $$;
COMMENT ON FUNCTION gpsync_internal.another_round(gpsync.verify_run, bigint[]) IS
    'Candidates (NULL: all that are due) without a verdict are tried again later; those that had all their rounds are '
    'unsettled';

CREATE FUNCTION gpsync_internal.book_verdicts(of gpsync.verify_run, ids bigint[], keys jsonb[], verdicts jsonb)
    RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO gpsync.verify_difference (run, key, kind, columns, revision)
        SELECT of.run, keys[v.n],
               CASE WHEN v.letter AND gpsync_internal.has_letter(of.relation, keys[v.n], v.revision) THEN 'refused'
                    ELSE v.verdict END, v.columns, v.revision
        FROM jsonb_to_recordset(verdicts) AS v (n integer, verdict text, columns name[], revision bigint,
            letter boolean)
        WHERE v.verdict <> 'equal' ORDER BY v.n;
    DELETE FROM gpsync.verify_candidate AS c USING jsonb_to_recordset(verdicts) AS v (n integer, verdict text)
        WHERE c.id = ids[v.n] AND v.verdict IS NOT NULL;
    PERFORM gpsync_internal.another_round(of, array(
        SELECT ids[v.n] FROM jsonb_to_recordset(verdicts) AS v (n integer, verdict text) WHERE v.verdict IS NULL));
END $$;
COMMENT ON FUNCTION gpsync_internal.book_verdicts(gpsync.verify_run, bigint[], jsonb[], jsonb) IS
    'Writes the verdicts on candidates';

-- One transaction, which holds a snapshot from the beginning: so vacuum keeps the versions that peek_rows() needs. The
-- transaction on the legacy side begins with the first query there, after the streams were waited for.
CREATE FUNCTION gpsync_internal.confirm_candidates(of gpsync.verify_run) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    before pg_snapshot := pg_current_snapshot();
    ids bigint[];
    keys jsonb[];
    s1 jsonb;
    s2 jsonb;
    compared jsonb;
    problem text;
BEGIN
    SELECT array_agg(c.id), array_agg(c.key) INTO ids, keys
    FROM (SELECT c.id, c.key FROM gpsync.verify_candidate AS c
          WHERE c.run = of.run AND c.next_at <= clock_timestamp() ORDER BY c.next_at, c.id LIMIT 500) AS c;
    s1 := (SELECT jsonb_object_agg(p.n, to_jsonb(p)) FROM gpsync_internal.peek_rows(of.relation, keys) AS p);
    problem := gpsync_internal.await_streams(of.relation,
        gpsync_internal.verify_option(of.options, 'sync_timeout')::interval * CASE WHEN of.waits_for IS NULL
            THEN 1 ELSE 0.1 END);
    IF problem IS NOT NULL THEN
        PERFORM gpsync_internal.another_round(of, NULL);
        RETURN problem;
    END IF;
    compared := (SELECT jsonb_object_agg(c.n, c.compared) FROM gpsync_internal.compare_candidates(of, keys) AS c);
    s2 := (SELECT jsonb_object_agg(p.n, to_jsonb(p)) FROM gpsync_internal.peek_rows(of.relation, keys) AS p);
    PERFORM gpsync_internal.book_verdicts(of, ids, keys, (
        SELECT jsonb_agg(jsonb_build_object('n', n, 'revision', s2 -> n -> 'revision', 'columns',
            compared -> n -> 'columns',
            'verdict', gpsync_internal.verdict(before, s1 -> n, s2 -> n, compared -> n),
            'letter', s2 -> n ->> 'state' = 'absent' OR s2 -> n ->> 'status' = 'FAILED'))
        FROM jsonb_object_keys(compared) AS n));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION gpsync_internal.confirm_candidates(gpsync.verify_run) IS
    'One round for up to 500 candidates; what it waits for, if the streams do not deliver';

REVOKE ALL ON FUNCTION gpsync_internal.peek_rows(regclass, jsonb[]), gpsync_internal.await_streams(regclass, interval),
    gpsync_internal.has_letter(regclass, jsonb, bigint), gpsync_internal.verdict(pg_snapshot, jsonb, jsonb, jsonb),
    gpsync_internal.compare_candidates(gpsync.verify_run, jsonb[]),
    gpsync_internal.another_round(gpsync.verify_run, bigint[]),
    gpsync_internal.book_verdicts(gpsync.verify_run, bigint[], jsonb[], jsonb),
    gpsync_internal.confirm_candidates(gpsync.verify_run) FROM PUBLIC;
