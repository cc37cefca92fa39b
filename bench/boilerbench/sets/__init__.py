"""In: a name, or FORMAT:PATH. Out: a `GoldSet`, pages with gold; in `outputs`, predictions made elsewhere.

Not here: what a runner makes of a page.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError, UnknownNameError
from boilerbench.files import shipped
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets import catalogue, formats
from boilerbench.sets.spool import Spool
from boilerbench.text.decoding import without_surrogates


def known() -> dict[str, Path]:
    """The sets that can be named without a path."""
    return {"goldset": shipped("goldset")}


def load(spec: str) -> GoldSet:
    """Read the set that `spec` names: a known name, or FORMAT:PATH.

    Raises `UnknownNameError` for a name or a format that does not exist, `BadSetError` for what cannot be read.
    """
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
        raise BadSetError(f"set '{spec}': no pages in {path}{there}")
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


def doubts(goldset: GoldSet) -> str | None:
    """Say in one line why a set's intervals may be too narrow; None where the site of every page is known."""
    unknown = sum(page.known_site is None for page in goldset.pages)
    if not (unknown and has_gold(goldset)):
        return None
    return (
        f"set '{goldset.name}': {unknown} of its {len(goldset.entries)} pages have no URL, and nothing else tells "
        "their site: each counts as a site of its own, so that intervals may be too narrow"
    )


def has_gold(goldset: GoldSet) -> bool:
    """Whether there is anything to score a set's pages by."""
    return any(gold.segments or gold.with_snippets or gold.without_snippets for _, gold in goldset.entries)
