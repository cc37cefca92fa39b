"""`boilerbench sets`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from boilerbench.authoring import examples
from boilerbench.cli import Group, options, terminal
from boilerbench.cli.terminal import say, show, tell
from boilerbench.errors import GateFailedError, UsageError
from boilerbench.rendering import render
from boilerbench.sets.catalogue import Kept, Listing

if TYPE_CHECKING:
    from boilerbench.sets.profile import Profile


@click.group(cls=Group)
def command() -> None:
    """List gold sets, begin one, fetch public ones, show what is in one, check it, measure its pages, build our own."""


@command.command("list")
def list_sets() -> None:
    """List the sets that have a name, and the formats that can be read from a path."""
    from boilerbench import sets
    from boilerbench.sets import catalogue, shipped_sets

    for name in shipped_sets.FOLDERS:
        found = sets.load(name)
        facts = f"{len(found.entries)} pages, version {found.version}, {found.licence}"
        tell(f"{name}  {facts} ({shipped_sets.folder(name)})")
    here = catalogue.installed()
    for name, about in catalogue.public().items():
        state = "installed" if name in here else "not installed"
        tell(f"{name}  {state}, {about.pages} pages, {about.licence or 'licence unknown'}, by {_makers(about)}")
    for name, about in catalogue.own().items():
        tell(f"{name}  your own version of {about.name}")
    for form in sets.formats.names():
        tell(f"{form}:PATH")


def _makers(about: Listing) -> str:
    return f"{about.maker}, who make {about.owns}" if about.owns else about.maker


@command.command("show")
@click.argument("spec", metavar="SET")
def show_set(spec: str) -> None:
    """Count the pages of a SET by page type, language, charset, label and body length.

    Of a public set, say first what the catalogue knows; one that is not installed has only that.
    """
    from boilerbench import sets
    from boilerbench.sets import catalogue
    from boilerbench.sets.census import take

    if spec in catalogue.public():
        for line in _facts(catalogue.public()[spec]):
            tell(line)
        if spec not in catalogue.installed():
            tell(f"not installed; run: boilerbench sets pull {spec}")
            return
    found = sets.load(spec)
    tell(f"{found.name}  {len(found.entries)} pages, version {found.version or '-'}, {found.licence or '-'}")
    tell(f"fingerprint {found.fingerprint}")
    census = take(found)
    for what, counter in census.counters.items():
        tell(f"by {what}: " + ", ".join(f"{name} {times}" for name, times in counter.most_common()))
    low, first, median, third, high = census.words
    tell(f"body words: least {low}, quartiles {first}, {median}, {third}, most {high}")
    tell(f"pages without a body: {census.without_body}, without gold: {census.without_gold}")
    options.say_doubts([found])


def _facts(about: Listing) -> list[str]:
    interest = " (a conflict of interest)" if about.owns else ""
    licence = f"{about.licence}; {about.allows}" if about.licence and about.allows else about.licence or about.allows
    stated = f", its makers say {about.stated}" if about.stated else ""
    return [
        f"{about.name}  {about.what}",
        f"pages: {about.pages}{stated}; languages: {about.languages or 'unknown'}; gold: {about.gold}",
        f"made by: {_makers(about)}{interest}",
        f"licence: {licence or 'unknown'}",
        f"source: {about.source}",
        f"archive: {about.archive or 'none that is fixed by a commit'}",
        f"expected fingerprint: {about.fingerprint or 'unknown: a copy cannot be verified'}",
        *(f"trained on it: {runner} ({where})" for runner, where in about.trained.items()),
    ]


@command.command("new", epilog="Example: boilerbench sets new mine --layout csv")
@click.argument("folder", type=options.path, metavar="DIR")
@click.option("--layout", type=click.Choice(list(examples.LAYOUTS)), default="pairs", show_default=True)
def new(folder: Path, layout: str) -> None:
    """Write a small set into DIR, in a layout that your own pages can have: put them in its place."""
    spec = examples.new(folder, layout)
    tell(f"{folder}: a page with gold, one without; look: boilerbench sets show {spec}")


@command.command("pull")
@click.argument("name")
@click.option("--accept-licence", is_flag=True, help="Take it although no licence is known that permits your use.")
def pull(name: str, *, accept_licence: bool) -> None:
    """Download the public set NAME, check that it is the expected one, and keep it, so that --set NAME will do."""
    from boilerbench.cli.progress import downloading
    from boilerbench.sets import catalogue

    about = catalogue.listing(name)
    asks = not about.granted and not accept_licence and name not in catalogue.installed()
    if asks and sys.stdin.isatty() and sys.stderr.isatty():
        for line in _facts(about):
            say(line)
        known = f"Its licence is: {about.licence}." if about.licence else "No licence is known that permits its use."
        accept_licence = click.confirm(f"{known} Take it nevertheless?", err=True)
    with downloading(name) as told:
        kept = catalogue.pull(name, told, accepted=accept_licence)
    tell(_told(name, kept))


@command.command("import")
@click.argument("name")
@click.argument("path", type=options.path)
@click.option("--as", "mine", metavar="OWN", help="Keep it as your own version, called OWN, however it differs.")
def import_set(name: str, path: Path, mine: str | None) -> None:
    """Take the public set NAME from PATH, a folder or an archive of it, so that it can be named from then on."""
    from boilerbench import sets
    from boilerbench.sets import catalogue

    if mine is not None:
        sets.require_free(mine)
    tell(
        _told(mine or name, catalogue.install(name, path, mine=mine or ""), f"your own version of {name}" * bool(mine))
    )


def _told(name: str, kept: Kept, verdict: str = "") -> str:
    verdict = verdict or ("as expected" if kept.expected else "not verified: the catalogue has none to compare")
    return f"{name} is in {kept.folder}: {kept.pages} pages, fingerprint {kept.fingerprint} ({verdict})"


@command.command("check")
@click.argument("spec", metavar="SET")
@click.option(
    "--run", type=options.run_path, metavar="RUN", help="List where nearly all runners of it differ from gold."
)
@click.option("--browser", is_flag=True, help="Also check that Chromium shows what gold says.")
def check(spec: str, run: Path | None, *, browser: bool) -> None:
    """Check that what the gold of a SET says of its pages holds; exit 1 where it does not.

    With --run, list what nearly all its runners give and the gold lacks, and what of it none gives: gold to look at.

    --browser needs pip install 'boilerbench[browser]', and Chromium.
    """
    if run is not None:
        _suspect(spec, run)
        return
    from boilerbench.authoring import lint

    report = lint.check(spec, browser=browser)
    for line in report.lines():
        tell(line)
    for line in report.doubts:
        say(line)
    say(f"{report.name}: {report.pages} pages checked")
    for rule, times in report.counts().items():
        say(f"  {rule:15} {times:5}  {report.rules[rule]}")
    if report.faults:
        raise GateFailedError(f"{len(report.faults)} faults in set '{report.name}'")


def _suspect(spec: str, run: Path) -> None:
    from boilerbench.authoring import suspects
    from boilerbench.storage.run_folder import RunFolder

    name, found = suspects.find(spec, RunFolder(run))
    for suspect in found:
        for line in suspect.lines(name):
            tell(line)
    say(f"{name}: {len(found)} pages to look at; runners that are wrong together look the same as wrong gold")


@command.command("overlap", epilog="Example: boilerbench sets overlap wcxb-dev wcxb-test")
@click.argument("one", metavar="SET")
@click.argument("other", metavar="SET")
def overlap(one: str, other: str) -> None:
    """List the pages that two SETs share: the same bytes, the same words of gold, or nearly the same."""
    from boilerbench import sets
    from boilerbench.sets.overlap import KINDS, find

    both = sets.load_all([one, other])
    shared = find(*both)
    for kind, mine, theirs, share in shared:
        tell(f"{kind:5}  {both[0].name}/{mine}  {both[1].name}/{theirs}  {share:.0%}")
    for kind, meaning in KINDS.items():
        of_kind = [each for each in shared if each.kind == kind]
        ours, others = {each.one for each in of_kind}, {each.other for each in of_kind}
        say(f"{len(ours)} pages of {both[0].name} and {len(others)} of {both[1].name} {meaning}")


@command.command("profile", epilog="Example: boilerbench sets profile goldset wcxb-dev --out features.svg")
@click.argument("specs", nargs=-1, required=True, metavar="SET...")
@click.option("--out", type=options.path, metavar="FILE", help="Draw it, too: an .svg, a .png, or a .json (Vega-Lite).")
@options.table_form
@options.wide
def profile(specs: tuple[str, ...], out: Path | None, form: str) -> None:
    """Print how the pages of each SET are distributed: size, depth, words, share of body, and what they are made of."""
    import pandas as pd

    from boilerbench.rendering import pictures

    if out is not None:
        pictures.require(out)
    found = _profiles(specs)
    table = pd.concat([each.table() for each in found], ignore_index=True)
    if out is not None:
        pictures.write(out, pictures.profile, table)
    show(render(form, table, [line for each in found for line in each.lines()], "profile", terminal.width()))


@command.command("compare", epilog="Example: boilerbench sets compare goldset wcxb-dev zyte")
@click.argument("one", metavar="SET")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@options.table_form
@options.wide
def compare(one: str, others: tuple[str, ...], form: str) -> None:
    """Say in which features the pages of a SET differ from those of OTHER sets taken together.

    A classifier that is asked of pages which set they are of says how well they can be told apart.

    Needs pip install 'boilerbench[profile]'.
    """
    from boilerbench.sets.profile import Profile, contrast

    contrast.require()
    first, *rest = _profiles((one, *others))
    other = Profile.joined(rest)
    found = contrast.compare(first, other)
    lines = [
        f"one: {first.name}, {len(first.pages)} pages; other: {other.name}, {len(other.pages)} pages",
        found.line(),
    ]
    show(render(form, found.table, lines, "contrast", terminal.width()))


def _profiles(specs: tuple[str, ...]) -> list[Profile]:
    from boilerbench import sets
    from boilerbench.sets.profile import Profile

    return [Profile.of(found) for found in sets.load_all(specs)]


@command.command("build")
@click.argument("folder", required=False, type=options.LocalPath(exists=True, file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a committed page differs from its source.")
def build(folder: Path | None, *, check: bool) -> None:
    """Build the pages of FOLDER (by default of our own sets) and their gold from what FOLDER has them written in."""
    from boilerbench.authoring import builder
    from boilerbench.sets import shipped_sets

    for place in [folder] if folder else map(shipped_sets.folder, shipped_sets.FOLDERS):
        if not builder.can_build(place):
            raise UsageError(
                f"{place}: no sources in it; they are in a checkout of the project, not in what is installed"
            )
        if not check:
            builder.build(place)
        elif faults := builder.check(place):
            for fault in faults:
                tell(fault)
            raise GateFailedError(f"{len(faults)} files differ from their sources; run: boilerbench sets build {place}")
