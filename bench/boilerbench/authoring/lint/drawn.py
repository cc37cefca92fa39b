"""What a reader sees of a page: its text as Chromium draws it, with no script run and nothing fetched.

Playwright (`boilerbench[browser]`) drives the Chromium that $BOILERBENCH_CHROMIUM names, else the one on PATH, else its
own (`playwright install chromium`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from boilerbench.errors import BadSetError, UsageError

if TYPE_CHECKING:
    from boilerbench.model import Page

_ADDRESS = "http://page.example/"
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
_SECONDS = 30.0
_SETTLE = """page => {
  page.querySelectorAll("details").forEach(each => each.open = true)
  const ends = each => each.effect.getComputedTiming().endTime < Infinity
  document.getAnimations().filter(ends).forEach(each => each.finish())
}"""


class Browser:
    """Chromium with one tab, in which pages are drawn one after the other."""

    def __init__(self, tab: Any, failure: type[Exception]) -> None:
        self._tab, self._failure = tab, failure
        self._served = b"", ""
        tab.set_default_timeout(1000 * _SECONDS)
        tab.route("**/*", self._serve)

    def _serve(self, route: Any) -> None:
        if route.request.url != _ADDRESS or not route.request.is_navigation_request():
            route.abort()
            return
        content, charset = self._served
        route.fulfill(body=content, headers={"Content-Type": f"text/html{charset and f'; charset={charset}'}"})

    def text(self, page: Page, encoding: str | None = None) -> str:
        """The text that is shown once every `details` is open and animations are over.

        An `encoding` goes before the page's own charset, as where a reader chooses it from a menu.
        `BadSetError` where the page cannot be drawn.
        """
        self._served = page.read(), encoding or page.charset or ""
        try:
            self._tab.goto(_ADDRESS)
            whole = self._tab.locator("html")
            whole.evaluate(_SETTLE)
            return str(whole.inner_text())
        except self._failure as cause:
            raise BadSetError(f"Chromium cannot draw the page: {str(cause).splitlines()[0]}") from None


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium, and end it. `UsageError` where Playwright or Chromium is not there."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise UsageError("this needs playwright; install it: pip install 'boilerbench[browser]'") from None
    own = os.environ.get("BOILERBENCH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as begun:
        try:
            running = begun.chromium.launch(executable_path=own, args=_QUIET, chromium_sandbox=os.geteuid() != 0)
        except Error as cause:
            said = str(cause).splitlines()[0]
            raise UsageError(f"no Chromium starts ({said}); install one: playwright install chromium") from None
        try:
            yield Browser(running.new_context(java_script_enabled=False).new_page(), Error)
        finally:
            running.close()
