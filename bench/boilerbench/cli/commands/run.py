"""`boilerbench run`."""

from pathlib import Path

import click

from boilerbench import sets
from boilerbench.cli import options
from boilerbench.cli.progress import Progress
from boilerbench.cli.terminal import say
from boilerbench.environments.environment import Mode
from boilerbench.extraction import ensemble, record
from boilerbench.extraction.pool import Options
from boilerbench.process.child import Limits
from boilerbench.runners import registry

_SETS = "goldset (default), a name in `sets list`, or FORMAT:PATH; NAME= before it names it."


@click.command(epilog="Example: boilerbench run trafilatura:precision justext --set zyte:PATH --metric zyte")
@click.argument("runners", nargs=-1, metavar="[RUNNER]...")
@click.option("--set", "specs", multiple=True, metavar="NAME", help=_SETS)
@click.option(
    "--runner", "files", multiple=True, type=options.LocalPath(), metavar="PATH", help="A file or folder of yours."
)
@options.jobs
@options.timeout
@options.memory
@options.limit
@options.env
@options.fresh
@options.isolate
@options.engine
@options.confined
@click.option("--timing", is_flag=True, help="Also measure speed: pages again and again, one at a time.")
@options.out
@options.quiet
@options.table
def command(
    runners: tuple[str, ...],
    specs: tuple[str, ...],
    files: tuple[str, ...],
    jobs: int,
    timeout: float,
    memory: int,
    limit: int | None,
    mode: Mode,
    fresh: bool,
    isolate: bool,
    engine: str,
    timing: bool,
    out: Path | None,
    table: options.Table,
) -> None:
    """Run extractors over pages and print the leaderboard; without gold, what is known of their extractions.

    RUNNER is NAME or NAME:VARIANT; `boilerbench runners list` names them, `all` is each of them without a variant.
    Without a name the default runners run.
    Your own pages need no gold: `sets new` shows how to lay them out, `disagree` which to annotate (docs/own-pages.md).
    `majority` is a vote of the others, `ceiling` the best of them on every page; `majority:A+B+C` names the members.
    """
    own = [file if "/" in file else f"./{file}" for file in files]
    named = [name for label in runners for name in (registry.known() if label == "all" else [label])]
    labels, asked = ensemble.split(list(dict.fromkeys([*named, *own])))
    found = registry.find_all(labels or registry.DEFAULT_RUNNERS)
    silent = [runner.label for runner in found if runner.format == "metadata"]
    ensembles = ensemble.read(asked, [runner.label for runner in found], silent)
    goldsets = record.load_sets(list(dict.fromkeys(specs)) or ["goldset"], limit)
    table.require_gold(goldsets)
    folder = options.run_folder(out)
    how = Options(jobs, Limits(timeout, memory << 20), mode, fresh, limit, isolate, engine)
    with Progress() as progress:
        record.extract(folder, found, goldsets, how, progress, timed=timing)
    if ensembles:
        record.combine(folder, ensembles, goldsets)
    for line in filter(None, map(sets.lacks, goldsets)):
        say(line)
    options.say_doubts(goldsets)
    if table.scorable(goldsets):
        table.score(folder, goldsets)
    else:
        table.without_gold(folder, goldsets)
    say(f"run kept in {folder.path}")
    for line in record.require_measured(folder):
        say(line)
