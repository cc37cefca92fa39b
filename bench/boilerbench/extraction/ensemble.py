"""Runners that are made of the extractions of others in the same run: a vote over a page's words, and a ceiling.

In the vote, words with the votes of two thirds of the extractors stay. It is the one of Bevendorff et al. (An Empirical
Comparison of Web Content Extraction Algorithms, SIGIR 2023); docs/ensembles.md says where this differs from the paper's
own code. The ceiling is no extractor but an oracle, which knows the gold: on every page it has the score of the best.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boilerbench.errors import UsageError
from boilerbench.model import Extraction, Page, Status
from boilerbench.storage.manifest import RunnerEntry
from boilerbench.text import convert
from boilerbench.text.decoding import decode

if TYPE_CHECKING:
    import pandas as pd

RUN_OF_WORDS = 5
MAJORITY, CEILING = "majority", "ceiling"
_LEAST = 2
_SHARE = 66
"""Of a hundred extractors, how many it takes; never fewer than two."""


@dataclass(frozen=True)
class Ensemble:
    """What `label` asks for: a majority of its members, each once per vote, or the ceiling above them."""

    label: str
    members: tuple[str, ...]

    @property
    def votes(self) -> bool:
        """Whether it has extractions; a ceiling has scores alone."""
        return self.label.partition(":")[0] == MAJORITY

    @property
    def about(self) -> RunnerEntry:
        """What a manifest says of it."""
        if self.votes:
            return RunnerEntry(members=self.members, votes_needed=needed(self.members))
        return RunnerEntry("oracle", ceiling_of=self.members)


def split(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part labels into those of runners and those of ensembles: `majority` and `ceiling`, alone or with `:A+B+C`."""
    ensembles = [label for label in labels if label.partition(":")[0] in (MAJORITY, CEILING)]
    return [label for label in labels if label not in ensembles], ensembles


def read(labels: Sequence[str], runners: Sequence[str], silent: Sequence[str] = ()) -> list[Ensemble]:
    """Return the ensembles that labels ask for, over the named runners of the run, or over all of them.

    Those that are `silent` give no text and have no vote. `UsageError` where one is not in the run, or votes and is
    silent, or where there are not two.
    """
    found = []
    for label in labels:
        name, _, named = label.partition(":")
        mute = [each for each in silent if name == MAJORITY]
        members = tuple(named.split("+")) if named else tuple(each for each in runners if each not in mute)
        for member in members:
            if member in mute:
                raise UsageError(f"{label}: '{member}' gives no text, and has no vote")
            if member not in runners:
                raise UsageError(f"{label}: there is no '{member}' in this run; name it as a runner as well")
        if len(set(members)) < _LEAST:
            raise UsageError(f"{label}: it takes two runners at least; write {label.partition(':')[0]}:A+B")
        found.append(Ensemble(label, members))
    return found


def needed(members: Sequence[str]) -> int:
    """Return the votes that a word takes to stay: two thirds of the members, however many votes each has."""
    return max(_LEAST, _SHARE * len(set(members)) // 100)


def extract(page: Page, ensemble: Ensemble, extractions: Mapping[str, Mapping[str, Extraction]]) -> Extraction:
    """Return what a vote makes of a page, given all extractions by runner and page. It fails where all members do."""
    members = [extractions[member][page.id] for member in ensemble.members]
    extracted = [member.text for member in members if not member.status.failed]
    if all(member.status is Status.UNAVAILABLE for member in members):
        return Extraction(Status.UNAVAILABLE, error=f"none of its members can run: {members[0].error}")
    if not extracted:
        return Extraction(Status.ERROR, error="all of its members failed")
    try:
        whole = convert.to_text(decode(page.read(), page.charset), "html")
    except Exception as cause:  # noqa: BLE001  # as in `pages`: what a library makes of a hostile page fails that page
        return Extraction(Status.ERROR, error=f"the page has no text to vote on: {type(cause).__name__}: {cause}")
    kept = vote(whole, extracted, needed(ensemble.members))
    return Extraction(Status.OK if kept else Status.EMPTY, kept)


def vote(page: str, extracted: Sequence[str], least: int) -> str:
    """Return the words of a page's text that have at least so many votes, stretches that are parted on lines.

    An extraction votes for a word of the page where it holds a run of five words around it.
    """
    import numpy as np

    from boilerbench.text import tokens

    rule = tokens.NATURAL_WORDS
    words, (starts, ends) = tokens.tokenise([page], rule), tokens.spans(page, rule)
    if len(starts) != len(words.hashes):  # see `spans`: such a page loses its capitals
        page = rule.normalise(page)
        words, (starts, ends) = tokens.tokenise([page], rule), tokens.spans(page, rule)
    votes = np.zeros(len(starts), np.int64)
    for each in extracted:
        votes += tokens.covered(words, RUN_OF_WORDS, tokens.ngrams(tokens.tokenise([each], rule), RUN_OF_WORDS).hashes)
    edges = np.flatnonzero(np.diff(votes >= least, prepend=False, append=False))
    limits = np.append(starts, len(page))
    stretches = [(starts[first], ends[after - 1], limits[after]) for first, after in edges.reshape(-1, 2).tolist()]
    return "\n".join(page[start:end] + re.split(r"\s", page[end:limit])[0] for start, end, limit in stretches)


def with_ceilings(scores: pd.DataFrame, ceilings: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Add to scores the rows of each ceiling: on every page, by every metric, those of its best member by F1."""
    import pandas as pd

    keys = ["set", "page", "metric", "policy"]
    ranked = scores.sort_values("f1", ascending=False, kind="stable")
    best = [
        ranked[ranked["runner"].isin(members)].drop_duplicates(keys).assign(runner=label)
        for label, members in ceilings.items()
    ]
    return pd.concat([scores, *best], ignore_index=True)
