"""The site in a real browser, opened from a file: what a person and a screen reader do, what an attacker hopes for."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bench.report import site
from tests import site_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'browser'")

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions"),
)
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the hostile run."""
    place = tmp_path_factory.mktemp("site")
    run, goldsets = site_run.make(place / "run")
    site.build(run, goldsets, place / "out")
    return place / "out"


class Listener:
    """A server that the tracker's name leads to; it counts who comes, and who says anything."""

    def __init__(self) -> None:
        self.came = self.asked = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.came += 1
            threading.Thread(target=self._hear, args=(connection,), daemon=True).start()

    def _hear(self, connection: socket.socket) -> None:
        with connection:
            self.asked += bool(connection.recv(1))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def browser(listener: Listener) -> Iterator[Any]:
    chromium = os.environ.get("BOILERBENCH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no Chromium here (apt-get install chromium, or set BOILERBENCH_CHROMIUM)")
    led = f"--host-resolver-rules=MAP tracker.example 127.0.0.1:{listener.port}"
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium, args=[*FLAGS, led])
        yield running
        running.close()


@contextmanager
def opened(browser: Any, folder: Path, address: str, size: str = "desktop", scheme: str = "light") -> Iterator[Any]:
    """A page of the site, drawn. Fails where the browser logs an error or anything but a file is asked for."""
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
    context.set_default_timeout(15_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{folder.as_uri()}/{address}")
    if "run.html" not in address:
        said(page, "")
    yield page
    page.wait_for_timeout(100)
    assert page.evaluate("window.broken") is None
    assert problems == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def expect(locator: Any) -> Any:
    return playwright.expect(locator)


def said(page: Any, words: str) -> None:
    """Wait until the status line says something with these words in it."""
    expect(page.locator("#status")).to_have_text(re.compile(re.escape(words) or "."))


def runners(page: Any) -> list[str]:
    return [each.strip() for each in page.locator("#board tbody th").all_inner_texts()]


def status(page: Any) -> str:
    return str(page.locator("#status").inner_text())


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
        assert status(page) == "3 of 3 runners on 3 pages of plain."
        page.get_by_label("Find a runner").fill("gree")
        expect(page.locator("#board tbody tr")).to_have_count(1)
        assert runners(page) == ["greedy"]
        page.get_by_label("Cut by").select_option("language")
        page.get_by_label("Slice").select_option("en")
        said(page, "language en")
        assert status(page) == "1 of 3 runners on 1 pages of plain, language en."
        page.reload()
        said(page, "")
        assert status(page) == "1 of 3 runners on 1 pages of plain, language en."


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
        assert "We use cookies to know you better" in page.locator("#answer ins").last.inner_text()
        assert page.locator("#gold del").count() == 0
        page.locator("#answers button", has_text="failing").click()
        expect(page.locator("#answer")).to_contain_text("ValueError")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ["index.html", "plots.html", "pages.html", "page.html#p=1", "run.html"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Any, folder: Path, address: str, size: str, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra 'browser'")
    with opened(browser, folder, address, size, scheme) as page:
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
        found = axe.Axe().run(page, options={"iframes": False, "preload": False}).response["violations"]
        assert [(each["id"], each["impact"], each["nodes"][0]["html"]) for each in found] == []
