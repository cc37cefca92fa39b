"""Whatever is damaged in a file that we read, it is refused in one line by an error of ours, or read right.

`BOILERBENCH_EXAMPLES=10000 pytest tests/test_damaged.py` tries as many damages of each format; by default it is a few.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from boilerbench import pipeline, sets
from boilerbench.authoring import front_matter
from boilerbench.authoring.themes.content import sites as sites_of
from boilerbench.comparison import floor_file, history
from boilerbench.errors import BoilerbenchError
from boilerbench.extraction import predictions, record
from boilerbench.labels import load_policy
from boilerbench.process.child import Limits
from boilerbench.process.session import Aside
from boilerbench.ranking import export
from boilerbench.ranking.results import Results
from boilerbench.runners import registry
from boilerbench.sets import archives, outputs
from boilerbench.sets.formats import parquet_rows, parquet_trial
from boilerbench.storage.run_folder import RunFolder
from tests.command import make_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLES = int(os.environ.get("BOILERBENCH_EXAMPLES", "12"))
ROOT = Path(__file__).parents[1]
HTML = "<html><body><p>The pilot cutter came in.</p></body></html>"
ROWS = [{"id": f"p{n}", "html": HTML, "text": "The pilot cutter", "url": f"http://a.example/{n}"} for n in range(3)]
MHTML = (
    "Snapshot-Content-Location: http://a.example/\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n------b\r\nContent-Type: text/html\r\n'
    f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{HTML}\r\n------b--\r\n"
)
JSON_LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


def warc(html: str) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: identity\r\n\r\n{html}"
    about = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Length: {len(http)}"
    return f"{about}\r\n\r\n{http}\r\n\r\n".encode()


def archive(form: str) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "in").mkdir()
        (Path(place) / "in" / "a.html").write_text(HTML)
        return Path(shutil.make_archive(f"{place}/a", form, f"{place}/in")).read_bytes()


def read_or_refused(read: Callable[[], object]) -> None:
    try:
        read()
    except BoilerbenchError as cause:
        assert "\n" not in str(cause)  # noqa: PT017  # most damage is refused, some is none


SETS: dict[str, dict[str, str | bytes]] = {
    "native": {
        "set.toml": 'name = "n"\nversion = "1"',
        "pages/a/page.html": HTML,
        "pages/a/gold.json": json.dumps(
            {"schema": 1, "url": "http://a.example/", "segments": [{"label": "paragraph", "text": "The pilot"}]}
        ),
    },
    "jsonl": {"a.jsonl": JSON_LINES},
    "parquet": {"a.parquet": as_parquet(ROWS)},
    "pairs": {"a.html": HTML, "a.txt": "The pilot cutter"},
    "csv": {
        "a.csv": "path,url,type,text\na.html,http://a.example/,news,The pilot\nb/b.html,,,\n",
        "a.html": HTML,
        "b/b.html": HTML,
    },
    "saved": {
        "a.mhtml": MHTML,
        "a.txt": "The pilot cutter",
        "b.html": f"<!-- saved from url=(0017)http://a.example/ -->{HTML}",
    },
    "warc": {"a.warc": warc(HTML), "b.warc.gz": gzip.compress(warc(HTML)) * 2},
    "zyte": {
        "ground-truth.json": json.dumps({"a": {"articleBody": "The pilot", "url": "http://a.example/"}}),
        "html/a.html.gz": gzip.compress(HTML.encode()),
    },
    "wcxb": {
        "dev/ground-truth/a.json": json.dumps(
            {"url": "http://a.example/", "ground_truth": {"main_content": "The pilot", "with": ["pilot"]}}
        ),
        "dev/html/a.html.gz": gzip.compress(HTML.encode()),
    },
    "wceb": {
        "combined/ground-truth/s.jsonl": json.dumps({"page_id": "a", "plaintext": "The pilot"}),
        "combined/html/s/a.html": HTML,
    },
    "webmainbench": {"a.jsonl": json.dumps({"track_id": "a", "html": HTML, "groundtruth_content": "# The\n\npilot"})},
    "snippets": {
        "evaldata.json": json.dumps({"http://a.example/": {"file": "a.html", "with": ["pilot"], "without": ["x"]}}),
        "cache/a.html": HTML,
    },
    "readability": {
        "a/source.html": HTML,
        "a/expected.html": HTML,
        "a/expected-metadata.json": json.dumps({"lang": "en"}),
    },
    "cetd": {"site/original/1.htm": HTML, "site/gold/1.txt": "The pilot"},
    "dragnet": {"HTML/a.html": HTML, "Corrected/a.html.corrected.txt": "The pilot\n\n!@#$%^&*() COMMENTS\n\nx"},
    "dragnet-2020": {
        "html/a.html": HTML,
        "meta/a.toml": 'title = "Boats"\ndt_published = 2020-05-21T22:03:34Z\ntext = """Boats\nThe pilot"""',
    },
    "newspaper": {"html/a_article.html": HTML, "text/a.txt": "The pilot"},
    "canola": {
        "plan.canola": "1\n",
        "urls": "1 http://a.example/\n",
        "merged.20100908.combined/1": HTML.replace("<p>", '<p><kw class="krdwrd-tag-3">').replace("</p>", "</kw></p>"),
    },
    "fundus": {
        "at/Boats.json": json.dumps({"V1": {"title": "Boats", "body": {"summary": ["The pilot"], "sections": []}}}),
        "at/Boats_2024_05_03.html.gz": gzip.compress(HTML.encode()),
        "at/meta.info": json.dumps({"Boats_2024_05_03.html.gz": {"url": "http://a.example/"}}),
    },
    "fundus-evaluation": {
        "ground_truth.json": json.dumps({"a.html.gz": {"body": ["The pilot", "[cutter]"], "url": "http://a.example/"}}),
        "html/a.html.gz": gzip.compress(HTML.encode()),
    },
    "cleaneval": {"orig/1.html": f'<text id="x" encoding="utf-8">{HTML}</text>', "clean/1.txt": "URL: x\n<p>The pilot"},
    "cleanportaleval": {"input/1.html": HTML, "GoldStandard/1.txt": "URL: x\n<p>The pilot"},
    "l3s-gn1": {
        "original/a.html": HTML,
        "annotated/a.html": HTML.replace("<p>", '<p><span class="x-nc-sel2">').replace("</p>", "</span></p>"),
        "url-mapping.txt": "<urn:uuid:a> http://a.example/",
    },
    "google-trends": {
        "raw_html/a.html": HTML,
        "prepared_html/a.html": HTML.replace("<p>", '<p __boilernet_label="1">'),
    },
}
PREDICTED = [{"id": "p0", "text": "The pilot"}, {"id": "p1", "text": None}]
PREDICTIONS: dict[str, dict[str, str | bytes]] = {
    "json": {"s.json": json.dumps({"p0": "The pilot", "p1": {"text": "cutter", "format": "html"}})},
    "jsonl": {"s.jsonl": "".join(json.dumps(row) + "\n" for row in PREDICTED)},
    "parquet": {"s.parquet": as_parquet(PREDICTED)},
    "zyte": {"s.json": json.dumps({"output": {"p0": {"articleBody": "The pilot"}}})},
    "wceb": {"s.jsonl": json.dumps({"page_id": "p0", "plaintext": "The pilot"})},
    "files": {"s/p0.txt": "The pilot", "s/p1.md": "# cutter", "s/p2.html": HTML},
}
RUNNER = '''# /// script
# dependencies = ["a==1"]
# ///
"""A runner."""
DISTRIBUTION = "a"
INPUT = "text"
FORMAT = "text"

def extract(html, url=None): ...
'''


def _read_set(form: str, folder: Path) -> None:
    found = sets.load(f"{form}:{folder}")
    for page, gold in found.entries:
        assert isinstance(page.read(), bytes)
        assert page.digest
        assert gold.digest
    sets.doubts(found)


def _read_predictions(form: str, folder: Path) -> None:
    for texts in outputs.load(f"{form}:{folder}").values():
        assert all(isinstance(each.text, str) for each in texts.values())


def _read_run(folder: Path) -> None:
    found, default = Results(folder), load_policy("default")
    for read in (
        lambda: found.signatures,
        lambda: found.leaderboard,
        lambda: found.pairs,
        lambda: found.labels,
        lambda: list(found.folder.parts()),
        lambda: list(found.folder.pages(("set", "page", "digest"))),
        lambda: export.kept(found.folder, ["words"], default),
        lambda: pipeline.board(found.folder, ["words"], default),
        lambda: history.history(folder.parent, "words", default),
    ):
        read_or_refused(read)


FLOOR = {"set": "a", "fingerprint": "b", "policy": "default", "metric": "words", "runner": "r", "f1": 0.5}
OTHERS: dict[str, tuple[dict[str, str | bytes], Callable[[Path], object]]] = {
    "policy": ({"p.toml": 'name = "mine"\n[roles]\ntitle = "body"\n'}, lambda at: load_policy(str(at / "p.toml"))),
    "floors": (
        {
            "f.json": json.dumps(
                {
                    "schema": 1,
                    "floors": [
                        {
                            "set": "a",
                            "fingerprint": "b",
                            "policy": "default",
                            "metric": "words",
                            "runner": "r",
                            "f1": 0.5,
                        }
                    ],
                }
            )
        },
        lambda at: floor_file.read(at / "f.json"),
    ),
    "runner": ({"own.py": RUNNER, "own.lock": "a==1"}, lambda at: registry.find(str(at / "own.py")).version),
    "runner.toml": (
        {"own/runner.toml": (ROOT / "docs/examples/strip_tags/runner.toml").read_text()},
        lambda at: registry.find(str(at / "own")).digest,
    ),
    "runner.toml with a toolchain": (
        {f"own/{name}": (ROOT / "runners/go_readability" / name).read_text() for name in ("runner.toml", "go.sum")},
        lambda at: registry.find(str(at / "own")).digest,
    ),
    "content of typical pages": (
        {
            f"site/{name}": (ROOT / "goldset/typical/content/afia" / name).read_text("utf-8")
            for name in ("site.toml", "afia-freekeh-soup.md")
        },
        lambda at: [*sites_of(at)],
    ),
    "front matter": (
        {"a.html": (ROOT / "goldset/hard/sources/lake-ormen.html").read_text()},
        lambda at: front_matter.read(at / "a.html"),
    ),
    **{
        form: ({"a": archive(form)}, lambda at: archives.unpack(at / "a", at / "unpacked"))
        for form in ("zip", "tar", "gztar", "bztar", "xztar")
    },
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scored run."""
    home = tmp_path_factory.mktemp("run")
    os.environ["BOILERBENCH_CACHE"], before = str(home / "cache"), os.environ.get("BOILERBENCH_CACHE")
    try:
        goldset = sets.load(make_set(home / "set", 3))
        (home / "s.json").write_text(json.dumps({"p0": "body 0", "p1": "other"}))
        predicted, _ = predictions.load([f"json:{home / 's.json'}"], [goldset], {}, None, partial=False)
        folder = RunFolder.create(home / "run")
        record.adopt(folder, "x", predicted)
        pipeline.rescore(folder, ["words"], load_policy("default"), [goldset])
    finally:
        os.environ.pop("BOILERBENCH_CACHE") if before is None else os.environ.update(BOILERBENCH_CACHE=before)
    return folder.path


noises = st.binary(max_size=40) | st.text('[]{}",:0 \n-.eE\\', max_size=40).map(str.encode)
kinds = st.sampled_from(["bytes", "cut", "flip", "flips", "put in", "taken out", "said twice", "nested"])
damages = st.tuples(st.integers(0, 99), kinds, st.floats(0, 1, exclude_max=True), noises)
Damage: TypeAlias = tuple[int, str, float, bytes]


def damaged(content: bytes, kind: str, place: float, noise: bytes) -> bytes:
    at = int(place * len(content))
    if kind == "bytes":
        return noise
    if kind == "cut":
        return content[:at]
    if kind == "nested":
        noise = (noise[:1] or b"[") * 10**5
    if kind in ("put in", "nested"):
        return content[:at] + noise + content[at:]
    if kind == "taken out":
        return content[:at] + content[at + len(noise) :]
    if kind == "said twice":
        return content[:at] + content[at : at + len(noise)] * 2 + content[at + len(noise) :]
    changed = bytearray(content)
    for number, value in enumerate(noise[: 1 if kind == "flip" else 40]):
        changed[(at + 37 * number) % len(changed)] ^= value or 1
    return bytes(changed)


def holds(files: dict[str, bytes], read: Callable[[Path], object], damage: Damage) -> None:
    """Read files of which one is damaged."""
    which, *how = damage
    name = sorted(files)[which % len(files)]
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "in"
        for each, content in files.items():
            (home / each).parent.mkdir(parents=True, exist_ok=True)
            (home / each).write_bytes(damaged(content, *how) if each == name else content)
        read_or_refused(lambda: read(home))


def as_bytes(files: dict[str, str | bytes]) -> dict[str, bytes]:
    return {name: each.encode() if isinstance(each, str) else each for name, each in files.items()}


CASES: dict[str, tuple[dict[str, str | bytes], Callable[[Path], object]]] = {
    **{form: (files, lambda at, form=form: _read_set(form, at)) for form, files in SETS.items()},
    **{
        f"{form} predictions": (files, lambda at, form=form: _read_predictions(form, at))
        for form, files in PREDICTIONS.items()
    },
    **OTHERS,
}
tried = settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def _one_trial() -> Iterator[None]:
    """All files of Parquet are tried by one process, as long as that lives: else each would start its own."""
    aside = Aside(parquet_trial.__file__, Limits(memory=1 << 30), (tempfile.gettempdir(),))
    with closing(aside), pytest.MonkeyPatch.context() as patch:
        kept = SimpleNamespace(ask=aside.ask, close=lambda: None)
        patch.setattr(parquet_rows, "Aside", lambda *_about, **_more: kept)
        yield


@pytest.mark.usefixtures("_one_trial")
@pytest.mark.parametrize("name", CASES)
@tried
@given(damage=damages)
def test_a_damaged_file_of_others_is_refused_or_read(name: str, damage: Damage) -> None:
    files, read = CASES[name]
    holds(as_bytes(files), read, damage)


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_damaged_is_read(name: str, tmp_path: Path) -> None:
    files, read = CASES[name]
    for each, content in as_bytes(files).items():
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_bytes(content)
    read(tmp_path)


@settings(tried, max_examples=4 * EXAMPLES)
@given(damage=damages)
def test_a_damaged_file_of_a_run_is_refused_or_read(run: Path, damage: Damage) -> None:
    files = filter(Path.is_file, run.rglob("*.*"))
    holds({str(file.relative_to(run)): file.read_bytes() for file in files}, _read_run, damage)
