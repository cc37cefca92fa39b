"""A filter of system calls (seccomp): which kinds of sockets may be made, and no way into other processes."""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from . import kernel

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""What the kernel calls a machine."""
_NUMBERS = {
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}
"""System calls that are refused, but for some sockets, with their numbers on these machines.

Rings make sockets without a call, keys outlive namespaces, and the others lead into other processes or the kernel.
"""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
"""Where they stand in what a filter is shown of a call."""
_X32 = 0x40000000
"""From this number on calls are those of another interface of the same machine."""
_PR_SET_SECCOMP, _FILTER = 22, 2


def restrict(families: tuple[int, ...]) -> None:
    """Refuse sockets but of some families and in pairs, and other calls; for good. `OSError` where this cannot be."""
    machine = os.uname().machine
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no filter of system calls is known for {machine}")
    numbers = {name: each[list(_MACHINES).index(machine)] for name, each in _NUMBERS.items()}
    steps = _program(_MACHINES[machine], numbers, families)
    program = b"".join(struct.pack("=HBBI", *each) for each in steps)
    held = ctypes.create_string_buffer(program)
    whole = struct.pack("@HP", len(steps), ctypes.addressof(held))
    kernel.call("prctl", kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    kernel.call("prctl", _PR_SET_SECCOMP, _FILTER, whole, 0, 0)


def _program(machine: int, numbers: dict[str, int], families: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """The filter. A step is what is done, how many are left out where a comparison holds or not, and a value."""
    refused = [number for name, number in numbers.items() if name != "socket"]
    return [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        *(step for each in refused for step in ((_EQUAL, 0, 1, each), (_RETURN, 0, 0, _REFUSE | errno.EPERM))),
        (_EQUAL, 1, 0, numbers["socket"]),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *(step for each in families for step in ((_EQUAL, 0, 1, each), (_RETURN, 0, 0, _ALLOW))),
        (_RETURN, 0, 0, _REFUSE | errno.EAFNOSUPPORT),
    ]
