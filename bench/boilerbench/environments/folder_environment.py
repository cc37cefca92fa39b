"""Makes a folder runner ready: what it needs is there, and its `setup` has run in a copy of it."""

import json
import re
import shutil
from functools import lru_cache
from pathlib import Path

from packaging.specifiers import SpecifierSet

from boilerbench import process
from boilerbench.errors import UnavailableError
from boilerbench.model import LEFT_OUT, FolderRunner
from boilerbench.process import programs

NODE_WORKER = Path(process.__file__).with_name("worker.mjs")
SETUP_SECONDS = 600
_VERSION = re.compile(r"\d+(\.\d+)+")


def identity(runner: FolderRunner) -> str:
    """Return the programs it needs, each with its version here. `UnavailableError` says what is to be installed."""
    found = []
    for program, versions in sorted(runner.needs.items()):
        place = shutil.which(program)
        if place is None:
            raise UnavailableError(f"needs {program}, which is not installed; install {runner.install}")
        if versions:
            version = _version_of(place)
            if not SpecifierSet(versions).contains(version or "0", prereleases=True):
                here = f"here is {version or '?'}"
                raise UnavailableError(f"needs {program} {versions}, {here}; install {runner.install}")
            found.append(f"{program} {version}")
    return " ".join(found)


@lru_cache
def _version_of(program: str) -> str | None:
    done = programs.run([program, "--version"])
    found = _VERSION.search(done.stdout + done.stderr)
    return found[0] if found else None


def build(runner: FolderRunner, folder: Path) -> None:
    """Copy a runner into a folder that does not exist yet, and run its `setup` there."""
    shutil.copytree(runner.folder, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    if runner.setup and (done := programs.run(runner.setup, cwd=folder, timeout=SETUP_SECONDS)).returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        telling = [line for line in lines if "error" in line.lower()][:2]  # as npm and compilers write them
        raise UnavailableError(f"its setup failed: {': '.join(telling or lines[-1:]) or 'no reason given'}")


def command(runner: FolderRunner, folder: Path) -> list[str]:
    """Return the command of a child process that speaks the protocol, for the runner in this folder."""
    values = {
        "{folder}": str(folder),
        "{node_worker}": str(NODE_WORKER),
        "{distribution}": runner.distribution,
        "{options}": json.dumps({**runner.defaults, **runner.options}),
    }
    places = re.compile("|".join(map(re.escape, values)))
    return [places.sub(lambda found: values[found[0]], part) for part in runner.command]
