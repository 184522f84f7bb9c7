# Sourced by the rows that deliver: the table, the emulator, and the two that are compared — gpsync-relay and
# bench/peers/psycopg2_consumer.py — each started on an empty or a full slot.
# shellcheck shell=bash

# delivery_cluster ROWS [SETTING...]: a cluster with table token_status of so many rows, all booked.
delivery_cluster() {
    local rows=$1
    shift
    bench_cluster "$@"
    psql -Xq -v ON_ERROR_STOP=1 -v rows="$rows" -f "$BENCH_DIR/relay_table.sql"
}

free_port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

emulator_url='' emulator_pid='' consumer_pid=''

# start_emulator: a fresh emulator with an empty ledger, named by BENCH_LEDGER; sets emulator_url.
start_emulator() {
    local port name=${BENCH_LEDGER:-nws}
    port=$(free_port)
    emulator_url=http://127.0.0.1:$port/events
    "$GPSYNC_ROOT/build/cmake/nws-emulator" --listen "127.0.0.1:$port" --name "$name" --ledger "$BENCH_CLUSTER/$name.ledger" \
        >"$BENCH_OUT/emulator.log" 2>&1 &
    emulator_pid=$!
    BENCH_PIDS+=("$emulator_pid")
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
end_emulator() {
    end_process "$emulator_pid"
    rm -rf "$BENCH_CLUSTER"/{nws,ods}.ledger*
}

# make_slot gpsync|peer: the slot, before the changes it is to see. The other one's must not exist: it would hold them too.
make_slot() {
    if [ "$1" = gpsync ]; then
        do_sql "CREATE SERVER nws FOREIGN DATA WRAPPER gpsync_http OPTIONS (url '$emulator_url')"
        do_sql "SELECT gpsync.create_stream('bench', endpoints => '{nws}')"
    else
        do_sql "SELECT pg_create_logical_replication_slot('peer', 'wal2json')"
    fi
}
drop_slot() {
    if [ "$1" = gpsync ]; then
        do_sql "SELECT gpsync.drop_stream('bench')"
        do_sql "DROP SERVER nws"
    else
        do_sql "SELECT pg_drop_replication_slot('peer')"
    fi
}

# start_consumer gpsync|peer: sets consumer_pid.
start_consumer() {
    local dsn="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench"
    if [ "$1" = gpsync ]; then
        "$GPSYNC_ROOT/build/cmake/gpsync-relay" --dbname "$dsn" --stream bench >"$BENCH_OUT/consumer.log" 2>&1 &
    else
        "$PYTHON" "$BENCH_DIR/peers/psycopg2_consumer.py" "$dsn" peer public.token_status token_id "$emulator_url" \
            >"$BENCH_OUT/consumer.log" 2>&1 &
    fi
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

# accepted: events the emulator has taken for the first time.
accepted() { curl -sf "${emulator_url%/events}/stats" | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["accepted"])'; }
