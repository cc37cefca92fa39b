"""Pages with some gold, with other gold, or with none, in one set of every format of one's own."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from boilerbench.authoring import lint
from boilerbench.errors import BadSetError
from boilerbench.model import Gold, Markup, Metadata, Segment
from boilerbench.sets import doubts, has_gold, load
from tests.command import boilerbench, make_runner, rows
from tests.sets.test_readers import lines, only, said, to_parquet, write
from tests.sets.test_warc import record

GOLD: dict[str, dict[str, Any]] = {
    "none": {},
    "nothing": {"text": None, "segments": [], "with": []},
    "metadata": {"title": "Alpha", "author": "Ann", "url": "https://a.example/"},
    "snippets": {"with": ["Alpha"], "without": ["Menu"]},
    "text": {"text": "Alpha beta"},
    "markdown": {"markdown": "# Alpha\n\n*beta*"},
    "segments": {"segments": [{"label": "title", "text": "Alpha"}, {"label": "cookie", "text": "OK"}]},
}
EXPECTED = {
    "metadata": Gold((), metadata=Metadata("Alpha", ("Ann",))),
    "snippets": Gold((), ("Alpha",), ("Menu",)),
    "text": Gold((Segment("body", "Alpha beta"),)),
    "markdown": Gold((Segment("body", "Alpha\n\nbeta"),)),
    "segments": Gold((Segment("title", "Alpha"), Segment("cookie", "OK"))),
}
HTML = "<p>Alpha beta</p>"


def in_jsonl(folder: Path, golds: dict[str, dict[str, Any]]) -> str:
    return f"jsonl:{write(folder, **{'a.jsonl': lines(*({'id': key, 'html': HTML, **g} for key, g in golds.items()))})}"


def in_parquet(folder: Path, golds: dict[str, dict[str, Any]]) -> str:
    folder.mkdir(exist_ok=True)
    keys = dict.fromkeys(name for gold in golds.values() for name in gold)
    made = [{"id": key, "html": HTML, **{name: gold.get(name) for name in keys}} for key, gold in golds.items()]
    return to_parquet(folder / "a", *made)


def in_pairs(folder: Path, golds: dict[str, dict[str, Any]]) -> str:
    write(folder, **{f"html/{key}.html": HTML for key in golds})
    return f"pairs:{write(folder, **{f'json/{key}.json': gold for key, gold in golds.items() if gold})}"


def in_native(folder: Path, golds: dict[str, dict[str, Any]]) -> str:
    write(folder, **{"set.toml": 'name = "mine"'}, **{f"pages/{key}/page.html": HTML for key in golds})
    said = {key: gold for key, gold in golds.items() if key in ("snippets", "segments", "metadata")}
    said |= {key: {"segments": EXPECTED[key].segments} for key in ("text", "markdown") if key in golds}
    made = json.loads(json.dumps(said, default=lambda each: {"label": each.label, "text": each.text}))
    write(folder, **{f"pages/{key}/gold.json": {"schema": 1, **gold} for key, gold in made.items()})
    return f"native:{folder}"


def in_warc(folder: Path, golds: dict[str, dict[str, Any]]) -> str:
    pytest.importorskip("warcio", reason="warcio, the extra warc, is not installed")
    pages = [record(HTML.encode()).replace(b"http://a.example/x", f"http://{key}/".encode()) for key in golds]
    starts = [sum(map(len, pages[:place])) for place in range(len(pages))]
    said = [{"id": f"c-{start}", **golds[key]} for key, start in zip(golds, starts, strict=True) if golds[key]]
    return f"warc:{write(folder, **{'c.warc': b''.join(pages), 'mine.gold.jsonl': lines(*said)})}"


FORMATS = [in_jsonl, in_parquet, in_pairs, in_native, in_warc]
MIXTURES = {
    "all kinds": tuple(GOLD),
    "some": ("none", "text", "nothing"),
    "only snippets": ("snippets", "none"),
    "only metadata": ("metadata", "nothing"),
    "none": ("none", "nothing"),
}


@pytest.mark.parametrize("save", FORMATS)
@pytest.mark.parametrize("mixture", MIXTURES)
def test_every_mixture_of_gold_is_read_in_every_format(
    tmp_path: Path, save: Callable[[Path, dict[str, dict[str, Any]]], str], mixture: str
) -> None:
    kinds = MIXTURES[mixture]
    spec = save(tmp_path, {kind: GOLD[kind] for kind in kinds})
    found = load(spec)
    golds = {urlsplit(page.url or "").hostname if save is in_warc else page.id: gold for page, gold in found.entries}
    assert golds == {kind: EXPECTED.get(kind, Gold(())) for kind in kinds}
    if "markdown" in golds and save is not in_native:  # whose gold.json has no Markdown
        assert golds["markdown"].markup == Markup("markdown", "# Alpha\n\n*beta*")
    none = sorted(kind for kind in kinds if not EXPECTED.get(kind, Gold(())).given)
    told = [line for line in doubts(found) if "have no gold: they are run, but not scored" in line]
    assert has_gold(found) == bool(told) == (len(none) < len(kinds))
    assert all(f": {len(none)} of its {len(kinds)} pages have no gold" in line for line in told)
    report = lint.check(spec)
    assert {fault.rule for fault in report.faults if fault.page in none} <= {"duplicate"}


@pytest.mark.parametrize("key", [{"id": "c-0"}, {"id": "<urn:uuid:7>"}, {"url": "http://a.example/x"}])
def test_gold_beside_a_crawl_names_a_page_by_id_record_or_address(tmp_path: Path, key: dict[str, str]) -> None:
    pytest.importorskip("warcio", reason="warcio, the extra warc, is not installed")
    page = record(HTML.encode()).replace(b"WARC-Type", b"WARC-Record-ID: <urn:uuid:7>\r\nWARC-Type")
    write(tmp_path, **{"c.warc": page, "c.gold.jsonl": lines({**key, "text": "Alpha beta", "language": "fr"})})
    found, gold = only(f"warc:{tmp_path}/c.warc")
    assert (found.id, found.url, found.language, gold) == (
        "c-0",
        "http://a.example/x",
        "fr",
        replace(EXPECTED["text"], metadata=Metadata(language="fr")),
    )
    write(tmp_path, **{"c.gold.jsonl": lines({"url": "http://b.example/", "text": ""})})
    assert f"c.gold.jsonl:1: there is no page http://b.example/ in {tmp_path}" in said(f"warc:{tmp_path}")
    write(tmp_path, **{"c.gold.jsonl": lines({"text": ""})})
    assert "c.gold.jsonl:1: needs 'id' or 'url'" in said(f"warc:{tmp_path}")


@pytest.mark.parametrize("metric", ["words", "snippets"])
def test_a_table_says_how_many_pages_have_gold(tmp_path: Path, metric: str) -> None:
    spec = in_jsonl(tmp_path / "set", GOLD)
    runner = make_runner(tmp_path, "mine", "    return 'Alpha beta'")
    run = ("run", "--runner", runner, "--set", spec, "--env", "host", "--out", tmp_path / "run", "--metric", metric)
    done = boilerbench(*run, "--format", "csv")
    measured = {"words": 3, "snippets": 1}[metric]
    [row] = rows(done.stdout)
    assert row["pages"] == str(measured), done.stderr
    assert f"gold:{measured}/7" in row["flags"].split()
    shown = boilerbench("table", tmp_path / "run", "--metric", metric).stdout
    assert f" · gold {measured}/7" in shown
    assert "gold:" not in shown
    again = boilerbench("report", tmp_path / "run", "--out", tmp_path / "site")
    assert again.returncode == 0, again.stderr


def test_a_comparison_counts_pages_with_gold_alone(tmp_path: Path) -> None:
    spec = in_jsonl(tmp_path / "set", {str(n): GOLD["text" if n < 8 else "none"] for n in range(20)})
    runners = [
        make_runner(tmp_path, name, f"    return '{said}'") for name, said in {"a": "Alpha", "b": "beta"}.items()
    ]
    done = boilerbench(
        "compare", *runners, "--set", spec, "--env", "host", "--out", tmp_path / "run", "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    [of_set] = json.loads(done.stdout)["sets"]
    assert of_set["pages"] == 8


TWO = {"html/a.html": HTML, "html/b.htm": HTML}


@pytest.mark.parametrize(
    ("files", "golds"),
    [
        ({**TWO, "text/a.txt": "Alpha beta"}, ["text", "none"]),
        ({**TWO, "txt/a.txt": "Alpha beta", "md/.keep": ""}, None),
        ({**TWO, "json/b.json": GOLD["snippets"]}, ["none", "snippets"]),
        ({**TWO, "md/b.md": "# Alpha\n\n*beta*"}, ["none", "markdown"]),
        (
            {"a.html": HTML, "b.html": HTML, "b.md": GOLD["markdown"]["markdown"], "README.md": "x"},
            ["none", "markdown"],
        ),
        ({"a.html": HTML, "a.txt": "Alpha beta", "a.json": {}, "b.html": HTML}, ["text", "none"]),
        (TWO, ["none", "none"]),
    ],
)
def test_pairs_lie_side_by_side_or_in_two_folders(
    tmp_path: Path, files: dict[str, object], golds: list[str] | None
) -> None:
    write(tmp_path, **files)
    if golds is None:
        assert said(f"pairs:{tmp_path}").endswith("has txt and md; which of them has the gold?")
        return
    found = load(f"pairs:{tmp_path}").entries
    assert [page.id for page, _ in found] == ["a", "b"]
    assert [gold for _, gold in found] == [EXPECTED.get(kind, Gold(())) for kind in golds]


def test_a_row_beside_a_page_says_more_than_gold(tmp_path: Path) -> None:
    about = {"url": "https://a.example/x", "language": "fr", "site": "one", "text": "Alpha"}
    page, _ = only(f"pairs:{write(tmp_path, **{'a.html': HTML, 'a.json': about})}")
    assert (page.id, page.url, page.language, page.site) == ("a", "https://a.example/x", "fr", "one")
    write(tmp_path, **{"a.json": {"text": 7}})
    assert said(f"pairs:{tmp_path}").endswith("a.json: 'text' must be a text or nothing, not a whole number")


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({**TWO, "text/c.txt": "x"}, "text/c.txt: c.html is missing"),
        ({**TWO, "a.html": HTML}, ": has pages in itself, and in html; one set per folder"),
        ({**TWO, "text/a.txt": " \n"}, "text/a.txt: is empty; write the page's text into it, 'body: none' where"),
    ],
)
def test_pairs_in_two_folders_refuse_what_would_not_be_used(
    tmp_path: Path, files: dict[str, object], what: str
) -> None:
    write(tmp_path, **files)
    with pytest.raises(BadSetError) as caught:
        load(f"pairs:{tmp_path}")
    assert what in str(caught.value)
