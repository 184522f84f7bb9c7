# Sourced by the rows in this folder: a private cluster for the row, and where its samples and claims go.
# shellcheck shell=bash
# shellcheck source=SCRIPTDIR/../scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

export BENCH_DIR=$GPSYNC_ROOT/bench
export PYTHON=/usr/bin/python3 # Debian's, which has python3-psycopg2
BENCH_ROW=$(basename "$0")
BENCH_OUT=${BENCH_OUT:?run this row with scripts/bench $BENCH_ROW}
SAMPLES=$BENCH_OUT/$BENCH_ROW.samples
CLAIMS=$BENCH_OUT/$BENCH_ROW.claims
: >"$SAMPLES"
: >"$CLAIMS"

# sample SERIES ROUND VALUE UNIT: one measurement.
sample() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" >>"$SAMPLES"; }
# claim TEXT NUMERATOR DENOMINATOR least|most TARGET: what the row is to show. The ratio is taken round by round. A
# DENOMINATOR that is a number with a unit is a fixed measure: "1 MB", and the figure is shown in MB; "200 MB", and it is
# a ratio. A TARGET of - makes it a figure to know.
# claim_of_medians: the same, the medians divided (see table.py).
claim() { printf '%s\t%s\t%s\t%s\t%s\trounds\n' "$1" "$2" "$3" "$4" "$5" >>"$CLAIMS"; }
claim_of_medians() { printf '%s\t%s\t%s\t%s\t%s\tmedians\n' "$1" "$2" "$3" "$4" "$5" >>"$CLAIMS"; }
# note TEXT: a fact of this run that the reader of the figures should have.
note() { printf '%s\n' "$1" >>"$BENCH_OUT/$BENCH_ROW.notes"; }
progress() { printf '  %s\n' "$*" >&2; }

seconds() { date +%s.%N; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.6f", a - b }'; }

# What a row starts, it ends, also when it fails; everything else in its folder goes with it.
BENCH_PIDS=()
end_row() {
    local pid
    for pid in "${BENCH_PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    [ -z "${BENCH_CLUSTER:-}" ] || { stop_cluster "$BENCH_CLUSTER" immediate; rm -rf "$BENCH_CLUSTER"; }
}
trap end_row EXIT

# bench_cluster [SETTING...]: the row's private cluster, started, with gpsync in database bench. Checkpoints and
# autovacuum are kept out of the measurements; durability settings stay PostgreSQL's own. Its folder is under BENCH_DISK.
bench_cluster() {
    BENCH_CLUSTER=$(work_dir "bench-$BENCH_ROW" "${BENCH_DISK:-/tmp}")
    create_cluster "$BENCH_CLUSTER"
    printf '%s\n' "shared_buffers = '1GB'" "max_wal_size = '16GB'" "checkpoint_timeout = '1h'" "autovacuum = off" \
        "jit = off" "logging_collector = off" "$@" | as_cluster_user tee -a "$BENCH_CLUSTER/data/postgresql.conf" >/dev/null
    start_cluster "$BENCH_CLUSTER"
    export PGHOST=$BENCH_CLUSTER PGPORT=$CLUSTER_PORT PGUSER=postgres PGDATABASE=postgres
    psql -qXc 'CREATE DATABASE bench'
    PGDATABASE=bench
    do_sql "CREATE EXTENSION gpsync"
}

# sql prints what a statement gives; do_sql only what goes wrong.
sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "$1"; }
do_sql() { sql "$1" >/dev/null; }
