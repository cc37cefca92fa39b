"""Pure text: how characters become tokens, and tokens become n-grams.

Tokens are 64-bit hashes in numpy arrays, never Python strings, so that counting runs in compiled code. A code point is
mixed with splitmix64 (Steele, Lea and Flood, OOPSLA 2014), a token's hash is a polynomial over its mixed code points
modulo 2**64, an n-gram's a polynomial of another base over its tokens; the chance that any two of a million different
tokens collide is below 1e-7.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

_SEPARATOR, _WORD, _MARK, _SINGLE, _SINGLE_MARK, _IGNORED, _UNKNOWN = range(7)
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "THAI", "LAO", "KHMER", "MYANMAR")
_CLASS_BITS = 7
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_GRAM_BASE = 0xD1342543DE82EF95
_CODE_POINTS = 0x110000
_AT_ONCE = 1 << 17
_WINDOW = 1 << 10


@dataclass(frozen=True)
class TokenRule:
    """How text is cut into tokens: what is done to it first, and the class of each character."""

    name: str
    normalise: Callable[[str], str]
    classify: Callable[[str], int]

    def look_up(self, codes: Ints) -> tuple[Hashes, NDArray[np.uint8]]:
        """Mixed value and class of code points; each new one costs Python once per process."""
        table = _table(self.name)
        values = table.take(codes, mode="clip")
        classes = values.astype(np.uint8)
        classes &= np.uint8(_CLASS_BITS)
        if classes.max(initial=0) == _UNKNOWN:
            new = np.unique(codes[classes == _UNKNOWN])
            kinds = np.array([self.classify(chr(code)) for code in new.tolist()], np.uint64)
            mixed = _mix(new.astype(np.uint64)) & ~np.uint64(_CLASS_BITS)
            table[new] = np.where(kinds == _SEPARATOR, 0, mixed | kinds)
            return self.look_up(codes)
        return values, classes


@cache
def _table(_rule: str) -> Hashes:
    """For every code point 61 mixed bits above 3 that hold its class; 0 for a separator."""
    return np.full(_CODE_POINTS, _UNKNOWN, np.uint64)


def _as_regex_word(char: str) -> int:
    return _WORD if char.isalnum() or char == "_" else _SEPARATOR


def _as_natural_word(char: str) -> int:
    category = unicodedata.category(char)
    if category == "Cf":
        return _IGNORED
    unspaced = unicodedata.name(char, "").startswith(_UNSPACED)
    if category.startswith("M"):
        return _SINGLE_MARK if unspaced else _MARK
    if char.isalnum() or char == "_":
        return _SINGLE if unspaced else _WORD
    return _SEPARATOR


REGEX_WORDS = TokenRule(r"\w+", str, _as_regex_word)
"""Maximal runs of what Python's `re` calls word characters, case kept."""

NATURAL_WORDS = TokenRule("words", lambda text: unicodedata.normalize("NFC", text).casefold(), _as_natural_word)
"""NFC, case folded; letters, digits, `_` and their combining marks make words; scripts written without spaces are cut
into characters with their marks; invisible format characters (soft hyphen, joiners, direction marks) are dropped."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of several texts on end: `hashes[offsets[i]:offsets[i + 1]]` are those of text i."""

    hashes: Hashes
    offsets: Ints

    @property
    def lengths(self) -> Ints:
        """Tokens per text."""
        return np.diff(self.offsets)

    @property
    def owner(self) -> Ints:
        """For each token the index of its text."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.lengths)

    def of(self, index: int) -> Hashes:
        """The tokens of one text."""
        return self.hashes[self.offsets[index] : self.offsets[index + 1]]

    def keep(self, mask: Bools) -> "Tokens":
        """The tokens where the mask is true, each still with its text."""
        kept = np.concatenate(([0], np.cumsum(mask)))
        return Tokens(self.hashes[mask], kept[self.offsets])


def tokenise(texts: Sequence[str], rule: TokenRule) -> Tokens:
    """Cut texts into hashed tokens: all texts at once, or piece by piece where they are too large for that."""
    return cut([rule.normalise(text) for text in texts], rule)


def cut(ready: Sequence[str], rule: TokenRule) -> Tokens:
    """Cut texts that the rule has normalised."""
    if sum(map(len, ready)) <= _AT_ONCE:
        return _cut(ready, rule)
    found = [[_cut([piece], rule).hashes for piece in _pieces(text, rule)] for text in ready]
    lengths = [sum(map(len, pieces)) for pieces in found]
    return Tokens(np.concatenate([piece for pieces in found for piece in pieces]), np.cumsum([0, *lengths]))


def _pieces(text: str, rule: TokenRule) -> Iterator[str]:
    """Cut a long text where the rule's tokens end: before a separator, or a character that is a token of its own."""
    start = 0
    while start < len(text):
        end = start + _AT_ONCE
        while end < len(text):
            _, classes = rule.look_up(_codes([text[end : end + _WINDOW]]))
            ends = np.flatnonzero((classes == _SEPARATOR) | (classes == _SINGLE))
            end += int(ends[0])  # at the latest the line feed behind the window
            if ends[0] < _WINDOW:
                break
        yield text[start:end]
        start = end


def _cut(ready: Sequence[str], rule: TokenRule) -> Tokens:
    """Cut normalised texts into tokens at once."""
    bounds = np.array([0, *accumulate(len(text) + 1 for text in ready)])
    values, classes = rule.look_up(_codes(ready))
    if classes.max(initial=0) == _IGNORED:
        kept = classes != _IGNORED
        bounds = np.concatenate(([0], np.cumsum(kept)))[bounds]
        values, classes = values.compress(kept), classes.compress(kept)
    starts = _starts(classes)
    return Tokens(_hashes(values, starts), np.searchsorted(starts, bounds))


def _hashes(values: Hashes, starts: Ints) -> Hashes:
    """The hash of each token from the values of its characters, which are changed."""
    size = 1 << len(values).bit_length()
    values *= _powers(_BASE, size)[: len(values)]
    hashes = np.add.reduceat(values, starts) if len(starts) else values[:0]  # separators are 0, and add nothing
    hashes *= _powers(_INVERSE, size).take(starts, mode="clip")
    return hashes


def written(text: str, rule: TokenRule) -> list[str]:
    """Cut a text into tokens a person can read, one for each that `tokenise` makes of it."""
    ready = rule.normalise(text)
    kept, _, classes = _kept(ready, rule)
    starts = _starts(classes).tolist()
    return [
        "".join(ready[place] for place in kept[start:end][classes[start:end] != _SEPARATOR].tolist())
        for start, end in pairwise([*starts, len(kept)])
    ]


def spans(text: str, rule: TokenRule) -> tuple[Ints, Ints]:
    """Where tokens begin and end in a text as it stands; a rare character that normalising takes apart may hide one."""
    kept, _, classes = _kept(text, rule)
    return _spans(kept, classes, _starts(classes))


def located(text: str, rule: TokenRule) -> tuple[Hashes, Ints, Ints]:
    """The tokens of a text, and where each begins and ends in it as it stands.

    One that a character hides which normalising takes apart is there as often as there are tokens in it.
    """
    ready = rule.normalise(text)
    if len(ready) == len(text) and unicodedata.is_normalized("NFC", text):  # character by character
        kept, values, classes = _kept(ready, rule)
        starts = _starts(classes)
        return _hashes(values, starts), *_spans(kept, classes, starts)
    begins, ends = spans(text, rule)
    tokens = cut([ready], rule)
    if len(tokens.hashes) > len(begins):  # each word is cut by itself
        words = [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        tokens = tokenise(words, rule)
        begins, ends = begins[tokens.owner], ends[tokens.owner]
    return tokens.hashes, begins, ends


def _spans(kept: Ints, classes: NDArray[np.uint8], starts: Ints) -> tuple[Ints, Ints]:
    gaps = np.append(np.flatnonzero(classes == _SEPARATOR), len(classes))
    ends = np.minimum(np.append(starts[1:], len(classes)), gaps[np.searchsorted(gaps, starts)])
    return kept[starts], kept[ends - 1] + 1


def _kept(text: str, rule: TokenRule) -> tuple[Ints, Hashes, NDArray[np.uint8]]:
    """The places of the characters that are not ignored, their mixed values, and their classes."""
    values, classes = rule.look_up(_codes([text])[:-1])
    kept = np.flatnonzero(classes != _IGNORED)
    return (kept, values, classes) if len(kept) == len(classes) else (kept, values[kept], classes[kept])


def _codes(texts: Sequence[str]) -> Ints:
    """Code points of texts on end, a line feed after each."""
    joined = "\n".join((*texts, "")).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(joined, np.uint32).astype(np.int64)


def _starts(classes: NDArray[np.uint8]) -> Ints:
    """Where tokens begin: after a separator, at each character of an unspaced script, and at a word after one."""
    inside = classes != _SEPARATOR
    start = inside.copy()
    np.greater(inside[1:], inside[:-1], out=start[1:])
    if classes.max(initial=0) >= _SINGLE:
        marks = classes == _MARK  # behind a character of an unspaced script those of any script are its own
        base = classes[np.maximum.accumulate(np.where(marks, 0, np.arange(len(classes))))]
        classes = np.where(marks & (base >= _SINGLE), np.uint8(_SINGLE_MARK), classes)
        start |= classes == _SINGLE
        start[1:] |= (classes[1:] == _WORD) & (classes[:-1] >= _SINGLE)
    return np.flatnonzero(start)


@cache
def _powers(base: int, size: int) -> Hashes:
    """The powers of a base from 0 to size - 1, for sizes that are powers of two."""
    if size == 1:
        return np.ones(1, np.uint64)
    half = _powers(base, size // 2)
    return np.concatenate((half, half * np.uint64(pow(base, size // 2, 1 << 64))))


def _mix(values: Hashes) -> Hashes:
    values = values + np.uint64(_BASE)
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def ngrams(tokens: Tokens, n: int) -> Tokens:
    """Hash every n consecutive tokens within a text. A text with fewer than n tokens, but some, gives one n-gram."""
    if n == 1:
        return tokens
    grams, offsets = windows(tokens.hashes, n), tokens.offsets.tolist()
    parts = [
        grams[start : end - n + 1] if end - start >= n else windows(tokens.hashes[start:end], max(1, end - start))
        for start, end in pairwise(offsets)
    ]
    return Tokens(np.concatenate([grams[:0], *parts]), np.cumsum([0, *map(len, parts)]))


def windows(hashes: Hashes, n: int) -> Hashes:
    """Hash the n tokens from each position on, as a polynomial over them."""
    count = max(len(hashes) - n + 1, 0)
    grams = hashes[:count].copy()
    for i in range(1, n):
        grams *= np.uint64(_GRAM_BASE)
        grams += hashes[i : i + count]
    return grams


def covered(tokens: Tokens, n: int, wanted: Hashes) -> Bools:
    """Which tokens lie inside an n-gram that is among the wanted hashes (as `ngrams` makes them)."""
    mask = np.zeros(len(tokens.hashes), bool)
    if len(wanted) == 0 or len(mask) < n:
        return mask
    if n == 1:
        return np.isin(tokens.hashes, wanted)
    hit = np.isin(windows(tokens.hashes, n), wanted)
    owner = tokens.owner
    hit &= owner[: len(hit)] == owner[n - 1 :]
    for i in range(n):
        mask[i : i + len(hit)] |= hit
    return mask


class HashIndex:
    """Distinct hashes in order, found by their leading bits: a few array reads where a binary search needs a dozen."""

    def __init__(self, hashes: Hashes) -> None:
        bits = (4 * len(hashes) + 1).bit_length()
        self.hashes = hashes
        self._shift = np.uint64(64 - bits)
        sizes = np.bincount((hashes >> self._shift).astype(np.int64), minlength=1 << bits)
        self._first = np.cumsum(sizes) - sizes
        self._deepest = int(sizes.max())

    def find(self, wanted: Hashes) -> tuple[Ints, Bools]:
        """Return a place for each wanted hash, and whether it stands there; if not, it stands nowhere."""
        if len(self.hashes) == 0:
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
        place = self._first.take((wanted >> self._shift).view(np.int64))
        there = self.hashes.take(place, mode="clip")
        found = there == wanted
        left = np.flatnonzero(there < wanted)
        for _ in range(1, self._deepest):
            place[left] += 1
            there, sought = self.hashes.take(place.take(left), mode="clip"), wanted.take(left)
            found[left] = there == sought
            left = left.compress(there < sought)
        return place, found
