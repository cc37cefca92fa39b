"""Everything hostile at once, as the user that starts it and on the system that it is started on."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from tests.hostile import attempts, inputs, pages, worlds
from tests.hostile.machine import ATTEMPTS, LANDLOCKED, NOT_LANDLOCKED, Machine, contents, laid_out
from tests.hostile.runners import HOSTILE, source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AIMED = {
    "gold by its path": attempts.READS,
    "names of gold": attempts.READS,
    "the cache": attempts.READS,
    "the harness's variables": attempts.READS,
    "beside a rival": attempts.WRITES,
    "its own file": attempts.WRITES,
    "away with gold": attempts.WRITES,
    "a socket in a folder": attempts.REACHES,
    "an abstract socket": attempts.REACHES,
    "the harness by ptrace": attempts.TOUCHES,
}
"""Attempts that runners make, too, in a run: what is refused there is the error of that page."""
POLITE = {
    form: source("return html").replace('FORMAT = "text"', f'FORMAT = "{form}"')
    for form in ("text", "html", "markdown")
}
FORMATS = ("csv", "json", "markdown", "latex", "text")
SECONDS, MEMORY = 2, 400


def in_world(world: str) -> dict[str, Any]:
    """Attack in a world of `worlds`; what `attack` returns there."""
    with tempfile.TemporaryDirectory() as home:
        start = [sys.executable, worlds.__file__, world, home, sys.executable, "-m", "tests.hostile.attack", home]
        done = subprocess.run(
            start, capture_output=True, check=False, encoding="utf-8", env=os.environ | {"PYTHONPATH": str(worlds.ROOT)}
        )
    assert not done.returncode, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def attack(home: Path) -> dict[str, Any]:
    """Return how many attempts, runners, pages and inputs there were, and what got `through`, each in a line."""
    from boilerbench.process import confinement

    layer, through = confinement.layer(), []
    if layer == "none":
        return {"layer": layer, "through": []}
    os.chdir(home)
    with laid_out(home / "machine") as machine:
        before = contents(machine.folder)
        told = machine.told(layer)
        through += _attempts(told, layer)
        through += _runners(machine)
        through += [f"connections: {count}" for count in [machine.connections()] if count]
        through += [f"changed: {name}" for name in _changed(before, contents(machine.folder))]
    through += _pages()
    through += [f"input: {each}" for each in _inputs()]
    through += [f"process left: {each}" for each in _left(str(home))]
    refused = sum(bool(told[name]) for name in ATTEMPTS)
    counted = {
        "attempts": len(ATTEMPTS),
        "refused": refused,
        "runners": len(HOSTILE) + len(AIMED),
        "pages": len(pages.PAGES),
    }
    return {"layer": layer, **counted, "inputs": len(inputs.INPUTS), "through": through}


def _attempts(told: dict[str, str], layer: str) -> Iterator[str]:
    allowed = LANDLOCKED | NOT_LANDLOCKED if layer == "landlock" else set()
    for name, refusal in told.items():
        if bool(refusal) != (name in ATTEMPTS) and name not in allowed:
            yield f"attempt: {name}: {refusal or 'not refused'}"


def _changed(before: dict[str, bytes | None], after: dict[str, bytes | None]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name, ...) != after.get(name, ...)}


def _runners(machine: Machine) -> Iterator[str]:
    """Run all hostile runners over a page that they treat badly, between others."""
    names = {f"h{number}": each for number, each in enumerate(HOSTILE)}
    known = machine.given | {"harness": os.getpid()}
    preamble = attempts.SCRIPT.partition("given, attempts")[0] + f"given = {known!r}\n"
    aimed = {f"a{number}": (name, group[name]) for number, (name, group) in enumerate(AIMED.items())}
    sources = {name: each.source for name, each in names.items()}
    sources |= {name: source(f"{line}\nreturn 'got through'", preamble) for name, (_, line) in aimed.items()}
    _write({f"runners/{name}.py": text for name, text in sources.items()})
    _write({f"set/{page}.{suffix}": page for page in ("before", "bad", "behind") for suffix in ("html", "txt")})
    limits = ("--timeout", str(SECONDS), "--memory", str(MEMORY), "--jobs", "2")
    done = boilerbench(
        "run", *_each("--runner", sources), "--set", "pairs:set", *limits, "--out", "run", "--format", "csv"
    )
    if done.returncode or "Traceback" in done.stderr:
        yield f"run: {done.returncode}: {done.stderr[-500:]}"
        return
    found = _extracted("run")
    for name in sources:
        expected = {"bad": names[name].status if name in names else "error", "before": "ok", "behind": "ok"}
        for page, status in expected.items():
            row = found.get((name, page), {"status": "lost", "error": ""})
            if row["status"] != status or (name in aimed and page == "bad" and "rror" not in row["error"]):
                yield f"runner: {names[name].name if name in names else aimed[name][0]}: {page}: {row}"


def _extracted(run: str) -> dict[tuple[str, str], dict[str, str]]:
    from boilerbench.storage.run_folder import RunFolder

    return {
        (runner, page): {"status": str(each.status), "error": each.error or ""}
        for part in RunFolder(Path(run)).parts()
        for runner, found in part.answers.items()
        for page, each in found.items()
    }


def _pages() -> Iterator[str]:
    """Run polite runners over hostile pages, and look at all that is written of them."""
    rows = [
        {
            "id": name,
            "html": page.decode("utf-8", "surrogateescape"),
            "text": "The pilot cutter came in.",
            "language": name,
        }
        for name, page in zip(_names(len(pages.PAGES)), pages.PAGES.values(), strict=True)
    ]
    _write({f"polite/{form}.py": text for form, text in POLITE.items()})
    _write({"pages/a.jsonl": "".join(json.dumps(row) + "\n" for row in rows)})
    arguments = (
        "run",
        *_each("--runner", POLITE, "polite"),
        "--set",
        "jsonl:pages",
        "--out",
        "paged",
        "--by",
        "language",
    )
    told = [boilerbench(*arguments, "--format", FORMATS[0])]
    told += [boilerbench("table", "paged", "--by", "language", "--format", form) for form in FORMATS[1:]]
    told += [boilerbench("report", "paged", "--out", "site")]
    for done in told:
        if done.returncode or "Traceback" in done.stderr:
            yield f"pages: {done.args[1:3]}: {done.returncode}: {done.stderr[-500:]}"
    lost = len(rows) * len(POLITE) - len(_extracted("paged")) if Path("paged").exists() else len(rows)
    yield from [f"rows lost: {lost}"] * bool(lost)
    written = {str(file): file.read_text() for file in Path("site").rglob("*.html")}
    written["markdown"] = told[FORMATS.index("markdown")].stdout.replace("\\<", "")
    yield from (f"unescaped: {name}" for name, text in written.items() if pages.MARK in text)


def _names(count: int) -> list[str]:
    return [*pages.NAMES, *(f"page {number}" for number in range(count))][:count]


def _inputs() -> Iterator[str]:
    """Give the command what nobody means, each in a folder of its own."""
    here = Path.cwd()
    for number, (name, (files, arguments)) in enumerate(inputs.INPUTS.items()):
        place = here / "inputs" / str(number)
        place.mkdir(parents=True)
        os.chdir(place)
        _write(files)
        done = boilerbench(*arguments)
        said = done.stderr.strip().splitlines()
        if done.returncode not in (2, 4) or "Traceback" in done.stderr or not said:
            yield f"{name}: {done.returncode}: {done.stdout[-200:]}{done.stderr[-500:]}"
    os.chdir(here)


def _left(marker: str) -> list[str]:
    """Name the processes that are still there a while afterwards."""
    for _ in range(50):
        found = []
        for each in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if each.pid != os.getpid() and marker in " ".join([*each.cmdline(), *each.environ().values()]):
                    found.append(f"{each.pid} {each.cmdline()}")
        if not found:
            break
        time.sleep(0.1)
    return found


def boilerbench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a copy of this process, which has loaded it: a tenth of the time."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if not (child := os.fork()):
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            _become(arguments)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        told = [(stream.seek(0), stream.read().decode("utf-8", "replace"))[1] for stream in (out, err)]
    return subprocess.CompletedProcess(["boilerbench", *arguments], code, *told)


def _become(arguments: Sequence[str]) -> None:
    from boilerbench.cli import main

    sys.argv = ["boilerbench", *arguments]
    sys.stdin = io.StringIO()
    try:
        main()
    except SystemExit as left:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(left.code if isinstance(left.code, int) else 1)
    os._exit(99)


def _write(files: dict[str, Any]) -> None:
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def _each(option: str, names: Sequence[str] | dict[str, Any], folder: str = "runners") -> list[str]:
    return [part for name in names for part in (option, f"{folder}/{name}.py")]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(attack(Path(sys.argv[1]))))
