"""Compares what the Spark job wrote with what `agendata extract -o -` gives. In: the job's output, JSON Lines. Out: exit code.

    python3 examples/spark/check.py OUTPUT RECORDS.jsonl
"""

import json
import os
import sys

import pyarrow.parquet as parquet

output, extracted = sys.argv[1:]
with open(extracted, encoding="utf-8") as lines:
    expected = {json.loads(line)["source"]["path"]: line.rstrip("\n") for line in lines}
table = parquet.read_table(os.path.join(output, "records")).to_pydict()
found = dict(zip(table["id"], table["record"]))
differ = sorted(path for path in expected.keys() | found.keys() if expected.get(path) != found.get(path))
sessions = sum(len(json.loads(line)["sessions"]) for line in expected.values())
written = parquet.read_table(os.path.join(output, "sessions")).num_rows
print(f"{len(found)} records, {written} sessions; {len(differ)} differ from extract {differ[:5]}")
sys.exit(1 if differ or not found or sessions != written else 0)
