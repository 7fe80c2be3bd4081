#!/bin/sh
# fuzz.sh SECONDS [total] - runs each libFuzzer target for SECONDS (or for SECONDS in all), under address and
# undefined sanitizers. New inputs go to a scratch folder; one that breaks something is kept in
# tests/fuzz/regression/NAME/ for you to look at, mend and commit.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ -f build/fuzz/build.ninja ] || CC=clang meson setup build/fuzz -Dfuzz=true -Db_lundef=false \
    -Db_sanitize=address,undefined --buildtype=debugoptimized >build/fuzz.log 2>&1 || { tail -n 20 build/fuzz.log; exit 1; }
ninja --quiet -C build/fuzz >build/fuzz.log 2>&1 || { tail -n 40 build/fuzz.log; exit 1; }

targets=$(find build/fuzz/tests/fuzz -maxdepth 1 -type f -perm -u+x -name 'fuzz_*' ! -name '*replay*' | sort)
count=$(echo "$targets" | wc -l)
[ "${2:-}" != total ] || seconds=$(((seconds + count - 1) / count))
bad=0
for target in $targets; do
    name=$(basename "$target"); name=${name#fuzz_}
    scratch=build/fuzz/scratch/$name
    mkdir -p "$scratch" "tests/fuzz/regression/$name" "tests/fuzz/corpus/$name"
    if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="tests/fuzz/regression/$name/" "$scratch" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
        printf 'fuzz %-10s %s runs\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")"
    else
        printf 'fuzz %-10s FAILED\n' "$name"
        tail -n 30 "build/fuzz/$name.log"
        bad=1
    fi
done
exit $bad
