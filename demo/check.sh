# Sourced by demo/run: do the endpoints hold what the tables hold?
# Variables like dir, RATE and workload_seconds are demo/run's and each other's.
# shellcheck shell=bash disable=SC2154,SC2153

# check_ledgers: compares every row of every table with every endpoint's ledger; ends the demo where they differ.
check_ledgers() {
    local endpoint differences
    agree=yes
    for endpoint in nws ods; do
        curl -sS "$(endpoint_url $endpoint ledger)" >"$dir/$endpoint.lines"
        chmod a+r "$dir/$endpoint.lines"
        differences=$({ cat "$GPSYNC_ROOT/test/emulator/compare_ledger.sql" && compare_queries "$dir/$endpoint.lines"; } | demo_psql --field-separator='  ' --file=-)
        say "   ${endpoint^^}: ${differences//$'\n'/$'\n'   }"
        grep -q ' 0 differ' <<<"$differences" || agree=no
    done
    [ "$agree" = yes ] || die "The ledgers do not agree with the tables."
}

# One line for all tables, then up to five differences.
compare_queries() {
    printf '\\copy ledger_line FROM %s WITH (FORMAT csv, QUOTE E'"'\\\\x01'"', DELIMITER E'"'\\\\x02'"')\n' "'$1'"
    cat "$HERE/compare.sql"
}

summarise() {
    local retried
    retried=$(endpoint_counter nws faulted)
    demo_psql --file=- --set=seconds="$workload_seconds" --set=retried="$retried" --set=nws="$(endpoint_counter nws accepted)" \
        --set=repeats="$(endpoint_counter nws duplicates)" --set=refused_batches="$(endpoint_counter nws refused)" <"$HERE/summary.sql"
}
