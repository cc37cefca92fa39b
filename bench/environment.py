"""One locked environment per dependency tree, built by uv, kept in the cache, and shared by all runs."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock

from bench import process, uv, wire
from bench.errors import BenchError, UnavailableError
from bench.folders import CACHE_VARIABLE, cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.runner import Runner

Mode = Literal["locked", "host"]

BOOTSTRAP = """\
import importlib, sys, types
folder, *arguments = sys.argv[1:]
sys.modules["bench"] = types.ModuleType("bench")
sys.modules["bench"].__path__ = [folder]
importlib.import_module("bench.worker").main(*arguments)
"""
"""Gives a child the modules of this folder as `bench`, and nothing else of the harness."""

MARKER = "boilerbench-ready"
IMPORT_SECONDS = 300
"""How long a runner's first import may take: it compiles its whole tree."""


@dataclass(frozen=True)
class Environment:
    """An interpreter that can load a runner; `isolated` where it is built for that runner alone."""

    python: Path
    isolated: bool


def worker_command(runner: Runner, environment: Environment) -> list[str]:
    """Return the command of a child process that loads the runner and speaks the protocol."""
    return [
        str(environment.python),
        "-I" if environment.isolated else "-P",
        *("-X", "utf8", "-c", BOOTSTRAP),
        *(str(Path(__file__).parent), str(runner.file), json.dumps(dict(runner.options)), runner.distribution),
    ]


def prepare(runner: Runner, mode: Mode) -> Environment:
    """Return the runner's environment, built first where it is missing or broken. `UnavailableError` says why not."""
    if mode == "host":
        if not uv.satisfied_here(runner):
            raise UnavailableError(f"needs Python {runner.requires_python}, this is {platform.python_version()}")
        return Environment(Path(sys.executable), isolated=False)
    if runner.unavailable:
        raise UnavailableError(runner.unavailable)
    interpreter = uv.interpreter_for(runner)
    final = _folder(runner, interpreter)
    if not _works(final):
        with _locked(final):
            if not _works(final):
                _build(runner, interpreter, final)
    return Environment(_python_in(final), isolated=True)


def digest(runner: Runner, mode: Mode) -> str | None:
    """Return what identifies an answer in the cache, or None where answers must not be kept.

    They must not be with `host`, where a working tree changes under its version; and there are none without a Python.
    """
    if mode == "host" or runner.unavailable:
        return None
    try:
        identity = uv.interpreter_for(runner).identity
    except UnavailableError:
        return None
    return hashlib.sha256(f"{runner.digest} {identity}".encode()).hexdigest()


def state(runner: Runner) -> str:
    """Return `ready`, `not built`, `no interpreter` or `unavailable`, without building anything."""
    if runner.unavailable:
        return "unavailable"
    try:
        interpreter = uv.interpreter_for(runner)
    except UnavailableError:
        return "no interpreter"
    with suppress(UnavailableError):
        if (_folder(runner, interpreter) / MARKER).exists():
            return "ready"
    return "not built"


def _folder(runner: Runner, interpreter: uv.Interpreter) -> Path:
    key = hashlib.sha256(_lock_bytes(runner) + interpreter.identity.encode()).hexdigest()[:32]
    return cache_folder() / "environments" / key


def _lock_bytes(runner: Runner) -> bytes:
    try:
        return runner.lock.read_bytes()
    except FileNotFoundError:
        if runner.dependencies:
            raise UnavailableError(f"{runner.lock} is missing; write it with 'boilerbench runners lock'") from None
        return b""


def _python_in(folder: Path) -> Path:
    return folder / "bin" / "python"


def _works(folder: Path) -> bool:
    if not (folder / MARKER).exists():
        return False
    return process.run([str(_python_in(folder)), "-I", "-S", "-c", ""]).returncode == 0


@contextmanager
def _locked(final: Path) -> Iterator[None]:
    """Hold the right to build this environment against every other thread and process."""
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        mutex = FileLock(final.with_suffix(".mutex"))
        mutex.acquire()
    except OSError as cause:
        raise BenchError(f"{final.parent}: {cause.strerror}; {CACHE_VARIABLE} names another folder") from cause
    try:
        yield
    finally:
        mutex.release()


def _build(runner: Runner, interpreter: uv.Interpreter, final: Path) -> None:
    partial = final.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        uv.ask("venv", "--no-project", "--python", str(interpreter.python), str(partial))
        if _lock_bytes(runner):
            options = ["--python", str(_python_in(partial)), "--require-hashes", "--no-deps"]
            uv.ask("pip", "install", *options, "-r", str(runner.lock))
        _import_once(runner, Environment(_python_in(partial), isolated=True))
        (partial / MARKER).touch()
        shutil.rmtree(final, ignore_errors=True)
        partial.replace(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _import_once(runner: Runner, environment: Environment) -> None:
    """Start the worker without any page: it imports the runner, says hello or why not, and leaves."""
    try:
        done = process.run(worker_command(runner, environment), timeout=IMPORT_SECONDS)
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"its import takes more than {IMPORT_SECONDS} s") from None
    try:
        hello = wire.decode(done.stdout.encode())
    except ValueError:
        reason = f"its import ended the process with code {done.returncode}: {uv.reason(done.stderr)}"
        raise UnavailableError(reason) from None
    if "error" in hello:
        raise UnavailableError(str(hello["error"]))
