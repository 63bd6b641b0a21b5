"""Programmes: frab-xml, c3voc-json."""

import json
import re
from datetime import datetime
from pathlib import Path

from .common import (
    EXPORTS,
    begin,
    check,
    exported,
    people,
    run,
    same,
    true,
    words,
)
from .programme_rows import compare_rows, is_programme


@check
def frab_xml_well_formed_and_unique():
    files = sorted((EXPORTS / "frab-xml").rglob("*.xml"))
    schema = Path(__file__).parent.parent / "schedule.rng"
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
    for record, path in exported("frab-xml", ".xml", is_programme):
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
    for record, path in exported("c3voc-json", ".json", is_programme):
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
