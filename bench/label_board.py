"""The table by label of a run folder: kept when the run is scored, read when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bench import __version__, diagnosis
from bench.errors import UsageError
from bench.labels import load_policy
from bench.score import FAILURE_RULE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.labels import Policy
    from bench.model import Extraction, GoldSet
    from bench.store import RunFolder


def keep(
    folder: RunFolder,
    goldsets: Sequence[GoldSet],
    extractions: Mapping[str, Mapping[str, Mapping[str, Extraction]]],
    policy: Policy,
) -> None:
    """Write labels.parquet for the sets whose gold says more than one body, beside what it has of other policies."""
    finer = [goldset for goldset in goldsets if diagnosis.has_labels(goldset)]
    if not finer:
        return
    new = pd.concat([diagnosis.diagnose(goldset, extractions[goldset.name], policy) for goldset in finer])
    if folder.has("labels"):
        old = folder.table("labels")
        new = pd.concat([old[old["policy"] != policy.name], new])
    folder.write_table("labels", new.reset_index(drop=True))


def board(folder: RunFolder, policy: str) -> tuple[pd.DataFrame, list[str]]:
    """The table by label under one policy (`diagnosis.TABLE_COLUMNS`), and a signature per set.

    Raises `UsageError` where no set of the run has labels, or it was not scored under the policy.
    """
    name = load_policy(policy).name
    labels = folder.table("labels") if folder.has("labels") else pd.DataFrame(columns=list(diagnosis.COLUMNS))
    if labels.empty:
        raise UsageError(f"{folder.path}: has no table by label: gold of its sets is one body per page")
    labels = labels[labels["policy"] == name]
    if labels.empty:
        raise UsageError(
            f"{folder.path}: has no table by label under policy '{policy}'; "
            f"make it: boilerbench score {folder.path} --policy {policy}"
        )
    there = set(labels["set"])
    signatures = [
        f"set:{about['name']}|version:{about['version'] or 'none'}|fingerprint:{about['fingerprint'][:12]}"
        f"|policy:{name}|metric:labels(n={diagnosis.LONGEST})|failures:{FAILURE_RULE}|boilerbench:{__version__}"
        for about in folder.manifest()["sets"]
        if about["name"] in there
    ]
    return diagnosis.by_label(labels), signatures
