#!/usr/bin/env bash
# What agendata costs and finds beside what a search and a script of one's own do, over the same documents in one run:
# `rg -j1 -o` with one regex of times, mails and phones, `wc`, scripts/compare/script.py (spaCy, dateparser, phonenumbers),
# and `agendata extract --dry-run` with one worker and with two.
#
# In: the synthetic corpus of AGENDATA_SHARED (default ../shared), else input/ many times over. Out: tables on standard
# output. Never: writes outside target/.
#
# AGENDATA=path uses a program that is built already; ROUNDS=n takes the least of n measurements (default 3); DOCS=n
# so many documents (default 2,000); SCRIPT_DOCS=n so many for the script, which takes its time (default 40; 0: none).
set -euo pipefail
cd "$(dirname "$0")/.."

shared=${AGENDATA_SHARED:-../shared}
rounds=${ROUNDS:-3}
number=${DOCS:-2000}
part=${SCRIPT_DOCS:-40}
work=target/compare
. scripts/measure.sh

# As one writes it: \b, \d and \w mean Unicode, and a word boundary costs ripgrep its fast path where text is not ASCII.
unicode='\b\d{1,2}[:.h]\d{2}\b|[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d ().-]{6,}\d'
# The same in ASCII and without word boundaries, which is as fast as ripgrep gets.
ascii='[0-9]{1,2}[:.h][0-9]{2}|[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+|\+?[0-9][0-9 ().-]{6,}[0-9]'

corpus() {
    if [ -f "$shared/bench/gen_corpus.py" ] && command -v python3 >/dev/null; then
        local made=$work/made-$number
        if [ ! -d "$made/txt" ]; then
            python3 "$shared/bench/gen_corpus.py" --n "$number" --seed 11 --noise 0.002 --out "$made" >/dev/null
        fi
        docs=$made/txt gold=$made/gold what="$number synthetic documents (gen_corpus.py --n $number --seed 11 --noise 0.002)"
    else
        docs=$work/own gold= what="input/ 60 times over (no gen_corpus.py in $shared/bench, or no python3)"
        for n in $(seq 60); do
            mkdir -p "$docs/$n" && find input -maxdepth 1 -type f -exec cp {} "$docs/$n/" \;
        done
    fi
}

# A folder with links to so many documents of the corpus, taken evenly.
some() {
    local folder=$work/some-$1 each=$(((files + $1 - 1) / $1))
    rm -rf "$folder" && mkdir -p "$folder"
    find "$PWD/$docs" -type f | sort | awk -v each="$each" 'NR % each == 1 || each == 1' | while read -r file; do
        cp "$file" "$folder/$(basename "$(dirname "$file")" | sed 's/^txt$//;s/$/-/;s/^-$//')$(basename "$file")"
    done
    echo "$folder"
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.1f", a / b; else printf "-" }'; }
# Most memory of a command in MB.
peak() { /usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1 | awk '{ printf "%.0f", $1 / 1024 }'; }
memory() { if [ -x /usr/bin/time ]; then peak "$@"; else echo -; fi; }

mkdir -p "$work"
program=${AGENDATA:-}
if [ -z "$program" ]; then
    cargo build --release --locked --quiet
    program=${CARGO_TARGET_DIR:-target}/release/agendata
fi
rg=$(command -v rg || true)
if [ -z "$rg" ] && [ -x target/tools/bin/rg ]; then rg=target/tools/bin/rg; fi
[ -n "$rg" ] || echo "ripgrep is missing: apt-get install ripgrep, or cargo install --locked --root target/tools ripgrep"

# The commands over a folder, a row each: seconds, documents a CPU second, memory. Sets slow, fast, one, two.
table() {
    local folder=$1 count=$2
    row() { printf '%-44s %9s %12s %9s %12s %11s\n' "$@"; }
    show() { local name=$1 seconds=$2; shift 2; row "$name" "$seconds" "$(ratio "$count" "$seconds")" "$(memory "$@")" "$(ratio "$seconds" "${slow:-0}")" "$(ratio "$seconds" "${fast:-0}")"; }
    row command "CPU s" "docs/CPU s" "MB" "/ rg unicode" "/ rg ascii"
    if [ -n "$rg" ]; then
        slow=$(cpu "$rg" -j1 --no-config -o -e "$unicode" "$folder")
        fast=$(cpu "$rg" -j1 --no-config -o -e "$ascii" "$folder")
        show "rg -j1 -o, unicode" "$slow" "$rg" -j1 --no-config -o -e "$unicode" "$folder"
        show "rg -j1 -o, ascii" "$fast" "$rg" -j1 --no-config -o -e "$ascii" "$folder"
    fi
    show "wc" "$(cpu find "$folder" -type f -exec wc {} +)" find "$folder" -type f -exec wc {} +
    one=$(cpu "$program" extract --dry-run --quiet --jobs 1 "$folder")
    two=$(cpu "$program" extract --dry-run --quiet --jobs 2 "$folder")
    show "agendata extract --dry-run --jobs 1" "$one" "$program" extract --dry-run --quiet --jobs 1 "$folder"
    show "agendata extract --dry-run --jobs 2" "$two" "$program" extract --dry-run --quiet --jobs 2 "$folder"
}

corpus
files=$(find "$docs" -type f | wc -l)
echo "$what: $files documents, $(find "$docs" -type f -exec cat {} + | wc -c) bytes"
echo "CPU seconds (user + system), least of $rounds"
echo
table "$docs" "$files"
echo
echo "CPU at 2 workers / at 1: $(awk -v a="$two" -v b="$one" 'BEGIN { printf "%.2f", a / b }')   (at most 1.10)"
[ -z "$rg" ] || echo "agendata / rg: $(ratio "$one" "$slow") unicode, $(ratio "$one" "$fast") ascii"
tenth=$(some $(((files + 9) / 10)))
echo "most memory, MB: $(memory "$program" extract --dry-run --quiet --jobs 1 "$tenth") with a tenth of the documents"

[ "$part" -gt 0 ] && command -v python3 >/dev/null || exit 0
python=$work/python/bin/python
if ! "$python" -c 'import spacy, dateparser, phonenumbers' 2>/dev/null; then
    python3 -m venv "$work/python" && "$work/python/bin/pip" install --quiet spacy dateparser phonenumbers
fi
folder=$(some "$part")
count=$(find "$folder" -type f | wc -l)
rounds=1
echo
echo "The same over $count of them, with the script that one would write; one measurement, start of the program included"
echo
table "$folder" "$count"
"$python" scripts/compare/script.py "$folder" 2>"$work/spacy" >"$work/script.jsonl" || { cat "$work/spacy" >&2; exit 1; }
show "script.py ($(cat "$work/spacy"))" "$(cpu "$python" scripts/compare/script.py "$folder")" "$python" scripts/compare/script.py "$folder"
echo
echo "What each finds"
if [ -n "$rg" ]; then
    echo "  rg          $("$rg" --no-config -o -e "$unicode" "$folder" | wc -l) strings, of no kind"
fi
echo "  script.py   $(python3 scripts/compare/found.py "$work/script.jsonl" "$gold")"
"$program" extract "$folder" -o - --quiet >"$work/agendata.jsonl"
echo "  agendata    $(python3 scripts/compare/found.py "$work/agendata.jsonl" "$gold")"
