"""What readers share: finding files and folders, decoding texts, JSON and JSON Lines."""

import codecs
import glob
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from os.path import isfile
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

from boilerbench import places
from boilerbench.errors import BadSetError, UsageError
from boilerbench.files import require_content, typed
from boilerbench.model import UNSAID, Format, Gold, GoldSet, Markup, Metadata, Page, Segment
from boilerbench.sets import limits
from boilerbench.sets.formats import Reader
from boilerbench.text.decoding import without_surrogates

SNIPPETS = {"with_snippets": "with", "without_snippets": "without"}
"""What sets call the snippets that must and must not occur; Python has no field `with`."""

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
Entries: TypeAlias = Iterator[tuple[Page, Gold]]
Noted: TypeAlias = Generator[tuple[Page, Gold], None, Sequence[str]]
"""The same, which returns notes on what was read."""


class Prediction(NamedTuple):
    """What a system predicts for a page, in which format, where something says it, and what it says beside."""

    text: str
    format: Format | None = None
    metadata: Metadata = UNSAID


Predictions: TypeAlias = Iterator[tuple[str, str, Prediction]]
"""Predictions, each with its place, and the id of its page."""

T = TypeVar("T")


def published(name: str, source: str, licence: str = "") -> Callable[[Callable[[Path], Entries]], Reader]:
    """Make a published set of the pages that a function finds in a path."""

    def reader(entries: Callable[[Path], Entries]) -> Reader:
        @wraps(entries)
        def read(path: Path) -> GoldSet:
            notes: list[str] = []

            def noting() -> Iterator[tuple[Page, Gold]]:
                found: Any = entries(path)
                notes.extend((yield from found) or ())

            found = tuple(noting())
            return GoldSet(name, f"{name}:{path}", found, "", licence, source, tuple(notes))

        return read

    return reader


def body(text: str) -> Gold:
    """Gold that is one text."""
    return Gold((Segment("body", text),))


def markup_of(source: str, form: Format) -> Markup:
    """The structure of gold that is a document."""
    return Markup(form, without_surrogates(source))


def annotated(
    title: str | None, author: str | Sequence[str] | None, date: str | None, language: str | None = None
) -> Metadata:
    """Metadata of a set in which what is empty was not annotated."""
    names = [author] if isinstance(author, str) else author or ()
    return Metadata(title or None, tuple(filter(None, names)) or None, date or None, language or None)


def snippets(given: Iterable[str] | None) -> tuple[str, ...]:
    """Leave out blank snippets, which occur in everything."""
    return tuple(snippet for snippet in given or () if snippet.strip())


def folder_of(path: Path, *names: str) -> Path:
    """Return the first of the named folders that `path` has."""
    for name in names:
        if (path / name).is_dir():
            return path / name
    raise BadSetError(f"{path}: needs a folder {' or '.join(names)}")


def files_of(path: Path, *suffixes: str) -> list[Path]:
    """Return the files a path means: itself, those of a folder by suffix, a glob, or several with commas between.

    Each may be a URL.
    """
    found: list[Path] = []
    whole = "," not in str(path) or (not places.is_remote(path) and path.exists())
    for here in [path] if whole else map(places.place, str(path).split(",")):
        new = _remote_files(here, suffixes) if places.is_remote(here) else _local_files(here, suffixes)
        if not new:
            raise BadSetError(f"{here}: no such file, and no {' or '.join(suffixes)} file in it")
        found += new
    return found


def _local_files(here: Path, suffixes: tuple[str, ...]) -> list[Path]:
    if here.is_dir():
        return sorted(file for file in here.iterdir() if file.name.endswith(suffixes) and file.is_file())
    return [here] if here.is_file() else sorted(map(Path, glob.glob(str(here), recursive=True)))  # noqa: PTH207  the pattern may be absolute


def _remote_files(here: Path, suffixes: tuple[str, ...]) -> list[Path]:
    if places.is_file(here):
        return [here]
    if glob.has_magic(str(here)):
        return places.glob(here)
    return [file for file in places.glob(here / "*") if file.name.endswith(suffixes)]


def unread(path: Path, *suffixes: str) -> tuple[str, ...]:
    """Say in a line which files lie in folders of a folder, whose own files alone are read; nothing where none do."""
    deeper = path.glob("*/*") if not places.is_remote(path) and path.is_dir() else ()
    found = sorted(str(file) for file in deeper if file.name.endswith(suffixes))
    if not found:
        return ()
    return (f"{path} has {suffixes[0]} files in folders, too, which are not read: {some(found)}; name them or a glob",)


def some(names: Sequence[str]) -> str:
    """List the first three of some names."""
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")  # noqa: PLR2004  # a line's worth


def by_stem(folder: Path, *suffixes: str) -> dict[str, Path]:
    """Return a folder's files by their names without suffix; two of one name, which would be one page, are refused."""
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in suffixes and found.setdefault(file.stem, file) != file:
            raise BadSetError(f"{file}: {found[file.stem].name} is of page '{file.stem}', too; rename one of them")
    return found


def existing(needed_by: str, *places: Path) -> Path:
    """Return the file that has to be at one of some places, mostly the first."""
    for file in places:
        if isfile(file):  # noqa: PTH113  # Path.is_file raises for a name that no file can have
            return file
    raise BadSetError(f"{places[0]}: missing, though {needed_by} has gold for it")


def read_text(file: Path) -> str:
    """Decode a gold text: byte order mark, else UTF-8, else windows-1252; line ends become one line feed."""
    raw = content_of(file)
    encoding = next((name for bom, name in _BOMS.items() if raw.startswith(bom)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("windows-1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def converting(place: object) -> Iterator[None]:
    """Name the place of HTML or Markdown that no library can turn into text or a tree."""
    try:
        yield
    except RecursionError:
        raise BadSetError(f"{place}: its gold is nested too deeply") from None
    except ValueError as cause:
        raise BadSetError(f"{place}: {cause}") from None


def read_json(file: Path, kind: type[T], refuse: type[UsageError]) -> T:
    """Read a JSON file of a type, or raise `refuse` in one line that names the file and the place in it."""
    return typed(kind, _decoded(content_of(file, refuse, limits.JSON), file, None, refuse), file, refuse)


def json_lines(file: Path, kind: type[T], refuse: type[UsageError]) -> Iterator[tuple[str, int, T]]:
    """Read a value of a type per line but blank ones: its place as `file:line`, its offset in bytes, the value."""
    offset = 0
    require_content(file, refuse)
    try:
        with places.opened(file) as stream:
            for number, line in enumerate(limits.lines(stream, file, refuse), 1):
                if line.strip():
                    place = f"{file}:{number}"
                    yield place, offset, typed(kind, _decoded(line.rstrip(), file, number, refuse), place, refuse)
                offset += len(line)
    except OSError as cause:
        raise refuse(f"{file}: cannot be read: {cause.strerror or cause}") from None


def html_at(file: Path, offset: int, cleaned: Callable[[str], str] = str) -> bytes:
    """Read `html` of the line that starts at an offset, and clean it: UTF-8, a question mark for a lone surrogate."""
    with file.open("rb") as lines:
        lines.seek(offset)
        html = cleaned(_decoded(lines.readline(), file, 1, BadSetError)["html"])
    return html.encode("utf-8", "replace")


def content_of(file: Path, refuse: type[UsageError] = BadSetError, most: int | None = None) -> bytes:
    """Read a file that is no larger than a page, or than `most`, or raise `refuse` in one line."""
    require_content(file, refuse)
    return limits.read(file, most or limits.PAGE, refuse)


def _decoded(raw: bytes, file: Path, line: int | None, refuse: type[UsageError]) -> Any:
    """Decode JSON that is a line of a file, or the whole of it."""
    place = str(file) if line is None else f"{file}:{line}"
    try:
        return json.loads(raw, object_pairs_hook=_once)
    except json.JSONDecodeError as cause:
        at = f"{file}:{(line or 1) + cause.lineno - 1}:{cause.colno}"
        raise refuse(f"{at}: not JSON: {cause.msg}") from None
    except _TwiceError as cause:
        raise refuse(f"{place}: the key '{cause}' is there more than once") from None
    except RecursionError:
        raise refuse(f"{place}: nested too deeply") from None
    except ValueError as cause:
        raise refuse(f"{place}: not JSON: {cause}") from None


class _TwiceError(Exception):
    """A key that an object has twice, of which a dictionary would keep the last."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError(next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1))
    return found
