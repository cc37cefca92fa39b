"""The table by label of a run folder: kept when the run is scored, read when it is shown."""

import pandas as pd

from boilerbench.errors import UsageError
from boilerbench.labels import Policy
from boilerbench.ranking import diagnosis
from boilerbench.scoring.score import FAILURE_RULE
from boilerbench.storage.run_folder import RunFolder
from boilerbench.storage.signature import Signature


def keep(folder: RunFolder, diagnosed: pd.DataFrame, policy: Policy) -> None:
    """Write labels.parquet, rows of `diagnosis.diagnose`, beside what the folder has of other policies."""
    if folder.has("labels"):
        old = folder.table("labels")
        diagnosed = pd.concat([old[old["policy"] != policy.name], diagnosed], ignore_index=True)
    folder.write_table("labels", diagnosed)


def board(folder: RunFolder, policy: Policy) -> tuple[pd.DataFrame, list[str]]:
    """The table by label under one policy (`diagnosis.TABLE_COLUMNS`), and a signature per set.

    Raises `UsageError` where no set of the run has labels, or it was not scored under the policy.
    """
    labels = folder.table("labels") if folder.has("labels") else pd.DataFrame(columns=list(diagnosis.COLUMNS))
    if labels.empty:
        raise UsageError(f"{folder.path}: has no table by label: gold of its sets is one body per page")
    labels = labels[labels["policy"] == policy.name]
    if labels.empty:
        raise UsageError(
            f"{folder.path}: has no table by label under policy '{policy.spec}'; "
            f"make it: boilerbench score {folder.path} --policy {policy.spec}"
        )
    there = set(labels["set"])
    signatures = [
        Signature.of(about, policy.name, f"labels(n={diagnosis.LONGEST})", FAILURE_RULE)
        for about in folder.manifest().sets
        if about.name in there
    ]
    return diagnosis.by_label(labels), list(map(str, signatures))
