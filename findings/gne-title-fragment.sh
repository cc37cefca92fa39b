#!/usr/bin/env bash
# GNE 0.4.3 gives a fragment for the title where a heading further down shares some letters with <title>.
#
# It takes the longest run of characters that <title> has in common with any heading, from five characters on, spaces among them,
# before it looks at og:title or JSON-LD. A page whose own heading is a picture has "he weir" for its title.
#
# Seen with gne 0.4.3 on Python 3.11: 'he weir', where og:title and <title> both say "The weir at Orlen opens again".
# For users of boilerbench: GNE's titles are the least often right (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check gne==0.4.3 lxml==6.1.3
"$place/venv/bin/python" - <<'PY'
from gne import GeneralNewsExtractor

SENTENCE = "The boats went down to the weir in the morning, and came back before the rain. "
TITLE = "The weir at Orlen opens again"
PAGE = (
    f"<html><head><title>{TITLE}</title><meta property='og:title' content='{TITLE}'></head><body>"
    + 8 * f"<p>{3 * SENTENCE}</p>"
    + "<h3>{}</h3><p>It was closed for two winters.</p></body></html>"
)
found = {name: GeneralNewsExtractor().extract(PAGE.replace("{}", name))["title"] for name in ("What the weir cost", "Sums")}
for heading, title in found.items():
    print(f"heading {heading!r}: title {title!r}")
assert found == {"What the weir cost": "he weir", "Sums": TITLE}, "GNE behaves otherwise now"
PY
echo "as described: GNE 0.4.3 takes letters that <title> and some heading share for the title"
