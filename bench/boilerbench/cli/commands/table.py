"""`boilerbench table`."""

from pathlib import Path

import click

from boilerbench.cli import options
from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.labels import Policy


@click.command(epilog="Example: boilerbench table runs/mine --metric shingles --by language --format markdown")
@click.argument("run", type=click.Path(path_type=Path))
@options.table
@click.option("--policies", is_flag=True, help="Ranks under each policy side by side.")
@click.option(
    "--plot", type=click.Path(path_type=Path), metavar="FILE", help="With --by label: a heat map, SVG or PNG."
)
def command(
    run: Path, metrics: tuple[str, ...], policy: Policy, by: str | None, form: str, policies: bool, plot: Path | None
) -> None:
    """Print the leaderboard of a RUN folder, what came and leaked by label, or what a rank owes to the policy."""
    options.check_names(metrics, by, form)
    if plot is not None and by != options.LABEL:
        raise UsageError("--plot draws the table by label: add --by label")
    if policies and by is not None:
        raise UsageError("--policies and --by cannot be combined")
    if policies and form not in options.FORMATS:
        raise UnknownNameError("format of a table by policy", form, options.FORMATS)
    from boilerbench.storage.run_folder import RunFolder

    folder = RunFolder(run)
    if policies:
        options.print_policies(folder, metrics, policy, form)
    elif by == options.LABEL:
        options.print_labels(folder, policy, form, plot)
    else:
        options.print_table(folder, metrics, policy, by, form)
