"""One locked environment per dependency tree, built by uv, kept in the cache, and shared by all runs."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version
from uv import find_uv_bin

from bench import wire
from bench.errors import BadRunnerError, BenchError, UnavailableError
from bench.folders import CACHE_VARIABLE, cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

IDENTITY = (
    "import platform, sysconfig; "
    "print(platform.python_version(), sysconfig.get_config_var('SOABI'), sysconfig.get_platform())"
)
MARKER = "boilerbench-ready"
OLDEST_PYTHON = "3.9"
"""The oldest Python that the worker runs on."""
IMPORT_SECONDS = 300
"""How long a runner's first import may take: it compiles its whole tree."""


@dataclass(frozen=True)
class Environment:
    """An interpreter that can load a runner; `isolated` where it is built for that runner alone."""

    python: Path
    isolated: bool


@dataclass(frozen=True)
class Interpreter:
    """A Python to build on. `identity` is its version, its binary interface and its platform."""

    python: Path
    identity: str


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
        if not _satisfied_here(runner):
            raise UnavailableError(f"needs Python {runner.requires_python}, this is {platform.python_version()}")
        return Environment(Path(sys.executable), isolated=False)
    interpreter = _interpreter_for(runner)
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
    if mode == "host":
        return None
    try:
        identity = _interpreter_for(runner).identity
    except UnavailableError:
        return None
    return hashlib.sha256(f"{runner.digest} {identity}".encode()).hexdigest()


def state(runner: Runner) -> str:
    """Return `ready`, `not built` or `no interpreter`, without building anything."""
    try:
        interpreter = _interpreter_for(runner)
    except UnavailableError:
        return "no interpreter"
    with suppress(UnavailableError):
        if (_folder(runner, interpreter) / MARKER).exists():
            return "ready"
    return "not built"


def lock(runner: Runner, *, upgrade: bool = False) -> None:
    """Resolve the runner's dependencies for every system and write versions and hashes beside it.

    Versions locked before stay where they still fit, unless `upgrade` is given.
    """
    oldest = [part.version for part in _specifiers(runner) if part.operator in (">=", "==", "~=")]
    python = max((version.removesuffix(".*") for version in oldest), key=Version, default=OLDEST_PYTHON)
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", python]
    if upgrade:
        options.append("--upgrade")
    _uv("pip", "compile", *options, "--output-file", str(runner.lock), "-", text="\n".join(runner.dependencies))


def _specifiers(runner: Runner) -> SpecifierSet:
    try:
        return SpecifierSet(runner.requires_python)
    except InvalidSpecifier as cause:
        raise BadRunnerError(f"{runner.file}: requires-python: {cause}") from cause


def _satisfied_here(runner: Runner) -> bool:
    return _specifiers(runner).contains(platform.python_version(), prereleases=True)


def _interpreter_for(runner: Runner) -> Interpreter:
    if _satisfied_here(runner):
        parts = platform.python_version(), sysconfig.get_config_var("SOABI"), sysconfig.get_platform()
        return Interpreter(Path(sys.executable), " ".join(map(str, parts)))
    return _found_interpreter(runner.requires_python)


@lru_cache
def _found_interpreter(requires_python: str) -> Interpreter:
    try:
        python = Path(_uv("python", "find", "--no-project", "--system", requires_python).strip())
    except UnavailableError as cause:
        raise UnavailableError(f"no Python {requires_python} on this machine") from cause
    done = _run([str(python), "-I", "-c", IDENTITY])
    if done.returncode:
        raise UnavailableError(f"{python} does not run: {_reason(done.stderr)}")
    return Interpreter(python, done.stdout.strip())


def _folder(runner: Runner, interpreter: Interpreter) -> Path:
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
    try:
        return _run([str(_python_in(folder)), "-I", "-S", "-c", ""]).returncode == 0
    except OSError:
        return False


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


def _build(runner: Runner, interpreter: Interpreter, final: Path) -> None:
    partial = final.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _uv("venv", "--no-project", "--python", str(interpreter.python), str(partial))
        if _lock_bytes(runner):
            options = ["--python", str(_python_in(partial)), "--require-hashes", "--no-deps"]
            _uv("pip", "install", *options, "-r", str(runner.lock))
        _import_once(runner, Environment(_python_in(partial), isolated=True))
        (partial / MARKER).touch()
        shutil.rmtree(final, ignore_errors=True)
        partial.replace(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _import_once(runner: Runner, environment: Environment) -> None:
    """Start the worker without any page: it imports the runner, says hello or why not, and leaves."""
    try:
        done = _run(worker_command(runner, environment), timeout=IMPORT_SECONDS)
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"its import takes more than {IMPORT_SECONDS} s") from None
    try:
        hello = wire.decode(done.stdout.encode())
    except ValueError:
        reason = f"its import ended the process with code {done.returncode}: {_reason(done.stderr)}"
        raise UnavailableError(reason) from None
    if "error" in hello:
        raise UnavailableError(str(hello["error"]))


def _uv(*arguments: str, text: str = "") -> str:
    """Run uv and return what it prints; `UnavailableError` with its reason where it fails."""
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1", "PATH": _search_path()}
    try:
        done = _run([find_uv_bin(), "--no-config", "--no-progress", *arguments], text=text, env=environment)
    except OSError as cause:
        raise UnavailableError(f"uv cannot be started: {cause}") from cause
    if done.returncode:
        raise UnavailableError(_reason(done.stderr))
    return done.stdout


def _run(
    command: list[str], *, text: str = "", env: Mapping[str, str] | None = None, timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # every command here is made of our own parts
        command,
        input=text,
        env=env,
        timeout=timeout,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _search_path() -> str:
    """Return PATH with pyenv's interpreters in place of its shims: one failing shim makes all of uv's search fail."""
    places: list[str] = []
    for place in os.environ.get("PATH", os.defpath).split(os.pathsep):
        versions = Path(place).parent / "versions"
        pythons = sorted(versions.glob("*/bin")) if Path(place).name == "shims" else []
        places += map(str, pythons) if pythons else [place]
    return os.pathsep.join(places)


def _reason(output: str) -> str:
    """Return the first and the last line that mean something: what failed, and its innermost cause."""
    lines = [line.strip() for line in output.splitlines() if not line.lstrip().startswith(("hint:", "warning:"))]
    errors = [number for number, line in enumerate(lines) if line.startswith("error:")]
    lines = [re.sub(r"^(error|cause):\s*", "", line) for line in lines[errors[-1] if errors else 0 :] if line]
    if not lines:
        return "no reason given"
    return f"{lines[0]}: {lines[-1]}" if errors and len(lines) > 1 else lines[-1]
