"""Pure text: how bytes become characters, characters become tokens, and tokens become n-grams.

Tokens are 64-bit hashes in numpy arrays, never Python strings, so that counting runs in compiled code. A token's hash is
a polynomial over its mixed code points modulo 2**64, finished with splitmix64 (Steele, Lea and Flood, OOPSLA 2014); the
chance that any two of a million different tokens collide is below 1e-7.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Hashes: TypeAlias = NDArray[np.uint64]
Ints: TypeAlias = NDArray[np.int64]

_SEPARATOR, _WORD, _MARK, _SINGLE, _SINGLE_MARK, _IGNORED, _UNKNOWN = range(7)
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "THAI", "LAO", "KHMER", "MYANMAR")
_BASE = 0x9E3779B97F4A7C15
_CODE_POINTS = 0x110000


def decode(html: bytes, charset: str | None = None) -> str:
    """Decode a page: byte order mark, charset declared by the transport, meta or XML declaration, then detection.

    The order and the aliases browsers use are w3lib's. Detection takes valid UTF-8 for UTF-8 and leaves the rest to
    charset-normalizer. Undecodable bytes become U+FFFD; nothing raises.
    """
    from w3lib.encoding import html_to_unicode

    header = f"text/html; charset={charset}" if charset else None
    return str(html_to_unicode(header, html, "utf-8", _detect)[1])


def _detect(html: bytes) -> str:
    try:
        html.decode()
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        match = from_bytes(html).best()
        return match.encoding if match else "windows-1252"
    return "utf-8"


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no file format can hold, by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


@dataclass(frozen=True)
class TokenRule:
    """How text is cut into tokens: what is done to it first, and the class of each character."""

    name: str
    normalise: Callable[[str], str]
    classify: Callable[[str], int]

    def classes(self, codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """Classify code points; each new one costs Python once per process."""
        table = _class_table(self.name)
        classes = table[codes]
        unknown = classes == _UNKNOWN
        if unknown.any():
            for code in np.unique(codes[unknown]).tolist():
                table[code] = self.classify(chr(code))
            classes = table[codes]
        return classes


@cache
def _class_table(_rule: str) -> NDArray[np.uint8]:
    return np.full(_CODE_POINTS, _UNKNOWN, np.uint8)


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

    def keep(self, mask: NDArray[np.bool_]) -> Tokens:
        """The tokens where the mask is true, each still with its text."""
        kept = np.concatenate(([0], np.cumsum(mask)))
        return Tokens(self.hashes[mask], kept[self.offsets])


def tokenise(texts: Sequence[str], rule: TokenRule) -> Tokens:
    """Cut texts into hashed tokens, all texts at once."""
    ready = [rule.normalise(text) for text in texts]
    codes = np.frombuffer("\n".join(ready).encode("utf-32-le", "surrogatepass"), np.uint32)
    bounds = np.cumsum([0, *(len(text) + 1 for text in ready)])
    bounds[-1] = len(codes)
    classes = rule.classes(codes)
    ignored = classes == _IGNORED
    if ignored.any():
        bounds = np.concatenate(([0], np.cumsum(~ignored)))[bounds]
        codes, classes = codes[~ignored], classes[~ignored]
    starts, ends = _spans(classes)
    return Tokens(_span_hashes(codes, starts, ends), np.searchsorted(starts, bounds))


def _spans(classes: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    padded = np.pad(classes, 1, constant_values=_SEPARATOR)
    here, before = padded[1:], padded[:-1]
    start = (here == _SINGLE) | ((here != _SEPARATOR) & (before == _SEPARATOR))
    start |= (here == _WORD) & (before >= _SINGLE)
    end = (before != _SEPARATOR) & ((here == _SEPARATOR) | start)
    return np.flatnonzero(start), np.flatnonzero(end)


def _span_hashes(codes: NDArray[np.uint32], starts: Ints, ends: Ints) -> Hashes:
    powers, inverses = _powers(1 << len(codes).bit_length())
    sums = np.empty(len(codes) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(_mix(codes.astype(np.uint64)) * powers[: len(codes)], out=sums[1:])
    return _mix((sums[ends] - sums[starts]) * inverses[starts])


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of the base and of its inverse, from 0 to size - 1."""
    return _powers_of(_BASE, size), _powers_of(pow(_BASE, -1, 1 << 64), size)


def _powers_of(base: int, size: int) -> Hashes:
    factors = np.full(size, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


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
    grams, whole = _windows(tokens, n)
    lengths = np.maximum(tokens.lengths - n + 1, 0)
    short = np.flatnonzero((tokens.lengths > 0) & (tokens.lengths < n))
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    values = grams[whole]
    if len(short):
        extra = [_fold(tokens.of(i)) for i in short]
        values = np.insert(values, offsets[short], extra)
        lengths[short] = 1
        offsets = np.concatenate(([0], np.cumsum(lengths)))
    return Tokens(values, offsets)


def _windows(tokens: Tokens, n: int) -> tuple[Hashes, NDArray[np.bool_]]:
    """The hash of the n tokens from each position on, and whether they lie in one text."""
    count = max(len(tokens.hashes) - n + 1, 0)
    grams = np.zeros(count, np.uint64)
    for i in range(n):
        grams = _mix(grams ^ tokens.hashes[i : i + count])
    owner = tokens.owner
    return grams, owner[:count] == owner[n - 1 : n - 1 + count]


def _fold(hashes: Hashes) -> np.uint64:
    value = np.zeros(1, np.uint64)
    for item in hashes:
        value = _mix(value ^ item)
    return np.uint64(value[0])


def covered(tokens: Tokens, n: int, wanted: Hashes) -> NDArray[np.bool_]:
    """Which tokens lie inside an n-gram that is among the wanted hashes (as `ngrams` makes them)."""
    mask = np.zeros(len(tokens.hashes), bool)
    if len(wanted) == 0 or len(mask) < n:
        return mask
    if n == 1:
        return np.isin(tokens.hashes, wanted)
    grams, whole = _windows(tokens, n)
    hit = whole & np.isin(grams, wanted)
    for i in range(n):
        mask[i : i + len(hit)] |= hit
    return mask
