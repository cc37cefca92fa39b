"""`boilerbench runners`."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """List the extractors that can be run, lock their dependencies."""


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
    for line in registry.broken():
        click.echo(f"broken: {line}", err=True)


@command.command("lock")
@click.argument("labels", nargs=-1, required=True, metavar="RUNNER...")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit, in place of those locked before.")
def lock(labels: tuple[str, ...], *, upgrade: bool) -> None:
    """Pin the whole dependency tree of each RUNNER (a name, or a file of yours) beside it, with hashes."""
    from bench import registry, resolution

    for runner in registry.find_all(labels):
        resolution.lock(runner, upgrade=upgrade)
        click.echo(f"{runner.lock}: {runner.distribution or runner.name} {runner.version}".rstrip())
