"""An extraction counts only while the files that it was made from are as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from boilerbench.environments import environment
from boilerbench.extraction import pool
from boilerbench.runners import registry
from tests.command import make_runner
from tests.extraction.test_state import _cached, cache, run  # noqa: F401  # the fixtures, too

if TYPE_CHECKING:
    from pathlib import Path

HERE = "import pathlib, sys\nhere = pathlib.Path(__file__).parent\n"
READ = "(here / 'rules').read_text()"
KINDS = {
    "at import": (f"{HERE}kept = {READ}", "    return kept"),
    "on a page": (HERE, f"    return {READ}"),
    "once, late": (f"{HERE}kept = []", f"    if not kept: kept.append({READ})\n    return kept[0]"),
    "a module": (f"{HERE}sys.path.insert(0, str(here))\nfrom rules_module import kept", "    return kept"),
    "tried": (HERE, f"    try: return {READ}\n    except OSError: return 'nothing'"),
    "looked for": (HERE, f"    return {READ} if (here / 'rules').exists() else 'nothing'"),
    "listed": (HERE, "    return ' '.join(sorted(each.name for each in (here / 'folder').glob('*')))"),
    "a database": (
        f"{HERE}import sqlite3",
        "    return sqlite3.connect(f'file:{here}/base?mode=ro', uri=True).execute('select * from r').fetchone()[0]",
    ),
}


def write(folder: Path, name: str, rules: str) -> None:
    """Put what a kind of runner reads into its folder."""
    if name == "listed":
        (folder / "folder" / rules).touch()
    elif name == "a database":
        with closing(sqlite3.connect(folder / "base")) as base, base:
            base.execute("create table if not exists r (kept)")
            base.execute("delete from r")
            base.execute("insert into r values (?)", [rules])
    elif name == "a module":
        (folder / "rules_module.py").write_text(f"kept = {rules!r}\n")
    else:
        (folder / "rules").write_text(rules)


@pytest.mark.parametrize("name", KINDS)
def test_an_extraction_is_made_again_when_what_it_was_made_from_changes(name: str, tmp_path: Path) -> None:
    before, body = KINDS[name]
    runner = make_runner(tmp_path / "runner", "ruled", body, before)
    first = None if name in ("tried", "looked for") else "one"
    if name == "listed":
        (runner.parent / "folder").mkdir()
    texts = []
    for rules, from_cache in ((first, 0), (first, 4), ("other", 0), ("other", 4)):
        if rules is not None and not from_cache:
            write(runner.parent, name, rules)
        given, remark, told = run(tmp_path, runner, pool.Options(jobs=1), 4)
        assert (rules, told.cached, remark) == (rules, from_cache, "")
        texts.append(given)
    assert texts[0] == texts[1] != texts[2] == texts[3]
    assert all(len(each) == 1 for each in texts)


@pytest.mark.parametrize(
    ("before", "body", "says"),
    [
        ("import subprocess", "    subprocess.run(['true'])\n    return html", "it starts another process"),
        ("import os", "    if not os.fork(): os._exit(0)\n    return html", "it starts another process"),
        (HERE, "    open(here / 'notes', 'a+').write(html)\n    return html", "notes changed while it ran"),
    ],
)
@pytest.mark.usefixtures("writing")
def test_what_nobody_can_know_is_not_kept_and_said_once(before: str, body: str, says: str, tmp_path: Path) -> None:
    runner = make_runner(tmp_path / "runner", "odd", body, before)
    for _ in range(2):
        told = run(tmp_path, runner, pool.Options(jobs=1), 4)[2]
        assert told.cached == 0
        assert len([note for note in told.notes if "are not kept" in note and says in note]) == 1


def test_what_a_runner_only_writes_or_asks_of_the_system_makes_nothing_less_known(tmp_path: Path) -> None:
    before = f"{HERE}import platform, mimetypes, tempfile\nplatform.processor(), platform.libc_ver()"
    body = (
        "    open(here / 'log', 'a').write(html)\n    tempfile.TemporaryFile().close()\n"
        "    open('own', 'w+').close()\n    open('/proc/self/status').close()\n    return html"
    )
    runner = make_runner(tmp_path / "runner", "plain", body, before)
    assert run(tmp_path, runner, pool.Options(jobs=1), 4)[2].cached == 0
    assert run(tmp_path, runner, pool.Options(jobs=1), 4)[2].cached == 4


def test_a_file_that_an_option_names_belongs_to_the_identity(tmp_path: Path) -> None:
    model = tmp_path / "model"
    runner = make_runner(tmp_path, "mine", "    return html")
    runner.write_text(runner.read_text().replace("url=None", "url=None, model=''"))

    def digest() -> str | None:
        return environment.digest(registry.find(f"{runner}:model={model.as_posix()!r}".replace("'", '"')), "locked")

    found = [digest()]
    for content in ("one", "two"):
        model.write_text(content)
        found.append(digest())
    assert len({*found}) == 3
    assert digest() == found[-1]


def test_files_of_a_folder_runner_count_behind_links_and_where_its_command_names_them(tmp_path: Path) -> None:
    folder, other, named = tmp_path / "mine", tmp_path / "other", tmp_path / "named.py"
    folder.mkdir()
    other.mkdir()
    (folder / "linked").symlink_to(other)
    (folder / "up").symlink_to(folder)
    named.write_text("print()")
    (folder / "runner.toml").write_text(f'input = "text"\nformat = "text"\ncommand = ["python3", "{named}"]\n')
    found = {environment.digest(registry.find(str(folder)), "locked")}
    for file in (other / "rules", named):
        file.write_text("print(2)")
        found.add(environment.digest(registry.find(str(folder)), "locked"))
    assert len(found) == 3


def test_an_extraction_is_made_again_when_a_file_that_was_only_looked_for_goes(tmp_path: Path) -> None:
    runner = make_runner(tmp_path / "runner", "looking", "    return str((here / 'flag').is_file())", HERE)
    for there, from_cache in ((True, 0), (True, 4), (False, 0)):
        (runner.parent / "flag").touch() if there else (runner.parent / "flag").unlink()
        assert run(tmp_path, runner, pool.Options(jobs=1), 4)[2].cached == from_cache
