-- Names with ends of lines: what doctor() proposes to run has them inside quotes, and not as they are in a comment.
CREATE DATABASE gpsync_regress_doctor_names;
\c gpsync_regress_doctor_names
CREATE EXTENSION gpsync;
\pset format unaligned
\pset tuples_only on
SELECT gpsync_internal.in_comment(E'a\nDROP TABLE b;\rDROP TABLE c;');
CREATE TABLE U&"odd\000ASELECT 'run';" (id integer PRIMARY KEY, status text NOT NULL);
SELECT gpsync.attach(U&'"odd\000ASELECT ''run'';"'), gpsync.track_batches(U&'"odd\000ASELECT ''run'';"');
DELETE FROM gpsync.batch_shadow;
SELECT fix FROM gpsync.doctor() WHERE check_name = 'batches';
SELECT fix FROM gpsync.doctor() WHERE check_name = 'batches' \gexec
\c postgres
DROP DATABASE gpsync_regress_doctor_names;
