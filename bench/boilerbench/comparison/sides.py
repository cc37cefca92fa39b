"""Finds the sides of a comparison on disk: a run folder, published results, or a leaderboard file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from boilerbench import metrics, places, sets
from boilerbench.comparison.difference import Comparison, Side
from boilerbench.comparison.wording import wording
from boilerbench.errors import BoilerbenchError, UnknownNameError, UsageError
from boilerbench.labels import Policy
from boilerbench.model import FAILED
from boilerbench.ranking import export, leaderboard, terms
from boilerbench.storage import run_folder
from boilerbench.storage.manifest import Manifest
from boilerbench.storage.signature import Signature

_KEYS = ["set", "page"]
_OF_PAGES = ("site", "language", "page_type", "digest", "gold")
_OF_EXTRACTIONS = ("wall", "cpu", "text", "error")


class Place:
    """Results of one or several runners. `whole` says whether there are scores per page, or figures alone.

    `conditions` are what scores depend on beside their signature.
    """

    def __init__(self, path: Path) -> None:
        is_folder = places.is_dir(path)
        home = path if is_folder else path.parent
        self.path = path
        self.folder = run_folder.RunFolder(home)
        self.whole = is_folder and self.folder.has("scores")
        self.manifest = self.folder.manifest() if places.is_file(home / "manifest.json") else Manifest()
        file = path / "leaderboard.json" if is_folder else path
        self.board: Mapping[str, Any] = {} if self.whole else export.read(file)
        conditions = {
            "boilerbench's release": self.manifest.boilerbench or None,
            "the limit in seconds": self.manifest.limits.seconds,
            "the limit in bytes": self.manifest.limits.memory_bytes,
        }
        self.conditions = {name: value for name, value in conditions.items() if value is not None}

    @property
    def runners(self) -> list[str]:
        """The labels of the runners in it."""
        if self.whole:
            return [label for label in self.manifest.runners if label not in self.manifest.ceilings]
        return list(dict.fromkeys(row["runner"] for row in self.board["rows"]))

    def side(self, runner: str, metric: str, policy: Policy) -> Side:
        """The results of one runner by a metric under a policy. `UsageError` where it has none, and what it has."""
        if runner not in self.runners:
            raise UnknownNameError(f"runner in {self.path}", runner, self.runners)
        if self.whole:
            return self._from_scores(runner, metric, policy)
        return self._from_figures(runner, metric, policy.name)

    def _from_scores(self, runner: str, metric: str, policy: Policy) -> Side:
        scores = self.folder.table("scores")
        scores = scores[(scores["metric"] == metrics.get(metric).name) & (scores["policy"] == policy.name)]
        if scores.empty:
            raise UsageError(
                f"{self.path}: has no scores by metric '{metric}' under policy '{policy.spec}'; "
                f"make them: boilerbench score {self.path} --metric {metric} --policy {policy.spec}"
            )
        scores, pages = scores[scores["runner"] == runner], self.folder.table("pages")
        version = self.manifest.runners[runner].version
        figures = leaderboard.build(scores, pages, {runner: version})
        scores = scores.merge(pages.reindex(columns=[*_KEYS, *_OF_PAGES]), on=_KEYS, how="left")
        if self.folder.has("extractions"):
            answers = self.folder.table("extractions", ["runner", *_KEYS, *_OF_EXTRACTIONS])
            answers = answers[answers["runner"] == runner].drop(columns="runner")
            scores = scores.merge(answers, on=_KEYS, how="left")
        there = [about for about in self.manifest.sets if about.name in set(scores["set"])]
        signatures = {about.name: terms.signature(about, policy.name, metric) for about in there}
        specs = {about.name: about.spec for about in there}
        return Side(str(self.path), runner, version, signatures, figures, scores, specs, self.conditions)

    def _from_figures(self, runner: str, metric: str, policy: str) -> Side:
        rows = leaderboard.read(self.board["rows"])
        figures = rows[(rows["runner"] == runner) & (rows["metric"] == metric) & (rows["policy"] == policy)]
        if figures.empty or "slice" in figures:
            has = sorted({f"'{row['metric']}' under policy '{row['policy']}'" for row in self.board["rows"]})
            raise UsageError(
                f"{self.path}: has no figures by metric '{metric}' under policy '{policy}' for all pages of a set; "
                f"it has {', '.join(has)}"
            )
        there = set(figures["set"])
        signed = map(Signature.parse, self.board["signatures"])
        by_these = (each for each in signed if (each.metric_name, each.policy) == (metric, policy))
        signatures = {each.set: each for each in by_these if each.set in there}
        version = str(figures["version"].iloc[0] or "")
        return Side(str(self.path), runner, version, signatures, figures, conditions=self.conditions)


def find(text: str) -> tuple[Place, str] | None:
    """Read PATH or PATH:RUNNER; None where no such path holds results. The runner is empty where none is named."""
    ends = [len(text), *(place for place, sign in enumerate(text) if sign == ":")]
    for end in ends:
        path = places.place(text[:end])
        names = ("manifest.json", "leaderboard.json")
        if (path.suffix == ".json" and places.is_file(path)) or any(places.is_file(path / name) for name in names):
            return Place(path), text[end + 1 :]
    return None


def resolve(
    base: str,
    head: str,
    places: Mapping[str, tuple[Place, str] | None],
    run: Callable[[Sequence[str], Place | None], Place],
) -> list[tuple[Place, str]]:
    """Find both sides of a comparison: where the results are, and of which runner; `places` is what `find` gave.

    What holds no results is taken for a runner: `run` is given all of these, and the other side where it has results.
    """
    found = [places[base], places[head]]
    labels = list(dict.fromkeys(text for text, each in zip((base, head), found, strict=True) if each is None))
    for label in labels:
        if "/" in label.partition("@")[0] and not Path(label.partition("@")[0].partition(":")[0]).exists():
            raise UsageError(
                f"{label}: there is neither a run folder, published results or a leaderboard, nor a runner"
            )
    if labels:
        place = run(labels, next((each[0] for each in found if each), None))
        ran = dict(zip(labels, place.runners, strict=True))
        found = [each or (place, ran[text]) for text, each in zip((base, head), found, strict=True)]
    (one, first), (other, second) = (each for each in found if each)
    first = _choose(one, first, second)
    return [(one, first), (other, _choose(other, second, first))]


def _choose(place: Place, runner: str, other: str) -> str:
    """The runner that is meant: the one that was named, or the only one, or the one that the other side has."""
    if runner:
        return runner
    if len(place.runners) == 1:
        return place.runners[0]
    if other in place.runners:
        return other
    raise UsageError(
        f"{place.path} has several runners; name one as {place.path}:RUNNER, of {', '.join(place.runners)}"
    )


def explain(comparison: Comparison, policy: Policy, pages: int = 50) -> Comparison:
    """Add which words came and went, for the pages with the greatest losses and gains and those that fail anew.

    Reads the gold again. Where the words cannot be known, a note says why.
    """
    changed = pd.concat([comparison.worse[:pages], comparison.better[:pages], comparison.new_failures])
    if changed.empty:
        return comparison
    try:
        answers = [_answers(side, comparison.set) for side in (comparison.base, comparison.head)]
        golds = {page.id: gold for page, gold in sets.load(comparison.head.specs[comparison.set]).entries}
        known = answers[1]["gold"].to_dict()
        for page in changed["page"]:
            if page not in golds or (pd.notna(known[page]) and known[page] != golds[page].digest):
                raise UsageError(f"set '{comparison.set}' has changed since")
    except BoilerbenchError as cause:
        return replace(comparison, notes=(*comparison.notes, f"words are not shown: {cause}"))
    texts = [found["text"].fillna("").to_dict() for found in answers]
    words = {page: wording(golds[page], policy, *(text[page] for text in texts)) for page in changed["page"]}
    return replace(comparison, wording=words)


def _answers(side: Side, name: str) -> pd.DataFrame:
    if side.scores is None or "text" not in side.scores:
        raise UsageError(f"{side.source} keeps no extractions")
    found = side.scores[side.scores["set"] == name].set_index("page")
    return found.assign(text=found["text"].where(~found["status"].isin(FAILED)))
