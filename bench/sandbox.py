"""Starts a runner's command so that it has no network and nothing of it outlives the harness. Standard library only.

Run as a script by the harness's own interpreter: `python -I -S sandbox.py COMMAND …`. On Linux it enters namespaces of
its own for network and processes (and users, where it is not root) and stays outside as their guardian: the kernel ends
everything inside when the guardian or the harness dies. Where the system forbids namespaces, it replaces itself by the
command; a Python runner is then still held by its audit hook, and the harness kills its process group.

`--online` before the command is for what installs a runner: no namespaces, but on Linux it still dies with the harness.
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

CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG = 1


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


def wait_for(child: int) -> NoReturn:
    """Reap until the child ends, then end as it did: its code, or 128 plus its signal."""
    while True:
        found, status = os.wait()
        if found == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(128 - code if code < 0 else code)


def guard() -> None:
    """Fork into the new process namespace: this process waits outside, an init reaps inside, the command returns."""
    init = os.fork()
    if init:
        close_pipes()
        wait_for(init)
    die_with_parent()
    command = os.fork()
    if command:
        close_pipes()
        wait_for(command)


def close_pipes() -> None:
    """Let go of the command's pipes, so that their ends are the command's own."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)


def main(command: list[str]) -> NoReturn:
    """Become the command, isolated as far as the system allows."""
    online = command[0] == "--online"
    if online:
        command = command[1:]
    if sys.platform.startswith("linux"):
        die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not online and isolate():
        guard()
    try:
        os.execvp(command[0], command)  # noqa: S606  # no shell is the point
    except OSError as cause:
        sys.stderr.write(f"{command[0]}: {cause.strerror}\n")
        os._exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
