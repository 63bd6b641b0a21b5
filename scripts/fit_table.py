#!/usr/bin/env python3
"""Writes what confidences are worth, and what is wrong by class, into a page, each between its two marks.

    fit_table.py DIR PAGE

DIR is what fit.sh leaves: eval.json over all documents, eval-SET.json a set, fit.txt with the figures held out a set. Where there
is no fit.txt, only the classes are written.
"""
import json
import re
import sys
from pathlib import Path

CLASSES = ["shown", "hidden", "elsewhere", "unplaced", "near", "other", "invented"]


def main(folder, page):
    folder, page = Path(folder), Path(page)
    put(page, "classes", class_table(folder))
    if (folder / "fit.txt").exists():
        put(page, "fit", fit_table(folder))


def class_table(folder):
    """All sets together by field, and each set as one row."""
    read = lambda file: json.loads(file.read_text())["confidence"]["classes"]
    row = lambda name, counts: "| " + " | ".join([name, *(str(counts[c]) for c in CLASSES)]) + " |"
    head = ["| field | " + " | ".join(CLASSES) + " |", "|---" * (len(CLASSES) + 1) + "|"]
    by_field = read(folder / "eval.json")
    fields = [row(name, counts) for name, counts in by_field.items() if name != "all"]
    sets = [(file.stem.removeprefix("eval-"), read(file)) for file in sorted(folder.glob("eval-*.json"))]
    rows = [row(name, by_set["all"]) for name, by_set in sets]
    set_head = [head[0].replace("field", "set"), head[1]]
    return [*head, *fields, row("all", by_field["all"]), "", *set_head, *rows]


def fit_table(folder):
    whole = json.loads((folder / "eval.json").read_text())["confidence"]
    held = whole["held_out"]
    lines = [
        f"Held out by document, over {whole['documents']} documents, {held['values']:,} values, {held['wrong']:,} of them wrong:",
        "",
        "| confidence | values | said | right |",
        "|---|---|---|---|",
    ]
    for b in held["bins"]:
        lines.append(f"| {b['from']:.2f} – {b['to']:.2f} | {b['values']:,} | {b['said']:.3f} | {b['right']:.3f} |")
    lines += [
        "",
        "| set | values | wrong | calibration error, held out | errors in the least confident tenth, held out "
        "| missed values that show | lines that show | F1 → after 40 looks |",
        "|---|---|---|---|---|---|---|---|",
    ]
    fitted = {}
    for row in (folder / "fit.txt").read_text().splitlines()[1:]:
        cells = row.split()
        if len(cells) == 8 and cells[1].isdigit():
            fitted[cells[0]] = cells
    for name, cells in fitted.items():
        file = folder / ("eval.json" if name == "all" else f"eval-{name}.json")
        if file.exists():
            c = json.loads(file.read_text())["confidence"]
            m, b = c["missed"], c["bought"]
            shown = f"{m['shown']} of {m['placed']}" if m["placed"] else "–"
            more = [shown, f"{100 * m['lines_flagged']:.0f} %", f"{b['before']:.3f} → {b['after']:.3f}"]
        else:
            more = ["–", "–", "–"]
        lines.append("| " + " | ".join([name, cells[1], cells[2], cells[5], cells[7], *more]) + " |")
    return lines


def put(page, mark, lines):
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    part = f"{begin}\n" + "\n".join(lines) + f"\n{end}"
    text, n = re.subn(re.escape(begin) + ".*?" + re.escape(end), lambda _: part, page.read_text("utf-8"), flags=re.S)
    if n != 1:
        sys.exit(f"expected {begin} and {end} once in {page}, but found them {n} times")
    page.write_text(text, "utf-8")


main(*sys.argv[1:3])
