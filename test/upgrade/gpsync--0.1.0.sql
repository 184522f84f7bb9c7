\echo Use "CREATE EXTENSION gpsync" to load this file. \quit
-- Whoever can put objects into schema gpsync can get them called with the extension's rights, so a schema that
-- was there before must belong to a superuser, be closed to others, and be empty.
DO $$
DECLARE
    schema record;
    planted text;
BEGIN
    SELECT n.oid, n.nspowner, r.rolname, r.rolsuper,
           EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) AS a
                   WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner) AS open
    INTO schema
    FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
    WHERE n.nspname = 'gpsync';
    IF NOT schema.rolsuper THEN
        RAISE insufficient_privilege USING
            MESSAGE = 'schema "gpsync" exists already and does not belong to a superuser',
            DETAIL = pg_catalog.format('It belongs to role "%s", who could change what the extension does.',
                schema.rolname),
            HINT = 'DROP SCHEMA gpsync, or ALTER SCHEMA gpsync OWNER TO CURRENT_USER.';
    ELSIF schema.open THEN
        RAISE insufficient_privilege USING MESSAGE = 'others may create objects in schema "gpsync"',
            HINT = 'REVOKE CREATE ON SCHEMA gpsync FROM those that \dn+ gpsync shows.';
    END IF;
    SELECT pg_catalog.pg_describe_object(d.classid, d.objid, 0) INTO planted
    FROM pg_catalog.pg_depend AS d
    WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.refobjid = schema.oid
        AND d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
    LIMIT 1;
    IF FOUND THEN
        RAISE duplicate_object USING MESSAGE = 'schema "gpsync" exists already and is not empty',
            DETAIL = pg_catalog.format('It contains %s.', planted), HINT = 'Move or drop what is in it first.';
    END IF;
END $$;

-- Functions that nobody calls by hand: what the API, triggers, views, relays and supervisors are made of.
CREATE SCHEMA gpsync_internal;
COMMENT ON SCHEMA gpsync_internal IS 'What gpsync is made of; what is there to be called is in schema gpsync';
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
-- Asking and changing status machines. Every backend keeps those it uses compiled; the statement triggers below
-- make all of them drop what they have when a machine changes.

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

CREATE FUNCTION gpsync_internal.check_machine(states text[], initial_states text[], from_states text[], to_states text[])
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
    gpsync_internal.store_machine(text, text[], text[], text[], text[], boolean), gpsync_internal.lock_machines() FROM PUBLIC;

-- T1 of the requirements: for both tables unless told otherwise.
SELECT gpsync_internal.store_machine('provision',
    '{RECEIVED,PROCESSING,COMPLETED,FAILED,VERIFIED,ELIGIBLE}', '{RECEIVED}',
    '{RECEIVED,RECEIVED,PROCESSING,PROCESSING,COMPLETED,FAILED,VERIFIED}',
    '{PROCESSING,FAILED,COMPLETED,FAILED,VERIFIED,RECEIVED,ELIGIBLE}', true);
-- T4: payment tokens as the card networks use them.
SELECT gpsync_internal.store_machine('token_lifecycle',
    '{INACTIVE,ACTIVE,SUSPENDED,DEACTIVATED}', '{INACTIVE,ACTIVE}',
    '{INACTIVE,INACTIVE,ACTIVE,ACTIVE,SUSPENDED,SUSPENDED}',
    '{ACTIVE,DEACTIVATED,SUSPENDED,DEACTIVATED,ACTIVE,DEACTIVATED}', true);
-- The triggers of an attached table and what their WHEN clauses call; docs/design.md, "A table under control".

-- Evaluated for every row, with the rights of whoever writes it.
CREATE FUNCTION gpsync_internal.transition_refused(machine text, old_state text, new_state text) RETURNS boolean
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_transition_refused';
COMMENT ON FUNCTION gpsync_internal.transition_refused(text, text, text) IS
    'WHEN clause of gpsync_check_update: the status changed, and the machine does not list the transition';

CREATE FUNCTION gpsync_internal.initial_state_refused(machine text, new_state text) RETURNS boolean
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_initial_state_refused';
COMMENT ON FUNCTION gpsync_internal.initial_state_refused(text, text) IS
    'WHEN clause of gpsync_check_insert: a new row may not start in this state';

CREATE FUNCTION gpsync_internal.arrival_refused(machine text, new_state text, revision bigint) RETURNS boolean
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_arrival_refused';
COMMENT ON FUNCTION gpsync_internal.arrival_refused(text, text, bigint) IS
    'WHEN clause of gpsync_check_insert on partitions: as initial_state_refused(), or an illegal transition of a row '
    'that an UPDATE moves in from another partition';

CREATE FUNCTION gpsync_internal.stamp() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_stamp';
COMMENT ON FUNCTION gpsync_internal.stamp() IS
    'Trigger gpsync_stamp: makes the row that is written PENDING, with a new sync_revision and, where the column '
    'exists, last_updated';

CREATE FUNCTION gpsync_internal.check_update() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_check_update';
COMMENT ON FUNCTION gpsync_internal.check_update() IS
    'Trigger gpsync_check_update: raises 23514 for the transition its WHEN clause refused';

CREATE FUNCTION gpsync_internal.check_insert() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_check_insert';
COMMENT ON FUNCTION gpsync_internal.check_insert() IS
    'Trigger gpsync_check_insert: raises 23514 for the row its WHEN clause refused';

CREATE FUNCTION gpsync_internal.note_delete() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_note_delete';
COMMENT ON FUNCTION gpsync_internal.note_delete() IS
    'Trigger gpsync_note_delete: remembers the state of a row that an UPDATE moves to another partition';

-- The trigger functions stay executable by PUBLIC: PostgreSQL asks for that right when the owner of an attached table
-- creates a partition or restores a dump. As triggers they only touch the table they are on, which is its owner's.

-- What the plan of a simple UPDATE calls in the place of the triggers (src/trigger/in_plan/plan_stamp.h), with the
-- rights of whoever writes.
CREATE FUNCTION gpsync_internal.next_revision(previous bigint) RETURNS bigint
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_next_revision';
COMMENT ON FUNCTION gpsync_internal.next_revision(bigint) IS
    'The WAL insert position, and more than previous: the sync_revision of a row that is written now';

CREATE FUNCTION gpsync_internal.stamp_time(type_modifier integer) RETURNS timestamp
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_stamp_time';
COMMENT ON FUNCTION gpsync_internal.stamp_time(integer) IS 'now() in local time, rounded as a column''s type modifier says';

CREATE FUNCTION gpsync_internal.stamp_time_with_zone(type_modifier integer) RETURNS timestamptz
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_stamp_time_with_zone';
COMMENT ON FUNCTION gpsync_internal.stamp_time_with_zone(integer) IS 'now(), rounded as a column''s type modifier says';

CREATE FUNCTION gpsync_internal.checked_state(machine text, old_state text, new_state text) RETURNS text
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_checked_state';
COMMENT ON FUNCTION gpsync_internal.checked_state(text, text, text) IS
    'new_state; where the machine does not list the transition, trigger gpsync_check_update looks at the rows of the '
    'statement';

CREATE FUNCTION gpsync_internal.trigger_arguments(tgargs bytea) RETURNS text[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_trigger_arguments';
COMMENT ON FUNCTION gpsync_internal.trigger_arguments(bytea) IS 'The arguments of a trigger, from pg_trigger.tgargs';

-- Views, doctor() and event triggers call what follows, so all of it reads the catalogs alone: to open a table would
-- wait for whoever has locked it.

-- The rule of src/pg/row_key.h.
CREATE FUNCTION gpsync_internal.key_columns(relation regclass) RETURNS name[]
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
WITH key AS (
    SELECT i.indkey::int2[] AS attnums, i.indnkeyatts
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
    WHERE i.indrelid = relation AND (i.indisprimary OR i.indisreplident AND c.relreplident = 'i')
        AND i.indislive AND i.indisvalid AND i.indisunique AND i.indimmediate AND i.indpred IS NULL
    ORDER BY i.indisreplident AND c.relreplident = 'i' DESC LIMIT 1)
SELECT array_agg(a.attname ORDER BY k.ordinal)
FROM key, unnest(key.attnums) WITH ORDINALITY AS k (attnum, ordinal)
JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = k.attnum
WHERE k.ordinal <= key.indnkeyatts $$;
COMMENT ON FUNCTION gpsync_internal.key_columns(regclass) IS
    'The columns that identify a row, in the order of their index: those of the replica identity index where one is '
    'chosen, else of the primary key; NULL when there is none';

CREATE FUNCTION gpsync_internal.partitions(relation regclass) RETURNS TABLE (relid regclass, isleaf boolean)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE tree (oid, relkind) AS (
    SELECT c.oid, c.relkind FROM pg_class AS c WHERE c.oid = relation
    UNION ALL
    SELECT c.oid, c.relkind FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.oid AND NOT i.inhdetachpending
    JOIN pg_class AS c ON c.oid = i.inhrelid WHERE t.relkind = 'p')
SELECT t.oid::regclass, t.relkind <> 'p' FROM tree AS t $$;
COMMENT ON FUNCTION gpsync_internal.partitions(regclass) IS
    'A table and its partitions of every level, as pg_partition_tree(), which locks them. A table that is not '
    'partitioned is its own leaf';

-- The label is the record of the attachment (src/pg/attachment.h).
CREATE VIEW gpsync.attached_tables AS
    SELECT l.objoid::regclass AS relation,
           l.label::jsonb ->> 'machine' AS machine,
           -- The column the check looks at now; the label has the name it had when it was attached.
           (SELECT c.attname FROM pg_catalog.pg_trigger AS u
            JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = u.oid
                AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = u.tgrelid AND d.refobjsubid > 0
            JOIN pg_catalog.pg_attribute AS c ON c.attrelid = d.refobjid AND c.attnum = d.refobjsubid
            WHERE u.tgrelid = l.objoid AND u.tgname = 'gpsync_check_update'
                AND u.tgfoid = 'gpsync_internal.check_update()'::regprocedure LIMIT 1) AS status_column,
           gpsync_internal.key_columns(l.objoid) AS key_columns,
           (l.label::jsonb ->> 'publication')::name COLLATE "C" AS publication,
           (l.label::jsonb ->> 'check_replicated')::boolean AS check_replicated
    FROM pg_catalog.pg_seclabel AS l
    WHERE l.provider = 'gpsync' AND l.classoid = 'pg_catalog.pg_class'::regclass AND l.objsubid = 0;
COMMENT ON VIEW gpsync.attached_tables IS
    'The tables that attach() put under control. machine and status_column are NULL for a table without a status; a '
    'partitioned table stands for its partitions';

CREATE FUNCTION gpsync_internal.attached_ancestor(relation oid) RETURNS regclass
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE line (oid) AS (
    SELECT attached_ancestor.relation
    UNION SELECT i.inhparent FROM line AS l JOIN pg_inherits AS i ON i.inhrelid = l.oid)
SELECT a.relation FROM line AS l JOIN gpsync.attached_tables AS a ON a.relation = l.oid LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.attached_ancestor(oid) IS
    'The attached table that a table is, is a partition of, or inherits from; from the catalogs alone';
REVOKE ALL ON FUNCTION gpsync_internal.attached_ancestor(oid) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.record_attachment(relation regclass, record jsonb) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_record_attachment';
COMMENT ON FUNCTION gpsync_internal.record_attachment(regclass, jsonb) IS
    'For attach() and detach(): writes the label that makes a table an attached one, or takes it away (NULL). Errors: '
    '42501 the caller does not own the table; 42809 it is no permanent table; 39P01 it does not have the triggers that '
    'attach() makes';
REVOKE ALL ON FUNCTION gpsync_internal.record_attachment(regclass, jsonb) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.forget_attachments() RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_forget_attachments';
COMMENT ON FUNCTION gpsync_internal.forget_attachments() IS
    'Takes the labels away that an extension which has been dropped left on tables: its triggers went, labels stay';
REVOKE ALL ON FUNCTION gpsync_internal.forget_attachments() FROM PUBLIC;
SELECT gpsync_internal.forget_attachments();
-- What attach() refuses, a function for each subject. All of them run with the caller's rights.

CREATE FUNCTION gpsync_internal.refuse_relation(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    c pg_class;
    kind text;
BEGIN
    SELECT * INTO c FROM pg_class WHERE oid = relation;
    IF NOT FOUND THEN
        RAISE undefined_table USING MESSAGE = format('relation with OID %s does not exist', relation::oid);
    END IF;
    kind := CASE c.relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table'
        WHEN 'S' THEN 'a sequence' WHEN 'i' THEN 'an index' WHEN 'I' THEN 'an index' WHEN 'c' THEN 'a composite type'
        WHEN 't' THEN 'a TOAST table' END;
    IF kind IS NOT NULL THEN
        RAISE wrong_object_type USING MESSAGE = format('"%s" is not a table', c.relname),
            DETAIL = format('It is %s; only tables and partitioned tables can be attached.', kind),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    ELSIF c.relnamespace IN ('pg_catalog'::regnamespace, 'gpsync'::regnamespace)
          OR c.relnamespace = to_regnamespace('information_schema') THEN
        RAISE insufficient_privilege USING MESSAGE = format('cannot attach system table "%s"', c.relname),
            DETAIL = 'Tables of PostgreSQL and of gpsync itself are never streamed.',
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    ELSIF c.relpersistence <> 'p' THEN
        RAISE wrong_object_type USING
            MESSAGE = format('cannot attach %s table "%s"', CASE c.relpersistence WHEN 'u' THEN 'unlogged'
                ELSE 'temporary' END, c.relname),
            DETAIL = 'Its changes are not in the WAL, so they cannot be streamed.',
            HINT = CASE c.relpersistence WHEN 'u' THEN format('Use ALTER TABLE %s SET LOGGED.', relation)
                ELSE 'Use a permanent table.' END,
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    ELSIF NOT pg_has_role(c.relowner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', c.relname),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_relation(regclass) IS
    'Raises 42809 for what is no permanent table, 42501 for a system table or one the caller does not own';

CREATE FUNCTION gpsync_internal.refuse_attached(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    other regclass;
BEGIN
    IF EXISTS (SELECT FROM gpsync.attached_tables AS a WHERE a.relation = refuse_attached.relation) THEN
        RAISE duplicate_object USING MESSAGE = format('table %s is already attached', relation),
            HINT = 'To change its machine, status column or publication, call gpsync.detach() first.';
    END IF;
    SELECT a.relation INTO other FROM pg_partition_ancestors(relation) AS p
        JOIN gpsync.attached_tables AS a ON a.relation = p.relid LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is already attached', relation),
            DETAIL = format('It is a partition of %s, which is attached with all its partitions.', other);
    END IF;
    SELECT a.relation INTO other FROM gpsync_internal.partitions(relation) AS p
        JOIN gpsync.attached_tables AS a ON a.relation = p.relid ORDER BY a.relation::text LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('partition %s of table %s is already attached', other, relation),
            HINT = format('Call gpsync.detach(%L) first; attaching %s attaches all its partitions.', other, relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_attached(regclass) IS
    'Raises 42710 for an attached table, 55000 for a partition of one and for a table with an attached partition';

CREATE FUNCTION gpsync_internal.inheriting_tables(relation regclass) RETURNS SETOF regclass
    LANGUAGE sql STABLE STRICT ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE heir (oid) AS (
    SELECT i.inhrelid FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhparent WHERE i.inhparent = relation
        AND c.relkind = 'r'
    UNION
    SELECT i.inhrelid FROM heir AS h JOIN pg_inherits AS i ON i.inhparent = h.oid)
SELECT h.oid::regclass FROM heir AS h $$;
COMMENT ON FUNCTION gpsync_internal.inheriting_tables(regclass) IS
    'The tables that inherit from one, of every level, partitions excepted';

-- A foreign table can be a partition as long as no unique index covers the whole.
CREATE FUNCTION gpsync_internal.refuse_partitions(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad regclass;
BEGIN
    SELECT p.relid INTO bad FROM gpsync_internal.partitions(relation) AS p JOIN pg_class AS c ON c.oid = p.relid
        WHERE c.relkind = 'f' ORDER BY p.relid::text LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING
            MESSAGE = format('cannot attach table %s because its partition %s is a foreign table', relation, bad),
            DETAIL = 'Its rows are on another server, where no trigger of this one stamps them.';
    END IF;
    SELECT p.relid INTO bad FROM gpsync_internal.partitions(relation) AS p JOIN pg_class AS c ON c.oid = p.relid
        WHERE p.isleaf AND c.relpersistence <> 'p' ORDER BY p.relid::text LIMIT 1;
    IF FOUND THEN
        RAISE wrong_object_type USING
            MESSAGE = format('cannot attach table %s because its partition %s is unlogged', relation, bad),
            DETAIL = 'The changes of that one are not in the WAL, so they cannot be streamed.',
            HINT = format('Use ALTER TABLE %s SET LOGGED.', bad);
    END IF;
    SELECT i.relation INTO bad FROM gpsync_internal.inheriting_tables(relation) AS i (relation)
        WHERE NOT EXISTS (SELECT FROM gpsync.attached_tables AS a WHERE a.relation = i.relation) ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('cannot attach table %s because table %s inherits from it', relation, bad),
            DETAIL = 'Rows of that one are rows of both, and triggers, keys and publications are not inherited: they '
                     'would be neither stamped nor sent.',
            HINT = format('Attach %s first, with a key of its own, or use ALTER TABLE %1$s NO INHERIT %s.', bad,
                relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_partitions(regclass) IS
    'Raises 42809 for partitions that cannot be streamed, 55000 for tables that inherit and are not attached';

CREATE FUNCTION gpsync_internal.refuse_key(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key name[] := gpsync_internal.key_columns(relation);
    bad regclass;
BEGIN
    IF key IS NULL THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s has no key', relation),
            DETAIL = 'A change is delivered and booked by the key of its row.',
            HINT = 'Add a primary key that is not deferrable, or choose a unique index with ALTER TABLE ... REPLICA '
                   'IDENTITY USING INDEX.';
    END IF;
    SELECT c.oid INTO bad FROM (SELECT p.relid FROM gpsync_internal.partitions(relation) AS p WHERE p.isleaf
                                UNION SELECT relation) AS l JOIN pg_class AS c ON c.oid = l.relid
        WHERE c.relkind <> 'p' AND (c.relreplident = 'n' OR c.relreplident = 'i' AND NOT EXISTS (
            SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident)) LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s has no replica identity', bad),
            DETAIL = 'PostgreSQL refuses to update or delete rows of a published table without one.',
            HINT = format('Use ALTER TABLE %s REPLICA IDENTITY DEFAULT.', bad);
    END IF;
    SELECT p.relid INTO bad FROM gpsync_internal.partitions(relation) AS p
        WHERE p.isleaf AND gpsync_internal.key_columns(p.relid) IS DISTINCT FROM key LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('partition %s has another key than table %s', bad, relation),
            HINT = 'Give them the same primary key, or choose the same columns with ALTER TABLE ... REPLICA IDENTITY '
                   'USING INDEX, for each partition.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_key(regclass) IS
    'Raises 55000 for a table without a key, without a replica identity, or with partitions that have another key';

CREATE FUNCTION gpsync_internal.refuse_own_columns(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad record;
BEGIN
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, w.wanted, a.attgenerated <> ''
        OR a.attidentity <> '' AS generated INTO bad
        FROM pg_attribute AS a
        JOIN (VALUES ('sync_status', 'character varying(20)'), ('last_sync_timestamp', 'timestamp with time zone'),
                     ('sync_revision', 'bigint')) AS w (name, wanted) ON w.name = a.attname
        WHERE a.attrelid = relation AND NOT a.attisdropped AND (a.attgenerated <> '' OR a.attidentity <> '' OR NOT
            CASE a.attname
                WHEN 'sync_status' THEN a.atttypid = 'text'::regtype
                    OR a.atttypid = 'varchar'::regtype AND (a.atttypmod = -1 OR a.atttypmod - 4 >= length('COMPLETED'))
                WHEN 'last_sync_timestamp' THEN a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
                ELSE a.atttypid = 'bigint'::regtype END)
        ORDER BY a.attnum LIMIT 1;
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of table %s cannot be used by gpsync', bad.attname, relation),
            DETAIL = CASE WHEN bad.generated THEN 'It is a generated or identity column.'
                          ELSE format('It is of type %s; gpsync needs %s.', bad.type, bad.wanted) END,
            HINT = format('Change its type, or rename it: gpsync adds a column "%s" of its own.', bad.attname);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_own_columns(regclass) IS
    'Raises 42804 when a column that attach() would add is there already with a type that does not do';

CREATE FUNCTION gpsync_internal.pii_of_name(column_name name) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_pii_of_name';
COMMENT ON FUNCTION gpsync_internal.pii_of_name(name) IS
    'What the name of a column says its values are, by the key words of payments@1, as the name of a detector; NULL: '
    'no PII';

CREATE FUNCTION gpsync_internal.warn_of_pii_in_key(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    column_name name;
BEGIN
    FOREACH column_name IN ARRAY gpsync_internal.key_columns(relation) LOOP
        IF gpsync_internal.pii_of_name(column_name) IS NOT NULL THEN
            RAISE WARNING USING ERRCODE = '01000',
                MESSAGE = format('key column "%s" of table %s looks like PII (%s)', column_name, relation,
                    gpsync_internal.pii_of_name(column_name)),
                DETAIL = 'The key of a row is sent with each of its changes and cannot be redacted: nothing could be '
                         'booked without it.',
                HINT = 'Identify rows by a token or a surrogate key.';
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_pii_in_key(regclass) IS
    'Warns where the name of a key column says that it holds PII';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_relation(regclass), gpsync_internal.refuse_attached(regclass),
    gpsync_internal.inheriting_tables(regclass), gpsync_internal.refuse_partitions(regclass), gpsync_internal.refuse_key(regclass),
    gpsync_internal.refuse_own_columns(regclass), gpsync_internal.warn_of_pii_in_key(regclass) FROM PUBLIC;
-- What attach() refuses in the column of the status and in the rows that are there already.

CREATE FUNCTION gpsync_internal.refuse_status_column(relation regclass, status_column name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    a pg_attribute;
BEGIN
    SELECT * INTO a FROM pg_attribute WHERE attrelid = relation AND attname = status_column AND attnum > 0
        AND NOT attisdropped;
    IF NOT FOUND THEN
        RAISE undefined_column USING
            MESSAGE = format('column "%s" of table %s does not exist', status_column, relation),
            HINT = gpsync_internal.name_hint(status_column, 'columns', array(SELECT attname::text FROM pg_attribute
                WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped ORDER BY attnum));
    ELSIF status_column IN ('sync_status', 'sync_revision', 'last_sync_timestamp', 'last_updated') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('column "%s" cannot be the status column', status_column),
            DETAIL = 'gpsync writes it itself.';
    END IF;
    IF NOT gpsync_internal.is_state_type(a.atttypid) THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of table %s cannot be the status column', status_column, relation),
            DETAIL = format('It is of type %s; a status is text, character varying, character, an enum, or a domain '
                            'over one of these.',
                            format_type(a.atttypid, a.atttypmod));
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_status_column(regclass, name) IS
    'Raises 42703 for a missing column, 42804 for one of a type that is no status, 22023 for one that gpsync writes '
    'itself';

CREATE FUNCTION gpsync_internal.is_state_type(type_oid oid) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE base AS (
    SELECT t.oid, t.typtype, t.typbasetype FROM pg_type AS t WHERE t.oid = type_oid
    UNION ALL
    SELECT t.oid, t.typtype, t.typbasetype FROM base AS b JOIN pg_type AS t ON t.oid = b.typbasetype
        WHERE b.typtype = 'd')
SELECT EXISTS (SELECT FROM base WHERE typtype = 'e'
    OR oid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)) $$;
COMMENT ON FUNCTION gpsync_internal.is_state_type(oid) IS 'Whether a column of this type can hold a status';

CREATE FUNCTION gpsync_internal.unknown_states(relation regclass, status_column name, states text[]) RETURNS SETOF text
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_unknown_states';
COMMENT ON FUNCTION gpsync_internal.unknown_states(regclass, name, text[]) IS
    'The status of every row that is in none of the states, NULL included. Locks the table and its partitions against '
    'writing. Rows are read as the owner of their table, without SQL: nothing that the owner could have defined is '
    'called. Errors: 42809 no table, or a partition is a foreign table; 42804 the column is of a type that is '
    'no status';

CREATE FUNCTION gpsync_internal.refuse_unknown_states(relation regclass, status_column name, machine text, states text[])
    RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    found text[];
BEGIN
    SELECT array_agg(CASE WHEN s.state IS NULL THEN 'NULL' ELSE '"' || s.state || '"' END || ' ('
                     || s.rows || CASE WHEN s.rows = 1 THEN ' row)' ELSE ' rows)' END ORDER BY s.rows DESC, s.state)
        INTO found
        FROM (SELECT u AS state, count(*) AS rows FROM gpsync_internal.unknown_states(relation, status_column, states)
            AS u GROUP BY 1) AS s;
    IF found IS NOT NULL THEN
        RAISE check_violation USING
            MESSAGE = format('column "%s" of table %s holds values that are no states of machine "%s"', status_column,
                relation, machine),
            DETAIL = format('Found: %s%s.', array_to_string(found[1:5], ', '),
                            CASE WHEN cardinality(found) > 5 THEN format(' and %s more', cardinality(found) - 5)
                                ELSE '' END),
            HINT = format('The machine''s states are: %s.', array_to_string(states, ', ')),
            SCHEMA = (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = relation),
            TABLE = (SELECT relname FROM pg_class WHERE oid = relation), COLUMN = status_column;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unknown_states(regclass, name, text, text[]) IS
    'Raises 23514 when rows are in a state that is not among states, with up to five of them and their counts in the '
    'DETAIL';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_status_column(regclass, name), gpsync_internal.is_state_type(oid),
    gpsync_internal.refuse_unknown_states(regclass, name, text, text[]),
    gpsync_internal.unknown_states(regclass, name, text[]) FROM PUBLIC;
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
COMMENT ON FUNCTION gpsync_internal.refuse_transitions(jsonb) IS 'Raises 22023 for what is not an object of arrays of strings';

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
    IF initial_states IS NULL OR array_position(initial_states, NULL) IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'initial_states cannot be or hold NULL';
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
-- The publication of an attached table. With the rights of the caller.

-- Whether a publication has the table already: by name, by its schema, by a partitioned ancestor, or with all tables.
CREATE FUNCTION gpsync_internal.publication_covers(publication name, relation regclass) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM pg_publication AS p
    WHERE p.pubname = publication
      AND (p.puballtables
           OR EXISTS (SELECT FROM pg_publication_rel AS r
                      WHERE r.prpubid = p.oid
                        AND r.prrelid IN (SELECT relation UNION SELECT a.relid FROM pg_partition_ancestors(relation)
                            AS a))
           OR EXISTS (SELECT FROM pg_publication_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.pnnspid
                      WHERE n.pnpubid = p.oid
                        AND c.oid IN (SELECT relation UNION SELECT a.relid FROM pg_partition_ancestors(relation)
                            AS a)))) $$;
COMMENT ON FUNCTION gpsync_internal.publication_covers(name, regclass) IS
    'Whether a publication has a table: by name, by its schema, by an ancestor, or with all tables';

CREATE FUNCTION gpsync_internal.refuse_publication_owner(publication name, relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := (SELECT pubowner FROM pg_publication WHERE pubname = publication);
BEGIN
    IF NOT pg_has_role(owner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of publication %s', publication),
            DETAIL = format('Table %s is added to or taken from the publication.', relation),
            HINT = format('Its owner "%s" or a superuser can use ALTER PUBLICATION %I ADD (or DROP) TABLE %s first.',
                          owner::regrole, publication, relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_publication_owner(name, regclass) IS
    'Raises 42501 when the caller may not change the publication';

CREATE FUNCTION gpsync_internal.publish(relation regclass, publication name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF gpsync_internal.publication_covers(publication, relation) THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM pg_publication WHERE pubname = publication) THEN
        PERFORM gpsync_internal.refuse_publication_owner(publication, relation);
        EXECUTE format('ALTER PUBLICATION %I ADD TABLE ONLY %s', publication, relation);
    ELSIF NOT has_database_privilege(current_database(), 'CREATE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied to create publication "%s"', publication),
            DETAIL = format('Role "%s" lacks CREATE on database "%s".', current_user, current_database()),
            HINT = format('Use GRANT CREATE ON DATABASE %I TO %I, or let a superuser create the publication with this '
                          'table.',
                          current_database(), current_user);
    ELSE
        EXECUTE format('CREATE PUBLICATION %I FOR TABLE ONLY %s WITH (publish_via_partition_root = true)', publication,
            relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.publish(regclass, name) IS
    'Adds a table to a publication that does not have it, and creates the publication where it is missing. Errors: '
    '42501';

CREATE FUNCTION gpsync_internal.unpublish(relation regclass, publication name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
               WHERE p.pubname = publication AND r.prrelid = relation) THEN
        PERFORM gpsync_internal.refuse_publication_owner(publication, relation);
        EXECUTE format('ALTER PUBLICATION %I DROP TABLE %s', publication, relation);
    END IF;
    IF gpsync_internal.publication_covers(publication, relation) THEN
        RAISE NOTICE USING MESSAGE = format('publication "%s" still has table %s', publication, relation),
            DETAIL = 'It publishes all tables, those of its schema, or a table it is a partition of: its changes are '
                     'still streamed.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.unpublish(regclass, name) IS
    'Takes a table out of a publication that lists it, and says so where the publication has it all the same. Errors: '
    '42501';

REVOKE ALL ON FUNCTION gpsync_internal.publication_covers(name, regclass), gpsync_internal.refuse_publication_owner(name, regclass),
    gpsync_internal.publish(regclass, name), gpsync_internal.unpublish(regclass, name) FROM PUBLIC;
-- attach() and detach(). They run with the caller's rights: who attaches owns the table.

CREATE FUNCTION gpsync_internal.add_own_columns(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    additions text;
BEGIN
    SELECT string_agg('ADD COLUMN ' || w.definition, ', ' ORDER BY w.ordinal) INTO additions
        FROM (VALUES (1, 'sync_status', 'sync_status varchar(20)'),
                     (2, 'last_sync_timestamp', 'last_sync_timestamp timestamptz'),
                     (3, 'sync_revision', 'sync_revision bigint NOT NULL DEFAULT 0')) AS w (ordinal, name, definition)
        WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = w.name
            AND NOT a.attisdropped);
    IF additions IS NULL THEN
        RETURN;
    ELSIF (SELECT relispartition FROM pg_class WHERE oid = relation) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('partition %s lacks columns that gpsync writes', relation),
            HINT = format('Attach %s with all its partitions; a column is added to all of them or none.',
                          (SELECT relid::regclass FROM pg_partition_ancestors(relation) AS a
                              WHERE a.relid <> relation LIMIT 1));
    ELSE
        EXECUTE format('ALTER TABLE %s %s', relation, additions);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.add_own_columns(regclass) IS
    'Adds the columns that gpsync writes, where they are missing, with one ALTER TABLE';

CREATE FUNCTION gpsync_internal.drop_triggers(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    own_trigger name;
BEGIN
    FOR own_trigger IN SELECT tgname FROM pg_trigger
                       WHERE tgrelid = relation
                           AND tgfoid IN ('gpsync_internal.stamp()'::regprocedure, 'gpsync_internal.check_update()'::regprocedure,
                           'gpsync_internal.check_insert()'::regprocedure, 'gpsync_internal.note_delete()'::regprocedure) ORDER BY 1 LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', own_trigger, relation);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_triggers(regclass) IS
    'Takes the triggers off a table that attach() made, or that somebody made by hand with its functions';

-- Also for what a subscription, a restore or another tool writes under session_replication_role = replica.
CREATE FUNCTION gpsync_internal.fire_always(relation regclass, own_trigger name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', relation, own_trigger);
END $$;
COMMENT ON FUNCTION gpsync_internal.fire_always(regclass, name) IS 'Has a trigger fire whatever session_replication_role is';

CREATE FUNCTION gpsync_internal.create_triggers(relation regclass, machine text, status_column name, publication name,
    check_replicated boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    arguments text := format('(%L, %L, %L)', coalesce(machine, ''), CASE WHEN machine IS NULL THEN ''
        ELSE status_column END, publication);
    partitioned boolean := (SELECT relkind = 'p' OR relispartition FROM pg_class WHERE oid = relation);
BEGIN
    PERFORM gpsync_internal.drop_triggers(relation);
    EXECUTE format('CREATE TRIGGER gpsync_stamp BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION '
                   'gpsync_internal.stamp%s',
                   relation, arguments);
    PERFORM gpsync_internal.fire_always(relation, 'gpsync_stamp');
    IF machine IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TRIGGER gpsync_check_update AFTER UPDATE ON %s FOR EACH ROW
                    WHEN (gpsync_internal.transition_refused(%L, OLD.%I::text, NEW.%3$I::text))
                    EXECUTE FUNCTION gpsync_internal.check_update%s',
                   relation, machine, status_column, arguments);
    EXECUTE format(CASE WHEN partitioned
                   THEN 'CREATE TRIGGER gpsync_check_insert AFTER INSERT ON %s FOR EACH ROW
                         WHEN (gpsync_internal.arrival_refused(%L, NEW.%I::text, NEW.sync_revision))
                         EXECUTE FUNCTION gpsync_internal.check_insert%s'
                   ELSE 'CREATE TRIGGER gpsync_check_insert AFTER INSERT ON %s FOR EACH ROW
                         WHEN (gpsync_internal.initial_state_refused(%L, NEW.%I::text))
                         EXECUTE FUNCTION gpsync_internal.check_insert%s' END,
                   relation, machine, status_column, arguments);
    IF partitioned THEN
        EXECUTE format('CREATE TRIGGER gpsync_note_delete BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION '
                       'gpsync_internal.note_delete%s',
                       relation, arguments);
        PERFORM gpsync_internal.fire_always(relation, 'gpsync_note_delete');
    END IF;
    IF check_replicated THEN
        PERFORM gpsync_internal.fire_always(relation, 'gpsync_check_update'),
            gpsync_internal.fire_always(relation, 'gpsync_check_insert');
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_triggers(regclass, text, name, name, boolean) IS
    'The triggers of an attached table, in the place of any that call the same functions';

CREATE FUNCTION gpsync.attach(relation regclass, machine text DEFAULT 'provision', status_column name DEFAULT 'status',
        publication name DEFAULT 'gpsync', check_replicated boolean DEFAULT true) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    states text[];
BEGIN
    IF relation IS NULL OR publication IS NULL OR check_replicated IS NULL OR machine IS NOT NULL
        AND status_column IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'relation, status_column, publication and check_replicated cannot be NULL',
            HINT = 'A NULL machine attaches a table that has no status.';
    END IF;
    PERFORM gpsync_internal.refuse_relation(relation);
    PERFORM gpsync_internal.lock_machines();
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
    PERFORM gpsync_internal.refuse_attached(relation), gpsync_internal.refuse_partitions(relation), gpsync_internal.refuse_key(relation),
            gpsync_internal.refuse_own_columns(relation);
    IF machine IS NOT NULL THEN
        states := gpsync.machine_states(machine);
        PERFORM gpsync_internal.refuse_status_column(relation, status_column);
        PERFORM gpsync_internal.refuse_unknown_states(relation, status_column, machine, states);
    END IF;
    PERFORM gpsync_internal.add_own_columns(relation);
    PERFORM gpsync_internal.create_triggers(relation, machine, status_column, publication, check_replicated);
    PERFORM gpsync_internal.record_attachment(relation,
        jsonb_build_object('machine', machine, 'status_column', CASE WHEN machine IS NOT NULL THEN status_column END,
                           'publication', publication, 'check_replicated', check_replicated));
    PERFORM gpsync_internal.publish(relation, publication);
    PERFORM gpsync_internal.warn_of_pii_in_key(relation);
END $$;
COMMENT ON FUNCTION gpsync.attach(regclass, text, name, name, boolean) IS
    'Puts a table under control: adds sync_status, last_sync_timestamp and sync_revision where missing, the triggers '
    'that check its status and stamp its rows, and the publication (created if missing). machine NULL: a table without '
    'a status, only stamped and published. A partitioned table is attached with all its partitions, also future ones. '
    'Rows that come by replication (a subscription, session_replication_role = replica) are stamped like any; '
    'check_replicated says whether their transitions are checked as well: if they are, an illegal one stops the '
    'subscription. The caller owns the table. Errors: 42809 no permanent table; 42501 not the owner, or not of the '
    'publication, or may not create it; 42710 attached already; 42704 no such machine; 42703 and 42804 a column '
    'missing or of the wrong type; 55000 no key, no replica identity, or a partition of an attached table; 23514 rows '
    'in unknown states';

CREATE FUNCTION gpsync.detach(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    attached record;
BEGIN
    IF relation IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation cannot be NULL';
    END IF;
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = detach.relation;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is not attached', relation),
            HINT = coalesce((SELECT format('It is a partition of %s: detach that one, with all its partitions.',
                a.relation)
                             FROM pg_partition_ancestors(relation) AS p JOIN gpsync.attached_tables AS a
                                 ON a.relation = p.relid LIMIT 1),
                            'View gpsync.attached_tables lists those that are.');
    END IF;
    PERFORM gpsync_internal.refuse_relation(relation);
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
    PERFORM gpsync_internal.drop_triggers(relation);
    PERFORM gpsync_internal.record_attachment(relation, NULL);
    PERFORM gpsync_internal.unpublish(relation, attached.publication);
END $$;
COMMENT ON FUNCTION gpsync.detach(regclass) IS
    'Takes gpsync''s triggers off a table and the table out of its publication; columns and data stay. The caller owns '
    'the table. Errors: 55000 not attached; 42501 not the owner of the table or the publication';

REVOKE ALL ON FUNCTION gpsync_internal.add_own_columns(regclass), gpsync_internal.drop_triggers(regclass),
    gpsync_internal.fire_always(regclass, name), gpsync_internal.create_triggers(regclass, text, name, name, boolean),
    gpsync.attach(regclass, text, name, name, boolean), gpsync.detach(regclass) FROM PUBLIC;
-- create_platform_tables(): the tables of the platform for those who have none yet. They are the caller's, no members
-- of the extension. Their pages keep room for the bookkeeping, which updates every row once more (HOT).

CREATE FUNCTION gpsync_internal.create_platform_table(relation text, machine text, definition text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF to_regclass(relation) IS NULL THEN
        EXECUTE format('CREATE TABLE %s (%s) WITH (fillfactor = 70)', relation, definition);
    ELSIF EXISTS (SELECT FROM gpsync.attached_tables AS a
        WHERE a.relation = to_regclass(create_platform_table.relation)) THEN
        RAISE NOTICE 'table % is already attached, skipping', relation;
        RETURN;
    ELSE
        RAISE NOTICE 'table % already exists, attaching it', relation;
    END IF;
    PERFORM gpsync.attach(relation::regclass, machine);
END $$;
COMMENT ON FUNCTION gpsync_internal.create_platform_table(text, text, text) IS
    'Creates and attaches one table; relation is its quoted name. An existing one is only attached, an attached one '
    'left alone';

CREATE FUNCTION gpsync_internal.scrub_partner_data(relation regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    has_metadata boolean := EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = 'metadata'
        AND NOT a.attisdropped AND a.atttypid = 'jsonb'::regtype);
BEGIN
    -- Where it is scrubbed already, the owner may have chosen another policy.
    IF NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = relation
        AND t.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure) THEN
        PERFORM gpsync.scrub_on_write(relation, 'data', metadata_column => CASE WHEN has_metadata
            THEN 'metadata'::name END);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.scrub_partner_data(regclass) IS
    'Has partner documents scrubbed by payments@1 as they are written, with their metadata where the table has a jsonb '
    'column for it';

CREATE FUNCTION gpsync.create_platform_tables(target_schema name DEFAULT 'public') RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF to_regnamespace(quote_ident(target_schema)) IS NULL THEN
        RAISE invalid_schema_name USING MESSAGE = format('schema "%s" does not exist', target_schema);
    END IF;
    PERFORM gpsync_internal.create_platform_table(format('%I.provision_status', target_schema), 'provision',
        'provision_id VARCHAR(64) PRIMARY KEY, status VARCHAR(20) NOT NULL, detail JSONB, last_updated TIMESTAMP,
         sync_status VARCHAR(20), last_sync_timestamp TIMESTAMPTZ');
    PERFORM gpsync_internal.create_platform_table(format('%I.token_status', target_schema), 'provision',
        'token_id VARCHAR(64) PRIMARY KEY, status VARCHAR(20), last_updated TIMESTAMP, sync_status VARCHAR(20)');
    PERFORM gpsync_internal.create_platform_table(format('%I.partner_data', target_schema), NULL,
        'partner_id VARCHAR(64) PRIMARY KEY, data JSONB, metadata JSONB');
    PERFORM gpsync_internal.scrub_partner_data(format('%I.partner_data', target_schema)::regclass);
END $$;
COMMENT ON FUNCTION gpsync.create_platform_tables(name) IS
    'Creates provision_status, token_status (machine provision) and partner_data (no status) in a schema and attaches '
    'them; those that exist are only attached, those that are attached left alone. Documents in partner_data.data are '
    'scrubbed by payments@1 as they are written, unless scrub_on_write() was called for it before. They belong to the '
    'caller. Errors: 3F000 no such schema, and those of attach()';

REVOKE ALL ON FUNCTION gpsync_internal.create_platform_table(text, text, text), gpsync_internal.scrub_partner_data(regclass),
    gpsync.create_platform_tables(name) FROM PUBLIC;
-- generate_test_data(): rows on demand, made by one INSERT ... SELECT with an expression for each column.

-- What a column that must be given gets, as an SQL expression over n, the number of the row; NULL where there is none.
CREATE FUNCTION gpsync_internal.test_value(type_oid oid, type_modifier integer, prefix text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    t pg_type;
BEGIN
    SELECT * INTO t FROM pg_type WHERE oid = type_oid;
    RETURN CASE
        WHEN t.typtype = 'd' THEN gpsync_internal.test_value(t.typbasetype, t.typtypmod, prefix)
        WHEN t.typtype = 'e'
            THEN (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder LIMIT 1)
        WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN '''{}'''
        WHEN t.oid IN ('varchar'::regtype, 'bpchar'::regtype) AND type_modifier > 0
            THEN format('left(%L || n, %s)', prefix, type_modifier - 4)
        WHEN t.typcategory = 'S' THEN format('%L || n', prefix)
        WHEN t.oid = 'smallint'::regtype THEN 'n % 32768'
        WHEN t.oid = 'integer'::regtype THEN 'n % 2147483648'
        WHEN t.oid IN ('bigint'::regtype, 'real'::regtype, 'double precision'::regtype, 'oid'::regtype) THEN 'n'
        -- numeric(p,s): stays below 10^(p-s)
        WHEN t.oid = 'numeric'::regtype AND type_modifier > 0
            THEN format('n %% 10::numeric ^ greatest(%s, 0)',
                ((type_modifier - 4) >> 16) - ((type_modifier - 4) & 65535))
        WHEN t.oid IN ('numeric'::regtype, 'money'::regtype) THEN 'n::numeric'
        WHEN t.oid = 'boolean'::regtype THEN 'false'
        WHEN t.oid = 'uuid'::regtype THEN 'gen_random_uuid()'
        WHEN t.oid IN ('json'::regtype, 'jsonb'::regtype) THEN '''{}'''
        WHEN t.oid = 'bytea'::regtype THEN ''''''
        WHEN t.oid = 'interval'::regtype THEN '''0'''
        WHEN t.oid IN ('inet'::regtype, 'cidr'::regtype) THEN '''127.0.0.1'''
        WHEN t.typcategory = 'D' THEN 'now()'
        WHEN t.typcategory = 'R' THEN '''empty'''
    END;
END $$;
COMMENT ON FUNCTION gpsync_internal.test_value(oid, integer, text) IS
    'An SQL expression over n, the number of a row, that gives a value of a type; NULL when it knows none';

-- Where to go on counting, so that a second call adds rows: after the largest number behind the prefix.
CREATE FUNCTION gpsync_internal.last_test_number(relation regclass, key_columns name[], key_prefix text) RETURNS bigint
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key_column name;
    largest    bigint;
    last       bigint := 0;
BEGIN
    FOR key_column IN SELECT a.attname FROM pg_attribute AS a
                      WHERE a.attrelid = relation AND a.attname = ANY (key_columns)
                          AND gpsync_internal.is_state_type(a.atttypid) LOOP
        EXECUTE format($q$SELECT max(substr(k, length($1) + 1)::bigint) FROM (SELECT %I::text AS k FROM %s) AS t
                          WHERE starts_with(k, $1) AND substr(k, length($1) + 1) ~ '^[0-9]{1,18}$'$q$, key_column,
                              relation)
            INTO largest USING key_prefix;
        last := greatest(last, coalesce(largest, 0));
    END LOOP;
    FOR key_column IN SELECT a.attname FROM pg_attribute AS a
                      WHERE a.attrelid = relation AND a.attname = ANY (key_columns)
                        AND a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype,
                            'numeric'::regtype) LOOP
        EXECUTE format('SELECT max(%I)::bigint FROM %s', key_column, relation) INTO largest;
        last := greatest(last, coalesce(largest, 0));
    END LOOP;
    RETURN last;
END $$;
COMMENT ON FUNCTION gpsync_internal.last_test_number(regclass, name[], text) IS
    'The largest number that a key column of the table holds, behind the prefix where it is text; 0 when there is none';

-- The columns that get a value: the key, the status, and what is NOT NULL without a default.
CREATE FUNCTION gpsync_internal.test_columns(attached gpsync.attached_tables, key_prefix text)
    RETURNS TABLE (column_name name, type text, expression text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
-- Without the type's modifier: a key that is too long is an error, and not cut short.
SELECT a.attname, format_type(a.atttypid, -1),
       CASE WHEN a.attname = (attached).status_column
            THEN quote_literal((gpsync.machine_states((attached).machine, true))[1])
            WHEN a.attname = ANY ((attached).key_columns) THEN gpsync_internal.test_value(a.atttypid, NULL, key_prefix)
            ELSE gpsync_internal.test_value(a.atttypid, a.atttypmod, a.attname || '_') END
FROM pg_attribute AS a
WHERE a.attrelid = (attached).relation AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' AND a.attidentity = ''
  AND (a.attname = (attached).status_column OR NOT a.atthasdef
      AND (a.attnotnull OR a.attname = ANY ((attached).key_columns)))
  AND a.attname NOT IN ('sync_status', 'sync_revision', 'last_sync_timestamp', 'last_updated')
ORDER BY a.attnum $$;
COMMENT ON FUNCTION gpsync_internal.test_columns(gpsync.attached_tables, text) IS
    'The columns of a table that test data must give, with an SQL expression for each; NULL where there is none for '
    'its type';

CREATE FUNCTION gpsync.generate_test_data(relation regclass, count bigint, key_prefix text DEFAULT 'test_')
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    attached  gpsync.attached_tables;
    bad       record;
    names     text;
    selection text;
    made      bigint;
BEGIN
    IF count IS NULL OR count < 0 OR key_prefix IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'count must be 0 or more, key_prefix must not be NULL';
    END IF;
    SELECT * INTO attached FROM gpsync.attached_tables AS a WHERE a.relation = generate_test_data.relation;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('table %s is not attached', relation),
            HINT = 'Call gpsync.attach() first: the machine says which state a row starts in.';
    END IF;
    SELECT * INTO bad FROM gpsync_internal.test_columns(attached, key_prefix) AS c WHERE c.expression IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('cannot make up a value of type %s for column "%s" of table %s', bad.type, bad.column_name,
                relation),
            HINT = 'Give the column a default.', COLUMN = bad.column_name;
    END IF;
    SELECT string_agg(quote_ident(c.column_name), ', '), string_agg(format('(%s)::%s', c.expression, c.type), ', ')
        INTO names, selection FROM gpsync_internal.test_columns(attached, key_prefix) AS c;
    EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM generate_series($1 + 1, $1 + $2) AS n', relation, names,
        selection)
        USING gpsync_internal.last_test_number(relation, attached.key_columns, key_prefix), count;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
COMMENT ON FUNCTION gpsync.generate_test_data(regclass, bigint, text) IS
    'Inserts so many rows into an attached table, in the first initial state of its machine; text key columns get '
    'key_prefix and a number that goes on where the last call ended; other columns that are NOT NULL without a default '
    'get a value of their type. Out: how many rows. Errors: 22023 a negative count; 55000 not attached; 0A000 a column '
    'of a type it knows no value for';

REVOKE ALL ON FUNCTION gpsync_internal.test_value(oid, integer, text), gpsync_internal.last_test_number(regclass, name[], text),
    gpsync_internal.test_columns(gpsync.attached_tables, text), gpsync.generate_test_data(regclass, bigint, text) FROM PUBLIC;
-- attach() and its like run with the caller's rights, and so do the functions they are made of.
CREATE FUNCTION gpsync_internal.control_functions() RETURNS name[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '{attach, detach, define_machine, drop_machine, create_platform_tables, generate_test_data, load_row,
    load_columns, begin_load, end_load, lock_machines, refuse_relation, refuse_attached, refuse_partitions,
    inheriting_tables, refuse_key, refuse_status_column, is_state_type, refuse_unknown_states, unknown_states,
    refuse_own_columns, warn_of_pii_in_key, add_own_columns, drop_triggers, fire_always, create_triggers,
    record_attachment, publication_covers, refuse_publication_owner, publish, unpublish, create_platform_table,
    test_value, last_test_number, test_columns, scrub, has_pii, find_pii, define_policy, check_policy,
    require_policy, scrub_on_write, scrub_row, stop_scrub_on_write, refuse_scrub_table, refuse_document_column,
    scrub_triggers, new_scrub_triggers, refuse_scrubbed_partition, note_unscrubbed_rows, scrub_partner_data,
    check_redaction, redact_in_stream}'::name[] $$;
COMMENT ON FUNCTION gpsync_internal.control_functions() IS
    'The functions that a role calls, by itself or through others, to put its tables under control; grant_operator() '
    'grants them';
REVOKE ALL ON FUNCTION gpsync_internal.control_functions() FROM PUBLIC;

-- The pure functions (is_valid_transition() and its like) are everybody's.
GRANT USAGE ON SCHEMA gpsync, gpsync_internal TO PUBLIC;
-- load_row(): rows that do not begin their life here, by an operator's word.

CREATE FUNCTION gpsync_internal.begin_load(relation regclass) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_begin_load';
COMMENT ON FUNCTION gpsync_internal.begin_load(regclass) IS
    'Lets one row enter an attached table in any state of its machine, until end_load() or the end of the '
    '(sub)transaction. Errors: 55000 not attached';

CREATE FUNCTION gpsync_internal.end_load() RETURNS void LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_end_load';
COMMENT ON FUNCTION gpsync_internal.end_load() IS 'Ends begin_load()';

CREATE FUNCTION gpsync_internal.load_columns(relation regclass, "row" jsonb) RETURNS name[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    unknown text;
    known name[] := array(SELECT a.attname FROM pg_attribute AS a
                          WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                              ORDER BY a.attnum);
BEGIN
    IF jsonb_typeof("row") <> 'object' OR "row" = '{}' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a row is a JSON object of its columns',
            HINT = 'SELECT to_jsonb(t) FROM ... AS t gives one.';
    END IF;
    SELECT k INTO unknown FROM jsonb_object_keys("row") AS k
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname = k) LIMIT 1;
    IF FOUND THEN
        RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', unknown, relation),
            HINT = gpsync_internal.name_hint(unknown, 'columns', known::text[]);
    END IF;
    RETURN array(SELECT c FROM unnest(known) AS c WHERE "row" ? c::text
        AND c NOT IN ('sync_status', 'last_sync_timestamp', 'sync_revision'));
END $$;
COMMENT ON FUNCTION gpsync_internal.load_columns(regclass, jsonb) IS
    'The columns that load_row() writes: those that the row gives, without generated ones and those that gpsync '
    'writes. Errors: 42703, 22023';

CREATE FUNCTION gpsync.load_row(relation regclass, "row" jsonb) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    columns name[] := gpsync_internal.load_columns(relation, "row");
BEGIN
    PERFORM gpsync_internal.begin_load(relation);
    EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM jsonb_populate_record(NULL::%1$s, $1) '
                   'AS r', relation,
                   (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY
                       AS u (c, n)),
                   (SELECT string_agg(format('r.%I', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY
                       AS u (c, n))) USING "row";
    PERFORM gpsync_internal.end_load();
END $$;
COMMENT ON FUNCTION gpsync.load_row(regclass, jsonb) IS
    'For operators: inserts a row in any state of its table''s machine (a move between tables, a restore), which '
    'INSERT refuses; the row as to_jsonb() gives it, columns left out get their defaults. It is stamped and sent as '
    'any new row, its next transitions are checked, and the server log has the table, the state and the role. The '
    'caller needs INSERT on the table. Errors: 55000 not attached; 42703 no such column; 23514 no state of the '
    'machine; those of INSERT';

REVOKE ALL ON FUNCTION gpsync_internal.begin_load(regclass), gpsync_internal.end_load(), gpsync_internal.load_columns(regclass, jsonb),
    gpsync.load_row(regclass, jsonb) FROM PUBLIC;
-- Redaction policies: which PII is looked for, and what happens to it. payments@1 is built in and has no row.

CREATE TABLE gpsync.policy (
    policy text COLLATE "C" PRIMARY KEY,
    rules  jsonb NOT NULL
);
COMMENT ON TABLE gpsync.policy IS
    'Redaction policies, name@version, made by define_policy(); rows never change. The built-in payments@1 is not '
    'among them';
SELECT pg_catalog.pg_extension_config_dump('gpsync.policy', '');

CREATE FUNCTION gpsync_internal.policy_changed() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_policy_changed';
COMMENT ON FUNCTION gpsync_internal.policy_changed() IS
    'Makes every session load the policies again once this transaction commits';

CREATE FUNCTION gpsync_internal.refuse_policy_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RAISE object_not_in_prerequisite_state USING MESSAGE = 'a policy never changes once it is defined',
        HINT = 'Define a new version of it with gpsync.define_policy().';
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_policy_change() IS
    'Keeps the rows of gpsync.policy as they are: what was stored under a policy must stay explainable by it';

CREATE TRIGGER policy_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.policy
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.policy_changed();
CREATE TRIGGER refuse_policy_change BEFORE UPDATE OR DELETE OR TRUNCATE ON gpsync.policy
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.refuse_policy_change();
-- Also where a restore or a subscription writes it.
ALTER TABLE gpsync.policy ENABLE ALWAYS TRIGGER policy_changed;

CREATE FUNCTION gpsync_internal.check_policy(policy text, rules jsonb) RETURNS void
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_check_policy';
COMMENT ON FUNCTION gpsync_internal.check_policy(text, jsonb) IS
    'Checks the name and the rules of a policy. Errors: 22023 what is wrong, 42704 an unknown name in it, each with '
    'the place in the DETAIL';

CREATE FUNCTION gpsync_internal.require_policy(policy text) RETURNS void
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_require_policy';
COMMENT ON FUNCTION gpsync_internal.require_policy(text) IS 'Errors: 42704 no such policy, the nearest name in the HINT';

CREATE FUNCTION gpsync.define_policy(policy text, rules jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF policy IS NULL OR rules IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'policy and rules cannot be NULL';
    END IF;
    IF policy = 'payments@1' THEN
        RAISE reserved_name USING MESSAGE = format('policy "%s" is built in', policy),
            HINT = 'Define one of your own; without "extends" it begins with what this one does.';
    END IF;
    PERFORM gpsync_internal.check_policy(policy, rules);
    INSERT INTO gpsync.policy AS p (policy, rules) VALUES (define_policy.policy, define_policy.rules)
        ON CONFLICT ON CONSTRAINT policy_pkey DO NOTHING;
    IF FOUND THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM gpsync.policy AS p WHERE p.policy = define_policy.policy
        AND p.rules = define_policy.rules) THEN
        RAISE NOTICE 'policy "%" is defined like this already', policy;
    ELSE
        RAISE duplicate_object USING MESSAGE = format('policy "%s" already exists, with other rules', policy),
            HINT = 'A policy never changes once it is defined; define a new version of it.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.define_policy(text, jsonb) IS
    'Defines a policy name@version: an array of rules, or {"extends": "payments@1" or null, "rules": [...], '
    '"token_bins": [...], "limits": {...}} (docs/pii.md). Defining it once more with the same rules does nothing. '
    'Errors: 42710 it exists with other rules; 42939 it is built in; 22023 and 42704 what is wrong with it, with its '
    'place in the DETAIL';

REVOKE ALL ON FUNCTION gpsync_internal.policy_changed(), gpsync_internal.refuse_policy_change(), gpsync_internal.check_policy(text, jsonb),
    gpsync_internal.require_policy(text), gpsync.define_policy(text, jsonb) FROM PUBLIC;
-- PII in documents. Those of one argument depend on nothing but the document, so that they may stand in CHECK
-- constraints and indexes; those that take a policy use its rules and, where gpsync.key_file is set, its keys.

CREATE FUNCTION gpsync.scrub(document jsonb) RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_scrub';
COMMENT ON FUNCTION gpsync.scrub(jsonb) IS
    'The document without what the policy payments@1 finds in it; everything else as it was. In an array a value that '
    'is removed leaves null';

CREATE FUNCTION gpsync.scrub(document jsonb, policy text) RETURNS jsonb
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_scrub_by_policy';
COMMENT ON FUNCTION gpsync.scrub(jsonb, text) IS
    'The document with the actions of a policy done to what it finds. What gpsync itself put there (hashes, tokens, '
    'encrypted values that are authentic) stays. Errors: 42704 no such policy; 55000 an action needs a key and there '
    'is none; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.has_pii(document jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_has_pii';
COMMENT ON FUNCTION gpsync.has_pii(jsonb) IS
    'Whether the policy payments@1 finds anything in the document; for CHECK constraints';

CREATE FUNCTION gpsync.has_pii(document jsonb, policy text) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'gpsync_has_pii_by_policy';
COMMENT ON FUNCTION gpsync.has_pii(jsonb, text) IS
    'Whether a policy finds anything in the document. Errors: 42704 no such policy; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.find_pii(document jsonb, OUT path text, OUT detector text, OUT action text) RETURNS SETOF record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200 ROWS 10 AS 'MODULE_PATHNAME', 'gpsync_find_pii';
COMMENT ON FUNCTION gpsync.find_pii(jsonb) IS
    'What the policy payments@1 finds in the document: where, by which detector, and what scrub() does; never the '
    'value';

CREATE FUNCTION gpsync.find_pii(document jsonb, policy text, OUT path text, OUT detector text, OUT action text)
    RETURNS SETOF record
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 200 ROWS 10 AS 'MODULE_PATHNAME', 'gpsync_find_pii_by_policy';
COMMENT ON FUNCTION gpsync.find_pii(jsonb, text) IS
    'What a policy finds in the document: where, by which detector, and what scrub() would do; never the value. '
    'Errors: 42704 no such policy; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.extract_metadata(document jsonb) RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'gpsync_extract_metadata';
COMMENT ON FUNCTION gpsync.extract_metadata(jsonb) IS
    'What is safe to keep about a document, after scrub(): its schema (path to types, array elements as []; at most '
    '1,000 paths, 32 levels), a SHA-256 of it, depth, numbers of members and elements, bytes of its strings, and '
    'identifiers that are not PII (token unique reference, payment account reference, token requestor id)';

REVOKE ALL ON FUNCTION gpsync.scrub(jsonb, text), gpsync.has_pii(jsonb, text),
    gpsync.find_pii(jsonb, text) FROM PUBLIC;
-- Single values under the keys of gpsync.key_file. None of these is granted with any part: who may make tokens and
-- who may read what is behind them is decided by plain GRANT EXECUTE.

CREATE FUNCTION gpsync.encrypt(plaintext text, context text) RETURNS text
    LANGUAGE c VOLATILE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_encrypt';
COMMENT ON FUNCTION gpsync.encrypt(text, text) IS
    'AES-256-GCM with the current key and a fresh nonce; context (for example the table and the row''s key) is '
    'authenticated with it and needed to decrypt. Errors: 55000 no key; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.decrypt(ciphertext text, context text) RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_decrypt';
COMMENT ON FUNCTION gpsync.decrypt(text, text) IS
    'What encrypt() was given, by whichever key of the ring it was. Comes with no part: GRANT EXECUTE ON FUNCTION '
    'gpsync.decrypt(text, text) TO the roles that may read such values. Errors: 22023 it is no such value, was '
    'changed, or has another context; 55000 its key is not in the ring; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.tokenize(value text, domain text DEFAULT 'pan', luhn_valid boolean DEFAULT false) RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_tokenize';
COMMENT ON FUNCTION gpsync.tokenize(text, text, boolean) IS
    'A token of the same format (FF1), the same one for the same value. Domain pan: a card number, whose last four and '
    'up to six first digits stay; the token fails Luhn unless luhn_valid. Any other domain: letters and digits are '
    'replaced, everything else stays. Errors: 22023 the value is no card number, or has too little to replace, or the '
    'domain is no name in lower case; 55000 no key; F0000 the key file cannot be used';

CREATE FUNCTION gpsync.detokenize(token text, domain text DEFAULT 'pan', key_name text DEFAULT '') RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'gpsync_detokenize';
COMMENT ON FUNCTION gpsync.detokenize(text, text, text) IS
    'What tokenize() was given; key_name names the key it was made with, if that is no longer the current one. Also '
    'takes the tokens that scrub() makes of other values (gpsync:t1:...), with the detector''s name as the domain. A '
    'token by itself proves nothing: with another domain or key, or from what is no token, comes another value. Comes '
    'with no part: GRANT EXECUTE ON FUNCTION gpsync.detokenize(text, text, text) TO the roles that may read such '
    'values. Errors: 22023 it is no such token; 55000 no such key; F0000 the key file cannot be used';

REVOKE ALL ON FUNCTION gpsync.encrypt(text, text), gpsync.decrypt(text, text), gpsync.tokenize(text, text, boolean),
    gpsync.detokenize(text, text, text) FROM PUBLIC;
-- The triggers of scrub_on_write() and what it refuses.

CREATE FUNCTION gpsync_internal.scrub_row() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_scrub_row';
COMMENT ON FUNCTION gpsync_internal.scrub_row() IS
    'Trigger zz_gpsync_scrub_N of scrub_on_write(); arguments: the column, the policy, the metadata column if there is '
    'one. Errors: those of scrub(); 42703 a column was renamed or dropped';

-- Takes any type, since the column may be of several; evaluated with the rights of whoever writes the row.
CREATE FUNCTION gpsync_internal.not_scrubbed(document "any", policy text, scrubber text, relation oid) RETURNS boolean
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_not_scrubbed';
COMMENT ON FUNCTION gpsync_internal.not_scrubbed("any", text, text, oid) IS
    'WHEN clause of gpsync_scrubbed_N: the document holds what the policy finds. False at once where the trigger named '
    'scrubber is the last one that can write it';

CREATE FUNCTION gpsync_internal.refuse_unscrubbed() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_refuse_unscrubbed';
COMMENT ON FUNCTION gpsync_internal.refuse_unscrubbed() IS
    'Trigger gpsync_scrubbed_N of scrub_on_write(): raises 23514 for the row its WHEN clause refused; arguments: the '
    'column, the trigger that scrubs it';

-- not_scrubbed() and refuse_unscrubbed() stay executable by PUBLIC, as the triggers of attach() do (triggers.sql).
-- Not so scrub_row(): on a table of one's own it would hash and tokenise under keys that one has no right to use. So
-- who adds partitions to a table that is scrubbed has to be an operator.
REVOKE ALL ON FUNCTION gpsync_internal.scrub_row() FROM PUBLIC;

CREATE FUNCTION gpsync_internal.refuse_document_column(relation regclass, column_name name, wanted oid[]) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    c pg_class;
    a pg_attribute;
BEGIN
    SELECT * INTO STRICT c FROM pg_class WHERE oid = relation;
    SELECT * INTO a FROM pg_attribute AS t WHERE t.attrelid = relation AND t.attname = column_name AND t.attnum > 0
        AND NOT t.attisdropped;
    IF a.attnum IS NULL THEN
        RAISE undefined_column USING
            MESSAGE = format('column "%s" of relation "%s" does not exist', column_name, c.relname),
            HINT = gpsync_internal.name_hint(column_name, 'columns', array(SELECT t.attname::text FROM pg_attribute AS t
                WHERE t.attrelid = relation AND t.attnum > 0 AND NOT t.attisdropped AND t.atttypid = ANY (wanted)
                    ORDER BY t.attnum)),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    END IF;
    IF a.attgenerated <> ''
        OR NOT coalesce((SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END = ANY (wanted)
                                             FROM pg_type AS t WHERE t.oid = a.atttypid), false) THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of relation "%s" cannot be used for this', column_name, c.relname),
            DETAIL = CASE WHEN a.attgenerated <> '' THEN 'It is a generated column.'
                ELSE format('It is of type %s; this needs %s.', format_type(a.atttypid, a.atttypmod),
                            (SELECT string_agg(format_type(w, NULL), ', ') FROM unnest(wanted) AS w)) END,
            HINT = CASE WHEN a.attgenerated <> '' THEN 'Scrub the columns it is computed from.'
                WHEN 'text'::regtype = ANY (wanted)
                THEN 'What the stream shows of a column of any type is what gpsync.redact_in_stream() says.'
                    ELSE '' END,
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname, COLUMN = column_name;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_document_column(regclass, name, oid[]) IS
    'Raises 42703 for a column that is not there, 42804 for one of another type and for a generated one';

CREATE FUNCTION gpsync_internal.refuse_scrub_table(relation regclass) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    c pg_class;
BEGIN
    SELECT * INTO c FROM pg_class WHERE oid = relation;
    IF NOT FOUND THEN
        RAISE undefined_table USING MESSAGE = format('relation with OID %s does not exist', relation::oid);
    ELSIF c.relkind NOT IN ('r', 'p') THEN
        RAISE wrong_object_type USING MESSAGE = format('"%s" is not a table', c.relname);
    ELSIF NOT pg_has_role(c.relowner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of table %s', c.relname),
            SCHEMA = c.relnamespace::regnamespace::text, TABLE = c.relname;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_scrub_table(regclass) IS
    'Raises 42809 for what is no table, 42501 for one that the caller does not own';

-- The trigger that checks a column knows it however it is renamed, and names the one that scrubs it.
CREATE FUNCTION gpsync_internal.scrub_triggers(relation regclass, column_name name, OUT scrubber name, OUT checker name)
    RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
WITH own AS (
    SELECT t.oid, t.tgname, t.tgfoid, gpsync_internal.trigger_arguments(t.tgargs) AS arguments FROM pg_trigger AS t
    WHERE t.tgrelid = relation AND t.tgparentid = 0
        AND t.tgfoid IN ('gpsync_internal.scrub_row()'::regprocedure, 'gpsync_internal.refuse_unscrubbed()'::regprocedure)),
checking AS (
    SELECT o.tgname, o.arguments FROM own AS o
    WHERE EXISTS (SELECT FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.refobjid
        AND a.attnum = d.refobjsubid
                  WHERE d.classid = 'pg_trigger'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_class'::regclass
                      AND d.refobjid = relation AND a.attname = column_name AND NOT a.attisdropped) LIMIT 1)
SELECT coalesce((SELECT o.tgname FROM own AS o JOIN checking AS c ON o.tgname = c.arguments[2]
    AND o.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure),
                (SELECT o.tgname FROM own AS o WHERE o.arguments[1] = column_name
                    AND o.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure
                     AND NOT EXISTS (SELECT FROM checking) ORDER BY 1 LIMIT 1)),
       (SELECT c.tgname FROM checking AS c) $$;
COMMENT ON FUNCTION gpsync_internal.scrub_triggers(regclass, name) IS
    'The triggers of scrub_on_write() for a column: the one that scrubs it and the one that checks it afterwards, NULL '
    'where there is none of the table''s own';

-- Names of which neither is taken, also in a partition.
CREATE FUNCTION gpsync_internal.new_scrub_triggers(relation regclass, column_name name, OUT scrubber name, OUT checker name)
    RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'zz_gpsync_scrub_' || n, 'gpsync_scrubbed_' || n
FROM pg_attribute AS a, generate_series(a.attnum, a.attnum + 2000) AS n
WHERE a.attrelid = relation AND a.attname = column_name AND NOT a.attisdropped AND NOT EXISTS (
    SELECT FROM pg_trigger AS t WHERE t.tgname IN ('zz_gpsync_scrub_' || n, 'gpsync_scrubbed_' || n)
        AND t.tgrelid IN (SELECT p.relid FROM gpsync_internal.partitions(relation) AS p))
ORDER BY n LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.new_scrub_triggers(regclass, name) IS
    'Names for the triggers of scrub_on_write(). The one that scrubs sorts behind others, since triggers fire in the '
    'order of their names';

CREATE FUNCTION gpsync_internal.refuse_scrubbed_partition(relation regclass, column_name name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    root regclass;
BEGIN
    IF EXISTS (SELECT FROM gpsync_internal.scrub_triggers(relation, column_name) AS t
        WHERE coalesce(t.scrubber, t.checker) IS NOT NULL) THEN
        RETURN;
    END IF;
    SELECT p.relid INTO root FROM pg_partition_ancestors(relation) AS p,
        LATERAL gpsync_internal.scrub_triggers(p.relid, column_name) AS t
        WHERE p.relid <> relation AND coalesce(t.scrubber, t.checker) IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('column "%s" of partition %s is scrubbed with all of table %s', column_name, relation,
                root),
            HINT = format('Call the function for %s.', root);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_scrubbed_partition(regclass, name) IS
    'Raises 55000 for a partition without triggers of its own of a table for which scrub_on_write() was called';

-- By the size, since the owner of a table need not have the right to read it.
CREATE FUNCTION gpsync_internal.note_unscrubbed_rows(relation regclass, column_name name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT p.relid FROM gpsync_internal.partitions(relation) AS p) AS part (oid)
        WHERE pg_relation_size(part.oid) > 0) THEN
        RAISE NOTICE USING
            MESSAGE = format('rows that are in table %s already stay as they are until they are written', relation),
            HINT = format('To scrub them: UPDATE %s SET %I = %2$I', relation, column_name);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.note_unscrubbed_rows(regclass, name) IS
    'Says that scrub_on_write() leaves the rows of a table alone, if there are any';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_document_column(regclass, name, oid[]), gpsync_internal.refuse_scrub_table(regclass),
    gpsync_internal.scrub_triggers(regclass, name), gpsync_internal.new_scrub_triggers(regclass, name),
    gpsync_internal.refuse_scrubbed_partition(regclass, name), gpsync_internal.note_unscrubbed_rows(regclass, name) FROM PUBLIC;
-- scrub_on_write(): a trigger that lets only the scrubbed document into the table.

CREATE FUNCTION gpsync.scrub_on_write(relation regclass, column_name name, policy text DEFAULT 'payments@1',
        metadata_column name DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    triggers record;
BEGIN
    IF relation IS NULL OR column_name IS NULL OR policy IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation, column_name and policy cannot be NULL',
            HINT = 'gpsync.stop_scrub_on_write() takes the triggers away.';
    END IF;
    PERFORM gpsync_internal.refuse_scrub_table(relation);
    PERFORM gpsync_internal.refuse_document_column(relation, column_name, CASE WHEN metadata_column IS NULL
        THEN '{jsonb,json,text,varchar}'::regtype[]::oid[] ELSE '{jsonb,json}'::regtype[]::oid[] END);
    IF metadata_column IS NOT NULL THEN
        PERFORM gpsync_internal.refuse_document_column(relation, metadata_column, '{jsonb}'::regtype[]::oid[]);
        IF metadata_column = column_name THEN
            RAISE invalid_parameter_value USING MESSAGE = 'the metadata of a document need a column of their own';
        END IF;
    END IF;
    PERFORM gpsync_internal.require_policy(policy);
    PERFORM gpsync_internal.refuse_scrubbed_partition(relation, column_name);
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
    SELECT coalesce(t.scrubber, n.scrubber) AS scrubber, coalesce(t.checker, n.checker) AS checker INTO triggers
        FROM gpsync_internal.scrub_triggers(relation, column_name) AS t, gpsync_internal.new_scrub_triggers(relation, column_name) AS n;
    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION '
                   'gpsync_internal.scrub_row(%s)',
        triggers.scrubber, relation,
            concat_ws(', ', quote_literal(column_name), quote_literal(policy), quote_literal(metadata_column)));
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT OR UPDATE ON %s FOR EACH ROW
                    WHEN (gpsync_internal.not_scrubbed(NEW.%I, %L, %L, NEW.tableoid))
                    EXECUTE FUNCTION gpsync_internal.refuse_unscrubbed(%3$L, %5$L)',
        triggers.checker, relation, column_name, policy, triggers.scrubber);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I, ENABLE ALWAYS TRIGGER %I', relation, triggers.scrubber,
        triggers.checker);
    PERFORM gpsync_internal.note_unscrubbed_rows(relation, column_name);
END $$;
COMMENT ON FUNCTION gpsync.scrub_on_write(regclass, name, text, name) IS
    'From now on a column of type jsonb, json or text takes only documents scrubbed by the policy, and metadata_column '
    'what extract_metadata() says of them; rows that are there stay until they are written. Whatever other BEFORE '
    'triggers do, what is not scrubbed is refused with 23514. Called again, it changes the policy or the metadata '
    'column. Errors: 42501 the caller does not own the table; 42703 and 42804 the columns; 42704 no such policy; 55000 '
    'a partition of a table that is scrubbed';

CREATE FUNCTION gpsync.stop_scrub_on_write(relation regclass, column_name name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    own_trigger name;
    triggers record;
BEGIN
    IF relation IS NULL OR column_name IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation and column_name cannot be NULL';
    END IF;
    PERFORM gpsync_internal.refuse_scrub_table(relation), gpsync_internal.refuse_scrubbed_partition(relation, column_name);
    SELECT * INTO triggers FROM gpsync_internal.scrub_triggers(relation, column_name);
    IF coalesce(triggers.scrubber, triggers.checker) IS NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('column "%s" of table %s is not scrubbed on write', column_name, relation),
            HINT = 'View gpsync.redacted_columns lists those that are.';
    END IF;
    FOREACH own_trigger IN ARRAY ARRAY[triggers.scrubber, triggers.checker] LOOP
        CONTINUE WHEN own_trigger IS NULL;
        EXECUTE format('DROP TRIGGER %I ON %s', own_trigger, relation);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.stop_scrub_on_write(regclass, name) IS
    'Takes back scrub_on_write(): from now on the column takes documents as they come. For a column that was dropped: '
    'by the name it had. Errors: 55000 it is not scrubbed, or a partition; 42501 the caller does not own the table';

REVOKE ALL ON FUNCTION gpsync.scrub_on_write(regclass, name, text, name),
    gpsync.stop_scrub_on_write(regclass, name) FROM PUBLIC;
-- redact_in_stream(): the security label of a column.

CREATE FUNCTION gpsync_internal.check_redaction(rule text) RETURNS void
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_check_redaction';
COMMENT ON FUNCTION gpsync_internal.check_redaction(text) IS
    'Checks a rule for a column in the stream. Errors: 22023 it is none; 42704 its policy does not exist';

CREATE FUNCTION gpsync.redact_in_stream(relation regclass, column_name name, rule text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF relation IS NULL OR column_name IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'relation and column_name cannot be NULL';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = column_name
        AND NOT a.attisdropped) THEN
        RAISE undefined_column USING MESSAGE = format('column "%s" of table %s does not exist', column_name, relation),
            HINT = gpsync_internal.name_hint(column_name, 'columns', array(SELECT a.attname::text FROM pg_attribute AS a
                WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum));
    END IF;
    -- Being written in C, it also loads the label provider.
    PERFORM gpsync_internal.check_redaction(coalesce(rule, 'pass'));
    EXECUTE format('SECURITY LABEL FOR gpsync ON COLUMN %s.%I IS %L', relation, column_name, rule);
END $$;
COMMENT ON FUNCTION gpsync.redact_in_stream(regclass, name, text) IS
    'What the stream shows of a column, as its security label: pass, drop, scrub POLICY, mask, hash, tokenize; NULL '
    'takes the label away. Errors: 22023 no such rule; 42704 no such policy; 0A000 the column is of the key, gpsync''s '
    'own, or the system''s; 42703 no such column; 42501 the caller does not own the table';

REVOKE ALL ON FUNCTION gpsync_internal.check_redaction(text), gpsync.redact_in_stream(regclass, name, text) FROM PUBLIC;
-- Endpoints are foreign servers of wrapper gpsync_http, their secrets are user mappings. The wrapper has no
-- handler: nothing is read through it, the relay delivers.

CREATE FUNCTION gpsync_internal.http_validator(options text[], catalog oid) RETURNS boolean
    LANGUAGE c STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_http_validator';
COMMENT ON FUNCTION gpsync_internal.http_validator(text[], oid) IS
    'Checks the options of wrapper gpsync_http; called by CREATE and ALTER SERVER and USER MAPPING';

CREATE FOREIGN DATA WRAPPER gpsync_http VALIDATOR gpsync_internal.http_validator;
COMMENT ON FOREIGN DATA WRAPPER gpsync_http IS
    'HTTP endpoints that gpsync delivers changes to: a foreign server is one, its user mapping for the relay''s role '
    'holds its secrets';

CREATE FUNCTION gpsync_internal.endpoint_settings(server_options text[]) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_endpoint_settings';
COMMENT ON FUNCTION gpsync_internal.endpoint_settings(text[]) IS
    'The options of a foreign server (pg_foreign_server.srvoptions) as the relay reads them: defaults filled in, '
    'durations in ms, sizes in bytes';

CREATE FUNCTION gpsync_internal.is_local_url(url text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_is_local_url';
COMMENT ON FUNCTION gpsync_internal.is_local_url(text) IS
    'Whether an endpoint''s url stays on the relay''s machine (a loopback host)';

CREATE FUNCTION gpsync_internal.is_exposed_url(url text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_is_exposed_url';
COMMENT ON FUNCTION gpsync_internal.is_exposed_url(text) IS 'Whether an endpoint''s url leaves the machine without TLS';

REVOKE ALL ON FUNCTION gpsync_internal.http_validator(text[], oid), gpsync_internal.endpoint_settings(text[]),
    gpsync_internal.is_local_url(text), gpsync_internal.is_exposed_url(text) FROM PUBLIC;
-- Home: which server a stream belongs to. A copy of a cluster's files has the same system identifier, slots and
-- streams; started beside the original it must not deliver.

CREATE FUNCTION gpsync_internal.server_home() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_server_home';
COMMENT ON FUNCTION gpsync_internal.server_home() IS
    'This server''s home: the setting gpsync.home, or, where it is empty, the host''s name and the data directory, '
        'as HOST:PATH with symbolic links resolved; bytes that are not printable ASCII are percent-encoded';
REVOKE ALL ON FUNCTION gpsync_internal.server_home() FROM PUBLIC;
-- Streams and what the relay writes back. gpsync.stream is the only one that a dump carries: a position
-- belongs to one system identifier and slot, so a restored stream has none and counts as paused.

CREATE TABLE gpsync.stream (
    stream      text PRIMARY KEY CHECK (stream ~ '^[a-z0-9_]{1,40}$'),
    publication name NOT NULL,
    endpoints   text[] NOT NULL CHECK (cardinality(endpoints) > 0),
    bookkeeping boolean NOT NULL DEFAULT true,
    paused      boolean NOT NULL DEFAULT false,
    owner       name NOT NULL DEFAULT CURRENT_USER,
    home        text NOT NULL DEFAULT gpsync_internal.server_home(),
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE gpsync.stream IS
    'Streams, as create_stream() made them: a publication delivered to foreign servers of wrapper gpsync_http';
COMMENT ON COLUMN gpsync.stream.owner IS
    'The role that made the stream, or made it again: it must be able to read all that the stream shows. A name, so '
    'that a dump can be restored where there is no such role';
COMMENT ON COLUMN gpsync.stream.home IS
    'The server that delivers the stream, as gpsync_internal.server_home() named it when it was created, recreated or resumed';
SELECT pg_catalog.pg_extension_config_dump('gpsync.stream', '');

CREATE TABLE gpsync.stream_position (
    stream            text PRIMARY KEY REFERENCES gpsync.stream ON DELETE CASCADE,
    slot_name         name NOT NULL,
    system_identifier bigint NOT NULL,
    commit_lsn        pg_lsn NOT NULL,
    ordinal           bigint NOT NULL,
    confirmed_lsn     pg_lsn NOT NULL,
    commit_time       timestamptz,
    booked_at         timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.stream_position IS
    'The longest prefix of each stream that is settled at every endpoint: (commit LSN, ordinal in the transaction), '
    'for one system identifier and slot; never dumped';
COMMENT ON COLUMN gpsync.stream_position.confirmed_lsn IS
    'Up to where the relay may have confirmed the slot: written before it does, so a slot that is further was moved by '
    'somebody else';

CREATE TABLE gpsync.skipped_change (
    stream     text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    commit_lsn pg_lsn NOT NULL,
    ordinal    bigint NOT NULL CHECK (ordinal BETWEEN 1 AND 4294967295),
    reason     text NOT NULL CHECK (reason <> ''),
    skipped_by name NOT NULL,
    skipped_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, commit_lsn, ordinal)
);
COMMENT ON TABLE gpsync.skipped_change IS
    'Changes that skip_change() leaves out of a stream, by their place in it; each becomes a dead letter';

CREATE TABLE gpsync.deferred_mark (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream      text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    relation    regclass NOT NULL,
    key         jsonb NOT NULL,
    revision    bigint NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('COMPLETED', 'FAILED')),
    commit_lsn  pg_lsn NOT NULL DEFAULT '0/0',  -- of the event; 0/0: not known
    table_name  text,               -- as the event names it, quoted
    -- {"name": [attribute number, type OID], ...} in relation; NULL: only the name is known
    key_columns jsonb,
    error       text,               -- what keeps it waiting; NULL: a lock
    deferred_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON gpsync.deferred_mark (stream, id);
COMMENT ON TABLE gpsync.deferred_mark IS
    'Marks that found their row or table locked or met an error (of the owner''s trigger, say); tried again until they '
    'succeed or become void: a newer revision, the row or its table is gone. wait_for_sync() is not true for their '
    'events meanwhile';

CREATE TABLE gpsync.dead_letter (
    stream      text NOT NULL REFERENCES gpsync.stream ON DELETE CASCADE,
    endpoint    text NOT NULL,
    event_id    text NOT NULL,
    subject     text NOT NULL,
    schema_name name NOT NULL,
    table_name  name NOT NULL,
    key         jsonb,
    revision    bigint,
    attempts    integer NOT NULL,
    http_status integer,
    error       text NOT NULL,
    payload     json NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, endpoint, event_id)
);
COMMENT ON TABLE gpsync.dead_letter IS 'Events an endpoint refused for good, with payload and reason';

-- What the relay says of itself, once a second and at every change of state. Losing it costs nothing.
CREATE UNLOGGED TABLE gpsync.relay_report (
    stream             text PRIMARY KEY,
    state              text NOT NULL,   -- starting, streaming, standby, paused, waiting, stopped
    relay_pid          integer,
    started_at         timestamptz,
    reported_at        timestamptz NOT NULL DEFAULT now(),
    in_flight_events   bigint NOT NULL DEFAULT 0,
    in_flight_bytes    bigint NOT NULL DEFAULT 0,
    oldest_unsettled   timestamptz,     -- commit time of the oldest event not settled everywhere
    last_error         text,
    last_error_at      timestamptz
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.relay_report IS 'The last report of each stream''s relay; shown by stream_status';

CREATE UNLOGGED TABLE gpsync.endpoint_report (
    stream         text NOT NULL,
    endpoint       text NOT NULL,
    breaker        text NOT NULL DEFAULT 'closed',   -- closed, open (waiting to try again), half-open
    delivered      bigint NOT NULL DEFAULT 0,        -- events taken since the relay started
    rejected       bigint NOT NULL DEFAULT 0,        -- events refused for good since the relay started
    errors         bigint NOT NULL DEFAULT 0,        -- failed attempts since the relay started
    latency_ms     double precision,                 -- median of the last reporting interval, commit to acknowledgement
    waiting_until  timestamptz,                      -- next attempt of a lane that waits
    last_error     text,
    last_error_at  timestamptz,
    PRIMARY KEY (stream, endpoint)
) WITH (fillfactor = 50);
COMMENT ON TABLE gpsync.endpoint_report IS 'The last report per stream and endpoint; shown by endpoint_status';
-- What tells a relay, and the supervisor, that a stream's configuration is another one than before. (sha256: md5 is
-- switched off where OpenSSL runs in FIPS mode.)

CREATE FUNCTION gpsync_internal.key_ring_identity() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_key_ring_identity';
COMMENT ON FUNCTION gpsync_internal.key_ring_identity() IS
    'Tells one key ring from another without saying anything of the keys: their names, a check value of each (a MAC '
    'under a key derived from it, 64 bits), which are current; "none" where gpsync.key_file is not set, "unusable" '
    'where it is and cannot be used';
REVOKE ALL ON FUNCTION gpsync_internal.key_ring_identity() FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_fingerprint(stream text) RETURNS text
    LANGUAGE sql STABLE STRICT SECURITY DEFINER PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
        pg_catalog.to_jsonb(s), pg_catalog.current_database(), gpsync_internal.server_home(),
        (SELECT pg_catalog.count(*) FROM gpsync.skipped_change k WHERE k.stream = s.stream),
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(f.srvname, f.srvoptions, w.fdwname,
                    (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(m.umuser::pg_catalog.int8, m.umoptions)
                        ORDER BY m.umuser)
                     FROM pg_catalog.pg_user_mapping m WHERE m.umserver = f.oid))
                ORDER BY f.srvname)
         FROM pg_catalog.pg_foreign_server f JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = f.srvfdw
         WHERE f.srvname = ANY (s.endpoints)),
        -- What the decoder redacts: it reads labels, policies and keys when streaming begins, so a relay has to begin
        -- again.
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(l.objoid::pg_catalog.int8, l.objsubid, l.label)
                ORDER BY l.objoid, l.objsubid)
         FROM pg_catalog.pg_seclabel l
         WHERE l.provider = 'gpsync' AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objsubid > 0),
        -- For which other tables those labels count: a partition's changes from before it was attached obey them, too.
        (WITH RECURSIVE heir (oid) AS (
             SELECT l.objoid FROM pg_catalog.pg_seclabel l
             WHERE l.provider = 'gpsync' AND l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objsubid > 0
             UNION
             SELECT i.inhrelid FROM heir h JOIN pg_catalog.pg_inherits i ON i.inhparent = h.oid)
         SELECT pg_catalog.string_agg(h.oid::pg_catalog.text, ' ' ORDER BY h.oid) FROM heir h),
        (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(p.policy, p.rules) ORDER BY p.policy)
         FROM gpsync.policy p),
        gpsync_internal.key_ring_identity())::text, 'UTF8')), 'hex')
    FROM gpsync.stream s WHERE s.stream = relay_fingerprint.stream;
END;
COMMENT ON FUNCTION gpsync_internal.relay_fingerprint(text) IS
    'In: a stream''s name. Out: a digest of everything a relay is configured with (stream, home of this server, '
    'servers, user mappings, what is redacted), without the position; NULL when there is no such stream';
REVOKE ALL ON FUNCTION gpsync_internal.relay_fingerprint(text) FROM PUBLIC;
-- What a stream is made of: its slot's name, its lock, its settings as the relay reads them.

CREATE FUNCTION gpsync_internal.name_hint(given text, what text, names text[]) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_name_hint';
COMMENT ON FUNCTION gpsync_internal.name_hint(text, text, text[]) IS
    'The hint for an unknown name: the nearest valid one, and the list of all; what is the plural noun ("endpoints")';

CREATE FUNCTION gpsync_internal.slot_name(stream text) RETURNS name
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT ('gpsync_' || oid || '_' || stream)::name FROM pg_database WHERE datname = current_database() $$;
COMMENT ON FUNCTION gpsync_internal.slot_name(text) IS
    'The replication slot of a stream of this database, and the replication origin of its bookkeeping';

CREATE FUNCTION gpsync_internal.stream_lock_key(stream text) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT hashtextextended('gpsync.stream/' || stream, 0) $$;
COMMENT ON FUNCTION gpsync_internal.stream_lock_key(text) IS
    'The key, in pg_locks, of the lock that says who delivers a stream: the one relay at work, or drop_stream() and '
    'recreate_stream()';

CREATE FUNCTION gpsync_internal.event_source() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '/gpsync/' || (pg_control_system()).system_identifier || '/' || string_agg(
           CASE WHEN chr(byte) ~ '[A-Za-z0-9._~-]' AND byte < 128 THEN chr(byte)
                ELSE '%' || upper(lpad(to_hex(byte), 2, '0')) END, '' ORDER BY at)
FROM (SELECT at, get_byte(name, at) AS byte
      FROM (SELECT convert_to(current_database(), 'UTF8')) AS database (name),
           generate_series(0, length(name) - 1) AS at) AS bytes $$;
COMMENT ON FUNCTION gpsync_internal.event_source() IS
    'The CloudEvents source of this database: system identifier and database, percent-encoded';

-- One endpoint as the relay needs it. A role's own user mapping wins over the one for PUBLIC, as everywhere.
CREATE FUNCTION gpsync_internal.endpoint_config(endpoint text, relay_role name) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_build_object('name', s.srvname, 'options', gpsync_internal.endpoint_settings(s.srvoptions), 'user_mapping',
           coalesce((SELECT jsonb_object_agg(o.option_name, o.option_value)
                     FROM pg_options_to_table(m.umoptions) AS o), '{}'))
FROM pg_foreign_server AS s
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw AND w.fdwname = 'gpsync_http'
LEFT JOIN LATERAL (SELECT u.umoptions
                   FROM pg_user_mapping AS u LEFT JOIN pg_roles AS r ON r.oid = u.umuser
                   WHERE u.umserver = s.oid AND (u.umuser = 0 OR r.rolname = relay_role)
                   ORDER BY u.umuser = 0 LIMIT 1) AS m ON true
WHERE s.srvname = endpoint $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_config(text, name) IS
    'Name, settings and user mapping of one endpoint for one role; no row when there is no such server';

CREATE FUNCTION gpsync_internal.stream_config(stream text, relay_role name) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT jsonb_build_object(
           'stream', s.stream, 'slot', gpsync_internal.slot_name(s.stream), 'source', gpsync_internal.event_source(),
           'publication', s.publication, 'bookkeeping', s.bookkeeping, 'paused', s.paused,
           'system_identifier', (pg_control_system()).system_identifier::text,
           'endpoints', (SELECT jsonb_agg(gpsync_internal.endpoint_config(e.name, relay_role) ORDER BY e.ordinal)
                         FROM unnest(s.endpoints) WITH ORDINALITY AS e (name, ordinal)))
FROM gpsync.stream AS s WHERE s.stream = stream_config.stream $$;
COMMENT ON FUNCTION gpsync_internal.stream_config(text, name) IS
    'What relay_config() gives, without the position and without any check: a missing endpoint is null; null when '
    'there is no such stream';

CREATE FUNCTION gpsync_internal.refuse_unknown_stream(stream text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = refuse_unknown_stream.stream) THEN
        RAISE undefined_object USING
            MESSAGE = format('stream "%s" does not exist', stream),
            HINT = coalesce(nullif(gpsync_internal.name_hint(stream, 'streams',
                array(SELECT s.stream FROM gpsync.stream AS s ORDER BY 1)), ''),
                            'There is no stream; see gpsync.create_stream().');
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unknown_stream(text) IS
    'Raises 42704 with the nearest name when there is no such stream';

REVOKE ALL ON FUNCTION gpsync_internal.slot_name(text), gpsync_internal.stream_lock_key(text), gpsync_internal.event_source(),
    gpsync_internal.endpoint_config(text, name), gpsync_internal.stream_config(text, name),
    gpsync_internal.refuse_unknown_stream(text) FROM PUBLIC;
-- What the relay calls to take a stream and to write back what became of its events. docs/design.md has the contracts.

CREATE FUNCTION gpsync_internal.relay_acquire(stream text) RETURNS boolean
    LANGUAGE c STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_acquire';
COMMENT ON FUNCTION gpsync_internal.relay_acquire(text) IS
    'In: a stream''s name. Makes this session the one that books the stream, until it ends: takes the stream''s lock '
    '(in pg_locks: advisory, objsubid 3) and sets the session''s replication origin. Out: false when another session '
    'has it (ask again), true otherwise, also when called twice. Errors: 42704 no such stream; 55000 its replication '
    'origin is missing, or the session has acquired another stream';
REVOKE ALL ON FUNCTION gpsync_internal.relay_acquire(text) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_book(stream text, tables text[], table_index integer[], keys jsonb[], revisions bigint[],
        failed boolean[], commit_lsn pg_lsn, ordinal bigint, commit_time timestamptz, dead_letters jsonb,
        relations oid[] DEFAULT '{}', key_columns jsonb[] DEFAULT '{}', commits bigint[] DEFAULT '{}',
            confirmed_lsn pg_lsn DEFAULT NULL,
        OUT marked bigint, OUT deferred bigint, OUT superseded bigint)
    LANGUAGE c SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_book';
COMMENT ON FUNCTION gpsync_internal.relay_book(text, text[], integer[], jsonb[], bigint[], boolean[], pg_lsn, bigint,
    timestamptz, jsonb, oid[], jsonb[], bigint[], pg_lsn) IS
    'In: a stream this session has acquired; distinct quoted "schema"."table" names; for every mark the table (counted '
    'from 1), the key and revision of the event, and whether an endpoint refused it; the position up to which the '
    'stream is settled, NULL to leave it; with a position, up to where the slot will be confirmed; dead letters, an '
    'array of objects with the columns of gpsync.dead_letter, repeats ignored; for every table, where the decoder said '
    'it (book_lines), the OID of the table that was changed (0: only its name is known) and its key columns; for every '
    'mark the commit LSN of its event. Marks the rows that still have the revision and are PENDING, COMPLETED or '
    'FAILED; never waits: what is locked is kept in gpsync.deferred_mark. Out: how many were marked, deferred, and '
    'superseded (changed or deleted since, marked before, table gone). Errors: 55000 the stream is not acquired, books '
    'no rows, or the position is behind the present one or of another slot or system; 22023 arrays that do not fit '
    'together';
REVOKE ALL ON FUNCTION gpsync_internal.relay_book(text, text[], integer[], jsonb[], bigint[], boolean[], pg_lsn, bigint,
        timestamptz, jsonb, oid[], jsonb[], bigint[], pg_lsn) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_confirm(stream text, lsn pg_lsn, OUT began pg_lsn, OUT ended pg_lsn)
    LANGUAGE c STRICT SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_confirm';
COMMENT ON FUNCTION gpsync_internal.relay_confirm(text, pg_lsn) IS
    'In: a stream this session has acquired, and up to where its slot is going to be confirmed, since nothing before '
    'is unsettled. Writes that into the books. Out: where the WAL ended before and after it. Errors: 55000 the stream '
    'is not acquired, or its position is of another slot or system';
REVOKE ALL ON FUNCTION gpsync_internal.relay_confirm(text, pg_lsn) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_retry_deferred(stream text, max_rows integer DEFAULT 1000) RETURNS bigint
    LANGUAGE c SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_relay_retry_deferred';
COMMENT ON FUNCTION gpsync_internal.relay_retry_deferred(text, integer) IS
    'In: a stream this session has acquired, and how many deferred marks to try. Tries them oldest first, going on '
    'where the last call stopped. Out: how many are left. Errors: 55000 the stream is not acquired; 22023 max_rows '
    'below 1';
REVOKE ALL ON FUNCTION gpsync_internal.relay_retry_deferred(text, integer) FROM PUBLIC;

CREATE FUNCTION gpsync_internal.relay_report(stream text, report jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    paused boolean := (SELECT s.paused FROM gpsync.stream s WHERE s.stream = relay_report.stream);
BEGIN
    IF paused IS NULL THEN
        RETURN jsonb_build_object('paused', false, 'fingerprint', NULL, 'exists', false);
    END IF;
    INSERT INTO gpsync.relay_report AS r (stream, state, relay_pid, started_at, reported_at, in_flight_events,
                                          in_flight_bytes, oldest_unsettled, last_error, last_error_at)
        SELECT relay_report.stream, coalesce(n.state, 'starting'), n.relay_pid, n.started_at, clock_timestamp(),
               coalesce(n.in_flight_events, 0), coalesce(n.in_flight_bytes, 0), n.oldest_unsettled, n.last_error,
                   n.last_error_at
          FROM jsonb_populate_record(NULL::gpsync.relay_report, report) n
        ON CONFLICT (stream) DO UPDATE
            SET (state, relay_pid, started_at, reported_at, in_flight_events, in_flight_bytes,
                                            oldest_unsettled, last_error, last_error_at)
            = ROW (excluded.state, excluded.relay_pid, excluded.started_at, excluded.reported_at,
                excluded.in_flight_events,
                   excluded.in_flight_bytes, excluded.oldest_unsettled, excluded.last_error, excluded.last_error_at);
    INSERT INTO gpsync.endpoint_report AS r (stream, endpoint, breaker, delivered, rejected, errors, latency_ms,
                                             waiting_until, last_error, last_error_at)
        SELECT relay_report.stream, n.endpoint, coalesce(n.breaker, 'closed'), coalesce(n.delivered, 0),
            coalesce(n.rejected, 0),
               coalesce(n.errors, 0), n.latency_ms, n.waiting_until, n.last_error, n.last_error_at
          FROM jsonb_populate_recordset(NULL::gpsync.endpoint_report, coalesce(report -> 'endpoints', '[]')) n
        ON CONFLICT (stream, endpoint) DO UPDATE SET (breaker, delivered, rejected, errors, latency_ms, waiting_until,
                                                      last_error, last_error_at)
            = ROW (excluded.breaker, excluded.delivered, excluded.rejected, excluded.errors, excluded.latency_ms,
                   excluded.waiting_until, excluded.last_error, excluded.last_error_at);
    RETURN jsonb_build_object('paused', paused, 'fingerprint', gpsync_internal.relay_fingerprint(relay_report.stream), 'exists',
        true);
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_report(text, jsonb) IS
    'In: a stream''s name and what its relay says of itself: the columns of gpsync.relay_report, and an array '
    '"endpoints" of the columns of gpsync.endpoint_report. Out: {"paused", "fingerprint", "exists"}: what the relay '
    'must know of the stream''s configuration';
REVOKE ALL ON FUNCTION gpsync_internal.relay_report(text, jsonb) FROM PUBLIC;
-- relay_config(): the settings of a stream for its relay, after checking that the stream can be delivered.

CREATE FUNCTION gpsync_internal.overtaking_lsn(stream text) RETURNS pg_lsn
    LANGUAGE c STABLE STRICT SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'gpsync_overtaking_lsn';
COMMENT ON FUNCTION gpsync_internal.overtaking_lsn(text) IS
    'Where the slot of a stream is confirmed, if that is beyond what the relay has booked; null when it is not, when '
    'there is no slot or position, and during recovery. It looks at the slot first and then at the present books, so a '
    'relay at work does not deceive it';

-- Why a stream's slot cannot be read from its position, as a state for stream_status and as words; no row
-- when all is well. In order of what makes the others meaningless.
CREATE FUNCTION gpsync_internal.slot_problem(stream text, OUT state text, OUT problem text, OUT fix text) RETURNS SETOF record
    LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
WITH of_stream AS (
    SELECT gpsync_internal.slot_name(slot_problem.stream) AS name, s.stream, p.slot_name AS booked_slot, p.system_identifier,
        p.commit_lsn, p.confirmed_lsn,
           r.slot_name, r.plugin, r.database, r.wal_status, r.temporary, s.home, gpsync_internal.server_home() AS here
    FROM gpsync.stream AS s
    LEFT JOIN gpsync.stream_position AS p ON p.stream = s.stream
    LEFT JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream)
    WHERE s.stream = slot_problem.stream)
SELECT found.state, found.problem,
       -- A copy of production must not deliver to production, whatever else is missing in it.
       CASE WHEN home <> here THEN E'-- check the servers'' URLs first: SELECT * FROM gpsync.endpoint_status\n'
           ELSE '' END
           || CASE found.state WHEN 'other plugin' THEN format('SELECT pg_drop_replication_slot(%L); ', name)
               ELSE '' END
           || format(CASE found.state WHEN 'moved' THEN 'SELECT gpsync.resume_stream(%L)'
               ELSE 'SELECT gpsync.recreate_stream(%L)' END, of_stream.stream)
FROM of_stream, LATERAL (VALUES
    (1, booked_slot IS NULL, 'restored',
        format('stream "%s" has no position: it comes from a dump', stream)),
    (2, system_identifier <> (pg_control_system()).system_identifier, 'restored',
        format('the position of stream "%s" belongs to another cluster (system identifier %s)', stream,
            system_identifier)),
    (3, booked_slot <> name, 'restored',
        format('the position of stream "%s" belongs to another slot ("%s")', stream, booked_slot)),
    (4, slot_name IS NULL, 'missing', format('replication slot "%s" does not exist', name)),
    (5, plugin IS DISTINCT FROM 'gpsync_decoder', 'other plugin',
        format('replication slot "%s" belongs to %s', name,
               coalesce(format('plugin "%s"', plugin), 'physical replication'))),
    (6, database <> current_database(), 'other plugin',
        format('replication slot "%s" belongs to database "%s"', name, database)),
    (7, wal_status = 'lost', 'lost',
        format('replication slot "%s" is lost: the server has removed WAL that it needs (max_slot_wal_keep_size)',
            name)),
    (8, NOT pg_is_in_recovery() AND commit_lsn > pg_current_wal_insert_lsn(), 'restored',
        format('the position of stream "%s" (%s) is ahead of the server''s WAL', stream, commit_lsn)),
    (9, gpsync_internal.overtaking_lsn(stream) IS NOT NULL, 'consumed',
        format('replication slot "%s" is ahead of the books: it is confirmed up to %s, and stream "%s" has booked up '
               'to %s; '
            'somebody else has read or moved it, or it is a copy', name, gpsync_internal.overtaking_lsn(stream), stream,
                confirmed_lsn)),
    -- Last: whatever else is wrong takes recreate_stream(), which makes this server the home. A standby that was
    -- promoted is another server too; streams made for failover will go on there by themselves, and this is where
    -- they will be distinguished.
    (10, home <> here, 'moved',
        format('stream "%s" belongs to another server: its home is "%s", and this server''s is "%s"', stream, home,
            here))
) AS found (rank, applies, state, problem)
WHERE found.applies ORDER BY found.rank LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.slot_problem(text) IS
    'Why a stream cannot be read from its slot (restored, missing, other plugin, lost, consumed, moved), in words, and '
    'the SQL that mends it; no row when it can';

CREATE FUNCTION gpsync_internal.refuse_missing_parts(stream text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    publication name;
    endpoint text;
BEGIN
    SELECT s.publication INTO publication FROM gpsync.stream AS s
    WHERE s.stream = refuse_missing_parts.stream
        AND NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = s.publication);
    IF FOUND THEN
        RAISE undefined_object USING
            MESSAGE = format('publication "%s" of stream "%s" does not exist', publication, stream),
            HINT = format('CREATE PUBLICATION %I, or attach the tables again.', publication);
    END IF;
    SELECT e.name INTO endpoint FROM gpsync.stream AS s, unnest(s.endpoints) AS e (name)
    WHERE s.stream = refuse_missing_parts.stream AND gpsync_internal.endpoint_config(e.name, NULL) IS NULL;
    IF FOUND THEN
        RAISE undefined_object USING
            MESSAGE = format('endpoint "%s" of stream "%s" does not exist', endpoint, stream),
            HINT = format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'').', endpoint);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_missing_parts(text) IS
    'Raises 42704 when the publication or an endpoint of a stream is gone';

CREATE FUNCTION gpsync_internal.relay_config(stream text) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot record;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    PERFORM gpsync_internal.refuse_missing_parts(stream);
    SELECT * INTO slot FROM gpsync_internal.slot_problem(stream);
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = slot.problem, HINT = slot.fix;
    END IF;
    RETURN (SELECT gpsync_internal.stream_config(p.stream, session_user) || jsonb_build_object(
                       'position', jsonb_build_object('commit_lsn', p.commit_lsn, 'ordinal', p.ordinal),
                       'skip_changes',
                           (SELECT coalesce(string_agg(gpsync_internal.event_sequence(k.commit_lsn, k.ordinal), ','
                           ORDER BY k.commit_lsn, k.ordinal), '')
                                        FROM gpsync.skipped_change AS k
                                        WHERE k.stream = p.stream
                                            AND (k.commit_lsn, k.ordinal) > (p.commit_lsn, p.ordinal)),
                       'fingerprint', gpsync_internal.relay_fingerprint(p.stream))
            FROM gpsync.stream_position AS p WHERE p.stream = relay_config.stream);
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_config(text) IS
    'For gpsync-relay: everything it needs to deliver a stream, with the user mappings of the session''s user. Errors, '
    'all of which need a DBA: 42704 no such stream, publication or endpoint; 55000 slot missing, lost, consumed by '
    'somebody else, or of another plugin or database, position of another cluster, stream restored from a dump or of '
    'another home';

REVOKE ALL ON FUNCTION gpsync_internal.overtaking_lsn(text), gpsync_internal.slot_problem(text), gpsync_internal.refuse_missing_parts(text),
    gpsync_internal.relay_config(text) FROM PUBLIC;
-- Who reads a stream's endpoint reads the stream. So the role that makes a stream must be able to read every row of
-- every table that it shows, and remains answerable for it: gpsync.stream.owner, as a name.

-- As PostgreSQL decides it for a query (check_enable_rls()), from the catalogs alone: the table itself, or a table
-- that it is a partition of, grants SELECT, and no row-level security of that table applies to the role.
CREATE FUNCTION gpsync_internal.may_read_rows(reader oid, relation oid) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT EXISTS (
    SELECT FROM (SELECT may_read_rows.relation
                 UNION SELECT a.relid FROM pg_partition_ancestors(may_read_rows.relation) AS a) AS way (oid)
    JOIN pg_class AS c ON c.oid = way.oid, pg_roles AS r
    WHERE r.oid = reader AND has_table_privilege(r.oid, c.oid, 'SELECT')
        AND (NOT c.relrowsecurity OR r.rolsuper OR r.rolbypassrls
             OR pg_has_role(r.oid, c.relowner, 'USAGE') AND NOT c.relforcerowsecurity)) $$;
COMMENT ON FUNCTION gpsync_internal.may_read_rows(oid, oid) IS
    'Whether a role may read all rows of a table, by itself or through a table it is a partition of: SELECT, and no '
        'row-level security that applies to the role';

CREATE FUNCTION gpsync_internal.refuse_unreadable(publication name, reader oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad regclass;
BEGIN
    SELECT r INTO bad FROM gpsync_internal.publication_relations(publication) AS r
        WHERE NOT gpsync_internal.may_read_rows(reader, r) ORDER BY r::text LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    ELSIF has_table_privilege(reader, bad, 'SELECT') THEN
        RAISE insufficient_privilege USING MESSAGE = format('row-level security of table %s applies to role "%s"',
            bad, pg_get_userbyid(reader)),
            DETAIL = format('Publication "%s" publishes it, and only who may read all rows of a table may stream '
                'it.', publication),
            HINT = 'Let a role with BYPASSRLS, or the table''s owner, create the stream.';
    END IF;
    RAISE insufficient_privilege USING MESSAGE = format('permission denied for table %s', bad),
        DETAIL = format('Publication "%s" publishes it, and only who may read a table may stream it.', publication);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_unreadable(name, oid) IS
    'Raises 42501 when a publication publishes rows that a role may not read';

CREATE FUNCTION gpsync_internal.take_ownership_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.stream;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    SELECT * INTO of FROM gpsync.stream AS s WHERE s.stream = take_ownership_as.stream;
    PERFORM gpsync_internal.refuse_bad_endpoints(of.endpoints, caller), gpsync_internal.refuse_bad_publication(of.publication, caller);
    UPDATE gpsync.stream AS s SET owner = pg_get_userbyid(caller)
        WHERE s.stream = of.stream AND s.owner <> pg_get_userbyid(caller);
END $$;
COMMENT ON FUNCTION gpsync_internal.take_ownership_as(oid, text) IS 'take_ownership() on behalf of a role';

CREATE FUNCTION gpsync.take_ownership(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.take_ownership(text) IS
    'Makes the caller the owner of a stream, where the present one is gone or may not read all that it shows any '
        'more. Delivery goes on. Errors: 42704 no such stream, or a part of it is missing; 42501 a table the caller '
        'may not read, a server it may not use; 0A000 a publication with filters';

REVOKE ALL ON FUNCTION gpsync_internal.may_read_rows(oid, oid), gpsync_internal.refuse_unreadable(name, oid),
    gpsync_internal.take_ownership_as(oid, text), gpsync.take_ownership(text) FROM PUBLIC;
-- What create_stream() refuses: settings, publications, endpoints, a second stream that books the same rows.

-- The server's side: everything that is wrong for every stream.
CREATE FUNCTION gpsync_internal.refuse_no_logical_decoding() RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    plugins text := current_setting('output_plugin_libraries', true);  -- NULL: an older minor release
BEGIN
    IF pg_is_in_recovery() THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = 'recovery is in progress',
            HINT = 'Create the stream on the primary.';
    END IF;
    IF current_setting('wal_level') <> 'logical' THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('streams need wal_level "logical", and it is "%s"', current_setting('wal_level')),
            HINT = 'ALTER SYSTEM SET wal_level = logical; then restart the server.';
    END IF;
    IF NOT 'gpsync_decoder' = ANY (gpsync_internal.setting_list(plugins)) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'output plugin "gpsync_decoder" is not in output_plugin_libraries',
            DETAIL = format('output_plugin_libraries is "%s".', plugins),
            HINT = gpsync_internal.output_plugins_fix(plugins);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_no_logical_decoding() IS
    'Raises 55000 when the server cannot decode with gpsync_decoder: recovery, wal_level, output_plugin_libraries';

CREATE FUNCTION gpsync_internal.setting_list(setting text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT array(SELECT btrim(btrim(entry), '"') FROM regexp_split_to_table(setting, ',') AS entry
        WHERE btrim(entry) <> '') $$;
COMMENT ON FUNCTION gpsync_internal.setting_list(text) IS
    'The entries of a setting that is a list of names, as output_plugin_libraries is; null for null';

CREATE FUNCTION gpsync_internal.output_plugins_fix(setting text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'ALTER SYSTEM SET output_plugin_libraries = '
       || (SELECT string_agg(quote_ident(entry), ', ')
           FROM unnest(gpsync_internal.setting_list(setting) || 'gpsync_decoder'::text) AS entry)
       || '; SELECT pg_reload_conf();' $$;
COMMENT ON FUNCTION gpsync_internal.output_plugins_fix(text) IS
    'The SQL that adds gpsync_decoder to output_plugin_libraries; a list, since one quoted string would be one name';

CREATE FUNCTION gpsync_internal.publication_relations(publication name) RETURNS SETOF regclass
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT DISTINCT part.relid
FROM pg_publication AS p, LATERAL pg_get_publication_tables(p.pubname) AS t
JOIN pg_class AS c ON c.oid = t.relid
CROSS JOIN LATERAL gpsync_internal.partitions(t.relid) AS part
WHERE p.pubname = publication AND part.isleaf AND c.relnamespace <> 'gpsync'::regnamespace $$;
COMMENT ON FUNCTION gpsync_internal.publication_relations(name) IS
    'The tables a publication publishes, partitioned ones as their leaves, gpsync''s own never; nothing when there is '
    'no such publication';

CREATE FUNCTION gpsync_internal.refuse_bad_publication(publication name, caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of record;
BEGIN
    SELECT p.oid, p.puballtables OR EXISTS (SELECT FROM pg_publication_namespace AS n WHERE n.pnpubid = p.oid)
        AS open_ended
    INTO of FROM pg_publication AS p WHERE p.pubname = publication;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('publication "%s" does not exist', publication),
            HINT = format('Attach a table to it first: SELECT gpsync.attach(''TABLE'', publication => %L); or CREATE '
                          'PUBLICATION %I FOR TABLE ...',
                          publication, publication);
    END IF;
    PERFORM gpsync_internal.refuse_filtered_publication(publication);
    IF of.open_ended AND NOT pg_has_role(caller, 'pg_read_all_data', 'USAGE') THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied to stream publication "%s"', publication),
            DETAIL = 'A publication FOR ALL TABLES or FOR TABLES IN SCHEMA takes the privileges of pg_read_all_data.';
    END IF;
    PERFORM gpsync_internal.refuse_unreadable(publication, caller);
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_publication(name, oid) IS
    'Raises when a publication does not exist, has filters, or publishes rows that the caller may not read';

CREATE FUNCTION gpsync_internal.refuse_filtered_publication(publication name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    filtered record;
BEGIN
    SELECT r.prrelid::regclass AS relation,
           CASE WHEN r.prattrs IS NOT NULL THEN 'column list' ELSE 'row filter' END AS what
    INTO filtered
    FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
    WHERE p.pubname = publication AND (r.prattrs IS NOT NULL OR r.prqual IS NOT NULL)
    ORDER BY r.prrelid::regclass::text LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('publication "%s" has a %s for table %s', publication, filtered.what, filtered.relation),
            DETAIL = 'Column lists and row filters are not honoured yet.',
            HINT = format('ALTER PUBLICATION %I DROP TABLE %s; ALTER PUBLICATION %1$I ADD TABLE %2$s;', publication,
                filtered.relation);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_filtered_publication(name) IS
    'Raises 0A000 when a publication has column lists or row filters';

CREATE FUNCTION gpsync_internal.refuse_bad_endpoints(endpoints text[], caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    endpoint text;
    server record;
BEGIN
    IF cardinality(endpoints) = 0 OR array_ndims(endpoints) > 1 OR array_position(endpoints, NULL) IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a stream needs at least one endpoint, as a list of names',
            HINT = 'SELECT gpsync.create_stream(''legacy'', endpoints => ''{nws,ods}'')';
    END IF;
    SELECT e INTO endpoint FROM unnest(endpoints) AS e GROUP BY e HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING MESSAGE = format('endpoint "%s" is given more than once', endpoint);
    END IF;
    FOREACH endpoint IN ARRAY endpoints LOOP
        SELECT s.oid, w.fdwname INTO server
        FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw WHERE s.srvname = endpoint;
        IF NOT FOUND THEN
            RAISE undefined_object USING MESSAGE = format('endpoint "%s" does not exist', endpoint),
                HINT = coalesce(nullif(gpsync_internal.name_hint(endpoint, 'endpoints', array(
                    SELECT s.srvname FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
                    WHERE w.fdwname = 'gpsync_http' ORDER BY 1)), ''),
                    format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')',
                        endpoint));
        ELSIF server.fdwname <> 'gpsync_http' THEN
            RAISE wrong_object_type USING MESSAGE = format('server "%s" is not an endpoint', endpoint),
                DETAIL = format('It is a server of foreign data wrapper "%s", and endpoints are of wrapper '
                                '"gpsync_http".', server.fdwname);
        ELSIF NOT has_server_privilege(caller, server.oid, 'USAGE') THEN
            RAISE insufficient_privilege USING MESSAGE = format('permission denied for foreign server %s', endpoint),
                HINT = format('GRANT USAGE ON FOREIGN SERVER %I TO %I', endpoint, pg_get_userbyid(caller));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_bad_endpoints(text[], oid) IS
    'Raises unless every endpoint is named once and is a server of wrapper gpsync_http that the caller may use';

CREATE FUNCTION gpsync_internal.refuse_second_booking(stream text, publication name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    booked record;
BEGIN
    SELECT r AS relation, s.stream INTO booked
    FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r
    WHERE s.bookkeeping AND s.stream <> refuse_second_booking.stream
        AND r IN (SELECT gpsync_internal.publication_relations(refuse_second_booking.publication))
    ORDER BY r::text LIMIT 1;
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('table %s is booked by stream "%s" already', booked.relation, booked.stream),
            DETAIL = 'Its sync_status can say what became of one stream only.',
            HINT = 'Create this stream with bookkeeping => false.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_second_booking(text, name) IS
    'Raises 55000 when a table of the publication is booked by another stream';

CREATE FUNCTION gpsync_internal.refuse_writing_transaction(call text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE active_sql_transaction USING
            MESSAGE = format('%s must not run in a transaction that has written', call),
            HINT = 'Call it in a transaction of its own.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_writing_transaction(text) IS 'Raises 25001 when the transaction has written';

REVOKE ALL ON FUNCTION gpsync_internal.refuse_no_logical_decoding(), gpsync_internal.setting_list(text),
    gpsync_internal.output_plugins_fix(text), gpsync_internal.publication_relations(name), gpsync_internal.refuse_bad_publication(name, oid),
    gpsync_internal.refuse_filtered_publication(name), gpsync_internal.refuse_bad_endpoints(text[], oid),
    gpsync_internal.refuse_second_booking(text, name), gpsync_internal.refuse_writing_transaction(text) FROM PUBLIC;
-- The slots and replication origins of streams: they come and go with the transaction (src/stream/slot.cpp).

-- REQUIRES: nothing written yet in this transaction (the server makes no logical slot otherwise).
CREATE FUNCTION gpsync_internal.make_slot(slot_name name) RETURNS pg_lsn
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_make_slot';
COMMENT ON FUNCTION gpsync_internal.make_slot(name) IS
    'Makes a temporary slot of plugin gpsync_decoder that becomes a permanent one at COMMIT and is dropped at '
    'ROLLBACK, also of a savepoint; gives its consistent point. It waits for the transactions that are writing';

CREATE FUNCTION gpsync_internal.drop_slot_on_commit(slot_name name) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_drop_slot_on_commit';
COMMENT ON FUNCTION gpsync_internal.drop_slot_on_commit(name) IS
    'Drops a slot of plugin gpsync_decoder at COMMIT, making whoever reads it leave; nothing happens at ROLLBACK';

CREATE FUNCTION gpsync_internal.slot_goes_on_commit(slot_name name) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_slot_goes_on_commit';
COMMENT ON FUNCTION gpsync_internal.slot_goes_on_commit(name) IS 'Whether this transaction has dropped the stream of that slot';

-- A slot of that name that no stream owns: left by a crash in the middle of a COMMIT, or not ours at all.
CREATE FUNCTION gpsync_internal.clear_slot(slot name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    present record;
BEGIN
    SELECT r.* INTO present FROM pg_replication_slots AS r WHERE r.slot_name = slot;
    IF NOT FOUND THEN
        RETURN;
    ELSIF present.plugin IS DISTINCT FROM 'gpsync_decoder' OR present.database <> current_database() THEN
        RAISE duplicate_object USING MESSAGE = format('replication slot "%s" exists already', slot),
            DETAIL = format('It belongs to %s.', CASE
                WHEN present.plugin IS NULL THEN 'physical replication'
                WHEN present.plugin <> 'gpsync_decoder' THEN format('output plugin "%s"', present.plugin)
                ELSE format('database "%s"', present.database) END),
            HINT = format('If nothing needs it: SELECT pg_drop_replication_slot(%L)', slot);
    ELSIF present.active_pid IS NOT NULL THEN
        RAISE object_in_use USING
            MESSAGE = format('replication slot "%s" is in use by PID %s', slot, present.active_pid);
    END IF;
    RAISE NOTICE 'replication slot "%" was left without a stream and is replaced', slot;
    PERFORM pg_drop_replication_slot(slot);
END $$;
COMMENT ON FUNCTION gpsync_internal.clear_slot(name) IS
    'Drops a slot of plugin gpsync_decoder that belongs to no stream; raises 42710 when the name is taken by another '
    'kind of slot';

-- REQUIRES: nothing written yet in this transaction (the server makes no logical slot otherwise).
CREATE FUNCTION gpsync_internal.create_slot(slot name) RETURNS pg_lsn
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.clear_slot(slot);
    RETURN gpsync_internal.make_slot(slot);
END $$;
COMMENT ON FUNCTION gpsync_internal.create_slot(name) IS
    'Makes a slot that is there after COMMIT and gone after ROLLBACK; gives its consistent point. It waits for the '
    'transactions that are writing';

-- An origin outlives every slot that may still see it, so a stream made again under its name finds it there.
CREATE FUNCTION gpsync_internal.ensure_origin(origin text) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$
SELECT pg_replication_origin_create(origin)
WHERE NOT EXISTS (SELECT FROM pg_replication_origin AS o WHERE o.roname = origin) $$;
COMMENT ON FUNCTION gpsync_internal.ensure_origin(text) IS 'Creates a replication origin unless it exists';

-- Drops the origins of this database once all its slots are gone, or go with this transaction.
CREATE FUNCTION gpsync_internal.drop_unseen_origins() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    prefix text := gpsync_internal.slot_name('');
    origin text;
BEGIN
    IF EXISTS (SELECT FROM pg_replication_slots AS r
               WHERE r.database = current_database() AND starts_with(r.slot_name, prefix)
                   AND NOT gpsync_internal.slot_goes_on_commit(r.slot_name)) THEN
        RETURN;
    END IF;
    FOR origin IN SELECT o.roname FROM pg_replication_origin AS o WHERE starts_with(o.roname, prefix) ORDER BY 1 LOOP
        BEGIN
            PERFORM pg_replication_origin_drop(origin);
        EXCEPTION WHEN object_in_use THEN
            RAISE NOTICE 'replication origin "%" is still in use and stays', origin
                USING HINT = 'gpsync.doctor() tells how to drop it.';
        END;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_unseen_origins() IS
    'Drops the replication origins of this database''s streams when no slot may see them any more';

REVOKE ALL ON FUNCTION gpsync_internal.make_slot(name), gpsync_internal.drop_slot_on_commit(name), gpsync_internal.slot_goes_on_commit(name),
    gpsync_internal.clear_slot(name), gpsync_internal.create_slot(name), gpsync_internal.ensure_origin(text),
    gpsync_internal.drop_unseen_origins() FROM PUBLIC;
-- create_stream(), drop_stream(), pause_stream(), resume_stream(). An operator may call them; what they do
-- takes the extension owner's rights, what they name is checked against the caller's (src/stream/call_as_owner.cpp).

CREATE FUNCTION gpsync_internal.lock_stream_creation() RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_lock_stream_creation';
COMMENT ON FUNCTION gpsync_internal.lock_stream_creation() IS
    'Waits for other transactions that create streams: two may want one name, or to book one table. Not a table lock, '
    'since making a slot may wait long, and streams must be paused meanwhile';

CREATE FUNCTION gpsync_internal.create_stream_as(caller oid, stream text, endpoints text[], publication text,
    bookkeeping boolean) RETURNS pg_lsn
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name(stream);
    start_lsn pg_lsn;
BEGIN
    IF stream !~ '^[a-z0-9_]{1,40}$' THEN
        RAISE invalid_name USING MESSAGE = format('invalid stream name: "%s"', stream),
            HINT = 'A stream''s name has 1 to 40 lower-case letters, digits and underscores.';
    END IF;
    PERFORM gpsync_internal.refuse_writing_transaction('create_stream()');
    PERFORM gpsync_internal.refuse_no_logical_decoding();
    PERFORM gpsync_internal.lock_stream_creation();
    IF EXISTS (SELECT FROM gpsync.stream AS s WHERE s.stream = create_stream_as.stream) THEN
        RAISE duplicate_object USING MESSAGE = format('stream "%s" already exists', stream);
    END IF;
    PERFORM gpsync_internal.refuse_bad_endpoints(endpoints, caller);
    PERFORM gpsync_internal.refuse_bad_publication(publication, caller);
    IF bookkeeping THEN
        PERFORM gpsync_internal.refuse_second_booking(stream, publication);
    END IF;

    start_lsn := gpsync_internal.create_slot(slot);
    -- Again: what joined the publication while the slot was waited for was not checked against a stream.
    PERFORM gpsync_internal.refuse_bad_publication(publication, caller);
    INSERT INTO gpsync.stream (stream, publication, endpoints, bookkeeping, owner, home)
        VALUES (stream, publication, endpoints, bookkeeping, pg_get_userbyid(caller), gpsync_internal.server_home());
    INSERT INTO gpsync.stream_position (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn)
        VALUES (stream, slot, (pg_control_system()).system_identifier, start_lsn, 0, start_lsn);
    PERFORM gpsync_internal.ensure_origin(slot);
    RETURN start_lsn;
END $$;
COMMENT ON FUNCTION gpsync_internal.create_stream_as(oid, text, text[], text, boolean) IS 'create_stream() on behalf of a role';

CREATE FUNCTION gpsync.create_stream(stream text, endpoints text[], publication text DEFAULT 'gpsync',
    bookkeeping boolean DEFAULT true)
    RETURNS pg_lsn LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.create_stream(text, text[], text, boolean) IS
    'Delivers what a publication publishes, from here on, to endpoints (servers of wrapper gpsync_http); gives the LSN '
    'it starts from. With bookkeeping it writes sync_status, which one stream per table can. It waits for the '
    'transactions that are writing. Errors: 42602 bad name; 42710 stream or another plugin''s slot exists; 42704 no '
    'such publication or endpoint; 22023 no endpoint, or one twice; 42809 a server of another wrapper; 0A000 a '
    'publication with filters; 42501 a table of which the caller may not read all rows, a server it may not use; 25001 '
    'the transaction has written; 55000 wal_level, output_plugin_libraries, table booked by another stream; 53400 no '
    'free replication slot';

CREATE FUNCTION gpsync_internal.try_lock_stream(stream text) RETURNS boolean
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_try_lock_stream';
COMMENT ON FUNCTION gpsync_internal.try_lock_stream(text) IS
    'Takes the lock of a stream until the transaction ends; false when its relay has it. SQL''s own advisory locks are '
    'others';

-- Takes the stream away from its relay until the transaction ends: a relay that comes back stands by.
CREATE FUNCTION gpsync_internal.seize_stream(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    key bigint := gpsync_internal.stream_lock_key(stream);
    give_up timestamptz := clock_timestamp() + interval '10 s';
BEGIN
    WHILE NOT gpsync_internal.try_lock_stream(stream) LOOP
        IF clock_timestamp() > give_up THEN
            RAISE object_in_use USING MESSAGE = format('stream "%s" is still being delivered', stream),
                HINT = 'Stop its gpsync-relay.';
        END IF;
        PERFORM pg_terminate_backend(l.pid) FROM pg_locks AS l
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 3 AND l.pid <> pg_backend_pid()
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND (l.classid::bigint << 32 | l.objid::bigint) = key;
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.seize_stream(text) IS
    'Makes the relay of a stream leave and keeps others away until the transaction ends; 55006 when it does not within '
    '10 s';

CREATE FUNCTION gpsync_internal.drop_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name(stream);
    present record;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    PERFORM gpsync_internal.seize_stream(stream);
    SELECT r.plugin, r.database INTO present FROM pg_replication_slots AS r WHERE r.slot_name = slot;
    IF FOUND AND (present.plugin IS DISTINCT FROM 'gpsync_decoder' OR present.database <> current_database()) THEN
        RAISE NOTICE 'replication slot "%" is not one of gpsync and stays', slot;
    ELSIF FOUND THEN
        PERFORM gpsync_internal.drop_slot_on_commit(slot);
    END IF;
    DELETE FROM gpsync.stream AS s WHERE s.stream = drop_stream_as.stream;
    DELETE FROM gpsync.relay_report AS r WHERE r.stream = drop_stream_as.stream;
    DELETE FROM gpsync.endpoint_report AS r WHERE r.stream = drop_stream_as.stream;
    PERFORM gpsync_internal.drop_unseen_origins();
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_stream_as(oid, text) IS 'drop_stream() on behalf of a role';

CREATE FUNCTION gpsync.drop_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_stream(text) IS
    'Ends a stream: its relay is made to leave, its dead letters and deferred marks are deleted, its slot is dropped '
    'at COMMIT. Rows that are PENDING stay so. Errors: 42704 no such stream; 55006 its reader does not leave';

CREATE FUNCTION gpsync_internal.set_paused(stream text, paused boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    UPDATE gpsync.stream AS s SET paused = set_paused.paused
    WHERE s.stream = set_paused.stream AND s.paused <> set_paused.paused;
    IF NOT FOUND THEN
        RAISE NOTICE 'stream "%" is % already', stream, CASE WHEN paused THEN 'paused' ELSE 'running' END;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_paused(text, boolean) IS 'Pauses a stream or lets it go on';

CREATE FUNCTION gpsync_internal.pause_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp AS $$ SELECT gpsync_internal.set_paused(stream, true) $$;
COMMENT ON FUNCTION gpsync_internal.pause_stream_as(oid, text) IS 'pause_stream() on behalf of a role';

CREATE FUNCTION gpsync.pause_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.pause_stream(text) IS
    'Stops delivering a stream within about a second, until resume_stream(). Its slot keeps the WAL meanwhile. Errors: '
    '42704 no such stream';

CREATE FUNCTION gpsync_internal.resume_stream_as(caller oid, stream text) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot record;
    moved boolean;
BEGIN
    UPDATE gpsync.stream AS s SET home = gpsync_internal.server_home()
    WHERE s.stream = resume_stream_as.stream AND s.home <> gpsync_internal.server_home();
    moved := FOUND;
    SELECT * INTO slot FROM gpsync_internal.slot_problem(stream);
    IF FOUND THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = slot.problem, HINT = slot.fix;
    END IF;
    IF moved THEN
        RAISE NOTICE 'the home of stream "%" is now "%"', stream, gpsync_internal.server_home();
    END IF;
    IF NOT moved OR (SELECT s.paused FROM gpsync.stream AS s WHERE s.stream = resume_stream_as.stream) THEN
        PERFORM gpsync_internal.set_paused(stream, false);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.resume_stream_as(oid, text) IS 'resume_stream() on behalf of a role';

CREATE FUNCTION gpsync.resume_stream(stream text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.resume_stream(text) IS
    'Delivers a paused stream again, from where it stopped, and one whose home was another server from now on here. '
    'Errors: 42704 no such stream; 55000 its slot is missing, lost, another plugin''s or consumed by somebody else, or '
    'the stream comes from a dump';

REVOKE ALL ON FUNCTION gpsync_internal.lock_stream_creation(), gpsync_internal.try_lock_stream(text), gpsync_internal.seize_stream(text),
    gpsync_internal.set_paused(text, boolean), gpsync_internal.create_stream_as(oid, text, text[], text, boolean),
    gpsync.create_stream(text, text[], text, boolean), gpsync_internal.drop_stream_as(oid, text), gpsync.drop_stream(text),
    gpsync_internal.pause_stream_as(oid, text), gpsync.pause_stream(text), gpsync_internal.resume_stream_as(oid, text),
    gpsync.resume_stream(text) FROM PUBLIC;
-- What streams and endpoints are doing. A relay reports once a second (gpsync.relay_report). A report that is older
-- than relay_report_age() says what was, not what is: of it only counts and the last error are shown.

CREATE FUNCTION gpsync_internal.relay_report_age() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT interval '5 s' $$;
COMMENT ON FUNCTION gpsync_internal.relay_report_age() IS
    'How old a relay''s last report may be before it says nothing of the present';

CREATE FUNCTION gpsync_internal.is_fresh_report(reported_at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT coalesce(reported_at > clock_timestamp() - gpsync_internal.relay_report_age(), false) $$;
COMMENT ON FUNCTION gpsync_internal.is_fresh_report(timestamptz) IS
    'Whether a report of that time says what is; false without one';

CREATE FUNCTION gpsync_internal.wal_end() RETURNS pg_lsn
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END $$;
COMMENT ON FUNCTION gpsync_internal.wal_end() IS 'The end of the WAL that can be streamed';

-- The reports are unlogged, and a standby cannot even plan a query of such a table: PL/pgSQL plans it only where it is
-- run.
-- SECURITY DEFINER (all three), because the functions a view calls run with the rights of who reads the view.
CREATE FUNCTION gpsync_internal.relay_reports() RETURNS SETOF gpsync.relay_report
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT pg_is_in_recovery() THEN
        RETURN QUERY SELECT * FROM gpsync.relay_report;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.relay_reports() IS 'The relays'' last reports; none on a standby';

CREATE FUNCTION gpsync_internal.endpoint_reports() RETURNS SETOF gpsync.endpoint_report
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT pg_is_in_recovery() THEN
        RETURN QUERY SELECT * FROM gpsync.endpoint_report;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.endpoint_reports() IS 'The last reports per stream and endpoint; none on a standby';

CREATE FUNCTION gpsync_internal.stream_states() RETURNS TABLE (
        stream text, publication name, endpoints text[], bookkeeping boolean, paused boolean, slot_name name,
            slot_state text,
        relay_state text, relay_pid integer, reported_at timestamptz, position_lsn pg_lsn, confirmed_lsn pg_lsn,
            retained_bytes bigint,
        lag_bytes bigint, lag_seconds double precision, in_flight_events bigint, in_flight_bytes bigint,
        parked bigint, deferred_marks bigint, dead_letters bigint, last_error text, last_error_at timestamptz,
            owner name)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
SELECT s.stream, s.publication, s.endpoints, s.bookkeeping,
       s.paused OR coalesce(problem.state IN ('restored', 'moved'), false), gpsync_internal.slot_name(s.stream),
       coalesce(problem.state, CASE WHEN slot.active THEN 'active' ELSE 'inactive' END),
       CASE WHEN fresh.report THEN r.state
            WHEN slot.active THEN CASE WHEN r.stream IS NULL THEN 'starting' ELSE 'unknown' END
            WHEN s.paused OR problem.state IN ('restored', 'moved') THEN 'paused' ELSE 'down' END,
       CASE WHEN fresh.report THEN r.relay_pid END, r.reported_at, p.commit_lsn, slot.confirmed_flush_lsn,
       greatest(0, gpsync_internal.wal_end() - slot.restart_lsn)::bigint,
       greatest(0, gpsync_internal.wal_end() - slot.confirmed_flush_lsn)::bigint,
       CASE WHEN fresh.report THEN coalesce(extract(epoch FROM clock_timestamp() - r.oldest_unsettled), 0)
            ELSE extract(epoch FROM clock_timestamp() - coalesce(p.commit_time, p.booked_at)) END::double precision,
       CASE WHEN fresh.report THEN r.in_flight_events ELSE 0 END, CASE WHEN fresh.report THEN r.in_flight_bytes
           ELSE 0 END,
       0::bigint, (SELECT count(*) FROM gpsync.deferred_mark AS m WHERE m.stream = s.stream),
       (SELECT count(*) FROM gpsync.dead_letter AS d WHERE d.stream = s.stream),
       coalesce(problem.problem, r.last_error), CASE WHEN problem.problem IS NULL THEN r.last_error_at END, s.owner
FROM gpsync.stream AS s
LEFT JOIN gpsync.stream_position AS p ON p.stream = s.stream
LEFT JOIN gpsync_internal.relay_reports() AS r ON r.stream = s.stream
LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = gpsync_internal.slot_name(s.stream)
LEFT JOIN LATERAL gpsync_internal.slot_problem(s.stream) AS problem ON true
CROSS JOIN gpsync_internal.is_fresh_report(r.reported_at) AS fresh (report) $$;
COMMENT ON FUNCTION gpsync_internal.stream_states() IS 'The rows of view stream_status';

CREATE VIEW gpsync.stream_status AS SELECT * FROM gpsync_internal.stream_states();
COMMENT ON VIEW gpsync.stream_status IS 'Every stream with its slot, relay, lag and what waits';
COMMENT ON COLUMN gpsync.stream_status.paused IS
    'By pause_stream(), or because the stream comes from a dump or belongs to another server';
COMMENT ON COLUMN gpsync.stream_status.slot_state IS
    'active (read by a relay), inactive, restored (stream from a dump: recreate it), missing, lost (WAL it needs is '
    'removed), consumed (ahead of the books: somebody else has read or moved it; recreate the stream), other plugin, '
    'moved (the stream''s home is another server: resume it here)';
COMMENT ON COLUMN gpsync.stream_status.relay_state IS
    'As the relay reports it: starting, streaming, standby, waiting (a lane tries again), paused, stopped. Without a '
    'report for five seconds: unknown (somebody reads the slot), or down';
COMMENT ON COLUMN gpsync.stream_status.position_lsn IS 'Commit LSN up to which everything is settled at every endpoint';
COMMENT ON COLUMN gpsync.stream_status.retained_bytes IS 'WAL the server keeps for the slot';
COMMENT ON COLUMN gpsync.stream_status.lag_bytes IS 'WAL the relay has not confirmed yet';
COMMENT ON COLUMN gpsync.stream_status.lag_seconds IS
    'Age of the oldest committed change that is not settled; while the relay is down, the time since the last settled '
    'one';
COMMENT ON COLUMN gpsync.stream_status.parked IS
    'Events that wait at an endpoint; 0 as long as lanes wait instead of parking';
COMMENT ON COLUMN gpsync.stream_status.owner IS 'The role that must be able to read all that the stream shows';
COMMENT ON COLUMN gpsync.stream_status.last_error IS
    'What keeps the slot from being read, else the relay''s last error';

CREATE VIEW gpsync.endpoint_status AS
SELECT s.stream, e.endpoint,
       (SELECT o.option_value FROM pg_catalog.pg_options_to_table(f.srvoptions) AS o WHERE o.option_name = 'url')
           AS url,
       CASE WHEN f.oid IS NULL THEN 'missing' WHEN fresh.report THEN coalesce(r.breaker, 'unknown') ELSE 'unknown' END
           AS breaker,
       coalesce(r.delivered, 0) AS delivered, coalesce(r.rejected, 0) AS rejected, coalesce(r.errors, 0) AS errors,
       CASE WHEN fresh.report THEN r.latency_ms END AS latency_ms, CASE WHEN fresh.report THEN r.waiting_until END
           AS waiting_until,
       (SELECT pg_catalog.count(*) FROM gpsync.dead_letter AS d
        WHERE d.stream OPERATOR(pg_catalog.=) s.stream AND d.endpoint OPERATOR(pg_catalog.=) e.endpoint)
            AS dead_letters,
       r.last_error, r.last_error_at, report.reported_at
FROM gpsync.stream AS s
CROSS JOIN LATERAL pg_catalog.unnest(s.endpoints) AS e (endpoint)
LEFT JOIN (pg_catalog.pg_foreign_server AS f
           JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid OPERATOR(pg_catalog.=) f.srvfdw
               AND w.fdwname OPERATOR(pg_catalog.=) 'gpsync_http')
    ON f.srvname OPERATOR(pg_catalog.=) e.endpoint
LEFT JOIN gpsync_internal.endpoint_reports() AS r ON r.stream OPERATOR(pg_catalog.=) s.stream
    AND r.endpoint OPERATOR(pg_catalog.=) e.endpoint
LEFT JOIN gpsync_internal.relay_reports() AS report ON report.stream OPERATOR(pg_catalog.=) s.stream
CROSS JOIN gpsync_internal.is_fresh_report(report.reported_at) AS fresh (report);
COMMENT ON VIEW gpsync.endpoint_status IS
    'Every stream and endpoint, as the relay last reported it (reported_at); counts and last_error are as of then, '
    'counts since the relay started';
COMMENT ON COLUMN gpsync.endpoint_status.breaker IS
    'closed (delivering), open (waiting until waiting_until), half-open; unknown: no relay has reported for five '
    'seconds; missing: the foreign server is gone';
COMMENT ON COLUMN gpsync.endpoint_status.latency_ms IS
    'Median of the last reporting interval, commit to acknowledgement';

CREATE VIEW gpsync.dead_letters AS
SELECT d.event_id, d.stream, d.endpoint, d.schema_name, d.table_name, d.key, d.revision, d.attempts, d.http_status,
       d.error AS last_error, d.payload, d.created_at
FROM gpsync.dead_letter AS d;
COMMENT ON VIEW gpsync.dead_letters IS 'Events that an endpoint refused for good, with payload and reason';

REVOKE ALL ON FUNCTION gpsync_internal.relay_report_age(), gpsync_internal.is_fresh_report(timestamptz), gpsync_internal.wal_end(),
    gpsync_internal.relay_reports(), gpsync_internal.endpoint_reports(), gpsync_internal.stream_states() FROM PUBLIC;
-- Waiting for delivery, for applications that must not go on before the legacy side knows.

CREATE FUNCTION gpsync.wait_for_sync(lsn pg_lsn DEFAULT NULL, stream text DEFAULT NULL, timeout interval DEFAULT '30s')
    RETURNS boolean LANGUAGE c SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_wait_for_sync';
COMMENT ON FUNCTION gpsync.wait_for_sync(pg_lsn, text, interval) IS
    'True once everything committed before lsn (default: now) is booked, that is taken by every endpoint of the stream '
    'or in its dead letters, and its row is marked (no mark of it waits in gpsync.deferred_mark); false when the '
    'timeout ends first. Without a stream: all streams of the database with bookkeeping, paused ones included; a '
    'stream without bookkeeping is waited for by name, until it is delivered. Errors: 25001 the transaction has '
    'written; 42704 no such stream, or none that keeps books; 22023 an LSN that is not written yet, a negative '
    'timeout; 55000 the slot is gone or lost, recovery in progress';
REVOKE ALL ON FUNCTION gpsync.wait_for_sync(pg_lsn, text, interval) FROM PUBLIC;
-- recreate_stream(): after a lost slot, or out of a dump, a stream starts again from now, and what may have been
-- missed in between is sent again by touching its rows.

CREATE FUNCTION gpsync_internal.touch_pending_rows(relation regclass) RETURNS bigint
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_touch_pending_rows';
COMMENT ON FUNCTION gpsync_internal.touch_pending_rows(regclass) IS
    'Updates the rows that are PENDING, so that they are streamed again, as the table''s owner; how many';

CREATE FUNCTION gpsync_internal.touch_missed_rows(stream text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    relation regclass;
    touched bigint;
BEGIN
    FOR relation IN
        SELECT DISTINCT a.relation FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r,
            gpsync.attached_tables AS a
        WHERE s.stream = touch_missed_rows.stream
            AND (a.relation = r OR a.relation IN (SELECT p.relid FROM pg_partition_ancestors(r) AS p))
        ORDER BY 1
    LOOP
        touched := gpsync_internal.touch_pending_rows(relation);
        RAISE NOTICE '% rows of table % are sent again', touched, relation;
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.touch_missed_rows(text) IS 'Touches what is PENDING in the attached tables of a stream';

-- The reader of the slot leaves a moment after the relay's other session, which seize_stream() ended.
CREATE FUNCTION gpsync_internal.empty_slot(slot name) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    give_up timestamptz := clock_timestamp() + interval '10 s';
BEGIN
    WHILE EXISTS (SELECT FROM pg_replication_slots AS r WHERE r.slot_name = slot AND r.active_pid IS NOT NULL) LOOP
        IF clock_timestamp() > give_up THEN
            RAISE object_in_use USING MESSAGE = format('replication slot "%s" is still being read', slot);
        END IF;
        PERFORM pg_terminate_backend(r.active_pid) FROM pg_replication_slots AS r
        WHERE r.slot_name = slot AND r.database = current_database() AND r.plugin = 'gpsync_decoder';
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.empty_slot(name) IS
    'Makes whoever reads a slot of this database leave; 55006 when it does not within 10 s';

CREATE FUNCTION gpsync_internal.recreate_stream_as(caller oid, stream text, force boolean) RETURNS pg_lsn
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    slot name := gpsync_internal.slot_name(stream);
    of gpsync.stream;
    problem record;
    start_lsn pg_lsn;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    PERFORM gpsync_internal.refuse_writing_transaction('recreate_stream()');
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = 'recreate_stream() needs isolation level READ COMMITTED',
            DETAIL = 'An older snapshot does not see all the rows that may have been missed.';
    END IF;
    PERFORM gpsync_internal.refuse_no_logical_decoding();
    PERFORM gpsync_internal.lock_stream_creation();
    SELECT * INTO of FROM gpsync.stream AS s WHERE s.stream = recreate_stream_as.stream;
    PERFORM gpsync_internal.refuse_bad_endpoints(of.endpoints, caller);
    PERFORM gpsync_internal.refuse_bad_publication(of.publication, caller);
    SELECT * INTO problem FROM gpsync_internal.slot_problem(stream);
    IF NOT force AND coalesce(problem.state, 'moved') = 'moved' THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = format('the slot of stream "%s" is fine', stream),
            HINT = coalesce(problem.fix,
                format('To get past a change that stops it: gpsync.skip_change(); past everything up to now: SELECT '
                       'gpsync.recreate_stream(%L, force => true)', stream));
    END IF;

    PERFORM gpsync_internal.seize_stream(stream);
    IF force THEN
        PERFORM gpsync_internal.empty_slot(slot);
    END IF;
    start_lsn := gpsync_internal.create_slot(slot);
    PERFORM gpsync_internal.refuse_bad_publication(of.publication, caller);
    UPDATE gpsync.stream AS s SET owner = pg_get_userbyid(caller), home = gpsync_internal.server_home()
        WHERE s.stream = of.stream;
    INSERT INTO gpsync.stream_position AS p (stream, slot_name, system_identifier, commit_lsn, ordinal, confirmed_lsn)
        VALUES (of.stream, slot, (pg_control_system()).system_identifier, start_lsn, 0, start_lsn)
        ON CONFLICT ON CONSTRAINT stream_position_pkey DO UPDATE
        SET slot_name = excluded.slot_name, system_identifier = excluded.system_identifier,
            commit_lsn = excluded.commit_lsn,
            ordinal = 0, confirmed_lsn = excluded.confirmed_lsn, commit_time = NULL, booked_at = now();
    PERFORM gpsync_internal.ensure_origin(slot);
    RAISE WARNING 'stream "%" starts again at %', stream, start_lsn USING
        DETAIL = CASE WHEN of.bookkeeping
            THEN 'Rows that are PENDING are sent again; rows deleted and tables truncated since its slot was lost are '
                 'not.'
                      ELSE 'It keeps no books: what it has missed is not known and not sent again.' END,
        ERRCODE = '01000';
    IF of.bookkeeping THEN
        PERFORM gpsync_internal.touch_missed_rows(stream);
    END IF;
    RETURN start_lsn;
END $$;
COMMENT ON FUNCTION gpsync_internal.recreate_stream_as(oid, text, boolean) IS 'recreate_stream() on behalf of a role';

CREATE FUNCTION gpsync.recreate_stream(stream text, force boolean DEFAULT false) RETURNS pg_lsn
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.recreate_stream(text, boolean) IS
    'After a lost or missing slot, or one that somebody else has consumed, and for a stream that comes from a dump: '
    'makes the slot again, and marks every row PENDING that may have been missed, which sends it again; gives the LSN '
    'it starts from. With force also where the slot is fine, to get past whatever in the WAL stops the stream. The '
    'caller becomes its owner, this server its home. Deletes that were missed are not sent again. Errors: those of '
    'create_stream(); 55000 the slot is fine (without force), or another plugin''s; 0A000 not under READ COMMITTED';

REVOKE ALL ON FUNCTION gpsync_internal.touch_pending_rows(regclass), gpsync_internal.touch_missed_rows(text), gpsync_internal.empty_slot(name),
    gpsync_internal.recreate_stream_as(oid, text, boolean), gpsync.recreate_stream(text, boolean) FROM PUBLIC;
-- skip_change(): past a change that stops a stream. Its relay begins again and has the decoder leave the change out; an
-- event that names it and holds nothing of its row comes in its place, and becomes a dead letter of each endpoint.

CREATE FUNCTION gpsync_internal.event_sequence(commit_lsn pg_lsn, ordinal bigint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT upper(lpad(to_hex((commit_lsn - '0/0')::bigint), 16, '0') || '-' || lpad(to_hex(ordinal), 8, '0')) $$;
COMMENT ON FUNCTION gpsync_internal.event_sequence(pg_lsn, bigint) IS
    'The sequence of an event: its place in the stream, as text that sorts in stream order';

CREATE FUNCTION gpsync_internal.skip_change_as(caller oid, stream text, commit_lsn pg_lsn, ordinal bigint, reason text)
    RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
#variable_conflict use_column
DECLARE
    booked record;
BEGIN
    PERFORM gpsync_internal.refuse_unknown_stream(stream);
    IF skip_change_as.ordinal NOT BETWEEN 1 AND 4294967295 OR btrim(skip_change_as.reason) = '' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'a change to skip needs an ordinal of 1 or more, and a reason',
            HINT = 'last_error in gpsync.stream_status says which change stops a stream.';
    ELSIF skip_change_as.commit_lsn > pg_current_wal_insert_lsn() THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('LSN %s has not been written yet', skip_change_as.commit_lsn);
    END IF;
    SELECT p.commit_lsn, p.ordinal INTO booked FROM gpsync.stream_position AS p WHERE p.stream = skip_change_as.stream;
    IF (skip_change_as.commit_lsn, skip_change_as.ordinal) <= (booked.commit_lsn, booked.ordinal) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('stream "%s" is past that change', skip_change_as.stream),
            DETAIL = format('Everything up to %s, event %s, is settled.', booked.commit_lsn, booked.ordinal);
    END IF;
    INSERT INTO gpsync.skipped_change AS k (stream, commit_lsn, ordinal, reason, skipped_by)
        VALUES (skip_change_as.stream, skip_change_as.commit_lsn, skip_change_as.ordinal, skip_change_as.reason,
            pg_get_userbyid(caller))
        ON CONFLICT ON CONSTRAINT skipped_change_pkey DO NOTHING;
    IF NOT FOUND THEN
        RAISE NOTICE 'that change is skipped already';
    END IF;
    -- The supervisor looks at once.
    UPDATE gpsync.stream AS s SET paused = s.paused WHERE s.stream = skip_change_as.stream;
END $$;
COMMENT ON FUNCTION gpsync_internal.skip_change_as(oid, text, pg_lsn, bigint, text) IS 'skip_change() on behalf of a role';

CREATE FUNCTION gpsync.skip_change(stream text, commit_lsn pg_lsn, ordinal bigint, reason text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.skip_change(text, pg_lsn, bigint, text) IS
    'Leaves one change out of a stream, that cannot be decoded or delivered: its place is in the error that stops the '
    'stream. Each endpoint gets a dead letter that says what was skipped, by whom and why; the row is marked FAILED '
    'where its key can be shown. Errors: 42704 no such stream; 55000 the stream is past it; 22023 no such place in the '
    'WAL, no reason';

REVOKE ALL ON FUNCTION gpsync_internal.event_sequence(pg_lsn, bigint), gpsync_internal.skip_change_as(oid, text, pg_lsn, bigint, text),
    gpsync.skip_change(text, pg_lsn, bigint, text) FROM PUBLIC;
-- The supervisor of this database, where there is one, looks at the streams as soon as they have changed.

CREATE FUNCTION gpsync_internal.wake_supervisor() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_wake_supervisor';
COMMENT ON FUNCTION gpsync_internal.wake_supervisor() IS
    'Trigger: lets the supervisor read gpsync.stream when the transaction has committed';
REVOKE ALL ON FUNCTION gpsync_internal.wake_supervisor() FROM PUBLIC;

CREATE TRIGGER wake_supervisor AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.stream
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.wake_supervisor();
-- Why a rule of redaction cannot be followed; view redacted_columns and doctor() read it.

CREATE FUNCTION gpsync_internal.redaction_state(rule text, OUT problem text, OUT needs_keys boolean) RETURNS record
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_redaction_state';
COMMENT ON FUNCTION gpsync_internal.redaction_state(text) IS
    'Of a rule for a column in the stream: why it cannot be followed (no such rule, no such policy, a policy that '
    'cannot be read), NULL if it can, and whether it needs the key ring';

CREATE FUNCTION gpsync_internal.key_ring_state(OUT is_set boolean, OUT problem text, OUT fix text) RETURNS record
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_key_ring_state';
COMMENT ON FUNCTION gpsync_internal.key_ring_state() IS
    'Whether gpsync.key_file is set, and why the file cannot be used, NULL if it can; never a part of a key';

-- Labels of a table count for its partitions and for tables that inherit from it, by the column's name; and, unless
-- they say pass, for generated columns that are computed from the column.
-- PL/pgSQL, since a function in SQL is planned at every call, which takes longer than to run it.
CREATE FUNCTION gpsync_internal.labels_of(relations oid[])
    RETURNS TABLE (labelled oid, relation oid, column_name name, rule text, source name)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH RECURSIVE above (oid, ancestor) AS (
    SELECT r.oid, r.oid FROM unnest(relations) AS r (oid)
    UNION
    SELECT u.oid, i.inhparent FROM above AS u JOIN pg_inherits AS i ON i.inhrelid = u.ancestor),
counted (labelled, oid, attname, label) AS MATERIALIZED (
    SELECT u.ancestor, u.oid, a.attname, l.label
    FROM above AS u JOIN pg_seclabel AS l ON l.objoid = u.ancestor AND l.classoid = 'pg_class'::regclass
    JOIN pg_attribute AS a ON a.attrelid = l.objoid AND a.attnum = l.objsubid AND NOT a.attisdropped
    WHERE l.provider = 'gpsync' AND l.objsubid > 0)
SELECT c.labelled, c.oid, c.attname, c.label, c.attname FROM counted AS c
UNION ALL
SELECT c.labelled, c.oid, g.attname, c.label, c.attname
FROM counted AS c JOIN pg_attribute AS s ON s.attrelid = c.oid AND s.attname = c.attname AND NOT s.attisdropped
JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = s.attrelid AND d.refobjsubid = s.attnum
    AND d.classid = 'pg_attrdef'::regclass
JOIN pg_attrdef AS e ON e.oid = d.objid AND e.adrelid = s.attrelid
JOIN pg_attribute AS g ON g.attrelid = e.adrelid AND g.attnum = e.adnum AND g.attgenerated <> ''
WHERE c.label <> 'pass' AND g.attnum <> s.attnum;
END $$;
COMMENT ON FUNCTION gpsync_internal.labels_of(oid[]) IS
    'The security labels that count for the columns of tables: their own and those of the tables (labelled) that they '
    'are partitions of or inherit from; source is the column that has the label, another one than column_name where '
    'that is generated from it';

CREATE FUNCTION gpsync_internal.column_labels()
    RETURNS TABLE (labelled oid, relation oid, column_name name, rule text, source name)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
WITH RECURSIVE heir (oid) AS (
    SELECT DISTINCT l.objoid FROM pg_seclabel AS l
    WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objsubid > 0
    UNION
    SELECT i.inhrelid FROM heir AS h JOIN pg_inherits AS i ON i.inhparent = h.oid)
SELECT l.* FROM gpsync_internal.labels_of(ARRAY(SELECT h.oid FROM heir AS h)) AS l $$;
COMMENT ON FUNCTION gpsync_internal.column_labels() IS 'labels_of() all the tables that there are any for';

CREATE FUNCTION gpsync_internal.labelled_keys()
    RETURNS TABLE (labelled regclass, relation regclass, column_name name, rule text, source name)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT l.labelled, l.relation, l.column_name, l.rule, l.source FROM gpsync_internal.column_labels() AS l
WHERE l.rule <> 'pass' AND l.column_name = ANY (gpsync_internal.key_columns(l.relation)) $$;
COMMENT ON FUNCTION gpsync_internal.labelled_keys() IS
    'Columns of a key with a label that would redact them; the stream stops at their changes';

CREATE FUNCTION gpsync_internal.scrubbing_triggers()
    RETURNS TABLE (relation oid, trigger_name name, column_name name, policy text, metadata_column name,
        enabled "char", checker name, checker_enabled "char", inherited boolean)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT t.tgrelid, t.tgname, a.arguments[1], a.arguments[2], a.arguments[3], t.tgenabled, c.tgname, c.tgenabled,
    t.tgparentid <> 0
FROM pg_trigger AS t CROSS JOIN LATERAL gpsync_internal.trigger_arguments(t.tgargs) AS a (arguments)
LEFT JOIN pg_trigger AS c ON c.tgrelid = t.tgrelid AND c.tgfoid = 'gpsync_internal.refuse_unscrubbed()'::regprocedure
    AND (gpsync_internal.trigger_arguments(c.tgargs))[2] = t.tgname
WHERE t.tgfoid = 'gpsync_internal.scrub_row()'::regprocedure $$;
COMMENT ON FUNCTION gpsync_internal.scrubbing_triggers() IS
    'What scrub_on_write() made, also in partitions, with the trigger that checks afterwards';

-- A finding for each reason; error: changes do not get through, warning: they would not, or PII could get in.
CREATE FUNCTION gpsync_internal.redaction_problems()
    RETURNS TABLE (relation oid, column_name name, severity text, check_name text, problem text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH ring AS MATERIALIZED (SELECT * FROM gpsync_internal.key_ring_state()),
label AS MATERIALIZED (
    SELECT l.labelled, l.column_name, l.rule, s.problem, s.needs_keys,
           bool_or(l.relation IN (SELECT r FROM gpsync.stream AS t, gpsync_internal.publication_relations(t.publication) AS r))
               AS streamed
    FROM gpsync_internal.column_labels() AS l, LATERAL gpsync_internal.redaction_state(l.rule) AS s WHERE l.source = l.column_name
    GROUP BY l.labelled, l.column_name, l.rule, s.problem, s.needs_keys),
scrubbed AS MATERIALIZED (
    SELECT t.*, s.problem, s.needs_keys FROM gpsync_internal.scrubbing_triggers() AS t,
        LATERAL gpsync_internal.redaction_state('scrub ' || t.policy) AS s),
missing_key (relation, column_name, severity, check_name, who) AS (
    SELECT l.labelled, l.column_name, CASE WHEN l.streamed THEN 'error' ELSE 'warning' END, 'label',
           format('the label "%s" of column "%s" of table %s', l.rule, l.column_name, l.labelled::regclass) FROM label
               AS l WHERE l.needs_keys
    UNION ALL
    SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
        format('policy "%s", by which column "%s" of table %s is scrubbed,', t.policy, t.column_name,
        t.relation::regclass)
    FROM scrubbed AS t WHERE t.needs_keys AND NOT t.inherited)
SELECT m.relation, m.column_name, m.severity, m.check_name,
    format('%s needs a key, and gpsync.key_file is not set', m.who),
       'LOAD ''gpsync''; ALTER SYSTEM SET gpsync.key_file = ''/...''; SELECT pg_reload_conf(); -- docs/pii.md, Keys'
FROM missing_key AS m, ring WHERE NOT ring.is_set
UNION ALL
SELECT l.labelled, l.column_name, CASE WHEN l.streamed THEN 'error' ELSE 'warning' END, 'label',
       format('the label "%s" of column "%s" of table %s cannot be followed: %s', l.rule, l.column_name,
           l.labelled::regclass, l.problem),
       coalesce(format('SELECT gpsync.define_policy(%L, ''[...]'')', substring(l.rule FROM '^scrub +(.*[^ ])')),
           format('SELECT gpsync.redact_in_stream(%L, %L, ''...'')', l.labelled::regclass, l.column_name))
FROM label AS l WHERE l.problem IS NOT NULL
UNION ALL
SELECT k.labelled, k.column_name, CASE WHEN bool_or(l.streamed) THEN 'error' ELSE 'warning' END, 'label',
       format('column "%s" is part of the key of table %s and %s "%s": a key cannot be redacted', k.column_name,
           min(k.relation::text),
              CASE k.source WHEN k.column_name THEN 'labelled'
                  ELSE format('computed from column "%s", which is labelled', k.source) END, k.rule),
       format('SELECT gpsync.redact_in_stream(%L, %L, NULL) -- or another key', k.labelled, k.source)
FROM gpsync_internal.labelled_keys() AS k JOIN label AS l ON l.labelled = k.labelled AND l.column_name = k.source
GROUP BY k.labelled, k.column_name, k.rule, k.source
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
    format('table %s cannot be written: column "%s" is scrubbed by policy "%s": %s', t.relation::regclass,
    t.column_name, t.policy, t.problem),
       format('SELECT gpsync.define_policy(%L, ''[...]'')', t.policy)
FROM scrubbed AS t WHERE t.problem IS NOT NULL AND NOT t.inherited
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
    format('table %s cannot be written: it has no column "%s", which scrub_on_write() was told of',
    t.relation::regclass, gone.name),
       format('SELECT gpsync.scrub_on_write(%L, ''...'') -- or gpsync.stop_scrub_on_write(%1$L, %L)',
           t.relation::regclass, t.column_name)
FROM scrubbed AS t, unnest(ARRAY[t.column_name, t.metadata_column]) AS gone (name)
WHERE gone.name IS NOT NULL AND NOT t.inherited
    AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = t.relation AND a.attname = gone.name
        AND NOT a.attisdropped)
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
       CASE WHEN s.enabled = 'D' THEN format('trigger "%s" of table %s is disabled', s.name, t.relation::regclass)
            ELSE format('trigger "%s" of table %s does not fire in every session_replication_role', s.name,
                t.relation::regclass) END,
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.relation::regclass, s.name)
FROM scrubbed AS t, LATERAL (VALUES (t.trigger_name, t.enabled), (t.checker, t.checker_enabled)) AS s (name, enabled)
    WHERE s.enabled <> 'A'
UNION ALL
SELECT t.relation, t.column_name, 'error', 'scrub_on_write',
    format('nothing checks what is stored in column "%s" of table %s after it was scrubbed', t.column_name,
    t.relation::regclass),
       format('SELECT gpsync.scrub_on_write(%L, %L, %L%s)', t.relation::regclass, t.column_name, t.policy, ', '
           || quote_literal(t.metadata_column))
FROM scrubbed AS t WHERE t.checker IS NULL AND NOT t.inherited
UNION ALL
-- Triggers of a table are not those of tables that inherit from it, except for partitions.
SELECT i.inhrelid, t.column_name, 'warning', 'scrub_on_write',
    format('table %s inherits from %s, where column "%s" is scrubbed on write, and takes PII', i.inhrelid::regclass,
    t.relation::regclass, t.column_name),
       format('SELECT gpsync.scrub_on_write(%L, %L, %L)', i.inhrelid::regclass, t.column_name, t.policy)
FROM scrubbed AS t JOIN pg_inherits AS i ON i.inhparent = t.relation JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE NOT c.relispartition
    AND NOT EXISTS (SELECT FROM scrubbed AS own WHERE own.relation = i.inhrelid AND own.column_name = t.column_name) $$;
COMMENT ON FUNCTION gpsync_internal.redaction_problems() IS
    'Why what labels and scrub_on_write() ask for cannot be done, or is not done; a problem of the key file itself is '
    'the doctor''s';

REVOKE ALL ON FUNCTION gpsync_internal.redaction_state(text), gpsync_internal.key_ring_state(), gpsync_internal.labels_of(oid[]),
    gpsync_internal.column_labels(), gpsync_internal.labelled_keys(), gpsync_internal.scrubbing_triggers(),
    gpsync_internal.redaction_problems() FROM PUBLIC;
-- redacted_columns: what is redacted where, and why a rule cannot be followed; doctor() reads the same.

-- The rule in force as the decoder has it for a stream that begins now: the strictest of the labels that count.
CREATE FUNCTION gpsync_internal.stream_rule(labels text[], is_key boolean, is_status boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN labels IS NULL THEN CASE WHEN is_key OR is_status THEN 'pass' ELSE 'scrub payments@1' END
       ELSE (SELECT string_agg(DISTINCT l, ' and ') FROM unnest(labels) AS l
             WHERE split_part(l, ' ', 1) = (SELECT split_part(m, ' ', 1) FROM unnest(labels) AS m
                 ORDER BY array_position('{drop,hash,tokenize,mask,scrub,pass}',
                     split_part(m, ' ', 1)) LIMIT 1)) END $$;
COMMENT ON FUNCTION gpsync_internal.stream_rule(text[], boolean, boolean) IS
    'What the stream does with a column: the strictest of its labels (of two policies both), without one the default';

-- SECURITY DEFINER, because the functions a view calls run with the rights of who reads the view.
CREATE FUNCTION gpsync_internal.redacted_column_states()
    RETURNS TABLE (relation regclass, column_name name, data_type text, in_stream text, label text,
        streams text[], scrubbed_on_write text, metadata_column name, problem text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH label AS MATERIALIZED (SELECT * FROM gpsync_internal.column_labels()),
scrubbed AS MATERIALIZED (SELECT * FROM gpsync_internal.scrubbing_triggers()),
problem AS MATERIALIZED (SELECT p.relation, p.column_name, string_agg(p.problem, '; ' ORDER BY p.problem) AS problem
    FROM gpsync_internal.redaction_problems() AS p GROUP BY 1, 2),
published AS MATERIALIZED (
    SELECT t.relid AS oid, array_agg(s.stream ORDER BY s.stream) FILTER (WHERE s.stream IS NOT NULL) AS streams
    FROM pg_publication AS p CROSS JOIN LATERAL pg_get_publication_tables(p.pubname) AS t LEFT JOIN gpsync.stream AS s
        ON s.publication = p.pubname
    GROUP BY t.relid),
attached AS MATERIALIZED (SELECT * FROM gpsync.attached_tables),
shown (oid) AS (
    SELECT p.oid FROM published AS p UNION SELECT a.relation FROM attached AS a UNION SELECT l.labelled FROM label AS l
    UNION SELECT t.relation FROM scrubbed AS t WHERE NOT t.inherited UNION SELECT p.relation FROM problem AS p),
of_table AS MATERIALIZED (
    SELECT c.oid, gpsync_internal.key_columns(c.oid) AS key, p.streams,
           (SELECT a.status_column FROM attached AS a WHERE a.relation = c.oid OR c.relispartition
               AND a.relation IN (SELECT n.relid FROM pg_partition_ancestors(c.oid) AS n) LIMIT 1) AS status,
           EXISTS (SELECT FROM pg_attribute AS r WHERE r.attrelid = c.oid AND r.attname = 'sync_revision'
               AND r.atttypid = 'bigint'::regtype AND NOT r.attisdropped) AS booked
    FROM shown AS s JOIN pg_class AS c ON c.oid = s.oid LEFT JOIN published AS p ON p.oid = c.oid
    WHERE c.relnamespace <> 'gpsync'::regnamespace)
SELECT t.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
       CASE WHEN t.booked AND a.attname IN ('sync_status', 'last_sync_timestamp', 'sync_revision') THEN NULL
            ELSE gpsync_internal.stream_rule(l.rules, a.attname = ANY (coalesce(t.key, '{}')),
                coalesce(a.attname = t.status, false)) END,
       array_to_string(l.labels, ' and '), t.streams, w.policy, w.metadata_column, p.problem
FROM of_table AS t
JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN LATERAL (
    -- A generated column without a label of its own obeys the default and the labels of what it is computed from.
    SELECT array_agg(DISTINCT l.rule) AS labels,
           array_agg(DISTINCT l.rule) || CASE WHEN bool_or(l.source = l.column_name) THEN '{}'::text[]
               ELSE ARRAY[gpsync_internal.stream_rule(NULL, a.attname = ANY (coalesce(t.key, '{}')),
                   coalesce(a.attname = t.status, false))] END AS rules
    FROM label AS l WHERE l.relation = t.oid AND l.column_name = a.attname) AS l ON true
LEFT JOIN scrubbed AS w ON w.relation = t.oid AND w.column_name = a.attname
LEFT JOIN problem AS p ON p.relation = t.oid AND p.column_name = a.attname
ORDER BY t.oid::regclass::text, a.attnum $$;
COMMENT ON FUNCTION gpsync_internal.redacted_column_states() IS 'The rows of view redacted_columns';

CREATE VIEW gpsync.redacted_columns AS SELECT * FROM gpsync_internal.redacted_column_states();
COMMENT ON VIEW gpsync.redacted_columns IS
    'What is redacted where: every column of every table that is published, attached, labelled or scrubbed on write. A '
    'partitioned table stands for its partitions, where these are not published themselves';
COMMENT ON COLUMN gpsync.redacted_columns.in_stream IS
    'What the stream does with the values: pass, drop, mask, hash, tokenize or scrub POLICY; NULL: gpsync''s own '
    'column, which is not shown. Keys and the status pass';
COMMENT ON COLUMN gpsync.redacted_columns.label IS
    'The security labels it comes from, of the table and of those it is a partition of or inherits from, and for a '
    'generated column of the columns it is computed from; NULL: it is the default';
COMMENT ON COLUMN gpsync.redacted_columns.streams IS
    'The streams whose publication has the table; NULL: no stream shows it. A consumer of another slot gets the same '
    'redaction';
COMMENT ON COLUMN gpsync.redacted_columns.scrubbed_on_write IS
    'The policy by which scrub_on_write() scrubs what is stored; NULL: it is stored as it comes';
COMMENT ON COLUMN gpsync.redacted_columns.metadata_column IS 'The column that gets the metadata of the document';
COMMENT ON COLUMN gpsync.redacted_columns.problem IS
    'Why the rule or the policy cannot be followed; doctor() says what to do';

REVOKE ALL ON FUNCTION gpsync_internal.stream_rule(text[], boolean, boolean), gpsync_internal.redacted_column_states() FROM PUBLIC;
-- Where labels have not followed the data: what the warnings at a command and doctor() both go by.

-- From the strictest on. Of two policies neither is stricter.
CREATE FUNCTION gpsync_internal.rule_rank(rule text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT array_position('{drop,hash,tokenize,mask,scrub,pass}', split_part(rule, ' ', 1)) $$;
COMMENT ON FUNCTION gpsync_internal.rule_rank(text)
    IS 'The place of a rule for a column in the stream among the kinds of rules, 1 for the strictest';

-- Columns without a label, in tables that have all the columns of a labelled table: made with LIKE or AS, restored,
-- or once its partition.
-- PL/pgSQL, since a function in SQL is planned at every call, which takes longer than to run it.
CREATE FUNCTION gpsync_internal.unlabelled_copies(candidates oid[]) RETURNS TABLE (relation oid, column_name name, rule text,
    original oid)
    LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH label (labelled, column_name, rule) AS MATERIALIZED (
    SELECT l.objoid, a.attname, l.label
    FROM pg_seclabel AS l JOIN pg_attribute AS a ON a.attrelid = l.objoid AND a.attnum = l.objsubid
    WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass AND l.objsubid > 0 AND l.label <> 'pass'
        AND NOT a.attisdropped),
original AS MATERIALIZED (SELECT DISTINCT l.labelled AS oid FROM label AS l),
shape AS MATERIALIZED (
    SELECT o.oid, a.attname, a.atttypid, count(*) OVER (PARTITION BY o.oid) AS columns
    FROM original AS o JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE a.attname NOT IN ('sync_status', 'last_sync_timestamp', 'sync_revision')),
copy AS MATERIALIZED (
    SELECT c.oid, s.oid AS original FROM unnest(candidates) AS c (oid)
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN shape AS s ON s.attname = a.attname AND s.atttypid = a.atttypid AND s.oid <> c.oid
    GROUP BY c.oid, s.oid, s.columns HAVING count(*) = s.columns),
own AS MATERIALIZED (SELECT o.* FROM gpsync_internal.labels_of(ARRAY(SELECT DISTINCT c.oid FROM copy AS c)) AS o)
SELECT DISTINCT ON (c.oid, l.column_name) c.oid, l.column_name, l.rule, c.original
FROM copy AS c JOIN label AS l ON l.labelled = c.original
WHERE NOT EXISTS (SELECT FROM own WHERE own.relation = c.oid AND own.column_name = l.column_name)
    AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.original AND i.inhparent = c.oid)
    -- A key takes no label.
    AND NOT EXISTS (SELECT FROM pg_index AS i
                    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = c.oid AND (i.indisprimary OR i.indisreplident) AND a.attname = l.column_name)
ORDER BY c.oid, l.column_name, gpsync_internal.rule_rank(l.rule), l.rule, c.original;
END $$;
COMMENT ON FUNCTION gpsync_internal.unlabelled_copies(oid[]) IS
    'Columns without a label in tables that have all the columns, by name and type, of a table where the column has '
        'one';

REVOKE ALL ON FUNCTION gpsync_internal.rule_rank(text), gpsync_internal.unlabelled_copies(oid[]) FROM PUBLIC;
-- doctor() by area, first the server and what streams have left behind in it. A check is a row with a
-- severity (error: changes are not delivered; warning: they soon may not be; info: worth knowing) and the fix.

CREATE FUNCTION gpsync_internal.doctor_settings() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'wal_level', 'error',
    format('wal_level is "%s"; logical decoding needs "logical"', current_setting('wal_level')),
       'ALTER SYSTEM SET wal_level = logical; -- and restart the server'
WHERE current_setting('wal_level') <> 'logical'
UNION ALL
SELECT 'output_plugin_libraries', 'error',
    format('output plugin "gpsync_decoder" is not in output_plugin_libraries (%s)', plugins),
       gpsync_internal.output_plugins_fix(plugins)
FROM current_setting('output_plugin_libraries', true) AS plugins
WHERE NOT 'gpsync_decoder' = ANY (gpsync_internal.setting_list(plugins))
UNION ALL
SELECT 'max_replication_slots', 'warning',
    format('all %s replication slots are in use: no stream can be created', slots.most),
       format('ALTER SYSTEM SET max_replication_slots = %s; -- and restart the server', slots.most + 10)
FROM (SELECT current_setting('max_replication_slots')::integer, (SELECT count(*) FROM pg_replication_slots))
    AS slots (most, used)
WHERE slots.used >= slots.most
UNION ALL
SELECT 'max_wal_senders', 'warning',
    format('%s slots want a WAL sender each, and max_wal_senders is %s', senders.wanted, senders.most),
       format('ALTER SYSTEM SET max_wal_senders = %s; -- and restart the server', senders.wanted + 10)
FROM (SELECT current_setting('max_wal_senders')::integer,
    (SELECT count(*) FROM pg_replication_slots WHERE NOT temporary)) AS senders (most, wanted)
WHERE senders.wanted > senders.most
UNION ALL
SELECT 'max_slot_wal_keep_size', 'info',
    'max_slot_wal_keep_size is unlimited: a stream that stands still keeps WAL until the disk is full',
       'ALTER SYSTEM SET max_slot_wal_keep_size = ''50GB''; SELECT pg_reload_conf();'
WHERE current_setting('max_slot_wal_keep_size') = '-1' AND EXISTS (SELECT FROM gpsync.stream) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_settings() IS 'doctor() on the server''s settings and limits';

CREATE FUNCTION gpsync_internal.file_exists(path text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN (pg_stat_file(path, true)).size IS NOT NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;  -- a folder that the server may not enter, or an owner of the extension who may not ask
END $$;
COMMENT ON FUNCTION gpsync_internal.file_exists(text) IS 'Whether the server sees a file; null where it cannot say';

-- The program that the supervisor starts, and where one is beside the server's own.
CREATE FUNCTION gpsync_internal.relay_program(OUT path text, OUT beside text) RETURNS record
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(nullif(current_setting('gpsync.relay_path', true), ''), c.setting || '/gpsync-relay'), c.setting
    || '/gpsync-relay'
FROM pg_config AS c WHERE c.name = 'BINDIR' $$;
COMMENT ON FUNCTION gpsync_internal.relay_program() IS 'The path of gpsync-relay as the supervisor has it, and the default';

-- Only when no relay is at work: then it matters who should have started one.
CREATE FUNCTION gpsync_internal.doctor_supervisor() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH supervised AS (
    SELECT gpsync_internal.setting_list(current_setting('shared_preload_libraries')) AS libraries,
           gpsync_internal.setting_list(coalesce(current_setting('gpsync.databases', true), '')) AS databases
    WHERE EXISTS (SELECT FROM gpsync_internal.stream_states() AS s WHERE s.relay_state = 'down'))
SELECT 'supervisor', 'info',
    'gpsync is not in shared_preload_libraries: every gpsync-relay has to be started by itself',
       -- LOAD, since ALTER SYSTEM only takes settings that are known.
       format('LOAD ''gpsync''; ALTER SYSTEM SET gpsync.databases = %L; ALTER SYSTEM SET shared_preload_libraries = '
              '%s; -- and restart the server',
              quote_ident(current_database()),
                  (SELECT string_agg(quote_ident(l), ', ') FROM unnest(libraries || 'gpsync'::text) AS l))
FROM supervised WHERE NOT 'gpsync' = ANY (libraries)
UNION ALL
SELECT 'supervisor', 'info',
    format('database "%s" is not in gpsync.databases: every gpsync-relay has to be started by itself',
    current_database()),
       format('ALTER SYSTEM SET gpsync.databases = %L; -- and restart the server',
              (SELECT string_agg(quote_ident(d), ', ') FROM unnest(databases || current_database()::text) AS d))
FROM supervised WHERE 'gpsync' = ANY (libraries) AND NOT current_database() = ANY (databases)
UNION ALL
SELECT 'supervisor', 'error',
    format('no supervisor runs for database "%s", although gpsync.databases has it: no worker slot was free, or the '
           'server '
              'log says why it fails', current_database()),
       format('ALTER SYSTEM SET max_worker_processes = %s; -- and restart the server',
              current_setting('max_worker_processes')::integer + cardinality(databases))
FROM supervised WHERE 'gpsync' = ANY (libraries) AND current_database() = ANY (databases)
    AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.backend_type = 'gpsync supervisor'
        AND a.datname = current_database())
UNION ALL
SELECT 'supervisor', 'error',
    format('there is no program "%s", which the supervisor starts (gpsync.relay_path)', p.path),
       format('LOAD ''gpsync''; ALTER SYSTEM SET gpsync.relay_path = %L; SELECT pg_reload_conf();',
              CASE WHEN gpsync_internal.file_exists(p.beside) THEN p.beside ELSE '/.../gpsync-relay' END)
FROM supervised, gpsync_internal.relay_program() AS p
WHERE 'gpsync' = ANY (libraries) AND current_database() = ANY (databases) AND NOT gpsync_internal.file_exists(p.path) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_supervisor() IS 'doctor() on who starts the relays';

CREATE FUNCTION gpsync_internal.doctor_leftovers() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'slot without stream', 'error',
       format('replication slot "%s" belongs to no stream and holds back %s of WAL', r.slot_name,
           pg_size_pretty(gpsync_internal.wal_end() - r.restart_lsn)),
       format('SELECT pg_drop_replication_slot(%L)', r.slot_name)
FROM pg_replication_slots AS r
WHERE r.database = current_database() AND r.plugin = 'gpsync_decoder' AND NOT r.temporary
    AND starts_with(r.slot_name, gpsync_internal.slot_name(''))
    AND NOT EXISTS (SELECT FROM gpsync.stream AS s WHERE gpsync_internal.slot_name(s.stream) = r.slot_name)
UNION ALL
-- Of this database once no slot of it may see them any more, and of databases that are gone.
SELECT 'origin without stream', 'info', format('replication origin "%s" belongs to no stream', o.roname),
       format('SELECT pg_replication_origin_drop(%L)', o.roname)
-- No backslash: it would depend on standard_conforming_strings. Not what a session or a subscription has in use.
FROM pg_replication_origin AS o, LATERAL (SELECT substring(o.roname FROM '^gpsync_([0-9]+)_[a-z0-9_]{1,40}$'))
    AS of (database)
WHERE of.database IS NOT NULL
    AND NOT EXISTS (SELECT FROM pg_replication_slots AS r
        WHERE starts_with(r.slot_name, 'gpsync_' || of.database || '_'))
    AND CASE WHEN of.database = (SELECT d.oid::text FROM pg_database AS d WHERE d.datname = current_database())
             THEN NOT EXISTS (SELECT FROM gpsync.stream)
             ELSE NOT EXISTS (SELECT FROM pg_database AS d WHERE d.oid::text = of.database) END $$;
COMMENT ON FUNCTION gpsync_internal.doctor_leftovers() IS 'doctor() on slots and origins that no stream owns';

REVOKE ALL ON FUNCTION gpsync_internal.doctor_settings(), gpsync_internal.file_exists(text), gpsync_internal.relay_program(),
    gpsync_internal.doctor_supervisor(), gpsync_internal.doctor_leftovers() FROM PUBLIC;
-- doctor() on relays: nothing is delivered, or nothing gets on.

-- As a shell's word and as a value in libpq's connection strings; names that need no quotes stay as they are.
CREATE FUNCTION gpsync_internal.shell_word(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT '''' || replace(word, '''', '''' || chr(92) || '''''') || '''' $$;
COMMENT ON FUNCTION gpsync_internal.shell_word(text) IS 'Text as one word of a shell';

CREATE FUNCTION gpsync_internal.conninfo_value(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN value ~ '^[A-Za-z0-9_]+$' THEN value
            ELSE '''' || replace(replace(value, chr(92), chr(92) || chr(92)), '''', chr(92) || '''') || '''' END $$;
COMMENT ON FUNCTION gpsync_internal.conninfo_value(text) IS 'Text as a value in a connection string of libpq';

-- Who holds the lock of a stream: src/stream/lock.h.
CREATE FUNCTION gpsync_internal.lock_holder(stream text) RETURNS integer
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
SELECT l.pid FROM pg_locks AS l
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 3 AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND (l.classid::bigint << 32 | l.objid::bigint) = gpsync_internal.stream_lock_key(lock_holder.stream) LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.lock_holder(text) IS
    'The process that holds the lock of a stream: its relay, or who acts as one';

-- Where in a stream the decoder's error stopped its relay, as arguments of skip_change(); NULL: no such error, or the
-- stream is past it.
CREATE FUNCTION gpsync_internal.stopping_change(stream text, error text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('%L, %L, %s', p.stream, m.place[1], m.place[2])
FROM gpsync.stream_position AS p,
     regexp_match(error, 'gpsync\.skip_change\(stream, ''([0-9A-F]{1,8}/[0-9A-F]{1,8})'', (\d{1,10}), reason\)')
         AS m (place)
WHERE p.stream = stopping_change.stream AND error NOT LIKE 'endpoint %' AND m.place IS NOT NULL
    AND (m.place[1]::pg_lsn, m.place[2]::bigint) > (p.commit_lsn, p.ordinal)
        AND m.place[1]::pg_lsn <= gpsync_internal.wal_end() $$;
COMMENT ON FUNCTION gpsync_internal.stopping_change(text, text) IS
    'The change that an error of a stream names, as the first arguments of skip_change()';

-- Why nothing is delivered, or nothing gets on. In the second case a relay lives, or did two minutes ago and comes
-- back with the same error: another one would only stand by.
CREATE FUNCTION gpsync_internal.doctor_relays() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH relay AS MATERIALIZED (
    SELECT s.stream, s.last_error, s.last_error_at, s.relay_state = 'down' AS down, gpsync_internal.lock_holder(s.stream)
        AS holder,
           s.slot_state = 'active' OR s.relay_state <> 'down' AS at_work, s.lag_bytes, p.booked_at, s.reported_at,
           gpsync_internal.stopping_change(s.stream, s.last_error) AS stopped_by,
           s.reported_at > clock_timestamp() - interval '2 min' AND r.state <> 'stopped' AS comes_back,
           EXISTS (SELECT FROM gpsync.endpoint_status AS e WHERE e.stream = s.stream
               AND e.breaker IN ('open', 'half-open')) AS waits
    FROM gpsync_internal.stream_states() AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
        LEFT JOIN gpsync_internal.relay_reports() AS r ON r.stream = s.stream
    WHERE s.slot_state IN ('active', 'inactive') AND NOT s.paused)
SELECT 'relay', 'error', format('process %s holds the lock of stream "%s" and does not deliver it', r.holder, r.stream),
       format('SELECT pg_terminate_backend(%s)', r.holder)
FROM relay AS r WHERE r.down AND r.holder IS NOT NULL
UNION ALL
SELECT 'relay', 'error',
    format('no relay delivers stream "%s"%s', r.stream, coalesce('; the last one said: ' || r.last_error, '')),
       format('gpsync-relay --dbname %s --stream %s  # or let the server start it: shared_preload_libraries, '
              'gpsync.databases',
              gpsync_internal.shell_word('dbname=' || gpsync_internal.conninfo_value(current_database())), r.stream)
FROM relay AS r WHERE r.down AND r.holder IS NULL AND NOT coalesce(r.comes_back AND r.last_error IS NOT NULL, false)
UNION ALL
SELECT 'relay', CASE WHEN r.last_error_at > r.booked_at OR r.down THEN 'error' ELSE 'warning' END,
    format('the relay of stream "%s" gets nowhere%s%s', r.stream,
              CASE WHEN r.at_work
                  THEN format(': nothing was booked for %s s',
                  extract(epoch FROM clock_timestamp() - r.booked_at)::bigint)
                   ELSE format(': it has not reported for %s s',
                       extract(epoch FROM clock_timestamp() - r.reported_at)::bigint) END,
              coalesce('; its last error: ' || r.last_error, '')),
       CASE WHEN r.stopped_by IS NULL
            THEN format('SELECT last_error_at, last_error FROM gpsync.stream_status WHERE stream = %L; -- and the '
                        'server log', r.stream)
            ELSE format('SELECT gpsync.skip_change(%s, ''cannot be delivered'') -- unless its cause can be mended',
                r.stopped_by) END
FROM relay AS r
WHERE NOT r.waits AND (r.down AND r.holder IS NULL AND r.comes_back AND r.last_error IS NOT NULL
                       OR r.at_work AND r.lag_bytes > 0
                           AND (r.stopped_by IS NOT NULL OR r.booked_at < clock_timestamp() - interval '30 s')) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_relays() IS 'doctor() on whether relays deliver and get on';

REVOKE ALL ON FUNCTION gpsync_internal.shell_word(text), gpsync_internal.conninfo_value(text), gpsync_internal.lock_holder(text),
    gpsync_internal.stopping_change(text, text), gpsync_internal.doctor_relays() FROM PUBLIC;
-- doctor() on streams: slots, publications, endpoints, what the relay said last.

CREATE FUNCTION gpsync_internal.doctor_slots() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE p.state WHEN 'moved' THEN 'home' ELSE 'slot' END, 'error', p.problem, p.fix FROM gpsync.stream AS s,
    gpsync_internal.slot_problem(s.stream) AS p
UNION ALL
SELECT 'slot', 'error',
    format('replication slot "%s" is about to be lost: it needs WAL beyond max_slot_wal_keep_size', r.slot_name),
       'ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf();'
FROM gpsync.stream AS s JOIN pg_replication_slots AS r ON r.slot_name = gpsync_internal.slot_name(s.stream)
    AND r.wal_status = 'unreserved'
UNION ALL
-- 1 GB: more than any burst that a running relay leaves unread for long.
SELECT 'slot', 'warning',
    format('replication slot "%s" holds back %s of WAL', s.slot_name, pg_size_pretty(s.retained_bytes)),
       format('SELECT * FROM gpsync.stream_status WHERE stream = %L', s.stream)
FROM gpsync_internal.stream_states() AS s WHERE s.retained_bytes > 1024 * 1024 * 1024
UNION ALL
SELECT 'paused', 'info',
    format('stream "%s" is paused; its slot holds back %s of WAL', s.stream, pg_size_pretty(s.retained_bytes)),
       format('SELECT gpsync.resume_stream(%L)', s.stream)
FROM gpsync_internal.stream_states() AS s WHERE s.paused AND s.slot_state IN ('active', 'inactive') $$;
COMMENT ON FUNCTION gpsync_internal.doctor_slots() IS 'doctor() on the streams'' slots';

-- With the tables whose labels name it, as attach() makes it.
CREATE FUNCTION gpsync_internal.create_publication_fix(publication name) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT format('CREATE PUBLICATION %I%s WITH (publish_via_partition_root = true)', create_publication_fix.publication,
              coalesce(' FOR TABLE '
                  || (SELECT string_agg(format('ONLY %s', a.relation), ', ' ORDER BY a.relation::text)
                                         FROM gpsync.attached_tables AS a
                                             WHERE a.publication = create_publication_fix.publication), '')) $$;
COMMENT ON FUNCTION gpsync_internal.create_publication_fix(name) IS 'The SQL that makes a publication as attach() had made it';

CREATE FUNCTION gpsync_internal.doctor_publications() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'publication', 'error', format('publication "%s" of stream "%s" does not exist', s.publication, s.stream),
       gpsync_internal.create_publication_fix(s.publication)
FROM gpsync.stream AS s WHERE NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = s.publication)
UNION ALL
SELECT 'publication', 'error',
    format('publication "%s" of stream "%s" has a %s for table %s, which is not honoured yet', s.publication, s.stream,
              CASE WHEN r.prattrs IS NOT NULL THEN 'column list' ELSE 'row filter' END, r.prrelid::regclass),
       format('ALTER PUBLICATION %I DROP TABLE %s; ALTER PUBLICATION %1$I ADD TABLE %2$s', s.publication,
           r.prrelid::regclass)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication JOIN pg_publication_rel AS r
    ON r.prpubid = p.oid
WHERE r.prattrs IS NOT NULL OR r.prqual IS NOT NULL
UNION ALL
SELECT 'publication', 'warning', format('publication "%s" of stream "%s" publishes no table', s.publication, s.stream),
       format('ALTER PUBLICATION %I ADD TABLE ...', s.publication)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication
WHERE NOT EXISTS (SELECT FROM gpsync_internal.publication_relations(p.pubname))
UNION ALL
SELECT 'publication', 'warning',
    format('publication "%s" of stream "%s" leaves out some kinds of change', s.publication, s.stream),
       format('ALTER PUBLICATION %I SET (publish = ''insert, update, delete, truncate'')', s.publication)
FROM gpsync.stream AS s JOIN pg_publication AS p ON p.pubname = s.publication
WHERE NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate)
UNION ALL
SELECT 'publication', 'error', format('table %s is booked by streams %s', b.relation, b.streams),
       format('SELECT gpsync.drop_stream(%L); SELECT gpsync.create_stream(%1$L, endpoints => %L, publication => %L, '
              'bookkeeping => false)',
              s.stream, s.endpoints, s.publication)
FROM (SELECT r, string_agg(quote_ident(s.stream), ' and ' ORDER BY s.stream),
    (array_agg(s.stream ORDER BY s.created_at DESC))[1]
      FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r
      WHERE s.bookkeeping GROUP BY r HAVING count(*) > 1) AS b (relation, streams, latest)
JOIN gpsync.stream AS s ON s.stream = b.latest $$;
COMMENT ON FUNCTION gpsync_internal.doctor_publications() IS 'doctor() on what the streams publish';

-- Roles that were granted the relay's part, by the privilege that only that part has.
CREATE FUNCTION gpsync_internal.relay_roles() RETURNS SETOF regrole
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT a.grantee::regrole FROM pg_proc AS p, aclexplode(p.proacl) AS a
WHERE p.oid = 'gpsync_internal.relay_config(text)'::regprocedure AND a.grantee <> p.proowner AND a.grantee <> 0 $$;
COMMENT ON FUNCTION gpsync_internal.relay_roles() IS 'The roles that grant_relay() was called for';

CREATE FUNCTION gpsync_internal.doctor_endpoints() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH endpoint AS (
    SELECT DISTINCT e.name, f.oid,
        (SELECT o.option_value FROM pg_options_to_table(f.srvoptions) AS o WHERE o.option_name = 'url') AS url
    FROM gpsync.stream AS s, unnest(s.endpoints) AS e (name)
    LEFT JOIN (pg_foreign_server AS f JOIN pg_foreign_data_wrapper AS w ON w.oid = f.srvfdw
        AND w.fdwname = 'gpsync_http') ON f.srvname = e.name)
SELECT 'endpoint', 'error', format('endpoint "%s" does not exist', e.name),
       format('CREATE SERVER %I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')', e.name)
FROM endpoint AS e WHERE e.oid IS NULL
    AND EXISTS (SELECT FROM pg_foreign_data_wrapper AS w WHERE w.fdwname = 'gpsync_http')
    AND NOT EXISTS (SELECT FROM pg_foreign_server AS f WHERE f.srvname = e.name)
UNION ALL
SELECT 'endpoint', 'error', format('endpoint "%s" is a server of another foreign data wrapper', e.name),
       format('ALTER EVENT TRIGGER gpsync_guard DISABLE; ALTER SERVER %I RENAME TO ...; ALTER EVENT TRIGGER '
              'gpsync_guard ENABLE ALWAYS; '
              'CREATE SERVER %1$I FOREIGN DATA WRAPPER gpsync_http OPTIONS (url ''https://...'')', e.name)
FROM endpoint AS e WHERE e.oid IS NULL
    AND EXISTS (SELECT FROM pg_foreign_data_wrapper AS w WHERE w.fdwname = 'gpsync_http')
    AND EXISTS (SELECT FROM pg_foreign_server AS f WHERE f.srvname = e.name)
UNION ALL
SELECT 'endpoint', 'error',
    format('foreign data wrapper "gpsync_http" is called "%s" now: no endpoint is found', w.fdwname),
       format('ALTER FOREIGN DATA WRAPPER %I RENAME TO gpsync_http', w.fdwname)
FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid AND x.extname = 'gpsync'
JOIN pg_foreign_data_wrapper AS w ON w.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_foreign_data_wrapper'::regclass AND d.deptype = 'e'
    AND w.fdwname <> 'gpsync_http'
UNION ALL
SELECT 'endpoint', 'warning', format('endpoint "%s" gets changes and credentials unencrypted (%s)', e.name, e.url),
       format('ALTER SERVER %I OPTIONS (SET url %L)', e.name, regexp_replace(e.url, '^http:', 'https:', 'i'))
FROM endpoint AS e WHERE gpsync_internal.is_exposed_url(e.url)
UNION ALL
SELECT 'user mapping', 'info',
    format('role %s has no user mapping for endpoint "%s": requests carry no credentials', r, e.name),
       format('CREATE USER MAPPING FOR %s SERVER %I OPTIONS (bearer_token_file ''/...'')', r, e.name)
FROM endpoint AS e, gpsync_internal.relay_roles() AS r
WHERE NOT gpsync_internal.is_local_url(e.url)
    AND NOT EXISTS (SELECT FROM pg_user_mapping AS u WHERE u.umserver = e.oid AND u.umuser IN (0, r))
UNION ALL
SELECT 'relay role', 'error', format('role %s lacks %s, which gpsync-relay needs', a.rolname, a.missing),
    format('ALTER ROLE %I %s', a.rolname, a.missing)
FROM (SELECT r.rolname, concat_ws(' ', CASE WHEN NOT r.rolcanlogin THEN 'LOGIN' END,
                                  CASE WHEN NOT (r.rolreplication OR r.rolsuper) THEN 'REPLICATION' END) AS missing
      FROM pg_roles AS r WHERE r.oid IN (SELECT gpsync_internal.relay_roles())) AS a
WHERE a.missing <> '' $$;
COMMENT ON FUNCTION gpsync_internal.doctor_endpoints() IS 'doctor() on endpoints and the role that delivers to them';

CREATE FUNCTION gpsync_internal.doctor_delivery() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'delivery', 'warning',
    format('stream "%s" waits for endpoint "%s"%s', e.stream, e.endpoint, coalesce(': ' || e.last_error, '')),
       format('SELECT * FROM gpsync.endpoint_status WHERE stream = %L AND endpoint = %L', e.stream, e.endpoint)
FROM gpsync.endpoint_status AS e
WHERE e.breaker IN ('open', 'half-open') OR e.waiting_until > clock_timestamp()
UNION ALL
SELECT 'dead letters', 'warning',
    format('endpoint "%s" of stream "%s" has refused %s event(s) for good', d.endpoint, d.stream, count(*)),
       format('SELECT * FROM gpsync.dead_letters WHERE stream = %L AND endpoint = %L', d.stream, d.endpoint)
FROM gpsync.dead_letter AS d GROUP BY d.stream, d.endpoint $$;
COMMENT ON FUNCTION gpsync_internal.doctor_delivery() IS 'doctor() on what waits and what was refused';

REVOKE ALL ON FUNCTION gpsync_internal.create_publication_fix(name), gpsync_internal.doctor_slots(), gpsync_internal.doctor_publications(),
    gpsync_internal.relay_roles(), gpsync_internal.doctor_endpoints(), gpsync_internal.doctor_delivery() FROM PUBLIC;
-- doctor() on the triggers of attached tables.

CREATE FUNCTION gpsync_internal.attach_again(attached gpsync.attached_tables, with_status boolean DEFAULT true) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
-- One statement: nothing is written in between, unstamped and unpublished.
SELECT format('SELECT gpsync.detach(%L), gpsync.attach(%1$L, machine => %L%s, publication => %L%s)',
    (attached).relation,
              CASE WHEN with_status THEN (attached).machine END,
              CASE WHEN with_status AND (attached).machine IS NOT NULL
                  THEN format(', status_column => %L', gpsync_internal.attached_status((attached).relation)) END,
              (attached).publication, CASE WHEN (attached).check_replicated THEN ''
                  ELSE ', check_replicated => false' END) $$;
COMMENT ON FUNCTION gpsync_internal.attach_again(gpsync.attached_tables, boolean) IS
    'The SQL that gives a table back what attach() made, or without a status';

CREATE FUNCTION gpsync_internal.attached_status(relation regclass) RETURNS name
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce((SELECT a.status_column FROM gpsync.attached_tables AS a WHERE a.relation = attached_status.relation),
                (SELECT (l.label::jsonb ->> 'status_column')::name FROM pg_seclabel AS l
                 WHERE l.provider = 'gpsync' AND l.classoid = 'pg_class'::regclass
                     AND l.objoid = attached_status.relation AND l.objsubid = 0)) $$;
COMMENT ON FUNCTION gpsync_internal.attached_status(regclass) IS
    'The status column of an attached table, where its triggers are gone the one it was attached with';

CREATE FUNCTION gpsync_internal.doctor_triggers() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'trigger', 'error', format('trigger "%s" of table %s is disabled', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE %sTRIGGER %I', t.tgrelid::regclass, CASE WHEN p.proname LIKE 'check%' AND EXISTS (
                  SELECT FROM gpsync.attached_tables AS a WHERE NOT a.check_replicated
                      AND (a.relation = t.tgrelid
                          OR a.relation IN (SELECT n.relid FROM pg_partition_ancestors(t.tgrelid) AS n))) THEN ''
                          ELSE 'ALWAYS ' END, t.tgname)
FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace) AND t.tgenabled IN ('D', 'R')
    AND p.proname NOT IN ('scrub_row', 'refuse_unscrubbed')
UNION ALL
SELECT 'trigger', 'warning',
    format('trigger "%s" of table %s does not fire in every session_replication_role', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname)
FROM pg_trigger AS t WHERE t.tgenabled = 'O'
    AND t.tgfoid IN ('gpsync_internal.policy_changed()'::regprocedure, 'gpsync_internal.machine_changed()'::regprocedure)
UNION ALL
-- Those of partitions that a dump restored, for example.
SELECT 'trigger', 'warning',
    format('trigger "%s" of table %s does not fire for replicated rows', t.tgname, t.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tgrelid::regclass, t.tgname)
FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p
JOIN pg_trigger AS t ON t.tgrelid = p.relid AND t.tgenabled = 'O'
WHERE t.tgfoid IN ('gpsync_internal.stamp()'::regprocedure, 'gpsync_internal.note_delete()'::regprocedure)
    OR a.check_replicated AND t.tgfoid IN ('gpsync_internal.check_update()'::regprocedure, 'gpsync_internal.check_insert()'::regprocedure)
UNION ALL
SELECT 'trigger', 'warning',
    format('event trigger "%s" does not fire: %s', e.evtname, obj_description(e.oid, 'pg_event_trigger')),
    format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', e.evtname)
FROM pg_event_trigger AS e JOIN pg_proc AS p ON p.oid = e.evtfoid WHERE p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace)
    AND e.evtenabled IN ('D', 'R')
UNION ALL
SELECT 'trigger', 'error',
    format('trigger "%s" of table %s is missing, or not as attach() makes it', m.name, a.relation),
    gpsync_internal.attach_again(a)
FROM gpsync.attached_tables AS a
CROSS JOIN (VALUES ('gpsync_stamp', 'gpsync_internal.stamp()'::regprocedure, 23, false, false),
    ('gpsync_check_update', 'gpsync_internal.check_update()'::regprocedure, 17, true, true),
                   ('gpsync_check_insert', 'gpsync_internal.check_insert()'::regprocedure, 5, true, true),
                   ('gpsync_note_delete', 'gpsync_internal.note_delete()'::regprocedure, 11, true, false))
                       AS m (name, function, type, of_status, conditional)
WHERE NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = a.relation AND t.tgname = m.name
    AND t.tgfoid = m.function AND t.tgtype = m.type
        AND t.tgattr = '' AND (t.tgqual IS NOT NULL) = m.conditional AND t.tgconstraint = 0)
    AND (m.name <> 'gpsync_note_delete'
        OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.relation AND (c.relkind = 'p' OR c.relispartition)))
    AND (NOT m.of_status
        OR EXISTS (SELECT FROM pg_attribute AS c WHERE c.attrelid = a.relation
        AND c.attname = gpsync_internal.attached_status(a.relation)
                                        AND NOT c.attisdropped AND a.machine IS NOT NULL))
UNION ALL
SELECT 'trigger', 'warning', format('table %s has trigger "%s", which attach() has not made', a.relation, t.tgname),
       format('DROP TRIGGER %I ON %s', t.tgname, a.relation)
FROM gpsync.attached_tables AS a JOIN pg_trigger AS t ON t.tgrelid = a.relation
JOIN pg_class AS c ON c.oid = a.relation
WHERE (t.tgfoid = 'gpsync_internal.stamp()'::regprocedure AND t.tgname <> 'gpsync_stamp'
    OR t.tgfoid = 'gpsync_internal.check_update()'::regprocedure AND t.tgname <> 'gpsync_check_update'
    OR t.tgfoid = 'gpsync_internal.check_insert()'::regprocedure AND t.tgname <> 'gpsync_check_insert'
    OR t.tgfoid = 'gpsync_internal.note_delete()'::regprocedure
        AND (t.tgname <> 'gpsync_note_delete' OR c.relkind <> 'p' AND NOT c.relispartition))
UNION ALL
-- Restored without its label, or made by hand. Not those of temporary tables, which are their session's own.
SELECT 'trigger', 'info', format('table %s has trigger "gpsync_stamp" and is not attached', t.tgrelid::regclass),
       format('SELECT gpsync.attach(%L, machine => %L, status_column => %L, publication => %L)', t.tgrelid::regclass,
              nullif(r.arguments[1], ''), coalesce(nullif(r.arguments[2], ''), 'status'), r.arguments[3])
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relpersistence = 'p'
CROSS JOIN LATERAL gpsync_internal.trigger_arguments(t.tgargs) AS r (arguments)
WHERE t.tgfoid = 'gpsync_internal.stamp()'::regprocedure AND t.tgname = 'gpsync_stamp' AND t.tgparentid = 0
    AND cardinality(r.arguments) = 3
    AND t.tgrelid NOT IN (SELECT a.relation FROM gpsync.attached_tables AS a)
UNION ALL
SELECT 'machine', 'error', format('machine "%s" of table %s does not exist', a.machine, a.relation),
       format('SELECT gpsync.define_machine(%L, %s)', a.machine, CASE a.machine
           WHEN 'provision'
               THEN quote_literal('{"RECEIVED": ["PROCESSING", "FAILED"], "PROCESSING": ["COMPLETED", "FAILED"], '
                                  '"COMPLETED": ["VERIFIED"], '
               '"FAILED": ["RECEIVED"], "VERIFIED": ["ELIGIBLE"], "ELIGIBLE": []}') || ', ''{RECEIVED}'''
           WHEN 'token_lifecycle'
               THEN quote_literal('{"INACTIVE": ["ACTIVE", "DEACTIVATED"], "ACTIVE": ["SUSPENDED", "DEACTIVATED"], '
               '"SUSPENDED": ["ACTIVE", "DEACTIVATED"], "DEACTIVATED": []}') || ', ''{INACTIVE,ACTIVE}'''
           ELSE '''{"...": ["..."]}'', ''{...}''' END)
FROM gpsync.attached_tables AS a WHERE a.machine NOT IN (SELECT m.machine FROM gpsync.machine AS m)
UNION ALL
SELECT 'status column', 'error',
    format('the status column of table %s is gone: nothing checks its transitions', a.relation),
    gpsync_internal.attach_again(a, false)
FROM gpsync.attached_tables AS a WHERE a.machine IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute AS c WHERE c.attrelid = a.relation AND c.attname = gpsync_internal.attached_status(a.relation)
        AND NOT c.attisdropped) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_triggers() IS 'doctor() on the triggers of attached tables and what they check';

REVOKE ALL ON FUNCTION gpsync_internal.attach_again(gpsync.attached_tables, boolean), gpsync_internal.attached_status(regclass),
    gpsync_internal.doctor_triggers() FROM PUBLIC;
-- doctor() on attached tables: what ALTER TABLE can break after attach().

CREATE FUNCTION gpsync_internal.doctor_tables() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'bookkeeping column', 'error', format('table %s has no column "%s"', a.relation, c.name),
       gpsync_internal.attach_again(a)
FROM gpsync.attached_tables AS a, unnest('{sync_status,last_sync_timestamp,sync_revision}'::name[]) AS c (name)
WHERE NOT EXISTS (SELECT FROM pg_attribute AS t WHERE t.attrelid = a.relation AND t.attname = c.name
    AND NOT t.attisdropped)
UNION ALL
SELECT 'key', 'error', format('table %s has no key any more: its rows cannot be booked', a.relation),
       format('ALTER TABLE %s ADD PRIMARY KEY (...)', a.relation)
FROM gpsync.attached_tables AS a WHERE a.key_columns IS NULL
UNION ALL
SELECT 'key', 'warning',
    format('key column "%s" of table %s looks like PII (%s), and keys are sent as they are', k, a.relation,
    gpsync_internal.pii_of_name(k)),
       format('ALTER TABLE %s ADD COLUMN ... -- identify rows by a token or a surrogate key', a.relation)
FROM gpsync.attached_tables AS a, unnest(a.key_columns) AS k WHERE gpsync_internal.pii_of_name(k) IS NOT NULL
UNION ALL
SELECT 'replica identity', 'error',
    format('table %s has no replica identity: PostgreSQL refuses UPDATE and DELETE', c.oid::regclass),
       format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', c.oid::regclass)
FROM gpsync.attached_tables AS a, LATERAL (SELECT t.relid FROM gpsync_internal.partitions(a.relation) AS t) AS part (oid)
JOIN pg_class AS c ON c.oid = part.oid
WHERE c.relkind <> 'p'
    AND (c.relreplident = 'n' OR c.relreplident = 'i'
    AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident))
UNION ALL
SELECT 'persistence', 'error', format('table %s is unlogged: its changes are not in the WAL', c.oid::regclass),
       format('ALTER TABLE %s SET LOGGED', c.oid::regclass)
FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p JOIN pg_class AS c
    ON c.oid = p.relid
WHERE c.relpersistence = 'u' AND c.relkind <> 'p'
UNION ALL
SELECT 'inheritance', 'warning',
    format('table %s inherits from attached table %s and is not attached: its rows are neither stamped nor sent', h,
    a.relation),
       format('%sSELECT gpsync.attach(%L, machine => %L%s, publication => %L)',
              CASE WHEN gpsync_internal.key_columns(h) IS NULL THEN format('ALTER TABLE %s ADD PRIMARY KEY (%s); ', h,
                  (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(a.key_columns) WITH ORDINALITY
                      AS u (k, n))) ELSE '' END,
              h, a.machine, CASE WHEN a.machine IS NOT NULL
                  THEN format(', status_column => %L', gpsync_internal.attached_status(a.relation)) END, a.publication)
FROM gpsync.attached_tables AS a, gpsync_internal.inheriting_tables(a.relation) AS h
WHERE h NOT IN (SELECT b.relation FROM gpsync.attached_tables AS b)
UNION ALL
-- Another table under the name of an attached one, for example; and what detach() has left.
SELECT 'table', 'info', format('table %s has the columns that attach() adds, and is not attached', c.oid::regclass),
       format('SELECT gpsync.attach(%L%s)', c.oid::regclass, CASE WHEN EXISTS (
           SELECT FROM pg_attribute AS t WHERE t.attrelid = c.oid AND t.attname = 'status' AND NOT t.attisdropped)
               THEN '' ELSE ', machine => NULL' END)
FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
    AND c.relnamespace <> 'gpsync'::regnamespace
    AND 3 = (SELECT count(*) FROM pg_attribute AS t WHERE t.attrelid = c.oid AND NOT t.attisdropped
                 AND t.attname IN ('sync_status', 'last_sync_timestamp', 'sync_revision'))
    AND gpsync_internal.attached_ancestor(c.oid) IS NULL
    AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgfoid = 'gpsync_internal.stamp()'::regprocedure)
UNION ALL
SELECT 'row security', 'info',
    format('table %s has FORCE ROW LEVEL SECURITY: recreate_stream() cannot touch its rows', a.relation),
       format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', a.relation)
FROM gpsync.attached_tables AS a JOIN pg_class AS c ON c.oid = a.relation WHERE c.relrowsecurity
    AND c.relforcerowsecurity $$;
COMMENT ON FUNCTION gpsync_internal.doctor_tables() IS 'doctor() on the columns, keys and properties of attached tables';

-- What attach() refuses in columns that are there already, and ALTER TABLE can bring about later.
CREATE FUNCTION gpsync_internal.doctor_own_columns() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'bookkeeping column', 'error',
    format('column "%s" of table %s cannot be used by gpsync: it is %s, and should be %s', c.attname, a.relation,
              CASE WHEN c.attgenerated <> '' OR c.attidentity <> '' THEN 'computed' ELSE 'of type '
                  || format_type(c.atttypid, c.atttypmod) END, w.wanted),
       CASE WHEN c.attgenerated <> ''
           THEN format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION', a.relation, c.attname)
            WHEN c.attidentity <> '' THEN format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', a.relation, c.attname)
            ELSE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %2$I::text::%3$s', a.relation, c.attname,
                w.wanted) END
FROM gpsync.attached_tables AS a
CROSS JOIN (VALUES ('sync_status', 'varchar(20)'), ('last_sync_timestamp', 'timestamptz'), ('sync_revision', 'bigint'))
    AS w (name, wanted)
JOIN pg_attribute AS c ON c.attrelid = a.relation AND c.attname = w.name AND NOT c.attisdropped
WHERE c.attgenerated <> '' OR c.attidentity <> '' OR NOT CASE c.attname
    WHEN 'sync_status' THEN c.atttypid = 'text'::regtype OR c.atttypid = 'varchar'::regtype
        AND (c.atttypmod = -1 OR c.atttypmod - 4 >= length('COMPLETED'))
    WHEN 'last_sync_timestamp' THEN c.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
    ELSE c.atttypid = 'bigint'::regtype END $$;
COMMENT ON FUNCTION gpsync_internal.doctor_own_columns() IS 'doctor() on the types of the columns that gpsync writes';

REVOKE ALL ON FUNCTION gpsync_internal.doctor_tables(), gpsync_internal.doctor_own_columns() FROM PUBLIC;
-- doctor() on rows that nothing is going to deliver, and on tables that join or leave an attached one.

CREATE FUNCTION gpsync_internal.unbooked_rows(relation regclass, settled_xid xid, until timestamptz, OUT unstamped bigint,
    OUT passed bigint)
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_unbooked_rows';
COMMENT ON FUNCTION gpsync_internal.unbooked_rows(regclass, xid, timestamptz) IS
    'How many rows of a table were never stamped, and how many are PENDING although their transaction ended before '
    'settled_xid. At most 8 MB of the table are read, spread over it, and nothing after the given time, of a table '
    'that is locked, or without the columns: then null';

-- A slot's catalog_xmin moves behind what is booked: a transaction before it has been passed, and a row of it that is
-- still PENDING will stay so.
CREATE FUNCTION gpsync_internal.doctor_rows() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH clock AS MATERIALIZED (SELECT clock_timestamp() + interval '1 s' AS until),
booked AS MATERIALIZED (
    SELECT r AS oid, s.stream, slot.catalog_xmin FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication)
        AS r, pg_replication_slots AS slot
    WHERE s.bookkeeping AND slot.slot_name = gpsync_internal.slot_name(s.stream)
        AND NOT EXISTS (SELECT FROM gpsync_internal.slot_problem(s.stream))),
found AS MATERIALIZED (
    SELECT a.relation, b.stream, u.unstamped, u.passed
    FROM clock, gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p LEFT JOIN booked AS b
        ON b.oid = p.relid,
        LATERAL gpsync_internal.unbooked_rows(p.relid, b.catalog_xmin, clock.until) AS u WHERE p.isleaf)
SELECT 'rows', 'warning',
    format('table %s has rows that are PENDING although stream "%s" has passed them', f.relation, f.stream),
       format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status = ''PENDING''', f.relation)
FROM found AS f WHERE f.passed > 0
    AND NOT EXISTS (SELECT FROM gpsync.deferred_mark AS m
                    WHERE m.stream = f.stream
                        AND m.relation IN (SELECT p.relid FROM gpsync_internal.partitions(f.relation) AS p))
GROUP BY f.relation, f.stream
UNION ALL
SELECT 'rows', 'info',
    format('table %s has rows that were never stamped: they are from before it was attached, and are sent when they '
           'change', f.relation),
       format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status IS NULL', f.relation)
FROM found AS f WHERE f.unstamped > 0 GROUP BY f.relation $$;
COMMENT ON FUNCTION gpsync_internal.doctor_rows() IS
    'doctor() on rows that nothing will deliver, as far as a short look finds them';

CREATE FUNCTION gpsync_internal.doctor_membership() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH leaf AS MATERIALIZED (
    SELECT a.relation, a.publication, p.relid AS oid
    FROM gpsync.attached_tables AS a CROSS JOIN LATERAL gpsync_internal.partitions(a.relation) AS p WHERE p.isleaf),
published AS MATERIALIZED (
    SELECT p.publication, r AS oid FROM (SELECT DISTINCT l.publication FROM leaf AS l) AS p,
        gpsync_internal.publication_relations(p.publication) AS r),
booked AS MATERIALIZED (SELECT r AS oid FROM gpsync.stream AS s, gpsync_internal.publication_relations(s.publication) AS r
    WHERE s.bookkeeping)
SELECT 'publication', 'error', format('attached table %s is not in its publication "%s"', l.relation, l.publication),
       CASE WHEN EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = l.publication)
            THEN format('ALTER PUBLICATION %I ADD TABLE ONLY %s', l.publication, l.relation)
            ELSE gpsync_internal.create_publication_fix(l.publication) END
FROM leaf AS l
    WHERE NOT EXISTS (SELECT FROM published AS p WHERE p.publication = l.publication
    AND p.oid = l.oid) GROUP BY l.relation, l.publication
UNION ALL
SELECT 'stream', 'warning', format('no stream books table %s: its rows stay PENDING', l.relation),
       format('SELECT gpsync.create_stream(''...'', endpoints => ''{...}'', publication => %L)', l.publication)
FROM leaf AS l JOIN published AS p ON p.publication = l.publication AND p.oid = l.oid
WHERE NOT EXISTS (SELECT FROM booked AS b WHERE b.oid = l.oid)
GROUP BY l.relation, l.publication $$;
COMMENT ON FUNCTION gpsync_internal.doctor_membership() IS 'doctor() on whether attached tables are published and booked';

REVOKE ALL ON FUNCTION gpsync_internal.unbooked_rows(regclass, xid, timestamptz), gpsync_internal.doctor_rows(),
    gpsync_internal.doctor_membership() FROM PUBLIC;
-- doctor() on marks that wait: what was delivered and could not be booked.

-- gpsync.deferred_mark.error begins with a SQLSTATE. Its message can show a row, so it stays where it is.
CREATE FUNCTION gpsync_internal.waiting_marks()
    RETURNS TABLE (stream text, relation regclass, name text, state text, marks bigint)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT m.stream, m.relation, coalesce(c.oid::regclass::text, min(m.table_name), m.relation::text), left(m.error, 5),
    count(*)
FROM gpsync.deferred_mark AS m LEFT JOIN pg_class AS c ON c.oid = m.relation
-- A row that another session is just committing is locked for a moment.
WHERE m.error IS NOT NULL OR m.deferred_at < clock_timestamp() - interval '10 s'
GROUP BY m.stream, m.relation, c.oid, left(m.error, 5) $$;
COMMENT ON FUNCTION gpsync_internal.waiting_marks() IS
    'Marks that wait, by stream, table and SQLSTATE of the reason (NULL: a lock); locks only after ten seconds';

CREATE FUNCTION gpsync_internal.mark_reason(state text) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT CASE WHEN state IS NULL THEN 'rows or table are locked'
            WHEN state IN ('42703', '42804') THEN 'a bookkeeping column is missing or of another type'
            WHEN state = '21000'
                THEN 'the key of the table was changed, and several rows may be the one that was delivered'
            WHEN state = '55000' THEN 'PostgreSQL refuses to update a published table without a replica identity'
            WHEN state = '55006' THEN 'the key of the table was changed, and the table is being read for its rows'
            WHEN state LIKE '23%' THEN 'a constraint of the table refuses them'
            WHEN state IN ('22001', '22P02') THEN 'a value does not fit its column'
            WHEN state IN ('57014', '55P03') THEN 'code of the table''s owner takes too long'
            ELSE 'an error of the table or of its owner''s code' END || coalesce(' (SQLSTATE ' || state || ')', '') $$;
COMMENT ON FUNCTION gpsync_internal.mark_reason(text) IS 'Why marks wait, by the SQLSTATE of their error';

CREATE FUNCTION gpsync_internal.doctor_marks() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'deferred marks', 'warning',
    format('stream "%s" has %s mark(s) waiting for rows of %s: %s', w.stream, w.marks, w.name,
    gpsync_internal.mark_reason(w.state)),
       CASE WHEN w.state IS NULL THEN
                format('SELECT l.pid, a.state, a.xact_start, a.query FROM pg_locks AS l JOIN pg_stat_activity AS a '
                       'USING (pid) WHERE l.relation = %L::regclass AND l.granted',
                       w.relation)
            WHEN w.state = '55000' THEN format('ALTER TABLE %s REPLICA IDENTITY FULL', w.relation)
            WHEN w.state = '21000'
                THEN format('UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status = ''PENDING'' -- sends these '
                            'rows again', w.relation)
            WHEN w.state IN ('42703', '42804') AND a.relation IS NOT NULL THEN gpsync_internal.attach_again(a)
            ELSE format('SELECT key, error FROM gpsync.deferred_mark WHERE stream = %L AND relation = %L::regclass AND '
                        'error LIKE %L',
                        w.stream, w.relation, w.state || '%') END
FROM gpsync_internal.waiting_marks() AS w LEFT JOIN gpsync.attached_tables AS a ON a.relation = w.relation $$;
COMMENT ON FUNCTION gpsync_internal.doctor_marks() IS 'doctor() on marks that wait, by table and reason';

REVOKE ALL ON FUNCTION gpsync_internal.waiting_marks(), gpsync_internal.mark_reason(text), gpsync_internal.doctor_marks() FROM PUBLIC;
-- doctor() on redaction: keys, policies, labels, and what scrub_on_write() made.

CREATE FUNCTION gpsync_internal.doctor_redaction() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'key file', 'error',
    format('the key file %s: no stream can begin, and nothing can be scrubbed by a policy', r.problem), r.fix
FROM gpsync_internal.key_ring_state() AS r WHERE r.problem IS NOT NULL
UNION ALL
SELECT p.check_name, p.severity, p.problem, p.fix FROM gpsync_internal.redaction_problems() AS p $$;
COMMENT ON FUNCTION gpsync_internal.doctor_redaction() IS 'doctor() on the key file, policies, labels and scrub_on_write()';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_redaction() FROM PUBLIC;
-- doctor() on who may read what is streamed, who could redirect secrets, and data that their labels have not followed.

-- Streams whose owner may not read what they show any more. Delivery goes on: privileges are lost by accident, too,
-- and then the owner of one table would stop all the others; docs/operating.md, Roles.
CREATE FUNCTION gpsync_internal.doctor_readers() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH owned AS MATERIALIZED (
    SELECT s.stream, s.publication, s.owner, o.oid, o.rolsuper, p.stream IS NOT NULL AS at_work
    FROM gpsync.stream AS s LEFT JOIN gpsync.stream_position AS p ON p.stream = s.stream
        LEFT JOIN pg_roles AS o ON o.rolname = s.owner)
SELECT 'stream owner', 'error', format('role "%s", which owns stream "%s", does not exist', s.owner, s.stream),
       format(CASE WHEN s.at_work THEN 'SELECT gpsync.take_ownership(%L)'
           ELSE 'SELECT gpsync.recreate_stream(%L)' END || '; -- as a role that may read its tables', s.stream)
FROM owned AS s WHERE s.oid IS NULL
UNION ALL
SELECT DISTINCT 'stream owner', 'error',
       format('stream "%s" shows table %s, and its owner "%s" %s', s.stream, t.root, s.owner,
              CASE WHEN t.selects THEN 'may not read all its rows: row-level security' ELSE 'may not read it' END),
       CASE WHEN t.selects THEN format('SELECT gpsync.take_ownership(%L); -- as a role with BYPASSRLS, or the '
           'table''s owner', s.stream)
            ELSE format('GRANT SELECT ON %s TO %I; -- or take the table out of publication %I', t.root, s.owner,
                s.publication) END
FROM owned AS s, gpsync_internal.publication_relations(s.publication) AS r,
LATERAL (SELECT coalesce(pg_partition_root(r), r)) AS p (root),
LATERAL (SELECT p.root, has_table_privilege(s.oid, r, 'SELECT')
    OR has_table_privilege(s.oid, p.root, 'SELECT')) AS t (root, selects)
WHERE s.oid IS NOT NULL AND s.at_work AND NOT s.rolsuper AND NOT gpsync_internal.may_read_rows(s.oid, r) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_readers() IS 'doctor() on whether the owners of streams may read what these show';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_readers() FROM PUBLIC;

-- Who owns a server whose secrets are another role's. The guard stands before it, unless somebody has disabled it.
CREATE FUNCTION gpsync_internal.doctor_secrets() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
SELECT 'secret', CASE WHEN g.enabled THEN 'info' ELSE 'warning' END,
       format('role "%s" owns server "%s", for which %s has a user mapping with secrets: the owner can change %s',
           o.rolname, s.srvname,
              CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE format('role "%s"', r.rolname) END,
              CASE WHEN g.enabled THEN 'the path of its url, not its scheme, host or port'
                   ELSE 'where they are sent to, since event trigger "gpsync_guard_endpoint" is disabled' END),
       CASE WHEN g.enabled THEN format('ALTER SERVER %I OWNER TO ...; -- a role that may read server files', s.srvname)
            ELSE 'ALTER EVENT TRIGGER gpsync_guard_endpoint ENABLE ALWAYS' END
FROM pg_user_mapping AS u
JOIN pg_foreign_server AS s ON s.oid = u.umserver
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw AND w.fdwname = 'gpsync_http'
JOIN pg_roles AS o ON o.oid = s.srvowner
LEFT JOIN pg_roles AS r ON r.oid = u.umuser,
LATERAL (SELECT coalesce(bool_or(e.evtenabled = 'A'), false) FROM pg_event_trigger AS e
    WHERE e.evtname = 'gpsync_guard_endpoint') AS g (enabled)
WHERE cardinality(u.umoptions) > 0 AND NOT pg_has_role(s.srvowner, 'pg_read_server_files', 'USAGE')
    AND (u.umuser = 0 OR NOT pg_has_role(s.srvowner, u.umuser, 'USAGE')) $$;
COMMENT ON FUNCTION gpsync_internal.doctor_secrets() IS 'doctor() on who could redirect which secret';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_secrets() FROM PUBLIC;

-- By their columns' names and types alone, so it may be mistaken: a label "pass" says so.
CREATE FUNCTION gpsync_internal.doctor_label_copies() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
WITH shown AS (
    SELECT coalesce(pg_partition_root(r), r)::oid AS oid FROM pg_publication AS p,
        gpsync_internal.publication_relations(p.pubname) AS r
    UNION SELECT a.relation FROM gpsync.attached_tables AS a)
SELECT 'label', 'warning',
       format('column "%s" of table %s has no label, and table %s, all of whose columns it has, redacts its own '
           '("%s")', u.column_name, u.relation::regclass,
              u.original::regclass, u.rule),
       format('SELECT gpsync.redact_in_stream(%L, %L, %L); -- or ''pass'', if it holds something else',
           u.relation::regclass, u.column_name, u.rule)
FROM gpsync_internal.unlabelled_copies(ARRAY(SELECT s.oid FROM shown AS s WHERE EXISTS (SELECT FROM pg_seclabel AS l
    WHERE l.provider = 'gpsync' AND l.objsubid > 0))) AS u $$;
COMMENT ON FUNCTION gpsync_internal.doctor_label_copies() IS 'doctor() on tables that look like copies of labelled ones';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_label_copies() FROM PUBLIC;
-- doctor(): all areas, worst first. An area that fails is a finding; the others are there all the same.

CREATE FUNCTION gpsync_internal.doctor_areas() RETURNS name[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '{doctor_settings, doctor_supervisor, doctor_leftovers, doctor_slots, doctor_relays, doctor_publications,
    doctor_endpoints, doctor_delivery, doctor_marks, doctor_triggers, doctor_tables, doctor_own_columns,
    doctor_rows, doctor_membership, doctor_redaction, doctor_readers, doctor_secrets, doctor_label_copies}'::name[] $$;
COMMENT ON FUNCTION gpsync_internal.doctor_areas() IS 'The functions that doctor() is made of, each of which checks one area';

CREATE FUNCTION gpsync_internal.doctor_area(area name) RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT * FROM gpsync_internal.%I()', area);
EXCEPTION WHEN OTHERS THEN
    RETURN QUERY SELECT 'doctor', 'error', format('%s() failed with SQLSTATE %s: %s', area, SQLSTATE, SQLERRM),
                        format('SELECT * FROM gpsync_internal.%I() -- as a superuser', area);
END $$;
COMMENT ON FUNCTION gpsync_internal.doctor_area(name) IS 'The findings of one area; where it fails, that is the finding';

-- Compiling its queries (jit) would take seconds, running them milliseconds.
CREATE FUNCTION gpsync.doctor() RETURNS TABLE (check_name text, severity text, finding text, fix text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
WITH found AS MATERIALIZED (
    SELECT f.* FROM unnest(gpsync_internal.doctor_areas()) AS a (area) CROSS JOIN LATERAL gpsync_internal.doctor_area(a.area) AS f)
SELECT d.* FROM (
    SELECT * FROM found
    UNION ALL SELECT 'all', 'ok', 'nothing found', NULL WHERE NOT EXISTS (SELECT FROM found)
) AS d (check_name, severity, finding, fix)
ORDER BY array_position('{error,warning,info,ok}', d.severity), d.check_name, d.finding $$;
COMMENT ON FUNCTION gpsync.doctor() IS
    'Checks set-up and health: settings, slots, publications, endpoints, roles, delivery, attached tables, redaction, '
    'leftovers. Severity error: changes are not delivered, a table cannot be written, or PII can get in; warning: look '
    'soon; info: worth knowing; ok: nothing found. Each finding with the SQL, setting or command that mends it';
REVOKE ALL ON FUNCTION gpsync_internal.doctor_areas(), gpsync_internal.doctor_area(name), gpsync.doctor() FROM PUBLIC;
-- Three parts that people and programs play, and exactly what each needs. Nothing here is granted to PUBLIC.

-- relay:    delivers. Sees no table; what it reads and writes goes through SECURITY DEFINER functions.
-- reader:   watches, and waits for its own changes to be delivered.
-- operator: a reader who also attaches tables of their own, defines machines, starts, stops and repairs streams, and
-- sees
--           the payload of dead letters. Where it owns the database it can pg_dump it.
CREATE FUNCTION gpsync_internal.part_objects(part text) RETURNS TABLE (kind text, object text)
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
WITH needed (part, kind, name) AS (VALUES
    ('relay', 'FUNCTION', 'relay_config'), ('relay', 'FUNCTION', 'relay_acquire'), ('relay', 'FUNCTION', 'relay_book'),
    ('relay', 'FUNCTION', 'relay_retry_deferred'), ('relay', 'FUNCTION', 'relay_confirm'),
        ('relay', 'FUNCTION', 'relay_report'),
    ('reader', 'TABLE', 'stream_status'), ('reader', 'TABLE', 'endpoint_status'),
        ('reader', 'TABLE', 'attached_tables'),
    ('reader', 'TABLE', 'redacted_columns'), ('reader', 'FUNCTION', 'redacted_column_states'),
        ('reader', 'TABLE', 'policy'),
    ('reader', 'FUNCTION', 'stream_states'), ('reader', 'FUNCTION', 'relay_reports'),
        ('reader', 'FUNCTION', 'endpoint_reports'),
    ('reader', 'FUNCTION', 'is_fresh_report'), ('reader', 'FUNCTION', 'relay_report_age'),
        ('reader', 'FUNCTION', 'doctor'), ('reader', 'FUNCTION', 'wait_for_sync'),
    ('operator', 'TABLE', 'dead_letters'),
    -- What pg_dump reads of the extension, for a database's owner: its configuration tables.
    ('operator', 'TABLE', 'machine'), ('operator', 'TABLE', 'machine_state'),
        ('operator', 'TABLE', 'machine_transition'), ('operator', 'TABLE', 'stream'),
    ('operator', 'FUNCTION', 'create_stream'),
    ('operator', 'FUNCTION', 'drop_stream'), ('operator', 'FUNCTION', 'pause_stream'),
    ('operator', 'FUNCTION', 'resume_stream'), ('operator', 'FUNCTION', 'skip_change'),
        ('operator', 'FUNCTION', 'recreate_stream'), ('operator', 'FUNCTION', 'take_ownership')
    UNION ALL SELECT 'operator', 'FUNCTION', unnest(gpsync_internal.control_functions()))
SELECT 'FUNCTION', p.oid::regprocedure::text FROM needed AS n JOIN pg_proc AS p ON p.proname = n.name
WHERE n.kind = 'FUNCTION' AND p.pronamespace IN ('gpsync'::regnamespace, 'gpsync_internal'::regnamespace)
    AND (n.part = part_objects.part OR n.part = 'reader' AND part_objects.part = 'operator')
UNION ALL
SELECT 'TABLE', c.oid::regclass::text FROM needed AS n JOIN pg_class AS c ON c.relname = n.name
WHERE n.kind = 'TABLE' AND c.relnamespace = 'gpsync'::regnamespace
    AND (n.part = part_objects.part OR n.part = 'reader' AND part_objects.part = 'operator') $$;
COMMENT ON FUNCTION gpsync_internal.part_objects(text) IS
    'The functions and views that a part (relay, reader, operator) uses';

CREATE FUNCTION gpsync_internal.grant_part(role regrole, part text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    needed record;
BEGIN
    IF NOT has_database_privilege(role, current_database(), 'CONNECT') THEN
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %s', current_database(), role);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA gpsync, gpsync_internal TO %s', role);
    FOR needed IN SELECT * FROM gpsync_internal.part_objects(part) LOOP
        EXECUTE format('GRANT %s ON %s %s TO %s', CASE needed.kind WHEN 'TABLE' THEN 'SELECT' ELSE 'EXECUTE' END,
                       needed.kind, needed.object, role);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.grant_part(regrole, text) IS
    'Grants a role what a part (relay, reader, operator) needs of the extension''s own objects';

-- Only attributes that are missing: ALTER ROLE takes more rights than GRANT does.
CREATE FUNCTION gpsync_internal.ensure_relay_attributes(role regrole) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    missing text;
BEGIN
    SELECT concat_ws(' ', CASE WHEN NOT r.rolcanlogin THEN 'LOGIN' END,
                     CASE WHEN NOT (r.rolreplication OR r.rolsuper) THEN 'REPLICATION' END)
    INTO missing FROM pg_roles AS r WHERE r.oid = role;
    IF missing = '' THEN
        RETURN;
    END IF;
    BEGIN
        EXECUTE format('ALTER ROLE %s %s', role, missing);
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE insufficient_privilege USING MESSAGE = format('role %s lacks %s, which the relay needs', role, missing),
            DETAIL = SQLERRM, HINT = format('As a superuser: ALTER ROLE %s %s', role, missing);
    END;
    RAISE NOTICE 'role % now has %', role, missing;
END $$;
COMMENT ON FUNCTION gpsync_internal.ensure_relay_attributes(regrole) IS
    'Gives a role LOGIN and REPLICATION where they are missing';

CREATE FUNCTION gpsync.grant_relay(role regrole) RETURNS void
    LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    server name;
BEGIN
    PERFORM gpsync_internal.ensure_relay_attributes(role);
    PERFORM gpsync_internal.grant_part(role, 'relay');
    FOR server IN SELECT s.srvname FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
                  WHERE w.fdwname = 'gpsync_http' AND NOT has_server_privilege(role, s.oid, 'USAGE') ORDER BY 1 LOOP
        EXECUTE format('GRANT USAGE ON FOREIGN SERVER %I TO %s', server, role);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync.grant_relay(regrole) IS
    'Makes a role fit for gpsync-relay: LOGIN, REPLICATION, the relay''s functions, USAGE on the endpoints there are. '
    'Tables attached and servers added later need no further grant; a role that makes its own user mapping for a later '
    'server needs USAGE on it. Errors: 42501 the caller may not alter the role or grant';

CREATE FUNCTION gpsync.grant_operator(role regrole) RETURNS void
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp AS $$ SELECT gpsync_internal.grant_part(role, 'operator') $$;
COMMENT ON FUNCTION gpsync.grant_operator(regrole) IS
    'Lets a role attach its own tables (a new publication also takes CREATE on the database), define machines, create, '
    'pause, resume, recreate and drop streams, over tables it may read and servers it has USAGE on, and see statuses '
    'and dead letters';

CREATE FUNCTION gpsync.grant_reader(role regrole) RETURNS void
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp AS $$ SELECT gpsync_internal.grant_part(role, 'reader') $$;
COMMENT ON FUNCTION gpsync.grant_reader(regrole) IS 'Lets a role see statuses, call doctor() and wait_for_sync()';

REVOKE ALL ON FUNCTION gpsync_internal.part_objects(text), gpsync_internal.grant_part(regrole, text),
    gpsync_internal.ensure_relay_attributes(regrole), gpsync.grant_relay(regrole), gpsync.grant_operator(regrole),
    gpsync.grant_reader(regrole) FROM PUBLIC;
-- What streams need cannot be dropped or renamed under them; the error says which stream.

-- Not SECURITY DEFINER: it fires before the server has checked the caller's rights, so it checks them itself.
CREATE FUNCTION gpsync_internal.guard_command() RETURNS event_trigger
    LANGUAGE c SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_guard_command';
COMMENT ON FUNCTION gpsync_internal.guard_command() IS
    'Refuses to drop the extension while a stream or a slot of it exists, by whatever command, to rename a server or '
    'publication that a stream uses, and to rename schema gpsync; says nothing to who may not do so anyway';

CREATE EVENT TRIGGER gpsync_guard ON ddl_command_start
    WHEN TAG IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED', 'DROP LANGUAGE', 'ALTER SERVER', 'ALTER PUBLICATION',
        'ALTER SCHEMA')
    EXECUTE FUNCTION gpsync_internal.guard_command();
ALTER EVENT TRIGGER gpsync_guard ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard IS 'Keeps extension gpsync, and the names its streams use, while streams exist';

CREATE FUNCTION gpsync_internal.guard_dropped() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    used record;
BEGIN
    SELECT d.object_type, d.object_name, s.stream INTO used
    FROM pg_event_trigger_dropped_objects() AS d
    JOIN gpsync.stream AS s ON d.object_type = 'server' AND d.object_name = ANY (s.endpoints)
        OR d.object_type = 'publication' AND d.object_name = s.publication
    ORDER BY 1, 2, 3 LIMIT 1;
    IF FOUND THEN
        RAISE dependent_objects_still_exist USING
            MESSAGE = format('cannot drop %s "%s" because stream "%s" uses it', used.object_type, used.object_name,
                used.stream),
            HINT = format('Drop the stream first: SELECT gpsync.drop_stream(%L)', used.stream);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.guard_dropped() IS 'Refuses to drop a server or publication that a stream uses';

CREATE EVENT TRIGGER gpsync_guard_dropped ON sql_drop
    WHEN TAG IN ('DROP SERVER', 'DROP PUBLICATION', 'DROP OWNED')
    EXECUTE FUNCTION gpsync_internal.guard_dropped();
ALTER EVENT TRIGGER gpsync_guard_dropped ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_dropped IS 'Keeps the servers and publications that streams use';

REVOKE ALL ON FUNCTION gpsync_internal.guard_command(), gpsync_internal.guard_dropped() FROM PUBLIC;
-- A labelled column cannot become part of a key: a key is sent as it is, so the stream would stop at the next change.
-- Every other way to that state (dropping the index of a replica identity) is the doctor's to find.

CREATE FUNCTION gpsync_internal.guard_keys() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    bad record;
BEGIN
    -- Most commands are about tables that have no label and are in no hierarchy.
    IF NOT EXISTS (SELECT FROM pg_seclabel AS l WHERE l.provider = 'gpsync' AND l.objsubid > 0)
       OR NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d
                      WHERE EXISTS (SELECT FROM pg_seclabel AS l WHERE l.provider = 'gpsync' AND l.classoid = d.classid
                          AND l.objoid = d.objid AND l.objsubid > 0)
                          OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = d.objid)
                          OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = d.objid)) THEN
        RETURN;
    END IF;
    SELECT k.* INTO bad FROM gpsync_internal.labelled_keys() AS k
        WHERE EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d
                      WHERE d.classid = 'pg_class'::regclass AND (d.objid IN (k.labelled, k.relation)
                          OR d.objid IN (SELECT a.relid FROM pg_partition_ancestors(k.relation) AS a))) LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = CASE bad.source WHEN bad.column_name
                THEN format('column "%s" cannot be part of the key of table %s and have security label "%s"',
                    bad.column_name, bad.relation, bad.rule)
                ELSE format('column "%s" cannot be part of the key of table %s and be computed from column "%s", which '
                            'has security label "%s"',
                            bad.column_name, bad.relation, bad.source, bad.rule) END,
            DETAIL = 'The key of a row is sent with each of its changes and cannot be redacted: nothing could be '
                     'booked without it.',
            HINT = format('Choose another key, or take the label away: SELECT gpsync.redact_in_stream(%L, %L, NULL)',
                bad.labelled, bad.source),
            SCHEMA = (SELECT c.relnamespace::regnamespace::text FROM pg_class AS c WHERE c.oid = bad.relation),
            TABLE = (SELECT c.relname FROM pg_class AS c WHERE c.oid = bad.relation), COLUMN = bad.column_name;
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.guard_keys() IS
    'Refuses (0A000) a primary key or replica identity over a column whose security label redacts it';
REVOKE ALL ON FUNCTION gpsync_internal.guard_keys() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_keys ON ddl_command_end WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE', 'SECURITY LABEL')
    EXECUTE FUNCTION gpsync_internal.guard_keys();
ALTER EVENT TRIGGER gpsync_guard_keys ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_keys IS 'Keeps labelled columns out of keys';
-- The owner of a server does not get the secrets that others mapped for it by redirecting it.

CREATE FUNCTION gpsync_internal.refuse_redirected_rows(caller oid, server name) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF EXISTS (SELECT FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream,
        gpsync_internal.publication_relations(s.publication) AS r
               WHERE server = ANY (s.endpoints) AND NOT gpsync_internal.may_read_rows(caller, r)) THEN
        RAISE insufficient_privilege USING MESSAGE = format('permission denied to redirect endpoint "%s"', server),
            DETAIL = format('Rows are sent there that role "%s" may not read.', pg_get_userbyid(caller)),
            HINT = 'Let a superuser, or a role that may read what is streamed, change the server.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_redirected_rows(oid, name) IS
    'Raises 42501 when a stream sends rows to a server that a role may not read';
REVOKE ALL ON FUNCTION gpsync_internal.refuse_redirected_rows(oid, name) FROM PUBLIC;

-- Not SECURITY DEFINER: what counts is who runs the command.
CREATE FUNCTION gpsync_internal.guard_endpoint() RETURNS event_trigger
    LANGUAGE c SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'gpsync_guard_endpoint';
COMMENT ON FUNCTION gpsync_internal.guard_endpoint() IS
    'Refuses (42501) to change scheme, host or port of an endpoint''s url, or its ca_file, to who may not read '
        'server files, while another role''s user mapping for it holds secrets; and to who may not read what streams '
        'send there';
REVOKE ALL ON FUNCTION gpsync_internal.guard_endpoint() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_endpoint ON ddl_command_start
    WHEN TAG IN ('ALTER SERVER', 'CREATE USER MAPPING', 'ALTER USER MAPPING')
    EXECUTE FUNCTION gpsync_internal.guard_endpoint();
ALTER EVENT TRIGGER gpsync_guard_endpoint ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_endpoint IS 'Keeps secrets of user mappings from being sent to another origin';
-- What joins a publication is shown by its streams at once. So whatever brings a table in, or takes it from who may
-- read it (a row-level security policy), is refused while the owner of a stream may not read all of it. Revoked
-- privileges and dropped roles are the doctor's to find.

-- The parse trees know what the catalogs have forgotten when the command ends.
CREATE FUNCTION gpsync_internal.departed_tables(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_departed_tables';
COMMENT ON FUNCTION gpsync_internal.departed_tables(pg_ddl_command) IS
    'Which tables an ALTER TABLE has taken from a partitioned table or a parent: child, parent, child, parent, ...; '
        'all of the name, where the server gives no more';

CREATE FUNCTION gpsync_internal.guard_readers() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    leaves oid[];
    bad record;
BEGIN
    -- A stream out of a dump has no position and delivers nothing: recreate_stream() checks it. Superusers may read
    -- all.
    IF NOT EXISTS (SELECT FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream
                   LEFT JOIN pg_roles AS o ON o.rolname = s.owner WHERE o.rolsuper IS NOT TRUE) THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d LEFT JOIN pg_class AS c ON c.oid = d.objid
                   WHERE d.classid <> 'pg_class'::regclass OR c.relkind IN ('r', 'p') AND c.relpersistence = 'p') THEN
        RETURN;
    END IF;
    leaves := ARRAY(
        WITH command AS MATERIALIZED (SELECT d.classid, d.objid, d.command FROM pg_event_trigger_ddl_commands() AS d),
        changed (oid) AS (
            SELECT c.objid FROM command AS c WHERE c.classid = 'pg_class'::regclass
            UNION SELECT unnest(gpsync_internal.departed_tables(c.command)) FROM command AS c
                WHERE c.classid = 'pg_class'::regclass
            UNION SELECT r.prrelid FROM command AS c
                JOIN pg_publication_rel AS r ON c.classid = 'pg_publication_rel'::regclass AND r.oid = c.objid
            UNION SELECT t.oid FROM command AS c
                JOIN pg_publication_namespace AS n
                    ON c.classid = 'pg_publication_namespace'::regclass AND n.oid = c.objid
                JOIN pg_class AS t ON t.relnamespace = n.pnnspid AND t.relkind IN ('r', 'p'))
        SELECT DISTINCT l.relid::oid FROM changed AS c CROSS JOIN LATERAL gpsync_internal.partitions(c.oid) AS l
        JOIN pg_class AS t ON t.oid = l.relid
        WHERE l.isleaf AND t.relkind = 'r' AND t.relpersistence = 'p'
            AND t.relnamespace NOT IN ('gpsync'::regnamespace, 'pg_catalog'::regnamespace));
    WITH live AS MATERIALIZED (
        SELECT s.publication, s.owner FROM gpsync.stream AS s JOIN gpsync.stream_position AS p ON p.stream = s.stream),
    created AS MATERIALIZED (
        SELECT l.* FROM live AS l JOIN pg_publication AS n ON n.pubname = l.publication
        JOIN pg_event_trigger_ddl_commands() AS c ON c.classid = 'pg_publication'::regclass AND c.objid = n.oid
            AND c.command_tag = 'CREATE PUBLICATION'),
    shown (publication, owner, relation) AS (
        SELECT s.publication, s.owner, l.oid FROM live AS s, unnest(leaves) AS l (oid)
        WHERE gpsync_internal.publication_covers(s.publication, l.oid)
        UNION
        SELECT s.publication, s.owner, r FROM created AS s, gpsync_internal.publication_relations(s.publication) AS r)
    SELECT s.publication, s.owner, t.root AS relation, o.oid IS NULL AS gone,
           has_table_privilege(o.oid, t.root, 'SELECT')
           OR has_table_privilege(o.oid, s.relation, 'SELECT') AS restricted
    INTO bad FROM shown AS s
    CROSS JOIN LATERAL (SELECT coalesce(pg_partition_root(s.relation), s.relation::regclass)) AS t (root)
    LEFT JOIN pg_roles AS o ON o.rolname = s.owner
    WHERE o.oid IS NULL OR NOT o.rolsuper AND NOT gpsync_internal.may_read_rows(o.oid, s.relation)
    ORDER BY s.relation::regclass::text LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Roles, publications and tables are no secrets; which streams there are is for readers of stream_status.
    RAISE insufficient_privilege USING
        MESSAGE = format('table %s cannot be published by publication "%s"', bad.relation, bad.publication),
        DETAIL = format('The publication is streamed by role "%s", which %s.', bad.owner,
                        CASE WHEN bad.gone THEN 'does not exist'
                             WHEN bad.restricted THEN 'row-level security of the table applies to'
                             ELSE 'may not read the table' END),
        HINT = CASE WHEN bad.gone OR bad.restricted
            THEN 'Let a role that may read all its rows (BYPASSRLS, the owner) take the stream over with '
                'gpsync.take_ownership() first.'
            ELSE format('GRANT SELECT ON %s TO %I first (for a table to come: ALTER DEFAULT PRIVILEGES), or let a role '
                'that may read it take the stream over with gpsync.take_ownership().', bad.relation, bad.owner) END;
END $$;
COMMENT ON FUNCTION gpsync_internal.guard_readers() IS
    'Refuses (42501) what brings a table into the publication of a stream whose owner may not read all its rows';
REVOKE ALL ON FUNCTION gpsync_internal.departed_tables(pg_ddl_command), gpsync_internal.guard_readers() FROM PUBLIC;

CREATE EVENT TRIGGER gpsync_guard_readers ON ddl_command_end
    WHEN TAG IN ('CREATE PUBLICATION', 'ALTER PUBLICATION', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO',
        'ALTER TABLE', 'CREATE SCHEMA',
                 'CREATE EXTENSION', 'ALTER EXTENSION')
    EXECUTE FUNCTION gpsync_internal.guard_readers();
ALTER EVENT TRIGGER gpsync_guard_readers ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_guard_readers
    IS 'Keeps tables that the owner of a stream may not read out of its publication';
-- Labels are a table's, data move on: where a command takes labelled data to columns without their labels, it is
-- warned of. Nothing is refused, since a copy may be meant to be another one, and what is not labelled is scrubbed by
-- default all the same.

CREATE FUNCTION gpsync_internal.ungenerated_columns(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_ungenerated_columns';
COMMENT ON FUNCTION gpsync_internal.ungenerated_columns(pg_ddl_command) IS
    'Of which columns an ALTER TABLE has dropped the generation expression: table, column''s number, table, '
        'column''s number, ...';

CREATE FUNCTION gpsync_internal.copied_columns(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_copied_columns';
COMMENT ON FUNCTION gpsync_internal.copied_columns(pg_ddl_command) IS
    'Where the columns of a CREATE TABLE AS come from: column''s number, table and column''s number there, ...';

CREATE FUNCTION gpsync_internal.warn_of_lost_labels(relation regclass, columns name[], rules text[], origin text) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RAISE WARNING USING ERRCODE = '01000',
        MESSAGE = format('%s of table %s %s without the security label that redacts %s %s',
                         CASE cardinality(columns) WHEN 1 THEN 'column' ELSE 'columns' END
                         || (SELECT string_agg(format(' "%s"', c), ',' ORDER BY n)
                             FROM unnest(columns) WITH ORDINALITY AS u (c, n)), relation,
                         CASE cardinality(columns) WHEN 1 THEN 'is' ELSE 'are' END,
                         CASE cardinality(columns) WHEN 1 THEN 'it' ELSE 'them' END, origin),
        DETAIL = 'A label counts for its table, the partitions and tables that inherit from it, and columns '
            'generated from the column.',
        HINT = (SELECT string_agg(format('SELECT gpsync.redact_in_stream(%L, %L, %L);', relation, c, r), ' ' ORDER BY n)
                FROM unnest(columns, rules) WITH ORDINALITY AS u (c, r, n));
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_lost_labels(regclass, name[], text[], text) IS
    'Warns of columns that hold what is redacted elsewhere, with the SQL that labels them';

-- Columns that a command has left without a label: table, column, the rule it should have, and where that comes from.
CREATE FUNCTION gpsync_internal.lost_labels() RETURNS TABLE (relation oid, column_name name, rule text, origin text)
    LANGUAGE plpgsql VOLATILE ROWS 10 SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH command AS MATERIALIZED (SELECT d.objid, d.command_tag, d.command
    FROM pg_event_trigger_ddl_commands() AS d WHERE d.classid = 'pg_class'::regclass),
departed AS (
    SELECT a.pairs[n] AS child, a.pairs[n + 1] AS parent
    FROM command AS c, LATERAL (SELECT gpsync_internal.departed_tables(c.command)) AS a (pairs),
        generate_series(1, cardinality(a.pairs), 2) AS n),
copied AS (
    SELECT c.objid, a.parts[n]::integer AS attnum, a.parts[n + 1] AS origin, a.parts[n + 2]::integer AS origin_attnum
    FROM command AS c, LATERAL (SELECT gpsync_internal.copied_columns(c.command)) AS a (parts),
        generate_series(1, cardinality(a.parts), 3) AS n),
ungenerated AS (
    SELECT a.pairs[n] AS oid, a.pairs[n + 1]::integer AS attnum
    FROM command AS c, LATERAL (SELECT gpsync_internal.ungenerated_columns(c.command)) AS a (pairs),
        generate_series(1, cardinality(a.pairs), 2) AS n),
label AS MATERIALIZED (
    SELECT l.* FROM gpsync_internal.labels_of(ARRAY(
        SELECT c.objid FROM command AS c UNION SELECT d.child FROM departed AS d UNION SELECT d.parent FROM departed
            AS d
        UNION SELECT o.origin FROM copied AS o UNION SELECT u.oid FROM ungenerated AS u)) AS l),
lost (relation, column_name, rule, origin) AS (
    SELECT d.child, l.column_name, l.rule, format('in table %s', d.parent::regclass)
    FROM departed AS d JOIN label AS l ON l.relation = d.parent AND l.source = l.column_name
    JOIN pg_attribute AS a ON a.attrelid = d.child AND a.attname = l.column_name AND NOT a.attisdropped
    UNION
    SELECT c.objid, t.attname, l.rule, format('in table %s', c.origin::regclass)
    FROM copied AS c JOIN pg_attribute AS s ON s.attrelid = c.origin AND s.attnum = c.origin_attnum
    JOIN pg_attribute AS t ON t.attrelid = c.objid AND t.attnum = c.attnum
    JOIN label AS l ON l.relation = c.origin AND l.column_name = s.attname
    UNION
    SELECT u.relation, u.column_name, u.rule, format('in table %s', u.original::regclass)
    FROM gpsync_internal.unlabelled_copies(ARRAY(SELECT c.objid FROM command AS c WHERE c.command_tag = 'CREATE TABLE')) AS u
    UNION
    -- From which column it was computed the catalogs know no more: any that is labelled.
    SELECT u.oid, a.attname, l.rule, format('in column "%s", if it was generated from that', l.column_name)
    FROM ungenerated AS u JOIN pg_attribute AS a ON a.attrelid = u.oid AND a.attnum = u.attnum
    JOIN label AS l ON l.relation = u.oid AND l.source = l.column_name AND l.column_name <> a.attname)
SELECT DISTINCT ON (l.relation, l.column_name) l.relation, l.column_name, l.rule, l.origin FROM lost AS l
JOIN pg_class AS c ON c.oid = l.relation AND c.relpersistence <> 't'  -- temporary tables are never streamed
WHERE l.rule <> 'pass' AND NOT EXISTS (
    SELECT FROM label AS own WHERE own.relation = l.relation AND own.column_name = l.column_name
        AND (own.rule = l.rule OR gpsync_internal.rule_rank(own.rule) < gpsync_internal.rule_rank(l.rule)))
ORDER BY l.relation, l.column_name, gpsync_internal.rule_rank(l.rule), l.rule, l.origin;
END $$;
COMMENT ON FUNCTION gpsync_internal.lost_labels() IS
    'In an event trigger: columns that the command has left without the label of what they hold';

CREATE FUNCTION gpsync_internal.warn_of_labels() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_seclabel AS l WHERE l.provider = 'gpsync' AND l.objsubid > 0
        AND l.label <> 'pass') THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS d JOIN pg_class AS c ON c.oid = d.objid
                   WHERE d.classid = 'pg_class'::regclass AND c.relpersistence <> 't'
                       AND (d.command_tag <> 'ALTER TABLE' OR cardinality(gpsync_internal.departed_tables(d.command)) > 0
                            OR cardinality(gpsync_internal.ungenerated_columns(d.command)) > 0)) THEN
        RETURN;
    END IF;
    PERFORM gpsync_internal.warn_of_lost_labels(l.relation::regclass, array_agg(l.column_name ORDER BY a.attnum),
        array_agg(l.rule ORDER BY a.attnum), l.origin)
    FROM gpsync_internal.lost_labels() AS l JOIN pg_attribute AS a ON a.attrelid = l.relation AND a.attname = l.column_name
    GROUP BY l.relation, l.origin;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_labels() IS
    'Warns where a command leaves labelled data in columns without their labels: DETACH PARTITION, NO INHERIT, DROP '
        'EXPRESSION, CREATE TABLE ... LIKE and AS';

CREATE EVENT TRIGGER gpsync_warn_of_labels ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE SCHEMA')
    EXECUTE FUNCTION gpsync_internal.warn_of_labels();
ALTER EVENT TRIGGER gpsync_warn_of_labels ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_warn_of_labels IS 'Warns where labels do not follow the data';

REVOKE ALL ON FUNCTION gpsync_internal.ungenerated_columns(pg_ddl_command), gpsync_internal.copied_columns(pg_ddl_command),
    gpsync_internal.warn_of_lost_labels(regclass, name[], text[], text), gpsync_internal.lost_labels(),
    gpsync_internal.warn_of_labels() FROM PUBLIC;
-- Commands that take rows out of control, or bring in such as never were under it, are warned of.

CREATE FUNCTION gpsync_internal.arrived_partitions(command pg_ddl_command) RETURNS oid[]
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_arrived_partitions';
COMMENT ON FUNCTION gpsync_internal.arrived_partitions(pg_ddl_command) IS
    'The tables that an ALTER TABLE has attached as partitions';

CREATE FUNCTION gpsync_internal.warn_of_tables() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    AS $$
DECLARE
    altered record;
    partition regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM gpsync.attached_tables) THEN
        RETURN;
    END IF;
    FOR altered IN
        SELECT c.oid::regclass AS relation, c.relispartition, c.relpersistence, c.relkind, a.attached,
               CASE WHEN a.attached IS NOT NULL THEN gpsync_internal.arrived_partitions(d.command) END AS arrived
        FROM pg_event_trigger_ddl_commands() AS d JOIN pg_class AS c ON c.oid = d.objid
        CROSS JOIN LATERAL (SELECT gpsync_internal.attached_ancestor(c.oid)) AS a (attached)
        WHERE d.classid = 'pg_class'::regclass AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    LOOP
        CONTINUE WHEN altered.attached IS NULL;
        IF NOT altered.relispartition AND altered.attached <> altered.relation THEN
            RAISE WARNING USING ERRCODE = '01000',
                MESSAGE = format('table %s inherits from attached table %s and is not under its control',
                    altered.relation, altered.attached),
                DETAIL = 'Triggers, keys and publications are not inherited: its rows are neither stamped nor sent.',
                HINT = format('Give it a key and SELECT gpsync.attach(%L), or use ALTER TABLE %s NO INHERIT %s.',
                    altered.relation, altered.relation, altered.attached);
        ELSIF altered.relpersistence = 'u' AND altered.relkind = 'r' THEN
            RAISE WARNING USING ERRCODE = '01000',
                MESSAGE = format('table %s is unlogged now: its changes are not sent', altered.relation),
                DETAIL = 'They are not in the WAL.', HINT = format('ALTER TABLE %s SET LOGGED;', altered.relation);
        END IF;
        FOREACH partition IN ARRAY altered.arrived::regclass[] LOOP
            IF EXISTS (SELECT FROM gpsync_internal.partitions(partition) AS p,
                           LATERAL gpsync_internal.unbooked_rows(p.relid, NULL, clock_timestamp() + interval '1 s') AS u
                               WHERE p.isleaf AND u.unstamped > 0) THEN
                RAISE WARNING USING ERRCODE = '01000',
                    MESSAGE = format('partition %s brings rows into attached table %s that were never stamped',
                    partition, altered.attached),
                    DETAIL = 'Nothing has checked their states, and they are sent when they change.',
                    HINT = format(
                        'To send them now: UPDATE %s SET sync_status = ''PENDING'' WHERE sync_status IS NULL;',
                    partition);
            END IF;
        END LOOP;
    END LOOP;
EXCEPTION WHEN OTHERS THEN
    -- A warning that cannot be given is no reason to refuse the command.
    RAISE WARNING 'gpsync could not look at the tables of this command: %', SQLERRM USING ERRCODE = SQLSTATE;
END $$;
COMMENT ON FUNCTION gpsync_internal.warn_of_tables() IS
    'Warns of tables that inherit from an attached one, of attached tables that become unlogged, and of partitions '
    'attached with rows that were never stamped';

CREATE EVENT TRIGGER gpsync_warn_of_tables ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE SCHEMA')
    EXECUTE FUNCTION gpsync_internal.warn_of_tables();
ALTER EVENT TRIGGER gpsync_warn_of_tables ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER gpsync_warn_of_tables IS 'Warns where rows slip out of control';

REVOKE ALL ON FUNCTION gpsync_internal.arrived_partitions(pg_ddl_command), gpsync_internal.warn_of_tables() FROM PUBLIC;
