#!/usr/bin/env bash
# Builds the corpus that confidences are fitted on: DIR/docs, DIR/gold, DIR/verdicts.jsonl is made later, from the output.
#   scripts/fit_corpus.sh DIR [SHARED]
# One folder a set; names are made unique, as gold and records are paired by them. Needs python3.
set -euo pipefail
dir=$1 shared=${2:-${AGENDATA_SHARED:-../shared}}
here=$(cd "$(dirname "$0")/.." && pwd)
rm -rf "$dir"
mkdir -p "$dir"/docs "$dir"/gold
cp -r "$here/input" "$dir/docs/own"
cp -r "$here/tests/gold" "$dir/gold/own"
[ -d "$shared" ] || { echo "no $shared: own documents only" >&2; exit 0; }
cp -r "$shared/seeds" "$dir/docs/seeds"
cp -r "$shared/gold" "$dir/gold/seeds"
cp -r "$shared/wild/gold" "$dir/gold/wild"
mkdir -p "$dir/docs/wild" "$dir/docs/cmu"
for gold in "$shared"/wild/gold/*.json; do
    find "$shared/wild/docs" -type f -name "$(basename "$gold" .json).*" -exec cp {} "$dir/docs/wild/" \;
done
python3 "$shared/score/cmu_score.py" "$shared/cmu" --untag "$dir/docs/cmu"
# Announcements, programmes and letters made by rule, clean and with two rates of scanners' errors.
n=${FIT_DOCUMENTS:-40}
for seed in ${FIT_SEEDS:-11 12}; do
    for noise in 0 0.002 0.01; do
        made=$dir/made name=syn-$seed-${noise#0.}
        python3 "$shared/bench/gen_corpus.py" --n "$n" --seed "$seed" --noise "$noise" --out "$made" >/dev/null
        mkdir -p "$dir/docs/$name" "$dir/gold/$name"
        for text in "$made"/txt/*.txt; do
            stem=$(basename "$text" .txt)
            mv "$text" "$dir/docs/$name/$name-$stem.txt"
            mv "$made/gold/$stem.json" "$dir/gold/$name/$name-$stem.json"
        done
        rm -rf "$made"
    done
done
chmod -R u+w "$dir"
