"""The command as a fork of a process that has imported all it needs: hundreds of calls in the time of a few."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import pkgutil
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
import threading
from dataclasses import dataclass
from multiprocessing.reduction import DupFd
from typing import TYPE_CHECKING, Any

import boilerbench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WIDTH = 80

_SHELL = shutil.which("sh") or ""
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_IMPORTED = ["rich.progress", "scipy.stats"]
_IMPORTED += [each.name for each in pkgutil.walk_packages(boilerbench.__path__, "boilerbench.")]


@dataclass(frozen=True)
class Done:
    """How a call ended, and what it showed on both streams: on a terminal what is left there."""

    code: int | None
    shown: str


def call(line: str, here: Path, variables: Mapping[str, str], *, terminal: bool) -> Done:
    """Call the command of a line as a shell would in a folder, in a terminal of 80 columns or into a pipe."""
    if terminal:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    else:
        ours, theirs = os.pipe()
    heard = bytearray()
    reader = threading.Thread(target=_read, args=(ours, heard))
    reader.start()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    given = (_words(line, here), str(here), {**os.environ, **variables}, DupFd(theirs))
    process = context.Process(target=_main, args=given)
    process.start()
    os.close(theirs)
    process.join(180)
    process.kill()
    reader.join()
    os.close(ours)
    text = heard.decode("utf-8", "replace")
    return Done(process.exitcode, _left(text) if terminal else text)


def _words(line: str, here: Path) -> list[str]:
    """Let the shell say what arguments a line gives to the command."""
    script = f"""boilerbench() {{ printf '%s\\0' "$@"; }}; {line}"""
    found = subprocess.run([_SHELL, "-c", script], cwd=here, check=True, capture_output=True, encoding="utf-8")
    return found.stdout.split("\0")[:-1]


def _read(end: int, heard: bytearray) -> None:
    try:
        while part := os.read(end, 1 << 16):
            heard.extend(part)
    except OSError:  # how a terminal ends on Linux
        pass


def _left(text: str) -> str:
    lines = _CONTROL.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rsplit("\r", 1)[-1] for line in lines)


def _main(arguments: list[str], here: str, variables: dict[str, str], output: Any) -> None:
    from boilerbench.cli import main

    os.setsid()
    end = output.detach()
    source = end if os.isatty(end) else os.open(os.devnull, os.O_RDONLY)
    for number, stream in enumerate((source, end, end)):
        os.dup2(stream, number)
    os.close(end)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    os.chdir(here)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["boilerbench", *arguments]
    main()
