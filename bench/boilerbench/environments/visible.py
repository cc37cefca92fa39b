"""What of this machine's files the children of a runner need: its programs, and what lies beside a runner's file."""

import os
import shutil
import tempfile
from pathlib import Path

NAMES = ("/etc/resolv.conf", "/run/systemd/resolve", "/run/NetworkManager/resolv.conf")
"""How names of hosts are resolved, where that lies outside of /etc."""
_SETTINGS = (
    ".npmrc",
    ".config/pip/pip.conf",
    ".pip/pip.conf",
    ".cargo/config.toml",
    ".config/go/env",
    ".m2/settings.xml",
)
"""Where the tools that install packages keep what registries they ask, below a home."""
_OF_PROGRAMS = ("bin", "sbin", "shims", "libexec")


def programs(*names: str) -> list[str]:
    """Return where programs lie that are on PATH, and what was installed with them."""
    found = map(shutil.which, names)
    return [place for each in filter(None, found) for place in program(Path(each))]


def program(path: Path) -> list[str]:
    """Return where a program lies, and what was installed with it: of it and of what it links to."""
    found, links = [], 0
    while path.is_symlink() and links < 40:  # noqa: PLR2004  # as the kernel follows
        found += [str(path), *_around(path)]
        path = Path(os.path.normpath(path.parent / path.readlink()))
        links += 1
    return [*found, str(path), *_around(path)]


def _around(path: Path) -> list[str]:
    """The folder that has a folder of programs, and its libraries, but nobody's home."""
    whole = path.parent.parent
    if path.parent.name not in _OF_PROGRAMS or _is_wide(whole):
        return []
    return [str(whole)]


def _is_wide(folder: Path) -> bool:
    """Whether a folder holds what has nothing to do with a program or runner in it."""
    homes = {Path.home(), Path.home() / ".local", Path(tempfile.gettempdir()).resolve()}
    return any(each == folder or folder in each.parents for each in homes)


def beside(file: Path) -> list[str]:
    """Return what a runner's file may read: all in its folder or, where that is a wide one, the files there."""
    if not _is_wide(file.parent):
        return [str(file.parent)]
    return [str(each) for each in file.parent.iterdir() if each.is_file()]


def installed() -> list[str]:
    """Return all folders that programs are looked for in, with what was installed with them."""
    found = map(Path, filter(None, os.get_exec_path()))
    return [place for each in found if each.is_dir() for place in (str(each), *_around(each / "any"))]


def toolchains() -> dict[str, str]:
    """Return the variables by which programs find toolchains that lie in the user's home: rustup's, which cargo is."""
    place = Path(os.environ.get("RUSTUP_HOME") or Path.home() / ".rustup")
    return {"RUSTUP_HOME": str(place)} if place.is_dir() else {}


def copy_settings(home: Path) -> None:
    """Copy into a home what the user's has of settings that tools need to find packages."""
    for name in _SETTINGS:
        if (Path.home() / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path.home() / name, home / name)
