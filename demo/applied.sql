-- What NWS does with the events that it has taken: legacy's own table follows. Here they come from its ledger, a file
-- that demo/verify.sh names. Events have no document with PII, so legacy keeps the documents that it has.
CREATE TEMP TABLE ledger_line (line jsonb);
\copy ledger_line FROM pstdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
CREATE TEMP TABLE taken AS
    SELECT line #>> '{data,key,provision_id}' AS prov_id, (line ->> 'deleted')::boolean AS deleted,
           array_position(ARRAY['RECEIVED', 'PROCESSING', 'COMPLETED', 'VERIFIED', 'ELIGIBLE'],
                          line #>> '{data,row,status}') AS stat,
           line #>> '{data,row,device}' AS dev_name, (line #>> '{data,row,enrolled}')::timestamptz AS enrolled,
           line #> '{data,row,partner}' AS partner
    FROM ledger_line;
CREATE UNIQUE INDEX ON taken (prov_id);
ANALYZE taken;
DELETE FROM prov AS p USING taken AS t WHERE p.prov_id = t.prov_id AND t.deleted;
UPDATE prov AS p SET stat = t.stat, dev_name = t.dev_name, enrolled = t.enrolled
    FROM taken AS t WHERE p.prov_id = t.prov_id AND NOT t.deleted;
INSERT INTO prov SELECT t.prov_id, t.stat, t.dev_name, t.enrolled, t.partner FROM taken AS t
    WHERE NOT t.deleted AND NOT EXISTS (SELECT FROM prov AS p WHERE p.prov_id = t.prov_id);
