"""A small extractor as a source tree, built by a backend of its own, so that no index is needed."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BACKEND = """\
import pathlib, zipfile
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    version = pathlib.Path("VERSION").read_text().strip()
    info = f"small_kit-{version}.dist-info"
    name = f"small_kit-{version}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        wheel.write("small_kit.py")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: small-kit\\nVersion: {version}\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/entry_points.txt", "[boilerbench.runners]\\nsmall = small_kit\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small-kit"
dynamic = ["version"]
"""
RUNNER = '''\
# /// script
# requires-python = ">=3.10"
# dependencies = ["small-kit==0.1"]
# ///
"""What small-kit says of a page."""
DISTRIBUTION = "small-kit"
INPUT = "text"
FORMAT = "text"


def extract(html, url=None):
    import small_kit

    return small_kit.say(html)
'''


def make_package(folder: Path, version: str, says: str) -> Path:
    """Write the source tree of `small-kit`, whose answer to every page is `says`."""
    folder.mkdir(parents=True)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "VERSION").write_text(version + "\n")
    (folder / "small_kit.py").write_text(f"def say(html):\n    return {says!r}\n")
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as somebody."""
    person = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(
        command, env=os.environ | person, check=True, capture_output=True, encoding="utf-8"
    ).stdout.strip()


def repository(folder: Path) -> str:
    """Commit all that is in a folder into a repository of its own; return the commit."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "first")
    return git(folder, "rev-parse", "HEAD")


def install_plugin(site: Path, name: str, module: str, group: str, offers: str) -> None:
    """Lay an installed distribution into a folder of the search path: one module, and what its entry points offer."""
    stem = name.replace("-", "_")
    info = site / f"{stem}-1.0.dist-info"
    info.mkdir(parents=True)
    (site / f"{stem}.py").write_text(module)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{offers}\n")
