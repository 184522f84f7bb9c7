# Sourced by demo/run: the second act. Legacy's rows are brought over while the application writes; both sides are proved
# equal, broken, and mended.
# Variables like dir and RATE are demo/run's and each other's.
# shellcheck shell=bash disable=SC2154,SC2153

readonly LEGACY_ROWS=${LEGACY_ROWS:-200000}
readonly IMPORT_SECONDS=60 # more than that, and the demo gives up

legacy_psql() { demo_psql --dbname=legacy "$@"; }

set_up_legacy() {
    as_cluster_user createdb --host="$dir" --port="$CLUSTER_PORT" --username=postgres legacy
    legacy_psql --set=rows="$LEGACY_ROWS" --file=- <"$HERE/legacy.sql"
    demo_psql --set=dir="$dir" --set=port="$CLUSTER_PORT" --file=- <"$HERE/import.sql" >"$dir/import-setup.log"
}

start_application() {
    cp "$HERE/imported.pgbench" "$dir/"
    chmod a+r "$dir/imported.pgbench"
    as_cluster_user pgbench --no-vacuum --host="$dir" --port="$CLUSTER_PORT" --username=postgres --define=rows="$LEGACY_ROWS" \
        --client=2 --time=120 --rate=200 --file="$dir/imported.pgbench" demo >"$dir/pgbench-imported.log" 2>&1 &
    moves_pid=$!
}

# Ends its sessions, and with them pgbench, which is a child of the job that the shell knows.
stop_application() {
    demo_psql --command="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgbench'" >/dev/null
    wait "$moves_pid" 2>/dev/null || true
    moves_pid=''
}

start_import() {
    as_cluster_user psql --no-psqlrc --quiet --host="$dir" --port="$CLUSTER_PORT" --username=postgres --dbname=demo \
        --command="CALL gpsync.run_import('old_platform')" >"$dir/run_import.log" 2>&1 &
    import_pid=$!
}

# read_import: how far it is.
read_import() {
    IFS='|' read -r import_state import_phase read written skipped rejected rate < <(demo_psql --command="
        SELECT state, phase, read, written, skipped, rejected, coalesce(rows_per_second, 0) FROM gpsync.import_progress WHERE job = 'old_platform'")
}

show_import() {
    local percent=$((read * 100 / LEGACY_ROWS)) line
    [ "$percent" -le 100 ] || percent=100
    local filled=$((percent * 12 / 100))
    line=$(printf '   %s%s %3d %%  %6d read %6d written %4d skipped %3d rejected  %6d rows/s  %s' "${BAR:0:filled}" "${NO_BAR:filled}" \
        "$percent" "$read" "$written" "$skipped" "$rejected" "$rate" "$import_phase")
    if [ -t 1 ]; then printf '\r%s\e[K' "$line"; else say "$line"; fi
}

# Ends the session that imports, in the middle of a chunk.
kill_import() {
    demo_psql --command="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CALL gpsync.run_import%'" >/dev/null
    wait "$import_pid" 2>/dev/null || true
    [ ! -t 1 ] || say ""
    say "   The session that imports is killed at $read rows, and another one goes on"
    start_import
}

run_import() {
    local killed='' start=$SECONDS interval=2
    [ ! -t 1 ] || interval=0.5
    start_import
    until read_import && [ "$import_state" = 'done' ]; do
        show_import
        if [ -z "$killed" ] && [ "$read" -ge $((LEGACY_ROWS * 4 / 10)) ]; then
            kill_import
            killed=yes
        fi
        is_running "$import_pid" || { read_import; [ "$import_state" = 'done' ] || { cat "$dir/run_import.log" >&2; die "the import has ended"; }; }
        [ $((SECONDS - start)) -lt $IMPORT_SECONDS ] || die "the import is not done after $IMPORT_SECONDS s"
        sleep "$interval"
    done
    show_import
    [ ! -t 1 ] || say ""
    [ -n "$killed" ] || say "   (it was done before it could be killed)"
    wait "$import_pid" || { cat "$dir/run_import.log" >&2; die "the import failed"; }
    [ $((written + skipped + rejected)) = "$read" ] || die "not every row is accounted for"
}

show_rejects() {
    demo_psql --field-separator='  ' --command="
        SELECT '   ' || sum(rows), sqlstate, coalesce('column ' || column_name, '-'), min(message), 'such as ' || min(key ->> 'provision_id')
        FROM gpsync.import_rejects WHERE job = 'old_platform' AND state = 'open' GROUP BY sqlstate, column_name ORDER BY sqlstate"
}

# What was wrong is mended where it was, and the rows are read again.
mend_rejects() {
    legacy_psql --command="UPDATE prov SET stat = '2' WHERE stat = 'Z'" \
        --command="UPDATE prov SET dev_name = 'Very Large Phone' WHERE length(dev_name) > 40" \
        --command="DELETE FROM prov WHERE dev_name = 'Phone, again'"
    demo_psql --command="SELECT gpsync.retry_rejects('old_platform')" >/dev/null 2>&1
    demo_psql --command="CALL gpsync.run_import('old_platform')" >/dev/null 2>"$dir/retry_import.log"
    local left
    left=$(demo_psql --command="SELECT count(*) FROM gpsync.import_rejects WHERE job = 'old_platform' AND state = 'open'")
    say "   Mended in the legacy database and read again: $left rejects are left"
    [ "$left" = 0 ] || { show_rejects; die "some rejects are left"; }
}

# Nothing of the import, and everything else.
check_import() {
    local heard followed
    [ "$(demo_psql --command="SELECT gpsync.wait_for_sync(timeout => '60 s')")" = t ] || die "not everything is booked after 60 s"
    for endpoint in nws ods; do
        curl -sS "$(endpoint_url $endpoint events)?with=public.provisioning/" >"$dir/$endpoint.imported"
        heard=$(grep -c 'gpsync.row.inserted' "$dir/$endpoint.imported" || true)
        followed=$(grep -c 'gpsync.row.updated' "$dir/$endpoint.imported" || true)
        [ "$heard" = 0 ] || die "$endpoint got $heard imported rows"
        [ "$followed" -gt 0 ] || die "$endpoint got nothing that the application wrote to imported rows"
    done
    demo_psql --command="
        SELECT format('   %s rows, %s of them changed since by the application; %s PENDING; documents with PII: %s; no endpoint heard of the import',
            count(*), count(*) FILTER (WHERE sync_revision % 8 <> 1), count(*) FILTER (WHERE sync_status = 'PENDING'),
            count(*) FILTER (WHERE gpsync.has_pii(partner))) FROM provisioning"
}

second_act() {
    step "A legacy database with $LEGACY_ROWS provisionings in its own codes, some of them broken (demo/legacy.sql, demo/import.sql)"
    set_up_legacy
    step "Import, while the application writes; the session that runs it is killed once"
    start_application
    run_import
    stop_application
    step "What could not be brought over, and why"
    show_rejects
    mend_rejects
    check_import
}
