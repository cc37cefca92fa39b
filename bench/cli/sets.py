"""`boilerbench sets`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from bench.errors import GateFailedError


@click.group()
def command() -> None:
    """List gold sets, show what is in one, build our own."""


@command.command("list")
def list_sets() -> None:
    """List the sets that have a name, and the formats that can be read from a path."""
    from bench import sets

    for name, path in sets.known().items():
        found = sets.load(name)
        click.echo(f"{name}  {len(found.entries)} pages, version {found.version}, {found.licence} ({path})")
    for form in sets.FORMATS:
        click.echo(f"{form}:PATH")


@command.command("show")
@click.argument("spec", metavar="SET")
def show(spec: str) -> None:
    """Count the pages of a SET by page type, language, charset and label."""
    from bench import sets

    found = sets.load(spec)
    click.echo(f"{found.name}  {len(found.entries)} pages, version {found.version or '-'}, {found.licence or '-'}")
    click.echo(f"fingerprint {found.fingerprint}")
    pages = found.pages
    _count("page type", Counter(page.page_type or "-" for page in pages))
    _count("language", Counter(page.language or "-" for page in pages))
    _count("charset", Counter(page.charset or "-" for page in pages))
    _count("label", Counter(segment.label for _, gold in found.entries for segment in gold.segments))


def _count(what: str, counter: Counter[str]) -> None:
    click.echo(f"by {what}: " + ", ".join(f"{name} {times}" for name, times in counter.most_common()))


@command.command("build")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a committed page differs from its source.")
def build(folder: Path, *, check: bool) -> None:
    """Build the pages of FOLDER and their gold from FOLDER/sources."""
    from bench import authoring

    if not check:
        authoring.build(folder / "sources", folder)
        return
    faults = authoring.check(folder / "sources", folder)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise GateFailedError(f"{len(faults)} files differ from their sources; run boilerbench sets build {folder}")
