"""A document as one HTML file that loads nothing: a table for each block, everything escaped."""

from html import escape

from boilerbench.rendering.cells import Block, Document

_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.4 system-ui,sans-serif}"
    "table{border-collapse:collapse;margin:1rem 0}"
    "caption{text-align:start;font-weight:600}th,td{padding:.15rem .6rem;border-bottom:1px solid #8884;text-align:end}"
    ".t{text-align:start}.nothing{opacity:.6}pre{white-space:pre-wrap}"
)


def write(document: Document) -> str:
    """Write a table per block, and the notes below."""
    notes = escape("\n".join(document.notes))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>boilerbench</title>\n'
        f"<style>{_STYLE}</style>\n{''.join(map(_table, document.blocks))}<pre>{notes}</pre>\n</html>\n"
    )


def _table(block: Block) -> str:
    sides = [' class="t"' if column in block.left else "" for column in range(len(block.headers))]
    head = "".join(f'<th scope="col"{side}>{escape(cell)}' for side, cell in zip(sides, block.headers, strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td{side}>{escape(cell)}" for side, cell in zip(sides, row, strict=True)) + "\n"
        for row in block.rows
    )
    grey = ' class="nothing"' if block.says_nothing else ""
    caption = f"<caption>{escape(block.heading)}</caption>"
    told = f"<p>{escape(' '.join(block.verdict))}\n" if block.verdict else ""
    return f"{told}<table{grey}>{caption}\n<thead><tr>{head}</thead>\n<tbody>{rows}</tbody></table>\n"
