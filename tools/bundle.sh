#!/bin/sh
# bundle.sh SCRIPT_DIR OUT_DIR - the desk's scripts, as desk.js and editor.js in OUT_DIR, and licences.txt, which
# has the terms of the packages that went into them.
#
# Brings the pinned packages in once for each package-lock.json (npm, no install scripts), then bundles with esbuild.
# Builds of several folders may come at once: the first one brings them in.
set -eu
from=$1 to=$2
limit=358400 # 350 KB, both together, compressed

command -v npm >/dev/null 2>&1 || { echo "the desk's scripts need npm: sh tools/setup.sh build" >&2; exit 1; }
cd "$from"
want=$(sha256sum package-lock.json | cut -d ' ' -f 1)
(
    flock 9
    [ "$(cat node_modules/.stamp 2>/dev/null)" = "$want" ] && exit 0
    npm ci --ignore-scripts --loglevel=error >&2 || {
        echo "npm could not bring in the packages of desk/script; is the registry reachable?" >&2
        exit 1
    }
    echo "$want" >node_modules/.stamp
) 9>.lock

node_modules/.bin/esbuild desk.js editor.js --bundle --minify --format=esm --target=es2020 --charset=utf8 \
    --legal-comments=none --log-level=warning --outdir="$to"
for package in node_modules/*/ node_modules/@*/*/; do
    case $package in node_modules/@*/*/ | node_modules/[!@]*/) ;; *) continue ;; esac
    case $package in node_modules/esbuild/ | node_modules/@esbuild/*) continue ;; esac # they build; nothing of them goes in
    for file in "$package"LICEN[CS]E*; do
        [ -f "$file" ] || { echo "${package%/} says no licence" >&2; exit 1; }
        printf '%s\n\n' "${package#node_modules/}"
        cat "$file"
        printf '\n\n'
    done
done >"$to/licences.txt"

size=$(gzip -9c "$to/desk.js" "$to/editor.js" | wc -c)
[ "$size" -le "$limit" ] || { echo "the desk's scripts are $size bytes compressed, over $limit" >&2; exit 1; }
