"""`boilerbench runners`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from boilerbench.cli import Group, options, terminal
from boilerbench.cli.terminal import say, show, tell
from boilerbench.model import Runner

if TYPE_CHECKING:
    from boilerbench.authoring.conformance import Verdict


@click.group(cls=Group)
def command() -> None:
    """List the extractors that can be run, write new ones, lock their dependencies, check what they promise."""


@command.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.wide
def list_runners(form: str) -> None:
    """List runners: version, language, licence, state of the environment, variants, home page and what they are.

    Licence and home page of a Python runner are what its package says, and known when it has been built.
    """
    from boilerbench.runners import catalogue, registry

    found = catalogue.entries()
    if form == "json":
        show(json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False))
    else:
        from boilerbench.rendering.catalogue import to_text

        show(to_text(found, terminal.width()))
    for line in registry.broken():
        say(f"broken: {line}")


@command.command("lock")
@click.argument("labels", nargs=-1, required=True, metavar="RUNNER...")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit, in place of those locked before.")
def lock(labels: tuple[str, ...], *, upgrade: bool) -> None:
    """Pin the whole dependency tree of each RUNNER (a name, or a file of yours) beside it, with hashes."""
    from boilerbench.environments import resolution
    from boilerbench.runners import registry

    for runner in registry.find_all(labels):
        resolution.lock(runner, upgrade=upgrade)
        tell(f"{runner.lock}: {runner.distribution or runner.name} {runner.version}".rstrip())


@command.command("check")
@click.argument("labels", nargs=-1, metavar="[RUNNER]...")
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def check(labels: tuple[str, ...], form: str) -> None:
    """Ask of each RUNNER (a name, or a file or folder of yours) what every runner promises: a verdict per rule.

    Without one, all that live on this machine. Takes a minute each. Exit code 1 where a rule failed, 4 where a runner
    is unavailable.
    """
    from boilerbench.authoring import conformance
    from boilerbench.environments import resolution
    from boilerbench.errors import GateFailedError, NothingMeasuredError, UnavailableError
    from boilerbench.rendering import conformance as verdicts
    from boilerbench.runners import registry

    found: dict[Runner, list[Verdict]] = {}
    missing: dict[Runner, str] = {}
    for runner in map(resolution.pin, registry.find_all(labels or list(registry.known()))):
        say(f"{runner.label}: checking")
        try:
            found[runner] = conformance.check(runner)
        except UnavailableError as cause:
            missing[runner] = str(cause)
            say(f"{runner.label}: unavailable: {cause}")
            continue
        if form == "text":
            show(verdicts.to_text(runner, found[runner]))
    if form == "markdown":
        show(verdicts.to_markdown(found, missing))
    if failed := [r.label for r, each in found.items() if any(v.outcome is conformance.Outcome.FAILED for v in each)]:
        raise GateFailedError(f"not every rule holds for {', '.join(failed)}")
    if missing:
        raise NothingMeasuredError(f"not checked: {', '.join(runner.label for runner in missing)}")


@command.command("new")
@click.argument("name")
@click.option(
    "--package", required=True, metavar="DIST", help="What PyPI calls it; or npm, Go, crates.io, Maven Central."
)
@click.option(
    "--language", type=click.Choice(["python", "node", "go", "rust", "java"]), default="python", show_default=True
)
@click.option("--out", type=options.path, default=Path(), metavar="DIR", help="Default: this folder.")
def new(name: str, package: str, language: str, out: Path) -> None:
    """Write a runner NAME for a package, pinned to its newest release and locked, and a test of it.

    What it calls is a guess from what the package offers, or in Go, Rust and Java left open, and marked TODO.
    """
    from boilerbench.authoring import scaffold

    written = scaffold.write(name, package, language, out)
    for file in written:
        tell(str(file))
    say(f"look at what is marked TODO, then: boilerbench runners check {out}/{written[0].name}")
