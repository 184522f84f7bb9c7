-- Status machines: what they answer, what a definition may be, who uses them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS gpsync;
CREATE SCHEMA machines_test;
SET search_path = machines_test, public;
\getenv sources PG_ABS_SRCDIR
\set error_of :sources /sql/include/error_of.sql
\i :error_of
RESET client_min_messages;

-- T1 and T4 of the requirements: every pair of states.
SELECT m.machine, f.state AS from_state, gpsync.next_states(m.machine, f.state) AS next,
       (SELECT array_agg(t.state ORDER BY t.ordinal) FROM gpsync.machine_state AS t
        WHERE t.machine = m.machine AND gpsync.is_valid_transition(m.machine, f.state, t.state)) AS valid
FROM gpsync.machine AS m JOIN gpsync.machine_state AS f USING (machine) ORDER BY m.machine, f.ordinal;
SELECT machine, builtin, gpsync.machine_states(machine) AS states, gpsync.machine_states(machine, initial_only => true)
    AS initial
FROM gpsync.machine ORDER BY machine;

-- T2: false for anything not listed.
SELECT gpsync.is_valid_transition('provision', 'RECEIVED', 'RECEIVED') AS to_itself,
       gpsync.is_valid_transition('provision', 'RECEIVED', 'NOWHERE') AS to_unknown,
       gpsync.is_valid_transition('provision', 'NOWHERE', 'RECEIVED') AS from_unknown,
       gpsync.is_valid_transition('provision', 'received', 'processing') AS lower_case,
       gpsync.is_valid_transition('provision', 'RECEIVED ', 'PROCESSING') AS blank,
       gpsync.is_valid_transition('provision', NULL, 'RECEIVED') AS from_null,
       gpsync.is_valid_transition('provision', 'RECEIVED', NULL) AS to_null,
       gpsync.is_valid_transition('provision', '', '') AS empty,
       gpsync.is_valid_transition(NULL, 'RECEIVED', 'FAILED') AS no_machine;
SELECT gpsync.is_valid_transition(machine => 'provision', from_state => 'RECEIVED', to_state => 'FAILED'),
       gpsync.next_states(machine => 'provision', state => 'NOWHERE');
-- The machine may differ from row to row.
SELECT m, gpsync.is_valid_transition(m, 'ACTIVE', 'SUSPENDED')
    FROM unnest('{provision,token_lifecycle,provision}'::text[]) AS m;
SELECT error_of($$SELECT gpsync.is_valid_transition('provisoin', 'A', 'B')$$);
SELECT error_of($$SELECT gpsync.next_states('nothing like it', 'A')$$);

SELECT gpsync.machine_diagram('provision');
SELECT gpsync.machine_diagram('token_lifecycle', format => 'dot');
SELECT error_of($$SELECT gpsync.machine_diagram('provision', 'svg')$$);
SELECT error_of($$SELECT gpsync.machine_diagram('none')$$);

-- A machine of one's own, and another in its place.
SELECT gpsync.define_machine('order', '{"NEW":["PAID","GONE"],"PAID":["SENT"],"SENT":[],"GONE":[]}', '{NEW}');
SELECT gpsync.machine_states('order'), gpsync.next_states('order', 'NEW'),
    gpsync.is_valid_transition('order', 'NEW', 'SENT');
SELECT gpsync.define_machine(machine => 'order', transitions => '{"NEW":["SENT"],"SENT":[]}',
    initial_states => '{SENT,NEW}');
SELECT gpsync.machine_states('order'), gpsync.machine_states('order', true), gpsync.next_states('order', 'NEW'),
    gpsync.is_valid_transition('order', 'NEW', 'SENT');
-- What a transaction defines it sees at once, and forgets when it rolls back.
BEGIN;
SELECT gpsync.define_machine('order', '{"A":["B"],"B":[]}', '{A}');
SELECT gpsync.is_valid_transition('order', 'A', 'B'), gpsync.is_valid_transition('order', 'NEW', 'SENT');
SAVEPOINT one;
SELECT gpsync.define_machine('order', '{"X":["Y"],"Y":[]}', '{X}');
SELECT gpsync.is_valid_transition('order', 'X', 'Y');
ROLLBACK TO one;
SELECT gpsync.is_valid_transition('order', 'A', 'B'), gpsync.is_valid_transition('order', 'X', 'Y');
ROLLBACK;
SELECT gpsync.is_valid_transition('order', 'A', 'B'), gpsync.is_valid_transition('order', 'NEW', 'SENT');

-- Names that would break a diagram or a query.
SELECT gpsync.define_machine('it''s "odd"; \n', '{"a b":["\" -->\n[*]","état"],"\" -->\n[*]":[],"état":["a b"]}',
    '{"a b"}');
SELECT gpsync.next_states('it''s "odd"; \n', 'a b');
SELECT gpsync.machine_diagram('it''s "odd"; \n');
SELECT gpsync.machine_diagram('it''s "odd"; \n', 'dot');
SELECT gpsync.drop_machine('it''s "odd"; \n');

-- What no definition may be.
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":["B"]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":[]}', '{B}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":[]}', '{}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":[]}', NULL)$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":[]}', '{A,NULL}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":[]}', '{A,A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"":[]}', '{""}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":["A"]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":["B","B"],"B":[]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '["A"]', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', NULL, '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":"B","B":[]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":[1]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('m', '{"A":[null]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine('', '{"A":[]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.define_machine(NULL, '{"A":[]}', '{A}')$$);
SELECT error_of(format($$SELECT gpsync.define_machine(%L, '{"A":[]}', '{A}')$$, repeat('x', 64)));
SELECT left(error_of(format($$SELECT gpsync.define_machine('m', '{"%s":[]}', '{A}')$$, repeat('x', 256))), 40);
SELECT error_of(format($$SELECT gpsync.define_machine('m', %L, '{1}')$$,
    (SELECT jsonb_object_agg(n, '[]'::jsonb) FROM generate_series(1, 1025) AS n)));
SELECT error_of($$SELECT gpsync.define_machine('provision', '{"A":[]}', '{A}')$$);
SELECT error_of($$SELECT gpsync.drop_machine('token_lifecycle')$$);
SELECT error_of($$SELECT gpsync.drop_machine('ordre')$$);
SELECT machine FROM gpsync.machine ORDER BY machine;
-- The largest there can be.
SELECT gpsync.define_machine('large',
    (SELECT jsonb_object_agg(n, CASE WHEN n < 1024 THEN jsonb_build_array((n + 1)::text) ELSE '[]' END)
    FROM generate_series(1, 1024) AS n), '{1}');
SELECT gpsync.is_valid_transition('large', '1023', '1024'), gpsync.is_valid_transition('large', '1024', '1'),
    cardinality(gpsync.machine_states('large'));
SELECT gpsync.drop_machine('large');

-- A machine that tables use.
CREATE TABLE orders (id integer PRIMARY KEY, state text);
SELECT gpsync.attach('orders', 'order', 'state', 'machines_test');
SELECT gpsync.generate_test_data('orders', 5);
SELECT state, count(*) FROM orders GROUP BY 1;
SELECT error_of($$SELECT gpsync.drop_machine('order')$$);
SELECT error_of($$SELECT gpsync.define_machine('order', '{"OPEN":["SHUT"],"SHUT":[]}', '{OPEN}')$$);
SELECT error_of($$INSERT INTO orders VALUES (10, 'OPEN')$$);
SELECT gpsync.define_machine('order', '{"OPEN":["SENT"],"SENT":["SHUT"],"SHUT":[]}', '{OPEN}');
INSERT INTO orders VALUES (10, 'OPEN');
UPDATE orders SET state = 'SHUT' WHERE id = 1;
SELECT error_of($$UPDATE orders SET state = 'SHUT' WHERE id = 10$$);
-- A trigger made by hand is not taken for a table to check: nothing of its owner's runs with define_machine()'s rights.
CREATE TABLE made_by_hand (id integer PRIMARY KEY, status date);
CREATE TRIGGER gpsync_stamp BEFORE UPDATE ON made_by_hand FOR EACH ROW
    EXECUTE FUNCTION gpsync_internal.stamp('order', 'status', 'none');
CREATE TRIGGER gpsync_check_update AFTER UPDATE ON made_by_hand FOR EACH ROW WHEN (NEW.status > OLD.status)
    EXECUTE FUNCTION gpsync_internal.check_update('order', 'status', 'none');
INSERT INTO made_by_hand VALUES (1, '2020-01-01');
SELECT gpsync.define_machine('order', '{"OPEN":["SENT"],"SENT":["SHUT"],"SHUT":[]}', '{OPEN}');
SELECT error_of($$UPDATE made_by_hand SET status = now()$$);
ALTER TABLE made_by_hand ADD COLUMN sync_status varchar(20), ADD COLUMN sync_revision bigint;
SELECT error_of($$UPDATE made_by_hand SET status = now()$$);
CREATE OR REPLACE TRIGGER gpsync_check_update AFTER UPDATE ON made_by_hand FOR EACH ROW
    WHEN (gpsync_internal.transition_refused('order', OLD.tableoid::text, NEW.ctid::text))
    EXECUTE FUNCTION gpsync_internal.check_update('order', 'status', 'none');
SELECT error_of($$UPDATE made_by_hand SET status = now()$$);
CREATE OR REPLACE TRIGGER gpsync_check_update AFTER UPDATE ON made_by_hand FOR EACH ROW
    WHEN (gpsync_internal.transition_refused('order', OLD::text, NEW::text))
    EXECUTE FUNCTION gpsync_internal.check_update('order', 'status', 'none');
SELECT error_of($$UPDATE made_by_hand SET status = now()$$);
CREATE OR REPLACE TRIGGER gpsync_check_update AFTER UPDATE ON made_by_hand FOR EACH ROW
    WHEN (gpsync_internal.transition_refused('order', OLD.status::text || NEW.id, NEW.status::text))
    EXECUTE FUNCTION gpsync_internal.check_update();
SELECT error_of($$UPDATE made_by_hand SET status = now()$$);
CREATE OR REPLACE TRIGGER gpsync_check_update AFTER UPDATE ON made_by_hand FOR EACH ROW
    WHEN (gpsync_internal.transition_refused(OLD.sync_status, OLD.status::text, NEW.status::text))
    EXECUTE FUNCTION gpsync_internal.check_update('a', 'b', 'c');
SELECT error_of($$UPDATE made_by_hand SET status = now()$$);
CREATE OR REPLACE TRIGGER gpsync_check_update BEFORE DELETE ON made_by_hand FOR EACH ROW
    EXECUTE FUNCTION gpsync_internal.check_update('order', 'status', 'none');
SELECT error_of($$DELETE FROM made_by_hand$$);
CREATE OR REPLACE TRIGGER gpsync_check_update AFTER UPDATE ON made_by_hand FOR EACH STATEMENT
    EXECUTE FUNCTION gpsync_internal.stamp();
SELECT error_of($$UPDATE made_by_hand SET status = now()$$);
SELECT error_of($$SELECT gpsync_internal.stamp()$$);
SELECT gpsync_internal.arrival_refused('provision', 'FAILED', 1),
    gpsync_internal.arrival_refused('provision', 'RECEIVED', NULL),
    gpsync_internal.initial_state_refused('provision', NULL),
    gpsync_internal.transition_refused('provision', NULL, NULL),
        gpsync_internal.transition_refused('provision', NULL, 'RECEIVED');
SELECT gpsync_internal.key_columns('made_by_hand_pkey'), gpsync_internal.key_columns('gpsync.attached_tables'),
    gpsync_internal.key_columns('pg_class');
SELECT error_of($$INSERT INTO made_by_hand VALUES (2); DROP TRIGGER gpsync_check_update
    ON made_by_hand; UPDATE made_by_hand SET status = now()$$);
DROP TABLE made_by_hand;
SELECT gpsync.detach('orders');
SELECT gpsync.drop_machine('order');
SELECT error_of($$SELECT gpsync.machine_diagram('order')$$);

-- Rows that were changed by hand.
SELECT gpsync.define_machine('spoilt', '{"A":["B"],"B":[]}', '{A}');
UPDATE gpsync.machine_state SET initial = false WHERE machine = 'spoilt';
SELECT error_of($$SELECT gpsync.is_valid_transition('spoilt', 'A', 'B')$$);
SELECT gpsync.drop_machine('spoilt');
SELECT error_of($$SELECT gpsync.machine_diagram('spoilt')$$);

-- The functions ask for no right on the tables, and see the present also in REPEATABLE READ.
CREATE ROLE gpsync_machines_nobody;
SET ROLE gpsync_machines_nobody;
SELECT gpsync.is_valid_transition('provision', 'RECEIVED', 'FAILED');
SELECT gpsync.define_machine('mine', '{"A":[]}', '{A}');
SELECT gpsync.drop_machine('mine');
SELECT count(*) FROM gpsync.machine;
RESET ROLE;
DROP ROLE gpsync_machines_nobody;

DROP PUBLICATION machines_test;
SET client_min_messages = warning;
DROP SCHEMA machines_test CASCADE;
