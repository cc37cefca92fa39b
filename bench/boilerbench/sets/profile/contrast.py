"""What tells the pages of two sets apart: feature by feature, and all features together.

All together: the area under the curve of a random forest (Breiman, Random Forests, 2001) that is asked of every page
which set it is of, and has learned from pages of other sites (stratified five-fold cross-validation, whole sites in a
fold, several times). .5 says that it can only guess, 1 that it is always right.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from boilerbench.errors import UsageError
from boilerbench.sets.profile import Profile
from boilerbench.sets.profile.features import FEATURES

COLUMNS = ("feature", "one", "other", "delta", "importance")
"""The columns of a contrast, in order: an interface."""

_FOLDS, _REPEATS, _TREES, _LEAF = 5, 3, 200, 5
_ROUNDS = 1000

Floats = NDArray[np.float64]


class Contrast(NamedTuple):
    """A row per feature (`COLUMNS`), and the area under the curve with its 95 % interval, by a bootstrap over sites.

    `one` and `other` are medians. `delta` is Cliff's (Dominance statistics, 1993): how much more often a page of the
    first set has more than one of the other than less, -1 to 1. `importance` is by how much the area falls where the
    feature's values are mixed up among the pages that are asked about.
    """

    table: pd.DataFrame
    area: float
    low: float
    high: float

    def line(self) -> str:
        """The area in a sentence."""
        said = f"area under the curve {self.area:.3f} ({self.low:.3f} to {self.high:.3f})"
        return f"{said}: a random forest by {_FOLDS}-fold cross-validation over sites; .5 is guessing"


def compare(one: Profile, other: Profile, seed: int = 0) -> Contrast:
    """Compare two sets. The same seed gives the same figures.

    Raises `UsageError` where scikit-learn is missing, or a set has fewer sites than there are folds.
    """
    for each in (one, other):
        if (number := each.pages["site"].nunique()) < _FOLDS:
            raise UsageError(f"set '{each.name}': pages of {number} sites; to compare sets takes {_FOLDS} of each")
    require()
    both = pd.concat([one.pages, other.pages], ignore_index=True)
    values = both[list(FEATURES)].to_numpy(float)
    first = np.arange(len(both)) < len(one.pages)
    named = [f"{own} {site}" for own, site in zip(first, both["site"], strict=True)]
    sites = np.unique(named, return_inverse=True)[1]
    scores, importance = _asked(values, first, sites, seed)
    rows = [
        (name, np.nanmedian(mine), np.nanmedian(others), _delta(mine, others), importance[place])
        for place, name in enumerate(FEATURES)
        for mine, others in [(_known(values[first, place]), _known(values[~first, place]))]
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("importance", ascending=False, ignore_index=True)
    return Contrast(table, _area(scores[first], scores[~first]), *_interval(scores, first, sites, seed))


def require() -> None:
    """Raise `UsageError` where scikit-learn is missing."""
    try:
        import sklearn  # noqa: F401
    except ImportError as cause:
        raise UsageError(f"this needs {cause.name}; install it: pip install 'boilerbench[profile]'") from None


def _known(values: Floats) -> Floats:
    found = values[~np.isnan(values)]
    return found if len(found) else np.array([np.nan])


def _delta(ours: Floats, theirs: Floats) -> float:
    """Cliff's delta, ties counted as neither."""
    ordered = np.sort(theirs)
    below, upto = np.searchsorted(ordered, ours, "left"), np.searchsorted(ordered, ours, "right")
    return float((below + upto - len(theirs)).mean() / len(theirs))


def _area(ours: Floats, theirs: Floats) -> float:
    """The area under the receiver operating characteristic: how often one of ours scores above one of theirs."""
    return (1 + _delta(ours, theirs)) / 2


def _asked(values: Floats, first: Any, sites: Any, seed: int) -> tuple[Floats, Floats]:
    """The mean score of each page when it was asked about, and the importance of each feature."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedGroupKFold

    generator = np.random.default_rng(seed)
    scores, mixed = np.zeros(len(values)), np.zeros((values.shape[1], len(values)))
    for repeat in range(_REPEATS):
        folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed + repeat)
        for learned, asked in folds.split(values, first, sites):
            forest = RandomForestClassifier(
                _TREES, min_samples_leaf=_LEAF, class_weight="balanced_subsample", random_state=seed + repeat
            )
            forest.fit(values[learned], first[learned])
            scores[asked] += forest.predict_proba(values[asked])[:, 1]
            for place in range(values.shape[1]):
                other = values[asked].copy()
                generator.shuffle(other[:, place])
                mixed[place, asked] += forest.predict_proba(other)[:, 1]
    whole = _area(scores[first], scores[~first])
    return scores, np.array([whole - _area(each[first], each[~first]) for each in mixed])


def _interval(scores: Floats, first: Any, sites: Any, seed: int) -> tuple[float, float]:
    """Draw sites of each set, with replacement."""
    generator = np.random.default_rng(seed)
    of_set = [[scores[sites == site] for site in np.unique(sites[own])] for own in (first, ~first)]
    areas = []
    for _ in range(_ROUNDS):
        ours, theirs = (
            np.concatenate([pages[place] for place in generator.integers(len(pages), size=len(pages))])
            for pages in of_set
        )
        areas.append(_area(ours, theirs))
    low, high = np.percentile(areas, [2.5, 97.5]).tolist()
    return low, high
