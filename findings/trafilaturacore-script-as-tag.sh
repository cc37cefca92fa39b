#!/usr/bin/env bash
# trafilaturacore 0.8.11 refuses a page whose script has a "<" with no ">" in the 65,536 bytes behind it.
#
# Before it parses, it refuses tags of more than 65,536 bytes. It takes for a tag whatever begins with "<", in a script as well, and for its end
# the next ">" outside quotes. So a comparison in front of inline data, as single-page applications ship them, is a tag too long for
# it, though no tag of the page has 30 bytes. `max_input_bytes` does not move that limit, and no option does.
#
# Seen: with `0<total` before 70,000 bytes of data: ResourceLimitError "source tag exceeds the width limit". With `total>0` before the
# same data, or 60,000 bytes of it: the article.
# For users of boilerbench: an `error`, which counts as zero; 88 of 1,497 pages of WCXB, 33 of which have such a tag (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/env"
"$place/env/bin/pip" install --quiet --disable-pip-version-check trafilaturacore==0.8.11 lxml==6.1.3
"$place/env/bin/python" - <<'PY'
from trafilaturacore import clean

SENTENCES = "<p>" + "The ferry leaves at seven, and the bell on the quay rings twice before that. " * 3 + "</p>"


def answer(condition: str, size: int) -> str:
    """What comes of a page with an article, and a script that compares and then has so many bytes of data."""
    script = f"<script>if ({condition}) show('{'ferry ' * (size // 6)}')</script>"
    page = f"<!doctype html><html lang='en'><head><title>Ferry</title>{script}</head><body><article>{SENTENCES * 4}</article></body></html>"
    try:
        return "the article" if "rings twice" in clean(page).html else "nothing"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


seen = [answer("0<total", 70_000), answer("total>0", 70_000), answer("0<total", 60_000)]
print(*seen, sep="\n")
assert seen == ["ResourceLimitError: source tag exceeds the width limit", "the article", "the article"], seen
PY
echo "as described: trafilaturacore 0.8.11 counts a comparison in a script as the beginning of a tag"
