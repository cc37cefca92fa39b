"""In: a name, FORMAT:PATH, or either behind NAME=. Out: a `GoldSet`, pages with gold; in `outputs`, predictions.

Not here: what a runner makes of a page.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError, UnknownNameError, UsageError
from boilerbench.files import shipped
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets import catalogue, formats
from boilerbench.sets.formats.layout import some
from boilerbench.sets.naming import NAME, apart, name_of
from boilerbench.sets.spool import Spool
from boilerbench.text.decoding import without_surrogates


def known() -> dict[str, Path]:
    """The sets that can be named without a path."""
    return {"goldset": shipped("goldset")}


def load(spec: str) -> GoldSet:
    """Read the set that `spec` names: a known name, or FORMAT:PATH; before either may stand another name and `=`.

    Raises `UnknownNameError` for a name or a format that does not exist, `BadSetError` for what cannot be read.
    """
    name, named, rest = spec.partition("=")
    if not named or ":" in name:
        return _load(spec)
    if not NAME.fullmatch(name):
        raise UsageError(f"set name '{name}': a name has letters, digits, '.', '_' and '-', and begins with no sign")
    return replace(_load(rest), name=name, spec=spec)


def load_all(specs: Sequence[str]) -> list[GoldSet]:
    """Read sets to be told apart by their names: where these are equal, by those of the folders they are in.

    Raises `UsageError` for two sets of one name that cannot be told apart so.
    """
    found = [load(spec) for spec in specs]
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


def _load(spec: str) -> GoldSet:
    form, colon, path = spec.partition(":")
    if colon:
        return _read(form, Path(path), spec)
    if spec in known():
        return _read("native", known()[spec], spec)
    if spec in catalogue.installed():
        return _read(catalogue.public()[spec].format, catalogue.installed()[spec], spec)
    if spec in catalogue.public():
        raise BadSetError(f"set '{spec}' is not here yet; run: boilerbench sets pull {spec}")
    raise UnknownNameError("set", spec, [*known(), *catalogue.public(), *(f"{form}:PATH" for form in formats.names())])


def _read(form: str, path: Path, spec: str) -> GoldSet:
    read = formats.reader(form)
    if not (path.exists() or getattr(read, "several", False)):
        raise BadSetError(f"set '{spec}': {path} does not exist")
    found = read(path)
    if not found.entries:
        there = "" if path.exists() else ", which does not exist"
        raise BadSetError("; ".join((f"set '{spec}': no pages in {path}{there}", *found.notes)))
    spool = Spool()
    entries = tuple(_ready(page, gold, spool) for page, gold in found.entries)
    if twice := [key for key, times in Counter(page.id for page, _ in entries).items() if times > 1]:
        raise BadSetError(f"set '{spec}': page {twice[0]} is there more than once")
    return replace(found, spec=spec, entries=entries)


def _ready(page: Page, gold: Gold, spool: Spool) -> tuple[Page, Gold]:
    """Let the page be read once, and replace lone surrogates, which JSON can bring: no result file can hold them."""
    names = ("id", "url", "charset", "language", "page_type", "stated_site")
    texts: dict[str, Any] = {name: without_surrogates(text) for name in names if (text := getattr(page, name))}
    return replace(page, read=spool.once(page.read), **texts), Gold(
        tuple(Segment(segment.label, without_surrogates(segment.text)) for segment in gold.segments),
        tuple(map(without_surrogates, gold.with_snippets)),
        tuple(map(without_surrogates, gold.without_snippets)),
    )


def lacks(goldset: GoldSet) -> str | None:
    """Say in one line what a set's gold cannot be scored by; None where it has text."""
    if any(gold.segments for _, gold in goldset.entries):
        return None
    if any(gold.with_snippets or gold.without_snippets for _, gold in goldset.entries):
        return f"set '{goldset.name}': its gold is snippets alone; score it with --metric snippets"
    return f"set '{goldset.name}' has no gold: its pages can be run, but not scored"


def doubts(goldset: GoldSet) -> list[str]:
    """Say in a line each why a set's scores may not be what they seem.

    What of it is not read; gold that is empty, perhaps because nobody has written it yet; pages whose site is unknown,
    so that intervals may be too narrow.
    """
    lines = list(goldset.notes)
    pages = f"of its {len(goldset.entries)} pages"
    if has_gold(goldset):
        if empty := [page.id for page, gold in goldset.entries if _is_empty(gold)]:
            lines.append(f"{len(empty)} {pages} have empty gold and count as pages without a body: {some(empty)}")
        if unknown := sum(page.known_site is None for page in goldset.pages):
            lines.append(
                f"{unknown} {pages} have no URL, and nothing else tells their site: each counts as a site of its own, "
                "so that intervals may be too narrow"
            )
    return [f"set '{goldset.name}': {line}" for line in lines]


def _is_empty(gold: Gold) -> bool:
    """Whether there is gold for a page's text, and no word in it."""
    silent = not any(segment.text.strip() for segment in gold.segments)
    return silent and (bool(gold.segments) or not (gold.with_snippets or gold.without_snippets))


def has_gold(goldset: GoldSet) -> bool:
    """Whether there is anything to score a set's pages by."""
    return any(gold.segments or gold.with_snippets or gold.without_snippets for _, gold in goldset.entries)
