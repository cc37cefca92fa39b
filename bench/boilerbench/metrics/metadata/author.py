"""`author`: which of a page's authors an extraction names, and whom else.

What is said becomes a set of names. `By`, `Von`, `Par`, `Written by` at its start go, addresses, and what stands in
parentheses or brackets, so that placeholders such as `[no-author]` name nobody; it is split at `; , / & |` and at
`and`, `und`, `et`, `y`; roles and credentials behind a name go. Two names are the same that have the same words in any
order, or the same first and last word, or the same last word and an initial that fits the other's first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from unicodedata import normalize

from boilerbench.metrics.metadata import Says, Words, said, words_of

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[^\s@]{1,64}@[^\s@]{1,64}\.[^\s@]{1,64}|\([^()]*\)|\[[^\[\]]*\]", re.IGNORECASE
)
_BEFORE = re.compile(
    r"\s*(?:(?:(?:written|posted|reviewed|words)\s+)?by|von|par|por|authors?|autore?)(?:\s*:\s*|\s+)", re.IGNORECASE
)
_PARTS = re.compile(r"[;,/|、]")
_NAMES = re.compile(r"&|\s(?:and|und|et|y)\s", re.IGNORECASE)

_HONORIFICS = {"dr", "prof", "professor", "mr", "mrs", "ms", "sir"}
_ROLES = {
    *("analyst", "author", "ceo", "cofounder", "columnist", "consultant", "contributor", "correspondent", "cto"),
    *("dietitian", "director", "editor", "educator", "expert", "founder", "horticulturalist", "journalist", "manager"),
    *("nutritionist", "officer", "photographer", "president", "producer", "professor", "redakteur", "redakteurin"),
    *("reporter", "researcher", "scientist", "specialist", "writer", "at", "of", "the", "to"),
}
"""Words that a role has, and a name has not."""
_CREDENTIALS = {
    *("ba", "bs", "bsc", "cfa", "cfp", "cpa", "dds", "dvm", "esq", "jd", "llm", "ma", "mba", "md", "msc", "mph", "ms"),
    *("pe", "phd", "psyd", "rd", "rdn", "rn"),
}
_PLACEHOLDERS = {("none",), ("null",), ("unknown",), ("undefined",), ("n", "a"), ("no", "author")}
_LONGEST_CREDENTIAL = 6


class Author(Says):
    """Precision, recall and F1 of a page's set of authors, then the mean over pages."""

    name = "author"
    view = said("author")

    def read(self, said: str | Iterable[str]) -> Sequence[Words]:
        """The names, each once."""
        return names_of([said] if isinstance(said, str) else said)

    def match(self, gold: Sequence[Words], said: Sequence[Words]) -> tuple[int, bool]:
        """How many authors of gold are named."""
        matched = _matched(gold, said)
        return matched, matched == len(gold) == len(said)


def names_of(said: Iterable[str]) -> list[Words]:
    """The words of every name, each name once."""
    return [*{tuple(sorted(name)): name for each in said for name in _names(each)}.values()]


def same_name(one: Words, other: Words) -> bool:
    """Whether two names are the same person's."""
    if sorted(one) == sorted(other):
        return True
    if min(len(one), len(other)) == 1 or one[-1] != other[-1]:
        return False
    short, long = sorted((one[0], other[0]), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def _names(said: str) -> Iterator[Words]:
    bare = _ADDRESS.sub(" ", normalize("NFKC", unescape(said)))
    if words_of(bare) in _PLACEHOLDERS:
        return
    before = _BEFORE.match(bare)
    parts = _PARTS.split(bare[before.end() :] if before else bare)
    mixed, named = not parts[0].isupper(), False
    for part in parts:
        if named and not _ROLES.isdisjoint(words_of(part)):
            continue
        for name in _NAMES.split(part):
            words = _without_titles(name)
            if words and not (named and mixed and _is_credential(name)):
                named = True
                yield words


def _without_titles(name: str) -> Words:
    """The words of a name without honorifics before it, and known credentials behind it."""
    parts = [part for part in name.split() if words_of(part)]
    while len(parts) > 1 and _letters(parts[0]).lower() in _HONORIFICS:
        del parts[0]
    while len(parts) > 1 and _letters(parts[-1]).lower() in _CREDENTIALS:
        del parts[-1]
    words = words_of(" ".join(parts))
    return () if all(word.isdigit() for word in words) else words


def _is_credential(name: str) -> bool:
    """Whether this is in capitals, or known to be no name: what follows a name in both cases."""
    letters = [*filter(None, map(_letters, name.split()))]
    return _letters(name).lower() in _CREDENTIALS or all(
        each.lower() in _CREDENTIALS or (each.isupper() and 1 < len(each) <= _LONGEST_CREDENTIAL) for each in letters
    )


def _letters(part: str) -> str:
    return "".join(filter(str.isalpha, part))


def _matched(gold: Sequence[Words], said: Sequence[Words]) -> int:
    """How many names of gold are among those that are said, each of which stands for one."""
    left = {tuple(sorted(name)): name for name in said}
    rest = [name for name in gold if not left.pop(tuple(sorted(name)), None)]
    matched = len(gold) - len(rest)
    for name in rest:
        if found := next((key for key, other in left.items() if same_name(name, other)), None):
            del left[found]
            matched += 1
    return matched
