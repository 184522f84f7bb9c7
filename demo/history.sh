# Sourced by demo/run: the third act. A history of a table's status, an analytical copy, and what a product team asks.
# Variables like dir are demo/run's and each other's.
# shellcheck shell=bash disable=SC2154,SC2153

readonly WALLET_ROUNDS=${WALLET_ROUNDS:-120} # of 40 ms

history_act() {
    local now
    step "A history of wallets and an analytical copy, off the hot path (docs/analytics.md)"
    demo_psql --command="SET client_min_messages = warning" --command="CREATE SCHEMA IF NOT EXISTS demo" --file=- <"$HERE/history.sql" >"$dir/history.log"
    demo_psql --command="CALL demo.move_wallets($WALLET_ROUNDS)"
    now=$(demo_psql --command="SELECT pg_current_wal_insert_lsn()")
    [ "$(demo_psql --command="SELECT gpsync.wait_for_sync('$now', 'gpsync_local', '60 s')")" = t ] ||
        die "the history is not there after 60 s"
    say "   $(demo_psql --command="SELECT count(*) FROM gpsync.status_history WHERE relation = 'wallet'::regclass") changes of status; how long in each state (ms: median, 90 %, 99 %):"
    aligned <"$HERE/durations.sql"
    say "   The funnel, by operating system (received; of 100: completed, eligible, ever failed):"
    aligned <"$HERE/funnel.sql"
    plot_durations >"$dir/durations.svg"
    [ -z "${PLOT_TO:-}" ] || cp "$dir/durations.svg" "$PLOT_TO"
}

plot_durations() {
    demo_psql --field-separator=$'\t' --file=- <"$HERE/durations.sql" | "$HERE/plot-durations"
}
