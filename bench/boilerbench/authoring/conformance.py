"""The conformance test of a runner: what every runner promises, asked of its real child process, one verdict per rule.

The pages are those of our own gold set and a few that are made here. Nothing is scored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError, UsageError
from boilerbench.extraction.pages import html_for, with_text
from boilerbench.files import read_toml
from boilerbench.model import Extraction, FolderRunner, Page, Runner, Status
from boilerbench.process.child import Limits
from boilerbench.process.confinement import Command
from boilerbench.process.session import Session
from boilerbench.sets import load

RULES: dict[str, str] = read_toml(Path(__file__).with_name("rules.toml"), UsageError)["runner"]
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
    command, pages = environment.command(runner, "locked"), pages or load("goldset-hard").pages
    limits = limits or Limits()
    with _Talk(runner, command, limits) as talk:
        try:
            hello = talk.hello()
        except UnavailableError as cause:
            unasked = [Verdict(rule, Outcome.OPEN, "it does not start") for rule in RULES if rule != "protocol"]
            return [Verdict("protocol", Outcome.FAILED, str(cause)), *unasked]
        talk.ask(*pages[:2])
        protocol = next((each.error or "" for each in talk.replaced if each.status is Status.ERROR), "")
        rounds = [talk.ask_each(pages) for _ in range(-(-MANY // len(pages)))]
        memory = _memory(rounds, talk)
        leaves = talk.leaves(_LEAVING)
    with _Talk(runner, command, limits) as odd:
        special = {rule: odd.ask(page)[0] for rule, page in _odd_pages(pages[0]).items()}
    with _Talk(runner, command, limits) as other:
        backwards = other.ask_each(pages[::-1])[::-1]
    said = [*(each for of_round in rounds for each in of_round), *special.values(), *backwards]
    found = [
        _failed_by("protocol", protocol or ("" if leaves else f"it is still there {_LEAVING:.0f} s later")),
        _version(runner, str(hello.get("version", ""))),
        _failed_by("types", _first_failure(pages, rounds[0])),
        *(_failed_by(rule, _reason(extraction)) for rule, extraction in special.items()),
        _failed_by("same again", next(filter(None, (_difference(pages, rounds[0], r) for r in rounds[1:])), "")),
        _failed_by("any order", _difference(pages, rounds[0], backwards)),
        _network(runner, said),
        memory,
    ]
    return sorted(found, key=lambda verdict: list(RULES).index(verdict.rule))


class _Talk(Session):
    """A session with a runner; `replaced` are the extractions after which its child was no longer used."""

    def __init__(self, runner: Runner, command: Command, limits: Limits) -> None:
        super().__init__(command, limits)
        self._runner = runner
        self.replaced: list[Extraction] = []

    def ask(self, *pages: Page) -> list[Extraction]:
        """Send pages at once, and return their extractions as a run would keep them."""
        for page in pages:
            self.send(page.url, html_for(self._runner.input, page))
        found = []
        for _ in pages:
            found.append(self.receive())
            if not self.alive:
                self.replaced.append(found[-1])
        return [with_text(extraction, self._runner.format) for extraction in found]

    def ask_each(self, pages: Sequence[Page]) -> list[Extraction]:
        """Send each page when the one before has its extraction."""
        return [extraction for page in pages for extraction in self.ask(page)]


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
    address = "https://example.org/boats"
    made = {rule: Page(rule, partial(bytes, content), address, "utf-8") for rule, content in contents.items()}
    return {"no address": replace(usual, url=None), **made}


def _failed_by(rule: str, reason: str, note: str = "") -> Verdict:
    return Verdict(rule, Outcome.FAILED, reason) if reason else Verdict(rule, Outcome.PASSED, note)


def _reason(extraction: Extraction) -> str:
    return f"{extraction.status}: {extraction.error}" if extraction.status.failed else ""


def _first_failure(pages: Sequence[Page], extractions: Sequence[Extraction]) -> str:
    failed = [(page.id, _reason(each)) for page, each in zip(pages, extractions, strict=True) if each.status.failed]
    return f"{len(failed)} of {len(pages)} pages, {': '.join(failed[0])}" if failed else ""


def _difference(pages: Iterable[Page], before: Iterable[Extraction], after: Iterable[Extraction]) -> str:
    """Name the first page whose extraction is another; how long it took and what an error says does not matter."""
    for page, one, other in zip(pages, before, after, strict=True):
        if one.given != other.given:
            then = _reason(other) or f"{other.status} of {len(other.text):,}"
            return f"page {page.id}: {one.status} of {len(one.text):,} characters, then {then}"
    return ""


def _version(runner: Runner, reported: str) -> Verdict:
    if not runner.version:
        why = "its lock pins no single version" if runner.distribution else "it names no distribution"
        return Verdict("version", Outcome.OPEN, why)
    wrong = "" if reported == runner.version else f"it reports {reported or 'none'}, its lock has {runner.version}"
    return _failed_by("version", wrong, reported)


def _network(runner: Runner, extractions: Iterable[Extraction]) -> Verdict:
    if isinstance(runner, FolderRunner) and "{node_worker}" not in runner.command:
        return Verdict("no network", Outcome.OPEN, "nobody sees what this command tries; on Linux it reaches nothing")
    tried = next((each.error for each in extractions if each.error and each.error.startswith("network: ")), "")
    return _failed_by("no network", tried)


def _memory(rounds: Sequence[Sequence[Extraction]], talk: _Talk) -> Verdict:
    peaks = [max((each.peak or 0 for each in extractions), default=0) >> 20 for extractions in (rounds[0], rounds[-1])]
    asked = sum(map(len, rounds))
    if over := sum(each.status in (Status.OK, Status.MEMORY) for each in talk.replaced):
        return Verdict("memory", Outcome.FAILED, f"its process was replaced {over} times on {asked} pages")
    seen = f"at most {peaks[0]} MB in the first {len(rounds[0])} pages, {peaks[1]} MB in the last of {asked}"
    return _failed_by("memory", "", seen if all(peaks) else "it does not say how much it uses")
