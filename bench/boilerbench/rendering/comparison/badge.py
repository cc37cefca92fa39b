"""A badge of a comparison for a README: head's F1 on every set, in the colour of the verdict.

As a picture, and as JSON in the form that https://shields.io/badges/endpoint-badge reads from an address.
"""

import json
from collections.abc import Sequence
from html import escape

from boilerbench.comparison.difference import Comparison, overall
from boilerbench.comparison.gates import Outcome
from boilerbench.rendering.cells import score
from boilerbench.text.lines import line

COLOURS = {
    "better": "2e8540",
    "worse": "b3261e",
    "mixed": "8a6100",
    "not significant": "1f5fa8",
    "not tested": "5c5c5c",
}
"""White text has a contrast of 4.5 and more on each."""
_FAILED = COLOURS["worse"]
_WIDE, _HIGH, _BESIDE = 6.6, 20, 6
"""Pixels that a character, a badge's height and the space beside its texts take."""


def to_shields(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write the JSON of an endpoint."""
    label, message, colour = _said(comparisons, outcomes)
    return (
        json.dumps({"schemaVersion": 1, "label": label, "message": message, "color": colour}, ensure_ascii=False) + "\n"
    )


def to_badge(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write an SVG that needs no font and no script."""
    label, message, colour = _said(comparisons, outcomes)
    widths = [len(text) * _WIDE + 2 * _BESIDE for text in (label, message)]
    texts = "".join(
        f'<text x="{left + width / 2:.1f}" y="14" textLength="{width - 2 * _BESIDE:.1f}">{escape(text)}</text>'
        for text, left, width in zip((label, message), (0.0, widths[0]), widths, strict=True)
    )
    title = escape(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sum(widths):.1f}" height="{_HIGH}" role="img" '
        f'aria-label="{title}"><title>{title}</title><rect width="{widths[0]:.1f}" height="{_HIGH}" fill="#444"/>'
        f'<rect x="{widths[0]:.1f}" width="{widths[1]:.1f}" height="{_HIGH}" fill="#{colour}"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f"{texts}</g></svg>\n"
    )


def _said(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> tuple[str, str, str]:
    figures = []
    for each in comparisons:
        metric = each.signature.metric_name
        by = "" if metric == "words" else f" {metric}"
        figures.append(f"F1 {score(each.changes['f1'].head)}{by} on {each.set}")
    failed = any(not outcome.passed for outcome in outcomes)
    colour = _FAILED if failed else COLOURS[overall(comparisons)]
    return "boilerbench", line(" · ".join(figures) + (" · gate failed" if failed else "")), colour
