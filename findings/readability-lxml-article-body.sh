#!/usr/bin/env bash
# readability-lxml 0.9 answers with a teaser that is marked articleBody, whatever else is on the page.
#
# schema.org's articleBody marks the body of an article, and a page that lists articles marks several, its own or not. Release 0.9
# takes the best candidate that is marked so and has few links, without a look at how little of the page it holds: twelve sentences in
# <main> give way to one sentence in the margin. 0.8.4.1 gives the twelve. 0.9 also drops what is hidden before it reads, and with it
# pages whose text is streamed into a hidden element that a script shows later: it answers an empty body.
#
# Seen with readability-lxml 0.9 and 0.8.4.1 on Python 3.11: 1 sentence and 12 sentences; of the streamed page, 0 and 12.
# For users of boilerbench: compare readability-lxml with readability-lxml@0.8.4.1 (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
for release in 0.8.4.1 0.9; do
  python3 -m venv "$place/$release"
  "$place/$release/bin/pip" install --quiet --disable-pip-version-check "readability-lxml==$release" lxml==6.1.3 lxml_html_clean==0.4.6
  "$place/$release/bin/python" - "$release" <<'PY'
import sys

from readability import Document

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years, and the old road lay dry again. "
CARD = "After two winters the footbridge carries people again, and the baker on the other side is glad of it."
COLUMN = 6 * f"<p>{2 * SENTENCE}</p>"
TEASER = f'<aside><section itemscope itemtype="https://schema.org/Article"><div itemprop="articleBody"><p>{CARD}</p></div></section></aside>'
PAGE = "<!doctype html><html lang='en'><head><title>The drained reservoir</title></head><body>{}</body></html>"
PAGES = {
    "teaser marked": f"<main>{COLUMN}</main>{TEASER}",
    "streamed": f'<div id="page"></div><div hidden id="late">{COLUMN}</div><script>page.append(late); late.hidden = false</script>',
}
EXPECTED = {"0.8.4.1": {"teaser marked": 12, "streamed": 12}, "0.9": {"teaser marked": 0, "streamed": 0}}[sys.argv[1]]
found = {}
for name, body in PAGES.items():
    answer = Document(PAGE.format(body)).summary(html_partial=True)
    found[name] = answer.count("drained in March")
    print(f"{sys.argv[1]:8} {name:14} {found[name]} sentences of the column, {answer.count(CARD)} of the teaser")
assert found == EXPECTED, f"readability-lxml {sys.argv[1]} behaves otherwise now: {found}"
PY
done
echo "as described: readability-lxml 0.9 prefers a teaser marked articleBody, and finds nothing in a streamed page"
