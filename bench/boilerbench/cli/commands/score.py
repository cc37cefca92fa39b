"""`boilerbench score`."""

from pathlib import Path

import click

from boilerbench.cli import options
from boilerbench.cli.terminal import say
from boilerbench.errors import UsageError
from boilerbench.storage.run_folder import RunFolder


@click.command(epilog="Example: boilerbench score --set zyte:PATH --outputs zyte:PATH/output --metric zyte")
@click.argument("run", required=False, type=options.path)
@click.option("--set", "spec", metavar="NAME", help="With --outputs: the set they are predictions for.")
@click.option("--outputs", metavar="FORMAT:PATH", help="Predictions made elsewhere, in place of a run.")
@options.out
@options.table
def command(run: Path | None, spec: str | None, outputs: str | None, out: Path | None, table: options.Table) -> None:
    """Score a RUN folder by further metrics or another policy, or score predictions made elsewhere."""
    if (run is None) == (outputs is None) or (outputs is None) != (spec is None):
        raise UsageError("score takes either a RUN folder, or --set with --outputs")
    from boilerbench import pipeline, sets
    from boilerbench.extraction import record

    if run is not None:
        folder = RunFolder(run)
        goldsets = pipeline.sets_of(folder)
    else:
        goldsets = record.load_sets([spec or ""])
        table.require_gold(goldsets)
        systems = record.load_outputs(outputs or "", goldsets[0])
        folder = options.run_folder(out)
        for line in record.adopt(folder, goldsets[0], outputs or "", systems):
            say(line)
    for line in filter(None, map(sets.doubts, goldsets)):
        say(line)
    table.score(folder, goldsets)
    say(f"run kept in {folder.path}")
