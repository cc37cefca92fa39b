#!/usr/bin/env bash
# readability-lxml 0.9 names [no-author] for the author of a page that names none, and has no way to say that there is none.
#
# `Document.author()` looks at <meta name="author"> alone, and gives that text where it is missing. It reads like a name to whoever
# stores it: on WCXB's development split most pages come back with it. For the title it is [no-title].
#
# Seen with readability-lxml 0.9 on Python 3.11: '[no-author]' and '[no-title]'; a name in JSON-LD or a rel="author" is not read.
# For users of boilerbench: what stands in brackets names nobody by `author`; [no-title] is a wrong title (docs/metadata.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check readability-lxml==0.9 lxml==6.1.3
"$place/venv/bin/python" - <<'PY'
from readability import Document

SENTENCE = "The boats went down to the weir in the morning and came back before the rain. "
BODY = f"<body><p>By <a rel='author' href='/jane'>Jane Doe</a></p>{4 * f'<p>{3 * SENTENCE}</p>'}</body>"
found = {}
for name, head in (("none", ""), ("meta", "<title>Boats</title><meta name='author' content='Jane Doe'>")):
    document = Document(f"<html><head>{head}</head>{BODY}</html>")
    found[name] = document.author(), document.title()
    print(f"{name}: {found[name]}")
expected = {"none": ("[no-author]", "[no-title]"), "meta": ("Jane Doe", "Boats")}
assert found == expected, "readability-lxml behaves otherwise now"
PY
echo "as described: readability-lxml 0.9 names [no-author] where a page names none"
