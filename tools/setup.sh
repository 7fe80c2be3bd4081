#!/bin/sh
# setup.sh build|test|deb|bench|ci - installs the Debian packages that are missing, and nothing else.
#
# Asks dpkg first, so a machine that has them all needs no root and no network. Uses apt-get,
# through sudo when not root.
set -eu

build='gcc libc6-dev meson ninja-build pkg-config python3 ca-certificates tzdata
  libsqlite3-dev libgumbo-dev libmd4c-dev libmd4c-html0-dev libexpat1-dev libjansson-dev libyaml-dev libzip-dev
  libsodium-dev nettle-dev libqrencode-dev libdeflate-dev libbrotli-dev libstemmer-dev libutf8proc-dev libcurl4-openssl-dev libvips-dev libseccomp-dev'
test='clang libclang-rt-14-dev clang-format node-llhttp chromium curl nginx-light iproute2 procps openssl fonts-dejavu-core
  libvips-tools libimage-exiftool-perl'
deb='dpkg-dev debhelper fakeroot'
bench='wrk nginx-light hugo curl procps libvips-tools'

case "${1:-}" in
build) want=$build ;;
test) want="$build $test" ;;
deb) want="$build $deb" ;;
bench) want="$build $bench" ;;
ci) want="$build $test $deb" ;;
*) echo "usage: tools/setup.sh build|test|deb|bench|ci" >&2; exit 2 ;;
esac
# Debian's Node is taken only where there is none: a fresh Debian 12 has Node 18, which is enough. The build bundles the desk's scripts with it.
command -v npm >/dev/null 2>&1 || want="$want nodejs npm"

missing=
for package in $want; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "installing:$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "not root and no sudo: as root, run: apt-get install$missing" >&2; exit 1; }
    as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# A list may be stale or absent: update only when the install needs it.
# shellcheck disable=SC2086
$as_root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 || {
    $as_root apt-get update -q
    $as_root apt-get install -y -q --no-install-recommends $missing
}
