"""From extractions to scores: one row per set, page, runner, metric and policy, failures included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from boilerbench.errors import UsageError
from boilerbench.extraction import predictions
from boilerbench.labels import Policy, load_policy
from boilerbench.metrics import Metric
from boilerbench.metrics.base import TEXT, Answers, Counts, spread, unmeasured
from boilerbench.metrics.metadata import Says
from boilerbench.model import Extraction, Gold, GoldSet, Markup, Metadata, Segment, Status
from boilerbench.process import protocol
from boilerbench.sets.formats.layout import Prediction

Columns: TypeAlias = "dict[str, str | NDArray[Any]]"

COLUMNS = (
    *("set", "page", "runner", "metric", "policy", "status"),
    *("tp", "fp", "fn", "exact", "precision", "recall", "f1"),
)
"""The columns of a table of scores, in order."""

_MISSING = Extraction(Status.ERROR, error="no extraction for this page")


def score(
    goldset: GoldSet, extractions: Mapping[str, Mapping[str, Extraction]], metrics: Sequence[Metric], policy: Policy
) -> pd.DataFrame:
    """Score every page of the set for every runner; a page that a runner's mapping lacks is a failure.

    Pages that the set lacks are ignored. What a runner says of any page beside its text, it is taken to say of all. A
    page whose gold a metric cannot be computed of has no counts there, and no ratios: NaN, failures included. Rows are
    in order of metric, page, runner.
    """
    if not (goldset.entries and metrics):
        return pd.DataFrame(columns=list(COLUMNS))
    said = [{name for each in pages.values() for name in each.metadata.given} for pages in extractions.values()]
    runners = [*zip(extractions.values(), said, strict=True)]
    found = [[pages.get(page.id, _MISSING).saying(fields) for pages, fields in runners] for page in goldset.pages]
    keys = {
        "set": goldset.name,
        "page": np.repeat([page.id for page in goldset.pages], len(extractions)),
        "runner": np.tile(list(extractions), len(found)),
        "policy": policy.name,
        "status": [extraction.status.value for row in found for extraction in row],
    }
    failed = np.array([extraction.status.failed for row in found for extraction in row], bool)
    counts = [_count(metrics, policy, gold, row) for (_, gold), row in zip(goldset.entries, found, strict=True)]
    tables = [
        pd.DataFrame({**keys, **_columns(metric, of_pages, failed)})[list(COLUMNS)]
        for metric, of_pages in zip(metrics, zip(*counts, strict=True), strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _count(metrics: Sequence[Metric], policy: Policy, gold: Gold, row: Sequence[Extraction]) -> list[Counts]:
    """Count one page under every metric, all runners at once."""
    measuring = [metric.measures(gold, policy) for metric in metrics]
    views = {metric.view for metric, measures in zip(metrics, measuring, strict=True) if measures}
    seen = {view: Answers(map(view.of, row)) for view in views}
    return [
        _counted(metric, metric.reference(gold, policy), seen[metric.view]) if measures else unmeasured(len(row))
        for metric, measures in zip(metrics, measuring, strict=True)
    ]


def _counted(metric: Metric, reference: Any, seen: Answers) -> Counts:
    """Count those extractions that can be seen as the metric wants them; the others are unmeasured."""
    there = np.array([each is not None for each in seen], bool)
    if there.all():
        return metric.count(reference, seen)
    if not there.any():
        return unmeasured(len(seen))
    return spread(metric.count(reference, Answers(each for each in seen if each is not None)), there)


def _columns(metric: Metric, counts: Sequence[Counts], failed: NDArray[np.bool_]) -> Columns:
    """Derive the ratios of all pages at once, and apply the failure rule."""
    total = Counts(
        np.concatenate([each.tp for each in counts]),
        np.concatenate([each.fp for each in counts]),
        np.concatenate([each.fn for each in counts]),
        np.concatenate([each.exact for each in counts]),
    )
    ratios = metric.ratios(total)
    columns = {"precision": ratios.precision, "recall": ratios.recall, "f1": ratios.f1}
    if metric.single:
        columns |= dict.fromkeys(("precision", "recall"), np.full(len(failed), np.nan))
    left = np.isnan(total.tp)
    zeroed = {
        name: np.where(left, np.nan, np.where(failed & ~np.isnan(values), 0.0, values))
        for name, values in columns.items()
    }
    units = {"tp": total.tp, "fp": total.fp, "fn": total.fn}
    return {"metric": metric.name, **units, "exact": total.exact & ~failed, **zeroed}


@dataclass(frozen=True)
class TextScore:
    """How one text fits another. `tp`, `fp` and `fn` are units that matched, are surplus, are missing.

    A metric that is one number has it as `f1`; its precision and recall are NaN. `beside` are diagnostics by name,
    which no score contains: how many of how many.
    """

    precision: float
    recall: float
    f1: float
    tp: float
    fp: float
    fn: float
    exact: bool
    beside: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def score_texts(
    gold: Any, prediction: Any, metric: Metric, gold_format: str = "text", prediction_format: str = "text"
) -> TextScore:
    """Score one text against another, all of which is body, each in a format; by a metric of metadata, what is said.

    Raises `UnknownNameError` for a format that does not exist, `UsageError` where the metric does not measure such
    texts, `BadOutputsError` where no library can read them.
    """
    metric.require()
    if isinstance(metric, Says):
        extraction = Extraction(Status.OK, metadata=_said(metric.name, prediction, "prediction"))
        return _text_score(metric, Gold((), metadata=_said(metric.name, gold, "gold")), extraction)
    text, _ = predictions.plain(gold, gold_format, "gold"), predictions.plain(prediction, prediction_format)
    for name, form in (("gold", gold_format), ("prediction", prediction_format)):
        if form not in metric.view.formats:
            known = " or ".join(f"{name}_format='{each}'" for each in metric.view.formats)
            raise UsageError(f"metric '{metric.name}' does not measure {form}; say what {name} is in: {known}")
    if metric.view is TEXT and not metric.of_text:
        raise UsageError(f"metric '{metric.name}' measures snippets, not texts; evaluate a set that has some")
    markup = Markup(predictions.checked(gold_format), gold)
    extraction = predictions.extraction(Prediction(prediction, predictions.checked(prediction_format)))
    return _text_score(metric, Gold((Segment("body", text),), markup=markup), extraction)


def _said(field: str, said: object, called: str) -> Metadata:
    """Metadata of one field alone."""
    try:
        return Metadata.of(protocol.metadata_of({field: said}))
    except ValueError as cause:
        raise UsageError(f"{called}: {cause}") from None


def _text_score(metric: Metric, gold: Gold, extraction: Extraction) -> TextScore:
    [counts] = _count([metric], load_policy("default"), gold, [extraction])
    ratios = metric.ratios(counts)
    f1, precision, recall = float(ratios.f1[0]), float(ratios.precision[0]), float(ratios.recall[0])
    if metric.single:
        precision = recall = float("nan")
    units = (float(counts.tp[0]), float(counts.fp[0]), float(counts.fn[0]))
    beside = {name: (float(right[0]), float(of[0])) for name, (right, of) in counts.beside.items()}
    return TextScore(precision, recall, f1, *units, exact=bool(counts.exact[0]), beside=beside)
