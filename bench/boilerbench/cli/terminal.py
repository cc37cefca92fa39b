"""What is printed, and where: tables and notes keep to a terminal's width, elsewhere a row and a note is a line."""

import logging
import os
import shutil
import sys
import textwrap
from io import TextIOWrapper
from typing import TextIO

from boilerbench.text.lines import line, visible

_WIDTH = 80
"""Of a terminal that does not say."""

_asked = {"wide": False, "quiet": False}


def ask(*, wide: bool | None = None, quiet: bool | None = None) -> None:
    """Take what a command was asked for: all columns, and no notes."""
    _asked.update({name: asked for name, asked in (("wide", wide), ("quiet", quiet)) if asked is not None})


def quiet() -> bool:
    """Whether notes and progress are unwanted."""
    return _asked["quiet"]


def width() -> int | None:
    """How wide a table may be that is printed on stdout; None where nothing is to be left out, cut or wrapped."""
    if _asked["wide"] or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size((_WIDTH, 24)).columns


def write_anything() -> None:
    r"""Write signs that the encoding of stdout or stderr lacks as `\u2500` and the like."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def show(text: str) -> None:
    """Print lines on stdout: as they are for another program, visible on a terminal."""
    ended = text if text.endswith("\n") else f"{text}\n"
    _write(sys.stdout, visible(ended) if sys.stdout.isatty() else ended)


def tell(text: str) -> None:
    """Print a line for a person on stdout; a terminal gets it in as many as it takes."""
    show(within(sys.stdout, text))


def refuse(text: str) -> None:
    """Print on stderr, one line, what is wrong and what to do; a terminal gets it in as many as it takes."""
    _write(sys.stderr, f"{within(sys.stderr, line(text))}\n")


def say(text: str) -> None:
    """Print a note on stderr, one line, unless notes are unwanted."""
    if not quiet():
        refuse(text)


class Notes(logging.Handler):
    """Says what the library warns of: each line once, for a command that opens a file again and again."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line on stderr."""
        if (text := record.getMessage()) not in self._said:
            self._said.add(text)
            refuse(text)


def within(stream: TextIO, text: str) -> str:
    """Break a line between words where a terminal ends; a word that is longer stays whole, to be copied."""
    if not stream.isatty():
        return text
    columns = shutil.get_terminal_size((_WIDTH, 24)).columns
    room = textwrap.TextWrapper(columns, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return room.fill(text)


def _write(stream: TextIO, text: str) -> None:
    """Write at once. Where nobody reads any more, go on without: the exit code is still to be true."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
