"""Tables for machines, CSV and JSON: their columns are an interface. What is in leaderboard.json is computed once."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from boilerbench import places
from boilerbench.errors import BadRunFolderError
from boilerbench.files import typed
from boilerbench.ranking import terms
from boilerbench.storage.signature import Signature
from boilerbench.storage.whole_files import read_json
from boilerbench.text.lines import line

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from boilerbench.labels import Policy
    from boilerbench.storage.run_folder import RunFolder

Rows: TypeAlias = list[Mapping[str, Any]]
"""A table as leaderboard.json has it: a dictionary per row, None where there is no number."""


class _Row(msgspec.Struct):
    """What every row of a leaderboard.json has, and counts, which have to be such."""

    runner: str
    set: str
    policy: str
    metric: str
    f1: float | None
    f1_low: float | None = None
    f1_high: float | None = None
    precision: float | None = None
    recall: float | None = None
    version: str | None = None
    slice: str | None = None
    failures: str | None = None
    flags: str | None = None
    settings: str | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    pages: int | None = None
    failed: int | None = None
    empty: int | None = None
    sites: int | None = None
    sets: int | None = None


class _Board(msgspec.Struct):
    signatures: list[str]
    rows: list[_Row]


def read(file: Path) -> dict[str, Any]:
    """Read a leaderboard.json: `signatures`, and `rows` as they are. `BadRunFolderError` where it is none."""
    found = read_json(file, terms.SCHEMA)
    typed(_Board, found, file, BadRunFolderError)
    return found


def rows(table: pd.DataFrame | Rows) -> Rows:
    """Give a table as rows, if it is not that already."""
    return table if isinstance(table, list) else [plain(row) for row in table.to_dict("records")]


_FORMULA = re.compile(r"\s*[=+@-]")
_NUMBER = re.compile(r"[+-]?\d*\.?\d+(e[+-]?\d+)?", re.IGNORECASE)


def to_csv(table: pd.DataFrame | Rows) -> str:
    """Write the columns as they are, floats to six digits, an empty field where there is no number.

    A text is one line, and begins with an apostrophe where a spreadsheet would take it for a formula.
    """
    if isinstance(table, list):
        from boilerbench.ranking import leaderboard

        table = leaderboard.read(table)
    words = table.select_dtypes(exclude=["number", "bool"])
    told = table.assign(**{str(name): cells.map(_cell, na_action="ignore") for name, cells in words.items()})
    return str(told.to_csv(index=False, float_format="%.6f", lineterminator="\n"))


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = line(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def to_json(table: pd.DataFrame | Rows, signatures: list[str]) -> str:
    """Write an object with `schema`, `signatures` and `rows`."""
    return written({"schema": terms.SCHEMA, "signatures": signatures, "rows": rows(table)})


def written(document: object) -> str:
    """Write a document of ours as JSON: floats in full, null where there is no number."""
    text = json.dumps(plain(document), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode(errors="backslashreplace").decode()  # half a character can only stand there escaped


def plain(value: Any) -> Any:
    """The same without NaN and pandas' missing values, which JSON does not know."""
    match value:
        case None | str() | int():
            return value
        case float():
            return None if math.isnan(value) else value
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    import pandas as pd

    return None if pd.isna(value) else value


class Kept(NamedTuple):
    """Rows of a leaderboard, and the lines that sign them."""

    rows: Rows
    signatures: list[str]


def kept(folder: RunFolder, names: Sequence[str], policy: Policy) -> Kept | None:
    """The part of leaderboard.json by these metrics under this policy.

    None where it lacks one of them, was made by another boilerbench, or is older than what it was made of, which of
    files at a URL is not known.
    """
    if places.is_remote(folder.path):
        return None
    manifest, file = folder.manifest(), folder.path / "leaderboard.json"
    made_of = [folder.path / name for name in ("manifest.json", "scores.parquet")]
    if not all(map(folder.has, ("scores", "pages", "extractions"))) or not file.is_file():
        return None
    if file.stat().st_mtime_ns <= max(each.stat().st_mtime_ns for each in made_of):
        return None
    board = read(file)
    signed = {str(terms.signature(about, policy.name, name)) for about in manifest.sets for name in names}
    if not signed <= set(board["signatures"]):
        return None
    lines = [line for line in board["signatures"] if Signature.parse(line).metric_name in names]
    return Kept([row for row in board["rows"] if row["metric"] in names], lines)
