# Sourced by demo/run: the cluster and the endpoints. What runs has a file NAME.pid in the demo's folder.
# Variables like dir, RATE and workload_seconds are demo/run's and each other's.
# shellcheck shell=bash disable=SC2154,SC2153

demo_psql() {
    as_cluster_user psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 \
        --host="$dir" --port="$CLUSTER_PORT" --username=postgres --dbname=demo "$@"
}

# The result of the query on standard input, in columns.
aligned() { demo_psql --pset=format=aligned --pset=border=0 --file=- | sed '/^ *$/d; s/^/     /; s/ *$//'; }

# start_endpoint NAME: an emulator on a free loopback port; its output tells which.
start_endpoint() {
    local name=$1
    cp "$GPSYNC_ROOT/build/cmake/nws-emulator" "$dir/nws-emulator-$name"
    # The shell's variables are for the shell that is started, which becomes the emulator.
    # shellcheck disable=SC2016
    as_cluster_user sh -c 'echo $$ >"$1/$2.pid"; exec "$1/nws-emulator-$2" --name "$2" --listen 127.0.0.1:0 --ledger "$1/$2.ledger"' \
        sh "$dir" "$name" >"$dir/$name.log" 2>&1 &
    for _ in $(seq 100); do
        grep -q 'listens on' "$dir/$name.log" && return
        sleep 0.05
    done
    cat "$dir/$name.log" >&2
    die "the $name emulator does not start"
}

# endpoint_url NAME PATH
endpoint_url() { echo "http://$(sed -n 's/.*listens on //p' "$dir/$1.log")/$2"; }

# The first port of loopback from 9187 on where nothing listens, with some free ones behind it for other relays.
free_port() {
    local port
    for ((port = 9187; port < 9987; port += 10)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    die "no port between 9187 and 9987 is free on 127.0.0.1"
}

start_server() {
    create_cluster "$dir"
    as_cluster_user tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
shared_preload_libraries = 'gpsync'
gpsync.databases = 'demo'
gpsync.relay_conninfo = 'host=$dir port=$CLUSTER_PORT user=gpsync_relay'
gpsync.metrics_listen = '127.0.0.1:$(free_port)'
CONF
    start_cluster "$dir"
    as_cluster_user createdb --host="$dir" --port="$CLUSTER_PORT" --username=postgres demo
}

set_up() {
    demo_psql --set=nws_url="$(endpoint_url nws events)" --set=ods_url="$(endpoint_url ods events)" --file=- <"$HERE/setup.sql" >"$dir/setup.log"
}

# The supervisor starts the relay by itself.
wait_for_relay() {
    for _ in $(seq 100); do
        [ "$(demo_psql --command="SELECT relay_state FROM gpsync.stream_status")" != streaming ] || return 0
        sleep 0.1
    done
    demo_psql --expanded --command="TABLE gpsync.stream_status" >&2
    die "the supervisor has not brought up gpsync-relay"
}

# stop_services DIR: ends the cluster, and with it the supervisor and its relay, and the endpoints.
stop_services() {
    local pidfile name pid
    stop_cluster "$1" fast
    for pidfile in "$1"/*.pid; do
        [ -e "$pidfile" ] || continue
        name=$(basename "$pidfile" .pid)
        pid=$(cat "$pidfile")
        # The number may be another process's by now.
        [ "$(readlink "/proc/$pid/exe")" != "$1/nws-emulator-$name" ] || kill "$pid"
    done
}
