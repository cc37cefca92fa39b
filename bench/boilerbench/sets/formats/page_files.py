"""Predictions as a file per page: ID.txt, ID.html or ID.md, in the folder of a system, or in one folder for each."""

from pathlib import Path

from boilerbench.errors import BadOutputsError
from boilerbench.model import Format
from boilerbench.sets.formats.layout import Prediction, Predictions, read_text

_FORMATS: dict[str, Format | None] = {
    ".txt": None,
    **dict.fromkeys((".html", ".htm"), "html"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
}

SUFFIXES = tuple(_FORMATS)


def systems(place: Path) -> list[Path]:
    """List the folders of systems: `place` itself where it has files of pages, else each folder in it."""
    if not place.is_dir():
        raise BadOutputsError(f"{place}: expected a folder of files named by their pages, or a folder of such folders")
    inside = sorted(each for each in place.iterdir() if each.is_dir())
    if not _files(place):
        return [each for each in inside if _files(each)]
    if nested := next((each for each in inside if _files(each)), None):
        raise BadOutputsError(f"{place}: has files of pages, and so has {nested.name} in it; which is the system?")
    return [place]


def outputs(folder: Path) -> Predictions:
    """Read a system's predictions; a .txt file does not say its format."""
    for file in _files(folder):
        yield str(file), file.stem, Prediction(read_text(file), _FORMATS[file.suffix.lower()])


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in _FORMATS and file.is_file())
