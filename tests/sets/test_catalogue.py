"""Taking a public set in: from a folder, from archives, and from archives that mean harm."""

import io
import json
import re
import stat
import tarfile
import tomllib
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import pytest

from boilerbench import sets
from boilerbench.errors import BadSetError, UnknownNameError
from boilerbench.files import SETS_VARIABLE
from boilerbench.sets import archives, catalogue
from tests.command import boilerbench, make_set

NAME = "article-extraction-benchmark"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue whose set is a small one of our own, and a data folder of the test's."""
    make_set(tmp_path / "given")
    fingerprint = sets.load(f"zyte:{tmp_path / 'given'}").fingerprint
    listing = replace(catalogue.public()[NAME], fingerprint=fingerprint)
    monkeypatch.setattr(catalogue, "public", lambda: {NAME: listing})
    monkeypatch.setenv(SETS_VARIABLE, str(tmp_path / "data"))


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
        catalogue.install(NAME, archive)
    assert not list((tmp_path / "data").glob("**/*")), "something is left"
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_and_archives_of_it_are_the_same_set(tmp_path: Path) -> None:
    with pytest.raises(BadSetError, match="is not here yet"):
        sets.load(NAME)
    for source in (tmp_path / "given", tar(tmp_path), zipped(tmp_path), tmp_path / "given"):
        assert catalogue.install(NAME, source).folder == tmp_path / "data" / NAME
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
    monkeypatch.setattr(archives, "SLACK", 2**20)
    with zipfile.ZipFile(tmp_path / "set.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(2**25))
    assert "unpacks to more than" in refused(tmp_path, tmp_path / "set.zip")
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    assert "more than 3 files" in refused(tmp_path, tar(tmp_path))


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path)
    archive.write_bytes(re.sub(rb"(PK\x01\x02....)\x00", b"\\1\x01", archive.read_bytes(), flags=re.DOTALL))
    assert "is encrypted" in refused(tmp_path, archive)


def test_a_file_twice_is_refused(tmp_path: Path) -> None:
    assert "cannot be unpacked" in refused(tmp_path, tar(tmp_path, tarfile.TarInfo("given/ground-truth.json")))


def test_only_public_sets_are_imported(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=NAME):
        catalogue.install("other", tmp_path / "given")
    assert "does not exist" in refused(tmp_path, tmp_path / "nowhere")


def test_a_set_may_lie_in_a_folder_of_what_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = replace(catalogue.public()[NAME], folder="data/set")
    monkeypatch.setattr(catalogue, "public", lambda: {NAME: listing})
    plain = tar(tmp_path)
    (tmp_path / "clone" / "data").mkdir(parents=True)
    (tmp_path / "given").rename(tmp_path / "clone" / "data" / "set")
    (tmp_path / "clone" / "link").symlink_to("README")
    with tarfile.open(tmp_path / "clone.tar", "w") as packed:
        packed.add(tmp_path / "clone", "repository-0123abc")
    for source in (plain, tmp_path / "clone.tar", tmp_path / "clone", tmp_path / "clone" / "data" / "set"):
        assert catalogue.install(NAME, source).expected
        assert sorted(each.name for each in (tmp_path / "data" / NAME).iterdir()) == ["ground-truth.json", "html"]
        (tmp_path / "data" / NAME / "ground-truth.json").unlink()


def test_a_damaged_copy_is_replaced_and_a_sound_one_is_left(tmp_path: Path) -> None:
    catalogue.install(NAME, tmp_path / "given")
    first = (tmp_path / "data" / NAME).stat().st_ino
    catalogue.install(NAME, tmp_path / "given")
    assert (tmp_path / "data" / NAME).stat().st_ino == first
    (tmp_path / "data" / NAME / "html" / "p0.html.gz").write_bytes(b"")
    assert catalogue.install(NAME, tmp_path / "given").expected
    assert sets.load(NAME).fingerprint == catalogue.public()[NAME].fingerprint


def test_a_set_that_nobody_recorded_is_not_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = catalogue.public()[NAME].fingerprint
    listing = replace(catalogue.public()[NAME], fingerprint="", pages=5)
    monkeypatch.setattr(catalogue, "public", lambda: {NAME: listing})
    assert catalogue.install(NAME, tmp_path / "given") == catalogue.Kept(
        tmp_path / "data" / NAME, 5, expected, expected=False
    )
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadSetError):
        catalogue.install(NAME, tmp_path / "empty")


def test_a_wrong_number_of_pages_is_a_wrong_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = replace(catalogue.public()[NAME], fingerprint="", pages=7)
    monkeypatch.setattr(catalogue, "public", lambda: {NAME: listing})
    assert "5 pages, not 7: 2 missing; --as NAME" in refused(tmp_path, tmp_path / "given")
    (tmp_path / "given").rename(tmp_path / "data" / NAME)  # by hand
    [line, *_] = sets.doubts(sets.load(NAME))
    assert line.startswith("set 'zyte': not the set that the catalogue knows: 5 pages, not 7: 2 missing; ")
    [*lines] = sets.doubts(sets.first(sets.load(NAME), 2))
    assert not any("catalogue" in line for line in lines)


def test_a_set_that_was_edited_says_how_many_pages_are_missing_surplus_or_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(map(catalogue.digest_of, catalogue.public()[NAME].read(tmp_path / "given").entries))
    monkeypatch.setattr(catalogue, "pages_of", lambda _: known)
    kept = catalogue.install(NAME, tmp_path / "given").folder
    assert not any("catalogue" in line for line in sets.doubts(sets.load(NAME)))
    truth = json.loads((kept / "ground-truth.json").read_text())
    truth["p0"]["articleBody"] = "changed"
    truth["new"] = truth.pop("p4")
    (kept / "html" / "p4.html.gz").rename(kept / "html" / "new.html.gz")
    del truth["p3"]
    (kept / "ground-truth.json").write_text(json.dumps(truth))
    wrong = "2 missing, 1 surplus, 1 changed"
    [line, *_] = sets.doubts(sets.load(f"mine={NAME}"))
    assert f"set 'mine': not the set that the catalogue knows: 4 pages, 181 expected: {wrong}; " in line
    [line, *_] = sets.doubts(sets.first(sets.load(NAME), 2))
    assert "0 missing, 1 surplus, 1 changed" in line
    with pytest.raises(BadSetError, match=wrong):
        catalogue.install(NAME, kept)


def test_an_own_version_is_kept_under_a_name_of_its_own(tmp_path: Path) -> None:
    truth = json.loads((tmp_path / "given/ground-truth.json").read_text())
    truth["p0"]["articleBody"] = "changed"
    (tmp_path / "given/ground-truth.json").write_text(json.dumps(truth))
    for source in (tmp_path / "given", tar(tmp_path)):
        assert catalogue.install(NAME, source, mine="mine").folder == tmp_path / "data" / "mine"
        found = sets.load("mine")
        assert (found.name, found.spec, len(found.entries), catalogue.installed()) == ("mine", "mine", 5, {})
        assert not any("catalogue" in line for line in sets.doubts(found))
    listed = boilerbench("sets", "list").stdout.splitlines()
    assert f"mine  your own version of {NAME}" in listed
    for name in (NAME, "goldset", "a/b"):
        done = boilerbench("sets", "import", NAME, tmp_path / "given", "--as", name)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_file_that_cannot_be_copied_is_named(tmp_path: Path) -> None:
    (tmp_path / "given" / "gone").symlink_to("nowhere")
    assert "gone: cannot be copied: " in refused(tmp_path, tmp_path / "given")


def test_the_command_lists_sets_with_their_makers(tmp_path: Path) -> None:
    listed = boilerbench("sets", "list").stdout.splitlines()
    assert f"{NAME}  not installed, 181 pages, MIT, by Zyte (Scrapinghub), who make Zyte Automatic Extraction" in listed
    assert any(line.startswith("cleaneval  not installed, 738 pages, licence unknown, by ") for line in listed)
    wrong = boilerbench("sets", "import", NAME, tmp_path / "given")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)


def test_the_command_shows_what_is_known_of_a_set_before_it_is_there() -> None:
    shown = boilerbench("sets", "show", "cetd")
    assert shown.returncode == 0
    for line in ("licence: unknown", "expected fingerprint: unknown", "run: boilerbench sets pull cetd"):
        assert line in shown.stdout
    assert "made by: Fei Sun, Dandan Song and Lejian Liao, who make CETD (a conflict of interest)" in shown.stdout


LISTED = tomllib.loads(Path(catalogue.__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LISTED)
def test_a_listing_is_complete(name: str) -> None:
    listing = catalogue.Listing(name, **LISTED[name])
    assert listing.format in sets.formats.names()
    said = {field.name for field in fields(listing) if getattr(listing, field.name)}
    unsaid = {field.name for field in fields(listing)} - said
    may_be = {"owns", "languages", "licence", "granted", "allows", "sha256", "folder", "fingerprint"}
    assert unsaid <= may_be | {"archive", "stated", "trained", "without"}
    assert listing.licence or not listing.granted
    assert listing.allows or not listing.granted
    assert len(listing.fingerprint) in (0, 64)


@pytest.mark.parametrize("name", [name for name in LISTED if LISTED[name]["archive"]])
def test_an_archive_is_fixed_by_a_whole_commit(name: str) -> None:
    repository, commit, rest = re.fullmatch(
        r"https://github\.com/([\w-]+/[\w-]+)/(?:archive|raw)/([0-9a-f]{40})(.*)", LISTED[name]["archive"]
    ).groups()
    if LISTED[name]["sha256"]:
        assert (len(LISTED[name]["sha256"]), rest[:10]) == (64, "/datasets/")
    else:
        assert LISTED[name]["source"] == f"https://github.com/{repository}"
        assert (len(commit), rest) == (40, ".tar.gz")


KEPT = {
    "article-extraction-benchmark": "zyte-aeb",
    "wcxb-dev": "wcxb",
    "wcxb-test": "wcxb-test",
    "wcxb-test-clean": "wcxb-test",
    "webmainbench-samples": "webmainbench",
    "trafilatura-evaluation": "trafilatura-eval.tar.xz",
    "readability-test-pages": "readability.tar.xz",
}


@pytest.mark.parametrize("name", KEPT)
def test_real_sets_are_the_expected_ones(
    name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "public", lambda: {name: catalogue.Listing(name, **LISTED[name])})
    if not (data / KEPT[name]).exists():
        pytest.skip(f"{data / KEPT[name]} is not there")
    kept = catalogue.install(name, data / KEPT[name])
    assert catalogue.pages_of(name) == dict(map(catalogue.digest_of, catalogue.read(name).entries))
    assert kept == catalogue.Kept(
        tmp_path / "data" / name, LISTED[name]["pages"], LISTED[name]["fingerprint"], expected=True
    )
