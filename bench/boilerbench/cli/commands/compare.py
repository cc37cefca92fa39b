"""`boilerbench compare`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from boilerbench.cli import options, terminal
from boilerbench.cli.terminal import say, show
from boilerbench.environments.environment import Mode
from boilerbench.errors import BoilerbenchError, GateFailedError, UsageError
from boilerbench.extraction.pool import Options
from boilerbench.labels import Policy
from boilerbench.process.child import Limits
from boilerbench.rendering.comparison import FILES, FORMATS, render
from boilerbench.storage.whole_files import write_text

if TYPE_CHECKING:
    from boilerbench.comparison.difference import Comparison
    from boilerbench.comparison.gates import Outcome
    from boilerbench.comparison.sides import Place


@click.command(epilog="Example: boilerbench compare trafilatura@2.0.0 trafilatura --fail-on 'significant regression'")
@click.argument("base")
@click.argument("head")
@options.several_metrics
@options.policy
@click.option(
    "--unit", type=click.Choice(["site", "page"]), default="site", show_default=True, help="What is independent."
)
@click.option("--common", is_flag=True, help="Compare the pages that both have, where the sets differ.")
@click.option("--fail-on", multiple=True, metavar="GATE", help="Exit code 1 where it comes true; see docs/ci.md.")
@click.option("--floors", type=options.path, metavar="FILE", help="Fail where HEAD is below its floor.")
@click.option("--update-floors", is_flag=True, help="Raise the floors to HEAD's scores.")
@click.option("--allow-regression", is_flag=True, help="With --update-floors: lower them too.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--report", type=options.path, metavar="DIR", help=f"Also write {', '.join(FILES.values())}.")
@click.option("--set", "specs", multiple=True, metavar="NAME", help="For runners: goldset (default), or FORMAT:PATH.")
@click.option("--limit", type=click.IntRange(1), help="For runners: only the first N pages of each set.")
@click.option("--stress", is_flag=True, help="For runners: damage the pages; each family is a set (docs/stress.md).")
@options.jobs
@options.timeout
@options.memory
@options.env
@options.fresh
@options.isolate
@options.confined
@options.out
@options.wide
@options.quiet
def command(
    base: str,
    head: str,
    metrics: tuple[str, ...],
    policy: Policy,
    unit: Literal["site", "page"],
    common: bool,
    fail_on: tuple[str, ...],
    floors: Path | None,
    update_floors: bool,
    allow_regression: bool,
    form: str,
    report: Path | None,
    specs: tuple[str, ...],
    limit: int | None,
    stress: bool,
    jobs: int,
    timeout: float,
    memory: int,
    mode: Mode,
    fresh: bool,
    isolate: bool,
    out: Path | None,
) -> None:
    """Compare two extractors page by page, and fail where a GATE comes true.

    BASE, HEAD: a run folder, published results or a leaderboard.json (with :RUNNER if it holds several); or a runner.
    """
    from boilerbench.comparison import compare, floor_file, gates, sides

    wanted = [gates.parse(text) for text in fail_on]
    if (update_floors and floors is None) or (allow_regression and not update_floors):
        raise UsageError("--update-floors takes --floors FILE, and --allow-regression takes --update-floors")
    held = floor_file.read(floors, missing=update_floors) if floors else None
    places = {text: sides.find(text) for text in (base, head)}
    if (specs or limit or out or fresh or stress) and all(places.values()):
        given = "--set, --limit, --stress, --fresh and --out"
        raise UsageError(f"{given} are for runners that run now; BASE and HEAD both hold results")
    if stress:
        specs, limit = _stressed(specs or ("goldset-hard",), limit), None
    how = Options(jobs, Limits(timeout, memory << 20), mode=mode, fresh=fresh, limit=limit, isolate=isolate)
    metrics = metrics or ("words",)
    run = partial(_run, list(dict.fromkeys(specs)), how, out, (metrics, policy))
    both = sides.resolve(base, head, places, run)
    found = []
    for metric in metrics:
        one, other = (place.side(name, metric, policy) for place, name in both)
        compared = compare.compare(one, other, metric, common=common, unit=unit)
        found += [sides.explain(each, policy) for each in compared]
    outcomes = gates.judge(wanted, found)
    outcomes += held.hold(found, update=update_floors, allow_regression=allow_regression) if held else []
    _show(form, report, found, outcomes)


def _stressed(specs: Sequence[str], limit: int | None) -> tuple[str, ...]:
    """Name the damaged pages of sets: a set for each family, so that every gate is judged of each."""
    from boilerbench.stress import family_names
    from boilerbench.stress.stressed import spec_of

    return tuple(spec_of(spec, [family], limit=limit) for spec in dict.fromkeys(specs) for family in family_names())


def _run(
    specs: list[str],
    how: Options,
    out: Path | None,
    by: tuple[tuple[str, ...], Policy],
    labels: Sequence[str],
    other: Place | None,
) -> Place:
    """Run the runners among BASE and HEAD; over the sets of the other side, where it has results."""
    from boilerbench import metrics, pipeline
    from boilerbench.cli.progress import Progress
    from boilerbench.comparison.sides import Place
    from boilerbench.extraction import record
    from boilerbench.runners import registry

    runners = registry.find_all(labels)
    if other is not None and not specs:
        specs = [about.spec for about in other.manifest.sets]
        how = replace(how, limit=how.limit or other.manifest.options.limit)
    goldsets = record.load_sets(specs or ["goldset"], how.limit)
    if not any(metrics.scorable(each, by[0], by[1]) for each in goldsets):
        raise UsageError(f"none of the sets has gold to compare by: {', '.join(each.name for each in goldsets)}")
    for goldset in goldsets:
        options.Table(by[0], by[1], None, "text").require_gold([goldset])
    folder = options.run_folder(out)
    with Progress() as progress:
        record.extract(folder, runners, goldsets, how, progress)
    options.say_doubts(goldsets)
    pipeline.rescore(folder, by[0], by[1], goldsets)
    say(f"run kept in {folder.path}")
    for line in record.require_measured(folder):
        say(line)
    return Place(folder.path)


def _show(form: str, report: Path | None, comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> None:
    """Print the comparison, write the files that were asked for, and fail where a gate did."""
    if report is not None:
        for name, file in FILES.items():
            write_text(report / file, render(name, comparisons, outcomes))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):  # the file of a job's summary
        try:
            with Path(summary).open("a", encoding="utf-8") as stream:
                stream.write(render("markdown", comparisons, outcomes))
        except OSError as cause:
            raise BoilerbenchError(f"{summary}: the job's summary cannot be written: {cause.strerror}") from None
    show(render(form, comparisons, outcomes, terminal.width()))
    if form in ("csv", "junit", "github"):
        for note in dict.fromkeys(note for each in comparisons for note in each.notes):
            say(note)
    from boilerbench.rendering.comparison.phrases import place

    if failed := [outcome for outcome in outcomes if not outcome.passed]:
        raise GateFailedError(
            "; ".join(f"{place(each, comparisons)}: gate failed: {each.gate} ({each.detail})" for each in failed)
        )
