#!/usr/bin/env bash
# BoilerPy3 1.0.7 finds nothing on a page without a `<body>` tag, which HTML allows.
#
# The HTML Standard lets the tag be left out before most elements; the body is there all the same. All extractors of BoilerPy3 take text within the tag alone, the
# one that keeps everything, too.
#
# Seen with BoilerPy3 1.0.7 on Python 3.11: with the tag all words, without it none, by KeepEverythingExtractor and ArticleExtractor.
# For users of boilerbench: `boilerbench stress boilerpy3 --family headless` measures it (docs/stress.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check boilerpy3==1.0.7
"$place/venv/bin/python" - <<'PY'
from boilerpy3 import extractors

TEXT = "".join(f"<p>{'The ferry left ten minutes late because the cook had gone back for his umbrella. ' * 3}{n}.</p>" for n in range(4))
found = {}
for name in ("KeepEverythingExtractor", "ArticleExtractor"):
    for tag in ("<body>", ""):
        page = f"<!doctype html>\n<html><head><title>The ferry</title></head>{tag}{TEXT}</html>"
        found[name, tag] = len(getattr(extractors, name)().get_content(page).split())
        print(f"{name} {tag or 'without the tag'}: {found[name, tag]} words")
assert [bool(words) for words in found.values()] == [True, False, True, False], f"BoilerPy3 behaves otherwise now: {found}"
PY
echo "as described: BoilerPy3 1.0.7 finds nothing without a <body> tag"
