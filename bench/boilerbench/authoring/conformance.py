"""The conformance test of a runner: what every runner promises, asked of its real child process, one verdict per rule.

The pages are those of our own gold set and a few that are made here. Nothing is scored.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Self

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError
from boilerbench.extraction.pool import finish, given
from boilerbench.model import Extraction, FolderRunner, Page, Status
from boilerbench.process import sandbox
from boilerbench.process.child import Child, Limits
from boilerbench.sets import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from boilerbench.model import Runner

RULES = {
    "protocol": "it greets, answers two requests that wait in the pipe under their numbers, and leaves when told to",
    "version": "the version it reports is the one that its lock pins",
    "types": "each page of the gold set gets text, or nothing; no error, and no other type",
    "no address": "a page without an address gets an answer",
    "empty page": "a page of no bytes gets an answer, nothing most likely",
    "large page": "a page of 10 MB gets an answer within the limits of time and memory",
    "wrong charset": "a page in windows-1251 that is declared as UTF-8 gets an answer",
    "NUL bytes": "a page with NUL and other control characters gets an answer",
    "same again": "the same pages get the same answers from the same process",
    "any order": "the same pages get the same answers in reverse order from another process",
    "no network": "no page makes it ask for the network",
    "no writes": "the same pages get the same answers where all but its temporary folder is read-only",
    "memory": "500 pages in one process stay within half of the limit of memory, over which a process is replaced",
}
"""What each rule asks, in the order of the verdicts."""

MANY = 500
LARGE = 10_000_000
_LEAVING = 10.0
_SENTENCE = "The {} boats of the valley went down to the weir in the morning, and came back before the rain. "
_HTML = '<!DOCTYPE html><html lang="en"><head>{}<title>Boats</title></head><body><article>{}</article></body></html>'


class Outcome(StrEnum):
    """What became of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "not applicable"


@dataclass(frozen=True)
class Verdict:
    """How a runner stands to one of the `RULES`; `note` says why it failed or is open, or what was seen."""

    rule: str
    outcome: Outcome
    note: str = ""


def check(runner: Runner, pages: Sequence[Page] = (), limits: Limits | None = None) -> list[Verdict]:
    """Ask everything of a runner: a verdict per rule, in their order. `pages` are those of our gold set otherwise.

    Raises `UnavailableError` where it cannot run here.
    """
    command, pages = environment.command(runner, "locked"), pages or load("goldset").pages
    with _Talk(runner, command, limits or Limits()) as talk:
        try:
            hello = talk.greet()
        except UnavailableError as cause:
            failed = Verdict("protocol", Outcome.FAILED, str(cause))
            return [
                failed,
                *(Verdict(rule, Outcome.OPEN, "it does not start") for rule in RULES if rule != failed.rule),
            ]
        protocol = talk.pipeline(pages[:2])
        rounds = [[talk.ask(page) for page in pages] for _ in range(-(-MANY // len(pages)))]
        memory = _memory(rounds, talk)
        leaves = talk.leaves()
    with _Talk(runner, command, limits or Limits()) as odd:
        special = {rule: odd.ask(page) for rule, page in _odd_pages(pages[0]).items()}
    with _Talk(runner, command, limits or Limits()) as other:
        backwards = [other.ask(page) for page in reversed(pages)][::-1]
    said = [*(answer for each in rounds for answer in each), *special.values(), *backwards]
    found = [
        _failed_by("protocol", protocol or ("" if leaves else f"it is still there {_LEAVING:.0f} s later")),
        _version(runner, str(hello.get("version", ""))),
        _failed_by("types", _first_failure(pages, rounds[0])),
        *(_failed_by(rule, _reason(answer)) for rule, answer in special.items()),
        _failed_by("same again", next(filter(None, (_difference(pages, rounds[0], r) for r in rounds[1:])), "")),
        _failed_by("any order", _difference(pages, rounds[0], backwards)),
        _network(runner, said),
        _writes(runner, command, pages, rounds[0], limits or Limits()),
        memory,
    ]
    return sorted(found, key=lambda verdict: list(RULES).index(verdict.rule))


def fails(verdicts: Iterable[Verdict]) -> bool:
    """Whether a rule does not hold."""
    return any(verdict.outcome is Outcome.FAILED for verdict in verdicts)


class _Talk:
    """A runner's child, and the next one where a page ended it."""

    def __init__(self, runner: Runner, command: Sequence[str], limits: Limits) -> None:
        self._runner, self._command, self._limits = runner, command, limits
        self._numbers = count(1)
        self._child = Child(command, limits)
        self.replaced: Counter[Status] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.close()

    def greet(self) -> dict[str, object]:
        return self._child.hello()

    def leaves(self) -> bool:
        return self._child.alive and self._child.leaves(_LEAVING)

    def ask(self, page: Page) -> Extraction:
        """Return the answer to a page as a run would keep it. Raises `UnavailableError` where no child starts."""
        if not self._child.alive:
            self._child.close()
            self._child = Child(self._command, self._limits)
        self._child.hello()
        self._send(page)
        return self._receive()

    def pipeline(self, pages: Sequence[Page]) -> str:
        """Send pages at once, and return what is wrong with the way they are answered."""
        for page in pages:
            self._send(page)
        for _ in pages:
            answer = self._receive()
            if not self._child.alive and answer.status is Status.ERROR:
                return answer.error or ""
        return ""

    def _send(self, page: Page) -> None:
        self._child.send(next(self._numbers), page.url, given(self._runner, page))

    def _receive(self) -> Extraction:
        answer = self._child.receive()
        if not self._child.alive:
            self.replaced[answer.status] += 1
        return finish(answer, self._runner.format)


def _odd_pages(usual: Page) -> dict[str, Page]:
    """Make a page for each rule that is about one page."""
    large = "".join(f"<p>{_SENTENCE.format(number) * 4}</p>\n" for number in range(LARGE // 400))
    russian = "<p>" + "Утром лодки ушли вниз по реке и вернулись ещё до дождя. " * 20 + "</p>"
    dirty = "".join(f"<p class='a\0b'>{_SENTENCE.format(n)}\0 \x01\x08\x0b\x1b\x1f\x7f {chr(n)}</p>" for n in range(32))
    meta = '<meta charset="utf-8">'
    contents = {
        "empty page": b"",
        "large page": _HTML.format(meta, large).encode(),
        "wrong charset": _HTML.format(meta, russian).encode("cp1251"),
        "NUL bytes": _HTML.format(meta, dirty).encode(),
    }
    made = {rule: _page(rule, content) for rule, content in contents.items()}
    return {"no address": replace(usual, url=None), **made}


def _page(rule: str, content: bytes) -> Page:
    return Page(rule, lambda: content, "https://example.org/boats", "utf-8")


def _failed_by(rule: str, reason: str, note: str = "") -> Verdict:
    return Verdict(rule, Outcome.FAILED, reason) if reason else Verdict(rule, Outcome.PASSED, note)


def _reason(answer: Extraction) -> str:
    return f"{answer.status}: {answer.error}" if answer.status.failed else ""


def _first_failure(pages: Iterable[Page], answers: Sequence[Extraction]) -> str:
    failed = [(page.id, answer) for page, answer in zip(pages, answers, strict=True) if answer.status.failed]
    return f"{len(failed)} of {len(answers)} pages, {failed[0][0]}: {_reason(failed[0][1])}" if failed else ""


def _difference(pages: Iterable[Page], before: Iterable[Extraction], after: Iterable[Extraction]) -> str:
    """Name the first page whose answer is another; how long it took and what an error says does not matter."""
    for page, one, other in zip(pages, before, after, strict=True):
        if (one.status, one.text, one.answer) != (other.status, other.text, other.answer):
            return f"page {page.id}: {one.status} of {len(one.text):,} characters, then {_told(other)}"
    return ""


def _told(answer: Extraction) -> str:
    return _reason(answer) or f"{answer.status} of {len(answer.text):,}"


def _version(runner: Runner, reported: str) -> Verdict:
    if not runner.version:
        why = "its lock pins no single version" if runner.distribution else "it names no distribution"
        return Verdict("version", Outcome.OPEN, why)
    wrong = "" if reported == runner.version else f"it reports {reported or 'none'}, its lock has {runner.version}"
    return _failed_by("version", wrong, reported)


def _network(runner: Runner, answers: Iterable[Extraction]) -> Verdict:
    if isinstance(runner, FolderRunner) and "{node_worker}" not in runner.command:
        return Verdict("no network", Outcome.OPEN, "nobody sees what this command tries; on Linux it reaches nothing")
    tried = next((answer.error for answer in answers if (answer.error or "").startswith("network: ")), None)
    return _failed_by("no network", tried or "")


def _writes(
    runner: Runner, command: Sequence[str], pages: Sequence[Page], before: Sequence[Extraction], limits: Limits
) -> Verdict:
    try:
        with _Talk(runner, ["--read-only", *command], limits) as talk:
            after = [talk.ask(page) for page in pages]
    except UnavailableError as cause:
        if sandbox.FORBIDDEN in str(cause):
            return Verdict("no writes", Outcome.OPEN, sandbox.FORBIDDEN.partition(": ")[2])
        return Verdict("no writes", Outcome.FAILED, str(cause))
    needless = "it needs none; an attempt that it hides is not seen"
    return _failed_by("no writes", _difference(pages, before, after), needless)


def _memory(rounds: Sequence[Sequence[Extraction]], talk: _Talk) -> Verdict:
    peaks = [max((answer.peak or 0 for answer in answers), default=0) >> 20 for answers in (rounds[0], rounds[-1])]
    asked = sum(map(len, rounds))
    over = talk.replaced[Status.OK] + talk.replaced[Status.MEMORY]
    if over:
        return Verdict("memory", Outcome.FAILED, f"its process was replaced {over} times on {asked} pages")
    seen = f"at most {peaks[0]} MB in the first {len(rounds[0])} pages, {peaks[1]} MB in the last of {asked}"
    return _failed_by("memory", "", seen if all(peaks) else "it does not say how much it uses")
