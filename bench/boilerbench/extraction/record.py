"""The first half of the main job, from names to a run folder with every extraction; scoring it is the other half."""

import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.metadata import distributions
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from msgspec.structs import replace as replaced

from boilerbench import __version__, sets
from boilerbench.environments import resolution
from boilerbench.environments.environment import Mode
from boilerbench.errors import NothingMeasuredError, UsageError
from boilerbench.extraction import ensemble, predictions, timing, window
from boilerbench.extraction.alignment import aligned
from boilerbench.extraction.ensemble import Ensemble
from boilerbench.extraction.local import Local
from boilerbench.extraction.pages import Converter
from boilerbench.extraction.pool import Observer, Options, run
from boilerbench.extraction.predictions import Predicted
from boilerbench.model import FolderRunner, GoldSet, Runner, Status, fingerprint
from boilerbench.places import is_remote
from boilerbench.process import confinement
from boilerbench.process.child import Limits
from boilerbench.sets import digests
from boilerbench.storage import cache, memory
from boilerbench.storage.manifest import LimitsEntry, Manifest, OptionsEntry, RunnerEntry, SetEntry
from boilerbench.storage.run_folder import Part, RunFolder

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
    return sets.load_all(specs, limit)


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
    confinement.hide(Path("runs"), *([] if is_remote(folder.path) else [folder.path]))
    pinned = []
    for runner in runners:
        if runner.unlocked and options.mode == "host":
            raise UsageError(f"{runner.label}: '--env host' runs what is installed here; leave out '@…'")
        if runner.unlocked:
            observer.note(runner.label, "resolving its packages")
        pinned.append(resolution.pin(runner))
    if options.engine == "local":
        _check_options(pinned, options, observer)
    about = Manifest(
        options=OptionsEntry(options.jobs, options.mode, options.limit, options.isolate, confinement.level()),
        limits=LimitsEntry(options.limits.seconds, options.limits.memory),
        runners={runner.label: _entry(runner, options.mode) for runner in pinned},
    )
    with ThreadPoolExecutor(1) as beside, cache.opened() as kept:
        begun = _begin(folder, goldsets, about)
        beside.map(import_module, SCORING if any(map(sets.may_have_gold, goldsets)) else ("pyarrow.parquet",))
        windows = window.windows(goldsets, list(about.runners), begun)
        for whole, remarks in run(pinned, windows, options, kept, observer):
            _remark(folder, remarks)
            folder.add(whole.number, whole.pages(), whole.parts())
            whole.forget()
            memory.give_back()
    _finish(folder)
    if timed:
        folder.write_timing(timing.measure(pinned, goldsets, folder, options, observer))


def combine(folder: RunFolder, ensembles: Sequence[Ensemble], goldsets: Sequence[GoldSet]) -> None:
    """Add ensembles of the runners of a run folder to it."""
    manifest = folder.manifest()
    runners = manifest.runners | {each.label: each.about for each in ensembles}
    votes = [each for each in ensembles if each.votes]
    pages = ((goldset.name, page) for goldset in goldsets for page in goldset.pages)

    def with_votes(part: Part) -> Part:
        of_part = [page for _, page in islice(pages, len(part.pages))]
        found = {e.label: {page.id: ensemble.extract(page, e, part.answers) for page in of_part} for e in votes}
        return Part(part.set, {**part.answers, **found})

    under_way = tuple(replaced(each, fingerprint="") for each in manifest.sets)
    folder.write_manifest(replaced(manifest, runners=runners, sets=under_way))
    for number in range(folder.done):
        folder.put_parts(number, map(with_votes, folder.parts_of(number)))
    folder.write_manifest(replaced(manifest, runners=runners))


def adopt(folder: RunFolder, outputs: str, predicted: Sequence[Predicted], limit: int | None = None) -> list[str]:
    """Take predictions, which `outputs` names, into a run folder. A page without one is a failure.

    Returns a line for each system whose markup is scored as text.
    """
    systems, runners = list(predicted[0].systems), {}
    for name in systems:
        formats = {text.format or "text" for each in predicted for text in each.systems[name].values()}
        runners[name] = RunnerEntry(not_run_here=True, format="" if formats <= {"text"} else " ".join(sorted(formats)))
    goldsets = [each.goldset for each in predicted]
    _begin(folder, goldsets, Manifest(outputs=outputs, runners=runners, options=OptionsEntry(limit=limit)))
    of_set = {each.goldset.name: each.systems for each in predicted}
    forms = {(name, each): predictions.main_format(texts[each]) for name, texts in of_set.items() for each in texts}
    with closing(Converter(Limits())) as converter:
        for whole in window.windows(goldsets, systems):
            with cache.opened() as kept:
                digests.recognise((task.page for task in whole.tasks), kept)
            for task in whole.tasks:
                for name, texts in of_set[task.goldset].items():
                    about = texts.get(task.page.id), forms[task.goldset, name], converter.to_text
                    whole.hold(name, task, predictions.extraction(*about))
            folder.add(whole.number, whole.pages(), whole.parts())
            whole.forget()
            memory.give_back()
    _finish(folder)
    marked = predictions.Markup()
    for goldset, extractions in aligned(folder, goldsets, ["status", "text"]):
        for page, gold in goldset.entries:
            for name, pages in extractions.items():
                marked.add(name, pages[page.id].text, gold)
    lines = marked.lines()
    flagged = {name: replaced(entry, markup_as_text=name in lines) for name, entry in runners.items()}
    folder.write_manifest(replaced(folder.manifest(), runners=flagged))
    return list(lines.values())


def require_measured(folder: RunFolder) -> list[str]:
    """Return a line for each runner whose pages all failed with the same error.

    Raises `NothingMeasuredError` where none was available, or all failed so.
    """
    found = folder.table("extractions", ["runner", "status", "error"])
    if (found["status"] == Status.UNAVAILABLE.value).all():
        raise NothingMeasuredError(f"nothing was measured: {'there was no page' if found.empty else found['error'][0]}")
    lines, measured = [], False
    for runner, rows in found.groupby("runner", sort=False):
        told = rows[["status", "error"]].drop_duplicates()
        if len(told) == 1 and told["status"].iloc[0] in (Status.ERROR, Status.CRASH):
            lines.append(f"{runner}: all pages failed with the same error ({len(rows)}): {told['error'].iloc[0]}")
        elif set(told["status"]) != {Status.UNAVAILABLE}:
            measured = True
    if not measured:
        raise NothingMeasuredError(f"nothing was measured: {'; '.join(lines)}")
    return lines


def _check_options(runners: Sequence[Runner], options: Options, observer: Observer) -> None:
    """Let extractors say whether they take what is handed on to them, each option of a runner once."""
    known: set[tuple[object, ...]] = set()
    for runner in runners:
        asked = {(runner.file, runner.origin, option) for option in runner.handed_on}
        if asked - known:
            Local(1, options.settings).check_options(runner, partial(observer.note, runner.label))
        known |= asked


def _entry(runner: Runner, mode: Mode) -> RunnerEntry:
    """What the manifest says of a runner."""
    version = runner.version
    if mode == "host" and runner.distribution and not isinstance(runner, FolderRunner):
        version = next((each.version for each in distributions(name=runner.distribution)), "")
    packages = runner.packages if runner.unlocked else {}
    about = runner.distribution, dict(runner.options), runner.digest, runner.unlocked, runner.origin, packages
    return RunnerEntry(version, *about)


def _begin(folder: RunFolder, goldsets: Sequence[GoldSet], about: Manifest) -> Iterator[tuple[Any, ...]]:
    """Begin a run, or go on with one of the same kind that was ended: set, id and gold of the pages that it has."""
    machine = {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    started = datetime.now(UTC).isoformat(timespec="seconds")
    entries = tuple(map(SetEntry.begun, goldsets))
    folder.begin(replaced(about, boilerbench=__version__, started=started, sets=entries, machine=machine))
    return folder.pages(("set", "page", "gold"), folder.done)


def _remark(folder: RunFolder, remarks: Mapping[str, str]) -> None:
    known = folder.manifest()
    if any(remark and not known.runners[label].remark for label, remark in remarks.items()):
        remarked = {
            label: replaced(each, remark=each.remark or remarks[label]) for label, each in known.runners.items()
        }
        folder.write_manifest(replaced(known, runners=remarked))


def _finish(folder: RunFolder) -> None:
    """Write what is known of the sets once all pages are done."""
    known = folder.manifest()
    rows: dict[str, list[tuple[Any, ...]]] = {each.name: [] for each in known.sets}
    for name, *row in folder.pages(("set", "page", "digest", "gold"), folder.done):
        rows[name].append(tuple(row))
    entries = tuple(
        replaced(each, pages=len(rows[each.name]), fingerprint=fingerprint(rows[each.name])) for each in known.sets
    )
    folder.write_manifest(replaced(known, sets=entries))
