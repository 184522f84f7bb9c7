-- After compare_ledger.sql: one line for both tables, then up to five of the differences.
CREATE TEMP TABLE difference AS
    SELECT 'provision_status' AS relation, d.* FROM pg_temp.ledger_differences('provision_status') AS d
    UNION ALL
    SELECT 'token_status', d.* FROM pg_temp.ledger_differences('token_status') AS d;
SELECT format('%s rows of provision_status and %s of token_status compared with %s ledger entries: %s differ',
              (SELECT count(*) FROM provision_status), (SELECT count(*) FROM token_status),
              (SELECT count(*) FROM ledger_line WHERE NOT (line ->> 'deleted')::boolean),
                  (SELECT count(*) FROM difference));
SELECT relation, key, difference, in_table, in_ledger FROM difference LIMIT 5;
