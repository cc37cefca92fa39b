"""Two layouts of Fundus (flairNLP), a crawler that has a parser of its own for every publisher.

Its tests (commit 7811bd2 and before): COUNTRY/PUBLISHER_DATE.html.gz, whose URLs stand in COUNTRY/meta.info, and
COUNTRY/PUBLISHER.json, what each version of the parser gives of its page. Which page that is stands in the parsers'
code alone: the first version is of the first date, and so on. Where there are not as many of both, they are left out.

Its evaluation (Dallabetta and others, ACL 2024; dobbersc/fundus-evaluation): html/NAME.html.gz with ground_truth.json,
a list of paragraphs for each. One in square brackets may come or not: it is a `caption` here, as that is optional, too.
"""

import re
from functools import partial
from pathlib import Path

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import Entries, Noted, annotated, existing, published, read_json, some
from boilerbench.sets.limits import unpack


class _Section(msgspec.Struct):
    headline: list[str] = []
    paragraphs: list[str] = []


class _Body(msgspec.Struct):
    summary: list[str] = []
    sections: list[_Section] = []


class _Article(msgspec.Struct):
    body: _Body | None = None
    title: str | None = None
    authors: list[str] | None = None
    publishing_date: str | None = None


class _About(msgspec.Struct):
    url: str | None = None


class _Truth(msgspec.Struct):
    body: list[str]
    url: str | None = None


@published("fundus", "flairNLP/fundus", "MIT")
def read_tests(path: Path) -> Noted:
    """Read every country, below `path` or in tests/resources/parser/test_data; an id is COUNTRY/PUBLISHER_DATE."""
    home = next((each for each in (path / "tests/resources/parser/test_data", path) if each.is_dir()), path)
    unclear = []
    for file in sorted(home.glob("*/*.json")):
        versions = read_json(file, dict[str, _Article], BadSetError)
        pages = sorted(each for each in file.parent.glob("*.html.gz") if _publisher(each) == file.stem)
        if len(pages) != len(versions):
            unclear.append(f"{file.parent.name}/{file.stem}")
            continue
        urls = _urls(file.parent)
        for html, version in zip(pages, sorted(versions, key=_order), strict=True):
            about = versions[version]
            said = annotated(about.title, about.authors, about.publishing_date)
            name = f"{file.parent.name}/{html.name.removesuffix('.html.gz')}"
            page = Page(name, partial(unpack, html), urls.get(html.name), file=html)
            yield page, Gold(_segments(about.body) if about.body else (), metadata=said)
    if not unclear:
        return ()
    return (f"{len(unclear)} publishers have not as many pages as versions, and are left out: {some(unclear)}",)


@published("fundus-evaluation", "dobbersc/fundus-evaluation")
def read_evaluation(path: Path) -> Entries:
    """Read ground_truth.json, in `path` or its folder dataset."""
    file = existing("Fundus' evaluation", path / "ground_truth.json", path / "dataset" / "ground_truth.json")
    for name, truth in sorted(read_json(file, dict[str, _Truth], BadSetError).items()):
        html = existing(file.name, file.parent / "html" / Path(name).name)
        segments = tuple(_paragraph(each.strip()) for each in truth.body if each.strip())
        page = Page(name.removesuffix(".html.gz"), partial(unpack, html), truth.url, "utf-8", file=html)
        yield page, Gold(segments or (Segment("body", ""),))


def _paragraph(text: str) -> Segment:
    if text.startswith("[") and text.endswith("]"):
        return Segment("caption", text[1:-1])
    return Segment("paragraph", text)


def _publisher(page: Path) -> str:
    """The publisher of PUBLISHER_2024_05_03.html.gz."""
    return re.sub(r"(_\d+)*\.html\.gz\Z", "", page.name)


def _urls(country: Path) -> dict[str, str | None]:
    file = country / "meta.info"
    return (
        {name: about.url for name, about in read_json(file, dict[str, _About], BadSetError).items()}
        if file.is_file()
        else {}
    )


def _order(version: str) -> list[int]:
    """V1 before V1_1, and that before V2."""
    return [int(each) for each in re.findall(r"\d+", version)]


def _segments(body: _Body) -> tuple[Segment, ...]:
    found = [Segment("lead", text) for text in body.summary]
    for section in body.sections:
        found += [Segment("heading", text) for text in section.headline]
        found += [Segment("paragraph", text) for text in section.paragraphs]
    return tuple(each for each in found if each.text.strip()) or (Segment("body", ""),)
