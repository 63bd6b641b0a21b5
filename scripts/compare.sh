#!/usr/bin/env bash
# What agendata costs beside what a search costs: CPU seconds of `rg -j1 -o` with one regex of times, mails and phones,
# of `wc`, and of `agendata extract --dry-run` with one worker and with two, over the same documents in one run.
#
# In: the synthetic corpus of AGENDATA_SHARED (default ../shared), else input/ many times over. Out: a table on standard
# output. Never: writes outside target/.
#
# AGENDATA=path uses a program that is built already; ROUNDS=n takes the least of n measurements (default 3).
set -euo pipefail
cd "$(dirname "$0")/.."

shared=${AGENDATA_SHARED:-../shared}
rounds=${ROUNDS:-3}
work=target/compare
. scripts/measure.sh

# As one writes it: \b, \d and \w mean Unicode, and a word boundary costs ripgrep its fast path where text is not ASCII.
unicode='\b\d{1,2}[:.h]\d{2}\b|[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d ().-]{6,}\d'
# The same in ASCII and without word boundaries, which is as fast as ripgrep gets.
ascii='[0-9]{1,2}[:.h][0-9]{2}|[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+|\+?[0-9][0-9 ().-]{6,}[0-9]'

corpus() {
    local made=$work/made
    if [ -f "$shared/bench/gen_corpus.py" ] && command -v python3 >/dev/null; then
        if [ ! -d "$made/txt" ]; then
            python3 "$shared/bench/gen_corpus.py" --n 2000 --seed 11 --noise 0.002 --out "$made" >/dev/null
        fi
        docs=$made/txt what="2,000 synthetic documents (gen_corpus.py --n 2000 --seed 11 --noise 0.002)"
    else
        docs=$work/own what="input/ 60 times over (no gen_corpus.py in $shared/bench, or no python3)"
        for n in $(seq 60); do
            mkdir -p "$docs/$n" && find input -maxdepth 1 -type f -exec cp {} "$docs/$n/" \;
        done
    fi
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.1f", a / b; else printf "-" }'; }

mkdir -p "$work"
program=${AGENDATA:-}
if [ -z "$program" ]; then
    cargo build --release --locked --quiet
    program=${CARGO_TARGET_DIR:-target}/release/agendata
fi
rg=$(command -v rg || true)
if [ -z "$rg" ] && [ -x target/tools/bin/rg ]; then rg=target/tools/bin/rg; fi

corpus
bytes=$(find "$docs" -type f -exec cat {} + | wc -c)
files=$(find "$docs" -type f | wc -l)
echo "$what"
echo "$files documents, $bytes bytes; CPU seconds (user + system), least of $rounds"
echo

row() { printf '%-44s %9s %10s %12s %11s\n' "$@"; }
row command seconds MB/s "/ rg unicode" "/ rg ascii"
speed() { awk -v b="$bytes" -v s="$1" 'BEGIN { if (s > 0) printf "%.1f", b / s / 1e6; else printf "-" }'; }
show() { row "$1" "$2" "$(speed "$2")" "$(ratio "$2" "${slow:-0}")" "$(ratio "$2" "${fast:-0}")"; }

if [ -n "$rg" ]; then
    slow=$(cpu "$rg" -j1 --no-config -o -e "$unicode" "$docs")
    fast=$(cpu "$rg" -j1 --no-config -o -e "$ascii" "$docs")
    show "rg -j1 -o, unicode" "$slow"
    show "rg -j1 -o, ascii" "$fast"
fi
show "wc" "$(cpu find "$docs" -type f -exec wc {} +)"
one=$(cpu "$program" extract --dry-run --quiet --jobs 1 "$docs")
two=$(cpu "$program" extract --dry-run --quiet --jobs 2 "$docs")
show "agendata extract --dry-run --jobs 1" "$one"
show "agendata extract --dry-run --jobs 2" "$two"
echo
echo "CPU at 2 workers / at 1: $(awk -v a="$two" -v b="$one" 'BEGIN { printf "%.2f", a / b }')   (at most 1.10)"
if [ -n "$rg" ]; then
    echo "agendata / rg: $(ratio "$one" "$slow") unicode, $(ratio "$one" "$fast") ascii   (at most 20)"
else
    echo "ripgrep is missing: apt-get install ripgrep, or cargo install --locked --root target/tools ripgrep"
fi
if [ -x /usr/bin/time ]; then
    peak() { /usr/bin/time -f %M "$program" extract --dry-run --quiet --jobs 1 "$@" 2>&1 >/dev/null | tail -n 1; }
    part=$work/part
    rm -rf "$part" && mkdir -p "$part"
    find "$docs" -type f | sort | awk 'NR % 10 == 1' | while read -r file; do
        cp "$file" "$part/$(echo "$file" | tr '/' '_')"
    done
    echo "most memory, kB: $(peak "$part") with a tenth of the documents, $(peak "$docs") with all"
fi
