"""What a child reads beside what its runner's identity holds: files, and the names in folders, by their digests."""

import hashlib
import json
import stat
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from boilerbench.model import LEFT_OUT

_MOST = 10_000
"""How many files of one child are followed."""
_ABSENT, _CLOSED = "absent", "cannot be read"


class Inputs:
    """What one child has read until now, as it has told. Only what was not changed since the child began is known."""

    def __init__(self) -> None:
        self._since = time.time_ns()
        self._files: dict[str, str] = {}
        self._unseen = ""
        self.packed = ""
        """The files and their digests, as `unchanged` takes them; empty for none."""

    def add(self, message: Mapping[str, object]) -> None:
        """Take what a child says at any time; `ValueError` where that is nothing of the protocol."""
        files, why = message.get("files", []), message.get("unseen", "")
        if not (isinstance(files, list) and all(isinstance(each, str) for each in files) and isinstance(why, str)):
            raise ValueError("'files' is a list of paths, 'unseen' a reason")
        for path in files:
            self._files[path], changed = _look(path)
            if changed > self._since:
                why = f"{path} changed while it ran"
        if len(self._files) > _MOST:
            why = f"it reads more than {_MOST:,} files"
        self._unseen = self._unseen or why
        self.packed = _packed(self._files)

    @property
    def unseen(self) -> str:
        """Why extractions of this child must not be kept; empty where they may be: all it has read is as it was."""
        if not self._unseen:
            changed = (path for path, digest in self._files.items() if _look(path)[0] != digest)
            self._unseen = next((f"{path} changed while it ran" for path in changed), "")
        return self._unseen


def named(values: object) -> str:
    """Return the `paths` in settings, with the digests of what is there."""
    return "".join(_packed({path: _look(path)[0]}) for path in paths(values))


def paths(values: object) -> list[str]:
    """Return the absolute paths that stand in settings, in lists and objects of them too."""
    if isinstance(values, Mapping):
        values = [*values.values()]
    if isinstance(values, list | tuple):
        return [path for each in values for path in paths(each)]
    path = str(values).rpartition("=")[2] if isinstance(values, str) else ""
    return [path] if path.startswith("/") else []


class Unchanged:
    """Whether files are as they were, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {"": True}
        self._digests: dict[str, str] = {}

    def __call__(self, packed: str) -> bool:
        """Whether all files that `Inputs.packed` names have these digests now."""
        if packed not in self._known:
            self._known[packed] = all(self._digest(path) == digest for path, digest in json.loads(packed))
        return self._known[packed]

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            self._digests[path] = _look(path)[0]
        return self._digests[path]


def _packed(files: Mapping[str, str]) -> str:
    return json.dumps(sorted(files.items())) if files else ""


def _look(path: str) -> tuple[str, int]:
    """The digest of what is at a path, and when that changed last in nanoseconds, by the clock of the file system."""
    try:
        place = Path(path)
        about = place.stat()
        kept = about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino
        if stat.S_ISDIR(about.st_mode):
            return _names(place), about.st_ctime_ns
        if stat.S_ISREG(about.st_mode):
            return _content(place, *kept), place.stat().st_ctime_ns
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _ABSENT, 0
    except OSError:
        pass
    return _CLOSED, 0


@lru_cache(_MOST)
def _content(file: Path, *_when: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _names(folder: Path) -> str:
    names = sorted(each.name for each in folder.iterdir() if each.name not in LEFT_OUT)
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()
