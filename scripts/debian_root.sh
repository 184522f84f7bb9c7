# Sourced by scripts that run in a Debian root of their own: how such a root is made by debootstrap, kept and entered.
# shellcheck shell=bash

# Archives of roots are kept here for a week.
CACHE=${BARE_CACHE:-/var/cache/gpsync-bare}
HOST_SUITE=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

# What apt reads from here, a line each, as of another suite: address, suite. Its $(...) are apt's own.
# shellcheck disable=SC2016
apt_sources() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v host="$HOST_SUITE" -v suite="$1" 'index($2, host) == 1 { print $1, suite substr($2, length(host) + 1) }' | sort -u
}

# A debootstrap that is older than a suite has no script of its name. That of sid is for all that come.
bootstrap_script() {
    local scripts=/usr/share/debootstrap/scripts
    if [ -e "$scripts/$1" ]; then echo "$scripts/$1"; else echo "$scripts/sid"; fi
}

# The root in two steps, so that a download that breaks off leaves nothing half made.
bootstrap() {
    local suite=$1 to=$2 mirror script
    mirror=$(apt_sources "$suite" | awk -v suite="$suite" '$2 == suite { print $1; exit }')
    script=$(bootstrap_script "$suite")
    debootstrap --variant=minbase --make-tarball="$to/packages.tar" "$suite" "$to/download" "$mirror" "$script" &&
        debootstrap --variant=minbase --unpack-tarball="$to/packages.tar" "$suite" "$to/root" "$mirror" "$script"
}

is_fresh() { [ -n "$(find "$1" -mtime -7 2>/dev/null)" ]; }

# save_archive FOLDER ARCHIVE
save_archive() { tar -C "$1" --one-file-system -cf "$2.new" . && mv "$2.new" "$2"; }

# minbase_archive SUITE: its archive, made unless there is a fresh one.
minbase_archive() {
    local suite=$1 fresh archive=$CACHE/$1-minbase.tar
    mkdir -p "$CACHE"
    ! is_fresh "$archive" || return 0
    command -v debootstrap >/dev/null || die "debootstrap is missing: scripts/install-deps test installs it"
    fresh=$(mktemp -d "$CACHE/new.XXXXXX")
    say "A bare Debian $suite (debootstrap --variant=minbase)"
    if ! bootstrap "$suite" "$fresh" >"$CACHE/debootstrap.log" 2>&1; then
        tail -20 "$CACHE/debootstrap.log" >&2
        rm -rf "$fresh"
        die "debootstrap failed; its log is $CACHE/debootstrap.log"
    fi
    save_archive "$fresh/root" "$archive"
    rm -rf "$fresh"
}

# The packages come from where this machine's come from, with the updates of its minor releases.
configure_apt() {
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/gpsync" # a root that is thrown away need not reach the disk
    apt_sources "$1" | sed 's|^|deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |; s|$| main|' >"$root/etc/apt/sources.list"
    # This machine's own settings, such as a proxy. What packages have put there would make dpkg ask when the same packages
    # of the other suite are installed.
    local file
    for file in /etc/apt/apt.conf.d/*; do
        dpkg-query -S "$file" >/dev/null 2>&1 || cp -a "$file" "$root/etc/apt/apt.conf.d/"
    done
    cp /etc/resolv.conf "$root/etc/resolv.conf"
}

in_root() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    CI="${CI:-}" PG="${ROOT_PG:-}" "$@"; }

# What is mounted in it goes first: a folder that is mounted from the same file system would be emptied.
drop_root() {
    local mounted
    while read -r mounted; do umount -l "$mounted" || return; done < <(awk -v root="$root/" 'index($2, root) == 1 { print $2 }' /proc/mounts | tac)
    rm -rf --one-file-system "$root"
}

remove_root() {
    local status=$?
    [ "$status" = 0 ] || [ -z "${KEEP:-}" ] || { say "It is left in $root"; exit "$status"; }
    drop_root
    exit "$status"
}

# unpack_root SUITE ARCHIVE: into $root, which is removed when the script ends.
unpack_root() {
    root=$(mktemp -d /tmp/gpsync-bare.XXXXXX)
    trap remove_root EXIT
    chmod 755 "$root"
    tar -C "$root" -xf "$2"
    mount -t proc proc "$root/proc" 2>/dev/null || true
    configure_apt "$1"
}

# copy_tree PATTERN …: this tree without what matches, to the same path and with the same times, so that nothing is built
# again.
copy_tree() {
    mkdir -p "$root$GPSYNC_ROOT"
    tar -C "$GPSYNC_ROOT" --exclude=./.git "${@/#/--exclude=}" -cf - . | tar -C "$root$GPSYNC_ROOT" -xf -
}

# install_in_root PACKAGE …
install_in_root() {
    in_root sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends "$@"' sh "$@" >"$root/install.log" 2>&1 ||
        { tail "$root/install.log" >&2; die "cannot install $*"; }
}
