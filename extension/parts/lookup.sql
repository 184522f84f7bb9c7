-- create_lookup() and its like. Operators may call them; what they do takes the extension owner's rights.

CREATE FUNCTION gpsync_internal.lookup_members() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT '{tokenId,status,panStatus,panExpiry,suspendedBy}'::text[] $$;
COMMENT ON FUNCTION gpsync_internal.lookup_members() IS 'The members of an answer that have columns';

-- The stream whose relay asks: the one that books the table.
CREATE FUNCTION gpsync_internal.lookup_stream(relation regclass) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT s.stream FROM gpsync.stream AS s
WHERE s.bookkeeping AND EXISTS (SELECT FROM gpsync_internal.publication_relations(s.publication) AS t,
    gpsync_internal.partitions(relation) AS p WHERE t = p.relid)
ORDER BY s.stream LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.lookup_stream(regclass) IS
    'The stream that books a table, whose relay runs the table''s look-ups; NULL: none';

CREATE FUNCTION gpsync_internal.lookup_column(relation regclass, member text, name text) RETURNS pg_attribute
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    found pg_attribute;
    base pg_type;
BEGIN
    SELECT * INTO found FROM pg_attribute AS a
    WHERE a.attrelid = relation AND a.attname::text = name AND a.attnum > 0 AND NOT a.attisdropped;
    IF found.attname IS NULL THEN
        RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', name, relation),
            HINT = gpsync_internal.name_hint(coalesce(name, ''), 'columns', array(SELECT a.attname::text
                FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
                ORDER BY a.attnum));
    ELSIF name IN ('sync_status', 'sync_revision', 'last_sync_timestamp', 'last_updated') OR found.attgenerated <> ''
        THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('column "%s" cannot be that of "%s"', name, member),
            DETAIL = 'It is generated, or gpsync writes it itself.';
    END IF;
    SELECT * INTO base FROM pg_type AS t WHERE t.oid = gpsync_internal.base_type(found.atttypid);
    IF member = 'suspendedBy' AND found.atttypid <> 'text[]'::regtype
        OR member <> 'suspendedBy' AND member <> 'tokenId' AND base.typcategory NOT IN ('S', 'D', 'E') THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of table %s cannot be that of "%s"', name, relation, member),
            DETAIL = format('It is of type %s, and must be %s.', format_type(found.atttypid, found.atttypmod),
                CASE member WHEN 'suspendedBy' THEN 'text[]' ELSE 'of a string, date, time or enum type' END);
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_column(regclass, text, text) IS
    'The column that a member of an answer is written to. Errors: 42703, 42804, 22023';

-- All that the statements of a look-up are made of.
CREATE TYPE gpsync_internal.lookup_target AS (
    relation regclass, owner oid, machine text, key name, is_key text, after_key text, less text,
    status name, status_type text, pan_status name, pan_status_type text, pan_expiry name, pan_expiry_type text,
    suspended_by name);
COMMENT ON TYPE gpsync_internal.lookup_target IS
    'The table of a look-up and its columns. Types below their domains and without modifiers: an assignment applies '
    'those, and refuses what is too long, where a cast would cut it off';

-- Their text is the same in every session and leads back to the value, and all code that reads, compares and orders
-- them is a superuser's: no role's own casts, operators or element types.
CREATE FUNCTION gpsync_internal.is_token_type(type oid) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN (SELECT t.typtype = 'b' AND (t.typcategory = 'S' OR t.oid = ANY ('{int2,int4,int8,numeric,uuid}'::regtype[]))
            FROM pg_type AS t WHERE t.oid = type);
END $$;
COMMENT ON FUNCTION gpsync_internal.is_token_type(oid) IS
    'Whether a type, below its domains, can be that of the tokens of a look-up: strings, whole and exact numbers, UUID';

-- Unique by the order that a pass goes in: two keys that this order takes for one would be asked for as one.
CREATE FUNCTION gpsync_internal.identifies_token(relation regclass, key pg_attribute) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN EXISTS (SELECT FROM pg_index AS i JOIN pg_opclass AS c ON c.oid = i.indclass[0]
        WHERE i.indrelid = relation AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indnkeyatts = 1
            AND i.indkey[0] = (key).attnum AND i.indpred IS NULL AND i.indexprs IS NULL
            AND c.opcdefault AND i.indcollation[0] = (key).attcollation);
END $$;
COMMENT ON FUNCTION gpsync_internal.identifies_token(regclass, pg_attribute) IS
    'Whether a column alone has a unique index, in its own collation and its type''s default order';

CREATE FUNCTION gpsync_internal.refuse_lookup_key(relation regclass, key pg_attribute) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT gpsync_internal.identifies_token(relation, key) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('column "%s" of table %s does not identify a row', key.attname, relation),
            DETAIL = 'A look-up finds the row of a token by one column with a unique index, in the column''s collation '
                'and the default order of its type.',
            HINT = format('Name the column: columns => ''{"tokenId": "...", ...}''; or CREATE UNIQUE INDEX ON %s (%I)',
                relation, key.attname);
    ELSIF NOT gpsync_internal.is_token_type(gpsync_internal.base_type(key.atttypid)) THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of table %s has a type that tokens cannot have', key.attname, relation),
            DETAIL = format('It is of type %s, and must be of a string type, smallint, integer, bigint, numeric or '
                'uuid, or a domain of these.', format_type(key.atttypid, key.atttypmod));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_lookup_key(regclass, pg_attribute) IS
    'Raises unless a look-up can find rows by a column, and go through them in its order: 55000, 0A000';

CREATE FUNCTION gpsync_internal.token_condition(name name, type oid, operator text, value text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN format('t.%I %s %s::%s', name, operator, value, format_type(gpsync_internal.base_type(type), -1));
END $$;
COMMENT ON FUNCTION gpsync_internal.token_condition(name, oid, text, text) IS
    'A comparison of column t.name with an expression of type text. operator: one of its type''s own';

CREATE FUNCTION gpsync_internal.lookup_target(relation regclass, columns jsonb) RETURNS gpsync_internal.lookup_target
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    target gpsync_internal.lookup_target;
    attached record;
    col pg_attribute;
    compare record;
BEGIN
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = lookup_target.relation;
    IF NOT FOUND THEN
        PERFORM gpsync_internal.refuse_not_attached(relation);
    END IF;
    target.relation := relation;
    target.machine := attached.machine;
    target.owner := gpsync_internal.owner_for_statements(relation);
    col := gpsync_internal.lookup_column(relation, 'tokenId', coalesce(columns ->> 'tokenId',
        attached.key_columns[1]::text));
    PERFORM gpsync_internal.refuse_lookup_key(relation, col);
    target.key := col.attname;
    compare := gpsync_internal.ordering_operators(gpsync_internal.base_type(col.atttypid));
    target.is_key := gpsync_internal.token_condition(col.attname, col.atttypid, compare.equal, 'k.t');
    target.after_key := gpsync_internal.token_condition(col.attname, col.atttypid, compare.greater, '($1 ->> 0)');
    target.less := compare.less;
    IF columns ? 'status' THEN
        col := gpsync_internal.lookup_column(relation, 'status', columns ->> 'status');
        IF col.attname IS DISTINCT FROM attached.status_column THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('column "%s" is not the status column of table %s', col.attname, relation),
                HINT = coalesce('It was attached with status_column => ' || quote_literal(attached.status_column)
                    || '.', 'It was attached without a machine.');
        END IF;
        target.status := col.attname;
        target.status_type := format_type(gpsync_internal.base_type(col.atttypid), -1);
    END IF;
    IF columns ? 'panStatus' THEN
        col := gpsync_internal.lookup_column(relation, 'panStatus', columns ->> 'panStatus');
        target.pan_status := col.attname;
        target.pan_status_type := format_type(gpsync_internal.base_type(col.atttypid), -1);
    END IF;
    IF columns ? 'panExpiry' THEN
        col := gpsync_internal.lookup_column(relation, 'panExpiry', columns ->> 'panExpiry');
        target.pan_expiry := col.attname;
        target.pan_expiry_type := format_type(gpsync_internal.base_type(col.atttypid), -1);
    END IF;
    IF columns ? 'suspendedBy' THEN
        col := gpsync_internal.lookup_column(relation, 'suspendedBy', columns ->> 'suspendedBy');
        target.suspended_by := col.attname;
        IF target.status IS NULL OR NOT ('{ACTIVE,SUSPENDED}' <@ gpsync.machine_states(attached.machine)) THEN
            RAISE invalid_parameter_value USING MESSAGE = '"suspendedBy" needs states ACTIVE and SUSPENDED',
                DETAIL = 'A token that several have suspended becomes ACTIVE when the last lifts it.',
                HINT = 'Map "status", too, on a table whose machine has both, as token_lifecycle.';
        END IF;
    END IF;
    RETURN target;
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_target(regclass, jsonb) IS
    'What the statements of a look-up are made of, as its table is now. Errors: 55000 not attached, no unique index, a '
    'partition of another role; 42703, 42804, 22023 its columns; 0A000';

CREATE FUNCTION gpsync_internal.refuse_lookup_columns(columns jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    example text := 'For example: columns => ''{"status": "status", "panStatus": "pan_status", "panExpiry": '
        '"pan_expiry"}''';
    bad record;
BEGIN
    IF coalesce(jsonb_typeof(columns), '') <> 'object' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'columns must be an object: member of an answer to column',
            HINT = example;
    END IF;
    SELECT c.key, c.value INTO bad FROM jsonb_each(columns) AS c
    WHERE c.key <> ALL (gpsync_internal.lookup_members()) ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = format('answers have no member "%s"', bad.key),
            HINT = gpsync_internal.name_hint(bad.key, 'members', gpsync_internal.lookup_members());
    END IF;
    SELECT c.key, c.value INTO bad FROM jsonb_each(columns) AS c WHERE jsonb_typeof(c.value) <> 'string'
    ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" must be the name of a column', bad.key),
            HINT = example;
    END IF;
    SELECT c.value INTO bad FROM jsonb_each_text(columns) AS c GROUP BY c.value HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = format('column "%s" is given more than once', bad.value);
    ELSIF NOT columns ?| '{status,panStatus,panExpiry}' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'columns names nothing that is to be written', HINT = example;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_lookup_columns(jsonb) IS
    'Raises 22023 unless the argument columns of create_lookup() is what it should be';

CREATE FUNCTION gpsync_internal.refuse_lookup_endpoint(endpoint text, caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF endpoint IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'endpoint cannot be NULL';
    END IF;
    PERFORM gpsync_internal.refuse_bad_servers(ARRAY[endpoint], caller);
    IF gpsync_internal.endpoint_protocol(endpoint) <> 'token-lookup' THEN
        RAISE wrong_object_type USING MESSAGE = format('endpoint "%s" is no token system', endpoint),
            DETAIL = format('Its protocol is "%s".', gpsync_internal.endpoint_protocol(endpoint)),
            HINT = format('ALTER SERVER %I OPTIONS (%s protocol ''token-lookup'')', endpoint,
                (SELECT CASE WHEN EXISTS (SELECT FROM pg_options_to_table(s.srvoptions) AS o
                    WHERE o.option_name = 'protocol') THEN 'SET' ELSE 'ADD' END
                 FROM pg_foreign_server AS s WHERE s.srvname = endpoint));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_lookup_endpoint(text, oid) IS
    'Raises unless the endpoint is a server of protocol token-lookup that the caller may use';

-- Cardholder data that no label protects: the stream scrubs such a column by default, and an expiry alone may pass.
CREATE FUNCTION gpsync_internal.warn_of_expiry(relation regclass, column_name name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF column_name IS NULL OR EXISTS (SELECT FROM gpsync_internal.column_labels() AS l
            WHERE l.relation = warn_of_expiry.relation AND l.column_name = warn_of_expiry.column_name) THEN
        RETURN;
    END IF;
    RAISE WARNING USING
        MESSAGE = format('column "%s" of table %s gets the expiry of PANs and has no security label', column_name,
            relation),
        DETAIL = 'An expiry is cardholder data (PCI DSS). Without a label the stream shows of it what scrubbing by '
            'default leaves.',
        HINT = format('SELECT gpsync.redact_in_stream(%L, %L, ''drop''); -- or mask, hash, tokenize; pass, if '
            'endpoints are to get it', relation, column_name);
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_expiry(regclass, name) IS
    'Warns where the column for panExpiry has no label';

CREATE FUNCTION gpsync_internal.create_lookup_as(caller oid, lookup text, relation regclass, endpoint text,
    columns jsonb, every interval, on_illegal text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    target gpsync_internal.lookup_target;
BEGIN
    IF coalesce(lookup, '') !~ '^[a-z0-9_]{1,40}$' THEN
        RAISE invalid_name USING MESSAGE = format('invalid look-up name: "%s"', coalesce(lookup, 'null')),
            HINT = 'A look-up''s name has 1 to 40 lower-case letters, digits and underscores.';
    ELSIF coalesce(on_illegal, '') NOT IN ('report', 'walk') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" is no value of on_illegal', on_illegal),
            HINT = gpsync_internal.name_hint(coalesce(on_illegal, ''), 'values', '{report,walk}'::text[]);
    ELSIF every < interval '1 second' OR every > interval '100 years' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'every must be at least a second, and 100 years at most',
            HINT = 'NULL: on demand alone.';
    END IF;
    PERFORM gpsync_internal.refuse_lookup_columns(columns);
    target := gpsync_internal.lookup_target(relation, columns);
    IF NOT pg_has_role(caller, target.owner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', relation),
            DETAIL = 'Answers are written as the table''s owner.';
    END IF;
    PERFORM gpsync_internal.refuse_lookup_endpoint(endpoint, caller);
    PERFORM gpsync_internal.lock_stream_creation();
    IF EXISTS (SELECT FROM gpsync.lookup AS l WHERE l.lookup = create_lookup_as.lookup) THEN
        RAISE duplicate_object USING MESSAGE = format('look-up "%s" already exists', lookup);
    END IF;
    INSERT INTO gpsync.lookup (lookup, relation, endpoint, columns, every, on_illegal, owner)
        VALUES (lookup, relation, endpoint, columns, every, on_illegal, pg_get_userbyid(caller));
    INSERT INTO gpsync.lookup_state (lookup) VALUES (lookup);
    PERFORM gpsync_internal.warn_of_expiry(relation, target.pan_expiry);
    IF gpsync_internal.lookup_stream(relation) IS NULL THEN
        RAISE WARNING USING MESSAGE = format('nobody runs look-up "%s" yet: no stream books table %s', lookup,
            relation),
            HINT = 'The relay of the stream that books the table asks: gpsync.create_stream().';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_lookup_as(oid, text, regclass, text, jsonb, interval, text) IS
    'create_lookup() on behalf of a role';

CREATE FUNCTION gpsync.create_lookup(lookup text, relation regclass, endpoint text, columns jsonb,
    every interval DEFAULT '1 day', on_illegal text DEFAULT 'report') RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.create_lookup(text, regclass, text, jsonb, interval, text) IS
    'Has a token system asked, once a period and on demand, for the state of the tokens in an attached table. '
    'endpoint: a server of protocol token-lookup. columns: {"status": column, "panStatus": column, "panExpiry": '
    'column, "tokenId": the column that identifies a row (default: the key), "suspendedBy": a text[]}. every NULL: on '
    'demand alone. on_illegal: report (a move that the machine forbids becomes a row of lookup_conflicts) or walk (the '
    'shortest legal path). The caller owns the table. Errors: 42602, 22023 arguments; 55000 not attached, no unique '
    'index; 42703 and 42804 columns; 42704 and 42809 the endpoint; 42501; 42710 there is one';

CREATE FUNCTION gpsync_internal.known_lookup(lookup text) RETURNS gpsync.lookup
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    found gpsync.lookup;
BEGIN
    SELECT * INTO found FROM gpsync.lookup AS l WHERE l.lookup = known_lookup.lookup;
    IF found.lookup IS NULL THEN
        RAISE undefined_object USING MESSAGE = format('look-up "%s" does not exist', coalesce(lookup, 'null')),
            HINT = coalesce(nullif(gpsync_internal.name_hint(coalesce(lookup, ''), 'look-ups',
                array(SELECT l.lookup FROM gpsync.lookup AS l ORDER BY 1)), ''),
                'There is no look-up; see gpsync.create_lookup().');
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION gpsync_internal.known_lookup(text) IS 'A look-up by its name. Errors: 42704 with the nearest name';

CREATE FUNCTION gpsync_internal.set_lookup_paused(lookup text, paused boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.known_lookup(lookup);
    UPDATE gpsync.lookup AS l SET paused = set_lookup_paused.paused
    WHERE l.lookup = set_lookup_paused.lookup AND l.paused <> set_lookup_paused.paused;
    IF NOT FOUND THEN
        RAISE NOTICE 'look-up "%" is % already', lookup, CASE WHEN paused THEN 'paused' ELSE 'running' END;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_lookup_paused(text, boolean) IS 'Pauses a look-up or lets it go on';

CREATE FUNCTION gpsync_internal.pause_lookup_as(caller oid, lookup text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.set_lookup_paused(lookup, true) $$;
COMMENT ON FUNCTION gpsync_internal.pause_lookup_as(oid, text) IS 'pause_lookup() on behalf of a role';

CREATE FUNCTION gpsync.pause_lookup(lookup text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.pause_lookup(text) IS
    'Asks for no token within about a second, until resume_lookup(); what is asked for meanwhile waits. Errors: 42704 '
    'no such look-up';

CREATE FUNCTION gpsync_internal.resume_lookup_as(caller oid, lookup text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT gpsync_internal.set_lookup_paused(lookup, false) $$;
COMMENT ON FUNCTION gpsync_internal.resume_lookup_as(oid, text) IS 'resume_lookup() on behalf of a role';

CREATE FUNCTION gpsync.resume_lookup(lookup text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resume_lookup(text) IS
    'Goes on with a look-up that was paused, from where it was. Errors: 42704 no such look-up';

CREATE FUNCTION gpsync_internal.drop_lookup_as(caller oid, lookup text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.known_lookup(lookup);
    DELETE FROM gpsync.lookup AS l WHERE l.lookup = drop_lookup_as.lookup;
    DELETE FROM gpsync.lookup_report AS r WHERE r.lookup = drop_lookup_as.lookup;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_lookup_as(oid, text) IS 'drop_lookup() on behalf of a role';

CREATE FUNCTION gpsync.drop_lookup(lookup text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_lookup(text) IS
    'Ends a look-up, with its conflicts and what was to be asked; rows stay as they are. Errors: 42704 no such look-up';

-- For who may read all rows, and update them. They are read as the table's owner, whose index predicates run.
CREATE FUNCTION gpsync_internal.lookup_now_as(caller oid, lookup text, keys text[]) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
        SET enable_hashjoin = off SET enable_mergejoin = off
    AS $$
DECLARE
    of gpsync.lookup := gpsync_internal.known_lookup(lookup);
    target gpsync_internal.lookup_target := gpsync_internal.lookup_target(of.relation, of.columns);
    found text[];
    missing bigint;
BEGIN
    IF NOT (has_any_column_privilege(caller, of.relation, 'UPDATE')
            AND gpsync_internal.may_read_rows(caller, of.relation) AND (
                SELECT has_schema_privilege(caller, c.relnamespace, 'USAGE') FROM pg_class AS c
                WHERE c.oid = of.relation)) THEN
        RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %s', of.relation),
            HINT = 'lookup_now() needs SELECT, of all rows, and UPDATE.';
    ELSIF keys IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'keys cannot be NULL',
            HINT = format('SELECT gpsync.lookup_now(%L, ''{...}'')', lookup);
    END IF;
    found := array(SELECT q.t FROM gpsync_internal.query_as(target.owner, format(
        'SELECT DISTINCT t.%I::pg_catalog.text FROM (SELECT e AS t FROM pg_catalog.jsonb_array_elements_text($1) AS e '
        'WHERE e IS NOT NULL) AS k JOIN %s AS t ON %s', target.key, target.relation, target.is_key), to_jsonb(keys))
        AS q (t text));
    INSERT INTO gpsync.lookup_request (lookup, token_id) SELECT of.lookup, f FROM unnest(found) AS f;
    DELETE FROM gpsync.lookup_conflict AS c
    WHERE c.lookup = of.lookup AND c.token_id = ANY (keys) AND c.token_id <> ALL (found);
    missing := (SELECT count(DISTINCT k) FROM unnest(keys) AS k) - cardinality(found);
    IF missing > 0 OR array_position(keys, NULL) IS NOT NULL THEN
        RAISE NOTICE 'table % has no row of % of the keys', of.relation, greatest(missing, 1);
    END IF;
    RETURN cardinality(found);
END $$;
COMMENT ON FUNCTION gpsync_internal.lookup_now_as(oid, text, text[]) IS 'lookup_now() on behalf of a role';

CREATE FUNCTION gpsync.lookup_now(lookup text, keys text[]) RETURNS bigint
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.lookup_now(text, text[]) IS
    'Has these tokens asked for before those of the period, after the COMMIT of the calling transaction. Waits for '
    'nobody. Out: how many of the keys have a row. The caller needs SELECT and UPDATE on the table. Errors: 42704 no '
    'such look-up; 42501, also where row-level security applies to the caller; 22004; those of a key that is none of '
    'its type';

-- The token is what the row has in the look-up's column, which may be another one than the key, in the column's own
-- spelling. It is read as the table's owner; the caller has seen the row.
CREATE FUNCTION gpsync_internal.ask_token_system_as(caller oid, relation regclass, key text) RETURNS bigint[]
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
        SET enable_bitmapscan = off
    AS $$
DECLARE
    asked gpsync.lookup;
    target gpsync_internal.lookup_target;
    is_row text;
    request bigint;
    requests bigint[] := '{}';
BEGIN
    IF NOT (has_any_column_privilege(caller, relation, 'UPDATE')
            AND has_any_column_privilege(caller, relation, 'SELECT')) THEN
        RETURN requests;
    END IF;
    SELECT gpsync_internal.token_condition(a.attname, a.atttypid,
               gpsync_internal.ordering_operator(gpsync_internal.base_type(a.atttypid), 3), '($1 #>> ''{}'')')
    INTO is_row
    FROM gpsync.attached_tables AS t JOIN pg_attribute AS a ON a.attrelid = t.relation
    WHERE t.relation = ask_token_system_as.relation AND a.attname = t.key_columns[1];
    FOR asked IN SELECT * FROM gpsync.lookup AS l WHERE l.relation = ask_token_system_as.relation ORDER BY l.lookup LOOP
        -- doctor() says what is wrong with it.
        CONTINUE WHEN gpsync_internal.lookup_problem(asked.relation, asked.columns) IS NOT NULL;
        target := gpsync_internal.lookup_target(asked.relation, asked.columns);
        INSERT INTO gpsync.lookup_request (lookup, token_id)
        SELECT asked.lookup, q.token FROM gpsync_internal.query_as(target.owner, format(
            'SELECT t.%I::pg_catalog.text FROM %s AS t WHERE %s', target.key, target.relation, is_row), to_jsonb(key))
            AS q (token text) WHERE q.token IS NOT NULL
        RETURNING id INTO request;
        -- What is paused is asked for later: nobody waits for that.
        requests := requests || CASE WHEN NOT asked.paused THEN request END;
    END LOOP;
    RETURN array_remove(requests, NULL);
END $$;
COMMENT ON FUNCTION gpsync_internal.ask_token_system_as(oid, regclass, text) IS
    'ask_token_system() on behalf of a role';

CREATE FUNCTION gpsync_internal.ask_token_system(relation regclass, key text) RETURNS bigint[]
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.ask_token_system(regclass, text) IS
    'For sync_token_status(): every look-up of a table asks for the token of the row with this key, if the caller may '
    'update the table. Out: the requests, without those of paused look-ups';

CREATE FUNCTION gpsync_internal.token_is_asked_as(caller oid, relation regclass, requests bigint[]) RETURNS boolean
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (SELECT FROM gpsync.lookup_request AS r JOIN gpsync.lookup AS l ON l.lookup = r.lookup
               WHERE r.id = ANY (requests) AND l.relation = token_is_asked_as.relation) $$;
COMMENT ON FUNCTION gpsync_internal.token_is_asked_as(oid, regclass, bigint[]) IS
    'token_is_asked() on behalf of a role';

CREATE FUNCTION gpsync_internal.token_is_asked(relation regclass, requests bigint[]) RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.token_is_asked(regclass, bigint[]) IS
    'For sync_token_status_now(): whether one of the requests of ask_token_system() waits for its answer';

REVOKE ALL ON FUNCTION gpsync_internal.lookup_members(), gpsync_internal.lookup_stream(regclass),
    gpsync_internal.lookup_column(regclass, text, text), gpsync_internal.is_token_type(oid),
    gpsync_internal.identifies_token(regclass, pg_attribute),
    gpsync_internal.token_condition(name, oid, text, text),
    gpsync_internal.refuse_lookup_key(regclass, pg_attribute), gpsync_internal.lookup_target(regclass, jsonb),
    gpsync_internal.refuse_lookup_columns(jsonb), gpsync_internal.refuse_lookup_endpoint(text, oid),
    gpsync_internal.warn_of_expiry(regclass, name),
    gpsync_internal.create_lookup_as(oid, text, regclass, text, jsonb, interval, text),
    gpsync.create_lookup(text, regclass, text, jsonb, interval, text), gpsync_internal.known_lookup(text),
    gpsync_internal.set_lookup_paused(text, boolean), gpsync_internal.pause_lookup_as(oid, text),
    gpsync.pause_lookup(text), gpsync_internal.resume_lookup_as(oid, text), gpsync.resume_lookup(text),
    gpsync_internal.drop_lookup_as(oid, text), gpsync.drop_lookup(text),
    gpsync_internal.lookup_now_as(oid, text, text[]), gpsync.lookup_now(text, text[]),
    gpsync_internal.ask_token_system_as(oid, regclass, text), gpsync_internal.ask_token_system(regclass, text),
    gpsync_internal.token_is_asked_as(oid, regclass, bigint[]),
    gpsync_internal.token_is_asked(regclass, bigint[]) FROM PUBLIC;
