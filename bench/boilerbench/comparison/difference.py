"""What a comparison is made of: two sides, and what differs between them on one set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from boilerbench.comparison.wording import Wording
from boilerbench.model import FAILED
from boilerbench.ranking import stats
from boilerbench.storage.signature import Signature

SLICES = {"language": "language", "page-type": "page_type"}
"""What pages are cut by, and the columns that hold it."""

ADVICE = "--unit page tests page by page, where pages are independent; 'F1 drop > 2pt' is a gate that needs no test"
"""What is offered where nothing can be tested."""

PAGE_COLUMNS = ("page", "site", "language", "page_type", "base", "head", "difference", "base_status", "head_status")
SLICE_COLUMNS = ("slice", "value", "pages", "base", "head", "difference", "low", "high", "p")


@dataclass(frozen=True)
class Side:
    """One runner's results. `signatures` are by set.

    `figures` has a leaderboard's row per set. `scores` has a row per set and page: set, page, runner, site, digest,
    gold, the columns of `SLICES`, status, the metric's counts and ratios and, where extractions are there, cpu, wall,
    error and text; it is None where figures are all there is. `specs` name the sets on the command line.
    `conditions` is what else figures depend on.
    """

    source: str
    runner: str
    version: str
    signatures: Mapping[str, Signature]
    figures: pd.DataFrame
    scores: pd.DataFrame | None = None
    specs: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The runner with the version that was measured, where its label does not say it."""
        return self.runner if not self.version or "@" in self.runner else f"{self.runner} {self.version}"


@dataclass(frozen=True)
class Change:
    """A score of both sides in [0, 1], and head less base with its 95 % interval and p-value, where it was tested.

    `detectable` is the smallest difference that such a test can be expected to show: `stats.detectable`, NaN where the
    sides differ by the same on all pages.
    """

    base: float
    head: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    detectable: float | None = None

    @property
    def difference(self) -> float:
        """Head less base."""
        return self.head - self.base

    @property
    def verdict(self) -> str:
        """One of `better`, `worse`, `not significant`, `not tested`."""
        if self.p is None:
            return "not tested"
        if self.p >= 1 - stats.LEVEL:
            return "not significant"
        return "better" if self.difference > 0 else "worse"


@dataclass(frozen=True)
class Speed:
    """Mean seconds per page over the pages that neither failed on: CPU time where both have it, else wall time."""

    base: float
    head: float
    pages: int
    clock: str

    @property
    def ratio(self) -> float:
        """Head's time in units of base's; above 1 head is slower."""
        return self.head / self.base


@dataclass(frozen=True)
class Comparison:
    """What differs between two sides on one set.

    `changes` are by score: f1, and precision and recall where the metric has them. `pages` has a row per page with
    `PAGE_COLUMNS`, the greatest loss first; where a side has figures alone, `paired` is false and there are none.
    `slices` has `SLICE_COLUMNS`, the p-values corrected by Holm. `wording` is known for the pages it was asked for.
    `untested` says why no test can show anything, where that is so.
    """

    base: Side
    head: Side
    set: str
    signature: Signature
    count: int
    changes: Mapping[str, Change]
    failed: tuple[int, int]
    empty: tuple[int, int]
    paired: bool = True
    pages: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PAGE_COLUMNS)))
    slices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SLICE_COLUMNS)))
    speed: Speed | None = None
    wording: Mapping[str, Wording] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    untested: str = ""

    @property
    def verdict(self) -> str:
        """What is to be said of F1."""
        return self.changes["f1"].verdict

    @property
    def worse(self) -> pd.DataFrame:
        """The pages that head lost on, the greatest loss first."""
        return self.pages[self.pages["difference"] < -stats.TIE]

    @property
    def better(self) -> pd.DataFrame:
        """The pages that head won on, the greatest gain first."""
        return self.pages[self.pages["difference"] > stats.TIE].iloc[::-1]

    @property
    def new_failures(self) -> pd.DataFrame:
        """The pages that head alone failed on."""
        return self._failed_on("head", "base")

    @property
    def gone_failures(self) -> pd.DataFrame:
        """The pages that base alone failed on."""
        return self._failed_on("base", "head")

    def _failed_on(self, one: str, other: str) -> pd.DataFrame:
        failed = {side: self.pages[f"{side}_status"].isin(FAILED) for side in (one, other)}
        return self.pages[failed[one] & ~failed[other]]


def overall(comparisons: Sequence[Comparison]) -> str:
    """One verdict for several sets and metrics: `mixed` where one is better and another worse."""
    found = {each.verdict for each in comparisons}
    if {"better", "worse"} <= found:
        return "mixed"
    return next(each for each in ("worse", "better", "not tested", "not significant") if each in found)
