"""That a real browser shows the gold of damaged pages, and shows nothing of what is put into them hidden."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from boilerbench import sets, stress
from boilerbench.model import Gold
from boilerbench.stress import DOSES, Document
from boilerbench.stress.document import body_of
from boilerbench.stress.families.inserting import pieces_of
from boilerbench.stress.stressed import has_in_order, shows
from tests.stress.pages import TEXTS, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILIES = dict.fromkeys(each.family for each in stress.known().values())


@pytest.fixture
def drawn(browser: Any) -> Iterator[Any]:
    """Draws a document as its site would serve it, and gives the text that is shown; nothing else is there."""
    context = browser.new_context()
    page, served = context.new_page(), dict[str, Document]()

    def serve(route: Any) -> None:
        if route.request.url != "http://own.example/":
            route.abort()
            return
        document = served["page"]
        kind = f"text/html; charset={document.charset}" if document.charset else "text/html"
        route.fulfill(body=document.content, headers={"Content-Type": kind})

    def draw(document: Document) -> str:
        served["page"] = document
        page.goto("http://own.example/")
        return str(page.inner_text("body"))

    page.route("**/*", serve)
    yield draw
    context.close()


@pytest.mark.parametrize("name", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_browser_shows_the_gold_of_damaged_pages(family: str, name: str, drawn: Any) -> None:
    for stressor in stress.select([family]):
        for dose in (DOSES[0], DOSES[-1]):
            found = stressor.apply(Document.of(*entry(name)), dose, Random(name))  # noqa: S311  no secret
            assert found is not None
            assert has_in_order(drawn(found), body_of(Gold(found.segments))), (stressor.name, dose)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_browser_shows_the_gold_of_damaged_pages_of_goldset(family: str, drawn: Any) -> None:
    """Of those whose gold it shows before: one by default, as many as BOILERBENCH_EXAMPLES says."""
    wanted, seen = int(os.environ.get("BOILERBENCH_EXAMPLES", "1")), 0
    for page, gold in sets.load("goldset-hard").entries:
        document = Document.of(page, gold)
        if seen == wanted or not body_of(gold).strip() or not has_in_order(drawn(document), body_of(gold)):
            continue
        seen += 1
        for stressor in stress.select([family]):
            found = stressor.apply(document, DOSES[-1], Random(f"{stressor.name} {page.id}"))  # noqa: S311  no secret
            if found is not None and shows(found.content, found.charset, Gold(found.segments)):
                assert has_in_order(drawn(found), body_of(Gold(found.segments))), (stressor.name, page.id)
    assert seen == wanted


def test_a_browser_shows_nothing_of_what_is_hidden(drawn: Any) -> None:
    for stressor in stress.select(["hiding"]):
        found = stressor.apply(Document.of(*entry("utf-8")), DOSES[-1], Random(0))  # noqa: S311  no secret
        assert found is not None
        text = drawn(found)
        assert TEXTS[0] in text
        seen = [piece for piece in pieces_of("prose", "de") if piece in text]
        assert not seen or stressor.name == "off-screen", stressor.name


def test_a_browser_puts_what_is_off_screen_off_the_screen(browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    found = stress.known()["off-screen"].apply(Document.of(*entry("utf-8")), DOSES[-1], Random(0))  # noqa: S311  no secret
    assert found is not None
    page.set_content(found.html)
    boxes = [each.bounding_box() for each in page.locator("[style*=left] p").all()]
    assert len(boxes) == len(DOSES)
    assert all(box["x"] + box["width"] < 0 for box in boxes)
    context.close()
