"""The label taxonomy, and the policies that give each label a role.

The taxonomy is data: `labels.toml` beside this file. A score always names the policy it was made under.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.files import read_toml, typed
from boilerbench.model import Gold

_TAXONOMY = Path(__file__).with_name("labels.toml")


class Role(StrEnum):
    """What a score makes of a segment."""

    BODY = "body"
    OPTIONAL = "optional"
    CLUTTER = "clutter"


@dataclass(frozen=True, slots=True)
class Label:
    """One entry of the taxonomy. `role` is the one it has under the policy `default`."""

    name: str
    definition: str
    example: str
    role: Role


@dataclass(frozen=True, slots=True)
class Policy:
    """A named mapping of every label to a role. `spec` is what it was asked for by: its name, or a file."""

    name: str
    roles: Mapping[str, Role]
    spec: str = field(default="", compare=False)

    def role(self, label: str) -> Role:
        """Return the role of a label."""
        if label not in self.roles:
            raise UnknownNameError("label", label, sorted(self.roles))
        return self.roles[label]

    def body(self, gold: Gold) -> str:
        """Join the texts of the gold's body by line breaks."""
        return "\n".join(self.segments(gold, Role.BODY))

    def segments(self, gold: Gold, role: Role) -> list[str]:
        """Return the texts of the gold's segments that have this role, in order."""
        return [segment.text for segment in gold.segments if self.role(segment.label) is role]


@cache
def taxonomy() -> Mapping[str, Label]:
    """Every label by name: content first, then clutter."""
    entries = {name: {"name": name, **entry} for name, entry in _data()["labels"].items()}
    return MappingProxyType({name: typed(Label, entry, _TAXONOMY, UsageError) for name, entry in entries.items()})


def policy_names() -> list[str]:
    """List the policies that come with boilerbench, `default` first."""
    return list(_data()["policies"])


def knuser_policies() -> list[Policy]:
    """The policies that come with boilerbench, `default` first."""
    return [_known(name) for name in policy_names()]


def load_policy(name_or_path: str) -> Policy:
    """Load a policy by its name, or from a TOML file of the user's own.

    Such a file has `name`, optionally `base` (a known policy; `default` if absent), and a table `[roles]` of labels.
    The policy is called by the name and what it says, `mine@1a2b3c4d`, as another file may have the same name.
    """
    if name_or_path in policy_names():
        return _known(name_or_path)
    path = Path(name_or_path)
    if path.suffix == ".toml" or path.is_file():
        return _from_file(path)
    raise UnknownNameError("policy", name_or_path, [*policy_names(), "or a .toml file"])


@cache
def _data() -> dict[str, Any]:
    return read_toml(_TAXONOMY, UsageError)


@cache
def _known(name: str) -> Policy:
    defaults = {label.name: label.role for label in taxonomy().values()}
    changes = typed(dict[str, Role], _data()["policies"][name], _TAXONOMY, UsageError)
    return Policy(name, MappingProxyType(defaults | changes), name)


def _from_file(path: Path) -> Policy:
    import msgspec

    class File(msgspec.Struct, forbid_unknown_fields=True):
        name: str
        base: str = "default"
        roles: dict[str, str] = {}

    found = typed(File, read_toml(path, UsageError), path, UsageError)
    if not re.fullmatch(r"[\w.-]+", found.name):
        raise UsageError(f"{path}: a policy needs a name of letters, digits and . _ -")
    if found.name in policy_names():
        raise UsageError(f"{path}: '{found.name}' is the name of a known policy; choose another")
    _require(f"base policy in {path}", [found.base], policy_names())
    _require(f"label in {path}", found.roles, taxonomy())
    for label, role in found.roles.items():
        _require(f"role of {label} in {path}", [role], list(Role))
    roles = {**_known(found.base).roles, **{label: Role(role) for label, role in found.roles.items()}}
    digest = hashlib.sha256(json.dumps(sorted(roles.items())).encode()).hexdigest()
    return Policy(f"{found.name}@{digest[:8]}", MappingProxyType(roles), str(path))


def _require(kind: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise UnknownNameError(kind, name, known)
