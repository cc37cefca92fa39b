"""What a site and its pages are to be like, drawn from how real pages are distributed (`targets.toml`).

Every draw is a quantile: a site has one for how heavy it is, and one of its own for each feature, which heavier sites
draw higher as far as the feature goes with a page's weight; a page moves a little about its site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from boilerbench.authoring.wording import Dice

_NORMAL = NormalDist()
_FINE = 1_000_000


@dataclass(frozen=True)
class Targets:
    """What a page is to come near to: `counts` by feature, and its class rate; of scripts 0 if kept without them.

    `cards` and `menus` are how much there is around its content, 0 to 1.
    """

    counts: Mapping[str, int]
    class_rate: float
    cards: float
    menus: float


def _even(dice: Dice) -> float:
    """A number between 0 and 1, both excluded."""
    return (dice.number(1, _FINE) - 0.5) / _FINE


def _quantile(table: list[float], share: float) -> float:
    return float(np.interp(share, np.linspace(0, 1, len(table)), table))


def draw(seed: str, site: str, page: str, about: Mapping[str, Any]) -> Targets:
    """Draw a page's targets. `about` has per feature `quantiles` (evenly spread), and how it goes with `weight`."""
    weight = _NORMAL.inv_cdf(_even(Dice(f"{seed}/{site}/weight")))
    shares = {}
    for name, feature in about["features"].items():
        own = _NORMAL.inv_cdf(_even(Dice(f"{seed}/{site}/{name}")))
        moved = _NORMAL.inv_cdf(_even(Dice(f"{seed}/{page}/{name}")))
        shared, apart = feature["weight"], about["apart"]
        rest = (1 - shared**2) ** 0.5
        shares[name] = _NORMAL.cdf(shared * weight + rest * ((1 - apart**2) ** 0.5 * own + apart * moved))
    found = {name: _quantile(about["features"][name]["quantiles"], share) for name, share in shares.items()}
    if _even(Dice(f"{seed}/{page}/kept")) < about["without_scripts"]:
        found |= {"scripts": 0, "bytes": found["bytes"] * about["size_without_scripts"]}
    counts = {name: round(value) for name, value in found.items() if name != "class rate"}
    return Targets(counts, found["class rate"], shares["cards"], shares["links"])
