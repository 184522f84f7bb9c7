-- The dead letter desk: groups, retry, discard, what closes a letter, who may. The relay's part is played by a session
-- that acquires the stream.
CREATE DATABASE gpsync_regress_letters;
\c gpsync_regress_letters
CREATE EXTENSION gpsync;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8080/');
CREATE SERVER ods FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:8081/');
CREATE TABLE cards (bank text, "No" integer, note text, PRIMARY KEY ("No", bank)) PARTITION BY LIST (bank);
CREATE TABLE cards_a PARTITION OF cards FOR VALUES IN ('a');
CREATE TABLE cards_b PARTITION OF cards FOR VALUES IN ('b');
CREATE TABLE gone (id integer PRIMARY KEY);
SET client_min_messages = warning;
SELECT gpsync.attach('cards', machine => NULL), gpsync.attach('gone', machine => NULL);
SELECT gpsync.create_stream('legacy', '{nws,ods}') IS NOT NULL AS created;
SELECT gpsync.create_stream('quiet', '{ods}', bookkeeping => false) IS NOT NULL AS created;
RESET client_min_messages;
SELECT gpsync_internal.relay_acquire('legacy');
\pset format unaligned
\pset tuples_only on

-- Event n of a transaction: its commit LSN is n * 16.
CREATE FUNCTION event(n bigint) RETURNS text LANGUAGE sql
    AS $$ SELECT gpsync_internal.event_sequence('0/0'::pg_lsn + n * 16, 1) || '-0000000000000001' $$;
-- A letter of event n. revision NULL: that of the row now.
CREATE FUNCTION letter(n bigint, endpoint text, key jsonb, error text, revision bigint, kind text DEFAULT 'updated',
    relation text DEFAULT 'cards', stream text DEFAULT 'legacy') RETURNS void LANGUAGE sql
    AS $$ INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, revision,
              attempts, http_status, error, payload)
          VALUES (stream, endpoint, event(n), 'public.' || relation || '/k', 'public', relation, key, revision, 1, 422,
              error, json_build_object('specversion', '1.0', 'type', 'gpsync.row.' || kind, 'n', n)) $$;
CREATE FUNCTION key(no integer, bank text DEFAULT 'a') RETURNS jsonb LANGUAGE sql
    AS $$ SELECT jsonb_build_object('No', no, 'bank', bank) $$;
CREATE FUNCTION revision(no integer) RETURNS bigint LANGUAGE sql
    AS $$ SELECT sync_revision FROM cards WHERE "No" = no $$;
-- What the relay books of event n: the row's present revision, or another.
CREATE FUNCTION book(n bigint, no integer, failed boolean DEFAULT false, revision bigint DEFAULT NULL,
    letters jsonb DEFAULT NULL) RETURNS text LANGUAGE sql
    AS $$ SELECT concat_ws('|', marked, deferred, superseded) FROM gpsync_internal.relay_book('legacy',
          '{"\"public\".\"cards\""}', '{1}', ARRAY[key(no)], ARRAY[coalesce(revision, revision(no))], ARRAY[failed],
          NULL, NULL, NULL, letters, commits => ARRAY[n * 16]) $$;
CREATE VIEW letters AS
    SELECT endpoint, key ->> 'No' AS no, error, state, as_it_was, retry_revision IS NOT NULL AS has_revision
    FROM gpsync.dead_letter ORDER BY event_id, endpoint;
-- What was logged since the last look.
CREATE SEQUENCE logged MINVALUE 0 START 0;
SELECT nextval('logged');
CREATE FUNCTION news() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT concat_ws(' ', l.endpoint, l.key ->> 'No', l.action, '(' || l.detail || ')', l.error)
        FROM gpsync.dead_letter_log AS l WHERE l.id > currval('logged') AND l.logged_by = session_user
            AND l.logged_at BETWEEN now() - interval '1 min' AND clock_timestamp() ORDER BY l.id;
    PERFORM setval('logged', coalesce((SELECT max(id) FROM gpsync.dead_letter_log), 0));
END $$;

-- What groups have in common.
SELECT gpsync_internal.error_pattern(e) FROM unnest(ARRAY[
    'HTTP 422: no token tok_8fk2 for 4111-77, v1.2 at 2026-11-26T10:00:00.5Z',
    'id 7d444840-9dc0-11d1-b245-5ffdce74fad2 is DEAD', 'no such provision', '', '12', repeat('x', 600)]) AS e;
INSERT INTO cards SELECT 'a', i FROM generate_series(1, 9) AS i;
SELECT letter(10, 'nws', key(1), 'HTTP 422: no token tok_1', revision(1));
SELECT letter(11, 'nws', key(2), 'HTTP 422: no token tok_2', revision(2));
SELECT letter(12, 'ods', key(2), 'too long', revision(2));
SELECT stream, endpoint, schema_name, table_name, http_status, error, letters, retrying, first_at <= last_at,
    example = event(11) AS latest FROM gpsync.dead_letter_groups ORDER BY endpoint;

-- Which letters.
SELECT error_of('SELECT gpsync.retry_dead_letters()');
SELECT error_of('SELECT gpsync.retry_dead_letters(as_it_was => true)');
SELECT error_of($$SELECT gpsync.discard_dead_letters(reason => 'tidy')$$);
SELECT error_of($$SELECT gpsync.retry_dead_letters('nsw')$$);
SELECT error_of($$SELECT gpsync.discard_dead_letters('nws')$$);
SELECT error_of($$SELECT gpsync.discard_dead_letters('nws', reason => ' ')$$);
SELECT gpsync.retry_dead_letters(ids => '{}'), gpsync.retry_dead_letters(error => 'something else'),
    gpsync.retry_dead_letters('ods', 'HTTP #: no token #'), gpsync.discard_dead_letters(ids => '{x}', reason => 'none');
SELECT news();

-- The row as it is now; taken.
BEGIN;
SELECT revision(1) AS was \gset
SELECT gpsync.retry_dead_letters(error => 'HTTP #: no token #');
SELECT revision(1) > :was AS touched, sync_status FROM cards WHERE "No" = 1;
TABLE letters;
SELECT * FROM news();
ROLLBACK;
SELECT gpsync.retry_dead_letters(error => 'HTTP 422: no token tok_1');
TABLE letters;
SELECT * FROM news();
SELECT book(20, 1);
TABLE letters;
SELECT * FROM news();
-- Both endpoints' letters of one row, one retried: the other is superseded by the same success.
SELECT gpsync.retry_dead_letters('nws');
SELECT book(21, 2);
SELECT * FROM news();
TABLE letters;

-- Older events, and other rows' events, close nothing; a newer one of the same transaction does.
SELECT letter(30, 'nws', key(3), 'bad', 5);
SELECT letter(28, 'nws', key(3, 'b'), 'bad', 5);
SELECT book(29, 3), book(30, 3, revision => 4), book(40, 4);
TABLE letters;
SELECT * FROM news();
SELECT book(30, 3);
SELECT * FROM news();
-- A failed event closes letters of endpoints that took it.
SELECT letter(31, 'nws', key(5), 'bad', 5), letter(31, 'ods', key(5), 'bad', 5);
SELECT book(32, 5, true, letters => jsonb_build_array(jsonb_build_object('endpoint', 'ods', 'event_id', event(32),
    'subject', 's', 'schema_name', 'public', 'table_name', 'cards', 'key', key(5), 'revision', revision(5), 'error',
    'bad again', 'attempts', 1, 'payload', '{}')));
SELECT * FROM news();
TABLE letters;
-- Retried and refused again: one letter is left of the row's two.
SELECT gpsync.retry_dead_letters('ods', ids => ARRAY[event(32)]);
SELECT book(33, 5, true, letters => jsonb_build_array(jsonb_build_object('endpoint', 'ods', 'event_id', event(33),
    'subject', 's', 'schema_name', 'public', 'table_name', 'cards', 'key', key(5), 'revision', revision(5), 'error',
    'still bad', 'attempts', 1, 'payload', '{}')));
SELECT * FROM news();
TABLE letters;
SELECT gpsync.discard_dead_letters('*', reason => 'tried enough');
SELECT * FROM news();
TABLE letters;

-- Deleted rows: the delete goes as it was, an older update does not.
SELECT letter(50, 'nws', key(6), 'bad', 5), letter(51, 'nws', key(6), 'bad', NULL, 'deleted'),
    letter(52, 'nws', key(7), 'worse', 5);
DELETE FROM cards WHERE "No" IN (6, 7);
SELECT gpsync.retry_dead_letters('nws');
TABLE letters;
SELECT * FROM news();
SELECT endpoint, payload ->> 'n', payload ->> 'type' FROM gpsync_internal.relay_resend_next('legacy');
SELECT endpoint, payload ->> 'n' FROM gpsync_internal.relay_resend_next('legacy', 1);
SELECT endpoint, payload ->> 'n' FROM gpsync_internal.relay_resend_next('legacy', max_bytes => 1);
SELECT gpsync_internal.relay_report('legacy', '{}') -> 'resend';
SELECT gpsync_internal.relay_resend_settle('legacy', jsonb_build_array(
    jsonb_build_object('endpoint', 'nws', 'event_id', event(50), 'outcome', 'refused', 'http_status', 409,
        'error', 'HTTP 409'),
    jsonb_build_object('endpoint', 'nws', 'event_id', event(51), 'outcome', 'delivered')));
SELECT gpsync_internal.relay_report('legacy', '{}') -> 'resend';
TABLE letters;
SELECT attempts, http_status FROM gpsync.dead_letter;
SELECT * FROM news();
-- The delete was taken: nothing brings the row back.
SELECT gpsync.retry_dead_letters('nws', as_it_was => true);
SELECT * FROM news();
SELECT error_of($$SELECT gpsync_internal.relay_resend_next('quiet')$$);
SELECT error_of($$SELECT gpsync_internal.relay_resend_settle('legacy', '[{"outcome": "lost"}]')$$);

-- As it was: only when nothing newer of the row is taken, or on its way.
SELECT letter(60, 'nws', key(1), 'bad', 5), letter(60, 'ods', key(8), 'bad', revision(8)),
    letter(61, 'nws', key(9), 'bad', 5);
UPDATE cards SET note = 'new' WHERE "No" = 9;
SELECT gpsync.retry_dead_letters('*', as_it_was => true);
TABLE letters;
SELECT * FROM news();
-- It changes after the call: the letter waits, until the event of the change closes it.
UPDATE cards SET note = 'new' WHERE "No" = 8;
SELECT count(*) FROM gpsync_internal.relay_resend_next('legacy');
SELECT book(62, 8);
SELECT * FROM news();
SELECT gpsync.discard_dead_letters('*', reason => 'next');
SELECT * FROM news();

-- What cannot be retried stays, and the call says why.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.note = 'suppress' THEN RETURN NULL; ELSIF NEW.note = 'raise' THEN RAISE 'secret %', NEW; END IF;
    RETURN NEW; END $$;
UPDATE cards SET note = CASE "No" WHEN 1 THEN 'suppress' WHEN 2 THEN 'raise' END;
CREATE TRIGGER refuse BEFORE UPDATE ON cards FOR EACH ROW EXECUTE FUNCTION refuse();
SELECT letter(70 + i, 'nws', key(i), 'bad', 5) FROM generate_series(1, 2) AS i;
SELECT letter(73, 'nws', key(3), 'bad', 5);
SELECT letter(74, 'nws', '{"other": 1}', 'bad', 5), letter(75, 'nws', '{"id": 1}', 'bad', 5, 'updated', 'gone'),
    letter(76, 'nws', '{"id": 1}', 'bad', 5, 'updated', 'never'), letter(77, 'nws', NULL, 'bad', NULL, 'truncated'),
    letter(78, 'nws', NULL, 'skipped by me: why', NULL);
SELECT gpsync.detach('gone');
SELECT gpsync.retry_dead_letters('nws');
TABLE letters;
SELECT * FROM news();
SELECT gpsync.discard_dead_letters('*', reason => 'next');

-- A stream without books, and both streams of a table.
SELECT letter(80, 'ods', key(4), 'bad', 5, stream => 'quiet'), letter(80, 'ods', key(4), 'bad', 5);
SELECT gpsync.retry_dead_letters('ods', ids => ARRAY[event(80)]);
SELECT stream, state FROM gpsync.dead_letters;
SELECT l.stream, l.action, l.detail FROM gpsync.dead_letter_log AS l ORDER BY l.id DESC LIMIT 2;
SELECT book(81, 4);
SELECT count(*) FROM gpsync.dead_letter;

-- Roles. The triggers of a table run as its owner.
CREATE ROLE gpsync_regress_desk_operator;
CREATE ROLE gpsync_regress_desk_reader;
SET client_min_messages = warning;
SELECT gpsync.grant_operator('gpsync_regress_desk_operator'), gpsync.grant_reader('gpsync_regress_desk_reader');
RESET client_min_messages;
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.note := current_user; RETURN NEW; END $$;
CREATE ROLE gpsync_regress_desk_owner;
ALTER TABLE cards OWNER TO gpsync_regress_desk_owner;
GRANT USAGE ON SCHEMA public TO gpsync_regress_desk_owner;
SELECT letter(90, 'nws', key(4), 'bad', 5), letter(91, 'nws', key(5), 'bad', 5);
-- Keys that are PII: readers see them without it, as in other views.
CREATE VIEW shown AS SELECT 'log', l.key FROM gpsync.dead_letter_log AS l WHERE l.detail = 'mail'
    UNION ALL SELECT 'parked', p.key FROM gpsync.parked_events AS p WHERE p.state = 'held';
ALTER VIEW shown SET (security_invoker = on);
GRANT SELECT ON shown TO PUBLIC;
SELECT letter(92, 'nws', '{"No": 1, "bank": "jane.roe@example.com"}', 'bad', 5);
SELECT gpsync.discard_dead_letters(ids => ARRAY[event(92)], reason => 'mail');
INSERT INTO gpsync.held_event (stream, commit_lsn, ordinal, endpoint, event_id, schema_name, table_name, key,
        committed_at, attempts, error, partition_key, line)
    SELECT 'legacy', '0/100', n, 'nws', event(n), 'public', 'cards', k::jsonb, now(), n, 'no', 'k', '12345'
    FROM (VALUES (1, '{"No": 1, "bank": "jane.roe@example.com"}'), (2, '{"No": 1, "bank": "a"}')) AS h (n, k);
TABLE shown;
SET ROLE gpsync_regress_desk_reader;
TABLE shown;
SELECT stream, endpoint, "table", state, events, bytes, key, attempts, last_error FROM gpsync.parked_events
ORDER BY attempts;
SELECT error_of('TABLE gpsync.dead_letter_step'), error_of('TABLE gpsync.held_event');
SET ROLE gpsync_regress_desk_operator;
TABLE shown;
RESET ROLE;
DELETE FROM gpsync.held_event;
DELETE FROM gpsync.dead_letter_log WHERE detail = 'mail';
SET ROLE gpsync_regress_desk_reader;
SELECT endpoint, error, letters FROM gpsync.dead_letter_groups;
SELECT count(*) > 10 FROM gpsync.dead_letter_log;
SELECT error_of('TABLE gpsync.dead_letters');
SELECT error_of($$SELECT gpsync.retry_dead_letters('nws')$$);
SELECT error_of($$SELECT gpsync.discard_dead_letters('nws', reason => 'mine')$$);
SET ROLE gpsync_regress_desk_operator;
SELECT gpsync.retry_dead_letters(ids => ARRAY[key.event_id])
    FROM (SELECT event_id FROM gpsync.dead_letters ORDER BY 1 LIMIT 1) AS key;
SELECT gpsync.discard_dead_letters('nws', reason => 'by an operator');
SELECT error_of('DELETE FROM gpsync.dead_letter_log');
SELECT error_of($$SELECT gpsync_internal.retry_dead_letters_as(10, '*', NULL, NULL, false)$$);
RESET ROLE;
SELECT note, sync_status FROM cards WHERE "No" = 4;
SELECT * FROM news();

-- A stream that is dropped takes its letters along, not the log.
SELECT letter(95, 'nws', key(4), 'bad', 5);
\c
SELECT gpsync.drop_stream('legacy'), gpsync.drop_stream('quiet');
SELECT count(*) FROM gpsync.dead_letter;
SELECT count(*) > 10 FROM gpsync.dead_letter_log;
SET client_min_messages = warning;
DROP OWNED BY gpsync_regress_desk_operator, gpsync_regress_desk_reader, gpsync_regress_desk_owner CASCADE;
DROP ROLE gpsync_regress_desk_operator, gpsync_regress_desk_reader, gpsync_regress_desk_owner;
\c postgres
DROP DATABASE gpsync_regress_letters;
