"""What a paper that shows a leaderboard has to cite, as BibTeX: the sets, metrics and extractors it is of, and us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from boilerbench.errors import UsageError
from boilerbench.files import read_toml
from boilerbench.rendering.latex import escape
from boilerbench.sets import catalogue
from boilerbench.storage.manifest import Manifest, RunnerEntry, SetEntry
from boilerbench.text.lines import line

_AS_WRITTEN = ("author", "doi", "pages", "url")
_US = {
    "type": "misc",
    "author": "{The boilerbench authors}",
    "title": "boilerbench: a benchmark of web content extraction",
}


@cache
def papers() -> dict[str, dict[str, Any]]:
    """Give the papers that we know by key: what each is `of`, its `type` and the fields of BibTeX."""
    return read_toml(Path(__file__).with_name("citations.toml"), UsageError)


def bibtex(manifest: Manifest, metrics: Iterable[str]) -> str:
    """Write an entry for each paper, and for what has none as software, in the order metrics, sets, runners."""
    cited: dict[str, Mapping[str, Any]] = {"boilerbench": _US | {"version": manifest.boilerbench}}
    wanted: list[tuple[str, Mapping[str, Any]]] = [(f"metric:{name}", {}) for name in metrics]
    wanted += [_of_set(about) for about in manifest.sets]
    wanted += [_of_runner(label, about) for label, about in manifest.runners.items() if not about.ceiling_of]
    for name, software in wanted:
        found: dict[str, Mapping[str, Any]] = {key: each for key, each in papers().items() if name in each["of"]}
        cited |= found or ({_key(name): software} if software else {})
    return "\n".join("\n".join(_entry(key, about)) for key, about in cited.items())


def _of_set(about: SetEntry) -> tuple[str, Mapping[str, Any]]:
    known = {each.fingerprint: name for name, each in catalogue.public().items() if each.fingerprint}
    name = known.get(about.fingerprint, about.name)
    return f"set:{name}", {"type": "misc", "title": name, "version": about.version, "note": about.source}


def _of_runner(label: str, about: RunnerEntry) -> tuple[str, Mapping[str, Any]]:
    name = about.distribution or re.split("[:@]", label)[0]
    return f"runner:{name}", {"type": "misc", "title": name, "version": about.version, "note": about.origin}


def _key(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.partition(":")[2].casefold()).strip("-")


def _entry(key: str, about: Mapping[str, Any]) -> Iterator[str]:
    yield f"@{about['type']}{{{key},"
    for field, value in about.items():
        if value and field not in ("of", "type"):
            yield f"  {field} = {{{value if field in _AS_WRITTEN else escape(line(str(value)))}}},"
    yield "}\n"
