-- emit(), request_status() and the topics of streams: what is refused, and what the answers look like. Delivery is
-- tested in test/tap/emit.pl.
CREATE DATABASE gpsync_regress_emit;
\c gpsync_regress_emit
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
\pset format unaligned
\pset tuples_only on
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'https://nws.example/events');

-- Nobody takes anything yet.
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}') $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', topic => '4111111111111111') $$);
-- What create_stream() refuses.
SELECT error_of($$ SELECT gpsync.create_stream('audit', '{nws}', NULL) $$);
SELECT error_of($$ SELECT gpsync.create_stream('audit', '{nws}', NULL, topics => NULL) $$);
SELECT error_of($$ SELECT gpsync.create_stream('audit', '{nws}', NULL, topics => '{Audit}') $$);
SELECT error_of($$ SELECT gpsync.create_stream('audit', '{nws}', NULL, topics => '{a,b,a}') $$);
SELECT error_of($$ SELECT gpsync.create_stream('audit', '{nws}', NULL, topics => '{a,NULL}') $$);
SELECT error_of($$ SELECT gpsync.create_stream('audit', '{nws}', NULL, topics => '{4111111111111111}') $$);
SELECT gpsync.create_stream('audit', '{nws}', NULL, topics => '{audit,x.y-z_1}') IS NOT NULL;
SELECT stream, publication IS NULL AS alone, topics FROM gpsync.stream_status;
SELECT gpsync_internal.stream_config('audit', 'nobody') -> 'topics', gpsync_internal.stream_config('audit',
    'nobody') -> 'publication';
SELECT count(*) FROM gpsync.doctor() WHERE check_name = 'publication' AND severity = 'error';

-- Nothing is a type or a topic, also of the first call of a session.
\c
SELECT error_of($$ SELECT gpsync.emit('', '{}') $$);
\c
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', topic => '') $$);

-- The answer.
SELECT answer - 'requestId',
    answer ->> 'requestId' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
FROM gpsync.emit('a.b', '{"x": 1}') AS answer;
SELECT count(DISTINCT gpsync.emit('a.b', '1', 'k', 'x.y-z_1')) FROM generate_series(1, 100);

-- What emit() refuses.
SELECT error_of($$ SELECT gpsync.emit(NULL, '{}') $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', NULL) $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', NULL, NULL) $$);
SELECT error_of($$ SELECT gpsync.emit('', '{}') $$);
SELECT error_of($$ SELECT gpsync.emit('a b', '{}') $$);
SELECT error_of($$ SELECT gpsync.emit(repeat('a', 129), '{}') $$);
SELECT error_of($$ SELECT gpsync.emit('gpsync.row.updated', '{}') $$);
SELECT error_of($$ SELECT gpsync.emit('card.4111111111111111', '{}') $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', topic => 'audid') $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', topic => 'no topic') $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', '') $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', E'a\nb') $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', repeat('k', 513)) $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', 'alice.miller@example.com') $$);
SELECT gpsync.emit(repeat('a', 128), '{}', repeat('ä', 256)) ->> 'status';
-- A megabyte of JSON is taken, one byte more is not.
SELECT gpsync.emit('a.b', to_jsonb(repeat('x', 1048574))) ->> 'status';
SELECT error_of($$ SELECT gpsync.emit('a.b', to_jsonb(repeat('x', 1048575))) $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', to_jsonb(repeat('x', 10000000))) $$);
-- A number of a few bytes may have 131,072 digits in front of its point. What is sent counts, and no more is built.
SELECT gpsync.emit('a.b', (SELECT jsonb_agg(1e131000) FROM generate_series(1, 8))) ->> 'status';
SELECT error_of($$ SELECT gpsync.emit('a.b', (SELECT jsonb_agg(1e131000) FROM generate_series(1, 9))) $$);
SELECT error_of($$ SELECT gpsync.emit('a.b', (SELECT jsonb_agg(1e131000) FROM generate_series(1, 100000))) $$);
SELECT gpsync.emit('a.b', '1') ->> 'status';
BEGIN READ ONLY;
SELECT gpsync.emit('a.b', '{}');
ROLLBACK;
CREATE ROLE regress_nobody;
SET ROLE regress_nobody;
SELECT gpsync.emit('a.b', '{}');
RESET ROLE;
SELECT gpsync.grant_emitter('regress_nobody');
SET ROLE regress_nobody;
SELECT gpsync.emit('a.b', '{}') ->> 'status';
SELECT gpsync.request_status('00000000-0000-8000-8000-000000000001');
RESET ROLE;

-- A session learns at once of streams that come and go.
BEGIN;
SELECT gpsync.emit('a.b', '{}') ->> 'status';
ROLLBACK;
SELECT gpsync.create_stream('other', '{nws}', NULL, topics => '{other}') IS NOT NULL;
SELECT gpsync.emit('a.b', '{}', topic => 'other') ->> 'status';
SELECT gpsync.drop_stream('other');
SELECT error_of($$ SELECT gpsync.emit('a.b', '{}', topic => 'other') $$);

-- What was asked of no request.
SELECT gpsync.request_status(NULL) IS NULL;
SELECT gpsync.request_status('00000000-0000-0000-0000-000000000000') ->> 'status';
SELECT gpsync.request_status('ffffffff-ffff-8fff-bfff-ffffffffffff') ->> 'status';
SELECT gpsync.drop_stream('audit');
DROP OWNED BY regress_nobody;
DROP ROLE regress_nobody;
\c postgres
DROP DATABASE gpsync_regress_emit;
