"""Builds and starts the runner of a folder that names its toolchain, writes its lock, takes another release into it.

The folder has the code that calls an extractor, and its lock. The program around that, which speaks the protocol, is a
file of `process` that is put beside it.
"""

import hashlib
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from boilerbench import process
from boilerbench.environments import setup
from boilerbench.errors import BadRunnerError, UnavailableError
from boilerbench.files import read_toml, typed
from boilerbench.model import LEFT_OUT, FolderRunner
from boilerbench.storage import temporary

JARS = "jars.sha256"
"""The lock of a Maven folder: every jar that it gets, in the form of sha256sum."""


class Toolchain(msgspec.Struct, frozen=True):
    """What toolchains.toml says of one."""

    language: str
    programs: dict[str, list[str]]
    install: str
    setup: tuple[str, ...]
    command: tuple[str, ...]
    lock: tuple[str, ...]
    locks: tuple[str, ...]
    locked: str
    worker: str = ""
    newest: tuple[str, ...] = ()
    take: tuple[str, ...] = ()
    variables: dict[str, str] = {}


@cache
def all_of_them() -> dict[str, Toolchain]:
    """Return the toolchains by the names that folders have for them."""
    file = Path(__file__).with_suffix(".toml")
    return {
        name: typed(Toolchain, about, file, BadRunnerError) for name, about in read_toml(file, BadRunnerError).items()
    }


def declared(file: Path, lowest: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a `FolderRunner` that follow from its [toolchain]: the lowest version of each program.

    `BadRunnerError` where that names no toolchain, or not what one needs.
    """
    found = [(name, each) for name, each in all_of_them().items() if name in lowest]
    if len(found) != 1:
        raise BadRunnerError(f"{file}: [toolchain] must have one of {', '.join(all_of_them())}")
    ((name, toolchain),) = found
    if wrong := set(lowest) ^ set(toolchain.programs):
        raise BadRunnerError(f"{file}: [toolchain] {name} has the keys {', '.join(toolchain.programs)}: '{min(wrong)}'")
    needs: dict[str, str] = {}
    for key, (first, *others) in toolchain.programs.items():
        if not re.fullmatch(r"\d+(\.\d+)*", lowest[key]):
            raise BadRunnerError(f"{file}: [toolchain] {key} must be the lowest version, such as '1.24'")
        needs |= {first: f">={lowest[key]}", **dict.fromkeys(others, "")}
    return {
        "toolchain": name,
        "needs": needs,
        "install": toolchain.install.format_map(lowest),
        "setup": toolchain.setup,
        "command": toolchain.command,
    }


def of(runner: FolderRunner) -> Toolchain:
    """Return the toolchain that a folder names."""
    return all_of_them()[runner.toolchain]


def worker_of(runner: FolderRunner) -> Path | None:
    """Return the program that is built around the code of a folder; None where nothing is."""
    name = of(runner).worker if runner.toolchain else ""
    return Path(process.__file__).with_name(name) if name else None


def build(runner: FolderRunner, folder: Path) -> None:
    """Make the copy of a runner's folder in which it is built. `UnavailableError` says why that failed."""
    _copy(runner, folder)
    _same_release(runner, folder)
    _run(runner, of(runner).setup, folder)
    if runner.toolchain == "maven" and (wrong := _jars(folder) ^ set(_lines(folder / JARS))):
        name = min(wrong).split()[-1]
        raise UnavailableError(f"its setup failed: {name} is not what {JARS} has; 'boilerbench runners lock' writes it")


def newest(runner: FolderRunner, folder: Path) -> str:
    """Return the newest release of an extractor. `UnavailableError` where there is none."""
    command = [part.replace("{distribution}", runner.distribution) for part in of(runner).newest]
    found = re.search(r"\d+\.[\w.+-]*\w", _run(runner, command, folder))
    if not found:
        raise UnavailableError("it has no release")
    return found[0].removesuffix(".jar")


def take(runner: FolderRunner, version: str, folder: Path) -> None:
    """Copy a runner's folder, with another release of its extractor in its lock and in its runner.toml.

    `UnavailableError` where there is no such release, or nothing that fits it.
    """
    _copy(runner, folder)
    if runner.toolchain == "maven":
        artifact = re.escape(runner.distribution.partition(":")[2])
        _replace(folder / "pom.xml", rf"(<artifactId>{artifact}</artifactId>\s*<version>)[^<]*", rf"\g<1>{version}")
    else:
        command = [part.format(distribution=runner.distribution, version=version) for part in of(runner).take]
        _run(runner, command, folder)
    _lock(runner, folder)
    if worker := worker_of(runner):
        (folder / worker.name).unlink()
    shutil.rmtree(folder / "target", ignore_errors=True)
    _replace(folder / runner.file.name, r'(?m)^(version = )".*?"', rf'\g<1>"{version}"')


def lock(runner: FolderRunner, *, upgrade: bool) -> None:
    """Write the lock of what a folder declares; what was locked before stays where it fits, unless `upgrade`."""
    with temporary.Folder() as scratch:
        folder = Path(scratch) / "copy"
        _copy(runner, folder)
        for name in of(runner).locks if upgrade else ():
            if name != "go.mod":  # which says what is wanted, too, and of it the lowest that will do
                (folder / name).unlink(missing_ok=True)
        _lock(runner, folder)
        _same_release(runner, folder)
        for name in of(runner).locks:
            shutil.copyfile(folder / name, runner.folder / name)


def _copy(runner: FolderRunner, folder: Path) -> None:
    """Copy a folder, with the program that goes around it."""
    shutil.copytree(runner.folder, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    if worker := worker_of(runner):
        shutil.copyfile(worker, folder / worker.name)


def _lock(runner: FolderRunner, folder: Path) -> None:
    _run(runner, of(runner).lock, folder)
    if runner.toolchain == "maven":
        lines = sorted(_jars(folder), key=lambda line: line.split()[1])
        (folder / JARS).write_text("".join(f"{line}\n" for line in lines))


def _same_release(runner: FolderRunner, folder: Path) -> None:
    """Refuse a folder that says another release of its extractor than its lock, which is the one that is built."""
    lock = folder / of(runner).locks[0]
    name = re.escape(runner.distribution.rpartition(":")[2])
    found = re.search(of(runner).locked.replace("{distribution}", name), lock.read_text()) if lock.exists() else None
    if found and found[1] != runner.version:
        said = f"{runner.file.name} says version {runner.version} of {runner.distribution}"
        raise UnavailableError(f"{said}, {lock.name} {found[1]}: make them agree")


def _run(runner: FolderRunner, command: tuple[str, ...] | list[str], folder: Path) -> str:
    return setup.run(command, folder, list(runner.needs), of(runner).variables)


def _jars(folder: Path) -> set[str]:
    found = (folder / "target" / "lib").glob("*.jar")
    return {f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}" for jar in found}


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _replace(file: Path, pattern: str, by: str) -> None:
    text, count = re.subn(pattern, by, file.read_text("utf-8"))
    if not count:
        raise BadRunnerError(f"{file}: the version of its extractor cannot be found there")
    file.write_text(text, "utf-8")
