#!/usr/bin/env python3
"""Says of each value that the CMU tags judge whether it is right, one JSON object a line, for `agendata grammar fit --verdicts`.

    cmu_verdicts.py SHARED TAGGED RECORDS > verdicts.jsonl

A value is right where the text that its evidence points to is one of the tagged mentions, as cmu_score.py compares them.
What a document has no tag for is no value of it.
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(sys.argv[1]) / "score"))
import cmu_score as cmu  # noqa: E402


def pointers(record):
    """The values of each field that stand for its answer."""
    people = {p.get("id"): i for i, p in enumerate(record.get("people") or [])}
    found = {
        "stime": ["/sessions/0/start"],
        "etime": ["/sessions/0/end"],
        "location": ["/sessions/0/venue/name", "/sessions/0/venue/room"],
    }
    for session in (record.get("sessions") or [])[:1]:
        for n, role in enumerate(session.get("roles") or []):
            if role.get("role") in ("speaker", "keynote", "panelist") and role.get("person") in people:
                found["speaker"] = [f"/people/{people[role['person']]}/name", f"/sessions/0/roles/{n}/person"]
                break
    return found


def main(tagged, records):
    found = {Path(r["source"]["path"]).name: r for r in map(json.loads, (p.read_text("utf-8") for p in sorted(Path(records).rglob("*.json")))) if "source" in r}
    for path in sorted(Path(tagged).iterdir()):
        record = found.get(path.name.removesuffix(".txt") + ".txt")
        if record is None:
            continue
        text = path.read_text("utf-8")
        gold, answers = cmu.gold(text), cmu.answers(record, cmu.untag(text).encode())
        for field, at in pointers(record).items():
            answer = answers.get(field)
            if not answer:
                continue
            if field == "speaker":
                right = cmu.bare(answer) in {cmu.bare(w) for w in gold[field]}
            else:
                right = cmu.fold(answer) in gold[field]
            for pointer in at:
                if pointer in (record.get("evidence") or {}):
                    print(json.dumps({"path": record["source"]["path"], "at": pointer, "right": right}))


main(sys.argv[2], sys.argv[3])
