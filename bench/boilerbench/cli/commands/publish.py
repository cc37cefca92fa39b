"""`boilerbench publish`."""

from pathlib import Path

import click

from boilerbench.cli.options import path, run_path
from boilerbench.cli.terminal import say


@click.command(epilog="Example: boilerbench publish runs/mine")
@click.argument("run", type=run_path)
@click.option("--out", default="results", show_default=True, type=path, metavar="DIR", help="Where to.")
def command(run: Path, out: Path) -> None:
    """Write the numbers of a scored RUN folder into DIR, a folder per set, and DIR/README.md.

    Never the text or the addresses of pages. Needs pip install 'boilerbench[plots]'.
    """
    from boilerbench.publishing import publish

    for folder in publish(run, out):
        say(f"published in {folder}")
