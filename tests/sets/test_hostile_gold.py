"""Gold nobody would write: through every reader and every metric it gives a score, or one clear line.

Sizes are cut to what takes seconds; what would be quadratic shows here, too.
"""

from __future__ import annotations

import gzip
import json
import random
import time
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from boilerbench import metrics, sets
from boilerbench.authoring import lint
from boilerbench.authoring.lint.rendered import Rendered
from boilerbench.errors import BadOutputsError, BadSetError
from boilerbench.labels import load_policy
from boilerbench.metrics import listed
from boilerbench.model import Gold, Segment
from boilerbench.rendering.site.sanitise import sanitised, title_of
from boilerbench.sets import outputs
from tests.command import boilerbench

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POLICY = load_policy("default")

TEXTS = {
    "empty": "",
    "blank": " \t\r\n\u00a0\u2028",
    "NUL bytes": "one\0two \0 three\0",
    "lone surrogates": "one \ud800 two\udfff three",
    "mixed line ends": "one\r\ntwo\rthree\n\rfour\x85five\u2028six\x0bseven",
    "right-to-left marks": "\u202eone\u202c \u200ftwo\u200e \u2067\u05d0\u05d1\u2069 \u061c\u0627",
    "nothing but marks": "\u0301\u0300 \u200d\ufeff \u00ad",
    "one long token": "a" * 20_000,
    "white space": "one" + " " * 20_000 + "two" + "\n" * 20_000 + "three",
    "full stops": "." * 20_000,
    "many tokens": "one two three. " * 3_000,
    "brackets": "[" * 3_000 + "<" * 3_000,
}
PAGES = {
    "empty": b"",
    "NUL bytes": b"<p>one\0two</p>\0",
    "no UTF-8": b"<p>\xff\xfe\xed\xa0\x80</p>",
    "deep nesting": b"<div>" * 20_000 + b"one",
    "white space": b"<p" + b" " * 100_000 + b"one" + b"\t" * 100_000,
    "open tags": b"<style <marked-text <p class= " * 20_000,
}


def save(file: Path, content: str | bytes | object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(content, bytes):
        text = content if isinstance(content, str) else json.dumps(content)
        content = text.encode("utf-8", "surrogatepass")
    file.write_bytes(content)


def in_files(html: str, gold: str, convert: Callable[[str, bytes], str] | None = None) -> Callable[..., None]:
    """A layout with a file for the page, and one for the gold."""

    def write(folder: Path, page: bytes, text: str) -> None:
        save(folder / html, page)
        save(folder / gold, convert(text, page) if convert else text)

    return write


def write_zyte(folder: Path, page: bytes, text: str) -> None:
    save(folder / "html" / "a.html.gz", gzip.compress(page))
    save(folder / "ground-truth.json", {"a": {"articleBody": text}})


def write_wcxb(folder: Path, page: bytes, text: str) -> None:
    save(folder / "html" / "a.html.gz", gzip.compress(page))
    save(folder / "ground-truth" / "a.json", {"ground_truth": {"main_content": text, "with": [text]}})


def write_native(folder: Path, page: bytes, text: str) -> None:
    save(folder / "set.toml", 'name = "mine"')
    save(folder / "pages" / "a" / "page.html", page)
    save(folder / "pages" / "a" / "gold.json", {"schema": 1, "segments": [{"label": "body", "text": text}]})


def write_snippets(folder: Path, page: bytes, text: str) -> None:
    save(folder / "eval" / "a.html", page)
    save(folder / "evaldata.json", {"u": {"file": "a.html", "with": [text], "without": [text]}})


def write_readability(folder: Path, page: bytes, text: str) -> None:
    save(folder / "test-pages" / "a" / "source.html", page)
    save(folder / "test-pages" / "a" / "expected.html", page + text.encode("utf-8", "surrogatepass"))


def write_wceb(folder: Path, page: bytes, text: str) -> None:
    save(folder / "html" / "x" / "a.html", page)
    save(folder / "ground-truth" / "x.jsonl", {"page_id": "a", "plaintext": text})


def write_jsonl(folder: Path, page: bytes, text: str) -> None:
    html = page.decode("utf-8", "surrogateescape")
    save(folder / "a.jsonl", {"id": "a", "html": html, "text": text, "groundtruth_content": text})


def write_parquet(folder: Path, page: bytes, text: str) -> None:
    row = {"id": "a", "html": page, "text": text.encode("utf-8", "replace").decode()}
    folder.mkdir()
    parquet.write_table(pa.Table.from_pylist([row]), folder / "a.parquet")


def annotated(attribute: str) -> Callable[[str, bytes], str]:
    return lambda text, page: f"<p {attribute}>{text}</p>{page.decode('utf-8', 'replace')}"


LAYOUTS = {
    "native": write_native,
    "zyte": write_zyte,
    "wcxb": write_wcxb,
    "snippets": write_snippets,
    "readability": write_readability,
    "webmainbench": write_jsonl,
    "cleaneval": in_files("orig/a.html", "clean/a.txt"),
    "cleanportaleval": in_files("input/a.html", "GoldStandard/a.txt"),
    "dragnet": in_files("HTML/a.html", "Corrected/a.html.corrected.txt"),
    "cetd": in_files("x/original/a.htm", "x/gold/a.txt"),
    "l3s-gn1": in_files("original/a.html", "annotated/a.html", annotated('class="x-nc-sel2"')),
    "google-trends": in_files("raw_html/a.html", "prepared_html/a.html", annotated('__boilernet_label="1"')),
    "wceb": write_wceb,
    "pairs": in_files("a.html", "a.txt"),
    "jsonl": write_jsonl,
    "parquet": write_parquet,
}


@pytest.mark.parametrize("form", LAYOUTS)
def test_hostile_gold_and_pages_are_read_or_refused_in_one_line(tmp_path: Path, form: str) -> None:
    cases = [(b"<p>one</p>", text) for text in TEXTS.values()] + [(page, "one two") for page in PAGES.values()]
    for number, (page, text) in enumerate(cases):
        folder = tmp_path / str(number)
        LAYOUTS[form](folder, page, text)
        try:
            goldset = sets.load(f"{form}:{folder}")
        except BadSetError as refused:
            assert "\n" not in str(refused)  # noqa: PT017
            deep = page is PAGES["deep nesting"] and form in ("readability", "l3s-gn1", "google-trends")
            assert deep or (form in ("native", "pairs") and not text.strip())
        else:
            assert len(goldset.entries) == len(goldset.fingerprint) // 64
            json.dumps([[segment.text for segment in gold.segments] for _, gold in goldset.entries]).encode()


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n"


@pytest.mark.parametrize("form", LAYOUTS)
def test_a_pointer_of_git_lfs_in_the_place_of_any_file_is_named(tmp_path: Path, form: str) -> None:
    LAYOUTS[form](tmp_path / "set", b"<p>one</p>", "one")
    for file in [file for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".toml"]:
        content = file.read_bytes()
        file.write_bytes(POINTER)
        with pytest.raises(BadSetError) as caught:
            sets.load(f"{form}:{tmp_path / 'set'}")
        assert str(caught.value) == f"{file}: is a pointer of Git LFS, not the file; fetch that: git lfs pull"
        file.write_bytes(content)


@pytest.mark.parametrize("name", [name for name in metrics.names() if metrics.get(name).view is metrics.TEXT])
def test_every_metric_scores_hostile_gold(name: str, request: pytest.FixtureRequest) -> None:
    if name == "rouge-lsum":
        request.getfixturevalue("punkt")
    elif name == "rouge5":
        pytest.importorskip("jieba")
    metric, answers = metrics.get(name), [text[:20_000] for text in TEXTS.values()]
    for text in TEXTS.values():
        gold = Gold((Segment("body", text),), (text,), (text[::-1],))
        found = metric.ratios(metric.count(metric.reference(gold, POLICY), [*answers, text]))
        figures = np.array([found.precision, found.recall, found.f1])
        assert np.all(np.isnan(figures) | ((figures >= 0) & (figures <= 1)))


@pytest.mark.parametrize("name", ["levenshtein", "rouge-lsum", "text-edit"])
def test_a_gold_too_long_to_compare_leaves_a_metric_in_order_for_everyone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed, "LONGEST", 10)
    metric = metrics.get(name)
    assert metric.measures(Gold((Segment("body", "a" * 10),)), POLICY)
    assert not metric.measures(Gold((Segment("body", "a" * 5), Segment("body", "a" * 5))), POLICY)
    assert metrics.get("words").measures(Gold((Segment("body", "a" * 100),)), POLICY)


@pytest.mark.parametrize(
    "part", ["<div>", "<ul><li>", "<b><i>", "<style>url(", "<title>", "<title", "<p class=", "<div></div>", "a"]
)
def test_a_page_that_repeats_itself_is_shown_and_checked_in_no_time(part: str) -> None:
    html = "<p>one</p>" + part * 100_000
    start = time.process_time()
    assert "one" in sanitised(html)
    assert title_of(html) == ""
    assert not lint._marks(Rendered(html.encode(), None, None).html)  # noqa: SLF001
    assert time.process_time() - start < 5


def test_numbers_and_nesting_that_python_does_not_read_are_refused_in_one_line(tmp_path: Path) -> None:
    deep = json.dumps({"track_id": "a", "html": "", "groundtruth_content": ""})[:-1] + ', "groundtruth_content_list": '
    lines = {
        "jsonl": '{"id": ' + "1" * 5_000 + "}",
        "webmainbench": deep + "[" * 5_000 + "]" * 5_000 + "}",
        "wceb": "[" * 100_000,
    }
    for form, line in lines.items():
        file = tmp_path / form / "ground-truth" / "a.jsonl"
        save(file, line)
        with pytest.raises(BadSetError, match=r"^[^\n]*a\.jsonl:1: [^\n]*$"):
            sets.load(f"{form}:{file}")
    save(tmp_path / "o.json", '{"a": ' + "1" * 5_000 + "}")
    with pytest.raises(BadOutputsError, match="not JSON"):
        outputs.load(f"json:{tmp_path / 'o.json'}")


def test_the_command_scores_pages_and_predictions_with_lone_surrogates(tmp_path: Path) -> None:
    row = {
        "id": "a\ud800",
        "url": "http://a.example/\ud800",
        "language": "\ud800",
        "html": "\ud800",
        "text": "one \ud800",
    }
    save(tmp_path / "a.jsonl", row)
    save(tmp_path / "mine.json", {"a\ud800": "one \udfff"})
    done = boilerbench(
        "score", "--set", f"jsonl:{tmp_path / 'a.jsonl'}", "--outputs", f"json:{tmp_path / 'mine.json'}",
        "--out", tmp_path / "run", "--metric", "text-edit", "--format", "csv",
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    assert done.stdout.splitlines()[1].split(",")[2:11] == [
        "mine",
        "",
        "a",
        "default",
        "text-edit",
        "1",
        "0",
        "0",
        "1.000000",
    ]


@pytest.mark.parametrize("form", LAYOUTS)
def test_damaged_files_are_read_or_refused_in_one_line(tmp_path: Path, form: str) -> None:
    chance = random.Random(form)  # noqa: S311  the same damage each time
    for trial in range(24):
        folder = tmp_path / str(trial)
        LAYOUTS[form](folder, b"<html><p>one two three</p></html>", "one two three")
        files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
        file, other = chance.choice(files), chance.choice(files)
        content = bytearray(file.read_bytes())
        if trial % 3 == 0:
            del content[chance.randrange(len(content)) :]
        elif trial % 3 == 1:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(content if trial % 3 < 2 else other.read_bytes())
        try:
            found = sets.load(f"{form}:{folder}")
            assert len(found.fingerprint) == 64
            sets.doubts(found)
        except BadSetError as refused:
            assert "\n" not in str(refused)  # noqa: PT017
