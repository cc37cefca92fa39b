"""A document as Markdown, for a README, an issue or a pull request."""

import re
from collections.abc import Collection, Sequence

from boilerbench.rendering.cells import Document


def write(document: Document) -> str:
    """Write a pipe table per block, and the notes, where there are any, below in a fence."""
    parts = [
        "\n\n".join([f"**{escape(block.heading)}**", *filter(None, [" ".join(map(escape, block.verdict))]), ""])
        + pipes([*map(escape, block.headers)], [[*map(escape, row)] for row in block.rows], block.left)
        for block in document.blocks
    ]
    if document.notes:
        longest = max(map(len, re.findall("`+", " ".join(document.notes))), default=0)
        fence = "`" * max(3, longest + 1)
        parts.append("\n".join([fence, *document.notes, fence]))
    return "\n\n".join(parts) + "\n"


def pipes(headers: Sequence[str], rows: Sequence[Sequence[str]], left: Collection[int]) -> str:
    """Write a pipe table of cells that are escaped already; the columns `left` are flush left."""
    rule = ["---" if column in left else "--:" for column in range(len(headers))]
    return "\n".join(f"| {' | '.join(line)} |" for line in [headers, rule, *rows])


def escape(text: str) -> str:
    """Give text that Markdown shows as it is, inside a table's cell too."""
    return re.sub(r"([\\|*<>`\[\]_~&])", r"\\\1", text)
