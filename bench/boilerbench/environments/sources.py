"""Source trees to build an extractor from: a folder by its content, a git repository by its commit."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from boilerbench.errors import UnavailableError, UsageError
from boilerbench.process import programs

GIT = "git+"
_HOOK = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")
"""What git sets for a hook, which is where somebody may run a benchmark of another repository."""


def is_folder(origin: str) -> bool:
    """Return whether an origin that is no git+URL is meant as a folder, there or not."""
    return "/" in origin or origin in (".", "..", "~")


def names(folder: Path) -> list[str]:
    """Return the files of a folder, relative to it and sorted.

    A git working tree has the files that git would commit; elsewhere all count but hidden ones and compiled Python.
    """
    found: set[str] = set()
    with suppress(UnavailableError):
        found.update(_git("ls-files", "-z", "--cached", "--others", "--exclude-standard", at=folder).split("\0"))
    found = found - {""} or set(_walk(folder))  # a repository around this folder may ignore it
    for name in [name for name in found if (folder / name).is_dir() and not (folder / name).is_symlink()]:
        found.remove(name)  # a submodule, or a repository inside this one
        found.update(f"{name.rstrip('/')}/{inner}" for inner in names(folder / name))
    return sorted(name for name in found if os.path.lexists(folder / name))


def digest(folder: Path, files: list[str]) -> str:
    """Return the SHA-256 of the names and contents of files, of no time: a touched file is the same."""
    whole = hashlib.sha256()
    for name in files:
        file = folder / name
        content = file.read_bytes() if file.is_file() else os.fsencode(file.readlink())
        kind = b"x" if os.access(file, os.X_OK) else b"f"
        whole.update(kind + hashlib.sha256(os.fsencode(name)).digest() + hashlib.sha256(content).digest())
    return whole.hexdigest()


def copy(folder: Path, files: list[str], into: Path) -> None:
    """Copy files, and the git history from which some projects read their version."""
    into.mkdir()
    if (folder / ".git").exists():
        _git("clone", "--shared", "--no-checkout", str(folder), str(into), check=False)
        _git("read-tree", "HEAD", at=into, check=False)
    for name in files:
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, into / name, follow_symlinks=(folder / name).is_file())


def commit(url: str) -> tuple[str, str]:
    """Return the repository of git+URL[@REF] and the commit that its branch, tag, or full hash stands for now."""
    repository, reference = split(url)
    if re.fullmatch("[0-9a-f]{40}", reference):
        return repository, reference
    patterns = [f"refs/heads/{reference}", f"refs/tags/{reference}", f"refs/tags/{reference}^{{}}"]
    found = _git("ls-remote", repository, *(patterns if reference else ["HEAD"])).split()
    if not found:
        advice = "a commit is written in full, as git rev-parse prints it"
        raise UnavailableError(f"{repository} has no branch or tag '{reference}'; {advice}")
    return repository, found[-2]


def clone(repository: str, revision: str, into: Path) -> None:
    """Check out a commit of a repository, with its submodules."""
    _git("clone", "--no-checkout", repository, str(into))
    _git("checkout", "--detach", revision, at=into)
    _git("submodule", "update", "--init", "--recursive", at=into)


def split(url: str) -> tuple[str, str]:
    """Return the repository and the branch, tag or commit of git+URL[@REF]. `UsageError` where it is none."""
    parts = urlsplit(url.removeprefix(GIT))
    if parts.scheme.startswith("http") and "@" in parts.netloc:
        advice = "names are printed and kept; leave the password to git's own helpers"
        raise UsageError(f"{GIT}{parts.scheme}://…: {advice}")
    if parts.fragment or not parts.scheme:
        raise UsageError(f"'{url}' is not {GIT}URL or {GIT}URL@BRANCH")
    path, mark, reference = parts.path.rpartition("@")
    return urlunsplit(parts._replace(path=path if mark else reference)), reference if mark else ""


def _walk(folder: Path) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        yield from (os.path.relpath(Path(place) / name, folder) for name in files if name[0] != ".")


def _git(*arguments: str, at: Path | None = None, check: bool = True) -> str:
    kept = {key: value for key, value in os.environ.items() if key not in _HOOK}
    environment = kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    done = programs.run(["git", "-c", "gc.auto=0", *arguments], env=environment, cwd=at)
    if done.returncode and check:
        told = [line for line in done.stderr.splitlines() if line.startswith(("fatal: ", "error: "))]
        raise UnavailableError(f"git {arguments[0]}: " + (told or [done.stderr.strip()])[0])
    return done.stdout
