"""What a process may open where it can have no disks of its own: Landlock, which needs no rights."""

from __future__ import annotations

import ctypes
import os
import struct

from . import kernel
from .kernel import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
_READING = EXECUTE | READ_FILE | READ_DIR
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights of files there are, by the version of Landlock that brought the last."""
_NETWORK, _SCOPES = 0b11, 0b11
"""TCP, both to listen and to connect (version 4); abstract sockets and signals of others (version 6)."""
_VERSION, _BENEATH = 1, 1


def version() -> int:
    """Return the version that the kernel has; 0 for none."""
    with suppress(OSError):
        return kernel.system_call("landlock_create_ruleset", None, ctypes.c_size_t(0), _VERSION)
    return 0


def restrict(
    readable: Iterable[str], kept: Iterable[str], writable: Iterable[str], hidden: Iterable[str], *, online: bool
) -> None:
    """Let this process open nothing but these places, and for good; what is hidden only where it is kept or writable.

    `OSError` where that cannot be.
    """
    known = version()
    rights = (1 << max(count for since, count in _RIGHTS.items() if since <= max(known, 1))) - 1
    network = 0 if online or known < 4 else _NETWORK  # noqa: PLR2004  # the version that brought it
    scopes = 0 if online or known < 6 else _SCOPES  # noqa: PLR2004  # the version that brought it
    whole = struct.pack("=QQQ", rights, network, scopes)[: 8 if known < 4 else 16 if known < 6 else 24]  # noqa: PLR2004
    rules = kernel.system_call("landlock_create_ruleset", whole, ctypes.c_size_t(len(whole)), 0)
    covered = {os.path.realpath(each) for each in hidden if os.path.lexists(each)}
    for place in readable:
        for each in _without(os.path.realpath(place), covered):
            _allow(rules, each, _READING)
    for place in kept:
        _allow(rules, place, _READING)
    for place in writable:
        _allow(rules, place, rights)
    kernel.call("prctl", kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    kernel.system_call("landlock_restrict_self", rules, 0)
    os.close(rules)


def _without(place: str, hidden: set[str]) -> Iterator[str]:
    """A place or, where something in it is hidden, all else that is in it."""
    if place in hidden:
        return
    if not any(each.startswith(f"{place.rstrip('/')}/") for each in hidden):
        yield place
        return
    with suppress(OSError):
        for name in os.listdir(place):
            inner = os.path.join(place, name)
            if not os.path.islink(inner):
                yield from _without(inner, hidden)


def _allow(rules: int, place: str, rights: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there need not be opened
    try:
        if not os.path.isdir(place):
            rights &= _OF_FILES
        kernel.system_call("landlock_add_rule", rules, _BENEATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)
