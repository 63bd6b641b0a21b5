"""Contributions: indico-csv, by Indico's own function."""

import csv
from datetime import timedelta
from pathlib import Path

from .common import BIN, begin, check, exported, same, true, words


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


def contributions(record):
    """Title and begin of what Indico has to hold: talks, and sessions without talks or parts that are no break."""
    found = []
    for session in record["sessions"]:
        if session["kind"] in ("break", "meal"):
            continue
        if session.get("talks"):
            found += [(words(t.get("title")), None) for t in session["talks"]]
        elif not any(s.get("parent") == session["id"] for s in record["sessions"]):
            found.append((words(session.get("title")), begin(session)))
    return found


@check
def indico_csv_imports():
    """By Indico's own function. Its dialogue says: exactly 7 columns; ISO 8601; minutes; only the title is mandatory."""
    imported = speakers = 0
    function = indico_function()
    for record, path in exported("indico-csv", ".csv", contributions):
        data = path.read_bytes()
        for row in csv.reader(data.decode("utf-8").splitlines()):
            same("«exactly 7 columns»", 7, len(row))
            true("no cell that a spreadsheet would run", not any(c.startswith(("=", "+", "-", "@", "\t")) for c in row))
        found = function(data)
        want = contributions(record)
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
