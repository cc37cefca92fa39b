"""What every stressor promises: the gold is still shown, in every dose, the same whenever it is asked."""

import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from rapidfuzz.distance import Indel

import boilerbench
from boilerbench import stress
from boilerbench.model import Gold, Segment
from boilerbench.stress import DOSES, Document, Stressor
from boilerbench.stress.families.inserting import pieces_of
from boilerbench.stress.stressed import shows
from tests.stress.pages import PAGES, TEXTS, entry, html

STRESSORS = stress.known()
NEED_HEAD = {"wrong-statement", "marked", "late-statement"}
NEED_P = {
    "unclosed-paragraphs",
    "line-breaks",
    "divs",
    "spans-in-divs",
    "custom-elements",
    "sections",
    "unlikely-classes",
}
NEED_P |= {"layout-tables", "articles", "misnested", "joined", "split", "lists"}
NOT_FOR = {"divs": NEED_P, "bare": set(STRESSORS) - {"headless"}}
"""Stressors that find nothing to damage on a page; what they need is not there."""


def damaged(stressor: Stressor, page: str, dose: int) -> Document | None:
    return stressor.apply(Document.of(*entry(page)), dose, Random(page))  # noqa: S311  no secret


@pytest.mark.parametrize("name", STRESSORS)
def test_a_damaged_page_shows_its_gold_and_is_the_same_when_made_again(name: str) -> None:
    for page in ("utf-8", "windows-1252", "transport", "divs"):
        gold, kinds = entry(page)[1], set[str]()
        for dose in DOSES:
            found, again = (damaged(STRESSORS[name], page, dose) for _ in range(2))
            if name in NOT_FOR.get(page, ()):
                assert found is None
                continue
            assert found is not None, (page, dose)
            assert again is not None
            assert found.content == again.content
            assert shows(found.content, found.charset, replace(gold, segments=found.segments)), (page, dose)
            kinds.add("same" if found.segments == gold.segments else "longer")
        assert kinds <= {"longer" if name == "longer" else "same"}


@pytest.mark.parametrize("name", STRESSORS)
def test_a_greater_dose_does_more(name: str) -> None:
    clean = Document.of(*entry("utf-8")).content.decode()
    distances = [0]
    for dose in DOSES:
        found = damaged(STRESSORS[name], "utf-8", dose)
        assert found is not None
        distances.append(Indel.distance(clean, found.content.decode()))
    assert distances == sorted(set(distances)), distances


@pytest.mark.parametrize("name", STRESSORS)
def test_whatever_a_page_lacks_is_no_error(name: str) -> None:
    for content in (b"", b"text", b"<p>", b"<script><pre><style", b'<p class="a', b"</body></html><body>", b"<!--"):
        page, gold = entry("bare")
        document = Document.of(replace(page, read=lambda content=content: content), gold)
        for dose in DOSES:
            found = STRESSORS[name].apply(document, dose, Random(0))  # noqa: S311  no secret
            assert found is None or isinstance(found.content, bytes)


def test_there_are_forty_stressors_and_more_in_six_families() -> None:
    assert len(STRESSORS) >= 40
    families = {each.family for each in STRESSORS.values()}
    assert families == {"clutter", "hiding", "markup", "encoding", "shape", "delivery"}
    for name, each in STRESSORS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name), name
        assert each.summary, name


def test_what_is_not_damaged_stays_byte_for_byte() -> None:
    content, _ = PAGES["windows-1252"]
    found = damaged(STRESSORS["cookie-dialog"], "windows-1252", 2)
    assert found is not None
    start = content.index(b"\n</body>") + 1
    assert found.content.startswith(content[:start])
    assert found.content.endswith(content[start:])
    assert "Einwilligung" not in html()


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
@pytest.mark.parametrize(
    "kind", ["cookies", "wall", "push", "rules", "comments", "related", "share", "newsletter", "prose"]
)
def test_texts_are_in_the_language_of_the_page(kind: str, language: str) -> None:
    pieces = pieces_of(kind, language)
    assert len(set(pieces)) == len(DOSES)
    assert (language == "en") == (pieces == pieces_of(kind, "fi"))


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (html(), True),
        (html(texts=TEXTS[::-1]), False),
        (html(texts=TEXTS[:-1]), False),
        (html().replace("Möwen", "Mowen"), False),
        (html().replace("Möwen", "<script>Möwen</script>"), False),
        (html().replace("Möwen", "M&ouml;we<b>n</b>"), True),
        (html().replace("Möwen", "Mö wen"), False),
    ],
)
def test_gold_is_shown_when_all_its_words_are_there_in_order(content: str, *, shown: bool) -> None:
    assert shows(content.encode(), "utf-8", Gold((Segment("body", "\n".join(TEXTS)),))) is shown


def test_paragraphs_of_gold_are_found_and_others_are_not() -> None:
    page, gold = entry("utf-8")
    strange = html().replace("</main>", "<p>Ein Absatz, der nicht zum Text gehört, wie man sieht.</p></main>")
    document = Document.of(replace(page, read=strange.encode), gold)
    assert [strange[each.inner : each.close] for each in document.paragraphs] == TEXTS


def test_the_guide_names_every_stressor_and_its_own_runs_as_written() -> None:
    guide = Path(boilerbench.__file__).parents[2].joinpath("docs", "stress.md").read_text("utf-8")
    for name, each in STRESSORS.items():
        row, *_ = re.findall(rf"^\| `{each.family}` .*$", guide, re.MULTILINE)
        assert f"`{name}`" in row
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    made: dict[str, tuple[Stressor, ...]] = {}
    exec(code, made)  # noqa: S102  # our own guide
    (stressor,) = made["STRESSORS"]
    found = damaged(stressor, "utf-8", 2)
    assert found is not None
    assert found.content.decode().count("Sale!") == 2
