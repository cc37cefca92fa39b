"""`boilerbench bisect`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from boilerbench.cli import options
from boilerbench.cli.terminal import say, show
from boilerbench.errors import UsageError
from boilerbench.labels import Policy
from boilerbench.model import Gold

if TYPE_CHECKING:
    from boilerbench.comparison.bisect import Found


@click.command(epilog="Example: boilerbench bisect trafilatura --good 2.0.0 --bad 2.3.1 --page lake-ormen")
@click.argument("runner")
@click.option("--good", required=True, metavar="VERSION", help="The older release.")
@click.option("--bad", required=True, metavar="VERSION", help="The newer release, which treats the page otherwise.")
@click.option("--page", required=True, metavar="ID", help="The page, as a comparison names it.")
@click.option("--set", "spec", default="goldset", show_default=True, metavar="NAME", help="Or FORMAT:PATH.")
@options.metric
@options.policy
@options.fresh
@options.confined
def command(runner: str, good: str, bad: str, page: str, spec: str, metric: str, policy: Policy, fresh: bool) -> None:
    """Find the release of RUNNER that changed a page, and the words that came and went with it."""
    from boilerbench.cli.progress import Progress
    from boilerbench.comparison.bisect import bisect, measure, releases
    from boilerbench.extraction import record
    from boilerbench.extraction.pool import Options
    from boilerbench.runners import registry

    distribution = registry.find(runner).distribution
    if not distribution or "@" in runner:
        raise UsageError(f"{runner}: bisect takes a runner of a distribution, without '@'")
    (goldset,) = record.load_sets([spec])
    entries = tuple(entry for entry in goldset.entries if entry[0].id == page)
    if not entries:
        raise UsageError(f"set '{goldset.name}' has no page '{page}'; boilerbench sets show {spec} lists them")
    one = replace(goldset, entries=entries)
    between = releases(distribution, good, bad)
    with Progress() as progress:
        how = Options(fresh=fresh)
        found = bisect(between, lambda version: measure(runner, version, one, metric, policy, how, progress))
    show(_report(runner, found, entries[0][1], policy))
    for before, after in found.others:
        say(
            f"not the only change: F1 {before.f1:.4f} to {after.f1:.4f} between {before.version} and {after.version}; "
            f"--good {before.version} --bad {after.version} looks there"
        )


def _report(runner: str, found: Found, gold: Gold, policy: Policy) -> str:
    from boilerbench.comparison.wording import wording
    from boilerbench.rendering.comparison.phrases import words

    lines = [f"{each.version:12} f1 {each.f1:.4f}  {each.extraction.status}" for each in found.measured]
    lines += [f"{version:12} cannot be run here" for version in found.skipped]
    lines += ["", f"{runner} changed the page between {found.before.version} and {found.after.version}"]
    before, after = (each.extraction.text for each in (found.before, found.after))
    lines += [f"  {kind}: {text}" for kind, text in words(wording(gold, policy, before, after))]
    return "\n".join(lines)
