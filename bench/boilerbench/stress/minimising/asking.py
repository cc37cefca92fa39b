"""One page after the other to one runner: in one process for all trials, and in another for what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from boilerbench.environments import resolution
from boilerbench.errors import BoilerbenchError, NothingMeasuredError, UnavailableError
from boilerbench.extraction.local import Conversation, Local, Settings
from boilerbench.model import Entry, Extraction, Page, Runner, Status
from boilerbench.stress.document import Document
from boilerbench.stress.minimising.bug_report import Report
from boilerbench.stress.minimising.failure import Failure
from boilerbench.stress.minimising.minimise import minimise

if TYPE_CHECKING:
    from boilerbench.labels import Policy


@dataclass(frozen=True)
class Asking:
    """A runner, and how it is run; `note` is told, of which runner, what takes long."""

    runner: Runner
    settings: Settings
    note: Callable[[str, str], None]

    @contextmanager
    def asked(self) -> Iterator[Callable[[Page], Extraction]]:
        """What a process gives for one page after the other. `NothingMeasuredError` where it cannot run."""
        try:
            note = partial(self.note, self.runner.label)
            with closing(Local(1, self.settings).begin(resolution.pin(self.runner), note)) as talk:
                yield partial(_ask, talk)
        except UnavailableError as cause:
            raise NothingMeasuredError(f"nothing was measured of {self.runner.label}: {cause}") from None

    def minimise(self, entry: Entry, policy: Policy, below: float) -> Report:
        """Minimise a page with gold on which it fails.

        Raises what `minimise` does, `NothingMeasuredError` where the runner cannot run, and `BoilerbenchError` where it
        treats the small page otherwise in a process that has had no other.
        """
        page, gold = entry
        with self.asked() as ask:

            def extract(document: Document) -> Extraction:
                return ask(replace(page, read=lambda: document.content, charset=document.charset))

            first, small = minimise(Document.of(page, gold), extract, policy, below)
        found = Report(self.runner, page, policy, first, small)
        with self.asked() as ask:
            again = Failure.of(found.gold, ask(found.cut), policy)
        if again != small.failure:
            raise BoilerbenchError(
                f"{self.runner.label} treats the small page otherwise in a process that had no other: it depends on "
                "the pages before"
            )
        return found


def _ask(talk: Conversation, page: Page) -> Extraction:
    talk.send(page)
    found = talk.receive().kept.extraction
    if found.status is Status.UNAVAILABLE:
        raise UnavailableError(found.error or "")
    return found
