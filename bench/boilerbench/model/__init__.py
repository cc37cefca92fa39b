"""The nouns of the benchmark, as immutable values. A runner sees a `Page`; only scoring sees a `Gold`.

Not here: how any of them is read or made.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from boilerbench.model.metadata import FIELDS, UNSAID, Metadata
from boilerbench.model.pages import (
    TEXTS,
    TRAITS,
    Entry,
    Format,
    Gold,
    GoldSet,
    Markup,
    Page,
    Segment,
    Stream,
    fingerprint,
    metadata_fingerprint,
)
from boilerbench.model.runner import LEFT_OUT, PIN, FolderRunner, Runner

__all__ = [
    "FAILED",
    "FIELDS",
    "LEFT_OUT",
    "PIN",
    "TEXTS",
    "TRAITS",
    "UNSAID",
    "Entry",
    "Extraction",
    "FolderRunner",
    "Format",
    "Gold",
    "GoldSet",
    "Markup",
    "Metadata",
    "Page",
    "Runner",
    "Segment",
    "Status",
    "Stream",
    "fingerprint",
    "metadata_fingerprint",
]


class Status(StrEnum):
    """What became of one (runner, page) pair."""

    OK = "ok"
    EMPTY = "empty"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    UNAVAILABLE = "unavailable"

    @property
    def failed(self) -> bool:
        """Whether the runner gave no answer at all. An empty answer is an answer."""
        return self not in (Status.OK, Status.EMPTY)


FAILED = tuple(status.value for status in Status if status.failed)
"""The statuses of pages without an answer."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a runner gave for a page. `answer` is what it returned, `text` the plain text the harness made of it.

    `format` is what the runner returns, also where it failed; of text there is no `answer` beside the `text`.
    `wall` and `cpu` are seconds inside the child around the call alone, `peak` is the child's peak memory in bytes.
    `metadata` is what it said of the page beside.
    """

    status: Status
    text: str = ""
    answer: str | None = None
    wall: float | None = None
    cpu: float | None = None
    peak: int | None = None
    error: str | None = None
    stderr: str | None = None
    metadata: Metadata = UNSAID
    format: Format = "text"

    def saying(self, fields: Collection[str]) -> Self:
        """The same, which says that there is none of the fields of metadata that it does not say."""
        if self.metadata.given == FIELDS or not fields:
            return self
        return replace(self, metadata=Metadata.of(dict.fromkeys(fields, "") | self.metadata.said))

    @property
    def gives_text(self) -> bool:
        """Whether text is what it is asked for: else there is none to be measured."""
        return self.format in TEXTS

    @property
    def given(self) -> tuple[object, ...]:
        """What was given, apart from what it cost: extractions that are equal in this are the same."""
        return self.status, self.text, self.answer, self.metadata
