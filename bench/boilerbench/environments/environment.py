"""One locked environment per dependency tree, built by uv, kept in the cache, and shared by all runs."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from boilerbench import process
from boilerbench.environments import building, folder_environment, uv
from boilerbench.errors import UnavailableError
from boilerbench.files import cache_folder
from boilerbench.model import FolderRunner
from boilerbench.process import programs

if TYPE_CHECKING:
    from importlib.metadata import PackageMetadata

    from boilerbench.model import Runner

Mode = Literal["locked", "host"]

BOOTSTRAP = """\
import importlib, sys, types
folder, *arguments = sys.argv[1:]
for package in ("boilerbench", "boilerbench.process"):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = [folder]
importlib.import_module("boilerbench.process.worker").main(*arguments)
"""
"""Gives a child the modules of `boilerbench.process`, and nothing else of the harness."""


@dataclass(frozen=True)
class Environment:
    """An interpreter that can load a runner; `isolated` where it is built for that runner alone."""

    python: Path
    isolated: bool


def command(runner: Runner, mode: Mode) -> list[str]:
    """Return the command of a child process that speaks the protocol, when all it needs has been made ready.

    `UnavailableError` says why it cannot run.
    """
    if isinstance(runner, FolderRunner):
        return folder_environment.command(runner, in_place=mode == "host")
    return worker_command(runner, prepare(runner, mode))


def worker_command(runner: Runner, environment: Environment) -> list[str]:
    """Return the command of a child process that loads a Python runner."""
    return [
        str(environment.python),
        "-I" if environment.isolated else "-P",
        *("-X", "utf8", "-c", BOOTSTRAP),
        *(str(Path(process.__file__).parent), str(runner.file), json.dumps(dict(runner.options)), runner.distribution),
    ]


def prepare(runner: Runner, mode: Mode) -> Environment:
    """Return a Python runner's environment, built where it is missing or broken. `UnavailableError` says why not."""
    if mode == "host":
        if not uv.satisfied_here(runner):
            raise UnavailableError(f"needs Python {runner.requires_python}, this is {platform.python_version()}")
        return Environment(Path(sys.executable), isolated=False)
    if runner.unavailable:
        raise UnavailableError(runner.unavailable)
    interpreter = uv.interpreter_for(runner)
    final = _folder(runner, interpreter)
    building.once(final, lambda partial: _build(runner, interpreter, partial), _works)
    return Environment(_python_in(final), isolated=True)


def digest(runner: Runner, mode: Mode) -> str | None:
    """Return what identifies an answer in the cache, or None where answers must not be kept.

    They must not be with `host`, where a working tree changes under its version; and there are none without a Python.
    """
    if mode == "host" or runner.unavailable:
        return None
    if isinstance(runner, FolderRunner):
        return folder_environment.digest(runner)
    try:
        identity = uv.interpreter_for(runner).identity
    except UnavailableError:
        return None
    return hashlib.sha256(f"{runner.digest} {identity}".encode()).hexdigest()


def state(runner: Runner) -> str:
    """Return `ready`, `not built`, `no interpreter` or `unavailable`, without building anything."""
    if runner.unavailable:
        return "unavailable"
    if isinstance(runner, FolderRunner):
        return folder_environment.state(runner)
    try:
        interpreter = uv.interpreter_for(runner)
    except UnavailableError:
        return "no interpreter"
    with suppress(UnavailableError):
        if building.ready(_folder(runner, interpreter)):
            return "ready"
    return "not built"


def package(runner: Runner) -> PackageMetadata | None:
    """Return what a Python runner's extractor says of itself, where its environment has been built."""
    if not runner.distribution or state(runner) != "ready":
        return None
    places = _folder(runner, uv.interpreter_for(runner)).glob("lib/python*/site-packages")
    found = metadata.distributions(name=runner.distribution, path=list(map(str, places)))
    return next((each.metadata for each in found), None)


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
    return building.ready(folder) and not programs.run([str(_python_in(folder)), "-I", "-S", "-c", ""]).returncode


def _build(runner: Runner, interpreter: uv.Interpreter, partial: Path) -> None:
    uv.ask("venv", "--no-project", "--python", str(interpreter.python), str(partial))
    if _lock_bytes(runner):
        options = ["--python", str(_python_in(partial)), "--require-hashes", "--no-deps"]
        uv.ask("pip", "install", *options, "-r", str(runner.lock))
    building.greet(worker_command(runner, Environment(_python_in(partial), isolated=True)))
