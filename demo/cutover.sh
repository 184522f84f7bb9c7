# Sourced by demo/run: the fourth act. A ramp grows from 1 % to 100 %, a burst of errors rolls it back, and a batch of
# changes is taken back in an emergency. The relay's status page shows it meanwhile.
# Variables like dir are demo/run's and each other's.
# shellcheck shell=bash disable=SC2154,SC2153

readonly RAMP_SECONDS=60 # that the ramp has for 100 %

page_url() { echo "http://$(demo_psql --command="SHOW gpsync.metrics_listen")/"; }

ramp_is() { [ "$(demo_psql --command="SELECT state FROM gpsync.ramp_status WHERE ramp = 'cutover'")" = "$1" ]; }

# wait_for_ramp STATE
wait_for_ramp() {
    local i
    for ((i = 0; i < RAMP_SECONDS * 2; i++)); do
        ! ramp_is "$1" || return 0
        sleep 0.5
    done
    demo_psql --expanded --command="SELECT * FROM gpsync.ramp_status" >&2
    die "the ramp is not $1 after $RAMP_SECONDS s"
}

cutover_act() {
    step "A ramp from 1 % to 100 % in compressed time, then 5 % of the requests fail (docs/ramp.md)"
    say "   The status page: $(page_url)"
    demo_psql --command="SET client_min_messages = warning" --command="CREATE SCHEMA IF NOT EXISTS demo" --file=- <"$HERE/cutover.sql" >"$dir/cutover.log"
    demo_psql --command="CALL demo.send_requests(100000, 0)" >"$dir/requests.log" 2>&1 &
    requests_pid=$!
    wait_for_ramp complete
    stop_requests
    demo_psql --command="CALL demo.send_requests(100000, 0.05)"
    wait_for_ramp rolled_back
    aligned <"$HERE/decisions.sql"
    take_batch_back
    check_page
}

stop_requests() {
    demo_psql --command="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CALL demo.send_requests%' AND pid <> pg_backend_pid()" >/dev/null
    wait "$requests_pid" 2>/dev/null || true
}

# A script has set 5,000 provisionings to FAILED by mistake.
take_batch_back() {
    local status
    step "A batch of 5,000 wrong changes is taken back (docs/rollback.md)"
    demo_psql --command="SET gpsync.batch = 'wave-7'" \
        --command="UPDATE provision_status SET status = 'PROCESSING' WHERE provision_id LIKE 'wave\\_%'" \
        --command="UPDATE provision_status SET status = 'FAILED' WHERE provision_id LIKE 'wave\\_%'"
    # Meanwhile the application went on with three of them.
    for status in RECEIVED PROCESSING COMPLETED; do
        demo_psql --command="UPDATE provision_status SET status = '$status' WHERE provision_id IN (SELECT provision_id FROM demo.before_wave ORDER BY 1 LIMIT 3)"
    done
    demo_psql --command="SET client_min_messages = warning" --command="CALL gpsync.emergency_rollback('wave-7', ramp => 'cutover', reason => 'wrong states')"
    demo_psql --file=- <<'SQL' | sed 's/^/   /'
SELECT format('%s: %s rows were taken back, %s left since somebody changed them after the batch', batch, reverted, changed_since)
FROM gpsync.rollback_status;
SELECT format('traffic to %s is stopped: %s', relation, reason) FROM gpsync.traffic_stops;
SQL
    demo_psql --command="SELECT gpsync.resume_traffic('{provision_status}')" >/dev/null
    [ "$(demo_psql --command="SELECT count(*) FROM demo.before_wave AS b JOIN provision_status AS p USING (provision_id) WHERE p.status <> b.status")" = 3 ] ||
        die "rows of the batch are not as they were"
    [ "$(demo_psql --command="SELECT gpsync.wait_for_sync(timeout => '60 s')")" = t ] || die "not everything is booked after 60 s"
    check_ledgers
}

# Values are at most a few seconds old: one look asks for newer ones, the next has them.
check_page() {
    local i
    for ((i = 0; i < 20; i++)); do
        curl -sS --max-time 10 "$(page_url)" >"$dir/page.html" || true
        ! grep -q 'wave-7' "$dir/page.html" || { say "   The status page shows the ramp and the batch: $(wc -c <"$dir/page.html") bytes, no other file"; return 0; }
        sleep 0.5
    done
    die "the status page does not show the batch"
}
