"""The commands of README.md and docs/, and folders with what each guide speaks of, to run them in."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pandas as pd
from markdown_it import MarkdownIt

from tests.command import boilerbench, make_set
from tests.packages import RUNNER, git, make_package, repository
from tests.sets.test_warc import HTML, record

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "goldset" / "hard" / "sources"
GUIDES = {file.name: file for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}

_COMMAND = re.compile(r"^(?:.* && |\s*- run: |)(boilerbench .+)$", re.MULTILINE)
_REMARK = re.compile(r" {2,}| #| \|| &&|; ")
_OVER_GOLDSET = re.compile(r"boilerbench (run|compare|stress|tune)\b(?! minimise)(?!.* --(set|limit) )")

STAND_INS = {
    "s3://bucket/": "file://{here}/",
    "hf://datasets/OWNER/NAME/data/": "file://{here}/",
    "https://host/": "file://{here}/",
    "show NAME": "show cleaneval",
    "import NAME PATH": "import cleaneval FOLDER --as NAME",
    "--set SET --outputs FORMAT:": "--set zyte:PATH --outputs zyte:",
    "sets build": "sets build hard",
    "--limit 20": "--limit 3",
    "--limit 32": "--limit 3",
    "boilerbench tune": "boilerbench tune --trials 2",
}
"""What is written in place of what is a host's, public, or long; over all of goldset, `--limit 16` is added."""

CANNOT = {
    "sets pull": "a public set from its makers' host; tests/sets/test_download.py pulls from a host of its own",
    "dask:tcp": "a cluster; tests/extraction/test_cluster.py starts one",
    "--stress": "minutes, as every page is damaged in 321 ways; tests/stress/test_stressed.py compares so",
    "runners check": "a minute and more; tests/authoring/test_conformance.py checks runners",
    "small_go": "Go and its module proxy; tests/environments/test_toolchains.py locks and runs one",
}
"""What makes a command one that does not run here, and where it is run instead."""


_PACKAGE = """\
import html as entities
import re
from types import SimpleNamespace


def extract(html, **options):
    found = re.findall(r"<(?:p|h2|li)\\b[^>]*>(.*?)</(?:p|h2|li)>", html, re.DOTALL)
    return entities.unescape("\\n".join(re.sub("<[^>]*>", "", each) for each in found))


def extract_metadata(html, **options):
    return SimpleNamespace(title=None, author=None, date=None)
"""
"""What stands in for a working tree of trafilatura."""


def blocks(guide: Path, *languages: str) -> list[tuple[str, str]]:
    """The blocks of code of a guide in these languages, an indented one being of none: the file it is, and its text."""
    found = [each for each in MarkdownIt().parse(guide.read_text("utf-8")) if each.type in {"fence", "code_block"}]
    parts = [(*each.info.partition(" ")[::2], each.content) for each in found]
    return [(name, text) for language, name, text in parts if not languages or language in languages]


def commands(guide: Path) -> list[str]:
    """The lines of a guide's blocks of code that call us, in order, without the remarks behind them."""
    text = "".join(text for _, text in blocks(guide, "", "sh", "bash", "yaml"))
    return [_REMARK.split(line)[0] for line in _COMMAND.findall(text)]


def runnable(line: str, here: Path) -> str:
    """A command with what stands in, in the folder `here`; empty where it does not run here."""
    if any(each in line for each in CANNOT):
        return ""
    for written, stand_in in STAND_INS.items():
        line = line.replace(written, stand_in.format(here=here))
    return f"{line} --limit 16" if _OVER_GOLDSET.match(line) else line


def furnish(folder: Path) -> None:
    """Make in a folder all that guides speak of as the reader's own, and small."""
    _make_sets(folder)
    _make_extractors(folder)
    words = "run html-text inscriptis.py --env host --set pairs:PAGES --metric words --metric tables --out runs/NAME"
    done = boilerbench(*words.split(), cwd=folder)
    assert done.returncode == 0, done.stderr
    shutil.copytree(folder / "runs" / "NAME", folder / "runs" / "mine")


def begin(guide: Path, furnished: Path, place: Path) -> Path:
    """A folder of scratch for a guide, with the files that it shows."""
    shutil.copytree(furnished, place)
    for name, text in blocks(guide):
        if name:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, "utf-8")
    return place


def _make_sets(folder: Path) -> None:
    assert boilerbench("sets", "new", "PAGES", cwd=folder).returncode == 0
    make_set(folder / "PATH", 3)
    (folder / "PATH" / "output").mkdir()
    told = {f"p{number}": {"articleBody": f"body {number}"} for number in range(3)}
    (folder / "PATH" / "output" / "mine.json").write_text(json.dumps(told))
    for name, text in (("orig/1.html", "<p>The boat is in</p>"), ("clean/1.txt", "The boat is in")):
        (folder / "FOLDER" / name).parent.mkdir(parents=True)
        (folder / "FOLDER" / name).write_text(text)
    (folder / "crawl").mkdir()
    (folder / "crawl" / "1.warc.gz").write_bytes(gzip.compress(record(HTML)))
    page = {"id": "1", "html": "<p>The boat is in</p>", "text": "The boat is in", "author": "Jane Doe"}
    (folder / "pages.jsonl").write_text(json.dumps(page))
    pd.DataFrame([page]).to_parquet(folder / "test.parquet")
    (folder / "told").mkdir()
    (folder / "told" / "mine.jsonl").write_text(json.dumps({"id": "1", "text": "The boat is in", "author": "J. Doe"}))
    for name in ("designs", "phrases"):
        shutil.copytree(SOURCES / name, folder / "hard" / "sources" / name)
    (source,) = [text for _, text in blocks(GUIDES["write-a-gold-page.md"]) if text.startswith("<!--")]
    (folder / "hard" / "sources" / "lighthouse.html").write_text(source, "utf-8")
    shutil.copy(SOURCES.with_name("set.toml"), folder / "hard")


def _make_extractors(folder: Path) -> None:
    """Make the folder, and `checkout` in it, working trees of trafilatura, with runners of the reader's own."""
    (folder / "mine.py").write_text(_for_trafilatura(RUNNER).replace("trafilatura.say", "trafilatura.extract"))
    kit = make_package(folder / "kit", "2.9", "")
    for place in (folder, folder / "checkout"):
        place.mkdir(exist_ok=True)
        for name in ("backend.py", "pyproject.toml", "VERSION"):
            (place / name).write_text(_for_trafilatura((kit / name).read_text()))
        (place / "trafilatura.py").write_text(_PACKAGE)
    shutil.rmtree(kit)
    (script,) = [text for _, text in blocks(GUIDES["adding-a-runner.md"], "python") if text.startswith("# /// script")]
    (folder / "inscriptis.py").write_text(script)
    (folder / ".gitignore").write_text("runs/\nreport/\n")
    repository(folder)
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "second")


def _for_trafilatura(text: str) -> str:
    return text.replace("small-kit", "trafilatura").replace("small_kit", "trafilatura")
