"""The real command in a process of its own, and small sets and runners for it."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerbench.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from boilerbench.model import Extraction

COMMAND = str(Path(sysconfig.get_path("scripts")) / "boilerbench")
HEAD = '"""A runner of these tests."""\nDISTRIBUTION = ""\nINPUT = "text"\nFORMAT = "text"\n'


def boilerbench(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    given = {"capture_output": True, "encoding": "utf-8", "timeout": 120, **more}
    return subprocess.run([COMMAND, *map(str, arguments)], check=False, **given)


def start(*arguments: object, cache: Path) -> subprocess.Popen[str]:
    """Start the command and leave it running."""
    return subprocess.Popen(
        [COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"BOILERBENCH_CACHE": str(cache)},
    )


def make_set(folder: Path, pages: int = 5) -> str:
    """Write a set in the article-extraction-benchmark's layout; page `pN` has the body `body N`."""
    (folder / "html").mkdir(parents=True)
    truth = {}
    for number in range(pages):
        html = f"<html><body><p>body {number}</p></body></html>"
        (folder / "html" / f"p{number}.html.gz").write_bytes(gzip.compress(html.encode()))
        truth[f"p{number}"] = {"articleBody": f"body {number}", "url": f"https://example.org/p{number}"}
    (folder / "ground-truth.json").write_text(json.dumps(truth))
    return f"zyte:{folder}"


def make_runner(folder: Path, name: str, extract: str, before: str = "") -> Path:
    """Write a runner without dependencies; `extract` is an indented function body."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.py"
    file.write_text(f"{HEAD}{before}\ndef extract(html, url=None):\n{extract}\n")
    file.with_suffix(".lock").touch()
    return file


def logging_runner(folder: Path, name: str, log: Path, seconds: float = 0) -> Path:
    """Write a runner that notes each page it is given in a file."""
    body = (
        f"    with open({str(log)!r}, 'a') as file: file.write(url + '\\n')\n"
        f"    time.sleep({seconds})\n"
        "    return re.search('<p>(.*)</p>', html)[1]"
    )
    return make_runner(folder, name, body, "import re, time")


def rows(output: str) -> list[dict[str, str]]:
    """The rows of a CSV table."""
    return list(csv.DictReader(line for line in output.splitlines() if not line.startswith("#")))


def scored(output: str) -> list[dict[str, str]]:
    """The rows of a CSV table without the memory that it took, which differs between equal runs."""
    return [{name: value for name, value in row.items() if name != "peak_mb"} for row in rows(output)]


def extractions(run: Path) -> dict[str, dict[str, Extraction]]:
    """The extractions of a run folder with one set, by runner and page."""
    found: dict[str, dict[str, Extraction]] = {}
    for part in RunFolder(run).parts():
        for runner, pages in part.answers.items():
            found.setdefault(runner, {}).update(pages)
    return found
