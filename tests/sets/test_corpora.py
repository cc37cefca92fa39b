"""Corpora that extractors' makers test or train with, in small sets of the same form."""

import gzip
from pathlib import Path

import pytest

from boilerbench.model import Segment
from boilerbench.sets import doubts, load
from tests.sets.test_readers import HTML, only, said, write

GZIPPED = gzip.compress(HTML)


def article(*paragraphs: str, **about: object) -> dict[str, object]:
    sections = [{"headline": ["Then"], "paragraphs": list(paragraphs)}]
    return {"body": {"summary": ["In short."], "sections": sections}, "title": "Boats", **about}


def test_versions_of_fundus_go_to_pages_in_the_order_of_their_dates(tmp_path: Path) -> None:
    versions = {"V2": article("second"), "V1_1": article("first", authors=["Ada"], publishing_date="2024-05-03")}
    names = [f"at/Boats_{year}_05_03.html.gz" for year in (2025, 2024)]
    write(tmp_path, **{"at/Boats.json": versions, **dict.fromkeys(names, GZIPPED)})
    write(tmp_path, **{"at/meta.info": {"Boats_2024_05_03.html.gz": {"url": "http://a.example/1"}}})
    (early, gold), (late, later) = load(f"fundus:{tmp_path}").entries
    assert (early.id, early.url, late.id, late.url) == (
        "at/Boats_2024_05_03", "http://a.example/1", "at/Boats_2025_05_03", None
    )  # fmt: skip
    assert gold.segments == (Segment("lead", "In short."), Segment("heading", "Then"), Segment("paragraph", "first"))
    assert (gold.metadata.title, gold.metadata.author, gold.metadata.date) == ("Boats", ("Ada",), "2024-05-03")
    assert later.segments[2].text == "second"
    assert early.read() == HTML


def test_a_publisher_of_fundus_with_more_pages_than_versions_is_left_out_and_said(tmp_path: Path) -> None:
    files = {"at/A.json": {"V1": article("x")}, "at/A_2024_1_1.html.gz": GZIPPED, "at/A_2024_1_2.html.gz": GZIPPED}
    write(tmp_path, **files, **{"at/B.json": {"V1": article("y")}, "at/B_2024_1_1.html.gz": GZIPPED})
    found = load(f"fundus:{tmp_path}")
    assert [page.id for page in found.pages] == ["at/B_2024_1_1"]
    assert any(line.endswith("1 publishers have not as many pages as versions, and are left out: at/A")
               for line in doubts(found))  # fmt: skip


def test_paragraphs_in_brackets_are_optional_in_the_evaluation_of_fundus(tmp_path: Path) -> None:
    truth = {"a_0.html.gz": {"body": ["Hello there.", "[Read on.]", " "], "url": "http://a.example/"}}
    write(tmp_path, **{"dataset/ground_truth.json": truth, "dataset/html/a_0.html.gz": GZIPPED})
    page, gold = only(f"fundus-evaluation:{tmp_path}")
    assert (page.id, page.url, page.read()) == ("a_0", "http://a.example/", HTML)
    assert gold.segments == (Segment("paragraph", "Hello there."), Segment("caption", "Read on."))


MARKED = (
    '<p class="krdwrd-tag-3"><kw class="krdwrd-tag-3">Hello</kw> <b class="x krdwrd-tag-3"><kw class="krdwrd-tag-3">'
    'there.</kw></b></p><i><kw class="krdwrd-tag-2 krdwrd-tag-mrgtie">A boat</kw></i><kw class="krdwrd-tag-1">Menu</kw>'
)


def test_pages_of_canola_have_their_tags_as_gold_and_no_longer_in_them(tmp_path: Path) -> None:
    write(tmp_path, **{"canola/plan.canola": "7\n", "canola/urls": "6 http://b.example/\n7 http://a.example/\n"})
    write(tmp_path, **{"canola/merged.20100908.combined/7": MARKED, "canola/merged.20100908.combined/6": MARKED})
    page, gold = only(f"canola:{tmp_path}")
    assert (page.id, page.url, page.charset) == ("7", "http://a.example/", "utf-8")
    assert page.read() == b'<p>Hello <b class="x">there.</b></p><i>A boat</i>Menu'
    assert gold.segments == (Segment("body", "Hello there."), Segment("caption", "A boat"))


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Boats\n\nHello there.", (Segment("title", "Boats"), Segment("body", "Hello there."))),
        ("Hello there.", (Segment("body", "Hello there."),)),
    ],
)
def test_text_of_dragnet_of_2020_begins_with_its_title(tmp_path: Path, text: str, segments: object) -> None:
    meta = (
        f"title = \"Boats\"\nurl = \"http://a.example/\"\ndt_published = 2020-05-21T22:03:34Z\ntext = '''\n{text}'''\n"
    )
    write(tmp_path, **{"data/html/u.html": HTML, "data/meta/u.toml": meta})
    page, gold = only(f"dragnet-2020:{tmp_path}")
    assert (page.id, page.url, gold.segments) == ("u", "http://a.example/", segments)
    assert (gold.metadata.title, gold.metadata.date) == ("Boats", "2020-05-21T22:03:34+00:00")


def test_dragnet_of_2020_names_what_a_file_lacks(tmp_path: Path) -> None:
    write(tmp_path, **{"html/u.html": HTML, "meta/u.toml": 'title = "Boats"'})
    assert said(f"dragnet-2020:{tmp_path}").startswith(f"{tmp_path}/meta/u.toml: ")


def test_pages_of_newspaper_have_the_text_of_their_name(tmp_path: Path) -> None:
    files = {"html/a.com1.html": HTML, "html/thai_article.html": HTML, "html/alone.html": HTML, "text/a.com1.txt": "A"}
    write(tmp_path / "tests" / "data", **files, **{"text/thai.txt": "Hello there.", "list.txt": "http://a.example/"})
    found = load(f"newspaper:{tmp_path}")
    assert [(page.id, gold.segments[0].text) for page, gold in found.entries] == [
        ("a.com1", "A"),
        ("thai", "Hello there."),
    ]
    assert any("not read: 1 pages without a text: alone" in line for line in doubts(found))


def test_lists_beside_the_folders_of_pairs_are_no_gold_and_said(tmp_path: Path) -> None:
    write(tmp_path, **{"html/a.html": HTML, "text/a.txt": "Hello there.", "urls.txt": "http://a.example/"})
    found = load(f"pairs:{tmp_path}")
    assert [gold.segments[0].text for _, gold in found.entries] == ["Hello there."]
    assert any(line.endswith("its own .txt files are not read: urls") for line in doubts(found))
