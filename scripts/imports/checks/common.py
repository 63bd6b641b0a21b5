"""What the checks share: the dataset and its exports, comparing, and what a record says of times and people.

In: the folders on the command line (dataset, exports, scratch). Never: knows a format.
"""

import json
import logging
import os
import re
import subprocess
import sys
import warnings
from datetime import datetime, timedelta
from pathlib import Path

DATASET, EXPORTS, SCRATCH = (Path(p).resolve() for p in sys.argv[1:4])
BIN = Path(sys.executable).parent
RECORDS = [json.loads(p.read_text("utf-8")) for p in sorted((DATASET / "records").rglob("*.json"))]
LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Wrong(Exception):
    pass


def same(what, expected, found):
    if expected != found:
        raise Wrong(f"{what}: expected {expected!r}, but found {found!r}")


def true(what, value):
    if not value:
        raise Wrong(what)


def plain(text):
    """A text as a format may hold it: no control characters but line ends and tabs."""
    text = LINE_ENDS.sub("\n", text or "")
    return "".join(c for c in text if c in "\n\t" or not (ord(c) < 32 or 127 <= ord(c) < 160 or ord(c) in (0xFFFE, 0xFFFF)))


def words(text):
    return " ".join(plain(text).split())


def run(*command, **more):
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **more.pop("env", {})}
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=environment, **more)
    if done.returncode != 0:
        raise Wrong(f"{Path(str(command[0])).name} ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")
    return done.stdout


def full_date(text):
    return bool(text) and re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None


def begin(session):
    """The begin of a session on its day, where both are stated."""
    if full_date(session.get("date")) and session.get("start"):
        return datetime.fromisoformat(f"{session['date']}T{session['start']}")
    return None


def stated_end(session):
    start = begin(session)
    if not start or not session.get("end"):
        return None
    end = datetime.fromisoformat(f"{session.get('end_date') or session['date']}T{session['end']}")
    if end < start and not session.get("end_date"):
        end += timedelta(days=1)
    return end if timedelta(0) <= end - start and (session.get("end_date") or end - start <= timedelta(hours=12)) else None


def people(record):
    return {p["id"]: p for p in record["people"]}


def file_of(folder, record, ending):
    return EXPORTS / folder / (record["source"]["path"] + ending)


def exported(folder, ending, is_wanted):
    """Records with their files of a format: each that is wanted has to be there, and no other."""
    for record in RECORDS:
        path = file_of(folder, record, ending)
        same(f"{path} is there", bool(is_wanted(record)), path.exists())
        if path.exists():
            yield record, path


def rows(table):
    path = EXPORTS / "jsonl" / f"{table}.jsonl"
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


TABLES = ["documents", "events", "sessions", "talks", "people", "roles", "contacts", "contact_points", "diagnostics"]


def main():
    """Runs the checks, or those whose names hold one of the words on the command line."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    only = sys.argv[4:]
    SCRATCH.mkdir(parents=True, exist_ok=True)
    passed = failed = 0
    for function in CHECKS:
        if only and not any(word in function.__name__ for word in only):
            continue
        try:
            told = function()
            if told is None:
                print(f"  --  {function.__name__}: not here")
                continue
            passed += 1
            print(f"  ok  {function.__name__}: {told}", flush=True)
        except Exception as error:
            failed += 1
            kind = "" if isinstance(error, Wrong) else f"{type(error).__name__}: "
            print(f"FAIL  {function.__name__}: {kind}{error}"[:2000], flush=True)
    print(f"imports: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
