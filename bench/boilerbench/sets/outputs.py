"""Predictions made elsewhere, as they lie in files, of each system by page id."""

import hashlib
from collections.abc import Collection
from importlib import import_module
from pathlib import Path

from boilerbench.errors import BadOutputsError, UnknownNameError
from boilerbench.model import GoldSet
from boilerbench.places import require_local
from boilerbench.process import confinement
from boilerbench.sets.formats.layout import Prediction
from boilerbench.text.decoding import without_surrogates

LAYOUTS = {
    "zyte": "boilerbench.sets.datasets.zyte",
    "wceb": "boilerbench.sets.datasets.wceb",
    **dict.fromkeys(("json", "jsonl", "parquet"), "boilerbench.sets.formats.prediction_rows"),
    "files": "boilerbench.sets.formats.page_files",
}


def load(spec: str) -> dict[str, dict[str, Prediction]]:
    """Read FORMAT:PATH: predictions by page id, by system.

    Raises `UnknownNameError` for a format that does not exist, `BadOutputsError` for what cannot be read.
    """
    form, colon, path = spec.partition(":")
    if not colon or form not in LAYOUTS:
        raise UnknownNameError("outputs format", form, [f"{form}:PATH" for form in LAYOUTS])
    require_local(path, "a folder or file of predictions")
    layout, place = import_module(LAYOUTS[form]), Path(path)
    if not place.exists():
        raise BadOutputsError(f"outputs '{spec}': {path} does not exist")
    confinement.hide(place)
    systems: list[Path] = layout.systems(place) if form == "files" else [place]
    if place.is_dir() and form != "files":
        systems = sorted(file for file in place.iterdir() if file.suffix.lower() in layout.SUFFIXES)
    if not systems:
        raise BadOutputsError(f"{path}: no {' or '.join(layout.SUFFIXES)} file in it")
    found: dict[str, dict[str, Prediction]] = {}
    for each in systems:
        system = without_surrogates(each.resolve().name if each.is_dir() else each.stem)
        if system in found:
            raise BadOutputsError(f"{each}: another file is of system '{system}', too")
        texts = found[system] = {}
        for at, page, found_there in layout.outputs(each):
            if (key := without_surrogates(page)) in texts:
                raise BadOutputsError(f"{at}: page {key} is there more than once")
            about = found_there.metadata.each(without_surrogates)
            texts[key] = Prediction(without_surrogates(found_there.text), found_there.format, about)
    return found


def pages_named(goldset: GoldSet, keys: Collection[str]) -> dict[str, str]:
    """Return the page's id by each key that names a page of a set.

    Keys are ids, or, as WCEB's are, the SHA-256 of the page's HTML, or of the file that it stands in: where none
    is an id and all may be that.
    """
    ids = {page.id for page in goldset.pages}
    if not keys or not ids.isdisjoint(keys) or any(len(key) != 64 for key in keys):  # noqa: PLR2004  hexadecimal digits of SHA-256
        return {key: key for key in keys if key in ids}
    hashed = {}
    for page in goldset.pages:
        html = page.read()
        for content in (html, html.strip(), *([page.around.read_bytes()] if page.around else ())):
            hashed[hashlib.sha256(content).hexdigest()] = page.id
    return {key: hashed[key] for key in keys if key in hashed}
