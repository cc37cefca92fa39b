"""The calls of Linux that the standard library of every Python lacks, through ctypes."""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x20000,
    0x8000000,
    0x10000000,
    0x20000000,
    1 << 30,
)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
MNT_DETACH, SIGKILL = 2, 9
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 1, 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 4, 24, 28
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
_NUMBERS = {
    "x86_64": {"pivot_root": 155},
    "aarch64": {"pivot_root": 41},
    "": {"mount_setattr": 442, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446},
}
"""System calls that glibc has no function for: by machine, and those with one number on all."""
_CAPABILITIES = 0x20080522
"""The version of the structures of capset(2)."""
_MOST_CAPABILITIES = 64
OF_FILES = 0b11011011
"""Capabilities to own, read and change files of other users, and to become these: what unpacks archives wants them."""
_NO_ROOT = 0b11101111
"""All of securebits(7), locked: user 0 is no one special, whatever it executes."""

libc = ctypes.CDLL(None, use_errno=True)


class suppress:  # noqa: N801  # as in contextlib, which takes longer to load than all of this
    """Go on behind a block in which one of some errors was raised."""

    def __init__(self, *errors: type[BaseException]) -> None:
        self._errors = errors

    def __enter__(self) -> None:
        """Nothing is to be done."""

    def __exit__(self, kind: type[BaseException] | None, *_about: object) -> bool:
        return kind is not None and issubclass(kind, self._errors)


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library; `OSError` where it fails."""
    return _checked(getattr(libc, name)(*arguments), name)


def system_call(name: str, *arguments: object) -> int:
    """Make a system call; `OSError` where it fails, or has no known number on this machine."""
    number = (_NUMBERS.get(os.uname().machine, {}) | _NUMBERS[""]).get(name)
    if number is None:
        raise OSError(0, "no known number on this machine", name)
    return _checked(libc.syscall(ctypes.c_long(number), *arguments), name)


def _checked(result: int, name: str) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)
    return result


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Make a mount."""
    named = (each.encode() if each else None for each in (kind, data))
    call("mount", os.fsencode(source), os.fsencode(target), next(named), ctypes.c_ulong(flags), next(named))


def close_for_writing(place: str) -> None:
    """Make the mount at a place read-only, and those below it; no program there gives its owner's rights."""
    _set_attributes(place, AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0)


def open_for_writing(place: str) -> None:
    """Let the mount at a place be written to again."""
    _set_attributes(place, 0, 0, MOUNT_ATTR_RDONLY)


def _set_attributes(place: str, flags: int, added: int, removed: int) -> None:
    found = (ctypes.c_uint64 * 4)(added, removed, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(found))
    system_call("mount_setattr", AT_FDCWD, os.fsencode(place), flags, found, size)


def die_with_parent(signal: int = SIGKILL) -> None:
    """Ask to be sent a signal when the parent dies."""
    call("prctl", PR_SET_PDEATHSIG, signal)


def drop_rights(kept: int = 0) -> None:
    """Give up all capabilities but these bits for good, for what is executed too."""
    for number in range(_MOST_CAPABILITIES):
        if not kept >> number & 1:
            libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)  # who may not, has none that could be gained
    if not kept:
        libc.prctl(PR_SET_SECUREBITS, _NO_ROOT, 0, 0, 0)
    call("capset", (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)(kept, kept))
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
