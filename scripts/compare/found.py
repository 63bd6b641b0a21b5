#!/usr/bin/env python3
"""What was found, beside gold where there is some.

In: what was found (agendata's records as JSON Lines, or script.py's lines), a folder of gold or nothing. Out: one line:
numbers of things; of gold's begins, days, names, phones and e-mails the part that is there, and of what was found
the part that is gold's.

    found.py LINES.jsonl [GOLD]
"""

import json
import sys
from collections import Counter
from pathlib import Path


def of_record(record):
    """The values of a record (agendata's, or gold) that a script finds too."""
    contacts = record.get("contacts", [])
    return {
        "times": [s["start"] for s in record["sessions"] if s.get("start")],
        "dates": [s["date"] for s in record["sessions"] if s.get("date")],
        "people": [p["name"] for p in record["people"]],
        "phones": [p["e164"] for c in contacts for p in c.get("phones", []) if p.get("e164")],
        "emails": [e for c in contacts for e in c.get("emails", [])],
    }


def folded(text):
    return " ".join(text.casefold().split())


def main():
    gold = Path(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else None
    counts, wanted, had, met = Counter(), Counter(), Counter(), Counter()
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            path = found.get("path") or found["source"]["path"]
            if "sessions" in found:
                counts.update(sessions=len(found["sessions"]), talks=sum(len(s.get("talks", [])) for s in found["sessions"]))
                counts.update(roles=sum(len(s.get("roles", [])) for s in found["sessions"]))
                found = of_record(found)
            counts.update({kind: len(values) for kind, values in found.items() if kind != "path"})
            file = gold / (Path(path).stem + ".json") if gold else None
            if file and file.is_file():
                for kind, values in of_record(json.loads(file.read_text("utf-8"))).items():
                    have = {folded(v) for v in found[kind]}
                    want = {folded(v) for v in values}
                    wanted[kind] += len(want)
                    had[kind] += len(have)
                    met[kind] += len(want & have)
    told = ", ".join(f"{n} {kind}" for kind, n in counts.items() if n)
    part = ", ".join(f"{kind} {met[kind] / n:.0%} ({met[kind] / max(had[kind], 1):.0%})" for kind, n in wanted.items() if n)
    print(told + (f"; of gold's (of these, gold's): {part}" if part else ""))


main()
