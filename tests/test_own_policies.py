from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import benchmark, gather, own_policies
from bench.errors import BadRunFolderError
from bench.labels import Role, load_policy
from bench.model import Gold, GoldSet, Page, Segment
from bench.report import site
from bench.store import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

GOLD = Gold((Segment("title", "Ferry closes"), Segment("paragraph", "The last boat leaves the pier")))
SET = GoldSet("one", "one", ((Page("p", b"<p>".strip, "https://a.example", "utf-8", "en", "news"), GOLD),))


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run whose one answer lacks the title."""
    folder = RunFolder.create(tmp_path / "run")
    gather.adopt(folder, SET, "outputs", {"body": {"p": "The last boat leaves the pier"}})
    benchmark.rescore(folder, [], "default", [SET])
    return folder


def recall(folder: RunFolder, policy: str, metric: str = "words") -> list[float]:
    scores = folder.table("scores")
    return scores["recall"][(scores["policy"] == policy) & (scores["metric"] == metric)].round(3).tolist()


def own(folder: RunFolder, roles: str) -> str:
    file = folder.path.parent / "own.toml"
    file.write_text(f'name = "mine"\n[roles]\n{roles}\n')
    return str(file)


def test_a_run_keeps_what_a_policy_of_the_users_own_says(run: RunFolder) -> None:
    benchmark.rescore(run, [], own(run, 'title = "body"'), [SET])
    (run.path.parent / "own.toml").unlink()
    assert recall(run, "default") == [1.0]
    assert recall(run, "mine") == [0.75]
    assert own_policies.load(run, "mine").role("title") is Role.BODY
    assert own_policies.load(run, "mine").role("date") is load_policy("default").role("date")
    assert site.build(run, [SET], run.path.parent / "site") == 1


def test_scores_under_another_policy_of_the_same_name_do_not_stay(run: RunFolder) -> None:
    benchmark.rescore(run, ["zyte"], own(run, 'title = "body"'), [SET])
    benchmark.rescore(run, [], own(run, 'title = "body"'), [SET])
    assert len(recall(run, "mine", "zyte")) == 1
    benchmark.rescore(run, [], own(run, 'title = "clutter"'), [SET])
    assert recall(run, "mine") == [1.0]
    assert recall(run, "mine", "zyte") == []
    assert recall(run, "default") == [1.0]
    assert own_policies.load(run, "mine").role("title") is Role.CLUTTER


def test_scores_whose_policy_nobody_knows_are_no_site(run: RunFolder) -> None:
    benchmark.rescore(run, [], own(run, 'title = "body"'), [SET])
    (run.path / "policies.parquet").unlink()
    with pytest.raises(
        BadRunFolderError, match=r"does not say what policy 'mine' is; score it again: .* --policy FILE"
    ):
        site.build(run, [SET], run.path.parent / "site")
    assert not (run.path.parent / "site").exists()


def test_another_run_in_the_folder_knows_no_policy_of_the_one_before(run: RunFolder) -> None:
    benchmark.rescore(run, [], own(run, 'title = "body"'), [SET])
    gather.adopt(run, SET, "outputs", {"body": {"p": "The last boat"}})
    assert not run.has("policies")
