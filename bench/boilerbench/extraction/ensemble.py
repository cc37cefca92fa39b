"""Runners that are made of the extractions of others in the same run: a vote over a page's words, and a ceiling.

In the vote, words with the votes of two thirds of the extractors stay. The ceiling is no extractor but an oracle, which
knows the gold: on every page it has the score of the best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boilerbench.errors import UsageError
from boilerbench.model import Extraction, Page, Status
from boilerbench.text import convert
from boilerbench.text.decoding import decode

if TYPE_CHECKING:
    import pandas as pd

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
    def about(self) -> dict[str, Any]:
        """What a manifest says of it."""
        if self.votes:
            return {"version": "", "members": self.members, "votes_needed": needed(self.members)}
        return {"version": "oracle", "ceiling_of": self.members}


def split(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part labels into those of runners and those of ensembles: `majority` and `ceiling`, alone or with `:A+B+C`."""
    ensembles = [label for label in labels if label.partition(":")[0] in (MAJORITY, CEILING)]
    return [label for label in labels if label not in ensembles], ensembles


def read(labels: Sequence[str], runners: Sequence[str]) -> list[Ensemble]:
    """Return the ensembles that labels ask for, over the named runners of the run, or over all of them.

    `UsageError` where one is not in the run, or where there are not two.
    """
    found = []
    for label in labels:
        named = label.partition(":")[2]
        members = tuple(named.split("+")) if named else tuple(runners)
        for member in members:
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
    from boilerbench.extraction.vote import vote

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


def with_ceilings(scores: pd.DataFrame, ceilings: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Add to scores the rows of each ceiling: on every page, by every metric, those of its best member by F1."""
    import pandas as pd

    keys = ["set", "page", "metric", "policy"]
    best = [
        scores[scores["runner"].isin(members)]
        .sort_values("f1", ascending=False, kind="stable")
        .drop_duplicates(keys)
        .assign(runner=label)
        for label, members in ceilings.items()
    ]
    return pd.concat([scores, *best], ignore_index=True)
