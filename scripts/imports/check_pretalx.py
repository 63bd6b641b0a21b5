#!/usr/bin/env python3
"""Imports schedule.xml with pretalx's own `import_schedule` into a pretalx of its own (SQLite), and compares what it holds.

In: as check.py; the Python of an environment with pretalx (pretalx.txt). Out: as check.py.
"""

import contextlib
import io
import os
import re
import shutil
from datetime import datetime
from xml.etree import ElementTree

from checks.common import SCRATCH, check, exported, main, people, same, true, words
from checks.programme_rows import compare_rows, is_programme


def begin():
    """A pretalx with an empty database."""
    home = SCRATCH / "pretalx"
    shutil.rmtree(home, ignore_errors=True)
    for folder in ["data", "media", "logs", "static"]:
        (home / folder).mkdir(parents=True)
    folders = "".join(f"{name} = {home}/{name}\n" for name in ["data", "media", "logs", "static"])
    (home / "pretalx.cfg").write_text(f"[filesystem]\n{folders}[database]\nbackend = sqlite3\nname = {home}/db.sqlite3\n[site]\nurl = http://localhost\n")
    os.environ.update(PRETALX_CONFIG_FILE=str(home / "pretalx.cfg"), DJANGO_SETTINGS_MODULE="pretalx.settings")
    import django
    from django.core.management import call_command

    with contextlib.redirect_stdout(io.StringIO()):
        django.setup()
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    return home


def take(path):
    """Imports a file; gives its event's slots as pretalx holds them."""
    from django.core.management import call_command
    from django_scopes import scopes_disabled
    from pretalx.event.models import Event
    from pretalx.schedule.models import TalkSlot

    call_command("import_schedule", str(path), stdout=io.StringIO())
    acronym = ElementTree.parse(path).findtext("conference/acronym")
    with scopes_disabled():
        event = Event.objects.get(slug=acronym)
        slots = TalkSlot.objects.filter(schedule=event.current_schedule, submission__isnull=False).select_related("submission", "room")
        return event, [(s, {words(p.name) for p in s.submission.speakers.all()}) for s in slots]


def rows(slots, offsets):
    """Title, begin on the programme's own clock, minutes and room."""
    local = lambda s: s.start.astimezone(offsets[s.start]).replace(tzinfo=None)
    return [(words(str(s.submission.title)), local(s), int((s.end - s.start).total_seconds() // 60), words(str(s.room.name))) for s, _ in slots]


@check
def frab_xml_pretalx():
    home = begin()
    count = files = 0
    last = None
    for record, path in exported("frab-xml", ".xml", is_programme):
        event, slots = take(path)
        begins = [datetime.fromisoformat(e.findtext("date")) for e in ElementTree.parse(path).iter("event")]
        compare_rows(record, rows(slots, {b: b.tzinfo for b in begins}))
        if record["event"].get("title"):
            same("title", words(record["event"]["title"]), words(str(event.name)))
        held = set().union(*(names for _, names in slots))
        told = {p.text for p in ElementTree.parse(path).iter("person")}
        same("people", {words(n) for n in told}, held)
        true("people of the record", held <= {words(p["name"]) for p in people(record).values()})
        count, files, last = count + len(slots), files + 1, path
    # The same file again is refused, since its version is there; a better reading has a version of its own and updates.
    try:
        take(last)
        true("expected pretalx to refuse a version that it has", False)
    except Exception as error:  # pretalx raises nothing more telling
        true(f"refused for its version: {error}", "version" in str(error))
    text = last.read_text("utf-8")
    better = home / "better.xml"
    text = re.sub(r"<version>.*?</version>", "<version>better</version>", text)
    better.write_text(re.sub(r"(<room>[^<]*</room>\s*<title>)", r"\1Read better: ", text, count=1), "utf-8")
    _, then = take(better)
    same("slots after a better reading", len(slots), len(then))
    same("slots that changed", 1, sum(str(s.submission.title).startswith("Read better: ") for s, _ in then))
    return f"{files} programmes, {count} slots with their people; a better reading changed 1 and added 0"


main()
