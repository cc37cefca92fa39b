"""Kill commands at random instants, and see that nothing is lost: `python -m benchmarks kills [TIMES]`.

A command is killed (`kill -9`) at a random instant of the time that it takes. Then the files of the run folder, the
site, the results and the cache are read, the command is run to its end, and its table is compared with that of one
that nobody killed. Nothing temporary may be left by then.
"""

import csv
import os
import random
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from boilerbench.errors import BoilerbenchError
from boilerbench.ranking.results import Results
from boilerbench.storage import upkeep

PAGES, FRESH = 60, 0.5
"""Pages of the set, and the share of runs that begin with an empty cache."""
RUNNER = '''"""The page as it is."""
import time
DISTRIBUTION = ""
INPUT = "text"
FORMAT = "html"
def extract(html, url=None):
    time.sleep(0.01)
    return html
'''
COMMANDS = {
    "run": ("run", "--runner", "own.py", "--set", "pairs:set", "--out", "run", "--jobs", "2", "--format", "csv"),
    "score": ("score", "run", "--metric", "exact", "--metric", "shingles", "--format", "csv"),
    "table": ("table", "run", "--by", "length", "--format", "csv"),
    "report": ("report", "run", "--out", "site"),
    "publish": ("publish", "run", "--out", "results"),
}
"""In the order of the flow, each on what the ones before left."""
_COMMAND = str(Path(sysconfig.get_path("scripts")) / "boilerbench")


def main() -> int:
    """Kill commands so many times, and print what was found; 1 where anything was lost."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rng, found = random.Random(1), Counter[str]()  # noqa: S311  # no secret
    with tempfile.TemporaryDirectory() as place:
        _lay_out(Path(place))
        whole = {name: _whole(name) for name in COMMANDS}
        for number in range(times):
            name = rng.choice(list(COMMANDS))
            if name == "run":
                shutil.rmtree("run")
                for file in Path("cache").glob("extractions.*" if rng.random() < FRESH else "none"):
                    file.unlink()
            seconds, rows = whole[name]
            found[f"killed: {name}"] += _killed(name, rng.uniform(0, seconds))
            found["damaged files"] += len(_damaged())
            found["tables that differ"] += _whole(name)[1] != rows
            found["temporary folders left"] += len(list(Path("tmp").glob("boilerbench-*")))
            found["partial files left"] += len(list(Path().rglob(".*.*-*")))
            print(f"{number + 1}: {name} {dict(found)}", file=sys.stderr)
    print(dict(found))
    return int(any(times for what, times in found.items() if not what.startswith("killed")))


def _lay_out(place: Path) -> None:
    os.chdir(place)
    Path("own.py").write_text(RUNNER)
    for folder in ("set", "tmp"):
        Path(folder).mkdir()
    for number in range(PAGES):
        Path(f"set/{number}.html").write_text(f"<p>The pilot cutter number {number} came in.</p>")
        Path(f"set/{number}.txt").write_text(f"The pilot cutter number {number} came in.")
    os.environ |= {"BOILERBENCH_CACHE": str(Path("cache").absolute()), "TMPDIR": str(Path("tmp").absolute())}


def _whole(name: str) -> tuple[float, list[dict[str, str]]]:
    """Run a command to its end: the seconds that it took, and its table without what differs between equal runs."""
    started = time.monotonic()
    done = subprocess.run([_COMMAND, *COMMANDS[name]], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, (name, done.stderr)
    rows = [
        {key: value for key, value in row.items() if key != "peak_mb"}
        for row in csv.DictReader(done.stdout.splitlines())
    ]
    return time.monotonic() - started, rows


def _killed(name: str, seconds: float) -> bool:
    """Kill a command after so many seconds; whether it was under way."""
    with subprocess.Popen(
        [_COMMAND, *COMMANDS[name]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        alive = process.poll() is None
        process.kill()
    return alive


def _damaged() -> list[str]:
    """What of the files that were written is neither whole nor missing."""
    lines = upkeep.damage()[1]
    for folder in (Path("run"), Path("results/set")):
        for table in ("leaderboard", "scores", "pages", "extractions"):
            try:
                getattr(Results(folder), table)
            except BoilerbenchError as cause:
                lines += [str(cause)] if "damaged" in str(cause) else []
    if Path("site").exists() and not Path("site/run.html").is_file():
        lines.append("site: half of one")
    return lines
