"""`boilerbench history`."""

from pathlib import Path

import click

from boilerbench.cli import options, terminal
from boilerbench.cli.terminal import say, show
from boilerbench.labels import Policy
from boilerbench.rendering import render


@click.command(epilog="Example: boilerbench history results --metric shingles --plot history.svg")
@click.argument("folder", type=options.path, metavar="DIR")
@options.metric
@options.policy
@options.table_form
@options.wide
@click.option("--plot", type=options.path, metavar="FILE", help="Also draw it: SVG, PNG, or JSON (Vega-Lite).")
def command(folder: Path, metric: str, policy: Policy, form: str, plot: Path | None) -> None:
    """Show how scores went from version to version, from every leaderboard.json below DIR."""
    from boilerbench.comparison.history import falls, history
    from boilerbench.rendering import pictures

    table = history(folder, metric, policy)
    if plot is not None:
        pictures.write(plot, pictures.history, table)
    show(render(form, table, [], "history", terminal.width()))
    for line in falls(table):
        say(line)
