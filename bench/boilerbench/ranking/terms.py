"""What leaderboards are called, signed and cut by, known before anything heavy is loaded."""

from boilerbench.model import FIELDS, TRAITS
from boilerbench.storage.manifest import SetEntry
from boilerbench.storage.signature import Signature

SLICES = {
    "language": "language",
    "page-type": "page_type",
    "set": "set",
    "charset": "encoding",
    "length": "length",
    "complexity": "complexity",
    **{name: name for name in TRAITS},
}
"""A slice's name, and the column of the pages' table that holds it."""

UNKNOWN = "unknown"
"""The slice of pages that do not say."""

SCHEMA = 1
"""Of leaderboards as JSON: raised when a column is renamed, moved or given another meaning."""

POOLED = BY_PAGE, BY_SET = "all:pages", "all:sets"
"""What stands in the place of a set where all sets are taken together: each page counts the same, or each set does."""

UNKNOWN_SITES = "sites-unknown"
"""The flag of every row about a set with pages whose site is unknown; behind it, how many these are."""

GOLD = "gold"
"""The flag of every row about a set of whose pages a metric could measure some alone; behind it, `N/M`."""

FAILURE_RULE = "zero"
"""A failed extraction scores 0, whatever the gold; a mean leaves it out only where the metric's own definition does."""


def signature(about: SetEntry, policy: str, metric: str, *, rounds: int = 1000, seed: int = 0) -> Signature:
    """Everything a number depends on beside the runner."""
    from boilerbench import metrics  # they load numpy

    found = metrics.get(metric)
    named = f"{metric}({found.parameters})" if found.parameters else metric
    of_metadata = about.metadata[:12] if {*FIELDS}.intersection(found.view.fields) else ""
    draws = {"bootstrap": str(rounds), "seed": str(seed)}
    return Signature.of(about, policy, named, FAILURE_RULE, **draws, metadata=of_metadata)
