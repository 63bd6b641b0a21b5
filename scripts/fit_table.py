#!/usr/bin/env python3
"""Writes what confidences are worth into a page, between its two marks.

    fit_table.py DIR PAGE

DIR is what fit.sh leaves: eval.json over all documents, eval-SET.json a set, fit.txt with the figures held out a set.
"""
import json
import re
import sys
from pathlib import Path

BEGIN, END = "<!-- fit: begin -->", "<!-- fit: end -->"


def main(folder, page):
    folder, page = Path(folder), Path(page)
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
    text = page.read_text("utf-8")
    part = f"{BEGIN}\n" + "\n".join(lines) + f"\n{END}"
    text, n = re.subn(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: part, text, flags=re.S)
    if n != 1:
        sys.exit(f"expected {BEGIN} and {END} once in {page}, but found them {n} times")
    page.write_text(text, "utf-8")


main(*sys.argv[1:3])
