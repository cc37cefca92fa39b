"""Does a place depend on what the policy makes of contested parts? Ranks under several policies, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from boilerbench.ranking import leaderboard

if TYPE_CHECKING:
    import pandas as pd


COLUMNS = (
    *("runner", "version", "set", "metric", "policy"),
    *("place", "rank_low", "rank_high", "f1", "moves", "beyond_noise"),
)
"""The columns of the table by policy, in order: an interface."""


def compare(
    scores: pd.DataFrame, pages: pd.DataFrame, versions: Mapping[str, str], policies: Sequence[str]
) -> pd.DataFrame:
    """Rank the runners under each policy that `scores` has: `COLUMNS`, a row per set, metric, runner and policy.

    `place` is 1 + the runners with a higher F1. A runner `moves` where it has not one place under all policies;
    that is `beyond_noise` where the rank ranges under two policies have no rank in common, NA where sites are too few
    to rank. Runners come in the order of the first policy, policies in the given order.
    """
    table = leaderboard.build(scores, pages, versions)
    f1 = table.groupby(["set", "metric", "policy"])["f1"]
    table["place"] = f1.rank(method="min", ascending=False, na_option="bottom").astype(int)
    runners = table.groupby(["set", "metric", "runner"])
    table["moves"] = runners["place"].transform("nunique") > 1
    apart = runners["rank_low"].transform("max") > runners["rank_high"].transform("min")
    untested = table.groupby(["set", "metric"])["detectable"].transform("min") >= 1
    table["beyond_noise"] = apart.astype("boolean").fillna(value=False).mask(untested)
    first = table[table["policy"] == policies[0]].set_index(["set", "metric", "runner"])["place"].rename("_first")
    table = table.join(first, on=["set", "metric", "runner"])
    table["_policy"] = table["policy"].map({name: index for index, name in enumerate(policies)})
    table = table.sort_values(["set", "metric", "_first", "runner", "_policy"], ignore_index=True)
    return table[list(COLUMNS)]
