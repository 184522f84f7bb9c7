# Sourced by scripts/package-test: how the packages are built and checked in a Debian root of their own (`all`).
# shellcheck shell=bash disable=SC2154 # root: debian_root.sh

# Of packages that are uploaded to Debian: a bug that asks for them, a maintainer who gets mail.
readonly NOT_OURS=initial-upload-closes-no-bugs,bogus-mail-host,bogus-mail-host-in-debian-changelog

# logged LOG COMMAND …: the end of the log where it fails.
logged() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 || { tail -40 "$log" >&2; die "not ok - $*; its log is $log"; }
}

# BUILD_CCACHE=yes: what ccache has (in CCACHE_DIR, with the caller's settings) is not compiled again.
in_tree() {
    local settings=()
    [ -z "${BUILD_CCACHE:-}" ] || mapfile -t settings < <(env | grep -E '^(CCACHE_|LANG=)')
    in_root env -u LC_ALL PATH="/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin" "${settings[@]}" sh -c "cd $GPSYNC_ROOT && $1"
}
mount_ccache() { [ -z "${BUILD_CCACHE:-}" ] || { mkdir -p "$root$CCACHE_DIR" && mount --bind "$CCACHE_DIR" "$root$CCACHE_DIR"; }; }

# A full build of the distribution for PGXN.
build_in_root() {
    unpack_root "$SUITE" "$CACHE/$SUITE-minbase.tar"
    install_in_root ca-certificates lintian devscripts unzip ${BUILD_CCACHE:+ccache}
    unpack_distribution
    logged "$BUILT/deps.log" in_tree 'scripts/install-deps deb'
    mount_ccache
    logged "$BUILT/now.log" in_tree 'make deb'
    ok "source and binary packages are built in a root of $SUITE from what make dist writes"
    in_tree "lintian --allow-root --fail-on error,warning --suppress-tags $NOT_OURS build/deb/*.changes" || die "not ok - lintian"
    ok "lintian has no error and no warning"
    mkdir -p "$BUILT/now" "$BUILT/source"
    cp "$root$GPSYNC_ROOT"/build/deb/*.deb "$BUILT/now/"
    cp "$root$GPSYNC_ROOT"/build/deb/*.dsc "$root$GPSYNC_ROOT"/build/deb/*.tar.* "$BUILT/source/"
    check_hardening
    drop_root
}

# To where this tree is.
unpack_distribution() {
    local release=${VERSION%-*}
    logged "$BUILT/dist.log" "$GPSYNC_ROOT/scripts/dist"
    mkdir -p "$root$GPSYNC_ROOT"
    cp "$GPSYNC_ROOT/build/gpsync-$release.zip" "$root/"
    in_root sh -c "unzip -q gpsync-$release.zip && mv gpsync-$release/* gpsync-$release/.[a-z]* $GPSYNC_ROOT/"
}

# Position-independent, all symbols bound at start, relocations read-only, stack and calls of the C library checked; no
# debug sections.
check_hardening() {
    local deb file without=
    # Debian's flags protect branches from trixie on.
    [ "$SUITE" != bookworm ] || without=--nocfprotection
    for deb in "$BUILT"/now/*_"$VERSION"_*.deb; do
        case $deb in *dbgsym*) ;; *) dpkg-deb -x "$deb" "$root/unpacked" ;; esac
    done
    for file in usr/bin/gpsync-relay "usr/lib/postgresql/$ROOT_PG/lib/gpsync.so" "usr/lib/postgresql/$ROOT_PG/lib/gpsync_decoder.so"; do
        check "${file##*/} passes hardening-check" logged "$BUILT/hardening.log" in_root hardening-check --verbose ${without:+$without} "/unpacked/$file"
        check "... is position-independent" grep -qE 'Type: +DYN' <(readelf -hW "$root/unpacked/$file")
        check "... bound at start" grep -qE 'BIND_NOW|FLAGS.*NOW' <(readelf -dW "$root/unpacked/$file")
        check "... with read-only relocations" grep -q GNU_RELRO <(readelf -lW "$root/unpacked/$file")
        check "... a protected stack" grep -q __stack_chk_fail <(nm -D "$root/unpacked/$file")
        check "... and checked calls" grep -qE '_chk@' <(nm -D "$root/unpacked/$file")
        if readelf -SW "$root/unpacked/$file" | grep -E '\.debug_info|\.symtab' >/dev/null; then die "not ok - ... and stripped"; fi
        ok "... and stripped: $(stat -c %s "$root/unpacked/$file") bytes"
    done
}

# As Debian's CI runs them: installcheck and a delivery, in a root where nothing is but what the tests depend on.
run_autopkgtests() {
    local status=0
    unpack_root "$SUITE" "$CACHE/$SUITE-minbase.tar"
    no_cluster
    install_in_root autopkgtest
    in_root useradd -m tester
    mkdir "$root/packages" "$root/source"
    cp "$BUILT"/now/*.deb "$root/packages/"
    rm -f "$root"/packages/*dbgsym*
    cp "$BUILT"/source/* "$root/source/"
    in_root sh -c 'autopkgtest --no-built-binaries --user tester /packages/*.deb /source/*.dsc -- null' >"$BUILT/autopkgtest.log" 2>&1 || status=$?
    sed -n '/autopkgtest .*@@* summary/,$p' "$BUILT/autopkgtest.log"
    [ "$status" = 0 ] || die "not ok - autopkgtests; the log is $BUILT/autopkgtest.log"
    ok "the autopkgtests pass: $(grep -cE '^(installcheck|delivery) +PASS' "$BUILT/autopkgtest.log")"
    drop_root
}
