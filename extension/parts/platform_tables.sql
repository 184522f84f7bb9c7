-- create_platform_tables(): the tables of the platform for those who have none yet. They are the caller's, no members
-- of the extension. Their pages keep room for the bookkeeping, which updates every row once more (HOT).

CREATE FUNCTION gpsync_internal.create_platform_table(relation text, machine text, definition text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF to_regclass(relation) IS NULL THEN
        EXECUTE format('CREATE TABLE %s (%s) WITH (fillfactor = 70)', relation, definition);
    ELSIF EXISTS (SELECT FROM gpsync.attached_tables AS a
        WHERE a.relation = to_regclass(create_platform_table.relation)) THEN
        RAISE NOTICE 'table % is already attached, skipping', relation;
        RETURN;
    ELSE
        RAISE NOTICE 'table % already exists, attaching it', relation;
    END IF;
    PERFORM gpsync.attach(relation::regclass, machine);
END $$;
COMMENT ON FUNCTION gpsync_internal.create_platform_table(text, text, text) IS
    'Creates and attaches one table; relation is its quoted name. An existing one is only attached, an attached one '
    'left alone';

CREATE FUNCTION gpsync_internal.scrub_partner_data(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    has_metadata boolean := EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = 'metadata'
        AND NOT a.attisdropped AND a.atttypid = 'jsonb'::regtype);
BEGIN
    -- Where it is scrubbed already, the owner may have chosen another policy.
    IF NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = relation
        AND t.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure) THEN
        PERFORM gpsync.scrub_on_write(relation, 'data', metadata_column => CASE WHEN has_metadata
            THEN 'metadata'::name END);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.scrub_partner_data(regclass) IS
    'Has partner documents scrubbed by payments@1 as they are written, with their metadata where the table has a jsonb '
    'column for it';

CREATE FUNCTION gpsync.create_platform_tables(target_schema name DEFAULT 'public') RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF to_regnamespace(quote_ident(target_schema)) IS NULL THEN
        RAISE invalid_schema_name USING MESSAGE = format('schema "%s" does not exist', target_schema);
    END IF;
    PERFORM gpsync_internal.create_platform_table(format('%I.provision_status', target_schema), 'provision',
        'provision_id VARCHAR(64) PRIMARY KEY, status VARCHAR(20) NOT NULL, detail JSONB, last_updated TIMESTAMP,
         sync_status VARCHAR(20), last_sync_timestamp TIMESTAMPTZ');
    PERFORM gpsync_internal.create_platform_table(format('%I.token_status', target_schema), 'provision',
        'token_id VARCHAR(64) PRIMARY KEY, status VARCHAR(20), last_updated TIMESTAMP, sync_status VARCHAR(20)');
    PERFORM gpsync_internal.create_platform_table(format('%I.partner_data', target_schema), NULL,
        'partner_id VARCHAR(64) PRIMARY KEY, data JSONB, metadata JSONB');
    PERFORM gpsync_internal.scrub_partner_data(format('%I.partner_data', target_schema)::regclass);
END $$;
COMMENT ON FUNCTION gpsync.create_platform_tables(name) IS
    'Creates provision_status, token_status (machine provision) and partner_data (no status) in a schema and attaches '
    'them; those that exist are only attached, those that are attached left alone. Documents in partner_data.data are '
    'scrubbed by payments@1 as they are written, unless scrub_on_write() was called for it before. They belong to the '
    'caller. Errors: 3F000 no such schema, and those of attach()';

REVOKE ALL ON FUNCTION gpsync_internal.create_platform_table(text, text, text),
    gpsync_internal.scrub_partner_data(regclass),
    gpsync.create_platform_tables(name) FROM PUBLIC;
