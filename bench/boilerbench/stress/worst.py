"""The page that a family of stressors costs a runner most on, and the words that it loses and lets in there."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from boilerbench.comparison.wording import wording
from boilerbench.labels import Policy
from boilerbench.model import FAILED, GoldSet
from boilerbench.ranking import stats
from boilerbench.storage import memory
from boilerbench.storage.run_folder import RunFolder
from boilerbench.stress.curves import pairs_of

COLUMNS = ("set", "runner", "family", "page", "clean", "f1", "difference", "status", "lost", "let_in")
"""The columns, in order: an interface."""

_WORDS = 30
"""How many words of a kind are told."""


def worst(folder: RunFolder, goldsets: Sequence[GoldSet], metric: str, policy: Policy) -> pd.DataFrame:
    """Give `COLUMNS`, a row per set, runner and family that costs it anything on any page of a scored run.

    Of equal losses the least dose's is told. `lost` and `let_in` are words of the damaged page against the page as it
    was; `status` is said where it failed.
    """
    first = pd.concat(_worst(pairs) for pairs in pairs_of(folder, metric, policy.name))
    texts, wanted = _texts(folder, first), set(first["page_head"])
    golds = {
        (goldset.name, page.id): gold for goldset in goldsets for page, gold in goldset.entries if page.id in wanted
    }
    rows = []
    for row in first.to_dict("records"):
        name, runner, page = row["set"], row["runner"], row["page_head"]
        clean, damaged = (texts[name, runner, row[side]] for side in ("page_base", "page_head"))
        found = wording(golds[name, page], policy, clean, damaged)
        words = [" … ".join(each).split()[:_WORDS] for each in (found.lost, found.clutter_gained)]
        failed = row["status_head"] if row["status_head"] in FAILED else ""
        figures = [row["f1_base"], row["f1_head"], row["difference"]]
        rows.append([name, runner, row["family"], page, *figures, failed, *map(" ".join, words)])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _worst(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs that lost most of each set and family, in the order of these."""
    keys = ["set", "runner", "family"]
    lost = pairs.assign(difference=pairs["f1_head"] - pairs["f1_base"])
    lost = lost[lost["difference"] < -stats.TIE].sort_values(["difference", "dose"], kind="stable")
    return pairs[keys].drop_duplicates().merge(lost.drop_duplicates(keys), on=keys)


def _texts(folder: RunFolder, pairs: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """What came of both pages of some pairs, by set, runner and page."""
    wanted = {
        (row["set"], row["runner"], row[side])
        for row in pairs.to_dict("records")
        for side in ("page_base", "page_head")
    }
    found = {}
    for part in folder.parts(("status", "text")):
        for runner, pages in part.answers.items():
            for page, each in pages.items():
                if (key := (part.set, runner, page)) in wanted:
                    found[key] = "" if each.status.failed else each.text
        memory.give_back()
    return found
