"""Extracts records from an archive with Spark: each task pipes its documents through `agendata filter`.

In: a folder of texts, or Parquet files with the columns `id` and `text` (or `bytes`). Out: Parquet tables `records` (id, record
as JSON, kind, title, start_date), `sessions` and `people`. Never: starts more than one process a task, holds more
than a batch of documents in Python.

    python3 examples/spark/extract.py INPUT OUTPUT [--master 'local[2]'] [--agendata PATH] [-- OPTIONS OF agendata filter]
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import threading

import pyarrow as pa
from pyspark.sql import SparkSession, functions as F

RECORDS = "id string, record string, kind string, title string, start_date string"
SESSIONS = "document string, id string, kind string, title string, date string, start string, end string"
PEOPLE = "document string, id string, name string, position string, organisation string, country string"


def lines(batch):
    """The filter's lines for a batch of rows."""
    columns = batch.to_pydict()
    for at, name in enumerate(columns["id"]):
        if columns.get("text") is not None:
            line = {"id": name, "text": columns["text"][at]}
        else:
            line = {"id": name, "bytes": base64.b64encode(columns["bytes"][at]).decode()}
        yield json.dumps(line).encode() + b"\n"


def reader(command):
    """A function for `mapInArrow`: one process a task, fed and read at the same time."""

    def read(batches):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def feed():
            try:
                for batch in batches:
                    process.stdin.writelines(lines(batch))
            finally:
                process.stdin.close()

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        rows = []
        for line in process.stdout:
            text = line.decode().rstrip("\n")
            record = json.loads(text)
            event = record["event"]
            told = (record["source"]["path"], text, record["kind"], event.get("title"), event.get("start_date"))
            rows.append(told)
            if len(rows) == 256:
                yield arrow(rows)
                rows = []
        if rows:
            yield arrow(rows)
        feeder.join()
        if process.wait() != 0:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")

    return read


def arrow(rows):
    names = ["id", "record", "kind", "title", "start_date"]
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in zip(*rows)], names)


def documents(spark, source):
    """The documents: rows of `id` and `text` or `bytes`."""
    if any(name.endswith(".parquet") for _, _, names in os.walk(source) for name in names):
        table = spark.read.parquet(source)
        return table.select("id", "text" if "text" in table.columns else "bytes")
    root = "file:" + os.path.abspath(source).rstrip("/") + "/"
    files = spark.read.format("binaryFile").option("recursiveFileLookup", True).load(source)
    return files.select(F.expr(f"substr(path, {len(root) + 1})").alias("id"), F.col("content").alias("bytes"))


def main():
    parse = argparse.ArgumentParser(description="Extracts records from an archive with Spark.")
    parse.add_argument("input")
    parse.add_argument("output")
    parse.add_argument("--master", default="local[2]")
    parse.add_argument("--agendata", default="agendata")
    parse.add_argument("options", nargs="*", help="options of agendata filter, behind --")
    args = parse.parse_args()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = (
        SparkSession.builder.master(args.master)
        .appName("agendata")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    found = documents(spark, args.input).mapInArrow(reader([args.agendata, "filter", *args.options]), RECORDS)
    # Written before anything else is made of it: each document is read once.
    found.write.mode("overwrite").parquet(os.path.join(args.output, "records"))
    records = spark.read.parquet(os.path.join(args.output, "records"))
    for name, schema in (("sessions", SESSIONS), ("people", PEOPLE)):
        columns = [field.split()[0] for field in schema.split(", ")][1:]
        inner = ", ".join(f"{column}: string" for column in columns)
        rows = records.select("id", F.explode(F.from_json("record", f"{name} array<struct<{inner}>>")[name]).alias("row"))
        rows = rows.select(F.col("id").alias("document"), *[F.col(f"row.{column}") for column in columns])
        rows.write.mode("overwrite").parquet(os.path.join(args.output, name))
    counts = ", ".join(f"{spark.read.parquet(os.path.join(args.output, n)).count()} {n}" for n in ("records", "sessions", "people"))
    print(counts)
    spark.stop()


if __name__ == "__main__":
    main()
