-- load_row(): an operator inserts rows whose first state is not an initial one.

CREATE FUNCTION gpsync_internal.begin_load(relation regclass) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_begin_load';
COMMENT ON FUNCTION gpsync_internal.begin_load(regclass) IS
    'Lets one row enter an attached table in any state of its machine, until end_load() or the end of the '
    '(sub)transaction. Errors: 55000 not attached';

CREATE FUNCTION gpsync_internal.end_load() RETURNS void LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_end_load';
COMMENT ON FUNCTION gpsync_internal.end_load() IS 'Ends begin_load()';

CREATE FUNCTION gpsync_internal.load_columns(relation regclass, "row" jsonb) RETURNS name[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    unknown text;
    known name[] := array(SELECT a.attname FROM pg_attribute AS a
                          WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                              ORDER BY a.attnum);
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation) THEN
        RAISE undefined_table USING MESSAGE = format('there is no table with OID %s', relation::oid);
    ELSIF jsonb_typeof("row") <> 'object' OR "row" = '{}' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a row is a JSON object of its columns',
            HINT = 'SELECT to_jsonb(t) FROM ... AS t gives one.';
    END IF;
    SELECT k INTO unknown FROM jsonb_object_keys("row") AS k
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname = k) LIMIT 1;
    IF FOUND THEN
        RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', unknown, relation),
            HINT = gpsync_internal.name_hint(unknown, 'columns', known::text[]);
    END IF;
    RETURN array(SELECT c FROM unnest(known) AS c WHERE "row" ? c::text
        AND c NOT IN ('sync_status', 'last_sync_timestamp', 'sync_revision'));
END $$;
COMMENT ON FUNCTION gpsync_internal.load_columns(regclass, jsonb) IS
    'The columns that load_row() writes: those that the row gives, without generated ones and those that gpsync '
    'writes. Errors: 42703, 22023';

CREATE FUNCTION gpsync.load_row(relation regclass, "row" jsonb) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    columns name[] := gpsync_internal.load_columns(relation, "row");
BEGIN
    PERFORM gpsync_internal.begin_load(relation);
    EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM jsonb_populate_record(NULL::%1$s, $1) '
                   'AS r', relation,
                   (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY
                       AS u (c, n)),
                   (SELECT string_agg(format('r.%I', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY
                       AS u (c, n))) USING "row";
    PERFORM gpsync_internal.end_load();
END $$;
COMMENT ON FUNCTION gpsync.load_row(regclass, jsonb) IS
    'For operators: inserts a row in any state of its table''s machine (a move between tables, a restore), which '
    'INSERT refuses; the row as to_jsonb() gives it, columns left out get their defaults. It is stamped and sent as '
    'any new row, its next transitions are checked, and the server log has the table, the state and the role. The '
    'caller needs INSERT on the table. Errors: 55000 not attached; 42703 no such column; 23514 no state of the '
    'machine; those of INSERT';

REVOKE ALL ON FUNCTION gpsync_internal.begin_load(regclass), gpsync_internal.end_load(),
    gpsync_internal.load_columns(regclass, jsonb),
    gpsync.load_row(regclass, jsonb) FROM PUBLIC;
