#!/usr/bin/env bash
# newspaper4k 0.9.6 glues the cells of a table whose HTML has no white space between its tags.
#
# Cells are boxes of their own: a browser parts their words whether or not the source has a space between </td> and <td>, and
# minifiers leave none. newspaper4k joins their texts as they come, so that a heading and a number become one word. With white space
# between the tags, the same table comes out word by word.
#
# Seen with newspaper4k 0.9.6 on Python 3.11: "MonthLevelMarchemptyJunehalf", and "Month Level March empty June half" with spaces.
# For users of boilerbench: tables of minified pages cost newspaper4k and news-please recall (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check newspaper4k==0.9.6 lxml==6.1.3 lxml_html_clean==0.4.6
"$place/venv/bin/python" - <<'PY'
from newspaper import Article

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years, and the old road lay dry again. "
TABLE = "<table><tr><th>Month</th><th>Level</th></tr><tr><td>March</td><td>empty</td></tr><tr><td>June</td><td>half</td></tr></table>"
PAGE = (
    "<!doctype html><html lang='en'><head><title>The drained reservoir</title></head><body><article><h1>The drained reservoir</h1>"
    f"<p>{3 * SENTENCE}</p>{{}}<p>{3 * SENTENCE}</p></article></body></html>"
)
found = {}
for name, table in {"minified": TABLE, "spaced": TABLE.replace("><", "> <")}.items():
    article = Article("", fetch_images=False)
    article.download(input_html=PAGE.format(table))
    article.parse()
    found[name] = next(line for line in article.text.splitlines() if line.startswith("Month"))
    print(f"{name:9} {found[name]}")
expected = {"minified": "MonthLevelMarchemptyJunehalf", "spaced": "Month Level March empty June half"}
assert found == expected, f"newspaper4k behaves otherwise now: {found}"
PY
echo "as described: newspaper4k 0.9.6 glues the cells of a minified table"
