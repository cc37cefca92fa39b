"""Names of sets and files, made of their paths: such as a folder can have, and told apart where paths end alike."""

import glob
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from boilerbench.places import is_remote

NAME = re.compile(r"\w[\w.-]*")
"""What a set can be called: a folder of published results has its name."""

_QUERY = re.compile(r"^(https?:/[^?]*)\?.*")
_LISTED = 3
"""Of how many paths a set is called by all."""


def name_of(path: Path) -> str:
    """Name a set after its file or folder, after the folder that a glob begins in, or after all of several paths.

    What stands behind the question mark of a web address is no part of it.
    """
    here = not is_remote(path) and os.path.exists(path)  # noqa: PTH110  several together may be too long for a path
    parts = [path] if here else [Path(_QUERY.sub(r"\1", part)) for part in str(path).split(",")]
    names = list(dict.fromkeys(apart([_own(part) for part in parts], parts)))
    if len(names) > _LISTED:
        names[_LISTED - 1 :] = [f"and-{len(names) - _LISTED + 1}-more"]
    return _usable("-".join(names))


def _usable(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "set"


def _own(path: Path) -> str:
    """The name of a folder, or that of a file without what tells its format."""
    while glob.has_magic(str(path)):
        path = path.parent
    return path.resolve().name if path.is_dir() else Path(path.name.removesuffix(".gz")).stem


def apart(names: Sequence[str], places: Sequence[Path | None]) -> list[str]:
    """Put before names that are equal as many of the folders above their places as tell them apart.

    A name without a place stays as it is, and so do names that nothing tells apart.
    """
    above = [Path(os.path.abspath(str(place))).parts[1:-1] if place else () for place in places]  # noqa: PTH100  # links stay
    found = list(names)
    for depth in range(1, max(map(len, above), default=0) + 1):
        times = Counter(found)
        for index, folders in enumerate(above):
            if times[found[index]] > 1:
                found[index] = _usable("-".join((*folders[-depth:], names[index])))
    times = Counter(found)
    return [name if times[name] == 1 else old for name, old in zip(found, names, strict=True)]
