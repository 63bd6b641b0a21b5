#!/usr/bin/env python3
"""Documents for scripts/scale.sh. In: a number of documents or a size, a seed. Out: files. Never: depends on anything else.

  scale.py many FOLDER COUNT BYTES    COUNT programmes of about BYTES bytes, a third of them mutated documents of input/
  scale.py large FOLDER BYTES         documents of BYTES bytes, one of each shape that could be quadratic
"""

import pathlib
import random
import sys

TITLES = ["Opening session", "Coffee break", "Water and cities", "Panel on open data", "Questions and answers", "Closing remarks"]
NAMES = ["A. Martin", "Leila Trabelsi", "John Smith", "M. Dupont", "Ana Silva", "K. Tanaka"]


def row(r, n):
    hour, minute = 8 + n // 4 % 10, n % 4 * 15
    return f"{hour:02}:{minute:02} - {hour:02}:{minute + 14:02} {r.choice(TITLES)} {n}, Dr. {r.choice(NAMES)}\n"


def programme(r, size):
    out, n = [f"Seminar {r.randrange(10**6)}\n\nProgramme\n\n{r.randrange(1, 29)} May 20{r.randrange(10, 25)}\n\n"], 0
    length = len(out[0])
    while length < size:
        out.append(f"\n{n // 40 % 28 + 1} May 2012\n\n" if n % 40 == 39 else row(r, n))
        length += len(out[-1])
        n += 1
    return "".join(out)[:size].encode()


def mutated(r, real, size):
    text = bytearray(r.choice(real))
    start = r.randrange(max(1, len(text) - size))
    text = text[start : start + size]
    for _ in range(1 + size // 500):
        at = r.randrange(max(1, len(text)))
        if r.random() < 0.5:
            text[at : at + r.randrange(8)] = b""
        else:
            text[at:at] = bytes(text[at : at + r.randrange(20)])
    return bytes(text)


def many(folder, count, size):
    r = random.Random(count * 7 + size)
    real = [p.read_bytes() for p in sorted(pathlib.Path("input").glob("*.txt"))]
    for n in range(count):
        path = folder / f"{n // 1000:03}" / f"{n:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mutated(r, real, size) if n % 3 == 0 and size <= 20000 else programme(r, size))


def filled(piece, size):
    return (piece * (size // len(piece) + 1))[:size]


def large(folder, size):
    r = random.Random(size)
    real = "\n\n".join(p.read_text(errors="replace") for p in sorted(pathlib.Path("input").glob("*.txt")))
    shapes = {
        "programme": programme(r, size).decode(),
        "sessions": filled("09:30 - 10:00 Opening by Dr. A. Martin\n", size),
        "prose": filled("The seminar was opened by Dr. Leila Trabelsi of the University of Tunis. ", size),
        "real": filled(real, size),
        "line": filled("09:30 Opening by Mr. A. Martin, 10:00 Coffee break; ", size).replace("\n", " "),
        "word": filled("seminar ", size),
        "names": filled("Dr. Leila Trabelsi, University of Tunis\n", size),
        "letters": filled("a", size),
        "table": "".join(f"| {n} | 09:30 | Opening | A. Martin |\n" for n in range(size // 36)),
    }
    for name, text in shapes.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        end = "md" if name == "table" else "txt"
        (folder / name / f"{name}.{end}").write_text(text)


if __name__ == "__main__":
    what, folder, *numbers = sys.argv[1:]
    {"many": many, "large": large}[what](pathlib.Path(folder), *map(int, numbers))
