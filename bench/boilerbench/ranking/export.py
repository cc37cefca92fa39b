"""Tables for machines, CSV and JSON: their columns are an interface."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from boilerbench.ranking import terms

if TYPE_CHECKING:
    import pandas as pd

Rows: TypeAlias = list[Mapping[str, Any]]
"""A table as leaderboard.json has it: a dictionary per row, None where there is no number."""


def rows(table: pd.DataFrame | Rows) -> Rows:
    """Give a table as rows, if it is not that already."""
    return table if isinstance(table, list) else [plain(row) for row in table.to_dict("records")]


def to_csv(table: pd.DataFrame | Rows) -> str:
    """Write the columns as they are, floats to six digits, an empty field where there is no number."""
    if isinstance(table, list):
        from boilerbench.ranking import leaderboard

        table = leaderboard.read(table)
    return str(table.to_csv(index=False, float_format="%.6f", lineterminator="\n"))


def to_json(table: pd.DataFrame | Rows, signatures: list[str]) -> str:
    """Write an object with `schema`, `signatures` and `rows`."""
    return written({"schema": terms.SCHEMA, "signatures": signatures, "rows": rows(table)})


def written(document: object) -> str:
    """Write a document of ours as JSON: floats in full, null where there is no number."""
    return json.dumps(plain(document), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


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
