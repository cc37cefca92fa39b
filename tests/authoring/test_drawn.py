"""What a reader sees of gold: pages drawn by a real Chromium."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from boilerbench.authoring.lint import check
from boilerbench.cli.commands.sets import command
from boilerbench.errors import GateFailedError, UsageError
from tests.authoring.test_lint import page, segment
from tests.browser import chromium

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = {
    "as-it-is": ("<p>The pilot boat left.</p>", "The pilot boat left."),
    "in-capitals": ("<style>p { text-transform: uppercase }</style><p>The lamp is lit.</p>", "The lamp is lit."),
    "behind-a-click": ("<details><summary>More</summary><p>Ropes of hemp.</p></details>", "Ropes of hemp."),
    "after-an-animation": (
        "<style>@keyframes a { from { visibility: hidden } } p { animation: a 60s steps(1) both }</style><p>Fog.</p>",
        "Fog.",
    ),
}
UNSEEN = {
    "by-a-class": ("<style>.x { display: none }</style><p>Tide.</p><p class=x>Net.</p>", "Net."),
    "by-a-script": ("<p>Tide.</p><p id=x></p><script>x.textContent = 'Net.'</script>", "Net."),
}


def of(folder: Path, pages: dict[str, tuple[str, str]]) -> str:
    (folder / "set.toml").write_text('name = "drawn"\n')
    for name, (html, text) in pages.items():
        page(folder, name, html, segments=[segment(text)])
    return f"native:{folder}"


def test_what_a_reader_can_see_is_no_fault_and_what_none_sees_is_one(tmp_path: Path) -> None:
    chromium()
    report = check(of(tmp_path, SHOWN | UNSEEN), browser=True)
    assert [(fault.page, fault.what) for fault in report.faults if fault.rule == "shown"] == [
        ("by-a-class", "paragraph 'Net.' is not shown"),
        ("by-a-script", "paragraph 'Net.' is not shown"),
    ]
    assert report.counts()["shown"] == 2


def test_what_is_shown_in_another_order_is_a_fault(tmp_path: Path) -> None:
    chromium()
    (tmp_path / "set.toml").write_text('name = "drawn"\n')
    twice = "<p>A bell.</p><p hidden>A mast.</p><p>A lamp.</p><p>A mast.</p>"
    page(tmp_path, "one", twice, segments=[segment(text) for text in ("A bell.", "A mast.", "A lamp.")])
    found = check(f"native:{tmp_path}", browser=True).faults
    assert [(fault.rule, fault.what) for fault in found if fault.rule == "shown"] == [
        ("shown", "paragraph 'A mast.' is shown elsewhere, or less often")
    ]


def test_gold_without_segments_is_shown_by_its_share(tmp_path: Path) -> None:
    chromium()
    text = " ".join(f"word{number}" for number in range(20))
    (tmp_path / "a.html").write_text(f"<p>{text}</p><p hidden>b</p>")
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "b.html").write_text(f"<style>p {{ display: none }}</style><p>{text}</p>")
    (tmp_path / "b.txt").write_text(text)
    found = check(f"pairs:{tmp_path}", browser=True).faults
    assert [(fault.page, fault.what) for fault in found if fault.rule == "shown"] == [
        ("b", "0% of the body's 4-grams are shown, less than 90%")
    ]


def test_without_a_browser_nothing_is_drawn_and_the_rule_is_not_counted(tmp_path: Path) -> None:
    report = check(of(tmp_path, UNSEEN))
    assert [fault.rule for fault in report.faults if fault.rule == "shown"] == []
    assert "shown" not in report.counts()


def test_the_command_says_how_often_and_fails(tmp_path: Path) -> None:
    chromium()
    spec = of(tmp_path, UNSEEN)
    said = CliRunner().invoke(command, ["check", spec, "--browser"])
    assert isinstance(said.exception, GateFailedError)
    assert "drawn/by-a-class: shown: paragraph 'Net.' is not shown" in said.stdout
    assert "shown               2" in said.stderr


def test_no_playwright_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(UsageError, match=r"^this needs playwright; install it: pip install 'boilerbench\[browser\]'$"):
        check(of(tmp_path, SHOWN), browser=True)


def test_no_chromium_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright.sync_api", reason="needs playwright")
    monkeypatch.setenv("BOILERBENCH_CHROMIUM", str(shutil.which("true")))
    with pytest.raises(UsageError, match=r"^no Chromium starts \(.*\); install one: playwright install chromium$"):
        check(of(tmp_path, SHOWN), browser=True)
