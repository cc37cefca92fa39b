#!/usr/bin/env bash
# htmldate 1.11.0 takes the version behind a style sheet's address, or a year in a sentence, for the date of a page that shows none;
# so does trafilatura 2.3.1, whose dates are htmldate's.
#
# Sites put a day behind the addresses of their style sheets (?v=20190412) so that browsers fetch them anew. With nothing better on
# the page, that day comes back as its date, for `original_date=True` too. "In 1998 the weir was built." makes it 1998-01-01.
# Without either there is none. `extensive_search=False` leaves both out.
#
# Seen with htmldate 1.11.0 and trafilatura 2.3.1 on Python 3.11: 2019-04-12, 1998-01-01, None.
# For users of boilerbench: `spurious` of `date` is near 1 for both (docs/metadata.md, docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 htmldate==1.11.0 lxml==6.1.3 lxml_html_clean==0.4.6
"$place/venv/bin/python" - <<'PY'
from htmldate import find_date
from trafilatura import extract_metadata

SENTENCE = "The boats went down to the weir in the morning and came back before the rain. "
PAGE = "<!doctype html><html lang='en'><head><title>Boats</title>{}</head><body><h1>Boats</h1><p>{}</p></body></html>"
SHEET = '<link rel="stylesheet" href="/style.css?v=20190412">'
found = {}
for name, head, text in (("style sheet", SHEET, ""), ("sentence", "", "In 1998 the weir was built."), ("neither", "", "")):
    page = PAGE.format(head, 3 * SENTENCE + text)
    dates = find_date(page), find_date(page, original_date=True), extract_metadata(page).date
    found[name] = dates, find_date(page, extensive_search=False)
    print(f"{name}: {', '.join(map(str, dates))}; without the extensive search {found[name][1]}")
assert found["style sheet"] == (("2019-04-12",) * 3, None), "htmldate behaves otherwise now"
assert found["sentence"] == (("1998-01-01",) * 3, None), "htmldate behaves otherwise now"
assert found["neither"] == ((None,) * 3, None), "htmldate behaves otherwise now"
PY
echo "as described: htmldate 1.11.0 and trafilatura 2.3.1 take a style sheet's version for the date of a page"
