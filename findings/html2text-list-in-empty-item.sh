#!/usr/bin/env bash
# html2text 2025.4.15 makes a block of code of a list that begins its item.
#
# Menus are lists in items without text of their own. It writes the marker of the inner item five spaces behind that of the outer one, and
# in CommonMark what stands that far behind a marker is code: the inner item is no item any more, and its link no link.
#
# Seen with html2text 2025.4.15 on Python 3.11, read by markdown-it-py 4.3.0: 1 block of code, 0 links; behind a word 0 and 1.
# For users of boilerbench: html2text says code on pages that have none (`spurious`, docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check html2text==2025.4.15 markdown-it-py==4.3.0
"$place/venv/bin/python" - <<'PY'
import html2text
from markdown_it import MarkdownIt

read = MarkdownIt("commonmark").render
found = {}
for name, word in {"alone": "", "behind a word": "Lakes"}.items():
    html = f"<ul><li>{word}<ul><li><a href='https://a.example/ormen'>Ormen</a></li></ul></li></ul>"
    markdown = html2text.HTML2Text(bodywidth=0).handle(html)
    found[name] = read(markdown).count("<pre>"), read(markdown).count("<a ")
    print(f"{name}: {markdown.strip()!r}: blocks of code {found[name][0]}, links {found[name][1]}")
assert found == {"alone": (1, 0), "behind a word": (0, 1)}, f"html2text behaves otherwise now: {found}"
PY
echo "as described: html2text 2025.4.15 makes code of a list that begins its item"
