"""What is under way is seen by nobody, and what was left under way is removed by the next: nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from boilerbench.errors import UsageError
from boilerbench.storage import holding, temporary, whole_files, whole_folders

UNDER_WAY = """
import os, sys
from pathlib import Path
from boilerbench.storage import temporary, whole_files, whole_folders
home = Path(sys.argv[1])
child = temporary.Folder(home=home / "tmp", name="x")
with whole_files.replacing(home / "file") as stream, whole_folders.replacing(home / "folder") as new:
    stream.write(b"new")
    (new / "new").touch()
    print(flush=True)
    sys.stdin.read()
"""


def under_way(home: Path) -> subprocess.Popen[bytes]:
    """A process that is amid putting a file and a folder in place."""
    pipe = subprocess.PIPE
    found = subprocess.Popen([sys.executable, "-c", UNDER_WAY, str(home)], stdin=pipe, stdout=pipe)
    assert found.stdout
    found.stdout.readline()
    return found


def hidden(home: Path) -> list[str]:
    return sorted(each.name for each in home.iterdir() if each.name.startswith("."))


@pytest.mark.parametrize("ending", ["killed", "ends"])
def test_old_or_new_and_nothing_left_over(ending: str, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "old").touch()
    (tmp_path / "file").write_text("old")
    mine = [tmp_path / name for name in ("boilerbench-notes", "boilerbench-checkout", ".file.abcdefgh", ".1-abcdefgh")]
    for each in mine:
        each.mkdir()
    first = under_way(tmp_path)
    assert len(hidden(tmp_path)) == 4
    temporary.sweep(tmp_path)
    assert len(hidden(tmp_path)) == 4
    with pytest.raises(UsageError, match="another boilerbench"), whole_folders.replacing(tmp_path / "folder"):
        pass
    if ending == "killed":
        first.kill()
    first.communicate()
    expected = ("old", ["old"]) if ending == "killed" else ("new", ["new"])
    assert ((tmp_path / "file").read_text(), [each.name for each in (tmp_path / "folder").iterdir()]) == expected
    for home in (tmp_path, tmp_path / "tmp"):
        temporary.sweep(home)
    assert hidden(tmp_path) == [".1-abcdefgh", ".file.abcdefgh"]
    assert list((tmp_path / "tmp").iterdir()) == []
    assert all(each.is_dir() for each in mine)
    with whole_folders.replacing(tmp_path / "folder") as new:
        (new / "newer").touch()
    assert [each.name for each in (tmp_path / "folder").iterdir()] == ["newer"]


def test_what_belongs_to_others_or_may_have_just_been_made_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    link, young = tmp_path / "boilerbench-99999999-abcdefgh", tmp_path / f"boilerbench-{os.getpid()}-abcdefgh"
    link.symlink_to(outside)
    young.mkdir()
    temporary.sweep(tmp_path)
    assert link.is_symlink()
    assert outside.is_dir()
    assert young.is_dir()


def test_a_folder_is_held_against_other_processes_alone(tmp_path: Path) -> None:
    tries = f"with holding.held(Path({str(tmp_path)!r})): pass"
    code = f"from boilerbench.storage import holding\nfrom pathlib import Path\n{tries}"
    with holding.held(tmp_path), holding.held(tmp_path):
        assert b"UsageError" in subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).stderr
    assert not subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).stderr


def test_without_an_exchange_of_folders_both_are_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_folders.ctypes, "CDLL", lambda *_, **__: object())
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    whole_folders.put(tmp_path / "new", tmp_path / "old")
    assert {each.name: [file.name for file in each.iterdir()] for each in tmp_path.iterdir()} == {
        "old": ["new"],
        "new": ["old"],
    }


def test_a_file_that_cannot_be_put_in_place_leaves_none_beside(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "in the way").touch()
    with pytest.raises(Exception, match="cannot be written"), whole_files.replacing(tmp_path / "target"):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["target"]
