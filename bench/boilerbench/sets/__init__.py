"""In: a name, FORMAT:PATH, or either behind NAME=. Out: a `GoldSet`, pages with gold; in `outputs`, predictions.

Not here: what a runner makes of a page.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from glob import glob
from itertools import islice
from pathlib import Path
from typing import Any

from boilerbench import places
from boilerbench.errors import BadSetError, UnknownNameError, UsageError
from boilerbench.files import require_content, sets_folder
from boilerbench.model import FIELDS, Entry, Gold, GoldSet, Markup, Page, Segment, Stream
from boilerbench.process import confinement
from boilerbench.sets import catalogue, formats, limits, shipped_sets
from boilerbench.sets.formats.layout import some
from boilerbench.sets.naming import NAME, apart, name_of
from boilerbench.sets.spool import Passing, Spool
from boilerbench.text.blocks import projection
from boilerbench.text.decoding import decode, without_surrogates
from boilerbench.text.stated_dates import stated_dates

HELD, HELD_TEXT = 2048, 2**25
"""Pages of a set that are held in memory with their gold, and characters of that; of a larger set none are."""


def load(spec: str, most: int | None = None) -> GoldSet:
    """Read the set that `spec` names: a known name, or FORMAT:PATH; before either may stand another name and `=`.

    With `most`, its first pages are read alone.
    Raises `UnknownNameError` for a name or a format that does not exist, `BadSetError` for what cannot be read.
    """
    name, named, rest = spec.partition("=")
    if not named or ":" in name:
        return _load(spec, most)
    if not NAME.fullmatch(name):
        raise UsageError(f"set name '{name}': a name has letters, digits, '.', '_' and '-', and begins with no sign")
    return replace(_load(rest, most), name=name, spec=spec)


def require_free(name: str) -> None:
    """Raise `UsageError` where a set cannot be given that name, which is no name or another's."""
    if not NAME.fullmatch(name):
        raise UsageError(f"set name '{name}': a name has letters, digits, '.', '_' and '-', and begins with no sign")
    if name in (*shipped_sets.FOLDERS, *catalogue.public()):
        raise UsageError(f"set name '{name}' is that of another set")


def load_all(specs: Sequence[str], most: int | None = None) -> list[GoldSet]:
    """Read sets to be told apart by their names: where these are equal, by those of the folders they are in.

    Raises `UsageError` for two sets of one name that cannot be told apart so.
    """
    found = [load(spec, most) for spec in specs]
    places = [_place(goldset) for goldset in found]
    called: dict[str, GoldSet] = {}
    for goldset, name in zip(found, apart([each.name for each in found], places), strict=True):
        if other := called.get(name):
            raise UsageError(
                f"set '{name}' was asked for more than once: {other.spec} and {goldset.spec}; "
                f"if they are different sets, name one: --set NAME={goldset.spec.rpartition('=')[2]}"
            )
        told = name == goldset.name
        called[name] = goldset if told else replace(goldset, name=name, spec=f"{name}={goldset.spec}")
    return list(called.values())


def _place(goldset: GoldSet) -> Path | None:
    """The path that a set is named after or, where it has another name, one within; none where the name was given."""
    form, colon, path = goldset.spec.partition(":")
    if not colon or "=" in form:
        return None
    return Path(path) if goldset.name == name_of(Path(path)) else Path(path) / goldset.name


def _load(spec: str, most: int | None) -> GoldSet:
    form, colon, path = spec.partition(":")
    if colon:
        return _read(form, places.place(path), spec, most)
    if spec in shipped_sets.FOLDERS:
        return _read("native", shipped_sets.folder(spec), spec, most)
    if spec in catalogue.installed() or spec in catalogue.own():
        return _ready_set(catalogue.read(spec), sets_folder() / spec, spec, most)
    if spec in catalogue.public():
        raise BadSetError(f"set '{spec}' is not here yet; run: boilerbench sets pull {spec}")
    names = [*shipped_sets.FOLDERS, *catalogue.public(), *catalogue.own()]
    raise UnknownNameError("set", spec, [*names, *(f"{form}:PATH" for form in formats.names())])


def _read(form: str, path: Path, spec: str, most: int | None) -> GoldSet:
    read = formats.reader(form)
    several = getattr(read, "several", False)
    if places.is_remote(path):
        if not several:
            raise BadSetError(f"set '{spec}': a set of this format has to be on this machine; it cannot be a URL")
        return _ready_set(read(path), path, spec, most)
    confinement.hide(path, *(Path(each) for part in str(path).split(",") for each in glob(part, recursive=True)))  # noqa: PTH207  # as the readers do
    if not (several or path.exists()):
        raise BadSetError(f"set '{spec}': {path} does not exist")
    with _readable(spec):
        return _ready_set(read(path), path, spec, most)


@contextmanager
def _readable(spec: str) -> Iterator[None]:
    """Say in one line which file of a set cannot be opened or read, whatever its reader opens."""
    try:
        yield
    except OSError as cause:
        where = cause.filename or f"set '{spec}'"
        raise BadSetError(f"{where}: cannot be read: {cause.strerror or cause}") from None


def _ready_set(whole: GoldSet, path: Path, spec: str, most: int | None) -> GoldSet:
    """What was found in a path, called by `spec`, with its pages held where they are few."""
    found = first(whole, most)
    entries = _held(found, spec)
    if not entries:
        there = "" if found.left_out or places.is_remote(path) or path.exists() else ", which does not exist"
        raise BadSetError("; ".join((f"set '{spec}': no pages in {path}{there}", *_notes(found))))
    return replace(found, spec=spec, entries=entries)


def _held(found: GoldSet, spec: str) -> Sequence[Entry]:
    """Hold the pages of a set that has a few, as a tuple; those of others are a stream."""
    if not isinstance(found.entries, Stream):
        return tuple(_ready(found.entries, spec))
    entries, size = [], 0
    for page, gold in _ready(found.entries, spec):
        entries.append((page, gold))
        size += sum(len(segment.text) for segment in gold.segments)
        if len(entries) > HELD or size > HELD_TEXT:
            return Stream(lambda: _all_ready(found.entries, spec))
    return tuple(entries)


def _all_ready(entries: Iterable[Entry], spec: str) -> Iterator[Entry]:
    with _readable(spec):
        yield from _ready(entries, spec)


def _ready(entries: Iterable[Entry], spec: str) -> Iterator[Entry]:
    """Let each page be read once, and refuse one that is there again.

    Lone surrogates, which JSON can bring, are replaced: no result file can hold them.
    """
    names = ("id", "url", "charset", "language", "page_type", "stated_site")
    seen: set[str] = set()
    for number, (page, gold) in enumerate(entries):
        if number % HELD == 0:
            spool = Spool()
        texts: dict[str, Any] = {name: without_surrogates(text) for name in names if (text := getattr(page, name))}
        if texts["id"] in seen:
            raise BadSetError(f"set '{spec}': page {texts['id']} is there more than once")
        seen.add(texts["id"])
        if file := page.file or page.around:
            require_content(file, BadSetError)
        read = spool.once(limits.bounded(page, spec))
        if isinstance(page.read, Passing):
            read()
        page = replace(page, read=read, **texts)  # noqa: PLW2901  the same page
        gold = replace(  # noqa: PLW2901  the same gold
            gold,
            segments=_clean(gold.segments),
            with_snippets=tuple(map(without_surrogates, gold.with_snippets)),
            without_snippets=tuple(map(without_surrogates, gold.without_snippets)),
            metadata=gold.metadata.each(without_surrogates),
            stated_dates=partial(_stated_dates, read) if gold.metadata.date else None,
        )
        if not gold.markup and [segment.label for segment in gold.segments] == ["body"]:
            gold = replace(gold, markup=Markup("html", partial(_own_markup, page, gold)))  # noqa: PLW2901  likewise
        yield page, gold


@lru_cache(maxsize=8)
def _clean(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The same without lone surrogates: once, where pages that come one after the other have the same."""
    return tuple(Segment(segment.label, without_surrogates(segment.text)) for segment in segments)


def _own_markup(page: Page, gold: Gold) -> str:
    """The elements of a page that the one text of its gold stands in; none where that cannot be told."""
    try:
        return projection.projected(decode(page.read(), page.charset), gold.segments[0].text, page.url or "")
    except ValueError:
        return ""


def _stated_dates(read: Callable[[], bytes]) -> tuple[str, str]:
    return stated_dates(read())


def first(goldset: GoldSet, most: int | None) -> GoldSet:
    """Cut a set to its first pages, where that is asked for."""
    return goldset if most is None else replace(goldset, entries=goldset.entries[:most], cut=True)


def lacks(goldset: GoldSet) -> str | None:
    """Say in one line what a set's gold cannot be scored by; None where it has text."""
    if has_gold(goldset):
        if any(gold.segments for _, gold in goldset.entries):
            return None
        return f"set '{goldset.name}': its gold is snippets alone; score it with --metric snippets"
    kinds = (name for _, gold in goldset.entries for name in FIELDS if getattr(gold.metadata, name))
    if kind := next(kinds, ""):
        return f"set '{goldset.name}': its gold is metadata alone; score it with --metric {kind}"
    return f"set '{goldset.name}' has no gold: its pages can be run, but not scored"


def doubts(goldset: GoldSet) -> list[str]:
    """Say in a line each why a set's scores may not be what they seem.

    That it is not the public set that it is called; what of it is not read; pages without gold; gold that is empty,
    perhaps because nobody has written it yet; pages whose site is unknown, so that intervals may be too narrow.
    """
    pages, none, empty, unknown, scored = 0, [], [], 0, has_gold(goldset)
    for page, gold in goldset.entries if scored else ():
        pages += 1
        if not gold.given:
            none.append(page.id)
        if _is_empty(gold):
            empty.append(page.id)
        unknown += page.known_site is None
    lines = _notes(goldset)
    named = goldset.spec.rpartition("=")[2]
    if named in catalogue.public() and not goldset.part_of and (wrong := catalogue.unlike(named, goldset)):
        lines.insert(0, f"not the set that the catalogue knows: {wrong}; sets import {named} FOLDER --as NAME names it")
    if none:
        lines.append(f"{len(none)} of its {pages} pages have no gold: they are run, but not scored: {some(none)}")
    if empty:
        lines.append(
            f"{len(empty)} of its {pages} pages have empty gold and count as pages without a body: {some(empty)}"
        )
    if unknown:
        lines.append(
            f"{unknown} of its {pages} pages have no URL, and nothing else tells their site: each counts as a site of "
            "its own, so that intervals may be too narrow"
        )
    return [f"set '{goldset.name}': {line}" for line in lines]


def _notes(goldset: GoldSet) -> list[str]:
    if not goldset.left_out:
        return list(goldset.notes)
    why = [f"{page} ({why})" for page, why in goldset.left_out.items()]
    return [*goldset.notes, f"{len(why)} pages are left out: {some(why)}"]


def _is_empty(gold: Gold) -> bool:
    """Whether there is gold for a page's text, and no word in it."""
    return bool(gold.segments) and not any(segment.text.strip() for segment in gold.segments)


def has_gold(goldset: GoldSet) -> bool:
    """Whether there is anything to score a set's pages by: a set without is gone through, once."""
    return goldset.has_gold


def may_have_gold(goldset: GoldSet) -> bool:
    """Whether there is, as far as the pages tell that can be held: a set of more may have some, until it was run."""
    if isinstance(goldset.entries, Stream) and not any(gold.given for _, gold in goldset.entries[:HELD]):
        return any(True for _ in islice(goldset.entries, HELD, HELD + 1))
    return has_gold(goldset)
