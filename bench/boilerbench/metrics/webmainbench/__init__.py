"""In: gold and extractions as Markdown. Out: how alike their code, formulas and tables are, as WebMainBench has it.

A file per metric of its leaderboard (opendatalab, commit 9d991bd, webmainbench/metrics). Not here: what a part of
Markdown is by its grammar; theirs is found by regular expressions, which are kept with all that they get wrong.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from boilerbench.labels import Policy
from boilerbench.metrics.base import Counts, Floats, Metric, Ratios, View, ratios, share
from boilerbench.metrics.listed import LONGEST
from boilerbench.metrics.text_edit import distance
from boilerbench.model import Extraction, Format, Gold

_FORMATS: tuple[Format, ...] = ("text", "markdown", "markdown-no-html")


class Edit(Metric):
    """1 - edits / longer length, in characters of a part of the Markdown that is one text; mean over pages.

    Choices of its authors that are kept: parts of a kind are one text, with line breaks between them; plain text is
    read as Markdown is; where neither gold nor extraction has the part, the page leaves the mean of that extraction,
    so that the means of two are of different pages. Where it differs: HTML is not measured, of which their extractors
    make Markdown by html2text; gold is its Markdown, where theirs reads a flat list of blocks first, if there is one;
    a failure is 0; no language model is asked which formulas are some.
    """

    of_text = False
    single = True
    lacks = "has gold in Markdown"

    @abstractmethod
    def part(self, markdown: str) -> Any:
        """What is compared of a text."""

    def measures(self, gold: Gold, policy: Policy) -> bool:  # noqa: ARG002  labels play no part
        """Whether gold is Markdown, and not too long."""
        markup = gold.markup
        return markup is not None and markup.format in _FORMATS and len(markup.read()) <= LONGEST

    def concerns(self, gold: Gold) -> bool:
        """Whether gold is Markdown."""
        return gold.markup is not None and gold.markup.format in _FORMATS

    def reference(self, gold: Gold, policy: Policy) -> Any:  # noqa: ARG002  labels play no part
        """The part of the gold."""
        return self.part(gold.markup.read() if gold.markup else "")

    def count(self, reference: Any, parts: Sequence[Any]) -> Counts:
        """Count the edits as what is wrong of the longer text's characters."""
        edits = np.array([distance(reference, part) for part in parts], float)
        return similar(np.array([max(len(reference), len(part)) for part in parts], float) - edits, edits)

    def ratios(self, counts: Counts) -> Ratios:
        """The similarity; none where neither side has the part."""
        return ratios(counts, nothing=np.nan)


def similar(right: Floats, wrong: Floats) -> Counts:
    """Counts of what is alike; where there is nothing on either side, nothing is."""
    return replace(share(right, wrong), exact=(wrong == 0) & (right > 0))


def seen_as(name: str, part: Callable[[str], Any]) -> View:
    """A part of what was returned; of what no library can read, and of a failure, that of nothing."""

    def of(extraction: Extraction) -> Any:
        if extraction.format not in _FORMATS:
            return None
        source = extraction.text if extraction.answer is None else extraction.answer
        try:
            return part("" if extraction.status.failed else source)
        except Exception:  # noqa: BLE001  # whatever a library makes of hostile output says nothing
            return part("")

    return View(name, ("answer", "format", "text"), of, _FORMATS)
