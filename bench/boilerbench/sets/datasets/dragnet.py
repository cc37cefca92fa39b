"""The layout of Dragnet's data (Peters and Lecocq, WWW 2013): HTML/ID.html with Corrected/ID.html.corrected.txt.

Gold is text; a line `!@#$%^&*() COMMENTS` parts the `body` from the readers' comments, one `comment` segment.
"""

import re
from pathlib import Path

from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import Entries, existing, folder_of, published, read_text

SUFFIX = ".html.corrected.txt"

_COMMENTS = re.compile(r"(?<!\n)\n*!@#\$%\^&\*\(\)\s+COMMENTS[^\n]*\n*")


@published("dragnet", "seomoz/dragnet_data", "AGPL-3.0")
def read(path: Path) -> Entries:
    """Read the folder; the gold may stand in corrected/Corrected too."""
    html, gold = folder_of(path, "HTML", "html"), folder_of(path, "Corrected", "corrected/Corrected")
    for file in sorted(gold.glob(f"*{SUFFIX}")):
        key = file.name.removesuffix(SUFFIX)
        page = Page(key, existing(f"{gold.name}/{file.name}", html / f"{key}.html").read_bytes)
        body, *comments = _COMMENTS.split(read_text(file))
        comment = "\n".join(comments).strip()
        segments = (Segment("body", body.strip()), *([Segment("comment", comment)] if comment else []))
        yield page, Gold(segments)
