"""`boilerbench runners`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bench.conformance import Verdict
    from bench.runner import Runner


@click.group()
def command() -> None:
    """List the extractors that can be run, lock their dependencies, check what they promise."""


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


@command.command("check")
@click.argument("labels", nargs=-1, metavar="[RUNNER]...")
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def check(labels: tuple[str, ...], form: str) -> None:
    """Ask of each RUNNER (a name, or a file or folder of yours) what every runner promises: a verdict per rule.

    Without one, all that live on this machine. Takes a minute each. Exit code 1 where a rule failed, 4 where a runner
    is unavailable.
    """
    from bench import conformance, registry, resolution
    from bench.errors import GateFailedError, NothingMeasuredError, UnavailableError
    from bench.report import verdicts

    chosen = registry.find_all(labels or list(registry.known()))
    found: dict[Runner, list[Verdict]] = {}
    missing: dict[Runner, str] = {}
    for runner in map(resolution.pin, chosen if labels else [each for each in chosen if not each.network]):
        click.echo(f"{runner.label}: checking", err=True)
        try:
            found[runner] = conformance.check(runner)
        except UnavailableError as cause:
            missing[runner] = str(cause)
            click.echo(f"{runner.label}: unavailable: {cause}", err=True)
            continue
        if form == "text":
            click.echo(verdicts.to_text(runner, found[runner]))
    if form == "markdown":
        click.echo(verdicts.to_markdown(found, missing), nl=False)
    if failed := [runner.label for runner, each in found.items() if conformance.fails(each)]:
        raise GateFailedError(f"not every rule holds for {', '.join(failed)}")
    if missing:
        raise NothingMeasuredError(f"not checked: {', '.join(runner.label for runner in missing)}")
