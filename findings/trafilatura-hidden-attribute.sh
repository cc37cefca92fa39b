#!/usr/bin/env bash
# trafilatura 2.3.1 leaves out what a style attribute hides, and takes for text what the attribute `hidden` hides, and what is in a `template`.
#
# Of an article with three paragraphs, one more is hidden from every reader between them, in each of three ways. `style="display:none"` is heeded; `hidden`,
# which the HTML Standard has for the same, and `template`, whose content is never drawn, are not.
#
# Seen with trafilatura 2.3.1 on Python 3.11: the hidden paragraph is out, in and in.
# For users of boilerbench: `boilerbench stress trafilatura --family hiding` measures what it costs (docs/stress.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml==6.1.3 lxml_html_clean==0.4.6
"$place/venv/bin/python" - <<'PY'
import trafilatura

SENTENCE = "The reservoir above the village was drained in March for the first time in forty years. "
SECRET = "Nobody who opens this page in a browser gets to read about the heron. " * 2
PAGE = (
    "<!doctype html>\n<html lang='en'><head><title>The drained reservoir</title></head>\n<body><main><article>\n"
    f"<p>First. {3 * SENTENCE}</p>\n{{}}\n<p>Second. {3 * SENTENCE}</p>\n<p>Third. {3 * SENTENCE}</p>\n</article></main></body></html>"
)
WAYS = {
    "style": f"<div style='display:none'><p>{SECRET}</p></div>",
    "hidden": f"<div hidden><p>{SECRET}</p></div>",
    "template": f"<template><p>{SECRET}</p></template>",
}
texts = {way: trafilatura.extract(PAGE.format(markup)) or "" for way, markup in WAYS.items()}
assert all(word in text for text in texts.values() for word in ("First.", "Second.", "Third."))
found = {way: "heron" in text for way, text in texts.items()}
for way, there in found.items():
    print(f"{way:9} {'in' if there else 'out'}")
assert found == {"style": False, "hidden": True, "template": True}, f"trafilatura behaves otherwise now: {found}"
PY
echo "as described: trafilatura heeds display:none, neither the attribute hidden nor template"
