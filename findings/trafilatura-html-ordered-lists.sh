#!/usr/bin/env bash
# trafilatura 2.3.1 makes <ul> of every <ol> where it returns HTML; its Markdown of the same page has the numbers.
#
# Seen with trafilatura 2.3.1 on Python 3.11: <ul> and no <ol> in HTML, "1." and "2." in Markdown.
# For users of boilerbench: `ordered` beside `lists` is 0 of all numbered items for trafilatura:html (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml==6.1.3 lxml_html_clean==0.4.6
"$place/venv/bin/python" - <<'PY'
import trafilatura

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years. "
PAGE = (
    "<!doctype html><html lang='en'><head><title>The drained reservoir</title></head><body><main>"
    f"<p>{3 * SENTENCE}</p><ol><li>Open the lower gate</li><li>Wait for a week</li></ol><p>{3 * SENTENCE}</p></main></body></html>"
)
html = trafilatura.extract(PAGE, output_format="html", include_formatting=True)
markdown = trafilatura.extract(PAGE, output_format="markdown")
found = ("<ul>" in html, "<ol>" in html, "1. Open the lower gate" in markdown, "2. Wait for a week" in markdown)
print(f"in its HTML <ul> {found[0]}, <ol> {found[1]}; numbers in its Markdown {found[2:]}")
assert found == (True, False, True, True), f"trafilatura behaves otherwise now: {found}"
PY
echo "as described: trafilatura 2.3.1 returns numbered lists as bulleted ones in HTML alone"
