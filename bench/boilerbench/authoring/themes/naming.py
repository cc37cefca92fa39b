"""Class names as a site's makers write them: one way per family, with words of each site's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boilerbench.authoring.wording import Dice

STYLES = ("bem", "blog", "camel", "hashed", "kebab", "modules", "plain", "scoped", "styled", "utility")
"""The ways to write class names."""

_FEW, _MANY = 3, 7


@dataclass(frozen=True)
class Namer:
    """Names parts of a site's pages: the same part has the same names on all of them.

    `words` has for the words of parts what others call them; `utility` has utilities by the kind of element.
    """

    site: str
    style: str
    words: Mapping[str, list[str]]
    utility: Mapping[str, list[str]]

    def names(self, part: str, tag: str) -> str:
        """The value of a class attribute for a part, like `card title`: several parts have the names of all."""
        return " ".join(dict.fromkeys(name for each in part.split() for name in self._of(each, tag)))

    def _dice(self, what: str) -> Dice:
        return Dice(f"{self.site}/{what}")

    def _words(self, part: str) -> list[str]:
        return [self._dice(f"word/{word}").pick(self.words.get(word, [word])) for word in part.split("-")]

    def _hash(self, what: str, length: int) -> str:
        digest = hashlib.sha256(f"{self.site}/{what}".encode()).digest()
        letters = "abcdefghijklmnopqrstuvwxyz"
        return "".join(letters[byte % 26] for byte in digest[:length])

    def _of(self, part: str, tag: str) -> list[str]:
        if self.style == "utility":
            return self._utilities(part, tag)
        first, *rest = words = self._words(part)
        joined, name, own = "-".join(words), "-".join(rest), self._hash("prefix", 2)
        prefix = self._dice("prefix").pick(["c-", "o-", f"{own}-", ""])
        number = [] if rest else [f"{first}-{self._dice(part).number(2, 90)}"]
        return {
            "bem": [f"{prefix}{first}__{name}" if rest else prefix + first],
            "blog": [joined, *number],
            "camel": [first + "".join(word.title() for word in rest)],
            "hashed": [f"css-{self._hash(part, 6)}"],
            "kebab": [f"{own}-{joined}"],
            "modules": [f"{first.title().replace('-', '')}_{name or 'root'}__{self._hash(part, 5)}"],
            "plain": ["".join(words)[: self._dice("length").number(4, 12)]],
            "scoped": [joined, f"s-{self._hash('scope', 8)}"],
            "styled": [f"sc-{self._hash(f'sc{part}', 6)}", self._hash(part, 5)],
        }[self.style]

    def _utilities(self, part: str, tag: str) -> list[str]:
        dice = self._dice(f"{part}/{tag}")
        pool = [*self.utility["all"], *self.utility.get(tag, self.utility["div"])]
        return [str(dice.pick(pool)) for _ in range(dice.number(_FEW, _MANY))]


def namer(site: str, style: str, about: Mapping[str, Any]) -> Namer:
    """A site's namer; `about` has `words` and `utility`."""
    return Namer(site, style, about["words"], about["utility"])
