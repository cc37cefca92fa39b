"""What templates say and draw: phrases in a page's language, and numbers that look random and never change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError
from boilerbench.files import read_toml

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@dataclass
class Dice:
    """Numbers that look random and depend on nothing but the seed and how often it was thrown."""

    seed: str
    thrown: int = 0

    def number(self, low: int, high: int) -> int:
        """Throw a number from low to high, both included."""
        self.thrown += 1
        digest = hashlib.sha256(f"{self.seed}/{self.thrown}".encode()).digest()
        return low + int.from_bytes(digest[:8]) % (high - low + 1)

    def hex(self, length: int) -> str:
        """Throw so many hexadecimal digits."""
        self.thrown += 1
        return hashlib.shake_128(f"{self.seed}/{self.thrown}".encode()).hexdigest(length)[:length]

    def pick(self, items: Sequence[Any]) -> Any:
        """Throw one of the items."""
        return items[self.number(0, len(items) - 1)]


def shuffled(seed: str, names: Iterable[str]) -> list[str]:
    """Put names into an order that looks random, in which each keeps its place beside any others."""
    return sorted(names, key=lambda name: Dice(f"{seed}/{name}").number(0, 1 << 32))


@dataclass(frozen=True)
class Phrases:
    """What designs say, in the page's language; the page's own wording goes first."""

    page: str
    site: str
    language: str
    texts: dict[str, Any]

    def all(self, key: str) -> list[str]:
        """Give every text under a key like `consent.purposes`."""
        section, _, name = key.partition(".")
        found = self.texts.get(section, {}).get(name)
        if found is None:
            raise BadSetError(f"no phrase '{key}' in phrases/{self.language}.toml nor in the front matter's [phrases]")
        return [str(text).replace("{site}", self.site) for text in (found if isinstance(found, list) else [found])]

    def one(self, key: str, **values: object) -> str:
        """Give a text; of several wordings always the same one for this page. `{name}` in it is filled from values."""
        text = str(Dice(f"{self.page}/{key}").pick(self.all(key)))
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        if left := re.search(r"\{(\w+)\}", text):
            raise BadSetError(f"phrase '{key}' wants a value: t('{key}', {left[1]}=…)")
        return text


def phrases(folder: Path, language: str) -> dict[str, Any]:
    """Read what designs say in a language, or else in that without its region; nothing where there is neither."""
    files = [folder / f"{tag}.toml" for tag in (language, language.split("-", maxsplit=1)[0])]
    return next((read_toml(file, BadSetError) for file in files if file.is_file()), {})
