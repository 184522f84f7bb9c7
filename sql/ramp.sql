-- Ramps: what create_ramp() takes and refuses, routing, outcomes, looks, gates, and what operators do. Time is moved by
-- writing when the next step is due.
CREATE DATABASE gpsync_regress_ramp;
\c gpsync_regress_ramp
CREATE EXTENSION gpsync;
\set VERBOSITY terse
SET TimeZone = 'UTC';

SELECT gpsync.create_ramp('Cut over');
SELECT gpsync.create_ramp('r', first => 0);
SELECT gpsync.create_ramp('r', first => 0.005);
SELECT gpsync.create_ramp('r', step => 101);
SELECT gpsync.create_ramp('r', every => '0.1 s');
SELECT gpsync.create_ramp('r', max_error_rate => 0.2);
SELECT gpsync.create_ramp('r', rule => 'sequental');
\set VERBOSITY default
SELECT gpsync.create_ramp('r', gates => '{"lags": "60s"}');
\set VERBOSITY terse
SELECT gpsync.create_ramp('r', gates => '{"lag": 60}');
SELECT gpsync.create_ramp('r', gates => '{"lag": "soon"}');
SELECT gpsync.create_ramp('r', gates => '{"lag": "-1 s"}');
SELECT gpsync.create_ramp('r', gates => '{"dead_letters": -1}');
SELECT gpsync.create_ramp('r', gates => '{"breaker": "open"}');
SELECT gpsync.create_ramp('r', gates => '[]');
SELECT gpsync.create_ramp('r', gates => NULL);
SELECT gpsync.create_ramp('r', stream => 'legacy');
SELECT gpsync.create_ramp('r', min_requests => -1);

-- As asked for: 1 %, +5 a week, back above 0.1 % errors.
SELECT gpsync.create_ramp('cutover');
SELECT gpsync.create_ramp('cutover');
SELECT ramp, share, state, next_share, next_step_at > now() + interval '6 days' AS in_a_week, rule, max_error_rate,
    min_requests, first, step, every, width, requests, errors, gates FROM gpsync.ramp_status;

-- Routing: the published hash, sticky.
SELECT gpsync.route('cutover', 'prov_1'), gpsync.route('nobody', 'prov_1'), gpsync.route(NULL, 'prov_1'),
    gpsync.route('cutover', NULL), gpsync.route('cutover', '');
CREATE TABLE keys AS SELECT 'prov_' || n AS key FROM generate_series(1, 20000) AS n;
SELECT count(*) BETWEEN 150 AND 250 AS one_percent,
    count(*) = count(*) FILTER (WHERE gpsync_internal.ramp_bucket('cutover', key) < 100) AS by_bucket
FROM keys WHERE gpsync.route('cutover', key);
CREATE TABLE modern AS SELECT key FROM keys WHERE gpsync.route('cutover', key);

-- In one transaction, with a plan that is kept, and under REPEATABLE READ.
PREPARE routed AS SELECT count(*) FROM keys WHERE gpsync.route('cutover', key);
SET plan_cache_mode = force_generic_plan;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) > 0 FROM modern WHERE gpsync.route('cutover', key);
SELECT gpsync.advance_ramp('cutover', 'by hand');
SELECT gpsync.advance_ramp('cutover', 'by hand', force => true);
ROLLBACK;
BEGIN;
SELECT gpsync.advance_ramp('cutover', 'by hand', force => true);
SELECT count(*) FILTER (WHERE NOT gpsync.route('cutover', key)) AS went_back FROM modern;
SELECT count(*) BETWEEN 1000 AND 1400 AS six_percent FROM keys WHERE gpsync.route('cutover', key);
SELECT gpsync.roll_back_ramp('cutover', 'not yet');
EXECUTE routed;
ROLLBACK;
SELECT count(*) = (SELECT count(*) FROM modern) AS as_before FROM keys WHERE gpsync.route('cutover', key);
RESET plan_cache_mode;

-- Outcomes: also of transactions that roll back, and of read-only ones; lastval() stays the application's.
SELECT gpsync.record_outcome('cutover', true), gpsync.record_outcome('nobody', true),
    gpsync.record_outcome('cutover', NULL);
CREATE SEQUENCE of_the_application;
SELECT nextval('of_the_application');
BEGIN;
SELECT gpsync.record_outcome('cutover', false);
ROLLBACK;
BEGIN READ ONLY;
SELECT gpsync.record_outcome('cutover', true);
COMMIT;
SELECT lastval();
SELECT gpsync.ramp_report('cutover', 10, 11);
SELECT gpsync.ramp_report('cutover', -1, -1);
SELECT gpsync.ramp_report('cutover', NULL, 0);
\set VERBOSITY default
SELECT gpsync.ramp_report('cutove', 1, 0);
\set VERBOSITY terse
BEGIN;
SELECT gpsync.ramp_report('cutover', 1000000, 1000000);
ROLLBACK;
SELECT gpsync.ramp_report('cutover', 1000, 0), gpsync.ramp_report('cutover', 1000, 1);
SELECT gpsync_internal.tick_ramp('cutover');
SELECT requests, errors, sources FROM gpsync.ramp_status;
SELECT gpsync_internal.tick_ramp('cutover');
SELECT requests, errors FROM gpsync.ramp_status;

-- The step is due: gates that cannot be judged are shut, and say why.
UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s';
SELECT gpsync_internal.tick_ramp('cutover');
SELECT state, share, jsonb_pretty(gates) FROM gpsync.ramp_status;
SELECT decision, share_before, share_after, reason FROM gpsync.ramp_log WHERE ramp = 'cutover' ORDER BY id;
SELECT gpsync_internal.tick_ramp('cutover');
SELECT count(*) AS written_once FROM gpsync.ramp_log WHERE decision = 'wait';
SELECT check_name, severity, regexp_replace(finding, 'since .*: dead', 'since T: dead') FROM gpsync.doctor()
WHERE check_name = 'ramp';

-- Open gates: as a relay, a verification and enough requests would have it.
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/');
CREATE TABLE orders (id integer PRIMARY KEY, status varchar(20));
SELECT gpsync.attach('orders');
INSERT INTO gpsync.stream (stream, publication, endpoints, bookkeeping, paused, owner, home)
VALUES ('legacy', 'gpsync', '{nws}', true, false, current_user, '');
INSERT INTO gpsync.relay_report (stream, state, started_at, reported_at)
VALUES ('legacy', 'streaming', now(), now() + interval '1 hour');
INSERT INTO gpsync.verify_run (run, relation, source, mapping, given, max_differences, owner, state, started_at,
    finished_at) VALUES ('v1', 'orders', 'orders', '{}', '{}', 1, current_user, 'finished', now(), now());
SELECT gpsync.ramp_report('cutover', 1000, 0);
CREATE FUNCTION pg_temp.gates() RETURNS TABLE (gate text, value text, open boolean, reason text) LANGUAGE sql AS $$
SELECT g.key, CASE WHEN g.key = 'lag' THEN 'seconds' ELSE g.value ->> 'value' END, (g.value ->> 'open')::boolean,
    regexp_replace(g.value ->> 'reason', '[0-9.]+ s old', 'N s old')
FROM gpsync.ramp_status AS s, jsonb_each(s.gates) AS g WHERE s.ramp = 'cutover' ORDER BY 1 $$;
-- The stream of this test has no slot, so it counts as paused; everything else is open.
SELECT gpsync_internal.tick_ramp('cutover');
SELECT * FROM pg_temp.gates();
UPDATE gpsync.ramp SET gates = '{"verify": 0}';
SELECT gpsync_internal.tick_ramp('cutover');
SELECT state, share, next_share, requests, errors, next_step_at > now() + interval '6 days' AS in_a_week
FROM gpsync.ramp_status;
SELECT count(*) FILTER (WHERE NOT gpsync.route('cutover', key)) AS went_back FROM modern;
SELECT * FROM pg_temp.gates();

-- Differences, and a verification that is too old.
UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s', min_requests = 0;
SELECT gpsync.ramp_report('cutover', 1, 0);
INSERT INTO gpsync.verify_difference (run, key, kind) VALUES ('v1', '{"id": 1}', 'missing');
SELECT gpsync_internal.tick_ramp('cutover');
SELECT * FROM pg_temp.gates();
DELETE FROM gpsync.verify_difference;
UPDATE gpsync.verify_run SET started_at = now() - interval '8 days';
SELECT gpsync_internal.tick_ramp('cutover');
SELECT * FROM pg_temp.gates();
UPDATE gpsync.verify_run SET started_at = now();

-- An error of a gate holds the ramp, and says its SQLSTATE; so does one of the look itself.
ALTER FUNCTION gpsync_internal.gate_verify(gpsync.ramp, jsonb) RENAME TO gate_verify_away;
SELECT gpsync_internal.tick_ramp('cutover');
SELECT * FROM pg_temp.gates();
SELECT severity, finding FROM gpsync.doctor() WHERE finding ~ '^gate';
ALTER FUNCTION gpsync_internal.gate_verify_away(gpsync.ramp, jsonb) RENAME TO gate_verify;
UPDATE gpsync.ramp_evidence SET scores = '{}' WHERE source = 'application';
UPDATE gpsync.ramp_look SET looked_at = now() - interval '1 hour';
SELECT gpsync_internal.tick_ramps();
SELECT state, last_error FROM gpsync.ramp_status;
UPDATE gpsync.ramp_evidence SET scores = '{0,0,0,0,0,0,0,0}' WHERE source = 'application';
UPDATE gpsync.ramp_look SET looked_at = now() - interval '1 hour';
SELECT gpsync_internal.tick_ramps(), gpsync_internal.tick_ramps() AS not_due;
SELECT state, share, last_error FROM gpsync.ramp_status;

-- A gate that is open at times makes no row each time. While no ramp is due, ramp_outcome is not read.
UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s', gates = '{"verify": 0, "breaker": "closed"}';
INSERT INTO gpsync.verify_difference (run, key, kind) VALUES ('v1', '{"id": 1}', 'missing');
INSERT INTO gpsync.endpoint_report (stream, endpoint, delivered, rejected, breaker)
VALUES ('legacy', 'nws', 0, 0, 'open');
SELECT max(id) AS before FROM gpsync.ramp_decision \gset
SELECT gpsync_internal.tick_ramp('cutover');
UPDATE gpsync.endpoint_report SET breaker = 'closed';
SELECT gpsync_internal.tick_ramp('cutover');
UPDATE gpsync.endpoint_report SET breaker = 'open';
SELECT gpsync_internal.tick_ramp('cutover');
UPDATE gpsync.endpoint_report SET breaker = 'closed';
SELECT gpsync_internal.tick_ramp('cutover');
SELECT count(*) BETWEEN 1 AND 2 AS written_once FROM gpsync.ramp_decision WHERE id > :before AND decision = 'wait';
DELETE FROM gpsync.endpoint_report;
DELETE FROM gpsync.verify_difference;
UPDATE gpsync.ramp SET gates = '{"verify": 0}', next_step_at = now() + interval '6 days';
BEGIN;
SELECT seq_scan AS before FROM pg_stat_xact_user_tables WHERE relid = 'gpsync.ramp_outcome'::regclass \gset
SELECT gpsync_internal.tick_ramps();
SELECT seq_scan - :before AS scans FROM pg_stat_xact_user_tables WHERE relid = 'gpsync.ramp_outcome'::regclass;
COMMIT;

-- What the endpoint of notifications refuses is not the ramp's, unless it names that stream.
BEGIN;
INSERT INTO gpsync.stream (stream, publication, endpoints, bookkeeping, paused, owner, home)
VALUES ('ops_pager', 'gpsync', '{nws}', true, false, current_user, '');
INSERT INTO gpsync.notification (notification, endpoint, events, stream, topic, owner)
VALUES ('pager', 'nws', '{*}', 'ops_pager', 'gpsync.ops.pager', current_user);
INSERT INTO gpsync.relay_report (stream, state, started_at, reported_at)
VALUES ('ops_pager', 'streaming', now(), now() + interval '1 hour');
SELECT gpsync.create_ramp('all', first => 10, gates => '{"breaker": "closed", "dead_letters": 0}', min_requests => 0);
INSERT INTO gpsync.endpoint_report (stream, endpoint, delivered, rejected, breaker)
VALUES ('ops_pager', 'nws', 0, 3, 'open');
SELECT gpsync_internal.tick_ramp('all');
SELECT requests, errors, gates::text ~ 'ops_' AS names_it FROM gpsync.ramp_status WHERE ramp = 'all';
ROLLBACK;

-- Held: no step, and yet a roll-back.
SELECT gpsync.hold_ramp('cutover', 'a public holiday');
SELECT gpsync.hold_ramp('cutover');
UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s';
SELECT gpsync.ramp_report('cutover', 10000, 2);
SELECT gpsync_internal.tick_ramp('cutover');
SELECT state, share, reason FROM gpsync.ramp_status;
SELECT gpsync.ramp_report('cutover', 1000, 6);
SELECT gpsync_internal.tick_ramp('cutover');
SELECT suspicious, gates -> 'errors' ->> 'reason' AS gate FROM gpsync.ramp_status;
SELECT gpsync.ramp_report('cutover', 1000, 12);
SELECT gpsync_internal.tick_ramp('cutover');
SELECT state, share, statistic, round(value::numeric, 3) AS value, bound, reason FROM gpsync.ramp_status;
SELECT count(*) AS modern FROM keys WHERE gpsync.route('cutover', key);
SELECT decision, share_before, share_after, statistic, round(value::numeric, 3) AS value, bound, requests, errors
FROM gpsync.ramp_log ORDER BY id DESC LIMIT 1;

-- Locked at 0 until somebody resumes it.
SELECT gpsync.roll_back_ramp('cutover'), gpsync_internal.lock_ramp_at_zero('cutover', 'again');
SELECT gpsync.advance_ramp('cutover', force => true);
SELECT gpsync.hold_ramp('cutover');
SELECT gpsync.ramp_report('cutover', 100000, 0);
UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s';
SELECT gpsync_internal.tick_ramp('cutover');
SELECT gpsync.ramp_report('cutover', 1000, 1000), gpsync.record_outcome('cutover', false);
SELECT gpsync.resume_ramp('cutover', 'mended');
SELECT gpsync_internal.tick_ramp('cutover');
SELECT state, share, requests, errors, value, reason FROM gpsync.ramp_status;

-- The literal rule.
SELECT gpsync.create_ramp('literal', first => 10, rule => 'literal', gates => '{}', min_requests => 100);
SELECT gpsync.ramp_report('literal', 99, 50);
SELECT gpsync_internal.tick_ramp('literal');
SELECT state, statistic, round(value::numeric, 3) AS value, bound FROM gpsync.ramp_status WHERE ramp = 'literal';
SELECT gpsync.ramp_report('literal', 1, 0);
SELECT gpsync_internal.tick_ramp('literal');
SELECT state, share, reason FROM gpsync.ramp_status WHERE ramp = 'literal';

-- Up to the end, and what the relay delivers.
SELECT gpsync.create_ramp('short', first => 60, step => 30, gates => '{}', min_requests => 100, stream => 'legacy');
INSERT INTO gpsync.endpoint_report (stream, endpoint, delivered, rejected) VALUES ('legacy', 'nws', 1000, 0);
SELECT gpsync_internal.tick_ramp('short');
UPDATE gpsync.endpoint_report SET delivered = 1500;
UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s' WHERE ramp = 'short';
SELECT gpsync_internal.tick_ramp('short');
-- The relay has begun anew, and counts from 0.
UPDATE gpsync.relay_report SET started_at = now() + interval '1 s';
UPDATE gpsync.endpoint_report SET delivered = 200;
UPDATE gpsync.ramp SET next_step_at = now() - interval '1 s' WHERE ramp = 'short';
SELECT gpsync_internal.tick_ramp('short');
SELECT decision, share_before, share_after, requests, errors, reason FROM gpsync.ramp_log WHERE ramp = 'short'
ORDER BY id;
SELECT state, share, next_share, next_step_at FROM gpsync.ramp_status WHERE ramp = 'short';
SELECT gpsync.hold_ramp('short');
SELECT gpsync.advance_ramp('short');
UPDATE gpsync.endpoint_report SET delivered = 300, rejected = 30;
SELECT gpsync_internal.tick_ramp('short');
SELECT state, share, reason FROM gpsync.ramp_status WHERE ramp = 'short';

-- Without a stream of its own a ramp is about all but those of notifications.
INSERT INTO gpsync.notification (notification, endpoint, events, stream, topic, owner)
VALUES ('pager', 'pager', '{ramp.step}', 'ops_pager', 'gpsync.ops', 'postgres');
SELECT s.ramp_stream, array_agg(s.stream ORDER BY s.stream)
    FILTER (WHERE gpsync_internal.is_stream_of_ramp(s.ramp_stream, s.stream))
FROM (SELECT r.*, o.* FROM (VALUES (NULL), ('legacy'), ('ops_pager')) AS r (ramp_stream),
    (VALUES ('legacy'), ('ops_pager')) AS o (stream)) AS s GROUP BY 1 ORDER BY 1;
DELETE FROM gpsync.notification;

SELECT gpsync.roll_back_ramp('nobody', 'x');
SELECT gpsync.drop_ramp('cutover');
SELECT gpsync.drop_ramp('cutover', force => true), gpsync.drop_ramp('short');
SELECT gpsync.route('cutover', 'prov_1'), gpsync.record_outcome('cutover', true);
SELECT ramp FROM gpsync.ramp_status;
SELECT relname FROM pg_class WHERE relkind = 'S' AND relname ~ '^ramp_(ok|failed)' ORDER BY 1;
SELECT count(*) > 5 AS its_log_stays FROM gpsync.ramp_log WHERE ramp = 'cutover';
-- Until it is older than the retention; the last decision of a ramp that exists is kept. A look deletes.
UPDATE gpsync.ramp_decision SET decided_at = now() - interval '89 days';
SELECT gpsync_internal.tick_ramps() >= 0;
SELECT count(*) > 5 AS its_log_stays FROM gpsync.ramp_log WHERE ramp = 'cutover';
SELECT gpsync_internal.ramp_log_retention();
UPDATE gpsync.ramp_decision SET decided_at = now() - interval '91 days';
UPDATE gpsync.ramp_look SET looked_at = now() - interval '1 hour';
SELECT gpsync_internal.tick_ramps() > 0;
SELECT ramp, count(*) FROM gpsync.ramp_log GROUP BY ramp ORDER BY ramp;

-- Who may.
CREATE ROLE gpsync_regress_rampapp;
CREATE ROLE gpsync_regress_rampop;
SELECT gpsync.grant_emitter('gpsync_regress_rampapp'), gpsync.grant_operator('gpsync_regress_rampop');
SET ROLE gpsync_regress_rampapp;
SELECT gpsync.route('literal', 'k'), gpsync.record_outcome('literal', true);
SELECT gpsync.ramp_report('literal', 1, 0);
SELECT gpsync.roll_back_ramp('literal');
SELECT * FROM gpsync.ramp;
RESET ROLE;
SET ROLE gpsync_regress_rampop;
SELECT gpsync.create_ramp('own');
SELECT gpsync.roll_back_ramp('own', 'for a test');
SELECT decision, decided_by FROM gpsync.ramp_log WHERE ramp = 'own' ORDER BY id;
SELECT gpsync.drop_ramp('own');
RESET ROLE;
DELETE FROM gpsync.stream;
\c postgres
DROP DATABASE gpsync_regress_ramp;
DROP ROLE gpsync_regress_rampapp, gpsync_regress_rampop;
