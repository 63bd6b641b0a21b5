"""Calendars: ics."""

import base64
import contextlib
import http.client
import re
import shutil
import socket
import subprocess
import time
from datetime import date

from .common import (
    BIN,
    EXPORTS,
    SCRATCH,
    begin,
    check,
    exported,
    full_date,
    people,
    plain,
    run,
    same,
    stated_end,
    true,
)


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
    for record, path in exported("ics", ".ics", is_calendar):
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


# Events brought to a server at most: each is a request, and the server puts each on its disk.
SYNCED = 300


def events_in(text):
    return len(re.findall(r"^BEGIN:VEVENT\r?$", text, re.M))


def read_better(text):
    """The same calendar with another title for its first session, and that session's uid: what a better grammar gives."""
    first = re.search(r"UID:(\S+)\r\nDTSTAMP:\S+\r\nX-AGENDATA-PART:session\r\nSUMMARY:", text)
    return text[: first.end()] + "Read better: " + text[first.end() :], first.group(1)


class Khal:
    """khal over a folder of its own, one file an event."""

    def __init__(self, home):
        self.store = home / "store"
        shutil.rmtree(home, ignore_errors=True)
        self.store.mkdir(parents=True)
        self.config = home / "config"
        self.config.write_text(
            f"[calendars]\n[[all]]\npath = {self.store}\ntype = calendar\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {home}/khal.db\n[default]\ndefault_calendar = all\n",
            "utf-8",
        )
        self.environment = {"XDG_DATA_HOME": str(home), "HOME": str(home)}

    def take(self, *files):
        run(BIN / "khal", "-c", self.config, "import", "--batch", "-a", "all", *files, env=self.environment)
        return self.held()

    def held(self):
        return {path.name: path.read_text("utf-8") for path in sorted(self.store.glob("*.ics"))}


@check
def ics_khal_updates_and_doubles_nothing():
    khal = Khal(SCRATCH / "khal")
    files = sorted((EXPORTS / "ics").rglob("*.ics"))
    parts = sum(events_in(f.read_bytes().decode("utf-8")) for f in files)
    first = khal.take(*files)
    same("events in khal", parts, len(first))
    same("after the second import", sorted(first), sorted(khal.take(*files)))
    better, uid = read_better(files[0].read_bytes().decode("utf-8"))
    again = SCRATCH / "khal" / "again.ics"
    again.write_bytes(better.encode())
    then = khal.take(again)
    same("after the import of a better reading", sorted(first), sorted(then))
    changed = [text for text in then.values() if "Read better: " in text]
    same("events that changed", 1, len(changed))
    true("it is the event of that uid", uid in changed[0])
    return f"{parts} events, as many after the second import; a better reading changed 1 and added 0"


@contextlib.contextmanager
def caldav_server(home):
    """Radicale on this machine's own address, with one empty calendar; gives its address."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "server": {"hosts": f"127.0.0.1:{port}"},
        "auth": {"type": "none"},
        "rights": {"type": "owner_only"},
        # It need not outlive a power cut; files cannot ask for that, only a program can.
        "storage": {"filesystem_folder": f"{home}/held", "_filesystem_fsync": "False"},
    }
    serve = f"from radicale import config, server; c = config.load(); c.update({settings!r}, 'check', privileged=True); server.serve(c)"
    with open(home / "log", "w") as log:
        server = subprocess.Popen([BIN / "python", "-c", serve], stdout=log, stderr=log)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                ask("GET", port, "/.web/")
                break
            time.sleep(0.1)
        same("a new calendar", 201, ask("MKCALENDAR", port, "/clerk/programme/")[0])
        yield port
    finally:
        server.terminate()
        server.wait()


def ask(method, port, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": "Basic " + base64.b64encode(b"clerk:x").decode(), "Content-Type": "text/calendar; charset=utf-8"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8")


@check
def ics_caldav_updates_and_doubles_nothing():
    """A CalDAV server, filled as by hand: khal imports, vdirsyncer brings it there, an event a request."""
    files, events = [], 0
    for file in sorted((EXPORTS / "ics").rglob("*.ics")):
        own = events_in(file.read_bytes().decode("utf-8"))
        if events + own <= SYNCED:
            files, events = [*files, file], events + own
    khal = Khal(SCRATCH / "caldav-khal")
    parts = len(khal.take(*files))
    home = SCRATCH / "caldav"
    with caldav_server(home) as port:
        config = home / "vdirsyncer"
        config.write_text(
            f'[general]\nstatus_path = "{home}/status"\n[pair all]\na = "here"\nb = "there"\ncollections = null\nconflict_resolution = "a wins"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{khal.store}"\nfileext = ".ics"\n'
            f'[storage there]\ntype = "caldav"\nurl = "http://127.0.0.1:{port}/clerk/programme/"\nusername = "clerk"\npassword = "x"\n'
        )

        def sync():
            run(BIN / "vdirsyncer", "-c", config, "sync")
            return ask("GET", port, "/clerk/programme/")[1]

        run(BIN / "vdirsyncer", "-c", config, "discover")
        same("events on the server", parts, events_in(sync()))
        better, uid = read_better(files[0].read_bytes().decode("utf-8"))
        (home / "again.ics").write_bytes(better.encode())
        khal.take(*files[1:], home / "again.ics")
        held = sync()
        same("events after a better reading", parts, events_in(held))
        same("events that changed", 1, held.count("Read better: "))
        true("the uid is there once", held.count(f"UID:{uid}") == 1)
    return f"{parts} events of {len(files)} calendars on Radicale; a better reading changed 1 and added 0"
