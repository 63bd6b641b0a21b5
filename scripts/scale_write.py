#!/usr/bin/env python3
"""Writes the files of a folder again as durably as a dataset is: to a new folder, synced, then moved to its place.

In: a folder, a new one. Out: the same files there. Never: does less than a careful plain program would do.
"""

import os
import pathlib
import sys

source, target = map(pathlib.Path, sys.argv[1:])
aside = target.with_suffix(".new")
files = [p.relative_to(source) for p in sorted(source.rglob("*")) if p.is_file()] if source.is_dir() else []
for name in files:
    (aside / name).parent.mkdir(parents=True, exist_ok=True)
    (aside / name).write_bytes((source / name).read_bytes())
os.sync()
for name in files:
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    os.rename(aside / name, target / name)
os.sync()
