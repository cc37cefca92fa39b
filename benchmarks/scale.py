"""From thousands of pages to a crawl: memory of the parent, and time per page, as a set grows.

    python -m benchmarks scale [PAGES ... [RUNNER ...]]

By default 1,000, 5,000 and 20,000 pages and the runners html-text and nothing. A set of N pages is JSON Lines made of
our own gold set: page n is its page n modulo their number, with a line of its own, on one of N / 10 sites, and its
gold. Each size is run and scored from an empty cache of extractions, then scored again, its table is printed and its
report made. Of every command: seconds of wall time, CPU seconds of it and its children, the peak memory of the parent.
Linux alone. Exit code 1 where `run` takes more than `LIMIT` of memory, or per page a tenth longer than for the least
set of `STEADY` pages and more.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from boilerbench import sets
from boilerbench.text.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMAND = str(Path(sysconfig.get_path("scripts")) / "boilerbench")
SIZES, RUNNERS = (1000, 5000, 20_000), ("html-text", "nothing")
LIMIT = 400 << 20
"""Bytes that the parent may take, however many pages there are."""
STEADY = 5000
"""From so many pages on, what a command costs at its start is no matter."""


def rows(pages: int) -> Iterator[dict[str, object]]:
    """Make so many pages of those of our own set."""
    found = [
        (decode(page.read(), page.charset), [{"label": each.label, "text": each.text} for each in gold.segments])
        for page, gold in sets.load("goldset-hard").entries
    ]
    for number, (html, segments) in enumerate(islice(cycle(found), pages)):
        line = f"Line {number} is of this page alone."
        yield {
            "id": f"p{number:07}",
            "url": f"https://site{number % max(1, pages // 10)}.example/{number}",
            "html": html.replace("</body>", f"<p>{line}</p></body>"),
            "segments": [*segments, {"label": "paragraph", "text": line}],
        }


def measured(*arguments: object, cache: Path) -> tuple[float, float, int]:
    """Run the command: wall seconds, CPU seconds of it and its children, bytes of its own peak memory."""
    about = os.environ | {"BOILERBENCH_CACHE": str(cache)}
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen([COMMAND, *map(str, arguments)], env=about, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"boilerbench {' '.join(map(str, arguments))}: exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - wall, cpu, peak


def _peak(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def grow(place: Path, pages: int, runners: list[str]) -> tuple[float, int]:
    """Measure every command on a set of so many pages: wall seconds per page of `run`, and its peak memory."""
    file, run = place / f"{pages}.jsonl", place / f"run-{pages}"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows(pages))
    commands = {
        "run": ("run", *runners, "--set", f"jsonl:{file}", "--out", run),
        "score": ("score", run, "--metric", "zyte"),
        "table": ("table", run),
        "report": ("report", run, "--out", place / "site"),
    }
    found = {}
    for name, arguments in commands.items():
        wall, cpu, peak = found[name] = measured(*arguments, cache=place / f"cache-{pages}")
        print(
            f"{name:6} {pages:7} pages: {wall:8.2f} s, {1000 * wall / pages:7.3f} ms a page, {cpu:8.2f} s of CPU, "
            f"peak {peak >> 20:4} MB",
            flush=True,
        )
    wall, _, peak = found["run"]
    return wall / pages, peak


def main(given: Sequence[str] | None = None) -> int:
    """Measure all sizes."""
    given = sys.argv[1:] if given is None else given
    sizes = sorted(int(each) for each in given if each.isdigit()) or list(SIZES)
    runners = [each for each in given if not each.isdigit()] or list(RUNNERS)
    with tempfile.TemporaryDirectory(prefix="scale-") as place:
        found = {pages: grow(Path(place), pages, runners) for pages in sizes}
    steady = [found[pages][0] for pages in sizes if pages >= STEADY]
    longer = steady[-1] / steady[0] if steady else 1.0
    print(f"peak of run: {max(peak for _, peak in found.values()) >> 20} MB; time per page grows {longer:.3f} times")
    return int(longer > 1.1 or any(peak > LIMIT for _, peak in found.values()))  # noqa: PLR2004  a tenth


if __name__ == "__main__":
    sys.exit(main())
