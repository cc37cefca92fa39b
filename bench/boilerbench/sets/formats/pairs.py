"""A folder of one's own: NAME.html (or .htm) with the body text in NAME.txt."""

from pathlib import Path

from boilerbench.errors import BadSetError
from boilerbench.model import GoldSet, Page
from boilerbench.sets.formats.layout import body, read_text

HTML = (".html", ".htm")


def read(path: Path) -> GoldSet:
    """Read the folder; an empty text says that the page has no body, a missing one is refused."""
    if not path.is_dir():
        raise BadSetError(f"{path}: expected a folder of NAME.html with NAME.txt")
    pages = {file.stem: file for file in sorted(path.iterdir()) if file.suffix.lower() in HTML}
    texts = {file.stem: file for file in sorted(path.glob("*.txt"))}
    for name in sorted(set(pages) ^ set(texts)):
        here, lacks = (pages[name], f"{name}.txt") if name in pages else (texts[name], f"{name}.html")
        raise BadSetError(f"{here}: {lacks} is missing")
    entries = tuple((Page(name, pages[name].read_bytes), body(read_text(texts[name]))) for name in sorted(pages))
    return GoldSet(path.resolve().name, f"pairs:{path}", entries)
