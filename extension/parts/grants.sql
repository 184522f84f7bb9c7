-- Parts of people and programs, and exactly the rights that each needs. Nothing here is granted to PUBLIC.

-- relay:    delivers. It has no right on tables; it reads and writes through SECURITY DEFINER functions.
-- reader:   watches, and waits for its own changes to be delivered.
-- operator: a reader that also attaches tables of its own, defines machines, starts, stops and repairs streams, sees
--           the payload of dead letters, retries and discards them. An operator that owns the database can pg_dump it.
-- emitter:  an application that emits events and asks what became of them.
CREATE FUNCTION gpsync_internal.part_objects(part text) RETURNS TABLE (kind text, object text)
    LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
    AS $$
WITH needed (part, kind, name) AS (VALUES
    ('relay', 'FUNCTION', 'relay_config'), ('relay', 'FUNCTION', 'relay_acquire'), ('relay', 'FUNCTION', 'relay_book'),
    ('relay', 'FUNCTION', 'relay_seize'),
    ('relay', 'FUNCTION', 'relay_retry_deferred'), ('relay', 'FUNCTION', 'relay_confirm'),
        ('relay', 'FUNCTION', 'relay_report'), ('relay', 'FUNCTION', 'relay_keep_cursors'),
    ('relay', 'FUNCTION', 'relay_spool_write'), ('relay', 'FUNCTION', 'relay_spool_read'),
    ('relay', 'FUNCTION', 'relay_spool_trim'), ('relay', 'FUNCTION', 'relay_keep_held'),
    ('relay', 'FUNCTION', 'relay_held'),
    ('relay', 'FUNCTION', 'relay_held_next'), ('relay', 'FUNCTION', 'relay_held_requests'),
    ('relay', 'FUNCTION', 'relay_resend_next'), ('relay', 'FUNCTION', 'relay_resend_settle'),
    ('relay', 'FUNCTION', 'status_document'), ('relay', 'FUNCTION', 'status_details'),
    ('reader', 'FUNCTION', 'report_html'), ('reader', 'FUNCTION', 'status_document'),
        ('reader', 'FUNCTION', 'status_details'), ('reader', 'FUNCTION', 'page_html'),
    ('emitter', 'FUNCTION', 'emit'), ('emitter', 'FUNCTION', 'request_status'),
    ('reader', 'FUNCTION', 'request_status'), ('reader', 'FUNCTION', 'stream_topics'),
    ('reader', 'FUNCTION', 'stream_partition'),
    ('reader', 'FUNCTION', 'is_failover_slot'),
    ('relay', 'FUNCTION', 'relay_lookups'), ('relay', 'FUNCTION', 'relay_lookup_next'),
        ('relay', 'FUNCTION', 'relay_lookup_apply'),
    ('reader', 'TABLE', 'lookup_status'), ('reader', 'FUNCTION', 'lookup_states'),
        ('reader', 'TABLE', 'lookup_conflicts'), ('reader', 'FUNCTION', 'lookup_now'),
        ('reader', 'FUNCTION', 'ask_token_system'), ('reader', 'FUNCTION', 'token_is_asked'),
    ('operator', 'FUNCTION', 'create_lookup'), ('operator', 'FUNCTION', 'drop_lookup'),
        ('operator', 'FUNCTION', 'pause_lookup'), ('operator', 'FUNCTION', 'resume_lookup'),
        ('operator', 'TABLE', 'lookup'),
    ('emitter', 'FUNCTION', 'route'), ('emitter', 'FUNCTION', 'record_outcome'),
        ('emitter', 'FUNCTION', 'ramp_report'),
    ('reader', 'FUNCTION', 'route'), ('reader', 'TABLE', 'ramp_status'), ('reader', 'FUNCTION', 'ramp_states'),
        ('reader', 'TABLE', 'ramp_log'),
    ('operator', 'FUNCTION', 'create_ramp'), ('operator', 'FUNCTION', 'drop_ramp'),
        ('operator', 'FUNCTION', 'hold_ramp'), ('operator', 'FUNCTION', 'resume_ramp'),
        ('operator', 'FUNCTION', 'advance_ramp'), ('operator', 'FUNCTION', 'roll_back_ramp'),
        ('operator', 'FUNCTION', 'record_outcome'), ('operator', 'FUNCTION', 'ramp_report'),
        ('operator', 'FUNCTION', 'tick_ramps'), ('operator', 'TABLE', 'ramp'),
    ('relay', 'FUNCTION', 'relay_apply_local'), ('relay', 'FUNCTION', 'relay_keep_local'),
    ('reader', 'TABLE', 'stream_status'), ('reader', 'TABLE', 'endpoint_status'),
        ('reader', 'TABLE', 'attached_tables'),
    ('reader', 'TABLE', 'redacted_columns'), ('reader', 'FUNCTION', 'redacted_column_states'),
        ('reader', 'TABLE', 'policy'),
    ('reader', 'FUNCTION', 'stream_states'), ('reader', 'FUNCTION', 'relay_reports'),
        ('reader', 'FUNCTION', 'endpoint_reports'),
    ('reader', 'FUNCTION', 'is_fresh_report'), ('reader', 'FUNCTION', 'relay_report_age'),
        ('reader', 'FUNCTION', 'doctor'), ('reader', 'FUNCTION', 'wait_for_sync'),
    -- Of rows that the role itself may update.
    ('reader', 'FUNCTION', 'sync_row'), ('reader', 'FUNCTION', 'sync_provision_status'),
        ('reader', 'FUNCTION', 'sync_token_status'),
        ('reader', 'PROCEDURE', 'sync_row_now'),
        ('reader', 'PROCEDURE', 'sync_provision_status_now'), ('reader', 'PROCEDURE', 'sync_token_status_now'),
    ('reader', 'TABLE', 'step_differences'), ('reader', 'FUNCTION', 'step_differences'),
    ('reader', 'TABLE', 'resend_progress'), ('reader', 'FUNCTION', 'job_runners'),
    ('operator', 'FUNCTION', 'resend'), ('operator', 'FUNCTION', 'cancel_resend'),
        ('operator', 'PROCEDURE', 'run_resend'), ('operator', 'FUNCTION', 'resend_step'),
        ('operator', 'FUNCTION', 'resend_failed'),
    ('reader', 'TABLE', 'parked_events'), ('reader', 'FUNCTION', 'spooled_events'),
    ('reader', 'FUNCTION', 'shown_table'), ('reader', 'FUNCTION', 'key_of_letter'),
    ('reader', 'FUNCTION', 'count_held'),
    ('reader', 'FUNCTION', 'row_held'),
    ('reader', 'FUNCTION', 'endpoint_feeds'), ('reader', 'FUNCTION', 'stream_spools'),
    ('reader', 'TABLE', 'dead_letter_groups'), ('reader', 'TABLE', 'dead_letter_log'),
        ('reader', 'FUNCTION', 'error_pattern'),
    ('reader', 'FUNCTION', 'explain_sync'), ('reader', 'FUNCTION', 'row_by_key'),
        ('reader', 'FUNCTION', 'row_to_explain'), ('reader', 'FUNCTION', 'commit_time'),
        ('reader', 'FUNCTION', 'endpoint_answers'), ('reader', 'FUNCTION', 'sync_summary'),
        ('reader', 'FUNCTION', 'attached_to'), ('reader', 'FUNCTION', 'row_streams'),
        ('reader', 'FUNCTION', 'row_letters'), ('reader', 'FUNCTION', 'row_log'),
        ('reader', 'FUNCTION', 'row_marks'), ('reader', 'FUNCTION', 'row_waits'),
    ('reader', 'TABLE', 'import_progress'), ('reader', 'TABLE', 'import_rejects'),
        ('reader', 'FUNCTION', 'import_backends'),
    ('operator', 'FUNCTION', 'import'), ('operator', 'FUNCTION', 'migration_source'),
        ('operator', 'FUNCTION', 'register_import'), ('operator', 'FUNCTION', 'run_import'),
        ('operator', 'FUNCTION', 'import_work'), ('operator', 'FUNCTION', 'import_step'),
        ('operator', 'FUNCTION', 'import_failed'), ('operator', 'FUNCTION', 'start_import'), ('operator', 'FUNCTION',
            'report_progress'),
        ('operator', 'FUNCTION', 'pause_import'), ('operator', 'FUNCTION', 'resume_import'),
        ('operator', 'FUNCTION', 'cancel_import'), ('operator', 'FUNCTION', 'set_import'),
        ('operator', 'FUNCTION', 'explain_import'), ('operator', 'FUNCTION', 'retry_rejects'),
        ('operator', 'FUNCTION', 'discard_rejects'),
    ('reader', 'TABLE', 'verify_progress'), ('reader', 'FUNCTION', 'verify_states'),
        ('reader', 'TABLE', 'verify_differences'),
    ('operator', 'FUNCTION', 'verify'), ('operator', 'FUNCTION', 'new_verify'), ('operator', 'FUNCTION',
        'verify_import'),
        ('operator', 'FUNCTION', 'set_verify'), ('operator', 'FUNCTION', 'drop_verify'),
        ('operator', 'PROCEDURE', 'run_verify'), ('operator', 'FUNCTION', 'verify_step'),
        ('operator', 'FUNCTION', 'repair'), ('operator', 'FUNCTION', 'repair_run'),
        ('operator', 'FUNCTION', 'verify_query'), ('operator', 'FUNCTION', 'bucket_query'),
        ('operator', 'FUNCTION', 'canonical_row'), ('operator', 'FUNCTION', 'canonical_text'),
        ('operator', 'FUNCTION', 'dialect_name'), ('operator', 'FUNCTION', 'first_bits'),
        ('operator', 'FUNCTION', 'compared_type'), ('operator', 'FUNCTION', 'is_hashable'),
    ('reader', 'TABLE', 'notifications'), ('operator', 'TABLE', 'notification'),
    ('operator', 'FUNCTION', 'create_notification'), ('operator', 'FUNCTION', 'drop_notification'),
    ('reader', 'TABLE', 'traffic_stops'),
    ('reader', 'TABLE', 'batches'), ('reader', 'FUNCTION', 'batch_states'), ('reader', 'TABLE', 'rollback_status'),
        ('operator', 'TABLE', 'rollback_left_rows'), ('operator', 'FUNCTION', 'preview_rollback'),
        ('operator', 'FUNCTION', 'drop_batch'), ('operator', 'PROCEDURE', 'emergency_rollback'),
        ('operator', 'FUNCTION', 'begin_rollback'), ('operator', 'FUNCTION', 'rollback_step'),
        ('operator', 'FUNCTION', 'report_ended_rollback'),
    ('operator', 'FUNCTION', 'stop_traffic'), ('operator', 'FUNCTION', 'resume_traffic'),
    ('operator', 'TABLE', 'dead_letters'), ('operator', 'FUNCTION', 'retry_dead_letters'),
        ('operator', 'FUNCTION', 'discard_dead_letters'),
    ('reader', 'TABLE', 'status_history'), ('reader', 'TABLE', 'status_durations'),
        ('reader', 'TABLE', 'history_status'), ('reader', 'FUNCTION', 'history_of'),
        ('reader', 'FUNCTION', 'history_states'), ('reader', 'FUNCTION', 'may_read_history'),
        ('reader', 'FUNCTION', 'kept_key'), ('reader', 'FUNCTION', 'column_names'),
    ('reader', 'TABLE', 'analytics_status'), ('reader', 'FUNCTION', 'analytics_states'),
    ('operator', 'FUNCTION', 'create_analytics'), ('operator', 'FUNCTION', 'drop_analytics'), ('operator',
        'FUNCTION', 'refresh_analytics'),
        ('operator', 'FUNCTION', 'prepare_analytics'), ('operator', 'FUNCTION', 'register_analytics'),
        ('operator', 'FUNCTION', 'analytics_columns'), ('operator', 'FUNCTION', 'copied_type'),
        ('operator', 'FUNCTION', 'stream_rule'),
    ('operator', 'FUNCTION', 'create_history'), ('operator', 'FUNCTION', 'drop_history'),
        ('operator', 'FUNCTION', 'refresh_history'), ('operator', 'FUNCTION', 'set_history_retention'),
    ('operator', 'FUNCTION', 'create_stream'),
    ('operator', 'FUNCTION', 'drop_stream'), ('operator', 'FUNCTION', 'pause_stream'),
    ('operator', 'FUNCTION', 'resume_stream'), ('operator', 'FUNCTION', 'skip_change'),
        ('operator', 'FUNCTION', 'reset_breaker'), ('operator', 'FUNCTION', 'retry_held'),
        ('operator', 'FUNCTION', 'discard_held'),
        ('operator', 'FUNCTION', 'recreate_stream'), ('operator', 'FUNCTION', 'take_ownership')
    UNION ALL SELECT 'operator', 'FUNCTION', unnest(gpsync_internal.control_functions()))
SELECT n.kind, p.oid::regprocedure::text FROM needed AS n JOIN pg_proc AS p ON p.proname = n.name
WHERE n.kind IN ('FUNCTION', 'PROCEDURE') AND p.pronamespace IN ('gpsync'::regnamespace,
    'gpsync_internal'::regnamespace)
    AND (n.part = part_objects.part OR n.part = 'reader' AND part_objects.part = 'operator')
UNION ALL
SELECT 'TABLE', c.oid::regclass::text FROM needed AS n JOIN pg_class AS c ON c.relname = n.name
WHERE n.kind = 'TABLE' AND c.relnamespace = 'gpsync'::regnamespace
    AND (n.part = part_objects.part OR n.part = 'reader' AND part_objects.part = 'operator')
-- What pg_dump reads of the extension, for a database's owner: its configuration tables.
UNION SELECT 'TABLE', c.relation::regclass::text FROM pg_extension AS e, unnest(e.extconfig) AS c (relation)
WHERE e.extname = 'gpsync' AND part_objects.part = 'operator' $$;
COMMENT ON FUNCTION gpsync_internal.part_objects(text) IS
    'The functions and views that a part (relay, reader, operator, emitter) uses';

CREATE FUNCTION gpsync_internal.grant_part(role regrole, part text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    needed record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.oid = role) THEN
        RAISE undefined_object USING MESSAGE = format('there is no role with OID %s', role::oid);
    ELSIF NOT has_database_privilege(role, current_database(), 'CONNECT') THEN
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %s', current_database(), role);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA gpsync, gpsync_internal TO %s', role);
    FOR needed IN SELECT * FROM gpsync_internal.part_objects(part) LOOP
        EXECUTE format('GRANT %s ON %s %s TO %s', CASE needed.kind WHEN 'TABLE' THEN 'SELECT' ELSE 'EXECUTE' END,
                       CASE needed.kind WHEN 'FUNCTION' THEN 'ROUTINE' ELSE needed.kind END, needed.object, role);
    END LOOP;
END $$;
COMMENT ON FUNCTION gpsync_internal.grant_part(regrole, text) IS
    'Grants a role what a part (relay, reader, operator, emitter) needs of the extension''s own objects';

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
    IF NOT FOUND OR missing = '' THEN  -- grant_part() says that it is not there
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
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp
        AS $$ SELECT gpsync_internal.grant_part(role, 'operator') $$;
COMMENT ON FUNCTION gpsync.grant_operator(regrole) IS
    'Lets a role attach its own tables (a new publication also takes CREATE on the database), define machines, create, '
    'pause, resume, recreate and drop streams, over tables it may read and servers it has USAGE on, and see, retry and '
    'discard dead letters';

CREATE FUNCTION gpsync.grant_reader(role regrole) RETURNS void
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp
        AS $$ SELECT gpsync_internal.grant_part(role, 'reader') $$;
COMMENT ON FUNCTION gpsync.grant_reader(regrole) IS 
    'Lets a role see statuses, call doctor(), wait_for_sync() and, for tables that it may read, explain_sync()';

CREATE FUNCTION gpsync.grant_emitter(role regrole) RETURNS void
    LANGUAGE sql STRICT SET search_path = pg_catalog, pg_temp
        AS $$ SELECT gpsync_internal.grant_part(role, 'emitter') $$;
COMMENT ON FUNCTION gpsync.grant_emitter(regrole) IS
    'Lets an application''s role call emit() and request_status()';

REVOKE ALL ON FUNCTION gpsync_internal.part_objects(text), gpsync_internal.grant_part(regrole, text),
    gpsync_internal.ensure_relay_attributes(regrole), gpsync.grant_relay(regrole), gpsync.grant_operator(regrole),
    gpsync.grant_reader(regrole), gpsync.grant_emitter(regrole) FROM PUBLIC;
