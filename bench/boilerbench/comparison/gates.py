"""Conditions that fail a comparison, in words: `f1 < base - 0.5pt`, `significant regression`, `page drop > 20pt`."""

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from boilerbench.comparison.difference import ADVICE, Comparison
from boilerbench.errors import UsageError
from boilerbench.ranking.stats import TIE

EXAMPLES = (
    *("f1 < base - 0.5pt", "f1 < 0.90", "failures > base", "page drop > 20pt", "significant regression"),
    *("f1 drop > 2pt", "seconds > base * 1.5"),
)
"""A gate of each kind."""

_SCORES = ("f1", "precision", "recall")
_COUNTS = ("failures", "empty")
_NUMBER = r"\d+(?:\.\d+)?|\.\d+"
_DROP = re.compile(rf"page drop > (?P<number>{_NUMBER}) ?pt")
_SCORE_DROP = re.compile(rf"(?P<score>{'|'.join(_SCORES)}) drop > (?P<number>{_NUMBER}) ?pt")
_LIMIT = re.compile(
    rf"(?P<subject>{'|'.join((*_SCORES, *_COUNTS, 'seconds'))}) (?P<sign><=|>=|<|>) "
    rf"(?:(?P<base>base)(?: (?P<step>[-+*]) (?P<by>{_NUMBER}) ?(?P<by_unit>pt)?)?|"
    rf"(?P<number>{_NUMBER}) ?(?P<unit>pt|%)?)"
)
_SIGN = re.compile(r"(<=|>=|[<>*+]|(?:(?<=base)|(?<=\s))-)")
_SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_STEPS = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@dataclass(frozen=True)
class Outcome:
    """What a gate says of a set by a metric: whether it holds, which figures it saw, and the pages that broke it."""

    gate: str
    set: str
    metric: str
    passed: bool
    detail: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Regression:
    text: str

    def judge(self, comparison: Comparison) -> Outcome:
        change = comparison.changes["f1"]
        if change.p is None:
            why = comparison.untested or "it takes scores per page of both sides"
            raise UsageError(f"gate '{self.text}': set '{comparison.set}' cannot be judged: {why}; {ADVICE}")
        detail = f"f1 {100 * change.difference:+.2f} pt, p = {change.p:.3g}"
        if change.verdict == "not significant" and change.detectable is not None and change.detectable > 0:
            detail += f"; smallest detectable difference {100 * change.detectable:.2f} pt"
        return _outcome(self.text, comparison, change.verdict != "worse", detail)


@dataclass(frozen=True)
class _PageDrop:
    text: str
    limit: float

    def judge(self, comparison: Comparison) -> Outcome:
        if not comparison.paired:
            raise UsageError(f"gate '{self.text}': set '{comparison.set}' has no scores per page on both sides")
        pages = comparison.pages
        broken = pages[pages["difference"] < -self.limit - TIE]
        count = f"{len(broken)} pages" if len(broken) else "no page"
        detail = f"{count}; the greatest drop is {100 * min(pages['difference'].min(), 0):+.2f} pt"
        return _outcome(self.text, comparison, broken.empty, detail, tuple(broken["page"]))


@dataclass(frozen=True)
class _Limit:
    """`step` makes the limit from base's figure and the amount; without one, the amount is the limit."""

    text: str
    subject: str
    sign: str
    amount: float
    step: Callable[[float, float], float] | None

    def judge(self, comparison: Comparison) -> Outcome:
        base, head = self._figures(comparison)
        limit = self.step(base, self.amount) if self.step else self.amount
        equal = math.isclose(head, limit, abs_tol=TIE)
        broken = self.sign in ("<=", ">=") if equal else _SIGNS[self.sign](head, limit)
        pages = tuple(comparison.new_failures["page"]) if broken and self.subject == "failures" else ()
        head_, base_, limit_ = (f"{value:.4f}".rstrip("0").rstrip(".") for value in (head, base, limit))
        detail = f"{self.subject} {head_}, base {base_}, limit {limit_}"
        return _outcome(self.text, comparison, not broken, detail, pages)

    def _figures(self, comparison: Comparison) -> tuple[float, float]:
        if self.subject in _COUNTS:
            base, head = comparison.failed if self.subject == "failures" else comparison.empty
            return base, head
        found = comparison.speed if self.subject == "seconds" else comparison.changes.get(self.subject)
        if found is None or math.isnan(found.base + found.head):
            raise UsageError(f"gate '{self.text}': set '{comparison.set}' has no {self.subject} on both sides")
        return found.base, found.head


Gate: TypeAlias = _Regression | _PageDrop | _Limit
"""A condition under which a comparison fails. To judge raises `UsageError` where the figures it needs are not there."""


def parse(text: str) -> Gate:
    """Read a gate, or raise `UsageError` with examples."""
    words = " ".join(_SIGN.sub(r" \1 ", text.lower()).split())
    if words == "significant regression":
        return _Regression(text)
    if found := _SCORE_DROP.fullmatch(words):
        return _Limit(text, found["score"], "<", _value(text, found["number"], "pt"), _STEPS["-"])
    if found := _DROP.fullmatch(words):
        return _PageDrop(text, _value(text, found["number"], "pt"))
    if found := _LIMIT.fullmatch(words):
        return _limit(text, found)
    raise UsageError(f"cannot read the gate '{text}'; gates are, for example: {'; '.join(EXAMPLES)}")


def judge(gates: Sequence[Gate], comparisons: Sequence[Comparison]) -> list[Outcome]:
    """Every gate on every set, by every metric."""
    return [gate.judge(each) for gate in gates for each in comparisons]


def _outcome(gate: str, comparison: Comparison, passed: bool, detail: str, pages: tuple[str, ...] = ()) -> Outcome:
    return Outcome(gate, comparison.set, comparison.signature.metric_name, passed, detail, pages)


def _value(text: str, number: str, unit: str | None) -> float:
    value = float(number) / 100 if unit else float(number)
    if (unit and value > 1) or not math.isfinite(value):
        raise UsageError(f"gate '{text}': {'scores differ by at most 100pt' if unit else f'{number} is too large'}")
    return value


def _limit(text: str, found: re.Match[str]) -> Gate:
    subject, step, unit = found["subject"], found["step"], found["unit"] or found["by_unit"]
    if unit and (subject not in _SCORES or step == "*"):
        raise UsageError(f"gate '{text}': {unit} does not go with {'*' if step == '*' else subject}")
    if subject in _SCORES and step in ("+", "-") and not unit:
        raise UsageError(f"gate '{text}': say by how many points of 100, as in 'f1 < base - 0.5pt'")
    if found["base"]:
        return _Limit(
            text, subject, found["sign"], _value(text, found["by"] or "0", found["by_unit"]), _STEPS[step or "+"]
        )
    amount = _value(text, found["number"], found["unit"])
    if subject in _SCORES and amount > 1:
        raise UsageError(f"gate '{text}': a score is at most 1, or 100pt")
    return _Limit(text, subject, found["sign"], amount, None)
