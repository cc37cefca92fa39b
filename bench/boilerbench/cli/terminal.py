"""What is printed. Pages, their ids and what runners say of a failure are other people's: no terminal obeys them."""

import os
import re
import sys
from typing import TextIO

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    r"""Write control characters other than line ends and tabs as `\x1b` and the like, so that they do nothing."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def line(text: str) -> str:
    """Make one visible line of a text."""
    return visible(" ".join(text.splitlines()))


def show(text: str) -> None:
    """Print lines on stdout: as they are for another program, visible on a terminal."""
    ended = text if text.endswith("\n") else f"{text}\n"
    _write(sys.stdout, visible(ended) if sys.stdout.isatty() else ended)


def say(text: str) -> None:
    """Print a note on stderr, one line."""
    _write(sys.stderr, f"{line(text)}\n")


def _write(stream: TextIO, text: str) -> None:
    """Write at once. Where nobody reads any more, go on without: the exit code is still to be true."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
