"""`boilerbench table`."""

from __future__ import annotations

from pathlib import Path

import click

from bench.cli.options import check_names, print_table, table_options


@click.command(epilog="Example: boilerbench table runs/mine --metric shingles --by language --format markdown")
@click.argument("run", type=click.Path(path_type=Path))
@table_options
def command(run: Path, metrics: tuple[str, ...], policy: str, by: str | None, form: str) -> None:
    """Print the leaderboard of a RUN folder."""
    check_names(metrics, policy, by)
    from bench.store import RunFolder

    print_table(RunFolder(run), metrics, policy, by, form)
