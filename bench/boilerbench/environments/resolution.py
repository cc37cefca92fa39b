"""Decides which packages a runner gets: writes its lock, and resolves the release, folder or repository behind `@`."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from boilerbench import __version__
from boilerbench.environments import building, environment, sources, toolchains, uv
from boilerbench.errors import BadRunnerError, UnavailableError, UsageError
from boilerbench.model import FolderRunner, Runner
from boilerbench.storage import temporary

OLDEST_PYTHON = "3.9"
"""The oldest Python that the worker runs on."""
OTHER_PYTHONS = ("3.13", "3.12", "3.11", "3.10", OLDEST_PYTHON)
"""What is tried, in turn, for a release that the runner's own Python is too new or too old for."""


def lock(runner: Runner, *, upgrade: bool = False) -> None:
    """Resolve the runner's dependencies for every system and write versions and hashes beside it.

    Versions locked before stay where they still fit, unless `upgrade` is given.
    """
    if isinstance(runner, FolderRunner):
        if not runner.toolchain:
            raise UsageError(f"{runner.label}: a folder keeps its own lock; make it anew with its own tools")
        toolchains.lock(runner, upgrade=upgrade)
        return
    if runner.unlocked:
        raise UsageError(f"{runner.label}: only what a runner itself declares is locked; leave out '@…'")
    oldest = [part.version for part in uv.specifiers(runner) if part.operator in (">=", "==", "~=")]
    python = max((version.removesuffix(".*") for version in oldest), key=Version, default=OLDEST_PYTHON)
    options = ["--universal", "--python-version", python, "--output-file", str(runner.lock)]
    _compiled(runner.dependencies, *options, *["--upgrade"] * upgrade)


def check(runner: Runner) -> None:
    """Raise `UsageError` where the runner's origin cannot be one, without looking beyond this machine."""
    if isinstance(runner, FolderRunner):
        _check_folder(runner)
        return
    if not runner.distribution:
        raise UsageError(f"{runner.label}: runner '{runner.name}' has no distribution to take from elsewhere")
    if runner.origin.startswith(sources.GIT):
        sources.split(runner.origin)
    elif sources.is_folder(runner.origin):
        if not Path(runner.origin).expanduser().is_dir():
            raise UsageError(f"{runner.label}: there is no folder {runner.origin}")
    else:
        try:
            Version(runner.origin)
        except InvalidVersion:
            other = f"no folder (./{runner.origin}) and no git+URL; variant and options stand before '@'"
            raise UsageError(f"{runner.label}: '{runner.origin}' is no release, {other}") from None


def pin(runner: Runner) -> Runner:
    """Return the runner with all that it gets pinned, where it was asked for with an origin; any other as it is.

    A release is resolved once and then kept. A folder is built by the content of its files, a repository by the commit
    that its reference stands for now. Where that fails, the runner says why it is unavailable.
    """
    if not runner.unlocked:
        return runner
    try:
        found = replace(runner, unavailable="")
        return _taken(found) if isinstance(found, FolderRunner) else _pinned(found)
    except UnavailableError as cause:
        return replace(runner, unavailable=str(cause))


def _check_folder(runner: FolderRunner) -> None:
    if not runner.toolchain:
        raise UsageError(f"{runner.label}: a folder pins its own version; for another, copy it and change the copy")
    if not re.fullmatch(r"v?\d[\w.+-]*", runner.origin):
        raise UsageError(f"{runner.label}: '{runner.origin}' is no release, which alone can stand here behind '@'")


def _taken(runner: FolderRunner) -> FolderRunner:
    """A folder in the cache, as its own with another release in its lock."""
    version = runner.origin.removeprefix("v")
    parts = [__version__, runner.content, environment.programs_of(runner), version]
    place = f"resolutions/{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}"
    folder = building.once(place, partial(toolchains.take, runner, version))
    return replace(
        runner, origin=version, pinned=version, file=folder / runner.file.name, lock=folder / runner.file.name
    )


def _pinned(runner: Runner) -> Runner:
    """Prefer the runner's Python; take another where only that has a wheel of every package, as old releases need."""
    with suppress(UnavailableError):
        return _pinned_for_python(runner, "--no-build")
    try:
        found = _pinned_for_python(runner)
    except UnavailableError as cause:
        if "Python version" in str(cause) and (other := _on_another_python(runner)):
            return other
        raise
    return _on_another_python(runner) or found


def _on_another_python(runner: Runner) -> Runner | None:
    for python in OTHER_PYTHONS:
        with suppress(UnavailableError):
            return _pinned_for_python(replace(runner, requires_python=f"=={python}.*"), "--no-build")
    return None


def _pinned_for_python(runner: Runner, *options: str) -> Runner:
    interpreter = uv.interpreter_for(runner)
    origin, wheel = _fetched(runner.origin, interpreter)
    dependencies = _replaced(runner, f" @ {wheel.as_uri()}" if wheel else f"=={origin}")

    def resolve(lock: Path) -> None:
        lock.write_text(_compiled(dependencies, "--python", str(interpreter.python), *options))

    lock = building.once(f"resolutions/{_key(interpreter, *dependencies, *options)}.lock", resolve)
    return replace(runner, origin=origin, lock=lock)


def _fetched(origin: str, interpreter: uv.Interpreter) -> tuple[str, Path | None]:
    """What an origin stands for now, and its wheel; None for a release, which the index has."""
    if origin.startswith(sources.GIT):
        repository, commit = sources.commit(origin)
        found = f"{sources.GIT}{repository}@{commit}"
        return found, _wheel(interpreter, found, lambda tree: sources.clone(repository, commit, tree))
    if sources.is_folder(origin):
        folder = Path(origin).expanduser().resolve()
        files = sources.names(folder)
        found = f"sha256:{sources.digest(folder, files)}"

        def snapshot(tree: Path) -> None:
            sources.copy(folder, files, tree)
            if f"sha256:{sources.digest(tree, files)}" != found:
                raise UnavailableError(f"{folder} changed while it was read; run again")

        return found, _wheel(interpreter, found, snapshot)
    return origin, None


def _replaced(runner: Runner, place: str) -> list[str]:
    """The runner's dependencies, with its distribution taken from `place`."""
    try:
        declared = list(map(Requirement, runner.dependencies))
    except ValueError as cause:
        raise BadRunnerError(f"{runner.file}: dependencies: {cause}") from cause
    wanted = canonicalize_name(runner.distribution)
    own = [each for each in declared if canonicalize_name(each.name) == wanted]
    extras = ",".join(sorted({extra for each in own for extra in each.extras}))
    others = [str(each) for each in declared if each not in own]
    return [runner.distribution + (f"[{extras}]" if extras else "") + place, *others]


def _compiled(dependencies: Sequence[str], *options: str) -> str:
    fixed = ("--generate-hashes", "--no-header", "--no-annotate")
    return uv.ask("pip", "compile", *fixed, *options, "-", text="\n".join(dependencies))


def _wheel(interpreter: uv.Interpreter, origin: str, fetch: Callable[[Path], None]) -> Path:
    """Build the wheel of a source tree, once: `fetch` puts the tree into a folder that does not exist yet."""

    def build(out: Path) -> None:
        with temporary.Folder(out.parent, "partial") as scratch:
            tree = Path(scratch) / "tree"
            fetch(tree)
            uv.ask("build", "--wheel", "--python", str(interpreter.python), "--out-dir", str(out), str(tree))

    return next(building.once(f"wheels/{_key(interpreter, origin)}", build).glob("*.whl"))


def _key(interpreter: uv.Interpreter, *parts: str) -> str:
    return hashlib.sha256(json.dumps([interpreter.identity, *parts]).encode()).hexdigest()[:32]
