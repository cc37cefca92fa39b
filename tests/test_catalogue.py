"""Taking a public set in: from a folder, from archives, and from archives that mean harm."""

import io
import json
import stat
import tarfile
import tomllib
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bench import sets
from bench.errors import BadSetError, UnknownNameError
from bench.sets import catalogue, unpack
from tests.command import boilerbench, make_set

NAME = "article-extraction-benchmark"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue whose set is a small one of our own, and a data folder of the test's."""
    make_set(tmp_path / "given")
    fingerprint = sets.load(f"zyte:{tmp_path / 'given'}").fingerprint
    listing = replace(catalogue.public()[NAME], fingerprint=fingerprint)
    monkeypatch.setattr(catalogue, "public", lambda: {NAME: listing})
    monkeypatch.setenv(catalogue.DATA_VARIABLE, str(tmp_path / "data"))


def tar(folder: Path, *extra: tarfile.TarInfo) -> Path:
    archive = folder / "set.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(folder / "given", "given")
        for member in extra:
            packed.addfile(member, io.BytesIO(b"x" * member.size))
    return archive


def zipped(folder: Path) -> Path:
    archive = folder / "set.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in (folder / "given").rglob("*"):
            packed.write(file, file.relative_to(folder))
    return archive


def refused(tmp_path: Path, archive: Path) -> str:
    with pytest.raises(BadSetError) as caught:
        sets.bring(NAME, archive)
    assert not list((tmp_path / "data").glob("**/*")), "something is left"
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_and_archives_of_it_are_the_same_set(tmp_path: Path) -> None:
    with pytest.raises(BadSetError, match="is not here yet"):
        sets.load(NAME)
    for source in (tmp_path / "given", tar(tmp_path), zipped(tmp_path), tmp_path / "given"):
        assert sets.bring(NAME, source) == tmp_path / "data" / NAME
        assert sets.load(NAME).fingerprint == catalogue.public()[NAME].fingerprint
        assert [each.name for each in (tmp_path / "data").iterdir()] == [NAME]


def test_another_set_is_refused(tmp_path: Path) -> None:
    truth = json.loads((tmp_path / "given/ground-truth.json").read_text())
    truth["p0"]["articleBody"] = "changed"
    (tmp_path / "given/ground-truth.json").write_text(json.dumps(truth))
    for source in (tmp_path / "given", tar(tmp_path)):
        assert f"not {NAME} as expected" in refused(tmp_path, source)


def test_an_archive_cut_off_is_refused(tmp_path: Path) -> None:
    for archive in (tar(tmp_path), zipped(tmp_path)):
        whole = archive.read_bytes()
        for size in (0, 10, len(whole) // 2, len(whole) - 30):
            archive.write_bytes(whole[:size])
            assert "cannot be unpacked" in refused(tmp_path, archive)


@pytest.mark.parametrize("name", ["../../out", "/out", "given/../../out", "C:/out", "..\\out"])
def test_a_path_that_climbs_out_is_refused(tmp_path: Path, name: str) -> None:
    assert "leads out of the archive" in refused(tmp_path, tar(tmp_path, tarfile.TarInfo(name)))
    assert not list(tmp_path.glob("**/out"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_a_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("given/link")
    member.type, member.linkname = kind, "/etc/passwd"
    assert "given/link is a link or a device" in refused(tmp_path, tar(tmp_path, member))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("link")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as packed:
        packed.writestr(member, "/etc/passwd")
    assert "link is a link or a device" in refused(tmp_path, tmp_path / "set.zip")


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "SLACK", 2**20)
    with zipfile.ZipFile(tmp_path / "set.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(2**25))
    assert "unpacks to more than" in refused(tmp_path, tmp_path / "set.zip")
    monkeypatch.setattr(unpack, "MOST_FILES", 3)
    assert "more than 3 files" in refused(tmp_path, tar(tmp_path))


def test_a_file_twice_is_refused(tmp_path: Path) -> None:
    assert "cannot be unpacked" in refused(tmp_path, tar(tmp_path, tarfile.TarInfo("given/ground-truth.json")))


def test_only_public_sets_are_imported(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=NAME):
        sets.bring("other", tmp_path / "given")
    assert "does not exist" in refused(tmp_path, tmp_path / "nowhere")


def test_the_command_lists_sets_with_their_makers(tmp_path: Path) -> None:
    listed = boilerbench("sets", "list").stdout
    assert f"{NAME}  181 pages, by Zyte (Scrapinghub), who make Zyte Automatic Extraction, MIT (not here" in listed
    wrong = boilerbench("sets", "import", NAME, tmp_path / "given")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)


def test_every_listing_is_complete() -> None:
    listed = tomllib.loads(Path(catalogue.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    for name, about in listed.items():
        listing = catalogue.Listing(name, **about)
        assert listing.format in sets.FORMATS
        said = {field.name for field in fields(listing) if getattr(listing, field.name)}
        assert {field.name for field in fields(listing)} - said <= {"owns"}
