#!/usr/bin/env bash
# Runs examples/spark over the texts of input/, and compares its records with those of
# `agendata extract`. Needs Java 17 or later and python3 with venv; installs pyspark and pyarrow from PyPI below target/.
#
# AGENDATA=path uses a program that is built already; SPARK_MASTERS='local[2] local-cluster[2,1,1024]' tries other masters.
set -euo pipefail
cd "$(dirname "$0")/.."

work=target/spark
command -v java >/dev/null || { echo "expected Java 17 or later, but found none (Debian: apt-get install openjdk-17-jre-headless)" >&2; exit 2; }
program=${AGENDATA:-}
if [ -z "$program" ]; then
    cargo build --release --locked --quiet
    program=${CARGO_TARGET_DIR:-target}/release/agendata
fi
program=$(realpath "$program")
python=${SPARK_PYTHON:-$work/venv/bin/python}
if [ ! -x "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet 'pyspark>=4' pyarrow pandas
fi
export PYSPARK_PYTHON=$python PYSPARK_DRIVER_PYTHON=$python

rm -rf "$work/in" "$work/out-"*
mkdir -p "$work/in"
find input -type f -name '*.txt' | while read -r file; do
    mkdir -p "$work/in/$(dirname "${file#input/}")" && cp "$file" "$work/in/${file#input/}"
done
"$program" extract "$work/in" -o - --quiet >"$work/extracted.jsonl"
for master in ${SPARK_MASTERS:-local[2]}; do
    echo "== $master"
    "$python" examples/spark/extract.py "$work/in" "$work/out-${master%%[*}" --master "$master" --agendata "$program"
    "$python" examples/spark/check.py "$work/out-${master%%[*}" "$work/extracted.jsonl"
done
