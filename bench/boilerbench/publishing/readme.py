"""The page of a folder of published results, made from what lies in it."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from boilerbench.comparison import history
from boilerbench.errors import UsageError
from boilerbench.labels import load_policy
from boilerbench.ranking.results import Results
from boilerbench.rendering import pictures, render
from boilerbench.storage import run_folder

METRIC, POLICY = "words", "default"
"""What is shown of a set: this, where it was scored by it."""

_HEAD = """# Published results

Made by `boilerbench publish RUN`, one folder per set; numbers only, never text or addresses of pages. What the columns
mean: [docs/table.md](../docs/table.md); how they are computed: [docs/scores.md](../docs/scores.md). In Python:
`boilerbench.load("results/SET")`.
"""

_FILES = {
    "leaderboard.md": "all metrics",
    "leaderboard.csv": "as CSV",
    "leaderboard.json": "as JSON",
    "labels.md": "by label",
    "labels.csv": "by label, as CSV",
    "labels.svg": "by label, as a picture",
    "scores.parquet": "scores per page",
    "pages.parquet": "the pages",
    "manifest.json": "versions, limits, machine",
}


def first(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the leaderboard that stands for the set."""
    for column, wanted in (("policy", POLICY), ("metric", METRIC)):
        rows = rows[rows[column] == (wanted if (rows[column] == wanted).any() else rows[column].iloc[0])]
    return rows


def write(out: Path) -> None:
    """Write README.md, and a picture for each set whose runners were published in several versions."""
    folders = sorted(file.parent for file in out.glob("*/leaderboard.json"))
    parts = [part for folder in folders for part in _section(folder)]
    run_folder.write_text(out / "README.md", "\n".join([_HEAD, *parts]))


def _section(folder: Path) -> Iterator[str]:
    results = Results(folder)
    about = results.manifest.sets[0]
    rows = first(results.leaderboard)
    facts = [f"version {about.version}" if about.version else "", about.licence, about.source]
    facts += [f"fingerprint `{about.fingerprint[:12]}`", f"run on {results.manifest.started[:10]}"]
    yield f"## {folder.name}\n\n{', '.join(filter(None, facts))}.\n"
    signature = f"|policy:{rows['policy'].iloc[0]}|metric:{rows['metric'].iloc[0]}"
    lines = [line for line in results.signatures if f"{signature}|" in line or f"{signature}(" in line]
    yield render("markdown", rows, lines)
    if (folder / "leaderboard.svg").is_file():
        yield f"![Scores with their intervals]({folder.name}/leaderboard.svg)\n"
    links = [f"[{text}]({folder.name}/{name})" for name, text in _FILES.items() if (folder / name).is_file()]
    yield f"Files: {', '.join(links)}.\n"
    yield from _history(folder)


def _history(folder: Path) -> Iterator[str]:
    """A table and a picture of the runners that were published more than once."""
    try:
        table = history.history(folder, METRIC, load_policy(POLICY))
    except UsageError:
        return
    several = table[table.duplicated(["fingerprint", "runner"], keep=False)]
    if several.empty:
        return
    pictures.write(folder / "history.svg", pictures.history, several)
    yield f"### History of {folder.name}\n\n![Scores by version]({folder.name}/history.svg)\n"
    yield render("markdown", several, [], "history")
