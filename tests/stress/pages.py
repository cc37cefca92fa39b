"""Small pages of our own to damage, each with its gold."""

from __future__ import annotations

import json
from pathlib import Path

from boilerbench.model import Gold, Page, Segment

TEXTS = [
    "Die Fähre legte um fünf Uhr ab. Der Kapitän zählte die Fahrgäste wie jeden Morgen.",
    "Am Ufer saßen Möwen. Keine von ihnen hatte Lust, dem Boot zu folgen. Es war zu früh.",
    "Der Bäcker brachte Brötchen für die Überfahrt. Es waren elf, eines mehr als sonst üblich.",
    "Hinter der zweiten Boje wurde das Wasser ruhig. Man hörte wieder den alten, müden Motor.",
    "Gegen sechs Uhr tauchte die Insel auf. Zuerst kam der Leuchtturm, dann die beiden Häuser.",
    "Niemand stand am Steg. Nur der Hund der Wirtin wartete höflich neben den Kisten dort.",
]
HEAD = (
    '<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
    "<title>Überfahrt</title>\n<!-- kopf -->\n</head>"
)
MENU = '<nav class="menu" id="top"><ul><li><a href="/">Start</a></li><li><a href="/b">Boote</a></li></ul></nav>'


def html(tag: str = "p", texts: list[str] | None = None) -> str:
    """A page whose text stands in elements of that name."""
    body = "\n".join(f'<{tag} class="t">{text}</{tag}>' for text in texts or TEXTS)
    return (
        f'{HEAD}\n<body class="page">\n{MENU}\n<main class="story">\n<h1>Überfahrt</h1>\n{body}\n</main>\n'
        "<footer>Impressum</footer>\n</body>\n</html>\n"
    )


PAGES = {
    "utf-8": (html().encode(), None),
    "windows-1252": (html().replace("utf-8", "windows-1252").encode("cp1252"), None),
    "transport": (html().replace('<meta charset="utf-8">\n', "").encode("iso-8859-1"), "iso-8859-1"),
    "divs": (html("div").encode(), None),
    "bare": ("".join(f"<p>{text}" for text in TEXTS).encode(), "utf-8"),
}
"""Bytes, and the charset that the transport declares."""


def entry(name: str) -> tuple[Page, Gold]:
    """A page with its gold."""
    content, charset = PAGES[name]
    gold = Gold((Segment("title", "Überfahrt"), *(Segment("paragraph", text) for text in TEXTS)))
    return Page(name, lambda: content, f"https://{name}.example/", charset, "de"), gold


def make_set(folder: Path, sites: int, texts: list[str] | None = None) -> str:
    """Write a set of pages, each of a site of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(sites):
        here = [f"{text} Fahrt {number}." for text in texts or TEXTS]
        url = f"https://site{number}.example/"
        rows.append(
            {"id": f"p{number}", "url": url, "html": html(texts=here), "text": "\n".join(here), "language": "de"}
        )
    (folder / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return f"jsonl:{folder / 'own.jsonl'}"
