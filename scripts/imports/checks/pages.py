"""Pages: html."""

import subprocess

from .common import RECORDS, SCRATCH, check, file_of, run, same, true, words


@check
def html_chromium():
    from html.parser import HTMLParser

    chromium = next((c for c in ["chromium", "chromium-browser", "google-chrome"] if subprocess.run(["which", c], capture_output=True).returncode == 0), None)
    true("chromium is there", chromium)
    shots = pages = 0
    wanted = sorted(RECORDS, key=lambda r: -len(r["sessions"]))[:4]
    for record in wanted:
        path = file_of("html", record, ".html")
        if not path.exists():
            continue
        common = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={SCRATCH}/chromium"]
        dom = run(*common, "--dump-dom", path.as_uri(), timeout=120)
        same("sections", len(record["sessions"]), dom.count("<section"))

        class Words(HTMLParser):
            text = ""
            skip = False

            def handle_starttag(self, tag, _):
                self.skip = tag in ("script", "style")

            def handle_endtag(self, _):
                self.skip = False

            def handle_data(self, data):
                self.text += "" if self.skip else data

        reader = Words()
        reader.feed(dom)
        text = words(reader.text)
        for session in record["sessions"]:
            true(f"{session.get('title')!r} is on the page", words(session.get("title")) in text)
        pages += 1
        shot = SCRATCH / f"page-{shots}.png"
        run(*common, f"--screenshot={shot}", "--window-size=900,1400", path.as_uri(), timeout=120)
        true("a picture", shot.stat().st_size > 5000)
        shots += 1
    return f"{pages} pages in Chromium, {shots} screenshots"
