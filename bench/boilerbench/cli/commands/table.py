"""`boilerbench table`."""

from pathlib import Path

import click

from boilerbench.cli import options, terminal
from boilerbench.cli.terminal import show
from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.rendering import TABLE_FORMATS, render
from boilerbench.storage.run_folder import RunFolder


@click.command(epilog="Example: boilerbench table runs/mine --metric shingles --by language --format markdown")
@click.argument("run", type=options.run_path)
@options.table
@click.option("--policies", is_flag=True, help="Ranks under each policy side by side.")
@click.option("--cite", is_flag=True, help="Print BibTeX of what it is of, instead: sets, metrics, extractors.")
@click.option("--held-out", is_flag=True, help="Leave out runners on sets that they were trained on.")
@click.option("--plot", type=options.path, metavar="FILE", help="With --by label: a heat map, .svg, .png or .json.")
def command(run: Path, table: options.Table, policies: bool, cite: bool, held_out: bool, plot: Path | None) -> None:
    """Print the leaderboard of a RUN folder, what came and leaked by label, or what a rank owes to the policy."""
    if plot is not None and table.by != options.LABEL:
        raise UsageError("--plot draws the table by label: add --by label")
    if held_out and (policies or cite or table.by == options.LABEL):
        raise UsageError("--held-out is for a leaderboard: it cannot be combined with --policies, --cite or --by label")
    if cite:
        from boilerbench.rendering.latex.citations import bibtex

        show(bibtex(RunFolder(run).manifest(), table.ranked_by))
        return
    if not policies:
        table.show(RunFolder(run), plot=plot, held_out=held_out)
        return
    if table.by is not None:
        raise UsageError("--policies and --by cannot be combined")
    if table.form not in TABLE_FORMATS:
        raise UnknownNameError("format of a table by policy", table.form, TABLE_FORMATS)
    table.require_scores(RunFolder(run))
    from boilerbench.pipeline import policy_board

    found = policy_board(RunFolder(run), table.ranked_by, table.policy)
    show(render(table.form, found.table, found.signatures, "policy", terminal.width()))
