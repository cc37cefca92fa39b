"""The real sets, whole: pages, gold and fingerprint as they were when the readers were written."""

import tarfile
from pathlib import Path

import pytest

from boilerbench.model import GoldSet
from boilerbench.sets import load


@pytest.fixture(scope="module")
def unpacked(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    for name in ("readability", "trafilatura-eval"):
        with tarfile.open(data / f"{name}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
    return folder


def segments(goldset: GoldSet) -> int:
    return sum(len(gold.segments) for _, gold in goldset.entries)


def test_zyte(data: Path) -> None:
    found = load(f"zyte:{data / 'zyte-aeb'}")
    assert (len(found.entries), segments(found), found.fingerprint[:12]) == (181, 181, "3795263fc736")


def test_wcxb(data: Path) -> None:
    found = load(f"wcxb:{data / 'wcxb'}")
    assert (len(found.entries), segments(found), found.fingerprint[:12]) == (1497, 1497, "7bfa464c4025")
    assert len({page.page_type for page in found.pages}) == 7


def test_webmainbench_without_a_mark(data: Path) -> None:
    found = load(f"webmainbench:{data / 'webmainbench'}")
    assert (len(found.entries), segments(found), found.fingerprint[:12]) == (10, 305, "f399241a19fe")
    for page in found.pages:
        html = page.read()
        for mark in (b"cc-select", b"mark-selected", b"marked-t", b"anno-uid", b"cc-extraStyle", b"selecto-"):
            assert mark not in html, page.id


def test_snippets(unpacked: Path) -> None:
    found = load(f"snippets:{unpacked / 'trafilatura-eval'}")
    assert (len(found.entries), segments(found), found.fingerprint[:12]) == (990, 0, "2060dfd2a0a3")
    assert sum(len(gold.with_snippets) for _, gold in found.entries) == 2951
    assert sum(len(gold.without_snippets) for _, gold in found.entries) == 2966


def test_readability(unpacked: Path) -> None:
    found = load(f"readability:{unpacked / 'readability'}")
    assert (len(found.entries), segments(found), found.fingerprint[:12]) == (130, 130, "6009cdc432b5")
