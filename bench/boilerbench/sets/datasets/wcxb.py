"""The layout of WCXB: SPLIT/ground-truth/ID.json with SPLIT/html/ID.html.gz; `path` is the whole or one split.

Gold is one `body`, the plain `main_content`, with snippets; where a page has none it is empty, as in WCXB's own code.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.datasets.zyte import unpack
from boilerbench.sets.formats.files import read_json
from boilerbench.sets.formats.layout import existing, text_of, texts_of

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> GoldSet:
    """Read every split there is; a single one is part of the set's name. Page types come with the pages."""
    files = sorted(path.glob("ground-truth/*.json")) or sorted(path.glob("*/ground-truth/*.json"))
    splits = {file.absolute().parents[1].name for file in files}
    name = f"wcxb-{splits.pop()}" if len(splits) == 1 else "wcxb"
    entries = tuple(map(_entry, files))
    return GoldSet(name, f"wcxb:{path}", entries, "1.0", "CC-BY-4.0", "Murrough-Foley/web-content-extraction-benchmark")


def _entry(file: Path) -> tuple[Page, Gold]:
    found = read_json(file, BadSetError)
    truth = found.get("ground_truth") if isinstance(found, dict) else None
    if not isinstance(truth, dict):
        raise BadSetError(f"{file}: expected an object with an object 'ground_truth'")
    html = existing(file.parents[1] / "html" / f"{file.stem}.html.gz", file.name)
    body = text_of(str(file), truth, "main_content") or ""
    snippets = (texts_of(str(file), truth, key) for key in ("with", "without"))
    page = Page(file.stem, partial(unpack, html), text_of(str(file), found, "url"), page_type=_page_type(found))
    return page, Gold((Segment("body", body),), *snippets)


def _page_type(found: dict[str, object]) -> str | None:
    internal = found.get("_internal")
    page_type = internal.get("page_type") if isinstance(internal, dict) else None
    primary = page_type.get("primary") if isinstance(page_type, dict) else page_type
    return primary if isinstance(primary, str) else None
