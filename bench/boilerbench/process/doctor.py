"""What confines runners on this machine, found out by a child that tries what no runner should be able to do."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from boilerbench.files import cache_folder
from boilerbench.process import confinement
from boilerbench.process.confinement import FULL, Command
from boilerbench.storage import temporary

MENDS = {
    "namespaces": "as root: sysctl -w user.max_user_namespaces=15000, and where there is such a thing "
    "kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0; "
    "in a container: --security-opt seccomp=unconfined, or CAP_SYS_ADMIN",
    "landlock": "a Linux of 5.13 or newer that has landlock among /sys/kernel/security/lsm",
}
"""What to do where a layer is missing."""
_ATTEMPTS = {
    "files of others": "open(given['secret']).read()",
    "to write beside its folder": "open(given['beside'], 'w')",
    "the harness's variables": "open(f\"/proc/{given['harness']}/environ\").read()",
    "the network": "socket.create_connection(('127.0.0.1', given['port']), 2)",
    "a socket in a folder": "socket.socket(socket.AF_UNIX).connect(given['socket'])",
    "other processes": "os.kill(given['harness'], 0)",
}
"""What a child tries, as it is done in Python: `given` are the places."""
_TRIES = """\
import json, os, socket, sys
given, attempts = json.loads(sys.argv[1]), json.loads(sys.argv[2])
for name, attempt in attempts.items():
    try:
        exec(attempt)
        print(json.dumps([name, ""]))
    except Exception as cause:
        print(json.dumps([name, f"{type(cause).__name__}: {cause}"]))
"""


class Finding(NamedTuple):
    """One thing that was looked at: whether it is as it should be, and what was seen or is to be done."""

    name: str
    holds: bool
    note: str


def look() -> list[Finding]:
    """Return what there is of layers, and what a child was refused by the one that is used."""
    used = confinement.layer()
    layers = [
        Finding(layer, not against, against or ("used" if layer == used else "not needed"))
        for layer in MENDS
        for against in [confinement.reason_against(layer)]
    ]
    found = [each if each.holds else each._replace(note=f"{each.note}; {MENDS[each.name]}") for each in layers]
    needless = used == "namespaces"
    found = [each for each in found if each.holds or not (needless and each.name == "landlock")]
    return [*found, *_attempts(), Finding("confinement", confinement.level() == FULL, confinement.level())]


def _attempts() -> Iterator[Finding]:
    """What a child tried, and how it was refused."""
    with temporary.Folder() as beside, temporary.Folder() as folder:
        secret, meeting = Path(beside) / "secret", Path(beside) / "socket"
        secret.write_text("secret")
        with closing(socket.create_server(("127.0.0.1", 0))) as server, closing(socket.socket(socket.AF_UNIX)) as local:
            local.bind(str(meeting))
            local.listen()
            given = {
                "secret": str(secret),
                "beside": f"{beside}/written",
                "harness": os.getpid(),
                "port": server.getsockname()[1],
                "socket": str(meeting),
            }
            arguments = (sys.executable, "-I", "-c", _TRIES, json.dumps(given), json.dumps(_ATTEMPTS))
            sees = (sys.prefix, sys.base_prefix, str(Path(sys.executable).parent))
            held = confinement.plan(Command(arguments, sees=sees), folder, confinement.layer())
            told = confinement.start(held, arguments, cwd=folder, env={}).communicate()[0]
    for name, refusal in map(json.loads, told.splitlines()):
        yield Finding(name, bool(refusal), refusal or "a runner reaches it")


def places() -> dict[str, str]:
    """Return where things lie that a user may look for."""
    return {"cache": str(cache_folder()), "Python": sys.executable, "temporary folders": tempfile.gettempdir()}
