"""`boilerbench report`."""

from pathlib import Path

import click

from boilerbench.cli.options import path, run_path
from boilerbench.cli.terminal import say
from boilerbench.storage.run_folder import RunFolder


@click.command(epilog="Example: boilerbench report runs/mine --out site, then open site/index.html in a browser")
@click.argument("run", type=run_path)
@click.option("--out", required=True, type=path, metavar="DIR", help="Where to; a site there is replaced.")
def command(run: Path, out: Path) -> None:
    """Make a static site of a scored RUN folder: leaderboard, plots, every page and what was made of it.

    It needs no server and loads nothing from elsewhere. It holds the text of the run's pages.
    """
    from boilerbench import pipeline
    from boilerbench.rendering import site

    folder = RunFolder(run)
    pages = site.build(folder, pipeline.sets_of(folder), out)
    say(f"site of {pages} pages: {out / 'index.html'}")
