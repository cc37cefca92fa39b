"""The options that commands share."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from boilerbench import plugins
from boilerbench.cli.terminal import say, show
from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.labels import Policy
from boilerbench.model import GoldSet
from boilerbench.ranking.slices import SLICES
from boilerbench.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from boilerbench.pipeline import Board


LABEL = "label"
"""The slice that is a table of its own: what came and what leaked, by label."""
FORMATS = ("text", "markdown", "csv", "json")
TABLE_FORMATS = (*FORMATS, "latex", "html", "junit")
"""What a leaderboard can be written as; tables by label or policy as the first four alone."""


def _finite(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of seconds")
    return value


def _policy(_context: click.Context, _parameter: click.Parameter, value: str) -> Policy:
    from boilerbench.labels import load_policy

    return load_policy(value)


_CORES = os.cpu_count() or 1
jobs = click.option("--jobs", type=click.IntRange(1), default=_CORES, help="Default: the cores.")
env = click.option("--env", "mode", type=click.Choice(["locked", "host"]), default="locked", show_default=True)
_SECONDS = click.FloatRange(0, min_open=True)
timeout = click.option("--timeout", type=_SECONDS, callback=_finite, default=30.0, show_default=True, help="Seconds.")
metric = click.option("--metric", default="words", show_default=True, metavar="NAME", help="A name in docs/scores.md.")
_POLICY = "Policy: a name, or a TOML file."
policy = click.option("--policy", callback=_policy, default="default", show_default=True, help=_POLICY)
_OUT = "Run folder to write; by default a new one below runs/."
out = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=_OUT)


def table(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --metric, --policy, --by and --format."""
    for option in (
        click.option("--format", "form", type=click.Choice(TABLE_FORMATS), default="text", show_default=True),
        click.option("--by", metavar="SLICE", help=f"One ranking per {', '.join(SLICES)}; or label."),
        policy,
        click.option(
            "--metric", "metrics", multiple=True, metavar="NAME", help="words (default), or a name in docs/scores.md."
        ),
    ):
        function = option(function)
    return function


def run_folder(out: Path | None) -> RunFolder:
    """The run folder to write into: the one that was named, or a new one below runs/."""
    from boilerbench.storage.run_folder import RunFolder

    if out is None:
        return _new_run_folder()
    return RunFolder.create(out)


def _new_run_folder() -> RunFolder:
    """A new folder below runs/, which git leaves alone: in a working tree, an answer is no edit of it."""
    from boilerbench.storage.run_folder import RunFolder

    runs, name = Path("runs"), datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%f")
    folder = RunFolder.create(runs / name)
    with suppress(FileExistsError), (runs / ".gitignore").open("x", encoding="utf-8") as stream:
        stream.write("*\n")
    return folder


def check_names(metrics: Sequence[str], by: str | None = None, form: str = "text") -> None:
    """Refuse before anything is computed what does not exist, and what cannot be written in that format."""
    for group in (plugins.METRICS, plugins.FORMATS):
        for line in plugins.broken(group):
            say(line)
    if metrics:  # they load numpy
        from boilerbench import metrics as known

        for name in metrics:
            known.get(name).require()
    if by is not None and by not in (known_slices := [*SLICES, LABEL]):
        raise UnknownNameError("slice", by, known_slices)
    if by == LABEL and form not in FORMATS:
        raise UnknownNameError("format of a table by label", form, FORMATS)


def check_sets(goldsets: Sequence[GoldSet], metrics: Sequence[str], policy: Policy, by: str | None) -> None:
    """Refuse before anything is extracted a table that gold of these sets cannot give."""
    from boilerbench import sets

    scored = [each for each in goldsets if sets.has_gold(each)]
    if by == LABEL and scored:
        from boilerbench.ranking.diagnosis import has_labels

        if not any(map(has_labels, scored)):
            raise UsageError("there is no table by label: gold of these sets is one body per page")
    if metrics and scored:
        from boilerbench import metrics as known

        for name in metrics:
            known.require_measurable(name, scored, policy)


def print_table(
    folder: RunFolder, metrics: Sequence[str], policy: Policy, by: str | None, form: str, whole: Board | None = None
) -> None:
    """Print a run's leaderboard on stdout; `whole` is the one without slices, where it is known already."""
    from boilerbench.pipeline import board
    from boilerbench.rendering import render

    if by == LABEL:
        print_labels(folder, policy, form)
        return
    names = list(metrics) or ["words"]
    found = whole.only(names) if whole and by is None else board(folder, names, policy, by)
    show(render(form, found.table, found.signatures))


def print_labels(folder: RunFolder, policy: Policy, form: str, plot: Path | None = None) -> None:
    """Print a run's table by label on stdout, and draw it into a file where one is named."""
    from boilerbench.ranking.label_board import board
    from boilerbench.rendering import pictures, render

    if plot is not None:
        pictures.require(plot)
    table, signatures = board(folder, policy)
    if plot is not None:
        pictures.write(plot, pictures.heatmap, table, signatures)
    show(render(form, table, signatures, "label"))


def print_policies(folder: RunFolder, metrics: Sequence[str], policy: Policy, form: str) -> None:
    """Print a run's ranks under every policy on stdout."""
    from boilerbench.pipeline import policy_board
    from boilerbench.rendering import render

    found = policy_board(folder, list(metrics) or ["words"], policy)
    show(render(form, found.table, found.signatures, "policy"))
