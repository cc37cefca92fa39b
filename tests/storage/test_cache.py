"""What a kept extraction counts for: the versions of all that made it, and no others."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from boilerbench.model import Extraction, Status
from boilerbench.storage.cache import Cache, Facts, Kept
from boilerbench.text import convert, decoding
from tests.command import boilerbench, logging_runner, make_set

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = ("webencodings", "charset-normalizer", "lxml", "markdown-it-py")


@pytest.mark.parametrize(("form", "libraries"), [("text", ()), ("html", LIBRARIES[2:3]), ("markdown", LIBRARIES[2:])])
def test_versions_name_the_libraries_that_make_a_text(form: str, libraries: tuple[str, ...]) -> None:
    for said, named in ((convert.version(form), libraries), (decoding.version(), LIBRARIES[:2])):
        for library in LIBRARIES:
            assert (f"{library} {metadata.version(library)}" in said) == (library in named)


@pytest.mark.parametrize(
    ("given", "form", "depends"), [("text", "markdown", LIBRARIES), ("bytes", "text", LIBRARIES[:2])]
)
def test_an_extraction_is_made_again_with_another_version_of_what_made_it(
    given: str, form: str, depends: tuple[str, ...], tmp_path: Path
) -> None:
    log, spec = tmp_path / "log", make_set(tmp_path / "set", pages=1)
    runner = logging_runner(tmp_path, "mine", log)
    source = runner.read_text().replace('FORMAT = "text"', f'FORMAT = "{form}"')
    runner.write_text(
        source.replace('INPUT = "text"', f'INPUT = "{given}"').replace("'<p>(.*)</p>', html", "'.*', url")
    )
    environment = os.environ | {"BOILERBENCH_CACHE": str(tmp_path / "cache")}

    def calls() -> int:
        done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "out", env=environment)
        assert done.returncode == 0, done.stderr
        return len(log.read_text().splitlines())

    assert (calls(), calls()) == (1, 1)
    expected = 1
    for library in LIBRARIES:
        about = tmp_path / library / f"{library.replace('-', '_')}-99.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {library}\nVersion: 99.0\n")
        environment["PYTHONPATH"] = str(tmp_path / library)
        expected += library in depends
        assert (library, calls()) == (library, expected)


def test_a_cache_of_an_older_boilerbench_opens_and_takes_more(tmp_path: Path) -> None:
    columns = "status, text, answer, wall, cpu, peak, error, stderr"
    with closing(sqlite3.connect(tmp_path / "cache.sqlite3")) as old:
        old.execute(f"create table extraction (key primary key, converter, {columns})")
        old.execute("insert into extraction values ('old', 1, 'ok', 'kept', null, 0.5, 0.5, 7, null, null)")
        old.execute("create table facts (key primary key, encoding, gold_words, page_words)")
        old.execute("pragma user_version = 1")
        old.commit()
    new = Extraction(Status.OK, "new", wall=1.0, cpu=0.5, peak=3)
    with closing(Cache(tmp_path / "cache.sqlite3")) as cache:
        assert cache.get(["old"]) == {}  # nobody knows which files it was made from
        cache.put("new", Kept(new, "files", alone=False))
        cache.put_facts({"new": Facts("utf-8", 1, 2)})
        assert cache.get(["new", "nowhere"]) == {"new": Kept(new, "files", alone=False)}
        cache.settle(["new"], alone=True)
        assert cache.get(["new"])["new"].alone
        cache.settle(["new"], alone=False)
        assert cache.get(["new"]) == {}
        assert cache.facts(["new"]) == {"new": Facts("utf-8", 1, 2)}
