"""How long extractors take: the same pages in process after process, one at a time, one runner after the other.

Seconds of a run mean little, as several pages are under way at once and extractions may come from the cache. Here every
page is given to every runner before the next page, so that what else the machine does meets all of them alike. No
process is given a page twice, which it might remember: each round has new ones, warmed up on pages it does not time.
"""

import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from itertools import cycle, islice

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError
from boilerbench.extraction.pages import sendable
from boilerbench.extraction.pool import Observer, Options
from boilerbench.model import GoldSet, Page, Runner, Status
from boilerbench.process.session import Session
from boilerbench.storage.run_folder import RunFolder

ROUNDS = 5
"""How often pages are timed, each time by new processes."""
MOST_PAGES = 50
"""How many pages of a set are timed at most, and how many more warm up, evenly spread."""
Timed = tuple[str, str, str, int, float, float | None]


def measure(
    runners: Sequence[Runner], goldsets: Sequence[GoldSet], folder: RunFolder, options: Options, observer: Observer
) -> list[Timed]:
    """Time the runners on pages that they extracted in the run: set, runner, page, round, wall and CPU seconds.

    CPU seconds are None of a runner that does not measure them. What fails is left out.
    """
    sampled = {goldset.name: _sampled(goldset) for goldset in goldsets}
    extracted = _extracted(folder, sampled)
    commands = {}
    for runner in runners:
        if any(runner.label == label for _, label, _ in extracted):
            with suppress(UnavailableError):  # what came from the cache may not run now
                commands[runner] = environment.command(runner, options.mode)
    rows: list[Timed] = []
    for goldset in goldsets:
        rounds = list(rounds_of(sampled[goldset.name]))
        observer.note("timing", f"pages of {goldset.name}, {len(rounds)} rounds of at most {MOST_PAGES}")
        for number, (warming, timed) in enumerate(rounds, 1):
            with ExitStack() as stack:
                sessions = {
                    runner: stack.enter_context(Session(command, options.limits))
                    for runner, command in commands.items()
                }
                for place, page in enumerate([*warming, *timed]):
                    given = list(_give(sessions, place + number, page, goldset.name, extracted))
                    if place >= len(warming):
                        rows += [(goldset.name, label, page.id, number, *seconds) for label, seconds in given]
    return rows


def _sampled(goldset: GoldSet) -> list[Page]:
    """Those of a set's pages that `rounds_of` chooses from."""
    step = -(-len(goldset.entries) // MOST_PAGES) or 1
    return [page for number, page in enumerate(goldset.pages) if number % step in (0, step // 2)]


def _extracted(folder: RunFolder, sampled: Mapping[str, Sequence[Page]]) -> set[tuple[str, str, str]]:
    """Set, runner and page where that gave a text, or an empty one, in the run."""
    wanted = {name: {page.id for page in pages} for name, pages in sampled.items()}
    return {
        (part.set, label, page)
        for part in folder.parts(["status"])
        for label, pages in part.answers.items()
        for page, extraction in pages.items()
        if page in wanted.get(part.set, ()) and not extraction.status.failed
    }


def rounds_of(pages: Sequence[Page]) -> Iterator[tuple[list[Page], list[Page]]]:
    """For each round the pages that warm up and those that are timed, no two of them with the same content.

    Where a set has no more than are timed, each round warms up on a fifth of them, and the next on another one.
    """
    step = -(-len(pages) // MOST_PAGES) or 1
    warming = pages[step // 2 :: step] if step > 1 else ()
    distinct = {hashlib.sha256(page.read()).digest(): page for page in [*warming, *reversed(pages[::step])]}
    chosen = set(map(id, distinct.values()))
    timed = [page for page in pages[::step] if id(page) in chosen]
    others = [page for page in warming if id(page) in chosen]
    parts = min(ROUNDS, len(timed))
    for number in range(ROUNDS):
        if others or parts <= 1:
            yield others, timed
        else:
            yield timed[number % parts :: parts], [each for i, each in enumerate(timed) if (i - number) % parts]


def _give(
    sessions: Mapping[Runner, Session], turn: int, page: Page, goldset: str, extracted: Container[tuple[str, str, str]]
) -> Iterator[tuple[str, tuple[float, float | None]]]:
    """Give a page to all runners that extracted it, another one first from turn to turn; what they took, by label."""
    first = turn % max(len(sessions), 1)
    for runner, session in islice(cycle(sessions.items()), first, first + len(sessions)):
        if (goldset, runner.label, page.id) in extracted:
            with suppress(UnavailableError):  # no child starts any more
                session.send(page.url, sendable(runner.input, page))
                extraction = session.receive()
                if extraction.status is Status.OK and extraction.wall:
                    yield runner.label, (extraction.wall, extraction.cpu)
