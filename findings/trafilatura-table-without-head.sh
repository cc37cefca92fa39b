#!/usr/bin/env bash
# trafilatura 2.3.1 writes a table without <th> as lines with pipes, and no row of dashes: in Markdown that is no table but a paragraph.
#
# Many tables have no heading cell. Its HTML has the same table whole; with one <th>, so has its Markdown.
#
# Seen with trafilatura 2.3.1 on Python 3.11, read by markdown-it-py 4.3.0 with tables: 0 tables, and 1 with a heading cell.
# For users of boilerbench: by `tables`, trafilatura:html and trafilatura:markdown are far apart (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml==6.1.3 lxml_html_clean==0.4.6 markdown-it-py==4.3.0
"$place/venv/bin/python" - <<'PY'
import trafilatura
from markdown_it import MarkdownIt

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years. "
PAGE = (
    "<!doctype html><html lang='en'><head><title>The drained reservoir</title></head><body><main>"
    f"<p>{3 * SENTENCE}</p>{{}}<p>{3 * SENTENCE}</p></main></body></html>"
)
TABLE = "<table><tr><td>Month</td><td>Level</td></tr><tr><td>March</td><td>empty</td></tr></table>"
read = MarkdownIt("commonmark").enable("table").render
found = {}
for name, table in {"td": TABLE, "th": TABLE.replace("td>", "th>", 4)}.items():
    markdown = trafilatura.extract(PAGE.format(table), output_format="markdown")
    found[name] = read(markdown).count("<table>"), trafilatura.extract(PAGE.format(table), output_format="html").count("<table>")
    print(f"{name}: tables in its Markdown {found[name][0]}, in its HTML {found[name][1]}")
    print("\n".join(line for line in markdown.splitlines() if "|" in line))
assert found == {"td": (0, 1), "th": (1, 1)}, f"trafilatura behaves otherwise now: {found}"
PY
echo "as described: trafilatura 2.3.1 writes no row of dashes for a table without heading cells"
