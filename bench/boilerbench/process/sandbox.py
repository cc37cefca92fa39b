"""Starts a runner's command so that it has no network and nothing of it outlives the harness. Standard library only.

Run as a script by the harness's own interpreter: `python -I -S sandbox.py COMMAND …`. On Linux it enters namespaces of
its own for network and processes (and users, where it is not root) and stays outside as their guardian: the kernel ends
everything inside when the guardian or the harness dies. Where the system forbids namespaces, it replaces itself by the
command; a Python runner is then still held by its audit hook, and the harness kills its process group.

`--online` before the command is for what installs a runner: no namespaces, but on Linux it still dies with the harness.
`--read-only` lets it write into its working folder alone, or leaves with a line that says why that cannot be.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import NoReturn

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG = 1
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
FORBIDDEN = "boilerbench: this system does not let a process have read-only disks of its own"
"""What `--read-only` says where it cannot be."""


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def isolate() -> bool:
    """Enter network and process namespaces; False where the system allows no such thing."""
    if not sys.platform.startswith("linux"):
        return False
    unshare = ctypes.CDLL(None).unshare
    user, group = os.getuid(), os.getgid()
    if unshare(CLONE_NEWNET | CLONE_NEWPID) == 0:
        return True
    if unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID) != 0:
        return False
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def close_disks() -> bool:
    """Leave nothing writable but the working folder and /proc; False where the system allows no such thing."""
    libc, folder = ctypes.CDLL(None), os.fsencode(Path.cwd())

    def set_attributes(place: bytes, flags: int, add: int, clear: int) -> bool:
        found = (ctypes.c_uint64 * 4)(add, clear, 0, 0)
        size = ctypes.c_size_t(ctypes.sizeof(found))
        return bool(libc.syscall(ctypes.c_long(MOUNT_SETATTR), AT_FDCWD, place, flags, found, size) == 0)

    closed = (
        libc.unshare(CLONE_NEWNS) == 0
        and libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) == 0
        and libc.mount(folder, folder, None, MS_BIND, None) == 0
        and set_attributes(b"/", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0)
        and set_attributes(folder, 0, 0, MOUNT_ATTR_RDONLY)
        and set_attributes(b"/proc", 0, 0, MOUNT_ATTR_RDONLY)  # where a child resets its peak of memory
    )
    os.chdir(folder)  # into the mount that stayed writable
    return closed


def wait_for(child: int) -> NoReturn:
    """Let go of the child's pipes, and reap until it ends; then end as it did: its code, or 128 plus its signal."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    while True:
        found, status = os.wait()
        if found == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(128 - code if code < 0 else code)


def guard() -> None:
    """Fork into the new process namespace: this process waits outside, an init reaps inside, the command returns."""
    if init := os.fork():
        wait_for(init)
    die_with_parent()
    if command := os.fork():
        wait_for(command)


def main(command: list[str]) -> NoReturn:
    """Become the command, isolated as far as the system allows."""
    online, read_only = command[0] == "--online", command[0] == "--read-only"
    command = command[1:] if online or read_only else command
    if sys.platform.startswith("linux"):
        die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    isolated = not online and isolate()
    if read_only and not (isolated and close_disks()):
        sys.stderr.write(f"{FORBIDDEN}\n")
        os._exit(126)
    if isolated:
        guard()
    try:
        os.execvp(command[0], command)  # noqa: S606  # no shell is the point
    except OSError as cause:
        sys.stderr.write(f"{command[0]}: {cause.strerror}\n")
        os._exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
