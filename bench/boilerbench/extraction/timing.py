"""How long extractors take: the same pages again and again, one at a time, one runner after the other.

Seconds of a run mean little, as several pages are under way at once and extractions may come from the cache. Here every
page is given to every runner before the next page, so that what else the machine does meets all of them alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError
from boilerbench.extraction.pages import html_for
from boilerbench.extraction.pool import Observer, Options
from boilerbench.model import Extraction, GoldSet, Page, Runner, Status
from boilerbench.process.session import Session

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
    """Time the runners on pages that they extracted in the run: set, runner, page, round, wall and CPU seconds.

    CPU seconds are None of a runner that does not measure them. What fails is left out.
    """
    rows, sessions = [], {}
    with ExitStack() as stack:
        for runner in runners:
            extracted = (each for of_set in found.values() for each in of_set[runner.label].values())
            if not all(each.status.failed for each in extracted):
                with suppress(UnavailableError):  # what came from the cache may not run now
                    command = environment.command(runner, options.mode)
                    sessions[runner] = stack.enter_context(Session(command, options.limits))
        for goldset in goldsets:
            pages = goldset.pages[:: -(-len(goldset.pages) // MOST_PAGES) or 1]
            observer.note("timing", f"{len(pages)} pages of {goldset.name}, {ROUNDS} times each")
            for number, page, runner in _order(pages, list(sessions)):
                if found[goldset.name][runner.label][page.id].status.failed:
                    continue
                with suppress(UnavailableError):  # no child starts any more
                    sessions[runner].send(page.url, html_for(runner.input, page))
                    timed = sessions[runner].receive()
                    if number and timed.status is Status.OK and timed.wall:
                        rows.append((goldset.name, runner.label, page.id, number, timed.wall, timed.cpu))
    return rows


def _order(pages: Sequence[Page], runners: Sequence[Runner]) -> Iterator[tuple[int, Page, Runner]]:
    """Round 0 warms up. Who comes first changes from page to page."""
    for number in range(ROUNDS + 1):
        for place, page in enumerate(pages):
            first = (place + number) % max(len(runners), 1)
            for runner in (*runners[first:], *runners[:first]):
                yield number, page, runner
