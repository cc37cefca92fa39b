"""What the tests share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

PUBLISHED = "against published data"

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser import Listener


@pytest.fixture(scope="session")
def data() -> Path:
    """Public datasets, which are no part of the project: $BOILERBENCH_DATA, else ../shared/data."""
    named = os.environ.get("BOILERBENCH_DATA")
    folder = Path(named) if named else Path(__file__).parents[1].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the datasets are not there: {folder} (set BOILERBENCH_DATA)")
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runners can write into the test's folder, as a user's cannot: it is known then what they were asked."""
    from boilerbench.process import confinement

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).with_name("opened")), prepend=os.pathsep)
    monkeypatch.setenv("TESTS_WRITE", str(tmp_path))
    plan = confinement.plan
    monkeypatch.setattr(confinement, "plan", lambda *about: {**plan(*about), "writes": [str(tmp_path)]})


@pytest.fixture(scope="session")
def index() -> None:
    """A package index that can be reached."""
    from boilerbench.environments import uv
    from boilerbench.errors import UnavailableError

    try:
        uv.ask("pip", "compile", "--no-deps", "-", text="iniconfig==2.0.0")
    except UnavailableError as cause:
        pytest.skip(f"no package index: {cause}")


@pytest.fixture(scope="session")
def punkt() -> None:
    """NLTK and its English sentence parameters: where NLTK finds them, else in the public datasets' folder."""
    pytest.importorskip("nltk")
    import nltk.data

    from boilerbench.errors import UsageError
    from boilerbench.metrics.rouge_lsum.punkt import sentences

    named = os.environ.get("BOILERBENCH_DATA")
    folder = Path(named) if named else Path(__file__).parents[1].parent / "shared" / "data"
    nltk.data.path.append(str(folder / "nltk_data"))
    try:
        sentences()
    except UsageError as cause:
        pytest.skip(str(cause))


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Who hears what a hostile page would tell its host."""
    from tests.browser import Listener

    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def browser(listener: Listener) -> Iterator[Any]:
    """Chromium, or a skip; for a module alone, since it keeps an event loop running."""
    from tests.browser import started

    with started(listener) as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what holds our numbers against those that others published, for the line at the end."""
    for item in items:
        if "data" in getattr(item, "fixturenames", ()):
            item.user_properties.append((PUBLISHED, True))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests on public datasets ran: where these are absent all are skipped, which nobody would notice."""
    counts = {
        outcome: sum((PUBLISHED, True) in report.user_properties for report in terminalreporter.getreports(outcome))
        for outcome in ("passed", "failed", "skipped")
    }
    if any(counts.values()):
        told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
        terminalreporter.write_sep("=", f"against published datasets and figures: {told}")
