"""`boilerbench report`."""

from pathlib import Path

import click

from boilerbench.cli.terminal import say


@click.command(epilog="Example: boilerbench report runs/mine --out site, then open site/index.html in a browser")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where to; a site there is replaced."
)
def command(run: Path, out: Path) -> None:
    """Make a static site of a scored RUN folder: leaderboard, plots, every page and what was made of it.

    It needs no server and loads nothing from elsewhere. It holds the text of the run's pages.
    """
    from boilerbench import pipeline
    from boilerbench.rendering import site
    from boilerbench.storage.run_folder import RunFolder

    folder = RunFolder(run)
    pages = site.build(folder, pipeline.sets_of(folder), out)
    say(f"site of {pages} pages: {out / 'index.html'}")
