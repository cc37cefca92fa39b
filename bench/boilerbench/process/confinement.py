"""What holds the children of this process, and what they may see: the harness's side of `sandbox`."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerbench.files import cache_folder, sets_folder, shipped
from boilerbench.process.sandbox import start as sandbox
from boilerbench.storage import temporary

if TYPE_CHECKING:
    from boilerbench.process.sandbox.start import Plan


FULL = "full"
_PARTLY = {
    "namespaces": FULL,
    "landlock": "partial: no namespaces; runners can change modes of files, and see which processes there are",
    "none": "none: this system has neither namespaces nor Landlock that it lets a process use",
}
TEMPORARY_SIZE = 512 << 20
"""Bytes that the folder of a child takes."""
_BEGIN = (
    "import sys; sys.path.append(sys.argv[1]); from sandbox.start import main; main(int(sys.argv[2]), sys.argv[3:])"
)
_VARIABLES = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
)
_ABOUT = (
    "LC_",
    "SSL_CERT_",
    "UV_",
    "PIP_",
    "NPM_CONFIG_",
    "NODE_EXTRA_CA_",
    "CARGO_",
    "RUSTUP_",
    "GO",
    "JAVA_",
    "MAVEN_",
    "GIT_SSL_",
)
_ANY_CASE = (
    "npm_config_",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "requests_ca_bundle",
    "curl_ca_bundle",
)
_SECRET = ("TOKEN", "PASSWORD", "SECRET", "PUBLISH")

_hidden: dict[str, None] = {}


def hide(*places: Path) -> None:
    """Let no child that is started from now on see these files and folders."""
    _hidden.update(dict.fromkeys(str(place.absolute()) for place in places))


def hidden() -> list[str]:
    """Return what no child may see: caches, sets, and what `hide` was told."""
    return [*map(str, (cache_folder(), sets_folder(), shipped("goldset"))), *_hidden]


@dataclass(frozen=True)
class Command:
    """What starts a child, and what that can read beside the system's files.

    `sees` are files and folders but for what is hidden, `own` such as are shown in any case. All of the disks are,
    but for what is hidden, where `everything`: in an environment of the user's own, which can lie anywhere.
    """

    arguments: tuple[str, ...]
    own: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    everything: bool = False


def plan(command: Command, folder: str, layer: str) -> Plan:
    """Return how a child is held that can write into this folder alone, by a layer."""
    return {
        "layer": layer,
        "online": False,
        "everything": command.everything,
        "sees": [*command.sees],
        "own": [*command.own],
        "hidden": [*hidden(), *(f"{place}/.git" for place in command.sees)],
        "writes": [],
        "folder": folder,
        "size": TEMPORARY_SIZE,
    }


def unheld() -> Plan:
    """Return how a program of the user's is started, which has the user's rights."""
    return {**plan(Command(()), "", "none"), "online": True}


def for_setup(command: Command, folder: Path, home: str) -> Plan:
    """Return how the setup of a runner is held: with the network, writing into the runner's folder and a home alone."""
    held = plan(command, home, layer())
    return {**held, "online": True, "writes": [str(folder)], "size": 0}


def start(held: Plan, command: Sequence[str], **how: Any) -> subprocess.Popen[Any]:
    """Start a command held by a plan, in a session of its own and with pipes; `how` is what `Popen` takes besides."""
    with tempfile.TemporaryFile() as told:
        told.write(marshal.dumps(dict(held)))
        told.seek(0)
        begin = [sys.executable, "-I", "-S", "-c", _BEGIN, str(Path(__file__).parent), str(told.fileno())]
        how |= dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | {"pass_fds": [told.fileno()]}
        return subprocess.Popen([*begin, *command], start_new_session=True, **how)  # noqa: S603  # it is asked for


@cache
def layer() -> str:
    """Return what holds children on this machine: of `sandbox.LAYERS` the first that does, as was tried."""
    return next((each for each in sandbox.LAYERS[:-1] if not reason_against(each)), sandbox.LAYERS[-1])


def reason_against(layer: str) -> str:
    """Return why a layer cannot hold a child here; empty where it can."""
    with temporary.Folder() as folder:
        tried = start(plan(Command(()), folder, layer), [], cwd=folder)
        return tried.communicate()[1].decode(errors="replace").strip() or "it does not start" * bool(tried.returncode)


def level() -> str:
    """Return how children are confined here, as manifests say it: `full`, or `partial` or `none`, with why."""
    return _PARTLY[layer()]


def variables(of: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that what installs a runner is given: what it needs to find programs and registries."""
    return {
        name: value
        for name, value in of.items()
        if (name in _VARIABLES or name.startswith(_ABOUT) or name.lower().startswith(_ANY_CASE))
        and not any(part in name.upper() for part in _SECRET)
    }


def of_this_python() -> list[str]:
    """Return where the harness's own interpreter finds its modules."""
    found = map(Path, dict.fromkeys([sys.prefix, sys.base_prefix, *sys.path]))
    return [str(each.absolute()) for each in found if each.is_dir()]
