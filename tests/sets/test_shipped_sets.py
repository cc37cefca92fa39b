"""Our own sets out of an installed wheel: what `hatch_build.py` packs is what is read."""

from __future__ import annotations

import gzip
import lzma
import runpy
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from boilerbench import files, sets
from boilerbench.errors import BadSetError
from boilerbench.sets import shipped_sets

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
HOOK = runpy.run_path(str(ROOT / "hatch_build.py"))
pack: Callable[[Path, Path], None] = HOOK["pack"]


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What an installed wheel ships of the hard pages, and an empty cache."""
    shipped = tmp_path / "goldset"
    shipped.mkdir()
    pack(ROOT / "goldset" / "hard", shipped / "hard.tar.xz")
    monkeypatch.setattr(shipped_sets, "shipped", {"goldset": shipped}.__getitem__)
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "cache"))
    return shipped


@pytest.mark.usefixtures("shipped")
def test_a_packed_set_is_the_set(tmp_path: Path) -> None:
    found = sets.load("goldset-hard")
    expected = sets.load(f"native:{ROOT / 'goldset' / 'hard'}")
    assert (found.name, found.fingerprint) == ("goldset-hard", expected.fingerprint)
    assert [page.id for page in found.pages] == [page.id for page in expected.pages]
    assert shipped_sets.folder("goldset-hard").is_relative_to(tmp_path / "cache")


def test_every_set_of_ours_is_packed_for_a_wheel() -> None:
    assert set(HOOK["SETS"]) == set(shipped_sets.FOLDERS.values())


def test_html_that_is_packed_by_itself_is_so_no_longer(tmp_path: Path) -> None:
    page = tmp_path / "set" / "pages" / "one"
    page.mkdir(parents=True)
    (tmp_path / "set" / "set.toml").write_text('name = "x"\n')
    (page / "page.html.gz").write_bytes(gzip.compress(b"<p>one", mtime=0))
    for name in ("a.tar.xz", "b.tar.xz"):
        pack(tmp_path / "set", tmp_path / name)
    assert (tmp_path / "a.tar.xz").read_bytes() == (tmp_path / "b.tar.xz").read_bytes()
    shutil.unpack_archive(tmp_path / "a.tar.xz", tmp_path / "out", filter="data")
    found = {str(file.relative_to(tmp_path / "out")): file.read_bytes() for file in (tmp_path / "out").rglob("*.*")}
    assert found == {"set.toml": b'name = "x"\n', "pages/one/page.html": b"<p>one"}


def test_several_that_come_first_unpack_one_folder(shipped: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(shipped_sets.unpacked, [shipped / "hard.tar.xz"] * 4))
    assert [*(tmp_path / "cache" / "pages").iterdir()] == [*places]
    assert len([*next(iter(places)).glob("pages/*/gold.json")]) == len(sets.load("goldset-hard").entries)


def test_a_damaged_installation_is_one_clear_line(shipped: Path, tmp_path: Path) -> None:
    archive = shipped / "hard.tar.xz"
    archive.write_bytes(archive.read_bytes()[:-5000])
    with pytest.raises(
        BadSetError, match=r"hard\.tar\.xz: cannot be unpacked: .*; install boilerbench again"
    ) as caught:
        sets.load("goldset-hard")
    assert "\n" not in str(caught.value)
    archive.write_bytes(lzma.compress(b""))
    with pytest.raises(BadSetError, match="install boilerbench again"):
        sets.load("goldset-hard")
    assert not [*tmp_path.glob("cache/pages/*")]
