"""One locked environment per dependency tree, kept in the cache, shared by all runs; the command of a child in it.

Of a folder runner it is a copy in which its `setup` has run.
"""

import hashlib
import json
import platform
import re
import shutil
import sys
from contextlib import closing, suppress
from functools import lru_cache, partial
from importlib import metadata
from importlib.metadata import PackageMetadata
from pathlib import Path
from typing import Literal

from packaging.specifiers import SpecifierSet

from boilerbench import __version__, process
from boilerbench.environments import building, setup, toolchains, uv, visible, warm
from boilerbench.errors import UnavailableError
from boilerbench.files import cache_folder
from boilerbench.model import LEFT_OUT, FolderRunner, Runner
from boilerbench.process import inputs, programs
from boilerbench.process.child import Child, Limits, WrongProtocolError
from boilerbench.process.confinement import Command, of_this_python

Mode = Literal["locked", "host"]

PYTHON, MARKER = "bin/python", "boilerbench-ready"
"""The interpreter of an environment, and the file that it has from the moment on when it is whole."""
START_SECONDS = 300
"""How long a runner's first start may take: a Python runner's compiles its whole tree."""
NODE_WORKER = Path(process.__file__).with_name("worker.mjs")

BOOTSTRAP = f"""\
{warm.GIVE}
import importlib, types
folder, *arguments = sys.argv[1:]
for package in ("boilerbench", "boilerbench.process"):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = [folder]
importlib.import_module("boilerbench.process.worker").main(*arguments)
"""
"""Gives a child what is kept for it, the modules of `boilerbench.process`, and nothing else of the harness."""


def command(runner: Runner, mode: Mode) -> Command:
    """Return the command of a child process that speaks the protocol, when all it needs has been made ready.

    `UnavailableError` says why it cannot run.
    """
    if not isinstance(runner, FolderRunner):
        return worker_command(runner, prepare(runner, mode), isolated=mode == "locked")
    programs_of(runner)
    as_it_is = mode == "host" and not toolchains.worker_of(runner)
    return _folder_command(runner, runner.folder if as_it_is else _built(runner))


def worker_command(runner: Runner, python: Path, *, isolated: bool) -> Command:
    """Return the command of a child process that loads a Python runner; `isolated` from what the user has installed."""
    modules = str(Path(process.__file__).parent)
    arguments = [
        *(str(python), "-I" if isolated else "-P", "-X", "utf8", "-c", BOOTSTRAP),
        *(modules, str(runner.file), json.dumps(dict(runner.options)), runner.distribution),
    ]
    sees = (modules, *visible.beside(runner.file), *visible.program(python), *inputs.paths(runner.options))
    if isolated:
        return Command(tuple(arguments), own=(str(python.parent.parent), str(runner.file)), sees=sees)
    return Command(tuple(arguments), own=(*of_this_python(), *sees, str(runner.file)), everything=True)


def _folder_command(runner: FolderRunner, folder: Path) -> Command:
    values = {
        "{folder}": str(folder),
        "{node_worker}": str(NODE_WORKER),
        "{distribution}": runner.distribution,
        "{options}": json.dumps({**runner.defaults, **runner.options}),
    }
    places = re.compile("|".join(map(re.escape, values)))
    arguments = tuple(places.sub(lambda found: values[found[0]], part) for part in runner.command)
    named = inputs.paths([*runner.command, runner.options])
    needs = () if runner.toolchain else runner.needs  # what builds a program is not needed where that runs
    sees = (str(NODE_WORKER), *visible.programs(*needs, arguments[0]), *named)
    return Command(arguments, own=(str(folder),), sees=sees)


def prepare(runner: Runner, mode: Mode) -> Path:
    """Return the interpreter of a Python runner's environment, which is built where it is missing or broken.

    `UnavailableError` says why it cannot be.
    """
    if mode == "locked":
        return _built(runner) / PYTHON
    if not uv.satisfied_here(runner):
        raise UnavailableError(f"needs Python {runner.requires_python}, this is {platform.python_version()}")
    return Path(sys.executable)


def digest(runner: Runner, mode: Mode) -> str | None:
    """Return what identifies an extraction in the cache, or None where extractions must not be kept.

    Files that the command or an option names by an absolute path belong to it.
    They must not be with `host`, where a working tree changes under its version; and there are none of what cannot run.
    """
    if mode == "locked":
        with suppress(UnavailableError):
            told = runner.command if isinstance(runner, FolderRunner) else ()
            files = inputs.named([*told, runner.options])
            return hashlib.sha256(f"{runner.digest} {_identity(runner)} {files}".encode()).hexdigest()
    return None


def state(runner: Runner) -> str:
    """Return `ready`, `not built`, `no interpreter` or `unavailable`, without building anything."""
    try:
        _identity(runner)
    except UnavailableError:
        return "unavailable" if runner.unavailable or isinstance(runner, FolderRunner) else "no interpreter"
    with suppress(UnavailableError):
        if (cache_folder() / _place(runner) / MARKER).exists():
            return "ready"
    return "not built"


def package(runner: Runner) -> PackageMetadata | None:
    """Return what a Python runner's extractor says of itself, where its environment has been built."""
    if not runner.distribution or state(runner) != "ready":
        return None
    places = (cache_folder() / _place(runner)).glob("lib/python*/site-packages")
    found = metadata.distributions(name=runner.distribution, path=list(map(str, places)))
    return next((each.metadata for each in found), None)


def _identity(runner: Runner) -> str:
    """The interpreter, or the programs, that it would run with here. `UnavailableError` says what there is none of."""
    if runner.unavailable:
        raise UnavailableError(runner.unavailable)
    if isinstance(runner, FolderRunner):
        return programs_of(runner)
    return uv.interpreter_for(runner).identity


def programs_of(runner: FolderRunner) -> str:
    """Return the versions of what a folder needs. `UnavailableError` says what is not here, and what brings it."""
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
    done = programs.run([program, "version" if Path(program).name == "go" else "--version"])
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else None


def _place(runner: Runner) -> str:
    """The folder of its environment in the cache: by all that is put into it, and what it is built with."""
    identity = _identity(runner)
    if isinstance(runner, FolderRunner):
        worker = toolchains.worker_of(runner)
        content = f"{__version__} {runner.content} ".encode() + (worker.read_bytes() if worker else b"")
    else:
        content = _lock_bytes(runner) + (runner.file.read_bytes() if runner.warm else b"")
    return f"environments/{hashlib.sha256(content + identity.encode()).hexdigest()[:32]}"


def _lock_bytes(runner: Runner) -> bytes:
    if runner.dependencies and not runner.lock.exists():
        raise UnavailableError(f"{runner.lock} is missing; write it with 'boilerbench runners lock'")
    return runner.lock.read_bytes() if runner.lock.exists() else b""


def _built(runner: Runner) -> Path:
    def works(folder: Path) -> bool:
        starts = [str(folder / PYTHON), "-I", "-S", "-c", ""]
        whole = (folder / MARKER).exists()
        return whole and (isinstance(runner, FolderRunner) or not programs.run(starts).returncode)

    return building.once(_place(runner), partial(_build, runner), works)


def _build(runner: Runner, folder: Path) -> None:
    """Fill a folder with what the runner needs, and start it there as a run does, without any page."""
    if isinstance(runner, FolderRunner):
        if runner.toolchain:
            toolchains.build(runner, folder)
        else:
            shutil.copytree(runner.folder, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
            if runner.setup:
                setup.run(runner.setup, folder, list(runner.needs))
        command = _folder_command(runner, folder)
    else:
        python = folder / PYTHON
        uv.ask("venv", "--no-project", "--python", str(uv.interpreter_for(runner).python), str(folder))
        if _lock_bytes(runner):
            hashed = ["--require-hashes", "--no-deps", "-r", str(runner.lock)]
            uv.ask("pip", "install", "--compile-bytecode", "--python", str(python), *hashed)
        command = worker_command(runner, python, isolated=True)
        if runner.warm:
            warm.keep(command, runner.file, folder)
    with closing(Child(command, Limits(start=START_SECONDS))) as child, suppress(WrongProtocolError):
        child.hello()  # one of another protocol is built all right: `runners check` says what is wrong with it
    (folder / MARKER).touch()
