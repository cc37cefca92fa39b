"""What a child says it has measured: taken where somebody can have measured it, or the reply breaks the protocol."""

from dataclasses import dataclass
from functools import cache

import psutil

_SLACK = 1.0
"""Seconds by which the clocks of a child and of the harness may differ."""
_UNTOLD, _UNTOLD_OF_A_PAGE = 1.0, 0.02
"""Seconds of CPU time that a child may use besides: to take pages and to reply takes a few milliseconds each."""


def seconds(key: str, value: object, most: float) -> float | None:
    """Return seconds of wall or CPU time, None for none; `ValueError` for what is no number, or more than `most`."""
    if value is None or (
        isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most + _SLACK
    ):
        return value
    raise ValueError(f"'{key}' is {str(value)[:40]}, not seconds that have passed")


def memory(key: str, value: object) -> int | None:
    """Return bytes, None for none; `ValueError` for what is no whole number, or more than the machine has."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _of_this_machine()):
        return value
    raise ValueError(f"'{key}' is {str(value)[:40]}, not bytes of memory")


@cache
def _of_this_machine() -> int:
    return psutil.virtual_memory().total


@dataclass
class Account:
    """Seconds of CPU time that children `told` of for some pages, and `used` in all since they were ready."""

    pages: int = 0
    told: float = 0.0
    used: float = 0.0

    @property
    def differs(self) -> bool:
        """Whether far more was used than told: more than twice as much, by a second, and by 20 ms a page."""
        return self.used - self.told > max(self.told, _UNTOLD, _UNTOLD_OF_A_PAGE * self.pages)
