"""The builder of gold pages: labelled sources become the page a site would serve, and the gold that goes with it.

A source is a Jinja template with its front matter, TOML, in a leading comment. What a template can use is listed in
docs/write-a-gold-page.md. The same sources give the same bytes: no clock, and dice seeded by the page's id.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, TemplateSyntaxError

from boilerbench.authoring import front_matter, marks, themes
from boilerbench.authoring.marks import squash
from boilerbench.authoring.wording import RIGHT_TO_LEFT, Dice, Phrases, phrases
from boilerbench.errors import BadSetError
from boilerbench.labels import Role, taxonomy
from boilerbench.model import Segment
from boilerbench.sets.formats.native import SCHEMA, checked, decoded, read_about
from boilerbench.sets.limits import unpack
from boilerbench.storage import temporary
from boilerbench.text.decoding import codec_of, declared_charset, decode

_BROWSER_CODECS = {"shift_jis": "cp932", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030"}
_LOST_AT_MOST = 0.01


def build(folder: Path) -> None:
    """Build the pages of a set's folder into its pages/ID/."""
    for page, files in _built(folder):
        place = folder / "pages" / page
        place.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (place / name).write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)


def check(folder: Path) -> list[str]:
    """Compare a set's pages/ with what its sources give: a line for each file that is missing, differs or is left."""
    faults, built = [], dict(_built(folder))
    for page, files in built.items():
        for name, content in files.items():
            file = folder / "pages" / page / name
            if not file.is_file():
                faults.append(f"{file}: missing; build the set")
            elif (unpack(file) if file.suffix == ".gz" else file.read_bytes()) != content:
                faults.append(f"{file}: differs from what its source gives; build the set")
    left = sorted(each for each in (folder / "pages").glob("*") if each.name not in built)
    return faults + [f"{each}: has no source" for each in left]


def can_build(folder: Path) -> bool:
    """Whether a folder has what pages are built of: `sources`, or `content` with `themes`."""
    return any((folder / name).is_dir() for name in ("sources", "content"))


def _built(folder: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The files of each page, unpacked; pages of themes, which weigh as much as real ones, are to be kept packed."""
    licence = read_about(folder).licence or None
    urls: dict[str, str] = {}
    if (folder / "content").is_dir():
        for made in themes.pages(folder):
            _require_own(urls, made.front["url"], made.id)
            files = _named(made.id, made.front, made.html, licence)
            files["page.html.gz"] = files.pop("page.html")
            yield made.id, files
        return
    sources = folder / "sources"
    with temporary.Folder() as compiled:  # designs, once: nearly all the time goes there
        for file in sorted(sources.glob("*.html")):
            try:
                front, template = front_matter.read(file)
                _require_own(urls, front["url"], file.name)
                rendered = _render(_environment(sources, file.stem, front, compiled), template)
                yield file.stem, _page(front, rendered, licence)
            except BadSetError as error:
                raise BadSetError(f"{file}: {error}") from None


def _require_own(urls: dict[str, str], url: str, name: str) -> None:
    if (first := urls.setdefault(url, name)) != name:
        raise BadSetError(f"the url of {first}; a page has one of its own")


def _named(name: str, front: dict[str, Any], html: str, licence: str | None) -> dict[str, bytes]:
    try:
        return _page(front, html, licence)
    except BadSetError as error:
        raise BadSetError(f"{name}: {error}") from None


def _page(front: dict[str, Any], rendered: str, licence: str | None) -> dict[str, bytes]:
    segments = marks.collect(rendered)
    gold = {
        "schema": SCHEMA,
        **{key: front[key] for key in ("url", "language", "page_type")},
        **({"family": front["family"]} if "family" in front else {}),
        "charset": front.get("charset"),
        "encoding": front["encoding"].removesuffix("-sig"),
        "licence": front.get("licence", licence),
        "note": front["note"],
        **_metadata(front),
        "segments": [{key: value for key, value in asdict(segment).items() if value} for segment in segments],
        **{key: front.get(key, []) for key in ("with", "without")},
    }
    checked(Path("gold.json"), decoded(Path("gold.json"), gold))
    _check_snippets(front, segments)
    page = _encode(marks.bare(rendered), front, "".join(segment.text for segment in segments))
    return {
        "page.html": page,
        "gold.json": (json.dumps(gold, ensure_ascii=False, indent=1) + "\n").encode(),
        "gold.html": marks.structure(rendered, front["url"], clutter="family" not in front).encode(),
    }


def _metadata(front: dict[str, Any]) -> dict[str, Any]:
    """Title, author and date as gold has them; the title of a wall is not the page's."""
    title = None if front["page_type"] == "wall" else unescape(front["title"])
    about = {"title": title, "author": front.get("authors"), "date": front.get("published")}
    return {key: value for key, value in about.items() if value}


def _environment(sources: Path, page: str, front: dict[str, Any], compiled: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(sources),
        bytecode_cache=FileSystemBytecodeCache(compiled),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # a source is HTML written by the author of the page
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="<%#",  # a minified style sheet is full of {#
        comment_end_string="#%>",
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    said = Phrases(page, front["site"], front["language"], _phrases(sources, front))
    direction = "rtl" if front["language"].split("-")[0] in RIGHT_TO_LEFT else "ltr"
    environment.globals |= {
        "page": SimpleNamespace(id=page, dir=direction, **front),
        "t": said.one,
        "ts": said.all,
        "c": partial(_class_name, page, hashed=front.get("classes", "hashed") == "hashed"),
        "dice": Dice(page),
    }
    environment.filters |= {"bare": marks.bare, "plain": marks.plain}
    return environment


def _render(environment: Environment, template: str) -> str:
    if re.search(r"\{#.*?#\}", template):
        raise BadSetError("'{# … #}' would be printed; comments of templates are written <%# … #%>")
    try:
        return environment.from_string(template).render().lstrip("\n")
    except TemplateSyntaxError as error:
        raise BadSetError(f"{error.name or ''} line {error.lineno}: {error}".lstrip()) from error
    except Exception as error:
        raise BadSetError(f"{_place(error)}: {error}") from error


def _place(error: Exception) -> str:
    """Name the line of the source, and that of the design it called, by the lines that Jinja puts into a trace."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"line {frame.lineno}" for frame in frames if frame.filename == "<template>"]
    designs = [frame for frame in frames if frame.filename.endswith(".html")]
    places += [f"{'/'.join(Path(frame.filename).parts[-2:])} line {frame.lineno}" for frame in designs[-1:]]
    return ": ".join(places)


def _phrases(sources: Path, front: dict[str, Any]) -> dict[str, Any]:
    shared, own = phrases(sources / "phrases", front["language"]), front.get("phrases", {})
    return {section: {**shared.get(section, {}), **own.get(section, {})} for section in {*shared, *own}}


def _class_name(page: str, name: str, *, hashed: bool) -> str:
    """Give a class name as a bundler would: the same for the same name on one page, different on another site's."""
    digest = hashlib.sha256(f"{page}/{name}".encode()).hexdigest()
    return f"{name}_{digest[:5]}" if hashed else name


def _check_snippets(front: dict[str, Any], segments: list[Segment]) -> None:
    labels = taxonomy()
    body = squash("".join(segment.text for segment in segments if labels[segment.label].role is Role.BODY))
    everything = squash("".join(segment.text for segment in segments))
    for snippet in front.get("with", []):
        if squash(snippet) not in body:
            raise BadSetError(f"snippet '{snippet}' of 'with' is not in the body")
    for snippet in front.get("without", []):
        if squash(snippet) in body:
            raise BadSetError(f"snippet '{snippet}' of 'without' is in the body")
        if squash(snippet) not in everything:
            raise BadSetError(f"snippet '{snippet}' of 'without' is not on the page")


def _encode(html: str, front: dict[str, Any], text: str) -> bytes:
    named = front["encoding"].lower()
    try:
        codec = _BROWSER_CODECS.get(named, codecs.lookup(named).name)
    except LookupError:
        codec = ""
    if codec != "utf-8-sig" and codec_of(named) is None:
        raise BadSetError(f"unknown encoding '{front['encoding']}'")
    lost = len(text) - len(text.encode(codec, "ignore").decode(codec))
    if lost > _LOST_AT_MOST * len(text):
        raise BadSetError(f"{lost} of {len(text)} characters of the text do not exist in {front['encoding']}")
    page = html.encode(codec, "xmlcharrefreplace")
    declared = [front["charset"]] if front.get("charset") else []
    if not declared or declared_charset(page)[1] == "page":
        declared.append(None)
    right = page.decode(codec).lstrip("\ufeff")
    readable = all(decode(page, charset).lstrip("\ufeff") == right for charset in declared)
    if readable == front.get("misdeclared", False):
        wish = "reads well, though 'misdeclared' is set" if readable else "is not what transport or meta declare"
        raise BadSetError(f"the encoding {front['encoding']} {wish}")
    return page
