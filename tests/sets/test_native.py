import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from boilerbench.errors import BadSetError, NewerSchemaError
from boilerbench.files import shipped
from boilerbench.labels import taxonomy
from boilerbench.model import GoldSet, Markup, Metadata, Segment
from boilerbench.sets.formats import native
from boilerbench.sets.formats.native import Where, read_gold

GOLD = {
    "schema": 1,
    "url": "http://a.example/",
    "charset": None,
    "segments": [{"label": "paragraph", "text": "Hello."}],
}


def write_set(folder: Path, gold: object = GOLD, html: bytes | None = b"<p>Hello.</p>") -> Path:
    page = folder / "pages" / "one"
    page.mkdir(parents=True)
    (folder / "set.toml").write_text('name = "mine"\nversion = "2"\nlicence = "CC0-1.0"\nsource = "me"\n')
    (page / "gold.json").write_text(gold if isinstance(gold, str) else json.dumps(gold))
    if html is not None:
        (page / "page.html").write_bytes(html)
    return folder


def read(path: Path) -> GoldSet:
    found = native.read(path)
    return replace(found, entries=tuple(found.entries))


def test_a_folder_becomes_pages_with_gold(tmp_path: Path) -> None:
    found = read(write_set(tmp_path))
    assert (found.name, found.version, found.licence, found.source) == ("mine", "2", "CC0-1.0", "me")
    [(page, gold)] = found.entries
    assert (page.id, page.url, page.read()) == ("one", "http://a.example/", b"<p>Hello.</p>")
    assert gold.segments == (Segment("paragraph", "Hello."),)


def test_a_document_beside_has_the_structure_of_the_gold(tmp_path: Path) -> None:
    folder = write_set(tmp_path)
    plain = read(folder).fingerprint
    (tmp_path / "pages/one/gold.html").write_text('<h2 data-gold="heading">A</h2>')
    [(_, gold)] = read(folder).entries
    assert gold.markup == Markup("html", '<h2 data-gold="heading">A</h2>')
    assert read(folder).fingerprint != plain


def test_html_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    found = read(write_set(tmp_path))
    (tmp_path / "pages/one/page.html").write_bytes(b"later")
    assert found.pages[0].read() == b"later"


def test_snippets_alone_are_gold(tmp_path: Path) -> None:
    [(_, gold)] = read(write_set(tmp_path, {"schema": 1, "with": ["Hello"], "without": ["Log in"]})).entries
    assert (gold.segments, gold.with_snippets, gold.without_snippets) == ((), ("Hello",), ("Log in",))


def test_a_page_says_that_it_has_no_body(tmp_path: Path) -> None:
    [(_, gold)] = read(write_set(tmp_path, {"schema": 1, "segments": []})).entries
    assert gold.segments == (Segment("body", ""),)


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        ("{\n nonsense", r"gold\.json:2:\d+: not JSON"),
        ([1], "it must be a table of keys, not a list"),
        ({"segments": []}, "it needs the key 'schema'"),
        ({**GOLD, "schema": True}, "'schema' must be a whole number, not true or false"),
        ({**GOLD, "schema": 0}, "'schema' must be a whole number >= 1"),
        ({**GOLD, "segment": []}, "there is no key 'segment'; did you mean 'segments'. known: schema, "),
        ({**GOLD, "url": 7}, "'url' must be a text"),
        ({**GOLD, "segments": {}}, "'segments' must be a list"),
        ({"schema": 1}, "needs at least one of segments, with, without, title, author, date"),
        ({"schema": 1, "author": [["A"]]}, r"'author\[0\]' must be a text, not a list"),
        ({**GOLD, "segments": [{"label": "navel", "text": "x"}]}, "segment 0: unknown label 'navel'"),
        ({**GOLD, "segments": [{"label": "code"}]}, r"'segments\[0\]' needs the key 'text'"),
        ({**GOLD, "segments": [{"label": "code", "text": " "}]}, "segment 0: empty text"),
        (
            {**GOLD, "segments": [{"label": "code", "text": "x", "where": "moon"}]},
            r"'segments\[0\].where' cannot be 'moon'; it is one of attribute, json, noscript, template, hidden",
        ),
        (
            {**GOLD, "segments": [{"label": "code", "text": "x", "colour": "red"}]},
            r"there is no key 'colour' in 'segments\[0\]'",
        ),
        ({**GOLD, "with": [""]}, "a snippet of 'with' or 'without' is blank"),
        ({**GOLD, "with": [7]}, r"'with\[0\]' must be a text, not a whole number"),
    ],
)
def test_gold_that_breaks_the_schema_is_refused(tmp_path: Path, gold: object, said: str) -> None:
    with pytest.raises(BadSetError, match=said):
        read(write_set(tmp_path, gold))
    if not isinstance(gold, str):
        assert not validator().is_valid(gold)


def test_gold_may_say_who_wrote_a_page_and_when(tmp_path: Path) -> None:
    about = {"title": "T", "author": "A B", "date": "2020-01-02", "language": "fr"}
    [(page, gold)] = read(write_set(tmp_path, {"schema": 1, "segments": [], **about})).entries
    assert (page.language, gold.metadata) == ("fr", Metadata("T", ("A B",), "2020-01-02", "fr"))
    assert gold.segments == (Segment("body", ""),)
    [(_, gold)] = read(write_set(tmp_path / "none", {"schema": 1, "title": "", "author": []})).entries
    assert (gold.segments, gold.metadata, gold.given) == ((), Metadata("", ()), False)
    assert validator().is_valid({"schema": 1, "title": "", "author": []})


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NewerSchemaError, match="schema 2 is newer than 1"):
        read(write_set(tmp_path, {**GOLD, "schema": 2}))


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetError, match=r"page\.html: missing"):
        read(write_set(tmp_path, html=None))
    (tmp_path / "pages/one/gold.json").rename(tmp_path / "pages/one/page.html")
    [(page, gold)] = read(tmp_path).entries
    assert (page.id, gold.given) == ("one", False)
    with pytest.raises(BadSetError, match=r"set\.toml: cannot be read"):
        read(tmp_path / "pages")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "not TOML"),
        ("version = '1'", "needs the key 'name'"),
        ("name = ''", "'name' must be a text of length >= 1"),
        ("name = 3", "'name' must be a text"),
    ],
)
def test_a_bad_set_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (write_set(tmp_path) / "set.toml").write_text(text)
    with pytest.raises(BadSetError, match=said):
        read(tmp_path)


def test_the_published_schema_knows_every_label_and_place() -> None:
    segment = schema()["properties"]["segments"]["items"]["properties"]
    assert segment["label"]["enum"] == list(taxonomy())
    assert segment["where"]["enum"] == list(get_args(Where))


def test_the_shipped_set_is_valid_by_the_published_schema() -> None:
    golds = sorted(shipped("goldset").glob("*/pages/*/gold.json"))
    assert golds
    for file in golds:
        validator().validate(json.loads(file.read_bytes()))
        assert read_gold(file).segments


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("boilerbench.sets.formats").joinpath("gold.schema.json").read_text())
    return found


def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())
