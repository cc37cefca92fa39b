"""`language`: whether an extraction names the page's language.

Compared is the first part of a tag (`pt` of `pt-BR`), lower-cased, by its present code where it was replaced (`iw` is
`he`); Bokmål and Nynorsk are Norwegian. Names of languages, and codes of three letters that have one of two, are wrong.
"""

import re
from collections.abc import Sequence

from boilerbench.metrics.metadata import Says, said

_SAME = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


class Language(Says):
    """Share of languages that are right: of those that are named (precision), and of all (recall, F1)."""

    name = "language"
    view = said("language")

    def read(self, said: str) -> Sequence[str]:
        """The language, if there is one."""
        code = re.split("[-_]", said.strip().lower())[0]
        return [_SAME.get(code, code)] if code else []

    def match(self, gold: Sequence[str], said: Sequence[str]) -> tuple[int, bool]:
        """Whether it is the same."""
        return int(gold == said), gold == said
