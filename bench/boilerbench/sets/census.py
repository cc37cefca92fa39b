"""What is in a gold set: its pages counted by what they are."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from boilerbench.labels import load_policy
from boilerbench.model import FIELDS, GoldSet
from boilerbench.text.decoding import declared_charset
from boilerbench.text.tokens import NATURAL_WORDS, tokenise

UNSAID = "-"


@dataclass(frozen=True)
class Census:
    """Counts by what is counted, and the words of the bodies that have some: least, quartiles, most."""

    counters: dict[str, Counter[str]]
    words: tuple[int, ...]
    without_body: int
    without_gold: int


def take(goldset: GoldSet) -> Census:
    """Count pages by type, language, charset and who declares it, and what gold says of them; words of bodies."""
    policy = load_policy("default")
    pages = goldset.pages
    charsets = [declared_charset(page.read(), page.charset) for page in pages]
    lengths = tokenise([policy.body(gold) for _, gold in goldset.entries], NATURAL_WORDS).lengths
    some = lengths[lengths > 0]
    words = np.percentile(some, [0, 25, 50, 75, 100]).round().astype(int).tolist() if len(some) else [0] * 5
    counters = {
        "page type": Counter(page.page_type or UNSAID for page in pages),
        "language": Counter(page.language or UNSAID for page in pages),
        "charset": Counter(name for name, _ in charsets),
        "charset's source": Counter(source for _, source in charsets),
        "metadata": Counter(name for _, gold in goldset.entries for name in FIELDS if getattr(gold.metadata, name)),
        "label": Counter(segment.label for _, gold in goldset.entries for segment in gold.segments),
    }
    none = sum(not gold.given for _, gold in goldset.entries)
    return Census(counters, tuple(words), int((lengths == 0).sum()) - none, none)
