-- gpsync.verify(): registers a verification, and sets its options before and while it runs.

CREATE FUNCTION gpsync_internal.verify_of(run text, caller oid) RETURNS gpsync.verify_run
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.verify_run;
BEGIN
    SELECT * INTO of FROM gpsync.verify_run AS r WHERE r.run = verify_of.run;
    IF NOT FOUND THEN
        RAISE undefined_object USING MESSAGE = format('there is no verification "%s"', run),
            HINT = coalesce(nullif(gpsync_internal.name_hint(coalesce(run, ''), 'verifications',
                array(SELECT r.run FROM gpsync.verify_run AS r ORDER BY r.registered_at DESC LIMIT 100)), ''),
                'gpsync.verify() registers one.');
    ELSIF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = of.owner AND pg_has_role(caller, r.oid,
        'MEMBER')) THEN
        RAISE insufficient_privilege USING MESSAGE = format('verification "%s" belongs to role "%s"', run, of.owner),
            HINT = 'Its owner, and members of that role, may run and repair it.';
    END IF;
    RETURN of;
END $$;
COMMENT ON FUNCTION gpsync_internal.verify_of(text, oid) IS
    'A verification that a role may run. Errors: 42704 there is none; 42501 the role may not';

CREATE FUNCTION gpsync_internal.new_run_name(relation regclass) RETURNS text
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT gpsync_internal.free_name(left(regexp_replace(c.relname, '[^A-Za-z0-9_.-]', '_', 'g'), 40),
                                 array(SELECT r.run FROM gpsync.verify_run AS r))
FROM pg_class AS c WHERE c.oid = relation $$;
COMMENT ON FUNCTION gpsync_internal.new_run_name(regclass) IS 'The name of a verification that was given none';

CREATE FUNCTION gpsync_internal.refuse_verify(relation regclass, source text, max_differences integer, run text,
    caller oid) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF source IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'source cannot be NULL';
    ELSIF relation IS NULL OR gpsync_internal.attached_to(relation) IS DISTINCT FROM relation THEN
        RAISE wrong_object_type USING MESSAGE = format('%s is not an attached table', coalesce(relation::text, 'null')),
            DETAIL = 'Only of attached tables it is known which rows are on their way.',
            HINT = 'gpsync.attached_tables lists them; gpsync.attach() puts a table under control.';
    ELSIF NOT gpsync_internal.may_read_rows(caller, relation) THEN
        RAISE insufficient_privilege USING MESSAGE = format('role "%s" may not read all rows of table %s',
            (SELECT r.rolname FROM pg_roles AS r WHERE r.oid = caller), relation),
            DETAIL = 'It needs SELECT, and no row-level security that applies to it.';
    ELSIF coalesce(max_differences, 0) < 1 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'max_differences must be at least 1';
    ELSIF run !~ '^[A-Za-z0-9_.-]{1,63}$' THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" is not the name of a run', run),
            DETAIL = 'It has 1 to 63 letters, digits, "_", "." and "-".';
    ELSIF EXISTS (SELECT FROM gpsync.verify_run AS r WHERE r.run = refuse_verify.run) THEN
        RAISE duplicate_object USING MESSAGE = format('verification "%s" exists already', run),
            HINT = format('SELECT gpsync.drop_verify(%L), or leave the name out.', run);
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_verify(regclass, text, integer, text, oid) IS
    'Raises what forbids a verification: 22004; 42809 not attached; 42501; 22023; 42710 the name is taken';

CREATE FUNCTION gpsync_internal.new_verify_as(caller oid, relation regclass, source text, columns jsonb,
        source_key name[], status_map jsonb, max_differences integer, run text) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    name text;
BEGIN
    PERFORM gpsync_internal.refuse_verify(relation, source, max_differences, run, caller);
    name := coalesce(run, gpsync_internal.new_run_name(relation));
    INSERT INTO gpsync.verify_run (run, relation, source, mapping, given, max_differences, owner)
        SELECT name, new_verify_as.relation, new_verify_as.source,
               gpsync_internal.verify_mapping(new_verify_as.relation, new_verify_as.source, new_verify_as.columns,
                   new_verify_as.source_key, new_verify_as.status_map, caller),
               jsonb_build_object('columns', new_verify_as.columns, 'source_key', new_verify_as.source_key,
                   'status_map',
                   new_verify_as.status_map),
               new_verify_as.max_differences, r.rolname
        FROM pg_roles AS r WHERE r.oid = caller;
    RETURN name;
END $$;
COMMENT ON FUNCTION gpsync_internal.new_verify_as(oid, regclass, text, jsonb, name[], jsonb, integer, text) IS
    'verify() on behalf of a role';

CREATE FUNCTION gpsync_internal.new_verify(relation regclass, source text, columns jsonb, source_key name[],
        status_map jsonb, max_differences integer, run text) RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.new_verify(regclass, text, jsonb, name[], jsonb, integer, text) IS
    'verify(), after the caller''s search_path has found the source';

CREATE FUNCTION gpsync.verify(relation regclass, source text, columns jsonb DEFAULT NULL,
        source_key name[] DEFAULT NULL, status_map jsonb DEFAULT NULL, max_differences integer DEFAULT 10000,
        run text DEFAULT NULL) RETURNS text
    LANGUAGE sql
BEGIN ATOMIC
    SELECT gpsync_internal.new_verify($1, gpsync_internal.migration_source($2), $3, $4, $5, $6, $7);
END;
COMMENT ON FUNCTION gpsync.verify(regclass, text, jsonb, name[], jsonb, integer, text) IS
    'Registers a comparison of an attached table with a source, and gives its name; CALL gpsync.run_verify(name) does '
    'it. source, columns, source_key and status_map: as for import(). A value of columns may be {"source": '
    'expression, "compare": rule or rules}: scale:N, empty_is_null, trim, lower, second (both sides), utc, zone:NAME '
    '(the legacy side has local times). It ends at max_differences. Errors: 42809 not attached; 42501 the caller may '
    'not read all rows; 22023, 42703, 42804 columns that do not fit; 42710 the name is taken; those of the source';

CREATE FUNCTION gpsync_internal.verify_import_as(caller oid, job text) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.import_job;
    name text;
BEGIN
    SELECT * INTO of FROM gpsync.import_job AS j WHERE j.job = verify_import_as.job;
    PERFORM gpsync_internal.refuse_foreign_job(job, of.owner, caller);
    name := gpsync_internal.new_verify_as(caller, of.relation, of.source, of.columns, of.source_key, of.status_map,
        10000, NULL);
    UPDATE gpsync.verify_run AS r SET time_zone = of.time_zone WHERE r.run = name;
    RETURN name;
END $$;
COMMENT ON FUNCTION gpsync_internal.verify_import_as(oid, text) IS 'verify(job) on behalf of a role';

CREATE FUNCTION gpsync_internal.verify_import(job text) RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync_internal.verify_import(text) IS 'verify(job)';

CREATE FUNCTION gpsync.verify(job text) RETURNS text
    LANGUAGE sql
BEGIN ATOMIC
    SELECT gpsync_internal.verify_import($1);
END;
COMMENT ON FUNCTION gpsync.verify(text) IS
    'Registers a comparison of what an import brings over: its table, source and mapping. Errors: 42704 no such '
    'import; 42501 the caller is not a member of its owner; those of verify()';

-- One place that knows the options: what each is, and its default.
CREATE FUNCTION gpsync_internal.verify_option(options jsonb, option text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT coalesce(options ->> option, d.value)
FROM (VALUES ('rounds', '10'), ('sync_timeout', '5s'), ('slice_rows', '2000000'), ('max_stream_lag', '60s'),
             ('incremental', 'false')) AS d (option, value)
WHERE d.option = verify_option.option $$;
COMMENT ON FUNCTION gpsync_internal.verify_option(jsonb, text) IS
    'An option of a verification, or its default; NULL: there is no such option';

CREATE FUNCTION gpsync_internal.earlier_lsn(of gpsync.verify_run) RETURNS pg_lsn
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT r.start_lsn FROM gpsync.verify_run AS r
WHERE r.relation = (of).relation AND r.source = (of).source AND r.given = (of).given AND r.state = 'finished'
    AND r.run <> (of).run AND r.start_lsn IS NOT NULL
    AND NOT EXISTS (SELECT FROM gpsync.verify_difference AS d WHERE d.run = r.run)
ORDER BY r.start_lsn DESC LIMIT 1 $$;
COMMENT ON FUNCTION gpsync_internal.earlier_lsn(gpsync.verify_run) IS
    'Where the last run of the same comparison that found no difference began; NULL: there is none';

CREATE FUNCTION gpsync_internal.refuse_incremental(of gpsync.verify_run) RETURNS void
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid
        AND a.attnum = i.indkey[0]
                   WHERE i.indrelid = of.relation AND i.indisvalid AND a.attname = 'sync_revision'
                       AND i.indpred IS NULL)
    THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('table %s has no index on sync_revision', of.relation),
            HINT = format('CREATE INDEX ON %s USING brin (sync_revision)', of.relation);
    ELSIF gpsync_internal.earlier_lsn(of) IS NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('no earlier run of verification "%s" was clean', of.run),
            DETAIL = 'An incremental run compares what was written since a run of the same table, source and columns '
                     'that found no difference.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_incremental(gpsync.verify_run) IS
    'Raises 55000 unless a run can be incremental';

CREATE FUNCTION gpsync_internal.is_verify_value(option text, value text) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RETURN CASE option
        WHEN 'rounds' THEN value::integer BETWEEN 1 AND 1000
        WHEN 'slice_rows' THEN value::bigint > 0
        WHEN 'incremental' THEN value::boolean IS NOT NULL
        ELSE value::interval > '0' END;
EXCEPTION WHEN data_exception THEN
    RETURN false;
END $$;
COMMENT ON FUNCTION gpsync_internal.is_verify_value(text, text) IS
    'Whether an option of a verification can have a value';

CREATE FUNCTION gpsync_internal.set_verify_as(caller oid, run text, option text, value text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    of gpsync.verify_run := gpsync_internal.verify_of(run, caller);
BEGIN
    IF gpsync_internal.verify_option('{}', option) IS NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = format('a verification has no option "%s"', option),
            HINT = gpsync_internal.name_hint(coalesce(option, ''), 'options',
                '{rounds,sync_timeout,slice_rows,max_stream_lag,incremental}'::text[]);
    END IF;
    IF NOT gpsync_internal.is_verify_value(option, value) THEN
        RAISE invalid_parameter_value USING MESSAGE = format('"%s" is out of range for option "%s"', value, option),
            HINT = CASE option WHEN 'rounds' THEN 'It is a number from 1 to 1000.'
                WHEN 'slice_rows' THEN 'It is a number of rows above 0.'
                WHEN 'incremental' THEN 'It is true or false.'
                ELSE 'It is an interval of more than nothing, as 5s.' END;
    ELSIF option = 'incremental' AND value::boolean THEN
        PERFORM gpsync_internal.refuse_incremental(of);
    END IF;
    IF of.state <> 'registered' AND option IN ('slice_rows', 'incremental') THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('option "%s" cannot change after verification "%s" has begun', option, run);
    END IF;
    UPDATE gpsync.verify_run AS r SET options = r.options || jsonb_build_object(option, value)
        WHERE r.run = set_verify_as.run;
END $$;
COMMENT ON FUNCTION gpsync_internal.set_verify_as(oid, text, text, text) IS 'set_verify() on behalf of a role';

CREATE FUNCTION gpsync.set_verify(run text, option text, value text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.set_verify(text, text, text) IS
    'Sets an option of a verification: rounds (10), how often a candidate is tried to confirm; sync_timeout (5s), how '
    'long a round waits for the streams; slice_rows (2000000), the rows of a step; max_stream_lag (60s), above which '
    'it pauses; incremental (false), only rows written since the last clean run. Errors: 42704, 42501, 22023, 55000';

CREATE FUNCTION gpsync_internal.drop_verify_as(caller oid, run text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM gpsync_internal.verify_of(run, caller);
    PERFORM gpsync_internal.lock_run(run);
    DELETE FROM gpsync.verify_run AS r WHERE r.run = drop_verify_as.run;
END $$;
COMMENT ON FUNCTION gpsync_internal.drop_verify_as(oid, text) IS 'drop_verify() on behalf of a role';

CREATE FUNCTION gpsync.drop_verify(run text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_call_as_owner';
COMMENT ON FUNCTION gpsync.drop_verify(text) IS
    'Removes a verification and its differences; one that runs ends with its step. Errors: 42704, 42501';

CREATE FUNCTION gpsync_internal.lock_run(run text) RETURNS void
    LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'gpsync_lock_run';
COMMENT ON FUNCTION gpsync_internal.lock_run(text) IS
    'Waits until no other transaction works on a verification, and keeps others away until this one ends';

REVOKE ALL ON FUNCTION gpsync_internal.verify_of(text, oid), gpsync_internal.new_run_name(regclass),
    gpsync_internal.refuse_verify(regclass, text, integer, text, oid),
    gpsync_internal.new_verify_as(oid, regclass, text, jsonb, name[], jsonb, integer, text),
    gpsync_internal.new_verify(regclass, text, jsonb, name[], jsonb, integer, text),
    gpsync.verify(regclass, text, jsonb, name[], jsonb, integer, text), gpsync_internal.verify_import_as(oid, text),
    gpsync_internal.verify_import(text), gpsync.verify(text), gpsync_internal.verify_option(jsonb, text),
    gpsync_internal.earlier_lsn(gpsync.verify_run), gpsync_internal.refuse_incremental(gpsync.verify_run),
    gpsync_internal.is_verify_value(text, text),
    gpsync_internal.set_verify_as(oid, text, text, text), gpsync.set_verify(text, text, text),
    gpsync_internal.drop_verify_as(oid, text), gpsync.drop_verify(text), gpsync_internal.lock_run(text) FROM PUBLIC;
