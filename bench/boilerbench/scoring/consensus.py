"""What is known of extractions without gold: how many there are, how long they are, and how alike.

Agreement is consensus, not truth: extractors that are wrong together agree, and the best may stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from boilerbench.extraction.alignment import aligned
from boilerbench.model import FAILED, Extraction, Gold, GoldSet, Status
from boilerbench.sets import page_facts
from boilerbench.storage.run_folder import RunFolder
from boilerbench.text.quality import SIGNS
from boilerbench.text.tokens import NATURAL_WORDS, tokenise

NAME = "consensus"
"""The table of a run folder that holds it: a row per set, page and runner."""

COLUMNS = (
    *("runner", "version", "set", "pages", "failed", "empty", "words", "kept", "agreement", "majority"),
    *SIGNS,
    *("pages_per_second", "peak_mb"),
)
"""The columns of the table that is shown, in order: an interface."""

CAVEAT = (
    "Without gold: agreement and majority are consensus, not truth. Extractors that are wrong together agree.",
    "Signs (consent to garbled) are shares of pages that are worth a look.",
)

NO_GOLD = Gold(()).digest
"""What the pages' table of a run has for the gold of a page that has none."""

_Counts = NDArray[np.int64]


def concerns(folder: RunFolder) -> bool:
    """Whether a run is whole, and no page of it has gold."""
    if not (folder.manifest().whole and folder.has("pages")):
        return False
    return all(gold == NO_GOLD for (gold,) in folder.pages(("gold",)))


def measure(folder: RunFolder, goldsets: Sequence[GoldSet]) -> None:
    """Write the table `NAME` of a run folder, whose sets these are."""
    if not page_facts.known(folder):
        page_facts.keep(folder, goldsets)
    entries = folder.manifest().runners
    voters = [label for label, about in entries.items() if not about.members]
    with folder.rewriting(NAME, lambda old: old["set"].isna()) as put:
        for goldset, extractions in aligned(folder, goldsets, ["status", "text", "format"]):
            pages = [
                _of_page({runner: found[page.id] for runner, found in extractions.items()}, voters)
                for page in goldset.pages
            ]
            keys = [{"set": goldset.name, "page": page.id} for page in goldset.pages]
            put(pd.DataFrame([key | row for key, rows in zip(keys, pages, strict=True) for row in rows]))


def _of_page(found: Mapping[str, Extraction], voters: Sequence[str]) -> list[dict[str, Any]]:
    """A row per runner. One that failed agrees with nobody, and nobody is measured by it; one is no majority.

    Neither is anybody measured by one that gives no text, nor that one by others.
    """
    texts = ["" if each.status.failed else each.text for each in found.values()]
    counts = _counted(texts)
    votes = np.array(
        [name in voters and not each.status.failed and each.gives_text for name, each in found.items()], bool
    )
    whole = _agreement(counts, _majority(counts[votes])) if votes.sum() > 1 else np.full(len(votes), np.nan)
    rows = []
    for place, (runner, each) in enumerate(found.items()):
        others = votes & (np.arange(len(votes)) != place)
        alike = _agreement(counts[others], counts[place])
        rows.append(
            {
                "runner": runner,
                "status": each.status.value,
                "words": int(counts[place].sum()),
                "agreement": _or_none(each, float(alike.mean()) if len(alike) else np.nan),
                "majority": _or_none(each, float(whole[place])),
                **{name: bool(texts[place]) and sign(texts[place]) for name, sign in SIGNS.items()},
            }
        )
    return rows


def _or_none(extraction: Extraction, alike: float) -> float:
    """How alike a text is: not at all where it failed, and not known where there is none to be compared."""
    return np.nan if not extraction.gives_text else 0.0 if extraction.status.failed else alike


def _counted(texts: Sequence[str]) -> _Counts:
    """How often each text has each of the words that any has: texts down, words across."""
    tokens = tokenise(list(texts), NATURAL_WORDS)
    distinct, cells = np.unique(tokens.hashes, return_inverse=True)
    counts = np.zeros((len(texts), len(distinct)), np.int64)
    np.add.at(counts, (tokens.owner, cells), 1)
    return counts


def _majority(counts: _Counts) -> _Counts:
    """The words, as often as more than half of the texts have them."""
    if not len(counts):
        return np.zeros(counts.shape[1], np.int64)
    return np.asarray(np.sort(counts, axis=0)[(len(counts) - 1) // 2], np.int64)


def _agreement(counts: _Counts, with_: _Counts) -> NDArray[np.float64]:
    """F1 of the words of each text with one; 1 where both have none."""
    both, words = np.minimum(counts, with_).sum(axis=1), counts.sum(axis=1) + with_.sum()
    alike = np.ones(len(counts))
    np.divide(2.0 * both, words, out=alike, where=words > 0)
    return alike


def board(folder: RunFolder) -> pd.DataFrame:
    """A row per set and runner: `COLUMNS`, in order of agreement, which is no rank. A failure agrees with nobody: 0."""
    rows, versions = folder.table(NAME), folder.manifest().versions
    pages = folder.table("pages", ["set", "page", "page_words"])
    rows = rows.merge(pages, on=["set", "page"], how="left")
    written = rows["page_words"].astype("float64")
    rows["kept"] = np.divide(rows["words"], written, out=np.full(len(rows), np.nan), where=written > 0)
    rows["failed"], rows["empty"] = rows["status"].isin(FAILED), rows["status"] == Status.EMPTY.value
    means = ["words", "kept", "agreement", "majority", *SIGNS]
    how = {"page": "size", "failed": "sum", "empty": "sum", **dict.fromkeys(means, "mean")}
    table = rows.groupby(["set", "runner"], as_index=False).agg(how).rename(columns={"page": "pages"})
    table = table.merge(_costs(folder), on=["set", "runner"], how="left")
    table["version"] = table["runner"].map(lambda runner: versions.get(runner, ""))
    order = table.sort_values(["set", "agreement", "runner"], ascending=[True, False, True], na_position="last")
    return order[list(COLUMNS)].reset_index(drop=True)


def _costs(folder: RunFolder) -> pd.DataFrame:
    """Pages per second as timed, else as the run saw them, several at once; the most memory a child held, in MiB."""
    found = folder.table("extractions", ["set", "runner", "wall", "peak"])
    peaks = found.groupby(["set", "runner"])["peak"].max() / (1 << 20)
    times = folder.table("timing") if folder.has("timing") else found
    seconds = times.groupby(["set", "runner"])["wall"].mean()
    return pd.DataFrame({"peak_mb": peaks, "pages_per_second": 1 / seconds.where(seconds > 0)}).reset_index()
