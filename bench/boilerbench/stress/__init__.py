"""In: pages with gold. Out: the same pages damaged on purpose, as a set, and how F1 falls as the dose of that grows.

Not here: how pages are extracted and scored, which is as ever. Stressors, ours and those of other distributions, come
through the entry points `boilerbench.stressors`, each of which names a tuple of them.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from boilerbench import plugins
from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.stress.document import DOSES, Document, Paragraph, Stressor

__all__ = ["DOSES", "Document", "Paragraph", "Stressor", "family_names", "known", "select"]


@cache
def known() -> dict[str, Stressor]:
    """Every stressor by name, family by family; of two with one name ours, or the first.

    Without what cannot be loaded, which `plugins.broken` tells of. `UsageError` where something else is offered.
    """
    found: dict[str, Stressor] = {}
    for entry in plugins.by_name(plugins.STRESSORS).values():
        if plugins.is_ours(entry) or not plugins.cannot_load(entry):
            offered = entry.load()
            if not (isinstance(offered, tuple) and all(isinstance(each, Stressor) for each in offered)):
                raise UsageError(f"{plugins.owner(entry)} offers no tuple of boilerbench.stress.Stressor")
            for each in offered:
                found.setdefault(each.name, each)
    return found


def family_names() -> list[str]:
    """The names of the families that they are of."""
    return list(dict.fromkeys(each.family for each in known().values()))


def select(names: Collection[str] = ()) -> list[Stressor]:
    """The stressors of these names or families; without a name all. `UnknownNameError` for a name of neither."""
    for name in names:
        if name not in known() and name not in family_names():
            raise UnknownNameError("stress family", name, [*family_names(), *known()])
    return [each for each in known().values() if not names or each.name in names or each.family in names]
