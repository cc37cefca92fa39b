"""Places that a runner has no business with, and a child that tries to get to them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boilerbench.process import confinement
from boilerbench.process.confinement import Command
from tests.hostile.attempts import GROUPS, HARMLESS, MODES, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTEMPTS = {f"{group}: {name}": attempt for group, attempts in GROUPS.items() for name, attempt in attempts.items()}
LANDLOCKED = {f"modes: {name}" for name in MODES} | {
    "touches: the harness's priority",
    "writes: more than its folder takes",
}
"""What Landlock does not refuse, as docs/security.md says."""
NOT_LANDLOCKED = {"harmless: shared memory"}
"""What Landlock refuses besides: what lies there is everybody's."""
FILES = {
    "own": "project/own.py",
    "sidecar": "project/rules.json",
    "rival": "project/rival.py",
    "gold": "project/set/gold.txt",
    "history": "project/.git/HEAD",
    "cached": "project/cache/extractions.sqlite3",
    "scores": "project/run/scores",
    "secret": "home/secret",
}
WITHOUT_RIGHTS = """\
import ctypes, os, sys
sys.path.insert(0, sys.argv[1])
from sandbox import kernel
kernel.libc.prctl(24, 21, 0, 0, 0)  # CAP_SYS_ADMIN, as in most containers
os.execv(sys.argv[2], sys.argv[2:])
"""
FULL = """\
import json, sys
from boilerbench.process import confinement
from boilerbench.process.confinement import Command
plan, folder, arguments = json.load(sys.stdin)
out, err = confinement.start(plan, arguments, cwd=folder, env={"PATH": "/usr/bin:/bin"}).communicate()
print(out.decode(), err.decode(), sep="\\n")
"""


@dataclass
class Machine:
    """A folder with these files, servers that listen, and what attempts have to know of them."""

    folder: Path
    given: dict[str, str | int]
    servers: tuple[socket.socket, ...]

    def told(self, how: str) -> dict[str, str]:
        """Return what a child says of every attempt, held in a way: how it was refused, or nothing."""
        attempts = {**{f"harmless: {name}": each for name, each in HARMLESS.items()}, **ATTEMPTS}
        given = self.given | {"harness": os.getpid()}
        arguments = (sys.executable, "-I", "-c", SCRIPT, json.dumps(given), json.dumps(attempts))
        code = Path(confinement.__file__).parent
        sees = (str(self.folder / "project"), str(code), sys.prefix, sys.base_prefix)
        layer = "landlock" if how == "landlock" else "namespaces"
        with tempfile.TemporaryDirectory() as folder:
            plan = confinement.plan(Command(arguments, (str(given["own"]),), sees, how == "everything"), folder, layer)
            plan["hidden"] += [str(self.folder / "project" / name) for name in ("set", "cache", "run")]
            plan["own"] += sees * (how == "everything")
            start, whole = [sys.executable, "-c", FULL], json.dumps([plan, folder, arguments])
            if how == "without rights":
                start = [sys.executable, "-I", "-S", "-c", WITHOUT_RIGHTS, str(code), *start]
            told = subprocess.run(start, input=whole, capture_output=True, check=False, encoding="utf-8", timeout=60)
        found = dict(json.loads(line) for line in told.stdout.splitlines() if line.startswith('["'))
        assert list(found) == list(attempts), told
        return found

    def connections(self) -> int:
        """Count those who came to the servers, since this was asked last."""
        found = 0
        for server in self.servers:
            server.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    server.accept()[0].close()
                    found += 1
        return found


@contextmanager
def laid_out(folder: Path) -> Iterator[Machine]:
    """Make one in a folder."""
    for name in FILES.values():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("secret")
    given: dict[str, str | int] = {name: str(folder / place) for name, place in FILES.items()}
    given |= {each: str(folder / "project" / each) for each in ("set", "cache", "run")}
    given |= {
        "code": confinement.__file__,
        "temporary": tempfile.gettempdir(),
        "abstract": f"boilerbench-{os.getpid()}",
    }
    given["disk"] = next(
        (str(each) for each in Path("/dev").glob("[vsn][dv][a-z]*") if each.is_block_device()), "/dev/sda"
    )
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0)))]
        for address in (str(folder / "home" / "socket"), "\0" + str(given["abstract"])):
            servers.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
            servers[-1].bind(address)
            servers[-1].listen()
        given |= {"port": servers[0].getsockname()[1], "socket": str(folder / "home" / "socket")}
        yield Machine(folder, given, tuple(servers))


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return what is in a folder: the bytes of every file, and the folders."""
    return {str(each): each.read_bytes() if each.is_file() else None for each in folder.rglob("*")}
