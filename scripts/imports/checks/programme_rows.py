"""The rows that a programme has to hold, whoever reads it."""

from .common import begin, same, stated_end, true, words


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


def is_programme(record):
    return any(begin(s) for s in record["sessions"])


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
