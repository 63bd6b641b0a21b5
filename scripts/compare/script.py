#!/usr/bin/env python3
"""What one would write without agendata: names by spaCy, dates by dateparser, numbers by phonenumbers, the rest by regex.

In: a folder of texts. Out: a line of JSON a text: times, dates, people, phones, emails, as lists of texts. Never: knows what
belongs together.
"""

import json
import re
import sys
import warnings
from pathlib import Path

import phonenumbers
import spacy
from dateparser.search import search_dates

TIME = re.compile(r"\b(\d{1,2})[:.h](\d{2})\s*([ap]\.?m)?", re.I)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
TITLES = ["mr", "mr.", "ms", "ms.", "mrs", "mrs.", "dr", "dr.", "prof", "prof.", "professor"]
TITLED = [{"LOWER": {"IN": TITLES}}, {"IS_TITLE": True, "OP": "{2,4}"}]


def pipeline():
    """The small English model where it is installed, by any of its names; else a rule for names behind a title."""
    model = next((m for m in spacy.util.get_installed_models() if m.startswith("en_core_web_sm")), None)
    if model:
        return spacy.load(model, exclude=["lemmatizer"]), model
    blank = spacy.blank("en")
    blank.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": TITLED}])
    return blank, "blank, entity ruler"


def untitled(name):
    words = name.split()
    while words and words[0].lower() in TITLES:
        words.pop(0)
    return " ".join(words)


def clock(match):
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower().replace(".", "")
    hour += 12 if half == "pm" and hour < 12 else 0
    return f"{hour:02}:{minute:02}"


def read(nlp, text):
    dates = []
    for line in text.splitlines():
        if re.search(r"\d", line):
            dates += [at.date().isoformat() for _, at in search_dates(line, languages=["en"]) or []]
    return {
        "times": [clock(m) for m in TIME.finditer(text)],
        "dates": dates,
        "people": [untitled(e.text) for e in nlp(text[:1_000_000]).ents if e.label_ == "PERSON"],
        "phones": [phonenumbers.format_number(m.number, phonenumbers.PhoneNumberFormat.E164) for m in phonenumbers.PhoneNumberMatcher(text, None)],
        "emails": MAIL.findall(text),
    }


def main():
    warnings.simplefilter("ignore")
    nlp, name = pipeline()
    print(f"spaCy {spacy.__version__}: {name}", file=sys.stderr)
    for path in sorted(Path(sys.argv[1]).rglob("*")):
        if path.is_file():
            print(json.dumps({"path": path.name, **read(nlp, path.read_text("utf-8", "replace"))}))


main()
