"""In: a set. Out: how its pages are distributed over measurable features; in `contrast`, what tells two sets apart.

Not here: gold counts as the words of a body alone, and what a runner makes of a page not at all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from boilerbench.model import GoldSet
from boilerbench.sets.profile.features import FEATURES, KINDS, measure

COLUMNS = ("set", "feature", "pages", "p10", "p25", "median", "p75", "p90")
"""The columns of a profile, in order: an interface."""

_UNSAID = "-"


@dataclass(frozen=True)
class Profile:
    """The pages of a set as numbers: a row per page, with its site and the columns `FEATURES` and `KINDS`.

    `unread` counts the pages that cannot be parsed; they have no row.
    """

    name: str
    pages: pd.DataFrame
    unread: int

    @classmethod
    def of(cls, goldset: GoldSet) -> Profile:
        """Measure every page of a set."""
        rows, unread = [], 0
        for page, gold in goldset.entries:
            try:
                rows.append({"site": page.site} | measure(page, gold))
            except ValueError:  # elements nested too deeply
                unread += 1
        pages = pd.DataFrame(rows, columns=["site", *FEATURES, *KINDS])
        return cls(goldset.name, pages.astype(dict.fromkeys(FEATURES, float)), unread)

    @classmethod
    def joined(cls, profiles: list[Profile]) -> Profile:
        """Take the pages of several sets as those of one."""
        pages = pd.concat([each.pages for each in profiles], ignore_index=True)
        return cls(" + ".join(each.name for each in profiles), pages, sum(each.unread for each in profiles))

    def table(self) -> pd.DataFrame:
        """Give `COLUMNS`, a row per feature: of how many pages it is known, and its deciles and quartiles."""
        rows = []
        for feature in FEATURES:
            values = self.pages[feature].dropna().to_numpy()
            shown = np.percentile(values, [10, 25, 50, 75, 90]) if len(values) else [np.nan] * 5
            rows.append((self.name, feature, len(values), *shown))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def lines(self) -> list[str]:
        """Say how many pages there are of each kind, commonest first, and how many could not be measured."""
        found = [f"{self.name}: {len(self.pages)} pages of {self.pages['site'].nunique()} sites"]
        found += [f"{self.unread} pages cannot be parsed and are left out"] if self.unread else []
        for kind in KINDS:
            counts = Counter(self.pages[kind].fillna(_UNSAID))
            if set(counts) - {_UNSAID}:
                found.append(f"by {kind}: " + ", ".join(f"{name} {times}" for name, times in counts.most_common()))
        return found
