# Sourced by demo/run: the workload, its outage, and the progress shown meanwhile.
# Variables like dir, RATE and workload_seconds are demo/run's and each other's.
# shellcheck shell=bash disable=SC2154,SC2153

readonly BATCH=12            # provisionings moved in one transaction
readonly MOVES=4             # RECEIVED → PROCESSING → COMPLETED → VERIFIED → ELIGIBLE
readonly OUTAGE_SECONDS=4    # how long NWS answers 503 …
readonly OUTAGE_AT=30        # … from this percentage of the workload on

run_pgbench() {
    local name=$1
    shift
    as_cluster_user pgbench --no-vacuum --host="$dir" --port="$CLUSTER_PORT" --username=postgres \
        --define=provisions="$PROVISIONS" --define=batch="$BATCH" --define=batches="$batches" "$@" demo >"$dir/pgbench-$name.log" 2>&1
}

start_workload() {
    batches=$((PROVISIONS / BATCH))
    total_steps=$((batches * MOVES))
    cp "$HERE"/*.pgbench "$dir/"
    chmod a+r "$dir"/*.pgbench
    demo_psql --command="SELECT gpsync.generate_test_data('provision_status', $PROVISIONS, 'prov_')" --file=- <"$HERE/workload.sql" >/dev/null
    # Steps in one process, so that exactly as many are made as there are; the rest runs beside it.
    run_pgbench moves --client=4 --transactions=$((total_steps / 4)) --rate="$RATE" --file="$dir/move.pgbench" &
    moves_pid=$!
    run_pgbench beside --client=2 --transactions=$((total_steps / 8)) --rate=$((RATE / 4)) --file="$dir/upsert.pgbench@4" \
        --file="$dir/illegal.pgbench@2" --file="$dir/rollback.pgbench@1" --file="$dir/delete.pgbench@1" &
    beside_pid=$!
}

# Ends what an interrupted demo left behind; the cluster's end would end it too.
stop_workload() {
    local pid
    for pid in ${moves_pid:-} ${beside_pid:-}; do
        kill "$pid" 2>/dev/null || true
    done
}

# The numbers of a moment: steps made, rows pending, rows completed, lag in seconds, events each endpoint took.
read_progress() {
    IFS='|' read -r steps pending completed lag < <(demo_psql --command="SELECT * FROM demo.progress")
    now=$(date +%s%N)
    nws=$(endpoint_counter nws accepted)
    ods=$(endpoint_counter ods accepted)
}

# endpoint_counter NAME COUNTER
endpoint_counter() {
    curl -sS --max-time 10 "$(endpoint_url "$1" stats)" | sed -E "s/.*\"$2\":([0-9]+).*/\1/"
}

outage() {
    curl -sS "$(endpoint_url nws faults)" --data "{\"kind\":\"status\",\"status\":503,\"seconds\":$OUTAGE_SECONDS}" >/dev/null
    outage_until=$((now / 1000000000 + OUTAGE_SECONDS))
    [ -t 1 ] || say "   NWS answers 503 from now on, for $OUTAGE_SECONDS s"
}

readonly BAR='████████████' NO_BAR='············'

# rate BEFORE AFTER: events a second since the moment before.
rate() { echo $((($2 - $1) * 1000000000 / (now - last_now))); }

show_progress() {
    local percent=$((steps * 100 / total_steps)) line state=''
    [ "$percent" -le 100 ] || percent=100
    local filled=$((percent * 12 / 100))
    [ -n "${last_now:-}" ] || last_now=$workload_start last_nws=0 last_ods=0
    [ "${outage_until:-0}" -le $((now / 1000000000)) ] || state=' NWS:503'
    line=$(printf '   %s%s %3d %%  events/s %5d+%-5d %5d pending %5d completed  lag %.1f s%s' "${BAR:0:filled}" \
        "${NO_BAR:filled}" "$percent" "$(rate "$last_nws" "$nws")" "$(rate "$last_ods" "$ods")" "$pending" "$completed" "$lag" "$state")
    last_now=$now last_nws=$nws last_ods=$ods
    if [ -t 1 ]; then printf '\r%s\e[K' "${line:0:$(($(tput cols 2>/dev/null || echo 80) - 1))}"; else say "$line"; fi
}

is_running() { kill -0 "$1" 2>/dev/null; }

run_workload() {
    local outage_done='' interval=3 pending=0
    [ ! -t 1 ] || interval=0.5
    workload_start=$(date +%s%N)
    start_workload
    while is_running "$moves_pid" || is_running "$beside_pid" || [ "$pending" != 0 ]; do
        read_progress
        if [ -z "$outage_done" ] && [ $((steps * 100 / total_steps)) -ge $OUTAGE_AT ]; then
            outage
            outage_done=yes
        fi
        show_progress
        [ $(((now - workload_start) / 1000000000)) -lt 300 ] || { say ""; die "the workload is not delivered after five minutes"; }
        sleep "$interval"
    done
    [ ! -t 1 ] || say ""
    wait "$moves_pid" || { tail -20 "$dir/pgbench-moves.log" >&2; die "the workload failed"; }
    wait "$beside_pid" || { tail -20 "$dir/pgbench-beside.log" >&2; die "the workload failed"; }
    moves_pid='' beside_pid=''
    [ "$(demo_psql --command="SELECT gpsync.wait_for_sync(timeout => '60 s')")" = t ] || die "not everything is booked after 60 s"
    workload_seconds=$((($(date +%s%N) - workload_start) / 1000000))
    workload_seconds=$((workload_seconds / 1000)).$((workload_seconds % 1000 / 100))
}
