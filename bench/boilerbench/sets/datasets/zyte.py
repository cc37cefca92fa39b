"""The layout of scrapinghub/article-extraction-benchmark: ground-truth.json, html/ID.html.gz, output/SYSTEM.json."""

from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadOutputsError, BadSetError
from boilerbench.files import typed
from boilerbench.model import Page
from boilerbench.sets.formats.layout import Entries, Prediction, Predictions, body, existing, published, read_json
from boilerbench.sets.limits import unpack

SUFFIXES = (".json",)


class _Page(msgspec.Struct, rename={"text": "articleBody"}):
    text: str
    url: str | None = None


class _Prediction(msgspec.Struct, rename={"text": "articleBody"}):
    text: str | None = None


@published("zyte", "scrapinghub/article-extraction-benchmark", "MIT")
def read(path: Path) -> Entries:
    """Read the set: one `body` segment per page, the text of its `articleBody`."""
    file = path / "ground-truth.json"
    for key, value in sorted(read_json(file, dict[str, Any], BadSetError).items()):
        html = existing(file.name, path / "html" / f"{key}.html.gz")
        page = typed(_Page, value, f"{file}: page {key}", BadSetError)
        yield Page(key, partial(unpack, html), page.url, file=html), body(page.text)


def outputs(file: Path) -> Predictions:
    """Read published outputs. The object of pages may stand alone or under `output`, beside a `version`."""
    found = read_json(file, dict[str, Any], BadOutputsError)
    for key, page in typed(dict[str, Any], found.get("output", found), file, BadOutputsError).items():
        place, named = f"{file}: page {key}", page if isinstance(page, dict) else {"articleBody": page}
        yield place, key, Prediction(typed(_Prediction, named, place, BadOutputsError).text or "")
