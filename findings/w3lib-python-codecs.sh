#!/usr/bin/env bash
# w3lib 2.5.0 takes every codec of Python's for a charset of the web.
#
# html_to_unicode promises to decode a page as a browser does. A browser ignores a label that the Encoding standard does
# not list and goes on to detection. w3lib looks a label up among Python's codecs instead, of which some turn bytes into
# bytes, or decode no text at all: then a page that states one, in a meta element or by its server, raises, although the
# function replaces what cannot be decoded and raises for nothing else. The same label is harmless where Python has no codec of that name.
#
# Seen with w3lib 2.5.0 on Python 3.11: LookupError for hex, base64 and zip, UnicodeError for undefined and idna.
# For users of boilerbench: one page in a crawl cannot end a run; labels that browsers do not know are unknown, and
# detection goes on (boilerbench/text/decoding.py).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check w3lib==2.5.0
"$place/venv/bin/python" - <<'PY'
from w3lib.encoding import html_to_unicode

PAGE = '<html><head><meta charset="{}"></head><body><p>A caf\u00e9 by the river.</p></body></html>'
EXPECTED = {
    "hex": "LookupError", "base64": "LookupError", "zip": "LookupError", "undefined": "UnicodeError", "idna": "UnicodeError",
    "no-such-charset": "utf8",
}
found = {}
for label in EXPECTED:
    try:
        found[label] = html_to_unicode(None, PAGE.format(label).encode())[0]
    except Exception as error:
        found[label] = type(error).__name__
    print(f"{label:16} {found[label]}")
assert found == EXPECTED, f"w3lib behaves otherwise now: {found}"
PY
echo "as described: w3lib 2.5.0 raises for a page whose meta element names a codec of Python's that is no charset"
