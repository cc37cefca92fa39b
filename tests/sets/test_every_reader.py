"""Every reader that is registered, whatever it is given: pages, or one clear line.

The readers are those of the registry, so that a new one is tried from the day it has a name; a small set in its layout,
to be damaged, goes to `tests.test_damaged.SETS`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boilerbench import plugins, sets
from boilerbench.errors import LONGEST, BoilerbenchError
from boilerbench.sets import formats
from tests.test_damaged import EXAMPLES, SETS, _one_trial, as_bytes, damaged, kinds, noises, tried  # noqa: F401  a fixture

READERS = formats.names()
OWN = [name for name, entry in plugins.by_name(plugins.FORMATS).items() if plugins.is_ours(entry)]
OF_SETS = {"stress"}
"""Readers of what other readers read."""

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"

changes = st.sampled_from(["damage", "swap", "gone", "folder", "empty", "pointer"])
misfortunes = st.lists(st.tuples(changes, st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=3)
damages = st.tuples(kinds, st.floats(0, 1, exclude_max=True), noises)
Misfortune: TypeAlias = tuple[str, int, int]


def tell(spec: str) -> str:
    """Read a set and all of its pages; what is said where that is refused, empty where it is not."""
    try:
        found = sets.load(spec)
        for page, gold in found.entries:
            assert isinstance(page.read(), bytes)
            assert gold.digest
        sets.doubts(found)
    except BoilerbenchError as cause:
        return str(cause)
    return ""


def require_clear(line: str, folder: Path) -> None:
    """One line, not a page of them, that names the file or the set."""
    assert "\n" not in line
    assert len(line) <= LONGEST
    assert not line or str(folder) in line


def lay_out(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def befall(folder: Path, misfortune: Misfortune, damage: tuple[str, float, bytes]) -> None:
    """Let something happen to one of a set's files, or to two."""
    what, one, other = misfortune
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    if not files:
        return
    file, second = files[one % len(files)], files[other % len(files)]
    content = file.read_bytes()
    if what == "swap":
        file.write_bytes(second.read_bytes())
        second.write_bytes(content)
    elif what == "damage":
        file.write_bytes(damaged(content, *damage) if content else content)
    elif what in ("empty", "pointer"):
        file.write_bytes(POINTER if what == "pointer" else b"")
    else:
        file.unlink()
        if what == "folder":
            file.mkdir()


def test_every_reader_of_ours_has_a_small_set_to_be_damaged() -> None:
    assert set(OWN) - OF_SETS == set(SETS)


@pytest.mark.usefixtures("_one_trial")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("layout", SETS)
def test_a_set_in_the_layout_of_another_reader_is_refused_or_read(reader: str, layout: str, tmp_path: Path) -> None:
    lay_out(tmp_path, as_bytes(SETS[layout]))
    for path in (tmp_path, *(each for each in tmp_path.rglob("*") if each.is_file())):
        require_clear(tell(f"{reader}:{path}"), tmp_path)


@pytest.mark.usefixtures("_one_trial")
@pytest.mark.parametrize("reader", READERS)
@settings(tried, max_examples=2 * EXAMPLES)
@given(layout=st.sampled_from(sorted(SETS)), misfortunes=misfortunes, damage=damages, own=st.integers(0, 3))
def test_files_that_are_mixed_up_are_refused_or_read(
    reader: str, layout: str, misfortunes: list[Misfortune], damage: tuple[str, float, bytes], own: int
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "in"
        lay_out(folder, as_bytes(SETS[reader if own and reader in SETS else layout]))
        for each in misfortunes:
            befall(folder, each, damage)
        require_clear(tell(f"{reader}:{folder}"), folder)


@pytest.mark.usefixtures("_one_trial")
@pytest.mark.parametrize("reader", [name for name in READERS if name in SETS])
def test_a_pointer_of_git_lfs_in_the_place_of_any_file_is_named(reader: str, tmp_path: Path) -> None:
    for name in SETS[reader]:
        folder = tmp_path / name.replace("/", "-")
        lay_out(folder, {**as_bytes(SETS[reader]), name: POINTER})
        line = tell(f"{reader}:{folder}")
        require_clear(line, folder)
        assert f"{folder / name}: is a pointer of Git LFS" in line
