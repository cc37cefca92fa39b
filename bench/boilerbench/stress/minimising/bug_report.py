"""A small page as a folder for the maintainers of its extractor: a set of one page, and what is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from boilerbench.comparison.wording import wording
from boilerbench.labels import Policy
from boilerbench.model import Gold, Page, Runner
from boilerbench.storage.whole_files import write_text
from boilerbench.stress.minimising.failure import Failure
from boilerbench.stress.minimising.minimise import Small
from boilerbench.text.decoding import decode, self_describing

WORDS = 30
"""How many passages of a kind are quoted."""


@dataclass(frozen=True)
class Report:
    """What is to be said: which runner failed on which page, how at `first`, and what is left of the page."""

    runner: Runner
    page: Page
    policy: Policy
    first: Failure
    small: Small

    @property
    def gold(self) -> Gold:
        """What should come of the small page."""
        return Gold(self.small.document.segments)

    @property
    def cut(self) -> Page:
        """The small page, in bytes that say of themselves what they are in."""
        document = self.small.document
        return replace(self.page, read=lambda: self_describing(document.content, document.charset), charset=None)

    @property
    def summary(self) -> list[str]:
        """What was found, in lines: the words as they stand on the page."""
        found, size = self.small.failure, len(self.cut.read())
        name = f"{self.runner.label} {self.runner.version}".strip()
        words = wording(self.gold, self.policy, self.policy.body(self.gold), self.small.extraction.text)
        before = f"F1 {self.first.f1:.3f} on {self.page.id} ({len(self.page.read())} bytes)"
        said = [("lost", words.lost), ("let in", words.clutter_gained), ("error", (self.small.extraction.error or "",))]
        return [
            f"{name} {found.kind}: {before}, {found.f1:.3f} on {size} bytes of it; {self.small.trials} trials",
            *(f"{kind}: {text}" for kind, texts in said for text in texts[:WORDS] if text),
        ]

    def write(self, folder: Path) -> None:
        """Write page.html, its gold as page.json, and report.md; all but the last are a set of the format `pairs`."""
        about = {"url": self.page.url, "language": self.page.language, "page_type": self.page.page_type}
        gold = {"segments": [{"label": each.label, "text": each.text} for each in self.gold.segments]}
        row = {key: value for key, value in about.items() if value} | (gold if self.gold.segments else {"text": ""})
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.html").write_bytes(self.cut.read())
        write_text(folder / "page.json", json.dumps(row, ensure_ascii=False, indent=1) + "\n")
        write_text(folder / "report.md", self._markdown(folder))

    def _markdown(self, folder: Path) -> str:
        texts = {
            "What is wrong": "\n".join(self.summary),
            "The page (page.html)": decode(self.cut.read()),
            "What should come": self.policy.body(self.gold),
            "What came": self.small.extraction.text,
        }
        again = f"    boilerbench run {self.runner.label} --set pairs:{folder}"
        parts = [f"## {name}\n\n{_fenced(text)}\n" for name, text in texts.items()]
        return "\n".join([*parts, f"Again:\n\n{again}\n"])


def _fenced(text: str) -> str:
    """Text as it is, whatever is in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"
