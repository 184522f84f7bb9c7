-- What the workload needs beside the platform's tables; none of it is streamed.
CREATE SCHEMA demo;
CREATE TABLE demo.provision AS
    SELECT row_number() OVER (ORDER BY provision_id) - 1 AS n, provision_id FROM provision_status;
CREATE UNIQUE INDEX ON demo.provision (n);
ANALYZE demo.provision;
CREATE SEQUENCE demo.step MINVALUE 0;
CREATE TABLE demo.refusal (message text);

-- Tries to move a provisioning to a state it may not move to. That it is refused is what counts.
CREATE FUNCTION demo.try_illegal_move(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    key   text := (SELECT provision_id FROM demo.provision WHERE n = wanted);
    moved boolean;
BEGIN
    BEGIN
        UPDATE provision_status
        SET status = CASE status WHEN 'RECEIVED' THEN 'VERIFIED' WHEN 'PROCESSING' THEN 'ELIGIBLE' ELSE 'PROCESSING' END
        WHERE provision_id = key;
        moved := FOUND;
    EXCEPTION WHEN check_violation THEN
        INSERT INTO demo.refusal VALUES (SQLERRM);
        RETURN;
    END;
    IF moved THEN
        RAISE EXCEPTION 'an illegal move of % went through', key;
    END IF;
END $$;

CREATE VIEW demo.progress AS
SELECT (SELECT CASE WHEN is_called THEN last_value + 1 ELSE 0 END FROM demo.step) AS steps,
       count(*) FILTER (WHERE sync_status = 'PENDING') AS pending,
       count(*) FILTER (WHERE sync_status = 'COMPLETED') AS completed,
       (SELECT round(lag_seconds::numeric, 1) FROM gpsync.stream_status WHERE stream = 'legacy') AS lag
FROM (SELECT sync_status FROM provision_status UNION ALL SELECT sync_status FROM token_status) AS platform;
