"""What is said of a page beside its text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

FIELDS = ("title", "author", "date", "language")
"""The fields of `Metadata`, in order."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, names of authors, date of publication and language, as gold or an extraction says them.

    None is what nobody has said: gold without it measures nothing, and a runner that never gives it is not measured.
    The empty text, or no name, says that there is none.
    """

    title: str | None = None
    author: tuple[str, ...] | None = None
    date: str | None = None
    language: str | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Take the fields that a mapping has, where names are a list."""
        author = said.get("author")
        return cls(said.get("title"), None if author is None else tuple(author), said.get("date"), said.get("language"))

    @property
    def given(self) -> tuple[str, ...]:
        """The fields that are said."""
        return tuple(field for field in FIELDS if getattr(self, field) is not None)

    def each(self, change: Callable[[str], str]) -> Self:
        """Change every text and name."""
        return type(self).of({key: change(v) if isinstance(v, str) else map(change, v) for key, v in self.said.items()})

    @property
    def said(self) -> dict[str, Any]:
        """What is said, by field."""
        return {field: getattr(self, field) for field in self.given}


UNSAID = Metadata()
"""Nothing is said."""
