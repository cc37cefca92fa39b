#!/usr/bin/env bash
# jusText 3.0.2 joins words that only a blank between two inline elements parts.
#
# `<span>ten</span> <span>minutes</span>` is two words in every browser. jusText leaves out text that is blank, so that it gives `tenminutes`; what looks for stop words finds fewer, too,
# and whole paragraphs are taken for boilerplate.
#
# Seen with jusText 3.0.2 on Python 3.11: a good paragraph is bad once every three words stand in a span, and its words are joined.
# For users of boilerbench: `boilerbench stress justext --family spans` measures it (docs/stress.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check justext==3.0.2 lxml_html_clean==0.4.6
"$place/venv/bin/python" - <<'PY'
import re

import justext

TEXT = (
    "The ferry left ten minutes late because the cook had gone back for his umbrella, and nobody on board thought of complaining about it, "
    "as it had been raining in the harbour since the early hours of the morning."
)
stopwords = justext.get_stoplist("English")
found = {}
for name, text in {"plain": TEXT, "in spans": re.sub(r"\S+ \S+ \S+", r"<span>\g<0></span>", TEXT)}.items():
    (paragraph,) = justext.justext(f"<html><body><p>{text}</p></body></html>".encode(), stopwords)
    found[name] = paragraph.cf_class, paragraph.text == TEXT
    print(f"{name}: {paragraph.cf_class}: {paragraph.text[:50]}…")
assert found["plain"] == ("good", True), f"jusText behaves otherwise now: {found}"
assert found["in spans"] == ("bad", False), f"jusText behaves otherwise now: {found}"
assert "leftten" in paragraph.text
PY
echo "as described: jusText 3.0.2 joins words between inline elements"
