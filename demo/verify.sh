# Sourced by demo/run: both sides are proved equal, made to differ, and mended both ways.
# Variables like dir and RATE are demo/run's and each other's.
# shellcheck shell=bash disable=SC2154,SC2153

readonly PLANTED=12 # differences: see plant_differences

# The legacy table follows what NWS has taken.
apply_to_legacy() {
    [ "$(demo_psql --command="SELECT gpsync.wait_for_sync(timeout => '60 s')")" = t ] || die "not everything is booked after 60 s"
    curl -sS "$(endpoint_url nws ledger)" | grep '"public\.provisioning/' >"$dir/nws.provisioning" || true
    chmod a+r "$dir/nws.provisioning"
    sed "s|FROM pstdin|FROM '$dir/nws.provisioning'|" "$HERE/applied.sql" | legacy_psql --file=-
}

# verify_sides: compares them; leaves the run's name in run and the number of differences in differences.
verify_sides() {
    local began=$SECONDS
    run=$(demo_psql --command="SELECT gpsync.verify('old_platform')")
    demo_psql --command="CALL gpsync.run_verify('$run')" >"$dir/run_verify.log" 2>&1 || { cat "$dir/run_verify.log" >&2; die "the verification failed"; }
    differences=$(demo_psql --command="SELECT count(*) FROM gpsync.verify_differences WHERE run = '$run'")
    say "   $LEGACY_ROWS rows compared in $((SECONDS - began)) s: $differences differences"
}

show_differences() {
    demo_psql --field-separator='  ' --command="
        SELECT '   ' || count(*), kind, coalesce(array_to_string(columns, ', '), '-'), 'such as ' || min(key ->> 'provision_id')
        FROM gpsync.verify_differences WHERE run = '$run' GROUP BY kind, columns ORDER BY kind, columns"
}

# Three rows that legacy loses, three that only legacy has, six with another device or time.
plant_differences() {
    legacy_psql --command="DELETE FROM prov WHERE prov_id IN ('leg_000011', 'leg_000012', 'leg_000013')" \
        --command="INSERT INTO prov SELECT 'old_' || n, '1', 'Phone', '2020-01-01', '{}' FROM generate_series(1, 3) AS n" \
        --command="UPDATE prov SET dev_name = 'Somebody else''s' WHERE prov_id IN ('leg_000021', 'leg_000022', 'leg_000023')" \
        --command="UPDATE prov SET enrolled = enrolled + interval '1 s' WHERE prov_id IN ('leg_000031', 'leg_000032', 'leg_000033')"
}

# repair DIRECTION KINDS [KEYS]: a preview, then the same with apply.
repair() {
    local arguments="'$run', '$1', kinds => '$2'" apply
    [ $# -lt 3 ] || arguments="$arguments, keys => '$3'"
    for apply in false true; do
        demo_psql --field-separator='  ' --command="
            SELECT '   ' || CASE WHEN $apply THEN 'done   ' ELSE 'preview' END, count(*), kind, '$1', action, outcome
            FROM gpsync.repair($arguments, apply => $apply) GROUP BY kind, action, outcome ORDER BY kind"
    done
}

verify_act() {
    step "Both sides compared, bucket by bucket (docs/migration.md)"
    apply_to_legacy
    verify_sides
    [ "$differences" = 0 ] || { show_differences; die "both sides differ after the import"; }
    step "$PLANTED differences, planted in the legacy database behind everybody's back"
    plant_differences
    verify_sides
    show_differences
    [ "$differences" = $PLANTED ] || die "$PLANTED differences were planted"
    step "Repaired: what legacy lost or changed is sent again; rows where legacy is right are brought over"
    repair to_legacy '{missing}'
    repair to_legacy '{differs}' '[{"provision_id": "leg_000021"}, {"provision_id": "leg_000022"}, {"provision_id": "leg_000023"}]'
    repair to_legacy '{extra}' '[{"provision_id": "old_1"}]'
    repair to_modern '{differs}' '[{"provision_id": "leg_000031"}, {"provision_id": "leg_000032"}, {"provision_id": "leg_000033"}]'
    repair to_modern '{extra}' '[{"provision_id": "old_2"}, {"provision_id": "old_3"}]'
    apply_to_legacy
    verify_sides
    [ "$differences" = 0 ] || { show_differences; die "both sides still differ"; }
    say ""
    say "OK: legacy's table and the modern one are equal."
}
