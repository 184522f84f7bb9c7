-- Status machines as data. A machine is its states (in order; some of them initial) and its transitions. No foreign
-- keys between them: a parallel pg_restore loads the tables in any order. define_machine() checks, and so does
-- whoever compiles a machine.

CREATE TABLE gpsync.machine (
    machine text PRIMARY KEY CHECK (machine <> ''),
    builtin boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE gpsync.machine IS 'Status machines; change them with define_machine() and drop_machine()';

CREATE TABLE gpsync.machine_state (
    machine text NOT NULL,
    state   text NOT NULL CHECK (state <> ''),
    ordinal integer NOT NULL,
    initial boolean NOT NULL DEFAULT false,
    PRIMARY KEY (machine, state)
);
COMMENT ON TABLE gpsync.machine_state IS
    'The states of each machine, in the order they were given; a new row starts in an initial one';

CREATE TABLE gpsync.machine_transition (
    machine    text NOT NULL,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    ordinal    integer NOT NULL,
    PRIMARY KEY (machine, from_state, to_state)
);
COMMENT ON TABLE gpsync.machine_transition IS 'The legal transitions of each machine; anything not listed is illegal';

SELECT pg_catalog.pg_extension_config_dump('gpsync.machine', 'WHERE NOT builtin');
SELECT pg_catalog.pg_extension_config_dump('gpsync.machine_state',
    'WHERE machine IN (SELECT machine FROM gpsync.machine WHERE NOT builtin)');
SELECT pg_catalog.pg_extension_config_dump('gpsync.machine_transition',
    'WHERE machine IN (SELECT machine FROM gpsync.machine WHERE NOT builtin)');
