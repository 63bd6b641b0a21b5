"""Tables: jsonl, csv, json-schema, sqlite, parquet."""

import csv
import json
import re
import shutil
from collections import Counter

from .common import (
    BIN,
    DATASET,
    EXPORTS,
    RECORDS,
    SCRATCH,
    TABLES,
    check,
    full_date,
    rows,
    run,
    same,
    true,
    words,
)


@check
def jsonl_frictionless():
    out = run(BIN / "frictionless", "validate", EXPORTS / "jsonl" / "datapackage.json", "--json")
    report = json.loads(out)
    true("expected a valid package", report["valid"])
    same("tables with rows", sorted(t for t in TABLES if rows(t)), sorted(t["name"] for t in report["tasks"]))
    return f"{len(report['tasks'])} tables valid, keys and foreign keys included"


@check
def csv_frictionless():
    out = run(BIN / "frictionless", "validate", EXPORTS / "csv" / "datapackage.json", "--json")
    report = json.loads(out)
    true("expected a valid package", report["valid"])
    return f"{len(report['tasks'])} tables valid"


@check
def csv_is_the_same_as_jsonl():
    cells = 0
    for table in TABLES:
        with open(EXPORTS / "csv" / f"{table}.csv", encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        expected = rows(table)
        same(f"rows of {table}", len(expected), len(found))
        for want, have in zip(expected, found):
            for key, value in want.items():
                cell = have[key]
                true(f"{table}.{key}: {cell!r} could be run", not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) or isinstance(value, (int, float)))
                if isinstance(value, str) and cell.startswith("'") and cell.lstrip("'")[:1] in tuple("=+-@\t\r\n＝＋－＠"):
                    cell = cell[1:]
                if value is None:
                    shown = ""
                elif isinstance(value, bool):
                    shown = str(value).lower()
                elif isinstance(value, (list, dict)):
                    shown, cell = value, json.loads(cell)
                elif isinstance(value, (int, float)):
                    shown, cell = value, float(cell)
                else:
                    shown = value
                same(f"{table}.{key}", shown, cell)
                cells += 1
    return f"{cells} cells come back"


@check
def csv_libreoffice():
    """LibreOffice Calc reads the CSV as Excel does: cells that look like formulas, numbers and days become such."""
    office = shutil.which("localc")
    if not office:
        return None
    import openpyxl
    from openpyxl.utils.escape import unescape

    cells = 0
    shutil.rmtree(SCRATCH / "office", ignore_errors=True)
    # Comma, double quote, UTF-8, from line 1; every column as text (2): what one chooses for an archive.
    text = "CSV:44,34,76,1," + "/".join(f"{n}/2" for n in range(1, 60))
    for filter, name in [("CSV:44,34,76,1", "guessed"), (text, "text")]:
        folder = SCRATCH / "office" / name
        files = [EXPORTS / "csv" / f"{t}.csv" for t in ["sessions", "people", "contact_points"]]
        run(office, f"-env:UserInstallation=file://{SCRATCH}/office/profile", "--headless", f"--infilter={filter}", "--convert-to", "xlsx", "--outdir", folder, *files, timeout=300)
        for file in files:
            with open(file, encoding="utf-8", newline="") as lines:
                wanted = [row for row in csv.reader(lines)]
            sheet = openpyxl.load_workbook(folder / f"{file.stem}.xlsx").active
            found = list(sheet.iter_rows())
            same(f"rows of {file.stem}", len(wanted), len(found))
            for row, have in zip(wanted, found):
                for cell, shown in zip(row, have):
                    true(f"{cell!r} is run as a formula", shown.data_type != "f")
                    if name == "text":
                        same(f"a cell of {file.stem}", words(cell), words(unescape(shown.value or "")))
                    cells += 1
    return f"{cells} cells, none of them run; as text all are the same"


@check
def jsonl_pandas():
    import pandas

    sessions = pandas.read_json(EXPORTS / "jsonl" / "sessions.jsonl", lines=True, dtype={"number": str, "date": str}, convert_dates=False)
    want = [s for r in RECORDS for s in r["sessions"]]
    same("sessions", len(want), len(sessions))
    same("titles", [s.get("title") for s in want], [None if pandas.isna(t) else t for t in sessions["title"]])
    days = pandas.to_datetime(sessions["date"], errors="coerce")
    same("days", sum(full_date(s.get("date")) for s in want), int(days.notna().sum()))
    return f"{len(sessions)} sessions, {days.nunique()} days as dates"


@check
def jsonl_duckdb():
    import duckdb

    database = duckdb.connect()
    read = lambda t: f"read_json('{EXPORTS}/jsonl/{t}.jsonl', format='newline_delimited')"
    counts = database.sql(f"SELECT kind, count(*) FROM {read('sessions')} GROUP BY kind").fetchall()
    same("kinds", dict(Counter(s["kind"] for r in RECORDS for s in r["sessions"])), dict(counts))
    speakers = database.sql(f"""SELECT count(*) FROM {read('roles')} r JOIN {read('people')} p ON r.person_uid = p.uid""").fetchall()[0][0]
    want = sum(1 for r in RECORDS for g in [r["event"], *r["event"].get("related", []), *r["sessions"]] for x in g.get("roles", []) if x.get("person"))
    same("roles that lead to a person", want, speakers)
    return f"{len(counts)} kinds, {speakers} roles joined with people"


@check
def json_schema_check():
    files = sorted(str(p) for p in (DATASET / "records").rglob("*.json"))
    run(BIN / "check-jsonschema", "--schemafile", EXPORTS / "json-schema" / "record.schema.json", *files)
    run(BIN / "check-jsonschema", "--check-metaschema", *sorted(str(p) for p in (EXPORTS / "json-schema").rglob("*.schema.json")))
    import jsonschema

    checked = 0
    for table in TABLES:
        schema = json.loads((EXPORTS / "json-schema" / "tables" / f"{table}.schema.json").read_text("utf-8"))
        checker = jsonschema.Draft202012Validator(schema)
        for row in rows(table):
            checker.validate(row)
            checked += 1
    return f"{len(files)} records, {checked} rows"


@check
def sqlite():
    import sqlite3

    path = EXPORTS / "sqlite" / "agendata.sqlite"
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    same("integrity", [("ok",)], database.execute("PRAGMA integrity_check").fetchall())
    same("foreign keys", [], database.execute("PRAGMA foreign_key_check").fetchall())
    for table in TABLES:
        want = rows(table)
        have = database.execute(f"SELECT * FROM {table} ORDER BY rowid")
        names = [c[0] for c in have.description]
        for row, found in zip(want, have.fetchall(), strict=True):
            for key, value in zip(names, found):
                expected = row[key]
                if isinstance(expected, (list, dict)):
                    value = json.loads(value)
                same(f"{table}.{key}", expected, bool(value) if isinstance(expected, bool) else value)
    title = next((s["title"] for r in RECORDS for s in r["sessions"] if re.fullmatch(r"[A-Za-z ]{12,}", s.get("title") or "")), None)
    if title:
        query = "SELECT title FROM search WHERE search MATCH ? ORDER BY rank"
        hits = database.execute(query, (f'title : "{title}"',)).fetchall()
        true(f"expected to find {title!r}", any(title.lower() in (hit[0] or "").lower() for hit in hits))
    counts = run("sqlite3", path, "SELECT count(*) FROM sessions;").strip()
    same("sessions by the command sqlite3", str(sum(len(r["sessions"]) for r in RECORDS)), counts)
    return f"{len(TABLES)} tables equal, full-text search finds {title!r}"


@check
def parquet():
    if not (EXPORTS / "parquet").exists():
        return None
    import duckdb
    import pyarrow.parquet

    for table in TABLES:
        read = pyarrow.parquet.read_table(EXPORTS / "parquet" / f"{table}.parquet")
        want = rows(table)
        same(f"rows of {table}", len(want), read.num_rows)
        for row, found in zip(want, read.to_pylist(), strict=True):
            for key, value in row.items():
                have = found[key]
                if isinstance(value, (list, dict)):
                    have = json.loads(have)
                same(f"{table}.{key}", value, have)
    count = duckdb.sql(f"SELECT count(*) FROM '{EXPORTS}/parquet/sessions.parquet'").fetchall()[0][0]
    same("sessions by duckdb", sum(len(r["sessions"]) for r in RECORDS), count)
    return f"{len(TABLES)} tables equal by pyarrow; duckdb counts {count} sessions"
