"""How texts, targets and formulas are written so that equal ones are equal: NFKC, case folded, word by word."""

import re
import unicodedata
from contextlib import suppress
from urllib.parse import unquote, urljoin

_WORDS = re.compile(r"\w+|[^\w\s]")
_UNSEEN = dict.fromkeys([0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)])
_NO_PAGE = ("#", "javascript:", "data:")
_SCHEME = re.compile(r"(?:https?:)?//(?:www\.)?", re.IGNORECASE)
_SPACING = re.compile(
    r"\\(?:displaystyle|textstyle|scriptstyle|left|right|limits|quad|qquad|[,;:! ])(?![a-zA-Z])|[\s~]"
)
_SINGLE = re.compile(r"([_^])\{(\\[a-zA-Z]+|[^{}\\])\}")


def words(text: str) -> str:
    """The words and signs of a text, with a space between each two; what is invisible is left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_UNSEEN)
    return " ".join(_WORDS.findall(text.casefold()))


def target(href: str, base: str = "") -> str:
    """A link's target without scheme, `www.`, final slash and fragment; empty where it leads to no other page.

    `base` is what it is relative to.
    """
    href = href.strip()
    if href.casefold().startswith(_NO_PAGE):
        return ""
    with suppress(ValueError):  # of an address that is none
        href = urljoin(base, href)
    scheme = _SCHEME.match(href)
    host, slash, path = href[scheme.end() :].partition("/") if scheme else ("", "", href)
    return unquote(f"{host.casefold()}{slash}{path}".partition("#")[0].rstrip("/"))


def tex(formula: str) -> str:
    """TeX without white space, sizes, and braces around a single sign that is raised or lowered."""
    formula = formula.strip().rstrip(".,;")
    if formula.startswith("{") and formula.endswith("}") and formula.find("}") == len(formula) - 1:
        formula = formula[1:-1]
    return _SINGLE.sub(r"\1\2", _SPACING.sub("", formula))
