"""Which words came and went on one page between two answers, put together as they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boilerbench import metrics
from boilerbench.labels import Role
from boilerbench.metrics.base import optional_mask
from boilerbench.text.tokens import NATURAL_WORDS, tokenise, written

if TYPE_CHECKING:
    from boilerbench.labels import Policy
    from boilerbench.metrics.base import OverlapReference
    from boilerbench.model import Gold

_RUN = 4
"""Among equal words those are named first that lie in no run of so many which the other text has too."""


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
    """Compare the words of two answers to one page. What only optional segments say is left out, as in scores."""
    reference: OverlapReference = metrics.get("words").reference(gold, policy)
    body = written("\n".join(policy.segments(gold, Role.BODY)), NATURAL_WORDS)
    had, has = (_counted(text, reference) for text in (base, head))
    wanted, before, after = Counter(body), Counter(had), Counter(has)
    return Wording(
        _passages(body, (wanted & before) - (wanted & after), has),
        _passages(body, (wanted & after) - (wanted & before), had),
        _passages(has, (after - wanted) - (before - wanted), had),
        _passages(had, (before - wanted) - (after - wanted), has),
    )


def _counted(answer: str, reference: OverlapReference) -> list[str]:
    mask = optional_mask(tokenise([answer], NATURAL_WORDS), reference.optional)
    return [word for word, out in zip(written(answer, NATURAL_WORDS), mask.tolist(), strict=True) if not out]


def _passages(words: list[str], wanted: Counter[str], other: list[str]) -> tuple[str, ...]:
    """Find the wanted words in a text, and join those that stand side by side."""
    runs = {tuple(other[i : i + _RUN]) for i in range(len(other) - _RUN + 1)}
    shared = [False] * len(words)
    for i in range(len(words) - _RUN + 1):
        if tuple(words[i : i + _RUN]) in runs:
            shared[i : i + _RUN] = [True] * _RUN
    left, chosen = wanted.copy(), []
    for place in sorted(range(len(words)), key=shared.__getitem__):
        if left[words[place]] > 0:
            left[words[place]] -= 1
            chosen.append(place)
    passages: list[list[str]] = []
    last = -2
    for place in sorted(chosen):
        if place != last + 1:
            passages.append([])
        passages[-1].append(words[place])
        last = place
    return tuple(" ".join(passage) for passage in passages)
