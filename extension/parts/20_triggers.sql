-- The triggers of an attached table and what their WHEN clauses call; docs/design.md, "A table under control".

-- Evaluated for every row, with the rights of whoever writes it.
CREATE FUNCTION gpsync.transition_refused(machine text, old_state text, new_state text) RETURNS boolean
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_transition_refused';
COMMENT ON FUNCTION gpsync.transition_refused(text, text, text) IS
    'WHEN clause of gpsync_check_update: the status changed, and the machine does not list the transition';

CREATE FUNCTION gpsync.initial_state_refused(machine text, new_state text) RETURNS boolean
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'gpsync_initial_state_refused';
COMMENT ON FUNCTION gpsync.initial_state_refused(text, text) IS
    'WHEN clause of gpsync_check_insert: a new row may not start in this state';

CREATE FUNCTION gpsync.arrival_refused(machine text, new_state text, revision bigint) RETURNS boolean
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_arrival_refused';
COMMENT ON FUNCTION gpsync.arrival_refused(text, text, bigint) IS
    'WHEN clause of gpsync_check_insert on partitions: as initial_state_refused(), or an illegal transition of a row that an UPDATE moves in from another partition';

CREATE FUNCTION gpsync.stamp() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_stamp';
COMMENT ON FUNCTION gpsync.stamp() IS
    'Trigger gpsync_stamp: makes the row that is written PENDING, with a new sync_revision and, where the column exists, last_updated';

CREATE FUNCTION gpsync.check_update() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_check_update';
COMMENT ON FUNCTION gpsync.check_update() IS 'Trigger gpsync_check_update: raises 23514 for the transition its WHEN clause refused';

CREATE FUNCTION gpsync.check_insert() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_check_insert';
COMMENT ON FUNCTION gpsync.check_insert() IS 'Trigger gpsync_check_insert: raises 23514 for the row its WHEN clause refused';

CREATE FUNCTION gpsync.note_delete() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_note_delete';
COMMENT ON FUNCTION gpsync.note_delete() IS
    'Trigger gpsync_note_delete: remembers the state of a row that an UPDATE moves to another partition';

-- The trigger functions stay executable by PUBLIC: PostgreSQL asks for that right when the owner of an attached table
-- creates a partition or restores a dump. As triggers they only touch the table they are on, which is its owner's.

-- What the plan of a simple UPDATE calls in the place of the triggers (src/plan_stamp.h), with the rights of whoever writes.
CREATE FUNCTION gpsync.next_revision(previous bigint) RETURNS bigint
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_next_revision';
COMMENT ON FUNCTION gpsync.next_revision(bigint) IS 'The WAL insert position, and more than previous: the sync_revision of a row that is written now';

CREATE FUNCTION gpsync.stamp_time(type_modifier integer) RETURNS timestamp
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_stamp_time';
COMMENT ON FUNCTION gpsync.stamp_time(integer) IS 'now() in local time, rounded as a column''s type modifier says';

CREATE FUNCTION gpsync.stamp_time_with_zone(type_modifier integer) RETURNS timestamptz
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_stamp_time_with_zone';
COMMENT ON FUNCTION gpsync.stamp_time_with_zone(integer) IS 'now(), rounded as a column''s type modifier says';

CREATE FUNCTION gpsync.checked_state(machine text, old_state text, new_state text) RETURNS text
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_checked_state';
COMMENT ON FUNCTION gpsync.checked_state(text, text, text) IS
    'new_state; where the machine does not list the transition, trigger gpsync_check_update looks at the rows of the statement';

CREATE FUNCTION gpsync.trigger_arguments(tgargs bytea) RETURNS text[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_trigger_arguments';
COMMENT ON FUNCTION gpsync.trigger_arguments(bytea) IS 'The arguments of a trigger, from pg_trigger.tgargs';

CREATE FUNCTION gpsync.key_columns(relation regclass) RETURNS name[]
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gpsync_key_columns';
COMMENT ON FUNCTION gpsync.key_columns(regclass) IS
    'The columns that identify a row, in the order of their index: those of the replica identity index where one is chosen, else of the primary key; NULL when there is none';

CREATE VIEW gpsync.attached_tables AS
    SELECT t.tgrelid::regclass AS relation,
           nullif(a.arguments[1], '') AS machine,
           -- The column the check looks at now; the argument is the name it had when it was attached.
           (SELECT c.attname FROM pg_catalog.pg_trigger AS u
            JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = u.oid
                AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = u.tgrelid AND d.refobjsubid > 0
            JOIN pg_catalog.pg_attribute AS c ON c.attrelid = d.refobjid AND c.attnum = d.refobjsubid
            WHERE u.tgrelid = t.tgrelid AND u.tgname = 'gpsync_check_update' LIMIT 1) AS status_column,
           gpsync.key_columns(t.tgrelid) AS key_columns,
           a.arguments[3]::name COLLATE "C" AS publication
    FROM pg_catalog.pg_trigger AS t, gpsync.trigger_arguments(t.tgargs) AS a (arguments)
    WHERE t.tgfoid = 'gpsync.stamp()'::regprocedure AND t.tgparentid = 0;
COMMENT ON VIEW gpsync.attached_tables IS
    'The tables that attach() put under control. machine and status_column are NULL for a table without a status; a partitioned table stands for its partitions';
