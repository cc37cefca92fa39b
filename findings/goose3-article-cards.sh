#!/usr/bin/env bash
# goose3 3.1.22 answers with the teaser of another article where that teaser is the page's only <article>.
#
# HTML lets a page mark any self-contained piece as <article>, a card in the margin too. Where a page has such an element, goose3
# scores paragraphs in there alone: twelve sentences in <main> give way to one sentence of a card. With the card in a <div>, the
# same page gives the twelve.
#
# Seen with goose3 3.1.22 on Python 3.11: 101 characters of the card, where 1,444 of the column come with a <div>.
# For users of boilerbench: pages whose teasers are <article> elements score near zero for goose3 (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check goose3==3.1.22 lxml==6.1.3
"$place/venv/bin/python" - <<'PY'
from goose3 import Goose

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years, and the old road lay dry again. "
CARD = "After two winters the footbridge carries people again, and the baker on the other side is glad of it."
PAGE = (
    "<!doctype html><html lang='en'><head><title>The drained reservoir</title></head><body><main><h1>The drained reservoir</h1>"
    + 6 * f"<p>{2 * SENTENCE}</p>"
    + f"</main><aside><article><h3>Bridge reopens</h3><p>{CARD}</p></article></aside></body></html>"
)
found = {}
for tag in ("article", "div"):
    with Goose({"enable_image_fetching": False}) as goose:
        found[tag] = goose.extract(raw_html=PAGE.replace("article", tag)).cleaned_text
    print(f"card in <{tag}>: {len(found[tag])} characters, {found[tag][:40]}…")
assert found["article"] == CARD, f"goose3 behaves otherwise now: {found['article']!r}"
assert found["div"].startswith(SENTENCE.strip()), f"goose3 behaves otherwise now: {found['div']!r}"
PY
echo "as described: goose3 3.1.22 takes the only <article>, a card in the margin, for the page's article"
