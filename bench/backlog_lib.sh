# Sourced by the rows that deliver a backlog and compare with the limit: its rounds, and the processor time of each
# process in µs a row.
# shellcheck shell=bash

readonly CHANGES=500000 PEER_CHANGES=150000 BATCH_SIZE=100 PER_TRANSACTION=${BENCH_PER_TRANSACTION:-10}
# Whose processor time is shown, in the order of the way of a change.
PROCESSES=()

backlog_cluster() { delivery_cluster $CHANGES "track_functions = all"; }

# deliver gpsync|peer ROUND ENDPOINT...: one sample, in rows a second; the peer's backlog is smaller. Of gpsync also the
# processor times; sets batch_rows, the rows of one of its booking transactions.
deliver() {
    local who=$1 round=$2 started changes=$CHANGES
    shift 2
    [ "$who" = gpsync ] || changes=$PEER_CHANGES
    start_emulators "$@"
    make_slot "$who"
    make_backlog "$changes" "$PER_TRANSACTION"
    do_sql "SELECT pg_stat_reset()"
    started=$(seconds)
    start_consumer "$who"
    wait_booked "tok_$changes"
    sample "$who" "$round" "$(rate "$changes" "$started")" rows/s
    check_accepted "$changes"
    [ "$who" != gpsync ] || look_inside "$round"
    end_process "$consumer_pid"
    drop_slot "$who"
    end_emulators
}

look_inside() {
    local calls name
    calls=$(sql "SELECT calls FROM pg_stat_user_functions WHERE schemaname = 'gpsync_internal' AND funcname = 'relay_book'")
    batch_rows=$(awk -v n=$CHANGES -v c="$calls" 'BEGIN { printf "%.2f", n / c }')
    note "round $1: gpsync-relay booked $batch_rows rows a transaction"
    PROCESSES=(walsender relay "booking session" "${endpoints[@]/#/emulator }")
    processor_sample "$1" walsender "$(backend_of "backend_type = 'walsender'")"
    processor_sample "$1" relay "$consumer_pid"
    processor_sample "$1" "booking session" "$(backend_of "application_name = 'gpsync-relay' AND backend_type = 'client backend'")"
    for name in "${endpoints[@]}"; do processor_sample "$1" "emulator $name" "${emulator_pids[$name]}"; done
}
# processor_sample ROUND NAME PID
processor_sample() {
    sample "processor time: $2" "$1" "$(awk -v n=$CHANGES -v s="$(processor_time "$3")" 'BEGIN { printf "%.3f", s * 1e6 / n }')" "µs/row"
}
claim_processor_times() {
    local name
    for name in "${PROCESSES[@]}"; do claim "  processor time a row: $name" "processor time: $name" "1 µs" least -; done
}

# limit ROUND BATCH_ROWS SERIES: the same bookkeeping and nothing else, in transactions of so many rows.
limit() {
    do_sql "CALL bench.make_pending()"
    do_sql "VACUUM public.token_status"
    do_sql "CHECKPOINT"
    sample "$3" "$1" "$("$PYTHON" "$BENCH_DIR/peers/limit.py" "$CONSUMER_DSN" $CHANGES "$2")" rows/s
}
