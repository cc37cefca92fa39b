"""The main job, from names to a run folder: load, extract, score, rank. Every step can be done again alone."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata as distributions
from typing import TYPE_CHECKING, Any

import pandas as pd
import psutil

from bench import __version__, label_board, leaderboard, metrics, sensitivity, sets
from bench.cache import Cache
from bench.errors import BadOutputsError, BadRunFolderError, NothingMeasuredError, UsageError
from bench.folders import cache_folder
from bench.labels import load_policy, policy_names
from bench.model import Extraction, GoldSet, Status
from bench.report import tabular
from bench.run import run
from bench.score import score
from bench.sets.outputs import by_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.crew import Observer, Options
    from bench.runner import Runner
    from bench.store import RunFolder

STANDARD_METRICS = ("words", "shingles", "exact")
"""The metrics every run is scored by, beside those that were asked for."""

Extractions = dict[str, dict[str, dict[str, Extraction]]]


@dataclass(frozen=True)
class Identity:
    """A gold set as a manifest remembers it."""

    name: str
    spec: str
    version: str
    fingerprint: str
    licence: str
    source: str
    pages: int


@dataclass(frozen=True)
class Board:
    """A leaderboard, and for each metric in it one signature per set."""

    table: pd.DataFrame
    by_metric: Mapping[str, list[str]]

    @property
    def signatures(self) -> list[str]:
        """All signatures, metric by metric."""
        return [line for lines in self.by_metric.values() for line in lines]

    def only(self, names: Sequence[str]) -> Board:
        """The part of it that is ranked by the named metrics."""
        lines = {name: self.by_metric[name] for name in names}
        return Board(self.table[self.table["metric"].isin(names)], lines)


def load_sets(specs: Sequence[str], limit: int | None = None) -> list[GoldSet]:
    """Load sets by name, each cut to its first `limit` pages. Two sets of one name cannot stand in one run."""
    goldsets = [sets.load(spec) for spec in specs]
    names = [goldset.name for goldset in goldsets]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"set '{name}' was asked for more than once")
    return [replace(goldset, entries=goldset.entries[:limit]) for goldset in goldsets]


def extract(
    folder: RunFolder,
    runners: Sequence[Runner],
    goldsets: Sequence[GoldSet],
    options: Options,
    observer: Observer,
) -> Extractions:
    """Extract every page with every runner into the run folder; it can be scored afterwards, or at once."""
    versions = {runner.label: _version(runner, options.mode) for runner in runners}
    about = {
        "options": {"jobs": options.jobs, "environment": options.mode, "limit": options.limit},
        "limits": {"seconds": options.limits.seconds, "memory_bytes": options.limits.memory},
        "runners": {
            runner.label: {
                "version": versions[runner.label],
                "distribution": runner.distribution,
                "options": dict(runner.options),
                "digest": runner.digest,
            }
            for runner in runners
        },
    }
    _begin(folder, goldsets, about)
    cache = Cache(cache_folder() / "extractions.sqlite3")
    try:
        found = run(runners, goldsets, options, cache, observer)
    finally:
        cache.close()
    folder.write_extractions(found)
    return found


def load_outputs(spec: str, goldset: GoldSet) -> dict[str, dict[str, str]]:
    """Read predictions made elsewhere for a set: text by page id, by system."""
    systems = by_page(goldset, sets.load_outputs(spec))
    wanted = {page.id for page in goldset.pages}
    if not any(wanted & set(texts) for texts in systems.values()):
        raise BadOutputsError(f"outputs '{spec}': none of their pages is in set '{goldset.name}'")
    return systems


def adopt(folder: RunFolder, goldset: GoldSet, outputs: str, systems: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Take the predictions that `outputs` names into a run folder. A page without one is a failure.

    Returns a line for each difference between a system's pages and the set's.
    """
    wanted = {page.id for page in goldset.pages}
    about = {"outputs": outputs, "runners": {name: {"version": "", "not_run_here": True} for name in systems}}
    _begin(folder, [goldset], about)
    found: Extractions = {goldset.name: {name: _adopted(wanted, texts) for name, texts in systems.items()}}
    folder.write_extractions(found)
    return [line for name, texts in systems.items() for line in _differences(name, wanted, set(texts))]


def _adopted(wanted: set[str], texts: Mapping[str, str]) -> dict[str, Extraction]:
    missing = Extraction(Status.ERROR, error="no prediction for this page")
    return {
        page: Extraction(Status.OK if texts[page].strip() else Status.EMPTY, texts[page]) if page in texts else missing
        for page in sorted(wanted)
    }


def _differences(system: str, wanted: set[str], given: set[str]) -> list[str]:
    lines = []
    for text, pages in (("has no prediction for", wanted - given), ("predicts pages the set lacks:", given - wanted)):
        if pages:
            some = ", ".join(sorted(pages)[:3]) + (" …" if len(pages) > 3 else "")  # noqa: PLR2004  # a line's worth
            lines.append(f"{system} {text} {len(pages)} page{'s' * (len(pages) > 1)}: {some}".replace(":: ", ": "))
    return lines


def rescore(
    folder: RunFolder,
    names: Sequence[str],
    policy: str,
    goldsets: Sequence[GoldSet] = (),
    found: Extractions | None = None,
) -> Board:
    """Score a run folder by the named metrics, beside the scores it has; return the leaderboard of all of them.

    Needs the sets, which are read again where they are not given, but no extractor. Raises `BadRunFolderError` where a
    set is no longer the one that was run, `UsageError` where no set has gold; sets without gold are left out.
    """
    wanted = [metrics.get(name) for name in dict.fromkeys([*STANDARD_METRICS, *names])]
    roles = load_policy(policy)
    manifest = folder.manifest()
    goldsets = [each for each in goldsets or _sets_of(folder, manifest) if sets.has_gold(each)]
    if not goldsets:
        raise UsageError(f"{folder.path}: none of its sets has gold, so that there is nothing to score by")
    extractions = found or folder.extractions()
    new = pd.concat([score(goldset, extractions[goldset.name], wanted, roles) for goldset in goldsets])
    if folder.has("scores"):
        old = folder.table("scores")
        again = old["metric"].isin([metric.name for metric in wanted]) & (old["policy"] == roles.name)
        new = pd.concat([old[~again], new]) if (~again).any() else new
    folder.write_table("scores", new.reset_index(drop=True))
    label_board.keep(folder, goldsets, extractions, roles)
    whole = board(folder, None, policy)
    folder.write_text("leaderboard.json", tabular.to_json(whole.table, whole.signatures))
    folder.write_text("leaderboard.csv", tabular.to_csv(whole.table, whole.signatures))
    return whole


def board(folder: RunFolder, names: Sequence[str] | None, policy: str, by: str | None = None) -> Board:
    """The leaderboard of a scored run folder for the named metrics (None: all it has), under one policy."""
    manifest = folder.manifest()
    scores = folder.table("scores")
    scores = scores[scores["policy"] == load_policy(policy).name]
    there = list(dict.fromkeys(scores["metric"]))
    for name in names if names is not None else there:
        if metrics.get(name).name not in there:
            raise UsageError(
                f"{folder.path}: has no scores by metric '{name}' under policy '{policy}'; "
                f"make them: boilerbench score {folder.path} --metric {name} --policy {policy}"
            )
    scores = scores[scores["metric"].isin(names if names is not None else there)]
    versions = {label: about["version"] for label, about in manifest["runners"].items()}
    table = leaderboard.build(scores, folder.table("pages"), versions, by=by)
    identities = [Identity(**about) for about in manifest["sets"]]
    lines = {
        metric: [leaderboard.signature(identity, load_policy(policy).name, metric) for identity in identities]
        for metric in dict.fromkeys(table["metric"])
    }
    return Board(table, lines)


def policy_board(folder: RunFolder, names: Sequence[str], also: str = "default") -> Board:
    """Ranks by the named metrics under each policy that has a name, and `also`: `sensitivity.COLUMNS`.

    What the folder was not scored under is scored now, and not kept.
    """
    policies = [load_policy(name) for name in dict.fromkeys([*policy_names(), also])]
    wanted = [metrics.get(name) for name in dict.fromkeys(names)]
    scores, manifest = folder.table("scores"), folder.manifest()
    scores = scores[scores["metric"].isin(names) & scores["policy"].isin([policy.name for policy in policies])]
    there = set(zip(scores["metric"], scores["policy"], strict=True))
    missing = [(policy, [m for m in wanted if (m.name, policy.name) not in there]) for policy in policies]
    if any(some for _, some in missing):
        goldsets, found = _sets_of(folder, manifest), folder.extractions()
        new = [score(each, found[each.name], some, policy) for policy, some in missing if some for each in goldsets]
        scores = pd.concat([scores, *new])
    versions = {label: about["version"] for label, about in manifest["runners"].items()}
    order = [policy.name for policy in policies]
    identities = [Identity(**about) for about in manifest["sets"]]
    lines = {
        metric.name: [
            leaderboard.signature(identity, policy, metric.name) for identity in identities for policy in order
        ]
        for metric in wanted
    }
    return Board(sensitivity.compare(scores, folder.table("pages"), versions, order), lines)


def require_measured(found: Extractions) -> None:
    """Raise `NothingMeasuredError` where no runner was available for any page."""
    every = [extraction for runners in found.values() for pages in runners.values() for extraction in pages.values()]
    if all(extraction.status is Status.UNAVAILABLE for extraction in every):
        raise NothingMeasuredError(f"nothing was measured: {every[0].error if every else 'there was no page'}")


def _begin(folder: RunFolder, goldsets: Sequence[GoldSet], about: Mapping[str, Any]) -> None:
    for name in ("extractions.parquet", "scores.parquet", "labels.parquet", "leaderboard.json", "leaderboard.csv"):
        (folder.path / name).unlink(missing_ok=True)
    identities = [
        {"name": s.name, "spec": s.spec, "version": s.version, "fingerprint": s.fingerprint}
        | {"licence": s.licence, "source": s.source, "pages": len(s.entries)}
        for s in goldsets
    ]
    folder.write_manifest(
        {"boilerbench": __version__, "started": datetime.now(UTC).isoformat(timespec="seconds")}
        | {"sets": identities, **about, "machine": _machine()}
    )
    folder.write_pages(list(goldsets))


def _sets_of(folder: RunFolder, manifest: Mapping[str, Any]) -> list[GoldSet]:
    limit = manifest.get("options", {}).get("limit")
    goldsets = load_sets([about["spec"] for about in manifest["sets"]], limit)
    for goldset, about in zip(goldsets, manifest["sets"], strict=True):
        if goldset.fingerprint != about["fingerprint"]:
            raise BadRunFolderError(
                f"{folder.path}: set '{goldset.name}' has changed since (fingerprint {goldset.fingerprint[:12]}, "
                f"was {about['fingerprint'][:12]}); run again"
            )
    return goldsets


def _version(runner: Runner, mode: str) -> str:
    if mode == "locked" or not runner.distribution:
        return runner.version
    try:
        return distributions.version(runner.distribution)
    except distributions.PackageNotFoundError:
        return ""


def _machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
