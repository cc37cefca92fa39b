r"""Formulas in a text, between dollars or in `\( \)`, `\[ \]`, and the TeX of MathML."""

import re
from collections.abc import Iterator
from typing import Any

from boilerbench.text.blocks import wording

_IN_TEXT = re.compile(
    r"\$\$(?P<shown>[^$]+)\$\$|(?<![\w\\$])\$(?![\s$])(?P<inline>[^$]+?)(?<![\s\\])\$(?![\w$])"
    r"|(?<!\\)\\\((?P<round>.+?)\\\)|(?<!\\)\\\[(?P<square>.+?)\\\]",
    re.DOTALL,
)
_DEEPEST = 50
"""Nested elements of MathML whose parts are read."""
_LONGEST = 4_000
"""Characters of a text that are searched at once for a formula's end."""

_FORMS = {
    **dict.fromkeys((("msub", 2), ("munder", 2)), "{0}_{{{1}}}"),
    **dict.fromkeys((("msup", 2), ("mover", 2)), "{0}^{{{1}}}"),
    **dict.fromkeys((("msubsup", 3), ("munderover", 3)), "{0}_{{{1}}}^{{{2}}}"),
    ("mfrac", 2): r"\frac{{{0}}}{{{1}}}",
    ("mroot", 2): r"\sqrt[{1}]{{{0}}}",
}
"""TeX of an element of so many parts."""


def in_text(text: str) -> Iterator[str]:
    """The formulas of a text, as `wording.tex` writes them."""
    for start in range(0, len(text), _LONGEST):
        for found in _IN_TEXT.finditer(text[start : start + _LONGEST]):
            if tex := wording.tex(found[found.lastgroup or 0]):
                yield tex


def of_mathml(element: Any) -> str:
    """The TeX of a `math` element: what it states, else what its parts say."""
    for note in element.iter("annotation"):
        if "tex" in note.get("encoding", "").casefold():
            return wording.tex("".join(note.itertext()))
    return wording.tex(element.get("alttext") or _said(element, _DEEPEST))


def _said(element: Any, depth: int) -> str:
    if not (depth and isinstance(element.tag, str)) or element.tag in ("annotation", "annotation-xml"):
        return ""
    parts = [_said(child, depth - 1) for child in element]
    if element.tag == "msqrt":
        return rf"\sqrt{{{''.join(parts)}}}"
    form = _FORMS.get((element.tag, len(parts)), "")
    return form.format(*parts) if form else (element.text or "").strip() + "".join(parts)
