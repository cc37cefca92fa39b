"""The layout of CETD (Sun, Song and Liao, SIGIR 2011): per site a folder SITE/original/N.htm with SITE/gold/N.txt."""

from pathlib import Path

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats.layout import body, read_text


def read(path: Path) -> GoldSet:
    """Read every site; a page's id is SITE_N, its gold one `body`."""
    entries = tuple(_entry(file) for file in sorted(path.glob("*/gold/*.txt")))
    return GoldSet("cetd", f"cetd:{path}", entries, "", "", "FeiSun/ContentExtraction")


def _entry(file: Path) -> tuple[Page, Gold]:
    site = file.parents[1]
    for html in (site / "original" / f"{file.stem}.{suffix}" for suffix in ("htm", "html")):
        if html.is_file():
            return Page(f"{site.name}_{file.stem}", html.read_bytes, stated_site=site.name), body(read_text(file))
    raise BadSetError(f"{site / 'original' / file.stem}.htm: missing, though gold/{file.name} has gold for it")
