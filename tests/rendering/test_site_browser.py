"""The site in a real browser, opened from a file: what a person and a screen reader do, what an attacker hopes for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from boilerbench.rendering import site
from tests import site_run
from tests.browser import FILES, LOOKS, Listener, expect, look_for_flaws, opened, runners, said, status

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the hostile run."""
    place = tmp_path_factory.mktemp("site")
    run, goldsets = site_run.make(place / "run")
    site.build(run, goldsets, place / "out")
    return place / "out"


def test_the_leaderboard_is_sorted_by_the_column_that_is_clicked(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "index.html") as page:
        first = runners(page)
        assert first[0] == "good"
        page.get_by_role("button", name="Recall", exact=True).click()
        expect(page.locator("[data-column=recall]")).to_have_attribute("aria-sort", "descending")
        page.get_by_role("button", name="Recall", exact=True).click()
        expect(page.locator("[data-column=recall]")).to_have_attribute("aria-sort", "ascending")
        assert runners(page)[0].startswith("failing")
        assert page.evaluate("document.activeElement.textContent") == "Recall"


def test_the_leaderboard_is_filtered_and_cut_and_keeps_that_in_the_address(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "index.html") as page:
        assert status(page).startswith("3 of 3 runners on 3 pages of plain. They are of 3 sites, too few to rank.")
        page.get_by_label("Find a runner").fill("gree")
        expect(page.locator("#board tbody tr")).to_have_count(1)
        assert runners(page) == ["greedy"]
        page.get_by_label("Cut by").select_option("language")
        page.get_by_label("Slice").select_option("en")
        said(page, "language en")
        assert status(page).startswith("1 of 3 runners on 1 page of plain, language en.")
        page.reload()
        said(page, "")
        assert status(page).startswith("1 of 3 runners on 1 page of plain, language en.")


def test_the_leaderboard_says_in_words_what_is_shown(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "index.html") as page:
        verdict = page.locator("#verdict")
        assert verdict.inner_text().startswith("good has the highest F1")
        assert "over so few sites no difference can be shown." in verdict.inner_text()
        sliced = page.locator("#sliced")
        expect(sliced).to_have_text(re.compile(r"^By language: Highest F1: good in .*; significantly in none\.$"))
        page.get_by_label("Cut by").select_option("language")
        expect(verdict).to_have_text(re.compile(r"^Highest F1: good in .*\.$"))
        expect(sliced).to_have_text("")


def test_two_runners_are_compared_by_choosing_them(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "index.html", "phone") as page:
        answer = page.locator("#comparison")
        assert answer.inner_text() == ""
        page.locator("select[name=one]").select_option("greedy")
        page.locator("select[name=other]").select_option("good")
        # of gold's six words on every page greedy gives all, and 21 more: 1 - 12 / 33
        few = "Unknown, as there are too few sites: good is 63.64 points above greedy (95 % +63.64 to +63.64)."
        expect(answer).to_have_text(f"{few} It is better on 3 pages, worse on 0, equal on 0.")
        page.locator("select[name=set]").select_option(index=1)
        expect(answer).to_contain_text("No: good is")
        page.get_by_label("Cut by").select_option("language")
        expect(answer).to_have_text("")


def test_a_column_beside_the_screen_of_a_phone_is_brought_there_by_its_name(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "index.html", "phone") as page:
        head = page.locator("[data-column=failed]")
        page.get_by_label("Order by").select_option(label="Failed")
        expect(head).to_have_attribute("aria-sort", "ascending")
        expect(head).to_be_in_viewport()


def test_metric_policy_and_set_can_be_chosen(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "index.html") as page:
        signature = page.locator("#signature")
        assert "metric:words" in signature.inner_text()
        page.get_by_label("Metric").select_option("shingles")
        page.get_by_label("Policy").select_option("strict")
        page.locator("select[name=set]").select_option(index=1)
        said(page, "68 pages")
        assert "metric:shingles(n=4)" in signature.inner_text()
        assert "policy:strict" in signature.inner_text()


def test_all_sets_are_shown_together_and_then_not_cut(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "index.html#by=language") as page:
        page.locator("select[name=set]").select_option("all:sets")
        said(page, "3 of 3 runners on 71 pages of 2 sets, of which each set counts the same.")
        assert "all:sets" in page.locator("#signature").inner_text()
        assert page.locator("#verdict").inner_text().startswith("good ")
        expect(page.get_by_label("Cut by")).to_be_hidden()
        page.locator("select[name=set]").select_option("all:pages")
        said(page, "71 pages of 2 sets, of which each page counts the same.")
        page.locator("select[name=set]").select_option("plain")
        expect(page.get_by_label("Cut by")).to_have_value("language")


def test_every_plot_is_there_with_its_numbers(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "plots.html") as page:
        page.wait_for_selector("#agreement")
        wanted = ["intervals", "balance", "pace", "leak", "coverage", "slices", "spread", "agreement"]
        assert page.locator("figure").evaluate_all("all => all.map((each) => each.id)") == wanted
        for name in wanted:
            assert page.locator(f"#{name} table tbody th").count() > 0
        page.get_by_text("Score with intervals: as a table").click()
        assert page.locator("#intervals td").first.is_visible()


def test_pages_are_listed_by_loss_and_a_page_shows_its_difference(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "pages.html") as page:
        page.get_by_label("Score of").select_option("greedy")
        page.get_by_label("Order").select_option("loss")
        page.get_by_label("Find a page").fill("page 2")
        expect(page.locator("#pages tbody tr")).to_have_count(1)
        page.locator("#pages a").click()
        said(page, "")
        assert "greedy" in status(page)
        assert page.locator("#gold .segment.body").inner_text().startswith("paragraph")
        assert page.locator("#gold .segment.clutter").count() == 1
        assert "We use cookies to know you better" in page.locator("#extraction ins").last.inner_text()
        assert page.locator("#gold del").count() == 0
        page.locator("#extractions button", has_text="failing").click()
        expect(page.locator("#extraction")).to_contain_text("ValueError")
        assert page.locator("#gold del").inner_text() == "One two three four five 2"
        assert "6 words missing, 0 too many" in status(page)


def test_a_keyboard_goes_from_page_to_page(browser: Any, folder: Path) -> None:
    with opened(browser, folder, "page.html#p=0") as page:
        page.get_by_role("button", name="Next").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#place")).to_have_text("2 of 71")
        assert page.locator("h1").inner_text() == "Page 1"
        page.keyboard.press("Enter")
        expect(page.locator("#place")).to_have_text("3 of 71")


@pytest.mark.parametrize(
    "address", ["index.html#set={set}", "plots.html#set={set}", "pages.html#set={set}", "page.html#p=4"]
)
def test_hostile_text_is_shown_as_text(browser: Any, folder: Path, address: str) -> None:
    from urllib.parse import quote

    asked = address.format(set=quote(f"hostile {site_run.ATTACK}", safe=""))
    with opened(browser, folder, asked) as page:
        page.wait_for_timeout(200)
        assert "hostile" in status(page) or "p=4" in address
        assert page.locator("img").count() == 0
        assert page.locator("script:not([src])").count() == 0
        assert "onerror" in page.locator("main").inner_text()


def test_the_rendering_of_a_page_shows_its_text_and_reaches_no_host(
    browser: Any, folder: Path, listener: Listener
) -> None:
    with opened(browser, folder, "page.html#p=3") as page:
        frame = page.frame_locator("#rendering")
        assert frame.locator("p").first.inner_text() == "One two three four five"
        assert frame.locator("img, script, iframe, link, form, object, embed, video, svg, [href], [src]").count() == 0
        frame.locator("a").click()
        page.wait_for_timeout(1000)
        assert frame.locator("p").first.inner_text() == "One two three four five"
        assert page.url.startswith("file:")
    assert listener.came == 0


def test_a_page_that_was_not_made_fit_could_ask_for_nothing(browser: Any, folder: Path, listener: Listener) -> None:
    """The second lock: the frame's rights and the policy it inherits, with the page as its author wrote it.

    It may make the browser open a connection ahead of need, which no policy covers; nothing is said over it.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{folder.as_uri()}/page.html#p=0")
    said(page, "")
    page.evaluate("html => { document.getElementById('rendering').srcdoc = html }", site_run.LEAVES)
    expect(page.frame_locator("#rendering").locator("p").first).to_contain_text("One")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.broken") is None
    assert listener.asked == 0
    context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("address", FILES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Any, folder: Path, address: str, look: str
) -> None:
    look_for_flaws(browser, folder, address, look)
