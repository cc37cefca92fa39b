"""Tables for machines, CSV and JSON: their columns are an interface."""

import json
from typing import Any

import pandas as pd

from boilerbench.ranking import leaderboard


def to_csv(table: pd.DataFrame) -> str:
    """Write the columns as they are, floats to six digits, an empty field where there is no number."""
    return str(table.to_csv(index=False, float_format="%.6f", lineterminator="\n"))


def to_json(table: pd.DataFrame, signatures: list[str]) -> str:
    """Write an object with `schema`, `signatures` and `rows`."""
    rows = table.to_dict("records")
    return written({"schema": leaderboard.SCHEMA, "signatures": signatures, "rows": rows})


def written(document: object) -> str:
    """Write a document of ours as JSON: floats in full, null where there is no number."""
    return json.dumps(plain(document), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """The same without NaN and pandas' missing values, which JSON does not know."""
    match value:
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    return None if pd.isna(value) else value
