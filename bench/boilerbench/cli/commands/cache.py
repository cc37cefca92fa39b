"""`boilerbench cache`."""

import csv
import io
import json

import click

from boilerbench.cli import Group, options, terminal
from boilerbench.cli.terminal import say, show, tell
from boilerbench.errors import GateFailedError
from boilerbench.files import CACHE_VARIABLE, cache_folder

_OLDER = "Also what was kept, or last used where it was built, so many days ago."
_VERSIONS = "Also extractions by all but the N newest versions of each runner."


@click.group(cls=Group)
def command() -> None:
    """Show what is kept across runs, check it, remove some of it."""


@command.command("info")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@options.wide
def info(form: str) -> None:
    """Say where the cache is and how much is in it, of extractions by runner and version."""
    from boilerbench.storage import upkeep

    found = upkeep.holdings()
    if form == "json":
        place = {"schema": 1, "folder": str(cache_folder()), "bytes": sum(each.bytes for each in found)}
        show(json.dumps({**place, "rows": [each._asdict() for each in found]}, indent=1, ensure_ascii=False))
    elif form == "csv":
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows([upkeep.Holding._fields, *found])
        show(written.getvalue())
    else:
        from boilerbench.rendering.cells import Block, Document
        from boilerbench.rendering.text import write

        headers = (*upkeep.Holding._fields[:4], "size")
        rows = [[*each[:3], str(each.entries), _size(each.bytes)] for each in found]
        show(write(Document([Block("", headers, rows, (0, 1, 2))]).lined(), terminal.width()))
        say(f"{cache_folder()}: {_size(sum(each.bytes for each in found))}; {CACHE_VARIABLE} names another place")


@command.command("verify")
def verify() -> None:
    """Check that everything is as it was kept; exit 1 where something is not. It is made again when it is asked for."""
    from boilerbench.storage import upkeep

    entries, lines = upkeep.damage()
    for line in lines:
        tell(line)
    if lines:
        raise GateFailedError("the cache is damaged; 'boilerbench cache prune' removes what is")
    say(f"{entries} entries, all as they were kept")


@command.command("prune")
@click.option("--older-than", type=click.IntRange(0, 100_000), metavar="DAYS", help=_OLDER)
@click.option("--keep-versions", type=click.IntRange(0), metavar="N", help=_VERSIONS)
def prune(older_than: int | None, keep_versions: int | None) -> None:
    """Remove what is damaged or was left by killed builds, and what the options say."""
    from boilerbench.storage import upkeep

    entries, size = upkeep.prune(older_than, keep_versions)
    say(f"{entries} entries removed, {_size(size)}")


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB"
