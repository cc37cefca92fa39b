"""The benchmark for web content extractors: three lines of Python, and the command line in `boilerbench.cli`.

boilerbench.score(gold="a b c", prediction="a b d").f1
boilerbench.evaluate({"page-id": "text", …}, set="goldset").row
boilerbench.load("runs/NAME").leaderboard
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from boilerbench.model import GoldSet
    from boilerbench.pipeline.in_memory import Evaluation
    from boilerbench.ranking.results import Results
    from boilerbench.scoring.score import TextScore

__version__ = "0.1.0"
__all__ = ["evaluate", "load", "score"]


def score(  # noqa: PLR0913  what a figure depends on
    gold: str | Sequence[str],
    prediction: str | Sequence[str],
    metric: str = "words",
    format: str = "text",  # noqa: A002  # the word of runners
    *,
    gold_format: str = "text",
    prediction_format: str | None = None,
) -> TextScore:
    """Score one text against another: `precision`, `recall`, `f1` in [0, 1], counts `tp`, `fp`, `fn`, and `beside`.

    `prediction_format`, or `format` for short, is what the prediction is in, `gold_format` what the gold is in:
    `text`, `html`, `markdown` or `markdown-no-html`. By `title`, `author`, `date` and `language`, both are what is said
    of a page, of authors also a list of names. Raises `UnknownNameError` for a metric or a format that does not exist,
    `UsageError` for what is no text, or cannot be measured by the metric; both are ValueErrors.
    """
    from boilerbench import metrics
    from boilerbench.scoring.score import score_texts

    return score_texts(gold, prediction, metrics.get(metric), gold_format, prediction_format or format)


def evaluate(  # noqa: PLR0913  what a figure depends on
    predictions: Mapping[str, str | None] | Mapping[int, str | None],
    set: str | GoldSet = "goldset",  # noqa: A002  # the word of the command line
    metric: str = "words",
    policy: str = "default",
    *,
    format: str = "text",  # noqa: A002  # likewise, of runners
    partial: bool = False,
) -> Evaluation:
    """Score what one system predicts for a set, text by page id; a page without a prediction is counted as zero.

    `format` is what predictions are in: `text`, `html`, `markdown` or `markdown-no-html`. `partial`
    scores those pages alone that have one.
    Gives `f1`, `interval`, `row` (of a leaderboard), `pages` (a DataFrame), `signature` and more. `set`, `metric` and
    `policy` are named as on the command line. Raises `UnknownNameError` for one that does not exist,
    `BadOutputsError` for a page that the set lacks or a prediction that is no text; both are ValueErrors.
    """
    from boilerbench import sets
    from boilerbench.labels import load_policy
    from boilerbench.pipeline import in_memory

    goldset = sets.load(set) if isinstance(set, str) else set
    return in_memory.evaluate_predictions(goldset, predictions, metric, load_policy(policy), format, partial=partial)


def load(path: str | PathLike[str]) -> Results:
    """Open a run folder or published results, here or at a URL, for pandas; `ranking.results.Results` names the tables.

    `BadRunFolderError` where there is none.
    """
    from os import fspath

    from boilerbench.places import place
    from boilerbench.ranking.results import Results

    return Results(place(fspath(path)))
