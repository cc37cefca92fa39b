"""The catalogue of public sets, and the user's own copies of them, each checked against its fingerprint."""

from __future__ import annotations

import os
import shutil
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from bench.errors import BadSetError, UnknownNameError
from bench.sets.unpack import staged

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA_VARIABLE = "BOILERBENCH_SETS"


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalogue says of a set. `owns` is the makers' own extractor, `commit` the source's as it was read."""

    name: str
    format: str
    what: str
    pages: int
    languages: str
    gold: str
    maker: str
    owns: str
    licence: str
    allows: str
    source: str
    commit: str
    fingerprint: str


@cache
def public() -> Mapping[str, Listing]:
    """Every public set by name."""
    found = tomllib.loads(files("bench.sets").joinpath("catalogue.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: Listing(name, **about) for name, about in found.items()})


def home() -> Path:
    """Return the folder of the sets a user has: `BOILERBENCH_SETS`, or else in the user's data folder."""
    import platformdirs

    return Path(os.environ.get(DATA_VARIABLE) or Path(platformdirs.user_data_dir("boilerbench")) / "sets").absolute()


def installed() -> dict[str, Path]:
    """The public sets that are here, by name."""
    return {name: home() / name for name in public() if (home() / name).is_dir()}


def install(name: str, source: Path, modules: Mapping[str, str]) -> Path:
    """Copy a public set from a folder or an archive into the user's folder, and return where it is.

    `modules` names the reader of each format. A set that is not the expected one is refused, and then nothing is kept;
    one that was there before is replaced.
    """
    if name not in public():
        raise UnknownNameError("public set", name, list(public()))
    if not source.exists():
        raise BadSetError(f"{source} does not exist")
    listing, target = public()[name], home() / name
    with staged(source, target) as folder:
        read = import_module(modules[listing.format]).read
        found = read(folder)
        if found.fingerprint != listing.fingerprint:
            raise BadSetError(
                f"{source}: not {name} as expected: {len(found.entries)} pages, fingerprint {found.fingerprint[:12]}, "
                f"not {listing.pages} pages, {listing.fingerprint[:12]}"
            )
        _keep(folder, target)
    return target


def _keep(folder: Path, target: Path) -> None:
    """Put a copy in place at once: until it is whole it has another name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    whole = target.with_name(f".{target.name}.new")
    shutil.rmtree(whole, ignore_errors=True)
    shutil.copytree(folder, whole)
    if target.exists():
        shutil.rmtree(target)
    whole.rename(target)
