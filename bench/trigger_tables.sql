-- Six tables with the same rows, as D2 has token_status plus what attach() adds, half empty pages so that every update
-- finds room.
CREATE TABLE bench.plain (
    token_id            varchar(64) PRIMARY KEY,
    status              varchar(20),
    last_updated        timestamp,
    sync_status         varchar(20),
    last_sync_timestamp timestamptz,
    sync_revision       bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 40);
CREATE TABLE bench.gpsync (LIKE bench.plain INCLUDING ALL) WITH (fillfactor = 40);
CREATE TABLE bench.gpsync_triggers (LIKE bench.plain INCLUDING ALL) WITH (fillfactor = 40);
CREATE TABLE bench.plpgsql_case (LIKE bench.plain INCLUDING ALL) WITH (fillfactor = 40);
CREATE TABLE bench.plpgsql_lookup (LIKE bench.plain INCLUDING ALL) WITH (fillfactor = 40);
CREATE TABLE bench.empty (LIKE bench.plain INCLUDING ALL) WITH (fillfactor = 40);

INSERT INTO bench.plain
    SELECT 'tok_' || n, 'ACTIVE', '2000-01-01', 'COMPLETED', now(), 0 FROM generate_series(1, :rows) n;
INSERT INTO bench.gpsync SELECT * FROM bench.plain;
INSERT INTO bench.gpsync_triggers SELECT * FROM bench.plain;
INSERT INTO bench.plpgsql_case SELECT * FROM bench.plain;
INSERT INTO bench.plpgsql_lookup SELECT * FROM bench.plain;
INSERT INTO bench.empty SELECT * FROM bench.plain;

SELECT gpsync.attach('bench.gpsync', 'token_lifecycle') \g /dev/null
SELECT gpsync.attach('bench.gpsync_triggers', 'token_lifecycle') \g /dev/null
CREATE TRIGGER stamp BEFORE UPDATE ON bench.plpgsql_case FOR EACH ROW EXECUTE FUNCTION bench.stamp_case();
CREATE TRIGGER stamp BEFORE UPDATE ON bench.plpgsql_lookup FOR EACH ROW EXECUTE FUNCTION bench.stamp_lookup();
-- The cheapest trigger there is: one of the server's own, in C, that compares the row with the old one and lets it
-- pass. What it
-- adds is what PostgreSQL takes for any BEFORE UPDATE trigger: locking the row (with a WAL record) and fetching it.
CREATE TRIGGER stamp BEFORE UPDATE ON bench.empty FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
VACUUM ANALYZE bench.plain, bench.gpsync, bench.gpsync_triggers, bench.plpgsql_case, bench.plpgsql_lookup, bench.empty;
