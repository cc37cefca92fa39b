#!/usr/bin/env bash
# html2text 2025.4.15 writes nothing of a page that leaves out `</head>` and `<body>`, which HTML allows.
#
# The HTML Standard lets both tags be left out, and browsers show such a page as ever. html2text takes all that follows `<head>` for its content, and is silent.
#
# Seen with html2text 2025.4.15 on Python 3.11: with the tags the text, without them nothing.
# For users of boilerbench: `boilerbench stress html2text --family headless` measures it (docs/stress.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check html2text==2025.4.15
"$place/venv/bin/python" - <<'PY'
import html2text

BEGIN, TEXT = "<!doctype html>\n<html><head><meta charset='utf-8'><title>The ferry</title>", "<p>The ferry left ten minutes late.</p>"
found = {}
for name, between in {"with both tags": "</head><body>", "without </head>": "<body>", "without both": ""}.items():
    found[name] = html2text.html2text(f"{BEGIN}{between}{TEXT}").strip()
    print(f"{name}: {found[name]!r}")
assert found == {
    "with both tags": "The ferry left ten minutes late.",
    "without </head>": "The ferry left ten minutes late.",
    "without both": "",
}, f"html2text behaves otherwise now: {found}"
PY
echo "as described: html2text 2025.4.15 writes nothing where neither </head> nor <body> is there"
