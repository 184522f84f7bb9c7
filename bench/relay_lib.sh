# Sourced by the rows that deliver: the table, the emulators, and what is compared — gpsync-relay and the consumers in
# bench/peers — each started on an empty or a full slot.
# shellcheck shell=bash

# delivery_cluster ROWS [SETTING...]: a cluster with table token_status of so many rows, all booked.
delivery_cluster() {
    local rows=$1
    shift
    bench_cluster "$@"
    psql -Xq -v ON_ERROR_STOP=1 -v rows="$rows" -f "$BENCH_DIR/relay_table.sql"
    CONSUMER_DSN="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench"
}

free_port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

CONSUMER_DSN='' consumer_pid=''
endpoints=()
declare -A emulator_urls=() emulator_pids=()

# start_emulators NAME...: fresh emulators with empty ledgers, which make_slot and start_consumer take as endpoints.
start_emulators() {
    local name
    endpoints=("$@")
    for name in "$@"; do start_emulator "$name"; done
}

start_emulator() {
    local name=$1 port
    port=$(free_port)
    "$GPSYNC_ROOT/build/cmake/nws-emulator" --listen "127.0.0.1:$port" --name "$name" --ledger "$BENCH_CLUSTER/$name.ledger" \
        >"$BENCH_OUT/emulator.log" 2>&1 &
    emulator_pids[$name]=$!
    BENCH_PIDS+=("$!")
    emulator_urls[$name]=http://127.0.0.1:$port/events
    for _ in {1..100}; do
        if curl -sf "http://127.0.0.1:$port/stats" >/dev/null; then return 0; fi
        sleep 0.05
    done
    die "the emulator does not start: $(cat "$BENCH_OUT/emulator.log")"
}

# end_process PID: SIGTERM, and waits for it.
end_process() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
end_emulators() {
    local name
    for name in "${endpoints[@]}"; do
        end_process "${emulator_pids[$name]}"
        rm -rf "$BENCH_CLUSTER/$name".ledger*
    done
}

# control NAME PATH [CURL OPTION...]: of an emulator; see test/emulator.
control() { curl -sf "${@:3}" "${emulator_urls[$1]%/events}/$2"; }
# set_fault NAME JSON; clear_faults NAME.
set_fault() { control "$1" faults -d "$2" >/dev/null; }
clear_faults() { control "$1" faults -X DELETE >/dev/null; }
# accepted NAME: events the emulator has taken for the first time.
accepted() { control "$1" stats | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["accepted"])'; }
# check_accepted COUNT: every emulator has taken so many.
check_accepted() {
    local name
    for name in "${endpoints[@]}"; do
        [ "$(accepted "$name")" = "$1" ] || die "emulator $name took $(accepted "$name") events instead of $1"
    done
}
# wait_accepted NAME COUNT: until the emulator has taken so many.
wait_accepted() {
    for _ in {1..3000}; do
        if [ "$(accepted "$1")" = "$2" ]; then return 0; fi
        sleep 0.05
    done
    die "emulator $1 took $(accepted "$1") events instead of $2"
}

# make_slot gpsync|peer [SERVER OPTIONS]: the slot, before the changes it is to see. The other one's must not exist: it
# would hold them too.
make_slot() {
    local name
    if [ "$1" = gpsync ]; then
        for name in "${endpoints[@]}"; do
            do_sql "CREATE SERVER $name FOREIGN DATA WRAPPER gpsync_http OPTIONS (url '${emulator_urls[$name]}'${2:+, $2})"
        done
        do_sql "SELECT gpsync.create_stream('bench', endpoints => '{$(join , "${endpoints[@]}")}')"
    else
        do_sql "SELECT pg_create_logical_replication_slot('peer', 'wal2json')"
    fi
}
drop_slot() {
    if [ "$1" = gpsync ]; then
        do_sql "SELECT gpsync.drop_stream('bench')"
        do_sql "DROP SERVER $(join , "${endpoints[@]}")"
    else
        do_sql "SELECT pg_drop_replication_slot('peer')"
    fi
}

join() {
    local IFS=$1
    shift
    echo "$*"
}

# start_consumer gpsync|peer: sets consumer_pid.
start_consumer() {
    local name urls=()
    for name in "${endpoints[@]}"; do urls+=("${emulator_urls[$name]}"); done
    if [ "$1" = gpsync ]; then
        set -- "$GPSYNC_ROOT/build/cmake/gpsync-relay" --dbname "$CONSUMER_DSN" --stream bench
    else
        set -- "$PYTHON" "$BENCH_DIR/peers/psycopg2_consumer.py" "$CONSUMER_DSN" peer public.token_status token_id "${urls[@]}"
    fi
    "$@" >"$BENCH_OUT/consumer.log" 2>&1 &
    consumer_pid=$!
    BENCH_PIDS+=("$consumer_pid")
}

# wait_booked KEY: until the row changed last, and then every row, is booked; fails when the consumer ends before.
wait_booked() {
    local waiter ended
    psql -XqAt -v ON_ERROR_STOP=1 -c "SET statement_timeout = '150s'" -c "CALL bench.wait_booked('$1')" &
    waiter=$!
    BENCH_PIDS+=("$waiter")
    if ! wait -n -p ended "$waiter" "$consumer_pid" || [ "$ended" != "$waiter" ]; then
        tail -5 "$BENCH_OUT/consumer.log" >&2
        die "not everything was booked"
    fi
}

# make_backlog CHANGES PER_TRANSACTION: what was left behind by the round before is cleaned up first.
make_backlog() {
    do_sql "VACUUM public.token_status"
    do_sql "CALL bench.make_backlog($1, $2)"
    do_sql "CHECKPOINT"
}

# rate ROWS STARTED: rows a second since then.
rate() { awk -v n="$1" -v s="$(minus "$(seconds)" "$2")" 'BEGIN { printf "%.0f", n / s }'; }

# processor_time PID: seconds that a process has used.
processor_time() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / hz }' "/proc/$1/stat"; }
# backend_of CONDITION: the process of the one session that fits.
backend_of() { sql "SELECT pid FROM pg_stat_activity WHERE $1"; }
