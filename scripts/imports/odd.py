#!/usr/bin/env python3
"""Writes records that formats are broken by. In: a folder. Out: records, the same each time. Never: a record that `agendata
export` would refuse."""

import hashlib
import json
import random
import sys
from pathlib import Path

ODD = [
    "a, b; c: \"d\" 'e' \\ /",
    "line one\nline two\r\nline three",
    "=1+1", "+216 71 560 072", "-2", "@SUM(A1)", "\tTab first", "'=quoted", "'''+x",
    "emoji 🎤👩🏽‍🔬 and 漢字 and é́",
    "שלום עולם: العربية, mixed LTR",
    "]]> <![CDATA[x]]> &amp; &#0; <!-- -->",
    "</script><script>alert(1)</script>",
    "<b>bold</b> & \"quoted\"",
    "control \u0000\u0001\u000b\u001f\u007f\u0085 signs",
    "line \u2028 separators \u2029 of Unicode",
    "BEGIN:VEVENT\r\nSUMMARY:injected\r\nEND:VEVENT",
    "long " * 100,
    "x" * 500,
    "漢" * 200,
    "trailing backslash \\",
    "; DROP TABLE sessions; --",
    "{{7*7}} ${7*7} %n %s",
    "ﬁ ligature, soft\u00adhyphen, zero\u200bwidth, \ufeffmark",
]
ZONES = ["Europe/Berlin", "Africa/Tunis", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC", None]
DAYS = ["2024-03-31", "2024-10-27", "2024-03-10", "1987-06-01", "1999-12-31", "2024-02-29", "2024-04-07"]
KINDS = ["registration", "opening", "keynote", "talk", "session", "panel", "workshop", "break", "meal", "social", "other"]


def uid(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:20]


def clock(minutes):
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def record(number, sessions):
    chance = random.Random(number)
    text = lambda: chance.choice(ODD) + f" {chance.randrange(10**6)}"
    path = f"odd/{number:03}.txt"
    zone, day = ZONES[number % len(ZONES)], DAYS[number % len(DAYS)]
    made = {"schema": "agendata/1", "id": uid(path)[:16], "source": {"path": path, "media_type": "text/plain", "bytes": 1, "sha256": hashlib.sha256(path.encode()).hexdigest(), "encoding": "UTF-8", "languages": ["en"]},
            "kind": "agenda",
            "event": {"uid": uid(path, "event"), "title": text(), "start_date": day, "end_date": day, "venue": {"name": text(), "city": "Ville; d'Avray,", "country": "FR"}, "organisers": [text()], "urls": ["https://example.org/a?b=c&d=\"e\"", "javascript:alert(1)"], "description": text()},
            "sessions": [], "people": [], "contacts": [], "evidence": {}, "diagnostics": [], "coverage": {"lines": 0, "used": 0, "explained": 0, "unexplained": [], "grade": "good"}}
    if zone:
        made["event"]["timezone"] = zone
    for n in range(1, 7):
        made["people"].append({"id": f"p{n}", "uid": uid(path, "person", n), "name": f"Ana {n} " + chance.choice(["O'Neil", "de la Cruz; Jr.", "李, 小", "=Cmd", "Ünal\\", "<Ada>"]), "given": f"Ana {n}", "family": chance.choice(["O'Neil", "=Cmd", "A;B", "C,D"]), "honorific": "Dr.", "position": text(), "organisation": text(), "country": "FR"})
    made["contacts"] = [{"id": "c1", "person": "p1", "purpose": text(), "phones": [{"kind": "tel", "raw": "+33 1 40 20 50 50", "e164": "+33140205050", "extension": "12", "valid": True}, {"kind": "fax", "raw": "=o1; 4o", "valid": False}], "emails": ["ana@example.org"], "urls": ["https://example.org/"], "address": text()}, {"id": "c2", "organisation": text(), "emails": ["info@example.org"]}]
    minutes = 1 * 60 + 30
    for n in range(1, sessions + 1):
        session = {"id": f"s{n}", "uid": uid(path, "session", n), "kind": chance.choice(KINDS), "title": text(), "date": day, "start": clock(minutes), "venue": {"room": chance.choice(["Aula \"A\"", "Room, 2", "Saal <3>"])}, "roles": [{"person": f"p{chance.randrange(1, 7)}", "role": "chair", "label": "Chair; of"}]}
        if chance.random() < 0.6:
            session["end"] = clock(minutes + 30)
        if chance.random() < 0.3:
            session["track"] = "Track, " + chance.choice("AB")
        if chance.random() < 0.3:
            session["description"] = text()
        if chance.random() < 0.3:
            session["talks"] = [{"id": f"s{n}.t1", "uid": uid(path, "talk", n), "title": text(), "start": clock(minutes), "speakers": ["p2"]}, {"id": f"s{n}.t2", "uid": uid(path, "talk2", n), "title": text(), "speakers": ["p3"]}]
            session["roles"] += [{"person": "p2", "role": "speaker", "talk": f"s{n}.t1"}, {"person": "p3", "role": "speaker", "talk": f"s{n}.t2"}]
        if chance.random() < 0.1:
            session["questions"] = [text(), text()]
        made["sessions"].append(session)
        minutes += 40
        if minutes > 23 * 60:
            minutes = 1 * 60 + 30
    if sessions:
        made["sessions"].append({"id": "s0", "uid": uid(path, "night"), "kind": "social", "title": "Night", "date": day, "start": "22:00", "end": "01:00"})
        made["sessions"].append({"id": "sx", "uid": uid(path, "nowhere"), "kind": "talk", "title": "Some day", "date": "XXXX-11-28", "start": "10:00"})
        made["sessions"].append({"id": "sy", "uid": uid(path, "day"), "kind": "visit", "title": "All day", "date": day})
    return path, made


def main():
    folder = Path(sys.argv[1])
    sizes = [4, 12, 25, 8, 16, 3, 30, 10, 10, 10, 10, 10, 10, 10, 1000, 0]
    for number, size in enumerate(sizes):
        path, made = record(number, size)
        if size == 0:
            made["event"], made["people"], made["contacts"] = {}, [], []
        file = folder / (path + ".json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")


main()
