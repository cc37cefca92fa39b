"""`boilerbench runners`."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """List the extractors that can be run."""


@command.command("list")
def list_runners() -> None:
    """List runners with version, variants, state of their environment and what they are."""
    from rich.console import Console
    from rich.table import Table

    from bench import environment, registry
    from bench.errors import BenchError

    table = Table("runner", "version", "variants", "environment", "what it is", box=None)
    for name in registry.known():
        try:
            runner = registry.find(name)
            variants = ", ".join(runner.variants)
            table.add_row(name, runner.version, variants, environment.state(runner), runner.summary)
        except BenchError as cause:
            table.add_row(name, "", "", "broken", str(cause))
    Console().print(table)
