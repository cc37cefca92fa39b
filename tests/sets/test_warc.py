"""Crawls as servers and crawlers leave them: whatever can be decoded is a page, whatever cannot is named."""

from __future__ import annotations

import gzip
import time
import zlib
from typing import TYPE_CHECKING

import pytest

from boilerbench.errors import BadSetError
from boilerbench.model import Gold
from boilerbench.sets import doubts, load
from boilerbench.sets.formats import bodies
from boilerbench.sets.formats.bodies import UndecodableError, codings_of, decoded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HTML = b"<html><body><p>The pilot cutter came in on the flood.</p></body></html>" * 40


def record(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html", of: str = "response") -> bytes:
    """A record of a WARC file."""
    http = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", "")).encode() + body
    about = ("WARC/1.0", f"WARC-Type: {of}", "WARC-Target-URI: http://a.example/x")
    about += ("Content-Type: application/http; msgtype=response", f"Content-Length: {len(http)}", "", "")
    return "\r\n".join(about).encode() + http + b"\r\n\r\n"


def test_text_without_html_is_no_page(tmp_path: Path) -> None:
    about = ("WARC/1.0", "WARC-Type: conversion", "WARC-Target-URI: http://a.example/x", "Content-Length: 3")
    (tmp_path / "a.warc.wet").write_bytes("\r\n".join((*about, "", "abc", "", "")).encode())
    with pytest.raises(BadSetError, match="is a WET, text without the HTML of its pages"):
        load(f"warc:{tmp_path}/a.warc.wet")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes, size: int = 100) -> bytes:
    parts = (data[start : start + size] for start in range(0, len(data), size))
    return b"".join(b"%X;x=y\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def brotli(data: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli", reason="brotli, of the extra warc, is not installed").compress(data))


def zstd(data: bytes) -> bytes:
    packer = pytest.importorskip("zstandard", reason="zstandard, of the extra warc, is not installed")
    return bytes(packer.ZstdCompressor().compress(data))


SKIPPED = b"\x50\x2a\x4d\x18\x02\0\0\0ab"
WHOLE = {
    "plain": lambda: (HTML, ""),
    "identity": lambda: (HTML, "identity"),
    "gzip": lambda: (gzip.compress(HTML), "gzip"),
    "gzip by its old name": lambda: (gzip.compress(HTML), "X-GZip"),
    "gzip in members": lambda: (gzip.compress(HTML[:9]) + gzip.compress(HTML[9:]), "gzip"),
    "gzip with what follows it": lambda: (gzip.compress(HTML) + b"\0\0junk", "gzip"),
    "zlib": lambda: (zlib.compress(HTML), "deflate"),
    "raw deflate": lambda: (raw_deflate(HTML), "deflate"),
    "Brotli": lambda: (brotli(HTML), "br"),
    "Zstandard": lambda: (zstd(HTML), "zstd"),
    "Zstandard in frames": lambda: (zstd(HTML[:9]) + SKIPPED + zstd(HTML[9:]), "zstd"),
    "two codings": lambda: (brotli(gzip.compress(HTML)), "gzip, br"),
    "chunks": lambda: (chunked(HTML), "Chunked"),
    "chunks of gzip": lambda: (chunked(gzip.compress(HTML)), "gzip,chunked"),
    "chunks cut off": lambda: (chunked(HTML, 99999)[:-7], "chunked"),
    "no chunks": lambda: (HTML, "chunked"),
    "a crawler's plain text": lambda: (HTML, "gzip"),
    "a crawler's plain text, br": lambda: (HTML, "br"),
    "a charset": lambda: (HTML, "utf-8"),
}
BROKEN = {
    "cut gzip": (lambda: (gzip.compress(HTML)[:-9], "gzip"), "gzip: cut off"),
    "damaged gzip": (lambda: (gzip.compress(HTML)[:-8] + b"12345678", "gzip"), "gzip: damaged"),
    "cut second member": (lambda: (gzip.compress(HTML) + gzip.compress(HTML)[:30], "gzip"), "gzip: cut off"),
    "no gzip": (lambda: (b"\x01\x02\x03", "gzip"), "gzip: damaged"),
    "cut deflate": (lambda: (zlib.compress(HTML)[:-9], "deflate"), "deflate: "),
    "cut Brotli": (lambda: (brotli(HTML)[:-3], "br"), "br: cut off"),
    "no Brotli": (lambda: (b"\xff" * 99, "br"), "br: damaged"),
    "cut Zstandard": (lambda: (zstd(HTML)[:-3], "zstd"), "zstd: cut off"),
    "no Zstandard": (lambda: (b"\xff" * 99, "zstd"), "zstd: damaged"),
    "the wrong order": (lambda: (brotli(gzip.compress(HTML)), "br, gzip"), "gzip: damaged"),
    "damaged chunks": (lambda: (chunked(HTML)[:220] + b"zz\r\nmore", "chunked"), "chunked: damaged"),
    "unknown": (lambda: (HTML, "compress"), "compress: not known"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_body_is_decoded(case: str) -> None:
    body, codings = WHOLE[case]()
    assert decoded(body, codings_of([("content-ENCODING", codings)])) == HTML
    assert decoded(b"", codings_of([("Content-Encoding", codings)])) == b""


@pytest.mark.parametrize("case", BROKEN)
def test_a_body_that_cannot_be_decoded_says_why(case: str) -> None:
    make, why = BROKEN[case]
    body, codings = make()
    with pytest.raises(UndecodableError) as caught:
        decoded(body, codings_of([("Content-Encoding", codings)]))
    assert str(caught.value).startswith(why)


def test_codings_of_several_headers_are_in_the_order_in_which_they_were_applied() -> None:
    headers = [
        ("Transfer-Encoding", "Chunked"),
        ("Content-Encoding", "GZIP"),
        ("X", "y"),
        ("content-encoding", "br, ,"),
    ]
    assert codings_of(headers) == ["gzip", "br", "chunked"]


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("br", brotli), ("zstd", zstd)])
def test_a_body_that_unpacks_without_end_is_stopped(
    monkeypatch: pytest.MonkeyPatch, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(bodies, "SLACK", 2**20)
    with pytest.raises(UndecodableError, match="unpacks to more than"):
        decoded(pack(bytes(2**26)), [coding])


def test_many_small_members_take_no_long_time() -> None:
    start = time.process_time()
    assert decoded(gzip.compress(b"ab") * 20_000, ["gzip"]) == b"ab" * 20_000
    assert time.process_time() - start < 2


@pytest.fixture
def _warcio() -> None:
    pytest.importorskip("warcio", reason="warcio, of the extra warc, is not installed")


@pytest.mark.usefixtures("_warcio")
def test_html_responses_are_pages_without_gold(tmp_path: Path) -> None:
    records = [
        record(HTML, status="404 Not Found"),
        record(HTML, kind="text/html; charset=KOI8-R"),
        record(HTML, kind="image/png"),
        record(HTML, status="301 Moved Permanently"),
        record(b"", of="revisit"),
    ]
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    goldset = load(f"warc:{tmp_path}/*.warc.gz")
    [(page, gold)] = goldset.entries
    assert (page.id, page.url) == (f"crawl-{len(gzip.compress(records[0]))}", "http://a.example/x")
    assert (page.charset, page.read(), gold, doubts(goldset)) == ("koi8-r", HTML, Gold(()), [])


@pytest.mark.usefixtures("_warcio")
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_body_that_can_be_decoded_is_a_page_and_the_others_are_named(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    named = [f"Content-Encoding: {coding}" for coding in ("zstd", "br", "compress")]
    first = pack(record(zstd(HTML), named[0], "transfer-encoding: CHUNKED"))
    second = pack(record(brotli(HTML)[:-3], named[1]))
    (tmp_path / "a.warc").write_bytes(first + second + pack(record(HTML)) + pack(record(b"\x1f\x9d", named[2])))
    goldset = load(f"warc:{tmp_path}")
    assert [page.read() for page in goldset.pages] == [HTML, HTML]
    lost = f"a-{len(first)} (br: cut off), a-{len(first + second + pack(record(HTML)))} (compress: not known)"
    said = f"2 pages are left out: {lost}"
    assert doubts(goldset) == [f"set '{goldset.name}': {said}"]


@pytest.mark.usefixtures("_warcio")
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_file_that_is_cut_off_anywhere_is_refused_with_the_pages_read_before(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    html, file = HTML[:80], tmp_path / "a.warc"
    parts = [pack(record(html)), pack(record(b"ping", of="metadata")), pack(record(html))]
    whole, ends = b"".join(parts), (len(parts[0]), len(parts[0] + parts[1]))
    for end in range(ends[0] + 5, len(whole) - 12, 7):
        file.write_bytes(whole[:end])
        if not ends[1] - 12 < end < ends[1] + 5:  # where all of a record is there but what ends it
            with pytest.raises(BadSetError, match=r"a\.warc: cannot be read as WARC: .*; 1 pages were read before"):
                load(f"warc:{file}")
    file.write_bytes(whole)
    assert len(load(f"warc:{file}").entries) == 2


@pytest.mark.usefixtures("_warcio")
def test_pages_are_named_by_whole_file_names_and_by_folders_where_these_repeat(tmp_path: Path) -> None:
    for name in ("host.00000.warc", "host.00001.warc.gz", "day 1/crawl.warc", "day2/crawl.warc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(record(HTML)) if name.endswith(".gz") else record(HTML))
    pages = load(f"warc:{tmp_path}/**/*.warc*").pages
    assert sorted(page.id for page in pages) == ["day-1-crawl-0", "day2-crawl-0", "host.00000-0", "host.00001-0"]


@pytest.mark.usefixtures("_warcio")
@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.warc", b"nothing like it\r\n\r\n", "cannot be read as WARC: "),
        ("a.warc.gz", gzip.compress(record(HTML) + record(HTML)), "cannot be read as WARC: "),
        (
            "a.warc.zst",
            b"\x28\xb5\x2f\xfd",
            "WARC compressed by Zstandard is not read; unpack it first: unzstd a.warc.zst",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line_that_names_the_file(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadSetError) as caught:
        load(f"warc:{tmp_path}")
    assert str(caught.value).startswith(f"{tmp_path / name}: {what}")
    assert "\n" not in str(caught.value)
