"""Which words came and went on one page between two extractions, put together as they stand."""

from dataclasses import dataclass

import numpy as np

from boilerbench import metrics
from boilerbench.labels import Policy
from boilerbench.metrics.base import OverlapReference, optional_mask
from boilerbench.model import Gold
from boilerbench.text.surplus import RUN, in_run, surplus
from boilerbench.text.tokens import NATURAL_WORDS, Hashes, Ints, tokenise, written


@dataclass(frozen=True)
class Wording:
    """Passages of the body that head lost and gained against base, and passages of other text.

    Their words are differences of multisets: with gold G, base B, head H, `lost` is (G & B) - (G & H) and
    `clutter_gained` is (H - G) - (B - G). So their numbers differ as `tp` and `fp` of the metric `words` do.
    """

    lost: tuple[str, ...]
    gained: tuple[str, ...]
    clutter_gained: tuple[str, ...]
    clutter_lost: tuple[str, ...]


def wording(gold: Gold, policy: Policy, base: str, head: str) -> Wording:
    """Compare the words of two extractions of a page. What only optional segments say is left out, as in scores."""
    reference: OverlapReference = metrics.get("words").reference(gold, policy)
    texts = [_Text.cut(text, reference) for text in (policy.body(gold), base, head)]
    distinct = np.unique(np.concatenate([each.hashes for each in texts]))
    body, had, has = texts
    wanted, before, after = (each.times(distinct) for each in texts)
    kept, keeps = np.minimum(wanted, before), np.minimum(wanted, after)
    clutter, clutters = np.maximum(before - wanted, 0), np.maximum(after - wanted, 0)
    return Wording(
        body.passages(distinct, kept - keeps, has),
        body.passages(distinct, keeps - kept, had),
        has.passages(distinct, clutters - clutter, had),
        had.passages(distinct, clutter - clutters, has),
    )


@dataclass(frozen=True)
class _Text:
    """A text without what only optional segments say: its words, and their hashes."""

    words: list[str]
    hashes: Hashes

    @classmethod
    def cut(cls, text: str, reference: OverlapReference) -> "_Text":
        tokens = tokenise([text], NATURAL_WORDS)
        kept = ~optional_mask(tokens, reference.optional)
        words = np.array(written(text, NATURAL_WORDS), object)
        return cls(words[kept].tolist(), tokens.hashes[kept])

    def times(self, distinct: Hashes) -> Ints:
        """How often it has each of these words."""
        return np.bincount(np.searchsorted(distinct, self.hashes), minlength=len(distinct))

    def passages(self, distinct: Hashes, wanted: Ints, other: "_Text") -> tuple[str, ...]:
        """Find words, each as often as wanted, where the other text has nothing like them; join neighbours."""
        which = np.searchsorted(distinct, self.hashes)
        rest = (self.times(distinct) - wanted)[which]
        doubt = ~in_run(self.hashes, other.hashes, RUN)
        chosen = surplus(which[::-1], rest[::-1], doubt[::-1])[::-1]  # among equals the earlier
        places = np.flatnonzero(chosen)
        runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []
        return tuple(" ".join(self.words[place] for place in run) for run in runs)
