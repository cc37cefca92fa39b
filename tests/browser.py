"""A real browser that opens a site from a file, and what no page of a site may do in it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions"),
)
LOOKS = {"desktop": ({"width": 1280, "height": 800}, "light"), "phone": ({"width": 390, "height": 844}, "dark")}
"""What a site is looked at in: the window's size and the scheme of colours."""

FILES = ("index.html", "plots.html", "pages.html", "page.html#p=1", "run.html")
"""Every page of a site."""


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


def chromium() -> str:
    """The Chromium of this machine; skip where there is none, or no Playwright."""
    pytest.importorskip("playwright.sync_api", reason="needs playwright")
    found = os.environ.get("BOILERBENCH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium here (apt-get install chromium, or set BOILERBENCH_CHROMIUM)")
    return found


@contextmanager
def started(listener: Listener) -> Iterator[Any]:
    """Start Chromium, in which the tracker's name leads to the listener; skip where there is none."""
    place = chromium()
    from playwright import sync_api

    led = f"--host-resolver-rules=MAP tracker.example 127.0.0.1:{listener.port}"
    with sync_api.sync_playwright() as begun:
        running = begun.chromium.launch(executable_path=place, args=[*FLAGS, led])
        yield running
        running.close()


@contextmanager
def opened(browser: Any, folder: Path, address: str, look: str = "desktop") -> Iterator[Any]:
    """A page of the site, drawn. Fails where the browser logs an error or anything but a file is asked for."""
    size, scheme = LOOKS[look]
    context = browser.new_context(viewport=size, color_scheme=scheme)
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
    """Playwright's assertions, which wait."""
    from playwright.sync_api import expect as waiting

    return waiting(locator)


def said(page: Any, words: str) -> None:
    """Wait until the status line says something with these words in it."""
    expect(page.locator("#status")).to_have_text(re.compile(re.escape(words) or "."))


def status(page: Any) -> str:
    """What the status line says."""
    return str(page.locator("#status").inner_text())


def runners(page: Any) -> list[str]:
    """The runners in the leaderboard from top to bottom."""
    return [each.strip() for each in page.locator("#board tbody th a").all_inner_texts()]


def look_for_flaws(browser: Any, folder: Path, address: str, look: str) -> None:
    """Fail where axe finds anything, or the page is wider than the window."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    with opened(browser, folder, address, look) as page:
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[look][0]["width"]
        found = axe.Axe().run(page, options={"iframes": False, "preload": False}).response["violations"]
        assert [(each["id"], each["impact"], each["nodes"][0]["html"]) for each in found] == []
