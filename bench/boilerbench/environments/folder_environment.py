"""Makes a folder runner ready: what it needs is there, its folder in the cache, its `setup` run in that copy."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.specifiers import SpecifierSet

from boilerbench import __version__, process
from boilerbench.environments import building
from boilerbench.errors import UnavailableError
from boilerbench.files import cache_folder
from boilerbench.model import LEFT_OUT
from boilerbench.process import programs

if TYPE_CHECKING:
    from boilerbench.model import FolderRunner

NODE_WORKER = Path(process.__file__).with_name("worker.mjs")
SETUP_SECONDS = 600
_VERSION = re.compile(r"\d+(\.\d+)+")


def command(runner: FolderRunner, *, in_place: bool = False) -> list[str]:
    """Return the command of a child process that speaks the protocol; its environment is built where it is missing.

    With `in_place` it is started where it lies, and nothing is set up. `UnavailableError` says why it cannot run.
    """
    identity = _identity(runner)
    if in_place:
        return _filled(runner, runner.folder)
    final = _place(runner, identity)
    building.once(final, lambda partial: _build(runner, partial), building.ready)
    return _filled(runner, final)


def digest(runner: FolderRunner) -> str | None:
    """Return what identifies an answer in the cache; None where the runner cannot run."""
    try:
        return hashlib.sha256(f"{runner.digest} {_identity(runner)}".encode()).hexdigest()
    except UnavailableError:
        return None


def state(runner: FolderRunner) -> str:
    """Return `ready`, `not built` or `unavailable`, without building anything."""
    try:
        identity = _identity(runner)
    except UnavailableError:
        return "unavailable"
    return "ready" if building.ready(_place(runner, identity)) else "not built"


def _identity(runner: FolderRunner) -> str:
    """The programs it needs at a version, each with the one that is here. `UnavailableError` says what to install."""
    found = []
    for program, versions in sorted(runner.needs.items()):
        place = shutil.which(program)
        if place is None:
            raise UnavailableError(f"needs {program}, which is not installed; install {runner.install}")
        if versions:
            version = _version_of(place)
            if not SpecifierSet(versions).contains(version or "0", prereleases=True):
                raise UnavailableError(
                    f"needs {program} {versions}, here is {version or '?'}; install {runner.install}"
                )
            found.append(f"{program} {version}")
    return " ".join(found)


@lru_cache
def _version_of(program: str) -> str | None:
    done = programs.run([program, "--version"])
    found = _VERSION.search(done.stdout + done.stderr)
    return found[0] if found else None


def _place(runner: FolderRunner, identity: str) -> Path:
    key = hashlib.sha256(f"{__version__} {runner.content} {identity}".encode()).hexdigest()[:32]
    return cache_folder() / "environments" / key


def _build(runner: FolderRunner, partial: Path) -> None:
    shutil.copytree(runner.folder, partial, ignore=shutil.ignore_patterns(*LEFT_OUT))
    if runner.setup:
        try:
            done = programs.run(runner.setup, cwd=partial, timeout=SETUP_SECONDS)
        except subprocess.TimeoutExpired:
            raise UnavailableError(f"its setup takes more than {SETUP_SECONDS} s") from None
        if done.returncode:
            raise UnavailableError(f"its setup failed: {_reason(done.stderr or done.stdout)}")
    building.greet(_filled(runner, partial))


def _reason(output: str) -> str:
    """The first two lines that tell of an error, as npm and compilers write them, or else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower()][:2]
    return ": ".join(telling or lines[-1:]) or "no reason given"


def _filled(runner: FolderRunner, folder: Path) -> list[str]:
    values = {
        "{folder}": str(folder),
        "{node_worker}": str(NODE_WORKER),
        "{distribution}": runner.distribution,
        "{options}": json.dumps({**runner.defaults, **runner.options}),
    }
    places = re.compile("|".join(map(re.escape, values)))
    return [places.sub(lambda found: values[found[0]], part) for part in runner.command]
