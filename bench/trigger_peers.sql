-- The rules of machine token_lifecycle and gpsync's stamps, written by hand in PL/pgSQL: one BEFORE UPDATE trigger that
-- refuses an illegal transition and writes the same three columns. Insert has a trigger of its own, which costs an
-- update nothing; it is left out since nothing here inserts while it is measured.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS bench;

CREATE FUNCTION bench.stamp_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status
       AND NOT (CASE OLD.status
                    WHEN 'INACTIVE' THEN NEW.status IN ('ACTIVE', 'DEACTIVATED')
                    WHEN 'ACTIVE' THEN NEW.status IN ('SUSPENDED', 'DEACTIVATED')
                    WHEN 'SUSPENDED' THEN NEW.status IN ('ACTIVE', 'DEACTIVATED')
                    ELSE false
                END) THEN
        RAISE EXCEPTION 'invalid status transition from "%" to "%" in table "%"', OLD.status, NEW.status, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    NEW.sync_status := 'PENDING';
    NEW.sync_revision := greatest(OLD.sync_revision + 1, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint);
    NEW.last_updated := now();
    RETURN NEW;
END $$;

CREATE TABLE bench.transition (
    from_state varchar(20) NOT NULL,
    to_state   varchar(20) NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO bench.transition VALUES
    ('INACTIVE', 'ACTIVE'), ('INACTIVE', 'DEACTIVATED'),
    ('ACTIVE', 'SUSPENDED'), ('ACTIVE', 'DEACTIVATED'),
    ('SUSPENDED', 'ACTIVE'), ('SUSPENDED', 'DEACTIVATED');
ANALYZE bench.transition;

CREATE FUNCTION bench.stamp_lookup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status
       AND NOT EXISTS (SELECT FROM bench.transition WHERE from_state = OLD.status AND to_state = NEW.status) THEN
        RAISE EXCEPTION 'invalid status transition from "%" to "%" in table "%"', OLD.status, NEW.status, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    NEW.sync_status := 'PENDING';
    NEW.sync_revision := greatest(OLD.sync_revision + 1, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint);
    NEW.last_updated := now();
    RETURN NEW;
END $$;

-- What a relay leaves behind: every row booked. The triggers stay quiet.
CREATE PROCEDURE bench.book(relation regclass) LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL session_replication_role = replica;
    EXECUTE format('UPDATE %s SET sync_status = ''COMPLETED'', last_sync_timestamp = now()', relation);
END $$;
