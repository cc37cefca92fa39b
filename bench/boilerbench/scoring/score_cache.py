"""Scores kept across runs by content: what the same code counted once for the same answers is not counted again."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from boilerbench.labels import Policy
from boilerbench.metrics import Metric
from boilerbench.model import FIELDS, Extraction, GoldSet
from boilerbench.scoring.score import score
from boilerbench.storage.cache import opened

if TYPE_CHECKING:
    import pandas as pd


_CODE = (
    "scoring/score.py",
    "text/tokens.py",
    "text/convert.py",
    "text/stated_dates.py",
    "text/blocks/*.py",
    "model/*.py",
    "labels.py",
    "metrics/**/*.py",
)
_LIBRARIES = (
    "numpy",
    "apted",
    "beautifulsoup4",
    "rapidfuzz",
    "nltk",
    "jieba",
    "lxml",
    "markdown-it-py",
    "mdit-py-plugins",
    "scipy",
)


def scores(
    goldset: GoldSet, extractions: Mapping[str, Mapping[str, Extraction]], metrics: Sequence[Metric], policy: Policy
) -> pd.DataFrame:
    """Return what `score.score` does, from the cache where that has it."""
    key = _key(goldset, extractions, metrics, policy)
    with opened() as cache:
        kept = cache.scores(key)
        if kept is None:
            found = score(goldset, extractions, metrics, policy)
            cache.put_scores(key, _packed(found))
            return found
    table: pd.DataFrame = pa.ipc.open_file(pa.BufferReader(kept)).read_pandas()
    return table


def _packed(table: pd.DataFrame) -> bytes:
    arrow, sink = pa.Table.from_pandas(table, preserve_index=False), pa.BufferOutputStream()
    with pa.ipc.new_file(sink, arrow.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(arrow)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _key(
    goldset: GoldSet, extractions: Mapping[str, Mapping[str, Extraction]], metrics: Sequence[Metric], policy: Policy
) -> str:
    names = [(metric.name, _code_of(type(metric))) for metric in metrics]
    golds = [(page.id, gold.digest) for page, gold in goldset.entries]
    fields = sorted({name for metric in metrics for name in metric.view.fields} - {"text"})
    if "answer" in fields:  # the structure of gold may be made of its page
        golds += [(page.id, page.digest) for page, gold in goldset.entries if gold.markup]
    if "date" in fields:  # as may the date of its publication
        golds += [(page.id, page.digest) for page, gold in goldset.entries if gold.stated_dates]
    golds += [(page.id, str(gold.metadata.said)) for page, gold in goldset.entries if fields and gold.metadata.given]
    about = [_code(), goldset.name, golds, policy.name, sorted(policy.roles.items()), names]
    digest = hashlib.sha256(json.dumps(about).encode())
    for runner, answers in extractions.items():
        for page, answer in answers.items():
            looked_at = [getattr(answer.metadata if name in FIELDS else answer, name) for name in fields]
            digest.update(json.dumps([runner, page, answer.status, looked_at]).encode())
            digest.update(hashlib.sha256(answer.text.encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()


@lru_cache
def _code_of(metric: type) -> str:
    """What a plugin's metric is: the file it stands in, and the versions of the distributions that bring it."""
    package = metric.__module__.partition(".")[0]
    if package == "boilerbench":
        return ""
    file = Path(sys.modules[metric.__module__].__file__ or "")
    owners = {name: metadata.version(name) for name in metadata.packages_distributions().get(package, ())}
    return hashlib.sha256(json.dumps(owners).encode() + file.read_bytes()).hexdigest()


@lru_cache
def _code() -> str:
    """Everything in code that a score depends on: ours, the libraries that count, and Python's Unicode tables."""
    place, digest = Path(__file__).parents[1], hashlib.sha256(sys.version.encode())
    for pattern in _CODE:
        for file in sorted(place.glob(pattern)):
            digest.update(file.read_bytes())
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{name} {metadata.version(name)}".encode())
    return digest.hexdigest()
