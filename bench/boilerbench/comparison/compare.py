"""Two extractors on the same pages: what differs, by how much, and whether that is more than noise.

Where both sides have scores per page, all is paired; where one has published figures alone, only these are set side by
side, and nothing is tested.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from boilerbench import metrics
from boilerbench.comparison.difference import (
    ADVICE,
    PAGE_COLUMNS,
    SLICE_COLUMNS,
    SLICES,
    Change,
    Comparison,
    Side,
    Speed,
)
from boilerbench.errors import BoilerbenchError, NothingMeasuredError, UsageError
from boilerbench.metrics import Metric
from boilerbench.model import FAILED, Status
from boilerbench.ranking import bootstrap, stats
from boilerbench.ranking.resampling import numbered
from boilerbench.ranking.terms import UNKNOWN
from boilerbench.storage.signature import Signature

RATIOS = ("f1", "precision", "recall")
"""The scores that are compared; a metric that is one number has the first alone."""

IDENTITY = ("fingerprint", "metadata", "policy", "metric", "failures")
"""The parts of a signature that have to be equal for two figures to be comparable."""

_About: TypeAlias = tuple[Side, Side, str, Signature]


def compare(  # noqa: PLR0913  # what a comparison depends on
    base: Side,
    head: Side,
    metric: str,
    *,
    common: bool = False,
    unit: Literal["site", "page"] = "site",
    rounds: int = 1000,
    seed: int = 0,
) -> list[Comparison]:
    """Compare two sides on each set that both have; with `common` on the pages that both have.

    By `unit`, pages of a site stand or fall together, or each page by itself, where the user says so.

    Raises `UsageError` where they are not comparable and says what differs, `NothingMeasuredError` where a side could
    not run at all.
    """
    names = [name for name in base.signatures if name in head.signatures]
    if not names:
        has = "; ".join(f"{side.source} has {', '.join(side.signatures)}" for side in (base, head))
        raise UsageError(f"no set in common: {has}")
    found = []
    for name in names:
        _require_comparable(base, head, name, common=common)
        about = (base, head, name, head.signatures[name])
        one, other = _of_set(base.scores, name), _of_set(head.scores, name)
        if one is None or other is None:
            each = _side_by_side(about)
        else:
            pairs, notes = _pair(one, other, name, common)
            if unit == "page":
                pairs, notes = pairs.assign(site_head=pairs["page"]), (*notes, "each page is taken for independent")
            untested = stats.untestable(stats.clusters_of(pairs["site_head"].tolist()))
            if untested:
                notes = (*notes, f"not tested: {untested}; {ADVICE}")
            found_here = _on_pages(about, pairs, metrics.get(metric), rounds, seed)
            few = 0 if untested else int(found_here.slices["p"].isna().sum())
            if few:
                notes = (*notes, f"{few} of {len(found_here.slices)} slices are not tested: too few sites")
            each = replace(found_here, notes=notes, untested=untested)
        found.append(replace(each, notes=(*each.notes, *_notes(base, head, names))))
    return found


def _require_comparable(base: Side, head: Side, name: str, *, common: bool) -> None:
    one, other = base.signatures[name], head.signatures[name]
    numbers_only = base.scores is None or head.scores is None
    for key in IDENTITY:
        here, there = getattr(one, key), getattr(other, key)
        if here != there and not (common and key == "fingerprint" and not numbers_only):
            advice = "; --common compares the pages both have" if key == "fingerprint" and not numbers_only else ""
            raise UsageError(
                f"set '{name}' cannot be compared: its {key} is {here} in {base.source}, "
                f"{there} in {head.source}{advice}"
            )


def _notes(base: Side, head: Side, names: Sequence[str]) -> Iterator[str]:
    for side in (base, head):
        for name in sorted(side.signatures.keys() - names):
            yield f"set '{name}' is in {side.source} alone"
    for key in sorted(base.conditions.keys() & head.conditions.keys()):
        if base.conditions[key] != head.conditions[key]:
            yield f"{key} is {base.conditions[key]} for base, {head.conditions[key]} for head"


def _of_set(scores: pd.DataFrame | None, name: str) -> pd.DataFrame | None:
    """The scores on one set, without the pages that the metric could not measure."""
    if scores is None:
        return None
    found = scores[scores["set"] == name]
    if len(found) and (found["status"] == Status.UNAVAILABLE.value).all():
        why = next(iter(found["error"].dropna()), "") if "error" in found else ""
        raise NothingMeasuredError(f"nothing was measured of {found['runner'].iloc[0]}: {why or 'it is unavailable'}")
    measured = found[found["tp"].notna()]
    if measured.empty:
        of, by = (found[each].iloc[0] for each in ("runner", "metric"))
        raise UsageError(f"set '{name}': nothing of {of} is measured by {by}; name another --metric")
    return measured


def _pair(base: pd.DataFrame, head: pd.DataFrame, name: str, common: bool) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Put the scores of one page into one row, and say which pages were left out."""
    pairs = base.merge(head, on="page", suffixes=("_base", "_head"), validate="one_to_one")
    if not common:
        if not len(pairs) == len(base) == len(head):
            raise BoilerbenchError(
                f"set '{name}': {len(base)} and {len(head)} scores for equal sets; score both runs again"
            )
        return pairs, ()
    same = (pairs["digest_base"] == pairs["digest_head"]) & (pairs["gold_base"] == pairs["gold_head"])
    if pairs[["gold_base", "gold_head"]].isna().any(axis=None):
        raise UsageError(f"set '{name}': an older run does not say which gold its pages had; run it again")
    if not same.any():
        raise UsageError(f"set '{name}': no page in common")
    out = {"in base alone": len(base) - len(pairs), "in head alone": len(head) - len(pairs), "changed": (~same).sum()}
    notes = [f"{count} pages left out: {why}" for why, count in out.items() if count]
    return pairs[same].reset_index(drop=True), tuple(notes)


def _side_by_side(about: _About) -> Comparison:
    base, head, name, signature = about
    one, other = (side.figures[side.figures["set"] == name].iloc[0] for side in (base, head))
    changes = {score: Change(float(one[score]), float(other[score])) for score in RATIOS if pd.notna(one[score])}
    if "f1" not in changes:
        raise UsageError(f"set '{name}': it has no figures by {signature.metric}; name another --metric")
    silent = " and ".join(side.source for side in (base, head) if side.scores is None)
    return Comparison(
        *about,
        count=int(other["pages"]),
        changes=changes,
        failed=(int(one["failed"]), int(other["failed"])),
        empty=(int(one["empty"]), int(other["empty"])),
        paired=False,
        notes=(f"{silent}: figures alone, no scores per page, so that nothing can be tested",),
    )


def _on_pages(about: _About, pairs: pd.DataFrame, metric: Metric, rounds: int, seed: int) -> Comparison:
    names = {"f1_base": "base", "f1_head": "head", "status_base": "base_status", "status_head": "head_status"}
    names |= {f"{column}_head": column for column in ("site", *SLICES.values())}
    difference = pairs["f1_head"] - pairs["f1_base"]
    pages = pairs.rename(columns=names).assign(difference=difference)[list(PAGE_COLUMNS)]
    base_status, head_status = pairs["status_base"], pairs["status_head"]
    return Comparison(
        *about,
        count=len(pairs),
        changes=changes_of(pairs, metric, rounds, seed),
        failed=(int(base_status.isin(FAILED).sum()), int(head_status.isin(FAILED).sum())),
        empty=(int((base_status == Status.EMPTY).sum()), int((head_status == Status.EMPTY).sum())),
        pages=pages.sort_values(["difference", "page"], ignore_index=True),
        slices=_slices(pairs, metric, rounds, seed),
        speed=_speed(pairs),
    )


def changes_of(pairs: pd.DataFrame, metric: Metric, rounds: int, seed: int, *, wider: float = 1.0) -> dict[str, Change]:
    """The change of each score, with the tests of `stats`, where a test over so many sites can show anything.

    `pairs` has a row per page: `site_head`, and the metric's `bootstrap.parts_of` with `_base` and `_head` behind them.
    Errors of differences are `wider` by that factor where pages depend on each other beyond their sites.
    """
    columns = ([pairs[f"{column}_{side}"] for side in ("base", "head")] for column in bootstrap.parts_of(metric))
    parts = tuple(np.column_stack(both).astype(float) for both in columns)
    found = bootstrap.estimate_parts(parts, numbered(pairs["site_head"].tolist()), metric, rounds, seed)
    changes = {}
    for score in ("f1",) if metric.single else RATIOS:
        estimate, drawn, p, least = getattr(found.point, score)[0], getattr(found.drawn, score), None, None
        if not stats.untestable(found.clusters):
            errors = wider * stats.paired_errors(drawn, found.clusters)
            p = float(stats.paired_p(estimate, errors, found.clusters)[0, 1])
            least = stats.detectable(errors, found.clusters)
        change = Change(float(estimate[0]), float(estimate[1]), p=p, detectable=least)
        if found.clusters.number > 1:
            low, high = (change.difference + wider * (end - change.difference) for end in found.difference(score, 1, 0))
            change = replace(change, low=low, high=high)
        changes[score] = change
    return changes


def _slices(pairs: pd.DataFrame, metric: Metric, rounds: int, seed: int) -> pd.DataFrame:
    """The change of F1 per slice, for every way to cut that gives several slices."""
    rows = []
    for name, column in SLICES.items():
        values = pairs[f"{column}_head"]
        groups = pairs.groupby(values.where(values.notna() & (values != ""), UNKNOWN))
        for value, group in groups if len(groups) > 1 else ():
            change = changes_of(group, metric, rounds, seed)["f1"]
            rows.append([name, value, len(group), change.base, change.head, change.difference])
            rows[-1] += [change.low, change.high, change.p]
    table = pd.DataFrame(rows, columns=list(SLICE_COLUMNS)).astype(dict.fromkeys(SLICE_COLUMNS[3:], float))
    tested = table["p"].notna()
    table.loc[tested, "p"] = stats.step_down(table.loc[tested, "p"].to_numpy(float))
    return table.sort_values(["p", "slice", "value"], ignore_index=True)


def _speed(pairs: pd.DataFrame) -> Speed | None:
    for clock in ("cpu", "wall"):
        if f"{clock}_base" not in pairs:
            continue
        answered = pairs[[f"status_{side}" for side in ("base", "head")]].isin(("ok", "empty")).all(axis=1)
        seconds = pairs.loc[answered, [f"{clock}_base", f"{clock}_head"]].dropna().to_numpy(float)
        if len(seconds) and (seconds.mean(axis=0) > 0).all():
            return Speed(float(seconds[:, 0].mean()), float(seconds[:, 1].mean()), len(seconds), clock)
    return None
