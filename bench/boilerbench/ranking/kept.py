"""The leaderboard that a run folder keeps, for whoever asks for no more than it says: nothing is computed again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from boilerbench.labels import Policy
from boilerbench.ranking import terms
from boilerbench.ranking.export import Rows
from boilerbench.storage.run_folder import RunFolder
from boilerbench.storage.signature import Signature
from boilerbench.storage.whole_files import read_json


class Kept(NamedTuple):
    """Rows of a leaderboard, and the lines that sign them."""

    rows: Rows
    signatures: list[str]


def read(folder: RunFolder, names: Sequence[str], policy: Policy) -> Kept | None:
    """The part of leaderboard.json by these metrics under this policy.

    None where it lacks one of them, was made by another boilerbench, or is older than what it was made of.
    """
    manifest, file = folder.manifest(), folder.path / "leaderboard.json"
    made_of = [folder.path / name for name in ("manifest.json", "scores.parquet")]
    if not all(map(folder.has, ("scores", "pages", "extractions"))) or not file.is_file():
        return None
    if file.stat().st_mtime_ns <= max(each.stat().st_mtime_ns for each in made_of):
        return None
    board = read_json(file, terms.SCHEMA)
    signed = {str(terms.signature(about, policy.name, name)) for about in manifest.sets for name in names}
    if not signed <= set(board["signatures"]):
        return None
    lines = [line for line in board["signatures"] if Signature.parse(line).metric_name in names]
    return Kept([row for row in board["rows"] if row["metric"] in names], lines)
