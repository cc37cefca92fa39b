"""The site of real sets in a real browser: many runners on a public set, and labelled gold under policies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from boilerbench import pipeline
from boilerbench.extraction import predictions, record
from boilerbench.labels import load_policy
from boilerbench.rendering import site
from boilerbench.sets.outputs import Prediction
from boilerbench.storage.run_folder import RunFolder
from boilerbench.text.decoding import decode
from boilerbench.text.tokens import NATURAL_WORDS, tokenise
from tests.browser import FILES, expect, look_for_flaws, opened, runners, said, status

if TYPE_CHECKING:
    from pathlib import Path

    from boilerbench.extraction.predictions import Systems
    from boilerbench.model import Gold, GoldSet

OWN = 'name = "search-index"\n[roles]\ntitle = "body"\ncomment = "body"\n'


def made(place: Path, goldset: GoldSet, systems: Systems, scored: list[tuple[str, list[str]]]) -> Path:
    run = RunFolder.create(place / "run")
    record.adopt(run, "outputs", [predictions.Predicted(goldset, systems)])
    for policy, names in scored:
        pipeline.rescore(run, names, load_policy(policy), [goldset])
    site.build(run, [goldset], place / "site")
    return place / "site"


@pytest.fixture(scope="module")
def zyte(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published answers of fifteen systems to pages of the article-extraction-benchmark."""
    (goldset,) = record.load_sets([f"zyte:{data / 'zyte-aeb'}"], 40)
    systems = {}
    for spec, what in ((f"zyte:{data / 'zyte-aeb' / 'output'}", ""), (f"wceb:{data / 'wceb' / 'outputs'}", " of WCEB")):
        ((predicted,), _) = predictions.load([spec], [goldset], {}, None, partial=False)
        systems |= {f"{name}{what}": texts for name, texts in predicted.systems.items()}
    return made(tmp_path_factory.mktemp("zyte"), goldset, systems, [("default", ["zyte"])])


@pytest.fixture(scope="module")
def goldset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of our own pages under two policies, one of them from a file."""
    place = tmp_path_factory.mktemp("goldset")
    (pages,) = record.load_sets(["goldset"], 12)
    (place / "own.toml").write_text(OWN)
    systems = {
        "everything": {page.id: Prediction(decode(page.read(), page.charset), "html") for page in pages.pages},
        "body": {page.id: Prediction(body(gold)) for page, gold in pages.entries},
    }
    return made(place, pages, systems, [("default", []), (str(place / "own.toml"), [])])


def body(gold: Gold) -> str:
    return load_policy("default").body(gold)


def words(texts: list[str]) -> int:
    return sum(len(tokenise([text], NATURAL_WORDS).hashes) for text in texts)


def numbers(page: Any, column: str) -> list[float]:
    place = page.locator("#board thead th").evaluate_all(
        f"all => all.findIndex(th => th.dataset.column === '{column}')"
    )
    cells = page.locator(f"#board tbody tr > :nth-child({place + 1})").all_inner_texts()
    return [float(cell.split()[0]) for cell in cells]


def test_fifteen_runners_are_sorted_filtered_and_scored_by_another_metric_and_slice(browser: Any, zyte: Path) -> None:
    with opened(browser, zyte, "index.html") as page:
        assert len(runners(page)) == 15
        assert numbers(page, "f1") == sorted(numbers(page, "f1"), reverse=True)
        page.get_by_role("button", name="Precision", exact=True).click()
        expect(page.locator("[data-column=precision]")).to_have_attribute("aria-sort", "descending")
        assert numbers(page, "precision") == sorted(numbers(page, "precision"), reverse=True)
        by_words = numbers(page, "f1")
        page.get_by_label("Metric").select_option("zyte")
        expect(page.locator("#signature")).to_contain_text("metric:zyte(n=4)")
        assert numbers(page, "f1") != by_words
        page.get_by_label("Cut by").select_option("length")
        said(page, "length Q1")
        page.get_by_label("Slice").select_option(index=3)
        said(page, "length Q4")
        page.get_by_label("Find a runner").fill("justext")
        expect(page.locator("#board tbody tr")).to_have_count(2)
        assert sorted(runners(page)) == ["justext", "justext of WCEB"]
        assert status(page).endswith(" Flags of all: not-run-here.")
        assert page.locator("#board small").count() == 0


def test_from_a_runner_to_its_worst_page_where_as_many_words_are_marked_as_were_counted(
    browser: Any, zyte: Path
) -> None:
    with opened(browser, zyte, "index.html") as page:
        page.get_by_role("link", name="html-text", exact=True).click()
        said(page, "40 of 40 pages")
        losses = [float(each) for each in page.locator("#pages tbody td.number:nth-last-child(3)").all_inner_texts()]
        assert losses == sorted(losses)
        page.locator("#pages tbody a").first.click()
        expect(page.locator("#extraction-title")).to_have_text("Extraction by html-text")
        missing, too_many = map(int, re.findall(r"(\d+) (?:words missing|too many)", status(page)))
        assert too_many > 0
        assert words(page.locator("#extraction ins").all_inner_texts()) == too_many
        assert words(page.locator("#gold del").all_inner_texts()) == missing
        assert page.frame_locator("#rendering").locator("body").inner_text().strip()


def test_the_start_page_asks_for_nothing_that_grows_with_the_pages(browser: Any, zyte: Path) -> None:
    with opened(browser, zyte, "index.html") as page:
        loaded = page.locator("script, link[rel=stylesheet]").evaluate_all(
            "all => all.map((each) => each.src || each.href)"
        )
    files = {url.removeprefix(f"{zyte.as_uri()}/") for url in loaded}
    assert {file for file in files if file.startswith("data/")} == {"data/site.js", "data/boards.js"}
    assert sum((zyte / file).stat().st_size for file in {"index.html", *files}) < 200_000


def test_a_policy_of_the_users_own_can_be_chosen_and_says_what_it_asks_for(browser: Any, goldset: Path) -> None:
    with opened(browser, goldset, "index.html") as page:
        assert numbers(page, "recall")[0] == 1
        own = load_policy(str(goldset.with_name("own.toml"))).name
        page.get_by_label("Policy").select_option(own)
        expect(page.locator("#signature")).to_contain_text(f"policy:{own}")
        assert runners(page)[0] == "body"
        assert numbers(page, "recall")[0] < 1
        page.get_by_text(f"What policy {own} asks for").click()
        asked = page.locator("#policy dd").first.inner_text().split()
        assert {"title", "comment", "paragraph"} <= set(asked)


def test_a_page_is_marked_by_the_users_own_policy(browser: Any, goldset: Path) -> None:
    with opened(browser, goldset, "page.html#p=1&runner=body") as page:
        said(page, "0 words missing")
        assert page.locator("#gold .segment.optional", has_text="title").count() > 0
        page.get_by_label("Policy").select_option(load_policy(str(goldset.with_name("own.toml"))).name)
        expect(page.locator("#gold .segment.optional", has_text="title")).to_have_count(0)
        missing = int(re.findall(r"(\d+) words missing", status(page))[0])
        assert missing == words(page.locator("#gold del").all_inner_texts()) > 0


@pytest.mark.parametrize("address", FILES)
@pytest.mark.parametrize(("name", "look"), [("zyte", "desktop"), ("goldset", "phone")])
def test_axe_finds_nothing_on_the_sites_of_real_sets(
    browser: Any, name: str, address: str, look: str, request: pytest.FixtureRequest
) -> None:
    look_for_flaws(browser, request.getfixturevalue(name), address, look)
