"""From extractions to a leaderboard, end to end: a run folder is scored and ranked.

Needs the sets, but no extractor. What is held in memory is scored by `in_memory`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from msgspec.structs import replace

from boilerbench import __version__, metrics, sets
from boilerbench.errors import BadRunFolderError, UsageError
from boilerbench.extraction import ensemble, predictions, record
from boilerbench.extraction.alignment import aligned
from boilerbench.labels import Policy, known_policies
from boilerbench.model import FIELDS, GoldSet, Metadata, Stream, metadata_fingerprint
from boilerbench.ranking import diagnosis, export, leaderboard, runner_columns, sensitivity, terms
from boilerbench.ranking.terms import SLICES
from boilerbench.scoring import consensus, score_cache
from boilerbench.scoring.score import score
from boilerbench.sets import digests, page_facts
from boilerbench.storage import cache, memory, user_policies
from boilerbench.storage.manifest import SetEntry
from boilerbench.storage.run_folder import RunFolder

STANDARD_METRICS = ("words", "shingles", "exact")
"""The metrics every run is scored by, beside those that were asked for."""


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


def rescore(
    folder: RunFolder, names: Sequence[str], policy: Policy, goldsets: Sequence[GoldSet] = (), *, alone: bool = False
) -> Board:
    """Score a run folder by the named metrics, beside the scores it has; return the leaderboard of all of them.

    With `alone`, nothing is computed beside: neither the standard metrics, nor what came and leaked of each label.
    Reads the sets again where they are not given. Raises `BadRunFolderError` where a set is no longer the one that was
    run, `UsageError` where no set has gold; sets without gold are left out.
    """
    wanted = [metrics.get(name) for name in dict.fromkeys([*(() if alone else STANDARD_METRICS), *names])]
    goldsets = [each for each in goldsets or sets_of(folder) if metrics.scorable(each, names, policy)]
    if not goldsets:
        raise UsageError(f"{folder.path}: none of its sets has gold, so that there is nothing to score by")
    for name in names:
        metrics.require_measurable(name, goldsets, policy)
    counted = {  # a set without snippets has no figures by metrics of snippets; one without text has empty ones
        each.name: [m for m in wanted if m.of_text or metrics.measurable(m, each, policy)] for each in goldsets
    }
    labelled = [each.name for each in goldsets if not alone and diagnosis.has_labels(each)]
    user_policies.keep(folder, policy)
    folder.forget_leaderboard()
    again, looked = {metric.name for metric in wanted}, looked_at(wanted)
    said: dict[str, list[tuple[str, Metadata]]] = {}
    with (
        folder.rewriting(
            "scores", lambda old: ~(old["metric"].isin(again) & (old["policy"] == policy.name))
        ) as put_scores,
        folder.rewriting("labels", lambda old: old["policy"] != policy.name) as put_labels,
    ):
        for goldset, extractions in aligned(folder, goldsets, looked):
            if {*FIELDS}.intersection(looked):
                said.setdefault(goldset.name, []).extend((page.id, gold.metadata) for page, gold in goldset.entries)
            put_scores(score_cache.scores(goldset, extractions, counted[goldset.name], policy))
            if goldset.name in labelled and any(gold.segments for _, gold in goldset.entries):
                put_labels(diagnosis.diagnose(goldset, extractions, policy))
    _note_metadata(folder, {name: metadata_fingerprint(rows) for name, rows in said.items()})
    whole = _whole_board(folder, policy)
    folder.write_text("leaderboard.json", export.to_json(whole.table, whole.signatures))
    folder.write_text("leaderboard.csv", export.to_csv(whole.table))
    return whole


def _note_metadata(folder: RunFolder, digests: Mapping[str, str]) -> None:
    """Let the manifest name what gold said beside texts, by sets that were scored by it."""
    manifest = folder.manifest()
    noted = tuple(replace(each, metadata=digests.get(each.name, each.metadata)) for each in manifest.sets)
    if noted != manifest.sets:
        folder.write_manifest(replace(manifest, sets=noted))


def know_pages(folder: RunFolder, goldsets: Sequence[GoldSet] = ()) -> None:
    """Let the pages' table have `page_facts.COLUMNS`; only where it lacks them are sets read, if not given."""
    if not page_facts.known(folder):
        with folder.held():
            page_facts.keep(folder, [each for each in goldsets or sets_of(folder) if sets.has_gold(each)])


def know_consensus(folder: RunFolder, goldsets: Sequence[GoldSet] = ()) -> None:
    """Let a run folder have the table `consensus.NAME`; only where it lacks it are sets read, if not given."""
    if not folder.has(consensus.NAME):
        with folder.held():
            consensus.measure(folder, goldsets or sets_of(folder))


def without_gold(folder: RunFolder, goldsets: Sequence[GoldSet] = ()) -> Board:
    """The table of a run folder no page of which has gold: `consensus.COLUMNS`, and what is to be known of it.

    It is measured once, from the sets, which are read again where they are not given.
    """
    know_consensus(folder, goldsets)
    signed = [
        f"set:{each.name}|fingerprint:{each.fingerprint[:12]}|gold:none|boilerbench:{__version__}"
        for each in folder.manifest().sets
    ]
    return Board(consensus.board(folder), {consensus.NAME: [*consensus.CAVEAT, *signed]})


def board(
    folder: RunFolder, names: Sequence[str], policy: Policy, by: str | None = None, goldsets: Sequence[GoldSet] = ()
) -> Board:
    """The leaderboard of a scored run folder for the named metrics, under one policy.

    A slice that pages' content tells is read from them once, and from the sets again where they are not given.
    """
    return _board(folder, _scores(folder, names, policy, by, goldsets), names, policy, by)


def board_held_out(folder: RunFolder, names: Sequence[str], policy: Policy, by: str | None = None) -> Board:
    """The leaderboard without the runners that were trained on a set. `UsageError` where none is left."""
    return _board(folder, _held_out(folder, _scores(folder, names, policy, by)), names, policy, by)


def _scores(
    folder: RunFolder, names: Sequence[str], policy: Policy, by: str | None, goldsets: Sequence[GoldSet] = ()
) -> pd.DataFrame:
    """The scores that a leaderboard is made of; `UsageError` where there are none by one of the metrics."""
    if by in SLICES and SLICES[by] in page_facts.COLUMNS:
        know_pages(folder, goldsets)
    scores = folder.table("scores", where={"metric": names, "policy": [policy.name]})
    there = set(scores["metric"].unique())
    for name in names:
        if metrics.get(name).name not in there:
            raise UsageError(
                f"{folder.path}: has no scores by metric '{name}' under policy '{policy.spec}'; "
                f"make them: boilerbench score {folder.path} --metric {name} --policy {policy.spec}"
            )
    return scores


def _held_out(folder: RunFolder, scores: pd.DataFrame) -> pd.DataFrame:
    """Scores without those of runners on sets that they were trained on."""
    trained = {
        (each.name, runner)
        for each in folder.manifest().sets
        for runner in scores["runner"].unique()
        if runner_columns.trained(runner, each)
    }
    left = scores[[row not in trained for row in zip(scores["set"], scores["runner"], strict=True)]]
    if left.empty:
        raise UsageError(f"{folder.path}: every runner was trained on its set, so that none is held out")
    return left


def _whole_board(folder: RunFolder, policy: Policy) -> Board:
    """The leaderboard of all metrics of a folder under a policy, of which never more than one is in memory."""
    there = folder.table("scores", ["metric", "policy"], {"policy": [policy.name]})["metric"].unique()
    boards = []
    for name in map(str, there):
        scores = folder.table("scores", where={"metric": [name], "policy": [policy.name]})
        boards.append(_board(folder, scores, [name], policy))
        del scores
        memory.give_back()
    table = pd.concat([each.table for each in boards], ignore_index=True)
    table = table.assign(_pooled=table["set"].isin(terms.POOLED))
    table = table.sort_values(["_pooled", "set", "metric"], kind="stable", ignore_index=True).drop(columns="_pooled")
    lines = {name: each.by_metric[name] for each in boards for name in each.by_metric}
    return Board(table, {str(name): lines[str(name)] for name in dict.fromkeys(table["metric"])})


def _board(
    folder: RunFolder, scores: pd.DataFrame, names: Sequence[str], policy: Policy, by: str | None = None
) -> Board:
    columns = dict.fromkeys(["set", "page", "site", *([SLICES[by]] if by in SLICES else ())])
    manifest, pages = folder.manifest(), folder.table("pages", list(columns))
    scores = scores[scores["metric"].isin(names) & (scores["policy"] == policy.name)]
    table = ranked(folder, scores, pages, by) if by else everything(folder, scores, pages)
    signed = {
        str(metric): [*manifest.sets, *together(manifest.sets, table, str(metric))]
        for metric in dict.fromkeys(table["metric"])
    }
    return Board(runner_columns.add(table, folder), _signatures(signed, [policy.name]))


def ranked(folder: RunFolder, scores: pd.DataFrame, pages: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """The leaderboards of everything in `scores`. A ceiling has no rank, and no extractions to show."""
    manifest, scores = folder.manifest(), _with_ceilings(folder, scores)
    return leaderboard.build(scores, pages, manifest.versions, by=by, unranked=tuple(manifest.ceilings))


def everything(folder: RunFolder, scores: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """The leaderboards of each set and, where there are several, over all of them: of the runners that are in each."""
    table, manifest = ranked(folder, scores, pages), folder.manifest()
    if len(manifest.sets) == 1:
        return table
    everywhere = scores.groupby("runner")["set"].transform("nunique") == scores["set"].nunique()
    scores = _with_ceilings(folder, scores[everywhere])
    pooled = leaderboard.pool(scores, pages, manifest.versions, unranked=tuple(manifest.ceilings))
    return pd.concat([table, pooled], ignore_index=True)


def together(sets: Sequence[SetEntry], table: pd.DataFrame, metric: str) -> list[SetEntry]:
    """What signs the leaderboards over all sets in a table: those that the metric measured, taken together."""
    rows = table[table["metric"] == metric]
    measured = set(rows[rows["f1"].notna()]["set"])
    there = [each for each in sets if each.name in measured]
    return [_together(there, name) for name in dict.fromkeys(rows["set"]) if name in terms.POOLED]


def _with_ceilings(folder: RunFolder, scores: pd.DataFrame) -> pd.DataFrame:
    ceilings = folder.manifest().ceilings
    return ensemble.with_ceilings(scores, ceilings) if ceilings else scores


def _signatures(signed: Mapping[str, Sequence[SetEntry]], policies: Sequence[str]) -> dict[str, list[str]]:
    return {
        metric: [str(terms.signature(each, policy, metric)) for each in entries for policy in policies]
        for metric, entries in signed.items()
    }


def _together(entries: Sequence[SetEntry], name: str) -> SetEntry:
    """What tells sets that are taken together from others."""
    fingerprint = hashlib.sha256(" ".join(each.fingerprint for each in entries).encode()).hexdigest()
    text = next((each.text for each in entries), "")
    return SetEntry(name, version="+".join(each.name for each in entries), fingerprint=fingerprint, text=text)


def policy_board(folder: RunFolder, names: Sequence[str], also: Policy) -> Board:
    """Ranks by the named metrics under each policy that has a name, and `also`: `sensitivity.COLUMNS`.

    What the folder was not scored under is scored now, and not kept. Sets without gold are left out.
    """
    policies = {**known_policies(), also.name: also}
    wanted = [metrics.get(name) for name in dict.fromkeys(names)]
    manifest, with_gold = folder.manifest(), set(folder.table("scores", ["set"])["set"].unique())
    scores = folder.table("scores", where={"metric": names, "policy": policies})
    there = set(scores[["metric", "policy"]].drop_duplicates().itertuples(index=False, name=None))
    missing = [(policy, [m for m in wanted if (m.name, name) not in there]) for name, policy in policies.items()]
    if any(some for _, some in missing):
        goldsets = [each for each in sets_of(folder) if each.name in with_gold]
        for metric in wanted:
            metrics.require_measurable(metric.name, goldsets, also)
        parts = aligned(folder, goldsets, looked_at(wanted))
        new = [score(*part, some, policy) for part in parts for policy, some in missing if some]
        scores = pd.concat([scores, *new])
    signed = [each for each in manifest.sets if each.name in with_gold]
    lines = _signatures({metric.name: signed for metric in wanted}, list(policies))
    pages = folder.table("pages", ["set", "page", "site"])
    return Board(sensitivity.compare(scores, pages, manifest.versions, list(policies)), lines)


def looked_at(wanted: Sequence[metrics.Metric]) -> list[str]:
    """The fields of an extraction that some metrics, and the labels, are computed of."""
    return [*dict.fromkeys(["status", "text", "format", *(name for metric in wanted for name in metric.view.fields)])]


def sets_of(folder: RunFolder) -> list[GoldSet]:
    """Read the sets of a run again, as it had them. `BadRunFolderError` where one has changed since.

    That is seen of a stream while one goes through it (`alignment`).
    """
    manifest = folder.manifest()
    goldsets = record.load_sets([about.spec for about in manifest.sets], manifest.options.limit)
    if any(about.part_of for about in manifest.sets):
        known = folder.table("pages", ["set", "page"])
        pages = [set(known["page"][known["set"] == about.name]) for about in manifest.sets]
        goldsets = [predictions.part(goldset, ids) for goldset, ids in zip(goldsets, pages, strict=True)]
    held = [each for each in goldsets if not isinstance(each.entries, Stream)]
    with cache.opened() as kept:
        digests.recognise((page for goldset in held for page in goldset.pages), kept)
    for goldset, about in zip(goldsets, manifest.sets, strict=True):
        if not isinstance(goldset.entries, Stream) and goldset.fingerprint != about.fingerprint:
            raise BadRunFolderError(
                f"{folder.path}: set '{goldset.name}' has changed since (fingerprint {goldset.fingerprint[:12]}, "
                f"was {about.fingerprint[:12]}); run again"
            )
    return goldsets
