-- import() and what runs it.

CREATE FUNCTION gpsync_internal.import_job_name(relation regclass, job text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    base text := 'import_' || left(regexp_replace(lower((SELECT relname FROM pg_class WHERE oid = relation)),
                                                  '[^a-z0-9_]+', '_', 'g'), 40);
    taken text[] := array(SELECT j.job FROM gpsync.import_job AS j);
BEGIN
    IF job IS NULL THEN
        RETURN gpsync_internal.free_name(base, taken);
    ELSIF job !~ '^[a-z0-9_]{1,60}$' THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" is no name of an import', job),
            HINT = 'A name has 1 to 60 lower-case letters, digits and underscores.';
    ELSIF job = ANY (taken) THEN
        RAISE duplicate_object USING MESSAGE = format('import "%s" already exists', job),
            HINT = format('CALL gpsync.run_import(%L) goes on with it.', job);
    END IF;
    RETURN job;
END $$;
COMMENT ON FUNCTION gpsync_internal.import_job_name(regclass, text) IS
    'The name given, or a new one after the table. Errors: 22023, 42710';

CREATE FUNCTION gpsync_internal.refuse_bad_import(of gpsync.import_job, caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    endpoint text;
    known text[] := array(SELECT DISTINCT e FROM gpsync.stream AS s, unnest(s.endpoints) AS e ORDER BY e);
    needed text;
BEGIN
    IF of.on_conflict NOT IN ('skip', 'update', 'error') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('on_conflict cannot be "%s"', of.on_conflict),
            HINT = gpsync_internal.name_hint(of.on_conflict, 'values', '{skip,update,error}');
    END IF;
    FOREACH endpoint IN ARRAY of.echo LOOP
        IF endpoint IS NULL OR endpoint <> ALL (known) THEN
            RAISE undefined_object USING MESSAGE = format('no stream has an endpoint "%s"', endpoint),
                HINT = coalesce(nullif(gpsync_internal.name_hint(coalesce(endpoint, ''), 'endpoints', known), ''),
                    'Create the stream first; echo => ''{}'' sends the rows to no endpoint.');
        END IF;
    END LOOP;
    FOREACH needed IN ARRAY CASE of.on_conflict WHEN 'update' THEN '{SELECT,INSERT,UPDATE}'::text[]
        ELSE '{SELECT,INSERT}' END LOOP
        IF NOT has_table_privilege(caller, of.relation, needed) THEN
            RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %s', of.relation),
                HINT = format('GRANT %s ON %s TO %s', needed, of.relation, caller::regrole);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_import(gpsync.import_job, oid) IS
    'Raises for options that cannot be, endpoints that no stream has, and rights that the caller lacks: 22023, 42704, '
    '42501';

CREATE FUNCTION gpsync_internal.explain_lines(role oid, query text, arguments text[], types oid[]) RETURNS SETOF text
    LANGUAGE sql SET search_path = pg_catalog, pg_temp SET enable_sort = off
    AS $$
SELECT q[1] FROM gpsync_internal.owner_query(role, 'EXPLAIN (VERBOSE, COSTS OFF) ' || query, arguments, types) AS q $$;
COMMENT ON FUNCTION gpsync_internal.explain_lines(oid, text, text[], oid[]) IS
    'EXPLAIN VERBOSE of a query, as a role, planned for these values of $1 ... as a chunk''s query is: without a sort '
    'wherever that is possible';

-- What a chunk's query costs the source. A plan that sorts reads the whole source for each chunk. The values of the
-- source are arguments, and never part of the query's text: who fills the source is not who imports it.
CREATE FUNCTION gpsync_internal.read_cost(of gpsync.import_job, statements gpsync_internal.import_statements,
        OUT plan text, OUT sorts boolean, OUT is_foreign boolean, OUT stops boolean)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    role oid := quote_ident(of.owner)::regrole;
    sample text[];
BEGIN
    SELECT q INTO sample FROM gpsync_internal.owner_query(role, format('SELECT %s FROM %s LIMIT 1',
        array_to_string(statements.key_names, ', '), statements.source)) AS q;
    IF sample IS NULL OR array_position(sample, NULL) IS NOT NULL OR gpsync.has_pii(to_jsonb(sample)) THEN
        sample := NULL;
    END IF;
    SELECT string_agg(l, E'\n'), bool_or(l ~ '^ *(-> +)?(Incremental )?Sort[[:>:]]')
            OR bool_or(l ~ 'Remote SQL') AND NOT bool_or(l ~ 'Remote SQL:.* ORDER BY '), bool_or(l ~ 'Foreign Scan'),
        NOT bool_or(l ~ 'Remote SQL') OR bool_or(l ~ 'Remote SQL:.* LIMIT ')
    INTO plan, sorts, is_foreign, stops FROM gpsync_internal.explain_lines(role,
        gpsync_internal.import_read(statements, sample IS NOT NULL, false, of.max_chunk), coalesce(sample, '{}'),
        CASE WHEN sample IS NULL THEN '{}' ELSE statements.key_types END) AS l;
END $$;
COMMENT ON FUNCTION gpsync_internal.read_cost(gpsync.import_job, gpsync_internal.import_statements) IS
    'The plan of a chunk''s query, whether this server sorts in it, whether it reads foreign tables, and whether the '
    'other side stops after a chunk';

CREATE FUNCTION gpsync_internal.register_import_as(caller oid, relation regclass, source text, columns jsonb,
        source_key name[], status_map jsonb, echo text[], on_conflict text, job text) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    of gpsync.import_job;
    statements gpsync_internal.import_statements;
    cost record;
    unordered text;
BEGIN
    IF relation IS NULL OR source IS NULL OR echo IS NULL OR on_conflict IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation, source, echo and on_conflict cannot be NULL';
    END IF;
    of.job := gpsync_internal.import_job_name(relation, job);
    of.relation := relation;
    of.source := source;
    of.columns := columns;
    of.status_map := status_map;
    of.echo := echo;
    of.on_conflict := on_conflict;
    of.owner := pg_get_userbyid(caller);
    of.max_chunk := 10000;
    -- Without "columns" those that both sides have now: one that is renamed later must not be left out unnoticed.
    SELECT array_agg(m.source_column ORDER BY m.key_position) FILTER (WHERE m.key_position IS NOT NULL),
           coalesce(of.columns, jsonb_object_agg(m.attname, m.attname))
    INTO of.source_key, of.columns
    FROM gpsync_internal.map_columns(relation, source, columns, source_key, status_map, caller) AS m;
    IF cardinality(of.source_key) <> cardinality(gpsync_internal.key_columns(relation)) THEN
        RAISE invalid_parameter_value USING MESSAGE = format('not every key column of table %s gets a value', relation),
            DETAIL = format('The key is (%s).', array_to_string(gpsync_internal.key_columns(relation), ', '));
    END IF;
    PERFORM gpsync_internal.refuse_bad_import(of, caller);
    statements := gpsync_internal.import_statements(of);
    SELECT format_type(t, NULL) INTO unordered FROM unnest(statements.key_types) AS t
    WHERE gpsync_internal.ordering_operator(t, 5) IS NULL;
    IF FOUND THEN
        RAISE feature_not_supported USING MESSAGE = format('rows cannot be read in the order of type %s', unordered),
            HINT = 'Name another key of the source with source_key.';
    END IF;
    -- Types that cannot be assigned, functions that are not found: with the message of the INSERT itself.
    PERFORM gpsync_internal.describe_query(caller, replace(statements.insert, 'FROM gpsync_import_chunk AS s',
        format('FROM (SELECT %s FROM %s) AS s', statements.read_columns, statements.source)));
    SELECT * INTO cost FROM gpsync_internal.read_cost(of, statements) AS c;
    IF cost.sorts THEN
        -- The other side must not skip in an order of its own what this server sorts in another.
        of.source := CASE WHEN cost.is_foreign THEN format('(SELECT * FROM %s AS f OFFSET 0)', source) ELSE source END;
        RAISE WARNING USING ERRCODE = '01000',
            MESSAGE = 'every chunk of this import reads and sorts the whole source',
            DETAIL = 'The source is not read in the order of its key, and does not stop after a chunk.',
            HINT = 'Make an index on the key of the source, use a foreign table of a wrapper that sorts on the other '
                   || 'side, or copy the source into a table first; gpsync.explain_import() shows the query.';
    ELSIF NOT cost.stops THEN
        RAISE NOTICE USING
            MESSAGE = 'the other side sends more rows than a chunk of this import needs',
            DETAIL = 'The plan of a chunk does not send the LIMIT to the other side.',
            HINT = 'ANALYZE the foreign table. With use_remote_estimate, both plans cost the same, and the LIMIT stays '
                   || 'here: set it to ''false'' for the table.';
    END IF;
    INSERT INTO gpsync.import_job (job, relation, source, columns, source_key, status_map, echo, on_conflict, owner)
        VALUES (of.job, of.relation, of.source, of.columns, of.source_key, of.status_map, of.echo, of.on_conflict,
                of.owner);
    RETURN of.job;
END $$;
COMMENT ON FUNCTION gpsync_internal.register_import_as(oid, regclass, text, jsonb, name[], jsonb, text[], text, text) IS
    'import() on behalf of a role';

CREATE FUNCTION gpsync_internal.register_import(relation regclass, source text, columns jsonb, source_key name[],
        status_map jsonb, echo text[], on_conflict text, job text) RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.register_import(regclass, text, jsonb, name[], jsonb, text[], text, text) IS
    'import() with the source as migration_source() gives it';

CREATE FUNCTION gpsync.import(relation regclass, source text, columns jsonb DEFAULT NULL,
        source_key name[] DEFAULT NULL, status_map jsonb DEFAULT NULL, echo text[] DEFAULT '{}',
        on_conflict text DEFAULT 'skip', job text DEFAULT NULL) RETURNS text
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT gpsync_internal.register_import(relation, gpsync_internal.migration_source(source), columns, source_key,
        status_map, echo, on_conflict, job);
END;
COMMENT ON FUNCTION gpsync.import(regclass, text, jsonb, name[], jsonb, text[], text, text) IS
    'Registers an import of the rows of a source (a relation, or a query in parentheses) into an attached table, and '
    'checks all there is to check; writes no row. columns: target column to source column or expression (NULL: same '
    'names); source_key: the source''s columns of the table''s key; status_map: legacy code to state; echo: the '
    'endpoints that get the rows ({}: none, they have them); on_conflict: skip, update (rows that nobody has written '
    'since an import), error. Returns the job''s name, for run_import(). Source and expressions run as the caller, '
    'restricted, with search_path pg_catalog. Errors: 55000 not attached; 42703, 42704, 42804, 22023 mapping; 42501 '
    'rights; 42710 a job of this name; 0A000 a key without an order, a table with rules; those of the source';

CREATE PROCEDURE gpsync.run_import(job text, for_at_most interval DEFAULT NULL)
    LANGUAGE plpgsql
    AS $$
DECLARE
    began timestamptz := pg_catalog.clock_timestamp();
    reported_at timestamptz := began;
    answer text;
    problem text;
BEGIN
    LOOP
        answer := gpsync_internal.import_work(run_import.job);
        COMMIT;
        IF answer OPERATOR(pg_catalog.=) ANY (ARRAY['failed', 'undecided']) THEN
            SELECT p.last_error INTO problem FROM gpsync.import_progress AS p
            WHERE p.job OPERATOR(pg_catalog.=) run_import.job;
            RAISE object_not_in_prerequisite_state USING
                MESSAGE = pg_catalog.format(CASE WHEN answer OPERATOR(pg_catalog.=) 'failed'
                    THEN 'the source of import "%s" cannot be read'
                    ELSE 'pause_when of import "%s" failed, so that it waits' END, job),
                DETAIL = problem,
                HINT = CASE WHEN answer OPERATOR(pg_catalog.=) 'failed'
                    THEN 'What is written stays. Mend the source and call run_import() again, which goes on from there.'
                    ELSE pg_catalog.format('What is written stays. SELECT gpsync.set_import(%L, ''pause_when'', ...) '
                        'gives it another query; run_import() goes on from there.', job) END;
        END IF;
        EXIT WHEN answer OPERATOR(pg_catalog.=) ANY (ARRAY['paused', 'canceled', 'done'])
            OR pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) began OPERATOR(pg_catalog.>) for_at_most;
        IF pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) reported_at OPERATOR(pg_catalog.>) interval '5 s' THEN
            reported_at := pg_catalog.clock_timestamp();
            PERFORM gpsync_internal.report_progress(run_import.job);
        END IF;
        IF answer OPERATOR(pg_catalog.<>) 'more' THEN
            PERFORM pg_catalog.pg_sleep(CASE WHEN answer OPERATOR(pg_catalog.=) 'busy' THEN 0.02 ELSE 0.5 END);
        END IF;
    END LOOP;
    PERFORM gpsync_internal.report_progress(run_import.job);
END $$;
COMMENT ON PROCEDURE gpsync.run_import(text, interval) IS
    'Works on an import until it is done, paused or canceled, or for_at_most has passed: chunk by chunk, each with its '
    'checkpoint and rejects in one transaction. It goes on where it was; several sessions may call it at a time. Not '
    'inside a transaction block. Errors: 55000 the source cannot be read, or pause_when fails; 42704, 42501; 2D000 '
    'in a transaction block';

REVOKE ALL ON FUNCTION gpsync_internal.import_job_name(regclass, text),
    gpsync_internal.refuse_bad_import(gpsync.import_job, oid),
    gpsync_internal.explain_lines(oid, text, text[], oid[]),
    gpsync_internal.read_cost(gpsync.import_job, gpsync_internal.import_statements),
    gpsync_internal.register_import_as(oid, regclass, text, jsonb, name[], jsonb, text[], text, text),
    gpsync_internal.register_import(regclass, text, jsonb, name[], jsonb, text[], text, text),
    gpsync.import(regclass, text, jsonb, name[], jsonb, text[], text, text) FROM PUBLIC;
REVOKE ALL ON PROCEDURE gpsync.run_import(text, interval) FROM PUBLIC;
