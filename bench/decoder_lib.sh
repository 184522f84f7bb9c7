# Sourced by the rows decoder*: several output plugins over the same WAL, through pg_recvlogical into /dev/null.
# shellcheck shell=bash
# shellcheck source=SCRIPTDIR/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly ROUNDS=${BENCH_ROUNDS:-5}
# What gpsync-relay asks for.
readonly PACK_BYTES=65536
readonly PACKED="-o publication_names=bench -o pack_bytes=$PACK_BYTES"
readonly WAL2JSON="-o format-version=2"
readonly PGOUTPUT="-o proto_version=1 -o publication_names=bench"

# decoder_cluster SETTING...: a private cluster that also has the plugins of peers/plugins, which nothing else installs.
decoder_cluster() {
    local settings=("max_locks_per_transaction = 1024")
    # A minor release that has a list of plugins refuses the others.
    ! knows_setting output_plugin_libraries || settings+=("output_plugin_libraries = 'pgoutput, test_decoding, wal2json, gpsync_decoder, bench_nothing, bench_same_bytes'")
    bench_cluster "${settings[@]}" "$@"
    cp -r "$BENCH_DIR/peers/plugins" "$BENCH_CLUSTER/plugins"
    make -s -C "$BENCH_CLUSTER/plugins" PG_CONFIG="$PG_CONFIG" with_llvm=no >"$BENCH_CLUSTER/plugins/log" 2>&1 ||
        { cat "$BENCH_CLUSTER/plugins/log" >&2; die "bench/peers/plugins does not build"; }
    install -m 644 "$BENCH_CLUSTER"/plugins/*.so "$BENCH_CLUSTER/stage$("$PG_CONFIG" --pkglibdir)/"
}

# A series is a plugin with its options, over the WAL of one workload.
SERIES=()
declare -A plugin_of=() options_of=() workload_of=() end_of=() changes_of=() bytes_of=()

# series NAME WORKLOAD PLUGIN OPTIONS
series() {
    SERIES+=("$1")
    workload_of[$1]=$2 plugin_of[$1]=$3 options_of[$1]=$4
}

# workload NAME CHANGES STATEMENT...: makes the WAL, so many changes, behind a slot for each plugin.
workload() {
    local name=$1 changes=$2 plugin
    shift 2
    progress "$changes changes: $name"
    [ ${#end_of[@]} -gt 0 ] || do_sql "CREATE TABLE public.after_the_end (n integer);
        ALTER PUBLICATION bench ADD TABLE public.after_the_end"
    for plugin in $(for of in "${SERIES[@]}"; do [ "${workload_of[$of]}" != "$name" ] || echo "${plugin_of[$of]}"; done | sort -u); do
        do_sql "SELECT FROM pg_create_logical_replication_slot('${name}_$plugin', '$plugin')"
    done
    printf '%s\n' "$@" | psql -Xq -v ON_ERROR_STOP=1
    # What is inserted, not what is written: a transaction with synchronous_commit off may not be on disk yet.
    end_of[$name]=$(sql "SELECT pg_current_wal_insert_lsn()")
    changes_of[$name]=$changes
    # Something after the end, so that every plugin learns at once that it got there.
    do_sql "INSERT INTO public.after_the_end VALUES (1)"
}

# receive SERIES FILE: reads a copy of the slot up to the workload's end, prints the seconds it took.
receive() {
    local started
    started=$(seconds)
    # shellcheck disable=SC2086 # options are words
    pg_recvlogical -d bench --slot round --start --no-loop --endpos "${end_of[${workload_of[$1]}]}" -f "$2" ${options_of[$1]}
    minus "$(seconds)" "$started"
}

# check SERIES FILE: everything has come.
check() {
    local events expected=${changes_of[${workload_of[$1]}]}
    bytes_of[$1]=$(stat -c %s "$2")
    note "$1: ${bytes_of[$1]} bytes"
    case "${plugin_of[$1]} ${options_of[$1]}" in
        gpsync_decoder\ *format=wal2json*) events=$(grep -cE '"action":"(U|I)"' "$2") ;;
        gpsync_decoder\ *) events=$(grep -c '"type":"gpsync.row' "$2") ;;
        wal2json\ *) events=$(grep -cE '"action":"(U|I)"' "$2") ;;
        bench_same_bytes\ *) events=$((${bytes_of[$1]} >= expected ? expected : 0)) ;;
        *) events=$expected ;; # binary, or nothing: not countable by line
    esac
    [ "$events" = "$expected" ] || die "$1 sent $events events instead of $expected"
}

# measure: every series once a round, each round from another one on. A copy of a slot starts where the slot stands, so
# each round reads the same WAL. Round 0 warms up, and counts events and bytes.
measure() {
    local round i of received=$BENCH_CLUSTER/received
    for ((round = 0; round <= ROUNDS; round++)); do
        progress "round $round of $ROUNDS"
        for ((i = 0; i < ${#SERIES[@]}; i++)); do
            of=${SERIES[(i + round) % ${#SERIES[@]}]}
            do_sql "SELECT FROM pg_copy_logical_replication_slot('${workload_of[$of]}_${plugin_of[$of]}', 'round')"
            if [ $round = 0 ]; then
                [ "${plugin_of[$of]}" != bench_same_bytes ] || same_bytes "$of"
                receive "$of" "$received" >/dev/null
                check "$of" "$received"
                rm -f "$received"
            else
                sample "$of" $round "$(receive "$of" /dev/null)" s
            fi
            do_sql "SELECT pg_drop_replication_slot('round')"
        done
    done
    note "changes spilled to disk: $(sql "SELECT coalesce(sum(spill_txns), 0) FROM pg_stat_replication_slots") transactions"
}

# same_bytes SERIES: what the first series of its workload sent, a change; pg_recvlogical adds a line feed a message.
same_bytes() {
    local first of workload=${workload_of[$1]}
    for of in "${SERIES[@]}"; do [ "${workload_of[$of]}" != "$workload" ] || { first=$of && break; }; done
    options_of[$1]="-o event_bytes=$((bytes_of[$first] / changes_of[$workload])) ${options_of[$1]}"
}

# profile SERIES: with BENCH_PERF=1, where the walsender's time goes, by object and by function, as notes of the row.
profile() {
    [ "${BENCH_PERF:-0}" = 1 ] || return 0
    local receiver pid='' data=$BENCH_CLUSTER/perf.data
    progress "profile of $1"
    do_sql "SELECT FROM pg_copy_logical_replication_slot('${workload_of[$1]}_${plugin_of[$1]}', 'round')"
    receive "$1" /dev/null >/dev/null &
    receiver=$!
    BENCH_PIDS+=("$receiver")
    until [ -n "$pid" ]; do pid=$(sql "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'round'"); done
    perf record -q -F 1999 -p "$pid" -o "$data" >/dev/null 2>&1 # until the walsender ends
    wait $receiver
    perf report -i "$data" --stdio --no-children -s dso 2>/dev/null | profile_lines "$1" 6
    perf report -i "$data" --stdio --no-children -s dso,symbol 2>/dev/null | profile_lines "$1" 40
    do_sql "SELECT pg_drop_replication_slot('round')"
}

# profile_lines SERIES MOST: of perf's report.
profile_lines() {
    awk -v of="$1" -v most="$2" '$1 ~ /^[0-9.]+%$/ && ++n <= most { NF -= ($NF == "-") * 2; print "perf, " of ": " $0 }' \
        >>"$BENCH_OUT/$BENCH_ROW.notes"
}
