"""What a run was asked, with what and on what: manifest.json as types.

Keys that an older boilerbench did not write are empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from boilerbench.model import GoldSet, metadata_fingerprint
from boilerbench.text import convert, decoding

SCHEMA = 1
"""The newest schema of the files of a run folder that is known here."""

_SHORT = (
    *("unlocked", "origin", "packages", "not_run_here", "format", "markup_as_text", "network"),
    *("members", "votes_needed", "ceiling_of", "remark"),
)
"""What is written of a runner only where there is something to say."""


class SetEntry(msgspec.Struct, frozen=True):
    """A gold set as a run had it. `fingerprint` is the SHA-256 of its pages and gold, `spec` what names it.

    Until the run is whole, `fingerprint` is empty and `pages` 0: the pages are read while they are extracted.
    `part_of` is how many pages there were where only those were scored that all systems predict; 0 where all were.
    `metadata` is the SHA-256 of what its gold said beside texts when that was last scored by; empty until then.
    `text` are the versions of what decoded pages, and of what made plain text of what runners returned.
    """

    name: str
    spec: str = ""
    version: str = ""
    fingerprint: str = ""
    licence: str = ""
    source: str = ""
    pages: int = 0
    part_of: int = 0
    text: str = ""
    metadata: str = ""

    @classmethod
    def of(cls, goldset: GoldSet) -> SetEntry:
        """What is written of a set whose pages are known."""
        begun = cls.begun(goldset)
        about = metadata_fingerprint((page.id, gold.metadata) for page, gold in goldset.entries)
        return replace(begun, fingerprint=goldset.fingerprint, pages=len(goldset.entries), metadata=about)

    @classmethod
    def begun(cls, goldset: GoldSet) -> SetEntry:
        """What is written of a set before its pages are read."""
        about = {name: getattr(goldset, name) for name in ("version", "licence", "source", "part_of")}
        text = f"{decoding.version()}, {convert.version('markdown')}"
        return cls(goldset.name, goldset.spec, text=text, **about)


class RunnerEntry(msgspec.Struct, frozen=True):
    """A runner as it was run. `packages` are the versions of its tree where they were chosen here (`unlocked`).

    `not_run_here` are predictions made elsewhere, in the formats that `format` names where they are not all text;
    `markup_as_text` says that many have markup that is scored. `network` is a service that an older boilerbench asked.
    `members` and `votes_needed` make a vote, `ceiling_of` the best of other runners. `remark` is a flag that its run
    came to see.
    """

    version: str = ""
    distribution: str = ""
    options: dict[str, Any] = {}
    digest: str = ""
    unlocked: bool = False
    origin: str = ""
    packages: dict[str, str] = {}
    not_run_here: bool = False
    format: str = ""
    markup_as_text: bool = False
    network: bool = False
    members: tuple[str, ...] = ()
    votes_needed: int = 0
    ceiling_of: tuple[str, ...] = ()
    remark: str = ""


class OptionsEntry(msgspec.Struct, frozen=True):
    """How pages were extracted: processes at once, `locked` or `host`, the first `limit` pages of each set.

    `isolate` says that each page had a process of its own; `confinement` what held the runners, empty where an older
    boilerbench did not say.
    """

    jobs: int = 1
    environment: str = "locked"
    limit: int | None = None
    isolate: bool = False
    confinement: str = ""


class LimitsEntry(msgspec.Struct, frozen=True):
    """What a page might cost."""

    seconds: float | None = None
    memory_bytes: int | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of a run folder or of published results; `outputs` names the predictions that were adopted."""

    schema: int = SCHEMA
    boilerbench: str = ""
    started: str = ""
    sets: tuple[SetEntry, ...] = ()
    outputs: str = ""
    options: OptionsEntry = OptionsEntry()
    limits: LimitsEntry = LimitsEntry()
    runners: dict[str, RunnerEntry] = {}
    machine: dict[str, Any] = {}

    @property
    def whole(self) -> bool:
        """Whether all pages of the run were extracted."""
        return all(each.fingerprint for each in self.sets)

    @property
    def asked(self) -> Manifest:
        """What a run was asked, without when and where: runs with the same give the same extractions."""
        runners = {label: replace(about, remark="") for label, about in self.runners.items()}
        options = replace(self.options, jobs=1)
        return replace(self, started="", machine={}, runners=runners, options=options)

    @property
    def versions(self) -> dict[str, str]:
        """The version of every runner."""
        return {label: about.version for label, about in self.runners.items()}

    @property
    def ceilings(self) -> dict[str, tuple[str, ...]]:
        """The members of every ceiling, by its label."""
        return {label: about.ceiling_of for label, about in self.runners.items() if about.ceiling_of}

    def as_json(self) -> dict[str, Any]:
        """The object that is written, without what does not apply: predictions have no options but a limit of pages."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        found["runners"] = {label: _shortened(about) for label, about in found["runners"].items()}
        left_out = {"outputs"} if self.limits.seconds is not None else {"limits"}
        if self.limits.seconds is None and self.options.limit is None:
            left_out.add("options")
        found["sets"] = [
            {k: v for k, v in about.items() if k not in ("part_of", "metadata") or v} for about in found["sets"]
        ]
        return {key: value for key, value in found.items() if key not in left_out}


def _shortened(about: Mapping[str, Any]) -> dict[str, Any]:
    optional = _SHORT if about["digest"] else (*_SHORT, "distribution", "options", "digest")
    return {key: value for key, value in about.items() if value or key not in optional}
