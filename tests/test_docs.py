"""What the guides promise works as it is written there."""

import re
import shlex
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import boilerbench
from boilerbench.metrics import get
from boilerbench.model import GoldSet, Segment
from boilerbench.ranking import diagnosis
from boilerbench.scoring import score
from boilerbench.sets.outputs import LAYOUTS
from boilerbench.storage import user_policies
from boilerbench.storage.manifest import LimitsEntry, Manifest, OptionsEntry, RunnerEntry, SetEntry
from boilerbench.storage.run_folder.columns import EXTRACTION, PAGE
from boilerbench.stress import curves, worst
from tests import notebook
from tests.command import boilerbench as boilerbench_command
from tests.command import rows

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def blocks(name: str, language: str = "python") -> list[str]:
    text = (DOCS / name).read_text("utf-8")
    return [textwrap.dedent(found) for found in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)]


def chapters(name: str) -> list[str]:
    """The code of each chapter of a guide, which runs from its first block to its last."""
    texts = (DOCS / name).read_text("utf-8").split("\n## ")
    return ["\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)) for text in texts]


@pytest.mark.parametrize("code", chapters("python.md"))
def test_the_lines_of_python_run_as_written(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(code, "python.md", "exec"), {})  # noqa: S102  # our own guide


def test_the_notebook_is_the_chapter_of_the_guide_and_its_answers_are_those_of_today() -> None:
    assert notebook.FILE.read_text("utf-8") == notebook.written(), "python -m tests.notebook"


def test_the_readme_shows_the_three_lines() -> None:
    for line in blocks("python.md")[0].splitlines()[2:]:
        assert line.partition("  #")[0].partition("(")[0] in (ROOT / "README.md").read_text("utf-8")


def test_the_metric_of_the_guide_counts_numbers() -> None:
    (code,) = blocks("adding-a-metric.md")
    assert len(code.splitlines()) <= 10
    made: dict[str, type] = {}
    exec(compile(code, "adding-a-metric.md", "exec"), made)  # noqa: S102  # our own guide
    from boilerbench.scoring.score import score_texts

    found = score_texts("5 of 12 on 2026-11-29", "12 and 5, 7", made["Numbers"]())
    assert (found.tp, found.fp, found.fn) == (2, 1, 3)
    assert get("words").name == "words"
    assert boilerbench.__all__ == ["evaluate", "load", "score"]


def test_the_format_of_the_guide_reads_a_folder(tmp_path: Path) -> None:
    (code,) = blocks("adding-a-format.md")
    made: dict[str, Callable[[Path], GoldSet]] = {}
    exec(compile(code, "adding-a-format.md", "exec"), made)  # noqa: S102  # our own guide
    (tmp_path / "a.html").write_text("<p>Alpha</p>")
    (tmp_path / "a.md").write_text("https://a.example/\n\nAlpha\n")
    ((page, gold),) = made["read"](tmp_path).entries
    assert (page.id, page.site, page.read(), gold.segments) == (
        "a",
        "a.example",
        b"<p>Alpha</p>",
        (Segment("body", "Alpha"),),
    )
    body = code.partition("def read")[2].splitlines()
    assert len([line for line in body if line.strip()]) <= 10


def test_the_hosted_extractor_of_the_guide_is_python() -> None:
    compile(blocks("adding-a-runner.md")[-1], "adding-a-runner.md", "exec")


def test_the_guide_to_files_names_every_column_and_key() -> None:
    text = (DOCS / "files.md").read_text("utf-8")
    extractions = [*("set", "runner", "page"), *EXTRACTION]
    of_runs = (PAGE, extractions, score.COLUMNS, diagnosis.COLUMNS, user_policies.COLUMNS)
    told = {" ".join(columns) for columns in (*of_runs, curves.COLUMNS, worst.COLUMNS, diagnosis.TABLE_COLUMNS)}
    told |= {" ".join(each.__struct_fields__) for each in (Manifest, SetEntry, RunnerEntry, OptionsEntry, LimitsEntry)}
    assert not [columns for columns in told if f"| `{columns}` |" not in text]


def test_the_examples_of_predictions_run_as_written_and_are_all_right(tmp_path: Path) -> None:
    text = (DOCS / "predictions.md").read_text("utf-8")
    for kind, name, content in re.findall(r"```(\w+) ?(\S*)\n(.*?)```", text, re.DOTALL):
        if name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
            continue
        assert kind == "sh"
        program, *arguments = shlex.split(content)
        assert program == "boilerbench"
        done = boilerbench_command(*arguments, "--out", tmp_path / "run", "--format", "csv", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        found = rows(done.stdout)
        assert found
        assert {(row["f1"], row["failed"]) for row in found} == {("1.000000", "0")}, content
        assert "markup-as-text" not in done.stdout
    assert set(LAYOUTS) - {"parquet"} == set(re.findall(r"--outputs (?:\w+=)?(\w+):[a-z]", text))
