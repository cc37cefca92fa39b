"""`boilerbench disagree`."""

from pathlib import Path

import click

from boilerbench import places
from boilerbench.cli import options, terminal
from boilerbench.cli.progress import Progress
from boilerbench.cli.terminal import say, show
from boilerbench.rendering import render
from boilerbench.storage.run_folder import RunFolder


@click.command(epilog="Example: boilerbench disagree runs/mine --top 30")
@click.argument("which", metavar="SET|RUN")
@click.option("--top", type=click.IntRange(1), default=30, show_default=True, help="How many pages.")
@options.table_form
@click.option("--most", is_flag=True, help="Those that runners differ on most, in place of those that stand for all.")
@options.jobs
@options.out
@options.wide
@options.quiet
def command(which: str, top: int, form: str, most: bool, jobs: int, out: Path | None) -> None:
    """List the pages of a RUN folder that are worth a gold first, and say what their gold would show.

    They rank the runners as all pages would, if the majority of the runners were right, and are spread over sites,
    languages and page types. A SET is run by the default runners before.
    """
    folder = RunFolder(places.place(which))
    if not places.is_file(folder.path / "manifest.json"):
        folder = _run(which, jobs, out)
    from boilerbench.authoring import disagreement

    table, lines = disagreement.board(folder, top, most=most)
    show(render(form, table, lines, "disagreement", terminal.width()))


def _run(spec: str, jobs: int, out: Path | None) -> RunFolder:
    from boilerbench.extraction import record
    from boilerbench.extraction.pool import Options
    from boilerbench.runners import registry

    goldsets, runners = record.load_sets([spec]), registry.find_all(registry.DEFAULT_RUNNERS)
    folder = options.run_folder(out)
    with Progress() as progress:
        record.extract(folder, runners, goldsets, Options(jobs), progress)
    say(f"run kept in {folder.path}")
    return folder
