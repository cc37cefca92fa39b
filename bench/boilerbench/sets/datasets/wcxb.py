"""The layout of WCXB: SPLIT/ground-truth/ID.json with SPLIT/html/ID.html.gz; `path` is the whole or one split.

Gold is one `body`, the plain `main_content`, with snippets; where a page has none it is empty, as in WCXB's own code.
Title, author and date are its makers'; null, or nothing, is not annotated.
Its authors wrote every page as UTF-8, so that is the charset, whatever the page says or leaves unsaid.
"""

from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.model import Entry, Gold, GoldSet, Page, Segment, Stream
from boilerbench.sets.formats.layout import SNIPPETS, annotated, existing, read_json, snippets
from boilerbench.sets.limits import unpack


class _Truth(msgspec.Struct, rename=SNIPPETS):
    main_content: str | None = None
    with_snippets: list[str] | None = None
    without_snippets: list[str] | None = None
    title: str | None = None
    author: str | None = None
    publish_date: str | None = None


class _File(msgspec.Struct, rename={"internal": "_internal"}):
    ground_truth: _Truth
    url: str | None = None
    internal: Any = None


def read(path: Path) -> GoldSet:
    """Read every split there is. A single one is part of the set's name, as in the catalogue (`wcxb-dev`).

    Of several, ids begin with theirs: `dev/0001`. Page types come with the pages.
    """
    files = sorted(path.glob("ground-truth/*.json")) or sorted(path.glob("*/ground-truth/*.json"))
    splits = {_split(file) for file in files}
    name = f"wcxb-{min(splits).removeprefix('wcxb-')}" if len(splits) == 1 else "wcxb"
    entries = Stream(lambda: (_entry(file, f"{_split(file)}/" if len(splits) > 1 else "") for file in files))
    source = "Murrough-Foley/web-content-extraction-benchmark"
    return GoldSet(name, f"wcxb:{path}", entries, "1.0", "CC-BY-4.0", source)


def _split(file: Path) -> str:
    return file.absolute().parents[1].name


def _entry(file: Path, split: str) -> Entry:
    found = read_json(file, _File, BadSetError)
    html = existing(file.name, file.parents[1] / "html" / f"{file.stem}.html.gz")
    truth, body = found.ground_truth, Segment("body", found.ground_truth.main_content or "")
    kind = found.internal.get("page_type") if isinstance(found.internal, dict) else None
    kind = kind.get("primary") if isinstance(kind, dict) else kind
    page_type = kind if isinstance(kind, str) else None
    page = Page(f"{split}{file.stem}", partial(unpack, html), found.url, "utf-8", page_type=page_type, file=html)
    about = annotated(truth.title, truth.author, truth.publish_date)
    return page, Gold((body,), snippets(truth.with_snippets), snippets(truth.without_snippets), metadata=about)
