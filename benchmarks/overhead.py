"""What the harness costs over a bare loop: CPU of all its processes, over that of a loop in the same environment.

    python -m benchmarks overhead [SET [PAGES [RUNNER ...]]]

By default 600 pages of wcxb:../shared/data/wcxb and trafilatura, justext, readability-lxml, html-text. The harness
extracts them with one process and nothing from cache, into a run folder; scoring, and loading what scores, is no part
of it. The loop is one process of the runner's environment: it loads the runner's file, then unpacks, decodes and
extracts page by page. Both begin with the start of their interpreter; environments are there before. Their texts are
equal. Of several rounds, one side after the other, the least of each, as whatever else a machine does only adds to it.
Linux alone.
"""

from __future__ import annotations

import ctypes
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from boilerbench.environments import environment
from boilerbench.extraction import record
from boilerbench.extraction.pages import html_for
from boilerbench.runners import registry
from boilerbench.storage.run_folder import RunFolder

ROUNDS = 5
SET, PAGES = "wcxb:../shared/data/wcxb", 600
RUNNERS = ("trafilatura", "justext", "readability-lxml", "html-text")
PR_SET_CHILD_SUBREAPER = 36

HARNESS = """
import sys
from pathlib import Path
from boilerbench.extraction import pool, record
from boilerbench.process.child import Child
from boilerbench.runners import registry
from boilerbench.storage.run_folder import RunFolder
class Deaf:
    plan = planned = note = done = staticmethod(lambda *_: None)
def leave(child):
    if child.alive:
        child.leaves(10)
    kill(child)
kill, Child.kill = Child.kill, leave
record.SCORING = ("pyarrow.parquet",)
spec, pages, name, out = sys.argv[1:]
folder, options = RunFolder.create(Path(out)), pool.Options(fresh=True, limit=int(pages))
record.extract(folder, [registry.find(name)], record.load_sets([spec], int(pages)), options, Deaf())
"""
"""Children leave by themselves: of what the kernel ends with the first process of a namespace, it counts no time."""
LOOP = """
import gzip, importlib.util, json, sys
spec = importlib.util.spec_from_file_location("runner", sys.argv[1])
runner = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runner)
options, found = json.loads(sys.argv[2]), {}
for page, file, url in json.load(open(sys.argv[3])):
    html = gzip.open(file).read()
    html = html if sys.argv[5] == "bytes" else html.decode("utf-8", "replace")
    found[page] = runner.extract(html, url=url, **options) or ""
json.dump(found, open(sys.argv[4], "w"))
"""


def cpu(command: list[str]) -> float:
    """Seconds of CPU of a command and everything it started: this process reaps what is left of them."""
    before = _spent()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return _spent() - before


def _spent() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def measure(spec: str, pages: int, name: str, place: Path) -> tuple[float, float]:
    """The least CPU seconds of harness and loop; `AssertionError` where their texts differ."""
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
    ours = [sys.executable, "-c", HARNESS, spec, str(pages), name, str(out)]
    settings = json.dumps(dict(runner.options))
    loop = [python, "-I", "-X", "utf8", "-c", LOOP, str(runner.file), settings, str(listed), str(texts), runner.input]
    rounds = [(cpu(ours), cpu(loop)) for _ in range(ROUNDS)]
    part = next(RunFolder(out).parts())
    expected = json.loads(texts.read_text("utf-8"))

    for page, found in part.answers[name].items():
        assert found.status.failed or (found.answer or found.text).strip() == expected[page].strip(), (name, page)
    harness, bare = map(min, zip(*rounds, strict=True))
    return harness, bare


def main() -> int:
    """Measure the runners that are named, or those that stand for all."""
    spec, pages, *names = [*sys.argv[1:], *(SET, str(PAGES))[len(sys.argv) - 1 :]]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for name in names or RUNNERS:
        with tempfile.TemporaryDirectory() as place:
            harness, bare = measure(spec, int(pages), name, Path(place))
        print(f"{name:20} {pages} pages: harness {harness:.2f} s, loop {bare:.2f} s: {harness / bare:.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
