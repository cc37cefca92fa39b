"""Systems as others have them: root's or an ordinary user's, with namespaces for users or without.

`python worlds.py WORLD HOME COMMAND…` becomes a command in one, which finds this project and its Python, and can write
into HOME and the temporary folder. Linux; root can make all of them, an ordinary user those of an ordinary user.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from boilerbench.process.sandbox import kernel

if TYPE_CHECKING:
    from collections.abc import Iterable

USER, WITHOUT = "an ordinary user", "without namespaces"
WORLDS = {"root": (), "root, no namespaces": (WITHOUT,), "user": (USER,), "user, no namespaces": (WITHOUT, USER)}
UID = 61_234
CAP_SYS_ADMIN = 21
_MAPPED = 65_536
ROOT = Path(__file__).parents[2]


def possible(world: str) -> bool:
    """Whether whoever asks can make this world."""
    return sys.platform == "linux" and (os.getuid() == 0 or USER in WORLDS[world])


def enter(world: str, home: str) -> None:
    """Make this process one of a world. It has to be the only thread of its process."""
    os.chdir("/")
    as_root = os.getuid() == 0
    if as_root and USER in WORLDS[world]:
        os.chown(home, UID, UID)
    if WITHOUT in WORLDS[world]:
        _forbid_namespaces(_MAPPED if as_root else 1)
    if as_root and USER in WORLDS[world]:
        _show((sys.prefix, sys.base_prefix, str(ROOT), home))
        os.setgroups([])
        os.setgid(UID)
        os.setuid(UID)


def _forbid_namespaces(mapped: int) -> None:
    """Go where nobody may make a namespace for users, and root none at all, as in most containers."""
    user, group, process = os.getuid(), os.getgid(), os.getpid()
    begun, ready = os.pipe()
    if not (helper := os.fork()):
        os.read(begun, 1)
        if os.getuid():
            Path(f"/proc/{process}/setgroups").write_text("deny")
        Path(f"/proc/{process}/uid_map").write_text(f"{user} {user} {mapped}")
        Path(f"/proc/{process}/gid_map").write_text(f"{group} {group} {mapped}")
        os._exit(0)
    kernel.call("unshare", kernel.CLONE_NEWUSER)
    os.write(ready, b"x")
    os.waitpid(helper, 0)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    kernel.call("prctl", kernel.PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0)


def _show(places: Iterable[str]) -> None:
    """Let everybody go to these places, also where they lie in somebody's home: it shows nothing else then."""
    kernel.call("unshare", kernel.CLONE_NEWNS)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    held = {place: os.open(place, os.O_PATH) for place in places}
    for place in places:
        for above in reversed(Path(place).parents):
            if not above.stat().st_mode & 1:
                kernel.mount("none", str(above), "tmpfs", 0, "mode=755")
                break
    for place, descriptor in held.items():
        if not Path(place).exists():
            Path(place).mkdir(parents=True)
            kernel.mount(f"/proc/self/fd/{descriptor}", place, flags=kernel.MS_BIND | kernel.MS_REC)


if __name__ == "__main__":
    enter(*sys.argv[1:3])
    os.environ |= {"HOME": sys.argv[2], "BOILERBENCH_CACHE": f"{sys.argv[2]}/cache"}
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606  # no shell is the point
