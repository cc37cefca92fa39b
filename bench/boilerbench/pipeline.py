"""The second half of the main job: score a run folder and rank its runners. Needs the sets, but no extractor."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from boilerbench import metrics, sets
from boilerbench.errors import BadRunFolderError, UsageError
from boilerbench.extraction import ensemble
from boilerbench.extraction.record import load_sets
from boilerbench.labels import load_policy, policy_names
from boilerbench.ranking import diagnosis, export, label_board, leaderboard, runner_columns, sensitivity
from boilerbench.ranking.slices import SLICES
from boilerbench.scoring import score_cache
from boilerbench.scoring.score import score
from boilerbench.sets import page_facts
from boilerbench.storage import own_policies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from boilerbench.model import Extraction, GoldSet
    from boilerbench.storage.run_folder import RunFolder

Answers: TypeAlias = "Mapping[str, Mapping[str, Extraction]]"
"""Extractions by runner and page."""

STANDARD_METRICS = ("words", "shingles", "exact")
"""The metrics every run is scored by, beside those that were asked for."""


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


def rescore(folder: RunFolder, names: Sequence[str], policy: str, goldsets: Sequence[GoldSet] = ()) -> Board:
    """Score a run folder by the named metrics, beside the scores it has; return the leaderboard of all of them.

    Needs the sets, which are read again where they are not given, but no extractor. Raises `BadRunFolderError` where a
    set is no longer the one that was run, `UsageError` where no set has gold; sets without gold are left out.
    """
    wanted = [metrics.get(name) for name in dict.fromkeys([*STANDARD_METRICS, *names])]
    roles = load_policy(policy)
    goldsets = [each for each in goldsets or sets_of(folder) if sets.has_gold(each)]
    if not goldsets:
        raise UsageError(f"{folder.path}: none of its sets has gold, so that there is nothing to score by")
    page_facts.keep(folder, goldsets)
    labelled = [each.name for each in goldsets if diagnosis.has_labels(each)]
    scores, labels = [], []
    for goldset, answers in _parts(folder, goldsets):
        scores.append(score_cache.scores(goldset, answers, wanted, roles))
        if goldset.name in labelled:
            labels.append(diagnosis.diagnose(goldset, answers, roles))
    new = pd.concat(scores, ignore_index=True)
    own_policies.keep(folder, roles)
    if folder.has("scores"):
        old = folder.table("scores")
        again = old["metric"].isin([metric.name for metric in wanted]) & (old["policy"] == roles.name)
        new = pd.concat([old[~again], new], ignore_index=True) if (~again).any() else new
    folder.write_table("scores", new)
    if labels:
        label_board.keep(folder, pd.concat(labels, ignore_index=True), roles)
    whole = _board(folder, new, list(dict.fromkeys(new[new["policy"] == roles.name]["metric"])), roles.name)
    folder.write_text("leaderboard.json", export.to_json(whole.table, whole.signatures))
    folder.write_text("leaderboard.csv", export.to_csv(whole.table))
    return whole


def _parts(folder: RunFolder, goldsets: Sequence[GoldSet]) -> Iterator[tuple[GoldSet, Answers]]:
    """Cut the sets as the run's extractions are cut, so that never all of these are in memory.

    Raises `BadRunFolderError` where a page has no extractions.
    """
    known = {goldset.name: goldset for goldset in goldsets}
    seen = Counter[str]()
    for part in folder.parts(["status", "text"]):
        if part.set in known:
            pages = set(part.pages)
            entries = tuple(entry for entry in known[part.set].entries if entry[0].id in pages)
            seen[part.set] += len(entries)
            yield replace(known[part.set], entries=entries), part.answers
    for name, goldset in known.items():
        if seen[name] != len(goldset.entries):
            raise BadRunFolderError(f"{folder.path}: lacks answers to pages of set '{name}'; run again")


def board(folder: RunFolder, names: Sequence[str], policy: str, by: str | None = None) -> Board:
    """The leaderboard of a scored run folder for the named metrics, under one policy."""
    scores, roles = folder.table("scores"), load_policy(policy)
    there = set(scores["metric"][scores["policy"] == roles.name])
    for name in names:
        if metrics.get(name).name not in there:
            raise UsageError(
                f"{folder.path}: has no scores by metric '{name}' under policy '{policy}'; "
                f"make them: boilerbench score {folder.path} --metric {name} --policy {policy}"
            )
    return _board(folder, scores, names, roles.name, by)


def _board(folder: RunFolder, scores: pd.DataFrame, names: Sequence[str], policy: str, by: str | None = None) -> Board:
    manifest = folder.manifest()
    scores = scores[scores["metric"].isin(names) & (scores["policy"] == policy)]
    pages = folder.table("pages")
    if by in SLICES and SLICES[by] not in pages:
        raise UsageError(
            f"{folder.path}: cannot be cut by {by}, as it was scored before this was known of pages; "
            f"score it again: boilerbench score {folder.path}"
        )
    versions = {label: about["version"] for label, about in manifest["runners"].items()}
    ceilings = {label: about["ceiling_of"] for label, about in manifest["runners"].items() if "ceiling_of" in about}
    scores = ensemble.with_ceilings(scores, ceilings)
    table = leaderboard.build(scores, pages, versions, by=by, unranked=tuple(ceilings))
    identities = [Identity(**about) for about in manifest["sets"]]
    if len(identities) > 1 and not by:
        pooled = leaderboard.pool(scores, pages, versions, unranked=tuple(ceilings))
        table = pd.concat([table, pooled], ignore_index=True)
        identities += [_together(identities, name) for name in dict.fromkeys(pooled["set"])]
    table = runner_columns.add(table, folder)
    lines = {
        metric: [leaderboard.signature(identity, policy, metric) for identity in identities]
        for metric in dict.fromkeys(table["metric"])
    }
    return Board(table, lines)


def _together(identities: Sequence[Identity], name: str) -> Identity:
    """What tells all sets of a run together from others."""
    fingerprint = hashlib.sha256(" ".join(each.fingerprint for each in identities).encode()).hexdigest()
    names = "+".join(each.name for each in identities)
    return Identity(name, "", names, fingerprint, "", "", sum(each.pages for each in identities))


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
        parts = _parts(folder, sets_of(folder))
        new = [score(*part, some, policy) for part in parts for policy, some in missing if some]
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


def sets_of(folder: RunFolder) -> list[GoldSet]:
    """Read the sets of a run again, as it had them. `BadRunFolderError` where one has changed since."""
    manifest = folder.manifest()
    limit = manifest.get("options", {}).get("limit")
    goldsets = load_sets([about["spec"] for about in manifest["sets"]], limit)
    for goldset, about in zip(goldsets, manifest["sets"], strict=True):
        if goldset.fingerprint != about["fingerprint"]:
            raise BadRunFolderError(
                f"{folder.path}: set '{goldset.name}' has changed since (fingerprint {goldset.fingerprint[:12]}, "
                f"was {about['fingerprint'][:12]}); run again"
            )
    return goldsets
