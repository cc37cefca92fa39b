"""What site a page is of, which is the unit that intervals and ranks are made by."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.model.sites import host_of
from boilerbench.sets import doubts, load
from tests.command import boilerbench, make_runner, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOLD = Gold((Segment("body", "x"),))
CANONICAL = '<link rel="canonical" href="https://www.courier.example/1">'


def of(html: str | bytes, url: str | None = None, site: str | None = None) -> str:
    raw = html if isinstance(html, bytes) else html.encode()
    return Page("page", lambda: raw, url, stated_site=site).site


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.courier.example/news/3", "courier.example"),
        ("HTTP://Courier.Example:8080/", "courier.example"),
        ("www.courier.example/news/3", "courier.example"),
        ("www.courier.example", "courier.example"),
        ("courier.example/news", "courier.example"),
        ("courier.example:8080/news", "courier.example"),
        ("//courier.example/news", "courier.example"),
        ("https://web.archive.org/web/20190101000000/http://www.courier.example/x", "courier.example"),
        ("https://web.archive.org/web/2019id_/https://courier.example/x", "courier.example"),
        ("web.archive.org/web/2019/http:/courier.example/x", "courier.example"),
        ("https://archive.ph/20190101/https://courier.example:8080/x", "courier.example"),
        ("https://web.archive.org/about", "web.archive.org"),
        ("https://courier.example/share?u=http://other.example/2019/", "courier.example"),
        ("https://courier.example/2019/05/a.html", "courier.example"),
        ("https://courier.example/?u=https://web.archive.org/web/2019/http://other.example/", "courier.example"),
        ("https://web.archive.org/web/20190101000000/courier.example/x", "courier.example"),
        ("https://web.archive.org/web/2019*/courier.example", "courier.example"),
        ("https://web.archive.org/web/https://courier.example/x", "courier.example"),
        (
            "https://web.archive.org/web/2019/https://web.archive.org/web/2018/http://courier.example/",
            "courier.example",
        ),
        ("https://archive.is/2019.01.02-030405/http://courier.example/x", "courier.example"),
        ("https://archive.today/newest/https://courier.example/x", "courier.example"),
        ("archive.ph/o/AbCdE/https://www.courier.example/x", "courier.example"),
        ("https://archive.ph/AbCdE", None),
        ("courier.example", "courier.example"),
        ("courier.example.:80?page=3", "courier.example"),
        ("localhost:8000/x", "localhost"),
        ("192.0.2.7/x", "192.0.2.7"),
        ("http://192.0.2.7:8080/x", "192.0.2.7"),
        ("[2001:db8::1]:8080/x", "2001:db8::1"),
        ("https://www.M\u00fcnchen.example/x", "xn--mnchen-3ya.example"),
        ("xn--mnchen-3ya.example/x", "xn--mnchen-3ya.example"),
        ("http:/courier.example/x", "courier.example"),
        (" https://www.courier.example/x\n", "courier.example"),
        ("https://www.example/", "www.example"),
        ("index.php?page=3", None),
        ("story.html/comments", None),
        ("3.2/notes", None),
        ("tel:123", None),
        ("news/3.html", None),
        ("index.html", None),
        ("/news/3", None),
        ("mailto:a@courier.example", None),
        ("https://[bad/", None),
        ("", None),
    ],
)
def test_the_host_of_an_address_is_found(url: str, host: str | None) -> None:
    assert host_of(url) == host
    assert of("<p>x</p>", url) == (host or "page")


@pytest.mark.parametrize(
    ("html", "site"),
    [
        (CANONICAL, "courier.example"),
        ("<LINK HREF=https://courier.example/1 REL='alternate canonical'>", "courier.example"),
        ('<meta content="//courier.example/1" property="og:url">', "courier.example"),
        ("<meta name='og:url' content='http://courier.example'>", "courier.example"),
        (
            '<link rel="canonical" href="/1"><meta property="og:url" content="http://courier.example/1">',
            "courier.example",
        ),
        (f'<meta property="og:url" content="http://other.example/1">{CANONICAL}', "courier.example"),
        (f'<link rel="stylesheet" href="http://cdn.example/a.css">{CANONICAL}', "courier.example"),
        ('<link rel="stylesheet" href="http://cdn.example/a.css">', "page"),
        (f"<!-- {CANONICAL} -->", "page"),
        (f"<body>{CANONICAL}", "page"),
        (CANONICAL.encode("utf-16"), "courier.example"),
        (" " * 2**16 + CANONICAL, "page"),
        ("", "page"),
    ],
)
def test_a_page_without_an_address_is_of_the_site_that_it_names_itself(html: str | bytes, site: str) -> None:
    assert of(html) == site
    assert of(html, "https://first.example/") == "first.example"
    assert of(html, "https://first.example/", "stated") == "stated"


@given(st.binary(), st.text())
def test_no_page_and_no_address_is_an_obstacle(html: bytes, url: str) -> None:
    assert of(html, url)
    assert of(b"<link rel=canonical href=" + html)


@pytest.mark.parametrize("part", ["a", "<link ", "<meta a=", "a='", "<!--", "rel=canonical ", "a: ", "="])
def test_a_page_that_repeats_itself_is_read_in_no_time(part: str) -> None:
    start = time.process_time()
    of("<link " + part * 50_000)
    assert time.process_time() - start < 1


def save_jsonl(folder: Path) -> str:
    lines = [{"id": str(n), "html": "<p>", "text": "x", "site": "courier"} for n in range(2)]
    (folder / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return f"jsonl:{folder / 'a.jsonl'}"


def save_parquet(folder: Path) -> str:
    import pandas as pd

    frame = pd.DataFrame({"id": ["0", "1"], "html": "<p>", "text": "x", "site": "courier"})
    frame.to_parquet(folder / "a.parquet")
    return f"parquet:{folder / 'a.parquet'}"


def save_native(folder: Path) -> str:
    (folder / "set.toml").write_text('name = "mine"')
    for page in "01":
        (folder / "pages" / page).mkdir(parents=True)
        (folder / "pages" / page / "page.html").write_text("<p>")
        gold = {"schema": 1, "site": "courier", "with": ["x"]}
        (folder / "pages" / page / "gold.json").write_text(json.dumps(gold))
    return f"native:{folder}"


def save_cetd(folder: Path) -> str:
    for name in ("original/0.htm", "gold/0.txt", "original/1.htm", "gold/1.txt"):
        (folder / "courier" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "courier" / name).write_text("x")
    return f"cetd:{folder}"


@pytest.mark.parametrize("save", [save_jsonl, save_parquet, save_native, save_cetd])
def test_a_set_may_state_the_site_of_its_pages(save: Callable[[Path], str], tmp_path: Path) -> None:
    goldset = load(save(tmp_path))
    assert [page.site for page in goldset.pages] == ["courier", "courier"]
    assert doubts(goldset) == []


def test_a_set_says_of_how_many_pages_the_site_is_unknown() -> None:
    known, unknown = Page("a", bytes, "http://a.example/"), Page("b", bytes)
    assert doubts(GoldSet("x", "x:", ((known, GOLD),))) == []
    assert doubts(GoldSet("x", "x:", ((unknown, Gold(())),))) == []
    [line] = doubts(GoldSet("x", "x:", ((known, GOLD), (unknown, GOLD))))
    assert line == (
        "set 'x': 1 of its 2 pages have no URL, and nothing else tells their site: "
        "each counts as a site of its own, so that intervals may be too narrow"
    )


def test_run_and_score_say_so_and_the_table_counts_the_sites(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.html").write_text((CANONICAL if number > 1 else "") + f"<p>one {number}</p>")
        (folder / f"{number}.txt").write_text(f"one {number}")
    runner, out = make_runner(tmp_path, "mine", "    return html"), tmp_path / "out"
    (tmp_path / "mine.json").write_text(json.dumps({str(number): "one" for number in range(4)}))
    spec, outputs = f"pairs:{folder}", f"json:{tmp_path / 'mine.json'}"
    for command in (
        ("run", "--runner", runner, "--set", spec, "--out", out, "--env", "host"),
        ("score", out),
        ("score", "--set", spec, "--outputs", outputs, "--out", tmp_path / "scored"),
    ):
        done = boilerbench(*command, "--format", "csv")
        assert done.returncode == 0, done.stderr
        assert [row["sites"] for row in rows(done.stdout)] == ["3"]
        assert [row["flags"].split()[-1] for row in rows(done.stdout)] == ["sites-unknown:2"]
        assert "set 'set': 2 of its 4 pages have no URL, and nothing else tells their site: " in done.stderr
    table = boilerbench("table", out).stdout
    assert "4 pages · 3 sites: too few to rank · site of 2 unknown, each taken for one" in table.replace("\n", " ")
    assert "sites-unknown" not in table
