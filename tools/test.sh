#!/bin/sh
# test.sh [ci] - every test, in each kind of build; the last line is "N passed, N failed, N skipped".
#
#   gcc release             unit, lint, spec, integration, browser
#   gcc address+undefined   unit, spec, integration (fuzz corpora are replayed as unit tests)
#   ci adds: clang, the thread sanitizer on threaded tests, the Debian package (as root), a minute of fuzzing in all
set -eu
cd "$(dirname "$0")/.."
mode=${1:-test}
sh tools/setup.sh "$([ "$mode" = ci ] && echo ci || echo test)"

passed=0 failed=0 skipped=0 broken=
count() { sed -n "s/^$1: *\([0-9]*\).*/\1/p" "$log" | tail -n 1; }
run() { # NAME SETUP-ARGS -- TEST-ARGS
    name=$1; shift
    setup=
    while [ "$1" != -- ]; do setup="$setup $1"; shift; done
    shift
    log=build/$name.log
    start=$(date +%s)
    mkdir -p build
    # shellcheck disable=SC2086
    [ -f "build/$name/build.ninja" ] || meson setup "build/$name" $setup >"$log" 2>&1 || { tail -n 30 "$log"; broken="$broken $name"; return 0; }
    ninja --quiet -C "build/$name" >"$log" 2>&1 || { tail -n 60 "$log"; broken="$broken $name"; return 0; }
    built=$(date +%s)
    meson test -C "build/$name" --no-rebuild --print-errorlogs "$@" >"$log" 2>&1 || true
    end=$(date +%s)
    ok=$(count Ok) bad=$(($(count Fail) + $(count Timeout))) skip=$(count Skipped)
    grep -q 'No suitable tests' "$log" && return 0
    [ -n "$ok" ] || { tail -n 30 "$log"; broken="$broken $name"; return 0; }
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
    printf '%-10s %4d passed %3d failed %3d skipped   built in %d s, ran in %d s\n' \
        "$name" "$ok" "$bad" "$skip" $((built - start)) $((end - built))
    python3 tools/suites.py "build/$name/meson-logs/testlog.json"
    grep -E ' SKIP ' "$log" | sed 's/^ *[0-9/]* */  skipped: /; s/ *SKIP.*//' || true
    # shellcheck disable=SC2015
    [ "$bad" -eq 0 ] || grep -vE '^ *[0-9]+/[0-9]+ .* (OK|SKIP) ' "$log" | head -n 200
}

run release --buildtype=release -Dwerror=true --
run sanitized --buildtype=debugoptimized -Db_sanitize=address,undefined -Dslow_checks=true -- --no-suite lint --no-suite browser --timeout-multiplier 4
if [ "$mode" = ci ]; then
    CC=clang run clang --buildtype=release -Dwerror=true -- --suite unit
    run threads --buildtype=debugoptimized -Db_sanitize=thread -- --suite threads --timeout-multiplier 6
    start=$(date +%s)
    sh tools/fuzz.sh 60 total && passed=$((passed + 1)) || failed=$((failed + 1))
    built=$(date +%s)
    code=0
    bash tests/package/run.sh || code=$?
    case $code in 0) passed=$((passed + 1)) ;; 77) skipped=$((skipped + 1)) ;; *) failed=$((failed + 1)) ;; esac
    printf 'fuzz in %d s, package in %d s\n' $((built - start)) $(($(date +%s) - built))
fi
for name in $broken; do
    echo "$name does not build"
    failed=$((failed + 1))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
