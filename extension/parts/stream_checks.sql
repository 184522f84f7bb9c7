-- What create_stream() refuses: settings, publications, endpoints, a second stream that books the same rows.

-- The server's side: everything that is wrong for every stream.
CREATE FUNCTION gpsync_internal.refuse_no_logical_decoding() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    plugins text := current_setting('output_plugin_libraries', true);  -- NULL: an older minor release
BEGIN
    IF pg_is_in_recovery() THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = 'recovery is in progress',
            HINT = 'Create the stream on the primary.';
    END IF;
    IF current_setting('wal_level') <> 'logical' THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('streams need wal_level "logical", and it is "%s"', current_setting('wal_level')),
            HINT = 'ALTER SYSTEM SET wal_level = logical; then restart the server.';
    END IF;
    IF NOT 'gpsync_decoder' = ANY (gpsync_internal.setting_list(plugins)) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'output plugin "gpsync_decoder" is not in output_plugin_libraries',
            DETAIL = format('output_plugin_libraries is "%s".', plugins),
            HINT = gpsync_internal.output_plugins_fix(plugins);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_no_logical_decoding() IS
    'Raises 55000 when the server cannot decode with gpsync_decoder: recovery, wal_level, output_plugin_libraries';

CREATE FUNCTION gpsync_internal.setting_list(setting text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT array(SELECT btrim(btrim(entry), '"') FROM regexp_split_to_table(setting, ',') AS entry
        WHERE btrim(entry) <> '') $$;
COMMENT ON FUNCTION gpsync_internal.setting_list(text) IS
    'The entries of a setting that is a list of names, as output_plugin_libraries is; null for null';

CREATE FUNCTION gpsync_internal.output_plugins_fix(setting text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'ALTER SYSTEM SET output_plugin_libraries = '
       || (SELECT string_agg(quote_ident(entry), ', ')
           FROM unnest(gpsync_internal.setting_list(setting) || 'gpsync_decoder'::text) AS entry)
       || '; SELECT pg_reload_conf();' $$;
COMMENT ON FUNCTION gpsync_internal.output_plugins_fix(text) IS
    'The SQL that adds gpsync_decoder to output_plugin_libraries; a list, since one quoted string would be one name';

-- pg_get_publication_tables() opens the tables, from PostgreSQL 16 on, and waits for whoever has locked one.
CREATE FUNCTION gpsync_internal.published_tables(publication oid) RETURNS SETOF regclass
    LANGUAGE sql STABLE STRICT ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
WITH named AS MATERIALIZED (
    SELECT r.prrelid AS oid FROM pg_publication_rel AS r WHERE r.prpubid = publication
    UNION
    SELECT c.oid FROM pg_publication_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.pnnspid
    WHERE n.pnpubid = publication AND c.relkind IN ('r', 'p') AND pg_relation_is_publishable(c.oid)
    UNION
    SELECT c.oid FROM pg_publication AS p, pg_class AS c
    WHERE p.oid = publication AND p.puballtables AND c.relkind IN ('r', 'p') AND pg_relation_is_publishable(c.oid)),
shown AS (SELECT p.pubviaroot AS as_root FROM pg_publication AS p WHERE p.oid = publication)
SELECT n.oid::regclass FROM named AS n, shown AS p
WHERE p.as_root AND NOT EXISTS (SELECT FROM pg_partition_ancestors(n.oid) AS a JOIN named AS m ON m.oid = a.relid
                                 WHERE m.oid <> n.oid)
UNION
SELECT t.relid FROM named AS n, shown AS p, gpsync_internal.partitions(n.oid) AS t
WHERE NOT p.as_root AND t.isleaf $$;
COMMENT ON FUNCTION gpsync_internal.published_tables(oid) IS
    'What pg_get_publication_tables() gives for a publication, without a lock: with publish_via_partition_root the '
    'topmost tables that it names, otherwise the leaves of all';

CREATE FUNCTION gpsync_internal.publication_relations(publication name) RETURNS SETOF regclass
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT DISTINCT part.relid
FROM pg_publication AS p, LATERAL gpsync_internal.published_tables(p.oid) AS t
JOIN pg_class AS c ON c.oid = t
CROSS JOIN LATERAL gpsync_internal.partitions(t) AS part
WHERE p.pubname = publication AND part.isleaf AND c.relnamespace <> 'gpsync'::regnamespace $$;
COMMENT ON FUNCTION gpsync_internal.publication_relations(name) IS
    'The tables a publication publishes, partitioned ones as their leaves, gpsync''s own never; nothing when there is '
    'no such publication';

CREATE FUNCTION gpsync_internal.refuse_bad_publication(publication name, caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of record;
BEGIN
    IF publication IS NULL THEN
        RETURN;
    END IF;
    SELECT p.oid, p.puballtables OR EXISTS (SELECT FROM pg_publication_namespace AS n WHERE n.pnpubid = p.oid)
        AS open_ended
    INTO of FROM pg_publication AS p WHERE p.pubname = publication;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('publication "%s" does not exist', publication),
            HINT = format('Attach a table to it first: SELECT gpsync.attach(''TABLE'', publication => %L); or CREATE '
                          'PUBLICATION %I FOR TABLE ...',
                          publication, publication);
    END IF;
    IF of.open_ended AND NOT pg_has_role(caller, 'pg_read_all_data', 'USAGE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied to stream publication "%s"', publication),
            DETAIL = 'A publication FOR ALL TABLES or FOR TABLES IN SCHEMA takes the privileges of pg_read_all_data.';
    END IF;
    PERFORM gpsync_internal.refuse_unreadable(publication, caller);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_publication(name, oid) IS
    'Raises, unless it is NULL, when a publication does not exist, or publishes rows that the caller may not read';

CREATE FUNCTION gpsync_internal.refuse_bad_topics(topics text[], publication name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    topic text;
BEGIN
    IF cardinality(topics) = 0 AND publication IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a stream needs a publication, or topics, or both',
            HINT = 'SELECT gpsync.create_stream(..., publication => NULL, topics => ''{audit}'')';
    ELSIF array_ndims(topics) > 1 OR array_position(topics, NULL) IS NOT NULL OR cardinality(topics) > 64 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the topics of a stream are a list of at most 64 names';
    END IF;
    FOREACH topic IN ARRAY topics LOOP
        IF NOT gpsync_internal.is_topic(topic) THEN
            RAISE invalid_name USING MESSAGE = format('invalid topic: "%s"', topic),
                HINT = 'A topic is 1 to 63 lower-case letters, digits and . _ -, and does not begin with . or -.';
        ELSIF gpsync.has_pii(to_jsonb(topic)) THEN
            RAISE invalid_name USING MESSAGE = 'a topic looks like personal data',
                DETAIL = 'The name of a topic is in every event of it.';
        END IF;
    END LOOP;
    SELECT t INTO topic FROM unnest(topics) AS t GROUP BY t HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = format('topic "%s" is given more than once', topic);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_topics(text[], name) IS
    'Raises 42602 for a name that is no topic''s, 22023 for a list that is none, or for a stream of nothing';

CREATE FUNCTION gpsync_internal.refuse_bad_endpoints(endpoints text[], caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    endpoint text;
BEGIN
    IF cardinality(endpoints) = 0 OR array_ndims(endpoints) > 1 OR array_position(endpoints, NULL) IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a stream needs at least one endpoint, as a list of names',
            HINT = 'SELECT gpsync.create_stream(''legacy'', endpoints => ''{nws,ods}'')';
    END IF;
    IF cardinality(endpoints) > 64 THEN
        RAISE program_limit_exceeded USING MESSAGE = format('a stream has at most 64 endpoints, not %s',
                                                            cardinality(endpoints)),
            HINT = 'Create another stream for the rest, with bookkeeping => false.';
    END IF;
    SELECT e INTO endpoint FROM unnest(endpoints) AS e GROUP BY e HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = format('endpoint "%s" is given more than once', endpoint);
    END IF;
    PERFORM gpsync_internal.refuse_bad_servers(endpoints, caller);
    SELECT e INTO endpoint FROM unnest(endpoints) AS e
    WHERE gpsync_internal.endpoint_protocol(e) = 'token-lookup' LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING MESSAGE = format('endpoint "%s" takes no events', endpoint),
            DETAIL = 'Its protocol is "token-lookup": it is asked for the state of tokens.',
            HINT = 'gpsync.create_lookup() takes it.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_endpoints(text[], oid) IS
    'Raises unless every endpoint is named once and is a server of wrapper gpsync_http that the caller may use, and '
    'that takes events';

CREATE FUNCTION gpsync_internal.endpoint_protocol(endpoint text) RETURNS text
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.endpoint_settings(s.srvoptions) ->> 'protocol'
FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
WHERE w.fdwname = 'gpsync_http' AND s.srvname = endpoint $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_protocol(text) IS
    'What an endpoint understands: the option protocol of its server; NULL: there is no such endpoint';

CREATE FUNCTION gpsync_internal.refuse_bad_servers(endpoints text[], caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    endpoint text;
    server record;
BEGIN
    FOREACH endpoint IN ARRAY endpoints LOOP
        SELECT s.oid, w.fdwname INTO server
        FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw WHERE s.srvname = endpoint;
        IF NOT FOUND THEN
            RAISE undefined_object USING MESSAGE = format('endpoint "%s" does not exist', endpoint),
                HINT = coalesce(nullif(gpsync_internal.name_hint(endpoint, 'endpoints', array(
                    SELECT s.srvname FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
                    WHERE w.fdwname = 'gpsync_http' ORDER BY 1)), ''),
                    format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')',
                        endpoint));
        ELSIF server.fdwname <> 'gpsync_http' THEN
            RAISE wrong_object_type USING MESSAGE = format('server "%s" is not an endpoint', endpoint),
                DETAIL = format('It is a server of foreign data wrapper "%s", and endpoints are of wrapper '
                                '"gpsync_http".', server.fdwname);
        ELSIF NOT has_server_privilege(caller, server.oid, 'USAGE') THEN
            RAISE insufficient_privilege USING MESSAGE = format('permission denied for foreign server %s', endpoint),
                HINT = format('GRANT USAGE ON FOREIGN SERVER %I TO %I', endpoint, pg_get_userbyid(caller));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_servers(text[], oid) IS
    'Raises unless every endpoint is a server of wrapper gpsync_http that the caller may use';

CREATE FUNCTION gpsync_internal.refuse_second_booking(stream text, publication name, partition text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    booked record;
BEGIN
    SELECT r AS relation, s.stream INTO booked
    FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r
    WHERE s.bookkeeping AND s.stream <> refuse_second_booking.stream
        AND NOT coalesce(s.publication = refuse_second_booking.publication
            AND s.partition <> refuse_second_booking.partition
            AND gpsync_internal.partition_count(s.partition)
                = gpsync_internal.partition_count(refuse_second_booking.partition), false)
        AND r IN (SELECT gpsync_internal.publication_relations(refuse_second_booking.publication))
    ORDER BY r::text LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('table %s is booked by stream "%s" already', booked.relation, booked.stream),
            DETAIL = 'Its sync_status can say what became of one stream only.',
            HINT = CASE WHEN partition IS NULL THEN 'Create this stream with bookkeeping => false.'
                ELSE 'The partitions of a set have one publication and one count, and each is in one stream.' END;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_second_booking(text, name, text) IS
    'Raises 55000 when a table of the publication is booked by another stream, unless that is another partition of '
    'the same set';

CREATE FUNCTION gpsync_internal.refuse_writing_transaction(call text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE active_sql_transaction USING
            MESSAGE = format('%s must not run in a transaction that has written', call),
            HINT = 'Call it in a transaction of its own.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_writing_transaction(text) IS 'Raises 25001 when the transaction has written';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_no_logical_decoding(), gpsync_internal.setting_list(text),
    gpsync_internal.output_plugins_fix(text), gpsync_internal.published_tables(oid),
    gpsync_internal.publication_relations(name),
        gpsync_internal.refuse_bad_publication(name, oid),
    gpsync_internal.refuse_bad_topics(text[], name),
    gpsync_internal.refuse_bad_endpoints(text[], oid),
    gpsync_internal.endpoint_protocol(text), gpsync_internal.refuse_bad_servers(text[], oid),
    gpsync_internal.refuse_second_booking(text, name, text),
    gpsync_internal.refuse_writing_transaction(text) FROM PUBLIC;
