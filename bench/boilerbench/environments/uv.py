"""Everything that uv is asked for, and the Pythons it finds."""

import os
import platform
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from uv import find_uv_bin

from boilerbench.errors import BadRunnerError, UnavailableError
from boilerbench.model import Runner
from boilerbench.process import confinement, programs

IDENTITY = (
    "import platform as p, sysconfig as s; print(p.python_version(), s.get_config_var('SOABI'), s.get_platform())"
)

sysconfig.get_config_vars()  # now: Python 3.11 fills them while another thread finds them empty


class Interpreter(NamedTuple):
    """A Python to build on. `identity` is its version, its binary interface and its platform."""

    python: Path
    identity: str


def ask(*arguments: str, text: str = "") -> str:
    """Run uv and return what it prints; `UnavailableError` with its reason where it fails."""
    plain = {"NO_COLOR": "1", "COLUMNS": "10000"}  # a reason is one line, however narrow the terminal
    environment = confinement.variables() | plain | {"UV_PYTHON_DOWNLOADS": "never", "PATH": _search_path()}
    command = [find_uv_bin(), "--no-config", "--no-progress", *arguments]
    return programs.output(programs.run(command, text=text, env=environment))


def interpreter_for(runner: Runner) -> Interpreter:
    """Return the Python a runner asks for: the harness's own where it fits. `UnavailableError` where there is none."""
    if satisfied_here(runner):
        parts = platform.python_version(), sysconfig.get_config_var("SOABI"), sysconfig.get_platform()
        return Interpreter(Path(sys.executable), " ".join(map(str, parts)))
    return _found_interpreter(runner.requires_python)


def satisfied_here(runner: Runner) -> bool:
    """Return whether the harness's own Python fits a runner."""
    return specifiers(runner).contains(platform.python_version(), prereleases=True)


def specifiers(runner: Runner) -> SpecifierSet:
    """Return the versions of Python that a runner asks for. `BadRunnerError` where it writes none."""
    try:
        return SpecifierSet(runner.requires_python)
    except InvalidSpecifier as cause:
        raise BadRunnerError(f"{runner.file}: requires-python: {cause}") from cause


@lru_cache
def _found_interpreter(requires_python: str) -> Interpreter:
    try:
        python = Path(ask("python", "find", "--no-project", "--system", requires_python).strip())
    except UnavailableError as cause:
        raise UnavailableError(f"no Python {requires_python} on this machine") from cause
    identity = programs.output(programs.run([str(python), "-I", "-c", IDENTITY]), f"{python} does not run")
    return Interpreter(python, identity.strip())


def _search_path() -> str:
    """Return PATH with pyenv's interpreters in place of its shims: one failing shim makes all of uv's search fail."""
    places: list[str] = []
    for place in os.environ.get("PATH", os.defpath).split(os.pathsep):
        versions = Path(place).parent / "versions"
        pythons = sorted(versions.glob("*/bin")) if Path(place).name == "shims" else []
        places += map(str, pythons) if pythons else [place]
    return os.pathsep.join(places)
