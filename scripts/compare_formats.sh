#!/usr/bin/env bash
# What reading a format costs beside the tools that people use for it: CPU seconds of agendata's first stage and of
# `pdftotext -layout` (PDF), docx2txt (DOCX) and selectolax (HTML), over the same documents in one run.
#
# In: the documents of AGENDATA_SHARED (default ../shared) below wild/docs, else those of input/. Out: a table on
# standard output. Never: writes outside target/.
#
# ROUNDS=n takes the least of n measurements (default 3); REPEAT=n reads each DOCX and HTML document n times in a
# process (default 20), so that the start of a process weighs little on both sides.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=${AGENDATA_SHARED:-../shared}
rounds=${ROUNDS:-3}
repeat=${REPEAT:-20}
work=target/compare
. scripts/measure.sh

docs=$shared/wild/docs
[ -d "$docs" ] || docs=input
mkdir -p "$work"

[ -n "${INGEST:-}" ] || cargo build --release --locked --quiet --example ingest
program=${INGEST:-${CARGO_TARGET_DIR:-target}/release/examples/ingest}

python=$work/venv/bin/python
if command -v python3 >/dev/null && ! "$python" -c 'import docx2txt, selectolax' 2>/dev/null; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet docx2txt selectolax
fi

# The documents of one ending, each as often as asked.
list() {
    local found
    found=$(find "$docs" -type f -name "*.$1" | sort)
    for _ in $(seq "$2"); do echo "$found"; done
}

pdftotext_all() { for file in "$@"; do pdftotext -layout "$file" - ; done; }
docx2txt_all() { "$python" -c 'import sys, docx2txt
for path in sys.argv[1:]: docx2txt.process(path)' "$@"; }
selectolax_all() { "$python" -c 'import sys
from selectolax.lexbor import LexborHTMLParser
for path in sys.argv[1:]: LexborHTMLParser(open(path, "rb").read()).text(separator="\n")' "$@"; }

printf '%-6s %9s %-18s %9s %9s %7s %7s\n' format documents beside "its CPU" agendata ratio wanted
row() {
    local format=$1 other=$2 wanted=$3 times=$4 files theirs ours
    mapfile -t files < <(list "$format" "$times" | awk 'NF')
    if [ "${#files[@]}" = 0 ]; then return; fi
    if ! "${other}_all" "${files[@]}" >/dev/null 2>&1; then
        echo "$format: $other failed"
        return
    fi
    theirs=$(cpu "${other}_all" "${files[@]}")
    ours=$(cpu "$program" "${files[@]}")
    printf '%-6s %9s %-18s %9s %9s %7s %7s\n' "$format" "${#files[@]}" "$other" "$theirs" "$ours" \
        "$(awk -v a="$ours" -v b="$theirs" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }')" "$wanted"
}
if command -v pdftotext >/dev/null; then
    row pdf pdftotext 1.5 1
else
    echo "pdftotext is missing: apt-get install poppler-utils"
fi
if [ -x "$python" ]; then
    row docx docx2txt 4 "$repeat"
    row html selectolax 10 "$repeat"
else
    echo "python3 is missing: docx2txt and selectolax are not compared"
fi
