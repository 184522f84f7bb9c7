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

CREATE FUNCTION gpsync_internal.status_event() RETURNS trigger LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_status_event';
COMMENT ON FUNCTION gpsync_internal.status_event() IS
    'Triggers of stream_history(): write the event gpsync.status.changed of a row into the WAL, if the label of the '
    'attached table names a topic and a stream takes it';

-- The trigger functions stay executable by PUBLIC: PostgreSQL asks for that right when the owner of an attached table
-- creates a partition or restores a dump. As triggers they only touch the table they are on, which is its owner's.

-- The plan of a simple UPDATE calls these instead of the triggers (src/trigger/in_plan/plan_stamp.h), with the rights
-- of the role that writes.
CREATE FUNCTION gpsync_internal.next_revision(previous bigint) RETURNS bigint
    LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'gpsync_next_revision';
COMMENT ON FUNCTION gpsync_internal.next_revision(bigint) IS
    'The WAL insert position, and more than previous: the sync_revision of a row that is written now';

CREATE FUNCTION gpsync_internal.stamp_time(type_modifier integer) RETURNS timestamp
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_stamp_time';
COMMENT ON FUNCTION gpsync_internal.stamp_time(integer) IS
    'now() in local time, rounded as a column''s type modifier says';

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

-- Views, doctor() and event triggers call the following functions. These read the catalogs only, because opening a
-- table would wait for a session that has locked it.

-- The rule of src/pg/row_key.h. A temporal key (WITHOUT OVERLAPS, PostgreSQL 18) excludes, and is none.
CREATE FUNCTION gpsync_internal.key_columns(relation regclass) RETURNS name[]
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN (
WITH key AS (
    SELECT i.indkey::int2[] AS attnums, i.indnkeyatts
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
    WHERE i.indrelid = relation AND (i.indisprimary OR i.indisreplident AND c.relreplident = 'i')
        AND i.indislive AND i.indisvalid AND i.indisunique AND i.indimmediate AND NOT i.indisexclusion
        AND i.indpred IS NULL
    ORDER BY i.indisreplident AND c.relreplident = 'i' DESC LIMIT 1)
SELECT array_agg(a.attname ORDER BY k.ordinal)
FROM key, unnest(key.attnums) WITH ORDINALITY AS k (attnum, ordinal)
JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = k.attnum
WHERE k.ordinal <= key.indnkeyatts);
END $$;
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

CREATE FUNCTION gpsync_internal.owner_of(relation regclass) RETURNS oid
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$ SELECT c.relowner FROM pg_class AS c WHERE c.oid = relation $$;
COMMENT ON FUNCTION gpsync_internal.owner_of(regclass) IS 'The owner of a relation';

-- A statement on a table runs triggers, indexes and checks of its partitions, or of what inherits from it, as who gives
-- it.
CREATE FUNCTION gpsync_internal.partition_of_others(relation regclass) RETURNS regclass
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    owner oid := gpsync_internal.owner_of(relation);
BEGIN
    -- The owner of each table is looked up by itself: a join asks of every relation of the database first.
    RETURN (WITH RECURSIVE tree (oid) AS (
                SELECT relation::oid
                UNION SELECT i.inhrelid FROM tree AS t
                    JOIN pg_inherits AS i ON i.inhparent = t.oid AND NOT i.inhdetachpending)
            SELECT t.oid::regclass FROM tree AS t
            WHERE NOT pg_has_role((SELECT c.relowner FROM pg_class AS c WHERE c.oid = t.oid), owner, 'USAGE')
            ORDER BY t.oid LIMIT 1);
END $$;
COMMENT ON FUNCTION gpsync_internal.partition_of_others(regclass) IS
    'A partition, or a table that inherits, whose owner has not the rights of the table''s owner. NULL: there is none';

CREATE FUNCTION gpsync_internal.owner_for_statements(relation regclass) RETURNS oid
    LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    partition regclass := gpsync_internal.partition_of_others(relation);
    owner regrole := gpsync_internal.owner_of(relation);
BEGIN
    IF partition IS NOT NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('partition %s of table %s belongs to another role', partition, relation),
            DETAIL = format('Its code would run with the rights of %s, which owns the table.', owner),
            HINT = format('ALTER TABLE %s OWNER TO %s', partition, owner);
    END IF;
    RETURN owner;
END $$;
COMMENT ON FUNCTION gpsync_internal.owner_for_statements(regclass) IS
    'The owner of a table, as whom statements on it are run. Errors: 55000 a partition belongs to a role that has not '
    'this one''s rights, so its code would run with rights that are not its owner''s';
REVOKE ALL ON FUNCTION gpsync_internal.owner_of(regclass), gpsync_internal.partition_of_others(regclass),
    gpsync_internal.owner_for_statements(regclass) FROM PUBLIC;

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
           (l.label::jsonb ->> 'check_replicated')::boolean AS check_replicated,
           l.label::jsonb ->> 'history_topic' AS history_topic
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
