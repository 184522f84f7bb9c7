-- Row "in_step": two tables under keep_in_step(), and two without.
CREATE TABLE bench.step_a (id bigint PRIMARY KEY, ob boolean, note text) WITH (fillfactor = 50);
CREATE TABLE bench.step_b (LIKE bench.step_a INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE bench.hand_a (LIKE bench.step_a INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE bench.hand_b (LIKE bench.step_a INCLUDING ALL) WITH (fillfactor = 50);
INSERT INTO bench.step_a SELECT i, false, 'note ' || i FROM generate_series(1, :rows) AS i;
INSERT INTO bench.step_b SELECT * FROM bench.step_a;
INSERT INTO bench.hand_a SELECT * FROM bench.step_a;
INSERT INTO bench.hand_b SELECT * FROM bench.step_a;
SELECT gpsync.keep_in_step('bench.step_a', 'bench.step_b', '{id}', '{ob}') \g /dev/null
VACUUM ANALYZE;

-- Updates rows one a statement.
CREATE FUNCTION bench.single(relation text, rows integer, value boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. rows LOOP
        EXECUTE format('UPDATE bench.%I SET ob = NOT $2 WHERE id = $1', relation) USING i::bigint, value;
    END LOOP;
END $$;
