-- Queries on status machines, and changes of them. Every backend keeps its machines compiled; the statement triggers
-- below make all backends drop the compiled machines when a machine changes.

CREATE FUNCTION gpsync.is_valid_transition(machine text, from_state text, to_state text) RETURNS boolean
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_is_valid_transition';
COMMENT ON FUNCTION gpsync.is_valid_transition(text, text, text) IS
    'Whether a machine lists the transition from_state to to_state: false for anything not listed, from a state to '
    'itself, unknown states and NULL included. Errors: 42704 no such machine';

CREATE FUNCTION gpsync.next_states(machine text, state text) RETURNS text[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_next_states';
COMMENT ON FUNCTION gpsync.next_states(text, text) IS
    'The states that may follow one, in the order of the definition: none for a final or unknown state. Errors: 42704 '
    'no such machine';

CREATE FUNCTION gpsync.machine_states(machine text, initial_only boolean DEFAULT false) RETURNS text[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_machine_states';
COMMENT ON FUNCTION gpsync.machine_states(text, boolean) IS
    'The states of a machine in order, or only those a new row may start in. Errors: 42704 no such machine';

CREATE FUNCTION gpsync.machine_diagram(machine text, format text DEFAULT 'mermaid') RETURNS text
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_machine_diagram';
COMMENT ON FUNCTION gpsync.machine_diagram(text, text) IS
    'A machine as a diagram; format is mermaid or dot. Errors: 42704 no such machine; 22023 unknown format';

CREATE FUNCTION gpsync_internal.machine_changed() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_machine_changed';
COMMENT ON FUNCTION gpsync_internal.machine_changed() IS
    'Makes every session load the machines again once this transaction commits';
REVOKE ALL ON FUNCTION gpsync_internal.machine_changed() FROM PUBLIC;

CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.machine
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.machine_state
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.machine_transition
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.machine_changed();
-- Also where a restore or a subscription writes them.
ALTER TABLE gpsync.machine ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE gpsync.machine_state ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE gpsync.machine_transition ENABLE ALWAYS TRIGGER machine_changed;

CREATE FUNCTION gpsync_internal.check_machine(states text[], initial_states text[], from_states text[],
    to_states text[])
    RETURNS text[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_check_machine';
COMMENT ON FUNCTION gpsync_internal.check_machine(text[], text[], text[], text[]) IS
    'Checks a definition and gives its states as a reader meets them: the initial ones, then what follows them. '
    'Errors: 22023 and 54000, what is wrong with it';

CREATE FUNCTION gpsync_internal.store_machine(machine text, states text[], initial_states text[], from_states text[],
    to_states text[],
        builtin boolean) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO gpsync.machine AS m (machine, builtin) VALUES (store_machine.machine, store_machine.builtin)
        ON CONFLICT ON CONSTRAINT machine_pkey DO NOTHING;
    DELETE FROM gpsync.machine_transition AS t WHERE t.machine = store_machine.machine;
    DELETE FROM gpsync.machine_state AS s WHERE s.machine = store_machine.machine;
    INSERT INTO gpsync.machine_state (machine, state, ordinal, initial)
        SELECT store_machine.machine, s.state, s.ordinal, s.state = ANY (initial_states)
        FROM unnest(states) WITH ORDINALITY AS s (state, ordinal);
    INSERT INTO gpsync.machine_transition (machine, from_state, to_state, ordinal)
        SELECT store_machine.machine, t.from_state, t.to_state, t.ordinal
        FROM ROWS FROM (unnest(from_states), unnest(to_states)) WITH ORDINALITY AS t (from_state, to_state, ordinal);
END;
COMMENT ON FUNCTION gpsync_internal.store_machine(text, text[], text[], text[], text[], boolean) IS
    'Writes a machine that check_machine() found right, in the place of what it was';

CREATE FUNCTION gpsync_internal.lock_machines() RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_lock_machines';
COMMENT ON FUNCTION gpsync_internal.lock_machines() IS
    'Keeps machines from being changed or dropped until the end of the transaction, for attach(); other attaches go on';
REVOKE ALL ON FUNCTION gpsync_internal.check_machine(text[], text[], text[], text[]),
    gpsync_internal.store_machine(text, text[], text[], text[], text[], boolean), gpsync_internal.lock_machines()
        FROM PUBLIC;

-- T1 of the requirements: the default machine of both tables.
SELECT gpsync_internal.store_machine('provision',
    '{RECEIVED,PROCESSING,COMPLETED,FAILED,VERIFIED,ELIGIBLE}', '{RECEIVED}',
    '{RECEIVED,RECEIVED,PROCESSING,PROCESSING,COMPLETED,FAILED,VERIFIED}',
    '{PROCESSING,FAILED,COMPLETED,FAILED,VERIFIED,RECEIVED,ELIGIBLE}', true);
-- T4: payment tokens as the card networks use them.
SELECT gpsync_internal.store_machine('token_lifecycle',
    '{INACTIVE,ACTIVE,SUSPENDED,DEACTIVATED}', '{INACTIVE,ACTIVE}',
    '{INACTIVE,INACTIVE,ACTIVE,ACTIVE,SUSPENDED,SUSPENDED}',
    '{ACTIVE,DEACTIVATED,SUSPENDED,DEACTIVATED,ACTIVE,DEACTIVATED}', true);
