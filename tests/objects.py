"""An object store for tests, `objects://PATH`, which several processes share: files that appear whole, and no locks.

    python -m tests.objects run nothing --out objects:///tmp/run

is the command in a process that knows it. Nothing in it can be renamed, appended to or made as a folder; a line in
the file that $TESTS_OBJECTS names says each object that was put or removed.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem


class Objects(LocalFileSystem):  # type: ignore[misc]  # the package has no types
    """Files below the root of this machine, put whole."""

    protocol = "objects"

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + str(path).removeprefix("objects://").strip("/")

    def put_file(self, lpath: str, rpath: str, **_: Any) -> None:
        """Put an object whole."""
        target = Path(self._strip_protocol(rpath))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(lpath, partial := target.with_name(f".{target.name}"))
        partial.rename(target)
        note("put", target)

    def pipe_file(self, path: str, value: bytes, **_: Any) -> None:
        """Put bytes."""
        Path(self._strip_protocol(path)).parent.mkdir(parents=True, exist_ok=True)
        Path(self._strip_protocol(path)).write_bytes(value)

    def rm(self, path: str, **how: Any) -> None:
        """Remove objects."""
        super().rm(path, **how)
        note("removed", Path(self._strip_protocol(path)))

    def mkdir(self, *_: Any, **__: Any) -> None:
        """Do nothing: there are no folders."""

    makedirs = mkdir

    def mv(self, *_: Any, **__: Any) -> None:
        """Refuse: objects cannot be renamed."""
        raise NotImplementedError

    def open(self, path: str, mode: str = "rb", **how: Any) -> Any:
        """Open to read alone."""
        if mode != "rb":
            raise NotImplementedError
        return super().open(path, mode, **how)


def note(what: str, path: Path) -> None:
    """Note it, if that is asked for."""
    if log := os.environ.get("TESTS_OBJECTS"):
        with Path(log).open("a", encoding="utf-8") as stream:
            stream.write(f"{what} {path.name}\n")


fsspec.register_implementation("objects", Objects)

if __name__ == "__main__":
    from boilerbench.cli import main

    sys.exit(main())
