#!/usr/bin/env python3
"""Imports the exports of a dataset with the importers that they are meant for, and compares values with the records.

In: the dataset's folder, the folder of its exports, a folder for scratch files; words of the checks wanted. Out: a line a
check, then `N passed, N failed`. Never: takes "it parses" for proof; each check compares what the importer holds with
what the records say.
"""

from checks import calendars, cards, contributions, graphs, losses, pages, programmes, tables  # noqa: F401
from checks.common import main

main()
