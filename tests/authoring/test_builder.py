import re
import shutil
import textwrap
import tomllib
from pathlib import Path

import html_text
import pytest

from boilerbench.authoring import front_matter
from boilerbench.authoring.builder import build, check
from boilerbench.errors import BadSetError
from boilerbench.files import shipped
from boilerbench.labels import Role, load_policy
from boilerbench.sets.formats.native import read, read_gold
from boilerbench.text.decoding import decode

GOLDSET = shipped("goldset") / "hard"
PAGES = sorted(folder.name for folder in (GOLDSET / "pages").iterdir())
FRONT = {
    "url": "http://a.example/",
    "site": "A",
    "language": "en",
    "page_type": "news",
    "encoding": "utf-8",
    "title": "T",
    "note": "n",
}


def write_source(folder: Path, body: str, shared: str = "", **front: object) -> Path:
    sources = folder / "sources"
    (sources / "phrases").mkdir(parents=True)
    (sources / "phrases" / "en.toml").write_text(shared)
    (folder / "set.toml").write_text('name = "x"\nlicence = "CC0-1.0"\n')
    write_page(folder, body, **front)
    return sources


def write_page(folder: Path, body: str, **front: object) -> None:
    lines = "\n".join(f"{key} = {toml(value)}" for key, value in {**FRONT, **front}.items())
    (folder / "sources" / "one.html").write_text(f"<!--\n{lines}\n-->\n{body}", encoding="utf-8")


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return str(value).lower() if isinstance(value, bool) else repr(value)


@pytest.fixture
def empty_set(tmp_path: Path) -> Path:
    """Our own set without its pages: the designs and phrases alone."""
    for shared in ("designs", "phrases"):
        shutil.copytree(GOLDSET / "sources" / shared, tmp_path / "sources" / shared)
    shutil.copy(GOLDSET / "set.toml", tmp_path)
    return tmp_path


def squash(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(
    ("body", "front", "said"),
    [
        ('<p data-gold="body">{{ nothing }}</p>', {}, "line 10: 'nothing' is undefined"),
        ("\n{% import 'designs/no.html' as no %}", {}, "line 11: .*designs/no.html"),
        ("\n\n{% if %}", {}, "line 12: Expected an expression"),
        ("\n{{ dice.pick([]) }}", {}, "line 11: .*zero"),
        ('\n<p data-gold="body">{{ t("a.b") }}</p>', {}, "line 11: no phrase 'a.b'"),
        (
            '<p data-gold="body">{{ t("a.c") }}</p>',
            {"phrases": {"a": {"c": "{n} of them"}}},
            "'a.c' wants a value: .*n=",
        ),
        ("<p data-gold='body'>x {# y #}</p>", {}, "would be printed"),
        ('<p data-gold="body">x</p>', {"page_type": "poem"}, "'page_type' cannot be 'poem'; it is one of news, blog"),
        ('<p data-gold="body">x</p>', {"classes": "plian"}, "'classes' cannot be 'plian'; it is one of hashed, plain"),
        ('<p data-gold="body">x</p>', {"misdeclared": "no"}, "'misdeclared' must be true or false, not a text"),
        ('<p data-gold="body">x</p>', {"language": 3}, "front matter: 'language' must be a text, not a whole number"),
        ('<p data-gold="body">x</p>', {"with": "x"}, "'with' must be a list, not a text"),
        ('<p data-gold="body">x</p>', {"wihtout": ["x"]}, "nothing reads 'wihtout'"),
        ('<p data-gold="body">{{ page.id }}</p>', {"id": "x"}, "'page.id' is given by the builder"),
        (
            '<p data-gold="body">x</p>',
            {"phrases": {"a": {"without": ["x"]}}},
            "'without' stands in the table 'phrases.a'",
        ),
        ('<p data-gold="body">{{ page.more }}</p>', {"more": [{"text": "1 <2"}]}, "'<' in 'more.text': write &lt;"),
        ('<p data-gold="body">x</p>', {"encoding": "klingon"}, "unknown encoding 'klingon'"),
        ('<p data-gold="body">x</p>', {"encoding": "hex"}, "unknown encoding 'hex'"),
        ('<p data-gold="body">x</p>', {"encoding": "undefined"}, "unknown encoding 'undefined'"),
        ('<p data-gold="body">x</p>', {"encoding": "utf-7"}, "unknown encoding 'utf-7'"),
        ('<p data-gold="body">мост</p>', {"encoding": "iso-8859-1"}, "4 of 4 characters"),
        ('<p data-gold="body">мост</p>', {"encoding": "koi8-r"}, "not what transport or meta declare"),
        (
            '<meta charset="koi8-r"><p data-gold="body">мост</p>',
            {"charset": "utf-8"},
            "not what transport or meta declare",
        ),
        ('<p data-gold="body">x</p>', {"misdeclared": True}, "reads well"),
        ('<p data-gold="body">x</p>', {"with": ["y"]}, "'y' of 'with' is not in the body"),
        ('<p data-gold="body">x</p>', {"without": ["x"]}, "'x' of 'without' is in the body"),
        ('<p data-gold="body">x</p>', {"without": ["z"]}, "'z' of 'without' is not on the page"),
    ],
)
def test_a_bad_source_is_refused_by_name(tmp_path: Path, body: str, front: dict[str, object], said: str) -> None:
    write_source(tmp_path, body, **front)
    with pytest.raises(BadSetError, match=f"one.html: .*{said}"):
        build(tmp_path)


def test_a_source_needs_front_matter(tmp_path: Path) -> None:
    sources = write_source(tmp_path, "")
    (sources / "one.html").write_text("<p>no</p>")
    with pytest.raises(BadSetError, match="no front matter"):
        build(tmp_path)
    (sources / "one.html").write_text("<!--\nx =\n-->\n")
    with pytest.raises(BadSetError, match="not TOML"):
        build(tmp_path)
    (sources / "one.html").write_text(f"<!--\nx = {'[' * 10_000}\n-->\n")
    with pytest.raises(BadSetError, match="nested too deeply"):
        build(tmp_path)
    (sources / "one.html").write_bytes("<!--\nx = 'é'".encode("latin-1"))
    with pytest.raises(BadSetError, match="byte 10 is not UTF-8"):
        build(tmp_path)


def test_a_copied_source_needs_an_address_of_its_own(tmp_path: Path) -> None:
    sources = write_source(tmp_path, '<p data-gold="body">x</p>')
    shutil.copy(sources / "one.html", sources / "two.html")
    with pytest.raises(BadSetError, match=r"two\.html: the url of one\.html"):
        build(tmp_path)


def test_an_error_in_a_design_names_the_line_that_called_it(empty_set: Path) -> None:
    source = "{% import 'designs/comments.html' as comments %}\n{{ comments.thread([{}]) }}"
    write_page(empty_set, source)
    with pytest.raises(BadSetError, match=r"one\.html: line 11: designs/comments\.html line \d+: .*'name'"):
        build(empty_set)


def test_phrases_come_from_the_page_first_and_stay_the_same_for_it(tmp_path: Path) -> None:
    body = '<p data-gold="footer">{{ t("a.b", n=3) }} {{ t("a.c") }}</p>'
    shared = '[a]\nb = "{n} at {site}"\nc = ["x", "y", "z"]'
    write_source(tmp_path, body, shared, phrases={"a": {"b": "own {n}"}})
    build(tmp_path)
    assert re.search("own 3 [xyz]", (tmp_path / "pages/one/page.html").read_text())


def test_right_to_left_pages_know_their_direction(tmp_path: Path) -> None:
    write_source(tmp_path, '<p dir="{{ page.dir }}" data-gold="body">سلام</p>', language="fa")
    build(tmp_path)
    assert 'dir="rtl"' in (tmp_path / "pages/one/page.html").read_text()


def test_check_says_what_is_missing_differs_or_has_no_source(tmp_path: Path) -> None:
    write_source(tmp_path, '<p data-gold="body">x</p>')
    assert [fault.split(": ")[1] for fault in check(tmp_path)] == ["missing; build the set"] * 3
    build(tmp_path)
    assert check(tmp_path) == []
    (tmp_path / "pages/one/page.html").write_text("<p>y</p>")
    (tmp_path / "pages/two").mkdir()
    said = check(tmp_path)
    assert "differs" in said[0]
    assert said[1].endswith("two: has no source")


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        shutil.copytree(GOLDSET / "sources", folder / "sources")
        shutil.copy(GOLDSET / "set.toml", folder)
        build(folder)
    built = sorted(file.relative_to(first) for file in (first / "pages").rglob("*.*"))
    assert len(built) == 3 * len(PAGES)
    assert all((first / file).read_bytes() == (second / file).read_bytes() for file in built)


def test_committed_pages_are_what_their_sources_give() -> None:
    assert check(GOLDSET) == []


@pytest.mark.parametrize("page", PAGES)
def test_no_mark_is_left_in_a_page(page: str) -> None:
    assert b"data-gold" not in (GOLDSET / "pages" / page / "page.html").read_bytes()


@pytest.mark.parametrize("page", PAGES)
def test_every_segment_stands_in_the_text_of_its_page_in_order(page: str) -> None:
    gold = read_gold(GOLDSET / "pages" / page / "gold.json")
    html = (GOLDSET / "pages" / page / "page.html").read_bytes().decode(codec(gold.encoding))
    text = squash(html_text.extract_text(html.lstrip("\ufeff")))
    place = 0
    for segment in gold.segments:
        if (segment.where or "hidden") == "hidden":
            found = text.find(squash(segment.text), place)
            assert found >= 0, segment
            place = found + len(squash(segment.text))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_in_the_charset_it_is_said_to_be(page: str) -> None:
    gold = read_gold(GOLDSET / "pages" / page / "gold.json")
    front, _ = front_matter.read(GOLDSET / "sources" / f"{page}.html")
    html = (GOLDSET / "pages" / page / "page.html").read_bytes()
    right = html.decode(codec(gold.encoding))
    assert decode(html, gold.charset) == right or front.get("misdeclared")


def test_every_language_has_every_phrase() -> None:
    tables = {file.stem: tomllib.loads(file.read_text()) for file in (GOLDSET / "sources/phrases").glob("*.toml")}
    keys = {language: {(part, key) for part in table for key in table[part]} for language, table in tables.items()}
    assert {language: keys["en"] ^ found for language, found in keys.items() if found != keys["en"]} == {}


def test_the_flagship_is_a_long_article_drowned_in_clutter() -> None:
    [gold] = [gold for page, gold in read(GOLDSET).entries if page.id == "canal-reopens"]
    policy = load_policy("default")
    assert 900 <= len(" ".join(policy.segments(gold, Role.BODY)).split()) <= 1300
    clutter = {segment.label for segment in gold.segments if policy.role(segment.label) is Role.CLUTTER}
    seen = "utility-bar search data-widget share hidden related tags registration login password-recovery captcha gdpr"
    assert clutter >= {*seen.split(), "account-deletion", "error-message", "comment-rules", "footer", "push-prompt"}


def test_the_figure_above_a_thread_counts_replies_and_replies_to_them(empty_set: Path) -> None:
    first, second, third = (f"{{'name': '{name}', 'date': 'today', 'text': 'yes'}}" for name in "abc")
    second = f"{second[:-1]}, 'replies': [{third}]}}"
    thread = f"[{first}, {first[:-1]}, 'replies': [{second}]}}]"
    write_page(empty_set, f"{{% import 'designs/comments.html' as comments %}}{{{{ comments.thread({thread}) }}}}")
    build(empty_set)
    [(_, gold)] = read(empty_set).entries
    assert re.findall(r"\d+", gold.segments[0].text) == ["4"]


def test_the_example_of_the_guide_builds(empty_set: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "write-a-gold-page.md").read_text(encoding="utf-8")
    [example] = re.findall(r"(?ms)^    <!--$.*?</html>$", guide)
    (empty_set / "sources" / "lighthouse.html").write_text(textwrap.dedent(example), encoding="utf-8")
    build(empty_set)
    [(_, gold)] = read(empty_set).entries
    assert [segment.label for segment in gold.segments][:3] == ["title", "paragraph", "share"]


def codec(encoding: str) -> str:
    return {"shift_jis": "cp932", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030"}.get(encoding, encoding)
