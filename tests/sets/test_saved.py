"""Pages as people have them: saved from a browser, or listed in a table."""

from __future__ import annotations

import base64
import quopri
from typing import TYPE_CHECKING

import pytest

from boilerbench.model import Gold, Metadata, Segment
from boilerbench.sets import load
from tests.sets.test_readers import only, said, write

if TYPE_CHECKING:
    from pathlib import Path

HTML = "<html><body><p>Der Lotse kam an Bord, früh um fünf.</p></body></html>"
URL = "https://a.example/lotse"
BODY = Gold((Segment("body", "Der Lotse"),))


def mhtml(content: bytes, encoding: str, *, kind: str = "text/html; charset=utf-8", where: str = URL) -> bytes:
    head = f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {where}\r\nMIME-Version: 1.0\r\n"
    head += 'Content-Type: multipart/related; type="text/html"; boundary="--=_b"\r\n\r\n'
    image = "----=_b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    page = f"----=_b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    page += f"Content-Location: {URL}\r\n\r\n"
    return f"{head}{image}{page}".encode() + content + b"\r\n----=_b--\r\n"


@pytest.mark.parametrize(
    ("name", "content", "charset"),
    [
        ("a.mhtml", mhtml(quopri.encodestring(HTML.encode()), "quoted-printable"), "utf-8"),
        ("a.mht", mhtml(base64.encodebytes(HTML.encode()), "base64"), "utf-8"),
        ("a.mhtml", mhtml(HTML.encode("latin-1"), "8bit", kind="text/html; charset=iso-8859-1"), "iso-8859-1"),
        ("a.mhtml", mhtml(HTML.encode(), "8bit", kind="text/html", where=""), None),
        ("a.html", f"<!DOCTYPE html><!--\n Page saved with SingleFile\n url: {URL} \n saved date: x -->{HTML}", None),
        ("a.htm", f"<!DOCTYPE html>\n<!-- saved from url=(0023){URL} -->\n{HTML}", None),
    ],
)  # fmt: skip
def test_a_page_that_a_browser_saved_has_its_address(
    name: str, content: bytes | str, charset: str | None, tmp_path: Path
) -> None:
    folder = write(tmp_path / "mine", **{name: content, "a.txt": "Der Lotse", "a_files/x.html": "<p>an advert</p>"})
    page, gold = only(f"saved:{folder}")
    assert (page.id, page.url, page.charset, page.site) == ("a", URL, charset, "a.example")
    assert HTML in page.read().decode(charset or "utf-8")
    assert "advert" not in page.read().decode(charset or "utf-8")
    assert gold.segments == BODY.segments


def test_saved_pages_of_all_kinds_and_gold_stand_in_one_folder(tmp_path: Path) -> None:
    row = {"text": "Der Lotse", "title": "Lotse"}
    pages = {"a.mhtml": mhtml(HTML.encode(), "8bit"), "b.html": HTML, "c.html": HTML}
    write(tmp_path, **pages, **{"a.json": row, "c.md": "# C"})
    (a, gold), (b, none), (c, _) = load(f"saved:{tmp_path}").entries
    assert (a.url, gold.metadata, a.charset, a.read()) == (URL, Metadata("Lotse"), "utf-8", HTML.encode())
    assert (b.url, none.given, c.id) == (None, False, "c")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.txt": "x"}, "no page in it; expected a folder of NAME.mhtml"),
        ({"a.html": HTML, "b.txt": "x"}, "has no page beside it; expected a folder of NAME.mhtml"),
        ({"a.mhtml": "not MHTML"}, "has no HTML in it; MHTML is what a browser saves"),
        ({"a.mhtml": mhtml(b"x", "8bit", kind="text/plain")}, "has no HTML in it"),
        ({"a.mhtml": mhtml(b"\n--x" * 5000, "8bit")}, "more than 4096 parts"),
        ({"a.mhtml": mhtml(b"x", "8bit", kind="text/html; " + "a=b;\r\n " * 2000)}, "a Content-Type of more than 8 KB"),
        ({"a.html": HTML, "a.mhtml": mhtml(b"x", "8bit")}, "is of page 'a', too"),
    ],
)
def test_what_is_no_saved_page_is_one_line(files: dict[str, object], says: str, tmp_path: Path) -> None:
    assert says in said(f"saved:{write(tmp_path, **files)}")


TABLE = "\n".join(
    [
        '\ufeff"path",url,language,type,text',
        f'html/a.html,{URL},de,news,"Der Lotse\nkam, ""früh"""',
        "b.html,,,,body: none",
        "c.html,,,,",
    ]
)


def test_a_table_lists_pages_with_their_gold(tmp_path: Path) -> None:
    write(tmp_path, **{"pages.csv": TABLE, "html/a.html": HTML, "b.html": HTML, "c.html": HTML})
    (a, gold), (b, none), (c, open_) = load(f"csv:{tmp_path}/pages.csv").entries
    assert (a.id, a.url, a.language, a.page_type, a.read()) == ("html/a.html", URL, "de", "news", HTML.encode())
    assert gold.segments == (Segment("body", 'Der Lotse\nkam, "früh"'),)
    assert (b.id, none.segments, c.id, open_.given) == ("b.html", (Segment("body", ""),), "c.html", False)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("file,url\na.html,x\n", "has no column 'path'; expected a first line 'path,url,language,type,text'"),
        ("", "has no column 'path'"),
        ("path\nb.html\n", "a.csv:2: path 'b.html' is no file below"),
        ("path\n../a.csv\n", "a.csv:2: path '../a.csv' is no file below"),
        ("path\n/etc/hostname\n", "is no file below"),
        ("path,url\n,x\n", "path '' is no file below"),
        ("path\na.html,x\n", "a.csv:2: has more cells than the first line has names"),
        ("path\na.html\na.html\n", "a.csv:3: page a.html is there more than once"),
        ("path,content\na.html,x\n", "'content' is not read; gold is one of text"),
        ('path\n"a.html\n', "cannot be read as CSV in UTF-8 behind line"),
        (b"path\na.html\n\xe4.html\n", "cannot be read as CSV in UTF-8 behind line 2"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_line(table: str | bytes, says: str, tmp_path: Path) -> None:
    assert says in said(f"csv:{write(tmp_path, **{'a.csv': table, 'a.html': HTML})}")


def test_a_link_out_of_the_folder_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text(HTML)
    write(tmp_path / "set", **{"a.csv": "path\na.html\n"})
    (tmp_path / "set" / "a.html").symlink_to(tmp_path / "secret.html")
    assert "is no file below" in said(f"csv:{tmp_path}/set")
