"""`boilerbench tune`."""

from __future__ import annotations

from pathlib import Path

import click

from boilerbench.cli import options, terminal
from boilerbench.cli.progress import Progress
from boilerbench.cli.terminal import say, show
from boilerbench.environments.environment import Mode
from boilerbench.extraction import record
from boilerbench.extraction.pool import Options
from boilerbench.labels import Policy
from boilerbench.process.child import Limits
from boilerbench.rendering import render
from boilerbench.runners import registry, settings

_VALUES = "Values to try of an option; by default those that the runner declares of its options."
_TRIALS = "Try at most N settings beside the default; of more, N are drawn."
_FOLDS = "Parts of whole sites, each held out once."


@click.command(epilog="Example: boilerbench tune justext --option length_low=20,40 --option max_link_density=0.4")
@click.argument("runner")
@click.option("--set", "specs", multiple=True, metavar="NAME", help="goldset (default), or FORMAT:PATH.")
@click.option("--option", "named", multiple=True, metavar="NAME=VALUE,…", help=_VALUES)
@click.option("--trials", type=click.IntRange(1), default=32, show_default=True, metavar="N", help=_TRIALS)
@click.option("--folds", type=click.IntRange(2), default=10, show_default=True, help=_FOLDS)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of what is drawn.")
@options.limit
@options.metric
@options.policy
@options.table_form
@options.jobs
@options.timeout
@options.memory
@options.env
@options.fresh
@options.confined
@options.out
@options.wide
@options.quiet
def command(
    runner: str,
    specs: tuple[str, ...],
    named: tuple[str, ...],
    trials: int,
    folds: int,
    seed: int,
    limit: int | None,
    metric: str,
    policy: Policy,
    form: str,
    jobs: int,
    timeout: float,
    memory: int,
    mode: Mode,
    fresh: bool,
    out: Path | None,
) -> None:
    """Try settings of RUNNER, and print what the best gains on pages that it was not chosen by.

    RUNNER is NAME, NAME:VARIANT, or the path of your own; a setting changes one or more of its options
    (docs/tuning.md).
    """
    from boilerbench import pipeline
    from boilerbench.comparison import tuning

    asked = registry.find(runner)
    tried = settings.settings(runner, asked, settings.named(named) or asked.tunable, trials, seed)
    found = registry.find_all(list(tried))
    goldsets = record.load_sets(list(dict.fromkeys(specs)) or ["goldset"], limit)
    options.Table((metric,), policy, None, form).require_gold(goldsets)
    tuning.require_sites(goldsets)
    folder = options.run_folder(out)
    with Progress() as progress:
        how = Options(jobs, Limits(timeout, memory << 20), mode, fresh, limit)
        record.extract(folder, found, goldsets, how, progress)
    failing = record.require_measured(folder)
    options.say_doubts(goldsets)
    board = pipeline.rescore(folder, [metric], policy, goldsets, alone=True).only([metric])
    told = {each.label: what for each, what in zip(found, tried.values(), strict=True)}
    table = tuning.gains(folder, told, metric, policy.name, tuning.Split(folds, seed))
    signatures = [f"{line}|settings:{len(told)}|folds:{folds}|drawn-by:{seed}" for line in board.signatures]
    show(render(form, table, signatures, "tuning", terminal.width()))
    say(f"run kept in {folder.path}")
    for line in failing:
        say(line)
