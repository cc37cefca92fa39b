"""The catalogue of public sets, and the user's own copies of them, each checked against what is known of the set.

What is known is the number of pages and, where the set was read here, its fingerprint and, in
`catalogue_pages/NAME.txt`, each page's id and digest.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from boilerbench.errors import BadSetError, UnknownNameError, UsageError
from boilerbench.files import read_toml, sets_folder, typed
from boilerbench.model import Entry, GoldSet, Stream
from boilerbench.sets import formats
from boilerbench.sets.archives import fetch, inner, scratch, unpack
from boilerbench.storage import whole_folders


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalogue says of a set; an empty text is what could not be found out.

    `pages` are those read here, or else those that are published; `stated` is how many its makers say, and where.
    `owns` is the makers' own extractor, `granted` whether their licence permits use. The set lies in `folder` of
    `archive`; `sha256` is that of the archive where its bytes are fixed. `fingerprint` is that of the content where it
    was read here. Pages in `without` are left out. `trained` are runners that were trained on the set's pages, each
    with where that is said.
    """

    name: str
    format: str
    what: str
    pages: int
    languages: str
    gold: str
    maker: str
    owns: str
    licence: str
    granted: bool
    allows: str
    source: str
    archive: str
    sha256: str
    folder: str
    fingerprint: str
    stated: str = ""
    without: tuple[str, ...] = ()
    trained: Mapping[str, str] = field(default_factory=dict)

    def read(self, folder: Path) -> GoldSet:
        """Read the set as it lies in a folder."""
        found = formats.reader(self.format)(folder)
        if not self.without:
            return found
        entries = Stream(lambda: (entry for entry in found.entries if entry[0].id not in self.without))
        return replace(found, name=self.name, entries=entries)


_OWN = ".boilerbench.toml"
"""In the folder of an own version of a public set: of which."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A user's copy of a public set: where it is, what was found in it, and whether that is what is `expected`."""

    folder: Path
    pages: int
    fingerprint: str
    expected: bool


@cache
def public() -> Mapping[str, Listing]:
    """Every public set by name."""
    file = Path(__file__).with_suffix(".toml")
    entries = {name: {"name": name, **about} for name, about in read_toml(file, UsageError).items()}
    return MappingProxyType(typed(dict[str, Listing], entries, file, UsageError))


def listing(name: str) -> Listing:
    """Find a public set by name."""
    if name not in public():
        raise UnknownNameError("public set", name, list(public()))
    return public()[name]


def trained_on(name: str, fingerprint: str) -> frozenset[str]:
    """The runners that were trained on a set of that name, or of that content."""
    same = (each for each in public().values() if each.name == name or each.fingerprint == fingerprint != "")
    return frozenset(runner for each in same for runner in each.trained)


def installed() -> dict[str, Path]:
    """The public sets that are here, by name."""
    return {name: sets_folder() / name for name in public() if (sets_folder() / name).is_dir()}


def own() -> dict[str, Listing]:
    """The user's own versions of public sets, by the names they were given."""
    found = {file.parent.name: str(read_toml(file, BadSetError).get("of")) for file in sets_folder().glob(f"*/{_OWN}")}
    return {name: public()[of] for name, of in found.items() if of in public()}


def read(name: str) -> GoldSet:
    """Read a public set that is here, or an own version of one, which is called by its own name."""
    if name in own():
        return replace(own()[name].read(sets_folder() / name), name=name)
    return public()[name].read(installed()[name])


def unlike(name: str, found: GoldSet) -> str | None:
    """Say in a line how many pages of a public set are missing, surplus or changed; None where it is as it should be.

    Where nobody has read the set here, its number of pages alone is known.
    """
    about = public()[name]
    if not about.fingerprint:
        surplus = len(found.entries) - about.pages
        if not surplus or (found.cut and surplus < 0):
            return None
        return (
            f"{len(found.entries)} pages, not {about.pages}: {abs(surplus)} {'surplus' if surplus > 0 else 'missing'}"
        )
    if not found.cut and found.fingerprint == about.fingerprint:
        return None
    known, there = pages_of(name), dict(map(digest_of, found.entries))
    counts = {
        "missing": 0 if found.cut else len(known.keys() - there.keys()),
        "surplus": len(there.keys() - known.keys()),
        "changed": sum(known.get(page, digest) != digest for page, digest in there.items()),
    }
    if found.cut and not any(counts.values()):
        return None
    return f"{len(there)} pages, {about.pages} expected: " + ", ".join(f"{n} {what}" for what, n in counts.items())


def pages_of(name: str) -> dict[str, str]:
    """The pages of a set as it was read here: a digest by id."""
    file = Path(__file__).with_name("catalogue_pages") / f"{name}.txt"
    lines = (line.rpartition(" ") for line in file.read_text("utf-8").splitlines())
    return {page: digest for page, _, digest in lines}


def digest_of(entry: Entry) -> tuple[str, str]:
    """A page's id, and a digest of what it is and what gold says of it."""
    page, gold = entry
    return page.id, hashlib.sha256(f"{page.digest} {gold.digest}".encode()).hexdigest()[:16]


def pull(name: str, tell: Callable[[int, int], None], *, accepted: bool) -> Kept:
    """Download a public set into the user's folder, unless it is there already and sound.

    `tell` is given the progress, see `archives.fetch`. A set whose makers grant no licence has to be `accepted`.
    """
    about = listing(name)
    here = _present(about)
    if here and about.fingerprint in ("", here.fingerprint):
        return here
    if not (about.granted or accepted):
        raise UsageError(
            f"{name}: {about.licence or 'no licence is known'}; {about.allows or 'what it allows is not known'}: "
            "where you may use it nevertheless, say so by --accept-licence"
        )
    if not about.archive:
        raise UsageError(
            f"{name}: there is no archive of it that is fixed by a commit; take it from {about.source}, then: "
            f"boilerbench sets import {name} FOLDER"
        )
    with scratch(sets_folder() / name) as work:
        return install(name, fetch(about.archive, about.sha256, work, tell), about.archive)


def install(name: str, source: Path, called: str = "", mine: str = "") -> Kept:
    """Take a public set from a folder or an archive, which a refusal names as `called`, into the user's folder.

    A set that is not the expected one is refused, unless it is to be an own version, called `mine`; then nothing is
    kept. One that was there before is replaced, unless it is the same.
    """
    about, target = listing(name), sets_folder() / (mine or name)
    if not source.exists():
        raise BadSetError(f"{source} does not exist")
    with scratch(target) as work:
        if not source.is_dir():
            try:
                unpack(source, work / "unpacked", about.folder)
            except BadSetError as cause:
                raise BadSetError(f"{called or source}: {cause}") from None
        folder = inner(source if source.is_dir() else work / "unpacked", about.folder)
        found = about.read(folder)
        if not found.entries:
            raise BadSetError(f"{called or source}: no pages of {name} in it")
        fixed = called and about.sha256 and not about.fingerprint  # then what its archive has is what it is
        if not (mine or fixed) and (wrong := unlike(name, found)):
            raise BadSetError(f"{called or source}: not {name} as expected: {wrong}; --as NAME keeps it as your own")
        kept = Kept(target, len(found.entries), found.fingerprint, found.fingerprint == about.fingerprint)
        here = None if mine else _present(about)
        if not here or here.fingerprint != kept.fingerprint:
            if source.is_dir():
                folder = _copied(folder, work / "copied")
            if mine:
                (folder / _OWN).write_text(f'of = "{name}"\n', "utf-8")
            whole_folders.put(folder, target)
    return kept


def _copied(folder: Path, to: Path) -> Path:
    try:
        return Path(shutil.copytree(folder, to))
    except shutil.Error as cause:
        copied, _, why = cause.args[0][0]
        raise BadSetError(f"{copied}: cannot be copied: {why}") from None


def _found(about: Listing, folder: Path) -> Kept:
    """Read a set that lies in a folder as the one that is the user's copy."""
    found = about.read(folder)
    return Kept(folder, len(found.entries), found.fingerprint, found.fingerprint == about.fingerprint)


def _present(about: Listing) -> Kept | None:
    """Read the copy that a user has; a damaged one is none."""
    with suppress(BadSetError, OSError):
        return _found(about, installed()[about.name]) if about.name in installed() else None
    return None
