"""The one-line identity of a number: everything it depends on beside the runner."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class Signature:
    """`fingerprint` is the first 12 digits of the set's; `metric` has its parameters."""

    set: str = ""
    version: str = ""
    fingerprint: str = ""
    policy: str = ""
    metric: str = ""
    failures: str = ""
    bootstrap: str = ""
    seed: str = ""
    boilerbench: str = ""

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Take a line apart; what a newer boilerbench may have added is left out."""
        parts = dict(part.partition(":")[::2] for part in line.split("|"))
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in parts.items() if key in known})

    @property
    def metric_name(self) -> str:
        """The metric without its parameters."""
        return self.metric.partition("(")[0]

    @property
    def parts(self) -> dict[str, str]:
        """What it says, by key, in the order of the line."""
        return {key: value for key, value in asdict(self).items() if value}

    def __str__(self) -> str:
        return "|".join(f"{key}:{value}" for key, value in self.parts.items())
