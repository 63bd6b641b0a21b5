#!/usr/bin/env python3
"""Text recall and speed of the PDF reader, measured against `pdftotext -layout` (poppler-utils).

    scripts/pdf_recall.py FOLDER [--bin target/release/examples/ingest] [--floor 0.99] [--floor-each 0.95] [--show NAME]

For each PDF of FOLDER: the share of the words that `pdftotext` finds which stand in the ingested text too (each as often),
the share of ours that it has (precision), and the CPU seconds of both. pdftotext is an oracle for this script only: the
program neither needs nor calls it. Exit code 1 where a floor is missed.
"""
import argparse
import collections
import pathlib
import re
import resource
import subprocess
import sys
import unicodedata

WORD = re.compile(r"\w+")


def words(text):
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return collections.Counter(WORD.findall(text))


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout.decode("utf-8", "replace"), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--bin", default="target/release/examples/ingest")
    parser.add_argument("--floor", type=float, default=0.99)
    parser.add_argument("--floor-each", type=float, default=0.95)
    parser.add_argument("--show", help="list the missing words of the documents whose name holds this")
    options = parser.parse_args()
    rows, ours_cpu, theirs_cpu = [], 0.0, 0.0
    for path in sorted(options.folder.glob("*.pdf")):
        want, theirs = run(["pdftotext", "-layout", str(path), "-"])
        got, ours = run([options.bin, str(path)])
        want, got = words(want), words(got)
        ours_cpu, theirs_cpu = ours_cpu + ours, theirs_cpu + theirs
        total = sum(want.values())
        hit = sum((want & got).values())
        recall = hit / total if total else 1.0
        precision = hit / sum(got.values()) if got else 1.0
        rows.append((path.name, total, recall, precision))
        print(f"{path.name:44} {total:6} words  recall {recall:.4f}  precision {precision:.4f}  cpu {ours:.3f} / {theirs:.3f}")
        if options.show and options.show in path.name:
            print("   missing:", dict((want - got).most_common(60)))
            print("   extra:  ", dict((got - want).most_common(60)))
    if not rows:
        sys.exit("no PDF there")
    read = [r[2] for r in rows if r[1]]
    mean, least = sum(read) / len(read), min(read)
    print(f"mean {mean:.4f}  least {least:.4f}  cpu {ours_cpu:.2f} s / {theirs_cpu:.2f} s = {ours_cpu / max(theirs_cpu, 1e-9):.2f}")
    sys.exit(0 if mean >= options.floor and least >= options.floor_each else 1)


if __name__ == "__main__":
    main()
