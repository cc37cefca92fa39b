"""The builder of gold pages: labelled sources become the page a site would serve, and the gold that goes with it.

A source is a Jinja template with its front matter, TOML, in a leading comment. What a template can use is listed in
docs/write-a-gold-page.md. The same sources give the same bytes: no clock, and dice seeded by the page's id.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, TemplateSyntaxError

from boilerbench.authoring import front_matter, marks
from boilerbench.authoring.marks import squash
from boilerbench.errors import BadSetError
from boilerbench.files import read_toml
from boilerbench.labels import Role, taxonomy
from boilerbench.model import Segment
from boilerbench.sets.formats.native import SCHEMA, checked, decoded, read_about
from boilerbench.storage import temporary
from boilerbench.text.decoding import codec_of, declared_charset, decode

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_BROWSER_CODECS = {"shift_jis": "cp932", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030"}
_LOST_AT_MOST = 0.01


@dataclass
class _Dice:
    """Numbers that look random and depend on nothing but the seed and how often it was thrown."""

    seed: str
    thrown: int = 0

    def number(self, low: int, high: int) -> int:
        """Throw a number from low to high, both included."""
        self.thrown += 1
        digest = hashlib.sha256(f"{self.seed}/{self.thrown}".encode()).digest()
        return low + int.from_bytes(digest[:8]) % (high - low + 1)

    def hex(self, length: int) -> str:
        self.thrown += 1
        return hashlib.shake_128(f"{self.seed}/{self.thrown}".encode()).hexdigest(length)[:length]

    def pick(self, items: Sequence[Any]) -> Any:
        return items[self.number(0, len(items) - 1)]


@dataclass(frozen=True)
class _Phrases:
    """What designs say, in the page's language; the page's own wording goes first."""

    page: str
    site: str
    language: str
    texts: dict[str, Any]

    def all(self, key: str) -> list[str]:
        """Give every text under a key like `consent.purposes`."""
        section, _, name = key.partition(".")
        found = self.texts.get(section, {}).get(name)
        if found is None:
            raise BadSetError(f"no phrase '{key}' in phrases/{self.language}.toml nor in the front matter's [phrases]")
        return [str(text).replace("{site}", self.site) for text in (found if isinstance(found, list) else [found])]

    def one(self, key: str, **values: object) -> str:
        """Give a text; of several wordings always the same one for this page. `{name}` in it is filled from values."""
        text = str(_Dice(f"{self.page}/{key}").pick(self.all(key)))
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        if left := re.search(r"\{(\w+)\}", text):
            raise BadSetError(f"phrase '{key}' wants a value: t('{key}', {left[1]}=…)")
        return text


def build(sources: Path, out: Path) -> None:
    """Build the sources into `out`/pages/ID/."""
    for page, files in _built(sources):
        folder = out / "pages" / page
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)


def check(sources: Path, out: Path) -> list[str]:
    """Compare `out`/pages/ with what the sources give: one line for each file that is missing, differs or is left."""
    faults, built = [], dict(_built(sources))
    for page, files in built.items():
        for name, content in files.items():
            file = out / "pages" / page / name
            if not file.is_file():
                faults.append(f"{file}: missing; build the set")
            elif file.read_bytes() != content:
                faults.append(f"{file}: differs from what its source gives; build the set")
    left = sorted(folder for folder in (out / "pages").glob("*") if folder.name not in built)
    return faults + [f"{folder}: has no source" for folder in left]


def _built(sources: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    licence = read_about(sources.parent).licence or None
    urls: dict[str, str] = {}
    with temporary.Folder() as compiled:  # designs, once: nearly all the time goes there
        for file in sorted(sources.glob("*.html")):
            try:
                front, template = front_matter.read(file)
                if (first := urls.setdefault(front["url"], file.name)) != file.name:
                    raise BadSetError(f"the url of {first}; a page has one of its own")  # noqa: TRY301  # named below
                rendered = _render(_environment(sources, file.stem, front, compiled), template)
                yield file.stem, _page(front, rendered, licence)
            except BadSetError as error:
                raise BadSetError(f"{file}: {error}") from None


def _page(front: dict[str, Any], rendered: str, licence: str | None) -> dict[str, bytes]:
    segments = marks.collect(rendered)
    gold = {
        "schema": SCHEMA,
        **{key: front[key] for key in ("url", "language", "page_type")},
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
        "gold.html": marks.structure(rendered, front["url"]).encode(),
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
    phrases = _Phrases(page, front["site"], front["language"], _phrases(sources, front))
    direction = "rtl" if front["language"].split("-")[0] in _RIGHT_TO_LEFT else "ltr"
    environment.globals |= {
        "page": SimpleNamespace(id=page, dir=direction, **front),
        "t": phrases.one,
        "ts": phrases.all,
        "c": partial(_class_name, page, hashed=front.get("classes", "hashed") == "hashed"),
        "dice": _Dice(page),
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
    language = front["language"]
    files = [sources / "phrases" / f"{tag}.toml" for tag in (language, language.split("-")[0])]
    shared = next((read_toml(file, BadSetError) for file in files if file.is_file()), {})
    own = front.get("phrases", {})
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
