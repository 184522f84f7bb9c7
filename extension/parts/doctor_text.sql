-- What names become in the texts of fixes, which somebody copies and runs: a name ends no comment and no quotes.

-- Names that need no quotes stay as they are.
CREATE FUNCTION gpsync_internal.shell_word(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT '''' || replace(word, '''', '''' || chr(92) || '''''') || '''' $$;
COMMENT ON FUNCTION gpsync_internal.shell_word(text) IS 'Text as one word of a shell';

CREATE FUNCTION gpsync_internal.conninfo_value(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN value ~ '^[A-Za-z0-9_]+$' THEN value
            ELSE '''' || replace(replace(value, chr(92), chr(92) || chr(92)), '''', chr(92) || '''') || '''' END $$;
COMMENT ON FUNCTION gpsync_internal.conninfo_value(text) IS 'Text as a value in a connection string of libpq';

CREATE FUNCTION gpsync_internal.in_comment(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT translate(words, chr(10) || chr(13), '  ') $$;
COMMENT ON FUNCTION gpsync_internal.in_comment(text) IS
    'Text for a comment that begins with two dashes, without the ends of lines that would end it';

REVOKE ALL ON FUNCTION gpsync_internal.shell_word(text), gpsync_internal.conninfo_value(text),
    gpsync_internal.in_comment(text) FROM PUBLIC;
