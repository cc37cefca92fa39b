"""`boilerbench sets`."""

from __future__ import annotations

from pathlib import Path

import click

from bench.errors import GateFailedError, UsageError


@click.group()
def command() -> None:
    """List gold sets, show what is in one, check it, build our own."""


@command.command("list")
def list_sets() -> None:
    """List the sets that have a name, and the formats that can be read from a path."""
    from bench import sets
    from bench.sets import catalogue

    for name, path in sets.known().items():
        found = sets.load(name)
        click.echo(f"{name}  {len(found.entries)} pages, version {found.version}, {found.licence} ({path})")
    here = catalogue.installed()
    for name, listing in catalogue.public().items():
        state = here.get(name) or f"not here: boilerbench sets import {name} PATH, from {listing.source}"
        maker = f"{listing.maker}, who make {listing.owns}" if listing.owns else listing.maker
        click.echo(f"{name}  {listing.pages} pages, by {maker}, {listing.licence} ({state})")
    for form in sets.FORMATS:
        click.echo(f"{form}:PATH")


@command.command("show")
@click.argument("spec", metavar="SET")
def show(spec: str) -> None:
    """Count the pages of a SET by page type, language, charset, label and body length."""
    from bench import sets
    from bench.census import take

    found = sets.load(spec)
    click.echo(f"{found.name}  {len(found.entries)} pages, version {found.version or '-'}, {found.licence or '-'}")
    click.echo(f"fingerprint {found.fingerprint}")
    census = take(found)
    for what, counter in census.counters.items():
        click.echo(f"by {what}: " + ", ".join(f"{name} {times}" for name, times in counter.most_common()))
    low, first, median, third, high = census.words
    click.echo(f"body words: least {low}, quartiles {first}, {median}, {third}, most {high}")
    click.echo(f"pages without a body: {census.without_body}")


@command.command("import")
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path))
def import_set(name: str, path: Path) -> None:
    """Take the public set NAME from PATH, a folder or an archive of it, so that it can be named from then on."""
    from bench import sets

    click.echo(f"{name} is in {sets.bring(name, path)}")


@command.command("check")
@click.argument("spec", metavar="SET")
def check(spec: str) -> None:
    """Check that what the gold of a SET says of its pages holds; exit 1 where it does not."""
    from bench import lint

    report = lint.check(spec)
    for line in report.lines():
        click.echo(line)
    click.echo(f"{report.name}: {report.pages} pages checked", err=True)
    for rule, times in report.counts().items():
        click.echo(f"  {rule:15} {times:5}  {lint.RULES[rule]}", err=True)
    if report.faults:
        raise GateFailedError(f"{len(report.faults)} faults in set '{report.name}'")


@command.command("build")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a committed page differs from its source.")
def build(folder: Path | None, *, check: bool) -> None:
    """Build the pages of FOLDER (by default our own set) and their gold from FOLDER/sources."""
    from bench import authoring, sets

    folder = folder or sets.shipped()
    if not (folder / "sources").is_dir():
        raise UsageError(f"{folder}: no sources in it; they are in a checkout of the project, not in what is installed")
    if not check:
        authoring.build(folder / "sources", folder)
        return
    faults = authoring.check(folder / "sources", folder)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise GateFailedError(f"{len(faults)} files differ from their sources; run: boilerbench sets build {folder}")
