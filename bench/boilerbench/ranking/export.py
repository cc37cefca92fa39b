"""A leaderboard for machines: CSV and JSON, one row per runner, set, policy and metric; columns are an interface."""

import json
from typing import Any

import pandas as pd

from boilerbench.ranking import leaderboard


def to_csv(table: pd.DataFrame, signatures: list[str]) -> str:  # noqa: ARG001  CSV has no place for them
    """Write the columns as they are, floats to six digits, an empty field where there is no number."""
    return str(table.to_csv(index=False, float_format="%.6f", lineterminator="\n"))


def to_json(table: pd.DataFrame, signatures: list[str]) -> str:
    """Write an object with `schema`, `signatures` and `rows`; null where there is no number."""
    rows = [{str(column): _plain(value) for column, value in row.items()} for row in table.to_dict("records")]
    return (
        json.dumps({"schema": leaderboard.SCHEMA, "signatures": signatures, "rows": rows}, indent=1, ensure_ascii=False)
        + "\n"
    )


def _plain(value: Any) -> object:
    return None if pd.isna(value) else value
