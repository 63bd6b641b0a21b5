#!/usr/bin/env python3
"""Imports the exports of a dataset with the importers that they are meant for, and compares values with the records.

In: the dataset's folder, the folder of its exports, a folder for scratch files. Out: a line a check, then `N passed, N
failed`. Never: takes "it parses" for proof; each check compares what the importer holds with what the records say.
"""

import csv
import json
import logging
import os
import re
import subprocess
import sys
import warnings
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

DATASET, EXPORTS, SCRATCH = (Path(p).resolve() for p in sys.argv[1:4])
BIN = Path(sys.executable).parent
RECORDS = [json.loads(p.read_text("utf-8")) for p in sorted((DATASET / "records").rglob("*.json"))]
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
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


def rows(table):
    path = EXPORTS / "jsonl" / f"{table}.jsonl"
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


TABLES = ["documents", "events", "sessions", "talks", "people", "roles", "contacts", "contact_points", "diagnostics"]


# --- tables ---------------------------------------------------------------------------------------------------------


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


# --- calendars ------------------------------------------------------------------------------------------------------


def placed(record):
    return [s for s in record["sessions"] if full_date(s.get("date"))]


def is_calendar(record):
    event = record["event"]
    return bool(placed(record)) or full_date(event.get("start_date")) or full_date(event.get("end_date"))


def goes_backwards(start, end, zone):
    """Whether a begin in the hour that the clocks leave out comes after its end."""
    from zoneinfo import ZoneInfo

    if not zone:
        return False
    instants = [at.replace(tzinfo=ZoneInfo(zone), fold=0).timestamp() for at in (start, end)]
    return instants[0] > instants[1]


@check
def ics_icalendar():
    import icalendar

    events = 0
    for record in RECORDS:
        path = file_of("ics", record, ".ics")
        same(f"{path} is there", is_calendar(record), path.exists())
        if not path.exists():
            continue
        data = path.read_bytes()
        true(f"{path}: lines of at most 75 octets with CR LF", all(len(line) <= 75 for line in data.split(b"\r\n")) and b"\n" not in data.replace(b"\r\n", b""))
        calendar = icalendar.Calendar.from_ical(data)
        found = {str(e["UID"]): e for e in calendar.walk("VEVENT") if str(e.get("X-AGENDATA-PART")) != "event"}
        zone = record["event"].get("timezone")
        for session in placed(record):
            event = found[session["uid"]]
            true("no errors in the event", not event.errors)
            start = event.decoded("DTSTART")
            if begin(session):
                same("begin", begin(session), start.replace(tzinfo=None))
                own = session.get("timezone") or zone
                same("zone", own, getattr(start.tzinfo, "key", None) or (str(start.tzinfo) if start.tzinfo else None))
                if stated_end(session) and not goes_backwards(begin(session), stated_end(session), own):
                    same("end", stated_end(session), event.decoded("DTEND").replace(tzinfo=None))
            else:
                same("day", date.fromisoformat(session["date"]), start)
            if session.get("title"):
                same("title", plain(session["title"]), plain(str(event["SUMMARY"])))
            categories = [str(c) for c in event["CATEGORIES"].cats]
            same("kind", session["kind"], categories[0])
            if session.get("track"):
                same("track", plain(session["track"]), plain(categories[1]))
            if session.get("venue", {}).get("room"):
                true("the room is told", plain(session["venue"]["room"]) in plain(str(event.get("LOCATION", ""))))
            known = people(record)
            for role in session.get("roles", []):
                if role.get("person") and not role.get("talk"):
                    true("the person is told", plain(known[role["person"]]["name"]) in plain(str(event["DESCRIPTION"])))
            if session.get("parent"):
                parent = next(s for s in record["sessions"] if s["id"] == session["parent"])
                if full_date(parent.get("date")):
                    same("parent", parent["uid"], str(event["RELATED-TO"]))
            events += 1
            for talk in session.get("talks", []):
                if talk.get("start") and begin(session):
                    event = found[talk["uid"]]
                    same("talk's begin", talk["start"], event.decoded("DTSTART").strftime("%H:%M"))
                    if talk.get("title"):
                        same("talk's title", plain(talk["title"]), plain(str(event["SUMMARY"])))
                    events += 1
    return f"{events} sessions and talks compared"


@check
def ics_khal_updates_and_doubles_nothing():
    home = SCRATCH / "khal"
    store = home / "store"
    store.mkdir(parents=True)
    config = home / "config"
    config.write_text(f"[calendars]\n[[all]]\npath = {store}\ntype = calendar\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
                      f"timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
                      f"[sqlite]\npath = {home}/khal.db\n[default]\ndefault_calendar = all\n", "utf-8")
    files = sorted((EXPORTS / "ics").rglob("*.ics"))
    parts = sum(len(re.findall(rb"^BEGIN:VEVENT\r$", f.read_bytes(), re.M)) for f in files)
    khal = lambda *words: run(BIN / "khal", "-c", config, *words, env={"XDG_DATA_HOME": str(home), "HOME": str(home)})
    khal("import", "--batch", "-a", "all", *files)
    held = lambda: sorted(store.glob("*.ics"))
    same("events in khal", parts, len(held()))
    before = {p.name: p.read_text("utf-8") for p in held()}
    khal("import", "--batch", "-a", "all", *files)
    same("after the second import", parts, len(held()))
    # A better grammar reads another end: the same uid, so that the event is updated.
    again = home / "again.ics"
    text = files[0].read_bytes().decode("utf-8")
    first = re.search(r"UID:(\S+)\r\nDTSTAMP:\S+\r\nX-AGENDATA-PART:session\r\nSUMMARY:", text)
    again.write_bytes((text[: first.end()] + "Read better: " + text[first.end() :]).encode())
    khal("import", "--batch", "-a", "all", again)
    same("after the import of a better reading", parts, len(held()))
    changed = [p for p in held() if "Read better: " in p.read_text("utf-8")]
    same("events that changed", 1, len(changed))
    true("it is the event of that uid", first.group(1) in changed[0].read_text("utf-8"))
    listed = khal("list", "-a", "all", "--format", "{uid}\t{start-date}\t{start-time}", "--day-format", "", "2018-06-06", "2018-06-09")
    return f"{parts} events, {len(before)} held after each import, {len(listed.splitlines())} lines listed of three days"


# --- programmes -----------------------------------------------------------------------------------------------------


def programme_rows(record):
    """Title, begin, minutes (where stated) and room of each row that a schedule has to hold."""
    found = []
    for session in record["sessions"]:
        start, end = begin(session), stated_end(session)
        if not start:
            continue
        minutes = int((end - start).total_seconds() // 60) if end else None
        found.append((words(session.get("title")), start, minutes, words(session.get("venue", {}).get("room"))))
        for talk in session.get("talks", []):
            if talk.get("start"):
                found.append((words(talk.get("title")), None, None, words(session.get("venue", {}).get("room"))))
    return found


def compare_rows(record, have):
    want = programme_rows(record)
    same("rows", len(want), len(have))
    by_title = {}
    for title, start, minutes, room in have:
        by_title.setdefault(title, []).append((start, minutes, room))
    for title, start, minutes, room in want:
        if not title or start is None:
            continue
        fits = [h for h in by_title.get(title, []) if h[0] == start and (minutes is None or h[1] == minutes) and (not room or h[2] == room)]
        true(f"expected a row {title!r} at {start} of {minutes} minutes in {room!r}, but found {by_title.get(title)}", fits)


@check
def frab_xml_well_formed_and_unique():
    files = sorted((EXPORTS / "frab-xml").rglob("*.xml"))
    schema = Path(__file__).parent / "schedule.rng"
    run("xmllint", "--noout", "--nonet", "--relaxng", schema, *files)
    from xml.etree import ElementTree

    for file in files:
        events = ElementTree.parse(file).getroot().findall("day/room/event")
        for name, values in [("guid", [e.get("guid") for e in events]), ("id", [e.get("id") for e in events]), ("slug", [e.findtext("slug") for e in events])]:
            same(f"{file}: {name}s, each once", len(events), len(set(values)))
        for event in events:
            true("begin has an offset", re.search(r"[+-]\d\d:\d\d$", event.findtext("date")))
    return f"{len(files)} programmes"


@check
def frab_xml_schedule_convert():
    from schedule_convert.importers.frab_xml import FrabXmlImporter

    count = 0
    for record in RECORDS:
        path = file_of("frab-xml", record, ".xml")
        same(f"{path} is there", any(begin(s) for s in record["sessions"]), path.exists())
        if not path.exists():
            continue
        importer = FrabXmlImporter()
        true("schedule-convert takes it", importer.check(path.read_text("utf-8")[:4000]))
        conference = importer.parse(open(path, "rb"))
        have = [(words(e.title), e.start, e.duration, words(e.room.name)) for e in conference.events]
        compare_rows(record, have)
        names = {words(s.name) for e in conference.events for s in e.speakers}
        known = people(record)
        for session in record["sessions"]:
            if begin(session):
                for role in session.get("roles", []):
                    if role.get("person"):
                        true("the person is there", words(known[role["person"]]["name"]) in names)
        count += len(have)
        if record["event"].get("title"):
            same("title", words(record["event"]["title"]), words(conference.title))
    return f"{count} rows"


@check
def c3voc_json_tools():
    from voc.schedule import Schedule

    count = 0
    for record in RECORDS:
        path = file_of("c3voc-json", record, ".json")
        same(f"{path} is there", any(begin(s) for s in record["sessions"]), path.exists())
        if not path.exists():
            continue
        schedule = Schedule(json=json.loads(path.read_text("utf-8")))
        have = []

        def take(event):
            hours, minutes = event["duration"].split(":")
            start = datetime.fromisoformat(event["date"]).replace(tzinfo=None)
            have.append((words(event["title"]), start, int(hours) * 60 + int(minutes), words(event["room"])))

        schedule.foreach_event(take)
        compare_rows(record, have)
        rooms = {r["name"] for r in schedule.conference("rooms")}
        true("every room has its entry", all(room in rooms for _, _, _, room in [(0, 0, 0, e["room"]) for d in schedule.days() for es in d["rooms"].values() for e in es]))
        count += len(have)
    return f"{count} rows"


# --- schema.org -----------------------------------------------------------------------------------------------------

CONTEXT = {
    "@context": {
        "@vocab": "https://schema.org/",
        **{key: {"@id": f"https://schema.org/{key}", "@type": "@id"} for key in ["url", "sameAs", "eventStatus", "eventAttendanceMode", "additionalType"]},
    }
}


def offline(url, _options):
    true(f"expected only schema.org's context, but {url} was asked for", url.rstrip("/") in ("https://schema.org", "http://schema.org"))
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}


def count_of(record):
    return 1 + len(record["sessions"]) + sum(len(s.get("talks", [])) for s in record["sessions"])


@check
def jsonld_pyld_and_triples():
    import rdflib
    from pyld import jsonld

    jsonld.set_document_loader(offline)
    graph = rdflib.Graph()
    files = events = titles = 0
    for record in RECORDS:
        path = file_of("jsonld", record, ".jsonld")
        if not path.exists():
            true(f"{path} is there", record["event"] == {} and not record["sessions"])
            continue
        value = json.loads(path.read_text("utf-8"))
        expanded = jsonld.expand(value)
        text = json.dumps(expanded)
        same(f"events in {path}", count_of(record), text.count('"@type": ["https://schema.org/Event"]'))
        titles += sum(1 for s in record["sessions"] if s.get("title"))
        events += count_of(record)
        files += 1
        graph.parse(data=jsonld.to_rdf(value, {"format": "application/n-quads"}), format="nquads")
    found = graph.query("PREFIX s: <https://schema.org/> SELECT (COUNT(DISTINCT ?e) AS ?n) WHERE { ?e a s:Event ; s:keywords ?k ; s:name ?name }")
    same("sessions with a name in the triple store", titles, int(next(iter(found)).n))
    return f"{files} graphs, {events} events expanded, {len(graph)} triples"


@check
def jsonld_schema_org_models():
    """Each node against schema_org-py's strict models, generated from schema.org's vocabulary: types, property names."""
    import schema_org.models as models

    checked = 0

    def node(value):
        nonlocal checked
        if isinstance(value, list):
            for item in value:
                node(item)
        elif isinstance(value, dict):
            kind = value.get("@type")
            if kind:
                model = getattr(models, kind, None)
                true(f"schema.org knows the type {kind}", model)
                known = {f.alias or name for name, f in model.model_fields.items()} | set(model.model_fields)
                # A Role stands between a thing and its value, with the thing's own property (schema.org/Role).
                known |= {"performer", "organizer"} if kind == "Role" else set()
                camel = {re.sub(r"_([a-z])", lambda m: m.group(1).upper(), k) for k in known}
                for key in value:
                    true(f"schema.org knows {kind}.{key}", key.startswith("@") or key in known or key in camel)
                checked += 1
            for item in value.values():
                node(item)

    for path in sorted((EXPORTS / "jsonld").rglob("*.jsonld")):
        value = json.loads(path.read_text("utf-8"))
        node(value["@graph"])
        event = value["@graph"][0]
        # What search engines ask of an event.
        if event.get("startDate"):
            true("an event status of schema.org", event["eventStatus"].startswith("https://schema.org/Event"))
            true("ISO 8601", re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d)?)?", event["startDate"]))
    return f"{checked} nodes"


@check
def html_extruct():
    import extruct

    pages = 0
    for record in RECORDS:
        path = file_of("html", record, ".html")
        if not path.exists() or (record["event"] == {} and not record["sessions"]):
            continue
        data = extruct.extract(path.read_text("utf-8"), syntaxes=["json-ld"])["json-ld"]
        same(f"JSON-LD of {path}", [json.loads(file_of("jsonld", record, ".jsonld").read_text("utf-8"))], data)
        pages += 1
    return f"{pages} pages whose data equal the jsonld export"


@check
def html_chromium():
    from html.parser import HTMLParser

    chromium = next((c for c in ["chromium", "chromium-browser", "google-chrome"] if subprocess.run(["which", c], capture_output=True).returncode == 0), None)
    true("chromium is there", chromium)
    shots = pages = 0
    wanted = sorted(RECORDS, key=lambda r: -len(r["sessions"]))[:4]
    for record in wanted:
        path = file_of("html", record, ".html")
        if not path.exists():
            continue
        common = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={SCRATCH}/chromium"]
        dom = run(*common, "--dump-dom", path.as_uri(), timeout=120)
        same("sections", len(record["sessions"]), dom.count("<section"))

        class Words(HTMLParser):
            text = ""
            skip = False

            def handle_starttag(self, tag, _):
                self.skip = tag in ("script", "style")

            def handle_endtag(self, _):
                self.skip = False

            def handle_data(self, data):
                self.text += "" if self.skip else data

        reader = Words()
        reader.feed(dom)
        text = words(reader.text)
        for session in record["sessions"]:
            true(f"{session.get('title')!r} is on the page", words(session.get("title")) in text)
        pages += 1
        shot = SCRATCH / f"page-{shots}.png"
        run(*common, f"--screenshot={shot}", "--window-size=900,1400", path.as_uri(), timeout=120)
        true("a picture", shot.stat().st_size > 5000)
        shots += 1
    return f"{pages} pages in Chromium, {shots} screenshots"


# --- people ---------------------------------------------------------------------------------------------------------


@check
def vcard_vobject():
    import vobject

    cards = 0
    for record in RECORDS:
        path = file_of("vcard", record, ".vcf")
        same(f"{path} is there", bool(record["people"] or record["contacts"]), path.exists())
        if not path.exists():
            continue
        found = list(vobject.readComponents(path.read_bytes().decode("utf-8")))
        own = [c for c in record["contacts"] if not c.get("person")]
        same("cards", len(record["people"]) + len(own), len(found))
        for person, card in zip(record["people"], found):
            same("name", plain(person["name"]), card.fn.value)
            if person.get("family") and person.get("given"):
                same("family and given", (plain(person["family"]), plain(person["given"])), (card.n.value.family, card.n.value.given))
            if person.get("organisation"):
                same("organisation", [plain(person["organisation"])], card.org.value)
            if person.get("position"):
                same("position", plain(person["position"]), card.title.value)
            contacts = [c for c in record["contacts"] if c.get("person") == person["id"]]
            same("e-mails", [plain(e) for c in contacts for e in c.get("emails", [])], [e.value for e in card.contents.get("email", [])])
            numbers = [p.get("e164") for c in contacts for p in c.get("phones", [])]
            have = [t.value.removeprefix("tel:").split(";")[0] for t in card.contents.get("tel", [])]
            same("numbers", len(numbers), len(have))
            true("E.164 as tel:", all(n in have for n in numbers if n))
        cards += len(found)
    return f"{cards} cards"


# --- Indico ---------------------------------------------------------------------------------------------------------


def indico_function():
    """Indico's own `import_contributions_from_csv`, taken out of its package; its database is replaced by lists."""
    import ast
    import importlib.util
    from collections import defaultdict
    from contextlib import contextmanager

    import dateutil.parser
    import pytz

    root = Path(importlib.util.find_spec("indico").origin or str(BIN)).parent
    space = {"csv": csv, "dateutil": dateutil, "timedelta": timedelta, "defaultdict": defaultdict, "_": lambda text: text}
    import io

    space["io"] = io
    space["TextIOWrapper"] = io.TextIOWrapper
    space["contextmanager"] = contextmanager

    def take(file, name):
        tree = ast.parse((root / file).read_text("utf-8"))
        function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
        exec(compile(ast.Module([function], []), file, "exec"), space)

    class UserValueError(Exception):
        pass

    class Links:
        def __init__(self, person, is_speaker):
            self.person = person

        def populate_from_dict(self, data):
            self.data = data

    class Contribution:
        @staticmethod
        def allocate_friendly_ids(_event, _count):
            pass

        def __init__(self, data):
            self.data, self.person_links = data, []

    @contextmanager
    def track_time_changes():
        yield defaultdict(dict)

    def valid(email):
        # Indico asks the domain name system too; a test has no network.
        import email_validator

        try:
            email_validator.validate_email(email, check_deliverability=False, test_environment=True)
        except email_validator.EmailNotValidError:
            return email.endswith((".example", ".invalid"))
        return True

    space.update(UserValueError=UserValueError, Contribution=Contribution, ContributionPersonLink=Links, track_time_changes=track_time_changes,
                 create_contribution=lambda _event, data, **_: Contribution(dict(data)), get_event_person=lambda _event, data: dict(data),
                 validate_email=valid)
    take("util/spreadsheets.py", "csv_text_io_wrapper")
    take("modules/events/contributions/util.py", "import_contributions_from_csv")

    class Event:
        tzinfo = pytz.utc

        def __hash__(self):
            return 1

    import io as streams

    return lambda data: space["import_contributions_from_csv"](Event(), streams.BytesIO(data))[0]


@check
def indico_csv_imports():
    """By Indico's own function. Its dialogue says: exactly 7 columns; ISO 8601; minutes; only the title is mandatory."""
    imported = speakers = 0
    function = indico_function()
    for record in RECORDS:
        path = file_of("indico-csv", record, ".csv")
        if not path.exists():
            continue
        data = path.read_bytes()
        for row in csv.reader(data.decode("utf-8").splitlines()):
            same("«exactly 7 columns»", 7, len(row))
            true("no cell that a spreadsheet would run", not any(c.startswith(("=", "+", "-", "@", "\t")) for c in row))
        found = function(data)
        want = []
        for session in record["sessions"]:
            if session["kind"] in ("break", "meal"):
                continue
            if session.get("talks"):
                want += [(words(t.get("title")), None) for t in session["talks"]]
            elif not any(s.get("parent") == session["id"] for s in record["sessions"]):
                want.append((words(session.get("title")), begin(session)))
        same("contributions", len(want), len(found))
        for (title, start), contribution in zip(want, found):
            if title:
                same("title", title, contribution.data["title"])
            if start:
                same("begin", start, contribution.data["start_dt"].replace(tzinfo=None))
            true("a length", contribution.data["duration"] > timedelta(0))
            speakers += len(contribution.person_links)
        imported += len(found)
    return f"{imported} contributions, {speakers} with a speaker (a speaker without e-mail is passed over by Indico)"


# --- losses ---------------------------------------------------------------------------------------------------------


@check
def losses_are_told():
    told = 0
    for folder in sorted(p for p in EXPORTS.iterdir() if p.is_dir() and not p.name.startswith(".")):
        loss = json.loads((folder / "loss.json").read_text("utf-8"))
        same("format", folder.name, loss["format"])
        same("documents", len(RECORDS), loss["documents"])
        same("written or left out", loss["documents"], loss["written"] + sum(x["documents"] for x in loss["left_out"]))
        told += len(loss["fields"])
    return f"{told} entries"


def main():
    only = sys.argv[4:]
    SCRATCH.mkdir(parents=True, exist_ok=True)
    passed = failed = 0
    for function in CHECKS:
        if only and not any(word in function.__name__ for word in only):
            continue
        try:
            told = function()
            if told is None:
                print(f"  --  {function.__name__}: not exported")
                continue
            passed += 1
            print(f"  ok  {function.__name__}: {told}", flush=True)
        except Exception as error:
            failed += 1
            kind = "" if isinstance(error, Wrong) else f"{type(error).__name__}: "
            print(f"FAIL  {function.__name__}: {kind}{error}"[:2000], flush=True)
    print(f"imports: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
