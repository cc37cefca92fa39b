#!/usr/bin/env bash
# trafilatura 1.12.2 and 2.0.0 lose the beginning of a page that is written in one line.
#
# A faulty doctype is looked for in the first line, up to the first "/>". In a page without line breaks that line is the whole page, and
# "/>" belongs to its first <br/>: everything before it is taken away, and extracted is what follows. A line break after the doctype
# mends it; 2.3.1 keeps the page. magic-html 0.1.8 has the same pattern.
#
# Seen with trafilatura 1.12.2, 2.0.0 and 2.3.1 on Python 3.11: the first of three paragraphs is lost, lost and there.
# For users of boilerbench: trafilatura@2.0.0 on minified pages is another extractor than trafilatura (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
for release in 1.12.2 2.0.0 2.3.1; do
  python3 -m venv "$place/$release"
  "$place/$release/bin/pip" install --quiet --disable-pip-version-check "trafilatura==$release" lxml==6.1.3 lxml_html_clean==0.4.6
  "$place/$release/bin/python" - "$release" <<'PY'
import sys

import trafilatura

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years. "
PAGE = (
    "<!doctype html>{}<html lang='en'><head><title>The drained reservoir</title></head><body><main>"
    f"<p>First. {3 * SENTENCE}</p><p>Second. {3 * SENTENCE}<br/>It filled again.</p><p>Third. {3 * SENTENCE}</p></main></body></html>"
)
found = ["First." in (trafilatura.extract(PAGE.format(gap)) or "") for gap in ("", "\n")]
print(f"{sys.argv[1]:7} first paragraph in one line: {found[0]}, with a line break after the doctype: {found[1]}")
assert found == [sys.argv[1] == "2.3.1", True], f"trafilatura {sys.argv[1]} behaves otherwise now: {found}"
PY
done
echo "as described: trafilatura before 2.3.1 loses a one-line page up to its first />"
