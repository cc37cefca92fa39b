"""The first half of the main job, from names to a run folder with every extraction; scoring it is the other half."""

import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import distributions

import psutil
from msgspec.structs import replace as replaced

from boilerbench import __version__, sets
from boilerbench.environments import resolution
from boilerbench.environments.environment import Mode
from boilerbench.errors import NothingMeasuredError, UsageError
from boilerbench.extraction import ensemble, predictions, timing
from boilerbench.extraction.ensemble import Ensemble
from boilerbench.extraction.pool import Observer, Options, run
from boilerbench.extraction.predictions import Predicted
from boilerbench.model import Extraction, FolderRunner, GoldSet, Runner, Status
from boilerbench.storage import cache
from boilerbench.storage.manifest import LimitsEntry, Manifest, OptionsEntry, RunnerEntry, SetEntry
from boilerbench.storage.run_folder import ROWS_IN_PART, Part, RunFolder

SCORING = (
    "boilerbench.ranking.diagnosis",
    "boilerbench.ranking.leaderboard",
    "boilerbench.scoring.score_cache",
    "pyarrow.parquet",
    "rich.table",
)
"""What scores will be made with. It takes a second to load, and is loaded while the children work."""


def load_sets(specs: Sequence[str], limit: int | None = None) -> list[GoldSet]:
    """Load sets that stand in one run, each cut to its first `limit` pages."""
    return [replace(goldset, entries=goldset.entries[:limit]) for goldset in sets.load_all(specs)]


def extract(  # noqa: PLR0913  # what a run is
    folder: RunFolder,
    runners: Sequence[Runner],
    goldsets: Sequence[GoldSet],
    options: Options,
    observer: Observer,
    *,
    timed: bool = False,
) -> None:
    """Extract every page with every runner into the run folder, and time them; it can be scored afterwards."""
    pinned = []
    for runner in runners:
        if runner.unlocked and options.mode == "host":
            raise UsageError(f"{runner.label}: '--env host' runs what is installed here; leave out '@…'")
        if runner.unlocked:
            observer.note(runner.label, "resolving its packages")
        pinned.append(resolution.pin(runner))
    about = Manifest(
        options=OptionsEntry(options.jobs, options.mode, options.limit, options.isolate),
        limits=LimitsEntry(options.limits.seconds, options.limits.memory),
        runners={runner.label: _entry(runner, options.mode) for runner in pinned},
    )
    with ThreadPoolExecutor(1) as beside, cache.opened() as kept:
        begun = beside.submit(_begin, folder, goldsets, about)
        beside.map(import_module, SCORING if any(map(sets.has_gold, goldsets)) else ("pyarrow.parquet",))
        found, remarks = run(pinned, goldsets, options, kept, observer)
    begun.result()
    if any(remarks.values()):
        known = folder.manifest()
        remarked = {label: replaced(entry, remark=remarks[label]) for label, entry in known.runners.items()}
        folder.write_manifest(replaced(known, runners=remarked))
    folder.write_pages(goldsets)
    folder.write_extractions(_parts(goldsets, found))
    if timed:
        folder.write_timing(timing.measure(pinned, goldsets, found, options, observer))


def combine(folder: RunFolder, ensembles: Sequence[Ensemble], goldsets: Sequence[GoldSet]) -> None:
    """Add ensembles of the runners of a run folder to it."""
    manifest = folder.manifest()
    runners = manifest.runners | {each.label: each.about for each in ensembles}
    votes = [each for each in ensembles if each.votes]
    pages = {(goldset.name, page.id): page for goldset in goldsets for page in goldset.pages}

    def with_votes(part: Part) -> Part:
        of_part = [pages[part.set, page] for page in part.pages]
        found = {e.label: {page.id: ensemble.extract(page, e, part.answers) for page in of_part} for e in votes}
        return Part(part.set, {**part.answers, **found})

    folder.write_manifest(replaced(manifest, runners=runners))
    folder.write_extractions(map(with_votes, folder.parts()))


def adopt(folder: RunFolder, outputs: str, predicted: Sequence[Predicted], limit: int | None = None) -> list[str]:
    """Take predictions, which `outputs` names, into a run folder. A page without one is a failure.

    Returns a line for each system whose markup is scored as text.
    """
    goldsets = [each.goldset for each in predicted]
    found = {each.goldset.name: predictions.extracted(each.goldset, each.systems) for each in predicted}
    marked = predictions.markup(goldsets, found)
    runners = {}
    for name in predicted[0].systems:
        formats = {text.format or "text" for each in predicted for text in each.systems[name].values()}
        said = "" if formats <= {"text"} else " ".join(sorted(formats))
        runners[name] = RunnerEntry(not_run_here=True, format=said, markup_as_text=name in marked)
    _begin(folder, goldsets, Manifest(outputs=outputs, runners=runners, options=OptionsEntry(limit=limit)))
    folder.write_pages(goldsets)
    folder.write_extractions(_parts(goldsets, found))
    return list(marked.values())


def require_measured(folder: RunFolder) -> None:
    """Raise `NothingMeasuredError` where no runner was available for any page."""
    found = folder.table("extractions", ["status", "error"])
    if (found["status"] == Status.UNAVAILABLE.value).all():
        raise NothingMeasuredError(f"nothing was measured: {'there was no page' if found.empty else found['error'][0]}")


def _parts(goldsets: Sequence[GoldSet], found: Mapping[str, Mapping[str, Mapping[str, Extraction]]]) -> Iterator[Part]:
    """What was found, by set, runner and page, cut into parts."""
    for goldset in goldsets:
        runners, pages = found[goldset.name], [page.id for page in goldset.pages]
        step = max(1, ROWS_IN_PART // max(1, len(runners)))
        for first in range(0, len(pages), step):
            some = pages[first : first + step]
            yield Part(goldset.name, {runner: {page: of[page] for page in some} for runner, of in runners.items()})


def _entry(runner: Runner, mode: Mode) -> RunnerEntry:
    """What the manifest says of a runner."""
    version = runner.version
    if mode == "host" and runner.distribution and not isinstance(runner, FolderRunner):
        version = next((each.version for each in distributions(name=runner.distribution)), "")
    packages = runner.packages if runner.unlocked else {}
    about = runner.distribution, dict(runner.options), runner.digest, runner.unlocked, runner.origin, packages
    return RunnerEntry(version, *about)


def _begin(folder: RunFolder, goldsets: Sequence[GoldSet], about: Manifest) -> None:
    tables = (f"{name}.parquet" for name in ("pages", "extractions", "scores", "labels", "policies", "timing"))
    for name in (*tables, "leaderboard.json", "leaderboard.csv"):
        (folder.path / name).unlink(missing_ok=True)
    entries = tuple(map(SetEntry.of, goldsets))
    started = datetime.now(UTC).isoformat(timespec="seconds")
    machine = {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    folder.write_manifest(replaced(about, boilerbench=__version__, started=started, sets=entries, machine=machine))
