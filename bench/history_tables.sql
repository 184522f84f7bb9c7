-- Tables alike: "off" has nothing, "on" a history, an analytical copy and a view of duplicates, "all" status events
-- beside them.
CREATE SCHEMA reports;
CREATE TABLE bench.off (token_id text PRIMARY KEY, status text NOT NULL, wallet text, sync_status varchar(20),
    last_sync_timestamp timestamptz,
    sync_revision bigint NOT NULL DEFAULT 0) WITH (fillfactor = 40);
CREATE TABLE bench."on" (LIKE bench.off INCLUDING ALL) WITH (fillfactor = 40);
INSERT INTO bench.off (token_id, status, wallet) SELECT 'tok_' || i, 'ACTIVE', 'apple' FROM generate_series(1, :rows)
    AS i;
INSERT INTO bench."on" SELECT * FROM bench.off;
CREATE TABLE bench."all" (LIKE bench.off INCLUDING ALL) WITH (fillfactor = 40);
INSERT INTO bench."all" SELECT * FROM bench.off;
SET client_min_messages = warning;
CREATE SERVER nobody FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:9/');
\o /dev/null
SELECT gpsync.create_stream('audit', '{nobody}', NULL, topics => '{audit}');
SELECT gpsync.attach('bench.off', 'token_lifecycle'), gpsync.attach('bench."on"', 'token_lifecycle'),
    gpsync.attach('bench."all"', 'token_lifecycle');
SELECT gpsync.track_duplicates('bench."on"', '{wallet}', 'on_duplicates'),
    gpsync.track_duplicates('bench."all"', '{wallet}', 'all_duplicates');
SELECT gpsync.stream_history('bench."all"', 'audit');
SELECT gpsync.create_history('bench."on"');
SELECT gpsync.create_history('bench."all"');
SELECT gpsync.create_analytics('bench."on"', 'reports', '{status,wallet}');
SELECT gpsync.create_analytics('bench."all"', 'reports', '{status,wallet}');
\o
INSERT INTO reports."on" SELECT token_id, status, wallet, now(), '' FROM bench."on";
INSERT INTO reports."all" SELECT token_id, status, wallet, now(), '' FROM bench."all";

CREATE PROCEDURE bench.wait_followed() LANGUAGE plpgsql AS $$
BEGIN
    WHILE EXISTS (SELECT FROM gpsync.history_status WHERE state <> 'following') LOOP
        PERFORM pg_sleep(0.05);
    END LOOP;
END $$;
CREATE PROCEDURE bench.wait_applied() LANGUAGE plpgsql AS $$
DECLARE
    now pg_lsn := pg_current_wal_insert_lsn();
BEGIN
    WHILE NOT gpsync.wait_for_sync(now, 'gpsync_local', '60s') LOOP
    END LOOP;
END $$;
