-- Streams that share their tables by partitions of the keys: what is refused, what the doctor says, which partition has
-- a key.
CREATE DATABASE gpsync_regress_partitions;
\c gpsync_regress_partitions
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
\pset format unaligned
\pset tuples_only on
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
CREATE TABLE tokens (id text PRIMARY KEY, status text);
CREATE TABLE pairs (b integer, a text, status text, PRIMARY KEY (a, b));
CREATE PUBLICATION cut FOR TABLE tokens, pairs;

-- What is no partition.
SELECT error_of(format($$SELECT gpsync.create_stream('half', '{nws}', 'cut', partition => %L)$$, p))
FROM unnest('{"",1,1/1,0/2,3/2,1/65,01/2,1/2/3,a/b,-1/2,"1/2 "}'::text[]) AS p;
SELECT error_of($$SELECT gpsync.create_stream('half', '{nws}', NULL, topics => '{audit}', partition => '1/2')$$);
SELECT error_of($$SELECT gpsync.create_stream('half', '{nws}', 'cut', topics => '{audit}', partition => '1/2')$$);
SELECT error_of($$SELECT gpsync.create_stream('half', '{nws}', 'cut', partition => '1/2')$$);

ALTER PUBLICATION cut SET (publish = 'insert, update, delete');
SELECT gpsync.create_stream('cut_1', '{nws}', 'cut', partition => '1/2') IS NOT NULL;
SELECT finding, fix FROM gpsync.doctor() WHERE check_name = 'publication';

-- A set has each partition once, and one count.
SELECT error_of($$SELECT gpsync.create_stream('cut_2', '{nws}', 'cut', partition => '1/2')$$);
SELECT error_of($$SELECT gpsync.create_stream('cut_2', '{nws}', 'cut', partition => '2/3')$$);
SELECT error_of($$SELECT gpsync.create_stream('cut_2', '{nws}', 'cut')$$);
CREATE PUBLICATION other FOR TABLE tokens WITH (publish = 'insert, update, delete');
SELECT error_of($$SELECT gpsync.create_stream('cut_2', '{nws}', 'other', partition => '2/2')$$);
SELECT gpsync.create_stream('cut_2', '{nws}', 'cut', partition => '2/2') IS NOT NULL;
SELECT gpsync.create_stream('copy', '{nws}', 'cut', bookkeeping => false) IS NOT NULL;
SELECT stream, partition FROM gpsync.stream_status ORDER BY 1;
SELECT gpsync_internal.stream_config('cut_2', 'nobody') -> 'partition';
SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'publication';
ALTER PUBLICATION cut SET (publish = 'insert, update, delete, truncate');
SELECT severity, finding, fix FROM gpsync.doctor() WHERE check_name = 'publication';
ALTER PUBLICATION cut SET (publish = 'insert, update, delete');

-- Which one delivers a key is as docs/scale.md says: MurmurHash3 of the key in the subject.
SELECT id, gpsync_internal.key_partition(array[to_json(id)::text], 2) AS of_2,
       gpsync_internal.key_partition(array[to_json(id)::text], 5) AS of_5
FROM unnest('{prov_1,prov_2,prov_3,"a b",ü,"x,y","quo\"te"}'::text[]) AS id;
SELECT gpsync_internal.delivers_key('1/2', 'pairs', '{"b": 7, "a": "x"}'),
       gpsync_internal.delivers_key('2/2', 'pairs', '{"b": 7, "a": "x"}'),
       gpsync_internal.key_partition('{"\"x\"", 7}', 2);

-- The plugin by itself: each row in one partition, a changed key as a deletion and an insertion.
SELECT slot_name FROM pg_create_logical_replication_slot('partition_1', 'gpsync_decoder');
SELECT slot_name FROM pg_create_logical_replication_slot('partition_2', 'gpsync_decoder');
INSERT INTO tokens SELECT 'prov_' || i, 'new' FROM generate_series(1, 6) AS i;
INSERT INTO pairs VALUES (7, 'x', 'new'), (8, 'x', 'new');
UPDATE tokens SET status = 'used' WHERE id IN ('prov_1', 'prov_2');
UPDATE tokens SET id = 'prov_2a' WHERE id = 'prov_2';
UPDATE tokens SET id = 'prov_3c' WHERE id = 'prov_3';
UPDATE tokens SET id = 'prov_3b' WHERE id = 'prov_3c';
DELETE FROM tokens WHERE id IN ('prov_5', 'prov_6');
-- Across: prov_4 is in the first partition.
UPDATE tokens SET id = (SELECT 'prov_4' || c FROM unnest('{a,b,c,d,e}'::text[]) AS c
                        WHERE gpsync_internal.key_partition(array[to_json('prov_4' || c)::text], 2) = 2 LIMIT 1)
WHERE id = 'prov_4';
CREATE FUNCTION seen(partition text) RETURNS TABLE (type text, subject text, is_of text) LANGUAGE sql AS $$
SELECT e ->> 'type', e ->> 'subject', gpsync_internal.key_partition(
           array(SELECT value::text FROM json_each(e -> 'data' -> 'key')), 2) || '/2'
FROM pg_logical_slot_get_changes('partition_' || left(partition, 1), NULL, NULL, 'publication_names', 'cut',
    'partition', partition) AS c, LATERAL (SELECT c.data::json) AS j (e) $$;
SELECT * FROM seen('1/2');
SELECT * FROM seen('2/2');
-- An old row whose replica identity is something else: its key is not known, and the UPDATE stays one.
CREATE TABLE split (id integer, region text, mark integer NOT NULL, PRIMARY KEY (id, region))
    PARTITION BY LIST (region);
CREATE TABLE split_eu PARTITION OF split FOR VALUES IN ('eu');
CREATE UNIQUE INDEX split_eu_mark ON split_eu (mark);
ALTER TABLE split_eu REPLICA IDENTITY USING INDEX split_eu_mark;
CREATE PUBLICATION cut_root FOR TABLE split
    WITH (publish = 'insert, update, delete', publish_via_partition_root = true);
INSERT INTO split SELECT i, 'eu', i FROM generate_series(1, 10) AS i;
UPDATE split SET mark = mark + 100;
SELECT p AS partition, count(*) FILTER (WHERE e ->> 'type' = 'gpsync.row.updated') AS updated, count(*) AS events
FROM generate_series(1, 2) AS p, pg_logical_slot_get_changes('partition_' || p, NULL, NULL, 'publication_names',
    'cut_root', 'partition', p || '/2') AS c, LATERAL (SELECT c.data::json) AS j (e)
GROUP BY p ORDER BY p;
SELECT error_of($$SELECT * FROM pg_logical_slot_get_changes('partition_1', NULL, NULL, 'partition', '3/2')$$);
ALTER PUBLICATION cut SET (publish = 'insert, update, delete, truncate');
TRUNCATE tokens;
SELECT regexp_replace(error_of($$SELECT * FROM seen('1/2')$$), '''[0-9A-F]+/[0-9A-F]+''', 'LSN');
SELECT pg_drop_replication_slot('partition_1'), pg_drop_replication_slot('partition_2');
SELECT gpsync.drop_stream(stream) FROM gpsync.stream;
\c postgres
DROP DATABASE gpsync_regress_partitions;
