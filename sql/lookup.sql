-- Look-ups: what create_lookup() takes and refuses, and what becomes of answers, as the relay hands them in.
CREATE DATABASE gpsync_regress_lookup;
\c gpsync_regress_lookup
CREATE EXTENSION gpsync;
\set VERBOSITY terse
CREATE SERVER token_system FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/lookup',
    protocol 'token-lookup');
CREATE SERVER lookup_events FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/events');
CREATE SERVER lookup_bad FOREIGN DATA WRAPPER gpsync_http OPTIONS (url 'http://127.0.0.1:1/', protocol 'token-lookups');
CREATE TABLE lookup_cards (id varchar(20) PRIMARY KEY, status varchar(20), pan_status char(6), expiry date,
    held text[], note text);
SELECT gpsync.attach('lookup_cards', 'token_lifecycle', publication => 'lookup_publication');
INSERT INTO lookup_cards (id, status) SELECT 'c' || n, 'ACTIVE' FROM generate_series(1, 9) AS n;

SELECT gpsync.create_lookup('cards', 'lookup_cards', 'lookup_events', '{"status": "status"}');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_sistem', '{"status": "status"}');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system', '{"states": "status"}');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system', '{"status": "note"}');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system', '{"panStatus": "note", "panExpiry": "note"}');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system', '{"status": "status", "suspendedBy": "note"}');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system', '{"status": "status", "tokenId": "note"}');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system', '{"status": "status"}', on_illegal => 'walks');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system',
    '{"status": "status", "panStatus": "pan_status", "panExpiry": "expiry", "suspendedBy": "held"}', '1 hour');
SELECT gpsync.create_lookup('cards', 'lookup_cards', 'token_system', '{"status": "status"}');
SELECT lookup, relation, endpoint, every, on_illegal, stream, state, pass, waiting FROM gpsync.lookup_status;
SELECT check_name, severity, finding FROM gpsync.doctor() WHERE check_name = 'lookup';

-- As the relay: three tokens on demand and the rest of the period.
SELECT gpsync.lookup_now('cards', '{c3,c1,c3,nobody}');
CREATE FUNCTION pg_temp.next(pass bigint, after text, busy bigint[], most integer) RETURNS TABLE (tokens text,
    place jsonb)
    LANGUAGE sql AS $$
SELECT (SELECT string_agg(t ->> 't' || CASE WHEN t ? 'q' THEN '!' ELSE '' END, ' ' ORDER BY n)
        FROM jsonb_array_elements(j -> 'tokens') WITH ORDINALITY AS e (t, n)), j - 'tokens'
FROM gpsync_internal.relay_lookup_next('cards', pass, after, busy, most) AS j $$;
SELECT * FROM pg_temp.next(-1, NULL, '{}', 5);
SELECT * FROM pg_temp.next(1, 'c3', ARRAY(SELECT id FROM gpsync.lookup_request), 5);
SELECT * FROM pg_temp.next(1, 'c8', ARRAY(SELECT id FROM gpsync.lookup_request), 5);
DELETE FROM gpsync.lookup_request;

-- Answers, with the revisions that the rows have.
CREATE FUNCTION pg_temp.apply(answers jsonb, old_cursor text DEFAULT NULL, new_cursor text DEFAULT NULL,
    ended boolean DEFAULT false,
    pass bigint DEFAULT 1) RETURNS jsonb LANGUAGE sql AS $$
SELECT gpsync_internal.relay_lookup_apply('cards', (SELECT coalesce(jsonb_agg(jsonb_build_object('r',
    c.sync_revision, 't', a ->> 't', 'q',
           '[]'::jsonb) || a ORDER BY n), '[]') FROM jsonb_array_elements(answers) WITH ORDINALITY AS e (a, n)
           LEFT JOIN lookup_cards AS c ON c.id = a ->> 't'), jsonb_array_length(answers), pass, old_cursor,
               new_cursor, ended) $$;
SELECT pg_temp.apply('[{"t": "c1", "status": "SUSPENDED", "panStatus": "ACTIVE", "panExpiry": "2031-07-31"}, {"t": '
    '"c2", "status": "INACTIVE"},
    {"t": "c3", "status": "LOST"}, {"t": "c4", "error": "Unknown token."}, {"t": "c5", "panStatus": "too long for it"},
    {"t": "c6", "status": "SUSPENDED", "panExpiry": "never"}, {"t": "c7", "problem": "unanswered",
        "detail": "left out"},
    {"t": "c8", "status": "SUSPENDED", "r": 1}, {"t": "nobody", "status": "ACTIVE"}]', NULL, 'c8');
SELECT id, status, pan_status, expiry, held FROM lookup_cards ORDER BY id;
SELECT token_id, kind, status_here, status_there, detail, times FROM gpsync.lookup_conflicts ORDER BY token_id;
SELECT token_id, attempts FROM gpsync.lookup_request;
SELECT asked, answered, written, changed, unknown, conflicts FROM gpsync.lookup_status;
-- The place is another one, or the pass: nothing moves.
SELECT pg_temp.apply('[]', 'c7', 'c9', true);
SELECT pg_temp.apply('[]', 'c8', 'c9', true, 2);
SELECT pg_temp.apply('[]', 'c8', 'c9', true);
SELECT pass_ended_at IS NOT NULL AS ended, next_due_at - pass_began_at AS due FROM gpsync.lookup_status;
SELECT * FROM pg_temp.next(1, 'c9', ARRAY(SELECT id FROM gpsync.lookup_request), 5);
-- A right answer removes the conflict; the same answer again writes nothing.
SELECT pg_temp.apply('[{"t": "c2", "status": "ACTIVE"}, {"t": "c1", "status": "SUSPENDED", "panStatus": "ACTIVE", '
    '"panExpiry": "2031-07-31"}]');
SELECT pg_temp.apply('[{"t": "c5", "panStatus": "OK"}, {"t": "c5", "panStatus": "OK"}]');
SELECT token_id FROM gpsync.lookup_conflicts ORDER BY 1;

-- Paths through a machine.
SELECT gpsync_internal.machine_path('token_lifecycle', 'INACTIVE', 'SUSPENDED') AS walk,
    gpsync_internal.machine_path('token_lifecycle',
    'DEACTIVATED', 'ACTIVE') AS none, gpsync_internal.machine_path('token_lifecycle', 'ACTIVE', 'ACTIVE') AS here,
    gpsync_internal.machine_path('provision', 'FAILED', 'ELIGIBLE') AS long,
        gpsync_internal.machine_path('provision', 'X', 'FAILED') AS unknown;
SELECT e, gpsync_internal.says_unknown(e) FROM unnest('{UNKNOWN_TOKEN,not found,"Token not found.",unknown,"unknown '
    'error",refused}'::text[]) AS e;

SELECT gpsync.pause_lookup('cards');
SELECT gpsync.pause_lookup('cards');
SELECT state FROM gpsync.lookup_status;
SELECT gpsync_internal.relay_lookup_next('cards', 1, NULL, '{}', 10);
SELECT gpsync.resume_lookup('cards');
SELECT gpsync.drop_lookup('card');
SELECT gpsync.drop_lookup('cards');
SELECT count(*) FROM gpsync.lookup_conflicts;
SELECT gpsync.detach('lookup_cards');
DROP TABLE lookup_cards;
DROP PUBLICATION lookup_publication;
DROP SERVER token_system;
DROP SERVER lookup_events;
\c postgres
DROP DATABASE gpsync_regress_lookup;
