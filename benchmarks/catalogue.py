"""Every public set of the catalogue as it can be read here: pages, which are left out and why, and its makers' count.

    python -m benchmarks catalogue [NAME=PATH ...] [--overlap]

A set lies at PATH, a folder or an archive; else where `sets pull` puts it; else below BOILERBENCH_DATA, as NAME or as
`ALSO` says. It prints a table of all, and with --overlap one of the pages that any two of them share. Exit code 1 where
what is there is refused, or not what the catalogue expects.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import data
from boilerbench.errors import BoilerbenchError
from boilerbench.sets import catalogue, overlap
from boilerbench.sets.archives import inner, unpack

if TYPE_CHECKING:
    from boilerbench.model import GoldSet
    from boilerbench.sets.catalogue import Listing

ALSO = {
    "article-extraction-benchmark": "zyte-aeb",
    "wcxb-dev": "wcxb/dev",
    "wcxb-test": "wcxb/test",
    "wcxb-test-clean": "wcxb/test",
    "trafilatura-evaluation": "trafilatura-eval.tar.xz",
    "readability-test-pages": "readability.tar.xz",
    "webmainbench-samples": "webmainbench",
}
"""What a set's folder or archive below BOILERBENCH_DATA may be called beside its name."""


@dataclass
class Outcome:
    """A set as it was read, or None, and what is to be said of that."""

    about: Listing
    found: GoldSet | None
    said: str
    wrong: bool = False

    def row(self) -> str:
        """A line of the table."""
        read = left = "-"
        if self.found:
            out = len(self.about.without) + len(self.found.left_out)
            read, left = f"{len(self.found.entries):,}", f"{out}"
        return f"| `{self.about.name}` | {self.about.stated or '-'} | {read} | {left} | {self.said} |"


def places(about: Listing, named: dict[str, Path]) -> list[Path]:
    """Where a set may lie, in the order in which they are tried."""
    if about.name in named:
        return [named[about.name]]
    here = catalogue.installed().get(about.name)
    return [*([here] if here else []), data() / about.name, data() / ALSO.get(about.name, about.name)]


def read(about: Listing, named: dict[str, Path], scratch: Path) -> Outcome:
    """Read a set where it is, and compare it with what the catalogue expects."""
    place = next((each for each in places(about, named) if each.exists()), None)
    if place is None:
        return Outcome(about, None, "not on this disk")
    try:
        if not place.is_dir():
            unpack(place, scratch / about.name, about.folder)
        found = about.read(inner(place if place.is_dir() else scratch / about.name, about.folder))
        wrong = catalogue.unlike(about.name, found)
    except BoilerbenchError as cause:
        return Outcome(about, None, f"refused: {cause}", wrong=True)
    as_expected = "fingerprint as expected" if about.fingerprint else "number of pages as expected"
    return Outcome(about, found, "; ".join((wrong or as_expected, *found.notes)), bool(wrong))


def shared(outcomes: list[Outcome]) -> list[str]:
    """A table of the pages that any two sets share, by kind; of pairs that share none, how many there are."""
    pages = {each.about.name: overlap.Pages.of(each.found) for each in outcomes if each.found}
    rows, none = [], 0
    for one, other in combinations(pages, 2):
        found = overlap.between(pages[one], pages[other])
        none += not found
        counts = []
        for kind in overlap.KINDS:
            of_kind = [each for each in found if each.kind == kind]
            counts.append(f"{len({each.one for each in of_kind})} / {len({each.other for each in of_kind})}")
        rows += [f"| `{one}` | `{other}` | {' | '.join(counts)} |"] if found else []
    return [f"| set | other | {' | '.join(overlap.KINDS)} |", "|---|---|" + "---|" * len(overlap.KINDS), *rows,
            f"{none} other pairs of these {len(pages)} sets share no page"]  # fmt: skip


def main() -> int:
    """Read all sets. Exit code 1 where one is refused or not as expected, 2 for a name that is not in the catalogue."""
    asked = [each for each in sys.argv[1:] if each != "--overlap"]
    named = {name: Path(path) for name, _, path in (each.partition("=") for each in asked)}
    if unknown := named.keys() - catalogue.public().keys():
        print(f"python -m benchmarks catalogue: {min(unknown)}: not in the catalogue", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = [read(about, named, Path(scratch)) for about in catalogue.public().values()]
        print("| set | its makers say | read | left out | |\n|---|---|--:|--:|---|")
        print("\n".join(each.row() for each in outcomes))
        if "--overlap" in sys.argv:
            start = time.perf_counter()
            print("\n".join(("", *shared(outcomes))))
            print(f"in {time.perf_counter() - start:.0f} s")
    return int(any(each.wrong for each in outcomes))
