"""A pytest plugin: `pytest --boilerbench` lets the tests of an extractor state floors for its scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest

from boilerbench.model import Extraction, Format, Metadata, Page, Status

if TYPE_CHECKING:
    from boilerbench.pipeline.in_memory import Evaluation

OPTION = "--boilerbench"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --boilerbench."""
    parser.addoption(OPTION, action="store_true", help="run the tests that measure an extractor over a gold set")


@pytest.fixture
def boilerbench(request: pytest.FixtureRequest) -> Callable[..., Evaluation]:
    """Measure a callable: `boilerbench(extract, set="goldset")`. Its tests are skipped without --boilerbench."""
    if not request.config.getoption(OPTION):
        pytest.skip(f"needs {OPTION}")
    return measure


def measure(  # noqa: PLR0913  # what a score depends on
    extract: Callable[..., str | Mapping[str, object] | None],
    set: str = "goldset",  # noqa: A002  # the word of the command line
    *,
    input: str = "text",  # noqa: A002  # the word of a runner's INPUT
    format: str = "text",  # noqa: A002  # the word of a runner's FORMAT
    metric: str = "words",
    policy: str = "default",
    limit: int | None = None,
) -> Evaluation:
    """Score `extract(html, url=…)` over a set, in this process: it has no limits, and sees the network.

    `input` is what it is given (text or bytes), `format` what it returns (text, html or markdown). What it raises is a
    failure, which scores 0; `errors` says which, by page.
    """
    from boilerbench import metrics, sets
    from boilerbench.errors import UsageError
    from boilerbench.labels import load_policy
    from boilerbench.pipeline import in_memory
    from boilerbench.runners.declaration import Input

    if input not in get_args(Input) or format not in get_args(Format):
        known = f"input is {' or '.join(get_args(Input))}, format is one of {', '.join(get_args(Format))}"
        raise UsageError(f"{known}; not {input} and {format}")
    if limit is not None and limit < 1:
        raise UsageError(f"limit is a number of pages, 1 or more; not {limit}")
    whole = sets.load(set)
    goldset = replace(whole, entries=whole.entries[:limit])
    metrics.require_measurable(metric, [goldset], load_policy(policy))
    found = {page.id: _extraction(extract, page, input, format) for page in goldset.pages}
    return in_memory.evaluate(goldset, found, metric, load_policy(policy))


def _extraction(extract: Callable[..., object], page: Page, given: str, form: str) -> Extraction:
    from boilerbench.extraction.pages import html_for, with_text
    from boilerbench.process import protocol

    html = html_for(given, page)
    try:
        answer, about = protocol.parted(extract(html, url=page.url))
    except Exception as cause:  # noqa: BLE001  # whatever it raises is its failure, which is data
        return Extraction(Status.ERROR, error=f"{type(cause).__name__}: {cause}")
    return with_text(Extraction(Status.OK, answer=answer, metadata=Metadata.of(about)), form)
