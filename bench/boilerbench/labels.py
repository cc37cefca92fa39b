"""The label taxonomy, and the policies that give each label a role.

The taxonomy is data: `labels.toml` beside this file. A score always names the policy it was made under.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from boilerbench.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boilerbench.model import Gold


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

    def segments(self, gold: Gold, role: Role) -> list[str]:
        """Return the texts of the gold's segments that have this role, in order."""
        return [segment.text for segment in gold.segments if self.role(segment.label) is role]


@cache
def taxonomy() -> Mapping[str, Label]:
    """Every label by name: content first, then clutter."""
    labels = {
        name: Label(name, entry["definition"], entry["example"], Role(entry["role"]))
        for name, entry in _data()["labels"].items()
    }
    return MappingProxyType(labels)


def policy_names() -> list[str]:
    """List the policies that come with boilerbench, `default` first."""
    return list(_data()["policies"])


def known_policies() -> list[Policy]:
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
    return tomllib.loads(files("boilerbench").joinpath("labels.toml").read_text(encoding="utf-8"))


@cache
def _known(name: str) -> Policy:
    defaults = {label.name: label.role for label in taxonomy().values()}
    changes = {label: Role(role) for label, role in _data()["policies"][name].items()}
    return Policy(name, MappingProxyType(defaults | changes), name)


def _from_file(path: Path) -> Policy:
    entries = _toml(path)
    unknown = sorted(set(entries) - {"name", "base", "roles"})
    if unknown:
        raise UsageError(f"{path}: unknown key '{unknown[0]}'; a policy has name, base and [roles]")
    name, base, changes = entries.get("name"), entries.get("base", "default"), entries.get("roles", {})
    if not (isinstance(name, str) and re.fullmatch(r"[\w.-]+", name)):
        raise UsageError(f"{path}: a policy needs a name of letters, digits and . _ -")
    if name in policy_names():
        raise UsageError(f"{path}: '{name}' is the name of a known policy; choose another")
    if base not in policy_names():
        raise UnknownNameError(f"base policy in {path}", str(base), policy_names())
    if not isinstance(changes, dict):
        raise UsageError(f"{path}: roles must be a table of label = role")
    roles = {label: _role(path, label, role) for label, role in changes.items()}
    return _named_by_content(path, name, MappingProxyType({**_known(base).roles, **roles}))


def _named_by_content(path: Path, name: str, roles: Mapping[str, Role]) -> Policy:
    digest = hashlib.sha256(json.dumps(sorted(roles.items())).encode()).hexdigest()
    return Policy(f"{name}@{digest[:8]}", roles, str(path))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as a policy: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not TOML: {error}") from error


def _role(path: Path, label: str, role: object) -> Role:
    if label not in taxonomy():
        raise UnknownNameError(f"label in {path}", label, list(taxonomy()))
    try:
        return Role(str(role))
    except ValueError:
        raise UnknownNameError(f"role of {label} in {path}", str(role), [*Role]) from None
