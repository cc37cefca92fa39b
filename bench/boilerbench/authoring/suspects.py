"""Gold that may be wrong: passages that nearly all runners of a run give and the gold of a page lacks, or the reverse.

Runners that are wrong together are not told from wrong gold: who looks has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from boilerbench import sets
from boilerbench.errors import UsageError
from boilerbench.extraction.alignment import aligned
from boilerbench.labels import load_policy
from boilerbench.model import Extraction, Gold
from boilerbench.storage.run_folder import RunFolder
from boilerbench.text.surplus import in_run
from boilerbench.text.tokens import NATURAL_WORDS, Bools, Hashes, Ints, spans, tokenise, written

NEARLY_ALL = 0.8
"""The share of the runners that has to give a passage which gold lacks."""

SHORTEST = 5
"""Words of a passage."""

_SHOWN = 240


@dataclass(frozen=True)
class Suspect:
    """What runners and the gold of a page differ on: passages that it lacks, and of its body those that none gives."""

    page: str
    lacks: tuple[str, ...]
    unfound: tuple[str, ...]
    words: int

    def lines(self, name: str) -> list[str]:
        """A line for each passage, as it is written."""
        told = {"gold lacks": self.lacks, "none gives": self.unfound}
        return [f"{name}/{self.page}: {what}: {_cut(text)}" for what, texts in told.items() for text in texts]


def find(spec: str, folder: RunFolder) -> tuple[str, list[Suspect]]:
    """The name of the set that `spec` names, and its suspects by what a run of it gave: those with most words first.

    Pages without a gold text are passed over. `UsageError` for a run with one runner, `BadRunFolderError` for one that
    lacks pages of the set.
    """
    manifest = folder.manifest()
    runners = [label for label, about in manifest.runners.items() if not about.members]
    if len(runners) < 2:  # noqa: PLR2004  # one says nothing against gold
        raise UsageError(f"{folder.path}: has one runner, which says nothing of the gold; run two or more")
    goldset = sets.first(sets.load(spec), manifest.options.limit)
    found = [
        suspect
        for part, extractions in aligned(folder, [goldset], ["status", "text", "format"])
        for page, gold in part.entries
        if (suspect := of_page(page.id, gold, {runner: extractions[runner][page.id] for runner in runners}))
    ]
    return goldset.name, sorted(found, key=lambda each: -each.words)


def of_page(page: str, gold: Gold, extractions: Mapping[str, Extraction]) -> Suspect | None:
    """Compare the gold of a page with what runners gave; None where there is nothing to suspect.

    A text has a word where it has the four in a row that this is one of (`surplus.in_run`). What gold has under any
    label it does not lack.
    """
    extractions = {runner: each for runner, each in extractions.items() if each.gives_text}
    given = [each.text for each in extractions.values() if not each.status.failed and each.text]
    if not gold.segments or len(given) < 2:  # noqa: PLR2004  # one says nothing against gold
        return None
    body, whole = load_policy("default").body(gold), "\n".join(segment.text for segment in gold.segments)
    tokens = tokenise([body, whole, *given], NATURAL_WORDS)
    of_body, of_gold, *of_given = (tokens.of(place) for place in range(2 + len(given)))
    most = NEARLY_ALL * len(extractions)
    lacking = [(_votes(each, of_given) >= most) & ~in_run(each, of_gold) for each in of_given]
    fullest = max(range(len(given)), key=lambda place: int(lacking[place].sum()))
    lacks = _passages(given[fullest], lacking[fullest])
    unfound = _passages(body, _votes(of_body, of_given) == 0)
    words = sum((*lacks.values(), *unfound.values()))
    return Suspect(page, tuple(lacks), tuple(unfound), words) if words else None


def _votes(words: Hashes, texts: Sequence[Hashes]) -> Ints:
    """How many texts have each word."""
    return np.asarray(np.sum([in_run(words, text) for text in texts], axis=0), np.int64)


def _passages(text: str, chosen: Bools) -> dict[str, int]:
    """The chosen words of a text that are `SHORTEST` in a row, as they stand first, and how many they are."""
    starts, ends = spans(text, NATURAL_WORDS)
    places = np.flatnonzero(chosen[: len(starts)])
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    found = {text[starts[run[0]] : ends[run[-1]]]: len(run) for run in runs if len(run) >= SHORTEST}
    alike = {_words(each): each for each in reversed(found)}
    return {each: found[each] for each in reversed(alike.values())}


def _words(text: str) -> str:
    return " ".join(written(text, NATURAL_WORDS))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
