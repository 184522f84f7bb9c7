-- attach() and its like run with the caller's rights, and so do the functions they are made of.
CREATE FUNCTION gpsync_internal.control_functions() RETURNS name[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    AS $$
SELECT '{attach, detach, define_machine, drop_machine, create_platform_tables, generate_test_data, load_row,
    load_columns, begin_load, end_load, lock_machines, refuse_relation, refuse_attached, refuse_partitions,
    inheriting_tables, refuse_key, refuse_status_column, base_type, is_state_type, refuse_unknown_states,
    unknown_states, refuse_own_columns, warn_of_pii_in_key, add_own_columns, drop_triggers, fire_always,
    create_triggers,
    record_attachment, keep_contents, compare_contents, publication_covers, refuse_publication_owner, publish,
    publication_options, unpublished_identity, refuse_unpublished_identity, unpublish, create_platform_table,
    test_value, last_test_number, test_columns, scrub, has_pii, find_pii, define_policy, check_policy,
    require_policy, scrub_on_write, scrub_row, stop_scrub_on_write, refuse_scrub_table, refuse_document_column,
    scrub_triggers, new_scrub_triggers, refuse_scrubbed_partition, note_unscrubbed_rows, scrub_partner_data,
    check_redaction, redact_in_stream, keep_in_step, drop_step, step_lock, step_follow, register_step,
    unregister_step, refuse_step_table, refuse_step_columns, refuse_step_key, create_step_triggers,
    drop_step_triggers, step_sides, warn_of_step_differences, lock_sides, track_duplicates, refuse_ungrouped,
    stream_history, drop_history_triggers, create_history_triggers, refuse_bad_topics, stop_triggers,
    batch_triggers, track_batches, untrack_batches, attach_shards, has_citus, is_shard_name, shard_of,
    is_shard, is_distributed, local_shards, attached_shard, refuse_shard, publish_fix, shards_are_hidden,
    set_for_shards}'::name[] $$;
COMMENT ON FUNCTION gpsync_internal.control_functions() IS
    'The functions that a role calls, by itself or through others, to put its tables under control; grant_operator() '
    'grants them';
REVOKE ALL ON FUNCTION gpsync_internal.control_functions() FROM PUBLIC;

-- The pure functions (is_valid_transition() and its like) are everybody's.
GRANT USAGE ON SCHEMA gpsync, gpsync_internal TO PUBLIC;
