-- What stands for the application in the fourth act: it asks where each request goes, and says how the request ended.
CREATE PROCEDURE demo.send_requests(rounds integer, failing double precision) LANGUAGE plpgsql AS $$
BEGIN
    FOR round IN 1..rounds LOOP
        PERFORM gpsync.record_outcome('cutover', random() >= failing)
        FROM generate_series(1, 2000) AS n WHERE gpsync.route('cutover', 'prov_' || n);
        COMMIT;
        EXIT WHEN (SELECT state FROM gpsync.ramp_status WHERE ramp = 'cutover') = 'rolled_back';
        PERFORM pg_sleep(0.05);
    END LOOP;
END $$;

-- The ramp of a year in half a minute: a step is due every three seconds.
SELECT gpsync.create_ramp('cutover', first => 1, step => 33, every => '3 s', min_requests => 300,
    gates => '{"breaker": "closed", "lag": "60s"}', stream => 'legacy');

SELECT gpsync.track_batches('provision_status');
SELECT gpsync.generate_test_data('provision_status', 5000, 'wave_');
CREATE TABLE demo.before_wave AS
    SELECT provision_id, status FROM provision_status WHERE provision_id LIKE 'wave\_%';
