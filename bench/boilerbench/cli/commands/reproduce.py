"""`boilerbench reproduce`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from boilerbench.cli import options
from boilerbench.cli.terminal import show
from boilerbench.errors import GateFailedError, UsageError
from boilerbench.labels import load_policy
from boilerbench.model import GoldSet
from boilerbench.storage.run_folder import RunFolder

if TYPE_CHECKING:
    import pandas as pd

    from boilerbench.comparison.reproduce import Reproduction


@click.command(epilog="Example: boilerbench reproduce zyte --data datasets")
@click.argument("name", type=click.Choice(["zyte", "wceb", "wcxb", "trafilatura"]))
@click.option(
    "--data", type=options.path, envvar="BOILERBENCH_DATA", metavar="DIR", help="Parent of the sets' folders."
)
@options.jobs
@options.confined
def command(name: str, data: Path | None, jobs: int) -> None:
    """Compute published figures again: published beside ours, per system, difference, verdict.

    DIR holds the projects' own layouts as zyte-aeb, wceb, wcxb, trafilatura-eval (default: $BOILERBENCH_DATA).
    Exit code 1 where predictions are published and a figure still differs.
    """
    if data is None:
        raise UsageError("name the folder that holds the sets by --data")
    from boilerbench.comparison.reproduce import reproduce

    found = reproduce(name, data, partial(_run, jobs))
    show(_table(found))
    if found.failed:
        raise GateFailedError(f"{name}: not every figure comes out")


def _run(jobs: int, goldset: GoldSet, labels: Sequence[str], metric: str) -> pd.DataFrame:
    from boilerbench import metrics, pipeline
    from boilerbench.cli.progress import Progress
    from boilerbench.extraction import record
    from boilerbench.extraction.pool import Options
    from boilerbench.runners import registry

    metrics.require_measurable(metric, [goldset], load_policy("default"))
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place))
        with Progress() as progress:
            record.extract(folder, registry.find_all(labels), [goldset], Options(jobs), progress)
        record.require_measured(folder)
        return pipeline.rescore(folder, [metric], load_policy("default"), [goldset]).only([metric]).table


def _table(found: Reproduction) -> str:
    width = max(len(row.system) for row in found.rows)
    wide = max(len(row.figure) for row in found.rows)
    lines = [found.source, "", f"{'system':{width}}  {'figure':{wide}}  published    ours  difference  verdict"]
    for row in found.rows:
        ours, difference = ("-", "-") if row.ours is None else (f"{row.ours:.4f}", f"{row.difference:+.4f}")
        values = f"{row.published:9.4f}  {ours:>6}  {difference:>10}"
        lines.append(f"{row.system:{width}}  {row.figure:{wide}}  {values}  {row.verdict}")
    return "\n".join(lines)
