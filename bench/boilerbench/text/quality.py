"""Signs in a text, seen without gold, that something went wrong: each says that one should look, not that it is so."""

import re
from collections import Counter

_CONSENT = re.compile(
    r"\b(?:(?:we|this (?:web)?site) uses? cookies|(?:accept|reject|manage|allow) (?:all |your )?cookies|accept all|"
    r"cookie (?:policy|settings|preferences|notice)|privacy (?:settings|preferences)|consent to (?:the use|our use)|"
    r"(?:wir|diese (?:web)?seite) verwende[nt] cookies|(?:alle )?cookies (?:akzeptieren|ablehnen|zulassen)|"
    r"cookie-(?:einstellungen|richtlinie)|(?:tout )?accepter (?:les |tous les )?cookies|utilise des cookies|"
    r"(?:aceptar|rechazar|utiliza(?:mos)?) (?:todas las |las )?cookies|"
    r"(?:accetta|utilizza(?:mo)?) (?:tutti i |i )?cookie)\b",
    re.IGNORECASE,
)
_END = re.compile("[.!?\u2026:;\"'\u201d\u2019\u00bb)\\]}\u3002\uff01\uff1f]$")
_MOJIBAKE = re.compile(
    "\ufffd|\u00c3[\u0080-\u00bf\u0192\u201a-\u203a]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]|[\u00d0\u00d1][\u0080-\u00bf\u2018-\u203a]"
)
"""What UTF-8 looks like that was read as windows-1252, and what stands for bytes that could not be read."""

_LETTER = re.compile(r"[^\W\d_]")

_MENU_LINES, _MENU_WORDS = 8, 3
"""So many lines in a row of no more than so many words, without a full stop, look like a menu."""

_BLOCK_WORDS = 8
"""A line of so many words that is there again is a block that was taken twice; a last one without an end is cut off."""

_GARBLED = 0.002
"""Of a text's characters, the share of what decoding broke that cannot be chance."""

_FOREIGN = 0.5
"""The share of accented letters among all that no language has, but text in another script that was read as Latin."""


def _consent(text: str) -> bool:
    return bool(_CONSENT.search(text))


def _navigation(text: str) -> bool:
    run = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        run = run + 1 if len(line.split()) <= _MENU_WORDS and not _END.search(line) else 0
        if run == _MENU_LINES:
            return True
    return False


def _repeated(text: str) -> bool:
    lines = Counter(" ".join(line.split()) for line in text.splitlines())
    return any(times > 1 and len(line.split()) >= _BLOCK_WORDS for line, times in lines.items())


def _cut_off(text: str) -> bool:
    last = text.rstrip().rpartition("\n")[2].strip()
    return last.endswith(("\u2026", "...")) or (len(last.split()) >= _BLOCK_WORDS and not _END.search(last))


def _garbled(text: str) -> bool:
    letters = _LETTER.findall(text)
    foreign = sum("\u00c0" <= letter <= "\u00ff" for letter in letters)
    broken = len(_MOJIBAKE.findall(text))
    return broken > _GARBLED * len(text) or foreign > _FOREIGN * max(1, len(letters))


SIGNS = {
    "consent": _consent,
    "navigation": _navigation,
    "repeated": _repeated,
    "cut_off": _cut_off,
    "garbled": _garbled,
}
"""By name: phrases of a cookie or consent notice; lines of a menu; a block that is there twice; an end in the midst of
a sentence; characters that were decoded wrongly, or another script that was read as Latin."""
