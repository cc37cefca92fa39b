"""The one-line identity of a number: everything it depends on beside the runner."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from boilerbench import __version__
from boilerbench.storage.manifest import SetEntry


@dataclass(frozen=True)
class Signature:
    """`fingerprint` is the first 12 digits of the set's, `text` as in `SetEntry`; `metric` has its parameters.

    `metadata` is that of a number which depends on gold for it.
    """

    set: str = ""
    version: str = ""
    fingerprint: str = ""
    policy: str = ""
    metric: str = ""
    failures: str = ""
    bootstrap: str = ""
    seed: str = ""
    boilerbench: str = ""
    text: str = ""
    metadata: str = ""

    @classmethod
    def of(cls, about: SetEntry, policy: str, metric: str, failures: str, **draws: str) -> Signature:
        """Sign a number of a set; `draws` are `bootstrap` and `seed` where it has an interval."""
        of_set = (about.name, about.version or "none", about.fingerprint[:12])
        return cls(*of_set, policy, metric, failures, boilerbench=__version__, text=about.text, **draws)

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
