"""What each format could not carry: loss.json."""

import json

from .common import EXPORTS, RECORDS, check, same


@check
def losses_are_told():
    told = 0
    for folder in sorted(p for p in EXPORTS.iterdir() if p.is_dir() and not p.name.startswith(".")):
        loss = json.loads((folder / "loss.json").read_text("utf-8"))
        same("format", folder.name, loss["format"])
        same("documents", len(RECORDS), loss["documents"])
        same("written or left out", loss["documents"], loss["written"] + sum(x["documents"] for x in loss["left_out"]))
        told += len(loss["fields"])
    return f"{told} entries"
