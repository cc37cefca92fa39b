"""Finds the release of an extractor that changed a page, by measuring few of the releases in between."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.version import InvalidVersion, Version

from boilerbench import metrics
from boilerbench.environments import uv
from boilerbench.errors import NothingMeasuredError, UnavailableError, UnknownOptionError, UsageError
from boilerbench.extraction import record
from boilerbench.extraction.pool import Observer, Options
from boilerbench.labels import Policy
from boilerbench.model import Extraction, GoldSet, Status
from boilerbench.ranking.stats import TIE
from boilerbench.runners import registry
from boilerbench.scoring.score import score
from boilerbench.storage.run_folder import RunFolder


@dataclass(frozen=True)
class Measured:
    """What a release made of the page, and its score there; NaN where the metric has none."""

    version: str
    extraction: Extraction
    f1: float


@dataclass(frozen=True)
class Found:
    """`before` is the last release that treats the page as the good one does, `after` the next that could be run.

    `measured` are all that were run, in order of version; `skipped` those that could not be.
    """

    before: Measured
    after: Measured
    measured: tuple[Measured, ...]
    skipped: tuple[str, ...]

    @property
    def others(self) -> list[tuple[Measured, Measured]]:
        """Neighbours of those that were run between which the page changed as well, by score or by text.

        Where there are any, the page did not go from the one state to the other in a single step.
        """
        pairs = zip(self.measured, self.measured[1:], strict=False)
        return [pair for pair in pairs if pair != (self.before, self.after) and _differ(*pair)]


def releases(distribution: str, good: str, bad: str) -> list[str]:
    """List the releases from good to bad, both included, as uv finds them: no yanked ones, none for other Pythons.

    `UsageError` where good is not older, `UnavailableError` where the index cannot be asked.
    """
    try:
        ordered = Version(good) < Version(bad)
    except InvalidVersion as cause:
        raise UsageError(f"bisect goes from release to release: {cause}") from None
    if not ordered:
        raise UsageError(f"--good {good} has to be older than --bad {bad}")
    found = [bad]
    while (newest := _newest_between(distribution, good, found[0])) is not None:
        found.insert(0, newest)
    return [good, *found]


def _newest_between(distribution: str, good: str, bad: str) -> str | None:
    try:
        text = f"{distribution}>{good},<{bad}"
        lines = uv.ask("pip", "compile", "--no-deps", "--no-header", "--no-annotate", "-", text=text).splitlines()
    except UnavailableError as cause:
        if "no version" in str(cause) or "unsatisfiable" in str(cause):
            return None
        raise
    return next((line.partition("==")[2].strip() for line in lines if "==" in line), None)


def measure(  # noqa: PLR0913, PLR0917  # a runner's release on a page, how it is scored, and who is told
    runner: str, version: str, goldset: GoldSet, metric: str, policy: Policy, how: Options, observer: Observer
) -> Measured | None:
    """Run a release over a set of one page. None where it cannot be run here."""
    label = f"{runner}@{version}"
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place))
        try:
            record.extract(folder, [registry.find(label)], [goldset], replace(how, isolate=True), observer)
        except UnknownOptionError as cause:
            observer.note(label, str(cause))
            return None
        (part,) = folder.parts()
    (extraction,) = part.answers[label].values()
    if extraction.status is Status.UNAVAILABLE:
        return None
    table = score(goldset, part.answers, [metrics.get(metric)], policy)
    return Measured(version, extraction, float(table["f1"].iloc[0]))


def _differ(one: Measured, other: Measured) -> bool:
    return abs(one.f1 - other.f1) > TIE or one.extraction.text != other.extraction.text


def bisect(versions: list[str], measured: Callable[[str], Measured | None]) -> Found:
    """Halve the releases between the first and the last until two neighbours differ as those do.

    A release counts as changed where its score is nearer to the last's than to the first's or, where these two are
    equal, where its text is not the first's. One that `measured` gives nothing for is passed over. `UsageError` where
    first and last give the same, `NothingMeasuredError` where one of them cannot be run.
    """
    good, bad = _require(versions[0], measured), _require(versions[-1], measured)
    by_score = abs(good.f1 - bad.f1) > TIE
    if not by_score and good.extraction.text == bad.extraction.text:
        raise UsageError(f"{good.version} and {bad.version} give the same text for this page")

    def changed(each: Measured) -> bool:
        if by_score:
            return abs(each.f1 - bad.f1) < abs(each.f1 - good.f1)
        return each.extraction.text != good.extraction.text

    known, skipped, left = {good.version: good, bad.version: bad}, [], versions[1:-1]
    while left:
        place = len(left) // 2
        found = measured(left[place])
        if found is None:
            skipped.append(left.pop(place))
            continue
        known[left[place]] = found
        if changed(found):
            bad, left = found, left[:place]
        else:
            good, left = found, left[place + 1 :]
    order = [known[version] for version in versions if version in known]
    return Found(good, bad, tuple(order), tuple(skipped))


def _require(version: str, measured: Callable[[str], Measured | None]) -> Measured:
    found = measured(version)
    if found is None:
        raise NothingMeasuredError(f"nothing was measured: {version} cannot be run here")
    return found
