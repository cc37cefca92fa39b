"""Runs other programs to their end, uv and git among them, so that none outlives whoever waits for it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from boilerbench.errors import UnavailableError
from boilerbench.process import confinement, family

if TYPE_CHECKING:
    from boilerbench.process.sandbox.start import Plan

running: set[Callable[[], object]] = set()
"""What ends each thing that a thread of this process has started, or waits for; `abort` calls them all."""


def run(
    command: Sequence[str], *, text: str = "", timeout: float | None = None, held: Plan | None = None, **how: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command with the network, `held` by a plan if by any, and return what it printed.

    Nothing that it started outlives it, as far as the system lets that be seen to. Whatever ends the wait ends the
    command: a timeout in seconds, an interrupt, `abort`, and on Linux the death of this process. After a timeout the
    code is 124, and what is told on stderr that there was one.
    `OSError` where this interpreter cannot be started; a command that cannot be leaves with code 127.
    """
    how |= {"encoding": "utf-8", "errors": "replace"}
    process = confinement.start(held or confinement.unheld(), command, **how)
    with process, abortable(partial(_kill, process)):
        try:
            out, err = process.communicate(text, timeout)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 124, "", f"it takes more than {timeout:g} s")
        finally:
            _kill(process)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def output(done: subprocess.CompletedProcess[str], failure: str = "") -> str:
    """Return what a program printed. Where it failed, `UnavailableError` says that `failure`, and why."""
    if done.returncode:
        raise UnavailableError(f"{failure}: {reason(done.stderr)}" if failure else reason(done.stderr))
    return done.stdout


def _kill(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        family.end(process.pid)


@contextmanager
def abortable(end: Callable[[], object]) -> Iterator[None]:
    """Let `abort` call what ends a wait, for as long as that lasts."""
    running.add(end)
    try:
        yield
    finally:
        running.discard(end)


def abort() -> None:
    """End every child, every command that `run` waits for in any thread, and all other waits."""
    for end in list(running):
        end()


def reason(output: str) -> str:
    """Return the first and the last line that mean something: what failed, and its innermost cause."""
    lines = [line for line in output.splitlines() if re.match(r"\s*(?!hint:|warning:)\S", line)]
    error = max((number for number, line in enumerate(lines) if line.startswith("error:")), default=len(lines) - 1)
    told = [re.sub(r"^\s*(error|cause):\s*", "", line).strip()[:300] for line in lines[max(error, 0) :]]
    if not told:
        return "no reason given"
    if told[-1].startswith("Call to ") and error:
        told.append(lines[error - 1].strip()[:300])  # a build backend's own words stand above
    return f"{told[0]}: {told[-1]}" if len(told) > 1 else told[0]
