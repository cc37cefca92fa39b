"""Whether a runner's extractions depend on the pages before them: some are asked again, in a process that had none."""

from collections.abc import Callable, Sequence
from contextlib import closing
from random import Random

from boilerbench.extraction.local import DIFFERS, Conversation
from boilerbench.model import Extraction, Page, Status

STATEFUL, RANDOM = "stateful", "not-deterministic"
MEANING = {
    STATEFUL: "stateful: extractions depend on the pages before, and are not kept; "
    "--isolate gives each page a process of its own",
    DIFFERS: "measures differ: its process took over twice the CPU time that it tells of; extractions are not kept",
    RANDOM: "not deterministic: the same page gives one text in one process, another in the next; not kept",
}
_PAGES, _ALONE = 5, 6
"""Pages that are asked again in one process, and processes that the first of them which differs is asked alone in."""
_OF_THE_MACHINE = (Status.TIMEOUT, Status.MEMORY, Status.UNAVAILABLE)


def judge(extracted: Sequence[tuple[Page, Extraction]], begin: Callable[[], Conversation]) -> str:
    """Return `STATEFUL` or `RANDOM` where a page gives another extraction than before, else nothing.

    The last that was extracted is asked first, then a few of the others in an order of chance. `begin` makes a
    conversation with a process of its own. Raises `UnavailableError` where none starts any more.
    """
    *others, last = extracted
    some = [last, *Random(0).sample(others, min(_PAGES - 1, len(others)))]  # noqa: S311  # not cryptography
    again = _ask([page for page, _ in some], begin)
    differs = next((page for (page, before), now in zip(some, again, strict=True) if _differ(before, now)), None)
    if differs is None:
        return ""
    alone = [each for _ in range(_ALONE) for each in _ask([differs], begin)]
    return RANDOM if any(_differ(alone[0], each) for each in alone) else STATEFUL


def _ask(pages: Sequence[Page], begin: Callable[[], Conversation]) -> list[Extraction]:
    """Ask for some pages in one process."""
    with closing(begin()) as talk:
        for page in pages:
            talk.send(page)
        return [talk.receive().kept.extraction for _ in pages]


def _differ(one: Extraction, other: Extraction) -> bool:
    """Whether these are two answers; what the machine had no time or memory for is none."""
    if one.status in _OF_THE_MACHINE or other.status in _OF_THE_MACHINE:
        return False
    return one.given != other.given
