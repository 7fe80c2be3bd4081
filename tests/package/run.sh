#!/bin/bash
# The Debian package, as an owner meets it: install, make a site, start it as its user with the unit's own
# command, upgrade under it, remove, purge. The site's folder must be there, and whole, after each.
# Needs root, and a machine where the package is not installed already: else it says so and skips.
set -u
cd "$(dirname "$0")/../.."
say() { echo "package: $*"; }
skip() { say "skipped: $*"; exit 77; }
fail() { say "FAILED: $*"; exit 1; }
[ "$(id -u)" -eq 0 ] || skip "not root"
dpkg-query -W -f '${db:Status-Status}' broadsheet 2>/dev/null | grep -q '^installed' && skip "broadsheet is installed here"

site=/var/lib/broadsheet/package-test
pid=
had_user=$(getent passwd broadsheet)
cleanup() {
    [ -n "$pid" ] && kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    dpkg --purge broadsheet >/dev/null 2>&1
    rm -rf "$site"
    rmdir /var/lib/broadsheet 2>/dev/null
    [ -n "$had_user" ] || deluser --quiet broadsheet 2>/dev/null
}
trap cleanup EXIT

start() {
    # ExecStart of the unit, as the unit's user.
    line=$(sed -n 's/^ExecStart=//p' /lib/systemd/system/broadsheet@.service |
        sed -e 's/%i/package-test/' -e 's/\$BROADSHEET_ARGS/--listen 127.0.0.1:0/')
    : >/tmp/package-test.out
    # shellcheck disable=SC2086
    setpriv --reuid broadsheet --regid broadsheet --clear-groups $line >/tmp/package-test.out 2>/tmp/package-test.err &
    pid=$!
    for _ in $(seq 100); do
        url=$(sed -n 's/^listening on //p' /tmp/package-test.out)
        [ -n "$url" ] && return 0
        sleep 0.1
    done
    cat /tmp/package-test.err
    return 1
}
stop() { kill "$pid"; wait "$pid"; code=$?; pid=; [ "$code" -eq 0 ] || fail "serve ended with $code"; }
front() { curl -fsS "$url/" | grep -q "Package Test" || fail "the front page is not served $1"; }

old=$(sh packaging/deb.sh) || fail "cannot build the package"
dpkg -i "$old" >/dev/null || fail "cannot install"
[ -x /usr/bin/broadsheet ] || fail "no program"
[ -x /usr/libexec/broadsheet/broadsheet-media ] || fail "no picture worker"
man -l /usr/share/man/man1/broadsheet.1.gz >/dev/null 2>&1 || zcat /usr/share/man/man1/broadsheet.1.gz | grep -q '^.SH SERVE' || fail "no man page"
setpriv --reuid broadsheet --regid broadsheet --clear-groups broadsheet init "$site" --title "Package Test" >/dev/null || fail "init"
start || fail "cannot start"
front "after install"

new=$(sh packaging/deb.sh "$(dpkg-query -W -f '${Version}' broadsheet).1") || fail "cannot build the newer package"
dpkg -i "$new" >/dev/null || fail "cannot upgrade"
front "while upgraded under it"
stop
start || fail "cannot start after the upgrade"
front "after the upgrade"
stop

dpkg -r broadsheet >/dev/null || fail "cannot remove"
[ -f "$site/site.db" ] || fail "remove took the site"
dpkg -i "$new" >/dev/null && start || fail "cannot start after a second install"
front "after a second install"
stop
dpkg --purge broadsheet >/dev/null || fail "cannot purge"
[ -f "$site/site.db" ] || fail "purge took the site"
[ ! -e /usr/bin/broadsheet ] || fail "purge left the program"
if command -v systemd-analyze >/dev/null; then
    systemd-analyze security --offline=true packaging/broadsheet@.service 2>/dev/null | tail -n 1
fi
say "installed, started, upgraded, removed; site left in place"
