"""`boilerbench stress`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from boilerbench import plugins, stress
from boilerbench.cli import options, terminal
from boilerbench.cli.progress import Progress
from boilerbench.cli.terminal import say, show, tell
from boilerbench.environments.environment import Mode
from boilerbench.errors import UsageError
from boilerbench.extraction import record
from boilerbench.extraction.pool import Options
from boilerbench.labels import Policy
from boilerbench.process.child import Limits
from boilerbench.rendering import pictures, render
from boilerbench.runners import registry
from boilerbench.storage.whole_files import write_text
from boilerbench.text.lines import line

if TYPE_CHECKING:
    import pandas as pd

_FAMILY = "A family of stressors or one of them (docs/stress.md); all by default."
_DOSE = "How much damage, 1 to 5; all by default."


_FILES = ("stress.md", "stress.csv", "worst.csv", "stress.svg", "stress.vl.json")
_FAILS = "It fails where F1 by words is below."


@click.command(epilog="Example: boilerbench stress minimise readability-lxml lake-ormen --out small")
@click.argument("runner")
@click.argument("page")
@click.option("--set", "spec", default="goldset-hard", show_default=True, metavar="NAME", help="Or FORMAT:PATH.")
@click.option("--below", type=click.FloatRange(0, 1, min_open=True), default=0.8, show_default=True, help=_FAILS)
@click.option("--out", required=True, type=options.path, metavar="DIR", help="Where the small page goes, and its gold.")
@options.policy
@options.timeout
@options.env
@options.confined
@options.quiet
def minimise(
    runner: str, page: str, spec: str, below: float, out: Path, policy: Policy, timeout: float, mode: Mode
) -> None:
    """Cut a PAGE on which RUNNER fails down to a small one on which it fails the same way, with its gold.

    PAGE is the id of a page of the set, or what `boilerbench stress` calls a damaged one: PAGE@FAMILY.STRESSOR.DOSE.
    """
    from boilerbench.extraction.local import Settings
    from boilerbench.stress import stressed
    from boilerbench.stress.minimising.asking import Asking

    if out.exists() and any(out.iterdir() if out.is_dir() else [out]):
        raise UsageError(f"{out}: is there already; name another folder")
    settings, entry = Settings(Limits(timeout), mode, isolate=False), stressed.find(spec, page)
    with Progress() as progress:
        found = Asking(registry.find(runner), settings, progress.note).minimise(entry, policy, below)
    found.write(out)
    for each in found.summary:
        tell(line(each))
    say(f"page, gold and report: {out}")


class _Stress(click.Command):
    """The command, which has another of its own."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Hand on what begins with the name of the other."""
        if args[:1] == [minimise.name]:
            return minimise.make_context(f"{info_name} {minimise.name}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


_EXAMPLES = (
    "Example: boilerbench stress html-text readability-lxml --family clutter --limit 20. "
    "`boilerbench stress minimise` makes a small page of one on which a runner fails."
)


@click.command(cls=_Stress, epilog=_EXAMPLES)
@click.argument("runners", nargs=-1, metavar="[RUNNER]...")
@click.option("--set", "specs", multiple=True, metavar="NAME", help="goldset-hard (default), or FORMAT:PATH.")
@click.option(
    "--runner", "files", multiple=True, type=options.LocalPath(), metavar="PATH", help="A file or folder of yours."
)
@click.option("--family", "only", multiple=True, metavar="NAME", help=_FAMILY)
@click.option("--dose", "doses", multiple=True, type=click.IntRange(1, 5), help=_DOSE)
@options.limit
@options.metric
@options.policy
@options.table_form
@options.jobs
@options.timeout
@options.env
@options.fresh
@options.confined
@options.out
@click.option("--report", type=options.path, metavar="DIR", help=f"Also write {', '.join(_FILES)}.")
@options.wide
@options.quiet
def command(
    runners: tuple[str, ...],
    specs: tuple[str, ...],
    files: tuple[str, ...],
    only: tuple[str, ...],
    doses: tuple[int, ...],
    limit: int | None,
    metric: str,
    policy: Policy,
    form: str,
    jobs: int,
    timeout: float,
    mode: Mode,
    fresh: bool,
    out: Path | None,
    report: Path | None,
) -> None:
    """Damage pages on purpose, dose by dose, and print how F1 falls, and the first dose whose loss is significant.

    RUNNER is as for `boilerbench run`. That every damaged page still shows its gold is checked.
    """
    from boilerbench import pipeline
    from boilerbench.stress import curves, stressed, worst

    for complaint in plugins.broken(plugins.STRESSORS):
        say(complaint)
    stress.select(only)
    if report is not None:
        pictures.require(report / "stress.svg")
    own = [file if "/" in file else f"./{file}" for file in files]
    found = registry.find_all(list(dict.fromkeys([*runners, *own])) or registry.DEFAULT_RUNNERS)
    named = [stressed.spec_of(spec, only, doses, limit) for spec in dict.fromkeys(specs or ["goldset-hard"])]
    goldsets = record.load_sets(named)
    options.Table((metric,), policy, None, form).require_gold(goldsets)
    folder = options.run_folder(out)
    with Progress() as progress:
        record.extract(folder, found, goldsets, Options(jobs, Limits(timeout), mode, fresh), progress)
    options.say_doubts(goldsets)
    board = pipeline.rescore(folder, [metric], policy, goldsets, alone=True).only([metric])
    tables = [_Told(curves.curves(folder, metric, policy.name), board.signatures, "stress")]
    if len(pages := worst.worst(folder, goldsets, metric, policy)):
        tables.append(_Told(pages, [], "stress-worst"))
    for each in tables if form in ("text", "markdown") else tables[:1]:
        show(render(form, *each, terminal.width()))
    if report is not None:
        _write(report, tables)
    say(f"run kept in {folder.path}")
    for warning in record.require_measured(folder):
        say(warning)


class _Told(NamedTuple):
    """A table, what signs it, and its kind."""

    table: pd.DataFrame
    signatures: list[str]
    kind: str


def _write(report: Path, tables: Sequence[_Told]) -> None:
    """Write the files of a report."""
    from boilerbench.rendering.stress.pictures import draw

    write_text(report / "stress.md", "\n".join(render("markdown", *each) for each in tables))
    for name, each in zip(("stress.csv", "worst.csv"), tables, strict=False):
        write_text(report / name, render("csv", *each))
    pictures.write_both(report / "stress.svg", draw, tables[0].table, tables[0].signatures)
