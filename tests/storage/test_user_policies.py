from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boilerbench import pipeline
from boilerbench.comparison.sides import Place
from boilerbench.errors import BadRunFolderError, UsageError
from boilerbench.extraction import record
from boilerbench.extraction.predictions import Predicted
from boilerbench.labels import Role, load_policy
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.rendering import site
from boilerbench.sets.outputs import Prediction
from boilerbench.storage import user_policies
from boilerbench.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

GOLD = Gold((Segment("title", "Ferry closes"), Segment("paragraph", "The last boat leaves the pier")))
SET = GoldSet("one", "one", ((Page("p", b"<p>".strip, "https://a.example", "utf-8", "en", "news"), GOLD),))


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run whose one answer lacks the title."""
    folder = RunFolder.create(tmp_path / "run")
    record.adopt(folder, "outputs", [Predicted(SET, {"body": {"p": Prediction("The last boat leaves the pier")}})])
    pipeline.rescore(folder, [], load_policy("default"), [SET])
    return folder


def recall(folder: RunFolder, policy: str, metric: str = "words") -> list[float]:
    scores = folder.table("scores")
    return scores["recall"][(scores["policy"] == policy) & (scores["metric"] == metric)].round(3).tolist()


def own(folder: RunFolder, roles: str) -> tuple[str, str]:
    """A policy's file, and the name that its scores have."""
    file = folder.path.parent / "own.toml"
    file.write_text(f'name = "mine"\n[roles]\n{roles}\n')
    return str(file), load_policy(str(file)).name


def test_a_run_keeps_what_a_policy_of_the_users_own_says(run: RunFolder) -> None:
    file, mine = own(run, 'title = "body"')
    pipeline.rescore(run, [], load_policy(file), [SET])
    (run.path.parent / "own.toml").unlink()
    assert recall(run, "default") == [1.0]
    assert recall(run, mine) == [0.75]
    assert user_policies.load(run, mine).role("title") is Role.BODY
    assert user_policies.load(run, mine).role("date") is load_policy("default").role("date")
    assert site.build(run, [SET], run.path.parent / "site") == 1


def test_scores_under_two_policies_of_one_name_stand_side_by_side(run: RunFolder) -> None:
    file, first = own(run, 'title = "body"')
    pipeline.rescore(run, ["zyte"], load_policy(file), [SET])
    pipeline.rescore(run, [], load_policy(file), [SET])
    assert len(recall(run, first, "zyte")) == 1
    file, second = own(run, 'title = "clutter"')
    board = pipeline.rescore(run, [], load_policy(file), [SET])
    assert f"|policy:{second}|" in board.signatures[0]
    assert (recall(run, first), recall(run, second), recall(run, "default")) == ([0.75], [1.0], [1.0])
    assert recall(run, second, "zyte") == []
    assert user_policies.load(run, first).role("title") is Role.BODY
    assert user_policies.load(run, second).role("title") is Role.CLUTTER


def test_scores_whose_policy_nobody_knows_are_no_site(run: RunFolder) -> None:
    pipeline.rescore(run, [], load_policy(own(run, 'title = "body"')[0]), [SET])
    (run.path / "policies.parquet").unlink()
    with pytest.raises(
        BadRunFolderError, match=r"does not say what policy 'mine@\w+' is; score it again: .* --policy FILE"
    ):
        site.build(run, [SET], run.path.parent / "site")
    assert not (run.path.parent / "site").exists()


def test_another_run_in_the_folder_knows_no_policy_of_the_one_before(run: RunFolder) -> None:
    pipeline.rescore(run, [], load_policy(own(run, 'title = "body"')[0]), [SET])
    record.adopt(run, "outputs", [Predicted(SET, {"body": {"p": Prediction("The last boat")}})])
    assert not run.has("policies")


def test_a_comparison_under_a_policy_that_was_not_scored_says_how_to_score_by_it(run: RunFolder) -> None:
    file, mine = own(run, 'title = "body"')
    with pytest.raises(UsageError, match=f"make them: boilerbench score {run.path} --metric words --policy {file}$"):
        Place(run.path).side("body", "words", load_policy(file))
    pipeline.rescore(run, [], load_policy(file), [SET])
    assert Place(run.path).side("body", "words", load_policy(file)).signatures["one"].policy == mine
