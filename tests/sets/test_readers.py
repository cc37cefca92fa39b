"""Small sets of our own in every layout, read as `--set FORMAT:PATH` reads them."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, Metadata, Page, Segment
from boilerbench.sets import doubts, formats, lacks, load
from boilerbench.sets.census import take
from boilerbench.sets.datasets.webmainbench import unmarked
from boilerbench.text.decoding import decode
from tests.command import boilerbench, logging_runner, make_runner
from tests.sets.test_warc import record

HTML = b"<html><body><nav>Menu</nav><p>Hello there.</p></body></html>"


def write(folder: Path, **files: object) -> Path:
    """Write files by path; what is neither bytes nor text becomes JSON."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def lines(*rows: object) -> str:
    return "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)


def only(spec: str) -> tuple[Page, Gold]:
    [entry] = load(spec).entries
    return entry


def said(spec: str) -> str:
    with pytest.raises(BadSetError) as caught:
        load(spec)
    message = str(caught.value)
    assert "\n" not in message
    return message


def wcxb_truth(**truth: object) -> dict[str, object]:
    given = {"main_content": "Hello there.", "with": ["Hello"], "without": ["Menu", " "], **truth}
    return {"url": "http://a.example/x", "_internal": {"page_type": {"primary": "forum"}}, "ground_truth": given}


def test_wcxb_has_a_body_snippets_and_a_page_type(tmp_path: Path) -> None:
    write(tmp_path, **{"dev/ground-truth/0001.json": wcxb_truth(), "dev/html/0001.html.gz": gzip.compress(HTML)})
    for path in (tmp_path, tmp_path / "dev"):
        page, gold = only(f"wcxb:{path}")
        assert (page.id, page.url, page.page_type, page.read()) == ("0001", "http://a.example/x", "forum", HTML)
        assert gold == Gold((Segment("body", "Hello there."),), ("Hello",), ("Menu",))
    about = {"title": "T", "author": "", "publish_date": "2020-01-02"}
    write(tmp_path, **{"dev/ground-truth/0001.json": wcxb_truth(**about)})
    assert only(f"wcxb:{tmp_path}")[1].metadata == Metadata("T", date="2020-01-02")


def test_a_single_split_of_wcxb_is_part_of_the_name(tmp_path: Path) -> None:
    write(tmp_path, **{"dev/ground-truth/0001.json": wcxb_truth(), "dev/html/0001.html.gz": gzip.compress(HTML)})
    assert [load(f"wcxb:{path}").name for path in (tmp_path, tmp_path / "dev")] == ["wcxb-dev", "wcxb-dev"]
    (tmp_path / "dev").rename(tmp_path / "wcxb-dev")  # as a split from the catalogue lies here
    assert load(f"wcxb:{tmp_path / 'wcxb-dev'}").name == "wcxb-dev"
    (tmp_path / "wcxb-dev").rename(tmp_path / "dev")
    write(tmp_path, **{"test/ground-truth/0002.json": wcxb_truth(), "test/html/0002.html.gz": gzip.compress(HTML)})
    assert load(f"wcxb:{tmp_path}").name == "wcxb"


def test_wcxb_names_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, **{"dev/ground-truth/0001.json": wcxb_truth()})
    assert "0001.html.gz: missing, though 0001.json has gold" in said(f"wcxb:{tmp_path}")
    write(tmp_path, **{"dev/ground-truth/0001.json": wcxb_truth(main_content=7), "dev/html/0001.html.gz": b""})
    assert "0001.json: 'ground_truth.main_content' must be a text or nothing, not a whole number" in said(
        f"wcxb:{tmp_path}"
    )
    assert "no pages" in said(f"wcxb:{tmp_path / 'dev' / 'html'}")


def test_snippets_are_gold_without_segments(tmp_path: Path) -> None:
    page_of = {"file": "a.html", "with": ["Hello"], "without": ["Menu"], "comments": ["x"]}
    truth: dict[str, dict[str, object]] = {"http://a.example/": page_of}
    write(tmp_path, **{"tests/evaldata.json": truth, "tests/eval/a.html": HTML})
    for path in (tmp_path, tmp_path / "tests", tmp_path / "tests/evaldata.json"):
        page, gold = only(f"snippets:{path}")
        assert (page.id, page.url, page.read()) == ("a", "http://a.example/", HTML)
        assert gold == Gold((), ("Hello",), ("Menu",))
    truth["http://a.example/"] |= {"title": "T", "author": ["A", "B"], "date": ""}
    write(tmp_path, **{"tests/evaldata.json": truth})
    assert only(f"snippets:{tmp_path}")[1].metadata == Metadata("T", ("A", "B"))


def test_snippets_never_read_a_file_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, **{"evaldata.json": {"u": {"file": "../secret.html", "with": [], "without": []}}})
    assert "page u: 'file' must be the name of a page, not '../secret.html'" in said(f"snippets:{tmp_path}")


def test_readability_converts_the_expected_html(tmp_path: Path) -> None:
    about = {"title": "A", "lang": "pt-BR"}
    expected = "<div><p>Hello <b>there</b>.</p><p>Bye.</p></div>"
    names = ("source.html", HTML), ("expected.html", expected), ("expected-metadata.json", about)
    write(tmp_path, **{f"test-pages/one/{name}": content for name, content in names})
    page, gold = only(f"readability:{tmp_path}")
    assert (page.id, page.url, page.charset, page.language) == ("one", None, "utf-8", "pt")
    assert gold.segments == (Segment("body", "Hello there.\n\nBye."),)


CC = 'cc-select="true" class="big mark-selected" data-anno-uid="anno-uid-1x" style=""'
MARKED = (
    '<html><head><style id="cc-extraStyle" name="cc">.mark-selected { color: red }</style></head>'
    f'<body style="user-select: none;" data-anno-uid="anno-uid-2"><h1 {CC}>Hello</h1>'
    '<p class="mark-selected" cc-select=true><marked-text cc-select="true">there</marked-text><b>you</b>'
    "<marked-tail CC-SELECT='true'> all</marked-tail></p><img class='cc-unloaded' src=''>"
    '<iframe srcdoc="&lt;p cc-select=&quot;true&quot;&gt;"></iframe><!-- cc-select --></body></html>'
)


def test_marks_of_annotators_are_taken_off() -> None:
    clean = unmarked(MARKED)
    assert '<body><h1 class="big">Hello</h1><p>there<b>you</b> all</p><img src=' in clean
    for mark in ("cc-", "mark-selected", "marked-", "anno-uid", 'style=""', "user-select"):
        assert mark not in clean


def test_pages_without_marks_stay_as_they_are() -> None:
    html = '<p class="a b" style="color: red" data-id="1">selected marks</p>'
    assert unmarked(html) == html


def test_webmainbench_lists_become_labels(tmp_path: Path) -> None:
    blocks = [
        {"type": "title", "content": {"title_content": "Hello", "level": "1"}},
        {"type": "paragraph", "content": [{"c": "there", "t": "text"}, {"c": "you", "t": "code-inline"}]},
        {"type": "image", "content": {"alt": "a picture"}},
        {"type": "list", "content": {"items": [{"c": "one"}, {"c": "two", "child_list": {"items": [{"c": "three"}]}}]}},
        {"type": "simple_table", "content": {"html": "<table><tr><td>1</td><td>2</td></tr></table>"}},
        {"type": "equation-interline", "content": {"math_content": "x = 1"}},
        {"type": "code", "content": {"code_content": "a\nb", "language": "c"}},
    ]
    row = {"track_id": "t", "html": "<p>", "groundtruth_content": "-", "groundtruth_content_list": [blocks]}
    _, gold = only(f"webmainbench:{write(tmp_path, **{'a.jsonl': lines(row)}) / 'a.jsonl'}")
    assert [(segment.label, segment.text) for segment in gold.segments] == [
        ("heading", "Hello"),
        ("paragraph", "there you"),
        ("list", "one\ntwo\nthree"),
        ("table", "1 2"),
        ("formula", "x = 1"),
        ("code", "a\nb"),
    ]


def test_webmainbench_markdown_becomes_labels(tmp_path: Path) -> None:
    markdown = (
        "# Hello\n\nthere **you**\n\n- one\n- two\n\n```c\na\n  b\n```\n\n> said\n\n$$x$$\n\n| a |\n|---|\n| 1 |\n"
    )
    row = {"id": "t", "html": "<p>", "language": "en", "groundtruth_llm_webkit_md": markdown}
    page, gold = only(f"webmainbench:{write(tmp_path, **{'a.jsonl': lines(row)})}")
    assert (page.id, page.language, page.charset) == ("a.t", "en", "utf-8")
    assert [(segment.label, segment.text) for segment in gold.segments] == [
        ("heading", "Hello"),
        ("paragraph", "there you"),
        ("list", "one\ntwo"),
        ("code", "a\n  b\n"),
        ("quote", "said"),
        ("formula", "$$x$$"),
        ("table", "a\n1"),
    ]


@pytest.mark.usefixtures("writing")
def test_no_mark_reaches_a_runner(tmp_path: Path) -> None:
    row = {"track_id": "t", "html": MARKED, "url": "http://a.example/", "groundtruth_content": "Hello there you all"}
    folder, seen = write(tmp_path, **{"set/a.jsonl": lines(row)}), tmp_path / "seen"
    runner = logging_runner(folder, "spy", tmp_path / "urls")
    runner.write_text(runner.read_text().replace("url + '\\n'", "html").replace(str(tmp_path / "urls"), str(seen)))
    boilerbench("run", "--runner", runner, "--set", f"webmainbench:{tmp_path}/set", "--env", "host", "--fresh")
    received = seen.read_text()
    assert "<h1" in received
    assert not [mark for mark in ("cc-", "mark-selected", "marked-", "anno-uid") if mark in received]


def test_pairs_are_pages_with_texts(tmp_path: Path) -> None:
    write(tmp_path, **{"a.html": HTML, "a.txt": b"\xef\xbb\xbfHello\r\nthere."})
    page, gold = only(f"pairs:{tmp_path}")
    assert (page.id, page.read(), gold.segments) == ("a", HTML, (Segment("body", "Hello\nthere."),))
    write(tmp_path, **{"b.txt": ""})
    assert said(f"pairs:{tmp_path}").endswith("b.txt: b.html is missing")


ROW = {
    "id": "a",
    "url": "http://a.example/",
    "html": "<p>Héllo",
    "text": "Héllo",
    "language": "fr",
    "page_type": "news",
}


def to_jsonl(file: Path, *rows: object) -> str:
    file.with_suffix(".jsonl").write_text(lines(*rows), encoding="utf-8")
    return f"jsonl:{file.with_suffix('.jsonl')}"


def to_parquet(file: Path, *rows: dict[str, object]) -> str:
    parquet.write_table(pa.Table.from_pylist(list(rows)), file.with_suffix(".parquet"), row_group_size=2)
    return f"parquet:{file.with_suffix('.parquet')}"


@pytest.mark.parametrize("save", [to_jsonl, to_parquet])
def test_rows_become_pages(tmp_path: Path, save: Callable[..., str]) -> None:
    page, gold = only(save(tmp_path / "mine", ROW))
    assert (page.id, page.url, page.language, page.page_type) == ("a", "http://a.example/", "fr", "news")
    expected = Gold((Segment("body", "Héllo"),), metadata=Metadata(language="fr"))
    assert (page.read().decode(page.charset or ""), gold) == ("<p>Héllo", expected)


@pytest.mark.parametrize("save", [to_jsonl, to_parquet])
def test_rows_may_say_more_of_their_pages(tmp_path: Path, save: Callable[..., str]) -> None:
    rows = [
        {"id": "a", "html": "<p>", "title": "T", "author": ["A", "B"], "date": "2020-01"},
        {"id": "b", "html": "<p>", "title": "", "author": [], "date": None},
    ]
    found = load(save(tmp_path / "mine", *rows))
    assert [gold.metadata for _, gold in found.entries] == [Metadata("T", ("A", "B"), "2020-01"), Metadata("", ())]
    assert lacks(found) == "set 'mine': its gold is metadata alone; score it with --metric title"


def test_a_column_of_dates_is_read_and_one_of_numbers_refused(tmp_path: Path) -> None:
    row = {"id": "a", "html": "<p>", "author": "A"}
    _, gold = only(to_parquet(tmp_path / "mine", {**row, "date": date(2020, 1, 2)}))
    assert gold.metadata == Metadata(author=("A",), date="2020-01-02")
    assert said(to_parquet(tmp_path / "mine", {**row, "date": 20200102})).endswith(
        "row 0: 'date' must be a text, not int"
    )


@pytest.mark.parametrize("save", [to_jsonl, to_parquet])
def test_rows_may_have_segments_and_snippets(tmp_path: Path, save: Callable[..., str]) -> None:
    row = {"id": 7, "html": "<p>", "segments": [{"label": "cookie", "text": "OK"}], "with": ["x"], "without": ["y"]}
    page, gold = only(save(tmp_path / "mine", row))
    assert (page.id, gold) == ("7", Gold((Segment("cookie", "OK"),), ("x",), ("y",)))


@pytest.mark.parametrize("save", [to_jsonl, to_parquet])
@pytest.mark.parametrize("order", [range(7), range(6, -1, -1), (3, 0, 6, 3, 2)])
def test_html_of_rows_is_found_in_any_order(tmp_path: Path, save: Callable[..., str], order: list[int]) -> None:
    pages = load(save(tmp_path / "mine", *({**ROW, "id": str(n), "html": f"<p>{n}"} for n in range(7)))).pages
    assert [pages[n].read() for n in order] == [f"<p>{n}".encode() for n in order]


def test_html_of_a_large_row_group_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boilerbench.sets.formats.parquet_rows.PAGES", 1)
    test_html_of_rows_is_found_in_any_order(tmp_path, to_parquet, [3, 0, 6, 5, 2])


@pytest.mark.parametrize("save", [to_jsonl, to_parquet])
def test_several_files_are_one_set(tmp_path: Path, save: Callable[..., str]) -> None:
    specs = [save(tmp_path / name, {**ROW, "id": name}) for name in ("one", "two")]
    form, suffix = specs[0].split(":")[0], Path(specs[0]).suffix
    joined = f"{specs[0]},{specs[1].removeprefix(form + ':')}"
    for spec in (f"{form}:{tmp_path}", f"{form}:{tmp_path}/*{suffix}", joined):
        assert [page.id for page in load(spec).pages] == ["one", "two"]
    assert "no such file" in said(f"{form}:{tmp_path}/three{suffix}")


def test_the_html_of_parquet_may_be_bytes(tmp_path: Path) -> None:
    page, _ = only(to_parquet(tmp_path / "mine", {**ROW, "html": b"\xe9"}))
    assert (page.read(), page.charset) == (b"\xe9", None)


def test_texts_of_parquet_that_are_numbered_are_texts(tmp_path: Path) -> None:
    table = pa.table({**{name: [value] for name, value in ROW.items()}, "html": pa.array(["é"]).dictionary_encode()})
    parquet.write_table(table, tmp_path / "mine.parquet")
    page, _ = only(f"parquet:{tmp_path}/mine.parquet")
    assert (page.read(), page.charset) == ("é".encode(), "utf-8")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("{\n", "2: not JSON: "),
        ("[1]\n", " it must be a table of keys, not a list"),
        ('{"id": "\xff"}\n', " it needs the key 'html'"),
        ({**ROW, "id": None}, " 'id' must be a whole number or a text, not nothing"),
        ({**ROW, "id": True}, " 'id' must be a whole number or a text, not true or false"),
        ({**ROW, "id": ""}, " 'id' is empty"),
        ({**ROW, "html": None}, " 'html' must be a text, not nothing"),
        ({**ROW, "text": None, "content": "Héllo"}, " 'content' is not read; gold is one of text, markdown, segments,"),
        ({**ROW, "text": ["a"]}, " 'text' must be a text or nothing, not a list"),
        ({**ROW, "with": "a"}, " 'with' must be a list or nothing, not a text"),
        ({**ROW, "with": [7]}, " 'with[0]' must be a text, not a whole number"),
        ({**ROW, "segments": {}}, " 'segments' must be a list or nothing, not a table of keys"),
        ({**ROW, "segments": [{"label": "body"}]}, " 'segments[0]' needs the key 'text'"),
        ({**ROW, "segments": [{"label": "advert", "text": ""}]}, " segment 0: unknown label 'advert'"),
        ({**ROW, "segments": [{"label": "body", "text": "Bye"}]}, " 'text' and 'segments' say different things"),
        ({**ROW, "segments": [{"label": "body", "text": "Héllo you"}]}, " 'text' and 'segments' say different things"),
        ({**ROW, "text": "Héllo you", "segments": [{"label": "body", "text": "Héllo"}]}, " 'text' and 'segments' say"),
        ({**ROW, "gold": "Héllo"}, " 'gold' is not read; gold is one of text, markdown, segments, with, without"),
        ({**ROW, "snippets": ["Héllo"]}, " 'snippets' is not read"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, row: object, what: str) -> None:
    message = said(to_jsonl(tmp_path / "mine", {**ROW, "id": "first"}, "\n", row))
    assert message.startswith(f"{tmp_path / 'mine.jsonl'}:3:{what}")


def test_bad_parquet_is_named(tmp_path: Path) -> None:
    assert "row 1: 'id' must be a whole number or a text, not nothing" in said(
        to_parquet(tmp_path / "mine", ROW, {**ROW, "id": None})
    )
    assert "needs the columns id and html; it has id, text" in said(to_parquet(tmp_path / "b", {"id": "", "text": ""}))
    (tmp_path / "c.parquet").write_bytes(b"PAR1 not")
    assert "c.parquet: cannot be read as Parquet" in said(f"parquet:{tmp_path}/c.parquet")


@pytest.mark.parametrize(("save", "first", "second"), [(to_jsonl, ":1", ":2"), (to_parquet, ": row 0", ": row 1")])
def test_a_row_twice_is_refused(tmp_path: Path, save: Callable[..., str], first: str, second: str) -> None:
    spec = save(tmp_path / "mine", ROW, ROW)
    file = spec.partition(":")[2]
    assert said(spec) == f"{file}{second}: page a is there more than once, first at {file}{first}"


EMPTY = {"segments": [], "with": [], "without": None, "gold": None, "snippets": None}


@pytest.mark.parametrize("save", [to_jsonl, to_parquet])
def test_columns_that_say_nothing_leave_the_text_as_the_gold(tmp_path: Path, save: Callable[..., str]) -> None:
    full = {**ROW, "id": "b", "segments": [{"label": "body", "text": "Héllo"}], "with": ["x"], "without": ["y"]}
    (_, gold), _ = load(save(tmp_path / "mine", {**ROW, **EMPTY}, full)).entries
    assert gold == Gold((Segment("body", "Héllo"),), metadata=Metadata(language="fr"))


@pytest.mark.parametrize("text", ["Hi. One, two!", "One two", "Hi One\n two Share", "One two Share", "", None])
def test_segments_may_stand_beside_a_text_that_agrees_with_them(tmp_path: Path, text: str | None) -> None:
    parts = [("title", "Hi"), ("paragraph", "One two"), ("share", "Share")]
    segments = [{"label": label, "text": words} for label, words in parts]
    _, gold = only(to_jsonl(tmp_path / "mine", {**ROW, "text": text, "segments": segments}))
    assert [segment.label for segment in gold.segments] == ["title", "paragraph", "share"]


def test_lone_surrogates_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "html": "<p>\\ud800", "text": "\\ud800"}\n')
    page, _ = only(f"jsonl:{tmp_path}/a.jsonl")
    assert page.read() == b"<p>?"
    assert load(f"jsonl:{tmp_path}/a.jsonl").fingerprint


@pytest.mark.parametrize(
    ("files", "what"),
    [
        (("a.html", "a.htm", "a.txt"), "a.html: a.htm is of page 'a', too; rename one of them"),
        (("a.html", "a.txt", "b.txt"), "b.txt: b.html is missing"),
        (("a.html", "a.txt", "in/b.html", "in/b.txt"), "in/b.html: lies in a folder of "),
        (("in/b.html", "texts/b.txt"), "in/b.html: lies in a folder of "),
    ],
)
def test_pairs_refuse_gold_that_would_not_be_used(tmp_path: Path, files: tuple[str, ...], what: str) -> None:
    assert said(f"pairs:{write(tmp_path, **dict.fromkeys(files, 'x'))}").startswith(f"{tmp_path}/{what}")


def test_pairs_take_any_case_of_suffixes_and_leave_what_a_browser_saved(tmp_path: Path) -> None:
    write(tmp_path, **dict.fromkeys(("a.HTML", "a.TXT", "a_files/frame.html"), "x"))
    page, gold = only(f"pairs:{tmp_path}")
    assert (page.id, gold) == ("a", Gold((Segment("body", "x"),)))


@pytest.mark.parametrize("save", [to_jsonl, to_parquet])
def test_rows_in_folders_of_a_folder_are_said_to_be_unread(tmp_path: Path, save: Callable[..., str]) -> None:
    (tmp_path / "all" / "in").mkdir(parents=True)
    spec = save(tmp_path / "all" / "one", ROW)
    inner = save(tmp_path / "all" / "in" / "two", {**ROW, "id": "b"}).partition(":")[2]
    [line] = doubts(load(f"{spec.partition(':')[0]}:{tmp_path / 'all'}"))
    assert f"not read: {inner}" in line


def save_pairs(folder: Path, *texts: str) -> str:
    for number, text in enumerate(texts):
        write(folder, **{f"{number}.html": "<p>x", f"{number}.txt": text.strip() or "Body: none\n"})
    return f"pairs:{folder}"


def save_rows(folder: Path, *texts: str) -> str:
    rows = [{"id": str(number), "html": "", "text": text} for number, text in enumerate(texts)]
    folder.mkdir(exist_ok=True)
    return to_jsonl(folder / "mine", *rows)


def save_zyte(folder: Path, *texts: str) -> str:
    pages = {f"html/{number}.html.gz": gzip.compress(b"") for number in range(len(texts))}
    truth = {str(number): {"articleBody": text} for number, text in enumerate(texts)}
    return f"zyte:{write(folder, **pages, **{'ground-truth.json': truth})}"


@pytest.mark.parametrize("save", [save_pairs, save_rows, save_zyte])
def test_pages_with_empty_gold_are_counted_and_named(tmp_path: Path, save: Callable[..., str]) -> None:
    empty = [line for line in doubts(load(save(tmp_path, "x", "", " \n", "y"))) if "empty gold" in line]
    assert [line.partition(": ")[2] for line in empty] == [
        "2 of its 4 pages have empty gold and count as pages without a body: 1, 2"
    ]
    assert not any("empty gold" in line for line in doubts(load(save(tmp_path / "whole", "x", "y"))))


def test_run_score_and_compare_say_that_gold_is_empty(tmp_path: Path) -> None:
    spec, runner = save_pairs(tmp_path / "set", "x", ""), make_runner(tmp_path, "mine", "    return 'x'")
    other, shared = make_runner(tmp_path, "other", "    return 'y'"), ("--set", spec, "--env", "host")
    for command in (
        ("run", "--runner", runner, *shared, "--out", tmp_path / "run"),
        ("score", tmp_path / "run"),
        ("compare", runner, other, *shared, "--out", tmp_path / "both"),
    ):
        done = boilerbench(*command)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("1 of its 2 pages have empty gold and count as pages without a body: 1\n") == 1


def test_a_set_without_gold_is_run_and_not_scored(tmp_path: Path) -> None:
    pytest.importorskip("warcio", reason="warcio, the extra warc, is not installed")
    write(tmp_path, **{"crawl.warc": record(HTML)})
    runner = make_runner(tmp_path, "mine", "    return html")
    done = boilerbench(
        "run", "--runner", runner, "--set", f"warc:{tmp_path}", "--env", "host", "--out", tmp_path / "run"
    )
    assert (done.returncode, "no gold" in done.stdout) == (0, True)
    assert f"set '{tmp_path.name}' has no gold: its pages can be run, but not scored\n" in done.stderr
    scored = boilerbench("score", tmp_path / "run")
    assert (scored.returncode, scored.stderr.count("\n")) == (2, 1)
    assert "none of its sets has gold" in scored.stderr


def test_a_set_of_snippets_names_its_metric(tmp_path: Path) -> None:
    truth = {"http://a.example/": {"file": "a.html", "with": ["body"], "without": []}}
    write(tmp_path, **{"evaldata.json": truth, "eval/a.html": "<p>body</p>"})
    assert (
        lacks(load(f"snippets:{tmp_path}"))
        == "set 'snippets': its gold is snippets alone; score it with --metric snippets"
    )


CLEAN = "URL: http://a.example/x\n\n<h>Hello\n\n<p>there &#8220;you&#8221;\n all\n\n<l>one\n<l>two\n"
CLEAN_GOLD = [("heading", "Hello"), ("paragraph", "there “you” all"), ("list", "one"), ("list", "two")]


@pytest.mark.parametrize(
    ("names", "form"),
    [
        (("orig/1.html", "clean/1.txt"), "cleaneval"),
        (("en_original/1.html", "en_cleaned/1-cleaned.txt"), "cleaneval"),
        (("input/1.html", "GoldStandard/1.txt"), "cleanportaleval"),
    ],
)
def test_cleaneval_marks_become_labels(tmp_path: Path, names: tuple[str, str], form: str) -> None:
    wrapped = b'<text id="1" title="x" encoding="windows-1252">\n' + HTML + b"\n</text>\n"
    page, gold = only(f"{form}:{write(tmp_path, **dict(zip(names, (wrapped, CLEAN), strict=True)))}")
    assert (page.id, page.url, page.charset, page.read()) == ("1", "http://a.example/x", "windows-1252", HTML)
    assert [(segment.label, segment.text) for segment in gold.segments] == CLEAN_GOLD


def test_a_page_without_a_wrapper_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, **{"orig/1.html": HTML, "clean/1.txt": "plain", "orig/2.html": HTML, "clean/2.txt": "URL: \n"})
    (page, gold), (_, blank) = load(f"cleaneval:{tmp_path}").entries
    assert (page.read(), page.charset, page.url) == (HTML, None, None)
    assert (gold.segments, blank.segments) == ((Segment("paragraph", "plain"),), (Segment("body", ""),))


@pytest.mark.parametrize("name", ["hex", "undefined", "unicode_escape", "klingon"])
def test_a_wrapper_that_names_no_encoding_is_no_obstacle(tmp_path: Path, name: str) -> None:
    wrapped = f'<text id="1" encoding="{name}">\n<p>caf\u00e9</p></text>'.encode()
    write(tmp_path, **{"orig/1.html": wrapped, "clean/1.txt": "caf\u00e9"})
    page, _ = only(f"cleaneval:{tmp_path}")
    assert decode(page.read(), page.charset) == "<p>caf\u00e9</p>"
    assert take(load(f"cleaneval:{tmp_path}")).counters["charset's source"] == {"detection": 1}


def test_dragnet_parts_body_from_comments(tmp_path: Path) -> None:
    gold_text = "Hello\nthere.\n\n!@#$%^&*() COMMENTS\n\nFirst!\nMe too."
    write(tmp_path, **{"HTML/7.html": HTML, "Corrected/7.html.corrected.txt": gold_text})
    page, gold = only(f"dragnet:{tmp_path}")
    assert (page.id, page.read()) == ("7", HTML)
    assert gold.segments == (Segment("body", "Hello\nthere."), Segment("comment", "First!\nMe too."))


def test_dragnet_without_comments_is_a_body(tmp_path: Path) -> None:
    write(tmp_path, **{"HTML/7.html": HTML, "Corrected/7.html.corrected.txt": "Hé".encode("utf-16")})
    assert only(f"dragnet:{tmp_path}")[1].segments == (Segment("body", "Hé"),)


def test_cetd_pages_are_named_by_site(tmp_path: Path) -> None:
    write(tmp_path, **{"BBC/original/1.htm": HTML, "BBC/gold/1.txt": "H\xe9".encode("latin-1")})
    page, gold = only(f"cetd:{tmp_path}")
    assert (page.id, page.read(), gold.segments) == ("BBC_1", HTML, (Segment("body", "Hé"),))
    write(tmp_path, **{"BBC/gold/2.txt": "x"})
    assert "2.htm: missing, though gold/2.txt has gold" in said(f"cetd:{tmp_path}")


L3S = (
    '<html><head><title>no</title></head><body><div><span class="x-nc-sel0">Menu</span></div>'
    '<h1><span class="x-nc-sel1">Hello</span></h1><p><span class="x-nc-sel2">there <b>you</b></span> not</p>'
    '<p><span class="x-nc-sel2">all<span class="x-nc-sel3">aside</span></span></p><script>no</script>'
    '<p><span class="x-nc-sel4">more</span></p><div><span class="x-nc-sel5">First!</span></div></body></html>'
)


def test_l3s_gn1_classes_become_labels(tmp_path: Path) -> None:
    mapping = "<urn:uuid:u-1> http://a.example/x\n"
    write(tmp_path, **{"original/u-1.html": HTML, "annotated/u-1.html": L3S, "url-mapping.txt": mapping})
    page, gold = only(f"l3s-gn1:{tmp_path}")
    assert (page.id, page.url, page.read()) == ("u-1", "http://a.example/x", HTML)
    assert [(segment.label, segment.text) for segment in gold.segments] == [
        ("title", "Hello"),
        ("body", "there you"),
        ("body", "all"),
        ("aside", "aside"),
        ("related", "more"),
        ("comment", "First!"),
    ]


def test_google_trends_labels_become_a_body(tmp_path: Path) -> None:
    one, zero = '<span __boilernet_label="1">', '<span __boilernet_label="0">'
    prepared = f"<body><p>{zero}Menu</span></p><p>{one}Hello</span> {one}there</span></p><p>{one}you</span></p></body>"
    write(tmp_path, **{"raw_html/1.html": HTML, "prepared_html/1.html": prepared})
    page, gold = only(f"google-trends:{tmp_path}")
    assert (page.read(), gold.segments) == (HTML, (Segment("body", "Hello there\nyou"),))


def test_annotated_pages_may_nest_deeply_or_be_empty(tmp_path: Path) -> None:
    deep = "<div>" * 1_500 + '<span class="x-nc-sel2">Hello</span>'
    write(tmp_path, **{f"original/{name}.html": HTML for name in "uv"})
    write(tmp_path, **{"annotated/u.html": deep, "annotated/v.html": ""})
    (_, gold), (_, empty) = load(f"l3s-gn1:{tmp_path}").entries
    assert (gold.segments, empty.segments) == ((Segment("body", "Hello"),), (Segment("body", ""),))


def test_wceb_reads_its_sets_together(tmp_path: Path) -> None:
    row = {"page_id": "abc", "plaintext": "Hello", "source": ["cetd", "BBC_1"], "url": "http://a.example/"}
    write(
        tmp_path,
        **{
            "combined/ground-truth/cetd.jsonl": lines(row),
            "combined/ground-truth/dragnet.jsonl": lines({**row, "plaintext": "Bye"}),
            "combined/html/cetd/abc.html": HTML,
            "combined/html/dragnet/abc.html": HTML,
        },
    )
    pages = load(f"wceb:{tmp_path}").pages
    assert [(page.id, page.url, page.charset) for page in pages] == [
        ("abc", "http://a.example/", "utf-8"),
        ("dragnet-abc", "http://a.example/", "utf-8"),
    ]
    page, gold = only(f"wceb:{tmp_path}/combined/ground-truth/dragnet.jsonl")
    assert (page.id, page.read(), gold.segments) == ("abc", HTML, (Segment("body", "Bye"),))
    (tmp_path / "combined/html/cetd/abc.html").unlink()
    assert "cetd.jsonl:1 has gold for it" in said(f"wceb:{tmp_path}")


@pytest.mark.parametrize("form", sorted(set(formats.names()) - {"jsonl", "parquet", "warc", "stress"}))
def test_an_empty_folder_is_refused_in_one_line(tmp_path: Path, form: str) -> None:
    assert said(f"{form}:{tmp_path}")
    assert "does not exist" in said(f"{form}:{tmp_path}/nowhere")
