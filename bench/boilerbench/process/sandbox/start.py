"""Starts a command so that it sees and reaches nothing it has no business with, and nothing of it outlives the harness.

The bare interpreter of the harness runs `main` with the command and a descriptor, which gives a `Plan`. With
`namespaces` it stays outside as their guardian: the kernel ends all inside when the guardian or the harness dies.
Elsewhere on Linux the guardian ends what it can find; the command is held by Landlock where there is such a thing.
"""

from __future__ import annotations

import errno
import marshal
import os
import resource
import sys

from . import disks, kernel, landlock, sockets
from .kernel import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn, TypedDict

    class Plan(TypedDict):
        """How a command is to be held.

        Of the system's files and those of `sees` it can read what is not `hidden`, of `own` everything; all files
        where `everything`. It can write into `folder`, which takes so many bytes in memory (0: it is on disk), and
        into `writes`.
        """

        layer: str
        online: bool
        everything: bool
        sees: list[str]
        own: list[str]
        hidden: list[str]
        writes: list[str]
        folder: str
        size: int


LAYERS = ("namespaces", "landlock", "none")
"""What can hold a command, the strongest first."""
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix", "/gnu")
"""Where systems keep their programs and libraries."""
MACHINE = ("/sys/devices/system", "/sys/fs/cgroup")
SECRETS = (
    *("/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-"),
    *("/etc/sudoers", "/etc/sudoers.d", "/etc/ssh", "/etc/ssl/private"),
)
MEETING = ("/run", "/var/run", "/tmp", "/var/tmp")  # nothing is put there
"""Where other processes leave their sockets and files."""
UNCONFINED = 125
"""The exit code of a command that could not be confined as the plan has it."""


def main(descriptor: int, command: list[str]) -> NoReturn:
    """Become the command, held as planned; where that cannot be, say so and leave. Without a command, only try it."""
    with os.fdopen(descriptor, "rb") as stream:
        plan: Plan = marshal.load(stream)  # noqa: S302  # the harness wrote it
    if sys.platform.startswith("linux"):
        kernel.die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        if plan["layer"] == "namespaces":
            _in_namespaces(plan)
        elif sys.platform.startswith("linux"):
            _in_place(plan)
    except OSError as cause:
        told = " ".join(map(str, filter(None, (cause.filename, cause.strerror))))
        sys.stderr.write(f"boilerbench: it cannot be confined here: {told}\n")
        sys.stderr.flush()
        os._exit(UNCONFINED)
    if not command:
        os._exit(0)
    why = _become(command)
    sys.stderr.write(f"{command[0]}: {why.strerror}\n")
    sys.stderr.flush()
    os._exit(127)


def _become(command: list[str]) -> OSError:
    """Become a command, as `os.execvp` does, which loads modules that cannot be seen here; or why that cannot be."""
    folders = [""] if "/" in command[0] else os.environ.get("PATH", os.defpath).split(os.pathsep)
    why = OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    for folder in folders:
        try:
            os.execv(os.path.join(folder, command[0]), command)  # noqa: S606  # no shell is the point
        except OSError as cause:
            if cause.errno not in (errno.ENOENT, errno.ENOTDIR):
                why = cause
    return why


def _in_namespaces(plan: Plan) -> None:
    """Enter namespaces, and return there as a process without rights, behind an init that reaps."""
    wanted = kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWIPC
    _enter(wanted | (0 if plan["online"] else kernel.CLONE_NEWNET))
    if init := os.fork():
        _wait_for(init)
    kernel.die_with_parent()
    _change_disks(plan)
    kernel.drop_rights(kernel.OF_FILES if plan["online"] else 0)
    if not plan["online"]:
        sockets.restrict((sockets.AF_UNIX, sockets.AF_INET, sockets.AF_INET6, sockets.AF_NETLINK))
    if command := os.fork():
        kernel.call("prctl", kernel.PR_SET_DUMPABLE, 0, 0, 0, 0)
        _wait_for(command)


def _enter(wanted: int) -> None:
    user, group = os.getuid(), os.getgid()
    with suppress(OSError):
        kernel.call("unshare", wanted)
        return
    kernel.call("unshare", wanted | kernel.CLONE_NEWUSER)
    for name, content in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as stream:
            stream.write(content)


def _change_disks(plan: Plan) -> None:
    here = os.getcwd()
    found = disks.Disks(plan["folder"], everything=plan["everything"])
    found.hold([*plan["own"], *plan["writes"]])
    for place in (*SYSTEM, *MACHINE, *plan["sees"]):
        found.show(place)
    for place in (*SECRETS, *plan["hidden"], *(MEETING if plan["everything"] else ())):
        found.hide(place)
    found.show_held()
    found.close(plan["writes"], plan["size"])
    found.enter(here)


def _in_place(plan: Plan) -> None:
    """Stay where it is, and give up what can be given up without rights."""
    _reaped()
    if plan["layer"] == "landlock":
        _restrict_files(plan)
    if not plan["online"]:
        kernel.drop_rights()
        try:
            sockets.restrict(())
        except OSError:
            if plan["layer"] != "none":  # which is called so
                raise


def _restrict_files(plan: Plan) -> None:
    everything = plan["everything"]
    readable = ["/"] if everything else [*SYSTEM, *MACHINE, *plan["sees"]]
    hidden = [*SECRETS, *plan["hidden"], *(("/proc", "/dev", *MEETING) if everything else ())]
    kept = [*plan["own"], *disks.PROCESSES]
    writable = [plan["folder"], "/proc/self", *plan["writes"], *(f"/dev/{each}" for each in disks.DEVICES)]
    landlock.restrict(readable, kept, writable, hidden, online=plan["online"])


def _reaped() -> None:
    """Return as a process behind one that ends all it has left when it ends, or the harness does.

    What left its session and its parent is a child of that one.
    """
    import signal  # takes a while, and the guardian of namespaces needs it not

    kernel.call("prctl", kernel.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if command := os.fork():
        signal.signal(signal.SIGTERM, _end_and_leave)
        kernel.die_with_parent(signal.SIGTERM)
        _wait_for(command, _end_all)
    kernel.die_with_parent()


def _end_and_leave(*_about: object) -> NoReturn:
    _end_all()
    os._exit(0)


def _end_all() -> None:
    """Kill the children of this process, and theirs, which become its own then."""
    while children := _children():
        for each in children:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(each, kernel.SIGKILL)
        with suppress(ChildProcessError):
            os.wait()


def _children() -> list[int]:
    own = f"PPid:\t{os.getpid()}\n"
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{name}/status", encoding="utf-8", errors="replace") as stream:
            if own in stream.read():
                found.append(int(name))
    return found


def _wait_for(child: int, then: Callable[[], object] = int) -> NoReturn:
    """Let go of the child's pipes, and reap until it ends; then end as it did: its code, or 128 plus its signal."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    while True:
        found, status = os.wait()
        if found == child:
            then()
            code = os.waitstatus_to_exitcode(status)
            os._exit(128 - code if code < 0 else code)
