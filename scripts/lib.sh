# Sourced by the scripts in this folder: private clusters as user postgres (or the caller when not root),
# on their own port and socket folder, with gpsync loaded from build/stage.
# shellcheck shell=bash

GPSYNC_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# A command that fails where nothing handles it ends its script (set -e), and says so. Left alone: scripts without -e.
say_why() {
    printf '%s: line %s failed (status %s): %s\n' "${BASH_SOURCE[1]#"$GPSYNC_ROOT"/}" "$2" "$1" "$3" >&2
}
case $- in
    *e*)
        set -E
        trap 'say_why "$?" "$LINENO" "$BASH_COMMAND"' ERR
        ;;
esac

# Neither need be there yet: scripts/install-deps brings them, and who calls it sources this file again.
PG_CONFIG=$("$GPSYNC_ROOT/scripts/pg-config" || true)
PG_BINDIR=
[ -z "$PG_CONFIG" ] || PG_BINDIR=$("$PG_CONFIG" --bindir)
export PG_CONFIG PATH="${PG_BINDIR:+$PG_BINDIR:}$PATH"

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# The user private clusters run as: PostgreSQL refuses to run as root.
cluster_user() { if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi; }

# Runs a command as that user, in a folder it may enter.
as_cluster_user() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups -- env HOME=/tmp "$@")
    else
        "$@"
    fi
}

# work_dir NAME [PARENT]: a fresh folder, under /tmp by default, that the cluster's user owns.
work_dir() {
    local dir
    dir=$(mktemp -d "${2:-/tmp}/gpsync-$1.XXXXXX")
    [ "$(id -u)" = 0 ] && chown postgres:postgres "$dir"
    chmod 755 "$dir"
    echo "$dir"
}

# The port is only part of the socket's name: nothing listens on TCP.
CLUSTER_PORT=5432

# publish_stage DIR: copies build/stage to where the cluster's user may read it.
publish_stage() {
    cp -r "$GPSYNC_ROOT/build/stage" "$1/stage"
    cp "$GPSYNC_ROOT/build/cmake/nws-emulator" "$1/" 2>/dev/null || true
    cp "$GPSYNC_ROOT/build/cmake/token-system" "$1/" 2>/dev/null || true
    cp "$GPSYNC_ROOT/build/cmake/mq-emulator" "$1/" 2>/dev/null || true
    cp "$GPSYNC_ROOT/build/cmake/own-name-server.so" "$1/" 2>/dev/null || true
    chmod -R a+rX "$1/stage"
}

# A server refuses to start with a setting that it does not know; older minor releases know no output_plugin_libraries.
knows_setting() {
    as_cluster_user "$PG_BINDIR/postgres" --describe-config 2>/dev/null | grep -c "^$1	" >/dev/null
}

# Where a server finds gpsync in DIR/stage: Debian's know extension_destdir, those from 18 on extension_control_path. Any
# other has to have gpsync installed.
stage_setting() {
    if knows_setting extension_destdir; then
        echo "extension_destdir = '$1/stage'"
    elif knows_setting extension_control_path; then
        echo "extension_control_path = '$1/stage$("$PG_CONFIG" --sharedir):\$system'"
    fi
}

# create_cluster DIR: initdb and configuration (not started), gpsync from DIR/stage.
create_cluster() {
    local dir=$1
    publish_stage "$dir"
    as_cluster_user "$PG_BINDIR/initdb" --auth=trust --username=postgres --no-locale --encoding=UTF8 \
        --no-sync --no-instructions -D "$dir/data" >"$dir/initdb.log"
    {
        echo "wal_level = logical"
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$dir'"
        echo "port = $CLUSTER_PORT"
        echo "max_wal_senders = 20"
        echo "max_replication_slots = 20"
        stage_setting "$dir"
        echo "dynamic_library_path = '$dir/stage$("$PG_CONFIG" --pkglibdir):\$libdir'"
        echo "gpsync.relay_path = '$dir/stage$PG_BINDIR/gpsync-relay'"
        ! knows_setting output_plugin_libraries || echo "output_plugin_libraries = 'pgoutput, test_decoding, wal2json, gpsync_decoder'"
    } | as_cluster_user tee -a "$dir/data/postgresql.conf" >/dev/null
}

# GPSYNC_SERVER_BIN: a folder with another pg_ctl and postgres (scripts/torture).
start_cluster() { as_cluster_user "${GPSYNC_SERVER_BIN:-$PG_BINDIR}/pg_ctl" -D "$1/data" -l "$1/postgres.log" -w start >/dev/null || { tail -20 "$1/postgres.log" >&2; return 1; }; }
stop_cluster() { as_cluster_user "$PG_BINDIR/pg_ctl" -D "$1/data" -m "${2:-fast}" -w stop >/dev/null 2>&1 || true; }
