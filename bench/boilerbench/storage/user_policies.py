"""What a policy of the user's own says, kept in the run folder: scores only name it, and its file may be gone."""

from types import MappingProxyType

import pandas as pd

from boilerbench.errors import BadRunFolderError
from boilerbench.labels import Policy, Role, known_policies, load_policy
from boilerbench.storage.run_folder import RunFolder

COLUMNS = ("policy", "label", "role")
"""The columns of policies.parquet."""


def keep(folder: RunFolder, policy: Policy) -> None:
    """Keep what the policy says, unless its name does."""
    table = _table(folder)
    if policy.name in known_policies() or (table["policy"] == policy.name).any():
        return
    new = [(policy.name, label, role.value) for label, role in policy.roles.items()]
    kept = [*table.itertuples(index=False, name=None), *new]
    folder.write_table("policies", pd.DataFrame(kept, columns=list(COLUMNS)))


def load(folder: RunFolder, name: str) -> Policy:
    """The policy that the folder's scores name. `BadRunFolderError` where nothing says what it is."""
    if name in known_policies():
        return load_policy(name)
    table = _table(folder)
    rows = table[table["policy"] == name]
    if rows.empty:
        raise BadRunFolderError(
            f"{folder.path}: does not say what policy '{name}' is; "
            f"score it again: boilerbench score {folder.path} --policy FILE"
        )
    roles = {label: Role(role) for label, role in zip(rows["label"], rows["role"], strict=True)}
    return Policy(name, MappingProxyType(roles))


def _table(folder: RunFolder) -> pd.DataFrame:
    return folder.table("policies") if folder.has("policies") else pd.DataFrame(columns=list(COLUMNS))
