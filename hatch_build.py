"""Packs our own pages for a wheel, an archive a set, in which a text that page and gold share is kept once."""

import gzip
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SETS = ("typical", "hard")
_PRESET = 1
"""Of xz: a higher one takes five times as long for a tenth of the size."""


class PagesHook(BuildHookInterface[Any]):
    """Puts `goldset/NAME.tar.xz` into wheels, but for an editable installation, which has the folders."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Pack, and let the wheel have the archives."""
        if version == "editable":
            return
        self._home = TemporaryDirectory()  # which is there until the wheel is made
        for name in SETS:
            archive = Path(self._home.name) / f"{name}.tar.xz"
            pack(Path(self.root) / "goldset" / name, archive)
            build_data["force_include"][str(archive)] = f"boilerbench/shipped/goldset/{archive.name}"


def pack(folder: Path, archive: Path) -> None:
    """Pack the set.toml and the pages of a set, whose HTML is no longer packed by itself. Equal files, equal bytes."""
    files = [folder / "set.toml", *sorted(file for file in (folder / "pages").rglob("*") if file.is_file())]
    with tarfile.open(archive, "w:xz", preset=_PRESET) as out:
        for file in files:
            content, name = file.read_bytes(), file.relative_to(folder)
            if file.suffix == ".gz":
                content, name = gzip.decompress(content), name.with_suffix("")
            member = tarfile.TarInfo(name.as_posix())
            member.size = len(content)
            out.addfile(member, BytesIO(content))
