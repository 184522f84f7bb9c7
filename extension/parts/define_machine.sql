-- define_machine() and drop_machine(). They run with the extension owner's rights, since nobody else writes the
-- machine tables, and since a machine in use is checked against tables of any owner. The rows of a table are read as
-- its owner (gpsync_internal.unknown_states()); with the extension's rights nothing but catalogs is.

CREATE FUNCTION gpsync_internal.refuse_machine_name(machine text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF machine IS NULL OR machine = '' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the name of a machine cannot be empty';
    ELSIF octet_length(machine) > 63 THEN
        RAISE invalid_parameter_value USING MESSAGE = format('the name of machine "%s" is too long', machine),
            DETAIL = 'A machine''s name can have at most 63 bytes.';
    ELSIF EXISTS (SELECT FROM gpsync.machine AS m WHERE m.machine = refuse_machine_name.machine AND m.builtin) THEN
        RAISE reserved_name USING MESSAGE = format('machine "%s" is built in', machine),
            HINT = 'Define a machine of another name, and attach your tables with that one.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_machine_name(text) IS
    'Raises 22023 for a name no machine can have, 42939 for the name of a built-in one';

CREATE FUNCTION gpsync_internal.refuse_transitions(transitions jsonb) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad_state text;
BEGIN
    IF transitions IS NULL OR jsonb_typeof(transitions) <> 'object' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'transitions must be a JSON object',
            HINT = 'For example {"NEW": ["DONE"], "DONE": []}: each state with those that may follow it.';
    END IF;
    SELECT t.key INTO bad_state FROM jsonb_each(transitions) AS t
    WHERE CASE WHEN jsonb_typeof(t.value) = 'array'
               THEN EXISTS (SELECT FROM jsonb_array_elements(t.value) AS e WHERE jsonb_typeof(e) <> 'string')
               ELSE true END
    LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('what follows state "%s" must be an array of strings', bad_state),
            HINT = 'For example {"NEW": ["DONE"], "DONE": []}: each state with those that may follow it.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_transitions(jsonb) IS
    'Raises 22023 for what is not an object of arrays of strings';

CREATE FUNCTION gpsync.define_machine(machine text, transitions jsonb, initial_states text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    states      text[];
    from_states text[];
    to_states   text[];
    attached    record;
BEGIN
    PERFORM gpsync_internal.refuse_machine_name(machine);
    PERFORM gpsync_internal.refuse_transitions(transitions);
    IF initial_states IS NULL OR array_ndims(initial_states) > 1
        OR array_position(initial_states, NULL) IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'initial_states must be a list of states, none of them NULL';
    END IF;
    states := array(SELECT key FROM jsonb_object_keys(transitions) WITH ORDINALITY AS k (key, ordinal)
        ORDER BY k.ordinal);
    SELECT coalesce(array_agg(t.key ORDER BY t.ordinal, f.ordinal), '{}'),
        coalesce(array_agg(f.state ORDER BY t.ordinal, f.ordinal), '{}')
        INTO from_states, to_states
        FROM jsonb_each(transitions) WITH ORDINALITY AS t (key, value, ordinal),
             jsonb_array_elements_text(t.value) WITH ORDINALITY AS f (state, ordinal);
    states := gpsync_internal.check_machine(states, initial_states, from_states, to_states);

    -- Against attach(), which takes the same locks in the same order: first the machines, then the table.
    LOCK TABLE gpsync.machine IN SHARE ROW EXCLUSIVE MODE;
    -- The status column may have been given another type since.
    FOR attached IN SELECT a.* FROM gpsync.attached_tables AS a
                    JOIN pg_attribute AS c ON c.attrelid = a.relation AND c.attname = a.status_column
                    WHERE a.machine = define_machine.machine AND gpsync_internal.is_state_type(c.atttypid)
                        ORDER BY a.relation::oid LOOP
        PERFORM gpsync_internal.refuse_unknown_states(attached.relation, attached.status_column, machine, states);
    END LOOP;
    PERFORM gpsync_internal.store_machine(machine, states, initial_states, from_states, to_states, false);
END $$;
COMMENT ON FUNCTION gpsync.define_machine(text, jsonb, text[]) IS
    'Defines a machine, or defines it anew: transitions {"A": ["B", "C"], "B": [], "C": []} with every state as a key, '
    'initial_states those a new row may start in. While tables use it, they are locked against writing and must hold '
    'none but its states. Errors: 22023 what is wrong with the definition; 42939 the machine is built in; 23514 a '
    'table holds other states, listed in the DETAIL';

CREATE FUNCTION gpsync.drop_machine(machine text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    users text;
BEGIN
    LOCK TABLE gpsync.machine IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM gpsync.machine AS m WHERE m.machine = drop_machine.machine) THEN
        RAISE undefined_object USING MESSAGE = format('machine "%s" does not exist', machine),
            HINT = gpsync_internal.name_hint(coalesce(machine, ''), 'machines',
                array(SELECT m.machine FROM gpsync.machine AS m ORDER BY 1));
    ELSIF EXISTS (SELECT FROM gpsync.machine AS m WHERE m.machine = drop_machine.machine AND m.builtin) THEN
        RAISE reserved_name USING MESSAGE = format('machine "%s" is built in', machine),
            DETAIL = 'It comes with the extension and cannot be dropped.';
    END IF;
    SELECT string_agg(format('table %s', a.relation), ', ' ORDER BY a.relation::text) INTO users
        FROM gpsync.attached_tables AS a WHERE a.machine = drop_machine.machine;
    IF users IS NOT NULL THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('cannot drop machine "%s" because tables use it', machine),
            DETAIL = format('Attached with it: %s.', users),
            HINT = 'Call gpsync.detach() for them first.';
    END IF;
    DELETE FROM gpsync.machine_transition AS t WHERE t.machine = drop_machine.machine;
    DELETE FROM gpsync.machine_state AS s WHERE s.machine = drop_machine.machine;
    DELETE FROM gpsync.machine AS m WHERE m.machine = drop_machine.machine;
END $$;
COMMENT ON FUNCTION gpsync.drop_machine(text) IS
    'Drops a machine. Errors: 42704 no such machine; 42939 it is built in; 2BP01 tables use it';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_machine_name(text), gpsync_internal.refuse_transitions(jsonb),
    gpsync.define_machine(text, jsonb, text[]), gpsync.drop_machine(text) FROM PUBLIC;
