"""The options that commands share."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from boilerbench import plugins
from boilerbench.cli import terminal
from boilerbench.cli.terminal import say, show
from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.labels import Policy, load_policy
from boilerbench.model import GoldSet
from boilerbench.places import place, require_local
from boilerbench.ranking.terms import SLICES
from boilerbench.rendering import FORMATS, TABLE_FORMATS, render
from boilerbench.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from boilerbench.pipeline import Board

LABEL = "label"
"""The slice that is a table of its own: what came and what leaked, by label."""


def _finite(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of seconds")
    return value


def _metrics(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    """Refuse metrics that do not exist, and tell of distributions that offer metrics or formats which cannot load."""
    for line in (*plugins.broken(plugins.METRICS), *plugins.broken(plugins.FORMATS)):
        say(line)
    for name in [value] if isinstance(value, str) else value:
        from boilerbench import metrics  # they load numpy

        metrics.get(name).require()
    return value


def _policy(_context: click.Context, _parameter: click.Parameter, value: str) -> Policy:
    return load_policy(value)


class LocalPath(click.Path):
    """A path of this machine, refused where it is a URL: as a path that would be a folder `s3:`."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """Refuse a URL."""
        require_local(value, parameter.human_readable_name if parameter else "a path")
        return super().convert(value, parameter, context)


class RunPath(click.Path):
    """The path of a run folder, which may be a URL."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """Make what behaves as a path of it."""
        return place(value) if isinstance(value, str) else super().convert(value, parameter, context)


path, run_path = LocalPath(path_type=Path), RunPath(path_type=Path)
jobs = click.option("--jobs", type=click.IntRange(1, 1024), default=os.cpu_count() or 1, help="Default: the cores.")
limit = click.option("--limit", type=click.IntRange(1), help="Only the first N pages of each set.")
table_form = click.option("--format", "form", type=click.Choice(TABLE_FORMATS), default="text", show_default=True)
env = click.option("--env", "mode", type=click.Choice(["locked", "host"]), default="locked", show_default=True)
_SECONDS = click.FloatRange(0, 1_000_000, min_open=True)
timeout = click.option("--timeout", type=_SECONDS, callback=_finite, default=30.0, show_default=True, help="Seconds.")
_MEMORY = "MB a child may use."
memory = click.option("--memory", type=click.IntRange(1, 1 << 24), default=2048, show_default=True, help=_MEMORY)
_ISOLATE = "A process of its own for each page."
isolate = click.option("--isolate", is_flag=True, help=_ISOLATE)
_METRIC = "A name in docs/scores.md."
metric = click.option("--metric", callback=_metrics, default="words", show_default=True, metavar="NAME", help=_METRIC)
_SEVERAL = "words (default), or a name in docs/scores.md."
several_metrics = click.option("--metric", "metrics", callback=_metrics, multiple=True, metavar="NAME", help=_SEVERAL)
_POLICY = "Policy: a name, or a TOML file."
policy = click.option("--policy", callback=_policy, default="default", show_default=True, help=_POLICY)


def _wide(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    terminal.ask(wide=value)


def _quiet(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    terminal.ask(quiet=value)


_WIDE, _QUIET = "Leave out no column, however wide the terminal.", "No progress, and no notes."
wide = click.option("--wide", is_flag=True, expose_value=False, callback=_wide, help=_WIDE)
quiet = click.option("--quiet", is_flag=True, expose_value=False, is_eager=True, callback=_quiet, help=_QUIET)
fresh = click.option("--fresh", is_flag=True, help="Extract again, and take nothing from cache.")


def _engine(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    kind, _, address = value.partition(":")
    if value != "local" and not (kind == "dask" and address):
        raise click.BadParameter(f"'{value}' is neither local, nor dask:ADDRESS, nor dask:local")
    return value


def _confined(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    from boilerbench.process import confinement

    if value and (level := confinement.level()) != confinement.FULL:
        raise UsageError(f"runners cannot be fully confined here ({level}); 'boilerbench doctor' says what is missing")


_CONFINED = "Refuse to run where runners cannot be fully confined."
confined = click.option(
    "--require-confinement", is_flag=True, expose_value=False, is_eager=True, callback=_confined, help=_CONFINED
)
_ENGINE = "Where pages are extracted: local, dask:local, or dask:ADDRESS (docs/at-scale.md)."
engine = click.option("--engine", callback=_engine, default="local", show_default=True, help=_ENGINE)
_OUT = "Run folder to write; by default a new one below runs/."
out = click.option("--out", type=run_path, metavar="DIR", help=_OUT)


def say_doubts(goldsets: Sequence[GoldSet]) -> None:
    """Say why scores of these sets may not be what they seem, a line each."""
    from boilerbench import sets

    for goldset in goldsets:
        for line in sets.doubts(goldset):
            say(line)


@dataclass(frozen=True)
class Table:
    """A table of a run folder, as --metric, --policy, --by and --format ask for it.

    What does not exist, and what cannot be written in that format, is refused before anything is computed.
    """

    metrics: tuple[str, ...]
    policy: Policy
    by: str | None
    form: str

    def __post_init__(self) -> None:
        if self.by is not None and self.by not in (known := [*SLICES, LABEL]):
            raise UnknownNameError("slice", self.by, known)
        if self.by == LABEL and self.form not in TABLE_FORMATS:
            raise UnknownNameError("format of a table by label", self.form, TABLE_FORMATS)

    @property
    def ranked_by(self) -> list[str]:
        """The metrics that are shown."""
        return list(self.metrics) or ["words"]

    def scorable(self, goldsets: Sequence[GoldSet]) -> list[GoldSet]:
        """The sets that have gold which is scored."""
        from boilerbench import metrics

        return [each for each in goldsets if metrics.scorable(each, self.metrics, self.policy)]

    def require_gold(self, goldsets: Sequence[GoldSet]) -> None:
        """Refuse before anything is extracted a table that gold of these sets cannot give."""
        from boilerbench import metrics, sets

        scored = [each for each in goldsets if sets.may_have_gold(each) or self.scorable([each])]
        if not scored:
            self._require_plain()
        if self.by == LABEL and scored:
            from boilerbench.ranking.diagnosis import has_labels

            if not any(map(has_labels, scored)):
                raise UsageError("there is no table by label: gold of these sets is one body per page")
        for name in self.metrics if scored else ():
            metrics.require_measurable(name, scored, self.policy)

    @staticmethod
    def require_scores(folder: RunFolder) -> None:
        """Refuse what needs scores of a run that has none since no page has gold."""
        from boilerbench.scoring import consensus

        if not folder.has("scores") and consensus.concerns(folder):
            raise UsageError(f"{folder.path}: none of its sets has gold, so that there are no scores")

    def _require_plain(self) -> None:
        """Refuse what a table without gold cannot give."""
        if self.by is not None:
            raise UsageError(f"--by {self.by} is a table of scores, and none of the sets has gold")
        if self.form not in TABLE_FORMATS:
            raise UnknownNameError("format of a table without gold", self.form, TABLE_FORMATS)

    def without_gold(self, folder: RunFolder, goldsets: Sequence[GoldSet] = ()) -> None:
        """Print what is known of a run no page of which has gold."""
        from boilerbench import pipeline

        self._require_plain()
        board = pipeline.without_gold(folder, goldsets)
        show(render(self.form, board.table, board.signatures, "consensus", terminal.width()))

    def score(self, folder: RunFolder, goldsets: Sequence[GoldSet]) -> None:
        """Score a run folder, whose sets these are, and print it."""
        from boilerbench import pipeline

        self.show(folder, pipeline.rescore(folder, self.metrics, self.policy, goldsets), goldsets=goldsets)

    def show(
        self,
        folder: RunFolder,
        whole: Board | None = None,
        plot: Path | None = None,
        goldsets: Sequence[GoldSet] = (),
        *,
        held_out: bool = False,
    ) -> None:
        """Print it on stdout, and draw a table by label into `plot`. With `held_out` it has no trained runners.

        `whole` is the leaderboard without slices, and `goldsets` are the run's sets, where they are known already.
        """
        if self.by is None and whole is None and not held_out:
            from boilerbench.ranking import export

            if found := export.kept(folder, self.ranked_by, self.policy):
                show(render(self.form, found.rows, found.signatures, width=terminal.width()))
                return
        from boilerbench import pipeline
        from boilerbench.ranking import diagnosis
        from boilerbench.rendering import pictures
        from boilerbench.scoring import consensus

        if not folder.has("scores") and consensus.concerns(folder):
            self.without_gold(folder)
            return

        if self.by == LABEL:
            labels, signatures = diagnosis.board(folder, self.policy)
            if plot is not None:
                pictures.write(plot, pictures.heatmap, labels, signatures)
            show(render(self.form, labels, signatures, LABEL, terminal.width()))
            return
        asked = (folder, self.ranked_by, self.policy, self.by)
        known = whole.only(self.ranked_by) if whole and self.by is None else None
        board = known or (pipeline.board_held_out(*asked) if held_out else pipeline.board(*asked, goldsets))
        show(render(self.form, board.table, board.signatures, width=terminal.width()))


_BY = f"One ranking per {', '.join(SLICES)}; or label."


def table(function: Callable[..., None]) -> Callable[..., None]:
    """Add --wide, and --metric, --policy, --by and --format, of which a command is given a `Table`."""

    @several_metrics
    @policy
    @click.option("--by", metavar="SLICE", help=_BY)
    @click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
    @wide
    @functools.wraps(function)
    def command(metrics: tuple[str, ...], policy: Policy, by: str | None, form: str, **given: Any) -> None:
        function(table=Table(metrics, policy, by, form), **given)

    return command


def hold(folder: RunFolder) -> RunFolder:
    """Let no other process write into a run folder until the command ends; `UsageError` where one does."""
    return click.get_current_context().with_resource(folder.held())


def run_folder(out: Path | None) -> RunFolder:
    """The run folder to write into: the one that was named, or a new one below runs/, which git leaves alone."""
    if out is not None:
        return hold(RunFolder.create(out))
    runs = Path("runs")
    folder = hold(RunFolder.create(runs / datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%f")))
    with suppress(FileExistsError), (runs / ".gitignore").open("x", encoding="utf-8") as stream:
        stream.write("*\n")
    return folder
