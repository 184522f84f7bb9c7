-- wait_for_sync(): what the slot has confirmed is what is booked. No relay here: the slot is advanced by hand.
CREATE DATABASE gpsync_regress_wait;
\c gpsync_regress_wait
CREATE EXTENSION gpsync;
CREATE TABLE orders (id integer PRIMARY KEY);
CREATE TABLE others (id integer PRIMARY KEY);
CREATE PUBLICATION gpsync FOR TABLE orders;
CREATE PUBLICATION others FOR TABLE others;
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
\pset format unaligned
\pset tuples_only on
CREATE FUNCTION confirm(stream text) RETURNS boolean LANGUAGE sql AS $$
    SELECT end_lsn IS NOT NULL
        FROM pg_replication_slot_advance(gpsync_internal.slot_name(stream), pg_current_wal_flush_lsn()) $$;

SELECT gpsync.wait_for_sync();
SELECT gpsync.create_stream('legacy', '{nws}') IS NOT NULL;
SELECT gpsync.create_stream('copy', '{nws}', bookkeeping => false) IS NOT NULL;
SELECT gpsync.create_stream('others', '{nws}', 'others') IS NOT NULL;
INSERT INTO orders VALUES (1);

-- Not yet; all streams that book are waited for, and only those. (By LSN: the server itself writes WAL too.)
SELECT gpsync.wait_for_sync(timeout => '0');
SELECT pg_current_wal_flush_lsn() AS inserted \gset
SELECT gpsync.wait_for_sync(:'inserted', 'legacy', '10 ms');
SELECT confirm('legacy');
SELECT gpsync.wait_for_sync(:'inserted', 'legacy', '0');
SELECT gpsync.wait_for_sync(:'inserted', 'copy', '0');
SELECT gpsync.wait_for_sync(:'inserted', timeout => '0');
SELECT confirm('others');
SELECT gpsync.wait_for_sync(:'inserted', timeout => '0');
SELECT gpsync.pause_stream('others');
SELECT pg_current_wal_flush_lsn() AS paused \gset
SELECT confirm('legacy');
SELECT gpsync.wait_for_sync(:'paused', timeout => '0');
SELECT gpsync.wait_for_sync(:'paused', 'legacy', '0');
SELECT confirm('legacy'), confirm('others');

-- An asynchronous commit is flushed at once, and an LSN of before is enough.
SELECT pg_current_wal_flush_lsn() AS before \gset
SELECT confirm('legacy'), confirm('others');
SET synchronous_commit = off;
INSERT INTO orders VALUES (2);
SELECT pg_current_wal_insert_lsn() AS after \gset
RESET synchronous_commit;
SELECT gpsync.wait_for_sync(:'before', timeout => '0');
SELECT gpsync.wait_for_sync(:'after', timeout => '0'), pg_current_wal_flush_lsn() >= :'after';

-- Right after a switch of segments the insert position counts a page header that is not there yet.
SELECT pg_switch_wal() IS NOT NULL;
SELECT pg_current_wal_insert_lsn() AS switched \gset
-- It flushes the WAL up to there, since the server itself may have written more by now.
SELECT gpsync.wait_for_sync(:'switched', timeout => '0') IS NOT NULL;
SELECT confirm('legacy'), confirm('others');
SELECT gpsync.wait_for_sync(:'switched', timeout => '0');

-- Under every isolation level; not after a write.
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(*) FROM orders;
SELECT gpsync.wait_for_sync(:'before', timeout => '0');
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT gpsync.wait_for_sync(:'before', timeout => '0');
COMMIT;
BEGIN;
INSERT INTO orders VALUES (3);
SELECT gpsync.wait_for_sync();
ROLLBACK;

-- Bad calls.
SELECT gpsync.wait_for_sync(stream => 'legasy');
SELECT gpsync.wait_for_sync(timeout => '-1 ms');
SELECT gpsync.wait_for_sync(timeout => NULL);
\set VERBOSITY sqlstate
SELECT gpsync.wait_for_sync('FFFF/0');
SELECT pg_drop_replication_slot(gpsync_internal.slot_name('legacy'));
SELECT gpsync.wait_for_sync();
\set VERBOSITY default
SET statement_timeout = '50 ms';
SELECT gpsync.wait_for_sync(stream => 'others');
RESET statement_timeout;

SELECT count(gpsync.drop_stream(stream)) FROM gpsync.stream;
\c postgres
DROP DATABASE gpsync_regress_wait;
