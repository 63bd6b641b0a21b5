#!/usr/bin/env bash
# Fits confidences anew and says what they are worth: builds the corpus, extracts, fits, writes
# grammars/base/confidence.toml and the tables in docs/accuracy.md.
#   scripts/fit.sh [AGENDATA]        the program; without one, target/release/agendata is built
# Documents are looked for where AGENDATA_SHARED says (../shared); NOTE is written beside the figures.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
shared=${AGENDATA_SHARED:-../shared} dir=${FIT_DIR:-target/fit}
program=${1:-}
if [ -z "$program" ]; then
    cargo build --release --locked
    program=target/release/agendata
fi
scripts/fit_corpus.sh "$dir" "$shared"
extract() { # a dataset of all documents; some of them are broken on purpose
    "$program" extract "$dir/docs" -o "$dir/out" --quiet "$@" 2>/dev/null || [ $? -eq 4 ]
}
verdicts() {
    python3 scripts/cmu_verdicts.py "$shared" "$shared/cmu" "$dir/out/records/cmu" > "$dir/verdicts.jsonl"
}
extract
verdicts
given=("$dir/gold" "$dir/out" --source "$dir/docs" --verdicts "$dir/verdicts.jsonl")
# Real programmes stand for themselves and for the many like them; the own ones were written beside their rules.
mkdir -p "$dir/grammar/base"
"$program" grammar fit "${given[@]}" --weight wild=4 --weight seeds=4 --weight own=0.3 \
    --note "${NOTE:-own, seeds, wild, cmu and synthetic gold; $(git log -1 --format=%cs)}" \
    --write "$dir/grammar/base/confidence.toml" > "$dir/fit.txt"
extract --grammar "$dir/grammar"
verdicts
"$program" eval "${given[@]}" --grammar "$dir/grammar" --json > "$dir/eval.json"
for set in "$dir"/gold/*/; do
    name=$(basename "$set")
    "$program" eval "$set" "$dir/out" --source "$dir/docs" --grammar "$dir/grammar" --json > "$dir/eval-$name.json"
done
cp "$dir/grammar/base/confidence.toml" grammars/base/confidence.toml
python3 scripts/fit_table.py "$dir" docs/accuracy.md
cat "$dir/fit.txt"
