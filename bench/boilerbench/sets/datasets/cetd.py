"""The layout of CETD (Sun, Song and Liao, SIGIR 2011): per site a folder SITE/original/N.htm with SITE/gold/N.txt."""

from pathlib import Path

from boilerbench.model import Page
from boilerbench.sets.formats.layout import Entries, body, existing, published, read_text


@published("cetd", "FeiSun/ContentExtraction")
def read(path: Path) -> Entries:
    """Read every site; a page's id is SITE_N, its gold one `body`."""
    for file in sorted(path.glob("*/gold/*.txt")):
        site = file.parents[1]
        places = (site / "original" / f"{file.stem}.{suffix}" for suffix in ("htm", "html"))
        html = existing(f"gold/{file.name}", *places)
        yield Page(f"{site.name}_{file.stem}", html.read_bytes, stated_site=site.name), body(read_text(file))
