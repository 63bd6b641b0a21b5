#!/usr/bin/env bash
# What grows with an archive, and how: CPU a byte over the size of a document and over the number of them, memory, two
# workers beside one, an unchanged run beside reading and hashing, the dataset beside the same bytes written plainly.
#
# In: documents of scripts/scale.py, made below target/scale. Out: tables on standard output. Never: writes elsewhere; takes
# anything from a cache or an earlier run.
#
# AGENDATA=path uses a program that is built already; LARGEST=n bytes of a document (default 10000000), MOST=n documents
# (default 100000) bound it; LIMIT=s ends a document's run after so many seconds (default 120).
set -euo pipefail
cd "$(dirname "$0")/.."

work=target/scale
largest=${LARGEST:-10000000} most=${MOST:-100000} limit=${LIMIT:-120}
program=${AGENDATA:-}
if [ -z "$program" ]; then
    cargo build --release --locked --quiet
    program=${CARGO_TARGET_DIR:-target}/release/agendata
fi
command -v python3 >/dev/null || { echo "expected python3, but found none" >&2; exit 2; }
mkdir -p "$work"

# measure COMMAND…: CPU seconds, most memory in kB, exit code
measure() {
    python3 - "$@" <<'P'
import os, resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.3f} {used.ru_maxrss} {code}")
P
}
calc() { awk "BEGIN { printf \"$1\", $2 }"; }
bytes() { find "$1" -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'; }

printf '10:00 Opening\n' >"$work/small.txt"
read -r start _ _ < <(measure "$program" extract "$work/small.txt" --dry-run --quiet --jobs 1)
echo "start-up (taken off below): $start s of CPU"
echo
echo "µs of CPU a kB, by the size of one document (one worker; most memory in MB behind the slash)"
shapes="programme sessions prose real line word names letters table"
printf '%-10s' bytes && printf ' %14s' $shapes && echo
size=1000
while [ "$size" -le "$largest" ]; do
    rm -rf "$work/large"
    python3 scripts/scale.py large "$work/large" "$size"
    printf '%-10s' "$size"
    for shape in $shapes; do
        # Small ones many times over, so that there is something to measure.
        copies=$((size < 100000 ? 100000 / size : 1))
        file=$(ls "$work/large/$shape"/*) && end=${file##*.}
        for n in $(seq 2 "$copies"); do cp "$file" "$work/large/$shape/$n.$end"; done
        read -r cpu memory code < <(measure timeout "$limit" "$program" extract "$work/large/$shape" --dry-run --quiet --jobs 1 --max-time "$limit")
        if [ "$code" = 0 ]; then
            printf ' %9s/%4s' "$(calc %.0f "($cpu - $start) * 1e9 / ($size * $copies)")" "$(calc %.0f "$memory / 1024")"
        else
            printf ' %14s' "code $code"
        fi
    done
    echo
    size=$((size * 10))
done

echo
echo "by the number of documents of 1 kB (a third of them mutated documents of input/)"
printf '%-9s %10s %9s %9s %9s %9s %9s %9s %9s\n' documents "ms CPU/doc" "2 jobs/1" "MB" serial "unchanged" "/ hash" "dataset" "/ plain"
count=100
while [ "$count" -le "$most" ]; do
    rm -rf "$work/in" "$work/out" "$work/plain"
    python3 scripts/scale.py many "$work/in" "$count" 1000
    read -r dry _ _ < <(measure "$program" extract "$work/in" --dry-run --quiet --jobs 1)
    read -r one _ _ < <(measure "$program" extract "$work/in" -o "$work/out" --quiet --jobs 1)
    rm -rf "$work/out"
    begun=$(date +%s.%N)
    read -r two memory _ < <(measure "$program" extract "$work/in" -o "$work/out" --quiet --jobs 2)
    wall=$(calc %.3f "$(date +%s.%N) - $begun")
    read -r again _ _ < <(measure "$program" extract "$work/in" -o "$work/out" --quiet --jobs 1)
    read -r hash _ _ < <(measure sh -c "find '$work/in' -type f -print0 | xargs -0 sha256sum")
    read -r plain _ _ < <(measure python3 scripts/scale_write.py "$work/out" "$work/plain")
    read -r nothing _ _ < <(measure python3 scripts/scale_write.py "$work/none" "$work/plain-none")
    # What does not go at two workers' pace: 2 × wall / CPU - 1; more than 0 also where the machine has other work.
    printf '%-9s %10s %9s %9s %8s%% %9s %9s %9s %9s\n' "$count" "$(calc %.2f "($one - $start) * 1000 / $count")" \
        "$(calc %.2f "$two / $one")" "$(calc %.0f "$memory / 1024")" "$(calc %.0f "(2 * $wall / $two - 1) * 100")" \
        "$again" "$(calc %.1f "($again - $start) / $hash")" \
        "$(calc %.2f "$one - $dry")" "$(calc %.1f "($one - $dry) / ($plain - $nothing)")"
    count=$((count * 10))
done
