"""`boilerbench score`."""

from pathlib import Path

import click

from boilerbench.cli import options
from boilerbench.cli.terminal import say
from boilerbench.errors import UsageError
from boilerbench.storage.run_folder import RunFolder

_OUTPUTS = "Predictions made elsewhere, in place of a run: docs/predictions.md."
_FORMAT = "What they are, where they do not say it: text, html, markdown, markdown-no-html."
_PARTIAL = "Score the pages that all of them predict."


@click.command(epilog="Example: boilerbench score --set zyte:PATH --outputs zyte:PATH/output --metric zyte")
@click.argument("run", required=False, type=options.run_path)
@click.option(
    "--set", "specs", multiple=True, metavar="NAME", help="With --outputs: the sets they are predictions for."
)
@click.option("--outputs", "sources", multiple=True, metavar="[SET=]FORMAT:PATH", help=_OUTPUTS)
@click.option("--outputs-format", "said", multiple=True, metavar="[SYSTEM=]FORMAT", help=_FORMAT)
@click.option("--partial", is_flag=True, help=_PARTIAL)
@click.option("--limit", type=click.IntRange(1), help="With --outputs: only the first N pages of each set.")
@options.out
@options.quiet
@options.table
def command(
    run: Path | None,
    specs: tuple[str, ...],
    sources: tuple[str, ...],
    said: tuple[str, ...],
    partial: bool,
    limit: int | None,
    out: Path | None,
    table: options.Table,
) -> None:
    """Score a RUN folder by further metrics or another policy, or score predictions made elsewhere."""
    if (run is None) == (not sources) or bool(sources) != bool(specs):
        raise UsageError("score takes either a RUN folder, or --set with --outputs")
    if run and (said or partial or limit):
        raise UsageError("--outputs-format, --partial and --limit are for --outputs; a RUN folder is scored as it is")
    from boilerbench import pipeline
    from boilerbench.extraction import predictions, record

    if run is not None:
        folder = options.hold(RunFolder(run))
        goldsets = pipeline.sets_of(folder)
    else:
        formats = predictions.formats(said)
        whole = record.load_sets(list(dict.fromkeys(specs)))
        predicted, lines = predictions.load(sources, whole, formats, limit, partial=partial)
        goldsets = [each.goldset for each in predicted]
        table.require_gold(goldsets)
        folder = options.run_folder(out)
        for line in (*lines, *record.adopt(folder, ", ".join(sources), predicted, limit)):
            say(line)
    options.say_doubts(goldsets)
    table.score(folder, goldsets)
    say(f"run kept in {folder.path}")
