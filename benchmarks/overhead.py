"""What the harness costs over a bare loop: CPU of all its processes, over that of a loop in the same environment.

    python -m benchmarks overhead [SET [PAGES [RUNNER ...]]] [--json FILE] [--rounds N]

By default 600 pages of wcxb (in $BOILERBENCH_DATA, else ../shared/data) and trafilatura, justext, readability-lxml,
html-text. The harness extracts them with one process and nothing from cache, into a run folder; scoring, and loading
what scores, is no part of it. The loop is one process of the runner's environment: it loads the runner's file, then
unpacks, decodes and extracts page by page. Both begin with the start of their interpreter; environments are there
before. Their texts are equal. Then the wall time of the harness with one process beside that with two, for the first of
the runners. Linux alone.
"""

from __future__ import annotations

import ctypes
import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import PATIENT, Report, cpu, data, in_turn
from boilerbench.environments import environment
from boilerbench.extraction import record
from boilerbench.extraction.pages import html_for
from boilerbench.runners import registry
from boilerbench.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGES, MOST, FASTER = 600, 1.25, 1.85
"""How many pages; what the harness may cost over the loop, and what two processes should bring over one."""
RUNNERS = {"trafilatura": 1.06, "justext": 1.06, "readability-lxml": 1.06, "html-text": MOST}
PR_SET_CHILD_SUBREAPER = 36

HARNESS = f"""{PATIENT}
import sys
from pathlib import Path
from boilerbench.extraction import pool, record
from boilerbench.runners import registry
from boilerbench.storage.run_folder import RunFolder
class Deaf:
    plan = planned = note = done = staticmethod(lambda *_: None)
record.SCORING = ("pyarrow.parquet",)
spec, pages, name, out, jobs = sys.argv[1:]
folder, options = RunFolder.create(Path(out)), pool.Options(int(jobs), fresh=True, limit=int(pages))
record.extract(folder, [registry.find(name)], record.load_sets([spec], int(pages)), options, Deaf())
"""
LOOP = """
import gzip, importlib.util, json, sys
spec = importlib.util.spec_from_file_location("runner", sys.argv[1])
runner = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runner)
options, found = json.loads(sys.argv[2]), {}
for page, file, url in json.load(open(sys.argv[3])):
    html = gzip.open(file).read()
    html = html if sys.argv[5] == "bytes" else html.decode("utf-8", "replace")
    said = runner.extract(html, url=url, **options) or ""
    found[page] = (said["text"] or "") if isinstance(said, dict) else said
json.dump(found, open(sys.argv[4], "w"))
"""


def wall(command: list[str]) -> float:
    """Seconds that a command takes."""
    before = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - before


def race(report: Report, spec: str, pages: int, name: str, place: Path) -> None:
    """Race CPU of harness and loop; `AssertionError` where their texts differ."""
    runner, (goldset,) = registry.find(name), record.load_sets([spec], pages)
    python = str(environment.prepare(runner, "locked"))
    rows = []
    for page in goldset.pages:
        html = html_for(runner.input, page)
        file = place / f"{page.id}.html.gz"
        file.write_bytes(gzip.compress(html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html))
        rows.append((page.id, str(file), page.url))
    listed, texts, out = place / "pages.json", place / "texts.json", place / "run"
    listed.write_text(json.dumps(rows), "utf-8")
    ours = [sys.executable, "-c", HARNESS, spec, str(pages), name, str(out), "1"]
    settings = json.dumps(dict(runner.options))
    loop = [python, "-I", "-X", "utf8", "-c", LOOP, str(runner.file), settings, str(listed), str(texts), runner.input]
    sides = {"ours": lambda: cpu(ours), "theirs": lambda: cpu(loop)}
    in_turn(1, sides)
    part = next(RunFolder(out).parts())
    expected = json.loads(texts.read_text("utf-8"))

    for page, extraction in part.answers[name].items():
        said = extraction.answer or extraction.text or ""
        assert extraction.status.failed or said.strip() == expected[page].strip(), (name, page)
    found = in_turn(report.rounds, sides)
    report.race(f"overhead of {name}", **found, goal=1 / RUNNERS.get(name, MOST), note=f"{pages} pages")


def race_jobs(report: Report, spec: str, pages: int, name: str, place: Path) -> None:
    """Race two processes against one, by wall time."""
    one, two = ([sys.executable, "-c", HARNESS, spec, str(pages), name, str(place / n), n] for n in ("1", "2"))
    found = in_turn(report.rounds, {"ours": lambda: wall(two), "theirs": lambda: wall(one)})
    report.race(f"two jobs of {name}", **found, goal=FASTER, note=f"{pages} pages, wall time")


def measure(report: Report, spec: str = "", pages: int = PAGES, names: Sequence[str] = ()) -> None:
    """Measure the runners that are named, or those that stand for all."""
    names = names or [*RUNNERS]
    folder = data() / "wcxb"
    if not spec and not folder.is_dir():
        for name in names:
            report.skip(f"overhead of {name}", f"no {folder} (set BOILERBENCH_DATA)", 1 / RUNNERS.get(name, MOST))
        return
    spec = spec or f"wcxb:{folder}"
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for name in names:
        with tempfile.TemporaryDirectory() as place:
            race(report, spec, pages, name, Path(place))
    with tempfile.TemporaryDirectory() as place:
        race_jobs(report, spec, pages, names[0], Path(place))


def main() -> int:
    """Measure it alone."""
    report = Report()
    spec, pages, *names = [*report.arguments, *("", str(PAGES))[len(report.arguments) :]]
    measure(report, spec, int(pages), names)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
