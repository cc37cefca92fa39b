"""Pages that no author should write, each with its name, and what must never come out of them."""

from __future__ import annotations

from tests.site_run import ATTACK, LEAVES

MARK = "<img src=x onerror"
"""What stands in names and pages, and would be an element wherever it is written as it is."""


def _page(body: str, head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head>{head}</head><body><p>The pilot cutter came in.</p>{body}</body></html>".encode()
    )


_SHAPES = {
    "empty": b"",
    "blank": b" \n\t\r\n",
    "one byte": b"<",
    "one NUL": b"\0",
    "NUL in words": b"<p>The pilot\0cutter came in.</p>\0",
    "control characters": b"<p>The pilot \x01\x02\x1b[31mcutter\x7f came in.</p>",
    "no UTF-8": b"<p>\xff\xfe\xed\xa0\x80 The pilot cutter came in.</p>",
    "half a letter": b"<p>The pilot cutter came in.\xe2\x82",
    "UTF-16 with its mark": "\ufeff<p>The pilot cutter came in.</p>".encode("utf-16-le"),
    "UTF-32 with its mark": "\ufeff<p>The pilot cutter came in.</p>".encode("utf-32-le"),
    "says UTF-7": _page("+ADw-b+AD4-", '<meta charset="utf-7">'),
    "says nonsense": _page("", '<meta charset="no-such-charset">'),
    "says two charsets": _page("", '<meta charset="utf-16"><meta charset="koi8-r">'),
    "says it late": _page(f"<!--{'x' * 5_000}--><meta charset=koi8-r>"),
    "a long charset": _page("", f'<meta charset="{"x" * 10_000}">'),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "an archive": b"PK\x03\x04" + bytes(200),
    "packed": b"\x1f\x8b\x08\0\0\0\0\0\0\3" + bytes(50),
    "a pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "json": b'{"html": "<p>The pilot cutter came in.</p>"}',
    "xml": b'<?xml version="1.0"?><a><p>The pilot cutter came in.</p></a>',
    "plain words": b"The pilot cutter came in.",
}
_SIZES = {
    "wide": _page("<p>word</p>" * 20_000),
    "deep": _page("<div>" * 1_500 + "word"),
    "deeper than trees go": _page("<div>" * 5_000 + "word"),
    "deep lists": _page("<ul><li>" * 500 + "word"),
    "deep quotes": _page("<blockquote>" * 500 + "word"),
    "a long word": _page("<p>" + "a" * 200_000),
    "a long line": _page("<p>" + "word " * 100_000),
    "a long attribute": _page(f'<p title="{"x" * 500_000}">word</p>'),
    "many attributes": _page(f"<p {' '.join(f'a{n}=1' for n in range(5_000))}>word</p>"),
    "a long comment": _page(f"<!--{'-' * 200_000}-->"),
    "an open comment": _page("<!-- word"),
    "a picture in an address": _page(f'<img src="data:image/png;base64,{"A" * 500_000}">'),
    "many cells": _page("<table>" + "<tr><td>1<td>2</tr>" * 10_000),
    "cells that claim many": _page('<table><tr><td colspan="1000000" rowspan="1000000">1</table>'),
    "many references": _page("&amp;" * 50_000),
    "references of nothing": _page("&#0; &#xFFFFFFFF; &#x110000; &nosuch; &#xD800;"),
    "white space": _page(" \t\r\n" * 100_000),
    "open tags": _page("<p <b <i " * 5_000),
    "ends alone": _page("</div></p></b>" * 5_000),
    "crossing": _page("<b><i></b></i>" * 2_000),
}
_SCRIPTS = {
    "a script": _page("<script>top.broken = 1</script>"),
    "an open script": _page("<script>top.broken = 1"),
    "a picture's error": _page(f"{MARK}=top.broken=1>"),
    "an attack in words": _page(f"<p>{ATTACK}</p>"),
    "an attack in its title": _page("", f"<title>{ATTACK}</title>"),
    "an attack as text": _page("<p>&lt;img src=x onerror=top.broken=1&gt;"),
    "everything that leaves": LEAVES.encode(),
    "a form that sends": _page('<form action="http://tracker.example/" method=post><button autofocus>go</form>'),
    "an entity of a file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>The pilot &x; cutter</p>',
    "entities of entities": b'<!DOCTYPE a [<!ENTITY x "word"><!ENTITY y "&x;&x;">]><p>The pilot &y;</p>',
    "an include": _page('<xi:include href="file:///etc/passwd" parse="text"/>'),
    "frames": _page('<iframe srcdoc="<script>top.broken=1</script>"></iframe>'),
    "a formula": _page("<p>=HYPERLINK(&quot;http://tracker.example&quot;)"),
    "a template": _page("<p>{{7*7}} ${7*7} <%= 7*7 %> #{7*7}"),
    "latex": _page(r"<p>\input{/etc/passwd} \write18{id} $\def\a{\a\a}\a$ 100% & _ # ~ ^"),
    "markdown": _page("<p>[a](javascript:top.broken=1) ![b](http://tracker.example/b.png) `c` | d |"),
    "escapes of a terminal": "<p>\x1b]0;title\x07\x1b[2J\x9b31m The pilot</p>".encode(),
    "written from right to left": "<p>\u202ethe \u2066pilot\u2069 \u200fcutter</p>".encode(),
    "marks alone": ("<p>" + "\u0301" * 5_000).encode(),
    "joined for ever": ("<p>" + "\u200d\U0001f468" * 5_000).encode(),
    "unseen letters": ("<p>The\u200b pilot\u00ad cut\ufeffter" + "\U000e0041" * 500).encode(),
}
PAGES = _SHAPES | _SIZES | _SCRIPTS

NAMES = (
    *(
        "a|b",
        "a\nb",
        "a\tb",
        "=1+1",
        "+1",
        "-1",
        "@a",
        "%s %(a)s {a}",
        "a&b<b>",
        MARK + "=top.broken=1>",
        "\u202eelbat",
    ),
    *("..", "a" * 120, "'a\"b`", "\\input", "$x$ ~ # _ ^", "C:\\a", "&lt;", "é e\u0301", "NaN", "nul", "-rf"),
)
"""Names of pages, the first in the order of pages."""
