"""How long extractors take: the same pages again and again, one at a time, one runner after the other.

Seconds of a run mean little, as several pages are under way at once and answers may come from the cache. Here every
page is given to every runner before the next page, so that what else the machine does meets all of them alike.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError
from boilerbench.extraction.pool import given
from boilerbench.model import Status
from boilerbench.process.child import Child

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from boilerbench.extraction.pool import Observer, Options
    from boilerbench.model import Extraction, GoldSet, Page, Runner

ROUNDS = 5
"""How often a page is timed, beside a first time that warms up and is dropped."""

MOST_PAGES = 50
"""How many pages of a set are timed at most, evenly spread."""


def measure(
    runners: Sequence[Runner],
    goldsets: Sequence[GoldSet],
    found: Mapping[str, Mapping[str, Mapping[str, Extraction]]],
    options: Options,
    observer: Observer,
) -> list[tuple[str, str, str, int, float, float | None]]:
    """Time the runners on pages that they answered in the run: set, runner, page, round, wall and CPU seconds.

    CPU seconds are None of a runner that does not measure them. Runners that ask a service are left out, and so is what
    fails.
    """
    posts = [_Post(runner, options) for runner in runners]
    rows = []
    with ExitStack() as stack:
        for post in posts:
            stack.callback(post.close)
        for goldset in goldsets:
            pages = goldset.pages[:: -(-len(goldset.pages) // MOST_PAGES) or 1]
            observer.note("timing", f"{len(pages)} pages of {goldset.name}, {ROUNDS} times each")
            for number, page, post in _order(pages, posts):
                if found[goldset.name][post.runner.label][page.id].status.failed:
                    continue
                seconds = post.seconds(page)
                if number and seconds:
                    rows.append((goldset.name, post.runner.label, page.id, number, *seconds))
    return rows


def _order(pages: Sequence[Page], posts: Sequence[_Post]) -> Iterator[tuple[int, Page, _Post]]:
    """Round 0 warms up. Who comes first changes from page to page."""
    for number in range(ROUNDS + 1):
        for place, page in enumerate(pages):
            first = (place + number) % max(len(posts), 1)
            for post in (*posts[first:], *posts[:first]):
                yield number, page, post


class _Post:
    """A runner and its child, which is there from the first page on; a new one where a page ended it."""

    def __init__(self, runner: Runner, options: Options) -> None:
        self.runner, self._options = runner, options
        self._child: Child | None = None

    def seconds(self, page: Page) -> tuple[float, float | None] | None:
        """Wall and CPU seconds for a page; None where it fails."""
        try:
            child = self._ready()
        except UnavailableError:
            return None
        child.send(1, page.url, given(self.runner, page))
        answer = child.receive()
        return (answer.wall, answer.cpu) if answer.status is Status.OK and answer.wall else None

    def _ready(self) -> Child:
        if self._child is None or not self._child.alive:
            self.close()
            self._child = Child(environment.command(self.runner, self._options.mode), self._options.limits)
        self._child.hello()
        return self._child

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._child.close()
