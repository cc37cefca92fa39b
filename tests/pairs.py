"""Small sides of a comparison, whose figures can be computed by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from boilerbench.comparison.compare import compare
from boilerbench.comparison.difference import Comparison, Side
from boilerbench.ranking import leaderboard
from boilerbench.storage.signature import Signature

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGNATURE = Signature(
    set="tiny", version="none", fingerprint="0123456789ab", policy="default", metric="words", failures="zero"
)


def side(  # noqa: PLR0913  # what a side can differ in
    f1: Sequence[float],
    *,
    runner: str = "mine",
    version: str = "1.0",
    statuses: dict[int, str] | None = None,
    metric: str = "words",
    sites: Sequence[str] = (),
    languages: Sequence[str] = (),
    seconds: float = 0.01,
    numbers_only: bool = False,
    **signature: str,
) -> Side:
    """A side with one page per value, each of a site of its own unless `sites` are given."""
    pages = [f"p{number:04}" for number in range(len(f1))]
    of_pages = pd.DataFrame(
        {
            "set": "tiny",
            "page": pages,
            "site": sites or [f"{page}.example" for page in pages],
            "language": languages or "en",
            "page_type": None,
            "digest": pages,
            "gold": pages,
        }
    )
    status = [(statuses or {}).get(number, "ok") for number in range(len(f1))]
    scores = pd.DataFrame(
        {"set": "tiny", "page": pages, "runner": runner, "metric": metric, "policy": "default", "status": status}
        | {"tp": [10 * value for value in f1], "fp": 0.0, "fn": [10 - 10 * value for value in f1]}
        | {"exact": [value == 1 for value in f1], "precision": f1, "recall": f1, "f1": f1}
    )
    figures = leaderboard.build(scores, of_pages, {runner: version}, rounds=2)
    scores = scores.merge(of_pages, on=["set", "page"]).assign(cpu=seconds, wall=2 * seconds, error="it is not here")
    signed = {"tiny": replace(SIGNATURE, **{"metric": metric, **signature})}
    return Side(f"runs/{version}", runner, version, signed, figures, None if numbers_only else scores)


def compared(base: Sequence[float], head: Sequence[float], **more: Any) -> Comparison:
    """Two sides that differ in nothing but their scores, compared."""
    (found,) = compare(side(base, **more), side(head, version="1.1", **more), "words")
    return found
