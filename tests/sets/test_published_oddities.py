"""What the authors of public sets really publish: two splits in one folder, misspelt markers, notes in gold, flags."""

import gzip
from pathlib import Path

import pytest

from boilerbench.model import Segment
from boilerbench.sets import doubts, load
from tests.command import boilerbench, make_runner, rows
from tests.sets.test_readers import HTML, lines, only, said, wcxb_truth, write


def test_both_splits_of_wcxb_are_told_apart_by_their_names(tmp_path: Path) -> None:
    for split in ("dev", "test"):
        names = f"{split}/ground-truth/0001.json", f"{split}/html/0001.html.gz"
        write(tmp_path, **dict(zip(names, (wcxb_truth(main_content=split), gzip.compress(HTML)), strict=True)))
    found = load(f"wcxb:{tmp_path}")
    assert (found.name, [page.id for page in found.pages]) == ("wcxb", ["dev/0001", "test/0001"])
    assert [gold.segments[0].text for _, gold in found.entries] == ["dev", "test"]
    assert only(f"wcxb:{tmp_path / 'test'}")[0].id == "0001"


MARKDOWN = {"convert_main_content": "# Hello\n\nthere\n"}
META = {"language": "de", "style": "Article", "level": "hard", "table": ["data", "layout"], "code": [], "equation": 7}


def test_webmainbench_whole_has_its_markdown_and_what_it_says_of_pages(tmp_path: Path) -> None:
    row = {"track_id": "t", "html": "<p>", "groundtruth_content": None, **MARKDOWN, "meta": META}
    page, gold = only(f"webmainbench:{write(tmp_path, **{'a.jsonl': lines(row)}) / 'a.jsonl'}")
    assert gold.segments == (Segment("heading", "Hello"), Segment("paragraph", "there"))
    assert (page.language, page.page_type) == ("de", "Article")
    assert page.traits == {"level": "hard", "table": "data+layout", "code": "none"}


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"groundtruth_content": "by hand", **MARKDOWN}, "by hand"),
        ({"groundtruth_content": " ", "convert_main_content": "made"}, "made"),
        ({"convert_main_content": ""}, ""),
    ],
)
def test_webmainbench_prefers_what_was_calibrated_by_hand(tmp_path: Path, more: dict[str, str], text: str) -> None:
    spec = f"webmainbench:{write(tmp_path, **{'a.jsonl': lines({'track_id': 't', 'html': '<p>', **more})})}"
    assert [segment.text for segment in only(spec)[1].segments] == [text]


def test_webmainbench_says_what_a_row_without_gold_lacks(tmp_path: Path) -> None:
    write(tmp_path, **{"a.jsonl": lines({"track_id": "t", "html": "<p>", "main_html": "<p>"})})
    assert "a.jsonl:1: needs 'track_id' or 'id', and one of groundtruth_content, convert" in said(
        f"webmainbench:{tmp_path}"
    )


def test_what_a_set_says_of_pages_is_a_slice(tmp_path: Path) -> None:
    made = [{"track_id": str(n), "html": "<p>", **MARKDOWN, "meta": {"level": n % 2 and "mid"}} for n in range(4)]
    spec = f"webmainbench:{write(tmp_path, **{'a.jsonl': lines(*made)}) / 'a.jsonl'}"
    runner = make_runner(tmp_path, "mine", "    return 'Hello'")
    done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "run", "--env", "host",
                       "--by", "level", "--format", "csv")  # fmt: skip
    assert {row["slice"]: row["pages"] for row in rows(done.stdout)} == {"mid": "2", "unknown": "2"}, done.stderr


MISSPELT = [
    "!@ $%^&*()  COMMENTS",
    "!@#$%^&*   COMMENTS",
    "  #$%^&*()  COMMENTS",
    "!@#$%^&*()  COMMNENTS",
    "!@#$%^&*()",
]


@pytest.mark.parametrize("marker", MISSPELT)
def test_misspelt_markers_of_dragnet_part_body_from_comments_and_are_said(tmp_path: Path, marker: str) -> None:
    text = f"Hello.\n\n{marker} \n\nFirst! 100 %^&* sure\n"
    write(tmp_path, **{"HTML/7.html": HTML, "Corrected/7.html.corrected.txt": text})
    assert only(f"dragnet:{tmp_path}")[1].segments == (
        Segment("body", "Hello."),
        Segment("comment", "First! 100 %^&* sure"),
    )
    [line] = [line for line in doubts(load(f"dragnet:{tmp_path}")) if "misspell" in line]
    assert line.endswith("1 of its 1 gold files misspell the comments marker; what follows it, 4 words, is read as "
                         "comments: 7")  # fmt: skip
    assert line in boilerbench("sets", "check", f"dragnet:{tmp_path}").stderr


@pytest.mark.parametrize("marker", ["!@#%^&*() COMMENTS", "!@#$%^&*() REPLIES", "$%^&*()"])
def test_an_unknown_marker_of_dragnet_is_refused(tmp_path: Path, marker: str) -> None:
    write(tmp_path, **{"HTML/7.html": HTML, "Corrected/7.html.corrected.txt": f"Hello.\n{marker}\nFirst!"})
    assert said(f"dragnet:{tmp_path}") == (
        f"{tmp_path}/Corrected/7.html.corrected.txt: '{marker}' looks like the comments marker; "
        "write !@#$%^&*() COMMENTS"
    )


@pytest.mark.parametrize(
    ("wrapper", "charset"),
    [
        ('<text id="1" title="Home > News" encoding="windows-1251">', "windows-1251"),
        ("<text id='1' title='a\n > b' encoding = koi8-r >", "koi8-r"),
        ('<text id="1" title="5" nails > x" encoding="iso-8859-2">', "iso-8859-2"),
        (f'<text title="{"x" * 5000}" encoding="koi8-r">', "koi8-r"),
        ("<text>", None),
    ],
)
def test_a_wrapper_of_cleaneval_ends_where_its_attributes_do(tmp_path: Path, wrapper: str, charset: str | None) -> None:
    write(tmp_path, **{"orig/1.html": f"{wrapper}\n".encode() + HTML + b"\n</text>", "clean/1.txt": "<p>x"})
    page, _ = only(f"cleaneval:{tmp_path}")
    assert (page.read(), page.charset) == (HTML, charset)


def test_notes_in_gold_of_cleaneval_are_no_gold_and_odd_marks_are_counted(tmp_path: Path) -> None:
    text = (
        "<!-- by\nhand -->\nURL: http://a.example/\n<!-- one --><P>Hello\n< h >there<!-- open <p>\n<1>one\np>two\n<b> x"
    )
    write(tmp_path, **{"orig/1.html": HTML, "clean/1.txt": text})
    page, gold = only(f"cleaneval:{tmp_path}")
    assert page.url == "http://a.example/"
    assert [(each.label, each.text) for each in gold.segments] == [
        ("paragraph", "Hello"),
        ("heading", "there\n<1>one\np>two\n<b> x"),
    ]
    [line] = [line for line in doubts(load(f"cleaneval:{tmp_path}")) if "misspelt" in line]
    assert "3 lines begin with a mark that is misspelt, and count as text: <1> in 1, p> in 1, <b>" in line
