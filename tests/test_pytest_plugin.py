from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from boilerbench.errors import UsageError
from boilerbench.pytest_plugin import measure
from tests.command import make_set

if TYPE_CHECKING:
    from pathlib import Path


def body(html: str, url: str | None = None) -> str:  # noqa: ARG001  # what a runner is given
    return html.split("<p>")[1].split("</p>", maxsplit=1)[0]


def test_a_callable_is_scored_over_a_set(tmp_path: Path) -> None:
    result = measure(body, make_set(tmp_path / "set"))
    assert (result.f1, result.precision, result.recall) == (1, 1, 1)
    assert (result.failed, result.empty, result.errors) == (0, 0, {})
    assert result.pages["f1"].to_dict() == {f"p{number}": 1 for number in range(5)}


def test_what_it_raises_is_a_failure_that_scores_zero(tmp_path: Path) -> None:
    def extract(html: str, url: str | None) -> str | None:
        if "body 3" in html:
            raise ValueError("three")
        return None if "body 4" in html else body(html, url)

    result = measure(extract, make_set(tmp_path / "set"))
    assert (result.failed, result.empty) == (1, 1)
    assert result.errors == {"p3": "ValueError: three"}
    assert result.f1 == pytest.approx(3 / 5)


def test_bytes_go_in_and_html_or_markdown_come_out(tmp_path: Path) -> None:
    spec = make_set(tmp_path / "set")
    assert measure(lambda html, url: html.decode(), spec, input="bytes", format="html").f1 == 1  # noqa: ARG005
    assert measure(lambda html, url: f"**{body(html)}**", spec, format="markdown").f1 == 1  # noqa: ARG005
    with pytest.raises(UsageError, match="not text and xml"):
        measure(body, spec, format="xml")


def test_an_answer_that_is_no_text_is_a_failure(tmp_path: Path) -> None:
    result = measure(lambda html, url: html.encode(), make_set(tmp_path / "set"), limit=1)  # noqa: ARG005
    assert (result.failed, result.errors) == (1, {"p0": "TypeError: extract() returned bytes, not str or None"})


def test_what_it_says_of_a_page_is_scored_by_metrics_of_that(tmp_path: Path) -> None:
    rows = [{"id": name, "html": f"<p>{name}</p>", "text": name, "title": name.upper()} for name in ("one", "two")]
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def extract(html: str, url: str | None) -> dict[str, object] | None:
        return {"text": body(html, url), "title": "ONE | Site"} if "one" in html else None

    title, words = (measure(extract, f"jsonl:{tmp_path}/pages.jsonl", metric=name) for name in ("title", "words"))
    assert (title.f1, title.precision, words.f1) == (0.5, 1, 0.5)
    with pytest.raises(UsageError, match="metric 'author' can measure no page of pages: none has gold metadata"):
        measure(extract, f"jsonl:{tmp_path}/pages.jsonl", metric="author")


def test_a_limit_below_one_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1 or more; not 0"):
        measure(body, make_set(tmp_path / "set"), limit=0)


def test_a_metric_a_policy_and_a_limit_can_be_named(tmp_path: Path) -> None:
    result = measure(body, make_set(tmp_path / "set"), metric="zyte", policy="strict", limit=2)
    assert len(result.pages) == 2
    assert set(result.pages["metric"]) == {"zyte"}
    assert set(result.pages["policy"]) == {"strict"}


SUITE = """
def extract(html, url=None):
    return html.split("<p>")[1].split("</p>")[0]

def test_scores_stay_where_they_are(boilerbench):
    result = boilerbench(extract, set="zyte:set")
    assert result.f1 > {floor}, result.pages
    assert result.failed == 0

def test_another():
    pass
"""


@pytest.mark.parametrize(
    ("floor", "options", "says"),
    [
        (0.9, [], "1 passed, 1 skipped"),
        (0.9, ["--boilerbench"], "2 passed"),
        (1.0, ["--boilerbench"], "1 failed, 1 passed"),
    ],
)
def test_a_suite_of_an_extractor_states_its_floor(floor: float, options: list[str], says: str, tmp_path: Path) -> None:
    make_set(tmp_path / "set")
    (tmp_path / "test_it.py").write_text(SUITE.replace("{floor}", str(floor)))
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *options]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("COVERAGE", "PYTEST"))}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert says in done.stdout, done.stdout + done.stderr


def test_the_plugin_costs_a_suite_that_does_not_use_it_nothing() -> None:
    heavy = {"pandas", "numpy", "click", "boilerbench.sets"}
    code = f"import sys, boilerbench.pytest_plugin; print(sorted({heavy} & set(sys.modules)))"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"
