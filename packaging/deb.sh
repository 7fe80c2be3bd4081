#!/bin/sh
# deb.sh [VERSION] - builds broadsheet_VERSION_ARCH.deb in build/.
set -eu
cd "$(dirname "$0")/.."
version=${1:-$(sed -n "s/^ *version: '\([0-9.]*\)',$/\1/p" meson.build | head -n 1)}
arch=$(dpkg --print-architecture)
stage=build/deb/stage

[ -f build/deb/meson/build.ninja ] || meson setup build/deb/meson --buildtype=release --prefix=/usr --strip >/dev/null
ninja --quiet -C build/deb/meson >&2
rm -rf "$stage"
DESTDIR=$(pwd)/$stage meson install -C build/deb/meson --no-rebuild --quiet
install -D -m 0644 packaging/broadsheet@.service "$stage/lib/systemd/system/broadsheet@.service"
install -D -m 0644 LICENSE "$stage/usr/share/doc/broadsheet/copyright"
gzip -9nc CHANGELOG.md >"$stage/usr/share/doc/broadsheet/changelog.gz"
install -d "$stage/usr/share/man/man1"
python3 tools/man.py "$stage/usr/bin/broadsheet" | gzip -9nc >"$stage/usr/share/man/man1/broadsheet.1.gz"

# dpkg-shlibdeps wants a debian/control to stand beside.
mkdir -p build/deb/debian
printf 'Source: broadsheet\n\nPackage: broadsheet\nArchitecture: any\n' >build/deb/debian/control
depends=$(cd build/deb && dpkg-shlibdeps -O stage/usr/bin/broadsheet stage/usr/libexec/broadsheet/broadsheet-media 2>/dev/null | sed 's/^shlibs:Depends=//')

mkdir -p "$stage/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@DEPENDS@/$depends/" packaging/debian/control.in >"$stage/DEBIAN/control"
for script in postinst prerm postrm; do
    install -m 0755 "packaging/debian/$script" "$stage/DEBIAN/$script"
done
dpkg-deb --root-owner-group --build "$stage" "build/broadsheet_${version}_$arch.deb" >/dev/null
echo "build/broadsheet_${version}_$arch.deb"
