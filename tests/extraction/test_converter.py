"""What turns extractions into text has a page's limits, whatever a runner returned, and costs no other page."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from boilerbench.extraction.pages import Converter, NotConvertedError, with_text
from boilerbench.model import Extraction, Status
from boilerbench.process.child import Limits
from boilerbench.text import convert, converting

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = Limits(seconds=1, memory=300 << 20, start=20)
TROUBLE = {
    "while True: pass": "no answer within 1 s",
    "x = []\n    while True: x.append(bytearray(10 << 20))": "more than 300 MB",
    "import os; os._exit(3)": "left with exit code 3",
}


@pytest.mark.parametrize(("does", "says"), TROUBLE.items())
def test_what_cannot_be_converted_within_the_limits_fails_alone(
    does: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "converting.py"
    file.write_text(f"def extract(html, url):\n    if html != 'bad':\n        return 'fine'\n    {does}\n")
    monkeypatch.setattr(converting, "__file__", str(file))
    with closing(Converter(LIMITS)) as converter:
        found = [
            with_text(Extraction(Status.OK, answer=answer), "html", converter.to_text)
            for answer in ("good", "bad", "good")
        ]
    assert [each.status for each in found] == [Status.OK, Status.ERROR, Status.OK]
    assert says in (found[1].error or "")
    assert (found[1].answer, found[2].text) == ("bad", "fine")


@pytest.mark.parametrize("form", ["text", "html", "markdown", "markdown-no-html"])
@pytest.mark.parametrize(
    "returned", ["", " ", "<p>one<p>two", "# one\n\n- two &amp; <b>three</b>", "\0\ud800 é \U0001f468"]
)
def test_a_text_is_the_same_wherever_it_is_made(form: str, returned: str) -> None:
    with closing(Converter(LIMITS)) as converter:
        assert converter.to_text(returned, form) == convert.to_text(returned, form)


def test_what_is_nested_too_deeply_says_so() -> None:
    with (
        closing(Converter(LIMITS)) as converter,
        pytest.raises(NotConvertedError, match=r"^ValueError: elements are nested"),
    ):
        converter.to_text("<div>" * 5_000, "html")
