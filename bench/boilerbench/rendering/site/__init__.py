"""A run as a static site: leaderboard, plots, every page with what each runner made of it. Works from a file, too.

No page fetches anything: what it shows are scripts in `data/` that register a value, and are loaded as they are needed.
The same run gives the same bytes.
"""

import shutil
from collections.abc import Mapping, Sequence
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import pandas as pd

from boilerbench import __version__, pipeline
from boilerbench.errors import BadRunFolderError
from boilerbench.labels import Policy, taxonomy
from boilerbench.model import GoldSet
from boilerbench.ranking import diagnosis, export, leaderboard, runner_columns
from boilerbench.rendering.site import boards, columns, files, pages
from boilerbench.rendering.site.boards import Scored
from boilerbench.storage import user_policies
from boilerbench.storage.manifest import SetEntry
from boilerbench.storage.run_folder import RunFolder

PAGES = {"index": "Leaderboard", "plots": "Plots", "pages": "Pages", "page": "Page", "run": "The run"}
"""The HTML files of a site and their titles."""

_STRICT = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "data:"}
_CLOSED = {"base-uri": "'none'", "form-action": "'none'"}
_COPIED = ("scores.parquet", "pages.parquet", "labels.parquet", "manifest.json")


def build(folder: RunFolder, goldsets: Sequence[GoldSet], out: Path) -> int:
    """Make the site of a scored run in `out`; return its number of pages. `goldsets` are the run's own.

    Raises `BadRunFolderError` where a page or a score is missing, `UsageError` where `out` is something else.
    """
    scores = folder.table("scores")
    there = set(scores["set"])
    known = folder.table("pages")
    known = known[known["set"].isin(there)].reset_index(drop=True)
    goldsets = [goldset for goldset in goldsets if goldset.name in there]
    with files.replacing(out) as site:
        policies = [user_policies.load(folder, name) for name in dict.fromkeys(scores["policy"])]
        titles = _write_pages(folder, goldsets, known, policies, site)
        about = _about(goldsets, scores, known, policies) | {"labels": folder.has("labels"), "pace": _how(folder)}
        files.write_data(site, "site", about)
        _write_boards(folder, scores, known, about, site)
        files.write_data(site, "pages", pages.index(known, titles, about["slices"]))
        _write_rest(folder, goldsets, about, site)
    return len(known)


def _write_pages(
    folder: RunFolder, goldsets: Sequence[GoldSet], known: pd.DataFrame, policies: Sequence[Policy], site: Path
) -> list[str]:
    """Write a file per page, named by its number; return the titles."""
    entries = {(each.name, page.id): (page, gold) for each in goldsets for page, gold in each.entries}
    numbers = {key: number for number, key in enumerate(zip(known["set"], known["page"], strict=True))}
    titles = {}
    for part in folder.parts():
        runners = dict(sorted(part.answers.items()))
        for key in ((part.set, page) for page in part.pages):
            if key in numbers and key in entries:
                data = pages.page_data(*entries[key], runners, policies)
                files.write_data(site, f"page-{numbers[key]}", data)
                titles[key] = data["title"]
    for name, page in numbers:
        if (name, page) not in titles:
            raise BadRunFolderError(f"{folder.path}: page {page} is not in set '{name}'; run again")
    return [titles[key] for key in numbers]


def _about(
    goldsets: Sequence[GoldSet], scores: pd.DataFrame, known: pd.DataFrame, policies: Sequence[Policy]
) -> dict[str, Any]:
    """What every page of the site has to know."""
    pairs = boards.scored(scores)
    return {
        "boilerbench": __version__,
        "sets": [{"name": each.name, "pages": len(each.entries)} for each in goldsets],
        "runners": sorted(scores["runner"].unique()),
        "scored": [list(pair) for pair in pairs],
        "slices": boards.slices(known),
        "signatures": [
            [each.name, *pair, str(leaderboard.signature(SetEntry.of(each), pair.policy, pair.metric))]
            for each in goldsets
            for pair in pairs
        ],
        "roles": {each.name: {label: role.value for label, role in each.roles.items()} for each in policies},
        "definitions": {label.name: label.definition for label in taxonomy().values()},
    }


def _write_boards(
    folder: RunFolder, scores: pd.DataFrame, known: pd.DataFrame, about: Mapping[str, Any], site: Path
) -> None:
    """Write leaderboards, slices, spreads and scores per page, and the tables to download."""
    whole = runner_columns.add(pipeline.ranked(folder, scores, known), folder)
    (site / "downloads").mkdir()
    lines = [line for *_, line in about["signatures"]]
    (site / "downloads" / "leaderboard.csv").write_text(export.to_csv(whole), "utf-8")
    (site / "downloads" / "leaderboard.json").write_text(export.to_json(whole, lines), "utf-8")
    paced = whole.merge(boards.pace(folder), on=["set", "runner"], how="left")
    files.write_data(site, "boards", boards.board(paced) | {"shown": columns.shown(paced.columns, about["pace"])})
    for by in about["slices"]:
        table = pipeline.ranked(folder, scores, known, by)
        (site / "downloads" / f"by-{by}.csv").write_text(export.to_csv(table), "utf-8")
        for number, pair in enumerate(map(Scored._make, about["scored"])):
            files.write_data(site, f"slices-{by}-{number}", boards.board(_of(table, pair)))
    spreads = []
    for number, pair in enumerate(map(Scored._make, about["scored"])):
        part = _of(scores, pair)
        files.write_data(site, f"scores-{number}", boards.per_page(part, known, about["runners"]))
        spreads += [
            {"set": name, "scored": number, **boards.spread(rows, about["runners"])}
            for name, rows in part.groupby("set", sort=False)
        ]
    files.write_data(site, "spreads", spreads)
    if folder.has("labels"):
        table = diagnosis.by_label(folder.table("labels"))
        (site / "downloads" / "labels.csv").write_text(export.to_csv(table), "utf-8")
        files.write_data(site, "labels", boards.board(table))


def _how(folder: RunFolder) -> str:
    return columns.TIMED if folder.has("timing") else columns.UNTIMED


def _of(table: pd.DataFrame, pair: Scored) -> pd.DataFrame:
    return table[(table["metric"] == pair.metric) & (table["policy"] == pair.policy)]


def _write_rest(folder: RunFolder, goldsets: Sequence[GoldSet], about: Mapping[str, Any], site: Path) -> None:
    """Write the HTML files, what they need, and copies of the run's own files."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    for name in _COPIED:
        if (folder.path / name).is_file():
            shutil.copyfile(folder.path / name, site / "downloads" / name)
    static = resources(__name__) / "static"
    (site / "static").mkdir()
    for file in sorted(static.iterdir(), key=lambda each: each.name):
        (site / "static" / file.name).write_bytes(file.read_bytes())
    loader = PackageLoader(__name__)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    manifest = folder.manifest().as_json()
    given = {
        "about": about,
        "manifest": manifest,
        "goldsets": goldsets,
        "titles": PAGES,
        "has_labels": folder.has("labels"),
        "downloads": sorted(file.name for file in (site / "downloads").iterdir()),
    }
    for name in PAGES:
        text = environment.get_template(f"{name}.html").render(name=name, policy=_policy(name), **given)
        (site / f"{name}.html").write_text(text, "utf-8")


def _policy(name: str) -> str:
    """The content-security policy of a file. The frame of a page inherits it; styles are what that needs to be seen."""
    relaxed = {"style-src": "'self' 'unsafe-inline'", "frame-src": "'none'"} if name == "page" else {}
    return "; ".join(f"{key} {value}" for key, value in (_STRICT | relaxed | _CLOSED).items())
