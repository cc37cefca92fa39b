#!/usr/bin/env bash
# rs-trafilatura 0.1.1 keeps the indent of a page's source in its Markdown, where four spaces are code.
#
# In HTML, white space at the start of a line says nothing, and most pages are indented. The Markdown has it after a line break, so that a
# paragraph becomes a block of code, and a heading an empty one with its text in a block of code below. Without the indent, both are right.
#
# Seen with rs-trafilatura 0.1.1 on Python 3.12, read by markdown-it-py 4.3.0: a block of code and an empty heading; without the indent neither.
# For users of boilerbench: rs-trafilatura:markdown says code on many pages that have none (`spurious`, docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON312:-python3.12}" -m venv "$place/venv"  # it has a wheel for 3.12 alone
"$place/venv/bin/pip" install --quiet --disable-pip-version-check rs-trafilatura==0.1.1 markdown-it-py==4.3.0
"$place/venv/bin/python" - <<'PY'
import re

import rs_trafilatura
from markdown_it import MarkdownIt

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years. "
PAGE = f"""<!doctype html><html lang="en"><head><title>The drained reservoir</title></head><body><main><p>{3 * SENTENCE}</p>
        <h2>
            The road below
        </h2>
        <p>
            {SENTENCE}
        </p>
<p>{3 * SENTENCE}</p></main></body></html>"""
read = MarkdownIt("commonmark").enable("table").render
found = {}
for name, page in {"indented": PAGE, "plain": re.sub(r"\n *", "", PAGE)}.items():
    html = read(rs_trafilatura.extract(page, output_markdown=True).content_markdown)
    found[name] = html.count("<pre>"), html.count("<h2></h2>"), html.count("<h2>The road below</h2>")
    print(f"{name}: blocks of code {found[name][0]}, empty headings {found[name][1]}, headings with their text {found[name][2]}")
assert found == {"indented": (1, 1, 0), "plain": (0, 0, 1)}, f"rs-trafilatura behaves otherwise now: {found}"
PY
echo "as described: rs-trafilatura 0.1.1 makes code of text that is indented in the page's source"
