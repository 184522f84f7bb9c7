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
        FROM jsonb_array_elements(j -> 'tokens') WITH ORDINALITY AS e (t, n)), j - '{tokens,elapsed,created_at}'::text[]
FROM gpsync_internal.relay_lookup_next('cards', pass, after, busy, most, most) AS j $$;
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
               new_cursor, 8, ended) $$;
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
SELECT passed FROM gpsync.lookup_state;
SELECT pass_ended_at IS NOT NULL AS ended, next_due_at - pass_began_at AS due FROM gpsync.lookup_status;
SELECT * FROM pg_temp.next(1, 'c9', ARRAY(SELECT id FROM gpsync.lookup_request), 5);
-- A right answer removes the conflict; the same answer again writes nothing.
SELECT pg_temp.apply('[{"t": "c2", "status": "ACTIVE"}, {"t": "c1", "status": "SUSPENDED", "panStatus": "ACTIVE", '
    '"panExpiry": "2031-07-31"}]');
SELECT pg_temp.apply('[{"t": "c5", "panStatus": "OK"}, {"t": "c5", "panStatus": "OK"}]');
SELECT token_id FROM gpsync.lookup_conflicts ORDER BY 1;
-- Who may not read all rows of the table sees no token that is PII.
CREATE ROLE gpsync_regress_lookup_reader;
SET client_min_messages = warning;
SELECT gpsync.grant_reader('gpsync_regress_lookup_reader');
RESET client_min_messages;
INSERT INTO gpsync.lookup_conflict (lookup, token_id, kind) VALUES ('cards', 'jane.roe@example.com', 'unknown token');
SET ROLE gpsync_regress_lookup_reader;
SELECT token_id FROM gpsync.lookup_conflicts WHERE kind = 'unknown token' ORDER BY 1;
RESET ROLE;
GRANT SELECT ON lookup_cards TO gpsync_regress_lookup_reader;
SET ROLE gpsync_regress_lookup_reader;
SELECT token_id FROM gpsync.lookup_conflicts WHERE kind = 'unknown token' ORDER BY 1;
RESET ROLE;
ALTER TABLE lookup_cards ENABLE ROW LEVEL SECURITY;
SET ROLE gpsync_regress_lookup_reader;
SELECT token_id FROM gpsync.lookup_conflicts WHERE kind = 'unknown token' ORDER BY 1;
RESET ROLE;
ALTER TABLE lookup_cards DISABLE ROW LEVEL SECURITY;
DELETE FROM gpsync.lookup_conflict WHERE token_id LIKE 'jane%';
SET client_min_messages = warning;
DROP OWNED BY gpsync_regress_lookup_reader CASCADE;
DROP ROLE gpsync_regress_lookup_reader;
RESET client_min_messages;

-- Paths through a machine.
SELECT gpsync_internal.machine_path('token_lifecycle', 'INACTIVE', 'SUSPENDED') AS walk,
    gpsync_internal.machine_path('token_lifecycle',
    'DEACTIVATED', 'ACTIVE') AS none, gpsync_internal.machine_path('token_lifecycle', 'ACTIVE', 'ACTIVE') AS here,
    gpsync_internal.machine_path('provision', 'FAILED', 'ELIGIBLE') AS long,
        gpsync_internal.machine_path('provision', 'X', 'FAILED') AS unknown;
SELECT e, gpsync_internal.means_unknown(e) FROM unnest('{UNKNOWN_TOKEN,not found,"Token not found.",unknown,"unknown '
    'error",refused}'::text[]) AS e;

-- Columns of tokens: their text leads back to the row, and their order is that of the index.
CREATE COLLATION lookup_any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN lookup_token AS varchar(40) CHECK (VALUE <> '');
CREATE TYPE lookup_kind AS ENUM ('a', 'b');
CREATE TYPE lookup_pair AS (a text, b text);
CREATE TABLE lookup_keys (id text PRIMARY KEY, status varchar(20), any_case text COLLATE lookup_any_case UNIQUE,
    exact numeric UNIQUE, fixed char(12) UNIQUE, of_domain lookup_token UNIQUE, reference uuid UNIQUE,
    other_order text, other_collation text, real_number float8 UNIQUE, kind lookup_kind UNIQUE, pair lookup_pair UNIQUE,
    at timestamptz UNIQUE);
CREATE UNIQUE INDEX ON lookup_keys (other_order text_pattern_ops);
CREATE UNIQUE INDEX ON lookup_keys (other_collation COLLATE "C");
SELECT gpsync.attach('lookup_keys', 'token_lifecycle', publication => 'lookup_publication');
INSERT INTO lookup_keys (id, status, any_case, exact, fixed, of_domain, reference)
    SELECT 'k' || n, 'ACTIVE', (CASE n % 2 WHEN 0 THEN 'tok-' ELSE 'TOK-' END) || n, (n / 10.0)::numeric(4, 3),
        'f' || n, 'd' || n, ('a0000000-0000-0000-0000-00000000000' || n)::uuid FROM generate_series(1, 4) AS n;
CREATE FUNCTION pg_temp.walk(name text) RETURNS TABLE (tokens text, here bigint) LANGUAGE plpgsql AS $$
DECLARE
    target gpsync_internal.lookup_target := gpsync_internal.lookup_target('lookup_keys', jsonb_build_object(
        'tokenId', name, 'status', 'status'));
    due jsonb := '[]';
    part jsonb;
BEGIN
    LOOP
        part := gpsync_internal.lookup_due(target, due -> -1 ->> 't', 2);
        EXIT WHEN part = '[]';
        due := due || part;
    END LOOP;
    INSERT INTO gpsync.lookup (lookup, relation, endpoint, columns, on_illegal, owner) VALUES ('keys', 'lookup_keys',
        'token_system', jsonb_build_object('tokenId', name, 'status', 'status'), 'report', 'x');
    RETURN QUERY SELECT (SELECT string_agg(d ->> 't', ' ' ORDER BY n)
        FROM jsonb_array_elements(due) WITH ORDINALITY AS e (d, n)),
        gpsync.lookup_now('keys', array(SELECT upper(d ->> 't') FROM jsonb_array_elements(due) AS d));
    DELETE FROM gpsync.lookup WHERE lookup = 'keys';
END $$;
SELECT n, w.* FROM unnest('{id,any_case,exact,fixed,of_domain,reference}'::text[]) AS n, pg_temp.walk(n) AS w;
SELECT * FROM pg_temp.walk('other_order');
SELECT * FROM pg_temp.walk('other_collation');
SELECT * FROM pg_temp.walk('real_number');
SELECT * FROM pg_temp.walk('kind');
SELECT * FROM pg_temp.walk('pair');
SELECT * FROM pg_temp.walk('at');
-- A cast of the table owner's has no say in what a token is: it could be anything.
CREATE FUNCTION pg_temp.as_text(lookup_kind) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$;
CREATE CAST (lookup_kind AS text) WITH FUNCTION pg_temp.as_text(lookup_kind);
SELECT * FROM pg_temp.walk('kind');
DROP CAST (lookup_kind AS text);
DROP FUNCTION pg_temp.as_text(lookup_kind);
-- The requests of sync_token_status() have the text of the look-up's column.
SELECT gpsync.create_lookup('by_case', 'lookup_keys', 'token_system', '{"tokenId": "any_case", "status": "status"}',
    NULL);
SELECT gpsync.create_lookup('by_uuid', 'lookup_keys', 'token_system', '{"tokenId": "reference", "status": "status"}',
    NULL);
SELECT gpsync.pause_lookup('by_uuid');
SELECT cardinality(gpsync_internal.ask_token_system('lookup_keys', 'k2')) AS to_wait_for,
    cardinality(gpsync_internal.ask_token_system('lookup_keys', 'nobody')) AS none;
SELECT lookup, token_id FROM gpsync.lookup_request ORDER BY id;
SELECT gpsync.detach('lookup_keys');
DROP TABLE lookup_keys;
SELECT gpsync.drop_lookup('by_case'), gpsync.drop_lookup('by_uuid');
DROP TYPE lookup_kind, lookup_pair;
DROP DOMAIN lookup_token;
DROP COLLATION lookup_any_case;

-- Columns with the names that a look-up's statements use.
CREATE TABLE lookup_names (t text PRIMARY KEY, n text, k text, ps text, pe date, st text, s text);
SELECT gpsync.attach('lookup_names', NULL, publication => 'lookup_publication');
SET client_min_messages = error;
SELECT gpsync.create_lookup('names', 'lookup_names', 'token_system', '{"panStatus": "ps", "panExpiry": "pe"}');
RESET client_min_messages;
INSERT INTO lookup_names (t) VALUES ('t1');
SELECT gpsync_internal.relay_lookup_apply('names', jsonb_build_array(jsonb_build_object('t', 't1', 'r', sync_revision,
    'q', '[]'::jsonb, 'panStatus', 'A', 'panExpiry', '2030-01-31')), 1, NULL, NULL, NULL, 0, false) FROM lookup_names;
SELECT ps, pe FROM lookup_names;
SELECT gpsync.drop_lookup('names'), gpsync.detach('lookup_names');
DROP TABLE lookup_names;

SELECT gpsync.pause_lookup('cards');
SELECT gpsync.pause_lookup('cards');
SELECT state FROM gpsync.lookup_status;
SELECT gpsync_internal.relay_lookup_next('cards', 1, NULL, '{}', 10, 10);
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
