#!/usr/bin/env bash
# Runs examples/spark over the texts of input/, as a folder and as a Parquet of texts, in one process and in a cluster of
# two, and compares its records with those of `agendata extract`. Needs Java 17 or later and python3 with venv; installs
# pyspark and pyarrow from PyPI below target/.
#
# AGENDATA=path uses a program that is built already; SPARK_MASTERS='local[4]' tries other masters.
set -euo pipefail
cd "$(dirname "$0")/.."

# Whole paths: the workers of a cluster run in folders of their own.
work=$PWD/target/spark
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
    "$work/venv/bin/pip" install --quiet 'pyspark>=4' pyarrow 'pandas<3'
fi
export PYSPARK_PYTHON=$python PYSPARK_DRIVER_PYTHON=$python

rm -rf "$work/folder" "$work/parquet" "$work/out-"*
mkdir -p "$work/folder" "$work/parquet"
find input -type f -name '*.txt' | while read -r file; do
    mkdir -p "$work/folder/$(dirname "${file#input/}")" && cp "$file" "$work/folder/${file#input/}"
done
"$program" extract "$work/folder" -o - --quiet >"$work/folder.jsonl"
# The same as rows of id and text, where a text is UTF-8.
"$python" - "$work" <<'PYTHON'
import json, pathlib, sys
import pyarrow, pyarrow.parquet

work = pathlib.Path(sys.argv[1])
rows, lines = {"id": [], "text": []}, []
for line in (work / "folder.jsonl").read_text("utf-8").splitlines():
    source = json.loads(line)["source"]
    if source["encoding"] == "UTF-8":
        rows["id"].append(source["path"])
        rows["text"].append((work / "folder" / source["path"]).read_bytes().decode("utf-8"))
        lines.append(line + "\n")
pyarrow.parquet.write_table(pyarrow.table(rows), work / "parquet" / "texts.parquet", row_group_size=10)
(work / "parquet.jsonl").write_text("".join(lines), "utf-8")
PYTHON

for master in ${SPARK_MASTERS:-local[2] local-cluster[2,1,1024]}; do
    for kind in folder parquet; do
        echo "== $master, a $kind"
        out=$work/out-${master%%[*}-$kind
        "$python" examples/spark/extract.py "$work/$kind" "$out" --master "$master" --agendata "$program" 2>"$out.log" \
            || { tail -n 40 "$out.log" >&2; exit 1; }
        "$python" examples/spark/check.py "$out" "$work/$kind.jsonl"
    done
done
