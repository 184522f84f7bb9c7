\set ECHO none
-- An error with every field a client can see, databases' OIDs left out. Tests include this file (sql/include).
CREATE FUNCTION error_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text; detail text; hint text;
    of_schema text; of_table text; of_column text; of_constraint text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT, of_schema = SCHEMA_NAME, of_table = TABLE_NAME, of_column = COLUMN_NAME,
        of_constraint = CONSTRAINT_NAME;
    RETURN regexp_replace(
        concat_ws(E'\n', state || ': ' || message, 'DETAIL: ' || nullif(detail, ''), 'HINT: ' || nullif(hint, ''),
                  'ABOUT: ' || nullif(concat_ws('.', nullif(of_schema, ''), nullif(of_table, ''),
                                                nullif(of_column, ''), nullif(of_constraint, '')), '')),
        'gpsync_\d+_', 'gpsync_DB_', 'g');
END $$;
\set ECHO all
