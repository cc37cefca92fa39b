"""What can never be printed is refused before the first page is extracted, and gold that is not there ranks nobody."""

import json
from pathlib import Path

import pytest

from tests.command import boilerbench, logging_runner, make_runner, rows

PLAIN = [{"id": "a", "url": "https://a.example/", "html": "<p>Alpha beta</p>", "text": "Alpha beta"}]
LABELLED = [{"id": "a", "html": "<p>Alpha</p>", "segments": [{"label": "paragraph", "text": "Alpha"}]}]
SNIPPETS = [{"id": "a", "html": "<p>Alpha</p>", "with": ["Alpha"]}]
OF_SNIPPETS = ("snippets", "snippets-accuracy", "wcxb-with", "wcxb-without")
NONE = [{"id": "a", "url": "https://a.example/", "html": "<p>Alpha</p>", "with": []}]


def make(file: Path, entries: list[dict[str, object]]) -> str:
    file.write_text("\n".join(map(json.dumps, entries)))
    return f"jsonl:{file}"


@pytest.mark.parametrize(
    ("entries", "asked", "says"),
    [
        (LABELLED, "--by label --format latex", "unknown format of a table by label 'latex'"),
        (LABELLED, "--by label --format html", "unknown format of a table by label 'html'"),
        (LABELLED, "--by label --format junit", "unknown format of a table by label 'junit'"),
        (PLAIN, "--by label", "there is no table by label: gold of these sets is one body per page"),
        (SNIPPETS, "--metric zyte", "metric 'zyte' can measure no page of x"),
        *((PLAIN, f"--metric {name}", f"metric '{name}' can measure no page of x") for name in OF_SNIPPETS),
    ],
)
def test_a_table_that_cannot_be_is_refused_before_the_run(
    entries: list[dict[str, object]], asked: str, says: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    runner = logging_runner(tmp_path, "logging", log)
    spec = make(tmp_path / "x.jsonl", entries)
    done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "run", *asked.split())
    assert done.returncode == 2
    assert done.stderr.startswith(f"boilerbench: {says}")
    assert len(done.stderr.splitlines()) == 1
    assert not log.exists()
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("form", ["latex", "html", "junit"])
def test_a_table_by_policy_or_label_has_four_formats(form: str, tmp_path: Path) -> None:
    for asked in (("--policies",), ("--by", "label")):
        done = boilerbench("table", tmp_path / "none", *asked, "--format", form)
        assert (done.returncode, "known: text, markdown, csv, json" in done.stderr) == (2, True)


def test_a_set_without_gold_is_ranked_under_no_policy(tmp_path: Path) -> None:
    runners = [make_runner(tmp_path, name, f"    return '{name}'") for name in ("alpha", "gamma")]
    sets = [make(tmp_path / "nogold.jsonl", NONE), make(tmp_path / "gold.jsonl", PLAIN)]
    given = [*(("--runner", each) for each in runners), *(("--set", each) for each in sets)]
    done = boilerbench("run", *(part for pair in given for part in pair), "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    for more in ((), ("--metric", "shingles")):
        table = boilerbench("table", tmp_path / "run", "--policies", *more, "--format", "csv")
        assert {row["set"] for row in rows(table.stdout)} == {"gold"}
        assert "set:nogold" not in table.stdout
    refused = boilerbench("table", tmp_path / "run", "--policies", "--metric", "snippets")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "can measure no page of gold: none has snippets of its kind" in refused.stderr


@pytest.mark.parametrize("metric", OF_SNIPPETS)
def test_a_set_without_snippets_has_no_figures_by_metrics_of_snippets(metric: str, tmp_path: Path) -> None:
    runners = [make_runner(tmp_path, name, f"    return '{name}'") for name in ("alpha", "gamma")]
    sets = [
        make(tmp_path / "plain.jsonl", PLAIN),
        make(tmp_path / "some.jsonl", [{**SNIPPETS[0], "without": ["Menu"]}]),
    ]
    given = [part for each in runners for part in ("--runner", each)]
    both = [part for each in sets for part in ("--set", each)]
    asked = ("--metric", metric, "--format", "csv")
    done = boilerbench("run", *given, *both, "--out", tmp_path / "run", *asked)
    assert done.returncode == 0, done.stderr
    assert {row["set"] for row in rows(done.stdout)} == {"some"}
    for command in (("run", *given), ("compare", *runners)):
        refused = boilerbench(*command, "--set", sets[0], "--out", tmp_path / "other", "--metric", metric)
        assert (refused.returncode, "can measure no page of plain" in refused.stderr) == (2, True)


def test_figures_by_snippets_need_snippets_of_the_kind_and_leave_pages_without_any_out(tmp_path: Path) -> None:
    spec = make(tmp_path / "some.jsonl", [*SNIPPETS, *({**PLAIN[0], "id": each} for each in "bcd")])
    run = ("run", "--runner", make_runner(tmp_path, "gamma", "    return 'gamma'"), "--set", spec)
    done = boilerbench(*run, "--out", tmp_path / "run", "--metric", "snippets", "--format", "csv")
    (row,) = rows(done.stdout)
    assert (row["pages"], row["f1"], row["exact"]) == ("1", "0.000000", "0.000000")
    refused = boilerbench(*run, "--out", tmp_path / "other", "--metric", "wcxb-without")
    assert (refused.returncode, "can measure no page of some" in refused.stderr) == (2, True)
