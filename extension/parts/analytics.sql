-- create_analytics(): a table that the relay keeps as what the stream shows of another one, fed like history.

-- A type can bring code of its owner's along, who may be the table's: a domain its constraints, also inside a row, a
-- range its subtype's difference, which ANALYZE calls. The copy is written as somebody else.
CREATE FUNCTION gpsync_internal.copied_type(type oid, modifier integer) RETURNS text
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    t pg_type;
    element text;
BEGIN
    LOOP
        SELECT * INTO t FROM pg_type AS p WHERE p.oid = type;
        EXIT WHEN t.typtype IS DISTINCT FROM 'd';
        type := t.typbasetype;
        modifier := CASE WHEN modifier < 0 THEN t.typtypmod ELSE modifier END;
    END LOOP;
    IF t.typtype = 'c' THEN
        RETURN 'jsonb';
    ELSIF t.typtype IN ('r', 'm') AND t.typnamespace <> 'pg_catalog'::regnamespace THEN
        RETURN 'text';
    ELSIF EXISTS (SELECT FROM pg_type AS e WHERE e.oid = t.typelem AND e.typarray = t.oid) THEN
        element := gpsync_internal.copied_type(t.typelem, modifier);
        RETURN CASE WHEN element LIKE '%[]' THEN 'jsonb' ELSE element || '[]' END;
    END IF;
    RETURN format_type(type, modifier);
END $$;
COMMENT ON FUNCTION gpsync_internal.copied_type(oid, integer) IS
    'The type that a copy has for values of a type: under any domain; rows are jsonb, ranges that somebody has defined '
    'are text, as the stream shows them';

CREATE FUNCTION gpsync_internal.analytics_columns(relation regclass, columns name[])
    RETURNS TABLE (n bigint, number smallint, name name, type text, is_key boolean, rule text)
    LANGUAGE sql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp
    AS $$
WITH key AS (SELECT k.name, k.n FROM unnest(gpsync_internal.key_columns(relation)) WITH ORDINALITY AS k (name, n)),
wanted AS (
    SELECT k.name, true AS is_key, 0 AS part, k.n FROM key AS k
    UNION ALL
    SELECT c.name, false, 1, c.n FROM unnest(columns) WITH ORDINALITY AS c (name, n)
    WHERE c.name NOT IN (SELECT k.name FROM key AS k))
SELECT row_number() OVER (ORDER BY w.part, w.n), a.attnum, w.name,
       -- What is redacted is text, and longer than what it stands for.
       CASE WHEN r.in_stream <> 'pass' AND (r.in_stream NOT LIKE 'scrub %' OR t.typcategory = 'S') THEN 'text'
            ELSE gpsync_internal.copied_type(a.atttypid, a.atttypmod) END, w.is_key, r.in_stream
FROM wanted AS w
LEFT JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = w.name AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN gpsync.redacted_columns AS r ON r.relation = analytics_columns.relation AND r.column_name = w.name
ORDER BY 1 $$;
COMMENT ON FUNCTION gpsync_internal.analytics_columns(regclass, name[]) IS
    'The columns of an analytical copy, those of the key first: number (NULL: there is no such column) and type in the '
    'table, what the stream does with them';

CREATE FUNCTION gpsync_internal.refuse_analytics(caller oid, relation regclass, columns name[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad record;
BEGIN
    IF gpsync_internal.attached_ancestor(relation) IS DISTINCT FROM relation OR relation IS NULL THEN
        PERFORM gpsync_internal.refuse_not_attached(relation);
    ELSIF NOT gpsync_internal.may_read_rows(caller, relation) THEN
        RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %s', relation),
            DETAIL = 'An analytical copy has all its rows.';
    ELSIF columns IS NULL OR array_ndims(columns) > 1 OR array_position(columns, NULL) IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'columns must be a list of names',
            HINT = 'For example ''{status,last_updated}''; those of the key come by themselves.';
    END IF;
    SELECT c.name INTO bad FROM unnest(columns) AS c (name) GROUP BY 1 HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE duplicate_column USING MESSAGE = format('column "%s" is given more than once', bad.name);
    END IF;
    SELECT * INTO bad FROM gpsync_internal.analytics_columns(relation, columns) AS c
    WHERE c.number IS NULL OR c.rule IS NULL OR c.rule = 'drop' ORDER BY c.n LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    ELSIF bad.number IS NULL THEN
        RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', bad.name, relation),
            HINT = gpsync_internal.name_hint(bad.name, 'columns', array(SELECT a.attname::text FROM pg_attribute AS a
                WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum));
    END IF;
    RAISE invalid_parameter_value USING
        MESSAGE = format('column "%s" of table %s cannot be in an analytical copy', bad.name, relation),
        DETAIL = CASE WHEN bad.rule IS NULL
                      THEN 'It is gpsync''s own or a virtual generated column, and the stream does not show it.'
                      ELSE 'The stream does not show it: its rule is "drop".' END;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_analytics(oid, regclass, name[]) IS
    'The errors of create_analytics() but those of the stream and of the new table';

CREATE FUNCTION gpsync_internal.prepare_analytics_as(caller oid, relation regclass, columns name[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
BEGIN
    PERFORM gpsync_internal.lock_local_feed();
    PERFORM gpsync_internal.refuse_analytics(caller, relation, columns);
    PERFORM gpsync_internal.feed_local(relation, 'create_analytics()');
END $$;
COMMENT ON FUNCTION gpsync_internal.prepare_analytics_as(oid, regclass, name[]) IS
    'prepare_analytics() on behalf of a role';

CREATE FUNCTION gpsync_internal.prepare_analytics(relation regclass, columns name[]) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.prepare_analytics(regclass, name[]) IS
    'For create_analytics(): checks, and has the table streamed';

CREATE FUNCTION gpsync_internal.register_analytics_as(caller oid, relation regclass, target regclass, columns name[])
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_analytics(caller, relation, columns);
    IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = target AND c.relkind = 'r' AND c.relowner = caller) THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', target);
    ELSIF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = target AND c.relpersistence = 't') THEN
        RAISE wrong_object_type USING MESSAGE = 'an analytical copy cannot be a temporary table',
            DETAIL = 'The relay writes it, in another session.', HINT = 'Name a schema that stays.';
    ELSIF NOT gpsync_internal.publication_covers('gpsync_local', relation) THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = 'call create_analytics()';
    END IF;
    INSERT INTO gpsync.analytics (relation, table_name, target, stream, endpoint, key_numbers, key_names,
        column_numbers, column_names, owner)
    SELECT c.oid, format('%I.%I', n.nspname, c.relname), target, 'gpsync_local', 'gpsync_local',
           array_agg(a.number ORDER BY a.n) FILTER (WHERE a.is_key),
           array_agg(a.name ORDER BY a.n) FILTER (WHERE a.is_key), array_agg(a.number ORDER BY a.n),
           array_agg(a.name ORDER BY a.n), pg_get_userbyid(caller)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace,
        gpsync_internal.analytics_columns(register_analytics_as.relation, columns) AS a
    WHERE c.oid = register_analytics_as.relation GROUP BY c.oid, n.nspname, c.relname;
END $$;
COMMENT ON FUNCTION gpsync_internal.register_analytics_as(oid, regclass, regclass, name[]) IS
    'register_analytics() on behalf of a role';

CREATE FUNCTION gpsync_internal.register_analytics(relation regclass, target regclass, columns name[]) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.register_analytics(regclass, regclass, name[]) IS
    'For create_analytics(): has the relay keep the caller''s table as a copy';

-- With the caller's rights: the table is the caller's.
CREATE FUNCTION gpsync.create_analytics(relation regclass, target_schema name, columns name[]) RETURNS regclass
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    target text;
    definitions text;
    key text;
BEGIN
    IF coalesce(target_schema, '') = '' THEN
        RAISE null_value_not_allowed USING MESSAGE = 'target_schema must not be null or empty';
    END IF;
    PERFORM gpsync_internal.prepare_analytics(relation, columns);
    target := format('%I.%I', target_schema, (SELECT c.relname FROM pg_class AS c WHERE c.oid = relation));
    SELECT string_agg(format('%I %s', c.name, c.type), ', ' ORDER BY c.n),
           string_agg(format('%I', c.name), ', ' ORDER BY c.n) FILTER (WHERE c.is_key)
    INTO definitions, key FROM gpsync_internal.analytics_columns(relation, columns) AS c;
    EXECUTE format('CREATE TABLE %s (%s, gpsync_at timestamptz NOT NULL, gpsync_sequence text NOT NULL, '
                   'PRIMARY KEY (%s))', target, definitions, key);
    EXECUTE format('COMMENT ON TABLE %s IS %L', target, format('Analytical copy of %s, kept by gpsync', relation));
    PERFORM gpsync_internal.register_analytics(relation, target::regclass, columns);
    RAISE NOTICE 'table % follows % from here on', target, relation USING
        HINT = format('Its rows as they are come with SELECT gpsync.resend(%L), which sends them to every endpoint.',
            relation);
    RETURN target::regclass;
END $$;
COMMENT ON FUNCTION gpsync.create_analytics(regclass, name, name[]) IS
    'Makes a table of the same name in a schema, owned by the caller, that the relay keeps as what the stream shows '
    'of these columns and the key: PII is redacted. Indexes are up to the caller. Beside the columns: gpsync_at '
    '(commit of the row''s last change), gpsync_sequence (its place in the stream). It begins empty; resend() '
    'brings the rows that are there. A deleted row is deleted. The caller needs all rows of the table, and CREATE '
    'on the schema. Errors: 42703 no such column; 22023 one that the stream does not show; 42701; 42501; 42P07; 42809; '
    '55000 not attached, wal_level and the like; 25001 the transaction has written (the first time)';

CREATE FUNCTION gpsync_internal.own_analytics(caller oid, target regclass) RETURNS gpsync.analytics
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    result gpsync.analytics;
BEGIN
    SELECT * INTO result FROM gpsync.analytics AS a WHERE a.target = own_analytics.target;
    IF NOT FOUND THEN
        RAISE undefined_object USING
            MESSAGE = format('%s is no analytical copy', coalesce(target::text, 'null')),
            HINT = 'gpsync.analytics_status lists them.';
    ELSIF NOT pg_has_role(caller, coalesce((SELECT c.relowner FROM pg_class AS c WHERE c.oid = result.target),
        (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = result.owner), 10::oid), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', target);
    END IF;
    RETURN result;
END $$;
COMMENT ON FUNCTION gpsync_internal.own_analytics(oid, regclass) IS
    'An analytical copy that the caller owns. Errors: 42704; 42501';

CREATE FUNCTION gpsync_internal.refresh_analytics_as(caller oid, target regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.analytics;
BEGIN
    PERFORM gpsync_internal.lock_local_feed();
    of := gpsync_internal.own_analytics(caller, target);
    PERFORM gpsync_internal.feed_local(of.relation, 'refresh_analytics()');
    PERFORM gpsync_internal.write_copy(of, format('DELETE FROM %s', of.target), '[]');
    UPDATE gpsync.analytics AS a SET gap_since = NULL WHERE a.analytics = of.analytics;
    RAISE NOTICE 'table % is empty', target USING
        HINT = format('Its rows come with SELECT gpsync.resend(%L), which sends them to every endpoint.', of.relation);
END $$;
COMMENT ON FUNCTION gpsync_internal.refresh_analytics_as(oid, regclass) IS 'refresh_analytics() on behalf of a role';

CREATE FUNCTION gpsync.refresh_analytics(target regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.refresh_analytics(regclass) IS
    'Empties an analytical copy, for resend() to fill it again: after stream gpsync_local was made anew, or when its '
    'owner has changed what is in it. Where the stream does not exist any more, or does not have the table, that is '
    'mended first. Errors: 42704 no analytical copy; 42501; those of the stream, as create_analytics()';

CREATE FUNCTION gpsync_internal.drop_analytics_as(caller oid, target regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.analytics;
BEGIN
    PERFORM gpsync_internal.lock_local_feed();
    of := gpsync_internal.own_analytics(caller, target);
    DELETE FROM gpsync.analytics AS a WHERE a.analytics = of.analytics;
    PERFORM gpsync_internal.forget_target('copy', of.analytics);
    PERFORM gpsync_internal.release_local(of.relation);
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_analytics_as(oid, regclass) IS 'drop_analytics() on behalf of a role';

CREATE FUNCTION gpsync.drop_analytics(target regclass) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_analytics(regclass) IS
    'Ends an analytical copy; the table stays, as it is. With the last use of stream gpsync_local that goes too. '
    'For the table''s owner; of a table that was dropped, by its number: drop_analytics(''16423''). Errors: 42704 '
    'no analytical copy; 42501';

-- From the catalogs alone: what doctor() finds, too.
CREATE FUNCTION gpsync_internal.analytics_problem(a gpsync.analytics) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE
    WHEN NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.target) THEN 'the copy was dropped'
    WHEN NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.relation) THEN 'the table was dropped'
    WHEN missing.name IS NOT NULL THEN format('the copy has no column "%s" any more', missing.name)
    WHEN NOT EXISTS (
        SELECT FROM pg_index AS i WHERE i.indrelid = a.target AND i.indisunique AND i.indisvalid AND i.indimmediate
            AND i.indpred IS NULL AND i.indexprs IS NULL
            AND (SELECT array_agg(c.attname ORDER BY c.attname) FROM unnest(i.indkey[:i.indnkeyatts - 1]) AS k (n)
                 JOIN pg_attribute AS c ON c.attrelid = i.indrelid AND c.attnum = k.n)
                = (SELECT array_agg(k.name ORDER BY k.name) FROM unnest(a.key_names) AS k (name)))
        THEN 'the copy has no unique index on its key any more'
    WHEN gone.name IS NOT NULL THEN format('column "%s" of the table was dropped', gone.name) END
FROM (SELECT (SELECT n.name FROM unnest(a.column_names || '{gpsync_at,gpsync_sequence}'::name[]) AS n (name)
              WHERE NOT EXISTS (SELECT FROM pg_attribute AS c WHERE c.attrelid = a.target AND c.attname = n.name
                                    AND NOT c.attisdropped) LIMIT 1)) AS missing (name),
     (SELECT (SELECT n.name FROM unnest(a.column_numbers, a.column_names) AS n (number, name)
              WHERE EXISTS (SELECT FROM pg_attribute AS c WHERE c.attrelid = a.relation AND c.attnum = n.number
                                AND c.attisdropped) LIMIT 1)) AS gone (name) $$;
COMMENT ON FUNCTION gpsync_internal.analytics_problem(gpsync.analytics) IS
    'Why an analytical copy cannot follow its table; NULL: it can';

CREATE FUNCTION gpsync_internal.analytics_states()
    RETURNS TABLE (relation regclass, target regclass, columns name[], state text, problem text,
        applied_until timestamptz, created_at timestamptz, owner name, gap_since timestamptz, waiting_events bigint,
        next_attempt_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT a.relation, a.target, a.column_names,
       CASE WHEN s.stream IS NULL THEN 'no stream' WHEN x.problem IS NOT NULL THEN 'broken'
            WHEN f.sqlstate <> '00000' THEN 'stopped' WHEN a.gap_since IS NOT NULL THEN 'gap'
            WHEN f.kind IS NOT NULL THEN 'catching up' ELSE 'following' END,
       coalesce(x.problem, nullif(f.error, '')), p.commit_time, a.created_at, a.owner, a.gap_since, f.backlog_events,
       f.next_attempt_at
FROM gpsync.analytics AS a CROSS JOIN gpsync_internal.analytics_problem(a) AS x (problem)
LEFT JOIN gpsync.stream AS s ON s.stream = a.stream AND a.endpoint = ANY (s.endpoints)
LEFT JOIN gpsync.local_position AS p ON p.stream = a.stream AND p.endpoint = a.endpoint
LEFT JOIN gpsync.local_failure AS f ON f.kind = 'copy' AND f.number = a.analytics $$;
COMMENT ON FUNCTION gpsync_internal.analytics_states() IS 'The rows of view analytics_status';

CREATE VIEW gpsync.analytics_status AS SELECT * FROM gpsync_internal.analytics_states();
COMMENT ON VIEW gpsync.analytics_status IS
    'Analytical copies. state: following; stopped (it cannot be written: problem says why, its events wait, the others '
    'go on); catching up (with the events that have waited); broken (problem says '
    'what its owner or the table''s has dropped); gap (changes since gap_since may be '
    'missing: refresh_analytics()); no stream (it was dropped). applied_until: the commit of the last change of the '
    'stream that was applied or is waiting';
COMMENT ON COLUMN gpsync.analytics_status.gap_since IS
    'Changes from then on may be missing, since the stream was made again or did not have the table; NULL: none is';
COMMENT ON COLUMN gpsync.analytics_status.waiting_events IS 'The events that wait for it; NULL: none waits';
COMMENT ON COLUMN gpsync.analytics_status.next_attempt_at IS 'While it is stopped: when it is tried again';

REVOKE ALL ON FUNCTION gpsync_internal.own_analytics(oid, regclass),
    gpsync_internal.refresh_analytics_as(oid, regclass), gpsync.refresh_analytics(regclass),
    gpsync_internal.copied_type(oid, integer), gpsync_internal.analytics_columns(regclass, name[]),
    gpsync_internal.refuse_analytics(oid, regclass, name[]),
    gpsync_internal.prepare_analytics_as(oid, regclass, name[]),
    gpsync_internal.prepare_analytics(regclass, name[]),
    gpsync_internal.register_analytics_as(oid, regclass, regclass, name[]),
    gpsync_internal.register_analytics(regclass, regclass, name[]),
    gpsync.create_analytics(regclass, name, name[]), gpsync_internal.drop_analytics_as(oid, regclass),
    gpsync.drop_analytics(regclass), gpsync_internal.analytics_problem(gpsync.analytics),
    gpsync_internal.analytics_states() FROM PUBLIC;
