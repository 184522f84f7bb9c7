-- The third act's table: wallets, some of which fail, more often on one operating system. A history of their status and
-- an analytical copy follow by themselves: the supervisor starts the relay of stream gpsync_local.
\set QUIET on
SET client_min_messages = warning;
CREATE TABLE wallet (wallet_id text PRIMARY KEY, os text NOT NULL, status text NOT NULL, holder text);
SELECT gpsync.attach('wallet', publication => 'wallets');
SELECT gpsync.create_history('wallet', retention => '2 years');
CREATE SCHEMA reports;
SELECT gpsync.create_analytics('wallet', 'reports', '{os,status}');

-- So many rounds of 40 ms: eight wallets come, and some of those that are there move on.
CREATE PROCEDURE demo.move_wallets(rounds int) LANGUAGE plpgsql AS $$
BEGIN
    FOR round IN 1 .. rounds LOOP
        INSERT INTO wallet SELECT format('w_%s_%s', round, n), CASE WHEN n <= 5 THEN 'android' ELSE 'ios' END,
            'RECEIVED',
            'Holder ' || n FROM generate_series(1, 8) AS n;
        COMMIT;
        UPDATE wallet SET status = CASE
                WHEN status = 'RECEIVED' AND random() < 0.02 THEN 'FAILED'
                WHEN status = 'PROCESSING' AND random() < CASE os WHEN 'android' THEN 0.25 ELSE 0.08 END THEN 'FAILED'
                WHEN status = 'FAILED' THEN 'RECEIVED'
                ELSE (gpsync.next_states('provision', status))[1] END
        WHERE status <> 'ELIGIBLE' AND random() < CASE status WHEN 'RECEIVED' THEN 0.25 WHEN 'PROCESSING' THEN 0.08
            WHEN 'COMPLETED' THEN 0.15 WHEN 'FAILED' THEN 0.04 ELSE 0.12 END;
        COMMIT;
        PERFORM pg_sleep(0.04);
    END LOOP;
END $$;
