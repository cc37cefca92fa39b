"""`boilerbench stress`."""

from __future__ import annotations

from pathlib import Path

import click

from boilerbench import plugins, stress
from boilerbench.cli import options, terminal
from boilerbench.cli.progress import Progress
from boilerbench.cli.terminal import say, show
from boilerbench.environments.environment import Mode
from boilerbench.extraction import record
from boilerbench.extraction.pool import Options
from boilerbench.labels import Policy
from boilerbench.process.child import Limits
from boilerbench.rendering import TABLE_FORMATS, render
from boilerbench.runners import registry

_FAMILY = "A family of stressors or one of them (docs/stress.md); all by default."
_DOSE = "How much damage, 1 to 5; all by default."


@click.command(epilog="Example: boilerbench stress html-text readability-lxml --family clutter --limit 20")
@click.argument("runners", nargs=-1, metavar="[RUNNER]...")
@click.option("--set", "specs", multiple=True, metavar="NAME", help="goldset (default), or FORMAT:PATH.")
@click.option(
    "--runner", "files", multiple=True, type=options.LocalPath(), metavar="PATH", help="A file or folder of yours."
)
@click.option("--family", "only", multiple=True, metavar="NAME", help=_FAMILY)
@click.option("--dose", "doses", multiple=True, type=click.IntRange(1, 5), help=_DOSE)
@click.option("--limit", type=click.IntRange(1), help="Only the first N pages of each set.")
@options.metric
@options.policy
@click.option("--format", "form", type=click.Choice(TABLE_FORMATS), default="text", show_default=True)
@options.jobs
@options.timeout
@options.env
@options.fresh
@options.confined
@options.out
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
) -> None:
    """Damage pages on purpose, dose by dose, and print how F1 falls, and the first dose whose loss is significant.

    RUNNER is as for `boilerbench run`. That every damaged page still shows its gold is checked.
    """
    from boilerbench import pipeline
    from boilerbench.stress import curves, stressed

    for line in plugins.broken(plugins.STRESSORS):
        say(line)
    stress.select(only)
    own = [file if "/" in file else f"./{file}" for file in files]
    found = registry.find_all(list(dict.fromkeys([*runners, *own])) or registry.DEFAULT_RUNNERS)
    named = [stressed.spec_of(spec, only, doses, limit) for spec in dict.fromkeys(specs or ["goldset"])]
    goldsets = record.load_sets(named)
    options.Table((metric,), policy, None, form).require_gold(goldsets)
    folder = options.run_folder(out)
    with Progress() as progress:
        record.extract(folder, found, goldsets, Options(jobs, Limits(timeout), mode, fresh), progress)
    options.say_doubts(goldsets)
    board = pipeline.rescore(folder, [metric], policy, goldsets, by_label=False).only([metric])
    show(render(form, curves.curves(folder, metric, policy.name), board.signatures, "stress", terminal.width()))
    say(f"run kept in {folder.path}")
    for line in record.require_measured(folder):
        say(line)
