#!/usr/bin/env bash
# goose3 3.1.22 gives the letters of a name for the authors of a page whose JSON-LD has its author as a text.
#
# schema.org expects a person or an organisation there, and has search engines take a plain text, too. Where it is one, goose3 goes
# through it as through a list. A <meta name="author"> on the same page is not looked at then.
#
# Seen with goose3 3.1.22 on Python 3.11: ['J', 'a', 'n', 'e', ' ', 'D', 'o', 'e'] for "Jane Doe"; of a person ['Jane Doe'].
# For users of boilerbench: precision of `author` (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check goose3==3.1.22 lxml==6.1.3
"$place/venv/bin/python" - <<'PY'
import json

from goose3 import Goose

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years, and the old road lay dry again. "
PAGE = (
    "<!doctype html><html lang='en'><head><title>The drained reservoir</title><meta name='author' content='Jane Doe'>"
    "<script type='application/ld+json'>{}</script></head><body><main><h1>The drained reservoir</h1>"
    + 6 * f"<p>{2 * SENTENCE}</p>"
    + "</main></body></html>"
)
found = {}
for name, author in (("text", "Jane Doe"), ("person", {"@type": "Person", "name": "Jane Doe"})):
    stated = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "The drained reservoir", "author": author}
    with Goose({"enable_image_fetching": False}) as goose:
        found[name] = goose.extract(raw_html=PAGE.replace("{}", json.dumps(stated))).authors
    print(f"author as a {name}: {found[name]}")
assert found == {"text": list("Jane Doe"), "person": ["Jane Doe"]}, "goose3 behaves otherwise now"
PY
echo "as described: goose3 3.1.22 takes the letters of an author's name for authors"
