"""The catalogue of public sets, and the user's own copies of them, each checked against its fingerprint."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from boilerbench.errors import BadSetError, UnknownNameError, UsageError
from boilerbench.files import read_toml, sets_folder, typed
from boilerbench.sets import formats
from boilerbench.sets.archives import fetch, inner, scratch, unpack


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalogue says of a set; an empty text is what could not be found out.

    `pages` are those read here, or else those that are published. `owns` is the makers' own extractor, `granted`
    whether their licence permits use. The set lies in `folder` of `archive`; `sha256` is that of the archive where its
    bytes are fixed. `fingerprint` is that of the content where it was read here.
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


def installed() -> dict[str, Path]:
    """The public sets that are here, by name."""
    return {name: sets_folder() / name for name in public() if (sets_folder() / name).is_dir()}


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
    with scratch(sets_folder() / name) as work:
        return install(name, fetch(about.archive, about.sha256, work, tell), about.archive)


def install(name: str, source: Path, called: str = "") -> Kept:
    """Take a public set from a folder or an archive, which a refusal names as `called`, into the user's folder.

    A set that is not the expected one is refused, and then nothing is kept; one that was there before is replaced,
    unless it is the same.
    """
    about, target = listing(name), sets_folder() / name
    if not source.exists():
        raise BadSetError(f"{source} does not exist")
    with scratch(target) as work:
        if not source.is_dir():
            try:
                unpack(source, work / "unpacked", about.folder)
            except BadSetError as cause:
                raise BadSetError(f"{called or source}: {cause}") from None
        folder = inner(source if source.is_dir() else work / "unpacked", about.folder)
        found = _found(about, folder)
        if not found.pages or about.fingerprint not in ("", found.fingerprint):
            raise BadSetError(
                f"{called or source}: not {name} as expected: {found.pages} pages, not {about.pages}; "
                f"fingerprint {found.fingerprint[:12]}, not {about.fingerprint[:12] or 'known'}"
            )
        here = _present(about)
        if not here or here.fingerprint != found.fingerprint:
            if source.is_dir():
                try:
                    folder = Path(shutil.copytree(folder, work / "copied"))
                except shutil.Error as cause:
                    copied, _, why = cause.args[0][0]
                    raise BadSetError(f"{copied}: cannot be copied: {why}") from None
            _put(folder, target, work)
    return found


def _found(about: Listing, folder: Path) -> Kept:
    """Read a set that lies in a folder as the one that will be the user's copy."""
    found = formats.reader(about.format)(folder)
    expected = found.fingerprint == about.fingerprint
    return Kept(sets_folder() / about.name, len(found.entries), found.fingerprint, expected)


def _present(about: Listing) -> Kept | None:
    """Read the copy that a user has; a damaged one is none."""
    with suppress(BadSetError, OSError):
        return _found(about, installed()[about.name]) if about.name in installed() else None
    return None


def _put(folder: Path, target: Path, work: Path) -> None:
    """Put a whole folder in place at once; of several that do so at the same time, one remains, whole."""
    while True:
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
            with suppress(FileNotFoundError):
                target.rename(Path(tempfile.mkdtemp(dir=work)) / "old")
        else:
            return
